//! Mishaps on order: what a web server, a host or a plugin does to a shop's answers.
//!
//! What every run asks first, its settings, is struck only where a rule names it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{SandboxShopAnswer, ShopContent, error, nginx, wordpress_page};
use crate::stand::mishap::StandRules;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopWhat {
    Html,
    PhpWarning,
    Truncated,
    Reset,
    /// The shop does what it was asked for, and then the connection breaks.
    LoseAnswer,
    ServerError,
    BadGateway,
    Maintenance,
    Throttle,
    RestDisabled,
    Redirect,
    BadRecord,
    Huge,
    Delay,
    /// A page of a firewall's or a proxy's own, with a status.
    Page,
    /// Far more rows than a page has, and nothing in them.
    Flood,
    /// Another program puts an account or a product back right after it was changed: the answer has the change, and no later one has.
    PutBack,
    /// Half a surrogate pair, as a plugin leaves it that cuts an emoji in two.
    HalfLetter,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ShopRule {
    pub what: ShopWhat,
    /// `bad_record`: which record of the page.
    #[serde(default)]
    pub index: usize,
    /// `bad_record`, `half_letter`: which field is spoiled.
    #[serde(default)]
    pub field: Option<String>,
    /// `bad_record`: what it becomes; when the field is named and no value is, it goes missing.
    #[serde(default, deserialize_with = "given")]
    pub value: Option<Value>,
    /// `delay`: for how long.
    #[serde(default)]
    pub ms: u64,
    /// `huge`, `flood`: how many megabytes.
    #[serde(default)]
    pub mb: Option<u64>,
    /// `page`: with which status.
    #[serde(default)]
    pub status: Option<u16>,
    /// `redirect`: where to.
    #[serde(default)]
    pub to: Option<String>,
    /// `maintenance` and `throttle`: seconds to wait.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

/// Keeps a null that was written apart from a value that was left out.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The rule that strikes this request, if any.
pub fn strike(rules: &mut StandRules<ShopRule>, method: &str, address: &str) -> Option<ShopRule> {
    let settings = address.contains("/settings/");
    rules.strike(method, address, |_, when| when.path.is_some() || !settings)
}

/// The answer of a mishap that strikes instead of the shop. `None`: the shop answers after all.
pub fn instead(rule: &ShopRule, wants_json: bool) -> Option<SandboxShopAnswer> {
    Some(match rule.what {
        ShopWhat::Html => SandboxShopAnswer::html(
            200,
            "<!DOCTYPE html>\n<html lang=\"en-CA\">\n<head><title>One moment</title></head>\n<body><p>Checking your browser.</p></body>\n</html>\n"
                .to_owned(),
        ),
        ShopWhat::ServerError => died(wants_json),
        ShopWhat::BadGateway => nginx(502, "Bad Gateway"),
        ShopWhat::Maintenance => {
            let message = "Briefly unavailable for scheduled maintenance. Check back in a minute.";
            let answer = if wants_json { wp_die(503, message) } else { wordpress_page(503, "Maintenance", message) };
            answer.with("retry-after", rule.retry_after.unwrap_or(600).to_string())
        }
        ShopWhat::Throttle => {
            let answer = nginx(429, "Too Many Requests");
            match rule.retry_after {
                Some(seconds) => answer.with("retry-after", seconds.to_string()),
                None => answer,
            }
        }
        ShopWhat::RestDisabled => error(403, "rest_disabled", "The REST API on this site has been disabled."),
        ShopWhat::Redirect => nginx(301, "Moved Permanently").with("location", rule.to.clone().unwrap_or_else(|| "/".to_owned())),
        ShopWhat::Page => nginx(rule.status.unwrap_or(400), "Request Rejected"),
        ShopWhat::Flood => {
            let rows = rule.mb.unwrap_or(45) * 1_000_000 / 3;
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            SandboxShopAnswer::json_text(200, format!("[{}{{}}]", "{},".repeat(rows)))
        }
        ShopWhat::HalfLetter | ShopWhat::PutBack
        | ShopWhat::PhpWarning | ShopWhat::Truncated | ShopWhat::Reset | ShopWhat::LoseAnswer | ShopWhat::BadRecord | ShopWhat::Huge | ShopWhat::Delay => return None,
    })
}

fn wp_die(status: u16, message: &str) -> SandboxShopAnswer {
    let mut text = String::from("{\"code\":\"wp_die\",\"message\":");
    super::json::quote(&mut text, message);
    text.push_str(&format!(
        ",\"data\":{{\"status\":{status}}},\"additional_errors\":[]}}"
    ));
    SandboxShopAnswer::json_text(status, text)
}

/// PHP died: JSON for those who ask for it, a page for the others.
fn died(wants_json: bool) -> SandboxShopAnswer {
    let inside = "<p>There has been a critical error on this website.</p><p><a href=\"https://wordpress.org/documentation/article/\
                  faq-troubleshooting/\">Learn more about troubleshooting WordPress.</a></p>";
    if !wants_json {
        return wordpress_page(500, "WordPress &rsaquo; Error", inside);
    }
    let mut text = String::from("{\"code\":\"internal_server_error\",\"message\":");
    super::json::quote(&mut text, inside);
    text.push_str(",\"data\":{\"status\":500},\"additional_errors\":[]}");
    SandboxShopAnswer::json_text(500, text)
}

/// Spoils an answer of the shop.
pub fn spoil(rule: &ShopRule, answer: &mut SandboxShopAnswer) {
    match rule.what {
        ShopWhat::PhpWarning => {
            let warning = "<br />\n<b>Warning</b>:  Undefined array key \"foo\" in \
                           <b>/var/www/html/wp-content/plugins/some-plugin/some-plugin.php</b> on line <b>42</b><br />\n";
            answer.body = ShopContent::Text(format!("{warning}{}", answer.text()));
        }
        ShopWhat::BadRecord => {
            let ShopContent::Data(data, _) = &mut answer.body else {
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
        ShopWhat::HalfLetter => {
            let field = rule.field.as_deref().unwrap_or("first_name");
            let begin = format!("\"{field}\":\"");
            // PHP writes it in digits, and so only the text can hold it.
            let text = answer
                .text()
                .replacen(&begin, &format!("{begin}\\ud83d"), 1);
            answer.body = ShopContent::Text(text);
        }
        _ => {}
    }
}
