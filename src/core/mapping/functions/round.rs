//! `round`: fewer decimals.

use rust_decimal::RoundingStrategy;

use super::{Function, ReadyFunction, Takes, count, counted, example, must, written};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::value::Value;

pub static ROUND: Function = Function {
    name: "round",
    sentence: "Rounds a number to so many decimals, halves away from zero.",
    takes: Takes::Number,
    sees_absent: false,
    parameters: &[written(must("decimals", Takes::Number))],
    gives: |input, given| Shape {
        kind: match given.first().and_then(|given| given.constant.as_ref()) {
            Some(Value::Number(decimals)) if decimals.is_zero() => ValueKind::Whole,
            _ => ValueKind::Number,
        },
        // A figure of the shop without digits is absent.
        maybe: input.maybe,
    },
    examples: &[
        example("price | round(2)", "2.35"),
        example("2.5 | round(0)", "3"),
        example("-2.5 | round(0)", "-3"),
        example("1 | round(2)", "1"),
    ],
    prepare: |given, _| {
        count(given, 0, 0, 10)?;
        Ok(ReadyFunction::Nothing)
    },
    call: |value, args, _| {
        let decimals = counted(args, 0).unwrap_or(0);
        let number = value.as_number()?;
        Ok(number.map_or(Value::Null, |number| {
            Value::Number(number.round_dp_with_strategy(
                u32::try_from(decimals).unwrap_or(0),
                RoundingStrategy::MidpointAwayFromZero,
            ))
        }))
    },
};
