//! Figures of the month: what was sold, refunded and charged as tax, by currency, and each day as a bar.
//!
//! They are those of the reports, of the documents that stand. Adding up a month of many documents takes a moment, so the sums are kept
//! for as long as nothing was posted since.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::refusal::PageRefusal;
use super::visit::PageVisit;
use crate::app::App;
use crate::app::days::DayRange;
use crate::app::double_entry::Unwritten;
use crate::app::reports::{ReportKind, RowSpan, report};
use crate::run::Failure;
use crate::store::{History, RunFilter, Store};

/// What sums were made of: the state file, the day, and the newest run with how it ended.
type FiguresStamp = (std::path::PathBuf, NaiveDate, String);

static KEPT: LazyLock<Mutex<HashMap<String, (FiguresStamp, Value)>>> =
    LazyLock::new(Mutex::default);

/// The drawing is so wide and so high.
const WIDTH: u64 = 560;
const HEIGHT: u64 = 54;

pub async fn month_so_far(visit: &PageVisit) -> Result<Value, PageRefusal> {
    let name = visit.shop().name.clone();
    visit.with_app(move |app| of_month(app, &name)).await
}

pub fn of_month(app: &App, name: &str) -> Result<Value, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(Value::Null);
    };
    let today = app
        .clock
        .now()
        .with_timezone(&app.config.rules.timezone)
        .date_naive();
    let newest = store.runs(&RunFilter {
        limit: Some(1),
        ..RunFilter::default()
    })?;
    let newest = newest
        .first()
        .map(|run| format!("{} {:?} {:?}", run.id, run.status, run.finished_at));
    let stamp = (app.state.clone(), today, newest.unwrap_or_default());
    {
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, figures)) = kept.get(name)
            && *of == stamp
        {
            return Ok(figures.clone());
        }
    }
    let figures = added_up(app, &store, today)?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.insert(name.to_owned(), (stamp, figures.clone()));
    Ok(figures)
}

fn added_up(app: &App, store: &Store, today: NaiveDate) -> Result<Value, Failure> {
    let first = today.with_day(1).unwrap_or(today);
    let days = DayRange {
        from: Some(first),
        until: Some(today),
    };
    let of = |kind| -> Result<Value, Failure> {
        match report(store, app.config.rules.timezone, kind, days, RowSpan::Day) {
            Ok(table) => Ok(table.document()),
            Err(Unwritten::State(error)) => Err(error.into()),
            Err(Unwritten::File(error)) => Err(Failure::new("internal_fault", error.to_string())),
        }
    };
    let (sales, refunds, tax) = (
        of(ReportKind::Sales)?,
        of(ReportKind::Refunds)?,
        of(ReportKind::Tax)?,
    );
    let sold = by_currency(&sales["totals"], "total");
    let main = main_currency(&sales["totals"]);
    Ok(json!({
        "month": first.format("%B").to_string(),
        "sold": shown(&sold),
        "refunded": shown(&by_currency(&refunds["totals"], "total")),
        "tax": shown(&by_currency(&tax["totals"], "tax")),
        "documents": count_of(&sales["totals"]),
        "chart": main.map(|currency| chart(&sales["rows"], &currency, first, today)),
    }))
}

type Amounts = BTreeMap<String, Decimal>;

fn by_currency(rows: &Value, amount: &str) -> Amounts {
    let mut sums = Amounts::new();
    for row in rows.as_array().into_iter().flatten() {
        let currency = row["currency"].as_str().unwrap_or_default().to_owned();
        *sums.entry(currency).or_default() += decimal(&row[amount]);
    }
    sums
}

fn decimal(amount: &Value) -> Decimal {
    let text = amount.as_str().unwrap_or_default();
    text.parse().unwrap_or_default()
}

fn shown(sums: &Amounts) -> Vec<Value> {
    sums.iter()
        .map(|(currency, sum)| json!({ "currency": currency, "amount": format!("{sum:.2}") }))
        .collect()
}

