//! What payment services paid out: proven row by row, posted once and to the cent of the bank's line, and never a request to a service
//! that is anything but a question.

use serde_json::{Value, json};
use udsync::sandbox::stripe;

use crate::cut::consolidated;
use crate::inprocess::{End, How, check_payouts, payouts_until};
use crate::order::{order, refund, with};
use crate::world::{BOOKS, RUNTIME, Ran, World, amount, company, shop};

pub const KEY: &str = "rk_test_51reader";
pub const DAY: i64 = 86_400;
/// 2026-11-03.
pub const THIRD: i64 = 1_793_664_000;

/// A shop with its company and an account at Stripe.
pub struct Paid {
    pub world: World,
    pub stripe: stripe::Running,
}

pub fn with_fee(id: u64, fee: &str) -> Value {
    let meta = json!([{ "id": 1, "key": "_stripe_fee", "value": fee }, { "id": 2, "key": "_stripe_currency", "value": "CAD" }]);
    with(order(id), json!({ "meta_data": meta }))
}

pub fn row(id: &str, kind: &str, amount: i64, fee: i64, order: Option<u64>) -> Value {
    json!({ "id": id, "type": kind, "amount": amount, "fee": fee, "created": THIRD - DAY, "order": order,
            "source": format!("ch_{id}"), "payout": "po_1" })
}

/// A charge, half of it given back in another order, and a dispute with its fee.
pub fn account() -> Value {
    json!({ "rows": [
        row("txn_1", "charge", 2_100, 91, Some(1001)),
        row("txn_2", "charge", 2_100, 91, Some(1002)),
        with(row("txn_3", "refund", -2_100, 0, Some(1002)), json!({ "source": "re_3" })),
        with(row("txn_4", "adjustment", -500, 1_500, Some(1001)), json!({ "category": "dispute", "source": "dp_4" })),
        { "id": "txn_po_1", "type": "payout", "amount": 82, "created": THIRD, "source": "po_1" },
        with(row("txn_5", "charge", 2_100, 91, Some(1003)), json!({ "payout": null, "available_on": THIRD + 9 * DAY })),
    ], "payouts": [{ "id": "po_1", "amount": -82, "created": THIRD, "arrival": THIRD + DAY }] })
}

/// The same without the dispute: 41.18 less 21.00.
pub fn plain() -> Value {
    let mut account = account();
    account["rows"]
        .as_array_mut()
        .expect("rows")
        .retain(|row| row["id"] != "txn_4");
    account["rows"][3]["amount"] = json!(-1_918);
    account["payouts"][0]["amount"] = json!(1_918);
    account
}

pub fn books(policy: &str, payouts: &str) -> String {
    format!(
        "[stripe]\ntimeout = \"5s\"\napi_url = \"STRIPE\"\n{BOOKS}\n[books.policy]\ngateway_fees = \"{policy}\"\n[books.payouts]\nbank = \"Chequing\"\n{payouts}"
    )
}

impl Paid {
    pub fn of(account: Value, policy: &str) -> Paid {
        Paid::with(account, policy, "disputes = \"Disputes\"\n")
    }

    pub fn with(account: Value, policy: &str, payouts: &str) -> Paid {
        let orders = [1001, 1002, 1003].map(|id| with_fee(id, "0.91"));
        Paid::of_orders(orders.to_vec(), account, policy, payouts)
    }

    pub fn of_orders(orders: Vec<Value>, account: Value, policy: &str, payouts: &str) -> Paid {
        let reads = json!({ "balance": "read", "payout": "read", "charge": "read" });
        let mut more = reads.clone();
        more["customer"] = json!("read");
        let keys = json!([
            { "key": KEY, "permissions": reads },
            { "key": "rk_test_51mighty", "permissions": more },
            { "key": "rk_test_51narrow", "permissions": { "payout": "read" } },
        ]);
        let setup = json!({ "keys": keys, "account": account });
        let stripe = RUNTIME.block_on(stripe::start(0, setup)).expect("it opens");
        let mut company = company();
        let accounts = company["accounts"].as_array_mut().expect("accounts");
        accounts.push(json!({ "name": "Chequing", "type": "Bank" }));
        accounts.push(json!({ "name": "Disputes", "type": "Expense" }));
        let mut shop = shop(orders);
        shop["refunds"] = json!({ "1002": [refund(5002, 1002)] });
        let world = World::new(shop, company, "");
        world.configure(&books(policy, payouts).replace("STRIPE", &stripe.url()));
        Paid { world, stripe }
    }

    pub fn run(&self, line: &str) -> Ran {
        let output = self
            .world
            .command(line)
            .env("UDSYNC_STRIPE_KEY", KEY)
            .output()
            .expect("it runs");
        crate::world::ran(output)
    }

    pub fn synced(&self) {
        self.run("sync orders --json").ends_with(0);
    }

    pub fn post(&self) -> Ran {
        self.run("sync payouts --since 2026-11-01 --json")
    }

    pub fn configured(&self, policy: &str, payouts: &str) {
        let text = books(policy, payouts).replace("STRIPE", &self.stripe.url());
        self.world.configure(&text);
    }

    /// The clearing account holds what it should.
    pub fn accounts_agree(&self) {
        let ran = self.run("payouts check --from 2026-11-01 --json");
        let accounts = ran.json()["accounts"].clone();
        for account in accounts.as_array().expect("accounts") {
            assert_eq!(account["equation"]["state"], "holds", "{}", ran.out);
        }
    }

    pub fn lever(&self, method: &str, path: &str, body: &Value) -> Value {
        RUNTIME
            .block_on(self.stripe.lever(method, path, body))
            .expect("a lever")
    }

