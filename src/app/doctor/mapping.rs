//! Mapping: what recent orders use that the configuration says nothing about, with the line to add.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{DoctorFacts, ShopFacts};
use super::finding::{Finding, Matter, count, or_ok};
use crate::books::gaps::{GapConcern, RulesGap, gaps};

/// The gaps of recent orders, where both sides have answered.
fn gaps_of(facts: &DoctorFacts) -> Option<(&ShopFacts, BTreeMap<RulesGap, GapConcern>)> {
    let shop = facts.shop.done()?;
    let books = facts.books.done()?;
    let all = gaps(&shop.orders, &facts.config.rules, &books.company);
    Some((shop, all))
}

/// `12 orders of the last 90 days, such as 1042`
fn whose(concern: &GapConcern, facts: &DoctorFacts) -> String {
    let GapConcern { orders, example } = concern;
    format!(
        "{} of the last {} days, such as `{example}`",
        count(*orders, "order"),
        facts.days
    )
}

fn held(gap: &str, code: &str, concern: &GapConcern, facts: &DoctorFacts) -> Finding {
    Finding::problem(gap)
        .cause(format!(
            "it is on {}; they are held (`{code}`)",
            whose(concern, facts)
        ))
        .matter(Matter::Config)
}

/// How much was looked at.
fn scope(shop: &ShopFacts, facts: &DoctorFacts) -> String {
    let seen = shop.orders.len() as u64;
    if shop.total > seen {
        format!(
            "the newest {seen} of {} in {} days",
            count(shop.total, "order"),
            facts.days
        )
    } else {
        format!("{} of the last {} days", count(seen, "order"), facts.days)
    }
}

pub fn tax_codes(facts: &DoctorFacts) -> Vec<Finding> {
    let Some((shop, gaps)) = gaps_of(facts) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (gap, concern) in &gaps {
        found.push(match gap {
            RulesGap::TaxCode(set) => {
                let named: Vec<String> = set
                    .iter()
                    .map(|rate| format!("`{}` ({})", rate.word(), rate.label))
                    .collect();
                let words: Vec<String> =
                    set.iter().map(|rate| format!("{:?}", rate.word())).collect();
                held(
                    &format!("the rates {} together have no tax code", named.join(" and ")),
                    "tax_code_unmapped",
                    concern,
                    facts,
                )
                .fix(format!(
                    "[[books.tax.codes]]\nwoo = [{}]\ncode = \"<the QuickBooks tax code>\"",
                    words.join(", ")
                ))
            }
            RulesGap::StrayRate(id) => held(
                &format!("the rate with id {id} is on lines, and no tax line of the order says what it is"),
                "tax_code_unmapped",
                concern,
                facts,
            )
            .fix("recalculate these orders in WooCommerce, which writes their tax lines anew"),
            RulesGap::UntaxedCode => held(
                "lines without tax have no tax code",
                "tax_code_unmapped",
                concern,
                facts,
            )
            .fix("[books.tax]\nno_tax_code = \"<the QuickBooks tax code>\""),
            RulesGap::DocumentCode => held(
                "documents with tax have no tax code, or rates with two of them",
                "tax_code_unmapped",
                concern,
                facts,
            )
            .fix("[books.tax]\nus_txn_tax_code = \"<the QuickBooks tax code>\""),
            _ => continue,
        });
    }
    or_ok(
        found,
        format!(
            "every set of rates on {} has a tax code",
            scope(shop, facts)
        ),
    )
}

pub fn tax_rates(facts: &DoctorFacts) -> Vec<Finding> {
    let Some((shop, gaps)) = gaps_of(facts) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (gap, concern) in &gaps {
        let RulesGap::TaxRate(rate) = gap else {
            continue;
        };
        let gap = format!(
            "the rate `{}` ({}) has no rate of the books",
            rate.word(),
            rate.label
        );
        found.push(held(&gap, "tax_code_unmapped", concern, facts).fix(format!(
            "[books.tax.rates]\n{:?} = \"<the QuickBooks tax rate>\"",
            rate.word()
        )));
    }
    let asleep = asleep(shop, facts);
    if !asleep.is_empty() {
        found.push(
            Finding::note(format!(
                "{} without a rate of the books: {}",
                count(asleep.len() as u64, "rate"),
                asleep.join(", ")
            ))
            .cause(format!(
                "none is on {}; the first order that has one is held",
                scope(shop, facts)
            ))
            .fix("add those that you will need to `[books.tax.rates]` and `[[books.tax.codes]]`"),
        );
    }
    or_ok(
        found,
        format!(
            "every rate on {} has a rate of the books",
            scope(shop, facts)
        ),
    )
}

