//! Sales: what an order becomes by its status, its lines, its tax and its currency.

use super::ledger::{Ledger, map, words};
use super::shop::*;
use crate::model::company::Account;
use crate::model::document::Role;
use crate::model::order::{GatewayFee, Order};
use crate::model::rules::*;

fn outcome(ledger: &mut Ledger, order: &Order) -> Vec<String> {
    let account = ledger.post(order);
    let mut seen = ledger.shown();
    seen.extend(words(&account));
    seen
}

fn with_status(status: &str, method: &str, paid: bool) -> Vec<String> {
    let mut order = paid_order(1);
    order.status = status.into();
    order.payment_method = method.into();
    if !paid {
        order.paid_at = None;
    }
    outcome(&mut Ledger::canadian(), &order)
}

#[test]
fn the_status_decides_together_with_the_paid_date() {
    const RECEIPT: &str = "SalesReceipt WC-1 2025-04-10 105.00 tax 5.00";
    const INVOICE: &str = "Invoice WC-1 2025-04-10 105.00 tax 5.00";
    const UNEXPECTED: &str = "warning: unpaid_without_invoice_gateway";
    assert_eq!(
        with_status("pending", "stripe", true),
        ["skip: status_pending"]
    );
    assert_eq!(
        with_status("failed", "stripe", true),
        ["skip: status_failed"]
    );
    assert_eq!(
        with_status("checkout-draft", "stripe", false),
        ["skip: status_draft"]
    );
    assert_eq!(
        with_status("cancelled", "stripe", true),
        ["skip: status_cancelled"]
    );
    assert_eq!(
        with_status("trash", "stripe", true),
        ["skip: status_cancelled"]
    );
    assert_eq!(with_status("on-hold", "stripe", true), [RECEIPT]);
    assert_eq!(with_status("on-hold", "bacs", false), [INVOICE]);
    assert_eq!(
        with_status("on-hold", "stripe", false),
        ["skip: on_hold_not_invoice_gateway"]
    );
    assert_eq!(with_status("processing", "cod", false), [INVOICE]);
    assert_eq!(
        with_status("completed", "stripe", false),
        [INVOICE, UNEXPECTED]
    );
    assert_eq!(with_status("refunded", "stripe", true), [RECEIPT]);
    assert_eq!(
        with_status("awaiting-pickup", "stripe", true),
        ["hold all: status_unmapped"]
    );
}

#[test]
fn a_status_of_a_plugin_means_what_the_shop_says() {
    let meaning = |meaning, paid: bool| {
        let mut order = paid_order(1);
        order.status = "awaiting-pickup".into();
        if !paid {
            order.paid_at = None;
        }
        let mut ledger = Ledger::canadian().policy(|policy| {
            policy.status_map = [("awaiting-pickup".to_owned(), meaning)].into();
        });
        outcome(&mut ledger, &order)
    };
    let receipt = "SalesReceipt WC-1 2025-04-10 105.00 tax 5.00";
    let invoice = "Invoice WC-1 2025-04-10 105.00 tax 5.00";
    let payment = "Payment WC-1 2025-04-10 105.00 tax 0.00";
    assert_eq!(meaning(StatusMeaning::AsPaid, false), [receipt]);
    assert_eq!(meaning(StatusMeaning::AsInvoice, false), [invoice]);
    assert_eq!(meaning(StatusMeaning::AsInvoice, true), [invoice, payment]);
    assert_eq!(meaning(StatusMeaning::Skip, true), ["skip: status_skipped"]);
}

#[test]
fn a_free_order_is_skipped_where_the_shop_wants_it_and_always_when_nothing_is_in_it() {
    let mut order = paid_order(1);
    order.items[0].total = money("0");
    order.items[0].taxes.clear();
    add_up(&mut order);
    let mut skipping = Ledger::canadian().policy(|policy| policy.zero_total = ZeroTotal::Skip);
    assert_eq!(outcome(&mut skipping, &order), ["skip: zero_total"]);
    order.items.clear();
    assert_eq!(
        outcome(&mut Ledger::canadian(), &order),
        ["skip: zero_total"]
    );
}

#[test]
fn cents_that_nothing_explains_go_to_a_rounding_line_and_more_is_held() {
    let mut ledger = Ledger::canadian();
    let mut order = paid_order(1);
    order.total = money("105.05");
    assert_eq!(
        outcome(&mut ledger, &order),
        [
            "SalesReceipt WC-1 2025-04-10 105.05 tax 5.00",
            "warning: rounding_line"
        ]
    );
    assert_eq!(
        ledger.lines(Role::Sale),
        ["1 × sku:TOTE 100.00 GST", "rounding 0.05 Exempt"]
    );

    order.id = 2;
    order.total = money("104.94");
    let account = ledger.post(&order);
    assert_eq!(words(&account), ["hold all: order_totals_mismatch"]);
    let message = &account.holds[0].reason.message;
    for figure in ["104.94", "5.00", "100.00", "-0.06"] {
        assert!(message.contains(figure), "{message}");
    }
}

