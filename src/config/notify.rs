//! The section about notices: who is told of what, and when they are left alone.
//!
//! Passwords, addresses that are secrets themselves and signing keys come from the environment; see
//! [`super::credentials`].

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveTime;
use toml::de::DeValue;
use url::Url;

use super::hide::quoted;
use super::reader::{ConfigReader, ConfigSection};
use super::setting::SettingOrigin;
use super::values::{PlainHttp, ReadValue, address, count, flag, path, text, word, wrong};
use crate::model::incident::IncidentKind;

/// Who is told of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    pub events: Vec<IncidentKind>,
    /// Once a day at this time of the books' zone, instead of at once.
    pub digest_at: Option<NaiveTime>,
    /// From and until, in the books' zone: nothing is sent.
    pub quiet_hours: Option<(NaiveTime, NaiveTime)>,
    /// No sync came to its end for so long; zero is never.
    pub silent_after: Duration,
    /// How long before the end of a sign-in it is told.
    pub expiry_ahead: Duration,
    /// What came of proving each month that is over is told, by whatever works the schedules off.
    pub month_end: bool,
    pub email: Option<EmailSettings>,
    /// The address to post to is a secret, and comes from the environment.
    pub slack: bool,
    pub webhook: Option<Url>,
}

impl Notify {
    /// The channels that are configured, by their names.
    pub fn channels(&self) -> Vec<&'static str> {
        [
            (self.email.is_some(), "email"),
            (self.slack, "slack"),
            (self.webhook.is_some(), "webhook"),
        ]
        .into_iter()
        .filter_map(|(is_set, name)| is_set.then_some(name))
        .collect()
    }
}

/// A mail server and who writes to whom.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailSettings {
    pub host: String,
    pub port: u16,
    pub tls: MailTls,
    /// Authorities to trust besides those of the system. Relative to the file.
    pub ca_file: Option<PathBuf>,
    pub from: String,
    pub to: Vec<String>,
    pub username: Option<String>,
}

/// Addresses of people do not belong in a log.
impl fmt::Debug for EmailSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Email")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// How the line to the mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Plain at first, then private, or not at all.
    Starttls,
    /// From the first byte.
    Implicit,
    /// Never; on this machine only.
    None,
}

impl MailTls {
    const WORDS: &[&str] = &["starttls", "implicit", "none"];

    fn from_word(word: &str) -> Option<MailTls> {
        match word {
            "starttls" => Some(MailTls::Starttls),
            "implicit" => Some(MailTls::Implicit),
            "none" => Some(MailTls::None),
            _ => None,
        }
    }

    fn usual_port(self) -> &'static str {
        match self {
            MailTls::Starttls => "587",
            MailTls::Implicit => "465",
            MailTls::None => "25",
        }
    }
}

pub(super) fn read_notify<'t>(reader: &mut ConfigReader<'t>, root: &ConfigSection<'t>) -> Notify {
    let section = reader.section(root, "notify");
    let event = word(IncidentKind::WORDS, IncidentKind::from_word);
    let events = reader.list_or(&section, "events", event);
    let daily = reader.or(
        &section,
        "digest",
        word(&["off", "daily"], |word| match word {
            "off" => Some(false),
            "daily" => Some(true),
            _ => None,
        }),
    );
    let digest_at = reader.or(&section, "digest_at", time_of_day);
    Notify {
        events,
        digest_at: daily.then_some(digest_at),
        quiet_hours: reader.get(&section, "quiet_hours", hours),
        silent_after: reader.duration(&section, "silent_after"),
        expiry_ahead: reader.duration(&section, "expiry_ahead"),
        month_end: reader.or(&section, "month_end", flag),
        email: read_email(reader, &section),
        slack: reader.section(&section, "slack").is_there(),
        webhook: read_webhook(reader, &section),
    }
}

