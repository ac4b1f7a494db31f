//! Notices: the owner hears of each incident once, and that it is over; nothing of it can spoil a run.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use udsync::app::App;
use udsync::app::keys::Keys;
use udsync::app::notify::{Broke, NoticedEnding};
use udsync::config::{self, Credentials};
use udsync::model::clock::Clock;

use crate::both_ways;
use crate::order::{order, unmapped, with};
use crate::postbox::{Desk, Line, PASSWORD, Postbox, silent_port};
use crate::world::{BOOKS, RUNTIME, Ran, World, ran};

/// A shop with one order, whose owner gets mail.
fn world(orders: Vec<Value>, notify: &str) -> World {
    let world = World::of_orders(orders);
    world.configure(&format!("{BOOKS}\n{notify}"));
    world
}

fn run(world: &World, line: &str, env: &[(&str, &str)]) -> Ran {
    let mut command = world.command(line);
    command.env("UDSYNC_NOTIFY_EMAIL_PASSWORD", PASSWORD);
    command.env("UDSYNC_NOTIFY_WEBHOOK_SECRET", "canary-webhook-secret");
    command.envs(env.iter().copied());
    ran(command.output().expect("it runs"))
}

const WRONG: [(&str, &str); 1] = [(
    "UDSYNC_WOOCOMMERCE_SECRET",
    "cs_9999999999999999999999999999999999999999",
)];

#[test]
fn twenty_runs_that_fail_are_one_mail_and_the_end_is_another() {
    let post = Postbox::open(Line::Starttls);
    let world = world(vec![order(1)], &post.section(Line::Starttls));
    for _ in 0..20 {
        run(&world, "sync orders", &WRONG).ends_with(4);
    }
    assert_eq!(
        post.subjects(),
        ["[udsync test] the connection to the shop is broken"]
    );
    let mail = &post.mails()[0];
    assert!(mail.was_private && mail.signed_in);
    assert_eq!(mail.from, "shop@canary.example");
    assert_eq!(mail.to, ["owner@canary.example"]);
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    for part in [
        "What happened: `udsync sync orders` stopped: ",
        "What it means: ",
        "What to do: ",
    ] {
        assert!(mail.text.contains(part), "{}", mail.text);
    }
    let list = world.run("notify list --json").ends_with(0).json();
    assert_eq!(list["incidents"][0]["seen"], 20);
    assert_eq!(list["notices"], json!([]));

    for _ in 0..3 {
        run(&world, "sync orders", &[]).ends_with(0);
    }
    assert_eq!(
        post.subjects()[1..],
        ["[udsync test] over: the connection to the shop is broken"]
    );
    let out = world.run("notify list").ends_with(0).out;
    assert_eq!(out, "nothing is wrong, and no notice waits\n");
}

#[test]
fn a_failure_is_over_with_the_next_sync_and_what_is_held_when_it_no_longer_is() {
    let post = Postbox::open(Line::Implicit);
    let world = world(
        vec![order(1), unmapped(2), unmapped(3)],
        &post.section(Line::Implicit),
    );
    world.tell_store("mishaps", json!({ "what": "bad_gateway", "times": null }));
    let failed = run(&world, "sync orders --json", &[]).ends_with(5).json();
    let code = failed["code"].as_str().expect("a code").replace('_', " ");
    assert_eq!(
        post.subjects(),
        [format!("[udsync test] runs fail: {code}")]
    );

    world.clear_mishaps();
    run(&world, "sync orders", &[]).ends_with(3);
    let second = &post.mails()[1];
    assert_eq!(
        second.header("Subject"),
        "[udsync test] 1 thing needs a look, 1 is over",
        "several go together"
    );
    assert!(
        second
            .text
            .contains("2 records need a look: tax code unmapped"),
        "{}",
        second.text
    );
    run(&world, "sync orders", &[]).ends_with(3);
    assert_eq!(post.mails().len(), 2, "told once");

    let mended = format!("{BOOKS}[[books.tax.codes]]\nwoo = [\"77\"]\ncode = \"GST\"\n")
        .replace("rates = { ", "rates = { \"77\" = \"GST 5%\", ");
    world.configure(&format!("{mended}\n{}", post.section(Line::Implicit)));
    run(&world, "sync orders", &[]).ends_with(0);
    assert_eq!(
        post.subjects()[2..],
        ["[udsync test] over: 2 records need a look: tax code unmapped"]
    );
}

