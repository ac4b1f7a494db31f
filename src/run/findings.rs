//! Findings: what a look over everything comes to, and how it ends a command.

use serde::Serialize;

use super::failure::{Failure, exit};
use crate::app::doctor::{Finding, Level, Matter};
use crate::model::fault::Fault;

/// How the command ends: as its problems would, where all of them would end it alike.
pub fn exit_code(found: &[Finding]) -> u8 {
    let problems = found
        .iter()
        .filter(|finding| finding.level == Level::Problem);
    let mut codes: Vec<u8> = problems.map(|problem| exit_of(problem.matter)).collect();
    codes.dedup();
    match codes.as_slice() {
        [] => exit::DONE,
        [code] => *code,
        _ => exit::FAILED,
    }
}

fn exit_of(matter: Matter) -> u8 {
    match matter {
        Matter::Other => exit::FAILED,
        Matter::Config => exit::USAGE,
        Matter::Credentials => exit::CREDENTIALS,
        Matter::Service(remedy, code) => Failure::from(Fault::new(remedy, code, "")).exit,
    }
}

/// What `doctor` found.
#[derive(Serialize)]
pub struct FindingsDocument<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shop: Option<String>,
    exit: u8,
    counts: Counts,
    findings: &'a [Finding],
}

/// How many findings there are of each level.
#[derive(Serialize)]
pub struct Counts {
    pub ok: usize,
    pub note: usize,
    pub warning: usize,
    pub problem: usize,
}

impl Counts {
    pub fn of(found: &[Finding]) -> Counts {
        let count = |level| {
            found
                .iter()
                .filter(|finding| finding.level == level)
                .count()
        };
        Counts {
            ok: count(Level::Ok),
            note: count(Level::Note),
            warning: count(Level::Warning),
            problem: count(Level::Problem),
        }
    }
}

/// The document of `doctor`.
pub fn findings_document(
    shop: Option<String>,
    found: &[Finding],
    exit: u8,
) -> FindingsDocument<'_> {
    FindingsDocument {
        schema: "udsync/doctor/1",
        shop,
        exit,
        counts: Counts::of(found),
        findings: found,
    }
}
