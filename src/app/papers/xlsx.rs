//! A spreadsheet: a sheet for each table, numbers as numbers, days as days, and cells below that calculate.
//!
//! Each row leaves memory when the next one begins. A sheet has room for about a million of them; what does not fit goes on in a sheet
//! of the same name with a number, and the cells that calculate look at all of these.

use std::io::{self, Write};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

use super::checks::RunningCheck;
use super::{Paper, PaperTable};
use crate::books::reconciled::ProofColumnKind;

/// The rows of a sheet behind its header; behind them is room for what calculates.
const ROWS_OF_SHEET: u32 = 1_048_000;
/// A spreadsheet keeps so many digits of a number. What has more stays text, and exact.
const DIGITS_MAX: usize = 15;
/// What a cell takes.
const LETTERS_MAX: usize = 32_767;
const WIDTH_MAX: usize = 60;

pub(super) fn write(paper: &Paper<'_>, out: &mut (dyn Write + Send)) -> io::Result<()> {
    write_in_sheets_of(paper, ROWS_OF_SHEET, out)
}

/// The same with sheets of so many rows.
pub(super) fn write_in_sheets_of(
    paper: &Paper<'_>,
    rows_of_sheet: u32,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let mut book = SheetBook {
        workbook: Workbook::new(),
        forms: SheetForms::new(),
        rows_of_sheet,
    };
    book.fill(paper).map_err(unwritten)?;
    book.workbook.save_to_writer(out).map_err(unwritten)
}

