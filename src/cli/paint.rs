//! Colours of our own, told apart from what a shop or a company may have put into its words.
//!
//! Whoever prints takes every escape sequence out of what is printed, and leaves in those that were made here: they carry a number that
//! nobody else can know.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::LazyLock;

/// Known to this process alone, and another one each time. In groups of four digits: whoever measures how wide a text is takes a longer
/// number for letters, and a table would break its rows for them.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let chance = RandomState::new().build_hasher().finish();
    let group = |nth: u32| chance / 10_u64.pow(4 * nth) % 10_000;
    format!("{:04};{:04};{:04}", group(0), group(1), group(2))
});

/// A word with a colour.
pub struct Painted<T> {
    what: T,
    codes: Vec<u8>,
    for_stderr: bool,
    forced: bool,
}

/// Begins to give a word a colour.
pub fn style<T>(what: T) -> Painted<T> {
    Painted {
        what,
        codes: Vec::new(),
        for_stderr: false,
        forced: false,
    }
}

impl<T> Painted<T> {
    fn with(mut self, code: u8) -> Painted<T> {
        self.codes.push(code);
        self
    }

    pub fn bold(self) -> Painted<T> {
        self.with(1)
    }

    pub fn dim(self) -> Painted<T> {
        self.with(2)
    }

    pub fn red(self) -> Painted<T> {
        self.with(31)
    }

    pub fn green(self) -> Painted<T> {
        self.with(32)
    }

    pub fn yellow(self) -> Painted<T> {
        self.with(33)
    }

    pub fn magenta(self) -> Painted<T> {
        self.with(35)
    }

    pub fn cyan(self) -> Painted<T> {
        self.with(36)
    }

    /// For what is said rather than answered.
    pub fn for_stderr(mut self) -> Painted<T> {
        self.for_stderr = true;
        self
    }

    /// Whatever the screen can show.
    #[cfg(test)]
    pub fn force_styling(mut self) -> Painted<T> {
        self.forced = true;
        self
    }
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coloured = self.forced
            || if self.for_stderr {
                console::colors_enabled_stderr()
            } else {
                console::colors_enabled()
            };
        if !coloured || self.codes.is_empty() {
            return self.what.fmt(out);
        }
        for code in &self.codes {
            write!(out, "\u{1b}[{};{code}m", *MARK)?;
        }
        self.what.fmt(out)?;
        write!(out, "\u{1b}[{};0m", *MARK)
    }
}

/// Marks what a table has added of its own: it ends every colour, in its own way. Only for a table whose cells are clean.
pub fn mark_ends(table: &str) -> String {
    table.replace("\u{1b}[0m", &format!("\u{1b}[{};0m", *MARK))
}

/// The colour that a text begins with, if it is one of ours: as a terminal knows it, and what follows.
pub fn ours(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("\u{1b}[")?.strip_prefix(MARK.as_str())?;
    let (code, rest) = rest.strip_prefix(';')?.split_once('m')?;
    code.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some((code, rest))
}
