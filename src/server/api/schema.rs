//! Schemas: what a request may hold and what an answer holds, as JSON Schema, said once.
//!
//! The document of the API is made of them, a request is refused by them, and tests hold answers against them. So the document cannot
//! say one thing and the server do another. Known here is as much of JSON Schema as the document uses; `$ref` leads into its components.

use chrono::{DateTime, NaiveDate};
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::server::problem::PointedError;

/// A JSON Schema.
pub type Schema = Value;

/// Mistakes that are told of one request. The first ones say enough.
const MISTAKES_MAX: usize = 20;

/// An object with these fields and no others.
pub fn object<const R: usize, const O: usize>(
    required: [(&str, Schema); R],
    optional: [(&str, Schema); O],
) -> Schema {
    let names: Vec<&str> = required.iter().map(|(name, _)| *name).collect();
    let mut schema = json!({ "type": "object", "additionalProperties": false });
    if R > 0 {
        schema["required"] = json!(names);
    }
    let fields = required.into_iter().chain(optional);
    let fields: Map<String, Value> = fields
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    schema["properties"] = Value::Object(fields);
    schema
}

/// The schema of a document, which says its name first.
pub fn document<const R: usize, const O: usize>(
    name: &str,
    required: [(&str, Schema); R],
    optional: [(&str, Schema); O],
) -> Schema {
    let mut whole = object(required, optional);
    whole["properties"]["schema"] = json!({ "const": name, "type": "string" });
    let mut names = vec![json!("schema")];
    names.extend(whole["required"].as_array().into_iter().flatten().cloned());
    whole["required"] = Value::Array(names);
    whole
}

/// A page of a list.
pub fn page(name: &str, item: Schema) -> Schema {
    document(
        name,
        [
            ("items", json!({ "type": "array", "items": item })),
            ("next_cursor", nullable(text())),
        ],
        [],
    )
}

pub fn text() -> Schema {
    json!({ "type": "string" })
}

/// Text of some length, of letters that can be typed.
pub fn line(most: usize) -> Schema {
    json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": "^[^\\x00-\\x1f\\x7f]+$" })
}

pub fn word(words: &[&str]) -> Schema {
    json!({ "type": "string", "enum": words })
}

