//! What is published: the release script makes it of a commit, the same bytes each time, and the Debian package comes and goes without a
//! trace but the state.
//!
//! A script stands in for the program here: building one takes minutes, and what is packed around it is what can go wrong.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::world::{Ran, ran};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where a tool is missing, or this is no checkout, one line says that nothing was shown.
fn can(tools: &[&str]) -> bool {
    let is_here = |tool: &&str| {
        Command::new(tool)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .is_ok()
    };
    let missing = tools.iter().find(|tool| !is_here(tool));
    match missing {
        None if root().join(".git").exists() => true,
        None => {
            eprintln!("skipped: this is no checkout");
            false
        }
        Some(tool) => {
            eprintln!("skipped: `{tool}` is not here");
            false
        }
    }
}

/// Packs the newest commit around a script that says its name.
fn released(out: &Path) -> Ran {
    let program = out.join("program");
    std::fs::create_dir_all(out).expect("a folder");
    std::fs::write(&program, "#!/bin/sh\necho \"udsync $1\"\n").expect("written");
    let made = Command::new(root().join("examples/packaging/release.sh"))
        .args(["HEAD", "--out"])
        .arg(out)
        .arg("--binary")
        .arg(&program)
        .stdin(Stdio::null())
        .output();
    ran(made.expect("the script runs"))
}

fn listed(archive: &Path) -> Vec<String> {
    let list = Command::new("tar").arg("-tzf").arg(archive).output();
    let list = list.expect("tar runs");
    let text = String::from_utf8_lossy(&list.stdout);
    text.lines()
        .filter_map(|line| Some(line.split_once('/')?.1.to_owned()))
        .collect()
}

#[test]
fn a_release_has_everything_and_is_the_same_each_time() {
    if !can(&["git", "jq", "tar", "gzip", "sha256sum", "rustc"]) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let made = |name: &str| {
        let out = folder.path().join(name);
        let made = released(&out).ends_with(0);
        let sums = std::fs::read_to_string(out.join("SHA256SUMS")).expect("checksums");
        (out, made.out, sums)
    };
    let (out, said, sums) = made("one");
    assert_eq!(made("two").2, sums, "the same commit, the same bytes");
    assert_eq!(sums.lines().count() + 1, said.lines().count(), "{said}");
    let named = |end: &str| {
        let name = said.lines().find(|name| name.ends_with(end));
        out.join(name.unwrap_or_else(|| panic!("no {end} in {said}")))
    };
    let machine = format!("{}-unknown-linux-gnu.tar.gz", std::env::consts::ARCH);
    let inside = listed(&named(&machine));
    for file in [
        "udsync",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "man/udsync.1",
        "man/udsync-codes.7",
        "man/schemas/run-1.json",
        "completions/udsync.bash",
        "systemd/udsync@.service",
        "examples/cron.txt",
    ] {
        assert!(inside.iter().any(|name| name == file), "{file}: {inside:?}");
    }
    let text = std::fs::read_to_string(named(".spdx.json")).expect("a list");
    let list: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(list["spdxVersion"], "SPDX-2.3");
    let packages = list["packages"].as_array().expect("packages");
    let has = |name: &str| packages.iter().any(|package| package["name"] == name);
    assert!(has("udsync") && has("rusqlite") && !has("proptest"));
    assert!(
        packages
            .iter()
            .all(|package| package["licenseDeclared"] != "NOASSERTION"),
        "everything in it has a licence"
    );
    // The source says where it comes from without git.
    assert!(listed(&named("0.tar.gz")).contains(&"examples/packaging/commit.txt".to_owned()));
}

