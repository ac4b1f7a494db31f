//! Lines: what one line of a file says, as a row of an account, or what of it cannot be understood.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

use super::columns::{AmountColumns, AmountSign, FeeSign, PayoutsMapping, plain};
use super::days::{DayRead, evidently_turned, turned};
use super::table::Table;
use crate::model::money::Money;
use crate::model::payout::{PaymentBehind, PayoutOwner, PayoutRow, PayoutRowKind, decimals_of};

/// Words with which a line begins that adds the others up.
const TOTALS: [&str; 9] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "summe",
    "gesamt",
    "totaal",
    "totale",
    "total général",
];

/// A line that is a row.
#[derive(Clone, Debug)]
pub struct FileLine {
    pub number: u64,
    /// The service's own id of it, which a payout is known by.
    pub own: String,
    /// The service's own id of its payout.
    pub payout: Option<String>,
    /// `None`: it cannot be read.
    pub at: Option<NaiveDateTime>,
    pub arrives: Option<NaiveDate>,
    /// What the payout came to, where a column says it.
    pub payout_amount: Option<Money>,
    /// What the account holds after it.
    pub balance: Option<Money>,
    /// With what is wrong with the line, if anything is.
    pub row: PayoutRow,
}

/// All of them, in the order of the file.
#[derive(Debug, Default)]
pub struct FileLines {
    pub lines: Vec<FileLine>,
    pub notes: Vec<String>,
    /// No day of the whole file can be read, or none as it is meant.
    pub all_wrong: Option<String>,
    /// And that because its lines are cut off.
    pub are_cut: bool,
}

/// Reads every line.
pub fn lines(table: &Table, mapping: &PayoutsMapping, file: &str, today: NaiveDate) -> FileLines {
    let mut all = FileLines::default();
    let mut seen: BTreeSet<Vec<&str>> = BTreeSet::new();
    let mut ids: BTreeMap<String, Vec<(PayoutRowKind, u64)>> = BTreeMap::new();
    let (mut totals, mut twice) = (0_u32, 0_u32);
    let other_way = turned(&mapping.date);
    let mut days = Vec::new();
    for (number, record) in &table.records {
        let reading = Reading {
            table,
            mapping,
            file,
            number: *number,
            record,
        };
        if reading.is_total() {
            totals += 1;
            continue;
        }
        if reading.is_left_out() {
            continue;
        }
        let has_id = reading.optional(mapping.columns.row.as_ref()).is_some();
        // Without an id of its own a line is nobody's copy: two buyers may have paid the same.
        if has_id && !seen.insert(record.iter().collect()) {
            twice += 1;
            continue;
        }
        if let Some(other_way) = &other_way {
            days.extend(reading.days_both_ways(other_way));
        }
        let mut line = reading.line();
        if has_id {
            let known = ids.entry(line.row.id.clone()).or_default();
            let before = known.iter().find(|(kind, _)| *kind == line.row.kind);
            if let Some((_, before)) = before {
                let said = format!(
                    "line {number} of `{file}` has the id `{}` of line {before} and says something else",
                    line.row.id
                );
                line.row.trouble.get_or_insert(said);
            }
            let is_copy = before.is_some();
            known.push((line.row.kind, *number));
            if known.len() > 1 {
                line.row.id = format!("{}#{}", line.row.id, known.len());
            }
            // Two payouts of one id are two, and the second waits for a person.
            if is_copy {
                line.own.clone_from(&line.row.id);
            }
        }
        all.lines.push(line);
    }
    for (count, one, many) in [
        (
            totals,
            "1 line that adds others up was left out",
            "lines that add others up were left out",
        ),
        (
            twice,
            "1 line that stands in the file twice was taken once",
            "lines that stand in the file twice were taken once",
        ),
    ] {
        match count {
            0 => {}
            1 => all.notes.push(one.to_owned()),
            count => all.notes.push(format!("{count} {many}")),
        }
    }
    if !all.lines.is_empty() && all.lines.iter().all(|line| line.at.is_none()) {
        let first = &all.lines[0];
        all.all_wrong.clone_from(&first.row.trouble);
        let mut records = table.records.iter();
        all.are_cut =
            records.any(|(number, record)| *number == first.number && record.len() < table.width);
    }
    if let Some(other_way) = &other_way {
        let why = evidently_turned(&days, &mapping.date, other_way, file, today);
        all.all_wrong = why.or(all.all_wrong.take());
    }
    all
}

