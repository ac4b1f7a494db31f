//! Markdown to roff, as far as the pages of the manual go.
//!
//! Headings, paragraphs, lists, blocks of code, tables and links are known, with bold, italic and code in them. A table that fits
//! a terminal stays a table; any other becomes a list, each row with its first cell as the term. What is not known is a mistake of
//! the page, told with its words, and never left out in silence.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::roff::{RoffPage, WIDEST, bold, escaped, italic};

/// Makes a page of a text. The name is that of the file, `udsync-setup.7`; the text begins with a heading
/// `udsync-setup(7): what it is about`.
pub fn page(file: &str, text: &str) -> Result<String, String> {
    let (name, section) = file
        .rsplit_once('.')
        .ok_or_else(|| format!("`{file}` names no section"))?;
    let about = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix(&format!("# {name}({section}): ")))
        .ok_or_else(|| format!("`{file}` does not begin with `# {name}({section}): …`"))?;
    let mut maker = PageMaker {
        page: RoffPage::new(name, section, about),
        line: String::new(),
        lists: Vec::new(),
        fresh_item: false,
        link: None,
        table: None,
        code: None,
        described: false,
    };
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    for event in Parser::new_ext(rest, Options::ENABLE_TABLES) {
        maker
            .take(event)
            .map_err(|why| format!("`{file}`: {why}"))?;
    }
    Ok(maker.page.finish())
}

struct PageMaker {
    page: RoffPage,
    /// The inline text that is being gathered, escaped, with fonts.
    line: String,
    /// The open lists: the next number of those that count.
    lists: Vec<Option<u64>>,
    /// An item has begun and has no text yet.
    fresh_item: bool,
    /// Where the open link leads to, and where its words begin.
    link: Option<(String, usize)>,
    table: Option<Vec<Vec<String>>>,
    code: Option<String>,
    /// A first heading or a first paragraph has been met.
    described: bool,
}

