//! Storms on the way back: people change accounts, products, variations and invoices on both sides, answers of either service are lost,
//! lines are cut, both throttle and break, and the run is killed. After one calm run both sides say the same, each order was told once,
//! nothing was written twice, and no figure of an order moved.
//!
//! A seed that fails is printed; `UDSYNC_STORM_BACK_SEED` runs that one alone, `UDSYNC_STORM_BACK_SEEDS` so many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::both_ways::{account, card, edit, in_shop, item, product, with};
use crate::inprocess::{End, Ended, How, sync_everything};
use crate::storm::{of_books, sail, seeds};
use crate::tales::{Dice, Tale, books};
use crate::world::{World, company, shop};

const SEEDS: u64 = 100;
const PEOPLE: [&str; 4] = ["Kim", "Ann", "Joe", "Sue"];
/// By id: the SKU, and the product that a variation is of.
const GOODS: [(u64, &str, Option<u64>); 4] = [
    (10, "MUG", None),
    (11, "CUP", None),
    (21, "SHIRT-S", Some(20)),
    (22, "SHIRT-M", Some(20)),
];
const ORDERS: std::ops::Range<u64> = 1_001..1_007;

/// Everything flows both ways, and a rule decides where both changed a field: nothing waits for a person.
const RULES: &str = "[mapping]\nfolder = \"no-mappings\"\n[sync.direction]\ncustomers = \"both\"\nproducts = \"both\"\npayments = \"both\"\n\
    [both.products]\nprice = { flow = \"both\", on_conflict = \"target_wins\" }\n\
    [both.customers]\nphone = { flow = \"both\", on_conflict = \"source_wins\" }\n\
    company = { flow = \"both\", on_conflict = \"target_wins\" }\n";

/// A shop and books that agree, and six invoices that nobody has paid.
struct Both {
    world: World,
    dice: Dice,
    by_status: bool,
    /// What somebody wrote last into a field of either side: shop, books.
    said: BTreeMap<(u64, &'static str), [Option<String>; 2]>,
    paid: BTreeSet<u64>,
    figures: BTreeMap<u64, Value>,
    /// No two edits write the same.
    count: u64,
}

impl Both {
    fn begin(seed: u64, setup: impl Fn(&mut Value, &mut Value)) -> Both {
        let accounts: Vec<Value> = (7..)
            .zip(PEOPLE)
            .map(|(id, name)| account(id, name, "1"))
            .collect();
        let mut shirt = product(20, "Shirt", "SHIRT", "30.00");
        shirt["type"] = json!("variable");
        shirt["variations"] = json!([21, 22]);
        let goods = GOODS.map(|(id, sku, parent)| {
            let mut one = product(id, &format!("Thing {sku}"), sku, "12.50");
            if let Some(parent) = parent {
                one["type"] = json!("variation");
                one["parent_id"] = json!(parent);
                one["name"] = json!(format!("Shirt - {sku}"));
                one["attributes"] = json!([{ "id": 0, "name": "Size", "option": sku }]);
            }
            one
        });
        let mut products = vec![shirt];
        products.extend(goods);
        let (mut store, mut company) = (shop(Vec::new()), company());
        store["keys"][0]["permissions"] = json!("read_write");
        store["customers"] = json!(accounts);
        store["products"] = json!(products);
        setup(&mut store, &mut company);
        let dice = Dice(seed.wrapping_mul(0x0b0a_7bac));
        let by_status = seed.is_multiple_of(2);
        let paid = match by_status {
            true => "[both]\npaid = \"status\"\nmax_mails = 1000\n",
            false => "",
        };
        let world = World::new(store, company, &format!("{paid}{RULES}{}", books()));
        for id in ORDERS {
            let mut order = Tale::owed(id, 3_000).order();
            order["line_items"][0]["product_id"] = json!(10);
            order["line_items"][0]["sku"] = json!("MUG");
            world.put_order(&order, &json!([]), true);
        }
        world.run("sync all --yes").ends_with(0);
        world.run("sync all --yes").ends_with(0);
        let mut both = Both {
            world,
            dice,
            by_status,
            said: BTreeMap::new(),
            paid: BTreeSet::new(),
            figures: BTreeMap::new(),
            count: 0,
        };
        both.figures = ORDERS.map(|id| (id, both.figures_of(id))).collect();
        both
    }

