//! The golden cases: this configuration and these orders must give these documents.
//!
//! Each case goes the whole way: the stand-in shop serves the order, the real binary syncs, and what the stand-in company
//! holds afterwards is compared with what the case expects, every key of it. Another folder of cases is taken by
//! `UDSYNC_GOLDEN_DIR`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::overlay::{SHIPPED, own_file};
use crate::world::{KEY, REALM, Ran, SECRET, World, oauth};

const NAMES: [(&str, &str); 6] = [
    ("shipping", "Shipping"),
    ("fee", "Fees"),
    ("discount", "Discounts"),
    ("rounding", "Rounding differences"),
    ("refund_adjustment", "Refund adjustments"),
    ("deleted_product", "Deleted product"),
];

#[test]
fn golden_cases_come_out_as_expected() {
    let folder = std::env::var_os("UDSYNC_GOLDEN_DIR")
        .map_or_else(|| in_project("tests/golden"), PathBuf::from);
    run_cases(&folder);
}

/// Cases of our own, for choices and refusals that the first forty do not touch.
#[test]
fn golden_cases_of_our_own_come_out_as_expected() {
    run_cases(&in_project("tests/golden-own"));
}

/// The mapping that the program ships says what the accountant says by himself. So it need not be asked, and a copy of it in a
/// shop's folder, which is asked, changes no byte of what is sent.
#[test]
fn golden_cases_are_the_same_with_a_copy_of_the_shipped_mapping() {
    let mut bodies = 0;
    for (name, case) in cases(&in_project("tests/golden")) {
        let plain = observe(&case);
        let world = world_of(&case);
        own_file(&world, SHIPPED);
        let mapped = observe_in(&world, &case);
        let differences = differences(&case["expect"], &mapped);
        assert!(
            differences.is_empty(),
            "{name}\n    {}",
            differences.join("\n    ")
        );
        let changes = |observed: &Observed| observed.last.json()["changes"].clone();
        assert_eq!(changes(&plain), changes(&mapped), "{name}");
        let changes = changes(&mapped);
        bodies += changes
            .as_array()
            .into_iter()
            .flatten()
            .filter(|change| !change["body"].is_null())
            .count();
    }
    assert!(bodies > 60, "only {bodies} bodies were compared");
}

/// Each case, posted, for tests that look at what else is made of it.
pub fn posted(mut look: impl FnMut(&str, &World)) {
    for folder in ["tests/golden", "tests/golden-own"] {
        for (name, case) in cases(&in_project(folder)) {
            let world = world_of(&case);
            observe_in(&world, &case);
            look(&name, &world);
        }
    }
}

fn in_project(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn run_cases(folder: &Path) {
    let cases = cases(folder);
    assert!(!cases.is_empty(), "golden: no case in {}", folder.display());
    let mut failed = Vec::new();
    for (name, case) in &cases {
        let observed = observe(case);
        let differences = differences(&case["expect"], &observed);
        if !differences.is_empty() {
            failed.push(format!("{name}\n    {}", differences.join("\n    ")));
        }
    }
    // Past the test harness, which would keep it to itself as long as all is well.
    let _ = writeln!(
        std::io::stderr(),
        "golden: {} of {} cases",
        cases.len() - failed.len(),
        cases.len()
    );
    assert!(
        failed.is_empty(),
        "golden: these failed:\n{}",
        failed.join("\n")
    );
}

/// The runner itself: a case whose figure is a cent off must fail, whichever figure it is.
#[test]
fn golden_runner_notices_every_changed_cent() {
    let folder = in_project("tests/golden");
    let wanted = ["02-", "05-", "22-", "24-", "26-"];
    let mut changed = 0;
    for (name, case) in cases(&folder) {
        if !wanted.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let observed = observe(&case);
        for pointer in figures(&case["expect"], "") {
            let mut expect = case["expect"].clone();
            let figure = expect.pointer_mut(&pointer).expect("the figure is there");
            let cent: Decimal = "0.01".parse().expect("a cent");
            let value: Decimal = figure.as_str().expect("text").parse().expect("a figure");
            *figure = json!((value + cent).to_string());
            assert!(
                !differences(&expect, &observed).is_empty(),
                "{name}: {pointer} a cent off was not noticed"
            );
            changed += 1;
        }
    }
    assert!(changed > 40, "only {changed} figures were tried");
}

fn cases(folder: &Path) -> Vec<(String, Value)> {
    let mut cases: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("golden: {}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).expect("a case can be read");
            (
                name,
                serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            )
        })
        .collect();
    cases.sort_by(|one, other| one.0.cmp(&other.0));
    cases
}

