//! Mishaps on order: what an edge, a gateway, PostgREST or PostgreSQL does to a request on a bad day.
//!
//! Rules are asked in the order they came; the first that matches and is not used up wins. With `after` the work is done
//! before the bad answer goes out, so that nobody can tell. A poisoned row is no answer of its own: it is refused, with its whole
//! request, as long as the rule stands.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Answer;
use super::fault::Fault;
use super::json::Json;

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
    #[serde(default)]
    method: Option<String>,
    /// Part of the path with its query.
    #[serde(default)]
    path: Option<String>,
    /// How many matching requests pass first.
    #[serde(default)]
    skip: u64,
    /// How often it strikes; null is for ever.
    #[serde(default = "once")]
    times: Option<u64>,
    #[serde(default)]
    chance: Option<f64>,
    #[serde(default)]
    seed: u64,
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

// Read as an option because `null` means "for ever" and absence means once.
fn once() -> Option<u64> {
    Some(1)
}

/// Rows that the database does not take.
#[derive(Clone, Debug)]
pub struct Poison {
    pub table: Option<String>,
    pub ids: Vec<String>,
    pub code: String,
    pub message: String,
}

/// A small seeded generator (splitmix64): the same seed and the same requests give the same day.
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    fn hits(&mut self, probability: f64) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // Fifty-three bits are what a double holds exactly.
        ((z >> 11) as f64) < probability * (1_u64 << 53) as f64
    }
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    dice: Dice,
    matched: u64,
    fired: u64,
}

#[derive(Debug, Default)]
pub struct Mishaps(Vec<Armed>);

impl Mishaps {
    pub fn add(&mut self, rule: Rule) {
        self.0.push(Armed {
            dice: Dice(rule.seed),
            rule,
            matched: 0,
            fired: 0,
        });
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The rules with how often each matched and fired.
    pub fn list(&self) -> Value {
        let one = |armed: &Armed| {
            let mut rule = serde_json::to_value(&armed.rule).unwrap_or_default();
            rule["fired"] = json!(armed.fired);
            rule["matched"] = json!(armed.matched);
            rule
        };
        self.0.iter().map(one).collect()
    }

    pub fn poisons(&self) -> Vec<Poison> {
        let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        self.0
            .iter()
            .map(|armed| &armed.rule)
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
    pub fn strike(&mut self, method: &str, address: &str, body: &[u8]) -> Option<Rule> {
        for armed in &mut self.0 {
            let rule = &armed.rule;
            let matches = rule.what != What::Poison
                && rule
                    .method
                    .as_deref()
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && rule
                    .path
                    .as_deref()
                    .is_none_or(|part| address.contains(part))
                && rule.over_bytes.is_none_or(|most| body.len() > most)
                && rule.over_rows.is_none_or(|most| rows_in(body) > most);
            if !matches || rule.times.is_some_and(|times| armed.fired >= times) {
                continue;
            }
            armed.matched += 1;
            if armed.matched <= rule.skip
                || rule.chance.is_some_and(|chance| !armed.dice.hits(chance))
            {
                continue;
            }
            armed.fired += 1;
            return Some(rule.clone());
        }
        None
    }
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
    /// The word of the rule, for the request log.
    pub fn word(&self) -> String {
        serde_json::to_value(self.what)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

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
