//! One write: create, update, delete or void of one object.
//!
//! A write is worked out completely before anything changes, so a refusal leaves
//! the world as it was. Whether the request may be made at all was decided before.

use super::bank::BankState;
use super::draft::{CompanyDraft, check_open};
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::fields;
use super::figures::{amount_of, number, text_of};
use super::links;
use super::schema;
use super::world::{CompanyState, CompanyWorld};
use super::{bank, bill_payment, bills, deposits, journals, ledger};
use super::{names, payment, persons, purchase, sales, transfers};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::str::FromStr;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompanyWork {
    Create,
    Update,
    Delete,
    Void,
}

impl CompanyWork {
    pub fn word(self) -> &'static str {
        match self {
            CompanyWork::Create => "create",
            CompanyWork::Update => "update",
            CompanyWork::Delete => "delete",
            CompanyWork::Void => "void",
        }
    }
}

pub struct CompanyJob {
    pub entity: CompanyEntity,
    pub work: CompanyWork,
    pub body: Value,
    pub allow_duplicate_number: bool,
    /// A bookkeeper at the screen may touch closed books and void what the API cannot.
    pub by_person: bool,
    /// How far the tax of a created sales form is to be off.
    pub tax_off: Option<Decimal>,
}

/// Does the work and answers with the object as the service shows it afterwards.
pub fn perform(world: &mut CompanyWorld, mut job: CompanyJob) -> CompanyDone<Value> {
    let fields = fields::of(job.entity)
        .ok_or_else(|| CompanyFault::unsupported(&format!("{} write", job.entity.name())))?;
    let Value::Object(body) = schema::without_nulls(job.body.take()) else {
        return Err(CompanyFault::unreadable("the body is not an object"));
    };
    let id = text_of(&body, "Id").map(str::to_owned);
    let old = match (job.work, &id) {
        (CompanyWork::Create, _) => None,
        (_, None) => return Err(CompanyFault::missing("Id")),
        (_, Some(id)) => world.row(job.entity, id).map(|r| r.object().clone()),
    };
    let home = world.company.home();
    let currency =
        text_of(&body, "CurrencyRef").or(old.as_ref().and_then(|o| text_of(o, "CurrencyRef")));
    schema::check(job.entity.name(), fields, &body, currency.unwrap_or(home))?;
    match (job.work, id) {
        (CompanyWork::Create, _) | (_, None) => create(world, &job, &body),
        (work, Some(id)) => {
            let state = world.wanted(job.entity, &id)?.state;
            let old = old.unwrap_or_default();
            let token =
                text_of(&body, "SyncToken").ok_or_else(|| CompanyFault::missing("SyncToken"))?;
            if Some(token) != text_of(&old, "SyncToken") {
                return Err(CompanyFault::stale());
            }
            check_free(world, &job, &id, &old)?;
            match work {
                CompanyWork::Delete => delete(world, &job, &id, &old),
                CompanyWork::Void => void(world, &job, &id, &old, state),
                _ => update(world, &job, &id, &old, &body, state),
            }
        }
    }
}

/// Refuses to touch what was brought to the bank, or matched there. A person may change what a deposit says beside its money.
fn check_free(
    world: &CompanyWorld,
    job: &CompanyJob,
    id: &str,
    old: &Map<String, Value>,
) -> CompanyDone<()> {
    let by_hand = job.by_person && job.work == CompanyWork::Update;
    if links::is_in_deposit(old) && !by_hand {
        return Err(CompanyFault::in_deposit());
    }
    if job.by_person {
        return Ok(());
    }
    let marked = |state| bank::is(world, job.entity, id, state);
    let protects = world.switches.protects_reconciled;
    if marked(BankState::Matched) || (protects && marked(BankState::Reconciled)) {
        return Err(CompanyFault::matched());
    }
    Ok(())
}

fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    match draft.entity {
        e if e.is_sales_form() => sales::build(world, draft),
        e if e.is_person() => persons::build(world, draft),
        CompanyEntity::Payment => payment::build(world, draft),
        CompanyEntity::Purchase => purchase::build(world, draft),
        CompanyEntity::Bill | CompanyEntity::VendorCredit => bills::build(world, draft),
        CompanyEntity::BillPayment => bill_payment::build(world, draft),
        CompanyEntity::Deposit => deposits::build(world, draft),
        CompanyEntity::Transfer => transfers::build(world, draft),
        CompanyEntity::JournalEntry => journals::build(world, draft),
        _ => names::build(world, draft),
    }
}

fn create(
    world: &mut CompanyWorld,
    job: &CompanyJob,
    body: &Map<String, Value>,
) -> CompanyDone<Value> {
    let entity = job.entity;
    let mut draft = CompanyDraft::new(entity, None, None, body, job.by_person);
    number_draft(world, &mut draft);
    let mut object = build(world, &draft)?;
    check_number(world, job, None, None, &object)?;
    if let Some(by) = job.tax_off.filter(|_| entity.is_sales_form()) {
        sales::shift_tax(&mut object, by);
    }
    let id = world.take_id(entity);
    object.insert("Id".into(), id.as_str().into());
    number_addresses(&mut object, &id);
    let made = world.insert(entity, object, false);
    if let Some(made) = made.as_object() {
        settle(world, entity, &id, None, made);
    }
    if entity == CompanyEntity::Invoice && world.company.auto_apply_credit {
        payment::auto_apply(world, &id);
    }
    Ok(world.row(entity, &id).map_or(made, |row| row.value()))
}

