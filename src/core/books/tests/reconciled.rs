//! What must be true of any proof: a month in which everything is right has no difference, and whatever is put wrong is found, by its
//! name and to the cent, alone and among all other kinds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use super::ledger::{Ledger, map};
use super::months::{ORDERS, Seeded, april, cents, month};
use crate::books::reconciled::{
    Acceptance, BothSides, DifferenceCode, ExpectedDocument, HeldRecord, OrderSide, Proof,
    RememberedDocument, reconcile,
};
use crate::books::{Decision, account, account_afresh};
use crate::model::document::{Document, DocumentKey, DocumentKind, Marker, Role};
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::plan::Remote;
use crate::model::statement::{AccountEntry, StatedDocument, StatedLine};
use crate::model::ticket::{Found, FoundState};

fn ledger() -> Ledger {
    let mut ledger = Ledger::canadian();
    ledger.company.multicurrency = true;
    ledger.rules.deposit = map(&[("stripe", "Stripe Clearing"), ("*", "Stripe Clearing")]);
    ledger
}

/// A document as the books would state it.
fn stated(document: &Document, id: u64) -> StatedDocument {
    let mut tax: BTreeMap<String, Money> = BTreeMap::new();
    for amount in &document.tax {
        *tax.entry(amount.rate.clone()).or_default() += amount.amount;
    }
    tax.retain(|_, amount| !amount.is_zero());
    let marker = Marker {
        store: "aurora".into(),
        key: document.key,
        revision: 1,
    };
    StatedDocument {
        note: format!("order\n{marker}"),
        found: Found {
            remote: Remote {
                entity: document.kind.into(),
                id: id.to_string(),
                revision: "0".into(),
            },
            label: document.number.clone(),
            marker: Some(marker),
            customer: Some(format!("c{}", document.key.order().unwrap_or_default())),
            state: FoundState::Active,
            date: Some(document.date),
            currency: Some(document.currency.clone()),
            total: document.total,
            tax_total: document.tax_total,
            tax,
            exchange_rate: None,
            balance: None,
            unapplied: None,
            payments: Vec::new(),
            is_deposited: false,
            content: String::new(),
            trace: format!("as posted {}", document.key),
            words: BTreeMap::new(),
        },
        account: document.account.clone(),
        expense: None,
        open: None,
        lines: document
            .lines
            .iter()
            .map(|line| StatedLine {
                item: item(&line.item.0),
                amount: line.amount,
            })
            .collect(),
    }
}

/// As it is remembered.
fn posted(document: &Document) -> Posted {
    Posted {
        key: document.key,
        kind: document.kind,
        number: document.number.clone(),
        date: document.date,
        currency: document.currency.clone(),
        total: document.total,
        tax_total: document.tax_total,
        voided: false,
        fingerprint: None,
        document: None,
    }
}

fn item(key: &str) -> String {
    format!("item of {key}")
}

