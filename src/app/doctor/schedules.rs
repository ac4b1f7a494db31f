//! Schedules and notices: whether what should happen by itself does, and whether the owner would hear if it did not.

use chrono::TimeDelta;

use super::facts::DoctorFacts;
use super::finding::{Finding, count, or_ok};
use crate::engine::schedule::work;
use crate::model::clock::local;
use crate::model::code;
use crate::model::schedule::{Mode, Schedule, WorkedTime};

/// Whoever works the schedules off looks every minute; this long after its time nobody does.
const LATE: TimeDelta = TimeDelta::hours(1);

/// Exit codes of a run that did its work: everything, or all but what is held.
const WORKED: [u8; 2] = [0, 3];

pub fn schedules(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    if known.schedules.is_empty() {
        return vec![
            Finding::note("nothing runs by itself as far as this state file knows").cause(
                "cron, systemd or CI may call `udsync sync orders`; `udsync schedule add --defaults` keeps schedules here",
            ),
        ];
    }
    let mut found = Vec::new();
    for (schedule, last) in &known.schedules {
        let name = &schedule.name;
        if let Some(due) = work::due_of(schedule, facts.now)
            && (facts.now - due.slot >= LATE || due.missed > 0)
        {
            found.push(
                Finding::warning(format!(
                    "`{name}` was due at {} and has not run",
                    local(due.slot, schedule.timezone)
                ))
                .cause("nobody works the schedules off")
                .fix("`udsync schedule run` must be running; `udsync schedule install --systemd` starts it with the machine"),
            );
        }
        if let Some(last) = last.as_ref().filter(|last| !WORKED.contains(&last.exit)) {
            let why = last.code.as_deref().unwrap_or("failed");
            if let Some(stuck) = stuck(schedule, last, facts.config.unattended.is_some()) {
                found.push(stuck);
                continue;
            }
            found.push(
                Finding::warning(format!(
                    "the last run of `{name}` ended with code {} (`{why}`)",
                    last.exit
                ))
                .cause("what it was to do waits for its next time")
                .fix(format!("`udsync history {}`", last.run_id)),
            );
        }
    }
    let enabled = known
        .schedules
        .iter()
        .filter(|(schedule, _)| schedule.enabled);
    let enabled = count(enabled.count() as u64, "schedule");
    or_ok(found, format!("{enabled}, and none is late"))
}

/// A run that waits for a person's word. The next one will not do better: nothing is synced until somebody acts.
fn stuck(schedule: &Schedule, last: &WorkedTime, may_do_some: bool) -> Option<Finding> {
    let name = &schedule.name;
    let full = if schedule.mode == Mode::Full {
        " --full"
    } else {
        ""
    };
    let by_hand = format!("`udsync sync {}{full}`", schedule.entities.join(" "));
    let fix = match last.code.as_deref()? {
        code::CONFIRMATION_NEEDED => format!(
            "{by_hand} shows the plan and asks; then `udsync schedule edit {name} --yes --max-changes 200`"
        ),
        code::TOO_MANY_CHANGES if schedule.consent.yes || !may_do_some => format!(
            "{by_hand} shows the plan and asks; then `udsync schedule edit {name} --max-changes 500`"
        ),
        code::TOO_MANY_CHANGES => format!(
            "{by_hand} shows the plan and asks; raise `max_changes` in `[unattended]` if there will be as many again"
        ),
        _ => return None,
    };
    Some(
        Finding::problem(format!(
            "`{name}` stopped on {} and waits for consent: nothing of it is in the books",
            local(last.slot, schedule.timezone)
        ))
        .cause("its plan makes more changes than it may, or voids something, and nobody was there to be asked")
        .fix(fix),
    )
}

pub fn notices(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    let channels = facts.config.notify.channels();
    if channels.is_empty() {
        return vec![
            Finding::note("nobody is told when something goes wrong").cause(
                "`[notify.email]`, `[notify.slack]` and `[notify.webhook]` are not configured",
            ),
        ];
    }
    let found = (known.unsent > 0).then(|| {
        Finding::warning(format!(
            "{} could not be sent",
            count(known.unsent as u64, "notice")
        ))
        .cause("they are tried again with every run for a week")
        .fix("`udsync notify test`")
    });
    or_ok(
        found.into_iter().collect(),
        format!("trouble is told by {}", channels.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::facts::quiet;
    use super::super::finding::Level;
    use super::*;
    use crate::model::schedule::ScheduleConsent;

    #[test]
    fn a_schedule_that_nobody_works_off_and_one_that_failed_are_told() {
        let mut facts = quiet();
        assert_eq!(schedules(&facts)[0].level, Level::Note);
        let mut hourly = Schedule {
            name: "hourly".to_owned(),
            cron: "0 * * * *".to_owned(),
            timezone: chrono_tz::UTC,
            mode: Mode::Incremental,
            entities: vec!["orders".to_owned()],
            to: Vec::new(),
            consent: ScheduleConsent::default(),
            enabled: true,
            through: facts.now,
            open: None,
        };
        facts.known_mut().schedules = vec![(hourly.clone(), None)];
        let found = schedules(&facts);
        assert_eq!(
            (found.len(), found[0].level),
            (1, Level::Ok),
            "{}",
            found[0].said
        );

        hourly.through = facts.now - TimeDelta::days(1);
        let failed = WorkedTime {
            slot: hourly.through,
            missed: 0,
            run_id: "0192".to_owned(),
            ended_at: hourly.through,
            exit: 4,
            code: Some("credentials_refused".to_owned()),
        };
        facts.known_mut().schedules = vec![(hourly.clone(), Some(failed.clone()))];
        facts.now += TimeDelta::hours(2);
        let said: Vec<String> = schedules(&facts)
            .into_iter()
            .map(|found| found.said)
            .collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("`hourly` was due"), "{said:?}");
        assert!(
            said[1].contains("code 4 (`credentials_refused`)"),
            "{said:?}"
        );

        let stuck = WorkedTime {
            exit: 7,
            code: Some("confirmation_needed".to_owned()),
            ..failed.clone()
        };
        facts.known_mut().schedules = vec![(hourly.clone(), Some(stuck))];
        let found = schedules(&facts).pop().expect("a finding");
        assert_eq!(found.level, Level::Problem);
        let fix = found.fix.expect("a way out");
        assert!(
            fix.contains("`udsync schedule edit hourly --yes --max-changes 200`"),
            "{fix}"
        );

        // What is held is the business of another check, and a schedule that is switched off is late for nothing.
        hourly.enabled = false;
        let held = WorkedTime { exit: 3, ..failed };
        facts.known_mut().schedules = vec![(hourly, Some(held))];
        assert_eq!(schedules(&facts)[0].level, Level::Ok);
    }

    #[test]
    fn notices_that_could_not_be_sent_are_told() {
        let mut facts = quiet();
        assert_eq!(notices(&facts)[0].level, Level::Note);
        facts.config.notify =
            crate::config::parse("[shop]\nname = \"test\"\n[notify.slack]\n", "udsync.toml")
                .expect("in order")
                .notify;
        assert_eq!(notices(&facts)[0].level, Level::Ok);
        facts.known_mut().unsent = 2;
        let found = &notices(&facts)[0];
        assert_eq!(found.level, Level::Warning);
        assert_eq!(found.said, "2 notices could not be sent");
    }
}
