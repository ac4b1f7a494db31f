//! Rows: what a refund gives back of each line of the order.
//!
//! Goods, shipping and fees are rows alike. A row keeps the item that was sold, whatever the shop calls
//! the product by now, and says itself how much tax went back.

use rust_decimal::Decimal;

use super::case::OrderCase;
use super::drafted::{Coding, Drafted};
use super::hold;
use super::item_key::{fee_key, key};
use super::kept_item;
use super::lines;
use super::tax::Taxes;
use crate::model::document::{ItemKey, LineKind};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{Refund, TaxShare};

/// What a row of a refund gives back, whatever it was.
pub(super) struct RefundedRow<'a> {
    id: u64,
    kind: LineKind,
    item: ItemKey,
    description: String,
    /// Negative, as the shop writes it.
    pub total: Money,
    quantity: Decimal,
    taxes: &'a [TaxShare],
    pub refunds_line: Option<u64>,
    original: Option<Original<'a>>,
}

/// The line of the order that a row gives back.
struct Original<'a> {
    total: Money,
    taxes: &'a [TaxShare],
}

/// The rows that give something back. The item is the one that was sold.
pub(super) fn rows<'a>(case: &OrderCase<'a>, refund: &'a Refund) -> Vec<RefundedRow<'a>> {
    let order = case.order;
    let items = refund.items.iter().map(|row| {
        let original = order
            .items
            .iter()
            .find(|line| Some(line.id) == row.refunds_line);
        RefundedRow {
            id: row.id,
            kind: LineKind::Item,
            item: kept_item::given_back(case, refund.id, row, original),
            description: lines::described(original.unwrap_or(row)),
            total: row.total.rounded(),
            quantity: row.quantity,
            taxes: &row.taxes,
            refunds_line: row.refunds_line,
            original: original.map(|line| Original {
                total: line.total,
                taxes: &line.taxes,
            }),
        }
    });
    let shipping = refund.shipping_lines.iter().map(|row| {
        let original = order
            .shipping_lines
            .iter()
            .find(|line| Some(line.id) == row.refunds_line);
        RefundedRow {
            id: row.id,
            kind: LineKind::Shipping,
            item: key("shipping"),
            description: original.unwrap_or(row).title.clone(),
            total: row.total.rounded(),
            quantity: Decimal::ZERO,
            taxes: &row.taxes,
            refunds_line: row.refunds_line,
            original: original.map(|line| Original {
                total: line.total,
                taxes: &line.taxes,
            }),
        }
    });
    let fees = refund.fees.iter().map(|row| {
        let original = order
            .fees
            .iter()
            .find(|line| Some(line.id) == row.refunds_line);
        let (name, negative) = match original {
            Some(fee) => (&fee.name, fee.total.is_negative()),
            None => (&row.name, row.total.is_positive()),
        };
        RefundedRow {
            id: row.id,
            kind: LineKind::Fee,
            item: fee_key(case.rules, name, negative),
            description: name.clone(),
            total: row.total.rounded(),
            quantity: Decimal::ZERO,
            taxes: &row.taxes,
            refunds_line: row.refunds_line,
            original: original.map(|line| Original {
                total: line.total,
                taxes: &line.taxes,
            }),
        }
    });
    items
        .chain(shipping)
        .chain(fees)
        .filter(RefundedRow::gives_something)
        .collect()
}

impl RefundedRow<'_> {
    fn gives_something(&self) -> bool {
        !(self.total.is_zero() && self.quantity.is_zero() && self.tax().is_zero())
    }

    /// The tax that went back with it, positive.
    pub fn tax(&self) -> Money {
        -self
            .taxes
            .iter()
            .filter_map(|share| share.total)
            .map(Money::rounded)
            .sum::<Money>()
    }

    /// As lines of a document, with positive amounts.
    pub fn lines(
        &self,
        case: &OrderCase<'_>,
        refund: &Refund,
        taxes: &Taxes<'_>,
    ) -> Result<Vec<Drafted>, Reason> {
        if !self.total.is_zero() || self.tax().is_zero() {
            return Ok(vec![
                self.line(-self.total, self.coding(taxes)?)
                    .counted(-self.quantity),
            ]);
        }
        // Tax alone: the books need a base to hang it on, and income must not move.
        let refunded: Vec<TaxShare> = self
            .taxes
            .iter()
            .filter(|share| is_taxing(share))
            .cloned()
            .collect();
        let base = self
            .base_of(&refunded)
            .filter(|base| !base.is_zero())
            .ok_or_else(|| hold::refund_tax_only(case.order, refund, self.tax()))?;
        let mut lines = vec![
            self.line(base, taxes.coding(&refunded, &self.named())?),
            self.line(-base, taxes.no_tax()?),
        ];
        if !self.quantity.is_zero() {
            lines.push(
                self.line(Money::ZERO, taxes.no_tax()?)
                    .counted(-self.quantity),
            );
        }
        Ok(lines)
    }

    fn line(&self, amount: Money, coding: Coding) -> Drafted {
        let mut drafted =
            Drafted::of(self.kind, self.item.clone(), amount, coding).described(&self.description);
        drafted.line.source_line = self.refunds_line;
        drafted
    }

    /// The code of what went back: without tax where the line was taxed, it is no part of the return.
    fn coding(&self, taxes: &Taxes<'_>) -> Result<Coding, Reason> {
        let untaxed = !self.taxes.iter().any(is_taxing);
        match &self.original {
            Some(original) if untaxed && original.taxes.iter().any(is_taxing) => taxes.no_tax(),
            // Zero-rated goods stay zero-rated when the shop leaves the zero out of the refund.
            Some(original) if untaxed => taxes.coding(original.taxes, &self.named()),
            _ => taxes.coding(self.taxes, &self.named()),
        }
    }

    /// As much of the original line as the refunded tax was charged on.
    fn base_of(&self, refunded: &[TaxShare]) -> Option<Money> {
        let original = self.original.as_ref()?;
        let charged: Money = original
            .taxes
            .iter()
            .filter(|share| refunded.iter().any(|other| other.rate_id == share.rate_id))
            .filter_map(|share| share.total)
            .map(Money::rounded)
            .sum();
        let base = original
            .total
            .decimal()
            .checked_mul(self.tax().decimal())?
            .checked_div(charged.decimal())?;
        Some(Money::new(base).ok()?.rounded())
    }

    fn named(&self) -> String {
        format!("refund row `{}`", self.id)
    }
}

fn is_taxing(share: &TaxShare) -> bool {
    share.total.is_some_and(|total| !total.is_zero())
}
