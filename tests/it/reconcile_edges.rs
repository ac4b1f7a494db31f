//! Proof at its edges: the days around a month, months that were closed, orders that cannot be read, what moves behind an acceptance, and
//! rows of the copy that nobody would have looked at.

use serde_json::{Value, json};

use crate::order::{order, orders, with};
use crate::reconcile::{NOVEMBER, accept, difference, document, edit, told, total, with_bank};
use crate::tales::{Tale, books, world_of};
use crate::world::{World, company, shop};

const OCTOBER: &str = "reconcile --period 2026-10 --json";
const DECEMBER: &str = "reconcile --period 2026-12 --json";

/// The order, made and paid on another day.
fn on(order: Value, day: &str) -> Value {
    with(
        order,
        json!({
            "date_created": format!("{day}T10:00:00"), "date_created_gmt": format!("{day}T17:00:00"),
            "date_paid": format!("{day}T10:01:00"), "date_paid_gmt": format!("{day}T17:01:00"),
        }),
    )
}

#[test]
fn a_copy_and_a_line_of_the_bank_across_the_edge_of_a_month_are_seen() {
    let mut all = orders(11..=13);
    all.push(on(order(14), "2026-10-30"));
    let world = World::new(shop(all), with_bank(), crate::world::BOOKS);
    world.run("sync orders --yes").ends_with(0);
    for month in [OCTOBER, NOVEMBER] {
        world.run(month).ends_with(0);
    }
    let of = document(&world, "WC-14")["object"].clone();
    let lines: Vec<&Value> = of["Line"]
        .as_array()
        .expect("lines")
        .iter()
        .filter(|line| line["DetailType"] == "SalesItemLineDetail")
        .collect();
    let copy = world.tell_books(
        "create",
        json!({ "entity": "SalesReceipt", "body": {
            "DocNumber": "H-14", "TxnDate": "2026-11-01", "PrivateNote": "cash sale",
            "CustomerRef": { "value": of["CustomerRef"]["value"] },
            "DepositToAccountRef": { "value": of["DepositToAccountRef"]["value"] },
            "Line": lines, "GlobalTaxCalculation": "TaxExcluded",
        } }),
    );
    let october = world.run(OCTOBER).ends_with(8);
    assert_eq!(told(&october), ["duplicate_by_hand 14 total 21.00"]);
    let november = world.run(NOVEMBER).ends_with(8);
    assert_eq!(told(&november), ["duplicate_by_hand 14 total 21.00"]);
    // It is one difference: who leaves it in one month has left it in both.
    accept(&world, &difference(&october, "duplicate_by_hand"));
    world.run(NOVEMBER).ends_with(3);
    world.tell_books(
        "delete",
        json!({ "entity": "SalesReceipt", "id": copy["Id"] }),
    );
    world.tell_books(
        "bank_line",
        json!({ "account": "Chequing", "amount": "21.00", "date": "2026-11-01", "memo": "STRIPE TRANSFER" }),
    );
    world.run(OCTOBER).ends_with(0);
    let november = world.run(NOVEMBER).ends_with(8);
    assert_eq!(told(&november).len(), 1, "{}", november.out);
    assert_eq!(difference(&november, "income_twice")["difference"], "21.00");
}

