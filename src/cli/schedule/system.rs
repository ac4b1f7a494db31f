//! What the system's own manager is told while schedules are worked off: ready, alive, waiting for what, stopping. Where
//! there is no such manager, nothing.

use std::time::Duration;

/// The manager of services, if it started us and wants to hear.
#[derive(Clone, Copy)]
pub struct System {
    beat: Option<Duration>,
}

impl System {
    pub fn new() -> System {
        System {
            // Twice as often as it wants to hear it: one beat may come late.
            beat: watchdog().map(|limit| limit / 2),
        }
    }

    pub fn ready(self) {
        tell(Say::Ready);
    }

    pub fn stopping(self) {
        tell(Say::Stopping);
    }

    /// How often it wants to hear that we are alive.
    pub fn interval(self) -> Option<Duration> {
        self.beat
    }

    /// It is alive. Where nobody watches, nobody is told.
    pub fn beat(self) {
        if self.beat.is_some() {
            tell(Say::Alive);
        }
    }

    pub fn status(self, words: &str) {
        tell(Say::Status(words));
    }

    /// Does the work, and says that it is alive as long as the work lets the process breathe. The beat comes from the
    /// very task that works, so that it stops when the work is stuck.
    pub async fn alive<T>(self, work: impl Future<Output = T>) -> T {
        let Some(beat) = self.beat else {
            return work.await;
        };
        let mut work = std::pin::pin!(work);
        loop {
            tell(Say::Alive);
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(beat) => {}
            }
        }
    }
}

enum Say<'a> {
    Ready,
    Alive,
    Stopping,
    Status(&'a str),
}

#[cfg(target_os = "linux")]
fn tell(what: Say<'_>) {
    use sd_notify::NotifyState;
    let state = match what {
        Say::Ready => NotifyState::Ready,
        Say::Alive => NotifyState::Watchdog,
        Say::Stopping => NotifyState::Stopping,
        Say::Status(words) => NotifyState::Status(words),
    };
    // A manager that cannot be told will find out.
    let _ = sd_notify::notify(&[state]);
}

#[cfg(target_os = "linux")]
fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

#[cfg(not(target_os = "linux"))]
fn tell(what: Say<'_>) {
    // Named, so that nothing of it is unused here.
    match what {
        Say::Ready | Say::Alive | Say::Stopping => {}
        Say::Status(words) => drop(words.len()),
    }
}

#[cfg(not(target_os = "linux"))]
fn watchdog() -> Option<Duration> {
    None
}
