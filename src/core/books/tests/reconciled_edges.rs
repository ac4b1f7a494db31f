//! What must be true of a proof at its edges: what moves behind an acceptance, across the ends of a month, in months that were closed, and
//! in orders that nobody can read.

use std::collections::BTreeSet;

use chrono::Days;

use super::months::{ORDERS, Seeded, april, month};
use super::reconciled::{both, bytes, entry_of, forget_entry, kind_of, sale, spoil};
use crate::books::reconciled::{
    Acceptance, BothSides, DifferenceCode, HeldRecord, OrderSide, reconcile,
};
use crate::model::document::{DocumentKey, DocumentKind, Marker, Role};
use crate::model::money::Money;
use crate::model::statement::{AccountEntry, StatedDocument};

/// Leaves every difference as it is now.
fn accept_all(sides: &mut BothSides) {
    for one in reconcile(sides).differences {
        let acceptance = Acceptance {
            who: "ann".into(),
            at: "2025-05-02T09:00:00Z".into(),
            why: "looked at".into(),
            covers: one.covers(),
        };
        sides.accepted.insert(one.id, acceptance);
    }
    assert!(reconcile(sides).proven);
}

fn receipt(sides: &mut BothSides, currency: &str) -> u64 {
    (1_001..=1_000 + ORDERS)
        .find(|order| {
            kind_of(sides, *order) == DocumentKind::SalesReceipt
                && sale(sides, *order).found.currency.as_deref() == Some(currency)
        })
        .expect("a receipt")
}

#[test]
fn what_was_accepted_covers_nothing_that_moves_behind_it() {
    type Change = fn(&mut StatedDocument);
    let spoiled: [(DifferenceCode, Change); 5] = [
        // Accepted is another total; then the tax moves inside of it.
        (DifferenceCode::Amount, |stated| {
            stated.found.tax_total += Money::CENT;
        }),
        // Accepted is another total; then a line goes to another item.
        (DifferenceCode::Amount, |stated| {
            stated.lines[0].amount -= Money::CENT;
            stated.lines[1].amount += Money::CENT;
        }),
        // Accepted is another tax; then it stands at another rate.
        (DifferenceCode::Tax, |stated| {
            let tax = &mut stated.found.tax;
            *tax.get_mut("GST 5%").expect("GST") -= Money::CENT;
            *tax.get_mut("PST BC 7%").expect("PST") += Money::CENT;
        }),
        // Accepted is another day; then the lines are changed.
        (DifferenceCode::Day, |stated| {
            stated.lines[0].amount -= Money::CENT;
            stated.lines[1].amount += Money::CENT;
            stated.found.trace = "edited".into();
        }),
        // Accepted is another currency; then the total moves.
        (DifferenceCode::Currency, |stated| {
            stated.found.total += Money::CENT;
        }),
    ];
    for (at, (code, change)) in spoiled.into_iter().enumerate() {
        let mut sides = both(&month(21));
        let order = receipt(&mut sides, "CAD");
        sides.entries = None;
        spoil_near(&mut sides, code, order);
        accept_all(&mut sides);
        change(sale(&mut sides, order));
        let proof = reconcile(&sides);
        assert!(!proof.proven, "{at} {code}: {}", bytes(&proof));
    }
}

/// Puts one thing wrong, and leaves the document in the period.
fn spoil_near(sides: &mut BothSides, code: DifferenceCode, order: u64) {
    if code == DifferenceCode::Day {
        let found = &mut sale(sides, order).found;
        found.date = found.date.and_then(|date| date.succ_opt());
    } else {
        sides.entries = Some(Vec::new());
        spoil(sides, code, order, &mut Seeded(1)).expect("it can have that");
        sides.entries = None;
    }
}

#[test]
fn what_is_owed_is_told_beside_whatever_else_differs() {
    let mut sides = both(&month(11));
    let open = sides
        .stated
        .iter()
        .find(|one| one.open.is_some_and(Money::is_positive));
    let order = open
        .and_then(|one| one.key_in("aurora")?.order())
        .expect("an open invoice");
    spoil(&mut sides, DifferenceCode::Edited, order, &mut Seeded(1));
    let stated = sale(&mut sides, order);
    stated.found.total += Money::CENT;
    stated.open = Some(stated.found.total);
    // The cent of the total explains the cent that is owed.
    let proof = reconcile(&sides);
    assert!(
        proof.differences.iter().all(|one| one.what != "open"),
        "{}",
        bytes(&proof)
    );
    accept_all(&mut sides);
    sale(&mut sides, order).open = Some(Money::ZERO);
    let proof = reconcile(&sides);
    assert!(!proof.proven);
    assert!(
        proof.open().any(|one| one.what == "open"),
        "{}",
        bytes(&proof)
    );
}

