//! Questions in QuickBooks' query language, and the rows of their answers.
//!
//! The language knows no "or", so a question is about one kind of thing and one field; many values go into one `IN`.

use chrono::{DateTime, FixedOffset, NaiveDate};
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use crate::connector::rows::at_most;
use crate::model::document::DocumentKind;
use crate::model::fault::Fault;

use super::client::BooksClient;
use super::faults;
use super::wire::AnswerEnvelope;

/// As many rows as one answer may have.
pub const PAGE: usize = 1_000;
/// As many values as one question asks for.
pub const CHUNK: usize = 250;

/// Names that are inactive now count as well.
pub const ANY: &str = " AND Active IN (true, false)";

/// Puts rows in an order that nobody's work moves, so that the second page goes on where the first one ended.
pub const IN_ORDER: &str = "ORDERBY MetaData.CreateTime ASC";

/// The rows of all pages.
pub struct QueryRows<T> {
    pub rows: Vec<T>,
    /// The service's time of the first page: what changed since may be missing.
    pub time: Option<DateTime<FixedOffset>>,
}

/// A value in a question. A backslash is the only way to write a quote.
pub fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// `DocNumber IN ('WC-1', 'WC-2')`
pub fn one_of(field: &str, values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("{field} IN ({})", values.join(", "))
}

/// Asks for every row of a kind, page by page. `rest` is what follows the kind: a condition, an order.
pub async fn all<T: DeserializeOwned>(
    client: &BooksClient,
    kind: &str,
    rest: &str,
) -> Result<QueryRows<T>, Fault> {
    let mut all = QueryRows {
        rows: Vec::new(),
        time: None,
    };
    each_page(client, kind, rest, |rows, time| {
        all.rows.extend(rows);
        all.time = all.time.or(time);
    })
    .await?;
    Ok(all)
}

/// Rows of a kind with any of these values in a field, so many values in a question. The questions are put side by side, as far as the
/// budget lets them: while one part of a long reading waits for them, the minute's allowance of batches is not used.
pub async fn rows<T: DeserializeOwned>(
    client: &BooksClient,
    entity: &str,
    field: &str,
    values: &[&str],
    and: &str,
) -> Result<Vec<T>, Fault> {
    let asked = values.chunks(CHUNK).map(|chunk| async move {
        let rest = format!("WHERE {}{and}", one_of(field, chunk));
        Ok::<_, Fault>(all(client, entity, &rest).await?.rows)
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

/// Asks for several kinds side by side, each page by page, and keeps of a page what is wanted. The rows come in the order of the kinds; the
/// time is the earliest, as what was written meanwhile may be in one answer and missing in another.
pub async fn of_kinds<T: DeserializeOwned, R>(
    client: &BooksClient,
    kinds: &[DocumentKind],
    rest: &str,
    wanted: impl Fn(DocumentKind, Vec<T>) -> Vec<R>,
) -> Result<QueryRows<R>, Fault> {
    let wanted = &wanted;
    let asked = kinds.iter().map(|kind| async move {
        let mut of_kind = QueryRows {
            rows: Vec::new(),
            time: None,
        };
        each_page(client, kind.as_str(), rest, |page, time| {
            of_kind.rows.extend(wanted(*kind, page));
            of_kind.time = of_kind.time.or(time);
        })
        .await?;
        Ok::<_, Fault>(of_kind)
    });
    let asked = try_join_all(asked).await?;
    Ok(QueryRows {
        time: asked.iter().filter_map(|of_kind| of_kind.time).min(),
        rows: asked.into_iter().flat_map(|of_kind| of_kind.rows).collect(),
    })
}

/// Documents from a day on, in an order that nobody's work moves.
pub fn from_day(since: NaiveDate) -> String {
    format!("WHERE TxnDate >= {} {IN_ORDER}", quoted(&since.to_string()))
}

/// Asks page by page, and hands each on: of many rows only those that are wanted need to be kept.
pub async fn each_page<T: DeserializeOwned>(
    client: &BooksClient,
    kind: &str,
    rest: &str,
    mut take: impl FnMut(Vec<T>, Option<DateTime<FixedOffset>>),
) -> Result<(), Fault> {
    let mut start = 1;
    loop {
        let question =
            format!("SELECT * FROM {kind} {rest} STARTPOSITION {start} MAXRESULTS {PAGE}");
        let text = client.query(&question).await?;
        let (rows, time) = page(&text, kind).ok_or_else(|| faults::unreadable(kind))?;
        let count = rows.len();
        take(rows, time);
        if count < PAGE {
            return Ok(());
        }
        start += count;
    }
}

/// How many rows a question has.
pub async fn count(client: &BooksClient, kind: &str, condition: &str) -> Result<usize, Fault> {
    let question = format!("SELECT COUNT(*) FROM {kind} {condition}");
    let text = client.query(&question).await?;
    counted(&text).ok_or_else(|| faults::unreadable(kind))
}

fn counted(text: &str) -> Option<usize> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Counted {
        total_count: usize,
    }
    let envelope = AnswerEnvelope::open(text)?;
    let counted: Counted = serde_json::from_str(envelope.part("QueryResponse")?).ok()?;
    Some(counted.total_count)
}

/// The rows of one answer. Where there are none, the kind is not mentioned at all.
fn page<T: DeserializeOwned>(
    text: &str,
    kind: &str,
) -> Option<(Vec<T>, Option<DateTime<FixedOffset>>)> {
    let envelope = AnswerEnvelope::open(text)?;
    let answer = AnswerEnvelope::open(envelope.part("QueryResponse")?)?;
    let rows = match answer.part(kind) {
        Some(rows) => at_most(rows, PAGE).ok()?,
        None => Vec::new(),
    };
    Some((rows, envelope.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_cannot_end_a_value() {
        assert_eq!(quoted("Amy's Birds"), r"'Amy\'s Birds'");
        assert_eq!(quoted(r"back\slash'"), r"'back\\slash\''");
        assert_eq!(one_of("Id", &["1", "2"]), "Id IN ('1', '2')");
    }

    #[test]
    fn a_count_is_a_number_or_nothing() {
        assert_eq!(
            counted(r#"{"QueryResponse":{"totalCount":1200}}"#),
            Some(1_200)
        );
        assert_eq!(counted(r#"{"QueryResponse":{}}"#), None);
    }

    #[test]
    fn an_answer_without_rows_has_none() {
        let (rows, _) = page::<u8>(r#"{"QueryResponse":{},"time":"x"}"#, "Invoice").expect("read");
        assert!(rows.is_empty());
        assert!(page::<u8>(r#"{"Fault":{}}"#, "Invoice").is_none());
    }
}
