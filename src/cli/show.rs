//! Plans, reports and histories as a person reads them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::app::cut_off::short_id;
use crate::engine::outcome::{OrderGlance, Report, UnlistedChanges};
use crate::model::code;
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::plan::{Action, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::model::run::{Change, Run, RunStatus, Tally, Waits};

use crate::model::clock::local;

use super::beside;
use super::paint::style;
use super::table::{TextTable, paragraph, width_of_answer};
use crate::model::service::Service;
use crate::run::document::causes;

/// Their names in the history.
const BOOKS: &str = Service::BOOKS.as_str();
const COPY: &str = Service::COPY.as_str();
const SHOP: &str = Service::Woocommerce.as_str();

/// Longer tables hide what matters; the rest is in `--json` and in the history.
const ROWS_MAX: usize = 60;
/// Of one kind, behind a table.
const PROBLEMS_MAX: usize = 20;
/// Skipped records are seldom news.
const SKIPPED_MAX: usize = 8;

/// Whether the words are about what was done or about what would be, and whether that is all of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Would,
    Did,
    /// As far as the books could be compared.
    WouldSoFar,
    /// As far as the run came before it ended or was refused.
    DidSoFar,
}

impl Mood {
    pub fn of(run: &Run) -> Mood {
        let whole = matches!(run.status, RunStatus::Succeeded | RunStatus::Partial);
        match (run.dry_run, whole) {
            (true, true) => Mood::Would,
            (true, false) => Mood::WouldSoFar,
            (false, true) => Mood::Did,
            (false, false) => Mood::DidSoFar,
        }
    }

    fn is_wish(self) -> bool {
        matches!(self, Mood::Would | Mood::WouldSoFar)
    }

    /// Where there are no figures. Only a run that came to its end knows that there was nothing to do.
    fn nothing(self) -> &'static str {
        match self {
            Mood::Would | Mood::Did => "nothing to do",
            Mood::WouldSoFar => "not compared",
            Mood::DidSoFar => "nothing written",
        }
    }
}

/// A run's or a plan's changes, its problems and its figures.
pub fn report(report: &Report, tallies: &BTreeMap<String, Tally>, mood: Mood, all: bool) -> String {
    let unlisted = report.unlisted.writes;
    let mut text = changes(
        (&report.changes, unlisted),
        &report.glances,
        mood,
        all,
        false,
    );
    text.push_str(&ending(report, tallies, mood));
    text
}

/// What comes behind the table: what was skipped and why, the problems, the figures.
pub fn ending(report: &Report, tallies: &BTreeMap<String, Tally>, mood: Mood) -> String {
    let mut text = skipped(&report.changes, report.unlisted.skipped);
    text.push_str(&warnings(&report.changes, report.unlisted.warned));
    text.push_str(&some_problems(&report.problems));
    text.push_str(&totals(&report.changes, &report.unlisted, mood));
    text.push_str(&summary_of(tallies, mood));
    text.push('\n');
    text
}

/// The same in one line.
pub fn summary_in_line(tallies: &BTreeMap<String, Tally>, mood: Mood) -> String {
    summary_of(tallies, mood).replace('\n', "; ")
}

/// The figures of every target, a line for each. The books alone need no name.
pub fn summary_of(tallies: &BTreeMap<String, Tally>, mood: Mood) -> String {
    if tallies.is_empty() {
        return summary(&Tally::default(), mood);
    }
    let alone = tallies.len() == 1 && tallies.contains_key(BOOKS);
    let lines: Vec<String> = tallies
        .iter()
        .map(|(target, tally)| match summary(tally, mood) {
            figures if alone => figures,
            // Rows are not documents.
            figures if target == COPY && figures.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{target}: {}", figures.replacen(' ', " rows ", 1))
            }
            figures if target == SHOP => format!("shop: {figures}"),
            figures => format!("{target}: {figures}"),
        })
        .collect();
    lines.join("\n")
}

