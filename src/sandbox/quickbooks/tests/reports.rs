//! Reports and their manners.

use serde_json::{Value, json};

use super::{Books, JANE, canada, invoice, receipt, with};

const MARCH: &str = "start_date=2026-03-01&end_date=2026-03-31";
const CLEARING: &str = "39";

impl Books {
    async fn report(&self, rest: &str) -> Value {
        let answer = self.get(&format!("reports/{rest}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }
}

/// The words of each row, with ids where there are some.
fn shown(rows: &Value) -> Vec<String> {
    let rows = rows["Row"].as_array();
    let cell = |cell: &Value| {
        let value = cell["value"].as_str().unwrap_or("?").to_owned();
        match cell["id"].as_str().filter(|id| !id.is_empty()) {
            Some(id) => format!("{value}#{id}"),
            None => value,
        }
    };
    let cells = |row: &Value| {
        let cells = row["ColData"].as_array().cloned().unwrap_or_default();
        cells.iter().map(cell).collect::<Vec<_>>().join(" | ")
    };
    rows.into_iter().flatten().map(cells).collect()
}

fn kinds(report: &Value) -> Vec<String> {
    let columns = report["Columns"]["Column"].as_array();
    let kind = |column: &Value| column["ColType"].as_str().unwrap_or("?").to_owned();
    columns.into_iter().flatten().map(kind).collect()
}

fn paid_into_clearing(number: &str) -> Value {
    let sale = with(
        receipt(number),
        "DepositToAccountRef",
        json!({ "value": CLEARING }),
    );
    with(sale, "PrivateNote", json!("first line\nsecond line"))
}

#[tokio::test]
async fn the_list_of_transactions_says_what_the_bank_says_by_its_filter_alone() {
    let books = Books::canada().await;
    let sale = books.made("SalesReceipt", paid_into_clearing("R-1")).await;
    let id = sale["Id"].as_str().unwrap_or_default();
    let path = format!("TransactionList?{MARCH}");
    let all = books.report(&path).await;
    assert_eq!(
        kinds(&all),
        [
            "tx_date",
            "txn_type",
            "doc_num",
            "is_no_post",
            "name",
            "memo",
            "account_name",
            "other_account",
            "subt_nat_home_amount"
        ]
    );
    assert_eq!(
        all["Header"]["Option"],
        json!([{ "Name": "NoReportData", "Value": "false" }])
    );
    assert_eq!(
        shown(&all["Rows"]),
        [format!(
            "2026-03-02 | Sales Receipt#{id} | R-1 | Yes | Jane Doe#{JANE} | first line\nsecond line | Stripe Clearing#39 | -Split- | 20.99"
        )]
    );
    let states = async |state: &str| {
        let found = books
            .report(&format!(
                "{path}&cleared={state}&columns=is_cleared,txn_type"
            ))
            .await;
        // In the order of the service, and with nothing in the column.
        assert_eq!(kinds(&found), ["txn_type", "is_cleared"]);
        (
            found["Header"]["Option"][0]["Value"].clone(),
            shown(&found["Rows"]).join(";"),
        )
    };
    let row = format!("Sales Receipt#{id} | ");
    let (none, one) = ((json!("true"), String::new()), (json!("false"), row));
    assert_eq!(
        (states("Uncleared").await, states("Reconciled").await),
        (one.clone(), none.clone())
    );
    let mark = json!({ "account": "Stripe Clearing", "state": "reconciled", "documents": [{ "entity": "SalesReceipt", "id": id }] });
    books.tell("mark", mark).await;
    assert_eq!(
        (states("Uncleared").await, states("Reconciled").await),
        (none.clone(), one.clone())
    );
    assert_eq!(
        (states("Cleared").await, states("Deposited").await),
        (none.clone(), none)
    );
    books
        .tell("reports", json!({ "is_cleared_shown": true }))
        .await;
    let (_, rows) = states("Reconciled").await;
    assert_eq!(rows, format!("Sales Receipt#{id} | R"));
    // A receipt that waits is brought to the bank.
    let waits = books.made("SalesReceipt", receipt("R-2")).await;
    books.tell("deposit", json!({ "documents": [{ "entity": "SalesReceipt", "id": waits["Id"] }], "date": "2026-04-01" })).await;
    let (_, rows) = states("Deposited").await;
    assert_eq!(
        rows,
        format!(
            "Sales Receipt#{} | ",
            waits["Id"].as_str().unwrap_or_default()
        )
    );
    let kinds = books
        .report(&format!(
            "{path}&transaction_type=SalesReceipt&docnum=R-2&columns=doc_num"
        ))
        .await;
    assert_eq!(shown(&kinds["Rows"]), ["R-2"]);
    for wrong in [
        "cleared=Perhaps",
        "transaction_type=Gift",
        "start_date=2026-04-01&end_date=2026-03-01",
        "start_date=01.03.2026",
        "accounting_method=Cash",
        "date_macro=Once",
        "class=1",
        "group_by=Week",
    ] {
        assert_eq!(
            books
                .get(&format!("reports/TransactionList?{wrong}"))
                .await
                .status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(books.get("reports/Nonsense").await.status, 400);
    assert_eq!(
        books
            .get(&format!("reports/TransactionList?{MARCH}&unheard_of=1"))
            .await
            .status,
        200
    );
    let grouped = books.report(&format!("{path}&group_by=Customer")).await;
    let section = &grouped["Rows"]["Row"][0];
    assert_eq!(
        (
            &section["Header"]["ColData"][0]["value"],
            section["Rows"]["Row"].as_array().map(Vec::len)
        ),
        (&json!("Jane Doe"), Some(2))
    );
    assert_eq!(
        section["Summary"]["ColData"][0]["value"],
        "Total for Jane Doe"
    );
}

#[tokio::test]
async fn the_general_ledger_is_signed_by_the_balance_and_has_more_cells_than_columns() {
    let mut setup = canada();
    setup["accounts"].as_array_mut().expect("accounts").push(
        json!({ "name": "PayPal", "type": "Bank", "subtype": "CashOnHand", "parent": "Stripe Clearing" }),
    );
    let books = Books::new(setup).await;
    books
        .made(
            "SalesReceipt",
            with(paid_into_clearing("R-0"), "TxnDate", json!("2026-02-01")),
        )
        .await;
    books.made("SalesReceipt", paid_into_clearing("R-1")).await;
    let under = with(
        receipt("R-2"),
        "DepositToAccountRef",
        json!({ "value": "41" }),
    );
    books.made("SalesReceipt", under).await;
    let refund = json!({ "entity": "RefundReceipt", "customer": "Jane Doe", "amount": 5, "account": "Stripe Clearing", "date": "2026-03-03" });
    books.tell("enter", refund).await;
    let columns = "columns=tx_date,txn_type,subt_nat_amount,rbal_nat_amount";
    let ledger = books
        .report(&format!("GeneralLedger?{MARCH}&account=39,41&{columns}"))
        .await;
    assert_eq!(
        kinds(&ledger),
        ["tx_date", "txn_type", "subt_nat_amount", "rbal_nat_amount"]
    );
    assert_eq!(ledger["Header"]["ReportBasis"], "Accrual");
    let rows = ledger["Rows"]["Row"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(
        rows.len(),
        1,
        "a sub-account stands in the account above it: {ledger}"
    );
    let inside = shown(&rows[0]["Rows"]);
    assert_eq!(inside[0], "Beginning Balance |  |  | 20.99");
    // One cell too many, and nobody declared it.
    assert!(
        inside[1].ends_with(" | 20.99 | 41.98 | ") && inside[2].ends_with(" | -5.0 | 36.98 | "),
        "{inside:?}"
    );
    let below = &rows[0]["Rows"]["Row"][3];
    assert_eq!(
        (
            &below["Header"]["ColData"][0]["value"],
            &below["Summary"]["ColData"][2]["value"]
        ),
        (&json!("PayPal"), &json!("20.99"))
    );
    assert_eq!(
        rows[0]["Summary"]["ColData"][0]["value"],
        "Total for Stripe Clearing with sub-accounts"
    );
    assert_eq!(rows[0]["Summary"]["ColData"][2]["value"], "36.98");
    // Income and tax grow by credits, which are no minus there; what they were before the period is not said.
    let tax = books
        .ids("select * from Account where AccountSubType = 'GlobalTaxPayable'")
        .await;
    let others = books
        .report(&format!(
            "GeneralLedger?{MARCH}&account=33,{}&{columns}",
            tax[0]
        ))
        .await;
    let rows = others["Rows"]["Row"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let (income, tax) = (shown(&rows[0]["Rows"]), shown(&rows[1]["Rows"]));
    assert!(
        income[0].ends_with(" | 19.99 | 19.99 | ") && income[2].ends_with(" | -5.0 | 34.98 | "),
        "{income:?}"
    );
    assert_eq!(tax[0], "Beginning Balance |  |  | 1.0");
    let nothing = books
        .report(&format!("GeneralLedger?{MARCH}&account=38"))
        .await;
    assert_eq!(
        (&nothing["Header"]["Option"][0]["Value"], &nothing["Rows"]),
        (&json!("true"), &json!({}))
    );
    // One that is too large is cut, and says so where a row would be.
    books.tell("reports", json!({ "cell_limit": 12 })).await;
    let cut = books
        .report(&format!("GeneralLedger?{MARCH}&account=39&{columns}"))
        .await;
    let section = &cut["Rows"]["Row"][0];
    let rows = shown(&section["Rows"]);
    assert!(
        rows.last()
            .is_some_and(|row| row.starts_with("Unable to display more data")),
        "{rows:?}"
    );
    assert!(section.get("Summary").is_none());
    assert_eq!(books.tell("reports", json!({ "nonsense": 1 })).await, 400);
}

#[tokio::test]
async fn with_several_currencies_amounts_are_in_the_companys() {
    let mut setup = canada();
    setup["company"] = json!({ "multicurrency": true });
    setup["customers"] = json!([{ "display_name": "Eve EUR", "currency": "EUR" }]);
    setup["documents"] = json!([]);
    let books = Books::new(setup).await;
    let bill = with(
        with(invoice("100"), "CustomerRef", json!({ "value": "51" })),
        "ExchangeRate",
        json!(1.5),
    );
    books
        .made("Invoice", with(bill, "TxnDate", json!("2026-03-02")))
        .await;
    let path = format!(
        "GeneralLedger?{MARCH}&account=32&columns=subt_nat_amount,nat_foreign_amount,currency"
    );
    let ledger = books.report(&path).await;
    assert_eq!(
        kinds(&ledger),
        ["currency", "nat_foreign_amount", "subt_nat_home_amount"]
    );
    assert_eq!(
        shown(&ledger["Rows"]["Row"][0]["Rows"])[1],
        "EUR | 100.0 | 150.0 | "
    );
    let list = books
        .report(&format!(
            "TransactionList?{MARCH}&columns=subt_nat_home_amount,nat_foreign_amount"
        ))
        .await;
    assert_eq!(shown(&list["Rows"]), ["100.00 | 150.00"]);
}

#[tokio::test]
async fn the_trial_balance_carries_earlier_years() {
    let books = Books::canada().await;
    // The setup sold for 10.00 the year before.
    books.made("SalesReceipt", paid_into_clearing("R-1")).await;
    let report = books
        .report(&format!("TrialBalance?{MARCH}&accounting_method=Accrual"))
        .await;
    assert_eq!(
        shown(&report["Rows"]),
        [
            "Undeposited Funds#31 | 10.00 | ",
            "Sales of Product Income#33 |  | 19.99",
            "Stripe Clearing#39 | 20.99 | ",
            "GST/HST Payable#41 |  | 1.00",
            "Retained Earnings |  | 10.00",
            ""
        ]
    );
    let total = &report["Rows"]["Row"][5];
    assert_eq!(
        (
            &total["group"],
            &total["Summary"]["ColData"][1]["value"],
            &total["Summary"]["ColData"][2]["value"]
        ),
        (&json!("GrandTotal"), &json!("30.99"), &json!("30.99"))
    );
    let profit = books.report(&format!("ProfitAndLoss?{MARCH}")).await;
    assert_eq!(
        profit["Rows"]["Row"][1]["Summary"]["ColData"][1]["value"],
        "19.99"
    );
}

#[tokio::test]
async fn the_tax_summary_wants_its_agency_and_is_not_for_the_us() {
    let books = Books::canada().await;
    books.made("SalesReceipt", paid_into_clearing("R-1")).await;
    let agencies = books.ids("select * from TaxAgency").await;
    assert_eq!(agencies, ["1"]);
    assert_eq!(
        books
            .get(&format!("reports/TaxSummary?{MARCH}"))
            .await
            .code(),
        "2020"
    );
    assert_eq!(
        books
            .get(&format!("reports/TaxSummary?{MARCH}&agency_id=7"))
            .await
            .code(),
        "2500"
    );
    let report = books
        .report(&format!("TaxSummary?{MARCH}&agency_id=1"))
        .await;
    assert_eq!(
        shown(&report["Rows"])[..3],
        [
            "Sales | ",
            "Line 101 Sales and other revenue | 19.99",
            "Line 103 GST/HST collected or collectible | 1.00"
        ]
    );
    let us = Books::new(json!({ "company": { "country": "US" } })).await;
    let refused = us
        .get(&format!("reports/TaxSummary?{MARCH}&agency_id=1"))
        .await;
    assert_eq!((refused.status, refused.code()), (400, "500".into()));
}

#[tokio::test]
async fn what_is_open_is_asked_for_by_one_day_and_whatever_else_is_asked_is_of_today() {
    let books = Books::canada().await;
    let bill = books
        .made(
            "Invoice",
            with(invoice("100"), "TxnDate", json!("2026-01-10")),
        )
        .await;
    books
        .tell(
            "pay",
            json!({ "invoice": bill["Id"], "amount": 30, "date": "2026-02-20" }),
        )
        .await;
    let open = async |rest: &str| {
        let report = books.report(&format!("AgedReceivables?{rest}")).await;
        (
            report["Header"]["EndPeriod"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            shown(&report["Rows"]),
        )
    };
    let (day, rows) = open("report_date=2026-02-01").await;
    assert_eq!(
        (day.as_str(), rows[0].as_str()),
        (
            "2026-02-01",
            &*format!("Jane Doe#{JANE} |  | 100.00 |  |  |  | 100.00")
        )
    );
    let (day, _) = open("start_date=2026-01-01&end_date=2026-01-31").await;
    assert_ne!(day, "2026-01-31");
    let (_, rows) = open("report_date=2026-02-28").await;
    assert!(rows[0].ends_with(" | 70.00"), "{rows:?}");
    let sheet = books.report("BalanceSheet?report_date=2026-02-28").await;
    let sum = |place: usize| sheet["Rows"]["Row"][place]["Summary"]["ColData"][1]["value"].clone();
    assert_eq!((sum(0), sum(1)), (json!("110.00"), json!("110.00")));
    books
        .tell(
            "reports",
            json!({ "dated_by_report_date": ["TrialBalance"] }),
        )
        .await;
    let report = books.report(&format!("TrialBalance?{MARCH}")).await;
    assert_ne!(report["Header"]["EndPeriod"], "2026-03-31");
}

#[tokio::test]
async fn a_report_is_metered_and_counted_by_the_minute() {
    let books = Books::canada().await;
    books
        .tell(
            "company",
            json!({ "limits": { "per_second": 100, "reports_per_minute": 2 } }),
        )
        .await;
    let path = format!("reports/TrialBalance?{MARCH}");
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(books.get(&path).await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(books.ask("select * from Account").await.status, 200);
    assert_eq!(books.control("counts").await["metered_reads"], 3);
    assert_eq!(
        books.control("requests").await[0]["operations"],
        json!(["report TrialBalance"])
    );
}
