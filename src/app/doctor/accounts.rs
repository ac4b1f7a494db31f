//! Accounts, items and codes: what the configuration names, against what the books really have.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{BooksFacts, DoctorFacts};
use super::finding::{Finding, Matter, or_ok};
use crate::model::company::TaxModel;
use crate::model::rules::{GatewayFees, Rules};

/// Names that the configuration says, each with the places that say it.
type NamedByConfig = BTreeMap<String, Vec<String>>;

fn named<'a>(pairs: impl IntoIterator<Item = (String, &'a String)>) -> NamedByConfig {
    let mut all = NamedByConfig::new();
    for (place, name) in pairs {
        all.entry(name.clone()).or_default().push(place);
    }
    all
}

/// Every account of the configuration.
fn accounts_of(rules: &Rules) -> NamedByConfig {
    let deposit = rules.deposit.iter();
    let deposit = deposit.map(|(key, name)| (format!("`\"{key}\"` in `[books.deposit]`"), name));
    let fees = rules.gateway_fees.iter();
    let fees = fees.map(|name| ("`gateway_fees` in `[books]`".to_owned(), name));
    let income = (
        "`income_account` in `[books]`".to_owned(),
        &rules.income_account,
    );
    named(deposit.chain(fees).chain([income]))
}

/// The names of all accounts that are to be looked for.
pub(super) fn account_names(rules: &Rules) -> BTreeSet<String> {
    accounts_of(rules).into_keys().collect()
}

pub fn accounts(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let rules = &facts.config.rules;
    let mut found = missing(accounts_of(rules), "account", |name| {
        if books.company.accounts.contains_key(name) {
            AccountStanding::There
        } else if books.inactive_accounts.contains(name) {
            AccountStanding::Inactive
        } else {
            AccountStanding::Missing
        }
    });
    found.extend(wrong_kinds(rules, books));
    or_ok(
        found,
        "every account of the configuration exists and is active",
    )
}

/// What money can reach directly.
const MONEY: [&str; 2] = ["Bank", "Other Current Asset"];
/// What an expense can be paid from.
const PAYING: [&str; 2] = ["Bank", "Credit Card"];

fn wrong_kinds(rules: &Rules, books: &BooksFacts) -> Vec<Finding> {
    let fees = rules.policy.gateway_fees != GatewayFees::Off;
    let mut found = Vec::new();
    for (key, name) in &rules.deposit {
        let Some(account) = books.company.accounts.get(name) else {
            continue;
        };
        let kind = account.kind.as_str();
        let fix =
            format!("name a clearing account of type Bank for `\"{key}\"` in `[books.deposit]`");
        if !MONEY.contains(&kind) && !PAYING.contains(&kind) {
            found.push(
                Finding::problem(format!(
                    "the account `{name}` for `\"{key}\"` is of type `{kind}`"
                ))
                .cause("QuickBooks takes no deposit into such an account")
                .fix(fix)
                .matter(Matter::Config),
            );
        } else if fees && !PAYING.contains(&kind) && key != "*" {
            found.push(
                Finding::warning(format!("the account `{name}` for `\"{key}\"` is of type `{kind}`"))
                    .cause("fees of the gateway cannot be paid from it; such orders post without their fee, which is held")
                    .fix(fix)
                    .matter(Matter::Config),
            );
        }
    }
    found
}

pub fn items(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let items = facts.config.rules.items.iter();
    let named = named(items.map(|(key, name)| (format!("`{key}` in `[books.items]`"), name)));
    let mut found = Vec::new();
    let mut to_make = Vec::new();
    for (name, places) in named {
        let place = places.join(" and ");
        // Of several the one that can be sold counts.
        let mut entries: Vec<_> = books
            .items
            .iter()
            .filter(|item| item.name.eq_ignore_ascii_case(&name))
            .collect();
        entries.sort_by_key(|item| (item.kind == "Category", !item.active));
        match entries.first() {
            None => to_make.push(format!("`{name}`")),
            Some(item) if item.kind == "Category" => found.push(
                Finding::problem(format!("the item `{name}` for {place} is a category"))
                    .cause("a category cannot be sold, and no item can have its name")
                    .fix(format!("name another item: {place}"))
                    .matter(Matter::Config),
            ),
            Some(item) if !item.active => found.push(
                Finding::problem(format!("the item `{name}` for {place} is inactive"))
                    .cause("orders that need it are held")
                    .fix(
                        "make it active in QuickBooks (Products and services), or name another one",
                    ),
            ),
            Some(_) => {}
        }
    }
    if !to_make.is_empty() {
        found.push(
            Finding::note(format!(
                "QuickBooks has no item named {} yet",
                to_make.join(", ")
            ))
            .cause("the first order that needs one makes it, as a service"),
        );
    }
    or_ok(
        found,
        "every item of the configuration exists and is active",
    )
}

