//! Products: each thing that is sold becomes one item of the books, once, and stays it; prices only where told.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::names::order;
use crate::world::{BOOKS, World, company, shop};

const SHIPPED: &str = include_str!("../../mappings/woocommerce-quickbooks/products.toml");

/// A product as small as the shop would print it.
fn product(id: u64, name: &str, sku: &str, fields: Value) -> Value {
    let mut product = json!({
        "id": id, "name": name, "sku": sku, "type": "simple", "status": "publish", "parent_id": 0,
        "price": "12.50", "regular_price": "12.50", "virtual": false, "downloadable": false, "purchasable": true,
        "description": "", "short_description": "", "manage_stock": false, "stock_quantity": null,
        "tax_status": "taxable", "categories": [], "attributes": [], "variations": [], "meta_data": [],
        "date_created_gmt": "2026-11-01T10:00:00", "date_modified_gmt": "2026-11-01T10:00:00"
    });
    for (field, value) in fields.as_object().expect("fields by name") {
        product[field] = value.clone();
    }
    product
}

fn world(products: Vec<Value>, more: &str) -> World {
    world_of(products, Vec::new(), company(), more)
}

fn world_of(products: Vec<Value>, orders: Vec<Value>, company: Value, more: &str) -> World {
    let mut shop = shop(orders);
    shop["products"] = Value::Array(products);
    World::new(shop, company, &format!("{BOOKS}{more}"))
}

/// A company with these items besides.
fn company_with(items: Value) -> Value {
    let mut company = company();
    company["items"] = items;
    company
}

fn put(world: &World, product: &Value) {
    world.put_store(&format!("products/{}", product["id"]), product);
}

/// `Mug|MUG|NonInventory|Sales of Product Income|12.5`, of everything that we made or that was there.
fn items(world: &World) -> Vec<String> {
    let list = world.books("objects/Item");
    let list = list.as_array().expect("a list");
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    list.iter()
        .map(|row| &row["object"])
        .map(|item| {
            [
                &item["Name"],
                &item["Sku"],
                &item["Type"],
                &item["IncomeAccountRef"]["name"],
                &item["UnitPrice"],
            ]
            .map(text)
            .join("|")
        })
        .collect()
}

