//! The set: the mappings that a shop works with, its own and otherwise the shipped ones.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value as Json;

use super::compile::Compiled;
use super::shipped::{SHIPPED, Shipped};
use super::{Mapping, MappingOutcome, check};
use crate::model::fingerprint::Fingerprint;
use crate::model::raw::Raw;
use crate::model::told::Told;

/// Every mapping between WooCommerce and one of the targets, ready to be applied.
pub struct Set {
    own: BTreeMap<(String, String), OwnTexts>,
    /// The program's own files, read when they are first needed.
    shipped: Vec<(&'static Shipped, OnceLock<Arc<Compiled>>)>,
    settings: Json,
    /// The same, as a record is told.
    told_settings: Told<'static>,
}

/// A shop's own, with the texts of the CSV files that its lookup tables name.
struct OwnTexts {
    compiled: Arc<Compiled>,
    files: BTreeMap<String, String>,
}

impl Set {
    /// The shipped ones. `settings` holds what the configuration says of the shop: `shop`, `timezone`, `number_prefix`,
    /// `home_currency`.
    pub fn shipped(settings: Json) -> Set {
        Set {
            own: BTreeMap::new(),
            shipped: SHIPPED.iter().map(|file| (file, OnceLock::new())).collect(),
            told_settings: Told::of(&settings),
            settings,
        }
    }

    /// Puts a shop's own in the place of a shipped one. `files` holds the CSV files that it was checked with.
    pub fn put(&mut self, compiled: Arc<Compiled>, files: BTreeMap<String, String>) {
        let of = (
            compiled.mapping.target.clone(),
            compiled.mapping.entity.clone(),
        );
        self.own.insert(of, OwnTexts { compiled, files });
    }

    /// The shop's own mappings to a target, by entity, each with its CSV files.
    pub fn own<'s>(
        &'s self,
        target: &'s str,
    ) -> impl Iterator<Item = (&'s str, &'s Mapping, &'s BTreeMap<String, String>)> {
        let of_target = self.own.iter().filter(move |((of, _), _)| of == target);
        of_target.map(|((_, entity), own)| (entity.as_str(), &own.compiled.mapping, &own.files))
    }

    /// Whether the shop has a mapping of its own of these records to a target.
    pub fn has_own(&self, target: &str, entity: &str) -> bool {
        self.own(target).any(|(own, ..)| own == entity)
    }

    /// Identifies what the shop's own mappings to a target say, comments and layout left out. `None`: it has none.
    pub fn fingerprint(&self, target: &str) -> Option<Fingerprint> {
        let own: Vec<_> = self.own(target).collect();
        (!own.is_empty()).then(|| Fingerprint::of(&own))
    }

    /// The same of the mappings of some entities only.
    pub fn fingerprint_of(&self, target: &str, entities: &[&str]) -> Option<Fingerprint> {
        let own: Vec<_> = self
            .own(target)
            .filter(|(entity, ..)| entities.contains(entity))
            .collect();
        (!own.is_empty()).then(|| Fingerprint::of(&own))
    }

    /// Whether one of the shop's own asks for this setting, `home_currency`.
    pub fn asks_for(&self, setting: &str) -> bool {
        let mut own = self.own.values();
        own.any(|own| own.compiled.mapping.asks_for(setting))
    }

    pub fn set_home_currency(&mut self, currency: &str) {
        self.settings["home_currency"] = Json::from(currency);
        self.told_settings = Told::of(&self.settings);
    }

    /// The mapping to a target, `quickbooks`, of an entity, `orders`. `None`: there is no such mapping.
    pub fn of(&self, target: &str, entity: &str) -> Option<Arc<Compiled>> {
        let own = self.own.get(&(target.to_owned(), entity.to_owned()));
        if let Some(own) = own {
            return Some(own.compiled.clone());
        }
        let (file, ready) = self
            .shipped
            .iter()
            .find(|(file, _)| file.target == target && file.entity == entity)?;
        Some(
            ready
                .get_or_init(|| {
                    let compiled = check(&file.path(), file.text, &BTreeMap::new());
                    Arc::new(compiled.expect("a test checks every shipped mapping"))
                })
                .clone(),
        )
    }

    /// Applies one to what the shop really said; `None` as in [`Set::of`]. A text that is no JSON is refused as a record that is none.
    pub fn apply_raw(&self, target: &str, entity: &str, raw: &Raw) -> Option<MappingOutcome> {
        let record = Told::read(raw.text()).unwrap_or(Told::Null);
        let mapping = self.of(target, entity)?;
        Some(mapping.apply_told(&record, &self.told_settings))
    }

    pub fn settings(&self) -> &Json {
        &self.settings
    }

    pub(super) fn told_settings(&self) -> &Told<'static> {
        &self.told_settings
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Set")
            .field("own", &self.own.keys())
            .finish_non_exhaustive()
    }
}
