//! What payments do to invoices and credit memos, bill payments to bills and credits of vendors, deposits to what they take.
//!
//! The lines of payments are the only truth; balances, back references and the
//! customer's balance are worked out from them. A change that comes about this
//! way moves LastUpdatedTime but not the SyncToken.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
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
    sum_of(links, |one| one == entity)
}

fn sum_of(links: &[CompanyLink], fits: impl Fn(CompanyEntity) -> bool) -> Decimal {
    links
        .iter()
        .filter(|l| fits(l.entity))
        .map(|l| l.amount)
        .sum()
}

/// What is owed the other way round.
fn is_credit(entity: CompanyEntity) -> bool {
    matches!(
        entity,
        CompanyEntity::CreditMemo | CompanyEntity::VendorCredit
    )
}

/// Where a document says whose it is.
fn party_field(entity: CompanyEntity) -> &'static str {
    match entity {
        CompanyEntity::Bill | CompanyEntity::VendorCredit | CompanyEntity::BillPayment => {
            "VendorRef"
        }
        _ => "CustomerRef",
    }
}

/// The lines of a payment as they were sent.
pub fn read(draft: &CompanyDraft) -> CompanyDone<Vec<CompanyLink>> {
    let lines = draft.fields.get("Line").and_then(Value::as_array);
    let mut links = Vec::new();
    for line in lines.into_iter().flatten() {
        let amount = line
            .get("Amount")
            .and_then(decimal)
            .ok_or_else(|| CompanyFault::missing("Amount"))?;
        if amount < Decimal::ZERO {
            return Err(CompanyFault::negative("Amount"));
        }
        let targets = line
            .get("LinkedTxn")
            .and_then(Value::as_array)
            .filter(|t| !t.is_empty());
        let targets = targets.ok_or_else(|| CompanyFault::missing("LinkedTxn"))?;
        if targets.len() > 1 {
            return Err(CompanyFault::cannot_link(
                "a payment line links exactly one transaction",
            ));
        }
        let kind = targets[0]["TxnType"]
            .as_str()
            .ok_or_else(|| CompanyFault::missing("TxnType"))?;
        let id = targets[0]["TxnId"]
            .as_str()
            .ok_or_else(|| CompanyFault::missing("TxnId"))?;
        let entity = CompanyEntity::exact(kind).filter(|e| e.settled_by() == Some(draft.entity));
        let entity = entity
            .ok_or_else(|| CompanyFault::cannot_link(&format!("{kind} is of the wrong type")))?;
        links.push(CompanyLink {
            entity,
            id: id.to_owned(),
            amount,
        });
    }
    Ok(links)
}

/// Refuses what a payment cannot settle: others' documents, other currencies, more than is open or than was paid.
pub fn check(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    links: &[CompanyLink],
    total: Decimal,
    currency: &str,
) -> CompanyDone<()> {
    let mut wanted: BTreeMap<(CompanyEntity, &str), Decimal> = BTreeMap::new();
    for link in links {
        *wanted.entry((link.entity, &link.id)).or_default() += link.amount;
    }
    for ((entity, id), amount) in wanted {
        let name = entity.name();
        let row = world.row(entity, id);
        let row = row
            .filter(|r| r.state == CompanyState::Active)
            .ok_or_else(|| {
                CompanyFault::business(&format!(
                    "The entity {name} {id} that you are trying to link does not exist"
                ))
            })?;
        let object = row.object();
        let party = party_field(entity);
        if text_of(object, party) != text_of(&draft.fields, party) {
            return Err(CompanyFault::cannot_link(&format!(
                "{name} {id} belongs to another customer"
            )));
        }
        if text_of(object, "CurrencyRef") != Some(currency) {
            return Err(CompanyFault::cannot_link(&format!(
                "{name} {id} is in another currency"
            )));
        }
        // What this payment applied before is free again while it is changed.
        let open = open_for(world, draft.id, entity, id, object);
        if amount > open {
            return Err(CompanyFault::cannot_link(&format!(
                "only {open} of {name} {id} is open"
            )));
        }
    }
    let credits = sum_of(links, is_credit);
    let invoices = sum_of(links, |entity| !is_credit(entity));
    if invoices > total + credits {
        return Err(CompanyFault::business(
            "The amount applied is greater than the payment amount.",
        ));
    }
    if credits > invoices {
        return Err(CompanyFault::business(
            "The credits applied are greater than the amount of the transactions paid.",
        ));
    }
    Ok(())
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
    let payer = entity.settled_by().unwrap_or(CompanyEntity::Payment);
    let payers = world.applied.get(&(entity, id.to_owned()));
    let payers = payers
        .into_iter()
        .flatten()
        .map(|(payment, _)| json!({ "TxnId": payment, "TxnType": payer.name() }));
    object.insert("LinkedTxn".into(), payers.collect());
}

