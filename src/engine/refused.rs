//! Refused: whether the books have said no to the very same thing before.
//!
//! What was refused is refused again as long as nothing of it has changed, so it waits for the change or for a person's
//! `retry` and is not sent on every run.

use crate::model::code;
use crate::model::company::Company;
use crate::model::document::Role;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Step, Subject};
use crate::store::{Attempts, StoreError, TicketOutcome, WriteTried};

use super::parked::ByRecord;

/// Why a document is not sent: the same one was refused, or came out wrong, and that is still an open problem.
pub(super) fn document(
    attempts: &dyn Attempts,
    target: &str,
    problems: &ByRecord<'_>,
    step: &Step,
    company: &Company,
) -> Result<Option<Reason>, StoreError> {
    let Subject::Document(key) = step.subject else {
        return Ok(None);
    };
    let known = problems
        .all(&step.source)
        .iter()
        .find(|problem| match problem.subject {
            Some(subject) => subject == key,
            // The whole order may wait for its payment: an invoice that is changed goes nowhere without it.
            None => matches!(key.role, Role::Sale | Role::Payment),
        });
    let Some(problem) = known else {
        return Ok(None);
    };
    // What is held for another reason, or was only not reached, has yet to be tried.
    let refused = |tried: &WriteTried| match &tried.outcome {
        // The closing date may have moved since: whoever refused because of it is asked again.
        Some(TicketOutcome::Refused(reason)) if reason.code == code::PERIOD_CLOSED => {
            let moved = company.closing_seen_at.is_some_and(|at| at > tried.at);
            reason.code == problem.reason.code && !moved
        }
        Some(TicketOutcome::Refused(reason)) => reason.code == problem.reason.code,
        Some(TicketOutcome::Done(_)) => problem.reason.code == code::READBACK_MISMATCH,
        _ => false,
    };
    let meant = step.document.as_ref().map(Fingerprint::of);
    let same = |tried: &WriteTried| {
        tried.write.action == step.action && tried.document == meant && refused(tried)
    };
    let tried = attempts.tried(target, &step.subject)?;
    Ok(tried.iter().any(same).then(|| problem.reason.clone()))
}

/// Why a customer or an item is not made: this very body was refused when it was tried last.
pub(super) fn name(
    attempts: &dyn Attempts,
    target: &str,
    subject: &Subject,
    body: &str,
) -> Result<Option<Reason>, StoreError> {
    let last = attempts.tried(target, subject)?.into_iter().next();
    Ok(last.and_then(|tried| match tried.outcome {
        Some(TicketOutcome::Refused(reason)) => {
            let is_same = match tried.body {
                Some(sent) => sent == Fingerprint::of_bytes(body.as_bytes()),
                // An earlier version kept the bytes of the whole request alone.
                None => tried.sent.contains(body),
            };
            is_same.then_some(reason)
        }
        _ => None,
    }))
}
