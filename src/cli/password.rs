//! The program that says the passphrase: `--password-command`, for whoever keeps it in a store of passwords.
//!
//! It is started when the passphrase is needed and not before, without a shell between, and nothing of ours is in its environment. It
//! stands on the command line or in the environment and never in a file: whoever can lay a `udsync.toml` into a folder must not be able
//! to have something started by it.

use std::process::Stdio;

use secrecy::SecretString;

use super::{child, out};
use crate::app::keys::Person;

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
    fn ask(&self) -> Result<String, String> {
        let (program, rest) = self.words.split_first().ok_or("it is empty")?;
        let asked = child::with_environment(program)
            .args(rest)
            .stdin(Stdio::inherit())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("could not start `{program}`: {error}"))?;
        if !asked.status.success() {
            return Err(format!("`{program}` ended with {}", asked.status));
        }
        let said = String::from_utf8(asked.stdout).map_err(|_| "it printed no text")?;
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
        match self.ask() {
            Ok(passphrase) => Some(passphrase.into()),
            Err(why) => {
                out::say(&format!(
                    "warning: the command of `--password-command` gave no passphrase: {why}"
                ));
                None
            }
        }
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
        let said = |command: &str| PasswordCommand::new(command, "aurora").ask();
        assert_eq!(
            said("echo four-{shop}-words"),
            Ok("four-aurora-words".to_owned())
        );
        assert!(said("false").is_err_and(|why| why.contains("false")));
        assert!(said("").is_err());
        assert_eq!(said("true"), Err("it printed nothing".to_owned()));
    }
}
