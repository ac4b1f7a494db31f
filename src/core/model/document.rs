//! Ledger documents: what the books shall hold for an order, in the words of an accountant.
//!
//! A document names accounts, tax codes, items and customers by what people call them. The target
//! that writes it turns names into its own ids; nothing here knows how any ledger spells things.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::money::Money;
use super::order::Address;
use super::overlay::Overlay;

/// The kinds of document that an order can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DocumentKind {
    SalesReceipt,
    Invoice,
    Payment,
    RefundReceipt,
    CreditMemo,
    /// An expense: the fee that a payment gateway kept.
    Purchase,
}

impl DocumentKind {
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentKind::SalesReceipt => "SalesReceipt",
            DocumentKind::Invoice => "Invoice",
            DocumentKind::Payment => "Payment",
            DocumentKind::RefundReceipt => "RefundReceipt",
            DocumentKind::CreditMemo => "CreditMemo",
            DocumentKind::Purchase => "Purchase",
        }
    }
}

impl DocumentKind {
    /// The kinds that a customer may get to see, with lines for goods.
    pub fn is_sales_form(self) -> bool {
        match self {
            DocumentKind::SalesReceipt
            | DocumentKind::Invoice
            | DocumentKind::RefundReceipt
            | DocumentKind::CreditMemo => true,
            DocumentKind::Payment | DocumentKind::Purchase => false,
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What a document is to its order. An order has one sale, and a sale is a receipt or an invoice for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Sale,
    Payment,
    /// With the shop's id of the refund.
    Refund(u64),
    Fee,
}

impl Role {
    /// The word in the marker and in the state file.
    pub fn word(self) -> &'static str {
        match self {
            Role::Sale => "sale",
            Role::Payment => "payment",
            Role::Refund(_) => "refund",
            Role::Fee => "fee",
        }
    }

    /// The kinds of document that can play this role: where to look for one that was lost sight of.
    pub fn kinds(self) -> &'static [DocumentKind] {
        match self {
            Role::Sale => &[DocumentKind::SalesReceipt, DocumentKind::Invoice],
            Role::Payment => &[DocumentKind::Payment],
            Role::Refund(_) => &[DocumentKind::RefundReceipt, DocumentKind::CreditMemo],
            Role::Fee => &[DocumentKind::Purchase],
        }
    }
}

/// One document of one order: the key of everything that is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentKey {
    pub order: u64,
    pub role: Role,
}

/// `1042/sale`, `1042/refund/1050`: how a key is written in the state file, in plans and in references.
impl fmt::Display for DocumentKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.role {
            Role::Refund(id) => write!(out, "{}/refund/{id}", self.order),
            role => write!(out, "{}/{}", self.order, role.word()),
        }
    }
}

impl std::str::FromStr for DocumentKey {
    type Err = ();

    fn from_str(text: &str) -> Result<DocumentKey, ()> {
        let mut parts = text.split('/');
        let order = parts.next().and_then(|id| id.parse().ok()).ok_or(())?;
        let role = match (parts.next(), parts.next()) {
            (Some("sale"), None) => Role::Sale,
            (Some("payment"), None) => Role::Payment,
            (Some("fee"), None) => Role::Fee,
            (Some("refund"), Some(id)) => Role::Refund(id.parse().map_err(|_| ())?),
            _ => return Err(()),
        };
        Ok(DocumentKey { order, role })
    }
}

/// A document as it shall stand in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub key: DocumentKey,
    pub kind: DocumentKind,
    /// The document number; of a payment its reference, which is the number of the sale.
    pub number: String,
    pub date: NaiveDate,
    /// Only invoices have one.
    pub due: Option<NaiveDate>,
    pub currency: String,
    /// Home units for one foreign unit, where the shop fixed it.
    pub exchange_rate: Option<Decimal>,
    /// What was charged, given back or kept; never negative.
    pub total: Money,
    pub tax_total: Money,
    /// The tax by rate, as it is to be sent and as it must come back. Empty for companies that keep their own split.
    pub tax: Vec<TaxAmount>,
    /// The code for the whole document in companies that have one per document.
    pub document_tax_code: Option<String>,
    pub lines: Vec<Line>,
    /// The account that the money reaches, or leaves in a refund; of an expense the account that paid it.
    pub account: Option<String>,
    pub payment_method: Option<String>,
    /// A payment: what it settles.
    pub applies_to: Vec<Application>,
    /// For people, without the marker, which the target adds as the last line.
    pub note: String,
    /// Shown to the customer.
    pub memo: Option<String>,
    pub bill_to: Option<Address>,
    pub ship_to: Option<Address>,
    /// What the shop's own mapping put on it, as far as that is not what the accountant says anyway. Note, memo and addresses
    /// stand above too, as they are to be.
    #[serde(default, skip_serializing_if = "Overlay::is_empty")]
    pub overlay: Overlay,
    /// With how many decimals the shop computed when its figures were read, where that is not the number that it had from the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
}