/// The paths of everything in an expectation that reads like an amount.
fn figures(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| figures(value, &format!("{path}/{key}")))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .flat_map(|(index, value)| figures(value, &format!("{path}/{index}")))
            .collect(),
        Value::String(text) if text.contains('.') && text.parse::<Decimal>().is_ok() => {
            vec![path.to_owned()]
        }
        _ => Vec::new(),
    }
}

/// What came of a case.
struct Observed {
    documents: Vec<Value>,
    /// How many documents were there before the last run.
    before: usize,
    last: Ran,
}

fn observe(case: &Value) -> Observed {
    observe_in(&world_of(case), case)
}

fn world_of(case: &Value) -> World {
    World::new(shop_of(case), company_of(case), &books_of(case))
}

fn observe_in(world: &World, case: &Value) -> Observed {
    let store = &case["woocommerce"];
    let mut rounds: Vec<(Value, Value)> = store["earlier"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|earlier| (earlier["order"].clone(), earlier["refunds"].clone()))
        .collect();
    rounds.push((store["order"].clone(), store["refunds"].clone()));
    let last_round = rounds.len() - 1;
    let mut before = 0;
    let mut last = None;
    let mut made_in = BTreeMap::new();
    let mut customers_before: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (round, (order, refunds)) in rounds.into_iter().enumerate() {
        let refunds = if refunds.is_null() {
            json!([])
        } else {
            refunds
        };
        customers_before.insert(round, customers(world));
        before = world.documents().len();
        world.put_order(&order, &refunds, false);
        let ran = world.run("sync orders --json --yes -v");
        for document in world.documents() {
            made_in.entry(key(&document)).or_insert(round);
        }
        if round == last_round {
            last = Some(ran);
        }
    }
    let names = Names::of(world, case);
    let documents = world
        .documents()
        .iter()
        .filter(|document| document["state"] != json!("deleted"))
        .map(|document| {
            let known = &customers_before[&made_in[&key(document)]];
            posting(document, &names, case, known)
        })
        .collect();
    Observed {
        documents,
        before,
        last: last.expect("there is always a last round"),
    }
}

fn key(document: &Value) -> String {
    format!("{} {}", document["entity"], document["id"])
}

fn customers(world: &World) -> BTreeSet<String> {
    let list = world.books("objects/Customer");
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|entry| text(&entry["object"]["Id"]))
        .collect()
}

/// The names behind the ids of a company.
struct Names {
    customers: BTreeMap<String, String>,
    items: BTreeMap<String, (String, Option<String>)>,
    accounts: BTreeMap<String, String>,
    codes: BTreeMap<String, String>,
    rates: BTreeMap<String, String>,
    methods: BTreeMap<String, String>,
    /// Item name → key of the configuration.
    keys: BTreeMap<String, String>,
    numbers: BTreeMap<String, (String, String)>,
}

impl Names {
    fn of(world: &World, case: &Value) -> Names {
        let list = |entity: &str, field: &str| -> BTreeMap<String, String> {
            let list = world.books(&format!("objects/{entity}"));
            let list = list.as_array().expect("a list").clone();
            list.iter()
                .map(|entry| (text(&entry["object"]["Id"]), text(&entry["object"][field])))
                .collect()
        };
        let items = world.books("objects/Item");
        Names {
            customers: list("Customer", "DisplayName"),
            items: items
                .as_array()
                .expect("a list")
                .iter()
                .map(|entry| {
                    let object = &entry["object"];
                    let sku = object["Sku"]
                        .as_str()
                        .filter(|sku| !sku.is_empty())
                        .map(str::to_owned);
                    (text(&object["Id"]), (text(&object["Name"]), sku))
                })
                .collect(),
            accounts: list("Account", "Name"),
            codes: list("TaxCode", "Name"),
            rates: list("TaxRate", "Name"),
            methods: list("PaymentMethod", "Name"),
            keys: item_names(case)
                .into_iter()
                .map(|(key, name)| (name, key))
                .collect(),
            numbers: world
                .documents()
                .iter()
                .map(|document| {
                    let number = text(&document["object"]["DocNumber"]);
                    (text(&document["id"]), (text(&document["entity"]), number))
                })
                .collect(),
        }
    }

