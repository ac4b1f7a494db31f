//! The decision about one field: nothing, a write to one side, a conflict, drift, or that it is left alone.

use chrono::{DateTime, Utc};

use super::newest::{FieldTimes, newest};
use super::ping_pong::{FreezeCause, freeze};
use super::spelling::{FieldSaid, SpellingLost};
use crate::model::agreed::{
    AgreedBase, AgreedField, AgreedPair, AgreedSide, ConflictCause, ConflictSides, ConflictTake,
    FieldConflict,
};
use crate::model::both::{ConflictRule, FieldFlow, FieldOwner, FieldRule, FirstMeeting};

/// Whose word it was that ended a conflict.
pub const BY_A_PERSON: &str = "a person";

/// All that decides about one field.
#[derive(Clone, Debug)]
pub struct FieldCase<'a> {
    pub field: AgreedField,
    pub rule: FieldRule,
    pub on_first: FirstMeeting,
    pub shop: FieldSaid,
    pub books: FieldSaid,
    /// What the shop says, as the books would hold it, and the other way round.
    pub shop_in_books: Result<String, SpellingLost>,
    pub books_in_shop: Result<String, SpellingLost>,
    /// `None`: they never agreed, or by another mapping.
    pub base: Option<&'a AgreedBase>,
    pub times: FieldTimes,
    /// The conflict that is kept of it, with a person's decision if there is one.
    pub known: Option<&'a FieldConflict>,
    pub now: DateTime<Utc>,
}

/// What is to be written, and who loses by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldWrite {
    pub to_books: Option<String>,
    pub to_shop: Option<String>,
    /// Both sides had something of their own, and this was decided: by which word.
    pub decided: Option<(ConflictCause, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldDecision {
    /// As it was agreed, or none of our business.
    Nothing,
    /// A side does not say what it has: no decision, and what was agreed stays.
    Unknown,
    /// It is as it should be: this is the pair from now on, and nothing is written.
    Agreed(AgreedPair),
    Write(FieldWrite),
    /// Changed on a side whose changes go nowhere. Told, and told again.
    Drift(AgreedSide),
    /// A person decides.
    Open(ConflictCause),
    /// Another program writes it too, or does not let it be written.
    Frozen(FreezeCause),
    /// The other side cannot hold it.
    Lost(AgreedSide, SpellingLost),
}

impl FieldCase<'_> {
    fn pair(&self) -> Option<AgreedPair> {
        Some(AgreedPair {
            shop: self.shop.known(self.field)?.to_owned(),
            books: self.books.known(self.field)?.to_owned(),
        })
    }

    /// The pair that both agreed on.
    fn agreed(&self) -> Option<&AgreedBase> {
        self.base.filter(|base| !base.only_tried)
    }

    /// What stands against what, for whoever has to decide.
    pub fn sides(&self) -> Option<ConflictSides> {
        let AgreedPair { shop, books } = self.pair()?;
        Some(ConflictSides {
            base: self.agreed().map(|base| base.pair.clone()),
            shop,
            books,
            shop_at: self.times.shop,
            books_at: self.times.books,
        })
    }

    /// What one side says reads the same on the other.
    fn is_equal(&self, pair: &AgreedPair) -> bool {
        self.shop_in_books.as_ref() == Ok(&pair.books)
            || self.books_in_shop.as_ref() == Ok(&pair.shop)
    }

    fn goes_to(&self, side: AgreedSide) -> bool {
        match side {
            AgreedSide::Books => matches!(self.rule.flow, FieldFlow::ToBooks | FieldFlow::Both),
            AgreedSide::Shop => matches!(self.rule.flow, FieldFlow::ToShop | FieldFlow::Both),
        }
    }

    /// Puts the value of one side over that of the other, where it may go there.
    fn over(&self, winner: AgreedSide, decided: Option<(ConflictCause, &str)>) -> FieldDecision {
        let loser = match winner {
            AgreedSide::Shop => AgreedSide::Books,
            AgreedSide::Books => AgreedSide::Shop,
        };
        if !self.goes_to(loser) {
            return match decided {
                Some((cause, _)) => FieldDecision::Open(cause),
                None => FieldDecision::Drift(winner),
            };
        }
        let value = match winner {
            AgreedSide::Shop => &self.shop_in_books,
            AgreedSide::Books => &self.books_in_shop,
        };
        match value {
            Ok(value) => self.write(match winner {
                AgreedSide::Shop => FieldWrite {
                    to_books: Some(value.clone()),
                    to_shop: None,
                    decided: owned(decided),
                },
                AgreedSide::Books => FieldWrite {
                    to_books: None,
                    to_shop: Some(value.clone()),
                    decided: owned(decided),
                },
            }),
            Err(lost) => FieldDecision::Lost(loser, *lost),
        }
    }

    fn write(&self, write: FieldWrite) -> FieldDecision {
        let values = [&write.to_books, &write.to_shop];
        let values: Vec<&str> = values.into_iter().flatten().map(String::as_str).collect();
        let frozen = self.base.and_then(|base| freeze(base, &values, self.now));
        match frozen {
            Some(cause) => FieldDecision::Frozen(cause),
            None => FieldDecision::Write(write),
        }
    }
}

fn owned(decided: Option<(ConflictCause, &str)>) -> Option<(ConflictCause, String)> {
    decided.map(|(cause, word)| (cause, word.to_owned()))
}

pub fn decide(case: &FieldCase<'_>) -> FieldDecision {
    if case.rule.flow == FieldFlow::Off {
        return FieldDecision::Nothing;
    }
    let Some(pair) = case.pair() else {
        return FieldDecision::Unknown;
    };
    match case.agreed() {
        None => first_meeting(case, pair),
        Some(base) => since_then(case, base, pair),
    }
}

