//! Mapping files: what is wrong in the shop's own, before a run refuses to work with them.

use super::facts::DoctorFacts;
use super::finding::{Finding, Matter, count, or_ok};
use crate::app::mappings::{Folder, shown};
use crate::config::SettingOrigin;
use crate::mapping::MappingMistake;
use crate::mapping::cases::Cases;
use crate::mapping::shipped::Shipped;

pub fn files(facts: &DoctorFacts) -> Vec<Finding> {
    let folder = &facts.mappings;
    let mut found: Vec<Finding> = [
        wrong(
            &folder.complaints(),
            "the mapping files",
            Finding::problem,
            "; until they are mended every run ends with code 2",
        ),
        wrong(
            &folder.complaints_of_cases(),
            "the cases of the mapping files",
            Finding::warning,
            "",
        ),
        wrong(
            &folder.complaints_of_payouts(),
            "the mappings of files of payouts",
            Finding::problem,
            "; until they are mended no file of payouts can be read",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    for own in &folder.cases {
        if let Ok(cases) = &own.read
            && let Some(failed) = failed(folder, own.of, cases)
        {
            let said = format!(
                "{} of `{}` failed",
                count(failed.len() as u64, "case"),
                own.of.name()
            );
            found.push(
                Finding::warning(said)
                    .cause(format!("among them `{}`", failed[0]))
                    .fix("`udsync mapping test` shows what differs; mend the mapping or the case")
                    .matter(Matter::Config),
            );
        }
    }
    if found.is_empty() && !folder.is_there && names_folder(facts) {
        let folder = shown(&folder.path);
        found.push(
            Finding::note(format!("there is no folder `{folder}`"))
                .cause("`folder` in `[mapping]` names it; the shipped mappings are used")
                .fix("nothing, if the shop needs no mappings of its own; or put the right folder there"),
        );
    }
    or_ok(found, in_order(folder))
}

/// The configuration itself says where the folder is.
fn names_folder(facts: &DoctorFacts) -> bool {
    let is_it = |setting: &crate::config::Setting| {
        setting.key == "mapping.folder" && matches!(setting.origin, SettingOrigin::File { .. })
    };
    facts.config.settings.iter().any(is_it)
}

/// What is wrong in files of one kind, if anything is, and what comes of it.
fn wrong(
    mistakes: &[MappingMistake],
    files: &str,
    level: fn(String) -> Finding,
    until_then: &str,
) -> Option<Finding> {
    let MappingMistake {
        file,
        line,
        message,
        ..
    } = mistakes.first()?;
    let said = format!("{} in {files}", count(mistakes.len() as u64, "mistake"));
    let fix = format!("`udsync mapping check` shows all of them{until_then}");
    let finding = level(said)
        .cause(format!("`{file}`, line {line}: {message}"))
        .fix(fix)
        .matter(Matter::Config);
    Some(finding)
}

/// The names of the cases that fail. `None`: all pass, or the mapping itself is wrong.
fn failed(folder: &Folder, of: &Shipped, cases: &Cases) -> Option<Vec<String>> {
    let compared = match folder.own(of) {
        Some(own) => cases.compare(own.checked.as_ref().ok()?),
        None => {
            cases.compare(&crate::mapping::check(&of.path(), of.text, &Default::default()).ok()?)
        }
    };
    let failed: Vec<String> = compared
        .into_iter()
        .filter(|case| !case.differences.is_empty())
        .map(|case| case.name)
        .collect();
    (!failed.is_empty()).then_some(failed)
}

fn in_order(folder: &Folder) -> String {
    let cases: usize = folder
        .cases
        .iter()
        .filter_map(|own| own.read.as_ref().ok())
        .map(Cases::len)
        .sum();
    let own = (folder.mappings.len() + folder.payouts.len()) as u64;
    match (own, cases as u64) {
        (0, 0) => "the shop has no mappings of its own; the shipped ones are used".to_owned(),
        (own, 0) => format!(
            "{} of the shop's own, without mistakes and without cases",
            count(own, "mapping")
        ),
        (own, cases) => format!(
            "{} of the shop's own, without mistakes; {} pass",
            count(own, "mapping"),
            count(cases, "case")
        ),
    }
}
