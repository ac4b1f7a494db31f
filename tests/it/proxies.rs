//! The examples of proxies, judged by the proxies themselves where they are installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::manual::root;

/// Whether a proxy is here. In CI its absence is a failure.
fn has(tool: &str, how: &str) -> bool {
    if Command::new(tool).arg(how).output().is_ok() {
        return true;
    }
    assert!(
        std::env::var_os("UDSYNC_NEEDS_PROXIES").is_none(),
        "{tool} is not installed"
    );
    println!("skipped: {tool} is not installed");
    false
}

fn example(name: &str) -> PathBuf {
    root().join("examples/serve").join(name)
}

#[track_caller]
fn accepts(mut judge: Command) {
    let judged = judge.output().expect("it runs");
    let said = String::from_utf8_lossy(&judged.stderr).into_owned();
    assert!(judged.status.success(), "{said}");
    assert!(!said.contains("[warn]"), "{said}");
}

/// The example as it stands, with a certificate that is there and a socket that nobody else listens on.
fn here(text: &str, folder: &Path) -> String {
    let certificate = root().join("tests/it/tls/server.pem");
    let key = root().join("tests/it/tls/server.key");
    let lines = text.lines().filter(|line| !line.contains("listen [::]"));
    let lines = lines.map(
        |line| match line.trim_start().split_once(char::is_whitespace) {
            Some(("listen", _)) => format!("listen unix:{} ssl;", folder.join("socket").display()),
            Some(("ssl_certificate", _)) => format!("ssl_certificate {};", certificate.display()),
            Some(("ssl_certificate_key", _)) => format!("ssl_certificate_key {};", key.display()),
            _ => line.to_owned(),
        },
    );
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn nginx_accepts_both_examples_together() {
    if !has("nginx", "-v") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mut servers = String::new();
    for name in ["nginx.conf", "nginx-dashboard.conf"] {
        let text = std::fs::read_to_string(example(name)).expect("it is there");
        servers.push_str(&here(&text, path));
    }
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let places = places.map(|name| format!("{name}_temp_path {};", path.join(name).display()));
    let whole = format!(
        "pid {pid}; error_log stderr; events {{}} http {{ access_log off; {places}\n{servers}\n}}\n",
        pid = path.join("pid").display(),
        places = places.join(" "),
    );
    let file = path.join("nginx.conf");
    std::fs::write(&file, whole).expect("written");
    let mut judge = Command::new("nginx");
    judge.arg("-t").arg("-e").arg("stderr").arg("-c").arg(&file);
    accepts(judge);
}

#[test]
fn caddy_accepts_each_example() {
    if !has("caddy", "version") {
        return;
    }
    for name in ["Caddyfile", "Caddyfile-dashboard"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut judge = Command::new("caddy");
        judge
            .args(["validate", "--adapter", "caddyfile", "--config"])
            .arg(example(name))
            .env("HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path());
        accepts(judge);
    }
}
