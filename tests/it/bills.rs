//! The fees of a month as one bill of the payment service: once, to the cent, paid out of the clearing account, whatever the mode was
//! before and is afterwards.

use serde_json::{Value, json};

use crate::cut::consolidated;
use crate::inprocess::{End, How, payouts_since_until};
use crate::order::with;
use crate::payouts::{DAY, Paid, THIRD, books, plain, row, with_fee};
use crate::world::{Ran, World, amount};

/// 2026-10-04.
const FOURTH: i64 = THIRD - 30 * DAY;

const VENDOR: &str = "create_vendors = true\ndisputes = \"Disputes\"\nadjustments = \"Disputes\"\n";

/// An account whose payouts arrive in October, with these rows.
pub fn october(payouts: &[(&str, i64, Vec<Value>)]) -> Value {
    let mut account = json!({ "rows": [], "payouts": [] });
    for (number, (id, by, rows)) in (0_i64..).zip(payouts) {
        let mut sum = 0;
        for row in rows {
            let mut row = with(row.clone(), json!({ "payout": id }));
            row["created"] = json!(FOURTH - DAY);
            sum += row["amount"].as_i64().expect("units") - row["fee"].as_i64().expect("units");
            account["rows"].as_array_mut().expect("rows").push(row);
        }
        account["rows"].as_array_mut().expect("rows").push(json!({
            "id": format!("txn_{id}"), "type": "payout", "amount": -sum, "created": FOURTH, "source": id,
        }));
        let arrival = FOURTH + (number + by) * DAY;
        account["payouts"]
            .as_array_mut()
            .expect("payouts")
            .push(json!({ "id": id, "amount": sum, "created": FOURTH, "arrival": arrival }));
    }
    // What else the shop sold and gave back is still to be paid out.
    let rows = account["rows"].as_array_mut().expect("rows");
    let waits = json!({ "payout": null, "available_on": THIRD + 9 * DAY });
    for number in 1..=3 {
        let id = format!("txn_{number}");
        if rows.iter().all(|row| row["id"] != id.as_str()) {
            rows.push(with(charge(number, 91), waits.clone()));
        }
    }
    let back = row("txn_r", "refund", -2_100, 0, Some(1002));
    let back = with(back, waits);
    rows.push(with(back, json!({ "source": "re_3" })));
    account
}

pub fn charge(number: u64, fee: i64) -> Value {
    row(
        &format!("txn_{number}"),
        "charge",
        2_100,
        fee,
        Some(1_000 + number),
    )
}

/// A fee that was given back with a dispute that was won.
pub fn given_back(fee: i64) -> Value {
    with(
        row("txn_w", "adjustment", 500, -fee, Some(1001)),
        json!({ "category": "dispute", "source": "dp_w" }),
    )
}

/// Two payouts with a charge each.
fn two() -> Value {
    october(&[
        ("po_1", 0, vec![charge(1, 91)]),
        ("po_2", 0, vec![charge(2, 91)]),
    ])
}

/// A shop that sold in October what this account holds.
fn october_shop(account: Value, policy: &str, settings: &str) -> Paid {
    let days = json!({
        "date_created": "2026-10-02T10:00:00", "date_created_gmt": "2026-10-02T17:00:00",
        "date_paid": "2026-10-02T10:01:00", "date_paid_gmt": "2026-10-02T17:01:00",
    });
    let orders = [1001, 1002, 1003].map(|id| with(with_fee(id, "0.91"), days.clone()));
    Paid::of_orders(orders.to_vec(), account, policy, settings)
}

fn sync(paid: &Paid) -> Ran {
    paid.run("sync payouts --since 2026-10-01 --json")
}

#[track_caller]
fn agree(paid: &Paid) {
    let ran = paid
        .run("payouts check --from 2026-10-01 --json")
        .ends_with(0);
    let account = &ran.json()["accounts"][0];
    assert_eq!(account["equation"]["state"], "holds", "{}", ran.out);
    let checked = paid.world.books("ledger/check");
    assert_eq!(checked["right"], true, "{checked}");
}

/// Everything between the company and its vendors: kind, number and amount.
fn of_vendors(world: &World) -> Vec<String> {
    let mut all: Vec<String> = world
        .documents()
        .iter()
        .filter(|one| one["state"] != "deleted")
        .filter(|one| {
            ["Bill", "VendorCredit", "BillPayment"]
                .iter()
                .any(|kind| one["entity"] == *kind)
        })
        .map(|one| {
            let object = &one["object"];
            let number = object["DocNumber"].as_str().unwrap_or_default();
            let kind = one["entity"].as_str().unwrap_or_default();
            format!(
                "{kind} {number} {} of {}",
                amount(&object["TotalAmt"]),
                object["TxnDate"].as_str().unwrap_or_default()
            )
        })
        .collect();
    all.sort();
    all
}

