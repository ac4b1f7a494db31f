//! Overlays: what a shop's own mapping says of an order beyond its figures.
//!
//! An overlay has a place for words only. There is none for an amount, a date, a tax code or an account, so no mapping can reach
//! them. What is absent stays as the accountant has it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::fault::Reason;
use super::order::Address;

/// What a mapping came to for one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapped {
    Overlay(Box<Overlay>),
    /// The mapping leaves the order out.
    Skip(Reason),
    /// The mapping could not be applied to it.
    Refused(Reason),
}

/// The words for the documents of an order, or those on one document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// Of the sale; the numbers of refunds and fees derive from it. Not part of what is on a document: that has a number of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    /// By the names that people use for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(default, skip_serializing_if = "AddressParts::is_empty")]
    pub bill_to: AddressParts,
    #[serde(default, skip_serializing_if = "AddressParts::is_empty")]
    pub ship_to: AddressParts,
    /// Fields of the company's own, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, String>,
}

impl Overlay {
    pub fn is_empty(&self) -> bool {
        *self == Overlay::default()
    }
}

/// Overlays hold what customers wrote. A log that prints one shows none of it.
impl fmt::Debug for Overlay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Overlay")
            .field("class", &self.class)
            .field("location", &self.location)
            .finish_non_exhaustive()
    }
}

/// The parts of an address that a mapping names. An empty text is a part that is to be empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressParts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_1: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_2: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl fmt::Debug for AddressParts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AddressParts")
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}

impl AddressParts {
    pub fn is_empty(&self) -> bool {
        *self == AddressParts::default()
    }

    /// The address with these parts in the place of its own.
    pub fn over(&self, address: &Address) -> Address {
        let part = |own: &Option<String>, theirs: &String| own.as_ref().unwrap_or(theirs).clone();
        Address {
            line_1: part(&self.line_1, &address.line_1),
            line_2: part(&self.line_2, &address.line_2),
            city: part(&self.city, &address.city),
            state: part(&self.state, &address.state),
            postcode: part(&self.postcode, &address.postcode),
            country: part(&self.country, &address.country),
        }
    }

    /// Only the parts that say something else than the address does. Blanks around them are no difference: they are never sent.
    pub fn unlike(&self, address: &Address) -> AddressParts {
        let part = |own: &Option<String>, theirs: &String| {
            own.clone().filter(|own| own.trim() != theirs.trim())
        };
        AddressParts {
            line_1: part(&self.line_1, &address.line_1),
            line_2: part(&self.line_2, &address.line_2),
            city: part(&self.city, &address.city),
            state: part(&self.state, &address.state),
            postcode: part(&self.postcode, &address.postcode),
            country: part(&self.country, &address.country),
        }
    }
}
