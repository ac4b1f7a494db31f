//! What is asked of a run, by whomever: which records, where to, how far back, and what it may write.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::payouts_file::PayoutsFile;
use crate::engine::noticed::MergedName;
use crate::engine::undo::UndoWords;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Entity, Plan};
use crate::model::problem::Problem;
use crate::model::service::Service;

/// A run that somebody wants.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// As the history names it: `sync`, `retry` …
    pub command: &'static str,
    pub subject: RunSubject,
    pub ending: Ending,
    pub guard: Guard,
    /// The answer lists unchanged records too.
    pub lists_unchanged: bool,
}

/// Which records it is about.
#[derive(Clone, Debug)]
pub enum RunSubject {
    /// What changed in the shop, or what was chosen by hand.
    Records(Selection),
    /// Exactly a plan that was saved.
    Plan(Box<Plan>),
    /// What is held or failed: these, or `None` for everything.
    Problems(Option<Vec<Problem>>),
    /// Exactly these records, each read by its id.
    Named(Box<NamedRecords>),
    /// What an earlier run has written, to be taken back.
    Undo(Box<RunToUndo>),
    /// What payment services paid out.
    Payouts(PayoutsToPost),
}

/// Payouts by the days on which they reach the bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutsToPost {
    /// `None`: what arrived lately.
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    /// By their ids: these and no others.
    pub only: Option<BTreeSet<String>>,
    /// By their ids, even where they stand undone.
    pub asked: BTreeSet<String>,
    /// The bills of their months too, as far as those are over.
    pub with_bills: bool,
    /// Those of a file, and of no service.
    pub file: Option<PayoutsFile>,
}

/// A run that is to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunToUndo {
    /// Its id, or as much of its beginning as no other run shares.
    pub run: String,
    /// Orders that cannot be taken back are left out, and the others go on.
    pub partial: bool,
    pub words: UndoWords,
}

/// Records by their ids: what somebody else says has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedRecords {
    pub orders: BTreeSet<u64>,
    pub customers: BTreeSet<u64>,
    pub products: BTreeSet<u64>,
    /// Of these orders the books are asked what stands there, because it was changed there.
    pub compared: BTreeSet<u64>,
    /// Names of the books of which somebody says that they have taken in others.
    pub merged: BTreeSet<MergedName>,
}

impl NamedRecords {
    /// The kinds of records that are named, in order of need.
    pub fn entities(&self) -> Vec<Entity> {
        [
            (self.products.is_empty(), Entity::Product),
            (self.customers.is_empty(), Entity::Customer),
            (
                self.orders.is_empty() && self.merged.is_empty(),
                Entity::Order,
            ),
        ]
        .into_iter()
        .filter(|(is_empty, _)| !is_empty)
        .map(|(_, entity)| entity)
        .collect()
    }

    pub fn is_empty(&self) -> bool {
        self.entities().is_empty()
    }

    fn words(&self) -> String {
        let all = [
            &self.orders,
            &self.customers,
            &self.products,
            &self.compared,
        ];
        format!("{} {:?}", all.map(joined).join(" "), self.merged)
    }
}

/// How it ends. The way to there is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With the plan. Nothing is written.
    Show,
    /// With what the plan says being done.
    Apply,
}

/// Records of the shop, by kind and by what is said of them.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// In order of need, each once.
    pub entities: Vec<Entity>,
    /// None: where the configuration sends them.
    pub to: Vec<Service>,
    /// Every record, not only those that changed since the last run.
    pub full: bool,
    /// Compares with what the books and the database hold, not with what the state file remembers of them.
    pub verify: bool,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub statuses: Vec<String>,
    pub ids: BTreeSet<u64>,
    pub limit: Option<usize>,
}

/// What it may write, and on whose word.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    pub consent: Consent,
    pub max_changes: Option<usize>,
    /// Many orders are gone from the shop, and somebody has looked at that.
    pub allow_shrunken: bool,
    /// The shop lives at another address, and somebody has looked at that.
    pub allow_moved: bool,
    /// So many mails to buyers somebody has agreed to.
    pub allow_mails: Option<u32>,
    /// Run at most once under this key.
    pub idempotency_key: Option<String>,
}

