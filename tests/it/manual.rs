//! The manual: what is checked in for people to read is what the binary says and does.
//!
//! `man/` and `completions/` are made from the command tree and from the Markdown in `man/`; `UDSYNC_REFRESH=1 cargo test manual` writes
//! them anew. Every command that README.md, a page, an example or a hint tells people to type must be one that the binary takes. What
//! else the pages say is tried in `pages.rs`, and the codes in `codes.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use udsync::cli::manual::{GUIDES, SHELLS, command, commands, completion_script, examples, pages};

use crate::house::{Kind, Token, sources, tokens};
use crate::world::{bare_command, ran};

#[test]
fn manual_pages_are_what_the_binary_prints() {
    compare("man", pages());
}

#[test]
fn manual_completions_are_what_the_binary_prints() {
    let scripts = SHELLS
        .iter()
        .map(|(shell, file)| ((*file).to_owned(), completion_script(*shell)))
        .collect();
    compare("completions", scripts);
}

/// A folder holds exactly these files. With `UDSYNC_REFRESH` it is made to.
fn compare(folder: &str, made: Vec<(String, String)>) {
    let path = root().join(folder);
    let made: BTreeMap<String, String> = made.into_iter().collect();
    // What pages are made from lies beside them.
    let is_source = |name: &str| Path::new(name).extension().is_some_and(|end| end == "md");
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::create_dir_all(&path).expect("a folder");
        for entry in std::fs::read_dir(&path).expect("a folder").flatten() {
            if entry.path().is_file() && !is_source(&entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).expect("a page is removed");
            }
        }
        for (name, text) in &made {
            std::fs::write(path.join(name), text).expect("a page is written");
        }
    }
    let kept: BTreeMap<String, String> = std::fs::read_dir(&path)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, read(&entry.path()))
        })
        .filter(|(name, _)| !is_source(name))
        .collect();
    let names: BTreeSet<&String> = made.keys().chain(kept.keys()).collect();
    let wrong: Vec<&String> = names
        .into_iter()
        .filter(|name| made.get(*name) != kept.get(*name))
        .collect();
    assert!(
        wrong.is_empty(),
        "{folder}/ is not what the binary prints: {wrong:?}\nrun `UDSYNC_REFRESH=1 cargo test manual` and check the files in"
    );
}

/// A text in `man/` that nobody makes a page of would be forgotten.
#[test]
fn manual_texts_are_all_pages() {
    let mut texts: Vec<String> = std::fs::read_dir(root().join("man"))
        .expect("a folder")
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            Some(name.strip_suffix(".md")?.to_owned())
        })
        .collect();
    texts.sort();
    let mut known: Vec<&str> = GUIDES.iter().map(|(file, _)| *file).collect();
    known.sort_unstable();
    assert_eq!(texts, known);
}

#[test]
fn manual_texts_name_only_commands_that_work() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, text) in texts() {
        let lines = command_lines(&text);
        seen += lines.len();
        let refused = lines.iter().filter_map(|line| refusal(line));
        wrong.extend(refused.map(|said| format!("{path}: {said}")));
    }
    assert!(seen > 60, "only {seen} command lines were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A command without an example leaves its reader alone; an example that does not work is worse.
#[test]
fn manual_examples_of_commands_can_be_typed() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (spoken, command) in commands() {
        let examples = examples(&command);
        if examples.len() < 3 {
            wrong.push(format!("`{spoken}` has only {} examples", examples.len()));
        }
        let block = format!("```sh\n{}\n```\n", examples.join("\n"));
        let lines = command_lines(&block);
        let calls = |line: &String| format!("udsync {line} ").starts_with(&format!("{spoken} "));
        if !examples.is_empty() && !lines.iter().any(calls) {
            wrong.push(format!("no example of `{spoken}` calls it"));
        }
        seen += lines.len();
        wrong.extend(lines.iter().filter_map(|line| refusal(line)));
    }
    assert!(seen > 60, "only {seen} examples were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn manual_examples_name_only_commands_that_work() {
    let mut seen = 0;
    let folders = [
        "examples",
        "examples/serve",
        "examples/shops",
        "examples/packaging/systemd",
    ]
    .map(|folder| root().join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).expect("a folder").flatten());
    for entry in entries.filter(|entry| entry.path().is_file()) {
        for line in read(&entry.path()).lines() {
            if let Some((_, words)) = line.split_once("udsync ")
                && ["sync ", "dry-run ", "retry", "history", "apply ", "serve "]
                    .iter()
                    .any(|word| words.starts_with(word))
            {
                seen += 1;
                let refused = refusal(words.split("||").next().unwrap_or(words));
                assert_eq!(refused, None, "{}", entry.path().display());
            }
        }
    }
    assert!(seen > 4, "only {seen} command lines were found");
}

