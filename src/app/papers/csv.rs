//! A table as CSV: UTF-8, amounts with a dot, days as ISO has them, and no cell that a spreadsheet would take for a formula.

use std::io::{self, Write};

use super::PaperTable;

/// Writes a table while its rows come.
pub fn write(table: &PaperTable<'_>, out: &mut dyn Write) -> io::Result<()> {
    let header: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    write_rows(&header, (table.rows)(), out)
}

/// The same for rows that belong to no paper.
pub fn write_rows(
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    writer.flush()
}

/// A spreadsheet takes a cell that begins like a formula for one. Plain numbers stay numbers.
fn harmless(cell: &str) -> String {
    let begins_a_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = cell.parse::<rust_decimal::Decimal>().is_ok();
    if begins_a_formula && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
