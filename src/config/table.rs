//! The table of settings, `settings.txt`: what there is to set, within which limits, with which default, and what it means.
//!
//! The reader asks it for keys and defaults, the example file and the page `udsync.toml` are made of it: so none of them can tell of a
//! setting that another does not know. What a value is in the end (a duration, a word that stands for a choice) is for the reader to
//! say; the tests of this file try each row against it.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::values::seconds;

/// What the table says of one section of the file, or of several that are alike.
#[derive(Debug)]
pub struct SettingSection {
    /// Paths such as `books.tax`; none before the first section.
    pub names: Vec<&'static str>,
    pub form: SectionForm,
    /// There may be many, each with a heading in double brackets.
    pub is_list: bool,
    /// What the example file says above it.
    pub remarks: Vec<&'static str>,
    pub entries: Vec<SettingEntry>,
}

/// How a section stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionForm {
    /// With the keys of the table, and no others.
    Plain,
    /// With keys of the shop's own choice.
    Own,
    /// As [`Plain`](SectionForm::Plain), in comments of the example file: most do without.
    Off,
    /// As [`Plain`](SectionForm::Plain), in the line that bears its name.
    Inside,
}

#[derive(Debug)]
pub enum SettingEntry {
    Row(SettingRow),
    /// A line of the example file as it stands.
    Line(&'static str),
}

/// One setting.
#[derive(Debug)]
pub struct SettingRow {
    pub key: &'static str,
    /// What it can be, in words or as limits.
    pub values: &'static str,
    pub usual: UsualValue,
    /// As TOML; `None` where the default is example enough.
    pub example: Option<&'static str>,
    /// The example is what a shop would have, and no mere possibility.
    pub is_live: bool,
    pub meaning: &'static str,
    /// The environment variable that wins over the file.
    pub variable: Option<&'static str>,
}

/// What holds where the file is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsualValue {
    /// It may not be.
    Must,
    Nothing,
    /// As TOML.
    Toml(&'static str),
    /// The reader works it out; here it is in words.
    Told(&'static str),
}

impl SettingRow {
    /// The limits of a number, or in seconds those of a duration.
    pub(super) fn limits(&self) -> Option<RangeInclusive<u64>> {
        let (low, rest) = self.values.split_once(" to ")?;
        let high = rest.split(',').next()?;
        let number = |text: &str| text.parse().ok().or_else(|| seconds(text));
        Some(number(low)?..=number(high)?)
    }

    /// What a person would write, as TOML.
    pub fn sample(&self) -> &'static str {
        match (self.example, self.usual) {
            (Some(example), _) => example,
            (None, UsualValue::Toml(usual)) => usual,
            (None, _) => "",
        }
    }

    /// The words that it can be, as TOML has them; none if it is no choice of words.
    pub fn words(&self) -> Vec<&'static str> {
        let values = self.values.strip_prefix("a list of ");
        let words = values.unwrap_or(self.values).split(", ");
        let words = words.map(|word| word.strip_prefix('`')?.strip_suffix('`'));
        words.collect::<Option<_>>().unwrap_or_default()
    }
}

impl SettingSection {
    pub fn rows(&self) -> impl Iterator<Item = &SettingRow> {
        self.entries.iter().filter_map(|entry| match entry {
            SettingEntry::Row(row) => Some(row),
            SettingEntry::Line(_) => None,
        })
    }
}

static SECTIONS: LazyLock<Vec<SettingSection>> =
    LazyLock::new(|| read(include_str!("settings.txt")).expect("a test reads the very same text"));

/// The whole table, in the order of the example file.
pub fn setting_sections() -> &'static [SettingSection] {
    &SECTIONS
}

/// What the table says of a section. Those of a list have numbers, which it leaves out.
pub fn setting_section(path: &str) -> Option<&'static SettingSection> {
    let path = path.split('[').next().unwrap_or(path);
    let mut sections = SECTIONS.iter();
    sections.find(|section| section.names.contains(&path))
}

/// The row of a key, which the code that asks for it knows to be there.
pub(super) fn row(path: &str, key: &str) -> &'static SettingRow {
    let mut rows = setting_section(path)
        .into_iter()
        .flat_map(SettingSection::rows);
    rows.find(|row| row.key == key)
        .unwrap_or_else(|| panic!("`{key}` of `[{path}]` has no row in settings.txt"))
}

/// The row of a whole path, if there is one.
pub(super) fn row_of(path: &str) -> Option<&'static SettingRow> {
    let (section, key) = path.rsplit_once('.')?;
    setting_section(section)?.rows().find(|row| row.key == key)
}

