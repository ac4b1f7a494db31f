//! Mistakes: what is wrong in a mapping file, where, and what to write instead.
//!
//! While a file is read, a mistake knows the bytes that it is about. A complaint is the same in lines
//! and columns, for people.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// One mistake, at these bytes of the text it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub span: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
}

impl Mistake {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Mistake {
        Mistake {
            span,
            message: message.into(),
            hint: None,
        }
    }

    pub fn hint(mut self, hint: impl Into<Option<String>>) -> Mistake {
        self.hint = hint.into();
        self
    }

    pub fn hinted(self, hint: impl Into<String>) -> Mistake {
        self.hint(Some(hint.into()))
    }

    /// The same mistake in a text that holds this one from `start` on.
    pub fn moved(mut self, start: usize) -> Mistake {
        self.span = self.span.start + start..self.span.end + start;
        self
    }
}

/// A mistake as people and machines read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingMistake {
    pub file: String,
    /// Lines and columns count from one, columns in characters.
    pub line: usize,
    pub column: usize,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl MappingMistake {
    pub fn about_file(file: &str, message: impl Into<String>) -> MappingMistake {
        MappingMistake {
            file: file.to_owned(),
            line: 1,
            column: 1,
            message: message.into(),
            hint: None,
        }
    }
}

impl fmt::Display for MappingMistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MappingMistake {
            file, line, column, ..
        } = self;
        write!(out, "{file}:{line}:{column}: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(out, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Sorts mistakes as they stand in the file, and says them with lines.
pub fn complaints(file: &str, text: &str, mut mistakes: Vec<Mistake>) -> Vec<MappingMistake> {
    mistakes.sort_by(|a, b| {
        (a.span.start, &a.message, &a.hint).cmp(&(b.span.start, &b.message, &b.hint))
    });
    mistakes.dedup();
    let mut list = Vec::new();
    let (mut line, mut start, mut seen) = (1, 0, 0);
    for mistake in mistakes {
        let at = floor(text, mistake.span.start);
        for (offset, _) in text[seen..at].match_indices('\n') {
            line += 1;
            start = seen + offset + 1;
        }
        seen = at;
        list.push(MappingMistake {
            file: file.to_owned(),
            line,
            column: text[start..at].chars().count() + 1,
            message: mistake.message,
            hint: mistake.hint,
        });
    }
    list
}

/// The last border between characters that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A few words of a text, safe to show in backticks.
pub fn quoted(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(60)
        .map(|letter| match letter {
            '`' => '\'',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let text = "a = 1\nü = \"é x\"\n";
        let at = text.find('x').unwrap();
        let found = complaints(
            "f.toml",
            text,
            vec![
                Mistake::new(at..at + 1, "second"),
                Mistake::new(0..1, "first"),
                Mistake::new(9_999..9_999, "beyond the end"),
            ],
        );
        let places: Vec<_> = found.iter().map(|c| (c.line, c.column)).collect();
        assert_eq!(places, [(1, 1), (2, 8), (3, 1)]);
        assert_eq!(found[1].to_string(), "f.toml:2:8: second");
    }
}
