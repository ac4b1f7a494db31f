//! `verify`: whether the history still says what it said when it was written.

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::model::chain::ChainBreak;
use crate::store::{Anchor, ChainCheck, History};

use super::args::{FleetArgs, Global, Output};
use super::fleet::all::{ShopAnswer, over_all};
use super::out;
use super::paint::style;
use super::report::{Failure, exit};
use super::session::{open_shop, output};

/// Check that nobody changed the history
///
/// Each run that ends adds an entry to a chain: what it did, as digests, and the digest of the entry before it. This works out every entry
/// anew and asks no service. Whoever has the file could write the whole chain anew, or take its end off; that shows against a
/// head that is kept elsewhere: notices carry one, and `--head` takes one that you wrote down. The rows of runs in the database carry one
/// too, and `--database` asks for them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync verify\n  udsync verify --head 3f9a01c27b5e4d88\n  udsync verify --database\n  udsync verify --all-shops"
)]
pub struct VerifyArgs {
    /// A head that was kept elsewhere: at least its first 8 letters
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
    /// Compare with the heads that the runs in the database carry
    #[arg(long)]
    pub database: bool,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// Fewer letters would fit some entry by chance.
const LEAST: usize = 8;

fn head(text: &str) -> Result<String, Failure> {
    let text = text.trim().to_ascii_lowercase();
    let is_hex = text.chars().all(|letter| letter.is_ascii_hexdigit());
    match is_hex && (LEAST..=64).contains(&text.len()) {
        true => Ok(text),
        false => Err(Failure::new(
            "usage",
            "a head is 64 letters 0-9 and a-f, of which the first 8 are enough",
        )
        .hint("`udsync verify` prints the head of today; notices carry those of their time")),
    }
}

#[derive(Serialize)]
struct VerifyDocument<'a> {
    schema: &'static str,
    ok: bool,
    entries: u64,
    head: Option<String>,
    broken: &'a [ChainBreak],
    /// More than are listed.
    breaks: u64,
    anchors: &'a [Anchor],
    bodies: BodiesChecked,
    waiting: u64,
    compared: HeadsCompared,
}

/// With which heads the entries were compared that do not lie in the state file. `null`: nobody asked for it.
#[derive(Serialize)]
struct HeadsCompared {
    given: Option<u64>,
    database: Option<u64>,
}

#[derive(Serialize)]
struct BodiesChecked {
    compared: u64,
    shut: u64,
    /// Of earlier versions: no entry binds them.
    unbound: u64,
}

/// Runs `verify`.
pub async fn verify(global: &Global, args: &VerifyArgs) -> Result<u8, Failure> {
    if args.fleet.all_shops {
        return of_all(global, args).await;
    }
    let app = open_shop(global)?;
    let given = args.head.as_deref().map(head).transpose()?;
    let check = checked(&app, given.as_deref(), args.database).await?;
    match output(global) {
        Output::Json => out::print_json(&document(args, &check)),
        Output::Text | Output::Csv => {
            out::answer(&words(&check));
            out::answer(&compared(&app, args, &check));
        }
    }
    Ok(code(&check))
}

/// `verify --all-shops`.
async fn of_all(global: &Global, args: &VerifyArgs) -> Result<u8, Failure> {
    over_all(global, &args.fleet, "verify", async |global, _| {
        let check = checked(&open_shop(&global)?, None, args.database).await?;
        let said = words(&check);
        let first = said.lines().next().unwrap_or_default();
        ShopAnswer::new(code(&check), first, &document(args, &check))
    })
    .await
}

fn code(check: &ChainCheck) -> u8 {
    match check.breaks {
        0 => exit::DONE,
        _ => exit::DIFFERENCE,
    }
}

