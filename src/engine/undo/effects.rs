//! Effects: what a run has made of a document, seen from what the books hold now. Pure.
//!
//! Each run that wrote to a document laid something over what was there. A run that was taken back, and whoever took it back, have left
//! nothing. So the layers are put on each other in the order of the journal, and only what lies on top can be taken off.

use crate::model::document::Document;
use crate::model::plan::{Action, RecordKey};
use crate::model::ticket::BeforeImage;
use crate::model::verdict;
use crate::store::{TicketOutcome, WriteDone};

/// What one run has laid over a document.
struct RunLayer<'a> {
    run: &'a str,
    writes: Vec<&'a WriteDone>,
}

impl RunLayer<'_> {
    fn made_it(&self) -> bool {
        self.writes[0].write.action == Action::Create
    }
}

/// What a run has made of a document.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large one"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RunEffect {
    /// It was not there before.
    Made,
    /// It was there, and this is what it was.
    Changed {
        /// `None`: it is not kept any more.
        former: Option<BeforeImage>,
        /// To an accountant, as far as that is known.
        was: Option<Document>,
    },
    /// The run voided it, which nobody but a person can take back.
    Voided,
    /// The run took it out of the books.
    Removed,
    /// A later run wrote over it.
    Covered { by: String },
}

/// An effect, with the record that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DocumentEffect {
    pub source: RecordKey,
    pub what: RunEffect,
}

fn layers<'a>(
    history: &'a [WriteDone],
    takes_back: &dyn Fn(&str) -> Option<String>,
) -> Vec<RunLayer<'a>> {
    let mut layers: Vec<RunLayer<'a>> = Vec::new();
    for done in history {
        if let Some(undone) = takes_back(&done.run_id) {
            // What came back with other figures is not taken back: the run's work lies there still, and is taken off once more.
            if came_out_wrong(done) {
                continue;
            }
            if let Some(at) = layers.iter().rposition(|layer| layer.run == undone) {
                layers.remove(at);
            }
            continue;
        }
        match layers.last_mut() {
            Some(top) if top.run == done.run_id => top.writes.push(done),
            _ => layers.push(RunLayer {
                run: &done.run_id,
                writes: vec![done],
            }),
        }
        // What a run made and took away again has left nothing.
        let is_gone = done.outcome == TicketOutcome::Deleted;
        if is_gone && layers.last().is_some_and(RunLayer::made_it) {
            layers.pop();
        }
    }
    layers
}

/// Whether what stood there after a write is not what was meant.
fn came_out_wrong(done: &WriteDone) -> bool {
    match &done.outcome {
        TicketOutcome::Done(found) => {
            verdict::is_wrong(&verdict::judge(done.write.expected.as_ref(), found))
        }
        _ => false,
    }
}

/// What of the run is left in a document; `None`: nothing.
pub(super) fn effect(
    history: &[WriteDone],
    takes_back: &dyn Fn(&str) -> Option<String>,
    run: &str,
) -> Option<DocumentEffect> {
    let layers = layers(history, takes_back);
    let at = layers.iter().rposition(|layer| layer.run == run)?;
    let layer = &layers[at];
    let first = layer.writes[0];
    let last = layer.writes[layer.writes.len() - 1];
    let what = if let Some(above) = layers.get(at + 1) {
        RunEffect::Covered {
            by: above.run.to_owned(),
        }
    } else if last.outcome == TicketOutcome::Deleted {
        RunEffect::Removed
    } else if layer.made_it() {
        RunEffect::Made
    } else if layer
        .writes
        .iter()
        .any(|done| done.write.action == Action::Void)
    {
        RunEffect::Voided
    } else {
        let below = at.checked_sub(1).and_then(|below| layers.get(below));
        RunEffect::Changed {
            former: first.before.clone(),
            was: below
                .and_then(|layer| layer.writes.last())
                .and_then(|done| done.write.document.clone()),
        }
    };
    Some(DocumentEffect {
        source: last.write.source.clone(),
        what,
    })
}

