//! Content: what a sale or a refund comes to, before it has a date, a number and an account.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::case::OrderCase;
use super::drafted::Drafted;
use crate::model::document::{Document, DocumentKey, DocumentKind, TaxAmount};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::Address;
use crate::model::overlay::Overlay;

/// The worked-out content of a sale or a refund, before it has a date and a number.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub total: Money,
    pub tax_total: Money,
    pub tax: Vec<TaxAmount>,
    pub document_tax_code: Option<String>,
    pub lines: Vec<Drafted>,
    pub warnings: Vec<Reason>,
}

impl Content {
    /// A document with this content, still without number, account and note.
    pub fn document(
        &self,
        case: &OrderCase<'_>,
        key: DocumentKey,
        kind: DocumentKind,
        date: NaiveDate,
    ) -> Document {
        Document {
            key,
            kind,
            number: String::new(),
            date,
            due: None,
            currency: case.order.currency.clone(),
            exchange_rate: exchange_rate(case),
            total: self.total,
            tax_total: self.tax_total,
            tax: self.tax.clone(),
            document_tax_code: self.document_tax_code.clone(),
            lines: self
                .lines
                .iter()
                .map(|drafted| drafted.line.clone())
                .collect(),
            account: None,
            payment_method: None,
            applies_to: Vec::new(),
            note: String::new(),
            memo: None,
            bill_to: known(&case.order.billing),
            ship_to: known(&case.order.shipping),
            overlay: Overlay::default(),
            decimals: None,
        }
    }
}

/// The rate that the shop fixed, if it did; otherwise the books use theirs of the day.
pub(super) fn exchange_rate(case: &OrderCase<'_>) -> Option<Decimal> {
    if !case.is_foreign() {
        return None;
    }
    case.rules
        .policy
        .exchange_rates
        .get(&case.order.currency)
        .copied()
}

fn known(address: &Address) -> Option<Address> {
    (address != &Address::default()).then(|| address.clone())
}