#[test]
fn a_field_that_both_sides_changed_is_told_once_and_so_is_its_end() {
    let post = Postbox::open(Line::Implicit);
    let world = both_ways::world(
        &[both_ways::account(7, "Kim", "1")],
        &[],
        &post.section(Line::Implicit),
    );
    both_ways::call_in_books(&world, "Kim Reed", "604");
    both_ways::call_in_shop(&world, 7, "778");
    for _ in 0..2 {
        run(&world, "sync customers --yes", &[]).ends_with(3);
    }
    let told = "1 record needs a look: conflict open";
    assert_eq!(post.subjects(), [format!("[udsync test] {told}")]);
    let text = post.mails()[0].text.clone();
    assert!(text.contains("udsync conflicts"), "{text}");
    assert!(!text.contains("604") && !text.contains("778"), "{text}");

    both_ways::call_in_shop(&world, 7, "604");
    run(&world, "sync customers --yes", &[]).ends_with(0);
    assert_eq!(
        post.subjects()[1..],
        [format!("[udsync test] over: {told}")]
    );
}

#[test]
fn a_plan_that_nobody_agreed_to_is_told_without_the_token() {
    let post = Postbox::open(Line::Plain);
    let world = world(vec![order(1), order(2)], &post.section(Line::Plain));
    let text = std::fs::read_to_string(&world.config).expect("written");
    let text = text.replace("confirm_over = 100000", "confirm_over = 1");
    std::fs::write(&world.config, text).expect("written again");
    let refused = run(&world, "sync orders --json", &[]).ends_with(7).json();
    let token = refused["confirm_token"].as_str().expect("a token");
    let mail = &post.mails()[0];
    assert_eq!(
        mail.header("Subject"),
        "[udsync test] a run waits for consent"
    );
    assert!(
        !mail.text.contains(token) && mail.text.contains("udsync dry-run orders"),
        "{}",
        mail.text
    );
}

/// Every schedule is due.
fn due(world: &World) {
    let changed = rusqlite::Connection::open(world.state())
        .and_then(|state| {
            state.execute(
                "UPDATE schedules SET through = '2026-01-01T00:00:00.000000000Z'",
                [],
            )
        })
        .expect("the state");
    assert!(changed > 0);
}

/// With a cap, and without one: nobody is there at night.
#[test]
fn a_schedule_that_was_refused_is_told_once_and_its_end_too() {
    for cap in ["[unattended]\nmax_changes = 1\n", ""] {
        let post = Postbox::open(Line::Plain);
        let world = world(vec![order(1), order(2)], &post.section(Line::Plain));
        let text = std::fs::read_to_string(&world.config).expect("written");
        let text = text.replace("confirm_over = 100000", "confirm_over = 1");
        std::fs::write(&world.config, format!("{text}\n{cap}")).expect("written again");
        let mut add = world.command("schedule add --name often orders");
        ran(add
            .args(["--cron", "*/30 * * * *"])
            .output()
            .expect("it runs"))
        .ends_with(0);
        for _ in 0..2 {
            due(&world);
            run(&world, "schedule run --once", &[]).ends_with(7);
        }
        assert_eq!(post.mails().len(), 1, "{cap:?} {:?}", post.subjects());
        let mail = &post.mails()[0];
        let subject = mail.header("Subject").to_owned();
        assert!(mail.text.contains("udsync"), "{}", mail.text);
        let list = world.run("notify list --json").json();
        assert_eq!(list["incidents"][0]["seen"], 2, "{list}");
        assert_eq!(world.documents().len(), 0);
        // By hand it is agreed to, and the schedule goes on.
        run(&world, "sync orders --yes", &[]).ends_with(0);
        due(&world);
        run(&world, "schedule run --once", &[]).ends_with(0);
        let over = subject.replace("[udsync test] ", "[udsync test] over: ");
        assert_eq!(post.subjects()[1..], [over]);
        assert_eq!(
            world.run("notify list --json").json()["incidents"],
            json!([])
        );
    }
}

