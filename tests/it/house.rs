//! The house: which room may know which, checked by reading the source.
//!
//! A compiler lets any module use any other. What keeps the rooms apart is this test: it reads every file of `src`, and
//! for each broken rule says what, where, on which floor and what to do. The rules are data where they can be; a
//! made-up file for each of them, at the end, shows that breaking it is noticed.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rooms and their floors. A room uses lower floors only, and never a sibling.
const FLOORS: [(&str, u8); 13] = [
    ("files", 0),
    ("model", 0),
    ("books", 1),
    ("config", 1),
    ("connector", 1),
    ("mapping", 1),
    ("safe", 1),
    ("store", 1),
    ("engine", 2),
    ("app", 3),
    ("run", 4),
    ("server", 5),
    ("cli", 6),
];

/// The room that stands apart: it is reached over HTTP, and only the command line starts it.
const APART: &str = "sandbox";

/// The only files that may send a write to a service.
const WRITERS: [&str; 4] = [
    "engine/apply.rs",
    "engine/deliver.rs",
    "engine/mend.rs",
    "engine/resume.rs",
];

/// The only file that may make a ticket.
const JOURNAL: &str = "store/journal.rs";
/// And the one that may make one for the shop.
const SHOP_JOURNAL: &str = "store/shop_journal.rs";

/// The files that read, plan and show. They are handed the reading halves of the state's ports.
const PLANNERS: [&str; 35] = [
    "engine/compared.rs",
    "engine/copy/compare.rs",
    "engine/copy/ids.rs",
    "engine/copy/looker.rs",
    "engine/copy/recall.rs",
    "engine/copy/rows.rs",
    "engine/dressed.rs",
    "engine/gather.rs",
    "engine/goods.rs",
    "engine/grounds.rs",
    "engine/identity.rs",
    "engine/likenesses.rs",
    "engine/mapped.rs",
    "engine/naming.rs",
    "engine/ours.rs",
    "engine/paid.rs",
    "engine/parked.rs",
    "engine/people.rs",
    "engine/plan.rs",
    "engine/planner.rs",
    "engine/refused.rs",
    "engine/renamed.rs",
    "engine/settled.rs",
    "engine/so_far.rs",
    "engine/standing.rs",
    "engine/survey.rs",
    "engine/undo/effects.rs",
    "engine/undo/guards.rs",
    "engine/undo/inverse.rs",
    "engine/undo/order.rs",
    "engine/wished.rs",
    "run/aim.rs",
    "run/saved.rs",
    "run/scope.rs",
    "run/show.rs",
];

/// What no planner may name, besides the writing half of any port.
const PENS: [&str; 7] = [
    "ApplyContext",
    "CopySending",
    "Journal",
    "Recording",
    "Sending",
    "ShopJournal",
    "ShopwardContext",
];

const LONGEST_FILE: usize = 700;

/// A word that only some rooms may use.
struct Reserved {
    words: &'static [&'static str],
    /// The word is a macro, and is meant only with its `!`.
    is_macro: bool,
    rooms: Rooms,
    /// Tests may do it too.
    tests_may: bool,
    why: &'static str,
    instead: &'static str,
}

enum Rooms {
    Only(&'static [&'static str]),
    Not(&'static [&'static str]),
}

const RESERVED: [Reserved; 7] = [
    Reserved {
        words: &["println", "eprintln", "print", "eprint"],
        is_macro: true,
        rooms: Rooms::Only(&["cli"]),
        tests_may: true,
        why: "only `cli` prints",
        instead: "return a value and let `cli` show it, or tell an `Event`",
    },
    Reserved {
        words: &["stdout", "stderr", "stdin"],
        is_macro: false,
        rooms: Rooms::Only(&["cli"]),
        tests_may: true,
        why: "only `cli` has the streams",
        instead: "return a value and let `cli` show it, or tell an `Event`",
    },
    Reserved {
        words: &["todo", "unimplemented", "dbg"],
        is_macro: true,
        rooms: Rooms::Only(&[]),
        tests_may: false,
        why: "nothing half done is checked in",
        instead: "finish it, or leave it out",
    },
    Reserved {
        words: &["rusqlite", "rusqlite_migration"],
        is_macro: false,
        rooms: Rooms::Only(&["store"]),
        tests_may: false,
        why: "only `store` has SQL",
        instead: "give `store` a function for what is wanted",
    },
    Reserved {
        words: &["reqwest"],
        is_macro: false,
        rooms: Rooms::Only(&["connector"]),
        tests_may: true,
        why: "only `connector` calls out",
        instead: "ask for it through a port of `connector/port`",
    },
    Reserved {
        words: &["f32", "f64"],
        is_macro: false,
        rooms: Rooms::Not(&["model", "books", "engine", "store"]),
        tests_may: false,
        why: "money and its kin are exact",
        instead: "use `Money` or `Decimal`",
    },
    Reserved {
        words: &["SystemTime", "Instant", "getrandom", "tokio"],
        is_macro: false,
        rooms: Rooms::Not(&["model", "books"]),
        tests_may: false,
        why: "`model` and `books` are pure: clock and chance are arguments there",
        instead: "take what is needed as an argument",
    },
];