/// The figures that are not nothing: `3 created, 1 held`.
fn figures(ran: &crate::world::Ran) -> String {
    let figures = ran.json()["targets"]["quickbooks"].clone();
    let kinds = [
        "created",
        "updated",
        "unchanged",
        "skipped",
        "held",
        "failed",
        "conflicts",
    ];
    kinds
        .iter()
        .filter_map(|kind| Some((figures[kind].as_u64().filter(|count| *count > 0)?, kind)))
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[track_caller]
fn sync(world: &World, code: i32) -> String {
    figures(&world.run("sync products --json").ends_with(code))
}

/// Nothing is written, and nothing is read but what changed among the names.
#[track_caller]
fn nothing_to_do(world: &World, said: &str) {
    world.forget_requests();
    let ran = world.run("sync products --json").ends_with(0);
    assert_eq!(figures(&ran), said);
    let counts = world.books("counts");
    assert_eq!(counts["writes"], json!(0));
    assert!(counts["metered_reads"].as_u64() <= Some(1), "{counts}");
}

fn problems(world: &World) -> Vec<String> {
    let list = world.run("retry --list --json").json()["problems"].clone();
    let list = list.as_array().expect("a list").clone();
    list.iter()
        .map(|problem| {
            format!(
                "{} {} {}",
                problem["source"]["entity"].as_str().unwrap_or("?"),
                problem["source"]["number"].as_str().unwrap_or("?"),
                problem["code"].as_str().unwrap_or("?")
            )
        })
        .collect()
}

fn catalogue() -> Vec<Value> {
    let choice = |size: &str| json!([{ "id": 0, "name": "Size", "option": size }]);
    let of_shirt = |id: u64, sku: &str, size: &str| {
        product(
            id,
            size,
            sku,
            json!({ "type": "variation", "parent_id": 20, "attributes": choice(size) }),
        )
    };
    vec![
        product(10, "Mug", "MUG", json!({})),
        product(
            11,
            "E-book: winter",
            "",
            json!({ "virtual": true, "price": "" }),
        ),
        product(
            20,
            "Shirt",
            "SHIRT",
            json!({ "type": "variable", "variations": [21, 22, 23],
                "attributes": [{ "id": 0, "name": "Size", "variation": true, "options": ["S", "M", "L"] }] }),
        ),
        of_shirt(21, "SHIRT-S", "S"),
        of_shirt(22, "SHIRT", "M"),
        of_shirt(23, "SHIRT", "L"),
        product(
            30,
            "Winter set",
            "SET",
            json!({ "type": "grouped", "purchasable": false }),
        ),
        product(
            31,
            "Canoe",
            "CANOE",
            json!({ "type": "external", "purchasable": false }),
        ),
        product(32, "Not yet", "NEW", json!({ "status": "draft" })),
        product(33, "No more", "OLD", json!({ "status": "trash" })),
    ]
}

#[test]
fn each_thing_that_is_sold_becomes_one_item() {
    let world = world(catalogue(), "");
    // The two variations without a SKU of their own are one item, and the second of them has nothing left to do.
    assert_eq!(sync(&world, 0), "4 created, 1 unchanged, 4 skipped");
    assert_eq!(
        items(&world),
        [
            "Mug|MUG|NonInventory|Sales of Product Income|12.5",
            "E-book winter|-|Service|Sales of Product Income|0",
            "Shirt - S|SHIRT-S|NonInventory|Sales of Product Income|12.5",
            "Shirt|SHIRT|NonInventory|Sales of Product Income|12.5",
        ]
    );
    nothing_to_do(&world, "5 unchanged, 4 skipped");
    nothing_to_do(&world, "5 unchanged, 4 skipped");
    // An order of each finds the items that are there.
    let sold = |id, sku: &str, product, variation, name: &str| {
        let mut order = order(
            id,
            0,
            &format!("a{id}@example.com"),
            &format!("A{id}"),
            sku,
            product,
        );
        order["line_items"][0]["name"] = json!(name);
        order["line_items"][0]["variation_id"] = json!(variation);
        order
    };
    for order in [
        sold(101, "MUG", 10, 0, "Mug"),
        sold(102, "", 11, 0, "E-book: winter"),
        sold(103, "SHIRT-S", 20, 21, "Shirt - S"),
        sold(104, "SHIRT", 20, 23, "Shirt - L"),
    ] {
        world.put_order(&order, &json!([]), true);
    }
    world.run("sync orders --json").ends_with(0);
    assert_eq!(world.documents().len(), 4);
    assert_eq!(items(&world).len(), 4);
}

#[test]
fn what_orders_made_is_found_by_the_products_and_what_both_need_is_made_once() {
    let orders = vec![
        order(11, 0, "a@example.com", "Ann", "MUG", 10),
        order(12, 0, "b@example.com", "Bea", "", 11),
    ];
    let products = vec![
        product(10, "Thing MUG", "MUG", json!({})),
        product(11, "Thing ", "", json!({})),
        product(12, "Rope", "ROPE", json!({})),
    ];
    let first = world_of(products.clone(), orders.clone(), company(), "");
    first.run("sync orders").ends_with(0);
    assert_eq!(items(&first).len(), 2);
    assert_eq!(sync(&first, 0), "1 created, 2 unchanged");
    assert_eq!(items(&first).len(), 3);
    nothing_to_do(&first, "3 unchanged");

    let both = world_of(products, orders, company(), "");
    both.run("sync products orders").ends_with(0);
    assert_eq!(items(&both).len(), 3);
    assert_eq!(both.documents().len(), 2);
    both.forget_requests();
    both.run("sync products orders").ends_with(0);
    assert_eq!(both.books("counts")["writes"], json!(0));
}

#[test]
fn an_item_is_found_by_the_shops_own_list_then_by_sku_then_by_name() {
    let company = company_with(json!([
        { "name": "Our mug", "type": "NonInventory" },
        { "name": "By SKU", "sku": "ROPE", "type": "NonInventory" },
        { "name": "lamp", "type": "NonInventory" },
        { "name": "Twin 1", "sku": "TWIN" },
        { "name": "Twin 2", "sku": "TWIN" },
        { "name": "Resting", "sku": "REST", "active": false }
    ]));
    let products = vec![
        product(10, "Mug", "ROPE", json!({})),
        product(11, "Rope", "ROPE", json!({})),
        product(12, "Lamp", "L-1", json!({})),
        product(13, "Twin", "TWIN", json!({})),
        product(14, "Rest", "REST", json!({})),
        product(15, "Lost", "LOST", json!({})),
    ];
    let world = world_of(
        products,
        vec![order(101, 0, "a@example.com", "Ann", "ROPE", 10)],
        company,
        "[books.products.items]\n10 = \"Our mug\"\n15 = \"Nobody knows\"\n",
    );
    assert_eq!(sync(&world, 3), "3 unchanged, 3 held");
    assert_eq!(items(&world).len(), 6);
    assert_eq!(
        problems(&world),
        [
            "product TWIN sku_ambiguous",
            "product REST item_inactive",
            "product LOST item_unknown"
        ]
    );
    let told = world.run("retry --list").out;
    assert!(told.contains("make it active"), "{told}");
    // The order that sells it has the item of the list too.
    world.run("sync orders").ends_with(0);
    let line =
        world.documents()[0]["object"]["Line"][0]["SalesItemLineDetail"]["ItemRef"]["name"].clone();
    assert_eq!(line, json!("Our mug"));
    // Each is over once somebody has mended it.
    let item = |name: &str| {
        let all = world.books("objects/Item");
        let all = all.as_array().expect("a list").clone();
        let found = all
            .into_iter()
            .find(|row| row["object"]["Name"] == json!(name));
        found.expect("an item")["id"].clone()
    };
    for (name, fields) in [
        ("Twin 2", json!({ "Sku": "OTHER" })),
        ("Resting", json!({ "Active": true })),
    ] {
        world.tell_books(
            "edit",
            json!({ "entity": "Item", "id": item(name), "set": fields }),
        );
    }
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    std::fs::write(&world.config, text.replace("Nobody knows", "By SKU")).expect("written again");
    assert_eq!(sync(&world, 0), "6 unchanged");
    assert_eq!(problems(&world), [] as [&str; 0]);
}

#[test]
fn categories_say_where_sales_are_booked_whoever_makes_the_item() {
    let mut company = company();
    let accounts = company["accounts"].as_array_mut().expect("a list");
    accounts.push(json!({ "name": "Services", "type": "Income" }));
    accounts.push(json!({ "name": "Books", "type": "Income" }));
    let of = |categories: &[(&str, &str)]| {
        let rows = categories
            .iter()
            .map(|(name, slug)| json!({ "id": 1, "name": name, "slug": slug }));
        json!({ "categories": rows.collect::<Vec<_>>() })
    };
    let products = vec![
        product(
            10,
            "Fitting",
            "FIT",
            of(&[("Other", "other"), ("Work &amp; more", "x")]),
        ),
        product(
            11,
            "Guide",
            "GUIDE",
            of(&[("Paper", "books"), ("Work & more", "x")]),
        ),
        product(12, "Rope", "ROPE", of(&[("Other", "other")])),
        product(13, "Map", "MAP", of(&[("Maps", "maps")])),
        product(
            20,
            "Atlas",
            "",
            json!({ "type": "variable", "variations": [21], "categories": [{ "id": 1, "name": "Paper", "slug": "books" }],
                "attributes": [{ "name": "Size", "variation": true, "options": ["S"] }] }),
        ),
        product(
            21,
            "S",
            "ATLAS-S",
            json!({ "type": "variation", "parent_id": 20, "attributes": [{ "name": "Size", "option": "S" }] }),
        ),
    ];
    let more = "[books.products.categories]\nbooks = \"Books\"\n\"Work & More\" = \"Services\"\nmaps = \"Mapps\"\n";
    let expected = [
        "Fitting|FIT|NonInventory|Services|12.5",
        "Guide|GUIDE|NonInventory|Books|12.5",
        "Rope|ROPE|NonInventory|Sales of Product Income|12.5",
        "Atlas - S|ATLAS-S|NonInventory|Books|12.5",
    ];
    let first = world_of(products.clone(), Vec::new(), company.clone(), more);
    assert_eq!(sync(&first, 3), "4 created, 1 skipped, 1 held");
    assert_eq!(items(&first), expected);
    assert_eq!(problems(&first), ["product MAP account_missing"]);

    let sold = |id, name: &str, sku, product, variation| {
        let mut order = order(
            id,
            0,
            &format!("a{id}@example.com"),
            &format!("A{id}"),
            sku,
            product,
        );
        order["line_items"][0]["name"] = json!(name);
        order["line_items"][0]["variation_id"] = json!(variation);
        order
    };
    let orders = vec![
        sold(101, "Fitting", "FIT", 10, 0),
        sold(102, "Guide", "GUIDE", 11, 0),
        sold(103, "Rope", "ROPE", 12, 0),
        sold(104, "Atlas - S", "ATLAS-S", 20, 21),
    ];
    let along = world_of(products, orders, company, more);
    along.run("sync orders").ends_with(0);
    assert_eq!(items(&along), expected);
}

#[test]
fn a_new_price_is_written_only_where_told_and_only_when_the_shop_has_it() {
    let mug = |price: &str| {
        product(
            10,
            "Mug",
            "MUG",
            json!({ "price": price, "regular_price": price }),
        )
    };
    let price = |world: &World| {
        items(world)[0]
            .rsplit('|')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let quiet = world(vec![mug("12.50")], "");
    assert_eq!(sync(&quiet, 0), "1 created");
    put(&quiet, &mug("13"));
    nothing_to_do(&quiet, "1 unchanged");
    assert_eq!(price(&quiet), "12.5");

    let told = world(
        vec![mug("12.50")],
        "[books.products]\nupdate_price = true\n",
    );
    assert_eq!(sync(&told, 0), "1 created");
    nothing_to_do(&told, "1 unchanged");
    put(&told, &mug("0.0375"));
    let plan = told.run("dry-run products --json").ends_with(0).json();
    assert_eq!(plan["changes"][0]["action"], json!("update"));
    assert_eq!(sync(&told, 0), "1 updated");
    assert_eq!(price(&told), "0.0375");
    nothing_to_do(&told, "1 unchanged");
    // What a bookkeeper has put there stays until the shop has another price.
    let id = told.books("objects/Item")[0]["id"].clone();
    told.tell_books(
        "edit",
        json!({ "entity": "Item", "id": id, "set": { "UnitPrice": 20, "Description": "by hand" } }),
    );
    nothing_to_do(&told, "1 unchanged");
    put(&told, &mug("14.00"));
    assert_eq!(sync(&told, 0), "1 updated");
    assert_eq!(price(&told), "14");
    assert_eq!(
        told.books("objects/Item")[0]["object"]["Description"],
        json!("by hand")
    );
    // A name is never taken away from whoever gave it.
    put(
        &told,
        &product(10, "Cup", "MUG", json!({ "price": "14.00" })),
    );
    nothing_to_do(&told, "1 unchanged");
    assert!(items(&told)[0].starts_with("Mug|"));
}

#[test]
fn an_answer_to_a_new_price_that_is_lost_or_too_late_is_settled() {
    let mug = |price: &str| product(10, "Mug", "MUG", json!({ "price": price }));
    for (what, writes) in [("lose_answer", 1), ("server_error_before", 2), ("stale", 2)] {
        let told = world(
            vec![mug("12.50")],
            "[books.products]\nupdate_price = true\n",
        );
        assert_eq!(sync(&told, 0), "1 created");
        put(&told, &mug("13.25"));
        told.forget_requests();
        told.tell_books(
            "mishaps",
            json!({ "what": what, "operation": "update Item" }),
        );
        let ran = told.run("sync products --json");
        assert!(
            ran.code == 0 || what == "stale",
            "{what}: {} {}",
            ran.out,
            ran.err
        );
        assert!(
            told.books("counts")["name_writes"].as_u64() <= Some(writes),
            "{what}"
        );
        told.clear_mishaps();
        told.run("sync products").ends_with(0);
        assert_eq!(
            items(&told),
            ["Mug|MUG|NonInventory|Sales of Product Income|13.25"],
            "{what}"
        );
        nothing_to_do(&told, "1 unchanged");
    }
}

#[test]
fn items_are_made_once_whatever_happens_to_the_answers() {
    let products: Vec<Value> = (1..=12)
        .map(|n| product(500 + n, &format!("Thing {n}"), &format!("T-{n}"), json!({})))
        .collect();
    for what in [
        "lose_answer",
        "reset",
        "server_error_after",
        "item_error_after",
        "partial_batch",
        "throttle",
    ] {
        let world = world(products.clone(), "");
        world.say_of_quickbooks("batch_size = 5");
        world.tell_books(
            "mishaps",
            json!({ "what": what, "operation": "create Item", "times": 2 }),
        );
        world.run("sync products");
        world.clear_mishaps();
        world.run("sync products").ends_with(0);
        assert_eq!(items(&world).len(), 12, "{what}");
        nothing_to_do(&world, "12 unchanged");
    }
}

#[test]
fn a_run_that_is_killed_while_it_makes_items_is_taken_up() {
    let products: Vec<Value> = (1..=12)
        .map(|n| product(500 + n, &format!("Thing {n}"), &format!("T-{n}"), json!({})))
        .collect();
    let world = world(products, "");
    world.say_of_quickbooks("batch_size = 3");
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 60_000, "operation": "create Item", "skip": 2 }),
    );
    let mut child = world.start("sync products");
    crate::world::until("the third request is under way", || {
        world.books("mishaps")[0]["fired"] == 1
    });
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    world.run("sync products").ends_with(0);
    assert_eq!(items(&world).len(), 12);
    nothing_to_do(&world, "12 unchanged");
}

