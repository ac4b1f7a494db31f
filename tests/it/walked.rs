//! What a shop owner and a bookkeeper met when they walked through the program: a question that acts on its first letter, an order from
//! before the first day, and screens that contradict each other.

use serde_json::{Value, json};

use crate::manners::at_terminal;
use crate::order::{order, orders, unmapped};
use crate::payouts::{Paid, account};
use crate::reconcile::{NOVEMBER, difference, edit, told};
use crate::tales::{Tale, world_of};
use crate::undo::last_run;
use crate::world::{BOOKS, World, ran};

const ESCAPE: &str = "\u{1b}";

#[test]
fn a_yes_is_a_whole_line_and_nothing_else() {
    let world = World::of_orders(orders(11..=13));
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let text = text.replace("confirm_over = 100000", "confirm_over = 1");
    std::fs::write(&world.config, text).expect("written again");
    for answer in ["maybe\n", "\n", ESCAPE] {
        let said = at_terminal(&world, "sync orders", answer, &[]);
        assert!(said.contains("nothing was written"), "{answer:?}: {said}");
        assert_eq!(world.postings().len(), 0, "{answer:?}: {said}");
    }
    at_terminal(&world, "sync orders", "Yes\n", &[]);
    assert_eq!(world.postings().len(), 3);
    let run = last_run(&world, "sync");
    let said = at_terminal(&world, &format!("undo {run}"), "why so many\n", &[]);
    assert!(said.contains("nothing was written"), "{said}");
    let stands = |one: &Value| one["state"] != "deleted";
    assert!(world.documents().iter().all(stands));
}

#[test]
fn a_question_is_left_with_escape_and_an_answer_is_only_tried_again() {
    let world = World::of_orders(vec![unmapped(11)]);
    let synced = world.run("sync orders --yes").ends_with(3);
    let problems = world.run("retry --list --json").problems();
    let id = problems[0]["id"].as_str().expect("an id").to_owned();
    let fix = format!("`udsync fix {id}`");
    assert!(synced.out.contains(&fix), "{}", synced.out);
    let before = std::fs::read_to_string(&world.config).expect("the file");
    let said = at_terminal(&world, &format!("fix {id}"), ESCAPE, &[]);
    assert!(said.contains("nothing was changed"), "{said}");
    let after = std::fs::read_to_string(&world.config).expect("the file");
    assert_eq!(after, before);
    world.run(&format!("fix {id} --answer GST")).ends_with(0);
    let again = format!("udsync retry {id}");
    let listed = world.run("retry --list").ends_with(0);
    assert!(
        listed.out.contains(&again) && !listed.out.contains("add `[["),
        "{}",
        listed.out
    );
    let next = world.run("status --json").json()["next"].clone();
    assert_eq!(next[1]["command"], again);
}

#[test]
fn an_order_from_before_the_first_day_is_left_alone_whoever_names_it() {
    let world = World::of_orders(orders(11..=12));
    world.run("sync orders --id 12 --yes").ends_with(0);
    let before = world.postings().len();
    world.configure(&format!("{BOOKS}[sync.orders]\nstart_date = 2026-11-20\n"));
    for line in ["dry-run orders --id 11", "sync orders --id 11 --yes"] {
        let told = world.run(line).ends_with(0);
        assert!(
            told.out.contains("before `start_date` 2026-11-20"),
            "{}",
            told.out
        );
    }
    assert_eq!(world.postings().len(), before);
    let why = world.run("explain 11").ends_with(0);
    assert!(why.out.contains("order_before_start"), "{}", why.out);
    // What is in the books stays our business.
    let ours = world.run("sync orders --id 12 --yes --json").ends_with(0);
    assert_eq!(
        ours.json()["targets"]["quickbooks"]["unchanged"],
        1,
        "{}",
        ours.out
    );
}

/// What waited when the first day was set is left alone from then on, by every command, and a saved plan says the same.
#[test]
fn an_order_that_waited_is_left_alone_once_the_first_day_comes_after_it() {
    let world = World::of_orders(vec![unmapped(11), order(12)]);
    world.run("sync orders --yes").ends_with(3);
    let before = world.postings().len();
    world.configure(&format!("{BOOKS}[sync.orders]\nstart_date = 2026-11-20\n"));
    let plan = world.home.path().join("plan.json");
    let plan = plan.display();
    world
        .run(&format!("dry-run orders --id 11,12 --out {plan}"))
        .ends_with(0);
    world.run(&format!("apply {plan} --yes")).ends_with(0);
    world.run("retry --all --yes").ends_with(0);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings().len(), before);
    let left = world.run("retry --list").ends_with(0).out;
    assert!(left.contains("nothing is held"), "{left}");
}

