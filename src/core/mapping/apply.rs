//! Applying a mapping: a record becomes a document, is skipped for a reason, or refused with a path.
//!
//! It answers for any JSON, does the same for the same, and touches nothing else. A preview runs the
//! same code with a watcher.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::compile::{Compiled, ReadyFeed, ReadyField, ReadyRows};
use super::fit::{Fitted, fit};
use super::problem::{ValueProblem, Why};
use super::scope::ValueScope;
use super::value::Value;
use crate::model::told::Told;

/// What became of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum MappingOutcome {
    Document(MappedRows),
    Skip(String),
    Refusal(Refusal),
}

/// The rows of a record, each with the fields of the target.
///
/// Every rule of the mapping stands in its row; what is absent is `null`.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct MappedRows {
    pub rows: Vec<Map<String, Json>>,
}

/// Rows hold what customers wrote. A log that prints this shows none of it.
impl fmt::Debug for MappedRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.len();
        out.debug_struct("Document")
            .field("rows", &rows)
            .finish_non_exhaustive()
    }
}

/// Why a record could not be mapped: the field of the target, what should feed it, and the trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("`{field}` could not be filled from `{from}`: it {words}")]
pub struct Refusal {
    /// The field, or the part of the file: `skip 1`, `names.vat`.
    pub field: String,
    pub from: String,
    pub why: Why,
    pub words: String,
}

/// What a preview shows of one field.
#[derive(Clone, PartialEq, Serialize)]
pub struct Traced {
    pub row: usize,
    pub field: String,
    pub from: String,
    /// The values on the way, each with the function that made it.
    pub steps: Vec<(String, Json)>,
    pub result: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

impl fmt::Debug for Traced {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Traced")
            .field("row", &self.row)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// What becomes of the rows of a record, field by field.
pub(super) trait RowMaker<'r> {
    /// A row begins, of an item of the record or of all of it.
    fn begin(&mut self, rows: &ReadyRows, item: Option<&'r Told<'r>>);
    fn field(&mut self, field: &ReadyField, made: Option<&Fitted<'r>>);
    fn end(&mut self, rows: &ReadyRows);
    /// What is to be told of each field on the way.
    fn watcher(&mut self) -> Option<&mut Vec<Traced>> {
        None
    }
    fn made(&self) -> usize;
}

/// Why a record has no rows.
pub(super) enum NoRows {
    Skip(String),
    Refusal(Refusal),
}

impl From<Refusal> for NoRows {
    fn from(refusal: Refusal) -> NoRows {
        NoRows::Refusal(refusal)
    }
}

impl From<NoRows> for MappingOutcome {
    fn from(none: NoRows) -> MappingOutcome {
        match none {
            NoRows::Skip(because) => MappingOutcome::Skip(because),
            NoRows::Refusal(refusal) => MappingOutcome::Refusal(refusal),
        }
    }
}

/// Rows as groups of fields, to be looked at.
#[derive(Default)]
struct Grouped {
    document: MappedRows,
    row: Map<String, Json>,
    watcher: Option<Vec<Traced>>,
}

impl<'r> RowMaker<'r> for Grouped {
    fn begin(&mut self, rows: &ReadyRows, _: Option<&'r Told<'r>>) {
        for path in &rows.empty {
            place(&mut self.row, path, Json::Null);
        }
    }

    fn field(&mut self, field: &ReadyField, made: Option<&Fitted<'r>>) {
        let made = made.map_or(Json::Null, Fitted::to_json);
        place(&mut self.row, &field.path, made);
    }

    fn end(&mut self, _: &ReadyRows) {
        let row = std::mem::take(&mut self.row);
        self.document.rows.push(row);
    }

    fn watcher(&mut self) -> Option<&mut Vec<Traced>> {
        self.watcher.as_mut()
    }

    fn made(&self) -> usize {
        self.document.rows.len()
    }
}

impl Compiled {
    /// Maps one record. `settings` holds what the configuration says of the shop.
    pub fn apply(&self, record: &Json, settings: &Json) -> MappingOutcome {
        self.apply_told(&Told::of(record), &Told::of(settings))
    }

    /// The same as it was told.
    pub(super) fn apply_told<'r>(
        &self,
        record: &'r Told<'r>,
        settings: &'r Told<'r>,
    ) -> MappingOutcome {
        self.grouped(record, settings, None).0
    }

    /// Maps one record and shows every step; the outcome is that of `apply`.
    pub fn trace(&self, record: &Json, settings: &Json) -> (MappingOutcome, Vec<Traced>) {
        self.grouped(&Told::of(record), &Told::of(settings), Some(Vec::new()))
    }

    fn grouped<'r>(
        &self,
        record: &'r Told<'r>,
        settings: &'r Told<'r>,
        watcher: Option<Vec<Traced>>,
    ) -> (MappingOutcome, Vec<Traced>) {
        let mut grouped = Grouped {
            watcher,
            ..Grouped::default()
        };
        let outcome = match self.rows_of(record, settings, &mut grouped) {
            Ok(()) => MappingOutcome::Document(grouped.document),
            Err(none) => none.into(),
        };
        (outcome, grouped.watcher.unwrap_or_default())
    }

