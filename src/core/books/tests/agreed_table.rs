//! The decision table for fields that both sides hold, row by row, for accounts and for products.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::books::agreed_fields::*;
use crate::model::agreed::*;
use crate::model::both::*;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::RecordKey;

const PHONE: AgreedField = AgreedField::Customer(CustomerField::Phone);
const COMPANY: AgreedField = AgreedField::Customer(CustomerField::Company);
const NAME: AgreedField = AgreedField::Product(ProductField::Name);
const PRICE: AgreedField = AgreedField::Product(ProductField::Price);

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
}

fn base(shop: &str, books: &str) -> AgreedBase {
    AgreedBase {
        pair: AgreedPair {
            shop: shop.to_owned(),
            books: books.to_owned(),
        },
        agreed_at: at(0),
        run: "run-1".to_owned(),
        writes: Vec::new(),
        only_tried: false,
        before: None,
        taken_back: false,
        meant: None,
    }
}

fn rule(flow: FieldFlow, on_conflict: ConflictRule) -> FieldRule {
    let owner = match flow {
        FieldFlow::ToBooks => FieldOwner::Shop,
        FieldFlow::ToShop => FieldOwner::Books,
        FieldFlow::Both | FieldFlow::Off => FieldOwner::None,
    };
    FieldRule {
        flow,
        owner,
        on_conflict,
    }
}

/// A field as both sides say it, with two decimals in the shop.
fn case<'a>(
    field: AgreedField,
    flow: FieldFlow,
    base: Option<&'a AgreedBase>,
    shop: &str,
    books: &str,
) -> FieldCase<'a> {
    FieldCase {
        field,
        rule: rule(flow, ConflictRule::Manual),
        on_first: FirstMeeting::Manual,
        shop: FieldSaid::text(shop),
        books: FieldSaid::text(books),
        shop_in_books: in_books(field, shop),
        books_in_shop: in_shop(field, books, 2),
        base,
        times: FieldTimes {
            skew: Duration::from_secs(120),
            ..FieldTimes::default()
        },
        known: None,
        now: at(600),
    }
}