impl Document {
    /// Identifies what an accountant would call the content.
    ///
    /// Dates stay as first posted; notes and addresses follow the shop without being worth a write, unless the shop's own mapping
    /// makes them.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut content = self.clone();
        content.date = NaiveDate::MIN;
        content.due = None;
        content.note.clear();
        content.memo = None;
        content.decimals = None;
        content.bill_to = None;
        content.ship_to = None;
        for line in &mut content.lines {
            line.description.clear();
        }
        Fingerprint::of(&content)
    }
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    Item,
    Discount,
    Shipping,
    Fee,
    Rounding,
    GatewayFee,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: LineKind,
    pub item: ItemKey,
    pub description: String,
    pub quantity: Option<Decimal>,
    pub unit_price: Option<Decimal>,
    pub amount: Money,
    /// Absent where the ledger has no tax codes.
    pub tax_code: Option<String>,
    /// The shop's line that this came from, if one did: refunds are matched by it.
    pub source_line: Option<u64>,
}

/// What a line sells: `sku:MUG`, `name:Garden gnome`, `fallback:deleted_product`, or a key of `[books.items]`.
///
/// Of a gateway fee it is the expense account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemKey(pub String);

impl fmt::Display for ItemKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The tax of one ledger rate over the whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxAmount {
    pub rate: String,
    pub amount: Money,
    /// The sum of the posted lines that carry the rate.
    pub base: Money,
}

/// What a payment settles, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub to: DocumentKey,
    pub kind: DocumentKind,
    pub amount: Money,
}

/// The mark that udsync leaves on what it posts, so that it can find its own without a state file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The shop's name in the configuration.
    pub store: String,
    pub key: DocumentKey,
    /// One for the first posting, one more for each change that we made.
    pub revision: u32,
}

/// `[udsync store=aurora order=1042 kind=refund ref=1050 rev=1]`, always a line of its own at the end of a note.
impl fmt::Display for Marker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "[udsync store={} order={} kind={}",
            self.store,
            self.key.order,
            self.key.role.word()
        )?;
        if let Role::Refund(id) = self.key.role {
            write!(out, " ref={id}")?;
        }
        write!(out, " rev={}]", self.revision)
    }
}

impl Marker {
    /// Finds the marker in a note that people may have written around. The last one counts.
    pub fn find(note: &str) -> Option<Marker> {
        let start = note.rfind("[udsync ")?;
        let inside = note[start..].strip_prefix("[udsync ")?.split(']').next()?;
        let word = |name: &str| {
            inside
                .split_whitespace()
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let role = match word("kind")? {
            "sale" => Role::Sale,
            "payment" => Role::Payment,
            "refund" => Role::Refund(word("ref")?.parse().ok()?),
            "fee" => Role::Fee,
            _ => return None,
        };
        Some(Marker {
            store: word("store")?.to_owned(),
            key: DocumentKey {
                order: word("order")?.parse().ok()?,
                role,
            },
            revision: word("rev")?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_in_what_it_printed_and_in_what_people_added() {
        for role in [Role::Sale, Role::Payment, Role::Refund(1050), Role::Fee] {
            let marker = Marker {
                store: "aurora".into(),
                key: DocumentKey { order: 1042, role },
                revision: 3,
            };
            let note = format!("Woo order 1042 [gift]\n{marker}\nseen by Ann");
            assert_eq!(Marker::find(&note), Some(marker));
        }
        assert_eq!(Marker::find("paid [udsync by hand"), None);
    }

    #[test]
    fn a_key_reads_back_what_it_prints() {
        for text in ["7/sale", "7/payment", "7/refund/9", "7/fee"] {
            assert_eq!(
                text.parse::<DocumentKey>().map(|key| key.to_string()),
                Ok(text.to_owned())
            );
        }
        assert!("7/refund".parse::<DocumentKey>().is_err());
    }
}
