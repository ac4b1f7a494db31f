//! The sale: the receipt or invoice of an order, and after it everything that hangs on it.
//!
//! Documents are entered in the order in which they must be written: the sale, the credit memos that
//! a payment settles with it, the payment, the other refunds, the gateway's fee. A hold on the sale
//! holds the order; a hold on a refund holds the refund.

use super::case::OrderCase;
use super::content::Content;
use super::lines;
use super::refund::WorkedRefund;
use super::status::Sold;
use super::tax::{self, ChargedRate, Taxes};
use super::{Decision, Entry, OrderAccount};
use super::{date, decide, deposit, fee, figures, hold, note, number, payment, refund};
use crate::model::document::{Document, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::TaxShare;

pub(super) fn account(case: &OrderCase<'_>, sold: Sold) -> OrderAccount {
    match written(case, &sold) {
        Ok(account) => account,
        Err(reason) => OrderAccount::held(reason),
    }
}

fn written(case: &OrderCase<'_>, sold: &Sold) -> Result<OrderAccount, Reason> {
    figures::check(case)?;
    let content = content(case)?;
    if content.lines.is_empty() {
        return match case.posted(Role::Sale) {
            None => Ok(OrderAccount::skipped(hold::zero_total(case.order))),
            Some(_) => Err(hold::nothing_left_to_post(case.order)),
        };
    }
    let sale = entry(case, sold, &content)?;
    let remembered = case
        .posted(Role::Sale)
        .is_some_and(|posted| posted.fingerprint.is_some());
    let refunds = refund::worked_out(case, sold, &content);
    if sale.decision == Decision::Update && remembered {
        refund::still_fit(case, &refunds)?;
    }
    let mut account = OrderAccount::default();
    let sale_document = sale.document.clone();
    account.entries.push(sale);
    settle(case, sold, refunds, &sale_document, &mut account);
    account.entries.extend(refund::deleted(case));
    Ok(account)
}

/// Enters what follows the sale. A credit memo that is held holds the payment that would settle it.
fn settle(
    case: &OrderCase<'_>,
    sold: &Sold,
    refunds: Vec<WorkedRefund<'_>>,
    sale_document: &Document,
    account: &mut OrderAccount,
) {
    let (memos, later): (Vec<_>, Vec<_>) = refunds
        .into_iter()
        .partition(|refund| refund.kind == DocumentKind::CreditMemo);
    let mut waiting = None;
    let mut settled = Vec::new();
    for memo in memos {
        let key = case.key(Role::Refund(memo.refund.id));
        let entry = refund::entry(case, &memo, None);
        match &entry {
            Ok(Some(entry)) => settled.push(entry.document.clone()),
            Ok(None) => continue,
            Err(reason) => waiting = Some(reason.clone()),
        }
        if let Some(entry) = entry.transpose() {
            account.enter(key, entry);
        }
    }
    let mut source = sale_document.account.clone();
    if sale_document.kind == DocumentKind::Invoice {
        let payment = match (waiting, case.posted(Role::Payment)) {
            (None, _) => payment::entry(case, sold, sale_document, &settled),
            (Some(_), Some(posted)) => Ok(Some(decide::kept(posted))),
            (Some(_), None) if sold.paid_on.is_none() => Ok(None),
            (Some(reason), None) => Err(hold::payment_waits(case.order, &reason)),
        };
        if let Some(payment) = payment.transpose() {
            source = payment
                .as_ref()
                .ok()
                .and_then(|entry| entry.document.account.clone());
            if !account.enter(case.key(Role::Payment), payment) {
                return; // What comes after the payment waits with it.
            }
        }
    }
    for refund in later {
        let entry = refund::entry(case, &refund, source.as_deref());
        if let Some(entry) = entry.transpose() {
            account.enter(case.key(Role::Refund(refund.refund.id)), entry);
        }
    }
    if sold.paid_on.is_some() {
        account.warnings.extend(fee::warning(case));
        if let Some(entry) = fee::entry(case, sold).transpose() {
            account.enter(case.key(Role::Fee), entry);
        }
    }
}

/// What an order is worth, line by line and rate by rate, adding up to what was charged.
fn content(case: &OrderCase<'_>) -> Result<Content, Reason> {
    let order = case.order;
    let taxes = Taxes::of_sale(*case);
    let mut lines = lines::of_sale(case, &taxes)?;
    let charged = order
        .tax_lines
        .iter()
        .map(|rate| ChargedRate {
            rate,
            amount: rate.total(),
        })
        .collect();
    let stated = order.tax_lines.iter().map(|rate| rate.total()).sum();
    let charged = tax::reconciled(charged, order.total_tax, case.rounding_max())
        .ok_or_else(|| hold::tax_lines_mismatch(order, None, order.total_tax, stated))?;

    let mut warnings = Vec::new();
    let sum: Money = lines.iter().map(|drafted| drafted.line.amount).sum();
    let residue = order.total - order.total_tax - sum;
    if residue.abs() > case.rounding_max() {
        return Err(hold::order_totals_mismatch(order, sum, residue));
    }
    if !residue.is_zero() {
        lines.push(lines::rounding(residue, taxes.no_tax()?));
        warnings.push(hold::rounding_of_order(order, residue));
    }
    Ok(Content {
        total: order.total,
        tax_total: order.total_tax,
        tax: taxes.amounts(&charged, &lines)?,
        document_tax_code: taxes.document_code(shares(case))?,
        lines,
        warnings,
    })
}

/// The tax rows of every line of the order.
pub(super) fn shares<'a>(case: &OrderCase<'a>) -> impl Iterator<Item = &'a [TaxShare]> {
    let order = case.order;
    let items = order.items.iter().map(|line| line.taxes.as_slice());
    let shipping = order
        .shipping_lines
        .iter()
        .map(|line| line.taxes.as_slice());
    let fees = order.fees.iter().map(|line| line.taxes.as_slice());
    items.chain(shipping).chain(fees)
}

fn entry(case: &OrderCase<'_>, sold: &Sold, content: &Content) -> Result<Entry, Reason> {
    if sold.withdrawn
        && let Some(posted) = case.posted(Role::Sale)
    {
        return Ok(decide::kept(posted));
    }
    let is_receipt = sold.kind == DocumentKind::SalesReceipt;
    let day = if is_receipt {
        date::sales_receipt(case)
    } else {
        date::invoice(case)
    };
    let document = Document {
        key: case.key(Role::Sale),
        kind: sold.kind,
        number: number::sale(case),
        due: (!is_receipt).then_some(day),
        account: if is_receipt {
            Some(deposit::account(case)?)
        } else {
            None
        },
        payment_method: if is_receipt {
            deposit::payment_method(case)
        } else {
            None
        },
        note: note::sale(case),
        memo: note::memo(case),
        ..content.document(case, case.key(Role::Sale), sold.kind, day)
    };
    let mut entry = decide::entry(case, document)?;
    entry.warnings.extend(content.warnings.iter().cloned());
    entry.warnings.extend(sold.warnings.iter().cloned());
    Ok(entry)
}
