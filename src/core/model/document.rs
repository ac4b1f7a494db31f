//! Ledger documents: what the books shall hold for an order or another origin, in the words of an accountant.
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
use super::origin::Origin;
use super::overlay::Overlay;

/// The kinds of document that an order or a payout can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DocumentKind {
    SalesReceipt,
    Invoice,
    Payment,
    RefundReceipt,
    CreditMemo,
    /// An expense: the fee that a payment gateway kept.
    Purchase,
    /// Money that goes from one account of the company to another.
    Transfer,
    /// Money that came in from elsewhere than a sale.
    Deposit,
    /// What a vendor charges: the fees of a month.
    Bill,
    /// What a vendor gives back.
    VendorCredit,
    /// What settles a bill, with the vendor's credit taken in.
    BillPayment,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 11] = [
        DocumentKind::SalesReceipt,
        DocumentKind::Invoice,
        DocumentKind::Payment,
        DocumentKind::RefundReceipt,
        DocumentKind::CreditMemo,
        DocumentKind::Purchase,
        DocumentKind::Transfer,
        DocumentKind::Deposit,
        DocumentKind::Bill,
        DocumentKind::VendorCredit,
        DocumentKind::BillPayment,
    ];

    /// Those that an order can become.
    pub const OF_ORDERS: [DocumentKind; 6] = [
        DocumentKind::SalesReceipt,
        DocumentKind::Invoice,
        DocumentKind::Payment,
        DocumentKind::RefundReceipt,
        DocumentKind::CreditMemo,
        DocumentKind::Purchase,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            DocumentKind::SalesReceipt => "SalesReceipt",
            DocumentKind::Invoice => "Invoice",
            DocumentKind::Payment => "Payment",
            DocumentKind::RefundReceipt => "RefundReceipt",
            DocumentKind::CreditMemo => "CreditMemo",
            DocumentKind::Purchase => "Purchase",
            DocumentKind::Transfer => "Transfer",
            DocumentKind::Deposit => "Deposit",
            DocumentKind::Bill => "Bill",
            DocumentKind::VendorCredit => "VendorCredit",
            DocumentKind::BillPayment => "BillPayment",
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
            DocumentKind::Payment
            | DocumentKind::Purchase
            | DocumentKind::Transfer
            | DocumentKind::Deposit
            | DocumentKind::Bill
            | DocumentKind::VendorCredit
            | DocumentKind::BillPayment => false,
        }
    }

    /// It stands between the company and a vendor.
    pub fn is_vendors(self) -> bool {
        matches!(
            self,
            DocumentKind::Bill | DocumentKind::VendorCredit | DocumentKind::BillPayment
        )
    }

    /// The books give it no number: it is found by its day, and known by its mark.
    pub fn is_numberless(self) -> bool {
        matches!(self, DocumentKind::Transfer | DocumentKind::Deposit)
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What a document is to its order or payout. An order has one sale, and a sale is a receipt or an invoice for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Sale,
    Payment,
    /// With the shop's id of the refund.
    Refund(u64),
    Fee,
    /// What a payout brought to the bank.
    Transfer,
    /// What a payout brought besides sales.
    Credit,
    /// The fees of a month, as their vendor's bill.
    Bill,
    /// The fees of a month that were given back.
    VendorCredit,
    /// What settles the bill of a month.
    BillPayment,
}

impl Role {
    /// The word in the marker and in the state file.
    pub fn word(self) -> &'static str {
        match self {
            Role::Sale => "sale",
            Role::Payment => "payment",
            Role::Refund(_) => "refund",
            Role::Fee => "fee",
            Role::Transfer => "transfer",
            Role::Credit => "credit",
            Role::Bill => "bill",
            Role::VendorCredit => "vendorcredit",
            Role::BillPayment => "billpayment",
        }
    }

    /// The kinds of document that can play this role: where to look for one that was lost sight of.
    pub fn kinds(self) -> &'static [DocumentKind] {
        match self {
            Role::Sale => &[DocumentKind::SalesReceipt, DocumentKind::Invoice],
            Role::Payment => &[DocumentKind::Payment],
            Role::Refund(_) => &[DocumentKind::RefundReceipt, DocumentKind::CreditMemo],
            Role::Fee => &[DocumentKind::Purchase],
            Role::Transfer => &[DocumentKind::Transfer],
            Role::Credit => &[DocumentKind::Deposit],
            Role::Bill => &[DocumentKind::Bill],
            Role::VendorCredit => &[DocumentKind::VendorCredit],
            Role::BillPayment => &[DocumentKind::BillPayment],
        }
    }
}