pub fn tax_codes(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let tax = &facts.config.rules.tax;
    let single = [
        ("no_tax_code", &tax.no_tax_code),
        ("export_code", &tax.export_code),
        ("vat_exempt_code", &tax.vat_exempt_code),
        ("us_txn_tax_code", &tax.us_txn_tax_code),
    ];
    let single = single.into_iter().filter_map(|(key, name)| {
        let name = name.as_ref()?;
        Some((format!("`{key}` in `[books.tax]`"), name))
    });
    let sets = tax.codes.iter().map(|rule| {
        let place = format!("`woo = {:?}` in `[[books.tax.codes]]`", rule.woo);
        (place, &rule.code)
    });
    let known = &books.company.tax_codes;
    let found = missing(named(single.chain(sets)), "tax code", |name| {
        AccountStanding::of(known.contains_key(name))
    });
    or_ok(
        found,
        "every tax code of the configuration exists and is active",
    )
}

pub fn tax_rates(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let rates = facts.config.rules.tax.rates.iter();
    let named =
        named(rates.map(|(key, name)| (format!("`\"{key}\"` in `[books.tax.rates]`"), name)));
    let known = &books.company.tax_rates;
    let found = missing(named, "tax rate", |name| {
        AccountStanding::of(known.contains_key(name))
    });
    or_ok(found, "every tax rate of the configuration exists")
}

pub fn payment_methods(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let methods = facts.config.rules.payment_methods.iter();
    let named = named(
        methods.map(|(key, name)| (format!("`\"{key}\"` in `[books.payment_methods]`"), name)),
    );
    let known = &books.company.payment_methods;
    let found = missing(named, "payment method", |name| {
        AccountStanding::of(known.contains(name))
    });
    or_ok(
        found,
        "every payment method of the configuration exists and is active",
    )
}

enum AccountStanding {
    There,
    Inactive,
    Missing,
    /// The books list only what is active.
    MissingOrInactive,
}

impl AccountStanding {
    fn of(there: bool) -> AccountStanding {
        if there {
            AccountStanding::There
        } else {
            AccountStanding::MissingOrInactive
        }
    }
}

fn missing(
    named: NamedByConfig,
    what: &str,
    standing: impl Fn(&str) -> AccountStanding,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, places) in named {
        let (how, fix) = match standing(&name) {
            AccountStanding::There => continue,
            AccountStanding::Inactive => ("is inactive", "make it active in QuickBooks"),
            AccountStanding::Missing => ("does not exist", "add it in QuickBooks"),
            AccountStanding::MissingOrInactive => {
                ("does not exist or is inactive", "add it in QuickBooks")
            }
        };
        found.push(
            Finding::problem(format!("the {what} `{name}` {how}"))
                .cause(format!(
                    "it is named by {}; what needs it is held",
                    places.join(", ")
                ))
                .fix(format!("{fix}, or correct the name there")),
        );
    }
    found
}

pub fn numbers(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    vec![if books.company.keeps_our_numbers {
        Finding::ok("QuickBooks keeps the numbers that documents are given")
    } else {
        Finding::warning("QuickBooks numbers documents itself")
            .cause("an order cannot be found in the books by its number; udsync still knows its own documents by their notes")
            .fix("turn on Custom transaction numbers in QuickBooks (Account and settings, Sales)")
    }]
}

