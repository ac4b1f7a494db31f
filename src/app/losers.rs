//! Losers: what became of the fields of an account or a product on which the shop and the books did not agree, told as `explain` tells
//! the rest. Whoever lost can be read here for good, by the record or by the id of the conflict.

use super::App;
use super::conflicts::shown;
use super::explain::{ExplainAnswer, Explanation, ReasonWhy, WhyNotPosted};
use super::state_fault::unread;
use crate::model::agreed::FieldConflict;
use crate::model::code;
use crate::model::fault::Fault;
use crate::model::service::Service;
use crate::store::{Agreements, Store};

impl App {
    /// What both sides made of the fields of a record, or of the one field that a conflict is about, the newest first: `customer/7`,
    /// `product/10`, or the id of a conflict. `None`: that is none of these, or they never disagreed.
    pub fn explained_conflicts(
        &self,
        store: &Store,
        what: &str,
    ) -> Result<Option<Explanation>, Fault> {
        let what = what.trim();
        let named = what
            .split_once(['/', ' '])
            .filter(|(entity, _)| ["customer", "product"].contains(entity));
        let called = match named {
            Some(_) => None,
            None => store.conflict_called(what).map_err(unread)?,
        };
        if named.is_none() && called.is_none() {
            return Ok(None);
        }
        self.unveil_to_look(store)?;
        let mut all = store
            .settled_conflicts(Service::BOOKS.as_str(), u32::MAX)
            .map_err(unread)?;
        all.splice(0..0, self.conflicts(store).map_err(unread)?);
        all.retain(|one| match (&named, &called) {
            (Some((entity, id)), _) => {
                one.source.entity.as_str() == *entity
                    && (one.source.id == *id || one.source.number == *id)
            }
            (None, Some(called)) => one.id == called.id,
            (None, None) => false,
        });
        let answers = all.iter().map(of_conflict).map(ExplainAnswer::NotPosted);
        Ok((!all.is_empty()).then(|| Explanation::of(what, answers.collect())))
    }
}

fn of_conflict(conflict: &FieldConflict) -> WhyNotPosted {
    let FieldConflict { id, sides, .. } = conflict;
    let said = |value: &str| match value.is_empty() {
        true => "nothing".to_owned(),
        false => format!("`{}`", shown(value)),
    };
    let (shop, books) = (said(&sides.shop), said(&sides.books));
    let before = match &sides.base {
        Some(base) if base.shop == base.books => {
            format!(", and both had agreed on {}", said(&base.shop))
        }
        Some(base) => format!(
            ", and both had agreed on {} in the shop and {} in QuickBooks",
            said(&base.shop),
            said(&base.books)
        ),
        None => String::new(),
    };
    let (state, code, end) = match &conflict.settled {
        Some((at, by)) => (
            "settled",
            "conflict_settled",
            format!("; it was settled on {} by {by}", at.format("%Y-%m-%d")),
        ),
        None => ("conflict", code::CONFLICT_OPEN, String::new()),
    };
    WhyNotPosted {
        what: format!(
            "{} {}, `{}`",
            conflict.source.entity, conflict.source.number, conflict.field
        ),
        state: Some(state),
        problem: None,
        kind: None,
        exit: None,
        why: ReasonWhy {
            code: code.to_owned(),
            message: format!("the shop said {shop}, and QuickBooks {books}{before}{end}"),
            hint: Some(format!("`udsync conflicts show {id}`")),
        },
    }
}
