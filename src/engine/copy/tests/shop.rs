//! A shop in memory: orders with lines and refunds, as records and as the JSON that a shop would say, changed at will.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::double::Double;
use crate::connector::port::{ListedRecord, Pulled, RawOrder};
use crate::engine::copy::{Copier, CopyContext, CopySending, Looker, Span};
use crate::engine::gather::Witness;
use crate::engine::outcome::Report;
use crate::mapping::Set;
use crate::model::clock::Clock;
use crate::model::event::Event;
use crate::model::money::Money;
use crate::model::order::{Address, Buyer, Order, Refund};
use crate::model::plan::Entity;
use crate::model::raw::Raw;
use crate::model::row::Table;
use crate::model::run::{Run, RunStatus};
use crate::model::shopper::Shopper;
use crate::store::{HistoryWriter, Store};

pub const ZONE: &str = "America/Edmonton";

#[derive(Clone, Debug, PartialEq)]
pub struct Bought {
    pub status: &'static str,
    /// Cents of each line, by the line's id.
    pub lines: BTreeMap<u64, u32>,
    /// Cents of each refund, by its id.
    pub refunds: BTreeMap<u64, u32>,
    pub changed: DateTime<Utc>,
}

#[derive(Clone, Default)]
pub struct Shop {
    pub orders: BTreeMap<u64, Bought>,
    pub accounts: BTreeMap<u64, String>,
    /// Deleted for good.
    pub gone: Vec<u64>,
    clock: i64,
}

/// Numbers that come again with the seed.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

pub fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_640_000 + second, 0).expect("a real time")
}

impl Shop {
    pub fn with(orders: u64) -> Shop {
        let mut shop = Shop::default();
        for id in 1..=orders {
            shop.buy(id);
        }
        shop
    }

    /// Two lines; every third order has a refund.
    pub fn buy(&mut self, id: u64) {
        self.clock += 1;
        let refunds = id.is_multiple_of(3).then_some((id * 100 + 50, 100));
        let bought = Bought {
            status: "processing",
            lines: [(id * 10, 1_990), (id * 10 + 1, 5)].into(),
            refunds: refunds.into_iter().collect(),
            changed: at(self.clock),
        };
        self.orders.insert(id, bought);
    }

    pub fn edit(&mut self, id: u64, change: impl FnOnce(&mut Bought)) {
        self.clock += 1;
        let order = self.orders.get_mut(&id).expect("an order");
        order.changed = at(self.clock);
        change(order);
    }

    pub fn delete(&mut self, id: u64) {
        self.orders.remove(&id);
        self.gone.push(id);
    }

    /// Something happens to it.
    pub fn live(&mut self, chance: &mut Chance) {
        let ids: Vec<u64> = self.orders.keys().copied().collect();
        let id = ids[usize::try_from(chance.below(ids.len() as u64)).expect("small")];
        match chance.below(8) {
            0 => self.buy(ids.iter().max().expect("some") + 1),
            1 if ids.len() > 5 => self.delete(id),
            2 => self.edit(id, |order| order.status = "trash"),
            3 => self.edit(id, |order| order.status = "completed"),
            4 => self.edit(id, |order| {
                order.lines.pop_first();
            }),
            5 => self.edit(id, |order| {
                order.refunds.insert(id * 100 + 60, 250);
            }),
            6 => self.edit(id, |order| {
                order.refunds.clear();
            }),
            _ => self.edit(id, |order| {
                order.lines.insert(id * 10 + 7, 777);
            }),
        }
    }

    fn pulled(&self, id: u64) -> Pulled {
        let Some(bought) = self.orders.get(&id) else {
            return Pulled::Gone(id);
        };
        let order = order(id, bought);
        let refunds = bought.refunds.iter().map(|(refund, cents)| {
            let refund = json!({
                "id": refund,
                "amount": money(*cents),
                "reason": "broken",
                "refunded_by": 0,
                "refunded_payment": false,
                "date_created_gmt": "2026-11-20T12:00:00",
                "line_items": [], "shipping_lines": [], "fee_lines": [], "meta_data": [],
            });
            Raw::new(&refund.to_string())
        });
        let told = RawOrder {
            order: Raw::new(&json_of(id, bought).to_string()),
            refunds: refunds.collect(),
        };
        Pulled::Order(Box::new(order), told)
    }