/// Both sides of a month in which everything is right.
pub fn both(orders: &[Order]) -> BothSides {
    let ledger = ledger();
    let mut sides = BothSides {
        shop: "aurora".into(),
        to: "quickbooks",
        first: april(1),
        last: april(30),
        orders: BTreeMap::new(),
        stated: Vec::new(),
        beyond: Vec::new(),
        unread: Vec::new(),
        elsewhere: Vec::new(),
        balances: BTreeMap::new(),
        entries: Some(Vec::new()),
        items: BTreeMap::new(),
        splits_tax_itself: false,
        home_currency: "CAD".into(),
        foreign_accounts: BTreeSet::new(),
        no_fees: BTreeMap::new(),
        clearing_accounts: BTreeSet::from(["Stripe Clearing".to_owned()]),
        income_accounts: BTreeSet::from(["Sales".to_owned()]),
        accepted: BTreeMap::new(),
    };
    let mut booked: BTreeMap<u64, Vec<Document>> = BTreeMap::new();
    for order in orders {
        let account = account(order, None, &[], &ledger.rules, &ledger.company);
        assert!(account.holds.is_empty(), "{:?}", account.holds);
        let documents = account.entries.into_iter().map(|entry| entry.document);
        booked.insert(order.id, documents.collect());
    }
    for (at, document) in booked.values().flatten().enumerate() {
        sides.stated.push(stated(document, 100 + at as u64));
        for line in &document.lines {
            sides.items.insert(line.item.clone(), item(&line.item.0));
        }
    }
    let paid: BTreeSet<u64> = booked
        .values()
        .flatten()
        .filter(|document| document.kind == DocumentKind::Payment)
        .filter_map(|document| document.key.order())
        .collect();
    for one in &mut sides.stated {
        let kind = one.found.remote.entity.document().expect("a document");
        let order = one
            .found
            .marker
            .as_ref()
            .and_then(|marker| marker.key.order());
        let is_settled = order.is_some_and(|order| paid.contains(&order));
        if matches!(kind, DocumentKind::Invoice | DocumentKind::CreditMemo) {
            one.open = Some(if is_settled {
                Money::ZERO
            } else {
                one.found.total
            });
        }
    }
    for order in orders {
        let posted: Vec<Posted> = booked[&order.id].iter().map(posted).collect();
        let account = account_afresh(order, None, &posted, &ledger.rules, &ledger.company);
        assert!(account.holds.is_empty(), "{:?}", account.holds);
        let expected = account.entries.into_iter().map(|entry| ExpectedDocument {
            is_void: entry.decision == Decision::Void,
            document: entry.document,
        });
        let remembered = sides.stated.iter().filter_map(|one| {
            let key = one.key_in("aurora")?;
            (key.order() == Some(order.id)).then(|| {
                let was = RememberedDocument {
                    id: one.found.remote.id.clone(),
                    date: one.found.date.expect("a date"),
                    total: one.found.total,
                    tax_total: one.found.tax_total,
                    revision: 1,
                    trace: one.found.trace.clone(),
                    is_settled: false,
                    was_moved: false,
                    customers: BTreeSet::new(),
                    exchange_rate: None,
                };
                (key, was)
            })
        });
        let side = OrderSide {
            number: order.number.clone(),
            days: BTreeSet::from([order.created_at.date_naive()]),
            remembered: remembered.collect(),
            expected: expected.collect(),
            ..OrderSide::default()
        };
        sides.orders.insert(order.id, side);
    }
    let entries: Vec<AccountEntry> = sides.stated.iter().filter_map(entry_of).collect();
    sides.entries = Some(entries);
    sides
}

/// What a document of ours leaves in the account that takes the money.
pub fn entry_of(one: &StatedDocument) -> Option<AccountEntry> {
    let kind = one.found.remote.entity.document()?;
    let is_back = matches!(kind, DocumentKind::RefundReceipt | DocumentKind::Purchase);
    Some(AccountEntry {
        date: one.found.date?,
        kind: kind.as_str().to_owned(),
        id: one.found.remote.id.clone(),
        number: one.found.label.clone(),
        account: one.account.clone()?,
        amount: if is_back {
            -one.found.total
        } else {
            one.found.total
        },
        other: String::new(),
        memo: String::new(),
    })
}

/// Code, order, what, and the cents.
type Told = (DifferenceCode, Option<u64>, String, Option<Money>);

pub fn told(proof: &Proof) -> BTreeSet<Told> {
    let differences = proof.differences.iter();
    differences
        .map(|one| (one.code, one.order, one.what.clone(), one.difference))
        .collect()
}

pub fn sale(sides: &mut BothSides, order: u64) -> &mut StatedDocument {
    let key = DocumentKey::of_order(order, Role::Sale);
    let mut all = sides.stated.iter_mut();
    all.find(|one| one.key_in("aurora") == Some(key))
        .expect("it was posted")
}

pub fn kind_of(sides: &mut BothSides, order: u64) -> DocumentKind {
    sale(sides, order)
        .found
        .remote
        .entity
        .document()
        .expect("a document")
}

