//! Shares: a list that came back much shorter than it was known says something of the reading, and nothing of the records.

/// Which list it was, and how many of the records that it had it lacks now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShrunkenSide {
    pub known: usize,
    pub missing: usize,
}

/// More than this share of a list does not go at once.
const SHARE_MAX: usize = 20;
/// A few of a small list may.
const FEW: usize = 4;

/// Whether too many are missing to be believed. A list of nothing that was known to have something never is.
pub fn shrunken(known: usize, missing: usize) -> Option<ShrunkenSide> {
    let is_too_much = missing > FEW && missing * 100 > known * SHARE_MAX;
    let is_empty = known > 1 && missing == known;
    (is_too_much || is_empty).then_some(ShrunkenSide { known, missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_lost_a_fifth_is_not_believed() {
        assert_eq!(shrunken(100, 20), None);
        let lost = |known, missing| Some(ShrunkenSide { known, missing });
        assert_eq!(shrunken(100, 21), lost(100, 21));
        assert_eq!(shrunken(6, 4), None, "a few may go");
        assert_eq!(shrunken(3, 3), lost(3, 3), "all of them may not");
        assert_eq!(shrunken(0, 0), None);
    }
}
