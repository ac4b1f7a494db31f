//! Purchases: money that left a bank or a card account, such as fees.
//!
//! Lines name an expense account; item lines are taken without a look at the
//! item's stock. Taxes are worked out as on sales, with the same rates.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, decimal, number, rounded, text_of};
use super::lines::{CompanyIds, CompanyLines, CompanyTaxed, code_of};
use super::tax::CompanyQuestion;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

const PLAIN: &[&str] = &[
    "DocNumber",
    "PrivateNote",
    "PaymentType",
    "PaymentRefNum",
    "RemitToAddr",
    "PrintStatus",
    "TxnTaxDetail",
    "GlobalTaxCalculation",
    "TransactionLocationType",
];

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    draft.require("PaymentType")?;
    draft.require("AccountRef")?;
    draft.require("Line")?;
    let party = party(world, draft)?;
    let currency = draft.currency(world, party)?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;
    let kind = text_of(&draft.fields, "PaymentType").unwrap_or_default();
    let types: &[&str] = match kind {
        "CreditCard" => &["Credit Card"],
        "Check" => &["Bank"],
        _ => &["Bank", "Credit Card"],
    };
    draft.money_account(world, "AccountRef", types, &currency)?;

    let mut out = Map::new();
    for field in PLAIN {
        if let Some(value) = draft.fields.get(*field) {
            out.insert((*field).into(), value.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    let credit = draft.fields.get("Credit") == Some(&Value::Bool(true));
    out.insert("Credit".into(), credit.into());
    draft.name_reference(world, &mut out, CompanyEntity::Account, "AccountRef")?;
    draft.name_reference(
        world,
        &mut out,
        CompanyEntity::PaymentMethod,
        "PaymentMethodRef",
    )?;
    if let Some(reference) = draft.fields.get("EntityRef") {
        let mut reference = reference.clone();
        if let (Some(party), Some(map)) = (party, reference.as_object_mut()) {
            map.insert(
                "name".into(),
                party.get("DisplayName").cloned().unwrap_or_default(),
            );
        }
        out.insert("EntityRef".into(), reference);
    }
    let rate = draft.put_currency(world, &mut out, &currency)?;
    let (lines, tax) = put_lines(world, draft, &mut out, &currency)?;
    let total = lines.net + tax;
    if total < Decimal::ZERO {
        return Err(CompanyFault::business(
            "Transaction amount must be 0 or greater.",
        ));
    }
    out.insert("Line".into(), Value::Array(lines.json));
    out.insert("TotalAmt".into(), number(total));
    if let Some(rate) = rate {
        out.insert(
            "HomeTotalAmt".into(),
            number(rounded(total * rate, world.company.home())),
        );
    }
    Ok(out)
}

/// Reads the lines of what is bought, writes their tax, and answers with both.
pub fn put_lines(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    currency: &str,
) -> CompanyDone<(CompanyLines, Decimal)> {
    let not_applicable = text_of(&draft.fields, "GlobalTaxCalculation") == Some("NotApplicable");
    let codes_needed =
        world.company.is_global() && !not_applicable && world.company.using_sales_tax;
    let lines = lines(world, draft, codes_needed)?;
    let tax = put_tax(world, draft, out, currency, &lines, not_applicable)?;
    Ok((lines, tax))
}

fn party<'w>(
    world: &'w CompanyWorld,
    draft: &CompanyDraft,
) -> CompanyDone<Option<&'w Map<String, Value>>> {
    let Some(reference) = draft.fields.get("EntityRef") else {
        return Ok(None);
    };
    let kind = reference
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("Vendor");
    let entity = CompanyEntity::exact(kind).filter(|e| e.is_person());
    let entity = entity.ok_or_else(|| CompanyFault::bad_enum("EntityRef.type", kind))?;
    draft.follow(world, entity, "EntityRef")
}

