//! Money and times, exactly.
//!
//! Amounts are read from the text of a JSON number and computed as decimals;
//! no binary fraction is ever calculated with. Times are shown as the service
//! shows them: US Pacific, to the second.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::America::Los_Angeles;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Number, Value};
use std::str::FromStr;

/// Reads a JSON number exactly as it was written.
pub fn decimal(value: &Value) -> Option<Decimal> {
    let Value::Number(number) = value else {
        return None;
    };
    let text = number.to_string();
    Decimal::from_str(&text)
        .or_else(|_| Decimal::from_scientific(&text))
        .ok()
}

/// Reads a field that may be absent; absent is zero.
pub fn amount_of(object: &Map<String, Value>, field: &str) -> Decimal {
    object.get(field).and_then(decimal).unwrap_or_default()
}

/// Rounds half up, away from zero, to the places a currency has.
pub fn rounded(value: Decimal, currency: &str) -> Decimal {
    value.round_dp_with_strategy(places(currency), RoundingStrategy::MidpointAwayFromZero)
}

pub fn places(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "HUF" | "TWD" => 0,
        _ => 2,
    }
}

/// Writes an amount as a JSON number; zero is written as a plain `0`.
pub fn number(value: Decimal) -> Value {
    let text = if value.is_zero() {
        "0".to_owned()
    } else {
        value.to_string()
    };
    // A decimal's text is a JSON number by construction.
    serde_json::from_str::<Number>(&text).map_or(Value::Null, Value::Number)
}

/// `1861.07` as the service quotes it: `1,861.07`.
pub fn with_thousands(value: Decimal) -> String {
    let text = value.to_string();
    let (sign, rest) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |r| ("-", r));
    let (whole, fraction) = rest
        .split_once('.')
        .map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(f) => format!("{sign}{grouped}.{f}"),
        None => format!("{sign}{grouped}"),
    }
}

/// A moment as MetaData shows it.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.with_timezone(&Los_Angeles)
        .to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// A moment as the top of an answer shows it.
pub fn stamp_ms(at: DateTime<Utc>) -> String {
    at.with_timezone(&Los_Angeles)
        .to_rfc3339_opts(SecondsFormat::Millis, false)
}

/// What a name looks like when two are compared: blanks collapsed, case gone.
pub fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The text of a field, or of the `value` or `Address` inside it.
pub fn text_of<'a>(object: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    match object.get(field)? {
        Value::String(text) => Some(text),
        Value::Object(inner) => inner
            .get("value")
            .or_else(|| inner.get("Address"))?
            .as_str(),
        _ => None,
    }
}
