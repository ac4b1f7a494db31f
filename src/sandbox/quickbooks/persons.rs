//! Customers, vendors and employees: one space of names for all three.
//!
//! Merging is not imitated, nor are projects.

use super::company::{TaxModel, currency_reference};
use super::draft::Draft;
use super::entity::Entity;
use super::fault::{Done, Fault};
use super::fields;
use super::figures::{amount_of, text_of};
use super::schema::Kind;
use super::world::World;
use serde_json::{Map, Value, json};

/// What a new one looks like before anything is said about it.
pub fn blank(entity: Entity) -> Map<String, Value> {
    let object = match entity {
        Entity::Customer => json!({
            "Taxable": true, "Job": false, "BillWithParent": false, "Balance": 0, "BalanceWithJobs": 0,
            "PreferredDeliveryMethod": "Print", "Active": true,
        }),
        Entity::Vendor => json!({ "Balance": 0, "Vendor1099": false, "Active": true }),
        _ => json!({ "BillableTime": false, "Active": true }),
    };
    match object {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

pub fn build(world: &World, draft: &Draft) -> Done<Map<String, Value>> {
    let entity = draft.entity;
    let mut out = blank(entity);
    for (name, kind) in fields::of(entity).unwrap_or_default() {
        let wanted = !matches!(kind, Kind::Ignored);
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
        return Err(Fault::length("DisplayName", 0, most, name.chars().count()));
    }
    let name = active_name(world, draft, &mut out, name)?;
    if let Some((kind, id)) = world.named(entity, &name, draft.id) {
        return Err(Fault::duplicate_name(&if *kind == entity {
            format!("Id={id}")
        } else {
            "Another customer, vendor or employee is already using this name. Please use a different name.".into()
        }));
    }
    if entity == Entity::Customer {
        out.insert(
            "FullyQualifiedName".into(),
            qualified(world, draft, &name)?.into(),
        );
    }
    let company_name = text_of(&out, "CompanyName").map(str::to_owned);
    out.entry("PrintOnCheckName")
        .or_insert(company_name.unwrap_or_else(|| name.clone()).into());
    out.insert("DisplayName".into(), name.into());
    if entity != Entity::Employee {
        put_currency(world, draft, &mut out)?;
    }
    draft.name_reference(world, &mut out, Entity::PaymentMethod, "PaymentMethodRef")?;
    if entity == Entity::Customer {
        if world.company.tax_model() != TaxModel::Global {
            out.entry("DefaultTaxCodeRef")
                .or_insert(json!({ "value": "2" }));
        } else {
            draft.follow(world, Entity::TaxCode, "DefaultTaxCodeRef")?;
        }
    }
    Ok(out)
}

/// The name given, or one put together from its parts.
fn display_name(draft: &Draft) -> Done<String> {
    if let Some(name) = text_of(&draft.fields, "DisplayName") {
        let name = name.trim();
        if name.contains(['\t', '\n', '\r']) {
            return Err(Fault::bad_text("DisplayName"));
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
        return Err(Fault::new("6080", "No Name Provided", text));
    }
    Ok(name)
}

/// A name that is made inactive is marked, which frees it; made active again it
/// gets its own back if nobody took it.
fn active_name(
    world: &World,
    draft: &Draft,
    out: &mut Map<String, Value>,
    name: String,
) -> Done<String> {
    let was = draft.old.and_then(|o| o.get("Active")) != Some(&Value::Bool(false));
    let now = out.get("Active") != Some(&Value::Bool(false));
    if draft.old.is_none() {
        return Ok(name);
    }
    match (was, now) {
        (true, false) => {
            if draft.entity == Entity::Customer && !amount_of(out, "Balance").is_zero() {
                let text = "A customer with a balance cannot be made inactive.";
                return Err(Fault::new("6220", "Delete Entity Has Balance Error", text));
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

fn qualified(world: &World, draft: &Draft, name: &str) -> Done<String> {
    let Some(parent) = draft.follow(world, Entity::Customer, "ParentRef")? else {
        return Ok(name.to_owned());
    };
    if text_of(parent, "Id") == draft.id {
        return Err(Fault::new(
            "900",
            "Parent cannot be child",
            "A customer cannot be its own parent",
        ));
    }
    let above = text_of(parent, "FullyQualifiedName").unwrap_or_default();
    if above.matches(':').count() >= 4 {
        return Err(Fault::new(
            "6180",
            "Sub Level Limit",
            "You can have at most five levels",
        ));
    }
    Ok(format!("{above}:{name}"))
}

fn put_currency(world: &World, draft: &Draft, out: &mut Map<String, Value>) -> Done<()> {
    let home = world.company.home();
    let code = text_of(&draft.fields, "CurrencyRef").unwrap_or(home);
    if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Fault::bad_currency(code));
    }
    if code != home && !world.company.multicurrency {
        return Err(Fault::business(
            "Multicurrency is turned off, so only the home currency can be used.",
        ));
    }
    if draft
        .old
        .and_then(|o| text_of(o, "CurrencyRef"))
        .is_some_and(|before| before != code)
    {
        return Err(Fault::business(
            "The currency of a customer or vendor cannot be changed.",
        ));
    }
    out.insert("CurrencyRef".into(), currency_reference(code));
    Ok(())
}
