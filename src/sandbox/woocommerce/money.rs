//! Amounts as whole cents, and the one rounding WooCommerce uses for tax.
//!
//! The shops imagined here have two decimals. Orders that tests bring along as raw
//! objects keep whatever text they carry and never pass through this file.

/// An amount in hundredths of the currency.
pub type Cents = i64;

/// What a payment service keeps of a charge: 2.9 % and 30 cents.
pub fn card_fee(charged: Cents) -> Cents {
    (charged * 29 + 500) / 1_000 + 30
}

/// Prints cents as the API does: `-12.50`.
pub fn text(cents: Cents) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let whole = cents.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

/// Reads an amount of at most two decimals; `None` for anything else.
pub fn cents(text: &str) -> Option<Cents> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty()
        || part.len() > 2
        || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let part: i64 = match part.len() {
        0 => 0,
        1 => part.parse::<i64>().ok()? * 10,
        _ => part.parse().ok()?,
    };
    let sum = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)?;
    Some(if negative { -sum } else { sum })
}

/// The share `per_hundred_thousand` of an amount, to the cent, half away from zero.
///
/// 9.975 % is 9975 of 100000, so every Canadian rate is a whole number here.
pub fn share(cents: Cents, per_hundred_thousand: i64) -> Cents {
    divide(cents * per_hundred_thousand, 100_000)
}

/// A division that rounds half away from zero.
pub fn divide(amount: i64, by: i64) -> i64 {
    let half = by / 2;
    if amount < 0 {
        -((-amount + half) / by)
    } else {
        (amount + half) / by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_printed_the_same() {
        for amount in ["0.00", "12.50", "-0.05", "-1234.99", "1000000.01"] {
            assert_eq!(text(cents(amount).expect("an amount")), amount);
        }
        assert_eq!(cents("7"), Some(700));
        assert_eq!(cents("7.5"), Some(750));
        assert_eq!(cents("7.555"), None);
        assert_eq!(cents(""), None);
        assert_eq!(cents("7.-5"), None);
    }

    #[test]
    fn half_a_cent_goes_away_from_zero() {
        assert_eq!(share(1250, 5_000), 63);
        assert_eq!(share(-1250, 5_000), -63);
        assert_eq!(share(4998, 9_975), 499);
    }
}
