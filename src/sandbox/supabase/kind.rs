//! Kinds of columns and what stands in them: how a value is read, printed, cast and compared.
//!
//! Imitated are the kinds that a copy of a shop needs. Texts compare byte by byte, as in a database without a language.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::fault::DatabaseFault;
use super::json::{DatabaseBroken, Json, quote};
use super::moment;
use super::number::{DatabaseNumber, DatabaseUnread};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    Text,
    Bigint,
    Integer,
    Smallint,
    /// With precision and scale, if it was declared with them.
    Numeric(Option<(usize, usize)>),
    Boolean,
    Timestamptz,
    Date,
    Jsonb,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseCell {
    Null,
    Text(String),
    Whole(i64),
    Number(DatabaseNumber),
    Bool(bool),
    /// Microseconds since 1970.
    Time(i64),
    Day(NaiveDate),
    Json(Json),
}

impl DatabaseKind {
    pub fn named(name: &str) -> Option<DatabaseKind> {
        if let Some(inside) = name
            .strip_prefix("numeric(")
            .and_then(|rest| rest.strip_suffix(')'))
        {
            let (precision, scale) = inside.split_once(',')?;
            return Some(DatabaseKind::Numeric(Some((
                precision.trim().parse().ok()?,
                scale.trim().parse().ok()?,
            ))));
        }
        Some(match name {
            "text" | "character varying" | "varchar" => DatabaseKind::Text,
            "bigint" | "int8" => DatabaseKind::Bigint,
            "integer" | "int" | "int4" => DatabaseKind::Integer,
            "smallint" | "int2" => DatabaseKind::Smallint,
            "numeric" | "decimal" => DatabaseKind::Numeric(None),
            "boolean" | "bool" => DatabaseKind::Boolean,
            "timestamptz" | "timestamp with time zone" => DatabaseKind::Timestamptz,
            "date" => DatabaseKind::Date,
            "jsonb" => DatabaseKind::Jsonb,
            _ => return None,
        })
    }

    /// The name by which messages and the description go.
    pub fn name(self) -> &'static str {
        match self {
            DatabaseKind::Text => "text",
            DatabaseKind::Bigint => "bigint",
            DatabaseKind::Integer => "integer",
            DatabaseKind::Smallint => "smallint",
            DatabaseKind::Numeric(_) => "numeric",
            DatabaseKind::Boolean => "boolean",
            DatabaseKind::Timestamptz => "timestamp with time zone",
            DatabaseKind::Date => "date",
            DatabaseKind::Jsonb => "jsonb",
        }
    }

    /// What the description calls it besides.
    pub fn shape(self) -> Option<&'static str> {
        match self {
            DatabaseKind::Text | DatabaseKind::Timestamptz | DatabaseKind::Date => Some("string"),
            DatabaseKind::Bigint | DatabaseKind::Integer | DatabaseKind::Smallint => {
                Some("integer")
            }
            DatabaseKind::Numeric(_) => Some("number"),
            DatabaseKind::Boolean => Some("boolean"),
            DatabaseKind::Jsonb => None,
        }
    }

    /// Reads a value out of a body, as `json_to_recordset` does: by way of its text.
    pub fn of_json(self, value: &Json) -> Result<DatabaseCell, DatabaseFault> {
        match (self, value) {
            (_, Json::Null) => Ok(DatabaseCell::Null),
            (DatabaseKind::Jsonb, value) => Ok(DatabaseCell::Json(value.settled())),
            (kind, Json::Text(text) | Json::Number(text)) => kind.of_text(text),
            (kind, value) => kind.of_text(&value.printed()),
        }
    }

    pub fn of_text(self, text: &str) -> Result<DatabaseCell, DatabaseFault> {
        let syntax = |state: &str| {
            let message = format!("invalid input syntax for type {}: \"{text}\"", self.name());
            DatabaseFault::sql(state, message)
        };
        let clock = |unread| match unread {
            moment::SandboxDatabaseUnread::Syntax => syntax("22007"),
            moment::SandboxDatabaseUnread::Range { month } => {
                let message = format!("date/time field value out of range: \"{text}\"");
                let fault = DatabaseFault::sql("22008", message);
                if month {
                    fault.hint("Perhaps you need a different \"datestyle\" setting.")
                } else {
                    fault
                }
            }
        };
        match self {
            DatabaseKind::Text => Ok(DatabaseCell::Text(text.to_owned())),
            DatabaseKind::Bigint | DatabaseKind::Integer | DatabaseKind::Smallint => {
                whole(self, text).map_err(|state| match state {
                    "22003" => {
                        let name = self.name();
                        let message = format!("value \"{text}\" is out of range for type {name}");
                        DatabaseFault::sql("22003", message)
                    }
                    state => syntax(state),
                })
            }
            DatabaseKind::Numeric(limits) => {
                let number = DatabaseNumber::read(text).map_err(|unread| match unread {
                    DatabaseUnread::Syntax => syntax("22P02"),
                    DatabaseUnread::Overflow => {
                        DatabaseFault::sql("22003", "value overflows numeric format")
                    }
                })?;
                let Some((precision, scale)) = limits else {
                    return Ok(DatabaseCell::Number(number));
                };
                let rounded = number.to_scale(scale);
                let most = precision - scale;
                if rounded.width() > most {
                    return Err(DatabaseFault::sql("22003", "numeric field overflow").details(format!(
                        "A field with precision {precision}, scale {scale} must round to an absolute value less than 10^{most}."
                    )));
                }
                Ok(DatabaseCell::Number(rounded))
            }
            DatabaseKind::Boolean => boolean(text)
                .map(DatabaseCell::Bool)
                .ok_or_else(|| syntax("22P02")),
            DatabaseKind::Timestamptz => moment::time(text).map(DatabaseCell::Time).map_err(clock),
            DatabaseKind::Date => moment::day(text).map(DatabaseCell::Day).map_err(clock),
            DatabaseKind::Jsonb => match Json::read(text) {
                Ok(json) => Ok(DatabaseCell::Json(json.settled())),
                Err(broken) => Err(broken_json(broken)),
            },
        }
    }
}

