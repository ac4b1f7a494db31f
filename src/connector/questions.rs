//! Questions: a way to a service by which nothing can be sent but a question.
//!
//! A payment service takes an order for a question with other letters in front: `POST` to the very address that lists payouts pays
//! money out. So whoever reads such a service is handed this, which has one method.

use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::http::{Answered, Http, Limits, Unanswered};

/// Asks with `GET`, and in no other way.
pub struct Questions {
    http: Http,
    root: Url,
    key: SecretString,
}

impl Questions {
    /// To the service at this address, with a key in the header.
    pub fn new(root: Url, key: SecretString, timeout: Duration, body_max: usize) -> Questions {
        Questions {
            http: Http::new(&root, Limits { timeout, body_max }),
            root,
            key,
        }
    }

    /// Puts a question and reads the whole answer.
    pub async fn ask(&self, path: &str, query: &[(&str, String)]) -> Result<Answered, Unanswered> {
        let mut url = self.root.clone();
        url.set_path(&format!(
            "{}/{path}",
            self.root.path().trim_end_matches('/')
        ));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self
            .http
            .request(Method::GET, url)
            .bearer_auth(self.key.expose_secret());
        self.http.send(request).await
    }
}
