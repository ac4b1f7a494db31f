//! Reads single values: a duration, an address, an amount. Each reader says what the value
//! must be; where it stands and what it is called is the business of [`super::reader`].

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{Datelike, NaiveDate};
use chrono_tz::{TZ_VARIANTS, Tz};
use iso_currency::Currency;
use rust_decimal::Decimal;
use toml::de::DeValue;
use url::{Host, Url};

use super::hide::quoted;
use crate::model::money::Money;
use crate::model::near::nearest;

/// What is wrong with a value: the end of a sentence that begins with the name of the key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrongValue {
    pub tail: String,
    pub hint: Option<String>,
}

pub(super) type ReadValue<T> = Result<T, WrongValue>;

pub(super) fn wrong<T>(tail: impl Into<String>, hint: Option<String>) -> ReadValue<T> {
    Err(WrongValue {
        tail: tail.into(),
        hint,
    })
}

fn must_be<T>(what: &str, value: &DeValue, hint: Option<String>) -> ReadValue<T> {
    wrong(format!("must be {what}, not {}", seen(value)), hint)
}

fn meant(word: Option<&str>) -> Option<String> {
    word.map(|word| format!("did you mean `{word}`?"))
}

/// A value as a message names it.
pub(super) fn seen(value: &DeValue) -> String {
    match value {
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
        DeValue::String(text) if text.trim().is_empty() => "empty".to_owned(),
        scalar => quoted(&shown(scalar)),
    }
}

/// A value as `config show` prints it: as it was written, without quotes.
pub(super) fn shown(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => text.trim().to_owned(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(list) => {
            let items: Vec<String> = list.iter().map(|item| shown(item.get_ref())).collect();
            items.join(", ")
        }
        DeValue::Table(table) => {
            let keys: Vec<&str> = table.keys().map(|key| key.get_ref().as_ref()).collect();
            keys.join(", ")
        }
    }
}

/// Text on one line, without the blanks around it.
pub(super) fn text(value: &DeValue) -> ReadValue<String> {
    line("text in quotes", value)
}

fn line(what: &str, value: &DeValue) -> ReadValue<String> {
    match value {
        DeValue::String(text) if text.trim().is_empty() => wrong("must not be empty", None),
        DeValue::String(text) if text.trim().contains(char::is_control) => {
            wrong("must be one line without control characters", None)
        }
        DeValue::String(text) => Ok(text.trim().to_owned()),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => {
            let hint = format!("write `\"{}\"`", shown(value));
            must_be(what, value, Some(hint))
        }
        _ => must_be(what, value, None),
    }
}

/// Text or a whole number: ids are written either way.
pub(super) fn name_or_id(value: &DeValue) -> ReadValue<String> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
        _ => text(value),
    }
}

/// A path, which no shell has seen.
pub(super) fn path(value: &DeValue) -> ReadValue<std::path::PathBuf> {
    let path = text(value)?;
    if path.starts_with('~') {
        let hint = "write the whole path, or one relative to this file".to_owned();
        return wrong(
            "must not begin with `~`: no shell expands it here",
            Some(hint),
        );
    }
    Ok(path.into())
}

pub(super) fn flag(value: &DeValue) -> ReadValue<bool> {
    match value {
        DeValue::Boolean(flag) => Ok(*flag),
        DeValue::String(text) if matches!(text.trim(), "true" | "false") => {
            let hint = format!("write `{}` without quotes", text.trim());
            must_be("`true` or `false`", value, Some(hint))
        }
        _ => must_be("`true` or `false`", value, None),
    }
}

/// A whole number within limits.
pub(super) fn count<T: TryFrom<u64>>(
    limits: RangeInclusive<u64>,
) -> impl Fn(&DeValue) -> ReadValue<T> {
    move |value| {
        let what = format!("a whole number from {} to {}", limits.start(), limits.end());
        let number = match value {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            DeValue::String(text) if text.trim().parse::<u64>().is_ok() => {
                let hint = format!("write `{}` without quotes", text.trim());
                return must_be(&what, value, Some(hint));
            }
            _ => None,
        };
        number
            .filter(|number| limits.contains(number))
            .and_then(|number| T::try_from(number).ok())
            .map_or_else(|| must_be(&what, value, None), Ok)
    }
}

