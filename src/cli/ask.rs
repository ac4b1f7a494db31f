//! Asking: questions to a person at a terminal, each of which a flag can answer as well.
//!
//! Questions go to standard error. Where nobody can be asked, the command stops and names the flag.

use std::io::{BufRead, IsTerminal};

use console::{Key, Term, measure_text_width, truncate_str};
use dialoguer::{FuzzySelect, Input, Password, Select};
use secrecy::SecretString;

use super::args::Global;
use super::plain;
use super::report::{Failure, exit};
use super::table::{paragraph, width_of_screen};

/// Whoever sits at the terminal, if anybody.
pub struct Asker {
    may_ask: bool,
    /// Nobody wants to be asked, whoever is there.
    must_not: bool,
}

/// A question that is not answered yet.
pub struct Prompt<'a> {
    /// `Address of the shop`
    pub prompt: &'a str,
    /// What answers it on the command line or in the environment: `--url`.
    pub flag: &'a str,
}

/// Lists longer than this are searched by typing.
const SHORT: usize = 8;
/// What stands before each choice of a list, and the column that is left free.
const MARK: usize = 3;
/// ` [y/n] `
const YES_NO: usize = 8;

impl Asker {
    pub fn new(global: &Global) -> Asker {
        let at_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Asker {
            may_ask: at_terminal && !global.no_input,
            must_not: global.no_input,
        }
    }

    pub fn may_ask(&self) -> bool {
        self.may_ask
    }

    /// `--no-input` was given: not even somebody at a browser is waited for.
    pub fn must_not_ask(&self) -> bool {
        self.must_not
    }

    /// A line of text, with the answer that Return gives.
    pub fn text(&self, question: &Prompt<'_>, proposed: Option<&str>) -> Result<String, Failure> {
        self.check(question)?;
        let room = proposed.map_or(0, |proposed| measure_text_width(proposed) + 3);
        let mut input = Input::<String>::new().with_prompt(last_line(question.prompt, room));
        if let Some(proposed) = proposed {
            input = input.default(plain::line(proposed).into_owned());
        }
        let given = input.interact_text_on(&Term::stderr()).map_err(ended)?;
        Ok(given.trim().to_owned())
    }

    /// A secret, which is not shown while it is typed.
    pub fn secret(&self, question: &Prompt<'_>) -> Result<SecretString, Failure> {
        self.check(question)?;
        let given = Password::new()
            .with_prompt(last_line(question.prompt, 0))
            .interact_on(&Term::stderr())
            .map_err(ended)?;
        Ok(given.trim().to_owned().into())
    }

    pub fn yes(&self, question: &Prompt<'_>, proposed: bool) -> Result<bool, Failure> {
        self.check(question)?;
        yes(question.prompt, proposed)
            .map_err(|error| ended(error.into()))?
            .ok_or_else(left)
    }

    /// One of several; answers with its place in the list.
    pub fn choose(
        &self,
        question: &Prompt<'_>,
        among: &[String],
        proposed: usize,
    ) -> Result<usize, Failure> {
        self.check(question)?;
        let term = Term::stderr();
        let prompt = last_line(question.prompt, 0);
        // Among them are names of the company's accounts. A row that breaks would be drawn again below itself with every key.
        let most = width_of_screen().map_or(usize::MAX, |width| width.saturating_sub(MARK));
        let among: Vec<String> = among
            .iter()
            .map(|choice| truncate_str(&plain::line(choice), most, "…").into_owned())
            .collect();
        // What was answered is said by us: in one line behind the question it would break inside a word.
        let at = if among.len() <= SHORT {
            Select::new()
                .with_prompt(&prompt)
                .items(&among)
                .default(proposed)
                .report(false)
                .interact_on_opt(&term)
        } else {
            FuzzySelect::new()
                .with_prompt(&prompt)
                .items(&among)
                .default(proposed)
                .report(false)
                .interact_on_opt(&term)
        }
        .map_err(ended)?
        .ok_or_else(left)?;
        let said = format!("{prompt}: {}", among[at]);
        super::out::say(paragraph(&said, 0, 2, width_of_screen()).trim_end());
        Ok(at)
    }