#[test]
fn sums_that_what_was_accepted_does_not_explain_are_not_proven() {
    let mut sides = both(&month(5));
    let order = receipt(&mut sides, "CAD");
    spoil_near(&mut sides, DifferenceCode::Day, order);
    accept_all(&mut sides);
    // A document of an order that nobody has read.
    let mut stray = sale(&mut sides, order).clone();
    let key = DocumentKey::of_order(77_777, Role::Sale);
    stray.found.marker = Some(Marker {
        store: "aurora".into(),
        key,
        revision: 1,
    });
    stray.found.remote.id = "77777".into();
    sides.stated.push(stray);
    assert!(!reconcile(&sides).proven);
}

#[test]
fn an_order_that_cannot_be_read_is_held_whatever_day_it_was_changed_on() {
    let unreadable = || HeldRecord {
        subject: None,
        state: "held",
        problem: None,
        code: "order_unreadable".into(),
        message: "it makes no sense at `total`".into(),
        hint: None,
    };
    let mut sides = both(&month(5));
    let odd = OrderSide {
        number: "1900".into(),
        // Long after the period.
        days: BTreeSet::from([april(30).checked_add_days(Days::new(60)).expect("a day")]),
        is_unclear: true,
        held: vec![unreadable()],
        ..OrderSide::default()
    };
    sides.orders.insert(1_900, odd);
    let proof = reconcile(&sides);
    assert!(!proof.is_clean());
    assert_eq!((proof.held.len(), proof.held[0].order), (1, Some(1_900)));
    sides.orders.remove(&1_900);
    sides.unread.push(unreadable());
    let proof = reconcile(&sides);
    assert!(!proof.is_clean());
    assert_eq!((proof.held.len(), proof.held[0].order), (1, None));
}

/// Both sides of a time that ends, or begins, right at the sale of an order.
fn ending_at(sides: &mut BothSides, order: u64, is_end: bool) {
    let day = sale(sides, order).found.date.expect("a day");
    match is_end {
        true => sides.last = day,
        false => sides.first = day.succ_opt().expect("a day"),
    }
    let (first, last) = (sides.first, sides.last);
    let (inside, outside) = std::mem::take(&mut sides.stated)
        .into_iter()
        .partition(|one| {
            one.found
                .date
                .is_some_and(|day| first <= day && day <= last)
        });
    sides.stated = inside;
    sides.beyond = outside;
}

#[test]
fn a_copy_on_the_other_side_of_a_months_edge_is_seen_from_both() {
    for code in [
        DifferenceCode::DuplicateByHand,
        DifferenceCode::DuplicateMarked,
    ] {
        let mut ids = BTreeSet::new();
        for is_end in [true, false] {
            let mut sides = both(&month(8));
            let order = receipt(&mut sides, "CAD");
            sides.entries = None;
            let total = sale(&mut sides, order).found.total;
            let mut copy = sale(&mut sides, order).clone();
            copy.found.remote.id = format!("9{order}");
            copy.found.date = copy.found.date.and_then(|day| day.succ_opt());
            if code == DifferenceCode::DuplicateByHand {
                copy.found.marker = None;
                copy.found.label = format!("hand {order}");
                copy.note.clear();
            }
            sides.stated.push(copy);
            ending_at(&mut sides, order, is_end);
            let proof = reconcile(&sides);
            let found = proof.differences.iter().find(|one| one.code == code);
            let found = found.unwrap_or_else(|| panic!("{code} {is_end}: {}", bytes(&proof)));
            assert_eq!(found.difference, Some(total));
            ids.insert(found.id.clone());
            assert!(!proof.proven);
        }
        assert_eq!(ids.len(), 1, "{code}: one is accepted once");
    }
}

