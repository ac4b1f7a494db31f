//! A draft of a mapping in somebody's browser: the rules as fields of a form, and what its buttons do to them. Pure.
//!
//! The whole draft is in the form, so that it works without script, outlives a restart of the server, and nobody's draft lies about
//! where others could find it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::form::SentForm;
use crate::mapping::functions::FUNCTIONS;
use crate::mapping::offer::{FlowParts, flow_parts};

/// A rule as it stands in the form. `kind` is `from`, `text`, `compute`, `value`, or nothing where the field is not fed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftRule {
    pub kind: String,
    /// A path, or a whole flow that does not begin with one.
    pub source: String,
    pub calls: Vec<String>,
    /// A sentence, a formula or a constant.
    pub text: String,
    /// How a constant is written: `text`, `number`, `bool`.
    pub constant: String,
    pub when: String,
    pub otherwise: String,
    pub otherwise_kind: String,
}

/// Rules by row and by name of the target's field.
pub type DraftRules = BTreeMap<(usize, String), DraftRule>;

impl DraftRule {
    /// Of the document of a mapping: `{ feed: { from: … }, when, otherwise }`.
    fn of(rule: &Value) -> DraftRule {
        let feed = rule["feed"].as_object();
        let Some((kind, said)) = feed.and_then(|feed| feed.iter().next()) else {
            return DraftRule::default();
        };
        let mut draft = DraftRule {
            kind: kind.clone(),
            when: rule["when"].as_str().unwrap_or_default().to_owned(),
            ..DraftRule::default()
        };
        match (kind.as_str(), said.as_str()) {
            ("from", Some(flow)) => match flow_parts(flow) {
                Some(parts) => (draft.source, draft.calls) = (parts.source, parts.calls),
                None => draft.source = flow.to_owned(),
            },
            ("value", _) => (draft.constant, draft.text) = constant_of(said),
            (_, text) => draft.text = text.unwrap_or_default().to_owned(),
        }
        (draft.otherwise_kind, draft.otherwise) = constant_of(&rule["otherwise"]);
        draft
    }

    /// As the document of a mapping has it. `None`: nothing feeds the field.
    fn document(&self) -> Option<Value> {
        let feed = match self.kind.as_str() {
            "from" => json!({ "from": self.flow() }),
            "text" => json!({ "text": self.text }),
            "compute" => json!({ "compute": self.text }),
            "value" => json!({ "value": constant(&self.constant, &self.text) }),
            _ => return None,
        };
        let mut rule = json!({ "feed": feed });
        if !self.when.trim().is_empty() {
            rule["when"] = json!(self.when.trim());
        }
        if !self.otherwise.is_empty() {
            rule["otherwise"] = constant(&self.otherwise_kind, &self.otherwise);
        }
        Some(rule)
    }

    pub fn flow(&self) -> String {
        let parts = FlowParts {
            source: self.source.trim().to_owned(),
            calls: self.calls.clone(),
        };
        parts.text()
    }
}

/// `{ "text": "x" }` as its kind and its words.
fn constant_of(said: &Value) -> (String, String) {
    let Some((kind, value)) = said.as_object().and_then(|said| said.iter().next()) else {
        return (String::new(), String::new());
    };
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    (kind.clone(), text)
}

fn constant(kind: &str, text: &str) -> Value {
    match (kind, text.trim()) {
        ("bool", "true") => json!({ "bool": true }),
        ("bool", "false") => json!({ "bool": false }),
        ("number", digits) if digits.parse::<rust_decimal::Decimal>().is_ok() => {
            json!({ "number": digits })
        }
        _ => json!({ "text": text }),
    }
}

/// The rules of a mapping's document.
pub fn rules_of(mapping: &Value) -> DraftRules {
    let mut rules = DraftRules::new();
    let rows = mapping["mapping"]["rows"].as_array();
    for (row, said) in rows.into_iter().flatten().enumerate() {
        for (name, rule) in said["fields"].as_object().into_iter().flatten() {
            rules.insert((row, name.clone()), DraftRule::of(rule));
        }
    }
    rules
}

