//! `privacy`: forgets a person, and says what stays where, and why.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::args::{Global, Output};
use super::ask::{Asker, Prompt};
use super::out;
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use crate::app::App;
use crate::app::privacy::KnownPerson;
use crate::connector::supabase::RowsOf;
use crate::store::{Store, Traces};

/// See and delete what is kept about people
///
/// What udsync keeps of people, and why, is told in udsync-setup(7).
#[derive(Debug, Subcommand)]
pub enum PrivacyCommand {
    Forget(ForgetArgs),
}

/// Forget a person, in the state file and in the database
///
/// Names, addresses and words go; figures, numbers, dates and ids stay, so that nothing is posted twice. In the database the personal
/// columns of the rows are emptied. What is in the books stays there, and so does what the shop holds: erase it there first, or the shop
/// tells it again with the next change of its record. Done twice it is done once.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync privacy forget ann@example.com --dry-run\n  udsync privacy forget ann@example.com\n  udsync privacy forget ann@example.com --dry-run --json"
)]
pub struct ForgetArgs {
    /// The e-mail address of the person
    #[arg(value_name = "EMAIL")]
    pub email: String,
    /// Show what would be forgotten, and forget nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Forget without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,
}

/// What `privacy forget` answers. The address that was asked for is not in it: whoever keeps the answer keeps nobody.
#[derive(Serialize)]
struct ForgottenDocument {
    schema: &'static str,
    shop: String,
    dry_run: bool,
    /// Whether there was anything to forget.
    found: bool,
    state: StateView,
    /// Rows by table; `null` where no database is configured, or it may only be read.
    database: Option<BTreeMap<&'static str, usize>>,
    /// Requests that name the person and have no outcome yet; they are kept until they have one.
    open_requests: usize,
    orders: BTreeSet<u64>,
    stays: Vec<Stays>,
}

/// So many texts of each kind.
#[derive(Serialize)]
struct StateView {
    requests: usize,
    earlier_contents: usize,
    history: usize,
    links: usize,
    answers: usize,
    lists: usize,
    digests: usize,
    /// What was written to the shop.
    shop_writes: usize,
    /// Reasons of accepted differences, and proofs that quote them.
    words: usize,
    copies: usize,
}

/// What is not forgotten, and why.
#[derive(Serialize)]
struct Stays {
    #[serde(rename = "where")]
    place: &'static str,
    what: String,
    why: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

/// Runs `privacy`.
pub async fn privacy(global: &Global, command: &PrivacyCommand) -> Result<u8, Failure> {
    match command {
        PrivacyCommand::Forget(args) => forget(global, args).await,
    }
}

async fn forget(global: &Global, args: &ForgetArgs) -> Result<u8, Failure> {
    let email = args.email.trim();
    if !email.contains('@') {
        return Err(Failure::new("usage", "that is not an e-mail address")
            .hint("a person is known by the address of the account, or of the order"));
    }
    let app = open_shop(global)?;
    let _lock = app.lock("privacy forget")?;
    let store = opened(&app, args.dry_run)?;
    let database = app.database_of_people(&store)?;
    let known = app.known_of(&store, database.as_ref(), email).await?;
    let mut document = document(&app, args.dry_run, &known);
    if !args.dry_run && !known.is_nothing() {
        consent(global, args, &known)?;
        let done = app.forget(&store, database.as_ref(), email, known.rows.as_ref());
        document.open_requests = done.await?.open_requests;
    }
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Text | Output::Csv => out::answer(&told(&document)),
    }
    Ok(match document.open_requests {
        0 => exit::DONE,
        _ => exit::PROBLEMS,
    })
}

/// The state file with its key. Without a file there is nobody in it.
fn opened(app: &App, only_to_look: bool) -> Result<Store, Failure> {
    if !app.state.exists() {
        return Ok(Store::in_memory()?);
    }
    if !only_to_look {
        let store = app.store()?;
        app.unveil(&store)?;
        return Ok(store);
    }
    let store = Store::open_read_only(&app.state)?;
    let store = store.map_or_else(Store::in_memory, Ok)?;
    app.unveil_to_look(&store)?;
    Ok(store)
}

fn consent(global: &Global, args: &ForgetArgs, known: &KnownPerson) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    let rows = known.rows.as_ref().map_or(0, count);
    let said = format!(
        "{} in the state file and {} in the database would be forgotten for good",
        counted(
            known.traces.texts() + known.traces.likenesses,
            "entry",
            "entries"
        ),
        counted(rows, "row", "rows")
    );
    let asker = Asker::new(global);
    if !asker.may_ask() {
        return Err(Failure::new("confirmation_needed", said)
            .hint("`udsync privacy forget EMAIL --yes` does it; `--dry-run` shows what there is"));
    }
    out::say(&format!("{said}."));
    let question = Prompt {
        prompt: "Forget this person",
        flag: "`--yes`",
    };
    match asker.yes(&question, false)? {
        true => Ok(()),
        false => Err(Failure::new("not_confirmed", "nothing was forgotten")),
    }
}

fn count(rows: &RowsOf) -> usize {
    rows.values().map(BTreeSet::len).sum()
}

