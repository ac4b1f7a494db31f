//! Flows: `billing.email | lower | default("none")`, where a value comes from and what happens to it.
//!
//! A flow begins with a path, a constant or a function, and passes through functions from left to
//! right. `concat(a, b)` at the beginning is the same as `a | concat(b)`. Everything about a flow that
//! does not depend on the record is found here, before any record.

use std::borrow::Cow;
use std::ops::Range;

use super::functions::{Arg, FunctionCall, LookupTables};
use super::kind::Shape;
use super::limits;
use super::mistake::{Mistake, quoted};
use super::path::{Path, PathStep, Roots, WrittenPath};
use super::problem::ValueProblem;
use super::scope::ValueScope;
use super::value::{Value, decimal};

/// A flow, ready to run.
#[derive(Clone, Debug)]
pub struct Flow {
    head: Head,
    pub calls: Vec<FunctionCall>,
    pub shape: Shape,
}

#[derive(Clone, Debug)]
enum Head {
    Path(Path),
    Constant(Value<'static>),
}

/// A flow as it is written.
#[derive(Clone, Debug)]
pub struct FlowDraft {
    pub head: Term,
    pub calls: Vec<DraftCall>,
}

#[derive(Clone, Debug)]
pub enum Term {
    Path(WrittenPath),
    Constant(Value<'static>, Range<usize>),
}

#[derive(Clone, Debug)]
pub struct DraftCall {
    pub name: String,
    pub span: Range<usize>,
    pub args: Vec<Term>,
}

impl Flow {
    pub fn parse(text: &str, roots: &Roots, tables: &LookupTables) -> Result<Flow, Mistake> {
        draft(text)?.resolve(roots, tables)
    }

    pub fn run<'r>(&self, scope: &ValueScope<'r>) -> Result<Value<'r>, ValueProblem> {
        self.run_watched(scope, &mut |_, _| {})
    }

    /// Runs, and tells each value on the way: at first the head's, then that of each function.
    pub fn run_watched<'r>(
        &self,
        scope: &ValueScope<'r>,
        watch: &mut dyn FnMut(Option<&'static str>, &Value<'r>),
    ) -> Result<Value<'r>, ValueProblem> {
        let mut value = match &self.head {
            Head::Path(path) => path.read(scope)?,
            Head::Constant(value) => value.clone(),
        };
        watch(None, &value);
        for call in &self.calls {
            value = call.run(value, scope)?;
            watch(Some(call.function.name), &value);
        }
        Ok(value)
    }
}

impl FlowDraft {
    pub fn resolve(&self, roots: &Roots, tables: &LookupTables) -> Result<Flow, Mistake> {
        let (head, mut shape) = match &self.head {
            Term::Path(written) => {
                let path = written.resolve(roots)?;
                let shape = path.shape.clone();
                (Head::Path(path), shape)
            }
            Term::Constant(value, _) => (Head::Constant(value.clone()), value.shape()),
        };
        let mut calls = Vec::new();
        for call in &self.calls {
            let mut args = Vec::new();
            for arg in &call.args {
                args.push(match arg {
                    Term::Path(written) => (Arg::Path(written.resolve(roots)?), written.span()),
                    Term::Constant(value, span) => (Arg::Constant(value.clone()), span.clone()),
                });
            }
            let (ready, gives) =
                FunctionCall::new(&call.name, call.span.clone(), &shape, args, tables)?;
            shape = gives;
            calls.push(ready);
        }
        Ok(Flow { head, calls, shape })
    }
}

/// Reads a flow without asking whether what it names exists.
pub fn draft(text: &str) -> Result<FlowDraft, Mistake> {
    if text.chars().nth(limits::FLOW).is_some() {
        let message = format!("this has more than {} characters", limits::FLOW);
        return Err(Mistake::new(0..text.len(), message));
    }
    let mut reader = FlowReader { text, at: 0 };
    let draft = reader.flow()?;
    reader.space();
    match reader.peek() {
        None => Ok(draft),
        Some(_) => Err(reader.unexpected("`|` and a function, or the end")),
    }
}

/// Reads a path and nothing else.
pub fn path(text: &str) -> Result<WrittenPath, Mistake> {
    let draft = draft(text)?;
    match draft {
        FlowDraft {
            head: Term::Path(path),
            calls,
        } if calls.is_empty() => Ok(path),
        _ => Err(Mistake::new(
            0..text.len(),
            format!("{} is not a path", quoted(text)),
        )),
    }
}

struct FlowReader<'t> {
    text: &'t str,
    at: usize,
}

