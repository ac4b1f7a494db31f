//! `strip_html`: text without its tags.

use super::{Function, Takes, example, gives_text, nothing};
use crate::mapping::value::made;

pub static STRIP_HTML: Function = Function {
    name: "strip_html",
    sentence: "Takes the tags of HTML out, puts spaces where blocks end, and leaves entities as they are.",
    takes: Takes::Text,
    sees_absent: false,
    parameters: &[],
    gives: gives_text,
    examples: &[
        example(
            r#""<p>Warm <b>toque</b></p><p>Red</p>" | strip_html"#,
            r#""Warm toque Red""#,
        ),
        example(r#""3 < 4" | strip_html"#, r#""3 < 4""#),
        example(r#""a<br>b<script>x()</script>" | strip_html"#, r#""a b""#),
    ],
    prepare: nothing,
    call: |value, _, _| made(stripped(&value.as_text()?)),
};

/// Tags after which a reader sees a gap.
const BLOCKS: [&str; 14] = [
    "p", "div", "br", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4", "table", "hr",
];

fn stripped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let begins =
            rest[1..].starts_with(|next: char| next.is_ascii_alphabetic() || "/!".contains(next));
        let Some(end) = rest.find('>').filter(|_| begins) else {
            plain.push('<');
            rest = &rest[1..];
            continue;
        };
        let name: String = rest[1..end]
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let opens = !rest.starts_with("</");
        rest = &rest[end + 1..];
        if opens && (name == "script" || name == "style") {
            // What stands in these is not for readers.
            let close = format!("</{name}");
            let end = find_small(rest, &close).unwrap_or(rest.len());
            rest = &rest[end..];
        }
        if BLOCKS.contains(&name.as_str()) {
            plain.push(' ');
        }
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds small ASCII letters whatever their case.
fn find_small(text: &str, wanted: &str) -> Option<usize> {
    text.to_ascii_lowercase().find(wanted)
}
