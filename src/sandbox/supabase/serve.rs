//! The way of one request: mishaps, the gateway, the schema, the table, and then the statement.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::http::request::Parts;
use bytes::Bytes;
use chrono::Utc;
use serde_json::json;

use super::answer::{DatabaseAnswer, JSON};
use super::fault::DatabaseFault;
use super::field::Select;
use super::gateway::{self, DatabaseRole};
use super::mishap::{self, DatabaseRule, DatabaseWhat};
use super::prefer::{Prefer, Resolution, Return};
use super::query::DatabaseQuery;
use super::table::{DatabaseRow, DatabaseTable};
use super::write::{self, Circumstances, DatabaseDone};
use super::{DatabaseWorld, Project, describe, ours, read};
use crate::stand::control::Watched;
use crate::stand::log::Flight;
use crate::stand::mishap::word;
use crate::stand::{self};

const HOME: &str = "/rest/v1";
/// PostgREST itself gives up on an address somewhere above this.
const LONGEST_LINE: usize = 48 * 1024;

pub async fn serve(State(world): State<Arc<DatabaseWorld>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let method = parts.method.as_str().to_owned();
    let address = parts
        .uri
        .path_and_query()
        .map_or("/", |address| address.as_str())
        .to_owned();
    let flight = world.log.begin(json!({"method": method, "path": parts.uri.path(), "query": parts.uri.query().unwrap_or_default(),
        "prefer": header_text(&parts, "prefer"), "bytes": body.len(), "rows": mishap::rows_in(&body)}));
    let (latency, modern) = {
        let project = world.project();
        (project.latency_ms, project.modern)
    };
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let rule = mishap::strike(&mut world.mishaps(), &method, &address, &body);
    if let Some(rule) = &rule {
        flight.mishap(&word(rule.what));
        if rule.ms > 0 {
            tokio::time::sleep(Duration::from_millis(rule.ms)).await;
        }
    }
    let bad = rule.as_ref().and_then(|rule| {
        let table = parts.uri.path().rsplit('/').next().unwrap_or_default();
        rule.answer(&method, table, modern)
    });
    let answer = if rule.as_ref().is_none_or(DatabaseRule::works) {
        let poisons = mishap::poisons(&world.mishaps());
        let mut project = world.project();
        let around = Around {
            parts: &parts,
            body: &body,
            poisons: &poisons,
        };
        let answer = project.answer(&around);
        bad.unwrap_or(answer)
    } else {
        bad.unwrap_or_else(|| DatabaseAnswer::empty(200))
    };
    let answer = match (&answer.code, modern) {
        (Some(code), true) => {
            let status = format!("PostgREST; error={code}");
            answer.clone().with("proxy-status", status)
        }
        _ => answer,
    };
    send(answer, rule.map(|rule| rule.what), &method, &flight)
}

fn header_text<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
}

/// Sends an answer, or breaks off where a mishap says so.
fn send(
    answer: DatabaseAnswer,
    what: Option<DatabaseWhat>,
    method: &str,
    flight: &Flight,
) -> Response<Body> {
    flight.status(answer.status);
    let body = answer.body.clone();
    match what {
        Some(DatabaseWhat::Reset | DatabaseWhat::LoseAnswer) => {
            cut(answer, body.len() + 1, Bytes::new())
        }
        Some(DatabaseWhat::Truncated) => {
            let half = Bytes::copy_from_slice(&body.as_bytes()[..body.len() / 2]);
            cut(answer, body.len().max(1), half)
        }
        _ if method == "HEAD" => answer.into_response(Body::empty()),
        _ => answer.into_response(Body::from(body)),
    }
}

/// An answer that promises more than it sends before the connection breaks.
fn cut(answer: DatabaseAnswer, promised: usize, sent: Bytes) -> Response<Body> {
    stand::promising(answer.into_response(stand::broken_off(sent)), promised)
}

/// A request with what surrounds it.
struct Around<'a> {
    parts: &'a Parts,
    body: &'a Bytes,
    poisons: &'a [mishap::Poison],
}

