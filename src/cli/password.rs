//! The program that says the passphrase: `--password-command`, for whoever keeps it in a store of passwords.
//!
//! It is started when the passphrase is needed and not before, without a shell between, and nothing of ours is in its environment. It
//! stands on the command line or in the environment and never in a file: whoever can lay a `udsync.toml` into a folder must not be able
//! to have something started by it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::{child, out};
use crate::app::keys::Person;

/// After so long it is said what is waited for: a program that asks somebody itself may do so where nobody looks.
const WORD_AFTER: Duration = Duration::from_secs(5);
/// And so long it may take in all. As long as somebody has to unlock a keyring.
const AT_MOST: Duration = Duration::from_secs(60);

/// A program with its words.
pub struct PasswordCommand {
    words: Vec<String>,
}

impl PasswordCommand {
    /// `{shop}` in it becomes the name of the shop, which cannot break out of a word.
    pub fn new(command: &str, shop: &str) -> PasswordCommand {
        let words = command.split_whitespace();
        PasswordCommand {
            words: words.map(|word| word.replace("{shop}", shop)).collect(),
        }
    }

    /// The first line of what it prints, or why there is none.
    fn ask(&self, word_after: Duration, at_most: Duration) -> Result<String, String> {
        let (program, rest) = self.words.split_first().ok_or("it is empty")?;
        let mut asked = child::with_environment(program)
            .args(rest)
            .stdin(Stdio::inherit())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("could not start `{program}`: {error}"))?;
        // What it starts may keep the pipe open after it was ended, so that nobody waits for the reader.
        let (tell, told) = mpsc::channel();
        let mut pipe = asked.stdout.take().ok_or("it has no output")?;
        std::thread::spawn(move || {
            let mut said = Vec::new();
            let line = BufReader::new(&mut pipe).read_until(b'\n', &mut said);
            let _ = tell.send(line.map(|_| said));
            // Whoever says more is not cut off in it.
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        });
        let said = told.recv_timeout(word_after).or_else(|_| {
            out::say(&format!("waiting for `{program}` to say the passphrase"));
            told.recv_timeout(at_most.saturating_sub(word_after))
        });
        let Ok(said) = said else {
            let _ = asked.kill();
            let _ = asked.wait();
            return Err(format!(
                "`{program}` said nothing for {} seconds",
                at_most.as_secs()
            ));
        };
        let began = Instant::now();
        let status = loop {
            let ended = asked.try_wait();
            match ended.map_err(|error| format!("`{program}` was lost: {error}"))? {
                Some(status) => break status,
                None if began.elapsed() < at_most => std::thread::sleep(Duration::from_millis(10)),
                None => {
                    let _ = asked.kill();
                    let _ = asked.wait();
                    return Err(format!("`{program}` has not ended"));
                }
            }
        };
        if !status.success() {
            return Err(format!("`{program}` ended with {status}"));
        }
        let said = said.map_err(|error| format!("could not read what it prints: {error}"))?;
        let said = String::from_utf8(said).map_err(|_| "it printed no text")?;
        let line = said.lines().next().unwrap_or_default();
        match line.is_empty() {
            true => Err("it printed nothing".to_owned()),
            false => Ok(line.to_owned()),
        }
    }
}

impl Person for PasswordCommand {
    fn passphrase(&self, again: bool) -> Option<SecretString> {
        // It would say the same once more.
        if again {
            return None;
        }
        match self.ask(WORD_AFTER, AT_MOST) {
            Ok(passphrase) => Some(passphrase.into()),
            Err(why) => {
                out::say(&format!(
                    "warning: the command of `--password-command` gave no passphrase: {why}"
                ));
                None
            }
        }
    }

    fn is_program(&self) -> bool {
        true
    }

    fn keyring_waits(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_stays_within_its_word() {
        let command = PasswordCommand::new("pass show udsync/{shop}", "aurora");
        assert_eq!(command.words, ["pass", "show", "udsync/aurora"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_first_line_counts_and_a_failure_is_told() {
        let said = |command: &str| PasswordCommand::new(command, "aurora").ask(WORD_AFTER, AT_MOST);
        assert_eq!(
            said("echo four-{shop}-words"),
            Ok("four-aurora-words".to_owned())
        );
        assert!(said("false").is_err_and(|why| why.contains("false")));
        assert!(said("").is_err());
        assert_eq!(said("true"), Err("it printed nothing".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_says_nothing_is_not_waited_for_for_ever() {
        let begun = std::time::Instant::now();
        let command = PasswordCommand::new("sleep 30", "aurora");
        let said = command.ask(Duration::from_millis(50), Duration::from_secs(1));
        assert_eq!(said, Err("`sleep` said nothing for 1 seconds".to_owned()));
        assert!(begun.elapsed() < Duration::from_secs(20), "{begun:?}");
    }
}
