//! Payouts out of a file, once more: the same file under another name, what waits of it, and what a killed run left of its bill.

use std::fs;
use std::path::PathBuf;

use crate::cut::consolidated;
use crate::inprocess::{End, How, payouts_of_file_until};
use crate::payouts::{Paid, account, standing};
use crate::payouts_file::{Filed, LINES, POSTED, messages, october, text};
use crate::world::ran;

#[test]
fn payouts_of_a_file_that_is_read_with_another_mapping_are_not_posted_twice() {
    let shop = Filed::of("payout");
    let path = shop.put("paypal.csv", text(&LINES));
    shop.sync(&path).ends_with(0);
    assert_eq!(standing(&shop.world), POSTED);
    let shipped = include_str!("../../mappings/payouts/paypal.toml");
    shop.put("mappings/payouts/mypal.toml", shipped);
    let line = format!("sync payouts --file {path} --gateway mypal --yes --json");
    let ran = shop.run(&line).ends_with(3);
    assert_eq!(ran.codes(), ["duplicate_found"; 2]);
    let told = messages(&ran);
    for said in [
        "payout mypal-1DDD",
        "as paypal-1DDD: Transfer",
        "--gateway paypal`",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert_eq!(standing(&shop.world), POSTED);
    shop.is_right();
}

#[test]
fn all_that_waits_of_a_file_is_tried_again_with_the_file_and_nothing_else_is() {
    let shop = Filed::of("payout");
    let mut broken = LINES;
    broken[3] = "11/02/2026,10:00:00,PST,Bo,Payment Refund,Completed,CAD,\"-21,00\",0.30,-20.70,s@x.test,b@x.test,1RRR,1BBB,WC-1002,19.48";
    let path = shop.put("paypal.csv", text(&broken));
    shop.sync(&path).ends_with(3);
    assert_eq!(standing(&shop.world), [POSTED[1], POSTED[3]]);
    shop.put("paypal.csv", text(&LINES));
    shop.run(&format!(
        "retry --all --file {path} --gateway paypal --yes --json"
    ))
    .ends_with(0);
    assert_eq!(standing(&shop.world), POSTED);
    assert!(shop.run("retry --list").out.contains("nothing is held"));
    let again = shop
        .run(&format!("retry --all --file {path} --yes --json"))
        .ends_with(0);
    assert_eq!(again.figure("created"), 0, "{}", again.out);
    shop.is_right();
}

#[test]
fn the_copy_goes_on_behind_payouts_and_knows_their_documents() {
    let paid = Paid::of(account(), "payout");
    let shop = Paid {
        world: paid.world.with_database(),
        ..paid
    };
    shop.synced();
    let orders = shop.world.rows("invoices").len();
    assert_eq!(orders, 4);
    shop.post().ends_with(0);
    let ran = shop.run("sync orders --json").ends_with(0);
    assert_eq!(ran.figure("failed"), 0, "{}", ran.out);
    assert_eq!(shop.world.rows("invoices").len(), orders, "of orders alone");
    let mappings = shop.world.rows("id_mappings");
    let of = |entity: &'static str| {
        mappings
            .iter()
            .filter(move |row| row["target_entity"] == entity)
    };
    assert_eq!(of("Transfer").count(), 1);
    assert!(of("Transfer").all(|row| row["source_entity"] == "payout"));
    shop.run("sync orders --json").ends_with(0);
}

#[test]
fn an_order_is_in_no_file() {
    let shop = Filed::of("payout");
    let path = shop.put("paypal.csv", text(&LINES));
    let history = shop.run("history --json").ends_with(0).json();
    let run = history["runs"][0]["run_id"]
        .as_str()
        .expect("a run")
        .to_owned();
    shop.run(&format!("undo {run} --yes --why wrong"))
        .ends_with(0);
    let ran = shop
        .run(&format!("retry 1001 --file {path} --yes"))
        .ends_with(2);
    assert!(
        ran.err.contains("order 1001 is none of them"),
        "{}",
        ran.err
    );
}

#[test]
fn a_file_is_named_so_that_a_shell_takes_it() {
    let shop = Filed::of("payout");
    let path = shop.put("of november.csv", text(&LINES));
    let mut command = shop.world.command("dry-run payouts --file");
    let dry = ran(command.arg(&path).output().expect("it runs")).ends_with(0);
    assert!(
        dry.err.contains(&format!("--file \"{path}\"")),
        "{}",
        dry.err
    );
}

#[test]
fn a_folder_of_mappings_that_cannot_be_read_is_told() {
    let shop = Filed::of("payout");
    let path = shop.put("paypal.csv", text(&LINES));
    shop.put("mappings/payouts", "no folder");
    let ran = shop.run(&format!("payouts list --file {path} --json"));
    assert!(
        ran.err.contains("mapping_invalid") || ran.out.contains("mapping_invalid"),
        "{} {}",
        ran.out,
        ran.err
    );
    fs::remove_file(shop.at("mappings/payouts")).expect("removed");
    shop.run(&format!("payouts list --file {path}"))
        .ends_with(0);
}

/// More was given back in that month than was taken: a bill, a credit that settles it, and the rest as money. A run that is killed
/// between these leaves nothing unwritten for good.
#[test]
fn a_bill_with_more_given_back_than_taken_is_made_whole_after_a_cut() {
    let shop = Filed::of("bill");
    let world = &shop.world;
    let mut lines = LINES;
    lines[3] = "11/02/2026,10:00:00,PST,Bo,Payment Refund,Completed,CAD,-21.00,2.50,-18.50,s@x.test,b@x.test,1RRR,1BBB,WC-1002,21.68";
    lines[4] = "11/03/2026,07:00:00,PST,,General Withdrawal,Completed,CAD,-21.68,0.00,-21.68,,,1DDD,,,0.00";
    let path = PathBuf::from(shop.put("october.csv", october(&lines[..5])));
    let (company, state) = (world.books("snapshot"), consolidated(world));
    let reset = || {
        world.put_back(&company, &state);
    };
    let kinds = || ["Bill", "VendorCredit", "BillPayment", "Deposit"].map(|kind| shop.kinds(kind));
    let whole = End::never();
    let done = payouts_of_file_until(world, &whole, &path);
    assert!(done.report().problems.is_empty());
    let wanted = (kinds(), shop.clearing());
    assert_eq!(wanted.0, [1; 4]);
    for at in 1..=whole.seen() {
        reset();
        payouts_of_file_until(world, &End::at(at, How::Killed), &path);
        payouts_of_file_until(world, &End::never(), &path).report();
        world.company_is_idle();
        assert_eq!((kinds(), shop.clearing()), wanted, "cut at effect {at}");
    }
}
