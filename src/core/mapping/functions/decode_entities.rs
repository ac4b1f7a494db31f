//! `decode_entities`: letters for their HTML names.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static DECODE_ENTITIES: Function = Function {
    name: "decode_entities",
    sentence: "Writes the letters that HTML entities stand for; a name that is not known stays as it is.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(
            r#""Tea &amp; Co &#8211; 5 &lt; 6" | decode_entities"#,
            r#""Tea & Co – 5 < 6""#,
        ),
        example(
            r#""&#x1F3BF; &nope; &" | decode_entities"#,
            r#""🎿 &nope; &""#,
        ),
        example(r#""&amp;lt;" | decode_entities"#, r#""&lt;""#),
    ],
    prepare: nothing,
    call: |value, _, _| made(decoded(&value.as_text()?)),
};

const NAMES: [(&str, char); 24] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("deg", '°'),
    ("times", '×'),
];

fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        // No name is longer than this, and so a text full of `&` costs no more than its length.
        let window = rest
            .char_indices()
            .take(12)
            .find(|(_, letter)| *letter == ';');
        let found = window.and_then(|(end, _)| Some((letter(&rest[1..end])?, end)));
        match found {
            Some((letter, end)) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn letter(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        let found = NAMES.iter().find(|(known, _)| *known == name)?;
        return Some(found.1);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|letter| *letter != '\0')
}
