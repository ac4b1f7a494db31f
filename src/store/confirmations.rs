//! Confirmations: a token says yes to one plan, once, for a few minutes.
//!
//! The file keeps only the hash of a token, so whoever reads the file cannot confirm anything with it.

use chrono::{DateTime, Duration, Utc};
use rusqlite::params;
use subtle::ConstantTimeEq;

use super::Store;
use super::columns::{read_time, time};
use super::error::StoreError;
use crate::model::fingerprint::Fingerprint;

/// What a token was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmationUse {
    /// It was good, and from now on it is used.
    Ok,
    Unknown,
    Expired,
    /// It confirms something else than what would be written now.
    OtherPlan,
    Used,
}

impl Store {
    pub(super) fn offer_confirmation(
        &self,
        token_hash: &str,
        plan: &Fingerprint,
        expires: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            // Long enough to say "expired" rather than "unknown" to whoever comes back the next day.
            let forgotten = expires - Duration::days(7);
            change.execute(
                "DELETE FROM confirmations WHERE expires_at < ?1",
                [time(forgotten)],
            )?;
            change.execute(
                "INSERT INTO confirmations (token_hash, plan, expires_at) VALUES (?1, ?2, ?3)",
                [token_hash, plan.as_str(), &time(expires)],
            )?;
            Ok(())
        })
    }

    /// Until when an offer is good, and whether it was used; `None` if nobody made it.
    pub(super) fn confirmation(
        &self,
        token_hash: &str,
    ) -> Result<Option<(DateTime<Utc>, bool)>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT expires_at, used_at FROM confirmations WHERE token_hash = ?1",
            )?;
            let mut rows = ask.query([token_hash])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let expires = read_time(&row.get::<_, String>(0)?, "confirmations.expires_at")?;
            Ok(Some((expires, row.get::<_, Option<String>>(1)?.is_some())))
        })
    }

    /// Uses a token up if it is good for this plan now. Of two that come at once, one is told that it is used.
    pub(super) fn use_confirmation(
        &self,
        token_hash: &str,
        plan: &Fingerprint,
        now: DateTime<Utc>,
    ) -> Result<ConfirmationUse, StoreError> {
        self.write(|change| {
            // Every offer is compared, in constant time: how long it takes says nothing about any of them.
            let mut ask = change
                .prepare("SELECT token_hash, plan, expires_at, used_at FROM confirmations")?;
            let mut rows = ask.query([])?;
            let mut offer: Option<(String, String, Option<String>)> = None;
            while let Some(row) = rows.next()? {
                let known: String = row.get(0)?;
                if bool::from(known.as_bytes().ct_eq(token_hash.as_bytes())) {
                    offer = Some((row.get(1)?, row.get(2)?, row.get(3)?));
                }
            }
            let Some((offered, expires, used)) = offer else {
                return Ok(ConfirmationUse::Unknown);
            };
            if used.is_some() {
                return Ok(ConfirmationUse::Used);
            }
            if read_time(&expires, "confirmations.expires_at")? <= now {
                return Ok(ConfirmationUse::Expired);
            }
            if offered != plan.as_str() {
                return Ok(ConfirmationUse::OtherPlan);
            }
            change.execute(
                "UPDATE confirmations SET used_at = ?2 WHERE token_hash = ?1",
                params![token_hash, time(now)],
            )?;
            Ok(ConfirmationUse::Ok)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, folder, store};

    #[test]
    fn a_token_is_good_for_one_plan_for_a_while_and_once() {
        let store = store();
        let (plan, other) = (Fingerprint::of(&1), Fingerprint::of(&2));
        store
            .offer_confirmation("hash-1", &plan, at(300))
            .expect("offered");
        store
            .offer_confirmation("hash-2", &plan, at(10))
            .expect("offered");
        let try_it = |hash: &str, plan, second| {
            let answer = store.use_confirmation(hash, plan, at(second));
            answer.expect("answers")
        };
        assert_eq!(try_it("hash-3", &plan, 1), ConfirmationUse::Unknown);
        assert_eq!(try_it("hash-2", &plan, 10), ConfirmationUse::Expired);
        assert_eq!(try_it("hash-1", &other, 1), ConfirmationUse::OtherPlan);
        assert_eq!(try_it("hash-1", &plan, 299), ConfirmationUse::Ok);
        assert_eq!(try_it("hash-1", &plan, 299), ConfirmationUse::Used);
        assert_eq!(try_it("hash-1", &plan, 301), ConfirmationUse::Used);
        assert_eq!(store.confirmation("hash-1"), Ok(Some((at(300), true))));
        assert_eq!(store.confirmation("hash-2"), Ok(Some((at(10), false))));
        assert_eq!(store.confirmation("hash-3"), Ok(None));
    }

    #[test]
    fn of_two_processes_one_may_use_it() {
        let (_folder, path) = folder();
        let plan = Fingerprint::of(&1);
        Store::open(&path)
            .and_then(|store| store.offer_confirmation("hash", &plan, at(300)))
            .expect("offered");
        let uses: Vec<ConfirmationUse> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let store = Store::open(&path).expect("opens");
                        store
                            .use_confirmation("hash", &plan, at(1))
                            .expect("answers")
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("ended"))
                .collect()
        });
        let good = uses.iter().filter(|answer| **answer == ConfirmationUse::Ok);
        assert_eq!(good.count(), 1, "{uses:?}");
    }

    #[test]
    fn old_offers_are_forgotten_in_the_end() {
        let store = store();
        let plan = Fingerprint::of(&1);
        store
            .offer_confirmation("old", &plan, at(0))
            .expect("offered");
        store
            .offer_confirmation("new", &plan, at(8 * 86_400))
            .expect("offered");
        let answer = store.use_confirmation("old", &plan, at(8 * 86_400));
        assert_eq!(answer, Ok(ConfirmationUse::Unknown));
    }
}
