//! Paths: `billing.email`, `line_items[].sku`, `meta_data[key=_vat_id].value`.
//!
//! `[]` goes into each item of a list, `[key=…]` into the first item with that key. A path leads from
//! the record, from the line that a row is about, from `settings`, or from one of the file's own
//! names. What is not there is nothing, which is no mistake; a list where a group of fields should be is.

use std::ops::Range;
use std::sync::Arc;

use super::kind::{FieldKinds, Shape, ValueKind};
use super::limits;
use super::mistake::{Mistake, quoted};
use super::problem::{ValueProblem, Why};
use super::scope::ValueScope;
use super::value::Value;
use crate::model::near::did_you_mean;
use crate::model::told::Told;

/// A path as it is written, with the place of each step.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenPath {
    pub steps: Vec<(PathStep, Range<usize>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    Field(String),
    Each,
    Where { key: String, value: String },
}

/// A path that is known to lead somewhere.
#[derive(Clone, Debug)]
pub struct Path {
    root: Root,
    steps: Vec<PathStep>,
    pub shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    Record,
    Item,
    Settings,
    Name(usize),
}

/// What paths may begin with in some part of a file.
#[derive(Clone, Debug)]
pub struct Roots {
    pub record: Arc<FieldKinds>,
    pub settings: Arc<FieldKinds>,
    pub item: Option<(String, Shape)>,
    pub names: Vec<(String, Shape)>,
}

impl Roots {
    /// The shape of a root word.
    fn find(&self, word: &str) -> Option<(Root, Shape)> {
        if let Some((name, shape)) = &self.item
            && name == word
        {
            return Some((Root::Item, shape.clone()));
        }
        if let Some(at) = self.names.iter().position(|(name, _)| name == word) {
            return Some((Root::Name(at), self.names[at].1.clone()));
        }
        if word == "settings" {
            let shape = Shape::always(ValueKind::Object(self.settings.clone()));
            return Some((Root::Settings, shape));
        }
        let shape = self.record.get(word)?;
        Some((Root::Record, shape.clone()))
    }

    pub fn shape_of(&self, word: &str) -> Option<Shape> {
        self.find(word).map(|(_, shape)| shape)
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        let item = self.item.iter().map(|(name, _)| name.as_str());
        let names = self.names.iter().map(|(name, _)| name.as_str());
        let record = self.record.keys().map(String::as_str);
        item.chain(names).chain(["settings"]).chain(record)
    }

    pub fn unknown(&self, word: &str, span: Range<usize>) -> Mistake {
        Mistake::new(span, format!("the record has no field {}", quoted(word)))
            .hint(did_you_mean(word, self.words()))
    }
}

/// The shape of a field, or what is wrong with asking for it.
pub fn field_of(shape: &Shape, name: &str, span: Range<usize>) -> Result<Shape, Mistake> {
    match &shape.kind {
        ValueKind::Any => Ok(Shape::maybe(ValueKind::Any)),
        ValueKind::Object(fields) => match fields.get(name) {
            Some(found) => Ok(found.clone().or_absent(shape.maybe)),
            None => Err(
                Mistake::new(span, format!("there is no field {} here", quoted(name)))
                    .hint(did_you_mean(name, fields.keys().map(String::as_str))),
            ),
        },
        ValueKind::List(_) => {
            Err(
                Mistake::new(span, format!("{} is asked of a list", quoted(name))).hinted(format!(
                    "write `[].{name}` for all items of the list, or `[key=…].{name}` for one"
                )),
            )
        }
        other => Err(Mistake::new(
            span,
            format!("{} is asked of {other}, which has no fields", quoted(name)),
        )),
    }
}

impl WrittenPath {
    pub fn span(&self) -> Range<usize> {
        let start = self.steps.first().map_or(0, |(_, span)| span.start);
        let end = self.steps.last().map_or(start, |(_, span)| span.end);
        start..end
    }

