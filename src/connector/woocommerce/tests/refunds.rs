//! Refunds of many orders in few requests, while somebody makes and deletes some, and in shops that are too old for it.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::server::{Answer, Asked, Server};
use super::till::{START, Shared, Till, open};
use super::{connected, recorded, settings};
use crate::connector::port::{Ask, Pulled, ShopReader};
use crate::connector::woocommerce::WooCommerce;

/// Every eleventh of so many orders has a refund, and every hundredth two more.
fn shop_of(orders: u64) -> Till {
    let mut till = Till {
        now: START + 1_000_000,
        ..Till::default()
    };
    for id in 1..=orders {
        till.add(id, START + 7 * id as i64);
        let kept = till.orders.get_mut(&id).expect("it was added just now");
        if id % 11 == 0 {
            kept.refunds.push((100_000 + id, kept.changed));
        }
        if id % 100 == 0 {
            kept.refunds.push((300_000 - id, kept.changed));
            kept.refunds.push((400_000 + id, kept.changed));
        }
    }
    till
}

/// The refunds of each order as a reading saw them last.
async fn read(shop: &WooCommerce, ask: &Ask) -> BTreeMap<u64, Vec<u64>> {
    let mut seen = BTreeMap::new();
    let mut place = None;
    loop {
        let page = shop.pull(ask, place.as_ref()).await.expect("a page");
        for pulled in page.records {
            let Pulled::Order(order, told) = pulled else {
                panic!("{pulled:?}")
            };
            let ids: Vec<u64> = order.refunds.iter().map(|refund| refund.id).collect();
            let said = told.refunds.iter().map(|raw| {
                let said: Value = serde_json::from_str(raw.text()).expect("JSON");
                assert!(said.get("parent_id").is_none(), "as the order shows it");
                said["id"].as_u64().expect("an id")
            });
            assert_eq!(said.collect::<Vec<_>>(), ids, "what was said of each");
            seen.insert(order.id, ids);
        }
        place = page.next;
        if place.is_none() {
            return seen;
        }
    }
}

fn true_ones(till: &Shared) -> BTreeMap<u64, Vec<u64>> {
    let till = till.lock().expect("no test panicked in it");
    let of = |refunds: &Vec<(u64, i64)>| {
        let mut ids: Vec<u64> = refunds.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    };
    let orders = till.orders.iter();
    orders.map(|(id, kept)| (*id, of(&kept.refunds))).collect()
}

/// How often it was asked for the list of the shop, for a choice of it, and for the refunds of one order.
fn asked_for(server: &Server) -> (usize, usize, usize) {
    let asked = server.asked();
    let lists = |asked: &&Asked| asked.path.ends_with("/v3/refunds");
    let chosen = |asked: &&Asked| lists(asked) && asked.get("include").is_some();
    let single =
        |asked: &&Asked| asked.path.contains("/orders/") && asked.path.ends_with("/refunds");
    let chosen = asked.iter().filter(chosen).count();
    (
        asked.iter().filter(lists).count() - chosen,
        chosen,
        asked.iter().filter(single).count(),
    )
}

#[tokio::test]
async fn two_thousand_orders_with_refunds_on_a_tenth_do_not_take_a_request_for_each() {
    let (server, till) = open(shop_of(2_000), |_| ()).await;
    let shop = connected(&server);
    let seen = read(&shop, &Ask::default()).await;
    assert_eq!(seen, true_ones(&till));
    let refunded = seen.values().filter(|refunds| !refunds.is_empty()).count();
    assert_eq!(refunded, 200);
    // 222 refunds on three pages, where there was a request for each of 200 orders.
    assert_eq!(asked_for(&server), (3, 0, 0));
    assert!(shop.requests() <= 25, "{} requests", shop.requests());
}

