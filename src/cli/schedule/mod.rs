//! `schedule`: syncs that run by themselves. What there is (`define`, `show`), who works it off (`run`), and how the
//! system is told to start that (`install`).

mod define;
mod install;
mod run;
mod show;
mod system;

use clap::Subcommand;

pub use run::{ScheduledRun, say_word};
pub use system::System;

use super::args::Global;
use super::report::Failure;

/// Let syncs run by themselves
///
/// Schedules are kept in the state file. Something must work them off: `udsync schedule run` does, in the foreground, and
/// `udsync schedule install` lets the system start it.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    Add(define::ScheduleAddArgs),
    List(show::ScheduleListArgs),
    Edit(define::EditArgs),
    Enable(define::EnableArgs),
    Disable(define::DisableArgs),
    Remove(define::ScheduleRemoveArgs),
    Next(show::NextArgs),
    Run(run::RunArgs),
    Install(install::InstallArgs),
    Uninstall(install::UninstallArgs),
}

impl ScheduleCommand {
    /// Whether its answer can be a table for a spreadsheet.
    pub fn has_csv(&self) -> bool {
        !matches!(
            self,
            ScheduleCommand::Remove(_)
                | ScheduleCommand::Run(_)
                | ScheduleCommand::Install(_)
                | ScheduleCommand::Uninstall(_)
        )
    }
}

/// Runs `schedule`.
pub async fn schedule(global: &Global, command: &ScheduleCommand) -> Result<u8, Failure> {
    match command {
        ScheduleCommand::Add(args) => define::add(global, args),
        ScheduleCommand::List(args) => show::list(global, args).await,
        ScheduleCommand::Edit(args) => define::edit(global, args),
        ScheduleCommand::Enable(args) => define::enable(global, args),
        ScheduleCommand::Disable(args) => define::disable(global, args),
        ScheduleCommand::Remove(args) => define::remove(global, args),
        ScheduleCommand::Next(args) => show::next(global, args),
        ScheduleCommand::Run(args) => run::run(global, args).await,
        ScheduleCommand::Install(args) => install::install(global, args),
        ScheduleCommand::Uninstall(args) => install::uninstall(global, args),
    }
}
