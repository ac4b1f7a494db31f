//! Page order: however the lists of the shop and of the books fall into pages, in whichever order their rows come, how many of them come
//! twice, how many requests are under way and what a clock says, the plan is the same to the byte.
//!
//! The property is put to readers with a planted mistake too, and has to find it by its name.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use udsync::app::App;
use udsync::connector::port::{
    Ask, Detail, ListedRecord, Listing, Pulled, ScanPlace, ShopPage, ShopReader,
};
use udsync::connector::woocommerce::WooCommerce;
use udsync::engine::context::PlanningContext;
use udsync::engine::gather::{GatherScope, Nobody, Reach, WantedRecords, gather};
use udsync::engine::paid;
use udsync::engine::run::plan_up;
use udsync::mapping::Set;
use udsync::model::clock::Clock;
use udsync::model::fault::Fault;
use udsync::model::product::Product;
use udsync::model::shop_change::{ShopLook, ShopStep};
use udsync::model::shopper::Shopper;
use udsync::store::{PostedOrders, Store};

use crate::both_ways::{account, call_in_books, call_in_shop, edit, item, price_in_shop, product};
use crate::inprocess::{End, app, sync_everything, with_end};
use crate::tales::{Dice, Tale, books};
use crate::world::{RUNTIME, World, company, shop};

/// A mistake of whoever reads the shop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Planted {
    Nothing,
    /// Somebody was deleted between two pages, and the row that moved up is passed over.
    LostAtAnEdge,
    /// A row that was read long ago comes again behind the newer one.
    OlderAfterwards,
}

/// Orders of one question, and up to which change they are all of them.
type Listed = (Vec<Pulled>, Option<DateTime<Utc>>);

/// Answers of a shop to which nothing happens: each question is asked once.
struct Once<T>(Mutex<BTreeMap<String, T>>);

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once(Mutex::default())
    }
}

impl<T: Clone + Send> Once<T> {
    fn known(&self, question: &str) -> Option<T> {
        let known = self.0.lock().expect("nobody panics with it");
        known.get(question).cloned()
    }

    async fn of(
        &self,
        question: String,
        ask: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        if let Some(known) = self.known(&question) {
            return Ok(known);
        }
        let answer = ask.await?;
        let mut known = self.0.lock().expect("nobody panics with it");
        known.insert(question, answer.clone());
        Ok(answer)
    }
}

/// All that the shop says, read once.
struct Lists {
    shoppers: Vec<ListedRecord<Shopper>>,
    products: Vec<ListedRecord<Product>>,
    /// What says that there is another page. Only a real source can make one.
    more: ScanPlace,
    orders: Once<Listed>,
    fetched: Once<Vec<Pulled>>,
    people: Once<Vec<ListedRecord<Shopper>>>,
    things: Once<Vec<ListedRecord<Product>>>,
    refunded: Once<Vec<u64>>,
    has_tax: Once<Option<bool>>,
    decimals: Once<Option<u32>>,
}

impl Lists {
    async fn read(shop: &WooCommerce) -> Lists {
        let (mut shoppers, mut products, mut more) = (Vec::new(), Vec::new(), None);
        let mut place = None;
        loop {
            let page = shop.shoppers(Detail::Needed, place.as_ref()).await;
            let page = page.expect("it answers");
            shoppers.extend(page.records);
            more = more.or(page.next.clone());
            place = page.next;
            if place.is_none() {
                break;
            }
        }
        loop {
            let page = shop.products(Detail::Needed, place.as_ref()).await;
            let page = page.expect("it answers");
            products.extend(page.records);
            place = page.next;
            if place.is_none() {
                break;
            }
        }
        Lists {
            shoppers,
            products,
            more: more.expect("the list of accounts is longer than a page"),
            orders: Once::default(),
            fetched: Once::default(),
            people: Once::default(),
            things: Once::default(),
            refunded: Once::default(),
            has_tax: Once::default(),
            decimals: Once::default(),
        }
    }

