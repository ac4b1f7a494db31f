//! The catalogue of codes against the program: every code that is said stands in it, with its kind and its words, nothing stands in it
//! that nobody says, the page of codes is made of it, some test shows each, and nobody finds out by spelling what the kind says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use udsync::cli::manual::codes::{PAGE, with_tables};
use udsync::model::code::{CodeKind, EXITS, kind, row, sections};

use crate::house::{Kind, Token, is_mark, is_path, sources, tokens};
use crate::manual::{program, read, root};

const CATALOGUE: &str = "src/core/model/code/catalogue.txt";

/// Where codes are made: the path of the call, and which argument the code is.
const MAKERS: [(&[&str], usize); 4] = [
    (&["Reason", "new"], 0),
    (&["Fault", "new"], 1),
    (&["Failure", "new"], 0),
    (&["HttpProblem", "new"], 1),
];

/// Codes that no test shows, each with what it would take. Nothing is added here: whoever adds a code adds a test.
const UNSHOWN: &[&str] = &[
    // A letter that a real PostgreSQL does not take and its stand-in does.
    "characters_replaced",
    // It stands at a step that changes nothing, and no answer lists those.
    "item_shared",
    // A system that gives no random bytes.
    "no_randomness",
    // Somebody at a terminal who says no to a change that `init` proposes.
    "not_wanted",
    // A shop that lists what is in its trash, which none does by itself.
    "product_trashed",
    // A view of somebody else's that holds on to one of ours.
    "schema_views_in_use",
];

#[test]
fn codes_that_are_said_stand_in_the_catalogue() {
    let used = said();
    assert!(used.len() > 250, "only {} codes were found", used.len());
    let missing: Vec<String> = used
        .iter()
        .filter(|(code, _)| row(code).is_none())
        .map(|(code, path)| format!("`{code}` of src/{path}"))
        .collect();
    assert!(
        missing.is_empty(),
        "{CATALOGUE} gives these no kind and no words:\n{}",
        missing.join("\n")
    );
}

#[test]
fn codes_of_the_catalogue_are_said() {
    let used = said();
    let spelled: String = sources()
        .into_iter()
        .filter(|(path, _)| !path.starts_with("sandbox/") && !path.contains("tests"))
        .map(|(_, text)| text)
        .collect();
    let stale: Vec<&str> = rows()
        .filter(|code| !used.contains_key(*code) && !spelled.contains(&format!("\"{code}\"")))
        // A kind of record stands before this.
        .filter(|code| !code.ends_with("_unreadable"))
        .collect();
    assert!(
        stale.is_empty(),
        "{CATALOGUE} explains {stale:?}, which nothing says any more"
    );
}

/// `UDSYNC_REFRESH` writes the tables of the page anew; the test `manual` makes the manual page of it.
#[test]
fn codes_page_is_made_of_the_catalogue() {
    let path = root().join(format!("man/{PAGE}.md"));
    let kept = read(&path);
    let made = with_tables(&kept);
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::write(&path, &made).expect("the page is written");
    }
    let kept = read(&path);
    let wrong: Vec<&str> = made.lines().filter(|line| !kept.contains(line)).collect();
    assert!(
        kept == made,
        "the tables of man/{PAGE}.md are not the catalogue's: {wrong:#?}\nrun `UDSYNC_REFRESH=1 cargo test -p udsync --test it codes manual` and check the files in"
    );
    for section in sections() {
        let table = format!("\n## {}\n", section.title);
        let (_, below) = made.split_once(&table).unwrap_or_default();
        let table = below.split("\n## ").next().unwrap_or_default();
        let first = format!("\n| `{}` |", section.rows[0].code);
        assert!(
            table.contains(&first),
            "man/{PAGE}.md has no table for `{}`",
            section.title
        );
    }
    for (code, meaning) in EXITS {
        assert!(
            made.contains(&format!("\n| {code} | {meaning} |\n")),
            "{code}"
        );
    }
}

