//! The history: past runs page by page, whole as a table, and added up by day.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveTime, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::operation::{ApiAnswer, ApiCall, ApiOperation, answer, unprocessable};
use super::schema::{day, page as page_of, reference, word};
use super::{page, runs, shapes};
use crate::app::App;
use crate::app::metrics::day_after;
use crate::engine::so_far::so_far;
use crate::model::run::{Run, RunStatus};
use crate::run::document::history_document;
use crate::run::figures::figures;
use crate::run::{Failure, sheet};
use crate::server::blocking;
use crate::server::problem::HttpProblem;
use crate::store::{History, RunFilter, Store};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// So many runs are in memory at once while all of them go out.
const AT_ONCE: u32 = 500;
/// A spreadsheet has no more rows than this.
const ROWS_MAX: u32 = 1_000_000;

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
            true => list_of_runs.or_as(XLSX),
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
        XLSX => as_spreadsheet(call).await,
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
        so_far(&store, run)?;
    }
    Ok(runs)
}

/// As `history` has it.
fn view(run: &Run) -> Value {
    let mut document = json!(history_document(std::slice::from_ref(run)));
    document["runs"][0].take()
}

/// All runs as a table, which goes out while it is made.
fn as_csv(call: ApiCall) -> ApiAnswer {
    let filter = filter(&call)?;
    let shop = call.shop().clone();
    let (pieces, mut made) = mpsc::channel::<Result<Bytes, Failure>>(2);
    tokio::task::spawn_blocking(move || {
        let written = shop.open().and_then(|app| {
            let mut after = None;
            loop {
                let filter = RunFilter {
                    limit: Some(AT_ONCE),
                    after: after.take(),
                    ..filter.clone()
                };
                let is_first = filter.after.is_none();
                let runs = found(&app, &filter)?;
                let text = sheet::runs(&runs);
                let text = match is_first {
                    true => text.as_str(),
                    false => text.split_once('\n').map_or("", |(_, rows)| rows),
                };
                // Whoever does not listen any more needs no more.
                let is_gone = pieces
                    .blocking_send(Ok(Bytes::from(text.to_owned())))
                    .is_err();
                after = runs.last().map(|run| (run.started_at, run.id.clone()));
                if is_gone || runs.len() < AT_ONCE as usize {
                    return Ok(());
                }
            }
        });
        if let Err(failure) = written {
            let _ = pieces.blocking_send(Err(failure));
        }
    });
    let stream = futures_util::stream::poll_fn(move |context| {
        made.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                piece.map_err(|failure| std::io::Error::other(failure.message.clone()))
            })
        })
    });
    Ok(table(CSV, "runs.csv", Body::from_stream(stream)))
}

/// A spreadsheet is written as a whole: its parts refer to each other.
async fn as_spreadsheet(call: ApiCall) -> ApiAnswer {
    let filter = RunFilter {
        limit: Some(ROWS_MAX),
        ..filter(&call)?
    };
    let shop = call.shop().clone();
    let bytes = blocking(move || -> Result<Vec<u8>, Failure> {
        let runs = found(&shop.open()?, &filter)?;
        spreadsheet(&[("runs", sheet::runs(&runs))])
    });
    Ok(table(XLSX, "runs.xlsx", Body::from(bytes.await??)))
}

#[cfg(feature = "xlsx")]
fn spreadsheet(sheets: &[(&str, String)]) -> Result<Vec<u8>, Failure> {
    sheet::spreadsheet(sheets)
}

#[cfg(not(feature = "xlsx"))]
fn spreadsheet(_: &[(&str, String)]) -> Result<Vec<u8>, Failure> {
    Ok(Vec::new())
}

fn table(kind: &'static str, name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition = HeaderValue::from_str(&disposition).expect("our own names are plain");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, body).into_response()
}

async fn metrics(call: ApiCall) -> ApiAnswer {
    let (since, until) = days(&call)?;
    let document = call
        .with_app(move |app| {
            let store = match Store::open_read_only(&app.state)? {
                Some(store) => store,
                None => Store::in_memory()?,
            };
            let figures = figures(app, &store, since, until)?;
            Ok(json!(figures.document()))
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}
