//! Running a formula: every expression has a value, or a problem that names what is wrong.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{Expr, FormulaComparison, Loop, Operation, Search};
use crate::mapping::problem::{ValueProblem, Why};
use crate::mapping::scope::ValueScope;
use crate::mapping::value::{GroupValue, Value, made};
use crate::model::told::Told;

type Locals<'r> = Vec<Value<'r>>;
type Ran<'r> = Result<Value<'r>, ValueProblem>;

pub fn run<'r>(expr: &Expr, scope: &ValueScope<'r>, locals: &mut Locals<'r>) -> Ran<'r> {
    scope.spend(1)?;
    match expr {
        Expr::Constant(value) => Ok(value.clone()),
        Expr::Path(path) => path.read(scope),
        Expr::Local(at) => Ok(locals.get(*at).cloned().unwrap_or(Value::Null)),
        Expr::Field(of, name) => field(run(of, scope, locals)?, name),
        Expr::Index(of, at) => index(run(of, scope, locals)?, &run(at, scope, locals)?),
        Expr::Number(of) => {
            let number = run(of, scope, locals)?.as_number()?;
            Ok(number.map_or(Value::Null, Value::Number))
        }
        Expr::Has(of) => Ok(Value::Bool(!matches!(run(of, scope, locals)?, Value::Null))),
        Expr::Not(of) => Ok(Value::Bool(!truth(&run(of, scope, locals)?)?)),
        Expr::Negative(of) => {
            let number = run(of, scope, locals)?.as_number()?;
            Ok(number.map_or(Value::Null, |number| Value::Number(-number)))
        }
        Expr::And(a, b) => Ok(Value::Bool(
            truth(&run(a, scope, locals)?)? && truth(&run(b, scope, locals)?)?,
        )),
        Expr::Or(a, b) => Ok(Value::Bool(
            truth(&run(a, scope, locals)?)? || truth(&run(b, scope, locals)?)?,
        )),
        Expr::If(condition, yes, no) => match truth(&run(condition, scope, locals)?)? {
            true => run(yes, scope, locals),
            false => run(no, scope, locals),
        },
        Expr::Equal(a, b) => {
            let (a, b) = (run(a, scope, locals)?, run(b, scope, locals)?);
            Ok(Value::Bool(a.same_as(&b)))
        }
        Expr::Compare(comparison, a, b) => {
            let (a, b) = (run(a, scope, locals)?, run(b, scope, locals)?);
            let order = a.compare(&b);
            Ok(Value::Bool(order.is_some_and(|order| match comparison {
                FormulaComparison::Less => order == Ordering::Less,
                FormulaComparison::LessOrEqual => order != Ordering::Greater,
                FormulaComparison::Greater => order == Ordering::Greater,
                FormulaComparison::GreaterOrEqual => order != Ordering::Less,
            })))
        }
        Expr::Math(operation, a, b) => {
            let (a, b) = (run(a, scope, locals)?, run(b, scope, locals)?);
            math(*operation, &a, &b)
        }
        Expr::Add(a, b) => add(run(a, scope, locals)?, run(b, scope, locals)?, scope),
        Expr::Gather(at, more) => {
            let more = run(more, scope, locals)?;
            let gathered = locals.get_mut(*at).map(std::mem::take);
            add(gathered.unwrap_or_default(), more, scope)
        }
        Expr::In(a, b) => {
            let (a, list) = (run(a, scope, locals)?, run(b, scope, locals)?);
            match list {
                Value::List(items) => {
                    scope.spend(items.len())?;
                    Ok(Value::Bool(items.iter().any(|item| item.same_as(&a))))
                }
                _ => Ok(Value::Bool(false)),
            }
        }
        Expr::List(items) => {
            let items: Result<Vec<_>, _> =
                items.iter().map(|item| run(item, scope, locals)).collect();
            Ok(Value::List(items?))
        }
        Expr::Size(of) => Ok(Value::Number(size(&run(of, scope, locals)?).into())),
        Expr::Text(of) => Ok(Value::Text(run(of, scope, locals)?.as_text()?)),
        Expr::Search(search, a, b) => {
            let (a, b) = (run(a, scope, locals)?, run(b, scope, locals)?);
            let (a, b) = (a.as_text()?, b.as_text()?);
            scope.spend(a.len() / 64)?;
            Ok(Value::Bool(match search {
                Search::Contains => a.contains(b.as_ref()),
                Search::Starts => a.starts_with(b.as_ref()),
                Search::Ends => a.ends_with(b.as_ref()),
            }))
        }
        Expr::Matches(of, pattern) => {
            let text = run(of, scope, locals)?;
            let text = text.as_text()?;
            scope.spend(text.len() / 16)?;
            Ok(Value::Bool(pattern.is_match(&text)))
        }
        Expr::Call(call, parts) => {
            let parts: Result<Vec<_>, _> =
                parts.iter().map(|part| run(part, scope, locals)).collect();
            let mut parts = parts?.into_iter();
            let input = parts.next().unwrap_or_default();
            let args: Vec<_> = parts.collect();
            call.run_with(input, &args, &mut |steps| scope.spend(steps))
        }
        Expr::Loop(made) => repeat(made, scope, locals),
    }
}

