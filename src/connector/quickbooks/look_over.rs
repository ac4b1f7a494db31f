//! Looking a company over: questions that a health check has and a run does not.
//!
//! They cost a read each and change nothing; what they tell is kept nowhere.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::client::MINOR_VERSION;
use super::{QuickBooks, found, query, wire};
use crate::model::fault::Fault;
use crate::model::names::ItemEntry;

/// The version of the fields that we know, `75`.
pub fn minor_version() -> &'static str {
    MINOR_VERSION.rsplit('=').next().unwrap_or(MINOR_VERSION)
}

impl QuickBooks {
    /// Signs in, anew where that is due, and asks nothing.
    pub async fn sign_in(&self) -> Result<(), Fault> {
        self.client.sign_in().await
    }

    /// Items of these names, the inactive ones too.
    pub async fn items_named(&self, names: &BTreeSet<String>) -> Result<Vec<ItemEntry>, Fault> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut items = Vec::new();
        for chunk in names.chunks(query::CHUNK) {
            let named = query::one_of("Name", chunk);
            let rest = format!("WHERE {named} AND Active IN (true, false)");
            let rows = query::all::<wire::ItemAnswer>(&self.client, "Item", &rest).await?;
            items.extend(rows.rows.into_iter().filter_map(found::item_entry));
        }
        Ok(items)
    }

    /// The names of the accounts that somebody made inactive, full and short.
    pub async fn inactive_accounts(&self) -> Result<BTreeSet<String>, Fault> {
        let rows =
            query::all::<wire::AccountAnswer>(&self.client, "Account", "WHERE Active = false");
        let names = rows
            .await?
            .rows
            .into_iter()
            .flat_map(|account| [Some(account.name), account.fully_qualified_name]);
        Ok(names.flatten().collect())
    }

    /// How far QuickBooks' clock is ahead of ours, as of its last answer.
    pub fn clock_ahead(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.client.clock_ahead(now)
    }
}
