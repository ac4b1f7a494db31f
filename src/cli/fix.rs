//! `fix`: from a held record to the entry of the configuration that mends it, in one question.

use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::app::ways_out::{AnsweredWay, WayOut};
use crate::model::near::nearest;
use crate::model::problem::{Problem, ProblemState};
use crate::run::document::causes;
use crate::store::{Problems, Store};

use super::args::{Global, Output};
use super::ask::{Asker, Prompt};
use super::out;
use super::report::{Failure, exit};
use super::session::shop_flags;
use super::session::{open_shop, output};

/// Answer the question that a held record waits for
///
/// Asks what a person has to decide, with the choices that your books have, and writes the answer as one line of `udsync.toml`; its
/// comments stay, and the file as it was is kept beside it. Nothing is sent: the next run, or `udsync retry`, tries the records again
/// that waited for it. With --json and without --answer it prints the question and the choices.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync fix\n  udsync fix F7K2\n  udsync fix F7K2 --answer \"GST/PST BC\"\n  udsync fix F7K2 --answer as_paid --dry-run\n  udsync fix F7K2 --json"
)]
pub struct FixArgs {
    /// The record's id, as `udsync retry --list` shows it; without it, the first that one answer lets go on
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// The answer, instead of being asked
    #[arg(long, value_name = "VALUE", requires = "id")]
    pub answer: Option<String>,
    /// Show the line that would be written, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

#[derive(Serialize)]
struct FixDocument<'a> {
    schema: &'static str,
    id: &'a str,
    code: &'a str,
    message: &'a str,
    question: &'a str,
    /// `books.tax.codes.GST-CA`
    key: String,
    choices: Vec<FixChoice<'a>>,
    answer: Option<&'a str>,
    before: Option<&'a str>,
    written: bool,
    /// The records that wait for the same answer.
    waiting: Vec<&'a str>,
}

#[derive(Serialize)]
struct FixChoice<'a> {
    value: &'a str,
    words: &'a str,
}

/// Runs `fix`.
pub fn fix(global: &Global, args: &FixArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let problem = match &args.id {
        Some(id) => problem(&store, &app.waits_as(&store, id)?)?,
        None => first_to_answer(&app, &store)?,
    };
    let way = app
        .way_out(&problem.reason)
        .ok_or_else(|| by_hand(&problem))?;
    let waiting = alike(&app, &store, &way)?;
    let is_json = output(global) == Output::Json;
    let value = match (&args.answer, is_json) {
        (Some(answer), _) => Some(chosen(&way, answer)?),
        (None, true) => None,
        (None, false) => match asked(global, &problem, &way)? {
            Some(value) => Some(value),
            None => {
                out::answer("left open; nothing was changed\n");
                return Ok(exit::DONE);
            }
        },
    };
    let answered = match &value {
        Some(value) => Some(
            app.answer(&way, value, args.dry_run)
                .map_err(|error| Failure::from_edit(&error))?,
        ),
        None => None,
    };
    if is_json {
        out::print_json(&FixDocument {
            schema: "udsync/fix/1",
            id: &problem.id,
            code: &problem.reason.code,
            message: &problem.reason.message,
            question: &way.question,
            key: way.subject.key(),
            choices: way
                .choices
                .iter()
                .map(|choice| FixChoice {
                    value: &choice.value,
                    words: &choice.words,
                })
                .collect(),
            answer: value.as_deref(),
            before: answered.as_ref().and_then(|done| done.before.as_deref()),
            written: answered.is_some() && !args.dry_run,
            waiting: waiting.iter().map(|problem| problem.id.as_str()).collect(),
        });
    } else if let Some(done) = answered {
        out::answer(&words(&app, &done, args.dry_run));
        if !args.dry_run && !global.quiet {
            out::say(&go_on(&problem, waiting.len(), &shop_flags(global)));
        }
    }
    Ok(exit::DONE)
}

/// The same problems with the shortest way out of each first: what is answered already is only tried again, and what one answer lets go
/// on is asked for by `fix`. Those of one cause keep one way.
pub fn with_ways(app: &App, problems: &[Problem], flags: &str) -> Vec<Problem> {
    let mut ways: BTreeMap<&str, String> = BTreeMap::new();
    for alike in causes(problems) {
        if let Some(way) = way_of(app, &alike, flags) {
            ways.extend(alike.iter().map(|one| (one.id.as_str(), way.clone())));
        }
    }
    let with_way = |problem: &Problem| {
        let mut shown = problem.clone();
        if let Some(way) = ways.get(problem.id.as_str()) {
            shown.reason.hint = Some(way.clone());
        }
        shown
    };
    problems.iter().map(with_way).collect()
}

