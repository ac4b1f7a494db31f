//! Random worlds of fields that both sides hold: people edit here and there, writes are lost and refused, and every world comes to rest.
//!
//! Each property is also put to worlds in which a mistake was planted, and has to find it by its own name: a property that finds nothing
//! says nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::books::agreed_fields::*;
use crate::model::agreed::*;
use crate::model::both::*;
use crate::model::fingerprint::Fingerprint;

const WORLDS: u64 = 10_000;

const FIELDS: [AgreedField; 5] = [
    AgreedField::Customer(CustomerField::Phone),
    AgreedField::Customer(CustomerField::Company),
    AgreedField::Product(ProductField::Name),
    AgreedField::Product(ProductField::Sku),
    AgreedField::Product(ProductField::Price),
];

/// Numbers that look random and are the same on every machine.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.next(all.len() as u64)).expect("a small number")]
    }
}

/// A mistake that somebody could make with these rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Planted {
    Nothing,
    /// Where the times do not say who was the newest, somebody wins all the same.
    NewestByACoin,
    /// What a side does not tell is taken for nothing, or for 0.
    UnknownIsZero,
    /// What is about to be written counts as agreed before it stands.
    BaseMovesOnIntent,
    /// What was written is not remembered, and so is found as somebody's change.
    EchoIsAChange,
}

#[derive(Clone)]
struct SharedField {
    planted: Planted,
    field: AgreedField,
    rule: FieldRule,
    on_first: FirstMeeting,
    shop: String,
    books: String,
    changed_shop: DateTime<Utc>,
    changed_books: DateTime<Utc>,
    base: Option<AgreedBase>,
    open: Option<ConflictSides>,
    /// What lost, for good.
    losers: Vec<ConflictSides>,
    /// A side that does not tell in this run.
    untold: Option<AgreedSide>,
}

/// What becomes of a write on its way.
#[derive(Clone, Copy, PartialEq)]
enum Luck {
    Done,
    /// It is made, and nobody hears of it: the run dies before anything is remembered.
    Unheard,
    /// It never arrives.
    Lost,
}

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
}

impl SharedField {
    fn random(seeded: &mut Seeded, planted: Planted) -> SharedField {
        let field = seeded.one_of(&FIELDS);
        let flow = seeded.one_of(&[
            FieldFlow::Both,
            FieldFlow::Both,
            FieldFlow::ToBooks,
            FieldFlow::ToShop,
        ]);
        let owner = seeded.one_of(&[FieldOwner::Shop, FieldOwner::Books, FieldOwner::None]);
        let on_conflict = seeded.one_of(&[
            ConflictRule::Manual,
            ConflictRule::SourceWins,
            ConflictRule::TargetWins,
            ConflictRule::NewestWins,
        ]);
        let on_first = seeded.one_of(&[
            FirstMeeting::Manual,
            FirstMeeting::Shop,
            FirstMeeting::Books,
        ]);
        SharedField {
            planted,
            field,
            rule: FieldRule {
                flow,
                owner,
                on_conflict,
            },
            on_first,
            shop: value(field, seeded),
            books: clean(field, &value(field, seeded)),
            changed_shop: at(0),
            changed_books: at(0),
            base: None,
            open: None,
            losers: Vec::new(),
            untold: None,
        }
    }

