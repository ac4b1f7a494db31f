//! The state: the file, its key, the run that may be going on, and what earlier ones left open.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::TimeDelta;

use super::facts::{DoctorFacts, StateFile};
use super::finding::{Finding, Matter, connect, count, or_ok};
use crate::app::cut_off::short_id;
use crate::app::keys::report::{KeyReport, PlaceState};
use crate::model::clock::day;
use crate::model::problem::ProblemState;
use crate::model::run::Run;

/// Longer than this without a run, and somebody has forgotten something.
const LONG: TimeDelta = TimeDelta::days(2);

pub fn file(facts: &DoctorFacts) -> Vec<Finding> {
    let path = facts.machine.state.display();
    let unwritable = facts.machine.unwritable.as_deref().map(unwritable);
    let known = match &facts.state {
        StateFile::New => {
            return vec![unwritable.unwrap_or_else(|| {
                Finding::note(format!("there is no state file `{path}` yet"))
                    .cause("the first run makes it")
            })];
        }
        StateFile::Unreadable(error) => {
            return vec![
                Finding::problem(error.to_string())
                    .cause("it remembers which order is which document; no run goes on without it")
                    .fix(error.hint()),
            ];
        }
        StateFile::Read(known) => known,
    };
    let mut found: Vec<Finding> = unwritable.into_iter().collect();
    if let Some(stranger) = &known.stranger {
        found.push(
            Finding::problem(stranger.to_string())
                .cause("the ids of one company mean nothing in another")
                .fix(stranger.hint())
                .matter(Matter::Config),
        );
    }
    for (path, mode) in &facts.machine.modes {
        let path = path.display();
        found.push(
            Finding::warning(format!(
                "others on this machine may use `{path}` (mode {mode:03o})"
            ))
            .cause("it holds customers, and the sealed credentials")
            .fix(format!("`chmod go= '{path}'`")),
        );
    }
    or_ok(found, format!("`{path}` can be read, by its owner alone"))
}

/// Every run writes down what it is about to do, so none can begin.
fn unwritable(path: &Path) -> Finding {
    Finding::problem(format!("`{}` cannot be written", path.display()))
        .cause("a run writes into the state file what it is about to do, and makes files beside it: none can begin")
        .fix("give this user the right to write there; where the disk is mounted to be read only, name a place that is not: `--state FILE`, or `state` in `[shop]`")
}

pub fn lock(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(held) = &facts.machine.holder else {
        let known = facts.state.known();
        return vec![match known.and_then(|known| known.cut_off.as_ref()) {
            None => Finding::ok("no run is going on"),
            Some(run) => cut_off(run),
        }];
    };
    if held.certain {
        vec![
            Finding::note(held.to_string()).cause(
                "another run ends at once with exit code 11; with `--wait 10m` it waits for it",
            ),
        ]
    } else {
        vec![
            Finding::warning(held.to_string())
                .cause("in a folder of another machine a lock cannot be seen")
                .fix(held.hint()),
        ]
    }
}

fn cut_off(run: &Run) -> Finding {
    let way_on = run.error.as_ref().and_then(|error| error.hint.clone());
    Finding::warning(format!(
        "run {} was cut off before its end",
        short_id(&run.id)
    ))
    .cause("its process was ended from outside, or the disk had no room: some of its work may be done and some not; nothing is posted twice")
    .fix(way_on.unwrap_or_default())
}

pub fn requests(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    if known.open_requests == 0 {
        return vec![Finding::ok(
            "the outcome of every request to the books is known",
        )];
    }
    let open = count(known.open_requests as u64, "request");
    if facts.machine.holder.is_some() {
        return vec![Finding::note(format!("{open} to the books under way"))];
    }
    vec![
        Finding::warning(format!("nobody knows yet what came of {open} to the books"))
            .cause("a run was cut off; the next one finds out before it does anything else, and posts nothing twice")
            .fix("`udsync sync orders`"),
    ]
}

pub fn records(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    let mut by_code: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for problem in &known.problems {
        let word = match problem.state {
            ProblemState::Held => "held",
            ProblemState::Failed => "failed",
            ProblemState::Parked => "parked",
            ProblemState::Conflict => "in conflict",
            ProblemState::SetAside => continue,
        };
        *by_code.entry((word, &problem.reason.code)).or_default() += 1;
    }
    let found = by_code.into_iter().map(|((word, code), number)| {
        let verb = if number == 1 { "is" } else { "are" };
        Finding::problem(format!("{} {verb} {word}: `{code}`", count(number, "record")))
            .cause("each is kept until it is mended or set aside, and is not in the books as it should be")
            .fix("`udsync retry --list` says which and what to do; `udsync retry --all` tries them again")
    });
    or_ok(found.collect(), "nothing is held or failed")
}

pub fn age(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    let Some(run) = &known.last_run else {
        return vec![
            Finding::note("nothing has been synced yet")
                .fix("`udsync dry-run orders` shows what a first run would do"),
        ];
    };
    let at = run.finished_at.unwrap_or(run.started_at);
    let day = day(at, facts.config.rules.timezone);
    if facts.now - at <= LONG {
        return vec![Finding::ok(format!("last synced {day}"))];
    }
    let days = (facts.now - at).num_days();
    vec![
        Finding::warning(format!(
            "nothing has been synced for {days} days, since {day}"
        ))
        .cause("what was sold since is not in the books")
        .fix("`udsync sync orders`; `udsync history` shows whether runs end early"),
    ]
}