/// Outside the US the codes of the lines say the tax; inside it there is none.
fn put_tax(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    currency: &str,
    lines: &CompanyLines,
    not_applicable: bool,
) -> CompanyDone<Decimal> {
    if !world.company.is_global() {
        out.remove("TxnTaxDetail");
        return Ok(Decimal::ZERO);
    }
    let touched = ["Line", "TxnTaxDetail", "GlobalTaxCalculation"];
    let untouched = draft
        .old
        .filter(|_| !touched.iter().any(|f| draft.sends(f)));
    let kept = untouched
        .and_then(|o| o.get("TxnTaxDetail"))
        .and_then(Value::as_object);
    let (detail, tax) = match kept {
        Some(detail) => (detail.clone(), amount_of(detail, "TotalTax")),
        None => CompanyQuestion {
            world,
            currency,
            lines,
            sent: draft.sent.get("TxnTaxDetail").and_then(Value::as_object),
            not_applicable,
            after_discount: false,
        }
        .answer()?,
    };
    out.insert("TxnTaxDetail".into(), Value::Object(detail));
    let calculation = draft.fields.get("GlobalTaxCalculation").cloned();
    out.insert(
        "GlobalTaxCalculation".into(),
        calculation.unwrap_or("TaxExcluded".into()),
    );
    Ok(tax)
}

fn lines(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    codes_needed: bool,
) -> CompanyDone<CompanyLines> {
    let sent = draft
        .fields
        .get("Line")
        .and_then(Value::as_array)
        .filter(|l| !l.is_empty());
    let mut ids = CompanyIds::new(world, draft);
    let (mut out, mut taxed, mut net) = (Vec::new(), Vec::new(), Decimal::ZERO);
    let trusted = draft.old.is_some() && !draft.sends("Line");
    for line in sent
        .ok_or_else(|| CompanyFault::missing("Line"))?
        .iter()
        .filter_map(Value::as_object)
    {
        let kind =
            text_of(line, "DetailType").ok_or_else(|| CompanyFault::missing("DetailType"))?;
        let amount = line
            .get("Amount")
            .and_then(decimal)
            .ok_or_else(|| CompanyFault::missing("Amount"))?;
        let (entity, field) = match kind {
            "AccountBasedExpenseLineDetail" => (CompanyEntity::Account, "AccountRef"),
            "ItemBasedExpenseLineDetail" => (CompanyEntity::Item, "ItemRef"),
            other => return Err(CompanyFault::bad_enum("DetailType", other)),
        };
        let detail = line
            .get(kind)
            .and_then(Value::as_object)
            .ok_or_else(|| CompanyFault::missing(kind))?;
        let id = text_of(detail, field).ok_or_else(|| CompanyFault::missing(field))?;
        if !trusted {
            let found = world.follow(entity, detail, field)?;
            let asset = found
                .and_then(|a| text_of(a, "AccountType"))
                .unwrap_or_default();
            if entity == CompanyEntity::Account
                && matches!(asset, "Accounts Receivable" | "Accounts Payable")
            {
                return Err(CompanyFault::wrong_account(field));
            }
        }
        if world.company.is_global() {
            let code = code_of(world, detail, trusted, codes_needed)?;
            taxed.push(CompanyTaxed { code, net: amount });
        }
        let mut detail = detail.clone();
        detail.insert(field.into(), world.reference(entity, id));
        detail
            .entry("BillableStatus")
            .or_insert("NotBillable".into());
        if !world.company.is_global() {
            detail
                .entry("TaxCodeRef")
                .or_insert(json!({ "value": "NON" }));
        }
        let mut built = Map::new();
        if let Some(text) = line.get("Description") {
            built.insert("Description".into(), text.clone());
        }
        built.insert("Amount".into(), number(amount));
        built.insert("DetailType".into(), kind.into());
        built.insert(kind.into(), Value::Object(detail));
        ids.put(line, &mut built, out.len() + 1);
        out.push(Value::Object(built));
        net += amount;
    }
    Ok(CompanyLines {
        json: out,
        taxed,
        subtotal: net,
        discount: Decimal::ZERO,
        net,
    })
}
