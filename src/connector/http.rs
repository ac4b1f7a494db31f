//! The one HTTP layer: every request of udsync goes out here, with time-outs, a cap on the answer's size and no secret
//! in what it says when something fails.
//!
//! It does not retry and does not judge answers: each connector knows what its service means. Its log lines hold the
//! method, the path and the outcome of each request; a query may hold keys and names, and is left out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::HeaderMap;

/// No service is waited for longer while a run goes on: who asks for more is come back to another time, without the lock.
pub const PATIENCE_MAX: Duration = Duration::from_secs(600);
/// What cannot be told from for ever. Still far from where times overflow.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// An answer that arrived whole.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answered {
    /// A header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text, for reading and for quoting; odd bytes are replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        // Looking for odd bytes one by one takes several times as long as seeing that there are none.
        std::str::from_utf8(&self.body)
            .map_or_else(|_| String::from_utf8_lossy(&self.body), Into::into)
    }

    /// `Retry-After`, in seconds or as a date. A number beyond all bounds is a very long time, a date in the past none at all.
    /// A date counts from the service's own clock, where it tells that, else from `now`.
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            if text.starts_with('-') {
                return Some(Duration::ZERO);
            }
            let seconds = digits.parse::<u64>().unwrap_or(u64::MAX);
            return Some(Duration::from_secs(seconds).min(LONGEST));
        }
        let date = |text: &str| DateTime::parse_from_rfc2822(text.trim()).ok();
        let until = date(text)?.to_utc();
        let now = self
            .header("date")
            .and_then(date)
            .map_or(now, |told| told.to_utc());
        Some((until - now).to_std().unwrap_or_default().min(LONGEST))
    }
}

/// Why there is no whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    pub trouble: HttpTrouble,
    /// The request certainly never reached the service.
    pub never_sent: bool,
    /// In words, without the address's query: keys may stand there.
    pub said: String,
}