pub fn keys(facts: &DoctorFacts) -> Vec<Finding> {
    let keys = match &facts.keys {
        None => return Vec::new(),
        Some(Ok(keys)) => keys,
        Some(Err(fault)) => {
            return vec![Finding::fault(fault, "what is stored cannot be opened")];
        }
    };
    let mut found = Vec::new();
    if let Some(trouble) = &keys.trouble {
        found.push(
            Finding::fault(
                trouble,
                &format!(
                    "{} cannot be opened without it",
                    count(keys.sealed as u64, "stored secret")
                ),
            )
            .matter(Matter::Credentials),
        );
    }
    for name in &keys.damaged {
        found.push(
            Finding::problem(format!("what is stored for `{name}` is damaged"))
                .cause("it does not open although its key is here")
                .fix(format!("connect it again: {}", connect(name)))
                .matter(Matter::Credentials),
        );
    }
    let others = others(keys);
    match &keys.in_use {
        _ if keys.trouble.is_some() => {}
        Some(place) => found.insert(0, Finding::ok(format!("the key is {place}")).cause(others)),
        None => found.push(
            Finding::note("no credentials are stored, so there is no key")
                .cause(format!("what the environment gives needs none; {others}")),
        ),
    }
    found
}

/// Why each other place is not in use.
fn others(keys: &KeyReport) -> String {
    let others = keys
        .places
        .iter()
        .filter(|place| place.state != PlaceState::InUse);
    others
        .map(|place| place.why.clone())
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::Level;
    use crate::app::doctor::facts::quiet;

    #[test]
    fn a_place_where_no_run_can_write_is_a_problem() {
        let mut facts = quiet();
        facts.machine.unwritable = Some("/srv/state".into());
        for state in [None, Some(StateFile::New)] {
            if let Some(state) = state {
                facts.state = state;
            }
            let found = file(&facts);
            assert_eq!((found.len(), found[0].level), (1, Level::Problem));
            assert_eq!(found[0].said, "`/srv/state` cannot be written");
        }
    }
    use crate::app::keys::report::PlaceReport;
    use crate::model::fault::{Fault, Remedy};
    use crate::model::run::RunStatus;
    use crate::safe::{KeyLocation, PlaceKind};

    fn ended(facts: &DoctorFacts, hours: i64) -> Run {
        let at = facts.now - TimeDelta::hours(hours);
        Run {
            id: "run-1".to_owned(),
            shop: "test".to_owned(),
            command: "sync".to_owned(),
            entities: vec!["orders".to_owned()],
            mode: "incremental".to_owned(),
            dry_run: false,
            status: RunStatus::Succeeded,
            started_at: at,
            finished_at: Some(at),
            tallies: BTreeMap::new(),
            error: None,
        }
    }

    #[test]
    fn two_days_without_a_run_are_worth_a_warning() {
        let mut facts = quiet();
        assert_eq!(age(&facts)[0].level, Level::Note);
        facts.known_mut().last_run = Some(ended(&quiet(), 48));
        assert_eq!(age(&facts)[0].said, "last synced 2026-11-19");
        facts.known_mut().last_run = Some(ended(&quiet(), 24 * 5));
        let found = &age(&facts)[0];
        assert_eq!(found.level, Level::Warning);
        assert_eq!(
            found.said,
            "nothing has been synced for 5 days, since 2026-11-16"
        );
    }

    #[test]
    fn requests_without_an_outcome_are_told_unless_a_run_is_at_them() {
        let mut facts = quiet();
        assert_eq!(requests(&facts)[0].level, Level::Ok);
        facts.known_mut().open_requests = 1;
        let found = &requests(&facts)[0];
        assert_eq!(found.level, Level::Warning);
        assert_eq!(
            found.said,
            "nobody knows yet what came of 1 request to the books"
        );
        facts.machine.holder = Some(crate::store::LockHeld {
            holder: None,
            certain: true,
            path: "test.db.lock".into(),
        });
        assert_eq!(requests(&facts)[0].level, Level::Note);
    }

    #[test]
    fn what_cannot_be_opened_is_a_matter_of_credentials_and_the_other_places_are_told() {
        let place = |place, state, why: &str| PlaceReport {
            place,
            state,
            why: why.to_owned(),
        };
        let report = |trouble: Option<Fault>| KeyReport {
            in_use: Some(KeyLocation::Environment),
            trouble,
            sealed: 2,
            damaged: vec!["quickbooks.app".to_owned()],
            places: vec![
                place(PlaceKind::Environment, PlaceState::InUse, "the key is here"),
                place(
                    PlaceKind::File,
                    PlaceState::Absent,
                    "no key file was chosen",
                ),
            ],
        };
        let mut facts = quiet();
        facts.keys = Some(Ok(report(None)));
        let found = keys(&facts);
        assert_eq!(found[0].said, "the key is in `UDSYNC_KEY`");
        assert_eq!(found[0].cause.as_deref(), Some("no key file was chosen"));
        assert_eq!(
            found[1].said,
            "what is stored for `quickbooks.app` is damaged"
        );
        assert_eq!(
            found[1].fix.as_deref(),
            Some("connect it again: `udsync connect quickbooks`")
        );
        let locked = Fault::new(Remedy::Reconnect, "keyring_locked", "the keyring is locked");
        facts.keys = Some(Ok(report(Some(locked.hint("unlock it")))));
        let found = &keys(&facts)[0];
        assert_eq!(
            (found.level, found.matter),
            (Level::Problem, Matter::Credentials)
        );
        assert_eq!(
            found.cause.as_deref(),
            Some("2 stored secrets cannot be opened without it")
        );
    }
}
