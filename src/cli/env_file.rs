//! A file of variables, one `NAME=value` a line, for whatever starts udsync and has no environment of its own: cron, launchd, a script.
//!
//! It is read as systemd reads an `EnvironmentFile=`, so that one file is good for both, and not by a shell: to a shell a value is a
//! program, and a passphrase of two words a command. The variables are set before anything is read from them, so udsync begins once more
//! with them, in the same process.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use super::child;
use super::report::Failure;
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
    let set = variables(&text)
        .into_iter()
        // Lines that a shell once read may say so.
        .map(|(name, value)| match name.strip_prefix("export ") {
            Some(rest) => (rest.trim_start().to_owned(), value),
            None => (name, value),
        })
        .filter(|(name, _)| is_name(name) && name != VARIABLE);
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
    let mut letters = text.chars().peekable();
    let mut found = Vec::new();
    while letters.peek().is_some() {
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
            found.push((name.to_owned(), value(&mut letters)));
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
        assert!(is_name("A_1") && !is_name("1A") && !is_name("A B") && !is_name(""));
    }
}
