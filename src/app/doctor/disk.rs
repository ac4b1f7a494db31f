//! Disk: room for the state file, and whose disk it is.

use super::facts::DoctorFacts;
use super::finding::{Finding, Matter, or_ok};

/// A run of ten thousand orders writes about this much.
const TIGHT: u64 = 500_000_000;
const TOO_LITTLE: u64 = 50_000_000;

pub fn disk(facts: &DoctorFacts) -> Vec<Finding> {
    let machine = &facts.machine;
    let mut found = Vec::new();
    if let Some(free) = machine.free.filter(|free| *free < TIGHT) {
        let said = format!(
            "only {} MB are left where the state file is",
            free / 1_000_000
        );
        let finding = if free < TOO_LITTLE {
            Finding::problem(said)
        } else {
            Finding::warning(said)
        };
        found.push(
            finding
                .cause("a run stops, and loses nothing, when it cannot write down what it does")
                .fix("free some space, or move the state file to another disk and name it there with `--state FILE`"),
        );
    }
    if machine.network {
        found.push(
            Finding::warning("the state file is in a folder of another machine")
                .cause(
                    "such folders lose locks, and two runs at one time could post the same order",
                )
                .fix("while no run is at work, move the file to a local disk and name it there: `state` in `[shop]`, or `--state FILE`")
                .matter(Matter::Config),
        );
    }
    let room = machine.free.map_or_else(
        || "the state file is on a local disk".to_owned(),
        |free| format!("{} left for the state file", size(free)),
    );
    or_ok(found, room)
}

fn size(bytes: u64) -> String {
    match bytes / 1_000_000 {
        mega if mega < 10_000 => format!("{mega} MB"),
        mega => format!("{} GB", mega / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::Level;
    use crate::app::doctor::facts::quiet;

    #[test]
    fn little_room_is_a_warning_and_none_a_problem() {
        let level = |free: u64| {
            let mut facts = quiet();
            facts.machine.free = Some(free);
            disk(&facts)[0].level
        };
        assert_eq!(level(600_000_000), Level::Ok);
        assert_eq!(level(400_000_000), Level::Warning);
        assert_eq!(level(40_000_000), Level::Problem);
        let mut facts = quiet();
        assert_eq!(disk(&facts)[0].said, "the state file is on a local disk");
        facts.machine.network = true;
        let found = &disk(&facts)[0];
        assert_eq!(
            found.said,
            "the state file is in a folder of another machine"
        );
    }
}
