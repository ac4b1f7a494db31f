//! The kinds of values in a shop's answer: amounts, numbers, ids, times and texts.
//!
//! PHP decides from case to case whether a number is text, an empty text is `false` and an empty object a list,
//! so each kind takes every spelling that has only one meaning. Amounts are read from the very characters that were
//! sent, so no figure ever passes through a float. No complaint repeats the value: it may be somebody's name.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::model::money::Money;

/// The characters of a text or of a plain number; of anything else its kind.
enum Spelling<'a> {
    Text(Cow<'a, str>),
    Number(&'a str),
    Nothing,
    No,
    Other,
}

fn spelling<'de, D: Deserializer<'de>>(from: D) -> Result<Spelling<'de>, D::Error> {
    let raw = <&'de RawValue>::deserialize(from)?.get();
    Ok(match raw.as_bytes().first() {
        // Nearly all texts stand there as they are meant.
        Some(b'"') if !raw.contains('\\') => Spelling::Text(Cow::Borrowed(&raw[1..raw.len() - 1])),
        Some(b'"') => Spelling::Text(
            serde_json::from_str(raw).map_err(|_| D::Error::custom("is not a readable text"))?,
        ),
        Some(b'-' | b'0'..=b'9') => Spelling::Number(raw),
        Some(b'n') => Spelling::Nothing,
        Some(b'f') => Spelling::No,
        _ => Spelling::Other,
    })
}

/// An amount of money, or nothing where the shop writes an empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount(pub Option<Money>);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Amount, D::Error> {
        let spelled = spelling(from)?;
        let wrong = || D::Error::custom("is not an amount of money");
        let text = match &spelled {
            Spelling::Nothing => return Ok(Amount(None)),
            Spelling::Text(text) if text.trim().is_empty() => return Ok(Amount(None)),
            Spelling::Text(text) => text.as_ref(),
            // With an exponent a number has been through a float, and what is left of it is not what was charged.
            Spelling::Number(text) if !text.contains(['e', 'E']) => text,
            _ => return Err(wrong()),
        };
        if !spells_a_number(text.trim()) {
            return Err(wrong());
        }
        text.parse()
            .map(|amount| Amount(Some(amount)))
            .map_err(|_| wrong())
    }
}

/// An amount that must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WireAmount(pub Money);

impl<'de> Deserialize<'de> for WireAmount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<WireAmount, D::Error> {
        Amount::deserialize(from)?
            .0
            .map(WireAmount)
            .ok_or_else(|| D::Error::custom("is not an amount of money"))
    }
}

/// A quantity or a percentage, exactly as it is spelled; nothing for an empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WireNumber(pub Option<Decimal>);

impl<'de> Deserialize<'de> for WireNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<WireNumber, D::Error> {
        let spelled = spelling(from)?;
        let text = match &spelled {
            Spelling::Nothing => return Ok(WireNumber(None)),
            Spelling::Text(text) if text.trim().is_empty() => return Ok(WireNumber(None)),
            Spelling::Text(text) => text.trim(),
            Spelling::Number(text) => text,
            _ => return Err(D::Error::custom("is not a number")),
        };
        Some(text)
            .filter(|text| spells_a_number(text) && !text.contains(['e', 'E']))
            .and_then(|text| Decimal::from_str_exact(text).ok())
            .map(|number| WireNumber(Some(number)))
            .ok_or_else(|| D::Error::custom("is not a plain number"))
    }
}

/// The decimal type would also take `1_000`.
fn spells_a_number(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'))
}

/// A number that names something; zero, nothing and an empty text mean that there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WireId(pub Option<u64>);

impl<'de> Deserialize<'de> for WireId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<WireId, D::Error> {
        let spelled = spelling(from)?;
        let text = match &spelled {
            Spelling::Nothing | Spelling::No => return Ok(WireId(None)),
            Spelling::Text(text) => text.trim(),
            Spelling::Number(text) => text,
            Spelling::Other => return Err(D::Error::custom("is not an id")),
        };
        if text.is_empty() {
            return Ok(WireId(None));
        }
        text.parse()
            .map(|id| WireId(Some(id).filter(|id| *id != 0)))
            .map_err(|_| D::Error::custom("is not an id"))
    }
}

