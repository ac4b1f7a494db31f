//! What a newcomer types first: the sandbox with its payouts, and screens of any width.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::world::{Ran, bare_command, ran, until};

/// `udsync sandbox --into demo` at work, and the shell beside it in which its environment was read.
struct DemoFolder {
    home: tempfile::TempDir,
    sandbox: Child,
    environment: BTreeMap<String, String>,
}

impl DemoFolder {
    fn new() -> DemoFolder {
        let home = tempfile::tempdir().expect("a folder");
        let sandbox = bare_command(home.path())
            .args(["sandbox", "--into", "demo"])
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let file = home.path().join("demo/sandbox.env");
        // A file is there before all of it is written.
        let mut text = String::new();
        until("the sandbox runs", || {
            text = std::fs::read_to_string(&file).unwrap_or_default();
            text.ends_with('\n') && text.contains("UDSYNC_STRIPE_KEY")
        });
        let variables = text.lines().map(|line| {
            let line = line.strip_prefix("export ").expect("a variable");
            let (name, value) = line.split_once('=').expect("with its value");
            (name.to_owned(), value.to_owned())
        });
        DemoFolder {
            environment: variables.collect(),
            sandbox,
            home,
        }
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("demo")
    }

    fn command(&self, line: &str) -> Command {
        let mut command = bare_command(self.home.path());
        command
            .args(line.split_whitespace())
            .envs(&self.environment)
            .current_dir(self.folder());
        command
    }

    fn run(&self, line: &str) -> Ran {
        ran(self.command(line).output().expect("it runs"))
    }

