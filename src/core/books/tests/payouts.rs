//! What must be true of any month: what reached the bank is what its rows say, each cent of it is posted once, the clearing account holds
//! what the service still owes, and whatever is a cent off stops its own payout.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::prelude::*;

use super::ledger::Ledger;
use super::months::{Seeded, cents};
use super::shop::{money, paid_order, refund_of};
use crate::books::payouts::*;
use crate::model::company::{Account, Company};
use crate::model::document::{Document, DocumentKind};
use crate::model::money::Money;
use crate::model::order::{GatewayFee, Order};
use crate::model::payout::{
    ChargedAmount, PaymentBehind, PaymentService, Payout, PayoutOwner, PayoutRow, PayoutRowKind,
    PayoutStatus, RowsKnown, SiteName,
};
use crate::model::rules::{GatewayFees, PayoutRules, Rules};

const CLEARING: &str = "Stripe Clearing";

/// A month of an account: every kind of row, in payouts and not yet in one.
pub struct Month {
    pub orders: BTreeMap<u64, Order>,
    pub payouts: Vec<(Payout, Vec<PayoutRow>)>,
    pub open: Vec<PayoutRow>,
}

pub fn at(day: i64) -> DateTime<Utc> {
    let begin: DateTime<Utc> = "2025-04-01T18:00:00Z".parse().expect("a time");
    begin + Duration::days(day)
}

pub fn row(id: String, kind: PayoutRowKind, amount: i64, fee: i64, day: i64) -> PayoutRow {
    PayoutRow {
        word: kind.as_str().to_owned(),
        id,
        kind,
        amount: cents(amount),
        fee: cents(fee),
        currency: "CAD".to_owned(),
        owner: PayoutOwner::Unsaid,
        source: None,
        charged: None,
        at: at(day),
        payout: None,
        trouble: None,
        behind: PaymentBehind::default(),
    }
}

pub fn payout(number: usize, amount: Money, day: i64) -> Payout {
    Payout {
        id: format!("po_1MtHbELkdIwHu7ixl4Ozz{number:03}"),
        gateway: PaymentService::Stripe,
        amount,
        currency: "CAD".to_owned(),
        status: PayoutStatus::Paid,
        arrives: at(day).date_naive(),
        created: at(day - 2),
        rows_known: RowsKnown::Whole,
    }
}

impl Month {
    /// The same seed is the same month on every machine.
    pub fn of(seed: u64) -> Month {
        let mut dice = Seeded(seed);
        let mut rows: Vec<PayoutRow> = Vec::new();
        let mut orders = BTreeMap::new();
        for number in 0..24_u64 {
            let day = i64::try_from(number).expect("small");
            let mut order = paid_order(1_000 + number);
            let amount = 1_000 + i64::try_from(dice.below(40_000)).expect("small");
            let fee = amount * 29 / 1_000 + 30;
            order.total = cents(amount);
            // Some services do not write their fee into the order.
            if dice.below(4) > 0 {
                order.gateway_fee = Some(GatewayFee {
                    amount: cents(fee),
                    currency: None,
                });
            }
            let mut charge = row(
                format!("txn_{number}"),
                PayoutRowKind::Charge,
                amount,
                fee,
                day,
            );
            charge.owner = PayoutOwner::Order(order.id);
            if dice.below(5) == 0 {
                order.currency = "USD".into();
                order.total = cents(amount * 3 / 4);
                order.gateway_fee = None;
                charge.charged = Some(ChargedAmount {
                    amount: order.total,
                    currency: "USD".to_owned(),
                });
            }
            rows.push(charge);
            if dice.below(4) == 0 && order.currency == "CAD" {
                let back = 100 + i64::try_from(dice.below(800)).expect("small");
                let refund = refund_of(5_000 + number, &cents(back).to_string());
                let given_back = i64::try_from(dice.below(30)).expect("small");
                let mut gone = row(
                    format!("txn_r{number}"),
                    PayoutRowKind::Refund,
                    -back,
                    -given_back,
                    day + 1,
                );
                gone.owner = PayoutOwner::Order(order.id);
                order.refunds.push(refund);
                rows.push(gone);
            }
            orders.insert(order.id, order);
            let (kind, amount, fee) = match dice.below(10) {
                0 => (PayoutRowKind::Dispute, -2_500, 1_500),
                1 => (PayoutRowKind::Dispute, 2_500, -1_500),
                2 => (PayoutRowKind::Fee, -200, 0),
                3 => (PayoutRowKind::Fee, 35, 0),
                4 => (PayoutRowKind::Reserve, -4_000, 0),
                5 => (PayoutRowKind::Reserve, 4_000, 0),
                6 => (PayoutRowKind::Adjustment, -7, 0),
                7 => (PayoutRowKind::Adjustment, 12, 1),
                8 => (PayoutRowKind::Charge, 900, 56),
                _ => continue,
            };
            let mut more = row(format!("txn_m{number}"), kind, amount, fee, day);
            if kind == PayoutRowKind::Charge {
                more.owner = PayoutOwner::Elsewhere("https://other.example.com".to_owned());
            }
            rows.push(more);
        }
        Month::sorted(rows, orders, &mut dice)
    }