    fn item_key(&self, id: &str) -> String {
        let Some((name, sku)) = self.items.get(id) else {
            return format!("?{id}");
        };
        match (self.keys.get(name), sku) {
            (Some(key), _) if key == "deleted_product" => "fallback:deleted_product".to_owned(),
            (Some(key), _) => key.clone(),
            (None, Some(sku)) => format!("sku:{sku}"),
            (None, None) => format!("name:{name}"),
        }
    }
}

/// A document of the company in the words of a case.
fn posting(document: &Value, names: &Names, case: &Value, known: &BTreeSet<String>) -> Value {
    let entity = text(&document["entity"]);
    let voided = document["state"] == json!("voided");
    // A voided document is judged by the figures that it was posted with.
    let object = if voided {
        let history = document["history"].as_array().expect("a history");
        history
            .iter()
            .rev()
            .find(|version| !text(&version["PrivateNote"]).starts_with("Voided"))
            .expect("it was posted")
    } else {
        &document["object"]
    };
    let model = text(&case["config"]["company"]["tax_model"]);
    let currency = object["CurrencyRef"]["value"].as_str().map_or_else(
        || text(&case["config"]["company"]["home_currency"]),
        str::to_owned,
    );
    let mut posting = Map::new();
    posting.insert("entity".into(), json!(entity));
    posting.insert(
        "state".into(),
        json!(if voided { "voided" } else { "active" }),
    );
    posting.insert("txn_date".into(), object["TxnDate"].clone());
    posting.insert("currency".into(), json!(currency));
    if let Some(rate) = object.get("ExchangeRate") {
        posting.insert("exchange_rate".into(), json!(rate.to_string()));
    }
    posting.insert("total".into(), json!(number(&object["TotalAmt"])));
    let customer = text(&object["CustomerRef"]["value"]);
    if !customer.is_empty() {
        let action = if known.contains(&customer) {
            "match"
        } else {
            "create"
        };
        posting.insert(
            "customer".into(),
            json!({ "display_name": names.customers[&customer], "action": action }),
        );
    }
    let account = |reference: &Value| names.accounts.get(&text(&reference["value"])).cloned();
    if let Some(name) = account(&object["DepositToAccountRef"]) {
        posting.insert("deposit_to".into(), json!(name));
    }
    if let Some(name) = names
        .methods
        .get(&text(&object["PaymentMethodRef"]["value"]))
    {
        posting.insert("payment_method".into(), json!(name));
    }
    if entity == "Payment" {
        posting.insert("payment_ref".into(), object["PaymentRefNum"].clone());
        posting.insert("applies_to".into(), applications(object, names));
        return Value::Object(posting);
    }
    posting.insert("doc_number".into(), object["DocNumber"].clone());
    if entity == "Purchase" {
        if let Some(name) = account(&object["AccountRef"]) {
            posting.insert("pay_from".into(), json!(name));
        }
        posting.insert("lines".into(), fee_lines(object, names));
        return Value::Object(posting);
    }
    let tax = &object["TxnTaxDetail"];
    posting.insert("tax_total".into(), json!(number(&tax["TotalTax"])));
    if model == "global" {
        posting.insert("tax_lines".into(), tax_lines(tax, names));
    }
    if let Some(code) = names.codes.get(&text(&tax["TxnTaxCodeRef"]["value"])) {
        posting.insert("txn_tax_code".into(), json!(code));
    }
    posting.insert("lines".into(), lines(object, names, case));
    Value::Object(posting)
}