/// The keys that a section can have, sections below it included; `None` if they are the shop's own.
pub(super) fn keys(path: &str) -> Option<Vec<&'static str>> {
    let section = setting_section(path);
    if section.is_some_and(|section| section.form == SectionForm::Own) {
        return None;
    }
    let path = path.split('[').next().unwrap_or(path);
    let mut keys: Vec<&str> = section
        .into_iter()
        .flat_map(SettingSection::rows)
        .map(|row| row.key)
        .collect();
    for name in SECTIONS.iter().flat_map(|section| &section.names) {
        let below = match path {
            "" => Some(*name),
            path => name
                .strip_prefix(path)
                .and_then(|rest| rest.strip_prefix('.')),
        };
        let below = below.filter(|key| !key.contains('.') && !keys.contains(key));
        keys.extend(below);
    }
    Some(keys)
}

/// Reads the text of the table, or says what is wrong with which line.
fn read(text: &'static str) -> Result<Vec<SettingSection>, String> {
    let mut sections: Vec<SettingSection> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let is_heading = line.starts_with('[');
        if is_heading {
            sections.push(heading(line)?);
        } else if sections.is_empty() {
            // What stands above the first section belongs to the file as a whole.
            sections.push(heading("[]")?);
        }
        let section = sections.last_mut().ok_or("no section")?;
        if let Some(remark) = line.strip_prefix('>') {
            section.remarks.push(remark.trim());
        } else if let Some(line) = line.strip_prefix('+') {
            section.entries.push(SettingEntry::Line(line.trim()));
        } else if !is_heading {
            let row = read_row(line)?;
            if section.rows().any(|other| other.key == row.key) {
                return Err(format!("`{}` stands twice in {:?}", row.key, section.names));
            }
            section.entries.push(SettingEntry::Row(row));
        }
    }
    Ok(sections)
}

fn heading(line: &'static str) -> Result<SettingSection, String> {
    let (names, form) = line
        .rsplit_once(']')
        .ok_or_else(|| format!("`{line}` is no heading"))?;
    let is_list = names.starts_with("[[");
    let form = match form.trim() {
        "" => SectionForm::Plain,
        "own" => SectionForm::Own,
        "off" => SectionForm::Off,
        "inside" => SectionForm::Inside,
        _ => return Err(format!("`{line}` has no known form")),
    };
    let names = names.trim_matches(['[', ']']).split(", ");
    Ok(SettingSection {
        names: names.filter(|name| !name.is_empty()).collect(),
        form,
        is_list,
        remarks: Vec::new(),
        entries: Vec::new(),
    })
}

