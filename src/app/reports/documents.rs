//! What a document adds to each report.

use std::collections::BTreeMap;

use super::{ReportCheck, ReportColumns, ReportKind, ReportTable};
use crate::books::double_entry::tax_by_rate;
use crate::model::document::{LineKind, Role};
use crate::model::link::Posted;
use crate::model::money::Money;

/// `goods` is what no other column says, so that each row adds up: `goods` + `discounts` + `shipping` + `fees` + `rounding` = `net`, and
/// `net` + `tax` = `total`.
pub(super) const SALES: ReportColumns = ReportColumns {
    words: &["currency"],
    count: "documents",
    amounts: &[
        "goods",
        "discounts",
        "shipping",
        "fees",
        "rounding",
        "net",
        "tax",
        "total",
    ],
    checks: &[
        ReportCheck {
            label: "parts less net",
            plus: &["goods", "discounts", "shipping", "fees", "rounding"],
            minus: &["net"],
        },
        NET_AND_TAX,
    ],
};
pub(super) const TAX: ReportColumns = ReportColumns {
    words: &["currency", "rate"],
    count: "documents",
    amounts: &[
        "sales_base",
        "sales_tax",
        "refunds_base",
        "refunds_tax",
        "tax",
    ],
    checks: &[ReportCheck {
        label: "of sales less of refunds less tax",
        plus: &["sales_tax"],
        minus: &["refunds_tax", "tax"],
    }],
};
pub(super) const FEES: ReportColumns = ReportColumns {
    words: &["currency", "account"],
    count: "documents",
    amounts: &["fees"],
    checks: &[],
};
pub(super) const REFUNDS: ReportColumns = ReportColumns {
    words: &["currency", "document"],
    count: "documents",
    amounts: &["net", "tax", "total"],
    checks: &[NET_AND_TAX],
};
const NET_AND_TAX: ReportCheck = ReportCheck {
    label: "net and tax less total",
    plus: &["net", "tax"],
    minus: &["total"],
};

/// Adds a document that stands to a report, if it belongs there.
pub(super) fn add(table: &mut ReportTable, posted: &Posted) {
    let currency = posted.currency.as_str();
    let net = posted.total - posted.tax_total;
    match (table.kind, posted.key.role) {
        (ReportKind::Sales, Role::Sale) => {
            let of = |kind| of_lines(posted, kind);
            let shown = [
                of(LineKind::Discount),
                of(LineKind::Shipping),
                of(LineKind::Fee),
                of(LineKind::Rounding),
            ];
            let goods = net - shown.into_iter().sum();
            let mut amounts = vec![goods];
            amounts.extend(shown);
            amounts.extend([net, posted.tax_total, posted.total]);
            table.add(posted.date, &[currency], 1, &amounts);
        }
        (ReportKind::Tax, Role::Sale | Role::Refund(_)) => add_tax(table, posted),
        (ReportKind::Fees, Role::Fee | Role::Credit) => {
            let account = posted.document.as_ref();
            let account = account.and_then(|document| document.account.as_deref());
            let words = [currency, account.unwrap_or_default()];
            // Money of a payout that is no fee at all is no document of fees.
            if let Some(fees) = fees_of(posted) {
                table.add(posted.date, &words, 1, &[fees]);
            }
        }
        // What the vendor charged, and what of it was given back.
        (ReportKind::Fees, role @ (Role::Bill | Role::VendorCredit)) => {
            let total = match role {
                Role::VendorCredit => -posted.total,
                _ => posted.total,
            };
            let words = [currency, "accounts payable"];
            table.add(posted.date, &words, 1, &[total]);
        }
        (ReportKind::Refunds, Role::Refund(_)) => {
            let words = [currency, posted.kind.as_str()];
            let amounts = [net, posted.tax_total, posted.total];
            table.add(posted.date, &words, 1, &amounts);
        }
        _ => {}
    }
}

/// What of a document of a gateway or of a payout is fees. Disputes, reserves and adjustments stand on lines of their own kind, whatever
/// their account is. Of one without its lines nothing else is known than that the money went or came.
pub(super) fn fees_of(posted: &Posted) -> Option<Money> {
    let is_back = posted.key.role == Role::Credit;
    let Some(document) = &posted.document else {
        return (!is_back).then_some(posted.total);
    };
    let mut kinds = document.lines.iter().map(|line| line.kind);
    if !kinds.any(|kind| kind == LineKind::GatewayFee) {
        return None;
    }
    let fees = of_lines(posted, LineKind::GatewayFee);
    Some(if is_back { -fees } else { fees })
}

fn of_lines(posted: &Posted, kind: LineKind) -> Money {
    let lines = posted.document.iter().flat_map(|document| &document.lines);
    lines
        .filter(|line| line.kind == kind)
        .map(|line| line.amount)
        .sum()
}

/// What a rate was charged on is told where the document says it.
fn add_tax(table: &mut ReportTable, posted: &Posted) {
    let mut bases: BTreeMap<&str, Money> = BTreeMap::new();
    let taxes = posted.document.iter().flat_map(|document| &document.tax);
    for tax in taxes {
        *bases.entry(&tax.rate).or_default() += tax.base;
    }
    for (rate, tax) in tax_by_rate(posted) {
        let base = bases.get(rate.as_str()).copied().unwrap_or_default();
        let nothing = Money::ZERO;
        let amounts = match posted.key.role {
            Role::Refund(_) => [nothing, nothing, base, tax, -tax],
            _ => [base, tax, nothing, nothing, tax],
        };
        table.add(posted.date, &[&posted.currency, &rate], 1, &amounts);
    }
}
