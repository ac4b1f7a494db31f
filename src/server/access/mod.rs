//! Access: who is behind a request. Deny by default: without a token that is known or a session that goes on nobody is anybody.
//!
//! A program brings a token with each request. A browser has a session in a cookie, which it sends whoever made the request; so what
//! changes something must also show that it comes from a page of ours (`forgery`). Failures cost time and, ten of them in five
//! minutes, the right to try (`throttle`); a token that is good is looked at first and never waits.

mod control;
pub mod forgery;
pub mod throttle;

use std::net::{IpAddr, SocketAddr};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::problem::{HttpProblem, request_id};
use super::state::ServerState;
use super::{Peer, blocking};
use crate::app::access::By;
use crate::model::access::{AccessRole, AllowedShops, User};
use crate::safe::{password, token};
use crate::store::StoreError;
use crate::store::access::{AccessFile, Deed};

pub use control::AccessControl;
use throttle::FailureKey;

/// So long it is tried to write down what was done.
const AUDIT_TIME: std::time::Duration = std::time::Duration::from_secs(30);

/// Whoever is behind a request.
#[derive(Clone, Debug)]
pub struct Caller {
    pub name: String,
    pub role: AccessRole,
    pub shops: AllowedShops,
    pub address: IpAddr,
    /// Of a browser: its session.
    pub session: Option<BrowserSession>,
    /// By what they are known again while a stream goes on.
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Proof {
    Token(String),
    Session(String),
}

/// The session of a browser.
#[derive(Clone, Debug)]
pub struct BrowserSession {
    /// What its forms carry.
    pub form_token: String,
    /// Under which it is kept.
    pub digest: String,
}

impl Caller {
    /// By what they are known again: the digest of a token or of a session.
    pub fn known_by(&self) -> &str {
        match &self.proof {
            Proof::Token(digest) | Proof::Session(digest) => digest,
        }
    }

    /// For the audit.
    pub fn by<'a>(&'a self, address: &'a str, request_id: Option<&'a str>) -> By<'a> {
        By {
            actor: &self.name,
            address,
            request_id,
        }
    }
}

impl AccessControl {
    /// Who sent this, or why nobody may have.
    pub async fn caller(&self, state: &ServerState, parts: &Parts) -> Result<Caller, HttpProblem> {
        let address = client_address(state, parts);
        if let Some(given) = bearer(&parts.headers)? {
            return self.by_token(given, address).await;
        }
        if let Some(session) = session_of(&parts.headers, cookie_name(state))
            && let Some(caller) = self.by_session(&session, address).await?
        {
            return Ok(caller);
        }
        Err(not_known("the request brings no token and no session"))
    }

    async fn by_token(&self, given: SecretString, address: IpAddr) -> Result<Caller, HttpProblem> {
        let digest = token::digest(&given);
        let (file, now) = (self.file.clone(), self.clock.now());
        let sought = digest.clone();
        let found = blocking(move || file.user_of_token(&sought, now)).await??;
        if let Some(user) = found {
            return Ok(known(user, address, None, Proof::Token(digest)));
        }
        // What does not even begin like a token is nobody's guess at one, and costs nothing to refuse.
        if !ExposeSecret::expose_secret(&given).starts_with(token::BEGINS) {
            return Err(not_known("what is sent is no token of this server"));
        }
        let keys = [FailureKey::from_address(address)];
        self.throttle.check(&keys)?;
        let pause = self.throttle.failed(&keys);
        if self.throttle.is_first(&keys) || pause.is_none() {
            // The first of a row and the last before it ends are written down; what lies between says nothing more.
            self.record_failure("access.token", None, address, "token_unknown")
                .await;
        }
        tokio::time::sleep(pause.unwrap_or_default()).await;
        Err(not_known("the token is unknown, has ended, or was revoked"))
    }

    async fn by_session(
        &self,
        session: &SecretString,
        address: IpAddr,
    ) -> Result<Option<Caller>, HttpProblem> {
        let (digest, form_token) = (token::digest(session), token::form_token(session));
        let (file, now) = (self.file.clone(), self.clock.now());
        let sought = digest.clone();
        let found = blocking(move || file.session(&sought, now)).await??;
        Ok(found.map(|user| {
            let session = BrowserSession {
                form_token,
                digest: digest.clone(),
            };
            known(user, address, Some(session), Proof::Session(digest))
        }))
    }

    /// Whether this caller would still be let in: a stream outlives what let it begin by seconds only.
    pub async fn is_still_in(&self, caller: &Caller) -> bool {
        let (file, now, proof) = (self.file.clone(), self.clock.now(), caller.proof.clone());
        let looked = blocking(move || match proof {
            Proof::Token(digest) => file.user_of_token(&digest, now),
            Proof::Session(digest) => file.session(&digest, now),
        });
        let same = |user: &User| (user.role, &user.shops) == (caller.role, &caller.shops);
        matches!(looked.await, Ok(Ok(Some(user))) if same(&user))
    }