/// A span of time as people write it: `60s`, `10m`, `1h30m`, `7d`.
pub(super) fn duration(limits: RangeInclusive<u64>) -> impl Fn(&DeValue) -> ReadValue<Duration> {
    move |value| {
        let hint = "write a number and a unit (`s`, `m`, `h` or `d`), such as `60s` or `1h30m`";
        let DeValue::String(text) = value else {
            return must_be("a duration in quotes", value, Some(hint.to_owned()));
        };
        match seconds(text.trim()) {
            Some(seconds) if limits.contains(&seconds) => Ok(Duration::from_secs(seconds)),
            Some(_) => {
                let what = format!("from {} to {}", unit(*limits.start()), unit(*limits.end()));
                must_be(&what, value, None)
            }
            None => must_be("a duration", value, Some(hint.to_owned())),
        }
    }
}

/// As [`duration`], up to an hour and in thousandths of a second too: for stand-ins, which do in them what takes a service
/// minutes.
pub(super) fn brief(value: &DeValue) -> ReadValue<Duration> {
    let thousandths = match value {
        DeValue::String(text) => text.trim().strip_suffix("ms"),
        _ => None,
    };
    match thousandths.and_then(|number| number.parse().ok()) {
        Some(number @ 1..=3_600_000) => Ok(Duration::from_millis(number)),
        _ => duration(1..=3_600)(value),
    }
}

/// A duration, or `off`.
pub(super) fn duration_or_off(
    limits: RangeInclusive<u64>,
) -> impl Fn(&DeValue) -> ReadValue<Option<Duration>> {
    move |value| match value {
        DeValue::String(text) if text.trim() == "off" => Ok(None),
        _ => duration(limits.clone())(value).map(Some),
    }
}

/// A span of time as people write it, wherever they do.
pub fn span(text: &str) -> Option<Duration> {
    seconds(text.trim()).map(Duration::from_secs)
}

pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let (unit, after) = rest[digits..].split_at_checked(1)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(seconds)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

fn unit(seconds: u64) -> String {
    match seconds {
        s if s > 0 && s % 86_400 == 0 => format!("`{}d`", s / 86_400),
        s if s > 0 && s % 3_600 == 0 => format!("`{}h`", s / 3_600),
        s if s > 0 && s % 60 == 0 => format!("`{}m`", s / 60),
        s => format!("`{s}s`"),
    }
}

/// One of a few words.
pub(super) fn word<T>(
    words: &'static [&'static str],
    from_word: impl Fn(&str) -> Option<T>,
) -> impl Fn(&DeValue) -> ReadValue<T> {
    move |value| {
        let typed = value.as_str().unwrap_or_default().trim();
        if let Some(known) = from_word(typed) {
            return Ok(known);
        }
        let near = nearest(typed, words.iter().copied());
        let mut sorted: Vec<&str> = near.into_iter().collect();
        sorted.extend(words.iter().filter(|word| Some(**word) != near));
        must_be(&one_of(&sorted), value, meant(near))
    }
}