    fn case(&self, now: DateTime<Utc>, shift: TimeDelta) -> FieldCase<'_> {
        let says = |side, text: &str| match self.untold == Some(side) {
            true if self.planted == Planted::UnknownIsZero => match self.field {
                AgreedField::Product(ProductField::Price) => FieldSaid::text("0"),
                _ => FieldSaid::text(""),
            },
            true => FieldSaid::Unknown,
            false => FieldSaid::text(text),
        };
        FieldCase {
            field: self.field,
            rule: self.rule,
            on_first: self.on_first,
            shop: says(AgreedSide::Shop, &self.shop),
            books: says(AgreedSide::Books, &self.books),
            shop_in_books: in_books(self.field, &self.shop),
            books_in_shop: in_shop(self.field, &self.books, 2),
            base: self.base.as_ref(),
            times: FieldTimes {
                shop: Some(self.changed_shop + shift),
                books: Some(self.changed_books + shift),
                skew: Duration::from_secs(120),
                ..FieldTimes::default()
            },
            known: None,
            now: now + shift,
        }
    }

    fn decide(&self, now: DateTime<Utc>, shift: TimeDelta) -> FieldDecision {
        let case = self.case(now, shift);
        let decision = decide(&case);
        let is_a_toss = self.planted == Planted::NewestByACoin
            && case.rule.on_conflict == ConflictRule::NewestWins
            && matches!(decision, FieldDecision::Open(_));
        if !is_a_toss {
            return decision;
        }
        let on_conflict = match case.now.timestamp() / 60 % 2 {
            0 => ConflictRule::SourceWins,
            _ => ConflictRule::TargetWins,
        };
        decide(&FieldCase {
            rule: FieldRule {
                on_conflict,
                ..case.rule
            },
            ..case
        })
    }

    fn pair(&self) -> AgreedPair {
        AgreedPair {
            shop: self.shop.clone(),
            books: self.books.clone(),
        }
    }

    fn agree(&mut self, pair: AgreedPair, now: DateTime<Utc>, written: &[(AgreedSide, String)]) {
        let mut writes = self.base.take().map(|base| base.writes).unwrap_or_default();
        writes.extend(written.iter().map(|(to, value)| OwnWrite {
            at: now,
            to: *to,
            value: Fingerprint::of(&value.as_str()),
        }));
        self.base = Some(AgreedBase {
            pair,
            agreed_at: now,
            run: "run".to_owned(),
            writes: writes_of_the_day(&writes, now),
            only_tried: false,
            before: None,
            taken_back: false,
            meant: None,
        });
    }

    /// One run. Answers with whether it wrote anything.
    fn run(&mut self, now: DateTime<Utc>, luck: Luck) -> bool {
        let before = self.pair();
        let sides = self.case(now, TimeDelta::zero()).sides();
        self.open = None;
        match self.decide(now, TimeDelta::zero()) {
            FieldDecision::Agreed(pair) => self.agree(pair, now, &[]),
            FieldDecision::Open(_) => self.open = sides,
            FieldDecision::Write(write) => {
                self.check_write(&write);
                if write.decided.is_some() {
                    self.losers.push(sides.expect("both are known"));
                }
                if self.planted == Planted::BaseMovesOnIntent {
                    let meant = AgreedPair {
                        shop: write.to_shop.clone().unwrap_or(before.shop.clone()),
                        books: write.to_books.clone().unwrap_or(before.books.clone()),
                    };
                    self.agree(meant, now, &[]);
                }
                if luck != Luck::Lost {
                    self.put(&write, now);
                }
                if luck != Luck::Unheard {
                    self.read_back(&before, &write, now);
                }
                return true;
            }
            _ => {}
        }
        false
    }

    fn put(&mut self, write: &FieldWrite, now: DateTime<Utc>) {
        if let Some(value) = &write.to_books {
            self.books = clean(self.field, value);
            self.changed_books = now;
        }
        if let Some(value) = &write.to_shop {
            self.shop.clone_from(value);
            self.changed_shop = now;
        }
    }

    fn read_back(&mut self, before: &AgreedPair, write: &FieldWrite, now: DateTime<Utc>) {
        if let FieldReadBack::Agreed(mut pair) = read_back(before, write, &self.pair()) {
            if self.planted == Planted::EchoIsAChange {
                if write.to_books.is_some() {
                    pair.books.clone_from(&before.books);
                }
                if write.to_shop.is_some() {
                    pair.shop.clone_from(&before.shop);
                }
            }
            let wrote = |side, value: &Option<String>| value.clone().map(|value| (side, value));
            let written = [
                wrote(AgreedSide::Books, &write.to_books),
                wrote(AgreedSide::Shop, &write.to_shop),
            ];
            let written: Vec<(AgreedSide, String)> = written.into_iter().flatten().collect();
            self.agree(pair, now, &written);
        }
    }

    /// Whoever's work is written over had not changed anything, or is remembered as the one who lost.
    fn check_write(&self, write: &FieldWrite) {
        let base = self.base.as_ref().map(|base| &base.pair);
        let overwritten = [
            (&write.to_shop, &self.shop, base.map(|base| &base.shop)),
            (&write.to_books, &self.books, base.map(|base| &base.books)),
        ];
        for (wrote, stands, base) in overwritten {
            if wrote.is_some() && !stands.is_empty() && base != Some(stands) {
                assert!(
                    write.decided.is_some(),
                    "somebody's work was overwritten in silence"
                );
            }
        }
    }

    fn edit(&mut self, seeded: &mut Seeded, minute: i64) {
        if seeded.next(2) == 0 {
            self.shop = value(self.field, seeded);
            self.changed_shop = at(minute + i64::try_from(seeded.next(5)).expect("few"));
        }
        if seeded.next(2) == 0 {
            self.books = clean(self.field, &value(self.field, seeded));
            self.changed_books = at(minute + i64::try_from(seeded.next(5)).expect("few"));
        }
    }
}

