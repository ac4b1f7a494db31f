//! `mapping show`: the text of a mapping, and the page of the functions.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::app::mappings::read_text;
use crate::mapping::functions::{self, FUNCTIONS, Function};
use crate::mapping::shipped::Shipped;
use crate::model::near::did_you_mean;
use crate::model::service::Service;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::selection::one_of;
use super::super::session::output;
use super::{MappingOwner, which};

/// Show a mapping, or the functions that mappings can use
///
/// Prints the shop's own file, or the shipped one where there is none. Written to a file in the shop's folder, a shipped one is the
/// beginning of an own.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping show orders
  udsync mapping show supabase/orders --shipped > mappings/woocommerce-supabase/orders.toml
  udsync mapping show supabase/orders --cases
  udsync mapping show --functions
  udsync mapping show --functions date_format")]
pub struct ShowArgs {
    /// `orders`, `supabase/orders` or `woocommerce-supabase/orders`
    #[arg(value_name = "MAPPING", required_unless_present = "functions")]
    pub mapping: Option<String>,
    /// The one to this target
    #[arg(long, value_name = "TARGET", value_parser = one_of(Service::TARGETS.map(Service::as_str)))]
    pub to: Option<Service>,
    /// The shipped one, whatever the shop has
    #[arg(long)]
    pub shipped: bool,
    /// The cases that are kept beside it
    #[arg(long, conflicts_with = "functions")]
    pub cases: bool,
    /// The functions, with examples; or the one of this name
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", conflicts_with = "mapping")]
    pub functions: Option<String>,
}

#[derive(Serialize)]
struct MappingShowDocument<'a> {
    schema: &'static str,
    name: String,
    file: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct FunctionsDocument {
    schema: &'static str,
    functions: Vec<FunctionView>,
}

#[derive(Serialize)]
struct FunctionView {
    name: &'static str,
    signature: String,
    sentence: &'static str,
    examples: Vec<ExampleView>,
}

#[derive(Serialize)]
struct ExampleView {
    flow: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    gives: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'static str>,
}

/// Runs `mapping show`.
pub fn show(global: &Global, args: &ShowArgs) -> Result<u8, Failure> {
    let Some(word) = &args.mapping else {
        return show_functions(global, args.functions.as_deref().unwrap_or_default());
    };
    let bench = MappingOwner::open(global)?;
    let of = which::one(word, args.to, bench.targets())?;
    if args.cases {
        return show_cases(global, &bench, of, args.shipped);
    }
    let own = bench.folder.own(of).filter(|_| !args.shipped);
    // What is wrong can be shown too: there is no better way to see why.
    let (file, text) = match own {
        Some(own) if own.text.is_empty() => {
            let mistakes = own.checked.as_ref().err().cloned().unwrap_or_default();
            return Err(Failure::from_mapping(&mistakes));
        }
        Some(own) => (Some(own.file.as_str()), own.text.as_str()),
        None => (None, of.text),
    };
    print(global, of, file, text);
    Ok(exit::DONE)
}

/// The shop's own cases; the shipped ones where it has none, for a beginning.
fn show_cases(
    global: &Global,
    bench: &MappingOwner,
    of: &'static Shipped,
    shipped: bool,
) -> Result<u8, Failure> {
    match bench.folder.own_cases(of).filter(|_| !shipped) {
        None => print(global, of, None, of.cases),
        Some(own) => {
            let text = read_text(Path::new(&own.file));
            let text = text.map_err(|mistakes| Failure::from_mapping(&mistakes))?;
            print(global, of, Some(&own.file), &text);
        }
    }
    Ok(exit::DONE)
}

fn print(global: &Global, of: &Shipped, file: Option<&str>, text: &str) {
    match output(global) {
        Output::Json => out::print_json(&MappingShowDocument {
            schema: "udsync/mapping-show/1",
            name: of.name(),
            file,
            text,
        }),
        Output::Text | Output::Csv => {
            if !global.quiet {
                let from = file.unwrap_or(super::SHIPPED);
                out::say(&format!("{} ({from})", of.name()));
            }
            out::print(text);
        }
    }
}

fn show_functions(global: &Global, name: &str) -> Result<u8, Failure> {
    let wanted: Vec<&Function> = FUNCTIONS
        .iter()
        .copied()
        .filter(|function| name.is_empty() || function.name == name)
        .collect();
    if wanted.is_empty() {
        let names = FUNCTIONS.iter().map(|function| function.name);
        let hint = did_you_mean(name, names)
            .unwrap_or_else(|| "`udsync mapping show --functions` shows all of them".to_owned());
        return Err(
            Failure::new("function_unknown", format!("there is no function `{name}`")).hint(hint),
        );
    }
    match output(global) {
        Output::Json => out::print_json(&FunctionsDocument {
            schema: "udsync/mapping-functions/1",
            functions: wanted.into_iter().map(view).collect(),
        }),
        Output::Text | Output::Csv if name.is_empty() => out::print(&functions::page()),
        Output::Text | Output::Csv => {
            let sections = wanted.into_iter().map(functions::section);
            out::print(sections.collect::<String>().trim_start());
        }
    }
    Ok(exit::DONE)
}

fn view(function: &Function) -> FunctionView {
    FunctionView {
        name: function.name,
        signature: functions::signature(function),
        sentence: function.sentence,
        examples: function
            .examples
            .iter()
            .map(|example| ExampleView {
                flow: example.flow,
                gives: example.gives.ok(),
                refused: example.gives.err(),
            })
            .collect(),
    }
}
