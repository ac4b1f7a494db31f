//! The shop's *Number of decimals*: what it does to every order that is shown, and that no document and no row loses its cents by it.

use std::path::Path;

use serde_json::{Value, json};

use crate::doctor::{DOCTOR, books, books_company, findings, troubles};
use crate::order::{order, refund, with};
use crate::world::{BOOKS, KEY, SECRET, World, company, shop};

/// An order over 20.43, 0.97 of it GST.
fn with_cents(id: u64) -> Value {
    let mut order = with(
        order(id),
        json!({ "total": "20.43", "total_tax": "0.97", "cart_tax": "0.97" }),
    );
    let line = &mut order["line_items"][0];
    for (name, amount) in [
        ("subtotal", "19.46"),
        ("subtotal_tax", "0.97"),
        ("total", "19.46"),
        ("total_tax", "0.97"),
    ] {
        line[name] = json!(amount);
    }
    line["taxes"] = json!([{ "id": 1, "total": "0.97", "subtotal": "0.97" }]);
    order["tax_lines"][0]["tax_total"] = json!("0.97");
    order
}

/// The whole of it given back.
fn all_of(id: u64, order: u64) -> Value {
    let mut refund = with(refund(id, order), json!({ "amount": "20.43" }));
    let line = &mut refund["line_items"][0];
    for (name, amount) in [
        ("subtotal", "-19.46"),
        ("subtotal_tax", "-0.97"),
        ("total", "-19.46"),
        ("total_tax", "-0.97"),
    ] {
        line[name] = json!(amount);
    }
    line["taxes"] = json!([{ "id": 1, "total": "-0.97", "subtotal": "-0.97" }]);
    refund["tax_lines"][0]["tax_total"] = json!("-0.97");
    refund
}

fn set_decimals(world: &World, decimals: u32) {
    world.tell_store("site", json!({ "price_decimals": decimals }));
}

/// Somebody changes something that is no figure.
fn touch(world: &World, id: u64) {
    world.tell_store(
        &format!("orders/{id}/set"),
        json!({ "customer_note": "later" }),
    );
}

#[test]
fn fewer_decimals_in_the_shop_rewrite_no_posted_document_and_no_row() {
    let world = World::new(
        shop((1..=3).map(with_cents).collect()),
        books_company(),
        &books(),
    )
    .with_database();
    world.run("sync orders").ends_with(0);
    let (documents, rows) = (
        world.documents(),
        (world.rows("orders"), world.rows("order_lines")),
    );
    set_decimals(&world, 0);
    touch(&world, 1);
    world.put_order(&order(9), &json!([]), false);

    let ran = world.run("sync orders --json").ends_with(3);
    assert_eq!(ran.codes(), ["decimals_changed"]);
    assert_eq!((ran.figure("updated"), ran.figure("created")), (0, 1));
    let hint = ran.json()["problems"][0]["hint"].to_string();
    assert!(
        hint.contains("back to 2") && hint.contains("udsync retry --skip"),
        "{hint}"
    );
    // A whole reading shows all of them rounded, and says it once.
    let ran = world.run("sync orders --full --json").ends_with(3);
    assert_eq!(ran.codes(), ["decimals_changed"]);
    assert_eq!(ran.figure("updated"), 0);
    assert_eq!(world.documents()[..documents.len()], documents);
    assert_eq!(
        world.postings().last().map(String::as_str),
        Some("SalesReceipt WC-9 21.00 active")
    );
    let older = |rows: Vec<Value>| -> Vec<Value> {
        rows.into_iter()
            .filter(|row| {
                row["id"] != json!("9")
                    && row["order_id"] != json!("9")
                    && row["id"] != json!(9)
                    && row["order_id"] != json!(9)
            })
            .collect()
    };
    assert_eq!(
        (
            older(world.rows("orders")),
            older(world.rows("order_lines"))
        ),
        rows
    );
    let looked = world.run(DOCTOR);
    assert!(
        troubles(&looked).contains(&"problem shop.decimals".to_owned()),
        "{}",
        looked.out
    );

    // It happens to an order that is not believed; when the setting is back, all goes on by itself.
    world.tell_store("orders/2/refunds", all_of(70, 2));
    world.run("sync orders").ends_with(3);
    assert_eq!(world.documents().len(), documents.len() + 1);
    set_decimals(&world, 2);
    let ran = world.run("sync orders --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("created")), (0, 1));
    assert_eq!(
        world.postings().last().map(String::as_str),
        Some("RefundReceipt WC-2-R70 20.43 active")
    );
    assert_eq!(
        world.run("retry --list --json").json()["problems"],
        json!([])
    );
    assert_eq!(troubles(&world.run(DOCTOR)), [""; 0]);
    let notes: Vec<Value> = world
        .rows("orders")
        .iter()
        .map(|row| row["total"].clone())
        .collect();
    assert_eq!(
        notes,
        [
            json!("20.43"),
            json!("20.43"),
            json!("20.43"),
            json!("21.00")
        ]
    );
    world.run("sync orders --full --json").ends_with(0);
    assert_eq!(world.documents()[..documents.len()], documents);
}

#[test]
fn a_setting_that_is_meant_to_stay_leaves_what_is_posted_and_holds_only_what_is_new() {
    let world = World::new(
        shop((1..=3).map(with_cents).collect()),
        books_company(),
        &books(),
    );
    world.run("sync orders").ends_with(0);
    let documents = world.documents();
    set_decimals(&world, 0);
    let id = world.run("sync orders --json").ends_with(3).json()["problems"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let mut skip = world.command(&format!("retry --skip {id} --why meant"));
    assert!(skip.output().expect("it runs").status.success());
    world.put_order(&order(9), &json!([]), false);
    world.run("sync orders --full").ends_with(0);
    assert_eq!(world.documents()[..documents.len()], documents);
    assert_eq!(world.postings().len(), documents.len() + 1);
    assert_eq!(troubles(&world.run(DOCTOR)), [""; 0]);

    world.tell_store("orders/2/refunds", all_of(70, 2));
    let ran = world.run("sync orders --json").ends_with(3);
    assert_eq!(ran.codes(), ["figures_lost"]);
    set_decimals(&world, 2);
    world.run("sync orders").ends_with(0);
    assert_eq!(
        world.postings().last().map(String::as_str),
        Some("RefundReceipt WC-2-R70 20.43 active")
    );
    // The next change is another one: nobody has agreed to that.
    set_decimals(&world, 1);
    assert_eq!(
        world.run("sync orders --json").ends_with(3).codes(),
        ["decimals_changed"]
    );
}

#[test]
fn an_order_that_was_not_posted_before_the_change_waits_for_its_cents() {
    let world = World::of_orders(vec![
        order(1),
        with(
            with_cents(2),
            json!({ "status": "pending", "date_paid_gmt": null, "date_paid": null }),
        ),
    ]);
    world.run("sync orders").ends_with(0);
    set_decimals(&world, 0);
    world.put_order(&with_cents(2), &json!([]), false);
    let ran = world.run("sync orders --json").ends_with(3);
    assert_eq!(ran.codes(), ["decimals_changed"]);
    let waits = ran.json()["changes"][0]["reason"]["code"].clone();
    assert_eq!(waits, "figures_wait", "{}", ran.out);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
    set_decimals(&world, 2);
    world.run("sync orders").ends_with(0);
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt WC-1 21.00 active",
            "SalesReceipt WC-2 20.43 active"
        ]
    );
}

