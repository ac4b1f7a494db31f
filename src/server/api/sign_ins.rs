//! Sign-ins: who was sent to Intuit from here and is expected back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::connector::quickbooks::sign_in::Invitation;

/// Whoever is sent to Intuit comes back within this time.
const SIGN_IN_TIME: Duration = Duration::from_secs(600);
/// Of one caller only the newest counts; of all, no more than this are open.
const OPEN_MAX: usize = 100;

/// Those who were sent to Intuit and are expected back, by whom they are known again.
#[derive(Default)]
pub struct SignIns(Mutex<HashMap<String, (Instant, Invitation)>>);

impl SignIns {
    pub fn expect(&self, who: &str, invitation: Invitation) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (since, _)| since.elapsed() < SIGN_IN_TIME);
        if open.len() < OPEN_MAX {
            open.insert(who.to_owned(), (Instant::now(), invitation));
        }
    }

    /// Each is good once.
    pub fn take(&self, who: &str) -> Option<Invitation> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, invitation) = open.remove(who)?;
        (since.elapsed() < SIGN_IN_TIME).then_some(invitation)
    }
}