    /// What of an order must never move.
    fn figures_of(&self, id: u64) -> Value {
        let order = self.world.store(&format!("orders/{id}"))["order"].clone();
        let names = [
            "total",
            "total_tax",
            "cart_tax",
            "line_items",
            "tax_lines",
            "billing",
            "shipping",
            "currency",
        ];
        names.map(|name| order[name].clone()).to_vec().into()
    }

    fn remember(&mut self, id: u64, field: &'static str, side: usize, value: &str) {
        self.said.entry((id, field)).or_default()[side] = Some(value.to_owned());
    }

    /// Somebody changes something.
    fn happening(&mut self) {
        self.count += 1;
        let count = self.count;
        let at = self.dice.below(4) as usize;
        let (person, name) = (7 + at as u64, format!("{} Reed", PEOPLE[at]));
        let (thing, sku, _) = GOODS[at];
        let in_the_shop = self.dice.one_in(2);
        let kind = self.dice.below(4);
        let world = &self.world;
        match (kind, in_the_shop) {
            (0, true) => {
                let value = format!("604 555 {count:04}");
                let path = format!("customers/{person}");
                let now = in_shop(world, &path);
                world.put_store(&path, &with(now, "/billing/phone", &value));
                self.remember(person, "phone", 0, &value);
            }
            (0, false) => {
                let value = format!("778 555 {count:04}");
                let phone = json!({ "PrimaryPhone": { "FreeFormNumber": value } });
                edit(world, "Customer", &card(world, &name)["Id"], phone);
                self.remember(person, "phone", 1, &value);
            }
            (1, true) => {
                let value = format!("Shop {count} Ltd");
                let path = format!("customers/{person}");
                let now = in_shop(world, &path);
                world.put_store(&path, &with(now, "/billing/company", &value));
                self.remember(person, "company", 0, &value);
            }
            (1, false) => {
                let value = format!("Books {count} Inc");
                let company = json!({ "CompanyName": value });
                edit(world, "Customer", &card(world, &name)["Id"], company);
                self.remember(person, "company", 1, &value);
            }
            (2, true) => {
                let value = format!("{}.50", 100 + count);
                let path = format!("products/{thing}");
                let now = in_shop(world, &path);
                let now = with(with(now, "/regular_price", &value), "/price", &value);
                world.put_store(&path, &now);
                self.remember(thing, "price", 0, &value);
            }
            (2, false) => {
                let value = format!("{}.25", 300 + count);
                let price: Value = serde_json::from_str(&value).expect("a number");
                edit(
                    world,
                    "Item",
                    &item(world, sku)["Id"],
                    json!({ "UnitPrice": price }),
                );
                self.remember(thing, "price", 1, &value);
            }
            _ => {
                let unpaid: Vec<u64> = ORDERS.filter(|id| !self.paid.contains(id)).collect();
                if let Some(id) = unpaid.first() {
                    self.pay(*id);
                }
            }
        }
    }

    /// A person enters a payment over all of an invoice.
    fn pay(&mut self, id: u64) {
        let number = json!(format!("WC-{id}"));
        let documents = self.world.documents();
        let invoice = documents
            .iter()
            .find(|one| one["entity"] == "Invoice" && one["object"]["DocNumber"] == number);
        let invoice = &invoice.expect("the invoice")["object"];
        let line = json!({ "Amount": 31.5, "LinkedTxn": [{ "TxnId": invoice["Id"], "TxnType": "Invoice" }] });
        self.world.tell_books(
            "create",
            json!({ "entity": "Payment", "body": { "CustomerRef": invoice["CustomerRef"], "TotalAmt": 31.5,
                "TxnDate": "2026-11-10", "Line": [line] } }),
        );
        self.paid.insert(id);
    }

