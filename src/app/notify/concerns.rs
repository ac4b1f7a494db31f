//! Concerns: what of a run's end and of the state needs to be told, in words. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::model::code;
use crate::model::incident::{Concern, IncidentKind};
use crate::model::plan::Entity;
use crate::model::problem::{Problem, ProblemState};
use crate::model::service::Service;

use super::Broke;

/// The code of a payout whose figures do not come to what reached the bank.
const DOES_NOT_ADD_UP: &str = "payout_does_not_add_up";

/// More are counted, not named.
const NAMED_MAX: usize = 5;

/// A run that ended before its work was done.
pub fn of_failure(broke: &Broke<'_>, command: &str) -> Concern {
    let plain = |title: &str, means: &str| (title.to_owned(), means.to_owned());
    let waits = "what changed in the shop since the last good run is not in the books yet; nothing is lost, and the next \
                 run goes on from there";
    let (title, means) = if broke.connection {
        let which = match broke.code {
            code if code.starts_with("store_") => "the connection to the shop is broken",
            code if code.ends_with("_missing") => "credentials are missing",
            _ => "the connection to QuickBooks is broken",
        };
        plain(
            which,
            "nothing is synced until somebody connects it again; nothing is lost, and the next run after that goes on",
        )
    } else {
        match broke.code {
            code::CONFIRMATION_NEEDED => plain(
                "a run waits for consent",
                "nothing of its plan was written: it is much, or takes something away, and nobody was there to be asked",
            ),
            code::TOO_MANY_CHANGES => plain(
                "a run was stopped by a guard",
                "nothing of its plan was written: it makes more changes than are allowed",
            ),
            code => (format!("runs fail: {}", spaced(code)), waits.to_owned()),
        }
    };
    let remedy = match broke.code {
        // What the run has offered is good for minutes, and a notice is read later.
        code::CONFIRMATION_NEEDED | code::TOO_MANY_CHANGES => {
            "look at it with `udsync dry-run orders`, then `udsync sync orders --yes`".to_owned()
        }
        _ => broke.hint.map_or_else(
            || "`udsync history` shows the runs, `udsync doctor` looks everything over".to_owned(),
            one_line,
        ),
    };
    Concern {
        kind: if broke.connection {
            IncidentKind::Connection
        } else {
            IncidentKind::Failure
        },
        subject: broke.code.to_owned(),
        title,
        happened: format!("`udsync {command}` stopped: {}", one_line(broke.said)),
        means,
        remedy,
    }
}

/// Records that wait for a person, those with the same cause together. What is tried again by itself is not told.
pub fn of_problems(problems: &[Problem]) -> Vec<Concern> {
    let mut causes: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        let waits = match problem.state {
            ProblemState::Held | ProblemState::Conflict | ProblemState::Parked => true,
            ProblemState::Failed => !problem.retryable,
            ProblemState::SetAside => false,
        };
        if waits {
            causes
                .entry(&problem.reason.code)
                .or_default()
                .push(problem);
        }
    }
    causes
        .into_iter()
        .map(|(code, problems)| of_cause(code, &problems))
        .collect()
}

