//! Schedules: what runs by itself, when, and what came of each time.
//!
//! When a line of cron means is not known here: that is `engine::schedule`. These are only the nouns.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A sync that runs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// [a-z0-9-]
    pub name: String,
    /// Minute, hour, day, month, weekday.
    pub cron: String,
    /// The clock that the line is read by.
    pub timezone: Tz,
    pub mode: Mode,
    /// `orders`, `refunds`.
    pub entities: Vec<String>,
    /// Empty: where the configuration sends them.
    pub to: Vec<String>,
    pub consent: ScheduleConsent,
    pub enabled: bool,
    /// Every time up to here has had its run, or needs none.
    pub through: DateTime<Utc>,
    /// The time that is being worked off.
    pub open: Option<Open>,
}

/// How much of the shop a run reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Full,
    Incremental,
}

impl Mode {
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Full => "full",
            Mode::Incremental => "incremental",
        }
    }

    pub fn from_word(word: &str) -> Option<Mode> {
        [Mode::Full, Mode::Incremental]
            .into_iter()
            .find(|mode| mode.as_str() == word)
    }
}

/// What a run may do without asking, as it was said when the schedule was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScheduleConsent {
    pub yes: bool,
    pub max_changes: Option<u32>,
}

/// A time that has begun and is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub slot: DateTime<Utc>,
    /// The run that was begun for it last.
    pub run_id: String,
    pub begun_at: DateTime<Utc>,
    /// Runs for it that found a service out of reach.
    pub attempts: u32,
    /// Not before then.
    pub again_at: Option<DateTime<Utc>>,
}

/// What came of one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkedTime {
    pub slot: DateTime<Utc>,
    /// Earlier times that passed without a run; this one stands for them.
    pub missed: u32,
    pub run_id: String,
    pub ended_at: DateTime<Utc>,
    /// The exit code that the same run would have had by hand.
    pub exit: u8,
    /// A word for machines where it did not end well, `confirmation_needed`.
    pub code: Option<String>,
}
