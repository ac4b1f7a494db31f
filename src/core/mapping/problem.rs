//! Problems: why a value could not be made of a record, in words that show nobody's data.

use std::fmt;

use serde::Serialize;

/// The kinds of trouble that a record can make. A file that passed its check makes only some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// What must be there is not.
    Absent,
    /// A list where one value belongs, or the like.
    WrongKind,
    NotANumber,
    NotWhole,
    NotATime,
    NotADate,
    NotYesOrNo,
    NotAChoice,
    TooLong,
    TooLarge,
    DividedByZero,
    TooMuchWork,
    NotARecord,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueProblem {
    pub why: Why,
    pub words: String,
}

impl ValueProblem {
    pub fn new(why: Why, words: impl Into<String>) -> ValueProblem {
        ValueProblem {
            why,
            words: words.into(),
        }
    }
}

impl fmt::Display for ValueProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}
