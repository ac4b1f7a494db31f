//! What payments do to invoices and credit memos.
//!
//! The lines of payments are the only truth; balances, back references and the
//! customer's balance are worked out from them. A change that comes about this
//! way moves LastUpdatedTime but not the SyncToken.

use super::entity::CompanyEntity;
use super::figures::{amount_of, decimal, number, rounded, text_of};
use super::world::{CompanyState, CompanyWorld};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One line of a payment: what it points at and with how much.
#[derive(Clone)]
pub struct CompanyLink {
    pub entity: CompanyEntity,
    pub id: String,
    pub amount: Decimal,
}

pub fn links_of(payment: &Map<String, Value>) -> Vec<CompanyLink> {
    let lines = payment.get("Line").and_then(Value::as_array);
    let read = |line: &Value| {
        let target = line["LinkedTxn"].get(0)?;
        Some(CompanyLink {
            entity: CompanyEntity::exact(target["TxnType"].as_str()?)?,
            id: target["TxnId"].as_str()?.to_owned(),
            amount: line.get("Amount").and_then(decimal)?,
        })
    };
    lines.into_iter().flatten().filter_map(read).collect()
}

pub fn as_lines(links: &[CompanyLink]) -> Value {
    let line = |link: &CompanyLink| {
        json!({
            "Amount": number(link.amount),
            "LinkedTxn": [{ "TxnId": link.id, "TxnType": link.entity.name() }],
        })
    };
    links.iter().map(line).collect()
}

pub fn sum(links: &[CompanyLink], entity: CompanyEntity) -> Decimal {
    links
        .iter()
        .filter(|l| l.entity == entity)
        .map(|l| l.amount)
        .sum()
}

pub fn applied_to(world: &CompanyWorld, entity: CompanyEntity, id: &str) -> Decimal {
    world
        .applied
        .get(&(entity, id.to_owned()))
        .map_or(Decimal::ZERO, |by| by.values().sum())
}

/// What a payment can settle of a document: what it settles already is free again while it is changed.
pub fn open_for(
    world: &CompanyWorld,
    payment: Option<&str>,
    entity: CompanyEntity,
    id: &str,
    object: &Map<String, Value>,
) -> Decimal {
    let own = payment.and_then(|p| world.applied.get(&(entity, id.to_owned()))?.get(p).copied());
    amount_of(object, "Balance") + own.unwrap_or_default()
}

/// Cuts every link to what is still open there, as a service that takes too much money and leaves the rest unapplied.
pub fn cut_to_open(world: &CompanyWorld, payment: Option<&str>, links: &mut Vec<CompanyLink>) {
    for link in links.iter_mut() {
        if let Some(object) = world.object(link.entity, &link.id) {
            let open = open_for(world, payment, link.entity, &link.id, object);
            link.amount = link.amount.min(open);
        }
    }
    links.retain(|link| !link.amount.is_zero());
}

/// Writes what is still open, and who paid.
pub fn put_balance(
    world: &CompanyWorld,
    entity: CompanyEntity,
    id: &str,
    object: &mut Map<String, Value>,
    open: Decimal,
) {
    object.insert("Balance".into(), number(open));
    if entity == CompanyEntity::CreditMemo {
        object.insert("RemainingCredit".into(), number(open));
    }
    let rate = object.get("ExchangeRate").and_then(decimal);
    if let Some(rate) = rate {
        object.insert(
            "HomeBalance".into(),
            number(rounded(open * rate, world.company.home())),
        );
    }
    let payers = world.applied.get(&(entity, id.to_owned()));
    let payers = payers
        .into_iter()
        .flatten()
        .map(|(payment, _)| json!({ "TxnId": payment, "TxnType": "Payment" }));
    object.insert("LinkedTxn".into(), payers.collect());
}

/// Brings everything a payment touches, or no longer touches, up to date.
pub fn settle_payment(
    world: &mut CompanyWorld,
    id: &str,
    before: &[CompanyLink],
    now: &[CompanyLink],
) {
    let mut touched = BTreeSet::new();
    for link in before {
        let key = (link.entity, link.id.clone());
        if let Some(by) = world.applied.get_mut(&key) {
            by.remove(id);
        }
        touched.insert(key);
    }
    for link in now {
        let key = (link.entity, link.id.clone());
        *world
            .applied
            .entry(key.clone())
            .or_default()
            .entry(id.to_owned())
            .or_default() += link.amount;
        touched.insert(key);
    }
    world.applied.retain(|_, by| !by.is_empty());
    for (entity, id) in touched {
        refresh(world, entity, &id);
    }
}

