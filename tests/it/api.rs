//! The REST API against the real binary: each operation, right and wrong input, and what holds for all of them.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use udsync::model::agreed::{AgreedField, ConflictCause, ConflictSides, FieldConflict};
use udsync::model::both::CustomerField;
use udsync::model::plan::RecordKey;
use udsync::server::api::{openapi, operations, schema};
use udsync::store::{AgreementsWriter, Store};

use crate::api_client::Api;
use crate::manual::root;
use crate::order::{order, orders, unmapped};
use crate::world::{World, until};

/// Three orders, of which one is held.
fn world() -> World {
    World::of_orders(vec![order(1), order(2), unmapped(3)])
}

/// The checked-in document, which clients are made of.
const DOCUMENT: &str = "examples/openapi.json";

#[test]
fn api_document_is_the_one_that_is_checked_in() {
    let path = root().join(DOCUMENT);
    let now = serde_json::to_string_pretty(&openapi::document()).expect("JSON") + "\n";
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::write(&path, &now).expect("written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == now,
        "{DOCUMENT} is not what the API is now: see it with `git diff` after `UDSYNC_REFRESH=1 cargo test api_document`"
    );
}

/// What programs may rely on as long as the first number of the version stays.
const PROMISE: &str = "tests/openapi-1.json";

/// Whoever wrote a program for the API must find it working with the next version: nothing is taken away under the same first number.
/// What is added is promised from then on.
#[test]
fn api_document_takes_nothing_away() {
    let path = root().join(PROMISE);
    let now = openapi::document();
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| "{}".to_owned());
    let known: Value = serde_json::from_str(&text).expect("JSON");
    let major = |document: &Value| {
        let version = document["info"]["version"].as_str().unwrap_or_default();
        version.split('.').next().map(str::to_owned)
    };
    let is_promised = major(&known) == major(&now);
    let broken = match is_promised {
        true => breaks(&known, &now),
        false => Vec::new(),
    };
    assert!(
        broken.is_empty(),
        "these would break programs that work today; give the API another first number, or keep them:\n{}",
        broken.join("\n")
    );
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        let text = serde_json::to_string_pretty(&now).expect("JSON") + "\n";
        std::fs::write(&path, text).expect("written");
    } else {
        assert_eq!(
            known, now,
            "`UDSYNC_REFRESH=1 cargo test api_document` promises what was added"
        );
    }
}

#[test]
fn api_breaking_changes_are_noticed() {
    let known = openapi::document();
    let change = |make: fn(&mut Value)| {
        let mut now = known.clone();
        make(&mut now);
        breaks(&known, &now).join("; ")
    };
    assert_eq!(change(|_| {}), "");
    let history = "/api/sync/history";
    assert!(
        change(|now| {
            now["paths"]
                .as_object_mut()
                .expect("paths")
                .remove("/api/doctor");
        })
        .contains("/api/doctor")
    );
    assert!(
        change(|now| {
            now["paths"]["/api/sync/schedules"]
                .as_object_mut()
                .expect("methods")
                .remove("post");
        })
        .contains("post")
    );
    assert!(
        change(|now| {
            let parameters = now["paths"]["/api/sync/history"]["get"]["parameters"].as_array_mut();
            parameters
                .expect("parameters")
                .retain(|one| one["name"] != "since");
        })
        .contains("since"),
        "{history}"
    );
    assert!(
        change(|now| {
            now["components"]["schemas"]["Run"]["properties"]
                .as_object_mut()
                .expect("fields")
                .remove("mode");
        })
        .contains("mode")
    );
    assert!(
        change(|now| {
            let entity = &mut now["paths"]["/api/sync/dry-run"]["post"]["requestBody"]["content"]["application/json"]["schema"];
            entity["properties"]["entity"]["enum"] = json!(["orders"]);
        })
        .contains("customers")
    );
    assert!(
        change(|now| {
            let body = &mut now["paths"]["/api/sync/dry-run"]["post"]["requestBody"]["content"]["application/json"]["schema"];
            body["required"] = json!(["entity", "mode"]);
        })
        .contains("mode")
    );
    assert!(
        change(|now| {
            let answers = now["paths"]["/api/sync/dry-run"]["post"]["responses"].as_object_mut();
            answers.expect("answers").remove("202");
        })
        .contains("202")
    );
    let several = |most: u64| {
        let mut now = known.clone();
        let operation = &mut now["paths"]["/api/sync/entity-configs"]["post"];
        let schema = &mut operation["requestBody"]["content"]["application/json"]["schema"];
        schema["properties"]["changes"]["maxItems"] = json!(most);
        breaks(&known, &now).join("; ")
    };
    assert_eq!(several(50), "");
    assert!(several(1).contains("maxItems"));
    assert_eq!(
        change(|now| {
            now["paths"]["/api/new"] = json!({ "get": {} });
            now["components"]["schemas"]["Run"]["properties"]["new"] = json!({ "type": "string" });
        }),
        "",
        "what is added breaks nobody"
    );
}

/// What somebody could have relied on and finds no more: a path, a method, a parameter, a field, a word, an answer; or a field that must
/// be given now.
fn breaks(known: &Value, now: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    gone(known, now, "", &mut broken);
    broken
}

