//! Apply: carries a plan out, wave by wave, each request on disk before it is sent.
//!
//! Only this file and `resume` can write to a service. What a step came to is collected here; whose turn it is then,
//! the run decides.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::connector::port::LedgerWriter;
use crate::model::document::Role;
use crate::model::event::{Event, Stage};
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::link::Link;
use crate::model::origin::Origin;
use crate::model::plan::{Action, Plan, Step, Subject};
use crate::model::ticket::{Found, Ticket, Write};
use crate::model::verdict::{self, Verdict};
use crate::store::{StoreError, fingerprint_of};

use super::before;
use super::context::{ApplyContext, overtaken};
use super::deliver::deliver;
use super::doubts::{Doubts, SentTicket};
use super::error::EngineError;
use super::fate::WriteFate;
use super::fence::{self, BooksAsSeen};
use super::mend::Mend;
use super::outcome::{PlanOutcome, StepOutcome};
use super::plan::wave;
use super::quiet;
use super::readback;
use super::undo::order::reverse_wave;
use super::undo::undone;
use super::writes_done::WritesDone;

/// Silence that is longer is explained.
const TELL_AFTER: Duration = Duration::from_secs(3);

/// With so many requests in doubt nothing more is sent to the company before it is known what became of them.
const DOUBTS_MAX: usize = 4;

/// Carries the plan out.
pub async fn apply<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
    plan: &Plan,
    look_again: Option<&BooksAsSeen>,
) -> Result<PlanOutcome, StoreError> {
    let mut work = StepWork {
        hands,
        steps: &plan.steps,
        results: vec![StepOutcome::NotReached; plan.steps.len()],
        done: WritesDone::default(),
        ahead: BTreeSet::new(),
        known: BTreeMap::new(),
        fallen: BTreeMap::new(),
        tries: vec![0; plan.steps.len()],
        written: 0,
        doubts: Doubts::default(),
        left_open: false,
        look_again,
        has_created: false,
        documents_announced: false,
        end: None,
        takes_back: plan.basis.takes_back.as_ref().map(|back| back.run.as_str()),
        stand_wrong: BTreeSet::new(),
    };
    work.remember_what_is_there()?;
    let waves: BTreeSet<u8> = plan.steps.iter().map(|step| work.wave_of(step)).collect();
    let mut is_first = true;
    // Everything that does not depend on a request in doubt is done while that one has its time; then the rest.
    loop {
        for number in &waves {
            if is_first {
                work.announce(*number);
            }
            work.wave(*number).await?;
            if work.over() {
                break;
            }
        }
        is_first = false;
        if work.over() || work.doubts.is_empty() {
            break;
        }
        work.settle_doubts().await?;
    }
    let standing = |result: &&StepOutcome| matches!(result, StepOutcome::Done { .. });
    tracing::info!(
        steps = work.results.len(),
        settled = work.results.iter().filter(standing).count(),
        ended_early = work.end.as_ref().map(|fault| fault.code),
        "wrote to the books"
    );
    let interrupted =
        hands.stop.load(Ordering::Relaxed) && work.results.contains(&StepOutcome::NotReached);
    Ok(PlanOutcome {
        results: work.results,
        stand_wrong: work.stand_wrong,
        end: work.end,
        interrupted,
    })
}

pub(super) struct StepWork<'a, 'h, T: LedgerWriter> {
    pub(super) hands: &'a ApplyContext<'h, T>,
    pub(super) steps: &'a [Step],
    results: Vec<StepOutcome>,
    /// So many writes of each stage are done.
    done: WritesDone,
    /// Steps of later waves that filled up a request of an earlier one.
    pub(super) ahead: BTreeSet<usize>,
    /// Ids of what has been made so far.
    pub(super) known: BTreeMap<Subject, String>,
    /// What was not made, why, and whether another try may help.
    fallen: BTreeMap<Subject, (Reason, bool)>,
    /// How often the books answered without doing it, by step.
    tries: Vec<u32>,
    written: u64,
    /// Requests of which it is not known yet what became.
    doubts: Doubts,
    /// What became of the mending of a document is left to the next run.
    pub(super) left_open: bool,
    /// What the survey saw, while it is still to be asked who else posts.
    look_again: Option<&'a BooksAsSeen>,
    /// A request that makes documents was answered.
    has_created: bool,
    documents_announced: bool,
    pub(super) end: Option<Fault>,
    /// The run that the plan takes back, if it does: then what was written last goes first.
    pub(super) takes_back: Option<&'a str>,
    /// Steps that were written, came out other than meant, and stand so.
    stand_wrong: BTreeSet<usize>,
}

