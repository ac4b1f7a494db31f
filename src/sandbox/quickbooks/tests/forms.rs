//! Forms: what a sales form needs, what is worked out, and each slip's refusal.

use serde_json::{Value, json};

use super::{
    Books, GONE, GST, GST_PST, JANE, MUG, OLD, STALE_CODE, STRIPE, invoice, line, receipt, start,
    with,
};

#[tokio::test]
async fn a_sales_receipt_is_computed_named_and_found_again() {
    let books = Books::canada().await;
    let made = books.made("SalesReceipt", receipt("WC-1")).await;
    assert_eq!(made["TotalAmt"].to_string(), "20.99");
    assert_eq!(made["TxnTaxDetail"]["TotalTax"].to_string(), "1.0");
    assert_eq!(
        made["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["NetAmountTaxable"].to_string(),
        "19.99"
    );
    assert_eq!(made["CustomerRef"]["name"], "Jane Doe");
    assert_eq!(made["DepositToAccountRef"]["name"], "Undeposited Funds");
    assert_eq!(made["Line"][1]["DetailType"], "SubTotalLineDetail");
    assert_eq!(made["SyncToken"], "0");
    let id = made["Id"].as_str().unwrap_or_default();
    assert_eq!(
        books
            .ids("select * from SalesReceipt where DocNumber = 'wc-1'")
            .await,
        [id]
    );
    assert_eq!(
        books.get(&format!("salesreceipt/{id}")).await.json()["SalesReceipt"],
        made
    );
    let time = made["MetaData"]["CreateTime"].as_str().unwrap_or_default();
    assert!(
        time.ends_with("-07:00") || time.ends_with("-08:00"),
        "{time}"
    );
}

#[tokio::test]
async fn a_setup_with_a_typing_mistake_does_not_start() {
    for setup in [
        json!({ "sead": 1 }),
        json!({ "company": { "nme": "x" } }),
        json!({ "items": [{ "nam": "x" }] }),
    ] {
        assert!(start(0, setup).await.is_err());
    }
}

#[tokio::test]
async fn each_slip_in_a_sales_form_has_its_refusal() {
    let books = Books::canada().await;
    let cases = [
        ("2010", with(receipt("A"), "BadJson", json!(true))),
        (
            "2010",
            with(
                receipt("A"),
                "CustomerRef",
                json!({ "value": JANE, "id": "1" }),
            ),
        ),
        (
            "2050",
            with(receipt("A"), "DocNumber", json!("WC-2026-0000000000100234")),
        ),
        (
            "2050",
            with(
                receipt("A"),
                "PaymentRefNum",
                json!("ch_3NabcDEfghIJklMNop1234"),
            ),
        ),
        (
            "2050",
            with(receipt("A"), "PrivateNote", json!("x".repeat(4001))),
        ),
        (
            "2050",
            with(
                receipt("A"),
                "CustomerMemo",
                json!({ "value": "x".repeat(1001) }),
            ),
        ),
        ("2020", json!({ "CustomerRef": { "value": JANE } })),
        ("2020", with(receipt("A"), "Line", json!([]))),
        ("2060", with(receipt("A"), "TxnDate", json!("02/03/2026"))),
        ("2120", with(receipt("A"), "DocNumber", json!(7))),
        (
            "2500",
            with(receipt("A"), "CustomerRef", json!({ "value": "999" })),
        ),
        (
            "2500",
            with(receipt("A"), "CustomerRef", json!({ "value": STRIPE })),
        ),
        (
            "610",
            with(receipt("A"), "CustomerRef", json!({ "value": GONE })),
        ),
        (
            "6430",
            with(
                receipt("A"),
                "DepositToAccountRef",
                json!({ "value": "33" }),
            ),
        ),
        (
            "6000",
            with(receipt("A"), "CurrencyRef", json!({ "value": "USD" })),
        ),
        (
            "2220",
            with(receipt("A"), "CurrencyRef", json!({ "value": "dollars" })),
        ),
        ("2140", with(receipt("A"), "Line", json!([line("1.005")]))),
        ("6000", with(receipt("A"), "Line", json!([line("-5")]))),
        ("2170", with(receipt("A"), "EmailStatus", json!("Sent"))),
        (
            "2210",
            with(receipt("A"), "BillEmail", json!({ "Address": "nobody" })),
        ),
        (
            "6420",
            with(receipt("A"), "EmailStatus", json!("NeedToSend")),
        ),
        ("6140", receipt("WC-9")),
    ];
    for (code, body) in cases {
        assert_eq!(
            books.refused("salesreceipt", body.clone()).await,
            code,
            "{body}"
        );
    }
    assert_eq!(
        books
            .refused("invoice", json!({ "Line": [line("1")] }))
            .await,
        "2020"
    );
    assert_eq!(books.refused("refundreceipt", receipt("R")).await, "2020");
    let text = books.post("salesreceipt", receipt("WC-9")).await.text;
    assert!(
        text.contains("DocNumber=WC-9 is assigned to TxnType=SalesReceipt with TxnId=101"),
        "{text}"
    );
    assert_eq!(books.made_documents().await, 0);
}

#[tokio::test]
async fn each_slip_in_a_line_has_its_refusal() {
    let books = Books::canada().await;
    let detail = |detail: Value| json!([{ "Amount": 1861.07, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail }]);
    let (mug, gst) = (json!({ "value": MUG }), json!({ "value": GST }));
    let cases = [
        (
            "6070",
            detail(json!({ "ItemRef": mug, "TaxCodeRef": gst, "Qty": 14.5, "UnitPrice": 128.35 })),
        ),
        ("6000", detail(json!({ "ItemRef": mug }))),
        (
            "2500",
            detail(json!({ "ItemRef": { "value": "77" }, "TaxCodeRef": gst })),
        ),
        (
            "610",
            detail(json!({ "ItemRef": { "value": OLD }, "TaxCodeRef": gst })),
        ),
        (
            "2500",
            detail(json!({ "ItemRef": { "value": "SHIPPING_ITEM_ID" }, "TaxCodeRef": gst })),
        ),
        ("2020", detail(json!({ "TaxCodeRef": gst }))),
        (
            "6160",
            detail(json!({ "ItemRef": mug, "TaxCodeRef": { "value": STALE_CODE } })),
        ),
        (
            "2500",
            detail(json!({ "ItemRef": mug, "TaxCodeRef": { "value": "TAX" } })),
        ),
        (
            "2010",
            detail(json!({ "ItemRef": mug, "TaxCodeRef": gst, "Quantity": 1 })),
        ),
        (
            "2020",
            json!([{ "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {} }]),
        ),
        ("2020", json!([{ "Amount": 1 }])),
        (
            "6000",
            json!([{ "DetailType": "DescriptionOnly", "Description": "hello" }]),
        ),
        (
            "6000",
            json!([line("5"), { "Amount": 6, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {} }]),
        ),
        (
            "6090",
            json!([line("5"), { "DetailType": "DiscountLineDetail", "DiscountLineDetail": {} }]),
        ),
        (
            "5030",
            json!([{ "DetailType": "GroupLineDetail", "GroupLineDetail": {} }]),
        ),
    ];
    for (code, lines) in cases {
        assert_eq!(
            books
                .refused("salesreceipt", with(receipt("A"), "Line", lines.clone()))
                .await,
            code,
            "{lines}"
        );
    }
    let right = json!([{ "Amount": 1861.08, "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": { "ItemRef": mug, "TaxCodeRef": gst, "Qty": 14.5, "UnitPrice": 128.35 } }]);
    books
        .made("SalesReceipt", with(receipt("A"), "Line", right))
        .await;
}

#[tokio::test]
async fn tax_is_computed_or_kept_as_it_was_sent() {
    let books = Books::canada().await;
    let pst = json!([{ "Amount": 10, "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": { "ItemRef": { "value": MUG }, "TaxCodeRef": { "value": GST_PST } } }]);
    let body = with(receipt("T1"), "Line", pst.clone());
    assert_eq!(
        books.made("SalesReceipt", body).await["TotalAmt"].to_string(),
        "11.2"
    );
    let tax_line = |rate: &str, amount: f64| {
        json!({ "Amount": amount, "DetailType": "TaxLineDetail",
            "TaxLineDetail": { "TaxRateRef": { "value": rate }, "PercentBased": true } })
    };
    let body = with(receipt("T2"), "Line", pst.clone());
    let body = with(
        body,
        "TxnTaxDetail",
        json!({ "TotalTax": 1.21, "TaxLine": [tax_line("3", 0.51), tax_line("4", 0.7)] }),
    );
    let made = books.made("SalesReceipt", body.clone()).await;
    assert_eq!(
        (
            made["TotalAmt"].to_string(),
            made["TxnTaxDetail"]["TaxLine"][0]["Amount"].to_string()
        ),
        ("11.21".into(), "0.51".into())
    );
    let body = with(
        receipt("T3"),
        "TxnTaxDetail",
        json!({ "TaxLine": [tax_line("4", 0.7)] }),
    );
    assert_eq!(books.refused("salesreceipt", body).await, "6000");
    let body = with(receipt("T3"), "TxnTaxDetail", json!({ "TotalTax": 1.02 }));
    assert_eq!(
        books.made("SalesReceipt", body.clone()).await["TotalAmt"].to_string(),
        "21.01"
    );
    let body = with(body, "GlobalTaxCalculation", json!("NotApplicable"));
    assert_eq!(
        books
            .refused("salesreceipt", with(body, "DocNumber", json!("T4")))
            .await,
        "6170"
    );
    books
        .tell("company", json!({ "ignore_tax_override": true }))
        .await;
    let body = with(receipt("T5"), "TxnTaxDetail", json!({ "TotalTax": 9 }));
    assert_eq!(
        books.made("SalesReceipt", body).await["TotalAmt"].to_string(),
        "20.99"
    );
}

#[tokio::test]
async fn american_companies_use_tax_and_non() {
    let setup = json!({ "company": { "country": "US", "tax_model": "us_manual" }, "items": [{ "name": "Mug" }],
        "customers": [{ "display_name": "Ada" }],
        "tax_rates": [{ "name": "California", "percent": 8.25 }], "tax_codes": [{ "name": "California", "rates": ["California"] }] });
    let books = Books::new(setup).await;
    let form = |code: &str, tax: Value| {
        json!({ "CustomerRef": { "value": "51" }, "TxnTaxDetail": tax, "Line": [{ "Amount": 12.5, "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": { "ItemRef": { "value": "1" }, "TaxCodeRef": { "value": code } } }] })
    };
    let code = json!({ "TxnTaxCodeRef": { "value": "2" } });
    assert_eq!(
        books.made("Invoice", form("TAX", code)).await["TotalAmt"].to_string(),
        "13.53"
    );
    let pinned = json!({ "TxnTaxCodeRef": { "value": "2" }, "TotalTax": 1.04 });
    assert_eq!(
        books.made("Invoice", form("TAX", pinned.clone())).await["TotalAmt"].to_string(),
        "13.54"
    );
    assert_eq!(
        books.made("Invoice", form("NON", pinned)).await["TotalAmt"].to_string(),
        "12.5"
    );
    assert_eq!(books.refused("invoice", form("2", json!({}))).await, "6100");
    let codes = books.ask("select * from TaxCode").await.json();
    assert_eq!(
        codes["QueryResponse"]["TaxCode"].as_array().map(Vec::len),
        Some(3)
    );
    books
        .tell("company", json!({ "tax_model": "us_ast" }))
        .await;
    assert_eq!(
        books.made("Invoice", form("TAX", json!({}))).await["TotalAmt"].to_string(),
        "13.53"
    );
    let kept = books
        .made("Invoice", form("TAX", json!({ "TotalTax": 1.0 })))
        .await;
    assert_eq!(kept["TxnTaxDetail"]["TaxReviewStatus"], "AST_TAX_OVERRIDE");
    assert_eq!(kept["TotalAmt"].to_string(), "13.5");
}

#[tokio::test]
async fn numbers_are_given_where_the_company_does_not_set_them() {
    let books = Books::canada().await;
    assert!(
        books
            .made("Invoice", invoice("1"))
            .await
            .get("DocNumber")
            .is_none()
    );
    let asked = books
        .made(
            "Invoice",
            with(invoice("1"), "DocNumber", json!("AUTO_GENERATE")),
        )
        .await;
    assert_eq!(asked["DocNumber"], "1001");
    books
        .tell("company", json!({ "custom_txn_numbers": false }))
        .await;
    assert_eq!(
        books.made("CreditMemo", invoice("1")).await["DocNumber"],
        "1002"
    );
}
