//! Walks the tree of a TOML file and gathers complaints instead of stopping at the first.
//!
//! What a section can hold, and what holds where it is silent, stands in the table of settings: a key without a row cannot be read,
//! and one that the table does not know is complained of. Each value that is read, from the file or by default, is also noted with its
//! origin: `config show` prints these notes, so that it cannot tell another story than the run.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::complaint::{ConfigMistake, place};
use super::credentials;
use super::hide::{is_secret_name, quoted};
use super::setting::{Setting, SettingOrigin};
use super::table::{self, SettingRow, UsualValue};
use super::values::{ReadValue, WrongValue, count, duration, one_of, seen, shown};
use crate::model::near::nearest;

pub(super) struct ConfigReader<'t> {
    pub text: &'t str,
    pub complaints: Vec<ConfigMistake>,
    /// What should be there and is not. In a file that is broken it may only seem so.
    pub missing: Vec<ConfigMistake>,
    pub settings: Vec<Setting>,
}

/// A table of the file, or the place where one could be: then every key takes its default.
pub(super) struct ConfigSection<'t> {
    path: String,
    span: Range<usize>,
    table: Option<&'t DeTable<'t>>,
}

impl<'t> ConfigSection<'t> {
    /// The file as a whole.
    pub fn root(table: &'t DeTable<'t>) -> ConfigSection<'t> {
        ConfigSection {
            path: String::new(),
            span: 0..0,
            table: Some(table),
        }
    }

    pub fn is_there(&self) -> bool {
        self.table.is_some()
    }

    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The section as a message names it. Those of a list have numbers, and no file writes these.
    pub fn heading(&self) -> String {
        if self.path.ends_with(']') {
            format!("`{}`", self.path)
        } else {
            format!("`[{}]`", self.path)
        }
    }

    pub fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.and_then(|table| table.get(key))
    }

    /// What the table says of a key.
    fn row(&self, key: &str) -> &'static SettingRow {
        table::row(&self.path, key)
    }

    /// The limits of a key, as the table has them.
    pub fn limits(&self, key: &str) -> RangeInclusive<u64> {
        let limits = self.row(key).limits();
        limits.unwrap_or_else(|| panic!("`{}` has no limits in settings.txt", self.full(key)))
    }

    /// A key with its sections before it, as TOML would write it.
    pub fn full(&self, key: &str) -> String {
        let bare = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let key = if bare {
            key.to_owned()
        } else {
            format!("{key:?}")
        };
        if self.path.is_empty() {
            key
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

impl<'t> ConfigReader<'t> {
    pub fn new(text: &'t str) -> ConfigReader<'t> {
        ConfigReader {
            text,
            complaints: Vec::new(),
            missing: Vec::new(),
            settings: Vec::new(),
        }
    }

    pub fn complain(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        self.complaints.push(ConfigMistake {
            message,
            hint,
            span,
        });
    }

    /// Opens a section and complains of every key in it that the table does not know.
    pub fn section(&mut self, parent: &ConfigSection<'t>, name: &str) -> ConfigSection<'t> {
        let section = self.opened(parent, name);
        if let Some(keys) = table::keys(&section.path) {
            self.know(&section, &keys);
        }
        section
    }

    fn opened(&mut self, parent: &ConfigSection<'t>, name: &str) -> ConfigSection<'t> {
        let path = parent.full(name);
        let Some(value) = parent.value(name) else {
            return ConfigSection {
                path,
                span: parent.span(),
                table: None,
            };
        };
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!("`{path}` must be a section, not {}", seen(value.get_ref()));
            let hint = format!("write `[{path}]` on a line of its own");
            self.complain(value.span(), message, Some(hint));
        }
        ConfigSection {
            path,
            span: value.span(),
            table,
        }
    }

    /// Opens the sections of a list of them, `[[name]]`.
    pub fn sections(&mut self, parent: &ConfigSection<'t>, name: &str) -> Vec<ConfigSection<'t>> {
        let path = parent.full(name);
        let keys = table::keys(&path).unwrap_or_default();
        let Some(value) = parent.value(name) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        let rows = match value.get_ref().as_array() {
            Some(rows) => rows.iter().collect(),
            None => vec![value],
        };
        for (number, row) in (1..).zip(rows) {
            let table = row.get_ref().as_table();
            if table.is_none() || !value.get_ref().is_array() {
                let message = format!("`{path}` must be a list of sections");
                let hint = format!("write `[[{path}]]` on a line of its own");
                self.complain(row.span(), message, Some(hint));
                continue;
            }
            let section = ConfigSection {
                path: format!("{path}[{number}]"),
                span: row.span(),
                table,
            };
            self.know(&section, &keys);
            sections.push(section);
        }
        sections
    }

    pub fn know(&mut self, section: &ConfigSection<'t>, keys: &[&str]) {
        for (key, value) in section.table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if !keys.contains(&name) {
                self.complain_of_key(section, name, key.span(), value.get_ref(), keys);
            }
        }
    }

    fn complain_of_key(
        &mut self,
        section: &ConfigSection<'t>,
        name: &str,
        span: Range<usize>,
        value: &DeValue,
        keys: &[&str],
    ) {
        if self.complain_of_secret(section, name, span.clone()) {
            return;
        }
        let near = nearest(name, keys.iter().copied());
        let (message, hint) = if section.path.is_empty() {
            let message = if value.is_table() || value.is_array() {
                format!("there is no section {}", quoted(name))
            } else {
                format!("{} stands outside of any section", quoted(name))
            };
            (
                message,
                near.map(|near| format!("did you mean `[{near}]`?")),
            )
        } else {
            let message = format!("{} has no key {}", section.heading(), quoted(name));
            (message, near.map(|near| format!("did you mean `{near}`?")))
        };
        let hint = never_goes(&section.path, name).map(str::to_owned).or(hint);
        let hint =
            hint.or_else(|| (!keys.is_empty()).then(|| format!("it can be {}", one_of(keys))));
        self.complain(span, message, hint);
    }

    /// Complains if a key of this name holds a secret, and says where secrets go.
    pub fn complain_of_secret(
        &mut self,
        section: &ConfigSection<'t>,
        name: &str,
        span: Range<usize>,
    ) -> bool {
        let variable = credentials::variable_for(&section.path, name);
        if variable.is_none() && !is_secret_name(name) {
            return false;
        }
        let message = format!("`{}` must not stand in this file", section.full(name));
        let hint = match variable {
            Some(variable) => {
                format!("take it out, and set the environment variable `{variable}` instead")
            }
            None => "take it out: secrets come from the environment".to_owned(),
        };
        self.complain(span, message, Some(hint));
        true
    }

    /// Reads a value that need not be there.
    pub fn get<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> Option<T> {
        match section.value(key) {
            Some(value) => self.take(section, key, value, read),
            None => {
                self.note(
                    section.full(key),
                    "not set".to_owned(),
                    SettingOrigin::Default,
                );
                None
            }
        }
    }

    /// Reads a value that takes the default of the table.
    pub fn or<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> T {
        let row = section.row(key);
        let UsualValue::Toml(usual) = row.usual else {
            panic!("`{}` has no default in settings.txt", section.full(key));
        };
        self.or_else(section, key, usual, read)
    }

    /// Reads a whole number within the limits of the table.
    pub fn count<T: TryFrom<u64>>(&mut self, section: &ConfigSection<'t>, key: &str) -> T {
        let limits = section.limits(key);
        self.or(section, key, count(limits))
    }

    /// Reads a duration within the limits of the table.
    pub fn duration(&mut self, section: &ConfigSection<'t>, key: &str) -> Duration {
        let limits = section.limits(key);
        self.or(section, key, duration(limits))
    }

    /// Reads a value whose default follows from others, given as the file would have it.
    pub fn or_else<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        default: &str,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> T {
        if let Some(value) = section.value(key)
            && let Some(taken) = self.take(section, key, value, &read)
        {
            return taken;
        }
        let value = DeValue::parse(default).expect("a default is TOML: the tests read each");
        if section.value(key).is_none() {
            self.note(
                section.full(key),
                shown(value.get_ref()),
                SettingOrigin::Default,
            );
        }
        read(value.get_ref()).expect("a default is right: the tests read each")
    }

    /// Reads a value that must be there; the table's example completes the hint.
    pub fn require<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> Option<T> {
        if let Some(value) = section.value(key) {
            return self.take(section, key, value, read);
        }
        let line = format!("`{key} = {}`", section.row(key).sample());
        let (message, hint) = if section.is_there() {
            (
                format!("{} needs `{key}`", section.heading()),
                format!("write {line}"),
            )
        } else {
            (
                format!("there is no section `[{}]`", section.path),
                format!("write `[{}]` and under it {line}", section.path),
            )
        };
        self.complain_of_missing(section, message, hint);
        None
    }

    pub fn complain_of_missing(
        &mut self,
        section: &ConfigSection<'t>,
        message: String,
        hint: String,
    ) {
        self.missing.push(ConfigMistake {
            message,
            hint: Some(hint),
            span: section.span(),
        });
    }

    /// Reads a list, complaining of each wrong item; `None` if there is no list.
    pub fn list<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> Option<Vec<T>> {
        let value = section.value(key)?;
        let path = section.full(key);
        let Some(items) = value.get_ref().as_array() else {
            let message = format!("`{path}` must be a list, not {}", seen(value.get_ref()));
            let hint = match value.get_ref() {
                DeValue::String(_) | DeValue::Integer(_) => Some(format!(
                    "write `{key} = [{}]`",
                    quoted_toml(value.get_ref())
                )),
                _ => None,
            };
            self.complain(value.span(), message, hint);
            return None;
        };
        self.note_file(path.clone(), value);
        let mut list = Vec::new();
        for item in items.iter() {
            match read(item.get_ref()) {
                Ok(item) => list.push(item),
                Err(wrong) => self.wrong(&format!("an item of `{path}`"), item.span(), wrong),
            }
        }
        Some(list)
    }

    /// Reads a list that takes the default of the table, which may be an empty one.
    pub fn list_or<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> Vec<T> {
        if section.value(key).is_some() {
            return self.list(section, key, read).unwrap_or_default();
        }
        let UsualValue::Toml(usual) = section.row(key).usual else {
            self.note_default(section, key, "none");
            return Vec::new();
        };
        let usual = DeValue::parse(usual).expect("a default is TOML: the tests read each");
        self.note_default(section, key, shown(usual.get_ref()));
        let items = usual
            .get_ref()
            .as_array()
            .into_iter()
            .flat_map(|list| list.iter());
        let items = items.map(|item| read(item.get_ref()));
        items
            .collect::<ReadValue<Vec<T>>>()
            .expect("a default is right: the tests read each")
    }

    /// Reads all of a section whose keys are the shop's own.
    pub fn entries<V>(
        &mut self,
        section: &ConfigSection<'t>,
        read_key: impl Fn(&str) -> ReadValue<String>,
        read: impl Fn(&DeValue) -> ReadValue<V>,
    ) -> BTreeMap<String, V> {
        let mut entries = BTreeMap::new();
        for (key, value) in section.table.into_iter().flatten() {
            let read_key = read_key(key.get_ref());
            let read_value = self.take(section, key.get_ref(), value, &read);
            match (read_key, read_value) {
                (Err(wrong), _) => {
                    self.wrong(
                        &format!("a key of {}", section.heading()),
                        key.span(),
                        wrong,
                    );
                }
                (Ok(name), Some(_)) if entries.contains_key(&name) => {
                    let message = format!("{} has {} twice", section.heading(), quoted(&name));
                    self.complain(key.span(), message, Some("take one out".to_owned()));
                }
                (Ok(name), Some(value)) => {
                    entries.insert(name, value);
                }
                (Ok(_), None) => {}
            }
        }
        entries
    }

    fn take<T>(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        value: &Spanned<DeValue>,
        read: impl Fn(&DeValue) -> ReadValue<T>,
    ) -> Option<T> {
        let path = section.full(key);
        match read(value.get_ref()) {
            Ok(taken) => {
                self.note_file(path, value);
                Some(taken)
            }
            Err(wrong) => {
                self.wrong(&quoted(&path), value.span(), wrong);
                None
            }
        }
    }

    fn wrong(&mut self, subject: &str, span: Range<usize>, wrong: WrongValue) {
        self.complain(span, format!("{subject} {}", wrong.tail), wrong.hint);
    }

    fn note_file(&mut self, key: String, value: &Spanned<DeValue>) {
        self.note(key, shown(value.get_ref()), self.origin(value));
    }

    /// Where a value stands in the file.
    pub fn origin(&self, value: &Spanned<DeValue>) -> SettingOrigin {
        let (line, _) = place(self.text, value.span().start);
        SettingOrigin::File { line }
    }

    /// Notes the value of a key for `config show`.
    pub fn note(&mut self, key: String, value: String, origin: SettingOrigin) {
        self.settings.push(Setting { key, value, origin });
    }

    pub fn note_default(
        &mut self,
        section: &ConfigSection<'t>,
        key: &str,
        value: impl Into<String>,
    ) {
        self.note(section.full(key), value.into(), SettingOrigin::Default);
    }
}

fn quoted_toml(value: &DeValue) -> String {
    match value {
        DeValue::Integer(number) => number.to_string(),
        other => format!("\"{}\"", quoted(&shown(other)).trim_matches('`')),
    }
}

/// Why what somebody may well ask of both ways is not to be had.
fn never_goes(section: &str, key: &str) -> Option<&'static str> {
    let is_field = section.starts_with("both.products.") || section.starts_with("both.customers.");
    match (section, key) {
        ("both.products" | "sync.direction", "stock") => Some(
            "stock is never written to the shop: it follows from what is sold, and a number laid over it would lose what is sold meanwhile",
        ),
        ("both.products", "description") => Some(
            "a description goes neither way: the shop's has markup in it, and QuickBooks would lose that",
        ),
        (_, "drift") if is_field => Some(
            "a change on the side that does not own a field is told and never put back; `flow` and `on_conflict` say what is written",
        ),
        _ => None,
    }
}