fn count_of(rows: &Value) -> u64 {
    let rows = rows.as_array().into_iter().flatten();
    rows.filter_map(|row| row["documents"].as_u64()).sum()
}

/// The currency of most documents. Currencies are never added up, so a drawing shows one.
fn main_currency(totals: &Value) -> Option<String> {
    let rows = totals.as_array()?.iter();
    let most = rows.max_by_key(|row| row["documents"].as_u64())?;
    Some(most["currency"].as_str()?.to_owned())
}

/// A bar for each day, in the units of the drawing; the days with their sums for the table beneath it.
fn chart(rows: &Value, currency: &str, first: NaiveDate, today: NaiveDate) -> Value {
    let mut days: BTreeMap<NaiveDate, Decimal> = BTreeMap::new();
    for row in rows.as_array().into_iter().flatten() {
        let day = row["day"].as_str().and_then(|day| day.parse().ok());
        if let (Some(day), true) = (day, row["currency"] == currency) {
            *days.entry(day).or_default() += decimal(&row["total"]);
        }
    }
    let count = u64::from(today.day());
    let most = days.iter().max_by_key(|(_, sum)| **sum);
    let highest = most.map_or(Decimal::ZERO, |(_, sum)| *sum);
    let bars: Vec<Value> = days
        .iter()
        .filter(|(_, sum)| **sum > Decimal::ZERO)
        .map(|(day, sum)| {
            let tenths = Decimal::from(HEIGHT * 10) * *sum / highest;
            let high = tenths.round().to_u64().unwrap_or_default().max(5);
            let left = u64::from(day.day0()) * WIDTH * 10 / count;
            let wide = (WIDTH * 10 / count).saturating_sub(if count > 1 { 40 } else { 0 });
            json!({
                "x": tenth(left), "y": tenth((HEIGHT + 1) * 10 - high), "width": tenth(wide),
                "height": tenth(high), "is_today": *day == today,
            })
        })
        .collect();
    json!({
        "currency": currency,
        "bars": bars,
        "until": today.day(),
        "first": first,
        "most": most.map(|(day, sum)| json!({ "day": nth(day.day()), "amount": format!("{sum:.2}") })),
        "today": days.get(&today).map(|sum| format!("{sum:.2}")),
        "rows": days.iter().map(|(day, sum)| json!({ "day": day, "amount": format!("{sum:.2}") })).collect::<Vec<_>>(),
    })
}

/// A length of the drawing with one decimal.
fn tenth(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn nth(day: u32) -> String {
    let ending = match (day % 10, day % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
    }

    #[test]
    fn bars_are_as_high_as_their_day_and_leave_other_currencies_out() {
        let rows = json!([
            { "day": "2026-11-02", "currency": "CAD", "total": "50.00" },
            { "day": "2026-11-04", "currency": "CAD", "total": "100.00" },
            { "day": "2026-11-04", "currency": "USD", "total": "900.00" },
        ]);
        let chart = chart(&rows, "CAD", day(1), day(4));
        assert_eq!(
            chart["bars"][0],
            json!({ "x": "140.0", "y": "28.0", "width": "136.0", "height": "27.0", "is_today": false })
        );
        assert_eq!(
            chart["bars"][1],
            json!({ "x": "420.0", "y": "1.0", "width": "136.0", "height": "54.0", "is_today": true })
        );
        assert_eq!(chart["most"], json!({ "day": "4th", "amount": "100.00" }));
    }

    #[test]
    fn currencies_are_never_added_up() {
        let rows = json!([
            { "currency": "CAD", "total": "10.10", "documents": 3 }, { "currency": "USD", "total": "1.00", "documents": 1 },
            { "currency": "CAD", "total": "0.15", "documents": 1 },
        ]);
        assert_eq!(
            shown(&by_currency(&rows, "total")),
            [
                json!({ "currency": "CAD", "amount": "10.25" }),
                json!({ "currency": "USD", "amount": "1.00" })
            ]
        );
        assert_eq!(main_currency(&rows).as_deref(), Some("CAD"));
    }
}
