//! What the shop says: the paths into a record, each with its value in a real one, and which fields it feeds. Pure.

use serde_json::{Value, json};

use super::draft::DraftRules;
use crate::mapping::offer::source_paths;

/// A value on a page is cut to this.
const LETTERS_MAX: usize = 60;
/// Fields of plugins that are offered of one record.
const PLUGIN_FIELDS_MAX: usize = 40;

/// The rows of the list on the left.
pub fn fields(entity: &str, record: &Value, rules: &DraftRules) -> Vec<Value> {
    let mut paths: Vec<String> = source_paths(entity)
        .into_iter()
        .map(str::to_owned)
        .collect();
    paths.retain(|path| !path.starts_with("meta_data[]") && path != "meta_data");
    // What plugins keep has no name of its own, and is found by its key.
    let plugins = record["meta_data"].as_array();
    let keys = plugins
        .into_iter()
        .flatten()
        .filter_map(|one| one["key"].as_str());
    let plain = |key: &&str| !key.is_empty() && !key.contains([']', '[', '"', '\'', '\n']);
    for key in keys.filter(plain).take(PLUGIN_FIELDS_MAX) {
        let path = format!("meta_data[key={key}].value");
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
        .into_iter()
        .map(|path| {
            let feeds: Vec<&str> = rules
                .iter()
                .filter(|(_, rule)| uses(rule.kind.as_str(), &rule.source, &rule.text, &path))
                .map(|((_, name), _)| name.as_str())
                .collect();
            json!({ "path": path, "value": shown(&value(record, &path)), "feeds": feeds })
        })
        .collect()
}

fn uses(kind: &str, source: &str, text: &str, path: &str) -> bool {
    match kind {
        "from" => source == path,
        "text" | "compute" => {
            let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_.[".contains(letter);
            text.match_indices(path).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let behind = text[at + path.len()..].chars().next();
                !before.is_some_and(is_part) && !behind.is_some_and(is_part)
            })
        }
        _ => false,
    }
}

/// What stands in a record under a path; a list where the path goes through one.
pub fn value(record: &Value, path: &str) -> Value {
    let mut at = vec![record];
    let mut is_list = false;
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let Some((condition, behind)) = inside.split_once(']') else {
                return Value::Null;
            };
            let items = at.iter().filter_map(|one| one.as_array()).flatten();
            at = match condition.split_once('=') {
                Some((key, wanted)) => items.filter(|one| one[key] == wanted).take(1).collect(),
                None => {
                    is_list = true;
                    items.collect()
                }
            };
            rest = behind;
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        at = at.into_iter().filter_map(|one| one.get(name)).collect();
        rest = behind;
    }
    match (is_list, at.as_slice()) {
        (false, []) => Value::Null,
        (false, [one, ..]) => (*one).clone(),
        (true, all) => all.iter().map(|one| (*one).clone()).collect(),
    }
}

/// A value in few words: `“Priya”`, `empty`, `“A”, “B”`.
pub fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        Value::String(text) if text.is_empty() => return "empty".to_owned(),
        Value::String(text) => format!("“{text}”"),
        Value::Array(items) if items.is_empty() => return "none".to_owned(),
        Value::Array(items) => {
            let all: Vec<String> = items.iter().take(5).map(shown).collect();
            all.join(", ")
        }
        Value::Object(fields) => format!("{} fields", fields.len()),
        other => other.to_string(),
    };
    let plain = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut short: String = plain.take(LETTERS_MAX).collect();
    if text.chars().nth(LETTERS_MAX).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::pages::draft::DraftRule;

    fn record() -> Value {
        json!({ "number": "4803", "customer_note": "", "billing": { "city": "Vancouver" },
                "line_items": [{ "sku": "LMP" }, { "sku": "DRY" }], "meta_data": [{ "key": "_department", "value": " retail " }] })
    }

    #[test]
    fn each_path_has_its_value() {
        let at = |path: &str| shown(&value(&record(), path));
        assert_eq!(at("billing.city"), "“Vancouver”");
        assert_eq!(at("line_items[].sku"), "“LMP”, “DRY”");
        assert_eq!(at("meta_data[key=_department].value"), "“ retail ”");
        assert_eq!(
            (
                at("customer_note"),
                at("billing.country"),
                at("meta_data[key=x].value")
            ),
            ("empty".into(), "nothing".into(), "nothing".into())
        );
    }

    #[test]
    fn the_list_has_what_plugins_keep_and_says_what_each_feeds() {
        let rule = |kind: &str, source: &str, text: &str| DraftRule {
            kind: kind.into(),
            source: source.into(),
            text: text.into(),
            ..DraftRule::default()
        };
        let rules = DraftRules::from([
            (
                (0, "memo".into()),
                rule("text", "", "Order {{ number }}, {{ billing.city }}"),
            ),
            (
                (0, "class".into()),
                rule("from", "meta_data[key=_department].value", ""),
            ),
        ]);
        let fields = fields("orders", &record(), &rules);
        let feeds = |path: &str| {
            fields
                .iter()
                .find(|field| field["path"] == path)
                .map(|field| field["feeds"].clone())
        };
        assert_eq!(feeds("number"), Some(json!(["memo"])));
        assert_eq!(feeds("billing.city"), Some(json!(["memo"])));
        assert_eq!(
            feeds("meta_data[key=_department].value"),
            Some(json!(["class"]))
        );
        assert_eq!(feeds("status"), Some(json!([])));
    }
}
