//! Scanning a template: everything in braces is read here, and only what is known is let through.

use std::ops::Range;

use crate::mapping::flow::{self, Flow, Term};
use crate::mapping::functions::LookupTables;
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::limits;
use crate::mapping::mistake::{Mistake, quoted};
use crate::mapping::path::{Path, PathStep, Roots, WrittenPath};

/// A template in which flows have become names.
pub struct Scanned {
    pub source: String,
    pub flows: Vec<(String, Flow)>,
    pub roots: Vec<(String, Path)>,
}

struct Scanner<'t> {
    text: &'t str,
    roots: Roots,
    tables: &'t LookupTables,
    /// How many of the names are variables of loops, at the end of those of the file.
    own_names: usize,
    open: Vec<Block>,
    made: Scanned,
}

enum Block {
    If,
    For,
}

pub fn scan(text: &str, roots: &Roots, tables: &LookupTables) -> Result<Scanned, Mistake> {
    let mut scanner = Scanner {
        text,
        own_names: roots.names.len(),
        roots: roots.clone(),
        tables,
        open: Vec::new(),
        made: Scanned {
            source: String::new(),
            flows: Vec::new(),
            roots: Vec::new(),
        },
    };
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        scanner.made.source.push_str(&text[at..start]);
        at = match text.as_bytes().get(start + 1) {
            Some(b'{') => scanner.value(start)?,
            Some(b'%') => scanner.tag(start)?,
            Some(b'#') => {
                let message = "comments stand outside of the text, after `#`";
                return Err(Mistake::new(start..start + 2, message));
            }
            _ => {
                scanner.made.source.push('{');
                start + 1
            }
        };
    }
    scanner.made.source.push_str(&text[at..]);
    match scanner.open.last() {
        None => Ok(scanner.made),
        Some(block) => {
            let close = match block {
                Block::If => "endif",
                Block::For => "endfor",
            };
            Err(Mistake::new(
                text.len()..text.len(),
                format!("`{{% {close} %}}` is missing"),
            ))
        }
    }
}

