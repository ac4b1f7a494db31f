//! Drafted lines: a line of a document with the rates that hang on it, before the taxes of the whole are known.

use rust_decimal::{Decimal, RoundingStrategy};

use super::note::{cut, one_line};
use crate::model::document::{ItemKey, Line, LineKind};
use crate::model::money::Money;

pub(super) const LONGEST_DESCRIPTION: usize = 4_000;
/// QuickBooks keeps unit prices to this many decimals.
const UNIT_PRICE_DECIMALS: u32 = 7;

/// The two codes of US companies.
pub(super) const US_TAXED: &str = "TAX";
pub(super) const US_UNTAXED: &str = "NON";

/// A line with the rates that hang on it and the part of their base that it brings.
#[derive(Clone, Debug)]
pub(super) struct Drafted {
    pub line: Line,
    pub rates: Vec<String>,
    pub base: Money,
}

impl Drafted {
    /// A line of an amount, without a quantity.
    pub fn of(kind: LineKind, item: ItemKey, amount: Money, coding: Coding) -> Drafted {
        Drafted {
            line: Line {
                kind,
                item,
                description: String::new(),
                quantity: None,
                unit_price: None,
                amount,
                tax_code: coding.code,
                source_line: None,
            },
            rates: coding.rates,
            base: amount,
        }
    }

    pub fn described(mut self, description: &str) -> Drafted {
        self.line.description = cut(&one_line(description), LONGEST_DESCRIPTION);
        self
    }

    pub fn sourced(mut self, id: u64) -> Drafted {
        self.line.source_line = Some(id);
        self
    }

    /// Gives the line a quantity, so that quantity times price is the amount to the cent.
    pub fn counted(mut self, quantity: Decimal) -> Drafted {
        if quantity.is_zero() {
            return self;
        }
        let line = &mut self.line;
        match unit_price(line.amount, quantity) {
            Some(price) => {
                line.quantity = Some(quantity.normalize());
                line.unit_price = Some(price);
            }
            None => {
                line.quantity = Some(Decimal::ONE);
                line.unit_price = Some(two_decimals(line.amount.decimal()));
                let counted = format!("{} × {}", quantity.normalize(), line.description);
                line.description = cut(&counted, LONGEST_DESCRIPTION);
            }
        }
        self
    }
}

/// The price of one, where quantity times price gives the amount back to the cent.
fn unit_price(amount: Money, quantity: Decimal) -> Option<Decimal> {
    let price = amount
        .decimal()
        .checked_div(quantity)?
        .round_dp_with_strategy(UNIT_PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    let back = Money::new(quantity.checked_mul(price)?).ok()?;
    (back.rounded() == amount).then(|| two_decimals(price))
}

fn two_decimals(price: Decimal) -> Decimal {
    let mut price = price.normalize();
    if price.scale() < 2 {
        price.rescale(2);
    }
    price
}

/// The code of a line and the ledger's rates that hang on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Coding {
    pub code: Option<String>,
    pub rates: Vec<String>,
}

impl Coding {
    pub fn plain(code: Option<String>) -> Coding {
        Coding {
            code,
            rates: Vec::new(),
        }
    }

    pub fn us(taxed: bool) -> Coding {
        Coding::plain(Some(if taxed { US_TAXED } else { US_UNTAXED }.to_owned()))
    }
}

/// Where a line stands on a document.
pub(super) fn section(line: &Line) -> u8 {
    match line.kind {
        LineKind::Item if is_adjustment(line) => 4,
        LineKind::Item => 0,
        LineKind::Discount => 1,
        LineKind::Shipping => 2,
        LineKind::Fee => 3,
        LineKind::Rounding => 5,
        LineKind::GatewayFee => 6,
        LineKind::Transfer | LineKind::PayoutShare => 7,
    }
}

/// Money that went back nobody knows for what.
pub(super) fn is_adjustment(line: &Line) -> bool {
    line.kind == LineKind::Item && line.item.0 == "refund_adjustment"
}
