//! Shell: words as they are typed into one.

/// In quotes, whether it needs them or not.
pub fn quoted(text: &str) -> String {
    match text.contains(['"', '$', '`', '\\', '!']) {
        true => in_single_quotes(text),
        false => format!("\"{text}\""),
    }
}

/// In quotes where it needs them.
pub fn word(text: &str) -> String {
    match is_plain(text) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// The same for a line that no person types: in single quotes nothing has a meaning.
pub fn word_of_a_line(text: &str) -> String {
    match is_plain(text) {
        true => text.to_owned(),
        false => in_single_quotes(text),
    }
}

fn in_single_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn is_plain(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@=,".contains(letter);
    !text.is_empty() && text.chars().all(plain)
}
