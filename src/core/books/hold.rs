//! Holds, skips and warnings: every reason the accountant gives, in one place.
//!
//! Each hold says which order, the figures or names, why it matters in one clause, and what can be
//! typed to resolve it. The code words are part of the contract. No buyer is ever named.

mod decimals;
mod refund;
mod tax;
mod warning;
mod way_out;

use chrono::NaiveDate;

use crate::model::document::DocumentKind;
use crate::model::fault::Reason;
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::{Order, Refund};

pub(super) use decimals::*;
pub(super) use refund::*;
pub(super) use tax::*;
pub(super) use warning::*;
pub use way_out::way_out;

/// The skip of an order whose card was authorised and not charged.
pub(super) const AUTHORISED_ONLY: &str = "on_hold_not_invoice_gateway";

const RETRY: &str = "then run `udsync retry --all`";

/// ``order `1042` ``, with the id where it is another.
fn named(order: &Order) -> String {
    named_by(order.id, &order.number)
}

fn named_by(id: u64, number: &str) -> String {
    if number == id.to_string() {
        format!("order `{number}`")
    } else {
        format!("order `{number}` (id {id})")
    }
}

fn named_refund(order: &Order, refund: &Refund) -> String {
    format!("refund `{}` of {}", refund.id, named(order))
}

pub(super) fn before_start(order: &Order, made: NaiveDate, start: NaiveDate) -> Reason {
    Reason::new(
        "order_before_start",
        format!(
            "{} was made on {made}, before `start_date` {start}, and is left alone; an earlier day in `[sync.orders]` has it posted",
            named(order)
        ),
    )
    .hint("an earlier `start_date` in `[sync.orders]` has it posted, with all others from that day on that are not in the books by udsync")
}

// What the shop's own mapping has to say.

pub(super) fn mapping_skipped(order: &Order, because: &str) -> Reason {
    Reason::new(
        "mapping_skipped",
        format!("{} is left out by the mapping: {because}", named(order)),
    )
}

pub(super) fn mapping_refused(order: &Order, why: &str) -> Reason {
    Reason::new(
        "mapping_refused",
        format!("{} could not be mapped: {why}", named(order)),
    )
    .hint(format!(
        "`udsync mapping preview orders --id {}` shows each step; mend `mappings/woocommerce-quickbooks/orders.toml` or the order, {RETRY}",
        order.id
    ))
}

// Skips.

pub(super) fn skip(order: &Order, code: &str) -> Reason {
    Reason::new(
        code,
        format!(
            "{} is `{}`, which is no sale to post",
            named(order),
            order.status
        ),
    )
}

pub(super) fn authorised_only(order: &Order) -> Reason {
    Reason::new(
        AUTHORISED_ONLY,
        format!(
            "{} is on hold and `{}` is no gateway for invoices: an authorisation is not revenue",
            named(order),
            order.payment_method
        ),
    )
    .hint("if its orders are owed, add the gateway to `books.policy.invoice_gateways`")
}

pub(super) fn zero_total(order: &Order) -> Reason {
    Reason::new(
        "zero_total",
        format!("{} is worth 0.00 and has nothing to post", named(order)),
    )
}

pub(super) fn cancelled_before_posting(id: u64, number: &str, word: &str) -> Reason {
    Reason::new(
        "status_cancelled",
        format!("{} was {word} before it was posted", named_by(id, number)),
    )
}

// Holds of a whole order.

pub(super) fn status_unmapped(order: &Order) -> Reason {
    Reason::new(
        "status_unmapped",
        format!(
            "{} has the status `{}`, and nobody has said whether that is a sale",
            named(order),
            order.status
        ),
    )
    .hint(format!(
        "add `\"{}\" = \"as_paid\"` (or `as_invoice`, or `skip`) to `[books.policy.status_map]`, {RETRY}",
        order.status
    ))
}

pub(super) fn sale_was_voided(order: &Order, sale: &Posted) -> Reason {
    Reason::new(
        if sale.kind == DocumentKind::Invoice {
            "edited_after_posting"
        } else {
            "edited_in_quickbooks"
        },
        format!(
            "{} is a sale, but its {} `{}` was voided, and a voided document is never made again",
            named(order),
            sale.kind,
            sale.number
        ),
    )
    .hint(format!(
        "enter it in QuickBooks by hand, then run `udsync retry --list` and `udsync retry --skip ID --why \"entered by hand\"` for {}",
        named(order)
    ))
}

