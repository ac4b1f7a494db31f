//! The story: what its page tells people to type is typed here, line by line, through the binary.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::manual::{read, root};
use crate::world::{Ran, bare_command, ran};

/// Somebody who walks through the story in a folder of their own.
struct Walk {
    home: tempfile::TempDir,
    folder: PathBuf,
}

impl Walk {
    fn new() -> Walk {
        let home = tempfile::tempdir().expect("a folder");
        Walk {
            folder: home.path().to_owned(),
            home,
        }
    }

    /// At the first morning, in the folder of the story.
    fn begun() -> Walk {
        let mut walk = Walk::new();
        walk.type_line("udsync sandbox --story").ends_with(0);
        walk.folder = walk.home.path().join("udsync-story");
        walk
    }

    fn command(&self) -> Command {
        let mut command = bare_command(&self.folder);
        command.env("HOME", self.home.path());
        command
    }

    fn run(&self, line: &str) -> Ran {
        let mut command = self.command();
        command.args(words(line));
        ran(command.output().expect("the binary runs"))
    }

    /// A line of the page: `cd` goes to a folder, `ID` is what the list of what waits shows.
    fn type_line(&mut self, line: &str) -> Ran {
        let line = line.strip_prefix("udsync").unwrap_or(line).trim();
        if line.split(' ').any(|word| word == "ID") {
            let aside = match line.contains("--restore") {
                true => " --set-aside",
                false => "",
            };
            let waiting = self.run(&format!("retry --list{aside} --json")).json();
            let id = waiting["problems"][0]["id"].as_str();
            let id = id.unwrap_or_else(|| panic!("nothing waits: {waiting}"));
            return self.run(&line.replace(" ID", &format!(" {id}")));
        }
        self.run(line)
    }

    fn days(&self, many: usize) {
        for _ in 0..many {
            self.run("sandbox next").ends_with(0);
        }
    }

    /// A shop in the configuration folder, with the services of the story and a state of its own.
    fn names_a_shop(&self, name: &str) {
        let folder = self.home.path().join(".config/udsync");
        std::fs::create_dir_all(&folder).expect("a folder");
        let state = self.folder.join(format!("{name}.db"));
        let text = read(&self.folder.join("udsync.toml"))
            .replace(
                "name = \"aurora-outfitters\"",
                &format!("name = \"{name}\""),
            )
            .replace("state = \"sandbox.db\"", &format!("state = {state:?}"));
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("written");
    }

    fn world(&self) -> Value {
        let text = read(&self.folder.join("story.json"));
        serde_json::from_str(&text).expect("a world")
    }

    /// The receipts in the books, as number and total.
    fn receipts(&self) -> Vec<String> {
        let world = self.world();
        let rows = world["company"]["rows"].as_array().expect("rows");
        let rows = rows
            .iter()
            .filter(|row| row["entity"] == "SalesReceipt" && row["state"] == "active");
        let words = rows.map(|row| {
            let now = row["versions"].as_array().expect("versions").last();
            let now = now.expect("a version");
            format!(
                "{} {}",
                now["DocNumber"].as_str().unwrap_or("-"),
                now["TotalAmt"]
            )
        });
        words.collect()
    }

    fn has(&self, number: &str) -> usize {
        let number = format!("{number} ");
        let receipts = self.receipts();
        receipts
            .iter()
            .filter(|one| one.starts_with(&number))
            .count()
    }
}

/// Splits at spaces, except between quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for mark in line.chars() {
        match mark {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            mark => words.last_mut().expect("there is one").push(mark),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The lines of the page's blocks, each with the exit code that its remark names.
fn lines() -> Vec<(String, i32)> {
    let text = read(&root().join("man/udsync-story.7.md"));
    let mut lines = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_inside = line == "```sh";
            continue;
        }
        if !is_inside {
            continue;
        }
        let (typed, remark) = line.split_once('#').unwrap_or((line, ""));
        let code = remark.trim().strip_prefix("code ").map_or(0, |rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().expect("a code")
        });
        lines.push((typed.trim().to_owned(), code));
    }
    lines
}

#[test]
fn the_page_of_the_story_can_be_walked_line_by_line() {
    let mut walk = Walk::new();
    let mut seen = 0;
    for (line, code) in lines() {
        if let Some(folder) = line.strip_prefix("cd ") {
            walk.folder = walk.folder.join(folder);
            assert!(walk.folder.is_dir(), "{line}");
            continue;
        }
        let told = walk.type_line(&line);
        assert_eq!(told.code, code, "{line}\n{}\n{}", told.out, told.err);
        seen += 1;
    }
    assert!(seen > 30, "only {seen} lines");
    // Everything was sold once, and nothing waits.
    for number in [
        "WC-4801", "WC-4861", "WC-4863", "WC-4865", "WC-4867", "WC-4869", "WC-4871", "WC-4873",
    ] {
        assert_eq!(walk.has(number), 1, "{number}: {:?}", walk.receipts());
    }
    let waiting = walk.run("retry --list --json").json();
    assert_eq!(
        waiting["problems"].as_array().map(Vec::len),
        Some(0),
        "{waiting}"
    );
    let over = walk.run("sandbox next --json").ends_with(0).json();
    assert_eq!((&over["day"], &over["is_over"]), (&8.into(), &true.into()));
    // A day that does not come is not waited for.
    let status = walk.run("status").ends_with(0).out;
    assert!(!status.contains("sandbox next"), "{status}");
}

