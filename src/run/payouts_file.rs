//! Payouts out of a file: which mapping it is read with, and the file as a payment service that is asked like any other.
//!
//! A file is no service: it knows what was paid out, and nobody can ask it for more, or for anything else than an answer.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::failure::Failure;
use crate::app::App;
use crate::connector::port::GatewayReader;
use crate::files;
use crate::mapping::payouts_file::{
    FiledPayouts, PayoutsMapping, SHIPPED_PAYOUTS, fits, no_table, payouts_mapping, read_payouts,
};
use crate::model::fault::Fault;
use crate::model::payout::{GatewayBalance, PaymentService, Payout, PayoutRow};
use crate::model::plan::PayoutsFileNamed;

/// No year of a shop is longer.
const FILE_MAX: u64 = 64 * 1024 * 1024;
const MAPPING_MAX: u64 = 256 * 1024;
/// Where in the folder of mappings those of payouts lie.
const FOLDER: &str = "payouts";
const STREAM: &str = "standard input";

/// A file of payouts, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutsFile {
    /// Where it can be read again; `None`: it came by standard input.
    pub path: Option<PathBuf>,
    pub filed: Arc<FiledPayouts>,
}

impl PayoutsFile {
    /// Reads it with the mapping of that name, or with the only one that fits.
    pub fn read(app: &App, path: &Path, gateway: Option<&str>) -> Result<PayoutsFile, Failure> {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy();
        let bytes = files::read(path, FILE_MAX).map_err(|error| {
            Failure::new(
                "file_unreadable",
                format!("could not read `{}`: {error}", path.display()),
            )
            .hint("name the file that the payment service gave you: `udsync payouts check --file FILE`")
        })?;
        let file = PayoutsFile::of(app, &bytes, &name, gateway)?;
        Ok(PayoutsFile {
            path: Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
            ..file
        })
    }

    /// Reads what came by a stream, which is there once.
    pub fn of_stream(
        app: &App,
        stream: impl Read,
        gateway: Option<&str>,
    ) -> Result<PayoutsFile, Failure> {
        let bytes = whole(stream).map_err(|error| {
            Failure::new(
                "file_unreadable",
                format!("could not read {STREAM}: {error}"),
            )
            .hint("save it to a file: `udsync payouts check --file FILE`")
        })?;
        PayoutsFile::of(app, &bytes, STREAM, gateway)
    }

    fn of(
        app: &App,
        bytes: &[u8],
        name: &str,
        gateway: Option<&str>,
    ) -> Result<PayoutsFile, Failure> {
        let mapping = mapping_for(app, bytes, name, gateway)?;
        let zone = app.config.rules.timezone;
        let today = app.clock.now().with_timezone(&zone).date_naive();
        let filed = read_payouts(bytes, name, &mapping, today).map_err(|unfit| {
            let failure = Failure::new("payouts_file_wrong", unfit.message);
            failure.hint(unfit.hint.unwrap_or_else(|| LOOK.to_owned()))
        })?;
        Ok(PayoutsFile {
            path: None,
            filed: Arc::new(filed),
        })
    }

    /// Whether a payout of that id is in it, or the id is that of a bill of its service.
    pub fn has(&self, id: &str) -> bool {
        let bill = format!("fees-{}-", self.filed.service.name.as_str());
        let mut payouts = self.filed.payouts.iter();
        id.starts_with(&bill) || payouts.any(|(payout, _)| payout.id == id)
    }

    /// As a plan that is made of it names it.
    pub(super) fn named(&self) -> Option<PayoutsFileNamed> {
        Some(PayoutsFileNamed {
            path: self.path.as_ref()?.display().to_string(),
            gateway: self.filed.service.name.as_str().to_owned(),
        })
    }

    /// The first day of the month in which the first of them arrives.
    pub(super) fn since(&self) -> Option<NaiveDate> {
        let payouts = self.filed.payouts.iter();
        let first = payouts.map(|(payout, _)| payout.arrives).min()?;
        chrono::Datelike::with_day(&first, 1)
    }
}

const LOOK: &str = "`udsync man payouts.7` says what a file must have";

fn whole(stream: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()).is_ok_and(|length| length <= FILE_MAX) {
        true => Ok(bytes),
        false => Err(std::io::Error::other("it is larger than 64 MB")),
    }
}

