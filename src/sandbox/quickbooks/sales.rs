//! Sales receipts, invoices, refund receipts and credit memos.
//!
//! Turns a draft into the document that the service would hold: references
//! checked and named, lines and tax computed, totals and balance set.

use super::company::Classes;
use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, number, rounded, text_of};
use super::lines::CompanyReader;
use super::tax::CompanyQuestion;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// Fields that are stored as they were sent.
const PLAIN: &[&str] = &[
    "DocNumber",
    "PrivateNote",
    "CustomerMemo",
    "ShipDate",
    "TrackingNum",
    "PONumber",
    "PaymentRefNum",
    "BillEmail",
    "BillEmailCc",
    "BillEmailBcc",
    "ShipMethodRef",
    "TransactionLocationType",
    "FreeFormAddress",
    "DeliveryInfo",
];

const MONEY: &[&str] = &["Bank", "Other Current Asset"];

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    let entity = draft.entity;
    if matches!(entity, CompanyEntity::Invoice | CompanyEntity::CreditMemo) {
        draft.require("CustomerRef")?;
    }
    draft.require("Line")?;
    if entity == CompanyEntity::RefundReceipt {
        draft.require("DepositToAccountRef")?;
    }
    if draft
        .sent
        .get("EmailStatus")
        .is_some_and(|s| s == "NeedToSend")
        && !draft.fields.contains_key("BillEmail")
    {
        return Err(CompanyFault::new(
            "6420",
            "Email address is required",
            "BillEmail is needed for e-mail delivery",
        ));
    }
    let customer = draft.follow(world, CompanyEntity::Customer, "CustomerRef")?;
    let currency = draft.currency(world, customer)?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;

    let mut out = Map::new();
    for field in PLAIN {
        if let Some(value) = draft.fields.get(*field) {
            out.insert((*field).into(), value.clone());
        }
    }
    for field in ["BillAddr", "ShipAddr", "ShipFromAddr"] {
        // An address that was not given is the customer's.
        let own = draft.fields.get(field);
        let fallback = if draft.old.is_none() {
            customer.and_then(|c| c.get(field))
        } else {
            None
        };
        if let Some(address) = own.or(fallback) {
            out.insert(field.into(), address.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    draft.name_reference(world, &mut out, CompanyEntity::Customer, "CustomerRef")?;
    draft.name_reference(
        world,
        &mut out,
        CompanyEntity::PaymentMethod,
        "PaymentMethodRef",
    )?;
    let rate = draft.put_currency(world, &mut out, &currency)?;
    put_account(world, draft, &mut out, &currency)?;

    let total = put_lines(world, draft, &mut out, &currency, day)?;
    if total < Decimal::ZERO {
        return Err(CompanyFault::business(
            "Transaction amount must be 0 or greater.",
        ));
    }
    out.insert("TotalAmt".into(), number(total));
    if let Some(rate) = rate {
        let home = rounded(total * rate, world.company.home());
        out.insert("HomeTotalAmt".into(), number(home));
    }
    put_balance(world, draft, &mut out, total)?;
    put_statuses(draft, &mut out);
    out.insert("CustomField".into(), custom_fields(world, draft));
    if world.company.classes == Classes::PerTxn {
        draft.name_reference(world, &mut out, CompanyEntity::Class, "ClassRef")?;
    }
    if world.company.track_departments {
        draft.name_reference(world, &mut out, CompanyEntity::Department, "DepartmentRef")?;
    }
    Ok(out)
}

/// The fields that the company has in use. One that is sent and not in use is dropped without a word; one that is not sent keeps
/// what it held.
fn custom_fields(world: &CompanyWorld, draft: &CompanyDraft) -> Value {
    let held = |fields: Option<&Map<String, Value>>, number: &str| {
        let list = fields?.get("CustomField")?.as_array()?;
        let field = list.iter().find(|field| field["DefinitionId"] == number)?;
        Some(field["StringValue"].as_str().unwrap_or_default().to_owned())
    };
    let names = world.company.custom_fields.iter().take(3).zip(1..);
    names
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, number)| {
            let number = number.to_string();
            let text = held(Some(draft.sent), &number).or_else(|| held(draft.old, &number));
            let mut field = json!({ "DefinitionId": number, "Name": name, "Type": "StringType" });
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                field["StringValue"] = text.into();
            }
            field
        })
        .collect()
}

fn put_account(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    currency: &str,
) -> CompanyDone<()> {
    if !matches!(
        draft.entity,
        CompanyEntity::SalesReceipt | CompanyEntity::RefundReceipt
    ) {
        return Ok(());
    }
    draft.money_account(world, "DepositToAccountRef", MONEY, currency)?;
    draft.name_reference(world, out, CompanyEntity::Account, "DepositToAccountRef")?;
    if !out.contains_key("DepositToAccountRef")
        && let Some(id) = world.find_named(CompanyEntity::Account, "Undeposited Funds")
    {
        out.insert(
            "DepositToAccountRef".into(),
            world.reference(CompanyEntity::Account, &id),
        );
    }
    let bank = text_of(out, "DepositToAccountRef")
        .and_then(|id| world.object(CompanyEntity::Account, id))
        .is_some_and(|a| text_of(a, "AccountType") == Some("Bank"));
    if draft.entity == CompanyEntity::RefundReceipt && bank && !out.contains_key("PaymentRefNum") {
        out.insert("PaymentRefNum".into(), "To Print".into());
    }
    Ok(())
}