fn value(field: AgreedField, seeded: &mut Seeded) -> String {
    let figures = ["1", "2.5", "12.371428", "19.99"];
    let words = ["Mug", "Mug: blue", "Cup  and saucer", "Tea & more"];
    match field {
        AgreedField::Product(ProductField::Price) => seeded.one_of(&figures).to_owned(),
        AgreedField::Product(_) => seeded.one_of(&words).to_owned(),
        AgreedField::Customer(_) => seeded
            .one_of(&["", "555 0101", "555 0102", "Lee: Ltd"])
            .to_owned(),
    }
}

/// As the books keep it, whatever they are sent.
fn clean(field: AgreedField, value: &str) -> String {
    in_books(field, value).expect("short enough")
}

fn worlds(planted: Planted, mut each: impl FnMut(&mut SharedField, &mut Seeded)) {
    for seed in 0..WORLDS {
        let mut seeded = Seeded(seed);
        let mut field = SharedField::random(&mut seeded, planted);
        each(&mut field, &mut seeded);
    }
}

#[test]
fn every_world_comes_to_rest_in_two_runs_whatever_is_lost_on_the_way() {
    all_come_to_rest(Planted::Nothing);
}

fn all_come_to_rest(planted: Planted) {
    worlds(planted, |field, seeded| {
        for round in 0..4 {
            let minute = round * 3_000;
            field.edit(seeded, minute);
            let luck = seeded.one_of(&[Luck::Done, Luck::Done, Luck::Unheard, Luck::Lost]);
            field.run(at(minute + 100), luck);
            field.run(at(minute + 200), Luck::Done);
            let before = field.pair();
            assert!(
                !field.run(at(minute + 300), Luck::Done),
                "it goes on writing"
            );
            assert!(field.pair() == before);
        }
    });
}

#[test]
fn our_own_writes_are_no_changes() {
    no_echo(Planted::Nothing);
}

fn no_echo(planted: Planted) {
    worlds(planted, |field, seeded| {
        field.run(at(10), Luck::Done);
        field.edit(seeded, 100);
        if field.run(at(200), Luck::Done) && field.open.is_none() {
            let now = at(300);
            let decision = field.decide(now, TimeDelta::zero());
            assert_eq!(
                decision,
                FieldDecision::Nothing,
                "an echo was taken for a change"
            );
        }
    });
}

#[test]
fn a_write_that_was_lost_is_no_agreement() {
    nothing_agreed_on_intent(Planted::Nothing);
}

fn nothing_agreed_on_intent(planted: Planted) {
    worlds(planted, |field, seeded| {
        field.run(at(10), Luck::Done);
        field.edit(seeded, 100);
        let base = field.base.clone();
        let first = field.decide(at(200), TimeDelta::zero());
        if field.run(at(200), Luck::Lost) {
            assert!(
                field.base == base,
                "what was never done was remembered as agreed"
            );
            let again = field.decide(at(200), TimeDelta::zero());
            assert_eq!(again, first, "the same is still to do");
        }
    });
}

#[test]
fn what_was_not_told_changes_nothing() {
    unknown_is_unknown(Planted::Nothing);
}

fn unknown_is_unknown(planted: Planted) {
    worlds(planted, |field, seeded| {
        field.run(at(10), Luck::Done);
        field.edit(seeded, 100);
        field.untold = Some(seeded.one_of(&[AgreedSide::Shop, AgreedSide::Books]));
        let (before, base) = (field.pair(), field.base.clone());
        assert!(!field.run(at(200), Luck::Done), "it wrote what nobody said");
        assert!(field.pair() == before && field.base == base);
    });
}

#[test]
fn neither_the_order_nor_the_clock_changes_a_decision() {
    no_order_and_no_clock(Planted::Nothing);
}

