//! Filters: `id=gt.20`, `or=(a.is.null,and(b.eq.1,c.lt.2))`, and the order of what is found.
//!
//! Not imitated: full text search, operators on arrays and ranges, `any` and `all`; they are refused as unknown.

use std::cmp::Ordering;

use super::fault::DatabaseFault;
use super::field::DatabaseField;
use super::kind::DatabaseCell;
use super::query::DatabaseQuery;
use super::table::{DatabaseRow, DatabaseTable};

/// Names that are no columns.
const RESERVED: [&str; 6] = [
    "select",
    "order",
    "limit",
    "offset",
    "on_conflict",
    "columns",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Eq,
    Neq,
    Gt,
    Gte,
    Lt,
    Lte,
}

#[derive(Clone, Debug)]
enum DatabaseTest {
    Compare(Op, DatabaseCell),
    In(Vec<DatabaseCell>),
    Like {
        pattern: Vec<char>,
        any_case: bool,
    },
    /// `None` is null or unknown.
    Is(Option<bool>),
}

#[derive(Clone, Debug)]
enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
    Leaf(DatabaseField, DatabaseTest),
}

#[derive(Clone, Debug)]
pub struct Filter(Tree);

impl Filter {
    /// `modern` knows `is.not_null`.
    pub fn read(
        table: &DatabaseTable,
        query: &DatabaseQuery,
        modern: bool,
    ) -> Result<Filter, DatabaseFault> {
        let mut all = Vec::new();
        for (name, value) in query.pairs() {
            if RESERVED.contains(&name.as_str()) {
                continue;
            }
            let tree = match name.as_str() {
                "and" | "or" | "not.and" | "not.or" => {
                    let text = format!("{name}{value}");
                    Logic::new(table, &text, value, modern).whole()?
                }
                column => {
                    let refuse = |details: String, at: usize| {
                        let message =
                            format!("\"failed to parse filter ({value})\" (line 1, column {at})");
                        DatabaseFault::rest(400, "PGRST100", message).details(details)
                    };
                    let field = || DatabaseField::read(table, column);
                    leaf(field, value, modern, &refuse)?
                }
            };
            all.push(tree);
        }
        Ok(Filter(Tree::All(all)))
    }

    pub fn takes(&self, row: &DatabaseRow) -> bool {
        holds(&self.0, row) == Some(true)
    }
}

/// Three values: `None` is unknown, which neither a thing nor its contrary is.
fn holds(tree: &Tree, row: &DatabaseRow) -> Option<bool> {
    match tree {
        Tree::All(list) => {
            let mut sure = Some(true);
            for one in list {
                match holds(one, row) {
                    Some(false) => return Some(false),
                    None => sure = None,
                    Some(true) => {}
                }
            }
            sure
        }
        Tree::Any(list) => {
            let mut sure = Some(false);
            for one in list {
                match holds(one, row) {
                    Some(true) => return Some(true),
                    None => sure = None,
                    Some(false) => {}
                }
            }
            sure
        }
        Tree::Not(inner) => holds(inner, row).map(|held| !held),
        Tree::Leaf(field, test) => {
            let cell = field.of(row);
            match test {
                DatabaseTest::Compare(op, value) => cell.order(value).map(|order| match op {
                    Op::Eq => order == Ordering::Equal,
                    Op::Neq => order != Ordering::Equal,
                    Op::Gt => order == Ordering::Greater,
                    Op::Gte => order != Ordering::Less,
                    Op::Lt => order == Ordering::Less,
                    Op::Lte => order != Ordering::Greater,
                }),
                DatabaseTest::In(values) => (cell != DatabaseCell::Null).then(|| {
                    values
                        .iter()
                        .any(|value| cell.order(value) == Some(Ordering::Equal))
                }),
                DatabaseTest::Like { pattern, any_case } => cell.cast().map(|text| {
                    let text = if *any_case { text.to_lowercase() } else { text };
                    like(pattern, &text.chars().collect::<Vec<_>>())
                }),
                DatabaseTest::Is(None) => Some(cell == DatabaseCell::Null),
                DatabaseTest::Is(Some(value)) => Some(cell == DatabaseCell::Bool(*value)),
            }
        }
    }
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match (pattern.first(), text.first()) {
        (None, rest) => rest.is_none(),
        (Some('%'), _) => (0..=text.len()).any(|at| like(&pattern[1..], &text[at..])),
        (Some('\\'), Some(c)) if pattern.len() > 1 => {
            pattern[1] == *c && like(&pattern[2..], &text[1..])
        }
        (Some('_'), Some(_)) => like(&pattern[1..], &text[1..]),
        (Some(p), Some(c)) => p == c && like(&pattern[1..], &text[1..]),
        (Some(_), None) => false,
    }
}

