//! Ways out: what can be answered where a record is held, and the line of the configuration that the answer becomes.
//!
//! The choices are those of the books as the last run has kept them: a record is held because a run has read them, and nobody waits
//! for QuickBooks to look at what waits.

use crate::app::App;
use crate::books::propose::ProposalSubject;
use crate::books::way_out;
use crate::config::{ConfigDraft, ConfigPlace, EditError};
use crate::connector::quickbooks::kept_company;
use crate::model::company::Company;
use crate::model::fault::Reason;
use crate::model::rules::StatusMeaning;
use crate::store::{Memory, Store};

/// A question whose answer lets held records go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayOut {
    pub subject: ProposalSubject,
    /// `An order that is “awaiting-pickup” is`
    pub question: String,
    pub choices: Vec<WayChoice>,
    /// The section of `udsync.toml` that the answer goes to.
    pub section: &'static str,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayChoice {
    /// As the file says it.
    pub value: String,
    /// As people say it.
    pub words: String,
}

/// What an answer became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweredWay {
    /// `books.deposit.stripe`
    pub key: String,
    pub before: Option<String>,
    pub after: String,
}

/// The line of the configuration that a subject is.
pub fn place_of(subject: &ProposalSubject) -> ConfigPlace {
    let key = |section, key: &str| ConfigPlace::Key(section, key.to_owned());
    match subject {
        ProposalSubject::Timezone => key(&["books"], "timezone"),
        ProposalSubject::IncomeAccount => key(&["books"], "income_account"),
        ProposalSubject::FeeAccount => key(&["books"], "gateway_fees"),
        ProposalSubject::Deposit(method) => key(&["books", "deposit"], method),
        ProposalSubject::PaymentMethod(method) => key(&["books", "payment_methods"], method),
        ProposalSubject::TaxRate(rate) => key(&["books", "tax", "rates"], rate),
        ProposalSubject::TaxCode(rates) => ConfigPlace::TaxCode(rates.clone()),
        ProposalSubject::UntaxedCode => key(&["books", "tax"], "no_tax_code"),
        ProposalSubject::ExportCode => key(&["books", "tax"], "export_code"),
        ProposalSubject::DocumentCode => key(&["books", "tax"], "us_txn_tax_code"),
        ProposalSubject::Item(item) => key(&["books", "items"], item),
        ProposalSubject::Status(status) => key(&["books", "policy", "status_map"], status),
    }
}

impl App {
    /// The company as the last run has kept it. Nothing is asked.
    pub fn kept_company(&self) -> Option<Company> {
        self.config.quickbooks.as_ref()?;
        let company = self.config.company_id(&self.credentials)?;
        let store = Store::open_read_only(&self.state).ok()??;
        kept_company(|name| Some(store.kept(name).ok()??.0), company)
    }

    /// Writes an answer as the one line of the configuration that it is; `only_looks` writes nothing, and finds the same mistakes.
    pub fn answer(
        &self,
        way: &WayOut,
        value: &str,
        only_looks: bool,
    ) -> Result<AnsweredWay, EditError> {
        let mut draft = ConfigDraft::open(&self.config.source_path)?;
        draft.put(&place_of(&way.subject), value, "");
        let changed = draft.changes().first();
        let before = changed.and_then(|change| change.before.clone());
        match only_looks {
            true => drop(
                draft
                    .config()
                    .map_err(|wrong| EditError::Wrong(Box::new(wrong)))?,
            ),
            false => drop(draft.edit().save()?),
        }
        Ok(AnsweredWay {
            key: way.subject.key(),
            before,
            after: value.to_owned(),
        })
    }

    /// What can be answered so that a record with this reason goes on. `None`: it takes more than one line.
    pub fn way_out(&self, reason: &Reason) -> Option<WayOut> {
        let subject = way_out(reason)?;
        let same = |names: Vec<String>| -> Vec<WayChoice> {
            let choice = |value: String| WayChoice {
                words: value.clone(),
                value,
            };
            names.into_iter().map(choice).collect()
        };
        let company = || self.kept_company();
        let tax_codes = || company().map(|company| company.tax_codes.into_keys().collect());
        let (question, section, choices) = match &subject {
            ProposalSubject::Status(status) => (
                format!("An order that is “{status}” is"),
                "[books.policy.status_map]",
                statuses(),
            ),
            ProposalSubject::TaxCode(rates) => (
                format!("{} is in QuickBooks the tax code", rates.join(" + ")),
                "[[books.tax.codes]]",
                same(tax_codes()?),
            ),
            ProposalSubject::UntaxedCode => (
                "A line without tax gets the tax code".to_owned(),
                "[books.tax]",
                same(tax_codes()?),
            ),
            ProposalSubject::DocumentCode => (
                "A document with tax gets the tax code".to_owned(),
                "[books.tax]",
                same(tax_codes()?),
            ),
            ProposalSubject::TaxRate(rate) => (
                format!("{rate} is in QuickBooks the tax rate"),
                "[books.tax.rates]",
                same(company()?.tax_rates.into_keys().collect()),
            ),
            ProposalSubject::Deposit(method) => (
                match method.as_str() {
                    "*" => "Money without a payment method reaches the account".to_owned(),
                    method => format!("Money paid by “{method}” reaches the account"),
                },
                "[books.deposit]",
                same(accounts(company()?, &["Bank", "Other Current Asset"])),
            ),
            ProposalSubject::FeeAccount => (
                "Gateway fees go to the account".to_owned(),
                "[books]",
                same(accounts(
                    company()?,
                    &["Expense", "Other Expense", "Cost of Goods Sold"],
                )),
            ),
            _ => return None,
        };
        Some(WayOut {
            subject,
            question,
            choices,
            section,
        })
    }
}

fn statuses() -> Vec<WayChoice> {
    let words = |word: &str| match word {
        "as_paid" => "a paid sale: post a sales receipt",
        "as_invoice" => "owed: post an invoice",
        "skip" => "no sale: leave it out",
        _ => "as the word says",
    };
    let choice = |word: &&str| WayChoice {
        value: (*word).to_owned(),
        words: match words(word) {
            "as the word says" => (*word).to_owned(),
            known => known.to_owned(),
        },
    };
    StatusMeaning::WORDS.iter().map(choice).collect()
}

fn accounts(company: Company, kinds: &[&str]) -> Vec<String> {
    let fits = |kind: &str| kinds.contains(&kind);
    let fitting = company
        .accounts
        .into_iter()
        .filter(|(_, account)| fits(&account.kind));
    fitting.map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_of_a_status_is_said_in_words() {
        for choice in statuses() {
            assert_ne!(choice.words, choice.value, "it has no words");
        }
    }
}
