//! The flags that name a file of payouts.

use std::path::PathBuf;

use clap::Args;

use super::file::is_stream;
use super::report::Failure;
use crate::app::App;
use crate::run::RunSubject;
use crate::run::payouts_file::PayoutsFile;

#[derive(Debug, Clone, Default, Args)]
pub struct PayoutsFileArgs {
    /// Read payouts from this CSV file of a payment service, or from standard input with `-`
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

impl PayoutsFileArgs {
    /// A file is one shop's.
    pub fn not_for_all(&self) -> Result<(), Failure> {
        match &self.file {
            None => Ok(()),
            Some(_) => Err(Failure::new(
                "usage",
                "a file of payouts is of one shop, and `--all-shops` is about all of them",
            )
            .hint("name the shop: `udsync sync payouts --file FILE --shop NAME`")),
        }
    }

    /// Reads the file, if one is named.
    pub fn read(&self, app: &App, gateway: Option<&str>) -> Result<Option<PayoutsFile>, Failure> {
        let Some(path) = self.file.as_deref() else {
            return Ok(None);
        };
        let file = match is_stream(path) {
            true => PayoutsFile::of_stream(app, std::io::stdin(), gateway),
            false => PayoutsFile::read(app, path, gateway),
        };
        file.map(Some)
    }

    /// Puts the file where the payouts come from.
    pub fn lay_into(
        &self,
        subject: &mut RunSubject,
        app: &App,
        gateway: Option<&str>,
    ) -> Result<(), Failure> {
        match subject {
            RunSubject::Payouts(wanted) => wanted.file = self.read(app, gateway)?,
            _ if self.file.is_some() || gateway.is_some() => {
                return Err(Failure::new(
                    "usage",
                    "a file is one of payouts, and nothing else comes out of it",
                )
                .hint("`udsync sync payouts --file FILE`"));
            }
            _ => {}
        }
        Ok(())
    }
}
