//! Paid in the books: what somebody does there by hand about the money of an order, and what the shop hears of it. Each tale through the
//! binary, to the cent: the order's figures never move, nobody is mailed unless the owner wants it, and a second run writes nothing.

use serde_json::{Value, json};

use crate::tales::{Tale, books};
use crate::world::{KEY, Ran, SECRET, World, company, shop};

const BOTH: &str = "[sync.direction]\npayments = \"both\"\n";

/// A shop that can be written to, its order 1001 over 31.50 owed, and the invoice of it in the books.
fn invoiced_with(more: &str, change: impl Fn(&mut Value)) -> (World, Tale) {
    let mut setup = shop(Vec::new());
    setup["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read_write" }]);
    setup["products"] = json!([{ "id": 501, "type": "simple", "status": "publish", "name": "Thing SKU-1", "sku": "SKU-1",
        "regular_price": "30.00", "manage_stock": true, "stock_quantity": 8, "virtual": false, "downloadable": false }]);
    let world = World::new(setup, company(), &format!("{more}{}", books()));
    let tale = Tale::owed(1_001, 3_000);
    let mut order = tale.order();
    change(&mut order);
    // As it was some days ago: nobody is at work on it.
    world.put_order(&order, &json!([]), true);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["Invoice WC-1001 31.50 active"]);
    assert_eq!(world.store("writes"), json!([]));
    (world, tale)
}

pub fn invoiced(more: &str) -> (World, Tale) {
    invoiced_with(more, |_| {})
}

fn of_kind(world: &World, entity: &str) -> Vec<Value> {
    let documents = world.documents();
    let of_kind = documents.into_iter().filter(|one| one["entity"] == entity);
    of_kind.filter(|one| one["state"] == "active").collect()
}

/// A person enters a payment for the invoice in QuickBooks.
pub fn paid_by_hand(world: &World, total: &str, applied: &str) {
    let invoice = &of_kind(world, "Invoice")[0]["object"];
    let number = |text: &str| -> Value { serde_json::from_str(text).expect("a number") };
    let line = json!({ "Amount": number(applied), "LinkedTxn": [{ "TxnId": invoice["Id"], "TxnType": "Invoice" }] });
    world.tell_books(
        "create",
        json!({ "entity": "Payment", "body": {
            "CustomerRef": { "value": invoice["CustomerRef"]["value"] }, "TotalAmt": number(total), "TxnDate": "2026-11-10",
            "PaymentRefNum": "4711", "Line": [line]
        } }),
    );
}

