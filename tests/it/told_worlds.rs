//! Ten thousand worlds of orders: people pay invoices in the books by hand, in part, too much, or close them with a credit; they void
//! them, and give money back. The shop is told by note or by status, over a line on which answers are lost, services throttle and the
//! process is killed. Every request that leaves is looked at.
//!
//! The books are values; the shop is the stand-in over HTTP, and what is sent is what the connector makes of it. Many worlds share one
//! shop, each with orders of its own. What has to be asked of every world is asked of all of a shop at once where that says the same:
//! whether they are at rest, and what stands in the shop in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::{Value, json};
use udsync::connector::port::{Pulled, ShopReader};
use udsync::engine::given_back::GivenBack;
use udsync::engine::paid::{self, InvoiceSeen, PaidLook, Withdrawn};
use udsync::engine::shopward::{ShopStepOutcome, settle_shop_first, write_to_shop};
use udsync::model::both::PaidInBooks;
use udsync::model::document::DocumentKind;
use udsync::model::money::Money;
use udsync::model::plan::Remote;
use udsync::model::shop_change::ShopStep;
use udsync::model::ticket::{Found, FoundState};

use crate::shopward::{Bench, KEY, SECRET, SETTLE_AFTER, order};
use crate::tales::Dice;
use crate::world::{RUNTIME, send};

const WORLDS: u64 = 10_000;
/// So many share a shop, so that none of its lists grows long.
const TOGETHER: u64 = 100;
/// Where nobody was killed, the shop of these tests is done with a request when the line breaks.
const SETTLED: Duration = Duration::from_millis(1);
/// Orders of a world.
const ORDERS: u64 = 3;

/// What others entered in the books for an invoice, by luck.
fn invoice(dice: &mut Dice, order: u64) -> InvoiceSeen {
    let cents = Money::cents;
    let total: u32 = 6_999;
    let found = |kind: DocumentKind, id: String, label: &str, total: u32| Found {
        remote: Remote {
            entity: kind.into(),
            id,
            revision: "1".to_owned(),
        },
        label: label.to_owned(),
        marker: None,
        customer: Some("9".to_owned()),
        state: FoundState::Active,
        date: NaiveDate::from_ymd_opt(2026, 11, 10),
        currency: Some("CAD".to_owned()),
        total: cents(total),
        tax_total: Money::ZERO,
        tax: Default::default(),
        exchange_rate: None,
        balance: None,
        unapplied: None,
        payments: Vec::new(),
        is_deposited: false,
        content: String::new(),
        trace: String::new(),
        words: Default::default(),
    };
    let mut stands = found(
        DocumentKind::Invoice,
        format!("i{order}"),
        &format!("WC-{order}"),
        total,
    );
    let mut payments = Vec::new();
    let luck = dice.below(6);
    let part = 1 + dice.below(6_998) as u32;
    let (paid, over) = match luck {
        0 => (part, 0),
        1 => (total, part),
        2 => (0, 0),
        _ => (total, 0),
    };
    if paid > 0 {
        let mut payment = found(
            DocumentKind::Payment,
            format!("p{order}"),
            "4711 & <b>",
            paid + over,
        );
        payment.unapplied = Some(cents(over));
        payments.push(payment);
    }
    stands.balance = Some(cents(if luck == 2 { 0 } else { total - paid }));
    InvoiceSeen {
        remote: stands.remote.clone(),
        number: format!("WC-{order}"),
        currency: "CAD".to_owned(),
        total: cents(total),
        stands: Some(stands),
        payments,
    }
}

/// What a request to the shop must never carry, whatever came of luck.
#[track_caller]
fn only_what_is_allowed(writes: &[Value]) {
    for write in writes {
        let path = write["path"].as_str().expect("a path");
        let body = write["body"].as_object().expect("an object");
        let keys: Vec<&str> = body.keys().map(String::as_str).collect();
        match path.ends_with("/notes") {
            true => {
                assert_eq!(keys, ["customer_note", "note"], "{write}");
                assert_eq!(body["customer_note"], false, "{write}");
            }
            false => {
                assert_eq!(keys, ["status"], "{write}");
                let to = body["status"].as_str().expect("a word");
                assert!(["processing", "completed"].contains(&to), "{write}");
                assert_eq!(write["method"], "PUT");
            }
        }
        assert!(
            !path.contains("batch") && !path.contains("refunds"),
            "{write}"
        );
    }
}

