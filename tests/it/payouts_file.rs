//! Payouts out of a file: the very path of a service that is asked, to the cent, once, and with every broken line in words.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cut::consolidated;
use crate::inprocess::{End, How, payouts_of_file_until};
use crate::order::{order, refund, with};
use crate::payouts::standing;
use crate::world::{BOOKS, Ran, World, company, shop};

const HEADER: &str = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Reference Txn ID,Invoice Number,Balance";
/// Two withdrawals, and what has come since the last one.
pub const LINES: [&str; 8] = [
    "11/01/2026,08:00:00,PST,Ann,Express Checkout Payment,Completed,CAD,21.00,-0.91,20.09,a@x.test,s@x.test,1AAA,,WC-1001,20.09",
    "11/01/2026,09:00:00,PST,Bo,Express Checkout Payment,Completed,CAD,21.00,-0.91,20.09,b@x.test,s@x.test,1BBB,,,40.18",
    "11/02/2026,09:00:00,PST,Bo,Express Checkout Payment,Pending,CAD,21.00,-0.91,20.09,b@x.test,s@x.test,1PPP,,WC-1009,40.18",
    "11/02/2026,10:00:00,PST,Bo,Payment Refund,Completed,CAD,-21.00,0.30,-20.70,s@x.test,b@x.test,1RRR,1BBB,WC-1002,19.48",
    "11/03/2026,07:00:00,PST,,General Withdrawal,Completed,CAD,-19.48,0.00,-19.48,,,1DDD,,,0.00",
    "11/05/2026,08:00:00,PST,Cy,Express Checkout Payment,Completed,CAD,21.00,-0.91,20.09,c@x.test,s@x.test,1CCC,,WC-1003,20.09",
    "11/06/2026,07:00:00,PST,,General Withdrawal,Completed,CAD,-20.09,0.00,-20.09,,,1EEE,,,0.00",
    "11/07/2026,08:00:00,PST,Di,Express Checkout Payment,Completed,CAD,21.00,-0.91,20.09,d@x.test,s@x.test,1FFF,,WC-1004,20.09",
];
/// What the books hold of it with `gateway_fees = "payout"`: 0.91 twice less 0.30, and 0.91.
pub const POSTED: [&str; 4] = [
    "\"Purchase\" \"2026-11-03\" - 1.52",
    "\"Purchase\" \"2026-11-06\" - 0.91",
    "\"Transfer\" \"2026-11-03\" 19.48 -",
    "\"Transfer\" \"2026-11-06\" 20.09 -",
];

