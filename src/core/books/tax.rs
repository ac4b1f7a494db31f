//! Tax: which code a line gets, and how much tax the document states for each rate.
//!
//! The code of a line comes from the exact set of the shop's rates on it, never from a guess. The
//! amounts come from the shop's tax lines, never from a percentage.

use super::case::OrderCase;
use super::drafted::{Coding, Drafted};
use super::hold;
use crate::model::company::TaxModel;
use crate::model::document::TaxAmount;
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order::{Refund, TaxLine, TaxShare};
use crate::model::rules::TaxCodeRule;

/// The tax side of one order or refund.
pub(super) struct Taxes<'a> {
    case: OrderCase<'a>,
    /// What the shop says about its rates; a refund's own tax lines come first.
    rates: Vec<&'a TaxLine>,
}

/// What the shop charged under one of its rates.
pub(super) struct ChargedRate<'a> {
    pub rate: &'a TaxLine,
    pub amount: Money,
}

impl<'a> Taxes<'a> {
    pub fn of_sale(case: OrderCase<'a>) -> Taxes<'a> {
        Taxes {
            case,
            rates: case.order.tax_lines.iter().collect(),
        }
    }

    pub fn of_refund(case: OrderCase<'a>, refund: &'a Refund) -> Taxes<'a> {
        let own = refund.tax_lines.iter();
        Taxes {
            case,
            rates: own.chain(&case.order.tax_lines).collect(),
        }
    }

    /// The code of a line by the rates that apply to it. `line` names it in a hold.
    pub fn coding(&self, shares: &[TaxShare], line: &str) -> Result<Coding, Reason> {
        if !self.case.company.uses_tax {
            return Ok(Coding::default());
        }
        if self.is_us() {
            let taxed = shares
                .iter()
                .any(|share| share.total.is_some_and(|total| !total.is_zero()));
            return Ok(Coding::us(taxed));
        }
        let applying = applying(shares);
        if applying.is_empty() {
            return self.without_rates();
        }
        let known: Vec<_> = applying.iter().map(|id| (*id, self.rate(*id))).collect();
        let rates: Option<Vec<&TaxLine>> = known.iter().map(|(_, rate)| *rate).collect();
        let code = rates.as_ref().and_then(|rates| self.code_of(rates));
        let (Some(rates), Some(code)) = (rates, code) else {
            return Err(hold::tax_code_unmapped(self.case.order, line, &known));
        };
        let mut ledger_rates = Vec::new();
        for rate in rates {
            let name = self.ledger_rate(rate).ok_or_else(|| {
                hold::tax_rate_unmapped(self.case.order, rate.rate_id, Some(rate))
            })?;
            if !ledger_rates.contains(name) {
                ledger_rates.push(name.clone());
            }
        }
        Ok(Coding {
            code: Some(code.to_owned()),
            rates: ledger_rates,
        })
    }

    /// Zero-rated goods have a rate of 0 %; goods without any rate are exempt, exported or bought by an
    /// exempt buyer, and each of these has its own box in the return.
    fn without_rates(&self) -> Result<Coding, Reason> {
        let tax = &self.case.rules.tax;
        let destination = self.case.order.destination().trim();
        let abroad = !destination.is_empty()
            && !destination.eq_ignore_ascii_case(&self.case.company.country);
        if self.case.order.vat_exempt && tax.vat_exempt_code.is_some() {
            Ok(Coding::plain(tax.vat_exempt_code.clone()))
        } else if abroad && tax.export_code.is_some() {
            Ok(Coding::plain(tax.export_code.clone()))
        } else {
            self.no_tax()
        }
    }

    /// The code of lines that are ours rather than the shop's: rounding, adjustments, fees of gateways.
    pub fn no_tax(&self) -> Result<Coding, Reason> {
        if !self.case.company.uses_tax {
            Ok(Coding::default())
        } else if self.is_us() {
            Ok(Coding::us(false))
        } else {
            match &self.case.rules.tax.no_tax_code {
                Some(code) => Ok(Coding::plain(Some(code.clone()))),
                None => Err(hold::untaxed_code_missing(self.case.order)),
            }
        }
    }