/// Paths of the standard library that a pure room has no use for.
const IMPURE: [[&str; 2]; 4] = [
    ["std", "fs"],
    ["std", "net"],
    ["std", "env"],
    ["std", "process"],
];
const PURE_ROOMS: [&str; 2] = ["model", "books"];

/// How statements of the state file begin. The query language of the books has a `select` too, and none of these.
const SQL: [&str; 6] = [
    "INSERT INTO ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "DROP TABLE ",
];

/// The name of a service as it is typed. It stands in the table of services, and where the files of mappings are named after it; a word
/// that an order may hold is none.
const SERVICES: [&str; 3] = ["quickbooks", "woocommerce", "supabase"];
const NAMERS: [&str; 4] = [
    "model/service.rs",
    "mapping/schema.rs",
    "mapping/shipped.rs",
    "books/propose/money.rs",
];

/// What a ledger calls its things, whole texts, and what its JSON is made of, parts of texts.
const LEDGER_NAMES: [&str; 8] = [
    "SalesReceipt",
    "Invoice",
    "Payment",
    "RefundReceipt",
    "CreditMemo",
    "Purchase",
    "Customer",
    "Item",
];
const LEDGER_JSON: [&str; 8] = [
    "TxnId",
    "TxnDate",
    "SyncToken",
    "DocNumber",
    "PrivateNote",
    "DisplayName",
    "Ref\\\"",
    "\\\"value",
];

#[test]
fn every_room_keeps_to_its_floor() {
    let mut broken = Vec::new();
    let files = sources();
    assert!(files.len() > 100, "only {} files were found", files.len());
    for (path, text) in &files {
        broken.extend(inspect(path, text));
    }
    let told: Vec<String> = broken.iter().map(Broken::to_string).collect();
    assert!(
        broken.is_empty(),
        "the house is not in order ({} places)\n\n{}\n",
        broken.len(),
        told.join("\n\n")
    );
}

/// `src/lib.rs` is the map; a room that is not on it would not be found.
#[test]
fn the_files_that_may_only_read_are_there() {
    for path in PLANNERS {
        assert!(source_folder().join(path).is_file(), "{path}");
    }
}

/// A question that nobody asks is found here, because a trait is public whether or not anybody uses it.
#[test]
fn every_question_to_the_state_is_asked_by_somebody() {
    let sources = sources();
    let (ports, others): (Vec<_>, Vec<_>) = sources
        .iter()
        .partition(|(path, _)| path.starts_with("store/ports/"));
    let mut asked = std::collections::BTreeSet::new();
    for (path, text) in others {
        let tokens = tokens(text);
        let tests = test_lines(&tokens);
        for (at, token) in tokens.iter().enumerate() {
            let in_tests = Place::of(path).is_test || tests.iter().any(|range| range.contains(&at));
            if let Kind::Word(word) = &token.kind
                && at > 0
                && is_mark(&tokens, at - 1, '.')
                && is_mark(&tokens, at + 1, '(')
                && !in_tests
            {
                asked.insert(word.clone());
            }
        }
    }
    let mut found = 0;
    for (path, text) in ports {
        let tokens = tokens(text);
        for (at, token) in tokens.iter().enumerate() {
            if let Kind::Word(word) = &token.kind
                && at > 0
                && is_word(&tokens, at - 1, "fn")
            {
                found += 1;
                assert!(asked.contains(word), "nobody asks `{word}` of src/{path}");
            }
        }
    }
    assert!(found > 80, "{found}");
}

/// A public function that nobody calls is found here: the compiler takes it for somebody else's.
#[test]
fn every_public_function_is_called_by_somebody() {
    let sources = sources();
    let tests = below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"));
    assert_eq!(uncalled(&sources, &tests), [""; 0]);
    let public = sources
        .iter()
        .filter(|(path, _)| !Place::of(path).is_test)
        .map(|(_, text)| public_functions(&tokens(text)).len());
    assert!(public.sum::<usize>() > 1_500, "they were not read");
}

/// The public functions whose names stand nowhere else in the program, and not in the tests that use it from outside.
fn uncalled(sources: &[(String, String)], outside: &[(String, String)]) -> Vec<String> {
    let mut called = std::collections::BTreeSet::new();
    let mut public = Vec::new();
    for (path, text) in sources {
        if Place::of(path).is_test {
            continue;
        }
        let tokens = tokens(text);
        let functions = public_functions(&tokens);
        public.extend(functions.into_iter().map(|(name, line)| (path, name, line)));
        called.extend(called_in(&tokens, &test_lines(&tokens)));
    }
    for (_, text) in outside {
        called.extend(called_in(&tokens(text), &[]));
    }
    public
        .into_iter()
        .filter(|(_, name, _)| !called.contains(name))
        .map(|(path, name, line)| format!("src/{path}:{line}: nobody calls `{name}`: delete it"))
        .collect()
}

