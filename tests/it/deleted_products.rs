//! Products deleted in the shop for good: old orders lose the product, and the books do not.

use serde_json::{Value, json};

use crate::decimals::body;
use crate::order::{order, orders, refund, with};
use crate::tales::Books;
use crate::world::{BOOKS, KEY, SECRET, World, company, shop};

fn close_books(world: &World, through: &str) {
    world.tell_books("company", json!({ "books_closed_through": through }));
}

#[test]
fn a_deleted_product_moves_no_old_sale_to_another_item() {
    let mut sold = orders(1..=3);
    sold[1]["refunds"] = json!([{ "id": 70, "reason": "", "total": "-21.00" }]);
    let mut setup = shop(sold);
    setup["refunds"] = json!({ "2": [refund(70, 2)] });
    let world = World::new(setup, company(), BOOKS);
    world.run("sync orders").ends_with(0);
    let before = Books::read(&world);
    assert!(before.0[0].lines[0].contains("Mug"), "{before:?}");
    world.delete_store("products/500");

    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("held")), (0, 0));
    assert_eq!(Books::read(&world), before);
    // Something else happens to one of them: what was sold stays what was sold.
    let mut edited = world.store("orders/1")["order"].clone();
    edited["fee_lines"] = json!([{ "id": 19, "name": "Late fee", "total": "4.00", "total_tax": "0.00", "taxes": [] }]);
    edited["total"] = json!("25.00");
    world.put_order(&edited, &json!([]), false);
    let ran = world.run("sync orders --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 1);
    let sale = Books::read(&world).0.remove(0);
    assert_eq!(sale.lines[0], before.0[0].lines[0]);
    assert_eq!(sale.total, "25.00");

    // One that was never posted has nothing to keep.
    let mut late = with(order(9), json!({}));
    for (name, value) in [("product_id", json!(0)), ("sku", Value::Null)] {
        late["line_items"][0][name] = value;
    }
    world.put_order(&late, &json!([]), false);
    world.run("sync orders").ends_with(0);
    let sale = Books::read(&world)
        .0
        .into_iter()
        .find(|one| one.order == 9)
        .expect("posted");
    assert!(sale.lines[0].contains("Deleted product"), "{sale:?}");
}

#[test]
fn a_deleted_product_leaves_no_hold_in_a_closed_period() {
    let world = World::of_orders(orders(1..=2));
    world.run("sync orders").ends_with(0);
    close_books(&world, "2026-11-30");
    world.delete_store("products/500");
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!(ran.json()["problems"], json!([]));
}

#[test]
fn a_refund_made_after_its_product_was_deleted_is_of_what_was_sold() {
    let world = World::of_orders(orders(1..=1));
    world.run("sync orders").ends_with(0);
    world.delete_store("products/500");
    let mut late = refund(70, 1);
    late["line_items"][0]["product_id"] = json!(0);
    late["line_items"][0]["sku"] = Value::Null;
    world.tell_store("orders/1/refunds", late);
    world.run("sync orders").ends_with(0);
    let books = Books::read(&world);
    let (gone, sold) = (&books.0[0].lines[0], &books.0[1].lines[0]);
    assert_eq!(gone, sold);
    assert!(sold.contains("Mug"), "{sold}");
}

#[test]
fn the_stand_in_forgets_a_deleted_product_as_the_real_shop_did() {
    let before = [
        body("deleted/product-order-before.json"),
        body("deleted/variation-order-before.json"),
    ];
    let parent = json!({ "id": 928, "name": "Write Shelf", "type": "variable", "sku": "REC-VAR", "parent_id": 0 });
    let ids: Vec<u64> = before
        .iter()
        .map(|order| order["id"].as_u64().expect("an id"))
        .collect();
    let mut setup = shop(before.to_vec());
    setup["https"] = json!(true);
    setup["products"] = json!([parent]);
    let world = World::new(setup, company(), BOOKS);
    let line = |id: u64| {
        let order = world.read_shop(&format!(
            "orders/{id}?consumer_key={KEY}&consumer_secret={SECRET}"
        ));
        without_picture(&order["line_items"])
    };
    let theirs = |file: &str| without_picture(&body(file)["line_items"]);
    world.delete_store("products/1049");
    assert_eq!(line(ids[0]), theirs("deleted/product-order-after.json"));
    world.delete_store("products/931");
    assert_eq!(line(ids[1]), theirs("deleted/variation-order-after.json"));
    world.delete_store("products/928");
    let line = line(ids[1]);
    let shelf = body("deleted/variable-parent-order-after.json")["line_items"][0].clone();
    for field in [
        "product_id",
        "variation_id",
        "sku",
        "global_unique_id",
        "parent_name",
    ] {
        assert_eq!(line[0][field], shelf[field], "{field}");
    }
    assert_eq!(
        line[0]["meta_data"][0]["display_key"],
        shelf["meta_data"][0]["display_key"]
    );
}

/// A picture is looked up too, and nobody here looks at it.
fn without_picture(lines: &Value) -> Value {
    let mut lines = lines.clone();
    for line in lines.as_array_mut().expect("lines") {
        line.as_object_mut().expect("a line").remove("image");
    }
    lines
}
