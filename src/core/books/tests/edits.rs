//! Edits: what happens to posted documents when an order changes, is withdrawn, or its period is closed.

use super::ledger::{Ledger, decisions, words};
use super::shop::*;
use crate::books::Decision::*;
use crate::books::account;
use crate::model::document::Role;
use crate::model::order::{ItemLine, Order};
use crate::model::rules::*;

fn posted(order: &Order) -> Ledger {
    let mut ledger = Ledger::canadian();
    ledger.post(order);
    ledger
}

fn with_goods_of(mut order: Order, total: &str, tax: &str) -> Order {
    order.items = vec![goods(11, "TOTE", total, &[(1, tax)])];
    add_up(&mut order);
    order
}

#[test]
fn what_no_accountant_would_call_a_change_changes_nothing() {
    let mut order = paid_order(1);
    let ledger = posted(&order);
    order.status = "completed".into();
    order.number = "renamed".into();
    order.customer_note = "later".into();
    order.shipping.city = "Banff".into();
    order.paid_at = "2025-05-01T18:00:00Z".parse().ok();
    let account = ledger.look(&order);
    assert_eq!(decisions(&account), [Keep]);
    assert_eq!(account.entries[0].document.number, "WC-1");
}

#[test]
fn a_day_on_which_nothing_can_have_happened_is_held() {
    for (paid, held) in [
        ("9999-12-31T18:00:00Z", true),
        ("0001-01-01T18:00:00Z", true),
        ("1999-12-31T18:00:00Z", true),
        ("2000-01-02T18:00:00Z", false),
        ("2026-04-01T18:00:00Z", false),
        ("2026-05-01T18:00:00Z", true),
    ] {
        let mut order = paid_order(1);
        order.modified_at = "2025-04-10T18:00:00Z".parse().expect("a time");
        order.paid_at = paid.parse().ok();
        let expected: &[&str] = if held {
            &["hold all: date_unlikely"]
        } else {
            &[]
        };
        assert_eq!(words(&Ledger::canadian().look(&order)), expected, "{paid}");
    }
}

#[test]
fn a_receipt_stays_a_receipt_and_keeps_its_day_and_number() {
    let mut ledger = posted(&paid_order(1));
    let mut order = with_goods_of(paid_order(1), "200.00", "10.00");
    order.paid_at = "2025-05-01T18:00:00Z".parse().ok();
    order.number = "other".into();
    assert_eq!(decisions(&ledger.post(&order)), [Update]);
    assert_eq!(
        ledger.shown(),
        ["SalesReceipt WC-1 2025-04-10 210.00 tax 10.00"]
    );

    order.paid_at = None;
    assert_eq!(
        words(&ledger.post(&order)),
        ["hold all: edited_after_posting"]
    );
}

#[test]
fn edits_are_held_where_the_shop_wants_it() {
    let ledger =
        posted(&paid_order(1)).policy(|policy| policy.edit_after_posting = EditAfterPosting::Hold);
    assert_eq!(decisions(&ledger.look(&paid_order(1))), [Keep]);
    let account = ledger.look(&with_goods_of(paid_order(1), "200.00", "10.00"));
    assert_eq!(words(&account), ["hold all: edited_after_posting"]);
}

#[test]
fn a_document_keeps_its_currency_and_its_rate() {
    let mut ledger = Ledger::canadian();
    ledger.company.multicurrency = true;
    ledger.rules.policy.exchange_rates =
        [("USD".to_owned(), "1.36".parse().expect("a rate"))].into();
    let mut order = paid_order(1);
    order.currency = "USD".into();
    ledger.post(&order);
    ledger.rules.policy.exchange_rates =
        [("USD".to_owned(), "1.40".parse().expect("a rate"))].into();
    assert_eq!(decisions(&ledger.look(&order)), [Keep]);
    order.currency = "CAD".into();
    assert_eq!(
        words(&ledger.look(&order)),
        ["hold all: edited_after_posting"]
    );
}

