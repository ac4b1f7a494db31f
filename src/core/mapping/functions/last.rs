//! `last`: one item of a list.

use super::{Function, Takes, example, nothing};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::value::Value;

pub static LAST: Function = Function {
    name: "last",
    sentence: "The last item of a list that is not empty; the list of a single value is that value.",
    takes: Takes::List,
    sees_absent: false,
    parameters: &[],
    gives: |input, _| match &input.kind {
        ValueKind::List(item) => Shape::maybe(item.kind.clone()),
        _ => Shape::maybe(ValueKind::Any),
    },
    examples: &[
        example("skus | last", r#""TOQUE""#),
        example(r#"nothing | split(",") | last"#, "null"),
        example(r#""" | split(",") | last"#, "null"),
    ],
    prepare: nothing,
    call: |value, _, _| match value {
        Value::List(items) => {
            let found = items.into_iter().rfind(|item| !item.is_empty());
            Ok(found.unwrap_or(Value::Null))
        }
        single => Ok(single),
    },
};