    /// Follows the path through what is known of records.
    pub fn resolve(&self, roots: &Roots) -> Result<Path, Mistake> {
        if self.steps.len() > limits::PATH_STEPS {
            let message = format!("a path has {} steps at most", limits::PATH_STEPS);
            return Err(Mistake::new(self.span(), message));
        }
        let Some((PathStep::Field(first), span)) = self.steps.first() else {
            return Err(Mistake::new(self.span(), "a path begins with a name"));
        };
        let (root, mut shape) = roots
            .find(first)
            .ok_or_else(|| roots.unknown(first, span.clone()))?;
        let mut steps = Vec::new();
        if root == Root::Record {
            steps.push(PathStep::Field(first.clone()));
        }
        let mut is_list = false;
        // Absence of a list is not absence of its items.
        let mut outer_maybe = false;
        for (step, span) in &self.steps[1..] {
            shape = match step {
                PathStep::Field(name) => field_of(&shape, name, span.clone())?,
                PathStep::Each => {
                    let item = item_of(&shape, span.clone())?;
                    outer_maybe |= shape.maybe;
                    is_list = true;
                    item
                }
                PathStep::Where { key, .. } => {
                    let item = item_of(&shape, span.clone())?;
                    field_of(&item, key, span.clone())?;
                    Shape::maybe(item.kind)
                }
            };
            steps.push(step.clone());
        }
        if is_list {
            shape = Shape::list_of(shape).or_absent(outer_maybe);
        }
        Ok(Path { root, steps, shape })
    }
}

fn item_of(shape: &Shape, span: Range<usize>) -> Result<Shape, Mistake> {
    match &shape.kind {
        ValueKind::Any => Ok(Shape::maybe(ValueKind::Any)),
        ValueKind::List(item) => Ok(item.as_ref().clone()),
        other => {
            let message = format!("`[]` goes into lists, and this is {other}");
            Err(Mistake::new(span, message).hinted("take the brackets out"))
        }
    }
}

impl Path {
    pub fn read<'r>(&self, scope: &ValueScope<'r>) -> Result<Value<'r>, ValueProblem> {
        scope.spend(1)?;
        match self.root {
            Root::Record => walk(scope.record, &self.steps, scope),
            Root::Settings => walk(scope.settings, &self.steps, scope),
            Root::Item => match scope.item {
                Some(item) => walk(item, &self.steps, scope),
                None => Ok(Value::Null),
            },
            Root::Name(at) => {
                let value = scope.names.get(at).cloned().unwrap_or(Value::Null);
                if self.steps.is_empty() {
                    return Ok(value);
                }
                let told = Told::of(&value.to_json());
                walk(&told, &self.steps, scope).map(Value::into_static)
            }
        }
    }

    /// The items that a row is made for each of.
    pub fn items<'r>(&self, scope: &ValueScope<'r>) -> Result<Vec<&'r Told<'r>>, ValueProblem> {
        let mut found = vec![match self.root {
            Root::Record => scope.record,
            Root::Settings => scope.settings,
            Root::Item | Root::Name(_) => return Ok(Vec::new()),
        }];
        for step in &self.steps {
            let mut next = Vec::new();
            for told in found {
                scope.spend(1)?;
                match step {
                    PathStep::Field(name) => next.extend(field(told, name)?),
                    PathStep::Each => next.extend(items(told)?),
                    PathStep::Where { key, value } => next.extend(first_with(told, key, value)?),
                }
            }
            found = next;
        }
        scope.spend(found.len())?;
        Ok(found)
    }
}

fn walk<'r>(
    told: &'r Told<'r>,
    steps: &[PathStep],
    scope: &ValueScope<'_>,
) -> Result<Value<'r>, ValueProblem> {
    let mut here = told;
    for (at, step) in steps.iter().enumerate() {
        let next = match step {
            PathStep::Field(name) => field(here, name)?,
            PathStep::Where { key, value } => first_with(here, key, value)?,
            PathStep::Each => {
                if matches!(here, Told::Null) {
                    return Ok(Value::Null);
                }
                let rest = &steps[at + 1..];
                let is_nested = rest.contains(&PathStep::Each);
                let mut list = Vec::new();
                for item in items(here)? {
                    scope.spend(1)?;
                    match walk(item, rest, scope)? {
                        Value::List(inner) if is_nested => list.extend(inner),
                        Value::Null if is_nested => {}
                        value => list.push(value),
                    }
                }
                return Ok(Value::List(list));
            }
        };
        match next {
            Some(next) => here = next,
            None => return Ok(Value::Null),
        }
    }
    if let Told::List(list) = here {
        scope.spend(list.items.len())?;
    }
    Ok(Value::of(here))
}