/// What PostgreSQL says of JSON that it does not take.
pub fn broken_json(broken: DatabaseBroken) -> DatabaseFault {
    let syntax = || DatabaseFault::sql("22P02", "invalid input syntax for type json");
    match broken {
        DatabaseBroken::Ended => syntax().details("The input string ended unexpectedly."),
        DatabaseBroken::Token => syntax().details("Token is invalid."),
        DatabaseBroken::Surrogate => {
            syntax().details("Unicode low surrogate must follow a high surrogate.")
        }
        DatabaseBroken::Nul => DatabaseFault::sql("22P05", "unsupported Unicode escape sequence")
            .details("\\u0000 cannot be converted to text."),
        DatabaseBroken::Deep => DatabaseFault::sql("54001", "stack depth limit exceeded"),
    }
}

fn whole(kind: DatabaseKind, text: &str) -> Result<DatabaseCell, &'static str> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let figures = text.strip_prefix(['+', '-']).unwrap_or(text);
    if figures.is_empty() || !figures.bytes().all(|b| b.is_ascii_digit()) {
        return Err("22P02");
    }
    let value: i64 = text.parse().map_err(|_| "22003")?;
    let fits = match kind {
        DatabaseKind::Integer => i32::try_from(value).is_ok(),
        DatabaseKind::Smallint => i16::try_from(value).is_ok(),
        _ => true,
    };
    if fits {
        Ok(DatabaseCell::Whole(value))
    } else {
        Err("22003")
    }
}

fn boolean(text: &str) -> Option<bool> {
    let text = text
        .trim_matches(|c: char| c.is_ascii_whitespace())
        .to_ascii_lowercase();
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    if begins("true", 1) || begins("yes", 1) || text == "on" || text == "1" {
        Some(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || text == "0" {
        Some(false)
    } else {
        None
    }
}

impl DatabaseCell {
    /// As JSON of an answer.
    pub fn print(&self, out: &mut String) {
        match self {
            DatabaseCell::Null => out.push_str("null"),
            DatabaseCell::Text(text) => quote(text, out),
            DatabaseCell::Whole(value) => out.push_str(&value.to_string()),
            DatabaseCell::Number(number) => out.push_str(&number.to_string()),
            DatabaseCell::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            DatabaseCell::Time(micros) => quote(&moment::print_time(*micros), out),
            DatabaseCell::Day(day) => quote(&day.to_string(), out),
            DatabaseCell::Json(json) => json.print(out),
        }
    }

    /// As a cast to text has it. `None` for null.
    pub fn cast(&self) -> Option<String> {
        Some(match self {
            DatabaseCell::Null => return None,
            DatabaseCell::Text(text) => text.clone(),
            DatabaseCell::Whole(value) => value.to_string(),
            DatabaseCell::Number(number) => number.to_string(),
            DatabaseCell::Bool(value) => value.to_string(),
            DatabaseCell::Time(micros) => moment::cast_time(*micros),
            DatabaseCell::Day(day) => day.to_string(),
            DatabaseCell::Json(json) => json.printed(),
        })
    }

    /// As the message about a row that was refused has it.
    pub fn in_message(&self) -> String {
        match self {
            DatabaseCell::Null => "null".to_owned(),
            DatabaseCell::Bool(value) => if *value { "t" } else { "f" }.to_owned(),
            other => other.cast().unwrap_or_default(),
        }
    }

    /// `None` where one is null, or the two cannot be compared.
    pub fn order(&self, other: &DatabaseCell) -> Option<Ordering> {
        Some(match (self, other) {
            (DatabaseCell::Text(a), DatabaseCell::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (DatabaseCell::Whole(a), DatabaseCell::Whole(b)) => a.cmp(b),
            (DatabaseCell::Number(a), DatabaseCell::Number(b)) => a.cmp(b),
            (DatabaseCell::Bool(a), DatabaseCell::Bool(b)) => a.cmp(b),
            (DatabaseCell::Time(a), DatabaseCell::Time(b)) => a.cmp(b),
            (DatabaseCell::Day(a), DatabaseCell::Day(b)) => a.cmp(b),
            (DatabaseCell::Json(a), DatabaseCell::Json(b)) => a.printed().cmp(&b.printed()),
            _ => return None,
        })
    }
}