#[test]
fn an_inventory_item_needs_its_accounts_and_a_shared_item_keeps_its_price() {
    let world = world(vec![product(10, "Mug", "MUG", json!({}))], "");
    own_file(
        &world,
        "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"products\"\n[fields]\nname = \"name\"\nsku = \"sku\"\nkind = { value = \"Inventory\" }\n",
    );
    let ran = world.run("sync products --json").ends_with(3);
    assert_eq!(ran.codes(), ["inventory_unset"]);

    let price = |id, price: &str| product(id, "Mug", "MUG", json!({ "price": price }));
    let shared = self::world(
        vec![price(10, "12.50"), price(11, "12.50")],
        "[books.products]\nupdate_price = true\n",
    );
    shared.run("sync products").ends_with(0);
    put(&shared, &price(11, "14.00"));
    let ran = shared.run("sync products --json").ends_with(0);
    assert_eq!(ran.figure("unchanged"), 2, "{}", ran.out);
    assert!(items(&shared)[0].ends_with("12.5"), "{:?}", items(&shared));
}

#[test]
fn stock_is_counted_only_where_told_and_nothing_is_sold_before_it_is() {
    let more = "[books.products.inventory]\nasset_account = \"Inventory Asset\"\ncogs_account = \"Cost of Goods Sold\"\nstart_date = 2026-11-03\n";
    let products = vec![
        product(
            10,
            "Mug",
            "MUG",
            json!({ "manage_stock": true, "stock_quantity": 7 }),
        ),
        product(11, "Rope", "ROPE", json!({})),
        product(
            12,
            "E-book",
            "BOOK",
            json!({ "manage_stock": true, "stock_quantity": 7, "virtual": true }),
        ),
    ];
    let mut later = order(102, 0, "b@example.com", "Bea", "MUG", 10);
    for field in ["date_paid", "date_paid_gmt"] {
        later[field] = json!("2026-11-04T12:00:00");
    }
    let orders = vec![order(101, 0, "a@example.com", "Ann", "MUG", 10), later];
    let world = world_of(products, orders, company(), more);
    assert_eq!(sync(&world, 0), "3 created");
    let mug = &world.books("objects/Item")[0]["object"];
    assert_eq!(
        [
            &mug["Type"],
            &mug["QtyOnHand"],
            &mug["InvStartDate"],
            &mug["TrackQtyOnHand"]
        ],
        [
            &json!("Inventory"),
            &json!(0),
            &json!("2026-11-03"),
            &json!(true)
        ]
    );
    assert_eq!(mug["AssetAccountRef"]["name"], json!("Inventory Asset"));
    assert_eq!(
        mug["ExpenseAccountRef"]["name"],
        json!("Cost of Goods Sold")
    );
    assert!(items(&world)[1].contains("NonInventory") && items(&world)[2].contains("Service"));
    nothing_to_do(&world, "3 unchanged");
    // The order of the day before is held by us, before QuickBooks has to say no.
    world.forget_requests();
    let ran = world.run("sync orders --json").ends_with(3);
    assert_eq!(figures(&ran), "1 created, 1 held");
    assert_eq!(world.postings(), ["SalesReceipt WC-102 105.00 active"]);
    assert_eq!(problems(&world), ["order 101 inventory_not_started"]);
    let message = ran.json()["problems"][0]["message"].clone();
    assert!(
        message
            .as_str()
            .is_some_and(|message| message.contains("2026-11-03")),
        "{message}"
    );
    let id = world.books("objects/Item")[0]["id"].clone();
    world.tell_books(
        "edit",
        json!({ "entity": "Item", "id": id, "set": { "InvStartDate": "2026-01-01" } }),
    );
    world.run("retry --all").ends_with(0);
    assert_eq!(world.postings().len(), 2);
}

