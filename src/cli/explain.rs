//! `explain`: where each cent of a number comes from, or why it is not in the books.

use chrono::NaiveDate;
use clap::Args;

use crate::app::App;
use crate::app::explain::{
    ExplainAnswer, ExplainedDocument, Explanation, FoundHomes, SettingBehind, Unexplained,
    WhyNotPosted, explained_code,
};
use crate::books::explained::{ExplainedAmount, SourceKind};
use crate::connector::port::{Pulled, ShopReader};
use crate::model::code;
use crate::model::order::Order;

use super::args::{Global, Output};
use super::out;
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::table::width_of_answer;

/// Show where each cent of a number comes from
///
/// From the document in the books back to the request that made it, the line, the setting and the field of the shop's order; or why
/// something is not in the books. Names documents, orders, problems, codes and amounts; and of accounts and products, which side lost
/// where both had changed a field. It answers from the state file and asks no
/// service; settings are named as the configuration says today. Where several things fit, it lists them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync explain 1042\n  udsync explain WC-1042\n  udsync explain 1042/sale --json\n  udsync explain 21.00 --on 2026-11-02\n  udsync explain customer/7\n  udsync explain tax_code_unmapped"
)]
pub struct ExplainArgs {
    /// An order's number or id, a document's number, `salesreceipt/145`, `customer/7`, a problem's or a conflict's id, a code, or an amount
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// The day of the amount; days near it are looked at if nothing fits
    #[arg(long, value_name = "DATE")]
    pub on: Option<NaiveDate>,
    /// Ask the shop for the order as it is now, and show its fields beside
    #[arg(long)]
    pub fresh: bool,
}

/// Runs `explain`.
pub async fn explain(global: &Global, args: &ExplainArgs) -> Result<u8, Failure> {
    if args.on.is_none()
        && let Some(page) = explained_code(&args.what)
    {
        say(global, &page);
        return Ok(exit::DONE);
    }
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let found = match app.find_homes(&store, &args.what, args.on) {
        Ok(found) => found,
        Err(unexplained @ Unexplained::Unknown(_)) => {
            let page = app.explained_conflicts(&store, &args.what)?;
            say(global, &page.ok_or_else(|| failure(unexplained))?);
            return Ok(exit::DONE);
        }
        Err(unexplained) => return Err(failure(unexplained)),
    };
    let now = match args.fresh {
        true => order_now(&app, &found).await?,
        false => None,
    };
    let explanation = app.explain(&store, found, now.as_ref()).map_err(failure)?;
    say(global, &explanation);
    Ok(exit::DONE)
}

fn say(global: &Global, explanation: &Explanation) {
    match output(global) {
        Output::Json => out::print_json(explanation),
        Output::Text | Output::Csv => out::answer(&words(explanation)),
    }
}

/// The order as the shop has it now. Nothing is written, there or here.
async fn order_now(app: &App, found: &FoundHomes) -> Result<Option<Order>, Failure> {
    let Some(id) = found.order() else {
        return Ok(None);
    };
    let shop = app.store_to_look_at()?;
    // Amounts are asked for with as many decimals as the shop computes with.
    shop.decimals().await?;
    match shop.fetch(&[id]).await?.pop() {
        Some(Pulled::Order(order, _)) => Ok(Some(*order)),
        Some(Pulled::Odd(odd)) => {
            out::say(&format!(
                "note: the shop's answer for order {id} makes no sense at `{}`",
                odd.path
            ));
            Ok(None)
        }
        Some(Pulled::Gone(_)) | None => {
            out::say(&format!("note: the shop has no order {id} any more"));
            Ok(None)
        }
    }
}

