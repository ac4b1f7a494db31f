//! Decimals: with how many of them the shop computes, and since when, as far as runs have seen it.
//!
//! A shop rounds totals and taxes when it *shows* an order, to the number of decimals that is set now. An order that was charged under
//! a finer setting reads rounded, whatever is asked for, so its figures are no news but a loss. A coarser setting takes nothing
//! away from those that were made under it, and neither does a finer one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::clock::CLOCKS_APART;

/// What is remembered of the setting. Empty: nobody has looked yet, and everything is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decimals {
    times: Vec<SeenSpan>,
    /// Orders that were read while their figures could not be believed: they are read again when they can.
    #[serde(default)]
    pub waiting: BTreeSet<u64>,
    /// Somebody said that the setting is meant to stay as it is now.
    #[serde(skip)]
    pub accepted: bool,
}

/// A time in which the setting was seen to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SeenSpan {
    decimals: u32,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// A change after which older orders read rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coarsened {
    pub before: u32,
    pub now: u32,
    /// Which change of the setting it is, so that the next one is another matter.
    pub nth: usize,
}

/// Everything that the shop charges has at most so many decimals, in nearly all currencies.
const USUAL: u32 = 2;

impl Decimals {
    pub const NONE: Decimals = Decimals {
        times: Vec::new(),
        waiting: BTreeSet::new(),
        accepted: false,
    };

    /// Takes down what the setting is.
    pub fn seen(&mut self, decimals: u32, now: DateTime<Utc>) {
        match self.times.last_mut() {
            Some(last) if last.decimals == decimals => last.until = last.until.max(now),
            _ => self.times.push(SeenSpan {
                decimals,
                from: now,
                until: now,
            }),
        }
    }

    pub fn first(&self) -> Option<u32> {
        self.times.first().map(|time| time.decimals)
    }

    pub fn now(&self) -> Option<u32> {
        self.times.last().map(|time| time.decimals)
    }

    /// Whether it was never anything else than what nearly all shops have.
    pub fn is_usual(&self) -> bool {
        self.times.iter().all(|time| time.decimals == USUAL)
    }

    /// The finest setting under which an order of that time may have been made.
    pub fn made_under(&self, created_at: DateTime<Utc>) -> Option<u32> {
        let may_be = |at: &usize| {
            let after_the_last = at
                .checked_sub(1)
                .is_none_or(|before| created_at >= self.times[before].until);
            let before_the_next = self
                .times
                .get(at + 1)
                .is_none_or(|next| created_at <= next.from + CLOCKS_APART);
            after_the_last && before_the_next
        };
        let times = (0..self.times.len()).filter(may_be);
        times.map(|at| self.times[at].decimals).max()
    }

    /// Whether what was made under a setting reads as it is now.
    pub fn shows_whole(&self, made_under: u32, currency: &str) -> bool {
        let most = decimals_of(currency);
        self.now()
            .is_none_or(|now| now.min(most) >= made_under.min(most))
    }

    /// Whether the figures of an order of that time may be rounded in all that the shop says now.
    pub fn may_be_rounded(&self, created_at: DateTime<Utc>, currency: &str) -> bool {
        self.made_under(created_at)
            .is_some_and(|decimals| !self.shows_whole(decimals, currency))
    }

    /// The last change that took decimals away, while it is not taken back.
    pub fn coarsened(&self) -> Option<Coarsened> {
        let now = self.now()?;
        let is_finer = |time: &&SeenSpan| time.decimals.min(USUAL) > now.min(USUAL);
        let before = self.times.iter().rev().find(is_finer)?.decimals;
        Some(Coarsened {
            before,
            now,
            nth: self.times.len() - 1,
        })
    }

    /// What was left aside and can be looked at again.
    pub fn ready(&self) -> BTreeSet<u64> {
        match self.coarsened() {
            Some(_) if !self.accepted => BTreeSet::new(),
            _ => self.waiting.clone(),
        }
    }
}

/// How many decimals an amount of this currency has at most that somebody was charged.
pub fn decimals_of(currency: &str) -> u32 {
    match currency {
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    /// Two decimals until ten, none from twelve to twenty, two again from thirty on.
    fn there_and_back() -> Decimals {
        let mut decimals = Decimals::default();
        for (hour, setting) in [(1, 2), (10, 2), (12, 0), (20, 0), (30, 2)] {
            decimals.seen(setting, at(hour));
        }
        decimals
    }

    #[test]
    fn an_order_may_have_been_made_under_whatever_was_set_around_its_time() {
        let decimals = there_and_back();
        for (hour, finest) in [(0, 2), (10, 2), (11, 2), (13, 0), (19, 0), (25, 2), (40, 2)] {
            assert_eq!(decimals.made_under(at(hour)), Some(finest), "{hour}");
        }
        assert_eq!(Decimals::default().made_under(at(1)), None);
    }

    #[test]
    fn only_fewer_decimals_than_a_currency_has_take_something_away() {
        for (before, now, currency, whole) in [
            (2, 0, "CAD", false),
            (2, 1, "CAD", false),
            (0, 2, "CAD", true),
            (2, 4, "CAD", true),
            (4, 2, "CAD", true),
            (3, 2, "KWD", false),
            (0, 0, "JPY", true),
        ] {
            let mut decimals = Decimals::default();
            decimals.seen(before, at(1));
            decimals.seen(now, at(2));
            assert_eq!(
                decimals.shows_whole(before, currency),
                whole,
                "{before} {now} {currency}"
            );
        }
    }

    #[test]
    fn a_change_is_over_when_it_is_taken_back_and_the_next_is_another_one() {
        let mut decimals = Decimals::default();
        decimals.seen(2, at(1));
        assert_eq!(decimals.coarsened(), None);
        decimals.seen(0, at(2));
        decimals.waiting = [7].into();
        let coarsened = decimals.coarsened().expect("it took decimals away");
        assert_eq!((coarsened.before, coarsened.now, coarsened.nth), (2, 0, 1));
        assert!(decimals.ready().is_empty());
        decimals.seen(2, at(3));
        assert_eq!(decimals.coarsened(), None);
        assert_eq!(decimals.ready(), [7].into());
        decimals.seen(0, at(4));
        assert_eq!(decimals.coarsened().map(|coarsened| coarsened.nth), Some(3));
    }
}