#[test]
fn a_key_that_may_not_see_the_settings_sees_the_change_all_the_same() {
    let world = World::of_orders(vec![with_cents(1)]);
    world.tell_store(
        "mishaps",
        json!({ "what": "rest_disabled", "path": "/settings/", "times": null }),
    );
    world.run("sync orders").ends_with(0);
    set_decimals(&world, 0);
    assert_eq!(
        world.run("sync orders --full --json").ends_with(3).codes(),
        ["decimals_changed"]
    );
    assert_eq!(world.postings(), ["SalesReceipt WC-1 20.43 active"]);
}

#[test]
fn more_decimals_than_the_books_hold_change_nothing_and_hold_nothing() {
    let world = World::of_orders((1..=2).map(with_cents).collect());
    world.run("sync orders").ends_with(0);
    let documents = world.documents();
    set_decimals(&world, 4);
    let mut fine = with_cents(3);
    fine["total"] = json!("20.4330");
    fine["total_tax"] = json!("0.9730");
    fine["line_items"][0]["total"] = json!("19.4600");
    fine["tax_lines"][0]["tax_total"] = json!("0.9730");
    world.put_order(&fine, &json!([]), false);
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("created")), (0, 1));
    assert_eq!(world.documents()[..documents.len()], documents);
    assert_eq!(world.postings()[2], "SalesReceipt WC-3 20.43 active");
    set_decimals(&world, 2);
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 0);
}

#[test]
fn a_shop_that_has_always_computed_without_decimals_posts_right() {
    let mut setup = shop(vec![]);
    setup["site"]["price_decimals"] = json!(0);
    let recorded = body("dp/set0-order-made-with-0-decimals-dp6.json");
    let taxes = BOOKS
        .replace(
            "\"1\" = \"GST 5%\"",
            "\"3\" = \"GST 5%\", \"1\" = \"GST 5%\"",
        )
        .replace("\"3\" = \"HST ON 13%\", ", "")
        .replace(
            "woo = [\"3\"]\ncode = \"HST ON\"",
            "woo = [\"3\"]\ncode = \"GST\"",
        );
    setup["orders"] = json!([with(
        recorded,
        json!({ "refunds": [], "status": "processing", "payment_method": "stripe", "date_paid_gmt": "2026-11-02T17:00:00" })
    )]);
    let world = World::new(setup, company(), &taxes);
    let ran = world.run("sync orders --json");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(world.postings(), ["SalesReceipt WC-901 373.00 active"]);
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("unchanged")), (0, 1));
    // With more decimals the shop shows it as it is stored, and that is the same sale.
    set_decimals(&world, 2);
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("unchanged")), (0, 1));
}