/// The mapping that is asked for, or the only one whose columns the file has.
fn mapping_for(
    app: &App,
    bytes: &[u8],
    name: &str,
    gateway: Option<&str>,
) -> Result<PayoutsMapping, Failure> {
    if let Some(why) = no_table(bytes) {
        let said = format!("`{name}` {why}");
        return Err(Failure::new("payouts_file_wrong", said).hint(LOOK));
    }
    let known = known(app)?;
    let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join("`, `");
    if let Some(gateway) = gateway {
        let mut one = known.into_iter().filter(|(name, _)| name == gateway);
        return one.next().map(|(_, mapping)| mapping).ok_or_else(|| {
            Failure::new(
                "mapping_unknown",
                format!("there is no mapping of payouts for `{gateway}`"),
            )
            .hint(format!(
                "there are `{names}`; `udsync man payouts.7` says how to write one"
            ))
        });
    }
    let mut fitting: Vec<_> = known
        .into_iter()
        .filter(|(_, mapping)| fits(bytes, mapping))
        .collect();
    match (fitting.len(), fitting.pop()) {
        (1, Some((_, mapping))) => Ok(mapping),
        (0, _) => {
            let said = format!("no mapping of payouts has the columns of `{name}`");
            Err(Failure::new("payouts_file_wrong", said).hint(format!(
                "name the payment service with `--gateway NAME` to see what is missing: there are `{names}`; `udsync man payouts.7` says how to write another"
            )))
        }
        (_, last) => {
            let mut fit: Vec<String> = fitting
                .into_iter()
                .chain(last)
                .map(|(name, _)| name)
                .collect();
            fit.sort();
            let said = format!(
                "several mappings have the columns of `{name}`: `{}`",
                fit.join("`, `")
            );
            Err(Failure::new("payouts_file_wrong", said)
                .hint("say which one with `--gateway NAME`"))
        }
    }
}

/// What lies in a folder, which need not be there. One that cannot be read is told: in it may lie what stands for a mapping of the
/// program.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unread = |error: std::io::Error| {
        Failure::new(
            "mapping_invalid",
            format!("could not read `{}`: {error}", folder.display()),
        )
        .hint(LOOK)
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unread(error)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<Result<_, _>>().map_err(unread)
}

/// The shop's own mappings, and those of the program that none of them stands for.
fn known(app: &App) -> Result<Vec<(String, PayoutsMapping)>, Failure> {
    let mut texts: Vec<(String, String, String)> = SHIPPED_PAYOUTS
        .iter()
        .map(|(name, text)| {
            (
                (*name).to_owned(),
                format!("mappings/{FOLDER}/{name}.toml"),
                (*text).to_owned(),
            )
        })
        .collect();
    let folder = app.config.beside(&app.config.mapping.folder).join(FOLDER);
    for path in entries(&folder)? {
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        let Some(name) = name.filter(|_| path.extension().is_some_and(|end| end == "toml")) else {
            continue;
        };
        let text = files::read_text(&path, MAPPING_MAX).map_err(|error| {
            Failure::new(
                "mapping_invalid",
                format!("could not read `{}`: {error}", path.display()),
            )
            .hint(LOOK)
        })?;
        texts.retain(|(known, _, _)| *known != name);
        texts.push((name, path.display().to_string(), text));
    }
    texts.sort();
    let mut known = Vec::new();
    for (name, file, text) in texts {
        let mapping = payouts_mapping(&name, &text, &file).map_err(|mistake| {
            let said = format!("{}:{}: {}", mistake.file, mistake.line, mistake.message);
            Failure::new("mapping_invalid", said).hint(LOOK)
        })?;
        known.push((name, mapping));
    }
    Ok(known)
}

/// A file in the place of a payment service.
pub struct FileGateway(pub Arc<FiledPayouts>);

impl GatewayReader for FileGateway {
    fn gateway(&self) -> PaymentService {
        PaymentService::Filed(self.0.service)
    }

    async fn payouts(&self, since: NaiveDate) -> Result<Vec<Payout>, Fault> {
        let all = self.0.payouts.iter().map(|(payout, _)| payout);
        let mut payouts: Vec<Payout> = all.filter(|one| one.arrives >= since).cloned().collect();
        payouts.sort_by_key(|payout| std::cmp::Reverse(payout.arrives));
        Ok(payouts)
    }

    async fn payout(&self, id: &str) -> Result<Option<Payout>, Fault> {
        let mut all = self.0.payouts.iter().map(|(payout, _)| payout);
        Ok(all.find(|payout| payout.id == id).cloned())
    }

    async fn rows(&self, payout: &Payout) -> Result<Vec<PayoutRow>, Fault> {
        let found = self.0.payouts.iter().find(|(one, _)| one.id == payout.id);
        Ok(found.map(|(_, rows)| rows.clone()).unwrap_or_default())
    }

    async fn recent_rows(&self, since: NaiveDate) -> Result<Vec<PayoutRow>, Fault> {
        let paid_out = self.0.payouts.iter().flat_map(|(_, rows)| rows);
        let all = paid_out.chain(&self.0.waiting);
        Ok(all
            .filter(|row| row.at.date_naive() >= since)
            .cloned()
            .collect())
    }

    /// A file says what was paid out, and not what is owed today.
    async fn balance(&self) -> Result<Vec<GatewayBalance>, Fault> {
        Ok(Vec::new())
    }
}
