//! `upper`: capital letters.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static UPPER: Function = Function {
    name: "upper",
    sentence: "Writes all letters as capitals.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(r#""mug" | upper"#, r#""MUG""#),
        example(r#""straße" | upper"#, r#""STRASSE""#),
        example("nothing | upper", "null"),
    ],
    prepare: nothing,
    call: |value, _, _| made(value.as_text()?.to_uppercase()),
};
