//! A spreadsheet out of the very tables that go out as CSV: a sheet each, numbers as numbers.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use crate::run::failure::Failure;

/// Long ids stay text: a spreadsheet would round them.
const DIGITS_MAX: usize = 12;

/// Sheets by their names, each as CSV.
pub fn spreadsheet(sheets: &[(&str, String)]) -> Result<Vec<u8>, Failure> {
    write(sheets).map_err(|error| {
        Failure::new(
            "file_unwritten",
            format!("could not make the spreadsheet: {error}"),
        )
        .hint("export fewer runs with `--since` and `--until`, or use `--export csv`")
    })
}

fn write(sheets: &[(&str, String)]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same table gives the same bytes: no file says when it was made.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let head = Format::new().set_bold();
    for (name, csv) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name)?;
        sheet.set_freeze_panes(1, 0)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(csv.as_bytes());
        let records = reader.records().map_while(Result::ok);
        for (row, record) in (0..).zip(records) {
            for (column, cell) in (0..).zip(record.iter()) {
                match number(cell) {
                    _ if row == 0 => sheet.write_string_with_format(row, column, cell, &head)?,
                    Some(number) => sheet.write_number(row, column, number)?,
                    None => sheet.write_string(row, column, cell)?,
                };
            }
        }
        sheet.autofit();
    }
    workbook.save_to_buffer()
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
