//! Variables of the environment that look like ours and are none: a slip in a name is told, and not first by what is missing.

use std::collections::BTreeSet;

use crate::config::credentials::{other_variables, secret_variables, shop_and_variable};
use crate::config::{self, process_env};
use crate::model::near::nearest;

use super::args::{self, Global};
use super::out;
use super::session::located;

/// What every name of ours begins with.
const PREFIX: &str = "UDSYNC_";

/// Says which variables nothing here reads. Their values are nobody's business.
pub fn warn_of_unknown() {
    let mut set: BTreeSet<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    // Usually there is none, and no command waits until all flags were gone through.
    if set.is_empty() {
        return;
    }
    let known = known();
    set.retain(|name| {
        let of_shop = shop_and_variable(name);
        let own = of_shop.is_some_and(|(_, variable)| {
            variable == "UDSYNC_PASSWORD_COMMAND"
                || secret_variables()
                    .chain(other_variables())
                    .any(|known| known == variable)
        });
        !own && !known.contains(name)
    });
    for name in set {
        let near = nearest(&name, known.iter().map(String::as_str))
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        out::say(&format!(
            "warning: `{name}` is set, and udsync knows no such variable{near}"
        ));
    }
}

/// A variable of ours that is no text.
pub fn no_text() -> Option<String> {
    std::env::vars_os()
        .filter(|(_, value)| value.to_str().is_none())
        .filter_map(|(name, _)| name.into_string().ok())
        .find(|name| name.starts_with(PREFIX))
}

/// Says which variables are of a shop that nobody has, where they look like those of one that is there.
pub fn warn_of_strange_shops(global: &Global) {
    let set: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| shop_and_variable(name).is_some())
        .collect();
    if set.is_empty() {
        return;
    }
    let known = shops_known(global);
    for name in set {
        let Some((shop, _)) = shop_and_variable(&name) else {
            continue;
        };
        let rest = &name[PREFIX.len() + shop.len()..];
        if known.contains(shop) {
            continue;
        }
        if let Some(near) = nearest(shop, known.iter().map(String::as_str)) {
            out::say(&format!(
                "warning: `{name}` is set, and no shop is called so; did you mean `{PREFIX}{near}{rest}`?"
            ));
        }
    }
}

/// The shops that there are, as variables spell them: by their names and by those of their files.
fn shops_known(global: &Global) -> BTreeSet<String> {
    let folder = config::config_folder(&process_env).ok();
    let names = folder
        .iter()
        .filter_map(|folder| config::shops_in(folder).ok());
    let names: Vec<String> = names.flatten().collect();
    let files = names
        .iter()
        .zip(folder.iter().cycle())
        .map(|(name, folder)| folder.join(format!("{name}.toml")))
        .chain(located(global).ok());
    let own = files
        .filter_map(|file| config::load(&file).ok())
        .map(|config| config.shop.name);
    let own: Vec<String> = own.collect();
    let spelled = |name: &String| name.to_uppercase().replace('-', "_");
    names.iter().chain(&own).map(spelled).collect()
}

/// Every variable that is read: credentials, and a twin of every flag.
fn known() -> BTreeSet<String> {
    let named = secret_variables().chain(other_variables());
    let mut known: BTreeSet<String> = named.map(str::to_owned).collect();
    gather(&args::command(), &mut known);
    known
}

fn gather(command: &clap::Command, known: &mut BTreeSet<String>) {
    let of_flags = command
        .get_arguments()
        .filter_map(clap::Arg::get_env)
        .filter_map(|name| name.to_str());
    known.extend(of_flags.map(str::to_owned));
    for inner in command.get_subcommands() {
        gather(inner, known);
    }
}