/// One document of one origin: the key of everything that is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentKey {
    /// In JSON it stands beside the role, `{"order":1042,"role":"sale"}`.
    #[serde(flatten)]
    pub origin: Origin,
    pub role: Role,
}

impl DocumentKey {
    pub fn of_order(order: u64, role: Role) -> DocumentKey {
        DocumentKey {
            origin: Origin::Order(order),
            role,
        }
    }

    /// The document of the same origin in another role.
    pub fn beside(self, role: Role) -> DocumentKey {
        DocumentKey { role, ..self }
    }

    /// Its order, if it belongs to one.
    pub fn order(&self) -> Option<u64> {
        self.origin.order()
    }
}

/// `1042/sale`, `1042/refund/1050`, `payout:po_1MtHbE/fee`: how a key is written in the state file, in plans and in references.
impl fmt::Display for DocumentKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Origin::Order(id) => write!(out, "{id}/")?,
            origin => write!(out, "{origin}/")?,
        }
        match self.role {
            Role::Refund(id) => write!(out, "refund/{id}"),
            role => out.write_str(role.word()),
        }
    }
}

impl std::str::FromStr for DocumentKey {
    type Err = ();

    fn from_str(text: &str) -> Result<DocumentKey, ()> {
        let mut parts = text.split('/');
        let first = parts.next().ok_or(())?;
        let origin = match first.parse() {
            Ok(order) => Origin::Order(order),
            Err(_) => first.parse()?,
        };
        let role = match (parts.next(), parts.next()) {
            (Some("sale"), None) => Role::Sale,
            (Some("payment"), None) => Role::Payment,
            (Some("fee"), None) => Role::Fee,
            (Some("transfer"), None) => Role::Transfer,
            (Some("credit"), None) => Role::Credit,
            (Some("bill"), None) => Role::Bill,
            (Some("vendorcredit"), None) => Role::VendorCredit,
            (Some("billpayment"), None) => Role::BillPayment,
            (Some("refund"), Some(id)) => Role::Refund(id.parse().map_err(|_| ())?),
            _ => return Err(()),
        };
        Ok(DocumentKey { origin, role })
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
    /// A payment: what it settles. The fees of a payout or of a month: those of which orders and payouts are among them. A transfer:
    /// the bill that its fees are to be on.
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
    /// One of which nothing is known but what it is: no figure, no line, no word.
    pub fn bare(key: DocumentKey, kind: DocumentKind) -> Document {
        Document {
            key,
            kind,
            number: String::new(),
            date: NaiveDate::default(),
            due: None,
            currency: String::new(),
            exchange_rate: None,
            total: Money::ZERO,
            tax_total: Money::ZERO,
            tax: Vec::new(),
            document_tax_code: None,
            lines: Vec::new(),
            account: None,
            payment_method: None,
            applies_to: Vec::new(),
            note: String::new(),
            memo: None,
            bill_to: None,
            ship_to: None,
            overlay: Overlay::default(),
            decimals: None,
        }
    }

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
    /// The account at the other end of a transfer.
    Transfer,
    /// A part of a payout that is no fee: a dispute, a reserve, an adjustment, what another site brought.
    PayoutShare,
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
/// Of a gateway fee, of a transfer and of a part of a payout it is the account.
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

/// `[udsync v=2 store=aurora origin=order:1042 role=refund:1050 rev=1]`, always a line of its own at the end of a note.
impl fmt::Display for Marker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "[udsync v=2 store={} origin={} role={}",
            self.store,
            self.key.origin,
            self.key.role.word()
        )?;
        if let Role::Refund(id) = self.key.role {
            write!(out, ":{id}")?;
        }
        write!(out, " rev={}]", self.revision)
    }
}