fn applications(object: &Value, names: &Names) -> Value {
    let lines = object["Line"].as_array().cloned().unwrap_or_default();
    let settled = lines.iter().flat_map(|line| {
        let links = line["LinkedTxn"].as_array().cloned().unwrap_or_default();
        let amount = number(&line["Amount"]);
        links
            .into_iter()
            .map(move |link| (text(&link["TxnId"]), amount.clone()))
            .collect::<Vec<_>>()
    });
    settled
        .map(|(id, amount)| {
            let (entity, number) = names.numbers.get(&id).cloned().unwrap_or_default();
            json!({ "entity": entity, "doc_number": number, "amount": amount })
        })
        .collect()
}

fn fee_lines(object: &Value, names: &Names) -> Value {
    let lines = object["Line"].as_array().cloned().unwrap_or_default();
    lines
        .iter()
        .map(|line| {
            let detail = &line["AccountBasedExpenseLineDetail"];
            let account = names.accounts.get(&text(&detail["AccountRef"]["value"])).cloned();
            let mut view = json!({ "kind": "gateway_fee", "account": account, "item_key": account, "amount": number(&line["Amount"]) });
            if let Some(code) = names.codes.get(&text(&detail["TaxCodeRef"]["value"])) {
                view["tax_code"] = json!(code);
            }
            view
        })
        .collect()
}

fn tax_lines(tax: &Value, names: &Names) -> Value {
    let lines = tax["TaxLine"].as_array().cloned().unwrap_or_default();
    lines
        .iter()
        .map(|line| {
            let rate = text(&line["TaxLineDetail"]["TaxRateRef"]["value"]);
            json!({ "tax_rate": names.rates.get(&rate), "amount": number(&line["Amount"]) })
        })
        .collect()
}

fn lines(object: &Value, names: &Names, case: &Value) -> Value {
    let lines = object["Line"].as_array().cloned().unwrap_or_default();
    lines
        .iter()
        .filter(|line| line["DetailType"] == json!("SalesItemLineDetail"))
        .map(|line| {
            let detail = &line["SalesItemLineDetail"];
            let item_key = names.item_key(&text(&detail["ItemRef"]["value"]));
            let mut view = json!({
                "kind": kind(&item_key, &text(&line["Description"]), case),
                "item_key": item_key,
                "amount": number(&line["Amount"]),
            });
            let code = text(&detail["TaxCodeRef"]["value"]);
            view["tax_code"] = json!(names.codes.get(&code).cloned().unwrap_or(code));
            for (field, key) in [("Qty", "qty"), ("UnitPrice", "unit_price")] {
                if let Some(figure) = detail.get(field) {
                    view[key] = json!(number(figure));
                }
            }
            view
        })
        .collect()
}

