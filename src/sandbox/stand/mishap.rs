//! Rules of mishap: which requests come to grief, how often, and with what luck.
//!
//! Rules are asked in the order they came; the first that is for a request and is not used up decides its fate. What that is, is
//! the stand-in's part of the rule; what stands here is the same for all of them. A rule that lets requests pass counts only
//! those it is for.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::seeded::Seeded;

/// When a rule strikes.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct When {
    #[serde(default)]
    method: Option<String>,
    /// Part of the address.
    #[serde(default)]
    pub path: Option<String>,
    /// How many requests that it is for pass first.
    #[serde(default)]
    skip: u64,
    /// How often it strikes; null is for ever.
    #[serde(default = "once")]
    times: Option<u64>,
    #[serde(default)]
    chance: Option<f64>,
    /// Of its luck; without one, how many rules came before it.
    #[serde(default)]
    seed: Option<u64>,
}

// Read as an option because `null` means "for ever" and absence means once.
fn once() -> Option<u64> {
    Some(1)
}

const WHEN: [&str; 6] = ["method", "path", "skip", "times", "chance", "seed"];

#[derive(Debug)]
struct Armed<R> {
    when: When,
    rule: R,
    dice: Seeded,
    matched: u64,
    fired: u64,
}

impl<R: DeserializeOwned> Armed<R> {
    fn read(given: Value, before: u64) -> serde_json::Result<Self> {
        // Flattening would take unknown fields in silence, so the two halves are told apart by name.
        let given: Map<String, Value> = serde_json::from_value(given)?;
        let (when, what): (Map<_, _>, Map<_, _>) = given
            .into_iter()
            .partition(|(name, _)| WHEN.contains(&name.as_str()));
        let when: When = serde_json::from_value(Value::Object(when))?;
        Ok(Armed {
            dice: Seeded::new(when.seed.unwrap_or(before)),
            when,
            rule: serde_json::from_value(Value::Object(what))?,
            matched: 0,
            fired: 0,
        })
    }
}

/// The rules in force.
#[derive(Debug)]
pub struct StandRules<R>(Vec<Armed<R>>);

impl<R> Default for StandRules<R> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<R: Clone + Serialize + DeserializeOwned> StandRules<R> {
    /// Takes one rule or a list of them: all, or none where one is wrong.
    pub fn plan(&mut self, given: Value) -> serde_json::Result<()> {
        let list = match given {
            Value::Array(list) => list,
            one => vec![one],
        };
        let armed: serde_json::Result<Vec<_>> = list
            .into_iter()
            .zip(self.0.len() as u64..)
            .map(|(rule, before)| Armed::read(rule, before))
            .collect();
        self.0.extend(armed?);
        Ok(())
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn all(&self) -> impl Iterator<Item = &R> {
        self.0.iter().map(|armed| &armed.rule)
    }

    /// The rules with how often each was for a request, and struck.
    pub fn list(&self) -> Value {
        let one = |armed: &Armed<R>| {
            let mut shown = json!(armed.rule);
            if let (Value::Object(shown), Value::Object(when)) = (&mut shown, json!(armed.when)) {
                shown.extend(when);
            }
            shown["fired"] = json!(armed.fired);
            shown["matched"] = json!(armed.matched);
            shown
        };
        self.0.iter().map(one).collect()
    }

    /// The rule that strikes this request, if any; `suits` says what else a rule asks of it.
    pub fn strike(
        &mut self,
        method: &str,
        address: &str,
        suits: impl Fn(&R, &When) -> bool,
    ) -> Option<R> {
        for armed in &mut self.0 {
            let when = &armed.when;
            let is_for = when
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && when
                    .path
                    .as_deref()
                    .is_none_or(|part| address.contains(part))
                && suits(&armed.rule, when);
            if !is_for || when.times.is_some_and(|times| armed.fired >= times) {
                continue;
            }
            armed.matched += 1;
            if armed.matched <= when.skip
                || when.chance.is_some_and(|chance| !armed.dice.chance(chance))
            {
                continue;
            }
            armed.fired += 1;
            return Some(armed.rule.clone());
        }
        None
    }
}

/// The word that stands for a value on the wire, for the request log.
pub fn word(what: impl Serialize) -> String {
    json!(what).as_str().unwrap_or_default().to_owned()
}