    pub fn pages(&self, mut ids: Vec<u64>, chance: &mut Chance) -> Vec<Vec<Pulled>> {
        for at in (1..ids.len()).rev() {
            let other = usize::try_from(chance.below(at as u64 + 1)).expect("small");
            ids.swap(at, other);
        }
        // Pages overlap.
        let mut pages: Vec<Vec<Pulled>> = Vec::new();
        for chunk in ids.chunks(4) {
            let mut page: Vec<Pulled> = chunk.iter().map(|id| self.pulled(*id)).collect();
            if let Some(Pulled::Order(order, told)) = pages.last().and_then(|page| page.last()) {
                page.insert(0, Pulled::Order(order.clone(), told.clone()));
            }
            pages.push(page);
        }
        pages
    }

    /// The latest change.
    pub fn through(&self) -> DateTime<Utc> {
        at(self.clock)
    }

    fn listed(&self) -> Vec<ListedRecord<Shopper>> {
        let accounts = self.accounts.iter();
        let listed = accounts.map(|(id, email)| ListedRecord {
            record: Ok(Shopper {
                id: *id,
                email: email.clone(),
                first_name: "Ann".into(),
                last_name: "Lee".into(),
                role: "customer".into(),
                paying: true,
                billing_name: Buyer::default(),
                billing: Address::default(),
                shipping: Address::default(),
                created_at: None,
                modified_at: None,
            }),
            raw: Raw::new(
                &json!({"id": id, "email": email, "role": "customer", "meta_data": []}).to_string(),
            ),
        });
        listed.collect()
    }

    /// Whether the database holds exactly what the shop has, judged by the shop's own words and not by any mapping.
    pub fn check(&self, database: &Double) {
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let is_live = |bought: &&Bought| bought.status != "trash";
        let live: BTreeMap<u64, &Bought> = self
            .orders
            .iter()
            .map(|(id, bought)| (*id, bought))
            .filter(|(_, bought)| is_live(bought))
            .collect();
        let rows = database.live(Table::Orders);
        assert_eq!(
            ids(&rows),
            live.keys().map(u64::to_string).collect::<Vec<_>>().sorted()
        );
        let mut lines = BTreeMap::new();
        let mut refunds = BTreeMap::new();
        for (id, bought) in &live {
            let row = &rows[&id.to_string()];
            assert_eq!(text(&row.columns.read()["status"]), bought.status);
            assert_eq!(
                text(&row.columns.read()["total"]),
                money(total(bought)),
                "order {id}"
            );
            assert_eq!(row.source_at, Some(bought.changed));
            let raw = row.raw.as_ref().expect("what the shop said");
            assert_eq!(raw.text(), json_of(*id, bought).to_string());
            lines.extend(
                bought
                    .lines
                    .iter()
                    .map(|(line, cents)| (line.to_string(), (*id, *cents))),
            );
            refunds.extend(
                bought
                    .refunds
                    .iter()
                    .map(|(refund, cents)| (refund.to_string(), (*id, *cents))),
            );
        }
        for (table, expected, column) in [
            (Table::OrderLines, lines, "total"),
            (Table::Refunds, refunds, "amount"),
        ] {
            let rows = database.live(table);
            assert_eq!(ids(&rows), expected.keys().cloned().collect::<Vec<_>>());
            for (id, (order, cents)) in expected {
                let row = &rows[&id];
                assert_eq!(
                    text(&row.columns.read()[column]),
                    money(cents),
                    "{} {id}",
                    table.as_str()
                );
                assert_eq!(text(&row.columns.read()["order_id"]), order.to_string());
                let raw: Value =
                    serde_json::from_str(row.raw.as_ref().expect("its own").text()).expect("JSON");
                assert_eq!(text(&raw["id"]), id);
            }
        }
    }
}