    fn price_in_books(&self, sku: &str) -> f64 {
        item(&self.world, sku)["UnitPrice"]
            .as_f64()
            .unwrap_or(f64::NAN)
    }

    /// What is wrong after a calm run.
    fn wrong(&self) -> Vec<String> {
        let (world, mut wrong) = (&self.world, Vec::new());
        let mut same = |id: u64, field: &'static str, shop: String, books: String| {
            if shop != books {
                wrong.push(format!("{field} of {id}: `{shop}` and `{books}`"));
            }
            let said = self.said.get(&(id, field)).cloned().unwrap_or_default();
            let is_known = said.iter().flatten().any(|said| *said == shop);
            if said.iter().any(Option::is_some) && !is_known {
                wrong.push(format!("{field} of {id}: `{shop}`, and said was {said:?}"));
            }
        };
        for (id, name) in (7..).zip(PEOPLE) {
            let billing = in_shop(world, &format!("customers/{id}"))["billing"].clone();
            let card = card(world, &format!("{name} Reed"));
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let phone = &card["PrimaryPhone"]["FreeFormNumber"];
            same(id, "phone", text(&billing["phone"]), text(phone));
            same(
                id,
                "company",
                text(&billing["company"]),
                text(&card["CompanyName"]),
            );
        }
        for (id, sku, _) in GOODS {
            let price = in_shop(world, &format!("products/{id}"))["regular_price"].clone();
            let books = format!("{:.2}", self.price_in_books(sku));
            same(id, "price", price.as_str().unwrap_or("?").to_owned(), books);
        }
        for id in ORDERS {
            if self.figures_of(id) != self.figures[&id] {
                wrong.push(format!("order {id}: a figure moved"));
            }
            let notes = world.store(&format!("orders/{id}/notes"));
            let notes = notes.as_array().expect("a list").iter();
            let told = notes.filter(|one| {
                one["note"]
                    .as_str()
                    .is_some_and(|one| one.contains("[udsync:paid"))
            });
            let told = told.count();
            let status = world.store(&format!("orders/{id}"))["order"]["status"].clone();
            let wanted = match (self.paid.contains(&id), self.by_status) {
                (false, _) => (0, json!("on-hold")),
                (true, false) => (1, json!("on-hold")),
                (true, true) => (0, json!("processing")),
            };
            if (told, status.clone()) != wanted {
                wrong.push(format!(
                    "order {id}: told {told} times, is {status}, not {wanted:?}"
                ));
            }
        }
        let mails = world.store("mails").as_array().expect("a list").len();
        let foretold = if self.by_status { self.paid.len() } else { 0 };
        if mails != foretold {
            wrong.push(format!("{mails} mails, and not {foretold}"));
        }
        wrong.extend(twice(world));
        let invoices = world.documents();
        let invoices = invoices
            .iter()
            .filter(|one| one["entity"] == "Invoice")
            .count();
        let payments = world.documents();
        let payments = payments
            .iter()
            .filter(|one| one["entity"] == "Payment")
            .count();
        if (invoices, payments) != (6, self.paid.len()) {
            wrong.push(format!("{invoices} invoices and {payments} payments"));
        }
        wrong
    }
}

