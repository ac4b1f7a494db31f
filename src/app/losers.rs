//! Losers: what became of the fields of an account or a product on which the shop and the books did not agree, told as `explain` tells
//! the rest. Whoever lost can be read here for good, by the record or by the id of the conflict. With the record stands what waits of it,
//! and what was written of it to the shop and taken back there.

use super::App;
use super::conflicts::shown;
use super::explain::{ExplainAnswer, Explanation, ReasonWhy, WhyNotPosted};
use super::state_fault::unread;
use super::why::not_posted;
use crate::connector::woocommerce::WooCommerce;
use crate::model::agreed::FieldConflict;
use crate::model::clock::local;
use crate::model::code;
use crate::model::fault::Fault;
use crate::model::service::Service;
use crate::model::shop_change::{ShopChange, ShopChangeMade, ShopOutcome};
use crate::store::{Agreements, Problems, ShopAttempts, Store};

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
        let mut told = Vec::new();
        if let Some((entity, id)) = named {
            told.extend(waits(store, entity, id)?);
        }
        told.extend(all.iter().map(of_conflict));
        if let Some((entity, id)) = named {
            told.extend(self.written_in_shop(store, entity, id)?);
        }
        let answers: Vec<ExplainAnswer> = told.into_iter().map(ExplainAnswer::NotPosted).collect();
        Ok((!answers.is_empty()).then(|| Explanation::of(what, answers)))
    }

    /// What was written of a record to the shop, the newest first.
    fn written_in_shop(
        &self,
        store: &Store,
        entity: &str,
        id: &str,
    ) -> Result<Vec<WhyNotPosted>, Fault> {
        let shop = self.config.woocommerce.as_ref();
        let Some(shop) = shop.and_then(|shop| WooCommerce::address_of(&shop.url)) else {
            return Ok(Vec::new());
        };
        let made = store.done_to_kind_in_shop(&shop, entity).map_err(unread)?;
        let is_meant = |one: &&ShopChangeMade| {
            let source = &one.step.source;
            let is_done = matches!(one.outcome, Some(ShopOutcome::Done(_)));
            // Of a product also what was written of its variations: they are shown below it.
            let is_below = matches!(
                &one.step.change,
                ShopChange::Product { of, .. } if of.variation.is_some() && of.id.to_string() == id
            );
            is_done && (source.id == id || source.number == id || is_below)
        };
        let done = made.iter().rev().filter(is_meant);
        let told = done.map(|one| WhyNotPosted {
            what: format!(
                "{entity} {} (id {}), in the shop",
                one.step.source.number, one.step.source.id
            ),
            state: Some("written"),
            problem: None,
            stands: false,
            kind: None,
            exit: None,
            why: ReasonWhy {
                code: one.step.reason.code.clone(),
                message: format!(
                    "the shop was written to on {} by run {}: {}",
                    local(one.at, self.config.rules.timezone),
                    one.run_id,
                    one.step.reason.message
                ),
                hint: None,
            },
        });
        Ok(told.collect())
    }
}

/// What of a record waits for somebody, that it stands undone among it.
fn waits(store: &Store, entity: &str, id: &str) -> Result<Vec<WhyNotPosted>, Fault> {
    let filed = store.problems_about(id).map_err(unread)?;
    let of_record = filed.iter().filter(|filed| {
        let source = &filed.problem.source;
        source.entity.as_str() == entity && (source.id == id || source.number == id)
    });
    Ok(of_record.map(not_posted).collect())
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
        stands: false,
        kind: None,
        exit: None,
        why: ReasonWhy {
            code: code.to_owned(),
            message: format!("the shop said {shop}, and QuickBooks {books}{before}{end}"),
            hint: Some(format!("`udsync conflicts show {id}`")),
        },
    }
}