impl Unanswered {
    /// What somebody can make something of; what the library says of a connection is for its own people.
    pub fn words(&self) -> &str {
        match self.trouble {
            HttpTrouble::Connect if self.said.contains("dns error") => "no host has this name",
            HttpTrouble::Connect if self.said.contains("lookup") => "no host has this name",
            HttpTrouble::Connect if self.said.contains("refused") => "it refused the connection",
            HttpTrouble::Connect => "no connection was made",
            HttpTrouble::Timeout => "no answer came in time",
            HttpTrouble::Cut => "the connection was cut",
            HttpTrouble::Tls | HttpTrouble::TooLarge => &self.said,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpTrouble {
    /// No such host, refused, unreachable.
    Connect,
    /// The certificate or the handshake.
    Tls,
    Timeout,
    /// Cut off in the middle.
    Cut,
    /// More than the cap allows.
    TooLarge,
}

/// How long to wait, and how much to take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub timeout: Duration,
    pub body_max: usize,
}

/// A time of day that a service told, and when.
type ServiceTime = (DateTime<Utc>, Instant);

/// The HTTP client of a connection.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    body_max: usize,
    bodies_in_log: bool,
    hides_path: bool,
    /// The last time of day that the service told, and when.
    told: Arc<Mutex<Option<ServiceTime>>>,
}

impl Http {
    /// Makes the client for a service. On this very machine no proxy is asked, whatever the environment says.
    pub fn new(service: &url::Url, limits: Limits) -> Http {
        // Building a client without an installed provider panics, in tests too; a second installation is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder();
        let builder = if is_loopback(service) {
            builder.no_proxy()
        } else {
            builder
        };
        // Hundreds of certificates are read for nothing where no TLS is spoken.
        let builder = if is_loopback(service) && service.scheme() == "http" {
            builder.tls_certs_only([])
        } else {
            builder.tls_certs_merge(
                webpki_root_certs::TLS_SERVER_ROOT_CERTS
                    .iter()
                    .filter_map(|der| reqwest::Certificate::from_der(der).ok()),
            )
        };
        let client = builder
            .user_agent(concat!("udsync/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(15).min(limits.timeout))
            .timeout(limits.timeout)
            // A redirect of a signed request would leak keys to another host; connectors explain redirects instead.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("the client's settings are constant and valid");
        Http {
            client,
            body_max: limits.body_max,
            bodies_in_log: false,
            hides_path: false,
            told: Arc::default(),
        }
    }

    /// For a service whose address is a secret itself: no path in the log.
    pub fn hiding_its_path(mut self) -> Http {
        self.hides_path = true;
        self
    }

    /// Lets what is sent and answered into the log, customers and all. Never for a service that answers with tokens.
    pub fn put_bodies_in_log(&mut self) {
        self.bodies_in_log = true;
    }

    /// Begins a request, to be finished with [`Http::send`].
    pub fn request(&self, method: reqwest::Method, url: url::Url) -> reqwest::RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request and reads the whole answer, up to the cap.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answered, Unanswered> {
        let request = request.build().map_err(unanswered)?;
        let method = request.method().clone();
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let path = if self.hides_path {
            "(hidden)".to_owned()
        } else {
            request.url().path().to_owned()
        };
        let id = id(&request);
        let sent = request.body().and_then(|body| body.as_bytes());
        self.log_body("sent", &id, sent.unwrap_or_default());
        let began = Instant::now();
        let answered = self.exchange(request).await;
        let ms = began.elapsed().as_millis();
        match &answered {
            Ok(answer) => {
                let reference = answer.header("intuit_tid");
                let status = answer.status;
                tracing::debug!(request = id, %method, host, path, status, ms, reference, "answered");
                self.log_body("received", &id, &answer.body);
            }
            Err(unanswered) => {
                let trouble = unanswered.trouble;
                tracing::debug!(request = id, %method, host, path, ?trouble, ms, "no answer");
            }
        }
        answered
    }

    /// How far the service's clock is ahead of ours, by its last answer. `None` as long as it has told no time.
    pub fn ahead(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let (told, at) = (*self.told.lock().unwrap_or_else(PoisonError::into_inner))?;
        let since = TimeDelta::from_std(at.elapsed()).unwrap_or_default();
        Some(told + since - now)
    }

    async fn exchange(&self, request: reqwest::Request) -> Result<Answered, Unanswered> {
        let mut response = self.client.execute(request).await.map_err(unanswered)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let date = headers.get("date").and_then(|date| date.to_str().ok());
        if let Some(date) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) {
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((date.to_utc(), Instant::now()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
            if body.len() + chunk.len() > self.body_max {
                return Err(Unanswered {
                    trouble: HttpTrouble::TooLarge,
                    never_sent: false,
                    said: format!("the answer is larger than {} MB", self.body_max / 1_000_000),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answered {
            status,
            headers,
            body,
        })
    }

    fn log_body(&self, which: &str, id: &str, body: &[u8]) {
        if self.bodies_in_log && !body.is_empty() {
            tracing::trace!(request = id, body = %String::from_utf8_lossy(body), "{which}");
        }
    }
}

/// By which a request is known in the log: the key under which the service does it once, where it has one, else a number
/// within this process.
fn id(request: &reqwest::Request) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut pairs = request.url().query_pairs();
    pairs
        .find(|(name, _)| name == "requestid")
        .map_or_else(|| number.to_string(), |(_, key)| key.into_owned())
}

/// Says whether an address is this very machine.
pub fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Says what went wrong with an exchange; never prints the URL's query.
fn unanswered(error: reqwest::Error) -> Unanswered {
    let error = error.without_url();
    let chain = causes(&error);
    let trouble = if error.is_timeout() {
        HttpTrouble::Timeout
    } else if is_tls(&error) {
        HttpTrouble::Tls
    } else if error.is_connect() {
        HttpTrouble::Connect
    } else {
        HttpTrouble::Cut
    };
    let never_sent = error.is_connect() || error.is_builder();
    Unanswered {
        trouble,
        never_sent,
        said: chain,
    }
}

/// Says whether TLS complained, at whatever depth: its errors travel inside those of reading and writing, which
/// leave themselves out of the chain of sources.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(|error| error.get_ref());
    error.is::<rustls::Error>()
        || wrapped.is_some_and(|inner| is_tls(inner))
        || error.source().is_some_and(is_tls)
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words = format!("{words}: {inner_words}");
        }
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_of_asking_for_patience_overflows() {
        let now = "2026-11-28T12:00:00Z".parse().expect("an instant");
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().expect("a header"));
            Answered {
                status: 429,
                headers,
                body: Vec::new(),
            }
            .retry_after(now)
            .map(|pause| pause.as_secs())
        };
        let longest = Some(u64::from(u32::MAX));
        for (text, seconds) in [
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("0", Some(0)),
            ("-5", Some(0)),
            ("-9223372036854775808", Some(0)),
            ("86400", Some(86_400)),
            ("9223372036854775808", longest),
            ("18446744073709551615", longest),
            ("99999999999999999999999999", longest),
            ("Sat, 28 Nov 2026 12:01:00 GMT", Some(60)),
            ("Sat, 28 Nov 2026 11:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", longest),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(asked(text), seconds, "{text}");
        }
    }
}
