//! The tables of the page `udsync-codes`: made of the catalogue, the prose around them by hand.

use crate::model::code::{EXITS, sections};

/// The page whose tables these are.
pub const PAGE: &str = "udsync-codes.7";

/// The heading above the exit codes.
const ENDS: &str = "Exit codes";

/// The page with the tables that the catalogue makes below the headings it knows. A heading without a table gets none.
pub fn with_tables(text: &str) -> String {
    filled(text, table)
}

/// A text whose tables get the rows that belong below their headings, where there are some.
pub(super) fn filled(text: &str, rows_below: impl Fn(&str) -> Option<String>) -> String {
    let mut made = String::new();
    let mut heading = "";
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        made.push_str(line);
        made.push('\n');
        let title = line.strip_prefix("## ").or(line.strip_prefix("### "));
        heading = title.unwrap_or(heading);
        // The line below the names of the columns.
        let Some(rows) = line
            .starts_with("| --- |")
            .then(|| rows_below(heading))
            .flatten()
        else {
            continue;
        };
        made.push_str(&rows);
        while lines.next_if(|line| line.starts_with('|')).is_some() {}
    }
    made
}

/// The rows below a heading.
fn table(heading: &str) -> Option<String> {
    if heading == ENDS {
        let rows = EXITS.iter();
        let rows = rows.map(|(code, meaning)| format!("| {code} | {meaning} |\n"));
        return Some(rows.collect());
    }
    let section = sections().iter().find(|section| section.title == heading)?;
    let rows = section.rows.iter();
    Some(
        rows.map(|row| format!("| `{}` | {} | {} |\n", row.code, row.meaning, row.way_out))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_made_anew_and_prose_is_kept() {
        let page = "# t\n\n## Skipped\n\nProse.\n\n| code | meaning | what to do |\n| --- | --- | --- |\n| `old` | a | b |\n\n## Other\n\n| a |\n| --- |\n| b |\n";
        let made = with_tables(page);
        assert!(made.contains("Prose.\n\n| code"), "{made}");
        assert!(made.contains("\n| `zero_total` | worth 0.00"), "{made}");
        assert!(!made.contains("`old`"), "{made}");
        assert!(made.ends_with("| a |\n| --- |\n| b |\n"), "{made}");
        assert_eq!(with_tables(&made), made);
    }
}
