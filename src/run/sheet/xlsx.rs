//! A spreadsheet out of the very tables that go out as CSV: a sheet each, numbers as numbers.
//!
//! What is small is made whole in memory. A table of any length goes through [`LongSheet`]: its rows lie in a temporary file until all
//! of them are there, so that a million of them need as much memory as one, and as much room on the disk as they take as XML, some
//! 2 kB for each run.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::run::failure::Failure;

/// Long ids stay text: a spreadsheet would round them.
const DIGITS_MAX: usize = 12;

/// A column is as wide as its widest cell, up to here.
const WIDTH_MAX: usize = 60;

/// Sheets by their names, each as CSV.
pub fn spreadsheet(sheets: &[(&str, String)]) -> Result<Vec<u8>, Failure> {
    write(sheets).map_err(unmade)
}

fn unmade(error: XlsxError) -> Failure {
    Failure::new(
        "file_unwritten",
        format!("could not make the spreadsheet: {error}"),
    )
    .hint("export fewer runs with `--since` and `--until`, or use `--export csv`; a long one needs room for temporary files")
}

fn write(sheets: &[(&str, String)]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = workbook()?;
    let head = Format::new().set_bold();
    for (name, csv) in sheets {
        let sheet = workbook.add_worksheet();
        begin(sheet, name)?;
        for (row, record) in (0..).zip(records(csv).iter()) {
            put_row(sheet, row, record, &head)?;
        }
        sheet.autofit();
    }
    workbook.save_to_buffer()
}

fn workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // The same table gives the same bytes: no file says when it was made.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(workbook)
}

fn begin(sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn records(csv: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes());
    reader.records().map_while(Result::ok).collect()
}

/// The first row is the header.
fn put_row(
    sheet: &mut Worksheet,
    row: u32,
    record: &csv::StringRecord,
    head: &Format,
) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(record.iter()) {
        match number(cell) {
            _ if row == 0 => sheet.write_string_with_format(row, column, cell, head)?,
            Some(number) => sheet.write_number(row, column, number)?,
            None => sheet.write_string(row, column, cell)?,
        };
    }
    Ok(())
}

/// A spreadsheet of one sheet that may have any number of rows.
pub struct LongSheet {
    workbook: Workbook,
    head: Format,
    rows: u32,
    widths: Vec<usize>,
}

impl LongSheet {
    pub fn begin(name: &str) -> Result<LongSheet, Failure> {
        let begun = || {
            let mut workbook = workbook()?;
            begin(workbook.add_worksheet_with_constant_memory()?, name)?;
            Ok(LongSheet {
                workbook,
                head: Format::new().set_bold(),
                rows: 0,
                widths: Vec::new(),
            })
        };
        begun().map_err(unmade)
    }

    /// Adds the rows of a table. Its header is that of the sheet, and is written once.
    pub fn add(&mut self, csv: &str) -> Result<(), Failure> {
        let known = usize::from(self.rows > 0);
        for record in records(csv).iter().skip(known) {
            self.widths.resize(self.widths.len().max(record.len()), 0);
            for (width, cell) in self.widths.iter_mut().zip(record) {
                *width = cell.chars().count().min(WIDTH_MAX).max(*width);
            }
            let (rows, head) = (self.rows, &self.head);
            let sheet = self.workbook.worksheet_from_index(0);
            sheet
                .and_then(|sheet| put_row(sheet, rows, record, head))
                .map_err(unmade)?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Writes the file, piece by piece.
    pub fn write_to(mut self, out: impl Write + Send) -> Result<(), Failure> {
        let written = || {
            let sheet = self.workbook.worksheet_from_index(0)?;
            for (column, width) in (0..).zip(&self.widths) {
                let letters = u16::try_from(*width + 1).unwrap_or(u16::MAX);
                sheet.set_column_width(column, f64::from(letters))?;
            }
            self.workbook.save_to_writer(out)
        };
        written().map_err(unmade)
    }
}

/// A figure or an amount.
fn number(cell: &str) -> Option<f64> {
    let is_plain = cell
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    let is_id = cell.len() > 1 && cell.starts_with('0') && !cell.starts_with("0.");
    if !is_plain || is_id || cell.len() > DIGITS_MAX {
        return None;
    }
    cell.parse().ok()
}