fn gone(known: &Value, now: &Value, place: &str, broken: &mut Vec<String>) {
    const TEXTS: [&str; 8] = [
        "description",
        "summary",
        "title",
        "tags",
        "servers",
        "info",
        "contact",
        "x-role",
    ];
    match (known, now) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                let there = format!("{place}/{name}");
                match after.get(name) {
                    _ if TEXTS.contains(&name.as_str()) && !place.ends_with("/properties") => {}
                    Some(now) => gone(value, now, &there, broken),
                    None if name == "required" || name == "additionalProperties" => {}
                    None => broken.push(format!("{there} is gone")),
                }
            }
            let must = |object: &serde_json::Map<String, Value>| -> BTreeSet<String> {
                let names = object.get("required").and_then(Value::as_array);
                names
                    .into_iter()
                    .flatten()
                    .filter_map(|name| name.as_str().map(str::to_owned))
                    .collect()
            };
            // What an answer promises more is fine; what a request must have more is not.
            if place.contains("requestBody") {
                for name in must(after).difference(&must(before)) {
                    broken.push(format!("{place}/{name} must be given now"));
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if place.ends_with("/parameters") => {
            for one in before {
                match after
                    .iter()
                    .find(|other| other["name"] == one["name"] && other["in"] == one["in"])
                {
                    Some(now) => gone(one, now, &format!("{place}/{}", one["name"]), broken),
                    None => broken.push(format!("{place}/{} is gone", one["name"])),
                }
            }
            for one in after.iter().filter(|one| one["required"] == true) {
                if !before.iter().any(|other| other["name"] == one["name"]) {
                    broken.push(format!("{place}/{} must be given now", one["name"]));
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            if place.ends_with("/required") {
                return;
            }
            for one in before.iter().filter(|one| !after.contains(one)) {
                broken.push(format!("{place}: {one} is gone"));
            }
        }
        // A request may bring more than it could before.
        (before, after)
            if place.contains("requestBody")
                && place.ends_with("/maxItems")
                && after.as_u64() > before.as_u64() => {}
        (before, after) => {
            if before != after {
                broken.push(format!("{place} was {before} and is {after}"));
            }
        }
    }
}

#[test]
fn api_document_says_of_each_operation_what_it_takes() {
    let document = openapi::document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for operation in operations() {
        assert!(ids.insert(operation.id), "{} is there twice", operation.id);
        let path = format!("/api{}", operation.path);
        let described = &document["paths"][&path][operation.method.as_str().to_lowercase()];
        assert_eq!(described["operationId"], operation.id);
        assert_eq!(described["x-role"], operation.role.as_str());
        for status in ["401", "403", "404", "422", "429", "500"] {
            assert!(
                described["responses"][status].is_object(),
                "{path} {status}"
            );
        }
        let names = operation.path.matches('{').count();
        assert_eq!(operation.path_params.len(), names, "{path}");
        assert!(!operation.answers.is_empty(), "{path} answers nothing");
        if operation.method == "POST"
            && operation
                .answers
                .iter()
                .any(|answer| [201, 202].contains(&answer.status))
        {
            assert!(
                operation.has_key,
                "{path} makes something, and takes no key"
            );
        }
        if operation.method == "PUT" || operation.method == "DELETE" {
            assert!(described["responses"]["428"].is_object(), "{path}");
        }
    }
}

/// A telephone on which both sides do not agree, put into the state as a run would.
pub fn disputed_phone(world: &World) -> String {
    let store = Store::open(&world.state()).expect("the state");
    let conflict = FieldConflict {
        id: String::new(),
        source: RecordKey::customer("7"),
        field: AgreedField::Customer(CustomerField::Phone),
        cause: ConflictCause::BothChanged,
        sides: ConflictSides {
            base: None,
            shop: "2".to_owned(),
            books: "3".to_owned(),
            shop_at: None,
            books_at: None,
        },
        since: chrono::Utc::now(),
        run: "run".to_owned(),
        take: None,
        settled: None,
    };
    let kept = store.open_conflict("quickbooks", &conflict);
    kept.expect("kept").id
}

/// Right input for each operation, in an order in which it makes sense. `{…}` is filled in with what came before.
#[test]
fn api_does_each_operation_for_whoever_may() {
    let world = world();
    let api = Api::serve(&world);
    let mut done = BTreeSet::new();
    let mut did = |id: &'static str| {
        done.insert(id);
    };
    // Runs.
    let held = api.get("/api/sync/failures").send().is(200).body;
    assert_eq!(held["items"][0]["code"], "tax_code_unmapped");
    let problem = held["items"][0]["id"].as_str().expect("an id").to_owned();
    did("listFailures");
    world.put_order(&order(4), &json!([]), false);
    let operator = Some(api.operator.as_str());
    let started = api
        .request("POST", "/api/sync/orders", operator)
        .send()
        .is(202);
    assert_eq!(started.body["schema"], "udsync/started/1");
    assert_eq!(started.body["entity"], "orders");
    let id = started.body["sync_id"].as_str().expect("an id").to_owned();
    assert_eq!(started.header("location"), format!("/api/sync/status/{id}"));
    // Whoever was told the id may ask at once.
    api.get(started.header("location")).send().is(200);
    let run = api.ended(started.header("location"));
    assert_eq!(run["command"], "api");
    assert_eq!(run["run_id"], id.as_str());
    assert_eq!(run["targets"]["quickbooks"]["created"], 1, "{run}");
    did("startSync");
    did("getRun");
    let foreseen = api.runs(
        "/api/sync/dry-run",
        &json!({ "entity": "orders", "mode": "full" }),
    );
    assert_eq!(
        (foreseen["dry_run"].clone(), foreseen["status"].clone()),
        (json!(true), json!("succeeded"))
    );
    did("startDryRun");
    let listed = api.get("/api/sync/status?limit=1").send().is(200).body;
    assert_eq!(
        listed["items"][0]["run_id"],
        id.as_str(),
        "a dry run is in no history"
    );
    let cursor = listed["next_cursor"]
        .as_str()
        .expect("there is more")
        .to_owned();
    let next = api
        .get(&format!("/api/sync/status?limit=1&cursor={cursor}"))
        .send()
        .is(200)
        .body;
    assert_eq!(next["items"][0]["command"], "sweep", "{next}");
    assert_eq!(next["next_cursor"], Value::Null);
    did("listRuns");
    let path = format!("/api/undo/{id}");
    api.request("POST", &path, operator).send().is(403);
    let shown = api
        .post(&path)
        .json(&json!({ "dry_run": true }))
        .send()
        .is(202);
    let shown = api.ended(shown.header("location"));
    assert_eq!(
        (
            &shown["dry_run"],
            &shown["targets"]["quickbooks"]["deleted"]
        ),
        (&json!(true), &json!(1)),
        "{shown}"
    );
    did("undoRun");
    let path = format!("/api/sync/failures/{problem}/retry");
    let again = api.request("POST", &path, operator).send().is(202);
    assert_eq!(api.ended(again.header("location"))["status"], "partial");
    did("retryFailure");
    let all = api
        .request("POST", "/api/sync/retry", operator)
        .send()
        .is(202);
    assert_eq!(api.ended(all.header("location"))["mode"], "selected");
    did("retryFailures");
    let path = format!("/api/sync/failures/{problem}/skip");
    api.request("POST", &path, operator)
        .json(&json!({ "why": "a test order" }))
        .send()
        .is(204);
    assert_eq!(
        api.get("/api/sync/failures").send().body["items"],
        json!([])
    );
    let aside = api
        .get("/api/sync/failures?state=set_aside")
        .send()
        .is(200)
        .body;
    assert_eq!(aside["items"][0]["id"], problem.as_str());
    did("skipFailure");
    // Conflicts.
    let conflict = disputed_phone(&world);
    let listed = api.get("/api/conflicts").send().is(200).body;
    let one = &listed["items"][0];
    assert_eq!(
        (&one["id"], &one["shop"]["value"]),
        (&json!(conflict), &json!("2"))
    );
    did("listConflicts");
    let path = format!("/api/conflicts/{conflict}/resolve");
    let body = json!({ "take": "books" });
    let viewer = Some(api.viewer.as_str());
    api.request("POST", &path, viewer)
        .json(&body)
        .send()
        .is(403);
    let wrong = json!({ "take": "books", "field": "company" });
    api.request("POST", &path, operator)
        .json(&wrong)
        .send()
        .is(422);
    let decided = api
        .request("POST", &path, operator)
        .json(&body)
        .send()
        .is(200)
        .body;
    assert_eq!(decided["conflict"]["decided"], "books");
    let unknown = "/api/conflicts/ZZZZ/resolve";
    api.request("POST", unknown, operator)
        .json(&body)
        .send()
        .is(404);
    did("resolveConflict");

    // What came of them.
    let history = api
        .get("/api/sync/history?entity=orders&limit=2")
        .send()
        .is(200)
        .body;
    assert_eq!(history["items"].as_array().map(Vec::len), Some(2));
    let csv = api
        .get("/api/sync/history")
        .header("accept", "text/csv")
        .send()
        .is(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(
        csv.text.starts_with("run_id,") && csv.text.lines().count() > 4,
        "{}",
        csv.text
    );
    let same = world.run("history --output csv --limit 200").ends_with(0);
    assert_eq!(csv.text, same.out, "the very table of the command line");
    did("listHistory");
    let metrics = api.get("/api/sync/metrics").send().is(200).body;
    assert_eq!(metrics, world.run("history metrics --json").json());
    did("getMetrics");

    // Proof.
    let proof = api
        .request("POST", "/api/reconcile", operator)
        .json(&json!({ "period": "2026-11" }))
        .send()
        .is(201);
    assert_eq!(proof.body["schema"], "udsync/reconcile/1");
    assert_eq!(proof.body["proven"], true, "{}", proof.body);
    let again = api
        .request("GET", proof.header("location"), operator)
        .send()
        .is(200);
    assert_eq!(again.body, proof.body);
    let nothing = api
        .request("POST", "/api/reconcile", operator)
        .json(&json!({}))
        .send()
        .is(422);
    assert_eq!(nothing.body["errors"][0]["pointer"], "/period");
    did("reconcile");
    did("getReconciliation");
    let kept = api
        .request("GET", "/api/reconcile", operator)
        .send()
        .is(200);
    assert_eq!(kept.body["items"].as_array().map(Vec::len), Some(1));
    did("listReconciliations");
    // Payouts.
    let account = json!({ "rows": [{ "id": "txn_1", "type": "adjustment", "amount": 500, "created": 1_793_577_600, "payout": "po_1" }],
        "payouts": [{ "id": "po_1", "amount": 500, "created": 1_793_577_600, "arrival": 1_793_664_000 }] });
    world.put_store("payments", &json!({ "account": account }));
    let listed = api
        .request("GET", "/api/payouts?from=2026-11-01&check=true", operator)
        .send()
        .is(200)
        .body;
    assert_eq!(listed["payouts"][0]["id"], "po_1", "{listed}");
    assert_eq!(
        listed["payouts"][0]["check"]["equations"][0]["state"],
        "holds"
    );
    did("listPayouts");
    let payout = api
        .request("GET", "/api/payouts/po_1?from=2026-11-01", operator)
        .send()
        .is(200)
        .body;
    assert_eq!(
        payout["payouts"][0]["rows"][0]["amount"], "5.00",
        "{payout}"
    );
    api.request("GET", "/api/payouts/po_9?from=2026-11-01", operator)
        .send()
        .refused_as(404, "payout_unknown");
    did("getPayout");
    api.request("POST", "/api/reconcile/differences/D4K7QX/accept", operator)
        .json(&json!({ "why": "there is none" }))
        .send()
        .is(404);
    let explained = api
        .request("GET", "/api/explain?what=4", operator)
        .send()
        .is(200);
    assert_eq!(explained.body["schema"], "udsync/explain/1");
    api.request("GET", "/api/explain?what=unheard-of", operator)
        .send()
        .is(404);
    did("explain");

    // Schedules.
    let nightly = json!({ "name": "nightly", "cron": "0 2 * * *", "mode": "full", "entities": ["orders"], "timezone": "America/Edmonton" });
    let added = api
        .request("POST", "/api/sync/schedules", operator)
        .json(&nightly)
        .send()
        .is(201);
    assert_eq!(added.header("location"), "/api/sync/schedules/nightly");
    assert_eq!(added.body["next_times"].as_array().map(Vec::len), Some(5));
    did("addSchedule");
    let got = api.get("/api/sync/schedules/nightly").send().is(200);
    let tag = got.header("etag").to_owned();
    assert_eq!(tag, added.header("etag"));
    api.get("/api/sync/schedules/nightly")
        .header("if-none-match", tag.clone())
        .send()
        .is(304);
    did("getSchedule");
    let changed = api
        .request("PUT", "/api/sync/schedules/nightly", operator)
        .header("if-match", tag.clone())
        .json(
            &json!({ "cron": "30 3 * * *", "entities": ["orders", "customers"], "enabled": false }),
        )
        .send()
        .is(200);
    assert_eq!(changed.body["next_times"], json!([]));
    assert_ne!(changed.header("etag"), tag);
    did("changeSchedule");
    let listed = api.get("/api/sync/schedules").send().is(200).body;
    assert_eq!(listed["items"][0]["cron"], "30 3 * * *");
    did("listSchedules");
    api.request("DELETE", "/api/sync/schedules/nightly", operator)
        .header("if-match", changed.header("etag"))
        .send()
        .is(204);
    api.get("/api/sync/schedules/nightly")
        .send()
        .refused_as(404, "not_there");
    did("removeSchedule");

    // Settings. Comments stay.
    let text = std::fs::read_to_string(&world.config).expect("read");
    std::fs::write(&world.config, text.replace("[sync]", "[sync] # mine")).expect("written");
    let config = api.get("/api/sync/config").send().is(200);
    did("getConfig");
    let changed = api
        .request("POST", "/api/sync/entity-config", operator)
        .header("if-match", config.header("etag"))
        .json(&json!({ "entity": "orders", "to": ["quickbooks"], "statuses": ["processing"], "start_date": "2026-01-01" }))
        .send()
        .is(200);
    let values = changed.body["values"].as_array().expect("values");
    let value = |key: &str| {
        values
            .iter()
            .find(|value| value["key"] == key)
            .map(|value| value["value"].clone())
    };
    assert_eq!(
        value("sync.orders.start_date"),
        Some(json!("2026-01-01")),
        "{}",
        changed.text
    );
    let text = std::fs::read_to_string(&world.config).expect("read");
    assert!(
        text.contains("[sync] # mine") && text.contains("[sync.orders]"),
        "{text}"
    );
    world.run("config check").ends_with(0);
    did("changeEntityConfig");
    let several = json!({ "changes": [
        { "entity": "orders", "statuses": ["completed", "processing"] },
        { "entity": "customers", "to": ["nowhere"] },
    ] });
    let refused = api.post("/api/sync/entity-configs").json(&several).send();
    refused.is(422);
    assert_eq!(
        std::fs::read_to_string(&world.config).expect("read"),
        text,
        "all of it, or nothing"
    );
    let several =
        json!({ "changes": [{ "entity": "orders", "statuses": ["processing", "completed"] }] });
    api.post("/api/sync/entity-configs")
        .json(&several)
        .send()
        .is(200);
    did("changeEntityConfigs");
    for wrong in [
        json!({ "entity": "orders", "direction": "both" }),
        json!({ "entity": "payments", "to": ["quickbooks"] }),
        json!({ "entity": "products" }),
    ] {
        api.post("/api/sync/entity-config")
            .json(&wrong)
            .send()
            .is(422);
    }
    let turned = api
        .post("/api/sync/direction")
        .json(&json!({ "entity": "payments", "direction": "both" }))
        .send()
        .is(200);
    assert!(
        turned.text.contains("sync.direction.payments"),
        "{}",
        turned.text
    );
    let text = std::fs::read_to_string(&world.config).expect("read");
    assert!(
        text.contains("[sync.direction]") && text.contains("payments = \"both\""),
        "{text}"
    );
    let wrong = json!({ "entity": "orders", "direction": "both" });
    api.post("/api/sync/direction").json(&wrong).send().is(422);
    let back = json!({ "entity": "payments", "direction": "to_books" });
    api.post("/api/sync/direction").json(&back).send().is(200);
    did("changeDirection");
    assert_eq!(
        api.get("/api/sync/sandbox").send().is(200).body["enabled"],
        false
    );
    did("getSandbox");
    api.post("/api/sync/sandbox")
        .json(&json!({ "enabled": false }))
        .send()
        .is(200);
    let refused = api
        .post("/api/sync/sandbox")
        .json(&json!({ "enabled": true }))
        .send()
        .refused_as(409, "needs_restart");
    assert_eq!(refused.body["command"], "udsync serve --sandbox");
    did("changeSandbox");

    // Looks.
    let looked = api.get("/api/doctor").send().is(200).body;
    assert!(
        looked["findings"]
            .as_array()
            .is_some_and(|found| found.len() > 10)
    );
    did("lookOver");
    let audit = api
        .get("/api/audit?actor=otto&limit=200")
        .send()
        .is(200)
        .body;
    let rows = audit["items"].as_array().expect("rows");
    let row = |action: &str| {
        let found = rows
            .iter()
            .find(|row| row["action"] == action && row["outcome"] == "done");
        found.unwrap_or_else(|| panic!("no {action}: {audit}"))
    };
    assert_eq!(row("changeSchedule")["before"]["cron"], "0 2 * * *");
    assert_eq!(row("changeSchedule")["after"]["cron"], "30 3 * * *");
    assert_eq!(row("startSync")["target"], id.as_str());
    assert_eq!(row("skipFailure")["after"]["why"], "a test order");
    assert_eq!(
        row("changeEntityConfig")["after"]["sync.orders.start_date"],
        "\"2026-01-01\""
    );
    did("listAudit");
    let document = api.get("/api/openapi.json").send().is(200).body;
    assert_eq!(document, openapi::document());
    did("getDocument");
    // These have tests of their own, below, in `api_connecting`, in `api_acting` and in `dashboard`.
    for id in [
        "acceptDifference",
        "answerFailure",
        "diffMapping",
        "getFailure",
        "restoreFailure",
        "tryMapping",
        "confirmRun",
        "followEvents",
        "listDeliveries",
        "replayDelivery",
        "listConnections",
        "getHealth",
        "getConnection",
        "connect",
        "disconnect",
        "testConnection",
        "authorize",
        "signedIn",
        "listMappings",
        "addMapping",
        "importMapping",
        "previewMapping",
        "getMapping",
        "changeMapping",
        "removeMapping",
        "exportMapping",
        "testMapping",
    ] {
        did(id);
    }
    let all: BTreeSet<&str> = operations().iter().map(|operation| operation.id).collect();
    let missing: Vec<&&str> = all.difference(&done).collect();
    assert!(
        missing.is_empty(),
        "nothing shows that these work: {missing:?}"
    );
}

/// Wrong input: what is sent, the status, and the places that are named.
#[test]
fn api_says_where_a_request_is_wrong() {
    let world = world();
    let api = Api::serve(&world);
    let cases: &[(&str, &str, Value, u16, &[&str])] = &[
        (
            "POST",
            "/api/sync/orders",
            json!({ "mode": "half" }),
            422,
            &["/mode"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "mod": "full" }),
            422,
            &["/mod"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "limit": 0, "dry_run": "yes" }),
            422,
            &["/dry_run", "/limit"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "filters": { "since": "2026-02-30" } }),
            422,
            &["/filters/since"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "filters": { "since": "2026-02-02", "until": "2026-01-01" } }),
            422,
            &["/filters/since"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "filters": { "status": ["wc-completed"] } }),
            422,
            &["/filters/status/0"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "ids": ["1", "x"] }),
            422,
            &["/ids/1"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "ids": ["1"], "limit": 1 }),
            422,
            &["/ids"],
        ),
        (
            "POST",
            "/api/sync/orders",
            json!({ "to": ["moon"] }),
            422,
            &["/to/0"],
        ),
        ("POST", "/api/sync/orders", json!([]), 422, &[""]),
        ("POST", "/api/sync/orders", json!(null), 422, &[""]),
        ("POST", "/api/sync/moon", json!({}), 404, &[]),
        ("POST", "/api/sync/dry-run", json!({}), 422, &["/entity"]),
        (
            "POST",
            "/api/sync/retry",
            json!({ "ids": ["ZZZZ"] }),
            422,
            &["/ids/0"],
        ),
        (
            "POST",
            "/api/sync/failures/ZZZZ/retry",
            Value::Null,
            404,
            &[],
        ),
        (
            "POST",
            "/api/undo/01939c2e-0000-7000-8000-000000000000",
            Value::Null,
            404,
            &[],
        ),
        (
            "POST",
            "/api/sync/failures/ZZZZ/skip",
            json!({ "why": "x" }),
            404,
            &[],
        ),
        (
            "POST",
            "/api/sync/schedules",
            json!({ "name": "Nightly", "cron": "0 2 * * *", "entities": [] }),
            422,
            &["/entities", "/name"],
        ),
        (
            "POST",
            "/api/sync/schedules",
            json!({ "name": "a", "cron": "soon", "entities": ["orders"] }),
            422,
            &["/cron"],
        ),
        (
            "POST",
            "/api/sync/schedules",
            json!({ "name": "a", "cron": "0 2 * * *", "entities": ["orders"], "timezone": "Moon" }),
            422,
            &["/timezone"],
        ),
        (
            "POST",
            "/api/sync/entity-config",
            json!({ "entity": "orders" }),
            422,
            &[""],
        ),
        (
            "POST",
            "/api/sync/entity-config",
            json!({ "entity": "orders", "to": ["supabase"] }),
            422,
            &["line 22"],
        ),
        (
            "GET",
            "/api/sync/status?limit=0",
            Value::Null,
            422,
            &["?limit"],
        ),
        (
            "GET",
            "/api/sync/status?limit=201",
            Value::Null,
            422,
            &["?limit"],
        ),
        (
            "GET",
            "/api/sync/status?limit=many",
            Value::Null,
            422,
            &["?limit"],
        ),
        (
            "GET",
            "/api/sync/status?limit=1&limit=2",
            Value::Null,
            422,
            &["?limit"],
        ),
        (
            "GET",
            "/api/sync/status?colour=red",
            Value::Null,
            422,
            &["?colour"],
        ),
        (
            "GET",
            "/api/sync/status?status=asleep",
            Value::Null,
            422,
            &["?status"],
        ),
        (
            "GET",
            "/api/sync/status?cursor=made-up",
            Value::Null,
            422,
            &["?cursor"],
        ),
        (
            "GET",
            "/api/sync/failures?cursor=WyJydW5zIiwiMSIsIjIiXQ",
            Value::Null,
            422,
            &["?cursor"],
        ),
        (
            "GET",
            "/api/sync/history?since=2026-01-02&until=2026-01-01",
            Value::Null,
            422,
            &["?since"],
        ),
        (
            "GET",
            "/api/sync/history?since=yesterday",
            Value::Null,
            422,
            &["?since"],
        ),
        ("GET", "/api/audit?shop=test", Value::Null, 422, &["?shop"]),
        (
            "GET",
            "/api/sync/status/00000000-0000-0000-0000-000000000000",
            Value::Null,
            404,
            &[],
        ),
        ("GET", "/api/sync/status/..%2Fstatus", Value::Null, 404, &[]),
        (
            "GET",
            "/api/sync/schedules/..%2f..%2fetc%2fpasswd",
            Value::Null,
            404,
            &[],
        ),
        ("GET", "/api/sync/status?shop=moon", Value::Null, 404, &[]),
        ("GET", "/api/nothing", Value::Null, 404, &[]),
        ("GET", "/api/", Value::Null, 404, &[]),
        ("DELETE", "/api/sync/status", Value::Null, 405, &[]),
        ("PATCH", "/api/sync/schedules", Value::Null, 405, &[]),
        ("TRACE", "/api/sync/schedules", Value::Null, 405, &[]),
        ("GET", "/api/sync/retry", Value::Null, 405, &[]),
    ];
    for (method, path, body, status, places) in cases {
        let mut request = api.request(method, path, Some(&api.owner));
        if *method == "POST" {
            request = request.json(body);
        }
        let reply = request.send();
        assert_eq!(
            reply.status, *status,
            "{method} {path} {body}: {}",
            reply.text
        );
        assert_eq!(
            reply.pointers(),
            *places,
            "{method} {path} {body}: {}",
            reply.text
        );
    }
    let known = api
        .request("DELETE", "/api/sync/schedules", Some(&api.owner))
        .send()
        .is(405);
    assert_eq!(known.header("allow"), "GET, POST");
}