impl Marker {
    /// Finds the marker in a note that people may have written around. The last one counts.
    ///
    /// Version 1 knew orders alone, `[udsync store=aurora order=1042 kind=refund ref=1050 rev=1]`. It stands in books for good, and so
    /// it is read for good. What a later version writes, this one does not understand.
    pub fn find(note: &str) -> Option<Marker> {
        let start = note.rfind("[udsync ")?;
        let inside = note[start..].strip_prefix("[udsync ")?.split(']').next()?;
        let word = |name: &str| {
            inside
                .split_whitespace()
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let (origin, role, refund) = match word("v") {
            None => {
                let order = word("order")?.parse().ok()?;
                (Origin::Order(order), word("kind")?, word("ref"))
            }
            Some("2") => {
                let role = word("role")?;
                let (role, refund) = role
                    .split_once(':')
                    .map_or((role, None), |(role, id)| (role, Some(id)));
                (word("origin")?.parse().ok()?, role, refund)
            }
            Some(_) => return None,
        };
        let role = match role {
            "sale" => Role::Sale,
            "payment" => Role::Payment,
            "refund" => Role::Refund(refund?.parse().ok()?),
            "fee" => Role::Fee,
            "transfer" => Role::Transfer,
            "credit" => Role::Credit,
            "bill" => Role::Bill,
            "vendorcredit" => Role::VendorCredit,
            "billpayment" => Role::BillPayment,
            _ => return None,
        };
        Some(Marker {
            store: word("store")?.to_owned(),
            key: DocumentKey { origin, role },
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
                key: DocumentKey::of_order(1042, role),
                revision: 3,
            };
            let note = format!("Woo order 1042 [gift]\n{marker}\nseen by Ann");
            assert_eq!(Marker::find(&note), Some(marker));
        }
        assert_eq!(Marker::find("paid [udsync by hand"), None);
    }

    #[test]
    fn a_marker_of_the_first_version_is_read_for_good() {
        for (text, role) in [
            ("kind=sale", Role::Sale),
            ("kind=payment", Role::Payment),
            ("kind=refund ref=1050", Role::Refund(1050)),
            ("kind=fee", Role::Fee),
        ] {
            let note = format!("hers\n[udsync store=aurora order=1042 {text} rev=3]");
            let marker = Marker {
                store: "aurora".into(),
                key: DocumentKey::of_order(1042, role),
                revision: 3,
            };
            assert_eq!(Marker::find(&note), Some(marker));
        }
        let refund = "[udsync store=aurora order=1042 kind=refund rev=3]";
        assert_eq!(Marker::find(refund), None);
    }

    #[test]
    fn a_marker_says_what_it_belongs_to_and_one_of_a_later_version_is_left_alone() {
        let marker = Marker {
            store: "aurora".into(),
            key: "payout:po_1MtHbE/fee".parse().expect("a key"),
            revision: 1,
        };
        let text = "[udsync v=2 store=aurora origin=payout:po_1MtHbE role=fee rev=1]";
        assert_eq!(marker.to_string(), text);
        assert_eq!(Marker::find(text), Some(marker));
        assert_eq!(Marker::find(&text.replace("v=2", "v=3")), None);
    }

    #[test]
    fn the_key_of_an_order_is_written_as_it_always_was() {
        let json = r#"{"order":1042,"role":{"refund":1050}}"#;
        let key: DocumentKey = serde_json::from_str(json).expect("a key");
        assert_eq!(key, DocumentKey::of_order(1042, Role::Refund(1050)));
        assert_eq!(serde_json::to_string(&key).expect("a form"), json);
        let json = r#"{"day":"2026-11-28","role":"sale"}"#;
        let key: DocumentKey = serde_json::from_str(json).expect("a key");
        assert_eq!(key.to_string(), "day:2026-11-28/sale");
        assert_eq!(serde_json::to_string(&key).expect("a form"), json);
    }

    #[test]
    fn a_key_reads_back_what_it_prints() {
        for text in [
            "7/sale",
            "7/payment",
            "7/refund/9",
            "7/fee",
            "day:2026-11-28/sale",
            "payout:po_1MtHbE/fee",
        ] {
            assert_eq!(
                text.parse::<DocumentKey>().map(|key| key.to_string()),
                Ok(text.to_owned())
            );
        }
        assert!("7/refund".parse::<DocumentKey>().is_err());
        assert!("week:7/sale".parse::<DocumentKey>().is_err());
    }
}
