//! Checking a mapping: every mistake at once, and what is ready to run if there is none.
//!
//! The check is the only way to a runnable mapping, so what runs has been checked: that every path
//! and function exists, that kinds fit, that nothing required is missing, and that no money figure of
//! a ledger document is fed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::fit;
use super::flow::{self, Flow};
use super::formula::Formula;
use super::functions::LookupTables;
use super::kind::{Shape, ValueKind};
use super::lookup;
use super::mistake::{Mistake, quoted};
use super::model::{Feed, Mapping, RowSource, Rule};
use super::path::{Path, Roots};
use super::schema::{self, CUSTOM, CUSTOM_MOST, Field, FieldAccess, FieldKind, TargetSchema};
use super::template::Template;
use super::value::Value;
use crate::model::near::did_you_mean;
use crate::model::service::Service;

/// A mapping that has passed its check.
#[derive(Debug)]
pub struct Compiled {
    pub mapping: Mapping,
    pub(super) names: Vec<Flow>,
    pub(super) skips: Vec<(Formula, String)>,
    pub(super) rows: Vec<ReadyRows>,
}

#[derive(Debug)]
pub(super) struct ReadyRows {
    pub each: Option<Path>,
    pub when: Option<Formula>,
    pub fields: Vec<ReadyField>,
    /// Fields that only other rows of the mapping feed: in these they hold nothing.
    pub empty: Vec<Vec<String>>,
    /// The columns that none of these feeds, as they are written.
    pub rest: String,
}

#[derive(Debug)]
pub(super) struct ReadyField {
    pub name: String,
    /// The name in its groups.
    pub path: Vec<String>,
    pub feed: ReadyFeed,
    pub shown: String,
    pub when: Option<Formula>,
    pub otherwise: Value<'static>,
    pub kind: FieldKind,
    pub is_required: bool,
}

#[derive(Debug)]
pub(super) enum ReadyFeed {
    Flow(Flow),
    Text(Template),
    Formula(Formula),
    Constant(Value<'static>),
}

pub type FieldPlaces = BTreeMap<String, Range<usize>>;

/// Checks a mapping; `files` holds the text of the CSV files that lookup tables name.
pub fn compile(
    mapping: &Mapping,
    places: &FieldPlaces,
    files: &BTreeMap<String, String>,
) -> Result<Compiled, Vec<Mistake>> {
    let mut checker = Checker {
        places,
        mistakes: Vec::new(),
        tables: LookupTables::new(),
    };
    let compiled = checker.mapping(mapping, files);
    match compiled {
        Some(compiled) if checker.mistakes.is_empty() => Ok(compiled),
        _ => Err(checker.mistakes),
    }
}

struct Checker<'p> {
    places: &'p FieldPlaces,
    mistakes: Vec<Mistake>,
    tables: LookupTables,
}