#[test]
fn what_was_done_on_one_day_is_so_on_the_next() {
    let walk = Walk::begun();
    walk.run("sync orders --yes").ends_with(0);
    let before = walk.receipts();
    assert!(before.len() > 20, "{before:?}");
    let again = walk.run("sync orders --full --json").ends_with(0);
    assert_eq!(again.figure("created"), 0, "nothing is posted twice");
    // What comes next in a story is its next day.
    let status = walk.run("status").ends_with(0).out;
    assert!(
        status.contains("next        `udsync sandbox next` lets the next day of the story come"),
        "{status}"
    );
    // Beginning again in the same folder goes on where it was.
    let day = walk.run("sandbox next --json").ends_with(0).json();
    assert_eq!(
        (&day["day"], &day["date"]),
        (&2.into(), &"2026-11-24".into())
    );
    assert_eq!(day["schema"], "udsync/sandbox-day/1");
    let home = bare_command(walk.home.path())
        .args(["sandbox", "--story", "--json"])
        .output();
    assert_eq!(ran(home.expect("it runs")).json()["day"], 2);
    assert_eq!(walk.receipts(), before);
    let second = walk.run("sync orders --json").ends_with(0);
    assert_eq!(second.figure("created"), 3, "two receipts and a refund");
}

#[test]
fn a_story_that_nobody_worked_in_can_be_caught_up_with() {
    let walk = Walk::begun();
    walk.days(7);
    // Eight days at once: everything of the open month is held or posted, and nothing is there twice.
    let told = walk.run("sync orders --yes --json");
    assert!([0, 3].contains(&told.code), "{}", told.err);
    walk.run("sandbox mend").ends_with(0);
    walk.run("sync orders --yes --full");
    let mut receipts = walk.receipts();
    let all = receipts.len();
    receipts.sort();
    receipts.dedup();
    assert_eq!(receipts.len(), all);
}

#[test]
fn two_commands_share_the_world_and_a_stranger_on_its_port_is_told_of() {
    let walk = Walk::begun();
    let world = walk.world();
    let port = world["ports"][0].as_u64().expect("a port") as u16;
    let taken =
        std::net::TcpListener::bind(("127.0.0.1", port)).expect("it is free between commands");
    let told = walk.run("sync orders --yes --json");
    assert_eq!(told.code, 1, "{}", told.err);
    assert_eq!(told.json()["code"], "sandbox_not_started");
    drop(taken);
    let mut serving = walk.command();
    serving.args(["schedule", "run"]);
    let mut serving = serving
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    until_listened(port);
    walk.run("sync orders --yes").ends_with(0);
    walk.run("sandbox next").ends_with(1);
    let kill = Command::new("kill")
        .args(["-INT", &serving.id().to_string()])
        .status();
    assert!(kill.expect("kill is there").success());
    serving.wait().expect("it ends");
    // What the second command did is in the world that the first one kept.
    assert!(walk.receipts().len() > 20);
    walk.run("sandbox next").ends_with(0);
}

fn until_listened(port: u16) {
    let began = std::time::Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed().as_secs() < 20, "nobody listens");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn without_a_story_it_is_said_how_to_begin_one_and_no_shop_is_taken_for_one() {
    let mut walk = Walk::new();
    let told = walk.type_line("udsync sandbox next --json").ends_with(2);
    assert_eq!(told.json()["code"], "story_missing");
    let story = Walk::begun();
    let sandbox = ran(story
        .command()
        .args(["sandbox", "--into", "."])
        .output()
        .expect("it runs"));
    assert_eq!(sandbox.code, 2, "{}", sandbox.err);
    std::fs::write(story.folder.join("story.json"), "{").expect("written");
    let told = story.run("sync orders --json").ends_with(1);
    assert_eq!(told.json()["code"], "story_unreadable");
    let _: &Path = story.home.path();
}

/// What changes how a shop is set up, who may come in, and what runs by itself.
const SET_UP: [&str; 8] = [
    "access", "config", "notify", "privacy", "schedule", "shops", "webhooks", "verify",
];
/// What writes to the books, or shows what it would write.
const WORK: [&str; 8] = [
    "conflicts",
    "dry-run",
    "fix",
    "mapping",
    "payouts",
    "retry",
    "sync",
    "undo",
];

