//! The names in use in a company: of people, and of what can be sold.
//!
//! A company may have a hundred thousand of them, a long reading needs them for each of its parts, and several hold the list at one
//! time. So a name takes little room, the list is not copied, and what names are found by is kept up as names come, not made anew for
//! each part.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

/// Whose name a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameKind {
    Customer,
    Vendor,
    Employee,
}

/// What stands of a name in the books.
#[derive(Serialize, Deserialize)]
pub struct NameParts<'a> {
    /// The ledger's id, or a reference to one that is planned, `@customer:…`.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    pub kind: NameKind,
    #[serde(borrow)]
    pub display_name: Cow<'a, str>,
    pub email: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    pub active: bool,
    /// The ledger's count of its changes; empty of one that is planned.
    #[serde(borrow, default)]
    pub revision: Cow<'a, str>,
}

/// A name in use. Customers, vendors and employees share one space of names, the inactive ones included. All that it says is one text:
/// five of them would take three times the room.
#[derive(Clone, PartialEq, Eq)]
pub struct NameEntry {
    text: Box<str>,
    /// Where id, name, address and currency end in it; behind them stands the revision.
    ends: [u32; 4],
    has_email: bool,
    pub kind: NameKind,
    pub active: bool,
}

impl NameEntry {
    pub fn id(&self) -> &str {
        self.between(0, self.ends[0])
    }

    pub fn display_name(&self) -> &str {
        self.between(self.ends[0], self.ends[1])
    }

    pub fn email(&self) -> Option<&str> {
        self.has_email
            .then(|| self.between(self.ends[1], self.ends[2]))
    }

    pub fn currency(&self) -> &str {
        self.between(self.ends[2], self.ends[3])
    }

    pub fn revision(&self) -> &str {
        &self.text[self.ends[3] as usize..]
    }

    pub fn parts(&self) -> NameParts<'_> {
        NameParts {
            id: self.id().into(),
            kind: self.kind,
            display_name: self.display_name().into(),
            email: self.email().map(Cow::from),
            currency: self.currency().into(),
            active: self.active,
            revision: self.revision().into(),
        }
    }

    fn between(&self, from: u32, to: u32) -> &str {
        &self.text[from as usize..to as usize]
    }
}

impl From<NameParts<'_>> for NameEntry {
    fn from(parts: NameParts<'_>) -> NameEntry {
        let email = parts.email.as_deref();
        let texts = [
            &*parts.id,
            &*parts.display_name,
            email.unwrap_or_default(),
            &*parts.currency,
        ];
        let mut end = 0;
        let ends = texts.map(|text| {
            end += u32::try_from(text.len()).expect("no answer is so long");
            end
        });
        NameEntry {
            text: (texts.concat() + &parts.revision).into_boxed_str(),
            ends,
            has_email: email.is_some(),
            kind: parts.kind,
            active: parts.active,
        }
    }
}

impl Serialize for NameEntry {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.parts().serialize(to)
    }
}

impl<'de> Deserialize<'de> for NameEntry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<NameEntry, D::Error> {
        Ok(NameParts::deserialize(from)?.into())
    }
}

impl std::fmt::Debug for NameEntry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("NameEntry")
            .field("id", &self.id())
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Something that can stand on a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemEntry {
    /// The ledger's id, or a reference to one that is planned, `@item:…`.
    pub id: String,
    pub name: String,
    pub sku: Option<String>,
    /// The ledger's word for its type; categories take names but cannot be sold.
    pub kind: String,
    pub active: bool,
    /// The ledger's count of its changes; empty of one that is planned.
    #[serde(default)]
    pub revision: String,
    #[serde(default)]
    pub price: Option<Decimal>,
    /// Of one that is counted: the first day on which it can be sold.
    #[serde(default)]
    pub starts: Option<NaiveDate>,
    /// By the ledger's clock.
    #[serde(default)]
    pub changed_at: Option<DateTime<Utc>>,
}

/// What a list of names keeps: each has a key of its own, and is found by that, by its name, and by its sign if it has one.
pub trait Listed {
    fn key(&self) -> Cow<'_, str>;
    fn name(&self) -> &str;
    fn sign(&self) -> Option<Cow<'_, str>>;
}

impl Listed for NameEntry {
    /// Customers, vendors and employees may have the same ids.
    fn key(&self) -> Cow<'_, str> {
        person_key(self.kind, self.id()).into()
    }

    fn name(&self) -> &str {
        self.display_name()
    }

    /// Only customers are known by their address.
    fn sign(&self) -> Option<Cow<'_, str>> {
        let email = self.email().unwrap_or_default().trim();
        (self.kind == NameKind::Customer && !email.is_empty()).then(|| email.to_lowercase().into())
    }
}

