//! `default`: something instead of nothing.

use super::{Function, Takes, example, must, nothing};
use crate::mapping::kind::Shape;
use crate::mapping::value::Value;

pub static DEFAULT: Function = Function {
    name: "default",
    sentence: "Gives the argument where the value is absent or has no letters.",
    takes: Takes::Anything,
    sees_absent: true,
    parameters: &[must("instead", Takes::Anything)],
    gives: |input, given| match given.first() {
        Some(instead) => Shape {
            maybe: instead.shape.maybe,
            ..input.joined(&instead.shape)
        },
        None => input.clone(),
    },
    examples: &[
        example(r#"nothing | default("none")"#, r#""none""#),
        example(r#""" | default("none")"#, r#""none""#),
        example(r#"city | default("none")"#, r#""Vancouver""#),
        example("nothing | default(city)", r#""Vancouver""#),
    ],
    prepare: nothing,
    call: |value, args, _| match value.is_empty() {
        true => Ok(args.first().cloned().unwrap_or(Value::Null)),
        false => Ok(value),
    },
};