#[test]
fn a_webhook_can_check_who_writes_and_a_chat_gets_text() {
    let (hook, chat) = (Desk::open(), Desk::open());
    let notify = format!("[notify.slack]\n[notify.webhook]\nurl = \"{}\"\n", hook.url);
    let world = world(vec![unmapped(1)], &notify);
    let slack = [("UDSYNC_NOTIFY_SLACK_URL", chat.url.as_str())];
    run(&world, "sync orders", &slack).ends_with(3);

    let posted = &hook.posted()[0];
    let signed = format!("{}.{}", posted.header("udsync-timestamp"), posted.body);
    let expected = hmac_by_hand(b"canary-webhook-secret", signed.as_bytes());
    assert_eq!(posted.header("udsync-signature"), format!("v1={expected}"));
    let document = posted.json();
    assert_eq!(document["schema"], "udsync/notice/1");
    assert_eq!(document["id"], posted.header("udsync-id"));
    assert_eq!(document["shop"], "test");
    let event = &document["events"][0];
    assert_eq!(
        (&event["kind"], &event["tells"], &event["subject"]),
        (
            &json!("held"),
            &json!("trouble"),
            &json!("tax_code_unmapped")
        )
    );
    for words in ["title", "happened", "means", "remedy"] {
        assert!(
            event[words].as_str().is_some_and(|words| !words.is_empty()),
            "{event}"
        );
    }

    let text = chat.posted()[0].json()["text"]
        .as_str()
        .expect("text")
        .to_owned();
    assert!(
        text.starts_with("*[udsync test] 1 record needs a look"),
        "{text}"
    );
}

