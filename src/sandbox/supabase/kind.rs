//! Kinds of columns and what stands in them: how a value is read, printed, cast and compared.
//!
//! Imitated are the kinds that a copy of a shop needs. Texts compare byte by byte, as in a database without a language.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::fault::Fault;
use super::json::{Broken, Json, quote};
use super::moment;
use super::number::{Number, Unread};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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
pub enum Cell {
    Null,
    Text(String),
    Whole(i64),
    Number(Number),
    Bool(bool),
    /// Microseconds since 1970.
    Time(i64),
    Day(NaiveDate),
    Json(Json),
}

impl Kind {
    pub fn named(name: &str) -> Option<Kind> {
        if let Some(inside) = name
            .strip_prefix("numeric(")
            .and_then(|rest| rest.strip_suffix(')'))
        {
            let (precision, scale) = inside.split_once(',')?;
            return Some(Kind::Numeric(Some((
                precision.trim().parse().ok()?,
                scale.trim().parse().ok()?,
            ))));
        }
        Some(match name {
            "text" | "character varying" | "varchar" => Kind::Text,
            "bigint" | "int8" => Kind::Bigint,
            "integer" | "int" | "int4" => Kind::Integer,
            "smallint" | "int2" => Kind::Smallint,
            "numeric" | "decimal" => Kind::Numeric(None),
            "boolean" | "bool" => Kind::Boolean,
            "timestamptz" | "timestamp with time zone" => Kind::Timestamptz,
            "date" => Kind::Date,
            "jsonb" => Kind::Jsonb,
            _ => return None,
        })
    }

    /// The name by which messages and the description go.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Bigint => "bigint",
            Kind::Integer => "integer",
            Kind::Smallint => "smallint",
            Kind::Numeric(_) => "numeric",
            Kind::Boolean => "boolean",
            Kind::Timestamptz => "timestamp with time zone",
            Kind::Date => "date",
            Kind::Jsonb => "jsonb",
        }
    }

    /// What the description calls it besides.
    pub fn shape(self) -> Option<&'static str> {
        match self {
            Kind::Text | Kind::Timestamptz | Kind::Date => Some("string"),
            Kind::Bigint | Kind::Integer | Kind::Smallint => Some("integer"),
            Kind::Numeric(_) => Some("number"),
            Kind::Boolean => Some("boolean"),
            Kind::Jsonb => None,
        }
    }

    /// Reads a value out of a body, as `json_to_recordset` does: by way of its text.
    pub fn of_json(self, value: &Json) -> Result<Cell, Fault> {
        match (self, value) {
            (_, Json::Null) => Ok(Cell::Null),
            (Kind::Jsonb, value) => Ok(Cell::Json(value.settled())),
            (kind, Json::Text(text) | Json::Number(text)) => kind.of_text(text),
            (kind, value) => kind.of_text(&value.printed()),
        }
    }

    pub fn of_text(self, text: &str) -> Result<Cell, Fault> {
        let syntax = |state: &str| {
            let message = format!("invalid input syntax for type {}: \"{text}\"", self.name());
            Fault::sql(state, message)
        };
        let clock = |unread| match unread {
            moment::Unread::Syntax => syntax("22007"),
            moment::Unread::Range { month } => {
                let message = format!("date/time field value out of range: \"{text}\"");
                let fault = Fault::sql("22008", message);
                if month {
                    fault.hint("Perhaps you need a different \"datestyle\" setting.")
                } else {
                    fault
                }
            }
        };
        match self {
            Kind::Text => Ok(Cell::Text(text.to_owned())),
            Kind::Bigint | Kind::Integer | Kind::Smallint => {
                whole(self, text).map_err(|state| match state {
                    "22003" => {
                        let name = self.name();
                        let message = format!("value \"{text}\" is out of range for type {name}");
                        Fault::sql("22003", message)
                    }
                    state => syntax(state),
                })
            }
            Kind::Numeric(limits) => {
                let number = Number::read(text).map_err(|unread| match unread {
                    Unread::Syntax => syntax("22P02"),
                    Unread::Overflow => Fault::sql("22003", "value overflows numeric format"),
                })?;
                let Some((precision, scale)) = limits else {
                    return Ok(Cell::Number(number));
                };
                let rounded = number.to_scale(scale);
                let most = precision - scale;
                if rounded.width() > most {
                    return Err(Fault::sql("22003", "numeric field overflow").details(format!(
                        "A field with precision {precision}, scale {scale} must round to an absolute value less than 10^{most}."
                    )));
                }
                Ok(Cell::Number(rounded))
            }
            Kind::Boolean => boolean(text).map(Cell::Bool).ok_or_else(|| syntax("22P02")),
            Kind::Timestamptz => moment::time(text).map(Cell::Time).map_err(clock),
            Kind::Date => moment::day(text).map(Cell::Day).map_err(clock),
            Kind::Jsonb => match Json::read(text) {
                Ok(json) => Ok(Cell::Json(json.settled())),
                Err(broken) => Err(broken_json(broken)),
            },
        }
    }
}