/// The same document with other rules.
pub fn with_rules(mapping: &Value, rules: &DraftRules) -> Value {
    let mut mapping = mapping.clone();
    let rows = mapping["mapping"]["rows"].as_array_mut();
    for (nth, row) in rows.into_iter().flatten().enumerate() {
        let fields: Map<String, Value> = rules
            .iter()
            .filter(|((of, _), _)| *of == nth)
            .filter_map(|((_, name), rule)| Some((name.clone(), rule.document()?)))
            .collect();
        row["fields"] = Value::Object(fields);
    }
    mapping
}

/// The name of a control: `r0.bill_to.city.kind`.
pub fn control(row: usize, name: &str, what: &str) -> String {
    format!("r{row}.{name}.{what}")
}

/// `r0.bill_to.city.kind` as its row, its field and what it says of it.
fn named(control: &str) -> Option<(usize, &str, &str)> {
    let (row, rest) = control.strip_prefix('r')?.split_once('.')?;
    let (name, what) = rest.rsplit_once('.')?;
    Some((row.parse().ok()?, name, what))
}

/// The rules that a form brings.
pub fn rules_in(form: &SentForm) -> DraftRules {
    let mut rules = DraftRules::new();
    for (name, value) in form.pairs() {
        let Some((row, field, what)) = named(name) else {
            continue;
        };
        let rule = rules.entry((row, field.to_owned())).or_default();
        // Browsers end lines of a text with two letters.
        let text = || value.replace("\r\n", "\n");
        match what {
            "kind" => rule.kind = text(),
            "source" => rule.source = text(),
            "call" => rule.calls.push(text()),
            "text" => rule.text = text(),
            "constant" => rule.constant = text(),
            "when" => rule.when = text(),
            "otherwise" => rule.otherwise = text(),
            "otherwise_kind" => rule.otherwise_kind = text(),
            _ => {}
        }
    }
    rules
}

/// What a button does to the rules. Answers with the field that it was about.
pub fn apply(rules: &mut DraftRules, form: &SentForm, op: &str) -> Option<(usize, String)> {
    let (verb, rest) = op.split_once(':')?;
    let (place, nth) = match rest.rsplit_once('#') {
        Some((place, nth)) => (place, nth.parse::<usize>().ok()),
        None => (rest, None),
    };
    let control_of_it = format!("{place}.x");
    let (row, name, _) = named(&control_of_it)?;
    let key = (row, name.to_owned());
    let rule = rules.entry(key.clone()).or_default();
    match verb {
        "connect" => {
            let picked = form.one("source")?;
            if rule.kind != "from" {
                rule.calls.clear();
            }
            rule.kind = "from".to_owned();
            rule.source = picked.to_owned();
        }
        "up" => {
            let nth = nth.filter(|nth| *nth > 0 && *nth < rule.calls.len())?;
            rule.calls.swap(nth, nth - 1);
        }
        "down" => {
            let nth = nth.filter(|nth| nth + 1 < rule.calls.len())?;
            rule.calls.swap(nth, nth + 1);
        }
        "remove" => {
            let nth = nth.filter(|nth| *nth < rule.calls.len())?;
            rule.calls.remove(nth);
        }
        "add" => {
            let function = form.one(&control(row, name, "add"))?;
            let function = FUNCTIONS.iter().find(|known| known.name == function)?;
            let given = form.one(&control(row, name, "args")).unwrap_or_default();
            let args = given
                .trim_matches(|letter| letter == '(' || letter == ')')
                .trim();
            rule.calls.push(match args {
                "" => function.name.to_owned(),
                args => format!("{}({args})", function.name),
            });
        }
        // The kind was chosen in the form itself; the controls that it needs come with the answer.
        "show" => {
            if rule.kind == "value" && rule.constant.is_empty() {
                rule.constant = "text".to_owned();
            }
        }
        _ => return None,
    }
    Some(key)
}

/// The names of the fields whose rules differ.
pub fn changed(before: &DraftRules, after: &DraftRules) -> BTreeSet<(usize, String)> {
    let said =
        |rules: &DraftRules, key: &(usize, String)| rules.get(key).and_then(DraftRule::document);
    let all: BTreeSet<(usize, String)> = before.keys().chain(after.keys()).cloned().collect();
    all.into_iter()
        .filter(|key| said(before, key) != said(after, key))
        .collect()
}

