//! What was posted, as double entry for programs of others, and as reports: both must come to the figures of the documents, to the cent.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use udsync::sandbox::demo;

use crate::golden;
use crate::order::{order, orders, with};
use crate::world::{BOOKS, KEY, SECRET, World, amount, oauth};

/// The demonstration's shop and books, posted.
pub fn demonstration() -> World {
    let mut shop = demo::shop();
    shop["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
    let mut company = demo::company();
    company["oauth"] = oauth();
    let world = World::new(shop, company, BOOKS);
    let text = demo::config(&world.shop_url, &world.company_url);
    let books = text.split_once("[books]").expect("it has books").1;
    world.configure(&format!("[books]{books}"));
    world.run("sync orders --yes").ends_with(0);
    world
}

/// Whether a program is here; where it must be, as in CI, its absence is a failure, and elsewhere a line says so.
fn has(program: &str, must: &str) -> bool {
    if Command::new(program).arg("--version").output().is_ok() {
        return true;
    }
    assert!(std::env::var_os(must).is_none(), "`{program}` must be here");
    eprintln!("skipped: `{program}` is not here");
    false
}

pub fn ran(program: &str, args: &[&str], folder: &Path) -> String {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("LANG", "C.UTF-8")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {said}{out}");
    out
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("no figure: {text}"))
}

/// Its first line, and its postings: account, amount, commodity.
type JournalEntry = (String, Vec<(String, Decimal, String)>);

/// The journal's entries: heading, and each account with its amount and currency.
fn entries(journal: &str) -> Vec<JournalEntry> {
    let mut entries: Vec<JournalEntry> = Vec::new();
    for line in journal.lines() {
        if line.starts_with("20") && line.contains(" * ") {
            entries.push((line.to_owned(), Vec::new()));
        } else if let Some(posting) = line.strip_prefix("    ")
            && !posting.starts_with(';')
        {
            let (account, figure) = posting.split_once("  ").expect("an account and a figure");
            let (figure, currency) = figure.split_once(' ').expect("a figure and a currency");
            let last = entries.last_mut().expect("an entry");
            last.1
                .push((account.to_owned(), decimal(figure), currency.to_owned()));
        }
    }
    entries
}

/// Every entry adds up to nothing, and its money is the total of its document in the books. Says how many there were.
#[track_caller]
fn fits_the_books(world: &World, what: &str) -> usize {
    let journal = world.run("export --hledger").ends_with(0).out;
    assert!(!journal.contains("Unexplained"), "{what}: {journal}");
    let mut told: Vec<String> = Vec::new();
    for (heading, postings) in entries(&journal) {
        let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
        for (_, figure, currency) in &postings {
            *sums.entry(currency).or_default() += figure;
        }
        assert_eq!(sums.len(), 1, "{what}: {heading}: one currency");
        assert!(
            sums.values().all(Decimal::is_zero),
            "{what}: {heading}: {sums:?}"
        );
        let kind = heading
            .split(") ")
            .nth(1)
            .and_then(|rest| rest.split("  ").next());
        let number = heading.split(['(', ')']).nth(1);
        told.push(format!(
            "{} {} {:.2}",
            kind.expect("a kind"),
            number.expect("a number"),
            postings[0].1.abs()
        ));
    }
    let mut stand: Vec<String> = world
        .documents()
        .iter()
        .filter(|document| document["state"] == json!("active"))
        .map(|document| {
            let object = &document["object"];
            let number = object["DocNumber"]
                .as_str()
                .or(object["PaymentRefNum"].as_str());
            format!(
                "{} {} {}",
                document["entity"].as_str().expect("a kind"),
                number.expect("a number"),
                amount(&object["TotalAmt"])
            )
        })
        .collect();
    told.sort();
    stand.sort();
    assert_eq!(told, stand, "{what}");
    told.len()
}

#[test]
fn every_golden_case_adds_up_to_nothing_and_to_the_books() {
    let mut documents = 0;
    golden::posted(|name, world| documents += fits_the_books(world, name));
    assert!(documents > 40, "only {documents} documents");
}

/// By account and currency.
fn balances(journal: &str) -> BTreeMap<(String, String), Decimal> {
    let mut balances = BTreeMap::new();
    for (account, figure, currency) in entries(journal).into_iter().flat_map(|entry| entry.1) {
        *balances.entry((account, currency)).or_default() += figure;
    }
    balances.retain(|_, figure: &mut Decimal| !figure.is_zero());
    balances
}

