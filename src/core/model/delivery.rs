//! Deliveries: what a service tells of its changes, as names of things to look at.
//!
//! A delivery names records and nothing else. Whatever more it says may be old, forged by whoever holds a copy, or about somebody: it
//! is read for its ids, and then the record itself is asked for.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::service::Service;

/// Who tells of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliverySource {
    Woocommerce,
    Quickbooks,
}

impl DeliverySource {
    pub const ALL: [DeliverySource; 2] = [DeliverySource::Woocommerce, DeliverySource::Quickbooks];

    pub fn as_str(self) -> &'static str {
        match self {
            DeliverySource::Woocommerce => Service::Woocommerce.as_str(),
            DeliverySource::Quickbooks => Service::Quickbooks.as_str(),
        }
    }

    pub fn from_word(word: &str) -> Option<DeliverySource> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

impl fmt::Display for DeliverySource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What became of a delivery, or of one thing that it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryVerdict {
    /// It is to be looked at.
    Queued,
    /// It is signed, and nobody can say what it is about.
    Odd,
    /// The very same came before.
    Duplicate,
    /// It is about nothing of ours.
    Ignored,
    /// The shop tried whether anybody is there.
    Ping,
    /// It is not signed with our secret.
    Refused,
}

impl DeliveryVerdict {
    pub const ALL: [DeliveryVerdict; 6] = [
        DeliveryVerdict::Queued,
        DeliveryVerdict::Odd,
        DeliveryVerdict::Duplicate,
        DeliveryVerdict::Ignored,
        DeliveryVerdict::Ping,
        DeliveryVerdict::Refused,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryVerdict::Queued => "queued",
            DeliveryVerdict::Odd => "odd",
            DeliveryVerdict::Duplicate => "duplicate",
            DeliveryVerdict::Ignored => "ignored",
            DeliveryVerdict::Ping => "ping",
            DeliveryVerdict::Refused => "refused",
        }
    }

    pub fn from_word(word: &str) -> Option<DeliveryVerdict> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == word)
    }
}

/// A thing to look at: a record of the shop, or something in the books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NamedThing {
    /// `order`, `customer`, `product`, `refund`; of the books the ledger's word, `Invoice`.
    pub kind: String,
    pub id: String,
}

impl NamedThing {
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> NamedThing {
        NamedThing {
            kind: kind.into(),
            id: id.into(),
        }
    }
}

/// One thing that a delivery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredEvent {
    /// The company that it is about, where the sender speaks for several.
    pub company: Option<String>,
    pub says: EventSays,
}

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSays {
    Look(LookAt),
    /// A kind or an operation that is nothing to us.
    Nothing,
    /// What it is about cannot be told.
    Odd,
}

/// A request to look at something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAt {
    pub thing: NamedThing,
    /// It has taken in this other one, by id.
    pub merged: Option<String>,
    /// When it changed, as the sender says.
    pub changed_at: Option<DateTime<Utc>>,
    /// The same for the same event sent again, and for nothing else.
    pub told_as: String,
}

/// A delivery that is ours by its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub source: DeliverySource,
    /// A hint for people.
    pub topic: String,
    /// The topic is one of those that are listened to, and goes with what the body is about. Any other is a header that anybody may have
    /// written, and is not remembered as heard.
    pub is_listened_to: bool,
    pub events: Vec<DeliveredEvent>,
}

impl Delivery {
    /// Whether what was told before is of no use a second time. A shop says the same in the same words whenever an order goes to the
    /// trash, so there it is looked at all the same, with the next sweep; a ledger gives every event a name of its own.
    pub fn drops_repeats(&self) -> bool {
        self.source == DeliverySource::Quickbooks
    }

    /// The companies that it speaks of.
    pub fn companies(&self) -> BTreeSet<&str> {
        let companies = self.events.iter().filter_map(|one| one.company.as_deref());
        companies.collect()
    }
}

/// How many events of a delivery had which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCounts {
    pub queued: u32,
    pub duplicate: u32,
    pub ignored: u32,
    pub odd: u32,
}

impl EventCounts {
    pub fn add(&mut self, verdict: DeliveryVerdict) {
        match verdict {
            DeliveryVerdict::Queued => self.queued += 1,
            DeliveryVerdict::Duplicate => self.duplicate += 1,
            DeliveryVerdict::Odd => self.odd += 1,
            DeliveryVerdict::Ignored | DeliveryVerdict::Ping | DeliveryVerdict::Refused => {
                self.ignored += 1;
            }
        }
    }

    /// The verdict of the whole: the first of these that any event has.
    pub fn verdict(&self) -> DeliveryVerdict {
        [
            (self.queued, DeliveryVerdict::Queued),
            (self.odd, DeliveryVerdict::Odd),
            (self.duplicate, DeliveryVerdict::Duplicate),
        ]
        .into_iter()
        .find(|(count, _)| *count > 0)
        .map_or(DeliveryVerdict::Ignored, |(_, verdict)| verdict)
    }
}

/// A delivery as it is kept: one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptDelivery {
    pub id: String,
    pub received_at: DateTime<Utc>,
    pub source: DeliverySource,
    pub topic: String,
    pub verdict: DeliveryVerdict,
    pub keys: Vec<NamedThing>,
    pub events: EventCounts,
    /// The run that looked at it.
    pub run_id: Option<String>,
}

/// What was counted within an hour and not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountedDeliveries {
    pub hour: DateTime<Utc>,
    pub source: DeliverySource,
    pub verdict: DeliveryVerdict,
    pub count: u64,
    pub last_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_has_the_first_verdict_that_any_of_its_events_has() {
        let of = |queued, odd, duplicate, ignored| {
            let counts = EventCounts {
                queued,
                duplicate,
                ignored,
                odd,
            };
            counts.verdict()
        };
        assert_eq!(of(1, 1, 1, 1), DeliveryVerdict::Queued);
        assert_eq!(of(0, 1, 1, 1), DeliveryVerdict::Odd);
        assert_eq!(of(0, 0, 1, 1), DeliveryVerdict::Duplicate);
        assert_eq!(of(0, 0, 0, 1), DeliveryVerdict::Ignored);
        assert_eq!(of(0, 0, 0, 0), DeliveryVerdict::Ignored);
    }

    #[test]
    fn words_come_back() {
        for verdict in DeliveryVerdict::ALL {
            assert_eq!(DeliveryVerdict::from_word(verdict.as_str()), Some(verdict));
            let json = serde_json::to_value(verdict).expect("a word");
            assert_eq!(json, verdict.as_str());
        }
        for source in DeliverySource::ALL {
            assert_eq!(DeliverySource::from_word(source.as_str()), Some(source));
        }
    }
}
