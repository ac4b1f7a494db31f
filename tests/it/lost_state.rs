//! The state file is lost, or an older copy of it is put back; and people work in the books meanwhile. Nothing is posted a
//! second time, and nobody's work is overwritten.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::tales::{Books, Tale, books};
use crate::world::{World, company, shop};

fn world_of(tales: &[Tale], changes: &[(&str, Value)]) -> World {
    let mut setup = company();
    // A second document of a number must be our own doing to be seen.
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    for (name, value) in changes {
        setup[*name] = value.clone();
    }
    let world = World::new(shop(Vec::new()), setup, &books());
    for tale in tales {
        tale.tell(&world);
    }
    world
}

fn files(world: &World) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| PathBuf::from(format!("{}{ending}", world.state().display())))
}

fn lose_state(world: &World) {
    for file in files(world) {
        let _ = std::fs::remove_file(file);
    }
}

fn copy_of_state(world: &World) -> Vec<u8> {
    // The binary has ended and left one file.
    assert!(!files(world)[1].exists(), "a log is left beside the state");
    std::fs::read(world.state()).expect("the state is read")
}

fn put_back(world: &World, copy: &[u8]) {
    lose_state(world);
    std::fs::write(world.state(), copy).expect("the state is put back");
}

/// A run that must write nothing, and the one after it.
#[track_caller]
fn writes_nothing(world: &World, line: &str) {
    for turn in ["first", "second"] {
        world.forget_requests();
        world.run(line).ends_with(0);
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "the {turn} run wrote: {}",
            world.books("requests")
        );
    }
}

#[track_caller]
fn all_well(world: &World, tales: &[Tale]) {
    let books = Books::read(world);
    let wrong: Vec<String> = tales.iter().flat_map(|tale| tale.check(&books)).collect();
    assert_eq!(wrong, [] as [String; 0]);
}

/// A shop with one order of every fate, worked off in two days.
fn lived(changes: &[(&str, Value)]) -> (World, Vec<Tale>, Vec<u8>) {
    let first = [
        Tale::paid(1_001, 2_000),
        Tale::owed(1_002, 3_000),
        Tale::owed(1_003, 4_000),
        Tale::owed(1_004, 5_000),
        Tale::paid(1_005, 6_000),
    ];
    let world = world_of(&first, changes);
    world.run("sync orders").ends_with(0);
    let copy = copy_of_state(&world);
    let [
        mut edited,
        mut paid,
        mut credited,
        mut cancelled,
        mut returned,
    ] = first;
    edited.net = 2_400;
    paid.paid = true;
    paid.fee = Some(93);
    credited.refunds.push((9_003, 1_000));
    credited.paid = true;
    cancelled.cancelled = true;
    returned.refunds.push((9_005, 600));
    returned.fee = Some(41);
    let mut tales = vec![edited, paid, credited, cancelled, returned];
    tales.push(Tale::paid(1_006, 7_000));
    for tale in &tales {
        tale.tell(&world);
    }
    world.run("sync orders --yes").ends_with(0);
    // Edited once more, so that a document has been changed twice.
    tales[0].net = 2_800;
    tales[0].tell(&world);
    world.run("sync orders --yes").ends_with(0);
    all_well(&world, &tales);
    (world, tales, copy)
}

#[test]
fn a_lost_state_is_found_again_in_the_books() {
    for forgets in [false, true] {
        let (world, tales, _) = lived(&[("ignore_requestid", json!(forgets))]);
        let before = Books::read(&world);
        lose_state(&world);
        writes_nothing(&world, "sync orders --yes");
        assert_eq!(Books::read(&world), before);
        // And what was taken up again is known: another edit goes to the same document.
        let mut edited = tales[5].clone();
        edited.net = 7_400;
        edited.tell(&world);
        let ran = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!((ran.figure("updated"), ran.figure("created")), (1, 0));
        assert_eq!(Books::read(&world).0.len(), before.0.len());
    }
}

