//! Refunds of an amount: money went back and the shop does not say for what.
//!
//! The shop's records then return no tax, and the books agree with the shop unless the shop's owner
//! chooses that each tax code gets its share.

use rust_decimal::{Decimal, RoundingStrategy};

use super::case::OrderCase;
use super::content::Content;
use super::drafted::Coding;
use super::hold;
use super::lines;
use super::tax::{self, Taxes};
use crate::model::document::TaxAmount;
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{Refund, TaxShare};
use crate::model::rules::AmountOnlyRefund;

pub(super) fn content(
    case: &OrderCase<'_>,
    refund: &Refund,
    sale: &Content,
) -> Result<Content, Reason> {
    match case.rules.policy.amount_only_refund {
        AmountOnlyRefund::NoTax => without_tax(case, refund),
        AmountOnlyRefund::ProrateTax => prorated(case, refund, sale),
        AmountOnlyRefund::Hold => Err(hold::refund_is_to_be_held(case.order, refund)),
    }
}

fn without_tax(case: &OrderCase<'_>, refund: &Refund) -> Result<Content, Reason> {
    let no_tax = Taxes::of_sale(*case).no_tax()?;
    Ok(Content {
        total: refund.amount,
        tax_total: Money::ZERO,
        tax: Vec::new(),
        document_tax_code: None,
        lines: vec![lines::adjustment(refund.amount, no_tax)],
        warnings: vec![hold::refund_without_lines(case.order, refund)],
    })
}

/// What was sold under one tax code.
struct Group {
    coding: Coding,
    net: Money,
    tax: Money,
    by_rate: Vec<(String, Money)>,
}

/// Splits the amount over the tax codes of the order by what each brought with its tax.
fn prorated(case: &OrderCase<'_>, refund: &Refund, sale: &Content) -> Result<Content, Reason> {
    let groups = groups(case)?;
    let shares: Vec<Decimal> = groups
        .iter()
        .map(|group| (group.net + group.tax).decimal())
        .collect();
    let unclear = || hold::refund_is_to_be_held(case.order, refund);
    let parts = split(refund.amount, &shares).ok_or_else(unclear)?;
    let mut lines = Vec::new();
    let mut amounts: Vec<TaxAmount> = Vec::new();
    let mut tax_total = Money::ZERO;
    for (group, part) in groups.iter().zip(parts) {
        if part.is_zero() {
            continue;
        }
        let gross = group.net + group.tax;
        let tax = share_of(part, group.tax, gross).ok_or_else(unclear)?;
        for (rate, amount) in by_rate(tax, &group.by_rate).ok_or_else(unclear)? {
            match amounts.iter_mut().find(|known| known.rate == rate) {
                Some(known) => known.amount += amount,
                None => amounts.push(TaxAmount {
                    rate,
                    amount,
                    base: Money::ZERO,
                }),
            }
        }
        tax_total += tax;
        lines.push(lines::adjustment(part - tax, group.coding.clone()));
    }
    if tax_total.is_negative() {
        return Err(unclear());
    }
    Ok(Content {
        total: refund.amount,
        tax_total,
        tax: tax::with_bases(amounts, &lines),
        document_tax_code: sale
            .document_tax_code
            .clone()
            .filter(|_| !tax_total.is_zero()),
        lines,
        warnings: Vec::new(),
    })
}

/// The lines of the order by tax code, in the order in which the codes appear.
fn groups(case: &OrderCase<'_>) -> Result<Vec<Group>, Reason> {
    let order = case.order;
    let taxes = Taxes::of_sale(*case);
    let items = order.items.iter().map(|line| (line.total, &line.taxes));
    let shipping = order
        .shipping_lines
        .iter()
        .map(|line| (line.total, &line.taxes));
    let fees = order.fees.iter().map(|line| (line.total, &line.taxes));
    let mut groups: Vec<Group> = Vec::new();
    for (total, shares) in items.chain(shipping).chain(fees) {
        if total.rounded().is_zero() {
            continue;
        }
        let coding = taxes.coding(shares, "a line")?;
        let at = groups
            .iter()
            .position(|group| group.coding.code == coding.code)
            .unwrap_or_else(|| {
                groups.push(Group {
                    coding: Coding {
                        code: coding.code.clone(),
                        rates: Vec::new(),
                    },
                    net: Money::ZERO,
                    tax: Money::ZERO,
                    by_rate: Vec::new(),
                });
                groups.len() - 1
            });
        groups[at].add(&taxes, total, shares, coding.rates);
    }
    for group in &mut groups {
        group.tax = group.tax.rounded();
    }
    Ok(groups)
}

