//! `config`: shows, checks and finds the configuration.

use serde::Serialize;

use crate::config::{self, process_env};

use super::args::{ConfigCommand, Global, Output};
use super::out;
use super::report::{Failure, exit};
use super::session::{config_path, output};

/// Runs `config`.
pub fn config(global: &Global, command: &ConfigCommand) -> Result<u8, Failure> {
    let path = config_path(global)?;
    match command {
        ConfigCommand::Path => match output(global) {
            Output::Json => out::print_json(&FoundConfig {
                schema: "udsync/config-path/1",
                path: path.display().to_string(),
            }),
            Output::Text | Output::Csv => out::print(&format!("{}\n", path.display())),
        },
        ConfigCommand::Check => {
            config::load(&path).map_err(|error| Failure::from_load(&error))?;
            match output(global) {
                Output::Json => out::print_json(&Checked {
                    schema: "udsync/config-check/1",
                    path: path.display().to_string(),
                    ok: true,
                }),
                Output::Text | Output::Csv => {
                    out::answer(&format!("{} is in order\n", path.display()))
                }
            }
        }
        ConfigCommand::Show => {
            let config = config::load(&path).map_err(|error| Failure::from_load(&error))?;
            let values = config::show(&config, &process_env);
            match output(global) {
                Output::Json => out::print_json(&config::config_document(&values)),
                Output::Text | Output::Csv => {
                    for setting in values {
                        out::answer(&format!(
                            "{} = {}  # {}\n",
                            setting.key, setting.value, setting.origin
                        ));
                    }
                }
            }
        }
    }
    Ok(exit::DONE)
}

#[derive(Serialize)]
struct FoundConfig {
    schema: &'static str,
    path: String,
}

#[derive(Serialize)]
struct Checked {
    schema: &'static str,
    path: String,
    ok: bool,
}
