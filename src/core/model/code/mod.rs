//! The catalogue of codes: for each word by which machines tell outcomes apart, what kind of outcome it is, what it means and what
//! to do about it.
//!
//! The rows are text, in `catalogue.txt`. The kind decides how a command ends and how a record is kept, so nobody compares words to
//! find that out; where one certain word matters, it has its name in `names.rs`. The tables of the page `udsync-codes` are made of
//! the same rows.

mod names;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fault::Remedy;

pub use self::names::*;

/// Exit codes, as people script against them.
pub mod exit {
    pub const DONE: u8 = 0;
    pub const FAILED: u8 = 1;
    pub const USAGE: u8 = 2;
    pub const PROBLEMS: u8 = 3;
    pub const CREDENTIALS: u8 = 4;
    pub const UNREACHABLE: u8 = 5;
    pub const STALE_PLAN: u8 = 6;
    pub const GUARD: u8 = 7;
    pub const DIFFERENCE: u8 = 8;
    pub const CASES: u8 = 9;
    pub const CHANGES: u8 = 10;
    pub const LOCKED: u8 = 11;
    pub const INTERRUPTED: u8 = 130;
}

/// How a command can end, in words.
pub const EXITS: [(u8, &str); 13] = [
    (exit::DONE, "done; nothing needs a person"),
    (exit::FAILED, "failed"),
    (exit::USAGE, "wrong usage or configuration"),
    (
        exit::PROBLEMS,
        "done, but some records are held or failed: `udsync retry --list`",
    ),
    (
        exit::CREDENTIALS,
        "credentials are missing, refused or expired",
    ),
    (
        exit::UNREACHABLE,
        "a service is busy or out of reach; try later, nothing is lost",
    ),
    (exit::STALE_PLAN, "the saved plan is out of date"),
    (
        exit::GUARD,
        "a guard stopped it: it needs consent, makes too many changes, the shop shrank or moved, or somebody else posts",
    ),
    (
        exit::DIFFERENCE,
        "what was compared does not agree: figures differ (`reconcile` names each), or the history was changed",
    ),
    (exit::CASES, "a case of a mapping failed"),
    (exit::CHANGES, "there are changes (only with `--exit-code`)"),
    (
        exit::LOCKED,
        "another run is working; the message says which and since when",
    ),
    (
        exit::INTERRUPTED,
        "interrupted; what was done is recorded, and the next run goes on",
    ),
];

/// What a code is about. The words in `catalogue.txt` are these in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// A record is left out, and nothing is wrong.
    Skip,
    /// A record is in order, and a person should know something of it.
    Warning,
    /// A rule wants a person, whoever applied it.
    Held,
    /// Somebody changed it in the books.
    Conflict,
    /// A service did not accept a record.
    Failed,
    /// The database did not accept a row; the rest is done.
    Row,
    /// What was asked cannot be done so.
    Usage,
    /// The configuration, or a service, is not set up for it. Waiting does not help.
    Setup,
    /// A person must connect again.
    Credentials,
    /// A service is not there now. Waiting helps.
    Unreachable,
    /// A saved plan is out of date.
    Stale,
    /// A guard stopped it.
    Guard,
    /// Another run is at work.
    Locked,
    /// It went wrong on this machine, or for a reason that is none of the others.
    Here,
    /// Somebody broke it off.
    Interrupted,
}

impl CodeKind {
    const ALL: [(&str, CodeKind); 15] = [
        ("skip", CodeKind::Skip),
        ("warning", CodeKind::Warning),
        ("held", CodeKind::Held),
        ("conflict", CodeKind::Conflict),
        ("failed", CodeKind::Failed),
        ("row", CodeKind::Row),
        ("usage", CodeKind::Usage),
        ("setup", CodeKind::Setup),
        ("credentials", CodeKind::Credentials),
        ("unreachable", CodeKind::Unreachable),
        ("stale", CodeKind::Stale),
        ("guard", CodeKind::Guard),
        ("locked", CodeKind::Locked),
        ("here", CodeKind::Here),
        ("interrupted", CodeKind::Interrupted),
    ];

