//! The example configuration: `examples/udsync.toml`, made of the table of settings.

use super::table::{SectionForm, SettingEntry, SettingRow, SettingSection, setting_sections};

/// Where remarks begin, if the value leaves room.
const MARGIN: usize = 29;

/// A complete commented configuration of a Canadian shop.
pub fn example() -> String {
    let shown = |section: &&SettingSection| section.form != SectionForm::Inside;
    let sections: Vec<String> = setting_sections()
        .iter()
        .filter(shown)
        .map(of_section)
        .collect();
    sections.join("\n")
}

fn of_section(section: &SettingSection) -> String {
    let mut text = String::new();
    for remark in &section.remarks {
        text += format!("# {remark}").trim_end();
        text.push('\n');
    }
    let is_off = section.form == SectionForm::Off;
    if let Some(name) = section.names.first() {
        let heading = if section.is_list {
            format!("[[{name}]]")
        } else {
            format!("[{name}]")
        };
        text += &format!("{}{heading}\n", mark(is_off));
    }
    for entry in &section.entries {
        match entry {
            SettingEntry::Row(row) => text += &of_row(row, is_off),
            SettingEntry::Line(line) => text += &format!("{line}\n"),
        }
    }
    text
}

fn of_row(row: &SettingRow, is_off: bool) -> String {
    let value = row.sample();
    let line = format!("{}{} = {value}", mark(is_off || !row.is_live), row.key);
    let words = row.words();
    let others = words
        .iter()
        .filter(|word| **word != value && word.starts_with('"'));
    let others: Vec<&str> = others.copied().collect();
    let other = match others.is_empty() || value.starts_with('[') {
        true => String::new(),
        false => format!("or {}: ", others.join(", ")),
    };
    format!("{line:MARGIN$} # {other}{}\n", row.meaning)
}

fn mark(is_comment: bool) -> &'static str {
    if is_comment { "# " } else { "" }
}
