//! Names: one space of names, written as the company allows.

use serde_json::json;

use super::{Books, canada, with};

#[tokio::test]
async fn names_are_shared_between_customers_vendors_and_employees() {
    let books = Books::canada().await;
    for name in ["Jane Doe", "  jane   DOE ", "stripe", "Gone"] {
        assert_eq!(
            books
                .refused("customer", json!({ "DisplayName": name }))
                .await,
            "6240",
            "{name}"
        );
    }
    assert_eq!(
        books
            .refused("vendor", json!({ "DisplayName": "Jane Doe" }))
            .await,
        "6240"
    );
    assert_eq!(
        books
            .refused("customer", json!({ "DisplayName": "a:b" }))
            .await,
        "2040"
    );
    assert_eq!(
        books
            .refused("customer", json!({ "DisplayName": "a\tb" }))
            .await,
        "2040"
    );
    assert_eq!(
        books
            .refused("customer", json!({ "DisplayName": "x".repeat(501) }))
            .await,
        "2050"
    );
    assert_eq!(
        books.refused("customer", json!({ "Notes": "x" })).await,
        "6080"
    );
    assert_eq!(
        books
            .refused(
                "customer",
                json!({ "DisplayName": "E", "CurrencyRef": { "value": "EUR" } })
            )
            .await,
        "6000"
    );
    let made = books
        .made(
            "Customer",
            json!({ "GivenName": "Ada", "FamilyName": "Byron" }),
        )
        .await;
    assert_eq!(
        (&made["DisplayName"], &made["Balance"]),
        (&json!("Ada Byron"), &json!(0))
    );
    let off = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true, "Active": false });
    let off = books.made("Customer", off).await;
    assert_eq!(
        (&off["DisplayName"], &off["PrintOnCheckName"]),
        (&json!("Ada Byron (deleted)"), &json!("Ada Byron"))
    );
    books
        .made("Customer", json!({ "DisplayName": "Ada Byron" }))
        .await;
    let item = |name: &str| json!({ "Name": name, "Type": "Service", "IncomeAccountRef": { "value": "33" } });
    assert_eq!(books.refused("item", item("mug")).await, "6240");
    assert_eq!(books.refused("item", item(&"x".repeat(101))).await, "2050");
    assert_eq!(
        books
            .refused("item", json!({ "Name": "T", "Type": "Service" }))
            .await,
        "2020"
    );
    assert_eq!(
        books
            .refused("item", with(item("T"), "Type", json!("Group")))
            .await,
        "2170"
    );
    let made = books.made("Item", item("T")).await;
    let price = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true, "UnitPrice": 2.5 });
    assert_eq!(books.refused("item", price.clone()).await, "2020");
    assert_eq!(
        books.made("Item", with(price, "Name", json!("T"))).await["UnitPrice"].to_string(),
        "2.5"
    );
    let account =
        json!({ "Name": "Woo clearing", "AccountType": "Bank", "AccountSubType": "CashOnHand" });
    assert_eq!(
        books.made("Account", account.clone()).await["Classification"],
        "Asset"
    );
    assert_eq!(books.refused("account", account).await, "6240");
    assert_eq!(
        books
            .refused("paymentmethod", json!({ "Name": "x".repeat(32) }))
            .await,
        "2050"
    );
    assert_eq!(
        books
            .made("PaymentMethod", json!({ "Name": "PayPal" }))
            .await["Type"],
        "NON_CREDIT_CARD"
    );
    assert_eq!(
        books.refused("taxcode", json!({ "Name": "x" })).await,
        "500"
    );
}

#[tokio::test]
async fn names_are_written_one_at_a_time_where_the_setup_says_so() {
    let mut setup = canada();
    setup["one_name_at_a_time"] = json!(true);
    setup["latency_ms"] = json!(40);
    let books = Books::new(setup).await;
    let (one, two) = tokio::join!(
        books.post("customer", json!({ "DisplayName": "One" })),
        books.post("customer", json!({ "DisplayName": "Two" }))
    );
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [200, 400]);
    let create =
        |id: &str| json!({ "bId": id, "operation": "create", "Vendor": { "DisplayName": id } });
    let answer = books
        .post(
            "batch",
            json!({ "BatchItemRequest": [create("a"), create("b")] }),
        )
        .await
        .json();
    assert_eq!(answer["BatchItemResponse"][0]["Vendor"]["DisplayName"], "a");
    assert_eq!(
        answer["BatchItemResponse"][1]["Fault"]["Error"][0]["code"],
        "6000"
    );
    let counts = books.control("counts").await;
    assert_eq!(
        (&counts["largest_names_in_flight"], &counts["name_writes"]),
        (&json!(2), &json!(3))
    );
}
