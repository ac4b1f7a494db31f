//! `title`: words with capital letters.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static TITLE: Function = Function {
    name: "title",
    sentence: "Writes each word with a capital letter first and small letters after it.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(r#""ANN LEE" | title"#, r#""Ann Lee""#),
        example(r#""o'brien-smith" | title"#, r#""O'Brien-Smith""#),
        example(r#""élan VITAL" | title"#, r#""Élan Vital""#),
    ],
    prepare: nothing,
    call: |value, _, _| made(titled(&value.as_text()?)),
};

fn titled(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut begins = true;
    for letter in text.chars() {
        if begins {
            titled.extend(letter.to_uppercase());
        } else {
            titled.extend(letter.to_lowercase());
        }
        begins = !letter.is_alphanumeric();
    }
    titled
}
