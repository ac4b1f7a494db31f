//! `dashboard`: the pages of `serve` on one's own machine, opened for whoever sits at it.
//!
//! Whoever can read the files of a shop may do everything with it, so they are let in by a link that is made here and works once. Nothing
//! is begun that nobody asked for: no schedule and no sweep, because somebody who looks does not expect that documents are written.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::args::Global;
use super::report::{Failure, exit};
use super::serve::{Opening, ServeArgs, for_all, run_server};
use super::session::open_shop;
use super::{child, out};
use crate::app::access::{AT_ONCE, Admission, By, invite_for, proof_of};
use crate::config::ServeSettings;
use crate::files;
use crate::model::access::{AccessRole, AllowedShops};
use crate::model::fingerprint::hex;
use crate::safe::token::chance;
use crate::store::access::AccessFile;

/// Who it is where the system does not say, or says what cannot be a name.
const NAMELESS: &str = "owner";
const NAME_MAX: usize = 60;
/// A server on this very machine answers at once, or is none.
const PATIENCE: Duration = Duration::from_secs(3);

/// Open the dashboard in the browser
///
/// Serves it on this machine for as long as the command runs, and opens a page that is signed in already. Where `udsync serve` runs at
/// the address of the configuration, its page is opened instead. No schedule and no sweep begins by itself here: nothing is written
/// before you say so on a page.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync dashboard\n  udsync dashboard --sandbox\n  udsync dashboard --no-browser"
)]
pub struct DashboardArgs {
    /// Listen here instead of at the address of the configuration
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Show the built-in sandbox, in which a new order comes every few seconds
    #[arg(long, conflicts_with_all = ["shop", "config"])]
    pub sandbox: bool,
    /// Print the link, and open no browser
    #[arg(long)]
    pub no_browser: bool,
}

/// Runs `dashboard`.
pub async fn dashboard(global: &Global, args: &DashboardArgs) -> Result<u8, Failure> {
    if !args.sandbox
        && args.listen.is_none()
        && let Some(link) = of_running_server(global)?
    {
        show(&link, args.no_browser)?;
        return Ok(exit::DONE);
    }
    let serving = ServeArgs {
        listen: args.listen.clone(),
        // Nobody tells it of anything: it is not there for long enough.
        hooks_listen: Some("127.0.0.1:0".to_owned()),
        behind_proxy: false,
        no_schedules: true,
        open: true,
        sandbox: args.sandbox,
        all_shops: false,
    };
    let opening = match args.no_browser {
        true => Opening::Link,
        false => Opening::Browser,
    };
    run_server(global, &serving, opening, false).await
}

/// A link into the server that runs already at the address of the configuration.
fn of_running_server(global: &Global) -> Result<Option<Link>, Failure> {
    let app = open_shop(global)?;
    let own = (
        app.config.serve.clone(),
        AccessFile::path_beside(&app.state),
    );
    // Where the shops are served together, the shop is among them.
    for (settings, path) in for_all(global)?.into_iter().chain([own]) {
        if let Some(link) = into_running(&settings, &path, app.clock.now())? {
            return Ok(Some(link));
        }
    }
    Ok(None)
}

fn into_running(
    settings: &ServeSettings,
    path: &Path,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<Link>, Failure> {
    let listen = settings.listen;
    if !path.exists() || !listen.ip().is_loopback() {
        return Ok(None);
    }
    let file = AccessFile::open(path)?;
    if !is_ours(&file, listen)? {
        return Ok(None);
    }
    Link::new(file, &settings.dashboard_address(), now).map(Some)
}

/// Whether the udsync that answers at an address of this machine lets in by the access file of this shop. Whoever cannot prove it is
/// somebody else, and is sent no secret.
fn is_ours(file: &AccessFile, address: SocketAddr) -> Result<bool, Failure> {
    let nonce: [u8; 16] =
        chance().map_err(|error| Failure::new("no_randomness", error.to_string()))?;
    let nonce = hex(&nonce);
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "GET /healthz?nonce={nonce} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(8192).read_to_string(&mut answer)?;
        Ok(answer)
    };
    let proof = proof_of(file, &address.to_string(), &nonce)?;
    Ok(asked().is_ok_and(|answer| answer.contains(&format!("\"proof\":\"{proof}\""))))
}

/// A link that lets the owner of this machine in once, within a minute.
pub struct Link {
    url: SecretString,
    /// Beside the access file, and as private as that: what a browser is started with can be read by everybody on the machine, so it is
    /// started with a file that leads on.
    page: PathBuf,
}

impl Link {
    pub fn new(
        file: AccessFile,
        url: &str,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Link, Failure> {
        Ok(Link {
            url: link(&file, url, now)?.into(),
            page: file.path().with_file_name("udsync_open.html"),
        })
    }
}

fn link(
    file: &AccessFile,
    url: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<String, Failure> {
    // What the system calls somebody may be no name here.
    let is_plain = |name: &String| {
        name.len() <= NAME_MAX
            && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
    };
    let name = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(is_plain)
        .unwrap_or_else(|| NAMELESS.to_owned());
    let known = file.user(&name)?;
    let (role, shops) = known.map_or((AccessRole::Owner, AllowedShops::All), |user| {
        (user.role, user.shops)
    });
    let admission = Admission {
        name,
        role,
        shops,
        ends_at: None,
    };
    let (secret, _) = invite_for(file, &admission, AT_ONCE, By::COMMAND_LINE, now)?;
    Ok(format!("{url}/invite/{}", secret.expose_secret()))
}

/// Opens a link, or prints it where no browser is wanted.
pub fn show(link: &Link, is_printed: bool) -> Result<(), Failure> {
    let url = link.url.expose_secret();
    if is_printed {
        out::print(&format!("{url}\n"));
        return Ok(());
    }
    let unwritten = |error: std::io::Error| {
        let place = link.page.display();
        Failure::new(
            "file_unwritten",
            format!("could not write `{place}`: {error}"),
        )
        .hint("`udsync dashboard --no-browser` prints the link instead")
    };
    write_page(&link.page, url).map_err(unwritten)?;
    if !child::browse_page(&link.page) {
        out::say(&format!(
            "no browser could be started: open `{}` in one within a minute; `udsync dashboard --no-browser` prints the link instead",
            link.page.display()
        ));
    }
    Ok(())
}

/// A page on this disk that leads on at once, and has a link for a browser that does not.
fn write_page(place: &Path, url: &str) -> std::io::Result<()> {
    let url = url.replace('&', "&amp;").replace('"', "&quot;");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n<title>udsync</title>\n\
         <p><a href=\"{url}\">Open the dashboard</a>. The link is good once, within a minute.</p>\n</html>\n"
    );
    // One of before may be read by others, whatever they did to it.
    match std::fs::remove_file(place) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = files::private().write(true).create_new(true).open(place)?;
    file.write_all(page.as_bytes())
}
