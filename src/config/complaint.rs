//! Complaints: what is wrong in a configuration, where, and what to write instead.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use serde::Serialize;

use super::hide;

/// One mistake in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigMistake {
    pub message: String,
    pub hint: Option<String>,
    /// Bytes of the text.
    pub span: Range<usize>,
}

impl fmt::Display for ConfigMistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for ConfigMistake {}

impl Diagnostic for ConfigMistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.hint.as_ref().map(|hint| Box::new(hint) as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(None, self.span.start, self.span.len());
        Some(Box::new(std::iter::once(label)))
    }
}

/// Every mistake in a file, in the order of the file.
///
/// It keeps the text to print excerpts of it, without what looks like a secret or an address.
#[derive(Debug)]
pub struct Complaints {
    name: String,
    source: NamedSource<String>,
    list: Vec<ConfigMistake>,
}

/// A mistake as a machine reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Located {
    /// Where it is not the configuration itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Lines and columns count from one, columns in characters.
    pub line: usize,
    pub column: usize,
    pub message: String,
    pub hint: Option<String>,
}

impl Complaints {
    pub(super) fn new(name: &str, text: &str, mut list: Vec<ConfigMistake>) -> Complaints {
        for complaint in &mut list {
            let end = complaint.span.end.min(text.len());
            complaint.span = complaint.span.start.min(end)..end;
        }
        list.sort_by_key(|complaint| (complaint.span.start, complaint.span.end));
        Complaints {
            name: name.to_owned(),
            source: NamedSource::new(name, hide::harmless(text)),
            list,
        }
    }

    pub fn list(&self) -> &[ConfigMistake] {
        &self.list
    }

    /// The complaints with their lines and columns, for machine output.
    pub fn located(&self) -> Vec<Located> {
        let text = self.source.inner();
        self.list
            .iter()
            .map(|complaint| {
                let (line, column) = place(text, complaint.span.start);
                Located {
                    file: None,
                    line,
                    column,
                    message: complaint.message.clone(),
                    hint: complaint.hint.clone(),
                }
            })
            .collect()
    }
}

/// The line and column of a byte, counted from one.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = String::from_utf8_lossy(&before[line_start..])
        .chars()
        .count()
        + 1;
    (line, column)
}

impl fmt::Display for Complaints {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.list.len() {
            1 => write!(out, "`{}` has a mistake", self.name),
            many => write!(out, "`{}` has {many} mistakes", self.name),
        }
    }
}

impl std::error::Error for Complaints {}

impl Diagnostic for Complaints {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.list.iter().map(|c| c as &dyn Diagnostic)))
    }
}
