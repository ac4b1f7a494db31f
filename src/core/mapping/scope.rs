//! The scope of a record: what a path can begin with, and how much work is still allowed.

use std::cell::Cell;

use super::limits;
use super::problem::{ValueProblem, Why};
use super::value::Value;
use crate::model::told::Told;

/// What the values of one record are read from.
pub struct ValueScope<'r> {
    pub record: &'r Told<'r>,
    /// The line of the record that a row is about.
    pub item: Option<&'r Told<'r>>,
    pub settings: &'r Told<'r>,
    /// The values of `[names]`, in their order.
    pub names: Vec<Value<'r>>,
    left: Cell<u64>,
}

impl<'r> ValueScope<'r> {
    pub fn new(record: &'r Told<'r>, settings: &'r Told<'r>) -> ValueScope<'r> {
        ValueScope {
            record,
            item: None,
            settings,
            names: Vec::new(),
            left: Cell::new(limits::WORK),
        }
    }

    /// Spends some of the work that one record may take.
    pub fn spend(&self, steps: usize) -> Result<(), ValueProblem> {
        let left = self.left.get().checked_sub(steps as u64);
        self.left.set(left.unwrap_or(0));
        match left {
            Some(_) => Ok(()),
            None => Err(ValueProblem::new(
                Why::TooMuchWork,
                "takes too many steps for one record",
            )),
        }
    }
}
