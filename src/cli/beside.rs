//! Beside a plan: whose order it is and how it stands, for whoever looks at a terminal.
//!
//! No file, no pipe and no answer for machines gets it: what is printed there outlives the look.

use console::{measure_text_width, truncate_str};

use super::table;
use crate::engine::outcome::OrderGlance;

/// Between two columns of a table.
const GAP: usize = table::GAP as usize;
/// Longer names are cut off, and where there is less room than the second of these there is none at all.
const NAME_MAX: usize = 24;
const NAME_MIN: usize = 8;

/// The columns that a screen of this width has room for beside the rows of a table, each with its header.
pub fn columns(
    glances: &[Option<&OrderGlance>],
    header: &[&str],
    rows: &[(Vec<String>, String)],
    width: Option<usize>,
) -> Vec<(&'static str, Vec<String>)> {
    let Some(width) = width.filter(|_| glances.iter().any(Option::is_some)) else {
        return Vec::new();
    };
    let taken: usize = (0..header.len())
        .map(|column| table::width_of_column(header, rows, column) + GAP)
        .sum();
    // A remark that no longer fits goes below its row.
    let mut room = (width + GAP).saturating_sub(taken);
    let column = |of: fn(&OrderGlance) -> &str, most: usize| -> (usize, Vec<String>) {
        let cells: Vec<String> = glances
            .iter()
            .map(|glance| truncate_str(glance.map_or("", of), most, "…").into_owned())
            .collect();
        let widths = cells.iter().map(|words| measure_text_width(words));
        (widths.max().unwrap_or(0), cells)
    };
    let mut columns = Vec::new();
    let (wide, statuses) = column(|glance| &glance.status, usize::MAX);
    let wide = wide.max("status".len()) + GAP;
    // The name says more, so it comes first where there is room for one of them only.
    if room >= wide + NAME_MIN + GAP {
        room -= wide;
        columns.push(("status", statuses));
    }
    if room >= NAME_MIN + GAP {
        let (_, names) = column(|glance| &glance.buyer, NAME_MAX.min(room - GAP));
        columns.push(("customer", names));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns_at(width: Option<usize>) -> Vec<(&'static str, Vec<String>)> {
        let glance = OrderGlance {
            status: "processing".to_owned(),
            buyer: "Ébénisterie Saint-Laurent et Filles".to_owned(),
        };
        let row = ["create", "SalesReceipt", "4803", "2026-11-02", "1234.56"];
        let rows = [(row.map(str::to_owned).to_vec(), String::new())];
        let header = ["", "document", "number", "date", "total"];
        columns(&[Some(&glance)], &header, &rows, width)
    }

    #[test]
    fn a_wide_screen_shows_both_a_narrow_one_the_name_and_a_pipe_none() {
        let names = |width| {
            let shown = columns_at(width);
            shown.iter().map(|(word, _)| *word).collect::<Vec<_>>()
        };
        assert_eq!(names(Some(120)), ["status", "customer"]);
        assert_eq!(names(Some(64)), ["customer"]);
        assert_eq!(names(Some(50)), [""; 0]);
        assert_eq!(names(None), [""; 0]);
    }

    #[test]
    fn a_long_name_is_cut_off_and_the_row_stays_on_the_screen() {
        let wide = columns_at(Some(200));
        assert_eq!(wide[1].1, ["Ébénisterie Saint-Laure…"]);
        let narrow = columns_at(Some(64));
        assert!(measure_text_width(&narrow[0].1[0]) <= 64 - 51);
    }
}
