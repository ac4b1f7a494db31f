//! `map_value`: a few words for a few others.

use super::{Function, Takes, any, example, must, nothing, written};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::value::Value;

pub static MAP_VALUE: Function = Function {
    name: "map_value",
    sentence: "Gives the second of the pair whose first is the text; a last argument without a partner is given for anything else.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[
        written(must("from", Takes::Text)),
        written(must("to", Takes::Text)),
        written(any("more", Takes::Text)),
    ],
    gives: |input, given| match given.len() % 2 {
        0 => Shape::maybe(ValueKind::Text),
        _ => Shape::always(ValueKind::Text).or_absent(input.maybe),
    },
    examples: &[
        example(
            r#""cod" | map_value("cod", "Cash", "bacs", "Bank")"#,
            r#""Cash""#,
        ),
        example(r#""x" | map_value("cod", "Cash", "Other")"#, r#""Other""#),
        example(r#""x" | map_value("cod", "Cash")"#, "null"),
    ],
    prepare: nothing,
    call: |value, args, _| {
        let text = value.as_text()?;
        for pair in args.chunks(2) {
            match pair {
                [from, to] if from.as_text()? == text => return Ok(to.clone()),
                [otherwise] => return Ok(otherwise.clone()),
                _ => {}
            }
        }
        Ok(Value::Null)
    },
};
