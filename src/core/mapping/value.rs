//! Values: what flows through a mapping, borrowed from the record as long as nothing changes it.
//!
//! Numbers are exact decimals. A shop writes money as text, and text that is a number becomes one
//! only where a number is asked for, so that an order number `007` stays what it is.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::kind::{Shape, ValueKind};
use super::limits;
use super::problem::{ValueProblem, Why};
use crate::model::told::{Told, write_text};

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'r> {
    #[default]
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Cow<'r, str>),
    List(Vec<Value<'r>>),
    /// Always a group of fields: lists and single values have their own variants.
    Object(GroupValue<'r>),
}

/// A group of fields, of the record or made on the way.
#[derive(Clone, Debug)]
pub enum GroupValue<'r> {
    Told(&'r Told<'r>),
    Made(Box<Told<'r>>),
}

impl<'r> GroupValue<'r> {
    pub fn told(&self) -> &Told<'r> {
        match self {
            GroupValue::Told(told) => told,
            GroupValue::Made(told) => told,
        }
    }
}

impl PartialEq for GroupValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.told() == other.told()
    }
}

impl<'r> Value<'r> {
    pub fn of(told: &'r Told<'r>) -> Value<'r> {
        match told {
            Told::Null => Value::Null,
            Told::Bool(is) => Value::Bool(*is),
            Told::Number(digits) => number_of(digits),
            Told::Text(text) => Value::Text(Cow::Borrowed(text)),
            Told::List(list) => Value::List(list.items.iter().map(Value::of).collect()),
            Told::Group(_) => Value::Object(GroupValue::Told(told)),
        }
    }

    /// The same of what nobody else holds.
    pub fn of_owned(told: Told<'r>) -> Value<'r> {
        match told {
            Told::Null => Value::Null,
            Told::Bool(is) => Value::Bool(is),
            Told::Number(digits) => number_of(&digits),
            Told::Text(text) => Value::Text(text),
            Told::List(list) => Value::List(list.items.into_iter().map(Value::of_owned).collect()),
            Told::Group(_) => Value::Object(GroupValue::Made(Box::new(told))),
        }
    }

    pub fn text(text: impl Into<Cow<'r, str>>) -> Value<'r> {
        Value::Text(text.into())
    }

    pub fn into_static(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(is) => Value::Bool(is),
            Value::Number(number) => Value::Number(number),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::List(items) => Value::List(items.into_iter().map(Value::into_static).collect()),
            Value::Object(group) => {
                let told = match group {
                    GroupValue::Told(told) => told.clone(),
                    GroupValue::Made(told) => *told,
                };
                Value::Object(GroupValue::Made(Box::new(told.into_static())))
            }
        }
    }

    /// What it is, as a constant.
    pub fn shape(&self) -> Shape {
        match self {
            Value::Null => Shape::maybe(ValueKind::Any),
            Value::Bool(_) => Shape::always(ValueKind::Bool),
            Value::Number(number) if number.is_integer() => Shape::always(ValueKind::Whole),
            Value::Number(_) => Shape::always(ValueKind::Number),
            Value::Text(_) => Shape::always(ValueKind::Text),
            Value::List(items) => {
                let item = items.iter().map(Value::shape).reduce(|a, b| a.joined(&b));
                Shape::list_of(item.unwrap_or(Shape::maybe(ValueKind::Any)))
            }
            Value::Object(_) => Shape::always(ValueKind::Any),
        }
    }

    /// As JSON. A number that JSON readers would round is written as text.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Bool(is) => Json::Bool(*is),
            Value::Number(number) => number_json(*number),
            Value::Text(text) => Json::String(text.to_string()),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect()),
            Value::Object(group) => group.told().to_json(),
        }
    }

    /// The same as JSON text, without the letter that no database stores.
    pub fn write(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
            Value::Number(number) => match number_json(*number) {
                Json::String(digits) => write_text(out, &digits),
                other => out.push_str(&other.to_string()),
            },
            Value::Text(text) => write_text(out, text),
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push(if at == 0 { '[' } else { ',' });
                    item.write(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Value::Object(group) => group.told().write(out),
        }
    }

    /// Nothing to show: no value, no letters, no items.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
        }
    }

    /// A single value as text; what holds several has none.
    pub fn as_text(&self) -> Result<Cow<'r, str>, ValueProblem> {
        match self {
            Value::Null => Ok(Cow::Borrowed("")),
            Value::Bool(is) => Ok(Cow::Borrowed(if *is { "true" } else { "false" })),
            Value::Number(number) => Ok(Cow::Owned(number.to_string())),
            Value::Text(text) => Ok(text.clone()),
            Value::List(_) | Value::Object(_) => Err(ValueProblem::new(
                Why::WrongKind,
                "holds several values, not one",
            )),
        }
    }

    /// A number, or text that is one; no letters are no number, and no mistake.
    pub fn as_number(&self) -> Result<Option<Decimal>, ValueProblem> {
        match self {
            Value::Null => Ok(None),
            Value::Number(number) => Ok(Some(*number)),
            Value::Text(text) if text.trim().is_empty() => Ok(None),
            Value::Text(text) => decimal(text.trim())
                .map(Some)
                .ok_or_else(|| ValueProblem::new(Why::NotANumber, "is not a number")),
            Value::Bool(_) => Err(ValueProblem::new(Why::NotANumber, "is not a number")),
            Value::List(_) | Value::Object(_) => Err(ValueProblem::new(
                Why::WrongKind,
                "holds several values, not one",
            )),
        }
    }

    /// Compares what can be compared: numbers, texts, yes and no.
    pub fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Text(a), Value::Text(b)) => Some(a.as_ref().cmp(b.as_ref())),
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            // A figure of the shop is text; beside a number it is a number.
            (Value::Number(a), Value::Text(b)) => decimal(b.trim()).map(|b| a.cmp(&b)),
            (Value::Text(a), Value::Number(b)) => decimal(a.trim()).map(|a| a.cmp(b)),
            _ => None,
        }
    }

    pub fn same_as(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_as(b))
            }
            (Value::Object(a), Value::Object(b)) => a == b,
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }
}