/// With their lines. What is there for tests alone is none.
fn public_functions(tokens: &[Token]) -> Vec<(String, usize)> {
    let tests = test_lines(tokens);
    let mut functions = Vec::new();
    for at in 1..tokens.len() {
        let Kind::Word(name) = &tokens[at].kind else {
            continue;
        };
        if !is_word(tokens, at - 1, "fn") || tests.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let is_between = |at: &usize| {
            ["async", "const", "unsafe"]
                .iter()
                .any(|word| is_word(tokens, *at, word))
        };
        let begins = (0..at - 1).rev().find(|before| !is_between(before));
        let is_public = |begins: usize| is_word(tokens, begins, "pub");
        let for_tests = |begins: usize| {
            begins >= 3 && is_word(tokens, begins - 3, "test") && is_mark(tokens, begins - 1, ']')
        };
        if begins.is_some_and(|begins| is_public(begins) && !for_tests(begins)) {
            functions.push((name.clone(), tokens[at].line));
        }
    }
    functions
}

/// Every word but where a function gets its name, where it is only handed on (`pub use`), and in tests. What an attribute of a field
/// names stands in a text.
fn called_in(tokens: &[Token], tests: &[std::ops::Range<usize>]) -> Vec<String> {
    const NAMING: [&str; 5] = [
        "default",
        "deserialize_with",
        "serialize_with",
        "skip_serializing_if",
        "with",
    ];
    let mut words = Vec::new();
    let mut handed_on = false;
    for (at, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Mark(';') => handed_on = false,
            Kind::Word(word) if word == "use" && at > 0 => {
                handed_on = is_word(tokens, at - 1, "pub");
            }
            _ if handed_on || tests.iter().any(|range| range.contains(&at)) => {}
            Kind::Word(word) if at == 0 || !is_word(tokens, at - 1, "fn") => {
                words.push(word.clone());
            }
            Kind::Text(text)
                if at > 1
                    && is_mark(tokens, at - 1, '=')
                    && NAMING.iter().any(|name| is_word(tokens, at - 2, name)) =>
            {
                words.extend(text.split("::").map(str::to_owned));
            }
            _ => {}
        }
    }
    words
}

#[test]
fn the_map_names_every_room() {
    let map = read(&source_folder().join("lib.rs"));
    let rooms: Vec<&str> = map
        .lines()
        .filter_map(|line| {
            line.strip_prefix("pub mod ")
                .or_else(|| line.strip_prefix("pub use udsync_sandbox as "))
                .or_else(|| line.strip_prefix("pub use udsync_core::{"))?
                .strip_suffix(';')
        })
        .flat_map(|line| line.trim_end_matches('}').split(", "))
        .collect();
    let known: Vec<&str> = FLOORS
        .iter()
        .map(|(room, _)| *room)
        .chain([APART])
        .collect();
    for room in &rooms {
        assert!(
            known.contains(room),
            "`{room}` has no floor: give it one in `FLOORS` of tests/it/house.rs"
        );
        let row = format!("`{room}");
        assert!(
            map.lines()
                .any(|line| line.starts_with("//! |") && line.contains(&row)),
            "the table of rooms in src/lib.rs has no row for `{room}`"
        );
    }
    assert_eq!(
        rooms.len(),
        known.len(),
        "rooms {rooms:?}, floors {known:?}"
    );
}

/// What is in our environment is nobody else's: one file starts other programs, and it gives them a clean one.
#[test]
fn other_programs_are_started_at_one_place() {
    const CHILD: &str = "cli/child.rs";
    let mut elsewhere = Vec::new();
    for (path, text) in sources() {
        let place = Place::of(&path);
        let tokens = tokens(&text);
        let tests = test_lines(&tokens);
        for at in 0..tokens.len() {
            if path == CHILD || place.is_test || tests.iter().any(|range| range.contains(&at)) {
                continue;
            }
            let starts = is_path(&tokens, at, &["process", "Command"])
                || is_word(&tokens, at, "Command") && names_in_process(&tokens, at)
                || ["execve", "posix_spawn", "CommandExt", "webbrowser"]
                    .iter()
                    .any(|word| is_word(&tokens, at, word));
            if starts {
                elsewhere.push(format!("src/{path}:{}", tokens[at].line));
            }
        }
    }
    assert!(
        elsewhere.is_empty(),
        "only `{CHILD}` starts programs, use its `command`: {elsewhere:?}"
    );
    assert!(
        read(&source_folder().join(CHILD)).contains("env_clear()"),
        "children get a clean environment"
    );
}

/// `use std::process::{Command, Stdio}`
fn names_in_process(tokens: &[Token], at: usize) -> bool {
    let open = (0..at)
        .rev()
        .take(12)
        .find(|before| is_mark(tokens, *before, '{'));
    open.is_some_and(|open| open >= 3 && is_word(tokens, open - 3, "process"))
}

/// Exact figures must come out of JSON as they were written. Both features would be switched on for everyone by any one
/// dependency: the first changes how every number is read, the second the order of keys, and so the bytes of plans.
#[test]
fn json_is_read_plainly() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--offline", "-e", "features", "-i", "serde_json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo is needed to look at the features of dependencies");
    let text = String::from_utf8_lossy(&tree.stdout);
    assert!(
        tree.status.success() && text.starts_with("serde_json v"),
        "`cargo tree` did not answer: {}",
        String::from_utf8_lossy(&tree.stderr)
    );
    for feature in ["arbitrary_precision", "preserve_order"] {
        assert!(
            !text.contains(&format!("serde_json feature \"{feature}\"")),
            "a dependency switches `{feature}` of serde_json on; see which with `cargo tree -e features -i serde_json`:\n{text}"
        );
    }
}