    /// What somebody sees who types it at a screen of this width.
    fn seen(&self, line: &str, columns: usize) -> String {
        let typed = format!(
            "stty cols {columns} rows 50; exec {} {line}",
            env!("CARGO_BIN_EXE_udsync")
        );
        let template = self.command("");
        let mut script = Command::new("script");
        script.args(["-qfec", &typed, "/dev/null"]);
        script.env_clear().envs(
            template
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        script.env("TERM", "xterm").env("SHELL", "/bin/sh");
        let output = script
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .output()
            .expect("`script` of util-linux is here");
        let text = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
        console::strip_ansi_codes(&text).into_owned()
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

fn typed(line: &str) -> Ran {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = bare_command(home.path());
    ran(command
        .args(line.split_whitespace())
        .output()
        .expect("it runs"))
}

/// Which equations of each payout that has arrived hold.
fn holding(checked: &Value) -> Vec<String> {
    let payouts = checked["payouts"].as_array().expect("payouts").iter();
    payouts
        .filter(|one| one["status"] == "paid")
        .map(|one| {
            let equations = one["check"]["equations"].as_array().expect("equations");
            let holds = equations.iter().filter(|one| one["state"] == "holds");
            let names = holds.map(|one| one["name"].as_str().expect("a name"));
            names.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn payouts_can_be_tried_without_an_account() {
    let listed = typed("payouts list --sandbox").ends_with(0).out;
    for words in ["po_1DemoWeek1", "po_1DemoWeek2", "2026-11-18", "paid"] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
    let shown = typed("payouts show po_1DemoWeek2 --sandbox").ends_with(0);
    for words in ["dispute", "refund", "order 4831", "P2 holds"] {
        assert!(shown.out.contains(words), "{words}: {}", shown.out);
    }
    let checked = typed("payouts check --sandbox --json").ends_with(0).json();
    assert_eq!(checked["ok"], true, "{checked}");
    assert_eq!(holding(&checked), ["P1 P2", "P1 P2"]);
    let foreseen = typed("dry-run payouts --sandbox").ends_with(0);
    assert!(
        foreseen.err.contains("`udsync sync payouts --sandbox`"),
        "{}",
        foreseen.err
    );
    // A transfer of each week, and what was kept of it: the fees, and in one of them the dispute.
    let synced = typed("sync payouts --sandbox --json").ends_with(0);
    assert_eq!(synced.figure("created"), 4, "{}", synced.out);
}

/// The commands under `Trying it` of udsync-payouts(7).
fn walk() -> Vec<String> {
    let page = include_str!("../../man/udsync-payouts.7.md");
    let (_, walk) = page.split_once("udsync sandbox --into demo").expect("it");
    let (walk, _) = walk.split_once("```").expect("an end");
    let lines = walk.lines().filter_map(|line| line.strip_prefix("udsync "));
    let words = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    lines.map(words).collect()
}

#[test]
fn the_walk_of_the_manual_ends_with_every_payout_proven() {
    let demo = DemoFolder::new();
    let lines = walk();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for line in &lines {
        demo.run(line).ends_with(0);
    }
    let again = demo
        .run("sync payouts --since 2026-11-01 --yes --json")
        .ends_with(0);
    assert_eq!(again.figure("created"), 0, "{}", again.out);
    let checked = demo
        .run("payouts check --period 2026-11 --json")
        .ends_with(0)
        .json();
    assert_eq!(holding(&checked), ["P1 P2 P3 P5", "P1 P2 P3 P5"]);
    let accounts = checked["accounts"].as_array().expect("accounts");
    let dollars = accounts.iter().find(|one| one["currency"] == "CAD");
    let dollars = dollars.expect("an account in dollars");
    assert_eq!(dollars["equation"]["state"], "holds", "{dollars}");
}

/// What can be asked without changing anything.
const LOOKS: [&str; 47] = [
    "",
    "status",
    "status --all-shops",
    "shops",
    "history",
    "history metrics",
    "history nope",
    "doctor",
    "connect list",
    "connect test",
    "retry --list",
    "retry --set-aside",
    "schedule list",
    "schedule show nope",
    "notify list",
    "notify check",
    "mapping list",
    "mapping check",
    "mapping test",
    "mapping diff",
    "mapping preview orders --id 4845",
    "config show",
    "config check",
    "access list",
    "access audit",
    "conflicts",
    "conflicts show nope",
    "verify",
    "verify --database",
    "explain 4845",
    "explain 4839",
    "explain credentials_missing",
    "reconcile --period 2026-11",
    "report sales --period 2026-11",
    "report tax --period 2026-11",
    "report clearing --period 2026-11",
    "report problems",
    "webhooks list",
    "webhooks test nope",
    "payouts list --period 2026-11",
    "payouts show po_1DemoWeek2 --period 2026-11",
    "payouts check --period 2026-11",
    "dry-run all --full",
    "privacy forget nobody@example.com --dry-run",
    "undo nope",
    "fix nope",
    "man --list",
];

/// What the parser of the command line says of a mistake stays as it says it.
fn is_parsers(line: &str) -> bool {
    ["Usage: ", "error: the following required", "  tip: "]
        .iter()
        .any(|words| line.starts_with(words))
}

/// A line is too long if it could have been broken: a word cannot, nor can a command.
fn is_too_long(line: &str, columns: usize) -> bool {
    let words = line.trim();
    let words = ["hint: ", "fix: ", "note: ", "error: "]
        .iter()
        .find_map(|label| words.strip_prefix(label))
        .unwrap_or(words);
    let mut quoted = false;
    let can_be_broken = words.chars().any(|letter| {
        quoted ^= letter == '`';
        letter == ' ' && !quoted
    });
    console::measure_text_width(line) > columns && can_be_broken
}

#[test]
fn no_line_is_longer_than_the_screen_is_wide() {
    let demo = DemoFolder::new();
    demo.run("sync orders --yes").ends_with(0);
    demo.run("sync payouts --since 2026-11-01 --yes")
        .ends_with(0);
    demo.run("schedule add --defaults").ends_with(0);
    demo.run("access add bookkeeper --role viewer");
    let mut too_long = Vec::new();
    for look in LOOKS {
        for columns in [40, 80, 200] {
            let seen = demo.seen(look, columns);
            assert!(!seen.trim().is_empty(), "`{look}` says nothing");
            // What has moved on is drawn over itself.
            let lines = seen
                .lines()
                .map(|line| line.rsplit('\r').next().unwrap_or_default());
            let long = lines.filter(|line| !is_parsers(line) && is_too_long(line, columns));
            too_long.extend(long.map(|line| format!("{columns} `udsync {look}`: {line}")));
        }
    }
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
}

#[test]
fn a_plan_keeps_its_rows_at_eighty_columns_in_colour() {
    let demo = DemoFolder::new();
    let rows = |seen: &str| {
        let rows = seen.lines().filter(|line| line.contains("  WC-"));
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        rows
    };
    let narrow = rows(&demo.seen("dry-run orders", 80));
    let wide = rows(&demo.seen("dry-run orders", 200));
    assert_eq!(narrow.len(), 29, "{narrow:#?}");
    let is_whole = |row: &String| row.contains("CAD  ") || row.contains("USD  ");
    assert!(narrow.iter().all(is_whole), "{narrow:#?}");
    assert!(wide[0].contains("completed   Daniel Okafor"), "{wide:#?}");
}

#[test]
fn a_shop_whose_file_is_here_is_one_of_all_shops() {
    let demo = DemoFolder::new();
    let shops = demo.run("shops --json").ends_with(0).json();
    assert_eq!(shops["items"][0]["shop"], "aurora-outfitters");
    let status = demo.run("status --all-shops").ends_with(0);
    assert!(
        status.out.contains("nothing was posted yet"),
        "{}",
        status.out
    );
    let synced = demo.run("sync orders --all-shops --yes").ends_with(0);
    assert!(synced.out.contains("29 created"), "{}", synced.out);
    // Where there is a folder of shops it is none of them, and that is said.
    let folder = demo.home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::copy(demo.folder().join("udsync.toml"), folder.join("other.toml")).expect("a copy");
    let shops = demo.run("shops").ends_with(0);
    assert!(
        shops.out.contains("other") && !shops.out.contains("aurora-outfitters"),
        "{}",
        shops.out
    );
    assert!(
        shops.err.contains("`udsync.toml` of this folder"),
        "{}",
        shops.err
    );
}

#[test]
fn hints_can_be_typed_where_they_are_given() {
    let nothing = typed("payouts list").ends_with(2);
    assert!(
        nothing
            .err
            .contains("`udsync sync orders --sandbox` needs none"),
        "{}",
        nothing.err
    );
    let demo = DemoFolder::new();
    let text = std::fs::read_to_string(demo.folder().join("udsync.toml")).expect("a file");
    let (before, _) = text.split_once("[stripe]").expect("a section");
    let database = text.split_once("[supabase]").expect("a section").1;
    let text = format!("{before}[supabase]{database}");
    std::fs::write(demo.folder().join("udsync.toml"), text).expect("written");
    let tried = demo.run("connect test stripe").ends_with(2);
    assert!(
        tried.err.contains("`udsync connect stripe` asks"),
        "{}",
        tried.err
    );
}

#[test]
fn what_is_told_with_v_is_not_among_the_answer() {
    let demo = DemoFolder::new();
    let quiet = demo.run("dry-run orders").ends_with(0);
    let told = demo.run("dry-run orders -v").ends_with(0);
    assert!(told.err.contains(" INFO "), "{}", told.err);
    assert!(!told.out.contains(" INFO "), "{}", told.out);
    // What is listed besides makes the columns wider.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let told: Vec<String> = told.out.lines().map(words).collect();
    let created = quiet.out.lines().filter(|line| line.starts_with("create "));
    for line in created.map(words) {
        assert!(told.contains(&line), "{line}");
    }
}

#[test]
fn the_month_that_is_to_be_proven_has_documents_and_a_failed_run_of_payouts_is_not_the_doctors() {
    let demo = DemoFolder::new();
    demo.run("sync orders --yes").ends_with(0);
    let next = || {
        let seen = demo.run("status --json").json();
        let steps = seen["next"].as_array().expect("steps").clone();
        steps
            .iter()
            .map(|step| step["command"].as_str().expect("a command").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(
        next().contains(&"udsync reconcile --period 2026-11".to_owned()),
        "{:?}",
        next()
    );
    let text = std::fs::read_to_string(demo.folder().join("udsync.toml")).expect("a file");
    let (before, behind) = text
        .split_once("[stripe]\napi_url = \"")
        .expect("a section");
    let (_, behind) = behind.split_once('"').expect("an end");
    let nowhere =
        format!("{before}[stripe]\ntimeout = \"1s\"\napi_url = \"http://127.0.0.1:9\"{behind}");
    std::fs::write(demo.folder().join("udsync.toml"), nowhere).expect("written");
    demo.run("sync payouts --since 2026-11-01 --yes")
        .ends_with(5);
    assert_eq!(next()[0], "udsync payouts check");
}
