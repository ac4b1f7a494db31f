//! Setbacks: what a bad answer to a request for rows means for the request.
//!
//! PostgreSQL's codes are the same over both ways, so they are judged here, once. Messages of the database hold values of the shop's
//! customers: they are never quoted, only the name of a column that is ours is taken from them.

use std::time::Duration;

use super::trouble;
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::row::Table;

use super::schema::columns::columns;

/// What to do with a request that was not done, or of which nobody knows whether it was.
#[derive(Clone, Debug)]
pub enum RowsSetback {
    /// A row of it is not taken, whatever is beside it.
    Refused(Reason),
    /// It holds too much.
    TooLarge(Fault),
    /// It takes too long.
    TooSlow(Fault),
    /// The other side is not there, or busy: the same once more, after the pause that it asked for.
    Again {
        fault: Fault,
        after: Option<Duration>,
    },
    /// It met another writer.
    Clash(Fault),
    /// The API, or a connection, has an old idea of the table.
    Stale(Fault),
    /// Nothing goes until somebody has mended it.
    Stop(Fault),
}

impl RowsSetback {
    /// A fault without a word on the single request. What is only not there now may be there soon.
    pub fn of(fault: Fault) -> RowsSetback {
        match fault.code {
            "database_unreachable" | "database_busy" => RowsSetback::Again { fault, after: None },
            _ => RowsSetback::Stop(fault),
        }
    }

    /// Where nothing of it is about a row.
    pub fn into_fault(self) -> Fault {
        match self {
            RowsSetback::Refused(reason) => Fault {
                hint: reason.hint,
                ..Fault::new(Remedy::Stop, "database_answer_unexpected", reason.message)
            },
            RowsSetback::TooLarge(fault)
            | RowsSetback::TooSlow(fault)
            | RowsSetback::Again { fault, .. }
            | RowsSetback::Clash(fault)
            | RowsSetback::Stale(fault)
            | RowsSetback::Stop(fault) => fault,
        }
    }
}

/// What was asked, for words about it.
#[derive(Clone, Copy)]
pub struct AskedOf<'a> {
    pub host: &'a str,
    pub schema: &'a str,
    pub table: Table,
}

/// What a code of PostgreSQL or of PostgREST means. `None`: nothing that is known here.
pub fn judged(subject: AskedOf<'_>, code: &str, message: &str) -> Option<RowsSetback> {
    let AskedOf {
        host,
        schema,
        table,
    } = subject;
    let busy = |why: &str| RowsSetback::Again {
        fault: trouble::busy(host, why),
        after: None,
    };
    Some(match code {
        "PGRST204" | "42703" => RowsSetback::Stale(trouble::column_missing(schema, table)),
        "PGRST205" | "42P01" => RowsSetback::Stale(trouble::table_missing(schema, table)),
        "PGRST106" | "3F000" => RowsSetback::Stop(trouble::schema_closed(schema)),
        "42P10" => RowsSetback::Stop(trouble::key_missing(schema, table)),
        "42501" => RowsSetback::Stop(trouble::grant_missing(schema, table)),
        "42804" | "428C9" => RowsSetback::Stop(trouble::column_missing(schema, table)),
        "25006" => RowsSetback::Stop(trouble::read_only(host)),
        // It has no secret to check keys with.
        "PGRST300" => RowsSetback::Stop(trouble::unexpected(host, "500 (`PGRST300`)")),
        "57014" => RowsSetback::TooSlow(trouble::busy(host, "it broke off a request as too slow")),
        "40001" | "40P01" | "55P03" => {
            RowsSetback::Clash(trouble::busy(host, "somebody else writes the same rows"))
        }
        "57P01" | "57P02" | "57P03" | "57P05" => busy("it is starting or stopping"),
        "26000" | "42P05" | "0A000" | "25P02" | "25P03" => {
            busy("a pooler mixed up its connections, or a table was changed just now")
        }
        "PGRST000" | "PGRST001" | "PGRST002" | "PGRST003" => {
            busy("its API has no connection to it")
        }
        code if code.starts_with("53") => busy("it has no connection or no memory left"),
        code if code.starts_with("08") => busy("the connection was lost"),
        "PGRST102" => refused(table, code, message),
        code if code.starts_with("22") || code.starts_with("23") => refused(table, code, message),
        // More than PostgreSQL can hold, and what triggers of the owner say.
        code if code.starts_with("54") || code.starts_with("P0") || code == "21000" => {
            refused(table, code, message)
        }
        _ => return None,
    })
}

fn refused(table: Table, code: &str, message: &str) -> RowsSetback {
    let why = match code {
        "22P05" | "22021" => "it holds a sign that cannot be kept".to_owned(),
        "22003" => "a number is too large for its column".to_owned(),
        "22007" | "22008" => "a date or time is none".to_owned(),
        "22001" => "a text is too long for its column".to_owned(),
        "23502" => "a value is missing that must be there".to_owned(),
        "23503" => "a rule of yours wants a row in another table first".to_owned(),
        "23505" | "23P01" => "a rule of yours lets no second row have this value".to_owned(),
        "23514" => "a rule of yours does not allow a value".to_owned(),
        "PGRST102" => "its JSON is not understood there".to_owned(),
        code if code.starts_with("P0") => "a trigger of yours refuses it".to_owned(),
        code if code.starts_with("54") => {
            "it is larger or deeper than PostgreSQL allows".to_owned()
        }
        _ => "a value does not fit its column".to_owned(),
    };
    let place = match column_named(table, message) {
        Some(column) => format!(", in column `{column}`"),
        None => String::new(),
    };
    let reason = Reason::new(
        "row_refused",
        format!(
            "the database does not take this row of `{}`: {why}{place} (`{code}`)",
            table.as_str()
        ),
    );
    RowsSetback::Refused(reason.hint(
        "mend the record in the shop, its mapping, or the rule in the database, then run `udsync retry --all`",
    ))
}

/// The column that a message names, if it is one of ours; everything else in a message may be somebody's data.
fn column_named(table: Table, message: &str) -> Option<&'static str> {
    let (_, rest) = message.split_once("column \"")?;
    let (name, _) = rest.split_once('"')?;
    let mut known = columns(table).iter().map(|column| column.name);
    known.find(|known| *known == name)
}
