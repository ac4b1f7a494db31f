//! Exact decimals as PostgreSQL's `numeric` reads and prints them.
//!
//! The scale is part of the value: `10.50` comes out as `10.50`. Figures are kept as text, so that no digit is ever lost.
//! Not imitated: `NaN` and the infinities, which are refused.

use std::cmp::Ordering;
use std::fmt;

/// PostgreSQL's own limits on digits before and after the point.
const LONGEST_WHOLE: usize = 131_072;
const LONGEST_FRACTION: usize = 16_383;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseNumber {
    negative: bool,
    /// Without leading zeros; `0` at least.
    whole: String,
    fraction: String,
}

#[derive(Debug, PartialEq, Eq)]
pub enum DatabaseUnread {
    Syntax,
    Overflow,
}

impl DatabaseNumber {
    pub fn read(text: &str) -> Result<DatabaseNumber, DatabaseUnread> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (figures, exponent) = match rest.split_once(['e', 'E']) {
            Some((figures, exponent)) => (figures, power(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) || whole.len() + fraction.len() == 0 {
            return Err(DatabaseUnread::Syntax);
        }
        let mut digits = format!("{whole}{fraction}");
        let mut point = i64::try_from(whole.len()).unwrap_or(i64::MAX) + exponent;
        if point > LONGEST_WHOLE as i64 + 1 || point < -(LONGEST_FRACTION as i64) {
            return Err(DatabaseUnread::Overflow);
        }
        if point < 0 {
            digits.insert_str(0, &"0".repeat(usize::try_from(-point).unwrap_or(0)));
            point = 0;
        }
        let at = usize::try_from(point).unwrap_or(0);
        if at > digits.len() {
            digits.push_str(&"0".repeat(at - digits.len()));
        }
        let (whole, fraction) = digits.split_at(at);
        let whole = whole.trim_start_matches('0');
        if whole.len() > LONGEST_WHOLE || fraction.len() > LONGEST_FRACTION {
            return Err(DatabaseUnread::Overflow);
        }
        Ok(DatabaseNumber::of(negative, whole, fraction.to_owned()))
    }

    fn of(negative: bool, whole: &str, fraction: String) -> DatabaseNumber {
        let zero = whole.bytes().chain(fraction.bytes()).all(|b| b == b'0');
        DatabaseNumber {
            negative: negative && !zero,
            whole: if whole.is_empty() { "0" } else { whole }.to_owned(),
            fraction,
        }
    }

    /// Rounds half away from zero and pads, as a column with a scale does.
    pub fn to_scale(&self, scale: usize) -> DatabaseNumber {
        if self.fraction.len() <= scale {
            let padded = format!("{:0<scale$}", self.fraction);
            return DatabaseNumber::of(self.negative, &self.whole, padded);
        }
        let up = self.fraction.as_bytes()[scale] >= b'5';
        let mut digits: Vec<u8> = self
            .whole
            .bytes()
            .chain(self.fraction.bytes().take(scale))
            .collect();
        let mut carry = up;
        for digit in digits.iter_mut().rev() {
            if !carry {
                break;
            }
            carry = *digit == b'9';
            *digit = if carry { b'0' } else { *digit + 1 };
        }
        if carry {
            digits.insert(0, b'1');
        }
        let digits = String::from_utf8_lossy(&digits).into_owned();
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let whole = whole.trim_start_matches('0');
        DatabaseNumber::of(self.negative, whole, fraction.to_owned())
    }

    /// Digits before the point, none for a zero.
    pub fn width(&self) -> usize {
        if self.whole == "0" {
            0
        } else {
            self.whole.len()
        }
    }

    fn size(&self, other: &DatabaseNumber) -> Ordering {
        let length = self.fraction.len().max(other.fraction.len());
        let padded = |n: &DatabaseNumber| format!("{:0<length$}", n.fraction);
        (self.whole.len(), &self.whole)
            .cmp(&(other.whole.len(), &other.whole))
            .then_with(|| padded(self).cmp(&padded(other)))
    }
}

fn power(text: &str) -> Result<i64, DatabaseUnread> {
    let figures = text.strip_prefix(['+', '-']).unwrap_or(text);
    if figures.is_empty() || !figures.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DatabaseUnread::Syntax);
    }
    // What has more figures than fit is far beyond what can be held.
    text.parse::<i32>()
        .map(i64::from)
        .map_err(|_| DatabaseUnread::Overflow)
}

impl Ord for DatabaseNumber {
    fn cmp(&self, other: &DatabaseNumber) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.size(other),
            (true, true) => other.size(self),
        }
    }
}

impl PartialOrd for DatabaseNumber {
    fn partial_cmp(&self, other: &DatabaseNumber) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for DatabaseNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        write!(out, "{sign}{}", self.whole)?;
        if !self.fraction.is_empty() {
            write!(out, ".{}", self.fraction)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        DatabaseNumber::read(text).expect("a number").to_string()
    }

    #[test]
    fn the_scale_is_kept_and_powers_of_ten_are_written_out() {
        for (text, printed) in [
            ("10.50", "10.50"),
            ("1e2", "100"),
            ("1.0e1", "10"),
            ("0.1e-5", "0.000001"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            (" 007 ", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            (
                "123456789012345678901234567890.123456789",
                "123456789012345678901234567890.123456789",
            ),
        ] {
            assert_eq!(read(text), printed);
        }
        for text in ["", "abc", "1,5", "1e", "--1", ".", "NaN", "1 2"] {
            assert_eq!(
                DatabaseNumber::read(text),
                Err(DatabaseUnread::Syntax),
                "{text}"
            );
        }
        let long = format!("1{}", "0".repeat(140_000));
        assert_eq!(DatabaseNumber::read(&long), Err(DatabaseUnread::Overflow));
        assert_eq!(
            DatabaseNumber::read("1e999999999999"),
            Err(DatabaseUnread::Overflow)
        );
    }

    #[test]
    fn numbers_compare_by_value_and_round_away_from_zero() {
        let of = |text: &str| DatabaseNumber::read(text).expect("a number");
        assert_eq!(of("1.50").cmp(&of("1.5")), Ordering::Equal);
        assert!(of("-2") < of("-1.9") && of("9.99") < of("10") && of("-1") < of("0"));
        for (text, scale, rounded) in [
            ("1.005", 2, "1.01"),
            ("-1.005", 2, "-1.01"),
            ("9.999", 2, "10.00"),
            ("1", 2, "1.00"),
            ("0.4", 0, "0"),
        ] {
            assert_eq!(of(text).to_scale(scale).to_string(), rounded);
        }
    }
}
