//! One order on the accountant's desk, with everything that bears on it.

use crate::model::company::Company;
use crate::model::document::{DocumentKey, DocumentKind, Role};
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::{ItemLine, Order, Refund};
use crate::model::overlay::Overlay;
use crate::model::rules::{Discounts, Rules};

#[derive(Clone, Copy)]
pub(super) struct OrderCase<'a> {
    pub order: &'a Order,
    /// What the shop's own mapping says of it.
    pub overlay: Option<&'a Overlay>,
    pub posted: &'a [Posted],
    pub rules: &'a Rules,
    pub company: &'a Company,
    /// Asked for a proof: each document is as the order has it now, whatever became of it when it was posted.
    pub is_afresh: bool,
}

impl<'a> OrderCase<'a> {
    pub fn key(&self, role: Role) -> DocumentKey {
        DocumentKey::of_order(self.order.id, role)
    }

    pub fn posted(&self, role: Role) -> Option<&'a Posted> {
        posted_as(self.posted, role)
    }

    pub fn is_foreign(&self) -> bool {
        self.order.currency != self.company.home_currency
    }

    /// What stands on the line of goods: after coupons, or before them where these have a line of their own.
    pub fn line_amount(&self, item: &ItemLine) -> Money {
        match self.rules.policy.discounts {
            Discounts::Net => item.total.rounded(),
            Discounts::Line => item.subtotal.rounded(),
        }
    }

    pub fn rounding_max(&self) -> Money {
        self.rules.policy.rounding_max
    }

    /// The refunds by id, which is the order in which they are posted and in which each builds on the earlier ones.
    pub fn refunds(&self) -> Vec<&'a Refund> {
        let mut refunds: Vec<&Refund> = self.order.refunds.iter().collect();
        refunds.sort_by_key(|refund| refund.id);
        refunds
    }
}

pub(super) fn posted_as(posted: &[Posted], role: Role) -> Option<&Posted> {
    posted.iter().find(|posted| posted.key.role == role)
}

/// Whether the sale stands in the books as an invoice that nothing has touched since.
pub(super) fn is_open_invoice(posted: &[Posted]) -> bool {
    let untouched = posted
        .iter()
        .all(|posted| posted.key.role == Role::Sale || posted.voided);
    untouched
        && posted_as(posted, Role::Sale)
            .is_some_and(|sale| sale.kind == DocumentKind::Invoice && !sale.voided)
}
