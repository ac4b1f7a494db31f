//! The flags of `init`: every question has one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use crate::books::propose::{GivenAnswers, Proposal, ProposalFacts, ProposalSubject};
use crate::config::item_keys;
use crate::model::near::nearest;
use crate::model::rules::StatusMeaning;

use super::super::ask::Asker;
use super::super::connect::keys::KeyArgs;
use super::super::connect::quickbooks::{EnvironmentName, PORT};
use super::super::out;
use super::super::report::Failure;
use super::super::shell::quoted;

/// Set a shop up, from nothing to a first plan
///
/// Asks for the shop and the books, looks at what both really hold, and proposes accounts, payment methods, tax codes and items.
/// It asks only where there is doubt, shows what stays unmapped and what that would hold back, writes a commented udsync.toml, and
/// ends with a first dry run. Nothing is written to the shop or to the books.
///
/// Every question has a flag. A flag that maps one thing to another can be given several times, and an empty right side leaves
/// that one open. In a file that is there already comments stay, and every change is shown first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync init --sandbox
  udsync init --url https://shop.example.com
  udsync init --no-input --yes --url https://shop.example.com --name aurora \\
    --environment production --start-date 2026-01-01 --deposit \"bacs=Chequing\"")]
pub struct InitArgs {
    /// Address of the shop; any page of it will do
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Plain http although the shop is on another machine
    #[arg(long)]
    pub allow_http: bool,
    /// Short name of the shop: a-z, 0-9 and `-`; part of the mark on every document
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Which QuickBooks
    #[arg(long, value_name = "WHICH", value_enum)]
    pub environment: Option<EnvironmentName>,
    /// Number of the QuickBooks company, where the environment gives its credentials
    #[arg(long, value_name = "ID")]
    pub company_id: Option<String>,
    /// Signing in to QuickBooks: print the address, and ask for the one that the browser ends on
    #[arg(long)]
    pub manual: bool,
    /// Signing in to QuickBooks: listen on this port for the browser; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = PORT)]
    pub port: u16,
    /// Signing in to QuickBooks: the public page that the browser is sent to, as registered with the app
    #[arg(long, value_name = "URL")]
    pub redirect_url: Option<String>,
    /// Signing in to QuickBooks: open no browser, only print the address
    #[arg(long)]
    pub no_browser: bool,
    /// Reach QuickBooks through this proxy or stand-in
    #[arg(long, value_name = "URL")]
    pub quickbooks_url: Option<String>,
    /// Post orders created on or after this day; `all` posts every order there is
    #[arg(long, value_name = "DATE|all", value_parser = start)]
    pub start_date: Option<Start>,
    /// Ask before a run makes more changes than this [default: 10]
    #[arg(long, value_name = "N")]
    pub confirm_over: Option<u32>,
    /// Time zone of the books, as in America/Edmonton
    #[arg(long, value_name = "ZONE", help_heading = "Answers about the books")]
    pub timezone: Option<String>,
    /// Account for the sales of items that are made
    #[arg(long, value_name = "ACCOUNT", help_heading = "Answers about the books")]
    pub income_account: Option<String>,
    /// Expense account for the fees of payment gateways
    #[arg(long, value_name = "ACCOUNT", help_heading = "Answers about the books")]
    pub fee_account: Option<String>,
    /// Account that the money of a payment method reaches: stripe, stripe:USD or *
    #[arg(
        long,
        value_name = "METHOD=ACCOUNT",
        value_delimiter = '\n',
        help_heading = "Answers about the books"
    )]
    pub deposit: Vec<String>,
    /// What a payment method is called in the books
    #[arg(
        long,
        value_name = "METHOD=NAME",
        value_delimiter = '\n',
        help_heading = "Answers about the books"
    )]
    pub payment_method: Vec<String>,
    /// Tax rate of the books for one of the shop's, by its code, id or label
    #[arg(
        long,
        value_name = "RATE=NAME",
        value_delimiter = '\n',
        help_heading = "Answers about the books"
    )]
    pub tax_rate: Vec<String>,
    /// Tax code for lines with exactly these rates of the shop
    #[arg(
        long,
        value_name = "RATE,RATE=CODE",
        value_delimiter = '\n',
        help_heading = "Answers about the books"
    )]
    pub tax_code: Vec<String>,
    /// Tax code of lines without tax
    #[arg(long, value_name = "CODE", help_heading = "Answers about the books")]
    pub untaxed_code: Option<String>,
    /// Tax code of lines without tax that go abroad
    #[arg(long, value_name = "CODE", help_heading = "Answers about the books")]
    pub export_code: Option<String>,
    /// Tax code of whole documents, in US companies that keep sales tax by hand
    #[arg(long, value_name = "CODE", help_heading = "Answers about the books")]
    pub us_tax_code: Option<String>,
    /// Item for shipping, fee, discount, rounding, refund_adjustment or deleted_product
    #[arg(
        long,
        value_name = "KEY=ITEM",
        value_delimiter = '\n',
        help_heading = "Answers about the books"
    )]
    pub item: Vec<String>,
    /// What a status means that a plugin adds: as_paid, as_invoice or skip
    #[arg(
        long,
        value_name = "STATUS=MEANING",
        value_delimiter = '\n',
        help_heading = "Answers about the books"
    )]
    pub order_status: Vec<String>,
    /// Take every proposal that is likely, and change the file without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Leave open what nothing is proposed for; orders that need it are held until it is answered
    #[arg(long)]
    pub leave_open: bool,
    /// Set up the built-in sandbox: a made-up shop and made-up books on this machine
    #[arg(long)]
    pub sandbox: bool,
    /// With --sandbox: put udsync.toml and sandbox.env into this folder [default: udsync-sandbox]
    #[arg(long, value_name = "FOLDER", requires = "sandbox")]
    pub into: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// From when on orders are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    On(NaiveDate),
    All,
}

