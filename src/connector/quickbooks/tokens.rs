//! The tokens: how the sign-in of a company stays alive.
//!
//! An access token lives for an hour. A refresh token makes new ones and is itself replaced about once a day; whoever loses the
//! replacement is locked out. So the new pair is on disk before anything is done with it, and of all tasks and processes one
//! refreshes at a time: it waits for its turn, looks whether another has done it meanwhile, and only then asks.
//!
//! ```text
//! usable? ── yes ─> use it
//!   └ no ─> take the turn ─> read the vault again ─> usable? ── yes ─> use it
//!                                                      └ no ─> ask ─> save ─> give the turn back ─> use it
//! ```
//!
//! A refresh token from the environment is where some connections begin. What QuickBooks makes of it is kept in the vault and wins over
//! the one it came from; another token in the environment wins over both, because somebody put it there on purpose.

use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tracing::Instrument;

use crate::connector::port::{TokenTurn, Vault};
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};

use super::pair::{TokenPair, digest};
use super::service::{AppKeys, Denied, TokenService};

/// A token with less left than this is not used for another request.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// Whoever looks after the tokens every few minutes renews them when less than this is left.
const EARLY: TimeDelta = TimeDelta::minutes(10);

/// Between two looks at whether the turn is free; and for how long.
const TURN_PAUSE: Duration = Duration::from_millis(25);
const TURN_WAIT: Duration = Duration::from_secs(150);

/// What is needed to stay signed in.
pub struct SignedIn {
    pub keys: AppKeys,
    pub company_id: String,
    pub refresh_token: Option<SecretString>,
    /// The name in the vault.
    pub name: String,
    /// What a person must do once the connection is broken.
    pub mend: String,
    /// Before the second attempt; twice as long before each further one.
    pub patience: Duration,
}

/// The sign-in of one company.
pub struct Tokens(Arc<TokensInner>);

struct TokensInner {
    company_id: String,
    given: Option<SecretString>,
    has_app: [bool; 2],
    name: String,
    mend: String,
    service: TokenService,
    clock: Clock,
    vault: Arc<dyn Vault>,
    held: Mutex<Option<TokenPair>>,
}

impl Tokens {
    pub fn new(sign_in: SignedIn, clock: Clock, vault: Arc<dyn Vault>) -> Tokens {
        let there = |secret: &SecretString| !secret.expose_secret().is_empty();
        Tokens(Arc::new(TokensInner {
            company_id: sign_in.company_id,
            given: sign_in.refresh_token.filter(there),
            has_app: [
                there(&sign_in.keys.client_id),
                there(&sign_in.keys.client_secret),
            ],
            name: sign_in.name,
            mend: sign_in.mend,
            service: TokenService::new(sign_in.keys, sign_in.patience),
            clock,
            vault,
            held: Mutex::new(None),
        }))
    }

    pub fn pausing(&mut self, pause: Duration) {
        let inner = Arc::get_mut(&mut self.0).expect("nobody has used it yet");
        inner.service.patience = pause;
    }

    /// What a person must do once QuickBooks lets us in no longer.
    pub fn mend(&self) -> &str {
        &self.0.mend
    }

    /// An access token that is good for some minutes more.
    pub async fn access(&self) -> Result<SecretString, Fault> {
        self.token(None, MARGIN).await
    }

    /// Another access token, after this one was refused.
    pub async fn renewed(&self, refused: &SecretString) -> Result<SecretString, Fault> {
        self.token(Some(refused), MARGIN).await
    }

    /// Renews the tokens early, so that nobody has to wait for it in the middle of something.
    pub async fn keep_fresh(&self) -> Result<(), Fault> {
        self.token(None, EARLY).await.map(drop)
    }

    /// Ends the connection at QuickBooks. The vault is left as it is.
    pub async fn revoke(&self) -> Result<(), Fault> {
        let _turn = turn(&*self.0.vault, &self.0.name).await?;
        let pair = self.0.first()?;
        self.0.service.revoke(&pair.refresh).await
    }

    async fn token(
        &self,
        refused: Option<&SecretString>,
        margin: TimeDelta,
    ) -> Result<SecretString, Fault> {
        // A run that is broken off lets go of what it waits for. An exchange that has begun goes on all the same: its answer
        // may be the only one.
        let (inner, refused) = (self.0.clone(), refused.cloned());
        if let Some(pair) = &*inner.held.lock().await
            && let Some(token) = inner.usable(pair, refused.as_ref(), margin)
        {
            return Ok(token);
        }
        let exchange = tokio::spawn(
            // Its log lines belong to the run that asked.
            async move { inner.brought_up(refused, margin).await }.in_current_span(),
        );
        exchange.await.unwrap_or_else(|_| {
            Err(Fault::new(
                Remedy::Stop,
                "sign_in_trouble",
                "the sign-in to QuickBooks ended before it was done",
            ))
        })
    }
}

