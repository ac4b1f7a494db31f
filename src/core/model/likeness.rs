//! Likeness: by what an account or a product of the shop is told from another one that has the same id.
//!
//! A shop that was put back to a backup gives its ids out a second time. People change their address and products their SKU, and stay
//! who they are; what was made at another time and looks otherwise is somebody else.

use std::fmt;

use chrono::{DateTime, Utc};

use super::clock::CLOCKS_APART;
use super::fingerprint::Fingerprint;

/// Something that is known by its id in the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likened {
    Account(u64),
    Product(u64),
}

/// As the links are named.
impl fmt::Display for Likened {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Likened::Account(id) => write!(out, "c{id}"),
            Likened::Product(id) => write!(out, "product:{id}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The digest of an e-mail address, or of what a product is sold as.
    pub looks: Fingerprint,
    /// By the shop; an order does not say it.
    pub made_at: Option<DateTime<Utc>>,
    /// When it was met first; `None` in what is met just now.
    pub seen_at: Option<DateTime<Utc>>,
}

impl Likeness {
    pub fn of_account(email: &str, made_at: Option<DateTime<Utc>>) -> Likeness {
        Likeness::looking_like(&email.trim().to_lowercase(), made_at)
    }

    pub fn of_product(sold_as: &str, made_at: Option<DateTime<Utc>>) -> Likeness {
        Likeness::looking_like(sold_as, made_at)
    }

    fn looking_like(looks: &str, made_at: Option<DateTime<Utc>>) -> Likeness {
        Likeness {
            looks: Fingerprint::of_bytes(looks.as_bytes()),
            made_at,
            seen_at: None,
        }
    }

    /// Whether what has the id now is another one. Who looks the same is the same, and so is who was made at the same time.
    pub fn is_other(&self, now: &Likeness) -> bool {
        let Some(made_at) = now.made_at.filter(|_| self.looks != now.looks) else {
            return false;
        };
        match (self.made_at, self.seen_at) {
            (Some(before), _) => before != made_at,
            (None, Some(seen)) => made_at > seen + CLOCKS_APART,
            (None, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn who_was_made_at_another_time_and_looks_otherwise_is_another_one() {
        let known = Likeness::of_account("Ann@example.com", Some(at(5)));
        for (email, made_at, is_other) in [
            (" ann@example.com", Some(at(5)), false),
            ("kim@example.com", Some(at(5)), false),
            ("ann@example.com", Some(at(9)), false),
            ("kim@example.com", Some(at(9)), true),
            ("kim@example.com", None, false),
        ] {
            let now = Likeness::of_account(email, made_at);
            assert_eq!(known.is_other(&now), is_other, "{email} {made_at:?}");
        }
    }

    #[test]
    fn who_was_met_before_it_was_made_is_another_one() {
        let met = Likeness {
            seen_at: Some(at(100)),
            ..Likeness::of_product("sku:MUG", None)
        };
        let later = |minutes| Likeness::of_product("sku:BOWL", Some(at(minutes)));
        assert!(!met.is_other(&later(90)));
        assert!(!met.is_other(&later(105)));
        assert!(met.is_other(&later(200)));
        assert!(!met.is_other(&Likeness::of_product("sku:MUG", Some(at(200)))));
    }
}
