//! Mishaps on order: what an edge, a gateway, PostgREST or PostgreSQL does to a request on a bad day.
//!
//! With `after` the work is done before the bad answer goes out, so that nobody can tell. A poisoned row is no answer of its own:
//! it is refused, with its whole request, as long as the rule stands.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::DatabaseAnswer;
use super::fault::DatabaseFault;
use super::json::Json;
use crate::stand::mishap::StandRules;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseWhat {
    /// The connection is cut before anything is done.
    Reset,
    /// All is done, and then the connection is cut.
    LoseAnswer,
    /// Half of the answer, and then the connection is cut.
    Truncated,
    Delay,
    /// Any answer: `status`, with `code` and what goes with it, or a page.
    Refuse,
    Throttle,
    DatabaseDown,
    CacheNotBuilt,
    TooManyConnections,
    PoolTimeout,
    StatementTimeout,
    Serialization,
    Deadlock,
    TooLarge,
    LongUrl,
    KeyRefused,
    KeyExpired,
    NoGrant,
    Restricted,
    Paused,
    ReadOnly,
    BadGateway,
    GatewayTimeout,
    /// The cache does not know the table.
    StaleTable,
    /// The cache does not know a column: `column`.
    StaleColumn,
    NotExposed,
    Poison,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseRule {
    pub what: DatabaseWhat,
    /// Only requests with more rows, or more bytes, than this.
    #[serde(default)]
    over_rows: Option<usize>,
    #[serde(default)]
    over_bytes: Option<usize>,
    /// The work is done, and then comes the bad answer.
    #[serde(default)]
    pub after: bool,
    #[serde(default)]
    pub ms: u64,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    details: Option<String>,
    #[serde(default)]
    hint: Option<String>,
    #[serde(default)]
    html: bool,
    /// Seconds, in a header of the answer.
    #[serde(default)]
    retry_after: Option<u64>,
    #[serde(default)]
    column: Option<String>,
    /// `poison`: whose rows, and which.
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    ids: Vec<Value>,
}

/// Rows that the database does not take.
#[derive(Clone, Debug)]
pub struct Poison {
    pub table: Option<String>,
    pub ids: Vec<String>,
    pub code: String,
    pub message: String,
}

/// The rows that some rule poisons.
pub fn poisons(rules: &StandRules<DatabaseRule>) -> Vec<Poison> {
    let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    rules
        .all()
        .filter(|rule| rule.what == DatabaseWhat::Poison)
        .map(|rule| Poison {
            table: rule.table.clone(),
            ids: rule.ids.iter().map(text).collect(),
            code: rule.code.clone().unwrap_or_else(|| "P0001".to_owned()),
            message: rule
                .message
                .clone()
                .unwrap_or_else(|| "a trigger of this database does not take it".to_owned()),
        })
        .collect()
}

/// The rule that strikes this request, if any.
pub fn strike(
    rules: &mut StandRules<DatabaseRule>,
    method: &str,
    address: &str,
    body: &[u8],
) -> Option<DatabaseRule> {
    rules.strike(method, address, |rule, _| {
        rule.what != DatabaseWhat::Poison
            && rule.over_bytes.is_none_or(|most| body.len() > most)
            && rule.over_rows.is_none_or(|most| rows_in(body) > most)
    })
}

/// How many rows a body carries.
pub fn rows_in(body: &[u8]) -> usize {
    match std::str::from_utf8(body).map(Json::read) {
        Ok(Ok(Json::List(list))) => list.len(),
        Ok(Ok(Json::Object(_))) => 1,
        _ => 0,
    }
}

impl DatabaseRule {
    /// Whether the database does its work all the same.
    pub fn works(&self) -> bool {
        self.after
            || matches!(
                self.what,
                DatabaseWhat::LoseAnswer | DatabaseWhat::Truncated | DatabaseWhat::Delay
            )
    }

    /// What is answered in the place of the service. `None`: it answers for itself, or nobody does.
    pub fn answer(&self, method: &str, table: &str, modern: bool) -> Option<DatabaseAnswer> {
        let rest =
            |status, code, message: &str| DatabaseFault::rest(status, code, message).answer(false);
        let sql = |state, message: &str| DatabaseFault::sql(state, message).answer(false);
        let answer = match self.what {
            DatabaseWhat::Reset
            | DatabaseWhat::LoseAnswer
            | DatabaseWhat::Truncated
            | DatabaseWhat::Delay
            | DatabaseWhat::Poison => {
                return None;
            }
            DatabaseWhat::Refuse => self.refusal(),
            DatabaseWhat::Throttle => {
                DatabaseAnswer::gateway(429, "Too many requests", "Try again later.")
            }
            DatabaseWhat::DatabaseDown => rest(
                503,
                "PGRST001",
                "Database client error. Retrying the connection.",
            ),
            DatabaseWhat::CacheNotBuilt => rest(
                503,
                "PGRST002",
                "Could not query the database for the schema cache. Retrying.",
            ),
            DatabaseWhat::TooManyConnections => sql("53300", "sorry, too many clients already"),
            DatabaseWhat::PoolTimeout => rest(
                504,
                "PGRST003",
                "Timed out acquiring connection from connection pool.",
            ),
            DatabaseWhat::StatementTimeout => {
                sql("57014", "canceling statement due to statement timeout")
            }
            DatabaseWhat::Serialization => sql(
                "40001",
                "could not serialize access due to concurrent update",
            ),
            DatabaseWhat::Deadlock => DatabaseFault::sql("40P01", "deadlock detected")
                .hint("See server log for query details.")
                .answer(false),
            DatabaseWhat::TooLarge => DatabaseAnswer::page(413, "Request Entity Too Large"),
            DatabaseWhat::LongUrl => DatabaseAnswer::page(414, "URI too long"),
            DatabaseWhat::KeyRefused => DatabaseAnswer::empty(401),
            DatabaseWhat::KeyExpired => super::gateway::expired(modern),
            DatabaseWhat::NoGrant => no_grant(method, table, modern),
            DatabaseWhat::Restricted => DatabaseAnswer::gateway(
                402,
                "Service for this project is restricted due to the following violations: exceed_db_size_quota.",
                "The organization has exceeded its quota.",
            ),
            DatabaseWhat::Paused => DatabaseAnswer::page(540, "Project paused"),
            DatabaseWhat::ReadOnly => {
                sql("25006", "cannot execute INSERT in a read-only transaction")
            }
            DatabaseWhat::BadGateway => DatabaseAnswer::page(502, "Bad Gateway"),
            DatabaseWhat::GatewayTimeout => DatabaseAnswer::page(544, "Gateway Timeout"),
            DatabaseWhat::StaleTable => no_table(method, "public", table, modern),
            DatabaseWhat::StaleColumn => {
                let column = self.column.as_deref().unwrap_or("raw");
                let message = format!(
                    "Could not find the '{column}' column of '{table}' in the schema cache"
                );
                rest(400, "PGRST204", &message)
            }
            DatabaseWhat::NotExposed => not_exposed("public", &["graphql_public"], modern),
        };
        Some(match self.retry_after {
            Some(seconds) => answer.with("retry-after", seconds.to_string()),
            None => answer,
        })
    }

    fn refusal(&self) -> DatabaseAnswer {
        let status = self.status.unwrap_or(500);
        if self.html {
            return DatabaseAnswer::page(status, "Error");
        }
        let Some(code) = &self.code else {
            return DatabaseAnswer::empty(status);
        };
        let message = self.message.as_deref().unwrap_or("refused");
        let mut fault = DatabaseFault::rest(status, code, message);
        fault.details.clone_from(&self.details);
        fault.hint.clone_from(&self.hint);
        fault.answer(false)
    }
}

pub fn no_grant(method: &str, table: &str, modern: bool) -> DatabaseAnswer {
    let fault = DatabaseFault::sql("42501", format!("permission denied for table {table}"));
    if !modern {
        return fault.answer(false);
    }
    let right = match method {
        "POST" => "INSERT",
        "PATCH" => "UPDATE",
        "DELETE" => "DELETE",
        _ => "SELECT",
    };
    fault
        .hint(format!(
            "Grant the required privileges to the current role with: GRANT {right} ON public.{table} TO service_role;"
        ))
        .answer(false)
}

pub fn no_table(method: &str, schema: &str, table: &str, modern: bool) -> DatabaseAnswer {
    if modern {
        let message = format!("Could not find the table '{schema}.{table}' in the schema cache");
        return DatabaseFault::rest(404, "PGRST205", message).answer(false);
    }
    if matches!(method, "GET" | "HEAD" | "DELETE") {
        let message = format!("relation \"{schema}.{table}\" does not exist");
        return DatabaseFault::sql("42P01", message).answer(false);
    }
    DatabaseAnswer::json(404, "{}".to_owned())
}

pub fn not_exposed(asked: &str, exposed: &[&str], modern: bool) -> DatabaseAnswer {
    let list = exposed.join(", ");
    let fault = if modern {
        DatabaseFault::rest(406, "PGRST106", format!("Invalid schema: {asked}"))
            .hint(format!("Only the following schemas are exposed: {list}"))
    } else {
        let message = format!("The schema must be one of the following: {list}");
        DatabaseFault::rest(406, "PGRST106", message)
    };
    fault.answer(false)
}
