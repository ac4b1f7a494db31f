//! Believed: whether what the shop says of an order is what was charged, and what is done where it is not.
//!
//! WooCommerce rounds totals and taxes to its present *Number of decimals* when it shows an order. What was charged with cents
//! reads without them after that setting went to 0, and nothing that is asked brings them back; the amounts of lines and the tax of each rate
//! keep theirs. So an order that was posted under a finer setting is left as it is. One that was never posted is believed if its
//! parts, which are not rounded, come to its total, or if it was surely made under the setting of now.

use rust_decimal::RoundingStrategy;

use super::case::{is_open_invoice, posted_as};
use super::{Decision, OrderAccount, decide, hold, status};
use crate::model::decimals::{Decimals, decimals_of};
use crate::model::document::{Document, DocumentKind, LineKind, Role};
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::{FeeLine, ItemLine, Order, Refund, ShippingLine, TaxLine, TaxShare};

/// Why the figures of an order are not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FigureDoubt {
    /// The setting may be put back: everything of the order waits for that.
    Waits,
    /// The setting stays: what is posted stays as it was posted, and what is new is a person's.
    Left,
}

/// The setting under which the figures of an order were made, the finest it can have been.
fn made_under(order: &Order, posted: &[Posted], decimals: &Decimals) -> Option<u32> {
    let sale = posted_as(posted, Role::Sale).or_else(|| posted.first());
    match sale.and_then(|sale| sale.document.as_ref()) {
        Some(document) => document.decimals.or_else(|| decimals.first()),
        None => decimals.made_under(order.created_at),
    }
}

/// Whether the figures of an order are to be doubted, and how.
fn doubt(order: &Order, posted: &[Posted], decimals: &Decimals) -> Option<FigureDoubt> {
    let made_under = made_under(order, posted, decimals)?;
    if decimals.shows_whole(made_under, &order.currency) {
        return None;
    }
    if posted.is_empty() && adds_up(order) {
        return None;
    }
    Some(match decimals.accepted {
        true => FigureDoubt::Left,
        false => FigureDoubt::Waits,
    })
}

/// Whether an order waits for the shop to show its figures again.
pub fn is_doubted(order: &Order, posted: &[Posted], decimals: &Decimals) -> bool {
    doubt(order, posted, decimals) == Some(FigureDoubt::Waits)
}

/// What becomes of an order: as the accountant would have it where its figures are believed.
pub fn with_doubt(
    account: OrderAccount,
    order: &Order,
    posted: &[Posted],
    decimals: &Decimals,
) -> OrderAccount {
    let before = made_under(order, posted, decimals);
    let doubt = match doubt(order, posted, decimals) {
        None => return marked(account, posted, before, decimals),
        // What is not to be posted anyhow waits for nothing.
        Some(_) if account.skip.is_some() => return account,
        Some(doubt) => doubt,
    };
    let (before, now) = (
        before.unwrap_or_default(),
        decimals.now().unwrap_or_default(),
    );
    match doubt {
        FigureDoubt::Waits if posted.is_empty() => {
            OrderAccount::skipped(hold::figures_wait(order, before, now))
        }
        FigureDoubt::Left if posted.is_empty() => {
            OrderAccount::held(hold::figures_lost(order, before, now))
        }
        FigureDoubt::Left if has_news(order, posted) => OrderAccount {
            entries: decide::all_kept(posted),
            ..OrderAccount::held(hold::figures_lost(order, before, now))
        },
        FigureDoubt::Waits | FigureDoubt::Left => OrderAccount {
            entries: decide::all_kept(posted),
            ..OrderAccount::default()
        },
    }
}

/// Puts on what is to be written under which setting it was read, where that is not the one that the shop had from the first.
fn marked(
    mut account: OrderAccount,
    posted: &[Posted],
    before: Option<u32>,
    decimals: &Decimals,
) -> OrderAccount {
    let now = decimals.now();
    if now == decimals.first() && now == before {
        return account;
    }
    for entry in &mut account.entries {
        if entry.decision == Decision::Update
            && now != before
            && let Some(posted) = posted_as(posted, entry.document.key.role)
            && let Some(was) = &posted.document
            && differs_by_rounding(was, &entry.document)
        {
            *entry = decide::kept(posted);
        }
        if matches!(entry.decision, Decision::Create | Decision::Update) {
            entry.document.decimals = now.filter(|_| now != decimals.first());
        }
    }
    account
}

/// With more decimals a shop adds the same tax up a cent otherwise. That is no edit of the order.
fn differs_by_rounding(was: &Document, now: &Document) -> bool {
    let goods = |document: &Document| {
        let lines = document.lines.iter();
        let lines = lines.filter(|line| line.kind != LineKind::Rounding);
        lines
            .map(|line| (line.source_line, line.amount, line.tax_code.clone()))
            .collect::<Vec<_>>()
    };
    was.total == now.total
        && (was.tax_total - now.tax_total).abs() <= Money::CENT
        && goods(was) == goods(now)
        && was.overlay == now.overlay
}

