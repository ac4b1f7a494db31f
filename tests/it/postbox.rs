//! Where notices arrive: a mail server and a web server on loopback that take nothing that is not right.
//!
//! The mail server speaks enough of SMTP for one client and insists on the order of things: no password and no mail before
//! TLS where TLS is wanted, no mail before a sign-in where one is wanted.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::world::RUNTIME;

pub const USER: &str = "shop-mailer";
pub const PASSWORD: &str = "canary-mail-password";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Plain,
    Starttls,
    Implicit,
}

#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
    pub was_private: bool,
    pub signed_in: bool,
}

impl Mail {
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.text
            .lines()
            .take_while(|line| !line.is_empty())
            .find_map(|line| line.strip_prefix(&start))
            .unwrap_or_default()
    }
}

/// A mail server.
pub struct Postbox {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Postbox {
    pub fn open(line: Line) -> Postbox {
        Postbox::answering(line, None)
    }

    /// One that answers every `RCPT` like this.
    pub fn answering(line: Line, to_recipients: Option<&'static str>) -> Postbox {
        let listener = RUNTIME
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        RUNTIME.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = kept.clone();
                tokio::spawn(async move {
                    let _ = serve(stream, line, to_recipients, &kept).await;
                });
            }
        });
        Postbox { port, mails }
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("nobody panicked").clone()
    }

    pub fn subjects(&self) -> Vec<String> {
        let mails = self.mails();
        let subjects = mails.iter().map(|mail| mail.header("Subject").to_owned());
        subjects.collect()
    }

    /// The section of a configuration that writes here.
    pub fn section(&self, line: Line) -> String {
        let (tls, login) = match line {
            Line::Plain => ("none", String::new()),
            Line::Starttls => ("starttls", login()),
            Line::Implicit => ("implicit", login()),
        };
        format!(
            "[notify.email]\nhost = \"localhost\"\nport = {}\ntls = \"{tls}\"\n\
             from = \"Shop <shop@canary.example>\"\nto = [\"owner@canary.example\"]\n{login}",
            self.port
        )
    }
}

fn login() -> String {
    format!(
        "username = \"{USER}\"\nca_file = \"{}\"\n",
        crate::odd::authority()
    )
}

trait Both: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Both for T {}