/// The ledger does not know what a line is for; its item and its words tell.
fn kind(item_key: &str, description: &str, case: &Value) -> &'static str {
    let fee_items: BTreeSet<String> = case["config"]["policy"]["fee_items"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, key)| text(key))
        .collect();
    let negative = case["config"]["policy"]["negative_fee_item"]
        .as_str()
        .unwrap_or("discount");
    match item_key {
        "shipping" => "shipping",
        "rounding" => "rounding",
        "discount" if description.starts_with("Discount") => "discount",
        key if key == "fee" || key == negative || key == "discount" || fee_items.contains(key) => {
            "fee"
        }
        _ => "item",
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// An exact decimal, without the spelling.
fn number(value: &Value) -> String {
    text(value)
        .parse::<Decimal>()
        .map_or_else(|_| text(value), |figure| figure.normalize().to_string())
}

/// Everything in which the outcome is not what the case expects.
fn differences(expect: &Value, observed: &Observed) -> Vec<String> {
    let expect = expect.as_object().expect("an expectation");
    let form: BTreeSet<&str> = expect.keys().map(String::as_str).collect();
    if form == BTreeSet::from(["error"]) {
        return error_differences(&expect["error"], observed);
    }
    if form == BTreeSet::from(["skipped"]) {
        return skip_differences(&expect["skipped"], observed);
    }
    let mut differences = Vec::new();
    for key in form
        .iter()
        .filter(|key| !["postings", "warnings"].contains(*key))
    {
        differences.push(format!("the runner does not know `{key}`"));
    }
    let Some(postings) = expect.get("postings").and_then(Value::as_array) else {
        return vec!["the case expects nothing".to_owned()];
    };
    if postings.len() != observed.documents.len() {
        let found: Vec<&Value> = observed
            .documents
            .iter()
            .map(|document| &document["entity"])
            .collect();
        differences.push(format!(
            "expected {} postings, found {}: {found:?}; stdout {} stderr {}",
            postings.len(),
            observed.documents.len(),
            observed.last.out,
            observed.last.err
        ));
    }
    for (index, (wanted, found)) in postings.iter().zip(&observed.documents).enumerate() {
        compare(
            &format!("postings[{index}]"),
            wanted,
            found,
            &mut differences,
        );
    }
    let wanted: BTreeSet<String> = expect
        .get("warnings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(text)
        .collect();
    let found = warnings(&observed.last);
    if wanted != found {
        differences.push(format!("expected warnings {wanted:?}, found {found:?}"));
    }
    differences
}

fn warnings(ran: &Ran) -> BTreeSet<String> {
    let document = ran.json();
    let changes = document["changes"].as_array().cloned().unwrap_or_default();
    changes
        .iter()
        .flat_map(|change| change["warnings"].as_array().cloned().unwrap_or_default())
        .map(|word| text(&word))
        .collect()
}

fn error_differences(error: &Value, observed: &Observed) -> Vec<String> {
    let mut differences = Vec::new();
    if observed.documents.len() > observed.before {
        differences.push(format!(
            "{} documents were posted",
            observed.documents.len() - observed.before
        ));
    }
    let document = observed.last.json();
    let problems = document["problems"].as_array().cloned().unwrap_or_default();
    let is_it = |problem: &Value| {
        problem["code"] == error["code"]
            && text(&problem["message"]).contains(&text(&error["contains"]))
    };
    if !problems.iter().any(is_it) {
        differences.push(format!("expected {error}, found {problems:?}"));
    }
    for key in error.as_object().into_iter().flatten().map(|(key, _)| key) {
        if !["code", "contains"].contains(&key.as_str()) {
            differences.push(format!("the runner does not know `error.{key}`"));
        }
    }
    differences
}

fn skip_differences(reason: &Value, observed: &Observed) -> Vec<String> {
    let mut differences = Vec::new();
    if observed.documents.len() > observed.before {
        differences.push("something was posted".to_owned());
    }
    let document = observed.last.json();
    let changes = document["changes"].as_array().cloned().unwrap_or_default();
    let skipped: Vec<String> = changes
        .iter()
        .filter(|change| change["action"] == json!("skip"))
        .map(|change| text(&change["reason"]["code"]))
        .collect();
    if skipped != [text(reason)] || document["problems"] != json!([]) {
        differences.push(format!(
            "expected skip {reason}, found {skipped:?} and {}",
            document["problems"]
        ));
    }
    differences
}

/// Every key that is expected must be there and equal; figures compare as decimals.
fn compare(path: &str, wanted: &Value, found: &Value, differences: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(_)) => {
            for (key, value) in wanted {
                compare(&format!("{path}.{key}"), value, &found[key], differences);
            }
        }
        (Value::Array(wanted), Value::Array(list)) => {
            if wanted.len() != list.len() {
                differences.push(format!(
                    "{path}: expected {} entries, found {}: {found}",
                    wanted.len(),
                    list.len()
                ));
            }
            for (index, (value, found)) in wanted.iter().zip(list).enumerate() {
                compare(&format!("{path}[{index}]"), value, found, differences);
            }
        }
        _ => {
            let figure = |value: &Value| text(value).parse::<Decimal>().ok();
            let same = match (figure(wanted), figure(found)) {
                (Some(wanted), Some(found)) => wanted == found,
                _ => wanted == found,
            };
            if !same {
                differences.push(format!("{path}: expected {wanted}, found {found}"));
            }
        }
    }
}

