//! Where on a command line the cursor is, and what can stand there. Pure: values of the shop are handed in.

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};

/// Something that can be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub word: String,
    pub help: String,
}

/// Says the values of a shop that an argument can have: by the words of the command, and the argument.
pub type KnownValues<'a> = dyn Fn(&str, &Arg) -> Vec<Candidate> + 'a;

/// A place on the line.
pub struct Place<'a> {
    command: &'a Command,
    /// The words of the command, as `schedule edit`.
    spoken: String,
    /// What is being typed, without the `--flag=` before it.
    current: String,
    /// What stands before it in the same word.
    before: String,
    what: Wanted<'a>,
}

enum Wanted<'a> {
    /// The value of a flag.
    Value(&'a Arg),
    Flag,
    /// A command, or the value of this argument.
    Word(Option<&'a Arg>),
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

fn flag_named<'a>(command: &'a Command, word: &str) -> Option<&'a Arg> {
    let mut args = command.get_arguments();
    if let Some(long) = word.strip_prefix("--") {
        return args.find(|arg| arg.get_long() == Some(long));
    }
    let last = word.strip_prefix('-')?.chars().last()?;
    args.find(|arg| arg.get_short() == Some(last))
}

/// Walks the words up to the one that is being typed, the last.
pub fn place<'a>(root: &'a Command, words: &[String]) -> Place<'a> {
    let (current, before) = match words.split_last() {
        Some((current, before)) => (current.as_str(), before),
        None => ("", &[][..]),
    };
    let mut command = root;
    let mut spoken = String::new();
    let mut position = 0;
    let mut wants: Option<&Arg> = None;
    let mut only_words = false;
    for word in before {
        if wants.take().is_some() {
            continue;
        }
        if word == "--" {
            only_words = true;
        } else if !only_words && word.starts_with('-') && word.len() > 1 {
            let flag = flag_named(command, word).filter(|arg| takes_value(arg));
            wants = flag.filter(|_| !word.contains('='));
        } else if let Some(sub) = sub_named(command, word, position) {
            command = sub;
            spoken = format!("{spoken} {}", sub.get_name()).trim().to_owned();
            position = 0;
        } else {
            position += 1;
        }
    }
    let mut place = Place {
        command,
        spoken,
        current: current.to_owned(),
        before: String::new(),
        what: Wanted::Flag,
    };
    if let Some(arg) = wants {
        place.what = Wanted::Value(arg);
    } else if only_words || !current.starts_with('-') {
        let positionals: Vec<&Arg> = command.get_positionals().collect();
        let at = positionals.get(position).copied();
        // The last one may come several times.
        place.what = Wanted::Word(at.or_else(|| positionals.last().copied()));
    } else if let Some((flag, value)) = current.split_once('=')
        && let Some(arg) = flag_named(command, flag)
    {
        place.before = format!("{flag}=");
        place.current = value.to_owned();
        place.what = Wanted::Value(arg);
    }
    place
}

fn sub_named<'a>(command: &'a Command, word: &str, position: usize) -> Option<&'a Command> {
    command.find_subcommand(word).filter(|_| position == 0)
}

/// What can stand at the place, in the order of the help.
pub fn candidates(place: &Place<'_>, known: &KnownValues<'_>) -> Vec<Candidate> {
    let mut found = match place.what {
        Wanted::Value(arg) => values(place, arg, known),
        Wanted::Flag => flags(place.command),
        Wanted::Word(arg) => {
            let mut found = commands(place.command);
            found.extend(arg.into_iter().flat_map(|arg| values(place, arg, known)));
            found
        }
    };
    found.retain(|candidate| candidate.word.starts_with(&place.current));
    for candidate in &mut found {
        candidate.word.insert_str(0, &place.before);
    }
    found
}

fn values(place: &Place<'_>, arg: &Arg, known: &KnownValues<'_>) -> Vec<Candidate> {
    let possible = arg.get_possible_values();
    let shown = possible.iter().filter(|value| !value.is_hide_set());
    let mut found: Vec<Candidate> = shown.map(of_value).collect();
    found.extend(known(&place.spoken, arg));
    found
}

fn of_value(value: &PossibleValue) -> Candidate {
    Candidate {
        word: value.get_name().to_owned(),
        help: value
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

fn commands(command: &Command) -> Vec<Candidate> {
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    shown
        .map(|sub| Candidate {
            word: sub.get_name().to_owned(),
            help: sub.get_about().map(ToString::to_string).unwrap_or_default(),
        })
        .collect()
}

fn flags(command: &Command) -> Vec<Candidate> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown
        .filter_map(|arg| {
            Some(Candidate {
                word: format!("--{}", arg.get_long()?),
                help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args;

    fn offered(line: &str) -> Vec<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let mut root = args::command();
        root.build();
        let known = |spoken: &str, arg: &Arg| {
            vec![Candidate {
                word: format!("<{spoken}:{}>", arg.get_id()),
                help: String::new(),
            }]
        };
        let place = place(&root, &words);
        let found = candidates(&place, &known);
        found.into_iter().map(|candidate| candidate.word).collect()
    }

    #[test]
    fn commands_flags_and_values_are_told_apart() {
        assert_eq!(offered("hist"), ["history"]);
        assert!(offered("").contains(&"sync".to_owned()));
        assert_eq!(offered("sync orders --sinc"), ["--since"]);
        assert_eq!(offered("sync o"), ["orders"]);
        assert!(offered("sync orders ").contains(&"customers".to_owned()));
        assert_eq!(offered("sync orders --to q"), ["quickbooks"]);
        assert_eq!(offered("sync orders --to=q"), ["--to=quickbooks"]);
        assert_eq!(
            offered("history --json "),
            ["metrics", "help", "<history:run>"]
        );
        assert_eq!(offered("--shop aurora retry <"), ["<retry:failures>"]);
        assert_eq!(offered("schedule edit <"), ["<schedule edit:schedule>"]);
        assert_eq!(offered("--shop <"), ["<:shop>"]);
        assert!(
            offered("complete-").is_empty(),
            "what is for scripts is not offered"
        );
    }
}
