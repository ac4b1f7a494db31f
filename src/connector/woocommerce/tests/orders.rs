//! Reading orders: every recorded one, the fields that are easy to get wrong, and those that cannot be read.

use serde_json::{Value, json};

use super::recorded;
use crate::connector::port::Odd;
use crate::connector::woocommerce::{add_refunds, read_order};
use crate::model::money::Money;
use crate::model::order::{GatewayFee, Order};

fn read(raw: &str) -> Result<Order, Odd> {
    read_order(raw, &[])
}

/// A recorded order with its recorded refunds.
fn order(name: &str) -> Order {
    let mut order = read(body(name).trim()).expect("a readable order");
    let refunds = format!("orders/{name}.refunds");
    if std::fs::exists(format!(
        "{}/tests/recorded/woocommerce/{refunds}.json",
        env!("CARGO_MANIFEST_DIR")
    ))
    .expect("a readable folder")
    {
        let rows: Vec<Box<serde_json::value::RawValue>> = serde_json::from_str(
            recorded(&refunds)["response"]["body"]
                .as_str()
                .expect("a body"),
        )
        .expect("a list");
        let rows: Vec<&str> = rows.iter().map(|row| row.get()).collect();
        add_refunds(&mut order, &rows).expect("readable refunds");
    }
    order
}

fn body(name: &str) -> String {
    let exchange = recorded(&format!("orders/{name}"));
    exchange["response"]["body"]
        .as_str()
        .expect("a body")
        .to_owned()
}

fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// An order as small as it can be, with changes.
fn small(changes: Value) -> String {
    let mut order = json!({
        "id": 7, "number": "7", "status": "processing", "currency": "CAD", "total": "0.00", "total_tax": "0.00",
        "date_created_gmt": "2026-01-02T03:04:05", "date_modified_gmt": "2026-01-02T03:04:06",
        "line_items": [], "refunds": [],
    });
    for (field, value) in changes.as_object().expect("an object") {
        order[field] = value.clone();
    }
    order.to_string()
}

fn line(changes: Value) -> Value {
    let mut line = json!({"id": 1, "name": "Wool Toque", "quantity": 1, "total": "24.99"});
    for (field, value) in changes.as_object().expect("an object") {
        line[field] = value.clone();
    }
    json!({"line_items": [line]})
}

#[test]
fn reads_every_recorded_order_and_refund() {
    let folder = format!("{}/tests/recorded/woocommerce", env!("CARGO_MANIFEST_DIR"));
    let mut orders = 0;
    for place in ["orders", "lists"] {
        for file in std::fs::read_dir(format!("{folder}/{place}")).expect("a folder") {
            let name = file
                .expect("a file")
                .file_name()
                .into_string()
                .expect("a plain name");
            let name = name.trim_end_matches(".json");
            if name.contains(".notes") || name.contains(".refunds") || name.contains("scan") {
                continue;
            }
            let exchange = recorded(&format!("{place}/{name}"));
            let body = exchange["response"]["body"].as_str().expect("a body");
            let raws: Vec<Box<serde_json::value::RawValue>> = match place {
                "orders" => {
                    order(name);
                    vec![serde_json::from_str(body).expect("an order")]
                }
                _ if name.starts_with("orders-difficult") => {
                    serde_json::from_str(body).expect("a list")
                }
                _ => continue,
            };
            for raw in raws {
                let order = read(raw.get()).unwrap_or_else(|odd| panic!("{name}: {odd:?}"));
                let sent: Value = serde_json::from_str(raw.get()).expect("JSON");
                assert_eq!(
                    order.total,
                    money(sent["total"].as_str().expect("text")),
                    "{name}"
                );
                assert_eq!(
                    order.items.len(),
                    sent["line_items"].as_array().expect("a list").len()
                );
                orders += 1;
            }
        }
    }
    assert!(orders > 100, "only {orders} orders were read");
}

#[test]
fn keeps_times_in_utc_and_names_apart_from_numbers() {
    let order = order("dst-ambiguous-hour");
    assert_eq!(
        order.created_at.to_rfc3339(),
        json_text("dst-ambiguous-hour", "date_created_gmt") + "+00:00"
    );

    let renumbered = self::order("order-number-changed");
    assert_ne!(renumbered.number, renumbered.id.to_string());
}

fn json_text(name: &str, field: &str) -> String {
    let order: Value = serde_json::from_str(&body(name)).expect("JSON");
    order[field].as_str().expect("text").to_owned()
}

#[test]
fn reads_what_the_gateway_kept() {
    let fee = |amount: &str, currency: Option<&str>| {
        Some(GatewayFee {
            amount: money(amount),
            currency: currency.map(str::to_owned),
        })
    };
    assert_eq!(
        order("status-processing-stripe").gateway_fee,
        fee("2.31", Some("CAD"))
    );
    assert_eq!(
        order("status-completed-paypal").gateway_fee,
        fee("4.45", Some("CAD"))
    );
    assert_eq!(order("cod-processing-unpaid").gateway_fee, None);

    let raw = small(json!({"meta_data": [
        {"key": "_stripe_fee", "value": ""},
        {"key": "_house_fee", "value": 1.10},
        {"key": "_stripe_currency", "value": "usd"},
    ]}));
    assert_eq!(
        read_order(&raw, &["_house_fee".to_owned()])
            .expect("readable")
            .gateway_fee,
        fee("1.10", None)
    );
    assert_eq!(read(&raw).expect("readable").gateway_fee, None);
}

