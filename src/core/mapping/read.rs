//! Reading a mapping file: from TOML to what it says, and where it says it.
//!
//! All mistakes of form are found in one pass. What the words mean is for the check.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::limits;
use super::lookup::{Csv, Lookup};
use super::mistake::{Mistake, quoted};
use super::model::{Constant, Feed, Mapping, RowSource, Rule, Skip};
use super::schema::{FieldAccess, TargetSchema};
use super::value::decimal;
use crate::model::near::did_you_mean;

/// A mapping with the places of its parts: `rows.0.fields.memo.text` and the like.
#[derive(Debug)]
pub struct ReadMapping {
    pub mapping: Mapping,
    pub places: BTreeMap<String, Range<usize>>,
    pub mistakes: Vec<Mistake>,
    /// The file is no TOML, or beyond a limit: nothing else is worth saying of it.
    pub is_hopeless: bool,
}

const FEEDS: [&str; 4] = ["from", "text", "compute", "value"];
const LOOKUPS: usize = 100;

/// Reads a file. The target tells groups of fields from rules.
pub fn read(
    text: &str,
    target: impl Fn(&str, &str) -> Option<&'static TargetSchema>,
) -> ReadMapping {
    let mut reader = MappingReader {
        text,
        places: BTreeMap::new(),
        mistakes: Vec::new(),
        target: None,
        rules: 0,
        is_hopeless: false,
    };
    if text.len() > limits::FILE {
        let message = format!("the file is larger than {} KB", limits::FILE / 1024);
        return reader.hopeless(vec![Mistake::new(0..0, message)]);
    }
    let (tree, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let said = errors.iter().take(limits::COMPLAINTS).map(|error| {
            let span = error.span().unwrap_or(0..0);
            Mistake::new(span, format!("this is not TOML: {}", error.message()))
        });
        return reader.hopeless(said.collect());
    }
    let root = tree.get_ref();
    let keys = [
        "source", "target", "entity", "about", "names", "lookup", "skip", "fields", "rows",
    ];
    reader.know(root, "", &keys);
    let source = reader.must(root, "source", "\"woocommerce\"");
    let name = reader.must(root, "target", "\"quickbooks\"");
    let entity = reader.must(root, "entity", "\"orders\"");
    reader.target = target(&name, &entity);
    let mapping = Mapping {
        source,
        target: name,
        entity,
        about: reader.text_of(root, "", "about"),
        names: reader.names(root),
        lookup: reader.lookups(root),
        skip: reader.skips(root),
        rows: reader.all_rows(root),
    };
    reader.done(mapping)
}

struct MappingReader<'t> {
    text: &'t str,
    places: BTreeMap<String, Range<usize>>,
    mistakes: Vec<Mistake>,
    target: Option<&'static TargetSchema>,
    rules: usize,
    is_hopeless: bool,
}

type TableDraft<'t> = DeTable<'t>;
type Cell<'t> = Spanned<DeValue<'t>>;