/// Yes or no; what is absent is no.
pub fn truth(value: &Value<'_>) -> Result<bool, ValueProblem> {
    match value {
        Value::Bool(is) => Ok(*is),
        Value::Null => Ok(false),
        _ => Err(ValueProblem::new(Why::NotYesOrNo, "is neither yes nor no")),
    }
}

fn repeat<'r>(made: &Loop, scope: &ValueScope<'r>, locals: &mut Locals<'r>) -> Ran<'r> {
    let items = match run(&made.range, scope, locals)? {
        Value::List(items) => items,
        Value::Null => Vec::new(),
        _ => {
            return Err(ValueProblem::new(
                Why::WrongKind,
                "is one value, not a list",
            ));
        }
    };
    let depth = locals.len();
    let start = run(&made.start, scope, locals)?;
    locals.push(start);
    locals.push(Value::Null);
    for item in items {
        locals[depth + 1] = item;
        if !truth(&run(&made.goes_on, scope, locals)?)? {
            break;
        }
        let next = run(&made.step, scope, locals)?;
        locals[depth] = next;
    }
    let result = run(&made.result, scope, locals);
    locals.truncate(depth);
    result
}

fn field<'r>(of: Value<'r>, name: &str) -> Ran<'r> {
    match of {
        Value::Object(GroupValue::Told(told)) => Ok(told.get(name).map_or(Value::Null, Value::of)),
        Value::Object(GroupValue::Made(told)) => {
            let found = told.get(name).cloned();
            Ok(found.map_or(Value::Null, Value::of_owned))
        }
        Value::Null => Ok(Value::Null),
        Value::List(items) if items.is_empty() => Ok(Value::Null),
        _ => Err(ValueProblem::new(
            Why::WrongKind,
            "is not a group of fields",
        )),
    }
}

fn index<'r>(of: Value<'r>, at: &Value<'_>) -> Ran<'r> {
    match (of, at) {
        (Value::List(mut items), Value::Number(at)) => {
            let at = usize::try_from(*at).ok().filter(|at| *at < items.len());
            Ok(at.map_or(Value::Null, |at| items.swap_remove(at)))
        }
        (of @ Value::Object(_), Value::Text(name)) => field(of, name),
        _ => Ok(Value::Null),
    }
}

fn size(of: &Value<'_>) -> usize {
    match of {
        Value::Text(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Object(group) => match group.told() {
            Told::Group(group) => group.fields.len(),
            _ => 0,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn math<'r>(operation: Operation, a: &Value<'_>, b: &Value<'_>) -> Ran<'r> {
    let (Some(a), Some(b)) = (a.as_number()?, b.as_number()?) else {
        return Ok(Value::Null);
    };
    let result = match operation {
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide | Operation::Remainder if b.is_zero() => {
            return Err(ValueProblem::new(Why::DividedByZero, "is divided by zero"));
        }
        Operation::Divide => a.checked_div(b),
        Operation::Remainder => a.checked_rem(b),
    };
    exact(result)
}

fn exact<'r>(result: Option<Decimal>) -> Ran<'r> {
    result
        .map(Value::Number)
        .ok_or_else(|| ValueProblem::new(Why::TooLarge, "becomes too large a number"))
}

fn add<'r>(a: Value<'r>, b: Value<'r>, scope: &ValueScope<'_>) -> Ran<'r> {
    match (a, b) {
        (Value::List(mut items), Value::List(more)) => {
            scope.spend(more.len())?;
            items.extend(more);
            Ok(Value::List(items))
        }
        (Value::Number(a), Value::Number(b)) => exact(a.checked_add(b)),
        (Value::Text(a), Value::Text(b)) => {
            scope.spend((a.len() + b.len()) / 64)?;
            made(a.into_owned() + &b)
        }
        // What is absent has no letters, and makes a sum absent.
        (Value::Null, text @ Value::Text(_)) | (text @ Value::Text(_), Value::Null) => Ok(text),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        _ => Err(ValueProblem::new(Why::NotANumber, "cannot be added")),
    }
}
