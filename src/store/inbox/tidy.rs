//! Forgetting what is old, a little at a time: a delivery that comes meanwhile waits for one small step, never for all of it.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;

use super::Inbox;
use crate::store::columns::time;
use crate::store::error::StoreError;

const KEPT_FOR: TimeDelta = TimeDelta::days(30);
const KEPT_MAX: i64 = 100_000;
/// Rows of one step.
const STEP: i64 = 500;

impl Inbox {
    /// One step. Says whether there is more to forget.
    pub fn tidy(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.tidy_to(KEPT_MAX, now)
    }

    pub(super) fn tidy_to(&self, most: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.write(|change| {
            let deliveries = change
                .prepare_cached(
                    "DELETE FROM deliveries WHERE id IN
                       (SELECT id FROM deliveries
                        WHERE received_at < ?1 OR id <= (SELECT max(id) FROM deliveries) - ?2
                        ORDER BY id LIMIT ?3)",
                )?
                .execute(params![time(now - KEPT_FOR), most, STEP])?;
            let told = change
                .prepare_cached(
                    "DELETE FROM told WHERE (shop, told_as) IN
                       (SELECT shop, told_as FROM told WHERE until < ?1 ORDER BY until LIMIT ?2)",
                )?
                .execute(params![time(now), STEP])?;
            change.execute(
                "DELETE FROM counted WHERE last_at < ?1",
                [time(now - KEPT_FOR)],
            )?;
            let step = usize::try_from(STEP).unwrap_or(usize::MAX);
            Ok(deliveries >= step || told >= step)
        })
    }
}
