//! Fleet: one command for every shop of the configuration folder, with one summary and one exit code.
//!
//! Each shop is opened, run and judged exactly as it is by itself: its own configuration, credentials, state, lock and guards. What is
//! wrong with one keeps nothing from the others, and nobody is asked anything.

pub mod all;
pub mod looks;
pub mod refusals;
pub mod runs;
mod severity;
