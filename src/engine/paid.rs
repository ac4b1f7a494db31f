//! Paid: what people did in the books about what an order owes, and what the shop is told of it.
//!
//! An invoice that somebody paid by hand is news that only the books have, and the shop hears of it once. It hears it by a private note,
//! which mails nobody and moves nothing; or by the status of a paid order, where the shop's own rule allows one. Nothing of the order's
//! money is touched, and nothing of its lines or taxes. Money that came in part, or that is more than was owed, is told or held for a
//! person; a document that somebody voided or deleted is told, and the order stays as it is: cancelling it would mail and give stock back.

use std::collections::{BTreeMap, BTreeSet};

use crate::connector::port::{Detail, LedgerReader, ShopReader};
use crate::model::both::PaidInBooks;
use crate::model::document::{DocumentKey, DocumentKind, Role};
use crate::model::fault::{Fault, Reason};
use crate::model::link::{Link, LinkState};
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::plan::{Hold, RecordKey, Remote};
use crate::model::problem::{Problem, ProblemState};
use crate::model::shop_change::{
    OrderChange, OrderInShop, SettledStatus, ShopBefore, ShopChange, ShopStep,
};
use crate::model::ticket::{Found, FoundState};
use crate::store::{Memory, ShopAttempts, StoreError};

use super::error::EngineError;
use super::given_back::GivenBack;

/// An invoice of ours that is not as it was left, with what others entered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceSeen {
    pub remote: Remote,
    pub number: String,
    pub currency: String,
    /// What it was posted over.
    pub total: Money,
    /// `None`: it is deleted.
    pub stands: Option<Found>,
    /// The payments that others linked to it.
    pub payments: Vec<Found>,
}

/// What people did about the invoices of orders that the shop takes for unpaid, by order, and how the shop is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaidLook {
    pub paid: PaidInBooks,
    pub invoices: BTreeMap<u64, InvoiceSeen>,
    /// What others entered for orders that gives something back, or writes it off.
    pub given_back: BTreeMap<u64, Vec<GivenBack>>,
}

/// What is to be told and what waits for a person.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tellings {
    pub steps: Vec<ShopStep>,
    pub holds: Vec<Hold>,
}

/// A document of a sale that somebody voided or deleted in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    pub order: u64,
    pub kind: DocumentKind,
    pub id: String,
    pub number: String,
    pub total: Money,
    pub is_deleted: bool,
}

/// Asks the books about every invoice that nobody has paid as far as is known, or about those of these orders. What is owed as it was
/// left is no news, and neither is what the shop was told.
pub async fn look<F: LedgerReader>(
    finder: &F,
    store: &(impl Memory + ShopAttempts + ?Sized),
    paid: PaidInBooks,
    shop: &str,
    only: Option<&BTreeSet<u64>>,
) -> Result<PaidLook, EngineError> {
    let mut look = PaidLook {
        paid,
        ..PaidLook::default()
    };
    let links = store.open_invoices(finder.name())?;
    let links: Vec<(u64, Link)> = links
        .into_iter()
        .filter_map(|link| Some((order_of(&link)?, link)))
        .filter(|(order, _)| only.is_none_or(|only| only.contains(order)))
        .collect();
    if links.is_empty() {
        return Ok(look);
    }
    let remotes: Vec<Remote> = links.iter().map(|(_, link)| link.remote.clone()).collect();
    let found = finder.read(&remotes).await?;
    for ((order, link), stands) in links.into_iter().zip(found) {
        let Some(posted) = link.posted else { continue };
        let is_as_left = stands.as_ref().is_some_and(|found| {
            found.state == FoundState::Active
                && found.balance.is_none_or(|owed| owed == found.total)
        });
        if is_as_left {
            continue;
        }
        let seen = InvoiceSeen {
            remote: link.remote,
            number: posted.number,
            currency: posted.currency,
            total: posted.total,
            stands,
            payments: Vec::new(),
        };
        look.invoices.insert(order, seen);
    }
    payments_of(finder, store, &mut look).await?;
    let mut told = Vec::new();
    for (order, seen) in &look.invoices {
        if is_told(*order, seen, store, shop)? {
            told.push(*order);
        }
    }
    told.iter()
        .for_each(|order| drop(look.invoices.remove(order)));
    Ok(look)
}