impl Checker<'_> {
    fn place(&self, path: &str) -> Range<usize> {
        self.places.get(path).cloned().unwrap_or(0..0)
    }

    fn wrong(&mut self, path: &str, message: String, hint: Option<String>) {
        let mistake = Mistake::new(self.place(path), message).hint(hint);
        self.mistakes.push(mistake);
    }

    /// Keeps a result, or notes the mistake where its text stands in the file.
    fn keep<T>(&mut self, path: &str, result: Result<T, Mistake>) -> Option<T> {
        result
            .map_err(|mistake| {
                let place = self.place(path);
                let mut mistake = mistake.moved(place.start);
                mistake.span.start = mistake.span.start.min(place.end.max(place.start));
                self.mistakes.push(mistake);
            })
            .ok()
    }

    fn mapping(&mut self, mapping: &Mapping, files: &BTreeMap<String, String>) -> Option<Compiled> {
        let (source, target) = (mapping.source.as_str(), mapping.target.as_str());
        let route = schema::ROUTES.contains(&(source, target));
        if !route {
            for (key, value, at) in [("source", source, 0), ("target", target, 1)] {
                let known: Vec<&str> = schema::ROUTES
                    .iter()
                    .map(|route| if at == 0 { route.0 } else { route.1 })
                    .collect();
                if !known.contains(&value) {
                    let message = format!("no mapping has the {key} {}", quoted(value));
                    let hint = did_you_mean(value, known.iter().copied())
                        .or_else(|| Some(format!("it can be `{}`", known[0])));
                    self.wrong(key, message, hint);
                }
            }
        }
        let entity = mapping.entity.as_str();
        let found = schema::target(target, entity).zip(schema::source(entity));
        if found.is_none() && route {
            let known = schema::entities(target);
            let hint = did_you_mean(entity, known.iter().copied())
                .or_else(|| Some(format!("it can be `{}`", known.join("`, `"))));
            self.wrong(
                "entity",
                format!("`{target}` takes no {}", quoted(entity)),
                hint,
            );
        }
        let (target, record) = found.filter(|_| route)?;
        let (tables, wrong_tables) = lookup::tables(&mapping.lookup, files);
        for wrong in wrong_tables {
            let path = format!("lookup.{}.{}", wrong.table, wrong.key);
            self.wrong(&path, wrong.message, wrong.hint);
        }
        self.tables = tables;
        let mut roots = Roots {
            record,
            settings: schema::settings(),
            item: None,
            names: Vec::new(),
        };
        let names = self.names(mapping, &mut roots);
        let mut skips = Vec::new();
        for (number, skip) in mapping.skip.iter().enumerate() {
            let condition = Formula::condition(&skip.when, &roots, &self.tables);
            if let Some(when) = self.keep(&format!("skip.{number}.when"), condition) {
                skips.push((when, skip.because.clone()));
            }
            if skip.because.trim().is_empty() {
                let message = "a filter says because of what it skips".to_owned();
                self.wrong(&format!("skip.{number}.because"), message, None);
            }
        }
        if mapping.rows.is_empty() {
            self.wrong(
                "",
                "a mapping feeds fields".to_owned(),
                Some("write `[fields]`".to_owned()),
            );
        }
        let mut rows = Vec::new();
        for (number, written) in mapping.rows.iter().enumerate() {
            let path = format!("rows.{number}");
            rows.extend(self.rows(written, &path, &roots, target, &mapping.target));
        }
        let all: BTreeSet<&String> = mapping
            .rows
            .iter()
            .flat_map(|rows| rows.fields.keys())
            .collect();
        for (ready, written) in rows.iter_mut().zip(&mapping.rows) {
            let missing = all
                .iter()
                .filter(|name| !written.fields.contains_key(**name));
            ready.empty = missing.map(|name| parts(name)).collect();
        }
        Some(Compiled {
            mapping: mapping.clone(),
            names,
            skips,
            rows,
        })
    }

    /// Names are for what the record holds, so that they cannot go in circles.
    fn names(&mut self, mapping: &Mapping, roots: &mut Roots) -> Vec<Flow> {
        let mut flows = Vec::new();
        let mut shapes = Vec::new();
        for (name, text) in &mapping.names {
            let path = format!("names.{name}");
            let is_word = flow::path(name).is_ok_and(|path| path.steps.len() == 1);
            if !is_word || roots.shape_of(name).is_some() {
                let message = format!("{} cannot be a name of this mapping", quoted(name));
                let hint = "choose a word of letters, digits and `_` that no field has";
                self.wrong(&path, message, Some(hint.to_owned()));
            }
            let parsed = Flow::parse(text, roots, &self.tables);
            if let Some(flow) = self.keep(&path, parsed) {
                shapes.push((name.clone(), flow.shape.clone()));
                flows.push(flow);
            } else {
                // Where it is used it is not unknown too.
                shapes.push((name.clone(), Shape::maybe(ValueKind::Any)));
            }
        }
        roots.names = shapes;
        flows
    }

    fn rows(
        &mut self,
        written: &RowSource,
        path: &str,
        roots: &Roots,
        target: &'static TargetSchema,
        target_name: &str,
    ) -> Option<ReadyRows> {
        let mut roots = roots.clone();
        let mut each = None;
        if let Some(text) = &written.each {
            let found = each_of(text, &roots);
            if let Some((name, items, shape)) = self.keep(&format!("{path}.each"), found) {
                roots.item = Some((name, shape));
                each = Some(items);
            } else {
                return None;
            }
            if target_name == Service::BOOKS.as_str() {
                let message =
                    "a document of the books has its lines from the accountant".to_owned();
                let hint = Some("take `each` out".to_owned());
                self.wrong(&format!("{path}.each"), message, hint);
            }
        }
        let when = written.when.as_ref().and_then(|text| {
            let condition = Formula::condition(text, &roots, &self.tables);
            self.keep(&format!("{path}.when"), condition)
        });
        let mut fields = Vec::new();
        let mut custom = 0;
        for (name, rule) in &written.fields {
            let place = format!("{path}.fields.{name}");
            let Some(field) = self.field(name, &place, target) else {
                continue;
            };
            if name.starts_with("custom.") {
                custom += 1;
                if custom > CUSTOM_MOST {
                    let message = format!("`{name}` is custom field number {custom}");
                    self.wrong(&place, message, Some(field.about.clone()));
                    continue;
                }
            }
            fields.extend(self.rule(name, rule, &place, field, &roots));
        }
        self.required(written, path, target);
        Some(ReadyRows {
            each,
            when,
            rest: rest(
                target
                    .names()
                    .filter(|name| !written.fields.contains_key(*name)),
            ),
            fields,
            empty: Vec::new(),
        })
    }

    /// The field of a name, if a mapping may feed it.
    fn field(
        &mut self,
        name: &str,
        place: &str,
        target: &'static TargetSchema,
    ) -> Option<&'static Field> {
        if let Some((CUSTOM, _)) = name.split_once('.')
            && let Some(custom) = &target.custom
        {
            return Some(custom);
        }
        let Some(field) = target.find(name) else {
            let message = format!("there is no field {} to feed", quoted(name));
            self.wrong(place, message, did_you_mean(name, target.names()));
            return None;
        };
        let about = &field.about;
        let (message, hint) = match field.access {
            FieldAccess::Write if field.name == name => return Some(field),
            FieldAccess::Write => (
                format!("there is no field {} to feed", quoted(name)),
                format!("it is called `{}` here", field.name),
            ),
            FieldAccess::Ledger => (
                format!(
                    "{} is a money figure of the books, which no mapping can change",
                    quoted(name)
                ),
                "take this line out: figures come from the shop's record alone".to_owned(),
            ),
            FieldAccess::Rules => (
                format!("{} is not for a mapping to say", quoted(name)),
                format!("take this line out: it is decided by {about}"),
            ),
            FieldAccess::Service => (
                format!("{} cannot be written", quoted(name)),
                "take this line out: it is kept without a mapping".to_owned(),
            ),
        };
        self.wrong(place, message, Some(hint));
        None
    }

    fn rule(
        &mut self,
        name: &str,
        rule: &Rule,
        place: &str,
        field: &Field,
        roots: &Roots,
    ) -> Option<ReadyField> {
        let path = format!("{place}.{}", rule.feed.key());
        let fed = match &rule.feed {
            Feed::From(text) => Flow::parse(text, roots, &self.tables).map(|flow| {
                let shape = flow.shape.clone();
                (ReadyFeed::Flow(flow), shape)
            }),
            Feed::Text(text) => Template::parse(text, roots, &self.tables)
                .map(|text| (ReadyFeed::Text(text), Shape::always(ValueKind::Text))),
            Feed::Compute(text) => Formula::parse(text, roots, &self.tables).map(|formula| {
                let shape = formula.shape.clone();
                (ReadyFeed::Formula(formula), shape)
            }),
            Feed::Value(constant) => {
                let value = constant.value();
                let shape = value.shape();
                Ok((ReadyFeed::Constant(value), shape))
            }
        };
        let when = rule.when.as_ref().map(|text| {
            let condition = Formula::condition(text, roots, &self.tables);
            self.keep(&format!("{place}.when"), condition)
        });
        let fed = self.keep(&path, fed);
        let otherwise = rule.otherwise.as_ref().map(|constant| constant.value());
        if let Some(value) = &otherwise {
            self.constant_fits(&format!("{place}.otherwise"), name, value, field);
        }
        let (feed, shape) = fed?;
        match &feed {
            ReadyFeed::Constant(value) => self.constant_fits(&path, name, value, field),
            _ => {
                if let Err((message, hint)) = fit::fits(name, &shape.kind, &field.kind) {
                    self.wrong(&path, message, hint);
                }
            }
        }
        let may_be_absent = shape.maybe || rule.when.is_some();
        if field.is_required && may_be_absent && otherwise.is_none() {
            let message = format!("{} is required, and this may be absent", quoted(name));
            let hint = "put `| default(…)` behind it, or write `otherwise = …`";
            self.wrong(&path, message, Some(hint.to_owned()));
        }
        Some(ReadyField {
            name: name.to_owned(),
            path: parts(name),
            feed,
            shown: rule.feed.shown(),
            when: when.flatten(),
            otherwise: otherwise.unwrap_or(Value::Null),
            kind: field.kind.clone(),
            is_required: field.is_required,
        })
    }

    fn constant_fits(&mut self, path: &str, name: &str, value: &Value<'_>, field: &Field) {
        let shape = value.shape();
        if let Err((message, hint)) = fit::fits(name, &shape.kind, &field.kind) {
            self.wrong(path, message, hint);
            return;
        }
        // What is always the same can be fitted now; only what would silently be cut is left.
        let too_long = match (&field.kind, value) {
            (
                FieldKind::Text {
                    most: Some(most), ..
                },
                Value::Text(text),
            ) => (text.chars().count() > *most).then_some(*most),
            _ => None,
        };
        if let Some(most) = too_long {
            let message = format!("{} has {most} characters at most", quoted(name));
            self.wrong(path, message, Some("write less".to_owned()));
        } else if let Err(problem) = fit::fit(value.clone(), &field.kind) {
            self.wrong(path, format!("{} {}", quoted(name), problem.words), None);
        }
    }

    fn required(&mut self, written: &RowSource, path: &str, target: &TargetSchema) {
        let missing: Vec<&str> = target
            .fields
            .values()
            .filter(|field| field.is_required && !written.fields.contains_key(&field.name))
            .map(|field| field.name.as_str())
            .collect();
        for name in missing {
            let first = written
                .fields
                .keys()
                .next()
                .map(String::as_str)
                .unwrap_or("");
            let place = format!("{path}.fields.{first}");
            let message = format!("{} is required, and nothing feeds it", quoted(name));
            let hint = Some(format!("write `{name} = …`"));
            self.wrong(&place, message, hint);
        }
    }
}

