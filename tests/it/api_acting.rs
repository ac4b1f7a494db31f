//! What the acting pages stand on: a plan that was shown, an answer that a held record waits for, a mapping that keeps its comments.

use serde_json::{Value, json};

use crate::api_client::Api;
use crate::order::{order, orders, unmapped, with};
use crate::world::World;

/// A world whose first look waits for a word, so that there is a plan to be shown.
fn waiting_world(orders: Vec<Value>) -> World {
    let world = World::of_orders(orders);
    say(&world, "confirm_over = 100000", "confirm_over = 0");
    world
}

fn say(world: &World, from: &str, to: &str) {
    let text = std::fs::read_to_string(&world.config).expect("read");
    assert!(text.contains(from), "there is no `{from}` to change");
    std::fs::write(&world.config, text.replace(from, to)).expect("written");
}

fn shown(api: &Api) -> (Value, String) {
    let plan = api.runs("/api/sync/dry-run", &json!({ "entity": "orders" }));
    let token = plan["confirm_token"].as_str().expect("a token").to_owned();
    (plan, format!("/api/sync/confirm/{token}"))
}

#[test]
fn a_plan_that_a_dry_run_has_shown_is_carried_out_once() {
    let world = waiting_world(orders(1..=3));
    let api = Api::serve(&world);
    let (plan, confirm) = shown(&api);
    assert_eq!(plan["targets"]["quickbooks"]["created"], 3);
    assert!(plan["confirm_expires_at"].is_string());
    assert_eq!(world.postings().len(), 0, "a dry run writes nothing");
    api.request("POST", &confirm, Some(&api.viewer))
        .send()
        .refused_as(403, "role_too_low");
    let begun = api.post(&confirm).send().is(202);
    let run = api.ended(begun.header("location"));
    assert_eq!(
        (&run["status"], &run["targets"]["quickbooks"]["created"]),
        (&json!("succeeded"), &json!(3)),
        "{run}"
    );
    api.post(&confirm)
        .send()
        .refused_as(410, "confirmation_gone");
    let id = plan["run_id"].as_str().expect("an id");
    let again = api.get(&format!("/api/sync/status/{id}")).send().is(200);
    assert!(
        again.body.get("confirm_token").is_none(),
        "a used one is offered no more"
    );
    let nothing = api.runs("/api/sync/dry-run", &json!({ "entity": "orders" }));
    assert!(
        nothing.get("confirm_token").is_none(),
        "nothing to write, nothing to confirm"
    );
    assert_eq!(world.postings().len(), 3);
}

#[test]
fn a_plan_that_is_another_one_by_now_writes_nothing() {
    let world = waiting_world(orders(1..=2));
    let api = Api::serve(&world);
    let (_, confirm) = shown(&api);
    world.put_order(&order(3), &json!([]), false);
    let begun = api.post(&confirm).send().is(202);
    let run = api.ended(begun.header("location"));
    assert_eq!(
        (&run["status"], &run["error"]["code"]),
        (&json!("refused"), &json!("plan_changed")),
        "{run}"
    );
    assert_eq!(world.postings().len(), 0);
    let (plan, confirm) = shown(&api);
    assert_eq!(plan["targets"]["quickbooks"]["created"], 3);
    let begun = api.post(&confirm).send().is(202);
    assert_eq!(api.ended(begun.header("location"))["status"], "succeeded");
    assert_eq!(world.postings().len(), 3);
}

fn held(api: &Api, code: &str) -> Value {
    let listed = api
        .get(&format!("/api/sync/failures?code={code}"))
        .send()
        .is(200);
    listed.body["items"][0].clone()
}

