//! Shares: what a payout is made of, added up by what it is for.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::money::Money;
use crate::model::payout::{PayoutOwner, PayoutRow, PayoutRowKind};

/// What a part of a payout is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareKind {
    Charges,
    Refunds,
    /// What the service kept of charges, and gave back of it.
    ProcessingFees,
    DisputeFees,
    /// What it took besides, for itself.
    OtherFees,
    Disputes,
    Reserves,
    Adjustments,
    /// Of other sites on the same account, whatever it is for.
    OtherSites,
    /// Of earlier payouts, which the bank did not take.
    Returned,
    Unknown,
}

impl ShareKind {
    pub const fn words(self) -> &'static str {
        match self {
            ShareKind::Charges => "charges",
            ShareKind::Refunds => "refunds",
            ShareKind::ProcessingFees => "processing fees",
            ShareKind::DisputeFees => "dispute fees",
            ShareKind::OtherFees => "other fees",
            ShareKind::Disputes => "disputes",
            ShareKind::Reserves => "reserves",
            ShareKind::Adjustments => "adjustments",
            ShareKind::OtherSites => "other sites",
            ShareKind::Returned => "payouts that came back",
            ShareKind::Unknown => "unknown",
        }
    }
}

/// A part of a payout: so many rows, and what they bring to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowShare {
    pub kind: ShareKind,
    pub rows: usize,
    /// Negative where it takes away. The shares add up to what the rows do.
    pub amount: Money,
}

/// Adds the rows up. What is left of them is nothing: each cent is in exactly one share.
pub fn shares(rows: &[PayoutRow]) -> Vec<RowShare> {
    let mut shares: BTreeMap<ShareKind, (usize, Money)> = BTreeMap::new();
    let mut add = |kind, amount: Money| {
        if !amount.is_zero() {
            let share = shares.entry(kind).or_default();
            share.0 += 1;
            share.1 += amount;
        }
    };
    for row in rows {
        for (kind, amount) in parts(row) {
            add(kind, amount);
        }
    }
    shares
        .into_iter()
        .map(|(kind, (rows, amount))| RowShare { kind, rows, amount })
        .collect()
}

/// What one row brings to each share.
pub(super) fn parts(row: &PayoutRow) -> [(ShareKind, Money); 2] {
    if let PayoutOwner::Elsewhere(_) = row.owner {
        return [
            (ShareKind::OtherSites, row.net()),
            (ShareKind::OtherSites, Money::ZERO),
        ];
    }
    let (kind, fee) = match row.kind {
        PayoutRowKind::Charge => (ShareKind::Charges, ShareKind::ProcessingFees),
        PayoutRowKind::Refund => (ShareKind::Refunds, ShareKind::ProcessingFees),
        PayoutRowKind::Dispute => (ShareKind::Disputes, ShareKind::DisputeFees),
        PayoutRowKind::Fee => (ShareKind::OtherFees, ShareKind::OtherFees),
        PayoutRowKind::Reserve => (ShareKind::Reserves, ShareKind::OtherFees),
        PayoutRowKind::Adjustment => (ShareKind::Adjustments, ShareKind::OtherFees),
        PayoutRowKind::Returned => (ShareKind::Returned, ShareKind::OtherFees),
        PayoutRowKind::Payout | PayoutRowKind::Unknown => {
            (ShareKind::Unknown, ShareKind::OtherFees)
        }
    };
    [(kind, row.amount), (fee, -row.fee)]
}
