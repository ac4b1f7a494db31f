//! A unit for systemd: one service that stays and works the schedules off.
//!
//! There is no timer: the schedules know their times and time zones themselves, and make up for what was missed. The
//! service may do what a sync needs and little else. A manager of a single user cannot give it a file system of its
//! own, so there the limits are those that need no privilege.

use std::fs;
use std::path::{Path, PathBuf};

use super::{InstalledFile, Job, home, mark};
use crate::cli::report::Failure;

/// Needs no privilege.
const LIMITS: &str = "\
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
";

/// What the manager of the whole system can do besides.
const WALLS: &str = "\
CapabilityBoundingSet=
AmbientCapabilities=
DevicePolicy=closed
KeyringMode=private
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
";

pub(super) fn piece(job: &Job, user: bool) -> Result<InstalledFile, Failure> {
    let name = format!("udsync-{}.service", job.shop);
    let (folder, systemctl, start) = if user {
        (user_folder()?, "systemctl --user", "loginctl enable-linger")
    } else {
        (PathBuf::from("/etc/systemd/system"), "sudo systemctl", "")
    };
    let mut commands = vec![
        format!("{systemctl} daemon-reload"),
        format!("{systemctl} enable --now {name}"),
    ];
    if !start.is_empty() {
        // Otherwise it ends when its user goes.
        commands.push(start.to_owned());
    }
    Ok(InstalledFile {
        kind: "systemd",
        place: folder.join(&name).display().to_string(),
        text: unit(job, user),
        start: commands,
        stop: vec![
            format!("{systemctl} stop {name}"),
            format!("{systemctl} daemon-reload"),
        ],
    })
}

fn unit(job: &Job, user: bool) -> String {
    let command: Vec<String> = job
        .words(&["schedule", "run"])
        .iter()
        .map(|word| command_word(word))
        .collect();
    let network = if user {
        ""
    } else {
        "Wants=network-online.target\nAfter=network-online.target\n"
    };
    let owner = if user {
        String::new()
    } else {
        owner(&job.config).map_or_else(String::new, |owner| format!("User={owner}\n"))
    };
    let walls = if user {
        String::new()
    } else {
        let state = setting_word(&job.state_folder().display().to_string());
        format!("{WALLS}ReadWritePaths={state}\n")
    };
    let wanted_by = if user {
        "default.target"
    } else {
        "multi-user.target"
    };
    format!(
        "# {mark}.
[Unit]
Description=udsync: keep the books of {shop} in step
{network}
[Service]
Type=notify
{owner}ExecStart={command}
WorkingDirectory={folder}
# One NAME=value a line, readable by you only; none of it is needed for what udsync connect has stored.
EnvironmentFile=-{environment}
{key}Restart=on-failure
RestartSec=30
# A configuration does not mend itself.
RestartPreventExitStatus=2
WatchdogSec=2min
# A request under way is finished and recorded.
TimeoutStopSec=3min

{LIMITS}{walls}
[Install]
WantedBy={wanted_by}
",
        mark = mark(if user { "--systemd --user" } else { "--systemd" }),
        shop = job.shop,
        key = if user {
            // The keyring of the user is there already.
            String::new()
        } else {
            format!(
                "# Hands over the key to what is stored; only root can read the file.\n# LoadCredential=udsync-key:/etc/udsync/{}.key\n",
                job.shop
            )
        },
        command = command.join(" "),
        folder = percent(&job.folder().display().to_string()),
        environment = percent(&job.environment.display().to_string()),
    )
}

/// Takes away the link by which the unit was started with the system. It leads nowhere by now.
pub(super) fn forget_start(unit: &Path) {
    let (Some(folder), Some(name)) = (unit.parent(), unit.file_name()) else {
        return;
    };
    for wants in ["default.target.wants", "multi-user.target.wants"] {
        let link = folder.join(wants).join(name);
        if fs::read_link(&link).is_ok_and(|to| to.file_name() == Some(name)) {
            let _ = fs::remove_file(link);
        }
    }
}

fn user_folder() -> Result<PathBuf, Failure> {
    let configured = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute());
    let folder = match configured {
        Some(folder) => folder,
        None => home()?.join(".config"),
    };
    Ok(folder.join("systemd/user"))
}

/// Who the service runs as: whoever the configuration belongs to.
#[cfg(unix)]
fn owner(config: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let id = fs::metadata(config).ok()?.uid();
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id.to_string()).then(|| name.to_owned())
    });
    Some(name.unwrap_or_else(|| id.to_string()))
}

#[cfg(not(unix))]
fn owner(_config: &Path) -> Option<String> {
    None
}

/// In every setting `%` begins a word of systemd's own.
fn percent(text: &str) -> String {
    text.replace('%', "%%")
}

/// A word of a list: in quotes where it needs them.
fn setting_word(text: &str) -> String {
    let text = percent(text);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@%=,".contains(letter);
    if text.chars().all(plain) {
        return text;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A word of a command, in which `$` begins a variable besides.
fn command_word(text: &str) -> String {
    setting_word(&text.replace('$', "$$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_blanks_and_signs_stay_one_word() {
        for (path, word) in [
            ("/usr/bin/udsync", "/usr/bin/udsync"),
            ("/my shop/100%.toml", "\"/my shop/100%%.toml\""),
            ("/a\"b\\c", "\"/a\\\"b\\\\c\""),
        ] {
            assert_eq!(setting_word(path), word);
        }
        assert_eq!(command_word("/cash $x"), "\"/cash $$x\"");
        assert_eq!(percent("/my shop/100%"), "/my shop/100%%");
    }
}
