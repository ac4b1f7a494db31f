//! Sales receipts, invoices, refund receipts and credit memos in debit and credit.

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
    form: &Map<String, Value>,
    booking: &mut LedgerBooking,
) {
    let owed = matches!(entity, CompanyEntity::Invoice | CompanyEntity::CreditMemo);
    let gives = matches!(
        entity,
        CompanyEntity::RefundReceipt | CompanyEntity::CreditMemo
    );
    let sign = if gives { -Decimal::ONE } else { Decimal::ONE };
    let account = if owed {
        chart.receivable.as_str()
    } else {
        text_of(form, "DepositToAccountRef").unwrap_or(&chart.undeposited)
    };
    let note = said(form, "PrivateNote");
    booking.put(account, sign * amount_of(form, "TotalAmt"), note);
    for line in lines_of(form) {
        let amount = amount_of(line, "Amount");
        let memo = text_of(line, "Description").unwrap_or(note);
        match text_of(line, "DetailType") {
            Some("SalesItemLineDetail") => {
                booking.put(income_of(world, chart, line), -sign * amount, memo);
            }
            Some("DiscountLineDetail") => {
                let detail = line.get("DiscountLineDetail").and_then(Value::as_object);
                let account = detail.and_then(|detail| text_of(detail, "DiscountAccountRef"));
                booking.put(account.unwrap_or(&chart.discounts), sign * amount, memo);
            }
            _ => {}
        }
    }
    book_tax(world, chart, form, -sign, true, booking);
}

/// The account that the item of a line earns for.
fn income_of<'a>(
    world: &'a CompanyWorld,
    chart: &'a LedgerChart,
    line: &'a Map<String, Value>,
) -> &'a str {
    let detail = line.get("SalesItemLineDetail").and_then(Value::as_object);
    let item = detail
        .and_then(|detail| text_of(detail, "ItemRef"))
        .unwrap_or_default();
    if item == "SHIPPING_ITEM_ID" {
        return &chart.shipping;
    }
    world
        .object(CompanyEntity::Item, item)
        .and_then(|item| text_of(item, "IncomeAccountRef"))
        .unwrap_or(&chart.income)
}
