//! Entries: what stands in the accounts that we post to, and that no document of ours explains.
//!
//! A gateway's account holds what came in and what was paid out. Whatever else somebody enters there makes its balance something that
//! nobody can check. And a line of the bank that was added as income, instead of matched, counts the same sales twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::model::document::{DocumentKey, DocumentKind, Marker};
use crate::model::money::Money;
use crate::model::statement::{AccountEntry, StatedDocument};

use super::StatedIndex;
use super::difference::{DifferenceCode, DifferenceDraft};
use super::orders::Compared;
use super::sides::BothSides;

/// The bank shows a payment so many days later at most.
const DAYS_APART: i64 = 5;

pub(super) fn find(sides: &BothSides, index: &StatedIndex<'_>, compared: &mut Compared) {
    let Some(entries) = &sides.entries else {
        return;
    };
    let marked = marked(sides);
    let mut of_document: BTreeMap<(&str, &str, &str), Money> = BTreeMap::new();
    for entry in entries {
        let place = (
            entry.kind.as_str(),
            entry.id.as_str(),
            entry.account.as_str(),
        );
        *of_document.entry(place).or_default() += entry.amount;
    }
    // What is told of already, as a copy by hand, is not told a second time.
    let told: BTreeSet<String> = compared
        .differences
        .iter()
        .filter_map(|draft| draft.document.clone())
        .collect();
    // What is neither an order's document nor of its kinds carries our mark in its note.
    let is_ours = |entry: &AccountEntry| {
        Marker::find(&entry.memo).is_some_and(|marker| marker.store == sides.shop)
    };
    for entry in entries {
        // What lies around the period is there to be matched with.
        if !sides.covers(entry.date)
            || is_ours(entry)
            || marked.contains_key(&(entry.kind.as_str(), entry.id.as_str()))
            || told.contains(&named(entry))
        {
            continue;
        }
        if sides.clearing_accounts.contains(&entry.account) {
            if !is_payout(entry) {
                compared.differences.push(foreign(sides, entry));
            }
        } else if sides.income_accounts.contains(&entry.account)
            // A sale by hand may well be as much as some payout.
            && ["Deposit", "JournalEntry"].contains(&entry.kind.as_str())
            && let Some(of) = counted_before(sides, entries, entry)
        {
            compared.differences.push(twice(sides, entry, &of));
        }
    }
    not_in_the_ledger(sides, index, &of_document, compared);
}

/// Everything in the period that carries a mark of some shop, by kind and id: another shop may post to the same accounts.
fn marked(sides: &BothSides) -> BTreeMap<(&str, &str), &StatedDocument> {
    let with_mark = sides.stated.iter().filter(|one| one.found.marker.is_some());
    with_mark
        .map(|one| {
            let remote = &one.found.remote;
            ((remote.entity.as_str(), remote.id.as_str()), one)
        })
        .collect()
}

/// Money that leaves for the bank is what such an account is for.
fn is_payout(entry: &AccountEntry) -> bool {
    entry.amount.is_negative() && ["Transfer", "Deposit"].contains(&entry.kind.as_str())
}

fn named(entry: &AccountEntry) -> String {
    format!("{}/{}", entry.kind, entry.id)
}

fn draft(sides: &BothSides, code: DifferenceCode, entry: &AccountEntry) -> DifferenceDraft {
    DifferenceDraft {
        code,
        key: None,
        order: None,
        number: None,
        document: Some(named(entry)),
        document_number: Some(entry.number.clone()).filter(|number| !number.is_empty()),
        what: format!("account:{}", entry.account),
        currency: sides.home_currency.clone(),
        shop: Money::ZERO.to_string(),
        books: String::new(),
        difference: None,
        cause: String::new(),
        hint: String::new(),
        beside: String::new(),
    }
}

fn foreign(sides: &BothSides, entry: &AccountEntry) -> DifferenceDraft {
    DifferenceDraft {
        books: entry.amount.to_string(),
        difference: Some(entry.amount),
        cause: format!(
            "somebody entered it on {} in `{}`, which takes the money of the shop alone",
            entry.date, entry.account
        ),
        hint:
            "move it to another account in QuickBooks, or `udsync reconcile accept {id} --why TEXT`"
                .to_owned(),
        ..draft(sides, DifferenceCode::ForeignEntry, entry)
    }
}

