//! The two sides: finds the shop and the books, signs in, and reads what they hold.
//!
//! Credentials of the environment are used as they are and stored nowhere. What a person types is sealed as soon as it has worked, by
//! the very code of `connect`.

use std::path::Path;

use chrono::Utc;

use crate::app::App;
use crate::app::credentials::QUICKBOOKS;
use crate::app::keys::Keys;
use crate::config::credentials::variable_of_shop;
use crate::config::{ConfigDraft, Credentials, name_trouble, process_env};
use crate::connector::port::LedgerReader;
use crate::connector::quickbooks::sign_in::check_redirect;
use crate::model::clock::Clock;
use crate::model::company::Company;
use crate::model::names::ItemEntry;
use crate::model::service::{
    QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, QUICKBOOKS_COMPANY_ID,
    QUICKBOOKS_REFRESH_TOKEN, Service, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET,
};
use crate::model::shop::Shop;
use crate::sandbox;

use super::super::args::Global;
use super::super::ask::{Asker, Prompt};
use super::super::connect::keys::open_strongbox;
use super::super::connect::place::{ConfigFile, name_of};
use super::super::connect::quickbooks::{self, EnvironmentName, QuickbooksArgs};
use super::super::connect::woocommerce::{self, FoundShop, KeyAndSecret, WoocommerceArgs, shown};
use super::super::out;
use super::super::report::Failure;
use super::super::sandbox_folder::write as write_file;
use super::super::sandbox_folder::{self, STATE};
use super::super::session::shop_flags;
use super::super::session::{app_of, given_to, sandbox_environment};
use super::fields::{BOOKS, SHOP, setting};
use super::flags::InitArgs;
use super::{InitSoFar, questions, say};

/// Where `init --sandbox` puts its stand-ins, so that `udsync sandbox` can put them there again.
const PORT: u16 = 47310;

/// The stand-ins of this process.
pub struct InitSandbox {
    shop: sandbox::woocommerce::Running,
    company: sandbox::quickbooks::Running,
    /// Of the shop; that of the company is the next.
    pub port: u16,
}

/// Starts the sandbox where it is wanted.
pub async fn sandbox(args: &InitArgs) -> Result<Option<InitSandbox>, Failure> {
    if !args.sandbox {
        return Ok(None);
    }
    for (first, second) in [(PORT, PORT + 1), (0, 0)] {
        let Ok(shop) = sandbox::woocommerce::start(first, sandbox::demo::shop()).await else {
            continue;
        };
        match sandbox::quickbooks::start(second, sandbox::demo::company()).await {
            Ok(company) => {
                return Ok(Some(InitSandbox {
                    shop,
                    company,
                    port: first,
                }));
            }
            Err(_) => shop.stop().await,
        }
    }
    Err(Failure::new(
        "sandbox_not_started",
        "could not start the sandbox: no port is free",
    ))
}

impl InitSandbox {
    /// The credentials that go with it, for the shell.
    pub fn write_environment(&self, config: &Path) -> Result<(), Failure> {
        let text: String = sandbox::demo::environment()
            .into_iter()
            .map(|(name, value)| format!("export {name}={value}\n"))
            .collect();
        let folder = config.parent().unwrap_or(Path::new(""));
        write_file(folder, "sandbox.env", &text)
    }
}

/// The shop as the draft has it so far.
pub fn app(
    global: &Global,
    draft: &ConfigDraft,
    sandbox: Option<&InitSandbox>,
) -> Result<App, Failure> {
    let config = draft
        .config()
        .map_err(|complaints| Failure::from_draft(&complaints, draft.is_new()))?;
    let app = app_of(global, config)?;
    if sandbox.is_none() {
        return Ok(app);
    }
    sandbox_folder::forget_state(app.state.parent().unwrap_or(Path::new("")));
    let credentials = Credentials::from_env(&sandbox_environment);
    Ok(App {
        keys: Keys::new(&app.config.shop.name, &credentials, None),
        credentials,
        ..app
    })
}

/// The shop, and where it was found.
pub struct FoundStore {
    pub shop: Shop,
    pub notes: Vec<String>,
    found: FoundShop,
    /// The keys were typed, and have yet to be kept.
    typed: bool,
}