/// What the shop did twice, or what it should never have been asked for.
fn twice(world: &World) -> Vec<String> {
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for write in world.store("writes").as_array().expect("a list") {
        let path = write["path"].as_str().unwrap_or_default();
        let body = write["body"].as_object().expect("fields");
        let allowed: &[&str] = match path {
            path if path.ends_with("/notes") => &["note", "customer_note"],
            path if path.contains("orders/") => &["status"],
            path if path.contains("customers/") => &["billing"],
            _ => &["regular_price"],
        };
        if path.contains("batch") || body.keys().any(|key| !allowed.contains(&key.as_str())) {
            wrong.push(format!("forbidden: {write}"));
        }
        if !seen.insert(format!("{path} {}", write["body"])) {
            wrong.push(format!("twice: {write}"));
        }
    }
    wrong
}

/// What is left open in the state file, at the shop and at the books.
fn left_open(world: &World) -> Vec<String> {
    let state = rusqlite::Connection::open(world.state()).expect("the state");
    let count = |asked: &str| -> i64 {
        let count = state.query_row(asked, [], |row| row.get(0));
        count.expect("a count")
    };
    let mut wrong = Vec::new();
    if count("SELECT count(*) FROM shop_writes WHERE outcome IS NULL") > 0 {
        wrong.push("a write to the shop has no outcome".to_owned());
    }
    wrong
}

#[derive(Default)]
struct Figures {
    killed: AtomicU64,
    stopped: AtomicU64,
    mishaps: AtomicU64,
    writes: AtomicU64,
}

fn bad_luck_of_shop(dice: &mut Dice) -> Vec<Value> {
    let words = [
        "lose_answer",
        "lose_answer",
        "reset",
        "truncated",
        "server_error",
        "bad_gateway",
        "maintenance",
        "throttle",
        "html",
        "delay",
    ];
    (0..1 + dice.below(3))
        .map(|_| {
            let mut rule = json!({
                "what": dice.pick(&words), "times": 1 + dice.below(3), "skip": dice.below(3), "ms": dice.below(20), "retry_after": 0,
            });
            match dice.below(4) {
                0 => {}
                1 => {
                    rule["method"] = json!("POST");
                    rule["path"] = json!("notes");
                }
                _ => rule["method"] = json!("PUT"),
            }
            if dice.one_in(3) {
                rule["chance"] = json!(0.5);
            }
            rule
        })
        .collect()
}

fn weather(seed: u64, figures: &Figures) -> Vec<String> {
    let mut both = Both::begin(seed, |_, company| {
        company["ignore_requestid"] = json!(seed.is_multiple_of(3));
    });
    both.world.settle_after("2ms");
    for _ in 0..3 {
        for _ in 0..2 + both.dice.below(6) {
            both.happening();
        }
        let Both { world, dice, .. } = &mut both;
        world.tell_store("mishaps", Value::Array(bad_luck_of_shop(dice)));
        if dice.one_in(2) {
            world.tell_books("mishaps", Value::Array(of_books(dice, false)));
        }
        let end = match dice.below(4) {
            0 => End::at(1 + dice.below(60), How::Killed),
            1 => End::after(Duration::from_millis(40 + dice.below(400))),
            _ => End::never(),
        };
        match sync_everything(world, &end) {
            Ended::Done(_) => {}
            Ended::Killed => drop(figures.killed.fetch_add(1, Ordering::Relaxed)),
            Ended::Stopped(_) => drop(figures.stopped.fetch_add(1, Ordering::Relaxed)),
        }
        for place in [world.books("mishaps"), world.store("mishaps")] {
            let rules = place.as_array().cloned().unwrap_or_default();
            let fired: u64 = rules.iter().filter_map(|rule| rule["fired"].as_u64()).sum();
            figures.mishaps.fetch_add(fired, Ordering::Relaxed);
        }
        world.clear_mishaps();
        world.company_is_idle();
    }
    let world = &both.world;
    let mut wrong = Vec::new();
    match sync_everything(world, &End::never()) {
        Ended::Done(report) => {
            let end = report
                .end
                .map(|fault| format!("the calm run ended: {fault}"));
            wrong.extend(end);
            let problems = report.problems.iter();
            wrong.extend(problems.map(|problem| format!("problem: {:?}", problem.reason)));
        }
        Ended::Stopped(failure) => wrong.push(format!("the calm run stopped: {}", failure.message)),
        Ended::Killed => wrong.push("the calm run was killed".to_owned()),
    }
    wrong.extend(both.wrong());
    wrong.extend(left_open(world));
    let before = world.store("writes").as_array().expect("a list").len();
    figures.writes.fetch_add(before as u64, Ordering::Relaxed);
    world.forget_requests();
    sync_everything(world, &End::never()).report();
    let after = world.store("writes").as_array().expect("a list").len();
    if after != before || world.books("counts")["writes"] != json!(0) {
        wrong.push("a second calm run wrote".to_owned());
    }
    wrong
}

