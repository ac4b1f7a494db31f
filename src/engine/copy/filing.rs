//! Filing: what of the copy is held or failed, as problems of its own target, until it goes through.
//!
//! The next run tries each of them again, because what refused a record may have changed: the mapping, the table, the record.

use std::collections::{BTreeMap, BTreeSet};

use super::{CopyContext, CopySending, TARGET};
use crate::connector::port::{Odd, Tables};
use crate::engine::planner::NO_ID;
use crate::model::event::Event;
use crate::model::fault::Reason;
use crate::model::plan::{Entity, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::store::{ProblemFound, Problems, StoreError};

/// A record's name without what people call it.
type RecordId = (Entity, String);

fn key(source: &RecordKey) -> RecordId {
    (source.entity, source.id.clone())
}

#[derive(Default)]
pub(super) struct CopyFiling {
    open: BTreeMap<RecordId, (RecordKey, Reason, ProblemState)>,
    settled: BTreeSet<RecordId>,
    known: BTreeMap<RecordId, Problem>,
}

impl CopyFiling {
    pub fn open(problems: &dyn Problems) -> Result<CopyFiling, StoreError> {
        let known = problems.problems(Some(TARGET), true)?;
        Ok(CopyFiling {
            known: known
                .into_iter()
                .map(|problem| (key(&problem.source), problem))
                .collect(),
            ..CopyFiling::default()
        })
    }

    /// A person decided to leave it out for good.
    pub fn is_set_aside(&self, source: &RecordKey) -> bool {
        let known = self.known.get(&key(source));
        known.is_some_and(|problem| problem.state == ProblemState::SetAside)
    }

    /// The mapping has something against it.
    pub fn held(&mut self, source: RecordKey, reason: Reason) {
        self.file(source, reason, ProblemState::Held);
    }

    /// The database refuses it.
    pub fn failed(&mut self, source: RecordKey, reason: Reason) {
        self.file(source, reason, ProblemState::Failed);
    }

    fn file(&mut self, source: RecordKey, reason: Reason, state: ProblemState) {
        let key = key(&source);
        self.settled.remove(&key);
        self.open.insert(key, (source, reason, state));
    }

    /// It could not be understood.
    pub fn odd(&mut self, entity: Entity, odd: &Odd) {
        let id = odd.id.map_or_else(|| NO_ID.to_owned(), |id| id.to_string());
        let number = odd.number.clone().filter(|_| entity == Entity::Order);
        let number = number.unwrap_or_else(|| id.clone());
        let reason = Reason::new(
            format!("{entity}_unreadable"),
            format!(
                "{entity} {number} (id {id}) could not be read: `{}` {}",
                odd.path, odd.said
            ),
        )
        .hint("open it in the shop and save it again; a plugin may have left it half written");
        let source = RecordKey { entity, id, number };
        self.held(source, reason);
    }

    /// It is in the database as it should be. Only what was a problem is remembered: there are many of these.
    pub fn settle(&mut self, source: &RecordKey) {
        let key = key(source);
        self.open.remove(&key);
        if self.known.contains_key(&key) {
            self.settled.insert(key);
        }
    }

    /// Everything of a kind was read, and each had an id: one without was mended.
    pub fn settle_nameless(&mut self, entity: Entity) {
        let key = (entity, NO_ID.to_owned());
        if !self.open.contains_key(&key) && self.known.contains_key(&key) {
            self.settled.insert(key);
        }
    }

    /// Writes the problems into the state file, and takes those out that are settled.
    pub fn close<D: Tables>(
        self,
        sending: CopySending<'_, D>,
        run_id: &str,
    ) -> Result<Vec<Problem>, StoreError> {
        let CopySending { bench, store } = sending;
        for settled in &self.settled {
            let problem = &self.known[settled];
            store.resolve(TARGET, &problem.source, &[])?;
        }
        let mut problems = Vec::new();
        for (source, reason, state) in self.open.into_values() {
            let complaint = ProblemFound {
                target: TARGET,
                source: &source,
                subject: None,
                state,
                reason: &reason,
                retryable: false,
                tries: 0,
            };
            let problem = store.raise(&complaint, run_id, bench.clock.now())?;
            (bench.tell)(Event::Problem {
                source,
                code: reason.code,
                message: reason.message,
            });
            problems.push(problem);
        }
        Ok(problems)
    }

    /// The same, without writing anything: known problems keep their ids, new ones have none yet.
    pub fn foresee<D: Tables>(self, bench: &CopyContext<'_, D>) -> Vec<Problem> {
        let now = bench.clock.now();
        let open = self.open.into_iter();
        open.map(|(key, (source, reason, state))| {
            let before = self.known.get(&key);
            Problem {
                id: before.map_or_else(String::new, |problem| problem.id.clone()),
                target: TARGET.to_owned(),
                source,
                subject: None,
                state,
                reason,
                retryable: false,
                attempts: before.map_or(0, |problem| problem.attempts),
                tries: 0,
                first_seen: before.map_or(now, |problem| problem.first_seen),
                last_seen: now,
            }
        })
        .collect()
    }
}