const BILL: &str = "Bill WC-FEES-2610S 1.82 of 2026-10-31";
const PAYMENT: &str = "BillPayment WC-FEES-2610SP 1.82 of 2026-10-31";

#[test]
fn the_fees_of_a_month_are_one_bill_that_is_paid_out_of_the_clearing_account_and_once() {
    let paid = october_shop(two(), "bill", "");
    paid.synced();
    let held = sync(&paid).ends_with(3);
    assert_eq!(held.codes(), ["payout_vendor_missing"]);
    assert!(held.out.contains("create_vendors"), "{}", held.out);
    assert_eq!(
        paid.kinds("Transfer").len(),
        2,
        "the money is entered all the same"
    );
    assert_eq!(of_vendors(&paid.world).len(), 0);
    paid.configured("bill", VENDOR);
    let shown = paid
        .run("dry-run payouts --since 2026-10-01 --json")
        .ends_with(0);
    assert_eq!(shown.figure("created"), 2, "{}", shown.out);
    assert_eq!(of_vendors(&paid.world).len(), 0, "a dry run writes nothing");
    assert_eq!(sync(&paid).ends_with(0).figure("created"), 2);
    assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT]);
    let bill = &paid.kinds("Bill")[0];
    assert_eq!(amount(&bill["Balance"]), "0.00", "it is paid");
    assert_eq!(bill["VendorRef"]["name"], "Stripe");
    let note = bill["PrivateNote"].as_str().expect("a note");
    assert!(
        note.contains("po_1, po_2") && note.contains("role=bill"),
        "{note}"
    );
    agree(&paid);
    let again = sync(&paid).ends_with(0);
    assert_eq!(
        (again.figure("created"), paid.kinds("Purchase").len()),
        (0, 0)
    );
    let explained = paid.run("explain po_2").ends_with(0).out;
    assert!(explained.contains("WC-FEES-2610S"), "{explained}");
    let explained = paid
        .run("explain fees-stripe-2026-10-CAD --json")
        .ends_with(0)
        .json();
    assert_eq!(
        explained["answers"].as_array().map(Vec::len),
        Some(2),
        "{explained}"
    );
    let report = paid
        .run("report clearing --period 2026-10 --json")
        .ends_with(0)
        .out;
    assert!(report.contains("\"1.82\""), "{report}");
    let report = paid
        .run("report fees --period 2026-10 --json")
        .ends_with(0)
        .out;
    assert!(report.contains("\"1.82\""), "{report}");
    let proof = paid.run("reconcile --period 2026-10 --json");
    assert_eq!(proof.json()["differences"], json!([]), "{}", proof.out);
    paid.only_asked();
}

#[test]
fn a_month_is_billed_once_it_is_over() {
    let now = chrono::Utc::now().timestamp();
    let mut account = two();
    for payout in account["payouts"].as_array_mut().expect("payouts") {
        payout["arrival"] = json!(now);
    }
    let paid = october_shop(account, "bill", VENDOR);
    paid.synced();
    let ran = paid.run("sync payouts --json").ends_with(0);
    assert_eq!(ran.figure("created"), 2, "{}", ran.out);
    assert_eq!(of_vendors(&paid.world).len(), 0);
    // And of a month of which only a part is looked at, nobody can say what its bill is.
    paid.becomes(&two());
    let ran = paid
        .run("sync payouts --since 2026-10-02 --json")
        .ends_with(0);
    assert_eq!(of_vendors(&paid.world).len(), 0, "{}", ran.out);
}

