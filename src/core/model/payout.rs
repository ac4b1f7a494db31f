//! Payouts: what a payment service brought to the bank, and the rows of its account that a payout is made of.
//!
//! Amounts are in the currency of the account by now, whatever units the service counts in. A row is positive where the account gains.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::money::Money;
use super::origin::Name;

/// A payment service whose account can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentService {
    Stripe,
    WooPayments,
    /// One that is not asked: what it paid out comes as a file.
    Filed(FiledService),
}

/// A payment service of which a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiledService {
    pub name: Name,
    /// What orders that were paid by it say.
    pub method: Name,
}

/// How services of which files are read write themselves. What is not here is called by its name.
const TITLES: [(&str, &str); 8] = [
    ("paypal", "PayPal"),
    ("adyen", "Adyen"),
    ("mollie", "Mollie"),
    ("klarna", "Klarna"),
    ("square", "Square"),
    ("worldpay", "Worldpay"),
    ("amazonpay", "Amazon Pay"),
    ("authorizenet", "Authorize.Net"),
];

impl PaymentService {
    /// Those that are asked.
    pub const ALL: [PaymentService; 2] = [PaymentService::Stripe, PaymentService::WooPayments];
    /// Their words.
    pub const WORDS: [&'static str; 2] = ["stripe", "woopayments"];

    /// On the command line, in JSON and in messages.
    pub fn as_str(&self) -> &str {
        match self {
            PaymentService::Stripe => PaymentService::WORDS[0],
            PaymentService::WooPayments => PaymentService::WORDS[1],
            PaymentService::Filed(service) => service.name.as_str(),
        }
    }

    /// As people write it.
    pub fn title(&self) -> &str {
        match self {
            PaymentService::Stripe => "Stripe",
            PaymentService::WooPayments => "WooPayments",
            PaymentService::Filed(service) => {
                let name = service.name.as_str();
                let known = TITLES.iter().find(|(known, _)| *known == name);
                known.map_or(name, |(_, title)| title)
            }
        }
    }

    /// What orders that were paid by it say, and the keys of `[books.deposit]` with them.
    pub fn method(&self) -> &str {
        match self {
            PaymentService::Stripe => "stripe",
            PaymentService::WooPayments => "woocommerce_payments",
            PaymentService::Filed(service) => service.method.as_str(),
        }
    }

    pub const fn is_filed(&self) -> bool {
        matches!(self, PaymentService::Filed(_))
    }

    pub fn from_word(word: &str) -> Option<PaymentService> {
        PaymentService::ALL
            .into_iter()
            .find(|gateway| gateway.as_str() == word)
    }
}

/// Whether a payout, or a bill of fees, is of a service of which files are read. Services that are asked call theirs `po_…`.
pub fn is_of_file(id: &str) -> bool {
    match id.strip_prefix("fees-") {
        Some(bill) => !PaymentService::WORDS
            .iter()
            .any(|word| bill.starts_with(&format!("{word}-"))),
        None => !id.starts_with("po_") && id.contains('-'),
    }
}

impl fmt::Display for PaymentService {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for PaymentService {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// How far a payout has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// What the next one would come to by now: nothing has left the account for it.
    Estimated,
    Pending,
    InTransit,
    Paid,
    Canceled,
    Failed,
}

impl PayoutStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            PayoutStatus::Estimated => "estimated",
            PayoutStatus::Pending => "pending",
            PayoutStatus::InTransit => "in transit",
            PayoutStatus::Paid => "paid",
            PayoutStatus::Canceled => "canceled",
            PayoutStatus::Failed => "failed",
        }
    }

    /// In the words of payment services, which they share.
    pub fn from_word(word: &str) -> Option<PayoutStatus> {
        Some(match word {
            "paid" => PayoutStatus::Paid,
            "pending" => PayoutStatus::Pending,
            "estimated" => PayoutStatus::Estimated,
            "in_transit" => PayoutStatus::InTransit,
            "canceled" | "cancelled" => PayoutStatus::Canceled,
            "failed" => PayoutStatus::Failed,
            _ => return None,
        })
    }

    /// It will never reach the bank, or came back from there.
    pub const fn came_to_nothing(self) -> bool {
        matches!(self, PayoutStatus::Canceled | PayoutStatus::Failed)
    }

    /// The account has less by it: it is on its way, or has arrived.
    pub const fn has_left(self) -> bool {
        !self.came_to_nothing() && !matches!(self, PayoutStatus::Estimated)
    }
}

/// Whether the service says of which rows a payout is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsKnown {
    Whole,
    /// It still sorts them: ask later.
    NotYet,
    /// It was made by hand, and belongs to no rows.
    Never,
}

/// What reached the bank, or is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payout {
    pub id: String,
    pub gateway: PaymentService,
    /// Negative where the service took money from the bank.
    pub amount: Money,
    pub currency: String,
    pub status: PayoutStatus,
    /// The day on which it reaches the bank.
    pub arrives: NaiveDate,
    pub created: DateTime<Utc>,
    pub rows_known: RowsKnown,
}

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutRowKind {
    Charge,
    Refund,
    /// A buyer took the money back through the bank, or got it back no more.
    Dispute,
    /// What the service takes for itself, apart from what it keeps of a charge.
    Fee,
    /// Held back by the service, or released again.
    Reserve,
    Adjustment,
    /// The money of an earlier payout, which the bank did not take.
    Returned,
    /// The payout itself.
    Payout,
    /// A word that nobody has taught us.
    Unknown,
}

