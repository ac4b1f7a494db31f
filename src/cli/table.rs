//! Tables and paragraphs for a screen: rows stay on their line, long words go below them.
//!
//! A row that breaks in the middle of a number cannot be read. So the cells are never broken; only the remark at the
//! end of a row is, and it continues on lines of its own.

use std::ops::Range;

use comfy_table::{CellAlignment, ContentArrangement, presets};
use console::{Term, measure_text_width};

use super::paint::mark_ends;
use super::plain::cell;

/// Between two columns.
pub(super) const GAP: u16 = 2;
/// A remark with less room than this begins below its row.
const REMARK_MIN: usize = 24;
/// How far remarks below a row are moved in.
const INDENT: usize = 4;

/// Rows of cells, each row with a remark that may be long.
pub struct TextTable {
    header: Vec<&'static str>,
    /// The columns of amounts and counts.
    right: Vec<usize>,
    rows: Vec<(Vec<String>, String)>,
}

impl TextTable {
    pub fn new(header: &[&'static str], right: &[usize]) -> TextTable {
        TextTable {
            header: header.to_vec(),
            right: right.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Whatever a shop or a company has put into its names, a row stays a row.
    pub fn row(&mut self, cells: Vec<String>, remark: String) {
        let cells = cells.iter().map(|words| cell(words)).collect();
        self.rows.push((cells, cell(&remark)));
    }

    /// As text for a screen of this width; `None` is as wide as it takes.
    pub fn render(&self, width: Option<usize>) -> String {
        let parts = self.parts(width.unwrap_or(usize::MAX));
        let mut lines: Vec<_> = parts
            .into_iter()
            .map(|columns| self.cells(columns).into_iter())
            .collect();
        let mut text = String::new();
        // A row that is wider than the screen goes on below itself, moved in, and so does the header.
        let mut begin = |text: &mut String| {
            let (last, before) = lines.split_last_mut()?;
            for (at, part) in before.iter_mut().enumerate() {
                let line = part.next()?;
                text.push_str(format!("{}{line}", moved_in(at)).trim_end());
                text.push('\n');
            }
            Some(format!("{}{}", moved_in(before.len()), last.next()?))
        };
        if self.has_header() {
            let line = begin(&mut text).unwrap_or_default();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for (_, remark) in &self.rows {
            let line = begin(&mut text).unwrap_or_default();
            append(&mut text, &line, remark, width);
        }
        text
    }

    /// The columns that fit beside each other.
    fn parts(&self, width: usize) -> Vec<Range<usize>> {
        let rows = self.rows.iter().map(|(cells, _)| cells.len()).max();
        let count = self.header.len().max(rows.unwrap_or_default());
        let (mut parts, mut begin, mut taken) = (Vec::new(), 0, 0);
        for column in 0..count {
            let own = self.width_of(column);
            if taken > 0 && taken + own > width {
                parts.push(begin..column);
                (begin, taken) = (column, INDENT);
            }
            taken += own + usize::from(GAP);
        }
        parts.push(begin..count);
        parts
    }

    fn width_of(&self, column: usize) -> usize {
        width_of_column(&self.header, &self.rows, column)
    }

    fn has_header(&self) -> bool {
        self.header.iter().any(|word| !word.is_empty())
    }

    /// These cells without the remarks, every row on one line however long it is.
    fn cells(&self, columns: Range<usize>) -> Vec<String> {
        let of = |count: usize| columns.start.min(count)..columns.end.min(count);
        let mut table = comfy_table::Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        if self.has_header() {
            table.set_header(&self.header[of(self.header.len())]);
        }
        for (cells, _) in &self.rows {
            table.add_row(&cells[of(cells.len())]);
        }
        for (place, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, GAP));
            if self.right.contains(&(columns.start + place)) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.lines().map(|line| mark_ends(&line)).collect()
    }
}

/// How wide the widest cell of a column is, its header among them. Behind the cells of a row stands its remark.
pub(super) fn width_of_column(
    header: &[&str],
    rows: &[(Vec<String>, String)],
    column: usize,
) -> usize {
    let header = header.get(column).map(|word| measure_text_width(word));
    let cells = rows.iter().filter_map(|(cells, _)| cells.get(column));
    let widest = cells.map(|words| measure_text_width(words)).max();
    header.max(widest).unwrap_or_default()
}

/// What stands before a part of a row.
fn moved_in(part: usize) -> String {
    match part {
        0 => String::new(),
        _ => " ".repeat(INDENT),
    }
}

/// Puts the remark behind the line where there is room for it, and below where there is not.
fn append(text: &mut String, line: &str, remark: &str, width: Option<usize>) {
    let taken = measure_text_width(line);
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(taken));
    let fits = measure_text_width(remark) <= room;
    if fits || room >= REMARK_MIN {
        let below = " ".repeat(taken);
        let mut parts = wrapped(remark, room).into_iter();
        text.push_str(format!("{line}{}", parts.next().unwrap_or_default()).trim_end());
        text.push('\n');
        for part in parts {
            text.push_str(&format!("{below}{part}\n"));
        }
    } else {
        text.push_str(line.trim_end());
        text.push('\n');
        text.push_str(&paragraph(remark, INDENT, INDENT, width));
    }
}

/// Text with its first line and its other lines moved in.
pub fn paragraph(words: &str, first: usize, others: usize, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| {
        width.saturating_sub(first.max(others)).max(REMARK_MIN)
    });
    wrapped(words, room)
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let indent = if at == 0 { first } else { others };
            format!("{}{line}\n", " ".repeat(indent))
        })
        .collect()
}

