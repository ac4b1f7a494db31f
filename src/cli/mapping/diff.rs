//! `mapping diff`: which of the records already synced would come out differently after an edit.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use serde_json::Value as Json;

use crate::app::App;
use crate::app::mappings::compared::{MappingComparison, MappingDiffDocument, synced_orders};
use crate::app::mappings::{LastRun, csv_beside, read_text};
use crate::mapping::shipped::Shipped;
use crate::mapping::{Compiled, check, check_imported};
use crate::model::service::Service;
use crate::store::Store;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::selection::one_of;
use super::super::session::output;
use super::super::table::{paragraph, width_of_answer};
use super::{MappingOwner, which};

/// Show which records would come out differently after an edit
///
/// Takes the records that were synced before from the shop, maps each with the mapping as it is now and with that of the last run,
/// and shows the fields that differ. Nothing is written anywhere. What is shown may be a customer's.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping diff orders
  udsync mapping diff orders --against shipped --limit 200
  udsync mapping diff supabase/orders --against before/orders.toml --exit-code")]
pub struct DiffArgs {
    /// `orders`, `supabase/orders` or `woocommerce-supabase/orders`
    #[arg(value_name = "MAPPING")]
    pub mapping: String,
    /// Compare with `last-run`, with `shipped`, or with the mapping in this file
    #[arg(long, value_name = "FILE", default_value = "last-run")]
    pub against: String,
    /// The mapping to this target
    #[arg(long, value_name = "TARGET", value_parser = one_of(Service::TARGETS.map(Service::as_str)))]
    pub to: Option<Service>,
    /// Look only at these records, by the shop's id
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub id: Vec<u64>,
    /// Look at so many of the newest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// End with code 10 if any comes out differently
    #[arg(long)]
    pub exit_code: bool,
}

/// So many records are shown; JSON has all.
const SHOWN: usize = 20;

/// Runs `mapping diff`.
pub async fn diff(global: &Global, args: &DiffArgs) -> Result<u8, Failure> {
    let bench = MappingOwner::open(global)?;
    let app = bench.shop()?;
    let of = which::one(&args.mapping, args.to, bench.targets())?;
    let now = bench.ready(of)?;
    let state = Store::open_read_only(&app.state)?;
    let (against, before) = against(app, of, &args.against, state.as_ref())?;
    let mut comparison = MappingComparison::new(of, now.compiled.clone(), before, bench.settings());
    if !comparison.is_idle(bench.folder.own(of).is_some()) {
        let shop = app.store_to_look_at()?;
        let synced = synced_orders(state.as_ref(), of.target)?;
        let wanted: BTreeSet<u64> = args.id.iter().copied().collect();
        let limit = args.limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        comparison.look(&shop, synced, &wanted, limit).await?;
    }
    let has_changes = !comparison.changes.is_empty();
    let document = comparison.document(now.from(), &against);
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Text | Output::Csv => out::answer(&text(&document)),
    }
    Ok(if args.exit_code && has_changes {
        exit::CHANGES
    } else {
        exit::DONE
    })
}

/// What the mapping is compared with, in words and ready to run.
fn against(
    app: &App,
    of: &'static Shipped,
    word: &str,
    state: Option<&Store>,
) -> Result<(String, Arc<Compiled>), Failure> {
    let shipped = || MappingOwner::shipped(of).compiled;
    match word {
        "shipped" => Ok(("the shipped one".to_owned(), shipped())),
        "last-run" => {
            let last = match state {
                Some(state) => app.remembered_mapping(state, of.target, of.entity)?,
                None => LastRun::Unknown,
            };
            Ok(match last {
                LastRun::Own(own) => {
                    let name = "that of the last run";
                    let compiled = check_imported(name, &own.mapping, &own.files);
                    let compiled = compiled.map_err(|mistakes| Failure::from_mapping(&mistakes))?;
                    (name.to_owned(), Arc::new(compiled))
                }
                LastRun::Shipped => (
                    "that of the last run, the shipped one".to_owned(),
                    shipped(),
                ),
                LastRun::Unknown => ("the shipped one, no run being known".to_owned(), shipped()),
            })
        }
        file => {
            let path = Path::new(file);
            let wrong = |mistakes: Vec<_>| Failure::from_mapping(&mistakes);
            let text = read_text(path).map_err(wrong)?;
            let (files, mistakes) = csv_beside(path, &text);
            if !mistakes.is_empty() {
                return Err(wrong(mistakes));
            }
            let compiled = check(file, &text, &files).map_err(wrong)?;
            let said = &compiled.mapping;
            if (said.target.as_str(), said.entity.as_str()) != (of.target, of.entity) {
                return Err(Failure::new(
                    "mapping_other",
                    format!(
                        "`{file}` is the mapping `{}-{}/{}`, and this is `{}`",
                        said.source,
                        said.target,
                        said.entity,
                        of.name()
                    ),
                )
                .hint("compare it with a file for the same source, target and entity"));
            }
            Ok((format!("`{file}`"), Arc::new(compiled)))
        }
    }
}

fn text(document: &MappingDiffDocument) -> String {
    let width = width_of_answer();
    let heading = format!(
        "{}: {} compared with {}",
        document.name, document.now, document.against
    );
    let mut text = paragraph(&heading, 0, 4, width);
    for changed in document.changes.iter().take(SHOWN) {
        text.push_str(&format!("\n{}\n", changed.title));
        for difference in &changed.differences {
            let row = match difference.row {
                0 => String::new(),
                row => format!("row {}, ", row + 1),
            };
            let line = format!(
                "{row}{}: {} -> {}",
                difference.field,
                shown(&difference.before),
                shown(&difference.after)
            );
            text.push_str(&paragraph(&line, 4, 8, width));
        }
    }
    if document.changes.len() > SHOWN {
        let more = document.changes.len() - SHOWN;
        text.push_str(&format!("\nand {more} more, which `--json` lists\n"));
    }
    let mut end = match (document.changed, document.records) {
        (0, 0) => "nothing differs".to_owned(),
        (0, all) => format!("none of {all} records would come out differently"),
        (changed, all) => format!("{changed} of {all} records would come out differently"),
    };
    if document.gone > 0 {
        end.push_str(&format!("; {} are gone from the shop", document.gone));
    }
    text.push_str(&format!("\n{end}\n"));
    if !document.fields.is_empty() {
        let counts: Vec<String> = document
            .fields
            .iter()
            .map(|(field, count)| format!("{field} {count}"))
            .collect();
        text.push_str(&paragraph(&counts.join(", "), 4, 4, width));
    }
    text
}

/// Nothing from a store may move the cursor of a terminal.
fn shown(value: &Json) -> String {
    const LONGEST: usize = 200;
    let text = match value {
        Json::Null => return "nothing".to_owned(),
        value => value.to_string(),
    };
    let plain = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut short: String = plain.take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
