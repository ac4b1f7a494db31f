//! Gaps: what the rules leave open of what a shop sells, before anything is held.

use super::ledger::Ledger;
use super::shop::*;
use crate::books::gaps::{RulesGap, gaps};
use crate::model::order::Order;

fn found(orders: &[Order], ledger: &Ledger) -> Vec<(RulesGap, u64)> {
    let gaps = gaps(orders, &ledger.rules, &ledger.company);
    gaps.into_iter()
        .map(|(gap, concern)| (gap, concern.orders))
        .collect()
}

#[test]
fn what_is_mapped_leaves_no_gap() {
    let orders: Vec<Order> = (1..4).map(paid_order).collect();
    let mut ledger = Ledger::canadian();
    ledger
        .rules
        .payment_methods
        .insert("stripe".into(), "Credit Card".into());
    assert_eq!(found(&orders, &ledger), []);
}

#[test]
fn every_gap_is_counted_once_an_order_and_agrees_with_what_posting_holds() {
    let mut strange = paid_order(1);
    strange.items[0].taxes[0].rate_id = 9;
    add_up(&mut strange);
    let mut shipped = paid_order(2);
    shipped.status = "shipped".into();
    let mut dollars = paid_order(3);
    dollars.currency = "USD".into();
    let mut cash = paid_order(4);
    cash.payment_method = "till".into();
    let mut ledger = Ledger::canadian();
    ledger.rules.deposit = [("stripe".into(), "Stripe Clearing".into())].into();
    ledger.rules.payment_methods = [("stripe".into(), "Credit Card".into())].into();
    ledger.company.multicurrency = false;
    let orders = [strange.clone(), strange, shipped, dollars, cash];
    let words: Vec<String> = found(&orders, &ledger)
        .iter()
        .map(|(gap, count)| match gap {
            RulesGap::Status(status) => format!("status {status} {count}"),
            RulesGap::TaxCode(set) => format!("set {} {count}", set[0].word()),
            RulesGap::TaxRate(rate) => format!("rate {} {count}", rate.word()),
            RulesGap::Deposit { method, .. } => format!("deposit {method} {count}"),
            RulesGap::PaymentMethod(method) => format!("method {method} {count}"),
            RulesGap::Currency(currency) => format!("currency {currency} {count}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        words,
        [
            "status shipped 1",
            "set RATE-9 2",
            "rate RATE-9 2",
            "deposit till 1",
            "method till 1",
            "currency USD 1"
        ]
    );
    for order in &orders {
        assert!(!ledger.look(order).holds.is_empty(), "{}", order.status);
    }
}

#[test]
fn orders_that_are_no_sales_ask_for_nothing() {
    let mut pending = paid_order(1);
    pending.status = "pending".into();
    pending.items[0].taxes[0].rate_id = 9;
    let mut gone = pending.clone();
    gone.status = "trash".into();
    assert_eq!(found(&[pending, gone], &Ledger::canadian()), []);
}

#[test]
fn lines_without_tax_ask_for_their_code_and_taxed_ones_for_tax_at_all() {
    let mut order = paid_order(1);
    order.items[0].taxes.clear();
    add_up(&mut order);
    let mut ledger = Ledger::canadian();
    ledger
        .rules
        .payment_methods
        .insert("stripe".into(), "Credit Card".into());
    ledger.rules.tax.no_tax_code = None;
    assert_eq!(
        found(&[order.clone()], &ledger),
        [(RulesGap::UntaxedCode, 1)]
    );
    ledger.company.uses_tax = false;
    assert_eq!(found(&[order], &ledger), []);
    assert_eq!(found(&[paid_order(2)], &ledger), [(RulesGap::TaxOff, 1)]);
}
