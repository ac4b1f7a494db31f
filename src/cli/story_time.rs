//! What every command has to know that is typed in the folder of a story: which time it is there, and what opens its services.

use std::sync::OnceLock;

use chrono::{TimeDelta, Utc};

use crate::model::clock::Clock;
use crate::sandbox::demo;

/// Set where this command is typed in a story: how many seconds its time is before ours.
static TIME: OnceLock<i64> = OnceLock::new();

/// A credential of the made-up services, where this command is typed in a story.
pub fn credential(name: &str) -> Option<String> {
    TIME.get()?;
    demo::environment()
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

/// The time that it is: in a story, that of its shop.
pub fn clock() -> Clock {
    match TIME.get() {
        None => Clock::new(Utc::now),
        Some(seconds) => {
            let before = TimeDelta::seconds(*seconds);
            Clock::new(move || Utc::now() + before)
        }
    }
}

/// Says that this command is typed in a story. It is told once in a process, whatever is opened in it.
pub fn tell(seconds: i64) {
    let _ = TIME.set(seconds);
}