impl TokensInner {
    /// The access token of the pair that is held, out of the vault, or of a new one.
    async fn brought_up(
        &self,
        refused: Option<SecretString>,
        margin: TimeDelta,
    ) -> Result<SecretString, Fault> {
        let mut held = self.held.lock().await;
        let mut current = match held.take() {
            Some(pair) => pair,
            None => self.first()?,
        };
        if let Some(token) = self.usable(&current, refused.as_ref(), margin) {
            *held = Some(current);
            return Ok(token);
        }
        self.still_good(&current)?;
        let _turn = turn(&*self.vault, &self.name).await?;
        // Another process of the same shop may have refreshed meanwhile, or somebody connected anew or took the connection away.
        current = self.first()?;
        if let Some(token) = self.usable(&current, refused.as_ref(), margin) {
            *held = Some(current);
            return Ok(token);
        }
        self.still_good(&current)?;
        tracing::debug!("signing in to QuickBooks anew");
        let fresh = self.renew(&current).await?;
        // On the disk first: from the moment it is used the old one may be worth nothing.
        self.save(&fresh)?;
        let access = fresh.access.as_ref().expect("a refresh grants one");
        let token = access.token.clone();
        *held = Some(fresh);
        Ok(token)
    }

    fn usable(
        &self,
        pair: &TokenPair,
        refused: Option<&SecretString>,
        margin: TimeDelta,
    ) -> Option<SecretString> {
        let access = pair.access.as_ref()?;
        let refused = refused.map(ExposeSecret::expose_secret);
        let good = pair.refused_at.is_none()
            && access.until > self.clock.now() + margin
            && refused != Some(access.token.expose_secret());
        good.then(|| access.token.clone())
    }

    /// A connection that is broken is not tried again: that would only be refused, and may look like an attack.
    fn still_good(&self, pair: &TokenPair) -> Result<(), Fault> {
        let Some(at) = pair.refused_at else {
            return Ok(());
        };
        Err(Fault::new(
            Remedy::Reconnect,
            "credentials_refused",
            format!(
                "the connection to QuickBooks is broken since {}: QuickBooks no longer takes the refresh token",
                at.with_timezone(&Utc).format("%Y-%m-%d %H:%M UTC")
            ),
        )
        .hint(&self.mend))
    }

    /// The tokens to begin with: the vault's, unless the environment has one that they do not descend from.
    fn first(&self) -> Result<TokenPair, Fault> {
        let variables = [
            "UDSYNC_QUICKBOOKS_CLIENT_ID",
            "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
        ];
        for (has, variable) in self.has_app.into_iter().zip(variables) {
            if !has {
                return Err(missing(variable));
            }
        }
        let kept = self.kept()?;
        match (&self.given, kept) {
            (None, None) => Err(missing("UDSYNC_QUICKBOOKS_REFRESH_TOKEN")),
            (None, Some(kept)) => Ok(kept),
            (Some(given), kept) => {
                let digest = digest(given);
                let descendant = kept.filter(|kept| kept.came_from.as_ref() == Some(&digest));
                Ok(descendant.unwrap_or_else(|| TokenPair::given(given)))
            }
        }
    }

    /// What the vault has for this company.
    fn kept(&self) -> Result<Option<TokenPair>, Fault> {
        let text = self.vault.load(&self.name)?;
        Ok(text.and_then(|text| TokenPair::read(&text, &self.company_id)))
    }

    fn save(&self, pair: &TokenPair) -> Result<(), Fault> {
        keep(&*self.vault, &self.name, &self.company_id, pair)
    }

    /// Asks for a new pair; where the refresh token is refused, once with the one before.
    async fn renew(&self, current: &TokenPair) -> Result<TokenPair, Fault> {
        let (mut fault, after_loss) = match self.service.renew(&current.refresh).await {
            Ok(granted) => {
                return Ok(current.after(&current.refresh, granted, self.clock.now()));
            }
            Err(Denied::Other(fault)) => return Err(fault),
            Err(Denied::Grant { fault, after_loss }) => (fault, after_loss),
        };
        if let Some(before) = current.way_back(self.clock.now()) {
            tracing::info!("QuickBooks refused the refresh token; trying the one before");
            match self.service.renew(before).await {
                Ok(granted) => return Ok(current.after(before, granted, self.clock.now())),
                Err(Denied::Other(fault)) => return Err(fault),
                Err(Denied::Grant { .. }) => {}
            }
        }
        self.save(&TokenPair {
            refused_at: Some(self.clock.now()),
            ..current.clone()
        })?;
        if after_loss {
            fault.said = "the answer with the new refresh token was lost on the way, and QuickBooks no longer takes the old one"
                .to_owned();
        }
        Err(fault.hint(&self.mend))
    }
}

/// Puts a pair into the vault, and what may be known of it beside it. When this returns it is on the disk.
pub fn keep(
    vault: &dyn Vault,
    name: &str,
    company_id: &str,
    pair: &TokenPair,
) -> Result<(), Fault> {
    vault.save(name, &pair.text(company_id))?;
    vault.note(name, &pair.life(company_id))
}

/// Waits for the turn to exchange tokens.
pub async fn turn(vault: &dyn Vault, name: &str) -> Result<TokenTurn, Fault> {
    let until = tokio::time::Instant::now() + TURN_WAIT;
    loop {
        if let Some(turn) = vault.turn(name)? {
            return Ok(turn);
        }
        if tokio::time::Instant::now() >= until {
            return Err(Fault::new(
                Remedy::Stop,
                "sign_in_busy",
                "another udsync has been renewing the sign-in to QuickBooks for minutes",
            )
            .hint("run the same command again later, nothing is lost"));
        }
        tokio::time::sleep(TURN_PAUSE).await;
    }
}

fn missing(variable: &str) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "credentials_missing",
        format!("QuickBooks is not connected: there is no connection, and `{variable}` is not set"),
    )
    .hint(format!(
        "run `udsync connect quickbooks`, or set `{variable}`"
    ))
}
