//! `mapping check`: every mistake of the mapping files at once.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::app::mappings::{csv_beside, read_text, shown};
use crate::mapping::{self, MappingMistake, Used, cases, check_used};
use crate::model::fault::Fault;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::output;
use super::super::table::{paragraph, width_of_answer};
use super::{MappingOwner, which};

/// Find every mistake in the mapping files
///
/// Without a word it looks at the shop's own files; name a mapping, or a file anywhere. The shop is asked for its rates, gateways
/// and statuses, so that a table that does not know one of them is found too.
///
/// Exit code: 0 when all is right, 2 when there is a mistake.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping check
  udsync mapping check orders --offline
  udsync mapping check draft/orders.toml --json")]
pub struct MappingCheckArgs {
    /// Mappings, or files
    #[arg(value_name = "MAPPING|FILE")]
    pub what: Vec<String>,
    /// Ask no shop
    #[arg(long)]
    pub offline: bool,
}

#[derive(Serialize)]
struct MappingCheckDocument {
    schema: &'static str,
    ok: bool,
    /// What was looked at.
    checked: Vec<String>,
    mistakes: Vec<MappingMistake>,
    store: Asked,
}

#[derive(Serialize)]
struct Asked {
    asked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<String>,
}

/// What was looked at, and what came of it.
#[derive(Default)]
struct Looked {
    checked: Vec<String>,
    mistakes: Vec<MappingMistake>,
    /// The texts of mappings, for the words of the shop.
    texts: Vec<(String, String)>,
}

/// An answer of the shop may take so long in all.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs `mapping check`.
pub async fn check(global: &Global, args: &MappingCheckArgs) -> Result<u8, Failure> {
    let bench = MappingOwner::open(global)?;
    let mut looked = Looked::default();
    let (files, words): (Vec<&String>, Vec<&String>) =
        args.what.iter().partition(|word| is_file(word));
    for file in files {
        looked.file(Path::new(file));
    }
    if !words.is_empty() {
        let words: Vec<String> = words.into_iter().cloned().collect();
        for of in which::all(&words)? {
            looked.mapping(&bench, of);
        }
    } else if args.what.is_empty() {
        looked.folder(&bench);
    }
    let store = looked.ask_store(&bench, args.offline).await;
    let Looked {
        checked, mistakes, ..
    } = looked;
    let code = if mistakes.is_empty() {
        exit::DONE
    } else {
        exit::USAGE
    };
    match output(global) {
        Output::Json => out::print_json(&MappingCheckDocument {
            schema: "udsync/mapping-check/1",
            ok: mistakes.is_empty(),
            checked,
            mistakes,
            store,
        }),
        Output::Text | Output::Csv => {
            out::answer(&text(&bench, &checked, &mistakes));
            if let Some(why) = store.why_not.filter(|_| !global.quiet) {
                out::say(&format!(
                    "note: rates, gateways and statuses of the shop were not compared: {why}"
                ));
            }
        }
    }
    Ok(code)
}

/// A name with a path or an ending is a file; so is what lies there.
fn is_file(word: &str) -> bool {
    Path::new(word).exists() || (word.ends_with(".toml") && which::all(&[word.to_owned()]).is_err())
}

impl Looked {
    fn file(&mut self, path: &Path) {
        let name = path.display().to_string();
        let text = match read_text(path) {
            Ok(text) => text,
            Err(mistakes) => {
                self.checked.push(name);
                self.mistakes.extend(mistakes);
                return;
            }
        };
        if name.ends_with(".cases.toml") {
            self.mistakes
                .extend(cases::read(&name, &text).err().unwrap_or_default());
        } else {
            let (files, wrong) = csv_beside(path, &text);
            self.mistakes.extend(wrong);
            let found = mapping::check(&name, &text, &files);
            self.mistakes.extend(found.err().unwrap_or_default());
            self.texts.push((name.clone(), text));
        }
        self.checked.push(name);
    }