#[test]
#[ignore = "takes minutes"]
fn storms_on_the_way_back_leave_both_sides_the_same_and_nothing_written_twice() {
    let seeds = seeds("UDSYNC_STORM_BACK_SEED", "UDSYNC_STORM_BACK_SEEDS", SEEDS);
    let figures = Figures::default();
    let failed = sail(&seeds, 3, |seed| weather(seed, &figures));
    let of = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
    println!(
        "storms back: {} of {} seeds, {} mishaps, {} runs killed, {} stopped, {} writes to the shop",
        seeds.len() - failed.len(),
        seeds.len(),
        of(&figures.mishaps),
        of(&figures.killed),
        of(&figures.stopped),
        of(&figures.writes)
    );
    assert!(
        failed.is_empty(),
        "{} seeds failed, the first: {}",
        failed.len(),
        failed[0]
    );
}

/// The real signal at moments that nobody chose, while orders, accounts, products and variations are written.
#[test]
fn thirty_kills_at_writes_to_the_shop_leave_no_trace() {
    let seed = std::env::var("UDSYNC_KILL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("killed on the way back: seed {seed}, to be given in UDSYNC_KILL_SEED");
    let mut in_between = 0;
    for by_status in [0, 1] {
        let mut both = Both::begin(seed * 2 + by_status, |_, _| {});
        both.world.settle_after("800ms");
        // A write takes its time, so that a moment hits one more often than not.
        let slowly = json!([
            { "what": "delay", "ms": 25, "method": "PUT", "times": null },
            { "what": "delay", "ms": 25, "method": "POST", "path": "notes", "times": null },
        ]);
        both.world.tell_store("mishaps", slowly);
        for _ in 0..15 {
            for _ in 0..4 {
                both.happening();
            }
            let open = || {
                let state = rusqlite::Connection::open(both.world.state()).expect("the state");
                let asked = "SELECT count(*) FROM shop_writes WHERE sent_at IS NOT NULL AND outcome IS NULL";
                state
                    .query_row(asked, [], |row| row.get::<_, i64>(0))
                    .unwrap_or(0)
            };
            let mut child = both.world.start("sync all --yes --allow-shrunken");
            let patience = 20 + both.dice.below(200);
            // Some right when a write is under way, the others at any moment.
            if both.dice.one_in(2) {
                for _ in 0..400 {
                    if open() > 0 || child.try_wait().expect("it can be asked").is_some() {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(2));
                }
            } else {
                std::thread::sleep(Duration::from_millis(patience));
            }
            child.kill().expect("it is killed");
            child.wait().expect("it is gone");
            in_between += i64::from(open() > 0);
        }
        both.world.clear_mishaps();
        both.world
            .run("sync all --yes --allow-shrunken")
            .ends_with(0);
        let wrong = both.wrong();
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
        assert!(left_open(&both.world).is_empty());
        let before = both.world.store("writes");
        both.world
            .run("sync all --yes --allow-shrunken")
            .ends_with(0);
        assert_eq!(both.world.store("writes"), before, "seed {seed}");
    }
    println!("killed on the way back: {in_between} of 30 in the middle of a write");
    assert!(in_between > 3, "too few runs were hit");
}