fn field<'r>(told: &'r Told<'r>, name: &str) -> Result<Option<&'r Told<'r>>, ValueProblem> {
    match told {
        Told::Group(group) => Ok(group.get(name)),
        Told::Null => Ok(None),
        // The shop writes an empty group of fields as an empty list.
        Told::List(list) if list.items.is_empty() => Ok(None),
        _ => Err(ValueProblem::new(
            Why::WrongKind,
            format!("has no field {}: it is not a group of fields", quoted(name)),
        )),
    }
}

/// The items of a list. A list with gaps reaches us as a group of fields, named by numbers.
fn items<'r>(told: &'r Told<'r>) -> Result<Vec<&'r Told<'r>>, ValueProblem> {
    match told {
        Told::List(list) => Ok(list.items.iter().collect()),
        Told::Group(group) => Ok(group.in_order()),
        Told::Null => Ok(Vec::new()),
        _ => Err(ValueProblem::new(
            Why::WrongKind,
            "is one value, not a list",
        )),
    }
}

fn first_with<'r>(
    told: &'r Told<'r>,
    key: &str,
    wanted: &str,
) -> Result<Option<&'r Told<'r>>, ValueProblem> {
    Ok(items(told)?.into_iter().find(|item| match item.get(key) {
        Some(Told::Text(text) | Told::Number(text)) => text == wanted,
        _ => false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::{flow, schema};
    use serde_json::{Value as Json, json};

    fn read(path: &str, record: &Json) -> Result<Json, String> {
        let roots = Roots {
            record: schema::source("orders").expect("it is there"),
            settings: schema::settings(),
            item: None,
            names: Vec::new(),
        };
        let path = flow::path(path)
            .and_then(|path| path.resolve(&roots))
            .map_err(|mistake| mistake.message)?;
        let (record, settings) = (Told::of(record), Told::of(&json!({"shop": "aurora"})));
        let value = path.read(&ValueScope::new(&record, &settings));
        value
            .map(|value| value.to_json())
            .map_err(|problem| problem.words)
    }

    #[test]
    fn a_path_reads_what_is_there_and_nothing_else() {
        let record = json!({
            "number": "7", "billing": {"email": "a@b.test"}, "shipping": [],
            "meta_data": [{"key": "a", "value": 1}, {"key": "b", "value": [2]}, {"key": "b", "value": 3}],
            "line_items": [{"sku": "X", "taxes": [{"id": 1}, {"id": 2}]}, {"sku": null}, {"taxes": [{"id": 3}]}],
            "fee_lines": {"3": {"name": "wrap"}, "7": {"name": "ice"}},
            "customer_id": "12",
        });
        for (path, meant) in [
            ("number", json!("7")),
            ("billing.email", json!("a@b.test")),
            ("settings.shop", json!("aurora")),
            // An empty group of fields is an empty list in the shop's answers.
            ("shipping.city", json!(null)),
            ("customer_note", json!(null)),
            ("meta_data[key=b].value", json!([2])),
            ("meta_data[key=\"a\"].value", json!(1)),
            ("meta_data[key=c].value", json!(null)),
            ("line_items[].sku", json!(["X", null, null])),
            ("line_items[].taxes[].id", json!([1, 2, 3])),
            // A list with gaps is a group of fields in the shop's answers.
            ("fee_lines[].name", json!(["wrap", "ice"])),
            ("coupon_lines[].code", json!(null)),
        ] {
            assert_eq!(read(path, &record), Ok(meant), "{path}");
        }
    }

    #[test]
    fn a_path_into_something_else_is_a_problem() {
        for (path, record, words) in [
            (
                "billing.email",
                json!({"billing": "x"}),
                "has no field `email`: it is not a group of fields",
            ),
            (
                "line_items[].sku",
                json!({"line_items": 7}),
                "is one value, not a list",
            ),
            (
                "line_items[].sku",
                json!({"line_items": ["x"]}),
                "has no field `sku`: it is not a group of fields",
            ),
        ] {
            assert_eq!(read(path, &record), Err(words.to_owned()), "{path}");
        }
    }
}
