//! The budget: how many requests a company takes in a second and in a minute, and how many batches.
//!
//! QuickBooks counts in sliding windows and answers one request too many with a pause of a minute for everybody, so we count as
//! strictly as it does. Every request of a company goes through one budget, in the order of asking. What other programs send to the
//! same company is not known here: then there is a pause after all, and all of us keep it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// A little longer than the service's own windows: its clock is another one.
const MINUTE: Duration = Duration::from_millis(60_030);
const SECOND: Duration = Duration::from_millis(1_020);

/// We know when a request left, the service counts when it arrived: at the latest when it was answered. One that is answered late is taken
/// to have arrived after this time. In the window of a minute there is time to be careful with; in that of a second, where the first
/// request of all also opens the connection, a long one would hold up all others.
const TRAVEL_IN_MINUTE: Duration = Duration::from_millis(900);
const TRAVEL_IN_SECOND: Duration = Duration::from_millis(250);

/// What a request counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toll {
    Single,
    Batch,
}

/// How much is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    pub per_minute: usize,
    pub per_second: usize,
    pub batches_per_minute: usize,
    pub in_flight: usize,
}

/// The one gate to a company.
pub struct Budget {
    in_flight: Semaphore,
    /// Held while waiting, so that whoever came first goes first.
    turn: tokio::sync::Mutex<()>,
    log: Mutex<RequestLog>,
}

/// The right to have one request on its way. Say so when the answer is there.
pub struct Pass<'a> {
    budget: &'a Budget,
    number: u64,
    _place: SemaphorePermit<'a>,
}

struct RequestLog {
    minute: Window,
    second: Window,
    batches: Window,
    paused_until: Option<Instant>,
    waiting_until: Option<Instant>,
    next_number: u64,
}

/// The requests that a sliding window still holds, each with the latest moment at which it can have arrived.
struct Window {
    most: usize,
    length: Duration,
    requests: VecDeque<(u64, Instant)>,
}

impl Budget {
    pub fn new(allowance: Allowance) -> Budget {
        Budget {
            in_flight: Semaphore::new(allowance.in_flight.max(1)),
            turn: tokio::sync::Mutex::new(()),
            log: Mutex::new(RequestLog::new(allowance)),
        }
    }

    /// Waits until one more request is allowed.
    pub async fn admit(&self, toll: Toll) -> Pass<'_> {
        let place = self
            .in_flight
            .acquire()
            .await
            .expect("nobody closes the semaphore");
        let _turn = self.turn.lock().await;
        loop {
            let now = Instant::now();
            let opens = self.log().opens(toll, now);
            let Some(opens) = opens else {
                let number = self.log().enter(toll, now);
                return Pass {
                    budget: self,
                    number,
                    _place: place,
                };
            };
            self.log().waiting_until = Some(opens);
            sleep_until(opens).await;
        }
    }

    /// How long the next request still has to wait, if one does.
    pub fn waiting(&self) -> Option<Duration> {
        let until = self.log().waiting_until?;
        until.checked_duration_since(Instant::now())
    }

    /// Lets nobody pass for a while: the service said that it was too much.
    pub fn pause(&self, length: Duration) {
        let until = Instant::now() + length;
        let mut log = self.log();
        log.paused_until = log.paused_until.max(Some(until));
    }

    fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// Gives it back. One that is dropped without an answer may still be on its way: it counts from the latest moment at which it can
    /// arrive.
    pub fn answered(self) {
        self.budget.log().arrived(self.number, Instant::now());
    }
}

impl RequestLog {
    fn new(allowance: Allowance) -> RequestLog {
        let window = |most: usize, length| Window {
            most: most.max(1),
            length,
            requests: VecDeque::new(),
        };
        RequestLog {
            minute: window(allowance.per_minute, MINUTE),
            second: window(allowance.per_second, SECOND),
            batches: window(allowance.batches_per_minute, MINUTE),
            paused_until: None,
            waiting_until: None,
            next_number: 0,
        }
    }

    /// When to ask again; `None` means now.
    fn opens(&mut self, toll: Toll, now: Instant) -> Option<Instant> {
        let pause = self.paused_until.filter(|until| *until > now);
        let batches = match toll {
            Toll::Single => None,
            Toll::Batch => self.batches.opens(now),
        };
        let minute = self.minute.opens(now);
        let second = self.second.opens(now);
        pause.max(batches).max(minute).max(second)
    }

    fn enter(&mut self, toll: Toll, now: Instant) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        let in_minute = (number, now + TRAVEL_IN_MINUTE);
        self.minute.requests.push_back(in_minute);
        self.second
            .requests
            .push_back((number, now + TRAVEL_IN_SECOND));
        if toll == Toll::Batch {
            self.batches.requests.push_back(in_minute);
        }
        number
    }

    /// An answered request has arrived, at this moment at the latest.
    fn arrived(&mut self, number: u64, now: Instant) {
        for window in [&mut self.minute, &mut self.second, &mut self.batches] {
            let mut requests = window.requests.iter_mut();
            if let Some((_, at)) = requests.find(|(entered, _)| *entered == number) {
                *at = now.min(*at);
            }
        }
    }
}

