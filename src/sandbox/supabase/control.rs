//! The levers under `/_sandbox/`: what the owner of the project, an analyst or a bad day would do.
//!
//! They need no key, are not in the request log, and no mishap strikes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::DatabaseWorld;
use super::json::Json as Exact;
use super::kind::{DatabaseCell, broken_json};
use super::setup;
use super::table::{DatabaseRow, DatabaseTable, Right};
use crate::stand::control::{self, done};

pub fn routes() -> axum::Router<Arc<DatabaseWorld>> {
    control::routes()
        .route("/_sandbox/rows", get(rows).put(put_rows).delete(clear_rows))
        .route("/_sandbox/tables/{name}", post(alter).delete(drop_table))
        .route("/_sandbox/clock", post(clock))
        .route("/_sandbox/latency", post(latency))
        .route("/_sandbox/max_rows", post(max_rows))
}

type DatabaseShared = State<Arc<DatabaseWorld>>;

fn wrong(message: impl std::fmt::Display) -> Response {
    control::wrong(StatusCode::BAD_REQUEST, message)
}

/// Every row of every table, in the order of its key. Exact numbers are text, so that no reader rounds them.
async fn rows(State(world): DatabaseShared) -> Response {
    let project = world.project();
    let all: BTreeMap<&str, Vec<Value>> = project
        .tables
        .values()
        .map(|table| (table.name.as_str(), listed(table)))
        .collect();
    Json(all).into_response()
}

fn listed(table: &DatabaseTable) -> Vec<Value> {
    let mut rows: Vec<&DatabaseRow> = table.rows().map(|(_, row)| row).collect();
    rows.sort_by(|a, b| {
        table
            .key
            .iter()
            .filter_map(|at| a[*at].order(&b[*at]))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    rows.into_iter().map(|row| shown(table, row)).collect()
}

fn shown(table: &DatabaseTable, row: &DatabaseRow) -> Value {
    let mut object = Map::new();
    for (column, cell) in table.columns.iter().zip(row) {
        let value = match cell {
            DatabaseCell::Number(number) => json!(number.to_string()),
            other => {
                let mut text = String::new();
                other.print(&mut text);
                serde_json::from_str(&text).unwrap_or(Value::Null)
            }
        };
        object.insert(column.name.clone(), value);
    }
    Value::Object(object)
}

/// Rows in the place of what the named tables hold; what is not said of a row is null.
async fn put_rows(State(world): DatabaseShared, body: String) -> Response {
    let given = match Exact::read(&body) {
        Ok(Exact::Object(given)) => given,
        Ok(_) => return wrong("an object of tables is wanted"),
        Err(broken) => return wrong(broken_json(broken).message),
    };
    let mut project = world.project();
    for (name, list) in given {
        let Some(table) = project.tables.get_mut(&name) else {
            return wrong(format!("there is no table `{name}`"));
        };
        let Exact::List(list) = list else {
            return wrong("a list of rows is wanted");
        };
        let rows: Result<Vec<DatabaseRow>, _> = list
            .iter()
            .map(|one| {
                table
                    .columns
                    .iter()
                    .map(|column| match one.get(&column.name) {
                        Some(value) => column.kind.of_json(value),
                        None => Ok(DatabaseCell::Null),
                    })
                    .collect()
            })
            .collect();
        match rows {
            Err(fault) => return wrong(fault.message),
            Ok(rows) => {
                table.clear();
                for row in rows {
                    table.add(row);
                }
            }
        }
    }
    done()
}

async fn clear_rows(State(world): DatabaseShared) -> Response {
    world
        .project()
        .tables
        .values_mut()
        .for_each(DatabaseTable::clear);
    done()
}

/// What somebody did to a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Alteration {
    drop_columns: Vec<String>,
    /// `gift_note text`
    add_columns: Vec<String>,
    /// What `service_role` may do from now on.
    rights: Option<BTreeSet<Right>>,
    /// False takes the primary key away.
    key: Option<bool>,
    guarded: Option<bool>,
    comment: Option<String>,
}

async fn alter(
    State(world): DatabaseShared,
    Path(name): Path<String>,
    Json(given): Json<Value>,
) -> Response {
    let given: Alteration = match serde_json::from_value(given) {
        Ok(given) => given,
        Err(error) => return wrong(error.to_string()),
    };
    let mut project = world.project();
    let Some(table) = project.tables.get_mut(&name) else {
        return wrong(format!("there is no table `{name}`"));
    };
    for column in &given.drop_columns {
        if !table.drop_column(column) {
            return wrong(format!("`{name}` has no column `{column}`"));
        }
    }
    for line in &given.add_columns {
        match setup::column(line) {
            Ok(column) => table.add_column(column),
            Err(error) => return wrong(error),
        }
    }
    if let Some(rights) = given.rights {
        table.rights = rights;
    }
    if given.key == Some(false) {
        table.forget_key();
    }
    if let Some(guarded) = given.guarded {
        table.guarded = guarded;
    }
    if given.comment.is_some() {
        table.comment = given.comment;
    }
    done()
}

async fn drop_table(State(world): DatabaseShared, Path(name): Path<String>) -> Response {
    match world.project().tables.remove(&name) {
        Some(_) => done(),
        None => wrong(format!("there is no table `{name}`")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseAmount {
    #[serde(alias = "offset_seconds", alias = "ms", alias = "rows")]
    value: i64,
}

async fn clock(State(world): DatabaseShared, Json(given): Json<DatabaseAmount>) -> Response {
    world.project().clock_offset_seconds = given.value;
    done()
}

async fn latency(State(world): DatabaseShared, Json(given): Json<DatabaseAmount>) -> Response {
    world.project().latency_ms = u64::try_from(given.value).unwrap_or(0);
    done()
}

async fn max_rows(State(world): DatabaseShared, Json(given): Json<DatabaseAmount>) -> Response {
    world.project().max_rows = usize::try_from(given.value).unwrap_or(0);
    done()
}