    /// Begins a session for whoever knows the password. An unknown name costs the same time as a wrong password.
    pub async fn sign_in(
        &self,
        name: &str,
        given: SecretString,
        address: IpAddr,
    ) -> Result<SecretString, HttpProblem> {
        let user = self.knows(name, given, address).await?;
        let session = new_secret()?;
        let (file, digest, name) = (
            self.file.clone(),
            token::digest(&session),
            user.name.clone(),
        );
        let now = self.clock.now();
        blocking(move || file.begin_session(&digest, &name, now)).await??;
        self.record_deed("access.sign_in", &user.name, None, "done", address)
            .await;
        Ok(session)
    }

    /// Passes whoever is signed in and knows their password, or has none. Who does not is counted as at the door.
    pub async fn prove(
        &self,
        name: &str,
        given: SecretString,
        address: IpAddr,
    ) -> Result<(), HttpProblem> {
        let (file, sought) = (self.file.clone(), name.to_owned());
        if blocking(move || file.password_of(&sought))
            .await??
            .is_none()
        {
            return Ok(());
        }
        self.knows(name, given, address).await.map(|_| ())
    }

    /// Whoever has this password.
    async fn knows(
        &self,
        name: &str,
        given: SecretString,
        address: IpAddr,
    ) -> Result<User, HttpProblem> {
        let keys = [FailureKey::from_address(address), FailureKey::of_name(name)];
        self.throttle.check(&keys)?;
        // What could not be a password is not worth a hash.
        let is_possible =
            ExposeSecret::expose_secret(&given).chars().count() <= password::LETTERS_MAX;
        let permit = self.hashing.clone().acquire_owned().await;
        // Others may have failed while this one waited.
        self.throttle.check(&keys)?;
        let (file, sought) = (self.file.clone(), name.to_owned());
        let is_right = blocking(move || {
            let _permit = permit;
            let known = file.password_of(&sought)?;
            let kept = known.as_ref().map(|(_, kept)| kept.as_str());
            let is_right = is_possible && password::is_right(&given, kept);
            Ok::<_, StoreError>(known.filter(|_| is_right))
        })
        .await??;
        let now = self.clock.now();
        let user = is_right.map(|(user, _)| user);
        let Some(user) = user.filter(|user| user.ends_at.is_none_or(|end| now < end)) else {
            let pause = self.throttle.failed(&keys);
            self.record_failure("access.sign_in", Some(name), address, "sign_in_failed")
                .await;
            tokio::time::sleep(pause.unwrap_or_default()).await;
            return Err(HttpProblem::new(
                StatusCode::UNAUTHORIZED,
                "sign_in_failed",
                "name and password do not go together",
            )
            .hint("an owner can let you in again with `udsync access invite NAME --role viewer`"));
        };
        self.throttle.succeeded(&keys);
        Ok(user)
    }

    /// Writes down what somebody did. That it could not be written down is a fault, told in the log, and undoes nothing.
    pub async fn record(
        &self,
        caller: &Caller,
        shop: Option<&str>,
        action: &str,
        target: Option<&str>,
        change: (Option<Value>, Option<Value>),
        outcome: &str,
    ) {
        let (shop, target) = (shop.map(str::to_owned), target.map(str::to_owned));
        let (action, outcome) = (action.to_owned(), outcome.to_owned());
        let (actor, address) = (caller.name.clone(), caller.address.to_string());
        self.write_down(move |file, now, id| {
            let deed = Deed {
                actor: &actor,
                address: &address,
                shop: shop.as_deref(),
                action: &action,
                target: target.as_deref(),
                before: change.0.clone(),
                after: change.1.clone(),
                outcome: &outcome,
                request_id: id,
            };
            file.record(&deed, now).map(|_| ())
        })
        .await;
    }

    async fn record_failure(
        &self,
        action: &'static str,
        name: Option<&str>,
        address: IpAddr,
        outcome: &'static str,
    ) {
        // Whoever types the password into the wrong field must not find it in the audit.
        let known = match name {
            None => None,
            Some(name) => {
                let (file, sought) = (self.file.clone(), name.to_owned());
                let found = blocking(move || file.user(&sought)).await;
                matches!(found, Ok(Ok(Some(_)))).then(|| name.to_owned())
            }
        };
        let actor = known.unwrap_or_else(|| "nobody".to_owned());
        self.record_deed(action, &actor, None, outcome, address)
            .await;
    }

