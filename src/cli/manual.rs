//! `man` and `completions`: made from the command tree, so that they cannot disagree with it.

use clap_complete::Shell;

pub use super::args::command;
use super::args::{CompletionsArgs, ManArgs};
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
    out::print(&completion_script(args.shell));
    Ok(exit::DONE)
}

/// Runs `man`.
pub fn man(args: &ManArgs) -> Result<u8, Failure> {
    let wanted = match &args.command {
        None => "udsync.1".to_owned(),
        Some(name) => format!("udsync-{name}.1"),
    };
    let page = pages()
        .into_iter()
        .find(|(name, _)| *name == wanted)
        .ok_or_else(|| {
            Failure::new(
                exit::USAGE,
                "command_unknown",
                format!(
                    "there is no command `{}`",
                    args.command.as_deref().unwrap_or_default()
                ),
            )
            .hint("`udsync help` lists them")
        })?;
    out::print(&page.1);
    Ok(exit::DONE)
}

/// One shell's script.
pub fn completion_script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "udsync", &mut script);
    String::from_utf8(script).expect("completion scripts are text")
}

/// Every manual page with its file name: one for udsync, and one for each command however deep it lies.
pub fn pages() -> Vec<(String, String)> {
    let mut root = command();
    root.build();
    let mut pages = vec![("udsync.1".to_owned(), page(root.clone()))];
    add_pages(&root, "udsync", &mut pages);
    pages
}

fn add_pages(command: &clap::Command, above: &str, pages: &mut Vec<(String, String)>) {
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let spoken = format!("{above} {}", sub.get_name());
        let name = spoken.replace(' ', "-");
        let titled = sub.clone().name(name.clone()).bin_name(spoken.clone());
        pages.push((format!("{name}.1"), page(titled)));
        add_pages(sub, &spoken, pages);
    }
}

fn page(command: clap::Command) -> String {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .expect("a vector takes everything");
    String::from_utf8(page).expect("manual pages are text")
}