pub(super) fn document_was_voided(order: &Order, document: &Posted) -> Reason {
    Reason::new(
        "edited_in_quickbooks",
        format!(
            "the {} `{}` of {} was voided in QuickBooks, and a voided document is never made again",
            document.kind,
            document.number,
            named(order)
        ),
    )
    .hint("enter it in QuickBooks by hand, then set it aside with `udsync retry --skip ID --why TEXT`")
}

pub(super) fn no_longer_paid(order: &Order) -> Reason {
    Reason::new(
        "edited_after_posting",
        format!(
            "{} was posted as paid and has no paid date any more, and a sale is never turned into a debt",
            named(order)
        ),
    )
    .hint("restore the paid date in WooCommerce, or correct the books by hand and set it aside with `udsync retry --skip ID --why TEXT`")
}

pub(super) fn currency_changed(order: &Order, posted: &Posted) -> Reason {
    Reason::new(
        "edited_after_posting",
        format!(
            "{} is now in `{}`, but its {} `{}` was posted in `{}`, and a document keeps its currency",
            named(order),
            order.currency,
            posted.kind,
            posted.number,
            posted.currency
        ),
    )
    .hint("change the currency back in WooCommerce, or correct the books by hand and set it aside with `udsync retry --skip ID --why TEXT`")
}

pub(super) fn refunds_no_longer_fit(order: &Order, refund: u64) -> Reason {
    Reason::new(
        "edited_after_posting",
        format!(
            "{} was edited after its refund `{refund}` was posted, and the refund gives back more than the order still has",
            named(order)
        ),
    )
    .hint("undo the edit in WooCommerce, or correct the refund there, then run `udsync retry --all`")
}

pub(super) fn edits_are_held(order: &Order, posted: &Posted, total: Money) -> Reason {
    Reason::new(
        "edited_after_posting",
        format!(
            "{} was edited after posting: its {} `{}` has {} and would have {}",
            named(order),
            posted.kind,
            posted.number,
            posted.total,
            total
        ),
    )
    .hint(format!(
        "set `edit_after_posting = \"update\"` in `[books.policy]`, {RETRY}"
    ))
}

pub(super) fn nothing_left_to_post(order: &Order) -> Reason {
    Reason::new(
        "edited_after_posting",
        format!(
            "{} was emptied after posting, and a document needs at least one line",
            named(order)
        ),
    )
    .hint("void the document in QuickBooks, or restore the order in WooCommerce, then run `udsync retry --all`")
}

pub(super) fn negative_total(order: &Order) -> Reason {
    Reason::new(
        "negative_total",
        format!(
            "{} has a total of {} and tax of {}, and a sale cannot be below zero",
            named(order),
            order.total,
            order.total_tax
        ),
    )
    .hint(format!("correct the order in WooCommerce, {RETRY}"))
}

pub(super) fn amount_precision(order: &Order, what: &str, amount: Money) -> Reason {
    Reason::new(
        "amount_precision",
        format!(
            "{} has {amount} {} as {what}, and the books keep two decimals",
            named(order),
            order.currency
        ),
    )
    .hint("enter it in QuickBooks by hand, rounded as your accountant says, and set the order aside with `udsync retry --skip ID --why TEXT`")
}

pub(super) fn currency_not_enabled(order: &Order, home: &str) -> Reason {
    Reason::new(
        "currency_not_enabled",
        format!(
            "{} is in `{}`, but the books keep `{home}` only, so its amounts have no place in them",
            named(order),
            order.currency
        ),
    )
    .hint(format!(
        "turn on Multicurrency in QuickBooks (Account and settings, Advanced; it cannot be undone), {RETRY}"
    ))
}

pub(super) fn company_tax_off(order: &Order) -> Reason {
    Reason::new(
        "company_tax_off",
        format!(
            "{} has {} of tax, but sales tax is switched off in QuickBooks, and tax is never posted as income",
            named(order),
            order.total_tax
        ),
    )
    .hint(format!("set up sales tax in QuickBooks (Taxes), {RETRY}"))
}