#[test]
fn a_held_record_says_what_it_waits_for_and_takes_the_answer() {
    let odd = with(order(2), json!({ "status": "awaiting-pickup" }));
    let world = World::of_orders(vec![order(1), odd, unmapped(3)]);
    say(&world, "[sync]", "# what we decided in May\n[sync]");
    let api = Api::serve(&world);
    assert_eq!(world.postings().len(), 1);
    let waiting = held(&api, "status_unmapped");
    let id = waiting["id"].as_str().expect("an id");
    assert!(waiting["since"].is_string() && waiting["attempts"] == 1);
    let one = format!("/api/sync/failures/{id}");
    let told = api.get(&one).send().is(200).body;
    assert_eq!(told["way_out"]["section"], "[books.policy.status_map]");
    let values: Vec<&str> = told["way_out"]["choices"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|choice| choice["value"].as_str())
        .collect();
    assert_eq!(values, ["as_paid", "as_invoice", "skip"]);
    let answer = format!("{one}/answer");
    let wrong = api.post(&answer).json(&json!({ "value": "sold" })).send();
    assert_eq!(
        wrong.refused_as(422, "request_wrong").pointers(),
        ["/value"]
    );
    let answered = api
        .post(&answer)
        .json(&json!({ "value": "as_paid" }))
        .send()
        .is(200);
    assert_eq!(
        answered.body["key"],
        "books.policy.status_map.awaiting-pickup"
    );
    let text = std::fs::read_to_string(&world.config).expect("read");
    assert!(
        text.contains("awaiting-pickup = \"as_paid\"") && text.contains("# what we decided in May"),
        "{text}"
    );
    let retried = api.runs("/api/sync/retry", &json!({ "ids": [id] }));
    assert_eq!(retried["status"], "succeeded", "{retried}");
    assert_eq!(world.postings().len(), 2);
    // The codes that can be chosen are those of the books.
    let taxed = held(&api, "tax_code_unmapped");
    let one = format!(
        "/api/sync/failures/{}",
        taxed["id"].as_str().expect("an id")
    );
    let told = api.get(&one).send().is(200).body;
    assert_eq!(told["way_out"]["key"], "books.tax.codes.CA-NEW-1");
    let codes: Vec<&Value> = told["way_out"]["choices"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|choice| &choice["value"])
        .collect();
    assert!(
        codes.contains(&&json!("GST")) && codes.contains(&&json!("HST ON")),
        "{codes:?}"
    );
    api.post(&format!("{one}/answer"))
        .json(&json!({ "value": "GST" }))
        .send()
        .is(200);
    // What stands behind the first answer is asked next.
    api.runs("/api/sync/retry", &json!({}));
    let taxed = held(&api, "tax_code_unmapped");
    let one = format!(
        "/api/sync/failures/{}",
        taxed["id"].as_str().expect("an id")
    );
    let told = api.get(&one).send().is(200).body;
    assert_eq!(told["way_out"]["key"], "books.tax.rates.CA-NEW-1");
    api.post(&format!("{one}/answer"))
        .json(&json!({ "value": "GST 5%" }))
        .send()
        .is(200);
    let retried = api.runs("/api/sync/retry", &json!({}));
    assert_eq!(world.postings().len(), 3, "{retried}");
    api.get(&one).send().refused_as(404, "not_there");
}

