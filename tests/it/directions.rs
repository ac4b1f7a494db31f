//! Which way records and fields go: said over the API and on the command line, read back with where it comes from, and obeyed by the next
//! run.

use serde_json::{Value, json};

use crate::api_client::Api;
use crate::both_ways::{
    account, call_in_books, edit, in_shop, item, phone_in_shop, price_in_shop as sell_at, product,
    sync, writes_to_shop,
};
use crate::tales::{Tale, books};
use crate::world::{BOOKS, World, company, shop};

/// An account and a product that both sides hold, and nothing switched on.
fn one_way(settings: &str) -> World {
    let mut shop = shop(Vec::new());
    shop["keys"][0]["permissions"] = json!("read_write");
    shop["customers"] = json!([account(7, "Kim", "1")]);
    shop["products"] = json!([product(10, "Mug", "MUG", "12.50")]);
    let world = World::new(shop, company(), &format!("{BOOKS}{settings}"));
    sync(&world).ends_with(0);
    world
}

fn lists(api: &Api) -> Value {
    api.runs("/api/sync/customers", &json!({}));
    api.runs("/api/sync/products", &json!({}))
}

/// What the API says of a setting, and where it comes from.
fn setting(api: &Api, key: &str) -> (Value, Value) {
    let config = api.get("/api/sync/config").send().is(200).body;
    let all = config["values"].as_array().expect("a list").clone();
    let found = all.into_iter().find(|one| one["key"] == json!(key));
    let found = found.unwrap_or_else(|| panic!("no `{key}` in {config}"));
    let value = found["value"].as_str().expect("text").trim_matches('"');
    (json!(value), found["origin"].clone())
}

#[track_caller]
fn turn(api: &Api, body: Value) {
    api.post("/api/sync/direction").json(&body).send().is(200);
}

fn price_in_books(world: &World, price: f64) {
    let id = item(world, "MUG")["Id"].clone();
    edit(world, "Item", &id, json!({ "UnitPrice": price }));
}

fn price_in_shop(world: &World) -> Value {
    in_shop(world, "products/10")["regular_price"].clone()
}

#[test]
fn directions_of_records_and_fields_are_read_and_changed_over_the_api_and_the_next_run_obeys() {
    let world = one_way(
        "[sync.direction] # mine\n[both.products]\nprice = { flow = \"to_books\", on_conflict = \"source_wins\" } # the shop's\n",
    );
    let api = Api::serve(&world);
    assert_eq!(
        setting(&api, "sync.direction.customers").0,
        json!("to_books")
    );
    call_in_books(&world, "Kim Reed", "604");
    world.forget_requests();
    lists(&api);
    assert_eq!(writes_to_shop(&world), json!([]), "nothing is switched on");

    turn(&api, json!({ "entity": "customers", "direction": "both" }));
    turn(&api, json!({ "entity": "products", "direction": "both" }));
    assert_eq!(setting(&api, "sync.direction.customers").0, json!("both"));
    lists(&api);
    call_in_books(&world, "Kim Reed", "605");
    price_in_books(&world, 13.5);
    lists(&api);
    assert_eq!(phone_in_shop(&world, 7), json!("605"));
    assert_eq!(
        price_in_shop(&world),
        json!("12.50"),
        "the field stays as it was"
    );

    // One field by itself, where a table of its own says more of it, and where nothing does.
    turn(
        &api,
        json!({ "entity": "products", "direction": "both", "field": "price" }),
    );
    turn(
        &api,
        json!({ "entity": "customers", "direction": "off", "field": "phone" }),
    );
    let (flow, origin) = setting(&api, "both.products.price.flow");
    assert_eq!(flow, json!("both"), "{origin}");
    assert_eq!(setting(&api, "both.customers.phone").0, json!("off"));
    let text = std::fs::read_to_string(&world.config).expect("read");
    for kept in ["# mine", "# the shop's", "on_conflict = \"source_wins\""] {
        assert!(text.contains(kept), "{text}");
    }
    price_in_books(&world, 14.0);
    call_in_books(&world, "Kim Reed", "606");
    lists(&api);
    assert_eq!(price_in_shop(&world), json!("14.00"));
    assert_eq!(phone_in_shop(&world, 7), json!("605"), "it is off");

    turn(&api, json!({ "entity": "products", "direction": "off" }));
    price_in_books(&world, 15.0);
    lists(&api);
    assert_eq!(price_in_shop(&world), json!("14.00"));
    world.run("config check").ends_with(0);
}

