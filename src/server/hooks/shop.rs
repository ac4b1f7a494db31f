//! What a shop needs to accept deliveries: its inbox, its secrets as they are now, and what is to be told of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::super::shops::ServedShop;
use crate::app::webhooks::{HookSecrets, OurWebhook};
use crate::model::delivery::{DeliverySource, DeliveryVerdict};
use crate::model::incident::Concern;
use crate::run::Failure;
use crate::store::{Inbox, Store};

/// Whoever sends what does not fit makes us look for another secret so often within this time and no oftener.
const LOOKS_MAX: usize = 10;
const WITHIN: Duration = Duration::from_secs(1);

/// The shops that accept deliveries, opened when they are first needed.
#[derive(Default)]
pub struct HookShops(Mutex<BTreeMap<String, Arc<HookShop>>>);

impl HookShops {
    /// What a shop needs. Reads files the first time, so a handler calls it where it may wait.
    pub(super) fn of(&self, shop: &ServedShop) -> Result<Arc<HookShop>, Failure> {
        let mut shops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shops.get(&shop.name) {
            return Ok(known.clone());
        }
        let opened = Arc::new(HookShop {
            name: shop.name.clone(),
            inbox: Inbox::of(&shop.open()?.state),
            secrets: RwLock::default(),
            looks: Mutex::default(),
            ripens: Notify::new(),
            troubles: Mutex::default(),
            // One of an earlier process may stand there.
            has_bad_signatures: true.into(),
            answered: DeliveriesAnswered::default(),
        });
        opened.refresh(shop)?;
        shops.insert(shop.name.clone(), opened.clone());
        Ok(opened)
    }
}

/// One shop that accepts deliveries.
pub(super) struct HookShop {
    pub name: String,
    pub inbox: Inbox,
    secrets: RwLock<Arc<KnownSecrets>>,
    /// When it was looked for another secret because something did not fit.
    looks: Mutex<Vec<Instant>>,
    /// Something new is in the inbox.
    pub ripens: Notify,
    /// What handlers have met. The worker tells the owner: a handler calls nobody.
    troubles: Mutex<Vec<DeliveryTrouble>>,
    /// There may be a trouble with signatures that is over with the next good one.
    has_bad_signatures: std::sync::atomic::AtomicBool,
    pub answered: DeliveriesAnswered,
}

/// What is known of a shop to judge a delivery by.
#[derive(Debug, Default)]
pub(super) struct KnownSecrets {
    pub secrets: HookSecrets,
    /// The webhooks that were made for us.
    pub ours: Vec<OurWebhook>,
    mark: String,
}

/// Something that a handler has met.
#[derive(Clone)]
pub(super) enum DeliveryTrouble {
    Begins(Concern),
    Ends(&'static str),
}

impl DeliveryTrouble {
    fn subject(&self) -> &str {
        match self {
            DeliveryTrouble::Begins(concern) => &concern.subject,
            DeliveryTrouble::Ends(subject) => subject,
        }
    }
}

impl HookShop {
    pub fn known(&self) -> Arc<KnownSecrets> {
        self.secrets
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the secrets anew where they are others by now. What is sealed is opened only then.
    pub fn refresh(&self, shop: &ServedShop) -> Result<(), Failure> {
        let app = shop.open()?;
        // Looked at and not written to: a run that is at it holds nobody up here.
        let store = match Store::open_read_only(&app.state)? {
            Some(store) => store,
            None => app.store()?,
        };
        let ours = app.our_webhooks(&store)?;
        let mark = app.hook_secrets_mark(&store)?;
        let before = self.known();
        // What was there before is good for a day, and then not any more.
        let company = app.config.company_id(&app.credentials);
        let is_same = before.mark == mark
            && before.ours == ours
            && before.secrets.company.as_deref() == company
            && !before.mark.is_empty();
        if is_same {
            return Ok(());
        }
        let secrets = app.hook_secrets(&store)?;
        let known = KnownSecrets {
            secrets,
            ours,
            mark,
        };
        *self.secrets.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        Ok(())
    }

    /// Forgets what was read, so that the next look reads all of it.
    pub fn forget(&self) {
        let known = self.known();
        let stale = KnownSecrets {
            secrets: known.secrets.clone(),
            ours: known.ours.clone(),
            mark: String::new(),
        };
        *self.secrets.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(stale);
    }

    /// A delivery did not fit: perhaps the secret was replaced a moment ago. Says whether it was looked for anew.
    pub fn look_again(&self, shop: &ServedShop) -> bool {
        {
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            looks.retain(|at| at.elapsed() < WITHIN);
            if looks.len() >= LOOKS_MAX {
                return false;
            }
            looks.push(Instant::now());
        }
        match self.refresh(shop) {
            Ok(()) => true,
            Err(failure) => {
                tracing::warn!(
                    shop = self.name,
                    code = failure.code,
                    said = failure.message,
                    "the secrets of webhooks could not be read"
                );
                false
            }
        }
    }

    pub fn meet(&self, trouble: DeliveryTrouble) {
        if matches!(&trouble, DeliveryTrouble::Begins(concern) if concern.subject == crate::app::webhooks::troubles::signature_subject())
        {
            self.has_bad_signatures
                .store(true, std::sync::atomic::Ordering::Relaxed);
        }
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut troubles, trouble);
        drop(troubles);
        self.ripens.notify_one();
    }