/// Writes the lines and the tax, and answers with the total.
fn put_lines(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    currency: &str,
    day: chrono::NaiveDate,
) -> CompanyDone<Decimal> {
    let global = world.company.is_global();
    let calculation = text_of(&draft.fields, "GlobalTaxCalculation");
    let not_applicable = global && calculation == Some("NotApplicable");
    let after_discount = draft.fields.get("ApplyTaxAfterDiscount") == Some(&Value::Bool(true));
    let reader = CompanyReader {
        world,
        draft,
        day,
        currency,
        codes_needed: global && !not_applicable && world.company.using_sales_tax,
    };
    let lines = reader.read()?;
    let touches_tax = [
        "Line",
        "TxnTaxDetail",
        "GlobalTaxCalculation",
        "ApplyTaxAfterDiscount",
    ];
    let untouched = draft
        .old
        .filter(|_| !touches_tax.iter().any(|f| draft.sends(f)));
    let kept = untouched
        .and_then(|o| o.get("TxnTaxDetail"))
        .and_then(Value::as_object);
    let (detail, tax) = match kept {
        Some(detail) => (detail.clone(), amount_of(detail, "TotalTax")),
        None => {
            let sent = draft.sent.get("TxnTaxDetail").and_then(Value::as_object);
            CompanyQuestion {
                world,
                currency,
                lines: &lines,
                sent,
                not_applicable,
                after_discount,
            }
            .answer()?
        }
    };
    out.insert("Line".into(), Value::Array(lines.json));
    out.insert("TxnTaxDetail".into(), Value::Object(detail));
    out.insert(
        "ApplyTaxAfterDiscount".into(),
        (!global && after_discount).into(),
    );
    if global {
        out.insert(
            "GlobalTaxCalculation".into(),
            calculation.unwrap_or("TaxExcluded").into(),
        );
    }
    Ok(lines.net + tax)
}

fn put_balance(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    total: Decimal,
) -> CompanyDone<()> {
    if !matches!(
        draft.entity,
        CompanyEntity::Invoice | CompanyEntity::CreditMemo
    ) {
        out.insert("Balance".into(), 0.into());
        // Being in a deposit is not lost by being changed.
        if let Some(linked) = draft.old.and_then(|old| old.get("LinkedTxn")) {
            out.insert("LinkedTxn".into(), linked.clone());
        }
        return Ok(());
    }
    super::links::put_open(world, draft, "CustomerRef", out, total)
}

fn put_statuses(draft: &CompanyDraft, out: &mut Map<String, Value>) {
    let set = |out: &mut Map<String, Value>, field: &str, usual: Value| {
        let value = draft.fields.get(field).cloned().unwrap_or(usual);
        out.insert(field.into(), value);
    };
    let print = if draft.entity == CompanyEntity::RefundReceipt {
        "NotSet"
    } else {
        "NeedToPrint"
    };
    set(out, "PrintStatus", print.into());
    set(out, "EmailStatus", "NotSet".into());
    if draft.entity == CompanyEntity::Invoice {
        out.insert("AllowIPNPayment".into(), false.into());
        set(out, "AllowOnlinePayment", false.into());
        set(out, "AllowOnlineCreditCardPayment", false.into());
        set(out, "AllowOnlineACHPayment", false.into());
        let day = out.get("TxnDate").cloned().unwrap_or_default();
        set(out, "DueDate", day);
    }
}

/// Moves the tax of a finished document by a little, as a service that works
/// tax out for itself would.
pub fn shift_tax(object: &mut Map<String, Value>, by: Decimal) {
    if let Some(detail) = object
        .get_mut("TxnTaxDetail")
        .and_then(Value::as_object_mut)
    {
        let tax = amount_of(detail, "TotalTax") + by;
        detail.insert("TotalTax".into(), number(tax));
        let first = detail
            .get_mut("TaxLine")
            .and_then(|l| l.get_mut(0))
            .and_then(Value::as_object_mut);
        if let Some(line) = first {
            let amount = amount_of(line, "Amount") + by;
            line.insert("Amount".into(), number(amount));
        }
    }
    for field in ["TotalAmt", "Balance", "RemainingCredit"] {
        // A balance of nothing stays nothing: the form was paid on the spot.
        let before = amount_of(object, field);
        if object.contains_key(field) && (field == "TotalAmt" || !before.is_zero()) {
            object.insert(field.into(), number(before + by));
        }
    }
}
