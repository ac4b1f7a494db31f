//! `split`: one text into a list.

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, must, text_at, written,
};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::value::Value;

pub static SPLIT: Function = Function {
    name: "split",
    sentence: "Makes a list of the parts between a separator, without the spaces around them.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[written(must("between", Takes::Text))],
    gives: |input, _| Shape {
        maybe: input.maybe,
        ..Shape::list_of(Shape::always(ValueKind::Text))
    },
    examples: &[
        example(r#""red, green" | split(",")"#, r#"["red", "green"]"#),
        example(r#""" | split(",")"#, "[]"),
        example(r#""a|b" | split("|") | last"#, r#""b""#),
    ],
    prepare: |given, _| match constant_text(given, 0) {
        Some("") => Err(WrongArgument::new(
            0,
            "`between` is a text with letters in it",
        )),
        _ => Ok(ReadyFunction::Nothing),
    },
    call: |value, args, _| {
        let (text, between) = (value.as_text()?, text_at(args, 0)?);
        if text.trim().is_empty() {
            return Ok(Value::List(Vec::new()));
        }
        let parts = text.split(between.as_ref());
        Ok(Value::List(
            parts
                .map(|part| Value::text(part.trim().to_owned()))
                .collect(),
        ))
    },
};
