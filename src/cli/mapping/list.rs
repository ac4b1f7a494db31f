//! `mapping list`: every mapping, where it comes from, and how many cases look after it.

use clap::Args;
use serde::Serialize;

use crate::app::mappings::shown;
use crate::mapping::cases;
use crate::mapping::shipped::{SHIPPED as ALL, Shipped};

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::output;
use super::super::table::{TextTable, width_of_answer};
use super::{MappingOwner, SHIPPED};

/// List the mappings
///
/// Shows each mapping, the shop's own file for it or `shipped`, its rules and the cases that are kept beside it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync mapping list --json\n  udsync mapping list\n  udsync mapping list --shop aurora"
)]
pub struct MappingListArgs {}

#[derive(Serialize)]
struct MappingListDocument {
    schema: &'static str,
    folder: Option<String>,
    mappings: Vec<MappingRow>,
    /// About files of the folder that are nobody's mapping.
    mistakes: usize,
}

#[derive(Serialize)]
struct MappingRow {
    name: String,
    source: &'static str,
    target: &'static str,
    entity: &'static str,
    /// The shop's own.
    file: Option<String>,
    rules: usize,
    cases: usize,
    mistakes: usize,
}

/// Runs `mapping list`.
pub fn list(global: &Global, _args: &MappingListArgs) -> Result<u8, Failure> {
    let bench = MappingOwner::open(global)?;
    let rows: Vec<MappingRow> = ALL.iter().map(|of| row(&bench, of)).collect();
    let strangers = bench.folder.strangers.len();
    let folder = bench.folder.is_there.then_some(&bench.folder.path);
    match output(global) {
        Output::Json => out::print_json(&MappingListDocument {
            schema: "udsync/mapping-list/1",
            folder: folder.map(|path| shown(path)),
            mappings: rows,
            mistakes: strangers,
        }),
        Output::Text | Output::Csv => {
            let wrong = strangers > 0 || rows.iter().any(|row| row.mistakes > 0);
            out::answer(&text(&rows));
            if wrong && !global.quiet {
                out::say("note: some of it is wrong; `udsync mapping check` shows where");
            }
        }
    }
    Ok(exit::DONE)
}

fn row(bench: &MappingOwner, of: &'static Shipped) -> MappingRow {
    let own = bench.folder.own(of);
    let own_cases = bench.folder.own_cases(of);
    let shipped = || cases::read("", of.cases).map_or(0, |cases| cases.len());
    let (rules, wrong) = match own.map(|own| &own.checked) {
        None => (rules(&MappingOwner::shipped(of).compiled.mapping), 0),
        Some(Ok(compiled)) => (rules(&compiled.mapping), 0),
        Some(Err(mistakes)) => (0, mistakes.len()),
    };
    let (cases, wrong_cases) = match own_cases.map(|own| &own.read) {
        Some(Ok(cases)) => (cases.len(), 0),
        Some(Err(mistakes)) => (0, mistakes.len()),
        // The cases of the shipped file say nothing about another.
        None if own.is_some() => (0, 0),
        None => (shipped(), 0),
    };
    MappingRow {
        name: of.name(),
        source: of.source,
        target: of.target,
        entity: of.entity,
        file: own.map(|own| own.file.clone()),
        rules,
        cases,
        mistakes: wrong + wrong_cases,
    }
}

fn rules(mapping: &crate::mapping::Mapping) -> usize {
    mapping.rows.iter().map(|rows| rows.fields.len()).sum()
}

fn text(rows: &[MappingRow]) -> String {
    let mut table = TextTable::new(&["mapping", "rules", "cases"], &[1, 2]);
    for row in rows {
        let mut from = row.file.as_deref().unwrap_or(SHIPPED).to_owned();
        if row.mistakes > 0 {
            let s = if row.mistakes == 1 { "" } else { "s" };
            from.push_str(&format!(" ({} mistake{s})", row.mistakes));
        }
        table.row(
            vec![
                row.name.clone(),
                row.rules.to_string(),
                row.cases.to_string(),
            ],
            from,
        );
    }
    table.render(width_of_answer())
}
