//! A run taken back that wrote to the shop: what it changed of accounts and products goes back where both sides still say what was
//! written, notes and statuses stay and are told, and nothing of it comes again by itself.

use serde_json::{Value, json};
use udsync::store::{Attempts, ShopAttempts, Store};

use crate::api_client::Api;
use crate::both_ways::{
    Beginning, account, call_in_books, call_in_shop, card, edit, in_shop, item, nothing_more,
    phone_in_books, phone_in_shop, product, sync, with, world, writes_to_shop,
};
use crate::inprocess::{End, Ended, How, sync_customers, sync_customers_until, undo_until};
use crate::world::{BOOKS, Ran, World, company, shop, until};

/// A run that has written a telephone and a price to the shop, and a telephone to the books: the world, and the run.
fn written() -> (World, String) {
    let world = world(
        &[account(7, "Kim", "1"), account(8, "Ann", "2")],
        &[product(10, "Mug", "MUG", "12.50")],
        "",
    );
    call_in_books(&world, "Kim Reed", "604");
    call_in_shop(&world, 8, "778");
    price_in_books(&world, 13.25);
    let run = run_id(&sync(&world).ends_with(0));
    assert_eq!(stands(&world), ["604", "604", "778", "778", "13.25"]);
    (world, run)
}

fn price_in_books(world: &World, price: f64) {
    let mug = item(world, "MUG")["Id"].clone();
    edit(world, "Item", &mug, json!({ "UnitPrice": price }));
}

fn run_id(ran: &Ran) -> String {
    ran.json()["run_id"].as_str().expect("an id").to_owned()
}

/// The telephones of both in the shop and in the books, and the price of the mug in the shop.
fn stands(world: &World) -> [String; 5] {
    let word = |value: Value| value.as_str().unwrap_or("-").to_owned();
    [
        word(phone_in_shop(world, 7)),
        word(phone_in_books(world, "Kim Reed")),
        word(phone_in_shop(world, 8)),
        word(phone_in_books(world, "Ann Reed")),
        word(in_shop(world, "products/10")["regular_price"].clone()),
    ]
}

const TAKEN_BACK: [&str; 5] = ["1", "604", "778", "2", "12.50"];

/// A run in which nothing is written anywhere, because what was taken back waits.
#[track_caller]
fn waits(world: &World, code: i32) -> Ran {
    let before = stands(world);
    world.forget_requests();
    let ran = sync(world).ends_with(code);
    assert_eq!(writes_to_shop(world), json!([]));
    assert_eq!(world.books("counts")["writes"], json!(0));
    assert_eq!(stands(world), before);
    ran
}

fn details(ran: &Ran) -> Vec<String> {
    let details = ran.json()["details"].as_array().expect("details").clone();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut told: Vec<String> = details
        .iter()
        .map(|one| format!("{} {}", word(&one["document"]), word(&one["code"])))
        .collect();
    told.sort();
    told
}

fn changes(ran: &Ran) -> Vec<String> {
    let changes = ran.json()["changes"].as_array().expect("a list").clone();
    let mut told: Vec<String> = changes
        .iter()
        .map(|change| {
            let word = |name: &str| change[name].as_str().unwrap_or("?").to_lowercase();
            format!("{} {} {}", word("target"), word("action"), word("entity"))
        })
        .collect();
    told.sort();
    told
}

#[test]
fn what_a_run_wrote_to_either_side_is_taken_back_and_comes_again_only_when_it_is_asked_for() {
    let (world, run) = written();
    world.forget_requests();
    let foreseen = world
        .run(&format!("undo {run} --dry-run --json"))
        .ends_with(0);
    let all = [
        "quickbooks update customer",
        "woocommerce update customer",
        "woocommerce update product",
    ];
    assert_eq!(changes(&foreseen), all);
    assert_eq!(
        writes_to_shop(&world),
        json!([]),
        "a dry run writes nothing"
    );
    assert_eq!(world.books("counts")["writes"], json!(0));
    let undone = world
        .run(&format!("undo {run} --yes --why tests --json"))
        .ends_with(0);
    assert_eq!(changes(&undone), all);
    assert_eq!(stands(&world), TAKEN_BACK);
    let history = world
        .run(&format!("history {} --json", run_id(&undone)))
        .ends_with(0);
    assert_eq!(
        history.out.matches("\"target\":\"woocommerce\"").count()
            + history.out.matches("\"target\": \"woocommerce\"").count(),
        2,
        "{}",
        history.out
    );

    // Neither repeated nor turned round, however often; and what is changed meanwhile waits as well.
    for _ in 0..2 {
        let ran = waits(&world, 3);
        assert_eq!(ran.codes(), ["undone", "undone", "undone"]);
    }
    world.run("retry --all --yes").ends_with(3);
    call_in_books(&world, "Kim Reed", "605");
    waits(&world, 3);
    let told = world.run("explain customer/7").ends_with(0).out;
    assert!(told.contains("tests") && told.contains(&run), "{told}");

    // A second undo finds nothing, and says so.
    let again = world.run(&format!("undo {run} --yes --json")).ends_with(0);
    assert_eq!(changes(&again), [] as [&str; 0]);
    waits(&world, 3);

    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    assert_eq!(stands(&world), ["605", "605", "778", "778", "13.25"]);
    nothing_more(&world);
}