fn invoice_id(world: &World) -> String {
    of_kind(world, "Invoice")[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// What we told the shop of the order, oldest first.
pub fn told(world: &World) -> Vec<String> {
    let notes = world.store("orders/1001/notes");
    let all = notes.as_array().expect("a list").iter();
    let ours = all
        .filter_map(|note| note["note"].as_str())
        .filter(|text| text.contains("[udsync:"));
    ours.map(|text| text.split(" [udsync:").next().unwrap_or(text).to_owned())
        .collect()
}

/// The figures of the order, its status, the mails that were sent and the stock of its goods.
pub fn shop_stands(world: &World) -> (String, String, usize, Value) {
    let order = world.store("orders/1001")["order"].clone();
    let figures = ["total", "total_tax", "cart_tax", "shipping_tax"]
        .map(|name| order[name].as_str().unwrap_or("?").to_owned());
    let mails = world.store("mails").as_array().expect("a list").len();
    let stock = world.store("snapshot")["products"][0]["stock_quantity"].clone();
    (
        figures.join(" "),
        order["status"].as_str().unwrap_or("?").to_owned(),
        mails,
        stock,
    )
}

const UNTOUCHED: &str = "31.50 1.50 1.50 0.00";

fn writes(world: &World) -> usize {
    world.store("writes").as_array().expect("a list").len()
}

/// A run that changes nothing on either side.
#[track_caller]
fn quiet(world: &World, code: i32) {
    let (before, stands, documents) = (writes(world), shop_stands(world), world.postings());
    for line in ["sync orders --yes", "sync orders --full --yes"] {
        world.run(line).ends_with(code);
        assert_eq!(
            writes(world),
            before,
            "`{line}` wrote: {}",
            world.store("writes")
        );
    }
    assert_eq!(shop_stands(world), stands);
    assert_eq!(world.postings(), documents);
}

fn to_shop(ran: &Ran) -> Vec<String> {
    let changes = ran.json()["changes"].as_array().expect("a list").clone();
    let to_shop = changes
        .iter()
        .filter(|change| change["target"] == "woocommerce");
    to_shop
        .map(|change| {
            let word = |name: &str| change[name].as_str().unwrap_or("?").to_owned();
            format!(
                "{} {} {} {}",
                word("action"),
                word("entity"),
                change["source"]["number"].as_str().unwrap_or("?"),
                word("total")
            )
        })
        .collect()
}

#[test]
fn an_invoice_paid_by_hand_is_told_to_the_shop_once_by_a_note_that_moves_nothing() {
    let (world, mut tale) = invoiced(BOTH);
    paid_by_hand(&world, "31.50", "31.50");
    let before = shop_stands(&world);
    let dry = world.run("dry-run orders --json").ends_with(0);
    assert_eq!(to_shop(&dry), ["create note 1001 31.50"], "{}", dry.out);
    assert_eq!(writes(&world), 0, "a dry run writes nothing");
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(to_shop(&ran), ["create note 1001 31.50"]);
    assert_eq!(
        told(&world),
        ["Paid in QuickBooks: 31.50 CAD on 2026-11-10, reference 4711 (invoice WC-1001)."]
    );
    assert_eq!(shop_stands(&world), before);
    assert_eq!(
        shop_stands(&world),
        (UNTOUCHED.to_owned(), "on-hold".to_owned(), 0, json!(8))
    );
    quiet(&world, 0);
    // The owner sees the note and sends the goods: nothing is posted beside the payment that is there.
    tale.paid = true;
    tale.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.problems(), Vec::<Value>::new());
    assert_eq!(of_kind(&world, "Payment").len(), 1, "only theirs");
    quiet(&world, 0);
}

#[test]
fn nothing_goes_to_the_shop_unless_it_is_switched_on() {
    for more in [
        "",
        "[sync.direction]\npayments = \"off\"\n",
        "[sync.direction]\npayments = \"both\"\n[both]\npaid = \"off\"\n",
    ] {
        let (world, _) = invoiced(more);
        paid_by_hand(&world, "31.50", "31.50");
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(writes(&world), 0, "{more}");
    }
    // For one run it can be switched on by a flag.
    let (world, _) = invoiced("");
    paid_by_hand(&world, "31.50", "31.50");
    world
        .run("sync orders --yes --direction payments=both")
        .ends_with(0);
    assert_eq!(told(&world).len(), 1);
}

#[test]
fn a_state_file_that_is_lost_tells_nothing_twice() {
    let (world, _) = invoiced(BOTH);
    paid_by_hand(&world, "31.50", "31.50");
    world.run("sync orders --yes").ends_with(0);
    for file in ["test.db", "test.db-wal", "test.db-shm"] {
        let _ = std::fs::remove_file(world.home.path().join(file));
    }
    for _ in 0..2 {
        world.run("sync orders --yes").ends_with(0);
    }
    assert_eq!((told(&world).len(), writes(&world)), (1, 1));
}

#[test]
fn money_that_came_in_part_is_told_and_held_and_the_rest_is_told_when_it_comes() {
    let (world, _) = invoiced(BOTH);
    paid_by_hand(&world, "20.00", "20.00");
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.held(), ["1001 held partly_settled"]);
    assert_eq!(to_shop(&ran), ["create note 1001 20.00"]);
    assert_eq!(
        told(&world),
        [
            "20.00 CAD on 2026-11-10, reference 4711 of 31.50 CAD received in QuickBooks, 11.50 CAD still owed (invoice WC-1001)."
        ]
    );
    quiet(&world, 3);
    paid_by_hand(&world, "11.50", "11.50");
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.problems(), Vec::<Value>::new());
    assert_eq!(
        told(&world)[1],
        "Paid in QuickBooks: 20.00 CAD on 2026-11-10, reference 4711; 11.50 CAD on 2026-11-10, reference 4711 (invoice WC-1001)."
    );
    quiet(&world, 0);
}

