//! `connect supabase`: from a key or a connection string to a database that has answered.
//!
//! Nothing is stored before it has worked, and what cannot work is refused before anything is sent.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use secrecy::SecretString;
use serde::Serialize;

use crate::app::App;
use crate::app::connecting;
use crate::app::credentials::SUPABASE;
use crate::config::{Config, Credentials, Edit, Transport};
use crate::connector::supabase::project;
use crate::model::database::{Database, DatabaseWay};
use crate::model::service::{CredentialField, SUPABASE_DATABASE_URL, SUPABASE_KEY, Service};

use super::super::amend;
use super::super::args::Global;
use super::super::ask::{Asker, Prompt};
use super::super::report::{Failure, exit};
use super::super::table::{TextTable, width_of_answer};
use super::brought::FromScript;
use super::connected;
use super::keys::{KeyArgs, open_strongbox};
use super::place::ConfigFile;
use super::schema;

/// Connect the Supabase project, or another PostgreSQL
///
/// Over REST it takes the project's address and its secret key; with `--transport postgres` it takes the connection string that the
/// Supabase dashboard shows under Connect. It tries them, shows what is there, and stores them sealed. TLS is always spoken and the
/// certificate is always verified; for Supabase's own PostgreSQL that takes its CA file. Nothing is stored if it does not work.
///
/// The tables that a sync fills are made by SQL that `--print-schema` prints and `--apply-schema` runs, the latter over PostgreSQL only.
/// It can be run again at any time: it does no more than is missing, and never touches a table of somebody else.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect supabase\n  udsync connect supabase --url https://abcdefghijklmnopqrst.supabase.co --from-env\n  udsync connect supabase --transport postgres --ca-file prod-ca-2021.crt --from-stdin < database.env\n  udsync connect supabase --print-schema > schema.sql\n  udsync connect supabase --apply-schema --yes"
)]
pub struct SupabaseArgs {
    /// Reach the database this way [default: as configured, else rest]
    #[arg(long, value_enum)]
    pub transport: Option<Means>,
    /// Connect the project at this address; the one of the dashboard will do
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Trust the authority in this file, as PostgreSQL's certificate at Supabase needs it
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Take the key from UDSYNC_SUPABASE_KEY, or the string from UDSYNC_SUPABASE_DATABASE_URL
    #[arg(long, conflicts_with = "from_stdin")]
    pub from_env: bool,
    /// Read lines of NAME=value with the same names from standard input
    #[arg(long)]
    pub from_stdin: bool,
    /// Print the SQL that makes the tables, and connect nothing
    #[arg(long, conflicts_with_all = ["apply_schema", "transport", "url", "ca_file", "from_env", "from_stdin"])]
    pub print_schema: bool,
    /// Make the tables in the connected PostgreSQL, or bring them up to date
    #[arg(long, conflicts_with_all = ["url", "from_env", "from_stdin"])]
    pub apply_schema: bool,
    /// Make the tables without asking
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// A way to a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Means {
    /// Over HTTP, with a secret key
    Rest,
    /// Straight into PostgreSQL, with a connection string
    Postgres,
}

/// Runs it.
pub async fn supabase(global: &Global, args: &SupabaseArgs) -> Result<u8, Failure> {
    if args.print_schema {
        return schema::print(global);
    }
    if args.apply_schema {
        return schema::apply(global, args).await;
    }
    let asker = Asker::new(global);
    let place = ConfigFile::find(global)?;
    let config = place.begun()?;
    let brought = FromScript::read(Some(&config.shop.name), args.from_env, args.from_stdin)?;
    let given = brought.map(|brought| brought.credentials);
    let means = means(&asker, args, config, given.as_ref())?;
    let mut edit = place.edit(None, "")?;
    let secret = match means {
        Means::Rest => {
            refuse_ca_file(args)?;
            let url = address(&asker, args, config)?;
            edit.set(SUPABASE, "transport", "rest")
                .set(SUPABASE, "url", url);
            key(&asker, given.as_ref())?
        }
        Means::Postgres => {
            edit.set(SUPABASE, "transport", "postgres");
            if let Some(file) = &args.ca_file {
                edit.set(SUPABASE, "ca_file", from(&place.path, file));
            }
            string(&asker, given.as_ref())?
        }
    };
    let app = place.app(global, &edit)?;
    let given = credentials(means, secret);
    let database = app.database(&given)?.describe().await?;
    amend::show(&edit, global.quiet);
    let kept = store(&app, args, &asker, &edit, &given, &database)?;
    amend::say_kept(kept.as_deref(), global.quiet);
    show(global, &place, &database);
    Ok(exit::DONE)
}

fn means(
    asker: &Asker,
    args: &SupabaseArgs,
    config: &Config,
    given: Option<&Credentials>,
) -> Result<Means, Failure> {
    if let Some(means) = args.transport {
        return Ok(means);
    }
    // Only one of the two was given: that is an answer.
    if let Some(given) = given {
        match (given.has(&SUPABASE_KEY), given.has(&SUPABASE_DATABASE_URL)) {
            (true, false) => return Ok(Means::Rest),
            (false, true) => return Ok(Means::Postgres),
            _ => {}
        }
    }
    let configured = config.supabase.as_ref().map(|own| own.transport);
    let proposed = match configured {
        Some(Transport::Postgres) => Means::Postgres,
        _ => Means::Rest,
    };
    if !asker.may_ask() || given.is_some() || args.url.is_some() {
        return Ok(proposed);
    }
    let question = Prompt {
        prompt: "How to reach the database",
        flag: "`--transport rest` or `--transport postgres`",
    };
    let ways = [
        "REST API, with the project's secret key".to_owned(),
        "PostgreSQL, with a connection string".to_owned(),
    ];
    let first = usize::from(proposed == Means::Postgres);
    Ok(match asker.choose(&question, &ways, first)? {
        0 => Means::Rest,
        _ => Means::Postgres,
    })
}

