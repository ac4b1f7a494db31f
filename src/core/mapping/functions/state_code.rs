//! `state_code`: a state or province by its code.

use super::{Function, Takes, example, gives_text, must, nothing, text_at};
use crate::mapping::value::made;

pub static STATE_CODE: Function = Function {
    name: "state_code",
    sentence: "Gives the code of a state or province of Canada, the United States or Australia for its name; what is not a name stays as it is.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[must("country", Takes::Text)],
    gives: gives_text,
    examples: &[
        example(r#""British Columbia" | state_code("CA")"#, r#""BC""#),
        example(r#""bc" | state_code("CA")"#, r#""BC""#),
        example(r#""Bayern" | state_code("DE")"#, r#""Bayern""#),
        example(r#"city | state_code("CA")"#, r#""Vancouver""#),
    ],
    prepare: nothing,
    call: |value, args, _| {
        let text = value.as_text()?;
        let country = text_at(args, 0)?.trim().to_ascii_uppercase();
        made(code_of(&country, text.trim()).unwrap_or(&text).to_owned())
    },
};

/// States and provinces, one a line: `CA,BC,British Columbia`.
static STATES: &str = include_str!("../data/states.csv");

fn code_of(country: &str, state: &str) -> Option<&'static str> {
    STATES.lines().find_map(|line| {
        let (of, rest) = line.split_once(',')?;
        let (code, name) = rest.split_once(',')?;
        let is_it = name.to_lowercase() == state.to_lowercase() || code.eq_ignore_ascii_case(state);
        (of == country && is_it).then_some(code)
    })
}
