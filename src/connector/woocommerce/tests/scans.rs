//! Scans of a shop in which people go on working, whose equal times come in any order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::server::{Answer, Server};
use super::till::{Kept, START, Shared, Till, mixed, open, order, time};
use super::{connected, settings};
use crate::connector::port::{Ask, Pulled, ShopPage, ShopReader};
use crate::connector::woocommerce::WooCommerce;

/// Every page of a scan.
async fn pages(shop: &WooCommerce, ask: &Ask) -> Vec<ShopPage> {
    let mut pages = vec![shop.pull(ask, None).await.expect("a page")];
    while let Some(place) = pages.last().and_then(|page| page.next.clone()) {
        assert!(pages.len() < 1_000, "the scan does not come to an end");
        pages.push(shop.pull(ask, Some(&place)).await.expect("a page"));
    }
    pages
}

/// What a scan saw last of each order.
fn last_seen(pages: &[ShopPage]) -> BTreeMap<u64, i64> {
    let mut seen = BTreeMap::new();
    for pulled in pages.iter().flat_map(|page| &page.records) {
        let Pulled::Order(order, _) = pulled else {
            panic!("{pulled:?}")
        };
        let before = seen.insert(order.id, order.modified_at.timestamp());
        assert!(before.is_none_or(|before| before <= order.modified_at.timestamp()));
    }
    seen
}

fn all(till: &Shared) -> BTreeMap<u64, i64> {
    let till = till.lock().expect("no test panicked in it");
    till.orders
        .iter()
        .map(|(id, kept)| (*id, kept.changed))
        .collect()
}

/// 2,012 orders of which 242 share one second, and smaller heaps elsewhere.
fn two_thousand() -> Till {
    let mut till = Till {
        now: START + 1_000_000,
        ..Till::default()
    };
    for id in 1..=2_012_u64 {
        let changed = match id {
            700..942 => START,
            1_000..1_100 => START + 500,
            1_100..1_150 => START + 501,
            id => START - 5_000 + 7 * (id as i64 / 3),
        };
        till.add(id, changed);
    }
    till
}

#[tokio::test]
async fn misses_none_of_242_orders_of_one_second() {
    let (server, till) = open(two_thousand(), |_| ()).await;
    let shop = connected(&server);
    let pages = pages(&shop, &Ask::default()).await;
    assert_eq!(last_seen(&pages), all(&till));
    assert!(
        server.asked().len() <= 32,
        "{} requests",
        server.asked().len()
    );
    assert_eq!(shop.requests(), server.asked().len() as u64);
}

#[tokio::test]
async fn misses_nothing_while_orders_are_edited() {
    // With each request somebody edits five orders, those of the crowded second among them.
    let (server, till) = open(two_thousand(), |till| {
        if till.asked > 40 {
            return;
        }
        for step in 0..5 {
            till.now += 1;
            let id = if step == 0 {
                700 + till.asked % 242
            } else {
                1 + mixed(step, till.asked) % 2_012
            };
            till.orders.get_mut(&id).expect("an order").changed = till.now;
        }
    })
    .await;
    let pages = pages(&connected(&server), &Ask::default()).await;
    assert_eq!(last_seen(&pages), all(&till));
}

#[tokio::test]
async fn lists_a_second_anew_when_an_order_leaves_it_between_two_pages() {
    let mut till = Till {
        now: START + 1_000,
        ..Till::default()
    };
    for id in 1..=250 {
        till.add(id, START);
    }
    // The orders are edited after the scan has begun to list the second by id.
    let (server, till) = open(till, |till| {
        if till.asked == 2 {
            till.orders.get_mut(&5).expect("an order").changed = START + 900;
        }
    })
    .await;
    let pages = pages(&connected(&server), &Ask::default()).await;
    assert_eq!(last_seen(&pages), all(&till));
}

