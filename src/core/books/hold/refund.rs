//! Holds of one refund, and of the payment that waits for it.

use super::{RETRY, named, named_refund};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{Order, Refund};

pub(in crate::books) fn refund_amount_precision(
    order: &Order,
    refund: &Refund,
    amount: Money,
) -> Reason {
    Reason::new(
        "amount_precision",
        format!(
            "{} has an amount of {amount} {}, and the books keep two decimals",
            named_refund(order, refund),
            order.currency
        ),
    )
    .hint(format!("correct the refund in WooCommerce, {RETRY}"))
}

pub(in crate::books) fn refund_totals_mismatch(
    order: &Order,
    refund: &Refund,
    rows: Money,
    tax: Money,
) -> Reason {
    Reason::new(
        "refund_totals_mismatch",
        format!(
            "{} gave back {}, but its rows are worth {rows} and {tax} of tax, difference {}: nobody can say which row was not given back",
            named_refund(order, refund),
            refund.amount,
            refund.amount - rows - tax
        ),
    )
    .hint(format!(
        "delete the refund in WooCommerce and make it again with the right rows, {RETRY}"
    ))
}

pub(in crate::books) fn refund_tax_only(order: &Order, refund: &Refund, tax: Money) -> Reason {
    Reason::new(
        "refund_tax_only",
        format!(
            "{} gives back {tax} of tax on a line that has none in the order, so the tax has no base in the books",
            named_refund(order, refund)
        ),
    )
    .hint("enter it in QuickBooks by hand, then set it aside with `udsync retry --skip ID --why TEXT`")
}

pub(in crate::books) fn refund_is_to_be_held(order: &Order, refund: &Refund) -> Reason {
    Reason::new(
        "refund_without_lines",
        format!(
            "{} gave back {} without saying for what, so its tax is not known",
            named_refund(order, refund),
            refund.amount
        ),
    )
    .hint(format!(
        "set `amount_only_refund = \"no_tax\"` (or `prorate_tax`) in `[books.policy]`, {RETRY}"
    ))
}

pub(in crate::books) fn refund_waits(order: &Order, refund: &Refund, earlier: u64) -> Reason {
    Reason::new(
        "refund_without_lines",
        format!(
            "{} gives back whatever is left after refund `{earlier}`, which is held itself",
            named_refund(order, refund)
        ),
    )
    .hint(format!("resolve refund `{earlier}` first, {RETRY}"))
}

pub(in crate::books) fn payment_waits(order: &Order, because: &Reason) -> Reason {
    Reason::new(
        because.code.clone(),
        format!(
            "the payment of {} waits for a credit memo that is held: the two settle the invoice together",
            named(order)
        ),
    )
    .hint(format!("resolve the refund first, {RETRY}"))
}
