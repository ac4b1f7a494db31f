//! Slips of the hand and small wrong words: what a person types by mistake is told in words, and nothing typed is ignored.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::order::{order, orders};
use crate::world::{CLIENT_SECRET, KEY, Ran, SECRET, World, ran};

fn with_env(world: &World, line: &str, variables: &[(&str, &str)]) -> Ran {
    let mut command = world.command(line);
    command.envs(variables.iter().copied());
    ran(command.output().expect("it runs"))
}

#[test]
fn an_order_that_nobody_has_is_said_and_is_no_success() {
    let world = World::of_orders(vec![order(1)]);
    for line in ["sync orders --id 99", "dry-run orders --id 99"] {
        let ran = world.run(line).ends_with(1);
        assert!(
            ran.err.contains("have an order with the id `99`"),
            "{}",
            ran.err
        );
        assert!(!ran.out.contains("nothing to do"), "{}", ran.out);
    }
    // With others beside it, those are done.
    let ran = world.run("sync orders --id 1,99").ends_with(0);
    assert!(
        ran.err.contains("note: the shop has no order with id 99"),
        "{}",
        ran.err
    );
    assert_eq!(world.postings().len(), 1);
}

#[test]
fn an_order_that_nobody_has_is_said_in_a_run_to_the_database_alone_too() {
    let world = World::of_orders(vec![order(1)]).with_database();
    for line in [
        "sync orders --to supabase --id 99",
        "dry-run orders --to supabase --id 99",
    ] {
        let ran = world.run(line).ends_with(1);
        assert!(
            ran.err
                .contains("neither the shop nor the database has an order with the id `99`"),
            "{}",
            ran.err
        );
        assert!(!ran.out.contains("nothing to do"), "{}", ran.out);
    }
    let ran = world
        .run("sync orders --to supabase --id 1,99")
        .ends_with(0);
    assert!(
        ran.err.contains("note: the shop has no order with id 99"),
        "{}",
        ran.err
    );
    assert_eq!(world.rows("orders").len(), 1);
    // What the database has and the shop no more is no slip.
    world.tell_store("orders/1/delete", json!({}));
    world
        .run("sync orders --to supabase --id 1 --allow-shrunken")
        .ends_with(0);
}

#[test]
fn a_word_that_cannot_be_read_stays_in_its_line() {
    let world = World::of_orders(vec![order(1)]);
    for typed in ["--since", "--limit", "word"] {
        let mut command = world.command("sync orders");
        if typed != "word" {
            command.arg(typed);
        }
        let said = ran(command
            .arg("x\u{1b}[2J\u{202e}\nhint: `rm -r books`")
            .output()
            .expect("it runs"))
        .ends_with(2);
        assert!(!said.err.contains(['\u{1b}', '\u{202e}']), "{:?}", said.err);
        assert!(
            !said.err.lines().any(|line| line.starts_with("hint: `rm")),
            "{}",
            said.err
        );
    }
    // Its own colours stay what they are.
    let said = world
        .run("sync orders --since tomorrow --color always")
        .ends_with(2);
    assert!(!said.err.contains('\u{fffd}'), "{:?}", said.err);
    let said = ran(world
        .command("sync orders --since tomorrow")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("it runs"))
    .ends_with(2);
    assert!(
        said.err.contains("\u{1b}[") && !said.err.contains('\u{fffd}'),
        "{:?}",
        said.err
    );
}

#[test]
fn what_is_not_there_ends_with_one_code() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    for (line, code) in [
        ("history 0192f3c4", "run_unknown"),
        ("retry ZZZZ", "failure_unknown"),
        ("retry --restore ZZZZ", "failure_unknown"),
        ("schedule remove nightly", "schedule_unknown"),
        ("schedule next nightly", "schedule_unknown"),
        ("mapping show nothing", "mapping_unknown"),
        ("sync orders --id 99", "order_unknown"),
    ] {
        let ran = world.run(&format!("{line} --json")).ends_with(1);
        assert_eq!(ran.json()["code"], code, "{line}");
    }
}