/// A rule that is broken at one place.
#[derive(Debug)]
struct Broken {
    file: String,
    line: usize,
    what: String,
    why: String,
    instead: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "src/{}:{}: {}\n    why: {}\n    do:  {}",
            self.file, self.line, self.what, self.why, self.instead
        )
    }
}

/// Everything wrong with one file. The path is below `src`, with `/`.
fn inspect(path: &str, text: &str) -> Vec<Broken> {
    let place = Place::of(path);
    let mut broken = Vec::new();
    let mut say = |line: usize, what: String, why: &str, instead: &str| {
        broken.push(Broken {
            file: path.to_owned(),
            line,
            what,
            why: why.to_owned(),
            instead: instead.to_owned(),
        });
    };
    if !text.starts_with("//!") {
        say(
            1,
            "does not open with `//!`".to_owned(),
            "a reader must learn in one sentence what a file is for",
            "open it with one sentence of what, then why it exists and what it does not do",
        );
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        say(
            LONGEST_FILE,
            format!("has {lines} lines"),
            "a file holds one noun or verb, and fits in a head",
            "find the second noun in it and give it a file",
        );
    }
    let tokens = tokens(text);
    let tests = test_lines(&tokens);
    for (at, token) in tokens.iter().enumerate() {
        let line = token.line;
        let in_tests = place.is_test || tests.iter().any(|range| range.contains(&at));
        if let Some(room) = place.room {
            for used in rooms_used(&tokens, at, &place) {
                if let Some((why, instead)) = forbidden(room, &used, in_tests) {
                    let floor = floor_name(room);
                    say(
                        line,
                        format!("`{room}` ({floor}) uses `crate::{used}`"),
                        &why,
                        instead,
                    );
                }
            }
            if let Some(other) = other_service(&tokens, at, path) {
                say(
                    line,
                    format!("one service uses another, `crate::connector::{other}`"),
                    "no service knows another",
                    "put what both need in `connector/http.rs` or `connector/port`",
                );
            }
            if PURE_ROOMS.contains(&room)
                && !in_tests
                && let Some(path) = IMPURE.iter().find(|path| is_path(&tokens, at, *path))
            {
                say(
                    line,
                    format!("`{room}` uses `{}`", path.join("::")),
                    "`model` and `books` are pure: they touch nothing outside",
                    "take what is needed as an argument",
                );
            }
        }
        if let Kind::Word(word) = &token.kind {
            if word == "udsync_sandbox" && path != "lib.rs" {
                say(
                    line,
                    "names the crate of the stand-ins".to_owned(),
                    "the sandbox goes by one name, so that who starts it can be told",
                    "use `crate::sandbox`, if this room may",
                );
            }
            for rule in &RESERVED {
                if rule.words.contains(&word.as_str())
                    && (!rule.is_macro || is_mark(&tokens, at + 1, '!'))
                    && !(rule.tests_may && in_tests)
                    && !rule.rooms.allow(place.room)
                {
                    let mark = if rule.is_macro { "!" } else { "" };
                    say(line, format!("says `{word}{mark}`"), rule.why, rule.instead);
                }
            }
            if PLANNERS.contains(&path) && !in_tests && is_pen(&tokens, at, word) {
                say(
                    line,
                    format!("names `{word}`"),
                    "whoever plans or shows can write nothing down, so a dry run cannot either",
                    "take the reading half of the port, and let whoever carries the plan out write",
                );
            }
            if word == "write"
                && sends_a_write(&tokens, at, place.room)
                && !WRITERS.contains(&path)
                && !in_tests
            {
                say(
                    line,
                    "calls `.write(…)`".to_owned(),
                    "a service is written to only by apply, mend, deliver and resume, with a ticket of the journal",
                    "make it a step of the plan",
                );
            }
        }
        if let Kind::Text(words) = &token.kind
            && !in_tests
            && let Some(what) = word_of_a_service(path, &place, words)
        {
            say(
                line,
                what,
                "what a service is called and how it speaks is known to its connector and to the table of services",
                "ask for it through a port, or use `Service` or `RemoteKind` of `model`",
            );
        }
        if is_path(&tokens, at, &["Body", "whole"])
            && !in_tests
            && !matches!(place.room, Some("connector" | "sandbox"))
        {
            say(
                line,
                "makes a body".to_owned(),
                "only the ledger's connector knows where in a text references stand, so it alone can tell that none is left",
                "have it made by `resolve` of the port",
            );
        }
        if is_path(&tokens, at, &["Ticket", "recorded"]) && path != JOURNAL && !in_tests {
            say(
                line,
                "makes a ticket".to_owned(),
                "a ticket is the proof that its intent is on disk, so only the journal can make one",
                "give the request to the journal and take the ticket from it",
            );
        }
        if is_path(&tokens, at, &["ShopTicket", "recorded"]) && path != SHOP_JOURNAL && !in_tests {
            say(
                line,
                "makes a ticket for the shop".to_owned(),
                "a ticket is the proof that its intent is on disk, so only the journal can make one",
                "give the step to the journal of the shop and take the ticket from it",
            );
        }
        if let Kind::Text(words) = &token.kind
            && place.room != Some("store")
            && let Some(sql) = SQL.iter().find(|sql| words.trim_start().starts_with(**sql))
        {
            say(
                line,
                format!("holds SQL, `{}…`", sql.trim_end()),
                "only `store` has SQL",
                "give `store` a function for what is wanted",
            );
        }
    }
    broken
}