    fn sorted(rows: Vec<PayoutRow>, orders: BTreeMap<u64, Order>, dice: &mut Seeded) -> Month {
        let mut month = Month {
            orders,
            payouts: Vec::new(),
            open: Vec::new(),
        };
        let mut left = rows.into_iter().peekable();
        while left.peek().is_some() {
            let many = usize::try_from(1 + dice.below(9)).expect("small");
            let number = month.payouts.len();
            let mut taken: Vec<PayoutRow> = left.by_ref().take(many).collect();
            if left.peek().is_none() {
                month.open = taken;
                break;
            }
            let amount = taken.iter().map(PayoutRow::net).sum();
            let day = i64::try_from(number).expect("small") + 2;
            let made = payout(number, amount, day);
            for row in &mut taken {
                row.payout = Some(made.id.clone());
            }
            month.payouts.push((made, taken));
        }
        month
    }

    fn owed(&self) -> Money {
        self.open.iter().map(PayoutRow::net).sum()
    }
}

pub fn rules(fees: GatewayFees) -> Rules {
    let mut rules = Ledger::canadian().rules;
    rules.policy.gateway_fees = fees;
    rules.payouts = PayoutRules {
        bank: Some("Chequing".into()),
        disputes: Some("Disputes".into()),
        reserves: Some("Reserves".into()),
        adjustments: Some("Adjustments".into()),
        other_sites: Some("Other Site".into()),
        ..PayoutRules::default()
    };
    rules
}

pub fn company() -> Company {
    let mut company = Ledger::canadian().company;
    company.accounts.insert(
        CLEARING.to_owned(),
        Account {
            id: "35".into(),
            kind: "Bank".into(),
            currency: None,
        },
    );
    company
}

pub fn plan(
    month: &Month,
    payout: &Payout,
    rows: &[PayoutRow],
    singly: &BTreeMap<u64, Money>,
    rules: &Rules,
) -> PayoutPlan {
    let sides = PayoutSides {
        payout,
        rows,
        orders: &month.orders,
        fees_posted: singly,
        posted: None,
    };
    account_payout(&sides, rules, &company())
}

/// What a document does to the clearing account.
pub fn gained(document: &Document) -> Money {
    let total = document.total;
    match document.kind {
        DocumentKind::Deposit => total,
        DocumentKind::Transfer if document.account.as_deref() == Some(CLEARING) => -total,
        DocumentKind::Transfer => total,
        DocumentKind::Bill | DocumentKind::VendorCredit => Money::ZERO,
        _ => -total,
    }
}

/// The orders whose fee has a document of its own, or will have one.
fn singly(month: &Month, posted: impl Fn(u64) -> bool) -> BTreeMap<u64, Money> {
    let with_fee = month.orders.values().filter_map(|order| {
        let fee = order.gateway_fee.as_ref()?;
        posted(order.id).then_some((order.id, fee.amount))
    });
    with_fee.collect()
}

/// What the orders of the account bring to it: sales less refunds, as the account has them.
pub fn of_orders(month: &Month) -> Money {
    let rows = month
        .payouts
        .iter()
        .flat_map(|(_, rows)| rows)
        .chain(&month.open);
    rows.filter(|row| row.order().is_some() && row.kind != PayoutRowKind::Dispute)
        .map(|row| row.amount)
        .sum()
}