/// Rates that the shop has, nothing maps, and no recent order carries. In companies that know no such map there are none.
fn asleep(shop: &ShopFacts, facts: &DoctorFacts) -> Vec<String> {
    let tax = &facts.config.rules.tax;
    if tax.rates.is_empty() || !shop.about.taxes {
        return Vec::new();
    }
    let used: BTreeSet<u64> = shop
        .orders
        .iter()
        .flat_map(|order| order.tax_lines.iter().map(|rate| rate.rate_id))
        .collect();
    let is_mapped = |words: [&str; 3]| words.iter().any(|word| tax.rates.contains_key(*word));
    shop.about
        .rates
        .iter()
        .filter(|rate| !used.contains(&rate.id))
        .filter(|rate| !is_mapped([&rate.id.to_string(), &rate.code, &rate.label]))
        .map(|rate| format!("`{}`", rate.code))
        .collect()
}

pub fn gateways(facts: &DoctorFacts) -> Vec<Finding> {
    let Some((shop, gaps)) = gaps_of(facts) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (gap, concern) in &gaps {
        found.push(match gap {
            RulesGap::Deposit { method, currency } => {
                let key = if method.is_empty() { "*" } else { method };
                held(
                    &format!("money in `{currency}` by `{key}` has no account"),
                    "payment_method_unmapped",
                    concern,
                    facts,
                )
                .fix(format!("[books.deposit]\n{key:?} = \"<the QuickBooks account>\""))
            }
            RulesGap::DepositCurrency {
                method,
                currency,
                account,
            } => held(
                &format!("money in `{currency}` by `{method}` goes to `{account}`, which is in another currency"),
                "payment_method_unmapped",
                concern,
                facts,
            )
            .fix(format!(
                "[books.deposit]\n{:?} = \"<an account in {currency}>\"",
                format!("{method}:{currency}")
            )),
            RulesGap::PaymentMethod(method) => Finding::note(format!("`{method}` has no payment method of the books"))
                .cause(format!("it is on {}; their documents say none", whose(concern, facts)))
                .fix(format!(
                    "[books.payment_methods]\n{method:?} = \"<the QuickBooks payment method>\""
                )),
            _ => continue,
        });
    }
    found.extend(unused_gateways(shop, facts));
    or_ok(
        found,
        format!("every way to pay on {} has an account", scope(shop, facts)),
    )
}

/// Gateways that are switched on and nobody used yet, with nothing set for their money.
fn unused_gateways(shop: &ShopFacts, facts: &DoctorFacts) -> Vec<Finding> {
    let deposit = &facts.config.rules.deposit;
    let currency = &shop.about.currency;
    if deposit.contains_key("*") || deposit.contains_key(&format!("*:{currency}")) {
        return Vec::new();
    }
    let used: BTreeSet<&str> = shop
        .orders
        .iter()
        .map(|order| order.payment_method.trim())
        .collect();
    let open = shop.about.gateways.iter().filter(|gateway| {
        let id = &gateway.id;
        let keys = [id.clone(), format!("{id}:{currency}")];
        gateway.enabled
            && !used.contains(id.as_str())
            && !keys.iter().any(|key| deposit.contains_key(key))
    });
    open.map(|gateway| {
        let id = &gateway.id;
        Finding::warning(format!(
            "the gateway `{id}` is switched on, and its money has no account"
        ))
        .cause(format!(
            "it is not on {}; the first order that has it is held",
            scope(shop, facts)
        ))
        .fix(format!(
            "[books.deposit]\n{id:?} = \"<the QuickBooks account>\""
        ))
        .matter(Matter::Config)
    })
    .collect()
}

/// The statuses that WooCommerce itself has: each means something to the accountant.
const OWN: &[&str] = &[
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
    "trash",
    "checkout-draft",
    "auto-draft",
    "draft",
];

pub fn statuses(facts: &DoctorFacts) -> Vec<Finding> {
    let Some((shop, gaps)) = gaps_of(facts) else {
        return Vec::new();
    };
    let line = |status: &str| {
        format!(
            "[books.policy.status_map]\n{status:?} = \"as_paid\" # or \"as_invoice\", or \"skip\""
        )
    };
    let mut found = Vec::new();
    let mut met = BTreeSet::new();
    for (gap, concern) in &gaps {
        let RulesGap::Status(status) = gap else {
            continue;
        };
        met.insert(status.as_str());
        let gap = format!("nobody has said whether orders in the status `{status}` are sales");
        found.push(held(&gap, "status_unmapped", concern, facts).fix(line(status)));
    }
    let map = &facts.config.rules.policy.status_map;
    for status in &shop.about.statuses {
        let slug = status.slug.as_str();
        if !OWN.contains(&slug) && !map.contains_key(slug) && !met.contains(slug) {
            found.push(
                Finding::note(format!(
                    "the shop knows a status `{slug}` ({})",
                    status.name
                ))
                .cause(format!(
                    "it is not on {}; the first order that has it is held",
                    scope(shop, facts)
                ))
                .fix(line(slug)),
            );
        }
    }
    or_ok(
        found,
        format!("every status on {} has a meaning", scope(shop, facts)),
    )
}
