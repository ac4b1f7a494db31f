//! Merging two names, as a bookkeeper does when one customer is in the books twice.
//!
//! The survivor keeps its id and gets everything that the victim had. What becomes of the victim is not known for sure, so both are
//! here: it is gone, or it stays as an inactive name. What is told is one merge, not the many documents that point elsewhere now.

use super::entity::CompanyEntity;
use super::figures::text_of;
use super::notify::{CompanyEvent, CompanyOperation};
use super::world::{CompanyState, CompanyWorld};
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How a reference to such a name is called.
fn references(entity: CompanyEntity) -> &'static [&'static str] {
    match entity {
        CompanyEntity::Customer => &["CustomerRef", "EntityRef", "ParentRef"],
        CompanyEntity::Vendor | CompanyEntity::Employee => &["VendorRef", "EntityRef"],
        CompanyEntity::Item => &["ItemRef", "ParentRef"],
        CompanyEntity::PaymentMethod => &["PaymentMethodRef"],
        CompanyEntity::Account => &[
            "AccountRef",
            "APAccountRef",
            "BankAccountRef",
            "CCAccountRef",
            "FromAccountRef",
            "ToAccountRef",
            "DepositToAccountRef",
            "IncomeAccountRef",
            "ExpenseAccountRef",
            "DiscountAccountRef",
        ],
        _ => &[],
    }
}

/// What becomes of the victim.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Victim {
    #[default]
    Gone,
    Inactive,
}

/// Makes one of two.
pub fn merge(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    survivor: &str,
    victim: &str,
    left: Victim,
) {
    world.news.quiet = true;
    let names = references(entity);
    let reference = world.reference(entity, survivor);
    for kind in CompanyEntity::ALL {
        let rows: Vec<(String, Map<String, Value>)> = world
            .rows(kind)
            .filter(|(_, row)| row.state != CompanyState::Deleted)
            .map(|(id, row)| (id.clone(), row.object().clone()))
            .collect();
        for (id, mut object) in rows {
            if repoint(&mut object, names, victim, &reference) {
                world.replace(kind, &id, object, false);
            }
        }
    }
    if let Some(object) = world.object(entity, survivor).cloned() {
        world.replace(entity, survivor, object, true);
    }
    match left {
        Victim::Gone => world.set_state(entity, victim, CompanyState::Deleted),
        Victim::Inactive => {
            let mut object = world.object(entity, victim).cloned().unwrap_or_default();
            let name = text_of(&object, entity.name_field()).unwrap_or_default();
            let name = format!("{name} (deleted)");
            object.insert(entity.name_field().into(), name.into());
            object.insert("Active".into(), false.into());
            world.replace(entity, victim, object, true);
        }
    }
    world.news.quiet = false;
    let event = CompanyEvent {
        realm: world.realm.clone(),
        name: entity.name().to_owned(),
        id: survivor.to_owned(),
        operation: CompanyOperation::Merge,
        at: Utc::now(),
        victim: Some(victim.to_owned()),
        raw: None,
        data: None,
    };
    world.news.note(event);
}

/// Whether something pointed at the victim.
fn repoint(object: &mut Map<String, Value>, names: &[&str], victim: &str, to: &Value) -> bool {
    let mut moved = false;
    for (name, value) in object {
        match value {
            Value::Object(one)
                if names.contains(&name.as_str())
                    && one.get("value").is_some_and(|value| value == victim) =>
            {
                *value = to.clone();
                moved = true;
            }
            Value::Object(one) => moved |= repoint(one, names, victim, to),
            Value::Array(list) => {
                for one in list.iter_mut().filter_map(Value::as_object_mut) {
                    moved |= repoint(one, names, victim, to);
                }
            }
            _ => {}
        }
    }
    moved
}
