//! A page for a browser: one file that fetches nothing and runs nothing, and that prints well.

use std::io::{self, Write};

use super::checks::RunningCheck;
use super::{FrontPage, Paper, PaperTable, is_figure};

const STYLE: &str = include_str!("paper.css");

pub(super) fn write(paper: &Paper<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = safe(&paper.title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )?;
    if let Some(front) = &paper.front {
        write_front(front, out)?;
    }
    for note in &paper.notes {
        writeln!(out, "<p>{}</p>", safe(note))?;
    }
    for table in paper.on_pages() {
        writeln!(out, "<section>\n<h2>{}</h2>", safe(table.name))?;
        write_table(table, out)?;
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</body>\n</html>")
}

fn write_front(front: &FrontPage, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section class=\"front\">\n<p class=\"ending\">{}</p>\n<table class=\"facts\">\n<tbody>",
        safe(&front.ending)
    )?;
    for (name, value) in &front.facts {
        let (name, value) = (safe(name), safe(value));
        writeln!(
            out,
            "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>"
        )?;
    }
    writeln!(
        out,
        "</tbody>\n</table>\n<h2>{}</h2>",
        safe(front.totals.name)
    )?;
    write_table(&front.totals, out)?;
    writeln!(out, "<h2>open</h2>")?;
    if front.open.is_empty() {
        writeln!(out, "<p>nothing</p>")?;
    } else {
        writeln!(out, "<ul>")?;
        for line in &front.open {
            writeln!(out, "<li>{}</li>", safe(line))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "<div class=\"signatures\">")?;
    for who in front.signatures {
        writeln!(out, "<p>{}<span>date, signature</span></p>", safe(who))?;
    }
    writeln!(out, "</div>\n</section>")
}

fn write_table(table: &PaperTable<'_>, out: &mut dyn Write) -> io::Result<()> {
    let class: Vec<&str> = table
        .columns
        .iter()
        .map(|column| match is_figure(column.kind) {
            true => " class=\"figure\"",
            false => "",
        })
        .collect();
    write!(out, "<table>\n<thead>\n<tr>")?;
    for (column, class) in table.columns.iter().zip(&class) {
        write!(out, "<th scope=\"col\"{class}>{}</th>", safe(column.name))?;
    }
    writeln!(out, "</tr>\n</thead>\n<tbody>")?;
    let mut checks = RunningCheck::all_of(table);
    let mut is_empty = true;
    for row in (table.rows)() {
        is_empty = false;
        checks.iter_mut().for_each(|check| check.add(&row));
        write!(out, "<tr>")?;
        for (cell, class) in row.iter().zip(&class) {
            write!(out, "<td{class}>{}</td>", safe(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    if is_empty {
        let wide = table.columns.len();
        writeln!(out, "<tr><td colspan=\"{wide}\">nothing</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")?;
    if checks.is_empty() {
        return Ok(());
    }
    writeln!(out, "<table class=\"checks\">\n<tbody>")?;
    for check in &checks {
        let (label, sum) = (safe(&check.check.label), check.said());
        writeln!(
            out,
            "<tr><th scope=\"row\">{label}</th><td class=\"figure\">{sum}</td></tr>"
        )?;
    }
    writeln!(out, "</tbody>\n</table>")
}

/// As text, whatever it says. What no page may hold is shown as missing.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(letter),
            // These would turn the direction of what stands behind them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                safe.push('\u{fffd}');
            }
            letter if letter.is_control() => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}
