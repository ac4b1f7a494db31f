//! Drafts: many values put into a configuration at once, each where a reader looks for it, with a comment that says why.
//!
//! A file that is there keeps everything that its owner wrote, and each value that would change is told before anything is written. A
//! new file comes from the same code, so that the two cannot drift apart, and the same values make the same bytes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

use super::table::setting_section;
use super::{Complaints, Config, Edit, EditError, parse};

/// The beginning of a new file.
const HEADER: &str = "# The configuration of one shop and one set of books, made by `udsync init`.
#
# Change what you like, then ask `udsync config check`. What is not said here has its default:
# `udsync config show` lists everything. Keys, secrets and tokens never stand in this file.
";

/// Where a value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigPlace {
    /// A section and a key in it.
    Key(&'static [&'static str], String),
    /// Where a field of `[both.customers]` or `[both.products]` flows. One that has a table of its own keeps the rest of it.
    Flow(&'static str, &'static str),
    /// The rule for this set of rates.
    TaxCode(Vec<String>),
}

/// A value that differs from what the file said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSetting {
    /// `books.deposit.stripe`
    pub key: String,
    pub before: Option<String>,
    pub after: String,
}

/// A configuration that is being put together.
#[derive(Debug)]
pub struct ConfigDraft {
    edit: Edit,
    is_new: bool,
    changes: Vec<ChangedSetting>,
}

impl ConfigDraft {
    /// Opens the file, or begins one.
    pub fn open(path: &Path) -> Result<ConfigDraft, EditError> {
        Ok(ConfigDraft {
            is_new: !path.exists(),
            edit: Edit::open_or(path, HEADER)?,
            changes: Vec::new(),
        })
    }

    /// There was no file.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Puts a value in its place. The remark stands behind a value that was not there before.
    pub fn put(
        &mut self,
        place: &ConfigPlace,
        value: impl Into<Value>,
        remark: &str,
    ) -> &mut ConfigDraft {
        let value = value.into();
        let (key, before) = match place {
            ConfigPlace::Key(section, key) => {
                let before = self.put_key(section, key, value.clone(), remark);
                (format!("{}.{key}", section.join(".")), before)
            }
            ConfigPlace::Flow(list, field) => {
                let has_table = self
                    .section(&["both", list])
                    .and_then(|(table, _)| table.get(field))
                    .is_some_and(|item| item.is_table_like());
                let (section, key) = match has_table {
                    true => (vec!["both", list, field], "flow"),
                    false => (vec!["both", list], *field),
                };
                let before = self.put_key(&section, key, value.clone(), remark);
                (format!("{}.{key}", section.join(".")), before)
            }
            ConfigPlace::TaxCode(rates) => {
                let before = self.put_code(rates, value.clone(), remark);
                (format!("books.tax.codes.{}", rates.join(",")), before)
            }
        };
        let after = bare(&value);
        if before.as_ref() != Some(&after) {
            self.changes.push(ChangedSetting { key, before, after });
        }
        self
    }

    /// Takes a value out, so that it is what it is without one.
    pub fn take_out(&mut self, section: &[&str], key: &str) -> &mut ConfigDraft {
        let is_there = self
            .edit
            .root()
            .get(section.first().copied().unwrap_or_default());
        if is_there.is_none() {
            return self;
        }
        let before = self
            .section(section)
            .and_then(|(table, _)| table.remove(key))
            .and_then(|item| item.as_value().map(bare));
        if before.is_some() {
            self.changes.push(ChangedSetting {
                key: format!("{}.{key}", section.join(".")),
                before,
                after: String::new(),
            });
        }
        self
    }

    /// What differs from the file so far.
    pub fn changes(&self) -> &[ChangedSetting] {
        &self.changes
    }

    pub fn edit(&self) -> &Edit {
        &self.edit
    }

    pub fn text(&self) -> String {
        self.edit.text()
    }

    /// The configuration as it would be read.
    pub fn config(&self) -> Result<Config, Complaints> {
        let path = self.edit.path();
        let config = parse(&self.text(), &path.to_string_lossy())?;
        Ok(Config {
            source_path: path.to_owned(),
            ..config
        })
    }

    /// Writes the file, whole or not at all; answers with the copy that is kept of the old one.
    pub fn save(&self) -> Result<Option<PathBuf>, EditError> {
        self.edit.save()
    }