// From a case to a world.

fn shop_of(case: &Value) -> Value {
    json!({
        "site": { "name": "Golden shop", "timezone": case["config"]["books_timezone"], "currency": case["config"]["company"]["home_currency"] },
        "keys": [{ "key": KEY, "secret": SECRET, "permissions": "read" }],
        "statuses": statuses(case)
    })
}

/// Statuses that only a plugin knows must be known to the shop.
fn statuses(case: &Value) -> Vec<String> {
    let usual = [
        "pending",
        "processing",
        "on-hold",
        "completed",
        "cancelled",
        "refunded",
        "failed",
        "checkout-draft",
        "trash",
        "auto-draft",
    ];
    let store = &case["woocommerce"];
    let earlier = store["earlier"].as_array().cloned().unwrap_or_default();
    let mut statuses: Vec<String> = earlier
        .iter()
        .map(|round| &round["order"])
        .chain([&store["order"]])
        .map(|order| text(&order["status"]))
        .filter(|status| !usual.contains(&status.as_str()))
        .collect();
    statuses.dedup();
    statuses
}

fn item_names(case: &Value) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = NAMES
        .iter()
        .map(|(key, name)| ((*key).to_owned(), (*name).to_owned()))
        .collect();
    let policy = &case["config"]["policy"];
    let own = policy["fee_items"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, key)| text(key));
    let negative = policy["negative_fee_item"].as_str().map(str::to_owned);
    for key in own.chain(negative) {
        names
            .entry(key.clone())
            .or_insert_with(|| format!("Item {key}"));
    }
    names
}

fn company_of(case: &Value) -> Value {
    let config = &case["config"];
    let company = &config["company"];
    let home = text(&company["home_currency"]);
    let mut accounts: BTreeMap<String, Value> = BTreeMap::new();
    for (gateway, account) in config["accounts"]["deposit"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let currency = gateway
            .split_once(':')
            .map_or(home.clone(), |(_, currency)| currency.to_owned());
        let name = text(account);
        let entry = if name == "Undeposited Funds" {
            json!({ "name": name, "type": "Other Current Asset", "subtype": "UndepositedFunds" })
        } else {
            json!({ "name": name, "type": "Bank", "currency": currency })
        };
        accounts.insert(name, entry);
    }
    if let Some(fees) = config["accounts"]["gateway_fees"].as_str() {
        accounts.insert(fees.to_owned(), json!({ "name": fees, "type": "Expense" }));
    }
    let methods: BTreeSet<String> = config["accounts"]["payment_method"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, name)| text(name))
        .collect();
    let names = company["names_in_use"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let of_kind = |kind: &str| -> Vec<Value> {
        names
            .iter()
            .filter(|name| text(&name["type"]) == kind)
            .map(|name| {
                let mut name = name.clone();
                name.as_object_mut().expect("a name").remove("type");
                name
            })
            .collect()
    };
    let documents: Vec<Value> = company["doc_numbers_in_use"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|used| {
            let number = used.as_str().map_or_else(|| text(&used["doc_number"]), str::to_owned);
            let entity = used["entity"].as_str().unwrap_or("SalesReceipt");
            json!({ "entity": entity, "doc_number": number, "customer": "Somebody Else", "txn_date": "2025-01-02", "total": "10.00" })
        })
        .collect();
    let mut customers = of_kind("Customer");
    if !documents.is_empty() {
        customers.push(json!({ "display_name": "Somebody Else" }));
    }
    json!({
        "realm": REALM,
        "company": {
            "country": company["country"],
            "home_currency": home,
            "multicurrency": company["multicurrency"],
            "tax_model": company["tax_model"],
            "books_closed_through": company["books_closed_through"],
            "timezone": config["books_timezone"],
        },
        "accounts": accounts.into_values().collect::<Vec<_>>(),
        "items": item_names(case).into_values().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "customers": customers,
        "vendors": of_kind("Vendor"),
        "employees": of_kind("Employee"),
        "tax_rates": tax_rates(case),
        "tax_codes": tax_codes(case),
        "payment_methods": methods,
        "documents": documents,
        "oauth": oauth(),
    })
}