pub fn number_warning(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    const CAUSE: &str = "if two machines ever work with one company, each could post the same order, and QuickBooks would take both";
    const FIX: &str = "turn on `Warn if duplicate check number is used` in QuickBooks (Account and settings, Advanced, Other preferences); \
                       it is for the numbers of sales as well";
    vec![match books.company.refuses_duplicates {
        Some(true) => Finding::ok("QuickBooks refuses a second document of a number"),
        Some(false) => Finding::warning("QuickBooks takes two documents of one number")
            .cause(CAUSE)
            .fix(FIX),
        None => Finding::note(
            "QuickBooks does not say whether it refuses a second document of a number",
        )
        .cause(CAUSE)
        .fix(FIX),
    }]
}

pub fn currency(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let home = &books.company.home_currency;
    if books.company.multicurrency {
        return vec![Finding::ok(format!(
            "the books keep `{home}` and other currencies"
        ))];
    }
    let mut sold: BTreeSet<&String> = BTreeSet::new();
    if let Some(shop) = facts.shop.done() {
        sold.insert(&shop.about.currency);
        sold.extend(shop.orders.iter().map(|order| &order.currency));
    }
    sold.retain(|currency| *currency != home && !currency.is_empty());
    if sold.is_empty() {
        return vec![Finding::ok(format!("the books keep `{home}`"))];
    }
    let sold: Vec<String> = sold
        .iter()
        .map(|currency| format!("`{currency}`"))
        .collect();
    vec![
        Finding::problem(format!(
            "the shop sells in {}, and the books keep `{home}` only",
            sold.join(", ")
        ))
        .cause("such orders are held (`currency_not_enabled`): their amounts have no place in the books")
        .fix("turn on Multicurrency in QuickBooks (Account and settings, Advanced; it cannot be undone)"),
    ]
}

pub fn tax_model(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(books) = facts.books.done() else {
        return Vec::new();
    };
    let company = &books.company;
    let tax = &facts.config.rules.tax;
    if !company.uses_tax {
        let taxes = facts.shop.done().is_some_and(|shop| {
            shop.about.taxes || shop.orders.iter().any(|order| !order.total_tax.is_zero())
        });
        return vec![if taxes {
            Finding::problem("the shop charges tax, and sales tax is switched off in QuickBooks")
                .cause(
                    "orders with tax are held (`company_tax_off`): tax is never posted as income",
                )
                .fix("set up sales tax in QuickBooks (Taxes)")
        } else {
            Finding::note("sales tax is switched off in QuickBooks").cause(
                "documents are posted without tax, which is right as long as the shop charges none",
            )
        }];
    }
    let global_only = [
        (
            !tax.codes.is_empty() && company.tax_model == TaxModel::UsAst,
            "[[books.tax.codes]]",
        ),
        (!tax.rates.is_empty(), "[books.tax.rates]"),
        (tax.no_tax_code.is_some(), "no_tax_code"),
        (tax.export_code.is_some(), "export_code"),
        (tax.vat_exempt_code.is_some(), "vat_exempt_code"),
    ];
    let us_only = [(tax.us_txn_tax_code.is_some(), "us_txn_tax_code")];
    let (model, idle): (&str, &[(bool, &str)]) = match company.tax_model {
        TaxModel::Global => ("each line has a tax code", &us_only),
        TaxModel::UsAst => (
            "QuickBooks works out sales tax by address, and is told the amount that the shop charged",
            &global_only,
        ),
        TaxModel::UsManual => ("each document has one tax code", &global_only),
    };
    let idle: Vec<String> = idle
        .iter()
        .filter(|(set, _)| *set)
        .map(|(_, key)| format!("`{key}`"))
        .collect();
    let said = format!("books in `{}`: {model}", company.country);
    if idle.is_empty() {
        return vec![Finding::ok(said)];
    }
    vec![
        Finding::warning(format!("{said}, so {} is for nothing", idle.join(", ")))
            .cause("these settings are for books in other countries; perhaps this is the wrong company")
            .fix("take them out of `[books.tax]`, or connect the right company: `udsync connect quickbooks`")
            .matter(Matter::Config),
    ]
}
