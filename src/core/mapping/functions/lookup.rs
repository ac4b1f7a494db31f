//! `lookup`: what a table says.

use crate::mapping::mistake::quoted;
use crate::model::near::did_you_mean;

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, gives_found, must,
    written,
};
use crate::mapping::value::Value;

pub static LOOKUP: Function = Function {
    name: "lookup",
    sentence: "Looks the text up in a table of this file; what is not in it is absent, unless the table says otherwise.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[written(must("table", Takes::Text))],
    // Where the table answers everything, the call says so.
    gives: gives_found,
    examples: &[
        example(r#""stripe" | lookup("ways")"#, r#""Card""#),
        example(r#""paypal" | lookup("ways")"#, "null"),
        example(
            r#""paypal" | lookup("ways") | default("Other")"#,
            r#""Other""#,
        ),
    ],
    prepare: |given, tables| {
        let name = constant_text(given, 0).unwrap_or("");
        match tables.get(name) {
            Some(table) => Ok(ReadyFunction::Table(table.clone())),
            None => {
                let mut wrong =
                    WrongArgument::new(0, format!("there is no lookup table {}", quoted(name)));
                wrong.hint = did_you_mean(name, tables.keys().map(String::as_str))
                    .or_else(|| Some(format!("write `[lookup.{name}]` and its `rows`")));
                Err(wrong)
            }
        }
    },
    call: |value, _, ready| {
        let ReadyFunction::Table(table) = ready else {
            return Ok(Value::Null);
        };
        let found = table.find(&value.as_text()?);
        Ok(found.map_or(Value::Null, |found| Value::text(found.to_owned())))
    },
};