/// Gross, fee and net; `None`: the line does not say.
type ReadFigures = (Option<Money>, Option<Money>, Option<Money>);

/// Whether a line of this kind takes from the account, where amounts have no sign.
fn takes(kind: PayoutRowKind) -> bool {
    matches!(
        kind,
        PayoutRowKind::Refund
            | PayoutRowKind::Dispute
            | PayoutRowKind::Fee
            | PayoutRowKind::Reserve
            | PayoutRowKind::Payout
    )
}

struct Reading<'a> {
    table: &'a Table,
    mapping: &'a PayoutsMapping,
    file: &'a str,
    number: u64,
    record: &'a csv::StringRecord,
}

impl<'a> Reading<'a> {
    fn cell(&self, name: &str) -> &'a str {
        self.table.cell(self.record, name).unwrap_or_default()
    }

    fn optional(&self, name: Option<&String>) -> Option<&'a str> {
        let cell = name.map(|name| self.cell(name))?;
        Some(cell).filter(|cell| !cell.is_empty())
    }

    /// Nobody's row: it has neither a day nor an id nor a kind, or it says that it is a sum.
    fn is_total(&self) -> bool {
        let columns = &self.mapping.columns;
        let named = [&columns.row, &columns.payout, &columns.kind];
        let mut identity: Vec<&str> = named
            .into_iter()
            .flatten()
            .map(|name| self.cell(name))
            .collect();
        identity.push(self.cell(&columns.date));
        let has_day = self.day_of(self.cell(&columns.date)).is_some();
        let is_word = |cell: &str| {
            let cell = plain(cell);
            let cell = cell.trim_end_matches([':', ' ']);
            TOTALS.contains(&cell)
        };
        !has_day && (identity.iter().all(|cell| cell.is_empty()) || self.record.iter().any(is_word))
    }

    fn is_left_out(&self) -> bool {
        let mut only = self.mapping.only.iter();
        if only.any(|(name, words)| !words.contains(&plain(self.cell(name)))) && self.is_whole() {
            return true;
        }
        let word = self.optional(self.mapping.columns.kind.as_ref());
        word.is_some_and(|word| self.mapping.kinds.get(&plain(word)) == Some(&None))
    }

    /// It has as many cells as there are columns, but for empty ones at its end, and the last one where nobody reads it.
    fn is_whole(&self) -> bool {
        let more = self.record.iter().skip(self.table.width);
        self.table.has_all(self.record) && more.into_iter().all(|cell| cell.trim().is_empty())
    }

    fn days_both_ways(&self, other_way: &str) -> Vec<DayRead<'a>> {
        let columns = &self.mapping.columns;
        let arrives = columns.arrives.as_ref().map(|name| (name, false));
        let all = [(&columns.date, true)].into_iter().chain(arrives);
        let days = all.map(|(column, is_past)| {
            let text = self.cell(column);
            DayRead {
                number: self.number,
                column,
                text,
                meant: self.day_of(text).map(|at| at.date()),
                turned: day_by(other_way, text).map(|at| at.date()),
                is_past,
            }
        });
        days.filter(|day| !day.text.is_empty()).collect()
    }

    fn day_of(&self, text: &str) -> Option<NaiveDateTime> {
        day_by(&self.mapping.date, text)
    }

    fn line(&self) -> FileLine {
        let mut trouble: Option<String> = None;
        let mut wrong = |said: String| {
            trouble.get_or_insert(format!("line {} of `{}`: {said}", self.number, self.file));
        };
        if !self.is_whole() {
            let (has, columns) = (self.record.len(), self.table.width);
            wrong(format!(
                "it has {has} cells, and there are {columns} columns"
            ));
        }
        let columns = &self.mapping.columns;
        let mut at = self.day_of(self.cell(&columns.date));
        if at.is_none() {
            let said = self.cell(&columns.date);
            wrong(format!(
                "`{said}` in `{}` is no day that is written as `{}`",
                columns.date, self.mapping.date
            ));
        }
        if let (Some(name), Some(format)) = (&columns.time, &self.mapping.time)
            && let Ok(time) = NaiveTime::parse_from_str(self.cell(name), format)
        {
            at = at.map(|at| at.date().and_time(time));
        }
        let arrives = self.optional(columns.arrives.as_ref());
        let arrives_at = arrives.map(|text| self.day_of(text));
        if let (Some(text), Some(None)) = (arrives, arrives_at) {
            wrong(format!(
                "`{text}` is no day that is written as `{}`",
                self.mapping.date
            ));
        }
        let currency = self
            .optional(columns.currency.as_ref())
            .map(str::to_uppercase);
        let currency = currency
            .or_else(|| self.mapping.home.clone())
            .unwrap_or_default();
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            wrong(match currency.is_empty() {
                true => "it says no currency".to_owned(),
                false => format!("`{currency}` is no currency"),
            });
        }
        if let Some(other) = self.optional(columns.gross_currency.as_ref())
            && !other.eq_ignore_ascii_case(&currency)
        {
            wrong(format!(
                "what was paid is in {other}, and what is paid out in {currency}"
            ));
        }
        let word = self.optional(columns.kind.as_ref()).unwrap_or_default();
        let of_word = self.mapping.kinds.get(&plain(word)).copied().flatten();
        let figures = match self.mapping.amounts {
            AmountSign::Signed => self.figures(&currency),
            AmountSign::Unsigned => self.unsigned(&currency, of_word.is_some_and(takes)),
        };
        let (amount, fee) = figures.unwrap_or_else(|said| {
            wrong(said);
            (Money::ZERO, Money::ZERO)
        });
        let kind = match &columns.kind {
            Some(_) => of_word,
            None if amount.is_negative() => Some(PayoutRowKind::Refund),
            None => Some(PayoutRowKind::Charge),
        };
        let kind = kind.unwrap_or(PayoutRowKind::Unknown);
        let mut single = |name: &Option<String>| match self.optional(name.as_ref()) {
            None => None,
            Some(text) => match self.amount(text, &currency) {
                Ok(amount) => Some(amount),
                Err(said) => {
                    wrong(said);
                    None
                }
            },
        };
        let payout_amount = single(&columns.payout_amount);
        let balance = single(&columns.balance);
        let names = columns.payment.iter().map(|name| self.cell(name));
        let mut names = names.filter(|cell| !cell.is_empty()).map(str::to_owned);
        let number = self.optional(columns.order.as_ref()).and_then(order_number);
        let own = self.optional(columns.row.as_ref()).unwrap_or_default();
        let row = PayoutRow {
            id: own.to_owned(),
            kind,
            word: word.to_owned(),
            amount,
            fee,
            currency,
            owner: PayoutOwner::Unsaid,
            source: names.next(),
            charged: None,
            at: at.unwrap_or_default().and_utc(),
            payout: None,
            behind: PaymentBehind {
                intent: names.next(),
                paid_at: None,
                said_order: number.as_ref().and_then(|number| number.parse().ok()),
                said_number: number,
            },
            trouble,
        };
        FileLine {
            number: self.number,
            own: own.to_owned(),
            payout: self.optional(columns.payout.as_ref()).map(str::to_owned),
            at,
            arrives: arrives_at.flatten().map(|at| at.date()),
            payout_amount,
            balance,
            row,
        }
    }

    /// The same where amounts have no sign: the kind of the line says it. What was given back of a fee, and what was kept besides, look
    /// alike then, so that the net has to tell them apart.
    fn unsigned(&self, currency: &str, takes: bool) -> Result<(Money, Money), String> {
        let columns = &self.mapping.columns;
        let amounts = [&columns.gross, &columns.net].into_iter().flatten();
        for name in amounts.flat_map(AmountColumns::names) {
            let text = self.cell(name);
            if text.contains(['-', '+', '(', '\u{2212}']) {
                return Err(format!(
                    "`{text}` in `{name}` has a sign, and `amounts = \"unsigned\"` in `[format]` of the mapping says that none has"
                ));
            }
        }
        if !takes {
            return self.figures(currency);
        }
        let (gross, fee, net) = self.read_figures(currency)?;
        let fee_of = |fee: Option<Money>| fee.filter(|fee| !fee.is_zero());
        match (gross, fee_of(fee), net) {
            (Some(gross), None, Some(net)) if fee.is_none() => Ok((-gross, net - gross)),
            (Some(gross), None, Some(net)) if gross == net => Ok((-gross, Money::ZERO)),
            (Some(gross), Some(fee), Some(net)) if gross + fee == net => Ok((-gross, fee)),
            (Some(gross), Some(fee), Some(net)) if gross - fee == net => Ok((-gross, -fee)),
            (Some(only), None, None) | (None, None, Some(only)) => Ok((-only, Money::ZERO)),
            (None, _, None) => Err("it says no amount".to_owned()),
            (Some(gross), _, Some(net)) => Err(format!(
                "{gross} and a fee of {} do not come to {net}, neither with it nor without it",
                fee.unwrap_or_default()
            )),
            (_, Some(fee), _) => Err(format!(
                "nothing says whether the fee of {fee} was kept or given back: the mapping must name both `gross` and `net`"
            )),
        }
    }

    /// What the account got by the line, and what of it the service kept.
    fn figures(&self, currency: &str) -> Result<(Money, Money), String> {
        let columns = &self.mapping.columns;
        let (gross, fee, net) = self.read_figures(currency)?;
        match (gross, fee, net) {
            (Some(gross), Some(fee), Some(net)) if gross - fee != net => {
                let text = |name: &Option<AmountColumns>| {
                    let names = name.as_ref().map(AmountColumns::names).unwrap_or_default();
                    names.join(" + ")
                };
                Err(format!(
                    "{} {gross} less a fee of {fee} is not {} {net}: look at the digits, and at `fees` in `[format]` of the mapping",
                    text(&columns.gross),
                    text(&columns.net)
                ))
            }
            (Some(gross), Some(fee), _) => Ok((gross, fee)),
            (Some(gross), None, Some(net)) => Ok((gross, gross - net)),
            (None, fee, Some(net)) => {
                let fee = fee.unwrap_or_default();
                Ok((net + fee, fee))
            }
            (Some(gross), None, None) => Ok((gross, Money::ZERO)),
            (None, _, None) => Err("it says no amount".to_owned()),
        }
    }

    /// Gross, fee and net as the line has them, a fee that was kept above zero.
    fn read_figures(&self, currency: &str) -> Result<ReadFigures, String> {
        let columns = &self.mapping.columns;
        let read = |of: &Option<AmountColumns>| match of {
            Some(of) => self.sum(of, currency),
            None => Ok(None),
        };
        let (gross, net) = (read(&columns.gross)?, read(&columns.net)?);
        let fee = read(&columns.fee)?.map(|fee| match self.mapping.fees {
            FeeSign::Positive => fee,
            FeeSign::Negative => -fee,
        });
        Ok((gross, fee, net))
    }

    /// `None`: all of its cells are empty.
    fn sum(&self, of: &AmountColumns, currency: &str) -> Result<Option<Money>, String> {
        let read = |name: &str| match self.cell(name) {
            "" => Ok(None),
            text => self.amount(text, currency).map(Some),
        };
        if let AmountColumns::Sides(sides) = of {
            let (credit, debit) = (read(&sides.credit)?, read(&sides.debit)?);
            return Ok(match (credit, debit) {
                (None, None) => None,
                (credit, debit) => Some(credit.unwrap_or_default() - debit.unwrap_or_default()),
            });
        }
        let mut sum = None;
        for name in of.names() {
            if let Some(amount) = read(name)? {
                sum = Some(sum.unwrap_or(Money::ZERO) + amount);
            }
        }
        Ok(sum)
    }

    fn amount(&self, text: &str, currency: &str) -> Result<Money, String> {
        amount(text, self.mapping.decimal, decimals_of(currency))
    }
}