#[test]
fn no_fee_is_posted_twice_however_the_mode_is_switched_in_the_middle_of_a_month() {
    let account = october(&[
        ("po_1", 0, vec![charge(1, 91)]),
        (
            "po_2",
            0,
            vec![charge(2, 91), row("txn_f", "stripe_fee", -35, 0, None)],
        ),
        ("po_3", 0, vec![charge(3, 91)]),
    ]);
    let modes = ["expense", "payout", "bill"];
    // Each change from one to another, and on to a third one.
    for (first, second) in (0..9).map(|both| (both / 3, both % 3)) {
        let third = (2 * first + second + 1) % 3;
        let later = |number: usize| {
            let mut part = account.clone();
            let payouts = part["payouts"].as_array_mut().expect("payouts");
            payouts.truncate(number);
            part
        };
        let paid = october_shop(later(1), modes[first], VENDOR);
        for (number, mode) in [(1, first), (2, second), (3, third)] {
            paid.configured(modes[mode], VENDOR);
            paid.becomes(&later(number));
            paid.run("sync orders --full --json").ends_with(0);
            sync(&paid).ends_with(0);
        }
        sync(&paid).ends_with(0);
        paid.run("sync orders --full --json").ends_with(0);
        let fees: Vec<Value> = ["Purchase", "Bill"]
            .iter()
            .flat_map(|kind| paid.kinds(kind))
            .collect();
        let sum: f64 = fees.iter().filter_map(|one| one["TotalAmt"].as_f64()).sum();
        let named = format!("{}, {}, {}", modes[first], modes[second], modes[third]);
        assert_eq!(format!("{sum:.2}"), "3.08", "{named}: {fees:?}");
        agree(&paid);
    }
}

#[test]
fn what_was_held_when_its_month_was_billed_is_a_bill_of_its_own() {
    let mut off = two();
    off["payouts"][1]["amount"] = json!(2_010);
    let paid = october_shop(off, "bill", VENDOR);
    paid.synced();
    assert_eq!(sync(&paid).ends_with(3).codes(), ["payout_does_not_add_up"]);
    assert_eq!(amount(&paid.kinds("Bill")[0]["TotalAmt"]), "0.91");
    paid.becomes(&two());
    assert_eq!(sync(&paid).ends_with(0).figure("created"), 3);
    assert_eq!(
        of_vendors(&paid.world),
        [
            "Bill WC-FEES-2610S 0.91 of 2026-10-31",
            "Bill WC-FEES-2610S-2 0.91 of 2026-10-31",
            "BillPayment WC-FEES-2610S-2P 0.91 of 2026-10-31",
            "BillPayment WC-FEES-2610SP 0.91 of 2026-10-31",
        ]
    );
    agree(&paid);
    assert_eq!(sync(&paid).ends_with(0).figure("created"), 0);
}

#[test]
fn what_is_given_back_is_the_vendors_credit_and_what_is_more_than_the_bill_came_in_as_money() {
    for (fee, wanted, deposit) in [
        (
            31,
            vec![
                "Bill WC-FEES-2610S 0.91 of 2026-10-31",
                "BillPayment WC-FEES-2610SP 0.60 of 2026-10-31",
                "VendorCredit WC-FEES-2610SC 0.31 of 2026-10-31",
            ],
            None,
        ),
        (
            151,
            vec![
                "Bill WC-FEES-2610S 0.91 of 2026-10-31",
                "BillPayment WC-FEES-2610SP 0.00 of 2026-10-31",
                "VendorCredit WC-FEES-2610SC 0.91 of 2026-10-31",
            ],
            Some("0.60"),
        ),
    ] {
        let account = october(&[("po_1", 0, vec![charge(1, 91), given_back(fee)])]);
        let paid = october_shop(account, "bill", VENDOR);
        paid.synced();
        sync(&paid).ends_with(0);
        assert_eq!(of_vendors(&paid.world), wanted);
        for kind in ["Bill", "VendorCredit"] {
            assert_eq!(amount(&paid.kinds(kind)[0]["Balance"]), "0.00", "{kind}");
        }
        // The dispute's own money came with the payout.
        let deposits: Vec<String> = paid
            .kinds("Deposit")
            .iter()
            .map(|one| amount(&one["TotalAmt"]))
            .collect();
        assert_eq!(
            deposits.contains(&"0.60".to_owned()),
            deposit.is_some(),
            "{deposits:?}"
        );
        agree(&paid);
        assert_eq!(sync(&paid).ends_with(0).figure("created"), 0);
    }
}

#[test]
fn a_vendor_is_found_by_its_name_and_never_renamed_and_one_that_cannot_be_it_holds_the_bill() {
    let paid = october_shop(two(), "bill", VENDOR);
    // Somebody sells to a customer of that name.
    let namesake = json!({ "entity": "Customer", "body": { "DisplayName": "Stripe" } });
    paid.world.tell_books("create", namesake);
    paid.synced();
    assert_eq!(sync(&paid).ends_with(3).codes(), ["payout_vendor_unusable"]);
    paid.configured(
        "bill",
        &format!("{VENDOR}[books.payouts.vendors]\nstripe = \"Stripe Payments\"\n"),
    );
    sync(&paid).ends_with(0);
    assert_eq!(
        paid.kinds("Bill")[0]["VendorRef"]["name"],
        "Stripe Payments"
    );
    assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT]);
}