impl std::fmt::Display for Start {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Start::On(day) => write!(out, "{day}"),
            Start::All => out.write_str("all"),
        }
    }
}

pub fn start(text: &str) -> Result<Start, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("all") {
        return Ok(Start::All);
    }
    text.parse()
        .map(Start::On)
        .map_err(|_| "write a day as 2026-01-01, or `all`".to_owned())
}

/// The answers that the flags give. What is badly written is told at once, all of it.
pub fn answers(args: &InitArgs) -> Result<GivenAnswers, Failure> {
    let mut answers = GivenAnswers::new();
    let mut wrong: Vec<String> = Vec::new();
    let one = [
        (&args.timezone, ProposalSubject::Timezone),
        (&args.income_account, ProposalSubject::IncomeAccount),
        (&args.fee_account, ProposalSubject::FeeAccount),
        (&args.untaxed_code, ProposalSubject::UntaxedCode),
        (&args.export_code, ProposalSubject::ExportCode),
        (&args.us_tax_code, ProposalSubject::DocumentCode),
    ];
    for (given, subject) in one {
        if let Some(given) = given {
            answers.insert(subject, filled(given));
        }
    }
    type Make = fn(&str) -> ProposalSubject;
    let pairs: [(&str, &[String], Make); 6] = [
        ("deposit", &args.deposit, |key| {
            ProposalSubject::Deposit(key.to_owned())
        }),
        ("payment-method", &args.payment_method, |key| {
            ProposalSubject::PaymentMethod(key.to_owned())
        }),
        ("tax-rate", &args.tax_rate, |key| {
            ProposalSubject::TaxRate(key.to_owned())
        }),
        ("tax-code", &args.tax_code, |key| {
            ProposalSubject::TaxCode(key.split(',').map(|rate| rate.trim().to_owned()).collect())
        }),
        ("item", &args.item, |key| {
            ProposalSubject::Item(key.to_owned())
        }),
        ("order-status", &args.order_status, |key| {
            ProposalSubject::Status(key.to_owned())
        }),
    ];
    for (flag, given, subject) in pairs {
        for pair in given.iter().filter(|pair| !pair.trim().is_empty()) {
            match pair.split_once('=') {
                Some((key, value)) if !key.trim().is_empty() => {
                    answers.insert(subject(key.trim()), filled(value));
                }
                _ => wrong.push(format!("`--{flag} \"{pair}\"` is not `NAME=value`")),
            }
        }
    }
    let items = item_keys();
    for subject in answers.keys() {
        if let ProposalSubject::Item(key) = subject
            && !items.contains(&key.as_str())
        {
            let known = items.join("`, `");
            wrong.push(format!("`{key}` is no kind of item; there are `{known}`"));
        }
    }
    told("flags_unclear", &wrong, "see `udsync init --help`")?;
    Ok(answers)
}

