//! Stripe as a payment service: payouts and the rows of the account, over its API, with a key that can read them and nothing else.
//!
//! What a key may do cannot be asked for. But a key that was made for this purpose sees no customers and no invoices, so whoever
//! connects one is asked about those too, and a key that sees them is refused: see [`Stripe::check_key`].

mod trouble;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use self::trouble::{Setback, TryAgain};
use self::wire::{Page, StripeBalance, StripePayout, StripeRow, WholeSource};
use crate::connector::port::GatewayReader;
use crate::connector::questions::Questions;
use crate::model::fault::Fault;
use crate::model::money::Money;
use crate::model::payout::{
    GatewayBalance, PaymentService, Payout, PayoutOwner, PayoutRow, PayoutRowKind, RowsKnown,
    SiteName,
};

/// How to reach an account.
pub struct StripeConnection {
    pub url: Url,
    pub key: SecretString,
    pub timeout: Duration,
    /// The address of the shop, by which its own rows are told from those of other sites.
    pub shop: Url,
}

/// An account at Stripe.
pub struct Stripe {
    questions: Questions,
    shop: SiteName,
    key_kind: KeyKind,
    pause: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyKind {
    Restricted,
    /// It may do everything.
    Secret,
    Other,
}

/// As many rows as one answer may have.
const PAGE: usize = 100;
/// An account with more rows in one payout, or in three months, is no small shop's.
const PAGES_MAX: usize = 1_000;
const BODY_MAX: usize = 16_000_000;
/// How often a question is put before its silence is believed.
const TRIES: u32 = 4;

/// What nobody needs to see who reads payouts.
const NOT_OURS: [&str; 5] = [
    "customers",
    "invoices",
    "subscriptions",
    "products",
    "webhook_endpoints",
];

impl Stripe {
    /// Opens a connection; nothing is sent yet.
    pub fn new(connection: StripeConnection) -> Stripe {
        let key = connection.key.expose_secret().trim().to_owned();
        let key_kind = if key.starts_with("rk_") {
            KeyKind::Restricted
        } else if key.starts_with("sk_") {
            KeyKind::Secret
        } else {
            KeyKind::Other
        };
        Stripe {
            questions: Questions::new(connection.url, key.into(), connection.timeout, BODY_MAX),
            shop: SiteName::of(connection.shop.as_str()),
            key_kind,
            pause: Duration::from_secs(1),
        }
    }

    /// Sets the pause before a question is put a second time; it doubles from try to try.
    pub fn pausing(mut self, pause: Duration) -> Stripe {
        self.pause = pause;
        self
    }

    /// Refuses a key that is not one for this purpose. One that may do everything is not even sent.
    pub async fn check_key(&self) -> Result<(), Fault> {
        match self.key_kind {
            KeyKind::Restricted => {}
            KeyKind::Secret => return Err(trouble::secret_key()),
            KeyKind::Other => return Err(trouble::no_key()),
        }
        self.probe().await?;
        for path in NOT_OURS {
            if self.may_see(path).await? {
                return Err(trouble::too_mighty(path));
            }
        }
        Ok(())
    }

    /// One harmless question for each right that is needed.
    pub async fn probe(&self) -> Result<String, Fault> {
        if self.key_kind == KeyKind::Secret {
            return Err(trouble::secret_key());
        }
        let one = [("limit", "1".to_owned())];
        let _: StripeBalance = self.ask("v1/balance", &[]).await?;
        let _: Page<StripePayout> = self.ask("v1/payouts", &one).await?;
        let source = [one[0].clone(), ("expand[]", "data.source".to_owned())];
        let _: Page<StripeRow> = self.ask("v1/balance_transactions", &source).await?;
        Ok("payouts and balance of the account".to_owned())
    }

