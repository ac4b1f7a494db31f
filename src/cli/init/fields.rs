//! Fields: which line of the configuration a proposal is, both ways.

use chrono::{Datelike, NaiveDate};

use crate::books::propose::{Answers, Proposal, Subject};
use crate::config::{Config, Origin, Place, item_keys};
use crate::model::service::Service;

pub fn place_of(subject: &Subject) -> Place {
    let key = |section, key: &str| Place::Key(section, key.to_owned());
    match subject {
        Subject::Timezone => key(&["books"], "timezone"),
        Subject::IncomeAccount => key(&["books"], "income_account"),
        Subject::FeeAccount => key(&["books"], "gateway_fees"),
        Subject::Deposit(method) => key(&["books", "deposit"], method),
        Subject::PaymentMethod(method) => key(&["books", "payment_methods"], method),
        Subject::TaxRate(rate) => key(&["books", "tax", "rates"], rate),
        Subject::TaxCode(rates) => Place::TaxCode(rates.clone()),
        Subject::UntaxedCode => key(&["books", "tax"], "no_tax_code"),
        Subject::ExportCode => key(&["books", "tax"], "export_code"),
        Subject::DocumentCode => key(&["books", "tax"], "us_txn_tax_code"),
        Subject::Item(item) => key(&["books", "items"], item),
        Subject::Status(status) => key(&["books", "policy", "status_map"], status),
    }
}

/// The sections of the two sides.
pub const SHOP: &[&str] = &[Service::SHOP.as_str()];
pub const BOOKS: &[&str] = &[Service::BOOKS.as_str()];

pub fn setting(section: &'static [&'static str], key: &str) -> Place {
    Place::Key(section, key.to_owned())
}

pub fn start_date() -> Place {
    setting(&["sync", "orders"], "start_date")
}

pub fn confirm_over() -> Place {
    setting(&["sync"], "confirm_over")
}

pub fn full_sweep() -> Place {
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
        Subject::Timezone => "decides which day a document belongs to".to_owned(),
        Subject::IncomeAccount => "where items that are made book their sales".to_owned(),
        Subject::FeeAccount => "used if the policy `gateway_fees` is \"expense\"".to_owned(),
        Subject::UntaxedCode | Subject::ExportCode => proposal.about.clone(),
        Subject::Item(_) => String::new(),
        Subject::DocumentCode => "for the whole document".to_owned(),
        _ if proposal.about == proposal.subject.key() => String::new(),
        _ => proposal.about.clone(),
    }
}

/// What a configuration answers already.
pub fn answers_of(config: &Config) -> Answers {
    let rules = &config.rules;
    let is_set = |key: &str| {
        config
            .settings
            .iter()
            .any(|setting| setting.key == key && matches!(setting.origin, Origin::File { .. }))
    };
    let mut answers = Answers::new();
    let mut put = |subject: Subject, value: &str| {
        answers.insert(subject, Some(value.to_owned()));
    };
    if is_set("books.timezone") {
        put(Subject::Timezone, rules.timezone.name());
    }
    if is_set("books.income_account") {
        put(Subject::IncomeAccount, &rules.income_account);
    }
    for (method, account) in &rules.deposit {
        put(Subject::Deposit(method.clone()), account);
    }
    for (method, name) in &rules.payment_methods {
        put(Subject::PaymentMethod(method.clone()), name);
    }
    for (rate, name) in &rules.tax.rates {
        put(Subject::TaxRate(rate.clone()), name);
    }
    for rule in &rules.tax.codes {
        put(Subject::TaxCode(rule.woo.clone()), &rule.code);
    }
    for key in item_keys() {
        if let Some(name) = rules
            .items
            .get(key)
            .filter(|_| is_set(&format!("books.items.{key}")))
        {
            put(Subject::Item(key.to_owned()), name);
        }
    }
    for (status, meaning) in &rules.policy.status_map {
        let word = serde_json::to_value(meaning).unwrap_or_default();
        put(
            Subject::Status(status.clone()),
            word.as_str().unwrap_or_default(),
        );
    }
    let single = [
        (Subject::FeeAccount, &rules.gateway_fees),
        (Subject::UntaxedCode, &rules.tax.no_tax_code),
        (Subject::ExportCode, &rules.tax.export_code),
        (Subject::DocumentCode, &rules.tax.us_txn_tax_code),
    ];
    for (subject, value) in single {
        if let Some(value) = value {
            put(subject, value);
        }
    }
    answers
}