/// A text that speaks of one service where no service is known.
fn word_of_a_service(path: &str, place: &Place<'_>, words: &str) -> Option<String> {
    let path = path.strip_prefix("core/").unwrap_or(path);
    let is_free = matches!(place.room, Some("sandbox") | None) || NAMERS.contains(&path);
    if !is_free && SERVICES.contains(&words) {
        return Some(format!("names a service, `{words}`"));
    }
    let is_ledgers = LEDGER_NAMES.contains(&words)
        || LEDGER_JSON
            .iter()
            .any(|json| words.contains(json) || words.contains(&json.replace('\\', "")));
    (place.room == Some("engine") && is_ledgers)
        .then(|| format!("speaks as a ledger does, `{words}`"))
}

/// Something by which the state or a database can be written, or `.store()`, which opens the state. `Trouble::Store(…)` is an error
/// about it.
fn is_pen(tokens: &[Token], at: usize, word: &str) -> bool {
    let is_called = is_mark(tokens, at + 1, '(');
    let opens = word == "store" && is_called && at > 0 && is_mark(tokens, at - 1, '.');
    let is_state = word == "Store" && !is_called;
    opens || is_state || word.ends_with("Writer") || PENS.contains(&word)
}

/// `.write(` of something that may be a service. The command line has a `write` of its own.
fn sends_a_write(tokens: &[Token], at: usize, room: Option<&str>) -> bool {
    let is_call = at > 1 && is_mark(tokens, at - 1, '.') && is_mark(tokens, at + 1, '(');
    match room {
        Some("engine" | "app") => is_call,
        Some("cli") => is_call && is_word(tokens, at - 2, "target"),
        _ => false,
    }
}

impl Rooms {
    fn allow(&self, room: Option<&str>) -> bool {
        match self {
            Rooms::Only(rooms) => room.is_some_and(|room| rooms.contains(&room)),
            Rooms::Not(rooms) => room.is_none_or(|room| !rooms.contains(&room)),
        }
    }
}

/// Where a file stands.
struct Place<'a> {
    /// `None` for `lib.rs` and `main.rs`.
    room: Option<&'a str>,
    /// Of its module below the crate: 2 for `engine/apply.rs`.
    depth: usize,
    is_test: bool,
}

impl Place<'_> {
    fn of(path: &str) -> Place<'_> {
        // Inside the pure crate the rooms are where they would be without it.
        let path = path.strip_prefix("core/").unwrap_or(path);
        let parts: Vec<&str> = path.split('/').collect();
        let last = parts.last().copied().unwrap_or_default();
        let own = usize::from(last != "mod.rs" && last != "lib.rs");
        let room = match path {
            "lib.rs" | "main.rs" => None,
            _ => Some(parts[0].trim_end_matches(".rs")),
        };
        Place {
            room,
            depth: parts.len() - 1 + own,
            is_test: parts.contains(&"tests") || last == "tests.rs",
        }
    }
}

fn floor_of(room: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map(|(_, floor)| *floor)
}

fn floor_name(room: &str) -> String {
    match floor_of(room) {
        Some(floor) => format!("floor {floor}"),
        None if room == APART => "apart".to_owned(),
        None => "no floor".to_owned(),
    }
}

/// Why a room may not use another, if it may not.
fn forbidden(room: &str, used: &str, in_tests: bool) -> Option<(String, &'static str)> {
    if room == used {
        return None;
    }
    if used == APART {
        return (room != "cli" && !in_tests).then(|| {
            (
                "the stand-ins are reached over HTTP, and only `cli` and tests start them"
                    .to_owned(),
                "configure a URL instead",
            )
        });
    }
    // The stand-ins are a crate of their own, which could not name a type of the rest if it wanted to.
    if room == APART {
        return None;
    }
    let Some(used_floor) = floor_of(used) else {
        return Some((
            format!("`{used}` is no room with a floor"),
            "give it one in `FLOORS` of tests/it/house.rs and a row in src/lib.rs",
        ));
    };
    let Some(floor) = floor_of(room) else {
        return Some((
            format!("`{room}` is no room with a floor"),
            "give it one in `FLOORS` of tests/it/house.rs and a row in src/lib.rs",
        ));
    };
    if used_floor < floor {
        None
    } else if used_floor == floor {
        Some((
            format!("both are on floor {floor}, and siblings never use each other"),
            "move what both need down to `model`, or let the room above join them",
        ))
    } else {
        Some((
            format!("`{used}` is above it, on floor {used_floor}"),
            "hand the thing down as an argument, or move it to a lower room",
        ))
    }
}