    async fn orders(&self, shop: &WooCommerce, ask: &Ask) -> Result<Listed, Fault> {
        let all = async {
            let (mut all, mut place) = (Vec::new(), None);
            loop {
                let page = shop.pull(ask, place.as_ref()).await?;
                all.extend(page.records);
                place = page.next;
                if place.is_none() {
                    return Ok((all, page.complete_through));
                }
            }
        };
        self.orders.of(format!("{ask:?}"), all).await
    }
}

/// The pages of this turn that are still to come.
struct Turn {
    dice: Dice,
    shoppers: VecDeque<Vec<ListedRecord<Shopper>>>,
    products: VecDeque<Vec<ListedRecord<Product>>>,
    orders: VecDeque<Vec<Pulled>>,
}

/// A shop whose lists come in any order and in pages of any length.
struct Shuffled<'a> {
    inner: &'a WooCommerce,
    lists: &'a Lists,
    planted: Planted,
    turn: Mutex<Turn>,
}

fn shuffle<T>(dice: &mut Dice, all: &mut [T]) {
    for at in (1..all.len()).rev() {
        let other = dice.below(at as u64 + 1) as usize;
        all.swap(at, other);
    }
}

/// Rows in any order, some of them twice, in pages of one to nine.
fn pages<T: Clone>(dice: &mut Dice, all: &[T], planted: Planted) -> VecDeque<Vec<T>> {
    let mut rows = all.to_vec();
    for row in all {
        if dice.one_in(5) {
            rows.push(row.clone());
        }
    }
    if planted == Planted::LostAtAnEdge {
        rows = all.to_vec();
    }
    shuffle(dice, &mut rows);
    let mut pages = VecDeque::new();
    let mut rows = VecDeque::from(rows);
    while !rows.is_empty() {
        let length = 1 + dice.below(9) as usize;
        pages.push_back(rows.drain(..length.min(rows.len())).collect::<Vec<T>>());
    }
    if planted == Planted::LostAtAnEdge
        && let Some(second) = pages.get_mut(1)
    {
        second.remove(0);
    }
    pages
}

impl<'a> Shuffled<'a> {
    fn new(inner: &'a WooCommerce, lists: &'a Lists, planted: Planted, seed: u64) -> Shuffled<'a> {
        Shuffled {
            inner,
            lists,
            planted,
            turn: Mutex::new(Turn {
                dice: Dice(seed),
                shoppers: VecDeque::new(),
                products: VecDeque::new(),
                orders: VecDeque::new(),
            }),
        }
    }

    fn more<T>(&self, left: &VecDeque<T>) -> Option<ScanPlace> {
        (!left.is_empty()).then(|| self.lists.more.clone())
    }
}

