//! Pages for the folder of the month: tables on A4, upright where they fit and lying where they do not, with their header on each page.
//!
//! A page says how many there are, so that one that is missing is noticed; that is known at the end, and so all of them are in memory.

use std::io::{self, Write};

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::checks::RunningCheck;
use super::letters::{letters, lines, width};
use super::{FrontPage, Paper, PaperTable, is_figure};

/// Some hundreds of pages. Whoever has more wants a spreadsheet.
pub(super) const ROWS_MAX: usize = 100_000;

/// A4, in points.
const SHORT: f32 = 595.0;
const LONG: f32 = 842.0;
const MARGIN: f32 = 42.0;
/// The line of the title is above this, and the page's number beside it.
const HEAD: f32 = 24.0;
const SIZES: [f32; 3] = [8.0, 7.0, 6.0];
const GAP: f32 = 8.0;
/// No column of words becomes narrower.
const NARROWEST: f32 = 36.0;
const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

pub(super) fn write(paper: &Paper<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut pages = PagePile::default();
    pages.begin(false);
    pages.heading(&paper.title, 14.0);
    if let Some(front) = &paper.front {
        put_front(&mut pages, front);
    }
    for note in &paper.notes {
        pages.words(note, 9.0);
    }
    for (place, table) in paper.on_pages().enumerate() {
        let columns = ColumnLayout::of(table);
        if columns.is_lying != pages.is_lying || (place == 0 && paper.front.is_some()) {
            pages.begin(columns.is_lying);
        }
        put_table(&mut pages, table, &columns, true);
    }
    out.write_all(&pages.finish(&paper.title))
}

fn put_front(pages: &mut PagePile, front: &FrontPage) {
    pages.heading(&front.ending, 11.0);
    for (name, value) in &front.facts {
        let y = pages.line(13.0);
        pages.text(MARGIN, y, 9.0, REGULAR, &letters(name));
        pages.text(MARGIN + 130.0, y, 9.0, REGULAR, &letters(value));
    }
    put_table(pages, &front.totals, &ColumnLayout::of(&front.totals), true);
    pages.heading("open", 11.0);
    if front.open.is_empty() {
        pages.words("nothing", 9.0);
    }
    for line in &front.open {
        pages.words(line, 9.0);
    }
    // Whoever signs does it below the figures, and never alone on a page.
    pages.room(40.0 * front.signatures.len() as f32);
    for who in front.signatures {
        let y = pages.line(40.0);
        pages.rule(MARGIN, MARGIN + 360.0, y + 10.0);
        pages.text(MARGIN, y, 8.0, REGULAR, &letters(who));
        pages.text(MARGIN + 260.0, y, 8.0, REGULAR, b"date, signature");
    }
}

/// How wide the columns of a table are, in which size, and which way the page lies.
struct ColumnLayout {
    widths: Vec<f32>,
    size: f32,
    is_lying: bool,
}

impl ColumnLayout {
    fn of(table: &PaperTable<'_>) -> ColumnLayout {
        // In thousandths of the size, as letters are measured.
        let mut natural: Vec<f32> = table
            .columns
            .iter()
            .map(|column| width(&letters(column.name), 1.0))
            .collect();
        for row in (table.rows)() {
            for (wide, cell) in natural.iter_mut().zip(&row) {
                *wide = wide.max(width(&letters(cell), 1.0));
            }
        }
        let gaps = GAP * natural.len() as f32;
        let all = |size: f32| natural.iter().sum::<f32>() * size + gaps;
        let size = SIZES[0];
        if all(size) <= SHORT - 2.0 * MARGIN {
            let widths = natural.iter().map(|wide| wide * size).collect();
            return ColumnLayout {
                widths,
                size,
                is_lying: false,
            };
        }
        let room = LONG - 2.0 * MARGIN - gaps;
        let mut squeezed = (Vec::new(), size);
        for size in SIZES {
            let wide: Vec<f32> = natural.iter().map(|wide| wide * size).collect();
            let (widths, fits) = squeeze(table, &wide, room);
            squeezed = (widths, size);
            if fits {
                break;
            }
        }
        ColumnLayout {
            widths: squeezed.0,
            size: squeezed.1,
            is_lying: true,
        }
    }
}