/// A text; a plain number is taken as it is spelled, nothing and PHP's `false` as the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
        match spelling(from)? {
            Spelling::Text(text) => Ok(Text(text.into_owned())),
            Spelling::Number(text) if !text.contains(['e', 'E']) => Ok(Text(text.to_owned())),
            Spelling::Nothing | Spelling::No => Ok(Text::default()),
            _ => Err(D::Error::custom("is not a text")),
        }
    }
}

/// A time in UTC as the shop writes it, `2026-11-20T23:28:50`; nothing where it never happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WireTime(pub Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<WireTime, D::Error> {
        match spelling(from)? {
            Spelling::Nothing | Spelling::No => Ok(WireTime(None)),
            Spelling::Text(text) if text.is_empty() => Ok(WireTime(None)),
            Spelling::Text(text) => read_time(&text)
                .map(|time| WireTime(Some(time)))
                .ok_or_else(|| D::Error::custom("is not a time")),
            _ => Err(D::Error::custom("is not a time")),
        }
    }
}

/// Reads one of the shop's GMT times, which carry no zone; plugins add a `Z` or a space.
pub(super) fn read_time(text: &str) -> Option<DateTime<Utc>> {
    if let Some(time) = plain_time(text) {
        return Some(time);
    }
    let text = text.strip_suffix('Z').unwrap_or(text);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|time| time.and_utc())
}

/// The one form in which the shop itself writes its times. Each order has four, and a pattern is read anew for each.
fn plain_time(text: &str) -> Option<DateTime<Utc>> {
    let bytes: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_u32, |so_far, byte| {
            byte.is_ascii_digit()
                .then(|| so_far * 10 + u32::from(byte - b'0'))
        })
    };
    let between = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if between.iter().any(|(at, sign)| bytes[*at] != *sign) {
        return None;
    }
    let year = i32::try_from(number(0, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?
        .and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)
        .map(|time| time.and_utc())
}

/// Rows: a list, or the object that PHP makes of a list with gaps, or nothing.
#[derive(Clone, Debug)]
pub(super) struct PhpList<T>(pub Vec<T>);

impl<T> Default for PhpList<T> {
    fn default() -> PhpList<T> {
        PhpList(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for PhpList<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<PhpList<T>, D::Error> {
        struct Take<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Take<T> {
            type Value = PhpList<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list")
            }

            fn visit_unit<E: Error>(self) -> Result<PhpList<T>, E> {
                Ok(PhpList::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PhpList<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = list.next_element()? {
                    rows.push(row);
                }
                Ok(PhpList(rows))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<PhpList<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some((_, row)) = object.next_entry::<String, T>()? {
                    rows.push(row);
                }
                Ok(PhpList(rows))
            }
        }

        from.deserialize_any(Take(PhantomData))
    }
}

/// An object that PHP writes as an empty list when nothing is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct PhpObject<T>(pub T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for PhpObject<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<PhpObject<T>, D::Error> {
        struct Take<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for Take<T> {
            type Value = PhpObject<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_unit<E: Error>(self) -> Result<PhpObject<T>, E> {
                Ok(PhpObject::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PhpObject<T>, A::Error> {
                match list.next_element::<serde::de::IgnoredAny>()? {
                    None => Ok(PhpObject::default()),
                    Some(_) => Err(A::Error::custom("is not an object")),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<PhpObject<T>, A::Error> {
                T::deserialize(serde::de::value::MapAccessDeserializer::new(object)).map(PhpObject)
            }
        }

        from.deserialize_any(Take(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The short way says what the long one says, and says nothing where it is not sure.
        #[test]
        fn a_time_is_the_same_however_it_is_read(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,3})?",
            odd in any::<prop::sample::Index>(),
            sign in "[-+ 0-9Tz]",
        ) {
            let mut torn = text.clone();
            let at = odd.index(torn.len());
            torn.replace_range(at..=at, &sign);
            for text in [text, torn] {
                let long = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").ok();
                let short = plain_time(&text);
                prop_assert!(short.is_none() || short == long.map(|time| time.and_utc()), "{text}");
            }
        }
    }
}
