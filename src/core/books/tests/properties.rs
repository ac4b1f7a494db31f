//! What must be true of any order: it adds up to the cent, it is posted once, and no figure makes us panic.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::ledger::Ledger;
use super::shop::*;
use crate::books::{Decision, OrderAccount};
use crate::model::document::{Document, DocumentKind};
use crate::model::money::Money;
use crate::model::order::*;
use crate::model::rules::*;

/// Sets of rates for which the books have a code.
const RATES: [&[u64]; 4] = [&[], &[1], &[1, 2], &[2]];

prop_compose! {
    fn cents(most: i64)(cents in 0..=most) -> Money {
        Money::new(Decimal::new(cents, 2)).expect("a small amount")
    }
}

prop_compose! {
    fn item_line()(
        before in cents(50_000),
        off in 0..=100u32,
        quantity in 0..=12i64,
        rates in 0..RATES.len(),
        gone in any::<bool>(),
    ) -> ItemLine {
        let total = part(before, off);
        let mut line = goods(0, "SKU", "0", &[]);
        line.quantity = Decimal::from(quantity);
        line.subtotal = before;
        line.total = total;
        line.taxes = taxed(total, RATES[rates]);
        line.sku = (!gone).then(|| "SKU".to_owned());
        line
    }
}

prop_compose! {
    /// An order whose parts add up, with up to two cents that nothing explains.
    pub fn honest_order()(
        items in prop::collection::vec(item_line(), 1..6),
        shipping in prop::collection::vec((cents(3_000), 0..RATES.len()), 0..3),
        fees in prop::collection::vec((cents(2_000), 0..RATES.len(), any::<bool>()), 0..2),
        residue in -2..=2i64,
        tax_residue in -2..=2i64,
        paid in any::<bool>(),
        refunds in prop::collection::vec((1..=100u32, any::<bool>()), 0..4),
    ) -> Order {
        let mut order = if paid { paid_order(1) } else { owed_order(1) };
        order.items = items;
        for (at, item) in order.items.iter_mut().enumerate() {
            item.id = 100 + at as u64;
        }
        for (at, (total, rates)) in shipping.into_iter().enumerate() {
            let mut line = sent(200 + at as u64, "0", &[]);
            line.total = total;
            line.taxes = taxed(total, RATES[rates]);
            order.shipping_lines.push(line);
        }
        for (at, (total, rates, negative)) in fees.into_iter().enumerate() {
            let total = if negative { -total } else { total };
            let mut line = extra(300 + at as u64, "Fee", "0", &[]);
            line.total = total;
            line.taxes = taxed(total, RATES[rates]);
            order.fees.push(line);
        }
        add_up(&mut order);
        if !order.tax_lines.is_empty() {
            order.total_tax += cent_times(tax_residue);
            order.total += cent_times(tax_residue);
        }
        order.total += cent_times(residue);
        add_refunds(&mut order, &refunds);
        order
    }
}

/// Gives parts of the order back, with rows or without; the last may be all the rest.
fn add_refunds(order: &mut Order, refunds: &[(u32, bool)]) {
    let mut left = order.total;
    for (at, (percent, with_rows)) in refunds.iter().enumerate() {
        let id = 900 + at as u64;
        let mut refund = refund_of(id, "0");
        if *with_rows && at < order.items.len() {
            let item = order.items[at].clone();
            let total = -part(item.total, *percent);
            let taxes: Vec<(u64, String)> = item
                .taxes
                .iter()
                .map(|share| {
                    let back = -part(share.total.unwrap_or_default().rounded(), *percent);
                    (share.rate_id, back.to_string())
                })
                .collect();
            let taxes: Vec<(u64, &str)> = taxes
                .iter()
                .map(|(id, total)| (*id, total.as_str()))
                .collect();
            give_back(&mut refund, &item, 0, &total.to_string(), &taxes);
            let tax = refund.tax_lines.iter().map(TaxLine::total).sum();
            refund.amount = -(total + tax);
        } else {
            refund.amount = part(left, *percent);
        }
        if refund.amount > left {
            return;
        }
        left -= refund.amount;
        order.refunds.push(refund);
    }
}

fn part(amount: Money, percent: u32) -> Money {
    let part = amount.decimal() * Decimal::from(percent) / Decimal::from(100u32);
    Money::new(part).expect("a part is smaller").rounded()
}

fn cent_times(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2)).expect("a few cents")
}

fn taxed(total: Money, rates: &[u64]) -> Vec<TaxShare> {
    let share = |rate_id: u64| TaxShare {
        rate_id,
        total: Some(part(total, if rate_id == 1 { 5 } else { 7 })),
    };
    rates.iter().map(|rate| share(*rate)).collect()
}

fn ledger(line_discounts: bool, prorate: bool) -> Ledger {
    Ledger::canadian().policy(|policy| {
        if line_discounts {
            policy.discounts = Discounts::Line;
        }
        if prorate {
            policy.amount_only_refund = AmountOnlyRefund::ProrateTax;
        }
    })
}

/// The lines and the tax are the total; the tax by rate is the tax.
fn adds_up(document: &Document) -> Result<(), TestCaseError> {
    let lines: Money = document.lines.iter().map(|line| line.amount).sum();
    let tax: Money = document.tax.iter().map(|tax| tax.amount).sum();
    if document.kind != DocumentKind::Payment {
        prop_assert_eq!(lines + document.tax_total, document.total);
    }
    prop_assert_eq!(tax, document.tax_total);
    prop_assert!(!document.total.is_negative() && !document.tax_total.is_negative());
    prop_assert!(document.number.chars().count() <= 21);
    for line in &document.lines {
        if let (Some(quantity), Some(price)) = (line.quantity, line.unit_price) {
            let product = Money::new(quantity * price).expect("a small product");
            prop_assert_eq!(product.rounded(), line.amount);
            prop_assert!((2..=7).contains(&price.scale()));
        }
    }
    Ok(())
}