#[test]
fn an_edit_that_takes_away_what_was_refunded_is_held() {
    let mut order = paid_order(1);
    let mut refund = refund_of(20, "63.00");
    give_back(&mut refund, &order.items[0], 0, "-60.00", &[(1, "-3.00")]);
    order.refunds.push(refund);
    let ledger = posted(&order);
    let still = with_goods_of(order.clone(), "80.00", "4.00");
    assert_eq!(decisions(&ledger.look(&still)), [Update, Keep]);
    let mut gone = with_goods_of(order, "50.00", "2.50");
    gone.fees = vec![extra(12, "Late fee", "30.00", &[])];
    add_up(&mut gone);
    assert_eq!(
        words(&ledger.look(&gone)),
        ["hold all: edited_after_posting"]
    );
}

#[test]
fn an_edit_after_a_full_refund_without_lines_is_held() {
    let mut order = paid_order(1);
    order.refunds = vec![refund_of(20, "105.00")];
    let ledger = posted(&order);
    let edited = with_goods_of(order, "110.00", "5.50");
    assert_eq!(
        words(&ledger.look(&edited)),
        ["hold all: edited_after_posting"]
    );
}

#[test]
fn an_order_that_goes_back_changes_nothing() {
    let mut order = paid_order(1);
    let ledger = posted(&order);
    for status in ["pending", "failed", "checkout-draft"] {
        order.status = status.into();
        let account = ledger.look(&order);
        assert_eq!(words(&account), ["warning: status_went_back"]);
        assert_eq!(decisions(&account), [Keep]);
    }
}

#[test]
fn an_unpaid_invoice_is_voided_once_and_never_made_again() {
    let mut order = owed_order(1);
    let mut ledger = posted(&order);
    order.status = "cancelled".into();
    assert_eq!(decisions(&ledger.post(&order)), [Void]);
    assert_eq!(
        ledger.shown(),
        ["Invoice WC-1 2025-04-10 105.00 tax 5.00 voided"]
    );
    let again = ledger.post(&order);
    assert_eq!((decisions(&again), words(&again)), (vec![Keep], vec![]));

    pay(&mut order, "2025-04-20T17:00:00Z");
    let account = ledger.post(&order);
    assert_eq!(words(&account), ["hold all: edited_after_posting"]);
    assert!(account.holds[0].reason.message.contains("voided"));
}

#[test]
fn deleting_an_order_is_like_cancelling_it() {
    let mut ledger = posted(&owed_order(1));
    ledger.post(&paid_order(2));
    assert_eq!(decisions(&ledger.lose(1)), [Void]);
    assert_eq!(words(&ledger.lose(2)), ["warning: cancelled_after_payment"]);
    assert_eq!(words(&ledger.lose(3)), ["skip: status_cancelled"]);
    assert_eq!(
        ledger.shown(),
        [
            "Invoice WC-1 2025-04-10 105.00 tax 5.00 voided",
            "SalesReceipt WC-2 2025-04-10 105.00 tax 5.00",
        ]
    );
}

#[test]
fn an_invoice_may_be_left_and_one_in_a_closed_period_must_be() {
    let mut order = owed_order(1);
    let ledger = posted(&order);
    order.status = "trash".into();
    let leaving =
        posted(&owed_order(1)).policy(|policy| policy.cancelled_invoice = CancelledInvoice::Leave);
    assert_eq!(decisions(&leaving.look(&order)), [Keep]);

    let mut closed = ledger;
    closed.company.closed_through = "2025-04-30".parse().ok();
    let account = closed.look(&order);
    assert_eq!(decisions(&account), [Keep]);
    assert_eq!(words(&account), ["hold 1/sale: period_closed"]);
}

#[test]
fn a_sale_cancelled_after_payment_stays_and_its_refund_is_still_posted() {
    let mut order = paid_order(1);
    let mut ledger = posted(&order);
    order.status = "cancelled".into();
    assert_eq!(
        words(&ledger.post(&order)),
        ["warning: cancelled_after_payment"]
    );
    order.refunds = vec![refund_of(20, "105.00")];
    let account = ledger.post(&order);
    assert_eq!(decisions(&account), [Keep, Create]);
    assert_eq!(words(&account), ["warning: cancelled_after_payment"]);
    assert_eq!(
        ledger.shown(),
        [
            "SalesReceipt WC-1 2025-04-10 105.00 tax 5.00",
            "RefundReceipt WC-1-R20 2025-04-15 105.00 tax 5.00",
        ]
    );
}