    /// The one code of the whole document, in companies that have one.
    pub fn document_code<'s>(
        &self,
        lines: impl Iterator<Item = &'s [TaxShare]>,
    ) -> Result<Option<String>, Reason> {
        if self.case.company.tax_model != TaxModel::UsManual || !self.case.company.uses_tax {
            return Ok(None);
        }
        let mut found: Option<String> = None;
        for shares in lines {
            let taxing: Vec<TaxShare> = shares
                .iter()
                .filter(|share| share.total.is_some_and(|total| !total.is_zero()))
                .cloned()
                .collect();
            if taxing.is_empty() {
                continue;
            }
            let rates: Option<Vec<&TaxLine>> = applying(&taxing)
                .into_iter()
                .map(|id| self.rate(id))
                .collect();
            let by_rates = rates.as_ref().and_then(|rates| self.code_of(rates));
            let code = by_rates
                .or(self.case.rules.tax.us_txn_tax_code.as_deref())
                .ok_or_else(|| hold::document_code_missing(self.case.order))?;
            match &found {
                Some(other) if other != code => {
                    return Err(hold::two_document_codes(self.case.order, other, code));
                }
                _ => found = Some(code.to_owned()),
            }
        }
        Ok(found)
    }

    /// The tax of the document by the ledger's rates, which adds up to the total that was charged.
    pub fn amounts(
        &self,
        charged: &[ChargedRate<'_>],
        lines: &[Drafted],
    ) -> Result<Vec<TaxAmount>, Reason> {
        if !self.case.company.uses_tax || self.is_us() {
            return Ok(Vec::new());
        }
        let mut amounts: Vec<TaxAmount> = Vec::new();
        for ChargedRate { rate, amount } in charged {
            let Some(name) = self.ledger_rate(rate) else {
                if amount.is_zero() {
                    continue; // No line carries it, or the line's own code would have been refused.
                }
                return Err(hold::tax_rate_unmapped(
                    self.case.order,
                    rate.rate_id,
                    Some(rate),
                ));
            };
            match amounts.iter_mut().find(|known| &known.rate == name) {
                Some(known) => known.amount += *amount,
                None => amounts.push(TaxAmount {
                    rate: name.clone(),
                    amount: *amount,
                    base: Money::ZERO,
                }),
            }
        }
        Ok(with_bases(amounts, lines))
    }

    pub fn is_us(&self) -> bool {
        self.case.company.tax_model != TaxModel::Global
    }

    pub fn ledger_rate(&self, rate: &TaxLine) -> Option<&'a String> {
        let rates = &self.case.rules.tax.rates;
        rates
            .get(&rate.rate_id.to_string())
            .or_else(|| rates.get(&rate.rate_code))
            .or_else(|| rates.get(&rate.label))
    }

    pub fn rate(&self, id: u64) -> Option<&'a TaxLine> {
        self.rates.iter().find(|rate| rate.rate_id == id).copied()
    }

    pub fn code_of(&self, rates: &[&TaxLine]) -> Option<&'a str> {
        let codes = &self.case.rules.tax.codes;
        rule_of(codes, rates).map(|at| codes[at].code.as_str())
    }
}

/// The place of the rule that names exactly these rates best.
pub(super) fn rule_of(codes: &[TaxCodeRule], rates: &[&TaxLine]) -> Option<usize> {
    let fitting = codes.iter().enumerate();
    fitting
        .filter_map(|(at, rule)| Some((fit(rule, rates)?, at)))
        .min_by_key(|(weakness, _)| *weakness)
        .map(|(_, at)| at)
}

/// Fills in what each rate is charged on, and drops rates that charge nothing on nothing.
pub(super) fn with_bases(mut amounts: Vec<TaxAmount>, lines: &[Drafted]) -> Vec<TaxAmount> {
    amounts.retain_mut(|tax| {
        let mut carried = false;
        tax.base = lines
            .iter()
            .filter(|drafted| drafted.rates.contains(&tax.rate))
            .inspect(|_| carried = true)
            .map(|drafted| drafted.base)
            .sum();
        carried || !tax.amount.is_zero()
    });
    amounts
}

/// Lets the tax lines add up to the tax that was charged: the charged figure wins, and a small difference goes
/// to the largest of them.
pub(super) fn reconciled<'a>(
    mut charged: Vec<ChargedRate<'a>>,
    total: Money,
    most: Money,
) -> Option<Vec<ChargedRate<'a>>> {
    let sum: Money = charged.iter().map(|charged| charged.amount).sum();
    let difference = total - sum;
    if difference.is_zero() {
        return Some(charged);
    }
    if difference.abs() > most {
        return None;
    }
    let mut largest = charged.first()?.amount.abs();
    let mut place = 0;
    for (at, charged) in charged.iter().enumerate() {
        if charged.amount.abs() > largest {
            largest = charged.amount.abs();
            place = at;
        }
    }
    charged[place].amount += difference;
    Some(charged)
}

/// The ids of the rates that apply, at zero or more.
pub(super) fn applying(shares: &[TaxShare]) -> Vec<u64> {
    let mut ids = Vec::new();
    for share in shares {
        if share.total.is_some() && !ids.contains(&share.rate_id) {
            ids.push(share.rate_id);
        }
    }
    ids
}

/// How weakly a rule names exactly these rates: by ids 0, by codes 1, by labels 2; `None` when it names others.
fn fit(rule: &TaxCodeRule, rates: &[&TaxLine]) -> Option<u8> {
    let all_used = rule
        .woo
        .iter()
        .all(|entry| rates.iter().any(|rate| weakness(entry, rate).is_some()));
    if !all_used {
        return None;
    }
    rates.iter().try_fold(0, |worst, rate| {
        let best = rule
            .woo
            .iter()
            .filter_map(|entry| weakness(entry, rate))
            .min()?;
        Some(worst.max(best))
    })
}

/// Ids change when a shop imports its rates anew, codes do not, labels are often shared: the first that fits counts.
fn weakness(entry: &str, rate: &TaxLine) -> Option<u8> {
    if entry == rate.rate_id.to_string() {
        Some(0)
    } else if entry == rate.rate_code {
        Some(1)
    } else if entry == rate.label {
        Some(2)
    } else {
        None
    }
}
