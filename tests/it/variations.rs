//! Variations both ways: what is changed of one in the books is planned, carried out, told in the history, explained and taken back as
//! that of any product is, and its product and its siblings stay as they are.

use serde_json::{Value, json};

use crate::both_ways::{
    changes, edit, in_shop, item, nothing_more, price_in_shop, product, sync, world, writes_to_shop,
};
use crate::world::World;

fn of(parent: u64, mut record: Value, size: &str) -> Value {
    record["type"] = json!("variation");
    record["parent_id"] = json!(parent);
    record["attributes"] = json!([{ "id": 0, "name": "Size", "option": size }]);
    record
}

/// A shirt in two sizes, each with an item of its own, and a mug.
fn shirts(settings: &str) -> World {
    let mut shirt = product(20, "Shirt", "SHIRT", "30.00");
    shirt["type"] = json!("variable");
    shirt["variations"] = json!([21, 22]);
    shirt["attributes"] =
        json!([{ "id": 0, "name": "Size", "variation": true, "options": ["S", "M"] }]);
    let products = [
        shirt,
        of(20, product(21, "Shirt - S", "SHIRT-S", "30.00"), "S"),
        of(20, product(22, "Shirt - M", "SHIRT-M", "32.00"), "M"),
        product(10, "Mug", "MUG", "12.50"),
    ];
    world(&[], &products, settings)
}

fn price_in_books(world: &World, sku: &str, price: f64) {
    let id = item(world, sku)["Id"].clone();
    edit(world, "Item", &id, json!({ "UnitPrice": price }));
}

fn price(world: &World, id: u64) -> Value {
    in_shop(world, &format!("products/{id}"))["regular_price"].clone()
}

/// What a price is in the shop, of the product and of what is below it.
fn prices(world: &World) -> Value {
    json!([
        price(world, 20),
        price(world, 21),
        price(world, 22),
        price(world, 10)
    ])
}

#[test]
fn a_variation_is_planned_changed_told_and_explained_as_a_product_is() {
    let world = shirts("");
    price_in_books(&world, "SHIRT-S", 31.25);
    world.forget_requests();
    let dry = world.run("dry-run products --json").ends_with(0);
    let planned = changes(&dry);
    assert_eq!(planned.len(), 1, "{}", dry.out);
    let change = &planned[0];
    assert_eq!(
        (
            &change["target"],
            &change["action"],
            &change["source"]["id"]
        ),
        (&json!("woocommerce"), &json!("update"), &json!("21")),
        "{change}"
    );
    let shown = world.run("dry-run products --out plan.json").ends_with(0);
    assert!(shown.out.contains("SHIRT-S"), "{}", shown.out);
    assert_eq!(
        writes_to_shop(&world),
        json!([]),
        "a dry run writes nothing"
    );
    assert_eq!(prices(&world), json!(["30.00", "30.00", "32.00", "12.50"]));

    let ran = world
        .run("apply plan.json --yes --json")
        .ends_with(0)
        .json();
    assert_eq!(prices(&world), json!(["30.00", "31.25", "32.00", "12.50"]));
    let sent = world.store("writes");
    assert_eq!(sent.as_array().map(Vec::len), Some(1), "{sent}");
    let path = sent[0]["path"].as_str().expect("a path");
    assert!(path.contains("products/20/variations/21"), "{path}");
    assert_eq!(sent[0]["body"], json!({ "regular_price": "31.25" }));
    nothing_more(&world);

    let run = ran["run_id"].as_str().expect("an id");
    let told = world.run(&format!("history {run}")).ends_with(0);
    assert!(told.out.contains("SHIRT-S"), "{}", told.out);
    let told = world.run(&format!("history {run} --json")).ends_with(0);
    let kept = changes(&told);
    assert!(
        kept.iter().any(|one| one["source"]["id"] == "21"),
        "{kept:?}"
    );

    // By its id, by its SKU, and below the product that it belongs to.
    for what in ["product/21", "product/SHIRT-S", "product/20"] {
        let told = world.run(&format!("explain {what}")).ends_with(0);
        for said in ["SHIRT-S (id 21), in the shop: was changed", "`price`", run] {
            let out = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(out.contains(said), "{what}: {}", told.out);
        }
        let told = world.run(&format!("explain {what} --json")).ends_with(0);
        assert_eq!(told.json()["answers"][0]["state"], json!("written"));
    }
    world.run("explain product/22").ends_with(1);
    world.run("explain product/SHIRT-M").ends_with(1);
}