fn filled(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// One failure for all of them; none where there is none.
fn told(code: &str, wrong: &[String], hint: &str) -> Result<(), Failure> {
    match wrong {
        [] => Ok(()),
        _ => Err(Failure::new(code, wrong.join("; ")).hint(hint)),
    }
}

/// Names answers as the proposals name them: a rate by its code though its id or label was given, a set of rates in any order.
pub fn same_words(
    answers: GivenAnswers,
    facts: ProposalFacts<'_>,
    proposals: &[Proposal],
) -> GivenAnswers {
    let names_of = |written: &str| -> Vec<String> {
        let rates = &facts.shop.rates;
        let by = |is: &dyn Fn(&crate::model::shop::Rate) -> bool| -> Vec<String> {
            rates
                .iter()
                .filter(|rate| is(rate))
                .map(|rate| crate::books::propose::rate_name(rate, facts.shop))
                .collect()
        };
        let found = by(&|rate| rate.id.to_string() == written || rate.code == written);
        let found = if found.is_empty() {
            by(&|rate| rate.label == written)
        } else {
            found
        };
        if found.is_empty() {
            vec![written.to_owned()]
        } else {
            found
        }
    };
    let mut named = GivenAnswers::new();
    for (subject, answer) in answers {
        match subject {
            ProposalSubject::TaxRate(written) => {
                for name in names_of(&written) {
                    named
                        .entry(ProposalSubject::TaxRate(name))
                        .or_insert_with(|| answer.clone());
                }
            }
            ProposalSubject::TaxCode(written) => {
                let wanted: Vec<BTreeSet<String>> = written
                    .iter()
                    .map(|rate| names_of(rate).into_iter().collect())
                    .collect();
                let fits = |set: &Vec<String>| {
                    wanted
                        .iter()
                        .all(|names| set.iter().any(|rate| names.contains(rate)))
                        && set
                            .iter()
                            .all(|rate| wanted.iter().any(|names| names.contains(rate)))
                };
                let mut known = false;
                for proposal in proposals {
                    if let ProposalSubject::TaxCode(set) = &proposal.subject
                        && fits(set)
                    {
                        known = true;
                        named
                            .entry(proposal.subject.clone())
                            .or_insert_with(|| answer.clone());
                    }
                }
                if !known {
                    named.insert(ProposalSubject::TaxCode(written), answer);
                }
            }
            other => {
                named.insert(other, answer);
            }
        }
    }
    named
}

/// Refuses answers that name something the books do not have, all at once, each with what was probably meant. A person is asked for
/// them instead: what they have typed so far is not lost for a slip on the command line.
pub fn check(
    answers: &mut GivenAnswers,
    facts: ProposalFacts<'_>,
    asker: &Asker,
) -> Result<(), Failure> {
    let wrong = mistakes(answers, facts);
    if asker.may_ask() {
        for (subject, said) in wrong {
            out::say(&format!("note: {said}; it is asked for below"));
            answers.remove(&subject);
        }
        return Ok(());
    }
    let wrong: Vec<String> = wrong.into_iter().map(|(_, said)| said).collect();
    told(
        "answers_unknown",
        &wrong,
        "correct the flags, or leave them out and be asked",
    )
}

fn mistakes(answers: &GivenAnswers, facts: ProposalFacts<'_>) -> Vec<(ProposalSubject, String)> {
    let company = facts.company;
    let mut wrong = Vec::new();
    for (subject, answer) in answers {
        let Some(answer) = answer else { continue };
        let (what, known): (&str, Vec<&str>) = match subject {
            ProposalSubject::Timezone => {
                if answer.parse::<chrono_tz::Tz>().is_err() {
                    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
                    wrong.push((
                        subject.clone(),
                        unknown("time zone is named", answer, zones),
                    ));
                }
                continue;
            }
            ProposalSubject::Item(_) => continue, // What is missing is made.
            ProposalSubject::Status(_) => {
                if StatusMeaning::from_word(answer).is_none() {
                    let words = StatusMeaning::WORDS.iter().copied();
                    wrong.push((
                        subject.clone(),
                        unknown("meaning of a status is", answer, words),
                    ));
                }
                continue;
            }
            ProposalSubject::IncomeAccount
            | ProposalSubject::FeeAccount
            | ProposalSubject::Deposit(_) => (
                "active account in the books is named",
                company.accounts.keys().map(String::as_str).collect(),
            ),
            ProposalSubject::PaymentMethod(_) => (
                "active payment method in the books is named",
                company.payment_methods.iter().map(String::as_str).collect(),
            ),
            ProposalSubject::TaxRate(_) => (
                "tax rate in the books is named",
                company.tax_rates.keys().map(String::as_str).collect(),
            ),
            ProposalSubject::TaxCode(_)
            | ProposalSubject::UntaxedCode
            | ProposalSubject::ExportCode
            | ProposalSubject::DocumentCode => (
                "active tax code in the books is named",
                company.tax_codes.keys().map(String::as_str).collect(),
            ),
        };
        if !known.contains(&answer.as_str()) {
            wrong.push((subject.clone(), unknown(what, answer, known.into_iter())));
        }
    }
    wrong
}

fn unknown<'a>(what: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(given, known) {
        Some(near) => format!("no {what} `{given}`; did you mean `{near}`?"),
        None => format!("no {what} `{given}`"),
    }
}

