//! Completion: what is offered at a place of the line, by the program and through a real shell.

use std::process::{Command, Stdio};

use crate::order::{order, unmapped};
use crate::world::{Ran, World, bare_command, ran};

/// What is offered for a line; the last word is being typed.
fn offered(world: &World, line: &str) -> Vec<String> {
    let mut command = world.command("complete-line --");
    let ran = ran(command.args(line.split(' ')).output().expect("it runs")).ends_with(0);
    assert_eq!(ran.err, "", "{line}");
    let words = ran
        .out
        .lines()
        .map(|line| line.split('\t').next().unwrap_or(""));
    words.map(str::to_owned).collect()
}

fn world() -> (World, String, String) {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    world.run("sync orders --yes").ends_with(3);
    world.run("schedule add --defaults").ends_with(0);
    let problem = world.run("retry --list --json").problems()[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let runs = world.run("history --json").json();
    let run = runs["runs"][0]["run_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    (world, problem, run)
}

#[test]
fn ids_and_names_of_the_shop_are_offered() {
    let (world, problem, run) = world();
    assert_eq!(offered(&world, "retry "), std::slice::from_ref(&problem));
    assert_eq!(offered(&world, "fix "), std::slice::from_ref(&problem));
    assert_eq!(offered(&world, "undo 0"), std::slice::from_ref(&run));
    assert!(offered(&world, "history ").contains(&run));
    assert_eq!(offered(&world, "schedule edit h"), ["hourly"]);
    assert_eq!(
        offered(&world, "schedule add --timezone America/Edm"),
        ["America/Edmonton"]
    );
    assert_eq!(
        offered(&world, "explain tax_code_un"),
        ["tax_code_unmapped"]
    );
    assert!(offered(&world, "doctor --check conf").contains(&"config.file".to_owned()));
    assert!(
        offered(&world, "mapping show woocommerce-quickbooks/o")
            .contains(&"woocommerce-quickbooks/orders".to_owned())
    );
    assert_eq!(offered(&world, "sync orders --sin"), ["--since"]);
    // Where there is nothing to know, nothing is said.
    let home = tempfile::tempdir().expect("a folder");
    let mut command = bare_command(home.path());
    let none = command.args(["complete-line", "--", "retry", ""]).output();
    let none: Ran = ran(none.expect("it runs")).ends_with(0);
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", ""));
}

#[test]
fn a_real_bash_offers_them() {
    let is_here = Command::new("bash").arg("--version").output().is_ok();
    if !is_here {
        eprintln!("skipped: `bash` is not here");
        return;
    }
    let (world, problem, _) = world();
    let script = world.run("completions bash --dynamic").ends_with(0).out;
    let bin = std::path::Path::new(assert_cmd::cargo::cargo_bin!("udsync")).parent();
    let path = std::env::var("PATH").unwrap_or_default();
    let typed = format!(
        "{script}\nCOMP_WORDS=(udsync retry ''); COMP_CWORD=2; _udsync; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let asked = Command::new("bash")
        .args(["--norc", "-c", &typed])
        .env_clear()
        .env("HOME", world.home.path())
        .env(
            "PATH",
            format!("{}:{path}", bin.expect("a folder").display()),
        )
        .current_dir(world.home.path())
        .stdin(Stdio::null())
        .output();
    assert_eq!(ran(asked.expect("bash runs")).out.trim(), problem);
}

#[test]
fn a_real_fish_offers_them() {
    let is_here = Command::new("fish").arg("--version").output().is_ok();
    if !is_here {
        eprintln!("skipped: `fish` is not here");
        return;
    }
    let (world, problem, _) = world();
    let script = world.run("completions fish --dynamic").ends_with(0).out;
    let bin = std::path::Path::new(assert_cmd::cargo::cargo_bin!("udsync")).parent();
    let path = std::env::var("PATH").unwrap_or_default();
    let typed =
        format!("{script}\ncomplete -C 'udsync retry '\ncomplete -C 'udsync explain no_answ'");
    let asked = Command::new("fish")
        .args(["--no-config", "-c", &typed])
        .env_clear()
        .env("HOME", world.home.path())
        .env(
            "PATH",
            format!("{}:{path}", bin.expect("a folder").display()),
        )
        .current_dir(world.home.path())
        .stdin(Stdio::null())
        .output();
    let offered = ran(asked.expect("fish runs")).out;
    assert!(offered.starts_with(&problem), "{offered}");
    assert!(
        offered.contains("no_answer\tthe answer was lost"),
        "{offered}"
    );
}

#[test]
fn every_shell_has_a_script_or_a_reason() {
    let home = tempfile::tempdir().expect("a folder");
    let run = |line: &str| {
        let mut command = bare_command(home.path());
        ran(command.args(line.split(' ')).output().expect("it runs"))
    };
    for shell in ["bash", "zsh", "fish", "powershell", "nushell"] {
        let asks = run(&format!("completions {shell} --dynamic")).ends_with(0);
        assert!(asks.out.contains("complete-line --"), "{shell}");
    }
    run("completions elvish --dynamic").ends_with(2);
    run("completions elvish").ends_with(0);
    assert_eq!(
        run("completions nushell").ends_with(0).out,
        run("completions nushell --dynamic").out
    );
}