/// Names everything at once that is needed before anybody can be asked anything, and is not there.
pub fn check_flags(
    args: &InitArgs,
    asker: &Asker,
    place: &ConfigFile,
    sandbox: Option<&InitSandbox>,
) -> Result<(), Failure> {
    if let Some(trouble) = args.name.as_deref().and_then(name_trouble) {
        return Err(Failure::new("name_wrong", trouble).hint(format!(
            "`--name {}`",
            name_of(args.name.as_deref().unwrap_or_default())
        )));
    }
    if asker.may_ask() || sandbox.is_some() {
        return Ok(());
    }
    let config = place.config.as_ref();
    let mut missing = Vec::new();
    let mut need = |is_missing: bool, what: &str, flag: &str| {
        if is_missing {
            missing.push((what.to_owned(), flag.to_owned()));
        }
    };
    let url = config.and_then(|config| config.woocommerce.as_ref());
    need(
        args.url.is_none() && url.is_none(),
        "address of the shop",
        "--url https://shop.example.com",
    );
    let named = args.name.is_some() || place.named.is_some() || config.is_some();
    need(
        !named && !args.yes,
        "short name of the shop",
        "--name aurora",
    );
    let books = config.and_then(|config| config.quickbooks.as_ref());
    need(
        args.environment.is_none() && books.is_none(),
        "which QuickBooks",
        "--environment production",
    );
    let company = books.and_then(|books| books.company_id.as_ref());
    let from_env = given_to(place.shop_name(args.name.as_deref()), &process_env);
    need(
        args.company_id.is_none()
            && company.is_none()
            && !from_env.has(&QUICKBOOKS_COMPANY_ID)
            && from_env.has(&QUICKBOOKS_REFRESH_TOKEN),
        "number of the QuickBooks company",
        "--company-id 9341454000000000",
    );
    questions::all_answered(&missing, args.yes)
}

/// Finds the shop, with the keys of the sandbox, of the environment, of an earlier connection, or of a person.
pub async fn store(
    global: &Global,
    args: &InitArgs,
    asker: &Asker,
    place: &ConfigFile,
    sandbox: Option<&InitSandbox>,
    told: &InitSoFar,
) -> Result<FoundStore, Failure> {
    let clock = Clock::new(Utc::now);
    let configured = place
        .config
        .as_ref()
        .and_then(|config| config.woocommerce.as_ref());
    let allow_http = args.allow_http || configured.is_some_and(|shop| shop.allow_http);
    let name = place.shop_name(args.name.as_deref());
    let environment = match sandbox {
        Some(_) => Credentials::from_env(&sandbox_environment),
        None => given_to(name, &process_env),
    };
    let given = match pair_in(&environment) {
        Some(pair) => Some(pair),
        None => stored_keys(global, place)?,
    };
    let url = sandbox
        .map(|sandbox| sandbox.shop.url())
        .or_else(|| args.url.clone())
        .or_else(|| configured.map(|shop| shown(&shop.url)));
    let typed = given.is_none();
    let found = match given {
        Some(keys) => {
            let text = match url {
                Some(url) => url,
                None => woocommerce::ask_address(asker, None)?,
            };
            let url = woocommerce::found_at(asker, text, allow_http, &clock).await?;
            let (shop, may_write) = woocommerce::describe(&url, allow_http, &keys, &clock).await?;
            FoundShop {
                url,
                keys,
                shop,
                may_write,
            }
        }
        None if !asker.may_ask() => {
            return Err(Failure::new(
                "credentials_missing",
                "`UDSYNC_WOOCOMMERCE_KEY` and `UDSYNC_WOOCOMMERCE_SECRET` are not in the environment, and no keys are stored",
            )
            .hint(without_credentials(global, name, Service::SHOP, WOOCOMMERCE_KEY.variable)));
        }
        None => {
            let args = WoocommerceArgs {
                url,
                from_env: false,
                from_stdin: false,
                name: None,
                allow_http,
                allow_moved: false,
                key: args.key.clone(),
            };
            woocommerce::find(asker, &args, place).await?
        }
    };
    told.answered("url", &shown(&found.url));
    Ok(FoundStore {
        shop: found.shop.clone(),
        notes: woocommerce::notes(&found, woocommerce::SweepChoice::of(configured)),
        found,
        typed,
    })
}

/// How to go on where nobody can be asked for what lets us in.
fn without_credentials(
    global: &Global,
    shop: Option<&str>,
    service: Service,
    example: &str,
) -> String {
    let own = shop.and_then(|shop| variable_of_shop(shop, example));
    let own = own.map_or_else(String::new, |own| {
        format!(" (`{own}` is for this shop alone)")
    });
    let flags = shop_flags(global);
    let service = service.as_str();
    format!(
        "set them{own}, or run `udsync connect {service}{flags}` first, or `udsync init{flags}` at a terminal"
    )
}

