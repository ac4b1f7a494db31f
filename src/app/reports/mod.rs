//! Reports of what was posted, from the state file alone: sales, tax, fees, refunds, the accounts between, and what still waits.
//!
//! Documents pass by one at a time and leave only their sums, so that a report of a million of them takes no more memory than one of a
//! hundred: what is kept is a row for each day or month, currency and whatever else a report tells apart. No customer is in any of them.
//! How a report looks on a screen or in a file is not decided here.

mod clearing;
mod documents;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::days::DayRange;
use super::double_entry::{Unwritten, each_standing};
use super::papers::{Paper, PaperCheck, PaperTable};
use crate::books::reconciled::{ProofColumn, ProofColumnKind};
use crate::model::money::Money;
use crate::store::{Memory, Problems};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    Sales,
    Tax,
    Fees,
    Refunds,
    Problems,
    Clearing,
}

impl ReportKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            ReportKind::Sales => "sales",
            ReportKind::Tax => "tax",
            ReportKind::Fees => "fees",
            ReportKind::Refunds => "refunds",
            ReportKind::Problems => "problems",
            ReportKind::Clearing => "clearing",
        }
    }
}

/// How much time a row covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSpan {
    Day,
    Month,
}

impl RowSpan {
    const fn as_str(self) -> &'static str {
        match self {
            RowSpan::Day => "day",
            RowSpan::Month => "month",
        }
    }

    fn of(self, day: NaiveDate) -> String {
        match self {
            RowSpan::Day => day.to_string(),
            RowSpan::Month => day.format("%Y-%m").to_string(),
        }
    }
}

/// What the rows of a report say: words that tell rows apart, then how many, then how much.
struct ReportColumns {
    /// Behind the day or month.
    words: &'static [&'static str],
    count: &'static str,
    amounts: &'static [&'static str],
    /// What adds up to what.
    checks: &'static [ReportCheck],
}

/// These columns less those are nothing, in each currency.
struct ReportCheck {
    label: &'static str,
    plus: &'static [&'static str],
    minus: &'static [&'static str],
}

const fn columns(kind: ReportKind) -> ReportColumns {
    match kind {
        ReportKind::Sales => documents::SALES,
        ReportKind::Tax => documents::TAX,
        ReportKind::Fees => documents::FEES,
        ReportKind::Refunds => documents::REFUNDS,
        ReportKind::Problems => ReportColumns {
            words: &["target", "state", "code"],
            count: "problems",
            amounts: &[],
            checks: &[],
        },
        ReportKind::Clearing => clearing::CLEARING,
    }
}

/// The sums of a row.
#[derive(Clone, Debug, Default)]
struct RowSum {
    count: u64,
    amounts: Vec<Money>,
}

impl RowSum {
    fn add(&mut self, count: u64, amounts: &[Money]) {
        self.count += count;
        self.amounts.resize(amounts.len(), Money::ZERO);
        for (sum, amount) in self.amounts.iter_mut().zip(amounts) {
            *sum += *amount;
        }
    }
}

/// A finished report.
pub struct ReportTable {
    kind: ReportKind,
    days: DayRange,
    span: RowSpan,
    rows: BTreeMap<Vec<String>, RowSum>,
    /// Without the day or month.
    totals: BTreeMap<Vec<String>, RowSum>,
}

/// Adds a report up. `zone` is that of the books: it decides which day a problem belongs to; documents have theirs.
pub fn report<S: Memory + Problems>(
    state: &S,
    zone: Tz,
    kind: ReportKind,
    days: DayRange,
    span: RowSpan,
) -> Result<ReportTable, Unwritten> {
    let mut table = ReportTable {
        kind,
        days,
        span,
        rows: BTreeMap::new(),
        totals: BTreeMap::new(),
    };
    if kind == ReportKind::Problems {
        for problem in state.problems(None, true)? {
            let day = problem.first_seen.with_timezone(&zone).date_naive();
            if days.contains(day) {
                let words = [
                    problem.target.as_str(),
                    problem.state.as_str(),
                    problem.reason.code.as_str(),
                ];
                table.add(day, &words, 1, &[]);
            }
        }
        return Ok(table);
    }
    if kind == ReportKind::Clearing {
        clearing::roll_forward(state, &mut table)?;
        return Ok(table);
    }
    each_standing(state, days, &mut |_, posted| {
        if let Some(posted) = posted {
            documents::add(&mut table, posted);
        }
        Ok(())
    })?;
    Ok(table)
}

impl ReportTable {
    fn add(&mut self, day: NaiveDate, words: &[&str], count: u64, amounts: &[Money]) {
        let key: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let total = self.totals.entry(key.clone()).or_default();
        total.add(count, amounts);
        let mut with_day = vec![self.span.of(day)];
        with_day.extend(key);
        self.rows.entry(with_day).or_default().add(count, amounts);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.totals.is_empty()
    }

