//! Session: what every command that works on a shop needs, made from the global flags and the environment.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::Utc;
use secrecy::SecretString;

use crate::app::App;
use crate::app::keys::{Keys, Person};
use crate::config::credentials::{seen_by_shop, variable_of_shop};
use crate::config::{self, Credentials, LocateError, process_env};
use crate::model::clock::Clock;
use crate::sandbox;
use crate::server::Stop;

use super::args::{Global, Output};
use super::ask::{Asker, Prompt};
use super::password::PasswordCommand;
use super::report::{Failure, exit};
use super::shell;
use super::story_time;
use super::typed::called;

/// An opened shop. In the sandbox it also owns the stand-ins and the folder with the state.
pub struct Session {
    pub app: App,
    pub output: Output,
    pub quiet: bool,
    pub all: bool,
    /// Log lines come between whatever else is on the screen.
    pub logs_to_screen: bool,
    pub no_input: bool,
    /// What a command needs to mean the same shop again.
    pub shop_flags: String,
    /// The shop, where what is said of it stands between what is said of others.
    label: Option<String>,
    pub sandbox: Option<SessionSandbox>,
}

/// The stand-ins of this process, and the state that goes with them.
pub struct SessionSandbox {
    pub shop: sandbox::woocommerce::Running,
    pub company: sandbox::quickbooks::Running,
    pub database: sandbox::supabase::Running,
    pub stripe: sandbox::stripe::Running,
    folder: PathBuf,
}

impl Drop for SessionSandbox {
    fn drop(&mut self) {
        // What is left behind is a temporary folder, which the system clears some day.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Session {
    /// Opens the configured shop, or the sandbox.
    pub async fn open(global: &Global, in_sandbox: bool) -> Result<Session, Failure> {
        let (app, sandbox) = if in_sandbox {
            let (app, sandbox) = open_sandbox(global, |_| None).await?;
            (app, Some(sandbox))
        } else {
            (open_shop(global)?, None)
        };
        Ok(Session {
            sandbox,
            ..Session::of(global, app)
        })
    }

    /// A shop that is opened already.
    pub fn of(global: &Global, app: App) -> Session {
        Session {
            output: output(global),
            quiet: global.quiet,
            all: global.verbose > 0,
            logs_to_screen: global.verbose > 0 && global.log_file.is_none(),
            no_input: global.no_input,
            shop_flags: shop_flags(global),
            label: global.among_many.then(|| app.config.shop.name.clone()),
            app,
            sandbox: None,
        }
    }

    /// With the name of the shop, where it is one of several.
    pub fn labelled(&self, words: &str) -> String {
        match &self.label {
            Some(shop) => format!("{shop}: {words}"),
            None => words.to_owned(),
        }
    }
}

/// How the answer is wanted.
pub fn output(global: &Global) -> Output {
    global.form()
}

/// The configuration's path, as the flags and the folders have it.
pub fn located(global: &Global) -> Result<PathBuf, LocateError> {
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    config::locate(
        global.config.as_deref(),
        global.shop.as_deref(),
        &folder,
        &process_env,
    )
}

/// The same, for whoever can do nothing without it.
pub fn config_path(global: &Global) -> Result<PathBuf, Failure> {
    located(global).map_err(|error| {
        let hint = match &error {
            LocateError::Several { .. } if global.has_all_shops => {
                format!(
                    "`--all-shops` is for every one of them; or {}",
                    error.hint()
                )
            }
            _ => error.hint(),
        };
        Failure::new("config_not_found", error.to_string()).hint(hint)
    })
}

/// Opens the configured shop.
pub fn open_shop(global: &Global) -> Result<App, Failure> {
    let path = config_path(global)?;
    let config = config::load(&path).map_err(|error| Failure::from_load(&error))?;
    app_of(global, config)
}

/// The shop of a configuration, with its state file and what the environment gives.
pub fn app_of(global: &Global, config: config::Config) -> Result<App, Failure> {
    let state = config::state_path(&config, global.state.as_deref(), &process_env)
        .map_err(|error| Failure::new("no_home", error.to_string()).hint(error.hint))?;
    let credentials = Credentials::from_env(&|name| {
        seen_by_shop(&process_env, &config.shop.name, global.among_many, name)
            .or_else(|| story_time::credential(name))
    });
    let app = App {
        keys: Keys::new(
            &config.shop.name,
            &credentials,
            person(global, &config.shop.name),
        ),
        config,
        credentials,
        state,
        clock: story_time::clock(),
        log_pii: global.log_pii,
        first_pause: first_pause(),
        called: called(global),
    };
    Ok(app.with_known_zone())
}

/// What the environment, or what stands for it, gives one shop where it is being set up, by the name that is known of it by then: a
/// variable of its own goes before the one for all, as in every later run.
pub fn given_to(shop: Option<&str>, get: &dyn Fn(&str) -> Option<String>) -> Credentials {
    match shop {
        Some(shop) => Credentials::from_env(&|name| seen_by_shop(get, shop, false, name)),
        None => Credentials::from_env(get),
    }
}

/// Whoever can be asked for a passphrase, and can unlock a keyring: a program that was named, else a person at the terminal.
pub fn person(global: &Global, shop: &str) -> Option<Arc<dyn Person>> {
    const COMMAND: &str = "UDSYNC_PASSWORD_COMMAND";
    let own = variable_of_shop(shop, COMMAND).and_then(|name| process_env(&name));
    if let Some(command) = own.or_else(|| global.password_command.clone()) {
        return Some(Arc::new(PasswordCommand::new(&command, shop)));
    }
    let asker = Asker::new(global);
    asker.may_ask().then(|| Arc::new(asker) as Arc<dyn Person>)
}

impl Person for Asker {
    fn passphrase(&self, again: bool) -> Option<SecretString> {
        let question = Prompt {
            prompt: if again {
                "That was not it. Passphrase of the stored credentials"
            } else {
                "Passphrase of the stored credentials"
            },
            flag: "`UDSYNC_PASSPHRASE`",
        };
        self.secret(&question).ok()
    }