pub fn integer(least: u64, most: u64) -> Schema {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

/// A figure that counts something.
pub fn count() -> Schema {
    json!({ "type": "integer", "minimum": 0 })
}

pub fn flag() -> Schema {
    json!({ "type": "boolean" })
}

pub fn time() -> Schema {
    json!({ "type": "string", "format": "date-time" })
}

/// An amount, as text.
pub fn money() -> Schema {
    json!({ "type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2,}$" })
}

pub fn day() -> Schema {
    json!({ "type": "string", "format": "date" })
}

pub fn list(items: Schema) -> Schema {
    json!({ "type": "array", "items": items })
}

/// A list of so many items at most, each of them once.
pub fn set(items: Schema, most: usize) -> Schema {
    json!({ "type": "array", "items": items, "maxItems": most, "uniqueItems": true })
}

pub fn nullable(schema: Schema) -> Schema {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) if schema.get("enum").is_none() => {
            let both = json!([kind, "null"]);
            let mut schema = schema;
            schema["type"] = both;
            schema
        }
        _ => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

/// An object whose keys are not known beforehand.
pub fn by_name(values: Schema) -> Schema {
    json!({ "type": "object", "additionalProperties": values })
}

/// Anything that JSON can say.
pub fn anything() -> Schema {
    json!({})
}

/// A schema of the components.
pub fn reference(name: &str) -> Schema {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Every mistake of a value, with its place.
pub fn mistakes(schema: &Schema, value: &Value, components: &Value) -> Vec<PointedError> {
    let mut found = Vec::new();
    SchemaCheck {
        components,
        found: &mut found,
    }
    .check(schema, value, "");
    found
}

struct SchemaCheck<'a> {
    components: &'a Value,
    found: &'a mut Vec<PointedError>,
}

impl SchemaCheck<'_> {
    fn wrong(&mut self, pointer: &str, detail: impl Into<String>) {
        if self.found.len() < MISTAKES_MAX {
            self.found.push(PointedError {
                pointer: pointer.to_owned(),
                detail: detail.into(),
            });
        }
    }

    fn check(&mut self, schema: &Value, value: &Value, pointer: &str) {
        if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
            let name = path.rsplit('/').next().unwrap_or_default();
            let components = self.components;
            match components.get(name) {
                Some(named) => self.check(named, value, pointer),
                None => self.wrong(pointer, format!("the schema `{name}` is nowhere")),
            }
            return;
        }
        if let Some(either) = schema.get("anyOf").and_then(Value::as_array) {
            let fits = |one: &Value| mistakes(one, value, self.components).is_empty();
            if !either.iter().any(fits) {
                // The first is what is meant; the others are allowed instead of it.
                let before = self.found.len();
                if let Some(first) = either.first() {
                    self.check(first, value, pointer);
                }
                if self.found.len() == before {
                    self.wrong(pointer, "is none of what is allowed here");
                }
            }
            return;
        }
        if !self.has_type(schema, value, pointer) {
            return;
        }
        if let Some(only) = schema.get("const")
            && only != value
        {
            self.wrong(pointer, format!("must be {only}"));
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array)
            && !words.contains(value)
        {
            let known: Vec<String> = words
                .iter()
                .map(|word| {
                    word.as_str()
                        .map_or_else(|| word.to_string(), str::to_owned)
                })
                .collect();
            self.wrong(pointer, format!("must be one of: {}", known.join(", ")));
        }
        match value {
            Value::String(text) => self.check_text(schema, text, pointer),
            Value::Number(number) => self.check_number(schema, number, pointer),
            Value::Array(items) => self.check_list(schema, items, pointer),
            Value::Object(fields) => self.check_fields(schema, fields, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn has_type(&mut self, schema: &Value, value: &Value, pointer: &str) -> bool {
        let wanted: Vec<&str> = match schema.get("type") {
            None => return true,
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            Some(one) => one.as_str().into_iter().collect(),
        };
        let is = |kind: &&str| match *kind {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "number" => value.is_number(),
            "integer" => value.is_u64() || value.is_i64(),
            _ => false,
        };
        let fits = wanted.iter().any(is);
        if !fits {
            self.wrong(pointer, format!("must be of type {}", wanted.join(" or ")));
        }
        fits
    }

    fn check_text(&mut self, schema: &Value, text: &str, pointer: &str) {
        let letters = text.chars().count() as u64;
        let limit = |name: &str| schema.get(name).and_then(Value::as_u64);
        if limit("minLength").is_some_and(|least| letters < least) {
            self.wrong(pointer, "is too short");
        } else if limit("maxLength").is_some_and(|most| letters > most) {
            self.wrong(pointer, "is too long");
        } else if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && !Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
        {
            self.wrong(pointer, "has letters that cannot stand here");
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("date") if !is_day(text) => {
                self.wrong(pointer, "must be a day as 2026-01-31");
            }
            Some("date-time") if DateTime::parse_from_rfc3339(text).is_err() => {
                self.wrong(pointer, "must be a time as 2026-01-31T12:00:00Z");
            }
            _ => {}
        }
    }

    fn check_number(&mut self, schema: &Value, number: &serde_json::Number, pointer: &str) {
        let limit = |name: &str| schema.get(name).and_then(Value::as_i64);
        let Some(is) = number.as_i64() else {
            if number.is_u64() && limit("maximum").is_some() {
                self.wrong(pointer, "is too large");
            }
            return;
        };
        if let Some(least) = limit("minimum").filter(|least| is < *least) {
            self.wrong(pointer, format!("must be {least} or more"));
        }
        if let Some(most) = limit("maximum").filter(|most| is > *most) {
            self.wrong(pointer, format!("must be {most} or less"));
        }
    }

    fn check_list(&mut self, schema: &Value, items: &[Value], pointer: &str) {
        let limit = |name: &str| schema.get(name).and_then(Value::as_u64);
        let many = items.len() as u64;
        if limit("minItems").is_some_and(|least| many < least) {
            self.wrong(pointer, "has too few items");
        }
        if limit("maxItems").is_some_and(|most| many > most) {
            self.wrong(pointer, "has too many items");
            return;
        }
        let each_once = schema.get("uniqueItems") == Some(&Value::Bool(true));
        for (nth, item) in items.iter().enumerate() {
            if each_once && items[..nth].contains(item) {
                self.wrong(&format!("{pointer}/{nth}"), "stands there twice");
            }
            if let Some(schema) = schema.get("items") {
                self.check(schema, item, &format!("{pointer}/{nth}"));
            }
        }
    }

    fn check_fields(&mut self, schema: &Value, fields: &Map<String, Value>, pointer: &str) {
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                self.wrong(&below(pointer, name), "is missing");
            }
        }
        let known = schema.get("properties").and_then(Value::as_object);
        for (name, value) in fields {
            let place = below(pointer, name);
            match (
                known.and_then(|known| known.get(name)),
                schema.get("additionalProperties"),
            ) {
                (Some(schema), _) => self.check(schema, value, &place),
                (None, Some(Value::Bool(false))) => self.wrong(&place, "is not known here"),
                (None, Some(others)) if others.is_object() => self.check(others, value, &place),
                (None, _) => {}
            }
        }
    }
}

