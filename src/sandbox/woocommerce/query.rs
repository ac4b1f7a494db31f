//! The query of a request as PHP sees it.
//!
//! `a=1&a=2` keeps the last, `a[]=1&a[]=2` and `a[0]=1` become lists. The order of
//! first appearance is kept because the Link header repeats it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

/// What no log shows.
const HIDDEN: [&str; 2] = ["consumer_secret", "oauth_signature"];

/// What PHP's `urlencode` leaves alone, apart from letters and digits.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b' ');

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    One(String),
    /// Index as PHP numbers it, and the value.
    Many(Vec<(String, String)>),
}

#[derive(Debug, Clone, Default)]
pub struct ShopQuery {
    params: Vec<(String, Param)>,
}

impl ShopQuery {
    /// As the request log shows it.
    pub fn shown(&self) -> Value {
        let one = |(name, value): &(String, Param)| {
            let value = match value {
                _ if HIDDEN.contains(&name.as_str()) => json!("…"),
                Param::One(text) => json!(text),
                Param::Many(list) => list.iter().map(|(_, one)| json!(one)).collect(),
            };
            (name.clone(), value)
        };
        self.params.iter().map(one).collect()
    }

    pub fn read(raw: &str) -> Self {
        let mut query = Self::default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.put(&decode(name), decode(value));
        }
        query
    }

    fn put(&mut self, name: &str, value: String) {
        let (top, index) = match name.split_once('[') {
            Some((top, rest)) if !top.is_empty() && rest.ends_with(']') => {
                (top, Some(&rest[..rest.len() - 1]))
            }
            _ => (name, None),
        };
        // PHP turns dots and spaces in names into underscores.
        let top = top.replace(['.', ' '], "_");
        let at = match self.params.iter().position(|(name, _)| *name == top) {
            Some(at) => at,
            None => {
                self.params.push((top, Param::Many(Vec::new())));
                self.params.len() - 1
            }
        };
        let slot = &mut self.params[at].1;
        match (index, &mut *slot) {
            (None, slot) => *slot = Param::One(value),
            (Some(index), Param::Many(list)) => {
                let index = if index.is_empty() {
                    list.len().to_string()
                } else {
                    index.to_owned()
                };
                match list.iter_mut().find(|(known, _)| *known == index) {
                    Some(known) => known.1 = value,
                    None => list.push((index, value)),
                }
            }
            (Some(index), slot) => {
                let index = if index.is_empty() {
                    "0".to_owned()
                } else {
                    index.to_owned()
                };
                *slot = Param::Many(vec![(index, value)]);
            }
        }
    }

    pub fn params(&self) -> &[(String, Param)] {
        &self.params
    }

    pub fn get(&self, name: &str) -> Option<&Param> {
        self.params
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The value of a parameter that is not a list.
    pub fn one(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Param::One(value) => Some(value),
            Param::Many(_) => None,
        }
    }

    /// A parameter that may be a comma list or an array; `None` when it is absent or empty.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        let parts: Vec<String> = match self.get(name)? {
            Param::One(text) => text.split([',', ' ']).map(str::to_owned).collect(),
            Param::Many(list) => list.iter().map(|(_, value)| value.clone()).collect(),
        };
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { None } else { Some(parts) }
    }

    /// Ids as WordPress reads them: anything that is not a number is 0.
    pub fn ids(&self, name: &str) -> Option<Vec<u64>> {
        let mut ids: Vec<u64> = Vec::new();
        for part in self.list(name)? {
            let id = whole_number(&part).unwrap_or(0).unsigned_abs();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Some(ids)
    }

    pub fn flag(&self, name: &str) -> bool {
        matches!(self.one(name), Some("true" | "TRUE" | "True" | "1"))
    }
}

/// A whole number, sign allowed, nothing else around it.
pub fn whole_number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// Undoes the encoding of a query: `+` is a space, then percent signs.
pub fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// Encodes as PHP's `urlencode` does.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, FORM)
        .to_string()
        .replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_three_spellings() {
        for raw in [
            "include=5,6",
            "include[]=5&include[]=6",
            "include%5B0%5D=5&include%5B1%5D=6",
        ] {
            assert_eq!(
                ShopQuery::read(raw).ids("include"),
                Some(vec![5, 6]),
                "{raw}"
            );
        }
        assert_eq!(ShopQuery::read("include=abc").ids("include"), Some(vec![0]));
        assert_eq!(ShopQuery::read("include=").ids("include"), None);
        assert_eq!(ShopQuery::read("page=1&page=2").one("page"), Some("2"));
    }

    #[test]
    fn text_is_encoded_as_php_does() {
        assert_eq!(
            encode("id,billing.email a/é"),
            "id%2Cbilling.email+a%2F%C3%A9"
        );
        assert_eq!(
            decode("2026-11-20T10%3A00%3A00+00:00"),
            "2026-11-20T10:00:00 00:00"
        );
    }
}