/// Figures keep their width. Words share what is left: the short ones get what they need, and the long ones are broken into lines.
fn squeeze(table: &PaperTable<'_>, natural: &[f32], room: f32) -> (Vec<f32>, bool) {
    let mut widths = natural.to_vec();
    let mut left = room;
    let mut words = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        match is_figure(column.kind) {
            true => left -= natural[place],
            false => words.push(place),
        }
    }
    words.sort_by(|one, other| natural[*one].total_cmp(&natural[*other]));
    let mut fits = true;
    for (taken, place) in words.iter().enumerate() {
        let share = left / (words.len() - taken) as f32;
        // A column whose words all fit into its share takes no more than they do.
        let wide = natural[*place].min(share);
        if wide < natural[*place].min(NARROWEST) {
            fits = false;
        }
        let wide = wide.max(natural[*place].min(NARROWEST));
        widths[*place] = wide;
        left -= wide;
    }
    (widths, fits)
}

fn put_table(pages: &mut PagePile, table: &PaperTable<'_>, columns: &ColumnLayout, named: bool) {
    if named {
        // A heading does not stay behind alone.
        pages.room(60.0);
        pages.heading(table.name, 11.0);
    }
    let header: Vec<Vec<u8>> = table
        .columns
        .iter()
        .map(|column| letters(column.name))
        .collect();
    put_header(pages, table, columns, &header);
    let mut checks = RunningCheck::all_of(table);
    let mut is_empty = true;
    for row in (table.rows)() {
        is_empty = false;
        checks.iter_mut().for_each(|check| check.add(&row));
        let cells: Vec<Vec<u8>> = row.iter().map(|cell| letters(cell)).collect();
        let broken = broken(&cells, columns);
        if !pages.has_room(height(&broken, columns.size)) {
            pages.begin(pages.is_lying);
            put_header(pages, table, columns, &header);
        }
        put_row(pages, table, columns, &broken);
    }
    if is_empty {
        pages.words("nothing", columns.size);
    }
    for check in &checks {
        let said = format!("{}: {}", check.check.label, check.said());
        pages.words(&said, columns.size);
    }
}

type BrokenRow = Vec<Vec<Vec<u8>>>;

fn broken(cells: &[Vec<u8>], columns: &ColumnLayout) -> BrokenRow {
    let cells = cells.iter().zip(&columns.widths);
    // A little more than measured: sums of fractions must not break what fits.
    cells
        .map(|(cell, wide)| lines(cell, wide + 0.01, columns.size))
        .collect()
}

fn height(row: &BrokenRow, size: f32) -> f32 {
    let lines = row.iter().map(Vec::len).max().unwrap_or(1);
    lines as f32 * size * 1.25 + 2.0
}

fn put_header(
    pages: &mut PagePile,
    table: &PaperTable<'_>,
    columns: &ColumnLayout,
    header: &[Vec<u8>],
) {
    put_row(pages, table, columns, &broken(header, columns));
    let end = MARGIN + columns.widths.iter().map(|wide| wide + GAP).sum::<f32>() - GAP;
    let y = pages.line(2.0);
    pages.rule(MARGIN, end, y + 1.0);
    pages.line(2.0);
}

fn put_row(pages: &mut PagePile, table: &PaperTable<'_>, columns: &ColumnLayout, row: &BrokenRow) {
    let size = columns.size;
    let top = pages.line(height(row, size)) + height(row, size);
    let mut x = MARGIN;
    for ((cell, column), wide) in row.iter().zip(&table.columns).zip(&columns.widths) {
        for (place, line) in cell.iter().enumerate() {
            let y = top - (place + 1) as f32 * size * 1.25;
            let start = match is_figure(column.kind) {
                true => x + wide - width(line, size),
                false => x,
            };
            pages.text(start, y, size, REGULAR, line);
        }
        x += wide + GAP;
    }
}

/// The pages so far, the last one being written.
#[derive(Default)]
struct PagePile {
    pages: Vec<(bool, Content)>,
    is_lying: bool,
    /// The lowest line that was written.
    y: f32,
}

impl PagePile {
    fn begin(&mut self, is_lying: bool) {
        self.is_lying = is_lying;
        self.y = page_size(is_lying).1 - MARGIN - HEAD;
        self.pages.push((is_lying, Content::new()));
    }

