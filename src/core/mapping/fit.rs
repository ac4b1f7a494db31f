//! Fitting a value into a field: the last step, where kinds become what the target stores; and, for
//! the check, whether a kind can be fitted at all.
//!
//! Figures leave as text with all their digits, because a JSON number would lose some on the way.
//! Whole numbers, times and dates are written in one form. What cannot be stored is a problem.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::kind::ValueKind;
use super::mistake::quoted;
use super::problem::{ValueProblem, Why};
use super::schema::{FieldKind, Over};
use super::times;
use super::value::Value;
use crate::model::told::write_text;

/// What a field stores, borrowed from the record where nothing has changed it.
pub enum Fitted<'r> {
    Text(Cow<'r, str>),
    Whole(i64),
    Bool(bool),
    /// Whatever it is.
    Any(Value<'r>),
}

impl Fitted<'_> {
    /// A text without letters.
    pub fn is_empty_text(&self) -> bool {
        match self {
            Fitted::Text(text) | Fitted::Any(Value::Text(text)) => text.is_empty(),
            _ => false,
        }
    }

    pub fn to_json(&self) -> Json {
        match self {
            Fitted::Text(text) => Json::from(text.as_ref()),
            Fitted::Whole(whole) => Json::from(*whole),
            Fitted::Bool(is) => Json::from(*is),
            Fitted::Any(value) => clean(value.to_json()),
        }
    }

    /// The same as JSON text.
    pub fn write(&self, out: &mut String) {
        match self {
            Fitted::Text(text) => write_text(out, text),
            Fitted::Whole(whole) => {
                // A string takes whatever is written to it.
                let _ = write!(out, "{whole}");
            }
            Fitted::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
            Fitted::Any(value) => value.write(out),
        }
    }
}

/// What the field stores; `None` where there is nothing to store.
pub fn fit<'r>(value: Value<'r>, kind: &FieldKind) -> Result<Option<Fitted<'r>>, ValueProblem> {
    if matches!(value, Value::Null) {
        return Ok(None);
    }
    match kind {
        FieldKind::Json => Ok(Some(Fitted::Any(value))),
        FieldKind::Text { most, over } => text(value, *most, *over),
        FieldKind::Choice(words) => {
            let text = value.as_text()?;
            match words.iter().any(|word| *word == text) {
                true => Ok(Some(Fitted::Text(text))),
                false => Err(ValueProblem::new(
                    Why::NotAChoice,
                    format!("is not one of `{}`", words.join("`, `")),
                )),
            }
        }
        FieldKind::Number => Ok(value
            .as_number()?
            .map(|number| Fitted::Text(number.to_string().into()))),
        FieldKind::Whole => {
            let Some(number) = value.as_number()? else {
                return Ok(None);
            };
            let whole = i64::try_from(number).ok();
            whole
                .filter(|_| number.fract().is_zero())
                .map(|whole| Some(Fitted::Whole(whole)))
                .ok_or_else(|| ValueProblem::new(Why::NotWhole, "is not a whole number"))
        }
        FieldKind::Bool => match value {
            Value::Bool(is) => Ok(Some(Fitted::Bool(is))),
            _ => match value.as_text()?.as_ref() {
                "true" => Ok(Some(Fitted::Bool(true))),
                "false" => Ok(Some(Fitted::Bool(false))),
                _ => Err(ValueProblem::new(Why::NotYesOrNo, "is neither yes nor no")),
            },
        },
        FieldKind::Time => {
            let time = times::time(&value.as_text()?)?;
            Ok(time.map(|time| Fitted::Text(times::written(time).into())))
        }
        FieldKind::Date => {
            let date = times::date(&value.as_text()?)?;
            Ok(date.map(|date| Fitted::Text(date.to_string().into())))
        }
    }
}

