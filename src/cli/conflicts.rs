//! `conflicts`: the fields on which the shop and QuickBooks do not agree, both sides of one, and the word that decides it.

use std::fmt::Write as _;

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use serde_json::json;

use super::args::{Global, Output};
use super::out;
use super::paint::style;
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::table::{TextTable, width_of_answer};
use crate::app::App;
use crate::app::conflicts::{Undecided, document, shown, view};
use crate::model::agreed::FieldConflict;
use crate::model::clock::local;
use crate::model::problem::{Problem, ProblemState};
use crate::store::{Problems, Store};

/// See and decide what both sides changed
///
/// With `"both"` in `[sync.direction]`, accounts and products are compared field by field with what the shop and QuickBooks last agreed on.
/// A field that both sides changed waits here until somebody decides; every other field of the record goes on. Without a word behind
/// it, the command lists what waits.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync conflicts\n  udsync conflicts show F7K2\n  udsync conflicts resolve F7K2 --take books\n  udsync conflicts --json"
)]
pub struct ConflictsArgs {
    #[command(subcommand)]
    pub what: Option<ConflictsCommand>,
}

#[derive(Debug, Subcommand)]
pub enum ConflictsCommand {
    List(ConflictsListArgs),
    Show(ConflictsShowArgs),
    Resolve(ConflictsResolveArgs),
}

/// List the fields that wait for a person
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync conflicts list --json\n  udsync conflicts list\n  udsync conflicts list -q"
)]
pub struct ConflictsListArgs {
    /// List what is settled instead, the newest first: who lost can be read there
    #[arg(long)]
    pub settled: bool,
}

/// Show both sides of one field, and what they agreed on before
///
/// One that is settled stays readable: who lost, and whose word it was.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync conflicts show F7K2\n  udsync conflicts show F7K2 --json\n  udsync conflicts show F7K2 --shop aurora"
)]
pub struct ConflictsShowArgs {
    /// The id, as `udsync conflicts` shows it
    #[arg(value_name = "ID")]
    pub id: String,
}

/// Decide whose value is to stand
///
/// The decision is kept, and the next sync writes it: to the side that lost, or to both. It holds as long as both sides say what they say
/// now; if one of them changes again, the field waits anew.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync conflicts resolve F7K2 --take shop\n  udsync conflicts resolve F7K2 --take \"555 0102\" --field phone\n  udsync conflicts resolve F7K2 --take books --always"
)]
pub struct ConflictsResolveArgs {
    /// The id, as `udsync conflicts` shows it
    #[arg(value_name = "ID")]
    pub id: String,
    /// `shop`, `books`, `base` (what both agreed on before), or a value for both
    #[arg(long, value_name = "SIDE|VALUE")]
    pub take: String,
    /// The field that is meant, to be sure
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,
    /// Print the line of the configuration that decides every such conflict alike
    #[arg(long)]
    pub always: bool,
}

/// Runs `conflicts`.
pub fn conflicts(global: &Global, args: &ConflictsArgs) -> Result<u8, Failure> {
    match &args.what {
        None => list(global, false),
        Some(ConflictsCommand::List(args)) => list(global, args.settled),
        Some(ConflictsCommand::Show(args)) => show(global, &args.id),
        Some(ConflictsCommand::Resolve(args)) => resolve(global, args),
    }
}

fn list(global: &Global, settled: bool) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let mut documents = Vec::new();
    let listed = match Store::open_read_only(&app.state)? {
        Some(store) => {
            app.unveil_to_look(&store)?;
            if !settled {
                documents = store.problems(None, false)?;
                documents.retain(|problem| problem.state == ProblemState::Conflict);
            }
            match settled {
                true => app.settled_conflicts(&store)?,
                false => app.conflicts(&store)?,
            }
        }
        None => Vec::new(),
    };
    match output(global) {
        Output::Json => out::print_json(&document(&listed)),
        _ if listed.is_empty() && settled => out::answer("no conflict was ever settled\n"),
        _ if listed.is_empty() => out::answer(match documents.is_empty() {
            true => "the shop and QuickBooks agree: no field waits\n",
            false => "no field waits\n",
        }),
        _ => out::answer(&table(&listed)),
    }
    if let Some(words) = of_documents(&documents) {
        out::say(&words);
    }
    Ok(exit::DONE)
}

/// Documents that a person changed in the books are conflicts too, and are decided elsewhere.
fn of_documents(documents: &[Problem]) -> Option<String> {
    let ids: Vec<String> = documents
        .iter()
        .map(|one| format!("`{}`", one.id))
        .collect();
    let (noun, them) = match ids.as_slice() {
        [] => return None,
        [_] => ("document that was changed in QuickBooks waits", "it"),
        _ => ("documents that were changed in QuickBooks wait", "them"),
    };
    const SHOWN: usize = 8;
    let more = match ids.len() > SHOWN {
        true => ", …",
        false => "",
    };
    let first = ids[..ids.len().min(SHOWN)].join(", ");
    Some(format!(
        "{} {noun} for a person: {first}{more}; `udsync retry --list` shows {them} and what mends each",
        ids.len()
    ))
}