#[test]
fn a_part_by_hand_and_then_all_of_it_by_card_is_held_and_nothing_is_paid_twice() {
    let (world, mut tale) = invoiced(BOTH);
    paid_by_hand(&world, "20.00", "20.00");
    world.run("sync orders --yes").ends_with(3);
    tale.paid = true;
    tale.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.held(), ["1001 held partly_settled"]);
    assert_eq!(of_kind(&world, "Payment").len(), 1, "only theirs");
    assert_eq!(told(&world).len(), 1);
    quiet(&world, 3);
}

#[test]
fn more_than_was_owed_is_held_and_told_to_nobody() {
    let (world, _) = invoiced(BOTH);
    paid_by_hand(&world, "40.00", "31.50");
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.held(), ["1001 held partly_settled"]);
    assert!(ran.out.contains("8.50 of a payment"), "{}", ran.out);
    assert_eq!(writes(&world), 0);
    quiet(&world, 3);
}

#[test]
fn an_invoice_that_somebody_voided_or_deleted_is_told_once_and_the_order_stays_as_it_is() {
    for (what, code, words) in [
        (
            "void",
            "voided_document",
            "was voided in QuickBooks by somebody",
        ),
        (
            "delete",
            "missing_document",
            "was deleted in QuickBooks by somebody",
        ),
    ] {
        let (world, _) = invoiced(BOTH);
        let before = shop_stands(&world);
        let id = invoice_id(&world);
        world.tell_books(what, json!({ "entity": "Invoice", "id": id }));
        world.run("dry-run orders --out plan.json").ends_with(3);
        let plan = std::fs::read_to_string(world.home.path().join("plan.json")).expect("saved");
        let plan: Value = serde_json::from_str(&plan).expect("JSON");
        assert_eq!(plan["to_shop"][0]["reason"]["code"], "withdrawn_in_books");
        let ran = world.run("sync orders --yes --json").ends_with(3);
        let codes = ran.codes();
        assert_eq!(codes, [code], "{}", ran.out);
        let told = told(&world);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(words), "{told:?}");
        assert_eq!(shop_stands(&world), before);
        quiet(&world, 3);
    }
}

#[test]
fn a_cancelled_order_that_was_paid_is_held_and_not_touched() {
    let (world, mut tale) = invoiced(BOTH);
    paid_by_hand(&world, "31.50", "31.50");
    tale.cancelled = true;
    tale.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.held(), ["1001 held paid_but_cancelled"]);
    assert_eq!(writes(&world), 0);
    quiet(&world, 3);
}

const STATUS: &str = "[sync.direction]\npayments = \"both\"\n[both]\npaid = \"status\"\n";

#[test]
fn by_status_the_buyer_is_mailed_once_and_the_figures_stay() {
    let (world, _) = invoiced(STATUS);
    paid_by_hand(&world, "31.50", "31.50");
    let dry = world.run("dry-run orders").ends_with(0);
    assert!(dry.out.contains("status in the shop"), "{}", dry.out);
    assert!(
        dry.err.contains("because of what it is told: 1"),
        "{}",
        dry.err
    );
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(to_shop(&ran), ["update status 1001 31.50"]);
    assert_eq!(
        shop_stands(&world),
        (UNTOUCHED.to_owned(), "processing".to_owned(), 1, json!(8)),
        "taken from stock when it was ordered"
    );
    let sent = world.store("writes");
    assert_eq!(sent[0]["body"], json!({ "status": "processing" }));
    // The shop says by now that it is paid: our own echo, and no second payment.
    quiet(&world, 0);
    assert_eq!(of_kind(&world, "Payment").len(), 1, "only theirs");
}

