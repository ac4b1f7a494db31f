//! Errors as they are read: the command line's own, and the words of all of them.

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::paint::style;
use super::plain;
use crate::config::{Complaints, EditError, LoadError};

pub use crate::run::failure::{Failure, exit};

impl Failure {
    /// A command line that could not be read, as clap says it.
    pub fn from_words(error: &clap::Error) -> Failure {
        let words = super::plain_words(&error.render().to_string());
        let mut lines = words.lines();
        let message = lines.next().unwrap_or_default();
        let message = message.strip_prefix("error: ").unwrap_or(message);
        // What is missing stands below, a line for each.
        let missing: Vec<&str> = words
            .lines()
            .skip(1)
            .take_while(|line| line.starts_with("  ") && !line.trim().starts_with("tip: "))
            .map(str::trim)
            .collect();
        let failure = match message.ends_with(':') && !missing.is_empty() {
            true => Failure::new("usage", format!("{message} {}", missing.join(", "))),
            false => Failure::new("usage", message),
        };
        let tip = lines.find_map(|line| line.trim().strip_prefix("tip: "));
        failure.hint(tip.unwrap_or("`udsync help` shows the commands and their flags"))
    }

    /// For people, on standard error.
    pub fn words(&self) -> String {
        let mut words = match &self.rendered {
            Some(rendered) => rendered.clone(),
            None => format!(
                "{} {}\n{}",
                warn("error:"),
                indented(&self.message),
                self.listed
            ),
        };
        let has_all = self.rendered.is_some() || !self.listed.is_empty();
        if let Some(hint) = self.hint.as_ref().filter(|_| !has_all) {
            for line in hint.lines() {
                words.push_str(&format!("{} {line}\n", advise("hint:")));
            }
        }
        if let Some(reference) = &self.reference {
            words.push_str(&format!("reference: {}\n", plain::line(reference)));
        }
        words
    }

    /// A configuration that could not be found or read.
    pub fn from_load(error: &LoadError) -> Failure {
        match error {
            LoadError::Wrong(complaints) => Failure::from_complaints(complaints),
            other => {
                let failure = Failure::new("config_unreadable", other.to_string());
                match other.hint() {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
        }
    }

    /// A configuration that could not be edited.
    pub fn from_edit(error: &EditError) -> Failure {
        match error {
            EditError::Load(error) => Failure::from_load(error),
            EditError::Wrong(complaints) => Failure::from_complaints(complaints),
            EditError::NotToml { .. } => Failure::new("config_invalid", error.to_string())
                .hint("`udsync config check` shows where"),
            EditError::Changed { .. } => Failure::new("config_changed", error.to_string())
                .hint("look at it, and run the command again"),
            EditError::Unwritten { .. } => Failure::new("config_unwritten", error.to_string())
                .hint(
                    "see that this user may write there, or name another file with `--config FILE`",
                ),
        }
    }

    /// Every mistake of a configuration that is being put together. What is not written yet has no lines to point at.
    pub fn from_draft(complaints: &Complaints, is_new: bool) -> Failure {
        let mut failure = Failure::from_complaints(complaints);
        if is_new {
            let located = std::mem::take(&mut failure.complaints);
            let said: Vec<String> = located.iter().map(|one| one.message.clone()).collect();
            failure.message = said.join("; ");
            let hints: Vec<String> = located.into_iter().filter_map(|one| one.hint).collect();
            failure.hint = Some(hints.join("\n")).filter(|hints| !hints.is_empty());
            failure.rendered = None;
        }
        failure
    }

    /// Every mistake of a configuration at once, with the lines.
    pub fn from_complaints(complaints: &Complaints) -> Failure {
        let mut failure = Failure::new("config_invalid", complaints.to_string());
        let mut rendered = String::new();
        let handler =
            GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
        if handler.render_report(&mut rendered, complaints).is_ok() {
            failure.rendered = Some(rendered);
        }
        failure.complaints = complaints.located();
        failure
    }
}

impl Failure {
    /// In one line, with where it is: a list of shops has no room for the part of a file.
    pub fn in_line(&self) -> String {
        match self.complaints.first() {
            Some(first) => format!("{} in line {}: {}", self.message, first.line, first.message),
            None => self.message.clone(),
        }
    }
}

/// Moves in every line but the first that is not moved in already: none that a service said begins like one of ours.
fn indented(message: &str) -> String {
    let mut lines = message.lines();
    let mut words = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let indent = if line.starts_with(' ') { "" } else { "       " };
        words.push_str(&format!("\n{indent}{line}"));
    }
    words
}

fn warn(word: &str) -> String {
    style(word).for_stderr().red().bold().to_string()
}

fn advise(word: &str) -> String {
    style(word).for_stderr().cyan().to_string()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_mistake_in_a_file_is_told_with_its_line_where_there_is_one_line_only() {
        let wrong = crate::config::parse("[shop]\nname = \"aurora\"\n[quickbooks\n", "s04.toml");
        let said = Failure::from_complaints(&wrong.expect_err("it is wrong")).in_line();
        assert!(
            said.starts_with("`s04.toml` has a mistake in line 3: this is not TOML"),
            "{said}"
        );
        assert_eq!(Failure::new("usage", "a word").in_line(), "a word");
    }

    #[test]
    fn a_configuration_that_could_not_be_edited_says_why() {
        let path = || PathBuf::from("udsync.toml");
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        for (error, code) in [
            (EditError::Changed { path: path() }, "config_changed"),
            (EditError::NotToml { path: path() }, "config_invalid"),
            (
                EditError::Unwritten {
                    path: path(),
                    source: full,
                },
                "config_unwritten",
            ),
        ] {
            let failure = Failure::from_edit(&error);
            assert_eq!(failure.code, code);
            assert!(
                failure.message.contains("udsync.toml"),
                "{}",
                failure.message
            );
        }
    }
}