#[test]
fn the_stand_in_shows_orders_under_a_setting_as_the_real_shop_did() {
    let stored = body("dp/set4-order-incl-tax-gap-dp6.json");
    let refunds = body("dp/set4-order-incl-tax-gap-refunds-dp6.json");
    let made_with_none = body("dp/set4-order-made-with-0-decimals-dp6.json");
    let setup = json!({
        "site": { "name": "Test shop", "timezone": "America/Vancouver", "currency": "CAD", "price_decimals": 6 },
        "keys": [{ "key": KEY, "secret": SECRET, "permissions": "read" }], "https": true,
        "orders": [stored, made_with_none], "refunds": { "852": refunds }
    });
    let world = World::new(setup, company(), BOOKS);
    let mut seen = 0;
    for setting in [0, 2, 4] {
        set_decimals(&world, setting);
        for dp in ["nodp", "dp0", "dp2", "dp4", "dp6"] {
            for (what, path) in [
                ("order-incl-tax-gap", "orders/852"),
                ("order-incl-tax-gap-refunds", "orders/852/refunds"),
                ("order-made-with-0-decimals", "orders/901"),
            ] {
                let file = format!("dp/set{setting}-{what}-{dp}.json");
                let mut theirs = body(&file);
                let query = dp
                    .strip_prefix("dp")
                    .map_or(String::new(), |places| format!("&dp={places}"));
                let ours = world.read_shop(&format!(
                    "{path}?consumer_key={KEY}&consumer_secret={SECRET}{query}"
                ));
                let mut ours = figures_of(&ours);
                // The list of refunds in the order is the one that the shop had at that moment.
                theirs = figures_of(&theirs);
                for side in [&mut ours, &mut theirs] {
                    if let Some(fields) = side.as_object_mut() {
                        fields.remove("refunds");
                    }
                }
                assert_eq!(ours, theirs, "{file}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 45);
}

/// The amounts and what hangs on them.
fn figures_of(value: &Value) -> Value {
    const FIGURES: [&str; 18] = [
        "id",
        "discount_total",
        "discount_tax",
        "shipping_total",
        "shipping_tax",
        "cart_tax",
        "total",
        "total_tax",
        "amount",
        "line_items",
        "shipping_lines",
        "fee_lines",
        "tax_lines",
        "taxes",
        "subtotal",
        "subtotal_tax",
        "tax_total",
        "shipping_tax_total",
    ];
    match value {
        Value::Array(list) => list.iter().map(figures_of).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| FIGURES.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), figures_of(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

pub fn body(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/recorded/woocommerce")
        .join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let exchange: Value = serde_json::from_str(&text).expect("JSON");
    let body = exchange["response"]["body"]
        .as_str()
        .expect("a body")
        .to_owned();
    serde_json::from_str(&body).expect("JSON")
}

#[test]
fn doctor_is_content_with_a_shop_that_has_not_changed() {
    let world = World::new(shop(vec![with_cents(1)]), books_company(), &books());
    let before = findings(&world.run(DOCTOR));
    assert!(
        before
            .iter()
            .any(|finding| finding["id"] == "shop.decimals" && finding["level"] == "ok")
    );
    world.run("sync orders").ends_with(0);
    assert_eq!(troubles(&world.run(DOCTOR)), [""; 0]);
}

#[test]
fn rows_keep_their_cents_in_a_run_to_the_database_alone() {
    let world = World::new(
        shop((1..=3).map(with_cents).collect()),
        books_company(),
        &books(),
    )
    .with_database();
    let only_copy = "sync orders --to supabase --json";
    world.run(only_copy).ends_with(0);
    let rows = || (world.rows("orders"), world.rows("order_lines"));
    let before = rows();
    set_decimals(&world, 0);
    touch(&world, 1);
    world.run(only_copy);
    world.run(&format!("{only_copy} --full"));
    assert_eq!(rows(), before, "nothing is rounded");
    // Put back, the change that was made meanwhile arrives, with its cents.
    set_decimals(&world, 2);
    world.run(only_copy).ends_with(0);
    let after = world.rows("orders");
    let first = |rows: &[Value]| {
        rows.iter()
            .find(|row| row["id"] == before.0[0]["id"])
            .cloned()
    };
    let (was, is) = (first(&before.0), first(&after));
    let total = |row: &Option<Value>| row.as_ref().map(|row| row["total"].clone());
    assert_eq!(total(&is), total(&was));
    let notes: Vec<&Value> = after.iter().map(|row| &row["customer_note"]).collect();
    assert!(notes.contains(&&json!("later")), "{notes:?}");
}
