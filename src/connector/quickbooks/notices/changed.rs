//! Change data capture: what changed in the books since a moment, for what no notice told.
//!
//! One question tells of several kinds, and holds a thousand things in all. An answer that is full may have left some out, and there is no
//! page behind it: it is asked again for half of the kinds, and a single kind that still fills an answer is told as too much, so that
//! whoever keeps a place in time does not move it over what nobody has read.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::QuickBooks;
use super::super::client::escaped;
use super::super::faults;
use super::super::lists::{CHANGES_MAX, OVERLAP};
use super::super::wire::AnswerEnvelope;
use super::KINDS;
use crate::model::delivery::NamedThing;
use crate::model::fault::Fault;

/// A thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedThing {
    pub thing: NamedThing,
    /// The ledger's count of its changes; empty of what was deleted.
    pub revision: String,
    pub changed_at: Option<DateTime<Utc>>,
    pub is_deleted: bool,
}

/// What changed since a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookChanges {
    pub things: Vec<ChangedThing>,
    /// Everything up to here is among them, unless a kind is `beyond`. By the ledger's own clock, a little before its answer.
    pub through: Option<DateTime<Utc>>,
    /// Kinds of which more changed than an answer holds.
    pub beyond: Vec<&'static str>,
}

impl QuickBooks {
    /// What of the kinds that are looked at changed since then. Reads a few times at most.
    pub async fn changed_since(&self, since: DateTime<Utc>) -> Result<BookChanges, Fault> {
        let mut changes = BookChanges::default();
        let mut left: Vec<Vec<&'static str>> = vec![KINDS.to_vec()];
        while let Some(kinds) = left.pop() {
            let at = since.to_rfc3339_opts(SecondsFormat::Secs, false);
            let path = format!(
                "cdc?entities={}&changedSince={}",
                kinds.join(","),
                escaped(&at)
            );
            let text = self.client.get(&path).await?;
            let (things, time) =
                read(&text, &kinds).ok_or_else(|| faults::unreadable("changes"))?;
            if things.len() >= CHANGES_MAX {
                match kinds.as_slice() {
                    [only] => {
                        changes.beyond.push(only);
                        changes.things.extend(things);
                    }
                    several => {
                        let (some, others) = several.split_at(several.len() / 2);
                        left.push(others.to_vec());
                        left.push(some.to_vec());
                        continue;
                    }
                }
            } else {
                changes.things.extend(things);
            }
            // The earliest answer says how far all of them reach.
            let through = time.map(|time| time - OVERLAP);
            changes.through = match (changes.through, through) {
                (Some(known), Some(now)) => Some(known.min(now)),
                (known, now) => known.or(now),
            };
        }
        Ok(changes)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangedGroup<'a> {
    #[serde(borrow)]
    query_response: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct WireThing {
    #[serde(rename = "Id", default)]
    id: String,
    #[serde(rename = "SyncToken", default)]
    sync_token: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(rename = "MetaData", default)]
    meta_data: Option<WireMeta>,
}

#[derive(Deserialize)]
struct WireMeta {
    #[serde(rename = "LastUpdatedTime", default)]
    last_updated_time: Option<String>,
}

fn read(text: &str, kinds: &[&'static str]) -> Option<(Vec<ChangedThing>, Option<DateTime<Utc>>)> {
    let envelope = AnswerEnvelope::open(text)?;
    let groups: Vec<ChangedGroup<'_>> = serde_json::from_str(envelope.part("CDCResponse")?).ok()?;
    let mut things = Vec::new();
    let answers = groups
        .iter()
        .filter_map(|group| group.query_response.as_ref());
    // A kind without changes may be an empty object, an empty list, or missing.
    for answer in answers
        .flatten()
        .filter_map(|raw| AnswerEnvelope::open(raw.get()))
    {
        for kind in kinds {
            let Some(rows) = answer.part(kind) else {
                continue;
            };
            let rows: Vec<WireThing> = serde_json::from_str(rows).ok()?;
            things.extend(rows.into_iter().map(|row| changed(kind, row)));
        }
    }
    Some((things, envelope.time().map(|time| time.to_utc())))
}

fn changed(kind: &'static str, row: WireThing) -> ChangedThing {
    let at = row.meta_data.and_then(|meta| meta.last_updated_time);
    let at = at.and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
    ChangedThing {
        thing: NamedThing::new(kind, row.id),
        revision: row.sync_token.unwrap_or_default(),
        changed_at: at.map(|at| at.to_utc()),
        is_deleted: row.status.as_deref() == Some("Deleted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_read_with_what_was_deleted() {
        let text = r#"{"CDCResponse":[{"QueryResponse":[
            {"Invoice":[{"Id":"266","SyncToken":"1","MetaData":{"LastUpdatedTime":"2026-03-02T09:15:07-08:00"}},
                        {"domain":"QBO","status":"Deleted","Id":"979","MetaData":{"LastUpdatedTime":"2026-03-02T08:00:25-08:00"}}],
             "startPosition":1,"maxResults":2,"totalCount":2},
            {}, {"Customer":[]}
        ]}],"time":"2026-03-02T09:20:00-08:00"}"#;
        let (things, time) = read(text, &["Invoice", "Customer"]).expect("it is an answer");
        assert_eq!(
            time.map(|at| at.to_rfc3339()).as_deref(),
            Some("2026-03-02T17:20:00+00:00")
        );
        let said: Vec<_> = things
            .iter()
            .map(|one| (one.thing.id.as_str(), one.revision.as_str(), one.is_deleted))
            .collect();
        assert_eq!(said, [("266", "1", false), ("979", "", true)]);
        assert!(read("{}", &["Invoice"]).is_none());
    }
}