#[test]
fn an_invoice_paid_and_then_cancelled_is_not_voided() {
    let mut order = owed_order(1);
    let mut ledger = posted(&order);
    pay(&mut order, "2025-04-20T17:00:00Z");
    order.status = "cancelled".into();
    assert_eq!(
        words(&ledger.post(&order)),
        ["warning: cancelled_after_payment"]
    );
    assert_eq!(
        ledger.shown(),
        [
            "Invoice WC-1 2025-04-10 105.00 tax 5.00",
            "Payment WC-1 2025-04-20 105.00 tax 0.00",
        ]
    );
}

#[test]
fn a_closed_period_takes_no_new_documents_or_sends_them_to_the_first_open_day() {
    let mut ledger = Ledger::canadian();
    ledger.company.closed_through = "2025-04-30".parse().ok();
    let account = ledger.look(&paid_order(1));
    assert_eq!(words(&account), ["hold all: period_closed"]);
    let message = &account.holds[0].reason.message;
    assert!(
        message.contains("2025-04-10") && message.contains("2025-04-30"),
        "{message}"
    );

    let mut moving = ledger.policy(|policy| policy.closed_period = ClosedPeriod::FirstOpenDay);
    assert_eq!(
        words(&moving.post(&paid_order(1))),
        ["warning: date_moved_to_open_period"]
    );
    assert_eq!(
        moving.shown(),
        ["SalesReceipt WC-1 2025-05-01 105.00 tax 5.00"]
    );
    assert!(moving.document(Role::Sale).note.contains("2025-04-10"));
    assert_eq!(decisions(&moving.look(&paid_order(1))), [Keep]);
}

#[test]
fn a_change_in_a_closed_period_waits_and_what_is_open_goes_on() {
    let mut ledger = posted(&paid_order(1));
    ledger.company.closed_through = "2025-04-12".parse().ok();
    assert_eq!(decisions(&ledger.look(&paid_order(1))), [Keep]);
    let edited = with_goods_of(paid_order(1), "200.00", "10.00");
    assert_eq!(words(&ledger.look(&edited)), ["hold all: period_closed"]);
    let mut refunded = paid_order(1);
    refunded.refunds = vec![refund_of(20, "105.00")];
    assert_eq!(decisions(&ledger.look(&refunded)), [Keep, Create]);
}

#[test]
fn a_document_that_nobody_remembers_is_left_to_a_comparison() {
    let ledger = posted(&paid_order(1));
    let mut found = ledger.posted();
    found[0].fingerprint = None;
    found[0].document = None;
    let mut company = ledger.company.clone();
    let seen = account(&paid_order(1), None, &found, &ledger.rules, &company);
    assert_eq!(decisions(&seen), [Update]);
    assert_eq!(seen.entries[0].document.date.to_string(), "2025-04-10");
    company.closed_through = "2025-04-30".parse().ok();
    let seen = account(&paid_order(1), None, &found, &ledger.rules, &company);
    assert_eq!(decisions(&seen), [Keep]);
}

/// What a shop shows of a line after its product was deleted for good.
fn forget_product(item: &mut ItemLine) {
    item.product_id = None;
    item.variation_id = None;
    item.sku = None;
}

fn items_of(ledger: &Ledger, role: Role) -> Vec<String> {
    let lines = ledger.document(role).lines.iter();
    lines.map(|line| line.item.to_string()).collect()
}