impl Project {
    fn answer(&mut self, around: &Around<'_>) -> DatabaseAnswer {
        let uri = &around.parts.uri;
        let length = uri.path_and_query().map_or(0, |text| text.as_str().len());
        if length > self.longest_url {
            return DatabaseAnswer::page(414, "URI too long");
        }
        if length > LONGEST_LINE {
            return DatabaseAnswer::words(400, "Bad Request");
        }
        if around.body.len() > self.largest_body {
            return DatabaseAnswer::page(413, "Request Entity Too Large");
        }
        let query = DatabaseQuery::read(uri.query().unwrap_or_default());
        let in_url = query.get("apikey");
        let role = match gateway::admit(&self.keys, &around.parts.headers, in_url, self.modern) {
            Ok(role) => role,
            Err(answer) => return answer,
        };
        let Some(path) = uri.path().strip_prefix(HOME) else {
            let body = "{\"message\":\"no Route matched with those values\"}";
            return DatabaseAnswer::json(404, body.to_owned());
        };
        let anonymous = role == DatabaseRole::Anon;
        match self.statement(path.trim_matches('/'), &query, around, role) {
            Ok(answer) => answer,
            Err(fault) => {
                let answer = fault.answer(anonymous);
                if fault.code == "PGRST116" {
                    answer.with(
                        "content-type",
                        read::content_type(read::DatabaseForm::Single),
                    )
                } else {
                    answer
                }
            }
        }
    }

    fn statement(
        &mut self,
        path: &str,
        query: &DatabaseQuery,
        around: &Around<'_>,
        role: DatabaseRole,
    ) -> Result<DatabaseAnswer, DatabaseFault> {
        let parts = around.parts;
        let method = parts.method.as_str();
        let reads = matches!(method, "GET" | "HEAD");
        let profile = header_text(
            parts,
            if reads {
                "accept-profile"
            } else {
                "content-profile"
            },
        );
        if let Some(asked) = profile.filter(|asked| !self.schemas.iter().any(|one| one == asked)) {
            let exposed: Vec<&str> = self.schemas.iter().map(String::as_str).collect();
            return Ok(mishap::not_exposed(asked, &exposed, self.modern));
        }
        let schema = profile.unwrap_or(self.schemas.first().map_or("public", String::as_str));
        let prefer = Prefer::read(
            parts
                .headers
                .get_all("prefer")
                .iter()
                .filter_map(|value| value.to_str().ok()),
            self.modern,
        )?;
        if path.is_empty() {
            return Ok(self.described(reads, schema, role, parts));
        }
        if let Some(function) = path.strip_prefix("rpc/") {
            let message = format!(
                "Could not find the function {schema}.{function} without parameters in the schema cache"
            );
            let details = format!(
                "Searched for the function {schema}.{function} without parameters or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache."
            );
            return Err(DatabaseFault::rest(404, "PGRST202", message).details(details));
        }
        if path.contains('/') {
            return Ok(DatabaseAnswer::json(404, "{}".to_owned()));
        }
        if path == ours::STATE {
            ours::look_over(&mut self.tables);
        }
        let here = schema == self.schema;
        let Some(table) = self.tables.get_mut(path).filter(|_| here) else {
            return Ok(mishap::no_table(method, schema, path, self.modern));
        };
        if role == DatabaseRole::Anon {
            let message = format!("permission denied for table {path}");
            return Err(DatabaseFault::sql("42501", message));
        }
        let now = Utc::now() + chrono::Duration::seconds(self.clock_offset_seconds);
        let circumstances = Circumstances {
            now: now.timestamp_micros(),
            poisons: around.poisons,
            modern: self.modern,
        };
        if matches!(method, "POST" | "PATCH") {
            let kind = header_text(parts, "content-type").unwrap_or("application/json");
            let name = kind.split(';').next().unwrap_or(kind).trim();
            if name != "application/json" {
                let message = format!("Content-Type not acceptable: {kind}");
                let status = if self.modern { 415 } else { 400 };
                return Err(DatabaseFault::rest(status, "PGRST102", message));
            }
        }
        let answer = match method {
            "GET" | "HEAD" => {
                let mut answer = read::rows(
                    table,
                    query,
                    &parts.headers,
                    &prefer,
                    self.max_rows,
                    self.modern,
                )?;
                let sorted = query.sorted();
                let location = if sorted.is_empty() {
                    format!("/{path}")
                } else {
                    format!("/{path}?{sorted}")
                };
                answer = answer.with("content-location", location);
                applied(answer, prefer.applied(false))
            }
            "POST" => {
                let select = returning(table, query, &prefer)?;
                let done = write::insert(table, query, around.body, &prefer, &circumstances)?;
                inserted(table, &prefer, &done, select.as_ref(), parts)?
            }
            "PATCH" => {
                let select = returning(table, query, &prefer)?;
                let done = write::change(table, query, around.body, &prefer, &circumstances)?;
                let total = prefer.counts().then_some(done.rows.len());
                let spread = read::span(0, done.rows.len(), total);
                changed(&prefer, &done.rows, select.as_ref(), spread, parts)?
            }
            "DELETE" => {
                let select = returning(table, query, &prefer)?;
                let done = write::delete(table, query, &prefer, self.modern)?;
                let total = prefer.counts().then_some(done.rows.len());
                let spread = read::span(0, 0, total);
                changed(&prefer, &done.rows, select.as_ref(), spread, parts)?
            }
            other => {
                let message = format!("Unsupported HTTP method: {other}");
                return Err(DatabaseFault::rest(405, "PGRST117", message));
            }
        };
        Ok(if answer.body.is_empty() {
            answer
        } else {
            answer.with("content-profile", schema)
        })
    }

