//! The calendar: what runs by itself, which of its times is open, and what came of each.
//!
//! When a time is due is not decided here: see `engine::schedule`.

use crate::model::schedule::{Open, Schedule, WorkedTime};
use crate::store::{Store, StoreError};

port! {
    /// The schedules, with what came of their times.
    pub trait Calendar {
        /// All schedules by name.
        fn schedules(&self) -> Result<Vec<Schedule>, StoreError>;

        /// One schedule; `None`: there is none of that name.
        fn schedule(&self, name: &str) -> Result<Option<Schedule>, StoreError>;

        /// What came of the times of a schedule, the newest first.
        fn worked(&self, name: &str, limit: u32) -> Result<Vec<WorkedTime>, StoreError>;
    }
}

port! {
    /// Changes schedules, and writes down what came of their times.
    pub trait CalendarWriter: Calendar {
        /// Keeps a new schedule. Says whether the name was free.
        fn add_schedule(&self, schedule: &Schedule) -> Result<bool, StoreError>;

        /// Replaces what a schedule says. A time that is open is forgotten with what it belonged to. Says whether there is
        /// such a schedule.
        fn change_schedule(&self, schedule: &Schedule) -> Result<bool, StoreError>;

        /// Forgets a schedule and what came of its times. Says whether there was one.
        fn remove_schedule(&self, name: &str) -> Result<bool, StoreError>;

        /// Writes down that a time has begun, or when it is tried again.
        fn open_slot(&self, name: &str, open: &Open) -> Result<(), StoreError>;

        /// Writes down what came of a time: it and all before it are done. A schedule that was removed meanwhile stays removed,
        /// and one that was changed keeps what it says now.
        fn end_slot(&self, name: &str, worked: &WorkedTime) -> Result<(), StoreError>;
    }
}
