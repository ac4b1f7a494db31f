//! Copy: what the database holds after a sync, judged by what the shop says of itself and by no mapping of ours.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::order::{orders, refund, with};
use crate::world::{World, amount};

/// The rows of a table that are not marked as deleted, by id.
fn live(world: &World, table: &str) -> BTreeMap<String, Value> {
    let rows = world.rows(table).into_iter();
    let rows = rows.filter(|row| row["deleted_at"].is_null());
    rows.map(|row| (text(&row["id"]), row)).collect()
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Every order, line and refund of the shop is a row, field by field, and there is no other row.
fn check(world: &World) {
    let [orders, lines, refunds] = TABLES.map(|table| live(world, table));
    let held = Held {
        orders,
        lines,
        refunds,
    };
    held.equals(&world.store("snapshot"));
}

/// What orders come to.
pub const TABLES: [&str; 3] = ["orders", "order_lines", "refunds"];

/// The live rows of [`TABLES`] by id, exact numbers as text.
pub struct Held {
    pub orders: BTreeMap<String, Value>,
    pub lines: BTreeMap<String, Value>,
    pub refunds: BTreeMap<String, Value>,
}

impl Held {
    /// It is what this shop says of itself, and nothing besides.
    #[track_caller]
    pub fn equals(mut self, shop: &Value) {
        let all = shop["orders"].as_array().expect("orders").iter();
        for order in all.filter(|order| order["status"] != "trash") {
            let id = text(&order["id"]);
            let row = self.orders.remove(&id).expect("a row for the order");
            let given_back = &shop["refunds"][&id];
            order_is(&row, order, given_back);
            for (list, kind) in [
                ("line_items", "item"),
                ("shipping_lines", "shipping"),
                ("fee_lines", "fee"),
            ] {
                for line in order[list].as_array().into_iter().flatten() {
                    let row = self.lines.remove(&text(&line["id"]));
                    line_is(&row.expect("a row for the line"), line, kind, order);
                }
            }
            for refund in given_back.as_array().into_iter().flatten() {
                let row = self.refunds.remove(&text(&refund["id"]));
                let row = row.expect("a row for the refund");
                let what = format!("refund of order {id}");
                assert_eq!(text(&row["order_id"]), id, "{what}");
                same(&row, refund, &["amount", "reason"], &what);
                assert_eq!(
                    utc(&row["created_at"]),
                    utc(&refund["date_created_gmt"]),
                    "{what}"
                );
            }
        }
        let left = (self.orders.len(), self.lines.len(), self.refunds.len());
        assert_eq!(left, (0, 0, 0), "rows of nobody");
    }
}

fn order_is(row: &Value, order: &Value, refunds: &Value) {
    let what = format!("order {}", order["id"]);
    let words = [
        "number",
        "status",
        "currency",
        "payment_method",
        "payment_method_title",
        "transaction_id",
        "created_via",
        "customer_note",
    ];
    same(row, order, &words, &what);
    same(row, order, &ORDER_FIGURES, &what);
    for (whose, names) in [
        ("billing", &["email", "phone"] as &[&str]),
        ("shipping", &[]),
    ] {
        let more = [
            "first_name",
            "last_name",
            "company",
            "address_1",
            "address_2",
            "city",
            "state",
            "postcode",
            "country",
        ];
        for name in names.iter().chain(&more) {
            let column = format!("{whose}_{name}");
            assert_eq!(
                text(&row[&column]),
                text(&order[whose][name]),
                "{column} of {what}"
            );
        }
    }
    for (column, field) in [
        ("created_at", "date_created_gmt"),
        ("modified_at", "date_modified_gmt"),
        ("paid_at", "date_paid_gmt"),
        ("completed_at", "date_completed_gmt"),
    ] {
        assert_eq!(utc(&row[column]), utc(&order[field]), "{column} of {what}");
    }
    // The shop says the day in its own time.
    let day = order["date_created"].as_str().expect("a day");
    assert_eq!(row["local_date"], json!(&day[..10]), "day of {what}");
    let account = order["customer_id"].as_u64().filter(|id| *id != 0);
    assert_eq!(row["customer_id"].as_u64(), account, "account of {what}");
    assert_eq!(row["guest"], json!(account.is_none()), "guest of {what}");
    let given_back = refunds.as_array().into_iter().flatten();
    let given_back: i64 = given_back.map(|refund| cents(&refund["amount"])).sum();
    assert_eq!(
        cents(&row["refunded_total"]),
        given_back,
        "given back of {what}"
    );
    alike(&row["meta"], &order["meta_data"], &what);
    alike(&row["tax_lines"], &order["tax_lines"], &what);
    for (name, said) in order.as_object().expect("an order") {
        alike(&row["raw"][name], said, &what);
    }
}

fn line_is(row: &Value, line: &Value, kind: &str, order: &Value) {
    let what = format!("line {} of order {}", line["id"], order["id"]);
    assert_eq!(text(&row["order_id"]), text(&order["id"]), "{what}");
    assert_eq!(row["kind"], kind, "{what}");
    same(row, line, &["total", "total_tax"], &what);
    if kind == "item" {
        let more = [
            "name",
            "sku",
            "quantity",
            "subtotal",
            "subtotal_tax",
            "product_id",
        ];
        same(row, line, &more, &what);
    }
    assert_eq!(
        utc(&row["order_modified_at"]),
        utc(&order["date_modified_gmt"]),
        "{what}"
    );
    alike(&row["raw"], line, &what);
}

/// Figures of an order that are called the same in both.
pub const ORDER_FIGURES: [&str; 7] = [
    "total",
    "total_tax",
    "cart_tax",
    "shipping_total",
    "shipping_tax",
    "discount_total",
    "discount_tax",
];

/// These fields say the same, to the last digit.
fn same(row: &Value, said: &Value, names: &[&str], what: &str) {
    for name in names {
        assert_eq!(text(&row[name]), text(&said[name]), "{name} of {what}");
    }
}

/// The same JSON. A shop writes `5` where it holds `5.0`.
fn alike(one: &Value, other: &Value, what: &str) {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other);
            pairs.for_each(|(one, other)| alike(one, other, what));
        }
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            for (name, value) in one {
                alike(value, other.get(name).unwrap_or(&Value::Null), what);
            }
        }
        (Value::Number(one), Value::Number(other)) => {
            assert_eq!(one.as_f64(), other.as_f64(), "{what}");
        }
        _ => assert_eq!(one, other, "{what}"),
    }
}

