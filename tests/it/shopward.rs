//! The way back to the shop, at the level of its port: what is sent, what is looked at before and after, and what a change may not touch.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use udsync::connector::port::{ShopReader, ShopWriter};
use udsync::connector::woocommerce::{ShopConnection, WooCommerce};
use udsync::engine::context::Patience;
use udsync::engine::shopward::{
    ShopStepOutcome, ShopwardContext, ShopwardOutcome, settle_shop_first, write_to_shop,
};
use udsync::model::clock::Clock;
use udsync::model::fault::{Fault, Reason, Remedy};
use udsync::model::fingerprint::Fingerprint;
use udsync::model::plan::RecordKey;
use udsync::model::run::{Run, RunStatus};
use udsync::model::shop_change::{
    AddressPart, OrderChange, OrderInShop, ProductChange, ProductInShop, SettledStatus, ShopBefore,
    ShopChange, ShopLook, ShopStep, ShopperChange,
};
use udsync::sandbox::woocommerce;
use udsync::store::{HistoryWriter, ShopAttempts, ShopJournal, Store};

use crate::world::{RUNTIME, get, send};

pub const KEY: &str = "ck_1111111111111111111111111111111111111111";
pub const SECRET: &str = "cs_2222222222222222222222222222222222222222";

/// For so long the shop of these tests may be at work on a request that nobody waits for.
pub const SETTLE_AFTER: Duration = Duration::from_millis(40);

/// A shop that can be written to, and what is remembered of it.
pub struct Bench {
    _running: woocommerce::Running,
    pub url: String,
    pub shop: WooCommerce,
    pub store: Store,
    /// For so long the shop may be at work on what it gave no answer to.
    pub settle_after: Duration,
}

pub fn order(id: u64, status: &str) -> Value {
    json!({"id": id, "status": status, "total": "69.99", "order_key": format!("wc_order_{id}"), "payment_method": "bacs",
        "date_created_gmt": "2026-10-01T10:00:00", "date_modified_gmt": "2026-10-01T10:00:00",
        "line_items": [{"id": id * 10, "name": "Lamp", "product_id": 5, "quantity": 2, "total": "62.49", "total_tax": "7.50", "meta_data": []}]})
}

fn bench_of(permissions: &str, site: Value) -> Bench {
    let setup = json!({
        "site": site,
        "keys": [{"key": KEY, "secret": SECRET, "permissions": permissions}],
        "orders": [order(17, "on-hold"), order(18, "on-hold"), order(19, "processing")],
        "products": [
            {"id": 5, "type": "simple", "status": "publish", "name": "Lamp", "sku": "LAMP", "regular_price": "24.99", "sale_price": "",
             "price": "24.99", "manage_stock": true, "stock_quantity": 40, "short_description": "", "virtual": false, "downloadable": false},
            {"id": 6, "type": "variable", "status": "publish", "name": "Shirt", "sku": "SHIRT"},
            {"id": 7, "type": "variation", "parent_id": 6, "status": "publish", "name": "Shirt - blue", "sku": "SHIRT-B", "regular_price": "30.00",
             "sale_price": "", "price": "30.00", "manage_stock": false}
        ],
        "customers": [{"id": 3, "email": "ann@shopper.test", "role": "customer", "first_name": "Ann", "last_name": "Lee",
            "billing": {"first_name": "Ann", "last_name": "Lee", "company": "", "address_1": "1 Main", "address_2": "", "city": "Calgary",
                "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": "ann@shopper.test", "phone": "403-555-0100"},
            "shipping": {"city": "Calgary"}}]
    });
    Bench::over(setup)
}

fn bench() -> Bench {
    bench_of("read_write", json!({}))
}

fn connected(url: &str) -> WooCommerce {
    let settings = ShopConnection {
        url: url.parse().expect("an address"),
        key: KEY.into(),
        secret: SECRET.into(),
        allow_http: false,
        page_size: 100,
        concurrency: 1,
        timeout: Duration::from_secs(20),
        body_max: 20_000_000,
        fee_meta: Vec::new(),
    };
    let shop = WooCommerce::new(settings, Clock::new(Utc::now)).expect("a usable address");
    shop.pausing(Duration::from_millis(1))
}

