//! What stood in the books before a write is kept beside its ticket, whole, or the write does not go out.

use serde_json::{Map, Value, json};

use crate::order::{order, with};
use crate::packed::unpacked;
use crate::tales::{Tale, books};
use crate::world::{BOOKS, World, company, shop};

/// What is kept of the writes that change something, in the order in which they were recorded: the action, and what stood there.
fn kept(world: &World) -> Vec<(String, Map<String, Value>)> {
    let state = rusqlite::Connection::open(world.state()).expect("the state file");
    let mut ask = state
        .prepare(
            "SELECT action, before_images.body FROM ticket_writes JOIN write_kinds ON number = kind
             LEFT JOIN before_images USING (ticket_id, position)
             WHERE action <> 'create' ORDER BY ticket_id, position",
        )
        .expect("a question");
    let rows = ask
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an answer");
    rows.map(|row| {
        let (action, body): (String, Option<String>) = row.expect("a row");
        let body = body.expect("no change without what stood there");
        let body = serde_json::from_str(&unpacked(&body)).expect("the service's own JSON");
        (action, body)
    })
    .collect()
}

/// Every field that the company has of a thing is in what was kept of it.
#[track_caller]
fn is_whole(kept: &Map<String, Value>, stood: &Value) {
    for (name, value) in stood.as_object().expect("an object") {
        assert_eq!(kept.get(name), Some(value), "{name} of {kept:?}");
    }
}

/// What the company has under this number, as it stands.
fn object(world: &World, number: &str) -> Value {
    let documents = world.documents();
    let one = documents
        .iter()
        .find(|document| document["object"]["DocNumber"] == number);
    one.expect("it is in the books")["object"].clone()
}

fn owed(id: u64) -> Value {
    with(
        order(id),
        json!({ "status": "on-hold", "payment_method": "bacs", "date_paid": null, "date_paid_gmt": null }),
    )
}

#[test]
fn a_document_that_is_changed_or_voided_is_kept_as_it_was() {
    let world = World::of_orders(vec![order(1), owed(2), order(3)]);
    world.run("sync orders").ends_with(0);
    assert_eq!(kept(&world), [], "what is new took nobody's place");
    let (receipt, invoice) = (object(&world, "WC-1"), object(&world, "WC-2"));
    world.put_order(
        &with(order(1), json!({ "payment_method": "paypal" })),
        &json!([]),
        false,
    );
    world.put_order(
        &with(owed(2), json!({ "status": "cancelled" })),
        &json!([]),
        false,
    );
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("voided")), (1, 1));
    let kept = kept(&world);
    let of = |action: &str| {
        let mut all = kept.iter().filter(|(what, _)| what == action);
        all.next().expect("it was kept").1.clone()
    };
    assert_eq!(kept.len(), 2);
    is_whole(&of("update"), &receipt);
    is_whole(&of("void"), &invoice);
}

/// The survey has read it a moment ago, and nothing is read twice.
#[test]
fn keeping_what_stood_there_costs_no_read_of_its_own() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    world.put_order(
        &with(order(1), json!({ "payment_method": "paypal" })),
        &json!([]),
        false,
    );
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    let asked = world.books("requests");
    let by_id = asked
        .as_array()
        .expect("a list")
        .iter()
        .filter(|request| request.to_string().contains("query SalesReceipt"))
        .count();
    assert_eq!(by_id, 1, "{asked}");
    assert_eq!(kept(&world).len(), 1);
}

#[test]
fn what_is_corrected_or_taken_back_is_kept_as_it_came_out() {
    let mut setup = company();
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    let world = World::new(shop(Vec::new()), setup, &books());
    Tale::paid(1_001, 2_000).tell(&world);
    Tale::paid(1_002, 3_000).tell(&world);
    for by in ["0.01", "0.90"] {
        world.tell_books(
            "mishaps",
            json!({ "what": "tax_off", "by": by, "operation": "create SalesReceipt" }),
        );
        world.run("sync orders --yes");
        world.run("retry --all --yes");
    }
    let kept = kept(&world);
    assert!(!kept.is_empty(), "something was corrected");
    for (action, stood) in &kept {
        assert!(["update", "delete"].contains(&action.as_str()), "{action}");
        assert!(
            stood["PrivateNote"]
                .as_str()
                .is_some_and(|note| note.contains("[udsync "))
        );
        assert!(!stood["Line"].as_array().expect("lines").is_empty());
    }
}

/// Nobody has read it in this run, so it is read for the sake of being kept. Where that fails, nothing is sent.
#[test]
fn a_name_that_cannot_be_read_is_not_changed_and_one_that_can_is_kept() {
    let mug = |price: &str| {
        json!({
            "id": 10, "name": "Mug", "sku": "MUG", "type": "simple", "status": "publish", "price": price,
            "regular_price": price, "virtual": false, "downloadable": false, "manage_stock": false, "stock_quantity": null,
            "parent_id": 0, "variations": [], "categories": [], "attributes": [], "meta_data": [], "description": "",
            "short_description": "", "tax_status": "taxable", "tax_class": "", "date_created_gmt": "2026-01-02T10:04:05",
            "date_modified_gmt": "2026-01-02T10:04:05"
        })
    };
    let mut shop = shop(Vec::new());
    shop["products"] = json!([mug("12.50")]);
    let settings = format!("{BOOKS}[books.products]\nupdate_price = true\n");
    let world = World::new(shop, company(), &settings);
    world.run("sync products").ends_with(0);
    let item = world.books("objects/Item")[0]["object"].clone();
    world.put_store("products/10", &mug("13.00"));
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "operation": "query Item", "code": "6190", "times": null }),
    );
    world.forget_requests();
    world.run("sync products --yes").ends_with(5);
    assert_eq!(world.books("counts")["writes"], json!(0));
    assert_eq!(kept(&world), []);
    world.clear_mishaps();
    let ran = world.run("sync products --yes --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 1);
    let kept = kept(&world);
    assert_eq!(kept.len(), 1);
    is_whole(&kept[0].1, &item);
}