/// Puts one thing wrong with an order, and says what must be told of it. `None`: this order cannot have it.
pub fn spoil(
    sides: &mut BothSides,
    code: DifferenceCode,
    order: u64,
    dice: &mut Seeded,
) -> Option<BTreeSet<Told>> {
    let by = cents(i64::try_from(1 + dice.below(300)).expect("small"));
    let is_receipt = kind_of(sides, order) == DocumentKind::SalesReceipt;
    let total = sale(sides, order).found.total;
    let one = |what: &str, by: Option<Money>| {
        Some(BTreeSet::from([(code, Some(order), what.to_owned(), by)]))
    };
    match code {
        DifferenceCode::MissingDocument => {
            let key = DocumentKey::of_order(order, Role::Sale);
            forget_entry(sides, order);
            sides.stated.retain(|one| one.key_in("aurora") != Some(key));
            one("total", Some(-total))
        }
        DifferenceCode::MissingOrder => {
            let side = sides.orders.get_mut(&order).expect("it is there");
            side.is_gone = true;
            side.expected.clear();
            let documents = sides.stated.iter();
            let of_it = documents.filter(|one| {
                one.key_in("aurora")
                    .is_some_and(|key| key.order() == Some(order))
            });
            let told =
                of_it.map(|one| (code, Some(order), "total".to_owned(), Some(one.found.total)));
            Some(told.collect())
        }
        DifferenceCode::Amount => {
            let stated = sale(sides, order);
            stated.found.total += by;
            stated.lines[0].amount += by;
            stated.found.trace = "edited".into();
            move_entry(sides, order, by);
            one("total", Some(by))
        }
        DifferenceCode::Tax => {
            let stated = sale(sides, order);
            stated.found.tax_total += by;
            *stated.found.tax.get_mut("GST 5%").expect("it has GST") += by;
            stated.lines[0].amount -= by;
            stated.found.trace = "edited".into();
            one("tax", Some(by))
        }
        DifferenceCode::TaxRateSwapped => {
            let tax = &mut sale(sides, order).found.tax;
            *tax.get_mut("GST 5%").expect("it has GST") += by;
            *tax.get_mut("PST BC 7%").expect("it has PST") -= by;
            Some(BTreeSet::from([
                (code, Some(order), "tax:GST 5%".to_owned(), Some(by)),
                (code, Some(order), "tax:PST BC 7%".to_owned(), Some(-by)),
            ]))
        }
        DifferenceCode::Day => {
            // Into the next month, where the period does not see it, or by a day.
            let away = if dice.below(2) == 0 { 1 } else { 40 };
            if away == 40 {
                forget_entry(sides, order);
            }
            let found = &mut sale(sides, order).found;
            found.date = found
                .date
                .and_then(|date| date.checked_add_days(Days::new(away)));
            if away == 40 {
                let key = DocumentKey::of_order(order, Role::Sale);
                let at = sides
                    .stated
                    .iter()
                    .position(|one| one.key_in("aurora") == Some(key));
                let moved = sides.stated.remove(at.expect("it is there"));
                sides.elsewhere.push(moved);
            }
            one("date", None)
        }
        DifferenceCode::Currency => {
            sale(sides, order).found.currency = Some("EUR".into());
            one("currency", None)
        }
        DifferenceCode::Account => {
            if !is_receipt {
                return None;
            }
            forget_entry(sides, order);
            sale(sides, order).account = Some("Chequing".into());
            one("account", None)
        }
        DifferenceCode::Edited => {
            let stated = sale(sides, order);
            stated.lines[0].amount += by;
            stated.lines[1].amount -= by;
            stated.found.trace = "edited".into();
            one("lines", None)
        }
        DifferenceCode::Voided => {
            forget_entry(sides, order);
            let found = &mut sale(sides, order).found;
            found.state = FoundState::Voided;
            found.total = Money::ZERO;
            found.tax_total = Money::ZERO;
            found.tax.clear();
            one("total", Some(-total))
        }
        DifferenceCode::DuplicateMarked | DifferenceCode::DuplicateByHand => {
            let mut copy = sale(sides, order).clone();
            copy.found.remote.id = format!("9{order}");
            copy.open = None;
            if code == DifferenceCode::DuplicateByHand {
                copy.found.marker = None;
                copy.found.label = format!("hand {order}");
                copy.found.date = copy
                    .found
                    .date
                    .and_then(|date| date.checked_add_days(Days::new(2)));
                copy.note.clear();
                // A person enters it where they like.
                copy.account = Some("Chequing".into());
            } else if let Some(entries) = &mut sides.entries {
                entries.extend(entry_of(&copy));
            }
            sides.stated.push(copy);
            one("total", Some(total))
        }
        DifferenceCode::IncomeTwice => {
            let stated = sale(sides, order).clone();
            if !is_receipt || stated.found.currency.as_deref() != Some("CAD") {
                return None;
            }
            let date = stated
                .found
                .date
                .and_then(|date| date.checked_add_days(Days::new(2)));
            let entries = sides.entries.as_mut().expect("the accounts were asked");
            entries.push(AccountEntry {
                date: date.expect("a day"),
                kind: "Deposit".into(),
                id: format!("7{order}"),
                number: String::new(),
                account: "Sales".into(),
                amount: -total,
                other: "Chequing".into(),
                memo: "STRIPE TRANSFER".into(),
            });
            Some(BTreeSet::from([(
                code,
                None,
                "account:Sales".to_owned(),
                Some(total),
            )]))
        }
        DifferenceCode::ForeignEntry => {
            let entries = sides.entries.as_mut().expect("the accounts were asked");
            entries.push(AccountEntry {
                date: april(12),
                kind: "JournalEntry".into(),
                id: format!("8{order}"),
                number: "J-1".into(),
                account: "Stripe Clearing".into(),
                amount: by,
                other: "Office".into(),
                memo: String::new(),
            });
            Some(BTreeSet::from([(
                code,
                None,
                "account:Stripe Clearing".to_owned(),
                Some(by),
            )]))
        }
    }
}

