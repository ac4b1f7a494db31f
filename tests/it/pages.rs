//! The pages of the manual: what they say of settings, checks, figures and accounts is what the program does.
//!
//! `manual.rs` compares pages, commands and codes with the program; here is what stands in tables and in T-accounts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use udsync::app::doctor::CHECKS;
use udsync::cli::manual::settings::{PAGE as SETTINGS, with_tables};
use udsync::config::table::setting_sections;
use udsync::mapping::functions::{FUNCTIONS, section};

use crate::manual::{read, root, texts};
use crate::world::{bare_command, ran};

const ACCOUNTING: &str = "man/udsync-accounting.7.md";
const MAPPING: &str = "man/udsync-mapping.5.md";
const LONGEST_README: usize = 200;

#[test]
fn pages_readme_stays_a_door() {
    let lines = read(&root().join("README.md")).lines().count();
    assert!(
        lines <= LONGEST_README,
        "README.md has {lines} lines: what is more than {LONGEST_README} belongs into a page of man/"
    );
}

/// What is linked is there, and every page can be reached from README.md.
#[test]
fn pages_link_to_what_is_there() {
    let mut wrong = Vec::new();
    let mut reached = BTreeSet::new();
    for (path, text) in texts() {
        let folder = root().join(&path);
        let folder = folder.parent().expect("a file lies in a folder");
        for target in links(&text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if path == "README.md" {
                reached.insert(file.to_owned());
            }
            if target.starts_with("https://") || folder.join(file).exists() && anchor.is_empty() {
                continue;
            }
            wrong.push(format!("{path}: {target}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    for (path, _) in texts().iter().filter(|(path, _)| path.starts_with("man/")) {
        assert!(reached.contains(path), "README.md does not link to {path}");
    }
}

/// The targets of `[words](target)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains(char::is_whitespace))
}

/// Every case is the proof of a claim, and every claim has one.
#[test]
fn pages_accounting_names_cases_that_exist_and_all_of_them() {
    let page = read(&root().join(ACCOUNTING));
    for name in cases().keys() {
        assert!(
            page.contains(&format!("`{name}`")),
            "{ACCOUNTING} does not name the case `{name}`"
        );
    }
    let named = page.split('`').skip(1).step_by(2);
    let numbered = named.filter(|word| {
        word.len() > 3 && word.as_bytes()[..2].iter().all(u8::is_ascii_digit) && word.contains('-')
    });
    for word in numbered {
        assert!(cases().contains_key(word), "there is no case `{word}`");
    }
}

/// A T-account is drawn with what its case says, and its two sides are as much as each other.
#[test]
fn pages_t_accounts_balance_and_are_those_of_their_cases() {
    let page = read(&root().join(ACCOUNTING));
    let cases = cases();
    let mut seen = 0;
    for (at, block) in page.split("```text\n").enumerate().skip(1) {
        let block = block.split("```").next().expect("a block ends");
        let before = page.split("```text\n").nth(at - 1).expect("there is one");
        let name = before
            .rsplit('`')
            .nth(1)
            .expect("a case is named before it");
        let case = cases
            .get(name)
            .unwrap_or_else(|| panic!("`{name}` before a T-account is no case"));
        let known = figures(case);
        let (debits, credits) = sides(block);
        for cents in debits.iter().chain(&credits) {
            assert!(
                known.contains(cents),
                "{cents} cents are not in the case `{name}`:\n{block}"
            );
        }
        assert_eq!(
            debits.iter().sum::<i64>(),
            credits.iter().sum::<i64>(),
            "the sides of `{name}` differ:\n{block}"
        );
        seen += 1;
    }
    assert_eq!(seen, 5);
}

/// Cents on the left and on the right of each account. An account is 24 columns wide, with its middle at the twelfth.
fn sides(block: &str) -> (Vec<i64>, Vec<i64>) {
    let (mut debits, mut credits) = (Vec::new(), Vec::new());
    for line in block.lines().filter(|line| line.contains('.')) {
        let marks: Vec<char> = line.chars().collect();
        for account in marks.chunks(24) {
            let side = |from: usize, to: usize| -> Option<i64> {
                let text: String = account.iter().skip(from).take(to - from).collect();
                let text = text.trim().replace('|', "");
                (!text.trim().is_empty()).then(|| cents(text.trim()))
            };
            debits.extend(side(0, 11));
            credits.extend(side(12, 24));
        }
    }
    (debits, credits)
}

fn cents(text: &str) -> i64 {
    text.replace('.', "")
        .parse()
        .unwrap_or_else(|_| panic!("`{text}` is no amount"))
}

/// Each amount of the documents that a case expects, and each document's total without its tax.
fn figures(case: &Value) -> BTreeSet<i64> {
    let mut known = BTreeSet::new();
    let postings = case["expect"]["postings"].as_array();
    for posting in postings.expect("the case posts something") {
        let of = |value: &Value| value.as_str().map_or(0, cents);
        let (total, tax) = (of(&posting["total"]), of(&posting["tax_total"]));
        known.extend([total, tax, total - tax]);
    }
    known
}

/// Every golden case by its name.
fn cases() -> BTreeMap<String, Value> {
    ["tests/golden", "tests/golden-own"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root().join(folder)).expect("a folder"))
        .flatten()
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().replace(".json", "");
            let case = serde_json::from_str(&read(&entry.path())).expect("a case is JSON");
            (name, case)
        })
        .collect()
}

