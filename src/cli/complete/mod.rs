//! Completion while somebody types: what can stand at a place of a command line, known values of this shop among it.
//!
//! The scripts of `completions --dynamic` ask `udsync complete-line` at each press of the key. So a shell offers runs, problems,
//! schedules, shops, mappings, checks, codes and zones by name, and never an option that an older script knew.

mod line;
pub mod scripts;
mod values;

use super::args::{Global, command};
use super::out;
use super::report::{Failure, exit};

use scripts::CompleteLineArgs;

/// Runs `complete-line`. What cannot be found out is no candidate, and no error on somebody's prompt.
pub fn complete_line(global: &Global, args: &CompleteLineArgs) -> Result<u8, Failure> {
    let words: Vec<String> = args
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let mut root = command();
    root.build();
    let place = line::place(&root, &words);
    let known = values::known(global, &words);
    for candidate in line::candidates(&place, &known) {
        let help = candidate.help.replace(['\t', '\n'], " ");
        out::print(&format!("{}\t{help}\n", candidate.word));
    }
    Ok(exit::DONE)
}
