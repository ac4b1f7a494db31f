//! Journal entries: debits and credits as a bookkeeper writes them.
//!
//! Tax on their lines is not imitated.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{decimal, number, text_of};
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

const DETAIL: &str = "JournalEntryLineDetail";

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    draft.require("Line")?;
    let currency = draft.currency(world, None)?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;
    let mut out = Map::new();
    for field in ["DocNumber", "PrivateNote", "TransactionLocationType"] {
        if let Some(value) = draft.fields.get(field) {
            out.insert(field.into(), value.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    let adjusts = draft.fields.get("Adjustment") == Some(&Value::Bool(true));
    out.insert("Adjustment".into(), adjusts.into());
    draft.put_currency(world, &mut out, &currency)?;
    out.insert("Line".into(), Value::Array(lines(world, draft, &currency)?));
    out.insert("TxnTaxDetail".into(), json!({}));
    if let Some(linked) = draft.old.and_then(|old| old.get("LinkedTxn")) {
        out.insert("LinkedTxn".into(), linked.clone());
    }
    Ok(out)
}

fn lines(world: &CompanyWorld, draft: &CompanyDraft, currency: &str) -> CompanyDone<Vec<Value>> {
    let sent = draft.fields.get("Line").and_then(Value::as_array);
    let sent = sent.ok_or_else(|| CompanyFault::missing("Line"))?;
    let known = draft.old.and_then(|old| old.get("Line")?.as_array());
    let mut known: Vec<&str> = known
        .into_iter()
        .flatten()
        .filter_map(|line| line.get("Id")?.as_str())
        .collect();
    // Lines are numbered from 0 here, and a number that was given is not given again.
    let row = draft.id.and_then(|id| world.row(draft.entity, id));
    let mut next = row.map_or(0, |row| row.lines + 1);
    let (mut debits, mut credits, mut owed) = (Decimal::ZERO, Decimal::ZERO, 0);
    let mut out = Vec::new();
    for line in sent.iter().filter_map(Value::as_object) {
        let mut built = Map::new();
        let own = text_of(line, "Id").and_then(|id| known.iter().position(|one| *one == id));
        let id = match own {
            Some(place) => known.remove(place).to_owned(),
            None => {
                next += 1;
                (next - 1).to_string()
            }
        };
        built.insert("Id".into(), id.into());
        if let Some(text) = line.get("Description") {
            built.insert("Description".into(), text.clone());
        }
        let kind = text_of(line, "DetailType");
        built.insert(
            "DetailType".into(),
            kind.ok_or_else(|| CompanyFault::missing("DetailType"))?
                .into(),
        );
        if kind == Some(DETAIL) {
            let amount = line
                .get("Amount")
                .and_then(decimal)
                .ok_or_else(|| CompanyFault::missing("Amount"))?;
            if amount < Decimal::ZERO {
                return Err(CompanyFault::negative("Amount"));
            }
            let detail = line.get(DETAIL).and_then(Value::as_object);
            let detail = detail.ok_or_else(|| CompanyFault::missing(DETAIL))?;
            match text_of(detail, "PostingType") {
                Some("Debit") => debits += amount,
                Some("Credit") => credits += amount,
                _ => return Err(CompanyFault::missing("PostingType")),
            }
            let (detail, is_owed) = posting(world, detail, currency)?;
            owed += usize::from(is_owed);
            built.insert("Amount".into(), number(amount));
            built.insert(DETAIL.into(), Value::Object(detail));
        }
        out.push(Value::Object(built));
    }
    if out.len() < 2 {
        return Err(CompanyFault::missing("Line"));
    }
    if debits != credits {
        return Err(CompanyFault::out_of_balance(debits, credits));
    }
    if owed > 1 {
        return Err(CompanyFault::business(
            "Only one Accounts Receivable or Accounts Payable line is allowed in a journal entry.",
        ));
    }
    Ok(out)
}

/// One posting with its account named, and whether it is on what is owed: by a customer or to a vendor, who must be named.
fn posting(
    world: &CompanyWorld,
    detail: &Map<String, Value>,
    currency: &str,
) -> CompanyDone<(Map<String, Value>, bool)> {
    let id = text_of(detail, "AccountRef").ok_or_else(|| CompanyFault::missing("AccountRef"))?;
    let account = world.follow(CompanyEntity::Account, detail, "AccountRef")?;
    let of = |field: &str| account.and_then(|account| text_of(account, field));
    let home = world.company.home();
    if of("CurrencyRef").is_some_and(|theirs| theirs != home && theirs != currency) {
        return Err(CompanyFault::foreign_account());
    }
    let party = detail.get("Entity").and_then(Value::as_object);
    let kind = party.and_then(|party| text_of(party, "Type"));
    let mut built = detail.clone();
    built.insert(
        "AccountRef".into(),
        world.reference(CompanyEntity::Account, id),
    );
    if let (Some(party), Some(kind)) = (party, kind.and_then(CompanyEntity::exact)) {
        world.follow(kind, party, "EntityRef")?;
        let whose = text_of(party, "EntityRef").unwrap_or_default();
        built.insert(
            "Entity".into(),
            json!({ "Type": kind.name(), "EntityRef": world.reference(kind, whose) }),
        );
    }
    let needed = match of("AccountType") {
        Some("Accounts Receivable") => Some("Customer"),
        Some("Accounts Payable") => Some("Vendor"),
        _ => None,
    };
    if needed.is_some() && kind != needed {
        return Err(CompanyFault::business(
            "When you use Accounts Receivable or Accounts Payable, you must choose a customer or a vendor in the Name field.",
        ));
    }
    Ok((built, needed.is_some()))
}
