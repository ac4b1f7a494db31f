//! Ways out: what can be answered where a record is held, and the line of the configuration that the answer becomes.
//!
//! The choices are those of the books as the last run has kept them: a record is held because a run has read them, and nobody waits
//! for QuickBooks to look at what waits.

use std::collections::{BTreeMap, BTreeSet};

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
    /// As it stands in the file.
    pub line: String,
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
        let before = changed.and_then(|change| change.before.as_deref());
        // As a person says it, without the marks of a text.
        let before = before.map(|before| before.trim_matches('"').to_owned());
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
            line: line(&way.subject, value),
            before,
            after: value.to_owned(),
        })
    }

    /// What can be answered so that a record with this reason goes on. `None`: it takes more than one line.
    pub fn way_out(&self, reason: &Reason) -> Option<WayOut> {
        let subject = self.asked_about(reason)?;
        let same = |names: Vec<String>| -> Vec<WayChoice> {
            let choice = |value: String| WayChoice {
                words: value.clone(),
                value,
            };
            names.into_iter().map(choice).collect()
        };
        let company = || self.kept_company();
        let (question, section, choices) = match &subject {
            ProposalSubject::Status(status) => (
                format!("An order that is “{status}” is"),
                "[books.policy.status_map]",
                statuses(),
            ),
            ProposalSubject::TaxCode(rates) => (
                format!("{} is in QuickBooks the tax code", rates.join(" + ")),
                "[[books.tax.codes]]",
                same(codes_for(&company()?, &self.config.rules.tax.rates, rates)),
            ),
            ProposalSubject::UntaxedCode => (
                "A line without tax gets the tax code".to_owned(),
                "[books.tax]",
                same(codes_without_tax(&company()?)),
            ),
            ProposalSubject::DocumentCode => (
                "A document with tax gets the tax code".to_owned(),
                "[books.tax]",
                same(codes_with_tax(&company()?)),
            ),
            ProposalSubject::TaxRate(rate) => (
                format!("{rate} is in QuickBooks the tax rate"),
                "[books.tax.rates]",
                same(rates_on_sales(&company()?)),
            ),
            ProposalSubject::Deposit(method) => (
                match method.as_str() {
                    "*" => "Money without a payment method reaches the account".to_owned(),
                    method => format!("Money paid by “{method}” reaches the account"),
                },
                "[books.deposit]",
                same(named_first(
                    accounts(company()?, &["Bank", "Other Current Asset"]),
                    method,
                )),
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
        // What cannot be answered rightly is not asked.
        if choices.is_empty() {
            return None;
        }
        Some(WayOut {
            subject,
            question,
            choices,
            section,
        })
    }
}

impl App {
    /// What an answer to this would be about, whether or not there is one to choose.
    pub fn asked_about(&self, reason: &Reason) -> Option<ProposalSubject> {
        way_out(reason).or_else(|| self.wrong_answer(reason))
    }

    /// The configuration has by now what this lacked: the next try finds it there.
    pub fn is_answered(&self, reason: &Reason) -> bool {
        let rules = &self.config.rules;
        let tax = &rules.tax;
        way_out(reason).is_some_and(|subject| match &subject {
            ProposalSubject::Status(status) => rules.policy.status_map.contains_key(status),
            ProposalSubject::Deposit(method) => rules.deposit.contains_key(method),
            ProposalSubject::FeeAccount => rules.gateway_fees.is_some(),
            ProposalSubject::TaxCode(rates) => tax.codes.iter().any(|rule| rule.woo == *rates),
            ProposalSubject::TaxRate(rate) => tax.rates.contains_key(rate),
            ProposalSubject::UntaxedCode => tax.no_tax_code.is_some(),
            ProposalSubject::DocumentCode => tax.us_txn_tax_code.is_some(),
            _ => false,
        })
    }

    /// The entry of the configuration because of which the books refused a record: a tax code that does not hold the rates which it
    /// stands for. Somebody may have answered so.
    fn wrong_answer(&self, reason: &Reason) -> Option<ProposalSubject> {
        // Books refuse for many reasons, and say what they are about.
        let is_refused = ["refused", "tax_code_refused"].contains(&reason.code.as_str());
        if !is_refused || !reason.message.to_lowercase().contains("tax") {
            return None;
        }
        let company = self.kept_company()?;
        let tax = &self.config.rules.tax;
        let wrong = tax.codes.iter().find(|rule| {
            let held = company.tax_codes.get(&rule.code);
            let wanted = wanted(&company, &tax.rates, &rule.woo);
            held.zip(wanted)
                .is_some_and(|(held, wanted)| !wanted.is_subset(held))
        })?;
        Some(ProposalSubject::TaxCode(wrong.woo.clone()))
    }
}

/// An answer as somebody would type it into the file.
fn line(subject: &ProposalSubject, value: &str) -> String {
    match subject {
        ProposalSubject::TaxCode(rates) => format!(
            "[[books.tax.codes]] woo = [\"{}\"], code = \"{value}\"",
            rates.join("\", \"")
        ),
        subject => format!("{} = \"{value}\"", subject.key()),
    }
}

/// The rates of the books that rates of the shop are. `None`: the configuration does not say it of all of them.
fn wanted(
    company: &Company,
    known: &BTreeMap<String, String>,
    rates: &[String],
) -> Option<BTreeSet<String>> {
    let of_books = rates.iter().map(|rate| known.get(rate).cloned());
    let of_books: BTreeSet<String> = of_books.collect::<Option<_>>()?;
    let there_are = of_books
        .iter()
        .all(|rate| company.tax_rates.contains_key(rate));
    there_are.then_some(of_books)
}

/// The codes that can stand for these rates of the shop: those with just these rates first, then those that have others too. A code
/// that lacks one is refused by the books. Where nothing says which rates they are, those that charge something go first.
fn codes_for(company: &Company, known: &BTreeMap<String, String>, rates: &[String]) -> Vec<String> {
    let Some(wanted) = wanted(company, known, rates) else {
        let without = codes_without_tax(company);
        return codes_with_tax(company).into_iter().chain(without).collect();
    };
    let mut fitting: Vec<(&String, &BTreeSet<String>)> = company.tax_codes.iter().collect();
    fitting.retain(|(_, held)| wanted.is_subset(held));
    fitting.sort_by_key(|(_, held)| held.len());
    fitting.into_iter().map(|(name, _)| name.clone()).collect()
}

/// Codes under which nothing is charged; the one that says so in so many words first.
fn codes_without_tax(company: &Company) -> Vec<String> {
    let mut names = codes(company, true);
    names.sort_by_key(|name| !name.to_lowercase().contains("exempt"));
    names
}

fn codes_with_tax(company: &Company) -> Vec<String> {
    codes(company, false)
}

fn codes(company: &Company, without_tax: bool) -> Vec<String> {
    let percent = |rate: &String| company.tax_rates.get(rate).copied().unwrap_or_default();
    let fitting = company
        .tax_codes
        .iter()
        .filter(|(_, held)| held.iter().all(|rate| percent(rate).is_zero()) == without_tax);
    let fitting: Vec<String> = fitting.map(|(name, _)| name.clone()).collect();
    match fitting.is_empty() {
        // Books whose codes name no rates say nothing of what fits.
        true => company.tax_codes.keys().cloned().collect(),
        false => fitting,
    }
}

/// The rates that a code has on sales; in books that do not say it, all.
fn rates_on_sales(company: &Company) -> Vec<String> {
    let on_sales: BTreeSet<&String> = company.tax_codes.values().flatten().collect();
    let names = company.tax_rates.keys();
    names
        .filter(|name| on_sales.is_empty() || on_sales.contains(name))
        .cloned()
        .collect()
}

/// An account that is named after the way to pay is the likely one.
fn named_first(mut accounts: Vec<String>, method: &str) -> Vec<String> {
    let of_method = |word: &str| {
        let word = word.to_lowercase();
        word.len() > 2 && method.to_lowercase().contains(&word)
    };
    accounts.sort_by_key(|name| !name.split_whitespace().any(of_method));
    accounts
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