/// Whether something happened to the order that the books do not have, apart from its figures.
fn has_news(order: &Order, posted: &[Posted]) -> bool {
    let has = |role| posted_as(posted, role).is_some();
    let refunded = order
        .refunds
        .iter()
        .any(|refund| !refund.amount.is_zero() && !has(Role::Refund(refund.id)));
    let is_owed = posted_as(posted, Role::Sale)
        .is_some_and(|sale| sale.kind == DocumentKind::Invoice && !sale.voided);
    let paid = is_owed && order.paid_at.is_some() && !has(Role::Payment);
    let withdrawn = status::is_withdrawn(&order.status) && is_open_invoice(posted);
    refunded || paid || withdrawn
}

/// Whether the parts come to the total, and the tax of the rates to the tax, to the cent.
fn adds_up(order: &Order) -> bool {
    parts_of(order) + order.total_tax == order.total && taxes_of(order) == order.total_tax
}

fn parts_of(order: &Order) -> Money {
    let items = order.items.iter().map(|line| line.total);
    let shipping = order.shipping_lines.iter().map(|line| line.total);
    let fees = order.fees.iter().map(|line| line.total);
    items.chain(shipping).chain(fees).sum()
}

fn taxes_of(order: &Order) -> Money {
    order.tax_lines.iter().map(TaxLine::total).sum()
}

/// Shows an order with the decimals of its own setting. A shop that computes with fewer than two keeps the finer amounts of its
/// lines, and means the rounded ones; what is finer than anything that somebody can be charged is left out.
pub fn at_own_decimals(order: &mut Order, posted: &[Posted], decimals: &Decimals) {
    let Some(own) = made_under(order, posted, decimals) else {
        return;
    };
    let most = decimals_of(&order.currency);
    if own >= most {
        round(order, most);
        round_refunds(order, most, |_| true);
        return;
    }
    let mut rounded = order.clone();
    round(&mut rounded, own);
    let is_meant = match (as_posted(order, posted), as_posted(&rounded, posted)) {
        (true, false) => false,
        (false, true) => true,
        _ => adds_up(&rounded) || !adds_up(order) && misses_less(&rounded, order),
    };
    if is_meant {
        *order = rounded;
    }
    round_refunds(order, own, |refund| {
        let items = refund.items.iter().map(|row| row.total);
        let shipping = refund.shipping_lines.iter().map(|row| row.total);
        let fees = refund.fees.iter().map(|row| row.total);
        let taxes = refund.tax_lines.iter().map(TaxLine::total);
        let sum: Money = items.chain(shipping).chain(fees).chain(taxes).sum();
        refund.amount == -sum
    });
}

/// Whether the goods have the very amounts that were posted.
fn as_posted(order: &Order, posted: &[Posted]) -> bool {
    let sale = posted_as(posted, Role::Sale).and_then(|sale| sale.document.as_ref());
    sale.is_some_and(|sale| {
        order.items.iter().all(|item| {
            let line = sale
                .lines
                .iter()
                .find(|line| line.kind == LineKind::Item && line.source_line == Some(item.id));
            line.is_some_and(|line| {
                line.amount == item.total.rounded() || line.amount == item.subtotal.rounded()
            })
        })
    })
}

fn misses_less(one: &Order, other: &Order) -> bool {
    let misses = |order: &Order| {
        (order.total - order.total_tax - parts_of(order)).abs()
            + (order.total_tax - taxes_of(order)).abs()
    };
    misses(one) <= misses(other)
}

fn round(order: &mut Order, places: u32) {
    to(&mut order.total, places);
    to(&mut order.total_tax, places);
    round_lines(
        &mut order.items,
        &mut order.shipping_lines,
        &mut order.fees,
        &mut order.tax_lines,
        places,
    );
}

/// Rounds the rows of the refunds for which that is right; what went back stays what it was.
fn round_refunds(order: &mut Order, places: u32, is_right: impl Fn(&Refund) -> bool) {
    for refund in &mut order.refunds {
        let mut rounded = refund.clone();
        round_lines(
            &mut rounded.items,
            &mut rounded.shipping_lines,
            &mut rounded.fees,
            &mut rounded.tax_lines,
            places,
        );
        if is_right(&rounded) {
            *refund = rounded;
        }
        to(&mut refund.amount, decimals_of(&order.currency));
    }
}

fn round_lines(
    items: &mut [ItemLine],
    shipping: &mut [ShippingLine],
    fees: &mut [FeeLine],
    taxes: &mut [TaxLine],
    places: u32,
) {
    let shares = |shares: &mut [TaxShare]| {
        let totals = shares.iter_mut().filter_map(|share| share.total.as_mut());
        totals.for_each(|total| to(total, places));
    };
    for item in items {
        to(&mut item.subtotal, places);
        to(&mut item.total, places);
        shares(&mut item.taxes);
    }
    for line in shipping {
        to(&mut line.total, places);
        shares(&mut line.taxes);
    }
    for fee in fees {
        to(&mut fee.total, places);
        shares(&mut fee.taxes);
    }
    for line in taxes {
        to(&mut line.tax_total, places);
        to(&mut line.shipping_tax_total, places);
    }
}

fn to(amount: &mut Money, places: u32) {
    let rounded = amount
        .decimal()
        .round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    *amount = Money::new(rounded).unwrap_or(*amount);
}
