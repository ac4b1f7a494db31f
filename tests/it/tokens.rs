//! Tokens: one refresh for many processes, nothing lost by kills and lost answers, and a connection that is broken stays quiet.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::tales::Dice;
use crate::world::{REALM, REFRESH_TOKEN, Ran, World, bare_command, company, ran, shop};

/// The key to what is stored, as a server has it in its environment.
pub const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const TEST: &str = "connect test quickbooks";

/// A company whose sign-in has these manners.
pub fn strict(manners: Value) -> World {
    let mut books = company();
    for (name, value) in manners.as_object().expect("manners by name") {
        books["oauth"][name] = value.clone();
    }
    World::new(shop(Vec::new()), books, crate::world::BOOKS)
}

/// The binary with the key to what is stored, and no credentials besides.
pub fn stored(world: &World, line: &str) -> Command {
    let mut command = bare_command(world.home.path());
    command
        .args(line.split_whitespace())
        .env("UDSYNC_KEY", KEY)
        .env("UDSYNC_FIRST_PAUSE_MS", "5");
    command
}

pub fn run(world: &World, line: &str) -> Ran {
    ran(stored(world, line).output().expect("the binary runs"))
}

/// Stores the connection, as somebody does who brings a token along.
pub fn connected(world: &World) {
    let ran = ran(world
        .command("connect quickbooks --from-env")
        .env("UDSYNC_KEY", KEY)
        .env("UDSYNC_QUICKBOOKS_COMPANY_ID", REALM)
        .output()
        .expect("the binary runs"));
    ran.ends_with(0);
}

fn refreshes(world: &World) -> u64 {
    world.books("counts")["refreshes"]
        .as_u64()
        .expect("a count")
}

/// Every question that the token service got since somebody last forgot them.
fn asked_for_tokens(world: &World) -> usize {
    let all = world.books("requests");
    let all = all.as_array().expect("a list");
    let to_service = |request: &&Value| {
        request["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/tokens/bearer"))
    };
    all.iter().filter(to_service).count()
}

/// The hour of the access token is over.
fn an_hour_later(world: &World) {
    // The one in the state file still claims to be good; QuickBooks says otherwise.
    world.tell_books("expire_tokens", json!({}));
}

fn lose_answers(world: &World, times: u64) {
    world.tell_books(
        "mishaps",
        json!({ "what": "lose_answer", "path": "/tokens/bearer", "times": times }),
    );
}

#[test]
fn sixteen_processes_at_one_moment_cause_one_refresh() {
    let world = strict(json!({ "refresh_policy": "at_once" }));
    connected(&world);
    for round in 1..=3 {
        an_hour_later(&world);
        let before = refreshes(&world);
        let children: Vec<_> = (0..16)
            .map(|_| {
                stored(&world, TEST)
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("the binary starts")
            })
            .collect();
        for child in children {
            ran(child.wait_with_output().expect("it ended")).ends_with(0);
        }
        assert_eq!(refreshes(&world) - before, 1, "round {round}");
    }
}

/// With credentials of the environment alone there is no pair on the disk when they all begin.
#[test]
fn sixteen_processes_with_one_token_of_the_environment_cause_one_refresh() {
    let world = strict(json!({ "refresh_policy": "at_once" }));
    let children: Vec<_> = (0..16).map(|_| world.start(TEST)).collect();
    for child in children {
        ran(child.wait_with_output().expect("it ended")).ends_with(0);
    }
    assert_eq!(refreshes(&world), 1);
}

const KILLS: usize = 1_000;
const WORLDS: usize = 4;

#[test]
fn a_thousand_kills_during_rotation_lose_the_connection_never() {
    let seed = std::env::var("UDSYNC_KILL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("tokens: seed {seed}, to be given in UDSYNC_KILL_SEED");
    let began = Instant::now();
    let done: Vec<Killed> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..WORLDS)
            .map(|number| scope.spawn(move || killed(seed ^ (number as u64) << 32)))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended.map(|done| done.expect("no world failed")).collect()
    });
    let sum = |figure: fn(&Killed) -> u64| done.iter().map(figure).sum::<u64>();
    let (started, rotated) = (sum(|k| k.started), sum(|k| k.refreshes));
    // A process that lived long enough to use its new pair has read as well.
    let unused = sum(|k| k.refreshes.saturating_sub(k.reads));
    println!(
        "tokens: {KILLS} of {started} processes killed in {:?}, {rotated} rotations, {unused} of them never used",
        began.elapsed()
    );
    assert!(unused > 20, "too few died between answer and use: {unused}");
}

struct Killed {
    started: u64,
    refreshes: u64,
    /// Pairs that were used.
    reads: u64,
}