#[test]
fn api_refuses_in_one_order() {
    let world = world();
    let api = Api::serve(&world);
    let viewer = Some(api.viewer.as_str());
    let operator = Some(api.operator.as_str());
    // Each is wrong in everything that comes after it, too.
    api.request("POST", "/api/sync/schedules", None)
        .raw("{")
        .send()
        .is(401);
    api.request("POST", "/api/sync/schedules", viewer)
        .raw("{")
        .send()
        .is(403);
    api.request("PUT", "/api/sync/schedules/none?x=1", operator)
        .header("accept", "image/png")
        .raw("{")
        .send()
        .is(404);
    api.request("PATCH", "/api/sync/schedules?x=1", operator)
        .header("accept", "image/png")
        .raw("{")
        .send()
        .is(405);
    api.request("POST", "/api/sync/schedules?x=1", operator)
        .header("accept", "image/png")
        .raw("{")
        .send()
        .refused_as(406, "not_acceptable");
    api.request("POST", "/api/sync/schedules?x=1", operator)
        .raw("{")
        .send()
        .refused_as(415, "media_type_unsupported");
    let json_type = |path: &'static str| {
        api.request("POST", path, operator)
            .header("content-type", "application/json; charset=utf-8")
    };
    json_type("/api/sync/schedules?x=1")
        .raw("{")
        .send()
        .refused_as(400, "body_unreadable");
    json_type("/api/sync/schedules?x=1")
        .raw("{}")
        .send()
        .is(422);
    api.request("POST", "/api/sync/schedules", operator)
        .json(&json!({ "name": "a", "cron": "0 2 * * *", "entities": ["orders"] }))
        .send()
        .is(201);
    let change = |body: Value| {
        api.request("PUT", "/api/sync/schedules/a", operator)
            .json(&body)
    };
    change(json!({ "cron": "soon", "entities": ["orders"] }))
        .send()
        .is(422);
    let right = json!({ "cron": "0 3 * * *", "entities": ["orders"] });
    change(right.clone())
        .send()
        .refused_as(428, "if_match_missing");
    change(right)
        .header("if-match", "\"000000000000\"")
        .send()
        .refused_as(412, "changed_meanwhile");
    // Whoever read it has not lost it.
    assert_eq!(
        api.get("/api/sync/schedules/a").send().body["cron"],
        "0 2 * * *"
    );
    let twice = json!({ "name": "a", "cron": "0 4 * * *", "entities": ["orders"] });
    api.request("POST", "/api/sync/schedules", operator)
        .json(&twice)
        .send()
        .refused_as(409, "schedule_exists");
    api.request("POST", "/api/sync/orders", operator)
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .raw("{}")
        .send()
        .refused_as(415, "media_type_unsupported");
}