pub fn text(lines: &[&str]) -> String {
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

pub struct Filed {
    pub world: World,
}

impl Filed {
    pub fn of(policy: &str) -> Filed {
        let ids = [
            (1001, "1AAA"),
            (1002, "1BBB"),
            (1003, "1CCC"),
            (1004, "1FFF"),
        ];
        let orders = ids.map(|(id, payment)| {
            with(
                order(id),
                json!({ "payment_method": "ppcp-gateway", "transaction_id": payment }),
            )
        });
        let mut setup = shop(orders.to_vec());
        setup["refunds"] = json!({ "1002": [refund(5002, 1002)] });
        let mut company = company();
        let accounts = company["accounts"].as_array_mut().expect("accounts");
        accounts.push(json!({ "name": "Chequing", "type": "Bank" }));
        let books = BOOKS.replace("\npaypal = ", "\nppcp-gateway = ");
        let books = format!(
            "{books}\n[books.policy]\ngateway_fees = \"{policy}\"\n[books.payouts]\nbank = \"Chequing\"\ncreate_vendors = true\n"
        );
        let world = World::new(setup, company, &books);
        world.run("sync orders --json").ends_with(0);
        Filed { world }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.world.config.parent().expect("a folder").join(name)
    }

    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    pub fn run(&self, line: &str) -> Ran {
        self.world.run(line)
    }

    pub fn sync(&self, path: &str) -> Ran {
        self.run(&format!("sync payouts --file {path} --yes --json"))
    }

    pub fn kinds(&self, kind: &str) -> usize {
        let documents = self.world.documents();
        let is_it = |one: &&Value| one["entity"] == kind && one["state"] != "deleted";
        documents.iter().filter(is_it).count()
    }

    #[track_caller]
    pub fn is_right(&self) {
        let checked = self.world.books("ledger/check");
        assert_eq!(checked["right"], true, "{checked}");
    }

    /// What the account between shop and bank holds.
    pub fn clearing(&self) -> String {
        let report = self.run("report clearing --json").ends_with(0).json();
        let totals = report["totals"].as_array().expect("accounts").clone();
        let clearing = totals
            .iter()
            .find(|one| one["account"] == "PayPal Clearing");
        let closing = &clearing.expect("the account")["closing"];
        closing.as_str().expect("an amount").to_owned()
    }
}

pub fn messages(ran: &Ran) -> String {
    let document = ran.json();
    document["problems"].to_string()
}

#[test]
fn a_file_is_looked_at_proven_and_posted_to_the_cent_and_once() {
    let shop = Filed::of("payout");
    let path = shop.put("paypal.csv", text(&LINES));
    let listed = shop
        .run(&format!("payouts list --file {path}"))
        .ends_with(0);
    for said in [
        "paypal-1DDD",
        "paypal-1EEE",
        "19.48",
        "2026-11-06",
        "paypal",
    ] {
        assert!(listed.out.contains(said), "{said}: {}", listed.out);
    }
    let shown = shop
        .run(&format!("payouts show paypal-1DDD --file {path}"))
        .ends_with(0);
    for said in ["P1 holds", "P2 holds", "order 1002", "-21.00", "-0.30"] {
        assert!(shown.out.contains(said), "{said}: {}", shown.out);
    }
    let checked = shop
        .run(&format!("payouts check --file {path}"))
        .ends_with(0);
    for said in ["2 of 2 payouts add up", "P4 not compared"] {
        assert!(checked.out.contains(said), "{said}: {}", checked.out);
    }
    // From a pipe it is the very same.
    let mut piped = shop.world.command("payouts check --file - --json");
    let piped = piped
        .stdin(fs::File::open(&path).expect("the file"))
        .output()
        .expect("it runs");
    let piped = crate::world::ran(piped).ends_with(0);
    assert_eq!(piped.json()["file"], "standard input");
    assert_eq!(
        piped.json()["payouts"].as_array().expect("payouts").len(),
        2
    );
    let ran = shop.sync(&path).ends_with(0);
    assert_eq!(ran.figure("created"), 4, "{}", ran.out);
    assert_eq!(standing(&shop.world), POSTED);
    // Of the four orders one is not paid out: 21.00, less nothing yet.
    assert_eq!(shop.clearing(), "21.00");
    shop.is_right();
    let proven = shop
        .run(&format!("payouts check --file {path} --json"))
        .ends_with(0);
    let document = proven.json();
    for payout in document["payouts"].as_array().expect("payouts") {
        let states: Vec<&str> = payout["check"]["equations"]
            .as_array()
            .expect("equations")
            .iter()
            .map(|one| one["state"].as_str().expect("a state"))
            .collect();
        assert_eq!(states, ["holds"; 4], "{payout}");
        assert_eq!(payout["posted"], true);
    }
    // The same file, one that begins later, and both behind each other: nothing is entered again.
    let later = shop.put("later.csv", text(&LINES[3..]));
    let both = shop.put(
        "both.csv",
        format!("{}{}", text(&LINES), LINES[4..].join("\n")),
    );
    for path in [&path, &later, &both] {
        shop.world.forget_requests();
        let again = shop.sync(path).ends_with(0);
        assert_eq!(again.figure("created"), 0, "{path}: {}", again.out);
        assert_eq!(shop.world.books("counts")["writes"], 0, "{path}");
    }
    // Nobody but the shop and the books was asked for anything, and the shop only asked.
    let requests = shop.world.store("requests");
    for one in requests.as_array().expect("a list") {
        assert_eq!(one["method"], "GET", "{one}");
    }
}

#[test]
fn a_broken_line_holds_its_payout_and_no_other_and_the_corrected_file_brings_it() {
    let shop = Filed::of("payout");
    let mut broken = LINES;
    broken[3] = "11/02/2026,10:00:00,PST,Bo,Payment Refund,Completed,CAD,\"-21,00\",0.30,-20.70,s@x.test,b@x.test,1RRR,1BBB,WC-1002,19.48";
    let path = shop.put("paypal.csv", text(&broken));
    shop.run(&format!("payouts check --file {path}"))
        .ends_with(8);
    let ran = shop.sync(&path).ends_with(3);
    assert_eq!(ran.codes(), ["payout_does_not_add_up"]);
    let told = messages(&ran);
    assert!(
        told.contains(
            "line 5 of `paypal.csv`: `-21,00` is no amount whose decimals stand behind `.`"
        ),
        "{told}"
    );
    assert_eq!(standing(&shop.world), [POSTED[1], POSTED[3]]);
    // A cent off is no other thing.
    let mut off = LINES;
    off[4] = "11/03/2026,07:00:00,PST,,General Withdrawal,Completed,CAD,-19.47,0.00,-19.47,,,1DDD,,,0.00";
    let ran = shop.sync(&shop.put("off.csv", text(&off))).ends_with(3);
    assert_eq!(ran.codes(), ["payout_does_not_add_up"]);
    assert_eq!(standing(&shop.world).len(), 2);
    // It is nowhere to be asked for; the file has to be given again.
    let retried = shop.run("retry paypal-1DDD").ends_with(2);
    assert!(
        retried.err.contains("udsync retry ID --file FILE"),
        "{}",
        retried.err
    );
    shop.run("retry --all --json").ends_with(0);
    let path = shop.put("paypal.csv", text(&LINES));
    shop.sync(&path).ends_with(0);
    assert_eq!(standing(&shop.world), POSTED);
    assert!(shop.run("retry --list").out.contains("nothing is held"));
    shop.is_right();
}

#[test]
fn a_plan_of_a_file_is_saved_sent_taken_back_and_told_of() {
    let shop = Filed::of("payout");
    let path = shop.put("paypal.csv", text(&LINES));
    let plan = shop.at("plan.json").display().to_string();
    shop.run(&format!(
        "dry-run payouts --file {path} --out {plan} --json"
    ))
    .ends_with(0);
    assert_eq!(standing(&shop.world).len(), 0);
    // With another file in its place the plan is stale; with the same one it is sent.
    let mut other = LINES;
    other[5] = "11/05/2026,08:00:00,PST,Cy,Express Checkout Payment,Completed,CAD,21.00,-1.01,19.99,c@x.test,s@x.test,1CCC,,WC-1003,19.99";
    other[6] = "11/06/2026,07:00:00,PST,,General Withdrawal,Completed,CAD,-19.99,0.00,-19.99,,,1EEE,,,0.00";
    shop.put("paypal.csv", text(&other));
    shop.run(&format!("apply {plan} --yes")).ends_with(6);
    assert_eq!(standing(&shop.world).len(), 0);
    shop.put("paypal.csv", text(&LINES));
    let ran = shop.run(&format!("apply {plan} --yes --json")).ends_with(0);
    assert_eq!(standing(&shop.world), POSTED);
    let explained = shop.run("explain paypal-1DDD").ends_with(0);
    for said in ["19.48", "Transfer", "2026-11-03"] {
        assert!(explained.out.contains(said), "{said}: {}", explained.out);
    }
    assert!(shop.run("history").ends_with(0).out.contains("apply"));
    let run = ran.json()["run_id"].as_str().expect("an id").to_owned();
    shop.run(&format!("undo {run} --yes --why wrong"))
        .ends_with(0);
    assert_eq!(standing(&shop.world).len(), 0);
    assert_eq!(shop.clearing(), "63.00");
    // What was taken back waits until somebody asks for it by name, with the file.
    shop.sync(&path).ends_with(3);
    assert_eq!(standing(&shop.world).len(), 0);
    shop.run(&format!(
        "retry paypal-1DDD paypal-1EEE --file {path} --yes --json"
    ))
    .ends_with(0);
    assert_eq!(standing(&shop.world), POSTED);
    shop.is_right();
    // Standard input cannot be read a second time.
    let mut piped = shop
        .world
        .command("dry-run payouts --file - --out again.json");
    let piped = piped
        .stdin(fs::File::open(&path).expect("the file"))
        .output()
        .expect("it runs");
    crate::world::ran(piped).ends_with(2);
}

#[test]
fn what_is_no_file_of_payouts_is_told_in_words_before_anything_is_asked() {
    let shop = Filed::of("payout");
    let good = text(&LINES);
    for (text, flags, said) in [
        ("", "", "`x.csv` is empty"),
        ("", "--gateway paypal", "`x.csv` is empty"),
        (
            "a,b\n1,2\n",
            "",
            "no mapping of payouts has the columns of `x.csv`",
        ),
        (
            good.replace("Gross", "Brutto").as_str(),
            "--gateway paypal",
            "`x.csv` has no column `Gross`",
        ),
        (HEADER, "", "`x.csv` has no line below its columns"),
        (
            "PK\u{3}\u{4}",
            "--gateway paypal",
            "is a spreadsheet: save it as CSV first",
        ),
        (
            good.replace("/2026", ".2026").as_str(),
            "",
            "`11/01.2026` in `Date` is no day that is written as `%m/%d/%Y`",
        ),
    ] {
        let path = shop.put("x.csv", text);
        let ran = shop
            .run(&format!("payouts list --file {path} {flags} --json"))
            .ends_with(2);
        assert_eq!(ran.json()["code"], "payouts_file_wrong", "{said}");
        for command in ["payouts check", "sync payouts"] {
            let ran = shop
                .run(&format!("{command} --file {path} {flags}"))
                .ends_with(2);
            assert!(ran.err.contains(said), "{said}: {}", ran.err);
        }
    }
    let path = shop.put("x.csv", &good);
    let ran = shop
        .run(&format!("payouts check --file {path} --gateway sqare"))
        .ends_with(1);
    assert!(
        ran.err
            .contains("there is no mapping of payouts for `sqare`"),
        "{}",
        ran.err
    );
    let ran = shop.run("payouts list --file nothing.csv").ends_with(2);
    assert!(
        ran.err.contains("could not read `nothing.csv`"),
        "{}",
        ran.err
    );
    let ran = shop.run("payouts list --gateway paypal").ends_with(2);
    assert!(
        ran.err.contains("udsync payouts list --file FILE"),
        "{}",
        ran.err
    );
    let ran = shop.run("sync orders --file x.csv").ends_with(2);
    assert!(ran.err.contains("a file is one of payouts"), "{}", ran.err);
    // A mapping of one's own is read with its mistakes, and two that fit have to be told apart.
    let own = shop.put(
        "mappings/payouts/paypal.toml",
        "method = \"ppcp-gateway\"\npayouts = \"daily\"\n",
    );
    let path = shop.put("x.csv", &good);
    let ran = shop
        .run(&format!("payouts check --file {path}"))
        .ends_with(2);
    assert!(
        ran.err.contains("paypal.toml:2: unknown variant `daily`"),
        "{}",
        ran.err
    );
    fs::remove_file(own).expect("removed");
    let twin = include_str!("../../mappings/payouts/paypal.toml");
    shop.put("mappings/payouts/paypal2.toml", twin);
    let ran = shop
        .run(&format!("payouts check --file {path}"))
        .ends_with(2);
    assert!(
        ran.err
            .contains("several mappings have the columns of `x.csv`: `paypal`, `paypal2`"),
        "{}",
        ran.err
    );
    shop.run(&format!("payouts check --file {path} --gateway paypal2"))
        .ends_with(0);
    shop.run("mapping check").ends_with(0);
}

#[test]
fn a_mapping_of_ones_own_reads_what_a_bank_writes_in_its_own_manner() {
    let shop = Filed::of("payout");
    // The mapping and the file stand in the manual page.
    let page = include_str!("../../man/udsync-payouts.7.md");
    let block = |begin: &str| {
        let from = page.find(begin).expect("it stands there") + begin.len();
        page[from..]
            .split("```")
            .next()
            .expect("an end")
            .trim_start_matches('\n')
            .to_owned()
    };
    let mapping = block("```toml\n# mappings/payouts/hausbank.toml");
    let file = block("```text\n# settlement.csv");
    shop.put("mappings/payouts/hausbank.toml", mapping);
    let windows: Vec<u8> = file
        .chars()
        .map(|one| u8::try_from(u32::from(one)).expect("Latin"))
        .collect();
    let path = shop.put("settlement.csv", windows);
    let ran = shop
        .run(&format!("payouts check --file {path}"))
        .ends_with(0);
    assert!(ran.out.contains("1 of 1 payouts add up"), "{}", ran.out);
    assert!(
        ran.err.contains("1 line that adds others up was left out"),
        "{}",
        ran.err
    );
    let shown = shop
        .run(&format!("payouts show hausbank-A7 --file {path}"))
        .ends_with(0);
    assert!(
        shown.out.contains("40.18 CAD, paid on 2026-11-05"),
        "{}",
        shown.out
    );
    shop.sync(&path).ends_with(0);
    assert_eq!(
        standing(&shop.world),
        [
            "\"Purchase\" \"2026-11-05\" - 1.82",
            "\"Transfer\" \"2026-11-05\" 40.18 -"
        ]
    );
    shop.is_right();
}

/// The same a month earlier, so that its month is over.
pub fn october(lines: &[&str]) -> String {
    text(lines).replace("11/0", "10/0")
}

#[test]
fn the_fees_of_a_month_are_a_bill_of_a_file_that_has_all_of_it() {
    let shop = Filed::of("bill");
    let first = shop.put("first.csv", october(&LINES[..5]));
    let whole = shop.put("whole.csv", october(&LINES));
    shop.sync(&first).ends_with(0);
    assert_eq!(
        (
            shop.kinds("Bill"),
            shop.kinds("VendorCredit"),
            shop.kinds("BillPayment")
        ),
        (1, 1, 1)
    );
    let ran = shop.sync(&whole).ends_with(0);
    // A bill is not written over: what the second file has besides is one of its own.
    assert_eq!(ran.figure("created"), 3, "{}", ran.out);
    assert_eq!(
        (
            shop.kinds("Bill"),
            shop.kinds("VendorCredit"),
            shop.kinds("BillPayment")
        ),
        (2, 1, 2)
    );
    let vendors = shop.world.books("objects/Vendor");
    assert!(vendors.to_string().contains("\"PayPal\""), "{vendors}");
    assert_eq!(shop.clearing(), "21.00");
    shop.is_right();
    for path in [&whole, &first] {
        let again = shop.sync(path).ends_with(0);
        assert_eq!(again.figure("created"), 0, "{}", again.out);
    }
    let explained = shop.run("explain fees-paypal-2026-10-CAD").ends_with(0);
    assert!(explained.out.contains("1.82"), "{}", explained.out);
}

#[test]
fn a_file_with_a_part_of_a_month_bills_nothing_of_what_it_does_not_know() {
    let shop = Filed::of("bill");
    let whole = october(&LINES);
    let path = shop.put("whole.csv", &whole);
    let ran = shop.sync(&path).ends_with(0);
    // All is taken back, and the transfers alone are asked for again.
    let run = ran.json()["run_id"].as_str().expect("an id").to_owned();
    shop.run(&format!("undo {run} --yes --why again"))
        .ends_with(0);
    shop.run(&format!(
        "retry paypal-1DDD paypal-1EEE --file {path} --yes --json"
    ));
    let bills = shop.kinds("Bill");
    let late = shop.put("late.csv", october(&LINES[4..]));
    let ran = shop.run(&format!(
        "retry fees-paypal-2026-10-CAD --file {late} --yes --json"
    ));
    match bills {
        0 => {
            assert_eq!(ran.ends_with(3).codes(), ["payout_file_part"]);
            shop.run(&format!(
                "retry fees-paypal-2026-10-CAD --file {path} --yes --json"
            ))
            .ends_with(0);
        }
        _ => panic!("the bill was not asked for"),
    }
    assert_eq!((shop.kinds("Bill"), shop.kinds("BillPayment")), (1, 1));
    assert_eq!(shop.clearing(), "21.00");
    shop.is_right();
}

#[test]
fn a_file_that_is_cut_at_each_effect_comes_out_as_if_nothing_had_happened() {
    for how in [How::Killed, How::Unreachable] {
        let shop = Filed::of("bill");
        let world = &shop.world;
        let path = PathBuf::from(shop.put("october.csv", october(&LINES)));
        let (company, state) = (world.books("snapshot"), consolidated(world));
        let reset = || {
            world.put_back(&company, &state);
        };
        let stands = || stands(&shop);
        reset();
        let whole = End::never();
        assert!(
            payouts_of_file_until(world, &whole, &path)
                .report()
                .problems
                .is_empty()
        );
        let wanted = stands();
        assert_eq!(wanted.1, [1, 1, 1], "{wanted:?}");
        for at in 1..=whole.seen() {
            reset();
            payouts_of_file_until(world, &End::at(at, how), &path);
            payouts_of_file_until(world, &End::never(), &path).report();
            world.company_is_idle();
            assert_eq!(stands(), wanted, "cut at effect {at}, {how:?}");
            world.forget_requests();
            payouts_of_file_until(world, &End::never(), &path).report();
            assert_eq!(
                world.books("counts")["writes"],
                0,
                "cut at effect {at}, {how:?}"
            );
        }
    }
}

/// What the books hold of it all, whatever came before.
fn stands(shop: &Filed) -> (Vec<String>, [usize; 3], String) {
    let kinds = ["Bill", "VendorCredit", "BillPayment"].map(|kind| shop.kinds(kind));
    (standing(&shop.world), kinds, shop.clearing())
}

/// Answers are lost, requests throttled and broken, the run is cut off or killed: after one calm run the books are right.
#[test]
fn a_file_comes_through_a_storm() {
    for policy in ["payout", "bill"] {
        let shop = Filed::of(policy);
        let world = &shop.world;
        world.settle_after("2ms");
        let path = PathBuf::from(shop.put("october.csv", october(&LINES)));
        let (company, state) = (world.books("snapshot"), consolidated(world));
        let reset = || {
            world.put_back(&company, &state);
        };
        payouts_of_file_until(world, &End::never(), &path).report();
        let wanted = stands(&shop);
        for seed in 1..=20_u64 {
            reset();
            let mut dice = crate::tales::Dice(seed.wrapping_mul(0x0f11_eba1));
            for _ in 0..2 {
                let end = match dice.below(3) {
                    0 => End::at(1 + dice.below(30), How::Killed),
                    1 => End::at(1 + dice.below(30), How::Unreachable),
                    _ => End::after(Duration::from_millis(1 + dice.below(60))),
                };
                let mishaps = crate::storm::of_books(&mut dice, false);
                world.tell_books("mishaps", Value::Array(mishaps));
                payouts_of_file_until(world, &end, &path);
                world.clear_mishaps();
                world.company_is_idle();
            }
            payouts_of_file_until(world, &End::never(), &path).report();
            assert_eq!(stands(&shop), wanted, "{policy}, seed {seed}");
            world.forget_requests();
            payouts_of_file_until(world, &End::never(), &path).report();
            assert_eq!(world.books("counts")["writes"], 0, "{policy}, seed {seed}");
        }
    }
}

/// The real binary and the real signal, at moments that nobody chose: payouts of a file, and of a service with its bill.
#[test]
fn kills_over_payouts_and_their_bill_leave_no_trace() {
    let shop = Filed::of("bill");
    let path = shop.put("october.csv", october(&LINES));
    let of_file = format!("sync payouts --file {path} --yes");
    let account = crate::bills::october(&[
        (
            "po_1",
            0,
            vec![crate::bills::charge(1, 91), crate::bills::given_back(31)],
        ),
        ("po_2", 0, vec![crate::bills::charge(2, 91)]),
    ]);
    let of_service = "sync payouts --since 2026-10-01 --yes".to_owned();
    let service = Filed {
        world: crate::bills::through_the_shop(&account),
    };
    let seed = u64::from(std::process::id());
    println!("killed: seed {seed}");
    for (shop, line) in [(&shop, &of_file), (&service, &of_service)] {
        let world = &shop.world;
        world.settle_after("300ms");
        let (company, state) = (world.books("snapshot"), consolidated(world));
        let reset = || {
            world.put_back(&company, &state);
        };
        reset();
        let begun = Instant::now();
        world.run(line).ends_with(0);
        let whole = u64::try_from(begun.elapsed().as_millis()).expect("short");
        let counts = ["Bill", "BillPayment"].map(|kind| shop.kinds(kind));
        let wanted = (standing(world), counts);
        assert_eq!(counts, [1, 1]);
        let mut dice = crate::tales::Dice(seed);
        let mut hit = 0;
        for _ in 0..12 {
            reset();
            for _ in 0..2 {
                let mut child = world.start(line);
                std::thread::sleep(Duration::from_millis(5 + dice.below(whole)));
                hit += u32::from(child.try_wait().expect("it can be asked").is_none());
                child.kill().expect("it is killed");
                child.wait().expect("it is gone");
            }
            world.company_is_idle();
            // What was sent and not answered is not believed undone before its time.
            std::thread::sleep(Duration::from_millis(300));
            world.run(line).ends_with(0);
            let counts = ["Bill", "BillPayment"].map(|kind| shop.kinds(kind));
            assert_eq!((standing(world), counts), wanted, "seed {seed}");
            world.forget_requests();
            world.run(line).ends_with(0);
            assert_eq!(world.books("counts")["writes"], json!(0), "seed {seed}");
        }
        println!("killed: {hit} of 24 runs in the middle");
        assert!(hit > 3, "too few runs were hit");
    }
}
