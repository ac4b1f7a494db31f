//! Money: the day it counts for, the accounts it goes to, and what ways to pay are called in the books.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::names::{has, names_of, ranked, tie, words};
use super::{Pick, Proposal, ProposalFacts, ProposalSubject};
use crate::model::company::{Account, Company};
use crate::model::shop::{Gateway, Shop};

pub fn timezone(shop: &Shop) -> Proposal {
    let zone = shop.timezone.parse::<Tz>();
    let pick = match zone {
        Ok(Tz::UTC | Tz::Etc__UTC) => {
            Pick::doubtful("the shop is set to UTC, which few shops live by")
        }
        Ok(zone) => Pick::certain(zone.name(), "as the shop is set"),
        Err(_) => Pick::doubtful(format!(
            "the shop has `{}` only, without summer time",
            shop.timezone
        )),
    };
    Proposal::new(ProposalSubject::Timezone, "time zone of the books", pick)
}

pub fn income_account(company: &Company) -> Proposal {
    let scored = accounts(company)
        .into_iter()
        .filter(|(_, account)| account.kind == "Income")
        .map(|(name, _)| {
            let found = words(&name);
            let score = if name == "Sales of Product Income" {
                9
            } else {
                2 * i32::from(has(&found, &["sales", "sale"]))
                    + i32::from(has(&found, &["product", "products", "goods"]))
                    - 3 * i32::from(has(
                        &found,
                        &[
                            "discount",
                            "discounts",
                            "discounted",
                            "returns",
                            "refunds",
                            "shipping",
                            "rounding",
                            "uncategorized",
                            "uncategorised",
                            "unapplied",
                            "interest",
                            "delivery",
                            "billable",
                            "services",
                        ],
                    ))
            };
            (score, name)
        })
        .collect();
    let ranked = ranked(scored);
    let pick = match ranked.as_slice() {
        [] => Pick::doubtful("the books have no account of the type Income"),
        [(_, only)] => Pick::certain(only, "the only income account"),
        [(9, usual), ..] => Pick::certain(usual, "QuickBooks' own account for goods"),
        [(score, best), ..] => match tie(&ranked) {
            None if *score > 0 => Pick::likely(best, "by its name"),
            Some(doubt) if *score > 0 => doubt,
            _ => Pick::doubtful(format!("{} income accounts", ranked.len())),
        },
    };
    Proposal::new(ProposalSubject::IncomeAccount, "sales of new items", pick)
        .among(names_of(&ranked))
        .or_hold(
            "account_missing",
            "orders with goods that are new to the books",
        )
}

/// Nothing is booked there unless the policy says so, so nobody is asked.
pub fn fee_account(company: &Company) -> Proposal {
    let scored = accounts(company)
        .into_iter()
        .filter(|(_, account)| account.kind.contains("Expense"))
        .filter_map(|(name, _)| {
            let found = words(&name);
            let score = 3 * i32::from(has(&found, &["merchant", "stripe", "paypal", "gateway"]))
                + 2 * i32::from(has(&found, &["processing", "bank", "card", "payment"]))
                + i32::from(has(&found, &["fee", "fees", "charges"]));
            (score >= 2).then_some((score, name))
        })
        .collect();
    let ranked = ranked(scored);
    let pick = match (ranked.first(), tie(&ranked)) {
        (Some((_, best)), None) => Pick::certain(best, "by its name"),
        (Some(_), Some(_)) => Pick::left_out("several would do, and nothing needs it yet"),
        (None, _) => Pick::left_out("no account is named so, and nothing needs it yet"),
    };
    Proposal::new(ProposalSubject::FeeAccount, "fees of gateways", pick).among(names_of(&ranked))
}