/// Breaks between words only. What stands in backticks can be typed and stays in one piece where it fits.
fn wrapped(words: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in pieces(words, room) {
        if is_command(word) && measure_text_width(word) > room {
            lines.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
            lines.extend(continued(word, room));
            line = lines.pop().unwrap_or_default();
            continue;
        }
        let longer = measure_text_width(&line) + 1 + measure_text_width(word);
        if !line.is_empty() && longer > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// The words of a text, a quoted passage with what hangs on it as one word unless it is longer than a line.
fn pieces(words: &str, room: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let mut quoted = false;
        let end = rest
            .char_indices()
            .find(|(_, letter)| {
                quoted ^= *letter == '`';
                *letter == ' ' && !quoted
            })
            .map_or(rest.len(), |(at, _)| at);
        let (piece, behind) = rest.split_at(end);
        if measure_text_width(piece) > room && !is_command(piece) {
            pieces.extend(piece.split(' '));
        } else {
            pieces.push(piece);
        }
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    pieces
}

fn is_command(piece: &str) -> bool {
    piece.starts_with("`udsync ")
}

/// A command that is longer than a line, with its lines joined as a shell joins them, so that it can still be copied. A screen would break it
/// within a word. What stands in quotes stays in one piece.
fn continued(command: &str, room: usize) -> Vec<String> {
    if cfg!(windows) {
        return vec![command.to_owned()];
    }
    let mut quoted = false;
    let words = command.split(|letter| {
        quoted ^= letter == '"';
        letter == ' ' && !quoted
    });
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words {
        let longer = measure_text_width(&line) + 1 + measure_text_width(word) + CONTINUES.len();
        if line.trim().is_empty() {
            line.push_str(word);
        } else if longer > room {
            lines.push(format!("{line}{CONTINUES}"));
            line = format!("  {word}");
        } else {
            line = format!("{line} {word}");
        }
    }
    lines.push(line);
    lines
}

/// What tells a shell that a command goes on in the next line.
const CONTINUES: &str = " \\";

/// How wide the screen is that the answer goes to; `None` where it goes to a file or a pipe.
pub fn width_of_answer() -> Option<usize> {
    let (_, columns) = Term::stdout().size_checked()?;
    // The last column is left free: some terminals break the line when it is used.
    Some(usize::from(columns).saturating_sub(1).max(40))
}

/// How wide the screen is that everything else goes to; `None` where it goes to a file or a pipe.
pub fn width_of_screen() -> Option<usize> {
    let (_, columns) = Term::stderr().size_checked()?;
    Some(usize::from(columns).saturating_sub(1).max(40))
}

/// Text for a screen of this width: every line that is too long is broken between words. A line of its own that is to be typed, or that
/// goes into a file, stays as it is.
pub fn folded(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else {
        return text.to_owned();
    };
    let fold = |line: &str| {
        let fits = measure_text_width(line) <= width;
        let bare = console::strip_ansi_codes(line);
        let is_one_command = bare.ends_with('`')
            && bare.matches('`').count() == 2
            && bare
                .get(hanging(line)..)
                .is_some_and(|rest| rest.starts_with('`'));
        if fits || is_to_be_typed(line) {
            return line.to_owned();
        }
        if line.starts_with(' ') {
            return fitted(line, Some(width));
        }
        // What follows a label stands below the words behind it; only the label is coloured.
        let label = hanging(line);
        let rest = bare.get(label..).unwrap_or_default();
        let beginning = line.strip_suffix(rest).unwrap_or_default();
        if is_one_command {
            let lines = continued(rest, width.saturating_sub(label));
            let below = format!("\n{}", " ".repeat(label));
            return format!("{beginning}{}", lines.join(&below));
        }
        let rest = if beginning.is_empty() { line } else { rest };
        let text = paragraph(rest, label, label, Some(width));
        format!("{beginning}{}", text.trim())
    };
    let lines: Vec<String> = text.split('\n').map(fold).collect();
    lines.join("\n")
}

/// The same for an answer: lines that are moved in are broken too, and go on a little further in.
pub fn fitted(text: &str, width: Option<usize>) -> String {
    let Some(room) = width else {
        return text.to_owned();
    };
    let fit = |line: &str| {
        if measure_text_width(line) <= room {
            return line.to_owned();
        }
        let words = line.trim_start();
        let indent = line.len() - words.len();
        let others = match indent {
            0 => 0,
            _ => indent + 2,
        };
        let text = paragraph(words, indent, others, width);
        text.trim_end().to_owned()
    };
    let lines: Vec<String> = text.split('\n').map(fit).collect();
    lines.join("\n")
}

/// A command or a setting on a line of its own, which is moved in.
fn is_to_be_typed(line: &str) -> bool {
    let words = line.trim_start();
    let is_one = words.starts_with("udsync ") || words.starts_with("cd ") || words.starts_with('[');
    line.starts_with(' ') && (is_one || words.contains(" = "))
}

/// What follows a `hint: ` or `error: ` stands below the words behind it.
fn hanging(line: &str) -> usize {
    const LABELS: [&str; 4] = ["error: ", "hint: ", "note: ", "warning: "];
    let bare = console::strip_ansi_codes(line);
    let label = LABELS.iter().find(|label| bare.starts_with(**label));
    label.map_or(0, |label| label.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TextTable {
        let mut table = TextTable::new(&["", "number", "total"], &[2]);
        let cells = |words: [&str; 3]| words.map(str::to_owned).to_vec();
        table.row(cells(["create", "WC-1042", "19.90"]), String::new());
        table.row(
            cells(["create", "WC-1043-R7", "1119.90"]),
            "rounding line, refund without lines".to_owned(),
        );
        table
    }

    #[test]
    fn a_wide_screen_has_everything_on_one_line() {
        assert_eq!(
            table().render(None),
            "        number        total\n\
             create  WC-1042       19.90\n\
             create  WC-1043-R7  1119.90  rounding line, refund without lines\n"
        );
    }

    #[test]
    fn colours_take_no_room() {
        let mut table = table();
        table.rows[0].0[0] = super::super::paint::style("create")
            .green()
            .force_styling()
            .to_string();
        let text = table.render(None);
        let first = text.lines().next().unwrap_or_default();
        assert_eq!(first, "        number        total");
        // Nor where the screen is exactly as wide as the rows are.
        let plain = self::table().render(Some(40));
        let coloured = fitted(&table.render(Some(40)), Some(40));
        let bare: Vec<String> = coloured
            .lines()
            .map(|line| console::strip_ansi_codes(line).into_owned())
            .collect();
        assert_eq!(bare.join("\n"), plain.trim_end());
    }

    #[test]
    fn remarks_are_broken_behind_the_row_or_go_below_it_and_numbers_never_are() {
        assert_eq!(
            table().render(Some(56)),
            "        number        total\n\
             create  WC-1042       19.90\n\
             create  WC-1043-R7  1119.90  rounding line, refund\n                             without lines\n"
        );
        assert_eq!(
            table().render(Some(40)),
            "        number        total\n\
             create  WC-1042       19.90\n\
             create  WC-1043-R7  1119.90\n    rounding line, refund without lines\n"
        );
    }

    #[test]
    fn a_row_that_is_wider_than_the_screen_goes_on_below_itself() {
        let mut table = TextTable::new(&["day", "documents", "sales", "refunds"], &[1, 2, 3]);
        for (day, remark) in [("2026-11-02", ""), ("2026-11-03", "a rounding line")] {
            let cells = [day, "2", "1247.92", "0.00"].map(str::to_owned);
            table.row(cells.to_vec(), remark.to_owned());
        }
        assert_eq!(
            table.render(Some(30)),
            "day         documents    sales\n    refunds\n\
             2026-11-02          2  1247.92\n       0.00\n\
             2026-11-03          2  1247.92\n       0.00  a rounding line\n"
        );
    }

    #[test]
    fn an_answer_fits_the_screen_and_what_is_moved_in_stays_so() {
        assert_eq!(
            fitted(
                "one two three four five six seven\n  one two three four five six seven\nshort",
                Some(26)
            ),
            "one two three four five\nsix seven\n  one two three four five\n    six seven\nshort"
        );
        assert_eq!(fitted("a b", None), "a b");
    }

    #[test]
    fn a_long_line_is_folded_at_words_and_a_command_stays_whole() {
        assert_eq!(
            folded(
                "hint: look at it with `udsync dry-run orders`, then go on\n  udsync sync orders --config a-long-name.toml",
                Some(40)
            ),
            "hint: look at it with\n      `udsync dry-run orders`, then go\n      on\n  udsync sync orders --config a-long-name.toml"
        );
        let command = "`udsync schedule edit hourly --yes --max-changes 200`";
        let joined =
            "hint: type\n      `udsync schedule edit hourly --yes \\\n        --max-changes 200`";
        assert_eq!(folded(&format!("hint: type {command}"), Some(45)), joined);
        assert_eq!(
            folded(&format!("hint: {command}"), Some(45)),
            joined.replace(" type\n     ", "")
        );
        // What is quoted is one word for a shell.
        let quoted = continued("`udsync retry --skip F7K2 --why \"entered by hand\"`", 36);
        assert_eq!(
            quoted,
            [
                "`udsync retry --skip F7K2 --why \\",
                "  \"entered by hand\"`"
            ]
        );
        assert_eq!(folded("a b", None), "a b");
        assert_eq!(
            folded(
                "error: no\n  order 4803: its receipt was written later",
                Some(30)
            ),
            "error: no\n  order 4803: its receipt\n    was written later"
        );
    }

    #[test]
    fn a_paragraph_hangs_and_keeps_words_whole() {
        assert_eq!(
            paragraph(
                "hint: set `code = 1` for the rates `1` and `2`",
                2,
                8,
                Some(34)
            ),
            "  hint: set `code = 1` for\n        the rates `1` and `2`\n"
        );
        assert_eq!(
            paragraph("hint: type `udsync retry --all`, or wait", 2, 8, Some(34)),
            "  hint: type\n        `udsync retry --all`, or\n        wait\n"
        );
    }
}
