//! Letters that are none: control characters in every text of an order, a product and an account. QuickBooks refuses a document for one
//! of them, so none is sent, and nothing waits.

use serde_json::{Value, json};

use crate::order::{order, refund, with};
use crate::world::{BOOKS, World, company, shop};

/// What imports and pasted mails leave behind, one in front, one in the middle, one behind.
const ODD: [char; 6] = ['\u{1}', '\u{b}', '\u{1b}', '\u{7f}', '\u{85}', '\u{0}'];

/// Puts such characters into all texts below these fields, but not where the shop itself writes words and figures.
fn spoilt(value: &mut Value, seed: &mut usize) {
    const OWN: [&str; 21] = [
        "status",
        "currency",
        "total",
        "total_tax",
        "subtotal",
        "subtotal_tax",
        "cart_tax",
        "discount_total",
        "discount_tax",
        "shipping_total",
        "shipping_tax",
        "tax_total",
        "shipping_tax_total",
        "rate_code",
        "label",
        "payment_method",
        "amount",
        "country",
        "type",
        "price",
        "regular_price",
    ];
    match value {
        Value::String(text) if !text.is_empty() => {
            *seed += 1;
            let odd = ODD[*seed % ODD.len()];
            let at = text.char_indices().nth(text.chars().count() / 2);
            text.insert(at.map_or(0, |(at, _)| at), odd);
            text.push(odd);
        }
        Value::Array(list) => list.iter_mut().for_each(|one| spoilt(one, seed)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_own = OWN.contains(&name.as_str()) || name.contains("date");
                if !is_own && name != "taxes" && name != "key" && name != "value" {
                    spoilt(value, seed);
                }
            }
        }
        _ => {}
    }
}

fn is_clean(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(|letter: char| letter.is_control() && letter != '\n'),
        Value::Array(list) => list.iter().all(is_clean),
        Value::Object(fields) => fields.values().all(is_clean),
        _ => true,
    }
}

#[test]
fn no_text_of_any_body_carries_a_control_character() {
    let mut seed = 0;
    let mut orders = vec![
        with(
            order(1),
            json!({ "customer_note": "ring\r\ntwice\tplease", "transaction_id": "ch_1" }),
        ),
        with(
            order(2),
            json!({ "status": "on-hold", "payment_method": "bacs", "date_paid_gmt": null, "customer_id": 7 }),
        ),
        with(
            order(3),
            json!({ "billing": { "first_name": "Zoë", "last_name": "Q", "company": "A & Co", "address_1": "1",
            "address_2": "Floor 2", "city": "Calgary", "state": "AB", "postcode": "T2P", "country": "CA",
            "email": "zoe@example.com", "phone": "403 555 0100" } }),
        ),
    ];
    orders.iter_mut().for_each(|order| spoilt(order, &mut seed));
    let mut back = refund(9, 1);
    spoilt(&mut back, &mut seed);
    let mut shop = shop(orders);
    shop["refunds"] = json!({ "1": [back] });
    let mut product = json!({
        "id": 501, "name": "Lamp", "type": "simple", "status": "publish", "sku": "LAMP", "price": "5.00", "regular_price": "5.00",
        "short_description": "for reading", "description": "long", "virtual": false, "downloadable": false, "parent_id": 0,
        "variations": [], "categories": [], "attributes": [], "meta_data": []
    });
    spoilt(&mut product, &mut seed);
    shop["products"] = json!([product]);
    let mut account = json!({ "id": 7, "email": "ann2@example.com", "first_name": "Ann", "last_name": "Lee", "username": "ann",
        "role": "customer", "billing": order(2)["billing"], "shipping": order(2)["shipping"], "meta_data": [] });
    spoilt(&mut account, &mut seed);
    shop["customers"] = json!([account]);
    let books = format!("{BOOKS}[books.policy]\ncustomer_note = true\n");
    let world = World::new(shop, company(), &books);
    let ran = world.run("sync all --yes --json").ends_with(0);
    assert_eq!(ran.json()["problems"], json!([]), "{}", ran.out);
    assert_eq!(world.documents().len(), 4, "{:?}", world.postings());
    let requests = world.books("requests");
    let bodies = requests.as_array().expect("a list").iter();
    let mut seen = 0;
    for body in bodies.filter_map(|one| one["body"].as_str()) {
        if let Ok(body) = serde_json::from_str::<Value>(body) {
            assert!(is_clean(&body), "{body}");
            seen += 1;
        }
    }
    assert!(seen > 2, "{requests}");
    // What was sent is what is looked for: everything is found again.
    world.forget_requests();
    world.run("sync all --full --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
    for file in ["test.db", "test.db-wal", "test.db-shm"] {
        let _ = std::fs::remove_file(world.home.path().join(file));
    }
    world.run("sync all --full --yes").ends_with(0);
    assert_eq!(
        world.books("counts")["writes"],
        json!(0),
        "{}",
        world.books("requests")
    );
}