impl ShopReader for Shuffled<'_> {
    fn address(&self) -> &str {
        self.inner.address()
    }

    fn clock_offset(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.inner.clock_offset(now)
    }

    async fn prices_include_tax(&self) -> Result<Option<bool>, Fault> {
        let asked = self.inner.prices_include_tax();
        self.lists.has_tax.of(String::new(), asked).await
    }

    async fn decimals(&self) -> Result<Option<u32>, Fault> {
        let asked = self.inner.decimals();
        self.lists.decimals.of(String::new(), asked).await
    }

    async fn pull(&self, ask: &Ask, place: Option<&ScanPlace>) -> Result<ShopPage, Fault> {
        let (all, through) = self.lists.orders(self.inner, ask).await?;
        let mut turn = self.turn.lock().expect("nobody panics with it");
        if place.is_none() {
            turn.orders = pages(&mut turn.dice, &all, Planted::Nothing);
        }
        let records = turn.orders.pop_front().unwrap_or_default();
        let next = self.more(&turn.orders);
        Ok(ShopPage {
            records,
            complete_through: through.filter(|_| next.is_none()),
            next,
        })
    }

    async fn fetch(&self, ids: &[u64]) -> Result<Vec<Pulled>, Fault> {
        let asked = self.inner.fetch(ids);
        self.lists.fetched.of(format!("{ids:?}"), asked).await
    }

    async fn goods(
        &self,
        detail: Detail,
        products: &BTreeSet<u64>,
    ) -> Result<Vec<ListedRecord<Product>>, Fault> {
        let asked = self.inner.goods(detail, products);
        let question = format!("goods {detail:?} {products:?}");
        let mut goods = self.lists.things.of(question, asked).await?;
        shuffle(
            &mut self.turn.lock().expect("nobody panics with it").dice,
            &mut goods,
        );
        Ok(goods)
    }

    async fn accounts(&self, ids: &BTreeSet<u64>) -> Result<Vec<ListedRecord<Shopper>>, Fault> {
        let asked = self.inner.accounts(ids);
        let question = format!("accounts {ids:?}");
        let mut accounts = self.lists.people.of(question, asked).await?;
        shuffle(
            &mut self.turn.lock().expect("nobody panics with it").dice,
            &mut accounts,
        );
        Ok(accounts)
    }

    async fn shoppers_named(
        &self,
        detail: Detail,
        ids: &BTreeSet<u64>,
    ) -> Result<Vec<ListedRecord<Shopper>>, Fault> {
        let asked = self.inner.shoppers_named(detail, ids);
        let question = format!("named {detail:?} {ids:?}");
        self.lists.people.of(question, asked).await
    }

    async fn products_named(
        &self,
        detail: Detail,
        ids: &BTreeSet<u64>,
    ) -> Result<Vec<ListedRecord<Product>>, Fault> {
        let asked = self.inner.products_named(detail, ids);
        let question = format!("named {detail:?} {ids:?}");
        self.lists.things.of(question, asked).await
    }

    async fn shoppers(
        &self,
        _: Detail,
        place: Option<&ScanPlace>,
    ) -> Result<Listing<Shopper>, Fault> {
        let mut turn = self.turn.lock().expect("nobody panics with it");
        if place.is_none() {
            turn.shoppers = pages(&mut turn.dice, &self.lists.shoppers, self.planted);
            if self.planted == Planted::OlderAfterwards {
                let mut older = self.lists.shoppers[0].clone();
                let shopper = older.record.as_mut().expect("it was read");
                shopper.billing_name.phone = "as it was".to_owned();
                turn.shoppers.push_back(vec![older]);
            }
        }
        let records = turn.shoppers.pop_front().unwrap_or_default();
        let next = self.more(&turn.shoppers);
        Ok(Listing { records, next })
    }

    async fn products(
        &self,
        _: Detail,
        place: Option<&ScanPlace>,
    ) -> Result<Listing<Product>, Fault> {
        let mut turn = self.turn.lock().expect("nobody panics with it");
        if place.is_none() {
            turn.products = pages(&mut turn.dice, &self.lists.products, self.planted);
        }
        let records = turn.products.pop_front().unwrap_or_default();
        let next = self.more(&turn.products);
        Ok(Listing { records, next })
    }

    async fn refunded(&self, after: Option<DateTime<Utc>>) -> Result<Vec<u64>, Fault> {
        let asked = self.inner.refunded(after);
        self.lists.refunded.of(format!("{after:?}"), asked).await
    }

    async fn look(&self, step: &ShopStep) -> Result<ShopLook, Fault> {
        self.inner.look(step).await
    }
}

