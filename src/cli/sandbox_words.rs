//! What can be said to `sandbox`: stand-ins that stay until they are interrupted, and a story whose days go by.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Start a stand-in of WooCommerce and of QuickBooks on this machine
///
/// Prints a configuration and the environment for it, and runs until it is interrupted. Nothing leaves the machine and nothing is kept.
/// With --story it is a shop whose days go by, in a folder in which every command works: new orders, refunds, and what goes wrong in
/// a month.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Examples:\n  udsync sandbox --story\n  udsync sandbox --into demo\n  udsync sandbox --port 47310 --orders 2000"
)]
pub struct SandboxArgs {
    #[command(subcommand)]
    pub what: Option<SandboxCommand>,
    /// Begin a story in a folder of its own, or say where it stands; it is kept between commands
    #[arg(long, conflicts_with = "orders")]
    pub story: bool,
    /// Listen on this port and the next three; 0 takes any that are free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Write udsync.toml and sandbox.env into this folder instead of printing them; with --story, the folder of the story [default:
    /// udsync-story]
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
    /// Serve so many machine-made orders instead of the demonstration shop
    #[arg(long, value_name = "N")]
    pub orders: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Let the next day of the story come
    ///
    /// To be typed in the folder of a story. Says what happened, and which commands to try; what you did or left undone stays so.
    #[command(
        after_help = "Examples:\n  udsync sandbox next\n  udsync sandbox next --json\n  udsync sandbox next --quiet"
    )]
    Next,
    /// Do in the made-up books what a bookkeeper would do about today
    ///
    /// To be typed in the folder of a story: puts an edited document back, merges a customer that is there twice, opens a closed month.
    #[command(
        after_help = "Examples:\n  udsync sandbox mend\n  udsync sandbox mend --json\n  udsync sandbox mend --quiet"
    )]
    Mend,
    /// Say again which day of the story it is, and what to try
    #[command(
        after_help = "Examples:\n  udsync sandbox today\n  udsync sandbox today --json\n  udsync sandbox today --quiet"
    )]
    Today,
}