/// Rows that are in no payout yet and are posted with the one that takes them.
pub fn waiting(month: &Month, singly: &BTreeMap<u64, Money>) -> Money {
    let besides = month.open.iter().map(|row| match (row.order(), row.kind) {
        (Some(order), PayoutRowKind::Charge) if singly.contains_key(&order) => Money::ZERO,
        (Some(_), PayoutRowKind::Charge | PayoutRowKind::Refund) => -row.fee,
        _ => row.net(),
    });
    besides.sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn every_payout_of_every_month_adds_up_and_leaves_what_is_still_owed(
        seed in any::<u64>(),
        switched in 0..26_u64,
        begins_singly in any::<bool>(),
    ) {
        let month = Month::of(seed);
        // The orders before a day were posted in one mode, those after it in another.
        let fees = singly(&month, |order| (order - 1_000 < switched) == begins_singly);
        let mut clearing = of_orders(&month) - fees.values().copied().sum::<Money>();
        let mut covered: Vec<u64> = Vec::new();
        for (payout, rows) in &month.payouts {
            let sides = PayoutSides { payout, rows, orders: &month.orders, fees_posted: &fees, posted: None };
            let check = check_payout(&sides);
            prop_assert!(check.holds(), "{:?}", check);
            let parts: Money = check.shares.iter().map(|share| share.amount).sum();
            prop_assert_eq!(parts, payout.amount);
            let planned = plan(&month, payout, rows, &fees, &rules(GatewayFees::Payout));
            prop_assert_eq!(&planned.hold, &None);
            let to_bank: Money = planned.entries.iter()
                .filter(|entry| entry.document.kind == DocumentKind::Transfer)
                .map(|entry| -gained(&entry.document)).sum();
            prop_assert_eq!(to_bank, payout.amount, "the bank's line, exactly");
            for entry in &planned.entries {
                let document = &entry.document;
                prop_assert!(document.total.is_positive());
                prop_assert_eq!(document.total, document.lines.iter().map(|line| line.amount).sum::<Money>());
                prop_assert!(document.number.chars().count() <= 21 || document.kind.is_numberless());
                clearing += gained(document);
                covered.extend(document.applies_to.iter().filter_map(|one| one.to.order()));
            }
        }
        prop_assert_eq!(clearing + waiting(&month, &fees), month.owed());
        // No fee has two documents.
        let before = covered.len();
        covered.sort_unstable();
        covered.dedup();
        prop_assert_eq!(before, covered.len());
        prop_assert!(covered.iter().all(|order| !fees.contains_key(order)));
    }

    #[test]
    fn order_by_order_the_account_ends_at_what_is_owed_too(seed in any::<u64>()) {
        let month = Month::of(seed);
        let fees = singly(&month, |_| true);
        let mut clearing = of_orders(&month) - fees.values().copied().sum::<Money>();
        for (payout, rows) in &month.payouts {
            for entry in plan(&month, payout, rows, &fees, &rules(GatewayFees::Expense)).entries {
                clearing += gained(&entry.document);
            }
        }
        prop_assert_eq!(clearing + waiting(&month, &fees), month.owed());
    }

    #[test]
    fn a_cent_off_anywhere_stops_its_payout_and_no_other(seed in any::<u64>(), pick in any::<prop::sample::Index>(), what in 0..3_u8) {
        let mut month = Month::of(seed);
        let fees = singly(&month, |_| true);
        let hit = pick.index(month.payouts.len());
        let (payout, rows) = &mut month.payouts[hit];
        match what {
            0 => payout.amount += Money::CENT,
            1 => rows[0].fee += Money::CENT,
            _ => rows[0].amount -= Money::CENT,
        }
        for (number, (payout, rows)) in month.payouts.iter().enumerate() {
            let planned = plan(&month, payout, rows, &fees, &rules(GatewayFees::Expense));
            prop_assert_eq!(planned.hold.is_some(), number == hit, "{:?}", planned.hold);
            if number == hit {
                prop_assert!(planned.entries.is_empty());
                prop_assert_eq!(planned.hold.expect("held").code, "payout_does_not_add_up");
            }
        }
    }
}