/// What people did in the books of one world, and how its owner wants the shop to be told.
struct ToldWorld {
    ids: Vec<u64>,
    look: PaidLook,
    withdrawn: Vec<Withdrawn>,
    /// Mails that were foretold before the first write. `None`: the runs were killed before they planned.
    foretold: Option<usize>,
}

impl ToldWorld {
    fn random(world: u64, dice: &mut Dice) -> ToldWorld {
        let ids: Vec<u64> = (0..ORDERS).map(|n| 1_000 + world * ORDERS + n).collect();
        let paid = match dice.one_in(2) {
            true => PaidInBooks::Note,
            false => PaidInBooks::Status,
        };
        let (mut invoices, mut given, mut withdrawn) =
            (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for id in &ids {
            match dice.below(8) {
                0 => withdrawn.push(Withdrawn {
                    order: *id,
                    kind: DocumentKind::Invoice,
                    id: format!("i{id}"),
                    number: format!("WC-{id}"),
                    total: Money::cents(6_999),
                    is_deleted: dice.one_in(2),
                }),
                1 => drop(given.insert(*id, vec![credit(dice, *id)])),
                _ => drop(invoices.insert(*id, invoice(dice, *id))),
            }
            if dice.one_in(6) {
                given.insert(*id, vec![credit(dice, *id)]);
            }
        }
        let look = PaidLook {
            paid,
            invoices,
            given_back: given,
        };
        ToldWorld {
            ids,
            look,
            withdrawn,
            foretold: None,
        }
    }

    /// A run, which is killed after this time. Answers with how many things it told, or with what kept it from telling all.
    fn run(&mut self, bench: &Bench, killed_after: Option<Duration>) -> Result<usize, String> {
        let ToldWorld {
            ids,
            look,
            withdrawn,
            foretold,
        } = self;
        bench.with(async |hands| {
            let run = async {
                let (_, end) = settle_shop_first(&hands).await.expect("recorded");
                if let Some(end) = end {
                    return Err(format!("not settled: {end}"));
                }
                let steps = plan(bench, ids, look, withdrawn).await?;
                let mails = || steps.iter().map(|step| step.mails() as usize).sum();
                foretold.get_or_insert_with(mails);
                let outcome = write_to_shop(&hands, &steps).await.expect("recorded");
                let mut told = 0;
                for result in &outcome.results {
                    match result {
                        ShopStepOutcome::Done(_) => told += 1,
                        ShopStepOutcome::Found(_) => {}
                        other => return Err(format!("{other:?}, {:?}", outcome.end)),
                    }
                }
                Ok(told)
            };
            match killed_after {
                None => run.await,
                Some(time) => match tokio::time::timeout(time, run).await {
                    Ok(told) => told,
                    Err(_) => Err("killed".to_owned()),
                },
            }
        })
    }
}

/// What the shop is to be told of these orders as they are now.
async fn plan(
    bench: &Bench,
    ids: &[u64],
    look: &PaidLook,
    withdrawn: &[Withdrawn],
) -> Result<Vec<ShopStep>, String> {
    let fetched = bench.shop.fetch(ids).await;
    let mut orders = BTreeMap::new();
    for pulled in fetched.map_err(|fault| format!("not read: {fault}"))? {
        if let Pulled::Order(order, _) = pulled {
            orders.insert(order.id, *order);
        }
    }
    let planned = paid::plan(&bench.shop, &bench.store, look, withdrawn, &orders, &[]);
    let planned = planned.await.map_err(|error| format!("{error}"))?;
    Ok(planned.steps)
}

/// A further run over all worlds of a shop would tell it nothing: no question is open, and nothing is left to be said.
fn are_at_rest(bench: &Bench, worlds: &[ToldWorld]) {
    let open = udsync::store::ShopAttempts::open_in_shop(&bench.store, &bench.url);
    assert_eq!(open, Ok(Vec::new()), "a question without an answer");
    for paid in [PaidInBooks::Note, PaidInBooks::Status] {
        let (mut ids, mut withdrawn) = (Vec::new(), Vec::new());
        let mut look = PaidLook {
            paid,
            invoices: BTreeMap::new(),
            given_back: BTreeMap::new(),
        };
        for world in worlds.iter().filter(|world| world.look.paid == paid) {
            ids.extend(&world.ids);
            withdrawn.extend(world.withdrawn.iter().cloned());
            look.invoices.extend(world.look.invoices.clone());
            look.given_back.extend(world.look.given_back.clone());
        }
        let left = RUNTIME.block_on(plan(bench, &ids, &look, &withdrawn));
        assert_eq!(left, Ok(Vec::new()), "it goes on");
    }
}

/// Somebody gives something back in the books.
fn credit(dice: &mut Dice, order: u64) -> GivenBack {
    let total = Money::cents(1 + dice.below(6_998) as u32);
    GivenBack {
        kind: match dice.one_in(2) {
            true => DocumentKind::CreditMemo,
            false => DocumentKind::RefundReceipt,
        },
        id: format!("c{order}"),
        number: "CM-7 & <b>".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 11),
        currency: "CAD".to_owned(),
        total,
        open: Some(total),
        sale: Remote {
            entity: DocumentKind::Invoice.into(),
            id: format!("i{order}"),
            revision: "1".to_owned(),
        },
    }
}

