//! The ways out for notices: a mail server, a chat's incoming webhook, a webhook of one's own.
//!
//! Each takes a message that is already in words and sends it once. Nothing is tried again here: whoever keeps the notices
//! does that. What is said of a failure names no address, because mail servers like to repeat them.

mod mail;
mod post;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use crate::model::fault::Fault;

pub use mail::{Mail, MailPrivacy, MailSettings};
pub use post::{Chat, Hook, signature};

/// Nobody waits longer than this for a notice to go out.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// What is sent, in the forms that the ways out need.
#[derive(Clone, Debug)]
pub struct Message {
    /// The same for the same message, so that a receiver can tell a repetition.
    pub id: String,
    pub at: DateTime<Utc>,
    pub subject: String,
    pub text: String,
    /// For machines.
    pub document: Box<RawValue>,
}

/// A way out.
pub enum Channel {
    Email(Box<Mail>),
    Slack(Chat),
    Webhook(Hook),
}

impl Channel {
    /// As the configuration calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Channel::Email(_) => "email",
            Channel::Slack(_) => "slack",
            Channel::Webhook(_) => "webhook",
        }
    }

    /// Sends a message. An error leaves open whether it went out; the receiver knows it by its id.
    pub async fn send(&self, message: &Message) -> Result<(), Fault> {
        match self {
            Channel::Email(mail) => mail.send(message).await,
            Channel::Slack(chat) => chat.send(message).await,
            Channel::Webhook(hook) => hook.send(message).await,
        }
    }
}
