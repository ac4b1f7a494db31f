//! What stands on the accounts that money goes through: a bank, a clearing account, a credit card.
//!
//! Worked out from the documents whenever accounts are read, so that it cannot drift from them. Income, expenses, tax and what
//! customers owe have no balance here: they would need a general ledger, and nobody asks an account for them. A deposit is no
//! document here, so it moves nothing.

use super::entity::CompanyEntity;
use super::figures::{amount_of, number, text_of};
use super::world::{CompanyState, CompanyWorld};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What came in, less what went out, by account and currency: in that currency, and in that of the company.
type Moved<'w> = HashMap<(&'w str, &'w str), (Decimal, Decimal)>;

/// Puts the balance of today into accounts that are about to be shown.
pub fn put_on(world: &CompanyWorld, accounts: &mut [Value]) {
    let moved = moved(world);
    for account in accounts.iter_mut().filter_map(Value::as_object_mut) {
        let balance = number(balance_of(account, &moved, world));
        account.insert("CurrentBalanceWithSubAccounts".into(), balance.clone());
        account.insert("CurrentBalance".into(), balance);
    }
}

fn moved(world: &CompanyWorld) -> Moved<'_> {
    let mut moved = Moved::new();
    for (entity, field, comes_in) in [
        (CompanyEntity::SalesReceipt, "DepositToAccountRef", true),
        (CompanyEntity::Payment, "DepositToAccountRef", true),
        (CompanyEntity::RefundReceipt, "DepositToAccountRef", false),
        (CompanyEntity::Purchase, "AccountRef", false),
    ] {
        let rows = world.tables.get(&entity).into_iter();
        for row in rows.flat_map(|table| table.rows.values()) {
            let document = row.object();
            let Some(account) = text_of(document, field) else {
                continue;
            };
            if row.state == CompanyState::Deleted {
                continue;
            }
            // A purchase with this flag gives money back.
            let is_credit = document.get("Credit") == Some(&Value::Bool(true));
            let sign = Decimal::from(if comes_in != is_credit { 1 } else { -1 });
            let currency = text_of(document, "CurrencyRef").unwrap_or(world.company.home());
            let (own, home) = moved.entry((account, currency)).or_default();
            *own += sign * amount_of(document, "TotalAmt");
            *home += sign * amount_of(document, "HomeTotalAmt");
        }
    }
    moved
}

fn balance_of(account: &Map<String, Value>, moved: &Moved<'_>, world: &CompanyWorld) -> Decimal {
    let id = text_of(account, "Id").unwrap_or_default();
    let currency = text_of(account, "CurrencyRef").unwrap_or(world.company.home());
    let of_account = moved.iter().filter(|((of, _), _)| *of == id);
    let balance: Decimal = of_account
        // What reached it in another currency was turned into that of the company.
        .map(|((_, paid_in), (own, home))| if *paid_in == currency { own } else { home })
        .sum();
    // What is owed to a bank for a card is shown as what is owed.
    match text_of(account, "AccountType") {
        Some("Credit Card") => -balance,
        _ => balance,
    }
}
