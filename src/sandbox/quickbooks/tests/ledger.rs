//! Deposits, transfers, journal entries, bills and their payments, over HTTP; and the bookkeeper's hand.

use serde_json::{Value, json};

use super::{Books, JANE, STRIPE, canada, invoice, link, payment, receipt, with};

/// Accounts of the setup, as it gives ids out.
const UNDEPOSITED: &str = "31";
const RECEIVABLE: &str = "32";
const SALES: &str = "33";
const CHARGES: &str = "37";
const CHECKING: &str = "38";
const CLEARING: &str = "39";
const CARD: &str = "40";

fn at(id: &str) -> Value {
    json!({ "value": id })
}

fn taken(entity: &str, id: &Value, amount: &Value) -> Value {
    json!({ "Amount": amount, "LinkedTxn": [{ "TxnId": id, "TxnType": entity, "TxnLineId": "0" }] })
}

fn plain(amount: i64, account: &str) -> Value {
    json!({ "Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": { "AccountRef": at(account) } })
}

fn deposit(lines: Vec<Value>) -> Value {
    json!({ "DepositToAccountRef": at(CHECKING), "TxnDate": "2026-03-05", "Line": lines })
}

fn spent(amount: i64) -> Value {
    json!({ "Amount": amount, "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": { "AccountRef": at(CHARGES) } })
}

fn owed(amount: i64) -> Value {
    json!({ "VendorRef": at(STRIPE), "TxnDate": "2026-03-02", "Line": [spent(amount)], "GlobalTaxCalculation": "NotApplicable" })
}

impl Books {
    async fn read(&self, entity: &str, id: &Value) -> Value {
        let id = id.as_str().unwrap_or_default();
        let path = format!("{}/{id}", entity.to_lowercase());
        self.get(&path).await.json()[entity].clone()
    }

    async fn hand(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/_sandbox/{path}", self.running.url());
        let answer = self.http.post(url).json(&body).send().await;
        answer.expect("an answer").json().await.expect("JSON")
    }

    async fn balance(&self, account: &str) -> String {
        let account = self.get(&format!("account/{account}")).await.json();
        account["Account"]["CurrentBalance"].to_string()
    }

    async fn are_right(&self) {
        let found = self.control("ledger/check").await;
        assert_eq!(found["right"], true, "{found}");
    }
}

fn ids(object: &Value) -> Value {
    json!({ "Id": object["Id"], "SyncToken": object["SyncToken"] })
}