pub fn forget_entry(sides: &mut BothSides, order: u64) {
    let remote = sale(sides, order).found.remote.clone();
    let entries = sides.entries.as_mut().expect("the accounts were asked");
    entries
        .retain(|entry| (entry.kind.as_str(), &entry.id) != (remote.entity.as_str(), &remote.id));
}

fn move_entry(sides: &mut BothSides, order: u64, by: Money) {
    let remote = sale(sides, order).found.remote.clone();
    let entries = sides.entries.as_mut().expect("the accounts were asked");
    for entry in entries.iter_mut() {
        if (entry.kind.as_str(), &entry.id) == (remote.entity.as_str(), &remote.id) {
            entry.amount += by;
        }
    }
}

pub fn bytes(proof: &Proof) -> String {
    serde_json::to_string(proof).expect("a form")
}

#[test]
fn a_thousand_clean_months_raise_no_false_alarm() {
    for seed in 0..1_000 {
        let proof = reconcile(&both(&month(seed)));
        assert!(proof.is_clean(), "seed {seed}: {}", bytes(&proof));
        assert!(
            proof.totals.iter().all(|total| total.difference.is_zero()),
            "seed {seed}"
        );
        assert_eq!(proof.orders.compared, ORDERS);
        assert_eq!(proof.seen.posted, ORDERS);
    }
}

#[test]
fn each_kind_of_difference_alone_is_found_and_named_to_the_cent() {
    for code in DifferenceCode::ALL {
        let mut seen = 0;
        for seed in 0..40 {
            let mut dice = Seeded(seed);
            let mut sides = both(&month(seed));
            let order = 1_001 + dice.below(ORDERS);
            let Some(expected) = spoil(&mut sides, code, order, &mut dice) else {
                continue;
            };
            seen += 1;
            let proof = reconcile(&sides);
            assert_eq!(
                told(&proof),
                expected,
                "{code} seed {seed}: {}",
                bytes(&proof)
            );
            assert!(!proof.proven, "{code} seed {seed}");
            let hints = proof.differences.iter().all(|one| one.hint.contains('`'));
            assert!(hints, "{code}: {}", bytes(&proof));
        }
        assert!(seen > 10, "{code} was tried {seen} times");
    }
}

#[test]
fn all_kinds_together_over_five_hundred_seeds_are_each_found_to_the_cent() {
    let mut seen: BTreeMap<DifferenceCode, u32> = BTreeMap::new();
    for seed in 0..500 {
        let mut dice = Seeded(seed ^ 0xABCD);
        let mut sides = both(&month(seed));
        let mut expected = BTreeSet::new();
        for (at, code) in DifferenceCode::ALL.into_iter().enumerate() {
            let order = 1_001 + at as u64;
            if let Some(told) = spoil(&mut sides, code, order, &mut dice) {
                *seen.entry(code).or_default() += 1;
                expected.extend(told);
            }
        }
        let proof = reconcile(&sides);
        assert_eq!(told(&proof), expected, "seed {seed}: {}", bytes(&proof));
        assert!(!proof.proven);
    }
    assert_eq!(seen.len(), DifferenceCode::ALL.len());
    assert!(seen.values().all(|times| *times > 100), "{seen:?}");
}

#[test]
fn two_mistakes_that_make_a_right_sum_are_two_differences() {
    let mut sides = both(&month(3));
    let receipts: Vec<u64> = (1_001..=1_000 + ORDERS)
        .filter(|order| {
            kind_of(&mut sides, *order) == DocumentKind::SalesReceipt
                && sale(&mut sides, *order).found.currency.as_deref() == Some("CAD")
        })
        .take(2)
        .collect();
    for (order, by) in receipts.iter().zip([Money::CENT, -Money::CENT]) {
        let stated = sale(&mut sides, *order);
        stated.found.total += by;
        stated.lines[0].amount += by;
        move_entry(&mut sides, *order, by);
    }
    let proof = reconcile(&sides);
    assert!(
        proof.totals.iter().all(|total| total.difference.is_zero()),
        "the sums see nothing"
    );
    let amounts: Vec<_> = proof
        .differences
        .iter()
        .map(|one| (one.code, one.difference))
        .collect();
    assert_eq!(
        amounts,
        [
            (DifferenceCode::Amount, Some(Money::CENT)),
            (DifferenceCode::Amount, Some(-Money::CENT))
        ]
    );
    assert!(!proof.proven);
}

