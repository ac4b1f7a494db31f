//! Looks: whether everything is in order, who did what, and the document of the API itself.

use axum::http::StatusCode;
use chrono::NaiveTime;
use serde_json::json;

use super::operation::{ApiAnswer, ApiCall, ApiOperation, answer};
use super::schema::{anything, day, line, page as page_of, reference};
use super::tables::{self, CSV};
use super::{etag, openapi, page};
use crate::app::doctor::{self, CHECKS, Check, Options};
use crate::model::access::{AccessRole, AllowedShops, AuditRow};
use crate::run::document::time;
use crate::run::findings::{exit_code, findings_document};
use crate::server::blocking;
use crate::store::access::{AccessFile, AuditFilter};

/// Orders of so many days are compared with the configuration.
const DAYS: u32 = 90;

pub fn operations() -> Vec<ApiOperation> {
    vec![
        ApiOperation::get(
            "/doctor",
            "lookOver",
            "Look everything over, and change nothing",
        )
        .answers(200, "What was found", reference("Doctor"))
        .by(look_over),
        ApiOperation::get("/audit", "listAudit", "List who did what")
            .role(AccessRole::Owner)
            .of_process()
            .paged()
            .query("since", day(), "Only from this day on")
            .query("actor", line(100), "Only what this one did")
            .answers(
                200,
                "A page of rows, the newest first",
                page_of("udsync/audit/1", reference("AuditRow")),
            )
            .or_as(CSV)
            .by(audit),
        ApiOperation::get("/openapi.json", "getDocument", "Read this document")
            .of_process()
            .answers(200, "OpenAPI 3.1", anything())
            .tagged()
            .by(document),
    ]
}

async fn look_over(call: ApiCall) -> ApiAnswer {
    let document = call
        .asking(|app| async move {
            let checks: Vec<&'static Check> = CHECKS.iter().collect();
            let options = Options {
                days: DAYS,
                offline: false,
            };
            let facts = doctor::gather(app, &options, &checks).await;
            let found = doctor::examine(&facts, &checks);
            let code = exit_code(&found);
            Ok(json!(findings_document(
                Some(facts.config.shop.name),
                &found,
                code
            )))
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}

/// An owner of some shops sees what was done to these; what was done to the process is for an owner of all that it serves.
async fn audit(call: ApiCall) -> ApiAnswer {
    let limit = page::limit(&call);
    let before = match page::after(&call, "audit")? {
        Some([id, _]) => Some(id.parse::<i64>().map_err(|_| page::wrong())?),
        None => None,
    };
    let mut served = call.state.shops.names();
    let sees_all = served.all(|shop| call.caller.shops.holds(shop));
    let filter = AuditFilter {
        since: call
            .day("since")
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        actor: call.text("actor").map(str::to_owned),
        before,
        shops: match &call.caller.shops {
            AllowedShops::These(shops) if !sees_all => Some(shops.iter().cloned().collect()),
            AllowedShops::All | AllowedShops::These(_) => None,
        },
        limit: u32::try_from(limit.saturating_add(1)).unwrap_or(u32::MAX),
    };
    let file = call.state.access.file.clone();
    if call.kind == CSV {
        return Ok(as_csv(file, filter));
    }
    let rows: Vec<AuditRow> = blocking(move || file.audit(&filter)).await??;
    let document = page::page(
        "udsync/audit/1",
        rows,
        limit,
        |row| page::cursor("audit", [&row.id.to_string(), ""]),
        |row| json!(row),
    );
    Ok(answer(StatusCode::OK, &document))
}

const HEADER: [&str; 10] = [
    "at",
    "actor",
    "address",
    "shop",
    "action",
    "target",
    "before",
    "after",
    "outcome",
    "request_id",
];

/// All of them, newest first.
fn as_csv(file: AccessFile, filter: AuditFilter) -> axum::response::Response {
    let mut filter = AuditFilter {
        limit: tables::AT_ONCE as u32,
        ..filter
    };
    tables::csv_of("audit.csv", &HEADER, move || {
        let rows = file.audit(&filter)?;
        if let Some(last) = rows.last() {
            filter.before = Some(last.id);
        }
        Ok(rows.iter().map(as_row).collect())
    })
}

fn as_row(row: &AuditRow) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let document = |value: &Option<serde_json::Value>| {
        value.as_ref().map(ToString::to_string).unwrap_or_default()
    };
    vec![
        time(row.at),
        row.actor.clone(),
        row.address.clone(),
        text(&row.shop),
        row.action.clone(),
        text(&row.target),
        document(&row.before),
        document(&row.after),
        row.outcome.clone(),
        text(&row.request_id),
    ]
}

async fn document(call: ApiCall) -> ApiAnswer {
    let document = openapi::document();
    Ok(etag::tagged(
        &call,
        StatusCode::OK,
        &etag::of(&document),
        &document,
    ))
}