#[tokio::test]
async fn a_deposit_takes_what_waits_and_lets_it_go_again() {
    let books = Books::canada().await;
    let sale = books.made("SalesReceipt", receipt("R-1")).await;
    assert_eq!(books.balance(UNDEPOSITED).await, "30.99");
    let line = taken("SalesReceipt", &sale["Id"], &sale["TotalAmt"]);
    // Not with a detail, not without its place, not in part, not from elsewhere, not of every kind, and no fee unless told so.
    let detailed = with(line.clone(), "DetailType", json!("DepositLineDetail"));
    assert_eq!(
        books.refused("deposit", deposit(vec![detailed])).await,
        "6000"
    );
    let mut placeless = line.clone();
    placeless["LinkedTxn"][0]
        .as_object_mut()
        .expect("a link")
        .remove("TxnLineId");
    assert_eq!(
        books.refused("deposit", deposit(vec![placeless])).await,
        "2020"
    );
    let part = with(line.clone(), "Amount", json!(20));
    assert_eq!(books.refused("deposit", deposit(vec![part])).await, "620");
    let elsewhere = with(receipt("R-2"), "DepositToAccountRef", at(CLEARING));
    let elsewhere = books.made("SalesReceipt", elsewhere).await;
    let other = taken("SalesReceipt", &elsewhere["Id"], &elsewhere["TotalAmt"]);
    assert_eq!(books.refused("deposit", deposit(vec![other])).await, "620");
    let bill = books.made("Invoice", invoice("100")).await;
    let wrong = taken("Invoice", &bill["Id"], &json!(100));
    assert_eq!(books.refused("deposit", deposit(vec![wrong])).await, "620");
    let with_fee = deposit(vec![line.clone(), plain(-2, CHARGES)]);
    assert_eq!(books.refused("deposit", with_fee.clone()).await, "2290");
    books
        .tell("company", json!({ "negative_deposit_lines": true }))
        .await;
    let made = books.made("Deposit", with_fee).await;
    assert_eq!(made["TotalAmt"].to_string(), "18.99");
    // Twice is once too often.
    assert_eq!(
        books.refused("deposit", deposit(vec![line.clone()])).await,
        "620"
    );
    let now = books.read("SalesReceipt", &sale["Id"]).await;
    assert_eq!(
        now["LinkedTxn"],
        json!([{ "TxnId": made["Id"], "TxnType": "Deposit" }])
    );
    assert_eq!(now["DepositToAccountRef"]["value"], UNDEPOSITED);
    assert_eq!(
        (
            books.balance(UNDEPOSITED).await,
            books.balance(CHECKING).await
        ),
        ("10.0".into(), "18.99".into())
    );
    for path in [
        "salesreceipt",
        "salesreceipt?operation=delete",
        "salesreceipt?operation=update&include=void",
    ] {
        assert_eq!(books.refused(path, ids(&now)).await, "6540", "{path}");
    }
    // A person may change the words and not the money.
    let told = json!({ "entity": "SalesReceipt", "id": sale["Id"], "memo": "thanks" });
    assert_eq!(
        books.hand("revise", told).await["LinkedTxn"],
        now["LinkedTxn"]
    );
    let told = json!({ "entity": "SalesReceipt", "id": sale["Id"], "amount": "5.00" });
    assert_eq!(books.tell("revise", told).await, 400);
    assert_eq!(
        books
            .tell(
                "delete",
                json!({ "entity": "SalesReceipt", "id": sale["Id"] })
            )
            .await,
        400
    );
    // Deposits can be deleted, and nobody can void them.
    assert_eq!(
        books.refused("deposit?operation=void", ids(&made)).await,
        "500"
    );
    assert_eq!(
        books
            .tell("void", json!({ "entity": "Deposit", "id": made["Id"] }))
            .await,
        400
    );
    books.post("deposit?operation=delete", ids(&made)).await;
    let free = books.read("SalesReceipt", &sale["Id"]).await;
    assert_eq!(free["LinkedTxn"], json!([]));
    let gone = books
        .post("salesreceipt?operation=delete", ids(&free))
        .await;
    assert_eq!(gone.status, 200);
    books.are_right().await;
}

#[tokio::test]
async fn a_transfer_goes_between_assets_of_one_currency() {
    let mut setup = canada();
    setup["company"] = json!({ "multicurrency": true });
    setup["accounts"].as_array_mut().expect("accounts").push(
        json!({ "name": "Clearing USD", "type": "Bank", "subtype": "CashOnHand", "currency": "USD" }),
    );
    let books = Books::new(setup).await;
    let body = |from: &str, to: &str, amount: i64| json!({ "FromAccountRef": at(from), "ToAccountRef": at(to), "Amount": amount, "TxnDate": "2026-03-05", "PrivateNote": "po_1" });
    for (from, to, amount, code) in [
        (CLEARING, CHECKING, 0, "6000"),
        (CLEARING, CHECKING, -5, "2290"),
        (CHECKING, CHECKING, 5, "6000"),
        (CLEARING, CARD, 5, "6430"),
        (CLEARING, SALES, 5, "6430"),
        (CLEARING, "99", 5, "2500"),
        ("41", CHECKING, 5, "6000"),
    ] {
        assert_eq!(
            books.refused("transfer", body(from, to, amount)).await,
            code,
            "{from} {to} {amount}"
        );
    }
    let mut bare = body(CLEARING, CHECKING, 5);
    bare.as_object_mut().expect("an object").remove("Amount");
    assert_eq!(books.refused("transfer", bare).await, "2020");
    let made = books.made("Transfer", body(CLEARING, CHECKING, 90)).await;
    assert_eq!(
        (&made["ToAccountRef"]["name"], &made["CurrencyRef"]["value"]),
        (&json!("Checking"), &json!("CAD"))
    );
    assert_eq!(
        (books.balance(CLEARING).await, books.balance(CHECKING).await),
        ("-90".into(), "90".into())
    );
    let change = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true, "Amount": 95 });
    assert_eq!(books.made("Transfer", change).await["PrivateNote"], "po_1");
    assert_eq!(
        books
            .ids("select * from Transfer where TxnDate = '2026-03-05' and Amount > '90'")
            .await,
        [made["Id"].as_str().unwrap_or_default()]
    );
    let stamp = json!({ "Id": made["Id"], "SyncToken": "1" });
    assert_eq!(
        books
            .refused("transfer?operation=void", stamp.clone())
            .await,
        "500"
    );
    books
        .tell("company", json!({ "transfers_between_currencies": true }))
        .await;
    let abroad = with(body("41", CHECKING, 10), "ExchangeRate", json!(1.3));
    books.made("Transfer", abroad).await;
    assert_eq!(
        (books.balance("41").await, books.balance(CHECKING).await),
        ("-10".into(), "108.0".into())
    );
    let gone = books.post("transfer?operation=delete", stamp).await.json();
    assert_eq!(gone["Transfer"]["status"], "Deleted");
    books.are_right().await;
}

