//! `mapping`: the mapping files. What there is (`list`, `show`), whether it is right (`check`, `test`), what it makes of a
//! record (`preview`), what an edit changes (`diff`), and the way to other tools (`exchange`).
//!
//! Nothing in here writes to a service. A person's data is on the screen where somebody asked for a record, and in no log.

mod check;
mod diff;
mod exchange;
mod list;
mod preview;
mod records;
mod show;
mod test;
mod which;

use std::sync::Arc;

use clap::Subcommand;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::app::mappings::Folder;
use crate::config::{self, LocateError, process_env};
use crate::mapping::shipped::Shipped;
use crate::mapping::{Compiled, check as checked};
use crate::model::service::Service;

use super::args::Global;
use super::report::Failure;
use super::session::open_shop;

/// Look after the mapping files
///
/// A mapping says which fields of the shop feed which fields of the books or of the database. The program brings its own; a file of
/// the same name in the folder `mappings` beside udsync.toml wins over it. Start with `udsync mapping show orders`.
#[derive(Debug, Subcommand)]
pub enum MappingCommand {
    List(list::MappingListArgs),
    Show(show::ShowArgs),
    Check(check::MappingCheckArgs),
    Preview(preview::PreviewArgs),
    Test(test::MappingTestArgs),
    Diff(diff::DiffArgs),
    Import(exchange::ImportArgs),
    Export(exchange::ExportArgs),
}

/// Runs `mapping`.
pub async fn mapping(global: &Global, command: &MappingCommand) -> Result<u8, Failure> {
    match command {
        MappingCommand::List(args) => list::list(global, args),
        MappingCommand::Show(args) => show::show(global, args),
        MappingCommand::Check(args) => check::check(global, args).await,
        MappingCommand::Preview(args) => preview::preview(global, args).await,
        MappingCommand::Test(args) => test::test(global, args),
        MappingCommand::Diff(args) => diff::diff(global, args).await,
        MappingCommand::Import(args) => exchange::import(global, args),
        MappingCommand::Export(args) => exchange::export(global, args),
    }
}

/// Whose mappings they are: a shop's, or nobody's where no shop is set up. The shipped ones can be looked at anywhere.
struct MappingOwner {
    app: Option<App>,
    folder: Folder,
}

/// A mapping that can be worked with.
struct ReadyMapping<'b> {
    /// The shop's own file; `None` is the shipped one.
    file: Option<&'b str>,
    compiled: Arc<Compiled>,
}

impl ReadyMapping<'_> {
    /// `mappings/woocommerce-quickbooks/orders.toml`, or `shipped`.
    fn from(&self) -> &str {
        self.file.unwrap_or(SHIPPED)
    }
}

/// What stands where a file of the shop's own would be named.
const SHIPPED: &str = "shipped";

impl MappingOwner {
    fn open(global: &Global) -> Result<MappingOwner, Failure> {
        if global.config.is_none() && global.shop.is_none() {
            let here = std::env::current_dir().unwrap_or_default();
            let located = config::locate(None, None, &here, &process_env);
            if matches!(
                located,
                Err(LocateError::None { .. } | LocateError::NoHome(_))
            ) {
                return Ok(MappingOwner {
                    app: None,
                    folder: Folder::default(),
                });
            }
        }
        let app = open_shop(global)?;
        let folder = app.mapping_folder();
        Ok(MappingOwner {
            app: Some(app),
            folder,
        })
    }

    /// The shop's own, or the shipped one. Its own with mistakes is an error.
    fn ready(&self, of: &'static Shipped) -> Result<ReadyMapping<'_>, Failure> {
        let Some(own) = self.folder.own(of) else {
            return Ok(MappingOwner::shipped(of));
        };
        let compiled = own.checked.as_ref();
        let compiled = compiled.map_err(|mistakes| Failure::from_mapping(mistakes))?;
        Ok(ReadyMapping {
            file: Some(&own.file),
            compiled: compiled.clone(),
        })
    }

    fn shipped<'b>(of: &'static Shipped) -> ReadyMapping<'b> {
        let compiled = checked(&of.path(), of.text, &Default::default());
        ReadyMapping {
            file: None,
            compiled: Arc::new(compiled.expect("a test checks every shipped mapping")),
        }
    }

    /// What a mapping is told of the shop.
    fn settings(&self) -> Json {
        match &self.app {
            Some(app) => app.mapping_settings(),
            None => json!({
                "shop": "shop", "timezone": "UTC", "number_prefix": "", "home_currency": null,
            }),
        }
    }

    /// The targets that the configuration syncs to.
    fn targets(&self) -> &[Service] {
        self.app.as_ref().map_or(&[], |app| &app.config.sync.to)
    }

    fn shop(&self) -> Result<&App, Failure> {
        self.app.as_ref().ok_or_else(|| {
            Failure::new("config_not_found", "there is no `udsync.toml` here")
                .hint("set a shop up with `udsync init`, or name its file with `--config FILE`")
        })
    }
}