/// What is shown in backticks after the word `udsync` in a message is meant to be typed.
#[test]
fn manual_hints_can_be_typed() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, tokens) in program() {
        for token in tokens {
            let Kind::Text(text) = token.kind else {
                continue;
            };
            for quoted in text.split('`').skip(1).step_by(2) {
                let Some(words) = quoted.strip_prefix("udsync ") else {
                    continue;
                };
                seen += 1;
                if let Some(why) = refusal(&words.replace("\\\"", "\"")) {
                    wrong.push(format!("src/{path}:{}: {why}", token.line));
                }
            }
        }
    }
    assert!(seen > 20, "only {seen} hints were found");
    assert!(
        wrong.is_empty(),
        "these hints cannot be typed:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn manual_texts_show_configurations_in_order() {
    let texts = texts();
    let blocks: Vec<&str> = texts
        .iter()
        .flat_map(|(_, text)| text.split("```toml\n").skip(1))
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(blocks.len() > 6, "only {} were found", blocks.len());
    for block in blocks {
        if block.starts_with("source = ") {
            let said = udsync::mapping::check("a page", block, &BTreeMap::new()).map(|_| ());
            assert!(said.is_ok(), "{said:?}\n{block}");
            continue;
        }
        if block.starts_with("# mappings/payouts/") {
            let said = udsync::mapping::payouts_file::payouts_mapping("bank", block, "a page");
            assert!(said.is_ok(), "{said:?}\n{block}");
            continue;
        }
        // A section that is explained by itself belongs to some shop's file.
        let whole = match block.contains("[shop]") {
            true => block.to_owned(),
            false => format!("[shop]\nname = \"aurora\"\n{block}"),
        };
        let said = udsync::config::parse(&whole, "a page").map(|_| ());
        assert!(said.is_ok(), "{said:?}\n{block}");
    }
}

/// What the first command of README.md is said to print, it prints. Lines of `…` stand for others.
#[test]
fn manual_readme_shows_what_the_sandbox_prints() {
    let readme = read(&root().join("README.md"));
    let shown = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a block of text");
    let home = tempfile::tempdir().expect("a folder");
    let mut command = bare_command(home.path());
    let ran = ran(command
        .args(["sync", "orders", "--sandbox"])
        .output()
        .expect("the binary runs"))
    .ends_with(0);
    let plain = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.trim_end().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    };
    let printed = plain(&ran.out);
    for line in plain(shown).iter().filter(|line| line.trim() != "…") {
        assert!(printed.contains(line), "`{line}` is not in\n{}", ran.out);
    }
}

#[test]
fn manual_checks_notice_what_is_wrong() {
    assert_eq!(refusal("sync orders --since 2026-01-01 --yes"), None);
    assert_eq!(refusal("retry --skip ID --why TEXT"), None);
    assert_eq!(refusal("retry --skip F7K2 --why \"a test order\""), None);
    assert!(refusal("synch orders").is_some());
    assert!(refusal("sync orders --sinse 2026-01-01").is_some());
    assert!(refusal("sync orders --since yesterday").is_some());
    let asked =
        "```console\n$ udsync sync \\\n    orders\nudsync sync: no\n# udsync no\n```\nudsync no\n";
    assert_eq!(command_lines(asked), ["sync orders"]);
    let block = "text\n```sh\n# a remark\nexport A=b\nudsync sync orders # now\nA=b udsync history && udsync config check\ncargo run --release -- sync orders --sandbox\n```\n`udsync no`\n```\nudsync no\n```\n";
    assert_eq!(
        command_lines(block),
        [
            "sync orders",
            "history",
            "config check",
            "sync orders --sandbox"
        ]
    );
}

