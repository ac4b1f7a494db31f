//! The end of `connect`: what was connected, in words or as one document.

use serde::Serialize;

use crate::model::service::Service;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::session::output;
use super::place::ConfigFile;

/// What `--json` prints.
#[derive(Serialize)]
struct ConnectionDocument<'a, F> {
    schema: &'static str,
    name: &'static str,
    config: String,
    #[serde(flatten)]
    facts: F,
    notes: &'a [String],
}

/// Says it: the facts as they are or as a table, then what is worth a word, and last where everything is kept now.
pub fn show(
    global: &Global,
    place: &ConfigFile,
    service: Service,
    (facts, table): (impl Serialize, &str),
    notes: &[String],
    kept: &str,
) {
    match output(global) {
        Output::Json => out::print_json(&ConnectionDocument {
            schema: "udsync/connect/1",
            name: service.as_str(),
            config: place.path.display().to_string(),
            facts,
            notes,
        }),
        Output::Text | Output::Csv => {
            out::answer(table);
            if global.quiet {
                return;
            }
            for note in notes {
                out::say(&format!("note: {note}"));
            }
            out::say(&format!("connected; {kept}"));
        }
    }
}
