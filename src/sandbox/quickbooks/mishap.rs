//! Rules by which requests come to grief.
//!
//! A rule says which requests it is for and how often; the first one that hits a
//! request decides its fate. Rules without a path leave the token endpoints alone.

use super::call::{Call, Raw, What};
use super::chance::Chance;
use super::write::Work;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mishap {
    LoseAnswer,
    Reset,
    Throttle,
    ServerErrorBefore,
    ServerErrorAfter,
    BadGatewayBefore,
    BadGatewayAfter,
    Stale,
    ExpireToken,
    ItemErrorBefore,
    ItemErrorAfter,
    /// The item is answered as one that failed, and is done `ms` later.
    ItemErrorLate,
    PartialBatch,
    Delay,
    TaxOff,
    Refuse,
    /// The work is done, and the answer is that nobody may.
    UnauthorizedAfter,
    /// The client is sent away at once, with `status` or without an answer, and the work begins `ms` later.
    LateStart,
    /// Nothing but the pauses of `item_ms`.
    Slow,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub what: Mishap,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    path: Option<String>,
    /// Part of an operation's name, such as `create Invoice`.
    #[serde(default)]
    operation: Option<String>,
    #[serde(default)]
    skip: u64,
    #[serde(default = "once")]
    times: Option<u64>,
    #[serde(default)]
    chance: Option<f64>,
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default)]
    pub html: bool,
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub item: usize,
    #[serde(default)]
    pub items: usize,
    #[serde(default)]
    pub ms: u64,
    /// The pause before each piece of work on this request, whatever the setup says.
    #[serde(default)]
    pub item_ms: Option<u64>,
    #[serde(default = "one_cent")]
    pub by: Decimal,
    /// `throttle`: seconds to wait, in a header of the answer.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// `refuse`: the code of the fault, and its detail.
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub detail: Option<String>,
}

// Read as an option because `null` means "for ever" and absence means once.
fn once() -> Option<u64> {
    Some(1)
}

fn one_cent() -> Decimal {
    Decimal::new(1, 2)
}

/// A rule with what became of it.
pub struct Standing {
    rule: Rule,
    chance: Chance,
    seen: u64,
    fired: u64,
}

impl Standing {
    pub fn new(rule: Rule, fallback: u64) -> Standing {
        let chance = Chance(rule.seed.unwrap_or(fallback));
        Standing {
            rule,
            chance,
            seen: 0,
            fired: 0,
        }
    }

    pub fn shown(&self) -> Value {
        let mut value = serde_json::to_value(&self.rule).unwrap_or_default();
        value["seen"] = json!(self.seen);
        value["fired"] = json!(self.fired);
        value
    }

    fn matches(&self, raw: &Raw, call: &Call) -> bool {
        let rule = &self.rule;
        let of_method = rule
            .method
            .as_ref()
            .is_none_or(|m| m.eq_ignore_ascii_case(&raw.method));
        let of_path = match &rule.path {
            Some(part) => raw.path.contains(part),
            None => call.class() != "auth",
        };
        let of_operation = rule
            .operation
            .as_ref()
            .is_none_or(|o| call.operations().iter().any(|x| x.contains(o)));
        of_method && of_path && of_operation && self.applies(call)
    }

    /// Whether the mishap could happen to this request at all.
    fn applies(&self, call: &Call) -> bool {
        match self.rule.what {
            Mishap::Stale => call.writes().iter().any(|w| w.work != Work::Create),
            Mishap::TaxOff => call
                .writes()
                .iter()
                .any(|w| w.work == Work::Create && w.entity.is_sales_form()),
            Mishap::ExpireToken => call.class() != "auth",
            Mishap::ItemErrorBefore | Mishap::ItemErrorAfter | Mishap::ItemErrorLate => {
                matches!(&call.what, What::Batch(items) if items.len() > self.rule.item)
            }
            Mishap::PartialBatch => matches!(call.what, What::Batch(_)),
            Mishap::UnauthorizedAfter | Mishap::LateStart | Mishap::Slow => call.class() == "write",
            _ => true,
        }
    }
}

/// The rule that hits this request, if one does.
pub fn choose(rules: &mut [Standing], raw: &Raw, call: &Call) -> Option<Rule> {
    for standing in rules {
        if !standing.matches(raw, call) || standing.rule.times.is_some_and(|t| standing.fired >= t)
        {
            continue;
        }
        standing.seen += 1;
        if standing.seen <= standing.rule.skip {
            continue;
        }
        let hit = standing.rule.chance.is_none_or(|p| standing.chance.hits(p));
        if hit {
            standing.fired += 1;
            return Some(standing.rule.clone());
        }
    }
    None
}