#[test]
fn an_edited_plan_is_called_edited() {
    let world = World::of_orders(vec![order(1)]);
    world.run("dry-run orders --out plan.json").ends_with(0);
    let path = world.home.path().join("plan.json");
    let mut plan: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("saved")).expect("JSON");
    plan["steps"][0]["label"] = json!("mine");
    std::fs::write(&path, plan.to_string()).expect("edited");
    let ran = world.run("apply plan.json --yes").ends_with(6);
    assert!(
        ran.err.contains("was edited after it was saved"),
        "{}",
        ran.err
    );
    assert_eq!(world.postings().len(), 0);
}

#[test]
fn a_dash_is_standard_input_and_output() {
    let world = World::of_orders(orders(1..=2));
    let plan = world.run("dry-run orders --out -").ends_with(0);
    assert_eq!(plan.json()["schema"], "udsync/plan/1");
    assert!(plan.err.contains("2 to create"), "{}", plan.err);
    assert!(!world.home.path().join("-").exists());
    let mut apply = world
        .command("apply - --yes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut given = apply.stdin.take().expect("piped");
    std::io::Write::write_all(&mut given, plan.out.as_bytes()).expect("given");
    drop(given);
    ran(apply.wait_with_output().expect("it ends")).ends_with(0);
    assert_eq!(world.postings().len(), 2);
    let runs = world.run("history --export csv --out -").ends_with(0);
    assert!(runs.out.starts_with("run_id,"), "{}", runs.out);
    for flag in ["--state", "--config", "--log-file"] {
        let refused = world.run(&format!("history {flag} -")).ends_with(2);
        assert!(refused.err.contains("`-` is a stream"), "{}", refused.err);
    }
    assert!(!world.home.path().join("-").exists());
}

#[test]
fn the_history_knows_one_order_from_many_and_no_other_word() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    for word in ["order", "orders"] {
        let list = world
            .run(&format!("history --entity {word} --json"))
            .ends_with(0);
        assert_eq!(
            list.json()["runs"].as_array().expect("runs").len(),
            1,
            "{word}"
        );
    }
    let wrong = world.run("history --entity ordres").ends_with(2);
    assert!(wrong.err.contains("orders"), "{}", wrong.err);
}

#[test]
fn no_flag_that_is_typed_is_ignored() {
    let world = World::of_orders(vec![order(1)]).with_database();
    for (line, words) in [
        ("sync orders --exit-code", "add --dry-run"),
        (
            "sync orders --verify --to quickbooks",
            "--to quickbooks leaves it out",
        ),
        ("config show --output csv", "no table for --output csv"),
        ("connect list --output csv", "no table for --output csv"),
        (
            "init --sandbox --url https://shop.example.com",
            "--sandbox brings one",
        ),
        ("schedule add --defaults --mode full", "--mode"),
    ] {
        let refused = world.run(line).ends_with(2);
        let flat = refused.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{line}: {}", refused.err);
    }
    let table = world.run("doctor --output csv").out;
    assert!(
        table.starts_with("id,level,about,said,why,fix\n"),
        "{table}"
    );
    assert!(
        table.contains("\nconfig.file,ok,") || table.contains(",ok,"),
        "{table}"
    );
    // A variable stands for every command, and where it means nothing it does nothing.
    with_env(&world, "config show", &[("UDSYNC_OUTPUT", "csv")]).ends_with(0);
    with_env(&world, "sync orders", &[("UDSYNC_EXIT_CODE", "1")]).ends_with(0);
}