/// HMAC as its definition says it, so that both sides cannot be wrong in the same way.
fn hmac_by_hand(key: &[u8], text: &[u8]) -> String {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let hash = |pad: u8, text: &[u8]| {
        let mut digest = Sha256::new();
        digest.update(block.map(|byte| byte ^ pad));
        digest.update(text);
        digest.finalize()
    };
    let bytes = hash(0x5c, &hash(0x36, text));
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_mail_server_that_is_not_there_fails_no_run_and_is_tried_again() {
    let gone = "[notify.email]\nhost = \"localhost\"\nport = 9\ntls = \"none\"\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n";
    let world = world(vec![unmapped(1)], gone);
    let told = run(&world, "sync orders", &[]).ends_with(3);
    assert!(
        told.err.contains(
            "note: a notice could not be sent to `email`: could not reach the mail server"
        ),
        "{}",
        told.err
    );
    let list = world.run("notify list --json").ends_with(0).json();
    assert_eq!(list["notices"][0]["attempts"], 1);
    let history = world.run("history").ends_with(0);
    assert!(
        history.err.contains("1 notice could not be sent yet"),
        "{}",
        history.err
    );

    let post = Postbox::open(Line::Plain);
    world.configure(&format!("{BOOKS}\n{}", post.section(Line::Plain)));
    run(&world, "sync orders", &[]).ends_with(3);
    assert_eq!(post.subjects().len(), 1);
    assert_eq!(world.run("history").err, "");
}

#[test]
fn a_mail_server_that_says_nothing_delays_a_run_by_its_time_out_and_no_more() {
    let port = silent_port();
    let silent = format!(
        "[notify.email]\nhost = \"localhost\"\nport = {port}\ntls = \"none\"\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n"
    );
    let world = world(vec![order(1), unmapped(2)], &silent);
    let began = Instant::now();
    let told = run(&world, "sync orders", &[]).ends_with(3);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    assert!(told.out.contains("1 created"), "{}", told.out);
    assert!(
        told.err.contains("in time") || told.err.contains("within 10 seconds"),
        "{}",
        told.err
    );
}

#[test]
fn a_channel_that_nobody_answers_or_that_has_no_authority_is_named() {
    let post = Postbox::open(Line::Starttls);
    let world = world(vec![order(1)], &post.section(Line::Starttls));
    let section = post.section(Line::Starttls);
    let with_authority = |file: &str| {
        let lines = section.lines().map(|line| match line.split_once(" = ") {
            Some(("ca_file", _)) => format!("ca_file = \"{file}\"\n"),
            _ => format!("{line}\n"),
        });
        world.configure(&format!("{BOOKS}\n{}", lines.collect::<String>()));
        let told = run(&world, "notify test --json", &[]).json();
        told["channels"][0]["code"].clone()
    };
    std::fs::write(world.home.path().join("empty.pem"), "no certificate\n").expect("written");
    assert_eq!(with_authority("empty.pem"), "notice_authority");
    assert_eq!(with_authority("nothing.pem"), "notice_authority");

    let silent = format!(
        "{BOOKS}\n[notify.webhook]\nurl = \"http://127.0.0.1:{}/x\"\n",
        silent_port()
    );
    world.configure(&silent);
    let told = run(&world, "notify test --json", &[]).json();
    assert_eq!(told["channels"][0]["code"], "notice_unreachable", "{told}");
}

#[test]
fn a_test_says_what_is_wrong_with_each_channel() {
    let post = Postbox::open(Line::Starttls);
    let world = world(vec![order(1)], &post.section(Line::Starttls));
    let sent = run(&world, "notify test", &[]).ends_with(0);
    assert_eq!(sent.out, "email  sent\n");
    assert_eq!(post.subjects(), ["[udsync test] this is a test"]);

    let wrong = [("UDSYNC_NOTIFY_EMAIL_PASSWORD", "wrong-canary")];
    let refused = run(&world, "notify test --json", &wrong).ends_with(4);
    let channel = &refused.json()["channels"][0];
    assert_eq!(channel["code"], "notice_credentials");
    assert!(
        !refused.out.contains("canary"),
        "the server repeats the address: {}",
        refused.out
    );

    let missing = ran(world.command("notify test").output().expect("it runs")).ends_with(4);
    assert!(
        missing.err.contains("UDSYNC_NOTIFY_EMAIL_PASSWORD"),
        "{}",
        missing.err
    );

    // An authority that the system does not know.
    let stranger = post.section(Line::Starttls);
    let stranger: Vec<&str> = stranger
        .lines()
        .filter(|line| !line.starts_with("ca_file"))
        .collect();
    world.configure(&format!("{BOOKS}\n{}", stranger.join("\n")));
    let untrusted = run(&world, "notify test --json", &[]).ends_with(5).json();
    assert_eq!(
        untrusted["channels"][0]["code"], "notice_tls",
        "{untrusted}"
    );

    let picky = Postbox::answering(
        Line::Plain,
        Some("550 5.1.1 <owner@canary.example> unknown"),
    );
    world.configure(&format!("{BOOKS}\n{}", picky.section(Line::Plain)));
    let told = run(&world, "notify test --json", &[]).ends_with(1).json();
    assert_eq!(told["channels"][0]["code"], "notice_refused", "{told}");
    let refused = run(&world, "notify test", &[]).ends_with(1);
    assert_eq!(
        refused.out,
        "email  not sent: the mail server answered 550\n"
    );

    for (ca_file, words) in [
        ("nowhere.pem", "could not read `"),
        (
            "udsync.toml",
            "`ca_file` of `[notify.email]` holds no certificates",
        ),
    ] {
        let section = post.section(Line::Starttls);
        let section = section.replace(&crate::odd::authority(), ca_file);
        world.configure(&format!("{BOOKS}\n{section}"));
        let unread = run(&world, "notify test", &[]).ends_with(2);
        assert!(unread.out.contains(words), "{}", unread.out);
        assert!(unread.err.contains("`ca_file`"), "{}", unread.err);
    }
    let odd = picky
        .section(Line::Plain)
        .replace("owner@canary.example", "owner@-.-");
    world.configure(&format!("{BOOKS}\n{odd}"));
    let odd = run(&world, "notify test", &[]).ends_with(2);
    assert!(
        odd.out.contains("is none that mail can be sent to"),
        "{}",
        odd.out
    );

    world.configure(&format!("{BOOKS}\n[notify.slack]\n"));
    let plain = [(
        "UDSYNC_NOTIFY_SLACK_URL",
        "http://hooks.slack.com/services/canary",
    )];
    let plain = run(&world, "notify test", &plain).ends_with(2);
    assert!(
        !plain.out.contains("canary") && plain.out.contains("`UDSYNC_NOTIFY_SLACK_URL`"),
        "{}",
        plain.out
    );
    world.configure(&format!("{BOOKS}\n{}", picky.section(Line::Plain)));

    let other = run(&world, "notify test --channel slack", &[]).ends_with(2);
    assert!(
        other.err.contains("no `[notify.slack]` section"),
        "{}",
        other.err
    );
    world.configure(BOOKS);
    // Where nobody is to be told, a message cannot be tried, and nothing is due.
    for (line, code) in [("notify test", 2), ("notify check", 0)] {
        let none = run(&world, line, &[]).ends_with(code);
        assert!(
            none.err.contains("no channel for notices is configured"),
            "{}",
            none.err
        );
    }
}

#[test]
fn no_notice_and_no_log_names_a_buyer_or_a_secret() {
    let (post, hook, chat) = (Postbox::open(Line::Starttls), Desk::open(), Desk::open());
    let canary = |order: Value| {
        let person = json!({
            "first_name": "Zebedee", "last_name": "Quackenbush", "company": "", "address_1": "17 Featherstone Lane",
            "address_2": "", "city": "Calgary", "state": "AB", "postcode": "X0X 9Z9", "country": "CA",
            "email": "zebedee.q@buyers.example", "phone": "+1 403 555-0142"
        });
        with(order, json!({ "billing": person, "shipping": person }))
    };
    let notify = format!(
        "{}[notify.slack]\n[notify.webhook]\nurl = \"{}\"\n",
        post.section(Line::Starttls),
        hook.url
    );
    let world = world(vec![canary(unmapped(1)), canary(order(2))], &notify);
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "code": "6240", "detail": "Zebedee Quackenbush <zebedee.q@buyers.example> is there already", "operation": "create Customer" }),
    );
    let secret_url = chat.url.replace("/hook", "/services/canary-slack-path");
    let slack = [("UDSYNC_NOTIFY_SLACK_URL", secret_url.as_str())];
    let one = run(&world, "sync orders -vv", &slack);
    let two = run(&world, "sync orders -vv", &[WRONG[0], slack[0]]);
    let mut all = format!("{}{}{}{}", one.out, one.err, two.out, two.err);
    for mail in post.mails() {
        // To whom it goes stands above it.
        all.push_str(mail.text.split_once("\n\n").expect("a body").1);
    }
    for posted in hook.posted().iter().chain(&chat.posted()) {
        all.push_str(&posted.body);
    }
    assert!(
        post.mails().len() == 2 && all.contains("tax code unmapped"),
        "{all}"
    );
    for canary in [
        "Zebedee",
        "Quackenbush",
        "zebedee",
        "Featherstone",
        "555-0142",
        "canary",
        "cs_",
        "ck_",
    ] {
        assert!(!all.contains(canary), "`{canary}` in {all}");
    }
}

