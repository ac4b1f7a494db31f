//! Saved plans as files: written for the owner alone, and read with care.

use std::path::Path;

use serde::Deserialize;

use crate::files;
use crate::model::plan::{PLAN_SCHEMA, Plan};

use super::report::{Failure, exit};

/// A plan of twenty thousand orders has some tens of megabytes.
const PLAN_MAX: u64 = 256_000_000;

/// For the owner alone: the bodies hold names and addresses.
pub fn save(file: &Path, plan: &Plan) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(plan).expect("our own values always have a JSON form");
    files::replace(file, "part", format!("{text}\n").as_bytes()).map_err(|error| {
        Failure::new(
            exit::FAILED,
            "plan_not_saved",
            format!("could not save the plan to `{}`: {error}", file.display()),
        )
        .hint("name a file in a folder that can be written to with `--out FILE`")
    })
}

pub fn read(file: &Path) -> Result<Plan, Failure> {
    const SAVE_ONE: &str = "save one with `udsync dry-run orders --out plan.json`";
    let unreadable =
        |said: String| Failure::new(exit::USAGE, "plan_unreadable", said).hint(SAVE_ONE);
    let text = files::read_text(file, PLAN_MAX).map_err(|error| {
        unreadable(format!(
            "could not read the plan `{}`: {error}",
            file.display()
        ))
    })?;
    #[derive(Deserialize)]
    struct Kind {
        schema: String,
    }
    // The kind first: of another version's plan nothing else may be understood.
    let no_plan = |error: serde_json::Error| {
        // In words of our own: the parser's may quote what stands there.
        let (line, column) = (error.line(), error.column());
        unreadable(format!(
            "`{}` is not a plan of udsync: it cannot be read at line {line}, column {column}",
            file.display()
        ))
    };
    let kind: Kind = serde_json::from_str(&text).map_err(no_plan)?;
    if kind.schema != PLAN_SCHEMA {
        return Err(unreadable(format!(
            "`{}` is of the kind `{}`, and this version reads `{PLAN_SCHEMA}`",
            file.display(),
            kind.schema
        )));
    }
    serde_json::from_str(&text).map_err(no_plan)
}