#[test]
fn the_examples_of_setting_up_are_typed_in_a_story() {
    examples_are_typed("set up", |word| SET_UP.contains(&word), 60);
}

#[test]
fn the_examples_of_working_are_typed_in_a_story() {
    examples_are_typed("work", |word| WORK.contains(&word), 60);
}

#[test]
fn the_examples_of_looking_are_typed_in_a_story() {
    let is_other = |word: &str| !SET_UP.contains(&word) && !WORK.contains(&word);
    examples_are_typed("look", is_other, 38);
}

/// Every example of every command's help is typed where it can be: in a story with something that waits, a schedule and two shops in the
/// configuration folder. What needs a person, another machine or time without end is parsed, in `manual.rs`. Each group of commands has a
/// story of its own, so that they are typed side by side.
fn examples_are_typed(group: &str, is_of_group: impl Fn(&str) -> bool, at_least: usize) {
    /// Waits for a person or for ever, or changes the machine.
    const APART: [&str; 12] = [
        "access password",
        "apply",
        "connect",
        "dashboard",
        "init",
        "sandbox",
        "schedule install",
        "schedule run",
        "schedule uninstall",
        "serve",
        "webhooks register",
        "complete-line",
    ];
    /// There is nothing in a story that these could be about, and they say so.
    const NOTHING: [&str; 19] = [
        "conflicts show",
        "conflicts resolve",
        "mapping check draft",
        "mapping diff supabase",
        "mapping import",
        "mapping preview",
        "notify",
        "payouts",
        "reconcile accept",
        "verify --head",
        "webhooks",
        "fix",
        "explain 21.00",
        "explain customer/7",
        "schedule add --name hourly",
        "schedule add --name nightly",
        "schedule remove",
        "undo",
        "retry --run",
    ];
    let walk = Walk::begun();
    walk.run("sync orders --yes").ends_with(0);
    walk.days(2);
    walk.run("sync orders").ends_with(3);
    walk.run("schedule add --defaults").ends_with(0);
    walk.names_a_shop("aurora");
    match group {
        "set up" => {
            walk.names_a_shop("borealis");
            walk.run("schedule add --defaults --shop aurora")
                .ends_with(0);
        }
        "look" => drop(walk.run("sync customers --yes")),
        _ => {}
    }
    let waiting = walk.run("retry --list --json").json()["problems"][0]["id"].clone();
    let waiting = waiting.as_str().expect("something waits").to_owned();
    let run = walk.run("history --json").json()["runs"][0]["run_id"].clone();
    let run = run.as_str().expect("a run")[..13].to_owned();
    let (mut typed, mut wrong) = (0, Vec::new());
    let mut done = std::collections::BTreeSet::new();
    for example in udsync::cli::manual::commands()
        .iter()
        .flat_map(|(_, command)| udsync::cli::manual::examples(command))
    {
        let line = example.split(['>', '<', '|']).next().unwrap_or(&example);
        for line in line.split("&&") {
            let Some((_, line)) = line.split_once("udsync ") else {
                continue;
            };
            let line = line
                .trim()
                .replace("F7K2", &waiting)
                .replace("0192f3c4-a1b2", &run)
                .replace("1042", "4801")
                .replace("/var/lib/node_exporter/", "")
                .replace("2026-10", "2026-11");
            // An answer would be found by the examples that come after it.
            let line = match line.starts_with("fix ") && line.contains("--answer") {
                true => line.replace(" --dry-run", "") + " --dry-run",
                false => line,
            };
            let begins = |words: &&str| line.starts_with(*words);
            let word = line.split(' ').next().unwrap_or_default();
            if !is_of_group(word) || APART.iter().any(begins) || !done.insert(line.clone()) {
                continue;
            }
            // Whoever is let out by one example was let in by another, and is let in again before they are let out again.
            if let Some(rest) = line.strip_prefix("access revoke ") {
                let name = rest.split(' ').next().unwrap_or_default();
                walk.run(&format!("access add {name} --role viewer"));
            }
            let told = walk.run(&line);
            typed += 1;
            // What looks something over has answered when it found something.
            let has_found = match word {
                "doctor" => [1, 2].contains(&told.code),
                "reconcile" => told.code == 8,
                _ => false,
            };
            let is_well = [0, 3, 10].contains(&told.code) || has_found;
            // A refusal has its words; one of the parser's is a mistake of the example.
            let is_told = told.code < 12 && !told.err.contains("Usage:");
            let may_be_refused = is_told && NOTHING.iter().any(begins);
            if !is_well && !may_be_refused {
                wrong.push(format!("{} {line}: {}{}", told.code, told.err, told.out));
            }
        }
    }
    assert!(typed > at_least, "only {typed} examples were typed");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
