//! The company whose books are kept: the facts about it that decide what can be posted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a company keeps sales tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxModel {
    /// A tax code on each line: every country but the US.
    Global,
    /// US, the ledger works the tax out by address, unless it is told the amount.
    UsAst,
    /// US, one code for the whole document.
    UsManual,
}

/// Where a company's documents carry classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassTracking {
    #[default]
    Off,
    /// One for the whole document.
    PerDocument,
    PerLine,
}

/// Facts about a company, as its books state them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub id: String,
    pub name: String,
    /// Two letters.
    pub country: String,
    pub home_currency: String,
    pub multicurrency: bool,
    pub tax_model: TaxModel,
    /// Sales tax is switched on at all.
    pub uses_tax: bool,
    /// Nothing dated on or before this day can be written.
    pub closed_through: Option<NaiveDate>,
    /// When it was first seen to be that day. What the books refused before, they may take now.
    #[serde(default)]
    pub closing_seen_at: Option<DateTime<Utc>>,
    /// The books number documents as we say.
    pub keeps_our_numbers: bool,
    /// A second document of a number is refused. `None`: the books do not say.
    #[serde(default)]
    pub refuses_duplicates: Option<bool>,
    pub classes: ClassTracking,
    /// Documents carry the place where something was sold.
    pub locations: bool,
    /// Active accounts by name.
    pub accounts: BTreeMap<String, Account>,
    /// Active tax codes by name, with the names of their rates on sales.
    pub tax_codes: BTreeMap<String, BTreeSet<String>>,
    /// Tax rates by name, in percent.
    pub tax_rates: BTreeMap<String, Decimal>,
    /// Active payment methods.
    pub payment_methods: BTreeSet<String>,
    /// What the company pays for, in the words of its books.
    #[serde(default)]
    pub plan: Option<String>,
}

impl Company {
    /// An account by its id, under the one name that is used for it wherever two are compared.
    pub fn account_name(&self, id: &str) -> Option<&str> {
        let mut accounts = self.accounts.iter();
        let named = accounts.find(|(_, account)| account.id == id);
        named.map(|(name, _)| name.as_str())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: String,
    /// The ledger's word for its type, `Bank`.
    pub kind: String,
    pub currency: Option<String>,
}
