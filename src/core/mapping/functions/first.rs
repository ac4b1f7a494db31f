//! `first`: one item of a list.

use super::{Function, Takes, example, nothing};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::value::Value;

pub static FIRST: Function = Function {
    name: "first",
    sentence: "The first item of a list that is not empty; the list of a single value is that value.",
    takes: Takes::List,
    sees_absent: false,
    parameters: &[],
    gives: |input, _| match &input.kind {
        ValueKind::List(item) => Shape::maybe(item.kind.clone()),
        _ => Shape::maybe(ValueKind::Any),
    },
    examples: &[
        example("skus | first", r#""MUG""#),
        example(r#"nothing | split(",") | first"#, "null"),
        example(r#""" | split(",") | first"#, "null"),
    ],
    prepare: nothing,
    call: |value, _, _| match value {
        Value::List(items) => {
            let found = items.into_iter().find(|item| !item.is_empty());
            Ok(found.unwrap_or(Value::Null))
        }
        single => Ok(single),
    },
};