#[test]
fn one_record_is_asked_for_by_its_id_and_the_others_wait() {
    let (world, run) = written();
    world.run(&format!("undo {run} --yes")).ends_with(0);
    world.run("sync customers --id 7 --yes").ends_with(3);
    assert_eq!(stands(&world), ["604", "604", "778", "2", "12.50"]);
    assert_eq!(waits(&world, 3).codes(), ["undone", "undone"]);
    let listed = world.run("retry --json").ends_with(0).json();
    let problems = listed["problems"].as_array().expect("a list").clone();
    let mug = problems
        .iter()
        .find(|one| one["source"]["entity"] == "product")
        .unwrap_or_else(|| panic!("{listed}"));
    let id = mug["id"].as_str().expect("an id");
    world.run(&format!("retry {id} --yes")).ends_with(3);
    assert_eq!(stands(&world), ["604", "604", "778", "2", "13.25"]);
}

/// The word is given and taken back within a minute: that is no other program that fights over the field.
#[test]
fn taking_back_and_asking_again_is_no_fight() {
    let (world, run) = written();
    let mut run = run;
    for _ in 0..4 {
        world.run(&format!("undo {run} --yes")).ends_with(0);
        assert_eq!(stands(&world), TAKEN_BACK);
        run = run_id(
            &world
                .run(&format!("retry --run {run} --yes --json"))
                .ends_with(0),
        );
        assert_eq!(stands(&world), ["604", "604", "778", "778", "13.25"]);
    }
    nothing_more(&world);
}

#[test]
fn whatever_somebody_changed_since_is_in_the_way_before_the_first_write() {
    let (world, run) = written();
    call_in_shop(&world, 7, "999");
    let ann = card(&world, "Ann Reed")["Id"].clone();
    edit(&world, "Customer", &ann, json!({ "Notes": "hers" }));
    world.delete_store("products/10");
    world.forget_requests();
    let stopped = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(stopped.json()["code"], "undo_blocked");
    assert_eq!(
        details(&stopped),
        [
            "customer 7 in the shop changed_in_shop".to_owned(),
            format!(
                "customer 8 (id {}) edited_in_quickbooks",
                ann.as_str().expect("an id")
            ),
            "product MUG in the shop gone_in_shop".to_owned(),
        ]
    );
    assert_eq!(writes_to_shop(&world), json!([]));
    assert_eq!(world.books("counts")["writes"], json!(0));
    let foreseen = world
        .run(&format!("undo {run} --dry-run --json"))
        .ends_with(7);
    assert_eq!(details(&foreseen), details(&stopped));
}

#[test]
fn partly_takes_back_what_nobody_touched() {
    let (world, run) = written();
    call_in_shop(&world, 7, "999");
    let undone = world
        .run(&format!("undo {run} --partial --yes --json"))
        .ends_with(3);
    assert!(undone.out.contains("changed_in_shop"), "{}", undone.out);
    assert_eq!(stands(&world), ["999", "604", "778", "2", "12.50"]);
    // The one that was left is as any other record: both have changed nothing more than she did.
    world.forget_requests();
    let ran = sync(&world).ends_with(3);
    assert_eq!(ran.codes(), ["undone", "undone"]);
    assert_eq!(phone_in_books(&world, "Kim Reed"), json!("999"));
}

