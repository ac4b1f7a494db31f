//! `mapping preview`: what a mapping makes of a record, step by step.

use std::path::PathBuf;

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::mapping::{MappingOutcome, Refusal, Traced};
use crate::model::service::Service;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::selection::one_of;
use super::super::session::{Session, output};
use super::super::table::{paragraph, width_of_answer};
use super::{MappingOwner, records, which};

/// Show what a mapping makes of a record, step by step
///
/// Beside each rule of the mapping stand the values on the way and the result. Without --id and --file it takes the newest record of
/// the shop. What is shown may be a customer's; it goes to the screen and nowhere else.
///
/// Exit code: 0, or 3 when the record would be held.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping preview orders --id 1042
  udsync mapping preview orders --to supabase --file order.json --json
  udsync mapping preview customers --sandbox")]
pub struct PreviewArgs {
    /// `orders`, `supabase/orders` or `woocommerce-supabase/orders`
    #[arg(value_name = "MAPPING")]
    pub mapping: String,
    /// The record with this id in the shop; for refunds, the order they were made on
    #[arg(long, value_name = "ID")]
    pub id: Option<u64>,
    /// The record in this file, or each of a list, as JSON of the shop's API
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The mapping to this target
    #[arg(long, value_name = "TARGET", value_parser = one_of(Service::TARGETS.map(Service::as_str)))]
    pub to: Option<Service>,
    /// The shipped mapping, whatever the shop has
    #[arg(long)]
    pub shipped: bool,
    /// Take the record from the built-in sandbox
    #[arg(long)]
    pub sandbox: bool,
}

#[derive(Serialize)]
struct MappingPreviewDocument<'a> {
    schema: &'static str,
    name: String,
    file: Option<&'a str>,
    records: Vec<RecordSeen>,
}

/// One record on its way.
#[derive(Serialize)]
struct RecordSeen {
    #[serde(skip)]
    title: String,
    id: Option<u64>,
    /// `mapped`, `skipped` or `refused`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    fields: Vec<Traced>,
    rows: Vec<Map<String, Json>>,
}

/// Runs `mapping preview`.
pub async fn preview(global: &Global, args: &PreviewArgs) -> Result<u8, Failure> {
    if args.id.is_some() && args.file.is_some() {
        return Err(Failure::new(
            "usage",
            "`--id` names a record of the shop, and `--file` one that lies here",
        )
        .hint("give one of them"));
    }
    let bench = MappingOwner::open(global)?;
    let of = which::one(&args.mapping, args.to, bench.targets())?;
    let ready = match args.shipped {
        true => MappingOwner::shipped(of),
        false => bench.ready(of)?,
    };
    let mut settings = bench.settings();
    let found = match (&args.file, args.sandbox) {
        (Some(file), _) => records::from_file(file)?,
        (None, true) => {
            let session = Session::open(global, true).await?;
            if bench.app.is_none() {
                settings = session.app.mapping_settings();
            }
            let store = session.app.store_to_look_at()?;
            records::fetched(&store, of, args.id).await?
        }
        (None, false) => {
            let store = bench.shop()?.store_to_look_at()?;
            records::fetched(&store, of, args.id).await?
        }
    };
    let asks = ready.compiled.mapping.asks_for("home_currency");
    if asks && settings["home_currency"].is_null() && !global.quiet {
        out::say("note: the currency of the books is not known yet: no run has read it");
    }
    let seen: Vec<RecordSeen> = found
        .iter()
        .map(|record| {
            let (outcome, fields) = ready.compiled.trace(record, &settings);
            let mut seen = RecordSeen {
                title: records::title(of, record),
                id: record["id"].as_u64(),
                outcome: "mapped",
                because: None,
                refusal: None,
                fields,
                rows: Vec::new(),
            };
            match outcome {
                MappingOutcome::Document(document) => seen.rows = document.rows,
                MappingOutcome::Skip(because) => {
                    seen.outcome = "skipped";
                    seen.because = Some(because);
                }
                MappingOutcome::Refusal(refusal) => {
                    seen.outcome = "refused";
                    seen.refusal = Some(refusal);
                }
            }
            seen
        })
        .collect();
    let is_refused = seen.iter().any(|seen| seen.refusal.is_some());
    match output(global) {
        Output::Json => out::print_json(&MappingPreviewDocument {
            schema: "udsync/mapping-preview/1",
            name: of.name(),
            file: ready.file,
            records: seen,
        }),
        Output::Text | Output::Csv => {
            let heading = format!("{} ({})", of.name(), ready.from());
            out::answer(&text(&heading, &seen));
        }
    }
    Ok(if is_refused {
        exit::PROBLEMS
    } else {
        exit::DONE
    })
}

/// A value on the screen: longer ones are cut, and JSON has them whole.
const LONGEST: usize = 300;
/// Where nobody says how wide the screen is.
const WIDTH: u16 = 79;

