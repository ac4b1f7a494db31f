//! `phone`: a number to call.

use super::{
    Function, ReadyFunction, Takes, WrongArgument, constant_text, example, gives_text, may,
    text_at, written,
};
use crate::mapping::value::made;

pub static PHONE: Function = Function {
    name: "phone",
    sentence: "Keeps the digits of a phone number and a plus before them; given the code of a country, it stands before numbers without one.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[written(may("country_code", Takes::Text))],
    gives: gives_text,
    examples: &[
        example(r#""604-555-0101" | phone"#, r#""6045550101""#),
        example(r#""(604) 555-0101" | phone("1")"#, r#""+16045550101""#),
        example(r#""0044 20 7946 0000" | phone"#, r#""+442079460000""#),
        example(r#""n/a" | phone("1")"#, r#""""#),
    ],
    prepare: |given, _| match constant_text(given, 0) {
        Some(code) if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(WrongArgument::new(0, "`country_code` is digits alone")
                .hinted("for example `\"44\"`"))
        }
        _ => Ok(ReadyFunction::Nothing),
    },
    call: |value, args, _| {
        let text = value.as_text()?;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let code = text_at(args, 0)?;
        if digits.is_empty() {
            return made(digits);
        }
        if text.trim_start().starts_with('+') {
            return made(format!("+{digits}"));
        }
        if let Some(abroad) = digits.strip_prefix("00") {
            return made(format!("+{abroad}"));
        }
        if code.is_empty() {
            return made(digits);
        }
        // Within a country a leading zero, or in North America the code itself, is often typed too.
        let national = match digits.strip_prefix('0') {
            Some(rest) => rest,
            None if code == "1" && digits.len() == 11 => {
                digits.strip_prefix('1').unwrap_or(&digits)
            }
            None => &digits,
        };
        made(format!("+{code}{national}"))
    },
};
