//! JSON text as PHP writes it.
//!
//! Slashes are escaped, everything outside ASCII is a `\u` escape, a whole number
//! has no fraction, and fields stand in WooCommerce's order rather than in ours.
//! A client that hashes or quotes raw bytes therefore meets what a shop sends.

use serde_json::{Map, Number, Value};

use super::shapes::fields_of;

/// Prints a value; `context` says which object it is, for the order of its fields.
pub fn print(value: &Value, context: &str) -> String {
    let mut out = String::with_capacity(4096);
    write(&mut out, value, context);
    out
}

fn write(out: &mut String, value: &Value, context: &str) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(text) => quote(out, text),
        Value::Array(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, item, context);
            }
            out.push(']');
        }
        Value::Object(map) => write_object(out, map, context),
    }
}

fn write_object(out: &mut String, map: &Map<String, Value>, context: &str) {
    out.push('{');
    let known = fields_of(context);
    let mut written = 0;
    for name in known {
        if let Some(value) = map.get(*name) {
            field(out, context, name, value, &mut written);
        }
    }
    if written < map.len() {
        for (name, value) in map
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
        {
            field(out, context, name, value, &mut written);
        }
    }
    out.push('}');
}

fn field(out: &mut String, context: &str, name: &str, value: &Value, written: &mut usize) {
    if *written > 0 {
        out.push(',');
    }
    *written += 1;
    quote(out, name);
    out.push(':');
    // An account's address has its fields in another order than an order's.
    let inner = if context == "customer" && matches!(name, "billing" | "shipping") {
        "account_address"
    } else {
        name
    };
    write(out, value, inner);
}

/// A double without a fraction is printed without one: `5`, not `5.0`.
fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(double) if number.is_f64() && double.fract() == 0.0 && double.abs() < 1e15 => {
            format!("{}", double as i64)
        }
        _ => number.to_string(),
    }
}

/// Writes a quoted string.
pub fn quote(out: &mut String, text: &str) {
    use std::fmt::Write;
    out.push('"');
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let escape = match letter {
            '"' => "\\\"",
            '\\' => "\\\\",
            '/' => "\\/",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            ' '..='\u{7f}' => continue,
            _ => "",
        };
        out.push_str(&text[start..at]);
        start = at + letter.len_utf8();
        if escape.is_empty() {
            let mut units = [0u16; 2];
            for unit in letter.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}").expect("writing to a string cannot fail");
            }
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[start..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_is_escaped_the_way_php_does_it() {
        let value = json!({"url": "https://shop.example/x", "name": "Café 🧦 \"q\"\n\u{1}"});
        assert_eq!(
            print(&value, ""),
            r#"{"name":"Caf\u00e9 \ud83e\udde6 \"q\"\n\u0001","url":"https:\/\/shop.example\/x"}"#
        );
    }

    #[test]
    fn numbers_have_no_idle_fraction() {
        assert_eq!(
            print(&json!([5.0, 9.975, 3.3333000000000004, 41, -0.5]), ""),
            "[5,9.975,3.3333000000000004,41,-0.5]"
        );
    }

    #[test]
    fn fields_stand_in_the_shops_order() {
        let value = json!({"total": "-7.47", "id": 76, "zzz": 1, "reason": "first"});
        assert_eq!(
            print(&value, "refunds"),
            r#"{"id":76,"reason":"first","total":"-7.47","zzz":1}"#
        );
    }
}
