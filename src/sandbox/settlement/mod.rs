//! What a payment service owes a merchant and has paid out: an account with its rows, and its payouts.
//!
//! It is behind two stand-ins, as in life it is one service behind two faces: Stripe's own API, and the routes that WooPayments adds
//! to a shop. Amounts are whole numbers in the smallest unit of a currency, and times are seconds since 1970; what a face makes of
//! them is that face's business. A payout is a row too: it takes from the account what it brings to the bank.

use serde::{Deserialize, Serialize};

/// The account of a merchant. Several sites may sell on one.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SettledAccount {
    pub id: String,
    /// In which it is settled where a row says nothing else.
    pub currency: String,
    pub rows: Vec<SettledRow>,
    pub payouts: Vec<SettledPayout>,
}

impl Default for SettledAccount {
    fn default() -> Self {
        Self {
            id: "acct_1Stand1nAccount".to_owned(),
            currency: "cad".to_owned(),
            rows: Vec::new(),
            payouts: Vec::new(),
        }
    }
}

/// Something that moved the account.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SettledRow {
    pub id: String,
    /// As Stripe calls it: `charge`, `refund`, `adjustment`, `stripe_fee`, `payout`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For what it counts in reports, where its kind does not say that: `dispute`, `risk_reserved_funds`.
    pub category: Option<String>,
    pub amount: i64,
    pub fee: i64,
    /// The currency of the account, unless this is given.
    pub currency: Option<String>,
    pub created: i64,
    pub available_on: Option<i64>,
    /// The payout that brought it to the bank.
    pub payout: Option<String>,
    /// The charge, refund or dispute behind it.
    pub source: Option<String>,
    /// Of a refund or a dispute: the charge that it is about. Without it, the one of the same order.
    pub charge: Option<String>,
    /// The shop's order, and the site that sold it.
    pub order: Option<u64>,
    pub site: Option<String>,
    /// What the buyer paid, where that is another currency.
    pub charged: Option<SettledCharge>,
    pub description: Option<String>,
}

/// What a buyer paid in a currency that the account does not have.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SettledCharge {
    pub amount: i64,
    pub currency: String,
    pub rate: f64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SettledPayout {
    pub id: String,
    pub amount: i64,
    pub currency: Option<String>,
    /// `paid`, `pending`, `in_transit`, `canceled`, `failed`; behind a shop also `estimated`.
    pub status: String,
    pub automatic: bool,
    pub created: i64,
    /// Midnight in UTC of the day on which it reaches the bank.
    pub arrival: i64,
    pub fee: i64,
    /// How far its rows are known: `completed`, `in_progress`, `not_applicable`.
    pub progress: Option<String>,
}

impl Default for SettledPayout {
    fn default() -> Self {
        Self {
            id: String::new(),
            amount: 0,
            currency: None,
            status: "paid".to_owned(),
            automatic: true,
            created: 0,
            arrival: 0,
            fee: 0,
            progress: None,
        }
    }
}

impl SettledPayout {
    pub fn progress(&self) -> &str {
        match &self.progress {
            Some(said) => said,
            None if self.automatic => "completed",
            None => "not_applicable",
        }
    }
}

impl SettledRow {
    pub fn net(&self) -> i64 {
        self.amount - self.fee
    }

    /// For what it counts in reports.
    pub fn category(&self) -> &str {
        if let Some(said) = &self.category {
            return said;
        }
        match self.kind.as_str() {
            "charge" | "payment" => "charge",
            "refund" | "payment_refund" => "refund",
            "stripe_fee" | "application_fee" => "fee",
            "payout" => "payout",
            "payout_failure" | "payout_cancel" => "payout_reversal",
            "reserve_transaction" => "risk_reserved_funds",
            _ => "other_adjustment",
        }
    }

    /// It can be paid out.
    pub fn is_available(&self, now: i64) -> bool {
        self.available_on.unwrap_or(self.created) <= now
    }
}

impl SettledAccount {
    pub fn currency_of<'a>(&'a self, said: Option<&'a String>) -> &'a str {
        said.map_or(&self.currency, String::as_str)
    }

    /// The charge that a refund or a dispute is about.
    pub fn charge_behind(&self, row: &SettledRow) -> Option<&SettledRow> {
        let is_it = |one: &&SettledRow| match &row.charge {
            Some(named) => one.source.as_ref() == Some(named),
            None => row.order.is_some() && one.order == row.order,
        };
        let mut charges = self.rows.iter().filter(|one| one.category() == "charge");
        charges.find(is_it)
    }

    pub fn payout(&self, id: &str) -> Option<&SettledPayout> {
        self.payouts.iter().find(|payout| payout.id == id)
    }

    /// The rows, the newest first.
    pub fn newest_first(&self) -> Vec<&SettledRow> {
        let mut rows: Vec<&SettledRow> = self.rows.iter().collect();
        rows.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        rows
    }

    /// What it still owes, by currency: what can be paid out, and what cannot yet. A payout is a row like any other, and takes out of
    /// the account what its rows have brought.
    pub fn balance(&self, now: i64) -> Vec<SettledBalance> {
        let mut sums: Vec<SettledBalance> = Vec::new();
        for row in &self.rows {
            let currency = self.currency_of(row.currency.as_ref());
            let at = match sums.iter().position(|sum| sum.currency == currency) {
                Some(at) => at,
                None => {
                    sums.push(SettledBalance {
                        currency: currency.to_owned(),
                        available: 0,
                        pending: 0,
                    });
                    sums.len() - 1
                }
            };
            match row.is_available(now) {
                true => sums[at].available += row.net(),
                false => sums[at].pending += row.net(),
            }
        }
        if sums.is_empty() {
            sums.push(SettledBalance {
                currency: self.currency.clone(),
                available: 0,
                pending: 0,
            });
        }
        sums
    }

    /// Pays out at once, as whoever asks for it by hand gets it. The fee of it is taken on top.
    pub fn pay_out_now(&mut self, amount: i64, now: i64) -> String {
        let id = format!("po_byhand{:04}", self.payouts.len() + 1);
        self.payouts.push(SettledPayout {
            id: id.clone(),
            amount,
            automatic: false,
            created: now,
            arrival: now - now.rem_euclid(86_400),
            status: "in_transit".to_owned(),
            ..SettledPayout::default()
        });
        self.rows.push(SettledRow {
            id: format!("txn_{id}"),
            kind: "payout".to_owned(),
            amount: -amount,
            created: now,
            source: Some(id.clone()),
            ..SettledRow::default()
        });
        id
    }
}

pub struct SettledBalance {
    pub currency: String,
    pub available: i64,
    pub pending: i64,
}
