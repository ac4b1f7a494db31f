//! A shop is put back to a backup, or `url` leads to a copy of it: ids that were given out before come again, for other orders.
//! What was posted of the first ones stays as it is.

use serde_json::{Value, json};

use crate::tales::{Tale, books};
use crate::world::{World, company, shop};

fn world_of(tales: &[Tale]) -> World {
    let world = World::new(shop(Vec::new()), company(), &books());
    for tale in tales {
        tale.tell(&world);
    }
    world
}

/// The order with the id of another one, made so long from now.
fn again(world: &World, tale: &Tale, in_hours: i64) {
    world.tell_store(&format!("orders/{}/delete", tale.id), json!({}));
    let at = chrono::Utc::now() + chrono::TimeDelta::hours(in_hours);
    let mut order = tale.order();
    order["date_created_gmt"] = json!(at.format("%Y-%m-%dT%H:%M:%S").to_string());
    if tale.paid {
        order["date_paid_gmt"] = order["date_created_gmt"].clone();
    }
    world.put_order(&order, &tale.refund_objects(), false);
}

/// One hold, and nothing written.
#[track_caller]
fn held(world: &World, line: &str) -> String {
    world.forget_requests();
    let ran = world.run(line).ends_with(3);
    let found = ran.problems();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], json!("order_id_reused"), "{found:?}");
    assert_eq!(found[0]["state"], json!("held"));
    assert_eq!(world.books("counts")["writes"], json!(0), "{line}");
    assert!(
        !ran.out.contains("wc_order"),
        "the key opens the order's page: {}",
        ran.out
    );
    found[0]["message"].as_str().expect("words").to_owned()
}

#[test]
fn a_new_order_with_an_old_id_does_not_take_over_the_old_document() {
    for fate in ["paid", "owed", "cancelled"] {
        let first = if fate == "paid" {
            Tale::paid(1_001, 2_000)
        } else {
            Tale::owed(1_001, 2_000)
        };
        let world = world_of(std::slice::from_ref(&first));
        world.run("sync orders").ends_with(0);
        let before = world.documents();
        let mut second = first.clone();
        second.net = 7_000;
        second.buyer = 4;
        // Even one that is withdrawn: the old invoice is not voided for it.
        second.cancelled = fate == "cancelled";
        again(&world, &second, 0);
        for line in [
            "sync orders --yes --json",
            "sync orders --yes --full --json",
            "retry --all --yes --json",
        ] {
            let message = held(&world, line);
            assert!(message.contains("`WC-1001`"), "{message}");
            assert_eq!(world.documents(), before, "{fate}");
        }
        // The hint is followed.
        let list = world.run("retry --list --json").ends_with(0);
        let id = list.json()["problems"][0]["id"].as_str().map(str::to_owned);
        let id = id.unwrap_or_else(|| panic!("{}", list.out));
        world
            .run(&format!("retry --skip {id} --why by-hand"))
            .ends_with(0);
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.documents(), before);
    }
}

#[test]
fn the_day_of_an_order_may_be_corrected() {
    let tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let mut order = Tale::paid(1_001, 2_400).order();
    order["date_created_gmt"] = json!("2026-11-20T09:00:00");
    world.put_order(&order, &json!([]), false);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 1, "{}", ran.out);
}

/// As a state file is that was written before identities were kept.
fn forget_identities(world: &World) {
    let state = rusqlite::Connection::open(world.state()).expect("the state");
    let gone = state
        .execute("DELETE FROM identities", [])
        .expect("forgotten");
    assert!(gone > 0, "nothing was kept");
}

#[test]
fn orders_of_before_the_upgrade_are_learned_where_their_time_and_number_agree() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    forget_identities(&world);
    tale.net = 2_400;
    tale.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 1, "{}", ran.out);
    // Learned, so that the key alone decides now.
    again(&world, &tale, 0);
    held(&world, "sync orders --yes --json");
    // Not learned before the id came again: it was made after the old one was posted.
    forget_identities(&world);
    again(&world, &tale, 2);
    held(&world, "sync orders --yes --json");
}

