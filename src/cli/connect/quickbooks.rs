//! `connect quickbooks`: a person signs in at Intuit, and the company that they chose becomes the books of this shop.
//!
//! Everything that can be refused is asked before anything that is stored is replaced. The tokens are sealed and on the disk before they
//! are used for the first time.

use std::io::BufRead;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::app::App;
use crate::app::credentials::{QUICKBOOKS, QUICKBOOKS_APP, StoredApp};
use crate::app::strongbox::Strongbox;
use crate::config::{Credentials, Edit, process_env};
use crate::connector::quickbooks::sign_in::{
    AT_MOST, BrowserConsent, BrowserListener, CHANCE, Invitation, check_redirect, invite,
};
use crate::model::code;
use crate::model::company::Company;
use crate::model::service::{
    CredentialField, QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, QUICKBOOKS_COMPANY_ID,
    QUICKBOOKS_REFRESH_TOKEN, QUICKBOOKS_WEBHOOK_TOKEN, Service,
};
use crate::store::Store;

use super::super::args::{Global, Output};
use super::super::ask::{Asker, Prompt};
use super::super::child;
use super::super::report::{Failure, exit};
use super::super::session::{given_to, open_shop, output};
use super::super::{amend, out};
use super::brought::FromScript;
use super::keys::{KeyArgs, open_strongbox};
use super::place::ConfigFile;
use super::{company, connected};

/// Where the listener is, unless somebody says otherwise: the address has to be registered with the app.
pub const PORT: u16 = 8919;

/// Connect the QuickBooks Online company
///
/// Opens Intuit's page in the browser, where somebody who may sign in to the company chooses it and says yes, and takes the answer on
/// this machine. The client id and secret are those of an app of your own at developer.intuit.com; register
/// http://localhost:8919/callback with its development keys. Production keys are only sent back to a public https page: put
/// examples/quickbooks-callback.html somewhere, register its address, give it with --redirect-url and paste what it shows.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect quickbooks --environment sandbox\n  udsync connect quickbooks --environment production --redirect-url https://books.example.com/callback.html\n  udsync connect quickbooks --from-env"
)]
pub struct QuickbooksArgs {
    /// Connect a company of this kind [default: what the configuration says]
    #[arg(long, value_enum)]
    pub environment: Option<EnvironmentName>,
    /// Print the address, and ask for the one that the browser ends on
    #[arg(long)]
    pub manual: bool,
    /// Listen on this port for the browser; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = PORT)]
    pub port: u16,
    /// Have the browser sent to this page, as registered with the app, and ask for the address it shows
    #[arg(long, value_name = "URL")]
    pub redirect_url: Option<String>,
    /// Open no browser, only print the address
    #[arg(long)]
    pub no_browser: bool,
    /// Send the secrets to this host as well, which is none of Intuit's; with its port, if it has one
    #[arg(long = "allow-host", value_name = "HOST")]
    pub allow_hosts: Vec<String>,
    /// Take client id, client secret, refresh token and company id from the UDSYNC_QUICKBOOKS_… variables
    #[arg(long, conflicts_with_all = ["from_stdin", "manual", "redirect_url"])]
    pub from_env: bool,
    /// Read lines of NAME=value with the same names from standard input; without a refresh token only the app's keys
    #[arg(long, conflicts_with_all = ["manual", "redirect_url"])]
    pub from_stdin: bool,
    /// Keep the verifier token of the app's webhooks, and do nothing else: typed, from UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN with --from-env, or as a line of standard input with --from-stdin
    #[arg(long, conflicts_with_all = ["environment", "manual", "redirect_url"])]
    pub webhook_token: bool,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// A kind of company
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EnvironmentName {
    /// A trial company for developers
    Sandbox,
    /// A real company
    Production,
}

impl EnvironmentName {
    pub fn as_str(self) -> &'static str {
        match self {
            EnvironmentName::Sandbox => "sandbox",
            EnvironmentName::Production => "production",
        }
    }
}

/// A company that is connected.
pub struct ConnectedCompany {
    pub company: Company,
    pub environment: String,
    pub notes: Vec<String>,
}

