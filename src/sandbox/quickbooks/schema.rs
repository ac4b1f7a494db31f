//! Checks the shape of a request body before anything else looks at it.
//!
//! A field that is not in the tables is refused, as is one of the wrong type,
//! length or alphabet. Whether the values make sense together is not asked here.

use super::fault::{CompanyDone, CompanyFault};
use super::figures::{decimal, places};
use chrono::NaiveDate;
use serde_json::{Map, Value};

pub type CompanyFields = &'static [(&'static str, CompanyKind)];

#[derive(Clone, Copy)]
pub enum CompanyKind {
    /// Free text up to a length.
    Text(usize),
    /// The name of a list entry: no level separator, no control character, no
    /// character beyond the basic plane.
    Name(usize),
    Email(usize),
    Flag,
    /// Money: as many decimals as the currency has.
    Amount,
    /// Quantities, prices, percents and rates: up to seven decimals.
    Number,
    Date,
    Reference,
    One(&'static [&'static str]),
    Object(CompanyFields),
    List(CompanyFields),
    /// Known, but computed by the service: whatever is sent is ignored.
    Ignored,
}

use CompanyKind::*;

/// Fields that every object has.
pub const COMMON: CompanyFields = &[
    ("Id", Text(30)),
    ("SyncToken", Text(30)),
    ("sparse", Flag),
    ("domain", Ignored),
    ("status", Ignored),
    ("MetaData", Ignored),
];

const REFERENCE: CompanyFields = &[
    ("value", Text(100)),
    ("name", Text(2000)),
    ("type", Text(30)),
];

/// Removes nulls, which mean "not sent", at every depth.
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(_, v)| !v.is_null())
                .map(|(k, v)| (k, without_nulls(v)))
                .collect(),
        ),
        Value::Array(list) => Value::Array(list.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Checks a whole body of one entity; `currency` decides how many decimals money has.
pub fn check(
    class: &str,
    fields: CompanyFields,
    body: &Map<String, Value>,
    currency: &str,
) -> CompanyDone<()> {
    for (name, value) in body {
        let kind = fields.iter().chain(COMMON).find(|(known, _)| known == name);
        let Some((_, kind)) = kind else {
            return Err(CompanyFault::unknown_field(name, class));
        };
        check_value(name, *kind, value, currency)?;
    }
    Ok(())
}

fn check_inner(
    fields: CompanyFields,
    class: &str,
    value: &Value,
    currency: &str,
) -> CompanyDone<()> {
    let Value::Object(map) = value else {
        return Err(CompanyFault::bad_type(class, "an object"));
    };
    for (name, value) in map {
        let Some((_, kind)) = fields.iter().find(|(known, _)| known == name) else {
            return Err(CompanyFault::unknown_field(name, class));
        };
        check_value(name, *kind, value, currency)?;
    }
    Ok(())
}

fn check_value(name: &str, kind: CompanyKind, value: &Value, currency: &str) -> CompanyDone<()> {
    match kind {
        Ignored => Ok(()),
        Flag => match value {
            Value::Bool(_) => Ok(()),
            _ => Err(CompanyFault::new(
                "2230",
                "Invalid Boolean",
                format!("{name} is not a boolean"),
            )),
        },
        Text(most) => check_text(name, value, most),
        Name(most) => {
            check_text(name, value, most)?;
            check_name(name, value.as_str().unwrap_or_default())
        }
        Email(most) => {
            check_text(name, value, most)?;
            check_email(name, value.as_str().unwrap_or_default())
        }
        One(words) => {
            let text = value
                .as_str()
                .ok_or_else(|| CompanyFault::bad_type(name, "a text"))?;
            if text.is_empty() || words.contains(&text) {
                Ok(())
            } else {
                Err(CompanyFault::bad_enum(name, text))
            }
        }
        Date => {
            let text = value
                .as_str()
                .ok_or_else(|| CompanyFault::bad_type(name, "a date"))?;
            let shaped = text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
            if shaped || text.is_empty() {
                Ok(())
            } else {
                Err(CompanyFault::bad_date(name, text))
            }
        }
        Amount => check_number(name, value, places(currency), true),
        Number => check_number(name, value, 7, false),
        Reference => check_inner(REFERENCE, name, value, currency),
        Object(fields) => check_inner(fields, name, value, currency),
        List(fields) => {
            let Value::Array(list) = value else {
                return Err(CompanyFault::bad_type(name, "a list"));
            };
            list.iter()
                .try_for_each(|one| check_inner(fields, name, one, currency))
        }
    }
}

fn check_text(name: &str, value: &Value, most: usize) -> CompanyDone<()> {
    let text = value
        .as_str()
        .ok_or_else(|| CompanyFault::bad_type(name, "a text"))?;
    let length = text.chars().count();
    if length > most {
        return Err(CompanyFault::length(name, 0, most, length));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(CompanyFault::bad_text(name));
    }
    Ok(())
}

fn check_name(name: &str, text: &str) -> CompanyDone<()> {
    let bad = |c: char| c == ':' || c.is_control();
    if text.chars().any(bad) {
        Err(CompanyFault::bad_text(name))
    } else {
        Ok(())
    }
}

fn check_email(name: &str, text: &str) -> CompanyDone<()> {
    let one = |address: &str| {
        let address = address.trim();
        let Some((local, domain)) = address.rsplit_once('@') else {
            return false;
        };
        !local.is_empty()
            && !local.contains('@')
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !address.contains(char::is_whitespace)
    };
    if text.is_empty() || text.split(',').all(one) {
        Ok(())
    } else {
        Err(CompanyFault::bad_email(name))
    }
}

fn check_number(name: &str, value: &Value, decimals: u32, money: bool) -> CompanyDone<()> {
    if !value.is_number() {
        return Err(CompanyFault::bad_type(name, "a number"));
    }
    let exact =
        decimal(value).ok_or_else(|| CompanyFault::bad_decimal(name, &value.to_string()))?;
    let plain = exact.normalize();
    if plain.abs() >= rust_decimal::Decimal::from(10_000_000_000_i64) {
        return Err(CompanyFault::bad_decimal(name, &value.to_string()));
    }
    if plain.scale() > decimals {
        let text = value.to_string();
        return Err(if money {
            CompanyFault::bad_amount(name, &text)
        } else {
            CompanyFault::bad_decimal(name, &text)
        });
    }
    Ok(())
}
