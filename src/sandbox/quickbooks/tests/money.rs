//! Money: payments, credit, expenses and foreign currencies.

use serde_json::{Value, json};

use super::{AMY, Books, GST, JANE, STRIPE, canada, invoice, link, payment, with};

#[tokio::test]
async fn payments_are_applied_and_taken_back() {
    let books = Books::canada().await;
    let bill = books.made("Invoice", invoice("100")).await;
    let id = &bill["Id"];
    let read = async |id: &Value| {
        let text = id.as_str().unwrap_or_default();
        books.get(&format!("invoice/{text}")).await.json()["Invoice"].clone()
    };
    assert_eq!(
        books
            .refused("payment", payment(50, vec![link("Invoice", id, 60)]))
            .await,
        "6000"
    );
    assert_eq!(
        books
            .refused("payment", payment(150, vec![link("Invoice", id, 101)]))
            .await,
        "620"
    );
    assert_eq!(
        books
            .refused("payment", payment(5, vec![link("Bill", id, 5)]))
            .await,
        "620"
    );
    assert_eq!(
        books
            .refused(
                "payment",
                payment(5, vec![link("Invoice", &json!("999"), 5)])
            )
            .await,
        "6000"
    );
    assert_eq!(books.refused("payment", payment(-5, vec![])).await, "2290");
    let other = with(
        payment(5, vec![link("Invoice", id, 5)]),
        "CustomerRef",
        json!({ "value": AMY }),
    );
    assert_eq!(books.refused("payment", other).await, "620");
    let wrong = with(
        payment(5, vec![]),
        "DepositToAccountRef",
        json!({ "value": "33" }),
    );
    assert_eq!(books.refused("payment", wrong).await, "6430");
    let paid = books
        .made("Payment", payment(70, vec![link("Invoice", id, 60)]))
        .await;
    assert_eq!(paid["UnappliedAmt"].to_string(), "10");
    let now = read(id).await;
    assert_eq!(
        (now["Balance"].to_string(), &now["SyncToken"]),
        ("40".into(), &json!("0"))
    );
    assert_eq!(
        now["LinkedTxn"],
        json!([{ "TxnId": paid["Id"], "TxnType": "Payment" }])
    );
    assert_eq!(
        books.get(&format!("customer/{JANE}")).await.json()["Customer"]["Balance"].to_string(),
        "30"
    );
    // A credit memo against the rest, by a payment of nothing.
    let memo = books.made("CreditMemo", invoice("25")).await;
    let lines = vec![link("Invoice", id, 25), link("CreditMemo", &memo["Id"], 25)];
    let zero = books.made("Payment", payment(0, lines.clone())).await;
    assert_eq!(zero["UnappliedAmt"], 0);
    assert_eq!(read(id).await["Balance"].to_string(), "15");
    assert_eq!(books.refused("payment", payment(0, lines)).await, "620");
    let memo_path = format!("creditmemo/{}", memo["Id"].as_str().unwrap_or_default());
    assert_eq!(
        books.get(&memo_path).await.json()["CreditMemo"]["RemainingCredit"],
        0
    );
    // Changing a payment counts what it applied before as free.
    let more = json!({ "Id": paid["Id"], "SyncToken": "0", "sparse": true, "Line": [link("Invoice", id, 70)] });
    assert_eq!(books.made("Payment", more).await["UnappliedAmt"], 0);
    assert_eq!(read(id).await["Balance"].to_string(), "5");
    assert_eq!(
        books.ids("select * from Invoice where Balance > '0'").await,
        [id.as_str().unwrap_or_default()]
    );
    // A voided invoice lets go of its payment and gives the credit back.
    let void = books
        .post(
            "invoice?operation=void",
            json!({ "Id": id, "SyncToken": "0" }),
        )
        .await
        .json();
    assert_eq!(
        (
            &void["Invoice"]["TotalAmt"],
            &void["Invoice"]["PrivateNote"]
        ),
        (&json!(0), &json!("Voided"))
    );
    let paid_path = format!("payment/{}", paid["Id"].as_str().unwrap_or_default());
    let freed = books.get(&paid_path).await.json();
    assert_eq!(
        (
            freed["Payment"]["UnappliedAmt"].to_string(),
            &freed["Payment"]["Line"]
        ),
        ("70".into(), &json!([]))
    );
    assert_eq!(
        books.get(&memo_path).await.json()["CreditMemo"]["RemainingCredit"].to_string(),
        "25"
    );
    assert_eq!(
        books
            .refused("payment", payment(5, vec![link("Invoice", id, 5)]))
            .await,
        "6000"
    );
}

#[tokio::test]
async fn credit_is_used_by_itself_where_the_company_wants_that() {
    let books = Books::canada().await;
    books
        .tell("company", json!({ "auto_apply_credit": true }))
        .await;
    books.made("CreditMemo", invoice("25")).await;
    assert_eq!(
        books.made("Invoice", invoice("40")).await["Balance"].to_string(),
        "15"
    );
    assert_eq!(books.made_documents().await, 3);
}

