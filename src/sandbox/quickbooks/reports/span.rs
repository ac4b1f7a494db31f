//! The days that a report is about.

use super::super::fault::{CompanyDone, CompanyFault};
use super::super::world::CompanyWorld;
use chrono::{Datelike, Days, Months, NaiveDate};
use std::collections::BTreeMap;
use std::str::FromStr;

pub struct ReportSpan {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// What it is called, if it has a name.
    pub named: Option<String>,
}

impl ReportSpan {
    /// By two dates, or a name of a span, or the month so far.
    pub fn asked(
        world: &CompanyWorld,
        query: &BTreeMap<String, String>,
    ) -> CompanyDone<ReportSpan> {
        let (start, end) = (day(query, "start_date")?, day(query, "end_date")?);
        let today = world.today();
        if start.is_none() && end.is_none() {
            let named = query
                .get("date_macro")
                .filter(|named| !named.is_empty())
                .map_or("This Month-to-date", String::as_str);
            let (from, to) = named_span(today, named)
                .ok_or_else(|| CompanyFault::bad_enum("date_macro", named))?;
            return Ok(ReportSpan {
                from,
                to,
                named: Some(named.to_lowercase()),
            });
        }
        let to = end.unwrap_or(today);
        let from = start.unwrap_or_else(|| first_of_month(to));
        if from > to {
            return Err(CompanyFault::new(
                "2190",
                "Invalid Date Range",
                "The date range isn't valid.",
            ));
        }
        Ok(ReportSpan {
            from,
            to,
            named: None,
        })
    }

    /// By the one date that such a report looks at. Others are not even read.
    pub fn of_report_date(
        world: &CompanyWorld,
        query: &BTreeMap<String, String>,
    ) -> CompanyDone<ReportSpan> {
        let to = day(query, "report_date")?.unwrap_or_else(|| world.today());
        Ok(ReportSpan {
            from: first_of_year(to),
            to,
            named: None,
        })
    }

    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

fn day(query: &BTreeMap<String, String>, name: &str) -> CompanyDone<Option<NaiveDate>> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let day = NaiveDate::from_str(text).ok().filter(|_| text.len() == 10);
    day.map(Some)
        .ok_or_else(|| CompanyFault::bad_date(name, text))
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The company's year begins in January.
pub fn first_of_year(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day)
}

fn named_span(today: NaiveDate, named: &str) -> Option<(NaiveDate, NaiveDate)> {
    let month = first_of_month(today);
    let year = first_of_year(today);
    let before = |day: NaiveDate| day - Days::new(1);
    Some(match named.to_lowercase().as_str() {
        "today" => (today, today),
        "yesterday" => (before(today), before(today)),
        "this month" => (month, before(month + Months::new(1))),
        "this month-to-date" => (month, today),
        "last month" => (month - Months::new(1), before(month)),
        "this fiscal year" | "this calendar year" => (year, before(year + Months::new(12))),
        "this fiscal year-to-date" | "this calendar year-to-date" => (year, today),
        "last fiscal year" | "last calendar year" => (year - Months::new(12), before(year)),
        _ => return None,
    })
}