#[test]
fn an_invoice_that_a_credit_closed_is_not_told_as_paid_and_mails_nobody() {
    let (world, _) = invoiced(STATUS);
    let invoice = of_kind(&world, "Invoice")[0]["object"].clone();
    let customer = json!({ "value": invoice["CustomerRef"]["value"] });
    world.tell_books(
        "create",
        json!({ "entity": "CreditMemo", "body": {
            "CustomerRef": customer, "TxnDate": "2026-11-10", "Line": invoice["Line"], "TxnTaxDetail": invoice["TxnTaxDetail"],
        } }),
    );
    let credit = of_kind(&world, "CreditMemo")[0]["object"].clone();
    let line = |entity: &str, id: &Value| json!({ "Amount": 31.5, "LinkedTxn": [{ "TxnId": id, "TxnType": entity }] });
    // So QuickBooks joins the two: by a payment over nothing.
    world.tell_books(
        "create",
        json!({ "entity": "Payment", "body": { "CustomerRef": customer, "TotalAmt": 0, "TxnDate": "2026-11-10",
            "Line": [line("Invoice", &invoice["Id"]), line("CreditMemo", &credit["Id"])] } }),
    );
    let before = shop_stands(&world);
    world.run("sync orders --yes");
    assert_eq!(shop_stands(&world), before, "no status, no mail");
    let told = told(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("something else than a payment"),
        "{told:?}"
    );
}

/// Somebody enters a credit memo or a refund receipt of 5.00 for the customer of the invoice, today.
fn credited_by_hand(world: &World, entity: &str, more: &Value) -> Value {
    let invoice = &of_kind(world, "Invoice")[0]["object"];
    let mut line = invoice["Line"][0].clone();
    line["Amount"] = json!(5);
    line["SalesItemLineDetail"]["UnitPrice"] = json!(5);
    line["SalesItemLineDetail"]["Qty"] = json!(1);
    let mut body = json!({
        "CustomerRef": { "value": invoice["CustomerRef"]["value"] }, "Line": [line],
        "TxnDate": chrono::Utc::now().date_naive().to_string(), "GlobalTaxCalculation": "NotApplicable",
    });
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    world.tell_books("create", json!({ "entity": entity, "body": body }))
}

#[test]
fn a_credit_memo_by_hand_that_names_the_order_is_told_once_and_refunds_nothing() {
    let (world, _) = invoiced(BOTH);
    credited_by_hand(
        &world,
        "CreditMemo",
        &json!({ "PrivateNote": "goodwill for WC-1001", "DocNumber": "CM-7" }),
    );
    let (before, documents) = (shop_stands(&world), world.postings());
    let dry = world.run("dry-run orders --json").ends_with(0);
    assert_eq!(to_shop(&dry), ["create note 1001 5.00"], "{}", dry.out);
    assert!(dry.out.contains("given_back_in_books"), "{}", dry.out);
    assert_eq!(writes(&world), 0, "a dry run writes nothing");
    world.run("sync orders --yes").ends_with(0);
    let told = told(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    for said in [
        "Credit memo CM-7 over 5.00 CAD dated ",
        "None of it is applied to an invoice yet.",
        "Nothing was refunded in the shop",
    ] {
        assert!(told[0].contains(said), "{told:?}");
    }
    assert_eq!(shop_stands(&world), before);
    assert_eq!(world.postings(), documents);
    quiet(&world, 0);
}

#[test]
fn a_refund_receipt_by_hand_is_told_with_what_was_paid_out() {
    let (world, _) = invoiced(BOTH);
    let bank = world
        .books("objects/Account")
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["object"]["AccountType"] == "Bank")
        .expect("a bank")["object"]["Id"]
        .clone();
    credited_by_hand(
        &world,
        "RefundReceipt",
        &json!({ "CustomerMemo": { "value": "money back, order #1001" }, "DepositToAccountRef": { "value": bank } }),
    );
    world.run("sync orders --yes").ends_with(0);
    let told = told(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("by the books 5.00 CAD were paid out"),
        "{told:?}"
    );
    quiet(&world, 0);
}

