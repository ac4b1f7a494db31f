//! Metered reads: what QuickBooks counts in a calendar month, and what is left of it.
//!
//! It counts the runs of this state file. Whoever shares an app with other shops, or only ever looks, has used more than this.

use chrono::{DateTime, Datelike, NaiveTime, Utc};

use super::App;
use crate::store::{History, StoreError};

/// The reads of this month against what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metered {
    pub used: u64,
    pub allowed: u64,
}

impl Metered {
    /// Four fifths are used: somebody should know.
    pub fn is_tight(self) -> bool {
        self.used.saturating_mul(5) >= self.allowed.saturating_mul(4)
    }

    /// All of it is used: what can be left out is left out.
    pub fn is_spent(self) -> bool {
        self.used >= self.allowed
    }
}

impl App {
    /// `None` where no books are configured.
    pub fn metered(&self, history: &dyn History) -> Result<Option<Metered>, StoreError> {
        let Some(settings) = &self.config.quickbooks else {
            return Ok(None);
        };
        Ok(Some(Metered {
            used: history.reads_since(month(self.clock.now()))?,
            allowed: settings.reads_per_month,
        }))
    }

    /// What a run should say about its reads, if anything.
    pub fn reads_warning(&self, history: &dyn History) -> Option<String> {
        let metered = self.metered(history).ok()??;
        let Metered { used, allowed } = metered;
        let said = format!("{used} of {allowed} reads that Intuit counts are used this month");
        if metered.is_spent() {
            Some(format!(
                "{said}; names and settings of the books are taken as they were last read"
            ))
        } else if metered.is_tight() {
            Some(format!(
                "{said}; QuickBooks blocks what is above until next month"
            ))
        } else {
            None
        }
    }
}

/// The beginning of this calendar month.
fn month(now: DateTime<Utc>) -> DateTime<Utc> {
    let first = now.date_naive().with_day(1).unwrap_or(now.date_naive());
    first.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_fifths_are_tight_and_the_whole_is_spent() {
        let judge = |used, allowed| {
            let metered = Metered { used, allowed };
            (metered.is_tight(), metered.is_spent())
        };
        assert_eq!(judge(0, 500_000), (false, false));
        assert_eq!(judge(399_999, 500_000), (false, false));
        assert_eq!(judge(400_000, 500_000), (true, false));
        assert_eq!(judge(500_000, 500_000), (true, true));
        assert_eq!(judge(0, 0), (true, true), "nothing at all is allowed");
        assert_eq!(judge(u64::MAX, u64::MAX - 1), (true, true));
    }

    #[test]
    fn a_month_begins_at_its_first_midnight() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        assert_eq!(
            month(at("2026-03-31T23:59:59Z")),
            at("2026-03-01T00:00:00Z")
        );
        assert_eq!(
            month(at("2026-03-01T00:00:00Z")),
            at("2026-03-01T00:00:00Z")
        );
    }
}