fn since_then(case: &FieldCase<'_>, base: &AgreedBase, pair: AgreedPair) -> FieldDecision {
    let shop_changed = pair.shop != base.pair.shop;
    let books_changed = pair.books != base.pair.books;
    if !shop_changed && !books_changed {
        return FieldDecision::Nothing;
    }
    let was_emptied = |now: &String, before: &String| now.is_empty() && !before.is_empty();
    let was_emptied =
        was_emptied(&pair.shop, &base.pair.shop) || was_emptied(&pair.books, &base.pair.books);
    if was_emptied && !case.field.may_be_emptied() {
        return FieldDecision::Unknown;
    }
    if case.is_equal(&pair) {
        return FieldDecision::Agreed(pair);
    }
    match (shop_changed, books_changed) {
        (true, false) => case.over(AgreedSide::Shop, None),
        (false, true) => case.over(AgreedSide::Books, None),
        _ => both_changed(case, base, &pair),
    }
}

fn both_changed(case: &FieldCase<'_>, base: &AgreedBase, pair: &AgreedPair) -> FieldDecision {
    const CAUSE: ConflictCause = ConflictCause::BothChanged;
    if let Some(decision) = by_a_person(case, pair) {
        return decision;
    }
    let rule = case.rule.on_conflict;
    let decided = Some((CAUSE, rule.as_str()));
    match rule {
        ConflictRule::SourceWins => case.over(AgreedSide::Shop, decided),
        ConflictRule::TargetWins => case.over(AgreedSide::Books, decided),
        ConflictRule::NewestWins if case.field.is_text() => match newest(&case.times, base) {
            Some(winner) => case.over(winner, decided),
            None => FieldDecision::Open(CAUSE),
        },
        ConflictRule::NewestWins | ConflictRule::Manual => FieldDecision::Open(CAUSE),
    }
}

fn first_meeting(case: &FieldCase<'_>, pair: AgreedPair) -> FieldDecision {
    const CAUSE: ConflictCause = ConflictCause::FirstMeeting;
    if case.is_equal(&pair) {
        return FieldDecision::Agreed(pair);
    }
    // What one of them has and the other has not is filled in, where it may go there.
    let filled_by = match (pair.shop.is_empty(), pair.books.is_empty()) {
        (false, true) => Some(AgreedSide::Shop),
        (true, false) => Some(AgreedSide::Books),
        _ => None,
    };
    if let Some(side) = filled_by {
        return match case.over(side, None) {
            FieldDecision::Drift(_) | FieldDecision::Lost(..) => FieldDecision::Agreed(pair),
            decision => decision,
        };
    }
    if let Some(decision) = by_a_person(case, &pair) {
        return decision;
    }
    // What waits for a word goes on waiting, though another mapping has made the pair that was agreed void.
    let is_old = |known: &&FieldConflict| known.cause != CAUSE;
    if case.known.filter(is_old).is_some() {
        return FieldDecision::Open(CAUSE);
    }
    let believed = match (case.on_first, case.rule.owner) {
        (FirstMeeting::Shop, _) => Some(AgreedSide::Shop),
        (FirstMeeting::Books, _) => Some(AgreedSide::Books),
        (FirstMeeting::Manual, _) if !case.field.is_text() => {
            return FieldDecision::Open(CAUSE);
        }
        (FirstMeeting::Manual, FieldOwner::Shop) => Some(AgreedSide::Shop),
        (FirstMeeting::Manual, FieldOwner::Books) => Some(AgreedSide::Books),
        (FirstMeeting::Manual, FieldOwner::None) => None,
    };
    match believed {
        // Both stay as they are, and only what changes from now on flows.
        None => FieldDecision::Agreed(pair),
        Some(side) => match case.over(side, Some((CAUSE, "on_first"))) {
            FieldDecision::Open(_) => FieldDecision::Agreed(pair),
            decision => decision,
        },
    }
}

/// What somebody decided, as long as both sides say what they said then.
fn by_a_person(case: &FieldCase<'_>, pair: &AgreedPair) -> Option<FieldDecision> {
    let known = case.known?;
    let take = known.take.as_ref()?;
    let sides = &known.sides;
    if sides.shop != pair.shop || sides.books != pair.books {
        return None;
    }
    // Where a field does not flow, the word of a person does not make it: that side stays as it is, and so both are agreed on.
    let by = |to_books: Option<String>, to_shop: Option<String>| {
        let goes = |value: &String, side, stands: &String| value != stands && case.goes_to(side);
        let write = FieldWrite {
            to_books: to_books.filter(|value| goes(value, AgreedSide::Books, &pair.books)),
            to_shop: to_shop.filter(|value| goes(value, AgreedSide::Shop, &pair.shop)),
            decided: Some((known.cause, BY_A_PERSON.to_owned())),
        };
        match write.to_books.is_none() && write.to_shop.is_none() {
            true => FieldDecision::Agreed(pair.clone()),
            false => case.write(write),
        }
    };
    let lost = |side, value: &Result<String, SpellingLost>| match value {
        Ok(_) => None,
        Err(lost) => Some(FieldDecision::Lost(side, *lost)),
    };
    Some(match take {
        ConflictTake::Shop => match lost(AgreedSide::Books, &case.shop_in_books) {
            Some(lost) => lost,
            None => by(case.shop_in_books.clone().ok(), None),
        },
        ConflictTake::Books => match lost(AgreedSide::Shop, &case.books_in_shop) {
            Some(lost) => lost,
            None => by(None, case.books_in_shop.clone().ok()),
        },
        ConflictTake::Base => {
            let base = sides.base.clone()?;
            by(Some(base.books), Some(base.shop))
        }
        ConflictTake::Value(value) => by(Some(value.clone()), Some(value.clone())),
    })
}
