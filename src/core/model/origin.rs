//! Origins: what a document belongs to.
//!
//! Nearly everything belongs to an order. But the sales of a day can be entered as one, a payment service pays out what many orders
//! brought, and a person enters things too. Keys, links and marks say which it is, and of an order they say it as they always did.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// An order of the shop, by its id.
    Order(u64),
    /// The sales of a day, `2026-11-28`, with more behind it where a day has several: `2026-11-28.CAD`.
    Day(Name),
    /// What a payment service paid out, by its own name for it.
    Payout(Name),
    /// What a person had entered.
    Entry(Name),
}

impl Origin {
    /// Its order, if it is one.
    pub fn order(self) -> Option<u64> {
        match self {
            Origin::Order(id) => Some(id),
            Origin::Day(_) | Origin::Payout(_) | Origin::Entry(_) => None,
        }
    }

    /// What it is called among its kind, `1042`.
    pub fn id(self) -> String {
        match self {
            Origin::Order(id) => id.to_string(),
            Origin::Day(name) | Origin::Payout(name) | Origin::Entry(name) => name.to_string(),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Origin::Order(_) => "order",
            Origin::Day(_) => "day",
            Origin::Payout(_) => "payout",
            Origin::Entry(_) => "entry",
        }
    }
}

/// `order:1042`, `payout:po_1MtHbE`.
impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind(), self.id())
    }
}

impl FromStr for Origin {
    type Err = ();

    fn from_str(text: &str) -> Result<Origin, ()> {
        match text.split_once(':').ok_or(())? {
            ("order", id) => id.parse().map(Origin::Order).map_err(|_| ()),
            ("day", name) => name.parse().map(Origin::Day),
            ("payout", name) => name.parse().map(Origin::Payout),
            ("entry", name) => name.parse().map(Origin::Entry),
            _ => Err(()),
        }
    }
}

/// So long a name can be.
const NAME_MAX: usize = 40;

/// A name that can stand in a key and in a mark: one word of letters, digits, points, underscores and hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Name([u8; NAME_MAX]);

impl Name {
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0);
        std::str::from_utf8(&self.0[..end.unwrap_or(NAME_MAX)]).expect("only ASCII gets in")
    }
}

impl FromStr for Name {
    type Err = ();

    fn from_str(text: &str) -> Result<Name, ()> {
        let is_one = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if text.is_empty() || text.len() > NAME_MAX || !text.bytes().all(is_one) {
            return Err(());
        }
        let mut bytes = [0; NAME_MAX];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Name(bytes))
    }
}

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Name, &'static str> {
        text.parse().map_err(|()| "not a name of one word")
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.to_string()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_reads_back_what_it_prints() {
        for text in [
            "order:1042",
            "day:2026-11-28.CAD",
            "payout:po_1MtHbELkdIwHu7ixl4OzzPMv",
            "entry:7",
        ] {
            let origin: Origin = text.parse().expect("an origin");
            assert_eq!(origin.to_string(), text);
            let json = serde_json::to_string(&origin).expect("a form");
            assert_eq!(serde_json::from_str::<Origin>(&json).expect("read"), origin);
        }
        let long = format!("entry:{}", "x".repeat(NAME_MAX + 1));
        for text in [
            "order:x",
            "order",
            "week:7",
            "day:",
            "entry:a b",
            "entry:a]",
            &long,
        ] {
            assert_eq!(text.parse::<Origin>(), Err(()), "{text}");
        }
    }
}
