//! The listener: takes the one answer that a browser brings back to this machine.
//!
//! It listens on loopback only, knows one path, and ends with the first answer that carries the right state. It speaks just
//! enough HTTP for a browser: a request line in, a small page out. Browsers open connections that they do not use, so no
//! connection keeps another one waiting.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::model::fault::{Fault, Remedy};

use super::sign_in::{BrowserConsent, Invitation, Unfit};

/// The one path it knows.
const PATH: &str = "/callback";
/// A request line is never longer than this.
const REQUEST_MAX: usize = 16_000;
/// How long a browser may take to send its request.
const PATIENCE: Duration = Duration::from_secs(10);

const CAME: &str = "udsync has the answer. Go on in the terminal; this window can be closed.";
const DENIED: &str = "udsync was not connected. This window can be closed.";
const OTHER: &str =
    "This is not the answer that udsync waits for. Begin again with the address that it printed.";
const NOTHING: &str = "There is nothing here.";

/// Somebody waits for a browser on this machine.
pub struct BrowserListener {
    sockets: Vec<TcpListener>,
    port: u16,
}

impl BrowserListener {
    /// Begins to listen, on both addresses that `localhost` can be; port 0 takes any that is free.
    pub async fn open(port: u16) -> Result<BrowserListener, Fault> {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| not_open(port, &error))?;
        let port = first
            .local_addr()
            .map_err(|error| not_open(port, &error))?
            .port();
        let mut sockets = vec![first];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(second) => sockets.push(second),
            // Somebody else would get half of the answers.
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(not_open(port, &error));
            }
            // A machine without IPv6 has one address less.
            Err(_) => {}
        }
        Ok(BrowserListener { sockets, port })
    }

    /// The address to be registered with the app.
    pub fn redirect(&self) -> String {
        redirect(self.port)
    }

    /// Waits for the answer to an invitation, or for the person's no.
    pub async fn wait(
        self,
        invitation: Arc<Invitation>,
        at_most: Duration,
    ) -> Result<BrowserConsent, Fault> {
        let (tell, mut told) = mpsc::channel(1);
        let mut servers = tokio::task::JoinSet::new();
        for socket in self.sockets {
            servers.spawn(serve(socket, invitation.clone(), tell.clone()));
        }
        drop(tell);
        match tokio::time::timeout(at_most, told.recv()).await {
            Ok(Some(answer)) => answer.map_err(Unfit::fault),
            Ok(None) | Err(_) => Err(Fault::new(
                Remedy::Reconnect,
                "sign_in_too_late",
                format!("nobody signed in within {} minutes", at_most.as_secs() / 60),
            )
            .hint("run `udsync connect quickbooks` again when somebody is there")),
        }
    }
}

/// The address of the listener on this port.
pub fn redirect(port: u16) -> String {
    format!("http://localhost:{port}{PATH}")
}

fn not_open(port: u16, error: &std::io::Error) -> Fault {
    let said = if error.kind() == ErrorKind::AddrInUse {
        format!("port {port} of this machine is taken by another program")
    } else {
        format!("could not listen on port {port} of this machine: {error}")
    };
    Fault::new(Remedy::Stop, "port_taken", said).hint(format!(
        "take another with `--port {}` and register `{}` with the app, or use `--manual`",
        port.wrapping_add(1),
        redirect(port.wrapping_add(1))
    ))
}

type BrowserTell = mpsc::Sender<Result<BrowserConsent, Unfit>>;

async fn serve(socket: TcpListener, invitation: Arc<Invitation>, tell: BrowserTell) {
    loop {
        let Ok((stream, _)) = socket.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        tokio::spawn(answer(stream, invitation.clone(), tell.clone()));
    }
}

/// One request of a browser.
async fn answer(mut stream: TcpStream, invitation: Arc<Invitation>, tell: BrowserTell) {
    if stream
        .peer_addr()
        .map(|peer: SocketAddr| peer.ip().is_loopback())
        .ok()
        != Some(true)
    {
        return;
    }
    let Ok(Some(line)) = tokio::time::timeout(PATIENCE, request_line(&mut stream)).await else {
        return;
    };
    let (status, words, news) = judged(&line, &invitation);
    // The page first: after the news the process may be gone.
    let sent = tokio::time::timeout(PATIENCE, send(&mut stream, status, words)).await;
    drop(sent);
    if let Some(news) = news {
        // Somebody may have been faster.
        let _ = tell.try_send(news);
    }
}

