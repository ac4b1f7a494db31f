//! `mapping diff`: which of the records already synced would come out differently after an edit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::app::App;
use crate::app::mappings::{LastRun, csv_beside, read_text};
use crate::connector::port::{Detail, Listing, Pulled, ShopReader};
use crate::connector::woocommerce::{RecordKind, WooCommerce};
use crate::mapping::shipped::Shipped;
use crate::mapping::{Compiled, MappingOutcome, check, check_imported};
use crate::model::service::{Service, ServiceRole};
use crate::store::{Copies, Memory, Store};

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::selection::one_of;
use super::super::session::output;
use super::super::table::{paragraph, width_of_answer};
use super::{MappingOwner, records, which};

const BOOKS: &str = Service::BOOKS.as_str();

/// Show which records would come out differently after an edit
///
/// Takes the records that were synced before from the store, maps each with the mapping as it is now and with that of the last run,
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
    /// Look only at these records, by the store's id
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub id: Vec<u64>,
    /// Look at so many of the newest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// End with code 10 if any comes out differently
    #[arg(long)]
    pub exit_code: bool,
}

#[derive(Serialize)]
struct MappingDiffDocument {
    schema: &'static str,
    name: String,
    /// What is compared: the mapping as it is now, and what it is compared with.
    now: String,
    against: String,
    /// Looked at.
    records: usize,
    changed: usize,
    /// Synced once, and the store has them no more.
    gone: usize,
    /// How many records differ in a field.
    fields: BTreeMap<String, usize>,
    changes: Vec<ChangedRecord>,
}

/// A record that comes out differently.
#[derive(Serialize)]
struct ChangedRecord {
    id: Option<u64>,
    #[serde(skip)]
    title: String,
    differences: Vec<MappingDifference>,
}

#[derive(Serialize)]
struct MappingDifference {
    row: usize,
    /// Of the target; `outcome` where the record is left out or refused by one of the two.
    field: String,
    before: Json,
    after: Json,
}

/// So many orders are asked for at once.
const CHUNK: usize = 100;
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
    let mut comparison = MappingComparison {
        of,
        now: now.compiled.clone(),
        before,
        shipped: MappingOwner::shipped(of).compiled,
        settings: bench.settings(),
        seen: 0,
        gone: 0,
        changes: Vec::new(),
    };
    if !comparison.is_idle(&bench) {
        let store = app.store_to_look_at()?;
        comparison.look(&store, state.as_ref(), args).await?;
    }
    let has_changes = !comparison.changes.is_empty();
    let document = comparison.document(now.from(), &against);
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Text | Output::Csv => out::print(&text(&document)),
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

/// Two mappings and what came of comparing them.
struct MappingComparison {
    of: &'static Shipped,
    now: Arc<Compiled>,
    before: Arc<Compiled>,
    shipped: Arc<Compiled>,
    settings: Json,
    seen: usize,
    gone: usize,
    changes: Vec<ChangedRecord>,
}

impl MappingComparison {
    /// Both say the same, and no other file has a say: the store need not be asked.
    fn is_idle(&self, bench: &MappingOwner) -> bool {
        let has_tables = |of: &Compiled| of.mapping.lookup.values().any(|one| one.csv.is_some());
        let same = self.now.mapping == self.before.mapping;
        same && (bench.folder.own(self.of).is_none() || !has_tables(&self.now))
    }

