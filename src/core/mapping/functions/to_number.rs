//! `to_number`: text that is a number.

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, may, refusal, text_at,
    written,
};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::value::{Value, decimal};

pub static TO_NUMBER: Function = Function {
    name: "to_number",
    sentence: "Reads a text of digits as a number, with spaces and separators of thousands taken out; a text without letters is absent.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[written(may("decimal_mark", Takes::Text))],
    gives: |_, _| Shape::maybe(ValueKind::Number),
    examples: &[
        example(r#""12.50" | to_number"#, r#""12.50""#),
        example(r#""1,234.50" | to_number"#, r#""1234.50""#),
        example(r#""1.234,5" | to_number(",")"#, "1234.5"),
        example(r#""" | to_number"#, "null"),
        refusal(r#""a dozen" | to_number"#, "is not a number"),
    ],
    prepare: |given, _| match constant_text(given, 0) {
        None | Some("." | ",") => Ok(ReadyFunction::Nothing),
        Some(_) => Err(WrongArgument::new(0, "`decimal_mark` is `.` or `,`")),
    },
    call: |value, args, _| {
        if let Value::Number(_) = value {
            return Ok(value);
        }
        let text = value.as_text()?;
        let (mark, thousands) = match text_at(args, 0)?.as_ref() {
            "," => (',', '.'),
            _ => ('.', ','),
        };
        let digits: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != thousands)
            .map(|letter| if letter == mark { '.' } else { letter })
            .collect();
        if digits.is_empty() {
            return Ok(Value::Null);
        }
        decimal(&digits)
            .map(Value::Number)
            .ok_or_else(|| ValueProblem::new(Why::NotANumber, "is not a number"))
    },
};