/// An app whose clock stands where the test puts it, and a web server that gets its notices.
struct Timed {
    app: App,
    now: Arc<Mutex<DateTime<Utc>>>,
    desk: Desk,
    _home: tempfile::TempDir,
}

impl Timed {
    fn new(lines: &str) -> Timed {
        let desk = Desk::open();
        let text = format!(
            "[shop]\nname = \"test\"\n[books]\ntimezone = \"America/Edmonton\"\n[notify]\n{lines}\n\
             [notify.webhook]\nurl = \"{}\"\n",
            desk.url
        );
        let home = tempfile::tempdir().expect("a folder");
        let now = Arc::new(Mutex::new(DateTime::UNIX_EPOCH));
        let told = now.clone();
        let credentials = Credentials::from_env(&|name| {
            (name == "UDSYNC_NOTIFY_WEBHOOK_SECRET").then(|| "secret".to_owned())
        });
        let app = App {
            config: config::parse(&text, "udsync.toml").expect("a configuration"),
            keys: Keys::new("test", &credentials, None),
            credentials,
            state: home.path().join("test.db"),
            clock: Clock::new(move || *told.lock().expect("nobody panicked")),
            log_pii: false,
            called: None,
            first_pause: None,
        };
        Timed {
            app,
            now,
            desk,
            _home: home,
        }
    }