#[tokio::test]
async fn purchases_come_from_bank_or_card() {
    let books = Books::canada().await;
    let fee = |kind: &str, account: &str| {
        json!({ "PaymentType": kind, "AccountRef": { "value": account }, "DocNumber": "FEE-1", "TxnDate": "2026-03-02",
            "EntityRef": { "value": STRIPE, "type": "Vendor" },
            "Line": [{ "DetailType": "AccountBasedExpenseLineDetail", "Amount": 2.01,
                "AccountBasedExpenseLineDetail": { "AccountRef": { "value": "37" }, "TaxCodeRef": { "value": GST } } }] })
    };
    let made = books.made("Purchase", fee("Cash", "39")).await;
    assert_eq!(
        (made["TotalAmt"].to_string(), &made["EntityRef"]["name"]),
        ("2.11".into(), &json!("Stripe"))
    );
    let mut bare = fee("Cash", "39");
    bare["Line"][0]["AccountBasedExpenseLineDetail"] = json!({ "AccountRef": { "value": "37" } });
    assert_eq!(books.refused("purchase", bare.clone()).await, "6000");
    let untaxed = with(bare, "GlobalTaxCalculation", json!("NotApplicable"));
    let untaxed = with(untaxed, "DocNumber", json!("FEE-2"));
    assert_eq!(
        books.made("Purchase", untaxed).await["TotalAmt"].to_string(),
        "2.01"
    );
    assert_eq!(books.refused("purchase", fee("Cash", "33")).await, "6430");
    assert_eq!(
        books.refused("purchase", fee("CreditCard", "39")).await,
        "6430"
    );
    books.made("Purchase", fee("CreditCard", "40")).await;
    assert_eq!(books.refused("purchase", fee("Barter", "39")).await, "2170");
    let stranger = with(
        fee("Cash", "39"),
        "EntityRef",
        json!({ "value": JANE, "type": "Vendor" }),
    );
    assert_eq!(books.refused("purchase", stranger).await, "2500");
    assert_eq!(
        books
            .ids("select * from Purchase where DocNumber = 'FEE-1'")
            .await
            .len(),
        2
    );
}

#[tokio::test]
async fn foreign_money_needs_multicurrency_and_its_own_customers() {
    let mut setup = canada();
    setup["company"] = json!({ "multicurrency": true });
    setup["customers"] =
        json!([{ "display_name": "Jane" }, { "display_name": "Eve EUR", "currency": "EUR" }]);
    setup["documents"] = json!([]);
    let books = Books::new(setup).await;
    let form = |customer: &str, currency: &str| {
        let form = with(invoice("100"), "CustomerRef", json!({ "value": customer }));
        with(
            with(form, "CurrencyRef", json!({ "value": currency })),
            "ExchangeRate",
            json!(1.0843),
        )
    };
    let made = books.made("Invoice", form("52", "EUR")).await;
    assert_eq!(
        (
            made["HomeTotalAmt"].to_string(),
            made["TotalAmt"].to_string()
        ),
        ("108.43".into(), "100".into())
    );
    assert_eq!(books.refused("invoice", form("51", "EUR")).await, "6000");
    assert_eq!(books.refused("invoice", form("52", "CAD")).await, "6000");
    let change =
        json!({ "Id": "51", "SyncToken": "0", "sparse": true, "CurrencyRef": { "value": "USD" } });
    assert_eq!(books.refused("customer", change).await, "6000");
}

/// Asked on live companies: whatever is linked to a deposit answers every change with 6540.
#[tokio::test]
async fn what_was_brought_to_the_bank_is_frozen() {
    let books = Books::canada().await;
    let bill = books.made("Invoice", invoice("100")).await;
    let paid = payment(100, vec![link("Invoice", &bill["Id"], 100)]);
    let paid = books.made("Payment", paid).await;
    let documents = json!({ "documents": [{ "entity": "Payment", "id": paid["Id"] }] });
    books.tell("deposit", documents).await;
    let id = paid["Id"].as_str().unwrap_or_default();
    let now = books.get(&format!("payment/{id}")).await.json()["Payment"].clone();
    assert_eq!(now["LinkedTxn"][0]["TxnType"], "Deposit");
    assert_eq!(now["DepositToAccountRef"], paid["DepositToAccountRef"]);
    let stamp = json!({ "Id": now["Id"], "SyncToken": now["SyncToken"], "sparse": true });
    for path in [
        "payment",
        "payment?operation=delete",
        "payment?operation=update&include=void",
    ] {
        assert_eq!(books.refused(path, stamp.clone()).await, "6540", "{path}");
    }
}

#[tokio::test]
async fn a_payment_of_more_than_is_open_may_leave_the_rest_unapplied() {
    let books = Books::canada().await;
    books
        .tell("company", json!({ "leave_unapplied": true }))
        .await;
    let bill = books.made("Invoice", invoice("100")).await;
    let id = &bill["Id"];
    books
        .made("Payment", payment(60, vec![link("Invoice", id, 60)]))
        .await;
    let second = books
        .made("Payment", payment(100, vec![link("Invoice", id, 100)]))
        .await;
    assert_eq!(second["UnappliedAmt"].to_string(), "60");
    assert_eq!(second["Line"][0]["Amount"].to_string(), "40");
}