/// Many current assets are no place for money: stock, prepaid expenses, loans.
fn takes_money(name: &str, account: &Account) -> bool {
    let other = [
        "inventory",
        "prepaid",
        "loans",
        "loan",
        "receivable",
        "uncategorized",
        "uncategorised",
    ];
    match account.kind.as_str() {
        "Bank" => true,
        "Other Current Asset" => !has(&words(name), &other),
        _ => false,
    }
}

/// How the money of a gateway arrives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    /// Straight into a bank account.
    Bank,
    /// In the hand, to be brought to the bank.
    Hand,
    /// At a service that pays out later.
    Service,
}

fn arrival(gateway: &Gateway) -> Arrival {
    match gateway.id.as_str() {
        "bacs" => Arrival::Bank,
        "cheque" | "cod" => Arrival::Hand,
        _ => Arrival::Service,
    }
}

/// Words that say nothing about whose gateway it is.
const COMMON: [&str; 37] = [
    "account",
    "accounts",
    "and",
    "bank",
    "by",
    "card",
    "cards",
    "cash",
    "check",
    "checkout",
    "cheque",
    "clearing",
    "credit",
    "debit",
    "delivery",
    "direct",
    "express",
    "for",
    "funds",
    "gateway",
    "money",
    "of",
    "on",
    "online",
    "or",
    "other",
    "pay",
    "payment",
    "payments",
    "secure",
    "the",
    "to",
    "transfer",
    "via",
    "wc",
    "with",
    "woocommerce",
];

/// The words that name the service behind a gateway.
fn brand(gateway: &Gateway) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = words(&gateway.id)
        .into_iter()
        .filter(|word| !COMMON.contains(&word.as_str()))
        .collect();
    if found.remove("ppcp") || found.remove("ppec") {
        found.insert("paypal".to_owned());
    }
    if gateway.id.starts_with("woocommerce_payments") {
        found.insert("woopayments".to_owned());
    }
    // An id of common words only is told by its title.
    if found.is_empty() {
        found = words(&gateway.title)
            .into_iter()
            .filter(|word| word.len() > 2 && !COMMON.contains(&word.as_str()))
            .collect();
    }
    found
}

pub fn deposits(facts: ProposalFacts<'_>) -> Vec<Proposal> {
    let ProposalFacts { shop, company, .. } = facts;
    let known = accounts(company);
    let funds: Vec<(String, Account)> = known
        .into_iter()
        .filter(|(name, account)| takes_money(name, account))
        .collect();
    let undeposited = funds
        .iter()
        .map(|(name, _)| name)
        .find(|name| {
            let found = words(name);
            has(&found, &["undeposited"])
                || (found.contains("payments") && found.contains("deposit"))
        })
        .cloned();
    let brands: BTreeSet<String> = enabled(shop).flat_map(brand).collect();
    let mut proposals = Vec::new();
    for gateway in enabled(shop) {
        let (pick, first) = match arrival(gateway) {
            Arrival::Service => of_service(facts, gateway, &funds, undeposited.as_ref()),
            Arrival::Bank => bank(facts, &funds, &brands),
            Arrival::Hand => (in_hand(undeposited.as_ref()), Vec::new()),
        };
        proposals.push(
            Proposal::new(
                ProposalSubject::Deposit(gateway.id.clone()),
                title(gateway),
                pick,
            )
            .among(first_of(first, &funds))
            .or_hold(
                "payment_method_unmapped",
                format!("orders paid with {}", title(gateway)),
            ),
        );
        if arrival(gateway) == Arrival::Service {
            proposals.extend(in_other_currencies(facts, gateway, &funds));
        }
    }
    let pick = match &undeposited {
        Some(name) => Pick::certain(name, "where money waits until it is deposited"),
        None => Pick::doubtful("the books have no account for undeposited funds"),
    };
    proposals.push(
        Proposal::new(
            ProposalSubject::Deposit("*".to_owned()),
            "any other way to pay",
            pick,
        )
        .among(first_of(Vec::new(), &funds))
        .or_hold("payment_method_unmapped", "orders paid in any other way"),
    );
    proposals
}

