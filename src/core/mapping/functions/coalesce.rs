//! `coalesce`: the first that is there.

use super::{Function, Takes, any, example, nothing};
use crate::mapping::value::Value;

pub static COALESCE: Function = Function {
    name: "coalesce",
    sentence: "Gives the first value that is not absent and has letters, of the value and all arguments.",
    takes: Takes::Anything,
    sees_absent: true,
    parameters: &[any("more", Takes::Anything)],
    gives: |input, given| {
        let mut shape = input.clone();
        for more in given {
            let maybe = shape.maybe && more.shape.maybe;
            shape = shape.joined(&more.shape);
            shape.maybe = maybe;
        }
        // A text may have no letters, and then all may be passed over.
        shape
    },
    examples: &[
        example(r#"coalesce(nothing, "", city)"#, r#""Vancouver""#),
        example("name | coalesce(city)", r#""Ann Lee""#),
        example(r#"coalesce(nothing, "")"#, r#""""#),
    ],
    prepare: nothing,
    call: |value, args, _| {
        let mut best = Value::Null;
        for candidate in std::iter::once(&value).chain(args) {
            if !candidate.is_empty() {
                return Ok(candidate.clone());
            }
            if matches!(best, Value::Null) {
                best = candidate.clone();
            }
        }
        Ok(best)
    },
};
