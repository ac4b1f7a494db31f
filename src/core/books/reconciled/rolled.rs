//! Rolled forward: of each account that takes the money of gateways, what it held, what came and went by our documents, and what it holds
//! by its own entries. Whatever lies between the two was entered by somebody else.

use serde::Serialize;

use super::sides::BothSides;
use crate::model::document::{DocumentKey, DocumentKind, Marker};
use crate::model::money::Money;
use crate::model::statement::AccountEntry;

/// One account over the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RolledAccount {
    pub account: String,
    pub currency: String,
    /// What it held when the period began.
    pub opening: Money,
    pub sales: Money,
    pub refunds: Money,
    pub fees: Money,
    /// What payouts were made of besides: disputes, reserves, adjustments.
    pub other: Money,
    /// What reached the bank, whoever entered it.
    pub payouts: Money,
    /// The opening with all that.
    pub rolled: Money,
    /// What it held when the period ended, by its entries.
    pub closing: Money,
    /// Closing less rolled: what neither is ours nor went to the bank.
    pub difference: Money,
    /// What of all that is of documents which were not compared, and so is in none of the totals.
    pub not_compared: Money,
}

/// Every account of which the books said what stands there.
pub(super) fn roll_forward(sides: &BothSides) -> Vec<RolledAccount> {
    let Some(entries) = &sides.entries else {
        return Vec::new();
    };
    let accounts = sides.clearing_accounts.difference(&sides.foreign_accounts);
    accounts
        .filter_map(|account| {
            let now = *sides.balances.get(account)?;
            let of_account = || entries.iter().filter(|entry| entry.account == *account);
            let since = |is_meant: &dyn Fn(&AccountEntry) -> bool| -> Money {
                let meant = of_account().filter(|entry| is_meant(entry));
                meant.map(|entry| entry.amount).sum()
            };
            let opening = now - since(&|entry| entry.date >= sides.first);
            let closing = now - since(&|entry| entry.date > sides.last);
            let mut rolled = RolledAccount {
                account: account.clone(),
                currency: sides.home_currency.clone(),
                opening,
                sales: Money::ZERO,
                refunds: Money::ZERO,
                fees: Money::ZERO,
                other: Money::ZERO,
                payouts: Money::ZERO,
                rolled: Money::ZERO,
                closing,
                difference: Money::ZERO,
                not_compared: Money::ZERO,
            };
            rolled.documents(sides);
            of_account()
                .filter(|entry| sides.covers(entry.date))
                .for_each(|entry| rolled.entry(sides, entry));
            rolled.rolled = opening + rolled.sales
                - rolled.refunds
                - rolled.fees
                - rolled.other
                - rolled.payouts;
            rolled.difference = closing - rolled.rolled;
            let is_empty = opening.is_zero() && closing.is_zero() && rolled.is_still();
            (!is_empty).then_some(rolled)
        })
        .collect()
}

impl RolledAccount {
    /// Documents of orders with a mark, this shop's or another one's, by what they say themselves.
    fn documents(&mut self, sides: &BothSides) {
        for stated in &sides.stated {
            let is_here = stated.account.as_ref() == Some(&self.account);
            let is_home = stated.found.currency.as_deref() == Some(self.currency.as_str());
            if stated.found.marker.is_none() || stated.is_voided() || !is_here || !is_home {
                continue;
            }
            let total = stated.found.total;
            let key = stated.key_in(&sides.shop);
            let gained = match stated.found.remote.entity.document() {
                Some(DocumentKind::SalesReceipt | DocumentKind::Payment) => {
                    self.sales += total;
                    total
                }
                Some(DocumentKind::RefundReceipt) => {
                    self.refunds += total;
                    -total
                }
                Some(DocumentKind::Purchase) => {
                    self.taken(sides, key, total);
                    -total
                }
                _ => continue,
            };
            if key.is_some_and(|key| sides.is_held(&key)) {
                self.not_compared += gained;
            }
        }
    }

    /// What a document took from the account: fees, and what is none.
    fn taken(&mut self, sides: &BothSides, key: Option<DocumentKey>, amount: Money) {
        let no_fee = key.and_then(|key| sides.no_fees.get(&key).copied());
        let no_fee = no_fee.unwrap_or_default();
        self.other += no_fee;
        self.fees += amount - no_fee;
    }

    /// What is no order's document: the money of payouts, and what belongs to them.
    fn entry(&mut self, sides: &BothSides, entry: &AccountEntry) {
        let marker = Marker::find(&entry.memo);
        let is_ours = marker.is_some();
        let key = marker
            .filter(|marker| marker.store == sides.shop)
            .map(|marker| marker.key);
        match entry.kind.as_str() {
            "Transfer" if is_ours || entry.amount.is_negative() => self.payouts -= entry.amount,
            "Deposit" | "BillPayment" if is_ours => self.taken(sides, key, -entry.amount),
            "Deposit" if entry.amount.is_negative() => self.payouts -= entry.amount,
            _ => {}
        }
    }

    fn is_still(&self) -> bool {
        [
            self.sales,
            self.refunds,
            self.fees,
            self.other,
            self.payouts,
        ]
        .iter()
        .all(|amount| amount.is_zero())
    }
}
