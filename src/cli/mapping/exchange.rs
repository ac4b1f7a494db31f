//! `mapping export` and `mapping import`: mappings as JSON, for other tools.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::app::mappings::{csv_beside, read_text, shown};
use crate::mapping::shipped::{self, Shipped};
use crate::mapping::{self, Mapping, check_imported, exchange, limits};
use crate::model::service::Service;

use super::super::args::{Global, Output};
use super::super::ask::{Asker, Prompt};
use super::super::report::{Failure, exit};
use super::super::selection::one_of;
use super::super::session::output;
use super::super::{file, out};
use super::{MappingOwner, which};

/// Print a mapping as JSON
///
/// The document says everything that the file says; comments stay behind. `udsync mapping import` reads it back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping export orders > orders.json
  udsync mapping export supabase/products --out products.json
  udsync mapping export orders")]
pub struct ExportArgs {
    /// `orders`, `supabase/orders` or `woocommerce-supabase/orders`
    #[arg(value_name = "MAPPING")]
    pub mapping: String,
    /// The one to this target
    #[arg(long, value_name = "TARGET", value_parser = one_of(Service::TARGETS.map(Service::as_str)))]
    pub to: Option<Service>,
    /// The shipped one, whatever the shop has
    #[arg(long)]
    pub shipped: bool,
    /// Write it to this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Take a mapping over from JSON
///
/// Checks it, and writes it as a file into the shop's folder of mappings. A file that is there already is replaced only if you say
/// so, and its comments are gone then.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping import orders.json
  udsync mapping import - --force < orders.json
  udsync mapping import orders.json --force")]
pub struct ImportArgs {
    /// The document, as `udsync mapping export` prints it; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Replace a file that is there already
    #[arg(long)]
    pub force: bool,
}

#[derive(Serialize)]
struct Imported {
    schema: &'static str,
    name: String,
    file: String,
    /// `false`: the file that was there said the same.
    written: bool,
}

/// Runs `mapping export`.
pub fn export(global: &Global, args: &ExportArgs) -> Result<u8, Failure> {
    let bench = MappingOwner::open(global)?;
    let of = which::one(&args.mapping, args.to, bench.targets())?;
    let ready = match args.shipped {
        true => MappingOwner::shipped(of),
        false => bench.ready(of)?,
    };
    let document = exchange::export(&ready.compiled.mapping);
    match &args.out {
        None => out::print_data(&document),
        Some(path) => {
            let text = serde_json::to_string_pretty(&document)
                .expect("our own values always have a JSON form");
            file::write(path, format!("{text}\n").as_bytes())?;
        }
    }
    Ok(exit::DONE)
}

/// Runs `mapping import`.
pub fn import(global: &Global, args: &ImportArgs) -> Result<u8, Failure> {
    let bench = MappingOwner::open(global)?;
    let folder = bench.shop()?.mapping_folder().path;
    let name = args.file.display().to_string();
    let text = document(&args.file)?;
    let mapping = exchange::import(&text).map_err(|said| {
        Failure::new("import_unreadable", format!("`{name}`: {said}"))
            .hint("`udsync mapping export orders` shows what such a document looks like")
    })?;
    let Some(of) = shipped::find(&mapping.source, &mapping.target, &mapping.entity) else {
        let mistakes = check_imported(&name, &mapping, &BTreeMap::new());
        return Err(Failure::from_mapping(&mistakes.err().unwrap_or_default()));
    };
    let place = folder.join(of.path());
    let written = exchange::written(&mapping);
    let (files, mut mistakes) = csv_beside(&place, &written);
    let found = check_imported(&name, &mapping, &files);
    mistakes.extend(found.err().unwrap_or_default());
    if !mistakes.is_empty() {
        return Err(Failure::from_mapping(&mistakes));
    }
    // What is written must be read again as it was meant.
    let shown = shown(&place);
    mapping::check(&shown, &written, &files)
        .map_err(|mistakes| Failure::from_mapping(&mistakes))?;
    let says_the_same = said_there(&place).is_some_and(|there| there == mapping);
    if !says_the_same {
        if place.symlink_metadata().is_ok() && !args.force {
            may_replace(global, of, &shown)?;
        }
        write(&place, &written)?;
    }
    match output(global) {
        Output::Json => out::print_json(&Imported {
            schema: "udsync/mapping-import/1",
            name: of.name(),
            file: shown,
            written: !says_the_same,
        }),
        Output::Text | Output::Csv if says_the_same => {
            out::answer(&format!("`{shown}` says the same already\n"));
        }
        Output::Text | Output::Csv => out::answer(&format!("wrote `{shown}`\n")),
    }
    Ok(exit::DONE)
}

/// The text of the document.
fn document(path: &Path) -> Result<String, Failure> {
    let unreadable = |said: String| {
        Failure::new("import_unreadable", said)
            .hint("name a file as `udsync mapping export orders` prints it, or `-`")
    };
    if path != Path::new("-") {
        return read_text(path).map_err(|complaints| {
            let said: Vec<String> = complaints
                .iter()
                .map(|complaint| format!("`{}`: {}", complaint.file, complaint.message))
                .collect();
            unreadable(said.join(", "))
        });
    }
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .take(limits::FILE as u64 + 1)
        .read_to_string(&mut text);
    read.map_err(|error| unreadable(format!("could not read standard input: {error}")))?;
    Ok(text)
}

/// What the file there says, if it can be read.
fn said_there(place: &Path) -> Option<Mapping> {
    let text = read_text(place).ok()?;
    let (files, _) = csv_beside(place, &text);
    let compiled = mapping::check("", &text, &files).ok()?;
    Some(compiled.mapping.clone())
}

fn may_replace(global: &Global, of: &Shipped, shown: &str) -> Result<(), Failure> {
    let asker = Asker::new(global);
    let refused = |said: String| {
        Failure::new("mapping_exists", said).hint(format!(
            "replace it with `--force`; `udsync mapping show {}` shows what is there",
            of.name()
        ))
    };
    if !asker.may_ask() {
        return Err(refused(format!("`{shown}` is there already")));
    }
    let question = Prompt {
        prompt: &format!("Replace your own mapping `{}`, comments and all", of.name()),
        flag: "`--force`",
    };
    match asker.yes(&question, false)? {
        true => Ok(()),
        false => Err(refused(format!("`{shown}` was left as it is"))),
    }
}

fn write(place: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::new(
                "file_unwritten",
                format!("could not make the folder `{}`: {error}", folder.display()),
            )
            .hint("name a folder that can be written to with `folder` in `[mapping]`")
        })?;
    }
    file::write(place, text.as_bytes())
}