trait Sorted {
    fn sorted(self) -> Self;
}

impl Sorted for Vec<String> {
    fn sorted(mut self) -> Self {
        self.sort();
        self
    }
}

fn ids<T>(rows: &BTreeMap<String, T>) -> Vec<String> {
    rows.keys().cloned().collect()
}

pub fn money(cents: u32) -> String {
    Money::cents(cents).to_string()
}

fn total(bought: &Bought) -> u32 {
    bought.lines.values().sum()
}

fn json_of(id: u64, bought: &Bought) -> Value {
    let refunds: Vec<Value> = bought
        .refunds
        .iter()
        .map(|(id, cents)| json!({"id": id, "total": format!("-{}", money(*cents))}))
        .collect();
    let lines: Vec<Value> = bought
        .lines
        .iter()
        .map(|(line, cents)| {
            json!({"id": line, "name": "Mug", "product_id": 7, "variation_id": 0, "quantity": 1, "subtotal": money(*cents),
                   "subtotal_tax": "0.00", "total": money(*cents), "total_tax": "0.00", "tax_class": "", "sku": "MUG",
                   "taxes": [], "meta_data": []})
        })
        .collect();
    json!({
        "id": id, "number": id.to_string(), "status": bought.status, "currency": "CAD", "total": money(total(bought)),
        "total_tax": "0.00", "customer_id": 0, "billing": {"email": "ann@example.com"}, "shipping": {},
        "date_created_gmt": "2026-11-20T10:00:00",
        "date_modified_gmt": bought.changed.format("%Y-%m-%dT%H:%M:%S").to_string(),
        "line_items": lines, "shipping_lines": [], "fee_lines": [], "coupon_lines": [], "tax_lines": [], "refunds": refunds,
        "meta_data": [{"id": id, "key": "_note", "value": "Zoë"}],
    })
}

fn order(id: u64, bought: &Bought) -> Order {
    let refunds = bought.refunds.iter().map(|(id, cents)| Refund {
        id: *id,
        created_at: at(-100),
        amount: Money::cents(*cents),
        reason: "broken".into(),
        through_gateway: false,
        items: vec![],
        shipping_lines: vec![],
        fees: vec![],
        tax_lines: vec![],
    });
    Order {
        id,
        key: None,
        number: id.to_string(),
        status: bought.status.into(),
        currency: "CAD".into(),
        created_at: at(-200),
        modified_at: bought.changed,
        paid_at: None,
        completed_at: None,
        total: Money::cents(total(bought)),
        total_tax: Money::ZERO,
        buyer: Buyer::default(),
        billing: Address::default(),
        shipping: Address::default(),
        payment_method: String::new(),
        payment_title: String::new(),
        transaction: String::new(),
        customer_note: String::new(),
        vat_exempt: false,
        gateway_fee: None,
        items: vec![],
        shipping_lines: vec![],
        fees: vec![],
        tax_lines: vec![],
        coupons: vec![],
        refunds: refunds.collect(),
    }
}

/// A machine with its state file.
pub struct Machine {
    pub store: Store,
    pub mappings: Set,
    pub verify: bool,
    pub allow_shrunken: bool,
    pub place: &'static str,
    runs: std::cell::Cell<u32>,
}

impl Machine {
    pub fn new() -> Machine {
        Machine {
            store: Store::in_memory().expect("memory"),
            mappings: Set::shipped(
                json!({"shop": "aurora", "timezone": ZONE, "number_prefix": "WC-", "home_currency": "CAD"}),
            ),
            verify: false,
            allow_shrunken: true,
            place: "here",
            runs: std::cell::Cell::new(0),
        }
    }

