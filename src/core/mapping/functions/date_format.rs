//! `date_format`: a time as people write it, in their zone.

use std::fmt::Write as _;

use chrono::format::{Item, StrftimeItems};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::mapping::mistake::quoted;
use crate::mapping::times;
use crate::model::near::did_you_mean;

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, may, must, refusal,
    text_at, written,
};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::value::{Value, made};

pub static DATE_FORMAT: Function = Function {
    name: "date_format",
    sentence: "Writes a time by a format such as `%Y-%m-%d`, as clocks show it in a time zone; in UTC unless one is named.",
    takes: Takes::Time,
    sees_absent: false,
    parameters: &[
        written(must("format", Takes::Text)),
        may("zone", Takes::Text),
    ],
    gives: |_, given| Shape {
        kind: match constant_text(given, 0) {
            Some("%Y-%m-%d" | "%F") => ValueKind::Date,
            _ => ValueKind::Text,
        },
        // A date of zeros, as old shops have them, is absent; whoever needs one says what else.
        maybe: true,
    },
    examples: &[
        example(r#"paid_gmt | date_format("%Y-%m-%d")"#, r#""2026-03-08""#),
        example(
            r#"paid_gmt | date_format("%d %b %Y %H:%M", "America/Vancouver")"#,
            r#""07 Mar 2026 23:30""#,
        ),
        example(
            r#""2026-11-01T09:30:00" | date_format("%F %R %Z", "America/Vancouver")"#,
            r#""2026-11-01 01:30 PST""#,
        ),
        example(r#""0000-00-00T00:00:00" | date_format("%F")"#, "null"),
        refusal(
            r#"paid_gmt | date_format("%F", city)"#,
            "has a time zone that is unknown",
        ),
        refusal(r#""soon" | date_format("%F")"#, "is not a time"),
    ],
    prepare: |given, _| {
        let format = constant_text(given, 0).unwrap_or("");
        if format.len() > 200 || StrftimeItems::new(format).any(|item| item == Item::Error) {
            let message = format!("{} is not a format of dates", quoted(format));
            return Err(WrongArgument::new(0, message).hinted("for example `%Y-%m-%d`"));
        }
        let Some(name) = constant_text(given, 1) else {
            return Ok(ReadyFunction::Nothing);
        };
        name.parse().map(ReadyFunction::Zone).map_err(|_| {
            let mut wrong =
                WrongArgument::new(1, format!("there is no time zone {}", quoted(name)));
            wrong.hint = did_you_mean(name, TZ_VARIANTS.iter().map(|zone| zone.name()));
            wrong
        })
    },
    call: |value, args, ready| {
        let Some(time) = times::time(&value.as_text()?)? else {
            return Ok(Value::Null);
        };
        let format = text_at(args, 0)?;
        let mut text = String::new();
        let written = match ready {
            ReadyFunction::Zone(zone) => {
                write!(text, "{}", time.with_timezone(zone).format(&format))
            }
            _ if args.len() > 1 => {
                let zone: Tz = text_at(args, 1)?.trim().parse().map_err(|_| {
                    ValueProblem::new(Why::NotATime, "has a time zone that is unknown")
                })?;
                write!(text, "{}", time.with_timezone(&zone).format(&format))
            }
            _ => write!(text, "{}", time.format(&format)),
        };
        match written {
            Ok(()) => made(text),
            Err(_) => Err(ValueProblem::new(Why::NotATime, "is not a time")),
        }
    },
};
