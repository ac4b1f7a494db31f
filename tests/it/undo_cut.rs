//! An undo, and what posts it again, cut at each of their effects in turn: the next one goes on, and the books come out as if nothing
//! had happened. In between no sync posts what stands undone.

use serde_json::{Value, json};
use udsync::engine::undo::undone::is_undone;
use udsync::model::problem::Problem;
use udsync::store::{Attempts, Problems, Store};

use crate::cut::consolidated;
use crate::inprocess::{End, Ended, How, redo_until, sync, undo_until};
use crate::tales::books;
use crate::tales::{Books, Tale};
use crate::undo::{figures, last_run, standing};
use crate::world::{World, company, shop};

/// Both services and the state at one moment.
struct Kept {
    shop: Value,
    company: Value,
    state: Vec<u8>,
}

/// A first day in the books, and a second day's run of which nothing is left when it is taken back.
struct Stage {
    world: World,
    tales: Vec<Tale>,
    first_day: Vec<Value>,
    owed: Vec<String>,
    second_day: Kept,
}

impl Stage {
    fn keep(&self) -> Kept {
        keep(&self.world)
    }

    fn put_back(&self, kept: &Kept) {
        self.world.put_store("snapshot", &kept.shop);
        self.world.put_back(&kept.company, &kept.state);
    }

    fn reset(&self) {
        self.put_back(&self.second_day);
    }
}

fn keep(world: &World) -> Kept {
    Kept {
        shop: world.store("snapshot"),
        company: world.books("snapshot"),
        state: consolidated(world),
    }
}

/// Everything that can be taken back happens on the second day: sales, an invoice that is changed, one that is paid and one that is
/// credited, refunds and fees.
fn second_day(batch: usize, changes: Value) -> Stage {
    let mut setup = company();
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    for (key, value) in changes.as_object().expect("changes by key") {
        setup[key] = value.clone();
    }
    let world = World::new(shop(Vec::new()), setup, &books());
    world.settle_after("20s");
    world.say_of_quickbooks(&format!("batch_size = {batch}"));
    let mut tales = vec![
        Tale::paid(1_001, 2_000),
        Tale::owed(1_002, 3_000),
        Tale::owed(1_003, 4_000),
    ];
    tales.iter().for_each(|tale| tale.tell(&world));
    sync(&world).report();
    let (first_day, owed) = (standing(&world), figures(&world));
    tales[0].net = 2_400;
    tales[1].paid = true;
    tales[1].fee = Some(93);
    tales[2].refunds.push((9_003, 1_000));
    tales[2].paid = true;
    tales.push(Tale {
        fee: Some(59),
        refunds: vec![(9_005, 600)],
        buyer: 77,
        sku: "NEW".to_owned(),
        ..Tale::paid(1_005, 6_000)
    });
    tales.push(Tale::owed(1_006, 7_000));
    tales.iter().for_each(|tale| tale.tell(&world));
    sync(&world).report();
    Stage {
        second_day: keep(&world),
        world,
        tales,
        first_day,
        owed,
    }
}

fn undone(world: &World) -> Vec<Problem> {
    let store = Store::open(&world.state()).expect("the state opens");
    let mut problems = store.problems(None, false).expect("problems are read");
    problems.retain(is_undone);
    problems
}

fn is_settled(world: &World) {
    let store = Store::open(&world.state()).expect("the state opens");
    assert_eq!(store.open_tickets("quickbooks"), Ok(vec![]), "unsettled");
}

fn check(tales: &[Tale], world: &World) {
    let now = Books::read(world);
    for tale in tales {
        assert_eq!(tale.check(&now), [] as [String; 0]);
    }
}

/// Cuts the undo everywhere; the same command again goes on.
fn cut_undo(stage: &Stage, how: How) -> u64 {
    let world = &stage.world;
    stage.reset();
    let run = last_run(world, "sync");
    let second_day = standing(world);
    let whole = End::never();
    let report = undo_until(world, &whole, &run).report();
    assert!(
        report.end.is_none() && report.problems.is_empty(),
        "{:?}",
        report.problems
    );
    let (wanted, owed) = (standing(world), figures(world));
    assert_eq!(wanted, stage.first_day, "as before the run");
    assert_eq!(owed, stage.owed, "to the cent");
    let effects = whole.seen();
    for at in 1..=effects {
        stage.reset();
        let end = End::at(at, how);
        let cut = undo_until(world, &end, &run);
        let killed = matches!(cut, Ended::Killed);
        assert!(
            killed || how != How::Killed,
            "effect {at} of {effects} was not reached"
        );
        world.company_is_idle();
        // A sync that comes in between posts nothing of what is half taken back.
        let touched = undone(world);
        let is_whole = standing(world) == second_day;
        assert!(
            is_whole || !touched.is_empty(),
            "cut at effect {at} of {effects}, {how:?}: something is gone, and nothing stands undone"
        );
        if !touched.is_empty() {
            world.forget_requests();
            let between = sync(world).report();
            assert!(between.end.is_none(), "{:?}", between.end);
            let created = between.tally.created + between.tally.updated;
            assert_eq!(created, 0, "cut at effect {at} of {effects}, {how:?}");
        }
        let again = undo_until(world, &End::never(), &run).report();
        assert!(
            again.end.is_none() && again.problems.is_empty(),
            "{:?}",
            again.problems
        );
        world.company_is_idle();
        assert_eq!(
            standing(world),
            wanted,
            "cut at effect {at} of {effects}, {how:?}"
        );
        assert_eq!(
            figures(world),
            owed,
            "cut at effect {at} of {effects}, {how:?}"
        );
        is_settled(world);
        world.forget_requests();
        sync(world).report();
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "cut at effect {at}, {how:?}"
        );
    }
    effects
}

/// Cuts the posting anew everywhere; an ordinary sync goes on.
fn cut_redo(stage: &Stage, how: How) -> u64 {
    let world = &stage.world;
    stage.reset();
    let run = last_run(world, "sync");
    undo_until(world, &End::never(), &run).report();
    let taken_back = stage.keep();
    let whole = End::never();
    redo_until(world, &whole, undone(world)).report();
    check(&stage.tales, world);
    let wanted = Books::read(world);
    let effects = whole.seen();
    for at in 1..=effects {
        stage.put_back(&taken_back);
        let end = End::at(at, how);
        redo_until(world, &end, undone(world));
        world.company_is_idle();
        let left = undone(world);
        if !left.is_empty() {
            redo_until(world, &End::never(), left).report();
        }
        sync(world).report();
        world.company_is_idle();
        assert_eq!(
            Books::read(world),
            wanted,
            "cut at effect {at} of {effects}, {how:?}"
        );
        is_settled(world);
        world.forget_requests();
        sync(world).report();
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "cut at effect {at}, {how:?}"
        );
    }
    effects
}

fn cut(batch: usize, changes: Value) {
    let stage = second_day(batch, changes);
    for how in [How::Killed, How::Unreachable] {
        let (back, again) = (cut_undo(&stage, how), cut_redo(&stage, how));
        println!(
            "undo: ended at each of {back} effects, and of {again} of what posts it again, {how:?}"
        );
        assert!(back > 10 && again > 10, "only {back} and {again} effects");
    }
}

#[test]
fn an_undo_that_is_cut_anywhere_in_full_batches() {
    cut(30, json!({}));
}

#[test]
fn an_undo_that_is_cut_anywhere_in_single_requests_to_a_company_that_forgets_keys() {
    cut(1, json!({ "ignore_requestid": true }));
}
