//! `config`: shows, checks and finds the configuration.

use std::path::Path;

use serde::Serialize;

use crate::config::{self, process_env};

use super::args::{ConfigCommand, FleetArgs, Global, Output};
use super::fleet::all::{ShopAnswer, over_all};
use super::out;
use super::report::{Failure, exit};
use super::session::{config_path, output};

/// Runs `config`.
pub async fn config(global: &Global, command: &ConfigCommand) -> Result<u8, Failure> {
    if let ConfigCommand::Check(fleet) = command
        && fleet.all_shops
    {
        return check_all(global, fleet).await;
    }
    let path = config_path(global)?;
    match command {
        ConfigCommand::Path => match output(global) {
            Output::Json => out::print_json(&FoundConfig {
                schema: "udsync/config-path/1",
                path: path.display().to_string(),
            }),
            Output::Text | Output::Csv => out::print(&format!("{}\n", path.display())),
        },
        ConfigCommand::Check(_) => {
            let checked = check(&path)?;
            match output(global) {
                Output::Json => out::print_json(&checked),
                Output::Text | Output::Csv => {
                    out::answer(&format!("{} is in order\n", checked.path))
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

fn check(path: &Path) -> Result<Checked, Failure> {
    config::load(path).map_err(|error| Failure::from_load(&error))?;
    Ok(Checked {
        schema: "udsync/config-check/1",
        path: path.display().to_string(),
        ok: true,
    })
}

/// `config check --all-shops`.
async fn check_all(global: &Global, fleet: &FleetArgs) -> Result<u8, Failure> {
    over_all(global, fleet, "config check", async |global, _| {
        let checked = check(&config_path(&global)?)?;
        let said = format!("{} is in order", checked.path);
        ShopAnswer::new(exit::DONE, &said, &checked)
    })
    .await
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
