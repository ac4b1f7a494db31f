//! TrialBalance: what stands on every account at the end of the period, debit beside credit.
//!
//! Income and expenses are those of the year so far; what earlier years earned stands under Retained Earnings.

use super::super::entity::CompanyEntity;
use super::super::fault::CompanyDone;
use super::super::figures::text_of;
use super::super::ledger;
use super::super::world::CompanyWorld;
use super::ReportQuestion;
use super::page::{linked, money, money_or_blank, text};
use super::span::first_of_year;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const RETAINED: &str = "Retained Earnings";

pub fn write(asked: &ReportQuestion) -> CompanyDone<Value> {
    let world = asked.world;
    let mut page = asked.page("TrialBalance", true);
    page.column("Account", "");
    page.column("Money", "Debit");
    page.column("Money", "Credit");
    let (balances, retained) = balances(world, first_of_year(asked.span.to), asked.span.to);
    let mut rows: Vec<Value> = Vec::new();
    let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
    let mut put = |name: &str, id: &str, debit: Decimal| {
        if debit.is_zero() {
            return;
        }
        let (left, right) = (debit.max(Decimal::ZERO), (-debit).max(Decimal::ZERO));
        debits += left;
        credits += right;
        let cells = [
            linked(name, id),
            money_or_blank(left),
            money_or_blank(right),
        ];
        rows.push(json!({ "ColData": cells }));
    };
    for (id, row) in world.rows(CompanyEntity::Account) {
        let name = text_of(row.object(), "FullyQualifiedName").unwrap_or_default();
        put(name, id, balances.get(id).copied().unwrap_or_default());
    }
    let id = world.find_named(CompanyEntity::Account, RETAINED);
    put(RETAINED, &id.unwrap_or_default(), retained);
    if !rows.is_empty() {
        let sum = [text("TOTAL"), money(debits), money(credits)];
        rows.push(
            json!({ "group": "GrandTotal", "type": "Section", "Summary": { "ColData": sum } }),
        );
    }
    Ok(page.finish(rows))
}

/// What was debited, by account, in the company's currency: since ever where it is carried over, since `from` elsewhere. Beside it
/// what earlier years left.
pub fn balances(
    world: &CompanyWorld,
    from: NaiveDate,
    to: NaiveDate,
) -> (BTreeMap<String, Decimal>, Decimal) {
    let mut balances: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut retained = Decimal::ZERO;
    for entry in ledger::entries(world)
        .iter()
        .filter(|entry| entry.day <= to)
    {
        for line in &entry.lines {
            let account = world.object(CompanyEntity::Account, &line.account);
            if account.is_none_or(ledger::is_carried) || entry.day >= from {
                *balances.entry(line.account.clone()).or_default() += line.home;
            } else {
                retained += line.home;
            }
        }
    }
    (balances, retained)
}
