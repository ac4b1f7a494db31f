//! A finding: what a check has to say, why it is so, and what to do.

use serde::Serialize;

use super::Check;
use crate::model::fault::{Fault, Remedy};
use crate::model::service::Service;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Note,
    /// Somebody should look, some day soon.
    Warning,
    /// Something does not work, or is held back, until somebody does something.
    Problem,
}

/// Whose matter a problem is: it decides how the command ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matter {
    #[default]
    Other,
    /// Credentials are missing, refused or have run out.
    Credentials,
    /// What a service said, or did not say: its remedy and its word for it.
    Service(Remedy, &'static str),
    /// The configuration must change.
    Config,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub id: &'static str,
    pub level: Level,
    /// What the check looks at.
    pub about: &'static str,
    /// What is so.
    pub said: String,
    /// Why it is so, or what comes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What to do, as something that can be typed where possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    #[serde(skip)]
    pub matter: Matter,
    /// The check could not be made.
    #[serde(skip)]
    pub is_unmade: bool,
}

impl Finding {
    fn new(level: Level, said: impl Into<String>) -> Finding {
        Finding {
            id: "",
            level,
            about: "",
            said: said.into(),
            cause: None,
            fix: None,
            matter: Matter::Other,
            is_unmade: false,
        }
    }

    pub fn ok(said: impl Into<String>) -> Finding {
        Finding::new(Level::Ok, said)
    }

    pub fn note(said: impl Into<String>) -> Finding {
        Finding::new(Level::Note, said)
    }

    pub fn warning(said: impl Into<String>) -> Finding {
        Finding::new(Level::Warning, said)
    }

    pub fn problem(said: impl Into<String>) -> Finding {
        Finding::new(Level::Problem, said)
    }

    /// A check that nobody makes, and why.
    pub fn unmade(why: &str) -> Finding {
        let mut finding = Finding::note(format!("not looked at: {why}"));
        finding.is_unmade = true;
        finding
    }

    /// A fault as a problem: its hint is the way out.
    pub fn fault(fault: &Fault, cause: &str) -> Finding {
        let mut finding = Finding::problem(fault.said.clone()).cause(cause);
        finding.fix = fault.hint.clone();
        finding.matter = Matter::Service(fault.remedy, fault.code);
        finding
    }

    /// The part of the id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }

    pub fn cause(mut self, cause: impl Into<String>) -> Finding {
        self.cause = Some(cause.into());
        self
    }

    pub fn fix(mut self, fix: impl Into<String>) -> Finding {
        self.fix = Some(fix.into());
        self
    }

    pub fn matter(mut self, matter: Matter) -> Finding {
        self.matter = matter;
        self
    }

    /// Makes it what this check found.
    pub fn of(mut self, check: &Check) -> Finding {
        self.id = check.id;
        self.about = check.about;
        self
    }
}

/// The findings of a check; a single good one where there is nothing to say.
pub(super) fn or_ok(found: Vec<Finding>, said: impl Into<String>) -> Vec<Finding> {
    if found.is_empty() {
        vec![Finding::ok(said)]
    } else {
        found
    }
}

/// `3 orders`, `1 order`.
pub(in crate::app) fn count(number: u64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// What connects a service, by its name or the name of something that is stored for it.
pub(super) fn connect(stored: &str) -> String {
    match Service::of_stored(stored) {
        Some(service) => format!("`udsync connect {service}`"),
        None => "`udsync connect list` shows what there is".to_owned(),
    }
}