    pub(super) async fn record_deed(
        &self,
        action: &'static str,
        actor: &str,
        target: Option<&str>,
        outcome: &'static str,
        address: IpAddr,
    ) {
        let (actor, target) = (actor.to_owned(), target.map(str::to_owned));
        let address = address.to_string();
        self.write_down(move |file, now, id| {
            let deed = Deed {
                actor: &actor,
                address: &address,
                action,
                target: target.as_deref(),
                outcome,
                request_id: id,
                ..Deed::default()
            };
            file.record(&deed, now).map(|_| ())
        })
        .await;
    }

    async fn write_down(
        &self,
        write: impl Fn(
            &AccessFile,
            chrono::DateTime<chrono::Utc>,
            Option<&str>,
        ) -> Result<(), StoreError>
        + Send
        + 'static,
    ) {
        let (file, now, id) = (self.file.clone(), self.clock.now(), request_id());
        let written = blocking(move || {
            // What was done is written down although somebody else holds the file for a while; others can write in between.
            let began = std::time::Instant::now();
            loop {
                match write(&file, now, id.as_deref()) {
                    Err(StoreError::Busy { .. }) if began.elapsed() < AUDIT_TIME => {}
                    written => return written,
                }
            }
        });
        if !matches!(written.await, Ok(Ok(()))) {
            tracing::error!("a row of the audit could not be written");
        }
    }
}

fn known(user: User, address: IpAddr, session: Option<BrowserSession>, proof: Proof) -> Caller {
    Caller {
        name: user.name,
        role: user.role,
        shops: user.shops,
        address,
        session,
        proof,
    }
}

pub(super) fn new_secret() -> Result<SecretString, HttpProblem> {
    token::secret().map_err(|error| HttpProblem::fault(&error.to_string()))
}

/// The refusal of somebody who is nobody.
fn not_known(why: &str) -> HttpProblem {
    HttpProblem::new(StatusCode::UNAUTHORIZED, "not_signed_in", why)
        .hint(
            "send `Authorization: Bearer TOKEN`; `udsync access add NAME --role viewer` makes one",
        )
        .header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"udsync\""),
        )
}

/// The token that the request brings. Another way to sign in, two of them, or what could not be one is not a token.
fn bearer(headers: &HeaderMap) -> Result<Option<SecretString>, HttpProblem> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else {
        return Ok(None);
    };
    let text = first.to_str().unwrap_or_default();
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && given.next().is_none();
    if !is_bearer {
        return Err(not_known(
            "`Authorization` must be given once, and be a bearer token",
        ));
    }
    Ok(Some(rest.trim().to_owned().into()))
}

/// Of a site on https the name promises that no other host has set the cookie.
const COOKIE: &str = "udsync_session";
const COOKIE_ON_HTTPS: &str = "__Host-udsync_session";

/// What the cookie is called at this kind of address. One of the other name is somebody else's doing.
fn cookie_name(state: &ServerState) -> &'static str {
    if is_on_https(state) {
        COOKIE_ON_HTTPS
    } else {
        COOKIE
    }
}

fn session_of(headers: &HeaderMap, cookie: &str) -> Option<SecretString> {
    let pairs = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == cookie)
        .map(|(_, value)| value.to_owned().into())
}

/// The cookie of a new session, or, without one, what takes it away. Not `Strict`: that would drop it on the way back from Intuit.
pub(super) fn cookie(state: &ServerState, session: Option<&SecretString>) -> HeaderValue {
    let (name, secure) = match is_on_https(state) {
        true => (COOKIE_ON_HTTPS, "; Secure"),
        false => (COOKIE, ""),
    };
    let (value, age) = match session {
        Some(session) => (
            ExposeSecret::expose_secret(session),
            crate::store::access::SESSION_DAYS_MAX * 86_400,
        ),
        None => ("", 0),
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    HeaderValue::from_str(&text).expect("a session is of letters, digits, `-` and `_`")
}

/// Browsers reach this over TLS.
fn is_on_https(state: &ServerState) -> bool {
    let outside = state.options.settings.dashboard_url.as_ref();
    outside.map_or(state.options.tls.is_some(), |url| url.scheme() == "https")
}

/// Where a request comes from: the other end of the connection, or, where that is a proxy that is trusted, whom it names. The last
/// name that no trusted proxy has is the one: what stands before it anybody may have written.
pub fn client_address(state: &ServerState, parts: &Parts) -> IpAddr {
    let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
    let peer = parts
        .extensions
        .get::<Peer>()
        .map_or(unknown, |peer| peer.0);
    let trusted = &state.options.settings.trusted_proxies;
    let is_trusted = |address: &IpAddr| trusted.iter().any(|proxy| proxy.contains(address));
    let mut address = peer.ip().to_canonical();
    let named = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.rsplit(','));
    for name in named {
        if !is_trusted(&address) {
            break;
        }
        match name.trim().parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => break,
        }
    }
    address
}