/// Runs it.
pub async fn quickbooks(global: &Global, args: &QuickbooksArgs) -> Result<u8, Failure> {
    let asker = Asker::new(global);
    let place = ConfigFile::find(global)?;
    if args.webhook_token {
        return keep_webhook_token(global, args, &asker);
    }
    let connected = connect(global, args, &asker, &place).await?;
    show(global, &place, &connected);
    Ok(exit::DONE)
}

/// The token with which Intuit signs what it tells of changes. It belongs to the app, and comes apart from all other credentials.
fn keep_webhook_token(
    global: &Global,
    args: &QuickbooksArgs,
    asker: &Asker,
) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let given = match FromScript::read(Some(&app.config.shop.name), args.from_env, args.from_stdin)?
    {
        Some(script) => script.credentials.of(&QUICKBOOKS_WEBHOOK_TOKEN).cloned(),
        None => {
            let question = Prompt {
                prompt: "Verifier token",
                flag: "`UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN` in the environment and `--from-env`",
            };
            Some(asker.secret(&question)?)
        }
    };
    let token = given
        .filter(|token| !token.expose_secret().trim().is_empty())
        .ok_or_else(|| needed(&QUICKBOOKS_WEBHOOK_TOKEN))?;
    open_strongbox(&app, &store, &args.key, asker)?;
    app.keep_books_hook_token(&store, &token.expose_secret().trim().to_owned().into())?;
    match output(global) {
        Output::Json => out::print_json(&serde_json::json!({
            "schema": "udsync/webhook-token/1",
            "kept": true,
        })),
        Output::Text | Output::Csv => {
            out::answer("the verifier token is kept; a running `serve` uses it within seconds\n");
        }
    }
    Ok(exit::DONE)
}

/// The whole of it, up to the facts of the company.
pub async fn connect(
    global: &Global,
    args: &QuickbooksArgs,
    asker: &Asker,
    place: &ConfigFile,
) -> Result<ConnectedCompany, Failure> {
    let mut edit = begin(args, asker, place)?;
    let app = place.app(global, &edit)?;
    let company_id = sign_up(args, asker, &app).await?;
    edit.set(QUICKBOOKS, "company_id", company_id);
    amend::save(&edit, global.quiet)?;
    greeted(global, place, &edit, &app.store()?).await
}

/// Up to a connection that is stored; answers with the company that was chosen. A person may try again; a script is told at once.
pub async fn sign_up(args: &QuickbooksArgs, asker: &Asker, app: &App) -> Result<String, Failure> {
    loop {
        let failure = match try_sign_up(args, asker, app).await {
            Ok(company) => return Ok(company),
            Err(failure) => failure,
        };
        let by_hand = asker.may_ask() && !args.from_env && !args.from_stdin;
        // What the command line or the configuration says is the same the next time.
        if !by_hand || matches!(failure.exit, exit::INTERRUPTED | exit::USAGE) {
            return Err(failure);
        }
        out::say(failure.words().trim_end());
        let question = Prompt {
            prompt: "Try again",
            flag: "`--from-env`",
        };
        if !asker.yes(&question, true)? {
            return Err(failure);
        }
    }
}

async fn try_sign_up(args: &QuickbooksArgs, asker: &Asker, app: &App) -> Result<String, Failure> {
    let brought = brought(args, app)?;
    let way = match &brought {
        Brought {
            refresh: Some(_), ..
        } => None,
        _ => Some(way(args, app)?),
    };
    let store = app.store()?;
    let strongbox = open_strongbox(app, &store, &args.key, asker)?;
    // Before anything is opened, or asked for: what is stored goes where it went before, and nothing to a host that nobody named.
    let brings_app = brought.client_id.is_some() || brought.client_secret.is_some();
    let app_is_stored = !brings_app && strongbox.has(QUICKBOOKS_APP)?;
    app.check_hosts_to_connect(&strongbox, app_is_stored, &args.allow_hosts)?;
    let given = app_of(&brought, &strongbox, asker)?;
    let keys = app.app_keys(&given)?;
    // Where somebody signs in, which company it is to be is known by their answer only.
    Ok(match (way, brought.refresh) {
        (Some(_), _) if asker.must_not_ask() => {
            return Err(Failure::new(
                "answer_needed",
                "somebody has to sign in at Intuit's page, and `--no-input` allows no waiting",
            )
            .hint("answer with `--from-env` or `--from-stdin`, which bring a refresh token"));
        }
        (Some(way), _) => {
            let client_id = given.of(&QUICKBOOKS_CLIENT_ID).cloned().unwrap_or_default();
            let consent = sign_in(app, args, asker, way, &client_id).await?;
            check_company(app, &store, &consent.company_id)?;
            app.connect_quickbooks(&store, strongbox, keys, &consent)
                .await?;
            consent.company_id
        }
        (None, refresh) => {
            let refresh = refresh.unwrap_or_default();
            let company_id = brought
                .company_id
                .or_else(|| app.config.quickbooks.as_ref()?.company_id.clone());
            let company_id = company_id.ok_or_else(|| needed(&QUICKBOOKS_COMPANY_ID))?;
            check_company(app, &store, &company_id)?;
            app.adopt_quickbooks(&store, strongbox, keys, &company_id, &refresh)
                .await?;
            company_id
        }
    })
}

