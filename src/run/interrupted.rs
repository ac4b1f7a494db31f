//! Interrupted: work that can be broken off while it goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::failure::Failure;

/// Reading can be broken off at any time: nothing has been written yet.
pub async fn interruptible<T, E: Into<Failure>>(
    stop: &AtomicBool,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    let stopped = async {
        while !stop.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        result = work => result.map_err(Into::into),
        () = stopped => Err(Failure::new(
            "interrupted",
            "interrupted before anything was written",
        )),
    }
}
