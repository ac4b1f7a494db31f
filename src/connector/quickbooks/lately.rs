//! Lately: what was written in the books since a moment, with our marks in it.
//!
//! QuickBooks tells all kinds in one answer, for a month back and up to a thousand things. Beyond that each kind is asked for.

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::connector::port::{MarkedDocument, Since, WrittenLately};
use crate::model::document::DocumentKind;
use crate::model::fault::{Fault, Remedy};

use super::client::{BooksClient, escaped};
use super::lists::{CHANGES_AGE, CHANGES_MAX, OVERLAP};
use super::query::{self, quoted};
use super::wire::{self, AnswerEnvelope};
use super::{faults, found};

/// Times in the books have whole seconds.
const SECOND: TimeDelta = TimeDelta::seconds(1);

pub async fn written(
    client: &BooksClient,
    since: Since,
    now: DateTime<Utc>,
) -> Result<WrittenLately, Fault> {
    let ahead = client.clock_ahead(now).unwrap_or_default();
    let since = match since {
        // What was written a moment ago may not have been in the last answer yet.
        Since::Theirs(at) => at - OVERLAP,
        Since::Ours(at) => at + ahead - SECOND,
    };
    if since > now + ahead - CHANGES_AGE
        && let Some(lately) = changes(client, since).await?
    {
        return Ok(lately);
    }
    by_kind(client, since).await
}

/// In one question. `None` where the answer may not be all of it.
async fn changes(
    client: &BooksClient,
    since: DateTime<Utc>,
) -> Result<Option<WrittenLately>, Fault> {
    let kinds: Vec<&str> = DocumentKind::OF_ORDERS
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    let path = format!(
        "cdc?entities={}&changedSince={}",
        kinds.join(","),
        escaped(&stamp(since))
    );
    let text = match client.get(&path).await {
        // Whatever QuickBooks dislikes about the question, the kinds themselves tell as much.
        Err(fault) if fault.remedy == Remedy::Amend => return Ok(None),
        answer => answer?,
    };
    let (documents, time) = read(&text).ok_or_else(|| faults::unreadable("changes"))?;
    let (Some(time), Some(documents)) = (time, documents) else {
        return Ok(None);
    };
    Ok(Some(WrittenLately {
        documents,
        since,
        through: time.to_utc(),
    }))
}

/// `None` where there are as many as an answer holds.
type WrittenAnswer = Option<Vec<MarkedDocument>>;

/// The documents of an answer, and its time.
fn read(text: &str) -> Option<(WrittenAnswer, Option<DateTime<FixedOffset>>)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct LatelyGroup<'a> {
        #[serde(borrow)]
        query_response: Option<Vec<&'a RawValue>>,
    }
    let envelope = AnswerEnvelope::open(text)?;
    let groups: Vec<LatelyGroup<'_>> = serde_json::from_str(envelope.part("CDCResponse")?).ok()?;
    let mut count = 0;
    let mut written = Vec::new();
    for answer in groups
        .iter()
        .filter_map(|group| group.query_response.as_ref())
        .flatten()
        // A kind without changes may be an empty list.
        .filter_map(|raw| AnswerEnvelope::open(raw.get()))
    {
        for kind in DocumentKind::OF_ORDERS {
            let Some(rows) = answer.part(kind.as_str()) else {
                continue;
            };
            let rows: Vec<wire::MarkedAnswer> = serde_json::from_str(rows).ok()?;
            count += rows.len();
            written.extend(
                rows.iter()
                    .filter_map(|row| found::marked(kind.into(), row)),
            );
        }
    }
    let whole = (count < CHANGES_MAX).then_some(written);
    Some((whole, envelope.time()))
}

async fn by_kind(client: &BooksClient, since: DateTime<Utc>) -> Result<WrittenLately, Fault> {
    let rest = format!(
        "WHERE MetaData.LastUpdatedTime >= {}",
        quoted(&stamp(since))
    );
    let wanted = |kind: DocumentKind, page: Vec<wire::MarkedAnswer>| -> Vec<MarkedDocument> {
        let marked = page
            .iter()
            .filter_map(|row| found::marked(kind.into(), row));
        marked.collect()
    };
    let rows = query::of_kinds(client, &DocumentKind::OF_ORDERS, &rest, wanted).await?;
    Ok(WrittenLately {
        documents: rows.rows,
        since,
        through: rows.time.map_or(since, |time| time.to_utc()),
    })
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}