#[test]
fn hledger_finds_nothing_wrong_and_comes_to_the_figures_of_the_books() {
    let world = demonstration();
    assert!(fits_the_books(&world, "demonstration") > 25);
    let home = world.home.path();
    let said = world.run("export --hledger --out all.journal").ends_with(0);
    assert_eq!(said.out, "");
    assert!(said.err.contains(" documents"), "{}", said.err);
    let journal = std::fs::read_to_string(home.join("all.journal")).expect("written");
    assert_eq!(
        world.run("export --hledger --out -").out,
        journal,
        "twice the same bytes"
    );
    for person in ["@", "Road", "Street"] {
        assert!(!journal.contains(person), "nobody is in it: {person}");
    }
    if !has("hledger", "UDSYNC_NEEDS_HLEDGER") {
        return;
    }
    assert_eq!(
        ran("hledger", &["-f", "all.journal", "check", "--strict"], home),
        ""
    );
    let csv = ran(
        "hledger",
        &[
            "-f",
            "all.journal",
            "balance",
            "--flat",
            "--no-total",
            "--layout",
            "bare",
            "-O",
            "csv",
        ],
        home,
    );
    let mut theirs = BTreeMap::new();
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line
            .split("\",\"")
            .map(|cell| cell.trim_matches('"'))
            .collect();
        let key = (cells[0].to_owned(), cells[1].to_owned());
        theirs.insert(key, decimal(cells[2]));
    }
    theirs.retain(|_, figure: &mut Decimal| !figure.is_zero());
    assert_eq!(theirs, balances(&journal));

    // What the gateways' accounts and the tax hold is what the documents of the company say.
    let tax: Decimal = theirs
        .iter()
        .filter(|((account, _), _)| account.starts_with("Liabilities:Sales tax"))
        .map(|(_, figure)| -figure)
        .sum();
    let mut in_books = Decimal::ZERO;
    let mut open = Decimal::ZERO;
    for document in world.documents() {
        if document["state"] != json!("active") {
            continue;
        }
        let object = &document["object"];
        let figure = |value: &Value| match value {
            Value::Null => Decimal::ZERO,
            value => decimal(&amount(value)),
        };
        let tax = figure(&object["TxnTaxDetail"]["TotalTax"]);
        let total = figure(&object["TotalAmt"]);
        match document["entity"].as_str().expect("a kind") {
            "SalesReceipt" => in_books += tax,
            "Invoice" => {
                in_books += tax;
                open += total;
            }
            "CreditMemo" => {
                in_books -= tax;
                open -= total;
            }
            "RefundReceipt" => in_books -= tax,
            "Payment" => open -= total,
            _ => {}
        }
    }
    assert_eq!(tax, in_books);
    let receivable: Decimal = theirs
        .iter()
        .filter(|((account, _), _)| account == "Assets:Accounts receivable")
        .map(|(_, figure)| *figure)
        .sum();
    assert_eq!(receivable, open);
}

#[test]
fn beancount_finds_nothing_wrong() {
    let world = demonstration();
    world
        .run("export --beancount --out all.beancount")
        .ends_with(0);
    let first = std::fs::read(world.home.path().join("all.beancount")).expect("written");
    let second = world.run("export --beancount").out;
    assert_eq!(second.as_bytes(), first, "twice the same bytes");
    if has("bean-check", "UDSYNC_NEEDS_HLEDGER") {
        assert_eq!(ran("bean-check", &["all.beancount"], world.home.path()), "");
    }
}

/// A name that a program of double entry would read as something else stays a name.
#[test]
fn awkward_names_of_goods_do_not_break_a_journal() {
    let named = |id: u64, sku: &str| {
        let mut order = order(id);
        order["line_items"][0]["sku"] = json!(sku);
        order["line_items"][0]["name"] = json!(format!("Mug {id}"));
        order
    };
    let skus = [
        "A;B",
        "A:B",
        "(A)",
        "a  b",
        "=1+1",
        "\"x\\",
        "Kännchen",
        "日本",
    ];
    let list = (1..).zip(skus).map(|(id, sku)| named(id, sku)).collect();
    let world = World::of_orders(list);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(fits_the_books(&world, "awkward"), skus.len());
    let home = world.home.path();
    world.run("export --hledger --out a.journal").ends_with(0);
    world
        .run("export --beancount --out a.beancount")
        .ends_with(0);
    if has("hledger", "UDSYNC_NEEDS_HLEDGER") {
        ran("hledger", &["-f", "a.journal", "check", "--strict"], home);
    }
    if has("bean-check", "UDSYNC_NEEDS_HLEDGER") {
        ran("bean-check", &["a.beancount"], home);
    }
}

