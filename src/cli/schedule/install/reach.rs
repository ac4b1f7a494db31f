//! What a run that the system starts would not have: credentials that stand only in this shell, and keys that only somebody who is
//! signed in can unlock. It is said when the unit is written, and not by the first run at night.

use std::collections::BTreeSet;
use std::path::Path;

use crate::app::App;
use crate::app::keys::place_of;
use crate::config::Config;
use crate::config::credentials::{set_as, shop_and_variable, variable_of_shop};
use crate::config::process_env;
use crate::model::service::{CredentialField, Service};
use crate::safe::PlaceKind;
use crate::store::{Secrets, Store};

use super::{Job, UnitKind};
use crate::cli::env_file::{is_name, variables};
use crate::cli::report::Failure;

/// Everything that such a run would miss, in words, each with what mends it.
pub(super) fn missing(app: &App, job: &Job, kind: UnitKind) -> Result<Vec<String>, Failure> {
    let mut in_file = names_in(&job.environment, kind.systemd);
    // A variable of the shop's own is as good as the one for all.
    let own: Vec<String> = in_file
        .iter()
        .filter_map(|name| Some((name, shop_and_variable(name)?.1)))
        .filter(|(name, plain)| {
            variable_of_shop(&app.config.shop.name, plain).as_ref() == Some(*name)
        })
        .map(|(_, plain)| plain)
        .collect();
    in_file.extend(own);
    let file = job.environment.display();
    let store = Store::open_read_only(&app.state)?;
    let mut said = Vec::new();
    let mut uses_stored = false;
    let used = Service::ALL
        .into_iter()
        .filter(|service| app.config.uses(*service));
    for service in used {
        for kept in service.row().kept {
            let goes_by = |field: &&CredentialField| app.config.goes_by(field);
            if !kept.fields.iter().all(goes_by) {
                continue;
            }
            let variables: Vec<&str> = kept.fields.iter().map(|field| field.variable).collect();
            if variables.iter().all(|name| in_file.contains(*name)) {
                continue;
            }
            let is_stored = match &store {
                Some(store) => app.strongbox(store).has(kept.name)?,
                None => false,
            };
            if is_stored {
                uses_stored = true;
                continue;
            }
            let shop = &app.config.shop.name;
            let names: Vec<String> = variables
                .iter()
                .map(|name| set_as(&process_env, shop, name))
                .collect();
            let names = names.join("` and `");
            let it = if variables.len() == 1 { "it" } else { "them" };
            said.push(format!(
                "`{names}` will not be there: write {it} into {file}, one NAME=value a line, or store the connection with \
                 `udsync connect {service}`"
            ));
        }
    }
    for variable in of_notices(&app.config) {
        if !in_file.contains(variable) {
            said.push(format!(
                "`{variable}` will not be there, and without it no notice goes out: write it into {file}"
            ));
        }
    }
    if let Some(store) = store.filter(|_| uses_stored) {
        said.extend(key(&store, kind, &in_file, job)?);
    }
    Ok(said)
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

/// Says the passphrase, so that nobody has to write it down.
const COMMAND: &str = "UDSYNC_PASSWORD_COMMAND";

/// What is stored needs its key, and not every place of a key is open at night.
fn key(
    store: &Store,
    kind: UnitKind,
    in_file: &BTreeSet<String>,
    job: &Job,
) -> Result<Option<String>, Failure> {
    let file = job.environment.display();
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
        // A command that says it is named in the unit itself, or in the file.
        PlaceKind::Passphrase if job.password_command.is_some() || has(COMMAND) => None,
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

/// The names that a file of `NAME=value` lines gives. `--env-file` takes `export` before them, systemd does not.
fn names_in(file: &Path, for_systemd: bool) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    variables(&text)
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, _)| match name.strip_prefix("export ") {
            Some(rest) if !for_systemd => rest.trim_start().to_owned(),
            _ => name,
        })
        .filter(|name| is_name(name))
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