impl MappingReader<'_> {
    fn done(self, mapping: Mapping) -> ReadMapping {
        ReadMapping {
            mapping,
            places: self.places,
            mistakes: self.mistakes,
            is_hopeless: self.is_hopeless,
        }
    }

    fn hopeless(mut self, mistakes: Vec<Mistake>) -> ReadMapping {
        self.mistakes = mistakes;
        self.is_hopeless = true;
        self.done(Mapping::default())
    }

    fn wrong(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        if self.mistakes.len() < limits::COMPLAINTS {
            self.mistakes.push(Mistake::new(span, message).hint(hint));
        }
    }

    fn know(&mut self, table: &TableDraft<'_>, heading: &str, keys: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if self.mistakes.len() >= limits::COMPLAINTS {
                return;
            }
            if !keys.contains(&name) {
                let place = match heading {
                    "" => "a mapping".to_owned(),
                    heading => format!("`{heading}`"),
                };
                let hint = did_you_mean(name, keys.iter().copied())
                    .or_else(|| Some(format!("it can have `{}`", keys.join("`, `"))));
                self.wrong(
                    key.span(),
                    format!("{place} has no key {}", quoted(name)),
                    hint,
                );
            }
        }
    }

    /// The place of a text, so that an offset in it is an offset in the file.
    fn place(&mut self, path: String, cell: &Cell<'_>) {
        let span = cell.span();
        let raw = self.text.get(span.clone()).unwrap_or("");
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let skipped = quotes
            .iter()
            .find(|quote| raw.starts_with(**quote))
            .map_or(0, |quote| quote.len());
        let skipped = skipped
            + match &raw[skipped..] {
                // A line break behind three quotes is not part of the text.
                rest if skipped == 3 && rest.starts_with("\r\n") => 2,
                rest if skipped == 3 && rest.starts_with('\n') => 1,
                _ => 0,
            };
        let start = (span.start + skipped).min(span.end);
        self.places.insert(path, start..span.end);
    }

    fn must(&mut self, root: &TableDraft<'_>, key: &str, example: &str) -> String {
        if root.get(key).is_none() {
            let hint = Some(format!("write `{key} = {example}`"));
            self.wrong(0..0, format!("a mapping says its `{key}`"), hint);
        }
        self.text_of(root, "", key).unwrap_or_default()
    }

    fn text_of(&mut self, table: &TableDraft<'_>, path: &str, key: &str) -> Option<String> {
        let cell = table.get(key)?;
        self.place(joined(path, key), cell);
        match cell.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            other => {
                let message = format!("`{key}` is a text, not {}", seen(other));
                let hint = Some(format!("write `{key} = \"…\"`"));
                self.wrong(cell.span(), message, hint);
                None
            }
        }
    }

    fn table<'a, 't>(
        &mut self,
        table: &'a TableDraft<'t>,
        key: &str,
    ) -> Option<&'a TableDraft<'t>> {
        let cell = table.get(key)?;
        let found = cell.get_ref().as_table();
        if found.is_none() {
            let message = format!("`{key}` is a section, not {}", seen(cell.get_ref()));
            let hint = Some(format!("write `[{key}]` on a line of its own"));
            self.wrong(cell.span(), message, hint);
        }
        found
    }

    fn tables<'a, 't>(&mut self, table: &'a TableDraft<'t>, key: &str) -> Vec<&'a TableDraft<'t>> {
        let Some(cell) = table.get(key) else {
            return Vec::new();
        };
        let rows: Option<Vec<_>> = cell.get_ref().as_array().map(|rows| {
            rows.iter()
                .filter_map(|row| row.get_ref().as_table())
                .collect()
        });
        match (rows, cell.get_ref().as_array()) {
            (Some(rows), Some(all)) if rows.len() == all.iter().count() => rows,
            _ => {
                let message = format!("`{key}` is a list of sections");
                let hint = Some(format!("write `[[{key}]]` on a line of its own"));
                self.wrong(cell.span(), message, hint);
                Vec::new()
            }
        }
    }

    fn texts(&mut self, table: &TableDraft<'_>, path: &str) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for key in table.keys() {
            let name = key.get_ref().to_string();
            if let Some(text) = self.text_of(table, path, &name) {
                texts.insert(name, text);
            }
        }
        texts
    }

    fn names(&mut self, root: &TableDraft<'_>) -> BTreeMap<String, String> {
        let table = self.table(root, "names");
        let names = table.map(|table| self.texts(table, "names"));
        let names = names.unwrap_or_default();
        self.count(names.len());
        names
    }

    /// Counts rules, and says once that there are too many.
    fn count(&mut self, more: usize) {
        let before = self.rules;
        self.rules += more;
        if before <= limits::RULES && self.rules > limits::RULES {
            let message = format!("a mapping has {} rules at most", limits::RULES);
            self.mistakes.insert(0, Mistake::new(0..0, message));
            self.is_hopeless = true;
        }
    }

    fn lookups(&mut self, root: &TableDraft<'_>) -> BTreeMap<String, Lookup> {
        let mut lookups = BTreeMap::new();
        let Some(table) = self.table(root, "lookup") else {
            return lookups;
        };
        if table.len() > LOOKUPS {
            let message = format!("a mapping has {LOOKUPS} lookup tables at most");
            self.mistakes.insert(0, Mistake::new(0..0, message));
            self.is_hopeless = true;
            return lookups;
        }
        for key in table.keys() {
            let name = key.get_ref().to_string();
            let path = joined("lookup", &name);
            self.places.insert(path.clone(), key.span());
            let Some(inner) = self.table(table, &name) else {
                continue;
            };
            let keys = ["rows", "csv", "key", "value", "otherwise", "then"];
            self.know(inner, &path, &keys);
            let rows = self.table(inner, "rows");
            let rows = rows.map(|rows| self.texts(rows, &joined(&path, "rows")));
            let file = self.text_of(inner, &path, "csv");
            let columns = ["key", "value"].map(|column| {
                let column_name = self.text_of(inner, &path, column);
                if file.is_some() != column_name.is_some() {
                    let message =
                        format!("`{path}` needs `csv`, `key` and `value` together, or none of them");
                    let hint = Some("for example `csv = \"regions.csv\"`, `key = \"postcode\"`, `value = \"region\"`".to_owned());
                    self.wrong(key.span(), message, hint);
                }
                column_name
            });
            let csv = match (file, columns) {
                (Some(file), [Some(key), Some(value)]) => Some(Csv { file, key, value }),
                _ => None,
            };
            let lookup = Lookup {
                rows: rows.unwrap_or_default(),
                csv,
                otherwise: self.text_of(inner, &path, "otherwise"),
                then: self.text_of(inner, &path, "then"),
            };
            lookups.insert(name, lookup);
        }
        lookups
    }

    fn skips(&mut self, root: &TableDraft<'_>) -> Vec<Skip> {
        let tables = self.tables(root, "skip");
        self.count(tables.len());
        let mut skips = Vec::new();
        for (number, table) in tables.into_iter().enumerate() {
            let path = format!("skip.{number}");
            self.know(table, "skip", &["when", "because"]);
            let when = self.text_of(table, &path, "when");
            let because = self.text_of(table, &path, "because");
            let (Some(when), Some(because)) = (when, because) else {
                let place = table.keys().next().map_or(0..0, |key| key.span());
                let message = "a `[[skip]]` says `when`, and `because` of what".to_owned();
                let hint = Some("write `because = \"…\"`: people will read it".to_owned());
                self.wrong(place, message, hint);
                continue;
            };
            skips.push(Skip { when, because });
        }
        skips
    }

    fn all_rows(&mut self, root: &TableDraft<'_>) -> Vec<RowSource> {
        let mut all = Vec::new();
        if let Some(fields) = self.table(root, "fields") {
            all.push(RowSource {
                fields: self.fields(fields, "rows.0"),
                ..RowSource::default()
            });
        }
        for table in self.tables(root, "rows") {
            let path = format!("rows.{}", all.len());
            self.know(table, "rows", &["each", "when", "fields"]);
            let fields = self.table(table, "fields");
            all.push(RowSource {
                each: self.text_of(table, &path, "each"),
                when: self.text_of(table, &path, "when"),
                fields: fields.map_or_else(BTreeMap::new, |fields| self.fields(fields, &path)),
            });
        }
        if root.get("fields").is_some() && root.get("rows").is_some() {
            let span = root.get("fields").map_or(0..0, Spanned::span);
            let message = "`[fields]` and `[[rows]]` do not stand in one mapping".to_owned();
            let hint = Some("put the fields under `[[rows]]` too, as `[rows.fields]`".to_owned());
            self.wrong(span, message, hint);
        }
        all
    }

    fn fields(&mut self, table: &TableDraft<'_>, path: &str) -> BTreeMap<String, Rule> {
        let mut fields = BTreeMap::new();
        self.group(table, path, "", &mut fields);
        self.count(fields.len());
        fields
    }

    fn group(
        &mut self,
        table: &TableDraft<'_>,
        path: &str,
        group: &str,
        fields: &mut BTreeMap<String, Rule>,
    ) {
        for (key, cell) in table {
            let key_text: &Cow<'_, str> = key.get_ref();
            let name = joined(group, key_text);
            let place = format!("{path}.fields.{name}");
            self.places.insert(place.clone(), key.span());
            // A name with a point would read back as a group.
            if key_text.contains('.') || key_text.is_empty() {
                let message = format!("{} is not the name of a field", quoted(key_text));
                let hint = Some("write it without points and quotes".to_owned());
                self.wrong(key.span(), message, hint);
                continue;
            }
            match cell.get_ref() {
                DeValue::String(flow) => {
                    self.place(format!("{place}.from"), cell);
                    let rule = Rule {
                        feed: Feed::From(flow.to_string()),
                        when: None,
                        otherwise: None,
                    };
                    fields.insert(name, rule);
                }
                DeValue::Table(inner) if self.is_group(&name, inner) => {
                    self.group(inner, path, &name, fields);
                }
                DeValue::Table(inner) => {
                    if let Some(rule) = self.rule(inner, &place, key.span()) {
                        fields.insert(name, rule);
                    }
                }
                other => {
                    let message =
                        format!("{} is fed by a path, not by {}", quoted(&name), seen(other));
                    let hint = Some("write `{ value = … }` for what is always the same".to_owned());
                    self.wrong(cell.span(), message, hint);
                }
            }
        }
    }

    fn is_group(&self, name: &str, table: &TableDraft<'_>) -> bool {
        if self.target.is_some_and(|target| target.is_group(name)) {
            return true;
        }
        let feeds = |key: &Spanned<Cow<'_, str>>| FEEDS.contains(&key.get_ref().as_ref());
        let not_ours = |target: &TargetSchema| {
            let field = target.find(name);
            field.is_some_and(|field| field.access != FieldAccess::Write)
        };
        // What is inside a figure of the books is complained of as such.
        if self.target.is_some_and(not_ours) && !table.keys().any(feeds) {
            return name.matches('.').count() < 4;
        }
        // A group inside a group is no rule; nor is one that says nothing of a rule.
        !table.keys().any(feeds)
            && !table.is_empty()
            && table.values().all(|cell| cell.get_ref().is_table())
            && name.matches('.').count() < 4
    }

    fn rule(&mut self, table: &TableDraft<'_>, place: &str, span: Range<usize>) -> Option<Rule> {
        let keys = ["from", "text", "compute", "value", "when", "otherwise"];
        self.know(table, "a rule", &keys);
        let mut feeds = Vec::new();
        for key in FEEDS {
            let feed = match key {
                "value" => self.constant(table, place, key).map(Feed::Value),
                _ => self.text_of(table, place, key).map(match key {
                    "from" => Feed::From,
                    "text" => Feed::Text,
                    _ => Feed::Compute,
                }),
            };
            feeds.extend(feed);
        }
        let when = self.text_of(table, place, "when");
        let otherwise = self.constant(table, place, "otherwise");
        let one = feeds.pop();
        let written = FEEDS.iter().filter(|key| table.get(**key).is_some());
        if written.count() != 1 {
            let message = "a rule has one of `from`, `text`, `compute` and `value`".to_owned();
            self.wrong(span, message, None);
            return None;
        }
        Some(Rule {
            feed: one?,
            when,
            otherwise,
        })
    }

    fn constant(&mut self, table: &TableDraft<'_>, path: &str, key: &str) -> Option<Constant> {
        let cell = table.get(key)?;
        self.place(joined(path, key), cell);
        let digits = |text: &str| decimal(&text.replace('_', "")).map(Constant::Number);
        let constant = match cell.get_ref() {
            DeValue::String(text) => Some(Constant::Text(text.to_string())),
            DeValue::Boolean(is) => Some(Constant::Bool(*is)),
            DeValue::Integer(number) if number.radix() == 10 => digits(number.as_str()),
            DeValue::Float(number) => digits(number.as_str()),
            _ => None,
        };
        if constant.is_none() {
            let message = format!("`{key}` is a text, a number, `true` or `false`");
            self.wrong(cell.span(), message, None);
        }
        constant
    }
}

fn joined(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

fn seen(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "yes or no",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
