//! Tokens: how old the sign-in to QuickBooks is and how long it lasts.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::facts::{DoctorFacts, StoredConnection};
use super::finding::{Finding, Matter, or_ok};
use crate::model::clock;

/// A sign-in that ends within this time is told.
const SOON: TimeDelta = TimeDelta::days(30);
/// Without use it lasts a hundred days; this little is left only where nothing has run for months.
const UNUSED: TimeDelta = TimeDelta::days(7);

pub fn tokens(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    let Some(books) = &known.books else {
        return Vec::new();
    };
    let zone = facts.config.rules.timezone;
    let mut found = ending(books, known.of_environment, facts.now, zone);
    if let Some(broken) = &books.broken {
        found.insert(
            0,
            Finding::problem(format!(
                "the connection to QuickBooks is broken since {} (`{}`)",
                day(broken.at, zone),
                broken.why
            ))
            .cause("QuickBooks refused the sign-in for good, so no run asks again until somebody signs in")
            .fix(again(known.of_environment))
            .matter(Matter::Credentials),
        );
    }
    let renewed = books.about.as_ref().and_then(|about| about.refreshed_at);
    let hard = books.about.as_ref().and_then(|about| about.hard_until);
    let said = match (renewed, hard) {
        (Some(at), Some(until)) => format!(
            "signed in, last renewed {}, lasting until {} at most",
            day(at, zone),
            day(until, zone)
        ),
        (Some(at), None) => format!("signed in, last renewed {}", day(at, zone)),
        _ => format!("signed in since {}", day(books.connected_at, zone)),
    };
    or_ok(found, said)
}

fn ending(
    books: &StoredConnection,
    of_environment: bool,
    now: DateTime<Utc>,
    zone: Tz,
) -> Vec<Finding> {
    let Some(about) = &books.about else {
        return Vec::new();
    };
    let ends = [
        (about.hard_until, SOON, "whatever happens"),
        (about.refresh_until, UNUSED, "unless it is used"),
    ];
    let mut found = Vec::new();
    for (until, soon, how) in ends {
        let Some(until) = until.filter(|until| *until <= now + soon) else {
            continue;
        };
        let finding = if until <= now {
            Finding::problem(format!(
                "the sign-in to QuickBooks ran out on {}",
                day(until, zone)
            ))
            .matter(Matter::Credentials)
        } else {
            let left = (until - now).num_days();
            Finding::warning(format!(
                "the sign-in to QuickBooks ends on {} {how}, in {left} days",
                day(until, zone)
            ))
        };
        found.push(
            finding
                .cause("QuickBooks lets a sign-in live so long and no longer")
                .fix(again(of_environment)),
        );
    }
    found
}

/// What makes a sign-in new.
fn again(of_environment: bool) -> &'static str {
    if of_environment {
        "put a new refresh token for this company in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN`, or sign in with `udsync connect quickbooks`"
    } else {
        "sign in again: `udsync connect quickbooks`"
    }
}

fn day(time: DateTime<Utc>, zone: Tz) -> String {
    clock::day(time, zone).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::connections::AboutQuickbooks;
    use crate::app::doctor::Level;

    #[test]
    fn the_end_of_a_sign_in_is_told_thirty_days_ahead() {
        let now: DateTime<Utc> = "2026-11-21T00:00:00Z".parse().expect("a time");
        let lasting = |hard: i64, unused: i64| {
            let about = AboutQuickbooks {
                company_id: "9130".to_owned(),
                company: None,
                environment: "sandbox".to_owned(),
                refreshed_at: Some(now),
                refresh_until: Some(now + TimeDelta::days(unused)),
                hard_until: Some(now + TimeDelta::days(hard)),
                came_from: None,
            };
            let books = StoredConnection {
                connected_at: now,
                broken: None,
                about: Some(about),
            };
            let found = ending(&books, false, now, Tz::UTC);
            found
                .iter()
                .map(|finding| finding.level)
                .collect::<Vec<_>>()
        };
        assert_eq!(lasting(1_000, 100), []);
        assert_eq!(lasting(30, 100), [Level::Warning]);
        assert_eq!(lasting(1_000, 7), [Level::Warning]);
        assert_eq!(lasting(-1, 6), [Level::Problem, Level::Warning]);
    }
}
