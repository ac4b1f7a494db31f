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

use crate::model::fault::Reason;
use crate::model::names::{ItemEntry, NameEntry, NameKind, Names, Roll, person_key};

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
    known: Names,
    people: Roll<NameEntry>,
    items: Roll<ItemEntry>,
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
        Directory {
            known: names.clone(),
            ..Directory::default()
        }
    }

    fn add_person(&mut self, entry: NameEntry) {
        self.people.put(entry);
    }

    fn add_item(&mut self, entry: ItemEntry) {
        self.items.put(entry);
    }

    /// Remembers who or what a reference of ours is. The first word holds.
    pub fn settle(&mut self, reference: &str, id: &str) {
        self.settled
            .entry(reference.to_owned())
            .or_insert_with(|| id.to_owned());
    }

    fn customer_by_id(&self, id: &str) -> Option<&NameEntry> {
        let key = person_key(NameKind::Customer, id);
        let planned = self.people.with_key(&key);
        planned.or_else(|| self.known.people.with_key(&key))
    }

    fn customers_by_email(&self, email: &str) -> impl Iterator<Item = &NameEntry> {
        let known = self.known.people.with_sign(email).into_iter();
        known.chain(self.people.with_sign(email))
    }

    fn people_named(&self, name: &str) -> impl Iterator<Item = &NameEntry> {
        let known = self.known.people.named(name).into_iter();
        known.chain(self.people.named(name))
    }

    fn item_by_id(&self, id: &str) -> Option<&ItemEntry> {
        let planned = self.items.with_key(id);
        planned.or_else(|| self.known.items.with_key(id))
    }

    fn items_by_sku(&self, sku: &str) -> impl Iterator<Item = &ItemEntry> {
        let known = self.known.items.with_sign(sku).into_iter();
        known.chain(self.items.with_sign(sku))
    }

    fn items_named(&self, name: &str) -> impl Iterator<Item = &ItemEntry> {
        let known = self.known.items.named(name).into_iter();
        known.chain(self.items.named(name))
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