fn update(
    world: &mut CompanyWorld,
    job: &CompanyJob,
    id: &str,
    old: &Map<String, Value>,
    body: &Map<String, Value>,
    state: CompanyState,
) -> CompanyDone<Value> {
    let entity = job.entity;
    let touches = ["Line", "TotalAmt", "TxnTaxDetail"]
        .iter()
        .any(|f| body.contains_key(*f));
    if state == CompanyState::Voided && touches {
        return Err(CompanyFault::business(
            "A voided transaction cannot be given amounts again.",
        ));
    }
    let draft = CompanyDraft::new(entity, Some(id), Some(old), body, job.by_person);
    let mut object = build(world, &draft)?;
    check_number(world, job, Some(id), text_of(old, "DocNumber"), &object)?;
    if let Some(by) = job.tax_off.filter(|_| entity.is_sales_form()) {
        sales::shift_tax(&mut object, by);
    }
    number_addresses(&mut object, id);
    if same(old, &object) {
        return Ok(Value::Object(old.clone()));
    }
    const MONEY: [&str; 4] = ["TotalAmt", "Amount", "DepositToAccountRef", "CurrencyRef"];
    let moves = MONEY
        .iter()
        .any(|field| old.get(*field).map(normal) != object.get(*field).map(normal));
    if links::is_in_deposit(old) && moves {
        return Err(CompanyFault::in_deposit());
    }
    let made = world.replace(entity, id, object, true);
    if let Some(made) = made.as_object() {
        settle(world, entity, id, Some(old), made);
    }
    Ok(world.row(entity, id).map_or(made, |row| row.value()))
}

/// Whether an update came to nothing; numbers are compared by value.
fn same(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    const STAMPS: [&str; 5] = ["Id", "SyncToken", "MetaData", "domain", "sparse"];
    let plain = |m: &Map<String, Value>| -> Map<String, Value> {
        let kept = m.iter().filter(|(k, _)| !STAMPS.contains(&k.as_str()));
        kept.map(|(k, v)| (k.clone(), normal(v))).collect()
    };
    plain(old) == plain(new)
}

fn normal(value: &Value) -> Value {
    match value {
        Value::Number(_) => {
            super::figures::decimal(value).map_or(Value::Null, |d| d.normalize().to_string().into())
        }
        Value::Array(list) => list.iter().map(normal).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), normal(v))).collect(),
        other => other.clone(),
    }
}

fn settle(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    id: &str,
    old: Option<&Map<String, Value>>,
    now: &Map<String, Value>,
) {
    if entity.settles() {
        let before = old.map(links::links_of).unwrap_or_default();
        links::settle_payment(world, id, &before, &links::links_of(now));
    }
    if entity == CompanyEntity::Deposit {
        links::settle_deposit(world, id, old, Some(now));
    }
    if entity.is_document() {
        ledger::open_accounts(world, entity, now);
    }
    links::settle_party(world, entity, id, old);
}

/// Gives a number where the company does not number by hand, or where one is asked for.
fn number_draft(world: &mut CompanyWorld, draft: &mut CompanyDraft) {
    if !draft.entity.is_sales_form() {
        return;
    }
    let given = text_of(&draft.fields, "DocNumber");
    let asked = matches!(
        draft.entity,
        CompanyEntity::Invoice | CompanyEntity::SalesReceipt
    ) && (given == Some("AUTO_GENERATE")
        || draft.fields.get("AutoDocNumber") == Some(&Value::Bool(true)));
    if asked || (given.is_none() && !world.company.custom_txn_numbers) {
        const FORMS: [CompanyEntity; 4] = [
            CompanyEntity::Invoice,
            CompanyEntity::SalesReceipt,
            CompanyEntity::CreditMemo,
            CompanyEntity::RefundReceipt,
        ];
        while FORMS.iter().any(|e| {
            !world
                .having(*e, "DocNumber", &world.next_number.to_string())
                .is_empty()
        }) {
            world.next_number += 1;
        }
        draft
            .fields
            .insert("DocNumber".into(), world.next_number.to_string().into());
        world.next_number += 1;
    }
}

fn check_number(
    world: &CompanyWorld,
    job: &CompanyJob,
    id: Option<&str>,
    old: Option<&str>,
    object: &Map<String, Value>,
) -> CompanyDone<()> {
    let Some(number) = text_of(object, "DocNumber") else {
        return Ok(());
    };
    let is_bill = job.entity == CompanyEntity::Bill;
    let watched = (job.entity.is_sales_form() || is_bill)
        && world.company.warn_duplicate_numbers
        && !job.allow_duplicate_number;
    if !watched || old == Some(number) {
        return Ok(());
    }
    // Each vendor numbers its own bills.
    let is_same = |other: &String| {
        let theirs = world.object(job.entity, other);
        Some(other.as_str()) != id
            && (!is_bill
                || theirs.and_then(|one| text_of(one, "VendorRef")) == text_of(object, "VendorRef"))
    };
    match world
        .having(job.entity, "DocNumber", number)
        .into_iter()
        .find(is_same)
    {
        Some(other) => Err(CompanyFault::duplicate_number(number, job.entity, &other)),
        None => Ok(()),
    }
}