fn document(app: &App, dry_run: bool, known: &KnownPerson) -> ForgottenDocument {
    let traces = &known.traces;
    ForgottenDocument {
        schema: "udsync/forgotten/1",
        shop: app.config.shop.name.clone(),
        dry_run,
        found: !known.is_nothing(),
        state: StateView {
            requests: traces.tickets.len(),
            earlier_contents: traces.images.len(),
            history: traces.changes.len(),
            links: traces.links.len(),
            answers: traces.answers.len(),
            lists: traces.lists.len(),
            digests: traces.likenesses,
            shop_writes: traces.shop_writes.len(),
            words: traces.accepted.len() + traces.proofs.len(),
            copies: known.copies,
        },
        database: known.rows.as_ref().map(|rows| {
            let each = rows.iter();
            each.map(|(table, ids)| (table.as_str(), ids.len()))
                .collect()
        }),
        open_requests: traces.open_requests,
        orders: traces.orders.clone(),
        stays: stays(app, traces),
    }
}

fn stays(app: &App, traces: &Traces) -> Vec<Stays> {
    let mut stays = vec![
        Stays {
            place: "books",
            what: match traces.customers.len() {
                0 => "documents, and the customer they name".to_owned(),
                1 => {
                    let ids: Vec<&str> = traces.customers.iter().map(String::as_str).collect();
                    format!("documents, and the customer with the id {}", ids.concat())
                }
                _ => {
                    let ids: Vec<&str> = traces.customers.iter().map(String::as_str).collect();
                    format!("documents, and the customers with the ids {}", ids.join(", "))
                }
            },
            why: "books are records that the law has kept for years, and udsync takes nothing out of them",
            hint: Some(
                "when the time is over, empty the customer's fields in QuickBooks and make it inactive",
            ),
        },
        Stays {
            place: "shop",
            what: "the account and the orders".to_owned(),
            why: "udsync cannot erase there; what the shop still says comes again with the next change of its record",
            hint: Some(
                "erase there first: Tools > Erase Personal Data in WordPress; then run this again",
            ),
        },
        Stays {
            place: "state",
            what: "ids, numbers, figures and dates, and of a guest 12 characters of a digest of the address"
                .to_owned(),
            why: "by them udsync knows what it has posted, and does not post it again",
            hint: None,
        },
        Stays {
            place: "files",
            what: "saved plans, exports, papers, logs that were made with `--log-pii`, and backups of your own"
                .to_owned(),
            why: "udsync does not know where they are",
            hint: None,
        },
    ];
    if app
        .config
        .supabase
        .as_ref()
        .is_some_and(|settings| settings.read_only)
    {
        stays.push(Stays {
            place: "database",
            what: "all rows".to_owned(),
            why: "`read_only = true` in `[supabase]`",
            hint: Some("set it to `false` and run this again"),
        });
    }
    stays
}

fn told(document: &ForgottenDocument) -> String {
    let mut text = String::new();
    let verb = if document.dry_run {
        "would be forgotten"
    } else {
        "forgotten"
    };
    if !document.found {
        text.push_str("nothing is kept of this person any more\n");
    }
    let state = &document.state;
    for (count, one, many) in [
        (
            state.requests,
            "request to the books",
            "requests to the books",
        ),
        (
            state.shop_writes,
            "change that was written to the shop",
            "changes that were written to the shop",
        ),
        (
            state.earlier_contents,
            "earlier content of a document",
            "earlier contents of documents",
        ),
        (
            state.history,
            "body in the history",
            "bodies in the history",
        ),
        (
            state.links,
            "remembered address of a document",
            "remembered addresses of documents",
        ),
        (
            state.answers,
            "answer for a caller's key",
            "answers for callers' keys",
        ),
        (
            state.lists,
            "list of names in the books",
            "lists of names in the books",
        ),
        (
            state.digests,
            "digest of the address",
            "digests of the address",
        ),
        (
            state.words,
            "name in the words of somebody who accepted a difference, or in a proof that quotes them",
            "names in the words of whoever accepted a difference, and in proofs that quote them",
        ),
    ] {
        if count > 0 {
            text.push_str(&format!("{verb}: {}\n", counted(count, one, many)));
        }
    }
    if document.found && state.copies > 0 {
        let copies = counted(
            state.copies,
            "copy of an earlier version of the state file",
            "copies of earlier versions of the state file",
        );
        text.push_str(&format!("{verb}: everybody, in {copies}\n"));
    }
    for (table, rows) in document.database.iter().flatten() {
        let rows = counted(*rows, "row", "rows");
        text.push_str(&format!(
            "{verb}: the personal columns of {rows} of `{table}`\n"
        ));
    }
    if document.open_requests > 0 {
        let requests = counted(document.open_requests, "request", "requests");
        text.push_str(&format!(
            "kept: {requests} of which it is not known what became; `udsync sync orders` finds out, then run this again\n"
        ));
    }
    for stays in &document.stays {
        text.push_str(&format!(
            "stays in {}: {}; {}\n",
            place(stays.place),
            stays.what,
            stays.why
        ));
        if let Some(hint) = stays.hint {
            text.push_str(&format!("  {hint}\n"));
        }
    }
    text
}

fn place(word: &str) -> &str {
    match word {
        "files" => "files of yours",
        "state" => "the state file",
        "books" => "the books",
        "shop" => "the shop",
        _ => "the database",
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}