/// As the current PayPal plugin writes it, see its `PayPalGateway::FEES_META_KEY` and `RefundFeesUpdater`.
#[test]
fn reads_what_paypal_kept_and_what_it_gave_back() {
    let sum = |value: &str| json!({ "currency_code": "cad", "value": value });
    let shares = |gross: &str, fee: &str, net: &str| json!({ "gross_amount": sum(gross), "paypal_fee": sum(fee), "net_amount": sum(net) });
    let fee = |more: Value| {
        let mut meta = vec![
            json!({ "key": "_ppcp_paypal_order_id", "value": "7XX" }),
            json!({ "key": "_ppcp_paypal_fees", "value": shares("105.00", "3.45", "101.55") }),
        ];
        meta.extend(more.as_array().expect("a list").iter().cloned());
        let order = read(&small(json!({ "meta_data": meta }))).expect("readable");
        order
            .gateway_fee
            .map(|fee| (fee.amount.to_string(), fee.currency))
    };
    let cad = |amount: &str| Some((amount.to_owned(), Some("CAD".to_owned())));
    let back = |value: Value| json!([{ "key": "_ppcp_paypal_refund_fees", "value": value }]);
    assert_eq!(fee(json!([])), cad("3.45"));
    // Money back without a fee, with some of the fee back, and with a fee on top.
    assert_eq!(fee(back(shares("52.50", "0.00", "52.50"))), cad("3.45"));
    assert_eq!(fee(back(shares("52.50", "1.20", "51.30"))), cad("2.25"));
    assert_eq!(fee(back(shares("52.50", "0.30", "52.80"))), cad("3.75"));
    // Numbers, nothing, another currency, and what makes no sense.
    let number = json!({ "paypal_fee": { "currency_code": "cad", "value": 1.2 } });
    assert_eq!(fee(back(number)), cad("2.25"));
    assert_eq!(fee(back(json!([]))), cad("3.45"));
    let euro = json!({ "paypal_fee": { "currency_code": "EUR", "value": "1.00" } });
    assert_eq!(fee(back(euro)), cad("3.45"));
    assert_eq!(fee(back(json!("?"))), cad("3.45"));
    for odd in [
        json!([]),
        json!(""),
        json!({ "paypal_fee": null }),
        json!({ "paypal_fee": { "value": "" } }),
    ] {
        let raw = small(
            json!({ "meta_data": [{ "key": "_ppcp_paypal_fees", "value": odd },
            { "key": "PayPal Transaction Fee", "value": "2.00" }] }),
        );
        let fee = read(&raw)
            .expect("readable")
            .gateway_fee
            .expect("the next key");
        assert_eq!(fee.amount, money("2.00"));
    }
}

#[test]
fn reads_meta_of_any_kind() {
    let order = order("meta-json-types");
    assert_eq!(
        order.items[0].attributes,
        [("Engraving".to_owned(), "To “Mum” &lt;3".to_owned())],
        "an object is no attribute, and what begins with `_` is nobody's choice"
    );
    let exempt = small(json!({"meta_data": [{"key": "is_vat_exempt", "value": "yes"}]}));
    assert!(read(&exempt).expect("readable").vat_exempt);
    assert!(!order.vat_exempt);
}

#[test]
fn tells_a_deleted_product_from_one_without_a_sku() {
    let deleted = order("deleted-product");
    assert_eq!(
        (deleted.items[0].product_id, &deleted.items[0].sku),
        (None, &None)
    );
    let nameless = order("nosku-and-long-name");
    assert!(
        nameless
            .items
            .iter()
            .any(|item| item.sku.as_deref() == Some(""))
    );
}

