//! `payouts`: what payment services paid out, row by row, and whether it adds up. Nothing is written.

use clap::{Args, Subcommand};

use super::args::{Global, Output};
use super::days::{PeriodArgs, days_of_sandbox};
use super::out;
use super::report::Failure;
use super::session::{Session, stop_on_signals};
use super::table::{TextTable, paragraph, width_of_answer};
use crate::app::days::DayRange;
use crate::books::payouts::{Equation, EquationState, PayoutCheck};
use crate::model::payout::{PaymentService, PayoutOwner, RowsKnown};
use crate::run::payouts::{
    PayoutDepth, PayoutLook, PayoutsAnswer, PayoutsRequest, look_at_payouts,
};

/// See what payment services paid out, and prove that it adds up
///
/// Reads payouts from WooPayments, through the shop and with its own key, and from Stripe, with the restricted key of `udsync connect
/// stripe`. Nothing is written, to no service and not to the books: `udsync sync payouts` does that.
#[derive(Debug, Subcommand)]
pub enum PayoutsCommand {
    List(PayoutsListArgs),
    Show(PayoutsShowArgs),
    Check(PayoutsCheckArgs),
}

/// List payouts with their days, amounts and states
///
/// Without a period, those of the last 90 days.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync payouts list\n  udsync payouts list --period 2026-10 --json\n  udsync payouts list --sandbox"
)]
pub struct PayoutsListArgs {
    #[command(flatten)]
    pub which: WhichPayouts,
}

/// Show one payout with all its rows, and what holds of it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync payouts show po_1MtHbELkdIwHu7ixl4OzzPMv\n  udsync payouts show po_1MtHbELkdIwHu7ixl4OzzPMv --json\n  udsync payouts show po_1MtHbELkdIwHu7ixl4OzzPMv --shop aurora"
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
/// account in the books holds what is owed and what is on its way (P4). Ends with 8 if one of them does not hold.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync payouts check --period 2026-10\n  udsync payouts check --gateway stripe --json\n  udsync payouts check --sandbox"
)]
pub struct PayoutsCheckArgs {
    #[command(flatten)]
    pub which: WhichPayouts,
}

#[derive(Debug, Args)]
pub struct WhichPayouts {
    #[command(flatten)]
    pub days: PeriodArgs,
    /// Only of this payment service
    #[arg(long, value_name = "NAME", value_parser = gateway)]
    pub gateway: Option<PaymentService>,
    /// Use the built-in sandbox, in which a made-up Stripe has paid out
    #[arg(long)]
    pub sandbox: bool,
}

fn gateway(word: &str) -> Result<PaymentService, String> {
    let known = PaymentService::ALL
        .map(PaymentService::as_str)
        .join("` or `");
    PaymentService::from_word(word).ok_or_else(|| format!("it can be `{known}`"))
}

/// Runs `payouts`.
pub async fn payouts(global: &Global, command: &PayoutsCommand) -> Result<u8, Failure> {
    let (which, only, depth) = match command {
        PayoutsCommand::List(args) => (&args.which, None, PayoutDepth::Listed),
        PayoutsCommand::Show(args) => {
            (&args.which, Some(args.payout.clone()), PayoutDepth::Checked)
        }
        PayoutsCommand::Check(args) => (&args.which, None, PayoutDepth::Checked),
    };
    let mut days: DayRange = which.days.range();
    days.from = days_of_sandbox(which.sandbox, days.from);
    let session = Session::open(global, which.sandbox).await?;
    let request = PayoutsRequest {
        gateway: which.gateway,
        days,
        only,
        depth,
    };
    let stop = stop_on_signals();
    let mut answer = look_at_payouts(&session.app, request, &stop).await?;
    let shows = matches!(command, PayoutsCommand::Show(_));
    if !shows {
        // The rows of a whole month would bury what was found.
        answer.payouts.iter_mut().for_each(|one| one.rows.clear());
    }
    // One service being down is told behind what the others said; a document says it itself.
    if answer.payouts.is_empty() && !answer.troubles.is_empty() {
        return Err(answer.troubles.remove(0));
    }
    print(&session, &answer, depth, shows);
    match session.output {
        Output::Text | Output::Csv if !answer.troubles.is_empty() => Err(answer.troubles.remove(0)),
        _ => Ok(answer.exit()),
    }
}

fn print(session: &Session, answer: &PayoutsAnswer, depth: PayoutDepth, shows: bool) {
    match session.output {
        Output::Json => out::print_json(answer),
        Output::Text | Output::Csv => {
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
            let said = format!(
                "{} owes {} {}{}",
                account.gateway.title(),
                account.balance,
                account.currency,
                match account.under_way.is_zero() {
                    true => String::new(),
                    false => format!(", and {} is on its way", account.under_way),
                }
            );
            text.push_str(&paragraph(&said, 0, 2, width));
            text.push_str(&paragraph(&spelled(&account.equation), 2, 4, width));
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
        text.push_str(&paragraph(&spelled(equation), 0, 4, width));
    }
    for reason in &check.unexplained {
        text.push_str(&paragraph(&reason.message, 0, 4, width));
    }
    text
}
