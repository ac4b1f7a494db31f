//! Differences: one thing that does not agree, with both figures, what probably happened, and what to type.

use std::fmt;

use serde::Serialize;

use crate::model::document::DocumentKey;
use crate::model::fingerprint::Fingerprint;
use crate::model::money::Money;

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceCode {
    MissingDocument,
    MissingOrder,
    Amount,
    Tax,
    /// The tax is right, and stands at another rate.
    TaxRateSwapped,
    Day,
    Currency,
    Account,
    /// Every figure agrees, and a person changed something else.
    Edited,
    Voided,
    DuplicateMarked,
    DuplicateByHand,
    IncomeTwice,
    ForeignEntry,
}

impl DifferenceCode {
    pub const ALL: [DifferenceCode; 14] = [
        DifferenceCode::MissingDocument,
        DifferenceCode::MissingOrder,
        DifferenceCode::Amount,
        DifferenceCode::Tax,
        DifferenceCode::TaxRateSwapped,
        DifferenceCode::Day,
        DifferenceCode::Currency,
        DifferenceCode::Account,
        DifferenceCode::Edited,
        DifferenceCode::Voided,
        DifferenceCode::DuplicateMarked,
        DifferenceCode::DuplicateByHand,
        DifferenceCode::IncomeTwice,
        DifferenceCode::ForeignEntry,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            DifferenceCode::MissingDocument => "missing_document",
            DifferenceCode::MissingOrder => "missing_order",
            DifferenceCode::Amount => "amount",
            DifferenceCode::Tax => "tax",
            DifferenceCode::TaxRateSwapped => "tax_rate_swapped",
            DifferenceCode::Day => "day",
            DifferenceCode::Currency => "currency",
            DifferenceCode::Account => "account",
            DifferenceCode::Edited => "edited",
            DifferenceCode::Voided => "voided",
            DifferenceCode::DuplicateMarked => "duplicate_marked",
            DifferenceCode::DuplicateByHand => "duplicate_by_hand",
            DifferenceCode::IncomeTwice => "income_twice",
            DifferenceCode::ForeignEntry => "foreign_entry",
        }
    }
}

impl fmt::Display for DifferenceCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One thing that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Can be typed; the same difference of the same document keeps it.
    pub id: String,
    pub code: DifferenceCode,
    /// The order's id in the shop.
    pub order: Option<u64>,
    pub number: Option<String>,
    /// `SalesReceipt/145`; `None` where there is none.
    pub document: Option<String>,
    pub document_number: Option<String>,
    /// What of it: `total`, `tax`, `tax:GST 5%`, `date`, `open` …
    pub what: String,
    pub currency: String,
    pub shop: String,
    pub books: String,
    /// Books less shop; `None` where it is no amount.
    pub difference: Option<Money>,
    pub cause: String,
    pub hint: String,
    /// Identifies what else stands in the document, where the figures alone do not say it. No part of the answer.
    #[serde(skip)]
    pub beside: String,
    pub accepted: Option<Acceptance>,
    /// It was accepted when its figures were others.
    pub lapsed: Option<Acceptance>,
}

/// That a person has looked at a difference, and leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    pub who: String,
    pub at: String,
    pub why: String,
    /// The figures that were accepted.
    pub covers: String,
}

/// A difference before it has an id.
pub(super) struct DifferenceDraft {
    pub code: DifferenceCode,
    pub key: Option<DocumentKey>,
    pub order: Option<u64>,
    pub number: Option<String>,
    pub document: Option<String>,
    pub document_number: Option<String>,
    pub what: String,
    pub currency: String,
    pub shop: String,
    pub books: String,
    pub difference: Option<Money>,
    pub cause: String,
    pub hint: String,
    /// Identifies what else stands in the document, where another figure of it could move without being told.
    pub beside: String,
}

impl Difference {
    /// What an acceptance holds for: these figures, and whatever else could move behind them.
    pub fn covers(&self) -> String {
        let figures = format!("{} {} | {}", self.currency, self.shop, self.books);
        match self.beside.as_str() {
            "" => figures,
            beside => format!("{figures} | {beside}"),
        }
    }
}

impl DifferenceDraft {
    /// What it is about, without a figure, so that it is known again when one moves.
    pub fn seed(&self) -> String {
        let key = self.key.map(|key| key.to_string()).unwrap_or_default();
        let document = match self.code {
            // Several things in the books can be this to one order.
            DifferenceCode::DuplicateMarked
            | DifferenceCode::DuplicateByHand
            | DifferenceCode::IncomeTwice
            | DifferenceCode::ForeignEntry
            | DifferenceCode::MissingOrder => self.document.as_deref().unwrap_or_default(),
            // Without a key it is a row of the copy.
            _ if self.key.is_none() => self.document.as_deref().unwrap_or_default(),
            _ => "",
        };
        format!("{}|{key}|{}|{document}", self.code, self.what)
    }
}

/// Crockford's letters and digits: none that could be taken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `D4K7QX`. It begins with a D, so that it is neither a number nor the id of a problem, which has four.
pub(super) fn spell(seed: &str, attempt: u32) -> String {
    let hash = Fingerprint::of_bytes(format!("{seed}|{attempt}").as_bytes());
    let mut id = String::from("D");
    let digits: Vec<char> = hash.as_str().chars().collect();
    for pair in digits.chunks(2).take(5) {
        let byte = pair
            .iter()
            .fold(0, |sum, digit| sum * 16 + digit.to_digit(16).unwrap_or(0));
        id.push(char::from(ALPHABET[byte as usize % ALPHABET.len()]));
    }
    id
}