/// A shop and books that have agreed once, and on which people were at work since, on either side and on both.
fn edited() -> World {
    let people = [
        "Kim", "Ann", "Joe", "Sue", "Bob", "Eva", "Max", "Ida", "Tom", "Zoe", "Lea", "Ben",
    ];
    let accounts: Vec<Value> = (7..)
        .zip(people)
        .map(|(id, name)| account(id, name, "1"))
        .collect();
    let goods = [
        "Mug", "Cup", "Bowl", "Plate", "Fork", "Knife", "Spoon", "Jug", "Lamp",
    ];
    let mut products: Vec<Value> = (30..)
        .zip(goods)
        .map(|(id, name)| product(id, name, &name.to_uppercase(), "12.50"))
        .collect();
    let mut shirt = product(20, "Shirt", "SHIRT", "30.00");
    shirt["type"] = json!("variable");
    shirt["variations"] = json!([21, 22, 23]);
    products.push(shirt);
    for (id, size) in [(21, "S"), (22, "M"), (23, "L")] {
        let mut one = product(
            id,
            &format!("Shirt - {size}"),
            &format!("SHIRT-{size}"),
            "30.00",
        );
        one["type"] = json!("variation");
        one["parent_id"] = json!(20);
        one["attributes"] = json!([{ "id": 0, "name": "Size", "option": size }]);
        products.push(one);
    }
    let mut setup = shop(Vec::new());
    setup["keys"][0]["permissions"] = json!("read_write");
    setup["customers"] = json!(accounts);
    setup["products"] = json!(products);
    // Shipped mappings here and in the binary, so that both go on with one agreement.
    let both = "[mapping]\nfolder = \"no-mappings\"\n[sync.direction]\ncustomers = \"both\"\nproducts = \"both\"\npayments = \"both\"\n\
        [both]\nmax_share = 100\non_first = \"shop\"\n\
        [both.products]\nprice = \"both\"\nsku = \"both\"\nname = \"both\"\n\
        [both.customers]\nphone = { flow = \"both\", on_conflict = \"newest_wins\" }\ncompany = { flow = \"both\", on_conflict = \"source_wins\" }\n";
    let world = World::new(setup, company(), &format!("{}{both}", books()));
    let mut tales: Vec<Tale> = (1_001..1_013)
        .map(|id| match id % 3 {
            0 => Tale::owed(id, 2_000 + (id as i64) * 20),
            _ => Tale::paid(id, 3_000 + (id as i64) * 20),
        })
        .collect();
    tales.iter().for_each(|tale| tale.tell(&world));
    world.run("sync all --yes").ends_with(0);
    world.run("sync all --yes").ends_with(0);
    // The mappings of this process are others than those of the binary: what they agreed on is another agreement.
    sync_everything(&world, &End::never()).report();
    // Payments by hand, a refund, orders that are paid or cancelled by now, and new ones.
    for invoice in world.documents() {
        if invoice["entity"] == "Invoice"
            && invoice["id"].as_str().is_some_and(|id| id.len() % 2 == 1)
        {
            let object = &invoice["object"];
            let line = json!({ "Amount": object["TotalAmt"], "LinkedTxn": [{ "TxnId": object["Id"], "TxnType": "Invoice" }] });
            world.tell_books(
                "create",
                json!({ "entity": "Payment", "body": { "CustomerRef": object["CustomerRef"], "TotalAmt": object["TotalAmt"],
                    "TxnDate": "2026-11-10", "Line": [line] } }),
            );
        }
    }
    for tale in &mut tales {
        match tale.id % 5 {
            0 => tale.refunds.push((tale.id * 10, 1_000)),
            1 => tale.fee = Some(90),
            2 => tale.net += 400,
            _ => continue,
        }
        tale.tell(&world);
    }
    (1_013..1_018).for_each(|id| Tale::paid(id, 4_000).tell(&world));
    for (at, name) in (7_u64..).zip(people) {
        let in_books = format!("{name} Reed");
        match at % 4 {
            0 => call_in_shop(&world, at, "778"),
            1 => call_in_books(&world, &in_books, "604"),
            2 => {
                call_in_books(&world, &in_books, "604");
                call_in_shop(&world, at, "778");
            }
            _ => {}
        }
    }
    for (sku, price) in [
        ("MUG", 13.25),
        ("FORK", 12.371_428),
        ("SHIRT-S", 31.0),
        ("SHIRT-L", 29.5),
    ] {
        let id = item(&world, sku)["Id"].clone();
        edit(
            &world,
            "Item",
            &id,
            json!({ "UnitPrice": price, "Name": format!("{sku} anew") }),
        );
    }
    for id in [31, 34, 22] {
        price_in_shop(&world, id, "8.75");
    }
    world.put_store("customers/40", &account(40, "Uma", "5"));
    world.delete_store("customers/18");
    world
}

