//! Names: how close two of them are, by their words.

use std::collections::BTreeSet;

use super::Pick;

/// The words of a name in small letters.
pub fn words(name: &str) -> BTreeSet<String> {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Codes of places stand in capitals: `ON` is Ontario, `on` is not.
pub fn capitals(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() == 2 && word.bytes().all(|c| c.is_ascii_uppercase()))
}

pub fn has(words: &BTreeSet<String>, any: &[&str]) -> bool {
    any.iter().any(|word| words.contains(*word))
}

/// `Fees` and `fee` are the same name.
pub fn same(one: &str, other: &str) -> bool {
    let stems = |name: &str| -> BTreeSet<String> { words(name).iter().map(|w| stem(w)).collect() };
    stems(one) == stems(other)
}

fn stem(word: &str) -> String {
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Candidates with their scores, the best first, and among equals in their own order.
pub fn ranked<S: Ord>(mut scored: Vec<(S, String)>) -> Vec<(S, String)> {
    scored.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    scored
}

/// The names alone.
pub fn names_of<S>(scored: &[(S, String)]) -> Vec<String> {
    scored.iter().map(|(_, name)| name.clone()).collect()
}

/// Says of equally good ones that nobody can choose but a person.
pub fn tie<S: PartialEq>(ranked: &[(S, String)]) -> Option<Pick> {
    let (best, _) = ranked.first()?;
    let equals: Vec<String> = ranked
        .iter()
        .take_while(|(score, _)| score == best)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    let [_, _, ..] = equals.as_slice() else {
        return None;
    };
    let shown = equals[..equals.len().min(3)].join(", ");
    let more = if equals.len() > 3 { ", …" } else { "" };
    Some(Pick::doubtful(format!("equally good: {shown}{more}")))
}