#[test]
fn a_change_of_a_variation_is_taken_back_and_its_siblings_stay() {
    let world = shirts("");
    price_in_books(&world, "SHIRT-S", 31.25);
    let ran = sync(&world).ends_with(0).json();
    let run = ran["run_id"].as_str().expect("an id");
    world.run(&format!("undo {run} --dry-run")).ends_with(0);
    assert_eq!(price(&world, 21), json!("31.25"));
    world.run(&format!("undo {run} --yes")).ends_with(0);
    assert_eq!(prices(&world), json!(["30.00", "30.00", "32.00", "12.50"]));
    let told = world.run("explain product/21").ends_with(0);
    assert!(told.out.contains("undo"), "{}", told.out);
}

#[test]
fn a_plan_of_a_variation_lapses_when_somebody_changes_it_and_a_change_on_both_sides_waits() {
    let world = shirts("");
    price_in_books(&world, "SHIRT-S", 31.25);
    world.run("dry-run products --out plan.json").ends_with(0);
    price_in_shop(&world, 21, "29.00");
    world.run("apply plan.json --yes").ends_with(6);
    assert_eq!(price(&world, 21), json!("29.00"));
    assert_eq!(sync(&world).ends_with(3).codes(), ["conflict_open"]);
    let open = world.run("conflicts --json").ends_with(0).json();
    let conflict = &open["items"][0];
    assert_eq!(
        (
            &conflict["field"],
            &conflict["shop"]["value"],
            &conflict["books"]["value"]
        ),
        (&json!("price"), &json!("29"), &json!("31.25")),
        "{conflict}"
    );
    let told = world.run("explain product/SHIRT-S").ends_with(0);
    assert!(told.out.contains("31.25"), "{}", told.out);
    let id = conflict["id"].as_str().expect("an id");
    world
        .run(&format!("conflicts resolve {id} --take books"))
        .ends_with(0);
    sync(&world).ends_with(0);
    assert_eq!(prices(&world), json!(["30.00", "31.25", "32.00", "12.50"]));
    nothing_more(&world);
}

/// WooCommerce makes the name of a variation of its product and its choices: a new name of the item has no place there.
#[test]
fn the_name_of_a_variation_is_never_written_and_its_sku_is() {
    let world = shirts("");
    let id = item(&world, "SHIRT-S")["Id"].clone();
    edit(
        &world,
        "Item",
        &id,
        json!({ "Name": "Small shirt", "Sku": "SHIRT-SMALL" }),
    );
    let ran = world.run("sync products --yes --json -v").ends_with(0);
    assert!(ran.out.contains("drift"), "{}", ran.out);
    let variation = in_shop(&world, "products/21");
    assert_eq!(
        (&variation["name"], &variation["sku"]),
        (&json!("Shirt - S"), &json!("SHIRT-SMALL"))
    );
    let sent = world.store("writes");
    assert_eq!(sent[0]["body"], json!({ "sku": "SHIRT-SMALL" }), "{sent}");
    assert_eq!(sent.as_array().map(Vec::len), Some(1), "{sent}");
}

/// Whatever becomes of the answer, the variation is written once.
#[test]
fn an_answer_about_a_variation_that_is_lost_is_asked_for() {
    for what in [
        "lose_answer",
        "reset",
        "truncated",
        "server_error",
        "bad_gateway",
    ] {
        let world = shirts("");
        price_in_books(&world, "SHIRT-S", 31.25);
        price_in_books(&world, "MUG", 13.0);
        world.tell_store(
            "mishaps",
            json!({ "what": what, "method": "PUT", "path": "variations/21", "times": 1 }),
        );
        sync(&world);
        world.clear_mishaps();
        sync(&world).ends_with(0);
        assert_eq!(
            prices(&world),
            json!(["30.00", "31.25", "32.00", "13.00"]),
            "{what}"
        );
        let sent = world.store("writes");
        assert_eq!(sent.as_array().map(Vec::len), Some(2), "{what}: {sent}");
        nothing_more(&world);
    }
}
