//! Odd command lines, ten thousand of them: each is taken, or refused in words. The seed is printed with what goes wrong.

use std::ffi::OsString;

use udsync::cli::manual::{command, commands};
use udsync::cli::refusal;

const LINES: usize = 10_000;

/// What parsers say to programmers.
const RAW: [&str; 14] = [
    "invalid digit",
    "cannot parse",
    "number too",
    "premature end",
    "trailing input",
    "out of range",
    "not enough for unique",
    "invalid characters",
    "provided string was not",
    "Utf8",
    "ParseInt",
    "panicked",
    "relative URL without a base",
    "os error",
];

/// A small generator: the same lines on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).expect("it is small")
    }
}

fn odd_values() -> Vec<OsString> {
    let mut values: Vec<OsString> = [
        "",
        " ",
        "-",
        "--",
        "---",
        "=",
        "1",
        "-1",
        "0",
        "99999999999999999999",
        "1e9",
        "NaN",
        "1,2,,x",
        "2026-01-31",
        "2026-13-45",
        "9999999-01-01",
        "-2026-01-01",
        "yesterday",
        "orders",
        "ordres",
        "quickbooks",
        "5m",
        "5 m",
        "-5m",
        "99999999999999d",
        "10M",
        "0k",
        "true",
        "json",
        "csv",
        "text",
        "\u{0}",
        "\n",
        "\u{1b}[31m",
        "é",
        "😀",
        "../../etc/passwd",
        "F7K2",
        "0192f3c4",
        "tax_code_unmapped",
        "UTC",
        "Mars/Olympus",
        "* * * * *",
        "61 * * * *",
        "a=b",
        "{",
        "http://",
        "//",
        "127.0.0.1:0",
        "[::1]:99999",
        "~",
        "$HOME",
        "%s",
        "\\",
        "'",
        "\"",
    ]
    .map(OsString::from)
    .into();
    values.push("x".repeat(10_000).into());
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        values.push(OsString::from_vec(vec![0xff, 0xfe, b'a']));
        values.push(OsString::from_vec(b"--since=\xff".to_vec()));
    }
    values
}

/// Every command with its words and its flags.
fn spoken() -> Vec<(Vec<OsString>, Vec<String>)> {
    let of = |(spoken, command): &(String, clap::Command)| {
        let words = spoken.split(' ').map(OsString::from).collect();
        let flags = command.get_arguments().filter_map(|arg| arg.get_long());
        (words, flags.map(str::to_owned).collect())
    };
    commands().iter().map(of).collect()
}

/// A command with up to five odd words.
fn odd_line(
    chance: &mut Chance,
    spoken: &[(Vec<OsString>, Vec<String>)],
    values: &[OsString],
) -> Vec<OsString> {
    let (words, flags) = &spoken[chance.below(spoken.len())];
    let mut line = words.clone();
    for _ in 0..chance.below(6) {
        let value = values[chance.below(values.len())].clone();
        match chance.below(4) {
            0 if !flags.is_empty() => {
                line.push(format!("--{}", flags[chance.below(flags.len())]).into());
            }
            1 if !flags.is_empty() => {
                let mut word: OsString = format!("--{}=", flags[chance.below(flags.len())]).into();
                word.push(value);
                line.push(word);
            }
            2 => {
                let at = 1 + chance.below(line.len());
                line.insert(at.min(line.len()), value);
            }
            _ => line.push(value),
        }
    }
    line
}

/// What a parser said, if it did. What was typed is quoted, and may say anything.
fn raw_words(said: &str, line: &[OsString]) -> Option<&'static str> {
    let ours = line.iter().fold(said.to_owned(), |said, word| {
        let word = word.to_string_lossy();
        match word.trim().is_empty() {
            true => said,
            false => said.replace(word.as_ref(), "…"),
        }
    });
    RAW.into_iter().find(|raw| ours.contains(raw))
}

#[test]
fn ten_thousand_odd_lines_are_taken_or_refused_in_words() {
    let mut tree = command();
    let (spoken, values) = (spoken(), odd_values());
    let mut chance = Chance(0x5eed_2026_1129);
    let mut refused = 0;
    for nth in 0..LINES {
        let line = odd_line(&mut chance, &spoken, &values);
        let Some(said) = refusal(&mut tree, &line) else {
            continue;
        };
        refused += 1;
        assert_eq!(
            raw_words(&said, &line),
            None,
            "line {nth}, {line:?}: {said}"
        );
        // A group of commands without one of them shows its help.
        let is_words = said.starts_with("error: ") || said.contains("Usage: ");
        assert!(is_words, "line {nth}, {line:?}: {said}");
    }
    assert!(refused > LINES / 4, "only {refused} were refused");
}

