//! Mishaps on order: what an edge, a gateway, PostgREST or PostgreSQL does to a request on a bad day.
//!
//! With `after` the work is done before the bad answer goes out, so that nobody can tell. A poisoned row is no answer of its own:
//! it is refused, with its whole request, as long as the rule stands.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::fault::Fault;
use super::json::Json;
use crate::stand::mishap::Rules;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
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
pub struct Rule {
    pub what: What,
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
pub fn poisons(rules: &Rules<Rule>) -> Vec<Poison> {
    let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    rules
        .all()
        .filter(|rule| rule.what == What::Poison)
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
pub fn strike(rules: &mut Rules<Rule>, method: &str, address: &str, body: &[u8]) -> Option<Rule> {
    rules.strike(method, address, |rule, _| {
        rule.what != What::Poison
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

impl Rule {
    /// Whether the database does its work all the same.
    pub fn works(&self) -> bool {
        self.after || matches!(self.what, What::LoseAnswer | What::Truncated | What::Delay)
    }

    /// What is answered in the place of the service. `None`: it answers for itself, or nobody does.
    pub fn answer(&self, method: &str, table: &str, modern: bool) -> Option<Answer> {
        let rest = |status, code, message: &str| Fault::rest(status, code, message).answer(false);
        let sql = |state, message: &str| Fault::sql(state, message).answer(false);
        let answer = match self.what {
            What::Reset | What::LoseAnswer | What::Truncated | What::Delay | What::Poison => {
                return None;
            }
            What::Refuse => self.refusal(),
            What::Throttle => Answer::gateway(429, "Too many requests", "Try again later."),
            What::DatabaseDown => rest(
                503,
                "PGRST001",
                "Database client error. Retrying the connection.",
            ),
            What::CacheNotBuilt => rest(
                503,
                "PGRST002",
                "Could not query the database for the schema cache. Retrying.",
            ),
            What::TooManyConnections => sql("53300", "sorry, too many clients already"),
            What::PoolTimeout => rest(
                504,
                "PGRST003",
                "Timed out acquiring connection from connection pool.",
            ),
            What::StatementTimeout => sql("57014", "canceling statement due to statement timeout"),
            What::Serialization => sql(
                "40001",
                "could not serialize access due to concurrent update",
            ),
            What::Deadlock => Fault::sql("40P01", "deadlock detected")
                .hint("See server log for query details.")
                .answer(false),
            What::TooLarge => Answer::page(413, "Request Entity Too Large"),
            What::LongUrl => Answer::page(414, "URI too long"),
            What::KeyRefused => Answer::empty(401),
            What::KeyExpired => super::gateway::expired(modern),
            What::NoGrant => no_grant(method, table, modern),
            What::Restricted => Answer::gateway(
                402,
                "Service for this project is restricted due to the following violations: exceed_db_size_quota.",
                "The organization has exceeded its quota.",
            ),
            What::Paused => Answer::page(540, "Project paused"),
            What::ReadOnly => sql("25006", "cannot execute INSERT in a read-only transaction"),
            What::BadGateway => Answer::page(502, "Bad Gateway"),
            What::GatewayTimeout => Answer::page(544, "Gateway Timeout"),
            What::StaleTable => no_table(method, "public", table, modern),
            What::StaleColumn => {
                let column = self.column.as_deref().unwrap_or("raw");
                let message = format!(
                    "Could not find the '{column}' column of '{table}' in the schema cache"
                );
                rest(400, "PGRST204", &message)
            }
            What::NotExposed => not_exposed("public", &["graphql_public"], modern),
        };
        Some(match self.retry_after {
            Some(seconds) => answer.with("retry-after", seconds.to_string()),
            None => answer,
        })
    }

    fn refusal(&self) -> Answer {
        let status = self.status.unwrap_or(500);
        if self.html {
            return Answer::page(status, "Error");
        }
        let Some(code) = &self.code else {
            return Answer::empty(status);
        };
        let message = self.message.as_deref().unwrap_or("refused");
        let mut fault = Fault::rest(status, code, message);
        fault.details.clone_from(&self.details);
        fault.hint.clone_from(&self.hint);
        fault.answer(false)
    }
}

pub fn no_grant(method: &str, table: &str, modern: bool) -> Answer {
    let fault = Fault::sql("42501", format!("permission denied for table {table}"));
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

pub fn no_table(method: &str, schema: &str, table: &str, modern: bool) -> Answer {
    if modern {
        let message = format!("Could not find the table '{schema}.{table}' in the schema cache");
        return Fault::rest(404, "PGRST205", message).answer(false);
    }
    if matches!(method, "GET" | "HEAD" | "DELETE") {
        let message = format!("relation \"{schema}.{table}\" does not exist");
        return Fault::sql("42P01", message).answer(false);
    }
    Answer::json(404, "{}".to_owned())
}

pub fn not_exposed(asked: &str, exposed: &[&str], modern: bool) -> Answer {
    let list = exposed.join(", ");
    let fault = if modern {
        Fault::rest(406, "PGRST106", format!("Invalid schema: {asked}"))
            .hint(format!("Only the following schemas are exposed: {list}"))
    } else {
        let message = format!("The schema must be one of the following: {list}");
        Fault::rest(406, "PGRST106", message)
    };
    fault.answer(false)
}
