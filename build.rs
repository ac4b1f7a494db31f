//! What `--version` says of a build: the commit, its day and the machine it is for. Works without git, from an archive too.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for variable in ["UDSYNC_BUILD_COMMIT", "UDSYNC_BUILD_DATE"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    let target = std::env::var("TARGET").expect("cargo says what it builds for");
    // A commit must not build everything anew for whoever works on it: only what is published says where it comes from.
    let is_debug = std::env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let of_commit = if is_debug { None } else { commit() };
    let build = match of_commit {
        Some((commit, date)) => format!("{commit} {date}, {target}"),
        None if is_debug => format!("development build, {target}"),
        None => target,
    };
    println!("cargo:rustc-env=UDSYNC_BUILD={build}");
}

/// The short hash and the day: as whoever builds says, as git says, or as the archive says.
fn commit() -> Option<(String, String)> {
    given().or_else(of_git).or_else(of_archive)
}

fn given() -> Option<(String, String)> {
    let text = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    let commit = text("UDSYNC_BUILD_COMMIT")?;
    Some((short(&commit), text("UDSYNC_BUILD_DATE")?))
}

fn of_git() -> Option<(String, String)> {
    // In somebody else's repository, as a vendored copy, the commit would be theirs.
    if !Path::new(".git").exists() {
        return None;
    }
    println!("cargo:rerun-if-changed=.git/HEAD");
    let asked = Command::new("git")
        .args(["log", "-1", "--format=%H %cs"])
        .output()
        .ok()?;
    two_words(&String::from_utf8(asked.stdout).ok()?)
}

/// `git archive` puts the commit in place of the mark in this file.
fn of_archive() -> Option<(String, String)> {
    two_words(&std::fs::read_to_string("examples/packaging/commit.txt").ok()?)
}

fn two_words(text: &str) -> Option<(String, String)> {
    let (commit, date) = text.trim().split_once(' ')?;
    let is_hash = commit.len() >= 7 && commit.chars().all(|c| c.is_ascii_hexdigit());
    is_hash.then(|| (short(commit), date.to_owned()))
}

fn short(commit: &str) -> String {
    commit.chars().take(9).collect()
}