/// A text that a rule has made, unless it has grown beyond all use.
pub fn made(text: String) -> Result<Value<'static>, ValueProblem> {
    if text.len() > limits::TEXT {
        return Err(ValueProblem::new(
            Why::TooLarge,
            format!("becomes longer than {} KB", limits::TEXT / 1024),
        ));
    }
    Ok(Value::Text(Cow::Owned(text)))
}

/// Digits, with a sign and a point or without; nothing else is a number.
pub fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|letter: char| letter.is_ascii_digit())
        && digits.ends_with(|letter: char| letter.is_ascii_digit())
        && digits
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.');
    if plain {
        Decimal::from_str_exact(text).ok()
    } else {
        None
    }
}

/// A number as it was told. One that is not whole has been through a float in the shop, which may print more digits than it knows
/// (`33.329999999999998`): it is the shortest that means the same, as every reader of JSON takes it.
fn number_of(digits: &str) -> Value<'static> {
    let is_whole = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_whole {
        return number_or_digits(digits);
    }
    match digits.parse::<serde_json::Number>() {
        Ok(number) => number_or_digits(&number.to_string()),
        Err(_) => number_or_digits(digits),
    }
}

/// A JSON number is its digits as they were written, or the shortest that mean the same: shops print
/// those too. What is too large for an exact decimal stays text.
fn number_or_digits(digits: &str) -> Value<'static> {
    match decimal(digits).or_else(|| Decimal::from_scientific(digits).ok()) {
        Some(number) => Value::Number(number),
        None => Value::Text(Cow::Owned(digits.to_owned())),
    }
}

fn number_json(number: Decimal) -> Json {
    if let Ok(whole) = i64::try_from(number)
        && Decimal::from(whole) == number
        && number.scale() == 0
    {
        return Json::from(whole);
    }
    let digits = number.to_string();
    match digits.parse::<serde_json::Number>() {
        Ok(parsed) if parsed.to_string() == digits => Json::Number(parsed),
        _ => Json::String(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_comes_out_as_it_went_in() {
        for number in [
            json!(0),
            json!(-7),
            json!(9.975),
            json!(3.3333333333333335),
            json!(1e3),
        ] {
            let value = Value::of(&Told::of(&number)).to_json();
            let (before, after) = (number.to_string(), value.to_string());
            assert!(
                before == after || (before == "1000.0" && after.starts_with("1000")),
                "{before} became {after}"
            );
        }
    }

    #[test]
    fn only_digits_are_a_number() {
        for (text, is) in [
            ("12.50", true),
            ("-0.00", true),
            ("007", true),
            ("1_000", false),
            ("1e3", false),
            (".5", false),
            ("5.", false),
            ("+5", false),
            ("", false),
            ("-", false),
            ("1.2.3", false),
            ("99999999999999999999999999999999", false),
        ] {
            assert_eq!(decimal(text).is_some(), is, "{text}");
        }
    }

    #[test]
    fn a_number_too_large_to_be_exact_stays_text() {
        let large = json!(1e300);
        assert!(matches!(Value::of(&Told::of(&large)), Value::Text(_)));
    }
}
