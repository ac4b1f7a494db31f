//! Plans: a dry run writes nothing, the same inputs give the same bytes, and a saved plan is sent as it was saved or not
//! at all.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::order::{order, orders, unmapped, with};
use crate::world::{REALM, Ran, World};

fn edit(world: &World, from: &str, to: &str) {
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    assert!(text.contains(from), "there is no `{from}` to change");
    std::fs::write(&world.config, text.replace(from, to)).expect("written");
}

fn plan_file(world: &World) -> PathBuf {
    world.home.path().join("plan.json")
}

fn saved(world: &World) -> Value {
    let text = std::fs::read_to_string(plan_file(world)).expect("the plan");
    serde_json::from_str(&text).expect("JSON")
}

/// A shop with something of everything: paid, owed, refunded, held, left out.
fn varied() -> World {
    let mut list = orders(1..=6);
    list.push(with(
        order(7),
        json!({ "status": "on-hold", "payment_method": "bacs", "date_paid": null, "date_paid_gmt": null }),
    ));
    list.push(with(
        order(8),
        json!({ "status": "pending", "date_paid": null, "date_paid_gmt": null }),
    ));
    list.push(unmapped(9));
    list.push(with(
        order(10),
        json!({ "number": "1010", "payment_method": "paypal" }),
    ));
    World::of_orders(list)
}

#[test]
fn a_dry_run_sends_no_write_and_records_no_run() {
    let world = varied();
    for line in [
        "dry-run orders",
        "dry-run orders --json",
        "sync orders --dry-run",
        "dry-run orders --full --out plan.json",
        "dry-run refunds",
    ] {
        world.forget_requests();
        let ran = world.run(line);
        assert!([0, 3].contains(&ran.code), "{line}: {}", ran.err);
        for request in world.books("requests").as_array().expect("a list") {
            assert_ne!(request["class"], "write", "{line}: {request}");
        }
        for request in world.store("requests").as_array().expect("a list") {
            assert_eq!(request["method"], "GET", "{line}: {request}");
        }
    }
    assert_eq!(world.documents(), Vec::<Value>::new());
    let state = Connection::open(world.state()).expect("the state");
    for table in [
        "runs",
        "changes",
        "tickets",
        "links",
        "problems",
        "cursors",
        "confirmations",
        "owners",
    ] {
        let rows: i64 = state
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .expect("a count");
        assert_eq!(rows, 0, "{table}");
    }
    assert_eq!(world.run("history --json").json()["runs"], json!([]));
    // The real run does what was foreseen.
    let foreseen = world.run("dry-run orders --json").ends_with(3).json();
    let done = world.run("sync orders --json --yes").ends_with(3).json();
    for figure in ["created", "skipped", "held", "names", "read"] {
        assert_eq!(
            foreseen["targets"]["quickbooks"][figure], done["targets"]["quickbooks"][figure],
            "{figure}"
        );
    }
    let bodies = |document: &Value| -> Vec<Value> {
        let changes = document["changes"].as_array().expect("changes");
        changes
            .iter()
            .map(|change| change["body"].clone())
            .collect()
    };
    assert_eq!(bodies(&foreseen), bodies(&done));
}

#[test]
fn the_exit_code_of_a_dry_run_tells_of_changes_only_when_asked() {
    let world = World::of_orders(orders(1..=2));
    world.run("dry-run orders").ends_with(0);
    world.run("dry-run orders --exit-code").ends_with(10);
    world.run("sync orders --dry-run --exit-code").ends_with(10);
    world.run("sync orders --yes").ends_with(0);
    world.run("dry-run orders --exit-code").ends_with(0);
}

#[test]
fn a_dry_run_ends_with_how_to_go_on() {
    let world = World::of_orders(orders(1..=2));
    let ran = world.run("dry-run orders").ends_with(0);
    let last = |ran: &Ran| ran.err.lines().last().unwrap_or_default().to_owned();
    assert_eq!(
        last(&ran),
        "nothing was written; `udsync sync orders` does this"
    );
    let ran = world.run("dry-run orders --out plan.json").ends_with(0);
    assert_eq!(
        last(&ran),
        "nothing was written; `udsync apply plan.json` sends exactly this"
    );
    world.run("apply plan.json").ends_with(0);
    // And where there is nothing to do, nothing is advised.
    assert_eq!(world.run("dry-run orders").ends_with(0).err, "");
}

