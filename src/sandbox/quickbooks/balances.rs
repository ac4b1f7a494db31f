//! What stands on accounts today, as the list of accounts shows it: out of the general ledger.
//!
//! Income and expenses show nothing there, as with the service; reports say what they come to.

use super::entity::CompanyEntity;
use super::figures::{number, text_of};
use super::ledger;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Puts the balance of today into accounts that are about to be shown.
pub fn put_on(world: &CompanyWorld, accounts: &mut [Value]) {
    let moved = moved(world);
    for account in accounts.iter_mut().filter_map(Value::as_object_mut) {
        let balance = number(balance_of(account, &moved));
        account.insert("CurrentBalanceWithSubAccounts".into(), balance.clone());
        account.insert("CurrentBalance".into(), balance);
    }
}

/// What was debited, by account, in the currency of each.
fn moved(world: &CompanyWorld) -> HashMap<String, Decimal> {
    let mut moved: HashMap<String, Decimal> = HashMap::new();
    for entry in ledger::entries(world) {
        for line in &entry.lines {
            let account = world.object(CompanyEntity::Account, &line.account);
            *moved.entry(line.account.clone()).or_default() +=
                ledger::in_currency_of(world, account, &entry, line);
        }
    }
    moved
}

fn balance_of(account: &Map<String, Value>, moved: &HashMap<String, Decimal>) -> Decimal {
    if !ledger::is_carried(account) {
        return Decimal::ZERO;
    }
    let id = text_of(account, "Id").unwrap_or_default();
    let debit = moved.get(id).copied().unwrap_or_default();
    // What is owed is shown as what is owed.
    if ledger::grows_by_debit(account) {
        debit
    } else {
        -debit
    }
}