/// `[not.]op.value`. The column is looked up last: PostgREST reads before the database does.
fn leaf(
    field: impl Fn() -> Result<DatabaseField, DatabaseFault>,
    text: &str,
    modern: bool,
    refuse: &dyn Fn(String, usize) -> DatabaseFault,
) -> Result<Tree, DatabaseFault> {
    let unexpected = |what: &str, expecting: &str, at: usize| {
        let seen = match what.chars().next() {
            Some(c) => format!("unexpected \"{c}\""),
            None => "unexpected end of input".to_owned(),
        };
        refuse(format!("{seen} expecting {expecting}"), at)
    };
    if let Some(rest) = text.strip_prefix("not.") {
        return Ok(Tree::Not(Box::new(leaf(field, rest, modern, refuse)?)));
    }
    let operators = "\"not\" or operator (eq, gt, ...)";
    let Some((op, value)) = text.split_once('.') else {
        return Err(unexpected(text, operators, 1));
    };
    let compare = |op| -> Result<Tree, DatabaseFault> {
        let field = field()?;
        let value = field.kind().of_text(value)?;
        Ok(Tree::Leaf(field, DatabaseTest::Compare(op, value)))
    };
    match op {
        "eq" => compare(Op::Eq),
        "neq" => compare(Op::Neq),
        "gt" => compare(Op::Gt),
        "gte" => compare(Op::Gte),
        "lt" => compare(Op::Lt),
        "lte" => compare(Op::Lte),
        "like" | "ilike" => {
            let any_case = op == "ilike";
            let pattern = value.replace('*', "%");
            let pattern = if any_case {
                pattern.to_lowercase()
            } else {
                pattern
            };
            Ok(Tree::Leaf(
                field()?,
                DatabaseTest::Like {
                    pattern: pattern.chars().collect(),
                    any_case,
                },
            ))
        }
        "is" => {
            let test = match value.to_ascii_lowercase().as_str() {
                "null" | "unknown" => DatabaseTest::Is(None),
                "true" => DatabaseTest::Is(Some(true)),
                "false" => DatabaseTest::Is(Some(false)),
                "not_null" if modern => {
                    let leaf = Tree::Leaf(field()?, DatabaseTest::Is(None));
                    return Ok(Tree::Not(Box::new(leaf)));
                }
                _ => {
                    let odd = value.trim_start_matches('n');
                    let expecting = "null or trilean value (unknown, true, false)";
                    return Err(unexpected(odd, expecting, text.len() - odd.len() + 1));
                }
            };
            Ok(Tree::Leaf(field()?, test))
        }
        "in" => {
            let inside = value
                .strip_prefix('(')
                .and_then(|rest| rest.strip_suffix(')'))
                .ok_or_else(|| unexpected(value, "\"(\"", 4))?;
            let field = field()?;
            let values: Result<Vec<DatabaseCell>, DatabaseFault> = listed(inside)
                .iter()
                .map(|one| field.kind().of_text(one))
                .collect();
            Ok(Tree::Leaf(field, DatabaseTest::In(values?)))
        }
        _ => Err(unexpected(text, operators, 1)),
    }
}

/// The values of a list; in quotes a comma is a comma, and `\` takes the next letter as it is.
fn listed(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut list = vec![String::new()];
    let mut letters = text.chars();
    let mut quoted = false;
    while let Some(c) = letters.next() {
        let last = list.len() - 1;
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => list[last].extend(letters.next()),
            ',' if !quoted => list.push(String::new()),
            c => list[last].push(c),
        }
    }
    list
}

/// Reads `or(a.eq.1,not.and(b.is.null,c.in.(1,2)))`.
struct Logic<'a> {
    table: &'a DatabaseTable,
    text: &'a str,
    /// What the caller wrote, for messages.
    said: &'a str,
    at: usize,
    modern: bool,
}

