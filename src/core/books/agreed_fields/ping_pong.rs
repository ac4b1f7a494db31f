//! Ping-pong: a field that we wrote again and again within a day, to and fro between the same values. Another program owns it, or
//! thinks so, and whoever goes on would fight with it for ever.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::agreed::{AgreedBase, OwnWrite};
use crate::model::fingerprint::Fingerprint;

/// So many writes of one field within a day are enough.
const TURNS: usize = 3;

/// Whether to write these values once more would be another turn of the same game.
pub(super) fn is_frozen(base: &AgreedBase, next: &[&str], now: DateTime<Utc>) -> bool {
    let lately = writes_of_the_day(&base.writes, now);
    if lately.len() < TURNS {
        return false;
    }
    let values: BTreeSet<String> = lately[lately.len() - TURNS..]
        .iter()
        .map(|write| write.value.as_str().to_owned())
        .chain(
            next.iter()
                .map(|value| Fingerprint::of(value).as_str().to_owned()),
        )
        .collect();
    values.len() <= 2
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