#[tokio::test]
async fn claims_no_more_than_it_has_seen() {
    let mut till = Till {
        now: START + 1_000,
        ..Till::default()
    };
    for id in 1..=230 {
        till.add(id, START + id as i64);
    }
    let (server, till) = open(till, |_| ()).await;
    let shop = connected(&server);
    let first = pages(&shop, &Ask::default()).await;
    let claims: Vec<i64> = first
        .iter()
        .map(|page| page.complete_through.expect("a time").timestamp() - START)
        .collect();
    assert_eq!(
        claims,
        [99, 198, 229],
        "the last second seen may have more to come"
    );

    // The next run goes on from there: the last order comes again, and whatever shares its second.
    till.lock()
        .expect("no test panicked in it")
        .add(999, START + 230);
    let ask = Ask {
        changed_after: first.last().expect("a page").complete_through,
        ..Ask::default()
    };
    let second = pages(&shop, &ask).await;
    assert_eq!(
        last_seen(&second).into_keys().collect::<Vec<_>>(),
        [230, 999]
    );

    let nothing = Ask {
        changed_after: Some(time(START + 5_000)),
        ..Ask::default()
    };
    let third = shop.pull(&nothing, None).await.expect("a page");
    assert_eq!(
        (third.records.len(), third.complete_through),
        (0, nothing.changed_after)
    );
    assert!(third.next.is_none());
}

#[tokio::test]
async fn a_time_in_the_future_does_not_become_the_cursor() {
    let mut till = Till {
        now: START + 10,
        ..Till::default()
    };
    till.add(1, START);
    till.add(2, START + 1_000_000);
    let (server, _) = open(till, |_| ()).await;
    let page = connected(&server)
        .pull(&Ask::default(), None)
        .await
        .expect("a page");
    assert_eq!(page.complete_through, Some(time(START + 9)));
}

#[tokio::test]
async fn an_odd_order_stops_nobody() {
    let server = Server::start(|_| {
        let good = order(
            1,
            &Kept {
                changed: START,
                status: "processing",
                refunds: vec![],
            },
        );
        let mut odd = order(
            2,
            &Kept {
                changed: START + 1,
                status: "processing",
                refunds: vec![],
            },
        );
        odd["total"] = json!("a lot");
        Answer::json(json!([good, odd, null]).to_string())
    })
    .await;
    let page = connected(&server)
        .pull(&Ask::default(), None)
        .await
        .expect("a page");
    let [Pulled::Order(..), Pulled::Odd(odd), Pulled::Odd(nothing)] = page.records.as_slice()
    else {
        panic!("{:?}", page.records);
    };
    assert_eq!(
        (odd.id, odd.changed_at, odd.path.as_str()),
        (Some(2), Some(time(START + 1)), "total")
    );
    assert_eq!(nothing.id, None);
}

#[tokio::test]
async fn asks_for_what_was_named() {
    let server = Server::start(|_| Answer::json("[]")).await;
    let ask = Ask {
        changed_after: Some(time(START) + chrono::Duration::milliseconds(500)),
        created_after: Some(time(START - 60)),
        created_before: Some(time(START) + chrono::Duration::milliseconds(500)),
        statuses: vec!["processing".into(), "trash".into()],
    };
    connected(&server).pull(&ask, None).await.expect("a page");
    let asked = &server.asked()[0];
    let wanted = [
        // A fraction of a second lies within a second of the shop, whose orders may have come after it.
        ("modified_after", "2025-05-31T23:59:59"),
        ("after", "2025-05-31T23:59:00"),
        ("before", "2025-06-01T00:00:01"),
        ("dates_are_gmt", "true"),
        ("status", "processing,trash"),
        ("orderby", "modified"),
        ("order", "asc"),
        ("per_page", "100"),
    ];
    for (name, value) in wanted {
        assert_eq!(asked.get(name), Some(value), "{name}");
    }
    assert_eq!(
        (asked.get("page"), asked.accept.as_deref()),
        (None, Some("application/json"))
    );
}

#[tokio::test]
async fn a_shop_that_ignores_the_filter_is_told_so() {
    let server = Server::start(|_| {
        let old = order(
            1,
            &Kept {
                changed: START,
                status: "processing",
                refunds: vec![],
            },
        );
        Answer::json(json!([old]).to_string())
    })
    .await;
    let ask = Ask {
        changed_after: Some(time(START + 60)),
        ..Ask::default()
    };
    let fault = connected(&server)
        .pull(&ask, None)
        .await
        .expect_err("a fault");
    assert_eq!(fault.code, "store_scan_stuck");
}