#[test]
fn a_month_that_was_closed_is_proven_and_says_where_its_sales_went() {
    let config = format!(
        "{}[books.policy]\nclosed_period = \"first_open_day\"\n",
        crate::world::BOOKS
    );
    let world = World::new(shop(orders(11..=12)), company(), &config);
    world.run("sync orders --yes").ends_with(0);
    world.tell_books("company", json!({ "books_closed_through": "2026-11-30" }));
    world.put_order(&order(13), &json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(document(&world, "WC-13")["object"]["TxnDate"], "2026-12-01");
    let november = world.run(NOVEMBER).ends_with(0);
    assert_eq!(total(&november, "sales"), ["42.00", "42.00", "0.00"]);
    let moved = |ran: &crate::world::Ran| {
        let proof = ran.json();
        let lines = proof["moved"].as_array().expect("a list").clone();
        lines
            .iter()
            .map(|one| {
                format!(
                    "{} {} {} {}",
                    one["number"], one["total"], one["from"], one["to"]
                )
            })
            .collect::<Vec<String>>()
    };
    let line = r#""13" "21.00" "2026-11-02" "2026-12-01""#;
    assert_eq!(moved(&november), [line]);
    let december = world.run(DECEMBER).ends_with(0);
    assert_eq!(total(&december, "sales"), ["21.00", "21.00", "0.00"]);
    assert_eq!(moved(&december), [line]);
    let words = world.run("reconcile --period 2026-11").ends_with(0);
    assert!(
        words.out.contains("because its own month was closed"),
        "{}",
        words.out
    );
    // The document says so itself, without the state file too; and a person who dates it anew is told of.
    std::fs::remove_file(world.state()).expect("it is there");
    world.run(NOVEMBER).ends_with(0);
    edit(
        &world,
        "WC-13",
        json!({ "TxnDate": "2026-12-03", "PrivateNote": document(&world, "WC-11")["object"]["PrivateNote"].as_str().expect("a note").replace("11", "13") }),
    );
    let found = world.run(NOVEMBER).ends_with(8);
    assert_eq!(told(&found), ["day 13 date -"]);
}

#[test]
fn an_order_of_the_month_that_cannot_be_read_is_held_and_never_passed_over() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    // It was never posted, and was changed long after its month.
    let odd = with(
        on(order(13), "2026-11-02"),
        json!({ "total": "twenty", "date_modified_gmt": "2027-01-20T17:00:00", "date_modified": "2027-01-20T10:00:00" }),
    );
    world.put_order(&odd, &json!([]), true);
    let found = world.run(NOVEMBER).ends_with(3);
    let held = found.json()["held"].clone();
    assert_eq!(held[0]["code"], "order_unreadable", "{held}");
    assert_eq!(held[0]["order"], 13);
    // Its document is in the books, and the order is unreadable now: that is held too.
    let odd = with(order(12), json!({ "total": "twenty" }));
    world.put_order(&odd, &json!([]), false);
    let found = world.run(NOVEMBER).ends_with(3);
    assert_eq!(found.json()["held"].as_array().map(Vec::len), Some(2));
    assert_eq!(total(&found, "sales"), ["21.00", "21.00", "0.00"]);
}

#[test]
fn another_account_another_rate_and_another_customer_are_differences() {
    let mut all = vec![Tale {
        fee: Some(59),
        ..Tale::paid(1_001, 2_000)
    }];
    all.push(Tale::paid(1_002, 3_000));
    let world = world_of(&all);
    world.run("sync orders --yes").ends_with(0);
    world.run(NOVEMBER).ends_with(0);
    let accounts = world.books("objects/Account");
    let account = |kind: &str, not: &str| {
        let all = accounts.as_array().expect("a list").iter();
        let mut others =
            all.filter(|one| one["object"]["AccountType"] == kind && one["object"]["Name"] != not);
        others.next().expect("there is one")["id"].clone()
    };
    let fee = document(&world, "WC-1001-F");
    let mut lines = fee["object"]["Line"].clone();
    lines[0]["AccountBasedExpenseLineDetail"]["AccountRef"] =
        json!({ "value": account("Expense", "Merchant Fees") });
    edit(&world, "WC-1001-F", json!({ "Line": lines }));
    let other = document(&world, "WC-1001")["object"]["CustomerRef"]["value"].clone();
    edit(
        &world,
        "WC-1002",
        json!({ "CustomerRef": { "value": other } }),
    );
    let found = world.run(NOVEMBER).ends_with(8);
    assert_eq!(
        told(&found),
        ["account 1001 expense -", "edited 1002 customer -"]
    );
    assert_eq!(difference(&found, "account")["shop"], "Merchant Fees");
    for one in found.json()["differences"].as_array().expect("a list") {
        accept(&world, one);
    }
    world.run(NOVEMBER).ends_with(3);
}

