//! All shops: the one driver behind every command that is about each of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::super::args::{FleetArgs, Global, Output};
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output, stop_on_signals};
use super::super::table::{paragraph, width_of_answer};
use super::super::typed::named;
use super::super::{file, out};
use super::severity;
use crate::app::metrics::merged;
use crate::app::typed::{commands_for, for_shop};
use crate::config::credentials::set_for_one;
use crate::config::{self, process_env};
use crate::model::run::Tally;
use crate::run::sheet as csv;

/// What came of one shop.
pub struct ShopAnswer {
    pub exit: u8,
    /// In a line.
    said: String,
    hint: Option<String>,
    /// The document that the command prints for this shop alone.
    document: Box<RawValue>,
    pub tallies: BTreeMap<String, Tally>,
}

impl ShopAnswer {
    pub fn new(exit: u8, said: &str, document: &impl Serialize) -> Result<ShopAnswer, Failure> {
        Ok(ShopAnswer {
            exit,
            said: said.to_owned(),
            hint: None,
            document: raw(document),
            tallies: BTreeMap::new(),
        })
    }

    /// With figures that are added up over all shops.
    pub fn counting(mut self, tallies: &BTreeMap<String, Tally>) -> ShopAnswer {
        self.tallies.clone_from(tallies);
        self
    }

    /// What is told to be typed, as it is typed for this shop.
    fn typed_for(mut self, shop: &FleetShop) -> ShopAnswer {
        if !shop.is_here {
            self.said = commands_for(&self.said, &shop.name);
            // A name of a shop stands in JSON as it is.
            let document = commands_for(self.document.get(), &shop.name);
            self.document = RawValue::from_string(document).unwrap_or(self.document);
        }
        self
    }

    /// Of a command that ended early. What can be typed against it is typed for this shop.
    fn failed(mut failure: Failure, shop: &FleetShop, global: &Global, spoken: &str) -> ShopAnswer {
        let records = spoken
            .split_once(' ')
            .map_or("orders", |(_, records)| records);
        let flag = shop.spoken();
        let hint = failure.hint.take();
        failure.message = match shop.is_here {
            true => failure.message.clone(),
            false => commands_for(&failure.message, &shop.name),
        };
        failure.hint = match (&failure.confirm_token, hint) {
            (Some(token), _) => Some(format!(
                "look at it with `udsync dry-run {records}{flag}`, then `udsync {spoken}{flag} --confirm {token}`"
            )),
            (None, Some(hint)) if !shop.is_here => {
                Some(for_shop(&hint, &shop.name, named(global).as_deref()))
            }
            (None, hint) => hint,
        };
        ShopAnswer {
            exit: failure.exit,
            said: format!("error: {}", failure.in_line()),
            hint: failure.hint.clone(),
            document: raw(&failure),
            tallies: BTreeMap::new(),
        }
    }
}

pub fn raw(document: &impl Serialize) -> Box<RawValue> {
    to_raw_value(document).expect("our own values always have a JSON form")
}

/// The document of a command over all shops.
#[derive(Serialize)]
struct FleetDocument<'a> {
    schema: &'static str,
    command: &'a str,
    exit: u8,
    /// How many shops ended how.
    exits: BTreeMap<u8, usize>,
    /// The figures of all of them.
    targets: BTreeMap<String, Tally>,
    shops: Vec<ShopEnded<'a>>,
}

#[derive(Serialize)]
struct ShopEnded<'a> {
    shop: &'a str,
    exit: u8,
    answer: &'a RawValue,
}

/// One of all the shops that there are.
pub struct FleetShop {
    pub name: String,
    /// It is the only one, and its file is the `udsync.toml` of the working folder.
    is_here: bool,
}

impl FleetShop {
    /// The flags as they are for it. Nobody is asked: of several questions at once none could be answered.
    pub fn flags(&self, global: &Global) -> Global {
        let only = Global {
            no_input: true,
            ..global.clone()
        };
        match self.is_here {
            true => Global {
                config: None,
                shop: None,
                shops: Vec::new(),
                ..only
            },
            false => Global {
                shop: Some(self.name.clone()),
                shops: vec![self.name.clone()],
                among_many: true,
                ..only
            },
        }
    }

    /// What a command needs to mean it.
    pub fn spoken(&self) -> String {
        match self.is_here {
            true => String::new(),
            false => format!(" --shop {}", self.name),
        }
    }
}

/// Every shop of the folder, by name. Where the folder has none, the one whose file is here.
pub fn shops_there_are() -> Result<Vec<FleetShop>, Failure> {
    let folder = config::config_folder(&process_env)
        .map_err(|error| Failure::new("no_home", error.to_string()).hint(error.hint))?;
    let names = config::shops_in(&folder)
        .map_err(|error| Failure::new("config_not_found", error.to_string()).hint(error.hint()))?;
    let here = Path::new(config::FILE);
    let shop = |name, is_here| FleetShop { name, is_here };
    match (names.is_empty(), here.is_file()) {
        (false, is_here) => {
            if is_here {
                out::say(&format!(
                    "note: the `{}` of this folder is not among them: that would take a file of its own in `{}`",
                    config::FILE,
                    folder.display()
                ));
            }
            Ok(names.into_iter().map(|name| shop(name, false)).collect())
        }
        (true, true) => {
            let name = match config::load(here) {
                Ok(config) => config.shop.name,
                Err(_) => config::FILE.to_owned(),
            };
            Ok(vec![shop(name, true)])
        }
        (true, false) => Err(Failure::new(
            "config_not_found",
            format!("there is no shop in `{}`", folder.display()),
        )
        .hint("set one up with `udsync init --shop NAME`")),
    }
}

