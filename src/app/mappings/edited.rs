//! Edited: a mapping file that says something else by now, with its comments and the order of its lines as their owner left them.
//!
//! Only the values that differ are written anew, each in its place; a new rule comes behind the others of its group. What was written
//! is read again and must say what was meant; where it does not, or where the change is one that no line of the file can take, the
//! whole file is written anew and its comments are lost, which is told.

use std::collections::BTreeSet;
use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, TableLike, Value};

use crate::mapping::{Constant, Feed, Mapping, Rule, exchange, said};

/// The text of an edited file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedMapping {
    pub text: String,
    /// Comments and order are as they were.
    pub keeps_comments: bool,
}

/// The text of a mapping file that shall say this.
pub fn edited(text: &str, wanted: &Mapping) -> EditedMapping {
    let in_place = MappingEdits::of(text, wanted)
        .map(|edits| edits.applied(text))
        .filter(|new| said(new).as_ref() == Some(wanted));
    match in_place {
        Some(text) => EditedMapping {
            text,
            keeps_comments: true,
        },
        None => EditedMapping {
            text: exchange::written(wanted),
            keeps_comments: !text.contains('#'),
        },
    }
}

/// Pieces of the text that become others, from front to back.
#[derive(Default)]
struct MappingEdits(Vec<(Range<usize>, String)>);

impl MappingEdits {
    /// `None`: a change of this kind has no place in the file.
    fn of(text: &str, wanted: &Mapping) -> Option<MappingEdits> {
        let now = said(text)?;
        let document = Document::parse(text).ok()?;
        let mut edits = MappingEdits::default();
        let root = document.as_table();
        if now.rows.len() != wanted.rows.len() {
            return None;
        }
        if let Some(names) = root.get("names").and_then(Item::as_table) {
            edits.texts(text, names, &now.names, &wanted.names)?;
        }
        for (nth, (now, wanted)) in now.rows.iter().zip(&wanted.rows).enumerate() {
            let fields = match root.get("rows").and_then(Item::as_array_of_tables) {
                Some(rows) => rows.get(nth)?.get("fields")?.as_table()?,
                None => root.get("fields")?.as_table()?,
            };
            let all: BTreeSet<&String> = now.fields.keys().chain(wanted.fields.keys()).collect();
            for name in all {
                let (before, after) = (now.fields.get(name), wanted.fields.get(name));
                if before != after {
                    edits.rule(text, fields, name, before.is_some(), after)?;
                }
            }
        }
        edits.0.sort_by_key(|(span, _)| (span.start, span.end));
        Some(edits)
    }

    fn applied(&self, text: &str) -> String {
        let mut new = String::with_capacity(text.len() + 200);
        let mut at = 0;
        for (span, piece) in &self.0 {
            // Two changes of one piece come from a file that is laid out in a way not thought of; the check tells.
            if span.start >= at {
                new.push_str(&text[at..span.start]);
                new.push_str(piece);
                at = span.end;
            }
        }
        new.push_str(&text[at..]);
        new
    }

    fn texts(
        &mut self,
        text: &str,
        table: &toml_edit::Table,
        now: &std::collections::BTreeMap<String, String>,
        wanted: &std::collections::BTreeMap<String, String>,
    ) -> Option<()> {
        let all: BTreeSet<&String> = now.keys().chain(wanted.keys()).collect();
        for name in all {
            match (now.get(name), wanted.get(name)) {
                (before, after) if before == after => {}
                (Some(_), Some(after)) => {
                    let item = table.get(name)?;
                    self.0.push((item.span()?, written(&text_value(after))));
                }
                (Some(_), None) => self.take_out(text, table, name)?,
                (_, Some(after)) => {
                    let line = format!("{} = {}", key(name), written(&text_value(after)));
                    self.add(text, table, &line)?;
                }
                (None, None) => {}
            }
        }
        Some(())
    }

