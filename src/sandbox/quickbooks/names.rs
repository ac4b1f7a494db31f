//! Items, accounts and payment methods.
//!
//! Stock is not counted: an inventory item keeps the quantity it was given.

use super::company::currency_reference;
use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::fields;
use super::figures::text_of;
use super::schema::CompanyKind;
use super::world::CompanyWorld;
use serde_json::{Map, Value, json};

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    // Items and accounts want their name even when nothing else changes.
    let sent = draft
        .sent
        .get("Name")
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|n| !n.is_empty());
    let old = draft.old.and_then(|o| text_of(o, "Name"));
    let needed = draft.entity != CompanyEntity::PaymentMethod || draft.old.is_none();
    let name = match (sent, old) {
        (Some(name), _) => name,
        (None, Some(name)) if !needed => name,
        _ => return Err(CompanyFault::missing("Name")),
    };
    if name.contains(['\t', '\n', '\r'])
        || (draft.entity == CompanyEntity::Account && name.contains('"'))
    {
        return Err(CompanyFault::bad_text("Name"));
    }
    let mut out = Map::new();
    for (field, kind) in fields::of(draft.entity).unwrap_or_default() {
        if let Some(value) = draft
            .fields
            .get(*field)
            .filter(|_| !matches!(kind, CompanyKind::Ignored))
        {
            out.insert((*field).into(), value.clone());
        }
    }
    out.entry("Active").or_insert(true.into());
    let name = inactive_name(world, draft, &out, name);
    if let Some((_, id)) = world.named(draft.entity, &name, draft.id) {
        return Err(CompanyFault::duplicate_name(&format!("Id={id}")));
    }
    out.insert("Name".into(), name.as_str().into());
    match draft.entity {
        CompanyEntity::Item => item(world, draft, &mut out, &name)?,
        CompanyEntity::Account => account(world, draft, &mut out, &name)?,
        _ => {
            out.entry("Type").or_insert("NON_CREDIT_CARD".into());
        }
    }
    Ok(out)
}

fn inactive_name(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &Map<String, Value>,
    name: &str,
) -> String {
    let was = draft
        .old
        .is_some_and(|o| o.get("Active") != Some(&Value::Bool(false)));
    let now = out.get("Active") != Some(&Value::Bool(false));
    if was && !now {
        let numbered = (2..).map(|i| format!("{name} (deleted {i})"));
        let free = |n: &String| world.named(draft.entity, n, draft.id).is_none();
        return std::iter::once(format!("{name} (deleted)"))
            .chain(numbered)
            .find(free)
            .unwrap_or_default();
    }
    name.to_owned()
}

fn item(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    name: &str,
) -> CompanyDone<()> {
    draft.require("Type")?;
    let kind = text_of(out, "Type").unwrap_or_default().to_owned();
    let before = draft.old.and_then(|o| text_of(o, "Type"));
    if before == Some("Inventory") && kind != "Inventory" {
        return Err(CompanyFault::business(
            "The type of an inventory item cannot be changed.",
        ));
    }
    let parent = draft.follow(world, CompanyEntity::Item, "ParentRef")?;
    let above = parent.and_then(|p| text_of(p, "FullyQualifiedName"));
    out.insert(
        "FullyQualifiedName".into(),
        above
            .map_or(name.to_owned(), |a| format!("{a}:{name}"))
            .into(),
    );
    draft.name_reference(world, out, CompanyEntity::Item, "ParentRef")?;
    if kind == "Category" {
        return Ok(());
    }
    draft.require("IncomeAccountRef")?;
    let income = draft.follow(world, CompanyEntity::Account, "IncomeAccountRef")?;
    let income = income
        .and_then(|a| text_of(a, "AccountType"))
        .unwrap_or_default();
    if matches!(
        income,
        "Bank" | "Credit Card" | "Accounts Receivable" | "Accounts Payable"
    ) {
        return Err(CompanyFault::wrong_account("IncomeAccountRef"));
    }
    draft.name_reference(world, out, CompanyEntity::Account, "IncomeAccountRef")?;
    if kind == "Inventory" {
        for field in [
            "TrackQtyOnHand",
            "QtyOnHand",
            "InvStartDate",
            "ExpenseAccountRef",
            "AssetAccountRef",
        ] {
            if draft.old.is_none() {
                draft.require(field)?;
            }
        }
        if draft.fields.get("TrackQtyOnHand") != Some(&Value::Bool(true)) {
            return Err(CompanyFault::business(
                "Quantity on hand must be tracked for an inventory item.",
            ));
        }
        // Only income accounts can take what is sold from stock.
        if income != "Income" {
            return Err(CompanyFault::wrong_account("IncomeAccountRef"));
        }
    }
    for (field, types) in [
        (
            "ExpenseAccountRef",
            ["Cost of Goods Sold", "Expense", "Other Expense"].as_slice(),
        ),
        ("AssetAccountRef", ["Other Current Asset"].as_slice()),
    ] {
        draft.money_account(world, field, types, world.company.home())?;
        draft.name_reference(world, out, CompanyEntity::Account, field)?;
    }
    out.entry("Taxable").or_insert(true.into());
    out.entry("UnitPrice").or_insert(0.into());
    out.entry("PurchaseCost").or_insert(0.into());
    out.entry("TrackQtyOnHand").or_insert(false.into());
    Ok(())
}