/// The rooms named by the path that begins at this token, through `crate::` or through enough `super::`.
fn rooms_used(tokens: &[Token], at: usize, place: &Place<'_>) -> Vec<String> {
    let Kind::Word(word) = &tokens[at].kind else {
        return Vec::new();
    };
    let after = match word.as_str() {
        "crate" | "udsync" => at + 1,
        "super" if at < 2 || !is_word(tokens, at.wrapping_sub(3), "super") => {
            let mut last = at;
            let mut ups = 1;
            while is_path_mark(tokens, last + 1) && is_word(tokens, last + 3, "super") {
                last += 3;
                ups += 1;
            }
            if ups < place.depth + inner_modules(tokens, at) {
                return Vec::new();
            }
            last + 1
        }
        _ => return Vec::new(),
    };
    if !is_path_mark(tokens, after) {
        return Vec::new();
    }
    heads(tokens, after + 2)
}

/// The first words after a `::`: one, or those of a group.
fn heads(tokens: &[Token], at: usize) -> Vec<String> {
    if let Some(Token {
        kind: Kind::Word(word),
        ..
    }) = tokens.get(at)
    {
        return vec![word.clone()];
    }
    if !is_mark(tokens, at, '{') {
        return Vec::new();
    }
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut fresh = true;
    for token in &tokens[at..] {
        match &token.kind {
            Kind::Mark('{') => depth += 1,
            Kind::Mark('}') => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Kind::Mark(',') if depth == 1 => fresh = true,
            Kind::Word(word) if depth == 1 && fresh => {
                heads.push(word.clone());
                fresh = false;
            }
            _ => {}
        }
    }
    heads
}

/// `crate::connector::SERVICE` in the folder of another one.
fn other_service<'a>(tokens: &'a [Token], at: usize, path: &str) -> Option<&'a str> {
    let own = path.strip_prefix("connector/")?.split_once('/')?.0;
    if !is_path(tokens, at, &["crate", "connector"]) || !is_path_mark(tokens, at + 4) {
        return None;
    }
    match &tokens.get(at + 6)?.kind {
        Kind::Word(word)
            if word != own && ["woocommerce", "quickbooks"].contains(&word.as_str()) =>
        {
            Some(word)
        }
        _ => None,
    }
}

/// How many inline modules are open at a token.
fn inner_modules(tokens: &[Token], at: usize) -> usize {
    let mut open: Vec<bool> = Vec::new();
    for index in 0..at {
        match tokens[index].kind {
            Kind::Mark('{') => open.push(index >= 2 && is_word(tokens, index - 2, "mod")),
            Kind::Mark('}') => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().filter(|is_module| *is_module).count()
}

/// The tokens that belong to `#[cfg(test)] mod … { … }`.
fn test_lines(tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    for at in 0..tokens.len() {
        let is_test_module = is_word(tokens, at, "cfg")
            && is_word(tokens, at + 2, "test")
            && is_word(tokens, at + 5, "mod")
            && is_mark(tokens, at + 7, '{');
        if !is_test_module {
            continue;
        }
        let mut depth = 0;
        let end = (at + 7..tokens.len())
            .find(|index| {
                match tokens[*index].kind {
                    Kind::Mark('{') => depth += 1,
                    Kind::Mark('}') => depth -= 1,
                    _ => {}
                }
                depth == 0
            })
            .unwrap_or(tokens.len());
        ranges.push(at..end);
    }
    ranges
}

// Reading Rust just well enough: words and marks, without what stands in comments and texts.

#[derive(Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

#[derive(Debug, PartialEq)]
pub enum Kind {
    Word(String),
    Mark(char),
    Text(String),
}

fn is_word(tokens: &[Token], at: usize, word: &str) -> bool {
    matches!(tokens.get(at), Some(Token { kind: Kind::Word(found), .. }) if found == word)
}

pub fn is_mark(tokens: &[Token], at: usize, mark: char) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| token.kind == Kind::Mark(mark))
}

fn is_path_mark(tokens: &[Token], at: usize) -> bool {
    is_mark(tokens, at, ':') && is_mark(tokens, at + 1, ':')
}

pub fn is_path(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(step, word)| {
        is_word(tokens, at + 3 * step, word)
            && (step == 0 || is_path_mark(tokens, at + 3 * step - 2))
    })
}

pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let begin = at;
        let kind = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => {
                at = find(&chars, at, |rest| rest[0] == '\n');
                None
            }
            '/' if chars.get(at + 1) == Some(&'*') => {
                at = find(&chars, at + 2, |rest| rest.starts_with(&['*', '/'])) + 2;
                None
            }
            '"' => {
                at += 1;
                while at < chars.len() && chars[at] != '"' {
                    at += if chars[at] == '\\' { 2 } else { 1 };
                }
                at += 1;
                Some(Kind::Text(slice(&chars, begin + 1, at - 1)))
            }
            'r' if raw_hashes(&chars, at).is_some() => {
                let hashes = raw_hashes(&chars, at).unwrap_or_default();
                let open = at + hashes + 2;
                let close: Vec<char> = std::iter::once('"')
                    .chain(std::iter::repeat_n('#', hashes))
                    .collect();
                let end = find(&chars, open, |rest| rest.starts_with(&close));
                at = end + close.len();
                Some(Kind::Text(slice(&chars, open, end)))
            }
            // A character, unless it is a lifetime.
            '\'' if chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'') => {
                at += if chars[at + 1] == '\\' { 3 } else { 2 };
                at = find(&chars, at, |rest| rest[0] == '\'') + 1;
                None
            }
            mark if mark.is_alphanumeric() || mark == '_' => {
                at = find(&chars, at, |rest| {
                    !(rest[0].is_alphanumeric() || rest[0] == '_')
                });
                Some(Kind::Word(slice(&chars, begin, at)))
            }
            mark => {
                at += 1;
                (!mark.is_whitespace()).then_some(Kind::Mark(mark))
            }
        };
        at = at.min(chars.len());
        tokens.extend(kind.map(|kind| Token { kind, line }));
        line += chars[begin..at]
            .iter()
            .filter(|mark| **mark == '\n')
            .count();
    }
    tokens
}

