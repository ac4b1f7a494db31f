//! The pulse of a loop that works: it beats as long as the loop lets its thread breathe.
//!
//! It comes from the very thread that works, so that it stops when the work is stuck, and whoever watches the process hears of it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;

const BEAT: Duration = Duration::from_secs(1);
/// Whoever has not beaten for so long is stuck. A slow disk is not.
const STUCK_AFTER: Duration = Duration::from_secs(30);

/// How a loop is.
#[derive(Debug)]
pub struct Pulse {
    name: &'static str,
    last_ms: AtomicI64,
    /// What keeps it from doing its work, though it goes on trying.
    trouble: Mutex<Option<String>>,
}

impl Pulse {
    pub fn new(name: &'static str) -> Pulse {
        Pulse {
            name,
            last_ms: AtomicI64::new(Utc::now().timestamp_millis()),
            trouble: Mutex::default(),
        }
    }

    /// Does the work, and beats meanwhile.
    pub async fn beating<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            self.last_ms
                .store(Utc::now().timestamp_millis(), Ordering::Relaxed);
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }

    /// What keeps it from its work now, or nothing.
    pub fn is_troubled_by(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Why it does not work, if it does not.
    pub fn trouble(&self) -> Option<String> {
        if let Some(silent) = self.stuck_for() {
            return Some(format!(
                "the {} has not moved for {} s",
                self.name,
                silent.as_secs()
            ));
        }
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// For how long it has not beaten, if that is too long.
    pub fn stuck_for(&self) -> Option<Duration> {
        let silent = Utc::now().timestamp_millis() - self.last_ms.load(Ordering::Relaxed);
        let silent = Duration::from_millis(silent.try_into().unwrap_or_default());
        (silent > STUCK_AFTER).then_some(silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_loop_that_breathes_is_alive_and_its_trouble_is_told() {
        let pulse = Pulse::new("scheduler");
        pulse
            .beating(tokio::time::sleep(Duration::from_millis(10)))
            .await;
        assert_eq!(pulse.trouble(), None);
        pulse.is_troubled_by(Some("the configuration has a mistake".to_owned()));
        assert_eq!(
            pulse.trouble().as_deref(),
            Some("the configuration has a mistake")
        );
    }

    #[test]
    fn a_loop_that_is_stuck_is_told_of_with_its_name() {
        let pulse = Pulse::new("scheduler");
        pulse.last_ms.fetch_sub(31_000, Ordering::Relaxed);
        assert_eq!(
            pulse.trouble().as_deref(),
            Some("the scheduler has not moved for 31 s")
        );
    }
}
