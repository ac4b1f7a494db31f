//! What came: deliveries newest first, what was only counted, and when something came last.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, ToSql, Transaction, params};

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

impl DeliveryFilter {
    /// As SQL, with what stands for each `?`. Only what is asked for is in it, so that an index is found for it.
    pub(super) fn question(&self, shop: &str, most: usize) -> (String, Vec<Box<dyn ToSql>>) {
        let mut words = vec!["shop = ?"];
        let mut given: Vec<Box<dyn ToSql>> = vec![Box::new(shop.to_owned())];
        if let Some(source) = self.source {
            words.push("source = ?");
            given.push(Box::new(source.as_str()));
        }
        if let Some(verdict) = self.verdict {
            words.push("verdict = ?");
            given.push(Box::new(verdict.as_str()));
        }
        if let Some(since) = self.since {
            // What comes later has a higher number: the first of that time tell where to begin, also where a clock was put back and some
            // of them are mixed.
            words.push("received_at >= ?");
            words.push(
                "id >= coalesce((SELECT min(id) FROM (SELECT id FROM deliveries WHERE received_at >= ? ORDER BY received_at LIMIT 1000)), 0)",
            );
            given.push(Box::new(time(since)));
            given.push(Box::new(time(since)));
        }
        if let Some(before) = self.before {
            words.push("id < ?");
            given.push(Box::new(before));
        }
        given.push(Box::new(i64::try_from(most).unwrap_or(i64::MAX)));
        let question = format!(
            "SELECT * FROM deliveries WHERE {} ORDER BY id DESC LIMIT ?",
            words.join(" AND ")
        );
        (question, given)
    }
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
            let (question, given) = filter.question(shop, most);
            let mut ask = view.prepare_cached(&question)?;
            let rows = ask.query_and_then(rusqlite::params_from_iter(given), read)?;
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