impl Window {
    fn opens(&mut self, now: Instant) -> Option<Instant> {
        let length = self.length;
        self.requests.retain(|(_, at)| *at + length > now);
        if self.requests.len() < self.most {
            return None;
        }
        self.requests.iter().map(|(_, at)| *at + length).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: Allowance = Allowance {
        per_minute: 500,
        per_second: 10,
        batches_per_minute: 40,
        in_flight: 8,
    };

    /// Sends requests as fast as the log allows, each answered at once, and says when each one left.
    fn departures(log: &mut RequestLog, toll: Toll, count: usize, start: Instant) -> Vec<Duration> {
        let mut now = start;
        let mut left = Vec::new();
        while left.len() < count {
            match log.opens(toll, now) {
                Some(opens) => now = opens,
                None => {
                    let number = log.enter(toll, now);
                    log.arrived(number, now);
                    left.push(now - start);
                }
            }
        }
        left
    }

    /// The most departures that any window of this length holds.
    fn fullest(left: &[Duration], length: Duration) -> usize {
        left.iter()
            .map(|from| {
                left.iter()
                    .filter(|at| *at >= from && **at < *from + length)
                    .count()
            })
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn a_strict_counter_never_sees_one_too_many() {
        let left = departures(
            &mut RequestLog::new(REAL),
            Toll::Single,
            1_600,
            Instant::now(),
        );
        assert_eq!(fullest(&left, Duration::from_secs(60)), 500);
        assert_eq!(fullest(&left, Duration::from_secs(1)), 10);
    }

    #[test]
    fn nearly_the_whole_allowance_is_used() {
        // Ten full windows of forty, then one more.
        let batches = departures(&mut RequestLog::new(REAL), Toll::Batch, 401, Instant::now());
        assert!(batches[400] <= Duration::from_secs(600) * 1_000 / 999);
        assert_eq!(fullest(&batches, Duration::from_secs(60)), 40);

        let quick = Allowance {
            per_minute: 100_000,
            ..REAL
        };
        let singles = departures(
            &mut RequestLog::new(quick),
            Toll::Single,
            1_001,
            Instant::now(),
        );
        assert!(singles[1_000] <= Duration::from_secs(100) * 100 / 97);
    }

    #[test]
    fn a_slow_first_request_does_not_let_the_eleventh_in_early() {
        let mut log = RequestLog::new(REAL);
        let start = Instant::now();
        let slow = log.enter(Toll::Single, start);
        departures(&mut log, Toll::Single, 9, start);
        // It may have arrived only now.
        let answered = start + Duration::from_millis(200);
        log.arrived(slow, answered);
        let next = start + Duration::from_millis(1_020);
        departures(&mut log, Toll::Single, 9, next);
        assert_eq!(log.opens(Toll::Single, next), Some(answered + SECOND));
        // One that takes longer still does not hold up the others.
        let mut log = RequestLog::new(REAL);
        for _ in 0..10 {
            log.enter(Toll::Batch, start);
        }
        assert_eq!(
            log.opens(Toll::Single, start),
            Some(start + TRAVEL_IN_SECOND + SECOND)
        );
    }

    #[test]
    fn a_minute_begins_with_the_answer_and_not_long_before_it() {
        let mut log = RequestLog::new(REAL);
        let start = Instant::now();
        let numbers: Vec<u64> = (0..40).map(|_| log.enter(Toll::Batch, start)).collect();
        // Not one of them is answered: each may still be on its way for a while.
        let later = start + Duration::from_secs(5);
        assert_eq!(
            log.opens(Toll::Batch, later),
            Some(start + TRAVEL_IN_MINUTE + MINUTE)
        );
        // One is answered soon, so it has arrived by then; one late, and had arrived long before.
        let answered = start + Duration::from_millis(300);
        log.arrived(numbers[7], answered);
        log.arrived(numbers[8], start + Duration::from_secs(4));
        assert_eq!(log.opens(Toll::Batch, later), Some(answered + MINUTE));
    }

    #[tokio::test]
    async fn whoever_came_first_goes_first() {
        let budget = Budget::new(Allowance {
            in_flight: 3,
            ..REAL
        });
        budget.pause(Duration::from_millis(30));
        let order = Mutex::new(Vec::new());
        let ask = |name: u32| {
            let (budget, order) = (&budget, &order);
            async move {
                let _pass = budget.admit(Toll::Single).await;
                order.lock().expect("no test panics here").push(name);
            }
        };
        futures_util::future::join_all((0..6).map(ask)).await;
        assert_eq!(
            *order.lock().expect("no test panics here"),
            [0, 1, 2, 3, 4, 5]
        );
    }

    #[tokio::test]
    async fn no_more_are_on_their_way_than_allowed() {
        let budget = Budget::new(Allowance {
            in_flight: 2,
            ..REAL
        });
        let moment = Duration::from_millis(40);
        let first = budget.admit(Toll::Single).await;
        let _second = budget.admit(Toll::Single).await;
        let third = tokio::time::timeout(moment, budget.admit(Toll::Single));
        assert!(third.await.is_err());
        drop(first);
        let third = tokio::time::timeout(moment, budget.admit(Toll::Single));
        assert!(third.await.is_ok());
    }

    #[tokio::test]
    async fn everybody_keeps_the_longest_pause() {
        let budget = Budget::new(REAL);
        let start = Instant::now();
        budget.pause(Duration::from_millis(60));
        budget.pause(Duration::from_millis(5));
        drop(budget.admit(Toll::Single).await);
        assert!(start.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test]
    async fn only_an_answer_says_that_a_request_has_arrived() {
        let budget = Budget::new(REAL);
        let start = Instant::now();
        drop(budget.admit(Toll::Single).await);
        budget.admit(Toll::Single).await.answered();
        let log = budget.log();
        let arrived: Vec<Instant> = log.minute.requests.iter().map(|(_, at)| *at).collect();
        assert_eq!(arrived.len(), 2);
        assert!(arrived[0] >= start + TRAVEL_IN_MINUTE);
        assert!(arrived[1] <= Instant::now());
    }
}