#[test]
fn a_product_stays_its_item_when_name_and_sku_change() {
    let world = world(vec![product(10, "Mug", "MUG", json!({}))], "");
    assert_eq!(sync(&world, 0), "1 created");
    put(&world, &product(10, "Cup", "CUP", json!({})));
    assert_eq!(sync(&world, 0), "1 unchanged");
    let mut sold = order(101, 0, "a@example.com", "Ann", "CUP", 10);
    sold["line_items"][0]["name"] = json!("Cup");
    world.put_order(&sold, &json!([]), true);
    world.run("sync orders").ends_with(0);
    assert_eq!(
        items(&world),
        ["Mug|MUG|NonInventory|Sales of Product Income|12.5"]
    );
    nothing_to_do(&world, "1 unchanged");
}

#[test]
fn one_that_cannot_be_read_stops_nobody() {
    let world = world(
        vec![
            product(10, "Mug", "MUG", json!({ "price": { "a": 1 } })),
            product(11, "Rope", "ROPE", json!({})),
        ],
        "",
    );
    assert_eq!(sync(&world, 3), "1 created, 1 held");
    assert_eq!(problems(&world), ["product MUG product_unreadable"]);
    put(&world, &product(10, "Mug", "MUG", json!({})));
    assert_eq!(sync(&world, 0), "1 created, 1 unchanged");
    assert_eq!(problems(&world), [] as [&str; 0]);
}