impl<'a> Logic<'a> {
    fn new(table: &'a DatabaseTable, text: &'a str, said: &'a str, modern: bool) -> Logic<'a> {
        Logic {
            table,
            text,
            said,
            at: 0,
            modern,
        }
    }

    fn refuse(&self, details: String) -> DatabaseFault {
        let message = format!(
            "\"failed to parse logic tree ({})\" (line 1, column {})",
            self.said,
            self.at + 1
        );
        DatabaseFault::rest(400, "PGRST100", message).details(details)
    }

    fn whole(mut self) -> Result<Tree, DatabaseFault> {
        let tree = self.part()?;
        if self.at < self.text.len() {
            return Err(self.refuse("unexpected text after the last bracket".to_owned()));
        }
        Ok(tree)
    }

    fn part(&mut self) -> Result<Tree, DatabaseFault> {
        let rest = &self.text[self.at..];
        let (negated, word) = match rest.strip_prefix("not.") {
            Some(word) => (true, word),
            None => (false, rest),
        };
        let skipped = rest.len() - word.len();
        let tree = if word.starts_with("and(") || word.starts_with("or(") {
            let any = word.starts_with("or(");
            self.at += skipped + if any { 3 } else { 4 };
            let mut list = Vec::new();
            loop {
                list.push(self.part()?);
                match self.text.as_bytes().get(self.at) {
                    Some(b',') => self.at += 1,
                    Some(b')') => {
                        self.at += 1;
                        break;
                    }
                    _ => {
                        let details = "unexpected end of input expecting \",\" or \")\"";
                        return Err(self.refuse(details.to_owned()));
                    }
                }
            }
            if any {
                Tree::Any(list)
            } else {
                Tree::All(list)
            }
        } else {
            return self.condition();
        };
        Ok(if negated {
            Tree::Not(Box::new(tree))
        } else {
            tree
        })
    }

    /// `column.op.value` up to the comma or bracket that ends it.
    fn condition(&mut self) -> Result<Tree, DatabaseFault> {
        let from = self.at;
        let mut depth = 0_usize;
        let mut quoted = false;
        let mut escaped = false;
        let mut end = self.text.len();
        for (at, c) in self.text[from..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted && depth > 0 => depth -= 1,
                ',' | ')' if !quoted && depth == 0 => {
                    end = from + at;
                    break;
                }
                _ => {}
            }
        }
        let said = &self.text[from..end];
        let (column, test) = said
            .split_once('.')
            .ok_or_else(|| self.refuse("unexpected text expecting logic operator".to_owned()))?;
        // A value in quotes is what stands in them, except in a list, which has its own.
        let test = match test.rsplit_once(".\"") {
            Some((op, value)) if value.ends_with('"') && !op.contains('(') => {
                let value = listed(&format!("\"{value}")).concat();
                format!("{op}.{value}")
            }
            _ => test.to_owned(),
        };
        let table = self.table;
        let refuse = |details: String, at: usize| {
            let message = format!(
                "\"failed to parse logic tree ({})\" (line 1, column {})",
                self.said,
                from + column.len() + 1 + at
            );
            DatabaseFault::rest(400, "PGRST100", message).details(details)
        };
        let field = || DatabaseField::read(table, column);
        let tree = leaf(field, &test, self.modern, &refuse)?;
        self.at = end;
        Ok(tree)
    }
}

#[derive(Clone, Debug)]
pub struct DatabaseOrder(Vec<(DatabaseField, bool, bool)>);

impl DatabaseOrder {
    /// `id.desc.nullslast,shop`
    pub fn read(table: &DatabaseTable, text: Option<&str>) -> Result<DatabaseOrder, DatabaseFault> {
        let mut terms = Vec::new();
        for term in text
            .unwrap_or_default()
            .split(',')
            .filter(|t| !t.is_empty())
        {
            let mut words = term.split('.');
            let column = words.next().unwrap_or_default();
            let (mut down, mut nulls_first) = (false, None);
            for word in words {
                match word {
                    "asc" => down = false,
                    "desc" => down = true,
                    "nullsfirst" => nulls_first = Some(true),
                    "nullslast" => nulls_first = Some(false),
                    odd => {
                        let seen = odd.chars().next().unwrap_or('.');
                        let details = format!(
                            "unexpected \"{seen}\" expecting \"asc\", \"desc\", \"nullsfirst\" or \"nullslast\""
                        );
                        let message = format!(
                            "\"failed to parse order ({})\" (line 1, column {})",
                            text.unwrap_or_default(),
                            column.len() + 2
                        );
                        return Err(DatabaseFault::rest(400, "PGRST100", message).details(details));
                    }
                }
            }
            terms.push((
                DatabaseField::read(table, column)?,
                down,
                nulls_first.unwrap_or(down),
            ));
        }
        Ok(DatabaseOrder(terms))
    }

    pub fn compare(&self, a: &DatabaseRow, b: &DatabaseRow) -> Ordering {
        for (field, down, nulls_first) in &self.0 {
            let (a, b) = (field.of(a), field.of(b));
            let order = match (&a, &b) {
                (DatabaseCell::Null, DatabaseCell::Null) => Ordering::Equal,
                (DatabaseCell::Null, _) if *nulls_first => Ordering::Less,
                (DatabaseCell::Null, _) => Ordering::Greater,
                (_, DatabaseCell::Null) if *nulls_first => Ordering::Greater,
                (_, DatabaseCell::Null) => Ordering::Less,
                _ => {
                    let order = a.order(&b).unwrap_or(Ordering::Equal);
                    if *down { order.reverse() } else { order }
                }
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }
}
