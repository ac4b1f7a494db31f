//! The functions of the language: one file each, and one line in a table.
//!
//! A file holds the signature, a sentence, examples that are run as tests, and the code. The check of
//! a mapping, its run and the reference page all read the same table, so they cannot disagree.
//! A function never fails for a value that is absent: unless it says otherwise, nothing stays nothing.

mod call;
mod page;
mod table;
#[cfg(test)]
mod tests;

mod coalesce;
mod concat;
mod country_name;
mod date_format;
mod decode_entities;
mod default;
mod first;
mod hash;
mod join;
mod last;
mod lookup;
mod lower;
mod map_value;
mod pad;
mod phone;
mod regex_extract;
mod replace;
mod round;
mod slug;
mod split;
mod state_code;
mod strip_html;
mod sum;
mod title;
mod to_bool;
mod to_number;
mod trim;
mod truncate;
mod upper;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use regex::Regex;

use super::kind::{Shape, ValueKind};
use super::lookup::LookupTable;
use super::problem::ValueProblem;
use super::value::Value;

pub use call::{Arg, FunctionCall};
pub use page::{page, section, signature};
pub use regex_extract::compiled;
pub use table::{FUNCTIONS, find};

/// The lookup tables of a file, by name.
pub type LookupTables = BTreeMap<String, Arc<LookupTable>>;

/// One function of the language.
pub struct Function {
    pub name: &'static str,
    /// What it does, in one sentence for people.
    pub sentence: &'static str,
    pub takes: Takes,
    /// Whether it is also asked about what is absent.
    pub sees_absent: bool,
    pub parameters: &'static [Parameter],
    /// What comes out, by what goes in and the constants among the arguments.
    pub gives: fn(&Shape, &[Given]) -> Shape,
    pub examples: &'static [Example],
    /// Makes ready what does not depend on the record, or says what is wrong with the arguments.
    pub prepare: fn(&[Given], &LookupTables) -> Result<ReadyFunction, WrongArgument>,
    pub call:
        for<'r> fn(Value<'r>, &[Value<'r>], &ReadyFunction) -> Result<Value<'r>, ValueProblem>,
}

/// What goes into a function. A list goes into a function of single values item by item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Anything,
    Text,
    Number,
    Time,
    List,
    /// A list of single values.
    Texts,
    /// A list of numbers.
    Figures,
}

pub struct Parameter {
    pub name: &'static str,
    pub takes: Takes,
    pub need: ArgumentNeed,
    /// It must be written out in the file: nobody's data decides it.
    pub constant: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentNeed {
    Must,
    May,
    /// It may be there any number of times.
    Any,
}

/// A flow and what it gives: a JSON text, or the words of a refusal.
pub struct Example {
    pub flow: &'static str,
    pub gives: Result<&'static str, &'static str>,
}

/// An argument as it is known without a record.
#[derive(Clone, Debug)]
pub struct Given {
    pub shape: Shape,
    pub constant: Option<Value<'static>>,
}

/// What a function has made ready before any record.
#[derive(Clone, Debug)]
pub enum ReadyFunction {
    Nothing,
    Pattern(Regex),
    Zone(Tz),
    Table(Arc<LookupTable>),
}

/// What is wrong with an argument, counted from zero.
#[derive(Debug)]
pub struct WrongArgument {
    pub argument: usize,
    pub message: String,
    pub hint: Option<String>,
}

impl WrongArgument {
    fn new(argument: usize, message: impl Into<String>) -> WrongArgument {
        WrongArgument {
            argument,
            message: message.into(),
            hint: None,
        }
    }

    fn hinted(mut self, hint: impl Into<String>) -> WrongArgument {
        self.hint = Some(hint.into());
        self
    }
}

const fn must(name: &'static str, takes: Takes) -> Parameter {
    Parameter {
        name,
        takes,
        need: ArgumentNeed::Must,
        constant: false,
    }
}

const fn may(name: &'static str, takes: Takes) -> Parameter {
    Parameter {
        need: ArgumentNeed::May,
        ..must(name, takes)
    }
}

const fn any(name: &'static str, takes: Takes) -> Parameter {
    Parameter {
        need: ArgumentNeed::Any,
        ..must(name, takes)
    }
}

const fn written(parameter: Parameter) -> Parameter {
    Parameter {
        constant: true,
        ..parameter
    }
}

const fn example(flow: &'static str, gives: &'static str) -> Example {
    Example {
        flow,
        gives: Ok(gives),
    }
}

const fn refusal(flow: &'static str, words: &'static str) -> Example {
    Example {
        flow,
        gives: Err(words),
    }
}

/// For functions that have nothing to prepare.
fn nothing(_: &[Given], _: &LookupTables) -> Result<ReadyFunction, WrongArgument> {
    Ok(ReadyFunction::Nothing)
}

/// Text, absent where the input is.
fn gives_text(input: &Shape, _: &[Given]) -> Shape {
    Shape {
        kind: ValueKind::Text,
        maybe: input.maybe,
    }
}

/// Text that may not be found.
fn gives_found(_: &Shape, _: &[Given]) -> Shape {
    Shape::maybe(ValueKind::Text)
}

/// A constant argument as a count of characters, items or digits.
fn count(given: &[Given], at: usize, least: u32, most: u32) -> Result<(), WrongArgument> {
    let number = match given.get(at) {
        Some(Given {
            constant: Some(Value::Number(number)),
            ..
        }) => *number,
        _ => return Ok(()),
    };
    let fits = number.is_integer() && number >= least.into() && number <= most.into();
    if fits {
        return Ok(());
    }
    Err(WrongArgument::new(
        at,
        format!("`{number}` is not a whole number from {least} to {most}"),
    ))
}

/// An argument that was found to be a count, as one.
fn counted(args: &[Value<'_>], at: usize) -> Option<usize> {
    match args.get(at) {
        Some(Value::Number(number)) => usize::try_from(*number).ok(),
        _ => None,
    }
}

/// An argument as text; one that is absent has no letters.
fn text_at<'r>(args: &[Value<'r>], at: usize) -> Result<Cow<'r, str>, ValueProblem> {
    args.get(at)
        .map_or(Ok(Cow::Borrowed("")), |value| value.as_text())
}

fn constant_text(given: &[Given], at: usize) -> Option<&str> {
    match given.get(at)?.constant.as_ref()? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