#[test]
fn what_cannot_go_so_is_refused_over_the_api_and_the_file_stays() {
    let settings = "[both.customers]\nphone = { flow = \"both\", on_conflict = \"newest_wins\" }\n";
    let world = one_way(settings);
    let api = Api::serve(&world);
    let before = std::fs::read_to_string(&world.config).expect("read");
    for wrong in [
        json!({ "entity": "customers", "direction": "to_shop" }),
        json!({ "entity": "customers", "direction": "both", "field": "price" }),
        json!({ "entity": "products", "direction": "both", "field": "phone" }),
        json!({ "entity": "products", "direction": "both", "field": "stock" }),
        json!({ "entity": "payments", "direction": "both", "field": "phone" }),
        json!({ "entity": "customers", "direction": "both", "paid": "note" }),
        json!({ "entity": "payments", "direction": "both", "paid": "twice" }),
        json!({ "entity": "orders", "direction": "both" }),
        // The newest wins only where both may change it.
        json!({ "entity": "customers", "direction": "to_shop", "field": "phone" }),
    ] {
        let refused = api.post("/api/sync/direction").json(&wrong).send();
        refused.is(422);
        let now = std::fs::read_to_string(&world.config).expect("read");
        assert_eq!(now, before, "{wrong}");
    }
    let viewer = api.request("POST", "/api/sync/direction", Some(&api.viewer));
    viewer
        .json(&json!({ "entity": "customers", "direction": "both" }))
        .send()
        .refused_as(403, "role_too_low");
}

#[test]
fn payments_are_told_over_the_api_as_it_was_said_there() {
    let mut setup = shop(Vec::new());
    setup["keys"][0]["permissions"] = json!("read_write");
    let world = World::new(setup, company(), &books());
    world.put_order(&Tale::owed(1_001, 3_000).order(), &json!([]), true);
    world.run("sync orders --yes").ends_with(0);
    let invoice = world.documents()[0]["object"].clone();
    world.tell_books(
        "create",
        json!({ "entity": "Payment", "body": {
            "CustomerRef": invoice["CustomerRef"], "TotalAmt": 31.5, "TxnDate": "2026-11-10",
            "Line": [{ "Amount": 31.5, "LinkedTxn": [{ "TxnId": invoice["Id"], "TxnType": "Invoice" }] }]
        } }),
    );
    let api = Api::serve(&world);
    let orders = || api.runs("/api/sync/orders", &json!({}));
    orders();
    turn(
        &api,
        json!({ "entity": "payments", "direction": "both", "paid": "off" }),
    );
    orders();
    assert_eq!(writes_to_shop(&world), json!([]));
    turn(
        &api,
        json!({ "entity": "payments", "direction": "both", "paid": "status" }),
    );
    assert_eq!(setting(&api, "both.paid").0, json!("status"));
    orders();
    let order = world.store("orders/1001")["order"].clone();
    assert_eq!(order["status"], json!("processing"));
    assert_eq!(order["total"], json!("31.50"));
}

#[test]
fn one_field_goes_another_way_for_one_run_by_a_flag() {
    let world = one_way("");
    let flags =
        "--direction products=both,products.price=to_shop,customers=both,customers.phone=off";
    let line = format!("sync customers products --yes {flags}");
    world.run(&line).ends_with(0);
    price_in_books(&world, 13.25);
    call_in_books(&world, "Kim Reed", "604");
    world.run(&line).ends_with(0);
    assert_eq!(price_in_shop(&world), json!("13.25"));
    assert_eq!(phone_in_shop(&world, 7), json!("1"));
    // The books own it in such a run: a change in the shop is told and goes nowhere.
    sell_at(&world, 10, "9.00");
    let ran = world.run(&format!("{line} --json -v")).ends_with(0);
    assert!(ran.out.contains("drift"), "{}", ran.out);
    assert_eq!(item(&world, "MUG")["UnitPrice"], json!(13.25));
    for wrong in [
        "products.weight=both",
        "customers.phone=sideways",
        "payments.phone=both",
        "orders=both",
        "products",
    ] {
        let ran = world.run(&format!("sync products --direction {wrong}"));
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.err);
        assert!(ran.err.contains("products.price=to_shop"), "{}", ran.err);
    }
}
