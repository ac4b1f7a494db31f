//! `status` and `udsync` alone: how things stand, and a next command that can be typed.

use std::process::Command;

use crate::order::{order, unmapped};
use crate::world::{Ran, World, bare_command, ran};

fn without_credentials(world: &World, line: &str) -> Ran {
    let mut command = bare_command(world.home.path());
    ran(command
        .args(line.split_whitespace())
        .output()
        .expect("it runs"))
}

/// Every command that is proposed is one that the binary takes, and the first does what is said of it.
#[track_caller]
fn next(world: &World) -> Vec<String> {
    let seen = world.run("status --json").json();
    let steps = seen["next"].as_array().expect("steps").clone();
    let lines: Vec<String> = steps
        .iter()
        .map(|step| step["command"].as_str().expect("a command").to_owned())
        .collect();
    for line in &lines {
        let words = line.strip_prefix("udsync ").expect("a command of ours");
        let refused = udsync::cli::manual::command()
            .try_get_matches_from(std::iter::once("udsync").chain(words.split_whitespace()));
        assert!(refused.is_ok(), "{line}");
    }
    lines
}

#[test]
fn where_nothing_is_set_up_three_commands_begin() {
    let home = tempfile::tempdir().expect("a folder");
    let run = |line: &str| {
        let mut command = bare_command(home.path());
        ran(command
            .args(line.split_whitespace())
            .output()
            .expect("it runs"))
    };
    let alone = run("").ends_with(0);
    for line in [
        "`udsync sync orders --sandbox`",
        "`udsync init`",
        "`udsync dry-run orders`",
    ] {
        assert!(alone.out.contains(line), "{}", alone.out);
    }
    assert_eq!(alone.err, "");
    let seen = run("status --json").ends_with(2).json();
    assert_eq!(
        (&seen["schema"], &seen["standing"]),
        (&"udsync/status/1".into(), &"not_set_up".into())
    );
    // Without a home there is no shop either.
    let mut command = bare_command(home.path());
    command.env_remove("HOME");
    ran(command.output().expect("it runs")).ends_with(0);
    assert_eq!(
        std::fs::read_dir(home.path()).expect("a folder").count(),
        0,
        "whoever looks leaves nothing behind"
    );
}

#[test]
fn a_shop_goes_from_never_run_to_waiting_to_in_step() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    let first = world.run("status").ends_with(0);
    assert!(
        first.out.contains("nothing was posted yet"),
        "{}",
        first.out
    );
    assert_eq!(
        next(&world),
        ["udsync dry-run orders", "udsync sync orders"]
    );
    world.run("sync orders --yes").ends_with(3);
    let waiting = world.run("status").ends_with(3);
    assert!(
        waiting.out.contains("1 held: tax_code_unmapped")
            && waiting.out.contains("1 order is posted"),
        "{}",
        waiting.out
    );
    assert!(
        waiting.out.lines().count() <= 6 && waiting.err.is_empty(),
        "{}{}",
        waiting.out,
        waiting.err
    );
    let seen = world.run("status --json").ends_with(3).json();
    assert_eq!(seen["waiting"]["held"], 1);
    assert_eq!(seen["waiting"]["causes"][0]["code"], "tax_code_unmapped");
    assert_eq!(seen["last_run"]["targets"]["quickbooks"]["created"], 1);
    // Nobody asked the shop or the company.
    world.forget_requests();
    world.run("").ends_with(0);
    assert_eq!(world.books("requests").as_array().map(Vec::len), Some(0));

    let id = seen["waiting"]["causes"][0]["first"]
        .as_str()
        .expect("an id");
    assert_eq!(
        next(&world),
        [
            "udsync retry --list",
            &format!("udsync fix {id}"),
            "udsync schedule add --defaults"
        ]
    );
    let mut skip: Command = world.command(&format!("retry --skip {id} --why"));
    ran(skip.arg("not ours").output().expect("it runs")).ends_with(0);
    world.run("schedule add --defaults").ends_with(0);
    let calm = world.run("status").ends_with(0);
    assert!(
        calm.out.contains("in step") && calm.out.contains("`hourly` next at")
            // Nothing says yet that anybody works it off.
            && calm.out.replace(['\n', ' '], "").contains("nothinghasrunbyitselfsofar"),
        "{}",
        calm.out
    );
    assert!(next(&world)[0].starts_with("udsync reconcile --period 20"));
}

#[test]
fn what_is_not_connected_or_broke_off_is_said_first() {
    let mut world = World::of_orders(vec![order(1)]);
    let seen = without_credentials(&world, "status --json")
        .ends_with(4)
        .json();
    assert_eq!(seen["standing"], "not_connected");
    assert_eq!(seen["next"][0]["command"], "udsync connect woocommerce");
    world.close_store();
    world.run("sync orders --yes").ends_with(5);
    let broke = world.run("status").ends_with(5);
    assert!(
        broke.out.contains("the last run ended early"),
        "{}",
        broke.out
    );
    assert_eq!(next(&world)[0], "udsync doctor");
    assert!(next(&world)[1].starts_with("udsync history 0"));
}

#[test]
fn a_code_is_explained_where_there_is_no_shop() {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = bare_command(home.path());
    let said = ran(command
        .args(["explain", "credentials_missing"])
        .output()
        .expect("it runs"))
    .ends_with(0);
    for words in [
        "kind: credentials",
        "exit code: 4",
        "meaning: ",
        "way out: ",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
}

#[test]
fn the_version_says_for_which_machine_it_was_built() {
    let home = tempfile::tempdir().expect("a folder");
    let version = bare_command(home.path())
        .arg("--version")
        .output()
        .expect("it runs");
    let said = ran(version).ends_with(0).out;
    let number = env!("CARGO_PKG_VERSION");
    assert!(
        said.starts_with(&format!("udsync {number} (")) && said.contains(std::env::consts::ARCH),
        "{said}"
    );
}
