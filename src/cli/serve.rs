//! `serve`: one process that does all of it by itself. Here are its words and its shops; the work is `server`'s.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::args::{Global, Output};
use super::living::{LivingSecrets, set_ended_sandbox_aside, set_in_motion};
use super::report::{Failure, exit};
use super::schedule::{ScheduledRun, System, say_word};
use super::session::{
    SessionSandbox, config_path, open_sandbox, open_shop, output, stop_by_signals,
};
use super::{dashboard, out, show};
use crate::app::App;
use crate::app::access::{self, Admission};
use crate::app::typed::for_shop;
use crate::config::{self, ServeSettings, process_env};
use crate::model::access::{AccessRole, AllowedShops};
use crate::server::options::TlsFiles;
use crate::server::shops::Opener;
use crate::server::{ServeOptions, ServedShop, Server, Shops, Spoken, Stop};
use crate::store::access::AccessFile;
use secrecy::ExposeSecret;

/// Keep shops in step by itself: schedules, webhooks, sweeps, API and dashboard
///
/// One process does all of it, in the foreground, until SIGTERM or Ctrl-C ends it. API and dashboard are on --listen; webhooks are on
/// --hooks-listen, which is the only address that a proxy or a tunnel should expose. An address that other machines reach needs
/// --behind-proxy, or a certificate in `[serve]`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync serve\n  udsync serve --sandbox --open\n  udsync serve --all-shops --no-schedules --json"
)]
pub struct ServeArgs {
    /// Listen here for the API, the dashboard, health and metrics
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Listen here for webhooks
    #[arg(long, value_name = "ADDR")]
    pub hooks_listen: Option<String>,
    /// A proxy in front ends TLS, so listen where other machines reach it
    #[arg(long)]
    pub behind_proxy: bool,
    /// Leave the schedules to somebody else
    #[arg(long)]
    pub no_schedules: bool,
    /// Open the dashboard in the browser, signed in
    #[arg(long)]
    pub open: bool,
    /// Serve the built-in sandbox, in which a new order comes every few seconds
    #[arg(long, conflicts_with_all = ["all_shops", "shop", "config"])]
    pub sandbox: bool,
    /// Serve every shop of the configuration folder
    #[arg(long = "all", visible_alias = "all-shops", conflicts_with_all = ["shop", "config", "state"])]
    pub all_shops: bool,
}

/// The shops that are served, and what is kept for as long as they are.
struct ServedShops {
    shops: Shops,
    options: ServeOptions,
    sandbox: Option<(SessionSandbox, LivingSecrets)>,
}

#[derive(Serialize)]
struct Serving<'a> {
    schema: &'static str,
    url: &'a str,
    hooks_url: &'a str,
    shops: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox: Option<StandIns>,
}

/// Where the stand-ins are, for whoever wants to look behind the scenes.
#[derive(Serialize)]
struct StandIns {
    woocommerce_url: String,
    quickbooks_url: String,
    supabase_url: String,
    stripe_url: String,
    /// Lets in whoever wants to try the API: it is good for this sandbox, and as long as it.
    token: String,
}

/// What is opened once it is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    Nothing,
    Browser,
    /// The link is printed, for whoever opens it elsewhere.
    Link,
}

/// Runs `serve`.
pub async fn serve(global: &Global, args: &ServeArgs) -> Result<u8, Failure> {
    let opening = match args.open {
        true => Opening::Browser,
        false => Opening::Nothing,
    };
    run_server(global, args, opening, true).await
}

