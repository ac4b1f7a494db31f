//! Cut: a run that holds every kind of document is ended at each of its effects in turn, and the next run goes on. The
//! books must come out as if nothing had happened.

use std::fmt::Write as _;

use serde_json::{Value, json};
use udsync::store::{Attempts, Memory, Problems, Store};

use crate::inprocess::{self, End, Ended, How, sync, sync_until};
use crate::tales::{Books, Tale, books};
use crate::world::{World, company, shop};

/// The shop and the books as they stand before the run that is cut.
struct Scene {
    world: World,
    shop: Value,
    company: Value,
    state: Vec<u8>,
    tales: Vec<Tale>,
}

impl Scene {
    /// A first day is in the books, and on the second day everything happens that can happen.
    fn set(batch: usize, changes: Value) -> Scene {
        let mut setup = company();
        setup["company"]["warn_duplicate_numbers"] = json!(false);
        for (key, value) in changes.as_object().expect("changes by key") {
            match key.as_str() {
                "warn_duplicate_numbers" => setup["company"][key] = value.clone(),
                _ => setup[key] = value.clone(),
            }
        }
        let world = World::new(shop(Vec::new()), setup, &books());
        // Of what is cut everything is done or was never sent, so nobody waits for as long.
        world.settle_after("20s");
        world.say_of_quickbooks(&format!("batch_size = {batch}"));
        let first_day = [
            Tale::paid(1_001, 2_000),
            Tale::owed(1_002, 3_000),
            Tale::owed(1_003, 4_000),
            Tale::owed(1_004, 5_000),
        ];
        for tale in &first_day {
            tale.tell(&world);
        }
        sync(&world).report();

        let [mut edited, mut paid, mut credited, mut cancelled] = first_day;
        edited.net = 2_400;
        paid.paid = true;
        paid.fee = Some(93);
        credited.refunds.push((9_003, 1_000));
        credited.paid = true;
        cancelled.cancelled = true;
        let fresh = Tale {
            fee: Some(59),
            refunds: vec![(9_005, 600)],
            buyer: 77,
            sku: "NEW".to_owned(),
            ..Tale::paid(1_005, 6_000)
        };
        let tales = vec![
            edited,
            paid,
            credited,
            cancelled,
            fresh,
            Tale::owed(1_006, 7_000),
        ];
        for tale in &tales {
            tale.tell(&world);
        }
        Scene {
            shop: world.store("snapshot"),
            company: world.books("snapshot"),
            state: consolidated(&world),
            world,
            tales,
        }
    }

    /// Everything as it was before the second day's run.
    fn reset(&self) {
        self.world.put_store("snapshot", &self.shop);
        self.world.put_back(&self.company, &self.state);
    }
}

/// The whole state in one file.
pub fn consolidated(world: &World) -> Vec<u8> {
    let copy = world.home.path().join("copy.db");
    let connection = rusqlite::Connection::open(world.state()).expect("the state opens");
    connection
        .execute("VACUUM INTO ?1", [copy.display().to_string()])
        .expect("a copy is made");
    let bytes = std::fs::read(&copy).expect("the copy is read");
    std::fs::remove_file(&copy).expect("the copy is removed");
    bytes
}

/// What the state file remembers, without ids.
fn memory(world: &World, tales: &[Tale]) -> String {
    let store = Store::open(&world.state()).expect("the state opens");
    let mut text = String::new();
    for tale in tales {
        for link in store
            .links_of_order("quickbooks", tale.id)
            .expect("links are read")
        {
            let posted = link.posted.expect("documents were posted");
            writeln!(
                text,
                "{} {:?} {} {} {:?}",
                link.subject, link.state, posted.total, posted.number, posted.fingerprint
            )
            .expect("a text grows");
        }
    }
    assert_eq!(store.open_tickets("quickbooks"), Ok(vec![]), "unsettled");
    assert_eq!(store.problems(None, true), Ok(vec![]), "problems");
    text
}