/// The kinds and remedies say how a run ends and how a record is kept; where one certain word counts, it has a name.
#[test]
fn codes_are_not_compared_by_their_spelling() {
    let rooms = ["engine/", "run/", "app/", "cli/"];
    let mut wrong = Vec::new();
    for (path, tokens) in
        program().filter(|(path, _)| rooms.iter().any(|room| path.starts_with(room)))
    {
        let found = compared(&tokens);
        wrong.extend(found.map(|(line, code)| format!("src/{path}:{line}: `{code}`")));
    }
    assert!(
        wrong.is_empty(),
        "ask `model::code::kind`, or use a name of `model::code`:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn codes_are_each_shown_by_a_test() {
    let shown = shown();
    let missing: Vec<&str> = rows()
        .filter(|code| !shown.contains(*code) && !UNSHOWN.contains(code))
        .collect();
    assert!(missing.is_empty(), "no test shows {missing:?}");
    let left: Vec<&&str> = UNSHOWN
        .iter()
        .filter(|code| shown.contains(**code))
        .collect();
    assert!(
        left.is_empty(),
        "a test shows {left:?}: take it off the list"
    );
    let gone: Vec<&&str> = UNSHOWN.iter().filter(|code| row(code).is_none()).collect();
    assert!(
        gone.is_empty(),
        "{gone:?} are no codes: take them off the list"
    );
}

/// A hold or a refusal of a kind that ends commands would be counted as nothing that anybody has to look at.
#[test]
fn codes_of_held_records_are_of_records() {
    for (path, tokens) in program().filter(|(path, _)| path.starts_with("core/books/")) {
        for code in made(&tokens, &MAKERS[..1]) {
            let kind = kind(&code);
            assert!(
                kind.is_some_and(CodeKind::is_of_record),
                "{path}: `{code}` is {kind:?}"
            );
        }
    }
}

#[test]
fn codes_checks_notice_what_is_wrong() {
    let source = r#"
        const CLOSED: &str = "fourth_code";
        Reason::new(if a { "one_code" } else { "other" }, "not_this");
        Fault::new(Remedy::Stop, "third", "nor_this");
        Failure::new(CLOSED, "not_this_either");
    "#;
    let expected = ["fourth_code", "one_code", "other", "third"];
    assert_eq!(
        made(&tokens(source), &MAKERS),
        expected.map(String::from).into()
    );
    let found = |source: &str| compared(&tokens(source)).count();
    assert_eq!(found(r#"if fault.code == "period_closed" {}"#), 1);
    assert_eq!(found(r#"if fault.code != "period_closed" {}"#), 1);
    assert_eq!(
        found(r#"match code { "period_closed" | "stale_plan" => 1, _ => 2 }"#),
        1
    );
    assert_eq!(
        found(r#"[("store_clone", 1)]; match c { ("store_clone", None) => 1 }"#),
        1
    );
    assert_eq!(found(r#"Reason::new("period_closed", "x")"#), 0);
    assert_eq!(found("if fault.code == code::PERIOD_CLOSED {}"), 0);
}

fn rows() -> impl Iterator<Item = &'static str> {
    sections()
        .iter()
        .flat_map(|section| &section.rows)
        .map(|row| row.code)
}

/// Every code with which a record is held, skipped or remarked on, of every fault of a service, and of every failure of a command, with
/// a file that says it.
fn said() -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for (path, tokens) in program() {
        // The pure rooms are a crate of their own.
        let room = path.strip_prefix("core/").unwrap_or(&path);
        let mut found = made(&tokens, &MAKERS);
        let words = tokens.into_iter().filter_map(|token| match token.kind {
            Kind::Text(text) if is_code(&text) => Some(text),
            _ => None,
        });
        // Where codes are handed to helpers, their shape tells them from other words.
        found.extend(words.filter(|word| {
            (room.starts_with("books/hold") && word.contains('_'))
                || (room == "books/status.rs" && word.starts_with("status_"))
                || (room.starts_with("connector/woocommerce") && word.starts_with("store_"))
                || (room.starts_with("connector/supabase") && word.starts_with("database_"))
                || (room == "connector/quickbooks/facts.rs" && word.ends_with("_missing"))
                || (room == "app/keys/words.rs" && word.starts_with("key"))
                || (room == "run/failure.rs" && word.contains('_'))
                || (room == "model/code/names.rs")
        }));
        codes.extend(found.into_iter().map(|code| (code, path.clone())));
    }
    let table = "connector/quickbooks/codes.txt";
    let text = read(&root().join("src").join(table));
    let words = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('|').nth(3))
        .map(|word| word.trim().to_owned())
        .filter(|word| is_code(word));
    codes.extend(words.map(|code| (code, table.to_owned())));
    codes
}

/// The texts in the place of the code, and what stands for them in the same file.
fn made(tokens: &[Token], makers: &[(&[&str], usize)]) -> BTreeSet<String> {
    let named = constants(tokens);
    let mut codes = BTreeSet::new();
    for at in 0..tokens.len() {
        let maker = makers.iter().find(|(path, _)| is_path(tokens, at, path));
        if let Some((_, place)) = maker {
            let words = argument(tokens, at + 4, *place);
            let spelled = words.into_iter().filter_map(|word| match word {
                Kind::Text(text) => Some(text.clone()),
                Kind::Word(name) => named.get(name).cloned(),
                _ => None,
            });
            codes.extend(spelled.filter(|text| is_code(text)));
        }
    }
    codes
}

/// `const NAME: &str = "text"`, by name.
fn constants(tokens: &[Token]) -> BTreeMap<String, String> {
    let kinds: Vec<&Kind> = tokens.iter().map(|token| &token.kind).collect();
    kinds
        .windows(7)
        .filter_map(|found| match found {
            [
                Kind::Word(word),
                Kind::Word(name),
                Kind::Mark(':'),
                Kind::Mark('&'),
                Kind::Word(_),
                Kind::Mark('='),
                Kind::Text(text),
            ] if word == "const" => Some((name.clone(), text.clone())),
            _ => None,
        })
        .collect()
}

/// What stands in one argument of a call; `open` is its parenthesis.
fn argument(tokens: &[Token], open: usize, place: usize) -> Vec<&Kind> {
    let mut depth = 0;
    let mut commas = 0;
    let mut found = Vec::new();
    for at in open..tokens.len() {
        match &tokens[at].kind {
            Kind::Mark('(' | '{' | '[') => depth += 1,
            Kind::Mark(')' | '}' | ']') => depth -= 1,
            Kind::Mark(',') if depth == 1 => commas += 1,
            // What is compared with is not what is said.
            kind if commas == place && !is_mark(tokens, at - 1, '=') => found.push(kind),
            _ => {}
        }
        if depth == 0 || commas > place {
            break;
        }
    }
    found
}

/// Codes of several words that something is compared with or matched against, with their lines.
fn compared(tokens: &[Token]) -> impl Iterator<Item = (usize, &str)> {
    (0..tokens.len()).filter_map(|at| {
        let Kind::Text(text) = &tokens[at].kind else {
            return None;
        };
        let mark = |offset: isize, mark: char| {
            let at = at.checked_add_signed(offset);
            at.is_some_and(|at| is_mark(tokens, at, mark))
        };
        let by_sign = mark(-1, '=') && (mark(-2, '=') || mark(-2, '!'));
        let in_arm = (mark(1, '=') && mark(2, '>')) || mark(1, '|') || mark(-1, '|');
        // `("code", _) =>`
        let in_pair = mark(-1, '(') && {
            let close = (at..tokens.len()).find(|at| is_mark(tokens, *at, ')'));
            close.is_some_and(|at| is_mark(tokens, at + 1, '=') && is_mark(tokens, at + 2, '>'))
        };
        let is_meant = text.contains('_') && row(text).is_some();
        (is_meant && (by_sign || in_arm || in_pair)).then_some((tokens[at].line, text.as_str()))
    })
}

/// Every word of the tests, and of what they lay beside the answers. A word of everyday English counts in quotes only.
fn shown() -> BTreeSet<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut folders = vec![root().join("tests"), root().join("mappings")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let end = Path::new(&name).extension().and_then(|end| end.to_str());
            if path.is_dir() {
                folders.push(path);
            } else if name != "codes.rs"
                && (matches!(end, Some("rs" | "json" | "txt" | "snap"))
                    || name.ends_with(".cases.toml"))
            {
                texts.push(read(&path));
            }
        }
    }
    for (path, text) in sources() {
        let test = "#[cfg(test)]\nmod tests {";
        if path.contains("tests") {
            texts.push(text);
        } else if let Some((_, rest)) = text.split_once(test) {
            texts.push(rest.to_owned());
        }
    }
    let is_part = |mark: char| mark.is_ascii_lowercase() || mark.is_ascii_digit() || mark == '_';
    let mut shown = BTreeSet::new();
    for text in &texts {
        let words = text
            .split(|mark| !is_part(mark))
            .filter(|word| word.contains('_'));
        shown.extend(words.map(str::to_owned));
        let quoted = text
            .split('"')
            .filter(|word| !word.is_empty() && word.chars().all(is_part));
        shown.extend(quoted.map(str::to_owned));
    }
    shown
}

fn is_code(text: &str) -> bool {
    text.len() > 2
        && text
            .chars()
            .all(|mark| mark.is_ascii_lowercase() || mark == '_' || mark.is_ascii_digit())
}