/// Serves until it is asked to end. `sweeps`: it looks for what nobody told.
pub async fn run_server(
    global: &Global,
    args: &ServeArgs,
    opening: Opening,
    sweeps: bool,
) -> Result<u8, Failure> {
    let stop = stop_by_signals();
    let (spoken, words) = unbounded_channel();
    let served = served(global, args, &stop, &spoken).await?;
    let names: Vec<String> = served.shops.names().map(str::to_owned).collect();
    let system = System::new();
    let options = ServeOptions {
        heartbeat: system.interval().unwrap_or(served.options.heartbeat),
        // The sandbox is there to be looked at while it works.
        sweeps: sweeps || args.sandbox,
        ..served.options
    };
    let access_file = options.access_file.clone();
    let server = Server::bind(options, served.shops, stop, spoken).await?;
    let (url, hooks_url) = (server.url(), server.hooks_url());
    let token = match &served.sandbox {
        Some(_) => token_of_sandbox(&AccessFile::open(&access_file)?)?,
        None => String::new(),
    };
    if let Some((sandbox, secrets)) = &served.sandbox {
        set_in_motion(sandbox, secrets, &hooks_url).await?;
    }
    match output(global) {
        Output::Json => out::print_json_line(&Serving {
            schema: "udsync/serving/1",
            url: &url,
            hooks_url: &hooks_url,
            shops: names.iter().map(String::as_str).collect(),
            sandbox: served.sandbox.as_ref().map(|(sandbox, _)| StandIns {
                woocommerce_url: sandbox.shop.url(),
                quickbooks_url: sandbox.company.url(),
                supabase_url: sandbox.database.url(),
                stripe_url: sandbox.stripe.url(),
                token: token.clone(),
            }),
        }),
        Output::Text | Output::Csv => {
            out::print(&format!("serving {url}\n"));
            if served.sandbox.is_some() && !global.quiet {
                out::say(&format!(
                    "a made-up shop sells something every few seconds; the API shows what becomes of it:\n  \
                     curl -H 'Authorization: Bearer {token}' {url}/api/sync/history"
                ));
            }
        }
    }
    system.ready();
    if opening != Opening::Nothing {
        let file = AccessFile::open(&access_file)?;
        let link = dashboard::Link::new(file, &url, chrono::Utc::now())?;
        dashboard::show(&link, opening == Opening::Link)?;
    }
    let (ends, end) = oneshot::channel();
    let teller = Teller {
        global: global.clone(),
        system,
        names_shops: names.len() > 1,
    };
    let heard = tokio::spawn(teller.hear(words, end));
    let done = server.run().await;
    system.stopping();
    // The teller is gone only if it panicked, and has said so.
    let _ = ends.send(());
    let _ = heard.await;
    drop(served.sandbox);
    done?;
    if !global.quiet {
        out::say("stopped; what was begun is recorded and goes on with the next start");
    }
    Ok(exit::DONE)
}

/// Lets in whoever wants to try the API. Its state may be kept: then the token of before ends with the process that it was for.
fn token_of_sandbox(file: &AccessFile) -> Result<String, Failure> {
    let (by, now) = (access::By::COMMAND_LINE, chrono::Utc::now());
    let admission = Admission {
        name: "sandbox".to_owned(),
        role: AccessRole::Owner,
        shops: AllowedShops::All,
        ends_at: None,
    };
    if file.user(&admission.name)?.is_some() {
        access::revoke(file, &admission.name, by, now)?;
    }
    let token = access::add(file, &admission, by, now)?;
    Ok(token.expose_secret().to_owned())
}

/// Tells a person and the manager of services what the server has to say. Standard output has the ready line and nothing else.
struct Teller {
    global: Global,
    system: System,
    names_shops: bool,
}