/// Each setting that the program knows is explained, with the default that it really has: the reader, the page and the example file
/// are made of one table. `UDSYNC_REFRESH` writes the tables and the example anew; the test `manual` makes the manual page.
#[test]
fn pages_settings_are_those_of_the_table() {
    let page = format!("man/{SETTINGS}.md");
    let made = [
        (page.as_str(), with_tables(&read(&root().join(&page)))),
        ("examples/udsync.toml", udsync::config::example()),
    ];
    for (path, made) in made {
        let path = root().join(path);
        if std::env::var_os("UDSYNC_REFRESH").is_some() {
            std::fs::write(&path, &made).expect("it is written");
        }
        let kept = read(&path);
        let wrong: Vec<&str> = made.lines().filter(|line| !kept.contains(line)).collect();
        assert!(
            kept == made,
            "{} is not the table's: {wrong:#?}\nrun `UDSYNC_REFRESH=1 cargo test -p udsync --test it pages manual` and check the files in",
            path.display()
        );
    }
    let page = read(&root().join(&page));
    let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("##")).collect();
    for section in setting_sections()
        .iter()
        .filter(|section| section.rows().count() > 0)
    {
        let name = format!("[{}]", section.names[0]);
        let has_table = headings.iter().any(|heading| heading.contains(&name));
        assert!(has_table, "no heading of man/{SETTINGS}.md names `{name}`");
    }
    for section in setting_sections() {
        for name in &section.names {
            assert!(
                page.contains(&format!("[{name}]")),
                "man/{SETTINGS}.md does not tell of `[{name}]`"
            );
        }
    }
}

#[test]
fn pages_troubleshooting_names_every_check() {
    let page = read(&root().join("man/udsync-troubleshooting.7.md"));
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(id, _)| id)
        .collect();
    let known: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(rows, known);
}

/// The table of figures for a collector is what the program writes, with the same kinds.
#[test]
fn pages_unattended_names_every_figure() {
    let page = read(&root().join("man/udsync-unattended.7.md"));
    let home = tempfile::tempdir().expect("a folder");
    ran(bare_command(home.path())
        .args([
            "sync",
            "orders",
            "--sandbox",
            "--metrics-file",
            "figures.prom",
        ])
        .output()
        .expect("the binary runs"))
    .ends_with(0);
    let written = read(&home.path().join("figures.prom"));
    let made: BTreeSet<(String, String)> = written
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .collect();
    let mut told = BTreeSet::new();
    for row in page.lines().filter(|line| line.starts_with("| `udsync_")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        for name in cells[0].split('`').skip(1).step_by(2) {
            told.insert((name.to_owned(), cells[1].to_owned()));
        }
    }
    assert!(made.len() > 10, "{written}");
    let untold: Vec<_> = made.difference(&told).collect();
    assert!(untold.is_empty(), "the page does not name {untold:?}");
    // What a shop without notices or without a limit does not write is in the program all the same.
    let source = read(&root().join("src/app/metrics.rs"));
    for (name, _) in told.difference(&made) {
        let bare = name.trim_start_matches("udsync_");
        assert!(
            source.contains(&format!("\"{bare}\"")),
            "nothing writes {name}"
        );
    }
}