#[test]
fn api_says_who_is_at_work() {
    let world = world();
    let api = Api::serve(&world);
    world.tell_store(
        "mishaps",
        json!({ "what": "delay", "ms": 1500, "times": 3 }),
    );
    let first = api
        .post("/api/sync/orders")
        .json(&json!({ "mode": "full" }))
        .send()
        .is(202);
    let id = first.body["sync_id"].as_str().expect("an id").to_owned();
    let refused = api
        .post("/api/sync/orders")
        .send()
        .refused_as(409, "run_in_progress");
    assert_eq!(refused.body["holder"]["run_id"], id.as_str());
    assert!(refused.body["since"].is_string(), "{}", refused.text);
    assert!(
        refused.body["progress"]["done"].is_u64(),
        "{}",
        refused.text
    );
    let going = api.get(first.header("location")).send().is(200).body;
    assert_eq!(going["status"], "running");
    assert!(going["progress"]["waiting_s"].is_u64(), "{going}");
    // A run of the command line waits for it like for any other.
    world.run("sync orders --wait 20s --yes").ends_with(3);
    api.ended(first.header("location"));
}

#[test]
fn api_does_the_same_once_under_one_key() {
    let world = world();
    let api = Api::serve(&world);
    let send = |key: &str, body: Value| {
        api.post("/api/sync/orders")
            .header("idempotency-key", key)
            .json(&body)
            .send()
    };
    let first = send("\"one\"", json!({ "mode": "full" })).is(202);
    assert_eq!(first.header("idempotent-replayed"), "");
    api.ended(first.header("location"));
    let again = send("\"one\"", json!({ "mode": "full" })).is(202);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(
        (&again.body, again.header("location")),
        (&first.body, first.header("location"))
    );
    // The twin in the body is the same key.
    let twin = api
        .post("/api/sync/orders")
        .json(&json!({ "mode": "full", "idempotency_key": "one" }))
        .send()
        .is(202);
    assert_eq!(twin.body, first.body);
    send("one", json!({ "mode": "incremental" })).refused_as(422, "key_of_another_request");
    let differs = send("one", json!({ "mode": "full", "idempotency_key": "two" })).is(422);
    assert_eq!(differs.pointers(), ["header Idempotency-Key"]);
    // Somebody else's key is another one, and a refusal is no answer to a key.
    let other = api
        .request("POST", "/api/sync/orders", Some(&api.operator))
        .header("idempotency-key", "one")
        .json(&json!({ "mode": "full" }))
        .send()
        .is(202);
    assert_ne!(other.body["sync_id"], first.body["sync_id"]);
    api.ended(other.header("location"));
    send("three", json!({ "mode": "half" })).is(422);
    let right = send("three", json!({ "mode": "full" })).is(202);
    api.ended(right.header("location"));
}