#[tokio::test]
async fn a_shop_that_gives_smaller_pages_than_asked_for_is_read_to_its_end() {
    let mut till = Till {
        now: START + 1_000_000,
        ..Till::default()
    };
    for id in 1..=90 {
        till.add(id, START + id as i64 / 40);
    }
    let till = Arc::new(Mutex::new(till));
    let shared = till.clone();
    let server = Server::start(move |asked| {
        let mut asked = asked.clone();
        asked.query.retain(|(name, _)| name != "per_page");
        shared
            .lock()
            .expect("no test panicked in it")
            .answer(&asked)
    })
    .await;
    let pages = pages(&connected(&server), &Ask::default()).await;
    assert_eq!(last_seen(&pages), all(&till));
}

#[tokio::test]
async fn reads_the_refunds_of_the_orders_that_have_some() {
    let mut till = Till {
        now: START + 1_000,
        ..Till::default()
    };
    for id in 1..=40 {
        till.add(id, START + id as i64);
        if id % 4 == 0 {
            let many = if id == 40 { 130 } else { 2 };
            till.orders.get_mut(&id).expect("an order").refunds =
                (0..many).rev().map(|n| (1_000 * id + n, START)).collect();
        }
    }
    let (server, _) = open(till, |_| ()).await;
    let shop = connected(&server);
    let page = shop.pull(&Ask::default(), None).await.expect("a page");
    for pulled in &page.records {
        let Pulled::Order(order, _) = pulled else {
            panic!("{pulled:?}")
        };
        let ids: Vec<u64> = order.refunds.iter().map(|refund| refund.id).collect();
        let many = if order.id % 4 > 0 {
            0
        } else if order.id == 40 {
            130
        } else {
            2
        };
        assert_eq!(
            ids,
            (0..many).map(|n| 1_000 * order.id + n).collect::<Vec<_>>()
        );
    }
    assert_eq!(
        server.asked().len(),
        1 + 2,
        "one page of orders, and two of the 148 refunds on them"
    );
    assert!(server.most_at_once() <= settings(&server).concurrency);
}

#[tokio::test]
async fn fetches_each_id_in_the_order_of_the_ids() {
    let mut till = Till {
        now: START + 1_000,
        ..Till::default()
    };
    for id in 1..=150 {
        till.add(id, START);
    }
    till.orders.get_mut(&20).expect("an order").status = "trash";
    till.orders.get_mut(&30).expect("an order").refunds = vec![(900, START)];
    let (server, _) = open(till, |_| ()).await;
    let ids: Vec<u64> = [777, 30, 20, 30].into_iter().chain(40..150).collect();
    let pulled = connected(&server).fetch(&ids).await.expect("answers");
    assert_eq!(pulled.len(), ids.len());
    for (id, pulled) in ids.iter().zip(&pulled) {
        match (id, pulled) {
            (777, Pulled::Gone(777)) => (),
            (20, Pulled::Order(order, _)) => {
                assert_eq!((order.id, order.status.as_str()), (20, "trash"))
            }
            (30, Pulled::Order(order, _)) => assert_eq!(order.refunds.len(), 1),
            (id, Pulled::Order(order, _)) => assert_eq!(order.id, *id),
            other => panic!("{other:?}"),
        }
    }
    let lists = server
        .asked()
        .iter()
        .filter(|asked| asked.get("include").is_some())
        .count();
    assert_eq!(
        lists, 3,
        "at most a hundred ids at once, and what is left in the trash"
    );
    assert!(
        connected(&server)
            .fetch(&[])
            .await
            .expect("answers")
            .is_empty()
    );
}

#[tokio::test]
async fn names_every_order_that_has_refunds() {
    let mut till = Till {
        now: START + 10_000,
        ..Till::default()
    };
    for id in 1..=400 {
        till.add(id, START);
        // A bulk refund of 220 orders in one second, and some over time; one order has two.
        till.orders.get_mut(&id).expect("an order").refunds = match id {
            1..=220 => vec![(10_000 + id, START + 50)],
            221 => vec![(10_221, START + 1), (10_999, START + 99)],
            222..=300 => vec![(10_000 + id, START + id as i64)],
            _ => vec![],
        };
    }
    let (server, _) = open(till, |_| ()).await;
    let shop = connected(&server);
    assert_eq!(
        shop.refunded(None).await.expect("ids"),
        (1..=300).collect::<Vec<_>>()
    );
    let late = shop.refunded(Some(time(START + 290))).await.expect("ids");
    assert_eq!(late, (291..=300).collect::<Vec<_>>());
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.get("_fields").is_some())
    );
}