pub fn run(id: &str) -> Run {
    Run {
        id: id.to_owned(),
        shop: "test".to_owned(),
        command: "sync".to_owned(),
        entities: vec!["orders".to_owned()],
        mode: "incremental".to_owned(),
        dry_run: false,
        status: RunStatus::Running,
        started_at: Utc::now() - TimeDelta::seconds(1),
        finished_at: None,
        tallies: Default::default(),
        error: None,
    }
}

fn step(change: ShopChange, before: ShopBefore, mark: &str) -> ShopStep {
    ShopStep {
        source: RecordKey::order(17, "17"),
        change,
        before,
        mark: mark.to_owned(),
        reason: Reason::new("settled_by_books", "paid in the books"),
        date: None,
        currency: None,
        total: None,
    }
}

fn of_order(id: u64, change: OrderChange, from: &str, mark: &str) -> ShopStep {
    let of = OrderInShop {
        id,
        key: Fingerprint::of_bytes(format!("wc_order_{id}").as_bytes()),
    };
    let before = ShopBefore::Order {
        status: from.to_owned(),
    };
    step(ShopChange::Order { of, change }, before, mark)
}

fn note(id: u64) -> ShopStep {
    let mark = format!("udsync:paid:{id}");
    let text = format!("Paid in QuickBooks: 69.99 on 2026-11-10 [{mark}]");
    of_order(id, OrderChange::PrivateNote(text), "on-hold", &mark)
}

fn status(id: u64, to: SettledStatus, from: &str) -> ShopStep {
    of_order(id, OrderChange::Status(to), from, &format!("status:{id}"))
}

impl Bench {
    /// A shop with all of this in it, and a state file in which a run has begun.
    pub fn over(setup: Value) -> Bench {
        let running = RUNTIME
            .block_on(woocommerce::start(0, setup))
            .expect("the shop starts");
        let url = running.url();
        let store = Store::in_memory().expect("a state");
        store.begin_run(&run("run-1")).expect("begun");
        Bench {
            shop: connected(&url),
            _running: running,
            url,
            store,
            settle_after: SETTLE_AFTER,
        }
    }

    /// A process of its own has connections of its own.
    pub fn connect_anew(&mut self) {
        self.shop = connected(&self.url);
    }