/// Lists words for a sentence: "`a`, `b` or `c`".
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What plain http is good for at an address.
#[derive(Clone, Copy)]
pub(super) enum PlainHttp {
    /// Only where nobody listens in; the key named here lifts that.
    LoopbackUnless(&'static str),
    Loopback,
    Anywhere,
}

/// The address of a server.
pub(super) fn address(plain: PlainHttp) -> impl Fn(&DeValue) -> ReadValue<Url> {
    move |value| {
        let what = "an address that begins with `https://`";
        if !matches!(value, DeValue::String(_)) {
            let hint = "write the whole address in quotes, as `\"https://shop.example.com\"`";
            return must_be(what, value, Some(hint.to_owned()));
        }
        let text = line(what, value)?;
        let url = match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => url,
            _ => {
                let guess = format!("https://{text}");
                let hint = Url::parse(&guess)
                    .ok()
                    .filter(|url| {
                        !text.contains("//") && url.domain().is_some_and(|d| d.contains('.'))
                    })
                    .map(|_| format!("write {}", quoted(&guess)));
                return must_be(what, value, hint);
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            let hint = "take out what stands before the `@`".to_owned();
            return wrong("must not hold a user name or password", Some(hint));
        }
        if url.query().is_some() || url.fragment().is_some() {
            let hint = "take out what follows the `?` or `#`".to_owned();
            return wrong("must be an address without `?` and `#`", Some(hint));
        }
        let refused = match plain {
            _ if url.scheme() == "https" || is_loopback(&url) => None,
            PlainHttp::Anywhere => None,
            PlainHttp::Loopback => {
                Some("write `https://`; plain http is for this machine only".to_owned())
            }
            PlainHttp::LoopbackUnless(key) => Some(format!(
                "write `https://`, or set `{key} = true` if nobody can listen in on the way"
            )),
        };
        match refused {
            None => Ok(url),
            hint => wrong("would send credentials over plain http", hint),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

pub(super) fn timezone(value: &DeValue) -> ReadValue<Tz> {
    let what = "a time zone such as `America/Edmonton`";
    let name = line(what, value)?;
    if let Ok(zone) = name.parse::<Tz>() {
        return Ok(zone);
    }
    let full = nearest(&name, TZ_VARIANTS.iter().map(|zone| zone.name()));
    // `Edmonton` alone, or under the wrong continent.
    let city_of = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let typed_city = name.rsplit('/').next().unwrap_or_default();
    let city = nearest(
        typed_city,
        TZ_VARIANTS.iter().map(|zone| city_of(zone.name())),
    );
    let near = full.or_else(|| {
        let zones = TZ_VARIANTS.iter().map(|zone| zone.name());
        zones.into_iter().find(|zone| Some(city_of(zone)) == city)
    });
    must_be(what, value, meant(near))
}

pub(super) fn currency(code: &str) -> ReadValue<String> {
    let upper = code.to_uppercase();
    match Currency::from_code(&upper) {
        Some(_) if upper == code => Ok(upper),
        Some(_) => wrong(
            format!("must be a currency in capitals, not {}", quoted(code)),
            meant(Some(&upper)),
        ),
        None => wrong(
            format!(
                "must be a currency code such as `USD`, not {}",
                quoted(code)
            ),
            None,
        ),
    }
}

/// A day, as a TOML date or as text.
pub(super) fn day(value: &DeValue) -> ReadValue<NaiveDate> {
    let what = "a day such as `2026-01-01`";
    let day = match value {
        DeValue::Datetime(when) if when.time.is_none() && when.offset.is_none() => {
            when.date.and_then(|date| {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            })
        }
        DeValue::String(text) => NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok(),
        _ => None,
    };
    // Outside of these years it is a slip of the finger.
    day.filter(|day| (2000..2100).contains(&day.year()))
        .map_or_else(|| must_be(what, value, None), Ok)
}

/// An exact decimal, from the digits as they were written. No float is ever made of it.
fn decimal(value: &DeValue) -> Option<Decimal> {
    let text = match value {
        DeValue::String(text) => text.trim(),
        DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    let text = text.strip_prefix('+').unwrap_or(text);
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// An amount of whole cents within limits.
pub(super) fn amount(limits: RangeInclusive<Money>) -> impl Fn(&DeValue) -> ReadValue<Money> {
    move |value| {
        let what = format!("an amount from {} to {}", limits.start(), limits.end());
        let amount = decimal(value).and_then(|amount| Money::new(amount).ok());
        match amount {
            Some(amount) if !limits.contains(&amount) => must_be(&what, value, None),
            Some(amount) if !amount.is_whole_cents() => {
                must_be("a whole number of cents", value, None)
            }
            Some(amount) => Ok(amount),
            None => must_be(&what, value, None),
        }
    }
}

/// How many units of the home currency one unit of a foreign one is worth.
pub(super) fn exchange_rate(value: &DeValue) -> ReadValue<Decimal> {
    decimal(value)
        .filter(|rate| *rate > Decimal::ZERO && *rate < Decimal::from(1_000_000))
        .map_or_else(
            || {
                must_be(
                    "a rate above 0, in home currency for one unit",
                    value,
                    Some("write it as `\"1.3650\"`".to_owned()),
                )
            },
            Ok,
        )
}