    /// A rule that differs: written anew where it stands, taken out, or added behind the others of its group.
    fn rule(
        &mut self,
        text: &str,
        fields: &toml_edit::Table,
        name: &str,
        is_there: bool,
        after: Option<&Rule>,
    ) -> Option<()> {
        let (group, last) = match name.rsplit_once('.') {
            Some((group, last)) => (group, last),
            None => ("", name),
        };
        if is_there {
            let table = group_of(fields, group)?;
            let item = table.get(last)?;
            let Some(after) = after else {
                return self.take_out(text, table, last);
            };
            // A rule with a heading of its own is written anew only as a whole.
            if item.is_table() && !item.as_table().is_some_and(toml_edit::Table::is_dotted) {
                return None;
            }
            self.0.push((item.span()?, written(&rule_value(after))));
            return Some(());
        }
        let value = written(&rule_value(after?));
        match section_of(fields, group) {
            Some(table) => self.add(text, table, &format!("{} = {value}", key(last))),
            // The group has no heading of its own: its name stands before the point.
            None => {
                let path: Vec<String> = name.split('.').map(key).collect();
                self.add(text, fields, &format!("{} = {value}", path.join(".")))
            }
        }
    }

    /// Takes a key out, with its line; comments above it stay.
    fn take_out(&mut self, text: &str, table: &dyn TableLike, name: &str) -> Option<()> {
        let (key, item) = table.get_key_value(name)?;
        let (start, end) = (key.span()?.start, item.span()?.end);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        let before = text[line_start..start].trim();
        // `bill_to.city`: what stands before it on its line is the name of its group.
        let is_path =
            before.is_empty() || before.ends_with('.') && !before.contains([' ', '{', '=']);
        if !is_path || text[end..line_end].trim_start().starts_with([',', '}']) {
            return None;
        }
        self.0.push((line_start..line_end, String::new()));
        Some(())
    }

    /// A line behind the last one of a section, before its next heading.
    fn add(&mut self, text: &str, table: &toml_edit::Table, line: &str) -> Option<()> {
        let mut last = table.span()?.start;
        last = text[last..].find(']').map_or(last, |at| last + at);
        let mut behind = |end: usize| last = last.max(end);
        ends(table, &mut behind);
        let (at, line) = match text[last..].find('\n') {
            Some(end) => (last + end + 1, format!("{line}\n")),
            None => (text.len(), format!("\n{line}\n")),
        };
        self.0.push((at..at, line));
        Some(())
    }
}

/// The ends of all values that stand under the heading of a section, dotted groups included.
fn ends(table: &toml_edit::Table, behind: &mut dyn FnMut(usize)) {
    for (_, item) in table.iter() {
        match item {
            Item::Table(inner) if inner.is_dotted() => ends(inner, behind),
            Item::Value(value) => {
                if let Some(span) = value.span() {
                    behind(span.end);
                }
            }
            _ => {}
        }
    }
}

/// The group of this name, however it is written. `None`: there is none yet.
fn group_of<'t>(fields: &'t toml_edit::Table, group: &str) -> Option<&'t dyn TableLike> {
    let mut table: &dyn TableLike = fields;
    for name in group.split('.').filter(|name| !name.is_empty()) {
        table = table.get(name)?.as_table_like()?;
    }
    Some(table)
}

/// The group of this name, where it has a heading of its own.
fn section_of<'t>(fields: &'t toml_edit::Table, group: &str) -> Option<&'t toml_edit::Table> {
    let mut table = fields;
    for name in group.split('.').filter(|name| !name.is_empty()) {
        table = table.get(name)?.as_table()?;
    }
    Some(table).filter(|table| !table.is_dotted() && !table.is_implicit())
}

fn rule_value(rule: &Rule) -> Value {
    if let Rule {
        feed: Feed::From(flow),
        when: None,
        otherwise: None,
    } = rule
    {
        return text_value(flow);
    }
    let mut table = InlineTable::new();
    let feed = match &rule.feed {
        Feed::From(text) | Feed::Text(text) | Feed::Compute(text) => text_value(text),
        Feed::Value(constant) => constant_value(constant),
    };
    table.insert(rule.feed.key(), feed);
    if let Some(when) = &rule.when {
        table.insert("when", text_value(when));
    }
    if let Some(otherwise) = &rule.otherwise {
        table.insert("otherwise", constant_value(otherwise));
    }
    Value::InlineTable(table)
}

fn text_value(text: &str) -> Value {
    Value::from(text)
}

fn constant_value(constant: &Constant) -> Value {
    match constant {
        Constant::Text(text) => text_value(text),
        Constant::Bool(is) => Value::from(*is),
        Constant::Number(number) => {
            let digits = number.to_string();
            let digits = match digits.contains('.') || digits.parse::<i64>().is_ok() {
                true => digits,
                false => format!("{digits}.0"),
            };
            digits.parse().unwrap_or_else(|_| text_value(&digits))
        }
    }
}