fn failure(unexplained: Unexplained) -> Failure {
    let said = unexplained.to_string();
    match unexplained {
        Unexplained::Unknown(what) => {
            let known = "`udsync history RUN` and `udsync retry --list` show numbers to ask about; an order that was never read is not known yet";
            let failure = Failure::new("explain_unknown", said);
            // The shop may have it, from before the first day or in a status that is not for the books.
            failure.hint(match what.parse::<u64>() {
                Ok(id) => format!(
                    "{known}\n`udsync dry-run orders --id {id}` asks the shop, and says why it is left out"
                ),
                Err(_) => known.to_owned(),
            })
        }
        Unexplained::DayNeeded(_) => Failure::new("explain_day_needed", said)
            .hint("add the day that stands beside it on the statement: `--on DATE`"),
        Unexplained::Store(error) => error.into(),
    }
}

/// Amounts end in this column, unless the screen is narrower.
const WIDTH: usize = 79;

fn words(explanation: &Explanation) -> String {
    let width = width_of_answer().map_or(WIDTH, |width| width.min(WIDTH));
    if explanation.is_ambiguous {
        return candidates(explanation, width);
    }
    let answers = explanation.answers.iter().map(|answer| match answer {
        ExplainAnswer::Posted(document) => of_document(document, width),
        ExplainAnswer::NotPosted(why) => not_posted(why, width),
    });
    answers.collect::<Vec<_>>().join("\n")
}

/// What it can be, each with what to type for it.
fn candidates(explanation: &Explanation, width: usize) -> String {
    let mut text = format!("`{}` can be several things:\n", explanation.what);
    for answer in &explanation.answers {
        match answer {
            ExplainAnswer::Posted(document) => {
                let left = format!("  {}", document.tree.label);
                let amount = format!("{} {}", document.total, document.currency);
                row(&mut text, &left, &amount, width);
                text.push_str(&format!("    `udsync explain {}`\n", document.what));
            }
            ExplainAnswer::NotPosted(why) => {
                let id = why.problem.as_deref().unwrap_or(&why.why.code);
                text.push_str(&format!("  {}: {}\n", why.what, why.why.code));
                text.push_str(&format!("    `udsync explain {id}`\n"));
            }
        }
    }
    text
}

fn of_document(document: &ExplainedDocument, width: usize) -> String {
    let mut text = String::new();
    let amount = format!("{} {}", document.total, document.currency);
    row(&mut text, &document.tree.label, &amount, width);
    paragraph(&mut text, &source(&document.tree), 2, width);
    let unit = document.currency.chars().count() + 1;
    for child in &document.tree.children {
        node(&mut text, child, 1, width, unit);
    }
    if !document.decided_by.is_empty() {
        text.push_str("decided by, as the configuration says today:\n");
    }
    let same = |one: &SettingBehind, other: &SettingBehind| {
        (one.decided.what, &one.decided.value) == (other.decided.what, &other.decided.value)
    };
    for choice in document.decided_by.chunk_by(same) {
        let by: Vec<String> = choice.iter().map(setting).collect();
        // Which of them it was is not remembered; `--fresh` asks the shop.
        let by = match by.as_slice() {
            [one] => one.clone(),
            several => format!("one of {}", several.join(", ")),
        };
        let decided = &choice[0].decided;
        let said = format!("{} {}: {by}", decided.what, decided.value);
        paragraph(&mut text, &said, 2, width);
    }
    for remark in &document.remarks {
        paragraph(&mut text, &format!("note: {remark}"), 0, width);
    }
    text
}

fn setting(behind: &SettingBehind) -> String {
    match (&behind.decided.setting, &behind.place) {
        (Some(setting), Some(place)) => format!("{setting} ({place})"),
        _ => "no setting of today".to_owned(),
    }
}

fn node(text: &mut String, amount: &ExplainedAmount, depth: usize, width: usize, unit: usize) {
    let left = format!("{:indent$}{}", "", amount.label, indent = depth * 2);
    // Below the figure of the total, whose currency stands behind it.
    let figure = format!("{}{:unit$}", amount.amount, "");
    row(text, &left, &figure, width);
    let mut said = source(amount);
    if let Some(now) = amount.now {
        said.push_str(&match now == amount.amount {
            true => ", the same in the shop now".to_owned(),
            false => format!(", {now} in the shop now"),
        });
    }
    paragraph(text, &said, depth * 2 + 2, width);
    for child in &amount.children {
        node(text, child, depth + 1, width, unit);
    }
}

