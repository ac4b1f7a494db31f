//! The schemas of what `--json` prints: every answer that a test of this suite reads is compared with the one of `man/schemas` that it
//! names, and each name that the command line prints has one.
//!
//! The schemas are closed: a field that they do not know is a mistake here, as is one that they ask for and that is not there. Whoever
//! adds a field to a document therefore says so in its schema, and nobody's script is surprised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::house::sources;
use crate::manual::{read, root};

static SCHEMAS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let folder = std::fs::read_dir(root().join("man/schemas")).expect("a folder");
    let files = folder.flatten().map(|entry| {
        let schema: Value = serde_json::from_str(&read(&entry.path())).expect("JSON");
        let name = schema["$id"].as_str().expect("a name").to_owned();
        let file = entry.file_name().to_string_lossy().into_owned();
        let (_, version) = name.split_once('/').expect("udsync/NAME/VERSION");
        assert_eq!(file, format!("{}.json", version.replace('/', "-")));
        (name, schema)
    });
    files.collect()
});

/// Compares an answer with the schema that it names. One that names none is no document.
#[track_caller]
pub fn check(answer: &Value) {
    let Some(name) = answer["schema"].as_str() else {
        return;
    };
    let schema = SCHEMAS.get(name);
    let schema = schema.unwrap_or_else(|| panic!("man/schemas has none for `{name}`"));
    let mut wrong = Vec::new();
    compare(schema, schema, answer, name, &mut wrong);
    assert!(
        wrong.is_empty(),
        "an answer is not as man/schemas says; if it is meant, change the schema:\n{}",
        wrong.join("\n")
    );
}

/// What is understood of JSON Schema 2020-12, which is all that the files use.
const KEYWORDS: [&str; 16] = [
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "title",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "enum",
    "const",
    "anyOf",
    "format",
    "minimum",
];

fn compare(whole: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let schema = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return wrong.push(format!("{at}: nothing may be here")),
        schema => schema,
    };
    // What a schema adds beside a reference holds too.
    if let Some(place) = schema["$ref"].as_str() {
        let meant = whole.pointer(&place[1..]);
        let meant = meant.unwrap_or_else(|| panic!("{place} is not in the schema"));
        compare(whole, meant, value, at, wrong);
    }
    if let Some(only) = schema.get("const")
        && only != value
    {
        wrong.push(format!("{at}: {value} is not {only}"));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        wrong.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let tried: Vec<Vec<String>> = choices
            .iter()
            .map(|choice| {
                let mut wrong = Vec::new();
                compare(whole, choice, value, at, &mut wrong);
                wrong
            })
            .collect();
        if tried.iter().all(|wrong| !wrong.is_empty()) {
            // The choice that comes closest says most.
            wrong.extend(tried.into_iter().min_by_key(Vec::len).unwrap_or_default());
        }
    }
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_a(kind, value)) {
        return wrong.push(format!("{at}: {value} is no {}", kinds.join(" or ")));
    }
    if let (Some(least), Some(figure)) = (schema["minimum"].as_f64(), value.as_f64())
        && figure < least
    {
        wrong.push(format!("{at}: {value} is less than {least}"));
    }
    match value {
        Value::Object(fields) => {
            for name in schema["required"].as_array().into_iter().flatten() {
                if !fields.contains_key(name.as_str().unwrap_or_default()) {
                    wrong.push(format!("{at}: {name} is missing"));
                }
            }
            for (name, field) in fields {
                let at = format!("{at}.{name}");
                match (
                    schema["properties"].get(name),
                    schema.get("additionalProperties"),
                ) {
                    (Some(known), _) => compare(whole, known, field, &at, wrong),
                    (None, Some(Value::Bool(false))) => {
                        wrong.push(format!("{at} is not in the schema"));
                    }
                    (None, Some(other)) => compare(whole, other, field, &at, wrong),
                    (None, None) => {}
                }
            }
        }
        Value::Array(list) => {
            let first = schema["prefixItems"].as_array();
            for (place, one) in list.iter().enumerate() {
                let schema = match first.and_then(|first| first.get(place)) {
                    Some(schema) => schema,
                    None => schema.get("items").unwrap_or(&Value::Bool(true)),
                };
                compare(whole, schema, one, &format!("{at}[{place}]"), wrong);
            }
        }
        _ => {}
    }
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("`{other}` is no type of JSON"),
    }
}

