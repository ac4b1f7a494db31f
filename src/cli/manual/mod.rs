//! `man` and `completions`: made from the command tree and from the pages in `man/`, so that they cannot disagree with either.
//!
//! A command's page is made from the tree, a page about a matter from its Markdown. Both are printed, and both can be put where
//! `man` looks for them.

mod about;
pub mod codes;
mod command;
mod guides;
mod markdown;
mod reading;
mod roff;
pub mod settings;

use std::io::IsTerminal;
use std::path::Path;

use clap_complete::Shell;

pub use self::about::EXITS;
pub use self::command::examples;
pub use self::guides::GUIDES;
pub use super::args::command;
use super::args::{CompletionsArgs, ManArgs};
use super::complete::scripts::script;
use super::out;
use super::report::{Failure, exit};

/// The shells whose completions are checked in.
pub const SHELLS: [(Shell, &str); 5] = [
    (Shell::Bash, "udsync.bash"),
    (Shell::Zsh, "_udsync"),
    (Shell::Fish, "udsync.fish"),
    (Shell::PowerShell, "_udsync.ps1"),
    (Shell::Elvish, "udsync.elv"),
];

/// Runs `completions`.
pub fn completions(args: &CompletionsArgs) -> Result<u8, Failure> {
    let clap = args.shell.of_clap().filter(|_| !args.dynamic);
    if let Some(shell) = clap {
        out::print(&completion_script(shell));
        return Ok(exit::DONE);
    }
    let asks = script(args.shell).ok_or_else(|| {
        Failure::new(
            "usage",
            "this shell has no way to ask a program while somebody types",
        )
        .hint("leave out `--dynamic`")
    })?;
    out::print(asks);
    Ok(exit::DONE)
}

/// Runs `man`.
pub fn man(args: &ManArgs) -> Result<u8, Failure> {
    if let Some(folder) = &args.into {
        return install(folder);
    }
    if args.list {
        out::answer(&list());
        return Ok(exit::DONE);
    }
    let pages = pages();
    let wanted = args.page.join("-");
    let page = names(&wanted)
        .into_iter()
        .find_map(|wanted| pages.iter().find(|(name, _)| *name == wanted));
    let (name, text) = page.ok_or_else(|| {
        Failure::new(
            "command_unknown",
            format!(
                "there is no command `{}`, and no page of that name",
                args.page.join(" ")
            ),
        )
        .hint("`udsync man --list` lists them")
    })?;
    match std::io::stdout().is_terminal() {
        true => reading::show(name, text),
        false => out::print(text),
    }
    Ok(exit::DONE)
}

/// The files that a word may mean, the likeliest first: a command before a page, and each with or without its section.
fn names(word: &str) -> Vec<String> {
    if word.is_empty() || word == "udsync" {
        return vec!["udsync.1".to_owned()];
    }
    let bare = word.strip_prefix("udsync-").unwrap_or(word);
    let mut names = vec![format!("udsync-{bare}"), bare.to_owned()];
    for section in ["1", "5", "7"] {
        names.push(format!("udsync-{bare}.{section}"));
        names.push(format!("{bare}.{section}"));
    }
    names
}

/// Each page that is no command's, and each command, with what it is about.
fn list() -> String {
    let mut rows: Vec<(String, String)> = GUIDES
        .iter()
        .map(|(file, text)| {
            let name = file.strip_prefix("udsync-").unwrap_or(file);
            let (name, section) = name.rsplit_once('.').unwrap_or((name, ""));
            // A command of the same name comes first.
            let shown = match command().find_subcommand(name) {
                Some(_) => format!("{name}.{section}"),
                None => name.to_owned(),
            };
            (shown, guides::about(text).to_owned())
        })
        .collect();
    let root = command();
    let shown = root.get_subcommands().filter(|sub| !sub.is_hide_set());
    rows.extend(shown.map(|sub| {
        let about = sub.get_about().map(ToString::to_string);
        (sub.get_name().to_owned(), about.unwrap_or_default())
    }));
    let wide = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, about)| format!("udsync man {name:wide$}  {about}\n"))
        .collect()
}

/// Puts every page where `man` finds it: `man1`, `man5` and `man7` below the folder.
fn install(folder: &Path) -> Result<u8, Failure> {
    let pages = pages();
    for (name, text) in &pages {
        let section = name.rsplit_once('.').map_or("1", |(_, section)| section);
        let below = folder.join(format!("man{section}"));
        let path = below.join(name);
        std::fs::create_dir_all(&below)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| {
                Failure::new(
                    "file_unwritten",
                    format!("could not write `{}`: {error}", path.display()),
                )
                .hint("name a folder that can be written to")
            })?;
    }
    out::say(&format!(
        "{} pages are in `{}`",
        pages.len(),
        folder.display()
    ));
    Ok(exit::DONE)
}

/// One shell's script.
pub fn completion_script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "udsync", &mut script);
    String::from_utf8(script).expect("completion scripts are text")
}

/// Every manual page with its file name: one for udsync, one for each command however deep it lies, and one for each matter.
pub fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = commands()
        .iter()
        .map(|(spoken, sub)| {
            let file = format!("{}.1", spoken.replace(' ', "-"));
            (file, command::page(sub, spoken))
        })
        .collect();
    pages.extend(guides::pages());
    pages
}

/// The names of all pages, none of which is made for that.
pub fn page_names() -> Vec<String> {
    let of_commands = commands().into_iter();
    let of_commands = of_commands.map(|(spoken, _)| spoken.replace(' ', "-"));
    let of_guides = GUIDES
        .iter()
        .filter_map(|(file, _)| Some(file.rsplit_once('.')?.0.to_owned()));
    of_commands.chain(of_guides).collect()
}

/// Every command however deep it lies, with the words by which it is called.
pub fn commands() -> Vec<(String, clap::Command)> {
    let mut root = command();
    root.build();
    let mut found = Vec::new();
    let mut waiting = vec![("udsync".to_owned(), root)];
    while let Some((spoken, command)) = waiting.pop() {
        for sub in command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help" && !sub.is_hide_set())
        {
            waiting.push((format!("{spoken} {}", sub.get_name()), sub.clone()));
        }
        found.push((spoken, command));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}
