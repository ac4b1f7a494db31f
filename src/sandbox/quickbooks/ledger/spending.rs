//! Purchases, bills and vendor credits in debit and credit.

use super::super::entity::CompanyEntity;
use super::super::figures::{amount_of, text_of};
use super::super::world::CompanyWorld;
use super::{LedgerBooking, LedgerChart, book_tax, lines_of, said};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

pub fn book(
    world: &CompanyWorld,
    chart: &LedgerChart,
    entity: CompanyEntity,
    document: &Map<String, Value>,
    booking: &mut LedgerBooking,
) {
    // A purchase with this flag gives money back.
    let returns =
        entity == CompanyEntity::VendorCredit || document.get("Credit") == Some(&Value::Bool(true));
    let sign = if returns { -Decimal::ONE } else { Decimal::ONE };
    let account = match entity {
        CompanyEntity::Purchase => said(document, "AccountRef"),
        _ => text_of(document, "APAccountRef").unwrap_or(&chart.payable),
    };
    let note = said(document, "PrivateNote");
    booking.put(account, -sign * amount_of(document, "TotalAmt"), note);
    for line in lines_of(document) {
        let memo = text_of(line, "Description").unwrap_or(note);
        let account = expense_of(world, chart, line);
        booking.put(account, sign * amount_of(line, "Amount"), memo);
    }
    book_tax(world, chart, document, sign, false, booking);
}

/// The account that a line names, or that of its item.
fn expense_of<'a>(
    world: &'a CompanyWorld,
    chart: &'a LedgerChart,
    line: &'a Map<String, Value>,
) -> &'a str {
    let detail = |kind: &str| line.get(kind).and_then(Value::as_object);
    if let Some(detail) = detail("AccountBasedExpenseLineDetail") {
        return text_of(detail, "AccountRef").unwrap_or(&chart.costs);
    }
    detail("ItemBasedExpenseLineDetail")
        .and_then(|detail| text_of(detail, "ItemRef"))
        .and_then(|item| world.object(CompanyEntity::Item, item))
        .and_then(|item| text_of(item, "ExpenseAccountRef"))
        .unwrap_or(&chart.costs)
}
