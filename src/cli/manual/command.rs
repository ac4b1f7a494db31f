//! The manual page of one command, made from the command tree: it cannot disagree with what is taken, nor with `--help`.

use clap::{Arg, ArgAction, Command};

use crate::model::service::Service;

use super::about::{self, About, EXITS};
use super::roff::{RoffPage, WIDEST, bold, escaped, italic};

/// Where what is known of a shop lies, and what it is.
const FILES: [(&str, &str); 4] = [
    (
        "udsync.toml",
        "the configuration, in the working folder; `--config` names another file",
    ),
    (
        "~/.config/udsync/SHOP.toml",
        "the configuration that `--shop SHOP` means, below `XDG_CONFIG_HOME` where that is set",
    ),
    (
        "~/.local/state/udsync/SHOP.db",
        "what is known of past runs, below `XDG_STATE_HOME` where that is set; `state` in `[shop]` or `--state` names another file",
    ),
    (
        "mappings/",
        "mapping files of the shop's own, beside the configuration",
    ),
];

/// What is read besides the credentials of the services.
const ALSO_READ: [(&str, &str); 3] = [
    (
        "UDSYNC_KEY, UDSYNC_KEY_FILE, UDSYNC_PASSPHRASE",
        "what opens the stored credentials",
    ),
    (
        "HTTPS_PROXY, NO_PROXY",
        "the proxy between this machine and the services",
    ),
    ("NO_COLOR", "no colours, as `--color never`"),
];

/// The page of a command, whose name and whose place in the tree are those that people type.
pub fn page(command: &Command, spoken: &str) -> String {
    let words = spoken.strip_prefix("udsync").unwrap_or(spoken).trim();
    let about = about::of(words);
    let first = text_of(command.get_about());
    let mut page = RoffPage::new(&spoken.replace(' ', "-"), "1", &lowered(&first));
    page.heading("SYNOPSIS");
    synopsis(&mut page, command, spoken);
    page.heading("DESCRIPTION");
    let long = command
        .get_long_about()
        .map_or_else(|| first.clone(), ToString::to_string);
    // The first line is the name's already.
    let told = long.strip_prefix(&first).unwrap_or(&long).trim();
    let told = if told.is_empty() { &first } else { told };
    for paragraph in told.split("\n\n") {
        page.paragraph(&prose(&sentence(paragraph)));
    }
    subcommands(&mut page, command, spoken);
    options(&mut page, command);
    exit_status(&mut page, about);
    environment(&mut page, about);
    page.heading("FILES");
    for (file, what) in FILES {
        page.term(&italic(&escaped(file)), &[prose(what)]);
    }
    let examples = examples(command);
    if !examples.is_empty() {
        page.heading("EXAMPLES");
        let lines: Vec<String> = examples
            .iter()
            .flat_map(|line| folded(line))
            .map(|line| escaped(&line))
            .collect();
        page.block(lines.iter().map(String::as_str), 0);
    }
    see_also(&mut page, command, spoken, about);
    page.finish()
}

/// The example lines of a command's help.
pub fn examples(command: &Command) -> Vec<String> {
    let help = text_of(command.get_after_help());
    help.split_once("Example")
        .map(|(_, rest)| rest)
        .unwrap_or_default()
        .lines()
        .skip(1)
        .map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// A command line in as many lines as a page needs for it. It breaks before a flag, or before where it reads and writes.
fn folded(line: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in line.split(' ') {
        let begins = ["--", "<", ">"].iter().any(|mark| word.starts_with(mark));
        match parts.last_mut() {
            Some(part) if !begins => {
                part.push(' ');
                part.push_str(word);
            }
            _ => parts.push(word.to_owned()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(held) if held.chars().count() + part.chars().count() + 3 <= WIDEST - 2 => {
                held.push(' ');
                held.push_str(&part);
            }
            Some(held) => {
                held.push_str(" \\");
                lines.push(format!("  {part}"));
            }
            None => lines.push(part),
        }
    }
    lines
}

/// What is typed, the most important first: what the command is about, what it needs, its own flags, and one word for those that
/// every command has.
fn synopsis(page: &mut RoffPage, command: &Command, spoken: &str) {
    let mut line = bold(&escaped(spoken));
    let mut say = |word: String| {
        line.push(' ');
        line.push_str(&word);
    };
    if command.has_subcommands() {
        let word = italic("COMMAND");
        say(match command.is_subcommand_required_set() {
            true => word,
            false => format!("[{word}]"),
        });
    }
    for argument in command.get_positionals() {
        say(bracketed(argument, value(argument)));
    }
    let own = || shown(command).filter(|argument| !is_everywhere(argument));
    for argument in own().filter(|argument| argument.is_required_set()) {
        say(flag(argument));
    }
    for argument in own().filter(|argument| !argument.is_required_set()) {
        say(bracketed(argument, flag(argument)));
    }
    say(format!("[{}]", italic("GLOBAL OPTIONS")));
    // A flag stays beside its value.
    page.text(&line);
}

/// Flags that are not hidden, in the order in which the command declares them.
fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|argument| !argument.is_positional() && !argument.is_hide_set())
}

