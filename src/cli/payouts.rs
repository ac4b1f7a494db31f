//! `payouts`: what payment services paid out, row by row, and whether it adds up. Nothing is written.

use std::sync::atomic::AtomicBool;

use clap::{Args, Subcommand};

use super::args::{FleetArgs, Global, Output};
use super::days::{PeriodArgs, days_of_sandbox};
use super::fleet::all::{ShopAnswer, over_all};
use super::out;
use super::payouts_file::PayoutsFileArgs;
use super::report::Failure;
use super::session::{Session, stop_on_signals};
use super::table::{TextTable, paragraph, width_of_answer};
use crate::app::days::DayRange;
use crate::books::payouts::{Equation, EquationState, PayoutCheck};
use crate::model::code;
use crate::model::payout::{PaymentService, PayoutOwner, RowsKnown};
use crate::run::payouts::{
    PayoutDepth, PayoutLook, PayoutsAnswer, PayoutsRequest, look_at_payouts,
};

/// See what payment services paid out, and prove that it adds up
///
/// Reads payouts from WooPayments, through the shop and with its own key, and from Stripe, with the restricted key of `udsync connect
/// stripe`. Of any other service a CSV file is read with --file. Nothing is written, to no service and not to the books: `udsync sync
/// payouts` does that.
#[derive(Debug, Subcommand)]
pub enum PayoutsCommand {
    List(PayoutsListArgs),
    Show(PayoutsShowArgs),
    Check(PayoutsCheckArgs),
}

impl PayoutsCommand {
    /// The flags for every shop, where it has them, and what beside them is about one.
    pub fn over_shops(&self) -> Option<(&FleetArgs, Vec<(bool, &'static str)>)> {
        let PayoutsCommand::Check(args) = self else {
            return None;
        };
        let of_one = vec![
            (args.which.sandbox, "sandbox"),
            (args.which.payouts_file.file.is_some(), "file"),
        ];
        Some((&args.fleet, of_one))
    }
}

/// List payouts with their days, amounts and states
///
/// Without a period, those of the last 90 days.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync payouts list\n  udsync payouts list --period 2026-10 --json\n  udsync payouts list --file paypal.csv\n  udsync payouts list --sandbox"
)]
pub struct PayoutsListArgs {
    #[command(flatten)]
    pub which: WhichPayouts,
}

/// Show one payout with all its rows, and what holds of it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync payouts show po_1MtHbELkdIwHu7ixl4OzzPMv\n  udsync payouts show po_1MtHbELkdIwHu7ixl4OzzPMv --json\n  udsync payouts show paypal-8XY4 --file paypal.csv"
)]
pub struct PayoutsShowArgs {
    /// Its id, or the beginning of it
    #[arg(value_name = "PAYOUT")]
    pub payout: String,
    #[command(flatten)]
    pub which: WhichPayouts,
}

