//! Refunds: one document for each time money went back, dated by the day it did.
//!
//! A refund of a receipt is a refund receipt; of an invoice it is a credit memo while the invoice is
//! unpaid. The shop's rows are negative, the books' amounts are positive. A row says itself how much
//! tax went back; nothing is worked out from rates.

use std::collections::BTreeMap;

use super::case::OrderCase;
use super::content::Content;
use super::lines;
use super::row::{RefundedRow, rows};
use super::status::Sold;
use super::tax::{ChargedRate, Taxes};
use super::{Entry, amount_only, date, decide, deposit, figures, hold, mirror, note, number};
use crate::model::document::{Document, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::Refund;
use crate::model::rules::FullRefundWithoutLines;

/// A refund with its content, or why it must wait.
pub(super) struct WorkedRefund<'a> {
    pub refund: &'a Refund,
    pub kind: DocumentKind,
    /// `None`: it gave nothing back.
    pub content: Result<Option<Content>, Reason>,
}

/// Works the refunds out in their order: one without lines may give back what the earlier ones left.
pub(super) fn worked_out<'a>(
    case: &OrderCase<'a>,
    sold: &Sold,
    sale: &Content,
) -> Vec<WorkedRefund<'a>> {
    let mut worked: Vec<WorkedRefund<'a>> = Vec::new();
    for refund in case.refunds() {
        let content = content(case, refund, sale, &worked);
        worked.push(WorkedRefund {
            refund,
            kind: kind(case, sold, refund),
            content,
        });
    }
    worked
}

fn kind(case: &OrderCase<'_>, sold: &Sold, refund: &Refund) -> DocumentKind {
    if let Some(posted) = case.posted(Role::Refund(refund.id)) {
        return posted.kind;
    }
    let before_payment = sold
        .paid_on
        .is_none_or(|paid_on| refund.created_at < paid_on);
    if sold.kind == DocumentKind::Invoice && before_payment {
        DocumentKind::CreditMemo
    } else {
        DocumentKind::RefundReceipt
    }
}

