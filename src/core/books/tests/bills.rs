//! Bills, and every mode of fees mixed within a month: whatever an account went through, the clearing account ends at what the service
//! still owes, no fee is posted twice and none is missed, and nothing stays open between the company and its vendor.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::months::Seeded;
use super::payouts::{Month, at, company, gained, of_orders, payout, plan, row, rules, waiting};
use crate::books::payouts::*;
use crate::model::company::Company;
use crate::model::document::{Document, DocumentKind, LineKind};
use crate::model::money::Money;
use crate::model::payout::{
    Payout, PayoutOwner, PayoutRow, PayoutRowKind, PayoutStatus, RowsKnown,
};
use crate::model::rules::{GatewayFees, Rules};

const MODES: [GatewayFees; 3] = [GatewayFees::Expense, GatewayFees::Payout, GatewayFees::Bill];

/// What a document does to what is owed to the vendor.
fn owed(document: &Document) -> Money {
    match document.kind {
        DocumentKind::Bill => document.total,
        DocumentKind::VendorCredit | DocumentKind::BillPayment => -document.total,
        _ => Money::ZERO,
    }
}

/// What a document books as fees.
fn fees_in(document: &Document) -> Money {
    let lines = document.lines.iter();
    let fees: Money = lines
        .filter(|line| line.kind == LineKind::GatewayFee)
        .map(|line| line.amount)
        .sum();
    match document.kind {
        DocumentKind::Deposit | DocumentKind::VendorCredit => -fees,
        _ => fees,
    }
}

/// A month with everything that an account can go through, and what was made by hand besides.
struct WideMonth {
    month: Month,
    company: Company,
    rules: Rules,
    /// By the number of the payout.
    modes: Vec<GatewayFees>,
    by_hand: Vec<Payout>,
    foreign: Vec<(Payout, Vec<PayoutRow>)>,
}

impl WideMonth {
    fn of(seed: u64) -> WideMonth {
        let mut month = Month::of(seed);
        let mut dice = Seeded(seed ^ 0x5eed);
        let mut made = WideMonth {
            company: company(),
            rules: rules(GatewayFees::Bill),
            modes: Vec::new(),
            by_hand: Vec::new(),
            foreign: Vec::new(),
            month: Month::of(seed),
        };
        for (number, (payout, _)) in month.payouts.iter_mut().enumerate() {
            // Over two months, so that there are two bills.
            let day = i64::try_from(number).expect("small") * 9 + 1;
            payout.arrives = at(day).date_naive();
            made.modes
                .push(MODES[usize::try_from(dice.below(3)).expect("small")]);
        }
        // A payout that the bank did not take, and the next one that brings it.
        for number in 1..month.payouts.len() {
            if dice.below(4) > 0 || month.payouts[number - 1].0.status != PayoutStatus::Paid {
                continue;
            }
            let (failed, _) = &mut month.payouts[number - 1];
            failed.status = PayoutStatus::Failed;
            let (amount, id) = (failed.amount, failed.id.clone());
            let (next, rows) = &mut month.payouts[number];
            let mut back = row(format!("txn_b{number}"), PayoutRowKind::Returned, 0, 0, 3);
            back.amount = amount;
            back.source = Some(id);
            next.amount += amount;
            rows.push(back);
        }
        // What somebody paid out by hand takes money and has no rows; what is in another currency waits for a person.
        for number in 0..dice.below(3) {
            let number = usize::try_from(number).expect("small");
            let mut by_hand = payout(100 + number, Money::cents(713), 4);
            by_hand.rows_known = RowsKnown::Never;
            made.by_hand.push(by_hand);
            let mut foreign = payout(200 + number, Money::cents(900), 6);
            foreign.currency = "EUR".to_owned();
            let mut charge = row(format!("txn_e{number}"), PayoutRowKind::Charge, 950, 50, 6);
            charge.currency = "EUR".to_owned();
            charge.owner = PayoutOwner::Elsewhere("https://other.example.com".to_owned());
            made.foreign.push((foreign, vec![charge]));
        }
        if dice.below(3) == 0 {
            in_yen(&mut month, &mut made.company);
            made.by_hand.clear();
        }
        made.month = month;
        made
    }