/// An account that is named like the service, in the shop's currency.
fn of_service(
    facts: ProposalFacts<'_>,
    gateway: &Gateway,
    funds: &[(String, Account)],
    undeposited: Option<&String>,
) -> (Pick, Vec<String>) {
    let ProposalFacts { shop, company, .. } = facts;
    let home = &company.home_currency;
    let scored = funds
        .iter()
        .filter(|(name, account)| {
            let currency = account.currency.as_ref().unwrap_or(home);
            (currency == &shop.currency || currency == home) && is_named_like(gateway, name)
        })
        .map(|(name, account)| {
            let found = words(name);
            let currency = account.currency.as_ref().unwrap_or(home);
            let score = 4 * i32::from(currency == &shop.currency)
                + 2 * i32::from(found.contains("clearing"))
                + i32::from(account.kind == "Bank")
                - 4 * i32::from(has(&found, &["fee", "fees", "reserve", "loan", "old"]));
            (score, name.clone())
        })
        .collect();
    let ranked = ranked(scored);
    let pick = match (ranked.as_slice(), undeposited) {
        ([], Some(undeposited)) => Pick::likely(undeposited, "no account is named like it"),
        ([], None) => Pick::doubtful("no account is named like it"),
        ([(_, only)], _) => Pick::certain(only, "named like it"),
        ([(_, best), ..], _) => match tie(&ranked) {
            Some(doubt) => doubt,
            None => Pick::likely(best, format!("the likeliest of {}", ranked.len())),
        },
    };
    (pick, names_of(&ranked))
}

/// Accounts of the service in the currencies that it settles besides the shop's own.
fn in_other_currencies(
    facts: ProposalFacts<'_>,
    gateway: &Gateway,
    funds: &[(String, Account)],
) -> Vec<Proposal> {
    let ProposalFacts { shop, company, .. } = facts;
    let mut by_currency: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, account) in funds {
        let foreign = account
            .currency
            .as_ref()
            .filter(|currency| **currency != shop.currency && **currency != company.home_currency);
        if let Some(currency) = foreign
            && is_named_like(gateway, name)
        {
            by_currency.entry(currency).or_default().push(name.clone());
        }
    }
    by_currency
        .into_iter()
        .map(|(currency, names)| {
            let pick = match names.as_slice() {
                [only] => Pick::certain(only, format!("named like it, in {currency}")),
                several => Pick::doubtful(format!("{} accounts in {currency}", several.len())),
            };
            Proposal::new(
                ProposalSubject::Deposit(format!("{}:{currency}", gateway.id)),
                format!("{} in {currency}", title(gateway)),
                pick,
            )
            .among(names)
        })
        .collect()
}

/// The bank account, where there is only one that belongs to no service.
fn bank(
    facts: ProposalFacts<'_>,
    funds: &[(String, Account)],
    brands: &BTreeSet<String>,
) -> (Pick, Vec<String>) {
    let home = &facts.company.home_currency;
    let banks: Vec<&String> = funds
        .iter()
        .filter(|(name, account)| {
            let found = words(name);
            account.kind == "Bank"
                && account.currency.as_ref().unwrap_or(home) == &facts.shop.currency
                && !has(&found, &["clearing", "savings", "undeposited", "petty"])
                && found.is_disjoint(brands)
        })
        .map(|(name, _)| name)
        .collect();
    let pick = match banks.as_slice() {
        [only] => Pick::likely(*only, "the only bank account"),
        [] => Pick::doubtful(format!("no bank account in {}", facts.shop.currency)),
        several => Pick::doubtful(format!("{} bank accounts", several.len())),
    };
    (pick, banks.into_iter().cloned().collect())
}

fn in_hand(undeposited: Option<&String>) -> Pick {
    match undeposited {
        Some(name) => Pick::certain(name, "brought to the bank later"),
        None => Pick::doubtful("the books have no account for undeposited funds"),
    }
}

