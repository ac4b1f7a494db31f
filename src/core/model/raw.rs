//! Raw: a record as the shop really said it, byte for byte.

use std::fmt;
use std::sync::Arc;

/// The JSON text of one record. It holds what customers wrote, so it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(Arc<str>);

impl Raw {
    pub fn new(text: &str) -> Raw {
        Raw(text.into())
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Raw({} bytes)", self.0.len())
    }
}
