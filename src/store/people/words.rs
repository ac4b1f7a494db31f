//! Words: what a person wrote of a difference that they accepted, and where a customer is named in it.
//!
//! The words stay, because somebody asks for them in a year. The name goes.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use rusqlite::Transaction;
use serde_json::Value;

use super::PersonSought;
use crate::store::bodies::{ACCEPTED, BodySite, PROOFS, SiteRow};
use crate::store::error::SqlTrouble;
use crate::store::veil::Veil;

/// What stands in the place of a name.
const FORGOTTEN: &str = "[forgotten]";

/// The reasons that name them, and the proofs that quote such a reason.
pub(super) fn naming(
    view: &Transaction<'_>,
    veil: &Veil,
    sought: &PersonSought,
    names: &BTreeSet<String>,
) -> Result<(BTreeSet<i64>, BTreeSet<i64>), SqlTrouble> {
    let named = Named::new(sought, names);
    let of = |site: &BodySite| -> Result<BTreeSet<i64>, SqlTrouble> {
        let mut found = BTreeSet::new();
        named.each(view, veil, site, |row, _| {
            found.insert(row.number);
            Ok(())
        })?;
        Ok(found)
    };
    Ok((of(&ACCEPTED)?, of(&PROOFS)?))
}

/// Takes their names out of all of them.
pub(super) fn unsay(
    change: &Transaction<'_>,
    veil: &Veil,
    sought: &PersonSought,
    names: &BTreeSet<String>,
) -> Result<(), SqlTrouble> {
    let named = Named::new(sought, names);
    for site in [ACCEPTED, PROOFS] {
        named.each(change, veil, &site, |row, without| {
            site.put(change, row, &veil.shut(&row.place, &without))
        })?;
    }
    Ok(())
}

/// By what a person is named in somebody's words.
struct Named(Vec<Vec<char>>);

impl Named {
    fn new(sought: &PersonSought, names: &BTreeSet<String>) -> Named {
        let mut named: Vec<Vec<char>> = names
            .iter()
            .chain([&sought.email])
            .map(|name| name.trim().chars().collect())
            // An initial is in every word.
            .filter(|name: &Vec<char>| name.len() > 1)
            .collect();
        // Of two that overlap the longer one goes.
        named.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Named(named)
    }

    /// Each text of a site in which they are named, without their names.
    fn each(
        &self,
        view: &Transaction<'_>,
        veil: &Veil,
        site: &BodySite,
        mut tell: impl FnMut(&SiteRow, String) -> Result<(), SqlTrouble>,
    ) -> Result<(), SqlTrouble> {
        site.each(view, |row| {
            let opened = veil.open(&row.place, row.text.clone()).text();
            let without = opened.and_then(|text| match site.table == PROOFS.table {
                true => self.without_in_document(&text),
                false => self.without(&text),
            });
            if let Some(without) = without {
                tell(row, without)?;
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// The text without them. `None`: they are not in it.
    fn without(&self, text: &str) -> Option<String> {
        let letters: Vec<char> = text.chars().collect();
        let mut kept = String::with_capacity(text.len());
        let (mut at, mut found) = (0, false);
        while let Some(letter) = letters.get(at) {
            match self.0.iter().find(|name| stands_at(&letters, at, name)) {
                Some(name) => {
                    kept.push_str(FORGOTTEN);
                    at += name.len();
                    found = true;
                }
                None => {
                    kept.push(*letter);
                    at += 1;
                }
            }
        }
        found.then_some(kept)
    }

    /// The same of what a document quotes.
    fn without_in_document(&self, text: &str) -> Option<String> {
        let mut document = serde_json::from_str(text).ok()?;
        let mut found = false;
        self.unquote(&mut document, &mut found);
        found.then(|| document.to_string())
    }

    fn unquote(&self, value: &mut Value, found: &mut bool) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match (name.as_str(), &mut *value) {
                        ("why", Value::String(said)) => {
                            if let Some(without) = self.without(said) {
                                *said = without;
                                *found = true;
                            }
                        }
                        _ => self.unquote(value, found),
                    }
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|one| self.unquote(one, found)),
            _ => {}
        }
    }
}

/// Whether a name stands there as a word of its own, in whichever letters.
fn stands_at(letters: &[char], at: usize, name: &[char]) -> bool {
    let Some(here) = letters.get(at..at + name.len()) else {
        return false;
    };
    let is_letter = |place: Option<&char>| place.is_some_and(|letter| letter.is_alphanumeric());
    let before = at.checked_sub(1).and_then(|before| letters.get(before));
    let is_same = |(one, other): (&char, &char)| one.to_lowercase().eq(other.to_lowercase());
    !is_letter(before)
        && !is_letter(letters.get(at + name.len()))
        && here.iter().zip(name).all(is_same)
}
