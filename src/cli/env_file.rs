//! A file of variables, one `NAME=value` a line, for whatever starts udsync and has no environment of its own: cron, launchd, a script.
//!
//! It is read as systemd reads an `EnvironmentFile=`, so that one file is good for both, and not by a shell: to a shell a value is a
//! program, and a passphrase of two words a command. The variables are set before anything is read from them, so udsync begins once more
//! with them, in the same process.

use std::cell::Cell;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use super::report::Failure;
use super::{child, out};
use crate::files;

const VARIABLE: &str = "UDSYNC_ENV_FILE";
const LARGEST: u64 = 1_000_000;

/// Begins again with the variables of the file. Comes back only where that could not be done, or where a process cannot become another.
pub fn enter(file: &Path, words: &[OsString]) -> Result<ExitCode, Failure> {
    let text = files::read_text(file, LARGEST).map_err(|error| {
        Failure::new(
            "file_unreadable",
            format!("could not read `{}`: {error}", file.display()),
        )
        .hint("see that it is there and that this user may read it")
    })?;
    let (set, refused): (Vec<_>, Vec<_>) = lines(&text)
        .into_iter()
        // Lines that a shell once read may say so.
        .map(|line| match line.name.strip_prefix("export ") {
            Some(rest) => VariableLine {
                name: rest.trim_start().to_owned(),
                ..line
            },
            None => line,
        })
        .partition(|line| is_name(&line.name));
    if !refused.is_empty() {
        let numbers: Vec<String> = refused.iter().map(|line| line.at.to_string()).collect();
        out::say(&format!(
            "warning: `{}`: nothing is taken from line {}: what stands before its `=` is no name of a variable",
            file.display(),
            numbers.join(", ")
        ));
    }
    let set = set
        .into_iter()
        .filter(|line| line.name != VARIABLE)
        .map(|line| (line.name, line.value));
    child::again(&without_flag(words), set, VARIABLE).map_err(|error| {
        Failure::new(
            "file_unreadable",
            format!(
                "could not begin with the variables of `{}`: {error}",
                file.display()
            ),
        )
    })
}

/// The words without the flag, which has been followed by then.
fn without_flag(words: &[OsString]) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--") => {
                kept.push(word.clone());
                kept.extend(words.by_ref().cloned());
            }
            Some("--env-file") => {
                words.next();
            }
            Some(word) if word.starts_with("--env-file=") => {}
            _ => kept.push(word.clone()),
        }
    }
    kept
}

pub fn is_name(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// What the lines say, each name as it stands there. A line without `=` says nothing.
pub fn variables(text: &str) -> Vec<(String, String)> {
    let lines = lines(text).into_iter();
    lines.map(|line| (line.name, line.value)).collect()
}

/// A line with `=`, and which one of the file it is.
struct VariableLine {
    at: usize,
    name: String,
    value: String,
}

fn lines(text: &str) -> Vec<VariableLine> {
    // Some editors put a mark before everything else.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let begun = Cell::new(1);
    let counted = |letter: &char| begun.set(begun.get() + usize::from(*letter == '\n'));
    let mut letters = text.chars().inspect(counted).peekable();
    let mut found = Vec::new();
    while letters.peek().is_some() {
        let at = begun.get();
        let mut name = String::new();
        let mut ended = None;
        for letter in letters.by_ref() {
            if letter == '\n' || letter == '=' {
                ended = Some(letter);
                break;
            }
            name.push(letter);
        }
        let name = name.trim();
        if name.starts_with(['#', ';']) {
            if ended == Some('=') {
                let _rest = letters.by_ref().find(|letter| *letter == '\n');
            }
        } else if ended == Some('=') {
            let name = name.to_owned();
            let value = value(&mut letters);
            found.push(VariableLine { at, name, value });
        }
    }
    found
}

/// A value to the end of its line. Blanks around it are none of it; within quotes everything is, and a backslash takes its meaning from
/// the letter behind it, but for single quotes.
fn value(letters: &mut impl Iterator<Item = char>) -> String {
    let mut value = String::new();
    // So much of it is there whatever follows: blanks behind that may be the end of the line.
    let mut certain = 0;
    let mut is_plain = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => break,
            '\'' if !is_plain => {
                value.extend(letters.by_ref().take_while(|letter| *letter != '\''));
                certain = value.len();
            }
            '"' if !is_plain => {
                in_quotes(letters, &mut value);
                certain = value.len();
            }
            '\\' => {
                is_plain = true;
                value.extend(letters.next().filter(|letter| *letter != '\n'));
                certain = value.len();
            }
            blank if blank.is_whitespace() => {
                if is_plain {
                    value.push(blank);
                }
            }
            letter => {
                is_plain = true;
                value.push(letter);
                certain = value.len();
            }
        }
    }
    value.truncate(certain);
    value
}

fn in_quotes(letters: &mut impl Iterator<Item = char>, value: &mut String) {
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return,
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some(taken) if "\"\\`$".contains(taken) => value.push(taken),
                Some(other) => value.extend(['\\', other]),
            },
            letter => value.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_systemd_reads_it() {
        for (line, value) in [
            ("A=correct horse", "correct horse"),
            ("A = pass show udsync/{shop} ", "pass show udsync/{shop}"),
            ("A=$(touch x) `id` $HOME", "$(touch x) `id` $HOME"),
            ("A='  two  '", "  two  "),
            ("A='it\\s'", "it\\s"),
            (r#"A="a \"b\" \c \$d""#, r#"a "b" \c $d"#),
            ("A=a\\ b\\\nc", "a bc"),
            ("A=it's", "it's"),
            ("A='a' \"b\"", "ab"),
            ("A=x=y", "x=y"),
            ("A=", ""),
            ("A=a#b ; c", "a#b ; c"),
        ] {
            let expected = vec![("A".to_owned(), value.to_owned())];
            assert_eq!(variables(line), expected, "{line}");
        }
        let text = "# A=1\n; B=2\n\nno line\n C=3\r\nD=4";
        let expected = [("C", "3"), ("D", "4")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(variables(text), expected);
        assert_eq!(variables("\u{feff}A=1"), [("A".to_owned(), "1".to_owned())]);
        let at = |text: &str| lines(text).iter().map(|line| line.at).collect::<Vec<_>>();
        assert_eq!(at("# A=1\n\nB=\"x\ny\"\n\n\nC D=3\n=4"), [3, 7, 8]);
    }

    #[test]
    fn the_flag_is_followed_once() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in [
            "udsync --env-file a.env sync orders",
            "udsync sync orders --env-file=a.env",
        ] {
            assert_eq!(without_flag(&words(line)), words("udsync sync orders"));
        }
        let after = words("udsync complete-line -- --env-file a.env");
        assert_eq!(without_flag(&after), after);
        assert!(is_name("A_1") && !is_name("1A") && !is_name("A B") && !is_name(""));
    }
}