fn order_of(link: &Link) -> Option<u64> {
    match link.subject {
        crate::model::plan::Subject::Document(key) => key.order(),
        _ => None,
    }
}

/// Reads what others linked to the invoices. An invoice that a payment of ours settles is no business of theirs.
async fn payments_of<F: LedgerReader>(
    finder: &F,
    store: &(impl Memory + ?Sized),
    look: &mut PaidLook,
) -> Result<(), EngineError> {
    let entity = DocumentKind::Payment;
    let mut theirs: Vec<(u64, Remote)> = Vec::new();
    let mut ours = BTreeSet::new();
    for (order, seen) in &look.invoices {
        let ids = seen.stands.iter().flat_map(|found| &found.payments);
        for id in ids {
            let links = store.links_of_remote(finder.name(), entity.as_str(), id)?;
            if links.iter().any(|link| link.state != LinkState::Settled) {
                ours.insert(*order);
            }
            let remote = Remote {
                entity: entity.into(),
                id: id.clone(),
                revision: String::new(),
            };
            theirs.push((*order, remote));
        }
    }
    if theirs.is_empty() {
        return Ok(());
    }
    let remotes: Vec<Remote> = theirs.iter().map(|(_, remote)| remote.clone()).collect();
    let found = finder.read(&remotes).await?;
    for ((order, _), payment) in theirs.into_iter().zip(found) {
        let Some(payment) = payment else { continue };
        if payment.marker.is_some() {
            ours.insert(order);
        }
        if let Some(seen) = look.invoices.get_mut(&order) {
            seen.payments.push(payment);
        }
    }
    ours.iter()
        .for_each(|order| drop(look.invoices.remove(order)));
    Ok(())
}

/// Whether there is nothing more to say or to hold: an invoice that is paid in whole, and of which the shop was told.
fn is_told(
    order: u64,
    seen: &InvoiceSeen,
    store: &(impl ShopAttempts + ?Sized),
    shop: &str,
) -> Result<bool, StoreError> {
    let news = News::of(seen);
    if !matches!(news, News::Paid | News::Closed) {
        return Ok(false);
    }
    Ok(
        store.is_done_in_shop(shop, &news.mark(order, &seen.remote.id))?
            || store.is_done_in_shop(shop, &status_mark(order, &seen.remote.id))?,
    )
}

/// What became of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// All of it, by a payment.
    Paid,
    /// All of it, and by no payment: a credit, a discount, a journal entry. The shopper need have paid nothing.
    Closed,
    /// So much is left.
    InPart(Money),
    /// More came than was owed, and lies there as a credit.
    Over(Money),
    Voided,
    Deleted,
}

impl News {
    fn of(seen: &InvoiceSeen) -> News {
        let Some(found) = &seen.stands else {
            return News::Deleted;
        };
        if found.state == FoundState::Voided || found.total.is_zero() {
            return News::Voided;
        }
        let left: Vec<Money> = seen
            .payments
            .iter()
            .filter_map(|payment| payment.unapplied)
            .collect();
        if let Some(over) = left.into_iter().find(|left| left.is_positive()) {
            return News::Over(over);
        }
        // QuickBooks links a credit to an invoice by a payment over nothing: no money came.
        let came: Money = seen.payments.iter().map(|payment| payment.total).sum();
        match found.balance {
            Some(owed) if !owed.is_zero() => News::InPart(owed),
            _ if came < found.total => News::Closed,
            _ => News::Paid,
        }
    }

    /// What a note of it is known by. A further payment in part is further news.
    fn mark(self, order: u64, invoice: &str) -> String {
        match self {
            News::Paid => format!("udsync:paid:{order}:{invoice}"),
            News::Closed => format!("udsync:closed:{order}:{invoice}"),
            News::InPart(owed) => format!("udsync:part:{order}:{invoice}:{owed}"),
            News::Over(over) => format!("udsync:over:{order}:{invoice}:{over}"),
            News::Voided => withdrawn_mark(false, order, invoice),
            News::Deleted => withdrawn_mark(true, order, invoice),
        }
    }
}

fn withdrawn_mark(is_deleted: bool, order: u64, id: &str) -> String {
    let word = if is_deleted { "deleted" } else { "voided" };
    format!("udsync:{word}:{order}:{id}")
}

fn status_mark(order: u64, invoice: &str) -> String {
    format!("udsync:status:{order}:{invoice}")
}