/// Strict, so that two ways to write a day are not two days.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<NaiveDate>().is_ok()
}

/// A JSON pointer one step further.
fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Numbers such as `1.0` are whole numbers to JSON Schema; from here on they are so to everybody.
pub fn with_whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                json!(float as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, with_whole_numbers(value)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(schema: &Schema, value: Value) -> Vec<String> {
        let components = json!({ "Word": word(&["a", "b"]) });
        mistakes(schema, &with_whole_numbers(value), &components)
            .into_iter()
            .map(|mistake| format!("{} {}", mistake.pointer, mistake.detail))
            .collect()
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let schema = object(
            [("entity", reference("Word")), ("limit", integer(1, 200))],
            [
                ("days", set(day(), 2)),
                ("who", nullable(line(5))),
                (
                    "ids",
                    list(
                        json!({ "anyOf": [integer(1, 9), { "type": "string", "pattern": "^[1-9]$" }] }),
                    ),
                ),
            ],
        );
        assert!(
            said(
                &schema,
                json!({ "entity": "a", "limit": 1.0, "who": null, "ids": ["1", 2] })
            )
            .is_empty()
        );
        assert_eq!(
            said(
                &schema,
                json!({ "limit": 0, "days": ["2026-02-30", "2026-01-01"], "who": "a\nb", "a/b": 1, "ids": [0] })
            ),
            [
                "/entity is missing",
                "/a~1b is not known here",
                "/days/0 must be a day as 2026-01-31",
                "/ids/0 must be 1 or more",
                "/limit must be 1 or more",
                "/who has letters that cannot stand here",
            ]
        );
        assert_eq!(
            said(
                &schema,
                json!({ "entity": "c", "limit": 1.5, "days": ["2026-01-01", "2026-01-01"] })
            ),
            [
                "/days/1 stands there twice",
                "/entity must be one of: a, b",
                "/limit must be of type integer",
            ]
        );
        assert_eq!(said(&schema, json!([])), [" must be of type object"]);
        assert_eq!(
            said(&schema, json!({ "entity": "a", "limit": u64::MAX })),
            ["/limit is too large"]
        );
    }

    #[test]
    fn a_document_says_its_name() {
        let schema = page("udsync/history/1", text());
        let page = json!({ "schema": "udsync/history/1", "items": ["a"], "next_cursor": null });
        assert!(said(&schema, page).is_empty());
        let other = json!({ "schema": "udsync/history/2", "items": [], "next_cursor": 1 });
        assert_eq!(
            said(&schema, other),
            [
                "/next_cursor must be of type string or null",
                "/schema must be \"udsync/history/1\"",
            ]
        );
    }
}