fn slice(chars: &[char], begin: usize, end: usize) -> String {
    let end = end.clamp(begin, chars.len().max(begin));
    chars.get(begin..end).unwrap_or_default().iter().collect()
}

fn find(chars: &[char], from: usize, is_it: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len())
        .find(|at| is_it(&chars[*at..]))
        .unwrap_or(chars.len())
}

/// The number of `#` of a raw text that begins here.
fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    if at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') && chars[at - 1] != 'b' {
        return None;
    }
    let hashes = chars[at + 1..]
        .iter()
        .take_while(|mark| **mark == '#')
        .count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file below `src`, by its path there.
pub fn sources() -> Vec<(String, String)> {
    below(&source_folder())
}

fn below(root: &Path) -> Vec<(String, String)> {
    let mut folders = vec![root.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("a folder of sources")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(root).expect("it is below");
                let name = below.to_string_lossy().replace('\\', "/");
                files.push((name, read(&path)));
            }
        }
    }
    files.sort();
    files
}

// The check itself.

/// A file with `//!` and this in it.
fn made_up(path: &str, code: &str) -> Vec<String> {
    inspect(path, &format!("//! Made up.\n\n{code}\n"))
        .iter()
        .map(Broken::to_string)
        .collect()
}

#[test]
fn each_broken_rule_is_noticed_and_explained() {
    for (path, code, expected) in [
        ("books/odd.rs", "use crate::store::Store;", "siblings never"),
        (
            "books/odd.rs",
            "use crate::{model::money::Money, engine::run};",
            "above it, on floor 2",
        ),
        (
            "model/odd.rs",
            "fn a() { crate::books::account(); }",
            "above it, on floor 1",
        ),
        (
            "engine/odd.rs",
            "use super::super::cli::out;",
            "above it, on floor 6",
        ),
        (
            "engine/odd.rs",
            "mod inner { use super::super::super::app::App; }",
            "above it, on floor 3",
        ),
        (
            "engine/odd.rs",
            "use crate::sandbox::demo;",
            "reached over HTTP",
        ),
        ("engine/odd.rs", "use udsync_sandbox::demo;", "by one name"),
        (
            "attic/odd.rs",
            "use crate::model::money::Money;",
            "no room with a floor",
        ),
        (
            "engine/odd.rs",
            "use crate::attic::Trunk;",
            "no room with a floor",
        ),
        (
            "connector/quickbooks/odd.rs",
            "use crate::connector::woocommerce::Keys;",
            "no service knows another",
        ),
        (
            "engine/odd.rs",
            "fn a() { println!(\"x\"); }",
            "only `cli` prints",
        ),
        (
            "store/odd.rs",
            "fn a() { eprint!(\"x\"); }",
            "only `cli` prints",
        ),
        (
            "app/odd.rs",
            "fn a() { std::io::stderr(); }",
            "has the streams",
        ),
        ("cli/odd.rs", "fn a() { todo!() }", "nothing half done"),
        ("sandbox/odd.rs", "fn a() { dbg!(1); }", "nothing half done"),
        (
            "engine/odd.rs",
            "use rusqlite::Connection;",
            "only `store` has SQL",
        ),
        (
            "app/odd.rs",
            "const A: &str = r#\"DELETE FROM links\"#;",
            "only `store` has SQL",
        ),
        (
            "store/odd.rs",
            "use reqwest::Client;",
            "only `connector` calls out",
        ),
        ("books/odd.rs", "fn a(b: f64) {}", "exact"),
        ("store/odd.rs", "fn a(b: f32) {}", "exact"),
        (
            "books/odd.rs",
            "fn a() { std::fs::read(\"x\"); }",
            "touch nothing outside",
        ),
        (
            "model/odd.rs",
            "use std::time::Instant;",
            "clock and chance are arguments",
        ),
        (
            "engine/plan.rs",
            "async fn a() { target.write(&ticket).await; }",
            "with a ticket of the journal",
        ),
        (
            "cli/sync.rs",
            "async fn a() { target.write(&ticket).await; }",
            "with a ticket of the journal",
        ),
        (
            "engine/odd.rs",
            "const TARGET: &str = \"quickbooks\";",
            "known to its connector",
        ),
        (
            "app/odd.rs",
            "const TARGET: &str = \"supabase\";",
            "known to its connector",
        ),
        (
            "engine/odd.rs",
            "fn a(kind: &str) -> bool { kind == \"SalesReceipt\" }",
            "known to its connector",
        ),
        (
            "engine/odd.rs",
            "const MARK: &str = \"\\\"TxnId\\\":\\\"@\";",
            "known to its connector",
        ),
        (
            "engine/odd.rs",
            "const MARK: &str = r#\"Ref\":{\"value\":\"@\"#;",
            "known to its connector",
        ),
        (
            "engine/odd.rs",
            "fn a() { Body::whole(text, Vec::new()); }",
            "tell that none is left",
        ),
        (
            "engine/apply.rs",
            "fn a() { Ticket::recorded(1, request); }",
            "only the journal can make one",
        ),
        (
            "engine/shopward.rs",
            "fn a() { ShopTicket::recorded(1, step); }",
            "only the journal can make one",
        ),
        (
            "engine/survey.rs",
            "use crate::store::Journal;",
            "a dry run cannot either",
        ),
        (
            "run/show.rs",
            "fn a(b: &dyn ProblemsWriter) {}",
            "a dry run cannot either",
        ),
        (
            "engine/plan.rs",
            "use crate::store::{Store, StoreError};",
            "a dry run cannot either",
        ),
        (
            "run/show.rs",
            "fn a() { reading.app.store(); }",
            "a dry run cannot either",
        ),
    ] {
        let told = made_up(path, code);
        assert_eq!(told.len(), 1, "{path} with `{code}`: {told:?}");
        assert!(told[0].contains(expected), "{path} with `{code}`: {told:?}");
        assert!(told[0].starts_with(&format!("src/{path}:3: ")), "{told:?}");
        assert!(told[0].contains("\n    do:  "), "{told:?}");
    }
}