fn twice(sides: &BothSides, entry: &AccountEntry, of: &str) -> DifferenceDraft {
    DifferenceDraft {
        books: (-entry.amount).to_string(),
        difference: Some(-entry.amount),
        cause: format!(
            "{} of {} was {} as income in `{}` instead of matched: the same money as {of}",
            match entry.kind.as_str() {
                "Deposit" => "a line of the bank",
                kind => kind,
            },
            entry.date,
            match entry.kind.as_str() {
                "Deposit" => "added",
                _ => "entered",
            },
            entry.account
        ),
        hint: "undo it in the bank feed of QuickBooks and match it there; or `udsync reconcile accept {id} --why TEXT`"
            .to_owned(),
        ..draft(sides, DifferenceCode::IncomeTwice, entry)
    }
}

/// What the same amount is already: a payout, or a sale of ours.
fn counted_before(
    sides: &BothSides,
    entries: &[AccountEntry],
    deposit: &AccountEntry,
) -> Option<String> {
    let near = |day: NaiveDate| (deposit.date - day).num_days().abs() <= DAYS_APART;
    let amount = -deposit.amount;
    if !amount.is_positive() {
        return None;
    }
    let payout = entries.iter().find(|entry| {
        sides.clearing_accounts.contains(&entry.account)
            && is_payout(entry)
            && (&entry.kind, &entry.id) != (&deposit.kind, &deposit.id)
            && -entry.amount == amount
            && near(entry.date)
    });
    if let Some(payout) = payout {
        return Some(format!("{} from `{}`", named(payout), payout.account));
    }
    // A sale that somebody entered is told as a copy of ours, if it is one.
    if deposit.kind != "Deposit" {
        return None;
    }
    let same = sides.stated.iter().chain(&sides.beyond).filter(|one| {
        let found = &one.found;
        let key = one.key_in(&sides.shop);
        key.is_some_and(|key: DocumentKey| key.order().is_some())
            && !one.is_voided()
            && one.account.is_some()
            && found.total == amount
            && found.currency.as_deref() == Some(sides.home_currency.as_str())
            && found.date.is_some_and(near)
    });
    same.min_by_key(|one| super::age(one)).map(super::reference)
}

/// Whether the account has what the document says that it brought there.
fn not_in_the_ledger(
    sides: &BothSides,
    index: &StatedIndex<'_>,
    of_document: &BTreeMap<(&str, &str, &str), Money>,
    compared: &mut Compared,
) {
    for (key, same) in &index.by_key {
        let Some(order) = key
            .order()
            .and_then(|id| sides.orders.get(&id).map(|one| (id, one)))
        else {
            continue;
        };
        if order.1.is_held(key) {
            continue;
        }
        for stated in same.iter().filter(|stated| !stated.is_voided()) {
            let (remote, found) = (&stated.found.remote, &stated.found);
            let Some(account) = &stated.account else {
                continue;
            };
            let is_home = found.currency.as_deref() == Some(sides.home_currency.as_str());
            if !is_home
                || sides.foreign_accounts.contains(account)
                || !sides.clearing_accounts.contains(account)
            {
                continue;
            }
            let says = match remote.entity.document() {
                Some(DocumentKind::RefundReceipt | DocumentKind::Purchase) => -found.total,
                _ => found.total,
            };
            let place = (remote.entity.as_str(), remote.id.as_str(), account.as_str());
            let has = of_document.get(&place).copied().unwrap_or_default();
            if has == says {
                continue;
            }
            compared.differences.push(DifferenceDraft {
                code: DifferenceCode::Account,
                key: Some(*key),
                order: Some(order.0),
                number: Some(order.1.number.clone()),
                document: Some(super::reference(stated)),
                document_number: Some(found.label.clone()),
                what: format!("account:{account}"),
                currency: sides.home_currency.clone(),
                shop: says.to_string(),
                books: has.to_string(),
                difference: Some(has - says),
                cause: format!("the document says `{account}`, and the account's own list says otherwise"),
                hint: format!("open `{account}` in QuickBooks and look at {}; or `udsync reconcile accept {{id}} --why TEXT`", super::reference(stated)),
                beside: String::new(),
            });
        }
    }
}