    /// A sync at this time, local to Edmonton in November.
    fn sync(&self, at: &str, code: Option<&str>) {
        let ending = code.map_or(NoticedEnding::Finished, |code| {
            NoticedEnding::Broke(Broke {
                connection: false,
                code,
                said: "it did not work",
                hint: None,
            })
        });
        self.set(at);
        let store = self.app.store().expect("a state file");
        let unsent = RUNTIME
            .block_on(self.app.tell_of_run(&store, "sync orders", ending))
            .expect("kept");
        assert!(unsent.is_empty(), "{unsent:?}");
    }

    fn check(&self, at: &str) {
        self.set(at);
        let store = self.app.store().expect("a state file");
        RUNTIME
            .block_on(self.app.tell_of_time(&store))
            .expect("kept");
    }

    fn set(&self, at: &str) {
        let at = format!("2026-11-{}:00-07:00", at.replace(' ', "T"));
        *self.now.lock().expect("nobody panicked") = at.parse().expect("a time");
    }

    /// `trouble store_down`, those of one message together.
    fn told(&self) -> Vec<String> {
        let events = |document: Value| {
            let events = document["events"].as_array().expect("events").clone();
            let words = events.iter().map(|event| {
                let word = |key: &str| event[key].as_str().expect("a word").to_owned();
                format!("{} {}", word("tells"), word("subject"))
            });
            words.collect::<Vec<_>>().join(", ")
        };
        self.desk
            .posted()
            .iter()
            .map(|posted| events(posted.json()))
            .collect()
    }
}

#[test]
fn in_the_quiet_hours_nothing_goes_out_and_what_is_over_by_then_never_does() {
    let timed = Timed::new("quiet_hours = \"22:00-07:00\"");
    timed.sync("21 23:00", Some("store_down"));
    timed.sync("22 01:00", Some("store_down"));
    timed.sync("22 06:59", Some("disk_full"));
    assert_eq!(timed.told(), [""; 0]);
    timed.check("22 07:00");
    assert_eq!(timed.told(), ["trouble store_down, trouble disk_full"]);
    timed.sync("22 08:00", None);
    assert_eq!(
        timed.told()[1..],
        ["recovery store_down, recovery disk_full"]
    );

    timed.sync("22 23:00", Some("store_down"));
    timed.sync("23 00:00", None);
    timed.check("23 12:00");
    assert_eq!(
        timed.told().len(),
        2,
        "nobody was told, so nothing is to be taken back"
    );
}

#[test]
fn a_digest_comes_once_a_day_with_all_of_it() {
    let timed = Timed::new("digest = \"daily\"\ndigest_at = \"08:00\"");
    timed.sync("21 09:00", Some("store_down"));
    timed.sync("21 15:00", Some("disk_full"));
    timed.sync("22 07:59", Some("store_down"));
    assert_eq!(timed.told(), [""; 0]);
    timed.sync("22 08:00", Some("store_down"));
    assert_eq!(timed.told(), ["trouble store_down, trouble disk_full"]);
    timed.sync("22 09:00", None);
    timed.check("22 20:00");
    assert_eq!(timed.told().len(), 1);
    timed.check("23 08:00");
    assert_eq!(
        timed.told()[1..],
        ["recovery store_down, recovery disk_full"]
    );
}

#[test]
fn only_the_events_that_are_asked_for_are_told() {
    let timed = Timed::new("events = [\"held\"]");
    timed.sync("21 09:00", Some("store_down"));
    timed.sync("21 10:00", None);
    assert_eq!(timed.told(), [""; 0]);
}

