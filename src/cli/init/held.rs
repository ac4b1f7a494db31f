//! Held: what the first plan holds back, with the answers that let it go on, asked one after the other.
//!
//! Some things stand in orders only: a way to pay that the shop no longer offers, two taxes on one line. Nobody could be asked about them
//! before.

use std::collections::BTreeSet;

use crate::app::App;
use crate::books::propose::ProposalSubject;
use crate::books::way_out;
use crate::model::problem::Problem;

use super::super::ask::{Asker, Prompt};
use super::super::report::Failure;
use super::super::{out, plain};

const LATER: &str = "leave it for later: `udsync retry --list` shows it then";

/// Asks about everything that one line mends and that nobody was asked about yet. `true`: lines were written, and the plan is another one.
pub fn offer(
    app: &App,
    asker: &Asker,
    problems: &[Problem],
    asked: &mut BTreeSet<ProposalSubject>,
) -> Result<bool, Failure> {
    let mut has_answered = false;
    for problem in problems {
        let Some(way) = app.way_out(&problem.reason) else {
            continue;
        };
        if way.choices.is_empty() || !asked.insert(way.subject.clone()) {
            continue;
        }
        let waits = problems
            .iter()
            .filter(|other| way_out(&other.reason).as_ref() == Some(&way.subject))
            .count();
        let number = &problem.source.number;
        let others = match waits {
            1 => String::new(),
            2 => " (and one more)".to_owned(),
            n => format!(" (and {} more)", n - 1),
        };
        out::say(&plain::line(&format!(
            "{} {number}{others}: {}",
            problem.source.entity, problem.reason.message
        )));
        let words = way.choices.iter().map(|choice| choice.words.clone());
        let words: Vec<String> = [LATER.to_owned()].into_iter().chain(words).collect();
        let question = Prompt {
            prompt: &way.question,
            flag: "`udsync fix ID --answer VALUE`",
        };
        let Some(at) = asker.choose(&question, &words, 0)?.checked_sub(1) else {
            continue;
        };
        let done = app
            .answer(&way, &way.choices[at].value, false)
            .map_err(|error| Failure::from_edit(&error))?;
        out::say(&done.line);
        has_answered = true;
    }
    Ok(has_answered)
}
