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
        let firsts: Vec<String> = command
            .get_subcommands()
            .filter_map(|sub| {
                let help = sub.get_after_help()?.to_string();
                help.lines().nth(1).map(str::to_owned)
            })
            .take(3)
            .collect();
        if !firsts.is_empty() {
            command = command.after_help(format!("Examples:\n{}", firsts.join("\n")));
        }
    }
    command.help_template(HELP)
}
