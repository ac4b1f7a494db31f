//! Clean: what PostgreSQL does not take in any text, U+0000 and halves of surrogates, becomes U+FFFD.
//!
//! One such sign would refuse a whole request, and customers paste whatever they have. What is replaced is told. Values that do not
//! fit their column are left as they are: that is for the database to refuse.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::told::escaped_unit;

/// What a sign is replaced by that cannot be kept.
const REPLACEMENT: char = '\u{fffd}';

/// A value without such signs, in its texts and in its keys. `None`: it has none.
pub fn value(value: &Value) -> Option<Value> {
    has_nul(value).then(|| replaced(value))
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => {
            let mut fields = fields.iter();
            fields.any(|(key, value)| key.contains('\0') || has_nul(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn replaced(value: &Value) -> Value {
    let plain = |text: &str| text.replace('\0', "\u{fffd}");
    match value {
        Value::String(text) => Value::String(plain(text)),
        Value::Array(items) => Value::Array(items.iter().map(replaced).collect()),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(key, value)| (plain(key), replaced(value)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        other => other.clone(),
    }
}

/// JSON text without such signs. There they are escapes: `\u0000`, and `\ud800` without its other half.
pub fn json(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut copied = 0;
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(found) = next_escape(bytes, at) {
        at = found + 2;
        if bytes[found + 1] != b'u' {
            continue;
        }
        let Some(unit) = escaped_unit(bytes, found) else {
            continue;
        };
        at = found + 6;
        let stands = match unit {
            0 => false,
            0xd800..=0xdbff => {
                let other = unit_of_pair(bytes, at);
                if other {
                    at += 6;
                }
                other
            }
            0xdc00..=0xdfff => false,
            _ => true,
        };
        if !stands {
            clean.push_str(&text[copied..found]);
            clean.push(REPLACEMENT);
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[copied..]);
    Cow::Owned(clean)
}

/// Where the next backslash with something behind it is.
fn next_escape(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = from + memchr::memchr(b'\\', rest)?;
    (found + 1 < bytes.len()).then_some(found)
}

fn unit_of_pair(bytes: &[u8], at: usize) -> bool {
    escaped_unit(bytes, at).is_some_and(|unit| (0xdc00..=0xdfff).contains(&unit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_kept_is_replaced_and_nothing_else() {
        for (given, kept) in [
            (r#""a\u0000b""#, "\"a\u{fffd}b\""),
            (r#""\ud800""#, "\"\u{fffd}\""),
            (r#""\udc00x""#, "\"\u{fffd}x\""),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, "\"\u{fffd}\\ud83d\\ude00\""),
            (r#""\ud83d\n""#, "\"\u{fffd}\\n\""),
            (r#""\\u0000""#, r#""\\u0000""#),
            (r#""\\\u0000""#, "\"\\\\\u{fffd}\""),
            (r#"{"\u0000k":1}"#, "{\"\u{fffd}k\":1}"),
            (r#""\u00e9\"""#, r#""\u00e9\"""#),
        ] {
            assert_eq!(json(given), kept, "{given}");
        }
    }

    #[test]
    fn keys_are_looked_at_like_values() {
        assert_eq!(value(&json!({"a": ["b", 1, null]})), None);
        assert_eq!(
            value(&json!({"a\u{0}": ["b\u{0}", 1]})),
            Some(json!({"a\u{fffd}": ["b\u{fffd}", 1]}))
        );
    }

    proptest! {
        /// Whatever the text: what comes out says the same, and holds nothing that is refused.
        #[test]
        fn text_that_json_can_hold_is_kept(text in any::<String>()) {
            let written = serde_json::to_string(&text).expect("text");
            let clean = json(&written);
            let read: String = serde_json::from_str(&clean).expect("still JSON");
            prop_assert_eq!(read, text.replace('\0', "\u{fffd}"));
        }

        #[test]
        fn any_escapes_become_readable(units in prop::collection::vec(prop_oneof![Just(0u16), 0xd800u16..0xe000, any::<u16>()], 0..20)) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let written = format!("\"{escaped}\"");
            let read: String = serde_json::from_str(&json(&written)).expect("no half is left");
            let expected: String = char::decode_utf16(units)
                .map(|sign| sign.unwrap_or('\u{fffd}'))
                .map(|sign| if sign == '\0' { '\u{fffd}' } else { sign })
                .collect();
            prop_assert_eq!(read, expected);
        }
    }
}
