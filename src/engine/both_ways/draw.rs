//! Draws a record up: what of its fields is agreed by now, what is to be written where, and what waits for a person.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::known::KnownAgreements;
use super::sides::SaidFields;
use crate::books::agreed_fields::{
    BY_A_PERSON, FieldCase, FieldDecision, FieldTimes, FieldWrite, FreezeCause, SpellingLost,
    decide, with_survivor, writes_of_the_day,
};
use crate::model::agreed::{
    AgreedBase, AgreedField, AgreedPair, AgreedRecord, AgreedSide, AgreedStanding, ConflictCause,
    FieldConflict, OwnWrite,
};
use crate::model::both::FieldRule;
use crate::model::code;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::RecordKey;

/// Both sides of one record.
pub(super) struct SharedRecord<'a> {
    pub source: RecordKey,
    pub remote: String,
    pub revision: String,
    pub shop: SaidFields,
    pub books: SaidFields,
    pub shop_digest: Fingerprint,
    /// By our clock.
    pub shop_at: Option<DateTime<Utc>>,
    pub books_at: Option<DateTime<Utc>>,
    /// What holds for a field of this very record.
    pub rule: &'a dyn Fn(AgreedField) -> FieldRule,
    pub in_books: &'a dyn Fn(AgreedField) -> Result<String, SpellingLost>,
    pub in_shop: &'a dyn Fn(AgreedField) -> Result<String, SpellingLost>,
}

/// A field that is to be written, and the pair that was decided from.
#[derive(Clone, Debug)]
pub struct PendingField {
    pub before: AgreedPair,
    pub write: FieldWrite,
    /// It was in conflict: how it is to be remembered once the write stands.
    pub conflict: Option<FieldConflict>,
}

/// What becomes of a record that both sides share.
#[derive(Clone, Debug)]
pub struct DrawnRecord {
    /// What is to be remembered of it although nothing is written.
    pub record: AgreedRecord,
    pub writes: BTreeMap<AgreedField, PendingField>,
    /// Waits for a person.
    pub open: Vec<FieldConflict>,
    /// Was open, and is over without a write: by whose word.
    pub over: Vec<(FieldConflict, String)>,
    pub warnings: Vec<Reason>,
    /// Why it has to be looked at.
    pub hold: Option<Reason>,
}

impl DrawnRecord {
    /// The values that go to one side.
    pub(super) fn values(&self, side: AgreedSide) -> BTreeMap<AgreedField, &String> {
        let writes = self.writes.iter();
        let values = writes.filter_map(|(field, pending)| {
            let value = match side {
                AgreedSide::Books => pending.write.to_books.as_ref(),
                AgreedSide::Shop => pending.write.to_shop.as_ref(),
            };
            Some((*field, value?))
        });
        values.collect()
    }

    /// Whether a field that both had agreed on was changed, and is to be written to this side by a rule that nobody was asked about.
    pub(super) fn was_changed_and_goes(&self, to: AgreedSide) -> bool {
        let fields = &self.record.fields;
        let was_agreed =
            |field: &AgreedField| fields.get(field).is_some_and(|base| !base.only_tried);
        self.values(to).keys().any(was_agreed)
    }

    /// Why something of it is changed in the shop.
    pub fn why_to_shop(&self) -> Reason {
        let values = self.values(AgreedSide::Shop);
        let fields: Vec<&str> = values.keys().map(|field| field.as_str()).collect();
        let source = &self.record.source;
        Reason::new(
            "changed_in_books",
            format!(
                "{} of {} {} is as QuickBooks has it",
                listed(&fields),
                source.entity,
                source.number
            ),
        )
    }

    /// Leaves a field out: it cannot be written, and every other one can.
    pub(super) fn leave(&mut self, field: AgreedField, reason: Reason) {
        self.writes.remove(&field);
        self.record.revision.clear();
        self.hold.get_or_insert(reason);
    }
}

