//! Refunds: rows, amounts, tax alone, all the rest; receipts, credit memos and the payments that settle them.

use super::ledger::{Ledger, words};
use super::shop::*;
use crate::model::document::Role;
use crate::model::order::Order;
use crate::model::rules::*;

/// 100.00 with GST and PST, 40.00 with GST, a shipping of 10.00 with both: 150.00 + 16.00.
fn big_order(id: u64) -> Order {
    let mut order = paid_order(id);
    order.items = vec![
        goods(11, "A", "100.00", &[(1, "5.00"), (2, "7.00")]),
        goods(12, "B", "40.00", &[(1, "2.00")]),
    ];
    order.items[0].quantity = "4".parse().expect("four");
    order.shipping_lines = vec![sent(13, "10.00", &[(1, "0.50"), (2, "0.70")])];
    add_up(&mut order);
    assert_eq!(order.total, money("165.20"));
    order
}

#[test]
fn rows_go_back_on_the_items_and_codes_that_were_sold() {
    let mut order = big_order(1);
    let mut refund = refund_of(20, "28.00");
    give_back(
        &mut refund,
        &order.items[0],
        -1,
        "-25.00",
        &[(1, "-1.25"), (2, "-1.75")],
    );
    order.refunds.push(refund);
    let mut ledger = Ledger::canadian();
    assert_eq!(words(&ledger.post(&order)), [""; 0]);
    assert_eq!(
        ledger.lines(Role::Refund(20)),
        ["1 × sku:A 25.00 GST/PST BC"]
    );
    assert_eq!(
        ledger.tax(Role::Refund(20)),
        ["GST 5% 1.25 of 25.00", "PST BC 7% 1.75 of 25.00"]
    );
    assert_eq!(
        ledger.document(Role::Refund(20)).account.as_deref(),
        Some("Stripe Clearing")
    );
}

#[test]
fn money_without_goods_has_no_quantity_and_no_tax_has_no_code() {
    let mut order = big_order(1);
    let mut refund = refund_of(20, "10.00");
    give_back(
        &mut refund,
        &order.items[0],
        0,
        "-10.00",
        &[(1, "0"), (2, "0")],
    );
    order.refunds.push(refund);
    let mut ledger = Ledger::canadian();
    assert_eq!(words(&ledger.post(&order)), [""; 0]);
    assert_eq!(ledger.lines(Role::Refund(20)), ["sku:A 10.00 Exempt"]);
    assert_eq!(ledger.tax(Role::Refund(20)), [""; 0]);
}

#[test]
fn tax_alone_goes_back_on_a_base_that_moves_no_income() {
    let mut order = big_order(1);
    let mut refund = refund_of(20, "6.00");
    give_back(
        &mut refund,
        &order.items[0],
        0,
        "0.00",
        &[(1, "-2.50"), (2, "-3.50")],
    );
    order.refunds.push(refund);
    let mut ledger = Ledger::canadian();
    assert_eq!(words(&ledger.post(&order)), [""; 0]);
    assert_eq!(
        ledger.lines(Role::Refund(20)),
        ["sku:A 50.00 GST/PST BC", "sku:A -50.00 Exempt"]
    );
    assert_eq!(
        ledger.tax(Role::Refund(20)),
        ["GST 5% 2.50 of 50.00", "PST BC 7% 3.50 of 50.00"]
    );

    order.id = 2;
    order.refunds[0].items[0].refunds_line = None;
    assert_eq!(
        words(&ledger.post(&order)),
        ["hold 2/refund/20: refund_tax_only"]
    );
}

#[test]
fn a_held_refund_does_not_hold_its_sale_nor_the_next_refund() {
    let mut order = big_order(1);
    let mut short = refund_of(20, "20.00");
    give_back(
        &mut short,
        &order.items[0],
        -1,
        "-25.00",
        &[(1, "-1.25"), (2, "-1.75")],
    );
    order.refunds = vec![short, refund_of(21, "5.00")];
    let mut ledger = Ledger::canadian();
    assert_eq!(
        words(&ledger.post(&order)),
        [
            "hold 1/refund/20: refund_totals_mismatch",
            "warning: refund_without_lines"
        ]
    );
    assert_eq!(
        ledger.shown(),
        [
            "SalesReceipt WC-1 2025-04-10 165.20 tax 15.20",
            "RefundReceipt WC-1-R21 2025-04-15 5.00 tax 0.00",
        ]
    );
}

#[test]
fn more_than_the_rows_is_an_adjustment_and_a_cent_is_rounding() {
    let mut order = big_order(1);
    for (id, amount) in [(20, "30.00"), (21, "28.01")] {
        let mut refund = refund_of(id, amount);
        give_back(
            &mut refund,
            &order.items[0],
            -1,
            "-25.00",
            &[(1, "-1.25"), (2, "-1.75")],
        );
        order.refunds.push(refund);
    }
    let mut ledger = Ledger::canadian();
    assert_eq!(
        words(&ledger.post(&order)),
        ["warning: refund_more_than_lines", "warning: rounding_line"]
    );
    assert_eq!(
        ledger.lines(Role::Refund(20)),
        [
            "1 × sku:A 25.00 GST/PST BC",
            "refund_adjustment 2.00 Exempt"
        ]
    );
    assert_eq!(
        ledger.lines(Role::Refund(21)),
        ["1 × sku:A 25.00 GST/PST BC", "rounding 0.01 Exempt"]
    );
}