/// Opens the configuration and says in it which kind of company this is.
fn begin(args: &QuickbooksArgs, asker: &Asker, place: &ConfigFile) -> Result<Edit, Failure> {
    let mut edit = place.edit(None, "")?;
    let configured = place
        .config
        .as_ref()
        .is_some_and(|config| config.quickbooks.is_some());
    let environment = match (args.environment, configured) {
        (Some(environment), _) => environment,
        (None, true) => return Ok(edit),
        (None, false) => which_kind(
            asker,
            "`--environment sandbox` or `--environment production`",
        )?,
    };
    edit.set(QUICKBOOKS, "environment", environment.as_str());
    Ok(edit)
}

/// Asks which kind of company the books are. `flag`: what answers it where nobody can be asked.
pub fn which_kind(asker: &Asker, flag: &'static str) -> Result<EnvironmentName, Failure> {
    let among = [
        "a real company".to_owned(),
        "a sandbox company of Intuit's, for trying".to_owned(),
    ];
    let question = Prompt {
        prompt: "Which kind of QuickBooks company",
        flag,
    };
    // The likely one stands first, and the harmless one is chosen already.
    Ok(match asker.choose(&question, &among, 1)? {
        0 => EnvironmentName::Production,
        _ => EnvironmentName::Sandbox,
    })
}

/// What came from the environment or from standard input.
struct Brought {
    client_id: Option<SecretString>,
    client_secret: Option<SecretString>,
    refresh: Option<SecretString>,
    company_id: Option<String>,
}

fn brought(args: &QuickbooksArgs, app: &App) -> Result<Brought, Failure> {
    let shop = Some(app.config.shop.name.as_str());
    let script = FromScript::read(shop, args.from_env, args.from_stdin)?;
    let brings_token = script.is_some();
    // The keys of the app are taken from the environment without being asked for.
    let given = match script {
        Some(script) => script.credentials,
        None => given_to(shop, &process_env),
    };
    let brought = Brought {
        client_id: given.of(&QUICKBOOKS_CLIENT_ID).cloned(),
        client_secret: given.of(&QUICKBOOKS_CLIENT_SECRET).cloned(),
        refresh: given
            .of(&QUICKBOOKS_REFRESH_TOKEN)
            .filter(|_| brings_token)
            .cloned(),
        company_id: given.open_text(&QUICKBOOKS_COMPANY_ID).map(str::to_owned),
    };
    let missing = [
        (
            brought.client_id.is_none() && brings_token,
            &QUICKBOOKS_CLIENT_ID,
        ),
        (
            brought.client_secret.is_none() && brings_token,
            &QUICKBOOKS_CLIENT_SECRET,
        ),
        (
            brought.refresh.is_none() && args.from_env,
            &QUICKBOOKS_REFRESH_TOKEN,
        ),
    ];
    match missing.into_iter().find(|(is_missing, _)| *is_missing) {
        Some((_, field)) => Err(needed(field)),
        None => Ok(brought),
    }
}