fn total_of(account: &OrderAccount, kinds: &[DocumentKind]) -> Money {
    account
        .entries
        .iter()
        .filter(|entry| kinds.contains(&entry.document.kind))
        .map(|entry| entry.document.total)
        .sum()
}

proptest! {
    #[test]
    fn an_order_whose_parts_add_up_is_posted_to_the_cent(
        order in honest_order(), line_discounts: bool, prorate: bool,
    ) {
        prop_assume!(!order.total.is_negative() && !order.total_tax.is_negative());
        let mut ledger = ledger(line_discounts, prorate);
        let first = ledger.post(&order);
        for entry in &first.entries {
            adds_up(&entry.document)?;
        }
        prop_assert!(first.holds.iter().all(|held| held.subject.is_some()), "{:?}", first.holds);
        if first.holds.is_empty() && first.skip.is_none() {
            use DocumentKind::*;
            let refunded: Money = order.refunds.iter().map(|refund| refund.amount).sum();
            let sold = total_of(&first, &[SalesReceipt, Invoice]);
            let back = total_of(&first, &[RefundReceipt, CreditMemo]);
            prop_assert_eq!(sold - back, order.total - refunded);
        }
        let second = ledger.look(&order);
        let kept = second.entries.iter().all(|entry| entry.decision == Decision::Keep);
        prop_assert!(kept, "{:?}", second.entries);
        prop_assert_eq!(second.entries.len(), first.entries.len());
        prop_assert_eq!(&second.holds, &first.holds);
    }

    #[test]
    fn nothing_is_left_after_a_full_refund_without_lines(
        order in honest_order(), line_discounts: bool,
    ) {
        let mut order = order;
        prop_assume!(order.total.is_positive() && !order.total_tax.is_negative());
        order.refunds.retain(Refund::has_rows);
        let before: Money = order.refunds.iter().map(|refund| refund.amount).sum();
        let mut rest = refund_of(999, "0");
        rest.amount = order.total - before;
        prop_assume!(rest.amount.is_positive());
        order.refunds.push(rest);
        let account = ledger(line_discounts, false).look(&order);
        prop_assume!(account.holds.is_empty());
        let adjusted = account.entries.iter().flat_map(|entry| &entry.document.lines)
            .any(|line| line.item.0 == "refund_adjustment");
        prop_assume!(!adjusted);
        let mut left = std::collections::BTreeMap::<(String, Option<String>), Money>::new();
        let mut tax_left = std::collections::BTreeMap::<String, Money>::new();
        for entry in &account.entries {
            let document = &entry.document;
            let back = matches!(document.kind, DocumentKind::RefundReceipt | DocumentKind::CreditMemo);
            let signed = |amount: Money| if back { -amount } else { amount };
            for line in &document.lines {
                *left.entry((line.item.0.clone(), line.tax_code.clone())).or_default() += signed(line.amount);
            }
            for tax in &document.tax {
                *tax_left.entry(tax.rate.clone()).or_default() += signed(tax.amount);
            }
        }
        prop_assert!(left.values().all(|amount| amount.is_zero()), "{left:?}");
        prop_assert!(tax_left.values().all(|amount| amount.is_zero()), "{tax_left:?}");
    }

    #[test]
    fn the_same_order_gives_the_same_account(order in honest_order(), prorate: bool) {
        let ledger = ledger(false, prorate);
        prop_assert_eq!(ledger.look(&order), ledger.look(&order));
    }

    #[test]
    fn no_figure_makes_us_panic(
        order in honest_order(),
        figures in prop::collection::vec(wild_money(), 16),
        quantity in wild_money(),
        prorate: bool,
        line_discounts: bool,
        edited: bool,
    ) {
        let mut ledger = ledger(line_discounts, prorate);
        if edited {
            ledger.post(&order);
        }
        let mut wild = order;
        let mut next = figures.into_iter().cycle();
        let mut take = || next.next().expect("a cycle has no end");
        wild.total = take();
        wild.total_tax = take();
        for item in &mut wild.items {
            item.total = take();
            item.subtotal = take();
            item.quantity = quantity.decimal();
            for share in &mut item.taxes {
                share.total = Some(take());
            }
        }
        for line in &mut wild.tax_lines {
            line.tax_total = take();
        }
        for refund in &mut wild.refunds {
            refund.amount = take();
            for item in &mut refund.items {
                item.total = take();
                item.quantity = quantity.decimal();
            }
        }
        ledger.look(&wild);
        add_up(&mut wild);
        ledger.look(&wild);
        wild.total = Money::new(wild.total.decimal()).unwrap_or_default();
        for refund in &mut wild.refunds {
            refund.amount = part(Money::cents(10_000), 7);
        }
        ledger.look(&wild);
    }
}

/// Amounts that no shop means, up to the largest that can be read.
fn wild_money() -> impl Strategy<Value = Money> {
    let wild = (any::<i64>(), 0..12u32)
        .prop_map(|(digits, scale)| Money::new(Decimal::new(digits, scale)).unwrap_or(Money::CENT));
    let plain = prop::sample::select(vec![
        "0",
        "0.01",
        "-0.01",
        "1000000000000000",
        "-1000000000000000",
        "0.0000000000000000000000001",
    ]);
    prop_oneof![wild, plain.prop_map(money)]
}