/// Whether every command has it.
fn is_everywhere(argument: &Arg) -> bool {
    argument.get_help_heading() == Some("Global options")
        || ["help", "version"].contains(&argument.get_id().as_str())
}

fn bracketed(argument: &Arg, words: String) -> String {
    if argument.is_required_set() {
        words
    } else {
        format!("[{words}]")
    }
}

fn flag(argument: &Arg) -> String {
    let name = match (argument.get_long(), argument.get_short()) {
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => argument.get_id().to_string(),
    };
    let name = bold(&escaped(&name));
    // `\ ` is a space at which no line ends.
    match takes_value(argument) {
        true => format!("{name}\\ {}", value(argument)),
        false => name,
    }
}

fn takes_value(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
}

/// The value's name, with dots where there may be several.
fn value(argument: &Arg) -> String {
    let names = argument.get_value_names().map_or_else(
        || argument.get_id().to_string().to_uppercase(),
        |names| names.join(" "),
    );
    let several = matches!(argument.get_action(), ArgAction::Append)
        || argument
            .get_num_args()
            .is_some_and(|count| count.max_values() > 1);
    let dots = if several { "..." } else { "" };
    let value = format!("{}{dots}", italic(&escaped(&names)));
    let may_be_absent = !argument.is_positional()
        && argument
            .get_num_args()
            .is_some_and(|count| count.min_values() == 0);
    if may_be_absent {
        format!("[{value}]")
    } else {
        value
    }
}

fn subcommands(page: &mut RoffPage, command: &Command, spoken: &str) {
    if !command.has_subcommands() {
        return;
    }
    page.heading("COMMANDS");
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let term = bold(&escaped(&format!("{spoken} {}", sub.get_name())));
        page.term(&term, &[prose(&text_of(sub.get_about()))]);
    }
}

/// Arguments and flags, under the headings that the help gives them.
fn options(page: &mut RoffPage, command: &Command) {
    let mut headings: Vec<Option<&str>> = vec![None];
    for argument in shown(command) {
        let heading = argument.get_help_heading();
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        let arguments = command
            .get_positionals()
            .chain(shown(command))
            .filter(|argument| argument.get_help_heading() == heading);
        for (at, argument) in arguments.enumerate() {
            if at == 0 {
                page.heading(heading.unwrap_or("Options"));
            }
            option(page, argument);
        }
    }
}

fn option(page: &mut RoffPage, argument: &Arg) {
    let term = match (argument.is_positional(), argument.get_short()) {
        (true, _) => value(argument),
        (false, Some(short)) if argument.get_long().is_some() => {
            format!(
                "{}, {}",
                bold(&escaped(&format!("-{short}"))),
                flag(argument)
            )
        }
        (false, _) => flag(argument),
    };
    let help = argument
        .get_long_help()
        .or_else(|| argument.get_help())
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut told = vec![prose(&help)];
    let values = argument.get_possible_values();
    if takes_value(argument) && !values.is_empty() {
        let names: Vec<String> = values
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| {
                let name = bold(&escaped(value.get_name()));
                match value.get_help() {
                    Some(help) => format!("{name} ({})", prose(&lowered(&help.to_string()))),
                    None => name,
                }
            })
            .collect();
        told.push(format!("One of: {}", names.join(", ")));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| bold(&escaped(&value.to_string_lossy())))
        .collect();
    if takes_value(argument) && !defaults.is_empty() {
        told.push(format!("Default: {}", defaults.join(", ")));
    }
    page.term(&term, &told);
}

fn exit_status(page: &mut RoffPage, about: &About) {
    page.heading("EXIT STATUS");
    for (code, meaning) in EXITS {
        if about.exits.contains(&code) {
            page.term(&bold(&code.to_string()), &[prose(meaning)]);
        }
    }
}