/// A day that is written so.
fn day_by(format: &str, text: &str) -> Option<NaiveDateTime> {
    if format == "iso" {
        let whole = DateTime::parse_from_rfc3339(text)
            .map(|at| at.naive_local())
            .ok();
        return whole.or_else(|| Some(text.parse::<NaiveDate>().ok()?.into()));
    }
    let with_time = NaiveDateTime::parse_from_str(text, format).ok();
    let whole = with_time.or_else(|| Some(NaiveDate::parse_from_str(text, format).ok()?.into()));
    // Nobody was paid out in the year 26.
    whole.filter(|at| at.date() >= NaiveDate::from_ymd_opt(1990, 1, 1).expect("a day"))
}

/// An amount as people and programs write it: `-1,234.50`, `1.234,50-`, `(12.00)`, `1 234,50`.
pub fn amount(text: &str, decimal: char, decimals: u32) -> Result<Money, String> {
    let group = if decimal == '.' { ',' } else { '.' };
    let none = || format!("`{text}` is no amount whose decimals stand behind `{decimal}`");
    let mut rest = text.trim();
    let mut is_negative = false;
    if let Some(inside) = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        (rest, is_negative) = (inside, true);
    }
    let minus = ['-', '\u{2212}'];
    for taken in [rest.strip_prefix(minus), rest.strip_suffix(minus)]
        .into_iter()
        .flatten()
        .take(1)
    {
        if is_negative {
            return Err(none());
        }
        (rest, is_negative) = (taken.trim(), true);
    }
    rest = rest.strip_prefix('+').unwrap_or(rest);
    let (whole, part) = match rest.split_once(decimal) {
        Some((whole, part)) => (whole, Some(part)),
        None => (rest, None),
    };
    let is_group =
        |one: char| one == group || ['\u{a0}', '\u{202f}', ' ', '\'', '\u{2019}'].contains(&one);
    let groups: Vec<&str> = whole.split(is_group).collect();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = match groups.as_slice() {
        [one] => is_digits(one) || (one.is_empty() && part.is_some()),
        [first, more @ ..] => {
            first.len() <= 3
                && is_digits(first)
                && more.iter().all(|one| one.len() == 3 && is_digits(one))
        }
        [] => false,
    };
    if !is_grouped || part.is_some_and(|part| !is_digits(part)) {
        return Err(none());
    }
    let digits = format!("{}.{}", groups.concat(), part.unwrap_or("0"));
    let digits = digits
        .strip_prefix('.')
        .map_or(digits.clone(), |rest| format!("0.{rest}"));
    let value: Decimal = digits.parse().map_err(|_| none())?;
    if value.normalize().scale() > decimals {
        return Err(format!("`{text}` has more decimals than its currency"));
    }
    let may_be_thousands = groups.len() == 1 && whole.len() <= 3 && !whole.starts_with('0');
    if decimals < 3
        && may_be_thousands
        && part.is_some_and(|part| part.len() == 3)
        && !whole.is_empty()
    {
        return Err(format!(
            "`{text}` has three digits behind `{decimal}`, which may be thousands as well as decimals"
        ));
    }
    // Noughts at the end are how it is written, and not how much it is.
    let mut value = value.normalize();
    value.rescale(decimals.max(2));
    let value = Money::new(value).map_err(|_| none())?;
    Ok(if is_negative { -value } else { value })
}

/// `1042` of `WC-1042` and `Order #1042`: the last digits.
fn order_number(text: &str) -> Option<String> {
    let is_digit = |one: &char| one.is_ascii_digit();
    let digits: String = text
        .chars()
        .rev()
        .skip_while(|one| !is_digit(one))
        .take_while(is_digit)
        .collect();
    let digits: String = digits.chars().rev().collect();
    (!digits.is_empty() && digits.len() <= 18).then_some(digits)
}
