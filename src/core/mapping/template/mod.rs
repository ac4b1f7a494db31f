//! Texts: memos and notes, written as minijinja templates.
//!
//! `Order {{ number }}{% if customer_note %}: {{ customer_note | truncate(80, "…") }}{% endif %}`.
//! Between `{{` and `}}` stands a flow, with everything that flows can do. `{% if … %}` asks whether
//! something is there, or equals something; `{% for line in line_items %}` repeats, and inside it the
//! item is read by dots and functions alone. Nothing else of minijinja is let in: no assignments, no
//! arithmetic, no joining of texts, because with them a short template can make an endless text.

mod scan;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use minijinja::Value as Shown;
use minijinja::value::Rest;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::flow::Flow;
use super::functions::{Arg, FUNCTIONS, FunctionCall, LookupTables};
use super::kind::{Shape, ValueKind};
use super::limits;
use super::mistake::Mistake;
use super::path::{Path, Roots};
use super::problem::{ValueProblem, Why};
use super::scope::ValueScope;
use super::value::Value;
use crate::model::told::Told;

/// A template, ready to run.
#[derive(Clone)]
pub struct Template {
    env: Arc<Environment<'static>>,
    /// What stands in `{{ }}` outside of loops, by the names that the rewritten template has for it.
    flows: Vec<(String, Flow)>,
    /// What conditions and loops begin with.
    roots: Vec<(String, Path)>,
}

const NAME: &str = "text";

impl Template {
    pub fn parse(text: &str, roots: &Roots, tables: &LookupTables) -> Result<Template, Mistake> {
        let all = 0..text.len();
        if text.chars().nth(limits::TEMPLATE).is_some() {
            let message = format!("this has more than {} characters", limits::TEMPLATE);
            return Err(Mistake::new(all, message));
        }
        let scanned = scan::scan(text, roots, tables)?;
        let mut env = environment(tables);
        env.add_template_owned(NAME, scanned.source)
            .map_err(|error| {
                let detail = error.detail().unwrap_or("it could not be read").to_owned();
                Mistake::new(all, format!("this is not a template: {detail}"))
            })?;
        Ok(Template {
            env: Arc::new(env),
            flows: scanned.flows,
            roots: scanned.roots,
        })
    }

    pub fn run(&self, scope: &ValueScope<'_>) -> Result<Value<'static>, ValueProblem> {
        let mut context = std::collections::BTreeMap::new();
        for (name, flow) in &self.flows {
            context.insert(name.clone(), shown(&flow.run(scope)?));
        }
        for (name, path) in &self.roots {
            context.insert(name.clone(), shown(&path.read(scope)?));
        }
        let broken = |error: Error| match error.kind() {
            ErrorKind::OutOfFuel => too_much(),
            _ => match error.detail() {
                Some(words) if error.kind() == ErrorKind::InvalidOperation => {
                    ValueProblem::new(Why::WrongKind, words.to_owned())
                }
                _ => ValueProblem::new(Why::WrongKind, "could not be written as text"),
            },
        };
        let template = self.env.get_template(NAME).map_err(broken)?;
        let mut page = WrittenText::default();
        let written = template.render_captured_to(Shown::from(context), &mut page);
        if page.is_full {
            let most = limits::TEXT / 1024;
            let words = format!("becomes longer than {most} KB");
            return Err(ValueProblem::new(Why::TooLarge, words));
        }
        written.map_err(broken)?;
        scope.spend(page.text.len() / 64)?;
        String::from_utf8(page.text)
            .map(|text| Value::Text(text.into()))
            .map_err(|_| ValueProblem::new(Why::WrongKind, "could not be written as text"))
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Template").finish_non_exhaustive()
    }
}

fn too_much() -> ValueProblem {
    ValueProblem::new(Why::TooMuchWork, "takes too many steps for one record")
}

/// What is written, as far as it may grow.
#[derive(Default)]
struct WrittenText {
    text: Vec<u8>,
    is_full: bool,
}

impl io::Write for WrittenText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > limits::TEXT {
            self.is_full = true;
            return Err(io::Error::other("too long"));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// minijinja with nothing in it but the functions of the language.
fn environment(tables: &LookupTables) -> Environment<'static> {
    let mut env = Environment::empty();
    env.set_fuel(Some(limits::TEMPLATE_FUEL));
    env.set_recursion_limit(32);
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_formatter(|out, _, value| {
        if value.is_undefined() || value.is_none() {
            return Ok(());
        }
        match value.as_str() {
            Some(text) => out.write_str(text).map_err(Error::from),
            None => out.write_fmt(format_args!("{value}")).map_err(Error::from),
        }
    });
    for function in FUNCTIONS {
        let (name, tables) = (function.name, tables.clone());
        env.add_filter(name, move |input: Shown, args: Rest<Shown>| {
            filter(name, &input, &args, &tables).map_err(|problem| {
                let kind = match problem.why {
                    Why::TooMuchWork => ErrorKind::OutOfFuel,
                    _ => ErrorKind::InvalidOperation,
                };
                Error::new(kind, problem.words)
            })
        });
    }
    env
}

/// A function inside a loop: its arguments are known to fit, and only now have values.
fn filter(
    name: &str,
    input: &Shown,
    args: &[Shown],
    tables: &LookupTables,
) -> Result<Shown, ValueProblem> {
    let input = value_of(input)?;
    let mut ready = Vec::new();
    let mut values = Vec::new();
    for arg in args {
        let value = value_of(arg)?;
        ready.push((Arg::Checked(value.clone()), 0..0));
        values.push(value);
    }
    let (call, _) = FunctionCall::new(name, 0..0, &Shape::maybe(ValueKind::Any), ready, tables)
        .map_err(|mistake| ValueProblem::new(Why::WrongKind, mistake.message))?;
    let mut left = limits::TEMPLATE_FUEL;
    let mut spend = |steps: usize| {
        left = left.checked_sub(steps as u64).ok_or_else(too_much)?;
        Ok(())
    };
    Ok(shown(&call.run_with(input, &values, &mut spend)?))
}

fn value_of(shown: &Shown) -> Result<Value<'static>, ValueProblem> {
    if shown.is_undefined() || shown.is_none() {
        return Ok(Value::Null);
    }
    serde_json::to_value(shown)
        .map(|json| Value::of_owned(Told::of(&json)))
        .map_err(|_| ValueProblem::new(Why::WrongKind, "could not be written as text"))
}

fn shown(value: &Value<'_>) -> Shown {
    match value {
        // Undefined is repeated over as an empty list is; `none` would be a mistake there.
        Value::Null => Shown::UNDEFINED,
        Value::Bool(is) => Shown::from(*is),
        Value::Number(number) => Shown::from(number.to_string()),
        Value::Text(text) => Shown::from(text.as_ref()),
        Value::List(items) => items.iter().map(shown).collect(),
        Value::Object(group) => Shown::from(minijinja::value::Serde(group.told().to_json())),
    }
}
