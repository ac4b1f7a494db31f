//! The copy in a database against the shop: figures, not fingerprints. A row can be the very one that was sent and still not be what
//! the shop says now, and somebody can have worked in the tables.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::model::money::Money;

use super::difference::{Acceptance, Difference, DifferenceCode, DifferenceDraft};
use super::numbered;
use super::orders::{Compared, ComparedRow};
use super::proof::{HeldLine, Proof, ProofParts, SeenCounts};
use super::totals::{PeriodSums, SumSide};

/// The orders that were made in a period, in the shop and in the copy.
#[derive(Clone, Debug)]
pub struct CopySides {
    pub shop: String,
    pub to: &'static str,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub in_shop: BTreeMap<u64, OrderFigures>,
    pub in_copy: BTreeMap<u64, OrderFigures>,
    /// Orders that the copy has, and the shop has no more.
    pub gone: BTreeSet<u64>,
    pub held: Vec<HeldLine>,
    pub accepted: BTreeMap<String, Acceptance>,
}

/// An order as far as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFigures {
    pub number: String,
    pub day: NaiveDate,
    pub currency: String,
    pub total: Money,
    pub tax_total: Money,
    pub refunds: BTreeMap<u64, Money>,
    /// In the trash of the shop, or marked as deleted in the copy.
    pub is_deleted: bool,
}

/// Compares the copy.
pub fn reconcile_copy(sides: &CopySides) -> Proof {
    let mut look = CopyLook {
        sides,
        compared: Compared::default(),
        sums: PeriodSums::default(),
    };
    for (id, order) in &sides.in_shop {
        look.order(*id, order, sides.in_copy.get(id));
    }
    for (id, row) in &sides.in_copy {
        if sides.gone.contains(id) && !row.is_deleted {
            look.add(SumSide::Books, row);
            let hint = "`udsync sync orders --full --to supabase` marks it as deleted";
            let cause = "the shop has this order no more, and its row is not marked as deleted";
            let figures = (Money::ZERO, row.total);
            look.amount(
                *id,
                row,
                DifferenceCode::MissingOrder,
                "total",
                figures,
                (cause, hint),
            );
            look.compared.orders.insert(*id);
        }
    }
    let disputed: BTreeSet<u64> = look
        .compared
        .differences
        .iter()
        .filter_map(|draft| draft.order)
        .collect();
    look.compared.rest_agrees = look.rest_agrees(&disputed);
    let CopyLook {
        mut compared, sums, ..
    } = look;
    let drafts = std::mem::take(&mut compared.differences);
    let differences: Vec<Difference> = numbered(&sides.accepted, drafts);
    let held: BTreeSet<Option<u64>> = sides.held.iter().map(|held| held.order).collect();
    let unread = held
        .iter()
        .filter(|order| order.is_none_or(|order| !sides.in_shop.contains_key(&order)));
    let orders = (sides.in_shop.len() + unread.count()) as u64;
    let held_orders = held.len() as u64;
    super::proof::assemble(ProofParts {
        shop: &sides.shop,
        to: sides.to,
        first: sides.first,
        last: sides.last,
        compared,
        differences,
        sums,
        clearing: Vec::new(),
        held: sides.held.clone(),
        moved: Vec::new(),
        seen: SeenCounts {
            orders,
            posted: orders.saturating_sub(held_orders),
            held: held_orders,
            skipped: BTreeMap::new(),
        },
    })
}

struct CopyLook<'a> {
    sides: &'a CopySides,
    compared: Compared,
    sums: PeriodSums,
}