/// One line of figures: `9 created, 2 unchanged, 1 held`.
pub fn summary(tally: &Tally, mood: Mood) -> String {
    let verb = |done: &str, would: &str| {
        if mood.is_wish() {
            would.to_owned()
        } else {
            done.to_owned()
        }
    };
    let figures = [
        (tally.created, verb("created", "to create")),
        (tally.updated, verb("updated", "to update")),
        (tally.voided, verb("voided", "to void")),
        (tally.deleted, verb("deleted", "to delete")),
        (tally.unchanged, "unchanged".to_owned()),
        (tally.skipped, "skipped".to_owned()),
        (tally.held, "held".to_owned()),
        (tally.conflicts, "in conflict".to_owned()),
        (tally.failed, "failed".to_owned()),
    ];
    let parts: Vec<String> = figures
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let mut line = if parts.is_empty() && tally.names > 0 {
        "no documents".to_owned()
    } else if parts.is_empty() {
        mood.nothing().to_owned()
    } else {
        parts.join(", ")
    };
    if tally.names > 0 {
        let verb = verb("made", "to make");
        let what = match tally.names {
            1 => "customer or item",
            _ => "customers and items",
        };
        line.push_str(&format!("; {} {what} {verb}", tally.names));
    }
    line
}

/// What a run does in the books as a table; names that are made along the way, and rows of the database, where everything is wanted.
fn changes(
    (changes, unlisted): (&[Change], usize),
    glances: &BTreeMap<RecordKey, OrderGlance>,
    mood: Mood,
    all: bool,
    with_ids: bool,
) -> String {
    let shown: Vec<&Change> = changes
        .iter()
        .filter(|change| {
            let is_meant =
                [BOOKS, SHOP].contains(&change.target.as_str()) && change.source.is_record();
            let drifts = |warning: &Reason| warning.code == code::DRIFT;
            let matters = change.action.writes()
                || change.txn_date.is_some() && !change.warnings.is_empty()
                || change.warnings.iter().any(drifts);
            all || (is_meant && matters)
        })
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    let most = if all { usize::MAX } else { ROWS_MAX };
    let mut header = vec!["", "document", "number", "date", "total", "", "tax"];
    if with_ids {
        header.push("id");
    }
    let mut rows: Vec<(Vec<String>, String)> = Vec::new();
    for change in shown.iter().take(most) {
        let mut cells = vec![
            action_word(change.action, mood),
            what(change),
            change.label.clone(),
            text(change.txn_date),
            text(change.total),
            change.currency.clone().unwrap_or_default(),
            text(change.tax_total),
        ];
        if with_ids {
            cells.push(change.target_id.clone().unwrap_or_default());
        }
        rows.push((cells, remarks(change)));
    }
    let glances: Vec<Option<&OrderGlance>> = shown
        .iter()
        .take(most)
        .map(|change| glances.get(&change.source))
        .collect();
    let beside = beside::columns(&glances, &header, &rows, width_of_answer());
    header.splice(4..4, beside.iter().map(|(word, _)| *word));
    let right = [4, 6].map(|column| column + beside.len());
    let mut table = TextTable::new(&header, &right);
    for (at, (mut cells, remark)) in rows.into_iter().enumerate() {
        cells.splice(4..4, beside.iter().map(|(_, words)| words[at].clone()));
        table.row(cells, remark);
    }
    let mut text = table.render(width_of_answer());
    let more = unlisted + shown.len().saturating_sub(ROWS_MAX);
    if !all && more > 0 {
        text.push_str(&format!("… and {more} more; -v lists all\n"));
    }
    text.push('\n');
    text
}

