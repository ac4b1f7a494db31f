//! `to_bool`: yes or no.

use super::{Function, Takes, example, nothing, refusal};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::value::Value;

pub static TO_BOOL: Function = Function {
    name: "to_bool",
    sentence: "Reads `yes`, `true`, `on`, `1` as yes and `no`, `false`, `off`, `0` or no letters as no.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: |input, _| Shape {
        kind: ValueKind::Bool,
        maybe: input.maybe,
    },
    examples: &[
        example(r#""Yes" | to_bool"#, "true"),
        example(r#""" | to_bool"#, "false"),
        refusal("count | to_bool", "is neither yes nor no"),
        example("nothing | to_bool", "null"),
    ],
    prepare: nothing,
    call: |value, _, _| {
        let text = value.as_text()?.trim().to_lowercase();
        match text.as_str() {
            "yes" | "true" | "on" | "1" => Ok(Value::Bool(true)),
            "no" | "false" | "off" | "0" | "" => Ok(Value::Bool(false)),
            _ => Err(ValueProblem::new(Why::NotYesOrNo, "is neither yes nor no")),
        }
    },
};