#[tokio::test]
async fn a_journal_entry_balances_and_names_who_owes() {
    let books = Books::canada().await;
    let line = |side: &str, account: &str, amount: i64| {
        json!({ "Amount": amount, "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": { "PostingType": side, "AccountRef": at(account) } })
    };
    let journal =
        |lines: Vec<Value>| json!({ "DocNumber": "JE-1", "TxnDate": "2026-03-02", "Line": lines });
    let off = journal(vec![line("Debit", CHECKING, 10), line("Credit", SALES, 9)]);
    assert_eq!(books.refused("journalentry", off).await, "2300");
    let alone = journal(vec![line("Debit", CHECKING, 0)]);
    assert_eq!(books.refused("journalentry", alone).await, "2020");
    let whose = journal(vec![
        line("Debit", RECEIVABLE, 10),
        line("Credit", SALES, 10),
    ]);
    assert_eq!(books.refused("journalentry", whose.clone()).await, "6000");
    let mut named = whose;
    named["Line"][0]["JournalEntryLineDetail"]["Entity"] =
        json!({ "Type": "Customer", "EntityRef": at(JANE) });
    let made = books.made("JournalEntry", named).await;
    assert_eq!(
        (&made["Line"][0]["Id"], &made["Line"][1]["Id"]),
        (&json!("0"), &json!("1"))
    );
    assert_eq!(
        made["Line"][0]["JournalEntryLineDetail"]["Entity"]["EntityRef"]["name"],
        "Jane Doe"
    );
    // A line without its id is a new one.
    let change = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true,
        "Line": [made["Line"][1], line("Debit", CHECKING, 10)] });
    let now = books.made("JournalEntry", change).await;
    assert_eq!(
        (&now["Line"][0]["Id"], &now["Line"][1]["Id"]),
        (&json!("1"), &json!("2"))
    );
    assert_eq!(
        books
            .tell(
                "void",
                json!({ "entity": "JournalEntry", "id": made["Id"] })
            )
            .await,
        400
    );
    books.are_right().await;
    assert_eq!(
        books
            .tell(
                "delete",
                json!({ "entity": "JournalEntry", "id": made["Id"] })
            )
            .await,
        200
    );
    assert_eq!(books.balance(CHECKING).await, "0");
}

