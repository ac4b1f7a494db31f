//! `hash`: a fingerprint of a text.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Function, ReadyFunction, Takes, count, counted, example, gives_text, may, written};
use crate::mapping::value::made;

pub static HASH: Function = Function {
    name: "hash",
    sentence: "Gives the SHA-256 of a text in hexadecimal, or the first characters of it.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[written(may("length", Takes::Number))],
    gives: gives_text,
    examples: &[
        example(r#""mug" | hash(8)"#, r#""a19ee257""#),
        example(
            r#""" | hash"#,
            r#""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#,
        ),
    ],
    prepare: |given, _| {
        count(given, 0, 1, 64)?;
        Ok(ReadyFunction::Nothing)
    },
    call: |value, args, _| {
        let mut digits = String::with_capacity(64);
        for byte in Sha256::digest(value.as_text()?.as_bytes()) {
            let _ = write!(digits, "{byte:02x}");
        }
        digits.truncate(counted(args, 0).unwrap_or(64));
        made(digits)
    },
};
