//! AgedReceivables and AgedPayables: what is open, by how long it is due.

use super::super::entity::CompanyEntity;
use super::super::fault::CompanyDone;
use super::super::figures::{amount_of, rounded, text_of};
use super::super::ledger;
use super::super::links;
use super::super::world::{CompanyState, CompanyWorld};
use super::ReportQuestion;
use super::page::{linked, money, money_or_blank, text};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::str::FromStr;

const AGES: [&str; 5] = ["Current", "1 - 30", "31 - 60", "61 - 90", "91 and over"];

pub fn receivables(asked: &ReportQuestion) -> CompanyDone<Value> {
    let kinds = [
        CompanyEntity::Invoice,
        CompanyEntity::CreditMemo,
        CompanyEntity::Payment,
    ];
    write(asked, "AgedReceivables", CompanyEntity::Customer, kinds)
}

pub fn payables(asked: &ReportQuestion) -> CompanyDone<Value> {
    let kinds = [
        CompanyEntity::Bill,
        CompanyEntity::VendorCredit,
        CompanyEntity::BillPayment,
    ];
    write(asked, "AgedPayables", CompanyEntity::Vendor, kinds)
}

fn write(
    asked: &ReportQuestion,
    name: &str,
    party: CompanyEntity,
    [charge, credit, payment]: [CompanyEntity; 3],
) -> CompanyDone<Value> {
    let (world, day) = (asked.world, asked.span.to);
    let mut page = asked.page(name, false);
    page.column(party.name(), "");
    for age in AGES.iter().chain(&["Total"]) {
        page.column("Money", age);
    }
    let mut sums: BTreeMap<String, [Decimal; 5]> = BTreeMap::new();
    for kind in [charge, credit, payment] {
        let rows = world
            .rows(kind)
            .filter(|(_, row)| row.state == CompanyState::Active);
        for (id, row) in rows {
            let document = row.object();
            if ledger::day_of(document) > day {
                continue;
            }
            let open = if kind == payment {
                -unapplied_on(world, kind, charge, id, day)
            } else {
                let open =
                    amount_of(document, "TotalAmt") - applied_on(world, kind, id, payment, day);
                if kind == charge { open } else { -open }
            };
            let due = text_of(document, "DueDate").and_then(|due| NaiveDate::from_str(due).ok());
            let late = (day - due.unwrap_or_else(|| ledger::day_of(document))).num_days();
            let place = match late {
                ..=0 => 0,
                1..=30 => 1,
                31..=60 => 2,
                61..=90 => 3,
                _ => 4,
            };
            let rate = document
                .get("ExchangeRate")
                .and_then(super::super::figures::decimal);
            let home = rounded(open * rate.unwrap_or(Decimal::ONE), world.company.home());
            let field = if party == CompanyEntity::Vendor {
                "VendorRef"
            } else {
                "CustomerRef"
            };
            let whose = text_of(document, field).unwrap_or_default().to_owned();
            sums.entry(whose).or_default()[place] += home;
        }
    }
    sums.retain(|_, ages| ages.iter().any(|amount| !amount.is_zero()));
    let mut rows = Vec::new();
    let mut all = [Decimal::ZERO; 5];
    for (id, ages) in &sums {
        let name = world
            .object(party, id)
            .and_then(|party| text_of(party, "DisplayName"));
        let mut cells = vec![linked(name.unwrap_or_default(), id)];
        cells.extend(ages.map(money_or_blank));
        cells.push(money(ages.iter().sum()));
        page.row(&mut rows, cells);
        for (sum, amount) in all.iter_mut().zip(ages) {
            *sum += amount;
        }
    }
    if !rows.is_empty() {
        let mut cells = vec![text("TOTAL")];
        cells.extend(all.map(money));
        cells.push(money(all.iter().sum()));
        rows.push(
            json!({ "group": "GrandTotal", "type": "Section", "Summary": { "ColData": cells } }),
        );
    }
    Ok(page.finish(rows))
}

/// What payments of up to a day settled of a document.
fn applied_on(
    world: &CompanyWorld,
    entity: CompanyEntity,
    id: &str,
    payment: CompanyEntity,
    day: NaiveDate,
) -> Decimal {
    let by = world.applied.get(&(entity, id.to_owned()));
    let by = by.into_iter().flatten().filter(|(payer, _)| {
        let payer = world.object(payment, payer);
        payer.is_some_and(|payer| ledger::day_of(payer) <= day)
    });
    by.map(|(_, amount)| *amount).sum()
}

/// What a payment of up to a day has left over.
fn unapplied_on(
    world: &CompanyWorld,
    payment: CompanyEntity,
    charge: CompanyEntity,
    id: &str,
    day: NaiveDate,
) -> Decimal {
    let Some(document) = world.object(payment, id) else {
        return Decimal::ZERO;
    };
    let mut left = amount_of(document, "TotalAmt");
    for link in links::links_of(document) {
        let there = world.object(link.entity, &link.id);
        if there.is_none_or(|target| ledger::day_of(target) > day) {
            continue;
        }
        left += if link.entity == charge {
            -link.amount
        } else {
            link.amount
        };
    }
    left
}