pub fn payment_methods(facts: ProposalFacts<'_>) -> Vec<Proposal> {
    let methods = &facts.company.payment_methods;
    enabled(facts.shop)
        .map(|gateway| {
            let scored: Vec<(i32, String)> = methods
                .iter()
                .filter_map(|name| Some((likeness(gateway, name)?, name.clone())))
                .collect();
            let ranked = ranked(scored);
            let pick = match (ranked.first(), tie(&ranked)) {
                (None, _) => Pick::left_out("none is named like it; documents leave it out"),
                (Some(_), Some(doubt)) => doubt,
                (Some((_, best)), None) => Pick::certain(best, "by its name"),
            };
            let mut choices = names_of(&ranked);
            let others: Vec<String> = methods
                .iter()
                .filter(|name| !choices.contains(name))
                .cloned()
                .collect();
            choices.extend(others);
            Proposal::new(
                ProposalSubject::PaymentMethod(gateway.id.clone()),
                title(gateway),
                pick,
            )
            .among(choices)
        })
        .collect()
}

/// How well the name of a payment method says what a gateway is.
fn likeness(gateway: &Gateway, name: &str) -> Option<i32> {
    let found = words(name);
    let score = match gateway.id.as_str() {
        "bacs" => {
            4 * i32::from(found.contains("bank") && has(&found, &["transfer"]))
                + 2 * i32::from(has(&found, &["transfer", "wire", "eft", "ach", "bacs"]))
                + i32::from(found.contains("direct") && found.contains("deposit"))
        }
        "cheque" => 3 * i32::from(has(&found, &["cheque", "check"])),
        "cod" => 3 * i32::from(found.contains("cash")),
        _ if !found.is_disjoint(&brand(gateway)) => 5,
        _ if takes_cards(gateway) => {
            2 * i32::from(found.contains("card") && found.contains("credit"))
                + i32::from(has(&found, &["card", "visa", "mastercard"]))
                - i32::from(found.contains("debit"))
        }
        _ => 0,
    };
    (score > 0).then_some(score)
}

fn takes_cards(gateway: &Gateway) -> bool {
    let mut found = words(&gateway.id);
    found.extend(words(&gateway.title));
    let says_so = [
        "card",
        "cards",
        "stripe",
        "square",
        "authorize",
        "moneris",
        "braintree",
    ];
    has(&found, &says_so) || gateway.id.starts_with("woocommerce_payments")
}

fn is_named_like(gateway: &Gateway, name: &str) -> bool {
    let found = words(name);
    let brand = brand(gateway);
    !found.is_disjoint(&brand)
        || (brand.contains("woopayments")
            && found.contains("woocommerce")
            && found.contains("payments"))
}

fn enabled(shop: &Shop) -> impl Iterator<Item = &Gateway> {
    shop.gateways.iter().filter(|gateway| gateway.enabled)
}

fn title(gateway: &Gateway) -> String {
    let title = gateway.title.trim();
    let title = if title.is_empty() { &gateway.id } else { title };
    title.to_owned()
}

fn first_of(mut first: Vec<String>, funds: &[(String, Account)]) -> Vec<String> {
    for (name, _) in funds {
        if !first.contains(name) {
            first.push(name.clone());
        }
    }
    first
}

/// Each account once, by its full name: short names of sub-accounts stand beside the full ones.
pub fn accounts(company: &Company) -> Vec<(String, Account)> {
    let mut by_id: BTreeMap<&str, (&String, &Account)> = BTreeMap::new();
    for (name, account) in &company.accounts {
        let longest = by_id.entry(&account.id).or_insert((name, account));
        if name.len() > longest.0.len() {
            *longest = (name, account);
        }
    }
    let mut all: Vec<(String, Account)> = by_id
        .into_values()
        .map(|(name, account)| (name.clone(), account.clone()))
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}
