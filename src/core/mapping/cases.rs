//! Cases: what a mapping makes of records, kept beside it and compared.
//!
//! A file of cases, `orders.cases.toml`, holds records as JSON and what shall become of each:
//!
//! ```toml
//! [records]
//! simple = '''{"id": 1, "number": "1042"}'''
//! [[case]]
//! name = "an order with a long number keeps the number of its id"
//! record = "simple"
//! set = { number = "0000000000000000000001042" }   # changes by path: `line_items.0.sku`
//! unset = ["date_paid_gmt"]                         # set to nothing
//! has = { memo = "x" }                              # fields of the first row, or of row `row`
//! empty = ["number"]                                # fields that hold nothing
//! ```
//!
//! `rows` compares all rows whole, as JSON; `count` their number; `skipped` the reason of a filter;
//! `refused` the field that could not be filled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::apply::MappingOutcome;
use super::compile::Compiled;
use super::limits;
use super::mistake::{MappingMistake, Mistake, complaints, quoted};
use crate::model::near::did_you_mean;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(default)]
    records: BTreeMap<String, String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    #[serde(default)]
    case: Vec<WrittenCase>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    name: String,
    record: String,
    #[serde(default)]
    set: BTreeMap<String, Plain>,
    #[serde(default)]
    unset: Vec<String>,
    #[serde(default)]
    row: usize,
    #[serde(default)]
    has: BTreeMap<String, Plain>,
    #[serde(default)]
    empty: Vec<String>,
    rows: Option<String>,
    count: Option<usize>,
    skipped: Option<String>,
    refused: Option<String>,
}

/// A value in a file of cases. Figures stand in quotes.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a text, a whole number, `true` or `false` (figures stand in quotes)"
)]
enum Plain {
    Text(String),
    Whole(i64),
    Bool(bool),
}

impl Plain {
    fn json(&self) -> Json {
        match self {
            Plain::Text(text) => Json::from(text.as_str()),
            Plain::Whole(whole) => Json::from(*whole),
            Plain::Bool(is) => Json::from(*is),
        }
    }
}

/// The cases of a mapping, ready to be compared.
#[derive(Debug)]
pub struct Cases {
    settings: Json,
    list: Vec<MappingCase>,
}

#[derive(Debug)]
struct MappingCase {
    name: String,
    record: Json,
    row: usize,
    has: Vec<(String, Json)>,
    rows: Option<Json>,
    count: Option<usize>,
    skipped: Option<String>,
    refused: Option<String>,
}

/// How a case came out. It passed if nothing differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    pub name: String,
    pub differences: Vec<String>,
}

/// Reads the text of a file of cases.
pub fn read(file: &str, text: &str) -> Result<Cases, Vec<MappingMistake>> {
    if text.len() > limits::FILE {
        let message = format!("the file is larger than {} KB", limits::FILE / 1024);
        return Err(vec![MappingMistake::about_file(file, message)]);
    }
    let sheet: Sheet = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let message = format!("the cases could not be read: {}", error.message().trim());
        complaints(file, text, vec![Mistake::new(span, message)])
    })?;
    let mut wrong = Vec::new();
    // The place of a word in the file is near enough to find a case by.
    let mut complain = |word: &str, message: String, hint: Option<String>| {
        let at = text.find(word).unwrap_or(0);
        wrong.push(Mistake::new(at..at, message).hint(hint));
    };
    let mut records = BTreeMap::new();
    for (name, json) in &sheet.records {
        match serde_json::from_str::<Json>(json) {
            Ok(record) => {
                records.insert(name.as_str(), record);
            }
            Err(error) => {
                let message = format!("the record {} is not JSON: {error}", quoted(name));
                complain(name, message, None);
            }
        }
    }
    let mut list = Vec::new();
    for case in &sheet.case {
        let Some(record) = records.get(case.record.as_str()) else {
            if !sheet.records.contains_key(&case.record) {
                let message = format!("there is no record {}", quoted(&case.record));
                let hint = did_you_mean(&case.record, records.keys().copied());
                complain(&case.name, message, hint);
            }
            continue;
        };
        let mut record = record.clone();
        let nothing = case.unset.iter().map(|path| (path, Json::Null));
        let changes = case.set.iter().map(|(path, value)| (path, value.json()));
        for (path, value) in changes.chain(nothing) {
            if !put(&mut record, path, value) {
                let message = format!("the record has no place {}", quoted(path));
                complain(&case.name, message, None);
            }
        }
        let rows = match case.rows.as_deref().map(serde_json::from_str).transpose() {
            Ok(rows) => rows,
            Err(error) => {
                let message = format!("the rows of {} are not JSON: {error}", quoted(&case.name));
                complain(&case.name, message, None);
                continue;
            }
        };
        let empty = case.empty.iter().map(|field| (field.clone(), Json::Null));
        let has = case
            .has
            .iter()
            .map(|(field, value)| (field.clone(), value.json()));
        let case = MappingCase {
            name: case.name.clone(),
            record,
            row: case.row,
            has: has.chain(empty).collect(),
            rows,
            count: case.count,
            skipped: case.skipped.clone(),
            refused: case.refused.clone(),
        };
        let says = case.has.len()
            + usize::from(case.rows.is_some())
            + usize::from(case.count.is_some())
            + usize::from(case.skipped.is_some())
            + usize::from(case.refused.is_some());
        if says == 0 {
            let message = format!("the case {} expects nothing", quoted(&case.name));
            complain(&case.name, message, Some("write `has = { … }`".to_owned()));
        }
        list.push(case);
    }
    if !wrong.is_empty() {
        return Err(complaints(file, text, wrong));
    }
    let settings =
        (sheet.settings.iter()).map(|(key, value)| (key.clone(), Json::from(value.as_str())));
    Ok(Cases {
        settings: settings.collect(),
        list,
    })
}