fn table(open: &[FieldConflict]) -> String {
    let mut table = TextTable::new(&["id", "record", "field", "decided"], &[]);
    for conflict in open {
        let sides = &conflict.sides;
        let by = conflict.settled.as_ref().map(|(_, by)| by.clone());
        let decided = by.or_else(|| view(conflict).decided());
        let decided = decided.unwrap_or_else(|| "-".to_owned());
        table.row(
            vec![
                style(&conflict.id).bold().to_string(),
                format!("{} {}", conflict.source.entity, conflict.source.number),
                conflict.field.to_string(),
                decided,
            ],
            format!(
                "shop: {}; QuickBooks: {}",
                quoted(&sides.shop),
                quoted(&sides.books)
            ),
        );
    }
    let mut text = table.render(width_of_answer());
    if open.iter().any(|conflict| conflict.settled.is_some()) {
        return text;
    }
    text.push_str(
        "\n`udsync conflicts resolve ID --take shop` or `--take books` decides; the next sync writes it\n",
    );
    text
}

fn quoted(value: &str) -> String {
    match value.is_empty() {
        true => "nothing".to_owned(),
        false => format!("`{}`", shown(value)),
    }
}

fn known(app: &App, id: &str) -> Result<(Store, FieldConflict), Failure> {
    let store = app.state_to_read()?;
    app.unveil_to_look(&store)?;
    let conflict = app
        .conflict_called(&store, id)?
        .ok_or_else(|| unknown(id))?;
    Ok((store, conflict))
}

fn unknown(id: &str) -> Failure {
    Failure::new("conflict_unknown", format!("there is no conflict `{id}`"))
        .hint("`udsync conflicts` lists those that wait")
}

fn show(global: &Global, id: &str) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let (_, conflict) = known(&app, id)?;
    match output(global) {
        Output::Json => {
            out::print_json(&json!({"schema": "udsync/conflict/1", "conflict": view(&conflict)}));
        }
        _ => out::answer(&one(&conflict, app.config.rules.timezone)),
    }
    Ok(exit::DONE)
}

fn one(conflict: &FieldConflict, zone: Tz) -> String {
    let (source, sides) = (&conflict.source, &conflict.sides);
    let day = |at: Option<chrono::DateTime<chrono::Utc>>| match at {
        Some(at) => format!("changed {}", local(at, zone)),
        None => "when is not said".to_owned(),
    };
    let mut table = TextTable::new(&["", ""], &[]);
    if let Some(base) = &sides.base {
        let both = match base.shop == base.books {
            true => quoted(&base.shop),
            false => format!(
                "{} (QuickBooks: {})",
                quoted(&base.shop),
                quoted(&base.books)
            ),
        };
        table.row(
            vec!["base".to_owned(), both],
            "what both agreed on before".to_owned(),
        );
    }
    table.row(
        vec!["shop".to_owned(), quoted(&sides.shop)],
        day(sides.shop_at),
    );
    table.row(
        vec!["QuickBooks".to_owned(), quoted(&sides.books)],
        day(sides.books_at),
    );
    let mut text = format!(
        "{}  `{}` of {} {}\n",
        style(&conflict.id).bold(),
        conflict.field,
        source.entity,
        source.number
    );
    text.push_str(&table.render(width_of_answer()));
    let since = local(conflict.since, zone);
    let _ = writeln!(
        text,
        "since {since}; the times are those of the whole record"
    );
    match (&conflict.settled, view(conflict).decided()) {
        (Some((at, by)), _) => {
            let _ = writeln!(text, "settled {} by {by}", local(*at, zone));
        }
        (None, Some(taken)) => {
            let _ = writeln!(text, "decided: `{taken}`; the next sync writes it");
        }
        (None, None) => {
            let _ = writeln!(
                text,
                "`udsync conflicts resolve {} --take shop` or `--take books` decides",
                conflict.id
            );
        }
    }
    text
}

fn resolve(global: &Global, args: &ConflictsResolveArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    app.unveil(&store)?;
    let decided = app
        .decide_conflict(&store, &args.id, &args.take, args.field.as_deref())
        .map_err(|why| refused(&args.id, why))?;
    let always = app.line_of(&decided).filter(|_| args.always);
    match output(global) {
        Output::Json => out::print_json(
            &json!({"schema": "udsync/conflict/1", "conflict": view(&decided), "always": always}),
        ),
        _ => {
            let (source, field) = (&decided.source, decided.field);
            out::answer(&format!(
                "{} is decided: `{field}` of {} {} will be as said; `udsync sync {}s` writes it\n",
                decided.id, source.entity, source.number, source.entity
            ));
            match always {
                Some(line) => out::answer(&format!(
                    "\nto decide every such conflict alike, put this into udsync.toml:\n\n{line}\n"
                )),
                None if args.always => out::say(
                    "no line of the configuration says that: only a whole side can always win",
                ),
                None => {}
            }
        }
    }
    Ok(exit::DONE)
}

fn refused(id: &str, why: Undecided) -> Failure {
    match why {
        Undecided::Unknown => unknown(id),
        Undecided::Settled => Failure::new(
            "conflict_settled",
            format!("conflict `{id}` is settled already"),
        )
        .hint(format!("`udsync conflicts show {id}` says how")),
        Undecided::OtherField(field) => {
            Failure::new("usage", format!("conflict `{id}` is about `{field}`"))
                .hint(format!("leave out `--field`, or say `--field {field}`"))
        }
        Undecided::Odd(why) => Failure::new("usage", format!("that cannot be taken: {why}"))
            .hint(format!("`udsync conflicts show {id}` shows both sides")),
        Undecided::Store(error) => error.into(),
    }
}
