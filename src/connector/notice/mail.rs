//! Mail: one message to a mail server, over TLS.

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use crate::model::fault::{Fault, Remedy};

use super::{Message, TIMEOUT};

/// How the line is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPrivacy {
    /// Plain at first, then private, or not at all.
    Starttls,
    /// From the first byte.
    Implicit,
    /// Never.
    None,
}

/// A mail server, and who writes to whom.
pub struct MailSettings {
    pub host: String,
    pub port: u16,
    pub tls: MailPrivacy,
    /// Authorities to trust besides those of the system, in PEM.
    pub authorities: Option<Vec<u8>>,
    pub from: String,
    pub to: Vec<String>,
    pub login: Option<(String, SecretString)>,
}

/// The way out to a mail server.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Mail {
    /// Fails on what no server would take: addresses that are none, authorities that are none.
    pub fn new(settings: MailSettings) -> Result<Mail, Fault> {
        let from = mailbox(&settings.from)?;
        let to = settings.to.iter().map(|to| mailbox(to));
        let to = to.collect::<Result<Vec<_>, _>>()?;
        let tls = match settings.tls {
            MailPrivacy::None => Tls::None,
            MailPrivacy::Starttls => Tls::Required(parameters(&settings)?),
            MailPrivacy::Implicit => Tls::Wrapper(parameters(&settings)?),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
                .port(settings.port)
                .tls(tls)
                .timeout(Some(TIMEOUT));
        if let Some((name, password)) = settings.login {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(Mail {
            transport: builder.build(),
            from,
            to,
        })
    }

    pub async fn send(&self, message: &Message) -> Result<(), Fault> {
        let mail = self.compose(message);
        // The time-out of the transport is one for each step; this one is for all of it.
        match tokio::time::timeout(TIMEOUT, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(unreachable(&format!(
                "the mail server did not answer within {} seconds",
                TIMEOUT.as_secs()
            ))),
        }
    }

    fn compose(&self, message: &Message) -> lettre::Message {
        let domain = self.from.email.domain();
        let mut builder = MessageBuilder::new()
            .from(self.from.clone())
            .subject(message.subject.as_str())
            .date(message.at.into())
            .message_id(Some(format!("<{}@{domain}>", message.id)))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            builder = builder.to(to.clone());
        }
        let mail = builder.body(message.text.clone());
        mail.expect("it has a sender, and the configuration is refused without somebody in `to`")
    }
}

fn parameters(settings: &MailSettings) -> Result<TlsParameters, Fault> {
    let unreadable = || {
        Fault::new(
            Remedy::Stop,
            "notice_authority",
            "`ca_file` of `[notify.email]` holds no certificates",
        )
        .hint("name a file with certificates in PEM, or take `ca_file` out")
    };
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.authorities {
        // A file without any is no error to whoever parses it.
        let begins = b"-----BEGIN CERTIFICATE-----";
        if !pem.windows(begins.len()).any(|part| part == begins) {
            return Err(unreadable());
        }
        let authority = Certificate::from_pem(pem).map_err(|_| unreadable())?;
        builder = builder.add_root_certificate(authority);
    }
    // So that an image without certificates still sends.
    for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        if let Ok(certificate) = Certificate::from_der(der.to_vec()) {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|_| unreadable())
}

fn mailbox(address: &str) -> Result<Mailbox, Fault> {
    address.parse().map_err(|_| {
        Fault::new(
            Remedy::Stop,
            "notice_address",
            "an address in `[notify.email]` is none that mail can be sent to",
        )
        .hint("write `owner@example.com` or `Owner <owner@example.com>`")
    })
}

/// So that nobody's holiday notice answers it.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// In our own words: a server's may repeat the address.
fn fault(error: &Error) -> Fault {
    if let Some(code) = error.status() {
        let code = code.to_string();
        let said = format!("the mail server answered {code}");
        return match code.as_str() {
            "530" | "534" | "535" | "538" => {
                Fault::new(Remedy::Reconnect, "notice_credentials", said)
                    .hint("see to `username` in `[notify.email]` and `UDSYNC_NOTIFY_EMAIL_PASSWORD` in the environment")
            }
            _ if error.is_transient() => unreachable(&said),
            _ => Fault::new(Remedy::Stop, "notice_refused", said)
                .hint("see whether the server takes mail from `from` and for `to` of `[notify.email]`"),
        };
    }
    if error.is_timeout() {
        return unreachable("the mail server did not answer in time");
    }
    if is_about_certificates(error) {
        return Fault::new(
            Remedy::Stop,
            "notice_tls",
            "could not trust the mail server: its certificate is not valid for it",
        )
        .hint("`host` in `[notify.email]` must be the name in the certificate; name a private authority with `ca_file`");
    }
    if error.is_client() {
        return Fault::new(
            Remedy::Stop,
            "notice_refused",
            "the mail server does not offer what is needed: TLS, or a way to sign in",
        )
        .hint("see to `tls` and `port` in `[notify.email]`");
    }
    unreachable("could not reach the mail server")
}

fn unreachable(said: &str) -> Fault {
    Fault::new(Remedy::Ask, "notice_unreachable", said)
        .hint("see to `host`, `port` and `tls` in `[notify.email]`")
}

fn is_about_certificates(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error
        .downcast_ref::<std::io::Error>()
        .and_then(|error| error.get_ref());
    error.is::<rustls::Error>()
        || inner.is_some_and(|inner| is_about_certificates(inner))
        || error.source().is_some_and(is_about_certificates)
}