/// Commands that stay until they are ended, or that would change the machine that the tests run on.
const NOT_RUN: [&str; 6] = [
    "serve",
    "dashboard",
    "sandbox",
    "schedule run",
    "schedule install",
    "schedule uninstall",
];

/// Where nothing answers, and nothing is waited for.
const NOWHERE: &str = r#"
[shop]
name = "nowhere"
[woocommerce]
url = "http://127.0.0.1:9"
[quickbooks]
company_id = "9341454000000001"
environment = "sandbox"
api_url = "http://127.0.0.1:9"
token_url = "http://127.0.0.1:9"
revoke_url = "http://127.0.0.1:9"
"#;

/// Runs odd lines by the real program: without a home, into a pipe that is closed, on a screen of one column, in any order. Says how
/// many ended with which code.
#[cfg(unix)]
fn run_lines(lines: usize, seed: u64) -> std::collections::BTreeMap<i32, usize> {
    use std::process::Stdio;
    let home = tempfile::tempdir().expect("a folder");
    // One folder deeper, so that what is named one folder up stays in ours.
    let folder = home.path().join("work");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("udsync.toml"), NOWHERE).expect("written");
    let spoken: Vec<_> = spoken()
        .into_iter()
        .filter(|(words, _)| {
            let called: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            let called = called.join(" ");
            let called = called.strip_prefix("udsync ").unwrap_or(&called);
            !NOT_RUN.iter().any(|stays| called.starts_with(stays))
        })
        .collect();
    let leaves = |value: &OsString| {
        let value = value.to_string_lossy();
        value.starts_with('/') || value.contains("..") || value.contains('\0')
    };
    let values: Vec<OsString> = odd_values()
        .into_iter()
        .filter(|value| !leaves(value))
        .collect();
    let mut chance = Chance(seed);
    let mut ended = std::collections::BTreeMap::new();
    for nth in 0..lines {
        let line = odd_line(&mut chance, &spoken, &values);
        let mut command = crate::world::bare_command(home.path());
        command
            .current_dir(&folder)
            .args(&line[1..])
            .env("UDSYNC_FIRST_PAUSE_MS", "1")
            .env("UDSYNC_WOOCOMMERCE_KEY", "ck_1")
            .env("UDSYNC_WOOCOMMERCE_SECRET", "cs_1")
            .env("COLUMNS", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if chance.below(4) == 0 {
            command.env_remove("HOME");
        }
        let mut child = command.spawn().expect("it starts");
        if chance.below(4) == 0 {
            drop(child.stdout.take());
        }
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        assert_eq!(
            raw_words(&said, &line),
            None,
            "line {nth} of {seed:#x}, {line:?}: {said}"
        );
        let known = code.is_some_and(|code| (0..=11).contains(&code));
        assert!(
            known,
            "line {nth} of {seed:#x}, {line:?} ended with {code:?}: {said}"
        );
        *ended.entry(code.unwrap_or(-1)).or_default() += 1;
    }
    ended
}

#[test]
#[cfg(unix)]
fn odd_lines_are_run_and_end_in_words() {
    let ended = run_lines(120, 0x5eed_2026_1130);
    assert!(ended.len() > 2 && ended.contains_key(&0), "{ended:?}");
}

/// `cargo test --test it -- --ignored fuzz::ten_thousand_odd_lines_are_run --nocapture` takes minutes and prints how they ended.
#[test]
#[ignore = "starts the program ten thousand times"]
#[cfg(unix)]
fn ten_thousand_odd_lines_are_run() {
    let parts: Vec<_> = std::thread::scope(|scope| {
        let part = |nth: u64| scope.spawn(move || run_lines(LINES / 4, 0x5eed_2026_1201 + nth));
        let running: Vec<_> = (0..4).map(part).collect();
        running
            .into_iter()
            .map(|one| one.join().expect("it passes"))
            .collect()
    });
    println!("{LINES} lines, by exit code: {parts:?}");
}
