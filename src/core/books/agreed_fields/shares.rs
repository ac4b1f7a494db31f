//! Shares: a list that came back much shorter than it was known, or with much of it changed at once, says something of the reading or of
//! some other program, and nothing of the records.

use crate::model::agreed::AgreedSide;

/// What is odd about a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOddity {
    /// Records that were there are not.
    Missing,
    /// Records say something else in a field that both sides share.
    Changed,
}

/// Which side it is about, how many of the records that both sides share there were, and of how many of them it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListAlarm {
    pub side: AgreedSide,
    pub what: ListOddity,
    pub known: usize,
    pub concerned: usize,
}

/// A few of a small list may.
const FEW: usize = 4;

/// Whether it is so of more than this share of a list, in percent, which is too much to be believed. A list of nothing that was known to
/// have something never is.
pub fn list_alarm(
    side: AgreedSide,
    what: ListOddity,
    share_max: u8,
    known: usize,
    concerned: usize,
) -> Option<ListAlarm> {
    let is_too_much = concerned > FEW && concerned * 100 > known * usize::from(share_max);
    let is_empty = what == ListOddity::Missing && known > 1 && concerned == known;
    (is_too_much || is_empty).then_some(ListAlarm {
        side,
        what,
        known,
        concerned,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDES: [AgreedSide; 2] = [AgreedSide::Shop, AgreedSide::Books];

    #[test]
    fn a_list_that_lost_a_fifth_is_not_believed() {
        for side in SIDES {
            let alarmed =
                |known, lost| list_alarm(side, ListOddity::Missing, 20, known, lost).is_some();
            assert!(!alarmed(100, 20));
            assert!(alarmed(100, 21));
            assert!(!alarmed(6, 4), "a few may go");
            assert!(alarmed(3, 3), "all of them may not");
            assert!(!alarmed(0, 0));
        }
    }

    #[test]
    fn a_list_of_which_more_than_a_fifth_changed_at_once_is_not_believed() {
        for side in SIDES {
            let alarmed = |known, changed| {
                list_alarm(side, ListOddity::Changed, 20, known, changed).is_some()
            };
            assert!(!alarmed(100, 20));
            assert!(alarmed(100, 21));
            assert!(!alarmed(4, 4), "somebody has gone through a small list");
            assert!(alarmed(5, 5));
        }
    }

    #[test]
    fn how_much_is_too_much_is_for_the_owner_to_say() {
        let alarmed = |what, share_max, known, concerned| {
            list_alarm(AgreedSide::Shop, what, share_max, known, concerned).is_some()
        };
        for what in [ListOddity::Missing, ListOddity::Changed] {
            assert!(alarmed(what, 5, 100, 6) && !alarmed(what, 5, 100, 5));
            assert!(alarmed(what, 50, 100, 51) && !alarmed(what, 50, 100, 50));
        }
        assert!(!alarmed(ListOddity::Changed, 100, 9, 9), "all of it may");
        assert!(
            alarmed(ListOddity::Missing, 100, 9, 9),
            "nothing at all is never believed"
        );
    }
}