fn of_cause(code: &str, problems: &[&Problem]) -> Concern {
    let first = problems[0];
    let are_payouts = problems
        .iter()
        .all(|problem| problem.source.entity == Entity::Payout);
    let noun = if are_payouts { "payout" } else { "record" };
    let (count, verb) = match problems.len() {
        1 => (format!("1 {noun}"), "needs"),
        n => (format!("{n} {noun}s"), "need"),
    };
    let title = match (code, problems.len()) {
        (DOES_NOT_ADD_UP, 1) => "a payout does not add up".to_owned(),
        (DOES_NOT_ADD_UP, n) => format!("{n} payouts do not add up"),
        _ => format!("{count} {verb} a look: {}", spaced(code)),
    };
    let mut named: Vec<String> = problems
        .iter()
        .take(NAMED_MAX)
        .map(|problem| format!("{} ({})", problem.source.number, problem.id))
        .collect();
    if problems.len() > NAMED_MAX {
        named.push(format!("{} more", problems.len() - NAMED_MAX));
    }
    // Where it is about one record, what is to be typed names it.
    let hint = match problems.len() {
        1 => first.hint(),
        _ => first.reason.hint.clone(),
    };
    let hint = hint.as_deref().map(one_line);
    let list = "`udsync retry --list` lists all of them";
    Concern {
        kind: IncidentKind::Held,
        subject: code.to_owned(),
        title,
        happened: format!("{}: {}", named.join(", "), one_line(&first.reason.message)),
        means: if are_payouts {
            "their lines at the bank have nothing to be matched with in the books; the other payouts are posted"
        } else {
            "these are not in the books, or not as they should be; everything else goes on"
        }
        .to_owned(),
        remedy: hint.map_or_else(|| list.to_owned(), |hint| format!("{hint}; {list}")),
    }
}

/// No sync came to its end for so long.
pub fn of_silence(since: DateTime<Utc>, ever: bool, now: DateTime<Utc>, zone: Tz) -> Concern {
    let last = if ever {
        format!(
            "the last sync that came to its end did so at {}",
            local(since, zone)
        )
    } else {
        format!(
            "no sync ever came to its end; the first began at {}",
            local(since, zone)
        )
    };
    Concern {
        kind: IncidentKind::Silence,
        subject: "sync".to_owned(),
        title: format!("nothing was synced for {} hours", (now - since).num_hours()),
        happened: last,
        means: "whatever happened in the shop since then is not in the books yet".to_owned(),
        remedy: "`udsync history` shows the runs; then `udsync sync orders`".to_owned(),
    }
}

/// A sign-in that will end.
pub fn of_expiry(ends: DateTime<Utc>, zone: Tz) -> Concern {
    Concern {
        kind: IncidentKind::Expiry,
        subject: Service::Quickbooks.to_string(),
        title: format!(
            "the connection to QuickBooks ends on {}",
            ends.with_timezone(&zone).format("%Y-%m-%d")
        ),
        happened: format!("QuickBooks lets us in until {}", local(ends, zone)),
        means: "after that nothing is synced until somebody signs in again".to_owned(),
        remedy: "`udsync connect quickbooks`".to_owned(),
    }
}

pub fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%Y-%m-%d %H:%M %Z")
        .to_string()
}

fn spaced(code: &str) -> String {
    code.replace('_', " ")
}

fn one_line(words: &str) -> String {
    words
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::Reason;
    use crate::model::plan::RecordKey;

    fn held(id: &str, code: &str) -> Problem {
        Problem {
            id: format!("F{id}"),
            target: Service::BOOKS.to_string(),
            source: RecordKey {
                entity: Entity::Payout,
                id: id.to_owned(),
                number: id.to_owned(),
            },
            subject: None,
            state: ProblemState::Held,
            reason: Reason::new(code, "P1 does not hold"),
            retryable: false,
            attempts: 1,
            tries: 0,
            first_seen: DateTime::UNIX_EPOCH,
            last_seen: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_payout_is_told_by_its_own_name() {
        let titles = |problems: &[Problem]| -> Vec<String> {
            let concerns = of_problems(problems);
            concerns.into_iter().map(|one| one.title).collect()
        };
        let one = [held("po_1", DOES_NOT_ADD_UP)];
        assert_eq!(titles(&one), ["a payout does not add up"]);
        assert!(of_problems(&one)[0].means.contains("bank"));
        let more = [
            held("po_1", DOES_NOT_ADD_UP),
            held("po_2", DOES_NOT_ADD_UP),
            held("po_3", "payout_foreign"),
        ];
        assert_eq!(
            titles(&more),
            [
                "2 payouts do not add up",
                "1 payout needs a look: payout foreign"
            ]
        );
    }
}
