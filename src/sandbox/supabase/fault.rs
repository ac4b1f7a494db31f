//! Refusals: of PostgREST, of the PostgreSQL behind it, and which status each comes with.
//!
//! The statuses follow PostgREST's table of SQL states. Wordings are those of the real ones where they were seen.

use super::answer::DatabaseAnswer;
use super::json::quote;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFault {
    pub code: String,
    pub message: String,
    pub details: Option<String>,
    pub hint: Option<String>,
    status: Option<u16>,
}

impl DatabaseFault {
    /// A refusal of PostgREST itself, which comes with its own status.
    pub fn rest(status: u16, code: &str, message: impl Into<String>) -> DatabaseFault {
        DatabaseFault {
            status: Some(status),
            ..DatabaseFault::sql(code, message)
        }
    }

    /// A refusal of the database; its SQL state decides about the status.
    pub fn sql(state: &str, message: impl Into<String>) -> DatabaseFault {
        DatabaseFault {
            code: state.to_owned(),
            message: message.into(),
            details: None,
            hint: None,
            status: None,
        }
    }

    pub fn details(mut self, details: impl Into<String>) -> DatabaseFault {
        self.details = Some(details.into());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> DatabaseFault {
        self.hint = Some(hint.into());
        self
    }

    pub fn status(&self, anonymous: bool) -> u16 {
        self.status
            .unwrap_or_else(|| status_of(&self.code, anonymous))
    }

    pub fn answer(&self, anonymous: bool) -> DatabaseAnswer {
        let mut text = String::from("{\"code\":");
        quote(&self.code, &mut text);
        for (name, value) in [
            ("details", self.details.as_deref()),
            ("hint", self.hint.as_deref()),
            ("message", Some(self.message.as_str())),
        ] {
            text.push_str(&format!(",\"{name}\":"));
            match value {
                Some(value) => quote(value, &mut text),
                None => text.push_str("null"),
            }
        }
        text.push('}');
        let status = self.status(anonymous);
        let answer = DatabaseAnswer::json(status, text).naming(&self.code);
        if status == 401 {
            answer.with("www-authenticate", "Bearer")
        } else {
            answer
        }
    }
}

/// PostgREST's own table.
fn status_of(state: &str, anonymous: bool) -> u16 {
    let class = state.get(..2).unwrap_or_default();
    match (state, class) {
        ("42501", _) if anonymous => 401,
        ("42501", _) | (_, "0L" | "0P" | "28") => 403,
        ("42883" | "42P01", _) => 404,
        ("25006", _) => 405,
        ("23503" | "23505", _) => 409,
        ("P0001", _) => 400,
        ("57P01", _) | (_, "08" | "53") => 503,
        ("42P17", _)
        | (
            _,
            "09" | "25" | "2D" | "38" | "39" | "3B" | "40" | "54" | "55" | "57" | "58" | "F0"
            | "HV" | "P0" | "XX",
        ) => 500,
        _ => 400,
    }
}
