//! In the shop: what a run wrote there, and the changes that take it back.
//!
//! Fields of accounts and products get their former values back, where the shop still says what the run wrote. Notes stay: each was true
//! when it was written, mails nobody and moves nothing. A status stays as well: every way back from it mails somebody or gives stock
//! back, and only a person knows whether that is wanted.

use crate::connector::port::ShopReader;
use crate::engine::both_ways::{WrittenFields, add_written, fields_in_shop};
use crate::engine::error::EngineError;
use crate::model::code;
use crate::model::fault::Reason;
use crate::model::plan::{Entity, Hold, RecordKey};
use crate::model::shop_change::{OrderChange, ShopBefore, ShopChange, ShopLook, ShopStep};
use crate::store::{StateReader, StoreError};

use super::guards::UndoObstacle;
use super::later::later_run;

/// What becomes of what a run wrote to the shop.
#[derive(Default)]
pub(super) struct ShopBack {
    pub steps: Vec<ShopStep>,
    pub obstacles: Vec<UndoObstacle>,
    /// What is not taken back, and why.
    pub stays: Vec<Hold>,
    pub written: WrittenFields,
}

pub(super) async fn plan<S: ShopReader>(
    shop: &S,
    store: &dyn StateReader,
    run: &str,
) -> Result<ShopBack, EngineError> {
    let mut back = ShopBack::default();
    let forgotten = store.forgotten_in_shop_by(run)?;
    back.obstacles
        .extend(forgotten.iter().map(|thing| is_forgotten(thing)));
    let made = store.done_in_shop_by(run)?;
    // What was written last is taken back first.
    for one in made.iter().rev().filter(|one| one.stands()) {
        let step = &one.step;
        if let ShopChange::Order { change, .. } = &step.change {
            back.stays.push(stays(step, change));
            continue;
        }
        let mark = mark_of(run, step);
        if store.is_done_in_shop(shop.address(), &mark)? {
            continue;
        }
        let planned = match later(store, shop.address(), run, step)? {
            Some(by) => Err(later_run(&called(step), Some(&by))),
            None => match inverse(step, run, mark) {
                None => Err(no_value_before(step)),
                Some(inverse) => match shop.look(&inverse).await? {
                    ShopLook::AsPlanned(_) | ShopLook::Made(_) => Ok(inverse),
                    ShopLook::Gone => Err(gone(step)),
                    ShopLook::Other(_) | ShopLook::Busy => Err(changed_since(step)),
                },
            },
        };
        match planned {
            Ok(inverse) => {
                add_written(
                    &mut back.written,
                    &step.source,
                    fields_in_shop(&step.change),
                );
                back.steps.push(inverse);
            }
            Err(reason) => back.obstacles.push(UndoObstacle {
                order: step.source.clone(),
                document: called(step),
                id: Some(step.source.id.clone()),
                reason,
            }),
        }
    }
    Ok(back)
}

/// By what a change is known that takes another one back.
fn mark_of(run: &str, step: &ShopStep) -> String {
    format!("udsync undo {run} {}", step.mark)
}

fn called(step: &ShopStep) -> String {
    format!("{} {} in the shop", step.source.entity, step.source.number)
}

/// The same fields with the values that they had.
fn inverse(step: &ShopStep, run: &str, mark: String) -> Option<ShopStep> {
    let (change, before) = match (&step.change, &step.before) {
        (ShopChange::Customer { id, change }, ShopBefore::Customer(before)) => (
            ShopChange::Customer {
                id: *id,
                change: before.clone(),
            },
            ShopBefore::Customer(change.clone()),
        ),
        (ShopChange::Product { of, change }, ShopBefore::Product(before)) => {
            let had_price = change.regular_price.is_none() || before.regular_price.is_some();
            had_price.then_some(())?;
            (
                ShopChange::Product {
                    of: *of,
                    change: before.clone(),
                },
                ShopBefore::Product(change.clone()),
            )
        }
        _ => return None,
    };
    let source = &step.source;
    let words = format!(
        "{} {} is as it was before run {run}",
        source.entity, source.number
    );
    Some(ShopStep {
        change,
        before,
        mark,
        reason: Reason::new("taken_back", words),
        ..step.clone()
    })
}

/// A later run that wrote one of the same fields, and was not taken back itself.
fn later(
    store: &dyn StateReader,
    shop: &str,
    run: &str,
    step: &ShopStep,
) -> Result<Option<String>, StoreError> {
    let history = store.done_to_in_shop(shop, &step.change.thing())?;
    let own = history.iter().rposition(|one| one.run_id == run);
    let after = own.map_or(&[][..], |own| &history[own + 1..]);
    let fields = fields_in_shop(&step.change);
    for one in after.iter().filter(|one| one.stands()) {
        let is_same = !fields.is_disjoint(&fields_in_shop(&one.step.change));
        if is_same
            && store.takes_back(&one.run_id)?.is_none()
            && !store.is_done_in_shop(shop, &mark_of(&one.run_id, &one.step))?
        {
            return Ok(Some(one.run_id.clone()));
        }
    }
    Ok(None)
}

fn stays(step: &ShopStep, change: &OrderChange) -> Hold {
    let called = format!("order {} in the shop", step.source.number);
    let (why, way) = match change {
        OrderChange::PrivateNote(_) => (
            "the private note stays: it was true when it was written, mails nobody and moves nothing",
            "delete it at the order in the shop by hand, if nobody is to read it",
        ),
        OrderChange::Status(_) => (
            "the status stays: going back would mail, or give stock back",
            "set the status at the order in the shop by hand, after looking at whom that mails and what it does to the stock",
        ),
    };
    Hold {
        source: step.source.clone(),
        subject: None,
        reason: Reason::new(code::KEPT_IN_SHOP, format!("{called}: {why}")).hint(way),
    }
}

fn changed_since(step: &ShopStep) -> Reason {
    Reason::new(
        "changed_in_shop",
        format!(
            "{} was changed there since: it does not say any more what the run wrote",
            called(step)
        ),
    )
    .hint("put it back in the shop by hand, or leave the record out with `--partial`")
}

fn gone(step: &ShopStep) -> Reason {
    Reason::new(
        "gone_in_shop",
        format!(
            "{} is not there any more: it was deleted or put into the trash",
            called(step)
        ),
    )
    .hint("leave the record out with `--partial`")
}

fn no_value_before(step: &ShopStep) -> Reason {
    Reason::new(
        code::FORMER_CONTENT_GONE,
        format!(
            "{} had no price before the run, and nothing but a person takes a price off a product",
            called(step)
        ),
    )
    .hint("take the price off in the shop by hand, and leave the record out with `--partial`")
}

fn is_forgotten(thing: &str) -> UndoObstacle {
    let (entity, id) = thing.split_once(':').unwrap_or(("product", thing));
    // Of a variation the last number is its own.
    let id = id.rsplit('/').next().unwrap_or(id);
    let source = RecordKey {
        entity: match entity {
            "customer" => Entity::Customer,
            _ => Entity::Product,
        },
        id: id.to_owned(),
        number: id.to_owned(),
    };
    let called = format!("{entity} {id} in the shop");
    UndoObstacle {
        reason: Reason::new(
            code::FORMER_CONTENT_GONE,
            format!("{called} was changed by the run, and what it was before is not kept any more"),
        )
        .hint("write it back in the shop by hand; `keep_bodies` in `[privacy]` says how long such content is kept"),
        document: called,
        id: Some(id.to_owned()),
        order: source,
    }
}