#[test]
fn the_same_inputs_give_the_same_bytes_at_any_concurrency() {
    let world = World::of_generated(
        json!({ "orders": 130, "customers": 60, "refund_share": 0.1, "same_second": 30 }),
        json!({}),
        "",
    );
    let mut plans = Vec::new();
    for (shop, books, page) in [(1, 1, 100), (4, 8, 100), (4, 8, 17), (1, 8, 50)] {
        let text = std::fs::read_to_string(&world.config).expect("the configuration");
        let text = text
            .replace(
                "[quickbooks]\n",
                &format!("[quickbooks]\nconcurrency = {books}\n"),
            )
            .replace(
                "[woocommerce]\n",
                &format!("[woocommerce]\nconcurrency = {shop}\npage_size = {page}\n"),
            );
        let config = world.home.path().join("other.toml");
        std::fs::write(&config, text).expect("written");
        let file = format!("plan-{shop}-{books}-{page}.json");
        let ran = world.run(&format!("dry-run orders --config other.toml --out {file}"));
        assert!([0, 3].contains(&ran.code), "{}", ran.err);
        plans.push(std::fs::read(world.home.path().join(file)).expect("the plan"));
    }
    assert!(plans[0].len() > 100_000);
    assert!(
        plans.iter().all(|plan| *plan == plans[0]),
        "not the same bytes"
    );
}

#[test]
fn apply_sends_exactly_the_bodies_of_the_plan() {
    let world = varied();
    world.run("dry-run orders --out plan.json").ends_with(3);
    let plan = saved(&world);
    world.forget_requests();
    world.run("apply plan.json --yes").ends_with(3);

    let mut sent = Vec::new();
    for request in world.books("requests").as_array().expect("a list") {
        if request["class"] != "write" {
            continue;
        }
        let body = request["body"].as_str().expect("a body");
        match serde_json::from_str::<Value>(body).expect("JSON")["BatchItemRequest"].as_array() {
            // As text: a figure that was 21.00 must not have become 21.0 on the way.
            Some(_) => sent.extend(items(body)),
            None => sent.push(body.to_owned()),
        }
    }
    let ids = ids_by_reference(&world, &plan);
    let mut planned: Vec<String> = plan["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["body"].as_str())
        .map(|body| {
            ids.iter().fold(body.to_owned(), |body, (reference, id)| {
                body.replace(&format!("\"{reference}\""), &format!("\"{id}\""))
            })
        })
        .collect();
    assert!(planned.len() > 8, "{planned:?}");
    sent.sort();
    planned.sort();
    assert_eq!(sent, planned);
    assert_eq!(world.documents().len(), 8);
    let run = world.run("history --json").json()["runs"][0].clone();
    assert_eq!(
        (&run["command"], &run["mode"]),
        (&json!("apply"), &json!("saved"))
    );
}

/// The bodies inside a batch, as they were written.
fn items(batch: &str) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Batch<'a> {
        #[serde(rename = "BatchItemRequest", borrow)]
        items: Vec<std::collections::BTreeMap<&'a str, &'a serde_json::value::RawValue>>,
    }
    let batch: Batch<'_> = serde_json::from_str(batch).expect("a batch");
    let is_body = |name: &str| !["bId", "operation", "optionsData"].contains(&name);
    batch
        .items
        .iter()
        .flat_map(|item| item.iter())
        .filter(|(name, _)| is_body(name))
        .map(|(_, body)| body.get().to_owned())
        .collect()
}