pub(super) fn refund_exceeds_order(order: &Order, refunded: Money) -> Reason {
    Reason::new(
        "refund_exceeds_order",
        format!(
            "{} has a total of {}, but its refunds add up to {refunded}: more was given back than charged",
            named(order),
            order.total
        ),
    )
    .hint(format!("correct or delete the refund in WooCommerce, {RETRY}"))
}

pub(super) fn order_totals_mismatch(order: &Order, lines: Money, residue: Money) -> Reason {
    Reason::new(
        "order_totals_mismatch",
        format!(
            "{} does not add up: total {}, tax {}, lines {lines}, difference {residue}; posting it would hide that difference",
            named(order),
            order.total,
            order.total_tax
        ),
    )
    .hint(format!(
        "find what changed the total without a line (often a plugin) and correct the order in WooCommerce, {RETRY}"
    ))
}

// Money and periods.

pub(super) fn payment_method_unmapped(order: &Order) -> Reason {
    let method = if order.payment_method.trim().is_empty() {
        "*"
    } else {
        order.payment_method.trim()
    };
    Reason::new(
        "payment_method_unmapped",
        format!(
            "{} was paid by `{method}` in `{}`, and no account is set for that money",
            named(order),
            order.currency
        ),
    )
    .hint(format!(
        "add `\"{method}\" = \"<the QuickBooks account>\"` to `[books.deposit]`, {RETRY}"
    ))
}

pub(super) fn deposit_in_another_currency(
    order: &Order,
    account: &str,
    currency: &str,
    home: &str,
) -> Reason {
    Reason::new(
        "payment_method_unmapped",
        format!(
            "{} is in `{}`, but the account `{account}` for its money is in `{currency}`; it must be in `{}` or `{home}`",
            named(order),
            order.currency,
            order.currency
        ),
    )
    .hint(format!(
        "add `\"{}:{}\" = \"<an account in that currency>\"` to `[books.deposit]`, {RETRY}",
        order.payment_method.trim(),
        order.currency
    ))
}

pub(super) fn fee_account_missing(order: &Order) -> Reason {
    Reason::new(
        "payment_method_unmapped",
        format!(
            "{} has a gateway fee, and no expense account is set for it",
            named(order)
        ),
    )
    .hint(format!(
        "set `gateway_fees = \"<the QuickBooks account>\"` in `[books]`, {RETRY}"
    ))
}

pub(super) fn fee_account_cannot_pay(order: &Order, account: &str, kind: &str) -> Reason {
    Reason::new(
        "payment_method_unmapped",
        format!(
            "the gateway fee of {} would be paid from `{account}`, which is of type `{kind}`: only a bank or credit card account can pay",
            named(order)
        ),
    )
    .hint(format!(
        "name a clearing account of type Bank for `{}` in `[books.deposit]`, {RETRY}",
        order.payment_method.trim()
    ))
}

pub(super) fn period_closed(
    id: u64,
    number: &str,
    what: &str,
    date: NaiveDate,
    closed: NaiveDate,
) -> Reason {
    Reason::new(
        "period_closed",
        format!(
            "{} cannot be posted: its {what} is dated {date}, and the books are closed through {closed}",
            named_by(id, number)
        ),
    )
    .hint(format!(
        "move the closing date in QuickBooks, or set `closed_period = \"first_open_day\"` in `[books.policy]` for new documents, {RETRY}"
    ))
}

/// A change of what stands in a closed period already: another day would leave the document of that day as it is.
pub(super) fn change_in_closed_period(
    id: u64,
    number: &str,
    what: &str,
    date: NaiveDate,
    closed: NaiveDate,
) -> Reason {
    period_closed(id, number, what, date, closed).hint(format!(
        "move the closing date in QuickBooks, {RETRY}; or make both agree by hand and set it aside with `udsync retry --skip ID --why TEXT`"
    ))
}

pub(super) fn date_unlikely(order: &Order, what: &str, date: NaiveDate) -> Reason {
    Reason::new(
        "date_unlikely",
        format!(
            "{} cannot be posted: its {what} would be dated {date}, when nothing can have been sold",
            named(order)
        ),
    )
    .hint(format!(
        "correct the date of the order in WooCommerce (a plugin or an import has written it), {RETRY}"
    ))
}
