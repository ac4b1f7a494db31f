//! `slug`: letters for an address.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static SLUG: Function = Function {
    name: "slug",
    sentence: "Writes a text in small letters and digits, with single hyphens between them.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(r#""Camp: Mug, 2 L!" | slug"#, r#""camp-mug-2-l""#),
        example(r#"" Café " | slug"#, r#""café""#),
    ],
    prepare: nothing,
    call: |value, _, _| {
        let mut slug = String::new();
        for letter in value.as_text()?.chars().flat_map(char::to_lowercase) {
            if letter.is_alphanumeric() {
                slug.push(letter);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let length = slug.trim_end_matches('-').len();
        slug.truncate(length);
        made(slug)
    },
};