struct Reading {
    app: App,
    mappings: Arc<Set>,
    store: Store,
    shop: WooCommerce,
    lists: Lists,
}

impl Reading {
    fn of(world: &World) -> Reading {
        // Pages of three, so that there is more than one.
        let text = std::fs::read_to_string(&world.config).expect("the configuration");
        let text = text.replacen("[woocommerce]\n", "[woocommerce]\npage_size = 3\n", 1);
        std::fs::write(&world.config, text).expect("kept");
        let app = app(world);
        let store = Store::open(&world.state()).expect("the state");
        let given = app.sign_in(&store).expect("credentials");
        let shop = app.source(&given).expect("a shop");
        let lists = RUNTIME.block_on(Lists::read(&shop));
        Reading {
            mappings: app.mappings().expect("mappings"),
            app,
            store,
            shop,
            lists,
        }
    }

    /// The plan as it would be saved, from these pages of the shop, lists of the books in an order of their own, and this clock.
    fn plan<S: ShopReader>(&self, source: &S, seed: Option<u64>, clock: TimeDelta) -> String {
        let end = seed.map_or_else(End::never, End::shuffled);
        let given = self.app.sign_in(&self.store).expect("credentials");
        let target = self.app.target(&self.store, &given).expect("books");
        let finder = with_end(target, &end);
        let clock = Clock::new(move || Utc::now() + clock);
        RUNTIME.block_on(async {
            let shop = source.address();
            let paid = paid::look(&finder, &self.store, self.app.config.both.paid, shop, None);
            let paid = paid.await.expect("the books answer");
            let memory: Arc<dyn udsync::store::Memory> =
                Arc::new(self.app.state_to_read().expect("the state"));
            let mut scope = GatherScope {
                reach: Reach::Full,
                shoppers: WantedRecords::Kept,
                products: WantedRecords::Kept,
                moves_cursor: true,
                verify: true,
                posted: PostedOrders::of(memory, "quickbooks"),
                ..GatherScope::default()
            };
            scope.besides.extend(paid.invoices.keys());
            scope.paid = Some(paid);
            let gathered = gather(source, &scope, &self.mappings, &|_| {}, &mut Nobody).await;
            let gathered = gathered.expect("it was read");
            let desk = PlanningContext {
                source,
                finder: &finder,
                store: &self.store,
                rules: &self.app.config.rules,
                both: &self.app.config.both,
                mappings: &self.mappings,
                clock: &clock,
                tell: &|_| {},
            };
            let planned = plan_up(&desk, &scope, gathered).await.expect("a plan");
            let agreed: Vec<String> = planned
                .agreed
                .iter()
                .map(|one| {
                    format!(
                        "{:?} {:?} {:?}",
                        one.record.source,
                        one.writes.keys(),
                        one.hold
                    )
                })
                .collect();
            format!(
                "{}\n{}\n{:?}",
                serde_json::to_string(&planned.plan).expect("JSON"),
                agreed.join("\n"),
                planned.odd_lists
            )
        })
    }
}

