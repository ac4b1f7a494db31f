//! From what CEL has read to what is run: names are found, kinds are followed, mistakes are told.

use std::ops::Range;

use cel::Program;
use cel::common::ast::{
    CallExpr, ComprehensionExpr, Expr as Cel, IdedExpr, LiteralValue, SourceInfo, operators,
};

use super::{Expr, FormulaComparison, Loop, Operation, Search, byte_of};
use crate::mapping::functions::{self, Arg, FunctionCall, LookupTables};
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::mistake::{Mistake, quoted};
use crate::mapping::path::{PathStep, Roots, WrittenPath, field_of};
use crate::mapping::value::{Value, decimal};
use crate::model::near::did_you_mean;

type Built = Result<(Expr, Shape), Mistake>;

/// The name that CEL gives to what a loop gathers.
const GATHERED: &str = "@result";

pub fn expr(program: &Program, text: &str, roots: &Roots, tables: &LookupTables) -> Built {
    let mut builder = Builder {
        info: program.source_info(),
        text,
        roots,
        tables,
        locals: Vec::new(),
    };
    builder.build(program.expression())
}

struct Builder<'a> {
    info: &'a SourceInfo,
    text: &'a str,
    roots: &'a Roots,
    tables: &'a LookupTables,
    locals: Vec<(String, Shape)>,
}