    pub fn with<T>(&self, work: impl AsyncFnOnce(ShopwardContext<'_, WooCommerce>) -> T) -> T {
        let clock = Clock::new(Utc::now);
        let stop = AtomicBool::new(false);
        let hands = ShopwardContext {
            shop: &self.shop,
            store: &self.store,
            run_id: "run-1",
            clock: &clock,
            stop: &stop,
            patience: Patience {
                first_pause: Duration::from_millis(5),
                settle_after: self.settle_after,
                wait_max: Duration::from_secs(1),
                pause_max: Duration::from_millis(50),
                ..Patience::default()
            },
            tell: &|_| {},
        };
        RUNTIME.block_on(work(hands))
    }

    pub fn write(&self, steps: &[ShopStep]) -> ShopwardOutcome {
        self.with(async |hands| write_to_shop(&hands, steps).await.expect("recorded"))
    }

    pub fn asked(&self, what: &str) -> Value {
        get(&format!("{}/_sandbox/{what}", self.url))
    }

    pub fn lever(&self, what: &str, value: &Value) {
        send(
            reqwest::Method::POST,
            &format!("{}/_sandbox/{what}", self.url),
            value,
        );
    }

    fn notes(&self, order: u64) -> usize {
        let notes = self.asked(&format!("orders/{order}/notes"));
        let mut all = notes.as_array().expect("a list").iter();
        let marked = all.by_ref().filter(|note| {
            note["note"]
                .as_str()
                .is_some_and(|text| text.contains("[udsync:"))
        });
        marked.count()
    }

    fn mails(&self) -> usize {
        self.asked("mails").as_array().expect("a list").len()
    }
}

#[track_caller]
fn done(outcome: &ShopwardOutcome) {
    assert!(outcome.end.is_none(), "{outcome:?}");
    let all = outcome.results.iter();
    for result in all {
        assert!(matches!(result, ShopStepOutcome::Done(_)), "{outcome:?}");
    }
}

#[track_caller]
fn failed(outcome: &ShopwardOutcome) -> &str {
    match &outcome.results[0] {
        ShopStepOutcome::Failed { reason, .. } => &reason.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_note_is_written_once_whatever_is_remembered_and_moves_nothing() {
    let bench = bench();
    done(&bench.write(&[note(17)]));
    assert_eq!((bench.notes(17), bench.mails()), (1, 0));
    let order = bench.asked("orders/17");
    assert_eq!(order["order"]["date_modified_gmt"], "2026-10-01T10:00:00");
    let again = bench.write(&[note(17)]);
    assert!(
        matches!(again.results[0], ShopStepOutcome::Found(_)),
        "{again:?}"
    );

    // A state file that knows nothing of it finds it in the shop.
    let lost = Bench {
        store: Store::in_memory().expect("a state"),
        ..bench
    };
    lost.store.begin_run(&run("run-1")).expect("begun");
    let found = lost.write(&[note(17)]);
    assert!(
        matches!(found.results[0], ShopStepOutcome::Found(_)),
        "{found:?}"
    );
    assert_eq!(lost.notes(17), 1);
    let writes = lost.asked("writes");
    assert_eq!(writes.as_array().map(Vec::len), Some(1), "{writes}");
    assert_eq!(writes[0]["body"]["customer_note"], false);
}

#[test]
fn a_lost_answer_is_asked_for_and_nothing_is_written_twice() {
    for what in [
        "truncated",
        "server_error",
        "bad_gateway",
        "reset",
        "lose_answer",
    ] {
        let bench = bench();
        bench.lever(
            "mishaps",
            &json!({"what": what, "method": "POST", "path": "notes", "times": 1}),
        );
        done(&bench.write(&[note(17)]));
        assert_eq!(bench.notes(17), 1, "{what}");
        bench.lever(
            "mishaps",
            &json!({"what": what, "method": "PUT", "path": "orders/18", "times": 1}),
        );
        done(&bench.write(&[status(18, SettledStatus::Processing, "on-hold")]));
        assert_eq!(bench.mails(), 1, "{what}");
        assert_eq!(bench.asked("orders/18")["order"]["status"], "processing");
    }
}

#[test]
fn a_kill_between_sending_and_settling_is_found_out_by_the_next_run() {
    for was_done in [true, false] {
        let bench = bench();
        // What the process had written down when it died.
        let ticket = bench
            .store
            .intend_in_shop("run-1", &bench.url, note(17), Utc::now())
            .expect("recorded");
        if was_done {
            let sent = AtomicUsize::new(0);
            let sending = || -> Result<(), Fault> {
                sent.fetch_add(1, Ordering::SeqCst);
                bench
                    .store
                    .note_sending_to_shop(&ticket, Utc::now())
                    .map_err(|error| {
                        Fault::new(Remedy::Stop, "state_unreadable", error.to_string())
                    })
            };
            RUNTIME
                .block_on(bench.shop.change(&ticket, &sending))
                .expect("it answers");
            assert_eq!(sent.load(Ordering::SeqCst), 1);
        }
        let (orders, end) =
            bench.with(async |hands| settle_shop_first(&hands).await.expect("settled"));
        assert!(end.is_none() && orders.contains(&17));
        assert_eq!(bench.store.open_in_shop(&bench.url), Ok(vec![]));
        bench.write(&[note(17)]);
        assert_eq!(bench.notes(17), 1, "{was_done}");
    }
}

/// The time that the shop may still be at work on it begins anew, once, and not with every run.
#[test]
fn a_clock_that_was_set_back_is_believed_from_now_on() {
    let bench = bench();
    let ticket = bench
        .store
        .intend_in_shop("run-1", &bench.url, note(17), Utc::now())
        .expect("recorded");
    let ahead = Utc::now() + TimeDelta::hours(1);
    bench
        .store
        .note_sending_to_shop(&ticket, ahead)
        .expect("noted");
    let stop = AtomicBool::new(true);
    let clock = Clock::new(Utc::now);
    let hands = ShopwardContext {
        shop: &bench.shop,
        store: &bench.store,
        run_id: "run-1",
        clock: &clock,
        stop: &stop,
        patience: Patience::default(),
        tell: &|_| {},
    };
    let (_, end) = RUNTIME
        .block_on(settle_shop_first(&hands))
        .expect("answers");
    assert!(end.is_some(), "the run was stopped before it was over");
    let sent = bench.store.sent_to_shop_at(&ticket).expect("answers");
    assert!(sent.expect("it was sent") <= Utc::now(), "{sent:?}");
}

#[test]
fn what_somebody_changed_meanwhile_is_left_alone() {
    let bench = bench();
    let stale = bench.write(&[status(19, SettledStatus::Completed, "on-hold")]);
    assert_eq!(failed(&stale), "stale");
    // Another order under the same id, as after a backup was put back.
    let mut other = note(17);
    let ShopChange::Order { of, .. } = &mut other.change else {
        panic!("a note is of an order");
    };
    of.key = Fingerprint::of_bytes(b"wc_order_before");
    assert_eq!(failed(&bench.write(&[other])), "gone_in_shop");
    bench.lever("orders/18/trash", &json!({}));
    assert_eq!(failed(&bench.write(&[note(18)])), "gone_in_shop");
    // Somebody is at work on it.
    bench.lever("orders/17/set", &json!({"customer_note": "please hurry"}));
    let busy = bench.write(&[status(17, SettledStatus::Processing, "on-hold")]);
    assert_eq!(failed(&busy), "order_in_use");
    assert_eq!(bench.asked("writes"), json!([]));
    assert_eq!(bench.mails(), 0);
}

#[test]
fn accounts_and_products_change_in_the_named_fields_alone() {
    let bench = bench();
    let phone = |number: &str| ShopperChange {
        billing: [(AddressPart::Phone, number.to_owned())].into(),
        ..ShopperChange::default()
    };
    let account = |from: &str, to: &str, mark: &str| {
        let change = ShopChange::Customer {
            id: 3,
            change: phone(to),
        };
        step(change, ShopBefore::Customer(phone(from)), mark)
    };
    let of = |id, variation| ProductInShop { id, variation };
    let price = |price: &str| ProductChange {
        regular_price: Some(price.parse().expect("a price")),
        ..ProductChange::default()
    };
    let goods = |of, from: &str, to: &str, mark: &str| {
        let change = ShopChange::Product {
            of,
            change: price(to),
        };
        step(change, ShopBefore::Product(price(from)), mark)
    };
    let name = ProductChange {
        name: Some("Lamp & Shade".to_owned()),
        ..ProductChange::default()
    };
    let named = ProductChange {
        name: Some("Lamp".to_owned()),
        ..ProductChange::default()
    };
    let steps = [
        account("403-555-0100", "403-555-0199", "c3"),
        goods(of(5, None), "24.99", "26.5", "p5"),
        goods(of(6, Some(7)), "30.00", "31.00", "p7"),
        step(
            ShopChange::Product {
                of: of(5, None),
                change: name,
            },
            ShopBefore::Product(named),
            "n5",
        ),
    ];
    done(&bench.write(&steps));
    let snapshot = bench.asked("snapshot");
    let find = |list: &str, id: u64| {
        let all = snapshot[list].as_array().expect("a list");
        all.iter()
            .find(|one| one["id"] == id)
            .expect("it is there")
            .clone()
    };
    let ann = find("customers", 3);
    assert_eq!(ann["billing"]["phone"], "403-555-0199");
    assert_eq!(
        (&ann["billing"]["city"], &ann["email"]),
        (&json!("Calgary"), &json!("ann@shopper.test"))
    );
    let lamp = find("products", 5);
    assert_eq!(
        (
            &lamp["regular_price"],
            &lamp["price"],
            &lamp["stock_quantity"],
            &lamp["name"]
        ),
        (
            &json!("26.50"),
            &json!("26.50"),
            &json!(40),
            &json!("Lamp &amp; Shade")
        )
    );
    assert_eq!(find("products", 7)["regular_price"], "31.00");
    // The very same once more, under other marks: it is so already.
    let again = [
        account("403-555-0100", "403-555-0199", "c3b"),
        goods(of(5, None), "24.99", "26.50", "p5b"),
    ];
    let found = bench.write(&again);
    assert!(
        found
            .results
            .iter()
            .all(|one| matches!(one, ShopStepOutcome::Found(_))),
        "{found:?}"
    );
    // And from another value than it was planned from: somebody was there.
    assert_eq!(
        failed(&bench.write(&[goods(of(5, None), "24.99", "27.00", "p5c")])),
        "stale"
    );
    let sku = |sku: &str| ProductChange {
        sku: Some(sku.to_owned()),
        ..ProductChange::default()
    };
    let taken = step(
        ShopChange::Product {
            of: of(5, None),
            change: sku("shirt-b"),
        },
        ShopBefore::Product(sku("LAMP")),
        "s5",
    );
    assert_eq!(failed(&bench.write(&[taken])), "shop_refused");
    assert_eq!(bench.mails(), 0);
    let allowed = ["billing", "regular_price", "name", "sku"];
    for write in bench.asked("writes").as_array().expect("a list") {
        let body = write["body"].as_object().expect("an object");
        assert!(
            body.keys().all(|key| allowed.contains(&key.as_str())),
            "{write}"
        );
    }
}

#[test]
fn a_key_that_may_only_read_ends_it_and_nothing_is_thought_to_be_done() {
    let bench = bench_of("read", json!({}));
    let outcome = bench.write(&[note(17), note(18)]);
    let end = outcome.end.expect("it cannot go on");
    assert_eq!(
        (end.code, end.remedy),
        ("store_rights_missing", Remedy::Reconnect)
    );
    assert_eq!(
        outcome.results,
        [ShopStepOutcome::NotReached, ShopStepOutcome::NotReached]
    );
    assert_eq!(bench.store.open_in_shop(&bench.url), Ok(vec![]));
    assert_eq!(bench.notes(17), 0);
}

#[test]
fn the_quiet_plugin_is_proved_by_its_answer_and_keeps_the_mails() {
    let loud = bench();
    assert!(!RUNTIME.block_on(loud.shop.keeps_mails_quiet()));
    assert_eq!(
        RUNTIME.block_on(loud.shop.sends_mail("customer_processing_order")),
        Some(true)
    );
    let quiet = bench_of(
        "read_write",
        json!({"quiet_plugin": true, "mails_off": ["customer_completed_order"]}),
    );
    assert!(RUNTIME.block_on(quiet.shop.keeps_mails_quiet()));
    assert_eq!(
        RUNTIME.block_on(quiet.shop.sends_mail("customer_completed_order")),
        Some(false)
    );
    done(&quiet.write(&[status(17, SettledStatus::Processing, "on-hold")]));
    assert_eq!(quiet.mails(), 0);
}

/// A plugin of the shop that makes something else of what is sent: the answer is compared, not believed.
#[test]
fn an_answer_that_says_something_else_is_not_taken_for_done() {
    let bench = bench();
    bench.lever(
        "mishaps",
        &json!({"what": "bad_record", "method": "PUT", "path": "products/5", "field": "regular_price", "value": "1.00", "times": 1}),
    );
    let price = |price: &str| ProductChange {
        regular_price: Some(price.parse().expect("a price")),
        ..ProductChange::default()
    };
    let change = ShopChange::Product {
        of: ProductInShop {
            id: 5,
            variation: None,
        },
        change: price("26.50"),
    };
    let outcome = bench.write(&[step(change, ShopBefore::Product(price("24.99")), "p5")]);
    assert_eq!(failed(&outcome), "not_kept");
}

#[test]
fn a_look_changes_nothing() {
    let bench = bench();
    let look = RUNTIME
        .block_on(bench.shop.look(&note(17)))
        .expect("it answers");
    assert!(matches!(look, ShopLook::AsPlanned(_)), "{look:?}");
    assert_eq!(bench.asked("writes"), json!([]));
}