#[test]
fn a_hold_that_takes_more_than_a_line_says_so() {
    let odd = with(order(1), json!({ "total": "999.00" }));
    let world = World::of_orders(vec![odd]);
    let api = Api::serve(&world);
    let listed = api.get("/api/sync/failures").send().is(200);
    let id = listed.body["items"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let one = format!("/api/sync/failures/{id}");
    assert!(api.get(&one).send().is(200).body["way_out"].is_null());
    api.post(&format!("{one}/answer"))
        .json(&json!({ "value": "GST" }))
        .send()
        .refused_as(409, "answer_not_enough");
}

#[test]
fn what_was_set_aside_is_told_with_its_reason_and_taken_back() {
    let world = World::of_orders(vec![unmapped(1)]);
    let api = Api::serve(&world);
    let id = held(&api, "tax_code_unmapped")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let one = format!("/api/sync/failures/{id}");
    let restore = format!("{one}/restore");
    api.post(&restore).send().refused_as(409, "not_set_aside");
    api.post(&format!("{one}/skip"))
        .json(&json!({ "why": "a test order" }))
        .send()
        .is(204);
    let told = api.get(&one).send().is(200).body;
    assert_eq!(
        (&told["problem"]["state"], &told["problem"]["why"]),
        (&json!("set_aside"), &json!("a test order"))
    );
    api.request("POST", &restore, Some(&api.viewer))
        .send()
        .refused_as(403, "role_too_low");
    api.post(&restore).send().is(204);
    api.runs("/api/sync/retry", &json!({ "ids": [id] }));
    assert_eq!(
        api.get(&one).send().is(200).body["problem"]["state"],
        "held"
    );
}

const MAPPING: &str = "/api/mappings/woocommerce-quickbooks.orders";

#[test]
fn a_mapping_that_is_changed_keeps_its_comments_and_its_order() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let read = || api.get(MAPPING).send().is(200);
    let first = read();
    let mut mapping = first.body["mapping"].clone();
    mapping["mapping"]["rows"][0]["fields"]["memo"] =
        json!({ "feed": { "from": "customer_note | trim" } });
    let put = |mapping: &Value, tag: &str| {
        api.request("PUT", MAPPING, Some(&api.owner))
            .header("if-match", tag)
            .json(&json!({ "mapping": mapping }))
            .send()
    };
    let saved = put(&mapping, first.header("etag")).is(200);
    let file = world
        .home
        .path()
        .join("mappings/woocommerce-quickbooks/orders.toml");
    let file = if file.exists() {
        file
    } else {
        world
            .config
            .parent()
            .expect("a folder")
            .join("mappings/woocommerce-quickbooks/orders.toml")
    };
    let text = std::fs::read_to_string(&file).expect("the shop's own file");
    for kept in [
        "# What the customer reads.",
        "# memo = {",
        "memo = \"customer_note | trim\"",
        "[fields.bill_to]",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let with_mine = text.replace("[fields.bill_to]", "# moved in May\n[fields.bill_to]");
    std::fs::write(&file, with_mine).expect("written by hand");
    // Whoever has not seen that overwrites nothing.
    mapping["mapping"]["rows"][0]["fields"]["memo"] = json!({ "feed": { "text": "Thank you" } });
    put(&mapping, saved.header("etag")).refused_as(412, "changed_meanwhile");
    put(&mapping, read().header("etag")).is(200);
    let text = std::fs::read_to_string(&file).expect("read");
    assert!(
        text.contains("# moved in May") && text.contains("memo = { text = \"Thank you\" }"),
        "{text}"
    );
}

#[test]
fn a_draft_is_tried_with_its_mistakes_at_their_places() {
    let world = World::of_orders(vec![order(1), order(2)]);
    let api = Api::serve(&world);
    let mut mapping = api.get(MAPPING).send().is(200).body["mapping"].clone();
    let try_it = |body: Value| api.post(&format!("{MAPPING}/try")).json(&body).send();
    let saved = try_it(json!({ "record_id": 1 })).is(200).body;
    assert_eq!(
        (&saved["mistakes"], &saved["changed_lines"]),
        (&json!([]), &json!(0))
    );
    assert_eq!(saved["record"]["id"], 1);
    assert!(
        saved["cases"]["cases"]
            .as_array()
            .is_some_and(|cases| cases.iter().all(|case| case["passed"] == true))
    );
    mapping["mapping"]["rows"][0]["fields"]["memo"] =
        json!({ "feed": { "text": "Order {{ nubmer }}" } });
    mapping["mapping"]["rows"][0]["fields"]["class"] =
        json!({ "feed": { "from": "number | trmi" } });
    let tried = try_it(json!({ "mapping": mapping, "record": saved["record"] }))
        .is(200)
        .body;
    let places: Vec<&str> = tried["mistakes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|mistake| mistake["place"].as_str())
        .collect();
    assert_eq!(places.len(), 2, "{tried}");
    assert!(
        places
            .iter()
            .any(|place| place.starts_with("rows.0.fields.memo")),
        "{places:?}"
    );
    assert!(
        places
            .iter()
            .any(|place| place.starts_with("rows.0.fields.class")),
        "{places:?}"
    );
    assert!(tried["draft"].is_null() && tried["saved"]["outcome"] == "mapped");
    mapping["mapping"]["rows"][0]["fields"]["memo"] =
        json!({ "feed": { "text": "Order {{ number }}" } });
    mapping["mapping"]["rows"][0]["fields"]["class"] =
        json!({ "feed": { "from": "number | trim" } });
    let tried = try_it(json!({ "mapping": mapping, "record": saved["record"] }))
        .is(200)
        .body;
    assert_eq!(
        (
            &tried["draft"]["rows"][0]["class"],
            &tried["keeps_comments"]
        ),
        (&json!("1"), &json!(true))
    );
    let diff = api
        .post(&format!("{MAPPING}/diff"))
        .json(&json!({ "mapping": mapping }))
        .send()
        .is(200)
        .body;
    assert_eq!(
        (&diff["records"], &diff["changed"]),
        (&json!(2), &json!(2)),
        "{diff}"
    );
    try_it(json!({ "record_id": 99 })).refused_as(404, "record_missing");
    let audit = api.get("/api/audit").send().is(200).body;
    let tries = audit["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["action"] == "tryMapping");
    assert_eq!(tries.count(), 0, "who looks changes nothing");
}
