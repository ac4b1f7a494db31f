//! Import and export as JSON, for other tools; and a mapping written as TOML again.
//!
//! `import(export(m))` is `m`, and so is what is read from `written(m)`. Comments stay behind.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::limits;
use super::model::{Constant, Feed, Mapping, Rule};

pub const SCHEMA: &str = "udsync/mapping/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingEnvelope {
    schema: String,
    mapping: Mapping,
}

/// The mapping as a JSON document.
pub fn export(mapping: &Mapping) -> Json {
    let envelope = MappingEnvelope {
        schema: SCHEMA.to_owned(),
        mapping: mapping.clone(),
    };
    serde_json::to_value(envelope).expect("a mapping always has a JSON form")
}

/// Reads such a document. What the mapping says is for the check to judge.
pub fn import(text: &str) -> Result<Mapping, String> {
    if text.len() > limits::FILE {
        return Err(format!(
            "the document is larger than {} KB",
            limits::FILE / 1024
        ));
    }
    let envelope: MappingEnvelope = serde_json::from_str(text)
        .map_err(|error| format!("the document is not a mapping: {error}"))?;
    if envelope.schema != SCHEMA {
        return Err(format!(
            "the document is not of the schema `{SCHEMA}` but of another"
        ));
    }
    Ok(envelope.mapping)
}

/// The mapping as the text of a file.
pub fn written(mapping: &Mapping) -> String {
    let mut text = String::new();
    line(&mut text, "source", &quoted(&mapping.source));
    line(&mut text, "target", &quoted(&mapping.target));
    line(&mut text, "entity", &quoted(&mapping.entity));
    if let Some(about) = &mapping.about {
        line(&mut text, "about", &quoted(about));
    }
    if !mapping.names.is_empty() {
        text.push_str("\n[names]\n");
        for (name, flow) in &mapping.names {
            line(&mut text, &key(name), &quoted(flow));
        }
    }
    for (name, lookup) in &mapping.lookup {
        let _ = writeln!(text, "\n[lookup.{}]", key(name));
        if let Some(csv) = &lookup.csv {
            line(&mut text, "csv", &quoted(&csv.file));
            line(&mut text, "key", &quoted(&csv.key));
            line(&mut text, "value", &quoted(&csv.value));
        }
        for (name, value) in [("otherwise", &lookup.otherwise), ("then", &lookup.then)] {
            if let Some(value) = value {
                line(&mut text, name, &quoted(value));
            }
        }
        if !lookup.rows.is_empty() {
            let _ = writeln!(text, "[lookup.{}.rows]", key(name));
            for (from, to) in &lookup.rows {
                line(&mut text, &key(from), &quoted(to));
            }
        }
    }
    for skip in &mapping.skip {
        text.push_str("\n[[skip]]\n");
        line(&mut text, "when", &quoted(&skip.when));
        line(&mut text, "because", &quoted(&skip.because));
    }
    for rows in &mapping.rows {
        text.push_str("\n[[rows]]\n");
        if let Some(each) = &rows.each {
            line(&mut text, "each", &quoted(each));
        }
        if let Some(when) = &rows.when {
            line(&mut text, "when", &quoted(when));
        }
        text.push_str("[rows.fields]\n");
        for (field, written) in &rows.fields {
            let path: Vec<String> = field.split('.').map(key).collect();
            line(&mut text, &path.join("."), &rule(written));
        }
    }
    text
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn rule(rule: &Rule) -> String {
    if let Rule {
        feed: Feed::From(flow),
        when: None,
        otherwise: None,
    } = rule
    {
        return quoted(flow);
    }
    let feed = match &rule.feed {
        Feed::From(text) | Feed::Text(text) | Feed::Compute(text) => quoted(text),
        Feed::Value(value) => constant(value),
    };
    let mut parts = vec![format!("{} = {feed}", rule.feed.key())];
    if let Some(when) = &rule.when {
        parts.push(format!("when = {}", quoted(when)));
    }
    if let Some(otherwise) = &rule.otherwise {
        parts.push(format!("otherwise = {}", constant(otherwise)));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Text(text) => quoted(text),
        Constant::Bool(is) => is.to_string(),
        // A whole number that a file could not hold is written with a point.
        Constant::Number(number) => {
            let digits = number.to_string();
            match digits.contains('.') || digits.parse::<i64>().is_ok() {
                true => digits,
                false => format!("{digits}.0"),
            }
        }
    }
}

/// A text as TOML has it: what must be escaped is escaped as in JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn key(key: &str) -> String {
    let bare = !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    if bare { key.to_owned() } else { quoted(key) }
}