/// What an earlier `connect woocommerce` has stored.
fn stored_keys(global: &Global, place: &ConfigFile) -> Result<Option<KeyAndSecret>, Failure> {
    let Some(config) = &place.config else {
        return Ok(None);
    };
    let app = app_of(global, config.clone())?;
    if !app.state.exists() {
        return Ok(None);
    }
    let store = app.store()?;
    let stored = app.given_for(&store, &[Service::SHOP])?;
    Ok(pair_in(&stored))
}

fn pair_in(given: &Credentials) -> Option<KeyAndSecret> {
    Some(KeyAndSecret {
        key: given.of(&WOOCOMMERCE_KEY)?.clone(),
        secret: given.of(&WOOCOMMERCE_SECRET)?.clone(),
    })
}

/// What names the shop, the shop and the books, into the draft.
pub fn basics(
    args: &InitArgs,
    asker: &Asker,
    place: &ConfigFile,
    sandbox: Option<&InitSandbox>,
    store: &FoundStore,
    draft: &mut ConfigDraft,
    told: &InitSoFar,
) -> Result<(), Failure> {
    let name = match (&args.name, &place.config, &place.named) {
        (Some(name), _, _) => Some(name.clone()),
        (None, Some(_), _) => None,
        (None, None, Some(named)) => Some(named.clone()),
        (None, None, None) => {
            let own = name_of(&store.shop.name);
            let likely = match own.as_str() {
                "shop" => name_of(store.found.url.host_str().unwrap_or_default()),
                _ => own,
            };
            if args.yes || sandbox.is_some() {
                Some(likely)
            } else {
                let question = Prompt {
                    prompt: "Short name of the shop, which stands on every document",
                    flag: "`--name NAME`",
                };
                Some(named(asker, &question, &likely)?)
            }
        }
    };
    if let Some(name) = name {
        told.answered("name", &name);
        draft.put(&setting(&["shop"], "name"), name, "");
    }
    if sandbox.is_some() {
        draft.put(
            &setting(&["shop"], "state"),
            STATE,
            "gone when the sandbox is set up again",
        );
    }
    draft.put(&setting(SHOP, "url"), shown(&store.found.url), "");
    if args.allow_http {
        draft.put(&setting(SHOP, "allow_http"), true, "");
    }
    let books = |key| setting(BOOKS, key);
    let configured = place
        .config
        .as_ref()
        .and_then(|config| config.quickbooks.as_ref());
    let environment = match (args.environment, configured, sandbox) {
        (_, _, Some(_)) => Some(EnvironmentName::Sandbox),
        (Some(given), _, None) => Some(given),
        (None, Some(_), None) => None,
        (None, None, None) => Some(quickbooks::which_kind(
            asker,
            "`--environment production` or `--environment sandbox`",
        )?),
    };
    if let Some(environment) = environment {
        told.answered("environment", environment.as_str());
        let remark = match environment {
            EnvironmentName::Production => "a real company",
            EnvironmentName::Sandbox => "a company for trying; a real one is \"production\"",
        };
        draft.put(&books("environment"), environment.as_str(), remark);
    }
    let url = sandbox
        .map(|sandbox| sandbox.company.url())
        .or_else(|| args.quickbooks_url.clone());
    if let Some(url) = url {
        let url = url.trim_end_matches('/');
        for (key, path) in [
            ("api_url", ""),
            ("auth_url", "/connect/oauth2"),
            ("token_url", "/oauth2/v1/tokens/bearer"),
            ("revoke_url", "/v2/oauth2/tokens/revoke"),
        ] {
            draft.put(&books(key), format!("{url}{path}"), "");
        }
    }
    // Last, for it is known last where somebody signs in.
    if sandbox.is_some() {
        draft.put(
            &books("company_id"),
            sandbox::demo::QUICKBOOKS_COMPANY_ID,
            "",
        );
    } else if let Some(id) = &args.company_id {
        draft.put(&books("company_id"), id.as_str(), "");
    }
    if place.config.is_none() {
        let to: toml_edit::Array = [Service::BOOKS.as_str()].into_iter().collect();
        draft.put(&setting(&["sync"], "to"), to, "");
    }
    Ok(())
}