fn refuse_ca_file(args: &SupabaseArgs) -> Result<(), Failure> {
    if args.ca_file.is_none() {
        return Ok(());
    }
    Err(Failure::new(
        "usage",
        "`--ca-file` is for PostgreSQL, and the REST API needs none",
    )
    .hint("add `--transport postgres`, or leave `--ca-file` out"))
}

fn address(asker: &Asker, args: &SupabaseArgs, config: &Config) -> Result<String, Failure> {
    let configured = config.supabase.as_ref().and_then(|own| own.url.as_ref());
    let known = configured.map(|url| url.as_str().trim_end_matches('/').to_owned());
    let scripted = !asker.may_ask() || args.from_env || args.from_stdin;
    let text = match (&args.url, &known) {
        (Some(url), _) => url.clone(),
        (None, Some(known)) if scripted => known.clone(),
        (None, known) => asker.text(
            &Prompt {
                prompt: "Address of the project",
                flag: "`--url https://<ref>.supabase.co`",
            },
            known.as_deref(),
        )?,
    };
    let url = project(&text)?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn key(asker: &Asker, given: Option<&Credentials>) -> Result<SecretString, Failure> {
    match given {
        Some(given) => found(given, &SUPABASE_KEY),
        None => asker.secret(&Prompt {
            prompt: "Secret key (sb_secret_…, or the service_role key)",
            flag: "`--from-env`, which reads `UDSYNC_SUPABASE_KEY`, or `--from-stdin`",
        }),
    }
}

fn string(asker: &Asker, given: Option<&Credentials>) -> Result<SecretString, Failure> {
    match given {
        Some(given) => found(given, &SUPABASE_DATABASE_URL),
        None => asker.secret(&Prompt {
            prompt: "Connection string (postgresql://…)",
            flag: "`--from-env`, which reads `UDSYNC_SUPABASE_DATABASE_URL`, or `--from-stdin`",
        }),
    }
}

fn found(given: &Credentials, field: &CredentialField) -> Result<SecretString, Failure> {
    given.of(field).cloned().ok_or_else(|| {
        let name = field.variable;
        Failure::new("credentials_missing", format!("`{name}` was not given")).hint(format!(
            "`{name}=…` is needed; without `--from-env` and `--from-stdin` you are asked"
        ))
    })
}

/// A file named on the command line, as the configuration has to name it: seen from its own folder.
pub(super) fn from(config: &Path, file: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let whole = here.join(file);
    let folder = here.join(config);
    let folder = folder.parent().unwrap_or(&here);
    let shown = whole.strip_prefix(folder).unwrap_or(&whole);
    shown.display().to_string()
}

fn credentials(means: Means, secret: SecretString) -> Credentials {
    let field = match means {
        Means::Rest => &SUPABASE_KEY,
        Means::Postgres => &SUPABASE_DATABASE_URL,
    };
    Credentials::with([(field, secret)])
}

fn store(
    app: &App,
    args: &SupabaseArgs,
    asker: &Asker,
    edit: &Edit,
    given: &Credentials,
    database: &Database,
) -> Result<Option<PathBuf>, Failure> {
    let state = app.store()?;
    let strongbox = open_strongbox(app, &state, &args.key, asker)?;
    let kept = edit.save().map_err(|error| Failure::from_edit(&error))?;
    connecting::keep_database(app, &state, &strongbox, given, database)?;
    Ok(kept)
}

/// The facts of `--json`.
#[derive(Serialize)]
struct DatabaseShown<'a> {
    database: &'a Database,
}

fn show(global: &Global, place: &ConfigFile, database: &Database) {
    let kept = format!(
        "{} says how, and what is secret is sealed in the state file",
        place.shown()
    );
    let facts = (DatabaseShown { database }, &*facts(database));
    connected::show(
        global,
        place,
        Service::Supabase,
        facts,
        &notes(database),
        &kept,
    );
}

fn notes(database: &Database) -> Vec<String> {
    match database.way {
        DatabaseWay::Direct => vec![
            "the direct connection has an IPv6 address only, unless the IPv4 add-on is paid for: on other machines the session pooler may be needed".to_owned(),
        ],
        _ => Vec::new(),
    }
}

/// The facts as lines: a word and what it is.
pub fn facts(database: &Database) -> String {
    let way = match database.way {
        DatabaseWay::Rest => "REST API",
        DatabaseWay::Direct => "direct connection",
        DatabaseWay::SessionPooler => "session pooler",
        DatabaseWay::TransactionPooler => "transaction pooler",
        DatabaseWay::DedicatedPooler => "dedicated pooler, by transaction",
        DatabaseWay::Server => "PostgreSQL server",
    };
    let tables = database.tables.iter().map(|table| {
        let state = if table.present { "there" } else { "not there" };
        format!("{} ({state})", table.name)
    });
    let rows = [
        ("database", database.address.clone()),
        ("way", way.to_owned()),
        ("version", database.version.clone()),
        ("role", database.role.clone()),
        ("schema", database.schema.clone()),
        ("tables", tables.collect::<Vec<_>>().join(", ")),
    ];
    let mut table = TextTable::new(&["", ""], &[]);
    for (word, what) in rows {
        table.row(vec![word.to_owned()], what);
    }
    table.render(width_of_answer())
}
