//! `lower`: small letters.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static LOWER: Function = Function {
    name: "lower",
    sentence: "Writes all letters small.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(r#""Ann@Example.COM" | lower"#, r#""ann@example.com""#),
        example("skus | lower", r#"["mug", null, "", "toque"]"#),
    ],
    prepare: nothing,
    call: |value, _, _| made(value.as_text()?.to_lowercase()),
};
