//! The end of a month: the owner is told whether it is proven, with figures, once.
//!
//! It is no incident: nothing is wrong, and nothing is over later. What is to be told is kept before anything is sent, with who still waits
//! for it, so that a restart neither loses it nor tells it anew. The proof itself is made by whoever calls.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{OLDEST, when, words};
use crate::app::App;
use crate::books::reconciled::Proof;
use crate::store::{
    History, HistoryWriter, MemoryWriter, RunFilter, Store, StoreError, keep_value, kept_value,
};

/// Under which name it is kept how far the owner was told.
const KEPT: &str = "notify/month_end";

/// What was sold before midnight is synced by then.
const AFTER: TimeDelta = TimeDelta::hours(1);

/// A month of the books that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedMonth {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl EndedMonth {
    /// The last one that is over on this day.
    fn before(day: NaiveDate) -> Option<EndedMonth> {
        let next = day.with_day(1)?;
        Some(EndedMonth {
            first: next.checked_sub_months(Months::new(1))?,
            last: next.pred_opt()?,
        })
    }

    fn in_words(self) -> String {
        self.first.format("%B %Y").to_string()
    }
}

/// `2026-10`
impl fmt::Display for EndedMonth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.first.format("%Y-%m"))
    }
}

/// How far the owner was told.
#[derive(Default, Serialize, Deserialize)]
struct MonthKept {
    /// The last month that was told, or is being told: `2026-10`.
    month: String,
    in_words: String,
    /// The channels that still wait for it.
    waiting: Vec<String>,
    due_at: DateTime<Utc>,
    told: Option<MonthView>,
}

/// What came of a month, in figures: no name is in it, and no account's either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MonthView {
    pub period: String,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub proven: bool,
    pub orders: MonthOrders,
    pub held: u64,
    pub accepted: u64,
    /// How many nobody accepted, by code.
    pub differences: BTreeMap<String, u64>,
    pub totals: Vec<MonthTotal>,
    /// Identifies the proof: the same one is made again with the same figures.
    pub proof: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MonthOrders {
    pub compared: u64,
    pub equal: u64,
    pub different: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MonthTotal {
    pub currency: String,
    pub what: String,
    pub shop: String,
    pub books: String,
    pub difference: String,
}

impl App {
    /// The month that is over and of which nobody was told yet, if the owner wants to be. One that was over before anything was synced is
    /// nobody's to prove.
    pub fn month_to_prove(&self, store: &Store) -> Result<Option<EndedMonth>, StoreError> {
        let notify = &self.config.notify;
        if !notify.month_end || notify.channels().is_empty() {
            return Ok(None);
        }
        let zone = self.config.rules.timezone;
        let today = (self.clock.now() - AFTER).with_timezone(&zone).date_naive();
        let Some(month) = EndedMonth::before(today) else {
            return Ok(None);
        };
        let kept: MonthKept = kept_value(store, KEPT)?;
        if kept.month >= month.to_string() {
            return Ok(None);
        }
        let midnight = month.last.succ_opt().unwrap_or(month.last);
        let before = RunFilter {
            until: Some(when::instant(zone, midnight, NaiveTime::MIN)),
            limit: Some(1),
            ..RunFilter::default()
        };
        Ok((!store.runs(&before)?.is_empty()).then_some(month))
    }

    /// Keeps what came of a month, for every channel. From here on it is told, whatever happens.
    pub fn keep_month(
        &self,
        store: &dyn MemoryWriter,
        month: EndedMonth,
        proof: &Proof,
    ) -> Result<(), StoreError> {
        let (notify, now) = (&self.config.notify, self.clock.now());
        let channels = notify.channels();
        let kept = MonthKept {
            month: month.to_string(),
            in_words: month.in_words(),
            waiting: channels.into_iter().map(str::to_owned).collect(),
            due_at: when::due(notify, self.config.rules.timezone, now),
            told: Some(view(month, proof)),
        };
        keep_value(store, KEPT, &kept, now)
    }

    /// Sends what is kept of a month to whoever still waits for it. What cannot be sent is tried again for a week.
    pub async fn send_month(&self, store: &Store) -> Result<(), StoreError> {
        let mut kept: MonthKept = kept_value(store, KEPT)?;
        let now = self.clock.now();
        let Some(told) = kept.told.clone() else {
            return Ok(());
        };
        if kept.waiting.is_empty() || now < kept.due_at {
            return Ok(());
        }
        let configured = self.config.notify.channels();
        let head = store.chain_head()?;
        let message = words::of_month(&self.config.shop.name, &kept.in_words, &told, now, head);
        for name in kept.waiting.clone() {
            // A channel that is no longer configured waits for nothing.
            let channel = configured.iter().find(|configured| **configured == name);
            if let Some(channel) = channel {
                let sent = match self.channel(channel) {
                    Ok(way) => way.send(&message).await,
                    Err(fault) => Err(fault),
                };
                if let Err(fault) = sent {
                    tracing::warn!(channel = name, %fault, "the proof of the month could not be sent");
                    if now - kept.due_at < OLDEST {
                        continue;
                    }
                } else if let Some(head) = head {
                    store.note_anchor("notice", channel, head, now)?;
                }
            }
            kept.waiting.retain(|waiting| *waiting != name);
            keep_value(store, KEPT, &kept, now)?;
        }
        Ok(())
    }
}

fn view(month: EndedMonth, proof: &Proof) -> MonthView {
    let mut differences: BTreeMap<String, u64> = BTreeMap::new();
    for one in proof.open() {
        *differences.entry(one.code.as_str().to_owned()).or_default() += 1;
    }
    let open: u64 = differences.values().sum();
    MonthView {
        period: month.to_string(),
        from: proof.period.from,
        until: proof.period.until,
        proven: proof.proven,
        orders: MonthOrders {
            compared: proof.orders.compared,
            equal: proof.orders.equal,
            different: proof.orders.different,
        },
        held: proof.held.len() as u64,
        accepted: proof.differences.len() as u64 - open,
        differences,
        totals: proof
            .totals
            .iter()
            // An account can be called like a person.
            .filter(|line| !line.what.starts_with("account:"))
            .map(|line| MonthTotal {
                currency: line.currency.clone(),
                what: line.what.clone(),
                shop: line.shop.to_string(),
                books: line.books.to_string(),
                difference: line.difference.to_string(),
            })
            .collect(),
        proof: proof.proof.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_before_a_day_is_over() {
        let before = |day: &str| {
            let month = EndedMonth::before(day.parse().expect("a day")).expect("a month");
            format!("{month} {} {}", month.first, month.last)
        };
        assert_eq!(before("2026-11-01"), "2026-10 2026-10-01 2026-10-31");
        assert_eq!(before("2027-01-31"), "2026-12 2026-12-01 2026-12-31");
        assert_eq!(before("2028-03-15"), "2028-02 2028-02-01 2028-02-29");
    }
}