/// Mine on top of theirs: what I changed since I opened it, put onto what stands there by now.
pub fn on_top(seen: &DraftRules, mine: &DraftRules, theirs: &DraftRules) -> DraftRules {
    let mut merged = theirs.clone();
    for key in changed(seen, mine) {
        match mine.get(&key) {
            Some(rule) => merged.insert(key, rule.clone()),
            None => merged.remove(&key),
        };
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> Value {
        json!({ "schema": "udsync/mapping/1", "mapping": { "source": "woocommerce", "target": "quickbooks", "entity": "orders", "rows": [{ "fields": {
            "memo": { "feed": { "text": "Order {{ number }}" }, "when": "number != \"\"" },
            "class": { "feed": { "from": "meta_data[key=_department].value | trim | title" }, "otherwise": { "text": "Export" } },
            "location": { "feed": { "value": { "bool": true } } },
            "note": { "feed": { "from": "concat(number, \"x\")" } },
            "bill_to.city": { "feed": { "from": "billing.city" } },
        } }] } })
    }

    /// As a browser sends it.
    fn sent(rules: &DraftRules, more: &[(&str, &str)]) -> SentForm {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for ((row, name), rule) in rules {
            let mut put = |what: &str, value: &str| {
                form.append_pair(&control(*row, name, what), value);
            };
            put("kind", &rule.kind);
            put("source", &rule.source);
            rule.calls.iter().for_each(|call| put("call", call));
            put("text", &rule.text);
            put("constant", &rule.constant);
            put("when", &rule.when);
            put("otherwise", &rule.otherwise);
            put("otherwise_kind", &rule.otherwise_kind);
        }
        form.extend_pairs(more);
        SentForm::read(form.finish().as_bytes())
    }

    #[test]
    fn a_mapping_goes_through_a_form_and_comes_back_the_same() {
        let rules = rules_of(&mapping());
        let back = rules_in(&sent(&rules, &[]));
        assert_eq!(back, rules);
        assert_eq!(with_rules(&mapping(), &back), mapping());
    }

    #[test]
    fn buttons_connect_order_add_and_remove() {
        let mut rules = rules_of(&mapping());
        let mut press = |op: &str, more: &[(&str, &str)]| {
            let form = sent(&rules, more);
            rules = rules_in(&form);
            apply(&mut rules, &form, op).map(|(_, name)| name)
        };
        assert_eq!(press("down:r0.class#0", &[]).as_deref(), Some("class"));
        assert_eq!(
            press(
                "add:r0.class",
                &[("r0.class.add", "truncate"), ("r0.class.args", "(30)")]
            )
            .as_deref(),
            Some("class")
        );
        assert_eq!(press("remove:r0.class#1", &[]).as_deref(), Some("class"));
        assert_eq!(
            press("connect:r0.bill_to.state", &[("source", "billing.state")]).as_deref(),
            Some("bill_to.state")
        );
        assert_eq!(
            press("connect:r0.memo", &[("source", "customer_note")]).as_deref(),
            Some("memo")
        );
        assert_eq!(press("up:r0.class#0", &[]), None, "it is the first already");
        assert_eq!(
            press("add:r0.class", &[("r0.class.add", "drop table")]),
            None
        );
        let flow = |name: &str| rules[&(0, name.to_owned())].flow();
        assert_eq!(
            flow("class"),
            "meta_data[key=_department].value | title | truncate(30)"
        );
        assert_eq!(
            (flow("bill_to.state").as_str(), flow("memo").as_str()),
            ("billing.state", "customer_note")
        );
    }

    #[test]
    fn two_who_changed_different_fields_lose_nothing() {
        let seen = rules_of(&mapping());
        let with = |name: &str, source: &str| {
            let mut rules = seen.clone();
            let rule = DraftRule {
                kind: "from".into(),
                source: source.into(),
                ..DraftRule::default()
            };
            rules.insert((0, name.to_owned()), rule);
            rules
        };
        let (mine, theirs) = (
            with("memo", "customer_note"),
            with("location", "created_via"),
        );
        let merged = on_top(&seen, &mine, &theirs);
        assert_eq!(merged[&(0, "memo".to_owned())].source, "customer_note");
        assert_eq!(merged[&(0, "location".to_owned())].source, "created_via");
        let names: Vec<String> = changed(&seen, &mine)
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(names, ["memo"]);
    }
}
