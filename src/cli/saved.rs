//! Saved plans: a plan as a file, and whether what it was made from is still so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Entity, PLAN_SCHEMA, Plan, Step, Subject};

use super::file::is_stream;
use super::report::{Failure, exit};
use super::session::Session;

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
    let write = || -> std::io::Result<()> {
        // Beside the place and then moved there: what lies there is always a whole plan.
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = PathBuf::from(name);
        let mut options = std::fs::OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options
            .create(true)
            .truncate(true)
            .write(true)
            .open(&part)?;
        let written = writeln!(open, "{text}").and_then(|()| open.sync_all());
        let moved = written.and_then(|()| std::fs::rename(&part, file));
        if moved.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        moved
    };
    write().map_err(|error| {
        Failure::new(
            exit::FAILED,
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
    let unreadable =
        |said: String| Failure::new(exit::USAGE, "plan_unreadable", said).hint(SAVE_ONE);
    let text = if is_stream(file) {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
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
            exit::STALE_PLAN,
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

/// Every order that a plan speaks of: planning them again must give the same plan.
pub fn orders_of(plan: &Plan) -> BTreeSet<u64> {
    let steps = plan.steps.iter().map(|step| &step.source);
    let holds = plan.holds.iter().map(|hold| &hold.source);
    steps
        .chain(holds)
        .filter(|source| source.entity == Entity::Order)
        .filter_map(|source| source.id.parse().ok())
        .chain(plan.basis.orders.keys().copied())
        .collect()
}

/// A plan for other books is refused before anything of these is touched.
pub fn check_place(saved: &Plan, session: &Session) -> Result<(), Failure> {
    let app = &session.app;
    if saved.basis.shop != app.config.shop.name {
        return Err(stale("it was made for another shop".to_owned()));
    }
    match app.config.company_id(&app.credentials) {
        Some(company) if company != saved.basis.company => {
            Err(stale("it was made for another company".to_owned()))
        }
        _ => Ok(()),
    }
}

fn stale(what: String) -> Failure {
    Failure::new(
        exit::STALE_PLAN,
        "plan_stale",
        format!("the saved plan is out of date: {what}"),
    )
    .hint("make a new one with `udsync dry-run orders --out plan.json`")
}

/// A saved plan is good only as long as planning again gives the very same.
pub fn check_fresh(saved: &Plan, now: &Plan) -> Result<(), Failure> {
    let what = if saved.basis.shop != now.basis.shop || saved.basis.store != now.basis.store {
        "it was made for another shop".to_owned()
    } else if saved.basis.company != now.basis.company {
        "it was made for another company".to_owned()
    } else if saved.basis.rules != now.basis.rules {
        "the configuration has changed since".to_owned()
    } else if let Some(order) = changed_order(saved, now) {
        format!("order id {order} has changed in the store since")
    } else if let Some(hold) = now.holds.iter().find(|hold| !saved.holds.contains(hold)) {
        format!("by now {}", hold.reason.message)
    } else if saved.writes() > 0 && now.writes() == 0 {
        "everything in it is in the books by now".to_owned()
    } else if let Some(label) = changed_step(saved, now) {
        format!("`{label}` would be written differently now, because the books have changed since")
    } else {
        return Ok(());
    };
    Err(stale(what))
}

fn changed_order(saved: &Plan, now: &Plan) -> Option<u64> {
    saved
        .basis
        .orders
        .iter()
        .find(|(id, fingerprint)| {
            now.basis
                .orders
                .get(id)
                .is_some_and(|now| now != *fingerprint)
        })
        .map(|(id, _)| *id)
}

fn changed_step(saved: &Plan, now: &Plan) -> Option<String> {
    // Whole steps, not bodies alone: somebody may have put another verb or another document around the same body.
    let writes = |plan: &Plan| -> BTreeMap<String, Step> {
        plan.steps
            .iter()
            .filter(|step| step.action.writes())
            .map(|step| {
                let bare = Step {
                    warnings: Vec::new(),
                    reason: None,
                    ..step.clone()
                };
                (step.subject.to_string(), bare)
            })
            .collect()
    };
    let (saved_writes, now_writes) = (writes(saved), writes(now));
    let differs = |one: &BTreeMap<String, Step>, other: &BTreeMap<String, Step>| {
        // A document says more to a reader than the customer or the item that goes with it.
        one.iter()
            .filter(|(subject, step)| other.get(*subject) != Some(step))
            .map(|(_, step)| step)
            .max_by_key(|step| matches!(step.subject, Subject::Document(_)))
            .map(|step| step.label.clone())
    };
    differs(&saved_writes, &now_writes)
        .or_else(|| differs(&now_writes, &saved_writes))
        // The same thing twice is one subject but two steps.
        .or_else(|| {
            (saved.writes() != now.writes()).then(|| "a step that is there twice".to_owned())
        })
}