fn text<'r>(
    value: Value<'r>,
    most: Option<usize>,
    over: Over,
) -> Result<Option<Fitted<'r>>, ValueProblem> {
    let text = match value {
        Value::Text(text) => text,
        other => other.as_text()?,
    };
    // No database stores this letter, and no person can see it.
    let text = match text.contains('\0') {
        true => text.replace('\0', "").into(),
        false => text,
    };
    // No text has more letters than bytes.
    let most = most.filter(|most| text.len() > *most);
    let end = most.and_then(|most| text.char_indices().nth(most));
    match (end, over) {
        (None, _) => Ok(Some(Fitted::Text(text))),
        (Some((end, _)), Over::Cut) => {
            Ok(Some(Fitted::Text(text[..end].trim_end().to_owned().into())))
        }
        (Some(_), Over::Drop) => Ok(None),
        (Some(_), Over::Refuse) => {
            let most = most.unwrap_or(0);
            let words = format!("has more than {most} characters");
            Err(ValueProblem::new(Why::TooLong, words))
        }
    }
}

/// Whether a kind goes into a field; if not, why, and perhaps what to do.
pub fn fits(
    name: &str,
    kind: &ValueKind,
    field: &FieldKind,
) -> Result<(), (String, Option<String>)> {
    let good = match (field, kind) {
        (FieldKind::Json, _) | (_, ValueKind::Any) => true,
        (FieldKind::Text { .. }, kind) => kind.is_single(),
        (FieldKind::Choice(_), kind) => *kind == ValueKind::Text,
        (FieldKind::Whole, kind) => *kind == ValueKind::Whole,
        (FieldKind::Number, kind) => kind.is_number(),
        (FieldKind::Bool, kind) => *kind == ValueKind::Bool,
        (FieldKind::Time, kind) => *kind == ValueKind::Time,
        (FieldKind::Date, kind) => *kind == ValueKind::Date,
    };
    if good {
        return Ok(());
    }
    let hint = match (field, kind) {
        (FieldKind::Number | FieldKind::Whole, ValueKind::Text) => "put `| to_number` behind it",
        (FieldKind::Whole, ValueKind::Number) => "put `| round(0)` behind it",
        (FieldKind::Bool, ValueKind::Text) => "put `| to_bool` behind it",
        (FieldKind::Time, ValueKind::LocalTime) => "use the field whose name ends in `_gmt`",
        (FieldKind::Date, ValueKind::Time) => {
            "put `| date_format(\"%Y-%m-%d\", \"America/Vancouver\")` behind it, with your zone"
        }
        (FieldKind::Text { .. }, ValueKind::List(_)) => {
            "put `| join(\", \")` or `| first` behind it"
        }
        _ => "",
    };
    let message = format!("{} is {}, and this is {kind}", quoted(name), field.words());
    Err((
        message,
        Some(hint.to_owned()).filter(|hint| !hint.is_empty()),
    ))
}

impl FieldKind {
    pub fn words(&self) -> String {
        match self {
            FieldKind::Text { .. } => "text".to_owned(),
            FieldKind::Choice(words) => format!("one of `{}`", words.join("`, `")),
            FieldKind::Whole => "a whole number".to_owned(),
            FieldKind::Number => "a number".to_owned(),
            FieldKind::Bool => "yes or no".to_owned(),
            FieldKind::Time => "a time".to_owned(),
            FieldKind::Date => "a date".to_owned(),
            FieldKind::Json => "anything".to_owned(),
        }
    }
}

/// Takes the letter out that no database stores.
fn clean(json: Json) -> Json {
    match json {
        Json::String(text) if text.contains('\0') => Json::String(text.replace('\0', "")),
        Json::Array(items) => Json::Array(items.into_iter().map(clean).collect()),
        Json::Object(fields) => {
            let fields = fields.into_iter();
            Json::Object(
                fields
                    .map(|(key, value)| (key.replace('\0', ""), clean(value)))
                    .collect(),
            )
        }
        other => other,
    }
}