fn list(bench: &Bench, what: &str) -> Vec<Value> {
    let all = bench.asked(what);
    all.as_array().expect("a list").clone()
}

/// The orders of a shop, out of all that stands in it.
fn orders(snapshot: &Value) -> BTreeMap<u64, Value> {
    let all = snapshot["orders"].as_array().expect("a list").iter();
    all.map(|one| (one["id"].as_u64().expect("an id"), one.clone()))
        .collect()
}

#[derive(Default)]
struct Figures {
    told: usize,
    mails: usize,
    killed: usize,
    mishaps: usize,
}

/// Worlds that share a shop, from their beginning to their rest.
fn together(first: u64, figures: &mut Figures) {
    const STATUSES: [&str; 7] = [
        "on-hold",
        "on-hold",
        "pending",
        "processing",
        "completed",
        "cancelled",
        "failed",
    ];
    const LUCK: [&str; 6] = [
        "lose_answer",
        "reset",
        "truncated",
        "server_error",
        "bad_gateway",
        "throttle",
    ];
    let mut dice = Dice(17 + first);
    let mut worlds: Vec<ToldWorld> = (first..first + TOGETHER)
        .map(|world| ToldWorld::random(world, &mut dice))
        .collect();
    let ids = worlds.iter().flat_map(|world| world.ids.clone());
    let made: Vec<Value> = ids
        .map(|id| {
            let status = *dice.pick(&STATUSES);
            let mut order = order(id, status);
            if order["status"] == "completed" || dice.one_in(9) {
                order["date_paid_gmt"] = json!("2026-10-02T10:00:00");
            }
            order
        })
        .collect();
    let mut bench = Bench::over(json!({
        "keys": [{"key": KEY, "secret": SECRET, "permissions": "read_write"}], "orders": made,
        "products": [{"id": 5, "type": "simple", "status": "publish", "name": "Lamp", "manage_stock": false, "virtual": false, "downloadable": false}],
    }));
    let before = orders(&bench.asked("snapshot"));
    for (at, world) in worlds.iter_mut().enumerate() {
        let name = world.ids[0];
        let has_bad_luck = dice.one_in(3);
        if has_bad_luck {
            let what = *dice.pick(&LUCK);
            bench.lever(
                "mishaps",
                &json!({"what": what, "path": "orders", "chance": 0.4, "seed": first + at as u64, "times": 2, "retry_after": 0}),
            );
            figures.mishaps += 1;
        }
        let killed = dice
            .one_in(8)
            .then(|| Duration::from_micros(dice.below(12_000)));
        figures.killed += usize::from(killed.is_some());
        bench.settle_after = SETTLED;
        figures.told += world.run(&bench, killed).unwrap_or(0);
        if has_bad_luck {
            send(
                reqwest::Method::DELETE,
                &format!("{}/_sandbox/mishaps", bench.url),
                &Value::Null,
            );
        }
        if killed.is_some() {
            bench.connect_anew();
            bench.settle_after = SETTLE_AFTER;
        }
        let second = world.run(&bench, None);
        figures.told += second.unwrap_or_else(|why| panic!("world of {name}: {why}"));
    }
    are_at_rest(&bench, &worlds);
    let writes = list(&bench, "writes");
    only_what_is_allowed(&writes);
    let is_note = |write: &&Value| write["status"] == 201;
    let written = writes.iter().filter(is_note).count();
    let Stands { notes, mails } = check(&bench, &worlds, &before);
    assert_eq!(notes, written, "each note stands where it was written");
    figures.mails += mails;
}

