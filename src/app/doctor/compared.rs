//! Compared: when the books were last asked whether what was posted still stands there.

use chrono::TimeDelta;

use super::facts::DoctorFacts;
use super::finding::{Finding, count};
use crate::model::clock::local;

/// Once a month belongs to closing it.
const LONG: TimeDelta = TimeDelta::days(35);

const CAUSE: &str = "a sync compares the shop with what it remembers of the books: what somebody deletes, voids or dates otherwise there \
                     is seen only when the books are asked";
const FIX: &str = "`udsync sync orders --full --verify` asks them, 250 documents a question";

pub fn compared(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known().filter(|known| known.posted > 0) else {
        return Vec::new();
    };
    let posted = count(known.posted as u64, "order");
    let Some(at) = known.compared_at else {
        return vec![
            Finding::note(format!(
                "the books were never asked for what was posted of {posted}"
            ))
            .cause(CAUSE)
            .fix(FIX),
        ];
    };
    let said = format!(
        "the books were last asked for everything that was posted on {}",
        local(at, facts.config.rules.timezone)
    );
    if facts.now - at > LONG {
        vec![Finding::note(said).cause(CAUSE).fix(FIX)]
    } else {
        vec![Finding::ok(said)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::Level;
    use crate::app::doctor::facts::quiet;

    #[test]
    fn books_that_nobody_asked_for_long_are_worth_a_word() {
        let mut facts = quiet();
        assert_eq!(compared(&facts), [], "nothing was posted");
        facts.known_mut().posted = 12;
        assert_eq!(compared(&facts)[0].level, Level::Note);
        for (days, level) in [(1, Level::Ok), (34, Level::Ok), (36, Level::Note)] {
            facts.known_mut().compared_at = Some(facts.now - TimeDelta::days(days));
            assert_eq!(compared(&facts)[0].level, level, "{days} days");
        }
    }
}