fn read_row(line: &'static str) -> Result<SettingRow, String> {
    let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let (key, values, usual, example, meaning, variable) = match cells[..] {
        [key, values, usual, example, meaning] => (key, values, usual, example, meaning, None),
        [key, values, usual, example, meaning, name] => {
            (key, values, usual, example, meaning, Some(name))
        }
        _ => return Err(format!("`{line}` has not five columns or six")),
    };
    if cells.contains(&"") {
        return Err(format!("`{line}` has an empty column"));
    }
    let told = usual
        .strip_prefix('(')
        .and_then(|words| words.strip_suffix(')'));
    let row = SettingRow {
        key,
        values,
        usual: match (usual, told) {
            ("must", _) => UsualValue::Must,
            ("-", _) => UsualValue::Nothing,
            (_, Some(words)) => UsualValue::Told(words),
            (toml, None) => UsualValue::Toml(toml),
        },
        example: (example != "-").then(|| example.trim_start_matches("# ")),
        is_live: example != "-" && !example.starts_with('#'),
        meaning,
        variable,
    };
    if row.sample().is_empty() {
        return Err(format!("`{key}` has neither a default nor an example"));
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::credentials::variable_of_shop;
    use super::super::{Complaints, Config, SettingOrigin, parse, show};
    use super::*;

    fn outside() -> impl Iterator<Item = &'static SettingSection> {
        let sections = setting_sections().iter();
        sections.filter(|section| section.form != SectionForm::Inside)
    }

    fn rows_of(
        section: &'static SettingSection,
    ) -> impl Iterator<Item = (&'static str, &'static SettingRow)> {
        section.rows().map(|row| (section.names[0], row))
    }

    /// A file with every setting in it, one of them with a value of its own.
    fn whole(section: &str, key: &str, value: &str) -> Result<Config, Complaints> {
        let mut text = String::new();
        for known in outside() {
            let Some(name) = known.names.first() else {
                continue;
            };
            text += &match known.is_list {
                true => format!("[[{name}]]\n"),
                false => format!("[{name}]\n"),
            };
            for row in known.rows() {
                let is_it = *name == section && row.key == key;
                let value = if is_it { value } else { row.sample() };
                text += &format!("{} = {value}\n", row.key);
            }
        }
        parse(&text, "every setting")
    }

    fn messages(section: &str, key: &str, value: &str) -> Vec<String> {
        let said = whole(section, key, value).err();
        let said = said.iter().flat_map(Complaints::list);
        said.map(|complaint| complaint.message.clone()).collect()
    }

    #[test]
    fn the_table_can_be_read() {
        let sections = read(include_str!("settings.txt")).expect("it is in order");
        assert!(sections.len() > 20, "{}", sections.len());
    }

    /// What nobody reads must not be offered. What is read without a row stops every test of the reader.
    #[test]
    fn every_row_is_read() {
        let inside = "{ woocommerce = true, quickbooks = true }";
        let field = "{ flow = \"both\", owner = \"none\", on_conflict = \"manual\" }";
        let read: BTreeSet<String> = [
            whole("", "", ""),
            whole("serve", "webhooks", inside),
            whole("both.products", "price", field),
        ]
        .into_iter()
        .flat_map(|config| config.expect("every example is right").settings)
        .map(|setting| setting.key.replace("[1]", ""))
        .collect();
        for (name, row) in setting_sections().iter().flat_map(rows_of) {
            let path = format!("{name}.{}", row.key);
            assert!(
                read.contains(&path),
                "nobody reads `{path}` of settings.txt"
            );
        }
    }

    #[test]
    fn what_the_environment_may_set_is_shown_to_come_from_there() {
        let config = whole("", "", "").expect("every example is right");
        let shown = show(&config, &|name| Some(name.to_owned()));
        let mut seen = 0;
        for (name, row) in outside().flat_map(rows_of) {
            let Some(variable) = row.variable else {
                continue;
            };
            let path = format!("{name}.{}", row.key);
            let origin = shown.iter().find(|setting| setting.key == path);
            let origin = origin.map(|setting| &setting.origin);
            // The shop's own goes before the one for all.
            let variable = variable_of_shop(&config.shop.name, variable).expect("one of ours");
            let own = SettingOrigin::Environment { variable };
            assert_eq!(origin, Some(&own), "{path}");
            seen += 1;
        }
        assert_eq!(seen, 2);
    }

    #[test]
    fn limits_are_those_that_the_reader_keeps() {
        let mut seen = 0;
        for (name, row) in outside().flat_map(rows_of) {
            let Some(limits) = row.limits() else { continue };
            let written = |number: u64| match row.sample().starts_with('"') {
                true => format!("\"{number}s\""),
                false => number.to_string(),
            };
            let most = messages(name, row.key, &written(*limits.end()));
            assert!(most.is_empty(), "{most:?}");
            let more = messages(name, row.key, &written(limits.end() + 1));
            assert_eq!(more.len(), 1, "{name}.{} takes more", row.key);
            seen += 1;
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn words_are_those_that_the_reader_takes() {
        let mut seen = 0;
        for (name, row) in outside().flat_map(rows_of) {
            let words = row.words();
            if words.is_empty() {
                continue;
            }
            let said = |word: &str| match row.values.starts_with("a list of ") {
                true => messages(name, row.key, &format!("[{word}]")).concat(),
                false => messages(name, row.key, word).concat(),
            };
            for word in &words {
                // What may be said of it can be at odds with other settings.
                assert!(!said(word).contains("must be"), "{}", said(word));
            }
            let refused = said("\"§\"");
            let quoted = |word: &&str| refused.contains(&format!("`{}`", word.trim_matches('"')));
            let all = words.iter().all(quoted);
            // The name of the setting and what was written stand in backticks too.
            let no_others = refused.matches('`').count() == 2 * (words.len() + 2);
            assert!(all && no_others, "{refused} But: {words:?}");
            seen += 1;
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn a_row_that_is_wrong_is_named() {
        for (text, said) in [
            (
                "[a]\nx | y | 1\n",
                "`x | y | 1` has not five columns or six",
            ),
            (
                "[a]\nx | y | - | - | z\n",
                "`x` has neither a default nor an example",
            ),
            (
                "[a]\nx | y | 1 | - | z\nx | y | 1 | - | z\n",
                "`x` stands twice in [\"a\"]",
            ),
            ("[a] of\n", "`[a] of` has no known form"),
        ] {
            assert_eq!(read(text).expect_err("a mistake"), said);
        }
    }
}