/// The shop's times lack the zone, and the database's have one.
fn utc(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    let zoned = text.parse();
    let moment = zoned.or_else(|_| format!("{text}Z").parse());
    Some(moment.expect("a moment"))
}

fn cents(value: &Value) -> i64 {
    amount(value).replace('.', "").parse().expect("an amount")
}

/// Created, updated, deleted and unchanged.
pub fn figures(ran: &crate::world::Ran) -> [u64; 4] {
    let tally = &ran.json()["targets"]["supabase"];
    ["created", "updated", "deleted", "unchanged"]
        .map(|name| tally[name].as_u64().expect("a figure"))
}

#[test]
fn the_database_holds_what_the_shop_has_and_a_second_run_sends_nothing() {
    let mut setup = crate::world::shop(orders(1..=30));
    setup["refunds"] = json!({ "3": [refund(900, 3)] });
    let world = World::new(setup, crate::world::company(), crate::world::BOOKS).with_database();
    let foreseen = world
        .run("dry-run orders --to supabase --json")
        .ends_with(0);
    assert_eq!(figures(&foreseen), [61, 0, 0, 0]);
    assert_eq!(live(&world, "orders").len(), 0);

    let first = world.run("sync orders --to supabase --json").ends_with(0);
    assert_eq!(figures(&first), [61, 0, 0, 0]);
    check(&world);
    assert_eq!(world.postings(), [""; 0], "the books were not meant");

    for line in [
        "sync orders --to supabase --json",
        "sync orders --to supabase --full --json",
    ] {
        let again = world.run(line).ends_with(0);
        assert_eq!(figures(&again)[..3], [0, 0, 0], "{line}");
    }
    let again = world
        .run("dry-run orders --to supabase --full --verify --json")
        .ends_with(0);
    assert_eq!(figures(&again), [0, 0, 0, 61]);
}

