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

/// The names of a company, with the ones that the plan in hand is about to make.
#[derive(Default)]
pub struct Directory {
    people: Vec<NameEntry>,
    items: Vec<ItemEntry>,
    people_by_id: HashMap<String, usize>,
    customers_by_email: HashMap<String, Vec<usize>>,
    people_by_name: HashMap<String, Vec<usize>>,
    items_by_id: HashMap<String, usize>,
    items_by_sku: HashMap<String, Vec<usize>>,
    items_by_name: HashMap<String, Vec<usize>>,
    /// What each reference came to so far. A link would say it to the next run, so it has to hold within this one too,
    /// or it would matter how orders fall into runs.
    settled: HashMap<String, String>,
}

/// What a name turned out to be. A new one is in the directory from then on, under its reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<D> {
    Known { id: String, warnings: Vec<Reason> },
    New { key: String, draft: D },
}

impl Directory {
    pub fn new(names: &Names) -> Directory {
        let mut directory = Directory::default();
        for entry in &names.people {
            directory.add_person(entry.clone());
        }
        for entry in &names.items {
            directory.add_item(entry.clone());
        }
        directory
    }

    fn add_person(&mut self, entry: NameEntry) {
        let at = self.people.len();
        self.people_by_id
            .insert(person_id(entry.kind, &entry.id), at);
        self.people_by_name
            .entry(folded(&entry.display_name))
            .or_default()
            .push(at);
        if entry.kind == NameKind::Customer
            && let Some(email) = &entry.email
            && !email.trim().is_empty()
        {
            self.customers_by_email
                .entry(email.trim().to_lowercase())
                .or_default()
                .push(at);
        }
        self.people.push(entry);
    }

    fn add_item(&mut self, entry: ItemEntry) {
        let at = self.items.len();
        self.items_by_id.insert(entry.id.clone(), at);
        self.items_by_name
            .entry(folded(&entry.name))
            .or_default()
            .push(at);
        if let Some(sku) = &entry.sku
            && !sku.trim().is_empty()
        {
            self.items_by_sku
                .entry(sku.trim().to_owned())
                .or_default()
                .push(at);
        }
        self.items.push(entry);
    }

    /// Remembers who or what a reference of ours is. The first word holds.
    pub fn settle(&mut self, reference: &str, id: &str) {
        self.settled
            .entry(reference.to_owned())
            .or_insert_with(|| id.to_owned());
    }

    fn customer_by_id(&self, id: &str) -> Option<&NameEntry> {
        self.people_by_id
            .get(&person_id(NameKind::Customer, id))
            .map(|at| &self.people[*at])
    }

    fn customers_by_email(&self, email: &str) -> impl Iterator<Item = &NameEntry> {
        let found = self.customers_by_email.get(email);
        found.into_iter().flatten().map(|at| &self.people[*at])
    }

    fn people_named(&self, name: &str) -> impl Iterator<Item = &NameEntry> {
        let found = self.people_by_name.get(&folded(name));
        found.into_iter().flatten().map(|at| &self.people[*at])
    }

    fn item_by_id(&self, id: &str) -> Option<&ItemEntry> {
        self.items_by_id.get(id).map(|at| &self.items[*at])
    }

    fn items_by_sku(&self, sku: &str) -> impl Iterator<Item = &ItemEntry> {
        let found = self.items_by_sku.get(sku);
        found.into_iter().flatten().map(|at| &self.items[*at])
    }

    fn items_named(&self, name: &str) -> impl Iterator<Item = &ItemEntry> {
        let found = self.items_by_name.get(&folded(name));
        found.into_iter().flatten().map(|at| &self.items[*at])
    }
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