#[test]
fn a_refund_with_an_old_id_does_not_take_over_the_old_refund() {
    let mut tale = Tale::paid(1_001, 6_000);
    tale.refunds.push((9_001, 600));
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let before = world.documents();
    tale.refunds[0].1 = 1_200;
    let mut refunds = tale.refund_objects();
    refunds[0]["date_created_gmt"] = json!("2026-11-21T17:00:00");
    world.put_order(&tale.order(), &refunds, false);
    let message = held(&world, "sync orders --yes --json");
    assert!(message.contains("refund 9001"), "{message}");
    assert_eq!(world.documents(), before);
}

#[test]
fn a_lost_state_does_not_take_up_what_is_older_than_the_order() {
    let tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders").ends_with(0);
    let before = world.documents();
    world.lose_state();
    // Posted under the ninth, and the shop was put back since.
    again(&world, &tale, 0);
    held(&world, "sync orders --yes --json");
    assert_eq!(world.documents(), before);
}

/// An account as the shop lists it.
fn account(id: u64, name: &str, made: &str) -> Value {
    let email = format!("{}@example.com", name.to_lowercase());
    json!({
        "id": id, "email": email, "first_name": name, "last_name": "Reed", "role": "customer",
        "username": format!("u{id}"), "is_paying_customer": true, "meta_data": [], "avatar_url": "",
        "date_created_gmt": made, "date_modified_gmt": made,
        "billing": { "first_name": name, "last_name": "Reed", "company": "", "address_1": "1 Main St", "address_2": "",
            "city": "Calgary", "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": email, "phone": "" },
        "shipping": { "first_name": "", "last_name": "", "company": "", "address_1": "", "address_2": "", "city": "",
            "state": "", "postcode": "", "country": "", "phone": "" }
    })
}

/// An order of account 7, who calls himself so.
fn bought(world: &World, id: u64, name: &str) {
    let email = format!("{}@example.com", name.to_lowercase());
    let order = crate::names::order(id, 7, &email, name, "LAMP", 501);
    world.put_order(&order, &json!([]), false);
}

/// Whom each document names.
fn buyers(world: &World) -> Vec<String> {
    let documents = world.documents();
    let named = documents.iter().map(|document| {
        let object = &document["object"];
        let word = |at: &str| {
            object
                .pointer(at)
                .and_then(Value::as_str)
                .unwrap_or("?")
                .to_owned()
        };
        format!("{} {}", word("/DocNumber"), word("/CustomerRef/name"))
    });
    named.collect()
}

fn cards(world: &World) -> Vec<String> {
    let list = world.books("objects/Customer");
    let list = list.as_array().expect("a list");
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    list.iter()
        .map(|row| &row["object"])
        .map(|card| {
            format!(
                "{} {}",
                word(&card["DisplayName"]),
                word(&card["PrimaryEmailAddr"]["Address"])
            )
        })
        .collect()
}

const LONG_AGO: &str = "2026-01-02T10:04:05";
const SINCE: &str = "2027-01-02T10:04:05";

#[test]
fn a_new_account_with_an_old_id_does_not_become_the_old_customer() {
    // The customer is known from an order alone, or from the list of accounts.
    for listed in [false, true] {
        let mut shop = shop(Vec::new());
        shop["customers"] = json!([account(7, "Ann", LONG_AGO)]);
        let world = World::new(shop, company(), crate::world::BOOKS);
        bought(&world, 11, "Ann");
        world.run("sync orders").ends_with(0);
        if listed {
            world.run("sync customers").ends_with(0);
        }
        // The shop was put back, and somebody else has registered.
        world.put_store("customers/7", &account(7, "Kim", SINCE));
        bought(&world, 12, "Kim");
        if listed {
            world.run("sync customers").ends_with(0);
        }
        world.run("sync orders").ends_with(0);
        assert_eq!(
            buyers(&world),
            ["WC-11 Ann Reed", "WC-12 Kim Reed"],
            "{listed}"
        );
        assert_eq!(
            cards(&world),
            ["Ann Reed ann@example.com", "Kim Reed kim@example.com"]
        );
        bought(&world, 13, "Kim");
        world.forget_requests();
        world.run("sync orders").ends_with(0);
        assert_eq!(
            buyers(&world).last().map(String::as_str),
            Some("WC-13 Kim Reed")
        );
        let asked = world.store("requests").to_string();
        assert!(!asked.contains("/customers"), "asked once: {asked}");
        assert_eq!(cards(&world).len(), 2);
    }
}

