//! Customers and items: matched where they are, made once where they are not, one at a time where the books want that.

use serde_json::{Value, json};

use crate::world::{World, company, shop};

/// A paid order over one line, as small as the shop would print it.
pub fn order(id: u64, customer: u64, email: &str, name: &str, sku: &str, product: u64) -> Value {
    json!({
        "id": id, "parent_id": 0, "status": "processing", "currency": "CAD", "number": id.to_string(),
        "prices_include_tax": false, "discount_total": "0.00", "discount_tax": "0.00", "shipping_total": "0.00",
        "shipping_tax": "0.00", "cart_tax": "5.00", "total": "105.00", "total_tax": "5.00", "customer_id": customer,
        "date_created": "2026-11-02T10:00:00", "date_created_gmt": "2026-11-02T17:00:00",
        "date_modified": "2026-11-02T10:01:00", "date_modified_gmt": "2026-11-02T17:01:00",
        "date_paid": "2026-11-02T10:01:00", "date_paid_gmt": "2026-11-02T17:01:00",
        "date_completed": null, "date_completed_gmt": null, "customer_note": "", "transaction_id": "",
        "payment_method": "stripe", "payment_method_title": "Card", "meta_data": [], "coupon_lines": [], "fee_lines": [],
        "shipping_lines": [], "refunds": [],
        "billing": { "first_name": name, "last_name": "Reed", "company": "", "address_1": "1 Main St", "address_2": "",
            "city": "Calgary", "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": email, "phone": "" },
        "shipping": { "first_name": name, "last_name": "Reed", "company": "", "address_1": "1 Main St", "address_2": "",
            "city": "Calgary", "state": "AB", "postcode": "T2P 1J9", "country": "CA", "phone": "" },
        "line_items": [{ "id": id * 10, "name": format!("Thing {sku}"), "product_id": product, "variation_id": 0, "quantity": 1,
            "tax_class": "", "subtotal": "100.00", "subtotal_tax": "5.00", "total": "100.00", "total_tax": "5.00",
            "taxes": [{ "id": 1, "total": "5", "subtotal": "5" }], "meta_data": [], "sku": sku, "price": 100, "parent_name": null }],
        "tax_lines": [{ "id": id * 10 + 1, "rate_code": "CA-GST-1", "rate_id": 1, "label": "GST", "compound": false,
            "tax_total": "5.00", "shipping_tax_total": "0.00", "rate_percent": 5, "meta_data": [] }]
    })
}

fn objects(world: &World, entity: &str) -> Vec<Value> {
    let list = world.books(&format!("objects/{entity}"));
    let list = list.as_array().expect("a list").clone();
    list.into_iter()
        .filter(|entry| entry["seeded"] != json!(true))
        .map(|entry| entry["object"].clone())
        .collect()
}

#[test]
fn one_person_is_one_customer_and_one_product_is_one_item() {
    let world = World::of_orders(vec![
        order(11, 7, "kim.reed@example.com", "Kim", "LAMP", 501),
        order(12, 0, "KIM.REED@example.com", "Kim", "LAMP", 501),
        order(13, 8, "other.reed@example.com", "Kim", "ROPE", 502),
    ]);
    world.run("sync orders").ends_with(0);
    let names: Vec<Value> = objects(&world, "Customer")
        .iter()
        .map(|customer| customer["DisplayName"].clone())
        .collect();
    assert_eq!(
        names,
        [
            json!("Kim Reed"),
            json!("Kim Reed (other.reed@example.com)")
        ]
    );
    let skus: Vec<Value> = objects(&world, "Item")
        .iter()
        .map(|item| item["Sku"].clone())
        .collect();
    assert_eq!(skus, [json!("LAMP"), json!("ROPE")]);
}