fn read_email<'t>(
    reader: &mut ConfigReader<'t>,
    notify: &ConfigSection<'t>,
) -> Option<EmailSettings> {
    let section = reader.section(notify, "email");
    if !section.is_there() {
        return None;
    }
    let first = reader.settings.len();
    let host = reader.require(&section, "host", host);
    let tls = word(MailTls::WORDS, MailTls::from_word);
    let tls = reader.or(&section, "tls", tls);
    if tls == MailTls::None
        && let Some(value) = section.value("tls")
        && !host.as_deref().is_none_or(is_loopback)
    {
        let message = format!(
            "`{}` would send mail and password in plain text",
            section.full("tls")
        );
        let hint = "write `\"starttls\"` or `\"implicit\"`; `\"none\"` is for this machine only";
        reader.complain(value.span(), message, Some(hint.to_owned()));
    }
    let port = count(section.limits("port"));
    let port = reader.or_else(&section, "port", tls.usual_port(), port);
    let ca_file = reader.get(&section, "ca_file", path);
    let from = reader.require(&section, "from", mailbox);
    let to = reader.list(&section, "to", mailbox).unwrap_or_default();
    if to.is_empty() {
        let is_list = section
            .value("to")
            .is_none_or(|value| value.get_ref().is_array());
        if is_list {
            let message = format!("{} needs somebody in `to`", section.heading());
            let hint = "write `to = [\"owner@example.com\"]`".to_owned();
            reader.complain_of_missing(&section, message, hint);
        }
    }
    let username = reader.get(&section, "username", text);
    // People's addresses are not shown again.
    let private = ["from", "to", "username"].map(|key| section.full(key));
    for setting in &mut reader.settings[first..] {
        if private.contains(&setting.key) && matches!(setting.origin, SettingOrigin::File { .. }) {
            "set".clone_into(&mut setting.value);
        }
    }
    Some(EmailSettings {
        host: host?,
        port,
        tls,
        ca_file,
        from: from?,
        to,
        username,
    })
}

fn read_webhook<'t>(reader: &mut ConfigReader<'t>, notify: &ConfigSection<'t>) -> Option<Url> {
    let section = reader.section(notify, "webhook");
    if !section.is_there() {
        return None;
    }
    reader.require(&section, "url", address(PlainHttp::Loopback))
}

/// The name of a mail server.
fn host(value: &DeValue) -> ReadValue<String> {
    let host = text(value)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    if !host.chars().all(is_name) {
        let hint = "write the server alone; the port is a key of its own".to_owned();
        return wrong("must be the name of a server", Some(hint));
    }
    Ok(host)
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]")
}

/// `ann@example.com` or `Ann <ann@example.com>`.
fn mailbox(value: &DeValue) -> ReadValue<String> {
    let mailbox = text(value)?;
    let address = match mailbox.strip_suffix('>').map(|rest| rest.rsplit_once('<')) {
        Some(Some((_, address))) => address,
        _ => &mailbox,
    };
    let is_address = address.split_once('@').is_some_and(|(user, domain)| {
        !user.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !address.contains(|c: char| c.is_whitespace() || "<>,;\"".contains(c))
    });
    if is_address {
        Ok(mailbox)
    } else {
        wrong(
            "must be an address such as `owner@example.com`",
            Some("name several as a list, each in its own quotes".to_owned()),
        )
    }
}

/// `08:00`.
fn time_of_day(value: &DeValue) -> ReadValue<NaiveTime> {
    let typed = match value {
        DeValue::Datetime(when) if when.date.is_none() => when.to_string(),
        _ => text(value)?,
    };
    clock(&typed).map_or_else(
        || {
            let tail = format!("must be a time of day, not {}", quoted(&typed));
            wrong(
                tail,
                Some("write hours and minutes: `\"08:00\"`".to_owned()),
            )
        },
        Ok,
    )
}

fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .ok()
}

/// `22:00-07:00`.
fn hours(value: &DeValue) -> ReadValue<(NaiveTime, NaiveTime)> {
    let typed = text(value)?;
    let both = typed.split_once(['-', '–']);
    let both = both.and_then(|(from, until)| Some((clock(from)?, clock(until)?)));
    match both {
        Some((from, until)) if from != until => Ok((from, until)),
        _ => wrong(
            format!("must be two different times of day, not {}", quoted(&typed)),
            Some("write `\"22:00-07:00\"`".to_owned()),
        ),
    }
}