/// The vendors with their ids, names and whether they are in use.
fn vendors(world: &World) -> Vec<(String, String, bool)> {
    let all = world.books("objects/Vendor");
    let text = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
    let all = all.as_array().expect("vendors").iter();
    let all = all.map(|one| &one["object"]);
    let mut all: Vec<_> = all
        .map(|one| {
            (
                text(one, "Id"),
                text(one, "DisplayName"),
                one["Active"] != false,
            )
        })
        .collect();
    all.sort();
    all
}

fn change_vendor(paid: &Paid, id: &str, set: &Value) {
    paid.world
        .tell_books("edit", json!({ "entity": "Vendor", "id": id, "set": set }));
}

#[test]
fn a_vendor_that_is_not_in_use_or_in_another_currency_holds_the_bill_and_is_left_as_it_is() {
    for set in [
        json!({ "Active": false }),
        json!({ "CurrencyRef": { "value": "USD" } }),
    ] {
        let paid = october_shop(two(), "bill", VENDOR);
        let made = json!({ "entity": "Vendor", "body": { "DisplayName": "stripe" } });
        paid.world.tell_books("create", made);
        let (id, ..) = vendors(&paid.world).remove(0);
        change_vendor(&paid, &id, &set);
        let before = paid.world.books("objects/Vendor");
        paid.synced();
        let ran = sync(&paid).ends_with(3);
        assert_eq!(ran.codes(), ["payout_vendor_unusable"], "{set}");
        assert_eq!(paid.world.books("objects/Vendor"), before, "{set}");
        assert_eq!(of_vendors(&paid.world).len(), 0);
        assert_eq!(
            paid.kinds("Transfer").len(),
            2,
            "the bank's lines are entered all the same"
        );
        // In use again, and in the currency of the books, it is found whatever letters its name has.
        change_vendor(
            &paid,
            &id,
            &json!({ "Active": true, "CurrencyRef": { "value": "CAD" } }),
        );
        sync(&paid).ends_with(0);
        assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT]);
        assert_eq!(vendors(&paid.world), [(id, "stripe".to_owned(), true)]);
        agree(&paid);
    }
}

#[test]
fn a_vendor_that_a_person_renamed_is_still_the_one_and_keeps_its_new_name() {
    let paid = october_shop(two(), "bill", VENDOR);
    paid.synced();
    let ran = sync(&paid).ends_with(0);
    let (id, name, _) = vendors(&paid.world).remove(0);
    assert_eq!(name, "Stripe");
    change_vendor(&paid, &id, &json!({ "DisplayName": "Stripe Inc (fees)" }));
    // Its run is taken back, and asked for again: the bill is the renamed one's, and no other vendor is made.
    let run = ran.json()["run_id"].as_str().expect("an id").to_owned();
    paid.run(&format!("undo {run} --yes --why again"))
        .ends_with(0);
    paid.run(&format!("retry --run {run} --yes --json"))
        .ends_with(0);
    assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT]);
    assert_eq!(
        vendors(&paid.world),
        [(id, "Stripe Inc (fees)".to_owned(), true)]
    );
    agree(&paid);
}

#[test]
fn a_vendor_that_is_named_anew_and_is_not_there_is_never_taken_for_the_old_one() {
    let paid = october_shop(two(), "bill", VENDOR);
    paid.synced();
    let ran = sync(&paid).ends_with(0);
    let run = ran.json()["run_id"].as_str().expect("an id").to_owned();
    paid.run(&format!("undo {run} --yes --why again"))
        .ends_with(0);
    let named = "[books.payouts.vendors]\nstripe = \"Stripe Payments\"\n";
    paid.configured("bill", named);
    let ran = paid
        .run(&format!("retry --run {run} --yes --json"))
        .ends_with(3);
    assert_eq!(ran.codes(), ["payout_vendor_missing"]);
    let told = ran.json()["problems"].to_string();
    assert!(
        told.contains("no vendor `Stripe Payments`") && told.contains("create_vendors = true"),
        "{told}"
    );
    assert_eq!(of_vendors(&paid.world).len(), 0);
    assert_eq!(
        vendors(&paid.world).len(),
        1,
        "nobody asked for another one"
    );
    // Once it is asked for, it is made, and has the bill.
    paid.configured("bill", &format!("{VENDOR}{named}"));
    sync(&paid).ends_with(0);
    let names: Vec<String> = vendors(&paid.world)
        .into_iter()
        .map(|(_, name, _)| name)
        .collect();
    assert_eq!(names, ["Stripe", "Stripe Payments"]);
    assert_eq!(
        paid.kinds("Bill")[0]["VendorRef"]["name"],
        "Stripe Payments"
    );
    agree(&paid);
}

