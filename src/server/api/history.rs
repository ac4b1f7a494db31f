//! The history: past runs page by page, whole as a table, and added up by day.

use axum::body::Bytes;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveTime, Utc};
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, answer, unprocessable};
use super::schema::{day, page as page_of, reference, word};
#[cfg(feature = "xlsx")]
use super::tables::{CSV, Pieces, send_page, streamed, table};
use super::{page, runs, shapes};
use crate::app::App;
use crate::app::metrics::day_after;
use crate::engine::so_far::figures_so_far;
use crate::model::run::{Run, RunStatus};
use crate::run::document::history_document;
use crate::run::figures::figures;
use crate::run::{Failure, sheet};
#[cfg(feature = "xlsx")]
use crate::server::blocking;
use crate::server::problem::HttpProblem;
use crate::store::{History, RunFilter, Store};

/// So many runs are in memory at once while all of them go out.
const AT_ONCE: u32 = 500;
/// A spreadsheet has room for 1,048,576 rows, and a run has one for each target.
#[cfg(feature = "xlsx")]
const ROWS_MAX: usize = 500_000;

pub fn operations() -> Vec<ApiOperation> {
    let list_of_runs = ApiOperation::get(
        "/sync/history",
        "listHistory",
        "List past runs, or export all of them as a table",
    )
    .paged()
    .query("entity", word(&shapes::ENTITIES), "Only runs about these")
    .query(
        "status",
        word(&shapes::STATUSES),
        "Only runs that ended like this",
    )
    .query("since", day(), "Only runs begun on or after this day")
    .query("until", day(), "Only runs begun on or before this day")
    .answers(
        200,
        "A page of runs, the newest first; as a table all of them",
        page_of("udsync/runs/1", reference("RunOfHistory")),
    )
    .or_as(CSV);
    vec![
        match cfg!(feature = "xlsx") {
            true => list_of_runs.or_as(sheet::SPREADSHEET),
            false => list_of_runs,
        }
        .by(list_or_table),
        ApiOperation::get(
            "/sync/metrics",
            "getMetrics",
            "Look at runs, records, errors and requests by day",
        )
        .query(
            "since",
            day(),
            "From this day on; the last thirty days if not given",
        )
        .query("until", day(), "Up to this day")
        .answers(200, "The figures", reference("Metrics"))
        .by(metrics),
    ]
}

async fn list_or_table(call: ApiCall) -> ApiAnswer {
    match call.kind {
        CSV => as_csv(call),
        sheet::SPREADSHEET => as_spreadsheet(call).await,
        _ => list(call).await,
    }
}

/// A page of runs. Also what `/sync/status` answers.
pub async fn list(call: ApiCall) -> ApiAnswer {
    let limit = page::limit(&call);
    let mut filter = filter(&call)?;
    filter.after = after(&call)?;
    filter.limit = u32::try_from(limit.saturating_add(1)).ok();
    let found = call.with_app(move |app| found(app, &filter)).await?;
    let document = page::page("udsync/runs/1", found, limit, runs::place, view);
    Ok(answer(StatusCode::OK, &document))
}

fn filter(call: &ApiCall) -> Result<RunFilter, HttpProblem> {
    let (since, until) = days(call)?;
    Ok(RunFilter {
        entity: call.text("entity").map(str::to_owned),
        status: call.text("status").and_then(RunStatus::from_word),
        since: since.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        until: until
            .and_then(day_after)
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        ..RunFilter::default()
    })
}

type Days = (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>);

fn days(call: &ApiCall) -> Result<Days, HttpProblem> {
    let (since, until) = (call.day("since"), call.day("until"));
    match (since, until) {
        (Some(from), Some(to)) if from > to => {
            Err(unprocessable("the request does not make sense")
                .error("?since", "is after `until`"))
        }
        _ => Ok((since, until)),
    }
}

fn after(call: &ApiCall) -> Result<Option<(DateTime<Utc>, String)>, HttpProblem> {
    let Some([at, id]) = page::after(call, "runs")? else {
        return Ok(None);
    };
    let at = DateTime::parse_from_rfc3339(&at).map_err(|_| page::wrong())?;
    Ok(Some((at.to_utc(), id)))
}

fn found(app: &App, filter: &RunFilter) -> Result<Vec<Run>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(Vec::new());
    };
    let mut runs = store.runs(filter)?;
    for run in &mut runs {
        figures_so_far(&store, run)?;
    }
    Ok(runs)
}

/// As `history` has it.
fn view(run: &Run) -> Value {
    let mut document = json!(history_document(std::slice::from_ref(run)));
    document["runs"][0].take()
}

/// All runs, page by page, until somebody has enough.
fn each_page(
    app: &App,
    filter: &RunFilter,
    mut take: impl FnMut(&[Run]) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let filter = RunFilter {
            limit: Some(AT_ONCE),
            after: after.take(),
            ..filter.clone()
        };
        let runs = found(app, &filter)?;
        after = runs.last().map(|run| (run.started_at, run.id.clone()));
        let has_enough = !take(&runs)?;
        if has_enough || runs.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}

/// All runs as a table, which goes out while it is made.
fn as_csv(call: ApiCall) -> ApiAnswer {
    let filter = filter(&call)?;
    let shop = call.shop().clone();
    let body = streamed(move |pieces| {
        let app = shop.open()?;
        let mut is_first = true;
        each_page(&app, &filter, |runs| {
            Ok(send_page(pieces, &mut is_first, &sheet::runs(runs)))
        })
    });
    Ok(table(CSV, "runs.csv", body))
}

/// The parts of a spreadsheet refer to each other, so it goes out when all rows are there. Until then they lie in a temporary file.
#[cfg(feature = "xlsx")]
async fn as_spreadsheet(call: ApiCall) -> ApiAnswer {
    let filter = filter(&call)?;
    let shop = call.shop().clone();
    let gathered = blocking(move || -> Result<sheet::LongSheet, Failure> {
        let app = shop.open()?;
        let mut long = sheet::LongSheet::begin("runs")?;
        let mut left = ROWS_MAX;
        each_page(&app, &filter, |runs| {
            let fit = runs.len().min(left);
            left -= fit;
            long.add(&sheet::runs(&runs[..fit]))?;
            Ok(left > 0)
        })?;
        Ok(long)
    });
    let long = gathered.await??;
    let body = streamed(move |pieces| long.write_to(SentPieces(pieces)));
    Ok(table(sheet::SPREADSHEET, "runs.xlsx", body))
}

/// Without spreadsheets nobody is offered one.
#[cfg(not(feature = "xlsx"))]
async fn as_spreadsheet(call: ApiCall) -> ApiAnswer {
    as_csv(call)
}

/// What is written is sent.
#[cfg(feature = "xlsx")]
struct SentPieces<'p>(&'p Pieces);

#[cfg(feature = "xlsx")]
impl std::io::Write for SentPieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        // Whoever does not listen any more needs no more.
        sent.map_err(|_| std::io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn metrics(call: ApiCall) -> ApiAnswer {
    let (since, until) = days(&call)?;
    let document = call
        .with_app(move |app| {
            let store = app.state_to_read()?;
            let figures = figures(app, &store, since, until)?;
            Ok(json!(figures.document()))
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}