/// One charge, one refund and one dispute, as the manual tells of them.
fn tale() -> Month {
    let mut order = paid_order(1_042);
    order.total = money("115.50");
    order.gateway_fee = Some(GatewayFee {
        amount: money("3.65"),
        currency: None,
    });
    order.refunds.push(refund_of(1_050, "11.55"));
    let mut rows = vec![
        row("txn_1".into(), PayoutRowKind::Charge, 11_550, 365, 1),
        row("txn_2".into(), PayoutRowKind::Refund, -1_155, 0, 2),
        row("txn_3".into(), PayoutRowKind::Dispute, -2_000, 1_500, 3),
    ];
    for row in &mut rows {
        row.owner = PayoutOwner::Order(1_042);
    }
    let amount = rows.iter().map(PayoutRow::net).sum();
    Month {
        orders: [(1_042, order)].into(),
        payouts: vec![(payout(1, amount, 5), rows)],
        open: Vec::new(),
    }
}

fn shown(planned: &PayoutPlan) -> Vec<String> {
    let entries = planned.entries.iter().map(|entry| {
        let document = &entry.document;
        let lines: Vec<String> = document
            .lines
            .iter()
            .map(|line| format!("{} {}", line.item, line.amount))
            .collect();
        format!(
            "{} {} {} {} from {}: {}",
            document.kind,
            document.number,
            document.date,
            document.total,
            document.account.as_deref().unwrap_or_default(),
            lines.join(", ")
        )
    });
    entries.collect()
}

#[test]
fn a_payout_of_a_charge_a_refund_and_a_dispute() {
    let month = tale();
    let (payout, rows) = &month.payouts[0];
    assert_eq!(payout.amount, money("65.30"));
    let by_order = plan(
        &month,
        payout,
        rows,
        &singly(&month, |_| true),
        &rules(GatewayFees::Expense),
    );
    assert_eq!(
        shown(&by_order),
        [
            "Purchase WC-PO-l4Ozz001-F 2025-04-06 35.00 from Stripe Clearing: Merchant Fees 15.00, Disputes 20.00",
            "Transfer po_1MtHbELkdIwHu7ixl4Ozz001 2025-04-06 65.30 from Stripe Clearing: Chequing 65.30",
        ]
    );
    let by_payout = plan(
        &month,
        payout,
        rows,
        &BTreeMap::new(),
        &rules(GatewayFees::Payout),
    );
    assert_eq!(
        shown(&by_payout)[0],
        "Purchase WC-PO-l4Ozz001-F 2025-04-06 38.65 from Stripe Clearing: Merchant Fees 3.65, Merchant Fees 15.00, Disputes 20.00"
    );
    let keys: Vec<String> = by_payout
        .entries
        .iter()
        .map(|entry| entry.document.key.to_string())
        .collect();
    assert_eq!(
        keys,
        [
            "payout:po_1MtHbELkdIwHu7ixl4Ozz001/fee",
            "payout:po_1MtHbELkdIwHu7ixl4Ozz001/transfer"
        ]
    );
}

#[test]
fn what_is_posted_singly_is_not_posted_again_when_the_mode_is_switched() {
    let month = tale();
    let (payout, rows) = &month.payouts[0];
    let planned = plan(
        &month,
        payout,
        rows,
        &singly(&month, |_| true),
        &rules(GatewayFees::Payout),
    );
    assert_eq!(
        shown(&planned)[0],
        "Purchase WC-PO-l4Ozz001-F 2025-04-06 35.00 from Stripe Clearing: Merchant Fees 15.00, Disputes 20.00"
    );
    assert_eq!(planned.entries[0].document.applies_to, []);
}

#[test]
fn money_that_the_service_took_from_the_bank_goes_the_other_way() {
    let mut month = tale();
    let (payout, rows) = &mut month.payouts[0];
    rows.retain(|row| row.kind != PayoutRowKind::Charge);
    payout.amount = rows.iter().map(PayoutRow::net).sum();
    let (payout, rows) = &month.payouts[0];
    let planned = plan(
        &month,
        payout,
        rows,
        &BTreeMap::new(),
        &rules(GatewayFees::Expense),
    );
    assert_eq!(
        shown(&planned)[1],
        "Transfer po_1MtHbELkdIwHu7ixl4Ozz001 2025-04-06 46.55 from Chequing: Stripe Clearing 46.55"
    );
}