/// The text with every marker as the first version wrote it, and how many there are.
fn with_markers_of_version_1(text: &str) -> (String, usize) {
    let mut parts = text.split("[udsync v=2 store=");
    let mut old = parts.next().unwrap_or_default().to_owned();
    let mut count = 0;
    for part in parts {
        let (marker, rest) = part.split_once(']').expect("a marker ends");
        let words: Vec<&str> = marker.split(' ').collect();
        let [store, origin, role, revision] = words[..] else {
            panic!("no marker of version 2: {marker}");
        };
        let order = origin.strip_prefix("origin=order:").expect("an order");
        let role = role
            .strip_prefix("role=")
            .expect("a role")
            .replace(':', " ref=");
        old.push_str(&format!(
            "[udsync store={store} order={order} kind={role} {revision}]{rest}"
        ));
        count += 1;
    }
    (old, count)
}

/// Books that an earlier udsync has written to, and nothing else to know them by.
#[test]
fn markers_of_the_first_version_are_recognised_and_nothing_is_doubled() {
    for forgets in [false, true] {
        let (world, mut tales, _) = lived(&[("ignore_requestid", json!(forgets))]);
        let (old, markers) = with_markers_of_version_1(&world.books("snapshot").to_string());
        assert!(markers > 10, "only {markers} markers were made older");
        let old: Value = serde_json::from_str(&old).expect("still JSON");
        world.put_books("snapshot", &old);
        let before = Books::read(&world);
        lose_state(&world);
        writes_nothing(&world, "sync orders --yes");
        assert_eq!(Books::read(&world), before);
        writes_nothing(&world, "sync orders --yes --full --verify");
        // What was taken up is changed in its place, and says so in the words of today.
        for (tale, net) in [(0, 3_600), (5, 7_400)] {
            tales[tale].net = net;
            tales[tale].tell(&world);
        }
        let ran = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!((ran.figure("updated"), ran.figure("created")), (2, 0));
        assert_eq!(Books::read(&world).0.len(), before.0.len());
        all_well(&world, &tales);
        // And so they are found whichever of the two they carry.
        lose_state(&world);
        writes_nothing(&world, "sync orders --yes");
        all_well(&world, &tales);
    }
}

#[test]
fn an_older_state_put_back_takes_up_what_it_does_not_know() {
    for forgets in [false, true] {
        let (world, tales, copy) = lived(&[("ignore_requestid", json!(forgets))]);
        let before = Books::read(&world);
        put_back(&world, &copy);
        writes_nothing(&world, "sync orders --yes");
        assert_eq!(Books::read(&world), before);
        put_back(&world, &copy);
        writes_nothing(&world, "sync orders --yes --full");
        assert_eq!(Books::read(&world), before);
        // An edit after that updates what an older revision is remembered of.
        put_back(&world, &copy);
        let mut edited = tales[0].clone();
        edited.net = 3_600;
        edited.tell(&world);
        let ran = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!((ran.figure("updated"), ran.figure("created")), (1, 0));
        let mut tales = tales;
        tales[0] = edited;
        all_well(&world, &tales);
    }
}

#[test]
fn an_order_that_is_withdrawn_while_the_state_is_lost_has_its_invoice_voided() {
    type Loss = fn(&World, &[u8]);
    let losses: [Loss; 2] = [|world, _| lose_state(world), put_back];
    for lose in losses {
        for trashed in [false, true] {
            let mut known = Tale::owed(1_001, 2_000);
            let world = world_of(std::slice::from_ref(&known), &[]);
            world.run("sync orders").ends_with(0);
            let copy = copy_of_state(&world);
            let mut unknown = Tale::owed(1_002, 3_000);
            unknown.tell(&world);
            world.run("sync orders").ends_with(0);
            lose(&world, &copy);
            for tale in [&mut known, &mut unknown] {
                tale.cancelled = !trashed;
                tale.trashed = trashed;
                tale.tell(&world);
            }
            let ran = world.run("sync orders --yes --json").ends_with(0);
            assert_eq!(
                ran.json()["changes"]
                    .as_array()
                    .expect("changes")
                    .iter()
                    .filter(|change| change["action"] == json!("void"))
                    .count(),
                2,
                "{}",
                ran.out
            );
            let states: Vec<String> = Books::read(&world)
                .0
                .iter()
                .map(|one| one.state.clone())
                .collect();
            assert_eq!(states, ["voided", "voided"]);
            writes_nothing(&world, "sync orders --yes");
            lose_state(&world);
            writes_nothing(&world, "sync orders --yes");
        }
    }
}

