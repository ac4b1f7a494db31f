//! Mishaps on order: what a web server, a host or a plugin does to a shop's answers.
//!
//! Rules are asked in the order they came; the first that matches and is not yet used
//! up wins. A rule that lets requests pass counts only those it matches.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{Answer, Content, error, nginx, wordpress_page};
use super::seed::Seeded;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Html,
    PhpWarning,
    Truncated,
    Reset,
    ServerError,
    BadGateway,
    Maintenance,
    Throttle,
    RestDisabled,
    Redirect,
    BadRecord,
    Huge,
    Delay,
}

impl What {
    /// The word of the rule, for the request log.
    pub fn word(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub what: What,
    #[serde(default)]
    pub method: Option<String>,
    /// Part of the path with its query.
    #[serde(default)]
    pub path: Option<String>,
    /// How many matching requests pass first.
    #[serde(default)]
    pub skip: u64,
    /// How often it strikes; null is for ever.
    #[serde(default = "once")]
    pub times: Option<u64>,
    #[serde(default)]
    pub chance: Option<f64>,
    #[serde(default)]
    pub seed: u64,
    /// `bad_record`: which record of the page.
    #[serde(default)]
    pub index: usize,
    /// `bad_record`: which field is spoiled.
    #[serde(default)]
    pub field: Option<String>,
    /// `bad_record`: what it becomes; when the field is named and no value is, it goes missing.
    #[serde(default, deserialize_with = "given")]
    pub value: Option<Value>,
    /// `delay`: for how long.
    #[serde(default)]
    pub ms: u64,
    /// `huge`: how many megabytes.
    #[serde(default)]
    pub mb: Option<u64>,
    /// `redirect`: where to.
    #[serde(default)]
    pub to: Option<String>,
    /// `maintenance` and `throttle`: seconds to wait.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

fn once() -> Option<u64> {
    Some(1)
}

/// Keeps a null that was written apart from a value that was left out.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    dice: Seeded,
    matched: u64,
    fired: u64,
}

/// The rules in force.
#[derive(Debug, Default)]
pub struct Mishaps(Vec<Armed>);

impl Mishaps {
    pub fn add(&mut self, rule: Rule) {
        self.0.push(Armed {
            dice: Seeded::new(rule.seed),
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

    /// The rule that strikes this request, if any.
    pub fn strike(&mut self, method: &str, address: &str) -> Option<Rule> {
        for armed in &mut self.0 {
            let rule = &armed.rule;
            let matches = rule
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && rule
                    .path
                    .as_deref()
                    // What every run asks first is struck only where a rule names it.
                    .map_or(!address.contains("/settings/"), |part| {
                        address.contains(part)
                    });
            if !matches || rule.times.is_some_and(|times| armed.fired >= times) {
                continue;
            }
            armed.matched += 1;
            if armed.matched <= rule.skip
                || rule.chance.is_some_and(|chance| !armed.dice.chance(chance))
            {
                continue;
            }
            armed.fired += 1;
            return Some(rule.clone());
        }
        None
    }
}

/// The answer of a mishap that strikes instead of the shop. `None`: the shop answers after all.
pub fn instead(rule: &Rule, wants_json: bool) -> Option<Answer> {
    Some(match rule.what {
        What::Html => Answer::html(
            200,
            "<!DOCTYPE html>\n<html lang=\"en-CA\">\n<head><title>One moment</title></head>\n<body><p>Checking your browser.</p></body>\n</html>\n"
                .to_owned(),
        ),
        What::ServerError => died(wants_json),
        What::BadGateway => nginx(502, "Bad Gateway"),
        What::Maintenance => {
            let message = "Briefly unavailable for scheduled maintenance. Check back in a minute.";
            let answer = if wants_json { wp_die(503, message) } else { wordpress_page(503, "Maintenance", message) };
            answer.with("retry-after", rule.retry_after.unwrap_or(600).to_string())
        }
        What::Throttle => {
            let answer = nginx(429, "Too Many Requests");
            match rule.retry_after {
                Some(seconds) => answer.with("retry-after", seconds.to_string()),
                None => answer,
            }
        }
        What::RestDisabled => error(403, "rest_disabled", "The REST API on this site has been disabled."),
        What::Redirect => nginx(301, "Moved Permanently").with("location", rule.to.clone().unwrap_or_else(|| "/".to_owned())),
        What::PhpWarning | What::Truncated | What::Reset | What::BadRecord | What::Huge | What::Delay => return None,
    })
}

fn wp_die(status: u16, message: &str) -> Answer {
    let mut text = String::from("{\"code\":\"wp_die\",\"message\":");
    super::json::quote(&mut text, message);
    text.push_str(&format!(
        ",\"data\":{{\"status\":{status}}},\"additional_errors\":[]}}"
    ));
    Answer::json_text(status, text)
}

/// PHP died: JSON for those who ask for it, a page for the others.
fn died(wants_json: bool) -> Answer {
    let inside = "<p>There has been a critical error on this website.</p><p><a href=\"https://wordpress.org/documentation/article/\
                  faq-troubleshooting/\">Learn more about troubleshooting WordPress.</a></p>";
    if !wants_json {
        return wordpress_page(500, "WordPress &rsaquo; Error", inside);
    }
    let mut text = String::from("{\"code\":\"internal_server_error\",\"message\":");
    super::json::quote(&mut text, inside);
    text.push_str(",\"data\":{\"status\":500},\"additional_errors\":[]}");
    Answer::json_text(500, text)
}

/// Spoils an answer of the shop.
pub fn spoil(rule: &Rule, answer: &mut Answer) {
    match rule.what {
        What::PhpWarning => {
            let warning = "<br />\n<b>Warning</b>:  Undefined array key \"foo\" in \
                           <b>/var/www/html/wp-content/plugins/some-plugin/some-plugin.php</b> on line <b>42</b><br />\n";
            answer.body = Content::Text(format!("{warning}{}", answer.text()));
        }
        What::BadRecord => {
            let Content::Data(data, _) = &mut answer.body else {
                return;
            };
            let record = match data {
                Value::Array(list) => list.get_mut(rule.index),
                Value::Object(_) => Some(data),
                _ => None,
            };
            let Some(Value::Object(record)) = record else {
                return;
            };
            let field = rule.field.clone().unwrap_or_else(|| "total".to_owned());
            match (&rule.value, &rule.field) {
                (Some(value), _) => drop(record.insert(field, value.clone())),
                (None, None) => drop(record.insert(field, json!({"oops": 1}))),
                (None, Some(_)) => drop(record.remove(&field)),
            }
        }
        _ => {}
    }
}
