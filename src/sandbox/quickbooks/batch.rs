//! Batches: up to thirty items, each on its own, done in the order given.
//!
//! An item's answer is remembered by requestid and bId, so a batch that was cut
//! off half-way can be sent again and only the rest is done. Refusals are not
//! remembered: an item that failed is tried anew.
//!
//! Between two items the company is open to everybody else: whoever looks while a
//! batch is being worked on sees what is done of it so far.

use super::call::{CompanyItem, CompanyWhat};
use super::fault::{CompanyDone, CompanyFault};
use super::figures::stamp_ms;
use super::gate::CompanyShared;
use super::mishap::{CompanyRule, Mishap};
use super::perform::{read_one, write_one};
use super::search;
use super::world::CompanyWorld;
use bytes::Bytes;
use serde_json::{Value, json};
use std::time::Duration;

/// What is to be done, and how.
pub struct CompanyOrder<'a> {
    pub items: &'a [CompanyItem],
    pub requestid: Option<&'a str>,
    pub rule: Option<&'a CompanyRule>,
    pub crowded: bool,
    /// Before each item.
    pub pause: Duration,
}

pub struct CompanyRan {
    pub bytes: Bytes,
    pub metered: usize,
    pub replayed: bool,
    /// The service went away after some of the items.
    pub cut: bool,
}

/// Two batches with one requestid are the same only if their items are.
fn key(requestid: &str, items: &[CompanyItem]) -> String {
    let ids: Vec<&str> = items.iter().map(|i| i.id.as_str()).collect();
    format!("{requestid}\n{}", ids.join("\n"))
}

/// Works a batch off. `None`: the world it was for is gone.
pub async fn run(shared: &CompanyShared, age: u64, order: CompanyOrder<'_>) -> Option<CompanyRan> {
    let CompanyOrder { items, rule, .. } = order;
    let metered = items
        .iter()
        .filter(|i| matches!(i.what, CompanyWhat::Query(_)))
        .count();
    {
        let world = shared.world_of(age)?;
        let known = order.requestid.filter(|_| !world.switches.ignore_requestid);
        if let Some(bytes) = known.and_then(|r| world.answered.get(&key(r, items))) {
            return Some(CompanyRan {
                bytes: bytes.clone(),
                metered,
                replayed: true,
                cut: false,
            });
        }
    }
    let most = rule
        .filter(|r| r.what == Mishap::PartialBatch)
        .map(|r| r.items);
    let mut done = CompanyProgress {
        answers: Vec::with_capacity(items.len()),
        all_well: true,
        remembered: 0,
        names: usize::from(order.crowded),
    };
    for place in 0..items.len() {
        if most.is_some_and(|most| place >= most) {
            return Some(CompanyRan {
                bytes: Bytes::new(),
                metered: 0,
                replayed: false,
                cut: true,
            });
        }
        if !order.pause.is_zero() {
            tokio::time::sleep(order.pause).await;
        }
        done.item(&mut *shared.world_of(age)?, &order, place);
    }
    let world = &mut *shared.world_of(age)?;
    let requestid = order.requestid.filter(|_| !world.switches.ignore_requestid);
    let time = time(world, requestid);
    let bytes = json!({ "BatchItemResponse": done.answers, "time": time });
    let bytes = Bytes::from(bytes.to_string());
    if let Some(requestid) = requestid.filter(|_| done.all_well) {
        world.answered.insert(key(requestid, items), bytes.clone());
    }
    Some(CompanyRan {
        bytes,
        metered,
        replayed: done.remembered > 0,
        cut: false,
    })
}

/// Does an item that was answered as one that failed.
pub fn late(world: &mut CompanyWorld, items: &[CompanyItem], place: usize) {
    if let Some(item) = items.get(place) {
        // Nobody asks any more whether it went well.
        let _ = one(world, item, None, &mut 0);
    }
}

/// How far a batch has got.
struct CompanyProgress {
    answers: Vec<Value>,
    all_well: bool,
    remembered: usize,
    names: usize,
}

impl CompanyProgress {
    fn item(&mut self, world: &mut CompanyWorld, order: &CompanyOrder<'_>, place: usize) {
        let (item, rule) = (&order.items[place], order.rule);
        let requestid = order.requestid.filter(|_| !world.switches.ignore_requestid);
        let pair = requestid.map(|r| (r.to_owned(), item.id.clone()));
        let known = pair
            .as_ref()
            .and_then(|p| world.answered_items.get(p))
            .cloned();
        let struck = rule.filter(|r| r.item == place).map(|r| r.what);
        let done = match known {
            Some(answer) => {
                self.remembered += 1;
                Ok(answer)
            }
            None if matches!(
                struck,
                Some(Mishap::ItemErrorBefore | Mishap::ItemErrorLate)
            ) =>
            {
                Err(CompanyFault::system())
            }
            None => one(world, item, rule, &mut self.names),
        };
        if let (Some(pair), Ok(answer)) = (pair, &done) {
            world.answered_items.insert(pair, answer.clone());
        }
        let done = if struck == Some(Mishap::ItemErrorAfter) {
            Err(CompanyFault::system())
        } else {
            done
        };
        self.all_well &= done.is_ok();
        let mut answer = done.unwrap_or_else(|fault| json!({ "Fault": fault.inner() }));
        answer["bId"] = item.id.as_str().into();
        self.answers.push(answer);
    }
}

fn one(
    world: &mut CompanyWorld,
    item: &CompanyItem,
    rule: Option<&CompanyRule>,
    names: &mut usize,
) -> CompanyDone<Value> {
    match &item.what {
        CompanyWhat::Query(text) => Ok(json!({ "QueryResponse": search::answer(world, text)? })),
        CompanyWhat::Read(entity, id) => read_one(world, *entity, id),
        CompanyWhat::Write(write) => {
            if write.entity.is_name() {
                *names += 1;
                if world.switches.one_name_at_a_time && *names > 1 {
                    return Err(CompanyFault::business(
                        "You can only add or edit one name at a time.",
                    ));
                }
            }
            write_one(world, write, rule)
        }
        CompanyWhat::Refused(fault) => Err(fault.clone()),
        _ => Err(CompanyFault::unsupported("this batch item")),
    }
}

/// The time of the first attempt is kept, so that a full repetition has the
/// same bytes even when it is put together from remembered items.
fn time(world: &mut CompanyWorld, requestid: Option<&str>) -> Value {
    let now = Value::from(stamp_ms(world.now()));
    match requestid {
        Some(requestid) => world
            .answered_items
            .entry((requestid.to_owned(), String::new()))
            .or_insert(now)
            .clone(),
        None => now,
    }
}
