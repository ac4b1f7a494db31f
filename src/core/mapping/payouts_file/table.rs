//! The table: bytes as text, and the columns of a mapping in it, whatever stands above them and whatever divides them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Unfit;
use super::columns::{PayoutsMapping, plain};
use crate::model::near::did_you_mean;

/// The columns stand in one of the first lines; above them some services write a title.
const LINES_ABOVE: usize = 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What Windows means by the bytes that stand for nothing in Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a file: UTF-8, what Excel writes as Unicode, or what Windows wrote of old.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err("is a spreadsheet: save it as CSV first".to_owned());
    }
    if bytes.starts_with(b"%PDF") {
        return Err("is a PDF: ask the payment service for a CSV file".to_owned());
    }
    let sixteen = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|two| read([two[0], two[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(sixteen(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(sixteen(rest, u16::from_be_bytes)),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|byte| of_windows(*byte)).collect()),
        },
    };
    if text.contains('\0') {
        return Err("is no text".to_owned());
    }
    if trimmed(&text).is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(text)
}

fn of_windows(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The lines below the columns.
#[derive(Debug)]
pub struct Table {
    /// Where each column of the mapping stands, by its name in small letters.
    places: BTreeMap<String, usize>,
    pub width: usize,
    /// The text ends inside quotes: what stands behind them is one cell, whatever it was.
    pub is_cut: bool,
    /// With the number of each line in the file.
    pub records: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    /// What stands in a column of a line, without what is around it; `None`: the line ends before.
    pub fn cell<'t>(&self, record: &'t csv::StringRecord, name: &str) -> Option<&'t str> {
        record.get(*self.places.get(&plain(name))?).map(trimmed)
    }

    /// Whether a line has a cell for every column, but for the last one where the mapping does not name it.
    pub fn has_all(&self, record: &csv::StringRecord) -> bool {
        let last = self.places.values().max();
        record.len() + 1 >= self.width && last.is_none_or(|last| *last < record.len())
    }
}

fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|one: char| one.is_whitespace() || one == '\u{feff}')
}

fn records(text: &str, delimiter: u8) -> Vec<(u64, csv::StringRecord)> {
    let reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = reader.into_records().flatten();
    records
        .map(|record| (record.position().map_or(0, csv::Position::line), record))
        .filter(|(_, record)| record.iter().any(|cell| !trimmed(cell).is_empty()))
        .collect()
}

/// Whether a quote that was opened is never closed. As the records are read: a quote opens at the beginning of a cell only.
fn ends_in_quotes(text: &str, delimiter: u8) -> bool {
    #[derive(PartialEq)]
    enum At {
        Begin,
        Inside,
        Quoted,
        /// A quote inside of quotes: it ends them, or is the first of two that mean one.
        Quote,
    }
    let mut at = At::Begin;
    for byte in text.bytes() {
        let is_end = byte == delimiter || byte == b'\n' || byte == b'\r';
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (At::Begin | At::Quote, b'"') => At::Quoted,
            _ if is_end => At::Begin,
            _ => At::Inside,
        };
    }
    at == At::Quoted
}

/// Finds the columns, or says which one is missing.
pub fn find(text: &str, mapping: &PayoutsMapping) -> Result<Table, Unfit> {
    let names = mapping.names();
    let mut best: Option<(usize, Vec<String>)> = None;
    for delimiter in DELIMITERS {
        let records = records(text, delimiter);
        for at in 0..records.len().min(LINES_ABOVE) {
            let header: Vec<String> = records[at].1.iter().map(plain_header).collect();
            let found = names
                .iter()
                .filter(|name| header.contains(&plain(name)))
                .count();
            if found == names.len() {
                let is_cut = ends_in_quotes(text, delimiter);
                return placed(&names, &header, records, at, is_cut);
            }
            if best.as_ref().is_none_or(|(most, _)| found > *most) {
                let shown = records[at].1.iter().map(|cell| trimmed(cell).to_owned());
                best = Some((found, shown.collect()));
            }
        }
    }
    let header = best.map(|(_, header)| header).unwrap_or_default();
    let is_there = |name: &&str| header.iter().any(|one| plain(one) == plain(name));
    let mut missing: Vec<&str> = names.into_iter().filter(|name| !is_there(name)).collect();
    missing.dedup();
    let first = missing.first().copied().unwrap_or_default();
    let near = did_you_mean(first, header.iter().map(String::as_str));
    let more = missing.len().saturating_sub(3);
    let shown = missing[..missing.len() - more].join("` and none `");
    let said = match more {
        0 => format!("has no column `{shown}`"),
        more => format!("has no column `{shown}` and lacks {more} more"),
    };
    Err(Unfit {
        message: said,
        hint: near.or_else(|| {
            let shown: Vec<&str> = header.iter().take(8).map(String::as_str).collect();
            (!shown.is_empty()).then(|| format!("its columns are `{}`", shown.join("`, `")))
        }),
    })
}

fn plain_header(cell: &str) -> String {
    plain(trimmed(cell))
}

fn placed(
    names: &[&str],
    header: &[String],
    mut records: Vec<(u64, csv::StringRecord)>,
    at: usize,
    is_cut: bool,
) -> Result<Table, Unfit> {
    let mut places = BTreeMap::new();
    for name in names {
        let is_it = |one: &&String| **one == plain(name);
        if header.iter().filter(is_it).count() > 1 {
            return Err(Unfit::new(format!("has the column `{name}` twice")));
        }
        let place = header.iter().position(|one| *one == plain(name));
        places.extend(place.map(|place| (plain(name), place)));
    }
    records.drain(..=at);
    Ok(Table {
        places,
        width: header.len(),
        is_cut,
        records,
    })
}
