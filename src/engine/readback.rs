//! Read-back: compares what came to stand in the books with what was meant, and remembers it.

use crate::model::fault::Reason;
use crate::model::link::{Link, LinkState, Posted};
use crate::model::money::Money;
use crate::model::plan::Action;
use crate::model::ticket::{Found, FoundState, Write};
use crate::model::verdict::{is_wrong, judge};

use super::settled;

/// The warning that goes with an accepted difference.
pub fn split_warning(write: &Write, found: &Found) -> Reason {
    Reason::new(
        "tax_split_changed",
        format!(
            "`{}` has the right total {} and tax {}, but QuickBooks split the tax over its rates differently",
            write.label, found.total, found.tax_total
        ),
    )
}

/// What is said of a document that came out wrong.
pub fn mismatch(write: &Write, found: &Found) -> Reason {
    if let Some(left) = found.unapplied.filter(|left| left.is_positive()) {
        return settled::came_too_late(&write.label, left);
    }
    let (total, tax) = write
        .expected
        .as_ref()
        .map_or((Money::ZERO, Money::ZERO), |expected| {
            (expected.total, expected.tax_total)
        });
    Reason::new(
        "readback_mismatch",
        format!(
            "{} `{}` should have come to {total} with {tax} tax, but QuickBooks made it {} with {} tax",
            write.entity, write.label, found.total, found.tax_total
        ),
    )
    .hint("check the tax codes and rates of `[books.tax]` against QuickBooks, then run `udsync retry --all`")
}

/// The link to remember after a write, given what was remembered before it.
///
/// A document that is not as meant is remembered without a fingerprint, so that the next plan looks at it again even
/// if this run dies before it has mended it. What it was when it was right stays in memory; of one that never was
/// right there is no document at all.
pub fn link(write: &Write, found: &Found, before: Option<&Link>) -> Link {
    let as_meant = !is_wrong(&judge(write.expected.as_ref(), found));
    let was = before.and_then(|link| link.posted.as_ref());
    Link {
        subject: write.subject.clone(),
        remote: found.remote.clone(),
        content: found.trace.clone(),
        revision: write.marker.as_ref().map_or(1, |marker| marker.revision),
        state: match found.state {
            FoundState::Active => LinkState::Active,
            FoundState::Voided => LinkState::Voided,
        },
        posted: write.document.as_ref().map(|document| Posted {
            key: document.key,
            kind: document.kind,
            number: document.number.clone(),
            date: found.date.unwrap_or(document.date),
            currency: document.currency.clone(),
            total: if as_meant {
                document.total
            } else {
                found.total
            },
            tax_total: if as_meant {
                document.tax_total
            } else {
                found.tax_total
            },
            voided: found.state == FoundState::Voided,
            fingerprint: as_meant.then(|| document.fingerprint()),
            document: match (as_meant, write.action) {
                (true, _) => Some(document.clone()),
                (false, Action::Create) => None,
                // Without a memory it was found in the books, where it may well have been right.
                (false, _) => match was {
                    Some(was) => was.document.clone(),
                    None => Some(document.clone()),
                },
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{DocumentKey, DocumentKind, Role};
    use crate::model::plan::{Expectation, RecordKey, Remote, Subject};
    use crate::model::ticket::Body;
    use crate::model::verdict::Verdict;

    fn found(total: &str, tax: [(&str, &str); 2]) -> Found {
        let money = |text: &str| text.parse::<Money>().expect("an amount");
        let tax = tax.map(|(rate, amount)| (rate.to_owned(), money(amount)));
        let remote = Remote {
            entity: DocumentKind::SalesReceipt.into(),
            id: "7".to_owned(),
            revision: "0".to_owned(),
        };
        Found {
            total: money(total),
            tax_total: tax.iter().map(|(_, amount)| *amount).sum(),
            tax: tax.into(),
            ..Found::bare(remote, "WC-1".to_owned())
        }
    }

    #[test]
    fn the_same_tax_under_other_rates_is_told_and_accepted() {
        let meant = found("112.00", [("GST 5%", "5.00"), ("PST BC 7%", "7.00")]);
        let expected = Expectation {
            total: meant.total,
            tax_total: meant.tax_total,
            tax: meant.tax.clone(),
            date: "2026-03-02".parse().expect("a day"),
        };
        assert_eq!(judge(Some(&expected), &meant), Verdict::AsMeant);
        let split = found("112.00", [("GST 5%", "6.00"), ("PST BC 7%", "6.00")]);
        let verdict = judge(Some(&expected), &split);
        assert_eq!(verdict, Verdict::SplitDiffers);
        assert!(!is_wrong(&verdict));
        let write = Write {
            action: Action::Create,
            subject: Subject::Document(DocumentKey::of_order(1, Role::Sale)),
            entity: DocumentKind::SalesReceipt.into(),
            remote: None,
            body: Body::default(),
            marker: None,
            label: "WC-1".to_owned(),
            expected: Some(expected),
            source: RecordKey::order(1, "1"),
            document: None,
            before: None,
        };
        assert_eq!(split_warning(&write, &split).code, "tax_split_changed");
    }
}