/// Does it for every shop, so many at a time, and prints what came of each and of all. `spoken`: the command as it is typed.
pub async fn over_all(
    global: &Global,
    fleet: &FleetArgs,
    spoken: &str,
    each: impl AsyncFn(Global, Arc<AtomicBool>) -> Result<ShopAnswer, Failure>,
) -> Result<u8, Failure> {
    let shops = shops_there_are()?;
    let many = shops.iter().any(|shop| !shop.is_here);
    for name in set_for_one(&process_env).into_iter().filter(|_| many) {
        let rest = name.trim_start_matches("UDSYNC_");
        out::say(&format!(
            "warning: `{name}` is one shop's and has no say with `--all-shops`: set `UDSYNC_<SHOP>__{rest}` for each that needs it"
        ));
    }
    let stop = stop_on_signals();
    let each = &each;
    let mut answers = futures_util::stream::iter(&shops)
        .map(|shop| {
            let (global, stop) = (shop.flags(global), stop.clone());
            async move {
                let done = match stop.load(Ordering::SeqCst) {
                    true => Err(Failure::new("interrupted", "not begun")),
                    false => each(global.clone(), stop).await,
                };
                let answer = done
                    .unwrap_or_else(|failure| ShopAnswer::failed(failure, shop, &global, spoken));
                answer.typed_for(shop)
            }
        })
        .buffered(usize::from(fleet.shops_at_once));
    let names = shops.iter().map(|shop| shop.name.len());
    let width = names.max().unwrap_or_default();
    let form = output(global);
    let mut all: Vec<ShopAnswer> = Vec::new();
    while let Some(answer) = answers.next().await {
        if form == Output::Text && (!global.quiet || answer.exit != exit::DONE) {
            out::answer(&row(&shops[all.len()].name, &answer, width));
        }
        all.push(answer);
    }
    drop(answers);
    let worst = severity::worst(all.iter().map(|answer| answer.exit));
    print_whole(global, spoken, &shops, &all, worst);
    Ok(worst)
}

fn print_whole(
    global: &Global,
    spoken: &str,
    there_are: &[FleetShop],
    all: &[ShopAnswer],
    worst: u8,
) {
    let mut exits: BTreeMap<u8, usize> = BTreeMap::new();
    let mut targets: BTreeMap<String, Tally> = BTreeMap::new();
    for answer in all {
        *exits.entry(answer.exit).or_default() += 1;
        for (target, tally) in &answer.tallies {
            add(targets.entry(target.clone()).or_default(), tally);
        }
    }
    match output(global) {
        Output::Json => out::print_json(&FleetDocument {
            schema: "udsync/fleet/1",
            command: spoken,
            exit: worst,
            exits,
            targets,
            shops: there_are
                .iter()
                .zip(all)
                .map(|(shop, answer)| ShopEnded {
                    shop: &shop.name,
                    exit: answer.exit,
                    answer: &answer.document,
                })
                .collect(),
        }),
        Output::Csv => {
            let rows = there_are.iter().zip(all).map(|(shop, answer)| {
                let exit = answer.exit.to_string();
                vec![shop.name.clone(), exit, answer.said.clone()]
            });
            out::print(&csv::table(&["shop", "exit", "said"], rows));
        }
        Output::Text => out::answer(&format!("{}\n", severity::summary(&exits))),
    }
}

fn row(name: &str, answer: &ShopAnswer, width: usize) -> String {
    let indent = width + 2;
    let screen = width_of_answer();
    let said = paragraph(&answer.said, indent, indent, screen);
    let mut text = format!("{name:indent$}{}", said.trim_start());
    for line in answer.hint.iter().flat_map(|hint| hint.lines()) {
        let line = format!("hint: {line}");
        text.push_str(&paragraph(&line, indent, indent + 6, screen));
    }
    text
}

fn add(sum: &mut Tally, one: &Tally) {
    let figures = [
        (&mut sum.read, one.read),
        (&mut sum.created, one.created),
        (&mut sum.updated, one.updated),
        (&mut sum.voided, one.voided),
        (&mut sum.deleted, one.deleted),
        (&mut sum.unchanged, one.unchanged),
        (&mut sum.skipped, one.skipped),
        (&mut sum.held, one.held),
        (&mut sum.failed, one.failed),
        (&mut sum.conflicts, one.conflicts),
        (&mut sum.names, one.names),
        (&mut sum.requests.reads, one.requests.reads),
        (&mut sum.requests.writes, one.requests.writes),
        (&mut sum.requests.throttled, one.requests.throttled),
    ];
    for (sum, one) in figures {
        *sum += one;
    }
}

/// One file of figures for every shop that has some. A shop that cannot be opened is told of.
pub fn keep_metrics(global: &Global, path: &Path) -> Result<(), Failure> {
    let mut pages = Vec::new();
    for shop in shops_there_are()? {
        let page = open_shop(&shop.flags(global)).and_then(|app| {
            let store = app.state_to_read()?;
            Ok(app.prometheus(&store)?)
        });
        match page {
            Ok(page) => pages.push(page),
            Err(failure) => out::say(&format!(
                "note: {}: no figures were written: {}",
                shop.name, failure.message
            )),
        }
    }
    file::write(path, merged(&pages).as_bytes())
}