#[test]
fn what_was_held_for_longer_than_a_run_looks_back_is_billed_when_it_is_tried_again() {
    // A payout of May, of which nobody thought before November.
    let may = THIRD - 180 * DAY;
    let mut account = october(&[
        ("po_1", 0, vec![charge(1, 91)]),
        ("po_2", 0, vec![charge(2, 91)]),
    ]);
    for payout in account["payouts"].as_array_mut().expect("payouts") {
        payout["created"] = json!(may);
        payout["arrival"] = json!(may + DAY);
    }
    for row in account["rows"].as_array_mut().expect("rows") {
        row["created"] = json!(may - DAY);
    }
    let mut off = account.clone();
    off["payouts"][1]["amount"] = json!(2_010);
    let paid = october_shop(off, "bill", VENDOR);
    paid.synced();
    let ran = paid
        .run("sync payouts --since 2026-05-01 --json")
        .ends_with(3);
    assert_eq!(ran.codes(), ["payout_does_not_add_up"]);
    let first = [
        "Bill WC-FEES-2605S 0.91 of 2026-05-31",
        "BillPayment WC-FEES-2605SP 0.91 of 2026-05-31",
    ];
    assert_eq!(of_vendors(&paid.world), first);
    paid.becomes(&account);
    paid.run("retry po_2 --yes --json").ends_with(0);
    let both = [
        first[0],
        "Bill WC-FEES-2605S-2 0.91 of 2026-05-31",
        "BillPayment WC-FEES-2605S-2P 0.91 of 2026-05-31",
        first[1],
    ];
    assert_eq!(of_vendors(&paid.world), both);
    assert_eq!(
        paid.run("retry --all --json")
            .ends_with(0)
            .figure("created"),
        0
    );
    assert_eq!(
        paid.run("sync payouts --since 2026-05-01 --json")
            .ends_with(0)
            .figure("created"),
        0
    );
    paid.only_asked();
}

#[test]
fn a_run_with_a_bill_is_taken_back_whole_and_posted_anew_when_asked() {
    let account = october(&[("po_1", 0, vec![charge(1, 91), given_back(31)])]);
    let paid = october_shop(account, "bill", VENDOR);
    paid.synced();
    let ran = sync(&paid).ends_with(0);
    let run = ran.json()["run_id"].as_str().expect("an id").to_owned();
    let before = of_vendors(&paid.world);
    assert_eq!(before.len(), 3);
    paid.run(&format!("undo {run} --yes --json")).ends_with(0);
    assert_eq!(of_vendors(&paid.world).len(), 0);
    assert_eq!(paid.kinds("Transfer").len(), 0);
    let waits = sync(&paid).ends_with(3);
    assert!(
        waits.codes().iter().all(|code| code == "undone"),
        "{}",
        waits.out
    );
    let retried = paid.run(&format!("retry --run {run} --json")).ends_with(0);
    assert_eq!(of_vendors(&paid.world), before);
    let again = sync(&paid).ends_with(0);
    assert_eq!(again.figure("created"), 0, "{}", again.out);
    agree(&paid);
    // A bill that somebody has worked on is not taken back, and neither is what hangs on it.
    let run = retried.json()["run_id"].as_str().expect("an id").to_owned();
    let bill = paid.kinds("Bill")[0]["Id"].clone();
    let seen = json!({ "entity": "Bill", "id": bill, "memo": "seen by Ann" });
    paid.world.tell_books("revise", seen);
    let refused = paid.run(&format!("undo {run} --yes --json"));
    assert_ne!(refused.code, 0, "{}", refused.out);
    assert!(
        refused.out.contains("edited_in_quickbooks"),
        "{}",
        refused.out
    );
    assert_eq!(of_vendors(&paid.world), before);
}