fn needed(field: &CredentialField) -> Failure {
    let variable = field.variable;
    Failure::new(
        "credentials_missing",
        format!("`{variable}` was not given"),
    )
    .hint(format!(
        "set `{variable}`, or run `udsync connect quickbooks` without `--from-env` and `--from-stdin` and sign in"
    ))
}

/// The keys of the app: as they were given, as they are stored, or as a person types them.
fn app_of(brought: &Brought, strongbox: &Strongbox, asker: &Asker) -> Result<Credentials, Failure> {
    let of = |id: SecretString, secret: SecretString| {
        Credentials::with([
            (&QUICKBOOKS_CLIENT_ID, id),
            (&QUICKBOOKS_CLIENT_SECRET, secret),
        ])
    };
    match (&brought.client_id, &brought.client_secret) {
        (Some(id), Some(secret)) => return Ok(of(id.clone(), secret.clone())),
        (Some(_), None) => return Err(needed(&QUICKBOOKS_CLIENT_SECRET)),
        (None, Some(_)) => return Err(needed(&QUICKBOOKS_CLIENT_ID)),
        (None, None) => {}
    }
    let stored = strongbox.load(QUICKBOOKS_APP).ok().flatten();
    let stored: Option<StoredApp> =
        stored.and_then(|text| serde_json::from_str(text.expose_secret()).ok());
    if let Some(stored) = stored {
        let question = Prompt {
            prompt: "Use the app that is stored",
            flag: "`--no-input`",
        };
        if !asker.may_ask() || asker.yes(&question, true)? {
            return Ok(of(stored.client_id.into(), stored.client_secret.into()));
        }
    }
    const FLAG: &str = "`UDSYNC_QUICKBOOKS_CLIENT_ID` and `UDSYNC_QUICKBOOKS_CLIENT_SECRET` in the environment, or `--from-stdin`";
    if asker.may_ask() {
        out::say(
            "the client id and secret are shown at developer.intuit.com under your app > Keys & credentials",
        );
    }
    let question = |prompt| Prompt { prompt, flag: FLAG };
    let id = asker.secret(&question("Client id"))?;
    let secret = asker.secret(&question("Client secret"))?;
    Ok(of(id, secret).in_order())
}

/// How the answer of the browser gets here.
enum BrowserWay {
    /// To a listener on this port.
    Listen(u16),
    /// Pasted by a person; the browser is sent to this address.
    Paste(String),
}

fn way(args: &QuickbooksArgs, app: &App) -> Result<BrowserWay, Failure> {
    let production = app.environment() == EnvironmentName::Production.as_str();
    let configured = app
        .config
        .quickbooks
        .as_ref()
        .and_then(|quickbooks| quickbooks.redirect_url.as_ref());
    let page = args
        .redirect_url
        .clone()
        .or_else(|| configured.map(Url::to_string));
    let here = crate::connector::quickbooks::sign_in::redirect(args.port);
    check_redirect(page.as_deref().unwrap_or(&here), production)?;
    Ok(match page {
        Some(page) => BrowserWay::Paste(page),
        None if args.manual => BrowserWay::Paste(here),
        None => BrowserWay::Listen(args.port),
    })
}

/// Has somebody sign in, and brings their answer.
async fn sign_in(
    app: &App,
    args: &QuickbooksArgs,
    asker: &Asker,
    way: BrowserWay,
    client_id: &SecretString,
) -> Result<BrowserConsent, Failure> {
    let mut chance = [0; CHANCE];
    getrandom::fill(&mut chance).map_err(|error| {
        Failure::new(
            "no_randomness",
            format!("the system gave no random bytes to sign in with: {error}"),
        )
    })?;
    let Some(settings) = &app.config.quickbooks else {
        return Err(needed(&QUICKBOOKS_COMPANY_ID));
    };
    let invited = |redirect: &str| invite(&settings.auth_url, client_id, redirect, chance);
    match way {
        BrowserWay::Listen(port) => {
            let listener = BrowserListener::open(port).await?;
            let invitation = Arc::new(invited(&listener.redirect()));
            announce(&invitation);
            browse(&invitation, args, asker);
            out::say("waiting for the answer of the browser; Ctrl-C gives up");
            Ok(listener.wait(invitation, AT_MOST).await?)
        }
        BrowserWay::Paste(redirect) => {
            let invitation = invited(&redirect);
            announce(&invitation);
            browse(&invitation, args, asker);
            pasted(&invitation, asker)
        }
    }
}

