//! WooPayments as a payment service: its deposits and their rows, through the shop and with the shop's own key.
//!
//! The shop passes each question on to servers of the plugin's maker, which are slow and may fail while the shop is well. Of the client
//! only what asks is used here; a `POST` to the same addresses would pay money out.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde::Deserialize;
use serde_json::Value;

use super::WooCommerce;
use super::client::{Query, ShopClient};
use crate::connector::port::GatewayReader;
use crate::model::fault::{Fault, Remedy};
use crate::model::money::Money;
use crate::model::payout::{
    GatewayBalance, PaymentBehind, PaymentService, Payout, PayoutOwner, PayoutRow, PayoutRowKind,
    PayoutStatus, RowsKnown, of_minor_units,
};

/// As many rows as one answer may have.
const PAGE: usize = 100;
const PAGES_MAX: usize = 1_000;

/// Asks the shop, and can do nothing else there.
struct Asking<'a>(&'a ShopClient);

impl Asking<'_> {
    async fn one(&self, path: &str, query: &Query) -> Result<Option<Value>, Fault> {
        let row = self.0.part_if_any(path, query).await?;
        row.map(|row| serde_json::from_str(row.get()).map_err(|_| unreadable()))
            .transpose()
    }

    async fn rows(&self, path: &str, query: &Query) -> Result<Vec<Value>, Fault> {
        let list = self.0.list(path, query).await?;
        let rows = list.rows.iter();
        rows.map(|row| serde_json::from_str(row.get()).map_err(|_| unreadable()))
            .collect()
    }
}

/// The account behind a shop.
pub struct WooPayments<'a> {
    asking: Asking<'a>,
}

impl<'a> WooPayments<'a> {
    /// Of this shop; `None` where it does not have the plugin.
    pub async fn of(shop: &'a WooCommerce) -> Result<Option<WooPayments<'a>>, Fault> {
        let asking = Asking(&shop.client);
        let query = vec![("sort", "date".to_owned()), ("pagesize", "1".to_owned())];
        let found = asking.one("payments/deposits", &query).await?;
        Ok(found.map(|_| WooPayments { asking }))
    }
}

fn unreadable() -> Fault {
    Fault::new(
        Remedy::Stop,
        "gateway_unreadable",
        "WooPayments answered with something that is not the data asked for",
    )
    .hint("`udsync -vv payouts list` shows each request")
}

#[derive(Deserialize)]
struct Deposits {
    data: Vec<Deposit>,
}

#[derive(Deserialize)]
struct Deposit {
    id: String,
    /// In milliseconds, without a zone: midnight in UTC.
    date: i64,
    created: Option<i64>,
    amount: i64,
    currency: String,
    status: String,
    #[serde(default = "yes")]
    automatic: bool,
    /// What was taken for paying it out at once, on top of what reached the bank.
    #[serde(default)]
    fee: i64,
}

fn yes() -> bool {
    true
}

impl Deposit {
    /// Its own fee as a row, which the report of rows does not have; the outer `None`: it cannot be read.
    fn own_fee(self) -> Option<Option<PayoutRow>> {
        let amount = of_minor_units(-self.fee, &self.currency)?;
        let at = DateTime::from_timestamp_millis(self.date)?;
        Some((self.fee != 0).then(|| PayoutRow {
            id: format!("{}-fee", self.id),
            kind: PayoutRowKind::Fee,
            word: "payout_fee".to_owned(),
            amount,
            fee: Money::ZERO,
            currency: self.currency.to_uppercase(),
            owner: PayoutOwner::Unsaid,
            source: None,
            charged: None,
            at,
            payout: Some(self.id),
            trouble: None,
            behind: PaymentBehind::default(),
        }))
    }

