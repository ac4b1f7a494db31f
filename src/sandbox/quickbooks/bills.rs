//! Bills of vendors, and the credit they give.
//!
//! Their lines are those of purchases. What is paid of them is told by bill payments, as payments tell of invoices.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{number, rounded, text_of};
use super::purchase;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

const PLAIN: &[&str] = &[
    "DocNumber",
    "PrivateNote",
    "VendorAddr",
    "SalesTermRef",
    "TxnTaxDetail",
    "GlobalTaxCalculation",
    "TransactionLocationType",
];

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    draft.require("VendorRef")?;
    draft.require("Line")?;
    let vendor = draft.follow(world, CompanyEntity::Vendor, "VendorRef")?;
    let currency = draft.currency(world, vendor)?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;
    let mut out = Map::new();
    for field in PLAIN {
        if let Some(value) = draft.fields.get(*field) {
            out.insert((*field).into(), value.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    draft.name_reference(world, &mut out, CompanyEntity::Vendor, "VendorRef")?;
    put_payable(world, draft, &mut out)?;
    if draft.entity == CompanyEntity::Bill {
        let due = draft.fields.get("DueDate").cloned();
        out.insert("DueDate".into(), due.unwrap_or(day.to_string().into()));
    }
    let rate = draft.put_currency(world, &mut out, &currency)?;
    let (lines, tax) = purchase::put_lines(world, draft, &mut out, &currency)?;
    let total = lines.net + tax;
    if total < Decimal::ZERO {
        return Err(CompanyFault::business(
            "Transaction amount must be 0 or greater.",
        ));
    }
    out.insert("Line".into(), Value::Array(lines.json));
    out.insert("TotalAmt".into(), number(total));
    if let Some(rate) = rate {
        let home = rounded(total * rate, world.company.home());
        out.insert("HomeTotalAmt".into(), number(home));
    }
    super::links::put_open(world, draft, "VendorRef", &mut out, total)?;
    Ok(out)
}

/// The account of what is owed: the one that is named, or the one the service keeps.
pub fn put_payable(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
) -> CompanyDone<()> {
    if let Some(account) = draft.follow(world, CompanyEntity::Account, "APAccountRef")?
        && text_of(account, "AccountType") != Some("Accounts Payable")
    {
        return Err(CompanyFault::wrong_account("APAccountRef"));
    }
    draft.name_reference(world, out, CompanyEntity::Account, "APAccountRef")
}