fn acceptor() -> TlsAcceptor {
    let folder = format!("{}/tests/it/tls", env!("CARGO_MANIFEST_DIR"));
    let certificate = CertificateDer::from_pem_file(format!("{folder}/server.pem"));
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/server.key"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.expect("the certificate")],
            key.expect("its key"),
        )
        .expect("they belong together");
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(
    stream: TcpStream,
    line: Line,
    to_recipients: Option<&str>,
    kept: &Mutex<Vec<Mail>>,
) -> std::io::Result<()> {
    let mut stream: BufStream<Box<dyn Both>> = match line {
        Line::Implicit => BufStream::new(Box::new(acceptor().accept(stream).await?)),
        Line::Plain | Line::Starttls => BufStream::new(Box::new(stream)),
    };
    let mut is_private = line == Line::Implicit;
    let wants_login = line != Line::Plain;
    let mut greeted = false;
    let mut signed_in = false;
    let mut from: Option<String> = None;
    let mut to: Vec<String> = Vec::new();
    say(&mut stream, "220 localhost ESMTP").await?;
    loop {
        let mut words = String::new();
        if stream.read_line(&mut words).await? == 0 {
            return Ok(());
        }
        let words = words.trim_end();
        let verb = words
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => {
                greeted = true;
                let offers = match (line, is_private) {
                    (Line::Starttls, false) => "250-localhost\r\n250-8BITMIME\r\n250 STARTTLS",
                    (Line::Plain, _) => "250-localhost\r\n250 8BITMIME",
                    _ => "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                };
                offers.to_owned()
            }
            "STARTTLS" if line == Line::Starttls && !is_private => {
                say(&mut stream, "220 go on").await?;
                let inner = stream.into_inner();
                stream = BufStream::new(Box::new(acceptor().accept(inner).await?));
                (is_private, greeted) = (true, false);
                continue;
            }
            "AUTH" if greeted && is_private => {
                let given = words.split(' ').nth(2).unwrap_or_default();
                signed_in = STANDARD
                    .decode(given)
                    .is_ok_and(|plain| plain == format!("\0{USER}\0{PASSWORD}").into_bytes());
                let answer = if signed_in {
                    "235 welcome"
                } else {
                    "535 5.7.8 wrong password of shop-mailer@canary.example"
                };
                answer.to_owned()
            }
            "MAIL" if greeted && (!wants_login || (is_private && signed_in)) => {
                from = between(words);
                "250 ok".to_owned()
            }
            "RCPT" if from.is_some() => match to_recipients {
                Some(answer) => answer.to_owned(),
                None => {
                    to.extend(between(words));
                    "250 ok".to_owned()
                }
            },
            "DATA" if !to.is_empty() => {
                say(&mut stream, "354 go on").await?;
                let text = data(&mut stream).await?;
                kept.lock().expect("nobody panicked").push(Mail {
                    from: from.take().unwrap_or_default(),
                    to: std::mem::take(&mut to),
                    text,
                    was_private: is_private,
                    signed_in,
                });
                "250 taken".to_owned()
            }
            "NOOP" | "RSET" => "250 ok".to_owned(),
            "QUIT" => {
                return say(&mut stream, "221 bye").await;
            }
            _ => "503 5.5.1 not now".to_owned(),
        };
        say(&mut stream, &answer).await?;
    }
}

async fn say(stream: &mut BufStream<Box<dyn Both>>, words: &str) -> std::io::Result<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await?;
    stream.flush().await
}

fn between(words: &str) -> Option<String> {
    let (_, rest) = words.split_once('<')?;
    Some(rest.split_once('>')?.0.to_owned())
}

async fn data(stream: &mut BufStream<Box<dyn Both>>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        assert!(
            line.ends_with("\r\n"),
            "lines of a mail end with CRLF: {line:?}"
        );
        let line = line.trim_end();
        if line == "." {
            return Ok(text);
        }
        text.push_str(line.strip_prefix("..").map_or(line, |_| &line[1..]));
        text.push('\n');
    }
}

/// A server that takes connections and never says a word.
pub fn silent_port() -> u16 {
    let listener = RUNTIME
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    RUNTIME.spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    port
}

/// What a web server was sent.
#[derive(Clone, Debug)]
pub struct Posted {
    pub head: String,
    pub body: String,
}

impl Posted {
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        });
        line.unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// A web server that takes what is posted.
pub struct Desk {
    pub url: String,
    posted: Arc<Mutex<Vec<Posted>>>,
}

impl Desk {
    pub fn open() -> Desk {
        let listener = RUNTIME
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let posted = Arc::new(Mutex::new(Vec::new()));
        let kept = posted.clone();
        RUNTIME.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                take(stream, &kept).await;
            }
        });
        Desk { url, posted }
    }

    pub fn posted(&self) -> Vec<Posted> {
        self.posted.lock().expect("nobody panicked").clone()
    }
}

/// Notes what is posted before it is answered: whoever has the answer finds it noted.
async fn take(mut stream: TcpStream, noted: &Mutex<Vec<Posted>>) -> Option<()> {
    let mut all = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let length = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|length| *length > 0)?;
        all.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&all).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let one = Posted {
            head: head.to_owned(),
            body: body.to_owned(),
        };
        let expected: usize = one.header("content-length").parse().ok()?;
        if one.body.len() >= expected {
            noted.lock().expect("nobody panicked").push(one);
            let answer = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            return stream.write_all(answer.as_bytes()).await.ok();
        }
    }
}