#[test]
fn a_later_run_is_taken_back_first() {
    let (world, first) = written();
    call_in_books(&world, "Kim Reed", "605");
    let second = run_id(&sync(&world).ends_with(0));
    let stopped = world
        .run(&format!("undo {first} --yes --json"))
        .ends_with(7);
    assert_eq!(details(&stopped), ["customer 7 in the shop later_run"]);
    assert!(stopped.out.contains(&second), "{}", stopped.out);
    world.run(&format!("undo {second} --yes")).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    world.run(&format!("undo {first} --yes")).ends_with(0);
    assert_eq!(stands(&world), ["1", "605", "778", "2", "12.50"]);
    waits(&world, 3);
    world
        .run(&format!("retry --run {first} --yes"))
        .ends_with(0);
    assert_eq!(stands(&world), ["605", "605", "778", "778", "13.25"]);
    nothing_more(&world);
}

/// Two that meet for the first time, one of them with an empty field: it was filled, is emptied again, and filled when it is asked for.
/// Two runs wrote to a customer of the books, and between them somebody added a note there: the first run cannot be taken back without
/// that note, so it is not.
#[test]
fn what_somebody_changed_between_two_runs_is_not_taken_back_with_the_first() {
    let world = world(&[account(8, "Ann", "2")], &[], "");
    call_in_shop(&world, 8, "778");
    let first = run_id(&sync(&world).ends_with(0));
    let ann = card(&world, "Ann Reed")["Id"].clone();
    edit(&world, "Customer", &ann, json!({ "Notes": "pays late" }));
    call_in_shop(&world, 8, "779");
    let second = run_id(&sync(&world).ends_with(0));
    assert_eq!(card(&world, "Ann Reed")["Notes"], json!("pays late"));
    world
        .run(&format!("undo {second} --yes --json"))
        .ends_with(0);
    assert_eq!(phone_in_books(&world, "Ann Reed"), json!("778"));
    let refused = world
        .run(&format!("undo {first} --yes --json"))
        .ends_with(7);
    assert!(
        refused.out.contains("edited_in_quickbooks"),
        "{}",
        refused.out
    );
    assert_eq!(card(&world, "Ann Reed")["Notes"], json!("pays late"));
    assert_eq!(phone_in_books(&world, "Ann Reed"), json!("778"));
}

#[test]
fn what_was_filled_is_emptied_again() {
    let world = world(&[account(7, "Kim", "")], &[], "");
    call_in_books(&world, "Kim Reed", "604");
    let run = run_id(&sync(&world).ends_with(0));
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    world.run(&format!("undo {run} --yes")).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!(""));
    assert_eq!(phone_in_books(&world, "Kim Reed"), json!("604"));
    world.forget_requests();
    sync(&world).ends_with(3);
    assert_eq!(writes_to_shop(&world), json!([]));
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    nothing_more(&world);
}

