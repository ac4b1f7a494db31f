//! The page where a person says yes, without the page: whoever asks rightly is sent back at once, with a code.
//!
//! What the real service shows as an error page instead of sending a browser anywhere is a page here too: an app it does not
//! know, an address to which it may not send. No person signs in; whether the answer is yes or no stands in the setup.

use super::oauth::Grants;
use super::reply::Reply;
use crate::stand::seeded::Seeded;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

const SCOPE: &str = "com.intuit.quickbooks.accounting";

/// A code for one exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompanyCode {
    /// It must be named again; a code of the setup goes with any.
    pub redirect: Option<String>,
    pub ends: DateTime<Utc>,
}

impl CompanyCode {
    pub fn is_good_for(&self, redirect: &str) -> bool {
        self.ends > Utc::now() && self.redirect.as_deref().is_none_or(|own| own == redirect)
    }
}

impl Grants {
    /// Answers `GET /connect/oauth2`.
    pub fn authorize(&mut self, query: &BTreeMap<String, String>, realm: &str) -> Reply {
        let given = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        let redirect = given("redirect_uri");
        if given("client_id") != self.client_id || !self.may_send_to(redirect) {
            return Reply::html(400);
        }
        let Ok(mut back) = Url::parse(redirect) else {
            return Reply::html(400);
        };
        let state = given("state");
        let wrong = if given("response_type") != "code" {
            Some("unsupported_response_type")
        } else if !given("scope").split(' ').any(|scope| scope == SCOPE) {
            Some("invalid_scope")
        } else if state.is_empty() {
            Some("invalid_request")
        } else if self.manners.deny {
            Some("access_denied")
        } else {
            None
        };
        if let Some(error) = wrong {
            back.query_pairs_mut()
                .append_pair("error", error)
                .append_pair("state", state);
            return Reply::found(back.as_str());
        }
        let mut chance = Seeded::new(self.seed);
        let code = format!("AB11{}", chance.hex(46));
        self.seed = chance.0;
        self.codes.insert(
            code.clone(),
            CompanyCode {
                redirect: Some(redirect.to_owned()),
                ends: Utc::now() + Duration::minutes(10),
            },
        );
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", state)
            .append_pair("realmId", realm);
        Reply::found(back.as_str())
    }

    pub fn expire_codes(&mut self) {
        let past = Utc::now() - Duration::seconds(1);
        self.codes.values_mut().for_each(|code| code.ends = past);
    }

    /// Whether a browser may be sent there: over TLS to a name, or to `localhost` with keys for development.
    fn may_send_to(&self, redirect: &str) -> bool {
        let Ok(url) = Url::parse(redirect) else {
            return false;
        };
        let Some(url::Host::Domain(host)) = url.host() else {
            return false;
        };
        let local = host == "localhost";
        let over = if local { "http" } else { "https" };
        let listed = |list: &Vec<String>| list.iter().any(|known| known == redirect);
        url.scheme() == over
            && !(local && self.manners.production_keys)
            && url.query().is_none()
            && url.fragment().is_none()
            && self.manners.redirect_urls.as_ref().is_none_or(listed)
    }
}