#[test]
fn refunds_over_the_total_hold_everything() {
    let mut order = big_order(1);
    order.refunds = vec![refund_of(20, "100.00"), refund_of(21, "65.21")];
    let mut ledger = Ledger::canadian();
    assert_eq!(
        words(&ledger.post(&order)),
        ["hold all: refund_exceeds_order"]
    );
    assert_eq!(ledger.shown(), [""; 0]);
}

#[test]
fn a_refund_of_all_the_rest_leaves_nothing_on_any_item_code_or_rate() {
    let mut order = big_order(1);
    let mut part = refund_of(20, "28.00");
    give_back(
        &mut part,
        &order.items[0],
        -1,
        "-25.00",
        &[(1, "-1.25"), (2, "-1.75")],
    );
    let mut untaxed = refund_of(21, "10.00");
    give_back(&mut untaxed, &order.items[1], 0, "-10.00", &[(1, "0")]);
    order.refunds = vec![part, untaxed, refund_of(22, "127.20")];
    let mut ledger = Ledger::canadian();
    assert_eq!(words(&ledger.post(&order)), [""; 0]);
    assert_eq!(
        ledger.lines(Role::Refund(22)),
        [
            "3 × sku:A 75.00 GST/PST BC",
            "1 × sku:B 40.00 GST",
            "sku:B -10.00 Exempt",
            "shipping 10.00 GST/PST BC",
        ]
    );
    assert_eq!(
        ledger.tax(Role::Refund(22)),
        ["GST 5% 6.25 of 125.00", "PST BC 7% 5.95 of 85.00"]
    );
}

#[test]
fn the_mirror_of_gross_lines_gives_the_discount_back_too() {
    let mut ledger = Ledger::canadian().policy(|policy| policy.discounts = Discounts::Line);
    let mut order = paid_order(1);
    order.items[0].subtotal = money("120.00");
    order.refunds = vec![refund_of(20, "105.00")];
    ledger.post(&order);
    assert_eq!(
        ledger.lines(Role::Sale),
        ["1 × sku:TOTE 120.00 GST", "discount -20.00 GST"]
    );
    assert_eq!(ledger.lines(Role::Refund(20)), ledger.lines(Role::Sale));
    assert_eq!(ledger.tax(Role::Refund(20)), ["GST 5% 5.00 of 100.00"]);
}

#[test]
fn the_rest_after_an_amount_is_an_amount_and_after_a_held_one_waits() {
    let mut ledger = Ledger::canadian();
    let mut order = big_order(1);
    order.refunds = vec![refund_of(20, "5.20"), refund_of(21, "160.00")];
    assert_eq!(
        words(&ledger.post(&order)),
        [
            "warning: refund_without_lines",
            "warning: refund_without_lines"
        ]
    );
    assert_eq!(
        ledger.lines(Role::Refund(21)),
        ["refund_adjustment 160.00 Exempt"]
    );

    let mut order = big_order(2);
    order.refunds = vec![refund_of(30, "5.00"), refund_of(31, "160.20")];
    give_back(
        &mut order.refunds[0],
        &big_order(2).items[0],
        -1,
        "-25.00",
        &[(1, "-1.25"), (2, "-1.75")],
    );
    assert_eq!(
        words(&ledger.post(&order)),
        [
            "hold 2/refund/30: refund_totals_mismatch",
            "hold 2/refund/31: refund_without_lines"
        ]
    );
}

#[test]
fn an_amount_is_held_or_shared_out_where_the_shop_wants_it() {
    let mut order = big_order(1);
    order.refunds = vec![refund_of(20, "20.00")];
    let mut holding =
        Ledger::canadian().policy(|policy| policy.amount_only_refund = AmountOnlyRefund::Hold);
    assert_eq!(
        words(&holding.post(&order)),
        ["hold 1/refund/20: refund_without_lines"]
    );

    let mut sharing = Ledger::canadian()
        .policy(|policy| policy.amount_only_refund = AmountOnlyRefund::ProrateTax);
    assert_eq!(words(&sharing.post(&order)), [""; 0]);
    // GST/PST brought 123.20 of 165.20 and GST 42.00: 14.92 with 1.60 of tax, 5.08 with 0.24.
    assert_eq!(
        sharing.lines(Role::Refund(20)),
        [
            "refund_adjustment 13.32 GST/PST BC",
            "refund_adjustment 4.84 GST"
        ]
    );
    assert_eq!(
        sharing.tax(Role::Refund(20)),
        ["GST 5% 0.91 of 18.16", "PST BC 7% 0.93 of 13.32"]
    );
    assert_eq!(sharing.document(Role::Refund(20)).total, money("20.00"));
}