/// What a request line is worth: a status, words for the page, and an answer if it is one.
fn judged(
    line: &str,
    invitation: &Invitation,
) -> (
    &'static str,
    &'static str,
    Option<Result<BrowserConsent, Unfit>>,
) {
    let mut words = line.split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != PATH {
        return ("404 Not Found", NOTHING, None);
    }
    if method != Some("GET") {
        return ("405 Method Not Allowed", NOTHING, None);
    }
    match invitation.answered(query) {
        Ok(consent) => ("200 OK", CAME, Some(Ok(consent))),
        Err(unfit @ (Unfit::Denied | Unfit::Refused)) => ("200 OK", DENIED, Some(Err(unfit))),
        Err(Unfit::OtherState | Unfit::NoCode) => ("400 Bad Request", OTHER, None),
    }
}

/// The first line of a request, once all of its head is there.
async fn request_line(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await.ok()?;
        if read == 0 || head.len() + read > REQUEST_MAX {
            return None;
        }
        head.extend_from_slice(&piece[..read]);
    }
    let end = head.windows(2).position(|pair| pair == b"\r\n")?;
    String::from_utf8(head[..end].to_vec()).ok()
}

async fn send(stream: &mut TcpStream, status: &str, words: &str) -> std::io::Result<()> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>udsync</title></head>\
         <body><p>{words}</p></body></html>\n"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::connector::quickbooks::sign_in::{AT_MOST, CHANCE, invite};

    fn invitation(listener: &BrowserListener) -> Arc<Invitation> {
        let auth = Url::parse("https://auth.example/connect").expect("an address");
        let client = "client".to_owned().into();
        Arc::new(invite(&auth, &client, &listener.redirect(), [7; CHANCE]))
    }

    fn state(invitation: &Invitation) -> String {
        let (_, state) = invitation.address().split_once("state=").expect("a state");
        state.to_owned()
    }

    #[tokio::test]
    async fn a_connection_that_says_nothing_keeps_nobody_waiting() {
        let listener = BrowserListener::open(0).await.expect("a port");
        let invitation = invitation(&listener);
        let address = ("127.0.0.1", listener.port);
        let query = format!("code=c&realmId=9130&state={}", state(&invitation));
        let waiting = tokio::spawn(listener.wait(invitation, AT_MOST));
        let _silent = TcpStream::connect(address).await.expect("open");
        let mut browser = TcpStream::connect(address).await.expect("open");
        // In two pieces, as a slow line brings it.
        let request = format!("GET /callback?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for piece in [&request[..20], &request[20..]] {
            browser.write_all(piece.as_bytes()).await.expect("sent");
        }
        let mut page = String::new();
        browser.read_to_string(&mut page).await.expect("a page");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(page.contains("Referrer-Policy: no-referrer\r\n"), "{page}");
        let consent = waiting.await.expect("ended").expect("consent");
        assert_eq!(consent.company_id, "9130");
    }

    #[tokio::test]
    async fn nobody_is_waited_for_longer_than_ten_minutes() {
        let listener = BrowserListener::open(0).await.expect("a port");
        let invitation = invitation(&listener);
        tokio::time::pause();
        let fault = listener.wait(invitation, AT_MOST).await.expect_err("late");
        assert_eq!(fault.code, "sign_in_too_late");
        assert_eq!(fault.said, "nobody signed in within 10 minutes");
    }

    #[test]
    fn only_the_answer_is_an_answer() {
        let invitation = {
            let auth = Url::parse("https://auth.example/connect").expect("an address");
            invite(
                &auth,
                &"client".to_owned().into(),
                &redirect(1),
                [7; CHANCE],
            )
        };
        let good = format!("code=c&realmId=9130&state={}", state(&invitation));
        for (line, status) in [
            (
                format!("POST /callback?{good} HTTP/1.1"),
                "405 Method Not Allowed",
            ),
            (format!("GET /other?{good} HTTP/1.1"), "404 Not Found"),
            ("GET /callback HTTP/1.1".to_owned(), "400 Bad Request"),
            (String::new(), "404 Not Found"),
        ] {
            let (said, _, answer) = judged(&line, &invitation);
            assert_eq!(said, status, "{line}");
            assert!(answer.is_none());
        }
    }
}