/// The last run whose work is left in a document; `None`: nothing of any run is, or the document was found in the books.
pub(super) fn last_run(
    history: &[WriteDone],
    takes_back: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    layers(history, takes_back)
        .last()
        .map(|layer| layer.run.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::document::{DocumentKey, DocumentKind, Role};
    use crate::model::money::Money;
    use crate::model::plan::{Expectation, Remote, Subject};
    use crate::model::raw::Raw;
    use crate::model::ticket::{Body, Found, Write};
    use crate::store::TicketOutcome;

    fn remote(revision: &str) -> Remote {
        Remote {
            entity: DocumentKind::Invoice.into(),
            id: "7".into(),
            revision: revision.into(),
        }
    }

    fn done(run: &str, action: Action) -> WriteDone {
        let before = (action != Action::Create).then(|| BeforeImage {
            remote: remote("0"),
            body: Raw::new(&format!("{{\"of\":\"{run}\"}}")),
        });
        WriteDone {
            run_id: run.into(),
            write: Write {
                action,
                subject: Subject::Document(DocumentKey::of_order(7, Role::Sale)),
                entity: DocumentKind::Invoice.into(),
                remote: None,
                body: Body::whole(String::new(), Vec::new()).expect("it refers to nothing"),
                marker: None,
                label: "WC-7".into(),
                expected: None,
                source: RecordKey::order(7, "7"),
                document: None,
                before: None,
            },
            // What stands there is of no account here.
            outcome: if action == Action::Delete {
                TicketOutcome::Deleted
            } else {
                TicketOutcome::NotDone
            },
            document: None,
            before,
            at: chrono::DateTime::from_timestamp(0, 0).expect("a time"),
        }
    }

    /// `undo-a` takes back `a`.
    fn takes_back(run: &str) -> Option<String> {
        run.strip_prefix("undo-").map(str::to_owned)
    }

    fn what(history: &[(&str, Action)], run: &str) -> Option<RunEffect> {
        let history: Vec<WriteDone> = history
            .iter()
            .map(|(run, action)| done(run, *action))
            .collect();
        effect(&history, &takes_back, run).map(|effect| effect.what)
    }

    fn changed(run: &str) -> Option<RunEffect> {
        Some(RunEffect::Changed {
            former: done(run, Action::Update).before,
            was: None,
        })
    }

    #[test]
    fn what_a_run_made_and_mended_it_made() {
        use Action::{Create, Delete, Update};
        assert_eq!(what(&[("a", Create)], "a"), Some(RunEffect::Made));
        assert_eq!(
            what(&[("a", Create), ("a", Update)], "a"),
            Some(RunEffect::Made)
        );
        assert_eq!(what(&[("a", Create), ("a", Delete)], "a"), None);
        assert_eq!(what(&[("a", Create)], "b"), None);
    }

    #[test]
    fn a_change_knows_what_stood_there_before_its_first_write() {
        use Action::{Create, Update, Void};
        let twice = [("a", Create), ("b", Update), ("b", Update)];
        assert_eq!(what(&twice, "b"), changed("b"));
        assert_eq!(
            what(&[("a", Create), ("b", Void)], "b"),
            Some(RunEffect::Voided)
        );
    }

    #[test]
    fn what_came_back_with_other_figures_is_still_to_be_taken_back() {
        let mut back = done("undo-b", Action::Update);
        let total = Money::cents(2_100);
        back.write.expected = Some(Expectation {
            total,
            tax_total: Money::ZERO,
            tax: BTreeMap::new(),
            date: chrono::NaiveDate::default(),
        });
        let found = |total| Found {
            total,
            ..Found::bare(remote("1"), "WC-7".into())
        };
        back.outcome = TicketOutcome::Done(found(total + Money::CENT));
        let mut history = vec![
            done("a", Action::Create),
            done("b", Action::Update),
            back.clone(),
        ];
        let left = |history: &[WriteDone]| effect(history, &takes_back, "b").map(|left| left.what);
        assert_eq!(left(&history), changed("b"));
        back.outcome = TicketOutcome::Done(found(total));
        history.push(back);
        assert_eq!(left(&history), None);
    }

    #[test]
    fn only_what_lies_on_top_can_be_taken_off() {
        use Action::{Create, Delete, Update};
        let covered = [("a", Create), ("b", Update)];
        assert_eq!(
            what(&covered, "a"),
            Some(RunEffect::Covered { by: "b".into() })
        );
        let free_again = [("a", Create), ("b", Update), ("undo-b", Update)];
        assert_eq!(what(&free_again, "a"), Some(RunEffect::Made));
        assert_eq!(what(&free_again, "b"), None);
        let gone = [("a", Create), ("undo-a", Delete)];
        assert_eq!(what(&gone, "a"), None);
        let again = [("a", Create), ("undo-a", Delete), ("c", Create)];
        assert_eq!(what(&again, "a"), None);
        assert_eq!(what(&again, "c"), Some(RunEffect::Made));
    }
}