    fn read(self) -> Option<Payout> {
        let arrives = DateTime::from_timestamp_millis(self.date)?;
        let created = match self.created {
            Some(created) => DateTime::from_timestamp(created, 0)?,
            None => arrives,
        };
        Some(Payout {
            gateway: PaymentService::WooPayments,
            amount: of_minor_units(self.amount, &self.currency)?,
            currency: self.currency.to_uppercase(),
            status: PayoutStatus::from_word(&self.status)?,
            arrives: arrives.date_naive(),
            created,
            rows_known: match (self.status.as_str(), self.automatic) {
                ("estimated", _) => RowsKnown::NotYet,
                (_, true) => RowsKnown::Whole,
                (_, false) => RowsKnown::Never,
            },
            id: self.id,
        })
    }
}

#[derive(Deserialize)]
struct PaymentReportRow {
    transaction_id: String,
    date: String,
    #[serde(rename = "type")]
    word: String,
    amount: i64,
    fees: i64,
    net_amount: i64,
    deposit_currency: String,
    order_id: Option<Value>,
    payment_id: Option<String>,
    deposit_id: Option<String>,
}

impl PaymentReportRow {
    fn read(self) -> Option<PayoutRow> {
        let currency = &self.deposit_currency;
        let amount = of_minor_units(self.amount, currency)?;
        let fee = of_minor_units(self.fees, currency)?;
        if amount - fee != of_minor_units(self.net_amount, currency)? {
            return None;
        }
        let order = self.order_id.as_ref().and_then(|id| match id {
            Value::Number(id) => id.as_u64(),
            Value::String(id) => id.parse().ok(),
            _ => None,
        });
        let at: NaiveDateTime = self.date.replace(' ', "T").parse().ok()?;
        Some(PayoutRow {
            kind: kind(&self.word),
            id: self.transaction_id,
            word: self.word,
            amount,
            fee,
            currency: currency.to_uppercase(),
            owner: order.map_or(PayoutOwner::Unsaid, PayoutOwner::Order),
            source: self.payment_id,
            charged: None,
            at: at.and_utc(),
            payout: self.deposit_id,
            trouble: None,
            behind: PaymentBehind::default(),
        })
    }
}

/// What a row is for, by the plugin's word.
fn kind(word: &str) -> PayoutRowKind {
    match word {
        "charge" | "payment" => PayoutRowKind::Charge,
        "refund" | "payment_refund" => PayoutRowKind::Refund,
        "dispute" | "dispute_reversal" => PayoutRowKind::Dispute,
        "stripe_fee" | "card_reader_fee" | "fee" => PayoutRowKind::Fee,
        "reserve_transaction" | "reserved_funds" => PayoutRowKind::Reserve,
        "adjustment"
        | "refund_failure"
        | "payment_failure_refund"
        | "financing_payout"
        | "financing_paydown" => PayoutRowKind::Adjustment,
        "payout_failure" | "payout_cancel" => PayoutRowKind::Returned,
        "payout" => PayoutRowKind::Payout,
        _ => PayoutRowKind::Unknown,
    }
}

#[derive(Deserialize)]
struct Overview {
    balance: OverviewBalance,
}

#[derive(Deserialize)]
struct OverviewBalance {
    #[serde(default)]
    pending: Vec<OverviewPart>,
    #[serde(default)]
    available: Vec<OverviewPart>,
}

#[derive(Deserialize)]
struct OverviewPart {
    amount: i64,
    currency: String,
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(|_| unreadable())
}

impl WooPayments<'_> {
    async fn deposit(&self, id: &str) -> Result<Option<Deposit>, Fault> {
        let path = format!("payments/deposits/{id}");
        let found = self.asking.one(&path, &Query::new()).await?;
        found.map(read).transpose()
    }