/// What is to be done about a step now.
pub(super) enum StepTurn {
    Write(Box<Write>),
    /// What it needs is in doubt, or waits for something that is.
    Later,
    /// Something it needs was not made: why, and whether another try may help.
    Never(Reason, bool),
}

impl<T: LedgerWriter> StepWork<'_, '_, T> {
    /// When a step has its turn.
    pub(super) fn wave_of(&self, step: &Step) -> u8 {
        match self.takes_back {
            Some(_) => reverse_wave(step),
            None => wave(step),
        }
    }

    pub(super) fn over(&self) -> bool {
        self.end.is_some() || self.hands.stop.load(Ordering::Relaxed)
    }

    fn announce(&mut self, wave: u8) {
        let (stage, in_stage): (Stage, fn(&Step) -> bool) = if wave == 0 {
            (Stage::Names, |step| self::wave(step) == 0)
        } else if self.written == 0 || !self.documents_announced {
            self.documents_announced = true;
            (Stage::Documents, |step| self::wave(step) > 0)
        } else {
            return;
        };
        let total = self
            .steps
            .iter()
            .filter(|step| step.action.writes() && in_stage(step))
            .count();
        if total > 0 {
            (self.hands.tell)(Event::Stage {
                stage,
                total: Some(total as u64),
            });
        }
    }