impl Teller {
    async fn hear(self, mut words: UnboundedReceiver<Spoken>, mut end: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                biased;
                Some(word) = words.recv() => self.tell(word),
                _ = &mut end => break,
            }
        }
        while let Ok(word) = words.try_recv() {
            self.tell(word);
        }
    }

    fn tell(&self, word: Spoken) {
        match word {
            Spoken::Run { shop, word } => say_word(&self.global, self.named(&shop), &word),
            Spoken::Worked { shop, worked } => {
                let told = ScheduledRun::new(&worked, |words| self.typed(&shop, words));
                if !self.global.quiet || told.exit != exit::DONE {
                    self.say(&shop, &told.line());
                }
            }
            Spoken::Ended { .. } if self.global.quiet => {}
            Spoken::Ended {
                shop,
                command,
                tallies,
            } => {
                let figures = show::summary_in_line(&tallies, show::Mood::Did);
                self.say(&shop, &format!("{command}: {figures}"));
            }
            Spoken::Trouble { shop, failure } => {
                let words = self.typed(&shop, failure.words().trim_end());
                self.say(&shop, &words);
            }
            Spoken::Status(text) => self.system.status(&text),
            Spoken::Alive => self.system.beat(),
        }
    }

    /// What is to be typed, as it is typed for one of several.
    fn typed(&self, shop: &str, words: &str) -> String {
        match self.named(shop) {
            Some(shop) => for_shop(words, shop, Some(shop)),
            None => words.to_owned(),
        }
    }

    fn say(&self, shop: &str, text: &str) {
        match self.named(shop) {
            Some(shop) => out::say(&format!("{shop}: {text}")),
            None => out::say(text),
        }
    }

    fn named<'a>(&self, shop: &'a str) -> Option<&'a str> {
        Some(shop).filter(|_| self.names_shops)
    }
}

async fn served(
    global: &Global,
    args: &ServeArgs,
    stop: &Stop,
    spoken: &UnboundedSender<Spoken>,
) -> Result<ServedShops, Failure> {
    let serve = |name: &str, opener: Opener, is_sandbox: bool| {
        ServedShop::new(name, opener, is_sandbox, stop.clone(), spoken.clone())
    };
    if args.sandbox {
        let secrets = LivingSecrets::new()?;
        let (app, sandbox) = open_sandbox(global, |name| secrets.environment(name)).await?;
        if let Some(before) = set_ended_sandbox_aside(&app, &sandbox.shop.url())? {
            out::say(&format!(
                "the sandbox of before ended with its process; what was known of it is now in {}",
                before.display()
            ));
        }
        let settings = app.config.serve.clone();
        let options = options(
            args,
            settings,
            AccessFile::path_beside(&app.state),
            Path::new(""),
        )?;
        let name = app.config.shop.name.clone();
        let opener: Opener = Arc::new(move || Ok(app.clone()));
        return Ok(ServedShops {
            shops: Shops::new([serve(&name, opener, true)]),
            options: ServeOptions {
                is_sandbox: true,
                ..options
            },
            sandbox: Some((sandbox, secrets)),
        });
    }
    let shop = |global: Global| -> Result<(App, Arc<ServedShop>), Failure> {
        let app = open_shop(&global)?;
        let name = app.config.shop.name.clone();
        let opener: Opener = Arc::new(move || open_shop(&global));
        Ok((app, serve(&name, opener, false)))
    };
    if !args.all_shops && global.shops.len() < 2 {
        let (app, shop) = shop(global.clone())?;
        // What is wrong with the state file is told at once and ends it.
        let _ = app.store()?;
        let settings = app.config.serve.clone();
        let folder = app.config.source_path.parent().unwrap_or(Path::new(""));
        let options = options(args, settings, AccessFile::path_beside(&app.state), folder)?;
        return Ok(ServedShops {
            shops: Shops::new([shop]),
            options,
            sandbox: None,
        });
    }
    several(global, args, shop)
}