#[test]
fn without_leave_to_make_items_orders_go_to_the_fallback() {
    let products = vec![product(10, "Mug", "MUG", json!({}))];
    let orders = vec![order(101, 0, "a@example.com", "Ann", "MUG", 10)];
    let world = world_of(
        products,
        orders,
        company(),
        "[books.products]\ncreate = false\n",
    );
    assert_eq!(sync(&world, 0), "1 skipped");
    world.run("sync orders").ends_with(0);
    assert_eq!(
        items(&world),
        ["Deleted product|-|Service|Sales of Product Income|0"]
    );
    assert_eq!(world.documents().len(), 1);
}

#[test]
fn a_mapping_of_the_shops_own_shapes_what_is_made() {
    let world = world(
        vec![
            product(
                10,
                "Mug",
                "MUG",
                json!({ "short_description": "<b>White</b> &amp; warm", "regular_price": "9.95" }),
            ),
            product(
                11,
                "Rope",
                "ROPE",
                json!({ "tags": [{ "name": "internal" }] }),
            ),
        ],
        "",
    );
    own_file(
        &world,
        r#"
source = "woocommerce"
target = "quickbooks"
entity = "products"
[[skip]]
when = 'sku == "ROPE"'
because = "it is not for sale"
[fields]
name = { text = "Shop {{ name }}" }
description = "short_description | strip_html | decode_entities"
taxable = { value = false }
price = "regular_price | to_number"
"#,
    );
    assert_eq!(sync(&world, 0), "1 created, 1 skipped");
    assert_eq!(
        items(&world),
        ["Shop Mug|MUG|NonInventory|Sales of Product Income|9.95"]
    );
    let made = &world.books("objects/Item")[0]["object"];
    assert_eq!(made["Description"], json!("White & warm"));
    assert_eq!(made["Taxable"], json!(false));
    nothing_to_do(&world, "1 unchanged, 1 skipped");
}