#[test]
fn a_line_of_the_bank_after_the_edge_is_matched_with_a_sale_before_it() {
    let mut sides = both(&month(8));
    let order = receipt(&mut sides, "CAD");
    let stated = sale(&mut sides, order).clone();
    let line = AccountEntry {
        date: stated
            .found
            .date
            .and_then(|day| day.succ_opt())
            .expect("a day"),
        kind: "Deposit".into(),
        id: "71".into(),
        number: String::new(),
        account: "Sales".into(),
        amount: -stated.found.total,
        other: "Chequing".into(),
        memo: "STRIPE TRANSFER".into(),
    };
    sides.entries.as_mut().expect("asked").push(line);
    ending_at(&mut sides, order, false);
    let proof = reconcile(&sides);
    let codes: Vec<DifferenceCode> = proof.differences.iter().map(|one| one.code).collect();
    assert_eq!(codes, [DifferenceCode::IncomeTwice], "{}", bytes(&proof));
    // It is a matter of the time that it is dated in, and of no other.
    let mut sides = both(&month(8));
    let line = AccountEntry {
        date: april(30).succ_opt().expect("a day"),
        kind: "JournalEntry".into(),
        id: "72".into(),
        number: String::new(),
        account: "Stripe Clearing".into(),
        amount: Money::CENT,
        other: String::new(),
        memo: String::new(),
    };
    sides.entries.as_mut().expect("asked").push(line);
    assert!(reconcile(&sides).is_clean());
}

#[test]
fn what_was_posted_on_the_first_open_day_is_explained_in_both_months() {
    let order = {
        let mut sides = both(&month(8));
        receipt(&mut sides, "CAD")
    };
    let moved = |is_remembered: bool| {
        let mut sides = both(&month(8));
        let stated = sale(&mut sides, order);
        let own = stated.found.date.expect("a day");
        let open = april(30).succ_opt().expect("a day");
        stated.found.date = Some(open);
        if !is_remembered {
            stated.note = format!(
                "Dated {own}, which lies in a closed period\n{}",
                stated.note
            );
        }
        forget_entry(&mut sides, order);
        let key = DocumentKey::of_order(order, Role::Sale);
        let side = sides.orders.get_mut(&order).expect("it is there");
        match is_remembered {
            true => {
                let was = side.remembered.get_mut(&key).expect("it was posted");
                was.date = open;
                was.was_moved = true;
            }
            false => {
                side.remembered.remove(&key);
            }
        }
        let at = sides
            .stated
            .iter()
            .position(|one| one.key_in("aurora") == Some(key));
        let moved = sides.stated.remove(at.expect("it is there"));
        (sides, moved)
    };
    for is_remembered in [true, false] {
        let (mut sides, stated) = moved(is_remembered);
        let total = stated.found.total;
        sides.beyond.push(stated.clone());
        let april_proof = reconcile(&sides);
        assert!(april_proof.is_clean(), "{}", bytes(&april_proof));
        assert_eq!(april_proof.moved.len(), 1);
        assert_eq!(april_proof.moved[0].total, total);
        // The month that it went to has it on both sides.
        sides.first = april(30).succ_opt().expect("a day");
        sides.last = sides.first.checked_add_days(Days::new(29)).expect("a day");
        sides.beyond.clear();
        sides.stated = vec![stated.clone()];
        sides.entries = Some(entry_of(&stated).into_iter().collect());
        sides.orders.retain(|id, _| *id == order);
        let may = reconcile(&sides);
        assert!(may.is_clean(), "{}", bytes(&may));
        let sales = may
            .totals
            .iter()
            .find(|line| line.what == "sales")
            .expect("sales");
        assert_eq!((sales.shop, sales.books), (total, total));
        assert_eq!(may.moved.len(), 1);
        // A person who dates it anew afterwards is told of.
        sides.stated[0].found.date = Some(april(30));
        sides.first = april(1);
        sides.stated[0].note.clear();
        assert!(!reconcile(&sides).proven);
    }
}

#[test]
fn another_rate_and_another_customer_are_differences() {
    let mut sides = both(&month(8));
    let order = receipt(&mut sides, "USD");
    let key = DocumentKey::of_order(order, Role::Sale);
    {
        let side = sides.orders.get_mut(&order).expect("it is there");
        let was = side.remembered.get_mut(&key).expect("it was posted");
        was.customers = BTreeSet::from(["c1".to_owned(), "c2".to_owned()]);
        was.exchange_rate = "1.35".parse().ok();
    }
    let stated = sale(&mut sides, order);
    stated.found.customer = Some("c2".into());
    stated.found.exchange_rate = "1.3500".parse().ok();
    assert!(reconcile(&sides).is_clean());
    let stated = sale(&mut sides, order);
    stated.found.customer = Some("c9".into());
    stated.found.exchange_rate = "1.36".parse().ok();
    let proof = reconcile(&sides);
    let told: Vec<_> = proof
        .differences
        .iter()
        .map(|one| (one.code, one.what.as_str(), one.books.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (DifferenceCode::Currency, "exchange_rate", "1.36"),
            (DifferenceCode::Edited, "customer", "customer c9"),
        ]
    );
}
