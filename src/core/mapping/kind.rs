//! Kinds: what a value will be, known before any record is seen.
//!
//! A check follows kinds through a file as a run follows values, and so finds what would go wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
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
    Object(Arc<FieldKinds>),
}

pub type FieldKinds = BTreeMap<String, Shape>;

/// A kind, and whether it may be absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub kind: ValueKind,
    pub maybe: bool,
}

impl Shape {
    pub fn always(kind: ValueKind) -> Shape {
        Shape { kind, maybe: false }
    }

    pub fn maybe(kind: ValueKind) -> Shape {
        Shape { kind, maybe: true }
    }

    pub fn list_of(item: Shape) -> Shape {
        Shape::always(ValueKind::List(Arc::new(item)))
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
            (ValueKind::Number | ValueKind::Whole, ValueKind::Number | ValueKind::Whole) => {
                ValueKind::Number
            }
            (a, b) if a.is_textual() && b.is_textual() => ValueKind::Text,
            (ValueKind::List(a), ValueKind::List(b)) => ValueKind::List(Arc::new(a.joined(b))),
            (ValueKind::Any, _) | (_, ValueKind::Any) => ValueKind::Any,
            // Where one of them holds several values, both are treated so.
            (list @ ValueKind::List(_), _) | (_, list @ ValueKind::List(_)) => list.clone(),
            (group @ ValueKind::Object(_), _) | (_, group @ ValueKind::Object(_)) => group.clone(),
            _ => ValueKind::Any,
        };
        Shape {
            kind,
            maybe: self.maybe || other.maybe,
        }
    }
}

impl ValueKind {
    pub fn is_number(&self) -> bool {
        matches!(self, ValueKind::Number | ValueKind::Whole)
    }

    /// Letters, whatever they mean.
    pub fn is_textual(&self) -> bool {
        matches!(
            self,
            ValueKind::Text | ValueKind::Time | ValueKind::LocalTime | ValueKind::Date
        )
    }

    pub fn is_single(&self) -> bool {
        !matches!(self, ValueKind::List(_) | ValueKind::Object(_))
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            ValueKind::Any => "anything",
            ValueKind::Text => "text",
            ValueKind::Number => "a number",
            ValueKind::Whole => "a whole number",
            ValueKind::Bool => "yes or no",
            ValueKind::Time => "a time",
            ValueKind::LocalTime => "a time without its zone",
            ValueKind::Date => "a date",
            ValueKind::List(_) => "a list",
            ValueKind::Object(_) => "a group of fields",
        })
    }
}
