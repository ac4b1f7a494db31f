//! `sum`: all figures of a list together.

use rust_decimal::Decimal;

use super::{Function, Takes, example, nothing, refusal};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::value::Value;

pub static SUM: Function = Function {
    name: "sum",
    sentence: "Adds the figures of a list, exactly; what is absent adds nothing, and an empty list is zero.",
    takes: Takes::Figures,
    sees_absent: true,
    parameters: &[],
    gives: |_, _| Shape::always(ValueKind::Number),
    examples: &[
        example("prices | sum", r#""0.30""#),
        example("\"1, 2\" | split(\",\") | to_number | sum", "3"),
        example("\"\" | split(\",\") | to_number | sum", "0"),
        refusal("skus | to_number | sum", "is not a number"),
    ],
    prepare: nothing,
    call: |value, _, _| {
        let items = match value {
            Value::List(items) => items,
            single => vec![single],
        };
        let mut sum = Decimal::ZERO;
        for item in items {
            let number = item.as_number()?.unwrap_or_default();
            sum = sum
                .checked_add(number)
                .ok_or_else(|| ValueProblem::new(Why::TooLarge, "becomes too large a number"))?;
        }
        Ok(Value::Number(sum))
    },
};
