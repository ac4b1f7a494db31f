//! `concat`: texts one after another.

use crate::mapping::limits;

use super::{Function, Takes, any, example, nothing, text_at};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::value::made;

pub static CONCAT: Function = Function {
    name: "concat",
    sentence: "Writes the arguments after the text, one after another; what is absent has no letters.",
    takes: Takes::Text,
    sees_absent: true,
    parameters: &[any("more", Takes::Text)],
    gives: |_, _| Shape::always(ValueKind::Text),
    examples: &[
        example(
            r#"name | concat(" (", city, ")")"#,
            r#""Ann Lee (Vancouver)""#,
        ),
        example(r#"concat(nothing, "x")"#, r#""x""#),
        example(r#"count | concat("/", price)"#, r#""3/2.345""#),
    ],
    prepare: nothing,
    call: |value, args, _| {
        let mut text = value.as_text()?.into_owned();
        for at in 0..args.len() {
            text.push_str(&text_at(args, at)?);
            if text.len() > limits::TEXT {
                break;
            }
        }
        made(text)
    },
};