    /// Rows of one deposit, or of the whole account down to a day. The filter may be lost on the way, so each row is looked at.
    async fn transactions(
        &self,
        deposit: Option<&str>,
        since: Option<NaiveDate>,
    ) -> Result<Vec<PayoutRow>, Fault> {
        let mut all: Vec<PayoutRow> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for page in 1..=PAGES_MAX {
            let mut query: Query = vec![("per_page", PAGE.to_string()), ("page", page.to_string())];
            query.extend(deposit.map(|id| ("deposit_id", id.to_owned())));
            let rows = self
                .asking
                .rows("payments/reports/transactions", &query)
                .await?;
            let is_last = rows.len() < PAGE;
            let mut is_older = false;
            for row in rows {
                let row = read::<PaymentReportRow>(row)?
                    .read()
                    .ok_or_else(unreadable)?;
                is_older |= since.is_some_and(|since| row.at.date_naive() < since);
                // What comes in meanwhile moves the pages, and their ends come twice.
                if seen.insert(row.id.clone()) {
                    all.push(row);
                }
            }
            if is_last || is_older {
                break;
            }
        }
        all.retain(|row| {
            row.kind != PayoutRowKind::Payout
                && deposit.is_none_or(|id| row.payout.as_deref() == Some(id))
                && since.is_none_or(|since| row.at.date_naive() >= since)
        });
        Ok(all)
    }
}

impl GatewayReader for WooPayments<'_> {
    fn gateway(&self) -> PaymentService {
        PaymentService::WooPayments
    }

    async fn payouts(&self, since: NaiveDate) -> Result<Vec<Payout>, Fault> {
        let mut all = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for page in 1..=PAGES_MAX {
            let query: Query = vec![
                ("sort", "date".to_owned()),
                ("direction", "desc".to_owned()),
                ("page", page.to_string()),
                ("pagesize", PAGE.to_string()),
            ];
            let answer = self.asking.one("payments/deposits", &query).await?;
            let deposits: Deposits = read(answer.ok_or_else(unreadable)?)?;
            let is_last = deposits.data.len() < PAGE;
            let mut is_older = false;
            for deposit in deposits.data {
                let payout = deposit.read().ok_or_else(unreadable)?;
                is_older |= payout.arrives < since;
                if seen.insert(payout.id.clone()) {
                    all.push(payout);
                }
            }
            if is_last || is_older {
                break;
            }
        }
        all.retain(|payout| payout.arrives >= since);
        Ok(all)
    }

    async fn payout(&self, id: &str) -> Result<Option<Payout>, Fault> {
        let deposit = self.deposit(id).await?;
        deposit
            .map(|deposit| deposit.read().ok_or_else(unreadable))
            .transpose()
    }

    async fn rows(&self, payout: &Payout) -> Result<Vec<PayoutRow>, Fault> {
        match payout.rows_known {
            RowsKnown::NotYet => Ok(Vec::new()),
            RowsKnown::Whole => self.transactions(Some(&payout.id), None).await,
            // Of one that was made by hand nobody knows the rows, but what it cost itself stands on its own.
            RowsKnown::Never => {
                let deposit = self.deposit(&payout.id).await?;
                let fee = deposit.map(|deposit| deposit.own_fee().ok_or_else(unreadable));
                Ok(fee.transpose()?.flatten().into_iter().collect())
            }
        }
    }

    async fn recent_rows(&self, since: NaiveDate) -> Result<Vec<PayoutRow>, Fault> {
        self.transactions(None, Some(since)).await
    }

    async fn balance(&self) -> Result<Vec<GatewayBalance>, Fault> {
        let answer = self
            .asking
            .one("payments/deposits/overview-all", &Query::new())
            .await?;
        let overview: Overview = read(answer.ok_or_else(unreadable)?)?;
        let mut sums: std::collections::BTreeMap<String, Money> = std::collections::BTreeMap::new();
        let parts = overview.balance.available.into_iter();
        for part in parts.chain(overview.balance.pending) {
            let amount = of_minor_units(part.amount, &part.currency).ok_or_else(unreadable)?;
            *sums.entry(part.currency.to_uppercase()).or_default() += amount;
        }
        let all = sums
            .into_iter()
            .map(|(currency, amount)| GatewayBalance { currency, amount });
        Ok(all.collect())
    }
}