impl Cases {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What the settings of the cases are.
    pub fn settings(&self) -> &Json {
        &self.settings
    }

    /// Each record with the name of its case.
    pub fn records(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.list
            .iter()
            .map(|case| (case.name.as_str(), &case.record))
    }

    /// Runs every case, and says what differs.
    pub fn compare(&self, mapping: &Compiled) -> Vec<Compared> {
        let compare = |case: &MappingCase| Compared {
            name: case.name.clone(),
            differences: case.differences(&mapping.apply(&case.record, &self.settings)),
        };
        self.list.iter().map(compare).collect()
    }
}

impl MappingCase {
    fn differences(&self, outcome: &MappingOutcome) -> Vec<String> {
        let (skipped, refused, rows) = match outcome {
            MappingOutcome::Skip(because) => (Some(because.clone()), None, Vec::new()),
            MappingOutcome::Refusal(refusal) => (None, Some(refusal.field.clone()), Vec::new()),
            MappingOutcome::Document(document) => (None, None, document.rows.clone()),
        };
        let mut differences = Vec::new();
        for (what, made, meant) in [
            ("skipped", &skipped, &self.skipped),
            ("refused", &refused, &self.refused),
        ] {
            if made != meant {
                let said = |text: &Option<String>| match text {
                    Some(text) => quoted(text),
                    None => "not".to_owned(),
                };
                differences.push(format!("{what}: {}, expected {}", said(made), said(meant)));
            }
        }
        if skipped.is_some() || refused.is_some() {
            return differences;
        }
        if let Some(count) = self.count
            && count != rows.len()
        {
            differences.push(format!("{} rows, expected {count}", rows.len()));
        }
        for (field, meant) in &self.has {
            let made = rows.get(self.row).and_then(|row| {
                let mut parts = field.split('.');
                let first = row.get(parts.next()?)?;
                parts.try_fold(first, |value, part| value.get(part))
            });
            if made.unwrap_or(&Json::Null) != meant {
                let made = made.unwrap_or(&Json::Null);
                differences.push(format!("{field}: {made}, expected {meant}"));
            }
        }
        if let Some(Json::Array(meant)) = &self.rows {
            differences.extend(different_rows(&rows, meant));
        } else if self.rows.is_some() {
            differences.push("`rows` is a list".to_owned());
        }
        differences
    }
}

fn different_rows(rows: &[serde_json::Map<String, Json>], meant: &[Json]) -> Vec<String> {
    let mut differences = Vec::new();
    if rows.len() != meant.len() {
        differences.push(format!("{} rows, expected {}", rows.len(), meant.len()));
    }
    for (number, (row, meant)) in rows.iter().zip(meant).enumerate() {
        let empty = serde_json::Map::new();
        let meant = meant.as_object().unwrap_or(&empty);
        let missing = meant.keys().filter(|key| !row.contains_key(*key));
        for key in row.keys().chain(missing) {
            let (made, meant) = (row.get(key), meant.get(key));
            if made != meant {
                let shown =
                    |json: Option<&Json>| json.map_or("nothing".to_owned(), Json::to_string);
                differences.push(format!(
                    "row {number}, {key}: {}, expected {}",
                    shown(made),
                    shown(meant)
                ));
            }
        }
    }
    differences
}

/// Puts a value at `line_items.0.sku`; false if there is no such place to put it in.
fn put(record: &mut Json, path: &str, value: Json) -> bool {
    let mut here = record;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let next = match here {
            Json::Object(fields) if is_last => {
                fields.insert(part.to_owned(), value);
                return true;
            }
            Json::Object(fields) => fields.get_mut(part),
            Json::Array(items) => match part.parse::<usize>() {
                Ok(at) => items.get_mut(at),
                Err(_) => None,
            },
            _ => None,
        };
        match next {
            Some(slot) if is_last => {
                *slot = value;
                return true;
            }
            Some(slot) => here = slot,
            None => return false,
        }
    }
    false
}