/// Prove payouts, row by row and to the cent
///
/// Of each payout: its rows add up to what reached the bank (P1), its charges and refunds are those of the orders (P2), the fees that
/// are posted are those that were kept (P3), and what is entered for the bank is what reached it (P5). Of each account: the clearing
/// account in the books holds what is owed and what is on its way (P4). Ends with 8 if one of them does not hold,
/// and with 0 where no payment service is connected.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync payouts check --period 2026-10\n  udsync payouts check --gateway stripe --json\n  udsync payouts check --file settlement.csv --gateway adyen\n  udsync payouts check --sandbox"
)]
pub struct PayoutsCheckArgs {
    #[command(flatten)]
    pub which: WhichPayouts,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

#[derive(Debug, Args)]
pub struct WhichPayouts {
    #[command(flatten)]
    pub days: PeriodArgs,
    /// Only of this payment service; with --file, the one whose mapping the file is read with
    #[arg(long, value_name = "NAME")]
    pub gateway: Option<String>,
    #[command(flatten)]
    pub payouts_file: PayoutsFileArgs,
    /// Use the built-in sandbox, in which a made-up Stripe has paid out
    #[arg(long)]
    pub sandbox: bool,
}

/// The service that is asked for, of those that can be asked.
fn gateway(word: &str) -> Result<PaymentService, Failure> {
    PaymentService::from_word(word).ok_or_else(|| {
        let known = PaymentService::WORDS.join("` and `");
        Failure::new(
            "usage",
            format!("`{word}` is no payment service that can be asked: there are `{known}`"),
        )
        .hint("of any other a file is read: `udsync payouts list --file FILE`")
    })
}

/// Runs `payouts`.
pub async fn payouts(global: &Global, command: &PayoutsCommand) -> Result<u8, Failure> {
    let (which, only, depth) = match command {
        PayoutsCommand::Check(args) if args.fleet.all_shops => {
            return check_all(global, args).await;
        }
        PayoutsCommand::List(args) => (&args.which, None, PayoutDepth::Listed),
        PayoutsCommand::Show(args) => {
            (&args.which, Some(args.payout.clone()), PayoutDepth::Checked)
        }
        PayoutsCommand::Check(args) => (&args.which, None, PayoutDepth::Checked),
    };
    let session = Session::open(global, which.sandbox).await?;
    let stop = stop_on_signals();
    let shows = only.is_some();
    let mut answer = match command {
        PayoutsCommand::Check(_) => checked(&session, which, &stop).await?,
        _ => looked(&session, which, only, depth, &stop).await?,
    };
    print(&session, &answer, depth, shows);
    match session.output {
        Output::Text | Output::Csv if !answer.troubles.is_empty() => Err(answer.troubles.remove(0)),
        _ => Ok(answer.exit()),
    }
}

/// What a check finds. Not every shop is paid through a service, and where nobody named one, that is no failure.
async fn checked(
    session: &Session,
    which: &WhichPayouts,
    stop: &AtomicBool,
) -> Result<PayoutsAnswer, Failure> {
    match looked(session, which, None, PayoutDepth::Checked, stop).await {
        Err(none) if none.code == code::GATEWAY_MISSING && which.gateway.is_none() => {
            Ok(PayoutsAnswer::of_nobody(&session.app, &none.message))
        }
        looked => looked,
    }
}

/// `payouts check --all-shops`: of each shop how many payouts add up, and the first thing that does not hold.
async fn check_all(global: &Global, args: &PayoutsCheckArgs) -> Result<u8, Failure> {
    over_all(
        global,
        &args.fleet,
        "payouts check",
        async |global, stop| {
            let session = Session::open(&global, false).await?;
            let answer = checked(&session, &args.which, &stop).await?;
            let (good, all) = counted(&answer);
            let owed = answer.accounts.iter().map(|account| &account.equation);
            let differs = owed
                .filter(|equation| equation.state == EquationState::Differs)
                .map(spelled)
                .next();
            let said = match (differs, all) {
                (Some(differs), _) => format!("{good} of {all} payouts add up; {differs}"),
                (None, 0) => match answer.notes.first() {
                    Some(note) => note.clone(),
                    None => "no payouts in these days".to_owned(),
                },
                (None, _) => format!("{good} of {all} payouts add up"),
            };
            ShopAnswer::new(answer.exit(), &said, &answer)
        },
    )
    .await
}

/// Asks the services, or reads the file. One service being down is told behind what the others said; a document says it itself.
async fn looked(
    session: &Session,
    which: &WhichPayouts,
    only: Option<String>,
    depth: PayoutDepth,
    stop: &AtomicBool,
) -> Result<PayoutsAnswer, Failure> {
    let mut days: DayRange = which.days.range();
    days.from = days_of_sandbox(which.sandbox, days.from);
    let word = which.gateway.as_deref();
    let file = which.payouts_file.read(&session.app, word)?;
    let gateway = match &file {
        Some(_) => None,
        None => word.map(gateway).transpose()?,
    };
    let shows_one = only.is_some();
    let request = PayoutsRequest {
        gateway,
        days,
        only,
        depth,
        file,
    };
    let mut answer = look_at_payouts(&session.app, request, stop).await?;
    if !shows_one {
        // The rows of a whole month would bury what was found.
        answer.payouts.iter_mut().for_each(|one| one.rows.clear());
    }
    if answer.payouts.is_empty() && !answer.troubles.is_empty() {
        return Err(answer.troubles.remove(0));
    }
    Ok(answer)
}

fn print(session: &Session, answer: &PayoutsAnswer, depth: PayoutDepth, shows: bool) {
    match session.output {
        Output::Json => out::print_json(answer),
        Output::Text | Output::Csv => {
            for note in &answer.notes {
                out::say(&format!("note: {note}"));
            }
            let width = width_of_answer();
            if shows {
                answer
                    .payouts
                    .iter()
                    .for_each(|one| out::answer(&whole(one, width)));
            } else {
                out::answer(&table(answer, depth, width));
            }
        }
    }
}

fn table(answer: &PayoutsAnswer, depth: PayoutDepth, width: Option<usize>) -> String {
    if answer.payouts.is_empty() {
        return "no payouts in these days\n".to_owned();
    }
    let mut rows = TextTable::new(
        &["payout", "from", "arrives", "amount", "", "state", ""],
        &[3],
    );
    for one in &answer.payouts {
        let payout = &one.payout;
        rows.row(
            vec![
                payout.id.clone(),
                payout.gateway.to_string(),
                payout.arrives.to_string(),
                payout.amount.to_string(),
                payout.currency.clone(),
                payout.status.as_str().to_owned(),
            ],
            remark(one),
        );
    }
    let mut text = rows.render(width);
    if depth == PayoutDepth::Checked {
        for account in &answer.accounts {
            text.push('\n');
            let should = account.should_hold;
            let elsewhere = should.map(|should| account.balance + account.under_way - should);
            let said = format!(
                "{} owes {} {}{}{}",
                account.gateway.title(),
                account.balance,
                account.currency,
                match account.under_way.is_zero() {
                    true => String::new(),
                    false => format!(", and {} is on its way", account.under_way),
                },
                match elsewhere.filter(|amount| !amount.is_zero()) {
                    None => String::new(),
                    Some(amount) =>
                        format!("; rows of it that are not in the books come to {amount}"),
                }
            );
            text.push_str(&paragraph(&said, 0, 2, width));
            text.push_str(&paragraph(&spelled(&account.equation), 2, 4, width));
        }
        if answer.file.is_some() {
            text.push_str(
                "\nP4 not compared: a file says what was paid out, and not what is owed today\n",
            );
        }
        let (good, all) = counted(answer);
        text.push_str(&format!("\n{good} of {all} payouts add up\n"));
    }
    text
}

fn counted(answer: &PayoutsAnswer) -> (usize, usize) {
    let checked = || answer.payouts.iter().filter_map(|one| one.check.as_ref());
    (
        checked().filter(|check| check.holds()).count(),
        checked().count(),
    )
}

fn remark(one: &PayoutLook) -> String {
    let posted = match one.posted {
        true => "posted",
        false => "",
    };
    let Some(check) = &one.check else {
        return match (one.payout.rows_known, one.posted) {
            (RowsKnown::Never, false) => "by hand".to_owned(),
            (RowsKnown::NotYet, false) => "rows not complete yet".to_owned(),
            _ => posted.to_owned(),
        };
    };
    let mut said: Vec<String> = Vec::new();
    match one.payout.rows_known {
        RowsKnown::Never => said.push("by hand, without rows".to_owned()),
        RowsKnown::NotYet => said.push("rows not complete yet".to_owned()),
        RowsKnown::Whole if check.holds() => said.push("adds up".to_owned()),
        RowsKnown::Whole => {}
    }
    let differing = check
        .equations
        .iter()
        .filter(|equation| equation.state == EquationState::Differs);
    said.extend(differing.map(|equation| {
        format!(
            "{} off by {}{}",
            equation.name,
            equation.difference,
            equation
                .why
                .as_ref()
                .map_or_else(String::new, |why| format!(" ({why})"))
        )
    }));
    said.extend(
        check
            .unexplained
            .iter()
            .map(|reason| reason.message.clone()),
    );
    if one.posted {
        said.push("posted".to_owned());
    }
    said.join("; ")
}

/// `P1 holds: rows add up to the payout, 65.30`
fn spelled(equation: &Equation) -> String {
    let why = equation
        .why
        .as_ref()
        .map_or_else(String::new, |why| format!(" ({why})"));
    match equation.state {
        EquationState::Holds => format!(
            "{} holds: {}, {}{why}",
            equation.name, equation.words, equation.gateway
        ),
        EquationState::Differs => format!(
            "{} does not hold: {}: {} against {}, off by {}{why}",
            equation.name, equation.words, equation.gateway, equation.other, equation.difference
        ),
        EquationState::Unchecked => {
            format!("{} not compared: {}{why}", equation.name, equation.words)
        }
    }
}

/// One payout with everything.
fn whole(one: &PayoutLook, width: Option<usize>) -> String {
    let payout = &one.payout;
    let mut text = format!(
        "{} of {}, {} {}, {} on {}{}\n\n",
        payout.id,
        payout.gateway.title(),
        payout.amount,
        payout.currency,
        payout.status.as_str(),
        payout.arrives,
        match one.posted {
            true => ", posted",
            false => "",
        }
    );
    let mut rows = TextTable::new(&["day", "what", "amount", "fee", "net", "of"], &[2, 3, 4]);
    for row in &one.rows {
        let of = match &row.owner {
            PayoutOwner::Order(id) => format!("order {id}"),
            PayoutOwner::Elsewhere(site) => site.clone(),
            PayoutOwner::Unsaid => row.source.clone().unwrap_or_default(),
        };
        rows.row(
            vec![
                row.at.date_naive().to_string(),
                row.kind.as_str().to_owned(),
                row.amount.to_string(),
                row.fee.to_string(),
                row.net().to_string(),
            ],
            of,
        );
    }
    text.push_str(&rows.render(width));
    if let Some(check) = &one.check {
        text.push('\n');
        text.push_str(&found(check, width));
    }
    text
}

fn found(check: &PayoutCheck, width: Option<usize>) -> String {
    let mut text = String::new();
    for share in &check.shares {
        text.push_str(&format!("{:>12}  {}\n", share.amount, share.kind.words()));
    }
    text.push('\n');
    for equation in &check.equations {
        // What belongs to no order is on neither side of it.
        let said = match (equation.name, check.unexplained.len()) {
            ("P2", n) if n > 0 && equation.state == EquationState::Holds => format!(
                "P2 not proven: {}; {}, told below, cannot be laid beside an order",
                equation.words,
                match n {
                    1 => "1 row".to_owned(),
                    n => format!("{n} rows"),
                }
            ),
            _ => spelled(equation),
        };
        text.push_str(&paragraph(&said, 0, 4, width));
    }
    for reason in &check.unexplained {
        text.push_str(&paragraph(&reason.message, 0, 4, width));
    }
    text
}