    /// Steps that write nothing: matches and finds become links, the rest is settled by being there.
    fn remember_what_is_there(&mut self) -> Result<(), StoreError> {
        let mut links = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            if step.action.writes() {
                continue;
            }
            if let Some(link) = quiet::link(step) {
                links.push(link);
            }
            let id = step
                .remote
                .as_ref()
                .map_or_else(String::new, |remote| remote.id.clone());
            let result = StepOutcome::Done {
                id,
                warnings: Vec::new(),
            };
            self.note(index, result);
        }
        self.hands.store.put_links(self.hands.target.name(), &links)
    }

    async fn wave(&mut self, number: u8) -> Result<(), StoreError> {
        let mut waiting = self.waiting(number);
        let mut mending: Vec<Mend> = Vec::new();
        let hands = self.hands;
        let mut under_way = FuturesUnordered::new();
        loop {
            self.look_once_more(&waiting).await?;
            while !self.over()
                && self.doubts.len() < DOUBTS_MAX
                && under_way.len() < self.at_once(number)
            {
                let next = match self.next_ticket(number, &mut waiting, &mending).await {
                    Err(error @ StoreError::Overtaken { .. }) => {
                        self.end = Some(overtaken(&error));
                        break;
                    }
                    next => next?,
                };
                let Some((steps, ticket)) = next else {
                    break;
                };
                under_way.push(async move {
                    let delivered = deliver(hands, &ticket, hands.stop).await?;
                    Ok::<_, StoreError>(SentTicket::new(steps, ticket, delivered))
                });
            }
            if under_way.is_empty() {
                break;
            }
            let Ok(sent) = tokio::time::timeout(TELL_AFTER, under_way.next()).await else {
                self.tell_waiting();
                continue;
            };
            let Some(sent) = sent else { break };
            self.take(sent?, &mut waiting, &mut mending)?;
        }
        drop(under_way);
        self.mend_all(mending).await
    }

    /// Mending goes on even when the run is to stop: no wrong total is left standing by choice.
    async fn mend_all(&mut self, mending: Vec<Mend>) -> Result<(), StoreError> {
        for mend in mending {
            self.mend(mend).await?;
        }
        Ok(())
    }

    /// Waits until it is known what became of every request. What was not done is planned as before and so is still to do.
    async fn settle_doubts(&mut self) -> Result<(), StoreError> {
        let mut mending = Vec::new();
        while self.end.is_none() {
            let sent = self.doubts.next(self.hands, self.hands.stop).await?;
            let Some(sent) = sent else { break };
            self.take(sent, &mut VecDeque::new(), &mut mending)?;
        }
        self.mend_all(mending).await
    }

    /// The steps of a wave that are still to be done and depend on nothing in doubt.
    pub(super) fn waiting(&self, number: u8) -> VecDeque<usize> {
        let steps = self.steps.iter().zip(&self.results).enumerate();
        let (mut waiting, mut earlier) = (VecDeque::new(), BTreeSet::new());
        for (index, (step, result)) in steps {
            if !step.action.writes() || *result != StepOutcome::NotReached {
                continue;
            }
            let turn = self.wave_of(step);
            if turn == number {
                waiting.push_back(index);
            } else if let (Some(origin), true) = (origin_of(step), turn < number) {
                earlier.insert(origin);
            }
        }
        let in_doubt: BTreeSet<usize> = self.doubts.steps().collect();
        // The documents of one origin follow each other.
        waiting.retain(|index| {
            let origin = origin_of(&self.steps[*index]);
            !in_doubt.contains(index) && origin.is_none_or(|origin| !earlier.contains(&origin))
        });
        waiting
    }

    /// A long silence has a reason; so it is told.
    fn tell_waiting(&self) {
        if let Some(left) = self.hands.target.waiting() {
            (self.hands.tell)(Event::Waiting {
                target: self.hands.target.name().to_owned(),
                seconds: left.as_secs() + 1,
                why: "to stay within the requests that it allows in a minute".to_owned(),
            });
        }
    }

    fn at_once(&self, wave: u8) -> usize {
        // The books refuse two names at the same time.
        // And until it is known that nobody else posts, one request goes ahead.
        if wave == 0 || self.look_again.is_some() {
            1
        } else {
            self.hands.target.abilities().in_flight.max(1)
        }
    }

    /// Records the next request, made of as many waiting steps as the target takes at once.
    async fn next_ticket(
        &mut self,
        wave: u8,
        waiting: &mut VecDeque<usize>,
        mending: &[Mend],
    ) -> Result<Option<(Vec<usize>, Ticket)>, StoreError> {
        let abilities = self.hands.target.abilities();
        let room = if wave == 0 {
            abilities.names_batch
        } else {
            abilities.batch
        }
        .max(1);
        while !waiting.is_empty() {
            let (mut steps, mut writes) = self.next_writes(room, waiting);
            if wave > 0 {
                self.fill_up(room, wave, mending, &mut steps, &mut writes);
            }
            match before::read(self.hands.target, &mut writes).await {
                Ok(outdated) => self.leave_out(&outdated, &mut steps, &mut writes),
                Err(fault) => {
                    self.end = Some(fault);
                    return Ok(None);
                }
            }
            if !writes.is_empty() {
                return Ok(Some((steps, self.record(writes)?)));
            }
        }
        Ok(None)
    }

    /// As many waiting steps as have room, with the writes that they ask for.
    fn next_writes(
        &mut self,
        room: usize,
        waiting: &mut VecDeque<usize>,
    ) -> (Vec<usize>, Vec<Write>) {
        let mut steps = Vec::new();
        let mut writes = Vec::new();
        while steps.len() < room {
            let Some(index) = waiting.pop_front() else {
                break;
            };
            match self.turn_of(index) {
                StepTurn::Write(write) => {
                    steps.push(index);
                    writes.push(*write);
                }
                StepTurn::Later => {}
                StepTurn::Never(reason, retryable) => {
                    self.fallen.insert(
                        self.steps[index].subject.clone(),
                        (reason.clone(), retryable),
                    );
                    self.note(index, StepOutcome::Blocked { reason, retryable });
                }
            }
        }
        (steps, writes)
    }

    /// Leaves out the writes at these places: what they were to change is not as the plan saw it, so it is planned again.
    fn leave_out(&mut self, outdated: &[usize], steps: &mut Vec<usize>, writes: &mut Vec<Write>) {
        for place in outdated.iter().rev() {
            let write = writes.remove(*place);
            let index = steps.remove(*place);
            self.outdated(index, before::cause(&write));
        }
    }

    pub(super) fn record(&self, writes: Vec<Write>) -> Result<Ticket, StoreError> {
        let hands = self.hands;
        // The same writes once more are another request: under the old key the service would only repeat its old answer.
        let attempt = hands.store.attempts(fingerprint_of(&writes).as_str())?;
        let request = hands.target.request(writes, attempt);
        tracing::debug!(
            request = request.key,
            writes = request.writes.len(),
            attempt,
            "recorded a request"
        );
        hands.store.intend(
            hands.run_id,
            hands.target.name(),
            request,
            hands.clock.now(),
        )
    }

    /// The write that a step asks for, or why it cannot be made now or at all.
    pub(super) fn turn_of(&self, index: usize) -> StepTurn {
        let step = &self.steps[index];
        let fallen = match self.takes_back {
            Some(_) => self.fallen_beside(step),
            None => self.waits_for(step).and_then(|it| self.fallen.get(&it)),
        };
        if let Some((reason, retryable)) = fallen {
            return StepTurn::Never(reason.clone(), *retryable);
        }
        let text = step.body.as_deref().unwrap_or_default();
        let body = match self.hands.target.resolve(text, &self.known) {
            Ok(body) => body,
            Err(missing) => return self.without(&missing),
        };
        StepTurn::Write(Box::new(Write {
            action: step.action,
            subject: step.subject.clone(),
            entity: step.entity,
            remote: if step.action == Action::Create {
                None
            } else {
                step.remote.clone()
            },
            body,
            marker: step.marker.clone(),
            label: step.label.clone(),
            expected: step.expected.clone(),
            source: step.source.clone(),
            document: step.document.clone(),
            before: None,
        }))
    }

    /// What was not taken back of the same order: then nothing more of it is.
    fn fallen_beside(&self, step: &Step) -> Option<&(Reason, bool)> {
        let origin = origin_of(step)?;
        let beside =
            |subject: &Subject| matches!(subject, Subject::Document(key) if key.origin == origin);
        let mut fallen = self.fallen.iter();
        fallen
            .find(|(subject, _)| beside(subject))
            .map(|(_, why)| why)
    }

    /// What a document is nothing without, though it does not refer to it: a refund without its sale, and a smaller invoice without
    /// the payment that makes room for it.
    fn waits_for(&self, step: &Step) -> Option<Subject> {
        let Subject::Document(key) = step.subject else {
            return None;
        };
        let role = match key.role {
            Role::Sale => Role::Payment,
            Role::Payment if step.makes_room => return None,
            Role::VendorCredit | Role::Credit => Role::Bill,
            _ => Role::Sale,
        };
        Some(Subject::Document(key.beside(role)))
    }

    /// What becomes of a step that refers to what has no id: the cause of the first of them that has one.
    fn without(&self, missing: &[Subject]) -> StepTurn {
        let mut causes = missing.iter().filter_map(|one| self.fallen.get(one));
        if let Some((reason, retryable)) = causes.next() {
            return StepTurn::Never(reason.clone(), *retryable);
        }
        if !self.doubts.is_empty() {
            return StepTurn::Later;
        }
        let reason = Reason::new("not_reached", "something it needs was not made in this run")
            .hint("run `udsync sync orders` again");
        StepTurn::Never(reason, true)
    }

    /// Writes down what became of a request, in one transaction, and what is left to do about it.
    fn take(
        &mut self,
        sent: SentTicket,
        waiting: &mut VecDeque<usize>,
        mending: &mut Vec<Mend>,
    ) -> Result<(), StoreError> {
        let writes = &sent.ticket.request().writes;
        let mut outcomes = Vec::with_capacity(writes.len());
        let mut links = Vec::new();
        let mut again = Vec::new();
        for (place, ((index, write), fate)) in sent
            .steps
            .iter()
            .zip(writes)
            .zip(&sent.delivered.fates)
            .enumerate()
        {
            let Some(fate) = fate else { continue };
            outcomes.push((place, fate.outcome()));
            match fate {
                WriteFate::Stands(found) => {
                    let before = self
                        .hands
                        .store
                        .link(self.hands.target.name(), &write.subject)?;
                    let mut link = readback::link(write, found, before.as_ref());
                    if let Some(made_from) = &self.steps[*index].made_from {
                        link.content = made_from.to_string();
                    }
                    links.push(link);
                    self.known
                        .insert(write.subject.clone(), found.remote.id.clone());
                    self.stands(*index, write, found.clone(), before, mending);
                }
                WriteFate::Deleted => {
                    let result = StepOutcome::Done {
                        id: String::new(),
                        warnings: Vec::new(),
                    };
                    self.note(*index, result);
                }
                WriteFate::Refused(fault) => self.refused(*index, fault),
                WriteFate::NotDone => again.push(*index),
            }
        }
        self.has_created |= writes.iter().any(|write| {
            write.action == Action::Create && matches!(write.subject, Subject::Document(_))
        });
        let may_go_on = sent.delivered.end.is_none();
        let patience = self.hands.patience;
        // Whoever waited long for each of them has less patience.
        let tries_max = if sent.waited_out {
            patience.sendings_max
        } else {
            patience.asks_max + 1
        };
        again.retain(|index| !may_go_on || !self.gives_up(*index, tries_max));
        self.hands
            .store
            .settle(&sent.ticket, &outcomes, &links, self.hands.clock.now())?;
        // In their old order and before the others, so that the plan's order is kept as far as possible.
        for index in again.into_iter().rev() {
            waiting.push_front(index);
        }
        if self.end.is_none() {
            self.end = sent.delivered.end.clone();
        }
        self.doubts.keep(sent, self.hands.patience.first_pause);
        Ok(())
    }

    fn stands(
        &mut self,
        index: usize,
        write: &Write,
        found: Found,
        before: Option<Link>,
        mending: &mut Vec<Mend>,
    ) {
        self.written += 1;
        (self.hands.tell)(Event::Written {
            action: write.action,
            entity: write.entity.to_string(),
            label: write.label.clone(),
            target_id: found.remote.id.clone(),
        });
        let stage = if matches!(write.subject, Subject::Document(_)) {
            Stage::Documents
        } else {
            Stage::Names
        };
        let done = match stage {
            Stage::Names => self.done.names,
            _ => self.done.documents,
        };
        (self.hands.tell)(Event::Progress {
            stage,
            done: done + 1,
        });
        let verdict = verdict::judge(write.expected.as_ref(), &found);
        let warnings = match &verdict {
            Verdict::SplitDiffers => vec![readback::split_warning(write, &found)],
            _ => Vec::new(),
        };
        let result = StepOutcome::Done {
            id: found.remote.id.clone(),
            warnings,
        };
        self.note(index, result);
        if !verdict::is_wrong(&verdict) {
            return;
        }
        if let Some(run) = self.takes_back {
            // A rounding line was never on it, and what the run had made of it is not what it was either.
            self.stand_wrong.insert(index);
            self.fall(index, undone::came_back_wrong(write, &found, run), false);
        } else {
            mending.push(Mend {
                index,
                before,
                write: write.clone(),
                found,
                tax_in_books: match verdict {
                    Verdict::TaxOff { tax_in_books } => Some(tax_in_books),
                    _ => None,
                },
            });
        }
    }

    /// Notes what became of a step, and counts on. To count all of them with each one would take ever longer.
    pub(super) fn note(&mut self, index: usize, result: StepOutcome) {
        let step = &self.steps[index];
        let is_done = |result: &StepOutcome| u64::from(matches!(result, StepOutcome::Done { .. }));
        if step.action.writes() {
            let done = self.done.of(wave(step));
            *done = *done + is_done(&result) - is_done(&self.results[index]);
        }
        self.results[index] = result;
    }

    fn refused(&mut self, index: usize, fault: &Fault) {
        if fault.remedy == Remedy::Reread {
            let cause = Reason {
                code: fault.code.to_owned(),
                message: fault.said.clone(),
                hint: fault.hint.clone(),
            };
            self.outdated(index, cause);
            return;
        }
        let reason = Reason {
            code: fault.code.to_owned(),
            message: format!("`{}` was not sent: {}", self.steps[index].label, fault.said),
            hint: fault.hint.clone(),
        };
        self.fall(index, reason, false);
    }

    fn outdated(&mut self, index: usize, cause: Reason) {
        self.fallen
            .insert(self.steps[index].subject.clone(), (cause.clone(), true));
        self.note(index, StepOutcome::Outdated { cause });
    }

    /// Counts one more answer without work done, and says whether there have been enough of them.
    fn gives_up(&mut self, index: usize, tries_max: u32) -> bool {
        self.tries[index] += 1;
        if self.tries[index] < tries_max {
            return false;
        }
        let reason = Reason::new(
            "service_trouble",
            format!(
                "`{}` was not sent: QuickBooks could not take it in {} tries",
                self.steps[index].label, self.tries[index]
            ),
        )
        .hint("run `udsync sync orders` again later");
        self.fall(index, reason, true);
        true
    }

    pub(super) fn fall(&mut self, index: usize, reason: Reason, retryable: bool) {
        let subject = &self.steps[index].subject;
        // What was made and taken back is nothing to refer to.
        self.known.remove(subject);
        self.fallen
            .insert(subject.clone(), (reason.clone(), retryable));
        self.note(index, StepOutcome::Failed { reason, retryable });
    }
}

impl<T: LedgerWriter> StepWork<'_, '_, T> {
    /// The first documents are in the books now. If somebody else began at the same time, theirs are too.
    async fn look_once_more(&mut self, waiting: &VecDeque<usize>) -> Result<(), StoreError> {
        let makes = |index: &usize| self.steps[*index].action == Action::Create;
        let is_due = self.has_created && self.look_again.is_some() && !self.over();
        if !is_due || !waiting.iter().any(makes) {
            return Ok(());
        }
        let Some(seen) = self.look_again.take() else {
            return Ok(());
        };
        match fence::look(self.hands, seen).await {
            Ok(()) => Ok(()),
            Err(EngineError::Fault(fault)) => {
                self.end = Some(fault);
                Ok(())
            }
            Err(EngineError::Store(error)) => Err(error),
        }
    }
}

pub(super) fn origin_of(step: &Step) -> Option<Origin> {
    match &step.subject {
        Subject::Document(key) => Some(key.origin),
        Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => None,
    }
}
