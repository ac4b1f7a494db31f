//! Doubts: the tickets of which it is not known what became, until it is known.
//!
//! They wait for the end of the time in which the company may still be at work on them. Whatever comes to stand in the books
//! before is found by looking, ever more seldom. A ticket of which nothing stands there after the end, and of which nothing
//! was ever heard, is sent again as it is; of any other the rest is undone. Whoever asks the run to stop does not wait: the
//! tickets stay open in the journal, and the next run goes on from there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::connector::port::LedgerWriter;
use crate::model::event::Event;
use crate::model::fault::Fault;
use crate::model::ticket::{Ticket, Write};
use crate::store::StoreError;

use super::context::ApplyContext;
use super::deliver::{deliver, stopped_during};
use super::fate::{Delivered, WriteDoubt, WriteFate, all};
use super::look::look;

/// A ticket that was on its way, and what is known of it now.
pub(super) struct SentTicket {
    /// The steps of the plan that it carries; none where no plan is being carried out.
    pub steps: Vec<usize>,
    pub ticket: Ticket,
    /// The places of its writes that had no outcome before.
    pub open: Vec<usize>,
    pub delivered: Delivered,
    /// How often this run has sent it.
    pub sendings: u32,
    /// The company had all its time, so what is not done is undone.
    pub waited_out: bool,
}

impl SentTicket {
    /// For the first time.
    pub fn new(steps: Vec<usize>, ticket: Ticket, delivered: Delivered) -> SentTicket {
        SentTicket {
            steps,
            open: (0..ticket.request().writes.len()).collect(),
            ticket,
            delivered,
            sendings: 1,
            waited_out: false,
        }
    }
}

/// A ticket with writes of which nothing is known.
struct DoubtQuestion {
    steps: Vec<usize>,
    ticket: Ticket,
    /// The places of its writes without an outcome.
    open: Vec<usize>,
    doubt: WriteDoubt,
    sendings: u32,
    look_at: Instant,
    pause: Duration,
}

/// Every ticket in doubt.
#[derive(Default)]
pub(super) struct Doubts {
    questions: Vec<DoubtQuestion>,
    /// The end of the wait that was told of last.
    told: Option<Instant>,
}

impl Doubts {
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    pub fn len(&self) -> usize {
        self.questions.len()
    }

    /// The steps of which it is not known what became.
    pub fn steps(&self) -> impl Iterator<Item = usize> {
        self.questions.iter().flat_map(|question| {
            let open = question.open.iter();
            open.filter_map(|place| question.steps.get(*place).copied())
        })
    }

    /// Takes a ticket in, if something is in doubt. What is known of it is in the journal by now.
    pub fn keep(&mut self, sent: SentTicket, first_pause: Duration) {
        let SentTicket {
            steps,
            ticket,
            mut open,
            delivered,
            sendings,
            ..
        } = sent;
        let Some(doubt) = delivered.doubt else {
            return;
        };
        open.retain(|place| delivered.fates[*place].is_none());
        self.questions.push(DoubtQuestion {
            steps,
            ticket,
            open,
            look_at: (Instant::now() + first_pause).min(doubt.over_at),
            doubt,
            sendings,
            pause: first_pause,
        });
    }

    /// Takes in a ticket that an earlier run left open at these places. It is looked for at once.
    pub fn inherit(&mut self, ticket: Ticket, open: Vec<usize>, over_at: Instant, why: Fault) {
        self.questions.push(DoubtQuestion {
            steps: Vec::new(),
            doubt: WriteDoubt {
                why,
                over_at,
                // Some of it was answered. The bytes hold all of it, so they must not go out again.
                answered: open.len() < ticket.request().writes.len(),
            },
            ticket,
            open,
            sendings: 0,
            look_at: Instant::now(),
            pause: Duration::ZERO,
        });
    }

    /// The next ticket of which there is news, after waiting for it. `None`: there are no more, or the run is to stop.
    pub async fn next<T: LedgerWriter>(
        &mut self,
        hands: &ApplyContext<'_, T>,
        stop: &AtomicBool,
    ) -> Result<Option<SentTicket>, StoreError> {
        while !stop.load(Ordering::Relaxed) {
            let soonest = (0..self.len()).min_by_key(|place| self.questions[*place].look_at);
            let Some(place) = soonest else {
                return Ok(None);
            };
            let left = left(self.questions[place].look_at);
            if !left.is_zero() {
                if self.too_long(hands) {
                    return Ok(Some(given_up(self.questions.remove(place))));
                }
                self.tell(hands);
                if stopped_during(left, stop).await {
                    return Ok(None);
                }
            }
            let question = self.questions.remove(place);
            match question.ask(hands, stop).await? {
                DoubtAnswer::News(sent) => return Ok(Some(sent)),
                DoubtAnswer::Nothing(question) => self.questions.push(question),
            }
        }
        Ok(None)
    }