/// A name that can stand on a document.
fn named(asker: &Asker, question: &Prompt<'_>, likely: &str) -> Result<String, Failure> {
    loop {
        let name = asker.text(question, Some(likely))?;
        match name_trouble(&name) {
            None => return Ok(name),
            Some(trouble) => out::say(&trouble),
        }
    }
}

/// Seals the keys that somebody typed.
pub fn keep_keys(
    args: &InitArgs,
    asker: &Asker,
    app: &App,
    store: &FoundStore,
    told: &InitSoFar,
) -> Result<(), Failure> {
    if !store.typed {
        return Ok(());
    }
    let state = app.store()?;
    state.belongs(Service::SHOP.as_str(), &store.shop.address)?;
    let strongbox = open_strongbox(app, &state, &args.key, asker)?;
    woocommerce::keep(app, &state, &strongbox, &store.found)?;
    told.stored("the shop");
    Ok(())
}

/// The books.
pub struct Books {
    pub company: Company,
    pub items: Vec<ItemEntry>,
}

/// Signs in to the books where nobody has yet, and says which company it is.
pub async fn sign_in(
    global: &Global,
    args: &InitArgs,
    asker: &Asker,
    app: &App,
    told: &InitSoFar,
) -> Result<Option<String>, Failure> {
    let state = app.store()?;
    let strongbox = app.strongbox(&state);
    let given = app.given_for(&state, &[Service::BOOKS])?;
    let has_app = given.has(&QUICKBOOKS_CLIENT_ID) && given.has(&QUICKBOOKS_CLIENT_SECRET);
    let is_connected = strongbox.has(QUICKBOOKS)?;
    if has_app && (given.has(&QUICKBOOKS_REFRESH_TOKEN) || is_connected) {
        return Ok(None);
    }
    if !asker.may_ask() {
        return Err(Failure::new(
            "credentials_missing",
            "`UDSYNC_QUICKBOOKS_CLIENT_ID`, `UDSYNC_QUICKBOOKS_CLIENT_SECRET` and `UDSYNC_QUICKBOOKS_REFRESH_TOKEN` are not in the environment, and no connection is stored",
        )
        .hint(without_credentials(
            global,
            Some(&app.config.shop.name),
            Service::BOOKS,
            QUICKBOOKS_REFRESH_TOKEN.variable,
        )));
    }
    say(
        global,
        "now the books: somebody who may sign in to the company has to say yes",
    );
    let production = app.environment() == EnvironmentName::Production.as_str();
    let configured = app
        .config
        .quickbooks
        .as_ref()
        .is_some_and(|books| books.redirect_url.is_some());
    let redirect_url = match &args.redirect_url {
        None if production && !configured => {
            say(
                global,
                "real companies send the browser to a public https page only: examples/quickbooks-callback.html is one to host",
            );
            Some(page(asker)?)
        }
        given => given.clone(),
    };
    let sign_up = QuickbooksArgs {
        webhook_token: false,
        environment: None,
        manual: args.manual,
        port: args.port,
        redirect_url,
        no_browser: args.no_browser,
        allow_hosts: Vec::new(),
        from_env: false,
        from_stdin: false,
        key: args.key.clone(),
    };
    if let Some(page) = &sign_up.redirect_url {
        told.answered("redirect-url", page);
    }
    let company = quickbooks::sign_up(&sign_up, asker, app).await?;
    told.stored("the books");
    told.answered("company-id", &company);
    Ok(Some(company))
}

/// The public page that Intuit sends the browser to.
fn page(asker: &Asker) -> Result<String, Failure> {
    let question = Prompt {
        prompt: "Address of that page, as registered with the app",
        flag: "`--redirect-url URL`",
    };
    loop {
        let page = asker.text(&question, None)?;
        match check_redirect(&page, true) {
            Ok(()) => return Ok(page),
            Err(fault) => out::say(Failure::from(fault).words().trim_end()),
        }
    }
}

/// Reads the books as they are now, not as an earlier run has kept them: somebody may just have added an account.
pub async fn books(app: &App) -> Result<Books, Failure> {
    let state = app.store()?;
    let given = app.sign_in(&state)?;
    let source = app.source(&given)?;
    app.check_owner(&state, &source)?;
    let target = app.target(&state, &given)?;
    let company = target.look_anew().await?;
    let names = target.names().await?;
    let items = names.items.sorted().into_iter().cloned().collect();
    Ok(Books { company, items })
}