/// Whether a schema is one that `compare` understands whole, and every reference of it leads somewhere.
fn look(whole: &Value, schema: &Value, at: &str, wrong: &mut Vec<String>) {
    let Value::Object(fields) = schema else {
        if !schema.is_boolean() {
            wrong.push(format!("{at} is no schema"));
        }
        return;
    };
    for (word, meant) in fields {
        let at = format!("{at}/{word}");
        if !KEYWORDS.contains(&word.as_str()) {
            wrong.push(format!("{at} is not understood"));
        }
        match word.as_str() {
            "properties" | "$defs" => {
                for (name, one) in meant.as_object().into_iter().flatten() {
                    look(whole, one, &format!("{at}/{name}"), wrong);
                }
            }
            "items" | "additionalProperties" => look(whole, meant, &at, wrong),
            "anyOf" | "prefixItems" => {
                for one in meant.as_array().into_iter().flatten() {
                    look(whole, one, &at, wrong);
                }
            }
            "$ref" => {
                let place = meant.as_str().and_then(|place| place.strip_prefix('#'));
                if place.and_then(|place| whole.pointer(place)).is_none() {
                    wrong.push(format!("{at} leads nowhere"));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_document_that_is_printed_has_a_schema_and_no_other_has() {
    let mut printed = BTreeSet::new();
    for (path, text) in sources() {
        let is_printed = ["cli/", "app/", "run/", "config/", "core/"]
            .iter()
            .any(|room| path.starts_with(room));
        let text = &text[..text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len())];
        if !is_printed || path.contains("tests") {
            continue;
        }
        for quoted in text.split('"').filter(|part| part.starts_with("udsync/")) {
            let mut parts = quoted.split('/').skip(1);
            let (name, version) = (parts.next(), parts.next());
            let is_name = name.is_some_and(|name| {
                !name.is_empty()
                    && name
                        .chars()
                        .all(|mark| mark.is_ascii_lowercase() || mark == '-')
            });
            let is_version = version.is_some_and(|version| version.parse::<u8>().is_ok());
            if is_name && is_version && parts.next().is_none() {
                printed.insert(quoted.to_owned());
            }
        }
    }
    let known: BTreeSet<String> = SCHEMAS.keys().cloned().collect();
    assert!(known.len() > 50, "{known:?}");
    let missing: Vec<_> = printed.difference(&known).collect();
    let left_over: Vec<_> = known.difference(&printed).collect();
    assert!(missing.is_empty(), "no schema in man/schemas: {missing:?}");
    assert!(left_over.is_empty(), "nothing prints it: {left_over:?}");
}

#[test]
fn schemas_are_of_the_draft_and_hold_nothing_that_is_not_understood() {
    let mut wrong = Vec::new();
    for (name, schema) in &*SCHEMAS {
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        look(schema, schema, name, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_in_a_schema_is_noticed() {
    let path = json!({"schema": "udsync/config-path/1", "path": "udsync.toml"});
    let schema = &SCHEMAS["udsync/config-path/1"];
    let wrong_of = |value: &Value| {
        let mut wrong = Vec::new();
        compare(schema, schema, value, "answer", &mut wrong);
        wrong
    };
    assert_eq!(wrong_of(&path), [] as [String; 0]);
    let mut more = path.clone();
    more["colour"] = json!("red");
    assert_eq!(wrong_of(&more), ["answer.colour is not in the schema"]);
    let mut other = path.clone();
    other["path"] = json!(7);
    assert_eq!(wrong_of(&other).len(), 1);
    let less = json!({"schema": "udsync/config-path/1"});
    assert_eq!(wrong_of(&less), ["answer: \"path\" is missing"]);
}