fn account(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    name: &str,
) -> CompanyDone<()> {
    if !draft.fields.contains_key("AccountType") && !draft.fields.contains_key("AccountSubType") {
        return Err(CompanyFault::missing("AccountType"));
    }
    let subtype = text_of(out, "AccountSubType")
        .unwrap_or_default()
        .to_owned();
    let kind = text_of(out, "AccountType")
        .unwrap_or_else(|| type_of(&subtype))
        .to_owned();
    if classification(&kind).is_none() {
        return Err(CompanyFault::bad_enum("AccountType", &kind));
    }
    let home = world.company.home();
    let currency = text_of(&draft.fields, "CurrencyRef")
        .unwrap_or(home)
        .to_owned();
    if currency != home && !world.company.multicurrency {
        return Err(CompanyFault::business(
            "Multicurrency is turned off, so only the home currency can be used.",
        ));
    }
    for (field, value) in account_object(name, &kind, &subtype, &currency, true) {
        if field != "Active" {
            out.insert(field, value);
        }
    }
    Ok(())
}

fn type_of(subtype: &str) -> &'static str {
    match subtype {
        "CashOnHand" | "Checking" | "Savings" | "MoneyMarket" => "Bank",
        "UndepositedFunds" | "Inventory" => "Other Current Asset",
        "SalesOfProductIncome" | "ServiceFeeIncome" => "Income",
        "SalesTaxPayable" | "GlobalTaxPayable" | "OtherCurrentLiabilities" => {
            "Other Current Liability"
        }
        _ => "Expense",
    }
}

fn classification(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Bank" | "Accounts Receivable" | "Other Current Asset" | "Fixed Asset" | "Other Asset" => {
            "Asset"
        }
        "Accounts Payable" | "Credit Card" | "Other Current Liability" | "Long Term Liability" => {
            "Liability"
        }
        "Equity" => "Equity",
        "Income" | "Other Income" => "Revenue",
        "Cost of Goods Sold" | "Expense" | "Other Expense" => "Expense",
        _ => return None,
    })
}

/// An account as it is read; the setup makes its accounts with this too.
pub fn account_object(
    name: &str,
    kind: &str,
    subtype: &str,
    currency: &str,
    active: bool,
) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("Name".into(), name.into());
    object.insert("FullyQualifiedName".into(), name.into());
    object.insert(
        "Classification".into(),
        classification(kind).unwrap_or("Asset").into(),
    );
    object.insert("AccountType".into(), kind.into());
    if !subtype.is_empty() {
        object.insert("AccountSubType".into(), subtype.into());
    }
    object.insert("CurrentBalance".into(), json!(0));
    object.insert("CurrentBalanceWithSubAccounts".into(), json!(0));
    object.insert("Active".into(), active.into());
    object.insert("SubAccount".into(), false.into());
    object.insert("CurrencyRef".into(), currency_reference(currency));
    object
}