#[test]
fn what_nobody_can_touch_becomes_a_service() {
    let mut shop = shop(vec![
        order(11, 0, "a@example.com", "Ann", "EBOOK", 501),
        order(12, 0, "b@example.com", "Bea", "ROPE", 502),
    ]);
    shop["products"] = json!([
        { "id": 501, "name": "E-book", "type": "simple", "status": "publish", "sku": "EBOOK", "virtual": true, "downloadable": true },
        { "id": 502, "name": "Rope", "type": "simple", "status": "publish", "sku": "ROPE", "virtual": false, "downloadable": false }
    ]);
    let world = World::new(shop, company(), crate::world::BOOKS);
    world.run("sync orders").ends_with(0);
    let kinds: Vec<String> = objects(&world, "Item")
        .iter()
        .map(|item| {
            format!(
                "{} {}",
                item["Sku"].as_str().unwrap_or("-"),
                item["Type"].as_str().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(kinds, ["EBOOK Service", "ROPE NonInventory"]);
}

#[test]
fn a_company_that_takes_one_name_at_a_time_gets_them_singly() {
    let orders = (1..=6)
        .map(|n| {
            order(
                10 + n,
                0,
                &format!("p{n}@example.com"),
                &format!("Person{n}"),
                &format!("SKU-{n}"),
                500 + n,
            )
        })
        .collect();
    let mut company = company();
    company["one_name_at_a_time"] = json!(true);
    let world = World::new(shop(orders), company, crate::world::BOOKS);
    world.run("sync orders").ends_with(0);
    assert_eq!(objects(&world, "Customer").len(), 6);
    assert_eq!(objects(&world, "Item").len(), 6);
    assert_eq!(world.documents().len(), 6);
    assert_eq!(world.books("counts")["largest_names_in_flight"], json!(1));
}

/// Kim, customer 7 of the shop, who has the books' customer by e-mail in one order and moved on in the next.
fn moved_on() -> Vec<Value> {
    let first = order(11, 7, "kim.reed@example.com", "Kim", "LAMP", 501);
    let mut second = order(12, 7, "kim@elsewhere.example", "Kimberly", "LAMP", 501);
    second["line_items"][0]["name"] = json!("Another name");
    vec![first, second]
}

fn customers_of(world: &World) -> Vec<Value> {
    let documents = world.documents();
    let ids = documents
        .iter()
        .map(|document| document["object"]["CustomerRef"]["value"].clone());
    ids.collect()
}

/// A company that has sold to Kim, and sold this lamp, before the shop was connected.
fn company_with_names(orders: Vec<Value>) -> World {
    let mut company = company();
    company["customers"] = json!([{ "display_name": "Kimmy", "email": "kim.reed@example.com" }]);
    company["items"] = json!([{ "name": "Thing LAMP" }]);
    World::new(shop(orders), company, crate::world::BOOKS)
}

#[test]
fn a_match_holds_however_orders_fall_into_runs() {
    let at_once = company_with_names(moved_on());
    at_once.run("sync orders").ends_with(0);
    let singly = company_with_names(moved_on());
    singly.run("sync orders --id 11").ends_with(0);
    singly.run("sync orders --id 12").ends_with(0);
    for world in [at_once, singly] {
        let customers = customers_of(&world);
        assert_eq!(customers.len(), 2);
        assert_eq!(customers[0], customers[1]);
        assert_eq!(objects(&world, "Customer"), Vec::<Value>::new());
        assert_eq!(objects(&world, "Item"), Vec::<Value>::new());
    }
}

#[test]
fn without_its_state_a_document_keeps_the_customer_it_has() {
    let mut orders = moved_on();
    orders[1]["line_items"][0]["name"] = json!("Thing LAMP");
    let world = company_with_names(orders);
    world.run("sync orders").ends_with(0);
    let before = world.documents();
    for file in ["test.db", "test.db-wal", "test.db-shm"] {
        let _ = std::fs::remove_file(world.home.path().join(file));
    }
    // By its e-mail alone this order would be somebody new's.
    world.run("sync orders --id 12").ends_with(0);
    world.run("sync orders --full").ends_with(0);
    assert_eq!(world.documents(), before);
    assert_eq!(objects(&world, "Customer"), Vec::<Value>::new());
}

#[test]
fn a_currency_in_lower_case_is_no_other_currency() {
    let mut small = order(11, 7, "kim.reed@example.com", "Kim", "LAMP", 501);
    small["currency"] = json!("cad");
    let world = World::of_orders(vec![small]);
    world.run("sync orders").ends_with(0);
    assert_eq!(objects(&world, "Customer")[0]["DisplayName"], "Kim Reed");
}