#[test]
fn a_mark_that_was_overwritten_is_one_difference_and_its_line_is_said() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    edit(&world, "WC-11", json!({ "PrivateNote": "ask Ann" }));
    let found = world.run(NOVEMBER).ends_with(8);
    assert_eq!(told(&found), ["missing_document 11 total -21.00"]);
    let one = difference(&found, "missing_document");
    let hint = one["hint"].as_str().expect("a hint");
    let line = "[udsync v=2 store=test origin=order:11 role=sale rev=1]";
    assert!(hint.contains(line), "{hint}");
    edit(
        &world,
        "WC-11",
        json!({ "PrivateNote": format!("ask Ann\n{line}") }),
    );
    assert!(told(&world.run(NOVEMBER)).is_empty());
}

#[test]
fn a_conflict_says_all_three_figures_and_each_screen_knows_of_it() {
    let mut tale = Tale::paid(1_001, 2_000);
    let world = world_of(std::slice::from_ref(&tale));
    world.run("sync orders --yes").ends_with(0);
    edit(
        &world,
        &format!("WC-{}", tale.number),
        json!({ "TotalAmt": 16.0 }),
    );
    tale.net = 2_400;
    tale.tell(&world);
    let text = world.run("sync orders --yes").ends_with(3).out;
    for said in [
        "posted were 21.00",
        "in QuickBooks it is 16.00",
        "in the shop 25.20",
    ] {
        assert!(text.replace("\n", " ").contains(said), "{said}: {text}");
    }
    let problems = world.run("retry --list --json").problems();
    let id = problems[0]["id"].as_str().expect("an id").to_owned();
    let listed = world.run("conflicts list").ends_with(0);
    assert!(listed.err.contains(&id), "{}{}", listed.out, listed.err);
    let why = world.run("explain 1001").ends_with(0).out;
    let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        why.contains(&format!(
            "order {} is posted, and waits: conflict ({id})",
            tale.number
        )),
        "{why}"
    );
    assert!(
        why.contains(&format!("`udsync retry --skip {id} ")),
        "{why}"
    );
    // What is on neither side of the sums is in the account, and is said.
    let proof = world.run(NOVEMBER).ends_with(3).json();
    let account = &proof["clearing"][0];
    assert_eq!(account["not_compared"], account["sales"], "{account}");
}

#[test]
fn a_month_that_has_not_begun_is_refused() {
    let world = World::of_orders(orders(11..=11));
    let refused = world.run("reconcile --period 2099-01 --json").ends_with(2);
    assert_eq!(refused.json()["code"], "usage");
}

#[test]
fn a_dispute_on_the_account_of_fees_is_no_fee() {
    let paid = Paid::with(account(), "payout", "disputes = \"Merchant Fees\"\n");
    paid.synced();
    paid.post().ends_with(0);
    let report = |line: &str| paid.run(line).ends_with(0).json()["totals"].clone();
    let fees = report("report fees --json");
    assert_eq!(fees[0]["fees"], "16.82", "{fees}");
    let totals = report("report clearing --json");
    let accounts = totals.as_array().expect("accounts");
    let stripe = accounts
        .iter()
        .find(|one| one["account"] == "Stripe Clearing");
    let stripe = stripe.expect("the account");
    assert_eq!(
        (&stripe["fees"], &stripe["other"]),
        (&json!("16.82"), &json!("5.00")),
        "{stripe}"
    );
    let proof = paid.run(NOVEMBER).json();
    let rolled = proof["clearing"].as_array().expect("accounts");
    let rolled = rolled
        .iter()
        .find(|one| one["account"] == "Stripe Clearing");
    let rolled = rolled.expect("the account");
    assert_eq!(
        (&rolled["fees"], &rolled["other"]),
        (&json!("16.82"), &json!("5.00")),
        "{rolled}"
    );
    assert_eq!(rolled["difference"], "0.00", "{rolled}");
}

#[test]
fn what_payouts_bring_to_a_bank_that_buyers_pay_into_is_in_it() {
    let paid = Paid::of(account(), "payout");
    let bank = crate::payouts::books("payout", "disputes = \"Disputes\"\n")
        .replace("STRIPE", &paid.stripe.url())
        .replace("[books.deposit]", "[books.deposit]\nbacs = \"Chequing\"");
    paid.world.configure(&bank);
    let by_transfer = json!({ "payment_method": "bacs", "payment_method_title": "Bank transfer" });
    paid.world.put_order(
        &crate::order::with(crate::order::order(1004), by_transfer),
        &json!([]),
        false,
    );
    paid.synced();
    paid.post().ends_with(0);
    let totals = paid.run("report clearing --json").ends_with(0).json()["totals"].clone();
    let accounts = totals.as_array().expect("accounts");
    let chequing = accounts.iter().find(|one| one["account"] == "Chequing");
    let chequing = chequing.expect("the account");
    // The payout is over -0.82: Stripe took money from the bank.
    assert_eq!(
        (&chequing["sales"], &chequing["closing"]),
        (&json!("21.00"), &json!("20.18")),
        "{chequing}"
    );
    let written = ran(paid
        .world
        .command("export --hledger")
        .output()
        .expect("it runs"));
    assert!(written.out.contains("Chequing"), "{}", written.out);
}