fn no_order_and_no_clock(planted: Planted) {
    for seed in 0..WORLDS / 10 {
        let mut seeded = Seeded(seed);
        let mut fields: BTreeMap<u64, SharedField> = (0..5)
            .map(|id| (id, SharedField::random(&mut seeded, planted)))
            .collect();
        for field in fields.values_mut() {
            field.run(at(10), Luck::Done);
            field.edit(&mut seeded, 100);
        }
        let plan = |order: &[u64], shift: TimeDelta| -> BTreeMap<u64, FieldDecision> {
            let decided = order
                .iter()
                .map(|id| (*id, fields[id].decide(at(200), TimeDelta::zero())));
            let decided: BTreeMap<u64, FieldDecision> = decided.collect();
            for (id, field) in &fields {
                let mut moved = field.clone();
                if let Some(base) = &mut moved.base {
                    base.agreed_at += shift;
                    base.writes.iter_mut().for_each(|write| write.at += shift);
                }
                let elsewhere = moved.decide(at(200), shift);
                assert_eq!(elsewhere, decided[id], "the clock decided");
            }
            decided
        };
        let mut order: Vec<u64> = fields.keys().copied().collect();
        let first = plan(&order, TimeDelta::zero());
        for _ in 0..4 {
            let (one, other) = (seeded.next(5), seeded.next(5));
            order.swap(
                usize::try_from(one).expect("few"),
                usize::try_from(other).expect("few"),
            );
            let shift = TimeDelta::minutes(i64::try_from(seeded.next(10_000)).expect("few"));
            assert_eq!(plan(&order, shift), first);
        }
    }
}

#[test]
fn every_loser_stays_readable() {
    losers_are_kept(Planted::Nothing);
}

fn losers_are_kept(planted: Planted) {
    worlds(planted, |field, seeded| {
        field.run(at(10), Luck::Done);
        let losers = field.losers.len();
        let before = field.pair();
        field.edit(seeded, 100);
        let edited = field.pair();
        let both = edited.shop != before.shop && edited.books != before.books;
        field.run(at(200), Luck::Done);
        let stands = |value: &String| field.shop == *value || field.books == *value;
        if both && !(stands(&edited.shop) && stands(&edited.books)) {
            let lost = &field.losers[losers..];
            let kept = lost
                .iter()
                .any(|lost| lost.shop == edited.shop && lost.books == edited.books);
            let same = field.books == clean(field.field, &edited.shop);
            assert!(kept || same, "somebody's value is nowhere any more");
        }
    });
}

#[test]
fn two_programs_that_fight_over_a_field_are_stopped() {
    let mut field = SharedField::random(&mut Seeded(1), Planted::Nothing);
    field.field = FIELDS[0];
    field.rule = FieldRule {
        flow: FieldFlow::Both,
        owner: FieldOwner::None,
        on_conflict: ConflictRule::Manual,
    };
    (field.shop, field.books) = ("1".to_owned(), "1".to_owned());
    let mut writes = 0;
    for turn in 0..40 {
        // Something else puts the old telephone back as soon as we wrote the new one.
        field.books = if turn % 2 == 0 { "1" } else { "2" }.to_owned();
        writes += i32::from(field.run(at(turn * 10), Luck::Done));
    }
    assert!(writes <= 4, "{writes} writes in a few hours");
}

/// What a property says when it fails.
fn said(property: fn(Planted), planted: Planted) -> String {
    let failed = std::panic::catch_unwind(|| property(planted));
    let Err(panic) = failed else {
        panic!("{planted:?} was not found");
    };
    let said = panic.downcast_ref::<String>().cloned();
    said.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()))
        .expect("a panic with words")
}

#[test]
fn each_mistake_that_is_planted_is_found_by_its_name() {
    // The mistake, the property that finds it, and what it says.
    type Mistake = (Planted, fn(Planted), &'static str);
    let planted: [Mistake; 4] = [
        (
            Planted::NewestByACoin,
            no_order_and_no_clock,
            "the clock decided",
        ),
        (
            Planted::UnknownIsZero,
            unknown_is_unknown,
            "it wrote what nobody said",
        ),
        (
            Planted::BaseMovesOnIntent,
            nothing_agreed_on_intent,
            "what was never done was remembered as agreed",
        ),
        (
            Planted::EchoIsAChange,
            no_echo,
            "an echo was taken for a change",
        ),
    ];
    for (planted, property, name) in planted {
        let said = said(property, planted);
        assert!(said.contains(name), "{planted:?} was called: {said}");
    }
}