#[test]
fn reads_amounts_exactly_from_text_and_from_plain_numbers() {
    for (sent, read_as) in [
        (json!("24.99"), "24.99"),
        (json!("1.999999"), "1.999999"),
        (json!(24.99), "24.99"),
        (json!(41), "41.00"),
        (json!("-0.00"), "0.00"),
    ] {
        let order = read(&small(line(json!({"total": sent})))).expect("readable");
        assert_eq!(order.items[0].total.to_string(), read_as);
    }
    // The very characters count: as a float this would be another amount.
    let raw = small(json!({})).replace(r#""total":"0.00""#, r#""total":12345678901234.55"#);
    assert_eq!(
        read(&raw).expect("readable").total.to_string(),
        "12345678901234.55"
    );
}

#[test]
fn reads_a_rate_that_does_not_apply_apart_from_one_at_zero() {
    let order = read(&small(line(json!({"taxes": [
        {"id": 1, "total": "", "subtotal": ""}, {"id": 12, "total": "0.00", "subtotal": "0.00"},
    ]}))))
    .expect("readable");
    let totals: Vec<Option<Money>> = order.items[0]
        .taxes
        .iter()
        .map(|share| share.total)
        .collect();
    assert_eq!(totals, [None, Some(Money::ZERO)]);
}

#[test]
fn reads_quantities_that_are_no_whole_numbers() {
    for (sent, read_as) in [
        (json!(0.5), "0.5"),
        (json!("2.375"), "2.375"),
        (json!(0), "0"),
        (json!(-1), "-1"),
    ] {
        let order = read(&small(line(json!({"quantity": sent})))).expect("readable");
        assert_eq!(order.items[0].quantity.to_string(), read_as);
    }
}

#[test]
fn takes_php_for_what_it_means() {
    let order = read(&small(json!({
        "number": 1042, "customer_id": "3", "billing": {"postcode": 12345, "company": false, "phone": null},
        "shipping": [], "fee_lines": null, "meta_data": {"3": {"key": "is_vat_exempt", "value": "yes"}},
        "line_items": {"1": {"id": 1, "total": "1.00"}, "4": {"id": 4, "total": "2.00"}},
        "date_paid_gmt": null,
    })))
    .expect("readable");
    assert_eq!(
        (order.number.as_str(), order.buyer.account),
        ("1042", Some(3))
    );
    assert_eq!(order.billing.postcode, "12345");
    assert_eq!(
        order.items.iter().map(|item| item.id).collect::<Vec<_>>(),
        [1, 4]
    );
    assert!(order.vat_exempt && order.fees.is_empty() && order.paid_at.is_none());
}

#[test]
fn says_where_an_order_is_odd_and_never_what_stood_there() {
    let secret = "alice@customer.test";
    for (changes, path, said) in [
        (
            line(json!({"total": secret})),
            "line_items[0].total",
            "is not an amount of money",
        ),
        (
            line(json!({"total": ""})),
            "line_items[0].total",
            "is not an amount of money",
        ),
        (
            line(json!({"total": 1e300})),
            "line_items[0].total",
            "is not an amount of money",
        ),
        (
            line(json!({"total": [secret]})),
            "line_items[0].total",
            "is not an amount of money",
        ),
        (
            line(json!({"quantity": secret})),
            "line_items[0].quantity",
            "is not a plain number",
        ),
        (
            line(json!({"id": secret})),
            "line_items[0].id",
            "is not an id",
        ),
        (
            line(json!({"name": {"x": secret}})),
            "line_items[0].name",
            "is not a text",
        ),
        (
            line(json!({"taxes": secret})),
            "line_items[0].taxes",
            "is not a list",
        ),
        (json!({"billing": secret}), "billing", "is not an object"),
        (
            json!({"date_paid_gmt": secret}),
            "date_paid_gmt",
            "is not a time",
        ),
        (
            json!({"date_modified_gmt": null}),
            "date_modified_gmt",
            "is missing",
        ),
        (json!({"currency": ""}), "currency", "is missing"),
        (
            json!({"line_items": [{"id": 1}]}),
            "line_items[0].total",
            "is missing",
        ),
        (
            json!({"tax_lines": [{"rate_id": 1, "compound": secret}]}),
            "tax_lines[0].compound",
            "is neither true nor false",
        ),
    ] {
        let odd = read(&small(changes.clone())).expect_err("odd");
        assert_eq!(
            (odd.path.as_str(), odd.said.as_str()),
            (path, said),
            "{changes}"
        );
        assert_eq!((odd.id, odd.number.as_deref()), (Some(7), Some("7")));
    }
    let without = small(json!({})).replace(r#""refunds":[],"#, "");
    assert_eq!(read(&without).expect_err("odd").path, "refunds");
}

#[test]
fn keeps_the_refunds_of_an_order_in_the_order_in_which_they_were_made() {
    let two = order("refund-two-partials");
    assert!(two.refunds.len() == 2 && two.refunds[0].id < two.refunds[1].id);

    let lined = order("refund-one-line-with-tax");
    let back = &lined.refunds[0];
    assert_eq!(
        (back.amount, back.items[0].total),
        (money("27.99"), money("-24.99"))
    );
    assert_eq!(back.items[0].refunds_line, Some(46));
    assert_eq!(back.items[0].quantity.to_string(), "-1");

    let bare = order("refund-amount-only");
    assert!(!bare.refunds[0].has_rows() && bare.refunds[0].amount.is_positive());

    let mut odd = order("refund-amount-only");
    odd.refunds.clear();
    let trouble = add_refunds(
        &mut odd,
        &[r#"{"id":1,"date_created_gmt":"2026-01-01T00:00:00","amount":"x","line_items":[]}"#],
    )
    .expect_err("odd");
    assert_eq!(
        (trouble.path.as_str(), trouble.id),
        ("refunds[0].amount", Some(odd.id))
    );
}