fn content(
    case: &OrderCase<'_>,
    refund: &Refund,
    sale: &Content,
    earlier: &[WorkedRefund<'_>],
) -> Result<Option<Content>, Reason> {
    figures::check_refund(case.order, refund)?;
    let rows = rows(case, refund);
    if !rows.is_empty() {
        return by_rows(case, refund, &rows, sale).map(Some);
    }
    if refund.amount.is_zero() {
        return Ok(None);
    }
    if refund.amount.is_negative() {
        return Err(hold::refund_totals_mismatch(
            case.order,
            refund,
            Money::ZERO,
            Money::ZERO,
        ));
    }
    let before: Money = earlier.iter().map(|worked| worked.refund.amount).sum();
    let is_the_rest = before + refund.amount == case.order.total;
    if is_the_rest && case.rules.policy.full_refund_without_lines == FullRefundWithoutLines::Mirror
    {
        let mut taken = Vec::new();
        for worked in earlier {
            match &worked.content {
                Ok(content) => taken.extend(content),
                Err(_) => return Err(hold::refund_waits(case.order, refund, worked.refund.id)),
            }
        }
        if let Some(content) = mirror::content(case, refund, sale, &taken)? {
            return Ok(Some(content));
        }
    }
    amount_only::content(case, refund, sale).map(Some)
}

fn by_rows(
    case: &OrderCase<'_>,
    refund: &Refund,
    rows: &[RefundedRow<'_>],
    sale: &Content,
) -> Result<Content, Reason> {
    let order = case.order;
    let taxes = Taxes::of_refund(*case, refund);
    let charged: Vec<ChargedRate<'_>> = refund
        .tax_lines
        .iter()
        .map(|rate| ChargedRate {
            rate,
            amount: -rate.total(),
        })
        .collect();
    let tax_total: Money = charged.iter().map(|charged| charged.amount).sum();
    let tax_on_rows: Money = rows.iter().map(RefundedRow::tax).sum();
    if refund.tax_lines.is_empty() && !tax_on_rows.is_zero() {
        return Err(hold::tax_lines_mismatch(
            order,
            Some(refund),
            tax_on_rows,
            Money::ZERO,
        ));
    }
    if !tax_total.is_zero() && !case.company.uses_tax {
        return Err(hold::company_tax_off(order));
    }

    let mut lines = Vec::new();
    for row in rows {
        lines.extend(row.lines(case, refund, &taxes)?);
    }
    let mut warnings = Vec::new();
    let sum: Money = lines.iter().map(|drafted| drafted.line.amount).sum();
    let difference = refund.amount - sum - tax_total;
    if refund.amount.is_negative() || tax_total.is_negative() {
        return Err(hold::refund_totals_mismatch(order, refund, sum, tax_total));
    }
    if difference.abs() <= case.rounding_max() {
        if !difference.is_zero() {
            lines.push(lines::rounding(difference, taxes.no_tax()?));
            warnings.push(hold::rounding_of_refund(order, refund, difference));
        }
    } else if difference.is_positive() {
        lines.push(lines::adjustment(difference, taxes.no_tax()?));
        warnings.push(hold::refund_more_than_lines(order, refund, difference));
    } else {
        return Err(hold::refund_totals_mismatch(order, refund, sum, tax_total));
    }
    Ok(Content {
        total: refund.amount,
        tax_total,
        tax: taxes.amounts(&charged, &lines)?,
        document_tax_code: if tax_total.is_zero() {
            None
        } else {
            sale.document_tax_code.clone()
        },
        lines,
        warnings,
    })
}

/// The document of a refund; `None` when it gave nothing back. `account` is where the money of the sale went.
pub(super) fn entry(
    case: &OrderCase<'_>,
    worked: &WorkedRefund<'_>,
    account: Option<&str>,
) -> Result<Option<Entry>, Reason> {
    let refund = worked.refund;
    let Some(content) = worked.content.as_ref().map_err(Clone::clone)? else {
        return Ok(None);
    };
    let key = case.key(Role::Refund(refund.id));
    let returns_money = worked.kind == DocumentKind::RefundReceipt;
    let document = Document {
        number: number::refund(case, refund.id),
        account: match account {
            _ if !returns_money => None,
            Some(account) => Some(account.to_owned()),
            None => Some(deposit::account(case)?),
        },
        payment_method: if returns_money {
            deposit::payment_method(case)
        } else {
            None
        },
        note: note::refund(case, refund),
        ..content.document(
            case,
            key,
            worked.kind,
            date::day_of(case, refund.created_at),
        )
    };
    let mut entry = decide::entry(case, document)?;
    entry.warnings.extend(content.warnings.iter().cloned());
    Ok(Some(entry))
}

/// Posted refunds that the shop no longer has: the money may have moved, so they stay.
pub(super) fn deleted(case: &OrderCase<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for posted in case.posted {
        let Role::Refund(id) = posted.key.role else {
            continue;
        };
        if !posted.voided && case.order.refunds.iter().all(|refund| refund.id != id) {
            let mut entry = decide::kept(posted);
            entry
                .warnings
                .push(hold::refund_deleted(case.order, id, posted));
            entries.push(entry);
        }
    }
    entries
}

/// Whether an edited order still has what its posted refunds gave back, by rows or by whatever was left.
pub(super) fn still_fit(case: &OrderCase<'_>, worked: &[WorkedRefund<'_>]) -> Result<(), Reason> {
    for worked in worked {
        let posted = case
            .posted(Role::Refund(worked.refund.id))
            .and_then(|posted| posted.document.as_ref());
        let (Some(posted), Ok(Some(content))) = (posted, &worked.content) else {
            continue;
        };
        let before = posted.lines.iter().map(|line| line.amount);
        let now = content.lines.iter().map(|drafted| drafted.line.amount);
        if posted.tax_total != content.tax_total || !before.eq(now) {
            return Err(hold::refunds_no_longer_fit(case.order, worked.refund.id));
        }
    }
    rows_still_fit(case)
}

fn rows_still_fit(case: &OrderCase<'_>) -> Result<(), Reason> {
    let order = case.order;
    let sold = |line: u64| -> Option<Money> {
        let items = order.items.iter().map(|line| (line.id, line.total));
        let shipping = order
            .shipping_lines
            .iter()
            .map(|line| (line.id, line.total));
        let fees = order.fees.iter().map(|line| (line.id, line.total));
        items
            .chain(shipping)
            .chain(fees)
            .find(|(id, _)| *id == line)
            .map(|(_, total)| total.rounded())
    };
    let mut taken: BTreeMap<u64, Money> = BTreeMap::new();
    for refund in case.refunds() {
        if case.posted(Role::Refund(refund.id)).is_none() {
            continue;
        }
        for row in rows(case, refund) {
            let Some(line) = row.refunds_line else {
                continue;
            };
            let so_far = taken.entry(line).or_default();
            *so_far -= row.total;
            let fits = sold(line).is_some_and(|total| so_far.abs() <= total.abs());
            if !fits {
                return Err(hold::refunds_no_longer_fit(order, refund.id));
            }
        }
    }
    Ok(())
}
