//! What came: deliveries newest first, what was only counted, and when something came last.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::Inbox;
use crate::model::delivery::{
    CountedDeliveries, DeliverySource, DeliveryVerdict, EventCounts, KeptDelivery, NamedThing,
};
use crate::store::columns::{read_time, time};
use crate::store::error::{SqlTrouble, StoreError};

/// Which deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub source: Option<DeliverySource>,
    pub verdict: Option<DeliveryVerdict>,
    pub since: Option<DateTime<Utc>>,
    /// Older than this one.
    pub before: Option<i64>,
}

impl Inbox {
    /// So many deliveries, newest first.
    pub fn deliveries(
        &self,
        shop: &str,
        filter: &DeliveryFilter,
        most: usize,
    ) -> Result<Vec<KeptDelivery>, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM deliveries
                 WHERE shop = ?1 AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR verdict = ?3)
                   AND (?4 IS NULL OR received_at >= ?4) AND (?5 IS NULL OR id < ?5)
                 ORDER BY id DESC LIMIT ?6",
            )?;
            let rows = ask.query_and_then(
                params![
                    shop,
                    filter.source.map(DeliverySource::as_str),
                    filter.verdict.map(DeliveryVerdict::as_str),
                    filter.since.map(time),
                    filter.before,
                    i64::try_from(most).unwrap_or(i64::MAX)
                ],
                read,
            )?;
            let mut kept = rows.collect::<Result<Vec<_>, SqlTrouble>>()?;
            kept.iter_mut().try_for_each(|one| add_keys(view, one))?;
            Ok(kept)
        })
    }

    /// How many deliveries there were since some time, by what was made of them.
    pub fn judged_since(
        &self,
        shop: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<(DeliveryVerdict, u64)>, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT verdict, count(*) AS number FROM deliveries WHERE received_at >= ?2 AND shop = ?1 GROUP BY verdict",
            )?;
            let rows = ask.query_and_then(params![shop, time(since)], |row| {
                Ok((verdict(row)?, row.get::<_, i64>("number")?.cast_unsigned()))
            })?;
            rows.collect()
        })
    }

    /// The delivery of this id.
    pub fn delivery(&self, shop: &str, id: &str) -> Result<Option<KeptDelivery>, StoreError> {
        let Ok(id) = id.parse::<i64>() else {
            return Ok(None);
        };
        self.write(|view| {
            let mut ask =
                view.prepare_cached("SELECT * FROM deliveries WHERE shop = ?1 AND id = ?2")?;
            let mut rows = ask.query_and_then(params![shop, id], read)?;
            let Some(mut kept) = rows.next().transpose()? else {
                return Ok(None);
            };
            add_keys(view, &mut kept)?;
            Ok(Some(kept))
        })
    }

    /// What was counted and not kept, newest hour first.
    pub fn counted(
        &self,
        shop: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<CountedDeliveries>, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM counted WHERE shop = ?1 AND last_at >= ?2 ORDER BY hour DESC, source, verdict",
            )?;
            let rows = ask.query_and_then(params![shop, time(since)], |row| {
                let at = |name: &'static str| read_time(&row.get::<_, String>(name)?, name);
                Ok(CountedDeliveries {
                    hour: at("hour")?,
                    source: source(row)?,
                    verdict: verdict(row)?,
                    count: row.get::<_, i64>("count")?.cast_unsigned(),
                    last_at: at("last_at")?,
                })
            })?;
            rows.collect()
        })
    }

    /// When something came last, by topic.
    pub fn told_last(
        &self,
        shop: &str,
        of: DeliverySource,
    ) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT topic, at FROM last_told WHERE shop = ?1 AND source = ?2",
            )?;
            let rows = ask.query_and_then([shop, of.as_str()], |row| {
                let at: String = row.get("at")?;
                Ok((row.get("topic")?, read_time(&at, "last_told.at")?))
            })?;
            rows.collect()
        })
    }

    /// When a ping came last.
    pub fn pinged_last(&self, shop: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT max(last_at) FROM counted WHERE shop = ?1 AND source = 'woocommerce' AND verdict = 'ping'",
            )?;
            let at: Option<String> = ask.query_row([shop], |row| row.get(0)).optional()?.flatten();
            at.map(|at| read_time(&at, "counted.last_at")).transpose()
        })
    }

    /// When something was told of a thing last, since some time; `None`: nothing was.
    pub fn was_told(
        &self,
        shop: &str,
        of: DeliverySource,
        thing: &NamedThing,
        since: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.write(|view| {
            let mut ask = view.prepare_cached(
                "SELECT 1 FROM delivery_keys JOIN deliveries ON deliveries.id = delivery
                 WHERE delivery_keys.kind = ?1 AND delivery_keys.id = ?2 AND shop = ?3 AND source = ?4 AND received_at >= ?5
                 LIMIT 1",
            )?;
            let told = ask
                .query_row(
                    params![thing.kind, thing.id, shop, of.as_str(), time(since)],
                    |_| Ok(()),
                )
                .optional()?;
            Ok(told.is_some())
        })
    }
}

fn read(row: &Row<'_>) -> Result<KeptDelivery, SqlTrouble> {
    let at: String = row.get("received_at")?;
    Ok(KeptDelivery {
        id: row.get::<_, i64>("id")?.to_string(),
        received_at: read_time(&at, "deliveries.received_at")?,
        source: source(row)?,
        topic: row.get("topic")?,
        verdict: verdict(row)?,
        keys: Vec::new(),
        events: EventCounts {
            queued: row.get("queued")?,
            duplicate: row.get("duplicate")?,
            ignored: row.get("ignored")?,
            odd: row.get("odd")?,
        },
        run_id: row.get("run_id")?,
    })
}

fn add_keys(view: &Transaction<'_>, delivery: &mut KeptDelivery) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT kind, id FROM delivery_keys WHERE delivery = ?1 ORDER BY kind, id",
    )?;
    let id: i64 = delivery.id.parse().expect("it was made of a number");
    let keys = ask.query_map([id], |row| {
        Ok(NamedThing::new(
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
        ))
    })?;
    delivery.keys = keys.collect::<Result<_, _>>()?;
    Ok(())
}

fn source(row: &Row<'_>) -> Result<DeliverySource, SqlTrouble> {
    let word: String = row.get("source")?;
    DeliverySource::from_word(&word).ok_or(SqlTrouble::Odd("source"))
}

fn verdict(row: &Row<'_>) -> Result<DeliveryVerdict, SqlTrouble> {
    let word: String = row.get("verdict")?;
    DeliveryVerdict::from_word(&word).ok_or(SqlTrouble::Odd("verdict"))
}
