//! Clean names: what the books can hold of a name that somebody typed.

use unicode_normalization::UnicodeNormalization;

use super::LONGEST;

/// A name as QuickBooks takes it: one line, no colon, at most 100 characters.
pub fn clean_name(text: &str) -> String {
    shortened(&cleaned(text), LONGEST)
}

pub(super) fn cleaned(text: &str) -> String {
    text.nfc()
        .collect::<String>()
        .split(|letter: char| letter == ':' || letter.is_control() || letter.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn shortened(name: &str, longest: usize) -> String {
    let cut: String = name.chars().take(longest).collect();
    cut.trim_end().to_owned()
}

/// A cleaned name with an ending that is kept whole.
pub(super) fn with_ending(name: &str, ending: &str) -> String {
    let room = LONGEST.saturating_sub(ending.chars().count());
    format!("{}{ending}", shortened(name, room))
}
