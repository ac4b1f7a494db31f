//! A server of a few lines: it answers each request as a closure says, whole or cut off, and keeps what was asked.
//!
//! It imitates no shop; that is for the closures.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub query: Vec<(String, String)>,
    pub authorization: Option<String>,
    pub accept: Option<String>,
}

impl Asked {
    pub fn get(&self, wanted: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// So many bytes of the body and no more.
    pub cut: Option<usize>,
    pub after: Duration,
}

impl Answer {
    pub fn json(body: impl Into<String>) -> Answer {
        Answer {
            status: 200,
            body: body.into(),
            ..Answer::default()
        }
    }

    pub fn status(status: u16, body: impl Into<String>) -> Answer {
        Answer {
            status,
            body: body.into(),
            ..Answer::default()
        }
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Answer {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// What a real shop answered.
    pub fn recorded(name: &str) -> Answer {
        let exchange = super::recorded(name);
        let response = &exchange["response"];
        let headers: Vec<(String, String)> =
            serde_json::from_value(response["headers"].clone()).expect("headers");
        Answer {
            status: response["status"].as_u64().expect("a status") as u16,
            headers: headers
                .into_iter()
                .filter(|(name, _)| {
                    !["transfer-encoding", "content-length", "connection"]
                        .contains(&name.to_ascii_lowercase().as_str())
                })
                .collect(),
            body: response["body"].as_str().expect("a body").to_owned(),
            ..Answer::default()
        }
    }
}

pub struct Server {
    pub url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let most_at_once = Arc::new(AtomicUsize::new(0));
        let (answer, kept, most) = (Arc::new(answer), asked.clone(), most_at_once.clone());
        tokio::spawn(async move {
            let at_once = Arc::new(AtomicUsize::new(0));
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, kept) = (answer.clone(), kept.clone());
                let (most, at_once) = (most.clone(), at_once.clone());
                tokio::spawn(async move {
                    most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    // A client that hangs up is its own affair.
                    let _ = serve(stream, &*answer, &kept, &at_once).await;
                });
            }
        });
        Server {
            url: Url::parse(&url).expect("an address"),
            asked,
            most_at_once,
        }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no test panicked in it").clone()
    }

    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: &(impl Fn(&Asked) -> Answer + ?Sized),
    kept: &Mutex<Vec<Asked>>,
    at_once: &AtomicUsize,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = match stream.read_u8().await {
            Ok(byte) => byte,
            Err(error) => {
                at_once.fetch_sub(1, Ordering::SeqCst);
                return Err(error);
            }
        };
        head.push(byte);
        // Somebody speaks TLS: web servers say so in plain words.
        if head[0] == 0x16 {
            at_once.fetch_sub(1, Ordering::SeqCst);
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await?;
            return stream.shutdown().await;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split_whitespace().nth(1).unwrap_or("/");
    let url = Url::parse("http://here/")
        .and_then(|here| here.join(target))
        .expect("a target");
    let header = |wanted: &str| {
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.to_owned())
    };
    let asked = Asked {
        path: url.path().to_owned(),
        query: url
            .query_pairs()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        authorization: header("authorization"),
        accept: header("accept"),
    };
    let answer = {
        kept.lock()
            .expect("no test panicked in it")
            .push(asked.clone());
        answer(&asked)
    };
    tokio::time::sleep(answer.after).await;
    let mut text = format!(
        "HTTP/1.1 {} X\r\ncontent-length: {}\r\nconnection: close\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    let body = &answer.body.as_bytes()[..answer.cut.unwrap_or(answer.body.len())];
    at_once.fetch_sub(1, Ordering::SeqCst);
    stream.write_all(text.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