/// What comes of so many turns: `Err` says in whose words the first one differed from the plan of the shop as it is.
fn turns(reading: &Reading, whole: &str, planted: Planted, turns: u64) -> Result<(), String> {
    for seed in 1..=turns {
        let mut dice = Dice(seed);
        let clock = TimeDelta::seconds(dice.below(1_200) as i64);
        let shop = Shuffled::new(&reading.shop, &reading.lists, planted, dice.next());
        let plan = reading.plan(&shop, Some(dice.next()), clock);
        if plan != whole {
            let at = plan
                .bytes()
                .zip(whole.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let near = |text: &str| {
                let bytes = text.as_bytes();
                let from = at.saturating_sub(120);
                String::from_utf8_lossy(&bytes[from..bytes.len().min(at + 120)]).into_owned()
            };
            return Err(format!(
                "the pages decided (seed {seed}):\n{}\nand before:\n{}",
                near(&plan),
                near(whole)
            ));
        }
    }
    Ok(())
}

#[test]
fn pages_rows_and_clocks_in_any_order_make_the_same_plan() {
    let world = edited();
    let reading = Reading::of(&world);
    let whole = reading.plan(&reading.shop, None, TimeDelta::zero());
    for said in ["\"to_shop\"", "\"create\"", "\"update\"", "conflict_open"] {
        assert!(whole.contains(said), "there is nothing to decide: {whole}");
    }
    turns(&reading, &whole, Planted::Nothing, 30).unwrap_or_else(|said| panic!("{said}"));
    for planted in [Planted::LostAtAnEdge, Planted::OlderAfterwards] {
        let said = turns(&reading, &whole, planted, 20).expect_err("it was not found");
        assert!(said.starts_with("the pages decided"), "{planted:?}: {said}");
    }
}

/// The same by the binary: pages of other lengths and more or fewer requests at once make the same file.
#[test]
fn lengths_of_pages_and_workers_make_the_same_saved_plan() {
    let world = edited();
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let mut plans: BTreeMap<String, String> = BTreeMap::new();
    for (page, workers) in [(100, 1), (1, 1), (2, 5), (3, 2), (7, 20), (11, 3)] {
        let said = format!("[woocommerce]\npage_size = {page}\nconcurrency = {workers}\n");
        let kept = text.replacen("[woocommerce]\n", &said, 1);
        std::fs::write(&world.config, kept).expect("kept");
        world.run("dry-run all --out plan.json");
        let plan = std::fs::read_to_string(world.home.path().join("plan.json")).expect("a plan");
        plans.insert(plan, said);
    }
    assert_eq!(plans.len(), 1, "{:?}", plans.values());
}

/// Somebody is deleted, or comes, while the list is being read: nobody else is lost by it, and nobody comes twice.
#[test]
fn whoever_comes_and_goes_between_two_pages_takes_nobody_along() {
    let people: Vec<Value> = (1..=23)
        .map(|id| account(id, &format!("P{id}"), "1"))
        .collect();
    for size in [1, 2, 3, 5, 10] {
        let mut setup = shop(Vec::new());
        setup["customers"] = json!(people);
        let world = World::new(setup, company(), &books());
        let text = std::fs::read_to_string(&world.config).expect("the configuration");
        let said = format!("[woocommerce]\npage_size = {size}\n");
        std::fs::write(&world.config, text.replacen("[woocommerce]\n", &said, 1)).expect("kept");
        let app = app(&world);
        let store = Store::in_memory().expect("a state");
        let shop = app
            .source(&app.sign_in(&store).expect("credentials"))
            .expect("a shop");
        let mut dice = Dice(size);
        let (mut seen, mut gone, mut place) = (Vec::new(), BTreeSet::new(), None);
        let mut last = 23;
        loop {
            let page = RUNTIME.block_on(shop.shoppers(Detail::Needed, place.as_ref()));
            let page = page.expect("it answers");
            let ids = page
                .records
                .iter()
                .map(|one| one.record.as_ref().expect("read").id);
            seen.extend(ids);
            place = page.next;
            if place.is_none() {
                break;
            }
            // Somebody who was read already, or is still to come; never the last of all, who stands for the end.
            let id = 1 + dice.below(22);
            if gone.insert(id) {
                world.delete_store(&format!("customers/{id}"));
            }
            if dice.one_in(3) {
                last += 1;
                world.put_store(&format!("customers/{last}"), &account(last, "New", "1"));
            }
            assert!(seen.len() < 200, "it goes on for ever");
        }
        let unique: BTreeSet<u64> = seen.iter().copied().collect();
        assert_eq!(
            unique.len(),
            seen.len(),
            "pages of {size}: somebody came twice"
        );
        let stays: BTreeSet<u64> = (1..=23).filter(|id| !gone.contains(id)).collect();
        let lost: Vec<&u64> = stays.difference(&unique).collect();
        assert!(lost.is_empty(), "pages of {size}: {lost:?} were lost");
    }
}