/// What PostgreSQL says of JSON that it does not take.
pub fn broken_json(broken: Broken) -> Fault {
    let syntax = || Fault::sql("22P02", "invalid input syntax for type json");
    match broken {
        Broken::Ended => syntax().details("The input string ended unexpectedly."),
        Broken::Token => syntax().details("Token is invalid."),
        Broken::Surrogate => {
            syntax().details("Unicode low surrogate must follow a high surrogate.")
        }
        Broken::Nul => Fault::sql("22P05", "unsupported Unicode escape sequence")
            .details("\\u0000 cannot be converted to text."),
        Broken::Deep => Fault::sql("54001", "stack depth limit exceeded"),
    }
}

fn whole(kind: Kind, text: &str) -> Result<Cell, &'static str> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let figures = text.strip_prefix(['+', '-']).unwrap_or(text);
    if figures.is_empty() || !figures.bytes().all(|b| b.is_ascii_digit()) {
        return Err("22P02");
    }
    let value: i64 = text.parse().map_err(|_| "22003")?;
    let fits = match kind {
        Kind::Integer => i32::try_from(value).is_ok(),
        Kind::Smallint => i16::try_from(value).is_ok(),
        _ => true,
    };
    if fits {
        Ok(Cell::Whole(value))
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

impl Cell {
    /// As JSON of an answer.
    pub fn print(&self, out: &mut String) {
        match self {
            Cell::Null => out.push_str("null"),
            Cell::Text(text) => quote(text, out),
            Cell::Whole(value) => out.push_str(&value.to_string()),
            Cell::Number(number) => out.push_str(&number.to_string()),
            Cell::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Cell::Time(micros) => quote(&moment::print_time(*micros), out),
            Cell::Day(day) => quote(&day.to_string(), out),
            Cell::Json(json) => json.print(out),
        }
    }

    /// As a cast to text has it. `None` for null.
    pub fn cast(&self) -> Option<String> {
        Some(match self {
            Cell::Null => return None,
            Cell::Text(text) => text.clone(),
            Cell::Whole(value) => value.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::Bool(value) => value.to_string(),
            Cell::Time(micros) => moment::cast_time(*micros),
            Cell::Day(day) => day.to_string(),
            Cell::Json(json) => json.printed(),
        })
    }

    /// As the message about a row that was refused has it.
    pub fn in_message(&self) -> String {
        match self {
            Cell::Null => "null".to_owned(),
            Cell::Bool(value) => if *value { "t" } else { "f" }.to_owned(),
            other => other.cast().unwrap_or_default(),
        }
    }

    /// `None` where one is null, or the two cannot be compared.
    pub fn order(&self, other: &Cell) -> Option<Ordering> {
        Some(match (self, other) {
            (Cell::Text(a), Cell::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Cell::Whole(a), Cell::Whole(b)) => a.cmp(b),
            (Cell::Number(a), Cell::Number(b)) => a.cmp(b),
            (Cell::Bool(a), Cell::Bool(b)) => a.cmp(b),
            (Cell::Time(a), Cell::Time(b)) => a.cmp(b),
            (Cell::Day(a), Cell::Day(b)) => a.cmp(b),
            (Cell::Json(a), Cell::Json(b)) => a.printed().cmp(&b.printed()),
            _ => return None,
        })
    }
}