#[test]
fn a_day_without_a_sync_is_told_and_so_is_the_next_one() {
    let desk = Desk::open();
    let notify = format!(
        "[notify]\nsilent_after = \"24h\"\n[notify.webhook]\nurl = \"{}\"\n",
        desk.url
    );
    let world = world(vec![order(1)], &notify);
    run(&world, "sync orders", &[]).ends_with(0);
    run(&world, "notify check", &[]).ends_with(0);
    assert!(desk.posted().is_empty());

    // The run was the day before yesterday.
    let state = rusqlite::Connection::open(world.state()).expect("the state file");
    state
        .execute(
            "UPDATE runs SET started_at = '2026-01-02T03:04:05.000000000Z', finished_at = '2026-01-02T03:04:06.000000000Z'",
            [],
        )
        .expect("moved");
    drop(state);
    for _ in 0..2 {
        let shown = run(&world, "notify check", &[]).ends_with(0);
        assert!(
            shown.out.contains("nothing was synced for"),
            "{}",
            shown.out
        );
    }
    assert_eq!(desk.posted().len(), 1);
    assert_eq!(desk.posted()[0].json()["events"][0]["kind"], "silence");
    run(&world, "sync orders", &[]).ends_with(0);
    assert_eq!(desk.posted()[1].json()["events"][0]["tells"], "recovery");
}

#[test]
fn a_sign_in_that_will_end_is_told_ahead() {
    let desk = Desk::open();
    let notify = format!(
        "[notify]\nexpiry_ahead = \"366d\"\n[notify.webhook]\nurl = \"{}\"\n",
        desk.url
    );
    let world = world(vec![order(1)], &notify);
    run(&world, "sync orders", &[]).ends_with(0);
    let event = &desk.posted()[0].json()["events"][0];
    assert_eq!(
        event["kind"], "expiry",
        "a hundred days are less than a year: {event}"
    );
    assert!(
        event["remedy"]
            .as_str()
            .is_some_and(|words| words.contains("udsync connect quickbooks"))
    );
    run(&world, "sync orders", &[]).ends_with(0);
    assert_eq!(desk.posted().len(), 1);

    let usual = notify.replace("366d", "14d");
    world.configure(&format!("{BOOKS}\n{usual}"));
    run(&world, "sync orders", &[]).ends_with(0);
    assert_eq!(desk.posted()[1].json()["events"][0]["tells"], "recovery");
}

/// A shop that was synced on 20 November, whose owner wants to hear of each month.
fn of_the_month(orders: Vec<Value>, channels: &str) -> World {
    let world = World::of_orders(orders);
    world.configure(&format!("{BOOKS}\n[notify]\nmonth_end = true\n{channels}"));
    world
}

fn synced(world: &World, at: &str) {
    let offset = moved_to(world, at) - Utc::now();
    crate::inprocess::sync_at(world, offset).report();
}

/// The shop's own clock goes with ours.
fn moved_to(world: &World, at: &str) -> DateTime<Utc> {
    let at: DateTime<Utc> = at.parse().expect("a time");
    let offset = (at - Utc::now()).num_seconds();
    world.tell_store("clock", json!({ "offset_seconds": offset }));
    at
}

/// Whoever works the schedules off looks at this time, as after a restart.
fn looks(world: &World, at: &str) {
    let at = moved_to(world, at);
    let mut app = crate::inprocess::app(world);
    app.clock = Clock::new(move || at);
    app.credentials.notify_webhook_secret = Some("secret".to_owned().into());
    app.credentials.notify_email_password = Some(PASSWORD.to_owned().into());
    let stop = std::sync::atomic::AtomicBool::new(false);
    let told = RUNTIME.block_on(udsync::run::tell_of_month(app, &stop));
    told.unwrap_or_else(|failure| panic!("{}: {}", failure.code, failure.message));
}

