//! Children: the one place where another program is started.
//!
//! What is in our environment is ours: keys, tokens, passphrases. A browser or `crontab` has no use for them, and passes on what it
//! has to whatever it starts itself. So a child gets the variables that a program needs to find its files, its screen and its
//! language, and no others.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Stdio};

/// What a program needs to work for this user.
const KEPT: [&str; 26] = [
    "BROWSER",
    "COMSPEC",
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "DISPLAY",
    "GDMSESSION",
    "HOME",
    "HOMEDRIVE",
    "HOMEPATH",
    "LANG",
    "LANGUAGE",
    "LOCALAPPDATA",
    "LOGNAME",
    "PATH",
    "PATHEXT",
    "SHELL",
    "SYSTEMROOT",
    "TEMP",
    "TERM",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "USERPROFILE",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
];
/// And every variable that begins so.
const KEPT_FAMILIES: [&str; 5] = ["LC_", "XDG_", "KDE_", "GNOME_", "WSL"];

/// A program to be started, with nothing of ours in its environment.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    command.envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_kept)));
    command
}

/// A program that the user has named to be asked: it may need whatever the user has set, and nothing of ours.
pub fn with_environment(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_none_or(|name| name.starts_with("UDSYNC_")) {
            command.env_remove(name);
        }
    }
    command.env_remove("CREDENTIALS_DIRECTORY");
    command
}

/// This program once more in its own place, with more variables and without one. Elsewhere than on Unix it is a child that is waited for.
pub fn again(
    words: &[OsString],
    set: impl Iterator<Item = (String, String)>,
    unset: &str,
) -> std::io::Result<ExitCode> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(words.iter().skip(1))
        .envs(set)
        .env_remove(unset);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        if let Some(called) = words.first() {
            command.arg0(called);
        }
        Err(command.exec())
    }
    #[cfg(not(unix))]
    {
        let ended = command
            .status()?
            .code()
            .and_then(|code| u8::try_from(code).ok());
        Ok(ended.map_or(ExitCode::FAILURE, ExitCode::from))
    }
}

fn is_kept(name: &str) -> bool {
    // Elsewhere names have no case.
    let name = if cfg!(windows) {
        name.to_ascii_uppercase()
    } else {
        name.to_owned()
    };
    KEPT.contains(&name.as_str()) || KEPT_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Opens a page of this disk in the browser.
pub fn browse_page(page: &std::path::Path) -> bool {
    match url::Url::from_file_path(page) {
        Ok(address) => browse(address.as_str()),
        Err(()) => browse(&page.display().to_string()),
    }
}

/// Opens an address in the browser, as this user has chosen it; whether it came up cannot be known. Says whether one was started. Nothing
/// secret may be in the address: what a program is started with can be read by everybody on the machine.
pub fn browse(address: &str) -> bool {
    let chosen = std::env::var("BROWSER").unwrap_or_default();
    for words in browsers(&chosen, address) {
        let Some((program, rest)) = words.split_first() else {
            continue;
        };
        let started = command(program)
            .args(rest)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if let Ok(mut child) = started {
            // Whoever starts a child has to ask how it ended, and some browsers stay in the foreground of whoever starts them.
            let _ = std::thread::Builder::new().spawn(move || child.wait());
            return true;
        }
    }
    false
}

/// What is tried, in its order: the variable that programs agree on, then what the system has for it. The address is a word of its
/// own, and never seen by a shell.
fn browsers(chosen: &str, address: &str) -> Vec<Vec<String>> {
    let named = chosen.split(':').filter_map(|words| {
        let mut words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let places = words.iter_mut().filter(|word| word.contains("%s"));
        let mut found = false;
        for word in places {
            *word = word.replace("%s", address);
            found = true;
        }
        if words.is_empty() {
            return None;
        }
        if !found {
            words.push(address.to_owned());
        }
        Some(words)
    });
    let system: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["open"]]
    } else if cfg!(windows) {
        &[&["rundll32", "url.dll,FileProtocolHandler"]]
    } else {
        &[
            &["xdg-open"],
            &["gio", "open"],
            &["wslview"],
            &["x-www-browser"],
        ]
    };
    let system = system.iter().map(|words| {
        let words = words.iter().map(|word| (*word).to_owned());
        words.chain([address.to_owned()]).collect()
    });
    named.chain(system).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_kept() {
        for name in [
            "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
            "UDSYNC_SHOP",
            "CREDENTIALS_DIRECTORY",
            "PGPASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "LD_PRELOAD",
        ] {
            assert!(!is_kept(name), "{name}");
        }
        for name in ["PATH", "HOME", "LC_ALL", "XDG_RUNTIME_DIR", "DISPLAY"] {
            assert!(is_kept(name), "{name}");
        }
    }

    #[test]
    fn an_address_is_one_word_wherever_it_stands() {
        let address = "https://x.example/?a=b&c=$(rm)";
        let tried = browsers("firefox --new-window %s:lynx", address);
        assert_eq!(tried[0], ["firefox", "--new-window", address]);
        assert_eq!(tried[1], ["lynx", address]);
        assert!(
            tried[2..]
                .iter()
                .all(|words| words.last().is_some_and(|word| word == address))
        );
    }
}
