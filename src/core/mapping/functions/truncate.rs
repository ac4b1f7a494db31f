//! `truncate`: not longer than so many characters.

use super::{
    Function, ReadyFunction, Takes, count, counted, example, gives_text, may, must, text_at,
    written,
};
use crate::mapping::value::made;

pub static TRUNCATE: Function = Function {
    name: "truncate",
    sentence: "Cuts a text to a length; what is put at the end of a cut text counts too.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[
        written(must("length", Takes::Number)),
        written(may("ending", Takes::Text)),
    ],
    gives: gives_text,
    examples: &[
        example(r#""Garden gnome" | truncate(6)"#, r#""Garden""#),
        example(r#""Garden gnome" | truncate(8, "…")"#, r#""Garden…""#),
        example(r#""Mug" | truncate(8, "…")"#, r#""Mug""#),
        example(r#""gnome" | truncate(2, "...")"#, r#""gn""#),
    ],
    prepare: |given, _| {
        count(given, 0, 0, 65_000)?;
        Ok(ReadyFunction::Nothing)
    },
    call: |value, args, _| {
        let ending = text_at(args, 1)?;
        made(truncated(
            &value.as_text()?,
            counted(args, 0).unwrap_or(0),
            &ending,
        ))
    },
};

fn truncated(text: &str, most: usize, ending: &str) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let ending = match most.checked_sub(ending.chars().count()) {
        Some(_) => ending,
        None => "",
    };
    let kept: String = text.chars().take(most - ending.chars().count()).collect();
    format!("{}{ending}", kept.trim_end())
}