fn announce(invitation: &Invitation) {
    out::say(&format!(
        "sign in to QuickBooks and choose the company at this address:\n{}",
        invitation.address()
    ));
}

/// Opens the browser, where there may be one. Whether it came up cannot be known, so the address is printed in any case.
fn browse(invitation: &Invitation, args: &QuickbooksArgs, asker: &Asker) {
    if args.no_browser || !asker.may_ask() {
        return;
    }
    let address = invitation.address().to_owned();
    std::thread::spawn(move || child::browse(&address));
}

/// Asks for the address that the browser ended on. It may also be piped in.
fn pasted(invitation: &Invitation, asker: &Asker) -> Result<BrowserConsent, Failure> {
    const TRIES: usize = 3;
    if !asker.may_ask() {
        return Ok(invitation.pasted(&piped_line()?)?);
    }
    let question = Prompt {
        prompt: "Address that the browser ended on",
        flag: "standard input",
    };
    let mut tried = 0;
    loop {
        tried += 1;
        match invitation.pasted(&asker.text(&question, None)?) {
            Ok(consent) => return Ok(consent),
            Err(fault) if fault.code != code::SIGN_IN_DENIED && tried < TRIES => {
                out::say(Failure::from(fault).words().trim_end());
            }
            Err(fault) => return Err(fault.into()),
        }
    }
}

fn piped_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    match read {
        Ok(0) | Err(_) => Err(Failure::new(
            "answer_needed",
            "nobody can be asked for: address that the browser ended on",
        )
        .hint("run it at a terminal, or give the address on standard input")),
        Ok(_) => Ok(line),
    }
}

/// Refuses a company that is not the one this shop belongs to, before anything is replaced.
fn check_company(app: &App, store: &Store, company_id: &str) -> Result<(), Failure> {
    let wanted = app.credentials.open_text(&QUICKBOOKS_COMPANY_ID);
    if let Some(wanted) = wanted.filter(|wanted| *wanted != company_id) {
        return Err(Failure::new(
            "other_company",
            format!(
                "company {company_id} was chosen, and `UDSYNC_QUICKBOOKS_COMPANY_ID` says {wanted}; nothing was changed"
            ),
        )
        .hint("choose the other company, or unset `UDSYNC_QUICKBOOKS_COMPANY_ID`"));
    }
    Ok(app.check_books(store, company_id)?)
}

/// Reads the company over the new connection.
async fn greeted(
    global: &Global,
    place: &ConfigFile,
    edit: &Edit,
    store: &Store,
) -> Result<ConnectedCompany, Failure> {
    let mut app = place.app(global, edit)?;
    let notes = winners(&app.credentials);
    // What the environment has goes before what is stored; here the stored connection is to be tried.
    app.credentials = app.credentials.without(Service::Quickbooks);
    let given = app.given_for(store, &[Service::Quickbooks])?;
    let books = app.target(store, &given)?;
    let company = app.greet(store, &books).await?;
    Ok(ConnectedCompany {
        environment: app.environment(),
        company,
        notes,
    })
}

/// Variables that go before what was just stored.
fn winners(environment: &Credentials) -> Vec<String> {
    if !environment.has(&QUICKBOOKS_REFRESH_TOKEN) {
        return Vec::new();
    }
    vec![
        "another refresh token in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN` goes before this connection; unset it where you do not want that"
            .to_owned(),
    ]
}

/// The facts of `--json`.
#[derive(Serialize)]
struct CompanyFacts<'a> {
    company: company::ShownCompany<'a>,
}

fn show(global: &Global, place: &ConfigFile, connected: &ConnectedCompany) {
    let ConnectedCompany {
        company,
        environment,
        notes,
    } = connected;
    let shown = CompanyFacts {
        company: company::shown(company, environment),
    };
    let kept = format!(
        "the company is in {}, and the tokens are sealed in the state file",
        place.shown()
    );
    let facts = (shown, &*company::facts(company, environment));
    connected::show(global, place, Service::Quickbooks, facts, notes, &kept);
}