/// Changes a document as a bookkeeper would: another amount on its first line.
fn edit_by_hand(world: &World, number: &str) -> Value {
    let document = world
        .documents()
        .into_iter()
        .find(|one| one["object"]["DocNumber"] == json!(number))
        .expect("it is in the books");
    let mut lines = document["object"]["Line"].clone();
    lines[0]["Amount"] = json!(11.0);
    lines[0]["SalesItemLineDetail"]["UnitPrice"] = json!(11.0);
    lines[0]["SalesItemLineDetail"]["Qty"] = json!(1);
    world.tell_books(
        "edit",
        json!({ "entity": document["entity"], "id": document["id"], "set": { "Line": lines, "TotalAmt": 12.0, "CustomerMemo": { "value": "by hand" } } }),
    )
}

#[test]
fn what_a_bookkeeper_changed_is_never_overwritten() {
    for lost in [false, true] {
        let mut tales = vec![
            Tale::paid(1_001, 2_000),
            Tale::owed(1_002, 3_000),
            Tale::owed(1_003, 4_000),
        ];
        let world = world_of(&tales, &[]);
        world.run("sync orders").ends_with(0);
        for number in ["WC-1001", "WC-1002", "WC-1003"] {
            edit_by_hand(&world, number);
        }
        let by_hand = Books::read(&world);
        if lost {
            lose_state(&world);
            world.forget_requests();
            let ran = world.run("sync orders --yes --json").ends_with(3);
            // Without a memory nobody can say who changed it, so it waits even though the order did not change.
            assert_eq!(
                ran.held(),
                ["1001", "1002", "1003"]
                    .map(|number| format!("{number} conflict edited_in_quickbooks"))
            );
        } else {
            writes_nothing(&world, "sync orders --yes");
        }
        // The shop changes them too: edited, cancelled, edited.
        tales[0].net = 2_400;
        tales[1].cancelled = true;
        tales[2].net = 4_800;
        for tale in &tales {
            tale.tell(&world);
        }
        for line in [
            "sync orders --yes --json",
            "sync orders --yes --json",
            "sync orders --yes --full --json",
            "retry --all --yes --json",
        ] {
            world.forget_requests();
            let ran = world.run(line).ends_with(3);
            assert_eq!(
                ran.held(),
                ["1001", "1002", "1003"]
                    .map(|number| format!("{number} conflict edited_in_quickbooks")),
                "{line}"
            );
            assert_eq!(world.books("counts")["writes"], json!(0), "{line}");
        }
        assert_eq!(Books::read(&world), by_hand);
    }
}

#[test]
fn a_conflict_is_over_when_both_agree() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale), &[]);
    world.run("sync orders").ends_with(0);
    let id = world.documents()[0]["id"].clone();
    let posted = world.documents()[0]["object"].clone();
    edit_by_hand(&world, "WC-1001");
    tale.net = 2_400;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(3);
    // The bookkeeper makes it what the shop says now.
    let mut lines = posted["Line"].clone();
    lines[0]["Amount"] = json!(24.0);
    let mut tax = posted["TxnTaxDetail"].clone();
    tax["TotalTax"] = json!(1.2);
    tax["TaxLine"][0]["Amount"] = json!(1.2);
    world.tell_books(
        "edit",
        json!({ "entity": "SalesReceipt", "id": id, "set": { "Line": lines, "TxnTaxDetail": tax, "TotalAmt": 25.2 } }),
    );
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
    all_well(&world, &[tale]);
}