    /// The names of the columns of the rows.
    pub fn header(&self) -> Vec<&'static str> {
        let mut header = vec![self.span.as_str()];
        header.extend(self.header_of_totals());
        header
    }

    /// The same without the day or month.
    pub fn header_of_totals(&self) -> Vec<&'static str> {
        let columns = columns(self.kind);
        let mut header = columns.words.to_vec();
        header.push(columns.count);
        header.extend(columns.amounts);
        header
    }

    /// How many of the columns of the totals are words; the others are figures.
    pub fn words(&self) -> usize {
        columns(self.kind).words.len()
    }

    pub fn rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows.iter().map(cells)
    }

    pub fn totals(&self) -> impl Iterator<Item = Vec<String>> {
        self.totals.iter().map(cells)
    }

    /// The same for those who want it as a file: its rows, and its totals.
    pub fn paper(&self, shop: &str) -> Paper<'_> {
        let kind = self.kind.as_str();
        let days = match (self.days.from, self.days.until) {
            (None, None) => "all days".to_owned(),
            (Some(from), None) => format!("from {from}"),
            (None, Some(until)) => format!("until {until}"),
            (Some(from), Some(until)) => format!("{from} to {until}"),
        };
        let notes = match self.kind {
            ReportKind::Clearing => vec![clearing::NOTE.to_owned()],
            _ => Vec::new(),
        };
        Paper {
            title: format!("{kind} of {shop}, {days}"),
            front: None,
            notes,
            tables: vec![
                PaperTable {
                    name: kind,
                    columns: self.columns_of_paper(true),
                    rows: Box::new(|| Box::new(self.rows())),
                    checks: self.checks(columns(self.kind).checks),
                },
                PaperTable {
                    name: "totals",
                    columns: self.columns_of_paper(false),
                    rows: Box::new(|| Box::new(self.totals())),
                    checks: self.checks(match self.kind {
                        ReportKind::Clearing => clearing::OF_TOTALS,
                        _ => columns(self.kind).checks,
                    }),
                },
            ],
        }
    }

    fn columns_of_paper(&self, with_day: bool) -> Vec<ProofColumn> {
        let columns = columns(self.kind);
        let span = match self.span {
            RowSpan::Day => ProofColumnKind::Day,
            RowSpan::Month => ProofColumnKind::Text,
        };
        let day = with_day.then_some((self.span.as_str(), span));
        let words = columns.words.iter().map(|it| (*it, ProofColumnKind::Text));
        let amounts = columns.amounts.iter();
        let amounts = amounts.map(|it| (*it, ProofColumnKind::Amount));
        day.into_iter()
            .chain(words)
            .chain([(columns.count, ProofColumnKind::Count)])
            .chain(amounts)
            .map(|(name, kind)| ProofColumn { name, kind })
            .collect()
    }

    /// One for each currency that there is.
    fn checks(&self, of: &[ReportCheck]) -> Vec<PaperCheck> {
        let columns = columns(self.kind);
        let Some(place) = columns.words.iter().position(|word| *word == "currency") else {
            return Vec::new();
        };
        let currencies: BTreeSet<&String> = self.totals.keys().map(|key| &key[place]).collect();
        let checks = currencies.iter().flat_map(|currency| {
            let only = (currencies.len() > 1).then(|| ("currency", (*currency).clone()));
            of.iter().map(move |check| PaperCheck {
                label: format!("{}, {currency}", check.label),
                plus: check.plus.to_vec(),
                minus: check.minus.to_vec(),
                only: only.clone(),
            })
        });
        checks.collect()
    }

    /// `udsync/report/1`. Amounts are text, so that no reader makes a float of them.
    pub fn document(&self) -> Value {
        let objects = |header: Vec<&'static str>, sums: &BTreeMap<Vec<String>, RowSum>| {
            sums.iter()
                .map(|(words, sum)| {
                    let words = words.iter().map(|word| json!(word));
                    let amounts = sum.amounts.iter().map(|amount| json!(amount));
                    let values = words.chain([json!(sum.count)]).chain(amounts);
                    let names = header.iter().map(|name| (*name).to_owned());
                    Value::Object(names.zip(values).collect::<Map<_, _>>())
                })
                .collect::<Vec<_>>()
        };
        json!({
            "schema": "udsync/report/1",
            "report": self.kind.as_str(),
            "period": self.days,
            "rows": objects(self.header(), &self.rows),
            "totals": objects(self.header_of_totals(), &self.totals),
        })
    }
}

fn cells((words, sum): (&Vec<String>, &RowSum)) -> Vec<String> {
    let mut cells = words.clone();
    cells.push(sum.count.to_string());
    cells.extend(sum.amounts.iter().map(Money::to_string));
    cells
}
