//! A company that works the tax out by itself, whatever we state. A cent goes on a rounding line that everybody can see; more
//! than that is taken back and told. A wrong total is never left standing, not even by a kill in between.

use serde_json::{Value, json};

use crate::inprocess::{End, Ended, How, sync, sync_until};
use crate::tales::{Books, Tale, books, text};
use crate::world::{World, company, shop};

/// The order of a tale, with so much more tax than 5 % charged by the shop.
fn taxed(tale: &Tale, more: i64) -> Value {
    let mut order = tale.order();
    let tax = text(tale.total() - tale.net + more);
    for field in ["cart_tax", "total_tax"] {
        order[field] = json!(tax);
    }
    order["total"] = json!(text(tale.total() + more));
    let line = &mut order["line_items"][0];
    line["total_tax"] = json!(tax);
    line["subtotal_tax"] = json!(tax);
    line["taxes"][0] = json!({ "id": 1, "total": tax, "subtotal": tax });
    order["tax_lines"][0]["tax_total"] = json!(tax);
    order
}

fn world_of(orders: &[(Tale, i64)], changes: Value) -> World {
    let mut setup = company();
    setup["ignore_tax_override"] = json!(true);
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    for (name, value) in changes.as_object().expect("changes by name") {
        setup[name] = value.clone();
    }
    let world = World::new(shop(Vec::new()), setup, &books());
    for (tale, more) in orders {
        world.put_order(&taxed(tale, *more), &json!([]), false);
    }
    world
}

/// `SalesReceipt WC-1001 21.01 active` of what stands.
fn standing(world: &World) -> Vec<String> {
    let mut standing: Vec<String> = world
        .postings()
        .into_iter()
        .filter(|posting| !posting.ends_with(" deleted"))
        .collect();
    standing.sort();
    standing
}

#[test]
fn a_cent_of_tax_goes_on_a_rounding_line() {
    let orders = [
        (Tale::paid(1_001, 2_000), 1),
        (Tale::owed(1_002, 3_000), -2),
        (Tale::paid(1_003, 4_000), 0),
    ];
    let world = world_of(&orders, json!({}));
    let ran = world.run("sync orders --yes --json").ends_with(0);
    let changes = ran.json()["changes"].as_array().expect("changes").clone();
    let warned: Vec<&Value> = changes
        .iter()
        .filter(|change| {
            change["warnings"]
                .as_array()
                .is_some_and(|warnings| warnings.contains(&json!("tax_override_ignored")))
        })
        .map(|change| &change["source"]["number"])
        .collect();
    assert_eq!(warned, ["1001", "1002"], "{}", ran.out);
    let wanted = [
        "Invoice WC-1002 31.48 active",
        "SalesReceipt WC-1001 21.01 active",
        "SalesReceipt WC-1003 42.00 active",
    ];
    assert_eq!(standing(&world), wanted);
    let lines: Vec<usize> = Books::read(&world)
        .0
        .iter()
        .map(|one| one.lines.len())
        .collect();
    assert_eq!(lines, [2, 2, 1], "a rounding line where it is needed");
    for line in ["sync orders --yes", "sync orders --yes --full"] {
        world.forget_requests();
        world.run(line).ends_with(0);
        assert_eq!(world.books("counts")["writes"], json!(0));
    }
    // Paid in full, to the cent.
    let mut paid = Tale::owed(1_002, 3_000);
    paid.paid = true;
    world.put_order(&taxed(&paid, -2), &json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    let settled = Books::read(&world);
    let invoice = settled
        .of(1_002)
        .find(|one| one.entity == "Invoice")
        .expect("the invoice");
    assert_eq!(invoice.balance, "0.00");
    // An edit ends up at the right total as well.
    world.put_order(&taxed(&Tale::paid(1_001, 2_400), 3), &json!([]), false);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert!(ran.out.contains("tax_override_ignored"), "{}", ran.out);
    assert!(standing(&world).contains(&"SalesReceipt WC-1001 25.23 active".to_owned()));
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn more_than_cents_is_taken_back_and_held() {
    let orders = [
        (Tale::paid(1_001, 2_000), 50),
        (Tale::owed(1_002, 3_000), -50),
        (Tale::paid(1_003, 4_000), 0),
    ];
    let world = world_of(&orders, json!({}));
    let wanted = ["SalesReceipt WC-1003 42.00 active"];
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.codes(), ["readback_mismatch", "readback_mismatch"]);
    assert_eq!(standing(&world), wanted);
    // It stays held and is not tried on every run.
    for line in [
        "sync orders --yes --json",
        "sync orders --yes --full --json",
    ] {
        world.forget_requests();
        let ran = world.run(line).ends_with(3);
        assert_eq!(ran.codes(), ["readback_mismatch", "readback_mismatch"]);
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "{line}: {}",
            world.books("requests")
        );
    }
    // Asked for it is tried again, and fails again.
    let ran = world.run("retry --all --yes --json").ends_with(3);
    assert_eq!(ran.codes(), ["readback_mismatch", "readback_mismatch"]);
    assert_eq!(standing(&world), wanted);
    // The shop mends one of them, a person mends the company for the other.
    world.put_order(&taxed(&Tale::paid(1_001, 2_000), 1), &json!([]), false);
    world.run("sync orders --yes").ends_with(3);
    assert!(standing(&world).contains(&"SalesReceipt WC-1001 21.01 active".to_owned()));
    world.tell_books("company", json!({ "ignore_tax_override": false }));
    world.run("retry --all --yes").ends_with(0);
    assert!(standing(&world).contains(&"Invoice WC-1002 31.00 active".to_owned()));
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.books("counts")["writes"], json!(0));
}

