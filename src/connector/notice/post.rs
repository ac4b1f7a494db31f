//! Posting: a notice as JSON, to a chat or to a webhook of one's own, which can check that it comes from us.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;
use url::Url;

use crate::connector::http::{Http, HttpTrouble, Limits, is_loopback};
use crate::model::fault::{Fault, Remedy};
use crate::model::fingerprint::hex;

use super::{Message, TIMEOUT};

const LIMITS: Limits = Limits {
    timeout: TIMEOUT,
    body_max: 1_000_000,
};

/// A chat's incoming webhook, as Slack, Mattermost and others have it.
pub struct Chat {
    http: Http,
    /// Whoever knows it may post there.
    url: SecretString,
}

impl Chat {
    pub fn new(url: SecretString) -> Result<Chat, Fault> {
        let parsed = parse(&url)?;
        Ok(Chat {
            http: Http::new(&parsed, LIMITS).hiding_its_path(),
            url,
        })
    }

    pub async fn send(&self, message: &Message) -> Result<(), Fault> {
        let text = format!("*{}*\n{}", message.subject, message.text);
        let body = json!({ "text": escaped(&text) }).to_string();
        let request = self.http.request(reqwest::Method::POST, parse(&self.url)?);
        let request = request
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body);
        answered(
            &self.http,
            request,
            "the chat",
            "see to `UDSYNC_NOTIFY_SLACK_URL` in the environment",
        )
        .await
    }
}

fn parse(url: &SecretString) -> Result<Url, Fault> {
    let parsed = Url::parse(url.expose_secret()).ok();
    let is_private = |url: &Url| url.scheme() == "https" || is_loopback(url);
    parsed.filter(is_private).ok_or_else(|| {
        Fault::new(
            Remedy::Stop,
            "notice_address",
            "`UDSYNC_NOTIFY_SLACK_URL` is no address that begins with `https://`",
        )
        .hint("copy the whole address of the incoming webhook")
    })
}

/// What a chat would take for its own marks.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A webhook of one's own.
pub struct Hook {
    http: Http,
    url: Url,
    secret: SecretString,
}

impl Hook {
    pub fn new(url: Url, secret: SecretString) -> Hook {
        Hook {
            http: Http::new(&url, LIMITS).hiding_its_path(),
            url,
            secret,
        }
    }

    pub async fn send(&self, message: &Message) -> Result<(), Fault> {
        let body = message.document.get().to_owned();
        let timestamp = message.at.timestamp();
        let signed = signature(self.secret.expose_secret().as_bytes(), timestamp, &body);
        let request = self
            .http
            .request(reqwest::Method::POST, self.url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("udsync-id", &message.id)
            .header("udsync-timestamp", timestamp)
            .header("udsync-signature", format!("v1={signed}"))
            .body(body);
        answered(
            &self.http,
            request,
            "the webhook",
            "see to `url` in `[notify.webhook]`",
        )
        .await
    }
}

/// HMAC-SHA256 over `timestamp.body`, in hexadecimal. The time is part of it, so that an old notice cannot be played again.
pub fn signature(secret: &[u8], timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    hex(&mac.finalize().into_bytes())
}

async fn answered(
    http: &Http,
    request: reqwest::RequestBuilder,
    who: &str,
    hint: &str,
) -> Result<(), Fault> {
    match http.send(request).await {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
        Ok(answer) => {
            let said = format!("{who} answered with status {}", answer.status);
            let (remedy, code) = match answer.status {
                401 | 403 => (Remedy::Reconnect, "notice_credentials"),
                408 | 429 | 500.. => (Remedy::Ask, "notice_unreachable"),
                _ => (Remedy::Stop, "notice_refused"),
            };
            Err(Fault::new(remedy, code, said).hint(hint))
        }
        Err(unanswered) => {
            let said = match unanswered.trouble {
                HttpTrouble::Timeout => format!("{who} did not answer in time"),
                HttpTrouble::Tls => format!("could not trust {who}: its certificate is not valid"),
                HttpTrouble::Connect => format!("could not reach {who}"),
                HttpTrouble::Cut | HttpTrouble::TooLarge => {
                    format!("the answer of {who} broke off")
                }
            };
            Err(Fault::new(Remedy::Ask, "notice_unreachable", said).hint(hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_any_other_program_computes() {
        // printf '1763701200.{"a":1}' | openssl dgst -sha256 -hmac s3cret
        assert_eq!(
            signature(b"s3cret", 1_763_701_200, "{\"a\":1}"),
            "df841ece209e8617989a45c0243ef867e6336cd7671145050090052c45cacf38"
        );
    }

    #[test]
    fn an_address_of_a_chat_is_private_and_not_repeated() {
        for bad in ["hooks.slack.com/x", "http://hooks.slack.com/canary", ""] {
            let fault = parse(&SecretString::from(bad)).expect_err("it is none");
            assert_eq!(fault.code, "notice_address");
            assert!(!fault.to_string().contains("canary"));
        }
        parse(&SecretString::from("http://127.0.0.1:1/x")).expect("this machine");
    }
}