impl CopyLook<'_> {
    fn is_held(&self, id: u64) -> bool {
        self.sides.held.iter().any(|held| held.order == Some(id))
    }

    /// Whether the orders without a difference come to the same on both sides.
    fn rest_agrees(&self, disputed: &BTreeSet<u64>) -> bool {
        let sum = |side: &BTreeMap<u64, OrderFigures>| {
            let mut sums: BTreeMap<(String, NaiveDate), [Money; 3]> = BTreeMap::new();
            let rest = side.iter().filter(|(id, one)| {
                !one.is_deleted && !disputed.contains(id) && !self.is_held(**id)
            });
            for (_, one) in rest {
                let sums = sums.entry((one.currency.clone(), one.day)).or_default();
                let back: Money = one.refunds.values().copied().sum();
                for (sum, amount) in sums.iter_mut().zip([one.total, one.tax_total, back]) {
                    *sum += amount;
                }
            }
            sums
        };
        sum(&self.sides.in_shop) == sum(&self.sides.in_copy)
    }

    fn order(&mut self, id: u64, order: &OrderFigures, row: Option<&OrderFigures>) {
        if self.is_held(id) {
            return;
        }
        if order.is_deleted && row.is_none_or(|row| row.is_deleted) {
            return;
        }
        self.compared.orders.insert(id);
        let before = self.compared.differences.len();
        if !order.is_deleted {
            self.add(SumSide::Shop, order);
        }
        if let Some(row) = row.filter(|row| !row.is_deleted) {
            self.add(SumSide::Books, row);
        }
        let again = format!("`udsync sync orders --to supabase --id {id}`");
        let verify = format!(
            "{again}, with `--full --verify` instead of `--id` where rows were changed in the database; or `udsync reconcile accept {{id}} --why TEXT`"
        );
        match row {
            None => {
                let figures = (order.total, Money::ZERO);
                let told = ("its row is not in the database", again.as_str());
                self.amount(
                    id,
                    order,
                    DifferenceCode::MissingDocument,
                    "total",
                    figures,
                    told,
                );
            }
            Some(row) if row.is_deleted => {
                let figures = (order.total, Money::ZERO);
                let told = (
                    "its row is marked as deleted, and the shop has the order",
                    verify.as_str(),
                );
                self.amount(id, order, DifferenceCode::Voided, "total", figures, told);
            }
            Some(row) if order.is_deleted => {
                let figures = (Money::ZERO, row.total);
                let told = (
                    "the shop has it in the trash, and its row is not marked as deleted",
                    again.as_str(),
                );
                self.amount(
                    id,
                    order,
                    DifferenceCode::MissingOrder,
                    "total",
                    figures,
                    told,
                );
            }
            Some(row) => self.figures(id, order, row, &verify),
        }
        let verdict = self.compared.differences[before..].first();
        let verdict = verdict
            .map_or("equal", |first| first.code.as_str())
            .to_owned();
        let zero = Money::ZERO;
        let row = row.filter(|row| !row.is_deleted);
        self.compared.rows.push(ComparedRow {
            order: id,
            number: order.number.clone(),
            role: "order",
            document: row.map(|_| format!("orders/{id}")).unwrap_or_default(),
            document_number: order.number.clone(),
            date: order.day.to_string(),
            currency: order.currency.clone(),
            shop: if order.is_deleted { zero } else { order.total },
            books: row.map_or(zero, |row| row.total),
            shop_tax: if order.is_deleted {
                zero
            } else {
                order.tax_total
            },
            books_tax: row.map_or(zero, |row| row.tax_total),
            verdict,
        });
    }

    fn figures(&mut self, id: u64, order: &OrderFigures, row: &OrderFigures, hint: &str) {
        let cause = "the row is not what the shop says now";
        let told = (cause, hint);
        if row.currency != order.currency {
            let mut draft = self.draft(id, order, DifferenceCode::Currency, "currency", told);
            draft.shop = format!("{} {}", order.total, order.currency);
            draft.books = format!("{} {}", row.total, row.currency);
            self.compared.differences.push(draft);
        } else if row.total != order.total {
            let figures = (order.total, row.total);
            self.amount(id, order, DifferenceCode::Amount, "total", figures, told);
        }
        if row.day != order.day {
            let mut draft = self.draft(id, order, DifferenceCode::Day, "date", told);
            draft.shop = order.day.to_string();
            draft.books = row.day.to_string();
            self.compared.differences.push(draft);
        }
        if row.tax_total != order.tax_total {
            let figures = (order.tax_total, row.tax_total);
            self.amount(id, order, DifferenceCode::Tax, "tax", figures, told);
        }
        let refunds: BTreeSet<u64> = order
            .refunds
            .keys()
            .chain(row.refunds.keys())
            .copied()
            .collect();
        for refund in refunds {
            let of = |side: &OrderFigures| side.refunds.get(&refund).copied();
            let (shop, copy) = (of(order), of(row));
            if shop == copy {
                continue;
            }
            let code = match (shop, copy) {
                (Some(_), None) => DifferenceCode::MissingDocument,
                (None, _) => DifferenceCode::MissingOrder,
                (Some(_), Some(_)) => DifferenceCode::Amount,
            };
            let figures = (shop.unwrap_or_default(), copy.unwrap_or_default());
            self.amount(id, order, code, &format!("refund:{refund}"), figures, told);
        }
    }

    fn add(&mut self, side: SumSide, figures: &OrderFigures) {
        let back: Money = figures.refunds.values().copied().sum();
        let (day, currency) = (Some(figures.day), figures.currency.as_str());
        let sums = [
            ("sales", figures.total),
            ("tax", figures.tax_total),
            ("refunds", back),
        ];
        for (what, amount) in sums {
            self.sums.add(side, day, currency, what, amount);
        }
    }

    fn draft(
        &self,
        id: u64,
        order: &OrderFigures,
        code: DifferenceCode,
        what: &str,
        (cause, hint): (&str, &str),
    ) -> DifferenceDraft {
        DifferenceDraft {
            code,
            key: None,
            order: Some(id),
            number: Some(order.number.clone()),
            document: Some(format!("orders/{id}")),
            document_number: None,
            // The same order can differ in the books too, and that is another difference.
            what: what.to_owned(),
            currency: order.currency.clone(),
            shop: String::new(),
            books: String::new(),
            difference: None,
            cause: cause.to_owned(),
            hint: hint.to_owned(),
            beside: String::new(),
        }
    }

    fn amount(
        &mut self,
        id: u64,
        order: &OrderFigures,
        code: DifferenceCode,
        what: &str,
        (shop, copy): (Money, Money),
        told: (&str, &str),
    ) {
        let mut draft = self.draft(id, order, code, what, told);
        draft.shop = shop.to_string();
        draft.books = copy.to_string();
        draft.difference = Some(copy - shop);
        self.compared.differences.push(draft);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(amount: u32) -> Money {
        Money::cents(amount)
    }

    fn order(id: u64) -> OrderFigures {
        OrderFigures {
            number: id.to_string(),
            day: NaiveDate::from_ymd_opt(2026, 11, 2).expect("a day"),
            currency: "CAD".to_owned(),
            total: cents(2_100),
            tax_total: cents(100),
            refunds: BTreeMap::from([(id * 10, cents(500))]),
            is_deleted: false,
        }
    }

    fn sides() -> CopySides {
        let orders: BTreeMap<u64, OrderFigures> = (1..=8).map(|id| (id, order(id))).collect();
        CopySides {
            shop: "aurora".to_owned(),
            to: "supabase",
            first: NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day"),
            last: NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day"),
            in_shop: orders.clone(),
            in_copy: orders,
            gone: BTreeSet::new(),
            held: Vec::new(),
            accepted: BTreeMap::new(),
        }
    }

    #[test]
    fn a_copy_that_is_right_is_proven_and_each_mistake_in_it_is_named() {
        let mut sides = sides();
        let proof = reconcile_copy(&sides);
        assert!(proof.is_clean());
        assert_eq!(proof.orders.compared, 8);
        sides.in_copy.remove(&1);
        sides.in_copy.get_mut(&2).expect("there").total = cents(2_101);
        sides.in_copy.get_mut(&3).expect("there").tax_total = cents(99);
        sides.in_copy.get_mut(&4).expect("there").is_deleted = true;
        sides.in_copy.get_mut(&5).expect("there").refunds.clear();
        sides.in_copy.get_mut(&6).expect("there").currency = "USD".to_owned();
        let eighth = sides.in_copy.get_mut(&8).expect("there");
        eighth.day = eighth.day.succ_opt().expect("a day");
        eighth.total = cents(2_099);
        eighth.tax_total = cents(101);
        sides.in_shop.remove(&7);
        sides.gone.insert(7);
        let proof = reconcile_copy(&sides);
        let told: Vec<String> = proof
            .differences
            .iter()
            .map(|one| {
                let by = one.difference.map(|by| by.to_string()).unwrap_or_default();
                format!(
                    "{} {} {} {by}",
                    one.order.unwrap_or_default(),
                    one.code,
                    one.what
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "1 missing_document total -21.00",
                "2 amount total 0.01",
                "3 tax tax -0.01",
                "4 voided total -21.00",
                "5 missing_document refund:50 -5.00",
                "6 currency currency ",
                "7 missing_order total 21.00",
                "8 amount total -0.01",
                "8 tax tax 0.01",
                "8 day date ",
            ]
        );
        assert!(!proof.proven);
    }
}