#[test]
fn tax_that_comes_back_differently_once_is_mended_or_taken_back() {
    for (by, stands) in [("0.01", true), ("-0.04", true), ("0.90", false)] {
        let tale = Tale::paid(1_001, 2_000);
        let world = world_of(
            &[(tale.clone(), 0)],
            json!({ "ignore_tax_override": false }),
        );
        world.tell_books("mishaps", json!({ "what": "tax_off", "by": by }));
        let ran = world
            .run("sync orders --yes --json")
            .ends_with(if stands { 0 } else { 3 });
        assert_eq!(
            ran.out.contains("tax_override_ignored"),
            stands,
            "{by}: {}",
            ran.out
        );
        let wanted: &[&str] = if stands {
            &["SalesReceipt WC-1001 21.00 active"]
        } else {
            &[]
        };
        assert_eq!(standing(&world), wanted, "{by}");
        world.forget_requests();
        world.run("sync orders --yes");
        assert_eq!(world.books("counts")["writes"], json!(0), "{by}");
        world.run("retry --all --yes");
        assert_eq!(
            standing(&world),
            ["SalesReceipt WC-1001 21.00 active"],
            "{by}"
        );
    }
}

#[test]
fn an_edit_that_comes_out_wrong_leaves_the_total_that_was_right() {
    let orders = [(Tale::paid(1_001, 2_000), 1)];
    let world = world_of(&orders, json!({}));
    world.run("sync orders --yes").ends_with(0);
    world.put_order(&taxed(&Tale::paid(1_001, 3_000), 70), &json!([]), false);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.codes(), ["readback_mismatch"]);
    assert_eq!(standing(&world), ["SalesReceipt WC-1001 21.01 active"]);
    for _ in 0..2 {
        world.forget_requests();
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(ran.codes(), ["readback_mismatch"]);
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "{}",
            world.books("requests")
        );
    }
    world.put_order(&taxed(&Tale::paid(1_001, 3_000), 2), &json!([]), false);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(standing(&world), ["SalesReceipt WC-1001 31.52 active"]);
}