#[test]
fn the_debian_package_comes_and_goes() {
    if !can(&[
        "git",
        "jq",
        "tar",
        "gzip",
        "sha256sum",
        "rustc",
        "dpkg",
        "dpkg-deb",
    ]) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let said = released(&out).ends_with(0).out;
    let package = said.lines().find(|name| name.ends_with(".deb"));
    let package = out.join(package.expect("a package"));
    // A system of its own, with nothing in it.
    let system = folder.path().join("system");
    for folder in [
        "var/lib/dpkg/info",
        "var/lib/dpkg/updates",
        "var/lib/udsync",
        "etc",
    ] {
        std::fs::create_dir_all(system.join(folder)).expect("a folder");
    }
    std::fs::write(system.join("var/lib/dpkg/status"), "").expect("written");
    let dpkg = |how: &str, what: &Path| {
        let done = Command::new("dpkg")
            .arg(format!("--root={}", system.display()))
            .arg(format!("--log={}", system.join("log").display()))
            .args([
                "--force-script-chrootless",
                "--force-not-root",
                "--force-depends",
            ])
            .arg(how)
            .arg(what)
            .stdin(Stdio::null())
            .output();
        ran(done.expect("dpkg runs"))
    };
    dpkg("--install", &package).ends_with(0);
    let program = Command::new(system.join("usr/bin/udsync"))
        .arg("status")
        .output();
    assert_eq!(ran(program.expect("it runs")).out, "udsync status\n");
    for file in [
        "usr/lib/systemd/system/udsync@.service",
        "usr/lib/systemd/system/udsync@.timer",
        "usr/lib/systemd/system/udsync-serve@.service",
        "usr/share/man/man1/udsync.1.gz",
        "usr/share/bash-completion/completions/udsync",
        "usr/share/doc/udsync/copyright",
    ] {
        assert!(system.join(file).is_file(), "{file}");
    }
    let state = system.join("var/lib/udsync/aurora.db");
    std::fs::write(&state, "what is posted").expect("written");
    let purged = dpkg("--purge", Path::new("udsync")).ends_with(0);
    assert!(purged.out.contains("are kept"), "{}", purged.out);
    assert!(
        !system.join("usr/bin/udsync").exists() && !system.join("usr/share/doc/udsync").exists()
    );
    assert!(state.is_file(), "the state outlives the package");
}

/// Whether a licence like `(MIT OR Apache-2.0) AND Unicode-3.0` can be kept with these.
fn is_allowed(licence: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = licence
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ")
        .replace(" WITH ", "-WITH-");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    any_of(&mut words, allowed) && words.is_empty()
}

fn any_of(words: &mut Vec<&str>, allowed: &BTreeSet<String>) -> bool {
    let mut is_one = all_of(words, allowed);
    while words.last() == Some(&"OR") {
        words.pop();
        is_one |= all_of(words, allowed);
    }
    is_one
}

fn all_of(words: &mut Vec<&str>, allowed: &BTreeSet<String>) -> bool {
    let mut are_all = true;
    loop {
        are_all &= match words.pop() {
            Some("(") => {
                let inner = any_of(words, allowed);
                words.pop() == Some(")") && inner
            }
            Some(name) => allowed.contains(&name.replace("-WITH-", " WITH ")),
            None => false,
        };
        if words.last() != Some(&"AND") {
            return are_all;
        }
        words.pop();
    }
}

/// `cargo deny` says more, where it is installed; this much holds wherever the tests run, without a network.
#[test]
fn what_is_built_in_is_what_deny_toml_allows() {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("it is there");
    let rules: toml::Table = text.parse().expect("TOML");
    let allowed: BTreeSet<String> = rules["licenses"]["allow"]
        .as_array()
        .expect("licences")
        .iter()
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect();
    let banned: Vec<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("crates")
        .iter()
        .map(|row| row["crate"].as_str().expect("a name"))
        .collect();
    assert!(allowed.len() > 5 && banned.contains(&"openssl-sys"));
    let host = Command::new("rustc").arg("-vV").output().expect("it runs");
    let host = ran(host).out;
    let host = host.lines().find_map(|line| line.strip_prefix("host: "));
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let metadata = Command::new(cargo)
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", host.expect("a machine")])
        .current_dir(root())
        .stdin(Stdio::null())
        .output();
    let metadata = ran(metadata.expect("cargo runs")).ends_with(0).json();
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 200, "only {}", packages.len());
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let licence = package["license"].as_str().unwrap_or_default();
        let source = package["source"].as_str();
        // Ours come from here.
        let is_ours = source.is_none() && name.starts_with("udsync");
        let is_of_registry = source.is_some_and(|source| {
            source.starts_with("registry+https://github.com/rust-lang/crates.io-index")
        });
        if banned.contains(&name) || !(is_ours || is_of_registry) || !is_allowed(licence, &allowed)
        {
            wrong.push(format!("{name}: {licence:?} from {source:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for bad in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(GPL-3.0 OR LGPL-2.1) AND MIT",
        "",
        "(MIT",
    ] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
    assert!(is_allowed("GPL-3.0 OR (MIT AND Zlib)", &allowed));
}