#[test]
fn a_lost_state_knows_its_bills_by_the_books_and_bills_nothing_again() {
    for mode in ["bill", "payout", "expense"] {
        let paid = october_shop(two(), "bill", VENDOR);
        paid.synced();
        sync(&paid).ends_with(0);
        paid.world.lose_state();
        paid.configured(mode, VENDOR);
        if mode == "expense" {
            let ran = paid.run("sync orders --json").ends_with(7);
            assert!(ran.out.contains("payouts_first"), "{}", ran.out);
        }
        let ran = sync(&paid);
        assert_eq!(ran.figure("created"), 0, "{mode}: {}", ran.out);
        assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT], "{mode}");
        assert_eq!(paid.kinds("Purchase").len(), 0, "{mode}");
        paid.synced();
        // In no payout yet, so on no bill either.
        let own = usize::from(mode == "expense");
        assert_eq!(paid.kinds("Purchase").len(), own, "{mode}");
        agree(&paid);
    }
}

/// Of a service behind the shop, so that a run can be cut within this process.
pub fn through_the_shop(account: &Value) -> World {
    let world = crate::payouts::through_the_shop(plain());
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("gateway_fees = \"payout\"", "gateway_fees = \"bill\"");
    let text = text.replace(
        "bank = \"Chequing\"",
        "bank = \"Chequing\"\ncreate_vendors = true",
    );
    std::fs::write(&world.config, text).expect("written again");
    world.put_store(
        "payments",
        &json!({ "account": account, "forgets_filter": true }),
    );
    world
}

#[test]
fn a_bill_that_is_cut_at_each_effect_comes_out_as_if_nothing_had_happened() {
    let account = october(&[
        ("po_1", 0, vec![charge(1, 91), given_back(31)]),
        ("po_2", 0, vec![charge(2, 91)]),
    ]);
    let since = chrono::NaiveDate::from_ymd_opt(2026, 10, 1);
    for how in [How::Killed, How::Unreachable] {
        let begun = through_the_shop(&account);
        let (company, state) = (begun.books("snapshot"), consolidated(&begun));
        let reset = || {
            begun.put_back(&company, &state);
        };
        reset();
        let whole = End::never();
        assert!(
            payouts_since_until(&begun, &whole, since)
                .report()
                .problems
                .is_empty()
        );
        let wanted = (of_vendors(&begun), crate::payouts::standing(&begun));
        assert_eq!(wanted.0.len(), 3, "{wanted:?}");
        for at in 1..=whole.seen() {
            reset();
            payouts_since_until(&begun, &End::at(at, how), since);
            payouts_since_until(&begun, &End::never(), since).report();
            begun.company_is_idle();
            let stands = (of_vendors(&begun), crate::payouts::standing(&begun));
            assert_eq!(stands, wanted, "cut at effect {at}, {how:?}");
            begun.forget_requests();
            payouts_since_until(&begun, &End::never(), since).report();
            assert_eq!(
                begun.books("counts")["writes"],
                0,
                "cut at effect {at}, {how:?}"
            );
        }
    }
}

#[test]
fn a_closed_month_holds_its_bill_or_dates_it_on_the_first_open_day() {
    let paid = october_shop(two(), "bill", VENDOR);
    let text = books("bill", VENDOR)
        .replace("STRIPE", &paid.stripe.url())
        .replace(
            "[books.policy]",
            "[books.policy]\nclosed_period = \"first_open_day\"",
        );
    paid.synced();
    let _ = paid
        .world
        .tell_books("company", json!({ "books_closed_through": "2026-11-10" }));
    let held = sync(&paid).ends_with(3);
    assert!(
        held.codes().iter().all(|code| code == "period_closed"),
        "{}",
        held.out
    );
    paid.world.configure(&text);
    sync(&paid).ends_with(0);
    assert_eq!(
        of_vendors(&paid.world)[0],
        "Bill WC-FEES-2610S 1.82 of 2026-11-11"
    );
    agree(&paid);
}

/// What is whole in the books waits for nothing, whatever is closed or switched off afterwards.
#[test]
fn a_month_that_is_closed_after_it_was_billed_holds_nothing() {
    let paid = october_shop(two(), "bill", VENDOR);
    paid.synced();
    sync(&paid).ends_with(0);
    let posted = of_vendors(&paid.world);
    let _ = paid
        .world
        .tell_books("company", json!({ "books_closed_through": "2026-11-10" }));
    let again = sync(&paid).ends_with(0);
    assert_eq!(again.figure("created"), 0, "{}", again.out);
    assert_eq!(of_vendors(&paid.world), posted);
}

