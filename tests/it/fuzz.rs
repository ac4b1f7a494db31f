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

#[test]
fn ten_thousand_odd_lines_are_taken_or_refused_in_words() {
    let mut tree = command();
    let spoken: Vec<(Vec<OsString>, Vec<String>)> = commands()
        .iter()
        .map(|(spoken, command)| {
            let words = spoken.split(' ').map(OsString::from).collect();
            let flags = command.get_arguments().filter_map(|arg| arg.get_long());
            (words, flags.map(str::to_owned).collect())
        })
        .collect();
    let values = odd_values();
    let mut chance = Chance(0x5eed_2026_1129);
    let mut refused = 0;
    for nth in 0..LINES {
        let (words, flags) = &spoken[chance.below(spoken.len())];
        let mut line = words.clone();
        for _ in 0..chance.below(6) {
            let value = values[chance.below(values.len())].clone();
            match chance.below(4) {
                0 if !flags.is_empty() => {
                    line.push(format!("--{}", flags[chance.below(flags.len())]).into());
                }
                1 if !flags.is_empty() => {
                    let mut word: OsString =
                        format!("--{}=", flags[chance.below(flags.len())]).into();
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
        let said = refusal(&mut tree, &line);
        let Some(said) = said else {
            continue;
        };
        refused += 1;
        // What was typed is quoted, and may say anything.
        let ours = line.iter().fold(said.clone(), |said, word| {
            let word = word.to_string_lossy();
            match word.trim().is_empty() {
                true => said,
                false => said.replace(word.as_ref(), "…"),
            }
        });
        let raw = RAW.iter().find(|raw| ours.contains(**raw));
        assert_eq!(raw, None, "line {nth}, {line:?}: {said}");
        // A group of commands without one of them shows its help.
        let is_words = said.starts_with("error: ") || said.contains("Usage: ");
        assert!(is_words, "line {nth}, {line:?}: {said}");
    }
    assert!(refused > LINES / 4, "only {refused} were refused");
}
