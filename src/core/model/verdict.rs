//! The verdict: whether what came to stand in the books is what was meant. Whoever reads an answer and whoever decides what becomes of it
//! judge alike.

use super::money::Money;
use super::plan::Expectation;
use super::ticket::Found;

/// How an answer compares with what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    AsMeant,
    /// Total and tax are right, but the books split the tax in another way.
    SplitDiffers,
    /// The books worked the tax out by themselves.
    TaxOff {
        tax_in_books: Money,
    },
    Wrong,
}

/// Judges an answer. A write without an expectation, a name or a void, is as meant by standing there.
pub fn judge(expected: Option<&Expectation>, found: &Found) -> Verdict {
    let Some(expected) = expected else {
        return Verdict::AsMeant;
    };
    if found.unapplied.is_some_and(Money::is_positive) {
        // A payment of ours settles what it is for, to the cent: what is left was paid by somebody else.
        return Verdict::Wrong;
    }
    let same_day = found.date.is_none_or(|date| date == expected.date);
    if !same_day {
        return Verdict::Wrong;
    }
    if found.total == expected.total && found.tax_total == expected.tax_total {
        let same_split = expected
            .tax
            .iter()
            .all(|(rate, amount)| found.tax.get(rate).copied().unwrap_or(Money::ZERO) == *amount);
        return if same_split {
            Verdict::AsMeant
        } else {
            Verdict::SplitDiffers
        };
    }
    let net_is_right = found.total - found.tax_total == expected.total - expected.tax_total;
    if net_is_right {
        Verdict::TaxOff {
            tax_in_books: found.tax_total,
        }
    } else {
        Verdict::Wrong
    }
}

/// Whether it must not stay like this.
pub fn is_wrong(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::AsMeant | Verdict::SplitDiffers => false,
        Verdict::TaxOff { .. } | Verdict::Wrong => true,
    }
}
