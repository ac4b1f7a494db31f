//! Throttle: whoever fails to come in waits longer each time, and after ten failures in five minutes is not looked at for a while.
//!
//! Counted by address and by name, in memory: a restart forgets it, and whoever can restart this needs to guess no password. Nobody is
//! locked out for good, so that nobody can lock another out.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use tokio::time::Instant;

use crate::server::problem::HttpProblem;

/// Failures that are let pass within [`WITHIN`].
const FAILURES_MAX: usize = 10;
const WITHIN: Duration = Duration::from_secs(300);
/// The pause after the first failure; each further one doubles it.
const PAUSE_FIRST: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// So many addresses and names are remembered. When there are more, those that failed longest ago go first.
const KEYS_MAX: usize = 10_000;
/// Longer than any name there is.
const NAME_MAX: usize = 80;

/// By what failures are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FailureKey {
    Address(IpAddr),
    Name(String),
}

impl FailureKey {
    /// A household has a whole network of the newer kind, so its first half stands for it.
    pub fn from_address(address: IpAddr) -> FailureKey {
        FailureKey::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                let mut segments = address.segments();
                segments[4..].fill(0);
                IpAddr::V6(segments.into())
            }
        })
    }

    pub fn of_name(name: &str) -> FailureKey {
        FailureKey::Name(name.chars().take(NAME_MAX).collect())
    }
}

/// Who failed when.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<FailureKey, VecDeque<Instant>>>);

impl Throttle {
    /// Refuses whoever has failed too often.
    pub fn check(&self, keys: &[FailureKey]) -> Result<(), HttpProblem> {
        let now = Instant::now();
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = keys.iter().filter_map(|key| {
            let times = failures.get_mut(key)?;
            forget(times, now);
            let full = times.len() >= FAILURES_MAX;
            full.then(|| WITHIN.saturating_sub(now - times[times.len() - FAILURES_MAX]))
        });
        let Some(wait) = waits.max() else {
            return Ok(());
        };
        let seconds = wait.as_secs() + 1;
        Err(HttpProblem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_failures",
            format!("too many tries to come in have failed; the next is looked at in {seconds} s"),
        )
        .header(header::RETRY_AFTER, HeaderValue::from(seconds)))
    }

    /// One more failure. Answers how long to wait before saying so; `None` with the last that is let pass.
    pub fn failed(&self, keys: &[FailureKey]) -> Option<Duration> {
        let now = Instant::now();
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut most = 0;
        for key in keys {
            let times = failures.entry(key.clone()).or_default();
            forget(times, now);
            times.push_back(now);
            most = most.max(times.len());
        }
        if failures.len() > KEYS_MAX {
            failures.retain(|_, times| {
                forget(times, now);
                !times.is_empty()
            });
        }
        if failures.len() > KEYS_MAX {
            let mut last: Vec<(Instant, FailureKey)> = failures
                .iter()
                .filter_map(|(key, times)| Some((*times.back()?, key.clone())))
                .collect();
            last.sort_by_key(|(at, _)| *at);
            let extra = last.len().saturating_sub(KEYS_MAX / 2);
            for (_, key) in last.into_iter().take(extra) {
                failures.remove(&key);
            }
        }
        let doubled = u32::try_from(most.saturating_sub(1)).map_or(PAUSE_MAX, |times| {
            PAUSE_FIRST.saturating_mul(1 << times.min(10))
        });
        (most < FAILURES_MAX).then(|| doubled.min(PAUSE_MAX))
    }

    /// Whether what has just failed was the first of a row.
    pub fn is_first(&self, keys: &[FailureKey]) -> bool {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter()
            .all(|key| failures.get(key).is_none_or(|times| times.len() <= 1))
    }

    /// Whoever came in is forgiven.
    pub fn succeeded(&self, keys: &[FailureKey]) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            failures.remove(key);
        }
    }
}

fn forget(times: &mut VecDeque<Instant>, now: Instant) {
    while times.front().is_some_and(|at| now - *at >= WITHIN) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_the_eleventh_in_five_minutes_is_not_looked_at() {
        let throttle = Throttle::default();
        let keys = [FailureKey::of_name("anna")];
        let mut pauses = Vec::new();
        for _ in 0..9 {
            assert!(throttle.check(&keys).is_ok());
            pauses.push(throttle.failed(&keys).expect("a pause"));
        }
        assert!(pauses.is_sorted() && pauses[0] < pauses[8], "{pauses:?}");
        assert!(throttle.check(&keys).is_ok());
        assert_eq!(throttle.failed(&keys), None);
        let refused = throttle.check(&keys).expect_err("too many");
        assert_eq!(refused.code(), "too_many_failures");
        assert!(throttle.check(&[FailureKey::of_name("bert")]).is_ok());
        tokio::time::advance(WITHIN - Duration::from_secs(1)).await;
        assert!(throttle.check(&keys).is_err());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(
            throttle.check(&keys).is_ok(),
            "nobody is locked out for good"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn success_is_forgiveness_and_memory_has_an_end() {
        let throttle = Throttle::default();
        let keys = [FailureKey::from_address([192, 0, 2, 1].into())];
        for _ in 0..FAILURES_MAX {
            throttle.failed(&keys);
        }
        throttle.succeeded(&keys);
        assert!(throttle.check(&keys).is_ok());
        for nth in 0..3 * KEYS_MAX {
            throttle.failed(&[FailureKey::of_name(&nth.to_string())]);
        }
        assert!(throttle.0.lock().expect("free").len() <= KEYS_MAX);
    }

    #[test]
    fn a_network_of_the_newer_kind_is_one_address() {
        let of = |text: &str| FailureKey::from_address(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