#[tokio::test]
async fn bills_are_owed_and_paid_by_cheque_or_card() {
    let books = Books::canada().await;
    let bill = books.made("Bill", owed(200)).await;
    assert_eq!(
        (bill["Balance"].to_string(), &bill["DueDate"]),
        ("200".into(), &json!("2026-03-02"))
    );
    let credit = books.made("VendorCredit", owed(30)).await;
    let vendor = books.read("Vendor", &json!(STRIPE)).await;
    assert_eq!(vendor["Balance"].to_string(), "170");
    let pay = |total: i64, lines: Vec<Value>| {
        json!({ "VendorRef": at(STRIPE), "PayType": "Check", "TotalAmt": total, "Line": lines,
        "CheckPayment": { "BankAccountRef": at(CHECKING) } })
    };
    let path = "billpayment";
    assert_eq!(
        books
            .refused(path, pay(50, vec![link("Bill", &bill["Id"], 60)]))
            .await,
        "6000"
    );
    assert_eq!(
        books
            .refused(path, pay(250, vec![link("Bill", &bill["Id"], 250)]))
            .await,
        "620"
    );
    assert_eq!(
        books
            .refused(path, pay(5, vec![link("Invoice", &bill["Id"], 5)]))
            .await,
        "620"
    );
    let by_card = with(pay(5, vec![]), "PayType", json!("CreditCard"));
    assert_eq!(books.refused(path, by_card).await, "2020");
    let from_card = with(
        pay(5, vec![]),
        "CheckPayment",
        json!({ "BankAccountRef": at(CARD) }),
    );
    assert_eq!(books.refused(path, from_card).await, "6430");
    let lines = vec![
        link("Bill", &bill["Id"], 130),
        link("VendorCredit", &credit["Id"], 30),
    ];
    let paid = books.made("BillPayment", pay(100, lines)).await;
    let now = books.read("Bill", &bill["Id"]).await;
    assert_eq!(
        (now["Balance"].to_string(), &now["LinkedTxn"]),
        (
            "70".into(),
            &json!([{ "TxnId": paid["Id"], "TxnType": "BillPayment" }])
        )
    );
    assert_eq!(books.balance(CHECKING).await, "-100");
    // The service opened its account for what is owed, and says what is owed there.
    let payable = books
        .ids("select * from Account where AccountSubType = 'AccountsPayable'")
        .await;
    assert_eq!(books.balance(&payable[0]).await, "70");
    books.are_right().await;
    // A void empties the payment and opens the bill again; a bill itself can only be deleted.
    assert_eq!(
        books
            .refused("billpayment?operation=void", ids(&paid))
            .await,
        "500"
    );
    let void = with(ids(&paid), "sparse", json!(true));
    let void = books
        .post("billpayment?operation=update&include=void", void)
        .await
        .json();
    assert_eq!(
        (
            &void["BillPayment"]["Line"],
            &void["BillPayment"]["PrivateNote"]
        ),
        (&json!([]), &json!("Voided"))
    );
    assert_eq!(
        books.read("Bill", &bill["Id"]).await["Balance"].to_string(),
        "200"
    );
    let now = books.read("Bill", &bill["Id"]).await;
    assert_eq!(books.refused("bill?operation=void", ids(&now)).await, "500");
    let hand = books
        .hand(
            "pay",
            json!({ "bill": bill["Id"], "amount": "250.00", "account": "Checking" }),
        )
        .await;
    assert_eq!(hand["TotalAmt"].to_string(), "250.0");
    books.are_right().await;
    let now = books.read("Bill", &bill["Id"]).await;
    books.post("bill?operation=delete", ids(&now)).await;
    let credit = books.read("VendorCredit", &credit["Id"]).await;
    books
        .post("vendorcredit?operation=delete", ids(&credit))
        .await;
    books.are_right().await;
    assert_eq!(
        books.read("Vendor", &json!(STRIPE)).await["Balance"].to_string(),
        "-250.0"
    );
}

#[tokio::test]
async fn ids_of_one_kind_are_those_of_another() {
    let books = Books::canada().await;
    let sale = books.control("documents").await[0]["id"].clone();
    let made = books.made("Deposit", deposit(vec![plain(5, SALES)])).await;
    let bill = books.made("Bill", owed(5)).await;
    assert_eq!((&made["Id"], &bill["Id"]), (&sale, &sale));
}