    async fn may_see(&self, path: &str) -> Result<bool, Fault> {
        let query = [("limit", "1".to_owned())];
        let asked = self.questions.ask(&format!("v1/{path}"), &query).await;
        let answer = asked.map_err(|why| trouble::silence(&why).fault)?;
        Ok(answer.status == 200)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, Fault> {
        let asked = self.ask_if_any(path, query).await?;
        asked.ok_or_else(|| trouble::missing(path))
    }

    /// `None` where the account has no such thing.
    async fn ask_if_any<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Option<T>, Fault> {
        let mut tried = 0;
        loop {
            tried += 1;
            let setback: Setback = match self.questions.ask(path, query).await {
                Ok(answer) if answer.status == 200 => match serde_json::from_slice(&answer.body) {
                    Ok(read) => return Ok(Some(read)),
                    Err(_) => trouble::unreadable(),
                },
                Ok(answer) if trouble::is_missing(&answer) => return Ok(None),
                Ok(answer) => trouble::refused(&answer),
                Err(why) => trouble::silence(&why),
            };
            let pause = match setback.again {
                TryAgain::No => return Err(setback.fault),
                _ if tried == TRIES => return Err(setback.fault),
                TryAgain::Soon => self.pause * 2_u32.pow(tried - 1),
            };
            tracing::debug!(code = setback.fault.code, tried, "asking Stripe again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Every page of a list.
    async fn all<T: DeserializeOwned + wire::Named>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Vec<T>, Fault> {
        let mut all: Vec<T> = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut query = query.to_vec();
            query.push(("limit", PAGE.to_string()));
            query.extend(after.take().map(|id| ("starting_after", id)));
            let page: Page<T> = self.ask(path, &query).await?;
            let last = page.data.last().map(|one| one.id().to_owned());
            all.extend(page.data);
            match last {
                Some(last) if page.has_more => after = Some(last),
                _ => return Ok(all),
            }
        }
        Err(trouble::endless(path))
    }

    async fn read_rows(&self, rows: Vec<StripeRow>) -> Result<Vec<PayoutRow>, Fault> {
        let read: Result<Vec<PayoutRow>, Fault> = rows
            .into_iter()
            .map(|row| {
                row.read(&self.shop)
                    .ok_or_else(|| trouble::unreadable().fault)
            })
            .filter_map(|row| match row {
                Ok(row) if row.kind == PayoutRowKind::Payout => own_fee(row).map(Ok),
                row => Some(row),
            })
            .collect();
        let mut rows = read?;
        self.tell_of_charges(&mut rows).await?;
        Ok(rows)
    }

    /// A refund and a dispute carry no order and no site: these stand on the charge. It is looked for among the rows, and asked for
    /// where it is not there.
    async fn tell_of_charges(&self, rows: &mut [PayoutRow]) -> Result<(), Fault> {
        let mut charges: BTreeMap<String, Option<WholeSource>> = BTreeMap::new();
        let known: BTreeMap<String, PayoutRow> = rows
            .iter()
            .filter(|row| row.kind == PayoutRowKind::Charge)
            .filter_map(|row| Some((row.source.clone()?, row.clone())))
            .collect();
        let is_about = |row: &&mut PayoutRow| {
            matches!(row.kind, PayoutRowKind::Refund | PayoutRowKind::Dispute)
                && row.owner == PayoutOwner::Unsaid
        };
        for row in rows.iter_mut().filter(is_about) {
            let Some(charge) = row.source.clone() else {
                continue;
            };
            if let Some(known) = known.get(&charge) {
                row.owner = known.owner.clone();
                row.behind.said_order = known.behind.said_order;
                row.behind.paid_at = Some(known.at);
                continue;
            }
            if !charge.starts_with("ch_") && !charge.starts_with("py_") {
                continue;
            }
            let found = match charges.remove(&charge) {
                Some(found) => found,
                None => {
                    let path = format!("v1/charges/{charge}");
                    self.ask_if_any(&path, &[]).await?
                }
            };
            if let Some(found) = &found {
                found.told_of(row, &self.shop);
            }
            charges.insert(charge, found);
        }
        Ok(())
    }
}

/// What was taken for paying out at once stands on the payout's own row, on top of what reached the bank.
fn own_fee(row: PayoutRow) -> Option<PayoutRow> {
    (!row.fee.is_zero()).then(|| PayoutRow {
        kind: PayoutRowKind::Fee,
        word: "payout_fee".to_owned(),
        amount: -row.fee,
        fee: Money::ZERO,
        ..row
    })
}

fn seconds(day: NaiveDate) -> String {
    let begins: DateTime<Utc> = day.and_time(NaiveTime::MIN).and_utc();
    begins.timestamp().to_string()
}

impl GatewayReader for Stripe {
    fn gateway(&self) -> PaymentService {
        PaymentService::Stripe
    }

    async fn payouts(&self, since: NaiveDate) -> Result<Vec<Payout>, Fault> {
        let query = [("arrival_date[gte]", seconds(since))];
        let payouts: Vec<StripePayout> = self.all("v1/payouts", &query).await?;
        payouts
            .into_iter()
            .map(|payout| payout.read().ok_or_else(|| trouble::unreadable().fault))
            .collect()
    }

    async fn payout(&self, id: &str) -> Result<Option<Payout>, Fault> {
        let asked: Option<StripePayout> = self.ask_if_any(&format!("v1/payouts/{id}"), &[]).await?;
        asked
            .map(|payout| payout.read().ok_or_else(|| trouble::unreadable().fault))
            .transpose()
    }

    async fn rows(&self, payout: &Payout) -> Result<Vec<PayoutRow>, Fault> {
        // Of one that was made by hand nobody knows the rows, but what it cost itself stands on its own.
        let of_it = match payout.rows_known {
            RowsKnown::Never => "source",
            _ => "payout",
        };
        let query = [
            (of_it, payout.id.clone()),
            ("expand[]", "data.source".to_owned()),
        ];
        let rows: Vec<StripeRow> = self.all("v1/balance_transactions", &query).await?;
        let mut rows = self.read_rows(rows).await?;
        for row in &mut rows {
            row.payout = Some(payout.id.clone());
        }
        Ok(rows)
    }

    async fn recent_rows(&self, since: NaiveDate) -> Result<Vec<PayoutRow>, Fault> {
        let query = [
            ("created[gte]", seconds(since)),
            ("expand[]", "data.source".to_owned()),
        ];
        let rows: Vec<StripeRow> = self.all("v1/balance_transactions", &query).await?;
        self.read_rows(rows).await
    }

    async fn balance(&self) -> Result<Vec<GatewayBalance>, Fault> {
        let balance: StripeBalance = self.ask("v1/balance", &[]).await?;
        balance.read().ok_or_else(|| trouble::unreadable().fault)
    }
}