impl PageMaker {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => return self.begin(tag),
            Event::End(tag) => return self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.line.push_str(&escaped(&text)),
            },
            Event::Code(text) => self.line.push_str(&bold(&escaped(&text))),
            Event::SoftBreak => self.line.push('\n'),
            // Remarks for whoever writes the page.
            Event::Html(text) if text.trim_start().starts_with("<!--") => {}
            other => return Err(format!("cannot become a manual page: {other:?}")),
        }
        Ok(())
    }

    fn begin(&mut self, tag: Tag<'_>) -> Result<(), String> {
        match tag {
            Tag::Paragraph if !self.described => {
                self.described = true;
                self.page.heading("DESCRIPTION");
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::TableCell => {}
            Tag::Heading { .. } => self.described = true,
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.code = Some(String::new()),
            Tag::List(first) => {
                self.flush();
                if !self.lists.is_empty() {
                    self.page.request(".RS 2");
                }
                self.lists.push(first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!(".IP {}. 3", *number - 1)
                    }
                    _ => ".IP \\(bu 2".to_owned(),
                };
                self.page.request(&mark);
                self.fresh_item = true;
            }
            Tag::Strong => self.line.push_str("\\fB"),
            Tag::Emphasis => self.line.push_str("\\fI"),
            Tag::Link { dest_url, .. } => {
                self.link = Some((dest_url.into_string(), self.line.len()));
            }
            Tag::Table(_) => self.table = Some(Vec::new()),
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            other => return Err(format!("cannot become a manual page: {other:?}")),
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), String> {
        match tag {
            TagEnd::Paragraph | TagEnd::Item => self.flush(),
            TagEnd::Heading(level) => self.heading(level)?,
            TagEnd::CodeBlock => self.code_block()?,
            TagEnd::List(_) => {
                self.lists.pop();
                if !self.lists.is_empty() {
                    self.page.request(".RE");
                }
            }
            TagEnd::Strong | TagEnd::Emphasis => self.line.push_str("\\fR"),
            TagEnd::Link => self.close_link(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.line);
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let rows = self.table.take().unwrap_or_default();
                self.show_table(&rows);
            }
            TagEnd::TableHead | TagEnd::TableRow | TagEnd::HtmlBlock => {}
            other => return Err(format!("cannot become a manual page: {other:?}")),
        }
        Ok(())
    }

    /// Writes the gathered text as what it is: the beginning of an item, more of it, or a paragraph.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.line);
        if text.is_empty() {
            return;
        }
        if std::mem::take(&mut self.fresh_item) {
            self.page.text(&text);
        } else if self.lists.is_empty() {
            self.page.paragraph(&text);
        } else {
            self.page.request(".sp");
            self.page.text(&text);
        }
    }

    fn heading(&mut self, level: HeadingLevel) -> Result<(), String> {
        let words = std::mem::take(&mut self.line);
        // Fonts are the heading's own, and what is code keeps its letters.
        let parts = words.split("\\fB").enumerate().map(|(at, part)| {
            let (code, rest) = match at {
                0 => ("", part),
                _ => part.split_once("\\fR").unwrap_or((part, "")),
            };
            match level {
                HeadingLevel::H2 => format!("{code}{}", upper(rest)),
                _ => format!("{code}{rest}"),
            }
        });
        let words: String = parts.collect();
        match level {
            HeadingLevel::H2 => self.page.request(&format!(".SH \"{words}\"")),
            HeadingLevel::H3 => self.page.request(&format!(".SS \"{words}\"")),
            other => return Err(format!("has a heading of the level {other}")),
        }
        Ok(())
    }

    fn code_block(&mut self) -> Result<(), String> {
        let code = self.code.take().unwrap_or_default();
        if let Some(line) = code.lines().find(|line| line.chars().count() > WIDEST) {
            return Err(format!("a line is wider than {WIDEST} columns: {line}"));
        }
        let lines: Vec<String> = code.lines().map(escaped).collect();
        let widest = code.lines().map(|line| line.chars().count()).max();
        self.page
            .block(lines.iter().map(String::as_str), widest.unwrap_or(0));
        Ok(())
    }

    /// A page of the manual is named as such; a page of the web keeps its address; what lies beside this page keeps its words.
    fn close_link(&mut self) {
        let Some((target, start)) = self.link.take() else {
            return;
        };
        if let Some((name, section)) = manual_page(&target) {
            let named = format!("{}({section})", bold(&escaped(name)));
            let words = self.line[start..].replace("\\fB", "").replace("\\fR", "");
            if words == format!("{}({section})", escaped(name)) {
                self.line.truncate(start);
                self.line.push_str(&named);
            } else {
                let _ = write!(self.line, " (see {named})");
            }
        } else if target.starts_with("https://") {
            let _ = write!(self.line, " <{}>", escaped(&target));
        }
    }

    fn show_table(&mut self, rows: &[Vec<String>]) {
        let Some((head, body)) = rows.split_first() else {
            return;
        };
        let widths: Vec<usize> = (0..head.len())
            .map(|column| rows.iter().map(|row| width(&row[column])).max())
            .map(Option::unwrap_or_default)
            .collect();
        let whole = widths.iter().sum::<usize>() + 2 * (widths.len() - 1);
        if whole <= WIDEST {
            let lines: Vec<String> =
                std::iter::once(head.iter().map(|cell| italic(cell)).collect())
                    .chain(body.iter().cloned())
                    .map(|row: Vec<String>| {
                        let cells = row.iter().zip(&widths).map(|(cell, wide)| {
                            format!("{cell}{}", " ".repeat(wide - width(cell)))
                        });
                        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
                    })
                    .collect();
            self.page.block(lines.iter().map(String::as_str), whole);
            return;
        }
        for row in body {
            let explained: Vec<String> = row[1..]
                .iter()
                .zip(&head[1..])
                .filter(|(cell, _)| !cell.is_empty())
                .map(|(cell, title)| match title.as_str() {
                    // Of two columns the second explains the first, and a meaning needs no word for it.
                    _ if row.len() == 2 => cell.clone(),
                    "meaning" => cell.clone(),
                    title => format!("{}: {cell}", italic(title)),
                })
                .collect();
            self.page.term(&row[0], &explained);
        }
    }
}

/// `udsync-setup.7.md`, wherever it lies and whatever part of it is meant.
fn manual_page(target: &str) -> Option<(&str, &str)> {
    let path = target.split('#').next().unwrap_or(target);
    let file = path.rsplit('/').next().unwrap_or(path);
    let (name, section) = file.strip_suffix(".md")?.rsplit_once('.')?;
    section
        .bytes()
        .all(|mark| mark.is_ascii_digit())
        .then_some((name, section))
}

/// Columns on a terminal, of an escaped text.
fn width(text: &str) -> usize {
    let mut columns = 0;
    let mut rest = text;
    while let Some(mark) = rest.chars().next() {
        let (taken, shown) = match rest.as_bytes() {
            [b'\\', b'f', ..] => (3, 0),
            [b'\\', b'(', ..] => (4, 1),
            [b'\\', b'[', ..] => (rest.find(']').map_or(rest.len(), |end| end + 1), 1),
            [b'\\', _, ..] => (2, 1),
            _ => (mark.len_utf8(), 1),
        };
        columns += shown;
        rest = &rest[taken.min(rest.len())..];
    }
    columns
}

/// Capitals, but not in roff's own words for other marks.
fn upper(escaped: &str) -> String {
    let mut capitals = String::new();
    let mut rest = escaped;
    while let Some(at) = rest.find('\\') {
        capitals.push_str(&rest[..at].to_uppercase());
        let end = match rest.as_bytes().get(at + 1) {
            Some(b'(') => at + 4,
            Some(b'[') => rest[at..].find(']').map_or(rest.len(), |end| at + end + 1),
            _ => at + 2,
        };
        let end = end.min(rest.len());
        capitals.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    capitals + &rest.to_uppercase()
}

#[cfg(test)]
mod tests;
