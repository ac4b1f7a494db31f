//! What a real shop did on each of these writes, done here again: the answer, the mails, the stock, the webhooks and the notes.
//!
//! Each recording holds the state after it and what had changed, so that the state before can be put together. Ids of meta and refunds,
//! times of day and links are not compared; that something was dated is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine;
use serde_json::{Map, Value, json};

use super::super::api::{Incoming, answer};
use super::super::query::ShopQuery;
use super::super::shop::ShopShop;

/// What the stand-in does otherwise, and why it may.
const OTHERWISE: &[(&str, &str)] = &[
    // The refund that a full one leaves is made before the answer is, so the order is shown with it.
    ("processing-status-refunded", "refunds"),
];

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/recorded/woocommerce/writes"
    ))
}

fn recordings() -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).expect("the recordings are there") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("readable");
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        all.insert(
            name,
            serde_json::from_str(&text).expect("a recording is JSON"),
        );
    }
    all
}

/// The steps of a path such as `line_items[0].meta_data`.
fn steps(path: &str) -> Vec<String> {
    path.replace('[', ".")
        .replace(']', "")
        .split('.')
        .map(str::to_owned)
        .collect()
}

fn put_at(value: &mut Value, path: &[String], new: Option<&Value>) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let index = first.parse::<usize>().ok();
    if rest.is_empty() {
        match (value, index, new) {
            (Value::Array(list), Some(at), Some(new)) if at < list.len() => list[at] = new.clone(),
            (Value::Array(list), Some(at), None) if at < list.len() => drop(list.remove(at)),
            (Value::Object(map), _, Some(new)) => drop(map.insert(first.clone(), new.clone())),
            (Value::Object(map), _, None) => drop(map.remove(first)),
            _ => {}
        }
        return;
    }
    match (value, index) {
        (Value::Array(list), Some(at)) => {
            if new.is_some() && at == list.len() {
                list.push(json!({}));
            }
            if let Some(inner) = list.get_mut(at) {
                put_at(inner, rest, new);
            }
        }
        (Value::Object(map), _) => {
            if let Some(inner) = map.get_mut(first) {
                put_at(inner, rest, new);
            }
        }
        _ => {}
    }
}

/// The thing as it was, from what it became. A list that is empty on one side is told as such, and on the other by what is in it.
fn before(after: &Value, effect: &Value) -> Value {
    let mut before = after.clone();
    let changed = effect["changed"].as_array().cloned().unwrap_or_default();
    let is_empty = |value: &Value| *value == json!([]) || *value == json!({});
    let path = |one: &Value| steps(one["path"].as_str().unwrap_or(""));
    let (absent, known): (Vec<&Value>, Vec<&Value>) =
        changed.iter().partition(|one| one["before"] == "(absent)");
    for one in absent.iter().filter(|one| !is_empty(&one["after"])) {
        put_at(&mut before, &path(one), None);
    }
    for one in known {
        put_at(&mut before, &path(one), Some(&one["before"]));
    }
    before
}

/// Without what differs from one reading to the next.
fn bare(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(bare).collect(),
        Value::Object(map) => {
            let mut kept = Map::new();
            for (name, value) in map {
                let is_date = name.starts_with("date_") && !name.starts_with("date_on_sale");
                let shown = match name.as_str() {
                    "_links" | "related_ids" | "price_html" | "avatar_url" | "permalink"
                    | "version" => continue,
                    "id" => continue,
                    "date_modified" | "date_modified_gmt" => continue,
                    _ if is_date => json!(if value.is_null() { "undated" } else { "dated" }),
                    _ => bare(value),
                };
                kept.insert(name.clone(), shown);
            }
            Value::Object(kept)
        }
        other => other.clone(),
    }
}

/// What a real shop had besides, for the recordings that look at others.
fn besides(setup: &mut Value) {
    let has = |list: &Value, id: u64| {
        list.as_array()
            .is_some_and(|all| all.iter().any(|one| one["id"] == id))
    };
    let lamp = json!({"id": 924, "type": "simple", "status": "publish", "name": "Write Lamp", "sku": "REC-STK",
        "manage_stock": true, "stock_quantity": 0, "virtual": false, "downloadable": false});
    if !has(&setup["products"], 924) {
        setup["products"].as_array_mut().expect("a list").push(lamp);
    }
    let owner = json!({"id": 1, "email": "admin@shop.test", "role": "administrator", "username": "admin",
        "billing": {}, "shipping": {}});
    if !has(&setup["customers"], 1) {
        setup["customers"]
            .as_array_mut()
            .expect("a list")
            .push(owner);
    }
}

const GST_NOW: &str = "6.0000";

