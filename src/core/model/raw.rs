//! Raw: a record as the shop really said it, byte for byte.

use std::fmt;
use std::sync::Arc;

/// The JSON text of one record. It holds what customers wrote, so it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw {
    text: Arc<str>,
    /// The part that tells whether the record has changed, where it is not all of it.
    lasting: Option<Arc<str>>,
}

impl Raw {
    pub fn new(text: &str) -> Raw {
        Raw {
            text: text.into(),
            lasting: None,
        }
    }

    /// A record of which the shop says some things otherwise each time it is asked. `lasting` is the text without them.
    pub fn lasting(text: &str, lasting: &str) -> Raw {
        Raw {
            text: text.into(),
            lasting: Some(lasting.into()),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is the same as long as nothing has changed.
    pub fn compared(&self) -> &str {
        self.lasting.as_ref().unwrap_or(&self.text)
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Raw({} bytes)", self.text.len())
    }
}