#[test]
fn the_same_cents_at_another_rate_are_a_difference() {
    let mut setup = company();
    setup["company"]["multicurrency"] = json!(true);
    let config = format!("{}exchange_rates = {{ USD = \"1.3850\" }}\n", books());
    let world = World::new(shop(Vec::new()), setup, &config);
    let dollars = with(
        Tale::paid(1_001, 2_000).order(),
        json!({ "currency": "USD" }),
    );
    world.put_order(&dollars, &json!([]), true);
    let posted = world.run("sync orders --yes --json");
    assert_eq!(posted.code, 0, "{}", posted.out);
    world.run(NOVEMBER).ends_with(0);
    // Another rate in the configuration says nothing of what was posted before.
    world.configure(&format!(
        "{}exchange_rates = {{ USD = \"1.5\" }}\n",
        books()
    ));
    world.run(NOVEMBER).ends_with(0);
    edit(&world, "WC-1001", json!({ "ExchangeRate": 1.4 }));
    let found = world.run(NOVEMBER).ends_with(8);
    assert_eq!(told(&found), ["currency 1001 exchange_rate -"]);
    let one = difference(&found, "currency");
    assert_eq!([&one["shop"], &one["books"]], ["1.385", "1.4"]);
}

#[test]
fn an_accepted_total_hides_no_tax() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --yes").ends_with(0);
    let mut line = document(&world, "WC-12")["object"]["Line"].clone();
    line[0]["Amount"] = json!(20.01);
    line[0]["SalesItemLineDetail"]["UnitPrice"] = json!(20.01);
    edit(&world, "WC-12", json!({ "Line": line, "TotalAmt": 21.01 }));
    let found = world.run(NOVEMBER).ends_with(8);
    assert_eq!(told(&found), ["amount 12 total 0.01"]);
    accept(&world, &difference(&found, "amount"));
    world.run(NOVEMBER).ends_with(3);
    // The same total, with a cent of it turned into tax.
    line[0]["Amount"] = json!(20.00);
    line[0]["SalesItemLineDetail"]["UnitPrice"] = json!(20.00);
    let mut tax = document(&world, "WC-12")["object"]["TxnTaxDetail"].clone();
    tax["TotalTax"] = json!(1.01);
    tax["TaxLine"][0]["Amount"] = json!(1.01);
    edit(
        &world,
        "WC-12",
        json!({ "Line": line, "TxnTaxDetail": tax, "TotalAmt": 21.01 }),
    );
    let found = world.run(NOVEMBER).ends_with(8);
    assert!(
        told(&found).contains(&"tax 12 tax 0.01".to_owned()),
        "{}",
        found.out
    );
}

#[test]
fn rows_of_every_status_are_compared_and_so_is_their_day() {
    let mut all = orders(11..=13);
    all.push(with(
        order(14),
        json!({ "status": "pending", "date_paid_gmt": null, "date_paid": null }),
    ));
    let world = World::new(shop(all), company(), crate::world::BOOKS).with_database();
    world.run("sync orders --yes").ends_with(0);
    const COPY: &str = "reconcile --period 2026-11 --to supabase --json";
    let clean = world.run(COPY).ends_with(0);
    assert_eq!(clean.json()["orders"]["compared"], json!(4));
    let mut rows = world.rows("orders");
    for row in &mut rows {
        if row["id"] == json!(14) || row["id"] == json!("14") {
            row["total"] = json!("22.00");
        }
        if row["id"] == json!(12) || row["id"] == json!("12") {
            row["local_date"] = json!("2026-11-03");
        }
        // Out of the month by its day: nobody would look for it there.
        if row["id"] == json!(13) || row["id"] == json!("13") {
            row["local_date"] = json!("2026-12-03");
        }
    }
    world.put_rows("orders", &rows);
    let found = world.run(COPY).ends_with(8);
    assert_eq!(
        told(&found),
        ["day 12 date -", "day 13 date -", "amount 14 total 1.00"]
    );
    let december = world
        .run("reconcile --period 2026-12 --to supabase --json")
        .ends_with(8);
    assert_eq!(told(&december), ["day 13 date -"]);
    // An order that cannot be read is held, not left out.
    let odd = with(order(11), json!({ "total": "twenty" }));
    world.put_order(&odd, &json!([]), false);
    let found = world.run(COPY).ends_with(8);
    let held = found.json()["held"].clone();
    assert_eq!(held[0]["code"], "order_unreadable", "{held}");
}