    /// The word of the catalogue.
    pub fn as_str(self) -> &'static str {
        let found = CodeKind::ALL.iter().find(|(_, kind)| *kind == self);
        found.expect("every kind has its word").0
    }

    /// What kind of outcome it is, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            CodeKind::Skip => "the record is left out, and nothing is wrong",
            CodeKind::Warning => "the record is in order, and a person should know something of it",
            CodeKind::Held => "the record is held until a person has looked",
            CodeKind::Conflict => "somebody changed it in the books, and it is left as it is",
            CodeKind::Failed => "a service did not accept the record",
            CodeKind::Row => "the database did not accept a row; the rest is done",
            CodeKind::Usage => "what was asked cannot be done so",
            CodeKind::Setup => "the configuration, or a service, is not set up for it",
            CodeKind::Credentials => "a person must connect again",
            CodeKind::Unreachable => "a service is not there now; waiting helps",
            CodeKind::Stale => "a saved plan is out of date",
            CodeKind::Guard => "a guard stopped it before anything was written",
            CodeKind::Locked => "another run is at work",
            CodeKind::Here => "it went wrong on this machine",
            CodeKind::Interrupted => "somebody broke it off; the next run goes on",
        }
    }

    fn named(word: &str) -> Option<CodeKind> {
        let found = CodeKind::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, kind)| *kind)
    }

    /// How a command ends that ends with it.
    pub fn exit(self) -> u8 {
        match self {
            CodeKind::Skip
            | CodeKind::Warning
            | CodeKind::Held
            | CodeKind::Conflict
            | CodeKind::Failed => exit::FAILED,
            CodeKind::Here => exit::FAILED,
            CodeKind::Row => exit::PROBLEMS,
            CodeKind::Usage | CodeKind::Setup => exit::USAGE,
            CodeKind::Credentials => exit::CREDENTIALS,
            CodeKind::Unreachable => exit::UNREACHABLE,
            CodeKind::Stale => exit::STALE_PLAN,
            CodeKind::Guard => exit::GUARD,
            CodeKind::Locked => exit::LOCKED,
            CodeKind::Interrupted => exit::INTERRUPTED,
        }
    }

    /// How a command ends by a fault of a service. What helps against it is known then, and says more than the word where that
    /// can mean both: the same refusal may be for good, or one that a service in trouble gave.
    pub fn exit_after(self, remedy: Remedy) -> u8 {
        match remedy {
            Remedy::Reconnect => exit::CREDENTIALS,
            Remedy::Wait(_) | Remedy::Ask => exit::UNREACHABLE,
            Remedy::Amend | Remedy::Reread if self == CodeKind::Row => exit::PROBLEMS,
            Remedy::Amend | Remedy::Reread => exit::FAILED,
            // Of a record, or of credentials, that nobody can judge now.
            Remedy::Stop if self.is_of_record() || self == CodeKind::Credentials => {
                exit::UNREACHABLE
            }
            Remedy::Stop => self.exit(),
        }
    }

    /// It is told of one record, and not of a command.
    pub fn is_of_record(self) -> bool {
        matches!(
            self,
            CodeKind::Skip
                | CodeKind::Warning
                | CodeKind::Held
                | CodeKind::Conflict
                | CodeKind::Failed
                | CodeKind::Row
        )
    }
}

/// What the catalogue says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRow {
    pub code: &'static str,
    pub kind: CodeKind,
    pub meaning: &'static str,
    pub way_out: &'static str,
}

/// Rows that stand below one heading of the page.
#[derive(Debug)]
pub struct CodeSection {
    pub title: &'static str,
    pub rows: Vec<CodeRow>,
}

static SECTIONS: LazyLock<Vec<CodeSection>> =
    LazyLock::new(|| read(include_str!("catalogue.txt")).expect("a test reads the very same text"));

static BY_CODE: LazyLock<HashMap<&'static str, CodeRow>> = LazyLock::new(|| {
    let rows = SECTIONS.iter().flat_map(|section| &section.rows);
    rows.map(|row| (row.code, *row)).collect()
});

