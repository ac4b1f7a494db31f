//! Precedence: each flag has a variable, and which of them has a say beside the flags that were typed.

use std::ffi::OsString;

use super::flags::YesOrNo;

/// Whether a flag was typed, with its value behind it or not.
pub fn is_typed(words: &[OsString], long: &str) -> bool {
    let flag = format!("--{long}");
    let mut flags = words.iter().take_while(|word| *word != "--");
    flags.any(|word| {
        let word = word.to_string_lossy();
        *word == flag
            || word
                .strip_prefix(&flag)
                .is_some_and(|rest| rest.starts_with('='))
    })
}

/// Variables that have no say here: empty ones, and those that mean other shops than the flags that were typed, or than a variable that
/// means fewer of them.
pub fn is_without_say(variable: &str, words: &[OsString]) -> bool {
    const ONE: [&str; 3] = ["shop", "config", "state"];
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let of_flag = |flag: &str| format!("UDSYNC_{}", flag.to_uppercase());
    let means_one = ONE.iter().any(|flag| is_typed(words, flag));
    let typed_all = is_typed(words, "all-shops");
    match variable {
        _ if !is_set(variable) => true,
        "UDSYNC_ALL_SHOPS" => {
            means_one || (!typed_all && ONE.iter().any(|flag| is_set(&of_flag(flag))))
        }
        _ if ONE.iter().any(|flag| of_flag(flag) == variable) => {
            typed_all || (variable != "UDSYNC_STATE" && is_in_place_of_a_shop(words))
        }
        _ => false,
    }
}

/// Whether the sandbox takes the place of the shop. Elsewhere a shop may be named beside it, and is told to be of no use or is needed.
fn is_in_place_of_a_shop(words: &[OsString]) -> bool {
    const SERVED: [&str; 2] = ["serve", "dashboard"];
    let is_served = |word: &OsString| SERVED.iter().any(|name| word == name);
    is_typed(words, "sandbox") && words.iter().any(is_served)
}

/// Gives each flag of the tree its variable. `is_left_out`: this one is as if it were not set.
pub fn with_environment(
    command: clap::Command,
    is_left_out: &dyn Fn(&str) -> bool,
) -> clap::Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let mut command = command.mut_args(|arg| {
        let has_a_twin = matches!(
            arg.get_action(),
            clap::ArgAction::Set
                | clap::ArgAction::SetTrue
                | clap::ArgAction::Append
                | clap::ArgAction::Count
        );
        match arg.get_long() {
            Some(long) if has_a_twin && !["help", "version"].contains(&long) => {
                let variable = format!("UDSYNC_{}", long.replace('-', "_").to_uppercase());
                let arg = if matches!(arg.get_action(), clap::ArgAction::SetTrue) {
                    arg.value_parser(YesOrNo)
                } else {
                    arg
                };
                match is_left_out(&variable) {
                    true => arg,
                    false => arg.env(variable).hide_env(true),
                }
            }
            _ => arg,
        }
    });
    for name in names {
        command = command.mut_subcommand(name, |sub| with_environment(sub, is_left_out));
    }
    command
}