fn environment(page: &mut RoffPage, about: &About) {
    page.heading("ENVIRONMENT");
    page.term(
        &format!("{}{}", bold("UDSYNC_"), italic("SOME_FLAG")),
        &[prose("the same as `--some-flag`; what is typed wins")],
    );
    if about.signs_in {
        let of_services = Service::ALL
            .into_iter()
            .flat_map(|service| service.row().in_manual);
        for (fields, what) in of_services {
            let names: Vec<&str> = fields.iter().map(|field| field.variable).collect();
            page.term(&bold(&escaped(&names.join(", "))), &[prose(what)]);
        }
        for (names, what) in ALSO_READ {
            page.term(&bold(&escaped(names)), &[prose(what)]);
        }
    }
}

/// The command above, those below or beside, and the pages that tell more.
fn see_also(page: &mut RoffPage, command: &Command, spoken: &str, about: &About) {
    let mut pages: Vec<String> = Vec::new();
    if let Some((above, _)) = spoken.rsplit_once(' ') {
        pages.push(format!("{}.1", above.replace(' ', "-")));
    }
    let below = command.get_subcommands().map(clap::Command::get_name);
    pages.extend(
        below
            .filter(|name| *name != "help")
            .map(|name| format!("{}-{name}.1", spoken.replace(' ', "-"))),
    );
    pages.extend(about.guides.iter().map(|file| (*file).to_owned()));
    let named: Vec<String> = pages
        .iter()
        .filter_map(|file| file.rsplit_once('.'))
        .map(|(name, section)| format!("{}({section})", bold(&escaped(name))))
        .collect();
    page.heading("SEE ALSO");
    page.text(&named.join(", "));
}

fn text_of(words: Option<&clap::builder::StyledStr>) -> String {
    words.map(ToString::to_string).unwrap_or_default()
}

/// The help's own words with what stands in backticks in bold.
fn prose(words: &str) -> String {
    words
        .split('`')
        .enumerate()
        .map(|(at, part)| match at % 2 {
            0 => escaped(part),
            _ => bold(&escaped(part)),
        })
        .collect()
}

/// Without its capital, unless the word is a name.
fn lowered(words: &str) -> String {
    let first = words.split_whitespace().next().unwrap_or_default();
    let rest_is_small = first.chars().skip(1).all(|mark| !mark.is_uppercase());
    let mut marks = words.chars();
    match marks.next() {
        Some(mark) if rest_is_small => mark.to_lowercase().chain(marks).collect(),
        _ => words.to_owned(),
    }
}

/// With a full stop at its end.
fn sentence(words: &str) -> String {
    if words.ends_with(['.', ':', '?']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_example_goes_on_in_the_next_line() {
        let long = "udsync schedule add --name nightly --cron \"0 2 * * *\" --mode full orders --yes --max-changes 200";
        assert_eq!(
            folded(long),
            [
                "udsync schedule add --name nightly --cron \"0 2 * * *\" \\",
                "  --mode full orders --yes --max-changes 200"
            ]
        );
        assert_eq!(
            folded("udsync man sync | man -l -"),
            ["udsync man sync | man -l -"]
        );
    }

    #[test]
    fn a_name_keeps_its_capitals() {
        assert_eq!(lowered("Show past runs"), "show past runs");
        assert_eq!(lowered("SQL that is missing"), "SQL that is missing");
        assert_eq!(sentence("Show past runs"), "Show past runs.");
        assert_eq!(
            prose("by `udsync x-y` only"),
            "by \\fBudsync x\\-y\\fR only"
        );
    }

    #[test]
    fn a_page_has_its_parts_in_the_order_of_man() {
        let found = super::super::commands();
        let (spoken, sync) = found
            .iter()
            .find(|(spoken, _)| spoken == "udsync sync")
            .expect("there is a sync");
        let page = page(sync, spoken);
        let heads: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "))
            .collect();
        assert_eq!(
            heads,
            [
                "\"NAME\"",
                "\"SYNOPSIS\"",
                "\"DESCRIPTION\"",
                "\"OPTIONS\"",
                "\"GLOBAL OPTIONS\"",
                "\"EXIT STATUS\"",
                "\"ENVIRONMENT\"",
                "\"FILES\"",
                "\"EXAMPLES\"",
                "\"SEE ALSO\""
            ]
        );
        let synopsis = page
            .lines()
            .skip_while(|line| !line.ends_with("\"SYNOPSIS\""))
            .nth(1);
        let synopsis = synopsis.expect("it has one");
        assert!(
            synopsis.starts_with(
                "\\fBudsync sync\\fR \\fIENTITY\\fR... [\\fB\\-\\-to\\fR\\ \\fITARGET\\fR"
            ),
            "{synopsis}"
        );
        assert!(synopsis.ends_with("[\\fIGLOBAL OPTIONS\\fR]"), "{synopsis}");
    }
}
