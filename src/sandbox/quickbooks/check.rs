//! Whether the books are right: the equations that hold in them whatever happens.
//!
//! Each side of an equation is worked out by itself: the ledger out of documents, what is open out of links, tax out of tax lines.

use super::entity::CompanyEntity;
use super::figures::{amount_of, decimal, number, rounded, text_of};
use super::ledger::{self, LedgerChart, LedgerEntry};
use super::reports;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `{"right": true, "problems": [], "receivable": …}`: every equation, with both sides, and those that do not hold in words.
pub fn books(world: &CompanyWorld) -> Value {
    let entries = ledger::entries(world);
    let chart = LedgerChart::of(world);
    let mut problems = Vec::new();
    for entry in &entries {
        problems.extend(unbalanced(world, entry));
    }
    let of_account = |account: &str| -> Decimal {
        let lines = entries.iter().flat_map(|entry| &entry.lines);
        lines
            .filter(|line| line.account == account)
            .map(|line| line.home)
            .sum()
    };
    let by_journal = |account: &str| -> Decimal {
        let journals = entries
            .iter()
            .filter(|entry| entry.entity == CompanyEntity::JournalEntry);
        let lines = journals.flat_map(|entry| &entry.lines);
        lines
            .filter(|line| line.account == account)
            .map(|line| line.home)
            .sum()
    };
    let tax: Decimal = entries
        .iter()
        .flat_map(|entry| &entry.lines)
        .filter(|line| line.tax.is_some())
        .map(|line| line.home)
        .sum();
    let tax_accounts: Vec<&str> = tax_accounts(world);
    let owed_tax: Decimal = tax_accounts.iter().map(|account| of_account(account)).sum();
    let tax_by_journal: Decimal = tax_accounts.iter().map(|account| by_journal(account)).sum();
    let trial = trial_balance(world);
    let equations = [
        (
            "debits and credits",
            entries
                .iter()
                .flat_map(|entry| &entry.lines)
                .map(|line| line.home)
                .sum(),
            Decimal::ZERO,
        ),
        ("trial balance", trial.0, trial.1),
        (
            "receivable",
            of_account(&chart.receivable),
            open(
                world,
                CompanyEntity::Invoice,
                CompanyEntity::CreditMemo,
                CompanyEntity::Payment,
            ) + by_journal(&chart.receivable),
        ),
        (
            "payable",
            -of_account(&chart.payable),
            open(
                world,
                CompanyEntity::Bill,
                CompanyEntity::VendorCredit,
                CompanyEntity::BillPayment,
            ) - by_journal(&chart.payable),
        ),
        ("tax of documents", tax, tax_of_documents(world)),
        ("tax owed", owed_tax, tax + tax_by_journal),
    ];
    problems.extend(parties(world));
    let mut shown = Map::new();
    for (name, left, right) in equations {
        if left != right {
            problems.push(format!("{name}: {left} is not {right}"));
        }
        shown.insert(name.into(), json!([number(left), number(right)]));
    }
    json!({ "right": problems.is_empty(), "problems": problems, "equations": shown, "entries": entries.len() })
}

/// What is wrong with one entry by itself.
fn unbalanced(world: &CompanyWorld, entry: &LedgerEntry) -> Option<String> {
    let amounts: Decimal = entry.lines.iter().map(|line| line.amount).sum();
    let homes: Decimal = entry.lines.iter().map(|line| line.home).sum();
    let nowhere = entry.lines.iter().find(|line| {
        world
            .object(CompanyEntity::Account, &line.account)
            .is_none()
    });
    let why = match nowhere {
        Some(line) => format!("is booked on the unknown account `{}`", line.account),
        None if !amounts.is_zero() => format!("is off by {amounts} {}", entry.currency),
        None if !homes.is_zero() => format!("is off by {homes} {}", world.company.home()),
        None => return None,
    };
    Some(format!("{} {} {why}", entry.entity.name(), entry.id))
}

fn tax_accounts(world: &CompanyWorld) -> Vec<&str> {
    let accounts = world.rows(CompanyEntity::Account).filter(|(_, row)| {
        matches!(
            text_of(row.object(), "AccountSubType"),
            Some("GlobalTaxPayable" | "SalesTaxPayable")
        )
    });
    accounts.map(|(id, _)| id.as_str()).collect()
}