impl Builder<'_> {
    fn span(&self, at: &IdedExpr) -> Range<usize> {
        let start = self.info.offset_for(at.id).map_or(0, |(start, _)| start);
        byte_of(self.text, start as usize)..self.text.len()
    }

    /// The place of a word, at or after the place of an expression.
    fn word(&self, at: &IdedExpr, word: &str) -> Range<usize> {
        let from = self.span(at).start;
        let found = self.text[from..].find(word).map(|found| from + found);
        match found.or_else(|| self.text.find(word)) {
            Some(start) => start..start + word.len(),
            None => self.span(at),
        }
    }

    fn build(&mut self, at: &IdedExpr) -> Built {
        match &at.expr {
            Cel::Literal(literal) => self.literal(at, literal),
            Cel::Ident(_) | Cel::Select(_) => self.name(at),
            Cel::Call(call) => self.call(at, call),
            Cel::List(list) => {
                let mut items = Vec::new();
                let mut kinds: Option<Shape> = None;
                for element in &list.elements {
                    let (item, shape) = self.build(element)?;
                    items.push(item);
                    kinds = Some(kinds.map_or(shape.clone(), |kinds| kinds.joined(&shape)));
                }
                let item = kinds.unwrap_or(Shape::maybe(ValueKind::Any));
                Ok((Expr::List(items), Shape::list_of(item)))
            }
            Cel::Comprehension(comprehension) => self.repeat(at, comprehension),
            Cel::Map(_) | Cel::Struct(_) => Err(Mistake::new(
                self.span(at),
                "groups in `{}` are not part of the language",
            )),
            Cel::Unspecified => Err(Mistake::new(self.span(at), "this is not a formula")),
        }
    }

    fn literal(&self, at: &IdedExpr, literal: &LiteralValue) -> Built {
        let not_exact = || {
            Mistake::new(
                self.span(at),
                "this number has more digits than can be exact",
            )
        };
        let value = match literal {
            LiteralValue::Null => {
                return Ok((Expr::Constant(Value::Null), Shape::maybe(ValueKind::Any)));
            }
            LiteralValue::Boolean(is) => Value::Bool(*is.inner()),
            LiteralValue::String(text) => Value::Text(text.inner().to_owned().into()),
            LiteralValue::Int(whole) => Value::Number((*whole.inner()).into()),
            LiteralValue::UInt(whole) => Value::Number((*whole.inner()).into()),
            // The shortest digits that mean this number are those that were typed.
            LiteralValue::Double(double) => {
                let digits = double.inner().to_string();
                Value::Number(decimal(&digits).ok_or_else(not_exact)?)
            }
            LiteralValue::Bytes(_) => {
                return Err(Mistake::new(
                    self.span(at),
                    "bytes are not part of the language",
                ));
            }
        };
        let shape = value.shape();
        Ok((Expr::Constant(value), shape))
    }

    /// A name with its fields: a path, unless it begins with a variable of a loop.
    fn name(&mut self, at: &IdedExpr) -> Built {
        let mut fields = Vec::new();
        let mut here = at;
        let mut has = false;
        while let Cel::Select(select) = &here.expr {
            has |= select.test;
            fields.push((select.field.clone(), here));
            here = &select.operand;
        }
        fields.reverse();
        let (mut expr, mut shape) = match &here.expr {
            Cel::Ident(name) => {
                if let Some(local) = self.locals.iter().rposition(|(known, _)| known == name) {
                    (Expr::Local(local), self.locals[local].1.clone())
                } else {
                    let mut steps = vec![(PathStep::Field(name.clone()), self.word(here, name))];
                    for (field, at) in fields.drain(..) {
                        steps.push((PathStep::Field(field.clone()), self.word(at, &field)));
                    }
                    let path = WrittenPath { steps }.resolve(self.roots)?;
                    let shape = path.shape.clone();
                    (Expr::Path(path), shape)
                }
            }
            _ => self.build(here)?,
        };
        for (field, at) in fields {
            shape = field_of(&shape, &field, self.word(at, &field))?;
            expr = Expr::Field(Box::new(expr), field);
        }
        if has {
            return Ok((Expr::Has(Box::new(expr)), Shape::always(ValueKind::Bool)));
        }
        if shape.kind.is_number() {
            expr = Expr::Number(Box::new(expr));
        }
        Ok((expr, shape))
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Built {
        let mut parts = Vec::new();
        for part in call.target.iter().map(Box::as_ref).chain(&call.args) {
            let built = self.build(part)?;
            parts.push((built.0, built.1, part));
        }
        let name = call.func_name.as_str();
        match (name, parts.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, [a, b]) => {
                self.must_be(a, &[ValueKind::Bool], "yes or no")?;
                self.must_be(b, &[ValueKind::Bool], "yes or no")?;
                let (a, b) = (Box::new(a.0.clone()), Box::new(b.0.clone()));
                let expr = match name {
                    operators::LOGICAL_AND => Expr::And(a, b),
                    _ => Expr::Or(a, b),
                };
                Ok((expr, Shape::always(ValueKind::Bool)))
            }
            (operators::LOGICAL_NOT, [a]) => {
                self.must_be(a, &[ValueKind::Bool], "yes or no")?;
                Ok((
                    Expr::Not(Box::new(a.0.clone())),
                    Shape::always(ValueKind::Bool),
                ))
            }
            (operators::NOT_STRICTLY_FALSE, [a]) => Ok((a.0.clone(), a.1.clone())),
            (operators::NEGATE, [a]) => {
                self.must_be(a, NUMBERS, "a number")?;
                Ok((Expr::Negative(Box::new(a.0.clone())), a.1.clone()))
            }
            (operators::CONDITIONAL, [a, b, c]) => {
                self.must_be(a, &[ValueKind::Bool], "yes or no")?;
                let several = |kind: &ValueKind| !kind.is_single();
                if several(&b.1.kind) != several(&c.1.kind)
                    && b.1.kind != ValueKind::Any
                    && c.1.kind != ValueKind::Any
                {
                    let message = format!("this is {} or {}", b.1.kind, c.1.kind);
                    return Err(Mistake::new(self.span(at), message)
                        .hinted("let both be one value, or both a list"));
                }
                let shape = b.1.joined(&c.1);
                let [a, b, c] = [a, b, c].map(|part| Box::new(part.0.clone()));
                Ok((Expr::If(a, b, c), shape))
            }
            (operators::EQUALS | operators::NOT_EQUALS, [a, b]) => {
                self.comparable(at, a, b, true)?;
                let equal = Expr::Equal(Box::new(a.0.clone()), Box::new(b.0.clone()));
                let expr = match name {
                    operators::EQUALS => equal,
                    _ => Expr::Not(Box::new(equal)),
                };
                Ok((expr, Shape::always(ValueKind::Bool)))
            }
            (operators::ADD, [a, b]) => self.add(at, a, b),
            (operators::IN, [a, b]) => {
                if !matches!(b.1.kind, ValueKind::List(_) | ValueKind::Any) {
                    let message = format!("`in` looks into a list, and this is {}", b.1.kind);
                    return Err(Mistake::new(self.span(b.2), message));
                }
                let expr = Expr::In(Box::new(a.0.clone()), Box::new(b.0.clone()));
                Ok((expr, Shape::always(ValueKind::Bool)))
            }
            (operators::INDEX, [a, b]) => self.index(a, b),
            ("size", [a]) => {
                if !matches!(a.1.kind, ValueKind::List(_) | ValueKind::Any)
                    && !a.1.kind.is_textual()
                {
                    let message = format!("`size` counts letters or items, not {}", a.1.kind);
                    return Err(Mistake::new(self.span(a.2), message));
                }
                Ok((
                    Expr::Size(Box::new(a.0.clone())),
                    Shape::always(ValueKind::Whole),
                ))
            }
            ("string", [a]) if a.1.kind.is_single() => Ok((
                Expr::Text(Box::new(a.0.clone())),
                Shape::always(ValueKind::Text),
            )),
            ("int" | "double" | "dec", [a]) if a.1.kind.is_single() => {
                let shape = Shape::maybe(ValueKind::Number);
                Ok((Expr::Number(Box::new(a.0.clone())), shape))
            }
            ("matches", [a, b]) => self.matches(a, b),
            _ => self.other(at, name, &parts),
        }
    }

    fn other(&mut self, at: &IdedExpr, name: &str, parts: &[FormulaPart]) -> Built {
        if let [a, b] = parts {
            if let Some(comparison) = comparison(name) {
                self.comparable(at, a, b, false)?;
                let expr = Expr::Compare(comparison, Box::new(a.0.clone()), Box::new(b.0.clone()));
                return Ok((expr, Shape::always(ValueKind::Bool)));
            }
            if let Some(operation) = operation(name) {
                self.must_be(a, NUMBERS, "a number")?;
                self.must_be(b, NUMBERS, "a number")?;
                let shape = Shape::always(ValueKind::Number).or_absent(a.1.maybe || b.1.maybe);
                let expr = Expr::Math(operation, Box::new(a.0.clone()), Box::new(b.0.clone()));
                return Ok((expr, shape));
            }
            if let Some(search) = search(name) {
                for part in [a, b] {
                    if !part.1.kind.is_textual() && part.1.kind != ValueKind::Any {
                        let message =
                            format!("`{name}` looks into text, and this is {}", part.1.kind);
                        return Err(Mistake::new(self.span(part.2), message));
                    }
                }
                let expr = Expr::Search(search, Box::new(a.0.clone()), Box::new(b.0.clone()));
                return Ok((expr, Shape::always(ValueKind::Bool)));
            }
        }
        let span = self.word(at, name);
        let Some((input, rest)) = parts
            .split_first()
            .filter(|_| functions::find(name).is_some())
        else {
            return Err(self.unknown(name, span));
        };
        let mut args = Vec::new();
        for (expr, shape, at) in rest {
            let arg = match expr {
                Expr::Constant(value) => Arg::Constant(value.clone()),
                _ => Arg::Computed(shape.clone()),
            };
            args.push((arg, self.span(at)));
        }
        let (call, shape) = FunctionCall::new(name, span, &input.1, args, self.tables)?;
        let exprs = parts.iter().map(|part| part.0.clone()).collect();
        let expr = Expr::Call(Box::new(call), exprs);
        // A list that is worked out holds what it holds: its figures need no reading.
        Ok((expr, shape))
    }

    fn unknown(&self, name: &str, span: Range<usize>) -> Mistake {
        let own = functions::FUNCTIONS.iter().map(|function| function.name);
        let words = own.chain([
            "size",
            "string",
            "int",
            "contains",
            "startsWith",
            "endsWith",
            "matches",
            "exists",
            "all",
            "filter",
            "map",
            "has",
        ]);
        Mistake::new(span, format!("there is no function {}", quoted(name)))
            .hint(did_you_mean(name, words))
    }

    fn add(&mut self, at: &IdedExpr, a: &FormulaPart, b: &FormulaPart) -> Built {
        if let (Expr::Local(gathered), ValueKind::List(_)) = (&a.0, &b.1.kind)
            && self.locals[*gathered].0 == GATHERED
        {
            let expr = Expr::Gather(*gathered, Box::new(b.0.clone()));
            return Ok((expr, b.1.clone()));
        }
        let kind = match (&a.1.kind, &b.1.kind) {
            (ValueKind::Any, _) | (_, ValueKind::Any) => ValueKind::Any,
            (a, b) if a.is_number() && b.is_number() => ValueKind::Number,
            (a, b) if a.is_textual() && b.is_textual() => ValueKind::Text,
            (ValueKind::List(one), ValueKind::List(other)) => {
                Shape::list_of(one.joined(other)).kind
            }
            (a, b) => {
                let message = format!("{a} and {b} cannot be added");
                return Err(Mistake::new(self.span(at), message)
                    .hinted("write `string(…)` around what shall be text"));
            }
        };
        let maybe = kind != ValueKind::Text && (a.1.maybe || b.1.maybe);
        let expr = Expr::Add(Box::new(a.0.clone()), Box::new(b.0.clone()));
        Ok((expr, Shape { kind, maybe }))
    }

    fn index(&mut self, a: &FormulaPart, b: &FormulaPart) -> Built {
        let shape = match (&a.1.kind, &b.1.kind) {
            (ValueKind::Any, _) => Shape::maybe(ValueKind::Any),
            (ValueKind::List(item), ValueKind::Whole | ValueKind::Number | ValueKind::Any) => {
                Shape::maybe(item.kind.clone())
            }
            (kind, _) => {
                let message =
                    format!("a list is asked for an item by its number, and this is {kind}");
                return Err(Mistake::new(self.span(a.2), message));
            }
        };
        let mut expr = Expr::Index(Box::new(a.0.clone()), Box::new(b.0.clone()));
        if shape.kind.is_number() {
            expr = Expr::Number(Box::new(expr));
        }
        Ok((expr, shape))
    }

    fn matches(&mut self, a: &FormulaPart, b: &FormulaPart) -> Built {
        let Expr::Constant(Value::Text(pattern)) = &b.0 else {
            let message = "the pattern of `matches` must be written out";
            return Err(Mistake::new(self.span(b.2), message));
        };
        if !a.1.kind.is_textual() && a.1.kind != ValueKind::Any {
            let message = format!("`matches` looks into text, and this is {}", a.1.kind);
            return Err(Mistake::new(self.span(a.2), message));
        }
        let pattern = functions::compiled(pattern)
            .map_err(|wrong| Mistake::new(self.span(b.2), wrong.message).hint(wrong.hint))?;
        let expr = Expr::Matches(Box::new(a.0.clone()), pattern);
        Ok((expr, Shape::always(ValueKind::Bool)))
    }

    fn repeat(&mut self, at: &IdedExpr, repeat: &ComprehensionExpr) -> Built {
        let (range, shape) = self.build(&repeat.iter_range)?;
        let item = match &shape.kind {
            ValueKind::List(item) => item.as_ref().clone(),
            ValueKind::Any => Shape::maybe(ValueKind::Any),
            kind => {
                let message = format!("only a list can be gone through, and this is {kind}");
                return Err(Mistake::new(self.span(&repeat.iter_range), message));
            }
        };
        if repeat.iter_var2.is_some() {
            let message = "a loop has one name for its item";
            return Err(Mistake::new(self.span(at), message));
        }
        let (start, gathered) = self.build(&repeat.accu_init)?;
        let depth = self.locals.len();
        self.locals.push((GATHERED.to_owned(), gathered));
        self.locals.push((repeat.iter_var.clone(), item));
        let (goes_on, _) = self.build(&repeat.loop_cond)?;
        let (step, stepped) = self.build(&repeat.loop_step)?;
        // What was gathered is of the kind that each step makes it.
        self.locals[depth].1 = match stepped.kind {
            ValueKind::Any => self.locals[depth].1.clone(),
            _ => stepped,
        };
        let (result, shape) = self.build(&repeat.result)?;
        self.locals.truncate(depth);
        let made = Loop {
            range,
            start,
            goes_on,
            step,
            result,
        };
        Ok((Expr::Loop(Box::new(made)), shape))
    }

    fn must_be(&self, part: &FormulaPart, kinds: &[ValueKind], words: &str) -> Result<(), Mistake> {
        if part.1.kind == ValueKind::Any || kinds.contains(&part.1.kind) {
            return Ok(());
        }
        let message = format!("here should be {words}, and this is {}", part.1.kind);
        let hint = (words == "a number" && part.1.kind.is_textual())
            .then(|| "write `to_number(…)` around it".to_owned());
        Err(Mistake::new(self.span(part.2), message).hint(hint))
    }

    fn comparable(
        &self,
        at: &IdedExpr,
        a: &FormulaPart,
        b: &FormulaPart,
        equality: bool,
    ) -> Result<(), Mistake> {
        let alike = match (&a.1.kind, &b.1.kind) {
            (ValueKind::Any, _) | (_, ValueKind::Any) => true,
            (a, b) if a.is_number() && b.is_number() => true,
            (a, b) if a.is_textual() && b.is_textual() => true,
            (ValueKind::Bool, ValueKind::Bool) => equality,
            (ValueKind::List(_), ValueKind::List(_)) => equality,
            _ => false,
        };
        if alike {
            return Ok(());
        }
        let message = format!("{} and {} cannot be compared", a.1.kind, b.1.kind);
        let hint = match (&a.1.kind, &b.1.kind) {
            (a, b) if a.is_textual() && b.is_number() => Some("put the number in quotes"),
            (a, b) if a.is_number() && b.is_textual() => Some("take the quotes off the number"),
            _ => None,
        };
        Err(Mistake::new(self.span(at), message).hint(hint.map(str::to_owned)))
    }
}

type FormulaPart<'e> = (Expr, Shape, &'e IdedExpr);

const NUMBERS: &[ValueKind] = &[ValueKind::Number, ValueKind::Whole];

fn comparison(name: &str) -> Option<FormulaComparison> {
    match name {
        operators::LESS => Some(FormulaComparison::Less),
        operators::LESS_EQUALS => Some(FormulaComparison::LessOrEqual),
        operators::GREATER => Some(FormulaComparison::Greater),
        operators::GREATER_EQUALS => Some(FormulaComparison::GreaterOrEqual),
        _ => None,
    }
}

fn operation(name: &str) -> Option<Operation> {
    match name {
        operators::SUBSTRACT => Some(Operation::Subtract),
        operators::MULTIPLY => Some(Operation::Multiply),
        operators::DIVIDE => Some(Operation::Divide),
        operators::MODULO => Some(Operation::Remainder),
        _ => None,
    }
}

fn search(name: &str) -> Option<Search> {
    match name {
        "contains" => Some(Search::Contains),
        "startsWith" => Some(Search::Starts),
        "endsWith" => Some(Search::Ends),
        _ => None,
    }
}
