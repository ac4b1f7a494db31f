//! Names: which customer and which item of the books an order means, and what to make where there is none.
//!
//! Customers, vendors and employees share one space of names, and so do items and categories. Nothing
//! that exists is renamed or merged. There are no counters in the names that are made, so two machines
//! come to the same one.

mod buyer;
mod clean;
mod duplicates;
mod filled;
mod goods;
mod party;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::model::company::{ItemEntry, NameEntry, NameKind, Names};
use crate::model::fault::Reason;

pub use buyer::{customer, draft, guest_key, keep_customer, known_as, party};
pub use clean::clean_name;
use clean::{cleaned, with_ending};
pub use duplicates::{Duplicates, duplicates};
pub use filled::filled;
pub use goods::{SoldItem, entry, first_day, item, key_of, product_key, sold_as};
pub use party::Party;

/// QuickBooks takes names of this many characters.
const LONGEST: usize = 100;
/// Categories take names of items but cannot be sold.
const CATEGORY: &str = "Category";

/// The names of a company, with the ones that the plan in hand is about to make. A company has many, so they stay where they are, and
/// what they are found by are numbers.
#[derive(Default)]
pub struct Directory<'n> {
    people: Entries<'n, NameEntry>,
    items: Entries<'n, ItemEntry>,
    people_by_id: FoundBy,
    customers_by_email: FoundBy,
    people_by_name: FoundBy,
    items_by_id: FoundBy,
    items_by_sku: FoundBy,
    items_by_name: FoundBy,
    /// What each reference came to so far. A link would say it to the next run, so it has to hold within this one too,
    /// or it would matter how orders fall into runs.
    settled: HashMap<String, String>,
}

/// Those that the books have, and behind them those that the plan makes.
struct Entries<'n, T> {
    known: &'n [Arc<T>],
    planned: Vec<T>,
}

impl<T> Default for Entries<'_, T> {
    fn default() -> Self {
        Entries {
            known: &[],
            planned: Vec::new(),
        }
    }
}

impl<T> Entries<'_, T> {
    fn at(&self, place: u32) -> &T {
        let place = place as usize;
        let planned = place.checked_sub(self.known.len());
        planned.map_or_else(|| &*self.known[place], |place| &self.planned[place])
    }

    fn next(&self) -> u32 {
        u32::try_from(self.known.len() + self.planned.len()).expect("a company has not so many")
    }
}

/// The places of entries by a digest of what they are found by: whoever finds one looks whether it is meant.
#[derive(Default)]
struct FoundBy {
    /// The last with this digest.
    last: HashMap<u64, u32>,
    /// Before some of them there was another.
    before: HashMap<u32, u32>,
}

impl FoundBy {
    fn add(&mut self, key: &str, place: u32) {
        if let Some(before) = self.last.insert(digest(key), place) {
            self.before.insert(place, before);
        }
    }

    /// In the order in which they came, others of the same digest among them.
    fn places(&self, key: &str) -> impl DoubleEndedIterator<Item = u32> + use<> {
        let mut places = Vec::new();
        let mut place = self.last.get(&digest(key)).copied();
        while let Some(found) = place {
            places.push(found);
            place = self.before.get(&found).copied();
        }
        places.into_iter().rev()
    }
}

fn digest(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// What a name turned out to be. A new one is in the directory from then on, under its reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<D> {
    Known { id: String, warnings: Vec<Reason> },
    New { key: String, draft: D },
}

