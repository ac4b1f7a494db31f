//! A server of a few lines: it answers each request as a closure says, whole, cut off or not at all, and keeps what was asked.
//!
//! It imitates neither a gateway nor a PostgREST; that is for the closures.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Decoded, the query with it.
    pub target: String,
    pub head: String,
    pub body: String,
}

#[derive(Clone, Debug)]
pub enum Answer {
    Whole {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The connection ends without a word.
    Cut,
    Silence,
}

impl Answer {
    pub fn of(status: u16, body: &str) -> Answer {
        Answer::Whole {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    /// What PostgREST answers when everything was merged.
    pub fn merged(count: usize) -> Answer {
        Answer::of(201, "")
            .with(
                "preference-applied",
                "resolution=merge-duplicates, return=minimal, count=exact",
            )
            .with("content-range", &format!("*/{count}"))
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Answer {
        if let Answer::Whole { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

pub struct Server {
    pub url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// The closure is told the number of the request, from one.
    pub async fn start(answer: impl Fn(usize, &Asked) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = asked.clone();
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, answer) = (kept.clone(), answer.clone());
                tokio::spawn(async move {
                    let _ = serve(stream, &kept, &*answer).await;
                });
            }
        });
        Server {
            url: format!("http://{address}").parse().expect("an address"),
            asked,
        }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no test panics here").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    kept: &Mutex<Vec<Asked>>,
    answer: &(dyn Fn(usize, &Asked) -> Answer + Send + Sync),
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let head = loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a length"));
    while bytes.len() < head + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
    let original = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut words = original.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let target = percent_encoding::percent_decode_str(target)
        .decode_utf8_lossy()
        .into_owned();
    let asked = Asked {
        method,
        target,
        head: text,
        body: String::from_utf8_lossy(&bytes[head..]).into_owned(),
    };
    let number = {
        let mut kept = kept.lock().expect("no test panics here");
        kept.push(asked.clone());
        kept.len()
    };
    match answer(number, &asked) {
        Answer::Cut => Ok(()),
        Answer::Silence => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(())
        }
        Answer::Whole {
            status,
            headers,
            body,
        } => {
            let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
            for (name, value) in headers {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
            stream.write_all(text.as_bytes()).await?;
            stream.shutdown().await
        }
    }
}