    pub(super) fn rows_of<'r>(
        &self,
        record: &'r Told<'r>,
        settings: &'r Told<'r>,
        maker: &mut impl RowMaker<'r>,
    ) -> Result<(), NoRows> {
        if !matches!(record, Told::Group(_)) {
            let problem = ValueProblem::new(Why::NotARecord, "is not a group of fields");
            return Err(refusal("record", "the shop's answer", problem).into());
        }
        let mut scope = ValueScope::new(record, settings);
        for (flow, (name, text)) in self.names.iter().zip(&self.mapping.names) {
            let value = flow.run(&scope);
            let value =
                value.map_err(|problem| refusal(&format!("names.{name}"), text, problem))?;
            scope.names.push(value);
        }
        for (number, (when, because)) in self.skips.iter().enumerate() {
            let holds = when.holds(&scope);
            let holds = holds.map_err(|problem| {
                let written = &self.mapping.skip[number].when;
                refusal(&format!("skip {}", number + 1), written, problem)
            })?;
            if holds {
                return Err(NoRows::Skip(because.clone()));
            }
        }
        for (number, rows) in self.rows.iter().enumerate() {
            self.each_row(number, rows, &mut scope, maker)?;
        }
        Ok(())
    }

    fn each_row<'r>(
        &self,
        number: usize,
        rows: &ReadyRows,
        scope: &mut ValueScope<'r>,
        maker: &mut impl RowMaker<'r>,
    ) -> Result<(), Refusal> {
        let written = &self.mapping.rows[number];
        let items = match &rows.each {
            None => vec![None],
            Some(path) => {
                let items = path.items(scope);
                let each = written.each.as_deref().unwrap_or("");
                let items = items.map_err(|problem| refusal("each", each, problem))?;
                items.into_iter().map(Some).collect()
            }
        };
        for item in items {
            scope.item = item;
            if let Some(when) = &rows.when {
                let text = written.when.as_deref().unwrap_or("");
                let holds = when.holds(scope);
                if !holds.map_err(|problem| refusal("when", text, problem))? {
                    continue;
                }
            }
            maker.begin(rows, item);
            let at = maker.made();
            for field in &rows.fields {
                let made = match maker.watcher() {
                    None => field.make(scope),
                    Some(traced) => {
                        let (made, trace) = field.make_watched(scope, at);
                        traced.push(trace);
                        made
                    }
                };
                let made = made.map_err(|problem| refusal(&field.name, &field.shown, problem))?;
                maker.field(field, made.as_ref());
            }
            maker.end(rows);
        }
        scope.item = None;
        Ok(())
    }
}

fn refusal(field: &str, from: &str, problem: ValueProblem) -> Refusal {
    Refusal {
        field: field.to_owned(),
        from: from.to_owned(),
        why: problem.why,
        words: problem.words,
    }
}

/// Puts a value into its groups.
fn place(row: &mut Map<String, Json>, path: &[String], value: Json) {
    match path {
        [] => {}
        [name] => {
            row.insert(name.clone(), value);
        }
        [group, rest @ ..] => {
            let group = row
                .entry(group.clone())
                .or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = group {
                place(inner, rest, value);
            }
        }
    }
}

impl ReadyField {
    fn make<'r>(&self, scope: &ValueScope<'r>) -> Result<Option<Fitted<'r>>, ValueProblem> {
        self.made(scope, &mut |_, _| {})
    }

    fn make_watched<'r>(
        &self,
        scope: &ValueScope<'r>,
        row: usize,
    ) -> (Result<Option<Fitted<'r>>, ValueProblem>, Traced) {
        let mut steps = Vec::new();
        let made = self.made(scope, &mut |function, value| {
            let made_by = function.unwrap_or("source").to_owned();
            steps.push((made_by, value.to_json()));
        });
        let traced = Traced {
            row,
            field: self.name.clone(),
            from: self.shown.clone(),
            steps,
            result: made
                .as_ref()
                .ok()
                .and_then(|made| made.as_ref().map(Fitted::to_json)),
            refusal: made.as_ref().err().map(ToString::to_string),
        };
        (made, traced)
    }

    fn made<'r>(
        &self,
        scope: &ValueScope<'r>,
        watch: &mut dyn FnMut(Option<&'static str>, &Value<'_>),
    ) -> Result<Option<Fitted<'r>>, ValueProblem> {
        let mut made = None;
        let applies = match &self.when {
            Some(when) => when.holds(scope)?,
            None => true,
        };
        if applies {
            let value = match &self.feed {
                ReadyFeed::Flow(flow) => {
                    flow.run_watched(scope, &mut |function, value| watch(function, value))?
                }
                ReadyFeed::Text(template) => watched(template.run(scope)?, watch),
                ReadyFeed::Formula(formula) => watched(formula.run(scope)?, watch),
                ReadyFeed::Constant(value) => watched(value.clone(), watch),
            };
            made = fit(value, &self.kind)?;
        }
        // A text without letters fills nothing, where the mapping says what else would.
        let is_empty = match &made {
            None => true,
            Some(fitted) => fitted.is_empty_text() && !matches!(self.otherwise, Value::Null),
        };
        if is_empty {
            made = fit(self.otherwise.clone(), &self.kind)?.or(made);
        }
        if made.is_none() && self.is_required {
            return Err(ValueProblem::new(Why::Absent, "is absent, and required"));
        }
        Ok(made)
    }
}

fn watched<'r>(
    value: Value<'r>,
    watch: &mut dyn FnMut(Option<&'static str>, &Value<'_>),
) -> Value<'r> {
    watch(None, &value);
    value
}