impl<'n> Directory<'n> {
    pub fn new(names: &'n Names) -> Directory<'n> {
        let mut directory = Directory {
            people: Entries {
                known: &names.people,
                planned: Vec::new(),
            },
            items: Entries {
                known: &names.items,
                planned: Vec::new(),
            },
            ..Directory::default()
        };
        for (place, entry) in (0..).zip(&names.people) {
            directory.find_person(entry, place);
        }
        for (place, entry) in (0..).zip(&names.items) {
            directory.find_item(entry, place);
        }
        directory
    }

    fn add_person(&mut self, entry: NameEntry) {
        self.find_person(&entry, self.people.next());
        self.people.planned.push(entry);
    }

    fn find_person(&mut self, entry: &NameEntry, place: u32) {
        self.people_by_id
            .add(&person_id(entry.kind, &entry.id), place);
        self.people_by_name.add(&folded(&entry.display_name), place);
        if let Some(email) = email_of(entry) {
            self.customers_by_email.add(&email, place);
        }
    }

    fn add_item(&mut self, entry: ItemEntry) {
        self.find_item(&entry, self.items.next());
        self.items.planned.push(entry);
    }

    fn find_item(&mut self, entry: &ItemEntry, place: u32) {
        self.items_by_id.add(&entry.id, place);
        self.items_by_name.add(&folded(&entry.name), place);
        if let Some(sku) = sku_of(entry) {
            self.items_by_sku.add(sku, place);
        }
    }

    /// Remembers who or what a reference of ours is. The first word holds.
    pub fn settle(&mut self, reference: &str, id: &str) {
        self.settled
            .entry(reference.to_owned())
            .or_insert_with(|| id.to_owned());
    }

    /// Of several under one id the last one counts.
    fn customer_by_id(&self, id: &str) -> Option<&NameEntry> {
        let places = self.people_by_id.places(&person_id(NameKind::Customer, id));
        let found = places.map(|place| self.people.at(place));
        let mut meant = found.filter(|entry| entry.kind == NameKind::Customer && entry.id == id);
        meant.next_back()
    }

    fn customers_by_email(&self, email: &str) -> impl Iterator<Item = &NameEntry> {
        let found = self.customers_by_email.places(email);
        let found = found.map(|place| self.people.at(place));
        found.filter(move |entry| email_of(entry).is_some_and(|found| found == email))
    }

    fn people_named(&self, name: &str) -> impl Iterator<Item = &NameEntry> {
        let name = folded(name);
        let found = self.people_by_name.places(&name);
        let found = found.map(|place| self.people.at(place));
        found.filter(move |entry| folded(&entry.display_name) == name)
    }

    fn item_by_id(&self, id: &str) -> Option<&ItemEntry> {
        let found = self.items_by_id.places(id);
        let mut found = found.map(|place| self.items.at(place));
        found.rfind(|entry| entry.id == id)
    }

    fn items_by_sku(&self, sku: &str) -> impl Iterator<Item = &ItemEntry> {
        let found = self.items_by_sku.places(sku);
        let found = found.map(|place| self.items.at(place));
        found.filter(move |entry| sku_of(entry) == Some(sku))
    }

    fn items_named(&self, name: &str) -> impl Iterator<Item = &ItemEntry> {
        let name = folded(name);
        let found = self.items_by_name.places(&name);
        let found = found.map(|place| self.items.at(place));
        found.filter(move |entry| folded(&entry.name) == name)
    }
}

/// Only customers are known by their address.
fn email_of(entry: &NameEntry) -> Option<String> {
    let email = entry.email.as_deref().map(str::trim).unwrap_or_default();
    (entry.kind == NameKind::Customer && !email.is_empty()).then(|| email.to_lowercase())
}

fn sku_of(entry: &ItemEntry) -> Option<&str> {
    let sku = entry.sku.as_deref().map(str::trim);
    sku.filter(|sku| !sku.is_empty())
}

/// A customer of the books as the lists have it.
pub fn customer_entry<'d>(directory: &'d Directory, id: &str) -> Option<&'d NameEntry> {
    directory.customer_by_id(id)
}

/// The items that QuickBooks would say have this name already.
pub fn items_called<'d>(
    directory: &'d Directory,
    name: &str,
) -> impl Iterator<Item = &'d ItemEntry> {
    directory.items_named(name)
}

/// Customers, vendors and employees may have the same ids.
fn person_id(kind: NameKind, id: &str) -> String {
    format!("{kind:?} {id}")
}

/// Names that QuickBooks would call the same.
fn folded(name: &str) -> String {
    name.nfc().collect::<String>().trim().to_lowercase()
}