impl Listed for ItemEntry {
    fn key(&self) -> Cow<'_, str> {
        self.id.as_str().into()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn sign(&self) -> Option<Cow<'_, str>> {
        let sku = self.sku.as_deref().map(str::trim);
        sku.filter(|sku| !sku.is_empty()).map(Cow::from)
    }
}

/// The key of somebody among all people.
pub fn person_key(kind: NameKind, id: &str) -> String {
    format!("{kind:?}/{id}")
}

/// Names that QuickBooks would call the same.
pub fn folded(name: &str) -> String {
    name.nfc().collect::<String>().trim().to_lowercase()
}

/// The names in use in a company. Whoever holds them sees them as they were then.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Customers, vendors and employees, the inactive ones too.
    pub people: Arc<Roll<NameEntry>>,
    /// Items, the inactive ones and categories too.
    pub items: Arc<Roll<ItemEntry>>,
}

impl Names {
    pub fn of(
        people: impl IntoIterator<Item = NameEntry>,
        items: impl IntoIterator<Item = ItemEntry>,
    ) -> Names {
        let mut names = Names::default();
        people.into_iter().for_each(|entry| names.add_person(entry));
        items.into_iter().for_each(|entry| names.add_item(entry));
        names
    }

    pub fn add_person(&mut self, entry: NameEntry) {
        Arc::make_mut(&mut self.people).put(entry);
    }

    pub fn add_item(&mut self, entry: ItemEntry) {
        Arc::make_mut(&mut self.items).put(entry);
    }
}

/// A list of names, and what they are found by.
#[derive(Clone, Debug)]
pub struct Roll<T> {
    /// In the order in which they came; of one that was changed or taken out a gap is left.
    entries: Vec<Option<T>>,
    gaps: usize,
    by_key: FoundBy,
    by_sign: FoundBy,
    by_name: FoundBy,
}

impl<T> Default for Roll<T> {
    fn default() -> Self {
        Roll {
            entries: Vec::new(),
            gaps: 0,
            by_key: FoundBy::default(),
            by_sign: FoundBy::default(),
            by_name: FoundBy::default(),
        }
    }
}

impl<T: Listed> Roll<T> {
    /// Takes one in, in the place of the one with its key.
    pub fn put(&mut self, entry: T) {
        let key = entry.key();
        self.remove(&key);
        let place = u32::try_from(self.entries.len()).expect("a company has not so many");
        self.by_key.add(&key, place);
        drop(key);
        self.by_name.add(&folded(entry.name()), place);
        if let Some(sign) = entry.sign() {
            self.by_sign.add(&sign, place);
        }
        self.entries.push(Some(entry));
    }

    pub fn remove(&mut self, key: &str) {
        if let Some(place) = self.place_of(key) {
            self.entries[place] = None;
            self.gaps += 1;
        }
    }

    fn place_of(&self, key: &str) -> Option<usize> {
        let mut places = self.by_key.places(key).map(|place| place as usize);
        places.find(|place| {
            let entry = self.entries[*place].as_ref();
            entry.is_some_and(|entry| entry.key() == key)
        })
    }

    pub fn len(&self) -> usize {
        self.entries.len() - self.gaps
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// In no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.entries.iter().flatten()
    }

    /// In the order of their keys, however they came.
    pub fn sorted(&self) -> Vec<&T> {
        let mut all: Vec<&T> = self.iter().collect();
        all.sort_by_cached_key(|entry| entry.key());
        all
    }

    pub fn with_key(&self, key: &str) -> Option<&T> {
        self.entries[self.place_of(key)?].as_ref()
    }

    /// In the order of their keys.
    pub fn with_sign(&self, sign: &str) -> Vec<&T> {
        self.found(&self.by_sign, sign, |entry| {
            entry.sign().is_some_and(|found| found == sign)
        })
    }

    /// In the order of their keys.
    pub fn named(&self, name: &str) -> Vec<&T> {
        let name = folded(name);
        self.found(&self.by_name, &name, |entry| folded(entry.name()) == name)
    }

    fn found(&self, by: &FoundBy, word: &str, is_meant: impl Fn(&T) -> bool) -> Vec<&T> {
        let found = by.places(word);
        let found = found.filter_map(|place| self.entries[place as usize].as_ref());
        let mut found: Vec<&T> = found.filter(|entry| is_meant(entry)).collect();
        if found.len() > 1 {
            found.sort_by_cached_key(|entry| entry.key());
        }
        found
    }
}