/// On whose word much is written, or anything taken away.
#[derive(Clone, Debug, Default)]
pub enum Consent {
    /// Nobody is there: the run stops, and offers a token for later.
    #[default]
    Offer,
    /// Nobody is there, and what `[unattended]` of the configuration allows is allowed.
    Unattended,
    /// The caller can ask a person.
    Ask,
    /// It was given beforehand.
    Given,
    /// It was given to the plan that offered this token.
    Token(String),
    /// It was given to this very plan, which a dry run has shown.
    Seen(Fingerprint),
}

impl Selection {
    /// How the history calls it.
    pub fn mode(&self) -> &'static str {
        if self.is_by_hand() {
            "selected"
        } else if self.full {
            "full"
        } else {
            "incremental"
        }
    }

    /// Some of the records were picked by what is said of them; a cursor means nothing to such a run.
    pub fn is_by_hand(&self) -> bool {
        !self.ids.is_empty() || self.is_filtered()
    }

    /// Orders were picked by date or status.
    pub fn is_filtered(&self) -> bool {
        self.since.is_some() || self.until.is_some() || !self.statuses.is_empty()
    }

    /// What is asked for, in one way only.
    fn words(&self) -> String {
        let mut statuses = self.statuses.clone();
        statuses.sort_unstable();
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        format!(
            "full {} since {} until {} status {} id {} limit {}",
            self.full,
            day(self.since),
            day(self.until),
            statuses.join(","),
            joined(&self.ids),
            self.limit
                .map(|limit| limit.to_string())
                .unwrap_or_default(),
        )
    }
}

impl RunRequest {
    /// The kinds of records, as they are typed.
    pub fn entities(&self) -> Vec<String> {
        match &self.subject {
            RunSubject::Records(selection) => selection.entities.iter().map(plural).collect(),
            RunSubject::Plan(_) | RunSubject::Problems(_) | RunSubject::Undo(_) => {
                vec![plural(&Entity::Order)]
            }
            RunSubject::Named(named) => named.entities().iter().map(plural).collect(),
            RunSubject::Payouts(_) => vec![plural(&Entity::Payout)],
        }
    }

    /// As it might have been typed.
    pub fn words(&self) -> String {
        match &self.subject {
            RunSubject::Undo(undo) => format!("{} {}", self.command, undo.run),
            _ => format!("{} {}", self.command, self.entities().join(" ")),
        }
    }

    pub fn mode(&self) -> &'static str {
        match &self.subject {
            RunSubject::Records(selection) => selection.mode(),
            RunSubject::Plan(_) => "saved",
            RunSubject::Payouts(_) => "incremental",
            RunSubject::Problems(_) | RunSubject::Named(_) | RunSubject::Undo(_) => "selected",
        }
    }

    /// Compares with what the database holds.
    pub fn verifies(&self) -> bool {
        matches!(&self.subject, RunSubject::Records(selection) if selection.verify)
    }

    /// The same for the same run: what a key for a run stands for.
    pub fn digest(&self) -> String {
        let subject = match &self.subject {
            RunSubject::Records(selection) => selection.words(),
            RunSubject::Plan(plan) => plan.fingerprint().to_string(),
            RunSubject::Named(named) => named.words(),
            RunSubject::Undo(undo) => format!("{} partial {}", undo.run, undo.partial),
            RunSubject::Payouts(payouts) => format!("{payouts:?}"),
            RunSubject::Problems(None) => "all".to_owned(),
            RunSubject::Problems(Some(problems)) => joined(&ids_among(problems, Entity::Order)),
        };
        let whole = format!("{} {subject}", self.words());
        Fingerprint::of_bytes(whole.as_bytes()).to_string()
    }
}

/// The records of a kind that problems are about.
pub fn ids_among(problems: &[Problem], entity: Entity) -> BTreeSet<u64> {
    problems
        .iter()
        .filter(|problem| problem.source.entity == entity)
        .filter_map(|problem| problem.source.id.parse().ok())
        .collect()
}

fn joined(ids: &BTreeSet<u64>) -> String {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    ids.join(",")
}

fn plural(entity: &Entity) -> String {
    format!("{entity}s")
}