/// What was written: a document of the books, or something in the shop.
fn what(change: &Change) -> String {
    match (change.target.as_str(), change.entity.as_str()) {
        (SHOP, "note") => "note to the shop".to_owned(),
        (SHOP, entity) => format!("{entity} in the shop"),
        (_, entity) => entity.to_owned(),
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn action_word(action: Action, mood: Mood) -> String {
    let word = match (action, mood.is_wish()) {
        (Action::Create, true) => style("create").green(),
        (Action::Create, false) => style("created").green(),
        (Action::Update, true) => style("update").yellow(),
        (Action::Update, false) => style("updated").yellow(),
        (Action::Void, true) => style("void").red(),
        (Action::Void, false) => style("voided").red(),
        (Action::Delete, true) => style("delete").red(),
        (Action::Delete, false) => style("deleted").red(),
        (Action::Skip, _) => style("skipped").dim(),
        (Action::None, _) => style("unchanged").dim(),
    };
    word.to_string()
}

fn remarks(change: &Change) -> String {
    let reason = change.reason.as_ref().map(|reason| reason.code.as_str());
    let warnings = change.warnings.iter().map(|warning| warning.code.as_str());
    let words: Vec<String> = reason
        .into_iter()
        .chain(warnings)
        .map(|code| code.replace('_', " "))
        .collect();
    words.join(", ")
}

/// Why records were left out that nobody need look after.
fn skipped(changes: &[Change], unlisted: usize) -> String {
    let reasons: Vec<&str> = changes
        .iter()
        .filter(|change| change.action == Action::Skip)
        .filter_map(|change| Some(change.reason.as_ref()?.message.as_str()))
        .collect();
    if reasons.is_empty() && unlisted == 0 {
        return String::new();
    }
    let mut text = String::new();
    for reason in reasons.iter().take(SKIPPED_MAX) {
        let line = format!("{}  {reason}", style("skipped").dim());
        text.push_str(&paragraph(&line, 0, 9, width_of_answer()));
    }
    let more = unlisted + reasons.len().saturating_sub(SKIPPED_MAX);
    if more > 0 {
        text.push_str(&format!("… and {more} more; -v lists all\n"));
    }
    text.push('\n');
    text
}

/// What one should know of records that were left alone; the others say it in the table.
fn warnings(changes: &[Change], unlisted: usize) -> String {
    let mut told = BTreeSet::new();
    let mut text = String::new();
    for change in changes.iter().filter(|change| change.txn_date.is_none()) {
        for warning in &change.warnings {
            if told.insert((&change.source.id, &warning.code)) {
                let code = warning.code.replace('_', " ");
                let words = match change.label.is_empty() {
                    true => format!("{code}: {}", warning.message),
                    false => format!("{}  {code}: {}", change.label, warning.message),
                };
                text.push_str(&paragraph(&words, 2, 4, width_of_answer()));
            }
        }
    }
    if unlisted > 0 {
        text.push_str(&format!(
            "  … and {unlisted} more with warnings; -v lists all\n"
        ));
    }
    if text.is_empty() {
        return text;
    }
    format!("{}\n{text}\n", style("warnings").yellow())
}

/// How many, and what they come to by currency.
type PlanSum<'a> = (u64, BTreeMap<&'a str, Money>);

/// What all documents of a kind come to, each currency for itself.
fn totals(changes: &[Change], unlisted: &UnlistedChanges, mood: Mood) -> String {
    let mut kinds: BTreeMap<(u8, &str), PlanSum<'_>> = BTreeMap::new();
    // What the shop is told moves no money.
    let in_books = |change: &&Change| change.action.writes() && change.target != SHOP;
    for change in changes.iter().filter(in_books) {
        let (Some(total), Some(currency)) = (change.total, change.currency.as_deref()) else {
            continue;
        };
        let kind = kinds
            .entry((rank(change.action), change.entity.as_str()))
            .or_default();
        kind.0 += 1;
        let sum = kind.1.entry(currency).or_insert(Money::ZERO);
        *sum += total;
    }
    for ((action, entity, currency), (count, total)) in &unlisted.sums {
        let rank = RANKS.iter().position(|one| one.as_str() == *action);
        let rank = rank.and_then(|rank| u8::try_from(rank).ok());
        let kind = kinds
            .entry((rank.unwrap_or_default(), entity.as_str()))
            .or_default();
        kind.0 += count;
        *kind.1.entry(currency.as_str()).or_insert(Money::ZERO) += *total;
    }
    let documents: u64 = kinds.values().map(|(count, _)| count).sum();
    if documents < 2 {
        return String::new();
    }
    let currencies = kinds.values().map(|(_, sums)| sums.len()).max();
    let columns = 3 + 2 * currencies.unwrap_or_default();
    let header = vec![""; columns];
    let amounts: Vec<usize> = (3..columns).step_by(2).chain([1]).collect();
    let mut table = TextTable::new(&header, &amounts);
    for ((rank, entity), (count, sums)) in kinds {
        let mut cells = vec![
            action_word(RANKS[usize::from(rank)], mood),
            count.to_string(),
            entity.to_owned(),
        ];
        for (currency, sum) in sums {
            cells.push(sum.to_string());
            cells.push(currency.to_owned());
        }
        table.row(cells, String::new());
    }
    format!("{}\n", table.render(width_of_answer()))
}

const RANKS: [Action; 4] = [Action::Create, Action::Update, Action::Void, Action::Delete];

fn rank(action: Action) -> u8 {
    match action {
        Action::Update => 1,
        Action::Void => 2,
        Action::Delete => 3,
        Action::Create | Action::Skip | Action::None => 0,
    }
}

/// Problems, those with the same way out together.
pub fn problems(problems: &[Problem]) -> String {
    let mut text = String::new();
    for group in causes(problems) {
        text.push_str(&self::group(&group, usize::MAX));
    }
    text
}

/// What they are held or failed for: each code with how many it is, the most frequent first.
pub fn codes(problems: &[Problem]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        *counts.entry(&problem.reason.code).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
    let words = counts.iter().map(|(code, count)| match count {
        1 => (*code).to_owned(),
        count => format!("{code} {count}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The same behind a table, where many of a kind are as good as some.
fn some_problems(problems: &[Problem]) -> String {
    causes(problems)
        .iter()
        .map(|group| self::group(group, PROBLEMS_MAX))
        .collect()
}

fn group(group: &[&Problem], most: usize) -> String {
    let width = width_of_answer();
    let reason = &group[0].reason;
    let mut text = format!("{}  {}\n", state_word(group[0].state), reason.code);
    for problem in group.iter().take(most) {
        let id = if problem.id.is_empty() {
            String::new()
        } else {
            format!("{}  ", style(&problem.id).bold())
        };
        let message = &problem.reason.message;
        // The words of a rule do not always say of whom they speak.
        let who = match message.contains(problem.source.number.as_str()) {
            true => String::new(),
            false => format!("{} {}: ", problem.source.entity, problem.source.number),
        };
        let words = format!("{id}{who}{message}");
        let others = if problem.id.is_empty() { 2 } else { 8 };
        text.push_str(&paragraph(&words, 2, others, width));
    }
    if group.len() > most {
        let more = group.len() - most;
        // What a plan foresees is filed nowhere yet, and has no id.
        let all = match group[0].id.is_empty() {
            true => "`--json` lists all, and after a run `udsync retry --list`",
            false => "`udsync retry --list` lists all",
        };
        text.push_str(&format!("  … and {more} more; {all}\n"));
    }
    // What somebody has set aside needs no way out; the way back is another.
    let back = "`udsync retry --restore ID` lets the next run look at it again";
    let hint = match group[0].state {
        ProblemState::SetAside => Some(back),
        _ => reason.hint.as_deref(),
    };
    for line in hint.iter().flat_map(|hint| hint.lines()) {
        // Where it is about one record, what is to be typed names it.
        let line = match group {
            [only] if !only.id.is_empty() => line
                .replace("`udsync retry ID`", &format!("`udsync retry {}`", only.id))
                .replace("--skip ID ", &format!("--skip {} ", only.id))
                .replace("--restore ID`", &format!("--restore {}`", only.id)),
            _ => line.to_owned(),
        };
        let line = format!("{} {line}", style("hint:").cyan());
        text.push_str(&paragraph(&line, 2, 8, width));
    }
    text.push('\n');
    text
}

fn state_word(state: ProblemState) -> String {
    let word = match state {
        ProblemState::Held => style("held").yellow(),
        ProblemState::Failed => style("failed").red(),
        ProblemState::Parked => style("parked").red(),
        ProblemState::Conflict => style("conflict").magenta(),
        ProblemState::SetAside => style("set aside").dim(),
    };
    word.to_string()
}

/// Past runs, the newest first.
pub fn history(runs: &[Run], zone: Tz) -> String {
    if runs.is_empty() {
        return "no runs yet\n".to_owned();
    }
    let mut table = TextTable::new(&["run", "started", "command", "status", "result"], &[]);
    for run in runs {
        let cells = vec![
            short_id(&run.id),
            local(run.started_at, zone),
            format!("{} {}", run.command, run.entities.join(" ")),
            status_word(run.status),
        ];
        table.row(cells, result(run));
    }
    table.render(width_of_answer())
}

/// What a run came to: its figures if there are any, and why it ended before its work was done.
fn result(run: &Run) -> String {
    let figures = summary_in_line(&run.tallies, Mood::of(run));
    match &run.error {
        Some(error) if has_figures(run) => format!("{figures}; {}", error.message),
        Some(error) => error.message.clone(),
        None if run.status == RunStatus::Running && has_figures(run) => format!("{figures} so far"),
        None if run.status == RunStatus::Running => "nothing written so far".to_owned(),
        None => figures,
    }
}

/// Something was done or is in somebody's way, beside what was asked of the services.
fn has_figures(run: &Run) -> bool {
    run.tallies.values().any(|tally| {
        let nothing = Tally {
            requests: tally.requests,
            read: tally.read,
            ..Tally::default()
        };
        *tally != nothing
    })
}

/// What a guard kept from being written: `11 to create, 1 to void`.
fn waiting(waits: &Waits) -> String {
    let tally = Tally {
        created: waits.create,
        updated: waits.update,
        voided: waits.void,
        deleted: waits.delete,
        ..Tally::default()
    };
    summary(&tally, Mood::Would)
}

/// Why it ended early, and what to do.
fn ended(run: &Run) -> String {
    let Some(error) = &run.error else {
        return String::new();
    };
    let width = width_of_answer();
    let said = format!("error     {}: {}", error.code, error.message);
    let mut text = paragraph(&said, 0, 10, width);
    text.push_str(&format!("exit      {}\n", error.exit));
    if let Some(waits) = &error.waits {
        text.push_str(&format!("waiting   {}\n", waiting(waits)));
    }
    for line in error.hint.iter().flat_map(|hint| hint.lines()) {
        text.push_str(&paragraph(&format!("hint      {line}"), 0, 10, width));
    }
    text
}

fn status_word(status: RunStatus) -> String {
    let word = style(status.as_str());
    let word = match status {
        RunStatus::Succeeded => word.green(),
        RunStatus::Partial | RunStatus::Refused => word.yellow(),
        RunStatus::Failed | RunStatus::Interrupted => word.red(),
        RunStatus::Running => word.cyan(),
    };
    word.to_string()
}

/// One run with its changes, and with what of it still needs a person.
pub fn run((run, zone): (&Run, Tz), changes: &[Change], problems: &[Problem], all: bool) -> String {
    let moment = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S");
    let finished = run.finished_at.map_or_else(
        || "not finished".to_owned(),
        |at| {
            let seconds = (at - run.started_at).num_milliseconds() as f64 / 1000.0;
            format!("finished {}, {seconds:.1} s", moment(at))
        },
    );
    let requests: Vec<String> = run
        .tallies
        .iter()
        .map(|(target, tally)| {
            let requests = tally.requests;
            let (reads, writes, throttled) = (requests.reads, requests.writes, requests.throttled);
            match target.as_str() {
                BOOKS => {
                    format!(
                        "{reads} reads that Intuit counts, {writes} writes, {throttled} throttled"
                    )
                }
                _ => format!("{target}: {reads} reads, {writes} writes, {throttled} throttled"),
            }
        })
        .collect();
    let figures = match run.status {
        RunStatus::Running => result(run),
        _ => summary_in_line(&run.tallies, Mood::of(run)),
    };
    let mut text = format!(
        "run       {}\ncommand   {} {} ({})\nstatus    {}\nstarted   {}, {finished} ({})\nread      {} from the shop\n\
         result    {}\nrequests  {}\n{}\n",
        run.id,
        run.command,
        run.entities.join(" "),
        run.mode,
        status_word(run.status),
        moment(run.started_at),
        zone,
        run.read(),
        figures,
        requests.join("; "),
        ended(run),
    );
    text.push_str(&self::changes(
        (changes, 0),
        &BTreeMap::new(),
        Mood::Did,
        all,
        true,
    ));
    text.push_str(&skipped(changes, 0));
    text.push_str(&warnings(changes, 0));
    if !problems.is_empty() {
        text.push_str("still open:\n\n");
        text.push_str(&some_problems(problems));
    }
    text.push_str(&totals(changes, &UnlistedChanges::default(), Mood::Did));
    format!("{}\n", text.trim_end())
}