fn shop_of(name: &str, recording: &Value) -> ShopShop {
    let said: Value = serde_json::from_str(recording["response"]["body"].as_str().unwrap_or(""))
        .unwrap_or_default();
    let (mut orders, mut products, mut customers) = (Vec::new(), Vec::new(), Vec::new());
    let mut refunds = json!({});
    for (thing, effect) in recording["effects"].as_object().into_iter().flatten() {
        let Some((kind, id)) = thing
            .split_once('/')
            .filter(|_| effect["before"].is_object())
        else {
            continue;
        };
        let is_answer = said["id"] == effect["before"]["id"] && said["code"].is_null();
        let is_order_answer =
            is_answer && said["line_items"].is_array() && said["amount"].is_null();
        let known = match kind {
            "orders" if is_order_answer => before(&said, effect),
            "orders" => {
                let mut order = effect["before"].clone();
                for one in effect["changed"].as_array().into_iter().flatten() {
                    let is_whole = !one["path"].as_str().unwrap_or("").contains(['[', '.']);
                    if is_whole && one["before"] != "(absent)" {
                        order[one["path"].as_str().unwrap_or("")] = one["before"].clone();
                    }
                }
                order["refunds"] = json!([]);
                order["payment_method"] = json!("bacs");
                order
            }
            _ if is_answer => before(&said, effect),
            _ => effect["before"].clone(),
        };
        match kind {
            "orders" => orders.push(known),
            "products" if id.contains('/') => {
                let (parent, _) = id.split_once('/').expect("just seen");
                let mut known = known;
                known["type"] = json!("variation");
                known["parent_id"] = json!(parent.parse::<u64>().expect("an id"));
                products.push(known);
            }
            "products" => products.push(known),
            "customers" => {
                let mut known = known;
                if known["role"].is_null() {
                    known["role"] = json!(if id == "1" {
                        "administrator"
                    } else {
                        "customer"
                    });
                }
                customers.push(known);
            }
            _ => {}
        }
    }
    for (id, stock) in recording["effects"]["stock"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let id: u64 = id.parse().expect("an id");
        let figure = stock["before"]
            .as_str()
            .and_then(|text| text.parse::<i64>().ok());
        if !products.iter().any(|one| one["id"] == id) {
            products.push(json!({"id": id, "type": "simple", "status": "publish", "name": "Write Lamp", "sku": "REC-STK",
                "manage_stock": figure.is_some(), "stock_quantity": figure, "virtual": false, "downloadable": false}));
        }
    }
    for order in &mut orders {
        let known = order["refunds"].as_array().cloned().unwrap_or_default();
        let whole: Vec<Value> = known
            .iter()
            .map(|one| json!({"id": one["id"], "amount": one["total"].as_str().unwrap_or("").trim_start_matches('-'), "reason": one["reason"]}))
            .collect();
        if !whole.is_empty() {
            refunds[order["id"].to_string()] = json!(whole);
        }
    }
    let gst = if name.starts_with("tax-then") {
        GST_NOW
    } else {
        "5.0000"
    };
    let webhooks: Vec<Value> = ["order.updated", "product.updated", "customer.updated"]
        .into_iter()
        .map(|topic| json!({"topic": topic, "delivery_url": "http://127.0.0.1:9/", "secret": "s"}))
        .collect();
    let mut setup = json!({
        "https": true, "keys": super::keys(), "site": {"timezone": "America/Vancouver"}, "statuses": ["awaiting-pickup"],
        "orders": orders, "refunds": refunds, "products": products, "customers": customers,
        "taxes": [
            {"id": 1, "country": "CA", "state": "BC", "rate": gst, "name": "GST", "priority": 1, "class": "standard"},
            {"id": 15, "country": "CA", "state": "BC", "rate": "7.0000", "name": "PST", "priority": 2, "class": "standard"}
        ],
        "webhooks": webhooks,
    });
    besides(&mut setup);
    let mut shop =
        ShopShop::open(serde_json::from_value(setup).expect("a setup")).expect("it opens");
    shop.home = "https://shop.example.test".to_owned();
    shop
}

