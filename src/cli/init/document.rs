//! What `init --json` prints.

use serde::Serialize;

use crate::books::propose::{Certainty, Proposal, ProposalFacts, WouldHold};
use crate::config::ConfigDraft;
use crate::run::RunAnswer;
use crate::run::document::RunDocument;

use super::super::connect::place::ConfigFile;
use super::screen::open;

#[derive(Serialize)]
pub struct InitDocument<'a> {
    schema: &'static str,
    /// The configuration that was written.
    config: String,
    /// It was not there before.
    created: bool,
    changes: Vec<ChangedFile<'a>>,
    proposals: Vec<Proposed<'a>>,
    /// What is held back as it stands.
    unmapped: Vec<WouldHold>,
    plan: RunDocument<'a>,
}

#[derive(Serialize)]
struct ChangedFile<'a> {
    key: &'a str,
    before: Option<&'a str>,
    after: &'a str,
}

#[derive(Serialize)]
struct Proposed<'a> {
    key: String,
    about: &'a str,
    value: Option<&'a str>,
    certainty: Certainty,
    because: &'a str,
}

pub fn document<'a>(
    place: &ConfigFile,
    draft: &'a ConfigDraft,
    facts: ProposalFacts<'_>,
    proposals: &'a [Proposal],
    first: &'a RunAnswer,
) -> InitDocument<'a> {
    InitDocument {
        schema: "udsync/init/1",
        config: place.path.display().to_string(),
        created: draft.is_new(),
        changes: draft
            .changes()
            .iter()
            .map(|change| ChangedFile {
                key: &change.key,
                before: change.before.as_deref(),
                after: &change.after,
            })
            .collect(),
        proposals: proposals
            .iter()
            .map(|proposal| Proposed {
                key: proposal.subject.key(),
                about: &proposal.about,
                value: proposal.value.as_deref(),
                certainty: proposal.certainty,
                because: &proposal.because,
            })
            .collect(),
        unmapped: open(facts, proposals)
            .into_iter()
            .map(std::borrow::Cow::into_owned)
            .collect(),
        plan: first.document(),
    }
}
