//! Ping-pong: a field that we wrote again and again within a day, to and fro between the same values, or one value that never stays.
//! Another program owns it, or thinks so, and whoever goes on would fight with it for ever.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::agreed::{AgreedBase, OwnWrite};
use crate::model::fingerprint::Fingerprint;

/// So many writes of one field within a day are enough.
const TURNS: usize = 3;

/// Why a field is left alone that we wrote too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreezeCause {
    /// It goes to and fro between two values.
    PingPong,
    /// One value was written each time, and none of them stayed.
    NotKept,
}

/// Whether to write these values once more would be another turn of the same game.
pub(super) fn freeze(base: &AgreedBase, next: &[&str], now: DateTime<Utc>) -> Option<FreezeCause> {
    let lately = writes_of_the_day(&base.writes, now);
    if lately.len() < TURNS {
        return None;
    }
    let last = lately[lately.len() - TURNS..].iter();
    let written: BTreeSet<String> = last.map(|write| write.value.as_str().to_owned()).collect();
    let next = next
        .iter()
        .map(|value| Fingerprint::of(value).as_str().to_owned());
    // Something new is no turn of the game.
    if next.into_iter().any(|value| !written.contains(&value)) {
        return None;
    }
    match written.len() {
        1 => Some(FreezeCause::NotKept),
        2 => Some(FreezeCause::PingPong),
        _ => None,
    }
}

/// The writes that count: those of the last day.
pub fn writes_of_the_day(writes: &[OwnWrite], now: DateTime<Utc>) -> Vec<OwnWrite> {
    let since = now - TimeDelta::hours(24);
    writes
        .iter()
        .filter(|write| write.at > since)
        .cloned()
        .collect()
}