#[test]
fn api_confirms_a_plan_once_and_only_that_plan() {
    let world = World::of_orders(orders(1..=3));
    let text = std::fs::read_to_string(&world.config).expect("read");
    std::fs::write(
        &world.config,
        text.replace("confirm_over = 100000", "confirm_over = 2"),
    )
    .expect("written");
    let api = Api::serve(&world);
    assert_eq!(
        world.postings().len(),
        0,
        "the first look waits for a word too"
    );
    let refused = |body: Value| {
        let run = api.runs("/api/sync/orders", &body);
        assert_eq!(run["status"], "refused", "{run}");
        assert_eq!(run["error"]["code"], "confirmation_needed");
        assert!(run["confirm_expires_at"].is_string());
        run["confirm_token"].as_str().expect("a token").to_owned()
    };
    api.post("/api/sync/confirm/made-up")
        .send()
        .refused_as(404, "confirmation_unknown");
    let first = refused(json!({}));
    world.put_order(&order(4), &json!([]), false);
    let path = format!("/api/sync/confirm/{first}");
    let other = api.post(&path).send().is(202);
    let other = api.ended(other.header("location"));
    assert_eq!(
        (&other["status"], &other["error"]["code"]),
        (&json!("refused"), &json!("plan_changed")),
        "{other}"
    );
    let second = refused(json!({}));
    let path = format!("/api/sync/confirm/{second}");
    let confirmed = api
        .request("POST", &path, Some(&api.operator))
        .send()
        .is(202);
    assert_eq!(
        api.ended(confirmed.header("location"))["status"],
        "succeeded"
    );
    assert_eq!(world.postings().len(), 4);
    api.post(&path).send().refused_as(410, "confirmation_gone");
    // What somebody could still have used is in no audit.
    assert!(
        !api.get("/api/audit?limit=200")
            .send()
            .text
            .contains(&second)
    );
}

#[test]
fn api_shows_each_token_its_own_shops() {
    let world = world();
    let added = |line: &str| {
        let added = world
            .run(&format!("access add {line} --json"))
            .ends_with(0)
            .json();
        added["token"].as_str().expect("a token").to_owned()
    };
    let all = added("all --role owner --all-shops");
    let api = Api::serve(&world);
    let ask = |token: &str, path: &'static str| api.request("GET", path, Some(token)).send().status;
    assert_eq!(ask(&all, "/api/sync/status"), 200);
    assert_eq!(ask(&all, "/api/sync/status?shop=test"), 200);
    assert_eq!(ask(&all, "/api/sync/status?shop=other"), 404);
    api.request("GET", "/api/sync/status?shop=other", Some(&all))
        .send()
        .refused_as(404, "shop_unknown");
    // A token for a shop that is not served sees none.
    let by_hand =
        rusqlite::Connection::open(world.home.path().join("udsync_access.db")).expect("opens");
    by_hand
        .execute(
            "UPDATE users SET shops = '{\"these\":[\"other\"]}' WHERE name = 'all'",
            [],
        )
        .expect("changed");
    assert_eq!(ask(&all, "/api/sync/status"), 404);
    assert_eq!(ask(&all, "/api/sync/status?shop=test"), 404);
}

