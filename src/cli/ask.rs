//! Asking: questions to a person at a terminal, each of which a flag can answer as well.
//!
//! Questions go to standard error. Where nobody can be asked, the command stops and names the flag.

use std::io::{BufRead, IsTerminal};

use console::Term;
use dialoguer::{Confirm, FuzzySelect, Input, Password, Select};
use secrecy::SecretString;

use super::args::Global;
use super::plain;
use super::report::{Failure, exit};

/// Whoever sits at the terminal, if anybody.
pub struct Asker {
    may_ask: bool,
    /// Nobody wants to be asked, whoever is there.
    must_not: bool,
}

/// A question that is not answered yet.
pub struct Question<'a> {
    /// `Address of the shop`
    pub prompt: &'a str,
    /// What answers it on the command line or in the environment: `--url`.
    pub flag: &'a str,
}

/// Lists longer than this are searched by typing.
const SHORT: usize = 8;

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
    pub fn text(&self, question: &Question<'_>, proposed: Option<&str>) -> Result<String, Failure> {
        self.check(question)?;
        let mut input = Input::<String>::new().with_prompt(plain::line(question.prompt));
        if let Some(proposed) = proposed {
            input = input.default(plain::line(proposed).into_owned());
        }
        let given = input.interact_text_on(&Term::stderr()).map_err(ended)?;
        Ok(given.trim().to_owned())
    }

    /// A secret, which is not shown while it is typed.
    pub fn secret(&self, question: &Question<'_>) -> Result<SecretString, Failure> {
        self.check(question)?;
        let given = Password::new()
            .with_prompt(plain::line(question.prompt))
            .interact_on(&Term::stderr())
            .map_err(ended)?;
        Ok(given.trim().to_owned().into())
    }

    pub fn yes(&self, question: &Question<'_>, proposed: bool) -> Result<bool, Failure> {
        self.check(question)?;
        Confirm::new()
            .with_prompt(plain::line(question.prompt))
            .default(proposed)
            .interact_on(&Term::stderr())
            .map_err(ended)
    }

    /// One of several; answers with its place in the list.
    pub fn choose(
        &self,
        question: &Question<'_>,
        among: &[String],
        proposed: usize,
    ) -> Result<usize, Failure> {
        self.check(question)?;
        let term = Term::stderr();
        // Among them are names of the company's accounts.
        let among: Vec<String> = among
            .iter()
            .map(|one| plain::line(one).into_owned())
            .collect();
        let among = among.as_slice();
        if among.len() <= SHORT {
            Select::new()
                .with_prompt(plain::line(question.prompt))
                .items(among)
                .default(proposed)
                .interact_on(&term)
        } else {
            FuzzySelect::new()
                .with_prompt(plain::line(question.prompt))
                .items(among)
                .default(proposed)
                .interact_on(&term)
        }
        .map_err(ended)
    }

    fn check(&self, question: &Question<'_>) -> Result<(), Failure> {
        if self.may_ask {
            return Ok(());
        }
        Err(Failure::new(
            exit::USAGE,
            "answer_needed",
            format!(
                "nobody can be asked for: {}",
                question.prompt.to_lowercase()
            ),
        )
        .hint(format!("answer with {}", question.flag)))
    }
}

fn ended(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    if error.kind() == std::io::ErrorKind::Interrupted {
        // The cursor was hidden for a list.
        let _ = Term::stderr().show_cursor();
        return Failure::new(
            exit::INTERRUPTED,
            "interrupted",
            "interrupted; nothing was stored",
        );
    }
    Failure::new(
        exit::FAILED,
        "no_answer",
        format!("could not read the answer: {error}"),
    )
}

/// Reads `NAME=value` lines from standard input, as an environment file has them, comments and `export` included.
pub fn from_stdin() -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| {
            Failure::new(
                exit::USAGE,
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
                exit::USAGE,
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