/// What each reference of the plan became, by the names and items that the company holds.
fn ids_by_reference(world: &World, plan: &Value) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    for step in plan["steps"].as_array().expect("steps") {
        for (kind, entity, field) in [
            ("customer", "Customer", "DisplayName"),
            ("item", "Item", "Name"),
        ] {
            let Some(key) = step["subject"][kind].as_str() else {
                continue;
            };
            let Some(body) = step["body"].as_str() else {
                continue;
            };
            let body: Value = serde_json::from_str(body).expect("a body");
            let objects = world.books(&format!("objects/{entity}"));
            let object = objects
                .as_array()
                .expect("a list")
                .iter()
                .map(|entry| &entry["object"])
                .find(|object| object[field] == body[field])
                .unwrap_or_else(|| panic!("no {entity} {}", body[field]));
            let id = object["Id"].as_str().expect("an id").to_owned();
            ids.push((format!("@{kind}:{key}"), id));
        }
    }
    ids
}

/// Saves a plan, lets something happen, and sees the plan refused with nothing written.
#[track_caller]
fn stale_after(world: &World, happens: impl FnOnce(&World), because: &str) {
    let planned = world.run("dry-run orders --out plan.json");
    assert!([0, 3].contains(&planned.code), "{}", planned.err);
    happens(world);
    world.forget_requests();
    let text = world.run("apply plan.json --yes").ends_with(6);
    assert_eq!(text.out, "");
    assert!(
        text.err.contains("error: the saved plan is out of date"),
        "{}",
        text.err
    );
    assert!(text.err.contains(because), "{}", text.err);
    assert!(
        text.err
            .contains("hint: make a new one with `udsync dry-run"),
        "{}",
        text.err
    );
    let document = world
        .run("apply plan.json --yes --json")
        .ends_with(6)
        .json();
    assert_eq!(document["code"], "plan_stale");
    for request in world.books("requests").as_array().expect("a list") {
        assert_ne!(request["class"], "write", "{request}");
    }
}

#[test]
fn a_plan_is_stale_when_an_order_changed() {
    let world = World::of_orders(orders(1..=3));
    let dearer = with(
        order(2),
        json!({ "payment_method": "paypal", "payment_method_title": "PayPal" }),
    );
    stale_after(
        &world,
        |world| world.put_order(&dearer, &json!([]), false),
        "order id 2 has changed in the shop since",
    );
    stale_after(
        &world,
        |world| drop(world.tell_store("orders/3/trash", json!({}))),
        "`WC-3`",
    );
}

#[test]
fn two_edits_within_one_second_are_two_edits() {
    let world = World::of_orders(vec![order(1)]);
    // Both keep the second in which the order last changed.
    world.put_order(
        &with(order(1), json!({ "payment_method": "paypal" })),
        &json!([]),
        true,
    );
    stale_after(
        &world,
        |world| {
            world.put_order(
                &with(order(1), json!({ "payment_method": "cod" })),
                &json!([]),
                true,
            )
        },
        "order id 1 has changed",
    );
    // A plan made now is good, and one made of what was there before is too, if it is there again.
    world.run("dry-run orders --out plan.json").ends_with(0);
    world.put_order(
        &with(order(1), json!({ "payment_method": "paypal" })),
        &json!([]),
        true,
    );
    world.put_order(
        &with(order(1), json!({ "payment_method": "cod" })),
        &json!([]),
        true,
    );
    world.run("apply plan.json").ends_with(0);
}

#[test]
fn a_plan_is_stale_when_a_document_or_the_configuration_or_the_company_changed() {
    // A document that is to be changed was edited in the books.
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders --yes").ends_with(0);
    world.put_order(
        &with(order(1), json!({ "payment_method": "paypal" })),
        &json!([]),
        false,
    );
    let id = world.documents()[0]["id"].clone();
    stale_after(
        &world,
        |world| {
            drop(world.tell_books(
                "edit",
                json!({ "entity": "SalesReceipt", "id": id, "set": { "PrivateNote": "seen by the bookkeeper" } }),
            ))
        },
        "by now SalesReceipt `WC-1` (id 101) was edited in QuickBooks",
    );

    // Somebody else took the number.
    let world = World::of_orders(vec![order(1), order(2)]);
    world.run("sync orders --id 2 --yes").ends_with(0);
    let id = world.documents()[0]["id"].clone();
    stale_after(
        &world,
        |world| {
            drop(world.tell_books(
                "edit",
                json!({ "entity": "SalesReceipt", "id": id, "set": { "DocNumber": "WC-1", "PrivateNote": "mine" } }),
            ))
        },
        "by now order",
    );

    let world = World::of_orders(orders(1..=2));
    stale_after(
        &world,
        |world| edit(world, "number_prefix = \"WC-\"", "number_prefix = \"S-\""),
        "the configuration has changed since",
    );
    let world = World::of_orders(orders(1..=2));
    stale_after(
        &world,
        |world| edit(world, REALM, "9341454000009999"),
        "it was made for another company",
    );
    let world = World::of_orders(orders(1..=2));
    stale_after(
        &world,
        |world| edit(world, "name = \"test\"", "name = \"other\""),
        "it was made for another shop",
    );
}