#[test]
fn two_hundred_products_come_in_pages() {
    let products: Vec<Value> = (1..=203)
        .map(|n| {
            product(
                1000 + n,
                &format!("Thing {n}"),
                &format!("T-{n}"),
                json!({}),
            )
        })
        .collect();
    let world = world(products, "");
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    std::fs::write(
        &world.config,
        text.replace("[woocommerce]", "[woocommerce]\npage_size = 25"),
    )
    .expect("written again");
    assert_eq!(sync(&world, 0), "203 created");
    assert_eq!(items(&world).len(), 203);
}

fn own_file(world: &World, text: &str) {
    let folder = world.home.path().join("mappings/woocommerce-quickbooks");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("products.toml"), text).expect("a mapping");
}

/// The products of a real shop, the one in its trash too.
fn recorded() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/woocommerce/products");
    let body = |name: &str| {
        let text =
            std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("a recording");
        let exchange: Value = serde_json::from_str(&text).expect("a recording is JSON");
        let body = exchange["response"]["body"].as_str().expect("a body");
        serde_json::from_str::<Value>(body).expect("it is JSON")
    };
    let mut all: BTreeMap<u64, Value> = BTreeMap::new();
    for name in [
        "list-difficult",
        "list-page-1",
        "variations-shirt",
        "variations-mugv",
    ] {
        for product in body(name).as_array().expect("a list") {
            all.insert(product["id"].as_u64().expect("an id"), product.clone());
        }
    }
    let trashed = body("one-trashed");
    all.insert(42, trashed);
    all.into_values().collect()
}