/// Its status is another one when it is paid, and the credit is told all the same.
#[test]
fn an_order_that_is_paid_and_credited_is_told_both_in_one_run() {
    let (world, _) = invoiced(STATUS);
    paid_by_hand(&world, "31.50", "31.50");
    let note = json!({ "PrivateNote": "goodwill for WC-1001", "DocNumber": "CM-7" });
    credited_by_hand(&world, "CreditMemo", &note);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(ran.problems(), Vec::<Value>::new());
    assert_eq!(told(&world).len(), 1, "{:?}", told(&world));
    assert_eq!(shop_stands(&world).1, "processing");
    quiet(&world, 0);
}

/// A credit without the number of an order, one that names two, and one of somebody else: nothing says which order is meant.
#[test]
fn a_credit_that_does_not_say_which_order_is_meant_is_told_to_none() {
    let (world, _) = invoiced(BOTH);
    let other = Tale::owed(1_002, 3_000);
    world.put_order(&other.order(), &json!([]), true);
    world.run("sync orders --yes").ends_with(0);
    let stranger = world.tell_books(
        "create",
        json!({ "entity": "Customer", "body": { "DisplayName": "Somebody Else" } }),
    );
    for more in [
        json!({ "PrivateNote": "goodwill, 1001" }),
        json!({ "PrivateNote": "WC-1001 and WC-1002" }),
        json!({ "PrivateNote": "WC-1001", "CustomerRef": { "value": stranger["Id"] } }),
        json!({ "PrivateNote": "WC-4711" }),
    ] {
        credited_by_hand(&world, "CreditMemo", &more);
    }
    quiet(&world, 0);
    assert_eq!(writes(&world), 0, "{}", world.store("writes"));
    // Where nothing goes to the shop, nothing is looked for.
    world.configure(&books());
    credited_by_hand(&world, "CreditMemo", &json!({ "PrivateNote": "WC-1001" }));
    quiet(&world, 0);
    assert_eq!(writes(&world), 0);
}

#[test]
fn more_mails_than_allowed_stop_the_run_whoever_agreed_to_it() {
    let (world, _) = invoiced(&format!("{STATUS}max_mails = 0\n"));
    paid_by_hand(&world, "31.50", "31.50");
    let ran = world.run("sync orders --yes --json").ends_with(7);
    assert_eq!(ran.json()["code"], "too_many_mails");
    assert!(ran.out.contains("--allow-mails 1"), "{}", ran.out);
    assert_eq!(writes(&world), 0);
    world.run("sync orders --yes --allow-mails 1").ends_with(0);
    assert_eq!(shop_stands(&world).2, 1);
    // With the plugin that keeps mails quiet there is nothing to be stopped for.
    let (world, _) = invoiced(&format!("{STATUS}max_mails = 0\n"));
    world.tell_store("site", json!({ "quiet_plugin": true }));
    paid_by_hand(&world, "31.50", "31.50");
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(shop_stands(&world).1, "processing");
    assert_eq!(shop_stands(&world).2, 0);
}

#[test]
fn cash_on_delivery_hears_it_by_a_note_even_where_others_get_a_status() {
    let (world, _) = invoiced_with(STATUS, |order| {
        order["payment_method"] = json!("cod");
        order["status"] = json!("processing");
    });
    paid_by_hand(&world, "31.50", "31.50");
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(told(&world).len(), 1);
    assert_eq!(
        shop_stands(&world),
        (UNTOUCHED.to_owned(), "processing".to_owned(), 0, json!(8))
    );
    quiet(&world, 0);
}

#[test]
fn an_order_that_somebody_works_on_waits_two_minutes() {
    let (world, tale) = invoiced(STATUS);
    paid_by_hand(&world, "31.50", "31.50");
    tale.tell(&world);
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(ran.codes(), ["order_in_use"]);
    assert_eq!(writes(&world), 0);
    world.put_order(&tale.order(), &json!([]), true);
    world.tell_store(
        "orders/1001/set",
        json!({ "date_modified_gmt": "2026-11-03T10:00:00" }),
    );
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(shop_stands(&world).1, "processing");
}