impl Group {
    fn add(&mut self, taxes: &Taxes<'_>, total: Money, shares: &[TaxShare], rates: Vec<String>) {
        self.net += total.rounded();
        for rate in rates {
            if !self.coding.rates.contains(&rate) {
                self.by_rate.push((rate.clone(), Money::ZERO));
                self.coding.rates.push(rate);
            }
        }
        for share in shares {
            let amount = share.total.unwrap_or_default();
            self.tax += amount;
            let rate = taxes
                .rate(share.rate_id)
                .and_then(|rate| taxes.ledger_rate(rate));
            let known = self.by_rate.iter_mut().find(|(name, _)| Some(name) == rate);
            if let Some((_, sum)) = known {
                *sum += amount;
            }
        }
    }
}

/// Splits an amount into whole cents by shares; cents that are left go to the largest remainders.
fn split(amount: Money, shares: &[Decimal]) -> Option<Vec<Money>> {
    let whole: Decimal = shares.iter().sum();
    let mut parts = Vec::with_capacity(shares.len());
    let mut remainders = Vec::with_capacity(shares.len());
    for (at, share) in shares.iter().enumerate() {
        let exact = ratio(amount, *share, whole)?;
        let floor = exact.round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity);
        parts.push(Money::new(floor).ok()?);
        remainders.push((exact - floor, at));
    }
    // A stable sort leaves equal remainders in the order of the lines.
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    let mut left = amount - parts.iter().copied().sum();
    for (_, at) in remainders {
        if !left.is_positive() {
            break;
        }
        parts[at] += Money::CENT;
        left -= Money::CENT;
    }
    left.is_zero().then_some(parts)
}

/// The part of a group's tax that goes to each of its rates; what rounding leaves goes to the largest.
fn by_rate(tax: Money, rates: &[(String, Money)]) -> Option<Vec<(String, Money)>> {
    if rates.is_empty() {
        return Some(Vec::new());
    }
    let whole: Money = rates.iter().map(|(_, amount)| *amount).sum();
    let mut parts = Vec::with_capacity(rates.len());
    for (rate, amount) in rates {
        let part = if whole.is_zero() {
            Money::ZERO
        } else {
            share_of(tax, *amount, whole)?
        };
        parts.push((rate.clone(), part));
    }
    let difference = tax - parts.iter().map(|(_, part)| *part).sum();
    let mut largest = 0;
    for (at, (_, amount)) in rates.iter().enumerate() {
        if amount.abs() > rates[largest].1.abs() {
            largest = at;
        }
    }
    parts[largest].1 += difference;
    Some(parts)
}

/// `amount` times `part` by `whole`, to the cent.
fn share_of(amount: Money, part: Money, whole: Money) -> Option<Money> {
    let exact = ratio(amount, part.decimal(), whole.decimal())?;
    Some(Money::new(exact).ok()?.rounded())
}

fn ratio(amount: Money, part: Decimal, whole: Decimal) -> Option<Decimal> {
    amount.decimal().checked_mul(part)?.checked_div(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(amount: u32, shares: &[i64]) -> Vec<String> {
        let shares: Vec<Decimal> = shares.iter().map(|share| Decimal::from(*share)).collect();
        split(Money::cents(amount), &shares)
            .expect("a split")
            .iter()
            .map(Money::to_string)
            .collect()
    }

    #[test]
    fn every_cent_goes_somewhere_and_ties_go_to_the_first() {
        assert_eq!(parts(1_000, &[1, 1, 1]), ["3.34", "3.33", "3.33"]);
        assert_eq!(parts(1, &[1, 1]), ["0.01", "0.00"]);
        assert_eq!(parts(2_000, &[300, 15]), ["19.05", "0.95"]);
        assert_eq!(parts(1_000, &[200, -100]), ["20.00", "-10.00"]);
    }

    #[test]
    fn nothing_can_be_split_by_nothing() {
        assert_eq!(split(Money::cents(100), &[]), None);
        assert_eq!(split(Money::cents(100), &[Decimal::ZERO]), None);
    }
}