    async fn look(
        &mut self,
        store: &WooCommerce,
        state: Option<&Store>,
        args: &DiffArgs,
    ) -> Result<(), Failure> {
        let limit = args.limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        let wanted: BTreeSet<u64> = args.id.iter().copied().collect();
        match records::kind_of(self.of) {
            RecordKind::Orders => {
                let mut ids: Vec<u64> = if wanted.is_empty() {
                    synced_orders(state, self.of.target)?
                } else {
                    wanted.into_iter().collect()
                };
                ids.sort_unstable();
                let ids = ids.split_off(ids.len().saturating_sub(limit));
                for chunk in ids.chunks(CHUNK) {
                    for pulled in store.fetch(chunk).await? {
                        self.pulled(pulled);
                    }
                }
            }
            RecordKind::Customers => {
                let mut place = None;
                loop {
                    let page = store.shoppers(Detail::Whole, place.as_ref()).await?;
                    place = self.page(page, &wanted, limit);
                    if place.is_none() {
                        break;
                    }
                }
            }
            RecordKind::Products => {
                let mut place = None;
                loop {
                    let page = store.products(Detail::Whole, place.as_ref()).await?;
                    place = self.page(page, &wanted, limit);
                    if place.is_none() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn page<T>(
        &mut self,
        page: Listing<T>,
        wanted: &BTreeSet<u64>,
        limit: usize,
    ) -> Option<crate::connector::port::ScanPlace> {
        for listed in &page.records {
            let record = records::json(&listed.raw);
            let is_wanted =
                wanted.is_empty() || record["id"].as_u64().is_some_and(|id| wanted.contains(&id));
            if is_wanted && self.seen < limit {
                self.compare(&record);
            }
        }
        page.next.filter(|_| self.seen < limit)
    }

    fn pulled(&mut self, pulled: Pulled) {
        let Pulled::Order(order, told) = pulled else {
            // What cannot be understood has not been synced either.
            self.gone += usize::from(matches!(pulled, Pulled::Gone(_)));
            return;
        };
        if self.of.entity == "refunds" {
            for refund in &told.refunds {
                self.compare(&records::of_order(records::json(refund), order.id));
            }
        } else {
            self.compare(&records::json(&told.order));
        }
    }

    fn compare(&mut self, record: &Json) {
        self.seen += 1;
        let before = self.before.apply(record, &self.settings);
        let after = self.now.apply(record, &self.settings);
        if self.of.target == BOOKS && matches!(after, MappingOutcome::Skip(_)) {
            // What is in the books already is kept up as it was.
            return;
        }
        let (before, after) = (self.said(before, record), self.said(after, record));
        let differences = differences(&before, &after);
        // A field that is fed and empty is as good as one that nothing feeds.
        if differences.is_empty() {
            return;
        }
        self.changes.push(ChangedRecord {
            id: record["id"].as_u64(),
            title: records::title(self.of, record),
            differences,
        });
    }

    /// What the books would show. Where a mapping gives nothing they show what the rules say, and the shipped mapping says the same;
    /// a posted document keeps its number.
    fn said(&self, outcome: MappingOutcome, record: &Json) -> MappingOutcome {
        let (MappingOutcome::Document(mut document), BOOKS) = (outcome.clone(), self.of.target)
        else {
            return outcome;
        };
        let shipped = match self.shipped.apply(record, &self.settings) {
            MappingOutcome::Document(shipped) => {
                shipped.rows.into_iter().next().unwrap_or_default()
            }
            _ => Map::new(),
        };
        for row in &mut document.rows {
            complete(row, &shipped);
            if self.of.entity == "orders" {
                row.remove("number");
            }
        }
        MappingOutcome::Document(document)
    }

    fn document(self, now: &str, against: &str) -> MappingDiffDocument {
        let mut fields: BTreeMap<String, usize> = BTreeMap::new();
        for changed in &self.changes {
            let names: BTreeSet<&String> = changed
                .differences
                .iter()
                .map(|difference| &difference.field)
                .collect();
            for name in names {
                *fields.entry(name.clone()).or_default() += 1;
            }
        }
        MappingDiffDocument {
            schema: "udsync/mapping-diff/1",
            name: self.of.name(),
            now: now.to_owned(),
            against: against.to_owned(),
            records: self.seen,
            changed: self.changes.len(),
            gone: self.gone,
            fields,
            changes: self.changes,
        }
    }
}

/// The orders that a target has, by id.
fn synced_orders(state: Option<&Store>, target: &str) -> Result<Vec<u64>, Failure> {
    let Some(state) = state else {
        return Ok(Vec::new());
    };
    Ok(match Service::from_word(target).map(Service::role) {
        Some(ServiceRole::Copy) => state.copied_orders(target)?,
        Some(ServiceRole::Books | ServiceRole::Shop) | None => state.posted_orders(target)?,
    })
}

/// Puts what is not said there.
fn complete(row: &mut Map<String, Json>, otherwise: &Map<String, Json>) {
    for (field, value) in otherwise {
        match row.get_mut(field) {
            Some(Json::Object(part)) => {
                if let Json::Object(otherwise) = value {
                    complete(part, otherwise);
                }
            }
            Some(Json::Null) | None => {
                row.insert(field.clone(), value.clone());
            }
            Some(_) => {}
        }
    }
}

fn differences(before: &MappingOutcome, after: &MappingOutcome) -> Vec<MappingDifference> {
    if before == after {
        return Vec::new();
    }
    let (MappingOutcome::Document(before), MappingOutcome::Document(after)) = (before, after)
    else {
        return vec![MappingDifference {
            row: 0,
            field: "outcome".to_owned(),
            before: Json::from(words(before)),
            after: Json::from(words(after)),
        }];
    };
    let mut differences = Vec::new();
    for row in 0..before.rows.len().max(after.rows.len()) {
        let fields = |rows: &[Map<String, Json>]| {
            let mut fields = BTreeMap::new();
            if let Some(row) = rows.get(row) {
                flatten("", row, &mut fields);
            }
            fields
        };
        let (before, after) = (fields(&before.rows), fields(&after.rows));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let value =
                |fields: &BTreeMap<String, Json>| fields.get(name).cloned().unwrap_or(Json::Null);
            let (before, after) = (value(&before), value(&after));
            if before != after {
                differences.push(MappingDifference {
                    row,
                    field: name.clone(),
                    before,
                    after,
                });
            }
        }
    }
    differences
}

fn words(outcome: &MappingOutcome) -> String {
    match outcome {
        MappingOutcome::Document(_) => "mapped".to_owned(),
        MappingOutcome::Skip(because) => format!("skipped: {because}"),
        MappingOutcome::Refusal(refusal) => format!("refused: {refusal}"),
    }
}

/// Groups as names with points: `bill_to.city`.
fn flatten(group: &str, row: &Map<String, Json>, fields: &mut BTreeMap<String, Json>) {
    for (name, value) in row {
        let name = match group {
            "" => name.clone(),
            group => format!("{group}.{name}"),
        };
        match value {
            Json::Object(inner) if !inner.is_empty() && group.matches('.').count() < 3 => {
                flatten(&name, inner, fields);
            }
            value => {
                fields.insert(name, value.clone());
            }
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
        end.push_str(&format!("; {} are gone from the store", document.gone));
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
