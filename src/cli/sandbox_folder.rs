//! The folder of a sandbox: its own configuration, environment and state, and nobody else's.
//!
//! What a sandbox writes is thrown away with it. So it never goes where a shop's own files are, whatever the flags and the
//! environment name.

use std::path::{Path, PathBuf};

use crate::config::{self, Config, Environment};
use crate::files;

use super::args::Global;
use super::out;
use super::report::Failure;

/// The state beside the file: it lives and dies with the folder.
pub const STATE: &str = "sandbox.db";
/// The world of a story, beside its configuration.
pub const WORLD: &str = "story.json";

/// The flags without those that name a shop's own files, whether they were typed or stand in the environment.
pub fn without_shop(global: &Global) -> Global {
    Global {
        config: None,
        shops: Vec::new(),
        shop: None,
        state: None,
        ..global.clone()
    }
}

/// Says which names have no say here.
pub fn note_ignored(global: &Global, folder: &Path) {
    let given = [
        (global.config.is_some(), "--config", "UDSYNC_CONFIG"),
        (global.shop.is_some(), "--shop", "UDSYNC_SHOP"),
        (global.state.is_some(), "--state", "UDSYNC_STATE"),
    ];
    let mut set = Vec::new();
    for (is_given, flag, variable) in given {
        if is_given && !global.quiet {
            out::say(&format!(
                "note: `{flag}` is not used: the sandbox has a folder of its own, {}",
                folder.display()
            ));
        }
        if std::env::var_os(variable).is_some_and(|value| !value.is_empty()) {
            set.push(variable);
        }
    }
    if !set.is_empty() && !global.quiet {
        out::say(&format!(
            "note: {0} names another shop in this shell; before you work with the sandbox: `unset {0}`",
            set.join(" ")
        ));
    }
}

/// Makes sure that what is in the folder is a sandbox's, or nothing.
pub fn check(folder: &Path) -> Result<(), Failure> {
    if folder.join(WORLD).exists() {
        return Err(Failure::new(
            "folder_taken",
            format!("in `{}` a story goes on", folder.display()),
        )
        .hint(
            "it stays as it is: give the sandbox a folder of its own with `--into udsync-sandbox`",
        ));
    }
    let path = folder.join("udsync.toml");
    if std::fs::symlink_metadata(&path).is_err() || is_sandbox(&path) {
        return Ok(());
    }
    Err(Failure::new(
        "folder_taken",
        format!(
            "`{}` is the configuration of a shop, and not a sandbox's",
            path.display()
        ),
    )
    .hint("it stays as it is: give the sandbox a folder of its own with `--into udsync-sandbox`"))
}

fn is_sandbox(path: &Path) -> bool {
    config::load(path).is_ok_and(|config| belongs_to_sandbox(&config))
}

fn belongs_to_sandbox(config: &Config) -> bool {
    let on_this_machine = config.woocommerce.as_ref().is_some_and(|shop| {
        let host = shop.url.host_str().unwrap_or_default();
        ["127.0.0.1", "localhost", "[::1]"].contains(&host)
    });
    let for_trying = config
        .quickbooks
        .as_ref()
        .is_some_and(|books| books.environment == Environment::Sandbox);
    // Sandboxes of old kept their state where every shop does.
    let state = config.shop.state.as_deref();
    on_this_machine && for_trying && state.is_none_or(|state| state == Path::new(STATE))
}

/// A sandbox begins anew each time, and so must what is known of it.
pub fn forget_state(folder: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = PathBuf::from(folder).join(STATE).into_os_string();
        name.push(end);
        // What is not there need not go.
        let _ = std::fs::remove_file(name);
    }
}

/// The configuration with a state of its own, which stays in the folder.
pub fn with_state(config: &str) -> String {
    config.replacen(
        "[shop]\n",
        &format!("[shop]\nstate = \"{STATE}\" # gone when a sandbox begins here anew\n"),
        1,
    )
}

/// Writes a file into a folder, which is made. Whoever waits for it finds all of it.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    std::fs::create_dir_all(folder)
        .and_then(|()| files::replace_open(&path, "new", text.as_bytes()))
        .map_err(|error| {
            Failure::new(
                "not_written",
                format!("could not write `{}`: {error}", path.display()),
            )
        })
}