#[test]
fn what_waits_waits_for_its_own_reason() {
    type Change = fn(&mut Payout, &mut Vec<PayoutRow>, &mut Rules);
    let cases: [(&str, Change); 11] = [
        ("payout_not_arrived", |payout, _, _| {
            payout.status = PayoutStatus::InTransit
        }),
        // With rows of its own, what was kept of them would be posted.
        ("payout_came_to_nothing", |payout, rows, _| {
            payout.status = PayoutStatus::Failed;
            rows.clear();
        }),
        ("payout_rows_not_ready", |payout, _, _| {
            payout.rows_known = RowsKnown::NotYet
        }),
        ("payout_foreign", |payout, _, _| {
            payout.currency = "USD".into()
        }),
        ("payout_before_start", |_, _, rules| {
            rules.payouts.start_date = NaiveDate::from_ymd_opt(2026, 1, 1);
        }),
        ("payout_bank_missing", |_, _, rules| {
            rules.payouts.bank = None
        }),
        ("payout_clearing_missing", |_, _, rules| {
            rules.deposit.clear()
        }),
        ("payout_row_unmapped", |_, _, rules| {
            rules.payouts.disputes = None
        }),
        ("payout_does_not_add_up", |_, rows, _| {
            rows[0].owner = PayoutOwner::Order(9)
        }),
        ("payout_does_not_add_up", |_, rows, _| {
            rows[1].owner = PayoutOwner::Unsaid
        }),
        ("payout_does_not_add_up", |_, rows, _| {
            rows[2].kind = PayoutRowKind::Unknown
        }),
    ];
    for (code, change) in cases {
        let mut month = tale();
        let mut rules = rules(GatewayFees::Expense);
        let (payout, rows) = &mut month.payouts[0];
        change(payout, rows, &mut rules);
        let (payout, rows) = &month.payouts[0];
        let planned = plan(&month, payout, rows, &singly(&month, |_| true), &rules);
        let reason = planned.hold.or(planned.skip).expect("it waits");
        assert_eq!(reason.code, code, "{}", reason.message);
        assert!(planned.entries.is_empty());
    }
}

#[test]
fn a_row_that_nobody_can_explain_is_named() {
    let mut month = tale();
    let (payout, rows) = &mut month.payouts[0];
    rows[0].owner = PayoutOwner::Unsaid;
    let sides = PayoutSides {
        payout,
        rows,
        orders: &month.orders,
        fees_posted: &BTreeMap::new(),
        posted: None,
    };
    let check = check_payout(&sides);
    assert!(!check.holds());
    assert_eq!(check.unexplained[0].code, "payout_row_unexplained");
    assert!(check.unexplained[0].message.contains("txn_1"));
}

#[test]
fn a_payout_by_hand_is_a_transfer_and_nothing_else() {
    let mut month = tale();
    let (payout, rows) = &mut month.payouts[0];
    payout.rows_known = RowsKnown::Never;
    rows.clear();
    let (payout, rows) = &month.payouts[0];
    let planned = plan(
        &month,
        payout,
        rows,
        &BTreeMap::new(),
        &rules(GatewayFees::Payout),
    );
    assert_eq!(planned.entries.len(), 1);
    assert_eq!(planned.entries[0].warnings[0].code, "payout_without_rows");
}

#[test]
fn a_closed_month_waits_or_goes_to_the_first_open_day() {
    let month = tale();
    let (payout, rows) = &month.payouts[0];
    let mut closed = company();
    closed.closed_through = NaiveDate::from_ymd_opt(2025, 4, 30);
    let fees = singly(&month, |_| true);
    let sides = PayoutSides {
        payout,
        rows,
        orders: &month.orders,
        fees_posted: &fees,
        posted: None,
    };
    let mut rules = rules(GatewayFees::Expense);
    let held = account_payout(&sides, &rules, &closed)
        .hold
        .expect("it waits");
    assert_eq!(held.code, crate::model::code::PERIOD_CLOSED);
    rules.policy.closed_period = crate::model::rules::ClosedPeriod::FirstOpenDay;
    let planned = account_payout(&sides, &rules, &closed);
    let days = planned.entries.iter().map(|entry| entry.document.date);
    assert_eq!(
        days.collect::<Vec<NaiveDate>>(),
        [NaiveDate::from_ymd_opt(2025, 5, 1).expect("a day"); 2]
    );
}

fn owners(rows: Vec<PayoutRow>, month: &Month) -> Vec<PayoutOwner> {
    let rows = with_owners(rows, &month.orders).into_iter();
    rows.map(|row| row.owner).collect()
}

