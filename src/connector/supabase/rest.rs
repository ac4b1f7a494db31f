//! The REST API: a gateway with a PostgREST behind it.
//!
//! The description that PostgREST gives of itself is asked for, which shows the tables that the role may see and needs a secret key. A
//! refusal of the gateway has no code, and may be a page or nothing at all; one of PostgREST has a code, and its words are not looked at.

mod look;
mod rows;

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use url::Url;

use super::key::ApiKey;
use super::{place, tables, trouble};
use crate::connector::http::{Answered, Http, HttpTrouble, Limits, Unanswered};
use crate::model::clock::Clock;
use crate::model::database::{Database, DatabaseWay};
use crate::model::fault::Fault;

pub(super) struct Rest {
    http: Http,
    root: Url,
    host: String,
    key: ApiKey,
    timeout: Duration,
    clock: Clock,
}

/// The part of the description that matters.
#[derive(Deserialize)]
struct ApiDescription {
    info: Info,
    /// Left out where there is none.
    #[serde(default)]
    definitions: BTreeMap<String, IgnoredAny>,
}

#[derive(Deserialize)]
struct Info {
    version: String,
}

impl Rest {
    pub fn new(
        url: &Url,
        key: SecretString,
        timeout: Duration,
        clock: Clock,
    ) -> Result<Rest, Fault> {
        let root = place::root(url)?;
        let key = ApiKey::read(&key, place::reference(&root), clock.now())?;
        let limits = Limits {
            timeout,
            body_max: 16_000_000,
        };
        Ok(Rest {
            http: Http::new(&root, limits),
            host: place::host_of(&root),
            root,
            key,
            timeout,
            clock,
        })
    }

    /// The project's address.
    pub fn place(&self) -> String {
        place::shown(&self.root)
    }

    pub async fn describe(&self, schema: &str) -> Result<Database, Fault> {
        let mut url = self.root.clone();
        url.set_path("/rest/v1/");
        let request = self
            .http
            .request(Method::GET, url)
            .header("accept", "application/openapi+json, application/json")
            .header("accept-profile", schema);
        let request = self.signed(request);
        let answer = self.http.send(request).await;
        let answer = answer.map_err(|silence| self.silence(&silence))?;
        if answer.status != 200 {
            return Err(self.refusal(&answer, schema));
        }
        let found: ApiDescription =
            serde_json::from_slice(&answer.body).map_err(|_| trouble::url_wrong(&self.host))?;
        Ok(Database {
            address: place::shown(&self.root),
            way: DatabaseWay::Rest,
            version: format!("PostgREST {}", plain(&found.info.version)),
            role: "service_role".to_owned(),
            schema: schema.to_owned(),
            tables: tables(|name| found.definitions.contains_key(name)),
        })
    }

    fn refusal(&self, answer: &Answered, schema: &str) -> Fault {
        let host = &self.host;
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let code = body.as_ref().and_then(|body| body["code"].as_str());
        match (answer.status, code.unwrap_or_default()) {
            (_, "PGRST106") => trouble::schema_closed(schema),
            // 301 in older versions was what 303 is in newer ones.
            (401, "PGRST303") => trouble::key_expired(),
            // The gateway of a project answers in JSON. A page comes from something before it, and is no word about the key.
            (status @ (400 | 401 | 403), _) if is_page(answer) => trouble::page(host, status),
            (401 | 403, "42501") => trouble::rights_missing(host),
            (401, _) => trouble::key_refused(host),
            (402, _) => trouble::restricted(host),
            (403, _) => trouble::key_refused(host),
            (429, _) => trouble::busy(host, "it asks for fewer requests"),
            (503, _) => trouble::busy(host, "its database is not there, or has no connection left"),
            (540, _) => trouble::paused(host),
            (300..=399 | 404 | 405, _) => trouble::url_wrong(host),
            (status @ 500.., _) => trouble::unreachable(host, &format!("it answered {status}")),
            (status, code) => trouble::unexpected(host, &with_code(status, code)),
        }
    }

    fn silence(&self, why: &Unanswered) -> Fault {
        let host = &self.host;
        match why.trouble {
            HttpTrouble::Connect
                if why.said.contains("dns error") || why.said.contains("lookup") =>
            {
                trouble::no_such_host(host)
            }
            HttpTrouble::Connect if why.said.contains("refused") => {
                trouble::unreachable(host, "it refused the connection")
            }
            HttpTrouble::Connect => trouble::unreachable(host, "no connection was made"),
            HttpTrouble::Tls => trouble::tls(host, "its certificate is not trusted here"),
            HttpTrouble::Timeout => {
                let limit = self.timeout.as_secs();
                trouble::unreachable(host, &format!("it did not answer within {limit} s"))
            }
            HttpTrouble::Cut => trouble::unreachable(host, "its answer was cut off"),
            HttpTrouble::TooLarge => trouble::url_wrong(host),
        }
    }
}

/// Says whether the answer is a page for people.
fn is_page(answer: &Answered) -> bool {
    answer.text().trim_start().starts_with('<')
}

fn with_code(status: u16, code: &str) -> String {
    match plain(code) {
        code if code.is_empty() => status.to_string(),
        code => format!("{status} (`{code}`)"),
    }
}

/// A word as codes and versions are.
fn plain(text: &str) -> String {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._-+ ()".contains(*letter);
    text.chars().filter(is_plain).take(40).collect()
}
