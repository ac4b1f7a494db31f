//! `trim`: no spaces around.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static TRIM: Function = Function {
    name: "trim",
    sentence: "Takes spaces and line breaks off both ends.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(r#""  MUG \n" | trim"#, r#""MUG""#),
        example(r#""a b" | trim"#, r#""a b""#),
    ],
    prepare: nothing,
    call: |value, _, _| made(value.as_text()?.trim().to_owned()),
};