/// Addresses get an id of their own; it plays no other part here.
fn number_addresses(object: &mut Map<String, Value>, id: &str) {
    for field in ["BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryAddr"] {
        if let Some(Value::Object(address)) = object.get_mut(field) {
            address.entry("Id").or_insert(id.into());
        }
    }
}

fn check_day(world: &CompanyWorld, job: &CompanyJob, old: &Map<String, Value>) -> CompanyDone<()> {
    let day = text_of(old, "TxnDate").and_then(|t| NaiveDate::from_str(t).ok());
    match day {
        Some(day) if !job.by_person => check_open(world, day),
        _ => Ok(()),
    }
}

fn delete(
    world: &mut CompanyWorld,
    job: &CompanyJob,
    id: &str,
    old: &Map<String, Value>,
) -> CompanyDone<Value> {
    let entity = job.entity;
    if !entity.is_document() {
        return Err(CompanyFault::unsupported(&format!(
            "delete of {}",
            entity.name()
        )));
    }
    check_day(world, job, old)?;
    release(world, entity, id, old);
    world.set_state(entity, id, CompanyState::Deleted);
    links::settle_party(world, entity, id, Some(old));
    Ok(json!({ "domain": "QBO", "status": "Deleted", "Id": id }))
}

/// Lets go of everything a document is linked with.
fn release(world: &mut CompanyWorld, entity: CompanyEntity, id: &str, old: &Map<String, Value>) {
    match entity {
        e if e.settles() => links::settle_payment(world, id, &links::links_of(old), &[]),
        e if e.settled_by().is_some() => links::unlink(world, entity, id),
        CompanyEntity::Deposit => links::settle_deposit(world, id, Some(old), None),
        _ => {}
    }
}

fn void(
    world: &mut CompanyWorld,
    job: &CompanyJob,
    id: &str,
    old: &Map<String, Value>,
    state: CompanyState,
) -> CompanyDone<Value> {
    let entity = job.entity;
    let by_api = matches!(
        entity,
        CompanyEntity::Invoice
            | CompanyEntity::SalesReceipt
            | CompanyEntity::Payment
            | CompanyEntity::BillPayment
    );
    // These can be voided at the screen; the rest can only be deleted, by anybody.
    let at_screen = matches!(
        entity,
        CompanyEntity::CreditMemo
            | CompanyEntity::RefundReceipt
            | CompanyEntity::Purchase
            | CompanyEntity::Transfer
    );
    if !(by_api || (at_screen && job.by_person)) {
        return Err(CompanyFault::unsupported(&format!(
            "void of {}",
            entity.name()
        )));
    }
    check_day(world, job, old)?;
    if state == CompanyState::Voided {
        return Ok(Value::Object(old.clone()));
    }
    release(world, entity, id, old);
    // Letting go may have changed the document, so its present form is emptied.
    let mut object = world.object(entity, id).cloned().unwrap_or_default();
    empty(entity, &mut object);
    let made = world.replace(entity, id, object, true);
    world.set_state(entity, id, CompanyState::Voided);
    links::settle_party(world, entity, id, Some(old));
    Ok(made)
}

fn empty(entity: CompanyEntity, object: &mut Map<String, Value>) {
    for field in [
        "TotalAmt",
        "HomeTotalAmt",
        "Balance",
        "HomeBalance",
        "RemainingCredit",
        "UnappliedAmt",
        "Amount",
    ] {
        if object.contains_key(field) {
            object.insert(field.into(), 0.into());
        }
    }
    if entity.settles() {
        object.insert("Line".into(), json!([]));
    }
    let lines = object.get_mut("Line").and_then(Value::as_array_mut);
    for line in lines.into_iter().flatten().filter_map(Value::as_object_mut) {
        if line.contains_key("Amount") {
            line.insert("Amount".into(), number(amount_of(&Map::new(), "Amount")));
        }
        if let Some(detail) = line
            .get_mut("SalesItemLineDetail")
            .and_then(Value::as_object_mut)
        {
            detail.remove("UnitPrice");
            if detail.contains_key("Qty") {
                detail.insert("Qty".into(), 0.into());
            }
        }
    }
    if object.contains_key("TxnTaxDetail") {
        object.insert("TxnTaxDetail".into(), json!({ "TotalTax": 0 }));
    }
    if object.contains_key("LinkedTxn") {
        object.insert("LinkedTxn".into(), json!([]));
    }
    let note = text_of(object, "PrivateNote").filter(|n| !n.is_empty());
    let note = note.map_or("Voided".to_owned(), |n| format!("Voided - {n}"));
    object.insert(
        "PrivateNote".into(),
        note.chars().take(4000).collect::<String>().into(),
    );
}
