//! Customers, vendors and employees: one space of names for all three.
//!
//! Merging is not imitated, nor are projects.

use super::company::{CompanyTaxModel, currency_reference};
use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::fields;
use super::figures::{amount_of, text_of};
use super::schema::CompanyKind;
use super::world::CompanyWorld;
use serde_json::{Map, Value, json};

/// What a new one looks like before anything is said about it.
pub fn blank(entity: CompanyEntity) -> Map<String, Value> {
    let object = match entity {
        CompanyEntity::Customer => json!({
            "Taxable": true, "Job": false, "BillWithParent": false, "Balance": 0, "BalanceWithJobs": 0,
            "PreferredDeliveryMethod": "Print", "Active": true,
        }),
        CompanyEntity::Vendor => json!({ "Balance": 0, "Vendor1099": false, "Active": true }),
        _ => json!({ "BillableTime": false, "Active": true }),
    };
    match object {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    let entity = draft.entity;
    let mut out = blank(entity);
    for (name, kind) in fields::of(entity).unwrap_or_default() {
        let wanted = !matches!(kind, CompanyKind::Ignored);
        if let Some(value) = draft.fields.get(*name).filter(|_| wanted) {
            out.insert((*name).into(), value.clone());
        }
    }
    for field in ["Balance", "BalanceWithJobs"] {
        if let Some(value) = draft.old.and_then(|o| o.get(field)) {
            out.insert(field.into(), value.clone());
        }
    }
    let name = display_name(draft)?;
    let most = world.company.display_name_max;
    if name.chars().count() > most {
        return Err(CompanyFault::length(
            "DisplayName",
            0,
            most,
            name.chars().count(),
        ));
    }
    let name = active_name(world, draft, &mut out, name)?;
    if let Some((kind, id)) = world.named(entity, &name, draft.id) {
        return Err(CompanyFault::duplicate_name(&if *kind == entity {
            format!("Id={id}")
        } else {
            "Another customer, vendor or employee is already using this name. Please use a different name.".into()
        }));
    }
    if entity == CompanyEntity::Customer {
        out.insert(
            "FullyQualifiedName".into(),
            qualified(world, draft, &name)?.into(),
        );
    }
    let company_name = text_of(&out, "CompanyName").map(str::to_owned);
    out.entry("PrintOnCheckName")
        .or_insert(company_name.unwrap_or_else(|| name.clone()).into());
    out.insert("DisplayName".into(), name.into());
    if entity != CompanyEntity::Employee {
        put_currency(world, draft, &mut out)?;
    }
    draft.name_reference(
        world,
        &mut out,
        CompanyEntity::PaymentMethod,
        "PaymentMethodRef",
    )?;
    if entity == CompanyEntity::Customer {
        if world.company.tax_model() != CompanyTaxModel::Global {
            out.entry("DefaultTaxCodeRef")
                .or_insert(json!({ "value": "2" }));
        } else {
            draft.follow(world, CompanyEntity::TaxCode, "DefaultTaxCodeRef")?;
        }
    }
    Ok(out)
}

/// The name given, or one put together from its parts.
fn display_name(draft: &CompanyDraft) -> CompanyDone<String> {
    if let Some(name) = text_of(&draft.fields, "DisplayName") {
        let name = name.trim();
        if name.contains(['\t', '\n', '\r']) {
            return Err(CompanyFault::bad_text("DisplayName"));
        }
        if !name.is_empty() {
            return Ok(name.to_owned());
        }
    }
    let parts = ["Title", "GivenName", "MiddleName", "FamilyName", "Suffix"];
    let parts: Vec<&str> = parts
        .iter()
        .filter_map(|p| text_of(&draft.fields, p))
        .map(str::trim)
        .collect();
    let name = parts.join(" ");
    if name.is_empty() {
        let text = "At least one of the name fields is needed.";
        return Err(CompanyFault::new("6080", "No Name Provided", text));
    }
    Ok(name)
}

/// A name that is made inactive is marked, which frees it; made active again it
/// gets its own back if nobody took it.
fn active_name(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
    name: String,
) -> CompanyDone<String> {
    let was = draft.old.and_then(|o| o.get("Active")) != Some(&Value::Bool(false));
    let now = out.get("Active") != Some(&Value::Bool(false));
    if draft.old.is_none() {
        return Ok(name);
    }
    match (was, now) {
        (true, false) => {
            if draft.entity == CompanyEntity::Customer && !amount_of(out, "Balance").is_zero() {
                let text = "A customer with a balance cannot be made inactive.";
                return Err(CompanyFault::new(
                    "6220",
                    "Delete Entity Has Balance Error",
                    text,
                ));
            }
            let plain = format!("{name} (deleted)");
            let free = |n: &String| world.named(draft.entity, n, draft.id).is_none();
            let numbered = (2..).map(|i| format!("{name} (deleted {i})"));
            Ok(std::iter::once(plain)
                .chain(numbered)
                .find(free)
                .unwrap_or(name))
        }
        (false, true) if !draft.sends("DisplayName") => {
            let own = name.split(" (deleted").next().unwrap_or(&name).to_owned();
            let free = world.named(draft.entity, &own, draft.id).is_none();
            Ok(if free { own } else { name })
        }
        _ => Ok(name),
    }
}

fn qualified(world: &CompanyWorld, draft: &CompanyDraft, name: &str) -> CompanyDone<String> {
    let Some(parent) = draft.follow(world, CompanyEntity::Customer, "ParentRef")? else {
        return Ok(name.to_owned());
    };
    if text_of(parent, "Id") == draft.id {
        return Err(CompanyFault::new(
            "900",
            "Parent cannot be child",
            "A customer cannot be its own parent",
        ));
    }
    let above = text_of(parent, "FullyQualifiedName").unwrap_or_default();
    if above.matches(':').count() >= 4 {
        return Err(CompanyFault::new(
            "6180",
            "Sub Level Limit",
            "You can have at most five levels",
        ));
    }
    Ok(format!("{above}:{name}"))
}

fn put_currency(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    out: &mut Map<String, Value>,
) -> CompanyDone<()> {
    let home = world.company.home();
    let code = text_of(&draft.fields, "CurrencyRef").unwrap_or(home);
    if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(CompanyFault::bad_currency(code));
    }
    if code != home && !world.company.multicurrency {
        return Err(CompanyFault::business(
            "Multicurrency is turned off, so only the home currency can be used.",
        ));
    }
    if draft
        .old
        .and_then(|o| text_of(o, "CurrencyRef"))
        .is_some_and(|before| before != code)
    {
        return Err(CompanyFault::business(
            "The currency of a customer or vendor cannot be changed.",
        ));
    }
    out.insert("CurrencyRef".into(), currency_reference(code));
    Ok(())
}