#[tokio::test]
async fn a_page_asks_for_the_refunds_of_its_own_orders_and_a_single_one_for_itself() {
    let (server, till) = open(shop_of(300), |_| ()).await;
    let shop = connected(&server);
    let expected = true_ones(&till);
    // 80 orders fit on one page; six of them have refunds.
    let ask = Ask {
        changed_after: Some(super::till::time(START + 7 * 220)),
        ..Ask::default()
    };
    let seen = read(&shop, &ask).await;
    assert_eq!(seen.len(), 80);
    assert!(seen.iter().all(|(id, refunds)| expected[id] == *refunds));
    assert_eq!(asked_for(&server), (0, 1, 0));

    let ask = Ask {
        changed_after: Some(super::till::time(START + 7 * 290)),
        ..Ask::default()
    };
    // 297 and 300 are two; 299 and 300 leave one.
    read(&shop, &ask).await;
    assert_eq!(asked_for(&server), (0, 2, 0));
    let ask = Ask {
        changed_after: Some(super::till::time(START + 7 * 298)),
        ..Ask::default()
    };
    let seen = read(&shop, &ask).await;
    assert_eq!(seen[&300], [299_700, 400_300]);
    assert_eq!(asked_for(&server), (0, 2, 1));
}

#[tokio::test]
async fn a_long_reading_of_a_shop_with_more_refunds_than_pages_does_not_read_them_all() {
    let mut till = shop_of(300);
    // Orders of long ago, on which somebody gave back again and again.
    for id in 1..=10 {
        till.add(10_000 + id, START - 1_000);
        let kept = till.orders.get_mut(&(10_000 + id)).expect("an order");
        kept.refunds = (1..=100).map(|at| (id * 1_000 + at, START)).collect();
    }
    let (server, till) = open(till, |_| ()).await;
    let ask = Ask {
        changed_after: Some(super::till::time(START)),
        ..Ask::default()
    };
    let seen = read(&connected(&server), &ask).await;
    let expected = true_ones(&till);
    assert_eq!(seen.len(), 300);
    assert!(seen.iter().all(|(id, refunds)| expected[id] == *refunds));
    let (lists, chosen, single) = asked_for(&server);
    assert_eq!(lists, 1, "one page says that there are eleven");
    assert!(chosen <= 3 && single == 0, "{chosen} and {single}");
}

#[tokio::test]
async fn refunds_that_come_and_go_while_they_are_listed_are_neither_lost_nor_left() {
    for seed in 0..20_u64 {
        let (server, till) = open(shop_of(1_500), move |till| {
            // What somebody does after the last page belongs to the next reading.
            if till.asked > 14 {
                return;
            }
            for step in 0..6 {
                till.now += 1;
                let now = till.now;
                let id = 1 + super::till::mixed(step + seed * 7, till.asked) % 1_500;
                let kept = till.orders.get_mut(&id).expect("an order");
                match step % 3 {
                    0 => kept.refunds.push((1_000_000 + now as u64, now)),
                    1 => kept.refunds = Vec::new(),
                    _ => kept.refunds.insert(0, (50_000 + now as u64 % 10_000, now)),
                }
                // The shop moves no time of change when a refund is deleted; here it does, so that at the end all can be known.
                kept.changed = now;
            }
        })
        .await;
        let seen = read(&connected(&server), &Ask::default()).await;
        let expected = true_ones(&till);
        let wrong = expected
            .iter()
            .filter(|(id, refunds)| seen.get(id) != Some(refunds));
        assert_eq!(wrong.collect::<Vec<_>>(), [], "seed {seed}");
    }
}

#[tokio::test]
async fn a_refund_deleted_after_it_was_listed_is_on_no_order() {
    // With the last page of orders still to come, somebody deletes refunds of orders on it: no time of change tells.
    let (server, till) = open(shop_of(400), |till| {
        if till.asked == 3 {
            till.orders.get_mut(&396).expect("an order").refunds.clear();
            till.orders.get_mut(&400).expect("an order").refunds.pop();
        }
    })
    .await;
    let seen = read(&connected(&server), &Ask::default()).await;
    assert_eq!(seen, true_ones(&till));
    assert_eq!(seen[&396], Vec::<u64>::new());
}

