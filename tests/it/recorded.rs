//! The recorded orders: what becomes of each order that a real shop has shown us.
//!
//! Nobody made these orders up to suit a program: coupons that do not divide, tax rounded at the subtotal, refunds without
//! lines, one buyer under several spellings. All go the whole way in one world, as one shop's first sync. The outcome is kept as
//! text, so that a change of rules shows as a difference that a person reads; what must hold of every outcome is checked besides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde_json::{Value, json};
use udsync::model::document::{Marker, Role};

use crate::overlay::{SHIPPED, own_file};
use crate::world::{REALM, World, amount, oauth, shop};

/// Every rate that the recorded shop has, with the codes a bookkeeper would choose. The company is Canadian and keeps foreign
/// currencies, and gateway fees are booked, so that as much as possible happens.
const BOOKS: &str = r#"
[books]
timezone = "America/Vancouver"
number_prefix = "WC-"
gateway_fees = "Merchant Fees"
[books.deposit]
stripe = "Stripe Clearing"
"stripe:USD" = "Stripe Clearing USD"
ppcp-gateway = "PayPal Clearing"
"*" = "Undeposited Funds"
[books.payment_methods]
stripe = "Credit Card"
ppcp-gateway = "PayPal"
bacs = "Bank Transfer"
cheque = "Cheque"
cod = "Cash"
[books.tax]
no_tax_code = "Exempt"
export_code = "Zero-rated export"
[books.tax.rates]
CA-BC-GST-1 = "GST 5%"
CA-AB-GST-1 = "GST 5%"
CA-QC-GST-1 = "GST 5%"
CA-PE-GST-1 = "GST 5%"
CA-BC-PST-2 = "PST BC 7%"
CA-QC-QST-2 = "QST 9.975%"
"CA-PE-PST (ON GST)-2" = "PST PE 10%"
"CA-ZERO RATED-1" = "Zero 0%"
"US-WA-WA SALES TAX-1" = "WA 10.25%"
[[books.tax.codes]]
woo = ["CA-BC-GST-1"]
code = "GST"
[[books.tax.codes]]
woo = ["CA-AB-GST-1"]
code = "GST"
[[books.tax.codes]]
woo = ["CA-BC-GST-1", "CA-BC-PST-2"]
code = "GST/PST BC"
[[books.tax.codes]]
woo = ["CA-QC-GST-1", "CA-QC-QST-2"]
code = "GST/QST QC"
[[books.tax.codes]]
woo = ["CA-PE-GST-1", "CA-PE-PST (ON GST)-2"]
code = "GST/PST PE"
[[books.tax.codes]]
woo = ["CA-ZERO RATED-1"]
code = "Zero-rated"
[[books.tax.codes]]
woo = ["US-WA-WA SALES TAX-1"]
code = "WA Sales Tax"
[books.policy]
gateway_fees = "expense"
"#;

const HEADER: &str = "What becomes of each recorded order. Written by tests/it/recorded.rs when UDSYNC_REFRESH=1 is set.\n\n";

fn company() -> Value {
    json!({
        "realm": REALM,
        "company": { "country": "CA", "home_currency": "CAD", "timezone": "America/Vancouver", "multicurrency": true },
        "accounts": [
            { "name": "Stripe Clearing", "type": "Bank" },
            { "name": "Stripe Clearing USD", "type": "Bank", "currency": "USD" },
            { "name": "PayPal Clearing", "type": "Bank" },
            { "name": "Undeposited Funds", "type": "Other Current Asset", "subtype": "UndepositedFunds" },
            { "name": "Merchant Fees", "type": "Expense" }
        ],
        "tax_rates": [
            { "name": "GST 5%", "percent": "5" }, { "name": "PST BC 7%", "percent": "7" },
            { "name": "QST 9.975%", "percent": "9.975" }, { "name": "PST PE 10%", "percent": "10" },
            { "name": "WA 10.25%", "percent": "10.25" }, { "name": "Zero 0%", "percent": "0" },
            { "name": "Export 0%", "percent": "0" }, { "name": "Exempt 0%", "percent": "0" }
        ],
        "tax_codes": [
            { "name": "GST", "rates": ["GST 5%"] }, { "name": "GST/PST BC", "rates": ["GST 5%", "PST BC 7%"] },
            { "name": "GST/QST QC", "rates": ["GST 5%", "QST 9.975%"] }, { "name": "GST/PST PE", "rates": ["GST 5%", "PST PE 10%"] },
            { "name": "WA Sales Tax", "rates": ["WA 10.25%"] }, { "name": "Zero-rated", "rates": ["Zero 0%"] },
            { "name": "Zero-rated export", "rates": ["Export 0%"] }, { "name": "Exempt", "rates": ["Exempt 0%"] }
        ],
        "payment_methods": ["Credit Card", "PayPal", "Bank Transfer", "Cheque", "Cash"],
        "oauth": oauth()
    })
}

