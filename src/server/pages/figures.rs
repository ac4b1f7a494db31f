//! Figures of the month: what was sold, refunded and charged as tax, by currency, and each day as a bar.
//!
//! They are those of the reports, of the documents that stand. Adding up a month of many documents takes a moment, so the sums are kept
//! for as long as nothing was posted since, and nobody waits for new ones longer than a moment.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

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

/// Whoever looks waits so long for sums that are being added up; what comes later comes into the page by itself.
const PATIENCE: Duration = Duration::from_millis(80);

/// Shops whose sums are being added up.
static UNDER_WAY: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

pub async fn month_so_far(visit: &PageVisit) -> Result<Value, PageRefusal> {
    let name = visit.shop().name.clone();
    visit
        .with_app(move |app| of_month(app, &name, PATIENCE))
        .await
}

/// The sums of the month as far as they are known within a moment: `is_old` where something was posted since, and `is_adding` where
/// there are none yet. Adding up goes on meanwhile, once for each shop.
pub fn of_month(app: &App, name: &str, patience: Duration) -> Result<Value, Failure> {
    let Some(stamp) = stamp(app)? else {
        return Ok(Value::Null);
    };
    let known = kept(name, &stamp);
    if let Some((figures, true)) = known {
        return Ok(figures);
    }
    if let Some(figures) = added_up_soon(app, name, patience) {
        return Ok(figures);
    }
    Ok(match known {
        Some((mut old, _)) => {
            old["is_old"] = json!(true);
            old
        }
        None => json!({ "is_adding": true }),
    })
}

/// Begins to add up, and waits a moment for it. Where somebody else has begun, nobody tells us.
fn added_up_soon(app: &App, name: &str, patience: Duration) -> Option<Value> {
    let is_first = UNDER_WAY
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(name.to_owned());
    if !is_first {
        return None;
    }
    let (tell, told) = std::sync::mpsc::channel();
    let (app, name) = (app.clone(), name.to_owned());
    std::thread::spawn(move || {
        let _over = Over(name.clone());
        match add_up(&app, &name) {
            Ok(figures) => drop(tell.send(figures)),
            Err(failure) => tracing::warn!("sums were not made: {}", failure.message),
        }
    });
    told.recv_timeout(patience).ok()
}

/// Whatever comes of it, the next one may begin.
struct Over(String);

impl Drop for Over {
    fn drop(&mut self) {
        let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.remove(&self.0);
    }
}

fn stamp(app: &App) -> Result<Option<FiguresStamp>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(None);
    };
    let newest = store.runs(&RunFilter::newest(app.clock.now(), 1))?;
    let newest = newest
        .first()
        .map(|run| format!("{} {:?} {:?}", run.id, run.status, run.finished_at));
    Ok(Some((
        app.state.clone(),
        today(app),
        newest.unwrap_or_default(),
    )))
}

fn today(app: &App) -> NaiveDate {
    let zone = app.config.rules.timezone;
    app.clock.now().with_timezone(&zone).date_naive()
}

/// Sums of the same month, and whether they are those of now.
fn kept(name: &str, stamp: &FiguresStamp) -> Option<(Value, bool)> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let (of, figures) = kept.get(name)?;
    let is_same_month = of.0 == stamp.0 && of.1.with_day(1) == stamp.1.with_day(1);
    is_same_month.then(|| (figures.clone(), of == stamp))
}

fn add_up(app: &App, name: &str) -> Result<Value, Failure> {
    let Some(stamp) = stamp(app)? else {
        return Ok(Value::Null);
    };
    if let Some((figures, true)) = kept(name, &stamp) {
        return Ok(figures);
    }
    let figures = added_up(app, &app.state_to_read()?, stamp.1)?;
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