#[test]
fn a_key_that_may_only_read_switches_the_way_back_off_and_says_so() {
    let mut setup = shop(Vec::new());
    setup["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
    let world = World::new(setup, company(), &format!("{BOTH}{}", books()));
    world.put_order(&Tale::owed(1_001, 3_000).order(), &json!([]), true);
    world.run("sync orders --yes").ends_with(0);
    paid_by_hand(&world, "31.50", "31.50");
    let ran = world.run("sync orders --yes").ends_with(0);
    assert!(ran.err.contains("may only read"), "{}", ran.err);
    assert_eq!(writes(&world), 0);
}

#[test]
fn a_saved_plan_tells_the_shop_what_it_showed_or_nothing() {
    let (world, tale) = invoiced(BOTH);
    paid_by_hand(&world, "31.50", "31.50");
    world.run("dry-run orders --out plan.json").ends_with(0);
    world.run("apply plan.json --yes").ends_with(0);
    assert_eq!(told(&world).len(), 1);
    // What somebody changed since makes it stale.
    let (world, _) = (invoiced(BOTH).0, tale);
    paid_by_hand(&world, "20.00", "20.00");
    world.run("dry-run orders --out plan.json").ends_with(3);
    paid_by_hand(&world, "11.50", "11.50");
    world.run("apply plan.json --yes").ends_with(6);
    assert_eq!(writes(&world), 0);
}

#[test]
fn whatever_becomes_of_an_answer_the_shop_hears_it_once() {
    for what in [
        "lose_answer",
        "reset",
        "truncated",
        "server_error",
        "bad_gateway",
        "throttle",
    ] {
        for (more, path) in [(BOTH, "notes"), (STATUS, "orders/1001")] {
            let (world, _) = invoiced(more);
            paid_by_hand(&world, "31.50", "31.50");
            let method = if path == "notes" { "POST" } else { "PUT" };
            let retry_after = if what == "throttle" {
                json!(1)
            } else {
                Value::Null
            };
            world.tell_store(
                "mishaps",
                json!({ "what": what, "method": method, "path": path, "times": 2, "retry_after": retry_after }),
            );
            for _ in 0..3 {
                if world.run("sync orders --yes").code == 0 {
                    break;
                }
            }
            let (figures, status, mails, _) = shop_stands(&world);
            assert_eq!(figures, UNTOUCHED);
            match path {
                "notes" => assert_eq!(
                    (told(&world).len(), status.as_str(), mails),
                    (1, "on-hold", 0),
                    "{what}"
                ),
                _ => assert_eq!((status.as_str(), mails), ("processing", 1), "{what}"),
            }
            quiet(&world, 0);
        }
    }
}

/// A run that is killed at a write to the shop, before or after the shop has it, and the run that goes on.
fn killed_at(more: &str, method: &str, path: &str, wait_for_the_write: bool) -> World {
    let (world, _) = invoiced(more);
    paid_by_hand(&world, "31.50", "31.50");
    let what = if wait_for_the_write {
        "lose_answer"
    } else {
        "delay"
    };
    world.tell_store(
        "mishaps",
        json!({ "what": what, "method": method, "path": path, "times": 1, "ms": 400 }),
    );
    let mut child = world.start("sync orders --yes");
    let reached = || match wait_for_the_write {
        true => writes(&world) > 0,
        false => world.store("requests").to_string().contains(method),
    };
    crate::world::until("the shop is written to", reached);
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    world.run("sync orders --yes").ends_with(0);
    world
}

#[test]
fn killed_before_or_after_the_shop_has_it_the_order_hears_it_once() {
    for wait_for_the_write in [true, false, true, false] {
        let world = killed_at(BOTH, "POST", "notes", wait_for_the_write);
        assert_eq!(told(&world).len(), 1, "{wait_for_the_write}");
        assert_eq!(
            shop_stands(&world),
            (UNTOUCHED.to_owned(), "on-hold".to_owned(), 0, json!(8))
        );
        quiet(&world, 0);
    }
}

#[test]
fn killed_before_or_after_the_shop_has_it_a_status_mails_once() {
    for wait_for_the_write in [true, false] {
        let world = killed_at(STATUS, "PUT", "orders/1001", wait_for_the_write);
        let (figures, status, mails, _) = shop_stands(&world);
        assert_eq!(
            (figures.as_str(), status.as_str(), mails),
            (UNTOUCHED, "processing", 1),
            "{wait_for_the_write}"
        );
        quiet(&world, 0);
    }
}

#[test]
fn undo_says_what_stays_in_the_shop_and_explain_what_it_was_told() {
    let (world, _) = invoiced(BOTH);
    paid_by_hand(&world, "31.50", "31.50");
    let ran = world.run("sync orders --yes --json").ends_with(0);
    let id = ran.json()["run_id"].as_str().expect("an id").to_owned();
    for line in ["--dry-run", "--yes"] {
        let undone = world.run(&format!("undo {id} {line}")).ends_with(0);
        assert!(
            undone.out.contains("the private note stays"),
            "{} {}",
            undone.out,
            undone.err
        );
    }
    let seen = world
        .run(&format!("undo {id} --dry-run --json"))
        .ends_with(0);
    let kept = &seen.json()["changes"][0];
    assert_eq!(
        (&kept["reason"]["code"], &kept["action"]),
        (&json!("kept_in_shop"), &json!("skip")),
        "{}",
        seen.out
    );
    let explained = world.run("explain 1001").ends_with(0);
    assert!(
        explained.out.contains("the shop was told on"),
        "{}",
        explained.out
    );
    let history = world.run(&format!("history {id} --json")).ends_with(0);
    assert!(history.out.contains("\"note\""), "{}", history.out);
    assert_eq!(told(&world).len(), 1);
}

#[test]
fn a_status_that_a_run_set_is_never_set_back_and_what_to_do_is_said() {
    let (world, _) = invoiced(STATUS);
    paid_by_hand(&world, "31.50", "31.50");
    let ran = world.run("sync orders --yes --json").ends_with(0);
    let id = ran.json()["run_id"].as_str().expect("an id").to_owned();
    let (before, written) = (shop_stands(&world), writes(&world));
    assert_eq!(before.1, "processing");
    let plan = world
        .run(&format!("undo {id} --dry-run --out undo.json"))
        .ends_with(0);
    assert!(plan.out.contains("the status stays"), "{}", plan.out);
    let saved = std::fs::read_to_string(world.home.path().join("undo.json")).expect("saved");
    assert!(
        saved.contains("set the status at the order in the shop by hand"),
        "{saved}"
    );
    let undone = world.run(&format!("undo {id} --yes")).ends_with(0);
    assert!(undone.out.contains("the status stays"), "{}", undone.out);
    assert_eq!((shop_stands(&world), writes(&world)), (before, written));
    // Nothing was taken back, so nothing waits.
    quiet(&world, 0);
}

#[test]
fn the_doctor_says_whether_the_way_back_is_open_and_whom_it_mails() {
    let (world, _) = invoiced(STATUS);
    let find = |world: &World| {
        let ran = world.run("doctor --json");
        let all = ran.json()["findings"].as_array().expect("a list").clone();
        let one = all.into_iter().find(|one| one["id"] == "shop.way_back");
        one.unwrap_or_else(|| panic!("{}", ran.out)).to_string()
    };
    assert!(find(&world).contains("mails the buyer"), "{}", find(&world));
    world.tell_store("site", json!({ "quiet_plugin": true }));
    assert!(find(&world).contains("has answered"), "{}", find(&world));
    world.configure(&format!("{BOTH}{}", books()));
    assert!(find(&world).contains("mails nobody"), "{}", find(&world));
    assert_eq!(writes(&world), 0, "a doctor writes nothing");
}