/// Several shops: each by itself, and what they have in common in files of its own.
fn several(
    global: &Global,
    args: &ServeArgs,
    shop: impl Fn(Global) -> Result<(App, Arc<ServedShop>), Failure>,
) -> Result<ServedShops, Failure> {
    let no_home =
        |error: config::NoHome| Failure::new("no_home", error.to_string()).hint(error.hint);
    let folder = config::config_folder(&process_env).map_err(no_home)?;
    let names = if args.all_shops {
        config::shops_in(&folder).map_err(|error| {
            Failure::new("config_not_found", error.to_string()).hint(error.hint())
        })?
    } else {
        global.shops.clone()
    };
    if global.state.is_some() {
        return Err(Failure::new(
            "usage",
            "`--state` names one state file, and each shop has its own",
        )
        .hint("set `state` in `[shop]` of each, or leave it to the state folder"));
    }
    if names.is_empty() {
        return Err(Failure::new(
            "config_not_found",
            format!("there is no shop in `{}`", folder.display()),
        )
        .hint("set one up with `udsync init --shop NAME`"));
    }
    let mut shops = Vec::new();
    let mut states: Vec<(PathBuf, String)> = Vec::new();
    for name in names {
        let (app, shop) = shop(Global {
            shop: Some(name.clone()),
            shops: Vec::new(),
            ..global.clone()
        })?;
        let _ = app.store()?;
        let state = std::fs::canonicalize(&app.state).unwrap_or_else(|_| app.state.clone());
        if let Some((_, other)) = states.iter().find(|(known, _)| *known == state) {
            return Err(Failure::new(
                "config_invalid",
                format!("`{other}.toml` and `{name}.toml` have the same state file, so they would be one shop"),
            )
            .hint("give each its own `name` in `[shop]`, and its own `state` where one is set"));
        }
        states.push((state, name));
        shops.push(shop);
    }
    let state_folder = config::state_folder(&process_env).map_err(no_home)?;
    let options = options(
        args,
        settings_of_several(&folder)?,
        AccessFile::path_beside(&state_folder.join("shop.db")),
        &folder,
    )?;
    Ok(ServedShops {
        options: ServeOptions {
            many_shops: true,
            ..options
        },
        shops: Shops::new(shops),
        sandbox: None,
    })
}

/// The server for all shops of the folder, where one is set up by a `serve.toml` beside the shop's own file: what it is set to, and who
/// may come in there.
pub(super) fn for_all(global: &Global) -> Result<Option<(ServeSettings, PathBuf)>, Failure> {
    let path = config_path(global)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    if !folder.join("serve.toml").is_file() {
        return Ok(None);
    }
    let state = config::state_folder(&process_env)
        .map_err(|error| Failure::new("no_home", error.to_string()).hint(error.hint))?;
    let access_file = AccessFile::path_beside(&state.join("shop.db"));
    Ok(Some((settings_of_several(folder)?, access_file)))
}

/// `serve.toml` of the configuration folder; without it, everything as without a setting.
pub(super) fn settings_of_several(folder: &Path) -> Result<ServeSettings, Failure> {
    let path = folder.join("serve.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Failure::new(
                "config_unreadable",
                format!("could not read `{}`: {error}", path.display()),
            )
            .hint("see that this user may read it"));
        }
    };
    config::parse_serve(&text, &path.to_string_lossy())
        .map_err(|complaints| Failure::from_complaints(&complaints))
}

/// The settings with the flags over them. Paths are relative to the folder of the file.
fn options(
    args: &ServeArgs,
    settings: ServeSettings,
    access_file: PathBuf,
    folder: &Path,
) -> Result<ServeOptions, Failure> {
    let mut settings = settings;
    if let Some(listen) = &args.listen {
        settings.listen = address("--listen", listen)?;
    }
    if let Some(listen) = &args.hooks_listen {
        settings.hooks_listen = address("--hooks-listen", listen)?;
    }
    let tls = match (&settings.tls_cert, &settings.tls_key) {
        (Some(cert), Some(key)) => Some(TlsFiles {
            cert: folder.join(cert),
            key: folder.join(key),
        }),
        _ => None,
    };
    Ok(ServeOptions {
        behind_proxy: args.behind_proxy,
        schedules: !args.no_schedules,
        tls,
        ..ServeOptions::new(settings, access_file)
    })
}

/// An address to listen on. `localhost` is the one name that means this machine everywhere.
pub(super) fn address(flag: &str, typed: &str) -> Result<std::net::SocketAddr, Failure> {
    let named = typed
        .strip_prefix("localhost:")
        .map(|port| format!("127.0.0.1:{port}"));
    let port = typed.parse::<u16>().map(|port| format!("127.0.0.1:{port}"));
    let full = named.or(port.ok()).unwrap_or_else(|| typed.to_owned());
    full.parse().map_err(|_| {
        Failure::new(
            "usage",
            format!("`{typed}` of `{flag}` is no address with a port"),
        )
        .hint(format!("write `{flag} 127.0.0.1:8460`"))
    })
}
