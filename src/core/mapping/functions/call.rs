//! A call: one function with its arguments, checked once and run for each record.

use std::ops::Range;

use super::{ArgumentNeed, Function, Given, LookupTables, ReadyFunction, Takes, find};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::mistake::{Mistake, quoted};
use crate::mapping::path::Path;
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::scope::ValueScope;
use crate::mapping::value::Value;
use crate::model::near::did_you_mean;

#[derive(Clone)]
pub struct FunctionCall {
    pub function: &'static Function,
    args: Vec<Arg>,
    ready: ReadyFunction,
}

#[derive(Clone, Debug)]
pub enum Arg {
    Constant(Value<'static>),
    Path(Path),
    /// It is worked out elsewhere, and handed in.
    Computed(Shape),
    /// A value of a record, of a kind that an earlier check has found to fit.
    Checked(Value<'static>),
}

impl std::fmt::Debug for FunctionCall {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Call")
            .field("function", &self.function.name)
            .field("args", &self.args)
            .finish_non_exhaustive()
    }
}

impl FunctionCall {
    /// Checks a call and makes it ready; also says what it gives.
    pub fn new(
        name: &str,
        span: Range<usize>,
        input: &Shape,
        args: Vec<(Arg, Range<usize>)>,
        tables: &LookupTables,
    ) -> Result<(FunctionCall, Shape), Mistake> {
        let function = find(name).ok_or_else(|| unknown(name, span.clone()))?;
        let given: Vec<Given> = args.iter().map(|(arg, _)| arg.given()).collect();
        count_args(function, args.len(), span.clone())?;
        let item = taken(function, input, span.clone())?;
        for (at, ((_, span), given)) in args.iter().zip(&given).enumerate() {
            argument(function, at, given, span.clone())?;
        }
        let ready = (function.prepare)(&given, tables).map_err(|wrong| {
            let span = args
                .get(wrong.argument)
                .map_or(span, |(_, span)| span.clone());
            Mistake::new(span, wrong.message).hint(wrong.hint)
        })?;
        let mut gives = (function.gives)(item, &given);
        if let ReadyFunction::Table(table) = &ready
            && table.answers_all()
        {
            gives.maybe = item.maybe;
        }
        if lifts(function, input) {
            gives = Shape::list_of(gives).or_absent(input.maybe && !function.sees_absent);
        }
        let args = args.into_iter().map(|(arg, _)| arg).collect();
        let call = FunctionCall {
            function,
            args,
            ready,
        };
        Ok((call, gives))
    }

    pub fn run<'r>(
        &self,
        input: Value<'r>,
        scope: &ValueScope<'r>,
    ) -> Result<Value<'r>, ValueProblem> {
        let mut args = Vec::with_capacity(self.args.len());
        for arg in &self.args {
            args.push(match arg {
                Arg::Constant(value) | Arg::Checked(value) => value.clone(),
                Arg::Path(path) => path.read(scope)?,
                Arg::Computed(_) => Value::Null,
            });
        }
        self.run_with(input, &args, &mut |steps| scope.spend(steps))
    }

    /// Runs with arguments that were worked out elsewhere.
    pub fn run_with<'r>(
        &self,
        input: Value<'r>,
        args: &[Value<'r>],
        spend: &mut dyn FnMut(usize) -> Result<(), ValueProblem>,
    ) -> Result<Value<'r>, ValueProblem> {
        // Long texts cost more than short ones.
        let weight = |value: &Value<'_>| match value {
            Value::Text(text) => text.len() / 64,
            Value::List(items) => items.len(),
            _ => 0,
        };
        spend(1 + weight(&input) + args.iter().map(weight).sum::<usize>())?;
        match input {
            Value::List(items) if lifts_values(self.function) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    spend(1)?;
                    list.push(self.one(item, args)?);
                }
                Ok(Value::List(list))
            }
            input => self.one(input, args),
        }
    }

    fn one<'r>(&self, input: Value<'r>, args: &[Value<'r>]) -> Result<Value<'r>, ValueProblem> {
        if matches!(input, Value::Null) && !self.function.sees_absent {
            return Ok(Value::Null);
        }
        if matches!(input, Value::Object(_)) && self.function.takes != Takes::Anything {
            return Err(ValueProblem::new(
                Why::WrongKind,
                "is a group of fields, not one value",
            ));
        }
        (self.function.call)(input, args, &self.ready)
    }
}

impl Arg {
    fn given(&self) -> Given {
        match self {
            Arg::Constant(value) => Given {
                shape: value.shape(),
                constant: Some(value.clone()),
            },
            Arg::Checked(value) => Given {
                shape: Shape::maybe(ValueKind::Any),
                constant: Some(value.clone()),
            },
            Arg::Path(path) => Given {
                shape: path.shape.clone(),
                constant: None,
            },
            Arg::Computed(shape) => Given {
                shape: shape.clone(),
                constant: None,
            },
        }
    }
}