/// What to say of the fields that are not simply agreed or written.
#[derive(Default)]
struct Remarks {
    open: Vec<&'static str>,
    frozen: BTreeMap<&'static str, FreezeCause>,
    lost: Vec<(&'static str, SpellingLost)>,
    drift: BTreeMap<AgreedSide, Vec<&'static str>>,
}

pub(super) fn draw(known: &KnownAgreements<'_>, shared: &SharedRecord<'_>) -> DrawnRecord {
    let before = known.record(&shared.source);
    let bases = bases(known, before, shared);
    let mut drawn = DrawnRecord {
        record: AgreedRecord {
            source: shared.source.clone(),
            remote: shared.remote.clone(),
            revision: shared.revision.clone(),
            shop: shared.shop_digest.clone(),
            made_by: known.made_by.clone(),
            standing: AgreedStanding::There,
            fields: bases.clone(),
        },
        writes: BTreeMap::new(),
        open: Vec::new(),
        over: Vec::new(),
        warnings: Vec::new(),
        hold: None,
    };
    let mut remarks = Remarks::default();
    for field in shared.shop.keys() {
        let case = case(known, shared, &bases, *field);
        let decision = decide(&case);
        take(known, &mut drawn, &mut remarks, &case, decision);
    }
    remarks.into(&mut drawn);
    drawn
}

/// The pairs that still count. Under another mapping none does; with another name behind the link the books' halves are the new one's.
fn bases(
    known: &KnownAgreements<'_>,
    before: Option<&AgreedRecord>,
    shared: &SharedRecord<'_>,
) -> BTreeMap<AgreedField, AgreedBase> {
    let Some(before) = before.filter(|before| before.made_by == known.made_by) else {
        return BTreeMap::new();
    };
    if before.remote == shared.remote {
        let fields = before.fields.iter();
        return fields
            .filter_map(|(field, base)| {
                Some((*field, as_written(base, *field, shared, known.now)?))
            })
            .collect();
    }
    let moved = before.fields.iter().filter_map(|(field, base)| {
        let survivor = shared.books.get(field)?.known(*field)?;
        Some((*field, with_survivor(base, survivor)))
    });
    moved.collect()
}

/// A pair that a run wrote and died before reading it back is agreed on where it stands: what we wrote is nobody's change.
fn as_written(
    base: &AgreedBase,
    field: AgreedField,
    shared: &SharedRecord<'_>,
    now: DateTime<Utc>,
) -> Option<AgreedBase> {
    let says = |side: &SaidFields| Some(side.get(&field)?.known(field)?.to_owned());
    let (Some(meant), Some(shop), Some(books)) =
        (&base.meant, says(&shared.shop), says(&shared.books))
    else {
        return Some(base.clone());
    };
    let base = AgreedBase {
        meant: None,
        ..base.clone()
    };
    match meant.agreed(&shop, &books) {
        // It is that run's, and whoever takes that run back takes it back to what was agreed before it.
        Some(pair) => Some(AgreedBase {
            before: (!base.only_tried).then(|| base.pair.clone()),
            run: meant.run.clone(),
            agreed_at: now,
            pair,
            only_tried: false,
            ..base
        }),
        // All that was known of it is that it was about to be written.
        None if base.only_tried && base.writes.is_empty() => None,
        None => Some(base),
    }
}

fn case<'c>(
    known: &'c KnownAgreements<'_>,
    shared: &SharedRecord<'_>,
    bases: &'c BTreeMap<AgreedField, AgreedBase>,
    field: AgreedField,
) -> FieldCase<'c> {
    let changed_more = |side: &SaidFields, half: fn(&AgreedPair) -> &String| {
        let others = side.iter().filter(|(other, _)| **other != field);
        let mut changed = others.filter(|(other, said)| {
            let base = bases.get(other).filter(|base| !base.only_tried);
            let base = base.map(|base| half(&base.pair).as_str());
            base.is_some() && said.known(**other) != base
        });
        changed.next().is_some()
    };
    FieldCase {
        field,
        rule: (shared.rule)(field),
        on_first: known.both.on_first,
        shop: shared.shop[&field].clone(),
        books: shared.books[&field].clone(),
        shop_in_books: (shared.in_books)(field),
        books_in_shop: (shared.in_shop)(field),
        base: bases.get(&field),
        times: FieldTimes {
            shop: shared.shop_at,
            books: shared.books_at,
            shop_changed_more: changed_more(&shared.shop, |pair| &pair.shop),
            books_changed_more: changed_more(&shared.books, |pair| &pair.books),
            quiet_since: quiet_since(bases),
            skew: known.both.skew,
        },
        known: known.conflict(&shared.source, field),
        now: known.now,
    }
}

/// When anything of the record was agreed on or written by us last.
fn quiet_since(bases: &BTreeMap<AgreedField, AgreedBase>) -> Option<DateTime<Utc>> {
    let all = bases.values().flat_map(|base| {
        let ours = base.writes.iter().map(|write| write.at);
        ours.chain([base.agreed_at])
    });
    all.max()
}