/// As a list in which each stands under its key, in the order of these.
impl<T: Listed + Serialize> Serialize for Roll<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.sorted().into_iter().map(|entry| (entry.key(), entry)))
    }
}

impl<'de, T: Listed + Deserialize<'de>> Deserialize<'de> for Roll<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Roll<T>, D::Error> {
        from.deserialize_map(ReadRoll(PhantomData))
    }
}

struct ReadRoll<T>(PhantomData<T>);

impl<'de, T: Listed + Deserialize<'de>> Visitor<'de> for ReadRoll<T> {
    type Value = Roll<T>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a list of names by their keys")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut from: M) -> Result<Roll<T>, M::Error> {
        let mut roll = Roll::default();
        while let Some((IgnoredAny, entry)) = from.next_entry()? {
            roll.put(entry);
        }
        Ok(roll)
    }
}

/// The places of entries by a digest of what they are found by: whoever finds one looks whether it is meant. Half a digest will do, and
/// takes half the room.
#[derive(Clone, Debug, Default)]
struct FoundBy {
    /// The last with this digest.
    last: HashMap<u32, u32>,
    /// Before some of them there was another.
    before: HashMap<u32, u32>,
}

impl FoundBy {
    fn add(&mut self, word: &str, place: u32) {
        if let Some(before) = self.last.insert(digest(word), place) {
            self.before.insert(place, before);
        }
    }

    /// The last first, and others of the same digest among them.
    fn places(&self, word: &str) -> impl Iterator<Item = u32> {
        let last = self.last.get(&digest(word)).copied();
        std::iter::successors(last, |place| self.before.get(place).copied())
    }
}

fn digest(word: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    #[expect(clippy::cast_possible_truncation, reason = "half of it is meant")]
    let half = hasher.finish() as u32;
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, name: &str, email: Option<&str>) -> NameEntry {
        let entry = NameEntry::from(NameParts {
            id: id.into(),
            kind: NameKind::Customer,
            display_name: name.into(),
            email: email.map(Cow::from),
            currency: "CAD".into(),
            active: true,
            revision: "3".into(),
        });
        let text = serde_json::to_string(&entry).expect("a form");
        assert_eq!(
            entry,
            serde_json::from_str(&text).expect("it is read again")
        );
        entry
    }

    #[test]
    fn a_name_says_what_it_was_made_of() {
        let ann = person("71", "Zoë", Some("zoe@example.com"));
        let said = (ann.id(), ann.display_name(), ann.email(), ann.currency());
        assert_eq!(said, ("71", "Zoë", Some("zoe@example.com"), "CAD"));
        assert_eq!(ann.revision(), "3");
        assert_eq!(person("", "", Some("")).email(), Some(""));
        assert_eq!(person("", "", None).email(), None);
    }

    #[test]
    fn whoever_is_renamed_or_taken_out_is_found_no_more_under_what_was() {
        let ids = |found: Vec<&NameEntry>| -> Vec<String> {
            found.iter().map(|entry| entry.id().to_owned()).collect()
        };
        let mut roll = Roll::default();
        for id in ["10", "9", "8"] {
            roll.put(person(id, "Ann Lee", Some("ann@example.com")));
        }
        assert_eq!(ids(roll.named(" ANN lee")), ["10", "8", "9"]);
        roll.put(person("10", "Bo", None));
        roll.remove("Customer/9");
        roll.remove("Customer/77");
        assert_eq!(ids(roll.named("Ann Lee")), ["8"]);
        assert_eq!(ids(roll.with_sign("ann@example.com")), ["8"]);
        assert_eq!(ids(roll.named("bo")), ["10"]);
        assert_eq!(ids(roll.sorted()), ["10", "8"]);
        assert_eq!((roll.len(), roll.iter().count()), (2, 2));
        assert!(roll.with_key("Customer/9").is_none());
        assert_eq!(roll.with_key("Customer/8").map(NameEntry::id), Some("8"));
    }

    /// Whoever looks at the names while others come sees what was.
    #[test]
    fn names_that_are_held_stay_as_they_were() {
        let mut names = Names::of([person("1", "Ann", None)], []);
        let held = names.clone();
        names.add_person(person("2", "Bo", None));
        assert_eq!((held.people.len(), names.people.len()), (1, 2));
    }

    /// By the hundred thousand they take the room that they were made to take.
    #[test]
    fn a_name_is_small() {
        assert!(size_of::<Option<NameEntry>>() <= 40);
    }
}