/// What the flags name and the shop does not have: perhaps an older way to pay, perhaps a slip.
pub fn strangers(
    answers: &GivenAnswers,
    facts: ProposalFacts<'_>,
    proposals: &[Proposal],
) -> Vec<String> {
    let known: BTreeMap<&ProposalSubject, ()> = proposals
        .iter()
        .filter(|proposal| proposal.about != proposal.subject.key())
        .map(|proposal| (&proposal.subject, ()))
        .collect();
    answers
        .keys()
        .filter(|subject| !known.contains_key(subject))
        .filter_map(|subject| {
            let gateways = || {
                facts
                    .shop
                    .gateways
                    .iter()
                    .map(|gateway| gateway.id.as_str())
            };
            let (what, name, near) = match subject {
                ProposalSubject::Deposit(key) | ProposalSubject::PaymentMethod(key) => {
                    let method = key.split(':').next().unwrap_or_default();
                    if method == "*" || gateways().any(|id| id == method) {
                        return None;
                    }
                    ("way to pay", method, nearest(method, gateways()))
                }
                ProposalSubject::TaxRate(rate) => {
                    let codes = facts.shop.rates.iter().map(|rate| rate.code.as_str());
                    ("tax rate", rate.as_str(), nearest(rate, codes))
                }
                ProposalSubject::Status(status) => {
                    let slugs = facts
                        .shop
                        .statuses
                        .iter()
                        .map(|status| status.slug.as_str());
                    ("status", status.as_str(), nearest(status, slugs))
                }
                _ => return None,
            };
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Some(format!("note: the shop has no {what} `{name}` now{near}"))
        })
        .collect()
}

/// The flag that answers a question, with what it could be answered with.
pub fn flag_for(proposal: &Proposal) -> String {
    let value = proposal.value.clone();
    let value = value
        .or_else(|| proposal.choices.first().cloned())
        .unwrap_or_else(|| "NAME".to_owned());
    match &proposal.subject {
        ProposalSubject::Timezone => "--timezone America/Edmonton".to_owned(),
        _ => flag_with(proposal, &value),
    }
}

/// The flag that gives this answer.
pub fn flag_with(proposal: &Proposal, value: &str) -> String {
    let one = |flag: &str| format!("--{flag} {}", quoted(value));
    let pair = |flag: &str, key: &str| format!("--{flag} {}", quoted(&format!("{key}={value}")));
    match &proposal.subject {
        ProposalSubject::Timezone => one("timezone"),
        ProposalSubject::IncomeAccount => one("income-account"),
        ProposalSubject::FeeAccount => one("fee-account"),
        ProposalSubject::UntaxedCode => one("untaxed-code"),
        ProposalSubject::ExportCode => one("export-code"),
        ProposalSubject::DocumentCode => one("us-tax-code"),
        ProposalSubject::Deposit(key) => pair("deposit", key),
        ProposalSubject::PaymentMethod(key) => pair("payment-method", key),
        ProposalSubject::TaxRate(key) => pair("tax-rate", key),
        ProposalSubject::TaxCode(set) => pair("tax-code", &set.join(",")),
        ProposalSubject::Item(key) => pair("item", key),
        ProposalSubject::Status(key) => pair("order-status", key),
    }
}