    fn keyring_waits(&self) {
        super::out::say("waiting for the keyring to be unlocked");
    }
}

/// The sandbox, with the stand-ins that it needs. `more` is what its environment has besides the keys to them.
pub async fn open_sandbox(
    global: &Global,
    more: impl Fn(&str) -> Option<String>,
) -> Result<(App, SessionSandbox), Failure> {
    let shop = sandbox::woocommerce::start(0, sandbox::demo::shop())
        .await
        .map_err(not_started)?;
    let company = sandbox::quickbooks::start(0, sandbox::demo::company())
        .await
        .map_err(not_started)?;
    let database = sandbox::supabase::start(0, sandbox::demo::database())
        .await
        .map_err(not_started)?;
    let stripe = sandbox::stripe::start(0, sandbox::demo::stripe())
        .await
        .map_err(not_started)?;
    let text = sandbox::demo::config(&shop.url(), &company.url())
        + &sandbox::demo::payouts_config(&stripe.url())
        + &sandbox::demo::database_config(&database.url());
    let mut config = config::parse(&text, "sandbox")
        .map_err(|complaints| Failure::from_complaints(&complaints))?;
    let mut nonce = [0_u8; 8];
    getrandom::fill(&mut nonce)
        .map_err(|error| not_started(std::io::Error::other(error.to_string())))?;
    let folder = std::env::temp_dir().join(format!(
        "udsync-sandbox-{}",
        crate::model::fingerprint::hex(&nonce)
    ));
    std::fs::create_dir_all(&folder).map_err(not_started)?;
    // The sandbox is the same for everybody: what lies in the folder here is somebody's own shop.
    config.mapping.folder = folder.join("mappings");
    let state = global
        .state
        .clone()
        .unwrap_or_else(|| folder.join("sandbox.db"));
    let credentials =
        Credentials::from_env(&|name| more(name).or_else(|| sandbox_environment(name)));
    let app = App {
        keys: Keys::new(
            &config.shop.name,
            &credentials,
            person(global, &config.shop.name),
        ),
        config,
        credentials,
        state,
        clock: Clock::new(Utc::now),
        log_pii: global.log_pii,
        first_pause: first_pause(),
        called: None,
    };
    Ok((
        app,
        SessionSandbox {
            shop,
            company,
            database,
            stripe,
            folder,
        },
    ))
}

/// How long to wait before anything is tried a second time, where somebody is in more of a hurry than usual.
pub fn first_pause() -> Option<Duration> {
    let ms = std::env::var("UDSYNC_FIRST_PAUSE_MS").ok()?;
    ms.parse().ok().map(Duration::from_millis)
}

/// The credentials of the sandbox, under the names that any shop uses.
pub fn sandbox_environment(name: &str) -> Option<String> {
    sandbox::demo::environment()
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

fn not_started(error: std::io::Error) -> Failure {
    Failure::new(
        "sandbox_not_started",
        format!("could not start the sandbox: {error}"),
    )
}

/// Becomes true when somebody asks the run to end. A second request ends the process at once.
pub fn stop_on_signals() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = stop.clone();
    // Made before the task runs, so that no signal falls between.
    let mut requests = StopRequests::new();
    tokio::spawn(async move {
        loop {
            requests.next().await;
            if seen.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(exit::INTERRUPTED));
            }
            super::out::say(
                "stopping after the requests under way; press Ctrl-C again to stop at once",
            );
        }
    });
    stop
}

/// The same, for what waits in several ways.
pub fn stop_by_signals() -> Stop {
    let (asked, stop) = (stop_on_signals(), Stop::new());
    let all = stop.clone();
    tokio::spawn(async move {
        while !asked.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        all.now();
    });
    stop
}

/// A limit on the size of files would end the process by a signal in the middle of a write. Seen as an error of the
/// write instead, it is told like any other full disk.
pub fn outlive_a_full_disk() {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use tokio::signal::unix::{SignalKind, signal};
        const SIGXFSZ: i32 = 25;
        // Once it has been asked for, the process outlives it, whether or not anybody listens.
        let _ = signal(SignalKind::from_raw(SIGXFSZ));
    }
}

#[cfg(unix)]
struct StopRequests {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl StopRequests {
    fn new() -> StopRequests {
        use tokio::signal::unix::{SignalKind, signal};
        StopRequests {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
        }
    }

    async fn next(&mut self) {
        async fn one(signal: &mut Option<tokio::signal::unix::Signal>) {
            match signal {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = one(&mut self.interrupt) => {}
            () = one(&mut self.terminate) => {}
        }
    }
}

#[cfg(not(unix))]
struct StopRequests;

#[cfg(not(unix))]
impl StopRequests {
    fn new() -> StopRequests {
        StopRequests
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// What a command needs to mean the same shop.
pub fn shop_flags(global: &Global) -> String {
    let config = global.config.as_ref();
    let config = config.map(|path| format!(" --config {}", shell::word(&path.to_string_lossy())));
    let shop = global.shop.as_ref();
    let shop = shop.map(|shop| format!(" --shop {}", shell::word(shop)));
    config.or(shop).unwrap_or_default()
}