#[test]
fn a_kill_between_a_wrong_edit_and_its_correction_keeps_the_document() {
    let orders = [(Tale::paid(1_001, 2_000), 1), (Tale::paid(1_002, 2_000), 0)];
    let mut effects = 0;
    for at in 1.. {
        let world = world_of(&orders, json!({ "ignore_requestid": true }));
        sync(&world).report();
        world.put_order(&taxed(&Tale::paid(1_001, 3_000), 70), &json!([]), false);
        world.put_order(&taxed(&Tale::paid(1_002, 3_000), 2), &json!([]), false);
        let end = End::at(at, How::Killed);
        if !matches!(sync_until(&world, &end), Ended::Killed) {
            break;
        }
        effects += 1;
        let report = sync(&world).report();
        assert_eq!(report.problems.len(), 1, "killed at effect {at}");
        let wanted = [
            "SalesReceipt WC-1001 21.01 active",
            "SalesReceipt WC-1002 31.52 active",
        ];
        assert_eq!(world.postings(), wanted, "killed at effect {at}");
        world.forget_requests();
        sync(&world).report();
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "killed at effect {at}"
        );
    }
    assert!(effects > 8, "only {effects} effects");
}

#[test]
fn a_kill_between_a_document_and_its_correction_leaves_no_wrong_total() {
    let mut paid = Tale::owed(1_004, 5_000);
    paid.paid = true;
    let orders = [
        (Tale::paid(1_001, 2_000), 1),
        (Tale::paid(1_002, 3_000), 70),
        (Tale::owed(1_003, 4_000), 0),
    ];
    let wanted = [
        "Invoice WC-1003 42.00 active",
        "Invoice WC-1004 52.53 active",
        "Payment WC-1004 52.53 active",
        "SalesReceipt WC-1001 21.01 active",
    ];
    let mut effects = 0;
    for forgets in [false, true] {
        for at in 1.. {
            let world = world_of(&orders, json!({ "ignore_requestid": forgets }));
            world.put_order(&taxed(&Tale::owed(1_004, 5_000), 3), &json!([]), false);
            let end = End::at(at, How::Killed);
            if !matches!(sync_until(&world, &end), Ended::Killed) {
                break;
            }
            effects += 1;
            let report = sync(&world).report();
            let held: Vec<&str> = report
                .problems
                .iter()
                .map(|problem| problem.reason.code.as_str())
                .collect();
            assert_eq!(held, ["readback_mismatch"], "killed at effect {at}");
            world.put_order(&taxed(&paid, 3), &json!([]), false);
            sync(&world).report();
            assert_eq!(standing(&world), wanted, "killed at effect {at}");
            world.forget_requests();
            sync(&world).report();
            assert_eq!(
                world.books("counts")["writes"],
                json!(0),
                "killed at effect {at}"
            );
        }
    }
    assert!(effects > 30, "only {effects} effects");
}

#[test]
fn a_credit_memo_that_is_taken_back_is_not_paid_with() {
    let mut tale = Tale::owed(1_001, 4_000);
    tale.refunds.push((9_001, 1_000));
    tale.paid = true;
    let world = world_of(&[(Tale::owed(1_001, 4_000), 0)], json!({}));
    world.run("sync orders --yes").ends_with(0);
    // The refund gave back more tax than 5 %.
    let mut refunds = tale.refund_objects();
    let refund = &mut refunds[0];
    refund["amount"] = json!("11.00");
    for part in ["line_items", "tax_lines"] {
        refund[part][0]["tax_total"] = json!("-1.00");
    }
    let line = &mut refund["line_items"][0];
    line["total_tax"] = json!("-1.00");
    line["subtotal_tax"] = json!("-1.00");
    line["taxes"][0] = json!({ "id": 1, "total": "-1.00", "subtotal": "-1.00" });
    let mut order = tale.order();
    order["refunds"][0]["total"] = json!("-11.00");
    world.put_order(&order, &refunds, false);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(
        ran.codes(),
        ["readback_mismatch", "readback_mismatch"],
        "{}",
        ran.out
    );
    assert_eq!(standing(&world), ["Invoice WC-1001 42.00 active"]);
    for _ in 0..2 {
        world.forget_requests();
        world.run("sync orders --yes").ends_with(3);
        assert_eq!(
            world.books("counts")["writes"],
            json!(0),
            "{}",
            world.books("requests")
        );
    }
    world.tell_books("company", json!({ "ignore_tax_override": false }));
    world.run("retry --all --yes").ends_with(0);
    let wanted = [
        "CreditMemo WC-1001-R9001 11.00 active",
        "Invoice WC-1001 42.00 active",
        "Payment WC-1001 31.00 active",
    ];
    assert_eq!(standing(&world), wanted);
}