/// The company's rates with the percentages that the case's orders show.
fn tax_rates(case: &Value) -> Vec<Value> {
    let config = &case["config"];
    let store = &case["woocommerce"];
    let earlier = store["earlier"].as_array().cloned().unwrap_or_default();
    let orders: Vec<&Value> = earlier
        .iter()
        .map(|round| &round["order"])
        .chain([&store["order"]])
        .collect();
    let percent = |woo: &str| {
        let lines = orders
            .iter()
            .flat_map(|order| order["tax_lines"].as_array().into_iter().flatten());
        let is_it = |line: &&Value| {
            [&line["rate_id"], &line["rate_code"], &line["label"]]
                .into_iter()
                .any(|name| text(name) == woo)
        };
        lines
            .into_iter()
            .find(is_it)
            .map(|line| text(&line["rate_percent"]))
    };
    let mut rates: BTreeMap<String, String> = BTreeMap::new();
    for (woo, rate) in config["tax"]["rates"].as_object().into_iter().flatten() {
        let known = percent(woo);
        let entry = rates.entry(text(rate)).or_insert_with(|| "0".to_owned());
        if let Some(percent) = known {
            *entry = percent;
        }
    }
    rates
        .into_iter()
        .map(|(name, percent)| json!({ "name": name, "percent": percent }))
        .collect()
}

fn tax_codes(case: &Value) -> Vec<Value> {
    let tax = &case["config"]["tax"];
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in tax["codes"].as_array().into_iter().flatten() {
        let rates = codes.entry(text(&rule["tax_code"])).or_default();
        for woo in rule["woo_rates"].as_array().into_iter().flatten() {
            if let Some(rate) = tax["rates"][text(woo)].as_str() {
                rates.insert(rate.to_owned());
            }
        }
    }
    for key in [
        "no_tax_code",
        "export_code",
        "vat_exempt_code",
        "us_txn_tax_code",
    ] {
        if let Some(code) = tax[key].as_str() {
            codes.entry(code.to_owned()).or_default();
        }
    }
    codes
        .into_iter()
        .map(|(name, rates)| json!({ "name": name, "rates": rates }))
        .collect()
}

/// The case's settings as `udsync.toml` has them.
fn books_of(case: &Value) -> String {
    let config = &case["config"];
    let mut books = toml::Table::new();
    let mut put = |key: &str, value: &Value| {
        if !value.is_null() {
            books.insert(key.to_owned(), toml_value(value));
        }
    };
    put("timezone", &config["books_timezone"]);
    put("number_prefix", &config["prefix"]);
    put("gateway_fees", &config["accounts"]["gateway_fees"]);
    put("deposit", &config["accounts"]["deposit"]);
    put("payment_methods", &config["accounts"]["payment_method"]);
    put("policy", &config["policy"]);
    put("items", &json!(item_names(case)));
    let tax = &config["tax"];
    let mut table = Map::new();
    for key in [
        "no_tax_code",
        "export_code",
        "vat_exempt_code",
        "us_txn_tax_code",
        "rates",
    ] {
        if !tax[key].is_null() {
            table.insert(key.to_owned(), tax[key].clone());
        }
    }
    let codes: Vec<Value> = tax["codes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|rule| json!({ "woo": rule["woo_rates"], "code": rule["tax_code"] }))
        .collect();
    if !codes.is_empty() {
        table.insert("codes".to_owned(), json!(codes));
    }
    put("tax", &Value::Object(table));
    let mut root = toml::Table::new();
    root.insert("books".to_owned(), toml::Value::Table(books));
    toml::to_string(&root).expect("the settings have a TOML form")
}

fn toml_value(value: &Value) -> toml::Value {
    match value {
        Value::Object(map) => toml::Value::Table(
            map.iter()
                .map(|(key, value)| (key.clone(), toml_value(value)))
                .collect(),
        ),
        Value::Array(list) => toml::Value::Array(list.iter().map(toml_value).collect()),
        Value::Bool(word) => toml::Value::Boolean(*word),
        other => toml::Value::String(text(other)),
    }
}