#[test]
fn a_negative_fee_goes_back_on_the_item_that_it_used() {
    let mut order = paid_order(1);
    order.fees = vec![extra(12, "Early bird", "-10.00", &[(1, "-0.50")])];
    add_up(&mut order);
    let mut refund = refund_of(20, "94.50");
    give_back(&mut refund, &order.items[0], -1, "-100.00", &[(1, "-5.00")]);
    let mut row = extra(201, "Early bird", "10.00", &[(1, "0.50")]);
    row.refunds_line = Some(12);
    refund.fees.push(row);
    refund.tax_lines[0].tax_total = money("-4.50");
    order.refunds.push(refund);
    let mut ledger = Ledger::canadian();
    assert_eq!(words(&ledger.post(&order)), [""; 0]);
    assert_eq!(
        ledger.lines(Role::Refund(20)),
        ["1 × sku:TOTE 100.00 GST", "discount -10.00 GST"]
    );
    assert_eq!(ledger.tax(Role::Refund(20)), ["GST 5% 4.50 of 90.00"]);
}

#[test]
fn a_refund_before_the_payment_is_settled_with_it_and_one_after_it_is_not() {
    let mut ledger = Ledger::canadian();
    let mut order = owed_order(1);
    let mut before = refund_of(20, "5.25");
    give_back(&mut before, &order.items[0], 0, "-5.00", &[(1, "-0.25")]);
    order.refunds.push(before);
    ledger.post(&order);
    pay(&mut order, "2025-04-20T17:00:00Z");
    let mut after = refund_of(21, "10.50");
    after.created_at = "2025-04-22T17:00:00Z".parse().expect("a time");
    give_back(&mut after, &order.items[0], 0, "-10.00", &[(1, "-0.50")]);
    order.refunds.push(after);
    ledger.post(&order);
    assert_eq!(
        ledger.shown(),
        [
            "Invoice WC-1 2025-04-10 105.00 tax 5.00",
            "CreditMemo WC-1-R20 2025-04-15 5.25 tax 0.25",
            "Payment WC-1 2025-04-20 99.75 tax 0.00",
            "RefundReceipt WC-1-R21 2025-04-22 10.50 tax 0.50",
        ]
    );
    let applied: Vec<String> = ledger
        .document(Role::Payment)
        .applies_to
        .iter()
        .map(|applied| format!("{} {} {}", applied.kind, applied.to, applied.amount))
        .collect();
    assert_eq!(
        applied,
        ["Invoice 1/sale 105.00", "CreditMemo 1/refund/20 5.25"]
    );
    let receipt = ledger.document(Role::Refund(21));
    assert_eq!(receipt.account.as_deref(), Some("Undeposited Funds"));
    assert_eq!(ledger.document(Role::Refund(20)).account, None);
}

#[test]
fn an_invoice_credited_in_full_is_closed_with_a_payment_of_nothing() {
    let mut ledger = Ledger::canadian();
    let mut order = owed_order(1);
    order.status = "refunded".into();
    order.refunds = vec![refund_of(20, "105.00")];
    ledger.post(&order);
    assert_eq!(
        ledger.shown(),
        [
            "Invoice WC-1 2025-04-10 105.00 tax 5.00",
            "CreditMemo WC-1-R20 2025-04-15 105.00 tax 5.00",
            "Payment WC-1 2025-04-15 0.00 tax 0.00",
        ]
    );
}

#[test]
fn a_payment_waits_for_a_credit_memo_that_is_held() {
    let mut ledger = Ledger::canadian();
    let mut order = owed_order(1);
    let mut short = refund_of(20, "5.00");
    give_back(&mut short, &order.items[0], 0, "-6.00", &[(1, "-0.30")]);
    order.refunds.push(short);
    pay(&mut order, "2025-04-20T17:00:00Z");
    // Posted first while it was owed, so it is an invoice.
    let mut owed = owed_order(1);
    owed.refunds.clear();
    ledger.post(&owed);
    assert_eq!(
        words(&ledger.post(&order)),
        [
            "hold 1/refund/20: refund_totals_mismatch",
            "hold 1/payment: refund_totals_mismatch"
        ]
    );
    assert_eq!(ledger.shown(), ["Invoice WC-1 2025-04-10 105.00 tax 5.00"]);
}

#[test]
fn a_refund_that_the_shop_deleted_stays() {
    let mut ledger = Ledger::canadian();
    let mut order = big_order(1);
    order.refunds = vec![refund_of(20, "5.00")];
    ledger.post(&order);
    order.refunds.clear();
    let before = ledger.shown();
    assert_eq!(
        words(&ledger.post(&order)),
        ["warning: refund_deleted_in_woocommerce"]
    );
    assert_eq!(ledger.shown(), before);
}
