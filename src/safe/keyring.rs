//! The keyring of the system, asked so that it can neither hang nor be mistaken.
//!
//! A locked keyring opens a dialog, perhaps on a screen that nobody sees, and waits without end. So each question is asked on a thread
//! of its own, and given up after a time. A keyring that is absent, one that is locked and one that does not have the entry are three
//! different answers: only the last is about us.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};

/// Under which our entries stand in the keyring.
const SERVICE: &str = "udsync";

/// Somewhere that keeps a secret under an account.
pub trait Ring: Send + Sync {
    /// `None` where it answers, and has no such entry.
    fn get(&self, account: &str) -> Result<Option<SecretString>, RingTrouble>;
    fn set(&self, account: &str, secret: &SecretString) -> Result<(), RingTrouble>;
    /// An entry that is not there is as good as one that was removed.
    fn remove(&self, account: &str) -> Result<(), RingTrouble>;
}

/// Why a keyring did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RingTrouble {
    #[error("no keyring answers here: {0}")]
    Absent(String),
    #[error("the keyring is locked, or was never set up")]
    Locked,
    /// Mostly because it asks on a screen.
    #[error("the keyring did not answer in time, so it is probably locked")]
    Silent,
    #[error("the keyring has several entries `{SERVICE}` for `{0}`")]
    Ambiguous(String),
    #[error("the keyring refused: {0}")]
    Odd(String),
}

/// The system's own.
pub struct SystemRing;

impl Ring for SystemRing {
    fn get(&self, account: &str) -> Result<Option<SecretString>, RingTrouble> {
        match entry(account)?.get_password() {
            Ok(secret) => Ok(Some(secret.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(&error, account)),
        }
    }

    fn set(&self, account: &str, secret: &SecretString) -> Result<(), RingTrouble> {
        entry(account)?
            .set_password(secret.expose_secret())
            .map_err(|error| trouble(&error, account))
    }

    fn remove(&self, account: &str) -> Result<(), RingTrouble> {
        match entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(trouble(&error, account)),
        }
    }
}

fn entry(account: &str) -> Result<Entry, RingTrouble> {
    if let Err(error) = Entry::store_status() {
        return Err(trouble(error, account));
    }
    Entry::new(SERVICE, account).map_err(|error| trouble(&error, account))
}

/// An error that carries what was stored must not be shown: only those are that are about the keyring itself.
fn trouble(error: &Error, account: &str) -> RingTrouble {
    match error {
        Error::NoStorageAccess(_) => RingTrouble::Locked,
        Error::PlatformFailure(cause) => RingTrouble::Absent(absence(&cause.to_string())),
        Error::NoDefaultStore => RingTrouble::Absent("this system has none".to_owned()),
        Error::Ambiguous(_) => RingTrouble::Ambiguous(account.to_owned()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            RingTrouble::Odd("what it holds for udsync is no text".to_owned())
        }
        other => RingTrouble::Odd(other.to_string()),
    }
}

/// The two usual ways to be without one, in words; anything else as it was said.
fn absence(cause: &str) -> String {
    if cause.contains("Failed to connect") || cause.contains("os error") {
        "there is no message bus of a desktop session".to_owned()
    } else if cause.contains("ServiceUnknown") || cause.contains(".service files") {
        "no keyring is installed in this desktop session".to_owned()
    } else {
        cause.to_owned()
    }
}

/// How long a keyring may take, and who is told that it does.
#[derive(Clone)]
pub struct KeyringPatience {
    pub limit: Duration,
    /// Told once when it takes long.
    pub waiting: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// An answer that takes longer than this is one that waits for a person.
const USUAL: Duration = Duration::from_millis(700);

/// Asks on a thread of its own. One that never comes back is left behind: it ends with the process.
pub fn ask<T: Send + 'static>(
    ring: &Arc<dyn Ring>,
    patience: &KeyringPatience,
    question: impl FnOnce(&dyn Ring) -> Result<T, RingTrouble> + Send + 'static,
) -> Result<T, RingTrouble> {
    let (answer, answered) = channel();
    let ring = ring.clone();
    let asked = std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            // Whoever has given up waiting does not want the answer any more.
            let _ = answer.send(question(ring.as_ref()));
        });
    if let Err(error) = asked {
        return Err(RingTrouble::Odd(format!("could not ask it: {error}")));
    }
    let ended = || RingTrouble::Odd("asking it ended without an answer".to_owned());
    let usual = USUAL.min(patience.limit);
    match answered.recv_timeout(usual) {
        Ok(outcome) => return outcome,
        Err(RecvTimeoutError::Disconnected) => return Err(ended()),
        Err(RecvTimeoutError::Timeout) => {}
    }
    if let Some(tell) = &patience.waiting {
        tell();
    }
    match answered.recv_timeout(patience.limit.saturating_sub(usual)) {
        Ok(outcome) => outcome,
        Err(RecvTimeoutError::Disconnected) => Err(ended()),
        Err(RecvTimeoutError::Timeout) => Err(RingTrouble::Silent),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Answers only when it is let.
    struct Closed(Mutex<()>);

    impl Ring for Closed {
        fn get(&self, _: &str) -> Result<Option<SecretString>, RingTrouble> {
            let _waits = self.0.lock();
            Ok(None)
        }
        fn set(&self, _: &str, _: &SecretString) -> Result<(), RingTrouble> {
            Ok(())
        }
        fn remove(&self, _: &str) -> Result<(), RingTrouble> {
            panic!("a keyring that falls over")
        }
    }

    fn patience(limit_ms: u64, told: &Arc<AtomicU32>) -> KeyringPatience {
        let told = told.clone();
        KeyringPatience {
            limit: Duration::from_millis(limit_ms),
            waiting: Some(Arc::new(move || {
                told.fetch_add(1, Ordering::SeqCst);
            })),
        }
    }

    #[test]
    fn a_locked_keyring_does_not_hang() {
        let closed = Arc::new(Closed(Mutex::new(())));
        let held = closed.0.lock().expect("ours");
        let ring: Arc<dyn Ring> = closed.clone();
        let told = Arc::new(AtomicU32::new(0));
        let patience = patience(50, &told);
        let answer = ask(&ring, &patience, |ring| ring.get("a"));
        assert_eq!(answer.map(|_| ()), Err(RingTrouble::Silent), "given up");
        assert_eq!(told.load(Ordering::SeqCst), 1, "and somebody was told");
        drop(held);
        let answer = ask(&ring, &patience, |ring| ring.get("a"));
        assert!(matches!(answer, Ok(None)), "unlocked, it answers");
        assert_eq!(told.load(Ordering::SeqCst), 1, "at once");
    }

    #[test]
    fn a_keyring_that_falls_over_is_an_answer() {
        let ring: Arc<dyn Ring> = Arc::new(Closed(Mutex::new(())));
        let told = Arc::new(AtomicU32::new(0));
        let answer = ask(&ring, &patience(5_000, &told), |ring| ring.remove("a"));
        assert!(matches!(answer, Err(RingTrouble::Odd(_))), "{answer:?}");
    }

    #[test]
    fn what_the_keyring_said_is_never_what_it_holds() {
        let held = b"canary-in-the-keyring".to_vec();
        for error in [
            Error::BadEncoding(held.clone()),
            Error::BadDataFormat(held, "odd".into()),
        ] {
            let said = trouble(&error, "shop 1");
            assert!(!format!("{said} {said:?}").contains("canary"), "{said}");
        }
    }
}