#[test]
fn no_word_of_a_parser_reaches_a_person() {
    let world = World::of_orders(vec![order(1)]);
    for (line, words) in [
        ("sync orders --id abc", "write a whole number"),
        ("sync orders --limit x", "write a whole number"),
        ("sync orders --since yesterday", "write a day as 2026-01-31"),
        ("sync orders --since 2026-1", "write a day as 2026-01-31"),
        ("history --page 99999999999999999999", "too large"),
        ("apply missing.json", "No such file or directory"),
        ("retry --all 4801 --bogus", "has no use for '--bogus'"),
        ("sink orders", "there is no command 'sink'"),
        ("explain", "something is missing:"),
    ] {
        for form in ["", " --json"] {
            let refused = world.run(&format!("{line}{form}")).ends_with(2);
            let said = format!("{}{}", refused.out, refused.err);
            assert!(said.contains(words), "{line}: {said}");
            for raw in [
                "digit found",
                "os error",
                "end of input",
                "serde",
                "expected value",
                "unexpected argument",
                "unrecognized",
                "not provided",
            ] {
                assert!(!said.contains(raw), "{line}: {said}");
            }
        }
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_a_failure_said_once() {
    let world = World::of_orders(vec![order(1)]);
    for line in [
        "sync orders",
        "history",
        "config show",
        "--version",
        "--help",
        "man",
        "doctor --json",
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("a full disk");
        let output = world.command(line).stdout(full).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{line}: {said}");
        assert_eq!(
            said.matches("could not write the answer").count(),
            1,
            "{line}: {said}"
        );
        assert!(!said.contains("os error"), "{said}");
    }
}

#[test]
fn an_empty_no_color_is_not_set() {
    let world = World::of_orders(vec![order(1)]);
    let colours = |no_color: Option<&str>| {
        let mut line = format!("{} dry-run orders", env!("CARGO_BIN_EXE_udsync"));
        line.insert_str(0, "exec ");
        let template = world.command("");
        let mut script = Command::new("script");
        script.args(["-qfec", &line, "/dev/null"]);
        script.env_clear().envs(
            template
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        script.env("TERM", "xterm").env("SHELL", "/bin/sh");
        script.env_remove("NO_COLOR").current_dir(world.home.path());
        if let Some(value) = no_color {
            script.env("NO_COLOR", value);
        }
        let output = script
            .stdin(Stdio::null())
            .output()
            .expect("`script` is here");
        String::from_utf8_lossy(&output.stdout).contains("\u{1b}[32m")
    };
    assert!(colours(None), "on a terminal there are colours");
    assert!(colours(Some("")));
    assert!(!colours(Some("1")));
}

#[test]
fn halves_of_a_pair_given_the_other_way_round_are_put_right() {
    let world = World::of_orders(vec![order(1)]);
    let swapped = [
        ("UDSYNC_WOOCOMMERCE_KEY", SECRET),
        ("UDSYNC_WOOCOMMERCE_SECRET", KEY),
    ];
    with_env(&world, "sync orders", &swapped).ends_with(0);
    assert_eq!(world.postings().len(), 1);

    // Of Intuit's, one is known by its beginning and its length.
    let id = "ABcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMN";
    let mut company = crate::world::company();
    company["oauth"]["client_id"] = json!(id);
    let world = World::new(
        crate::world::shop(vec![order(1)]),
        company,
        crate::world::BOOKS,
    );
    let swapped = [
        ("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_SECRET),
        ("UDSYNC_QUICKBOOKS_CLIENT_SECRET", id),
    ];
    with_env(&world, "sync orders", &swapped).ends_with(0);
}

#[test]
fn a_slip_in_the_name_of_a_variable_is_told_and_its_value_is_not() {
    let world = World::of_orders(vec![order(1)]);
    let ran = with_env(
        &world,
        "sync orders",
        &[("UDSYNC_WOOCOMERCE_KEY", "ck_canary")],
    )
    .ends_with(0);
    assert!(
        ran.err.contains("`UDSYNC_WOOCOMERCE_KEY` is set, and udsync knows no such variable; did you mean `UDSYNC_WOOCOMMERCE_KEY`?"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("canary"), "{}", ran.err);
    let clean = world.run("sync orders").ends_with(0);
    assert!(
        !clean.err.contains("knows no such variable"),
        "{}",
        clean.err
    );
}
