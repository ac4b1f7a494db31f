//! Where the examples of a command stand in its help: right behind what it is for.

/// Help opens with what a command is for and how it is typed; what else can be said to it comes after.
const HELP: &str = "{about}{after-help}\n\n{usage-heading} {usage}\n\n{all-args}";

/// Examples first, for each command; a group of commands shows one of each of its first three.
pub fn with_examples(mut command: clap::Command) -> clap::Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in &names {
        command = command.mut_subcommand(name, with_examples);
    }
    if command.get_after_help().is_none() {
        let helps: Vec<String> = command
            .get_subcommands()
            .filter_map(|sub| Some(sub.get_after_help()?.to_string()))
            .collect();
        // The first of each, and where there are fewer than three, the next of each.
        let firsts: Vec<&str> = (1..=3)
            .flat_map(|nth| helps.iter().filter_map(move |help| help.lines().nth(nth)))
            .take(3)
            .collect();
        if !firsts.is_empty() {
            command = command.after_help(format!("Examples:\n{}", firsts.join("\n")));
        }
    }
    command.help_template(HELP)
}