#[test]
fn somebody_who_changes_the_address_stays_the_same_customer() {
    let mut shop = shop(Vec::new());
    shop["customers"] = json!([account(7, "Ann", LONG_AGO)]);
    let world = World::new(shop, company(), crate::world::BOOKS);
    bought(&world, 11, "Ann");
    world.run("sync orders").ends_with(0);
    world.put_store("customers/7", &account(7, "Anna", LONG_AGO));
    bought(&world, 12, "Anna");
    world.run("sync orders").ends_with(0);
    world.run("sync customers").ends_with(0);
    assert_eq!(buyers(&world), ["WC-11 Ann Reed", "WC-12 Ann Reed"]);
    assert_eq!(cards(&world), ["Ann Reed ann@example.com"]);
    // Nor does an account that is gone make anybody else of it.
    world.delete_store("customers/7");
    bought(&world, 13, "Annika");
    world.run("sync orders").ends_with(0);
    assert_eq!(cards(&world).len(), 1);
}

fn product(sku: &str, price: &str, made: &str) -> Value {
    json!({
        "id": 501, "name": format!("Thing {sku}"), "sku": sku, "type": "simple", "status": "publish", "parent_id": 0,
        "price": price, "regular_price": price, "virtual": false, "downloadable": false, "purchasable": true,
        "description": "", "short_description": "", "manage_stock": false, "stock_quantity": null,
        "tax_status": "taxable", "categories": [], "attributes": [], "variations": [], "meta_data": [],
        "date_created_gmt": made, "date_modified_gmt": made
    })
}

/// `Thing LAMP LAMP 10`, of what we made.
fn items(world: &World) -> Vec<String> {
    let list = world.books("objects/Item");
    let list = list.as_array().expect("a list");
    let things = list.iter().map(|row| &row["object"]);
    things
        .filter(|item| {
            item["Name"]
                .as_str()
                .is_some_and(|name| name.starts_with("Thing"))
        })
        .map(|item| {
            format!(
                "{} {} {}",
                item["Name"].as_str().unwrap_or("?"),
                item["Sku"].as_str().unwrap_or("?"),
                item["UnitPrice"]
            )
        })
        .collect()
}

#[test]
fn a_new_product_with_an_old_id_does_not_become_the_old_item() {
    for orders_first in [false, true] {
        let mut shop = shop(Vec::new());
        shop["products"] = json!([product("LAMP", "10", LONG_AGO)]);
        let books = format!(
            "{}\n[books.products]\nupdate_price = true\n",
            crate::world::BOOKS
        );
        let world = World::new(shop, company(), &books);
        world.run("sync products").ends_with(0);
        world.put_store("products/501", &product("BOWL", "77", SINCE));
        let order = crate::names::order(11, 0, "ann@example.com", "Ann", "BOWL", 501);
        world.put_order(&order, &json!([]), false);
        let runs = match orders_first {
            true => ["sync orders", "sync products"],
            false => ["sync products", "sync orders"],
        };
        for line in runs {
            world.run(line).ends_with(0);
        }
        let found = items(&world);
        assert_eq!(found.len(), 2, "{orders_first} {found:?}");
        assert!(found[0].starts_with("Thing LAMP LAMP 10"), "{found:?}");
        assert!(found[1].starts_with("Thing BOWL BOWL 77"), "{found:?}");
        let sold = &world.documents()[0]["object"]["Line"][0]["SalesItemLineDetail"]["ItemRef"];
        assert_eq!(sold["name"], "Thing BOWL", "{sold}");
    }
}

#[test]
fn a_product_that_gets_another_sku_stays_the_same_item() {
    let mut shop = shop(Vec::new());
    shop["products"] = json!([product("LAMP", "10", LONG_AGO)]);
    let world = World::new(shop, company(), crate::world::BOOKS);
    world.run("sync products").ends_with(0);
    world.put_store("products/501", &product("LAMP-2", "10", LONG_AGO));
    let order = crate::names::order(11, 0, "ann@example.com", "Ann", "LAMP-2", 501);
    world.put_order(&order, &json!([]), false);
    world.run("sync orders").ends_with(0);
    world.run("sync products").ends_with(0);
    assert_eq!(items(&world).len(), 1, "{:?}", items(&world));
}