/// Ends the run at every so-manieth effect. How often a company is asked that takes its time `varies` with the machine: then a run may
/// be over before its last effects.
fn cut_everywhere(scene: &Scene, how: How, step: usize, varies: bool) -> u64 {
    scene.reset();
    let whole = End::never();
    sync_until(&scene.world, &whole).ended_well();
    let (wanted, remembered) = (
        Books::read(&scene.world),
        memory(&scene.world, &scene.tales),
    );
    let kinds: std::collections::BTreeSet<&str> = wanted
        .0
        .iter()
        .map(|standing| standing.entity.as_str())
        .collect();
    assert_eq!(kinds.len(), 6, "every kind of document: {kinds:?}");
    for tale in &scene.tales {
        assert_eq!(tale.check(&wanted), [] as [String; 0]);
    }
    let effects = whole.seen();
    let mut missed = 0;
    for at in (1..=effects).step_by(step) {
        scene.reset();
        let end = End::at(at, how);
        let cut = sync_until(&scene.world, &end);
        if how == How::Killed && !matches!(cut, Ended::Killed) {
            assert!(
                varies && end.seen() < at,
                "effect {at} of {effects} was not reached"
            );
            missed += 1;
        }
        sync(&scene.world).ended_well();
        scene.world.company_is_idle();
        assert_eq!(
            Books::read(&scene.world),
            wanted,
            "cut at effect {at} of {effects}, {how:?}"
        );
        assert_eq!(
            memory(&scene.world, &scene.tales),
            remembered,
            "cut at effect {at} of {effects}, {how:?}"
        );
        scene.world.forget_requests();
        sync(&scene.world).ended_well();
        assert_eq!(
            scene.world.books("counts")["writes"],
            json!(0),
            "cut at effect {at} of {effects}, {how:?}: the run after the next one wrote"
        );
    }
    assert!(
        missed * 4 <= effects / step as u64,
        "{missed} effects were not reached"
    );
    effects
}

impl Ended {
    #[track_caller]
    fn ended_well(self) {
        let report = self.report();
        assert!(report.end.is_none(), "{:?}", report.end);
        assert!(report.problems.is_empty(), "{:?}", report.problems);
    }
}

fn cut(batch: usize, changes: Value) {
    let scene = Scene::set(batch, changes);
    let mut effects = 0;
    for how in [How::Killed, How::Unreachable] {
        effects += cut_everywhere(&scene, how, 1, false);
    }
    println!("cut: ended at each of {effects} effects");
    assert!(effects > 20, "only {effects} effects");
}

#[test]
fn cut_anywhere_in_full_batches() {
    cut(30, json!({}));
}

#[test]
fn cut_anywhere_in_full_batches_of_a_company_that_forgets_keys() {
    cut(30, json!({ "ignore_requestid": true }));
}

#[test]
fn cut_anywhere_in_single_requests_to_a_company_that_forgets_keys() {
    cut(
        1,
        json!({ "ignore_requestid": true, "one_name_at_a_time": true }),
    );
}

#[test]
fn cut_anywhere_in_small_batches() {
    cut(3, json!({}));
}

/// The company cuts every write off on its way and does it all the same.
fn cut_slow(step: usize, mut changes: Value) {
    changes["item_latency_ms"] = json!(2);
    changes["gives_up_after_ms"] = json!(4);
    let scene = Scene::set(30, changes);
    let effects = cut_everywhere(&scene, How::Killed, step, true);
    println!("cut: ended at every {step}th of {effects} effects");
    assert!(effects > 20, "only {effects} effects");
}

#[test]
fn cut_while_a_slow_company_goes_on_that_forgets_keys() {
    cut_slow(3, json!({ "ignore_requestid": true }));
}

#[test]
fn cut_while_a_slow_company_goes_on_that_heeds_keys_and_numbers() {
    cut_slow(5, json!({ "warn_duplicate_numbers": true }));
}

/// The order of a scene is what the other tests rely on.
#[test]
fn an_uncut_run_in_this_process_does_what_the_binary_does() {
    let here = Scene::set(30, json!({}));
    sync(&here.world).ended_well();
    let there = Scene::set(30, json!({}));
    there.world.run("sync orders --yes").ends_with(0);
    assert_eq!(Books::read(&here.world), Books::read(&there.world));
    assert_eq!(
        inprocess::app(&here.world).config.shop.name,
        inprocess::app(&there.world).config.shop.name
    );
}
