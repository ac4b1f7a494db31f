//! What Stripe says, as far as we read it. Fields that it adds are ignored.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;

use crate::model::money::Money;
use crate::model::payout::{
    ChargedAmount, GatewayBalance, PaymentBehind, PaymentService, Payout, PayoutOwner, PayoutRow,
    PayoutRowKind, PayoutStatus, RowsKnown, SiteName, of_minor_units,
};

/// A page of a list.
#[derive(Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

/// Whatever a list can go on after.
pub trait Named {
    fn id(&self) -> &str;
}

#[derive(Deserialize)]
pub struct StripePayout {
    id: String,
    amount: i64,
    currency: String,
    status: String,
    arrival_date: i64,
    created: i64,
    #[serde(default)]
    automatic: bool,
    reconciliation_status: Option<String>,
}

impl Named for StripePayout {
    fn id(&self) -> &str {
        &self.id
    }
}

impl StripePayout {
    pub fn read(self) -> Option<Payout> {
        let rows_known = match self.reconciliation_status.as_deref() {
            Some("completed") => RowsKnown::Whole,
            Some("in_progress") => RowsKnown::NotYet,
            Some("not_applicable") => RowsKnown::Never,
            // Versions of old do not say it.
            _ if self.automatic => RowsKnown::Whole,
            _ => RowsKnown::Never,
        };
        Some(Payout {
            gateway: PaymentService::Stripe,
            amount: of_minor_units(self.amount, &self.currency)?,
            currency: self.currency.to_uppercase(),
            status: PayoutStatus::from_word(&self.status)?,
            arrives: DateTime::from_timestamp(self.arrival_date, 0)?.date_naive(),
            created: DateTime::from_timestamp(self.created, 0)?,
            rows_known,
            id: self.id,
        })
    }
}

#[derive(Deserialize)]
pub struct StripeRow {
    id: String,
    amount: i64,
    fee: i64,
    net: i64,
    currency: String,
    created: i64,
    #[serde(rename = "type")]
    kind: String,
    reporting_category: Option<String>,
    source: Option<RowSource>,
}

impl Named for StripeRow {
    fn id(&self) -> &str {
        &self.id
    }
}

/// An id, or the thing itself where it was asked for.
#[derive(Deserialize)]
#[serde(untagged)]
enum RowSource {
    Id(String),
    Whole(Box<WholeSource>),
    Other(serde::de::IgnoredAny),
}

/// A charge, a refund, a dispute or whatever else stands behind a row.
#[derive(Deserialize)]
pub struct WholeSource {
    id: String,
    amount: Option<i64>,
    currency: Option<String>,
    /// Of a refund or a dispute.
    charge: Option<Value>,
    payment_intent: Option<Value>,
    created: Option<i64>,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

impl StripeRow {
    /// The row in our words; `None` where its figures do not fit together.
    pub fn read(self, shop: &SiteName) -> Option<PayoutRow> {
        let amount = of_minor_units(self.amount, &self.currency)?;
        let fee = of_minor_units(self.fee, &self.currency)?;
        if amount - fee != of_minor_units(self.net, &self.currency)? {
            return None;
        }
        let mut behind = PaymentBehind::default();
        let (source, owner, charged) = match self.source {
            Some(RowSource::Whole(whole)) => {
                let charge = whole.charge.as_ref().and_then(Value::as_str);
                behind = PaymentBehind {
                    intent: whole.intent(),
                    said_order: whole.said_order(),
                    ..PaymentBehind::default()
                };
                (
                    Some(charge.map_or(whole.id.clone(), str::to_owned)),
                    whole.owner(shop),
                    whole.charged(&self.currency),
                )
            }
            Some(RowSource::Id(id)) => (Some(id), PayoutOwner::Unsaid, None),
            Some(RowSource::Other(_)) | None => (None, PayoutOwner::Unsaid, None),
        };
        let word = self.reporting_category.unwrap_or(self.kind);
        Some(PayoutRow {
            id: self.id,
            kind: kind(&word),
            word,
            amount,
            fee,
            currency: self.currency.to_uppercase(),
            owner,
            source,
            charged,
            at: DateTime::from_timestamp(self.created, 0)?,
            payout: None,
            trouble: None,
            behind,
        })
    }
}

impl WholeSource {
    /// What is written on a charge is said of whatever is about it.
    pub fn told_of(&self, row: &mut PayoutRow, shop: &SiteName) {
        row.owner = self.owner(shop);
        row.behind.said_order = self.said_order();
        row.behind.paid_at = self.created.and_then(|at| DateTime::from_timestamp(at, 0));
        if row.behind.intent.is_none() {
            row.behind.intent = self.intent();
        }
    }

    fn intent(&self) -> Option<String> {
        let intent = self.payment_intent.as_ref()?;
        // Asked for whole it would be an object.
        let id = intent.as_str().or_else(|| intent["id"].as_str());
        id.map(str::to_owned)
    }

    fn said_order(&self) -> Option<u64> {
        let said = self.metadata.get("order_id").and_then(Value::as_str)?;
        said.parse().ok()
    }

    fn owner(&self, shop: &SiteName) -> PayoutOwner {
        let text = |name: &str| self.metadata.get(name).and_then(Value::as_str);
        if let Some(site) = text("site_url")
            && SiteName::of(site) != *shop
        {
            return PayoutOwner::Elsewhere(site.to_owned());
        }
        match self.said_order() {
            Some(order) => PayoutOwner::Order(order),
            None => PayoutOwner::Unsaid,
        }
    }

    fn charged(&self, account: &str) -> Option<ChargedAmount> {
        let currency = self.currency.as_ref().filter(|one| *one != account)?;
        let amount: Money = of_minor_units(self.amount?, currency)?;
        Some(ChargedAmount {
            amount,
            currency: currency.to_uppercase(),
        })
    }
}

/// What a row is for, by the word under which Stripe reports it.
fn kind(word: &str) -> PayoutRowKind {
    match word {
        "charge" | "payment" => PayoutRowKind::Charge,
        "refund" | "payment_refund" => PayoutRowKind::Refund,
        "dispute" | "dispute_reversal" => PayoutRowKind::Dispute,
        "fee" | "stripe_fee" | "application_fee" | "tax" | "network_cost" => PayoutRowKind::Fee,
        "risk_reserved_funds" | "reserve_transaction" | "connect_reserved_funds" => {
            PayoutRowKind::Reserve
        }
        "other_adjustment" | "adjustment" | "refund_failure" | "charge_failure" | "topup"
        | "topup_reversal" | "contribution" | "advance" | "advance_funding" => {
            PayoutRowKind::Adjustment
        }
        "payout_reversal" | "payout_failure" | "payout_cancel" => PayoutRowKind::Returned,
        "payout" => PayoutRowKind::Payout,
        _ => PayoutRowKind::Unknown,
    }
}

#[derive(Deserialize)]
pub struct StripeBalance {
    #[serde(default)]
    available: Vec<BalancePart>,
    #[serde(default)]
    pending: Vec<BalancePart>,
}

#[derive(Deserialize)]
struct BalancePart {
    amount: i64,
    currency: String,
}

impl StripeBalance {
    pub fn read(self) -> Option<Vec<GatewayBalance>> {
        let mut sums: BTreeMap<String, Money> = BTreeMap::new();
        for part in self.available.into_iter().chain(self.pending) {
            *sums.entry(part.currency.to_uppercase()).or_default() +=
                of_minor_units(part.amount, &part.currency)?;
        }
        let all = sums
            .into_iter()
            .map(|(currency, amount)| GatewayBalance { currency, amount });
        Some(all.collect())
    }
}
