//! The payment: what settles an invoice once the money is there.
//!
//! Credit memos made before the payment are settled with it, so one payment links the invoice and
//! each of them in full and is worth the difference, which may be 0.00.

use super::case::OrderCase;
use super::content::exchange_rate;
use super::status::Sold;
use super::{Entry, date, decide, deposit, note};
use crate::model::document::{Application, Document, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::overlay::Overlay;

/// The payment of an invoice; `None` while nothing settles it.
pub(super) fn entry(
    case: &OrderCase<'_>,
    sold: &Sold,
    invoice: &Document,
    memos: &[Document],
) -> Result<Option<Entry>, Reason> {
    if sold.withdrawn
        && let Some(posted) = case.posted(Role::Payment)
    {
        return Ok(Some(decide::kept(posted)));
    }
    if invoice.total.is_zero() {
        return Ok(None); // An invoice of 0.00 is settled by itself.
    }
    let (moment, account) = match sold.paid_on {
        Some(paid_on) => (paid_on, Some(deposit::account(case)?)),
        None if is_credited(invoice, memos) => {
            let last = case.order.refunds.iter().map(|refund| refund.created_at);
            let moment = last.max().unwrap_or(case.order.created_at);
            (moment, deposit::account(case).ok())
        }
        None => return Ok(None),
    };
    let mut applies_to = vec![settled(invoice)];
    applies_to.extend(memos.iter().map(settled));
    let document = Document {
        key: case.key(Role::Payment),
        kind: DocumentKind::Payment,
        number: invoice.number.clone(),
        date: date::day_of(case, moment),
        due: None,
        currency: case.order.currency.clone(),
        exchange_rate: exchange_rate(case),
        total: invoice.total - credited(memos),
        tax_total: Money::ZERO,
        tax: Vec::new(),
        document_tax_code: None,
        lines: Vec::new(),
        account,
        payment_method: deposit::payment_method(case),
        applies_to,
        note: note::sale(case),
        memo: None,
        bill_to: None,
        ship_to: None,
        overlay: Overlay::default(),
        decimals: None,
    };
    decide::entry(case, document).map(Some)
}

fn credited(memos: &[Document]) -> Money {
    memos.iter().map(|memo| memo.total).sum()
}

fn is_credited(invoice: &Document, memos: &[Document]) -> bool {
    !memos.is_empty() && credited(memos) == invoice.total
}

fn settled(document: &Document) -> Application {
    Application {
        to: document.key,
        kind: document.kind,
        amount: document.total,
    }
}