#[test]
fn a_product_deleted_in_the_shop_moves_no_old_sale() {
    let mut order = paid_order(1);
    let mut refund = refund_of(20, "21.00");
    give_back(&mut refund, &order.items[0], 0, "-20.00", &[(1, "-1.00")]);
    order.refunds.push(refund);
    let mut ledger = posted(&order);
    forget_product(&mut order.items[0]);
    forget_product(&mut order.refunds[0].items[0]);
    assert_eq!(decisions(&ledger.look(&order)), [Keep, Keep]);

    ledger.company.closed_through = "2025-04-30".parse().ok();
    let account = ledger.look(&order);
    assert_eq!(
        (decisions(&account), words(&account)),
        (vec![Keep, Keep], vec![])
    );

    // A refund made after that is one of what was sold, and so is that of all the rest.
    ledger.company.closed_through = None;
    let mut later = refund_of(21, "10.50");
    give_back(&mut later, &order.items[0], 0, "-10.00", &[(1, "-0.50")]);
    order.refunds.push(later);
    order.refunds.push(refund_of(22, "73.50"));
    assert_eq!(
        decisions(&ledger.post(&order)),
        [Keep, Keep, Create, Create]
    );
    for refund in [20, 21, 22] {
        assert_eq!(items_of(&ledger, Role::Refund(refund)), ["sku:TOTE"]);
    }
}

#[test]
fn a_variation_deleted_in_the_shop_is_not_the_whole_product_on_old_sales() {
    let mut order = paid_order(1);
    order.items[0].variation_id = Some(931);
    order.items[0].attributes = vec![("Size".into(), "L".into())];
    let mut ledger = posted(&order);
    order.items[0].variation_id = None;
    order.items[0].sku = Some("TOTES".into());
    assert_eq!(decisions(&ledger.look(&order)), [Keep]);

    // With the whole product the label of the attribute goes too.
    forget_product(&mut order.items[0]);
    order.items[0].attributes = vec![("pa_size".into(), "L".into())];
    assert_eq!(decisions(&ledger.look(&order)), [Keep]);
    // Something else happens to the order: what was sold stays what was sold.
    order.fees = vec![extra(12, "Late fee", "30.00", &[])];
    add_up(&mut order);
    assert_eq!(decisions(&ledger.post(&order)), [Update]);
    assert_eq!(items_of(&ledger, Role::Sale), ["sku:TOTE", "fee"]);
}

#[test]
fn a_new_sku_in_the_shop_moves_no_old_sale() {
    let mut order = paid_order(1);
    let ledger = posted(&order);
    order.items[0].sku = Some("TOTE-2".into());
    assert_eq!(decisions(&ledger.look(&order)), [Keep]);
    assert_eq!(decisions(&Ledger::canadian().look(&order)), [Create]);
}

#[test]
fn a_line_that_really_changed_follows_the_shop() {
    let mut order = paid_order(1);
    let mut ledger = posted(&order);
    forget_product(&mut order.items[0]);
    let mut renamed = order.clone();
    renamed.items[0].name = "Another thing".into();
    assert_eq!(decisions(&ledger.look(&renamed)), [Update]);
    order.items[0].total = money("80.00");
    order.items[0].subtotal = money("80.00");
    order.items[0].taxes[0].total = Some(money("4.00"));
    add_up(&mut order);
    assert_eq!(decisions(&ledger.post(&order)), [Update]);
    assert_eq!(items_of(&ledger, Role::Sale), ["fallback:deleted_product"]);
}

#[test]
fn an_order_never_posted_of_a_deleted_product_goes_to_the_item_for_those() {
    let mut order = paid_order(1);
    forget_product(&mut order.items[0]);
    let ledger = posted(&order);
    assert_eq!(items_of(&ledger, Role::Sale), ["fallback:deleted_product"]);
}

#[test]
fn a_line_with_a_coupon_or_an_odd_quantity_is_known_again_by_its_name() {
    let mut order = paid_order(1);
    order.coupons = vec!["SPRING".into()];
    order.items[0].subtotal = money("120.00");
    let mut bulk = goods(13, "BOLT", "100.00", &[(1, "5.00")]);
    bulk.quantity = "1234567.891".parse().expect("a quantity");
    order.items.push(bulk);
    add_up(&mut order);
    for discounts in [Discounts::Net, Discounts::Line] {
        let mut ledger = Ledger::canadian().policy(|policy| policy.discounts = discounts);
        ledger.post(&order);
        let mut later = order.clone();
        later.items.iter_mut().for_each(forget_product);
        assert_eq!(decisions(&ledger.look(&later)), [Keep]);
    }
}