#[test]
fn a_document_that_a_person_deleted_or_voided_is_not_made_again() {
    for what in ["delete", "void"] {
        for kind in ["SalesReceipt", "Invoice"] {
            let mut tale = if kind == "Invoice" {
                Tale::owed(1_001, 2_000)
            } else {
                Tale::paid(1_001, 2_000)
            };
            let world = world_of(std::slice::from_ref(&tale), &[]);
            world.run("sync orders").ends_with(0);
            let id = world.documents()[0]["id"].clone();
            world.tell_books(what, json!({ "entity": kind, "id": id }));
            writes_nothing(&world, "sync orders --yes");
            tale.net = 2_400;
            tale.tell(&world);
            for _ in 0..2 {
                world.forget_requests();
                let ran = world.run("sync orders --yes --json").ends_with(3);
                assert_eq!(
                    ran.held(),
                    ["1001 conflict edited_in_quickbooks"],
                    "{what} {kind}"
                );
                assert_eq!(world.books("counts")["writes"], json!(0));
            }
            assert_eq!(world.documents().len(), 1);
        }
    }
}

#[test]
fn two_orders_with_one_number_are_not_mixed_up() {
    for lost in [false, true] {
        let first = Tale::paid(1_001, 2_000);
        let second = Tale {
            number: "1001".to_owned(),
            ..Tale::owed(1_002, 3_000)
        };
        let world = world_of(&[first.clone(), second.clone()], &[]);
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(ran.held(), ["1001 held doc_number_conflict"]);
        all_well(&world, std::slice::from_ref(&first));
        assert_eq!(world.documents().len(), 1);
        if lost {
            lose_state(&world);
        }
        // The first one is edited and the second one paid: each stays what it is.
        let (mut first, mut second) = (first, second);
        first.net = 2_400;
        second.paid = true;
        for tale in [&first, &second] {
            tale.tell(&world);
        }
        for _ in 0..2 {
            let ran = world.run("sync orders --yes --json").ends_with(3);
            assert_eq!(ran.held(), ["1001 held doc_number_conflict"]);
        }
        all_well(&world, std::slice::from_ref(&first));
        assert_eq!(world.documents().len(), 1);
        // Once it has a number of its own it is posted.
        second.number = "1002".to_owned();
        second.tell(&world);
        world.run("sync orders --yes").ends_with(0);
        all_well(&world, &[first, second]);
    }
}

#[test]
fn a_number_that_a_stranger_uses_is_left_to_them() {
    let tale = Tale::paid(1_001, 2_000);
    let stranger = json!([{ "entity": "SalesReceipt", "doc_number": "WC-1001", "customer": "Jane Doe", "txn_date": "2025-01-01", "total": "10.00" }]);
    let world = world_of(
        std::slice::from_ref(&tale),
        &[
            ("documents", stranger),
            ("customers", json!([{ "display_name": "Jane Doe" }])),
        ],
    );
    for _ in 0..2 {
        world.forget_requests();
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(ran.held(), ["1001 held doc_number_conflict"]);
        assert_eq!(world.books("counts")["writes"], json!(0));
    }
    assert_eq!(world.documents().len(), 0);
}

/// The run is killed after the work was done, the bookkeeper is quicker than the next run, and then the shop changes too.
#[test]
fn what_a_bookkeeper_changed_before_we_knew_it_was_posted_is_theirs() {
    use crate::inprocess::{End, Ended, How, sync, sync_until};
    let mut tale = Tale::paid(1_001, 2_000);
    let mut cut = 0;
    for at in 1.. {
        let world = world_of(std::slice::from_ref(&tale), &[]);
        if !matches!(sync_until(&world, &End::at(at, How::Killed)), Ended::Killed) {
            break;
        }
        if world.documents().is_empty() {
            continue;
        }
        cut += 1;
        edit_by_hand(&world, "WC-1001");
        let by_hand = Books::read(&world);
        sync(&world).report();
        assert_eq!(Books::read(&world), by_hand, "cut at {at}");
        tale.net = 2_400;
        tale.tell(&world);
        let report = sync(&world).report();
        assert_eq!(report.problems.len(), 1, "cut at {at}");
        assert_eq!(report.problems[0].reason.code, "edited_in_quickbooks");
        assert_eq!(Books::read(&world), by_hand, "cut at {at}");
        tale.net = 2_000;
    }
    assert!(cut > 1, "only {cut} cuts after the posting");
}
