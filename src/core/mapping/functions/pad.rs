//! `pad`: at least so many characters.

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, count, counted, example,
    gives_text, may, must, text_at, written,
};
use crate::mapping::value::made;

pub static PAD: Function = Function {
    name: "pad",
    sentence: "Puts characters before a text until it has a length; zeros unless another character is named.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[
        written(must("length", Takes::Number)),
        written(may("with", Takes::Text)),
    ],
    gives: gives_text,
    examples: &[
        example("count | pad(5)", r#""00003""#),
        example(r#""MUG" | pad(5, ".")"#, r#""..MUG""#),
        example(r#""MUG" | pad(2)"#, r#""MUG""#),
    ],
    prepare: |given, _| {
        count(given, 0, 1, 1_000)?;
        match constant_text(given, 1) {
            Some(with) if with.chars().count() != 1 => {
                Err(WrongArgument::new(1, "`with` is one character"))
            }
            _ => Ok(ReadyFunction::Nothing),
        }
    },
    call: |value, args, _| {
        let text = value.as_text()?;
        let missing = counted(args, 0)
            .unwrap_or(0)
            .saturating_sub(text.chars().count());
        let with = text_at(args, 1)?.chars().next().unwrap_or('0');
        let mut padded: String = std::iter::repeat_n(with, missing).collect();
        padded.push_str(&text);
        made(padded)
    },
};
