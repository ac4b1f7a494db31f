//! `connect supabase --print-schema` and `--apply-schema`: the SQL of the tables, shown or run.
//!
//! Showing needs no connection. Running says first what is missing, and does all of it or nothing.

use serde::Serialize;

use crate::app::App;
use crate::app::credentials::SUPABASE;
use crate::config::Transport;
use crate::connector::port::Tables;
use crate::connector::supabase::schema;
use crate::model::row::Gap;
use crate::model::service::{SUPABASE_DATABASE_URL, Service};

use super::super::args::{Global, Output};
use super::super::ask::{Asker, Prompt};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::output;
use super::place::ConfigFile;
use super::supabase::{Means, SupabaseArgs, from};

/// What `--print-schema --json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    schema: &'static str,
    name: &'a str,
    version: usize,
    sql: String,
}

/// What `--apply-schema --json` prints.
#[derive(Serialize)]
struct SchemaApplied<'a> {
    schema: &'static str,
    name: &'a str,
    version: usize,
    mended: Vec<Mended>,
}

#[derive(Serialize)]
struct Mended {
    code: String,
    said: String,
}

/// Prints the SQL for the schema that is configured.
pub fn print(global: &Global) -> Result<u8, Failure> {
    let place = ConfigFile::find(global)?;
    let configured = place.config.as_ref().and_then(|own| own.supabase.as_ref());
    let name = configured.map_or("public", |own| own.schema.as_str());
    let sql = schema::script(name);
    match output(global) {
        Output::Json => out::print_json(&Printed {
            schema: "udsync/schema/1",
            name,
            version: schema::VERSION,
            sql,
        }),
        Output::Text | Output::Csv => {
            out::print(&sql);
            if !global.quiet {
                out::say(
                    "paste it into the SQL editor of the Supabase dashboard, or pipe it into `psql`",
                );
            }
        }
    }
    Ok(exit::DONE)
}

/// Runs the SQL in the connected database.
pub async fn apply(global: &Global, args: &SupabaseArgs) -> Result<u8, Failure> {
    let app = app(global, args)?;
    let own = app.config.supabase.as_ref();
    if own.is_some_and(|own| own.transport == Transport::Rest) {
        return Err(schema::over_rest().into());
    }
    let store = app.store()?;
    let mut given = app.given_for(&store, &[Service::Supabase])?;
    if args.ca_file.is_some() {
        // A person names the authority, not the configuration.
        given.bind(&SUPABASE_DATABASE_URL, None);
    }
    let database = app.database(&given)?;
    let gaps = database.gaps().await?;
    let json = output(global) == Output::Json;
    if !json && !global.quiet {
        out::say(&foretold(database.schema(), &gaps));
    }
    if !args.yes && !agreed(global, database.schema())? {
        return Err(Failure::new(
            "not_confirmed",
            "nothing was changed in the database",
        ));
    }
    let mended = database.apply_schema().await?;
    if json {
        let told = |gap: Gap| Mended {
            code: gap.code,
            said: gap.said,
        };
        out::print_json(&SchemaApplied {
            schema: "udsync/schema-applied/1",
            name: database.schema(),
            version: schema::VERSION,
            mended: mended.into_iter().map(told).collect(),
        });
    } else {
        out::print(&format!(
            "the tables are there: schema `{}`, version {}\n",
            database.schema(),
            schema::VERSION
        ));
    }
    Ok(exit::DONE)
}

/// The shop, with the way into its database that was asked for. Nothing of it is stored.
fn app(global: &Global, args: &SupabaseArgs) -> Result<App, Failure> {
    let place = ConfigFile::find(global)?;
    place.begun()?;
    let mut edit = place.edit(None, "")?;
    match args.transport {
        Some(Means::Postgres) => drop(edit.set(SUPABASE, "transport", "postgres")),
        Some(Means::Rest) => drop(edit.set(SUPABASE, "transport", "rest")),
        None => {}
    }
    if let Some(file) = &args.ca_file {
        edit.set(SUPABASE, "ca_file", from(&place.path, file));
    }
    place.app(global, &edit)
}

fn foretold(schema: &str, gaps: &[Gap]) -> String {
    if gaps.is_empty() {
        return format!(
            "nothing is missing in the schema `{schema}`; its guard, rights and views are made anew"
        );
    }
    let lines: Vec<String> = gaps.iter().map(|gap| format!("- {}", gap.said)).collect();
    format!("to be mended:\n{}", lines.join("\n"))
}

fn agreed(global: &Global, schema: &str) -> Result<bool, Failure> {
    let asker = Asker::new(global);
    if !asker.may_ask() {
        return Err(Failure::new(
            "confirmation_needed",
            format!("tables are to be made in the schema `{schema}`, and nobody can be asked"),
        )
        .hint("look at the SQL with `udsync connect supabase --print-schema`, then add `--yes`"));
    }
    asker.yes(
        &Prompt {
            prompt: "Make these tables",
            flag: "`--yes`",
        },
        true,
    )
}
