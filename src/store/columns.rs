//! How values stand in columns: times as RFC 3339 text, words as they are in JSON, whole values as JSON.
//!
//! Money is text because SQLite's only other offer for a fraction is a float.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::SqlTrouble;

/// Always nine digits after the second, so that texts sort as the times do and come back exactly.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

pub(super) fn read_time(text: &str, column: &'static str) -> Result<DateTime<Utc>, SqlTrouble> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|_| SqlTrouble::Odd(column))
}

pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own values always have a JSON form")
}

pub(super) fn read_json<T: DeserializeOwned>(
    text: &str,
    column: &'static str,
) -> Result<T, SqlTrouble> {
    serde_json::from_str(text).map_err(|_| SqlTrouble::Odd(column))
}

/// The word of an enum without content, as JSON spells it.
pub(super) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => unreachable!("only enums without content are kept as words"),
    }
}

pub(super) fn read_word<T: DeserializeOwned>(
    word: String,
    column: &'static str,
) -> Result<T, SqlTrouble> {
    serde_json::from_value(Value::String(word)).map_err(|_| SqlTrouble::Odd(column))
}

/// A place in a list.
pub(super) fn place(position: usize) -> i64 {
    i64::try_from(position).expect("no list in memory is that long")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::Action;

    #[test]
    fn times_sort_as_text_and_come_back_to_the_nanosecond() {
        let early = DateTime::from_timestamp(1_700_000_000, 0).expect("a real time");
        let late = DateTime::from_timestamp(1_700_000_000, 1).expect("a real time");
        assert!(time(early) < time(late));
        assert_eq!(read_time(&time(late), "t").expect("reads back"), late);
        assert!(matches!(
            read_time("yesterday", "runs.started_at"),
            Err(SqlTrouble::Odd("runs.started_at"))
        ));
    }

    #[test]
    fn a_word_reads_back_what_it_wrote_and_nothing_else() {
        assert_eq!(word(Action::Void), "void");
        assert_eq!(
            read_word::<Action>("void".into(), "a").expect("reads back"),
            Action::Void
        );
        assert!(read_word::<Action>("pay".into(), "a").is_err());
    }
}