#[tokio::test]
async fn a_shop_without_the_list_is_asked_order_by_order_and_for_the_list_only_once() {
    let mut till = shop_of(400);
    let many = till.orders.get_mut(&11).expect("an order");
    many.refunds = (1..=130).map(|id| (id, START)).collect();
    let till = std::sync::Arc::new(std::sync::Mutex::new(till));
    let shared = till.clone();
    let server = Server::start(move |asked| {
        if asked.path.ends_with("/v3/refunds") {
            return Answer::recorded("errors/no-route");
        }
        shared.lock().expect("no test panicked").answer(asked)
    })
    .await;
    let shop = connected(&server);
    let seen = read(&shop, &Ask::default()).await;
    assert!(seen == true_ones(&till));
    let (lists, chosen, single) = asked_for(&server);
    assert_eq!((lists, chosen), (1, 0));
    // Some stand on two pages: where a page ends they come again.
    assert!((40..=45).contains(&single), "{single}");
}

#[tokio::test]
async fn a_shop_that_ignores_the_choice_is_not_believed() {
    let till = std::sync::Arc::new(std::sync::Mutex::new(shop_of(100)));
    let shared = till.clone();
    let server = Server::start(move |asked| {
        let mut asked = asked.clone();
        if asked.path.ends_with("/v3/refunds") {
            asked.query.retain(|(name, _)| name != "include");
        }
        shared.lock().expect("no test panicked").answer(&asked)
    })
    .await;
    let mut few = settings(&server);
    few.page_size = 100;
    let shop = WooCommerce::new(few, super::clock()).expect("a usable address");
    for _ in 0..2 {
        assert_eq!(read(&shop, &Ask::default()).await, true_ones(&till));
    }
}

#[tokio::test]
async fn what_is_kept_of_a_refund_does_not_depend_on_how_it_was_read() {
    // One refund of a real shop, in the list of the shop and in that of its order.
    let rows = |name: &str| -> Vec<Box<RawValue>> {
        let exchange = recorded(name);
        let body = exchange["response"]["body"].as_str().expect("a body");
        serde_json::from_str(body).expect("a list")
    };
    let id = |row: &RawValue| -> Value {
        let row: Value = serde_json::from_str(row.get()).expect("JSON");
        row["id"].clone()
    };
    let alone = rows("dp/back-at-2-refunds-made-under-4");
    let listed = rows("deleted/refunds-full");
    let alone = alone.iter().find(|row| id(row) == 1048).expect("there");
    let listed = listed.iter().find(|row| id(row) == 1048).expect("there");
    assert_ne!(alone.get(), listed.get(), "the list says whose it is");
    let shown = super::super::refunds::as_shown_by_its_order(listed).expect("an object");
    assert_eq!(shown.text(), alone.get());
}

#[tokio::test]
async fn a_hundred_deleted_orders_are_asked_for_together_before_each_is_believed() {
    let mut till = shop_of(20);
    for id in 1_000..1_050 {
        till.add(id, START);
        till.orders.get_mut(&id).expect("an order").status = "trash";
    }
    let (server, _) = open(till, |_| ()).await;
    let ids: Vec<u64> = (1_000..1_060).collect();
    let fetched = connected(&server).fetch(&ids).await.expect("answers");
    let trashed =
        |pulled: &&Pulled| matches!(pulled, Pulled::Order(order, _) if order.status == "trash");
    assert_eq!(fetched.iter().filter(trashed).count(), 50);
    let gone = |pulled: &&Pulled| matches!(pulled, Pulled::Gone(_));
    assert_eq!(fetched.iter().filter(gone).count(), 10);
    // Two lists, and one look at each that is in none: a status that nobody knows is in no list either.
    assert_eq!(server.asked().len(), 12);
}
