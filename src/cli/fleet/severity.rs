//! Severity: of many exit codes the one that a person should see first, and how many shops ended how.

use std::collections::BTreeMap;

use crate::model::code::exit;

/// The worst first: what needs somebody at once, what needs somebody, what mends itself, what is merely news.
const BY_SEVERITY: [(u8, &str); 12] = [
    (exit::INTERRUPTED, "interrupted"),
    (exit::FAILED, "failed"),
    (exit::USAGE, "not set up correctly"),
    (exit::CREDENTIALS, "not connected"),
    (exit::DIFFERENCE, "with differences"),
    (exit::GUARD, "stopped by a guard"),
    (exit::STALE_PLAN, "with a plan out of date"),
    (exit::CASES, "with mapping cases that fail"),
    (exit::PROBLEMS, "with records that wait"),
    (exit::UNREACHABLE, "out of reach"),
    (exit::LOCKED, "with another run at work"),
    (exit::CHANGES, "with changes"),
];

/// One code for all. A code that nobody knows is a failure.
pub fn worst(codes: impl Iterator<Item = u8>) -> u8 {
    let rank = |code: &u8| {
        let place = BY_SEVERITY.iter().position(|(known, _)| known == code);
        place.unwrap_or(1)
    };
    let serious = codes.filter(|code| *code != exit::DONE);
    serious.min_by_key(rank).unwrap_or(exit::DONE)
}

/// `40 shops: 38 done, 2 with records that wait`
pub fn summary(exits: &BTreeMap<u8, usize>) -> String {
    let all: usize = exits.values().sum();
    let done = exits.get(&exit::DONE).map(|count| format!("{count} done"));
    let others = BY_SEVERITY.iter().filter_map(|(code, words)| {
        let count = exits.get(code)?;
        Some(format!("{count} {words}"))
    });
    let parts: Vec<String> = done.into_iter().chain(others).collect();
    let shops = if all == 1 { "shop" } else { "shops" };
    format!("{all} {shops}: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::code::EXITS;

    #[test]
    fn every_end_has_its_place() {
        for (code, _) in EXITS.iter().filter(|(code, _)| *code != exit::DONE) {
            assert!(
                BY_SEVERITY.iter().any(|(known, _)| known == code),
                "{code} has no place"
            );
        }
    }

    #[test]
    fn what_needs_somebody_goes_before_what_mends_itself() {
        for (codes, one) in [
            (vec![0, 0], 0),
            (vec![0, 3, 0], 3),
            (vec![5, 3], 3),
            (vec![3, 4, 8], 4),
            (vec![11, 5], 5),
            (vec![3, 1], 1),
        ] {
            assert_eq!(worst(codes.into_iter()), one);
        }
        assert_eq!(worst(std::iter::empty()), 0);
    }

    #[test]
    fn the_summary_counts_each_end() {
        let exits = BTreeMap::from([(0, 197), (3, 2), (1, 1)]);
        assert_eq!(
            summary(&exits),
            "200 shops: 197 done, 1 failed, 2 with records that wait"
        );
    }
}
