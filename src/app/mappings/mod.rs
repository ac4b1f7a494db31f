//! The shop's mapping files: found in its folder, read, checked, and put in the place of the shipped ones.
//!
//! [`Folder`] is what lies there, whole or wrong. A run is given a set of mappings only if nothing in the folder is wrong: what a
//! mistake leaves out would otherwise be posted without it, and nobody would know.

pub mod compared;
mod edited;
mod folder;
mod memory;
pub mod records;
mod words;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::App;
use crate::config::Credentials;
use crate::connector::port::LedgerReader;
use crate::connector::quickbooks::kept_home_currency;
use crate::connector::woocommerce::WooCommerce;
use crate::mapping::{MappingMistake, Set};
use crate::model::fault::Fault;
use crate::model::service::Service;
use crate::store::{Memory, Store};

use super::credentials;

pub use edited::{EditedMapping, edited};
pub use folder::{Folder, OwnCases, OwnMapping, csv_beside, read_text, read_within, shown};
pub use memory::{LastRun, Remembered};

/// Why the mappings cannot be worked with.
#[derive(Debug)]
pub enum Unready {
    /// Every mistake of all files.
    Mistakes(Vec<MappingMistake>),
    /// A mapping asks for the currency of the books, and they did not answer.
    Books(Fault),
}

impl App {
    /// What lies in the shop's folder of mappings.
    pub fn mapping_folder(&self) -> Folder {
        Folder::read(&self.config.beside(&self.config.mapping.folder))
    }

    /// The mappings that this shop works with. Every mistake in its own files at once.
    pub fn mappings(&self) -> Result<Arc<Set>, Unready> {
        self.mapping_set().map(Arc::new)
    }

    /// As [`App::mappings`], for a run over these books: where a mapping asks for their currency and nobody has read it yet, they
    /// are asked.
    pub async fn mappings_with<F: LedgerReader>(&self, books: &F) -> Result<Arc<Set>, Unready> {
        let mut set = self.mapping_set()?;
        if set.settings()["home_currency"].is_null() && set.asks_for("home_currency") {
            let company = books.company().await.map_err(Unready::Books)?;
            set.set_home_currency(&company.home_currency);
        }
        Ok(Arc::new(set))
    }

    fn mapping_set(&self) -> Result<Set, Unready> {
        let folder = self.mapping_folder();
        let complaints = folder.complaints();
        if !complaints.is_empty() {
            return Err(Unready::Mistakes(complaints));
        }
        let mut set = Set::shipped(self.mapping_settings());
        for own in folder.mappings {
            if let Ok(compiled) = own.checked {
                set.put(compiled, own.files);
            }
        }
        Ok(set)
    }

    /// What a mapping is told of the shop. The currency of the books is there once a run has read it.
    pub fn mapping_settings(&self) -> Json {
        let rules = &self.config.rules;
        json!({
            "shop": self.config.shop.name,
            "timezone": rules.timezone.name(),
            "number_prefix": rules.number_prefix,
            "home_currency": self.home_currency(),
        })
    }

    fn home_currency(&self) -> Option<String> {
        self.config.quickbooks.as_ref()?;
        let company = self.config.company_id(&self.credentials)?;
        let store = Store::open_read_only(&self.state).ok()??;
        let kept = |name: &str| Some(store.kept(name).ok()??.0);
        kept_home_currency(kept, company)
    }

    /// The shop, for somebody who only looks: no books need be connected, and no state file need be there.
    pub fn store_to_look_at(&self) -> Result<WooCommerce, Fault> {
        let unread = super::state_fault::unread;
        let state = self.state_to_read().map_err(unread)?;
        let strongbox = self.strongbox(&state);
        let given: Credentials =
            credentials::complete_for(&[Service::Woocommerce], &self.credentials, &strongbox)?;
        self.source(&given)
    }
}
