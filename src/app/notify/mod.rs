//! Notices: the owner hears of trouble, once, and that it is over.
//!
//! After each run what is wrong now is compared with the incidents that are open. A new one gets a notice for each channel, one
//! that is gone gets its end told, and what is due is sent. Nothing of this ever fails a run: what cannot be sent is kept
//! with the reason and goes out with a later run. Where no channel is configured, nothing is kept either.

mod concerns;
mod month;
mod when;
mod words;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use secrecy::SecretString;

pub use month::EndedMonth;

use super::App;
use super::connections::AboutQuickbooks;
use super::webhooks::troubles;
use crate::config;
use crate::connector::notice::{Channel, Chat, Hook, Mail, MailPrivacy, MailSettings};
use crate::model::fault::{Fault, Remedy};
use crate::model::incident::{Concern, Incident, IncidentKind, Notice};
use crate::store::{
    ChainHead, History, HistoryWriter, Notices, NoticesWriter, Problems, Store, StoreError,
    Telling, connections,
};

/// News that nobody got for so long are given up.
const OLDEST: TimeDelta = TimeDelta::days(7);

/// How a run ended.
#[derive(Clone, Copy, Debug)]
pub enum NoticedEnding<'a> {
    /// By itself, whatever it held.
    Finished,
    Broke(Broke<'a>),
}

/// What broke a run off.
#[derive(Clone, Copy, Debug)]
pub struct Broke<'a> {
    /// Somebody has to connect something again.
    pub connection: bool,
    pub code: &'a str,
    pub said: &'a str,
    pub hint: Option<&'a str>,
}

/// A channel that could not be reached, and how much waits for it.
#[derive(Clone, Debug)]
pub struct Unsent {
    pub channel: &'static str,
    pub notices: usize,
    pub fault: Fault,
}

impl App {
    /// Tells of what a run has met, and sends what is due.
    pub async fn tell_of_run(
        &self,
        store: &Store,
        command: &str,
        ending: NoticedEnding<'_>,
    ) -> Result<Vec<Unsent>, StoreError> {
        if self.config.notify.channels().is_empty() {
            return Ok(Vec::new());
        }
        self.take_note(store, command, Some(ending))?;
        self.send_due(store, store.chain_head()?).await
    }

    /// Tells of what time alone brings about, silence and the end of a sign-in, and sends what is due. For whoever looks
    /// after runs that do not come.
    pub async fn tell_of_time(&self, store: &Store) -> Result<Vec<Unsent>, StoreError> {
        if self.config.notify.channels().is_empty() {
            return Ok(Vec::new());
        }
        self.take_note(store, "", None)?;
        self.send_due(store, store.chain_head()?).await
    }

    /// Sends a test to a channel, or to all.
    pub async fn try_channels(&self, only: Option<&str>) -> Vec<(&'static str, Result<(), Fault>)> {
        let message = &words::trial(&self.config.shop.name, self.clock.now());
        let names = self.config.notify.channels();
        let chosen = names
            .into_iter()
            .filter(|name| only.is_none_or(|only| only == *name));
        join_all(chosen.map(|name| async move {
            let sent = match self.channel(name) {
                Ok(channel) => channel.send(message).await,
                Err(fault) => Err(fault),
            };
            (name, sent)
        }))
        .await
    }

    fn take_note(
        &self,
        store: &Store,
        command: &str,
        ending: Option<NoticedEnding<'_>>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let notify = &self.config.notify;
        let channels = notify.channels();
        let telling = Telling {
            channels: &channels,
            now,
            due: when::due(notify, self.config.rules.timezone, now),
        };
        let concerns = self.concerns(store, command, ending, now)?;
        let wanted = concerns
            .iter()
            .filter(|concern| notify.events.contains(&concern.kind));
        for concern in wanted {
            let concern = Concern {
                remedy: self.typed(&concern.remedy),
                happened: self.typed(&concern.happened),
                ..concern.clone()
            };
            store.meet_incident(&concern, &telling)?;
        }
        for incident in store.open_incidents()? {
            if is_over(&incident, &concerns, command, ending) {
                store.close_incident(incident.id, &telling)?;
            }
        }
        Ok(())
    }

    fn concerns(
        &self,
        store: &Store,
        command: &str,
        ending: Option<NoticedEnding<'_>>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Concern>, StoreError> {
        let zone = self.config.rules.timezone;
        let notify = &self.config.notify;
        let mut concerns = concerns::of_problems(&store.problems(None, false)?);
        concerns.extend(troubles::all(store)?);
        if let Some(NoticedEnding::Broke(broke)) = ending {
            concerns.push(concerns::of_failure(&broke, command));
        }
        let limit = TimeDelta::from_std(notify.silent_after).unwrap_or(TimeDelta::MAX);
        if let Some((since, ever)) = store.synced_last()?
            && !limit.is_zero()
            && now - since >= limit
        {
            concerns.push(concerns::of_silence(since, ever, now, zone));
        }
        let ahead = TimeDelta::from_std(notify.expiry_ahead).unwrap_or(TimeDelta::MAX);
        if let Some(ends) = self.sign_in_ends(store)
            && ends - now <= ahead
        {
            concerns.push(concerns::of_expiry(ends, zone));
        }
        Ok(concerns)
    }

    /// When QuickBooks will no longer take the sign-in that is kept, as far as that is known.
    fn sign_in_ends(&self, store: &Store) -> Option<DateTime<Utc>> {
        let strongbox = self.strongbox(store);
        let name = self.tokens_name(store, &strongbox).ok()?;
        let known = connections::known::<AboutQuickbooks>(store, &name).ok()??;
        let ends = [known.about.refresh_until, known.about.hard_until];
        ends.into_iter().flatten().min()
    }