#[test]
fn a_month_that_is_over_is_told_once_with_its_figures_through_restarts() {
    let hook = Desk::open();
    let webhook = format!("[notify.webhook]\nurl = \"{}\"\n", hook.url);
    let world = of_the_month(vec![order(11), order(12)], &webhook);
    synced(&world, "2026-11-20T12:00:00Z");
    // In Edmonton it is still November, and then not yet one o'clock.
    for early in ["2026-12-01T06:59:00Z", "2026-12-01T07:59:00Z"] {
        looks(&world, early);
        assert_eq!(hook.posted().len(), 0, "{early}");
    }
    for again in [
        "2026-12-01T08:01:00Z",
        "2026-12-01T08:06:00Z",
        "2026-12-24T12:00:00Z",
    ] {
        looks(&world, again);
        assert_eq!(hook.posted().len(), 1, "{again}");
    }
    let told = hook.posted()[0].json();
    assert_eq!(told["schema"], "udsync/notice/1");
    assert_eq!(told["events"], json!([]));
    let month = &told["month"];
    assert_eq!(
        (&month["period"], &month["proven"], &month["held"]),
        (&json!("2026-11"), &json!(true), &json!(0))
    );
    assert_eq!(
        month["orders"],
        json!({ "compared": 2, "equal": 2, "different": 0 })
    );
    let sales = json!({ "currency": "CAD", "what": "sales", "shop": "42.00", "books": "42.00", "difference": "0.00" });
    let totals = month["totals"].as_array().expect("totals");
    assert!(totals.contains(&sales), "{month}");
    // It carries the head of the history like every notice.
    let head = told["history"]["head"].as_str().expect("a head");
    let held = world.run("verify --json").ends_with(0).json();
    assert_eq!(held["anchors"][0]["head"], head);
}

#[test]
fn a_month_that_is_not_proven_says_what_differs_and_names_nobody() {
    let post = Postbox::open(Line::Starttls);
    let person = json!({
        "first_name": "Zebedee", "last_name": "Quackenbush", "company": "", "address_1": "17 Featherstone Lane",
        "address_2": "", "city": "Calgary", "state": "AB", "postcode": "X0X 9Z9", "country": "CA",
        "email": "zebedee.q@buyers.example", "phone": ""
    });
    let hers = with(order(11), json!({ "billing": person, "shipping": person }));
    let gone = "[notify.email]\nhost = \"localhost\"\nport = 9\ntls = \"none\"\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n";
    let world = of_the_month(vec![hers, order(12), unmapped(13)], gone);
    synced(&world, "2026-11-20T12:00:00Z");
    let mut line = crate::reconcile::document(&world, "WC-12")["object"]["Line"].clone();
    line[0]["Amount"] = json!(20.01);
    line[0]["SalesItemLineDetail"]["UnitPrice"] = json!(20.01);
    let set = json!({ "Line": line, "TotalAmt": 21.01 });
    crate::reconcile::edit(&world, "WC-12", set);
    // Nobody answers at first; what was proven then is told when somebody does.
    looks(&world, "2026-12-01T09:00:00Z");
    let section = post.section(Line::Starttls);
    world.configure(&format!("{BOOKS}\n[notify]\nmonth_end = true\n{section}"));
    world.forget_requests();
    for again in ["2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z"] {
        looks(&world, again);
        assert_eq!(
            post.subjects(),
            ["[udsync test] November 2026 is not proven: 1 difference"]
        );
    }
    assert_eq!(world.books("counts")["reads"], json!(0), "proven once");
    let text = post.mails()[0].text.clone();
    for words in [
        "2 orders compared",
        "amount 1",
        "udsync reconcile --period 2026-11",
        "42.00",
        "0.01",
        "History: ",
    ] {
        assert!(text.contains(words), "`{words}` in {text}");
    }
    let body = text.split_once("\n\n").expect("a body").1;
    for canary in [
        "Zebedee",
        "Quackenbush",
        "zebedee",
        "Featherstone",
        "canary",
    ] {
        assert!(!body.contains(canary), "`{canary}` in {body}");
    }
}

#[test]
fn a_month_before_the_first_run_and_one_that_nobody_asked_about_are_not_told() {
    let hook = Desk::open();
    let webhook = format!("[notify.webhook]\nurl = \"{}\"\n", hook.url);
    let world = of_the_month(vec![order(11)], &webhook);
    synced(&world, "2026-12-02T12:00:00Z");
    looks(&world, "2026-12-03T12:00:00Z");
    assert_eq!(hook.posted().len(), 0);
    world.configure(&format!("{BOOKS}\n{webhook}"));
    looks(&world, "2027-01-03T12:00:00Z");
    assert_eq!(hook.posted().len(), 0);
}
