//! Formulas: conditions and computed values, written in CEL and counted in exact decimals.
//!
//! The `cel` crate reads them; what they mean is decided here, where numbers are decimals, every name
//! is known to exist before a record is seen, and work has a limit. What is absent makes no formula
//! fail: it equals only `null`, comes before and after nothing, and a sum with it is absent too.
//! Functions of the language can be called as well: `upper(status) == "ON-HOLD"`.

mod build;
mod run;
#[cfg(test)]
mod tests;

use cel::Program;
use cel::common::ast::{Expr as Cel, IdedExpr};
use regex::Regex;

use super::functions::{FunctionCall, LookupTables};
use super::kind::{Shape, ValueKind};
use super::limits;
use super::mistake::Mistake;
use super::path::{Path, Roots};
use super::problem::ValueProblem;
use super::scope::ValueScope;
use super::value::Value;

/// A formula, ready to run.
#[derive(Clone, Debug)]
pub struct Formula {
    expr: Expr,
    pub shape: Shape,
}

#[derive(Clone, Debug)]
enum Expr {
    Constant(Value<'static>),
    Path(Path),
    /// A variable of a loop, counted from the outermost.
    Local(usize),
    Field(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    /// A figure that the shop writes as text.
    Number(Box<Expr>),
    Has(Box<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Equal(Box<Expr>, Box<Expr>),
    Compare(FormulaComparison, Box<Expr>, Box<Expr>),
    Math(Operation, Box<Expr>, Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    /// Appends to what a loop gathers, which nothing else looks at.
    Gather(usize, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Size(Box<Expr>),
    Text(Box<Expr>),
    Search(Search, Box<Expr>, Box<Expr>),
    Matches(Box<Expr>, Regex),
    Call(Box<FunctionCall>, Vec<Expr>),
    Loop(Box<Loop>),
}

#[derive(Clone, Debug)]
struct Loop {
    range: Expr,
    start: Expr,
    goes_on: Expr,
    step: Expr,
    result: Expr,
}

#[derive(Clone, Copy, Debug)]
enum FormulaComparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug)]
enum Search {
    Contains,
    Starts,
    Ends,
}

impl Formula {
    pub fn parse(text: &str, roots: &Roots, tables: &LookupTables) -> Result<Formula, Mistake> {
        let all = 0..text.len();
        if text.chars().nth(limits::FORMULA).is_some() {
            let message = format!("this has more than {} characters", limits::FORMULA);
            return Err(Mistake::new(all, message));
        }
        if let Some(at) = too_deep(text) {
            let message = "these brackets are too deep inside each other";
            return Err(Mistake::new(at..at + 1, message));
        }
        let program = compiled(text)?;
        let (expr, shape) = build::expr(&program, text, roots, tables)?;
        Ok(Formula { expr, shape })
    }

    /// A formula that answers yes or no.
    pub fn condition(text: &str, roots: &Roots, tables: &LookupTables) -> Result<Formula, Mistake> {
        let formula = Formula::parse(text, roots, tables)?;
        if matches!(formula.shape.kind, ValueKind::Bool | ValueKind::Any) {
            return Ok(formula);
        }
        let message = format!(
            "a condition is yes or no, and this is {}",
            formula.shape.kind
        );
        Err(Mistake::new(0..text.len(), message).hinted("compare it with something"))
    }

    pub fn run<'r>(&self, scope: &ValueScope<'r>) -> Result<Value<'r>, ValueProblem> {
        run::run(&self.expr, scope, &mut Vec::new())
    }

    /// Runs a condition. What is absent is no.
    pub fn holds(&self, scope: &ValueScope<'_>) -> Result<bool, ValueProblem> {
        run::truth(&self.run(scope)?)
    }
}

/// Reads a formula as CEL.
///
/// The parser goes deep into itself for each bracket, deeper than the stack of most threads. So it
/// runs on one whose stack is large enough for all that the limits allow.
fn compiled(text: &str) -> Result<Program, Mistake> {
    let all = 0..text.len();
    let on_own_stack = std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(PARSER_STACK);
        let thread = builder.spawn_scoped(scope, || {
            let compiled = Program::compile(text);
            compiled.map(|program| (depth(program.expression(), 0), program))
        });
        thread.ok().and_then(|thread| thread.join().ok())
    });
    match on_own_stack {
        Some(Ok((depth, program))) if depth <= limits::FORMULA_DEPTH => Ok(program),
        Some(Ok(_)) => Err(Mistake::new(all, "this formula is too deep inside itself")
            .hinted("take a part of it out, and give that a name in `[names]`")),
        Some(Err(errors)) => {
            let column = errors.errors.first().map_or(1, |error| error.pos.1);
            let at = byte_of(text, usize::try_from(column - 1).unwrap_or(0));
            Err(
                Mistake::new(at..text.len(), "this is not a formula from here on")
                    .hinted("for example `status == \"completed\" && size(line_items) > 2`"),
            )
        }
        None => Err(Mistake::new(all, "this formula could not be read")),
    }
}

/// Only what is used of it takes memory.
const PARSER_STACK: usize = 128 * 1024 * 1024;

/// How deep an expression goes, as far as it matters.
fn depth(at: &IdedExpr, above: usize) -> usize {
    if above > limits::FORMULA_DEPTH {
        return above;
    }
    let mut below = above + 1;
    let mut look = |part: &IdedExpr| below = below.max(depth(part, above + 1));
    match &at.expr {
        Cel::Call(call) => call
            .target
            .iter()
            .map(Box::as_ref)
            .chain(&call.args)
            .for_each(look),
        Cel::Select(select) => look(&select.operand),
        Cel::List(list) => list.elements.iter().for_each(look),
        Cel::Comprehension(part) => {
            for part in [
                &part.iter_range,
                &part.accu_init,
                &part.loop_cond,
                &part.loop_step,
                &part.result,
            ] {
                look(part);
            }
        }
        _ => {}
    }
    below
}

/// Where brackets are deeper inside each other than a reader could follow.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits::FORMULA_DEPTH {
            return Some(at);
        }
    }
    None
}

/// Where a character begins in bytes.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(at, _)| at)
}
