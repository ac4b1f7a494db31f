//! Lookup tables: what stands for what, in the file itself or in a CSV file beside it.
//!
//! A table may say what to give for keys that it does not have, or which other table to ask then.
//! The text of CSV files is handed in: nothing here reads a disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::limits;
use super::mistake::quoted;
use crate::model::near::did_you_mean;

/// A table as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, String>,
    /// A CSV file, and which of its columns are asked and answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csv: Option<Csv>,
    /// What is given for any other key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// The table that is asked for any other key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csv {
    pub file: String,
    pub key: String,
    pub value: String,
}

/// A table that is ready to be asked.
#[derive(Debug, Default)]
pub struct LookupTable {
    rows: BTreeMap<String, String>,
    otherwise: Option<String>,
    then: Option<Arc<LookupTable>>,
}

impl LookupTable {
    /// A table that asks no file and no other table.
    pub fn plain(lookup: &Lookup) -> LookupTable {
        LookupTable {
            rows: lookup.rows.clone(),
            otherwise: lookup.otherwise.clone(),
            then: None,
        }
    }

    /// Keys are compared without the spaces around them.
    pub fn find(&self, key: &str) -> Option<&str> {
        let mut table = self;
        let mut otherwise = self.otherwise.as_deref();
        loop {
            if let Some(found) = table.rows.get(key.trim()) {
                return Some(found);
            }
            match &table.then {
                Some(next) => table = next,
                None => return otherwise,
            }
            otherwise = otherwise.or(table.otherwise.as_deref());
        }
    }

    /// It has an answer for every key.
    pub fn answers_all(&self) -> bool {
        self.otherwise.is_some() || self.then.as_ref().is_some_and(|next| next.answers_all())
    }
}

/// What is wrong with a table: its name, the key in it, the message and perhaps a hint.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongTable {
    pub table: String,
    pub key: &'static str,
    pub message: String,
    pub hint: Option<String>,
}

/// Makes all tables of a file ready. `files` holds the text of each CSV file, by name.
pub fn tables(
    lookups: &BTreeMap<String, Lookup>,
    files: &BTreeMap<String, String>,
) -> (BTreeMap<String, Arc<LookupTable>>, Vec<WrongTable>) {
    let mut wrong = Vec::new();
    let mut ready: BTreeMap<String, Arc<LookupTable>> = BTreeMap::new();
    let mut left = limits::ROWS_ALL;
    for name in lookups.keys() {
        // The chain of tables that ask each other, the one that is asked last at the end.
        let mut chain = vec![name.as_str()];
        while let Some(next) = lookups
            .get(chain[chain.len() - 1])
            .and_then(|lookup| lookup.then.as_deref())
        {
            let message = if chain.contains(&next) {
                let round = chain.join("` asks `");
                Some(format!("`{round}` asks `{next}`: this never ends"))
            } else if !lookups.contains_key(next) {
                Some(format!("there is no lookup table {}", quoted(next)))
            } else {
                None
            };
            if let Some(message) = message {
                if chain.len() == 1 || chain.first() == Some(&next) {
                    wrong.push(WrongTable {
                        table: chain[chain.len() - 1].to_owned(),
                        key: "then",
                        message,
                        hint: did_you_mean(
                            next,
                            lookups.keys().map(String::as_str).filter(|n| *n != next),
                        ),
                    });
                }
                break;
            }
            chain.push(next);
        }
        for name in chain.into_iter().rev() {
            if ready.contains_key(name) {
                continue;
            }
            let lookup = &lookups[name];
            let then = lookup.then.as_ref().and_then(|next| ready.get(next));
            let then = then.cloned();
            let made = rows(lookup, files).and_then(|rows| match rows.len() <= left {
                true => Ok(rows),
                false => {
                    let most = limits::ROWS_ALL;
                    let said = format!("the tables of a mapping have {most} rows at most together");
                    Err((said, None))
                }
            });
            let rows = match made {
                Ok(rows) => {
                    left -= rows.len();
                    rows
                }
                Err((message, hint)) => {
                    wrong.push(WrongTable {
                        table: name.to_owned(),
                        key: "csv",
                        message,
                        hint,
                    });
                    lookup.rows.clone()
                }
            };
            let table = LookupTable {
                rows,
                otherwise: lookup.otherwise.clone(),
                then,
            };
            ready.insert(name.to_owned(), Arc::new(table));
        }
    }
    wrong.sort_by(|a, b| (&a.table, a.key).cmp(&(&b.table, b.key)));
    wrong.dedup();
    (ready, wrong)
}

type LookupTrouble = (String, Option<String>);

fn rows(
    lookup: &Lookup,
    files: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, LookupTrouble> {
    let mut rows = lookup.rows.clone();
    let Some(csv) = &lookup.csv else {
        return Ok(rows);
    };
    let file = quoted(&csv.file);
    if csv.file.contains(['/', '\\']) || csv.file.starts_with('.') || csv.file.is_empty() {
        return Err((
            format!("{file} is not the name of a file beside the mapping"),
            Some(
                "put the file into the folder of the mapping, and write its name alone".to_owned(),
            ),
        ));
    }
    let text = files.get(&csv.file).ok_or_else(|| {
        let known = files.keys().map(String::as_str);
        (
            format!("the file {file} is not beside the mapping"),
            did_you_mean(&csv.file, known)
                .or_else(|| Some(format!("put {file} into the folder of the mapping"))),
        )
    })?;
    if text.len() > limits::CSV {
        let most = limits::CSV / (1024 * 1024);
        return Err((format!("{file} is larger than {most} MB"), None));
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        (format!("{file} could not be read at line {line}"), None)
    };
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or((
            format!("{file} has no column {}", quoted(name)),
            did_you_mean(name, headers.iter()),
        ))
    };
    let (key, value) = (column(&csv.key)?, column(&csv.value)?);
    for (number, row) in reader.records().enumerate() {
        if number >= limits::CSV_ROWS {
            let most = limits::CSV_ROWS;
            return Err((format!("{file} has more than {most} rows"), None));
        }
        let row = row.map_err(unreadable)?;
        let (key, value) = (row.get(key).unwrap_or(""), row.get(value).unwrap_or(""));
        if let Some(other) = rows.insert(key.to_owned(), value.to_owned())
            && other != value
        {
            return Err((
                format!("{file} gives two answers for {}", quoted(key)),
                Some("take one of the rows out".to_owned()),
            ));
        }
    }
    Ok(rows)
}