/// The whole catalogue in the order of the page.
pub fn sections() -> &'static [CodeSection] {
    &SECTIONS
}

/// What the catalogue says of a code. A state file may have words of a newer udsync.
pub fn row(code: &str) -> Option<&'static CodeRow> {
    BY_CODE.get(code)
}

/// What kind of outcome a code stands for.
pub fn kind(code: &str) -> Option<CodeKind> {
    row(code).map(|row| row.kind)
}

/// Reads the text of the catalogue, or says what is wrong with which line.
fn read(text: &'static str) -> Result<Vec<CodeSection>, String> {
    let mut sections: Vec<CodeSection> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for line in text.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix("## ") {
            let rows = Vec::new();
            sections.push(CodeSection { title, rows });
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [code, word, meaning, way_out] = cells[..] else {
            return Err(format!("`{line}` has not four columns"));
        };
        if [code, meaning, way_out].contains(&"") || line.matches('|').count() != 3 {
            return Err(format!("`{line}` has an empty column, or one too many"));
        }
        let kind = CodeKind::named(word).ok_or_else(|| format!("`{code}`: no kind is `{word}`"))?;
        if !seen.insert(code) {
            return Err(format!("`{code}` stands there twice"));
        }
        let section = sections.last_mut();
        let section = section.ok_or_else(|| format!("`{code}` stands in no section"))?;
        section.rows.push(CodeRow {
            code,
            kind,
            meaning,
            way_out,
        });
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_catalogue_can_be_read() {
        let sections = read(include_str!("catalogue.txt")).expect("it is in order");
        assert!(sections.len() > 8, "{}", sections.len());
        assert!(sections.iter().all(|section| !section.rows.is_empty()));
        let used = |kind: CodeKind| {
            let mut rows = sections.iter().flat_map(|section| &section.rows);
            rows.any(|row| row.kind == kind)
        };
        for (word, kind) in CodeKind::ALL {
            assert!(used(kind), "no code is `{word}`");
        }
    }

    #[test]
    fn a_row_that_says_too_little_is_found() {
        let wrong = [
            "## A\ncode | held | meaning",
            "## A\ncode | held |  | way",
            "## A\ncode | odd | meaning | way",
            "## A\ncode | held | meaning | way\ncode | held | meaning | way",
            "## A\ncode | held | a|b | way",
            "code | held | meaning | way",
        ];
        for text in wrong {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read("# x\n## A\ncode | held | meaning | way").is_ok());
    }

    #[test]
    fn every_name_is_a_code() {
        for code in NAMED {
            assert!(row(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_command_ends_as_the_kind_and_the_remedy_say() {
        let after = |code: &str, remedy| kind(code).expect("it is known").exit_after(remedy);
        let wait = Remedy::Wait(Duration::ZERO);
        assert_eq!(after("store_url_wrong", Remedy::Stop), exit::USAGE);
        assert_eq!(after("store_shrunken", Remedy::Stop), exit::GUARD);
        assert_eq!(after("run_overtaken", Remedy::Stop), exit::LOCKED);
        assert_eq!(after("state_unwritable", Remedy::Stop), exit::FAILED);
        assert_eq!(after("company_busy", Remedy::Stop), exit::UNREACHABLE);
        assert_eq!(after("throttled", wait), exit::UNREACHABLE);
        assert_eq!(after("row_refused", Remedy::Amend), exit::PROBLEMS);
        assert_eq!(after("refused", Remedy::Amend), exit::FAILED);
        // A refusal by a service in trouble may not be one.
        assert_eq!(after("refused", Remedy::Stop), exit::UNREACHABLE);
        // Where the login lacks a right, another one helps; where the schema does, its owner.
        let rights = "database_rights_missing";
        assert_eq!(after(rights, Remedy::Reconnect), exit::CREDENTIALS);
        assert_eq!(after(rights, Remedy::Stop), exit::UNREACHABLE);
    }
}
