//! A receiver for tests: takes down what arrives, byte for byte, and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::stand::locked;
use crate::stand::sending::signature;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// In the order in which they came, names as they were written.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub fn topic(&self) -> &str {
        self.header("X-WC-Webhook-Topic")
    }

    /// Whether one of the two signatures is that of the body.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let signed = signature(secret.as_bytes(), self.body.as_bytes());
        let header = |name| self.header(name) == signed;
        header("X-WC-Webhook-Signature") || header("intuit-signature")
    }
}

#[derive(Default)]
struct Book {
    received: Vec<Received>,
    answers: VecDeque<u16>,
    usual: u16,
    pause: Duration,
}

pub struct Receiver {
    pub url: String,
    book: Arc<Mutex<Book>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Answers 200 until it is told otherwise.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let book = Arc::new(Mutex::new(Book {
            usual: 200,
            ..Book::default()
        }));
        let shared = book.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, shared.clone()));
            }
        });
        Receiver { url, book, serving }
    }

    /// The answers to come; after them, what is usual.
    pub fn answers(&self, statuses: &[u16]) {
        locked(&self.book).answers.extend(statuses);
    }

    pub fn usually(&self, status: u16) {
        locked(&self.book).usual = status;
    }

    pub fn takes(&self, pause: Duration) {
        locked(&self.book).pause = pause;
    }

    pub fn received(&self) -> Vec<Received> {
        locked(&self.book).received.clone()
    }

    /// Everything but pings.
    pub fn deliveries(&self) -> Vec<Received> {
        let mut received = self.received();
        received.retain(|one| !one.body.starts_with("webhook_id="));
        received
    }

    pub fn forget(&self) {
        locked(&self.book).received.clear();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(mut stream: TcpStream, book: Arc<Mutex<Book>>) {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let read = stream.read_buf(&mut bytes).await.unwrap_or(0);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                break (head.to_owned(), body.to_owned());
            }
        }
        if read == 0 {
            return;
        }
    };
    let headers = head.lines().skip(1).filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_owned(), value.to_owned()))
    });
    let received = Received {
        headers: headers.collect(),
        body,
    };
    let (status, pause) = {
        let mut book = locked(&book);
        book.received.push(received);
        let status = book.answers.pop_front().unwrap_or(book.usual);
        (status, book.pause)
    };
    tokio::time::sleep(pause).await;
    let answer =
        format!("HTTP/1.1 {status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    // Whoever asked may be gone, which is the test's affair.
    let _ = stream.write_all(answer.as_bytes()).await;
}