/// What is written after the fields that a mapping feeds: those that it does not, with nothing in them.
fn rest<'n>(unfed: impl Iterator<Item = &'n str>) -> String {
    unfed
        .filter(|name| !matches!(*name, "shop" | "id"))
        .map(|name| format!(",\"{name}\":null"))
        .collect()
}

fn parts(name: &str) -> Vec<String> {
    name.split('.').map(str::to_owned).collect()
}

/// `line in line_items[]`: the name, the path of the items and what they are.
fn each_of(text: &str, roots: &Roots) -> Result<(String, Path, Shape), Mistake> {
    let all = 0..text.len();
    let Some((name, list)) = text.split_once(" in ") else {
        return Err(Mistake::new(
            all,
            "`each` is written `line in line_items[]`",
        ));
    };
    let name = name.trim();
    let is_word = flow::path(name).is_ok_and(|path| path.steps.len() == 1);
    if !is_word || roots.shape_of(name).is_some() {
        let message = format!("{} cannot be the name of an item", quoted(name));
        return Err(Mistake::new(all, message).hinted("choose a name that no field has"));
    }
    let start = text.len() - list.len();
    let path = flow::path(list)
        .and_then(|path| path.resolve(roots))
        .map_err(|mistake| mistake.moved(start))?;
    let item = match &path.shape.kind {
        ValueKind::List(item) if list.trim_end().ends_with("[]") => item.as_ref().clone(),
        _ => {
            let message = format!("{} does not go into a list", quoted(list.trim()));
            return Err(Mistake::new(start..text.len(), message).hinted("end it with `[]`"));
        }
    };
    Ok((name.to_owned(), path, item))
}
