//! What the bank's statements say: which lines of which documents were found on one, on which account.
//!
//! A mark stands beside the documents, per account, and not in them: a transfer can be reconciled at one end and not at the other.
//! Reconciled figures are kept as they were then, so that what somebody did to them afterwards can be told.

use super::entity::CompanyEntity;
use super::ledger::{self, LedgerEntry};
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far the bank and the books agree on one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankState {
    Cleared,
    /// Matched to a line of the bank feed: cleared, and refused to whoever wants to change it.
    Matched,
    Reconciled,
}

/// A mark, and the amount that it was given for: debit, in the currency of the account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BankMark {
    pub state: BankState,
    pub amount: Decimal,
}

/// The marks of one document, by account.
pub fn marks_of<'w>(
    world: &'w CompanyWorld,
    entity: CompanyEntity,
    id: &str,
) -> impl Iterator<Item = (&'w str, BankMark)> {
    let from = (entity, id.to_owned(), String::new());
    let id = id.to_owned();
    world
        .marks
        .range(from..)
        .take_while(move |((of, one, _), _)| *of == entity && *one == id)
        .map(|((_, _, account), mark)| (account.as_str(), *mark))
}

pub fn is(world: &CompanyWorld, entity: CompanyEntity, id: &str, state: BankState) -> bool {
    marks_of(world, entity, id).any(|(_, mark)| mark.state == state)
}

/// What a document moves on an account, as that account's statement would show it.
pub fn moved_on(world: &CompanyWorld, entry: &LedgerEntry, account: &str) -> Decimal {
    let of_account = world.object(CompanyEntity::Account, account);
    let lines = entry.lines.iter().filter(|line| line.account == account);
    lines
        .map(|line| ledger::in_currency_of(world, of_account, entry, line))
        .sum()
}

/// Whether an account has statements by its type: a bank's or a card's.
pub fn has_statements(world: &CompanyWorld, account: &str) -> bool {
    let kind = world
        .object(CompanyEntity::Account, account)
        .and_then(|account| super::figures::text_of(account, "AccountType"));
    matches!(kind, Some("Bank" | "Credit Card"))
}

/// By account: what was reconciled, and what the same lines come to now. A line that is gone comes to nothing.
pub fn reconciliations(world: &CompanyWorld) -> BTreeMap<String, (Decimal, Decimal)> {
    let mut sums: BTreeMap<String, (Decimal, Decimal)> = BTreeMap::new();
    for ((_, _, account), mark) in &world.marks {
        if mark.state == BankState::Reconciled {
            sums.entry(account.clone()).or_default().0 += mark.amount;
        }
    }
    for entry in ledger::entries(world) {
        for (account, mark) in marks_of(world, entry.entity, entry.id) {
            if mark.state == BankState::Reconciled {
                let (_, now) = sums.entry(account.to_owned()).or_default();
                *now += moved_on(world, &entry, account);
            }
        }
    }
    sums
}