    /// Nobody sits before a run that stands still for longer than this.
    fn too_long<T: LedgerWriter>(&self, hands: &ApplyContext<'_, T>) -> bool {
        let until = self.questions.iter().map(|question| question.doubt.over_at);
        until
            .max()
            .is_some_and(|until| left(until) > hands.patience.wait_max)
    }

    /// Says once how long it takes and why.
    fn tell<T: LedgerWriter>(&mut self, hands: &ApplyContext<'_, T>) {
        let until = self.questions.iter().map(|question| question.doubt.over_at);
        let Some(until) = until.max().filter(|until| !left(*until).is_zero()) else {
            return;
        };
        if self.told.is_some_and(|told| told >= until) {
            return;
        }
        self.told = Some(until);
        let requests = match self.len() {
            1 => "a request that it did not answer".to_owned(),
            more => format!("{more} requests that it did not answer"),
        };
        (hands.tell)(Event::Waiting {
            target: hands.target.name().to_owned(),
            seconds: left(until).as_secs() + 1,
            why: format!(
                "it may still be at work on {requests}, and nothing is to be posted twice"
            ),
        });
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

fn given_up(question: DoubtQuestion) -> SentTicket {
    let time = match left(question.doubt.over_at).as_secs() / 60 + 1 {
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    let why = question.doubt.why.clone().hint(format!(
        "run the same command again in {time}, nothing is lost: until then QuickBooks may still be at work on it"
    ));
    question.open_still(Some(why))
}

enum DoubtAnswer {
    News(SentTicket),
    Nothing(DoubtQuestion),
}

impl DoubtQuestion {
    async fn ask<T: LedgerWriter>(
        mut self,
        hands: &ApplyContext<'_, T>,
        stop: &AtomicBool,
    ) -> Result<DoubtAnswer, StoreError> {
        // Only a look that begins after the end is the last one.
        let is_last = left(self.doubt.over_at).is_zero();
        let writes = &self.ticket.request().writes;
        let asked: Vec<Write> = self
            .open
            .iter()
            .map(|place| writes[*place].clone())
            .collect();
        let fates = match look(hands.target, &asked).await {
            Ok(fates) => fates,
            // Whoever could not look does not know, and so sends nothing again.
            Err(unread) => return Ok(DoubtAnswer::News(self.open_still(Some(unread)))),
        };
        let there = fates
            .iter()
            .filter(|fate| !matches!(fate, WriteFate::NotDone))
            .count();
        if there == 0 && !is_last {
            self.pause = (self.pause * 2).max(hands.patience.first_pause);
            self.look_at = (Instant::now() + self.pause).min(self.doubt.over_at);
            return Ok(DoubtAnswer::Nothing(self));
        }
        let whole = self.open.len() == writes.len() && !self.doubt.answered;
        if there == 0 && whole {
            if self.sendings >= hands.patience.sendings_max {
                let why = self.doubt.why.clone();
                return Ok(DoubtAnswer::News(self.open_still(Some(why))));
            }
            let delivered = deliver(hands, &self.ticket, stop).await?;
            return Ok(DoubtAnswer::News(SentTicket {
                sendings: self.sendings + 1,
                ..SentTicket::new(self.steps, self.ticket, delivered)
            }));
        }
        let mut sent = SentTicket {
            waited_out: is_last,
            ..self.open_still(None)
        };
        for (place, fate) in self.open.iter().zip(fates) {
            if is_last || !matches!(fate, WriteFate::NotDone) {
                sent.delivered.fates[*place] = Some(fate);
            }
        }
        if is_last || there == self.open.len() {
            sent.delivered.doubt = None;
        }
        Ok(DoubtAnswer::News(sent))
    }

    /// As it stands, with nothing new known of it.
    fn open_still(&self, end: Option<Fault>) -> SentTicket {
        let mut delivered = all(&self.ticket, || None, end);
        delivered.doubt = Some(self.doubt.clone());
        SentTicket {
            steps: self.steps.clone(),
            ticket: self.ticket.clone(),
            open: self.open.clone(),
            delivered,
            sendings: self.sendings,
            waited_out: false,
        }
    }
}