#[test]
fn the_same_sides_give_the_same_bytes_in_whatever_order_they_were_read() {
    let mut dice = Seeded(5);
    let mut sides = both(&month(5));
    for (at, code) in DifferenceCode::ALL.into_iter().enumerate() {
        spoil(&mut sides, code, 1_001 + at as u64, &mut dice);
    }
    let proof = reconcile(&sides);
    let mut other = sides.clone();
    other.stated.reverse();
    assert_eq!(bytes(&reconcile(&sides)), bytes(&proof));
    assert_eq!(bytes(&reconcile(&other)), bytes(&proof));
    assert_eq!(reconcile(&other).sheets, proof.sheets);
}

#[test]
fn an_acceptance_holds_until_a_figure_moves() {
    let mut sides = both(&month(7));
    let order = 1_004;
    spoil(&mut sides, DifferenceCode::Amount, order, &mut Seeded(1));
    let found = reconcile(&sides).differences[0].clone();
    let acceptance = Acceptance {
        who: "ann".into(),
        at: "2025-05-02T09:00:00Z".into(),
        why: "paid in cash".into(),
        covers: found.covers(),
    };
    sides.accepted.insert(found.id.clone(), acceptance.clone());
    let proof = reconcile(&sides);
    assert!(proof.proven && !proof.is_clean());
    assert_eq!(proof.differences[0].accepted, Some(acceptance.clone()));

    let stated = sale(&mut sides, order);
    stated.found.total += Money::CENT;
    stated.lines[0].amount += Money::CENT;
    move_entry(&mut sides, order, Money::CENT);
    let proof = reconcile(&sides);
    assert!(!proof.proven);
    assert_eq!(
        proof.differences[0].id, found.id,
        "it is the same difference"
    );
    assert_eq!(proof.differences[0].accepted, None);
    assert_eq!(proof.differences[0].lapsed, Some(acceptance));
}

#[test]
fn what_is_held_is_on_neither_side_and_keeps_the_month_from_being_clean() {
    let mut sides = both(&month(9));
    let order = 1_006;
    spoil(&mut sides, DifferenceCode::Amount, order, &mut Seeded(1));
    let side = sides.orders.get_mut(&order).expect("it is there");
    side.held.push(HeldRecord {
        subject: None,
        state: "held",
        problem: Some("F7K2".into()),
        code: "edited_after_posting".into(),
        message: "somebody must look".into(),
        hint: None,
    });
    let proof = reconcile(&sides);
    assert!(proof.proven, "{}", bytes(&proof));
    assert!(!proof.is_clean());
    assert_eq!(proof.held.len(), 1);
    assert!(proof.totals.iter().all(|total| total.difference.is_zero()));
    assert_eq!(proof.seen.held, 1);
}

#[test]
fn an_invoice_that_was_paid_in_the_books_alone_is_owed_on_one_side() {
    let mut sides = both(&month(11));
    let open = sides
        .stated
        .iter()
        .find(|one| one.open.is_some_and(Money::is_positive));
    let order = open
        .and_then(|one| one.key_in("aurora")?.order())
        .expect("an open invoice");
    let total = sale(&mut sides, order).found.total;
    sale(&mut sides, order).open = Some(Money::ZERO);
    let proof = reconcile(&sides);
    let owed = proof
        .differences
        .iter()
        .find(|one| one.what == "open")
        .expect("it is told");
    let back: Money = sides.orders[&order]
        .expected
        .iter()
        .filter(|one| one.document.kind == DocumentKind::CreditMemo)
        .map(|one| one.document.total)
        .sum();
    assert_eq!(owed.difference, Some(-total));
    assert_eq!(owed.shop, (total - back).to_string());
    let sum = proof
        .totals
        .iter()
        .find(|line| line.what == "open" && !line.difference.is_zero());
    assert_eq!(sum.map(|line| line.difference), Some(-total));
}