fn take(
    known: &KnownAgreements<'_>,
    drawn: &mut DrawnRecord,
    remarks: &mut Remarks,
    case: &FieldCase<'_>,
    decision: FieldDecision,
) {
    let field = case.field;
    let conflict = |cause: ConflictCause| {
        let sides = case.sides()?;
        Some(FieldConflict {
            id: String::new(),
            source: drawn.record.source.clone(),
            field,
            cause,
            sides,
            since: known.now,
            run: String::new(),
            take: None,
            settled: None,
        })
    };
    let mut is_over = true;
    match decision {
        FieldDecision::Nothing => {}
        FieldDecision::Unknown => is_over = false,
        FieldDecision::Agreed(pair) => {
            agree(&mut drawn.record, field, pair, known.now);
        }
        FieldDecision::Write(write) => {
            let cause = write.decided.as_ref().map(|(cause, _)| *cause);
            let conflict = cause.and_then(conflict);
            if let Some(before) = case.sides() {
                let before = AgreedPair {
                    shop: before.shop,
                    books: before.books,
                };
                drawn.record.revision.clear();
                let pending = PendingField {
                    before,
                    write,
                    conflict,
                };
                drawn.writes.insert(field, pending);
            }
            is_over = false;
        }
        FieldDecision::Drift(side) => {
            drawn.record.revision.clear();
            remarks.drift.entry(side).or_default().push(field.as_str());
        }
        FieldDecision::Open(cause) => {
            drawn.record.revision.clear();
            drawn.open.extend(conflict(cause));
            remarks.open.push(field.as_str());
            is_over = false;
        }
        FieldDecision::Frozen(cause) => {
            drawn.record.revision.clear();
            remarks.frozen.insert(field.as_str(), cause);
            is_over = false;
        }
        FieldDecision::Lost(_, lost) => {
            drawn.record.revision.clear();
            remarks.lost.push((field.as_str(), lost));
            is_over = false;
        }
    }
    if let Some(open) = case.known.filter(|_| is_over) {
        let by = match open.take {
            Some(_) => BY_A_PERSON,
            None => "both sides",
        };
        drawn.over.push((open.clone(), by.to_owned()));
    }
}

/// Remembers that a field was written and did not stay. What was agreed of it before stays agreed.
pub(super) fn tried(
    record: &mut AgreedRecord,
    field: AgreedField,
    before: &AgreedPair,
    writes: Vec<OwnWrite>,
    now: DateTime<Utc>,
) {
    let base = record.fields.entry(field).or_insert_with(|| AgreedBase {
        pair: before.clone(),
        agreed_at: now,
        run: String::new(),
        writes: Vec::new(),
        only_tried: true,
        before: None,
        taken_back: false,
        meant: None,
    });
    base.writes.extend(writes);
    base.writes = writes_of_the_day(&base.writes, now);
}

/// Remembers a pair. What was written of the field within a day stays remembered with it.
pub(super) fn agree(
    record: &mut AgreedRecord,
    field: AgreedField,
    pair: AgreedPair,
    now: DateTime<Utc>,
) {
    let before = record.fields.remove(&field);
    let writes = before.map(|base| base.writes).unwrap_or_default();
    let base = AgreedBase {
        pair,
        agreed_at: now,
        run: String::new(),
        writes,
        only_tried: false,
        before: None,
        taken_back: false,
        meant: None,
    };
    record.fields.insert(field, base);
}

impl Remarks {
    fn into(self, drawn: &mut DrawnRecord) {
        let source = drawn.record.source.clone();
        let (entity, called) = (source.entity, &source.number);
        if !self.open.is_empty() {
            let fields = listed(&self.open);
            drawn.hold = Some(
                Reason::new(
                    code::CONFLICT_OPEN,
                    format!("the shop and QuickBooks do not agree on {fields} of {entity} {called}, and both have a claim to be right"),
                )
                .hint("`udsync conflicts` shows both sides, and `udsync conflicts resolve ID --take shop` or `--take books` decides"),
            );
        } else if let Some(cause) = self.frozen.values().next() {
            let same = self.frozen.iter().filter(|(_, other)| *other == cause);
            let fields: Vec<&str> = same.map(|(field, _)| *field).collect();
            drawn.hold = Some(frozen_reason(&source, &listed(&fields), *cause));
        } else if let Some((field, lost)) = self.lost.first() {
            drawn.hold = Some(lost_reason(&source, field, *lost));
        }
        for (side, fields) in self.drift {
            let (at, owner) = match side {
                AgreedSide::Shop => ("in the shop", "books"),
                AgreedSide::Books => ("in QuickBooks", "shop"),
            };
            drawn.warnings.push(Reason::new(
                code::DRIFT,
                format!(
                    "{} of {entity} {called} was changed {at}, where the {owner} own it, so the change goes nowhere",
                    listed(&fields)
                ),
            ));
        }
    }
}