    fn check(&self, question: &Prompt<'_>) -> Result<(), Failure> {
        if self.may_ask {
            return Ok(());
        }
        Err(Failure::new(
            "answer_needed",
            format!(
                "nobody can be asked for: {}",
                question.prompt.to_lowercase()
            ),
        )
        .hint(format!("answer with {}", question.flag)))
    }
}

/// Asks for a yes or a no at the terminal. A whole line is the answer: `y` and `yes` are a yes, nothing at all is what is proposed, and
/// anything else is a no, because what somebody types who has not understood the question must not write to the books. `None`: Escape.
pub fn yes(prompt: &str, proposed: bool) -> std::io::Result<Option<bool>> {
    let term = Term::stderr();
    let choices = if proposed { "[Y/n]" } else { "[y/N]" };
    term.write_str(&format!("{} {choices} ", last_line(prompt, YES_NO)))?;
    term.flush()?;
    let typed = typed_line(&term)?;
    Ok(typed.map(|typed| is_yes(&typed, proposed)))
}

fn is_yes(typed: &str, proposed: bool) -> bool {
    match typed.trim().to_lowercase().as_str() {
        "" => proposed,
        typed => matches!(typed, "y" | "yes"),
    }
}

/// What is typed until Return; `None` with Escape.
fn typed_line(term: &Term) -> std::io::Result<Option<String>> {
    let mut typed = String::new();
    loop {
        match term.read_key()? {
            Key::Enter => {
                term.write_line("")?;
                return Ok(Some(typed));
            }
            Key::Escape => {
                term.write_line("")?;
                return Ok(None);
            }
            Key::Backspace => {
                if let Some(letter) = typed.pop() {
                    term.clear_chars(measure_text_width(letter.encode_utf8(&mut [0; 4])))?;
                }
            }
            Key::Char(letter) if !letter.is_control() => {
                typed.push(letter);
                term.write_str(letter.encode_utf8(&mut [0; 4]))?;
            }
            _ => {}
        }
        term.flush()?;
    }
}

/// Somebody pressed Escape instead of answering.
fn left() -> Failure {
    Failure::new("interrupted", "left without an answer; nothing was changed")
}

/// Says all of a long prompt but its last line, which is left for the question itself: a question that breaks is drawn again below
/// itself with every key. `room` is for what comes behind it.
fn last_line(prompt: &str, room: usize) -> String {
    let prompt = plain::line(prompt);
    let Some(width) = width_of_screen() else {
        return prompt.into_owned();
    };
    let text = paragraph(&prompt, 0, 0, Some(width.saturating_sub(room + 2)));
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.pop().unwrap_or_default().to_owned();
    for line in lines {
        super::out::say(line);
    }
    last
}

fn ended(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    if error.kind() == std::io::ErrorKind::Interrupted {
        // The cursor was hidden for a list.
        let _ = Term::stderr().show_cursor();
        return Failure::new("interrupted", "interrupted; nothing was stored");
    }
    Failure::new("no_answer", format!("could not read the answer: {error}")).ending(exit::FAILED)
}

/// Reads `NAME=value` lines from standard input, as an environment file has them, comments and `export` included.
pub fn from_stdin() -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| {
            Failure::new(
                "stdin_unreadable",
                format!("could not read standard input: {error}"),
            )
        })?;
        let line = line.trim().trim_start_matches('\u{feff}');
        let line = line.strip_prefix("export ").unwrap_or(line);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // What was there instead may be a secret, so it is not quoted.
        let (name, value) = line.split_once('=').ok_or_else(|| {
            Failure::new(
                "stdin_unreadable",
                "a line on standard input is not `NAME=value`",
            )
            .hint("write the lines as in an environment file: `UDSYNC_WOOCOMMERCE_KEY=ck_…`")
        })?;
        let value = value.trim();
        let quoted = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
        let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
        found.push((name.trim().to_owned(), value.to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes_and_nothing_is_what_was_proposed() {
        for proposed in [false, true] {
            for typed in ["y", "Y", "yes", "YES", " Yes "] {
                assert!(is_yes(typed, proposed), "{typed}");
            }
            for typed in ["n", "no", "maybe", "why so many", "yy", "yes but", "?"] {
                assert!(!is_yes(typed, proposed), "{typed}");
            }
            assert_eq!(is_yes("", proposed), proposed);
            assert_eq!(is_yes("  ", proposed), proposed);
        }
    }
}
