//! Warnings: what was posted, or left alone, with a remark.

use chrono::NaiveDate;

use super::{named, named_by, named_refund};
use crate::model::fault::Reason;
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::{Order, Refund};

pub(in crate::books) fn rounding_line(whose: &str, amount: Money) -> Reason {
    Reason::new(
        "rounding_line",
        format!("{whose} was off by {amount} in the shop's own figures, posted as a rounding line"),
    )
}

pub(in crate::books) fn rounding_of_order(order: &Order, amount: Money) -> Reason {
    rounding_line(&named(order), amount)
}

pub(in crate::books) fn rounding_of_refund(
    order: &Order,
    refund: &Refund,
    amount: Money,
) -> Reason {
    rounding_line(&named_refund(order, refund), amount)
}

pub(in crate::books) fn mapping_waits(posted: &Posted, because: &str) -> Reason {
    Reason::new(
        "mapping_waits",
        format!(
            "{} `{}` keeps the words it was posted with, though the mapping says others by now, because {because}",
            posted.kind, posted.number
        ),
    )
}

pub(in crate::books) fn unpaid_without_invoice_gateway(order: &Order) -> Reason {
    Reason::new(
        "unpaid_without_invoice_gateway",
        format!(
            "{} is `{}` without a paid date, and `{}` is no gateway for invoices; posted as an invoice",
            named(order),
            order.status,
            order.payment_method
        ),
    )
}

pub(in crate::books) fn status_went_back(order: &Order) -> Reason {
    Reason::new(
        "status_went_back",
        format!(
            "{} went back to `{}` after it was posted; nothing was changed",
            named(order),
            order.status
        ),
    )
}

pub(in crate::books) fn cancelled_after_payment(id: u64, number: &str, word: &str) -> Reason {
    Reason::new(
        "cancelled_after_payment",
        format!(
            "{} was {word} after it was posted; its documents stay, because only a refund gives money back",
            named_by(id, number)
        ),
    )
    .hint("if the money went back, make a refund in WooCommerce")
}

pub(in crate::books) fn refund_deleted(order: &Order, refund: u64, posted: &Posted) -> Reason {
    Reason::new(
        "refund_deleted_in_woocommerce",
        format!(
            "refund `{refund}` of {} is gone from WooCommerce; its {} `{}` over {} stays, because the money may have moved",
            named(order),
            posted.kind,
            posted.number,
            posted.total
        ),
    )
}

pub(in crate::books) fn refund_without_lines(order: &Order, refund: &Refund) -> Reason {
    Reason::new(
        "refund_without_lines",
        format!(
            "{} gave back {} without lines and without tax, and so does its document",
            named_refund(order, refund),
            refund.amount
        ),
    )
}

pub(in crate::books) fn refund_more_than_lines(
    order: &Order,
    refund: &Refund,
    more: Money,
) -> Reason {
    Reason::new(
        "refund_more_than_lines",
        format!(
            "{} gave back {more} more than its rows and tax, posted as a refund adjustment",
            named_refund(order, refund)
        ),
    )
}

pub(in crate::books) fn gateway_fee_currency_mismatch(order: &Order, currency: &str) -> Reason {
    Reason::new(
        "gateway_fee_currency_mismatch",
        format!(
            "the gateway kept its fee of {} in `{currency}`, and the order is in `{}`; no fee was posted",
            named(order),
            order.currency
        ),
    )
}

pub(in crate::books) fn date_moved(order: &Order, true_date: NaiveDate, date: NaiveDate) -> Reason {
    Reason::new(
        "date_moved_to_open_period",
        format!(
            "a document of {} belongs to {true_date}, which is closed; it was dated {date}",
            named(order)
        ),
    )
}