/// The command lines in the `sh` blocks of a text and behind the prompts of its `console` blocks, without the program's name.
fn command_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = "```";
    // A line that ends in a backslash goes on in the next one.
    for line in text.replace("\\\n", " ").lines() {
        if let Some(kind) = line.strip_prefix("```") {
            inside = match kind {
                "sh" => "",
                "console" => "$ ",
                _ => "```",
            };
            continue;
        }
        let Some(line) = line.strip_prefix(inside) else {
            continue;
        };
        let spoken = line.split(" # ").next().unwrap_or(line);
        for part in spoken.split("&&").flat_map(|part| part.split('|')) {
            let words: Vec<&str> = part
                .split_whitespace()
                .skip_while(|word| word.contains('=') && !word.starts_with('-'))
                .collect();
            match words.as_slice() {
                ["udsync", rest @ ..] | ["cargo", "run", "--release", "--", rest @ ..] => {
                    lines.push(rest.join(" "));
                }
                _ => {}
            }
        }
    }
    lines
}

/// Why the binary would not take this command line, if it would not. What is filled in while it runs is
/// tried as an id, as a kind of record, as a connection, as a place for a key, as a month, as a day and
/// as a whole command.
fn refusal(line: &str) -> Option<String> {
    let line = line.split(['>', ';']).next().unwrap_or(line);
    let line = line.split(" < ").next().unwrap_or(line);
    // Of which shop, where there are several.
    let line = &line.replace("{flags}", "");
    let with = |stand_in: &str| {
        let words = words(line).into_iter().flat_map(|word| {
            if word == "…" || word.starts_with('{') {
                words(stand_in)
            } else {
                vec![word]
            }
        });
        match command().try_get_matches_from(std::iter::once("udsync".to_owned()).chain(words)) {
            Err(error) if error.use_stderr() => Some(error.to_string()),
            _ => None,
        }
    };
    let refused = [
        "1",
        "orders",
        "quickbooks",
        "file",
        "2026-10",
        "2026-10-31",
        "sync orders",
        "operator",
    ]
    .map(with);
    let taken = refused.iter().any(Option::is_none);
    let said = refused.into_iter().flatten().next().filter(|_| !taken);
    said.map(|said| {
        format!(
            "`udsync {}`: {}",
            line.trim(),
            said.lines().next().unwrap_or_default()
        )
    })
}

/// Splits at spaces, except between quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for mark in line.chars() {
        match mark {
            '"' | '\'' => quoted = !quoted,
            mark if mark.is_whitespace() && !quoted => words.push(String::new()),
            mark => words.last_mut().expect("there is always one").push(mark),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The program's files in words and marks, tests and stand-ins left out.
pub fn program() -> impl Iterator<Item = (String, Vec<Token>)> {
    sources()
        .into_iter()
        .filter(|(path, _)| !path.starts_with("sandbox/") && !path.contains("tests"))
        .map(|(path, text)| {
            let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
            let tokens = tokens(&text[..end]);
            (path, tokens)
        })
}

/// Everything that is written for people by hand, with its place.
pub fn texts() -> Vec<(String, String)> {
    let pages = GUIDES.iter().map(|(file, _)| format!("man/{file}.md"));
    ["README.md", "mappings/README.md"]
        .into_iter()
        .map(String::from)
        .chain(pages)
        .map(|path| {
            let text = read(&root().join(&path));
            (path, text)
        })
        .collect()
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