pub fn unknown(name: &str, span: Range<usize>) -> Mistake {
    let names = super::FUNCTIONS.iter().map(|function| function.name);
    Mistake::new(span, format!("there is no function {}", quoted(name)))
        .hint(did_you_mean(name, names))
}

fn lifts_values(function: &Function) -> bool {
    !matches!(
        function.takes,
        Takes::List | Takes::Texts | Takes::Figures | Takes::Anything
    )
}

fn lifts(function: &Function, input: &Shape) -> bool {
    lifts_values(function) && matches!(input.kind, ValueKind::List(_))
}

fn count_args(function: &Function, seen: usize, span: Range<usize>) -> Result<(), Mistake> {
    let least = function
        .parameters
        .iter()
        .filter(|parameter| parameter.need == ArgumentNeed::Must)
        .count();
    let most = function.parameters.len();
    let open = function
        .parameters
        .last()
        .is_some_and(|last| last.need == ArgumentNeed::Any);
    if seen >= least && (open || seen <= most) {
        return Ok(());
    }
    let wanted = match (least, most) {
        (least, _) if open => format!("at least {least}"),
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    };
    let name = function.name;
    Err(Mistake::new(
        span,
        format!("`{name}` takes {wanted} arguments, not {seen}"),
    )
    .hinted(format!("write `{}`", super::page::signature(function))))
}

/// What one call is handed: the input, or each item of it.
fn taken<'s>(
    function: &Function,
    input: &'s Shape,
    span: Range<usize>,
) -> Result<&'s Shape, Mistake> {
    let item = match &input.kind {
        ValueKind::List(item) if lifts_values(function) => item.as_ref(),
        _ => input,
    };
    match suits(function.takes, &item.kind) {
        Ok(()) => Ok(item),
        Err(hint) => Err(Mistake::new(
            span,
            format!(
                "`{}` takes {}, and this is {}",
                function.name,
                function.takes.words(),
                item.kind
            ),
        )
        .hint(hint)),
    }
}

fn argument(
    function: &Function,
    at: usize,
    given: &Given,
    span: Range<usize>,
) -> Result<(), Mistake> {
    let parameter = match function.parameters.get(at).or(function.parameters.last()) {
        Some(parameter) => parameter,
        None => return Ok(()),
    };
    let (function, name) = (function.name, parameter.name);
    if parameter.constant && given.constant.is_none() {
        let message = format!("`{name}` of `{function}` must be written out, not read");
        return Err(Mistake::new(span, message).hinted("write it in quotes, or as a number"));
    }
    suits(parameter.takes, &given.shape.kind).map_err(|hint| {
        let (takes, kind) = (parameter.takes.words(), &given.shape.kind);
        let message = format!("`{name}` of `{function}` is {takes}, and this is {kind}");
        Mistake::new(span, message).hint(hint)
    })
}

/// Whether a value of this kind can go in; if not, perhaps what to do.
fn suits(takes: Takes, kind: &ValueKind) -> Result<(), Option<String>> {
    let fits = match (takes, kind) {
        (_, ValueKind::Any) | (Takes::Anything, _) => true,
        (Takes::Text, kind) => kind.is_single(),
        (Takes::Number, kind) => kind.is_number(),
        (Takes::Time, kind) => matches!(kind, ValueKind::Time | ValueKind::Text),
        (Takes::List, kind) => matches!(kind, ValueKind::List(_)),
        (Takes::Texts, ValueKind::List(item)) => item.kind.is_single(),
        (Takes::Figures, ValueKind::List(item)) => {
            item.kind.is_number() || item.kind == ValueKind::Any
        }
        (Takes::Texts | Takes::Figures, _) => false,
    };
    if fits {
        return Ok(());
    }
    let hint = match (takes, kind) {
        (Takes::Number, ValueKind::Text) => "put `| to_number` before it",
        (Takes::Time, ValueKind::LocalTime) => "use the field whose name ends in `_gmt`",
        (Takes::Text | Takes::Number, ValueKind::List(_)) => {
            "put `| first` or `| join(\", \")` before it"
        }
        (Takes::List | Takes::Texts, ValueKind::Text) => "put `| split(\",\")` before it",
        (Takes::Figures, ValueKind::List(item)) if item.kind.is_textual() => {
            "put `| to_number` before it"
        }
        (Takes::Texts | Takes::Figures, ValueKind::List(_)) => {
            "name a field of its items, as in `line_items[].total`"
        }
        _ => return Err(None),
    };
    Err(Some(hint.to_owned()))
}

impl Takes {
    pub fn words(self) -> &'static str {
        match self {
            Takes::Anything => "anything",
            Takes::Text => "text",
            Takes::Number => "a number",
            Takes::Time => "a time in UTC",
            Takes::List => "a list",
            Takes::Texts => "a list of texts",
            Takes::Figures => "a list of figures",
        }
    }
}
