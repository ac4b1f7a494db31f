//! Records: what becomes of one that a side does not have any more, before its fields are looked at.
//!
//! Nothing is deleted or made inactive on the other side, whoever tidied up.

use crate::model::agreed::{AgreedBase, AgreedStanding};

/// Whether a side has the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SidePresence {
    There,
    /// Deleted, in the trash, or inactive.
    Gone,
    /// It could not be read: nothing follows from that.
    Unread,
}

/// How both sides have a record that they shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordSides {
    pub shop: SidePresence,
    pub books: SidePresence,
    /// Somebody changed it in the books since both agreed.
    pub changed_in_books: bool,
    pub standing: AgreedStanding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFate {
    /// Both have it: its fields decide.
    Fields,
    /// Remembered as gone from there, and nothing is written.
    Gone(AgreedStanding),
    /// The shop deleted it while somebody worked on it in the books: a person looks.
    GoneAndChanged,
    /// It stands as it was remembered, or was not read.
    Nothing,
}

pub fn record_fate(sides: &RecordSides) -> RecordFate {
    let (shop, books) = (sides.shop, sides.books);
    if shop == SidePresence::Unread || books == SidePresence::Unread {
        return RecordFate::Nothing;
    }
    let standing = match (shop, books) {
        (SidePresence::Gone, SidePresence::Gone) => AgreedStanding::Gone,
        (SidePresence::Gone, _) => AgreedStanding::ShopGone,
        (_, SidePresence::Gone) => AgreedStanding::BooksGone,
        _ => return RecordFate::Fields,
    };
    match standing {
        AgreedStanding::ShopGone if sides.changed_in_books => RecordFate::GoneAndChanged,
        same if same == sides.standing => RecordFate::Nothing,
        standing => RecordFate::Gone(standing),
    }
}

/// What was agreed on with a name that was merged into another one: the shop's half stays, and what the survivor says takes the place
/// of the other. So only the shop's own changes count as changes.
pub fn with_survivor(base: &AgreedBase, survivor: &str) -> AgreedBase {
    let mut moved = base.clone();
    survivor.clone_into(&mut moved.pair.books);
    moved
}
