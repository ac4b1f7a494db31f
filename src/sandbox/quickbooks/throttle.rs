//! The request limits, as sliding windows.
//!
//! Only requests that are let through count; one that is turned away does not
//! push the end of the wait further off.

use super::company::CompanyLimits;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[derive(Default)]
pub struct Windows {
    requests: VecDeque<Instant>,
    batches: VecDeque<Instant>,
    reports: VecDeque<Instant>,
}

/// What counts apart from other requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ThrottleKind {
    Batch,
    Report,
    Other,
}

impl Windows {
    /// Notes a request, or answers false when it is one too many.
    pub fn admit(&mut self, limits: &CompanyLimits, sort: ThrottleKind, now: Instant) -> bool {
        let minute = Duration::from_millis(limits.minute_ms);
        // A shortened minute has seconds that are shortened alike.
        let second = minute / 60;
        forget(&mut self.requests, now, minute);
        forget(&mut self.batches, now, minute);
        forget(&mut self.reports, now, minute);
        let lately = self
            .requests
            .iter()
            .rev()
            .take_while(|at| now.duration_since(**at) < second)
            .count();
        let full = self.requests.len() >= limits.per_minute
            || lately >= limits.per_second
            || (sort == ThrottleKind::Batch && self.batches.len() >= limits.batches_per_minute)
            || (sort == ThrottleKind::Report && self.reports.len() >= limits.reports_per_minute);
        if full {
            return false;
        }
        self.requests.push_back(now);
        match sort {
            ThrottleKind::Batch => self.batches.push_back(now),
            ThrottleKind::Report => self.reports.push_back(now),
            ThrottleKind::Other => {}
        }
        true
    }
}

fn forget(window: &mut VecDeque<Instant>, now: Instant, age: Duration) {
    while window
        .front()
        .is_some_and(|at| now.duration_since(*at) >= age)
    {
        window.pop_front();
    }
}
