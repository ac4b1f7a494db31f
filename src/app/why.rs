//! Why: what is said of a record that waits or was left out, instead of a document.

use super::explain::{ReasonWhy, TARGET, WhyNotPosted, is_of_orders};
use crate::model::code;
use crate::model::link::{Link, LinkState};
use crate::model::plan::Subject;
use crate::model::problem::ProblemState;
use crate::store::{FiledProblem, LeftOut, Memory, Store, StoreError};

/// Why a record waits, and whether what it is about stands in the books meanwhile.
pub(super) fn waiting(store: &Store, filed: &FiledProblem) -> Result<WhyNotPosted, StoreError> {
    let problem = &filed.problem;
    let source = problem.source.id.parse().ok();
    let source = source.filter(|_| is_of_orders(problem.source.entity));
    let order = problem.subject.and_then(|key| key.order()).or(source);
    let links = match order {
        Some(order) => store.links_of_order(TARGET, order)?,
        None => Vec::new(),
    };
    let is_meant = |link: &Link| match (&link.subject, problem.subject) {
        (Subject::Document(key), Some(meant)) => *key == meant,
        _ => true,
    };
    let stands = |link: &Link| link.state == LinkState::Active && is_meant(link);
    Ok(WhyNotPosted {
        stands: links.iter().any(stands),
        ..not_posted(filed)
    })
}

pub(super) fn not_posted(filed: &FiledProblem) -> WhyNotPosted {
    let problem = &filed.problem;
    let source = &problem.source;
    let mut what = format!("{} {}", source.entity, source.number);
    if let Some(key) = problem.subject {
        what = format!("{what}, document {key}");
    }
    let message = match (&filed.why, problem.state) {
        (Some(why), ProblemState::SetAside) if !why.is_empty() => format!(
            "somebody set it aside: {why}; before that: {}",
            problem.reason.message
        ),
        (_, ProblemState::SetAside) => {
            format!(
                "somebody set it aside; before that: {}",
                problem.reason.message
            )
        }
        _ => problem.reason.message.clone(),
    };
    let hint = match problem.state {
        ProblemState::SetAside => Some(format!("`udsync retry --restore {}`", problem.id)),
        _ => problem.hint(),
    };
    WhyNotPosted {
        what,
        state: Some(problem.state.as_str()),
        problem: Some(problem.id.clone()),
        stands: false,
        kind: None,
        exit: None,
        why: ReasonWhy {
            code: problem.reason.code.clone(),
            message,
            hint,
        },
    }
}

pub(super) fn skipped(left_out: &LeftOut) -> WhyNotPosted {
    let source = &left_out.change.source;
    let reason = left_out.change.reason.clone();
    let way_out = |code: &str| {
        let row = code::row(code).filter(|row| row.way_out != "nothing");
        row.map(|row| row.way_out.to_owned())
    };
    WhyNotPosted {
        what: format!("{} {}", source.entity, source.number),
        state: Some("skipped"),
        problem: None,
        stands: false,
        kind: None,
        exit: None,
        why: match reason {
            Some(reason) => ReasonWhy {
                hint: reason.hint.or_else(|| way_out(&reason.code)),
                code: reason.code,
                message: reason.message,
            },
            None => ReasonWhy {
                code: "skipped".to_owned(),
                message: format!("run {} left it out", left_out.run_id),
                hint: None,
            },
        },
    }
}