fn way_of(app: &App, alike: &[&Problem], flags: &str) -> Option<String> {
    let first = alike.first()?;
    // What a plan foresees is filed nowhere yet.
    if first.id.is_empty() || first.state == ProblemState::SetAside {
        return None;
    }
    let id = &first.id;
    if app.is_answered(&first.reason) {
        let (which, it) = match alike.len() {
            1 => (id.as_str(), "it"),
            _ => ("--all", "them"),
        };
        return Some(format!(
            "it is answered in {} by now: `udsync retry {which}{flags}` tries {it} again",
            app.config.source_path.display()
        ));
    }
    app.way_out(&first.reason)?;
    let by_hand = first.reason.hint.as_deref().unwrap_or_default();
    Some(format!(
        "`udsync fix {id}{flags}` asks for it and writes the answer down\nby hand: {by_hand}"
    ))
}

/// What to type for the first of these that one answer lets go on.
pub fn offer(app: &App, problems: &[Problem], flags: &str) -> Option<String> {
    let problem = problems.iter().find(|one| can_be_answered(app, one))?;
    Some(format!(
        "hint: `udsync fix {}{flags}` asks the one thing that it waits for",
        problem.id
    ))
}

fn can_be_answered(app: &App, problem: &Problem) -> bool {
    problem.state != ProblemState::SetAside
        && !app.is_answered(&problem.reason)
        && app.way_out(&problem.reason).is_some()
}

fn first_to_answer(app: &App, store: &Store) -> Result<Problem, Failure> {
    let problems = store.problems(None, false)?;
    let found = problems.into_iter().find(|one| can_be_answered(app, one));
    found.ok_or_else(|| {
        Failure::new(
            "failure_unknown",
            "nothing is held that one answer lets go on",
        )
        .hint("`udsync retry --list` shows what waits, and what mends each; what a dry run calls held has its question after the first `udsync sync orders`")
    })
}

fn problem(store: &Store, id: &str) -> Result<Problem, Failure> {
    let filed = store.problem_called(id)?;
    let unknown = || {
        Failure::new(
            "failure_unknown",
            format!("nothing is held or failed under `{id}`"),
        )
        .hint("`udsync retry --list` shows what is")
    };
    Ok(filed.ok_or_else(unknown)?.problem)
}

fn by_hand(problem: &Problem) -> Failure {
    let failure = Failure::new(
        "answer_not_enough",
        format!(
            "`{}` is not mended by one answer: {}",
            problem.id, problem.reason.message
        ),
    );
    let code = &problem.reason.code;
    failure.hint(match problem.hint() {
        Some(hint) => hint,
        None => format!("`udsync explain {code}` says what does"),
    })
}

/// The records that the same answer lets go on.
fn alike(app: &App, store: &Store, way: &WayOut) -> Result<Vec<Problem>, Failure> {
    let mut problems = store.problems(None, false)?;
    problems.retain(|other| app.asked_about(&other.reason).as_ref() == Some(&way.subject));
    Ok(problems)
}

fn chosen(way: &WayOut, answer: &str) -> Result<String, Failure> {
    let mut values = way.choices.iter().map(|choice| choice.value.as_str());
    if let Some(value) = values.clone().find(|value| *value == answer) {
        return Ok(value.to_owned());
    }
    let failure = Failure::new(
        "answers_unknown",
        format!("`{answer}` is none of the choices"),
    );
    let all: Vec<&str> = values.clone().take(8).collect();
    Err(failure.hint(match nearest(answer, &mut values) {
        Some(near) => format!("did you mean `--answer \"{near}\"`?"),
        None => format!("there are `{}`", all.join("`, `")),
    }))
}

/// Puts the question. `None` leaves it open.
fn asked(global: &Global, problem: &Problem, way: &WayOut) -> Result<Option<String>, Failure> {
    let asker = Asker::new(global);
    if asker.may_ask() {
        out::say(&format!("{}: {}", problem.id, problem.reason.message));
    }
    let words = way.choices.iter().map(|choice| choice.words.clone());
    let open = "leave it open: nothing is changed".to_owned();
    let words: Vec<String> = words.chain([open]).collect();
    let question = Prompt {
        prompt: &way.question,
        flag: "`--answer VALUE`; `--json` lists the choices",
    };
    let at = asker.choose(&question, &words, 0)?;
    Ok(way.choices.get(at).map(|choice| choice.value.clone()))
}

fn words(app: &App, done: &AnsweredWay, dry_run: bool) -> String {
    let file = app.config.source_path.display();
    let before = match &done.before {
        Some(before) => format!(" instead of \"{before}\""),
        None => String::new(),
    };
    let line = format!("{}{before}", done.line);
    match dry_run {
        true => format!("{line}\nwould stand in {file}\n"),
        false => format!("{line}\nstands in {file}\n"),
    }
}

fn go_on(problem: &Problem, waiting: usize, flags: &str) -> String {
    let id = &problem.id;
    let again = match waiting {
        0 | 1 => format!("`udsync retry {id}{flags}` tries it again"),
        n => format!("{n} records waited for this; `udsync retry --all{flags}` tries them again"),
    };
    format!("{again}; until then `udsync fix {id}{flags}` changes the answer")
}