#[tokio::test]
async fn a_bookkeeper_pays_enters_changes_and_adds() {
    let books = Books::canada().await;
    let bill = books.made("Invoice", invoice("100")).await;
    let pay = |amount: Value| json!({ "invoice": bill["Id"], "amount": amount, "account": "Checking", "date": "2026-03-04", "number": "TRF 9" });
    let part = books.hand("pay", pay(json!("40.00"))).await;
    assert_eq!(
        (part["UnappliedAmt"].to_string(), &part["PaymentRefNum"]),
        ("0".into(), &json!("TRF 9"))
    );
    let over = books.hand("pay", pay(json!(100))).await;
    assert_eq!(over["UnappliedAmt"].to_string(), "40.0");
    assert_eq!(books.read("Invoice", &bill["Id"]).await["Balance"], 0);
    // By hand, with a number of ours and without one.
    for number in [json!("WC-4801"), Value::Null] {
        let sale = json!({ "entity": "SalesReceipt", "customer": "Jane Doe", "amount": "21.00", "date": "2026-03-04",
            "number": number, "account": "Stripe Clearing", "tax_code": "GST", "memo": "typed\nby hand" });
        let made = books.hand("enter", sale).await;
        assert_eq!(
            (
                made["TotalAmt"].to_string(),
                made.get("DocNumber").cloned().unwrap_or_default()
            ),
            ("22.05".into(), number)
        );
    }
    let refund = json!({ "entity": "RefundReceipt", "customer": "Jane Doe", "amount": 5, "account": "Stripe Clearing" });
    let refund = books.hand("enter", refund).await;
    let change = json!({ "entity": "RefundReceipt", "id": refund["Id"], "amount": 7, "memo": "more", "date": "2026-03-06", "account": "Checking" });
    let changed = books.hand("revise", change).await;
    assert_eq!(
        (
            changed["TotalAmt"].to_string(),
            &changed["SyncToken"],
            &changed["DepositToAccountRef"]["name"]
        ),
        ("7".into(), &json!("1"), &json!("Checking"))
    );
    let added = json!({ "amount": "98.20", "account": "Checking", "date": "2026-03-09", "memo": "STRIPE PAYOUT" });
    let added = books.hand("bank_line", added).await;
    assert_eq!(
        added["Line"][0]["DepositLineDetail"]["AccountRef"]["name"],
        "Sales of Product Income"
    );
    let fee = books.hand("bank_line", json!({ "amount": "-3.50" })).await;
    assert_eq!(fee["TotalAmt"].to_string(), "3.5");
    let moved = json!({ "entity": "Purchase", "id": fee["Id"], "category": "Cost of Goods Sold" });
    let moved = books.hand("revise", moved).await;
    assert_eq!(
        moved["Line"][0]["AccountBasedExpenseLineDetail"]["AccountRef"]["name"],
        "Cost of Goods Sold"
    );
    let journal = json!({ "entity": "JournalEntry", "amount": 5, "debit": "Bank Charges", "credit": "Stripe Clearing" });
    books.hand("enter", journal).await;
    let transfer =
        json!({ "entity": "Transfer", "amount": 15, "from": "Stripe Clearing", "to": "Checking" });
    books.hand("enter", transfer).await;
    for (path, body, status) in [
        ("pay", json!({ "invoice": "999" }), 404),
        ("pay", json!({}), 400),
        ("enter", json!({ "entity": "Nonsense", "amount": 1 }), 400),
        (
            "enter",
            json!({ "entity": "Transfer", "amount": 1, "from": "Nowhere" }),
            404,
        ),
        (
            "revise",
            json!({ "entity": "Invoice", "id": bill["Id"], "account": "Checking" }),
            400,
        ),
        (
            "mark",
            json!({ "account": "Checking", "state": "gone" }),
            400,
        ),
    ] {
        assert_eq!(books.tell(path, body).await, status, "{path}");
    }
    // A figure that somebody writes over by itself does not unbalance the books.
    let over = json!({ "entity": "SalesReceipt", "id": "101", "set": { "TotalAmt": 12.34 } });
    books.tell("edit", over).await;
    books.are_right().await;
    // Closed is closed, for programs; a person may.
    books
        .tell("close_books", json!({ "through": "2026-03-31" }))
        .await;
    assert_eq!(books.refused("salesreceipt", receipt("R-9")).await, "6210");
    assert_eq!(
        books
            .refused("deposit", deposit(vec![plain(5, SALES)]))
            .await,
        "6210"
    );
    books.tell("reopen_books", json!({})).await;
    books.made("SalesReceipt", receipt("R-9")).await;
    books.are_right().await;
}