fn frozen_reason(source: &RecordKey, fields: &str, cause: FreezeCause) -> Reason {
    let (entity, called) = (source.entity, &source.number);
    let reason = match cause {
        FreezeCause::PingPong => Reason::new(
            "ping_pong",
            format!(
                "{fields} of {entity} {called} went to and fro between the same values three times within a day, so it is left alone: another program writes it too"
            ),
        ),
        FreezeCause::NotKept => Reason::new(
            "never_kept",
            format!(
                "{fields} of {entity} {called} was written three times within a day and did not stay, so it is left alone: another program owns it"
            ),
        ),
    };
    reason.hint(format!("let one of them own it: `flow = \"off\"` for it in `[both.{entity}s]` leaves it to the other"))
}

fn lost_reason(source: &RecordKey, field: &str, lost: SpellingLost) -> Reason {
    let (entity, called) = (source.entity, &source.number);
    let of = format!("`{field}` of {entity} {called}");
    match lost {
        SpellingLost::PriceNotInvertible => Reason::new(
            "price_not_invertible",
            format!("{of} was changed in QuickBooks to a price that the shop could only hold rounded"),
        )
        .hint("give the item a price with as many decimals as the shop has; then run `udsync sync products`"),
        SpellingLost::TooLong => Reason::new(
            "not_spelled",
            format!("{of} is longer than the other side can hold, and half of it would be something else"),
        )
        .hint(format!("shorten it where it was changed; then run `udsync sync {entity}s`")),
        SpellingLost::NoLetterCode => Reason::new(
            "not_spelled",
            format!("{of} was changed in QuickBooks to one whose country or state is spelled out, and the shop knows them by letters"),
        )
        .hint("write the country as two letters and the state as its short form in QuickBooks; then run `udsync sync customers`"),
        SpellingLost::MappedOtherwise => Reason::new(
            "not_spelled",
            format!("{of} was changed in QuickBooks, and your own mapping makes it of something else in the shop, which cannot be undone"),
        )
        .hint(format!("change it in the shop, or set it to `\"to_books\"` in `[both.{entity}s]`")),
    }
}

fn listed(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    match fields.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => fields.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::agreed_fields::FieldSaid;
    use crate::model::agreed::MeantWrite;
    use crate::model::both::CustomerField;
    use crate::model::plan::Entity;

    #[test]
    fn what_a_killed_run_wrote_is_agreed_on_now_and_what_was_agreed_before_is_kept() {
        let field = AgreedField::Customer(CustomerField::Phone);
        let said = |text: &str| SaidFields::from([(field, FieldSaid::Says(text.to_owned()))]);
        let both = |text: &str| AgreedPair {
            shop: text.to_owned(),
            books: text.to_owned(),
        };
        let lost = |_: AgreedField| Err(SpellingLost::TooLong);
        let shared = SharedRecord {
            source: RecordKey {
                entity: Entity::Customer,
                id: "7".to_owned(),
                number: "7".to_owned(),
            },
            remote: "58".to_owned(),
            revision: String::new(),
            shop: said("604"),
            books: said("604"),
            shop_digest: Fingerprint::of_bytes(b""),
            shop_at: None,
            books_at: None,
            rule: &|_| unreachable!("no rule is asked"),
            in_books: &lost,
            in_shop: &lost,
        };
        let now = DateTime::<Utc>::from_timestamp(2_000, 0).expect("a moment");
        let base = AgreedBase {
            pair: both("555"),
            agreed_at: DateTime::<Utc>::from_timestamp(1_000, 0).expect("a moment"),
            run: "first".to_owned(),
            writes: Vec::new(),
            only_tried: false,
            before: Some(both("111")),
            taken_back: false,
            meant: Some(MeantWrite {
                run: "killed".to_owned(),
                before: AgreedPair {
                    shop: "555".to_owned(),
                    books: "604".to_owned(),
                },
                to_shop: Some("604".to_owned()),
                to_books: None,
            }),
        };
        let written = as_written(&base, field, &shared, now).expect("it is known");
        assert!(written.pair == both("604"));
        assert!(written.before == Some(both("555")));
        assert!(written.agreed_at == now && written.meant.is_none());
        assert_eq!(written.run, "killed", "whose it is when it is taken back");
    }
}
