//! `join`: a list into one text.

use crate::mapping::limits;

use super::{Function, Takes, example, gives_text, must, nothing, text_at, written};
use crate::mapping::value::{Value, made};

pub static JOIN: Function = Function {
    name: "join",
    sentence: "Writes the items of a list as one text; what is absent or empty is left out.",
    takes: Takes::Texts,
    sees_absent: false,
    parameters: &[written(must("between", Takes::Text))],
    gives: gives_text,
    examples: &[
        example(r#"skus | join(", ")"#, r#""MUG, TOQUE""#),
        example(r#""b a" | split(" ") | join("")"#, r#""ba""#),
    ],
    prepare: nothing,
    call: |value, args, _| {
        let between = text_at(args, 0)?;
        let mut text = String::new();
        for item in items(&value) {
            if item.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str(&between);
            }
            text.push_str(&item.as_text()?);
            if text.len() > limits::TEXT {
                break;
            }
        }
        made(text)
    },
};

/// The items of a list; a single value is a list of one.
fn items<'v, 'r>(value: &'v Value<'r>) -> &'v [Value<'r>] {
    match value {
        Value::List(items) => items,
        single => std::slice::from_ref(single),
    }
}
