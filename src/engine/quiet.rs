//! Quiet steps: what is remembered of those that write nothing.

use crate::model::link::{Link, LinkState, Posted};
use crate::model::plan::{Step, Subject};
use crate::model::ticket::FoundState;

use super::standing::posted_from;

/// The link that a step without a write leaves: a name that was matched, a document that was found, a payment of somebody else.
pub(super) fn link(step: &Step) -> Option<Link> {
    if step.by_others {
        return theirs(step);
    }
    if let Some(found) = &step.adopted {
        let Subject::Document(key) = step.subject else {
            return None;
        };
        let as_found = posted_from(key, found)?;
        return Some(Link {
            subject: step.subject.clone(),
            remote: found.remote.clone(),
            content: found.trace.clone(),
            revision: found.marker.as_ref().map_or(1, |marker| marker.revision),
            state: match found.state {
                FoundState::Active => LinkState::Active,
                FoundState::Voided => LinkState::Voided,
            },
            posted: Some(match &step.document {
                // It was compared, and is what we would write.
                Some(document) if step.marker.is_some() => Posted {
                    number: document.number.clone(),
                    total: document.total,
                    tax_total: document.tax_total,
                    fingerprint: Some(document.fingerprint()),
                    document: Some(document.clone()),
                    ..as_found
                },
                // It is only known to be there.
                document => Posted {
                    document: document.clone(),
                    ..as_found
                },
            }),
        });
    }
    let is_name = matches!(
        step.subject,
        Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_)
    );
    let remote = step.remote.clone().filter(|_| is_name)?;
    let made_from = step.made_from.as_ref().map(ToString::to_string);
    if made_from.is_none() && step.source.is_record() {
        return None;
    }
    Some(Link {
        subject: step.subject.clone(),
        remote,
        content: made_from.unwrap_or_default(),
        revision: 0,
        state: LinkState::Active,
        posted: None,
    })
}

/// A payment that somebody else entered, remembered as theirs, with what ours would have been.
fn theirs(step: &Step) -> Option<Link> {
    let document = step.document.as_ref()?;
    Some(Link {
        subject: step.subject.clone(),
        remote: step.remote.clone()?,
        content: String::new(),
        revision: 0,
        state: LinkState::Settled,
        posted: Some(Posted {
            key: document.key,
            kind: document.kind,
            number: document.number.clone(),
            date: document.date,
            currency: document.currency.clone(),
            total: document.total,
            tax_total: document.tax_total,
            voided: false,
            fingerprint: None,
            document: Some(document.clone()),
        }),
    })
}