    pub fn becomes(&self, account: &Value) {
        self.lever("PUT", "account", account);
    }

    pub fn kinds(&self, kind: &str) -> Vec<Value> {
        let documents = self.world.documents();
        documents
            .into_iter()
            .filter(|one| one["entity"] == kind && one["state"] != "deleted")
            .map(|one| one["object"].clone())
            .collect()
    }

    /// Every request to the account so far was a question.
    pub fn only_asked(&self) {
        let requests = self.lever("GET", "requests", &Value::Null);
        let requests = requests.as_array().expect("a list");
        assert!(!requests.is_empty());
        for one in requests {
            assert_eq!(one["method"], "GET", "{one}");
        }
        let counts = self.lever("GET", "counts", &Value::Null);
        assert_eq!(
            (&counts["writes"], &counts["paid_out"]),
            (&json!(0), &json!(0))
        );
    }
}

fn equations(ran: &Ran) -> Vec<String> {
    let document = ran.json();
    let check = &document["payouts"][0]["check"];
    let all = check["equations"].as_array().expect("equations").iter();
    let word = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
    all.map(|one| format!("{} {}", word(one, "name"), word(one, "state")))
        .collect()
}

#[test]
fn a_payout_is_proven_without_posting_anything() {
    let paid = Paid::of(account(), "expense");
    let ran = paid
        .run("payouts check --from 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(
        equations(&ran),
        ["P1 holds", "P2 holds", "P3 unchecked", "P5 unchecked"]
    );
    let document = ran.json();
    assert_eq!(document["schema"], "udsync/payouts/1");
    assert_eq!(document["payouts"][0]["amount"], "-0.82");
    let shown = paid
        .run("payouts show po_1 --from 2026-11-01")
        .ends_with(0)
        .out;
    for words in ["dispute", "-20.00", "order 1002", "P1 holds"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let listed = paid.run("payouts list --from 2026-11-01").ends_with(0).out;
    assert!(
        listed.contains("po_1") && listed.contains("2026-11-04"),
        "{listed}"
    );
    paid.only_asked();
    let unknown = paid
        .run("payouts show po_9 --from 2026-11-01 --json")
        .ends_with(1)
        .json();
    assert_eq!(unknown["code"], "payout_unknown");
}

#[test]
fn a_payout_of_charges_a_refund_and_a_dispute_reaches_the_bank_to_the_cent_and_once() {
    let paid = Paid::of(account(), "expense");
    paid.synced();
    let shown = paid
        .run("dry-run payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(shown.figure("created"), 2);
    assert_eq!(paid.kinds("Transfer").len(), 0, "a dry run writes nothing");
    let ran = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(ran.figure("created"), 2);
    let transfers = paid.kinds("Transfer");
    assert_eq!(transfers.len(), 1);
    assert_eq!(
        amount(&transfers[0]["Amount"]),
        "0.82",
        "the service took it from the bank"
    );
    assert_eq!(transfers[0]["TxnDate"], "2026-11-04");
    let note = transfers[0]["PrivateNote"].as_str().expect("a note");
    assert!(note.contains("origin=payout:po_1 role=transfer"), "{note}");
    let again = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!((again.figure("created"), again.figure("unchanged")), (0, 2));
    let checked = paid
        .run("payouts check --from 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(
        equations(&checked),
        ["P1 holds", "P2 holds", "P3 holds", "P5 holds"]
    );
    let owed = &checked.json()["accounts"][0];
    assert_eq!(
        (&owed["balance"], &owed["equation"]["state"]),
        (&json!("20.09"), &json!("holds"))
    );
    paid.only_asked();
}

#[test]
fn fees_go_with_the_payout_and_never_twice_when_the_mode_is_switched() {
    let paid = Paid::of(plain(), "payout");
    paid.synced();
    assert_eq!(paid.kinds("Purchase").len(), 0);
    paid.run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    let fees = paid.kinds("Purchase");
    assert_eq!(fees.len(), 1);
    assert_eq!(amount(&fees[0]["TotalAmt"]), "1.82");
    let checked = paid
        .run("payouts check --from 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(checked.json()["accounts"][0]["equation"]["state"], "holds");
    // Now order by order: what the payout holds stays there, and only the third order gets a document.
    let text = books("expense", "").replace("STRIPE", &paid.stripe.url());
    paid.world.configure(&text);
    paid.run("sync orders --full --json").ends_with(0);
    assert_eq!(paid.kinds("Purchase").len(), 2);
    let checked = paid
        .run("payouts check --from 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(checked.json()["accounts"][0]["equation"]["state"], "holds");
}

#[test]
fn what_was_posted_singly_is_no_part_of_the_payouts_fees() {
    let paid = Paid::of(account(), "expense");
    paid.synced();
    assert_eq!(paid.kinds("Purchase").len(), 3);
    let text = books("payout", "disputes = \"Disputes\"\n").replace("STRIPE", &paid.stripe.url());
    paid.world.configure(&text);
    paid.run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    let fees = paid.kinds("Purchase");
    let of_payout: Vec<&Value> = fees
        .iter()
        .filter(|one| one["DocNumber"] == "WC-PO-po_1-F")
        .collect();
    assert_eq!(of_payout.len(), 1);
    assert_eq!(
        amount(&of_payout[0]["TotalAmt"]),
        "20.00",
        "the dispute and its fee"
    );
}

#[test]
fn a_cent_off_is_code_8_and_holds_that_payout_alone() {
    let mut account = plain();
    let rows = account["rows"].as_array_mut().expect("rows");
    rows.push(with(
        row("txn_6", "charge", 2_100, 91, Some(1003)),
        json!({ "payout": "po_2" }),
    ));
    account["payouts"][0]["amount"] = json!(1_919);
    let payouts = account["payouts"].as_array_mut().expect("payouts");
    payouts.push(
        json!({ "id": "po_2", "amount": 2_009, "created": THIRD, "arrival": THIRD + 2 * DAY }),
    );
    let paid = Paid::of(account, "expense");
    paid.synced();
    let ran = paid.run("payouts check --from 2026-11-01").ends_with(8);
    assert!(ran.out.contains("P1 off by 0.01"), "{}", ran.out);
    let ran = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(3);
    assert_eq!(ran.codes(), ["payout_does_not_add_up"]);
    let transfers = paid.kinds("Transfer");
    assert_eq!(transfers.len(), 1);
    assert_eq!(amount(&transfers[0]["Amount"]), "20.09");
}

#[test]
fn what_is_not_ready_waits_and_what_needs_a_person_is_held() {
    let cases = [
        ("payout_not_arrived", json!({ "status": "in_transit" }), 0),
        ("payout_came_to_nothing", json!({ "status": "failed" }), 0),
        (
            "payout_rows_not_ready",
            json!({ "progress": "in_progress" }),
            0,
        ),
    ];
    for (code, change, exit) in cases {
        let mut account = plain();
        account["payouts"][0] = with(account["payouts"][0].clone(), change);
        let paid = Paid::of(account, "expense");
        paid.synced();
        let ran = paid
            .run("sync payouts --since 2026-11-01 --json")
            .ends_with(exit);
        assert_eq!(
            ran.json()["changes"][0]["reason"]["code"],
            code,
            "{}",
            ran.out
        );
        assert_eq!(paid.kinds("Transfer").len(), 0);
    }
    let mut foreign = plain();
    foreign["payouts"][0]["currency"] = json!("usd");
    for row in foreign["rows"].as_array_mut().expect("rows") {
        row["currency"] = json!("usd");
    }
    for (code, paid) in [
        ("payout_foreign", Paid::of(foreign, "expense")),
        ("payout_row_unmapped", Paid::with(account(), "expense", "")),
    ] {
        paid.synced();
        let ran = paid
            .run("sync payouts --since 2026-11-01 --json")
            .ends_with(3);
        assert_eq!(ran.codes(), [code]);
        assert_eq!(paid.kinds("Transfer").len(), 0);
    }
    let settings = "disputes = \"Disputes\"\nstart_date = 2026-11-20\n";
    let early = Paid::with(plain(), "expense", settings);
    early.synced();
    let ran = early
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(
        ran.json()["changes"][0]["reason"]["code"],
        "payout_before_start"
    );
}

#[test]
fn a_payout_by_hand_has_no_rows_and_is_a_transfer_alone() {
    let mut account = plain();
    account["payouts"][0]["automatic"] = json!(false);
    let paid = Paid::of(account, "expense");
    paid.synced();
    let ran = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(ran.figure("created"), 1);
    assert_eq!(
        ran.json()["changes"][0]["warnings"][0],
        "payout_without_rows"
    );
    assert_eq!(amount(&paid.kinds("Transfer")[0]["Amount"]), "19.18");
}

#[test]
fn a_payout_that_came_back_after_it_was_posted_is_told() {
    let paid = Paid::of(plain(), "expense");
    paid.synced();
    paid.run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    let mut failed = plain();
    failed["payouts"][0]["status"] = json!("failed");
    paid.becomes(&failed);
    let ran = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(3);
    assert_eq!(ran.codes(), ["payout_came_back"]);
}

#[test]
fn a_run_of_payouts_is_taken_back_and_explained() {
    let paid = Paid::of(account(), "expense");
    paid.synced();
    let ran = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    let explained = paid.run("explain po_1").ends_with(0).out;
    assert!(explained.contains("what reached the bank"), "{explained}");
    let run = ran.json()["run_id"].as_str().expect("an id").to_owned();
    paid.run(&format!("undo {run} --yes --json")).ends_with(0);
    assert_eq!(paid.kinds("Transfer").len(), 0);
    assert_eq!(paid.kinds("Purchase").len(), 3, "the orders keep theirs");
    // What was taken back waits until somebody asks for it.
    let waits = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(3);
    assert_eq!(waits.codes(), ["undone"]);
    paid.run(&format!("retry --run {run} --json")).ends_with(0);
    assert_eq!(paid.kinds("Transfer").len(), 1);
    let again = paid.post().ends_with(0);
    assert_eq!(again.figure("created"), 0, "it stands undone no more");
    let proof = paid.run("reconcile --period 2026-11 --json").ends_with(0);
    assert_eq!(proof.json()["differences"], json!([]), "{}", proof.out);
}

#[test]
fn a_lost_state_finds_its_payouts_again() {
    let paid = Paid::of(account(), "expense");
    paid.synced();
    paid.run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    paid.world.lose_state();
    // The books hold fees with it, of which orders nobody knows before payouts are taken up.
    paid.run("sync orders --json").ends_with(7);
    let ran = paid.post().ends_with(0);
    assert_eq!(ran.figure("created"), 0, "{}", ran.out);
    assert_eq!(paid.kinds("Transfer").len(), 1);
    paid.synced();
}

#[test]
fn a_lost_state_and_a_closing_date_that_moved_post_nothing_again() {
    for (before, after) in [("2026-10-31", "2026-11-10"), ("2026-11-10", "2026-10-31")] {
        let paid = Paid::of(account(), "expense");
        let text = books("expense", "disputes = \"Disputes\"\n")
            .replace("STRIPE", &paid.stripe.url())
            .replace(
                "[books.policy]",
                "[books.policy]\nclosed_period = \"first_open_day\"",
            );
        paid.world.configure(&text);
        paid.synced();
        let closed = |day: &str| {
            let _ = paid
                .world
                .tell_books("company", json!({ "books_closed_through": day }));
        };
        closed(before);
        assert_eq!(paid.post().ends_with(0).figure("created"), 2);
        let day = paid.kinds("Transfer")[0]["TxnDate"].clone();
        paid.world.lose_state();
        closed(after);
        let ran = paid.post().ends_with(0);
        assert_eq!(ran.figure("created"), 0, "{}", ran.out);
        let transfers = paid.kinds("Transfer");
        assert_eq!((transfers.len(), &transfers[0]["TxnDate"]), (1, &day));
        assert_eq!(paid.post().ends_with(0).figure("unchanged"), 2);
    }
}

#[test]
fn a_lost_state_knows_by_the_books_how_fees_were_posted() {
    // With the payout, and order by order now.
    let paid = Paid::of(plain(), "payout");
    paid.synced();
    paid.post().ends_with(0);
    paid.world.lose_state();
    paid.configured("expense", "");
    let ran = paid.run("sync orders --json").ends_with(7);
    assert!(ran.out.contains("payouts_first"), "{}", ran.out);
    assert_eq!(paid.post().ends_with(0).figure("created"), 0);
    paid.synced();
    assert_eq!(
        paid.kinds("Purchase").len(),
        2,
        "of the payout, and of the order in none"
    );
    paid.accounts_agree();
    // The other way round.
    let paid = Paid::of(plain(), "expense");
    paid.synced();
    paid.post().ends_with(0);
    paid.world.lose_state();
    paid.configured("payout", "");
    paid.synced();
    assert_eq!(paid.post().ends_with(0).figure("created"), 0);
    assert_eq!(paid.kinds("Purchase").len(), 3);
    paid.accounts_agree();
}

#[test]
fn what_is_in_the_books_with_another_figure_is_not_taken_for_the_payouts() {
    let paid = Paid::of(plain(), "payout");
    paid.synced();
    paid.post().ends_with(0);
    paid.world.lose_state();
    let mut other = plain();
    other["rows"][0]["fee"] = json!(92);
    other["rows"][3]["amount"] = json!(-1_917);
    other["payouts"][0]["amount"] = json!(1_917);
    paid.becomes(&other);
    let ran = paid.post().ends_with(3);
    assert_eq!(ran.codes(), ["payout_posted_otherwise"]);
    assert_eq!(paid.kinds("Transfer").len(), 1);
}

#[test]
fn a_payout_that_was_posted_without_fees_gets_none_when_the_mode_is_switched() {
    let paid = Paid::of(plain(), "off");
    paid.synced();
    assert_eq!(paid.post().ends_with(0).figure("created"), 1);
    paid.configured("payout", "");
    let ran = paid.post().ends_with(0);
    assert_eq!(ran.figure("created"), 0, "{}", ran.out);
    assert_eq!(paid.kinds("Purchase").len(), 0);
}

#[test]
fn of_two_shops_on_one_account_and_in_one_company_one_posts_a_payout() {
    let paid = Paid::of(plain(), "expense");
    paid.synced();
    paid.post().ends_with(0);
    paid.world.lose_state();
    let text = std::fs::read_to_string(&paid.world.config).expect("it was written");
    let name = text
        .lines()
        .find(|line| line.starts_with("name = "))
        .expect("the shop has a name")
        .to_owned();
    std::fs::write(
        &paid.world.config,
        text.replacen(&name, "name = \"twin\"", 1),
    )
    .expect("written");
    let ran = paid.post().ends_with(0);
    let code = &ran.json()["changes"][0]["reason"]["code"];
    assert_eq!(code, "payout_of_another_shop", "{}", ran.out);
    assert_eq!(paid.kinds("Transfer").len(), 1);
}

#[test]
fn an_order_has_its_payment_whatever_the_site_calls_itself() {
    let orders = [1001, 1002, 1003].map(|id| {
        let charge = format!("ch_txn_{}", id - 1000);
        with(with_fee(id, "0.91"), json!({ "transaction_id": charge }))
    });
    let mut account = plain();
    for row in account["rows"].as_array_mut().expect("rows") {
        row["site"] = json!("https://shop.example.com/wp");
    }
    let paid = Paid::of_orders(orders.to_vec(), account, "payout", "");
    paid.synced();
    let ran = paid.post().ends_with(0);
    assert_eq!(ran.figure("created"), 2, "{}", ran.out);
    assert_eq!(amount(&paid.kinds("Purchase")[0]["TotalAmt"]), "1.82");
}

#[test]
fn a_refund_finds_its_order_by_a_charge_of_another_month() {
    let mut account = plain();
    // The charge was paid out long ago; the refund comes alone with another charge.
    account["rows"][1]["payout"] = json!("po_0");
    account["rows"][3]["amount"] = json!(91);
    account["payouts"][0]["amount"] = json!(-91);
    let paid = Paid::of(account, "expense");
    paid.synced();
    let ran = paid.post().ends_with(0);
    assert_eq!(ran.figure("created"), 1, "{}", ran.out);
    let shown = paid
        .run("payouts show po_1 --from 2026-11-01")
        .ends_with(0)
        .out;
    assert!(shown.contains("order 1002"), "{shown}");
    paid.only_asked();
}

/// A payout whose money came back, and the next one that brings it.
fn returned() -> Value {
    let mut account = plain();
    account["payouts"][0]["status"] = json!("failed");
    let rows = account["rows"].as_array_mut().expect("rows");
    rows[4] = with(
        rows[4].clone(),
        json!({ "payout": "po_2", "available_on": THIRD }),
    );
    rows.push(
        json!({ "id": "txn_back", "type": "payout_failure", "amount": 1_918, "created": THIRD + DAY,
                      "source": "po_1", "payout": "po_2" }),
    );
    rows.push(json!({ "id": "txn_po_2", "type": "payout", "amount": -3_927, "created": THIRD + DAY, "source": "po_2" }));
    let payouts = account["payouts"].as_array_mut().expect("payouts");
    payouts.push(json!({ "id": "po_2", "amount": 3_927, "created": THIRD + DAY, "arrival": THIRD + 3 * DAY }));
    account
}

#[test]
fn what_came_back_is_brought_by_the_next_payout_and_the_fees_of_both_are_posted() {
    for policy in ["payout", "expense"] {
        let paid = Paid::of(returned(), policy);
        paid.synced();
        paid.post().ends_with(0);
        let transfers = paid.kinds("Transfer");
        assert_eq!(transfers.len(), 1, "{policy}");
        assert_eq!(amount(&transfers[0]["Amount"]), "39.27");
        let fees = paid.kinds("Purchase");
        let sum: f64 = fees.iter().filter_map(|one| one["TotalAmt"].as_f64()).sum();
        assert_eq!(format!("{sum:.2}"), "2.73", "{policy}");
        paid.accounts_agree();
        assert_eq!(paid.post().ends_with(0).figure("created"), 0);
    }
}

#[test]
fn the_account_is_proven_with_a_payout_under_way_with_a_dispute_and_with_one_by_hand() {
    let dispute = with(
        row("txn_4", "adjustment", -500, 1_500, Some(1001)),
        json!({ "category": "dispute", "source": "dp_4", "payout": null }),
    );
    let mut disputed = plain();
    disputed["rows"].as_array_mut().expect("rows").push(dispute);
    let mut under_way = plain();
    let rows = under_way["rows"].as_array_mut().expect("rows");
    rows[4] = with(
        rows[4].clone(),
        json!({ "payout": "po_2", "available_on": THIRD }),
    );
    rows.push(json!({ "id": "txn_po_2", "type": "payout", "amount": -2_009, "created": THIRD + DAY, "source": "po_2" }));
    let payouts = under_way["payouts"].as_array_mut().expect("payouts");
    payouts.push(json!({ "id": "po_2", "amount": 2_009, "created": THIRD + DAY, "arrival": THIRD + 3 * DAY, "status": "in_transit" }));
    let mut by_hand = plain();
    by_hand["payouts"][0]["automatic"] = json!(false);
    for (what, account) in [
        ("dispute", disputed),
        ("under way", under_way),
        ("by hand", by_hand),
    ] {
        for policy in ["payout", "expense"] {
            let paid = Paid::of(account.clone(), policy);
            paid.synced();
            paid.post().ends_with(0);
            let ran = paid.run("payouts check --from 2026-11-01 --json");
            let state = ran.json()["accounts"][0]["equation"]["state"].clone();
            assert_eq!(state, "holds", "{what}, {policy}: {}", ran.out);
        }
    }
}

#[test]
fn two_services_with_one_clearing_account_are_proven_together() {
    let mut here = plain();
    let other = here["rows"].as_array_mut().expect("rows").remove(4);
    let paid = Paid::of(here, "payout");
    let text = std::fs::read_to_string(&paid.world.config).expect("it was written");
    let line = "stripe = \"Stripe Clearing\"";
    let both = format!("{line}\nwoocommerce_payments = \"Stripe Clearing\"");
    std::fs::write(&paid.world.config, text.replace(line, &both)).expect("written again");
    let account = json!({ "rows": [other], "payouts": [] });
    paid.world
        .put_store("payments", &json!({ "account": account }));
    paid.synced();
    paid.post().ends_with(0);
    paid.accounts_agree();
    let alone = paid.run("payouts check --from 2026-11-01 --gateway stripe --json");
    let equation = alone.json()["accounts"][0]["equation"].clone();
    assert_eq!(equation["state"], "unchecked", "{}", alone.out);
}

/// Two payouts of the same amount, one of them entered by hand.
fn equal() -> Value {
    let mut account = plain();
    let rows = account["rows"].as_array_mut().expect("rows");
    rows[4] = with(
        rows[4].clone(),
        json!({ "payout": "po_2", "available_on": THIRD }),
    );
    rows.push(with(
        row("txn_7", "adjustment", -91, 0, None),
        json!({ "payout": "po_2" }),
    ));
    rows.push(json!({ "id": "txn_po_2", "type": "payout", "amount": -1_918, "created": THIRD + DAY, "source": "po_2" }));
    let payouts = account["payouts"].as_array_mut().expect("payouts");
    payouts.push(json!({ "id": "po_2", "amount": 1_918, "created": THIRD + DAY, "arrival": THIRD + 3 * DAY }));
    account
}

#[test]
fn one_that_was_entered_by_hand_stands_for_one_payout_and_its_fees_are_posted_once_it_is_set_aside()
{
    let paid = Paid::with(equal(), "payout", "adjustments = \"Disputes\"\n");
    paid.synced();
    let by_hand = json!({ "entity": "Transfer", "from": "Stripe Clearing", "to": "Chequing", "amount": "19.18", "date": "2026-11-04" });
    paid.world.tell_books("enter", by_hand);
    let ran = paid.post().ends_with(3);
    assert_eq!(ran.codes(), ["payout_by_hand"]);
    assert_eq!(paid.kinds("Transfer").len(), 2, "{}", ran.out);
    let listed = paid.run("retry --list --json").json();
    let id = listed["problems"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    paid.run(&format!("retry --skip {id} --why entered"))
        .ends_with(0);
    paid.post().ends_with(0);
    let fees = paid.kinds("Purchase");
    let sum: f64 = fees.iter().filter_map(|one| one["TotalAmt"].as_f64()).sum();
    assert_eq!(
        format!("{sum:.2}"),
        "3.64",
        "1.82, and 0.91 with the adjustment of as much"
    );
    paid.accounts_agree();
    assert_eq!(paid.post().ends_with(0).figure("created"), 0);
}

#[test]
fn whatever_is_tried_again_payouts_are_tried_with_it() {
    let paid = Paid::with(account(), "expense", "");
    paid.synced();
    assert_eq!(paid.post().ends_with(3).codes(), ["payout_row_unmapped"]);
    paid.configured("expense", "disputes = \"Disputes\"\n");
    paid.run("retry --all --json").ends_with(0);
    assert_eq!(paid.kinds("Transfer").len(), 1);
    // One that arrived before the days that are looked at.
    let mut early = account();
    early["payouts"][0]["arrival"] = json!(THIRD - 200 * DAY);
    let paid = Paid::with(early, "expense", "");
    paid.synced();
    let ran = paid
        .run("sync payouts --since 2026-01-01 --json")
        .ends_with(3);
    assert_eq!(ran.codes(), ["payout_row_unmapped"]);
    paid.configured("expense", "disputes = \"Disputes\"\n");
    paid.run("retry po_1 --json").ends_with(0);
    assert_eq!(paid.kinds("Transfer").len(), 1);
}

#[test]
fn a_saved_plan_of_a_payout_that_goes_to_an_open_day_is_carried_out() {
    let paid = Paid::of(account(), "expense");
    let text = books("expense", "disputes = \"Disputes\"\n")
        .replace("STRIPE", &paid.stripe.url())
        .replace(
            "[books.policy]",
            "[books.policy]\nclosed_period = \"first_open_day\"",
        );
    paid.world.configure(&text);
    paid.synced();
    let closed = json!({ "books_closed_through": "2026-11-10" });
    paid.world.tell_books("company", closed);
    let file = paid.world.config.with_file_name("plan.json");
    paid.run(&format!(
        "dry-run payouts --since 2026-11-01 --out {}",
        file.display()
    ))
    .ends_with(0);
    let ran = paid
        .run(&format!("apply {} --json", file.display()))
        .ends_with(0);
    assert_eq!(ran.figure("created"), 2, "{}", ran.out);
}

#[test]
fn a_list_that_grows_while_it_is_read_has_each_payout_and_each_row_once() {
    let mut account = json!({ "rows": [], "payouts": [{ "id": "po_e", "amount": 5, "created": THIRD, "arrival": THIRD, "status": "estimated" }] });
    for number in 0..120 {
        let pending = json!({ "id": format!("po_{number:03}"), "amount": 1, "created": THIRD, "arrival": THIRD, "status": "pending" });
        account["payouts"]
            .as_array_mut()
            .expect("payouts")
            .push(pending);
    }
    for number in 0..150 {
        let mut one = row(&format!("txn_{number:03}"), "adjustment", 2, 0, None);
        one["payout"] = json!("po_big");
        account["rows"].as_array_mut().expect("rows").push(one);
    }
    account["payouts"]
        .as_array_mut()
        .expect("payouts")
        .push(json!({ "id": "po_big", "amount": 300, "created": THIRD, "arrival": THIRD }));
    let world = through_the_shop(account.clone());
    world.put_store(
        "payments",
        &json!({ "account": account, "grows": true, "forgets_filter": true }),
    );
    let ran = world
        .run("payouts list --from 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(ran.json()["payouts"].as_array().map(Vec::len), Some(122));
    let shown = world
        .run("payouts show po_big --from 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(equations(&shown)[0], "P1 holds", "{}", shown.out);
    let posted = world
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(posted.figure("created"), 2, "{}", posted.out);
}

#[test]
fn the_same_transfer_by_hand_is_not_entered_a_second_time() {
    let paid = Paid::of(plain(), "expense");
    paid.synced();
    let by_hand = json!({ "entity": "Transfer", "from": "Stripe Clearing", "to": "Chequing", "amount": "19.18", "date": "2026-11-05" });
    paid.world.tell_books("enter", by_hand);
    let ran = paid
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(3);
    assert_eq!(ran.codes(), ["payout_by_hand"]);
}

#[test]
fn a_key_that_may_do_more_is_refused_and_a_service_that_fails_is_told() {
    let paid = Paid::of(plain(), "expense");
    let connect = |key: &str| {
        let output = paid
            .world
            .command("connect stripe --from-env --json")
            .env("UDSYNC_STRIPE_KEY", key)
            .output()
            .expect("it runs");
        crate::world::ran(output)
    };
    for (key, code) in [
        ("sk_test_51whole", "stripe_key_too_mighty"),
        ("rk_test_51mighty", "stripe_key_too_mighty"),
        ("rk_test_51narrow", "stripe_rights_missing"),
        ("rk_test_51unknown", "stripe_key_refused"),
        ("whatever", "stripe_key_refused"),
    ] {
        assert_eq!(connect(key).ends_with(4).json()["code"], code, "{key}");
    }
    paid.only_asked();
    for (mishap, code) in [
        ("server_error", "gateway_unreachable"),
        ("throttle", "gateway_busy"),
        ("html", "gateway_unreadable"),
    ] {
        let rule = json!({ "what": mishap, "times": null });
        paid.lever("POST", "mishaps", &rule);
        let ran = paid.run("payouts list --json");
        assert_eq!(ran.json()["code"], code, "{mishap}");
        assert_eq!(ran.code, 5, "{mishap}");
        paid.lever("DELETE", "mishaps", &Value::Null);
    }
    let without = World::of_orders(vec![]);
    let ran = without.run("payouts list --json").ends_with(4);
    assert_eq!(ran.json()["code"], "gateway_missing");
    let lost = [
        (
            "[books.payouts]",
            "payout_bank_missing",
            "bank = \"Chequing\"",
        ),
        (
            "[books.deposit]",
            "payout_clearing_missing",
            "stripe = \"Stripe Clearing\"",
        ),
    ];
    for (_, code, line) in lost {
        let paid = Paid::of(plain(), "expense");
        paid.synced();
        let text = std::fs::read_to_string(&paid.world.config).expect("it was written");
        let text = text
            .replace(line, "")
            .replace("\"*\" = \"Undeposited Funds\"", "");
        std::fs::write(&paid.world.config, text).expect("written again");
        let ran = paid
            .run("sync payouts --since 2026-11-01 --json")
            .ends_with(3);
        assert_eq!(ran.codes(), [code]);
    }
}

#[test]
fn a_stored_key_goes_to_the_address_that_it_was_stored_for() {
    let paid = Paid::of(plain(), "expense");
    let sealed = |line: &str| {
        let mut command = paid.world.command(line);
        command.env("UDSYNC_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        command
    };
    let mut connect = sealed("connect stripe --from-env --json");
    connect.env("UDSYNC_STRIPE_KEY", KEY);
    let ran = crate::world::ran(connect.output().expect("it runs")).ends_with(0);
    assert_eq!(ran.json()["name"], "stripe");
    let list = || {
        crate::world::ran(
            sealed("payouts list --json --from 2026-11-01")
                .output()
                .expect("it runs"),
        )
    };
    assert_eq!(list().ends_with(0).json()["payouts"][0]["id"], "po_1");
    let text = std::fs::read_to_string(&paid.world.config).expect("it was written");
    let elsewhere = text.replace(&paid.stripe.url(), "http://127.0.0.1:9");
    std::fs::write(&paid.world.config, elsewhere).expect("written again");
    assert_eq!(list().ends_with(4).json()["code"], "key_of_another_gateway");
}

/// A shop with WooPayments, its orders in the books.
pub fn through_the_shop(account: Value) -> World {
    let orders = [1001, 1002, 1003].map(|id| {
        with(
            order(id),
            json!({ "payment_method": "woocommerce_payments" }),
        )
    });
    let mut setup = shop(orders.to_vec());
    setup["refunds"] = json!({ "1002": [refund(5002, 1002)] });
    setup["payments"] = json!({ "account": account, "forgets_filter": true });
    let mut company = company();
    let accounts = company["accounts"].as_array_mut().expect("accounts");
    accounts.push(json!({ "name": "Chequing", "type": "Bank" }));
    accounts.push(json!({ "name": "Disputes", "type": "Expense" }));
    accounts.push(json!({ "name": "WooPayments Clearing", "type": "Bank" }));
    let books = format!("{BOOKS}\n[books.policy]\ngateway_fees = \"payout\"\n[books.payouts]\nbank = \"Chequing\"\ndisputes = \"Disputes\"\nadjustments = \"Disputes\"\n")
        .replace("stripe = \"Stripe Clearing\"", "woocommerce_payments = \"WooPayments Clearing\"");
    let world = World::new(setup, company, &books);
    world.run("sync orders --json").ends_with(0);
    world
}

pub fn only_asked(world: &World) {
    let requests = world.store("requests");
    let requests = requests.as_array().expect("a list");
    assert!(!requests.is_empty());
    for one in requests {
        assert_eq!(one["method"], "GET", "{one}");
    }
}

#[test]
fn woopayments_is_read_through_the_shop_and_nothing_is_ever_posted_to_it() {
    let world = through_the_shop(plain());
    let ran = world
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    assert_eq!(ran.figure("created"), 2, "{}", ran.out);
    let checked = world
        .run("payouts check --from 2026-11-01 --json")
        .ends_with(0);
    let equation = &checked.json()["accounts"][0]["equation"];
    assert_eq!(equation["state"], "holds", "{}", checked.out);
    only_asked(&world);
    assert_eq!(world.store("payments")["paid_out"], 0);
    // The servers behind the shop fail alone.
    let mut payments = world.store("payments");
    payments["fails"] = json!(1_000);
    world.put_store("payments", &payments);
    let ran = world.run("payouts list --json").ends_with(5);
    assert_eq!(ran.json()["code"], "store_unreachable");
}

#[test]
fn nothing_is_proven_of_a_service_that_does_not_answer_though_another_does() {
    let world = through_the_shop(plain());
    world
        .run("sync payouts --since 2026-11-01 --json")
        .ends_with(0);
    let mut text = std::fs::read_to_string(&world.config).expect("the configuration");
    text.push_str("\n[stripe]\ntimeout = \"1s\"\napi_url = \"http://127.0.0.1:9\"\n");
    std::fs::write(&world.config, text).expect("written again");
    let check = |output: &str| {
        let line = format!("payouts check --from 2026-11-01 {output}");
        let mut command = world.command(&line);
        command.env("UDSYNC_STRIPE_KEY", KEY);
        crate::world::ran(command.output().expect("it runs"))
    };
    let document = check("--json").ends_with(5).json();
    assert_eq!(document["ok"], false, "{document}");
    assert_eq!(document["accounts"][0]["equation"]["state"], "holds");
    assert_eq!(document["troubles"].as_array().map(Vec::len), Some(1));
    let told = check("").ends_with(5);
    assert!(told.out.contains("WooPayments"), "{}", told.out);
    assert!(told.err.contains("Stripe"), "{}", told.err);
}

/// Documents of payouts as they stand, without ids.
pub fn standing(world: &World) -> Vec<String> {
    let documents = world.documents();
    let mut standing: Vec<String> = documents
        .iter()
        .filter(|one| one["state"] != "deleted")
        .filter(|one| {
            ["Transfer", "Purchase", "Deposit"]
                .iter()
                .any(|kind| one["entity"] == *kind)
        })
        .map(|one| {
            let object = &one["object"];
            let figure = [&object["Amount"], &object["TotalAmt"]].map(amount);
            format!(
                "{} {} {}",
                one["entity"],
                object["TxnDate"],
                figure.join(" ")
            )
        })
        .collect();
    standing.sort();
    standing
}

/// Two payouts with a dispute in one of them, so that there are transfers and expenses.
fn two() -> Value {
    let mut account = account();
    let rows = account["rows"].as_array_mut().expect("rows");
    rows.push(with(
        row("txn_6", "charge", 2_100, 91, Some(1003)),
        json!({ "payout": "po_2" }),
    ));
    rows.push(with(
        row("txn_7", "adjustment", 35, 0, None),
        json!({ "payout": "po_2" }),
    ));
    let payouts = account["payouts"].as_array_mut().expect("payouts");
    payouts.push(
        json!({ "id": "po_2", "amount": 2_044, "created": THIRD, "arrival": THIRD + 2 * DAY }),
    );
    account
}

#[test]
fn payouts_cut_at_each_effect_come_out_as_if_nothing_had_happened() {
    for how in [How::Killed, How::Unreachable] {
        let begun = through_the_shop(two());
        let (company, state) = (begun.books("snapshot"), consolidated(&begun));
        let reset = || {
            begun.put_back(&company, &state);
        };
        reset();
        let whole = End::never();
        assert!(payouts_until(&begun, &whole).report().problems.is_empty());
        let wanted = standing(&begun);
        assert_eq!(wanted.len(), 5, "{wanted:?}");
        for at in 1..=whole.seen() {
            reset();
            payouts_until(&begun, &End::at(at, how));
            payouts_until(&begun, &End::never()).report();
            begun.company_is_idle();
            assert_eq!(standing(&begun), wanted, "cut at effect {at}, {how:?}");
            begun.forget_requests();
            payouts_until(&begun, &End::never()).report();
            assert_eq!(
                begun.books("counts")["writes"],
                0,
                "cut at effect {at}, {how:?}"
            );
        }
    }
}

/// Numbers that look like chance and are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let most = u64::try_from(words.len()).expect("few");
        words[usize::try_from(self.below(most)).expect("few")]
    }

    fn cents(&mut self, most: u64, less: i64) -> i64 {
        i64::try_from(self.below(most)).expect("small") - less
    }
}

/// An account that no service would have.
fn odd_account(dice: &mut Dice) -> Value {
    let kinds = [
        "charge",
        "refund",
        "adjustment",
        "stripe_fee",
        "reserve_transaction",
        "mystery",
        "payout",
    ];
    let states = ["paid", "pending", "in_transit", "canceled", "failed"];
    let mut account = json!({ "rows": [], "payouts": [] });
    for number in 0..dice.below(5) {
        let id = format!("po_{number}");
        let mut sum = 0;
        for line in 0..dice.below(7) {
            let (amount, fee) = (dice.cents(9_000, 4_000), dice.cents(200, 50));
            let kind = dice.of(&kinds);
            let order = dice.below(3).checked_sub(1).map(|one| 1_001 + one);
            let mut one = row(&format!("txn_{number}_{line}"), kind, amount, fee, order);
            one["payout"] = json!(id);
            sum += amount - fee;
            account["rows"].as_array_mut().expect("rows").push(one);
        }
        let off = dice.cents(2, 0);
        account["payouts"].as_array_mut().expect("payouts").push(json!({
            "id": id, "amount": sum + off, "created": THIRD, "arrival": THIRD + DAY,
            "status": dice.of(&states), "automatic": dice.below(4) > 0, "fee": dice.cents(3, 0) * 7,
        }));
    }
    account
}

/// Accounts that no service would have, at both services at once: whatever is in them, it is only asked for. `UDSYNC_GATEWAY_WORLDS`
/// makes so many of them; each is looked at and proven, and every tenth posted.
#[test]
fn no_account_however_odd_makes_a_request_that_is_no_question() {
    let paid = Paid::of(plain(), "payout");
    let text = std::fs::read_to_string(&paid.world.config).expect("the configuration");
    let both = "stripe = \"Stripe Clearing\"\nwoocommerce_payments = \"PayPal Clearing\"";
    let text = text.replace("stripe = \"Stripe Clearing\"", both);
    std::fs::write(&paid.world.config, text).expect("written again");
    paid.synced();
    let given = std::env::var("UDSYNC_GATEWAY_WORLDS");
    let worlds = given.ok().and_then(|given| given.parse().ok());
    let mut dice = Dice(7);
    let (mut looked, mut posted) = (0_u32, 0_u32);
    let begun = std::time::Instant::now();
    let worlds = worlds.unwrap_or(60_u32);
    for world in 1..=worlds {
        paid.becomes(&odd_account(&mut dice));
        let fails = u64::from(dice.below(12) == 0);
        let through_shop = json!({ "account": odd_account(&mut dice), "fails": fails });
        paid.world.put_store("payments", &through_shop);
        if world % 10 == 0 {
            payouts_until(&paid.world, &End::never());
            posted += 1;
        } else {
            looked += u32::from(check_payouts(&paid.world).is_some());
        }
        if world % 500 == 0 || world == worlds {
            paid.only_asked();
            only_asked(&paid.world);
            paid.world.forget_requests();
        }
    }
    assert!(looked * 10 > worlds * 8, "{looked} of {worlds}");
    println!(
        "{worlds} worlds, {posted} of them posted, in {:?}",
        begun.elapsed()
    );
}