    pub fn bench<'a>(&'a self, database: &'a Double, clock: &'a Clock) -> CopyContext<'a, Double> {
        CopyContext {
            database,
            place: self.place.to_owned(),
            store: &self.store,
            mappings: &self.mappings,
            shop: "aurora",
            clock,
            keep_raw: true,
            verify: self.verify,
            allow_shrunken: self.allow_shrunken,
            tell: &|_: Event| {},
        }
    }

    pub fn sending<'a>(&'a self, bench: &'a CopyContext<'a, Double>) -> CopySending<'a, Double> {
        CopySending {
            bench,
            store: &self.store,
        }
    }

    pub fn begin_run(&self) -> Run {
        self.runs.set(self.runs.get() + 1);
        let run = Run {
            id: format!("run-{}", self.runs.get()),
            shop: "aurora".into(),
            command: "sync".into(),
            entities: vec!["orders".into()],
            mode: "incremental".into(),
            dry_run: false,
            status: RunStatus::Running,
            started_at: at(10_000 + i64::from(self.runs.get())),
            finished_at: None,
            tallies: BTreeMap::new(),
            error: None,
        };
        self.store.begin_run(&run).expect("begun");
        run
    }

    /// Every order is read, in whatever order, and what the shop no longer lists is asked for.
    pub async fn full(&self, shop: &Shop, database: &Double, seed: u64) -> Report {
        self.copy(shop, database, seed, None).await
    }

    /// What changed since, as often as windows overlap: a second more.
    pub async fn since(&self, shop: &Shop, database: &Double, seed: u64) -> Report {
        let cursor =
            crate::engine::copy::cursor(&self.store, "aurora", self.place).expect("answers");
        let since = cursor.expect("read before") - TimeDelta::seconds(1);
        self.copy(shop, database, seed, Some(since)).await
    }

    async fn copy(
        &self,
        shop: &Shop,
        database: &Double,
        seed: u64,
        since: Option<DateTime<Utc>>,
    ) -> Report {
        let clock = Clock::new(|| at(50_000));
        let bench = self.bench(database, &clock);
        let span = Span {
            orders: true,
            every_order: since.is_none(),
            ..Span::default()
        };
        let run = self.begin_run();
        let mut copier = Copier::new(self.sending(&bench), span, &run.id);
        show(&mut copier, shop, seed, since).await;
        copier
            .close(Some(shop.through()))
            .await
            .expect("the state file")
    }

    pub async fn look(&self, shop: &Shop, database: &Double) -> Report {
        let clock = Clock::new(|| at(50_000));
        let bench = self.bench(database, &clock);
        let span = Span {
            orders: true,
            every_order: true,
            ..Span::default()
        };
        let mut looker = Looker::new(&bench, span);
        show(&mut looker, shop, 1, None).await;
        looker.close().await.expect("the state file")
    }

    /// All accounts are listed.
    pub async fn accounts(&self, shop: &Shop, database: &Double) -> Report {
        let clock = Clock::new(|| at(50_000));
        let bench = self.bench(database, &clock);
        let span = Span {
            customers: true,
            ..Span::default()
        };
        let run = self.begin_run();
        let mut copier = Copier::new(self.sending(&bench), span, &run.id);
        copier.shoppers(&shop.listed()).await;
        copier.end_of_list(Entity::Customer);
        copier.close(None).await.expect("the state file")
    }
}

async fn show<W: Witness>(witness: &mut W, shop: &Shop, seed: u64, since: Option<DateTime<Utc>>) {
    let mut chance = Chance(seed);
    let changed = |bought: &Bought| since.is_none_or(|since| bought.changed > since);
    let ids = shop.orders.iter().filter(|(_, bought)| changed(bought));
    let ids = ids.map(|(id, _)| *id).collect();
    for page in shop.pages(ids, &mut chance) {
        witness.orders(&page).await;
    }
    if since.is_none() {
        let missing = witness.missing_orders().into_iter();
        let missing: Vec<Pulled> = missing.map(|id| shop.pulled(id)).collect();
        witness.orders(&missing).await;
    }
}