fn with_rule(mut case: FieldCase<'_>, on_conflict: ConflictRule) -> FieldCase<'_> {
    case.rule.on_conflict = on_conflict;
    case
}

fn to_books(value: &str) -> FieldDecision {
    FieldDecision::Write(FieldWrite {
        to_books: Some(value.to_owned()),
        to_shop: None,
        decided: None,
    })
}

fn to_shop(value: &str) -> FieldDecision {
    FieldDecision::Write(FieldWrite {
        to_books: None,
        to_shop: Some(value.to_owned()),
        decided: None,
    })
}

fn pair(shop: &str, books: &str) -> AgreedPair {
    base(shop, books).pair
}

/// A text and a figure of each kind of record: what holds for one holds for all of them.
fn each(mut test: impl FnMut(AgreedField, [&str; 3])) {
    test(PHONE, ["555 0101", "555 0102", "555 0103"]);
    test(COMPANY, ["Lee Ltd", "Lee and Sons", "Lee"]);
    test(NAME, ["Mug", "Cup", "Beaker"]);
    test(PRICE, ["12.5", "13", "14.25"]);
}

#[test]
fn row_1_what_nobody_changed_is_left_alone() {
    each(|field, [old, ..]| {
        for flow in [FieldFlow::Both, FieldFlow::ToBooks, FieldFlow::ToShop] {
            let base = base(old, old);
            assert_eq!(
                decide(&case(field, flow, Some(&base), old, old)),
                FieldDecision::Nothing
            );
        }
    });
    // As each of them spells it.
    let base = base("Shirt: blue", "Shirt blue");
    let same = case(
        NAME,
        FieldFlow::Both,
        Some(&base),
        "Shirt: blue",
        "Shirt blue",
    );
    assert_eq!(decide(&same), FieldDecision::Nothing);
}

#[test]
fn row_2_a_change_in_the_shop_goes_to_the_books() {
    each(|field, [old, new, _]| {
        let base = base(old, old);
        for flow in [FieldFlow::Both, FieldFlow::ToBooks] {
            assert_eq!(
                decide(&case(field, flow, Some(&base), new, old)),
                to_books(new)
            );
        }
    });
    let base = base("Shirt", "Shirt");
    let spelled = case(NAME, FieldFlow::Both, Some(&base), "Shirt: blue", "Shirt");
    assert_eq!(decide(&spelled), to_books("Shirt blue"));
}

#[test]
fn row_2d_a_change_that_may_not_flow_is_drift_and_is_told_again() {
    each(|field, [old, new, _]| {
        let base = base(old, old);
        let drift = case(field, FieldFlow::ToShop, Some(&base), new, old);
        assert_eq!(decide(&drift), FieldDecision::Drift(AgreedSide::Shop));
        assert_eq!(decide(&drift), FieldDecision::Drift(AgreedSide::Shop));
    });
}

#[test]
fn row_3_a_change_in_the_books_goes_to_the_shop_or_is_drift() {
    each(|field, [old, new, _]| {
        let base = base(old, old);
        for flow in [FieldFlow::Both, FieldFlow::ToShop] {
            assert_eq!(
                decide(&case(field, flow, Some(&base), old, new)),
                to_shop(new)
            );
        }
        let drift = case(field, FieldFlow::ToBooks, Some(&base), old, new);
        assert_eq!(decide(&drift), FieldDecision::Drift(AgreedSide::Books));
    });
}

#[test]
fn row_4_what_both_changed_to_the_same_is_agreed_without_a_write() {
    each(|field, [old, new, _]| {
        let base = base(old, old);
        let same = case(field, FieldFlow::Both, Some(&base), new, new);
        assert_eq!(decide(&same), FieldDecision::Agreed(pair(new, new)));
    });
    let base = base("Shirt", "Shirt");
    let spelled = case(
        NAME,
        FieldFlow::Both,
        Some(&base),
        "Shirt: blue",
        "Shirt blue",
    );
    assert_eq!(
        decide(&spelled),
        FieldDecision::Agreed(pair("Shirt: blue", "Shirt blue"))
    );
}

#[test]
fn row_5_what_both_changed_otherwise_is_a_conflict_unless_a_rule_names_the_winner() {
    each(|field, [old, shop, books]| {
        let base = base(old, old);
        let both = || case(field, FieldFlow::Both, Some(&base), shop, books);
        let open = FieldDecision::Open(ConflictCause::BothChanged);
        assert_eq!(decide(&both()), open);
        let decided = |rule: ConflictRule| match decide(&with_rule(both(), rule)) {
            FieldDecision::Write(write) => {
                let word = Some((ConflictCause::BothChanged, rule.as_str().to_owned()));
                assert_eq!(write.decided, word, "the loser has to stay readable");
                (write.to_books, write.to_shop)
            }
            other => panic!("{other:?}"),
        };
        let won = |value: &str| Some(value.to_owned());
        assert_eq!(decided(ConflictRule::SourceWins), (won(shop), None));
        assert_eq!(decided(ConflictRule::TargetWins), (None, won(books)));
        // A winner whose word may not go there wins nothing.
        let one_way = case(field, FieldFlow::ToBooks, Some(&base), shop, books);
        assert_eq!(decide(&with_rule(one_way, ConflictRule::TargetWins)), open);
    });
}

#[test]
fn row_5_a_decision_holds_as_long_as_both_sides_say_what_they_said_then() {
    each(|field, [old, shop, books]| {
        let base = base(old, old);
        let take = |take: ConflictTake| FieldConflict {
            id: "F7K2".to_owned(),
            source: RecordKey::customer("7"),
            field,
            cause: ConflictCause::BothChanged,
            sides: case(field, FieldFlow::Both, Some(&base), shop, books)
                .sides()
                .expect("both are known"),
            since: at(5),
            run: "run-1".to_owned(),
            take: Some(take),
            settled: None,
        };
        let decided = |known: &FieldConflict, shop: &str, books: &str| {
            let mut case = case(field, FieldFlow::Both, Some(&base), shop, books);
            case.known = Some(known);
            match decide(&case) {
                FieldDecision::Write(write) => (write.to_books, write.to_shop),
                other => panic!("{other:?}"),
            }
        };
        let won = |value: &str| Some(value.to_owned());
        assert_eq!(
            decided(&take(ConflictTake::Shop), shop, books),
            (won(shop), None)
        );
        assert_eq!(
            decided(&take(ConflictTake::Books), shop, books),
            (None, won(books))
        );
        assert_eq!(
            decided(&take(ConflictTake::Base), shop, books),
            (won(old), won(old))
        );
        let value = take(ConflictTake::Value("7.5".to_owned()));
        assert_eq!(decided(&value, shop, books), (won("7.5"), won("7.5")));

        let known = take(ConflictTake::Shop);
        let mut lapsed = case(field, FieldFlow::Both, Some(&base), shop, "9.75");
        lapsed.known = Some(&known);
        assert_eq!(
            decide(&lapsed),
            FieldDecision::Open(ConflictCause::BothChanged)
        );
    });
}

#[test]
fn row_6_what_is_equal_at_first_sight_is_agreed() {
    each(|field, [old, ..]| {
        let first = case(field, FieldFlow::Both, None, old, old);
        assert_eq!(decide(&first), FieldDecision::Agreed(pair(old, old)));
    });
}

#[test]
fn row_7_what_is_empty_at_first_sight_is_filled_where_it_may_be() {
    for field in [PHONE, COMPANY] {
        let meet = |flow, shop, books| decide(&case(field, flow, None, shop, books));
        assert_eq!(meet(FieldFlow::Both, "1", ""), to_books("1"));
        assert_eq!(meet(FieldFlow::Both, "", "1"), to_shop("1"));
        let seen = FieldDecision::Agreed(pair("", "1"));
        assert_eq!(meet(FieldFlow::ToBooks, "", "1"), seen, "and never emptied");
    }
}

#[test]
fn an_open_conflict_stays_open_though_what_was_agreed_is_void() {
    each(|field, [_, shop, books]| {
        let first = case(field, FieldFlow::Both, None, shop, books);
        let waiting = FieldConflict {
            id: "F7K2".to_owned(),
            source: RecordKey::customer("7"),
            field,
            cause: ConflictCause::BothChanged,
            sides: first.sides().expect("both are known"),
            since: at(5),
            run: "run-1".to_owned(),
            take: None,
            settled: None,
        };
        for owner in [FieldOwner::Shop, FieldOwner::Books, FieldOwner::None] {
            let mut case = case(field, FieldFlow::Both, None, shop, books);
            case.known = Some(&waiting);
            case.rule.owner = owner;
            let open = FieldDecision::Open(ConflictCause::FirstMeeting);
            assert_eq!(decide(&case), open, "{field:?}");
        }
    });
}

#[test]
fn row_8_a_first_meeting_of_two_values_is_decided_by_on_first_or_by_the_owner() {
    each(|field, [shop, books, _]| {
        let meet = |on_first, owner| {
            let mut case = case(field, FieldFlow::Both, None, shop, books);
            case.on_first = on_first;
            case.rule.owner = owner;
            decide(&case)
        };
        let word = |decision: FieldDecision| match decision {
            FieldDecision::Write(write) => (write.to_books, write.to_shop),
            other => panic!("{other:?}"),
        };
        let won = |value: &str| Some(value.to_owned());
        let by_shop = meet(FirstMeeting::Shop, FieldOwner::None);
        assert_eq!(word(by_shop), (won(shop), None));
        let by_books = meet(FirstMeeting::Books, FieldOwner::None);
        assert_eq!(word(by_books), (None, won(books)));
        let manual = |owner| meet(FirstMeeting::Manual, owner);
        if field.is_text() {
            assert_eq!(word(manual(FieldOwner::Shop)), (won(shop), None));
            assert_eq!(word(manual(FieldOwner::Books)), (None, won(books)));
            let both_stay = FieldDecision::Agreed(pair(shop, books));
            assert_eq!(manual(FieldOwner::None), both_stay);
        } else {
            let open = FieldDecision::Open(ConflictCause::FirstMeeting);
            for owner in [FieldOwner::Shop, FieldOwner::Books, FieldOwner::None] {
                assert_eq!(manual(owner), open, "money is decided by a person");
            }
        }
    });
}

#[test]
fn rows_9_and_10_what_is_unknown_is_neither_empty_nor_zero() {
    each(|field, [old, new, _]| {
        let base = base(old, old);
        for flow in [FieldFlow::Both, FieldFlow::ToBooks, FieldFlow::ToShop] {
            for known in [None, Some(&base)] {
                let mut no_shop = case(field, flow, known, "", new);
                no_shop.shop = FieldSaid::Unknown;
                assert_eq!(decide(&no_shop), FieldDecision::Unknown);
                let mut no_books = case(field, flow, known, new, "");
                no_books.books = FieldSaid::Unknown;
                assert_eq!(decide(&no_books), FieldDecision::Unknown);
            }
        }
    });
    // A product without a price or a name has one that was not told; a telephone can be taken away.
    for field in [NAME, PRICE] {
        let base = base("1", "1");
        let empty = case(field, FieldFlow::Both, Some(&base), "", "1");
        assert_eq!(decide(&empty), FieldDecision::Unknown);
    }
    let base = base("1", "1");
    let emptied = case(PHONE, FieldFlow::Both, Some(&base), "", "1");
    assert_eq!(decide(&emptied), to_books(""));
}

#[test]
fn rows_11_to_14_what_one_side_lacks_is_never_taken_from_the_other() {
    use AgreedStanding::{BooksGone, Gone, ShopGone, There};
    use SidePresence::{Gone as Lacks, There as Has, Unread};
    let fate = |shop, books, changed_in_books, standing| {
        record_fate(&RecordSides {
            shop,
            books,
            changed_in_books,
            standing,
        })
    };
    assert_eq!(fate(Has, Has, true, There), RecordFate::Fields);
    assert_eq!(fate(Lacks, Has, false, There), RecordFate::Gone(ShopGone));
    assert_eq!(fate(Lacks, Has, false, ShopGone), RecordFate::Nothing);
    assert_eq!(fate(Lacks, Has, true, There), RecordFate::GoneAndChanged);
    assert_eq!(fate(Lacks, Has, true, ShopGone), RecordFate::GoneAndChanged);
    for changed in [false, true] {
        assert_eq!(
            fate(Has, Lacks, changed, There),
            RecordFate::Gone(BooksGone)
        );
        assert_eq!(fate(Lacks, Lacks, changed, There), RecordFate::Gone(Gone));
        assert_eq!(fate(Lacks, Lacks, changed, Gone), RecordFate::Nothing);
        assert_eq!(fate(Unread, Has, changed, There), RecordFate::Nothing);
        assert_eq!(fate(Has, Unread, changed, There), RecordFate::Nothing);
    }
    assert_eq!(
        fate(Has, Has, false, BooksGone),
        RecordFate::Fields,
        "it came back"
    );
}

#[test]
fn row_15_what_was_merged_is_compared_with_the_survivor() {
    each(|field, [old, new, survivor]| {
        // What the books' half of the pair was said of another customer: the survivor's own value takes its place.
        let before = base(old, old);
        let moved = with_survivor(&before, survivor);
        let quiet = case(field, FieldFlow::Both, Some(&moved), old, survivor);
        assert_eq!(
            decide(&quiet),
            FieldDecision::Nothing,
            "nobody changed anything"
        );
        let changed = case(field, FieldFlow::Both, Some(&moved), new, survivor);
        assert_eq!(decide(&changed), to_books(new));
    });
}

#[test]
fn rows_16_to_18_only_what_is_read_back_is_agreed() {
    each(|_, [old, new, other]| {
        let write = FieldWrite {
            to_books: Some(new.to_owned()),
            to_shop: None,
            decided: None,
        };
        let before = pair(new, old);
        let read = |shop: &str, books: &str| read_back(&before, &write, &pair(shop, books));
        assert_eq!(read(new, new), FieldReadBack::Agreed(pair(new, new)));
        assert_eq!(
            read(new, old),
            FieldReadBack::NotDone,
            "refused, or lost on its way"
        );
        assert_eq!(read(new, other), FieldReadBack::NotKept);
        assert_eq!(read(other, new), FieldReadBack::Moved);
    });
    // An answer that was lost leaves the old pair, and what stands there decides: done, not done, or somebody else's.
    each(|field, [old, new, other]| {
        let base = base(old, old);
        let now = |books| decide(&case(field, FieldFlow::Both, Some(&base), new, books));
        assert_eq!(now(new), FieldDecision::Agreed(pair(new, new)));
        assert_eq!(now(old), to_books(new));
        assert_eq!(now(other), FieldDecision::Open(ConflictCause::BothChanged));
    });
}

#[test]
fn row_19_a_field_that_goes_to_and_fro_is_frozen() {
    each(|field, [one, other, third]| {
        let write = |minutes, value: &str| OwnWrite {
            at: at(minutes),
            to: AgreedSide::Books,
            value: Fingerprint::of(&value),
        };
        let mut base = base(other, other);
        let turn = |base: &AgreedBase, value: &str| {
            decide(&case(field, FieldFlow::Both, Some(base), value, other))
        };
        base.writes = vec![write(1, one), write(2, other)];
        assert_eq!(turn(&base, one), to_books(one), "twice may happen");
        base.writes = vec![write(1, one), write(2, other), write(3, one)];
        assert_eq!(
            turn(&base, one),
            FieldDecision::Frozen(FreezeCause::PingPong)
        );
        assert_eq!(
            turn(&base, third),
            to_books(third),
            "something new is no game"
        );
        base.writes = vec![write(-2_000, one), write(2, other), write(3, one)];
        assert_eq!(turn(&base, one), to_books(one), "yesterday does not count");
    });
}

#[test]
fn row_19_a_value_that_never_stays_is_frozen_whether_or_not_both_ever_agreed() {
    each(|field, [one, other, third]| {
        let written = |to: &str, only_tried| AgreedBase {
            writes: [1, 2, 3]
                .map(|minutes| OwnWrite {
                    at: at(minutes),
                    to: AgreedSide::Shop,
                    value: Fingerprint::of(&to),
                })
                .into(),
            only_tried,
            before: None,
            taken_back: false,
            meant: None,
            ..base(other, other)
        };
        let tried = written(one, false);
        let now = |base: &AgreedBase, books: &str| {
            decide(&case(field, FieldFlow::Both, Some(base), other, books))
        };
        assert_eq!(
            now(&tried, one),
            FieldDecision::Frozen(FreezeCause::NotKept)
        );
        assert_eq!(now(&tried, third), to_shop(third), "another value may stay");

        // What was only tried is no pair: they still meet for the first time.
        let tried = written(one, true);
        let first = |books: &str| {
            let case = FieldCase {
                on_first: FirstMeeting::Books,
                ..case(field, FieldFlow::Both, Some(&tried), other, books)
            };
            assert_eq!(case.sides().and_then(|sides| sides.base), None);
            decide(&case)
        };
        assert_eq!(first(one), FieldDecision::Frozen(FreezeCause::NotKept));
        assert!(matches!(first(third), FieldDecision::Write(_)));
    });
}

#[test]
fn row_20_under_another_mapping_nothing_was_ever_agreed() {
    each(|field, [old, new, _]| {
        // Whoever gathers gives no base then: see `since` in the engine. It is a first meeting and never a change.
        let changed = case(field, FieldFlow::Both, None, new, old);
        let decision = decide(&changed);
        let is_first = match field.is_text() {
            true => decision == FieldDecision::Agreed(pair(new, old)),
            false => decision == FieldDecision::Open(ConflictCause::FirstMeeting),
        };
        assert!(is_first, "{decision:?}");
    });
}

#[test]
fn the_newest_wins_only_where_it_can_be_told() {
    for field in [PHONE, COMPANY, NAME] {
        let [old, shop, books] = ["a", "b", "c"];
        let mut base = base(old, old);
        base.agreed_at = at(0);
        let newest = |times: FieldTimes, base: &AgreedBase| {
            let mut case = case(field, FieldFlow::Both, Some(base), shop, books);
            case.rule.on_conflict = ConflictRule::NewestWins;
            case.times = FieldTimes {
                skew: Duration::from_secs(120),
                ..times
            };
            match decide(&case) {
                FieldDecision::Write(write) => write.to_books.or(write.to_shop),
                FieldDecision::Open(ConflictCause::BothChanged) => None,
                other => panic!("{other:?}"),
            }
        };
        let times = |shop: i64, books: i64| FieldTimes {
            shop: Some(at(shop)),
            books: Some(at(books)),
            ..FieldTimes::default()
        };
        let won = |value: &str| Some(value.to_owned());
        assert_eq!(newest(times(30, 10), &base), won(shop));
        assert_eq!(newest(times(10, 30), &base), won(books));
        assert_eq!(
            newest(times(10, 10), &base),
            None,
            "equal times are no coin"
        );
        assert_eq!(
            newest(times(10, 12), &base),
            None,
            "clocks differ by as much"
        );
        assert_eq!(newest(times(10, 13), &base), won(books));
        assert_eq!(
            newest(times(-5, 30), &base),
            None,
            "older than the agreement"
        );
        let unknown = FieldTimes {
            books: None,
            ..times(10, 30)
        };
        assert_eq!(newest(unknown, &base), None);
        for (shop_more, books_more) in [(true, false), (false, true)] {
            let more = FieldTimes {
                shop_changed_more: shop_more,
                books_changed_more: books_more,
                ..times(10, 30)
            };
            assert_eq!(newest(more, &base), None, "the time may be another field's");
        }
        base.writes.push(OwnWrite {
            at: at(20),
            to: AgreedSide::Books,
            value: Fingerprint::of(&"x"),
        });
        assert_eq!(
            newest(times(10, 30), &base),
            None,
            "the time may be our own"
        );
    }
    // Of money nobody's clock decides, whatever the file says.
    let base = base("1", "1");
    let mut money = case(PRICE, FieldFlow::Both, Some(&base), "2", "3");
    money.rule.on_conflict = ConflictRule::NewestWins;
    money.times.shop = Some(at(30));
    money.times.books = Some(at(90));
    assert_eq!(
        decide(&money),
        FieldDecision::Open(ConflictCause::BothChanged)
    );
}

#[test]
fn a_price_that_does_not_come_back_the_same_is_not_written() {
    let base = base("12.5", "12.5");
    let changed = case(PRICE, FieldFlow::Both, Some(&base), "12.5", "12.371428");
    let lost = FieldDecision::Lost(AgreedSide::Shop, SpellingLost::PriceNotInvertible);
    assert_eq!(decide(&changed), lost);
}

#[test]
fn what_is_switched_off_is_none_of_our_business() {
    each(|field, [old, new, other]| {
        let base = base(old, old);
        for known in [None, Some(&base)] {
            let off = case(field, FieldFlow::Off, known, new, other);
            assert_eq!(decide(&off), FieldDecision::Nothing);
        }
    });
}