/// Works the balance of one invoice or credit memo out anew.
pub fn refresh(world: &mut CompanyWorld, entity: CompanyEntity, id: &str) {
    let Some(row) = world.row(entity, id) else {
        return;
    };
    let mut object = row.object().clone();
    let open = amount_of(&object, "TotalAmt") - applied_to(world, entity, id);
    put_balance(world, entity, id, &mut object, open);
    if object != *row.object() {
        world.replace(entity, id, object, false);
    }
}

const DEPOSIT: &str = "Deposit";

/// Notes on a document that its money was brought to the bank. The account that it names stays as it is.
pub fn put_in_deposit(world: &mut CompanyWorld, entity: CompanyEntity, id: &str, deposit: &str) {
    let Some(mut object) = world.object(entity, id).cloned() else {
        return;
    };
    let mut linked = object
        .get("LinkedTxn")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    linked.push(json!({ "TxnId": deposit, "TxnType": DEPOSIT }));
    object.insert("LinkedTxn".into(), Value::Array(linked));
    world.replace(entity, id, object, false);
}

/// Whether the money of a document is in a deposit.
pub fn is_in_deposit(object: &Map<String, Value>) -> bool {
    let linked = object.get("LinkedTxn").and_then(Value::as_array);
    linked
        .into_iter()
        .flatten()
        .any(|link| link["TxnType"] == DEPOSIT)
}

/// Takes a document out of every payment that points at it; the money becomes
/// unapplied, and credit that has nothing left to pay for goes back.
pub fn unlink(world: &mut CompanyWorld, entity: CompanyEntity, id: &str) {
    let payers = world
        .applied
        .get(&(entity, id.to_owned()))
        .cloned()
        .unwrap_or_else(BTreeMap::new);
    for payment in payers.into_keys() {
        let Some(mut object) = world.object(CompanyEntity::Payment, &payment).cloned() else {
            continue;
        };
        let before = links_of(&object);
        let mut now: Vec<CompanyLink> = before
            .iter()
            .filter(|l| !(l.entity == entity && l.id == id))
            .cloned()
            .collect();
        let total = amount_of(&object, "TotalAmt");
        let credits = sum(&now, CompanyEntity::CreditMemo);
        trim(&mut now, CompanyEntity::Invoice, total + credits);
        let invoices = sum(&now, CompanyEntity::Invoice);
        trim(&mut now, CompanyEntity::CreditMemo, invoices);
        let unapplied =
            total + sum(&now, CompanyEntity::CreditMemo) - sum(&now, CompanyEntity::Invoice);
        object.insert("Line".into(), as_lines(&now));
        object.insert("UnappliedAmt".into(), number(unapplied));
        world.replace(CompanyEntity::Payment, &payment, object, false);
        settle_payment(world, &payment, &before, &now);
    }
}

/// Cuts links of one kind from the end until they come to no more than `most`.
fn trim(links: &mut Vec<CompanyLink>, entity: CompanyEntity, most: Decimal) {
    let mut over = sum(links, entity) - most;
    for link in links.iter_mut().rev().filter(|l| l.entity == entity) {
        let cut = over.max(Decimal::ZERO).min(link.amount);
        link.amount -= cut;
        over -= cut;
    }
    links.retain(|l| !l.amount.is_zero());
}

/// What a document adds to what its customer owes.
fn owed(entity: CompanyEntity, object: &Map<String, Value>) -> Decimal {
    match entity {
        CompanyEntity::Invoice => amount_of(object, "TotalAmt"),
        CompanyEntity::CreditMemo | CompanyEntity::Payment => -amount_of(object, "TotalAmt"),
        _ => Decimal::ZERO,
    }
}

/// Moves customers' balances by the difference that a write made.
pub fn settle_customer(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    id: &str,
    before: Option<&Map<String, Value>>,
) {
    let mut moves: Vec<(String, Decimal)> = Vec::new();
    if let Some(old) = before
        && let Some(customer) = text_of(old, "CustomerRef")
    {
        moves.push((customer.to_owned(), -owed(entity, old)));
    }
    let row = world
        .any_row(entity, id)
        .filter(|r| r.state != CompanyState::Deleted);
    if let Some(now) = row.map(|r| r.object())
        && let Some(customer) = text_of(now, "CustomerRef")
    {
        match moves.iter_mut().find(|(c, _)| c == customer) {
            Some((_, by)) => *by += owed(entity, now),
            None => moves.push((customer.to_owned(), owed(entity, now))),
        }
    }
    for (customer, by) in moves {
        if by.is_zero() {
            continue;
        }
        let Some(mut object) = world.object(CompanyEntity::Customer, &customer).cloned() else {
            continue;
        };
        let balance = amount_of(&object, "Balance") + by;
        object.insert("Balance".into(), number(balance));
        object.insert("BalanceWithJobs".into(), number(balance));
        world.replace(CompanyEntity::Customer, &customer, object, false);
    }
}