    fn put_key(
        &mut self,
        section: &[&str],
        key: &str,
        value: Value,
        remark: &str,
    ) -> Option<String> {
        let (table, in_line) = self.section(section)?;
        let old = table.get(key).and_then(Item::as_value).cloned();
        let mut value = value;
        match &old {
            Some(old) if bare(old) == bare(&value) => return Some(bare(old)),
            Some(old) => *value.decor_mut() = old.decor().clone(),
            None if in_line => {} // A table on one line has no room for remarks.
            None => describe(&mut value, remark),
        }
        table.insert(key, Item::Value(value));
        old.as_ref().map(bare)
    }

    fn put_code(&mut self, rates: &[String], value: Value, remark: &str) -> Option<String> {
        let (tax, _) = self.section(&["books", "tax"])?;
        if tax.get("codes").is_none() {
            tax.insert("codes", Item::ArrayOfTables(ArrayOfTables::new()));
        }
        let codes = tax.get_mut("codes")?;
        let wanted: BTreeSet<String> = rates.iter().cloned().collect();
        let names: Array = rates.iter().map(String::as_str).collect();
        if let Some(rules) = codes.as_array_of_tables_mut() {
            for rule in rules.iter_mut() {
                if set_of(rule) == wanted {
                    return replace(rule, value);
                }
            }
            let mut rule = Table::new();
            let first = rules.is_empty();
            let comment = first.then(|| comment_on("books.tax.codes"));
            let comment = comment.unwrap_or_default();
            rule.decor_mut().set_prefix(format!("\n{comment}"));
            let mut names = Value::Array(names);
            describe(&mut names, remark);
            rule.insert("woo", Item::Value(names));
            rule.insert("code", Item::Value(value));
            rules.push(rule);
        } else if let Some(rules) = codes.as_array_mut() {
            for rule in rules.iter_mut().filter_map(Value::as_inline_table_mut) {
                if set_of(rule) == wanted {
                    return replace(rule, value);
                }
            }
            let mut rule = InlineTable::new();
            rule.insert("woo", Value::Array(names));
            rule.insert("code", value);
            rules.push(rule);
        }
        None
    }

    /// A section, and whether it stands on one line; made where it is missing, with its comment. `None` where something else stands under its name, which reading the
    /// file will tell.
    fn section(&mut self, path: &[&str]) -> Option<(&mut dyn TableLike, bool)> {
        let comment = comment_on(&path.join("."));
        let behind = self.edit.take_trailing(path);
        let mut in_line = false;
        let mut table: &mut dyn TableLike = self.edit.root();
        for (depth, name) in path.iter().enumerate() {
            if table.get(name).is_none() {
                let mut section = Table::new();
                let comment = if depth + 1 == path.len() {
                    &comment
                } else {
                    ""
                };
                section
                    .decor_mut()
                    .set_prefix(format!("{behind}\n{comment}"));
                // A parent that holds nothing itself needs no heading.
                section.set_implicit(depth + 1 < path.len());
                table.insert(name, Item::Table(section));
            }
            let item = table.get_mut(name)?;
            in_line |= item.is_inline_table();
            table = item.as_table_like_mut()?;
        }
        Some((table, in_line))
    }
}

/// What a reader should know of a section, as it stands above it.
fn comment_on(section: &str) -> String {
    let remarks = setting_section(section).map(|section| &section.remarks);
    let lines = remarks.into_iter().flatten();
    lines.map(|line| format!("# {line}\n")).collect()
}

/// The rates of a rule.
fn set_of(rule: &dyn TableLike) -> BTreeSet<String> {
    let names = rule.get("woo").and_then(Item::as_array);
    names
        .into_iter()
        .flatten()
        .map(|name| name.as_str().map_or_else(|| bare(name), str::to_owned))
        .collect()
}

fn replace(rule: &mut dyn TableLike, mut value: Value) -> Option<String> {
    let old = rule.get("code").and_then(Item::as_value).cloned();
    if let Some(old) = &old {
        if bare(old) == bare(&value) {
            return Some(bare(old));
        }
        *value.decor_mut() = old.decor().clone();
    }
    rule.insert("code", Item::Value(value));
    old.as_ref().map(bare)
}

/// A remark behind the value. It comes from a shop, so it is cut to one line.
fn describe(value: &mut Value, remark: &str) {
    let remark: String = remark
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(80)
        .collect();
    if !remark.trim().is_empty() {
        value
            .decor_mut()
            .set_suffix(format!(" # {}", remark.trim()));
    }
}

