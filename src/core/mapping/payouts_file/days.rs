//! Days: whether those of a file are written as its mapping says, or the other way about.
//!
//! `05/10/2026` is two days, and a mapping has one of them. A file whose days are evidently the other ones is refused as a whole: posted
//! on wrong days, nothing of it would be told.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

/// So many days that all are the same one of a month, each of another month, are no chance.
const SAME_DAY: usize = 5;
/// So many days have an order.
const IN_ORDER: usize = 3;

/// One day of a line, as it is written and as it is read both ways.
pub struct DayRead<'a> {
    pub number: u64,
    pub column: &'a str,
    pub text: &'a str,
    /// By the mapping.
    pub meant: Option<NaiveDate>,
    /// With the day and the month exchanged.
    pub turned: Option<NaiveDate>,
    /// It is the day on which something happened, and not one that may be to come.
    pub is_past: bool,
}

/// The format with the day and the month exchanged; `None`: it says no such order, or begins with the year, behind which nobody puts the
/// day first.
pub fn turned(format: &str) -> Option<String> {
    let begins_with_year = ["%Y", "%y", "%F", "iso"];
    if begins_with_year.iter().any(|year| format.starts_with(year)) {
        return None;
    }
    let mut out = String::new();
    let (mut days, mut months) = (0, 0);
    let mut rest = format.chars().peekable();
    while let Some(one) = rest.next() {
        out.push(one);
        if one != '%' {
            continue;
        }
        if rest.peek() == Some(&'-') {
            out.extend(rest.next());
        }
        match rest.next() {
            Some('d' | 'e') => {
                days += 1;
                out.push('m');
            }
            Some('m') => {
                months += 1;
                out.push('d');
            }
            other => out.extend(other),
        }
    }
    (days == 1 && months == 1).then_some(out)
}

/// Why the whole file is not written as the mapping says.
pub fn evidently_turned(
    days: &[DayRead<'_>],
    format: &str,
    turned: &str,
    file: &str,
    today: NaiveDate,
) -> Option<String> {
    let odd = days
        .iter()
        .find(|day| day.meant.is_none() && day.turned.is_some());
    let reads_more = days
        .iter()
        .all(|day| day.meant.is_none() || day.turned.is_some());
    if let Some(odd) = odd.filter(|_| reads_more) {
        return Some(format!(
            "line {} of `{file}`: `{}` in `{}` is no day that is written as `{format}`, and all of them are written as `{turned}`",
            odd.number, odd.text, odd.column
        ));
    }
    // From here on nothing but what the days come to tells which way is meant.
    let mut meant = Vec::new();
    let mut other = Vec::new();
    for day in days.iter().filter(|day| day.is_past) {
        meant.push(day.meant?);
        other.push(day.turned?);
    }
    let said = |why: &str| {
        format!(
            "`{file}`: read as `{format}` {why}, and read as `{turned}` they do not: its days are written the other way about"
        )
    };
    let last = today + Days::new(1);
    let is_to_come = |days: &[NaiveDate]| days.iter().any(|day| *day > last);
    if is_to_come(&meant) && !is_to_come(&other) {
        return Some(said("some of its days are yet to come"));
    }
    let distinct: BTreeSet<&NaiveDate> = meant.iter().collect();
    let is_in_order =
        |days: &[NaiveDate]| days.is_sorted() || days.is_sorted_by(|one, next| one >= next);
    if distinct.len() >= IN_ORDER && !is_in_order(&meant) && is_in_order(&other) {
        return Some(said("its days go to and fro"));
    }
    let of_month: BTreeSet<u32> = meant.iter().map(Datelike::day).collect();
    let months: BTreeSet<(i32, u32)> = other.iter().map(|day| (day.year(), day.month())).collect();
    if distinct.len() >= SAME_DAY && of_month.len() == 1 && months.len() == 1 {
        return Some(said("all of its days are the same one of different months"));
    }
    None
}