/// What is open in the company's currency: charges less credits less what was paid and not applied.
fn open(
    world: &CompanyWorld,
    charge: CompanyEntity,
    credit: CompanyEntity,
    payment: CompanyEntity,
) -> Decimal {
    let home = world.company.home();
    let at_rate = |document: &Map<String, Value>, amount: Decimal| {
        let rate = document.get("ExchangeRate").and_then(decimal);
        rate.map_or(amount, |rate| rounded(amount * rate, home))
    };
    let mut sum = Decimal::ZERO;
    for (kind, sign) in [(charge, Decimal::ONE), (credit, -Decimal::ONE)] {
        for document in documents(world, kind) {
            sum += sign * at_rate(document, amount_of(document, "Balance"));
        }
    }
    for document in documents(world, payment) {
        let mut left = amount_of(document, "TotalAmt");
        for link in super::links::links_of(document) {
            left += if link.entity == charge {
                -link.amount
            } else {
                link.amount
            };
        }
        sum -= at_rate(document, left);
    }
    sum
}

/// Customers and vendors whose balance is not what their documents come to, in their own currency.
fn parties(world: &CompanyWorld) -> Vec<String> {
    let mut problems = Vec::new();
    for (party, field, charge, credit, payment) in [
        (
            CompanyEntity::Customer,
            "CustomerRef",
            CompanyEntity::Invoice,
            CompanyEntity::CreditMemo,
            CompanyEntity::Payment,
        ),
        (
            CompanyEntity::Vendor,
            "VendorRef",
            CompanyEntity::Bill,
            CompanyEntity::VendorCredit,
            CompanyEntity::BillPayment,
        ),
    ] {
        let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
        for (kind, sign) in [
            (charge, Decimal::ONE),
            (credit, -Decimal::ONE),
            (payment, -Decimal::ONE),
        ] {
            for document in documents(world, kind) {
                let whose = text_of(document, field).unwrap_or_default();
                *sums.entry(whose).or_default() += sign * amount_of(document, "TotalAmt");
            }
        }
        for (id, row) in world.rows(party) {
            let shown = amount_of(row.object(), "Balance");
            let sum = sums.get(id.as_str()).copied().unwrap_or_default();
            if shown != sum {
                problems.push(format!("{} {id}: {shown} is not {sum}", party.name()));
            }
        }
    }
    problems
}

/// Every document of a kind that is there.
fn documents(
    world: &CompanyWorld,
    kind: CompanyEntity,
) -> impl Iterator<Item = &Map<String, Value>> {
    let rows = world.rows(kind);
    rows.filter(|(_, row)| row.state != super::world::CompanyState::Deleted)
        .map(|(_, row)| row.object())
}

/// The tax of every document, in the company's currency: debit where it was paid.
fn tax_of_documents(world: &CompanyWorld) -> Decimal {
    let mut sum = Decimal::ZERO;
    for kind in CompanyEntity::ALL {
        let sign = match kind {
            CompanyEntity::Invoice | CompanyEntity::SalesReceipt | CompanyEntity::VendorCredit => {
                -Decimal::ONE
            }
            CompanyEntity::CreditMemo
            | CompanyEntity::RefundReceipt
            | CompanyEntity::Purchase
            | CompanyEntity::Bill => Decimal::ONE,
            _ => continue,
        };
        for document in documents(world, kind) {
            let Some(tax) = document.get("TxnTaxDetail").and_then(Value::as_object) else {
                continue;
            };
            let rate = document.get("ExchangeRate").and_then(decimal);
            let rate = rate.unwrap_or(Decimal::ONE);
            let credit = document.get("Credit") == Some(&Value::Bool(true));
            let sign = if credit { -sign } else { sign };
            let mut left = amount_of(tax, "TotalTax");
            let lines = tax.get("TaxLine").and_then(Value::as_array);
            for line in lines.into_iter().flatten().filter_map(Value::as_object) {
                let amount = amount_of(line, "Amount");
                left -= amount;
                sum += sign * rounded(amount * rate, world.company.home());
            }
            sum += sign * rounded(left * rate, world.company.home());
        }
    }
    sum
}

/// The two sums of the report, as a client would read them.
fn trial_balance(world: &CompanyWorld) -> (Decimal, Decimal) {
    let query: BTreeMap<String, String> =
        [("start_date", "1970-01-01"), ("end_date", "9999-12-31")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    let Ok(report) = reports::answer(world, "TrialBalance", &query) else {
        return (Decimal::ZERO, Decimal::ONE);
    };
    let rows = report["Rows"]["Row"].as_array();
    let rows = rows.into_iter().flatten();
    let cell = |row: &Value, place: usize| -> Decimal {
        let text = row["ColData"][place]["value"].as_str().unwrap_or_default();
        text.parse().unwrap_or_default()
    };
    let rows: Vec<&Value> = rows.collect();
    (
        rows.iter().map(|row| cell(row, 1)).sum(),
        rows.iter().map(|row| cell(row, 2)).sum(),
    )
}
