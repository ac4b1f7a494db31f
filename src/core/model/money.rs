//! Money: an exact decimal amount, never a float.
//!
//! An amount does not carry its currency: a document has one currency and everything
//! inside it is in that currency, so the type that holds the amounts holds the code.
//! Amounts are bounded when they are read, so that sums cannot overflow afterwards.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact amount of money in the currency of whatever holds it.
///
/// It may carry more than two decimals, as the raw tax rows of a shop do; [`Money::rounded`]
/// gives the amount that can be posted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

/// Beyond this nobody sells anything, and sums of ten thousand lines stay far from overflow.
const LARGEST: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0); // 10^15

/// A text that is not an amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount of money")]
pub struct NotMoney(pub String);

impl Money {
    pub const ZERO: Money = Money(Decimal::ZERO);
    pub const CENT: Money = Money(Decimal::from_parts(1, 0, 0, false, 2));

    /// Takes a decimal as an amount; refuses what no shop could mean.
    pub fn new(value: Decimal) -> Result<Money, NotMoney> {
        if value.abs() > LARGEST {
            return Err(NotMoney(value.to_string()));
        }
        Ok(Money(value))
    }

    /// The amount of so many cents, for rules and tests.
    pub const fn cents(cents: u32) -> Money {
        Money(Decimal::from_parts(cents, 0, 0, false, 2))
    }

    /// The plain decimal, for multiplication and division, which leave the realm of money.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Rounds to two decimals, half away from zero.
    pub fn rounded(self) -> Money {
        Money(
            self.0
                .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero),
        )
    }

    /// Says whether the amount has no more than two decimals that matter.
    pub fn is_whole_cents(self) -> bool {
        self.0.normalize().scale() <= 2
    }

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    pub fn is_positive(self) -> bool {
        self.0.is_sign_positive() && !self.0.is_zero()
    }

    pub fn abs(self) -> Money {
        Money(self.0.abs())
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Money, NotMoney> {
        let value = Decimal::from_str_exact(text.trim())
            .or_else(|_| Decimal::from_scientific(text.trim()))
            .map_err(|_| NotMoney(text.to_owned()))?;
        Money::new(value)
    }
}

/// Prints at least two decimals, and more only where the amount has them.
impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.0.normalize();
        if value.scale() < 2 {
            value.rescale(2);
        }
        // A negative zero would print as `-0.00`.
        if value.is_zero() {
            value.set_sign_positive(true);
        }
        write!(out, "{value}")
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().expect("an amount")
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (raw, rounded) in [
            ("1.005", "1.01"),
            ("-1.005", "-1.01"),
            ("2.675", "2.68"),
            ("0.004999", "0.00"),
            ("3.999", "4.00"),
        ] {
            assert_eq!(money(raw).rounded().to_string(), rounded);
        }
    }

    #[test]
    fn prints_two_decimals_or_more_and_no_negative_zero() {
        assert_eq!(money("5").to_string(), "5.00");
        assert_eq!(money("3.9990").to_string(), "3.999");
        assert_eq!((-money("0.00")).to_string(), "0.00");
    }

    #[test]
    fn refuses_what_is_no_money() {
        for text in ["", "abc", "1,50", "NaN", "10000000000000000", "1e40"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }
}
