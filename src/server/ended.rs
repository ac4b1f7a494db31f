//! What the runs of a shop came to, for as long as somebody may still ask for it.
//!
//! Two things are kept, each by a rule of its own. A document stays a day, within so many bytes that a day of large dry runs fits into
//! memory; the oldest goes first. What a run has offered for confirmation stays until its token ends, however much else is asked for
//! meanwhile.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::fingerprint::Fingerprint;
use crate::run::consent::{self, GOOD_FOR};
use crate::run::{Failure, RunRequest};

/// How long what a dry run came to can be read.
const KEPT_FOR: TimeDelta = TimeDelta::hours(24);
/// Of all documents together.
const BYTES_MAX: usize = 64 << 20;
/// What an end takes beside its document.
const BYTES_EACH: usize = 2_048;

/// What a run came to.
#[derive(Clone, Debug)]
pub struct RunEnd {
    pub run_id: String,
    pub command: &'static str,
    pub entities: Vec<String>,
    pub mode: &'static str,
    pub dry_run: bool,
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    /// As a shell is told it.
    pub exit: u8,
    /// Why it ended before its work was done.
    pub failure: Option<Failure>,
    /// `udsync/run/1`, where it came so far.
    pub document: Option<String>,
    /// What was asked for: whoever confirms it asks for the same again.
    pub request: RunRequest,
    /// Of a dry run that has something to write: the plan, to be carried out as it was shown.
    pub offer: Option<Arc<PlanOffer>>,
}

/// A plan that was shown. It is kept in memory only: a dry run writes nothing, and after a restart the plan is shown anew.
#[derive(Debug)]
pub struct PlanOffer {
    pub token: String,
    pub expires_at: DateTime<Utc>,
    /// Of the plan for the books; `None` where only rows of the database would be written.
    pub plan: Option<Fingerprint>,
    is_used: AtomicBool,
}

impl PlanOffer {
    pub fn new(plan: Option<Fingerprint>, now: DateTime<Utc>) -> Result<PlanOffer, Failure> {
        Ok(PlanOffer {
            token: consent::random_token()?,
            expires_at: now + GOOD_FOR,
            plan,
            is_used: AtomicBool::new(false),
        })
    }

    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        !self.is_used.load(Ordering::SeqCst) && now < self.expires_at
    }

    /// Takes it, if nobody was quicker.
    pub fn take(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && !self.is_used.swap(true, Ordering::SeqCst)
    }

    /// Gives it back: the run could not begin.
    pub fn put_back(&self) {
        self.is_used.store(false, Ordering::SeqCst);
    }
}

impl RunEnd {
    /// As a command would end.
    pub fn outcome(&self) -> Result<u8, Failure> {
        self.failure.clone().map_or(Ok(self.exit), Err)
    }
}

/// The ends of runs that can be asked for.
#[derive(Default)]
pub struct EndedRuns {
    ends: VecDeque<Arc<RunEnd>>,
    bytes: usize,
    /// Those whose token may be good still. Without their documents: what is confirmed is the request.
    offers: VecDeque<Arc<RunEnd>>,
}

impl EndedRuns {
    pub fn keep(&mut self, end: &Arc<RunEnd>, now: DateTime<Utc>) {
        self.keep_within(end, now, BYTES_MAX);
    }

    fn keep_within(&mut self, end: &Arc<RunEnd>, now: DateTime<Utc>, most: usize) {
        self.forget(now);
        if token(end).is_some() || end.offer.is_some() {
            self.offers.push_back(Arc::new(RunEnd {
                document: None,
                ..RunEnd::clone(end)
            }));
        }
        self.bytes += size(end);
        self.ends.push_back(end.clone());
        // The newest stays, however large: somebody waits for it.
        while self.bytes > most && self.ends.len() > 1 {
            let others = self.ends.len() - 1;
            // What stands in the history can be read there.
            let at = self.ends.iter().take(others).position(|end| !end.dry_run);
            if let Some(end) = self.ends.remove(at.unwrap_or(0)) {
                self.bytes -= size(&end);
            }
        }
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        while let Some(end) = self
            .ends
            .pop_front_if(|end| now - end.finished_at >= KEPT_FOR)
        {
            self.bytes -= size(&end);
        }
        self.offers.retain(|end| now - end.finished_at <= GOOD_FOR);
    }

