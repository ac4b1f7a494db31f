//! Posting what a stand-in has to say, to addresses on loopback only.
//!
//! A real shop refuses private addresses; a stand-in reaches nothing else, so that no test and no demonstration can ever post to a
//! stranger. The request is written by hand: receivers are told apart by header order and broken bodies too.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::{Host, Url};

/// One request to a receiver, all but its `Host`.
#[derive(Debug, Clone)]
pub struct StandDelivery {
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
}

impl StandDelivery {
    /// Puts a value in the place of a header, if it is there.
    pub fn set(&mut self, name: &str, value: String) {
        for header in self.headers.iter_mut().filter(|(known, _)| *known == name) {
            header.1.clone_from(&value);
        }
    }

    /// Gives it another body, and says its length.
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.set("Content-Length", self.body.len().to_string());
        self
    }
}

/// Posts it and says how it was answered; `None` when it was not, or not in time.
pub async fn post(delivery: &StandDelivery, patience: Duration) -> Option<u16> {
    let posted = async {
        let mut stream = begin("POST", &delivery.url, &delivery.headers, &delivery.body).await?;
        status(&mut stream).await
    };
    tokio::time::timeout(patience, posted).await.ok()?.ok()
}

/// Promises the whole body, sends half of it, and hangs up.
pub async fn break_off(delivery: &StandDelivery) {
    let half = &delivery.body[..delivery.body.len() / 2];
    if let Ok(mut stream) = begin("POST", &delivery.url, &delivery.headers, half).await {
        // The other side may have hung up first, which comes to the same.
        let _ = stream.shutdown().await;
    }
}

/// Asks a stand-in something, as its levers want to be asked.
pub async fn ask(method: &str, url: &str, body: &Value) -> io::Result<Value> {
    let body = body.to_string();
    let headers = [
        ("Content-Type", "application/json".to_owned()),
        ("Connection", "close".to_owned()),
        ("Content-Length", body.len().to_string()),
    ];
    let mut stream = begin(method, url, &headers, body.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let is_good = head.split(' ').nth(1).is_some_and(|s| s.starts_with('2'));
    if !is_good {
        return Err(io::Error::other(format!("{method} {url}: {body}")));
    }
    Ok(serde_json::from_str(body).unwrap_or_default())
}

async fn begin(
    method: &str,
    url: &str,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> io::Result<TcpStream> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "no address on loopback");
    let url = Url::parse(url).map_err(|_| refused())?;
    let port = url.port_or_known_default().ok_or_else(refused)?;
    let host = match url.host() {
        Some(Host::Ipv4(address)) if address.is_loopback() => address.to_string(),
        Some(Host::Ipv6(address)) if address.is_loopback() => address.to_string(),
        Some(Host::Domain("localhost")) => "127.0.0.1".to_owned(),
        _ => return Err(refused()),
    };
    if url.scheme() != "http" {
        return Err(refused());
    }
    let mut stream = TcpStream::connect((host.as_str(), port)).await?;
    stream.set_nodelay(true)?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let named = url.host_str().unwrap_or_default();
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {named}:{port}\r\n").into_bytes();
    for (name, value) in headers {
        request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    stream.write_all(&request).await?;
    Ok(stream)
}

/// Reads the head of the answer. What stands below it is nobody's business.
async fn status(stream: &mut TcpStream) -> io::Result<u16> {
    let mut head = Vec::new();
    loop {
        let read = stream.read_buf(&mut head).await?;
        let text = String::from_utf8_lossy(&head);
        // What comes before the answer, such as a 100, is not the answer.
        let heads = text.split_inclusive("\r\n\r\n");
        let whole = heads.filter(|head| head.ends_with("\r\n\r\n"));
        let status = whole
            .filter_map(|head| head.split(' ').nth(1)?.get(..3)?.parse().ok())
            .find(|status: &u16| *status >= 200);
        match status {
            Some(status) => return Ok(status),
            None if read == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            None => {}
        }
    }
}