/// What came of it in a shop.
struct Stands {
    notes: usize,
    mails: usize,
}

/// What moved in the shop of these worlds.
fn check(bench: &Bench, worlds: &[ToldWorld], before: &BTreeMap<u64, Value>) -> Stands {
    let mut all_notes = 0;
    let (snapshot, mails) = (bench.asked("snapshot"), list(bench, "mails"));
    let after = orders(&snapshot);
    for world in worlds {
        for id in &world.ids {
            let (before, after) = (&before[id], &after[id]);
            for name in [
                "total",
                "total_tax",
                "cart_tax",
                "shipping_total",
                "discount_total",
                "line_items",
                "tax_lines",
                "fee_lines",
                "billing",
                "shipping",
                "currency",
                "refunds",
                "meta_data",
                "order_key",
            ] {
                assert_eq!(before[name], after[name], "order {id}: {name}");
            }
            let (from, to) = (&before["status"], &after["status"]);
            let may_be_told = ["on-hold", "pending", "failed"].map(|word| json!(word));
            let is_told = world.look.paid == PaidInBooks::Status && may_be_told.contains(from);
            assert!(from == to || is_told, "order {id}: {from} became {to}");
            let notes = snapshot["notes"][id.to_string()].as_array();
            let marks = notes.into_iter().flatten().filter_map(|note| {
                let (_, mark) = note["note"].as_str()?.split_once("[udsync:")?;
                Some(mark.to_owned())
            });
            let marks: Vec<String> = marks.collect();
            all_notes += marks.len();
            let once: BTreeSet<&String> = marks.iter().collect();
            assert_eq!(once.len(), marks.len(), "order {id}: told twice: {marks:?}");
        }
        let own = mails.iter().filter(|mail| {
            mail["of"]
                .as_u64()
                .is_some_and(|of| world.ids.contains(&of))
        });
        let own = own.count();
        assert!(
            own <= world.foretold.unwrap_or(0),
            "world of {}: {own} mails, {:?} foretold",
            world.ids[0],
            world.foretold
        );
    }
    Stands {
        notes: all_notes,
        mails: mails.len(),
    }
}

/// So many worlds come to rest in two runs and stay there; no figure moves, nothing forbidden is sent, nothing is told twice, and no more
/// mails go out than were foretold.
fn all_told(worlds: u64) {
    let began = std::time::Instant::now();
    let mut figures = Figures::default();
    for first in (0..worlds).step_by(TOGETHER as usize) {
        together(first, &mut figures);
    }
    let Figures {
        told,
        mails,
        killed,
        mishaps,
    } = figures;
    println!(
        "{worlds} worlds of {ORDERS} orders: {told} things told, {mails} mails, {mishaps} with bad luck, {killed} killed, {:.1} s",
        began.elapsed().as_secs_f64()
    );
    assert!(told as u64 > worlds && mails as u64 * 20 > worlds);
    assert!(killed as u64 * 12 > worlds && mishaps as u64 * 4 > worlds);
}

#[test]
fn worlds_of_orders_are_told_once_and_no_figure_of_them_moves() {
    all_told(500);
}

#[test]
#[ignore = "takes minutes"]
fn ten_thousand_worlds_of_orders_are_told_once_and_no_figure_of_them_moves() {
    all_told(WORLDS);
}