    /// What the account still holds.
    fn balance(&self) -> Money {
        let by_hand: Money = self.by_hand.iter().map(|one| one.amount).sum();
        // The last payout failed, and nobody has brought its money yet.
        let last = self.month.payouts.last();
        let back = last.filter(|(payout, _)| payout.status == PayoutStatus::Failed);
        let back = back.map_or(Money::ZERO, |(payout, _)| payout.amount);
        let open: Money = self.month.open.iter().map(PayoutRow::net).sum();
        open - by_hand + back
    }
}

/// The same month where money has no cents.
fn in_yen(month: &mut Month, company: &mut Company) {
    let hundredfold = |amount: &mut Money| *amount = (0..100).map(|_| *amount).sum();
    company.home_currency = "JPY".to_owned();
    for order in month.orders.values_mut() {
        hundredfold(&mut order.total);
        if order.currency == "CAD" {
            order.currency = "JPY".to_owned();
        }
        if let Some(fee) = &mut order.gateway_fee {
            hundredfold(&mut fee.amount);
        }
        for refund in &mut order.refunds {
            hundredfold(&mut refund.amount);
        }
    }
    let in_payouts = month.payouts.iter_mut().flat_map(|(_, rows)| rows);
    for row in in_payouts.chain(&mut month.open) {
        hundredfold(&mut row.amount);
        hundredfold(&mut row.fee);
        row.currency = "JPY".to_owned();
        if let Some(charged) = &mut row.charged {
            hundredfold(&mut charged.amount);
        }
    }
    for (payout, _) in &mut month.payouts {
        hundredfold(&mut payout.amount);
        payout.currency = "JPY".to_owned();
    }
}

fn as_sides<'a>(
    month: &'a Month,
    payout: &'a Payout,
    rows: &'a [PayoutRow],
    singly: &'a BTreeMap<u64, Money>,
) -> PayoutSides<'a> {
    PayoutSides {
        payout,
        rows,
        orders: &month.orders,
        fees_posted: singly,
        posted: None,
    }
}

/// The orders whose fee was posted by itself: all that say it of the payouts of that mode, and some others.
fn posted_by_order(wide: &WideMonth, dice: &mut Seeded) -> BTreeMap<u64, Money> {
    let mut singly = BTreeMap::new();
    for ((_, rows), mode) in wide.month.payouts.iter().zip(&wide.modes) {
        for order in rows.iter().filter_map(PayoutRow::order) {
            let fee = wide.month.orders[&order].gateway_fee.as_ref();
            if let Some(fee) = fee
                && (*mode == GatewayFees::Expense || dice.below(5) == 0)
            {
                singly.insert(order, fee.amount);
            }
        }
    }
    singly
}

/// What the state file knows of a payout that was posted with these documents.
fn posted(payout: &Payout, documents: &[Document]) -> Option<PostedPayout> {
    let mut known = PostedPayout::default();
    for document in documents {
        match document.kind {
            DocumentKind::Transfer => {
                known.has_transfer = true;
                known.amount = -gained(document);
                known.is_to_be_billed = is_to_be_billed(document);
            }
            _ => {
                known.fees += fees_in(document);
                let kinds = document.lines.iter().map(|line| line.kind);
                known.has_fees |= kinds.into_iter().any(|kind| kind == LineKind::GatewayFee);
                known
                    .covers
                    .extend(document.applies_to.iter().filter_map(|one| one.to.order()));
            }
        }
    }
    let is_there = !documents.is_empty() || (known.has_transfer && payout.amount.is_zero());
    is_there.then_some(known)
}

