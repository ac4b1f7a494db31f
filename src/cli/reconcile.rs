//! `reconcile`: proves order by order that the books equal the shop, or says where they do not.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono_tz::Tz;
use clap::{Args, Subcommand, ValueEnum};

use super::args::{FleetArgs, Global, Output, WaitArgs};
use super::days::PeriodArgs;
use super::hearing::{self, Voice};
use super::report::{Failure, exit};
use super::session::{Session, open_shop, output, stop_on_signals};
use super::table::{TextTable, fitted, width_of_answer};
use super::{file, out, paper, plain};
use crate::app::access::By;
use crate::app::papers::csv;
use crate::app::papers::proof::{of_proof, of_sheet};
use crate::app::proven::{ending, left_out};
use crate::books::reconciled::{Difference, Proof, ProofSheet, RolledAccount};
use crate::model::clock;
use crate::model::plan::Entity;
use crate::model::service::Service;
use crate::run::reconcile::{accept, reconcile as prove};
use crate::run::{
    Consent, Ending, Guard, ReconcileAnswer, ReconcileRequest, RunRequest, RunSubject, Selection,
    listener, on_a_thread,
};

/// Prove that the books equal the shop, order by order and to the cent
///
/// Reads the shop and the books of a period afresh and compares every order with its documents: amounts, tax by rate, days, currencies,
/// accounts, and what is still owed. Whatever does not agree is listed with both figures, a likely cause and a command. Nothing is
/// written to the shop or to the books. Ends with 0 if all of it is proven, with 3 if it is proven and something is held or was accepted,
/// and with 8 if something differs. `--output csv` prints one of the tables, `--table` says which; `--output xlsx`, `html` and `pdf` have all of
/// them, the last two behind a page to be signed.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Examples:\n  udsync reconcile --period 2026-10\n  udsync reconcile --from 2026-10-01 --until 2026-10-15 --json\n  udsync reconcile --period 2026-10 --output csv --table orders --out orders.csv\n  udsync reconcile --period 2026-10 --output pdf --out october.pdf\n  udsync reconcile --period 2026-10 --all-shops\n  udsync reconcile accept D4K7QX --why \"paid in cash\""
)]
pub struct ReconcileArgs {
    #[command(subcommand)]
    pub what: Option<ReconcileCommand>,
    #[command(flatten)]
    pub days: PeriodArgs,
    /// With what the shop is compared: its books, or the copy in the database
    #[arg(long, value_name = "TARGET", value_enum, default_value_t = ProvenSide::Quickbooks)]
    pub to: ProvenSide,
    /// The table that `--output csv` prints
    #[arg(long, value_name = "TABLE", value_enum, default_value = "differences")]
    pub table: ProofTable,
    /// Into this file; without it, to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Use the built-in sandbox, after a sync of everything in it
    #[arg(long)]
    pub sandbox: bool,
    #[command(flatten)]
    pub wait: WaitArgs,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

#[derive(Debug, Subcommand)]
pub enum ReconcileCommand {
    Accept(AcceptArgs),
}

/// Leave one difference as it is
///
/// It is still listed, as accepted, and no longer keeps the period from being proven. When one of its figures moves, the acceptance has
/// lapsed and the difference stands again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync reconcile accept D4K7QX --why \"paid in cash\"\n  udsync reconcile accept D4K7QX --why \"written off\" --json\n  udsync reconcile accept D4K7QX --why \"paid in cash\" --shop aurora"
)]
pub struct AcceptArgs {
    /// The id of the difference, as `udsync reconcile` shows it
    #[arg(value_name = "ID")]
    pub id: String,
    /// Why; kept with it, and in every later report
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProvenSide {
    /// Every document, the general ledger of the gateways' accounts, and what is owed
    Quickbooks,
    /// Totals, tax, currencies and refunds of the orders that were made in the period
    Supabase,
}

impl ProvenSide {
    fn service(self) -> Service {
        match self {
            ProvenSide::Quickbooks => Service::BOOKS,
            ProvenSide::Supabase => Service::COPY,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProofTable {
    /// One page: what was compared and how it ended
    Summary,
    /// What does not agree
    Differences,
    /// Each document on both sides
    Orders,
    /// The tax of each rate
    Tax,
    /// What reached each account
    Accounts,
    /// Each account of a gateway, from what it held to what it holds
    Clearing,
    /// All sums day by day
    Days,
    /// What waits or was set aside
    Held,
    /// What somebody accepted
    Accepted,
    /// What was posted on a later day because its own month was closed
    Moved,
}

impl ProofTable {
    fn name(self) -> &'static str {
        match self {
            ProofTable::Summary => "summary",
            ProofTable::Differences => "differences",
            ProofTable::Orders => "orders",
            ProofTable::Tax => "tax",
            ProofTable::Accounts => "accounts",
            ProofTable::Clearing => "clearing",
            ProofTable::Days => "days",
            ProofTable::Held => "held",
            ProofTable::Accepted => "accepted",
            ProofTable::Moved => "moved",
        }
    }
}

/// Runs `reconcile`.
pub async fn reconcile(global: &Global, args: &ReconcileArgs) -> Result<u8, Failure> {
    if let Some(ReconcileCommand::Accept(args)) = &args.what {
        return accepted(global, args);
    }
    let request = request(args)?;
    paper::check(global.paper(), args.out.as_deref())?;
    let session = Session::open(global, args.sandbox).await?;
    let stop = stop_on_signals();
    if args.sandbox {
        // The sandbox begins with empty books each time, and empty books prove nothing.
        fill(&session, &args.wait, stop.clone()).await?;
    }
    let answer = proven(&session, request, &args.wait, stop, Voice::Answer).await?;
    print(global, args, &session, &answer)?;
    Ok(answer.exit())
}

/// Makes a proof, and hears it out.
pub async fn proven(
    session: &Session,
    request: ReconcileRequest,
    wait: &WaitArgs,
    stop: Arc<AtomicBool>,
    voice: Voice,
) -> Result<ReconcileAnswer, Failure> {
    let (listener, words) = listener::channel();
    let (app, wait) = (session.app.clone(), wait.wait.unwrap_or_default());
    let underway =
        on_a_thread(move || async move { prove(&app, request, wait, &stop, &listener).await })?;
    hearing::hear_out(session, voice, words, underway.answer()).await
}

/// What is to be proven.
pub fn request(args: &ReconcileArgs) -> Result<ReconcileRequest, Failure> {
    let range = args.days.range();
    let (Some(first), Some(last)) = (range.from, range.until) else {
        return Err(
            Failure::new("usage", "a proof is about a period, and none is named")
                .hint("`--period 2026-10`, or `--from 2026-10-01 --until 2026-10-31`"),
        );
    };
    Ok(ReconcileRequest {
        first,
        last,
        to: args.to.service(),
    })
}

async fn fill(
    session: &Session,
    wait: &WaitArgs,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
) -> Result<(), Failure> {
    let request = RunRequest {
        command: "sync",
        subject: RunSubject::Records(Selection {
            entities: vec![Entity::Customer, Entity::Product, Entity::Order],
            ..Selection::default()
        }),
        ending: Ending::Apply,
        guard: Guard {
            consent: Consent::Given,
            ..Guard::default()
        },
        lists_unchanged: false,
    };
    out::say("the sandbox begins with empty books: everything is posted first");
    hearing::run(session, request, wait, stop, Voice::Silent).await?;
    Ok(())
}

fn print(
    global: &Global,
    args: &ReconcileArgs,
    session: &Session,
    answer: &ReconcileAnswer,
) -> Result<(), Failure> {
    let proof = &answer.proof;
    let to_file = args.out.as_deref().filter(|path| !file::is_stream(path));
    if let Some(form) = global.paper() {
        return paper::print(&of_proof(proof), form, to_file);
    }
    let words = match output(global) {
        Output::Json => {
            let text = serde_json::to_string_pretty(proof)
                .expect("our own values always have a JSON form");
            plain::json(&format!("{text}\n")).into_owned()
        }
        Output::Csv => {
            let mut sheets = proof.sheets.iter();
            let sheet = sheets.find(|sheet| sheet.name == args.table.name());
            sheet.map(as_csv).unwrap_or_default()
        }
        Output::Text => {
            let width = match to_file {
                Some(_) => None,
                None => width_of_answer(),
            };
            fitted(
                &words(proof, session.app.config.rules.timezone, width),
                width,
            )
        }
    };
    match to_file {
        Some(path) => file::write(path, words.as_bytes())?,
        None => out::print(&words),
    }
    if output(global) == Output::Text && !session.quiet && session.sandbox.is_some() {
        out::say("this was the sandbox: a shop and a company on this machine, gone by now");
    }
    Ok(())
}

fn as_csv(sheet: &ProofSheet) -> String {
    let mut bytes = Vec::new();
    csv::write(&of_sheet(sheet), &mut bytes).expect("a vector takes everything");
    String::from_utf8(bytes).expect("only text was written")
}

/// So many of a kind are shown on a screen; a file has all of them.
const SHOWN: usize = 20;

/// How it ended, in a line.
pub fn headline(proof: &Proof) -> String {
    let period = format!(" from {} to {}", proof.period.from, proof.period.until);
    ending(proof, &period)
}

/// The proof on a screen: how it ended first, then what to do, then the sums.
fn words(proof: &Proof, zone: Tz, width: Option<usize>) -> String {
    let mut text = format!("{}\n", headline(proof));
    let open = proof.open().count();
    let accepted = proof.differences.len() - open;
    let orders = &proof.orders;
    let left_out = match left_out(proof) {
        none if none.is_empty() => "none held".to_owned(),
        counts => counts,
    };
    text.push_str(&folded(
        &format!(
            "{} orders with documents compared, {} equal, {} different; {left_out}; {accepted} accepted",
            orders.compared, orders.equal, orders.different,
        ),
        2,
        width,
    ));
    let skipped: u64 = proof.seen.skipped.values().sum();
    if skipped > 0 {
        let reasons = proof.seen.skipped.iter();
        let reasons: Vec<String> = reasons.map(|(code, n)| format!("{code} {n}")).collect();
        text.push_str(&format!(
            "{skipped} more orders are not for the books: {}\n",
            reasons.join(", ")
        ));
    }
    let limit = width.map_or(usize::MAX, |_| SHOWN);
    if open > 0 {
        text.push('\n');
        for difference in proof.open().take(limit) {
            text.push_str(&of_difference(difference, width));
        }
        if open > limit {
            text.push_str(&format!(
                "and {} more: `--out FILE` has all\n",
                open - limit
            ));
        }
    }
    if accepted > 0 {
        text.push_str("\naccepted:\n");
        for difference in &proof.differences {
            if let Some(acceptance) = &difference.accepted {
                text.push_str(&folded(
                    &format!(
                        "  {} {} of {}: {} in the shop, {} in the books; {} by {}: {}",
                        difference.id,
                        difference.code,
                        subject(difference),
                        difference.shop,
                        difference.books,
                        day_of(&acceptance.at, zone),
                        acceptance.who,
                        acceptance.why
                    ),
                    4,
                    width,
                ));
            }
        }
    }
    if !proof.moved.is_empty() {
        text.push_str("\nposted on a later day, because its own month was closed:\n");
        for one in proof.moved.iter().take(limit) {
            text.push_str(&folded(
                &format!(
                    "  {} of order {}, {} {}, is of {} and stands in the books of {}",
                    one.document_number, one.number, one.total, one.currency, one.from, one.to
                ),
                4,
                width,
            ));
        }
        if proof.moved.len() > limit {
            text.push_str(&format!("and {} more\n", proof.moved.len() - limit));
        }
    }
    if !proof.held.is_empty() {
        text.push_str("\nnot compared, and on neither side of the sums:\n");
        for held in proof.held.iter().take(limit) {
            let id = held.problem.as_deref().unwrap_or("");
            text.push_str(&folded(
                &format!(
                    "  order {} {} {} {id}: {}",
                    held.number, held.state, held.code, held.message
                ),
                4,
                width,
            ));
        }
        if proof.held.len() > limit {
            text.push_str(&format!("and {} more\n", proof.held.len() - limit));
        }
    }
    if !proof.totals.is_empty() {
        text.push('\n');
    }
    let mut table = TextTable::new(
        &["currency", "what", "shop", "books", "difference"],
        &[2, 3, 4],
    );
    for line in &proof.totals {
        table.row(
            vec![
                line.currency.clone(),
                line.what.clone(),
                line.shop.to_string(),
                line.books.to_string(),
                line.difference.to_string(),
            ],
            String::new(),
        );
    }
    if !proof.totals.is_empty() {
        text.push_str(&table.render(width));
    }
    if !proof.clearing.is_empty() {
        text.push('\n');
        text.push_str(&rolled(&proof.clearing, width));
        for one in proof
            .clearing
            .iter()
            .filter(|one| !one.not_compared.is_zero())
        {
            text.push_str(&folded(
                &format!(
                    "{} {} in {} is of documents that were not compared, so it is in no sum above",
                    one.not_compared, one.currency, one.account
                ),
                2,
                width,
            ));
        }
    }
    text.push_str(&folded(
        &format!(
            "\nproof {} ({} reads of the books)",
            proof.proof, proof.reads
        ),
        0,
        None,
    ));
    text
}

/// The day of a time that is kept as text, by the clock of the books.
fn day_of(at: &str, zone: Tz) -> String {
    match at.parse() {
        Ok(at) => clock::day(at, zone).to_string(),
        Err(_) => at.to_owned(),
    }
}

/// The accounts of gateways, from what they held to what they hold.
fn rolled(accounts: &[RolledAccount], width: Option<usize>) -> String {
    let mut table = TextTable::new(
        &[
            "account", "opening", "sales", "refunds", "fees", "other", "payouts", "closing",
            "others",
        ],
        &[1, 2, 3, 4, 5, 6, 7, 8],
    );
    for one in accounts {
        let amounts = [
            one.opening,
            one.sales,
            one.refunds,
            one.fees,
            one.other,
            one.payouts,
            one.closing,
            one.difference,
        ];
        let amounts = amounts.map(|amount| amount.to_string());
        let cells = std::iter::once(one.account.clone()).chain(amounts);
        table.row(cells.collect(), String::new());
    }
    table.render(width)
}

fn subject(difference: &Difference) -> String {
    match (&difference.number, &difference.document) {
        (Some(number), Some(document)) => format!("order {number} ({document})"),
        (Some(number), None) => format!("order {number}"),
        (None, Some(document)) => document.clone(),
        (None, None) => difference.what.clone(),
    }
}

fn of_difference(difference: &Difference, width: Option<usize>) -> String {
    let by = match difference.difference {
        Some(amount) => format!(", {amount} {}", difference.currency),
        None => String::new(),
    };
    let mut text = folded(
        &format!(
            "{} {}: {} {}{by}",
            difference.id,
            difference.code,
            subject(difference),
            difference.what,
        ),
        4,
        width,
    );
    for line in [
        format!("    shop {}, books {}", difference.shop, difference.books),
        format!("    {}", difference.cause),
        format!("    hint: {}", difference.hint),
    ] {
        text.push_str(&folded(&line, 6, width));
    }
    if let Some(lapsed) = &difference.lapsed {
        let was = format!(
            "    accepted by {} when it was {}, which has lapsed",
            lapsed.who, lapsed.covers
        );
        text.push_str(&folded(&was, 6, width));
    }
    text
}

/// Words on lines of a width; those after the first are moved in.
fn folded(words: &str, indent: usize, width: Option<usize>) -> String {
    let Some(width) = width else {
        return format!("{words}\n");
    };
    let start = words.chars().take_while(|letter| *letter == ' ').count();
    let mut text = String::new();
    let mut line = " ".repeat(start);
    let mut is_empty = true;
    for word in words.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > width {
            text.push_str(&line);
            text.push('\n');
            line = " ".repeat(indent);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    text.push_str(&line);
    text.push('\n');
    text
}

fn accepted(global: &Global, args: &AcceptArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    app.unveil(&store)?;
    let accepted = accept(&app, &store, &args.id, By::COMMAND_LINE.actor, &args.why)?;
    match output(global) {
        Output::Json => out::print_json(&serde_json::json!({
            "schema": "udsync/accepted/1",
            "id": accepted.id,
            "covers": accepted.covers,
            "who": accepted.who,
            "why": accepted.why,
        })),
        Output::Text | Output::Csv => out::answer(&format!(
            "{} is accepted as it is: {}\n",
            accepted.id, accepted.covers
        )),
    }
    Ok(exit::DONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_go_on_below_and_a_file_has_them_on_one_line() {
        let words = format!("  one {}", "two ".repeat(30));
        let text = folded(&words, 4, Some(40));
        assert!(
            text.lines().all(|line| line.chars().count() <= 40),
            "{text}"
        );
        assert!(
            text.lines()
                .nth(1)
                .expect("a second line")
                .starts_with("    two")
        );
        assert_eq!(folded(&words, 4, None).lines().count(), 1);
    }
}