    /// Each message carries the head of the history, so that a copy of it lies where nobody can write it anew.
    async fn send_due(
        &self,
        store: &Store,
        head: Option<ChainHead>,
    ) -> Result<Vec<Unsent>, StoreError> {
        let notices: &dyn NoticesWriter = store;
        let now = self.clock.now();
        notices.give_up_notices(now - OLDEST, now)?;
        let mut due: Vec<(&'static str, Vec<Notice>)> = Vec::new();
        for name in self.config.notify.channels() {
            let waiting = notices.due_notices(name, now)?;
            if !waiting.is_empty() {
                due.push((name, waiting));
            }
        }
        // All at the same time: a server that does not answer delays nobody else.
        let sent = join_all(
            due.iter()
                .map(|(name, notices)| self.send(name, notices, head)),
        )
        .await;
        let mut unsent = Vec::new();
        for ((channel, told), sent) in due.iter().zip(sent) {
            let ids: Vec<i64> = told.iter().map(|notice| notice.id).collect();
            let error = sent.as_ref().err().map(Fault::to_string);
            notices.settle_notices(&ids, error.as_deref(), now)?;
            if let (None, Some(head)) = (&error, head) {
                store.note_anchor("notice", channel, head, now)?;
            }
            if let Err(fault) = sent {
                unsent.push(Unsent {
                    channel,
                    notices: ids.len(),
                    fault,
                });
            }
        }
        Ok(unsent)
    }

    async fn send(
        &self,
        name: &str,
        notices: &[Notice],
        head: Option<ChainHead>,
    ) -> Result<(), Fault> {
        let message = words::message(
            &self.config.shop.name,
            notices,
            self.config.rules.timezone,
            self.clock.now(),
            head,
        );
        self.channel(name)?.send(&message).await
    }

    /// A configured channel, with its secrets from the environment.
    fn channel(&self, name: &str) -> Result<Channel, Fault> {
        let notify = &self.config.notify;
        let given = &self.credentials;
        match (name, &notify.email, &notify.webhook) {
            ("email", Some(email), _) => Ok(Channel::Email(Box::new(self.mail(email)?))),
            ("webhook", _, Some(url)) => {
                let variable = "UDSYNC_NOTIFY_WEBHOOK_SECRET";
                let secret = secret(&given.notify_webhook_secret, variable)?;
                Ok(Channel::Webhook(Hook::new(url.clone(), secret)))
            }
            _ => {
                let url = secret(&given.notify_slack_url, "UDSYNC_NOTIFY_SLACK_URL")?;
                Ok(Channel::Slack(Chat::new(url)?))
            }
        }
    }

    fn mail(&self, email: &config::EmailSettings) -> Result<Mail, Fault> {
        let password = &self.credentials.notify_email_password;
        let login = match &email.username {
            Some(name) => Some((
                name.clone(),
                secret(password, "UDSYNC_NOTIFY_EMAIL_PASSWORD")?,
            )),
            None => None,
        };
        let authorities = match &email.ca_file {
            Some(path) => Some(read(&self.config.beside(path))?),
            None => None,
        };
        Mail::new(MailSettings {
            host: email.host.clone(),
            port: email.port,
            tls: match email.tls {
                config::MailTls::Starttls => MailPrivacy::Starttls,
                config::MailTls::Implicit => MailPrivacy::Implicit,
                config::MailTls::None => MailPrivacy::None,
            },
            authorities,
            from: email.from.clone(),
            to: email.to.clone(),
            login,
        })
    }
}

/// Whether an incident is over. What only a run can tell stays open until a run has told it.
fn is_over(
    incident: &Incident,
    concerns: &[Concern],
    command: &str,
    ending: Option<NoticedEnding<'_>>,
) -> bool {
    let finished = matches!(ending, Some(NoticedEnding::Finished));
    // A run says nothing about webhooks: what is the matter with them stands until whoever knew it says that it is over.
    if incident.concern.subject.starts_with(troubles::SUBJECTS) {
        return !concerns
            .iter()
            .any(|concern| concern.subject == incident.concern.subject);
    }
    let is_sync = command.split(' ').next() == Some("sync");
    match incident.concern.kind {
        IncidentKind::Connection => finished,
        // A retry of one record says nothing of the rest.
        IncidentKind::Failure => finished && is_sync,
        IncidentKind::Silence | IncidentKind::Held | IncidentKind::Expiry => {
            !concerns.iter().any(|concern| {
                (concern.kind, &concern.subject)
                    == (incident.concern.kind, &incident.concern.subject)
            })
        }
    }
}

fn secret(given: &Option<SecretString>, variable: &str) -> Result<SecretString, Fault> {
    given.clone().ok_or_else(|| {
        Fault::new(
            Remedy::Reconnect,
            "notice_credentials",
            format!("`{variable}` is not in the environment"),
        )
        .hint(format!("`export {variable}=…`, then `udsync notify test`"))
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    crate::files::read(path, 1_000_000).map_err(|error| {
        Fault::new(
            Remedy::Stop,
            "notice_authority",
            format!("could not read `{}`: {error}", path.display()),
        )
        .hint("see to `ca_file` in `[notify.email]`")
    })
}

impl Unsent {
    /// What to say of it behind a run.
    pub fn words(&self) -> String {
        let notices = match self.notices {
            1 => "a notice".to_owned(),
            n => format!("{n} notices"),
        };
        format!(
            "{notices} could not be sent to `{}`: {}; it is tried again with the next run",
            self.channel, self.fault
        )
    }
}