/// What differs from the recording.
fn replayed(name: &str, recording: &Value) -> Vec<String> {
    let mut shop = shop_of(name, recording);
    let key = if recording["key"] == "read" {
        "ck_read:cs_read"
    } else {
        "ck_all:cs_all"
    };
    let header = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(key)
    );
    let asked = &recording["request"];
    let pairs = asked["query"].as_array().into_iter().flatten();
    let pairs: Vec<String> = pairs
        .map(|pair| {
            format!(
                "{}={}",
                pair[0].as_str().unwrap_or(""),
                pair[1].as_str().unwrap_or("")
            )
        })
        .collect();
    let query = ShopQuery::read(&pairs.join("&"));
    let answered = answer(
        &mut shop,
        &Incoming {
            method: asked["method"].as_str().expect("a method"),
            path: asked["path"].as_str().expect("a path"),
            query: &query,
            authorization: Some(&header),
            host: "shop.example.test",
            asks_for_quiet: false,
            body: asked["body"].as_str().unwrap_or("").as_bytes(),
        },
    );
    let mut wrong = Vec::new();
    let mut compare = |what: &str, real: &Value, here: &Value| {
        let is_known = OTHERWISE.contains(&(name, what));
        if real != here && !is_known {
            wrong.push(format!("{name}: {what}\n   real {real}\n   here {here}"));
        }
    };
    compare(
        "status",
        &recording["response"]["status"],
        &json!(answered.status),
    );
    let text = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(json!(text));
    let real = text(recording["response"]["body"].as_str().unwrap_or(""));
    let here = text(&answered.text());
    let is_error = !real["code"].is_null();
    for (field, value) in real.as_object().into_iter().flatten() {
        let (real, here) = match is_error {
            true => (value.clone(), here[field].clone()),
            false => (
                bare(&json!({field: value})),
                bare(&json!({field: here[field]})),
            ),
        };
        // The lines of what is given back are told by other tests.
        let is_line = !asked["path"].as_str().unwrap_or("").ends_with("/refunds")
            || matches!(
                field.as_str(),
                "code" | "message" | "amount" | "refunded_payment" | "data"
            );
        if is_line {
            compare(field, &real, &here);
        }
    }
    let effects = &recording["effects"];
    if let Some(mails) = effects["mails"].as_array() {
        let mut real: Vec<String> = mails
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["kind"].as_str().unwrap_or(""),
                    one["role"].as_str().unwrap_or("")
                )
            })
            .collect();
        let mut here: Vec<String> = shop
            .mails
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["kind"].as_str().unwrap_or(""),
                    one["to"].as_str().unwrap_or("")
                )
            })
            .collect();
        real.sort();
        here.sort();
        compare("mails", &json!(real), &json!(here));
    }
    if let Some(webhooks) = effects["webhooks"].as_array() {
        let mut real: Vec<String> = webhooks
            .iter()
            .map(|one| format!("{} {}", one["topic"].as_str().unwrap_or(""), one["id"]))
            .collect();
        let topic = |webhook: u64| shop.webhooks[&webhook].topic.clone();
        let mut here: Vec<String> = shop
            .queue
            .waiting_for()
            .into_iter()
            .map(|(webhook, record)| format!("{} {record}", topic(webhook)))
            .collect();
        real.sort();
        here.sort();
        compare("webhooks", &json!(real), &json!(here));
    }
    if let Some(notes) = effects["notes_added"].as_array() {
        let words = |notes: &mut dyn Iterator<Item = &Value>| {
            let mut all: Vec<String> = notes
                .map(|one| one["note"].as_str().unwrap_or("").to_owned())
                .collect();
            all.sort();
            json!(all)
        };
        compare(
            "notes",
            &words(&mut notes.iter()),
            &words(&mut shop.notes.values().flatten()),
        );
    }
    for (id, stock) in effects["stock"].as_object().into_iter().flatten() {
        let id: u64 = id.parse().expect("an id");
        let here = shop.products[&id]["stock_quantity"]
            .as_i64()
            .map_or("NULL".to_owned(), |n| n.to_string());
        compare("stock", &stock["after"], &json!(here));
    }
    wrong
}

#[test]
fn every_recorded_write_does_here_what_it_did_there() {
    let all = recordings();
    assert!(all.len() > 100, "only {} recordings", all.len());
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|(name, one)| replayed(name, one))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A rate that was deleted takes its tax along, and an unknown status inside a batch gives stock back.
#[test]
fn what_nobody_looks_at_costs_money_and_stock() {
    let recording = &recordings()["tax-then-billing-empty"];
    let mut shop = shop_of("tax-then-billing-empty", recording);
    let id = *shop.orders.keys().next().expect("an order");
    let order = |shop: &ShopShop| shop.orders[&id].order.clone();
    let total = order(&shop)["total"].clone();
    shop.taxes.clear();
    let header = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode("ck_all:cs_all")
    );
    let query = ShopQuery::default();
    let send = |shop: &mut ShopShop, path: &str, body: Value| {
        let text = body.to_string();
        let path = format!("/wp-json/wc/v3/{path}");
        let asked = Incoming {
            method: "POST",
            path: &path,
            query: &query,
            authorization: Some(&header),
            host: "shop.example.test",
            asks_for_quiet: false,
            body: text.as_bytes(),
        };
        answer(shop, &asked).status
    };
    assert_eq!(
        send(
            &mut shop,
            "orders/batch",
            json!({"update": [{"id": id, "billing": {}}, {"id": 99, "status": "pending"}]})
        ),
        200
    );
    assert_ne!(order(&shop)["total"], total);
    assert_eq!(order(&shop)["total_tax"], "0.00");
    assert_eq!(
        send(
            &mut shop,
            "orders/batch",
            json!({"update": [{"id": id, "status": "nonsense"}]})
        ),
        200
    );
    assert_eq!(order(&shop)["status"], "pending");
    let kept = &shop.written;
    assert_eq!(
        kept.len(),
        2,
        "what was sent is kept with its body: {kept:?}"
    );
}
