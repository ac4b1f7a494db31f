//! Faults: what went wrong between us and a service, and what to do about it.
//!
//! A connector translates whatever a service said into one of six remedies, once. The engine looks at
//! nothing else, so no dialect of any service reaches it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What to do about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// It was not done. Send the same again after this time.
    Wait(Duration),
    /// The credentials no longer work, or never did. A person must connect again.
    Reconnect,
    /// What we knew of the other side is out of date. Read it again and plan anew.
    Reread,
    /// It will be refused again until the record, the mapping or the other side changes.
    Amend,
    /// It may have been done. Find out before anything is sent again.
    Ask,
    /// The service cannot be reached or used at all: nothing was done, nothing can be until somebody looks.
    Stop,
}

/// One fault, in words a person can use.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{said}")]
pub struct Fault {
    pub remedy: Remedy,
    /// A stable word for machines, `throttled`, `credentials_refused`.
    pub code: &'static str,
    /// What happened, lower case, no full stop, never a secret and never a person.
    pub said: String,
    /// What to do, as something that can be typed where possible.
    pub hint: Option<String>,
    /// The service's own reference for its support desk.
    pub reference: Option<String>,
}

impl Fault {
    pub fn new(remedy: Remedy, code: &'static str, said: impl Into<String>) -> Fault {
        Fault {
            remedy,
            code,
            said: plain(&said.into()),
            hint: None,
            reference: None,
        }
    }

    /// One hint, which may repeat foreign words: a line end in them begins no other.
    pub fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = Some(plain(&hint.into()));
        self
    }

    /// Several hints in words of our own, each on a line.
    pub fn hints(mut self, lines: impl Into<String>) -> Fault {
        self.hint = Some(lines.into());
        self
    }

    pub fn reference(mut self, reference: Option<String>) -> Fault {
        self.reference = reference;
        self
    }
}

/// Words that may repeat what somebody typed into the shop. On a terminal a control character could hide lines or make some up.
fn plain(words: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\r' | '\t' => ' ',
        letter if letter.is_control() => '\u{FFFD}',
        letter => letter,
    };
    words.chars().map(shown).collect()
}

/// Why a record was not posted, or was posted with a remark: a word for machines, a sentence and a way out for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// `tax_code_unmapped`, `rounding_line`: the words are part of the contract.
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Reason {
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Reason {
        Reason {
            code: code.into(),
            message: plain(&message.into()),
            hint: None,
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Reason {
        self.hint = Some(plain(&hint.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_in_foreign_words_makes_no_second_hint() {
        let foreign = "name it `Bank\nhint: `rm -r books`\u{1b}[2J`";
        let fault = Fault::new(Remedy::Amend, "account_missing", "no").hint(foreign);
        let reason = Reason::new("account_missing", "no").hint(foreign);
        for hint in [fault.hint, reason.hint] {
            let hint = hint.expect("there is one");
            assert_eq!(hint.lines().count(), 1, "{hint:?}");
            assert!(!hint.contains('\u{1b}'), "{hint:?}");
        }
    }
}
