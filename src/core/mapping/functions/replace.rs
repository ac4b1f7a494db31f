//! `replace`: other words for words.

use crate::mapping::limits;

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, gives_text, must,
    text_at, written,
};
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::value::made;

pub static REPLACE: Function = Function {
    name: "replace",
    sentence: "Puts one text wherever another stands.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[
        written(must("what", Takes::Text)),
        must("with", Takes::Text),
    ],
    gives: gives_text,
    examples: &[
        example(r#""a-b-c" | replace("-", "/")"#, r#""a/b/c""#),
        example(r#""Camp: Mug" | replace(":", "")"#, r#""Camp Mug""#),
        example(r#"name | replace("Lee", city)"#, r#""Ann Vancouver""#),
    ],
    prepare: |given, _| match constant_text(given, 0) {
        Some("") => Err(WrongArgument::new(0, "`what` is a text with letters in it")),
        _ => Ok(ReadyFunction::Nothing),
    },
    call: |value, args, _| {
        let (text, what, with) = (value.as_text()?, text_at(args, 0)?, text_at(args, 1)?);
        // What comes out is measured before it is made.
        let grown = text
            .matches(what.as_ref())
            .count()
            .saturating_mul(with.len());
        if grown > limits::TEXT {
            return Err(ValueProblem::new(
                Why::TooLarge,
                "becomes too long when replaced",
            ));
        }
        made(text.replace(what.as_ref(), &with))
    },
};
