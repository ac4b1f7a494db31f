//! Clocks: ours against those of the services. A wrong one makes signatures fail and puts orders into the wrong day.

use crate::model::service::Service;
use chrono::TimeDelta;

use super::facts::DoctorFacts;
use super::finding::Finding;

/// Within this nobody minds: answers take their time, and the header has whole seconds.
const ALLOWED: TimeDelta = TimeDelta::seconds(60);
/// From here on signatures and tokens are refused.
const TOO_MUCH: TimeDelta = TimeDelta::minutes(5);

pub fn shop(facts: &DoctorFacts) -> Vec<Finding> {
    let ahead = facts.shop.done().and_then(|shop| shop.ahead);
    told("the shop", ahead)
}

pub fn books(facts: &DoctorFacts) -> Vec<Finding> {
    let ahead = facts.books.done().and_then(|books| books.ahead);
    told(Service::BOOKS.title(), ahead)
}

fn told(whose: &str, ahead: Option<TimeDelta>) -> Vec<Finding> {
    let Some(ahead) = ahead else {
        return Vec::new();
    };
    if ahead.abs() <= ALLOWED {
        return vec![Finding::ok(format!(
            "the clock of {whose} agrees with ours"
        ))];
    }
    let way = if ahead > TimeDelta::zero() {
        "ahead of"
    } else {
        "behind"
    };
    let said = format!("the clock of {whose} is {} {way} ours", spell(ahead.abs()));
    let finding = if ahead.abs() > TOO_MUCH {
        Finding::problem(said)
    } else {
        Finding::warning(said)
    };
    vec![
        finding
            .cause("sign-ins are refused and orders fall into the wrong day when clocks disagree")
            .fix("set this machine's clock: `timedatectl set-ntp true`; if it is right, tell whoever runs the other side"),
    ]
}

/// `4 minutes`, `70 seconds`.
fn spell(time: TimeDelta) -> String {
    match (time.num_days(), time.num_hours(), time.num_minutes()) {
        (days, ..) if days >= 2 => format!("{days} days"),
        (_, hours, _) if hours >= 2 => format!("{hours} hours"),
        (.., minutes) if minutes >= 2 => format!("{minutes} minutes"),
        _ => format!("{} seconds", time.num_seconds()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::Level;

    #[test]
    fn a_minute_is_worth_a_word_and_five_are_a_problem() {
        let level = |seconds: i64| {
            let found = told("the shop", Some(TimeDelta::seconds(seconds)));
            (found[0].level, found[0].said.clone())
        };
        assert_eq!(level(-59).0, Level::Ok);
        assert_eq!(
            level(90),
            (
                Level::Warning,
                "the clock of the shop is 90 seconds ahead of ours".into()
            )
        );
        assert_eq!(
            level(-301),
            (
                Level::Problem,
                "the clock of the shop is 5 minutes behind ours".into()
            )
        );
        assert_eq!(
            level(90_000).1,
            "the clock of the shop is 25 hours ahead of ours"
        );
        assert_eq!(told("the shop", None), []);
    }
}