/// An order as recorded, with its refunds.
struct Recorded {
    /// The file it is from, which says what is difficult about it.
    name: String,
    order: Value,
    refunds: Value,
}

/// What came of an order.
#[derive(Default)]
struct Outcome {
    documents: Vec<Posted>,
    warnings: BTreeSet<String>,
    skipped: Option<String>,
    held: BTreeSet<String>,
}

/// A document as the company holds it.
struct Posted {
    entity: String,
    number: String,
    date: String,
    currency: String,
    total: Decimal,
    tax: Decimal,
    tax_by_rate: Vec<(String, Decimal)>,
    lines: Vec<Line>,
    customer: String,
    role: Role,
}

struct Line {
    item: String,
    quantity: String,
    code: String,
    amount: Decimal,
}

#[test]
fn every_recorded_order_has_the_outcome_that_was_read_and_found_right() {
    let recorded = recorded();
    let outcomes = outcomes(&recorded);
    let mut wrong = Vec::new();
    for (id, order) in &recorded {
        wrong.extend(
            objections(order, &outcomes[id])
                .into_iter()
                .map(|what| format!("order {id} ({}): {what}", order.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let told = recorded
        .iter()
        .map(|(id, order)| described(order, &outcomes[id]));
    let text: String = std::iter::once(HEADER.to_owned()).chain(told).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/recorded-orders.txt");
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        std::fs::write(&path, &text).expect("the outcome is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (was, is))) = kept
        .lines()
        .chain(std::iter::repeat("(nothing)"))
        .zip(text.lines().chain(std::iter::repeat("(nothing)")))
        .take(kept.lines().count().max(text.lines().count()))
        .enumerate()
        .find(|(_, (was, is))| was != is)
    {
        panic!(
            "line {} of tests/snapshots/recorded-orders.txt is\n  {was}\nand would be\n  {is}\n\
             if that is right, run the test with UDSYNC_REFRESH=1 and read the whole difference",
            line + 1
        );
    }
}

/// As for the golden cases: the shipped mapping repeats the accountant, to the byte.
#[test]
fn a_copy_of_the_shipped_mapping_changes_nothing_about_a_recorded_order() {
    let recorded = recorded();
    let plain = world_of(&recorded).run("dry-run orders --json -v");
    let world = world_of(&recorded);
    own_file(&world, SHIPPED);
    let mapped = world.run("dry-run orders --json -v");
    let changes = plain.json()["changes"].clone();
    assert!(list(&changes).len() > 80, "{}", list(&changes).len());
    assert_eq!(changes, mapped.json()["changes"]);
    assert_eq!(plain.json()["problems"], mapped.json()["problems"]);
    // And what was posted without it is not touched because of it.
    let world = world_of(&recorded);
    world.run("sync orders --yes");
    own_file(&world, SHIPPED);
    let ran = world.run("sync orders --yes --full --json");
    assert_eq!((ran.figure("created"), ran.figure("updated")), (0, 0));
}

/// What must hold of every order, whatever the rules say about it.
fn objections(recorded: &Recorded, outcome: &Outcome) -> Vec<String> {
    let mut wrong = Vec::new();
    let order = &recorded.order;
    let refunds = recorded.refunds.as_array().expect("a list");
    if outcome.documents.is_empty() && outcome.skipped.is_none() && outcome.held.is_empty() {
        wrong.push("was neither posted nor held nor skipped".to_owned());
    }
    for document in &outcome.documents {
        let lines: Decimal = document.lines.iter().map(|line| line.amount).sum();
        let by_rate: Decimal = document.tax_by_rate.iter().map(|(_, amount)| amount).sum();
        if document.entity != "Payment" && lines + document.tax != document.total {
            wrong.push(format!(
                "{}: lines {lines} and tax {} are not {}",
                document.number, document.tax, document.total
            ));
        }
        if by_rate != document.tax {
            wrong.push(format!(
                "{}: tax by rate {by_rate} is not {}",
                document.number, document.tax
            ));
        }
        let expected = match document.role {
            Role::Sale => Some((figure(&order["total"]), Some(figure(&order["total_tax"])))),
            Role::Refund(id) => refunds
                .iter()
                .find(|refund| refund["id"] == json!(id))
                .map(|refund| (figure(&refund["amount"]), None)),
            Role::Payment => Some((figure(&order["total"]), None)),
            _ => None,
        };
        if let Some((total, tax)) = expected {
            if document.total != total {
                wrong.push(format!(
                    "{}: {} was charged, {} stands",
                    document.number, total, document.total
                ));
            }
            if tax.is_some_and(|tax| tax != document.tax) {
                wrong.push(format!(
                    "{}: tax is {tax:?} in the shop, {} in the books",
                    document.number, document.tax
                ));
            }
        }
        let rounding = document.rounding();
        if rounding.is_some() != outcome.warnings.contains("rounding_line")
            && document.role == Role::Sale
        {
            wrong.push(format!(
                "{}: rounding {rounding:?} and warnings {:?}",
                document.number, outcome.warnings
            ));
        }
    }
    // The figures of the shop itself: what is missing between the parts and the total stands on a line of its own.
    let missing = figure(&order["total"]) - figure(&order["total_tax"]) - parts(order);
    if let Some(sale) = outcome
        .documents
        .iter()
        .find(|document| document.role == Role::Sale)
        && sale.rounding().unwrap_or_default() != missing
    {
        wrong.push(format!(
            "the parts are {missing} short of the total, and the rounding line is {:?}",
            sale.rounding()
        ));
    }
    let posted: BTreeSet<u64> = outcome
        .documents
        .iter()
        .filter_map(|document| match document.role {
            Role::Refund(id) => Some(id),
            _ => None,
        })
        .collect();
    let has_sale = outcome
        .documents
        .iter()
        .any(|document| document.role == Role::Sale);
    if has_sale && outcome.held.is_empty() && posted.len() != refunds.len() {
        wrong.push(format!(
            "{} refunds were made and {} posted",
            refunds.len(),
            posted.len()
        ));
    }
    wrong
}

#[test]
fn the_orders_that_do_not_add_up_are_among_the_recorded() {
    let odd: Vec<u64> = recorded()
        .iter()
        .filter(|(_, recorded)| {
            let order = &recorded.order;
            let by_rate: Decimal = list(&order["tax_lines"])
                .iter()
                .map(|line| figure(&line["tax_total"]) + figure(&line["shipping_tax_total"]))
                .sum();
            figure(&order["total"]) != figure(&order["total_tax"]) + parts(order)
                || by_rate != figure(&order["total_tax"])
        })
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(odd, [121, 2200, 2220, 2445, 2459]);
}

// What was recorded.

fn recorded() -> BTreeMap<u64, Recorded> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/woocommerce");
    let mut recorded = BTreeMap::new();
    for path in files(&root.join("orders")).into_iter().chain(
        files(&root.join("lists"))
            .into_iter()
            .filter(|path| stem(path).starts_with("orders-difficult-")),
    ) {
        let name = stem(&path);
        if name.contains('.') {
            continue;
        }
        let answer = self::body(&path);
        let refunds = path.with_file_name(format!("{name}.refunds.json"));
        for order in answer
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![answer.clone()])
        {
            let id = order["id"].as_u64().expect("an id");
            recorded.entry(id).or_insert_with(|| Recorded {
                name: name.clone(),
                order,
                refunds: if refunds.exists() {
                    self::body(&refunds)
                } else {
                    json!([])
                },
            });
        }
    }
    assert!(
        recorded.len() > 60,
        "only {} orders are recorded",
        recorded.len()
    );
    recorded
}

fn body(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a recording");
    let exchange: Value = serde_json::from_str(&text).expect("a recording is JSON");
    serde_json::from_str(exchange["response"]["body"].as_str().expect("a body"))
        .expect("an answer in JSON")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of recordings")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

// What came of it.

fn outcomes(recorded: &BTreeMap<u64, Recorded>) -> BTreeMap<u64, Outcome> {
    outcomes_in(&world_of(recorded), recorded)
}

fn world_of(recorded: &BTreeMap<u64, Recorded>) -> World {
    let mut shop = shop(
        recorded
            .values()
            .map(|recorded| recorded.order.clone())
            .collect(),
    );
    shop["site"]["timezone"] = json!("America/Vancouver");
    shop["refunds"] = recorded
        .iter()
        .map(|(id, recorded)| (id.to_string(), recorded.refunds.clone()))
        .collect::<serde_json::Map<String, Value>>()
        .into();
    World::new(shop, company(), BOOKS)
}

fn outcomes_in(world: &World, recorded: &BTreeMap<u64, Recorded>) -> BTreeMap<u64, Outcome> {
    let mut outcomes: BTreeMap<u64, Outcome> = recorded
        .keys()
        .map(|id| (*id, Outcome::default()))
        .collect();
    let first = world.run("sync orders --json --yes -v").json();
    // The trash is shown to those only who ask for it.
    let trashed: Vec<String> = recorded
        .iter()
        .filter(|(_, recorded)| recorded.order["status"] == json!("trash"))
        .map(|(id, _)| id.to_string())
        .collect();
    let second = world
        .run(&format!(
            "sync orders --json --yes -v --id {}",
            trashed.join(",")
        ))
        .json();
    for ran in [&first, &second] {
        let of_order = |change: &Value| change["source"]["entity"] == json!("order");
        for change in list(&ran["changes"]).into_iter().filter(of_order) {
            let outcome = outcomes
                .get_mut(&source(&change))
                .expect("a recorded order");
            outcome
                .warnings
                .extend(list(&change["warnings"]).iter().map(text));
            if change["action"] == json!("skip") {
                outcome.skipped = Some(text(&change["reason"]["code"]));
            }
        }
        for problem in list(&ran["problems"]) {
            let outcome = outcomes
                .get_mut(&source(&problem))
                .expect("a recorded order");
            outcome.held.insert(text(&problem["code"]));
        }
    }
    crate::explain::every_document_adds_up(world);
    let names = Names::of(world);
    for document in world.documents() {
        let object = &document["object"];
        let marker = Marker::find(&text(&object["PrivateNote"])).expect("our marker");
        let outcome = outcomes
            .get_mut(&marker.key.order().expect("an order"))
            .expect("a recorded order");
        outcome
            .documents
            .push(Posted::of(&document, marker.key.role, &names));
    }
    outcomes
}

fn source(value: &Value) -> u64 {
    text(&value["source"]["id"]).parse().expect("an id")
}

/// The names behind the company's ids.
struct Names(BTreeMap<&'static str, BTreeMap<String, String>>);

impl Names {
    fn of(world: &World) -> Names {
        let kinds = [
            ("Customer", "DisplayName"),
            ("Item", "Name"),
            ("TaxRate", "Name"),
            ("TaxCode", "Name"),
        ];
        let named = kinds.map(|(kind, field)| {
            let known = list(&world.books(&format!("objects/{kind}")));
            let named = known
                .iter()
                .map(|entry| (text(&entry["object"]["Id"]), text(&entry["object"][field])));
            (kind, named.collect())
        });
        Names(named.into())
    }

    fn get(&self, kind: &str, reference: &Value) -> String {
        let id = text(&reference["value"]);
        self.0[kind].get(&id).cloned().unwrap_or(id)
    }
}

impl Posted {
    fn of(document: &Value, role: Role, names: &Names) -> Posted {
        let object = &document["object"];
        let tax = &object["TxnTaxDetail"];
        Posted {
            entity: text(&document["entity"]),
            number: text(object.get("DocNumber").unwrap_or(&object["PaymentRefNum"])),
            date: text(&object["TxnDate"]),
            currency: object["CurrencyRef"]["value"]
                .as_str()
                .unwrap_or("CAD")
                .to_owned(),
            total: figure(&object["TotalAmt"]),
            tax: figure(&tax["TotalTax"]),
            tax_by_rate: list(&tax["TaxLine"])
                .iter()
                .map(|line| {
                    let rate = names.get("TaxRate", &line["TaxLineDetail"]["TaxRateRef"]);
                    (rate, figure(&line["Amount"]))
                })
                .collect(),
            lines: list(&object["Line"])
                .iter()
                .filter(|line| line["DetailType"] != json!("SubTotalLineDetail"))
                .map(|line| {
                    let detail = &line["SalesItemLineDetail"];
                    Line {
                        item: names.get("Item", &detail["ItemRef"]),
                        quantity: text(&detail["Qty"]),
                        code: names.get("TaxCode", &detail["TaxCodeRef"]),
                        amount: figure(&line["Amount"]),
                    }
                })
                .collect(),
            customer: names.get("Customer", &object["CustomerRef"]),
            role,
        }
    }

    fn rounding(&self) -> Option<Decimal> {
        let amounts: Vec<Decimal> = self
            .lines
            .iter()
            .filter(|line| line.item == "Rounding differences")
            .map(|line| line.amount)
            .collect();
        (!amounts.is_empty()).then(|| amounts.iter().sum())
    }
}

/// What the shop says of an order, and below it what the books say.
fn described(recorded: &Recorded, outcome: &Outcome) -> String {
    let order = &recorded.order;
    let refunded: Decimal = list(&recorded.refunds)
        .iter()
        .map(|refund| figure(&refund["amount"]))
        .sum();
    let mut told = format!(
        "{} {}: {}, {}, {} {}, tax {}{}\n",
        order["id"],
        recorded.name,
        text(&order["status"]),
        if order["date_paid_gmt"].is_null() {
            "not paid"
        } else {
            "paid"
        },
        text(&order["currency"]),
        text(&order["total"]),
        text(&order["total_tax"]),
        if refunded.is_zero() {
            String::new()
        } else {
            format!(", refunded {refunded}")
        },
    );
    for document in &outcome.documents {
        told.push_str(&format!(
            "    {} {} {} {} {}",
            document.entity,
            document.number,
            document.date,
            document.currency,
            money(document.total)
        ));
        if !matches!(document.role, Role::Payment | Role::Fee) {
            let rates: Vec<String> = document
                .tax_by_rate
                .iter()
                .map(|(rate, amount)| format!("{rate} {}", money(*amount)))
                .collect();
            told.push_str(&format!(", tax {}", money(document.tax)));
            if !rates.is_empty() {
                told.push_str(&format!(" ({})", rates.join(", ")));
            }
            told.push_str(&format!(", {} lines", document.lines.len()));
        }
        if let Some(rounding) = document.rounding() {
            told.push_str(&format!(", rounding {}", money(rounding)));
        }
        if !document.customer.is_empty() {
            told.push_str(&format!(", {}", document.customer));
        }
        told.push('\n');
        if !matches!(document.role, Role::Payment | Role::Fee) {
            for line in &document.lines {
                told.push_str(&described_line(line));
            }
        }
    }
    for (word, codes) in [
        ("skipped", outcome.skipped.iter().collect::<Vec<_>>()),
        ("held", outcome.held.iter().collect()),
        ("warning", outcome.warnings.iter().collect()),
    ] {
        for code in codes {
            told.push_str(&format!("    {word} {code}\n"));
        }
    }
    told
}

fn described_line(line: &Line) -> String {
    let quantity = match line.quantity.as_str() {
        "" => String::new(),
        quantity => format!("{quantity} × "),
    };
    format!(
        "        {:>12} {:<18} {quantity}{}\n",
        money(line.amount),
        line.code,
        line.item
    )
}

fn money(amount: Decimal) -> String {
    format!("{amount:.2}")
}

/// The lines of an order without tax.
fn parts(order: &Value) -> Decimal {
    ["line_items", "shipping_lines", "fee_lines"]
        .iter()
        .flat_map(|kind| list(&order[*kind]))
        .map(|line| figure(&line["total"]))
        .sum()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn figure(value: &Value) -> Decimal {
    match amount(value).as_str() {
        "-" => Decimal::ZERO,
        amount => amount.parse().expect("an amount"),
    }
}