    /// What this run came to, if it ended within a day and there was room for it.
    pub fn end(&self, run_id: &str, now: DateTime<Utc>) -> Option<Arc<RunEnd>> {
        let fits = |end: &&Arc<RunEnd>| end.run_id == run_id && now - end.finished_at < KEPT_FOR;
        self.ends.iter().find(fits).cloned()
    }

    /// The run that was refused and offered this token.
    pub fn offered(&self, wanted: &str) -> Option<Arc<RunEnd>> {
        let offers = |end: &&Arc<RunEnd>| token(end) == Some(wanted);
        self.offers.iter().find(offers).cloned()
    }

    /// The dry run that has shown its plan under this token.
    pub fn shown(&self, wanted: &str) -> Option<Arc<RunEnd>> {
        let shows = |end: &&Arc<RunEnd>| {
            let offer = end.offer.as_ref();
            offer.is_some_and(|offer| offer.token == wanted)
        };
        self.offers.iter().find(shows).cloned()
    }

    /// The token that this run has offered.
    pub fn token_of(&self, run_id: &str) -> Option<String> {
        let end = self.offers.iter().find(|end| end.run_id == run_id)?;
        token(end).map(str::to_owned)
    }
}

fn token(end: &RunEnd) -> Option<&str> {
    end.failure.as_ref()?.confirm_token.as_deref()
}

fn size(end: &RunEnd) -> usize {
    BYTES_EACH + end.document.as_ref().map_or(0, String::len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Ending, Guard, RunSubject, Selection};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + second, 0).expect("a moment")
    }

    fn end(id: &str, second: i64, bytes: usize, token: Option<&str>) -> Arc<RunEnd> {
        let failure = token.map(|token| {
            let mut failure = Failure::new("confirmation_needed", "asks");
            failure.confirm_token = Some(token.to_owned());
            failure
        });
        Arc::new(RunEnd {
            run_id: id.to_owned(),
            command: "api",
            entities: Vec::new(),
            mode: "full",
            dry_run: token.is_none(),
            started_at: at(second),
            finished_at: at(second),
            exit: 0,
            failure,
            document: Some("x".repeat(bytes)),
            request: RunRequest {
                command: "api",
                subject: RunSubject::Records(Selection::default()),
                ending: Ending::Show,
                guard: Guard::default(),
                lists_unchanged: false,
            },
            offer: None,
        })
    }

    #[test]
    fn a_token_lives_its_five_minutes_whatever_follows() {
        let mut runs = EndedRuns::default();
        runs.keep(&end("refused", 0, 10, Some("token")), at(0));
        for nth in 1..300 {
            runs.keep_within(&end(&nth.to_string(), nth, 10_000, None), at(nth), 100_000);
        }
        let offered = runs.offered("token").expect("it is good still");
        assert_eq!(offered.run_id, "refused");
        assert_eq!(runs.token_of("refused").as_deref(), Some("token"));
        assert!(
            runs.end("refused", at(299)).is_none(),
            "its document is not"
        );
        runs.keep(&end("later", 301, 10, None), at(301));
        assert!(runs.offered("token").is_none());
    }

    #[test]
    fn documents_stay_a_day_within_so_many_bytes_and_the_newest_always() {
        let mut runs = EndedRuns::default();
        let size = 10_000;
        for nth in 0..10 {
            let new = end(&nth.to_string(), nth, size, None);
            runs.keep_within(&new, at(nth), 4 * (size + BYTES_EACH));
        }
        let kept = |runs: &EndedRuns, second| -> Vec<i64> {
            let is_kept = |nth: &i64| runs.end(&nth.to_string(), at(second)).is_some();
            (0..20).filter(is_kept).collect()
        };
        assert_eq!(kept(&runs, 10), [6, 7, 8, 9], "the oldest went first");
        let large = end("10", 10, 100 * size, None);
        runs.keep_within(&large, at(10), 4 * (size + BYTES_EACH));
        assert_eq!(kept(&runs, 10), [10]);
        let day = 24 * 3_600;
        assert_eq!(kept(&runs, 9 + day), [10]);
        assert_eq!(kept(&runs, 10 + day), [] as [i64; 0]);
        runs.keep(&end("11", 11 + day, size, None), at(11 + day));
        assert_eq!(
            runs.bytes,
            size + BYTES_EACH,
            "what is forgotten is not counted"
        );
        assert_eq!(kept(&runs, 11 + day), [11]);
    }
}
