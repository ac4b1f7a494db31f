//! Unmade: a check that could not be made says what stands before it, where nobody asked for that as well.
//!
//! In a look at everything the trouble is told once, by the check that met it, and what depends on it is silent. Whoever asks for one
//! check alone would hear nothing of it, and take silence for order.

use super::facts::DoctorFacts;
use super::finding::{Finding, Level};
use super::{CHECKS, Check};
use crate::model::service::Service;

/// The checks without which this one cannot be made.
fn before(check: &Check) -> &'static [&'static str] {
    const STATE: &[&str] = &["state.file"];
    match (check.group(), check.id) {
        (_, "mapping.files" | "state.file" | "state.disk" | "state.lock") => &[],
        (_, "shop.connection" | "books.connection" | "supabase.connection") => STATE,
        (_, "books.tokens" | "books.reads" | "books.compared" | "books.duplicates") => STATE,
        ("state" | "keys", _) => STATE,
        ("shop", _) => &["shop.connection"],
        ("books", _) => &["books.connection"],
        ("mapping", _) => &["shop.connection", "books.connection"],
        (group, _) if group == Service::Supabase.as_str() => &["supabase.connection"],
        _ => &[],
    }
}

/// What keeps a check from being made, as its own finding. `None`: it is told by one of these checks, or nothing does.
pub(super) fn in_the_way(
    facts: &DoctorFacts,
    check: &Check,
    told: &[&'static Check],
) -> Option<Finding> {
    let is_told = |id: &str| told.iter().any(|check| check.id == id);
    let names = before(check);
    let stands = CHECKS
        .iter()
        .filter(|other| names.contains(&other.id) && !is_told(other.id));
    for other in stands {
        for mut finding in (other.look)(facts) {
            if finding.is_unmade {
                return in_the_way(facts, other, told).or(Some(finding));
            }
            // A state file that can be read keeps nobody from looking, whatever else is wrong with it.
            let is_passed = other.id == "state.file" && facts.state.known().is_some();
            if finding.level == Level::Problem && !is_passed {
                finding.said = format!(
                    "not looked at: `{}` stands before it: {}",
                    other.id, finding.said
                );
                return Some(finding);
            }
        }
    }
    None
}

/// Of checks that were named and have nothing to say yet.
pub(super) fn nothing_to_see() -> Finding {
    Finding::note("there is nothing to look at yet").cause(
        "the service is not configured or does not say it, or no run has kept anything of it",
    )
}

#[cfg(test)]
mod tests {
    use super::super::facts::{ServiceLook, quiet};
    use super::super::{Matter, examine, named};
    use super::*;
    use crate::model::fault::{Fault, Remedy};
    use crate::store::StoreError;

    fn asked(facts: &DoctorFacts, words: &[&str]) -> Vec<Finding> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        examine(facts, &named(&words).expect("they are checks"))
    }

    #[test]
    fn a_check_that_was_named_and_cannot_be_made_says_what_stands_before_it() {
        let mut facts = quiet();
        let refused = Fault::new(
            Remedy::Reconnect,
            "credentials_refused",
            "the shop refuses the key",
        );
        facts.shop = ServiceLook::Failed(refused);
        for id in ["shop.clock", "shop.rights", "mapping.gateways"] {
            let found = asked(&facts, &[id]);
            assert_eq!((found.len(), found[0].id), (1, id));
            assert_eq!(
                found[0].said,
                "not looked at: `shop.connection` stands before it: the shop refuses the key"
            );
            let whose = Matter::Service(Remedy::Reconnect, "credentials_refused");
            assert_eq!((found[0].level, found[0].matter), (Level::Problem, whose));
        }
        // What is told by the check that met it is not told again.
        let ids: Vec<&str> = asked(&facts, &["shop"])
            .iter()
            .map(|found| found.id)
            .collect();
        assert_eq!(ids, ["shop.connection"]);
    }

    #[test]
    fn what_stands_furthest_ahead_is_told() {
        let mut facts = quiet();
        facts.shop = ServiceLook::Skipped("the state file cannot be read".to_owned());
        let skipped = asked(&facts, &["shop.clock"]);
        assert_eq!(
            skipped[0].said,
            "not looked at: the state file cannot be read"
        );
        assert_eq!(skipped[0].level, Level::Note);
        facts.state = super::super::facts::StateFile::Unreadable(StoreError::ReadOnly {
            path: "aurora.db".to_owned(),
        });
        for id in ["shop.clock", "shop.connection", "state.age"] {
            let found = asked(&facts, &[id]);
            assert_eq!((found.len(), found[0].level), (1, Level::Problem), "{id}");
            assert!(
                found[0]
                    .said
                    .starts_with("not looked at: `state.file` stands")
            );
        }
    }

    #[test]
    fn a_check_without_anything_to_see_says_so() {
        let found = asked(&quiet(), &["books.compared"]);
        assert_eq!((found.len(), found[0].level), (1, Level::Note));
    }
}