impl PayoutRowKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            PayoutRowKind::Charge => "charge",
            PayoutRowKind::Refund => "refund",
            PayoutRowKind::Dispute => "dispute",
            PayoutRowKind::Fee => "fee",
            PayoutRowKind::Reserve => "reserve",
            PayoutRowKind::Adjustment => "adjustment",
            PayoutRowKind::Returned => "returned",
            PayoutRowKind::Payout => "payout",
            PayoutRowKind::Unknown => "unknown",
        }
    }
}

/// Whose a row is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutOwner {
    /// An order of this shop, by its id.
    Order(u64),
    /// Another site sells on the same account.
    Elsewhere(String),
    /// The service does not say.
    Unsaid,
}

/// A site as it is compared: without scheme, `www.` and the slash at its end, and in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteName(String);

impl SiteName {
    pub fn of(address: &str) -> SiteName {
        let text = address.trim().to_lowercase();
        let text = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or(&text);
        let text = text.strip_prefix("www.").unwrap_or(text);
        SiteName(text.trim_end_matches('/').to_owned())
    }
}

/// What a buyer paid, where that is another currency than the account's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargedAmount {
    pub amount: Money,
    pub currency: String,
}

/// One row of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutRow {
    pub id: String,
    pub kind: PayoutRowKind,
    /// The service's own word for it.
    pub word: String,
    pub amount: Money,
    /// What of it the service kept; negative where it gave a fee back.
    pub fee: Money,
    pub currency: String,
    pub owner: PayoutOwner,
    /// The charge, refund or dispute behind it, by which orders know it.
    pub source: Option<String>,
    pub charged: Option<ChargedAmount>,
    pub at: DateTime<Utc>,
    /// The payout that took it to the bank.
    pub payout: Option<String>,
    /// What of a line of a file could not be understood.
    #[serde(skip)]
    pub trouble: Option<String>,
    #[serde(skip)]
    pub behind: PaymentBehind,
}

/// The payment behind a row, as far as the service tells of it: what its order is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentBehind {
    /// Its payment intent, beside the charge.
    pub intent: Option<String>,
    /// When the buyer paid, where the row is about a payment of another day.
    pub paid_at: Option<DateTime<Utc>>,
    /// The order that somebody wrote on it, on whichever site.
    pub said_order: Option<u64>,
    /// The number, or the id, of the order that a file has for it.
    pub said_number: Option<String>,
}

impl PayoutRow {
    /// What is left of it.
    pub fn net(&self) -> Money {
        self.amount - self.fee
    }

    /// The names by which an order knows the payment.
    pub fn payment_names(&self) -> impl Iterator<Item = &str> {
        let names = [self.source.as_deref(), self.behind.intent.as_deref()];
        names.into_iter().flatten()
    }

    pub fn order(&self) -> Option<u64> {
        match self.owner {
            PayoutOwner::Order(id) => Some(id),
            PayoutOwner::Elsewhere(_) | PayoutOwner::Unsaid => None,
        }
    }
}

/// What a service still owes, in one currency: what can be paid out and what cannot yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayBalance {
    pub currency: String,
    pub amount: Money,
}

/// Currencies that services count in whole units, and those that they count in thousandths.
const WHOLE: [&str; 15] = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];
const THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// How many decimals the amounts of a currency have.
pub fn decimals_of(currency: &str) -> u32 {
    let currency = currency.to_uppercase();
    if WHOLE.contains(&currency.as_str()) {
        0
    } else if THOUSANDTHS.contains(&currency.as_str()) {
        3
    } else {
        2
    }
}

/// An amount that was counted in the smallest unit of its currency.
pub fn of_minor_units(units: i64, currency: &str) -> Option<Money> {
    let scale = decimals_of(currency);
    let value = rust_decimal::Decimal::try_from_i128_with_scale(i128::from(units), scale).ok()?;
    Money::new(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_as_small_as_the_currency_has_them() {
        for (units, currency, amount) in [
            (11_550, "cad", "115.50"),
            (-1, "USD", "-0.01"),
            (500, "jpy", "500.00"),
            (1_234, "KWD", "1.234"),
            (0, "eur", "0.00"),
        ] {
            let read = of_minor_units(units, currency).expect("an amount");
            assert_eq!(read.to_string(), amount, "{currency}");
        }
        assert_eq!(of_minor_units(i64::MAX, "cad"), None);
    }

    #[test]
    fn a_gateway_is_found_by_its_word() {
        for gateway in PaymentService::ALL {
            assert_eq!(PaymentService::from_word(gateway.as_str()), Some(gateway));
        }
        let word = |name: &str| name.parse().expect("a name");
        let filed = PaymentService::Filed(FiledService {
            name: word("paypal"),
            method: word("ppcp-gateway"),
        });
        let said = [filed.as_str(), filed.title(), filed.method()];
        assert_eq!(said, ["paypal", "PayPal", "ppcp-gateway"]);
    }

    #[test]
    fn what_came_in_a_file_is_known_by_its_id() {
        for (id, is_filed) in [
            ("po_1MtHbELkdIwHu7ixl4OzzPMv", false),
            ("po_test-3", false),
            ("paypal-8XY", true),
            ("fees-stripe-2026-10-CAD", false),
            ("fees-woopayments-2026-10-CAD-2", false),
            ("fees-paypal-2026-10-CAD", true),
        ] {
            assert_eq!(is_of_file(id), is_filed, "{id}");
        }
    }
}