    fn has_room(&self, height: f32) -> bool {
        self.y - height >= MARGIN
    }

    /// Sees that there is room on this page, or begins another one.
    fn room(&mut self, height: f32) {
        if !self.has_room(height) {
            self.begin(self.is_lying);
        }
    }

    /// Takes the next line and says where it is.
    fn line(&mut self, height: f32) -> f32 {
        self.room(height);
        self.y -= height;
        self.y
    }

    fn heading(&mut self, words: &str, size: f32) {
        let wide = page_size(self.is_lying).0 - 2.0 * MARGIN;
        self.room(size * 2.2);
        self.y -= size * 0.6;
        // Bold letters are a little wider than those that are measured.
        for line in lines(&letters(words), wide * 0.9, size) {
            let y = self.line(size * 1.3);
            self.text(MARGIN, y, size, BOLD, &line);
        }
        self.y -= size * 0.4;
    }

    fn words(&mut self, words: &str, size: f32) {
        let wide = page_size(self.is_lying).0 - 2.0 * MARGIN;
        for line in lines(&letters(words), wide, size) {
            let y = self.line(size * 1.4);
            self.text(MARGIN, y, size, REGULAR, &line);
        }
    }

    fn text(&mut self, x: f32, y: f32, size: f32, font: Name<'_>, words: &[u8]) {
        if let Some((_, page)) = self.pages.last_mut()
            && !words.is_empty()
        {
            put_text(page, (x, y), size, font, words);
        }
    }

    fn rule(&mut self, from: f32, to: f32, y: f32) {
        if let Some((_, page)) = self.pages.last_mut() {
            page.set_line_width(0.5)
                .move_to(round(from), round(y))
                .line_to(round(to), round(y))
                .stroke();
        }
    }

    /// All pages, each with the title and its number.
    fn finish(self, title: &str) -> Vec<u8> {
        let count = self.pages.len();
        let mut next = 1..;
        let mut id = || Ref::new(next.next().expect("numbers do not end"));
        let (catalog, tree, about, regular, bold) = (id(), id(), id(), id(), id());
        let ids: Vec<(Ref, Ref)> = self.pages.iter().map(|_| (id(), id())).collect();
        let mut pdf = Pdf::new();
        pdf.catalog(catalog)
            .pages(tree)
            .pair(Name(b"Lang"), TextStr("en"));
        pdf.document_info(about)
            .title(TextStr(title))
            .producer(TextStr("udsync"));
        pdf.pages(tree)
            .kids(ids.iter().map(|(page, _)| *page))
            .count(i32::try_from(count).unwrap_or(i32::MAX));
        for (font, name) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
            pdf.type1_font(font)
                .base_font(Name(name))
                .encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        for (number, ((is_lying, mut content), (page, stream))) in
            (1..).zip(self.pages.into_iter().zip(ids))
        {
            let (wide, high) = page_size(is_lying);
            let top = high - MARGIN;
            let said = letters(&format!("page {number} of {count}"));
            let right = wide - MARGIN - width(&said, 8.0);
            let mut name = lines(&letters(title), right - MARGIN - GAP, 8.0);
            put_text(
                &mut content,
                (MARGIN, top),
                8.0,
                REGULAR,
                &name.swap_remove(0),
            );
            put_text(&mut content, (right, top), 8.0, REGULAR, &said);
            let mut written = pdf.page(page);
            written.media_box(Rect::new(0.0, 0.0, wide, high));
            written.parent(tree).contents(stream);
            let mut resources = written.resources();
            resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
            resources.finish();
            written.finish();
            pdf.stream(stream, &content.finish());
        }
        pdf.finish()
    }
}

fn page_size(is_lying: bool) -> (f32, f32) {
    match is_lying {
        true => (LONG, SHORT),
        false => (SHORT, LONG),
    }
}

fn put_text(page: &mut Content, (x, y): (f32, f32), size: f32, font: Name<'_>, words: &[u8]) {
    page.begin_text()
        .set_font(font, size)
        .next_line(round(x), round(y))
        .show(Str(words))
        .end_text();
}

/// A hundredth of a point is finer than any printer.
fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}