    fn mapping(&mut self, bench: &MappingOwner, of: &'static mapping::shipped::Shipped) {
        let own = bench.folder.own(of);
        match own {
            Some(own) => {
                self.checked.push(own.file.clone());
                self.mistakes
                    .extend(own.checked.as_ref().err().cloned().unwrap_or_default());
                self.texts.push((own.file.clone(), own.text.clone()));
            }
            None => {
                self.checked.push(of.name());
                let found = mapping::check(&of.path(), of.text, &Default::default());
                self.mistakes.extend(found.err().unwrap_or_default());
                self.texts.push((of.path(), of.text.to_owned()));
            }
        }
        if let Some(cases) = bench.folder.own_cases(of) {
            self.checked.push(cases.file.clone());
            self.mistakes
                .extend(cases.read.as_ref().err().cloned().unwrap_or_default());
        }
    }

    fn folder(&mut self, bench: &MappingOwner) {
        let folder = &bench.folder;
        for own in &folder.mappings {
            self.checked.push(own.file.clone());
            self.texts.push((own.file.clone(), own.text.clone()));
        }
        self.checked
            .extend(folder.cases.iter().map(|cases| cases.file.clone()));
        self.mistakes = folder.complaints();
        self.mistakes.extend(folder.complaints_of_cases());
        self.checked
            .extend(folder.payouts.iter().map(|own| own.file.clone()));
        self.mistakes.extend(folder.complaints_of_payouts());
    }

    /// Compares the tables with the words of the shop, where there is a table that they could be missing in.
    async fn ask_store(&mut self, bench: &MappingOwner, offline: bool) -> Asked {
        let not = |why: &str| Asked {
            asked: false,
            why_not: Some(why.to_owned()),
        };
        let has_table = |text: &str| text.contains("lookup(") || text.contains("map_value(");
        if !self.texts.iter().any(|(_, text)| has_table(text)) {
            return Asked {
                asked: false,
                why_not: None,
            };
        }
        if offline {
            return not("`--offline` asks no shop");
        }
        let Some(app) = &bench.app else {
            return not("no shop is set up here");
        };
        let used = match tokio::time::timeout(PATIENCE, words_in_use(app)).await {
            Ok(Ok(used)) => used,
            Ok(Err(fault)) => return not(&fault.said),
            Err(_) => return not("the shop takes too long to answer"),
        };
        for (file, text) in &self.texts {
            self.mistakes.extend(check_used(file, text, &used));
        }
        Asked {
            asked: true,
            why_not: None,
        }
    }
}

async fn words_in_use(app: &App) -> Result<Used, Fault> {
    let store = app.store_to_look_at()?;
    app.words_in_use(&store).await
}

fn text(bench: &MappingOwner, checked: &[String], mistakes: &[MappingMistake]) -> String {
    let width = width_of_answer();
    let mut text = String::new();
    for mistake in mistakes {
        let MappingMistake {
            file, line, column, ..
        } = mistake;
        let place = format!("{file}:{line}:{column}: {}", mistake.message);
        text.push_str(&paragraph(&place, 0, 4, width));
        if let Some(hint) = &mistake.hint {
            text.push_str(&paragraph(&format!("hint: {hint}"), 4, 10, width));
        }
    }
    let count = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    let end = match (mistakes.len(), checked.len()) {
        (0, 0) if bench.folder.is_there => format!(
            "no mappings lie in `{}`; the shipped ones are in order",
            shown(&bench.folder.path)
        ),
        (0, 0) => "the shop has no mappings of its own; the shipped ones are in order".to_owned(),
        (0, 1) => format!("`{}` is in order", checked[0]),
        (0, files) => format!("{} are in order", count(files, "file")),
        (wrong, 0) => count(wrong, "mistake"),
        (wrong, files) => format!("{} in {}", count(wrong, "mistake"), count(files, "file")),
    };
    text.push_str(&format!("{end}\n"));
    text
}