/// What can be typed where a person has the last word.
const THEN: &str = "then run `udsync retry --all`";

/// Says what the shop is to be told of these orders.
pub async fn plan<S: ShopReader>(
    source: &S,
    store: &(impl ShopAttempts + ?Sized),
    look: &PaidLook,
    withdrawn: &[Withdrawn],
    orders: &BTreeMap<u64, Order>,
    problems: &[Problem],
) -> Result<Tellings, EngineError> {
    let mut tellings = Tellings::default();
    let shop = source.address();
    let ready = ready_when_paid(source, look, orders).await?;
    for (id, seen) in &look.invoices {
        let Some(order) = orders.get(id) else {
            continue;
        };
        if !is_aside(problems, *id) {
            of_invoice(look.paid, order, seen, ready.contains(id), &mut tellings);
        }
    }
    for one in withdrawn {
        if let Some(order) = orders.get(&one.order) {
            tellings.steps.extend(of_withdrawn(order, one));
        }
    }
    for (id, given) in &look.given_back {
        let Some(order) = orders.get(id).filter(|_| !is_aside(problems, *id)) else {
            continue;
        };
        for one in given {
            // A credit that closes the invoice is told with the invoice.
            let closes = one.open.is_some_and(Money::is_zero);
            let is_told = look.invoices.contains_key(id)
                || store.is_done_in_shop(shop, &News::Closed.mark(*id, &one.sale.id))?;
            if !(closes && is_told) {
                tellings.steps.extend(of_given_back(order, one));
            }
        }
    }
    let mut fresh = Vec::new();
    let mut seen = BTreeSet::new();
    for step in std::mem::take(&mut tellings.steps) {
        if seen.insert(step.mark.clone()) && !store.is_done_in_shop(shop, &step.mark)? {
            fresh.push(step);
        }
    }
    // A status last: what else an order is told was planned from the one that it has now.
    fresh.sort_by_key(|step| step.change.kind() == "status");
    tellings.steps = fresh;
    Ok(tellings)
}

fn is_aside(problems: &[Problem], order: u64) -> bool {
    let id = order.to_string();
    let key = DocumentKey::of_order(order, Role::Payment);
    problems.iter().any(|problem| {
        problem.state == ProblemState::SetAside
            && problem.source.id == id
            && problem.subject.is_none_or(|subject| subject == key)
    })
}

/// The orders of which nothing has to be sent: the shop takes them for done when they are paid. Only asked where it decides something.
async fn ready_when_paid<S: ShopReader>(
    source: &S,
    look: &PaidLook,
    orders: &BTreeMap<u64, Order>,
) -> Result<BTreeSet<u64>, Fault> {
    if look.paid != PaidInBooks::Status {
        return Ok(BTreeSet::new());
    }
    let goods = |order: &Order| -> BTreeSet<u64> {
        let ids = order
            .items
            .iter()
            .map(|line| line.variation_id.or(line.product_id));
        ids.flatten().collect()
    };
    let concerned: Vec<&Order> = look
        .invoices
        .keys()
        .filter_map(|id| orders.get(id))
        .collect();
    let wanted: BTreeSet<u64> = concerned.iter().flat_map(|order| goods(order)).collect();
    if wanted.is_empty() {
        return Ok(BTreeSet::new());
    }
    let listed = source.goods(Detail::Needed, &wanted).await?;
    let nothing_to_send: BTreeSet<u64> = listed
        .into_iter()
        .filter_map(|listed| listed.record.ok())
        .filter(|product| product.virtual_ && product.downloadable)
        .map(|product| product.id)
        .collect();
    let is_ready = |order: &&&Order| {
        let goods = goods(order);
        let all_known = order
            .items
            .iter()
            .all(|line| line.variation_id.or(line.product_id).is_some());
        all_known && !goods.is_empty() && goods.is_subset(&nothing_to_send)
    };
    Ok(concerned
        .iter()
        .filter(is_ready)
        .map(|order| order.id)
        .collect())
}

/// Orders to which nothing may be done: whoever touches them gives stock back or mails.
fn is_over(order: &Order) -> bool {
    matches!(
        order.status.as_str(),
        "cancelled" | "refunded" | "trash" | "failed"
    )
}