#[test]
fn what_stands_on_a_charge_is_not_believed_against_the_orders_own_payment() {
    let mut month = tale();
    for order in month.orders.values_mut() {
        order.transaction = "ch_1".into();
    }
    let (_, mut rows) = month.payouts.remove(0);
    rows.truncate(3);
    // A site in a folder calls itself otherwise; the payment says whose it is.
    rows[0].owner = PayoutOwner::Elsewhere("https://shop.example.com/wp".to_owned());
    rows[0].source = Some("ch_1".into());
    // Another site's order of the same id.
    rows[1].owner = PayoutOwner::Elsewhere("https://other.example.com".to_owned());
    rows[1].source = Some("ch_9".into());
    // A number that is the id of another order.
    rows[2].owner = PayoutOwner::Order(1_042);
    rows[2].source = Some("ch_2".into());
    let elsewhere = PayoutOwner::Elsewhere("https://other.example.com".to_owned());
    assert_eq!(
        owners(rows.clone(), &month),
        [
            PayoutOwner::Order(1_042),
            elsewhere.clone(),
            PayoutOwner::Unsaid
        ]
    );
    // An order that knows the intent says nothing against a charge.
    for order in month.orders.values_mut() {
        order.transaction = "pi_1".into();
    }
    rows[0].behind.intent = Some("pi_1".into());
    assert_eq!(
        owners(rows, &month),
        [
            PayoutOwner::Order(1_042),
            elsewhere,
            PayoutOwner::Order(1_042)
        ]
    );
}

#[test]
fn a_payout_that_failed_brings_nothing_and_its_fees_are_posted() {
    let mut month = tale();
    let (mut failed, rows) = month.payouts.remove(0);
    failed.status = PayoutStatus::Failed;
    let none = BTreeMap::new();
    let planned = plan(&month, &failed, &rows, &none, &rules(GatewayFees::Payout));
    assert!(
        planned.hold.is_none() && planned.skip.is_none(),
        "{planned:?}"
    );
    assert!(
        planned
            .entries
            .iter()
            .all(|entry| entry.document.kind != DocumentKind::Transfer)
    );
    assert!(!planned.entries.is_empty());
    // Rows that went on to another payout are posted with that one.
    let planned = plan(
        &month,
        &failed,
        &rows[1..],
        &none,
        &rules(GatewayFees::Payout),
    );
    assert!(planned.entries.is_empty() && planned.skip.is_some());
    // The next one brings the money that came back, and it is no share of the books.
    let mut back = row("txn_back".into(), PayoutRowKind::Returned, 0, 0, 9);
    back.amount = failed.amount;
    let next = payout(9, failed.amount, 9);
    let planned = plan(&month, &next, &[back], &none, &rules(GatewayFees::Payout));
    let kinds: Vec<DocumentKind> = planned
        .entries
        .iter()
        .map(|entry| entry.document.kind)
        .collect();
    assert_eq!(kinds, [DocumentKind::Transfer]);
}

#[test]
fn the_other_sites_money_stays_where_its_shop_posts_too() {
    let mut rules = rules(GatewayFees::Payout);
    rules.payouts.other_sites = Some(CLEARING.to_owned());
    let month = tale();
    let mut other = row("txn_o".into(), PayoutRowKind::Charge, 900, 56, 3);
    other.owner = PayoutOwner::Elsewhere("https://other.example.com".to_owned());
    let made = payout(3, other.net(), 5);
    let planned = plan(&month, &made, &[other], &BTreeMap::new(), &rules);
    assert_eq!(planned.entries.len(), 1, "{planned:?}");
    assert_eq!(planned.entries[0].document.kind, DocumentKind::Transfer);
}

#[test]
fn a_charge_without_an_order_is_known_by_the_orders_transaction() {
    let mut month = tale();
    for order in month.orders.values_mut() {
        order.transaction = "ch_1".into();
    }
    let (_, mut rows) = month.payouts.remove(0);
    rows[0].owner = PayoutOwner::Unsaid;
    rows[0].source = Some("ch_1".into());
    let rows = with_owners(rows, &month.orders);
    assert_eq!(rows[0].owner, PayoutOwner::Order(1_042));
    for (one, other) in [
        ("https://www.Shop.example.com/", "http://shop.example.com"),
        ("shop.example.com", "https://shop.example.com"),
    ] {
        assert_eq!(SiteName::of(one), SiteName::of(other));
    }
}