fn unwritten(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

/// How cells look.
struct SheetForms {
    head: Format,
    day: Format,
    /// By how many decimals there are.
    amounts: [Format; 5],
}

impl SheetForms {
    fn new() -> SheetForms {
        let amount = |format: &str| Format::new().set_num_format(format);
        SheetForms {
            head: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            amounts: ["0", "0.0", "0.00", "0.000", "0.0000"].map(amount),
        }
    }

    fn amount(&self, decimals: u32) -> &Format {
        let most = self.amounts.len() - 1;
        &self.amounts[(decimals as usize).min(most)]
    }
}

struct SheetBook {
    workbook: Workbook,
    forms: SheetForms,
    rows_of_sheet: u32,
}

/// Where the rows of a table stand: the name of a sheet and how many it has.
struct SheetPart {
    name: String,
    rows: u32,
}

impl SheetBook {
    fn fill(&mut self, paper: &Paper<'_>) -> Result<(), XlsxError> {
        // The same paper gives the same bytes: no file says when it was made.
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let about = DocProperties::new()
            .set_title(&paper.title)
            .set_creation_datetime(&made);
        self.workbook.set_properties(&about);
        for table in &paper.tables {
            self.fill_table(table)?;
        }
        if !paper.notes.is_empty() {
            let notes = self.workbook.add_worksheet();
            notes.set_name("notes")?;
            for (row, note) in (0..).zip(&paper.notes) {
                notes.write_string(row, 0, cut(note))?;
            }
        }
        Ok(())
    }

    fn fill_table(&mut self, table: &PaperTable<'_>) -> Result<(), XlsxError> {
        let mut checks = RunningCheck::all_of(table);
        let mut widths: Vec<usize> = table.columns.iter().map(|it| it.name.len()).collect();
        let mut parts: Vec<SheetPart> = Vec::new();
        let mut rows = (table.rows)().peekable();
        loop {
            let name = match parts.len() {
                0 => table.name.to_owned(),
                more => format!("{} {}", table.name, more + 1),
            };
            let sheet = self.workbook.add_worksheet_with_constant_memory()?;
            begin(sheet, &name, table, &self.forms)?;
            let mut row = 0;
            while row < self.rows_of_sheet
                && let Some(cells) = rows.next()
            {
                row += 1;
                checks.iter_mut().for_each(|check| check.add(&cells));
                for ((place, cell), column) in (0..).zip(&cells).zip(&table.columns) {
                    write_cell(sheet, (row, place), column.kind, cell, &self.forms)?;
                    let width = &mut widths[usize::from(place)];
                    *width = (*width).max(cell.chars().count());
                }
            }
            parts.push(SheetPart { name, rows: row });
            if rows.peek().is_none() {
                self.close(&checks, &parts, &mut widths)?;
                break;
            }
        }
        let first = self.workbook.worksheets().len() - parts.len();
        for sheet in &mut self.workbook.worksheets_mut()[first..] {
            for (place, width) in (0..).zip(&widths) {
                sheet.set_column_width(place, width_of(*width))?;
            }
        }
        Ok(())
    }

    /// Below the last row: what calculates.
    fn close(
        &mut self,
        checks: &[RunningCheck<'_>],
        parts: &[SheetPart],
        widths: &mut [usize],
    ) -> Result<(), XlsxError> {
        let (Some(sheet), Some(last)) = (self.workbook.worksheets_mut().last_mut(), parts.last())
        else {
            return Ok(());
        };
        // An empty row stands between, so that a table that somebody sorts ends where it ends.
        let below = last.rows + 2;
        for (row, check) in (below..).zip(checks) {
            sheet.write_string(row, 0, cut(&check.check.label))?;
            let formula = Formula::new(formula(check, parts)).set_result(check.said());
            let form = self.forms.amount(2);
            // Into the column of the first figure that it adds up.
            let place = check.plus.first().copied().unwrap_or(1).max(1);
            let place = u16::try_from(place).unwrap_or(1);
            sheet.write_formula_with_format(row, place, formula, form)?;
        }
        let longest = checks.iter().map(|check| check.check.label.len()).max();
        if let (Some(width), Some(longest)) = (widths.first_mut(), longest) {
            *width = (*width).max(longest);
        }
        Ok(())
    }
}

fn begin(
    sheet: &mut Worksheet,
    name: &str,
    table: &PaperTable<'_>,
    forms: &SheetForms,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    for (place, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, place, column.name, &forms.head)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    kind: ProofColumnKind,
    cell: &str,
    forms: &SheetForms,
) -> Result<(), XlsxError> {
    if cell.is_empty() {
        return Ok(());
    }
    match kind {
        ProofColumnKind::Day => {
            if let Ok(day) = cell.parse::<NaiveDate>() {
                sheet.write_datetime_with_format(row, place, day, &forms.day)?;
                return Ok(());
            }
        }
        ProofColumnKind::Amount | ProofColumnKind::Count => {
            if let Some((number, decimals)) = number(cell) {
                sheet.write_number_with_format(row, place, number, forms.amount(decimals))?;
                return Ok(());
            }
        }
        ProofColumnKind::Text => {}
    }
    // A text cell is never read as a formula.
    sheet.write_string(row, place, cut(cell))?;
    Ok(())
}

/// With how many decimals it is written.
fn number(cell: &str) -> Option<(f64, u32)> {
    let figure: Decimal = cell.parse().ok()?;
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    if digits > DIGITS_MAX {
        return None;
    }
    Some((figure.to_f64()?, figure.scale()))
}

fn cut(text: &str) -> &str {
    match text.char_indices().nth(LETTERS_MAX) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn width_of(letters: usize) -> f64 {
    let letters = letters.clamp(6, WIDTH_MAX) + 2;
    letters.to_f64().unwrap_or(10.0)
}

/// What binary fractions leave of a sum of decimals is rounded away, and nothing that is money.
fn formula(check: &RunningCheck<'_>, parts: &[SheetPart]) -> String {
    let mut terms = String::new();
    let signed = check.plus.iter().map(|place| ("+", place));
    let signed = signed.chain(check.minus.iter().map(|place| ("-", place)));
    for (sign, place) in signed {
        for part in parts.iter().filter(|part| part.rows > 0) {
            if !(terms.is_empty() && sign == "+") {
                terms.push_str(sign);
            }
            let figures = cells_of(*place, part, parts.len() > 1);
            terms.push_str(&match check.only {
                None => format!("SUM({figures})"),
                Some((words, word)) => format!(
                    "SUMIF({},\"{}\",{figures})",
                    cells_of(words, part, parts.len() > 1),
                    word.replace('"', "\"\"")
                ),
            });
        }
    }
    match terms.is_empty() {
        true => "=0".to_owned(),
        false => format!("=ROUND({terms},4)"),
    }
}

/// `C2:C31`, and with its sheet where there are several.
fn cells_of(place: usize, part: &SheetPart, is_named: bool) -> String {
    let column = column_number_to_name(u16::try_from(place).unwrap_or_default());
    let last = part.rows + 1;
    match is_named {
        true => format!("'{}'!{column}2:{column}{last}", part.name),
        false => format!("{column}2:{column}{last}"),
    }
}