#[tokio::test]
async fn what_is_reconciled_may_be_broken_and_what_is_matched_may_not_be_touched() {
    let books = Books::canada().await;
    let sale = books
        .made(
            "SalesReceipt",
            with(receipt("R-1"), "DepositToAccountRef", at(CLEARING)),
        )
        .await;
    let mark = |state: &str| json!({ "account": "Stripe Clearing", "state": state, "documents": [{ "entity": "SalesReceipt", "id": sale["Id"] }] });
    assert_eq!(books.hand("mark", mark("matched")).await["marked"], 1);
    for path in ["salesreceipt", "salesreceipt?operation=delete"] {
        assert_eq!(books.refused(path, ids(&sale)).await, "6480", "{path}");
    }
    books.hand("mark", mark("reconciled")).await;
    let sums = |off: &str, now: &str| {
        json!([{ "account": { "value": CLEARING, "name": "Stripe Clearing" }, "then": 20.99,
        "now": now.parse::<serde_json::Number>().expect("a number"), "off": off.parse::<serde_json::Number>().expect("a number") }])
    };
    assert_eq!(books.control("reconciliations").await, sums("0", "20.99"));
    // The service lets it pass, and the statement does not add up any more.
    books
        .tell("company", json!({ "protects_reconciled": true }))
        .await;
    assert_eq!(
        books
            .refused("salesreceipt?operation=delete", ids(&sale))
            .await,
        "6480"
    );
    books
        .tell("company", json!({ "protects_reconciled": false }))
        .await;
    assert_eq!(
        books
            .post("salesreceipt?operation=delete", ids(&sale))
            .await
            .status,
        200
    );
    assert_eq!(books.control("reconciliations").await, sums("-20.99", "0"));
    let all = json!({ "account": "Stripe Clearing", "state": "cleared", "through": "2026-12-31" });
    books
        .made(
            "SalesReceipt",
            with(receipt("R-2"), "DepositToAccountRef", at(CLEARING)),
        )
        .await;
    assert_eq!(books.hand("mark", all).await["marked"], 1);
    assert_eq!(
        books.control("marks").await.as_array().map(Vec::len),
        Some(2)
    );
}

#[tokio::test]
async fn foreign_invoices_are_paid_in_both_currencies() {
    let mut setup = canada();
    setup["company"] = json!({ "multicurrency": true });
    setup["customers"] = json!([{ "display_name": "Eve EUR", "currency": "EUR" }]);
    setup["documents"] = json!([]);
    let books = Books::new(setup).await;
    let bill = with(
        with(invoice("100"), "ExchangeRate", json!(1.0843)),
        "CustomerRef",
        at("51"),
    );
    let bill = books.made("Invoice", bill).await;
    for (part, rate) in [(33, 1.1), (33, 1.2), (34, 1.3)] {
        let paid = with(
            payment(part, vec![link("Invoice", &bill["Id"], part)]),
            "CustomerRef",
            at("51"),
        );
        books
            .made("Payment", with(paid, "ExchangeRate", json!(rate)))
            .await;
    }
    assert_eq!(books.balance(RECEIVABLE).await, "0");
    let found = books.control("ledger").await;
    let gains: Vec<String> = found
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|entry| entry["lines"].as_array().cloned().unwrap_or_default())
        .filter(|line| line["account"]["name"] == "Exchange Gain or Loss")
        .map(|line| line["home"].to_string())
        .collect();
    // 36.30 − 35.78, 39.60 − 35.78, 44.20 − 36.87: what came in is more than what was owed.
    assert_eq!(gains, ["-0.52", "-3.82", "-7.33"]);
    books.are_right().await;
}