impl FlowReader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        if is_there {
            self.at += wanted.len_utf8();
        }
        is_there
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += self.peek().map_or(0, char::len_utf8);
        }
    }

    fn unexpected(&self, wanted: &str) -> Mistake {
        let seen = match self.peek() {
            Some(letter) => quoted(&letter.to_string()),
            None => "the end".to_owned(),
        };
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        Mistake::new(self.at..end, format!("here should be {wanted}, not {seen}"))
    }

    fn flow(&mut self) -> Result<FlowDraft, Mistake> {
        self.space();
        let mut calls = Vec::new();
        let start = self.at;
        let mut head = self.term()?;
        if self.peek() == Some('(') {
            let (name, span) = self.name_of(&head, start)?;
            let mut args = self.args()?;
            if args.is_empty() {
                let message = format!("`{name}` needs something to work on");
                return Err(Mistake::new(span, message).hinted(format!("write `path | {name}(…)`")));
            }
            head = args.remove(0);
            calls.push(DraftCall { name, span, args });
        }
        loop {
            self.space();
            if !self.take('|') {
                break;
            }
            self.space();
            let start = self.at;
            let name = self.word("the name of a function")?;
            let span = start..self.at;
            let args = if self.peek() == Some('(') {
                self.args()?
            } else {
                Vec::new()
            };
            calls.push(DraftCall { name, span, args });
            if calls.len() > limits::FLOW_CALLS {
                let message = format!("a flow has {} functions at most", limits::FLOW_CALLS);
                return Err(Mistake::new(start..self.at, message));
            }
        }
        Ok(FlowDraft { head, calls })
    }

    fn name_of(&self, head: &Term, start: usize) -> Result<(String, Range<usize>), Mistake> {
        if let Term::Path(WrittenPath { steps }) = head
            && let [(PathStep::Field(name), span)] = steps.as_slice()
        {
            return Ok((name.clone(), span.clone()));
        }
        Err(Mistake::new(
            start..self.at,
            "only the name of a function can stand before `(`",
        ))
    }

    fn args(&mut self) -> Result<Vec<Term>, Mistake> {
        self.at += 1;
        let mut args = Vec::new();
        self.space();
        if self.take(')') {
            return Ok(args);
        }
        loop {
            self.space();
            args.push(self.term()?);
            self.space();
            if self.peek() == Some('(') {
                return Err(Mistake::new(
                    self.at..self.at + 1,
                    "functions do not stand inside brackets",
                )
                .hinted("give it a name in `[names]` and use that"));
            }
            if self.take(')') {
                return Ok(args);
            }
            if !self.take(',') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn term(&mut self) -> Result<Term, Mistake> {
        let start = self.at;
        match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                let text = self.quoted(quote)?;
                Ok(Term::Constant(
                    Value::Text(Cow::Owned(text)),
                    start..self.at,
                ))
            }
            Some(letter) if letter.is_ascii_digit() || letter == '-' => {
                self.at += 1;
                while self
                    .peek()
                    .is_some_and(|letter| letter.is_ascii_digit() || letter == '.')
                {
                    self.at += 1;
                }
                let digits = &self.text[start..self.at];
                let number = decimal(digits).ok_or_else(|| {
                    Mistake::new(
                        start..self.at,
                        format!("{} is not a number", quoted(digits)),
                    )
                })?;
                Ok(Term::Constant(Value::Number(number), start..self.at))
            }
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => self.path_or_word(),
            _ => Err(self.unexpected("a path, a text in quotes or a number")),
        }
    }

    fn path_or_word(&mut self) -> Result<Term, Mistake> {
        let start = self.at;
        let word = self.word("a name")?;
        let value = match word.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => None,
        };
        if let Some(value) = value {
            return Ok(Term::Constant(value, start..self.at));
        }
        let mut steps = vec![(PathStep::Field(word), start..self.at)];
        loop {
            let start = self.at;
            if self.take('.') {
                let at = self.at;
                let word = self.word("the name of a field")?;
                steps.push((PathStep::Field(word), at..self.at));
            } else if self.take('[') {
                let step = self.brackets()?;
                steps.push((step, start..self.at));
            } else {
                break;
            }
        }
        Ok(Term::Path(WrittenPath { steps }))
    }

    fn brackets(&mut self) -> Result<PathStep, Mistake> {
        if self.take(']') {
            return Ok(PathStep::Each);
        }
        let key = self.word("`]`, or a field's name and `=`")?;
        if !self.take('=') {
            return Err(self.unexpected("`=`"));
        }
        let value = match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find(']').unwrap_or(rest.len());
                self.at += end;
                rest[..end].trim().to_owned()
            }
        };
        if !self.take(']') {
            return Err(self.unexpected("`]`"));
        }
        Ok(PathStep::Where { key, value })
    }

    fn word(&mut self, wanted: &str) -> Result<String, Mistake> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(self.unexpected(wanted));
        }
        self.at += end;
        Ok(rest[..end].to_owned())
    }

    fn quoted(&mut self, quote: char) -> Result<String, Mistake> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            self.at += letter.len_utf8();
            match letter {
                letter if letter == quote => return Ok(text),
                '\\' => {
                    let escaped = self.peek();
                    self.at += escaped.map_or(0, char::len_utf8);
                    match escaped {
                        Some('n') => text.push('\n'),
                        Some('t') => text.push('\t'),
                        // In patterns a backslash before anything else means itself.
                        Some(same @ ('\\' | '"' | '\'')) => text.push(same),
                        Some(other) => text.extend(['\\', other]),
                        None => {}
                    }
                }
                letter => text.push(letter),
            }
        }
        Err(Mistake::new(
            start..self.at,
            format!("this text has no closing {quote}"),
        ))
    }
}
