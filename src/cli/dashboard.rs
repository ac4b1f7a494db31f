//! `dashboard`: the pages of `serve` on one's own machine, opened for whoever sits at it.
//!
//! Whoever can read the files of a shop may do everything with it, so they are let in by a link that is made here and works once. Nothing
//! is begun that nobody asked for: no schedule and no sweep, because somebody who looks does not expect that documents are written.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;
use secrecy::ExposeSecret;

use super::args::Global;
use super::report::{Failure, exit};
use super::serve::{Opening, ServeArgs, run_server};
use super::session::open_shop;
use super::{child, out};
use crate::app::access::{Admission, By, invite};
use crate::model::access::{AccessRole, AllowedShops};
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
        show(&link, args.no_browser);
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
        all: false,
    };
    let opening = match args.no_browser {
        true => Opening::Link,
        false => Opening::Browser,
    };
    run_server(global, &serving, opening, false).await
}

/// A link into the server that runs already at the address of the configuration.
fn of_running_server(global: &Global) -> Result<Option<String>, Failure> {
    let app = open_shop(global)?;
    let listen = app.config.serve.listen;
    if !is_ours(listen) {
        return Ok(None);
    }
    let file = AccessFile::open(&AccessFile::path_beside(&app.state))?;
    link(&file, &super::access::dashboard(&app), app.clock.now()).map(Some)
}

/// Whether a udsync answers at an address of this machine.
fn is_ours(address: SocketAddr) -> bool {
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request =
            format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(8192).read_to_string(&mut answer)?;
        Ok(answer)
    };
    address.ip().is_loopback() && asked().is_ok_and(|answer| answer.contains("udsync/health/1"))
}

/// A link that lets the owner of this machine in once.
pub fn link(
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
    let (secret, _) = invite(file, &admission, By::COMMAND_LINE, now)?;
    Ok(format!("{url}/invite/{}", secret.expose_secret()))
}

/// Opens a link, or prints it where no browser is wanted.
pub fn show(link: &str, is_printed: bool) {
    if is_printed {
        out::print(&format!("{link}\n"));
        return;
    }
    let link = link.to_owned();
    // Some browsers stay in the foreground of whoever starts them.
    let started = std::thread::Builder::new().spawn(move || child::browse(&link));
    if started.is_err() {
        out::say("no browser could be started; `--no-browser` prints the link");
    }
}
