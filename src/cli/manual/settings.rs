//! The tables of the page `udsync.toml`: made of the table of settings, the prose around them by hand.
//!
//! A heading names the sections whose keys stand below it: ``## The shop: `[shop]`, `[woocommerce]` ``.

use super::codes::filled;
use crate::config::table::{SettingRow, SettingSection, UsualValue, setting_section};

/// The page whose tables these are.
pub const PAGE: &str = "udsync.toml.5";

/// The page with a row for each setting of the sections that its headings name.
pub fn with_tables(text: &str) -> String {
    filled(text, table)
}

/// The sections that a heading names.
pub fn named(heading: &str) -> impl Iterator<Item = &'static SettingSection> {
    let words = heading.split('`').skip(1).step_by(2);
    words.filter_map(|word| setting_section(word.trim_matches(['[', ']'])))
}

fn table(heading: &str) -> Option<String> {
    let rows: String = named(heading)
        .flat_map(SettingSection::rows)
        .map(row)
        .collect();
    (!rows.is_empty()).then_some(rows)
}

fn row(row: &SettingRow) -> String {
    let usual = match row.usual {
        UsualValue::Must => "must be given".to_owned(),
        UsualValue::Nothing => "none".to_owned(),
        UsualValue::Toml(value) => format!("`{value}`"),
        UsualValue::Told(words) => words.to_owned(),
    };
    let variable = row.variable.map(|name| format!("; `{name}` wins over it"));
    let SettingRow {
        key,
        values,
        meaning,
        ..
    } = row;
    let variable = variable.unwrap_or_default();
    format!("| `{key}` | {usual} | {values} | {meaning}{variable} |\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_gets_the_settings_of_the_sections_that_it_names() {
        let page = "## Shop: `[shop]`, `[mapping]`\n\n| key | default | values | meaning |\n| --- | --- | --- | --- |\n| old |\n\nProse.\n";
        let made = with_tables(page);
        assert!(
            made.contains("| `name` | must be given | 1 to 40 of"),
            "{made}"
        );
        assert!(
            made.contains(
                "; `UDSYNC_STATE` wins over it |\n| `folder` | `\"mappings\"` | a path |"
            ),
            "{made}"
        );
        assert!(
            !made.contains("| old |") && made.ends_with("\n\nProse.\n"),
            "{made}"
        );
        assert_eq!(with_tables(&made), made);
    }
}