/// One way only: an account fills in what its customer lacks.
#[test]
fn a_customer_that_a_run_filled_in_gets_its_former_words() {
    let mut shop = shop(Vec::new());
    shop["customers"] = json!([with(account(7, "Kim", "1"), "/billing/company", "Reed Ltd")]);
    let world = World::new(shop, company(), BOOKS);
    let made = world.tell_books(
        "create",
        json!({ "entity": "Customer", "body": { "DisplayName": "Kim Reed", "GivenName": "Kim", "FamilyName": "Reed",
            "PrimaryEmailAddr": { "Address": "kim@example.com" } } }),
    );
    assert!(made["Id"].is_string(), "{made}");
    let run = run_id(&world.run("sync customers --yes --json").ends_with(0));
    let now = |world: &World| {
        let card = card(world, "Kim Reed");
        let address = card["BillAddr"]["Line1"].clone();
        (
            card["CompanyName"].clone(),
            phone_in_books(world, "Kim Reed"),
            address,
        )
    };
    let filled = (json!("Reed Ltd"), json!("1"), json!("1 Main St"));
    assert_eq!(now(&world), filled);
    world.run(&format!("undo {run} --yes")).ends_with(0);
    let nothing = |value: &Value| value.is_null() || *value == "";
    let (company, phone, address) = now(&world);
    assert!(
        nothing(&company) && nothing(&phone) && nothing(&address),
        "{company} {phone} {address}"
    );
    assert_eq!(
        card(&world, "Kim Reed")["PrimaryEmailAddr"]["Address"],
        "kim@example.com"
    );
    world.forget_requests();
    for line in ["sync customers --yes", "sync customers --full --yes"] {
        world.run(line).ends_with(3);
        assert_eq!(world.books("counts")["writes"], json!(0), "{line}");
    }
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    assert_eq!(now(&world), filled);
    world.forget_requests();
    world.run("sync customers --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn former_content_that_is_kept_no_more_is_not_made_up() {
    let world = world(
        &[account(7, "Kim", "1")],
        &[],
        "[privacy]\nkeep_bodies = \"1s\"\n",
    );
    call_in_books(&world, "Kim Reed", "604");
    let run = run_id(&sync(&world).ends_with(0));
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    nothing_more(&world);
    let stopped = world.run(&format!("undo {run} --yes --json")).ends_with(7);
    assert_eq!(
        details(&stopped),
        ["customer 7 in the shop former_content_gone"]
    );
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
}

#[test]
fn a_saved_plan_takes_back_exactly_that_or_is_out_of_date() {
    let (world, run) = written();
    world
        .run(&format!("undo {run} --out undo.json"))
        .ends_with(0);
    call_in_shop(&world, 7, "999");
    world.run("apply undo.json --yes").ends_with(7);
    call_in_shop(&world, 7, "604");
    world.run("apply undo.json --yes").ends_with(0);
    assert_eq!(stands(&world), TAKEN_BACK);
    waits(&world, 3);
    world.run("apply undo.json --yes").ends_with(6);
}

#[test]
fn an_owner_takes_it_back_over_the_api() {
    let (world, run) = written();
    let api = Api::serve(&world);
    let begun = loop {
        let begun = api
            .post(&format!("/api/undo/{run}"))
            .json(&json!({ "why": "tests" }))
            .send();
        if begun.status != 409 {
            break begun.is(202);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    let done = api.ended(begun.header("location"));
    let to_shop = |change: &&Value| change["target"] == "woocommerce";
    let changes = done["changes"].as_array().expect("a list").clone();
    assert_eq!(changes.iter().filter(to_shop).count(), 2, "{done}");
    assert_eq!(stands(&world), TAKEN_BACK);
    let held = api.get("/api/sync/failures").send().is(200).body;
    assert_eq!(held["items"].as_array().map(Vec::len), Some(3), "{held}");
    let id = held["items"][0]["id"].as_str().expect("an id");
    let begun = api
        .post("/api/sync/retry")
        .json(&json!({ "ids": [id] }))
        .send();
    if begun.status == 202 {
        api.ended(begun.header("location"));
        assert_ne!(stands(&world), TAKEN_BACK);
    } else {
        panic!("{} {}", begun.status, begun.body);
    }
}

/// What was sent to the shop since the writes were forgotten.
fn sent(world: &World) -> usize {
    world.store("writes").as_array().expect("a list").len()
}

#[test]
fn a_lost_answer_to_an_undo_is_asked_for_and_nothing_is_written_twice() {
    for what in [
        "lose_answer",
        "reset",
        "truncated",
        "server_error",
        "bad_gateway",
    ] {
        let (world, run) = written();
        let before = sent(&world);
        world.tell_store(
            "mishaps",
            json!({ "what": what, "method": "PUT", "path": "customers/7", "times": 1 }),
        );
        world.run(&format!("undo {run} --yes")).ends_with(0);
        world.clear_mishaps();
        assert_eq!(stands(&world), TAKEN_BACK, "{what}");
        assert!(sent(&world) - before <= 3, "{what}: one more at most");
        world.run(&format!("undo {run} --yes")).ends_with(0);
        waits(&world, 3);
    }
}

/// After the shop has done it and before we know, and before the shop has done anything: the process is gone, and the next one finds out.
#[test]
fn a_process_that_dies_at_any_write_of_an_undo_leaves_each_written_once() {
    for at in 0..2 {
        for is_done in [false, true] {
            let (world, run) = written();
            let before = sent(&world);
            let held_up = if is_done { at + 1 } else { at };
            let rule = json!({ "what": "delay", "ms": 60_000, "method": "PUT", "skip": held_up, "times": 1 });
            world.tell_store("mishaps", rule);
            let mut child = world
                .command(&format!("undo {run} --yes"))
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .expect("it starts");
            let sent_by_state = || {
                let Ok(state) = rusqlite::Connection::open(world.state()) else {
                    return 0_usize;
                };
                let sent = "SELECT count(*) FROM shop_writes WHERE sent_at IS NOT NULL AND mark LIKE 'udsync undo%'";
                let sent: u16 = state.query_row(sent, [], |row| row.get(0)).unwrap_or(0);
                usize::from(sent)
            };
            until("it is under way", || {
                sent(&world) - before == held_up && (held_up == 2 || sent_by_state() > held_up)
            });
            child.kill().expect("killed");
            child.wait().expect("gone");
            world.clear_mishaps();
            // A run in between turns nothing round.
            sync(&world).ends_with(3);
            world.run(&format!("undo {run} --yes")).ends_with(0);
            assert_eq!(stands(&world), TAKEN_BACK, "{at} {is_done}");
            assert_eq!(sent(&world) - before, 2, "{at} {is_done}: once each");
            waits(&world, 3);
            world.run(&format!("retry --run {run} --yes")).ends_with(0);
            assert_eq!(stands(&world), ["604", "604", "778", "778", "13.25"]);
            nothing_more(&world);
        }
    }
}

#[test]
fn an_undo_that_is_ended_anywhere_goes_on_and_agrees_on_what_both_say() {
    let world = world(&[account(7, "Kim", "1"), account(8, "Ann", "2")], &[], "");
    sync_customers(&world).report();
    call_in_books(&world, "Kim Reed", "604");
    call_in_shop(&world, 8, "778");
    sync_customers(&world).report();
    let run = crate::undo::last_run(&world, "sync");
    let beginning = Beginning::of(&world);
    let whole = End::never();
    undo_until(&world, &whole, &run).report();
    let phones = |world: &World| {
        (
            phone_in_shop(world, 7),
            phone_in_books(world, "Kim Reed"),
            phone_in_shop(world, 8),
            phone_in_books(world, "Ann Reed"),
        )
    };
    let wanted = (json!("1"), json!("604"), json!("778"), json!("2"));
    assert_eq!(phones(&world), wanted);
    let mut cuts = 0;
    for at in 1..=whole.seen() {
        beginning.again(&world);
        let cut = undo_until(&world, &End::at(at, How::Killed), &run);
        assert!(matches!(cut, Ended::Killed), "effect {at} was not reached");
        world.company_is_idle();
        // A sync that comes in between settles a request that was on the disk, and turns nothing round.
        let half = phones(&world);
        sync_customers_until(&world, &End::never()).report();
        let now = phones(&world);
        let is_settled = now.3 == half.3 || now.3 == wanted.3;
        assert!(is_settled, "cut at {at}: {now:?}");
        assert_eq!(
            (now.0, now.1, now.2),
            (half.0, half.1, half.2),
            "cut at {at}"
        );
        undo_until(&world, &End::never(), &run).report();
        assert_eq!(phones(&world), wanted, "cut at {at}");
        for _ in 0..2 {
            world.forget_requests();
            sync_customers(&world).report();
            assert_eq!(phones(&world), wanted, "cut at {at}");
            assert_eq!(writes_to_shop(&world), json!([]), "cut at {at}");
            assert_eq!(world.books("counts")["writes"], json!(0), "cut at {at}");
        }
        let store = Store::open(&world.state()).expect("the state opens");
        assert_eq!(store.open_tickets("quickbooks"), Ok(vec![]));
        let shop = world.store("snapshot")["site"]["url"].clone();
        assert_eq!(
            store.open_in_shop(shop.as_str().unwrap_or_default()),
            Ok(vec![])
        );
        cuts += 1;
    }
    assert!(cuts > 5, "only {cuts} effects");
}

#[test]
fn what_was_written_to_the_shop_is_counted_in_the_run_and_in_the_undo() {
    let (world, run) = written();
    let runs = world.run("history --json").ends_with(0).json();
    assert_eq!(
        runs["runs"][0]["targets"]["woocommerce"]["updated"],
        json!(2),
        "{runs}"
    );
    let text = world.run("history").ends_with(0);
    assert!(text.out.contains("shop: 2 updated"), "{}", text.out);
    let undone = world.run(&format!("undo {run} --yes"));
    assert!(undone.out.contains("shop: 2 updated"), "{}", undone.out);
}

#[test]
fn what_was_taken_back_in_the_shop_stays_held_while_nothing_goes_there() {
    let (world, run) = written();
    world.run(&format!("undo {run} --yes"));
    let held = world.run("retry --list --json").codes().len();
    assert!(held > 0);
    let file = std::fs::read_to_string(&world.config).expect("the file");
    let one_way = file.replace("\"both\"", "\"to_books\"");
    assert_ne!(file, one_way);
    std::fs::write(&world.config, one_way).expect("written");
    let refused = world.run(&format!("retry --run {run} --yes")).ends_with(2);
    assert!(
        refused.err.contains("nothing goes there now"),
        "{}",
        refused.err
    );
    assert_eq!(world.run("retry --list --json").codes().len(), held);
    std::fs::write(&world.config, file).expect("written");
    world.run(&format!("retry --run {run} --yes")).ends_with(0);
    assert_eq!(stands(&world), ["604", "604", "778", "778", "13.25"]);
}