#[test]
fn what_changes_is_sent_and_what_goes_is_marked() {
    let world = World::of_orders(orders(1..=20)).with_database();
    world.run("sync orders --to supabase --json").ends_with(0);
    world.tell_store("orders/4/set", json!({ "status": "completed" }));
    world.tell_store("orders/5/trash", json!({}));
    let second = world.run("sync orders --to supabase --json").ends_with(0);
    // The orders and their lines, which say when their order changed.
    assert_eq!(figures(&second)[..3], [0, 4, 0]);
    check(&world);
    world.tell_store("orders/6/delete", json!({}));
    let third = world
        .run("sync orders --to supabase --full --json")
        .ends_with(0);
    assert_eq!(figures(&third)[..3], [0, 0, 2]);
    check(&world);
    assert_eq!(world.rows("orders").len(), 20, "nothing is ever removed");
}

#[test]
fn a_lost_state_file_sends_nothing_again() {
    let world = World::of_orders(orders(1..=25)).with_database();
    world.run("sync orders --to supabase --json").ends_with(0);
    std::fs::remove_file(world.state()).expect("lost");
    let again = world.run("sync orders --to supabase --json").ends_with(0);
    assert_eq!(figures(&again), [0, 0, 0, 50]);
    check(&world);
}

#[test]
fn both_targets_from_one_reading_and_the_books_are_in_the_database_too() {
    let world = World::of_orders(orders(1..=6)).with_database();
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.json()["targets"]["quickbooks"]["created"], json!(6));
    check(&world);
    let invoices = live(&world, "invoices");
    assert_eq!(invoices.len(), 6);
    assert_eq!(invoices["1/sale"]["doc_number"], json!("WC-1"));
    assert_eq!(amount(&invoices["1/sale"]["total"]), "21.00");
    let mappings = live(&world, "id_mappings");
    assert_eq!(text(&mappings["document:1/sale"]["source_id"]), "1");
    let log = live(&world, "sync_logs");
    let kinds = |kind: &str, target: &str| {
        let rows = log
            .values()
            .filter(|row| row["kind"] == kind && row["target"] == target);
        rows.count()
    };
    assert_eq!(
        (kinds("run", "quickbooks"), kinds("run", "supabase")),
        (1, 1)
    );
    assert!(kinds("change", "quickbooks") >= 6);
    assert_eq!(kinds("change", "supabase"), 6);
    let whole = format!("{log:?}");
    assert!(
        !whole.contains("Lee") && !whole.contains("example.com"),
        "{whole}"
    );
}

#[test]
fn a_database_that_is_down_keeps_nothing_from_the_books() {
    let mut world = World::of_orders(orders(1..=4)).with_database();
    world.close_database();
    let ran = world.run("sync orders --yes --json");
    assert_ne!(ran.code, 0);
    assert_eq!(world.postings().len(), 4, "{}", ran.err);
}

#[test]
fn a_change_in_a_line_and_a_refund_reach_their_rows() {
    let world = World::of_orders(orders(1..=3)).with_database();
    world.run("sync orders --to supabase --json").ends_with(0);
    let order = with(
        crate::order::order(2),
        json!({ "customer_note": "By the side door" }),
    );
    world.put_order(&order, &json!([refund(700, 2)]), false);
    world.run("sync orders --to supabase --json").ends_with(0);
    check(&world);
    assert_eq!(live(&world, "refunds").len(), 1);
}

#[test]
fn a_refused_row_of_the_books_is_told_and_sent_again() {
    let world = World::of_orders(orders(1..=2)).with_database();
    world.tell_database(
        "mishaps",
        json!([{ "what": "poison", "table": "invoices", "ids": ["2/sale"], "times": null }]),
    );
    let ran = world.run("sync orders --yes").ends_with(3);
    assert!(ran.err.contains("every run sends it again"), "{}", ran.err);
    assert_eq!(world.postings().len(), 2, "the books have theirs");
    assert_eq!(live(&world, "invoices").len(), 1);
    world.run("sync orders --yes").ends_with(3);
    world.clear_mishaps();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(live(&world, "invoices").len(), 2);
}