#[test]
fn a_plan_is_applied_once() {
    let world = World::of_orders(orders(1..=3));
    world.run("dry-run orders --out plan.json").ends_with(0);
    world.run("apply plan.json").ends_with(0);
    assert_eq!(world.postings().len(), 3);
    let again = world.run("apply plan.json").ends_with(6);
    assert!(
        again
            .err
            .contains("everything in it is in the books by now"),
        "{}",
        again.err
    );
    assert_eq!(world.postings().len(), 3);
}

#[test]
fn guards_hold_for_a_saved_plan_too() {
    let world = World::of_orders(orders(1..=3));
    edit(&world, "confirm_over = 100000", "confirm_over = 1");
    world.run("dry-run orders --out plan.json").ends_with(0);
    world
        .run("apply plan.json --max-changes 2 --yes")
        .ends_with(7);
    let document = world.run("apply plan.json --json").ends_with(7).json();
    let token = document["confirm_token"].as_str().expect("a token");
    world
        .run(&format!("apply plan.json --confirm {token}"))
        .ends_with(0);
    assert_eq!(world.postings().len(), 3);
}

#[test]
fn an_order_held_beside_does_not_make_a_plan_stale() {
    // Both are the same person's; the held one comes first and takes no name with it.
    let world = World::of_orders(vec![
        unmapped(1),
        with(order(2), json!({ "billing": order(1)["billing"] })),
    ]);
    world.run("dry-run orders --out plan.json").ends_with(3);
    world.run("apply plan.json").ends_with(3);
    assert_eq!(world.postings(), ["SalesReceipt WC-2 21.00 active"]);
}

#[test]
fn a_plan_file_is_its_owners_alone_and_its_name_says_nothing() {
    let world = World::of_orders(orders(1..=2));
    let open = plan_file(&world);
    std::fs::write(&open, "older").expect("written");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).expect("set");
    world.run("dry-run orders --out plan.json").ends_with(0);
    let mode = std::fs::metadata(&open)
        .expect("the plan")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut names: Vec<String> = std::fs::read_dir(world.home.path())
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names.retain(|name| !name.starts_with("test.db"));
    assert_eq!(
        names,
        ["plan.json", "udsync.toml"],
        "nothing half written stays either"
    );

    let ran = world
        .run("dry-run orders --out no/such/folder/plan.json")
        .ends_with(1);
    assert!(
        ran.err.contains("could not save the plan") && ran.err.contains("hint: "),
        "{}",
        ran.err
    );
}

#[test]
fn files_that_are_no_plan_of_this_version() {
    let world = World::of_orders(orders(1..=2));
    let write = |text: &str| std::fs::write(plan_file(&world), text).expect("written");
    for (text, message) in [
        (
            r#"{"schema":"udsync/plan/2","stages":[]}"#,
            "is of the kind `udsync/plan/2`, and this version reads `udsync/plan/1`",
        ),
        ("Ann Lee, ann@example.com", "is not a plan of udsync"),
        (
            r#"{"schema":"udsync/plan/1","basis":"ann@example.com"}"#,
            "is not a plan of udsync",
        ),
    ] {
        write(text);
        let ran = world.run("apply plan.json").ends_with(2);
        assert!(ran.err.contains(message), "{}", ran.err);
        assert!(ran.err.contains("hint: save one with"), "{}", ran.err);
        assert!(!ran.err.contains("ann@"), "{}", ran.err);
    }
    let ran = world.run("apply gone.json --json").ends_with(2);
    assert_eq!(ran.json()["code"], "plan_unreadable");
}