fn text(heading: &str, seen: &[RecordSeen]) -> String {
    let mut text = String::new();
    for seen in seen {
        let width = width_of_answer().unwrap_or(usize::from(WIDTH));
        let heading = format!("{heading}: {}", seen.title);
        text.push_str(&paragraph(&heading, 0, 4, Some(width)));
        let rows = seen.fields.iter().map(|traced| traced.row).max();
        if let Some(last) = rows {
            for row in 0..=last {
                if last > 0 {
                    text.push_str(&format!("\nrow {}\n", row + 1));
                }
                let of_row = seen.fields.iter().filter(|traced| traced.row == row);
                text.push_str(&table(of_row));
            }
        }
        match (&seen.because, &seen.refusal) {
            (Some(because), _) => {
                text.push_str(&format!("it would be skipped: {because}\n"));
            }
            (None, Some(refusal)) => text.push_str(&format!("it would be held: {refusal}\n")),
            (None, None) if rows.is_none() => text.push_str("it makes no row\n"),
            (None, None) => {}
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Side by side: the field, what feeds it, the values on the way, and the result.
fn table<'t>(fields: impl Iterator<Item = &'t Traced>) -> String {
    let width = width_of_answer().and_then(|width| u16::try_from(width).ok());
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.unwrap_or(WIDTH))
        .set_header(["field", "source", "steps", "result"]);
    for traced in fields {
        let (source, steps) = on_the_way(traced);
        let result = match (&traced.refusal, &traced.result) {
            (Some(refusal), _) => format!("refused: {refusal}"),
            (None, Some(result)) => shown(result),
            (None, None) => "-".to_owned(),
        };
        table.add_row([traced.field.clone(), source, steps.join("\n"), result]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

/// What feeds a field, and what each function behind it made. A text or a formula is one step, which the result shows.
fn on_the_way(traced: &Traced) -> (String, Vec<String>) {
    let parts = calls(&traced.from);
    let Some(((_, first), rest)) = traced.steps.split_first() else {
        return (cut(&traced.from), vec!["not fed".to_owned()]);
    };
    let is_flow = !traced.from.contains("{%") && !traced.from.contains("{{");
    // A flow begins with a path or a constant; or with a function, which is the first step then.
    let (source, functions) = match parts.split_first() {
        Some((head, functions)) if is_flow && functions.len() == rest.len() => {
            (format!("{}: {}", cut(head), shown(first)), functions)
        }
        _ if is_flow && parts.len() == rest.len() => (shown(first), parts.as_slice()),
        _ => return (cut(&traced.from), Vec::new()),
    };
    let steps = functions
        .iter()
        .zip(rest)
        .map(|(function, (_, value))| format!("{}: {}", cut(function), shown(value)));
    (source, steps.collect())
}

/// A flow in its parts: `billing.state`, `state_code(billing.country)`.
fn calls(flow: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0, false);
    for (at, letter) in flow.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            '|' if !quoted && depth == 0 => {
                parts.push(flow[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(flow[start..].trim());
    parts
}

fn shown(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        value => cut(&value.to_string()),
    }
}

/// Nothing from a store may move the cursor of a terminal.
fn cut(text: &str) -> String {
    let plain = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut short: String = plain.take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_flow_is_cut_between_its_functions_only() {
        assert_eq!(
            calls("billing.state | state_code(billing.country | upper) | replace(\"|\", \")\")"),
            [
                "billing.state",
                "state_code(billing.country | upper)",
                "replace(\"|\", \")\")"
            ]
        );
    }

    #[test]
    fn values_stand_beside_what_made_them() {
        let traced = |from: &str, steps: &[(&str, Json)]| Traced {
            row: 0,
            field: "state".to_owned(),
            from: from.to_owned(),
            steps: steps
                .iter()
                .map(|(step, value)| ((*step).to_owned(), value.clone()))
                .collect(),
            result: Some(json!("ON")),
            refusal: None,
        };
        let flow = traced(
            "billing.state | state_code(\"CA\")",
            &[("source", json!("Ontario")), ("state_code", json!("ON"))],
        );
        assert_eq!(
            on_the_way(&flow),
            (
                "billing.state: \"Ontario\"".to_owned(),
                vec!["state_code(\"CA\"): \"ON\"".to_owned()]
            )
        );
        let text = traced("To {{ a | b }}", &[("source", json!("To ON"))]);
        assert_eq!(on_the_way(&text), ("To {{ a | b }}".to_owned(), vec![]));
        let unfed = traced("customer_id", &[]);
        assert_eq!(
            on_the_way(&unfed),
            ("customer_id".to_owned(), vec!["not fed".to_owned()])
        );
        let text = super::table([&flow].into_iter());
        assert_eq!(
            text,
            "field  source                    steps                   result\n\
             state  billing.state: \"Ontario\"  state_code(\"CA\"): \"ON\"  \"ON\"\n"
        );
    }
}