fn source(amount: &ExplainedAmount) -> String {
    let kind = match amount.from.kind {
        SourceKind::Shop => "shop",
        SourceKind::Rule => "rule",
        SourceKind::Mapping => "mapping",
        SourceKind::Request => "request",
        SourceKind::Books => "books",
        SourceKind::Payout => "payout",
    };
    format!("{kind}: {}", amount.from.reference)
}

fn not_posted(why: &WhyNotPosted, width: usize) -> String {
    let mut text = String::new();
    let head = match (why.state, &why.problem) {
        (Some("set_aside"), Some(id)) if why.stands => {
            format!("{} is posted, and is set aside ({id})", why.what)
        }
        (Some(state), Some(id)) if why.stands => {
            format!("{} is posted, and waits: {state} ({id})", why.what)
        }
        (Some(state), Some(id)) => {
            format!(
                "{} is not posted: {} ({id})",
                why.what,
                state.replace('_', " ")
            )
        }
        // Fields of accounts and products are nothing to post.
        (Some("conflict"), None) => format!("{}: waits for a person", why.what),
        (Some("settled"), None) => format!("{}: was in conflict", why.what),
        (Some("written"), None) => format!("{}: was changed", why.what),
        (Some(state), None) => format!("{} is not posted: {state}", why.what),
        (None, _) => why.what.clone(),
    };
    paragraph(&mut text, &head, 0, width);
    if why.state.is_some() {
        paragraph(&mut text, &format!("code: {}", why.why.code), 2, width);
    }
    if let Some(kind) = code::kind(&why.why.code).filter(|_| why.kind.is_some()) {
        paragraph(
            &mut text,
            &format!("kind: {}: {}", kind.as_str(), kind.words()),
            2,
            width,
        );
    }
    if let Some(exit) = why.exit {
        let words = code::EXITS.iter().find(|(known, _)| *known == exit);
        let words = words.map_or("", |(_, words)| words);
        paragraph(&mut text, &format!("exit code: {exit}: {words}"), 2, width);
    }
    let label = if why.kind.is_some() { "meaning: " } else { "" };
    paragraph(&mut text, &format!("{label}{}", why.why.message), 2, width);
    if let Some(hint) = &why.why.hint {
        let label = if why.state.is_some() {
            "hint"
        } else {
            "way out"
        };
        for line in hint.lines() {
            paragraph(&mut text, &format!("{label}: {line}"), 2, width);
        }
    }
    text
}

/// A text with an amount at the end of its last line.
fn row(text: &mut String, left: &str, amount: &str, width: usize) {
    let room = width.saturating_sub(amount.chars().count() + 2).max(20);
    let indent = left.chars().take_while(|letter| *letter == ' ').count();
    let lines = folded(left.trim_start(), indent, room);
    for (at, line) in lines.iter().enumerate() {
        if at + 1 < lines.len() {
            text.push_str(line);
        } else {
            let gap = width.saturating_sub(line.chars().count() + amount.chars().count());
            text.push_str(&format!("{line}{:gap$}{amount}", "", gap = gap.max(2)));
            text.truncate(text.trim_end().len());
        }
        text.push('\n');
    }
}

fn paragraph(text: &mut String, words: &str, indent: usize, width: usize) {
    for line in folded(words, indent, width) {
        text.push_str(&line);
        text.push('\n');
    }
}

/// Lines of words, moved in; those after the first a little further. A word that is too long for a line has one of its own.
fn folded(words: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent);
    let mut is_empty = true;
    for word in words.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 2)));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_end_in_one_column_and_long_labels_are_folded() {
        let mut text = String::new();
        row(&mut text, "  a mug", "21.00", 40);
        row(&mut text, &format!("  {}", "long ".repeat(12)), "1.00", 40);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0].len(), 40);
        assert!(lines.iter().all(|line| line.len() <= 40), "{text}");
        assert!(lines.last().expect("lines").ends_with(" 1.00"));
    }
}
