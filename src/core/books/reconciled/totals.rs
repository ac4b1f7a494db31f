//! Totals: both sides added up by what they are made of, for the whole period and day by day. Sums find what nobody thought of looking
//! for order by order; they prove nothing alone, because two mistakes can make a right sum.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::document::{DocumentKind, ItemKey, LineKind};
use crate::model::money::Money;
use crate::model::statement::StatedDocument;

use super::StatedIndex;
use super::moved::booked_on;
use super::open_items::open_of;
use super::orders::by_rate;
use super::sides::BothSides;

/// The sums of the shop and of the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SumPair {
    pub shop: Money,
    pub books: Money,
}

/// By currency and by what it is.
pub(super) type Sums = BTreeMap<(String, String), SumPair>;

#[derive(Default)]
pub(super) struct PeriodSums {
    pub whole: Sums,
    pub by_day: BTreeMap<NaiveDate, Sums>,
}

#[derive(Clone, Copy)]
pub(super) enum SumSide {
    Shop,
    Books,
}

impl PeriodSums {
    pub(super) fn add(
        &mut self,
        side: SumSide,
        day: Option<NaiveDate>,
        currency: &str,
        what: &str,
        amount: Money,
    ) {
        let key = (currency.to_owned(), what.to_owned());
        let daily = day.map(|day| self.by_day.entry(day).or_default());
        for sums in std::iter::once(&mut self.whole).chain(daily) {
            let pair = sums.entry(key.clone()).or_default();
            match side {
                SumSide::Shop => pair.shop += amount,
                SumSide::Books => pair.books += amount,
            }
        }
    }
}

impl PeriodSums {
    /// Whether both sides come to the same, in each of its parts.
    pub(super) fn agree(&self) -> bool {
        self.whole.values().all(|pair| pair.shop == pair.books)
    }
}

/// What a document of a kind is called among the totals, and whether it takes away.
fn meaning(kind: DocumentKind) -> Option<(&'static str, bool)> {
    match kind {
        DocumentKind::SalesReceipt | DocumentKind::Invoice => Some(("sales", false)),
        DocumentKind::RefundReceipt | DocumentKind::CreditMemo => Some(("refunds", true)),
        DocumentKind::Purchase => Some(("fees", true)),
        DocumentKind::Bill => Some(("fees", true)),
        DocumentKind::VendorCredit => Some(("fees", false)),
        DocumentKind::Payment
        | DocumentKind::Transfer
        | DocumentKind::Deposit
        | DocumentKind::BillPayment => None,
    }
}

/// Adds up what belongs to these orders.
pub(super) fn add_up(
    sides: &BothSides,
    index: &StatedIndex<'_>,
    is_meant: &dyn Fn(u64) -> bool,
) -> PeriodSums {
    let mut sums = PeriodSums::default();
    let rounding = sides.items.get(&ItemKey("rounding".to_owned()));
    for (_, order) in sides.orders.iter().filter(|(id, _)| is_meant(**id)) {
        for expected in &order.expected {
            let document = &expected.document;
            // What was posted on a later day because its own was closed is in the sums of that day, on both sides.
            let day = booked_on(index, order, expected);
            if expected.is_void || order.is_held(&document.key) || !sides.covers(day) {
                continue;
            }
            // What somebody else entered for us is not among ours on the other side either.
            if order
                .remembered
                .get(&document.key)
                .is_some_and(|was| was.is_settled)
                && index.standing(&document.key).is_none()
            {
                continue;
            }
            let (day, currency) = (Some(day), document.currency.as_str());
            let mut add = |what: &str, amount| sums.add(SumSide::Shop, day, currency, what, amount);
            let is_back = matches!(meaning(document.kind), Some((_, true)));
            let signed = |amount: Money| if is_back { -amount } else { amount };
            if let Some((what, _)) = meaning(document.kind) {
                add(what, document.total);
            }
            if sides.splits_tax_itself {
                add("tax", signed(document.tax_total));
            } else {
                for (rate, amount) in by_rate(document) {
                    add(&format!("tax:{rate}"), signed(amount));
                }
            }
            if let Some(account) = &document.account
                && !document.total.is_zero()
            {
                add(&format!("account:{account}"), signed(document.total));
            }
            for line in document
                .lines
                .iter()
                .filter(|line| line.kind == LineKind::Rounding)
            {
                add("rounding", signed(line.amount));
            }
        }
    }
    for (key, same) in &index.by_key {
        let is_left_out = match key.order() {
            None => true,
            Some(id) => {
                let order = sides.orders.get(&id);
                !is_meant(id) || order.is_some_and(|order| order.is_held(key))
            }
        };
        if is_left_out {
            continue;
        }
        for stated in same.iter().filter(|stated| !stated.is_voided()) {
            add_stated(sides, &mut sums, stated, rounding);
        }
    }
    for (id, order) in sides.orders.iter().filter(|(id, _)| is_meant(**id)) {
        if let Some((document, _, shop, books)) = open_of(sides, index, *id, order) {
            sums.add(SumSide::Shop, None, &document.currency, "open", shop);
            sums.add(SumSide::Books, None, &document.currency, "open", books);
        }
    }
    sums
}

fn add_stated(
    sides: &BothSides,
    sums: &mut PeriodSums,
    stated: &StatedDocument,
    rounding: Option<&String>,
) {
    let found = &stated.found;
    let Some(kind) = found.remote.entity.document() else {
        return;
    };
    let (day, currency) = (found.date, found.currency.as_deref().unwrap_or_default());
    let mut add = |what: &str, amount| sums.add(SumSide::Books, day, currency, what, amount);
    let is_back = matches!(meaning(kind), Some((_, true)));
    let signed = |amount: Money| if is_back { -amount } else { amount };
    if let Some((what, _)) = meaning(kind) {
        add(what, found.total);
    }
    if sides.splits_tax_itself {
        add("tax", signed(found.tax_total));
    } else {
        for (rate, amount) in &found.tax {
            add(&format!("tax:{rate}"), signed(*amount));
        }
    }
    if let Some(account) = &stated.account
        && !found.total.is_zero()
    {
        add(&format!("account:{account}"), signed(found.total));
    }
    for line in &stated.lines {
        if rounding.is_some_and(|item| *item == line.item) {
            add("rounding", signed(line.amount));
        }
    }
}