#[test]
fn figures_that_cannot_be_posted_are_held() {
    let held = |change: fn(&mut Order)| {
        let mut order = paid_order(1);
        change(&mut order);
        outcome(&mut Ledger::canadian(), &order)
    };
    assert_eq!(
        held(|order| order.items[0].total = money("100.005")),
        ["hold all: amount_precision"]
    );
    assert_eq!(
        held(|order| order.total = money("-1")),
        ["hold all: negative_total"]
    );
    assert_eq!(
        held(|order| order.tax_lines.clear()),
        ["hold all: tax_lines_mismatch"]
    );
    assert_eq!(
        held(|order| order.tax_lines[0].tax_total = money("4.90")),
        ["hold all: tax_lines_mismatch"]
    );
    assert_eq!(
        held(|order| order.items[0].taxes[0].rate_id = 99),
        ["hold all: tax_code_unmapped"]
    );
    assert_eq!(
        held(|order| {
            order.currency = "USD".into();
        }),
        ["hold all: currency_not_enabled"]
    );
}

#[test]
fn a_third_decimal_that_is_zero_is_no_third_decimal() {
    let mut order = paid_order(1);
    order.items[0].total = money("100.000");
    assert_eq!(
        outcome(&mut Ledger::canadian(), &order),
        ["SalesReceipt WC-1 2025-04-10 105.00 tax 5.00"]
    );
}

#[test]
fn gross_lines_carry_one_discount_line_for_each_tax_code() {
    let mut ledger = Ledger::canadian().policy(|policy| policy.discounts = Discounts::Line);
    let mut order = paid_order(1);
    order.items = vec![
        goods(11, "A", "18.00", &[(1, "0.90"), (2, "1.26")]),
        goods(12, "B", "9.00", &[(1, "0.45")]),
        goods(13, "C", "27.00", &[(1, "1.35"), (2, "1.89")]),
    ];
    for (item, before) in order.items.iter_mut().zip(["20.00", "10.00", "30.00"]) {
        item.subtotal = money(before);
    }
    add_up(&mut order);
    ledger.post(&order);
    assert_eq!(
        ledger.lines(Role::Sale),
        [
            "1 × sku:A 20.00 GST/PST BC",
            "1 × sku:B 10.00 GST",
            "1 × sku:C 30.00 GST/PST BC",
            "discount -5.00 GST/PST BC",
            "discount -1.00 GST",
        ]
    );
    assert_eq!(
        ledger.tax(Role::Sale),
        ["GST 5% 2.70 of 54.00", "PST BC 7% 3.15 of 45.00"]
    );
}

#[test]
fn quantities_that_no_price_can_carry_become_one() {
    let mut ledger = Ledger::canadian();
    let mut order = paid_order(1);
    order.items[0].quantity = "3000000".parse().expect("a quantity");
    ledger.post(&order);
    let line = &ledger.document(Role::Sale).lines[0];
    assert_eq!(line.quantity, Some("1".parse().expect("one")));
    assert_eq!(
        line.unit_price.map(|price| price.to_string()).as_deref(),
        Some("100.00")
    );
    assert!(
        line.description.starts_with("3000000 × "),
        "{}",
        line.description
    );

    order.id = 2;
    order.items[0].quantity = "0".parse().expect("nothing");
    let account = ledger.look(&order);
    assert_eq!(account.entries[0].document.lines[0].quantity, None);
}

#[test]
fn the_money_goes_to_the_closest_account_that_is_set() {
    let account_for = |deposit: &[(&str, &str)], method: &str| {
        let mut ledger = Ledger::canadian();
        ledger.rules.deposit = map(deposit);
        let mut order = paid_order(1);
        order.payment_method = method.into();
        let account = ledger.look(&order);
        match account.entries.first() {
            Some(entry) => entry.document.account.clone().unwrap_or_default(),
            None => words(&account).join(" "),
        }
    };
    let all = [
        ("stripe:CAD", "a"),
        ("stripe", "b"),
        ("*:CAD", "c"),
        ("*", "d"),
    ];
    for (at, wanted) in ["a", "b", "c", "d"].iter().enumerate() {
        assert_eq!(account_for(&all[at..], "stripe"), *wanted);
    }
    assert_eq!(account_for(&all, ""), "c");
    assert_eq!(
        account_for(&all[..2], "paypal"),
        "hold all: payment_method_unmapped"
    );
}