/// Its money never left, and what the service kept of its rows is kept.
#[test]
fn a_payout_that_came_back_is_on_the_bill_with_its_fees() {
    let mut account = two();
    account["payouts"][0]["status"] = json!("failed");
    account["payouts"][1]["amount"] = json!(2 * 2_009);
    let rows = account["rows"].as_array_mut().expect("rows");
    for row in rows.iter_mut().filter(|row| row["id"] == "txn_po_2") {
        row["amount"] = json!(-2 * 2_009);
    }
    rows.push(json!({ "id": "txn_back", "type": "payout_failure", "amount": 2_009, "created": FOURTH, "source": "po_1", "payout": "po_2" }));
    let paid = october_shop(account, "bill", VENDOR);
    paid.synced();
    sync(&paid).ends_with(0);
    assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT]);
    assert_eq!(paid.kinds("Transfer").len(), 1);
    agree(&paid);
}

/// A payout that the bank feed has entered already is billed with the others; its fees are never posted in another way.
#[test]
fn what_is_on_a_bill_is_posted_in_no_other_way_though_its_transfer_is_not_ours() {
    let paid = october_shop(two(), "bill", VENDOR);
    paid.synced();
    let by_hand = json!({ "entity": "Transfer", "from": "Stripe Clearing", "to": "Chequing", "amount": "20.09", "date": "2026-10-04" });
    paid.world.tell_books("enter", by_hand);
    let held = sync(&paid).ends_with(3);
    assert_eq!(held.codes(), ["payout_by_hand"], "{}", held.out);
    let listed = paid.run("retry --list --json").problems();
    let id = listed[0]["id"].as_str().expect("an id").to_owned();
    paid.run(&format!("retry --skip {id} --why entered"))
        .ends_with(0);
    sync(&paid).ends_with(0);
    assert_eq!(of_vendors(&paid.world), [BILL, PAYMENT]);
    for mode in ["payout", "expense"] {
        paid.configured(mode, VENDOR);
        let ran = sync(&paid).ends_with(0);
        assert_eq!(ran.figure("created"), 0, "{mode}: {}", ran.out);
        paid.run("sync orders --full --json").ends_with(0);
        let fees = paid.kinds("Purchase");
        // Of the order that is in no payout yet, and of no other.
        let is_open = |fee: &Value| {
            fee["DocNumber"]
                .as_str()
                .is_some_and(|number| number.contains("1003"))
        };
        assert!(fees.iter().all(is_open), "{mode}: {fees:?}");
    }
    agree(&paid);
}

#[test]
fn what_was_taken_for_paying_out_at_once_is_a_fee_like_any_other() {
    for policy in ["payout", "expense", "bill"] {
        let mut account = two();
        let rows = account["rows"].as_array_mut().expect("rows");
        rows.push(json!({ "id": "txn_po_now", "type": "payout", "amount": -500, "fee": 8, "created": FOURTH, "source": "po_now" }));
        let payouts = account["payouts"].as_array_mut().expect("payouts");
        payouts.push(json!({ "id": "po_now", "amount": 500, "automatic": false, "created": FOURTH, "arrival": FOURTH + 5 * DAY }));
        let paid = october_shop(account, policy, VENDOR);
        paid.synced();
        sync(&paid).ends_with(0);
        let amounts: Vec<String> = paid
            .kinds("Transfer")
            .iter()
            .map(|one| amount(&one["Amount"]))
            .collect();
        assert!(amounts.contains(&"5.00".to_owned()), "{amounts:?}");
        let fees: Vec<Value> = ["Purchase", "Bill"]
            .iter()
            .flat_map(|kind| paid.kinds(kind))
            .collect();
        let sum: f64 = fees.iter().filter_map(|one| one["TotalAmt"].as_f64()).sum();
        // The third order is in no payout yet, and only its own document knows its fee.
        let wanted = match policy {
            "expense" => "2.81",
            _ => "1.90",
        };
        assert_eq!(format!("{sum:.2}"), wanted, "{policy}: {fees:?}");
        agree(&paid);
        assert_eq!(sync(&paid).ends_with(0).figure("created"), 0);
    }
}

