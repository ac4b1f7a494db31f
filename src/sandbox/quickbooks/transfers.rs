//! Transfers: money that goes from one account of the company to another.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, number, text_of};
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

const ENDS: [&str; 2] = ["FromAccountRef", "ToAccountRef"];

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    for field in ["FromAccountRef", "ToAccountRef", "Amount"] {
        draft.require(field)?;
    }
    let amount = amount_of(&draft.fields, "Amount");
    if amount < Decimal::ZERO {
        return Err(CompanyFault::negative("Amount"));
    }
    if amount.is_zero() {
        return Err(CompanyFault::business("You must set a transaction amount"));
    }
    let home = world.company.home();
    let mut out = Map::new();
    let mut currencies = Vec::new();
    for field in ENDS {
        let account = draft.follow(world, CompanyEntity::Account, field)?;
        let account = account.ok_or_else(|| CompanyFault::missing(field))?;
        if text_of(account, "Classification") != Some("Asset")
            || text_of(account, "AccountType") == Some("Accounts Receivable")
        {
            return Err(CompanyFault::wrong_account(field));
        }
        currencies.push(text_of(account, "CurrencyRef").unwrap_or(home));
        draft.name_reference(world, &mut out, CompanyEntity::Account, field)?;
    }
    if text_of(&out, ENDS[0]) == text_of(&out, ENDS[1]) {
        return Err(CompanyFault::business(
            "The accounts of a transfer must be different.",
        ));
    }
    if currencies[0] != currencies[1] && !world.switches.transfers_between_currencies {
        return Err(CompanyFault::foreign_account());
    }
    // Between two currencies it is in the foreign one, and the rate says what arrives at the other end.
    let theirs = *currencies
        .iter()
        .find(|code| **code != home)
        .unwrap_or(&home);
    let sent = text_of(&draft.fields, "CurrencyRef");
    if sent.is_some_and(|sent| sent != theirs) {
        return Err(CompanyFault::foreign_account());
    }
    let day = draft.day(world)?;
    draft.check_open(world, day)?;
    out.insert("TxnDate".into(), day.to_string().into());
    out.insert("Amount".into(), number(amount));
    draft.put_currency(world, &mut out, theirs)?;
    if let Some(note) = draft.fields.get("PrivateNote") {
        out.insert("PrivateNote".into(), note.clone());
    }
    if let Some(linked) = draft.old.and_then(|old| old.get("LinkedTxn")) {
        out.insert("LinkedTxn".into(), linked.clone());
    }
    Ok(out)
}
