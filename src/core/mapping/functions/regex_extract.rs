//! `regex_extract`: the part that matches a pattern.

use regex::{Regex, RegexBuilder};

use crate::mapping::limits;
use crate::mapping::mistake::quoted;

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, gives_found, must,
    written,
};
use crate::mapping::value::{Value, made};

pub static REGEX_EXTRACT: Function = Function {
    name: "regex_extract",
    sentence: "Gives what the first brackets of a pattern match, or the whole match where it has none; nothing where it does not match.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[written(must("pattern", Takes::Text))],
    gives: gives_found,
    examples: &[
        example(
            r#""Order PO-4711 for Ann" | regex_extract("PO-(\d+)")"#,
            r#""4711""#,
        ),
        example(r#""AB 12" | regex_extract("[A-Z]+")"#, r#""AB""#),
        example(r#""none" | regex_extract("\d")"#, "null"),
    ],
    prepare: |given, _| compiled(constant_text(given, 0).unwrap_or("")).map(ReadyFunction::Pattern),
    call: |value, _, ready| {
        let ReadyFunction::Pattern(pattern) = ready else {
            return Ok(Value::Null);
        };
        let text = value.as_text()?;
        let Some(found) = pattern.captures(&text) else {
            return Ok(Value::Null);
        };
        let part = found.get(1).or_else(|| found.get(0));
        part.map_or(Ok(Value::Null), |part| made(part.as_str().to_owned()))
    },
};

/// A pattern, compiled within limits. Patterns of this kind take time by the length of a text alone.
pub fn compiled(pattern: &str) -> Result<Regex, WrongArgument> {
    if pattern.chars().nth(limits::PATTERN).is_some() {
        let message = format!("a pattern has {} characters at most", limits::PATTERN);
        return Err(WrongArgument::new(0, message));
    }
    RegexBuilder::new(pattern)
        .size_limit(limits::PATTERN_SIZE)
        .dfa_size_limit(limits::PATTERN_SIZE)
        .nest_limit(20)
        .build()
        .map_err(|error| {
            let shown = quoted(pattern);
            match error {
                regex::Error::CompiledTooBig(_) => {
                    WrongArgument::new(0, format!("the pattern {shown} repeats too much"))
                }
                error => {
                    let said = error.to_string();
                    let last = said.lines().last().unwrap_or("");
                    let reason = last.strip_prefix("error: ").unwrap_or(last);
                    WrongArgument::new(0, format!("{shown} is not a pattern: {reason}"))
                }
            }
        })
}
