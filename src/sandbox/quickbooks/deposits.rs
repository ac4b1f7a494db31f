//! Deposits: what waited in Undeposited Funds is brought to the bank, and money that comes from elsewhere with it.
//!
//! A line names a document, whole and without a detail, or an account. A document that is in a deposit says so, and nobody can
//! change it until the deposit lets it go. Cash back and tax are not imitated.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{decimal, number, rounded, text_of};
use super::ledger::{self, LedgerChart};
use super::lines::CompanyIds;
use super::links;
use super::world::{CompanyState, CompanyWorld};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What the service takes from Undeposited Funds.
const TAKEN: [CompanyEntity; 4] = [
    CompanyEntity::Payment,
    CompanyEntity::SalesReceipt,
    CompanyEntity::JournalEntry,
    CompanyEntity::Transfer,
];

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    draft.require("DepositToAccountRef")?;
    draft.require("Line")?;
    let account = draft.follow(world, CompanyEntity::Account, "DepositToAccountRef")?;
    let home = world.company.home();
    // A foreign bank account decides by itself in what currency it is paid into.
    let theirs = account
        .and_then(|account| text_of(account, "CurrencyRef"))
        .filter(|theirs| *theirs != home);
    let mut currency = draft.currency(world, None)?;
    if let Some(theirs) = theirs {
        if text_of(&draft.fields, "CurrencyRef").is_some_and(|sent| sent != theirs) {
            return Err(CompanyFault::foreign_account());
        }
        currency = theirs.to_owned();
    }
    draft.money_account(
        world,
        "DepositToAccountRef",
        &["Bank", "Other Current Asset"],
        &currency,
    )?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;
    let mut out = Map::new();
    for field in ["PrivateNote", "TransactionLocationType"] {
        if let Some(value) = draft.fields.get(field) {
            out.insert(field.into(), value.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    draft.name_reference(
        world,
        &mut out,
        CompanyEntity::Account,
        "DepositToAccountRef",
    )?;
    let rate = draft.put_currency(world, &mut out, &currency)?;
    let (lines, total) = lines(world, draft, &currency)?;
    if total < Decimal::ZERO {
        return Err(CompanyFault::business(
            "Transaction amount must be 0 or greater.",
        ));
    }
    out.insert("Line".into(), Value::Array(lines));
    out.insert("TotalAmt".into(), number(total));
    if let Some(rate) = rate {
        out.insert("HomeTotalAmt".into(), number(rounded(total * rate, home)));
    }
    Ok(out)
}

fn lines(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    currency: &str,
) -> CompanyDone<(Vec<Value>, Decimal)> {
    let sent = draft.fields.get("Line").and_then(Value::as_array);
    let sent = sent
        .filter(|lines| !lines.is_empty())
        .ok_or_else(|| CompanyFault::missing("Line"))?;
    let chart = LedgerChart::of(world);
    let mut ids = CompanyIds::new(world, draft);
    let (mut out, mut total) = (Vec::new(), Decimal::ZERO);
    let mut seen = HashSet::new();
    for line in sent.iter().filter_map(Value::as_object) {
        let amount = line
            .get("Amount")
            .and_then(decimal)
            .ok_or_else(|| CompanyFault::missing("Amount"))?;
        let is_linked = line
            .get("LinkedTxn")
            .and_then(Value::as_array)
            .is_some_and(|links| !links.is_empty());
        let built = if is_linked {
            let (entity, id) = links::linked_to(line)
                .ok_or_else(|| CompanyFault::cannot_link("it is of the wrong type"))?;
            if !seen.insert((entity, id)) {
                return Err(CompanyFault::cannot_link("it is in this deposit twice"));
            }
            linked(world, draft, &chart, line, currency)?
        } else {
            let mut built = plain(world, draft, line, amount)?;
            ids.put(line, &mut built, out.len() + 1);
            built
        };
        total += amount;
        out.push(Value::Object(built));
    }
    Ok((out, total))
}

/// A line that takes a document: whole, waiting, and in no other deposit.
fn linked(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    chart: &LedgerChart,
    line: &Map<String, Value>,
    currency: &str,
) -> CompanyDone<Map<String, Value>> {
    let refuse = |why: &str| Err(CompanyFault::cannot_link(why));
    let Some((entity, id)) = links::linked_to(line).filter(|(entity, _)| TAKEN.contains(entity))
    else {
        return refuse("it is of a kind that no deposit takes");
    };
    if line.contains_key("DetailType") || line.contains_key("DepositLineDetail") {
        return Err(CompanyFault::business(
            "Select a bank account for this deposit.",
        ));
    }
    let place = line["LinkedTxn"][0]["TxnLineId"].as_str();
    if place.is_none() {
        return Err(CompanyFault::missing("TxnLineId"));
    }
    let row = world
        .row(entity, id)
        .filter(|row| row.state == CompanyState::Active);
    let Some(row) = row else {
        return refuse("it does not exist");
    };
    let inside = links::deposit_of(row.object());
    if inside.is_some() && inside != draft.id {
        return refuse("it is in another deposit");
    }
    let Some(from) = ledger::waiting(world, chart, entity, id) else {
        return refuse("it is of a kind that no deposit takes");
    };
    if from.account != chart.undeposited && !draft.by_person {
        return refuse("its money is not in Undeposited Funds");
    }
    if from.currency != currency {
        return refuse("it is in another currency");
    }
    if line.get("Amount").and_then(decimal) != Some(from.amount) {
        return refuse(&format!("its whole amount is {}", from.amount));
    }
    let mut out = Map::new();
    for field in ["Amount", "LinkedTxn"] {
        out.insert(field.into(), line.get(field).cloned().unwrap_or_default());
    }
    Ok(out)
}

/// A line that names an account: money from elsewhere, or a fee that was kept back.
fn plain(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    line: &Map<String, Value>,
    amount: Decimal,
) -> CompanyDone<Map<String, Value>> {
    const DETAIL: &str = "DepositLineDetail";
    if text_of(line, "DetailType") != Some(DETAIL) {
        return Err(CompanyFault::missing("DetailType"));
    }
    let detail = line.get(DETAIL).and_then(Value::as_object);
    let mut detail = detail.ok_or_else(|| CompanyFault::missing(DETAIL))?.clone();
    let may = draft.by_person || world.switches.negative_deposit_lines;
    if amount < Decimal::ZERO && !may {
        return Err(CompanyFault::negative("Amount"));
    }
    let id = text_of(&detail, "AccountRef").map(str::to_owned);
    let id = id.ok_or_else(|| CompanyFault::missing("AccountRef"))?;
    let account = world.follow(CompanyEntity::Account, &detail, "AccountRef")?;
    let kind = account.and_then(|account| text_of(account, "AccountType"));
    if matches!(kind, Some("Accounts Receivable" | "Accounts Payable")) {
        return Err(CompanyFault::wrong_account("AccountRef"));
    }
    detail.insert(
        "AccountRef".into(),
        world.reference(CompanyEntity::Account, &id),
    );
    let mut out = Map::new();
    if let Some(text) = line.get("Description") {
        out.insert("Description".into(), text.clone());
    }
    out.insert("Amount".into(), number(amount));
    out.insert("DetailType".into(), DETAIL.into());
    out.insert(DETAIL.into(), Value::Object(detail));
    Ok(out)
}