const HEADER: &str = "What becomes of each recorded product. Written by tests/it/products.rs when UDSYNC_REFRESH=1 is set.\n\n";

#[test]
fn every_recorded_product_has_the_outcome_that_was_read_and_found_right() {
    let recorded = recorded();
    assert!(recorded.len() > 60, "{}", recorded.len());
    let world = world(recorded.clone(), "");
    let ran = world.run("sync products --json -v").ends_with(0);
    nothing_to_do(&world, "54 unchanged, 6 skipped");
    let mut lines: Vec<String> = items(&world);
    let skipped = ran.json()["changes"].clone();
    for change in skipped.as_array().expect("a list") {
        if change["action"] == json!("skip") {
            lines.push(format!(
                "skip {} {}",
                change["source"]["number"].as_str().unwrap_or("?"),
                change["reason"]["code"].as_str().unwrap_or("?")
            ));
        }
    }
    let text = format!("{HEADER}{}\n", lines.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/recorded-products.txt");
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::write(&path, &text).expect("the outcome is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "tests/snapshots/recorded-products.txt would be\n{text}\nif that is right, run the test with UDSYNC_REFRESH=1 and read the whole difference"
    );

    // The shipped mapping says what the rules say by themselves.
    let copied = self::world(recorded, "");
    own_file(&copied, SHIPPED);
    copied.run("sync products").ends_with(0);
    assert_eq!(items(&copied), items(&world));
}
