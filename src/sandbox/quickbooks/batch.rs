//! Batches: up to thirty items, each on its own, done in the order given.
//!
//! An item's answer is remembered by requestid and bId, so a batch that was cut
//! off half-way can be sent again and only the rest is done. Refusals are not
//! remembered: an item that failed is tried anew.

use super::call::{Item, What};
use super::fault::{Done, Fault};
use super::figures::stamp_ms;
use super::mishap::{Mishap, Rule};
use super::perform::{read_one, write_one};
use super::search;
use super::world::World;
use bytes::Bytes;
use chrono::Utc;
use serde_json::{Value, json};

pub struct Ran {
    pub bytes: Bytes,
    pub metered: usize,
    pub replayed: bool,
    /// The service went away after some of the items.
    pub cut: bool,
}

/// Two batches with one requestid are the same only if their items are.
fn key(requestid: &str, items: &[Item]) -> String {
    let ids: Vec<&str> = items.iter().map(|i| i.id.as_str()).collect();
    format!("{requestid}\n{}", ids.join("\n"))
}

pub fn run(
    world: &mut World,
    items: &[Item],
    requestid: Option<&str>,
    rule: Option<&Rule>,
    crowded: bool,
) -> Ran {
    let requestid = requestid.filter(|_| !world.switches.ignore_requestid);
    let metered = items
        .iter()
        .filter(|i| matches!(i.what, What::Query(_)))
        .count();
    if let Some(bytes) = requestid.and_then(|r| world.answered.get(&key(r, items))) {
        return Ran {
            bytes: bytes.clone(),
            metered,
            replayed: true,
            cut: false,
        };
    }
    let most = rule
        .filter(|r| r.what == Mishap::PartialBatch)
        .map(|r| r.items);
    let mut answers = Vec::with_capacity(items.len());
    let (mut all_well, mut remembered, mut names) = (true, 0, usize::from(crowded));
    for (place, item) in items.iter().enumerate() {
        if most.is_some_and(|most| place >= most) {
            return Ran {
                bytes: Bytes::new(),
                metered: 0,
                replayed: false,
                cut: true,
            };
        }
        let pair = requestid.map(|r| (r.to_owned(), item.id.clone()));
        let known = pair
            .as_ref()
            .and_then(|p| world.answered_items.get(p))
            .cloned();
        let struck = rule.filter(|r| r.item == place).map(|r| r.what);
        let done = match known {
            Some(answer) => {
                remembered += 1;
                Ok(answer)
            }
            None if struck == Some(Mishap::ItemErrorBefore) => Err(Fault::system()),
            None => one(world, item, rule, &mut names),
        };
        if let (Some(pair), Ok(answer)) = (pair, &done) {
            world.answered_items.insert(pair, answer.clone());
        }
        let done = if struck == Some(Mishap::ItemErrorAfter) {
            Err(Fault::system())
        } else {
            done
        };
        all_well &= done.is_ok();
        let mut answer = done.unwrap_or_else(|fault| json!({ "Fault": fault.inner() }));
        answer["bId"] = item.id.as_str().into();
        answers.push(answer);
    }
    let time = time(world, requestid);
    let bytes = Bytes::from(json!({ "BatchItemResponse": answers, "time": time }).to_string());
    if let Some(requestid) = requestid.filter(|_| all_well) {
        world.answered.insert(key(requestid, items), bytes.clone());
    }
    Ran {
        bytes,
        metered,
        replayed: remembered > 0,
        cut: false,
    }
}

fn one(world: &mut World, item: &Item, rule: Option<&Rule>, names: &mut usize) -> Done<Value> {
    match &item.what {
        What::Query(text) => Ok(json!({ "QueryResponse": search::answer(world, text)? })),
        What::Read(entity, id) => read_one(world, *entity, id),
        What::Write(write) => {
            if write.entity.is_name() {
                *names += 1;
                if world.switches.one_name_at_a_time && *names > 1 {
                    return Err(Fault::business(
                        "You can only add or edit one name at a time.",
                    ));
                }
            }
            write_one(world, write, rule)
        }
        What::Refused(fault) => Err(fault.clone()),
        _ => Err(Fault::unsupported("this batch item")),
    }
}

/// The time of the first attempt is kept, so that a full repetition has the
/// same bytes even when it is put together from remembered items.
fn time(world: &mut World, requestid: Option<&str>) -> Value {
    let now = Value::from(stamp_ms(Utc::now()));
    match requestid {
        Some(requestid) => world
            .answered_items
            .entry((requestid.to_owned(), String::new()))
            .or_insert(now)
            .clone(),
        None => now,
    }
}