    /// A delivery fits: whatever did not before is over. Said once, so that a good day costs nothing.
    pub fn meet_end_of_bad_signatures(&self) {
        if self
            .has_bad_signatures
            .swap(false, std::sync::atomic::Ordering::Relaxed)
        {
            self.meet(DeliveryTrouble::Ends(
                crate::app::webhooks::troubles::signature_subject(),
            ));
        }
    }

    pub fn met(&self) -> Vec<DeliveryTrouble> {
        std::mem::take(&mut *self.troubles.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be told, before whatever was met meanwhile.
    pub fn meet_again(&self, untold: Vec<DeliveryTrouble>) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = std::mem::replace(&mut *troubles, untold);
        newer
            .into_iter()
            .for_each(|trouble| note(&mut troubles, trouble));
    }
}

/// One word of each matter is enough until somebody has read it, and the last word is never the one that is left out: that something
/// is over must be told however much began meanwhile. So of one matter at most a beginning and the end of it wait here.
fn note(troubles: &mut Vec<DeliveryTrouble>, trouble: DeliveryTrouble) {
    let subject = trouble.subject().to_owned();
    let last = troubles.iter().rposition(|one| one.subject() == subject);
    match (&trouble, last.map(|at| (at, &troubles[at]))) {
        (DeliveryTrouble::Begins(_), Some((_, DeliveryTrouble::Begins(_))))
        | (DeliveryTrouble::Ends(_), Some((_, DeliveryTrouble::Ends(_)))) => {}
        // It ended and began again before anybody heard of it.
        (DeliveryTrouble::Begins(_), Some((at, DeliveryTrouble::Ends(_)))) => {
            troubles.remove(at);
            let began = troubles.iter().any(|one| one.subject() == subject);
            if !began {
                troubles.push(trouble);
            }
        }
        (DeliveryTrouble::Ends(_), Some(_)) | (_, None) => troubles.push(trouble),
    }
}

/// Deliveries by what became of them, since the start.
#[derive(Default)]
pub(super) struct DeliveriesAnswered(Mutex<BTreeMap<(DeliverySource, DeliveryVerdict), u64>>);

impl DeliveriesAnswered {
    pub fn count(&self, source: DeliverySource, verdict: DeliveryVerdict) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry((source, verdict)).or_default() += 1;
    }

    pub fn all(&self) -> Vec<(DeliverySource, DeliveryVerdict, u64)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = all.iter();
        rows.map(|((source, verdict), count)| (*source, *verdict, *count))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::webhooks::troubles;

    fn bad() -> DeliveryTrouble {
        DeliveryTrouble::Begins(troubles::bad_signature(7))
    }

    fn good() -> DeliveryTrouble {
        DeliveryTrouble::Ends(troubles::signature_subject())
    }

    fn noted(told: impl IntoIterator<Item = DeliveryTrouble>) -> Vec<(String, bool)> {
        let mut troubles = Vec::new();
        told.into_iter()
            .for_each(|trouble| note(&mut troubles, trouble));
        let words = troubles.iter();
        words
            .map(|one| {
                let begins = matches!(one, DeliveryTrouble::Begins(_));
                (one.subject().to_owned(), begins)
            })
            .collect()
    }

    #[test]
    fn that_a_trouble_is_over_is_never_left_out() {
        let subject = || troubles::signature_subject().to_owned();
        let many = (0..50).map(|_| DeliveryTrouble::Begins(troubles::inbox_closed("full")));
        let told = noted(many.chain([bad(), bad(), good(), good()]));
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[1..], [(subject(), true), (subject(), false)]);
        // However often it comes and goes, the last word is the one that stands.
        let told = noted((0..50).flat_map(|_| [bad(), good()]));
        assert_eq!(told, [(subject(), true), (subject(), false)]);
        let told = noted((0..50).flat_map(|_| [good(), bad()]));
        assert_eq!(told.last(), Some(&(subject(), true)), "{told:?}");
        assert!(told.len() <= 2, "{told:?}");
    }
}