/// Kills one process after the other, against a service where the old token dies with the first use of the new one. Access tokens
/// are so short that every process must rotate.
fn killed(seed: u64) -> Killed {
    let world = strict(json!({ "refresh_policy": "until_used", "access_token_seconds": 60 }));
    connected(&world);
    world.tell_books("company", json!({ "latency_ms": 2 }));
    let began = Instant::now();
    run(&world, TEST).ends_with(0);
    let mut usual = began.elapsed().as_micros() as u64;
    let mut dice = Dice(seed);
    let (mut started, mut hit) = (0, 0);
    let before = counts(&world);
    while hit < KILLS / WORLDS {
        let mut child = stored(&world, TEST)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        std::thread::sleep(Duration::from_micros(dice.below(usual)));
        // One that has ended by itself was not killed, and does not count. How long one takes depends on what else the machine
        // does, so the moments follow.
        let was_hit = child.try_wait().expect("it can be asked").is_none();
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        started += 1;
        hit += usize::from(was_hit);
        usual = if was_hit {
            usual + usual / 20
        } else {
            (usual - usual / 10).max(1_000)
        };
        assert!(
            started < 20 * KILLS as u64,
            "they end before they can be killed"
        );
        if started % 50 == 0 {
            let ran = run(&world, TEST);
            assert_eq!(ran.code, 0, "seed {seed}, after {hit} kills: {}", ran.err);
        }
    }
    let last = run(&world, TEST);
    assert_eq!(last.code, 0, "seed {seed}, after {hit} kills: {}", last.err);
    let after = counts(&world);
    Killed {
        started,
        refreshes: after.0 - before.0,
        reads: after.1 - before.1,
    }
}

fn counts(world: &World) -> (u64, u64) {
    let counts = world.books("counts");
    let figure = |name: &str| counts[name].as_u64().expect("a count");
    (figure("refreshes"), figure("reads"))
}

#[test]
fn a_token_that_was_answered_and_not_received_is_recovered() {
    for policy in ["day", "until_used"] {
        let world = strict(json!({ "refresh_policy": policy }));
        connected(&world);
        an_hour_later(&world);
        world.forget_requests();
        lose_answers(&world, 3);
        run(&world, TEST).ends_with(0);
        // The same token, again and again, until an answer came.
        assert_eq!(asked_for_tokens(&world), 4, "{policy}");
        an_hour_later(&world);
        run(&world, TEST).ends_with(0);
    }
}

#[test]
fn an_answer_lost_where_the_old_token_dies_at_once_is_told_as_such_and_mended_by_connecting() {
    let world = strict(json!({ "refresh_policy": "at_once", "code": "AB11-again" }));
    connected(&world);
    an_hour_later(&world);
    lose_answers(&world, 1);
    let ran = run(&world, TEST).ends_with(4);
    assert!(
        ran.err.contains("the answer with the new refresh token was lost on the way, and QuickBooks no longer takes the old one"),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains("hint: connect it again: `udsync connect quickbooks`"),
        "{}",
        ran.err
    );
    let listed = run(&world, "connect list --json").json();
    let row = &listed["connections"][0];
    assert_eq!(
        (&row["name"], &row["state"]),
        (&json!("quickbooks"), &json!("broken"))
    );
    assert_eq!(row["broken_why"], "credentials_refused");
    // Nobody asks again with a token that is dead.
    world.forget_requests();
    let ran = run(&world, TEST).ends_with(4);
    assert!(
        ran.err
            .contains("the connection to QuickBooks is broken since 2"),
        "{}",
        ran.err
    );
    assert_eq!(asked_for_tokens(&world), 0);
    let whole = crate::connecting::sign_in(&world, "connect quickbooks --port 0");
    whole.ends_with(0);
    run(&world, TEST).ends_with(0);
    let listed = run(&world, "connect list --json").json();
    assert_eq!(listed["connections"][0]["state"], "working");
}

#[test]
fn the_token_before_is_tried_once_where_the_new_one_is_refused() {
    let world = strict(json!({}));
    connected(&world);
    an_hour_later(&world);
    run(&world, TEST).ends_with(0);
    an_hour_later(&world);
    world.tell_books("kill_newest_refresh_token", json!({}));
    world.forget_requests();
    run(&world, TEST).ends_with(0);
    assert_eq!(asked_for_tokens(&world), 2);
    // Where both are refused, that is the end.
    an_hour_later(&world);
    world.revoke();
    world.forget_requests();
    let ran = run(&world, TEST).ends_with(4);
    assert!(
        ran.err
            .contains("QuickBooks no longer takes the refresh token"),
        "{}",
        ran.err
    );
    assert_eq!(asked_for_tokens(&world), 2);
    run(&world, TEST).ends_with(4);
    assert_eq!(asked_for_tokens(&world), 2);
}

#[test]
fn another_token_in_the_environment_mends_what_the_environment_broke() {
    let world = strict(json!({}));
    let with = |token: &str| {
        let mut command = world.command(TEST);
        command.env("UDSYNC_QUICKBOOKS_REFRESH_TOKEN", token);
        ran(command.output().expect("the binary runs"))
    };
    world.forget_requests();
    for asked in [1, 1] {
        let ran = with("RT-dead").ends_with(4);
        assert!(
            ran.err.contains("hint: put a new refresh token for this company in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN`"),
            "{}",
            ran.err
        );
        assert_eq!(asked_for_tokens(&world), asked);
    }
    let listed = ran(world.command("connect list --json").output().expect("runs")).json();
    let row = listed["connections"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["name"] == "quickbooks"))
        .cloned()
        .expect("a row");
    assert_eq!(
        (&row["from"], &row["state"]),
        (&json!("environment"), &json!("broken"))
    );
    assert!(
        row["variables"]
            .to_string()
            .contains("UDSYNC_QUICKBOOKS_REFRESH_TOKEN")
    );
    assert!(!listed.to_string().contains("RT-dead"));
    with(REFRESH_TOKEN).ends_with(0);
    let listed = ran(world.command("connect list --json").output().expect("runs")).json();
    assert!(!listed.to_string().contains("broken\""), "{listed}");
}