#[test]
fn a_period_ends_where_the_day_of_the_books_does() {
    // Edmonton is six hours behind in October: its November begins at 06:00 UTC.
    let at = |id: u64, gmt: &str| {
        with(
            order(id),
            json!({ "date_created_gmt": gmt, "date_modified_gmt": gmt, "date_paid_gmt": gmt }),
        )
    };
    let world = World::of_orders(vec![
        at(1, "2026-10-01T05:59:59"),
        at(2, "2026-10-01T06:00:00"),
        at(3, "2026-11-01T05:59:59"),
        at(4, "2026-11-01T06:00:00"),
    ]);
    world.run("sync orders --yes").ends_with(0);
    let numbers = |line: &str| {
        let journal = world.run(line).ends_with(0).out;
        let headings = entries(&journal).into_iter().map(|entry| entry.0);
        headings
            .map(|heading| {
                heading
                    .split(['(', ')'])
                    .nth(1)
                    .expect("a number")
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        numbers("export --hledger --period 2026-10"),
        ["WC-2", "WC-3"]
    );
    assert_eq!(numbers("export --hledger --period 2026-Q3"), ["WC-1"]);
    assert_eq!(numbers("export --hledger --from 2026-11-01"), ["WC-4"]);
    assert_eq!(
        numbers("export --hledger --until 2026-10-31"),
        ["WC-1", "WC-2", "WC-3"]
    );
    let document = world
        .run("report sales --period 2026-10 --json")
        .ends_with(0)
        .json();
    assert_eq!(document["schema"], "udsync/report/1");
    assert_eq!(document["report"], "sales");
    assert_eq!(
        document["period"],
        json!({ "from": "2026-10-01", "until": "2026-10-31" })
    );
    let days: Vec<&Value> = document["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["day"])
        .collect();
    assert_eq!(days, ["2026-10-01", "2026-10-31"]);
    assert_eq!(document["totals"][0]["documents"], 2);
    for (line, said) in [
        ("report sales --period 2026-13", "write a month as 2026-10"),
        (
            "report sales --from 2026-10-02 --until 2026-10-01",
            "is after --until",
        ),
        ("export --hledger --json", "--json has no effect here"),
        (
            "history --output html",
            "only `report` and `reconcile` have --output html",
        ),
        ("export", "--hledger"),
    ] {
        let refused = world.run(line).ends_with(2);
        assert!(
            format!("{}{}", refused.out, refused.err).contains(said),
            "{line}: {}",
            refused.err
        );
    }
}

/// The sum of a column of the totals.
fn total(document: &Value, column: &str) -> Decimal {
    let totals = document["totals"].as_array().expect("totals");
    totals
        .iter()
        .map(|row| decimal(row[column].as_str().expect("an amount")))
        .sum()
}

#[test]
fn reports_come_to_the_totals_of_the_documents() {
    let world = demonstration();
    let report = |what: &str| {
        world
            .run(&format!("report {what} --json"))
            .ends_with(0)
            .json()
    };
    let sum = |kinds: &[&str], field: fn(&Value) -> &Value| -> Decimal {
        world
            .documents()
            .iter()
            .filter(|document| {
                let kind = document["entity"].as_str().expect("a kind");
                document["state"] == json!("active") && kinds.contains(&kind)
            })
            .map(|document| match field(&document["object"]) {
                Value::Null => Decimal::ZERO,
                value => decimal(&amount(value)),
            })
            .sum()
    };
    let sales = ["SalesReceipt", "Invoice"];
    let refunds = ["RefundReceipt", "CreditMemo"];
    let document = report("sales");
    assert_eq!(
        total(&document, "total"),
        sum(&sales, |object| &object["TotalAmt"])
    );
    assert_eq!(
        total(&document, "tax"),
        sum(&sales, |object| &object["TxnTaxDetail"]["TotalTax"])
    );
    for row in document["rows"].as_array().expect("rows") {
        let of = |column: &str| decimal(row[column].as_str().expect("an amount"));
        let parts = ["goods", "discounts", "shipping", "fees", "rounding"].map(of);
        assert_eq!(parts.into_iter().sum::<Decimal>(), of("net"), "{row}");
        assert_eq!(of("net") + of("tax"), of("total"), "{row}");
    }
    let document = report("refunds");
    assert!(total(&document, "total") > Decimal::ZERO);
    assert_eq!(
        total(&document, "total"),
        sum(&refunds, |object| &object["TotalAmt"])
    );
    let document = report("tax");
    assert_eq!(
        total(&document, "sales_tax"),
        sum(&sales, |object| &object["TxnTaxDetail"]["TotalTax"])
    );
    assert_eq!(
        total(&document, "refunds_tax"),
        sum(&refunds, |object| &object["TxnTaxDetail"]["TotalTax"])
    );
    let document = report("fees");
    assert_eq!(
        total(&document, "fees"),
        sum(&["Purchase"], |object| &object["TotalAmt"])
    );
    let problems = report("problems --by month");
    let waiting: u64 = problems["totals"]
        .as_array()
        .expect("totals")
        .iter()
        .map(|row| row["problems"].as_u64().expect("a count"))
        .sum();
    assert_eq!(
        waiting,
        world.run("retry --list --json").json()["problems"]
            .as_array()
            .expect("a list")
            .len() as u64
    );

    // Every form says the same, twice in the same bytes.
    let rows = report("sales --by month")["rows"]
        .as_array()
        .expect("rows")
        .len();
    let csv = world
        .run("report sales --by month --output csv")
        .ends_with(0)
        .out;
    assert_eq!(csv.lines().count(), rows + 1);
    assert!(csv.starts_with("month,currency,documents,goods,"), "{csv}");
    let text = world.run("report sales --by month").ends_with(0).out;
    assert!(text.contains("total"), "{text}");
    world
        .run("report sales --by month --out sales.txt")
        .ends_with(0);
    let written = std::fs::read_to_string(world.home.path().join("sales.txt")).expect("written");
    assert_eq!(written, text);
}

/// A rate whose name a spreadsheet would take for a formula.
#[test]
fn no_cell_of_a_report_is_a_formula() {
    let company = crate::world::company().to_string();
    let company = serde_json::from_str(&company.replace("GST 5%", "=1+1 5%")).expect("JSON");
    let books = BOOKS.replace("GST 5%", "=1+1 5%");
    let world = World::new(crate::world::shop(orders(1..=2)), company, &books);
    world.run("sync orders --yes").ends_with(0);
    let csv = world.run("report tax --output csv").ends_with(0).out;
    assert!(csv.contains(",'=1+1 5%,") && !csv.contains(",=1"), "{csv}");
    spreadsheet(&world);
}

#[cfg(not(feature = "xlsx"))]
fn spreadsheet(_: &World) {}

/// Opened by a program of others, where that is here: figures are numbers, and nothing is a formula.
#[cfg(feature = "xlsx")]
fn spreadsheet(world: &World) {
    world
        .run("report tax --output xlsx --out one.xlsx")
        .ends_with(0);
    world
        .run("report tax --output xlsx --out two.xlsx")
        .ends_with(0);
    let read = |name: &str| std::fs::read(world.home.path().join(name)).expect("written");
    assert_eq!(read("one.xlsx"), read("two.xlsx"), "twice the same bytes");
    const LOOK: &str = "import openpyxl\nbook = openpyxl.load_workbook('one.xlsx')\nprint(book.sheetnames)\nfor row in book['tax'].iter_rows():\n    if row[0].value is None: break\n    print([cell.data_type for cell in row], row[2].value)\n";
    let python = "/usr/bin/python3";
    let here = Command::new(python)
        .args(["-I", "-c", "import openpyxl"])
        .output();
    if !here.is_ok_and(|here| here.status.success()) {
        assert!(
            std::env::var_os("UDSYNC_NEEDS_HLEDGER").is_none(),
            "openpyxl must be here"
        );
        eprintln!("skipped: openpyxl is not here");
        return;
    }
    let seen = ran(python, &["-I", "-c", LOOK], world.home.path());
    let lines: Vec<&str> = seen.lines().collect();
    assert_eq!(lines[0], "['tax', 'totals']");
    assert!(lines.len() > 2, "{seen}");
    for line in &lines[2..] {
        assert!(
            line.starts_with("['d', 's', 's', 'n', 'n', 'n', 'n', 'n', 'n']"),
            "{seen}"
        );
        // Text of the kind "text": no program calculates it.
        assert!(line.ends_with(" =1+1 5%"), "{seen}");
    }
}

/// What was voided, what was deleted and what is held is in no journal and in no report; where nothing was posted both are empty.
#[test]
fn what_does_not_stand_is_left_out_and_told() {
    let world = World::of_orders(orders(1..=2));
    let nothing = world
        .run("export --hledger --out none.journal")
        .ends_with(0);
    assert!(nothing.err.contains("0 documents"), "{}", nothing.err);
    assert_eq!(
        world.run("report sales").ends_with(0).out,
        "nothing in these days\n"
    );
    let unpaid = with(
        order(3),
        json!({ "status": "on-hold", "payment_method": "bacs", "date_paid_gmt": null, "date_paid": null }),
    );
    world.put_order(&unpaid, &json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings().len(), 3);
    world.put_order(
        &with(unpaid, json!({ "status": "cancelled" })),
        &json!([]),
        false,
    );
    world.run("sync orders --yes").ends_with(0);
    let said = world
        .run("export --hledger --out some.journal")
        .ends_with(0);
    assert!(
        said.err.contains("2 documents; left out: 1 voided"),
        "{}",
        said.err
    );
    assert_eq!(fits_the_books(&world, "voided"), 2);
    let totals = world.run("report sales --json").json();
    assert_eq!(totals["totals"][0]["documents"], 2);
}

/// Of a document that was found in the books only the figures are known, and one that came out other than meant does not add up by itself:
/// both balance, and the account says what is not known.
#[test]
fn what_is_not_known_of_a_document_has_an_account_of_its_own() {
    use udsync::books::double_entry::postings;
    use udsync::model::link::Posted;
    let mut config = udsync::config::load(&demonstration().config)
        .expect("a configuration")
        .rules;
    config.income_account = "Sales:Web".into();
    let found: Posted = serde_json::from_value(json!({
        "key": { "order": 7, "role": "sale" }, "kind": "SalesReceipt", "number": "WC-7", "date": "2026-11-20",
        "currency": "CAD", "total": "21.00", "tax_total": "1.00", "voided": false, "fingerprint": null, "document": null
    }))
    .expect("a document");
    let told = |posted: &Posted| {
        postings(posted, &config)
            .iter()
            .map(|posting| {
                let names = posting.account.names.join(":");
                format!(
                    "{}:{names} {}",
                    posting.account.root.as_str(),
                    posting.amount
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(&found),
        [
            "Assets:Not remembered 21.00",
            "Liabilities:Sales tax:Not split by rate -1.00",
            "Income:Not remembered -20.00"
        ]
    );
    let line = json!({
        "kind": "item", "item": "sku:MUG", "description": "", "quantity": null, "unit_price": null, "amount": "20.00",
        "tax_code": null, "source_line": null
    });
    let document = json!({
        "key": { "order": 7, "role": { "refund": 9 } }, "kind": "RefundReceipt", "number": "WC-7-R9", "date": "2026-11-20", "due": null,
        "currency": "CAD", "exchange_rate": null, "total": "21.00", "tax_total": "1.00",
        "tax": [{ "rate": "GST 5%", "amount": "1.00", "base": "20.00" }], "document_tax_code": null, "lines": [line],
        "account": "Bank:Stripe", "payment_method": null, "applies_to": [], "note": "", "memo": null, "bill_to": null, "ship_to": null
    });
    let odd: Posted = serde_json::from_value(json!({
        "key": { "order": 7, "role": { "refund": 9 } }, "kind": "RefundReceipt", "number": "WC-7-R9", "date": "2026-11-20",
        "currency": "CAD", "total": "20.99", "tax_total": "1.00", "voided": false, "fingerprint": null, "document": document
    }))
    .expect("a document");
    assert_eq!(
        told(&odd),
        [
            "Assets:Bank:Stripe -20.99",
            "Liabilities:Sales tax:GST 5% 1.00",
            "Equity:Unexplained -0.01",
            "Income:Sales:Web:MUG 20.00"
        ]
    );
}
