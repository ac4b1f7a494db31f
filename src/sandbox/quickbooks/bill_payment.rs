//! Payments to vendors, by cheque or by card, and the bills and credits they settle.

use super::bills;
use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, number, rounded, text_of};
use super::links;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    draft.require("VendorRef")?;
    draft.require("TotalAmt")?;
    draft.require("PayType")?;
    draft.require("Line")?;
    let total = amount_of(&draft.fields, "TotalAmt");
    if total < Decimal::ZERO {
        return Err(CompanyFault::negative("TotalAmt"));
    }
    let vendor = draft.follow(world, CompanyEntity::Vendor, "VendorRef")?;
    let currency = draft.currency(world, vendor)?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;
    let mut out = Map::new();
    for field in [
        "DocNumber",
        "PrivateNote",
        "PayType",
        "TransactionLocationType",
    ] {
        if let Some(value) = draft.fields.get(field) {
            out.insert(field.into(), value.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    out.insert("TotalAmt".into(), number(total));
    draft.name_reference(world, &mut out, CompanyEntity::Vendor, "VendorRef")?;
    bills::put_payable(world, draft, &mut out)?;
    let by_card = text_of(&draft.fields, "PayType") == Some("CreditCard");
    let (way, field, types) = if by_card {
        ("CreditCardPayment", "CCAccountRef", ["Credit Card"])
    } else {
        ("CheckPayment", "BankAccountRef", ["Bank"])
    };
    out.insert(
        way.into(),
        Value::Object(paid_from(world, draft, way, field, &types, &currency)?),
    );
    if let Some(rate) = draft.put_currency(world, &mut out, &currency)? {
        let home = rounded(total * rate, world.company.home());
        out.insert("HomeTotalAmt".into(), number(home));
    }
    let links = links::read(draft)?;
    links::check(world, draft, &links, total, &currency)?;
    out.insert("Line".into(), links::as_lines(&links));
    Ok(out)
}

/// The cheque or the card, with its account checked and named.
fn paid_from(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    way: &str,
    field: &str,
    types: &[&str],
    currency: &str,
) -> CompanyDone<Map<String, Value>> {
    let sent = draft.fields.get(way).and_then(Value::as_object);
    let mut way = sent.ok_or_else(|| CompanyFault::missing(way))?.clone();
    let id = text_of(&way, field).map(str::to_owned);
    let id = id.ok_or_else(|| CompanyFault::missing(field))?;
    let account = world
        .object(CompanyEntity::Account, &id)
        .ok_or_else(|| CompanyFault::no_such(CompanyEntity::Account, &id))?;
    if !types.contains(&text_of(account, "AccountType").unwrap_or_default()) {
        return Err(CompanyFault::wrong_account(field));
    }
    let home = world.company.home();
    let theirs = text_of(account, "CurrencyRef").unwrap_or(home);
    if theirs != home && theirs != currency {
        return Err(CompanyFault::foreign_account());
    }
    way.insert(field.into(), world.reference(CompanyEntity::Account, &id));
    if field == "BankAccountRef" {
        way.entry("PrintStatus").or_insert("NotSet".into());
    }
    Ok(way)
}