#[test]
fn a_public_function_that_nobody_calls_is_noticed() {
    let file = |path: &str, code: &str| (path.to_owned(), code.to_owned());
    let sources = [
        file(
            "store/odd.rs",
            "pub fn wake() {}\npub(super) fn near() {}\nfn own() {}\npub async fn called() {}\npub const fn empty() -> bool { true }\n\
             pub fn drawn() {}\n#[cfg(test)]\npub fn for_tests() {}\n#[cfg(test)]\nmod tests { pub fn more() { super::wake(); } }",
        ),
        file(
            "store/mod.rs",
            "pub use odd::wake;\nstruct A {\n#[serde(skip_serializing_if = \"odd::empty\")]\na: bool }\nfn b() { called(); \"wake\" }",
        ),
        file("store/tests.rs", "fn c() { wake(); }"),
    ];
    let outside = [file("a.rs", "fn d() { udsync::store::drawn(); }")];
    assert_eq!(
        uncalled(&sources, &outside),
        ["src/store/odd.rs:1: nobody calls `wake`: delete it"]
    );
    assert_eq!(uncalled(&sources, &[]).len(), 2);
}

#[test]
fn a_file_without_a_first_sentence_or_without_an_end_is_noticed() {
    assert!(
        inspect("books/odd.rs", "use std::fmt;\n")[0]
            .what
            .contains("`//!`")
    );
    let long = format!("//! Long.\n{}", "\n".repeat(LONGEST_FILE));
    assert_eq!(inspect("books/odd.rs", &long)[0].what, "has 701 lines");
}

#[test]
fn what_is_allowed_is_not_complained_about() {
    for (path, code) in [
        (
            "books/fine.rs",
            "use crate::model::money::Money; use crate::books::tax; use super::tax;",
        ),
        (
            "books/fine.rs",
            "// crate::cli println!(\"x\")\n/* crate::cli */ const A: &str = \"crate::cli\";",
        ),
        (
            "books/fine.rs",
            "/// See [`crate::cli`].\nfn a<'a>(b: &'a str) -> char { '\"' }",
        ),
        (
            "engine/fine.rs",
            "use crate::store::Store; use crate::connector::port::LedgerWriter; use super::plan;",
        ),
        (
            "engine/fine.rs",
            "const A: &str = \"see `mappings/woocommerce-quickbooks/orders.toml`, or Customer 7 in QuickBooks\";",
        ),
        (
            "engine/fine.rs",
            "#[cfg(test)]\nmod tests { use super::super::plan; use crate::sandbox::demo; fn a() { println!(); } }",
        ),
        (
            "engine/deliver.rs",
            "async fn a() { target.write(&ticket).await; }",
        ),
        (
            "engine/survey.rs",
            "use crate::store::{Memory, StoreError}; fn a() -> Trouble { Trouble::Store(b) }",
        ),
        (
            "cli/fine.rs",
            "use crate::sandbox::demo; fn a() { door.write(); eprintln!(\"x\"); std::fs::write(\"a\", \"b\"); }",
        ),
        (
            "connector/quickbooks/tests/fine.rs",
            "use crate::sandbox::quickbooks;",
        ),
        (
            "connector/quickbooks/fine.rs",
            "use crate::connector::http; const A: &str = \"select * from Item\";",
        ),
        ("sandbox/fine.rs", "use crate::demo; fn a(share: f64) {}"),
        (
            "store/fine.rs",
            "use rusqlite::Connection; const A: &str = \"DELETE FROM links\";",
        ),
        (
            "main.rs",
            "fn main() -> std::process::ExitCode { udsync::cli::main() }",
        ),
    ] {
        assert_eq!(made_up(path, code), [""; 0], "{path} with `{code}`");
    }
}
