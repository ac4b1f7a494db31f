//! Sign-ins: who was sent to Intuit from here and is expected back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::connector::quickbooks::sign_in::{BrowserConsent, Invitation, Unfit};

/// Whoever is sent to Intuit comes back within this time.
const SIGN_IN_TIME: Duration = Duration::from_secs(600);
/// No more than this are open at once.
const OPEN_MAX: usize = 100;

/// Those who were sent to Intuit and are expected back. Of one caller only the newest sign-in for each shop counts.
#[derive(Default)]
pub struct SignIns(Mutex<HashMap<ExpectedBack, (Instant, Invitation)>>);

/// Who was sent, by what they are known again, and for which shop.
#[derive(Clone, PartialEq, Eq, Hash)]
struct ExpectedBack {
    who: String,
    shop: String,
}

/// Which sign-in somebody came back from.
pub enum SignInAnswered {
    /// That for this shop.
    By(String, Result<BrowserConsent, Unfit>),
    /// Somebody is expected back, and not with this.
    ByAnother(Unfit),
    ByNobody,
}

impl SignIns {
    pub fn expect(&self, who: &str, shop: &str, invitation: Invitation) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (since, _)| since.elapsed() < SIGN_IN_TIME);
        if open.len() < OPEN_MAX {
            let expected = ExpectedBack {
                who: who.to_owned(),
                shop: shop.to_owned(),
            };
            open.insert(expected, (Instant::now(), invitation));
        }
    }

    /// Takes the sign-in that this is the answer to, with its shop: each is good once. The answer to another one uses nothing up.
    pub fn take(&self, who: &str, brought: &str) -> SignInAnswered {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (since, _)| since.elapsed() < SIGN_IN_TIME);
        let mut unfit = None;
        let mut found = None;
        for (expected, (_, invitation)) in open.iter().filter(|(one, _)| one.who == who) {
            match invitation.answered(brought) {
                Err(other @ (Unfit::OtherState | Unfit::NoCode)) => unfit = Some(other),
                answered => found = Some((expected.clone(), answered)),
            }
        }
        match (found, unfit) {
            (Some((expected, answered)), _) => {
                open.remove(&expected);
                SignInAnswered::By(expected.shop, answered)
            }
            (None, Some(unfit)) => SignInAnswered::ByAnother(unfit),
            (None, None) => SignInAnswered::ByNobody,
        }
    }
}