#[test]
fn api_events_tell_of_a_run_elsewhere_that_was_over_before_anybody_looked() {
    let world = world();
    let api = Api::serve(&world);
    let run = world.run("sync orders --yes --json").json()["run_id"].clone();
    let mut stream = connect(&api);
    let head = format!(
        "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        api.viewer
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut heard = String::new();
    read_until(&mut stream, &mut heard, run.as_str().expect("an id"));
    assert!(heard.contains("event: now"), "{heard}");
}

#[test]
fn api_events_go_on_where_a_listener_was() {
    let world = world();
    let api = Api::serve(&world);
    let listen = |last: &str| {
        let mut stream = connect(&api);
        let head = format!(
            "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n{last}\r\n",
            api.viewer
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    };
    let mut stream = listen("");
    let mut heard = String::new();
    read_until(&mut stream, &mut heard, "retry: 3000");
    assert!(heard.contains("text/event-stream"), "{heard}");
    let run = api.post("/api/sync/orders").send().is(202);
    read_until(&mut stream, &mut heard, "event: run");
    api.ended(run.header("location"));
    read_until(&mut stream, &mut heard, "\"partial\"");
    let first = heard
        .lines()
        .find_map(|line| line.strip_prefix("id: "))
        .expect("an id")
        .to_owned();
    drop(stream);
    let mut again = String::new();
    let mut stream = listen(&format!("Last-Event-ID: {first}\r\n"));
    read_until(&mut stream, &mut again, "\"partial\"");
    assert!(
        !again.contains(&format!("id: {first}\r\n")) && !again.contains(&format!("id: {first}\n"))
    );
    assert!(!again.contains("event: gap"), "{again}");
    let mut gap = String::new();
    read_until(&mut listen("Last-Event-ID: 1\r\n"), &mut gap, "event: gap");
    let mut wrong = String::new();
    read_until(
        &mut listen("Last-Event-ID: x\r\n"),
        &mut wrong,
        "Last-Event-ID",
    );
    assert!(wrong.starts_with("HTTP/1.1 422"), "{wrong}");
    // Whoever may not come in any more hears nothing more.
    world.run("access revoke vera").ends_with(0);
    let began = Instant::now();
    let mut rest = Vec::new();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("set");
    let _ = stream.read_to_end(&mut rest);
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
}

fn connect(api: &Api) -> TcpStream {
    let address = api.url.strip_prefix("http://").expect("an address");
    let stream = TcpStream::connect(address).expect("connected");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("set");
    stream
}

#[track_caller]
fn read_until(stream: &mut TcpStream, heard: &mut String, wanted: &str) {
    let mut piece = [0_u8; 4096];
    while !heard.contains(wanted) {
        let read = stream.read(&mut piece).expect("it says something in time");
        assert!(read > 0, "`{wanted}` was not in\n{heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
}

/// Sends bytes as they are, and answers all that came back.
fn raw(api: &Api, bytes: &[u8]) -> String {
    let mut stream = connect(api);
    stream.write_all(bytes).expect("sent");
    let mut answer = Vec::new();
    let _ = stream.set_read_timeout(Some(Duration::from_millis(1500)));
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn api_answers_no_odd_request_twice() {
    let world = world();
    let api = Api::serve(&world);
    let token = &api.owner;
    let head = format!(
        "POST /api/sync/sandbox HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    );
    let hidden = format!(
        "GET /api/audit HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let odd = [
        format!("{head}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}"),
        format!("{head}Content-Length: 5\r\nContent-Length: 0\r\n\r\n{hidden}"),
        format!("{head}Content-Length: +5\r\n\r\n{hidden}"),
        format!("{head}X: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
        format!("{head}X: a\0b\r\nContent-Length: 0\r\n\r\n"),
        format!(
            "GET /api/audit HTTP/1.1\r\nHost: evil.test\r\nAuthorization: Bearer {token}\r\n\r\n"
        ),
        format!(
            "GET http://evil.test/api/audit HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        ),
        format!(
            "GET /api/audit HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\nAuthorization: Bearer {token}\r\n\r\n"
        ),
    ];
    for request in &odd {
        let answer = raw(&api, request.as_bytes());
        let shown = request.replace(token.as_str(), "TOKEN");
        assert!(!answer.contains("udsync/audit/1"), "{shown}\n{answer}");
    }
}

#[test]
fn api_takes_no_body_over_its_limit() {
    let world = world();
    let api = Api::serve(&world);
    api.get("/api/sync/status?limit=0")
        .send()
        .refused_as(422, "request_wrong");
    let large = format!("{{\"mode\": \"{}\"}}", "x".repeat(1 << 20));
    let reply = api
        .post("/api/sync/orders")
        .header("content-type", "application/json")
        .raw(large)
        .send();
    reply.refused_as(413, "body_too_large");
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    api.post("/api/sync/orders")
        .header("content-type", "application/json")
        .raw(deep)
        .send()
        .refused_as(400, "body_unreadable");
}

#[test]
fn api_answers_hold_no_secret() {
    let world = world();
    let api = Api::serve(&world);
    api.runs("/api/sync/orders", &json!({ "mode": "full" }));
    let secrets = [
        crate::world::SECRET,
        crate::world::KEY,
        crate::world::CLIENT_SECRET,
        crate::world::REFRESH_TOKEN,
        api.owner.as_str(),
        api.viewer.as_str(),
    ];
    for operation in operations()
        .iter()
        .filter(|operation| operation.method == "GET" && !operation.path.contains('{'))
    {
        if ["followEvents", "signedIn"].contains(&operation.id) {
            continue;
        }
        let asks = match operation.id {
            "explain" => "?what=1",
            _ => "",
        };
        let path = format!("/api{}{asks}", operation.path);
        let reply = api.get(&path).send();
        // An order of which nothing is known is a refusal, and so are payouts of a shop without a payment service: they must keep as still.
        let is_told = [200, 404, 409].contains(&reply.status);
        assert!(is_told, "{path}: {}", reply.text);
        for secret in secrets {
            assert!(!reply.text.contains(secret), "{path}");
        }
    }
    // A HEAD is a GET without its body, and changes nothing.
    let head = api
        .request("HEAD", "/api/sync/status", Some(&api.viewer))
        .send();
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[test]
fn api_schemas_notice_what_is_not_in_the_document() {
    let document = openapi::document();
    let components = &document["components"]["schemas"];
    let wrong = |value: Value| schema::mistakes(&components["Started"], &value, components).len();
    let right = json!({ "schema": "udsync/started/1", "sync_id": "0192f0c1-0000-7000-8000-000000000000", "status": "running",
                        "entity": "orders", "mode": "full", "dry_run": false, "started_at": "2026-11-28T12:00:00Z" });
    assert_eq!(wrong(right.clone()), 0);
    let mut more = right.clone();
    more["new"] = json!(1);
    assert_eq!(wrong(more), 1, "a field that nobody described");
    let mut less = right;
    less["sync_id"] = json!("x");
    assert_eq!(wrong(less), 1);
}

#[test]
fn api_ends_with_its_streams_when_it_is_asked_to() {
    let world = world();
    let api = Api::serve(&world);
    let mut stream = connect(&api);
    let head = format!(
        "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        api.viewer
    );
    stream.write_all(head.as_bytes()).expect("sent");
    read_until(&mut stream, &mut String::new(), "retry:");
    api.ask_to_end();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    // The stream itself came to its end: whoever is cut off when the time is up never reads the last chunk.
    assert!(
        rest.ends_with(b"0\r\n\r\n"),
        "{:?}",
        String::from_utf8_lossy(&rest)
    );
    until("it has ended", || {
        TcpStream::connect(api.url.strip_prefix("http://").expect("an address")).is_err()
    });
}

/// A stream that is open, and what it has said so far.
fn follow(api: &Api, token: &str) -> (TcpStream, String) {
    let mut stream = connect(api);
    let head = format!(
        "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut heard = String::new();
    read_until(&mut stream, &mut heard, "\r\n\r\n");
    (stream, heard)
}

#[test]
fn api_ends_with_code_0_in_time_while_somebody_follows_its_events() {
    let world = world();
    let api = Api::serve(&world);
    let (mut stream, mut heard) = follow(&api, &api.viewer);
    read_until(&mut stream, &mut heard, "retry:");
    // Whoever reads nothing any more holds up nobody either.
    let (_deaf, _) = follow(&api, &api.viewer);
    let began = Instant::now();
    api.ask_to_end();
    assert_eq!(api.ended_with(), Some(0));
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
    let _ = stream.read_to_string(&mut heard);
}

#[test]
fn api_streams_of_one_name_leave_room_for_others() {
    const EACH_MAX: usize = 16;
    let world = world();
    let api = Api::serve(&world);
    let mut open = Vec::new();
    for _ in 0..EACH_MAX {
        let (stream, heard) = follow(&api, &api.viewer);
        assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
        open.push(stream);
    }
    api.request("GET", "/api/events", Some(&api.viewer))
        .send()
        .refused_as(429, "too_many_streams");
    let (_other, heard) = follow(&api, &api.owner);
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
    // Whoever goes away makes room.
    drop(open.pop());
    until("there is room again", || {
        let (stream, heard) = follow(&api, &api.viewer);
        drop(stream);
        heard.starts_with("HTTP/1.1 200")
    });
}

/// Many change the same thing, and all of them saw it as it was: one of them does, and the others are told.
#[test]
fn api_of_many_who_change_the_same_thing_at_once_one_does() {
    const HANDS: usize = 8;
    let world = world();
    let api = Api::serve(&world);
    let definition =
        |minute: usize| json!({ "cron": format!("{minute} 2 * * *"), "entities": ["orders"] });
    let mut new = definition(0);
    new["name"] = json!("a");
    api.post("/api/sync/schedules").json(&new).send().is(201);
    let content = api
        .get("/api/mappings/woocommerce-quickbooks.orders/export")
        .send()
        .is(200)
        .body;
    api.post("/api/mappings")
        .json(&json!({ "mapping": content }))
        .send()
        .is(201);
    let mapping = |nth: usize| {
        let text = content.to_string();
        let other = text.replace("Woo order", &format!("Order {nth} of the shop:"));
        assert_ne!(text, other);
        json!({ "mapping": serde_json::from_str::<Value>(&other).expect("JSON") })
    };
    let config = |nth: usize| json!({ "entity": "orders", "statuses": [format!("status-{nth}")] });
    type Made<'a> = &'a dyn Fn(usize) -> Value;
    let all: [(&str, &str, &str, Made<'_>); 3] = [
        (
            "PUT",
            "/api/sync/schedules/a",
            "/api/sync/schedules/a",
            &|nth| definition(nth + 1),
        ),
        (
            "PUT",
            "/api/mappings/woocommerce-quickbooks.orders",
            "/api/mappings/woocommerce-quickbooks.orders",
            &mapping,
        ),
        (
            "POST",
            "/api/sync/entity-config",
            "/api/sync/config",
            &config,
        ),
    ];
    for (method, path, seen, made) in all {
        for _ in 0..3 {
            let tag = api.get(seen).send().is(200).header("etag").to_owned();
            let bodies: Vec<Value> = (0..HANDS).map(made).collect();
            let answers: Vec<u16> = std::thread::scope(|scope| {
                let hands: Vec<_> = bodies
                    .iter()
                    .map(|body| {
                        let (api, tag) = (&api, &tag);
                        scope.spawn(move || {
                            let request = api.request(method, path, Some(&api.owner));
                            let request = request.header("if-match", tag.clone());
                            request.json(body).send().status
                        })
                    })
                    .collect();
                let hands = hands.into_iter();
                hands.map(|hand| hand.join().expect("answered")).collect()
            });
            let done = answers.iter().filter(|status| **status == 200).count();
            let told = answers.iter().filter(|status| **status == 412).count();
            assert_eq!((done, told), (1, HANDS - 1), "{path}: {answers:?}");
            // The next round begins with something else.
            let now = api.get(seen).send().is(200).header("etag").to_owned();
            let other = made(HANDS + 9);
            let request = api.request(method, path, Some(&api.owner));
            request.header("if-match", now).json(&other).send().is(200);
        }
    }
}

#[test]
fn api_answers_while_somebody_else_holds_the_file_of_people() {
    let world = world();
    let api = Api::serve(&world);
    let invited = world
        .run("access invite anna --role viewer --json")
        .ends_with(0)
        .json();
    let link = invited["url"].as_str().expect("a link").to_owned();
    let (_, path) = link.split_once("/invite/").expect("an invitation");
    let holder = rusqlite::Connection::open(world.home.path().join("udsync_access.db"));
    let holder = holder.expect("it opens");
    holder
        .execute_batch("BEGIN EXCLUSIVE")
        .expect("nobody else may write now");
    let began = Instant::now();
    for token in [&api.owner, &api.operator, &api.viewer] {
        api.request("GET", "/api/sync/failures", Some(token))
            .send()
            .is(200);
    }
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    // What cannot be written is not said to be, and is said soon.
    let refused = api
        .request("POST", &format!("/invite/{path}"), None)
        .header("origin", api.url.clone())
        .send()
        .refused_as(503, "state_busy");
    assert!(
        refused.body["detail"]
            .as_str()
            .is_some_and(|words| words.contains("busy"))
    );
    assert_eq!(refused.header("retry-after"), "2");
    holder.execute_batch("ROLLBACK").expect("others may write");
    api.request("POST", &format!("/invite/{path}"), None)
        .header("origin", api.url.clone())
        .send()
        .is(303);
}

#[test]
fn api_takes_a_mapping_over_and_sets_a_problem_aside_once_for_a_key() {
    let world = world();
    let api = Api::serve(&world);
    let content = api
        .get("/api/mappings/woocommerce-quickbooks.orders/export")
        .send()
        .is(200)
        .body;
    let twice = |path: &str, body: Value| {
        let send = || {
            let request = api.post(path).header("idempotency-key", path);
            request.json(&body).send()
        };
        let (first, second) = (send(), send());
        assert!((200..300).contains(&first.status), "{path}: {}", first.text);
        assert_eq!(
            (second.status, &second.text),
            (first.status, &first.text),
            "{path}"
        );
        assert_eq!(second.header("idempotent-replayed"), "true", "{path}");
    };
    twice("/api/mappings/import", json!({ "mapping": content }));
    let failures = api.get("/api/sync/failures").send().is(200).body;
    let id = failures["items"][0]["id"].as_str().expect("one is held");
    twice(
        &format!("/api/sync/failures/{id}/skip"),
        json!({ "why": "entered by hand" }),
    );
}

/// More than `[unattended]` allows stops where nobody is there, and goes on when somebody has looked at that very plan.
#[test]
fn api_confirms_a_run_that_nobody_watched_and_that_would_change_too_much() {
    let world = World::of_orders(orders(1..=5));
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    std::fs::write(
        &world.config,
        format!("{text}\n[unattended]\nmax_changes = 4\n"),
    )
    .expect("written");
    let api = Api::serve(&world);
    let listed = api.get("/api/sync/status").send().is(200).body;
    let swept = &listed["items"][0];
    assert_eq!(
        (&swept["command"], &swept["status"]),
        (&json!("sweep"), &json!("refused")),
        "{listed}"
    );
    let id = swept["run_id"].as_str().expect("an id");
    let refused = api
        .get(&format!("/api/sync/status/{id}"))
        .send()
        .is(200)
        .body;
    assert_eq!(refused["error"]["code"], "too_many_changes", "{refused}");
    let token = refused["confirm_token"].as_str().expect("a token");
    assert!(refused["confirm_expires_at"].is_string(), "{refused}");
    // Other runs meanwhile change nothing about it.
    for _ in 0..3 {
        api.runs("/api/sync/dry-run", &json!({ "entity": "orders" }));
    }
    let confirm = format!("/api/sync/confirm/{token}");
    let started = api.post(&confirm).send().is(202);
    let run = api.ended(started.header("location"));
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(run["targets"]["quickbooks"]["created"], 5, "{run}");
    api.post(&confirm)
        .send()
        .refused_as(410, "confirmation_gone");
    // The same for what a request itself allows.
    for id in 6..=8 {
        world.put_order(&order(id), &json!([]), false);
    }
    let run = api.runs("/api/sync/orders", &json!({ "max_changes": 2 }));
    assert_eq!(run["error"]["code"], "too_many_changes", "{run}");
    let token = run["confirm_token"].as_str().expect("a token");
    let started = api
        .post(&format!("/api/sync/confirm/{token}"))
        .send()
        .is(202);
    let run = api.ended(started.header("location"));
    assert_eq!(run["targets"]["quickbooks"]["created"], 3, "{run}");
}

#[test]
fn api_writes_down_what_was_done_for_somebody_who_hung_up() {
    let world = world();
    let api = Api::serve(&world);
    // The state file is made by the first who needs it.
    api.get("/api/sync/schedules").send().is(200);
    let holder = rusqlite::Connection::open(world.state()).expect("the state opens");
    holder
        .execute_batch("BEGIN IMMEDIATE")
        .expect("nobody else may write now");
    let body = json!({ "name": "a", "cron": "0 2 * * *", "entities": ["orders"] }).to_string();
    let address = api.url.trim_start_matches("http://");
    let mut line = TcpStream::connect(address).expect("connects");
    write!(
        line,
        "POST /api/sync/schedules HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        api.owner,
        body.len()
    )
    .expect("sent");
    // It is being worked on, and waits for the state file.
    std::thread::sleep(Duration::from_millis(500));
    drop(line);
    std::thread::sleep(Duration::from_millis(200));
    holder.execute_batch("ROLLBACK").expect("others may write");
    until("it is written down", || {
        let audit = world.run("access audit --json").ends_with(0).json();
        audit["items"]
            .as_array()
            .is_some_and(|rows| rows.iter().any(|row| row["action"] == "addSchedule"))
    });
}

#[test]
fn api_answers_no_key_twice_at_once() {
    let world = world();
    let api = Api::serve(&world);
    // The state file is made by the first who needs it.
    api.get("/api/sync/schedules").send().is(200);
    let body = json!({ "name": "a", "cron": "0 2 * * *", "entities": ["orders"] });
    let send = || {
        let request = api
            .post("/api/sync/schedules")
            .header("idempotency-key", "one");
        request.json(&body).send()
    };
    let holder = rusqlite::Connection::open(world.state()).expect("the state opens");
    holder
        .execute_batch("BEGIN IMMEDIATE")
        .expect("nobody else may write now");
    std::thread::scope(|scope| {
        let first = scope.spawn(send);
        // By now it is at work, and waits for the state file.
        std::thread::sleep(Duration::from_secs(1));
        send().refused_as(409, "key_under_way");
        holder.execute_batch("ROLLBACK").expect("others may write");
        first.join().expect("answered").is(201);
    });
    assert_eq!(send().is(201).header("idempotent-replayed"), "true");
}

#[test]
fn api_serves_shops_apart() {
    let world = world();
    let folder = world.home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("made");
    let text = std::fs::read_to_string(&world.config).expect("read");
    for name in ["one", "two"] {
        let text = text
            .replace("name = \"test\"", &format!("name = \"{name}\""))
            .replace("state = \"test.db\"\n", "");
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("written");
    }
    let token = |line: &str| {
        let added = world
            .run(&format!("access add {line} --json"))
            .ends_with(0)
            .json();
        added["token"].as_str().expect("a token").to_owned()
    };
    let (both, first) = (
        token("both --role owner --shop one --shop two"),
        token("first --role owner --shop one"),
    );
    let api = Api::serve_shops(&world, ["one", "two"], &both);
    let ask = |token: &str, path: &'static str| api.request("GET", path, Some(token)).send();
    let unclear = ask(&both, "/api/sync/schedules").refused_as(422, "shop_unclear");
    assert_eq!(unclear.pointers(), ["?shop"]);
    ask(&both, "/api/sync/schedules?shop=two").is(200);
    ask(&first, "/api/sync/schedules").is(200);
    ask(&first, "/api/sync/schedules?shop=two").refused_as(404, "shop_unknown");
    let body = json!({ "name": "a", "cron": "0 2 * * *", "entities": ["orders"] });
    api.request("POST", "/api/sync/schedules", Some(&first))
        .json(&body)
        .send()
        .is(201);
    assert_eq!(
        ask(&both, "/api/sync/schedules?shop=two").is(200).body["items"],
        json!([])
    );
    // What was done in the other shop is none of an owner's of one.
    api.request("POST", "/api/sync/schedules?shop=two", Some(&both))
        .json(&body)
        .send()
        .is(201);
    let seen = ask(&first, "/api/audit").is(200).body;
    let shops: Vec<&Value> = seen["items"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["shop"])
        .collect();
    assert!(
        !shops.is_empty() && shops.iter().all(|shop| **shop == "one"),
        "{shops:?}"
    );
}

#[test]
fn api_of_the_sandbox_has_nothing_to_configure() {
    let world = world();
    let state = world.home.path().join("sandbox.db");
    let state = state.to_str().expect("text");
    let added = world
        .run(&format!(
            "access add all --role owner --all-shops --state {state} --json"
        ))
        .ends_with(0)
        .json();
    let token = added["token"].as_str().expect("a token");
    let api = Api::serve_sandbox(&world, state, token);
    let post = |path: &'static str, body: Value| api.post(path).json(&body).send();
    assert_eq!(
        api.get("/api/sync/sandbox").send().is(200).body["enabled"],
        true
    );
    post(
        "/api/sync/entity-config",
        json!({ "entity": "orders", "to": ["quickbooks"] }),
    )
    .refused_as(409, "sandbox_has_no_file");
    let keys = json!({ "url": "http://127.0.0.1:1", "key": "ck_1", "secret": "cs_1" });
    post("/api/integrations/woocommerce/credentials", keys).refused_as(409, "sandbox_is_connected");
    // It sweeps all the time, so the lock is somebody else's now and then. In the sandbox nothing asks.
    let mut started = None;
    until("it is our turn", || {
        let body = json!({ "mode": "full", "to": ["quickbooks"] });
        let reply = post("/api/sync/orders", body);
        started = (reply.status == 202).then(|| reply.header("location").to_owned());
        started.is_some()
    });
    let run = api.ended(&started.expect("it is"));
    assert!(
        ["succeeded", "partial"].contains(&run["status"].as_str().unwrap_or_default()),
        "{run}"
    );
}

#[test]
fn api_lists_deliveries_and_looks_again() {
    use base64::Engine;
    use hmac::{KeyInit, Mac};
    const SECRET: &str = "a-secret-of-this-test";
    let world = world();
    let api = Api::serve_signed(&world, SECRET);
    assert_eq!(
        api.get("/api/webhooks/deliveries").send().is(200).body["items"],
        json!([])
    );
    api.post("/api/webhooks/deliveries/1/replay").send().is(404);
    let body = json!({ "id": 1 }).to_string();
    let mut mac =
        hmac::Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
    mac.update(body.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    api.request("POST", "/api/webhooks/woocommerce", None)
        .header("content-type", "application/json")
        .header("x-wc-webhook-signature", signature)
        .header("x-wc-webhook-topic", "order.updated")
        .header("x-wc-webhook-resource", "order")
        .header("x-wc-webhook-event", "updated")
        .header("x-wc-webhook-id", "1")
        .header("x-wc-webhook-delivery-id", "1")
        .raw(body)
        .send()
        .is(200);
    let listed = api
        .get("/api/webhooks/deliveries?source=woocommerce&verdict=queued")
        .send()
        .is(200)
        .body;
    assert_eq!(
        listed["items"][0]["keys"],
        json!([{ "kind": "order", "id": "1" }]),
        "{listed}"
    );
    let id = listed["items"][0]["id"].as_str().expect("an id");
    let path = format!("/api/webhooks/deliveries/{id}/replay");
    api.request("POST", &path, Some(&api.viewer)).send().is(403);
    let again = api
        .request("POST", &path, Some(&api.operator))
        .send()
        .is(202)
        .body;
    assert_eq!(again["keys"], listed["items"][0]["keys"]);
    assert_eq!(
        api.get("/api/webhooks/deliveries?verdict=odd")
            .send()
            .is(200)
            .body["items"],
        json!([])
    );
}