/// Writes what is open of a document that is being made or changed, and refuses what payments do not allow any more.
pub fn put_open(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    party: &str,
    out: &mut Map<String, Value>,
    total: Decimal,
) -> CompanyDone<()> {
    let applied = draft
        .id
        .map_or(Decimal::ZERO, |id| applied_to(world, draft.entity, id));
    if applied > total {
        return Err(CompanyFault::business(
            "The amount already applied is greater than the new total.",
        ));
    }
    let moved = draft
        .old
        .is_some_and(|old| text_of(old, party) != text_of(out, party));
    if moved && !applied.is_zero() {
        return Err(CompanyFault::business(
            "The customer of a transaction with payments cannot be changed.",
        ));
    }
    let id = draft.id.unwrap_or_default();
    put_balance(world, draft.entity, id, out, total - applied);
    Ok(())
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

/// The document that a line of a deposit takes.
pub fn linked_to(line: &Map<String, Value>) -> Option<(CompanyEntity, &str)> {
    let link = line.get("LinkedTxn")?.get(0)?;
    let entity = CompanyEntity::exact(link["TxnType"].as_str()?)?;
    Some((entity, link["TxnId"].as_str()?))
}

/// The deposit that a document is in.
pub fn deposit_of(document: &Map<String, Value>) -> Option<&str> {
    let linked = document.get("LinkedTxn").and_then(Value::as_array);
    let deposit = linked
        .into_iter()
        .flatten()
        .find(|link| link["TxnType"] == DEPOSIT)?;
    deposit["TxnId"].as_str()
}

/// Notes on documents that their money was brought to the bank, and on others that it is not there any more. The account that
/// they name stays as it is.
pub fn settle_deposit(
    world: &mut CompanyWorld,
    deposit: &str,
    before: Option<&Map<String, Value>>,
    now: Option<&Map<String, Value>>,
) {
    let listed = |deposit: Option<&Map<String, Value>>| -> BTreeSet<(CompanyEntity, String)> {
        let lines = deposit.and_then(|deposit| deposit.get("Line")?.as_array());
        let lines = lines.into_iter().flatten().filter_map(Value::as_object);
        lines
            .filter_map(linked_to)
            .map(|(entity, id)| (entity, id.to_owned()))
            .collect()
    };
    let (before, now) = (listed(before), listed(now));
    for (entity, id) in before.symmetric_difference(&now) {
        let Some(mut document) = world.object(*entity, id).cloned() else {
            continue;
        };
        let linked = document.get("LinkedTxn").and_then(Value::as_array);
        let mut linked = linked.cloned().unwrap_or_default();
        linked.retain(|link| link["TxnType"] != DEPOSIT);
        if now.contains(&(*entity, id.clone())) {
            linked.push(json!({ "TxnId": deposit, "TxnType": DEPOSIT }));
        }
        document.insert("LinkedTxn".into(), Value::Array(linked));
        world.replace(*entity, id, document, false);
    }
}

/// Whether the money of a document is in a deposit.
pub fn is_in_deposit(object: &Map<String, Value>) -> bool {
    deposit_of(object).is_some()
}

/// Takes a document out of every payment that points at it; the money becomes
/// unapplied, and credit that has nothing left to pay for goes back.
pub fn unlink(world: &mut CompanyWorld, entity: CompanyEntity, id: &str) {
    let payers = world
        .applied
        .get(&(entity, id.to_owned()))
        .cloned()
        .unwrap_or_else(BTreeMap::new);
    let Some(payer) = entity.settled_by() else {
        return;
    };
    let charge = match payer {
        CompanyEntity::BillPayment => CompanyEntity::Bill,
        _ => CompanyEntity::Invoice,
    };
    for payment in payers.into_keys() {
        let Some(mut object) = world.object(payer, &payment).cloned() else {
            continue;
        };
        let before = links_of(&object);
        let mut now: Vec<CompanyLink> = before
            .iter()
            .filter(|l| !(l.entity == entity && l.id == id))
            .cloned()
            .collect();
        let total = amount_of(&object, "TotalAmt");
        let credits = sum_of(&now, is_credit);
        trim(&mut now, |one| one == charge, total + credits);
        let charges = sum(&now, charge);
        trim(&mut now, is_credit, charges);
        let unapplied = total + sum_of(&now, is_credit) - sum(&now, charge);
        object.insert("Line".into(), as_lines(&now));
        if payer == CompanyEntity::Payment {
            object.insert("UnappliedAmt".into(), number(unapplied));
        }
        world.replace(payer, &payment, object, false);
        settle_payment(world, &payment, &before, &now);
    }
}

/// Cuts links of one kind from the end until they come to no more than `most`.
fn trim(links: &mut Vec<CompanyLink>, fits: impl Fn(CompanyEntity) -> bool, most: Decimal) {
    let mut over = sum_of(links, &fits) - most;
    for link in links.iter_mut().rev().filter(|l| fits(l.entity)) {
        let cut = over.max(Decimal::ZERO).min(link.amount);
        link.amount -= cut;
        over -= cut;
    }
    links.retain(|l| !l.amount.is_zero());
}

/// What a document adds to what its customer owes, or to what is owed to its vendor.
fn owed(entity: CompanyEntity, object: &Map<String, Value>) -> Decimal {
    let total = amount_of(object, "TotalAmt");
    match entity {
        CompanyEntity::Invoice | CompanyEntity::Bill => total,
        e if is_credit(e) || e.settles() => -total,
        _ => Decimal::ZERO,
    }
}

/// Moves the balances of customers and vendors by the difference that a write made.
pub fn settle_party(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    id: &str,
    before: Option<&Map<String, Value>>,
) {
    let mut moves: Vec<(String, Decimal)> = Vec::new();
    let party = party_field(entity);
    let kind = match party {
        "VendorRef" => CompanyEntity::Vendor,
        _ => CompanyEntity::Customer,
    };
    if let Some(old) = before
        && let Some(customer) = text_of(old, party)
    {
        moves.push((customer.to_owned(), -owed(entity, old)));
    }
    let row = world
        .any_row(entity, id)
        .filter(|r| r.state != CompanyState::Deleted);
    if let Some(now) = row.map(|r| r.object())
        && let Some(customer) = text_of(now, party)
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
        let Some(mut object) = world.object(kind, &customer).cloned() else {
            continue;
        };
        let balance = amount_of(&object, "Balance") + by;
        object.insert("Balance".into(), number(balance));
        if kind == CompanyEntity::Customer {
            object.insert("BalanceWithJobs".into(), number(balance));
        }
        world.replace(kind, &customer, object, false);
    }
}
