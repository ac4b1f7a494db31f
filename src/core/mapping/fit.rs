//! Fitting a value into a field: the last step, where kinds become what the target stores; and, for
//! the check, whether a kind can be fitted at all.
//!
//! Figures leave as text with all their digits, because a JSON number would lose some on the way.
//! Whole numbers, times and dates are written in one form. What cannot be stored is a problem.

use serde_json::Value as Json;

use super::kind::ValueKind;
use super::mistake::quoted;
use super::problem::{ValueProblem, Why};
use super::schema::{FieldKind, Over};
use super::times;
use super::value::Value;

/// What the field stores; `None` where there is nothing to store.
pub fn fit(value: Value<'_>, kind: &FieldKind) -> Result<Option<Json>, ValueProblem> {
    if matches!(value, Value::Null) {
        return Ok(None);
    }
    match kind {
        FieldKind::Json => Ok(Some(clean(value.to_json()))),
        FieldKind::Text { most, over } => text(&value, *most, *over),
        FieldKind::Choice(words) => {
            let text = value.as_text()?;
            match words.iter().any(|word| *word == text) {
                true => Ok(Some(Json::String(text.into_owned()))),
                false => Err(ValueProblem::new(
                    Why::NotAChoice,
                    format!("is not one of `{}`", words.join("`, `")),
                )),
            }
        }
        FieldKind::Number => Ok(value.as_number()?.map(|n| Json::String(n.to_string()))),
        FieldKind::Whole => {
            let Some(number) = value.as_number()? else {
                return Ok(None);
            };
            let whole = i64::try_from(number).ok();
            whole
                .filter(|_| number.fract().is_zero())
                .map(|whole| Some(Json::from(whole)))
                .ok_or_else(|| ValueProblem::new(Why::NotWhole, "is not a whole number"))
        }
        FieldKind::Bool => match value {
            Value::Bool(is) => Ok(Some(Json::Bool(is))),
            _ => match value.as_text()?.as_ref() {
                "true" => Ok(Some(Json::Bool(true))),
                "false" => Ok(Some(Json::Bool(false))),
                _ => Err(ValueProblem::new(Why::NotYesOrNo, "is neither yes nor no")),
            },
        },
        FieldKind::Time => {
            let time = times::time(&value.as_text()?)?;
            Ok(time.map(|time| Json::String(times::written(time))))
        }
        FieldKind::Date => {
            let date = times::date(&value.as_text()?)?;
            Ok(date.map(|date| Json::String(date.to_string())))
        }
    }
}

fn text(value: &Value<'_>, most: Option<usize>, over: Over) -> Result<Option<Json>, ValueProblem> {
    let text = value.as_text()?;
    // No database stores this letter, and no person can see it.
    let text = match text.contains('\0') {
        true => text.replace('\0', "").into(),
        false => text,
    };
    let end = most.and_then(|most| text.char_indices().nth(most));
    match (end, over) {
        (None, _) => Ok(Some(Json::String(text.into_owned()))),
        (Some((end, _)), Over::Cut) => Ok(Some(Json::String(text[..end].trim_end().to_owned()))),
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
