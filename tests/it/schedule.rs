//! Schedules through the real binary: kept, shown, worked off, and stopped.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::order::{order, orders, unmapped, with};
use crate::world::{Ran, World, forget_mishaps, until};

/// As if a schedule had been made long ago.
pub fn long_ago(world: &World) {
    let changed = Connection::open(world.state())
        .and_then(|state| {
            state.execute(
                "UPDATE schedules SET through = '2026-01-01T00:00:00.000000000Z'",
                [],
            )
        })
        .expect("the state");
    assert!(changed > 0);
}

fn add(world: &World, name: &str, cron: &str, rest: &str) -> Ran {
    let mut command = world.command(&format!("schedule add --name {name} orders {rest}"));
    crate::world::ran(command.args(["--cron", cron]).output().expect("it runs"))
}

fn shown(world: &World, name: &str) -> Value {
    let list = world.run("schedule list --json").ends_with(0).json();
    let schedules = list["schedules"].as_array().expect("a list");
    let found = schedules.iter().find(|schedule| schedule["name"] == name);
    found.expect("it is listed").clone()
}

#[test]
fn schedules_are_added_shown_changed_and_removed() {
    let world = World::of_orders(orders(1..=2));
    assert!(
        world
            .run("schedule list")
            .ends_with(0)
            .out
            .contains("udsync schedule add --defaults")
    );
    let added = world
        .run("schedule add --defaults --json")
        .ends_with(0)
        .json();
    assert_eq!(added["schema"], "udsync/schedule/1");
    let hourly = shown(&world, "hourly");
    assert_eq!(hourly["mode"], "incremental");
    assert_eq!(hourly["timezone"], "America/Edmonton", "the books' own");
    assert_eq!(shown(&world, "nightly")["mode"], "full");

    add(
        &world,
        "weekly",
        "30 7 * * MON",
        "--timezone Europe/Berlin --mode full --yes --max-changes 5",
    )
    .ends_with(0);
    let weekly = shown(&world, "weekly");
    assert_eq!(weekly["timezone"], "Europe/Berlin");
    assert_eq!(
        (&weekly["yes"], &weekly["max_changes"]),
        (&json!(true), &json!(5))
    );

    world
        .run("schedule edit weekly --no-yes --max-changes 0 --mode incremental")
        .ends_with(0);
    let weekly = shown(&world, "weekly");
    assert_eq!(
        (&weekly["yes"], &weekly["max_changes"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(weekly["cron"], "30 7 * * MON", "what is not named stays");

    world.run("schedule disable weekly").ends_with(0);
    assert_eq!(shown(&world, "weekly")["next"], Value::Null);
    world.run("schedule enable weekly").ends_with(0);
    let next = world
        .run("schedule next weekly --count 3 --json")
        .ends_with(0)
        .json();
    let times = next["times"].as_array().expect("times");
    assert_eq!(times.len(), 3);
    assert!(
        times[0]["local"]
            .as_str()
            .expect("a time")
            .ends_with("07:30")
    );
    assert_eq!(times[0]["at"], shown(&world, "weekly")["next"]);

    world.run("schedule remove weekly").ends_with(0);
    let list = world.run("schedule list --output csv").ends_with(0).out;
    assert!(
        list.contains("hourly,7 * * * *") && !list.contains("weekly"),
        "{list}"
    );
    let again = world.run("schedule add --defaults").ends_with(0);
    assert!(
        again.err.contains("there is a schedule `hourly` already"),
        "{}",
        again.err
    );
}

#[test]
fn what_is_wrong_with_a_schedule_is_said_with_what_would_be_right() {
    let world = World::of_orders(orders(1..=1));
    for (name, cron, rest, message, hint) in [
        (
            "nightly",
            "0 2 * *",
            "",
            "has 4 fields",
            "did you mean `--cron \"0 2 * * *\"`?",
        ),
        (
            "nightly",
            "0 25 * * *",
            "",
            "`25` cannot be the hour",
            "`0 2 * * *` is every day",
        ),
        (
            "nightly",
            "0 0 2 * * *",
            "",
            "six fields",
            "`--cron \"0 2 * * *\"`",
        ),
        (
            "nightly",
            "0 2 31 2 *",
            "",
            "there is never a time",
            "check the day and the month",
        ),
        (
            "Nightly_Run",
            "0 2 * * *",
            "",
            "cannot be the name of a schedule",
            "--name nightly-run",
        ),
        (
            "nightly",
            "0 2 * * *",
            "--timezone berlin",
            "no time zone",
            "Europe/Berlin",
        ),
    ] {
        let ran = add(&world, name, cron, rest).ends_with(2);
        assert!(ran.err.contains(message), "{message}: {}", ran.err);
        assert!(ran.err.contains(hint), "{hint}: {}", ran.err);
    }
    add(&world, "nightly", "0 2 * * *", "").ends_with(0);
    let ran = add(&world, "nightly", "0 3 * * *", "").ends_with(2);
    assert!(
        ran.err.contains("udsync schedule edit nightly"),
        "{}",
        ran.err
    );
    for line in ["edit", "enable", "disable", "remove", "next"] {
        let ran = world.run(&format!("schedule {line} weekly")).ends_with(1);
        assert!(
            ran.err.contains("there is no schedule `weekly`"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("there is `nightly`"), "{}", ran.err);
    }
    let ran = world.run("schedule add").ends_with(2);
    assert!(ran.err.contains("--cron"), "{}", ran.err);
}

#[test]
fn what_was_missed_runs_once_and_is_recorded() {
    let world = World::of_orders(orders(1..=3));
    add(&world, "hourly", "0 * * * *", "").ends_with(0);
    assert_eq!(
        world.run("schedule run --once").ends_with(0).out,
        "nothing is due\n"
    );
    long_ago(&world);
    assert!(shown(&world, "hourly")["missed"].as_u64().expect("a count") > 100);
    let ran = world.run("schedule run --once --json").ends_with(0).json();
    assert_eq!(ran["schema"], "udsync/schedule-run/1");
    let worked = ran["worked"].as_array().expect("a list");
    assert_eq!(worked.len(), 1, "once, not n times");
    assert_eq!(
        (&worked[0]["exit"], &worked[0]["schedule"]),
        (&json!(0), &json!("hourly"))
    );
    assert!(worked[0]["missed"].as_u64().expect("a count") > 100);
    assert_eq!(world.postings().len(), 3);
    let run = worked[0]["run_id"].as_str().expect("an id");
    world.run(&format!("history {run}")).ends_with(0);

    // A second look has nothing to do, and a restart remembers.
    assert_eq!(
        world.run("schedule run --once").ends_with(0).out,
        "nothing is due\n"
    );
    let hourly = shown(&world, "hourly");
    assert_eq!(
        (&hourly["last"]["exit"], &hourly["last"]["run_id"]),
        (&json!(0), &json!(run))
    );
    let history = world.run("history --json").json();
    assert_eq!(history["runs"].as_array().expect("runs").len(), 1);
}

#[test]
fn a_run_that_needs_consent_ends_with_7_is_recorded_and_never_asks() {
    let world = World::of_orders(orders(1..=5));
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("confirm_over = 100000", "confirm_over = 2");
    std::fs::write(&world.config, text).expect("written");
    add(&world, "hourly", "0 * * * *", "").ends_with(0);
    long_ago(&world);
    let ran = world.run("schedule run --once").ends_with(7);
    assert!(ran.out.contains("would write 5 documents"), "{}", ran.out);
    assert!(
        ran.out.contains("udsync schedule edit hourly --yes"),
        "{}",
        ran.out
    );
    assert!(
        !ran.out.contains("--confirm "),
        "no token for nobody: {}",
        ran.out
    );
    assert_eq!(shown(&world, "hourly")["last"]["exit"], 7);
    assert_eq!(
        world.run("history --json").json()["runs"][0]["status"],
        "refused"
    );
    assert_eq!(world.postings(), [] as [String; 0]);
    // As configured, and no further.
    world
        .run("schedule edit hourly --yes --max-changes 4")
        .ends_with(0);
    long_ago(&world);
    world.run("schedule run --once").ends_with(7);
    world
        .run("schedule edit hourly --max-changes 5")
        .ends_with(0);
    long_ago(&world);
    world.run("schedule run --once").ends_with(0);
    assert_eq!(world.postings().len(), 5);
}

#[test]
fn a_run_that_meets_the_lock_or_a_service_out_of_reach_is_not_lost() {
    let mut world = World::of_orders(vec![order(1), unmapped(2)]);
    add(&world, "hourly", "0 * * * *", "").ends_with(0);
    long_ago(&world);
    world.tell_store("mishaps", json!({ "what": "delay", "ms": 60_000 }));
    let mut first = world.start("sync orders --yes");
    until("the first run asks the shop", || {
        world
            .store("requests")
            .as_array()
            .is_some_and(|list| !list.is_empty())
    });
    let ran = world.run("schedule run --once").ends_with(11);
    assert!(
        ran.err.contains("what is due is tried again"),
        "{}",
        ran.err
    );
    assert_eq!(
        world.run("schedule run --once --quiet").ends_with(11).err,
        ""
    );
    first.kill().expect("killed");
    first.wait().expect("gone");
    forget_mishaps(&world);
    let ran = world.run("schedule run --once").ends_with(3);
    assert!(
        ran.out.contains("1 created") && ran.out.contains("1 held"),
        "{}",
        ran.out
    );

    long_ago(&world);
    world.close_store();
    let ran = world.run("schedule run --once").ends_with(5);
    assert!(ran.out.contains("tried again at"), "{}", ran.out);
    assert!(shown(&world, "hourly")["again_at"].is_string());
    assert_eq!(
        world.run("schedule run --once").ends_with(0).out,
        "nothing is due\n"
    );
}

/// The worker in the foreground, with its lines.
struct Worker {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Worker {
    fn start(world: &World, rest: &str) -> Worker {
        let mut child = world
            .command(&format!("schedule run --json {rest}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("asked for"));
        Worker { child, lines }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn told(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let told = std::process::Command::new("kill")
            .args([signal, &pid])
            .status();
        assert!(told.expect("kill is there").success());
    }
}

#[test]
fn the_worker_does_what_is_due_sees_changes_and_stops_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let world = World::of_orders(orders(1..=2));
        add(&world, "hourly", "0 * * * *", "").ends_with(0);
        long_ago(&world);
        let mut worker = Worker::start(&world, "");
        let line = worker.line();
        assert_eq!(
            (&line["schedule"], &line["exit"]),
            (&json!("hourly"), &json!(0))
        );
        assert_eq!(world.postings().len(), 2);
        if signal == "-TERM" {
            // Another schedule, made while it works, needs no restart.
            world.put_order(&order(3), &json!([]), false);
            world.run("schedule disable hourly").ends_with(0);
            add(&world, "sweep", "0 0 * * *", "--mode full").ends_with(0);
            long_ago(&world);
            let line = worker.line();
            assert_eq!(
                (&line["schedule"], &line["exit"]),
                (&json!("sweep"), &json!(0))
            );
            assert_eq!(world.postings().len(), 3);
        }
        worker.told(signal);
        let done = worker.child.wait_with_output().expect("it ends");
        assert_eq!(done.status.code(), Some(0), "{signal}");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(
            said.contains("stopped; what was begun is recorded"),
            "{said}"
        );
    }
}

#[test]
fn stopped_in_the_middle_it_ends_with_0_and_the_time_stays_open() {
    let world = World::of_orders(orders(1..=30));
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 1");
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 100, "operation": "create", "times": null }),
    );
    add(&world, "hourly", "0 * * * *", "").ends_with(0);
    long_ago(&world);
    let worker = Worker::start(&world, "");
    until("something is written", || !world.documents().is_empty());
    worker.told("-TERM");
    let done = worker.child.wait_with_output().expect("it ends");
    assert_eq!(done.status.code(), Some(0));
    let hourly = shown(&world, "hourly");
    assert!(hourly["open"].is_string(), "{hourly}");
    assert_eq!(
        world.run("history --json").json()["runs"][0]["status"],
        "interrupted"
    );
    forget_mishaps(&world);
    world.run("schedule run --once").ends_with(0);
    let mut postings = world.postings();
    assert_eq!(postings.len(), 30);
    postings.sort();
    postings.dedup();
    assert_eq!(postings.len(), 30, "none twice");
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_manager_is_told_that_it_is_ready_alive_and_stopping() {
    use std::os::unix::net::UnixDatagram;
    let world = World::of_orders(orders(1..=1));
    add(&world, "hourly", "0 * * * *", "").ends_with(0);
    let socket = world.home.path().join("notify");
    let manager = UnixDatagram::bind(&socket).expect("a socket");
    manager
        .set_read_timeout(Some(std::time::Duration::from_secs(30)))
        .expect("set");
    let mut command = world.command("schedule run --quiet");
    let mut child = command
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "400000")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut heard = Vec::new();
    let mut hear = |wanted: &str, times: usize| {
        let mut left = times;
        while left > 0 {
            let mut said = [0; 4096];
            let length = manager.recv(&mut said).expect("it says something");
            let said = String::from_utf8_lossy(&said[..length]).trim().to_owned();
            left -= usize::from(said.starts_with(wanted));
            heard.push(said);
        }
    };
    hear("READY=1", 1);
    hear("STATUS=next: hourly at ", 1);
    hear("WATCHDOG=1", 3);
    let told = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(told.expect("kill is there").success());
    hear("STOPPING=1", 1);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

// Guards about the shop.

fn stops(world: &World, line: &str, code: &str) -> Ran {
    let ran = world.run(&format!("{line} --json")).ends_with(7);
    assert_eq!(ran.json()["code"], code, "{}", ran.out);
    ran
}

#[test]
fn an_emptied_or_shrunken_store_is_not_taken_for_deletions() {
    let owed = |id: u64| {
        with(
            order(id),
            json!({ "status": "on-hold", "payment_method": "bacs", "date_paid": null, "date_paid_gmt": null }),
        )
    };
    for gone in [12_u64, 40] {
        let world = World::of_orders((1..=40).map(owed).collect());
        world.run("sync orders --yes").ends_with(0);
        for id in 1..=gone {
            world.tell_store(&format!("orders/{id}/delete"), json!({}));
        }
        // Neither consent nor a token answers for it.
        let ran = stops(&world, "sync orders --full --yes", "store_shrunken");
        let hint = ran.json()["hint"].as_str().expect("a hint").to_owned();
        assert!(hint.contains("--allow-shrunken"), "{hint}");
        let plan = world.run("dry-run orders --full");
        assert!(plan.err.contains("a sync stops there"), "{}", plan.err);
        assert!(world.postings().iter().all(|line| line.ends_with("active")));
        // A person says that it is so; what was accepted is no news.
        world
            .run("sync orders --full --yes --allow-shrunken")
            .ends_with(0);
        let voided = world
            .postings()
            .iter()
            .filter(|line| line.ends_with("voided"))
            .count();
        assert_eq!(voided as u64, gone);
        world.run("sync orders --full --yes").ends_with(0);
    }
}

#[test]
fn a_few_deleted_orders_are_a_usual_day() {
    let world = World::of_orders(orders(1..=30));
    world.run("sync orders --yes").ends_with(0);
    for id in 1..=9 {
        world.tell_store(&format!("orders/{id}/trash"), json!({}));
    }
    let ran = world.run("sync orders --full --yes --json");
    assert!([0, 3].contains(&ran.code), "{}", ran.out);
    assert_eq!(ran.json()["schema"], "udsync/run/1");
}

#[test]
fn a_copy_of_the_store_is_not_written_from_until_somebody_says_that_it_moved() {
    let world = World::of_orders(orders(1..=2));
    world.run("sync orders").ends_with(0);
    world.put_order(&order(3), &json!([]), false);
    // As if the last run had met the shop itself, and this one meets a copy.
    let home = |value: &str| {
        Connection::open(world.state())
            .and_then(|state| {
                state.execute("UPDATE kept SET text = ?1 WHERE name = 'home'", [value])
            })
            .expect("the state")
    };
    assert_eq!(home("shop.example.com"), 1);
    let ran = stops(&world, "sync orders --yes", "store_clone");
    let message = ran.json()["message"].as_str().expect("words").to_owned();
    assert!(message.contains("`shop.example.com`"), "{message}");
    assert_eq!(world.postings().len(), 2);
    world.run("sync orders --allow-moved").ends_with(0);
    assert_eq!(world.postings().len(), 3);
    world.put_order(&order(4), &json!([]), false);
    world.run("sync orders").ends_with(0);
}

#[test]
fn sandbox_and_production_never_mix() {
    let world = World::of_orders(orders(1..=1));
    world.run("sync orders").ends_with(0);
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let live = text.replace("environment = \"sandbox\"", "environment = \"production\"");
    std::fs::write(&world.config, live).expect("written");
    world.put_order(&order(2), &json!([]), false);
    let ran = world.run("sync orders --yes").ends_with(2);
    assert!(
        ran.err.contains("sandbox") && ran.err.contains("production"),
        "{}",
        ran.err
    );
    assert_eq!(world.postings().len(), 1);
}

/// The configuration asks before so many changes, as it does where nobody said otherwise.
fn careful(world: &World) {
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("confirm_over = 100000\n", "");
    std::fs::write(&world.config, text).expect("written");
}

#[test]
fn the_defaults_post_the_first_eleven_orders_by_themselves() {
    let world = World::of_orders(orders(1..=11));
    careful(&world);
    let before = std::fs::read_to_string(&world.config).expect("the configuration");
    let added = world.run("schedule add --defaults").ends_with(0);
    for words in [
        "+ [unattended]",
        "+ max_changes = 200",
        "+ voids = false",
        "the old file is kept as udsync.toml.bak",
    ] {
        assert!(added.err.contains(words), "{words}: {}", added.err);
    }
    let kept = std::fs::read_to_string(world.home.path().join("udsync.toml.bak"));
    assert_eq!(kept.expect("a copy"), before);
    world.run("schedule disable nightly").ends_with(0);
    long_ago(&world);
    world.run("schedule run --once").ends_with(0);
    assert_eq!(world.postings().len(), 11);
    // A second time there is nothing to write into the file.
    let again = world.run("schedule add --defaults").ends_with(0);
    assert!(!again.err.contains("[unattended]"), "{}", again.err);
}

#[test]
fn more_than_the_cap_stops_a_schedule_and_the_doctor_says_what_mends_it() {
    let world = World::of_orders(orders(1..=4));
    careful(&world);
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    std::fs::write(&world.config, text + "[unattended]\nmax_changes = 3\n").expect("written");
    world.run("schedule add --defaults").ends_with(0);
    world.run("schedule disable nightly").ends_with(0);
    long_ago(&world);
    let ran = world.run("schedule run --once").ends_with(7);
    assert!(
        ran.out.contains("`max_changes` in `[unattended]` allows 3"),
        "{}",
        ran.out
    );
    assert_eq!(world.postings().len(), 0);
    let found = world.run("doctor --json").json();
    let findings = found["findings"].as_array().expect("findings");
    let stuck = findings
        .iter()
        .find(|finding| {
            finding["said"]
                .as_str()
                .is_some_and(|said| said.contains("waits for consent"))
        })
        .unwrap_or_else(|| panic!("{found}"));
    assert_eq!(stuck["level"], "problem");
    assert!(
        stuck["fix"]
            .as_str()
            .expect("words")
            .contains("`udsync sync orders` shows the plan and asks")
    );
    // By hand it is asked and done; the schedule is in step again.
    world.run("sync orders --yes").ends_with(0);
    long_ago(&world);
    world.run("schedule run --once").ends_with(0);
}

#[test]
fn a_schedule_holds_what_would_be_voided_and_posts_everything_else() {
    let owed = |id| {
        with(
            order(id),
            json!({ "status": "on-hold", "payment_method": "bacs", "date_paid": null, "date_paid_gmt": null }),
        )
    };
    let world = World::of_orders(vec![owed(1), owed(2)]);
    careful(&world);
    world.run("schedule add --defaults").ends_with(0);
    world.run("schedule disable nightly").ends_with(0);
    world.run("sync orders --yes").ends_with(0);
    let cancelled = with(owed(1), json!({ "status": "cancelled" }));
    world.put_order(&cancelled, &json!([]), false);
    world.put_order(&order(3), &json!([]), false);
    for _ in 1..=2 {
        long_ago(&world);
        let ran = world.run("schedule run --once --json").ends_with(3).json();
        assert_eq!(ran["worked"][0]["exit"], 3);
        let list = world.run("retry --list --json").json();
        let problems = list["problems"].as_array().expect("problems");
        assert_eq!(problems.len(), 1, "{list}");
        assert_eq!(problems[0]["code"], "void_waits");
        assert_eq!(problems[0]["state"], "held");
        assert_eq!(
            world.postings(),
            [
                "Invoice WC-1 21.00 active",
                "Invoice WC-2 21.00 active",
                "SalesReceipt WC-3 21.00 active"
            ]
        );
    }
    // Its hint, with somebody there to agree.
    world.run("sync orders --id 1 --yes").ends_with(0);
    assert!(
        world
            .postings()
            .contains(&"Invoice WC-1 0.00 voided".to_owned())
    );
    assert_eq!(
        world.run("retry --list --json").json()["problems"],
        json!([])
    );
    // Where it is allowed, nobody is needed.
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    std::fs::write(&world.config, text.replace("voids = false", "voids = true")).expect("written");
    let cancelled = with(owed(2), json!({ "status": "cancelled" }));
    world.put_order(&cancelled, &json!([]), false);
    long_ago(&world);
    world.run("schedule run --once").ends_with(0);
    assert!(
        world
            .postings()
            .contains(&"Invoice WC-2 0.00 voided".to_owned())
    );
}