/// A value without what surrounds it.
fn bare(value: &Value) -> String {
    let mut value = value.clone();
    value.decor_mut().clear();
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(section: &'static [&'static str], key: &str) -> ConfigPlace {
        ConfigPlace::Key(section, key.to_owned())
    }

    /// Everything that a configuration needs, and one of each kind.
    fn fill(draft: &mut ConfigDraft) {
        draft
            .put(&key(&["shop"], "name"), "aurora", "")
            .put(
                &key(&["woocommerce"], "url"),
                "https://shop.example.com",
                "",
            )
            .put(&key(&["books"], "timezone"), "Europe/London", "")
            .put(
                &key(&["books", "deposit"], "stripe"),
                "Stripe Clearing",
                "Cards\nby Stripe",
            )
            .put(&key(&["books", "deposit"], "stripe:USD"), "Stripe USD", "")
            .put(
                &ConfigPlace::TaxCode(vec!["GB-VAT-1".into()]),
                "20.0% S",
                "VAT, GB",
            )
            .put(
                &ConfigPlace::TaxCode(vec!["2".into(), "3".into()]),
                "\"odd\"",
                "",
            );
    }

    const WHOLE: &str =
        "# The configuration of one shop and one set of books, made by `udsync init`.
#
# Change what you like, then ask `udsync config check`. What is not said here has its default:
# `udsync config show` lists everything. Keys, secrets and tokens never stand in this file.

# The name is part of the mark on every document in the books: keep it.
[shop]
name = \"aurora\"

[woocommerce]
url = \"https://shop.example.com\"

# Below, names on the right are those of accounts, items, methods and tax codes in QuickBooks.
[books]
timezone = \"Europe/London\"

# The account that the money reaches: looked up as method:CURRENCY, method, *:CURRENCY, *
[books.deposit]
stripe = \"Stripe Clearing\" # Cards by Stripe
\"stripe:USD\" = \"Stripe USD\"

[books.tax]

# A line that carries exactly this set of rates gets this code.
[[books.tax.codes]]
woo = [\"GB-VAT-1\"] # VAT, GB
code = \"20.0% S\"

[[books.tax.codes]]
woo = [\"2\", \"3\"]
code = '\"odd\"'
";

    #[test]
    fn a_new_file_is_commented_and_can_be_read_and_a_second_pass_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("udsync.toml");
        let mut draft = ConfigDraft::open(&path).expect("begun");
        fill(&mut draft);
        assert_eq!(draft.text(), WHOLE);
        assert_eq!(draft.changes().len(), 7);
        let config = draft.config().expect("in order");
        assert_eq!(config.rules.tax.codes[1].code, "\"odd\"");
        draft.save().expect("saved");
        let mut draft = ConfigDraft::open(&path).expect("opened");
        assert!(!draft.is_new());
        fill(&mut draft);
        assert_eq!(draft.changes(), []);
        assert_eq!(draft.text(), WHOLE);
    }

    #[test]
    fn a_file_keeps_its_comments_its_order_and_its_own_way_of_writing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("udsync.toml");
        let text = "[books] # mine\ntimezone = \"Europe/Paris\" # we moved\n\n[books.tax]\nrates = { \"1\" = \"GST 5%\" }\ncodes = [{ woo = [\"GB-VAT-1\"], code = \"old\" }]\n\n[shop]\nname = \"aurora\"\n\n[woocommerce]\nurl = \"https://shop.example.com\"\n# the end\n";
        std::fs::write(&path, text).expect("written");
        let mut draft = ConfigDraft::open(&path).expect("opened");
        fill(&mut draft);
        draft.put(&key(&["books", "tax", "rates"], "2"), "PST", "seven");
        let changes: Vec<(&str, Option<&str>)> = draft
            .changes()
            .iter()
            .map(|change| (change.key.as_str(), change.before.as_deref()))
            .collect();
        assert_eq!(
            changes,
            [
                ("books.timezone", Some("\"Europe/Paris\"")),
                ("books.deposit.stripe", None),
                ("books.deposit.stripe:USD", None),
                ("books.tax.codes.GB-VAT-1", Some("\"old\"")),
                ("books.tax.codes.2,3", None),
                ("books.tax.rates.2", None),
            ]
        );
        let written = draft.text();
        for kept in [
            "[books] # mine",
            "\"Europe/London\" # we moved",
            "# the end",
        ] {
            assert!(written.contains(kept), "{kept}: {written}");
        }
        draft.config().expect("in order");
    }

    #[test]
    fn what_cannot_be_read_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("udsync.toml");
        let mut draft = ConfigDraft::open(&path).expect("begun");
        fill(&mut draft);
        draft.put(&key(&["books"], "timezone"), "Nowhere", "");
        assert!(draft.config().is_err());
        assert!(matches!(draft.save(), Err(EditError::Wrong(_))));
        assert!(!path.exists());
    }
}
