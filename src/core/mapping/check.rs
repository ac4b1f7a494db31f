//! Checking a file: from its text to a mapping that can run, or to every mistake with its line.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::{Compiled, FieldPlaces, compile};
use super::flow::{self, DraftCall, Term};
use super::limits;
use super::mistake::{MappingMistake, complaints, quoted};
use super::model::{Feed, Mapping};
use super::path::{PathStep, WrittenPath};
use super::read::read;
use super::schema;
use super::value::Value;

/// The text of a file, unless it is none.
pub fn text<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, Vec<MappingMistake>> {
    if bytes.len() > limits::FILE {
        let message = format!("the file is larger than {} KB", limits::FILE / 1024);
        return Err(vec![MappingMistake::about_file(file, message)]);
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let mut complaint = MappingMistake::about_file(file, "the file is not text in UTF-8");
        complaint.line = line;
        complaint.hint = Some("save it as UTF-8 in your editor".to_owned());
        vec![complaint]
    })
}

/// The CSV files that a mapping names, for who reads the folder.
pub fn csv_files(text: &str) -> BTreeSet<String> {
    let lookups = read(text, schema::target).mapping.lookup;
    let files = lookups.into_values().filter_map(|lookup| lookup.csv);
    files.map(|csv| csv.file).collect()
}

/// Checks the text of a mapping file. `files` holds the CSV files that lie beside it.
pub fn check(
    file: &str,
    text: &str,
    files: &BTreeMap<String, String>,
) -> Result<Compiled, Vec<MappingMistake>> {
    let read = read(text, schema::target);
    let mut mistakes = read.mistakes;
    if read.is_hopeless {
        mistakes.truncate(limits::COMPLAINTS);
        return Err(complaints(file, text, mistakes));
    }
    let compiled = compile(&read.mapping, &read.places, files);
    match compiled {
        Ok(compiled) if mistakes.is_empty() => Ok(compiled),
        Ok(_) => Err(complaints(file, text, mistakes)),
        Err(more) => {
            mistakes.extend(more);
            let mut all = complaints(file, text, mistakes);
            all.truncate(limits::COMPLAINTS);
            Err(all)
        }
    }
}

/// A mistake with the part of the mapping that it is in: `rows.0.fields.memo.text`, `names.vat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedMistake {
    pub mistake: MappingMistake,
    /// `None`: it is about the file as a whole.
    pub place: Option<String>,
}

/// As [`check`], for whoever shows each mistake where it was made.
pub fn check_placed(
    file: &str,
    text: &str,
    files: &BTreeMap<String, String>,
) -> Result<Compiled, Vec<PlacedMistake>> {
    check(file, text, files).map_err(|mistakes| {
        let places = read(text, schema::target).places;
        let placed = mistakes.into_iter().map(|mistake| {
            let at = offset(text, mistake.line, mistake.column);
            // What stands on the same line before it is what it is about; the narrowest says it best.
            let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let is_about = |span: &std::ops::Range<usize>| {
                span.start <= at && (at < span.end || span.start >= line_start)
            };
            let place = (places.iter())
                .filter(|(_, span)| is_about(span))
                .max_by_key(|(_, span)| (span.start, std::cmp::Reverse(span.end)))
                .map(|(place, _)| place.clone());
            PlacedMistake { mistake, place }
        });
        placed.collect()
    })
}

/// Where a line and a column, both counted from one, are in a text.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let start = starts
        .into_iter()
        .nth(line.saturating_sub(1))
        .unwrap_or(text.len());
    let letters = text[start..].char_indices().map(|(at, _)| at);
    letters
        .into_iter()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |at| start + at)
}

/// What a file says, right or wrong; `None` where it cannot be read as a mapping at all.
pub fn said(text: &str) -> Option<Mapping> {
    let read = read(text, schema::target);
    (!read.is_hopeless && read.mistakes.is_empty()).then_some(read.mapping)
}

/// Checks a mapping that has no file, as an import brings it.
pub fn check_imported(
    name: &str,
    mapping: &Mapping,
    files: &BTreeMap<String, String>,
) -> Result<Compiled, Vec<MappingMistake>> {
    compile(mapping, &FieldPlaces::new(), files).map_err(|mistakes| {
        let said = mistakes.into_iter().map(|mistake| MappingMistake {
            hint: mistake.hint,
            ..MappingMistake::about_file(name, mistake.message)
        });
        said.take(limits::COMPLAINTS).collect()
    })
}

/// What a store really uses, by the path that holds it: `payment_method` → `stripe`, `cod`.
pub type Used = BTreeMap<String, BTreeSet<String>>;

/// Complains of every value that the shop uses and a table of the mapping does not know.
pub fn check_used(file: &str, text: &str, used: &Used) -> Vec<MappingMistake> {
    let read = read(text, schema::target);
    let mut mistakes = Vec::new();
    let rules = read
        .mapping
        .rows
        .iter()
        .enumerate()
        .flat_map(|(row, rows)| {
            rows.fields
                .iter()
                .map(move |(name, rule)| (format!("rows.{row}.fields.{name}.from"), &rule.feed))
        });
    let flows = rules
        .filter_map(|(place, feed)| match feed {
            Feed::From(text) => Some((place, text)),
            _ => None,
        })
        .chain((read.mapping.names.iter()).map(|(name, text)| (format!("names.{name}"), text)));
    for (place, text) in flows {
        let Ok(draft) = flow::draft(text) else {
            continue;
        };
        let Term::Path(WrittenPath { steps }) = &draft.head else {
            continue;
        };
        let Some((PathStep::Field(last), _)) = steps.last() else {
            continue;
        };
        let (Some(values), Some(call)) = (used.get(last), draft.calls.first()) else {
            continue;
        };
        let start = read.places.get(&place).map_or(0, |span| span.start);
        // What comes behind may give an answer for what the table has none for.
        let is_caught = (draft.calls.iter()).any(|call| call.name == "default");
        for value in values {
            if is_caught || knows(&read.mapping, call, value) {
                continue;
            }
            let span = start + call.span.start..start + call.span.end;
            let message = format!(
                "the shop uses {} as {last}, and this does not know it",
                quoted(value)
            );
            let mistake = super::mistake::Mistake::new(span, message);
            mistakes.push(mistake.hinted("add it, or say what any other value becomes"));
        }
    }
    complaints(file, text, mistakes)
}

fn knows(mapping: &Mapping, call: &DraftCall, value: &str) -> bool {
    let texts: Vec<&str> = (call.args.iter())
        .filter_map(|arg| match arg {
            Term::Constant(Value::Text(text), _) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    match call.name.as_str() {
        "map_value" => texts.len() % 2 == 1 || texts.iter().step_by(2).any(|from| *from == value),
        "lookup" => {
            let mut next = texts.first().copied();
            // More tables than there are would be a circle, which the check complains of.
            for _ in 0..=mapping.lookup.len() {
                let Some(table) = next.and_then(|name| mapping.lookup.get(name)) else {
                    return false;
                };
                let known = table.rows.contains_key(value) || table.otherwise.is_some();
                // What stands in a CSV file is not at hand here.
                if known || table.csv.is_some() {
                    return true;
                }
                next = table.then.as_deref();
            }
            false
        }
        _ => true,
    }
}
