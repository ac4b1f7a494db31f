//! Queries: the query language and the list of what changed.

use serde_json::{Value, json};

use super::{Books, invoice, receipt, with};

#[tokio::test]
async fn the_query_language_is_read_as_documented() {
    let books = Books::canada().await;
    for number in 1..=5 {
        let body = with(
            receipt(&format!("Q{number}")),
            "TxnDate",
            json!(format!("2026-03-0{number}")),
        );
        books.made("SalesReceipt", body).await;
    }
    for (query, found) in [
        (
            r"SELECT * FROM Customer WHERE DisplayName = 'Amy\'s Bird Sanctuary'",
            1,
        ),
        ("select * from customer where displayname = 'JANE DOE'", 1),
        (
            "select * from Customer where PrimaryEmailAddr = 'jane@example.com'",
            1,
        ),
        ("select * from Customer", 2),
        ("select * from Customer where Active IN (true, false)", 3),
        ("select * from Customer where Active = false", 1),
        ("select * from Customer where PrimaryEmailAddr = ' '", 1),
        ("select * from Customer where DisplayName like 'J%e'", 1),
        ("select * from Customer where Id in ('51', '53', '99')", 2),
        ("select * from Item where Sku = 'MUG'", 1),
        (
            "select * from SalesReceipt where DocNumber in ('Q1', 'Q2', 'Q2')",
            2,
        ),
        (
            "select * from SalesReceipt where DocNumber like 'Q%' and TxnDate > '2026-03-03'",
            2,
        ),
        (
            "select * from SalesReceipt where TotalAmt >= '20.99' and CustomerRef = '51'",
            5,
        ),
        (
            "select * from SalesReceipt where TxnDate <= CURRENT_DATE",
            6,
        ),
        (
            "select * from SalesReceipt where MetaData.LastUpdatedTime >= '2020-01-01T00:00:00-08:00'",
            6,
        ),
        (
            "select * from SalesReceipt where MetaData.LastUpdatedTime > '2099-01-01T00:00:00-08:00'",
            0,
        ),
        ("select * from SalesReceipt startposition 3 maxresults 2", 2),
        ("select * from SalesReceipt maxresults 2 startposition 6", 1),
        ("select * from SalesReceipt startposition 9", 0),
        ("select * from CompanyInfo", 1),
        ("select * from TaxRate", 2),
        (
            "select * from Account where AccountType = 'Bank' orderby Name desc",
            2,
        ),
    ] {
        assert_eq!(books.ids(query).await.len(), found, "{query}");
    }
    let up = books
        .ids("select * from SalesReceipt where DocNumber like 'Q%' orderby TxnDate")
        .await;
    let mut down = books
        .ids("select * from SalesReceipt where DocNumber like 'Q%' orderby TxnDate desc")
        .await;
    down.reverse();
    assert_eq!(up, down);
    assert_eq!(
        books.ask("select count(*) from SalesReceipt").await.json()["QueryResponse"],
        json!({ "totalCount": 6 })
    );
    assert_eq!(
        books.ask("select * from Invoice").await.json()["QueryResponse"],
        json!({})
    );
    for (query, code) in [
        ("select * from Custmoer", "4001"),
        ("select Id from Customer", "4000"),
        ("select * from Customer where DisplayName = 'Amy's'", "4000"),
        (
            "select * from Customer where DisplayName = 'a' or DisplayName = 'b'",
            "4000",
        ),
        ("select * from Customer where DisplayName != 'a'", "4000"),
        ("select * from Customer order by DisplayName", "4000"),
        ("select * from SalesReceipt where PrivateNote = 'x'", "4001"),
        ("select * from Payment where DocNumber = 'x'", "4001"),
        ("select * from Customer where Id > '5'", "4001"),
        ("select * from Customer orderby Id", "4001"),
        ("select * from Customer startposition 0", "4001"),
        ("select * from Customer maxresults 1001", "4001"),
        ("select * from Customer where Nonsense = 'x'", "4001"),
        ("select * from Customer where Active = 'maybe'", "4001"),
    ] {
        assert_eq!(books.ask(query).await.code(), code, "{query}");
    }
    let text = "select * from SalesReceipt where DocNumber = 'Q1'";
    let request = books
        .http
        .post(books.api("query"))
        .header("content-type", "application/text")
        .body(text);
    let answer = books.send(request).await.expect("an answer").json();
    assert_eq!(
        answer["QueryResponse"]["SalesReceipt"][0]["DocNumber"],
        "Q1"
    );
    let counts = books.control("counts").await;
    assert!(counts["metered_reads"].as_u64() < counts["reads"].as_u64());
}

#[tokio::test]
async fn changes_are_told_with_the_deleted_ones_last() {
    let books = Books::canada().await;
    let first = books.made("Invoice", invoice("1")).await;
    books.made("Invoice", invoice("2")).await;
    books
        .post(
            "invoice?operation=delete",
            json!({ "Id": first["Id"], "SyncToken": "0" }),
        )
        .await;
    let since = (chrono::Utc::now() - chrono::Duration::days(1))
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let answer = books
        .get(&format!(
            "cdc?entities=Invoice,Payment,Customer&changedSince={since}"
        ))
        .await
        .json();
    let kinds = &answer["CDCResponse"][0]["QueryResponse"];
    assert_eq!(
        (&kinds[0]["maxResults"], &kinds[1]),
        (&json!(2), &json!({}))
    );
    assert_eq!(
        (
            &kinds[0]["Invoice"][1]["status"],
            &kinds[0]["Invoice"][1]["Id"]
        ),
        (&json!("Deleted"), &first["Id"])
    );
    assert!(kinds[2]["Customer"].is_array());
    assert_eq!(
        books
            .get("cdc?entities=Invoice&changedSince=2020-01-01T00:00:00Z")
            .await
            .code(),
        "2190"
    );
    assert_eq!(
        books
            .get("cdc?entities=TaxCode&changedSince=2020-01-01")
            .await
            .code(),
        "2190"
    );
}

#[tokio::test]
async fn an_answer_of_changes_holds_a_thousand_objects_over_all_kinds() {
    let customers: Vec<Value> = (0..700)
        .map(|at| json!({ "display_name": format!("No. {at}") }))
        .collect();
    let items: Vec<Value> = (0..700)
        .map(|at| json!({ "name": format!("Thing {at}") }))
        .collect();
    let books = Books::new(json!({ "customers": customers, "items": items })).await;
    let since = chrono::Utc::now() - chrono::Duration::days(29);
    let since = since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let counts = async |entities: &str| -> Vec<usize> {
        let path = format!("cdc?entities={entities}&changedSince={since}");
        let answer = books.get(&path).await.json();
        assert!(answer["time"].is_string());
        let kinds = answer["CDCResponse"][0]["QueryResponse"]
            .as_array()
            .cloned();
        let kinds = kinds.unwrap_or_default();
        let count = |kind: &Value| kind["maxResults"].as_u64().unwrap_or(0) as usize;
        kinds.iter().map(count).collect()
    };
    // The second kind is cut short without a word.
    assert_eq!(counts("Customer,Item").await, [700, 300]);
    assert_eq!(counts("Item").await, [700]);
}