#[test]
fn what_woopayments_took_for_paying_out_at_once_is_a_fee_too() {
    for (policy, wanted) in [("payout", "0.08"), ("bill", "0.08"), ("off", "")] {
        let mut account = october(&[("po_1", 0, vec![charge(1, 91)])]);
        let rows = account["rows"].as_array_mut().expect("rows");
        rows.push(json!({ "id": "txn_po_now", "type": "payout", "amount": -500, "fee": 8, "created": FOURTH, "source": "po_now" }));
        let payouts = account["payouts"].as_array_mut().expect("payouts");
        payouts.push(json!({ "id": "po_now", "amount": 500, "fee": 8, "automatic": false, "created": FOURTH, "arrival": FOURTH + 5 * DAY }));
        let world = through_the_shop(&account);
        let text = std::fs::read_to_string(&world.config).expect("the configuration");
        let text = text.replace(
            "gateway_fees = \"bill\"",
            &format!("gateway_fees = \"{policy}\""),
        );
        std::fs::write(&world.config, text).expect("written again");
        world
            .run("sync payouts --since 2026-10-01 --json")
            .ends_with(0);
        let documents = world.documents();
        let mut of_fees: Vec<String> = documents
            .iter()
            .filter(|one| {
                ["Purchase", "Bill"]
                    .iter()
                    .any(|kind| one["entity"] == *kind)
            })
            .map(|one| amount(&one["object"]["TotalAmt"]))
            .collect();
        of_fees.sort();
        match policy {
            "payout" => assert_eq!(of_fees, [wanted, "0.91"], "{policy}"),
            "bill" => assert_eq!(of_fees, ["0.99"], "{policy}"),
            _ => assert!(of_fees.is_empty(), "{of_fees:?}"),
        }
        let standing = crate::payouts::standing(&world).join(" ");
        assert!(standing.contains("5.00 -"), "{standing}");
        let again = world
            .run("sync payouts --since 2026-10-01 --json")
            .ends_with(0);
        assert_eq!(again.figure("created"), 0);
        crate::payouts::only_asked(&world);
    }
}

#[test]
fn of_three_payouts_one_is_held_and_tried_again_alone() {
    let account = october(&[
        ("po_1", 0, vec![charge(1, 91)]),
        ("po_2", 0, vec![charge(2, 91)]),
        ("po_3", 0, vec![charge(3, 91)]),
    ]);
    let mut off = account.clone();
    off["payouts"][1]["amount"] = json!(2_010);
    let paid = october_shop(off, "payout", VENDOR);
    paid.synced();
    assert_eq!(sync(&paid).ends_with(3).codes(), ["payout_does_not_add_up"]);
    assert_eq!(paid.kinds("Transfer").len(), 2);
    paid.run("retry --all --json").ends_with(3);
    assert_eq!(
        paid.kinds("Transfer").len(),
        2,
        "nothing new is known of it"
    );
    paid.becomes(&account);
    let ran = paid.run("retry --all --json").ends_with(0);
    assert_eq!(
        ran.figure("created"),
        2,
        "its fee and its transfer: {}",
        ran.out
    );
    assert_eq!(paid.kinds("Transfer").len(), 3);
    agree(&paid);
    assert_eq!(sync(&paid).ends_with(0).figure("created"), 0);
    paid.only_asked();
}

/// Answers are lost, requests throttled and broken, the run is killed or cut off: after one calm run the books are right.
#[test]
fn payouts_and_bills_come_through_a_storm() {
    let account = october(&[
        ("po_1", 0, vec![charge(1, 91), given_back(31)]),
        (
            "po_2",
            0,
            vec![charge(2, 91), row("txn_f", "stripe_fee", -35, 0, None)],
        ),
    ]);
    let since = chrono::NaiveDate::from_ymd_opt(2026, 10, 1);
    let begun = through_the_shop(&account);
    begun.settle_after("2ms");
    let (company, state) = (begun.books("snapshot"), consolidated(&begun));
    let reset = || {
        begun.put_back(&company, &state);
    };
    payouts_since_until(&begun, &End::never(), since).report();
    let wanted = (of_vendors(&begun), crate::payouts::standing(&begun));
    for seed in 1..=60_u64 {
        reset();
        let mut dice = crate::tales::Dice(seed.wrapping_mul(0x0da1_ba0b));
        for _ in 0..2 {
            let end = match dice.below(3) {
                0 => End::at(1 + dice.below(30), How::Killed),
                1 => End::at(1 + dice.below(30), How::Unreachable),
                _ => End::after(std::time::Duration::from_millis(1 + dice.below(60))),
            };
            begun.tell_books(
                "mishaps",
                Value::Array(crate::storm::of_books(&mut dice, false)),
            );
            payouts_since_until(&begun, &end, since);
            begun.clear_mishaps();
            begun.company_is_idle();
        }
        payouts_since_until(&begun, &End::never(), since).report();
        let stands = (of_vendors(&begun), crate::payouts::standing(&begun));
        assert_eq!(stands, wanted, "seed {seed}");
        begun.forget_requests();
        payouts_since_until(&begun, &End::never(), since).report();
        assert_eq!(begun.books("counts")["writes"], 0, "seed {seed}");
    }
    crate::payouts::only_asked(&begun);
}
