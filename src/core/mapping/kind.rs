//! Kinds: what a value will be, known before any record is seen.
//!
//! A check follows kinds through a file as a run follows values, and so finds what would go wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nobody can say: a plugin's own field.
    Any,
    Text,
    Number,
    Whole,
    Bool,
    /// A time in UTC, as the shop's `…_gmt` fields are.
    Time,
    /// A time as the shop's clock shows it, without its zone.
    LocalTime,
    Date,
    List(Arc<Shape>),
    Object(Arc<Fields>),
}

pub type Fields = BTreeMap<String, Shape>;

/// A kind, and whether it may be absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub kind: Kind,
    pub maybe: bool,
}

impl Shape {
    pub fn always(kind: Kind) -> Shape {
        Shape { kind, maybe: false }
    }

    pub fn maybe(kind: Kind) -> Shape {
        Shape { kind, maybe: true }
    }

    pub fn list_of(item: Shape) -> Shape {
        Shape::always(Kind::List(Arc::new(item)))
    }

    /// The same kind, absent if either is.
    pub fn or_absent(mut self, maybe: bool) -> Shape {
        self.maybe |= maybe;
        self
    }

    /// What both are, if they are alike.
    pub fn joined(&self, other: &Shape) -> Shape {
        let kind = match (&self.kind, &other.kind) {
            (a, b) if a == b => a.clone(),
            (Kind::Number | Kind::Whole, Kind::Number | Kind::Whole) => Kind::Number,
            (a, b) if a.is_textual() && b.is_textual() => Kind::Text,
            (Kind::List(a), Kind::List(b)) => Kind::List(Arc::new(a.joined(b))),
            (Kind::Any, _) | (_, Kind::Any) => Kind::Any,
            // Where one of them holds several values, both are treated so.
            (list @ Kind::List(_), _) | (_, list @ Kind::List(_)) => list.clone(),
            (group @ Kind::Object(_), _) | (_, group @ Kind::Object(_)) => group.clone(),
            _ => Kind::Any,
        };
        Shape {
            kind,
            maybe: self.maybe || other.maybe,
        }
    }
}

impl Kind {
    pub fn is_number(&self) -> bool {
        matches!(self, Kind::Number | Kind::Whole)
    }

    /// Letters, whatever they mean.
    pub fn is_textual(&self) -> bool {
        matches!(self, Kind::Text | Kind::Time | Kind::LocalTime | Kind::Date)
    }

    pub fn is_single(&self) -> bool {
        !matches!(self, Kind::List(_) | Kind::Object(_))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::Any => "anything",
            Kind::Text => "text",
            Kind::Number => "a number",
            Kind::Whole => "a whole number",
            Kind::Bool => "yes or no",
            Kind::Time => "a time",
            Kind::LocalTime => "a time without its zone",
            Kind::Date => "a date",
            Kind::List(_) => "a list",
            Kind::Object(_) => "a group of fields",
        })
    }
}