/// The functions stand in the page as the table of functions has them.
#[test]
fn pages_mapping_holds_every_function() {
    const BEGIN: &str = "<!-- functions: made from the table of functions; `UDSYNC_REFRESH=1 cargo test pages` writes them anew -->\n";
    const END: &str = "<!-- end of functions -->\n";
    let path = root().join(MAPPING);
    let page = read(&path);
    let (before, rest) = page.split_once(BEGIN).expect("it has a place for them");
    let (held, after) = rest.split_once(END).expect("that ends");
    let mut made = String::from(
        "\n`name?` may be left out, `name…` may be repeated. A list goes into a function of single values item by item.\n",
    );
    for function in FUNCTIONS {
        // A function is a part of the chapter.
        made.push_str(&section(function).replace("\n## ", "\n### "));
    }
    made.push('\n');
    if std::env::var_os("UDSYNC_REFRESH").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{made}{END}{after}")).expect("it is written");
        return;
    }
    assert!(
        held == made,
        "the functions in {MAPPING} are not those of the program\nrun `UDSYNC_REFRESH=1 cargo test pages`, then \
         `UDSYNC_REFRESH=1 cargo test manual`"
    );
}

#[test]
fn pages_checks_notice_what_is_wrong() {
    let block = "A                       B\n-----------+----------  -----------+----------\n     1.00  |                       |      2.50\n           |      3.00\n";
    assert_eq!(sides(block), (vec![100], vec![250, 300]));
    assert_eq!(
        links("[a](b.md), [c](https://d) [e](f g)").collect::<Vec<_>>(),
        ["b.md", "https://d"]
    );
}

/// One name for one thing: what people sell in is a shop, and a working connection is not a whole one. Pages, help and examples are
/// looked through; what stands in code is left alone, and so is what is written with a hyphen, as a flag or a name is.
#[test]
fn pages_call_things_by_the_words_of_the_glossary() {
    let pages = udsync::cli::manual::pages();
    let helps = udsync::cli::manual::commands()
        .into_iter()
        .map(|(spoken, mut command)| (spoken, command.render_long_help().to_string()));
    let mut wrong = Vec::new();
    let all: Vec<(String, String)> = crate::manual::texts()
        .into_iter()
        .chain(pages)
        .chain(helps)
        .collect();
    assert!(all.len() > 150, "{}", all.len());
    for (place, text) in all {
        wrong.extend(strange_words(&text).map(|said| format!("{place}: {said}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The check itself.
    for said in [
        "Connect your store first",
        "a store that is whole",
        "the Stores of an agency",
        "metered reads come to 80 %",
    ] {
        assert_eq!(strange_words(said).count(), 1, "{said}");
    }
    for said in [
        "It stores it sealed, with --key-store file",
        "`store=aurora` in the mark",
        "\\-\\-key\\-store PLACE",
        "what is stored, restored",
    ] {
        assert_eq!(strange_words(said).count(), 0, "{said}");
    }
}

fn strange_words(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let mut is_prose = false;
        let prose: String = line
            .split('`')
            .filter(|_| {
                is_prose = !is_prose;
                is_prose
            })
            .collect::<Vec<_>>()
            .join(" ");
        let lowered = prose.to_lowercase().replace('\\', "");
        let mut words = lowered.split(|mark: char| {
            !mark.is_alphanumeric() && mark != '-' && mark != '_' && mark != '=' && mark != '.'
        });
        // To store something is what a program does; the noun is the shop's.
        let nouns = ["store", "store."];
        let is_noun = words.any(|word| nouns.contains(&word));
        let are_many = [
            "the stores",
            "your stores",
            "all stores",
            "of stores",
            "forty stores",
        ]
        .iter()
        .any(|words| lowered.contains(words));
        let is_metered = lowered.contains("metered");
        (is_noun || are_many || is_metered).then(|| line.trim().to_owned())
    })
}
