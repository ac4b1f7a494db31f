//! The answer of a service that was not asked for JSON.
//!
//! Near enough to show a client that it forgot its Accept header: elements are
//! named as in the JSON, attributes are not imitated.

use super::reply::Reply;
use serde_json::Value;

pub fn instead_of(reply: Reply) -> Reply {
    let value: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let mut body = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>");
    body.push_str("<IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\">");
    write(&mut body, &value);
    body.push_str("</IntuitResponse>");
    Reply {
        tid: reply.tid,
        ..Reply::xml(reply.status, body)
    }
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let list = std::slice::from_ref(value);
                for one in value.as_array().map_or(list, Vec::as_slice) {
                    out.push_str(&format!("<{name}>"));
                    write(out, one);
                    out.push_str(&format!("</{name}>"));
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|one| write(out, one)),
        Value::Null => {}
        Value::String(text) => {
            out.push_str(
                &text
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;"),
            );
        }
        other => out.push_str(&other.to_string()),
    }
}