fn of_invoice(
    paid: PaidInBooks,
    order: &Order,
    seen: &InvoiceSeen,
    is_ready: bool,
    tellings: &mut Tellings,
) {
    let news = News::of(seen);
    let is_money = matches!(news, News::Paid | News::InPart(_) | News::Over(_));
    if is_money && is_over(order) && order.status != "failed" {
        tellings.holds.push(hold(order, paid_but_over(order, seen)));
        return;
    }
    match news {
        News::Over(over) => tellings
            .holds
            .push(hold(order, overpaid(order, seen, over))),
        News::InPart(owed) => {
            tellings.steps.extend(note(order, seen, news));
            tellings.holds.push(hold(order, in_part(order, seen, owed)));
        }
        // The shop knows that it is paid.
        News::Paid if order.paid_at.is_some() => {}
        News::Paid if paid == PaidInBooks::Status => {
            let step = status(order, seen, is_ready).or_else(|| note(order, seen, news));
            tellings.steps.extend(step);
        }
        News::Paid | News::Closed => tellings.steps.extend(note(order, seen, news)),
        // The comparison says and tells these.
        News::Voided | News::Deleted => {}
    }
}

fn hold(order: &Order, reason: Reason) -> Hold {
    Hold {
        source: RecordKey::order(order.id, &order.number),
        subject: Some(DocumentKey::of_order(order.id, Role::Payment)),
        reason,
    }
}

fn paid_but_over(order: &Order, seen: &InvoiceSeen) -> Reason {
    let owed = seen.stands.as_ref().and_then(|found| found.balance);
    let owed = owed.map_or_else(|| "nothing".to_owned(), |owed| owed.to_string());
    Reason::new(
        "paid_but_cancelled",
        format!(
            "invoice `{}` (id {}) has been paid in QuickBooks though order {} is {} in the shop: of {} {owed} is still owed there",
            seen.number, seen.remote.id, order.number, order.status, seen.total
        ),
    )
    .hint("give the money back or bring the order back, or unlink the payment in QuickBooks; then run `udsync retry --all`, or set the order aside with `udsync retry --skip ID --why TEXT`")
}

fn overpaid(order: &Order, seen: &InvoiceSeen, over: Money) -> Reason {
    Reason::new(
        "partly_settled",
        format!(
            "more than order {} owes was paid in QuickBooks: {over} of a payment for invoice `{}` (id {}) settles nothing",
            order.number, seen.number, seen.remote.id
        ),
    )
    .hint(format!(
        "give it back, or apply it to another invoice in QuickBooks; {THEN}"
    ))
}

fn in_part(order: &Order, seen: &InvoiceSeen, owed: Money) -> Reason {
    Reason::new(
        "partly_settled",
        format!(
            "invoice `{}` (id {}) of order {} has been paid in part in QuickBooks: of {} {owed} is still owed there",
            seen.number, seen.remote.id, order.number, seen.total
        ),
    )
    .hint(format!("enter the rest in QuickBooks when it comes; {THEN}"))
}

fn status(order: &Order, seen: &InvoiceSeen, is_ready: bool) -> Option<ShopStep> {
    // From elsewhere the shop would do something else, or nothing: a note says it.
    if !matches!(order.status.as_str(), "on-hold" | "pending" | "failed") || order.paid_at.is_some()
    {
        return None;
    }
    let to = match is_ready {
        true => SettledStatus::Completed,
        false => SettledStatus::Processing,
    };
    let change = OrderChange::Status(to);
    let words = format!(
        "invoice `{}` was paid in QuickBooks, so order {} becomes {}",
        seen.number,
        order.number,
        to.as_str()
    );
    step(
        order,
        seen,
        change,
        status_mark(order.id, &seen.remote.id),
        words,
    )
}

fn note(order: &Order, seen: &InvoiceSeen, news: News) -> Option<ShopStep> {
    let mark = news.mark(order.id, &seen.remote.id);
    let text = words(seen, news);
    let change = OrderChange::PrivateNote(format!("{text} [{mark}]"));
    step(order, seen, change, mark, text)
}

fn step(
    order: &Order,
    seen: &InvoiceSeen,
    change: OrderChange,
    mark: String,
    words: String,
) -> Option<ShopStep> {
    let date = seen
        .payments
        .iter()
        .filter_map(|payment| payment.date)
        .max();
    // What came, where not all of it did.
    let (reason, total) = match News::of(seen) {
        News::InPart(owed) => (Reason::new("partly_settled", words), seen.total - owed),
        _ => (Reason::new("settled_by_books", words), seen.total),
    };
    Some(ShopStep {
        source: RecordKey::order(order.id, &order.number),
        change: of_order(order, change)?,
        before: before(order),
        mark,
        reason,
        date: date.or_else(|| seen.stands.as_ref()?.date),
        currency: Some(seen.currency.clone()),
        total: Some(total),
    })
}