#[test]
fn the_end_of_a_connection_is_told_a_month_before() {
    let world = strict(json!({ "hard_expires_in": 20 * 86_400 }));
    connected(&world);
    let day = (chrono::Utc::now() + chrono::TimeDelta::days(20)).date_naive();
    let said =
        format!("warning: the connection to QuickBooks ends on {day} whatever is done with it");
    for line in ["connect test", "connect list"] {
        let ran = ran(stored(&world, line)
            .env("UDSYNC_WOOCOMMERCE_KEY", crate::world::KEY)
            .env("UDSYNC_WOOCOMMERCE_SECRET", crate::world::SECRET)
            .output()
            .expect("the binary runs"))
        .ends_with(0);
        assert!(ran.err.contains(&said), "{line}: {}", ran.err);
    }
    for line in ["dry-run orders", "sync orders --yes"] {
        let ran = ran(stored(&world, line)
            .env("UDSYNC_WOOCOMMERCE_KEY", crate::world::KEY)
            .env("UDSYNC_WOOCOMMERCE_SECRET", crate::world::SECRET)
            .output()
            .expect("the binary runs"))
        .ends_with(0);
        assert_eq!(ran.err.matches(&said).count(), 1, "{line}: {}", ran.err);
    }
    world.tell_books("oauth", json!({ "hard_expires_in": 900 * 86_400 }));
    an_hour_later(&world);
    let ran = run(&world, TEST).ends_with(0);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
}

#[test]
fn keys_for_the_sandbox_do_not_open_a_real_company() {
    let world = strict(json!({}));
    connected(&world);
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "status": 403, "code": "3100", "detail": "ApplicationAuthorizationFailed", "times": null }),
    );
    let ran = run(&world, TEST).ends_with(4);
    assert!(
        ran.err
            .contains("QuickBooks does not let these keys into this company"),
        "{}",
        ran.err
    );
    // That is no reason to give the tokens up.
    world.clear_mishaps();
    run(&world, TEST).ends_with(0);
}

#[test]
fn without_the_key_nothing_is_opened_and_nothing_is_lost() {
    let world = strict(json!({}));
    connected(&world);
    let ran = ran(stored(&world, TEST)
        .env_remove("UDSYNC_KEY")
        .output()
        .expect("the binary runs"))
    .ends_with(4);
    assert!(ran.err.contains("UDSYNC_KEY"), "{}", ran.err);
    run(&world, TEST).ends_with(0);
}

#[test]
fn a_removed_connection_is_ended_at_intuit_and_leaves_nothing() {
    let world = strict(json!({}));
    connected(&world);
    let ran = run(&world, "connect remove quickbooks").ends_with(2);
    assert!(ran.err.contains("answer with `--yes`"), "{}", ran.err);
    let refuse = json!({ "what": "server_error_before", "path": "/tokens/revoke", "times": null });
    world.tell_books("mishaps", refuse.clone());
    let ran = run(&world, "connect remove quickbooks --yes").ends_with(5);
    assert!(
        ran.err
            .contains("the connection to QuickBooks was not removed: ")
            && ran
                .err
                .contains("`udsync connect remove quickbooks --force`"),
        "{}",
        ran.err
    );
    world.clear_mishaps();
    run(&world, TEST).ends_with(0);
    let gone = run(&world, "connect remove quickbooks --yes --json")
        .ends_with(0)
        .json();
    assert_eq!(
        (&gone["schema"], &gone["revoked"]),
        (&json!("udsync/connect-remove/1"), &json!(true))
    );
    let listed = run(&world, "connect list --json").json();
    assert_eq!(
        listed,
        json!({ "schema": "udsync/connections/1", "connections": [] })
    );
    let ran = run(&world, "connect remove quickbooks --yes").ends_with(4);
    assert!(
        ran.err
            .contains("nothing is stored of a connection to QuickBooks"),
        "{}",
        ran.err
    );
    run(&world, TEST).ends_with(4);
    // Intuit knows none of the tokens any more.
    let books = world.books("snapshot");
    assert_eq!(books["grants"]["refresh"], json!({}));
}

#[test]
fn a_connection_can_be_removed_here_while_intuit_cannot_be_told() {
    let mut world = strict(json!({}));
    connected(&world);
    world.close_books();
    run(&world, "connect remove quickbooks --yes").ends_with(5);
    let ran = run(&world, "connect remove quickbooks --yes --force").ends_with(0);
    assert!(ran.err.contains("note: Intuit was not told"), "{}", ran.err);
    let listed = run(&world, "connect list").ends_with(0);
    assert_eq!(listed.out, "nothing is connected\n");
}