fn document<'a>(args: &VerifyArgs, check: &'a ChainCheck) -> VerifyDocument<'a> {
    VerifyDocument {
        schema: "udsync/verify/1",
        ok: check.breaks == 0,
        entries: check.entries,
        head: check.head.map(|head| head.to_string()),
        broken: &check.broken,
        breaks: check.breaks,
        anchors: &check.anchors,
        bodies: BodiesChecked {
            compared: check.bodies,
            shut: check.shut,
            unbound: check.unbound,
        },
        waiting: check.waiting,
        compared: HeadsCompared {
            given: args.head.is_some().then_some(1),
            database: args.database.then_some(check.elsewhere),
        },
    }
}

async fn checked(
    app: &App,
    head: Option<&str>,
    asks_database: bool,
) -> Result<ChainCheck, Failure> {
    let store = app.state_to_read()?;
    // Without the key the digests of what is sealed are not compared, and that is said.
    let _ = app.unveil_to_look(&store);
    let elsewhere = match asks_database {
        true => app.heads_in_database(&store).await?,
        false => Vec::new(),
    };
    Ok(store.checked_chain(head, &elsewhere)?)
}

/// What was compared with what lies elsewhere, and what was not.
fn compared(app: &App, args: &VerifyArgs, check: &ChainCheck) -> String {
    let is_there = app.config.supabase.is_some();
    match (args.database, check.elsewhere) {
        (true, 0) => "no run in the database carries a head yet\n".to_owned(),
        (true, 1) => "compared with the head of 1 run in the database\n".to_owned(),
        (true, n) => format!("compared with the heads of {n} runs in the database\n"),
        (false, _) if is_there => {
            "no service was asked: `udsync verify --database` compares with the heads in the database\n"
                .to_owned()
        }
        (false, _) => String::new(),
    }
}

fn words(check: &ChainCheck) -> String {
    let mut lines = Vec::new();
    let entries = match check.entries {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    };
    match check.breaks {
        0 if check.entries == 0 => {
            lines.push("no run has ended yet: there is nothing to check".to_owned())
        }
        0 => lines.push(format!(
            "{} {entries}, nothing was changed since it was written",
            style("verified:").green()
        )),
        n => {
            let times = match n {
                1 => "one thing is not as it was written".to_owned(),
                n => format!("{n} things are not as they were written"),
            };
            lines.push(format!("{} {entries}, {times}", style("changed:").red()));
        }
    }
    for broken in &check.broken {
        lines.push(match broken.entry {
            Some(entry) => format!("  entry {entry}: {}", broken.what),
            None => format!("  {}", broken.what),
        });
    }
    if check.breaks > check.broken.len() as u64 {
        let more = check.breaks - check.broken.len() as u64;
        lines.push(format!("  and {more} more"));
    }
    if let Some(head) = check.head {
        lines.push(format!("head: {head}"));
    }
    for anchor in &check.anchors {
        let of = match anchor.place.as_str() {
            "given" => "the head that you gave".to_owned(),
            "database" if anchor.said != "sync_logs" => {
                format!("the head that the database has with run {}", anchor.said)
            }
            "database" => "the head that the last run in the database carried".to_owned(),
            place => format!(
                "the head that the last {place} through {} carried",
                anchor.said
            ),
        };
        lines.push(match anchor.covers {
            Some(entry) => format!("{of} binds everything up to entry {entry}"),
            None => format!("{of} is in no entry"),
        });
    }
    if check.shut > 0 {
        lines.push(format!(
            "{} sealed bodies were not compared: their key is not here",
            check.shut
        ));
    }
    if check.unbound > 0 {
        lines.push(format!(
            "{} bodies of earlier versions are bound by nothing: whether they were changed cannot be known",
            check.unbound
        ));
    }
    if check.waiting > 0 {
        lines.push(format!(
            "{} runs from before there was a chain get their entries with the next run",
            check.waiting
        ));
    }
    let is_given = check.anchors.iter().any(|anchor| anchor.place == "given");
    if let Some(head) = check.head.filter(|_| check.breaks == 0 && !is_given) {
        let short = &head.to_string()[..16];
        lines.push(format!(
            "whoever has this file could write all of it anew: keep the head elsewhere, and compare it later with `udsync verify --head {short}`"
        ));
    }
    lines.join("\n") + "\n"
}