/// `None`: the shop has not said which order it is, and another one may have its id by now.
fn of_order(order: &Order, change: OrderChange) -> Option<ShopChange> {
    let of = OrderInShop {
        id: order.id,
        key: order.key.clone()?,
    };
    Some(ShopChange::Order { of, change })
}

fn before(order: &Order) -> ShopBefore {
    ShopBefore::Order {
        status: order.status.clone(),
    }
}

/// What the people of the shop read. Nobody's name is in it.
fn words(seen: &InvoiceSeen, news: News) -> String {
    let InvoiceSeen {
        number,
        currency,
        total,
        ..
    } = seen;
    match news {
        News::Paid => format!(
            "Paid in QuickBooks: {} (invoice {number}).",
            came(seen, *total)
        ),
        News::InPart(owed) => {
            let part = seen
                .payments
                .iter()
                .map(|payment| payment.total)
                .sum::<Money>();
            let by = match seen.payments.is_empty() {
                true => {
                    format!("{owed} {currency} of {total} {currency} are still owed in QuickBooks")
                }
                false => format!(
                    "{} of {total} {currency} received in QuickBooks, {owed} {currency} still owed",
                    came(seen, part)
                ),
            };
            format!("{by} (invoice {number}).")
        }
        _ => format!(
            "Invoice {number} over {total} {currency} is closed in QuickBooks by something else than a payment: a credit, a discount or a journal entry. Nothing need have been received."
        ),
    }
}

/// `69.99 CAD on 2026-11-10, reference 4711`, each payment.
fn came(seen: &InvoiceSeen, whole: Money) -> String {
    let alone = seen.payments.len() == 1;
    let one = |payment: &Found| {
        let amount = match alone {
            // One payment may settle several invoices.
            true => whole,
            false => payment.total,
        };
        let day = payment
            .date
            .map_or(String::new(), |day| format!(" on {day}"));
        let reference = match payment.label.as_str() {
            "" => String::new(),
            label => format!(", reference {label}"),
        };
        let of = match alone && payment.total > whole {
            true => format!(", out of a payment over {}", payment.total),
            false => String::new(),
        };
        format!("{amount} {}{day}{reference}{of}", seen.currency)
    };
    let all: Vec<String> = seen.payments.iter().map(one).collect();
    all.join("; ")
}

/// No refund is made in the shop: that would mail, move stock, and may move money.
fn of_given_back(order: &Order, one: &GivenBack) -> Option<ShopStep> {
    let (code, mark) = ("given_back_in_books", one.mark(order.id));
    let note = private_note(order, mark, code, one.words(), one.total)?;
    Some(ShopStep {
        date: one.date,
        currency: Some(one.currency.clone()),
        ..note
    })
}

/// A note over an amount in the order's currency; its mark at the end, by which it is known again.
fn private_note(
    order: &Order,
    mark: String,
    code: &'static str,
    text: String,
    total: Money,
) -> Option<ShopStep> {
    let change = OrderChange::PrivateNote(format!("{text} [{mark}]"));
    Some(ShopStep {
        source: RecordKey::order(order.id, &order.number),
        change: of_order(order, change)?,
        before: before(order),
        mark,
        reason: Reason::new(code, text),
        date: None,
        currency: Some(order.currency.clone()),
        total: Some(total),
    })
}

/// The order stays as it is: cancelling would mail and give stock back, and only a person knows what was meant.
fn of_withdrawn(order: &Order, one: &Withdrawn) -> Option<ShopStep> {
    let what = if one.is_deleted { "deleted" } else { "voided" };
    let mark = withdrawn_mark(one.is_deleted, order.id, &one.id);
    let kind = match one.kind {
        DocumentKind::Invoice => "The invoice",
        _ => "The receipt",
    };
    let text = format!(
        "{kind} {} over {} {} was {what} in QuickBooks by somebody. Nothing of this order was changed, and nothing is posted again until somebody decides.",
        one.number, one.total, order.currency
    );
    private_note(order, mark, "withdrawn_in_books", text, one.total)
}
