//! Single operations, wrapped as answers carry them: `{"Invoice": {..}}`.

use super::call::CompanyWrite;
use super::company;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::mishap::{CompanyRule, Mishap};
use super::world::CompanyWorld;
use super::write::{CompanyJob, CompanyWork, perform};
use serde_json::{Value, json};

pub fn read_one(world: &CompanyWorld, entity: CompanyEntity, id: &str) -> CompanyDone<Value> {
    let object = match entity {
        CompanyEntity::CompanyInfo if id == world.realm => company::info(world),
        CompanyEntity::CompanyInfo => return Err(CompanyFault::not_found()),
        CompanyEntity::Preferences => company::preferences(world),
        CompanyEntity::Account => {
            let mut account = world.wanted(entity, id)?.value();
            super::balances::put_on(world, std::slice::from_mut(&mut account));
            account
        }
        entity => world.wanted(entity, id)?.value(),
    };
    Ok(json!({ entity.name(): object }))
}

pub fn write_one(
    world: &mut CompanyWorld,
    write: &CompanyWrite,
    rule: Option<&CompanyRule>,
) -> CompanyDone<Value> {
    if rule.is_some_and(|r| r.what == Mishap::Stale) && write.work != CompanyWork::Create {
        touch(world, write);
    }
    if let Some(rule) = rule.filter(|r| r.what == Mishap::PaidByHand) {
        pay_by_hand(world, write, rule)?;
    }
    let job = CompanyJob {
        entity: write.entity,
        work: write.work,
        body: write.body.clone(),
        allow_duplicate_number: write.allow_duplicate_number,
        by_person: false,
        tax_off: rule.filter(|r| r.what == Mishap::TaxOff).map(|r| r.by),
    };
    let object = perform(world, job)?;
    Ok(json!({ write.entity.name(): object }))
}

/// A person enters a payment for the invoice that the payment on its way is for.
fn pay_by_hand(
    world: &mut CompanyWorld,
    write: &CompanyWrite,
    rule: &CompanyRule,
) -> CompanyDone<()> {
    if write.work != CompanyWork::Create || write.entity != CompanyEntity::Payment {
        return Ok(());
    }
    let amount = super::figures::number(rule.by);
    let body = json!({
        "CustomerRef": write.body["CustomerRef"],
        "TotalAmt": amount,
        "Line": [{ "Amount": amount, "LinkedTxn": write.body["Line"][0]["LinkedTxn"] }],
    });
    let job = CompanyJob {
        entity: CompanyEntity::Payment,
        work: CompanyWork::Create,
        body,
        allow_duplicate_number: true,
        by_person: true,
        tax_off: None,
    };
    perform(world, job).map(|_| ())
}

/// A person saves the object a moment earlier, without changing what it says.
fn touch(world: &mut CompanyWorld, write: &CompanyWrite) {
    let id = write
        .body
        .get("Id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Some(object) = world.object(write.entity, id).cloned() {
        world.replace(write.entity, id, object, true);
    }
}