/// P1 to P5 as the program compares them, after each payout that is entered: of what stands, and of the account.
fn equations_hold(
    wide: &WideMonth,
    singly: &BTreeMap<u64, Money>,
    of_payouts: &[Vec<Document>],
) -> Result<(), TestCaseError> {
    let month = &wide.month;
    let all: Vec<Option<PostedPayout>> = month
        .payouts
        .iter()
        .zip(of_payouts)
        .map(|((payout, _), documents)| posted(payout, documents))
        .collect();
    for ((payout, rows), known) in month.payouts.iter().zip(&all) {
        let sides = PayoutSides {
            posted: known.as_ref(),
            ..as_sides(month, payout, rows, singly)
        };
        let check = check_payout(&sides);
        prop_assert!(check.holds(), "{:?}", check);
        let state = |name: &str| {
            check
                .equations
                .iter()
                .find(|one| one.name == name)
                .expect("it is compared")
                .state
        };
        prop_assert_eq!(state("P1"), EquationState::Holds);
        let has_transfer = known.as_ref().is_some_and(|known| known.has_transfer);
        prop_assert_eq!(state("P5") == EquationState::Holds, has_transfer);
        if known.as_ref().is_some_and(|known| known.has_fees) {
            prop_assert_eq!(state("P3"), EquationState::Holds);
        }
    }
    let mut clearing = of_orders(month) - singly.values().copied().sum::<Money>();
    let by_hand: Money = wide.by_hand.iter().map(|one| one.amount).sum();
    for entered in 0..=all.len() {
        let left = month.payouts[entered..].iter().map(|(payout, _)| payout);
        let under_way: Money = left
            .filter(|one| one.status.has_left())
            .map(|one| one.amount)
            .sum();
        let in_payouts = month
            .payouts
            .iter()
            .enumerate()
            .flat_map(|(at, (_, rows))| rows.iter().map(move |row| (at, row)));
        let open = month.open.iter().map(|row| (all.len(), row));
        let not_there: Money = in_payouts
            .chain(open)
            .map(|(at, row)| {
                let own_fee = row.order().is_some_and(|order| singly.contains_key(&order));
                let known = all
                    .get(at)
                    .filter(|_| at < entered)
                    .and_then(Option::as_ref);
                unbooked(row, own_fee, known, false)
            })
            .sum();
        let found = equation(
            "P4",
            "",
            wide.balance() + under_way + by_hand - not_there,
            clearing,
        );
        prop_assert_eq!(
            found.state,
            EquationState::Holds,
            "after {} payouts: {:?}",
            entered,
            found
        );
        let next: Money = of_payouts
            .get(entered)
            .into_iter()
            .flatten()
            .map(gained)
            .sum();
        clearing += next;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn however_fees_are_posted_the_account_ends_at_what_is_owed_and_each_fee_is_posted_once(seed in any::<u64>()) {
        let wide = WideMonth::of(seed);
        let month = &wide.month;
        let mut dice = Seeded(seed ^ 0xfee);
        let singly = posted_by_order(&wide, &mut dice);
        let mut documents: Vec<Document> = Vec::new();
        let mut of_payouts: Vec<Vec<Document>> = Vec::new();
        let mut bills: BTreeMap<(BillMonth, u32), Vec<(&Payout, PayoutFees)>> = BTreeMap::new();
        let (mut kept, mut in_books) = (Money::ZERO, Money::ZERO);
        for ((payout, rows), mode) in month.payouts.iter().zip(&wide.modes) {
            let mut rules = wide.rules.clone();
            rules.policy.gateway_fees = *mode;
            let sides = as_sides(month, payout, rows, &singly);
            let check = check_payout(&sides);
            prop_assert!(check.holds(), "{:?}", check);
            let planned = account_payout(&sides, &rules, &wide.company);
            prop_assert_eq!(&planned.hold, &None);
            let mut transfers = planned.entries.iter().map(|entry| &entry.document).filter(|one| one.kind == DocumentKind::Transfer);
            let to_bank: Money = transfers.clone().map(|one| -gained(one)).sum();
            let arrived = match payout.status { PayoutStatus::Failed => Money::ZERO, _ => payout.amount };
            prop_assert_eq!(to_bank, arrived, "the bank's line, exactly");
            prop_assert_eq!(transfers.any(is_to_be_billed), *mode == GatewayFees::Bill && !arrived.is_zero());
            kept += rows.iter().filter(|row| !matches!(row.owner, PayoutOwner::Elsewhere(_))).map(PayoutRow::fee_share).sum();
            if *mode == GatewayFees::Bill {
                // What was held for a while comes on the second bill of its month.
                let number = 1 + u32::from(dice.below(4) == 0);
                let of_bill = bills.entry((BillMonth::of(payout), number)).or_default();
                of_bill.push((payout, PayoutFees::of(&sides)));
            }
            of_payouts.push(planned.entries.into_iter().map(|entry| entry.document).collect());
        }
        equations_hold(&wide, &singly, &of_payouts)?;
        documents.extend(of_payouts.into_iter().flatten());
        for ((of, number), payouts) in &bills {
            let mut numbers = Vec::new();
            for entry in bill(of, *number, payouts, &wide.rules, &wide.company).expect("nothing is in the way") {
                let document = entry.document;
                prop_assert_eq!(document.date, of.last());
                prop_assert!(document.number.chars().count() <= 21 || document.kind.is_numberless(), "{}", document.number);
                if document.kind != DocumentKind::BillPayment {
                    prop_assert_eq!(document.total, document.lines.iter().map(|line| line.amount).sum::<Money>());
                    prop_assert!(document.total.is_positive());
                }
                numbers.push(document.number.clone());
                documents.push(document);
            }
            let before = numbers.len();
            numbers.sort();
            numbers.dedup();
            prop_assert_eq!(numbers.len(), before, "no number twice");
        }
        for by_hand in &wide.by_hand {
            let planned = plan(month, by_hand, &[], &singly, &wide.rules);
            prop_assert_eq!(planned.entries.len(), 1);
            documents.extend(planned.entries.into_iter().map(|entry| entry.document));
        }
        for (foreign, rows) in &wide.foreign {
            let planned = plan(month, foreign, rows, &singly, &wide.rules);
            prop_assert!(planned.entries.is_empty());
            prop_assert!(planned.hold.is_some_and(|reason| reason.code == "payout_foreign"));
        }
        let mut clearing = of_orders(month) - singly.values().copied().sum::<Money>();
        let mut open = Money::ZERO;
        for document in &documents {
            clearing += gained(document);
            open += owed(document);
            in_books += fees_in(document);
        }
        prop_assert_eq!(clearing + waiting(month, &singly), wide.balance());
        prop_assert_eq!(open, Money::ZERO, "nothing is owed to the vendor");
        // Each fee of each payout is in the books once: by its order, its payout or its month.
        prop_assert_eq!(in_books + singly.values().copied().sum::<Money>(), kept);
        let mut covered: Vec<u64> = documents.iter()
            .filter(|one| one.kind != DocumentKind::BillPayment)
            .flat_map(|one| &one.applies_to)
            .filter_map(|one| one.to.order()).collect();
        prop_assert!(covered.iter().all(|order| !singly.contains_key(order)));
        let before = covered.len();
        covered.sort_unstable();
        covered.dedup();
        prop_assert_eq!(before, covered.len());
    }
}

#[test]
fn a_bill_says_what_it_is_for_and_what_settles_it() {
    let month = Month::of(11);
    let rules = rules(GatewayFees::Bill);
    let none = BTreeMap::new();
    let read: Vec<(&Payout, PayoutFees)> = month
        .payouts
        .iter()
        .map(|(payout, rows)| {
            (
                payout,
                PayoutFees::of(&as_sides(&month, payout, rows, &none)),
            )
        })
        .collect();
    let of = BillMonth::of(read[0].0);
    assert_eq!(of.name(1), "fees-stripe-2025-04-CAD");
    assert_eq!(month_of_bill(&of.name(2)), Some(of.first));
    assert!(is_bill(&of.name(1)) && !is_bill("po_1"));
    assert_eq!(month_of_bill("po_1"), None);
    let entries = bill(&of, 1, &read, &rules, &company()).expect("a bill");
    let first = &entries[0].document;
    assert_eq!(
        (first.kind, first.number.as_str()),
        (DocumentKind::Bill, "WC-FEES-2504S")
    );
    for (payout, _) in &read {
        assert!(first.note.contains(&payout.id), "{}", first.note);
        let key = payout_key(payout, crate::model::document::Role::Fee);
        assert!(first.applies_to.iter().any(|one| one.to == key));
    }
    let mut documents = entries.iter().map(|entry| &entry.document);
    let payment = documents.find(|one| one.kind == DocumentKind::BillPayment);
    let payment = payment.expect("it is paid at once");
    let settled: Vec<DocumentKind> = payment.applies_to.iter().map(|one| one.kind).collect();
    assert_eq!(settled[0], DocumentKind::Bill);
    // The books are closed over its day, and nothing is named that pays it.
    let mut closed = company();
    closed.closed_through = of.last().succ_opt();
    let waits = bill(&of, 1, &read, &rules, &closed).expect_err("closed");
    assert_eq!(waits.code, crate::model::code::PERIOD_CLOSED);
    let mut homeless = rules.clone();
    homeless.deposit.clear();
    let waits = bill(&of, 1, &read, &homeless, &company()).expect_err("no account");
    assert_eq!(waits.code, "payout_clearing_missing");
}
