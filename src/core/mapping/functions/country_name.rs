//! `country_name`: a country by its code.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static COUNTRY_NAME: Function = Function {
    name: "country_name",
    sentence: "Gives the English name of a country for its code of two letters; what is not a code stays as it is.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(r#""CA" | country_name"#, r#""Canada""#),
        example(r#"" gb " | country_name"#, r#""United Kingdom""#),
        example(r#""Canada" | country_name"#, r#""Canada""#),
    ],
    prepare: nothing,
    call: |value, _, _| {
        let text = value.as_text()?;
        let code = text.trim().to_ascii_uppercase();
        made(name_of(&code).unwrap_or(&text).to_owned())
    },
};

/// ISO 3166-1, one country a line: `CA,Canada`.
static COUNTRIES: &str = include_str!("../data/countries.csv");

fn name_of(code: &str) -> Option<&'static str> {
    if code.len() != 2 {
        return None;
    }
    let mut lines = COUNTRIES.lines();
    lines.find_map(|line| line.strip_prefix(code)?.strip_prefix(','))
}