#[test]
fn an_account_in_a_third_currency_cannot_take_the_money() {
    let mut ledger = Ledger::canadian();
    ledger.company.accounts.insert(
        "Stripe Clearing".into(),
        Account {
            id: "9".into(),
            kind: "Bank".into(),
            currency: Some("EUR".into()),
        },
    );
    let account = ledger.post(&paid_order(1));
    assert_eq!(words(&account), ["hold all: payment_method_unmapped"]);
    assert!(account.holds[0].reason.message.contains("EUR"));
}

#[test]
fn the_fee_of_the_gateway_is_an_expense_of_its_own() {
    let mut ledger = Ledger::canadian().policy(|policy| policy.gateway_fees = GatewayFees::Expense);
    let mut order = paid_order(1);
    ledger.post(&order);
    // Gateways fill the fee in after the capture.
    order.gateway_fee = Some(GatewayFee {
        amount: money("3.35"),
        currency: Some("CAD".into()),
    });
    ledger.post(&order);
    assert_eq!(
        ledger.shown(),
        [
            "SalesReceipt WC-1 2025-04-10 105.00 tax 5.00",
            "Purchase WC-1-F 2025-04-10 3.35 tax 0.00",
        ]
    );
    assert_eq!(ledger.lines(Role::Fee), ["Merchant Fees 3.35 Exempt"]);
    assert_eq!(
        ledger.document(Role::Fee).account.as_deref(),
        Some("Stripe Clearing")
    );

    order.gateway_fee = Some(GatewayFee {
        amount: money("3.40"),
        currency: None,
    });
    ledger.post(&order);
    assert_eq!(ledger.document(Role::Fee).total, money("3.40"));

    order.id = 2;
    order.gateway_fee = Some(GatewayFee {
        amount: money("2.50"),
        currency: Some("EUR".into()),
    });
    assert_eq!(
        words(&ledger.look(&order)),
        ["warning: gateway_fee_currency_mismatch"]
    );
}

#[test]
fn a_fee_leaves_a_bank_account_only() {
    let mut ledger = Ledger::canadian().policy(|policy| policy.gateway_fees = GatewayFees::Expense);
    ledger.company.accounts.insert(
        "Stripe Clearing".into(),
        Account {
            id: "9".into(),
            kind: "Other Current Asset".into(),
            currency: None,
        },
    );
    let mut order = paid_order(1);
    order.gateway_fee = Some(GatewayFee {
        amount: money("3.35"),
        currency: None,
    });
    assert_eq!(
        outcome(&mut ledger, &order),
        [
            "SalesReceipt WC-1 2025-04-10 105.00 tax 5.00",
            "hold 1/fee: payment_method_unmapped",
        ]
    );
}

#[test]
fn the_day_of_a_sale_is_the_one_that_the_shop_chose() {
    let day = |choice| {
        let mut order = paid_order(1);
        order.created_at = "2025-04-08T12:00:00Z".parse().expect("a time");
        order.completed_at = "2025-04-12T12:00:00Z".parse().ok();
        let ledger = Ledger::canadian().policy(|policy| policy.sales_date = choice);
        ledger.look(&order).entries[0].document.date.to_string()
    };
    assert_eq!(day(SalesDate::DatePaid), "2025-04-10");
    assert_eq!(day(SalesDate::DateCreated), "2025-04-08");
    assert_eq!(day(SalesDate::DateCompleted), "2025-04-12");
}

#[test]
fn numbers_that_are_too_long_give_way_to_ids() {
    let mut ledger = Ledger::canadian().policy(|policy| policy.gateway_fees = GatewayFees::Expense);
    let mut order = paid_order(1234567);
    order.number = "2025-WEB-1234567".into(); // 19 characters with the prefix.
    order.gateway_fee = Some(GatewayFee {
        amount: money("1.00"),
        currency: None,
    });
    order.refunds = vec![refund_of(1234570, "1.00")];
    ledger.post(&order);
    let numbers: Vec<&str> = ledger
        .booked
        .iter()
        .map(|booked| booked.document.number.as_str())
        .collect();
    assert_eq!(
        numbers,
        [
            "WC-2025-WEB-1234567",
            "WC-R1234570",
            "WC-2025-WEB-1234567-F"
        ]
    );
    assert!(
        ledger
            .document(Role::Sale)
            .note
            .starts_with("Woo order 2025-WEB-1234567 (Card), transaction ch_1")
    );
}

#[test]
fn the_note_of_the_buyer_is_shown_only_where_the_shop_wants_it() {
    let mut order = paid_order(1);
    order.customer_note = "Ring twice".into();
    assert_eq!(
        Ledger::canadian().look(&order).entries[0].document.memo,
        None
    );
    let open = Ledger::canadian().policy(|policy| policy.customer_note = true);
    assert_eq!(
        open.look(&order).entries[0].document.memo.as_deref(),
        Some("Ring twice")
    );
}