    fn described(
        &self,
        reads: bool,
        schema: &str,
        role: DatabaseRole,
        parts: &Parts,
    ) -> DatabaseAnswer {
        if !reads {
            let message = "Cannot write to the description".to_owned();
            return DatabaseFault::rest(405, "PGRST117", message).answer(false);
        }
        if role == DatabaseRole::Anon {
            return DatabaseAnswer::gateway(
                401,
                "Access to schema is forbidden",
                "Accessing the schema via the REST API is only allowed using a secret API key.",
            );
        }
        let tables = self.tables.values().filter(|_| schema == self.schema);
        let host = header_text(parts, "host").unwrap_or_default();
        let document = describe::document(tables, &self.version, schema, host);
        DatabaseAnswer::json(200, document.to_string())
            .with("content-type", "application/openapi+json; charset=utf-8")
            .with("content-profile", schema)
    }
}

fn returning(
    table: &DatabaseTable,
    query: &DatabaseQuery,
    prefer: &Prefer,
) -> Result<Option<Select>, DatabaseFault> {
    if prefer.back != Return::Representation {
        return Ok(None);
    }
    Select::read(table, query.get("select")).map(Some)
}

fn applied(answer: DatabaseAnswer, said: Option<String>) -> DatabaseAnswer {
    match said {
        Some(said) => answer.with("preference-applied", said),
        None => answer,
    }
}

fn inserted(
    table: &DatabaseTable,
    prefer: &Prefer,
    done: &DatabaseDone,
    select: Option<&Select>,
    parts: &Parts,
) -> Result<DatabaseAnswer, DatabaseFault> {
    let merged = prefer.resolution == Some(Resolution::Merge) && done.inserted == 0;
    let status = if merged { 200 } else { 201 };
    let total = prefer.counts().then_some(done.rows.len());
    let mut answer = body_of(status, &done.rows, select, parts)?;
    answer = answer.with("content-range", read::span(0, 0, total));
    if let [row] = done.rows.as_slice()
        && prefer.back == Return::HeadersOnly
        && !table.key.is_empty()
    {
        answer = answer.with("location", location(table, row));
    }
    Ok(applied(answer, prefer.applied(done.resolved)))
}

fn changed(
    prefer: &Prefer,
    rows: &[DatabaseRow],
    select: Option<&Select>,
    spread: String,
    parts: &Parts,
) -> Result<DatabaseAnswer, DatabaseFault> {
    let status = if select.is_some() { 200 } else { 204 };
    let answer = body_of(status, rows, select, parts)?.with("content-range", spread);
    Ok(applied(answer, prefer.applied(false)))
}

fn body_of(
    status: u16,
    rows: &[DatabaseRow],
    select: Option<&Select>,
    parts: &Parts,
) -> Result<DatabaseAnswer, DatabaseFault> {
    let Some(select) = select else {
        return Ok(DatabaseAnswer::empty(status));
    };
    let form = read::form(&parts.headers)?;
    let body = read::shaped(select, rows.iter(), rows.len(), form)?;
    let kind = match form {
        read::DatabaseForm::List => JSON.to_owned(),
        single @ read::DatabaseForm::Single => read::content_type(single),
    };
    Ok(DatabaseAnswer::json(status, body).with("content-type", kind))
}

fn location(table: &DatabaseTable, row: &DatabaseRow) -> String {
    let parts: Vec<String> = table
        .key
        .iter()
        .map(|at| {
            let value = row[*at].cast().unwrap_or_default();
            format!("{}=eq.{value}", table.columns[*at].name)
        })
        .collect();
    format!("/{}?{}", table.name, parts.join("&"))
}
