//! What a run that the system starts would not have: credentials that stand only in this shell, and keys that only somebody who is
//! signed in can unlock. It is said when the unit is written, and not by the first run at night.

use std::collections::BTreeSet;
use std::path::Path;

use crate::app::App;
use crate::app::credentials::{QUICKBOOKS, QUICKBOOKS_APP, SUPABASE, WOOCOMMERCE};
use crate::app::keys::place_of;
use crate::config::{Config, Transport};
use crate::safe::PlaceKind;
use crate::store::Store;

use super::{Job, Kind};
use crate::cli::report::Failure;

/// Who needs which variables, and what is stored in their place.
struct Need {
    service: &'static str,
    variables: &'static [&'static str],
    /// Names in the strongbox, all of which are needed.
    stored: &'static [&'static str],
}

const SHOP: Need = Need {
    service: "woocommerce",
    variables: &["UDSYNC_WOOCOMMERCE_KEY", "UDSYNC_WOOCOMMERCE_SECRET"],
    stored: &[WOOCOMMERCE],
};
const BOOKS_APP: Need = Need {
    service: "quickbooks",
    variables: &[
        "UDSYNC_QUICKBOOKS_CLIENT_ID",
        "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
    ],
    stored: &[QUICKBOOKS_APP],
};
const BOOKS: Need = Need {
    service: "quickbooks",
    variables: &["UDSYNC_QUICKBOOKS_REFRESH_TOKEN"],
    stored: &[QUICKBOOKS],
};
const REST: Need = Need {
    service: "supabase",
    variables: &["UDSYNC_SUPABASE_KEY"],
    stored: &[SUPABASE],
};
const POSTGRES: Need = Need {
    service: "supabase",
    variables: &["UDSYNC_SUPABASE_DATABASE_URL"],
    stored: &[SUPABASE],
};

/// Everything that such a run would miss, in words, each with what mends it.
pub(super) fn missing(app: &App, job: &Job, kind: Kind) -> Result<Vec<String>, Failure> {
    let in_file = names_in(&job.environment, kind.systemd);
    let file = job.environment.display();
    let store = Store::open_read_only(&app.state)?;
    let mut said = Vec::new();
    let mut uses_stored = false;
    for need in needs(&app.config) {
        let named = need.variables.iter().all(|name| in_file.contains(*name));
        if named {
            continue;
        }
        let is_stored = match &store {
            Some(store) => {
                let strongbox = app.strongbox(store);
                let mut all = true;
                for name in need.stored {
                    all &= strongbox.has(name)?;
                }
                all
            }
            None => false,
        };
        if is_stored {
            uses_stored = true;
            continue;
        }
        let names = need.variables.join("` and `");
        said.push(format!(
            "`{names}` will not be there: write {} into {file}, one NAME=value a line, or store the connection with \
             `udsync connect {}`",
            if need.variables.len() == 1 { "it" } else { "them" },
            need.service
        ));
    }
    for variable in of_notices(&app.config) {
        if !in_file.contains(variable) {
            said.push(format!(
                "`{variable}` will not be there, and without it no notice goes out: write it into {file}"
            ));
        }
    }
    if let Some(store) = store.filter(|_| uses_stored) {
        said.extend(key(&store, kind, &in_file, &file.to_string())?);
    }
    Ok(said)
}

fn needs(config: &Config) -> Vec<&'static Need> {
    let mut needs = Vec::new();
    let goes_to = |target: &str| {
        config.sync.to.iter().any(|to| to == target)
            || config
                .sync
                .entities
                .values()
                .any(|own| own.to.iter().any(|to| to == target))
    };
    if config.woocommerce.is_some() {
        needs.push(&SHOP);
    }
    if config.quickbooks.is_some() && goes_to("quickbooks") {
        needs.extend([&BOOKS_APP, &BOOKS]);
    }
    if let Some(supabase) = config.supabase.as_ref().filter(|_| goes_to("supabase")) {
        needs.push(match supabase.transport {
            Transport::Rest => &REST,
            Transport::Postgres => &POSTGRES,
        });
    }
    needs
}

/// The secrets of notices stand nowhere but in the environment.
fn of_notices(config: &Config) -> Vec<&'static str> {
    let mail = &config.notify.email;
    let signs_in = mail.as_ref().is_some_and(|mail| mail.username.is_some());
    let channels = config.notify.channels();
    [
        (signs_in, "UDSYNC_NOTIFY_EMAIL_PASSWORD"),
        (channels.contains(&"slack"), "UDSYNC_NOTIFY_SLACK_URL"),
        (
            channels.contains(&"webhook"),
            "UDSYNC_NOTIFY_WEBHOOK_SECRET",
        ),
    ]
    .into_iter()
    .filter_map(|(is_needed, variable)| is_needed.then_some(variable))
    .collect()
}

/// What is stored needs its key, and not every place of a key is open at night.
fn key(
    store: &Store,
    kind: Kind,
    in_file: &BTreeSet<String>,
    file: &str,
) -> Result<Option<String>, Failure> {
    let has = |name: &str| in_file.contains(name);
    if has("UDSYNC_KEY") || has("UDSYNC_KEY_FILE") {
        return Ok(None);
    }
    let Some(of) = store.key_place()? else {
        return Ok(None);
    };
    Ok(match place_of(&of)?.kind() {
        PlaceKind::Environment => Some(format!(
            "`UDSYNC_KEY` opens what is stored and will not be there: write it into {file}"
        )),
        PlaceKind::Passphrase if !has("UDSYNC_PASSPHRASE") => Some(format!(
            "`UDSYNC_PASSPHRASE` opens what is stored, and nobody is there to type it: write it into {file}, or move the key to a \
             file with `udsync connect rotate-key --key-store file`"
        )),
        PlaceKind::Keyring if !kind.user => Some(
            "the key to what is stored is in your keyring, which is closed to what the system starts: move it to a file with \
             `udsync connect rotate-key --key-store file`"
                .to_owned(),
        ),
        _ => None,
    })
}

/// The names that a file of `NAME=value` lines gives. A shell takes `export` before them, systemd does not.
fn names_in(file: &Path, for_systemd: bool) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .map(|line| match line.strip_prefix("export ") {
            Some(rest) if !for_systemd => rest.trim_start(),
            _ => line,
        })
        .filter_map(|line| line.split_once('='))
        .filter(|(_, value)| !value.trim_matches(['"', '\'', ' ']).is_empty())
        .map(|(name, _)| name.to_owned())
        .filter(|name| !name.contains(' '))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_names_as_its_reader_reads_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("udsync.env");
        std::fs::write(&file, "# A=1\nB=2\nexport C=3\nD=\n").expect("written");
        let names = |for_systemd| names_in(&file, for_systemd).into_iter().collect::<Vec<_>>();
        assert_eq!(names(false), ["B", "C"]);
        assert_eq!(names(true), ["B"]);
    }
}
