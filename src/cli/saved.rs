//! Saved plans as files: written for the owner alone, and read with care.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::files;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{PLAN_SCHEMA, Plan};

use super::args::Output;
use super::file::is_stream;
use super::report::Failure;

/// A plan of twenty thousand orders has some tens of megabytes.
const PLAN_MAX: u64 = 256_000_000;

/// Whether the plan itself goes to standard output. Then the answer cannot.
pub fn is_the_answer(out: Option<&Path>, output: Output) -> Result<bool, Failure> {
    let to_stream = out.is_some_and(is_stream);
    if to_stream && output != Output::Text {
        return Err(Failure::new(
            "usage",
            "the plan and the answer cannot both go to standard output",
        )
        .hint("name a file with `--out FILE`, or leave out `--json`"));
    }
    Ok(to_stream)
}

/// For the owner alone: the bodies hold names and addresses.
pub fn save(file: &Path, plan: &Plan) -> Result<(), Failure> {
    let whole = Saved {
        plan,
        fingerprint: plan.fingerprint(),
    };
    let text =
        serde_json::to_string_pretty(&whole).expect("our own values always have a JSON form");
    if is_stream(file) {
        super::out::print(&format!("{text}\n"));
        return Ok(());
    }
    files::replace(file, "part", format!("{text}\n").as_bytes()).map_err(|error| {
        Failure::new(
            "plan_not_saved",
            format!("could not save the plan to `{}`: {error}", file.display()),
        )
        .hint("name a file in a folder that can be written to with `--out FILE`")
    })
}

/// A plan in its file, with what tells whether somebody has edited it there.
#[derive(Serialize)]
struct Saved<'a> {
    #[serde(flatten)]
    plan: &'a Plan,
    fingerprint: Fingerprint,
}

/// Reads a plan from its file; `-` is standard input.
pub fn read(file: &Path) -> Result<Plan, Failure> {
    const SAVE_ONE: &str = "save one with `udsync dry-run orders --out plan.json`";
    let unreadable = |said: String| Failure::new("plan_unreadable", said).hint(SAVE_ONE);
    let text = if is_stream(file) {
        files::read_stream(std::io::stdin(), PLAN_MAX)
    } else {
        files::read_text(file, PLAN_MAX)
    };
    let text = text.map_err(|error| {
        unreadable(format!(
            "could not read the plan `{}`: {error}",
            file.display()
        ))
    })?;
    #[derive(Deserialize)]
    struct Kind {
        schema: String,
        /// Plans of earlier versions have none.
        fingerprint: Option<Fingerprint>,
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
    let plan: Plan = serde_json::from_str(&text).map_err(no_plan)?;
    if kind
        .fingerprint
        .is_some_and(|saved| saved != plan.fingerprint())
    {
        return Err(Failure::new(
            "plan_edited",
            format!(
                "the plan `{}` was edited after it was saved: a plan is sent as it was shown, or not at all",
                file.display()
            ),
        )
        .hint("change the shop, the books or the configuration instead, then make a new plan with `udsync dry-run orders --out plan.json`"));
    }
    Ok(plan)
}
