//! Stop: the request to end, once, for tasks that wait for it and for loops that look at it now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// Cheap to clone; all clones hear the same request.
#[derive(Clone, Debug)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    said: Arc<watch::Sender<bool>>,
}

impl Default for Stop {
    fn default() -> Stop {
        Stop::new()
    }
}

impl Stop {
    pub fn new() -> Stop {
        Stop {
            flag: Arc::new(AtomicBool::new(false)),
            said: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Asks everybody to end. Asking twice is asking once.
    pub fn now(&self) {
        self.flag.store(true, Ordering::SeqCst);
        self.said.send_replace(true);
    }

    pub fn is_asked(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }

    /// For runs, which look at it between two requests.
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.flag.clone()
    }

    /// Ends when everybody is asked to end, at once if that was before.
    pub async fn asked(&self) {
        let mut heard = self.said.subscribe();
        // The sender lives as long as this does, so that it cannot be lost.
        let _ = heard.wait_for(|asked| *asked).await;
    }

    /// Rests, but no longer than until everybody is asked to end.
    pub async fn rest(&self, pause: std::time::Duration) {
        tokio::select! {
            () = self.asked() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