fn written(value: &Value) -> String {
    let mut value = value.clone();
    value.decor_mut().clear();
    value.to_string()
}

fn key(name: &str) -> String {
    toml_edit::Key::new(name).display_repr().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::shipped::{SHIPPED, find};

    fn flow(text: &str) -> Rule {
        Rule {
            feed: Feed::From(text.to_owned()),
            when: None,
            otherwise: None,
        }
    }

    const TEXT: &str = "# mine
source = \"woocommerce\"
target = \"quickbooks\"
entity = \"orders\" # of the shop

[fields] # what it says
# for the books
note = { text = \"Order {{ number }}\" } # kept short
memo = \"customer_note\"
# the branch
location = \"created_via\" # web or till
ship_to.city = \"shipping.city\" # where it goes

# where it is billed
[fields.bill_to]
city = \"billing.city\"
# the end
";

    fn change(text: &str, make: impl FnOnce(&mut Mapping)) -> EditedMapping {
        let mut mapping = said(text).expect("a mapping");
        make(&mut mapping);
        let new = edited(text, &mapping);
        assert_eq!(said(&new.text).as_ref(), Some(&mapping), "{}", new.text);
        new
    }

    #[test]
    fn a_file_that_says_the_same_is_the_same_file() {
        for of in SHIPPED {
            let new = change(of.text, |_| {});
            assert_eq!((new.text.as_str(), new.keeps_comments), (of.text, true));
        }
    }

    #[test]
    fn a_changed_rule_is_written_in_its_place_and_nothing_else() {
        let new = change(TEXT, |mapping| {
            let fields = &mut mapping.rows[0].fields;
            fields.insert("memo".into(), flow("customer_note | trim"));
            fields.insert(
                "note".into(),
                Rule {
                    feed: Feed::Text("Order {{ number }}, \"{{ status }}\"".into()),
                    when: Some("number != \"\"".into()),
                    otherwise: Some(Constant::Text("none".into())),
                },
            );
            fields.insert("ship_to.city".into(), flow("shipping.city | title"));
        });
        let expected = TEXT
            .replace("\"customer_note\"", "\"customer_note | trim\"")
            .replace(
                "{ text = \"Order {{ number }}\" }",
                "{ text = 'Order {{ number }}, \"{{ status }}\"', when = 'number != \"\"', otherwise = \"none\" }",
            )
            .replace("\"shipping.city\"", "\"shipping.city | title\"");
        assert_eq!(new.text, expected);
        assert!(new.keeps_comments);
    }

    #[test]
    fn a_new_rule_stands_behind_its_group_and_one_that_is_gone_leaves_the_comments_above_it() {
        let new = change(TEXT, |mapping| {
            let fields = &mut mapping.rows[0].fields;
            fields.insert("class".into(), flow("meta_data[key=_department].value"));
            fields.insert("bill_to.state".into(), flow("billing.state"));
            fields.insert("custom.PO number".into(), flow("transaction_id"));
            fields.remove("location");
        });
        let expected = TEXT
            .replace("location = \"created_via\" # web or till\n", "")
            .replace(
                "# where it goes\n",
                "# where it goes\nclass = \"meta_data[key=_department].value\"\ncustom.\"PO number\" = \"transaction_id\"\n",
            )
            .replace("city = \"billing.city\"\n", "city = \"billing.city\"\nstate = \"billing.state\"\n");
        assert_eq!(new.text, expected);
        assert!(new.keeps_comments);
    }

    #[test]
    fn rows_and_names_are_edited_in_their_places() {
        let of = find("woocommerce", "supabase", "orders").expect("shipped");
        let new = change(of.text, |mapping| {
            let fields = &mut mapping.rows[0].fields;
            let name = fields.keys().next().cloned().expect("a field");
            fields.insert(name, flow("status | upper"));
        });
        assert!(new.keeps_comments);
        let before: BTreeSet<&str> = of.text.lines().collect();
        let differing = new.text.lines().filter(|line| !before.contains(line));
        assert_eq!(differing.count(), 1, "{}", new.text);
    }

    #[test]
    fn what_no_line_can_take_is_written_as_a_whole_and_told() {
        let new = change(TEXT, |mapping| {
            let row = mapping.rows[0].clone();
            mapping.rows.push(row);
        });
        assert!(!new.keeps_comments);
    }
}