impl Scanner<'_> {
    /// What stands between braces, where it stands, and where the text goes on.
    fn inside(&self, start: usize, close: &str) -> Result<(Range<usize>, usize), Mistake> {
        let mut quote = None;
        let from = start + 2;
        for (offset, letter) in self.text[from..].char_indices() {
            let at = from + offset;
            match quote {
                Some(open) if open == letter => quote = None,
                Some(_) => {}
                None if letter == '"' || letter == '\'' => quote = Some(letter),
                None if self.text[at..].starts_with(close) => {
                    return Ok((from..at, at + close.len()));
                }
                None => {}
            }
        }
        let end = start + 2;
        Err(Mistake::new(
            start..end,
            format!("`{}` has no `{close}`", &self.text[start..end]),
        ))
    }

    fn value(&mut self, start: usize) -> Result<usize, Mistake> {
        let (span, end) = self.inside(start, "}}")?;
        let (text, from) = trimmed(self.text, span);
        let draft = flow::draft(text).map_err(|mistake| mistake.moved(from))?;
        let flow = draft
            .resolve(&self.roots, self.tables)
            .map_err(|mistake| mistake.moved(from))?;
        if matches!(flow.shape.kind, ValueKind::List(_) | ValueKind::Object(_)) {
            let message = format!("{} is {}, not one value", quoted(text), flow.shape.kind);
            return Err(Mistake::new(from..from + text.len(), message)
                .hinted("put `| join(\", \")` or `| first` behind it"));
        }
        let in_loop = self.roots.names.len() > self.own_names;
        let terms =
            std::iter::once(&draft.head).chain(draft.calls.iter().flat_map(|call| &call.args));
        if in_loop && terms.clone().any(|term| self.is_of_loop(term)) {
            // Everything in it is read by minijinja itself, in the loop.
            for term in terms {
                self.plain(term, from)?;
            }
            let source = &mut self.made.source;
            source.push_str("{{ ");
            push_term(source, &draft.head);
            for call in &draft.calls {
                source.push_str(" | ");
                source.push_str(&call.name);
                source.push('(');
                for (number, arg) in call.args.iter().enumerate() {
                    if number > 0 {
                        source.push_str(", ");
                    }
                    push_term(source, arg);
                }
                source.push(')');
            }
            source.push_str(" }}");
            return Ok(end);
        }
        let name = format!("_{}", self.made.flows.len());
        self.made.source.push_str(&format!("{{{{ {name} }}}}"));
        self.made.flows.push((name, flow));
        Ok(end)
    }

    fn is_of_loop(&self, term: &Term) -> bool {
        let names = &self.roots.names[self.own_names..];
        match term {
            Term::Path(WrittenPath { steps }) => match &steps[0].0 {
                PathStep::Field(first) => names.iter().any(|(name, _)| name == first),
                _ => false,
            },
            Term::Constant(..) => false,
        }
    }

    /// Lets a path without brackets through, and sees that its beginning is there when it runs.
    fn plain(&mut self, term: &Term, from: usize) -> Result<(), Mistake> {
        let Term::Path(written) = term else {
            return Ok(());
        };
        if let Some((_, span)) = written
            .steps
            .iter()
            .find(|(step, _)| !matches!(step, PathStep::Field(_)))
        {
            return Err(
                Mistake::new(span.clone(), "inside a loop a path has no brackets")
                    .hinted("give it a name in `[names]`, or repeat over it")
                    .moved(from),
            );
        }
        self.root_of(written).map_err(|mistake| mistake.moved(from))
    }

    fn root_of(&mut self, written: &WrittenPath) -> Result<(), Mistake> {
        let Some((PathStep::Field(first), span)) = written.steps.first() else {
            return Ok(());
        };
        let of_loop = self.roots.names[self.own_names..]
            .iter()
            .any(|(name, _)| name == first);
        if of_loop || self.made.roots.iter().any(|(name, _)| name == first) {
            return Ok(());
        }
        let steps = vec![(PathStep::Field(first.clone()), span.clone())];
        let path = WrittenPath { steps }.resolve(&self.roots)?;
        self.made.roots.push((first.clone(), path));
        Ok(())
    }

    fn tag(&mut self, start: usize) -> Result<usize, Mistake> {
        let (span, end) = self.inside(start, "%}")?;
        let (text, from) = trimmed(self.text, span);
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest_from = from + text.len() - rest.len();
        let mistake = |message: String| Mistake::new(from..from + text.len(), message);
        match (word, self.open.last()) {
            ("if", _) => {
                self.condition(rest, rest_from)?;
                self.open.push(Block::If);
            }
            ("elif", Some(Block::If)) => self.condition(rest, rest_from)?,
            ("else", Some(Block::If)) if rest.is_empty() => {}
            ("endif", Some(Block::If)) if rest.is_empty() => {
                self.open.pop();
            }
            ("for", _) => {
                self.repeat(rest, rest_from)?;
                self.open.push(Block::For);
            }
            ("endfor", Some(Block::For)) if rest.is_empty() => {
                self.open.pop();
                self.roots.names.pop();
            }
            ("elif" | "else" | "endif" | "endfor", _) => {
                return Err(mistake(format!("{} closes nothing here", quoted(text))));
            }
            _ => {
                return Err(mistake(format!("{} is not known in a text", quoted(word)))
                    .hinted("there are `if`, `elif`, `else`, `endif`, `for` and `endfor`"));
            }
        }
        if self.open.len() > limits::TEMPLATE_DEPTH {
            return Err(mistake(
                "this is too deep inside other loops and conditions".to_owned(),
            ));
        }
        self.made.source.push_str(&format!("{{% {text} %}}"));
        Ok(end)
    }

    /// `a`, `not a`, `a == "x"`, `a != b`, joined by `and` and `or`.
    fn condition(&mut self, text: &str, from: usize) -> Result<(), Mistake> {
        let mut wants_term = true;
        for (start, token) in tokens(text) {
            let span = from + start..from + start + token.len();
            match token {
                "not" if wants_term => {}
                "and" | "or" | "==" | "!=" if !wants_term => wants_term = true,
                _ if !wants_term => {
                    let message = format!("{} is not known in a condition", quoted(token));
                    return Err(Mistake::new(span, message)
                        .hinted("there are `==`, `!=`, `and`, `or` and `not`"));
                }
                _ => {
                    let draft = flow::draft(token).map_err(|mistake| mistake.moved(span.start))?;
                    draft
                        .resolve(&self.roots, self.tables)
                        .map_err(|mistake| mistake.moved(span.start))?;
                    if !draft.calls.is_empty() {
                        let message = "a condition of a text has no functions";
                        return Err(Mistake::new(span, message)
                            .hinted("give it a name in `[names]` and ask for that"));
                    }
                    self.plain(&draft.head, span.start)?;
                    wants_term = false;
                }
            }
        }
        if wants_term {
            let message = "here a condition is missing";
            return Err(Mistake::new(from..from + text.len(), message));
        }
        Ok(())
    }

    fn repeat(&mut self, text: &str, from: usize) -> Result<(), Mistake> {
        let all = from..from + text.len();
        let parts: Vec<_> = tokens(text).collect();
        let [(_, name), (_, "in"), (start, list)] = parts.as_slice() else {
            return Err(Mistake::new(all, "a loop is written `for item in list`"));
        };
        let written = flow::path(name).map_err(|mistake| mistake.moved(from))?;
        if written.steps.len() != 1 || self.roots.shape_of(name).is_some() {
            let message = format!("{} cannot be the name of an item", quoted(name));
            return Err(Mistake::new(all, message).hinted("choose a name that means nothing else"));
        }
        let at = from + start;
        let written = flow::path(list).map_err(|mistake| mistake.moved(at))?;
        let path = written
            .resolve(&self.roots)
            .map_err(|mistake| mistake.moved(at))?;
        let item = match &path.shape.kind {
            ValueKind::List(item) => item.as_ref().clone(),
            ValueKind::Any => Shape::maybe(ValueKind::Any),
            kind => {
                let message = format!("{} is {kind}, not a list", quoted(list));
                return Err(Mistake::new(at..at + list.len(), message));
            }
        };
        self.plain(&Term::Path(written), at)?;
        self.roots.names.push(((*name).to_owned(), item));
        Ok(())
    }
}

/// The text without the spaces around it, and where it then begins.
fn trimmed(text: &str, span: Range<usize>) -> (&str, usize) {
    let inside = &text[span.clone()];
    let start = inside.len() - inside.trim_start().len();
    (inside.trim(), span.start + start)
}

/// The parts of a tag: quoted texts, and what spaces divide.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let length = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let found = (at, &rest[..length]);
        at += length;
        Some(found)
    })
}

fn push_term(source: &mut String, term: &Term) {
    match term {
        Term::Path(WrittenPath { steps }) => {
            for (number, (step, _)) in steps.iter().enumerate() {
                if number > 0 {
                    source.push('.');
                }
                if let PathStep::Field(name) = step {
                    source.push_str(name);
                }
            }
        }
        Term::Constant(value, _) => {
            // JSON and minijinja write texts, numbers, yes and no alike.
            let json = value.to_json();
            let is_number = matches!(value, crate::mapping::value::Value::Number(_));
            match json.as_str() {
                Some(digits) if is_number => source.push_str(digits),
                _ => source.push_str(&json.to_string()),
            }
        }
    }
}
