//! Fields: which line of the configuration a proposal is, both ways.

use chrono::{Datelike, NaiveDate};

pub use crate::app::ways_out::place_of;
use crate::books::propose::{GivenAnswers, Proposal, ProposalSubject};
use crate::config::{Config, ConfigPlace, item_keys};
use crate::model::service::Service;

/// The sections of the two sides.
pub const SHOP: &[&str] = &[Service::SHOP.as_str()];
pub const BOOKS: &[&str] = &[Service::BOOKS.as_str()];

pub fn setting(section: &'static [&'static str], key: &str) -> ConfigPlace {
    ConfigPlace::Key(section, key.to_owned())
}

pub fn start_date() -> ConfigPlace {
    setting(&["sync", "orders"], "start_date")
}

pub fn confirm_over() -> ConfigPlace {
    setting(&["sync"], "confirm_over")
}

pub fn full_sweep() -> ConfigPlace {
    setting(SHOP, "full_sweep")
}

pub fn toml_day(day: NaiveDate) -> toml_edit::Value {
    let date = toml_edit::Date {
        year: u16::try_from(day.year()).unwrap_or(1970),
        month: day.month() as u8,
        day: day.day() as u8,
    };
    toml_edit::Datetime {
        date: Some(date),
        time: None,
        offset: None,
    }
    .into()
}

/// What stands behind the value: what the thing is called in the shop. It is the same whoever answered.
pub fn remark(proposal: &Proposal) -> String {
    match &proposal.subject {
        ProposalSubject::Timezone => "decides which day a document belongs to".to_owned(),
        ProposalSubject::IncomeAccount => "where items that are made book their sales".to_owned(),
        ProposalSubject::FeeAccount => {
            "used if the policy `gateway_fees` is \"expense\"".to_owned()
        }
        ProposalSubject::UntaxedCode | ProposalSubject::ExportCode => proposal.about.clone(),
        ProposalSubject::Item(_) => String::new(),
        ProposalSubject::DocumentCode => "for the whole document".to_owned(),
        _ if proposal.about == proposal.subject.key() => String::new(),
        _ => proposal.about.clone(),
    }
}

/// What a configuration answers already.
pub fn answers_of(config: &Config) -> GivenAnswers {
    let rules = &config.rules;
    let is_set = |key: &str| config.says(key);
    let mut answers = GivenAnswers::new();
    let mut put = |subject: ProposalSubject, value: &str| {
        answers.insert(subject, Some(value.to_owned()));
    };
    if is_set("books.timezone") {
        put(ProposalSubject::Timezone, rules.timezone.name());
    }
    if is_set("books.income_account") {
        put(ProposalSubject::IncomeAccount, &rules.income_account);
    }
    for (method, account) in &rules.deposit {
        put(ProposalSubject::Deposit(method.clone()), account);
    }
    for (method, name) in &rules.payment_methods {
        put(ProposalSubject::PaymentMethod(method.clone()), name);
    }
    for (rate, name) in &rules.tax.rates {
        put(ProposalSubject::TaxRate(rate.clone()), name);
    }
    for rule in &rules.tax.codes {
        put(ProposalSubject::TaxCode(rule.woo.clone()), &rule.code);
    }
    for key in item_keys() {
        if let Some(name) = rules
            .items
            .get(key)
            .filter(|_| is_set(&format!("books.items.{key}")))
        {
            put(ProposalSubject::Item(key.to_owned()), name);
        }
    }
    for (status, meaning) in &rules.policy.status_map {
        let word = serde_json::to_value(meaning).unwrap_or_default();
        put(
            ProposalSubject::Status(status.clone()),
            word.as_str().unwrap_or_default(),
        );
    }
    let single = [
        (ProposalSubject::FeeAccount, &rules.gateway_fees),
        (ProposalSubject::UntaxedCode, &rules.tax.no_tax_code),
        (ProposalSubject::ExportCode, &rules.tax.export_code),
        (ProposalSubject::DocumentCode, &rules.tax.us_txn_tax_code),
    ];
    for (subject, value) in single {
        if let Some(value) = value {
            put(subject, value);
        }
    }
    answers
}
