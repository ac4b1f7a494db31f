//! `connect woocommerce`: from a pasted address and a pair of keys to a shop that is known, or to words that say whose turn it is.
//!
//! Nothing is stored before the keys have worked, and no key is sent before a WooCommerce has been found.

use std::time::Duration;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::app::App;
use crate::app::connecting;
use crate::app::credentials::WOOCOMMERCE;
use crate::app::strongbox::Strongbox;
use crate::config::{Credentials, WooCommerceSettings as Section};
use crate::connector::woocommerce::{ShopConnection, WooCommerce};
use crate::model::clock::Clock;
use crate::model::code;
use crate::model::fault::Remedy;
use crate::model::service::{Service, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET};
use crate::model::shop::{RememberedShop, Shop, Storage};
use crate::run::carry_over;
use crate::store::{Store, connections};

use super::super::args::Global;
use super::super::ask::{Asker, Prompt};
use super::super::report::{Failure, exit};
use super::super::session::first_pause;
use super::super::table::{TextTable, width_of_answer};
use super::super::{amend, out};
use super::brought::FromScript;
use super::connected;
use super::keys::{KeyArgs, open_strongbox};
use super::place::ConfigFile;

/// Connect the WooCommerce shop
///
/// Asks for the shop's address and for a key, finds the shop's API from whatever address was pasted, tries the key, shows what the
/// shop says about itself, and stores the key sealed. The key is made in WooCommerce under Settings > Advanced > REST API; Read
/// permission is enough. Nothing is stored if it does not work.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect woocommerce\n  udsync connect woocommerce --url https://shop.example.com --from-env\n  udsync connect woocommerce --url https://shop.example.com --from-stdin < keys.env"
)]
pub struct WoocommerceArgs {
    /// Connect the shop at this address; any page of it will do
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Take the key from UDSYNC_WOOCOMMERCE_KEY and UDSYNC_WOOCOMMERCE_SECRET
    #[arg(long, conflicts_with = "from_stdin")]
    pub from_env: bool,
    /// Read lines of NAME=value with the same names from standard input
    #[arg(long)]
    pub from_stdin: bool,
    /// Call the shop so in a new configuration file [default: made of its address]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Permit plain http to another machine, in a network of your own
    #[arg(long)]
    pub allow_http: bool,
    /// The shop has moved here: make sure that it is the same one, and carry over what is known of it
    #[arg(long)]
    pub allow_moved: bool,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// A shop that has answered to its keys.
pub struct FoundShop {
    pub url: Url,
    pub keys: KeyAndSecret,
    pub shop: Shop,
    /// Where that could be told.
    pub may_write: Option<bool>,
}

/// A key and its secret.
#[derive(Clone)]
pub struct KeyAndSecret {
    pub key: SecretString,
    pub secret: SecretString,
}

/// How often a person may try other keys before they are asked whether to go on.
const TRIES: usize = 3;

/// Runs it.
pub async fn woocommerce(global: &Global, args: &WoocommerceArgs) -> Result<u8, Failure> {
    let asker = Asker::new(global);
    let place = ConfigFile::find(global)?;
    let found = find(&asker, args, &place).await?;
    let stored = store(global, args, &asker, &place, &found).await?;
    show(global, &place, &found, stored);
    Ok(exit::DONE)
}

/// Finds the shop and tries its keys. A person may try others; a script is told at once.
pub async fn find(
    asker: &Asker,
    args: &WoocommerceArgs,
    place: &ConfigFile,
) -> Result<FoundShop, Failure> {
    let configured = place
        .config
        .as_ref()
        .and_then(|config| config.woocommerce.as_ref());
    let allow_http = args.allow_http || configured.is_some_and(|shop| shop.allow_http);
    // Read first: it may hold the address too.
    let brought = FromScript::read(
        place.shop_name(args.name.as_deref()),
        args.from_env,
        args.from_stdin,
    )?;
    let piped = brought.as_ref().and_then(|brought| brought.address.clone());
    let clock = Clock::new(chrono::Utc::now);
    let known = configured.map(|shop| shop.url.as_str().trim_end_matches('/').to_owned());
    let given = args.url.clone().or(piped);
    let text = match (given, &known) {
        (Some(url), _) => url,
        (None, Some(known)) if !asker.may_ask() || brought.is_some() => known.clone(),
        (None, known) => ask_address(asker, known.as_deref())?,
    };
    let url = found_at(asker, text, allow_http, &clock).await?;
    if asker.may_ask() {
        out::say(&format!("found a WooCommerce shop at {}", shown(&url)));
    }
    let mut tried = 0;
    loop {
        tried += 1;
        let keys = match &brought {
            Some(brought) => pair(brought)?,
            None => asked(asker)?,
        };
        match describe(&url, allow_http, &keys, &clock).await {
            Ok((shop, may_write)) => {
                return Ok(FoundShop {
                    url,
                    keys,
                    shop,
                    may_write,
                });
            }
            Err(fault) => {
                let by_hand = asker.may_ask() && brought.is_none();
                let about_keys = fault.remedy == Remedy::Reconnect;
                let failure = Failure::from(fault);
                if !by_hand {
                    return Err(failure);
                }
                let failure = in_a_question(failure);
                out::say(failure.words().trim_end());
                let again = Prompt {
                    prompt: "Try again",
                    flag: "`--from-env`",
                };
                if (!about_keys || tried >= TRIES) && !asker.yes(&again, true)? {
                    return Err(failure);
                }
            }
        }
    }
}

/// A refusal in the middle of a question: there is no file yet to look into, and the answer is typed here.
fn in_a_question(mut failure: Failure) -> Failure {
    const WORDS: [(&str, &str); 5] = [
        (
            "check `url` of `[woocommerce]` in udsync.toml",
            "check the address",
        ),
        (
            ", with `udsync connect woocommerce --url URL` or as `url` below `[woocommerce]` in udsync.toml",
            "",
        ),
        ("set `woocommerce.url` to it: `url = ", "answer with it: `"),
        ("` below `[woocommerce]` in udsync.toml", "`"),
        ("set `woocommerce.url` to", "answer with"),
    ];
    if let Some(hint) = failure.hint.take() {
        let said = WORDS
            .iter()
            .fold(hint, |hint, (of_file, here)| hint.replace(of_file, here));
        failure.hint = Some(said);
    }
    failure
}

pub fn ask_address(asker: &Asker, known: Option<&str>) -> Result<String, Failure> {
    let question = Prompt {
        prompt: "Address of the shop",
        flag: "`--url URL`",
    };
    asker.text(&question, known)
}

/// Finds the shop at the address. A person may type another one; a script is told at once.
pub async fn found_at(
    asker: &Asker,
    mut text: String,
    allow_http: bool,
    clock: &Clock,
) -> Result<Url, Failure> {
    loop {
        match locate(&text, allow_http, clock).await {
            Ok(url) => return Ok(url),
            Err(fault) if asker.may_ask() => {
                out::say(in_a_question(Failure::from(fault)).words().trim_end());
                text = ask_address(asker, Some(&text))?;
            }
            Err(fault) => return Err(fault.into()),
        }
    }
}

/// Finds the API, over TLS also where somebody pasted `http://`.
pub async fn locate(
    text: &str,
    allow_http: bool,
    clock: &Clock,
) -> Result<Url, crate::model::fault::Fault> {
    let wait = std::time::Duration::from_secs(30);
    let found = WooCommerce::locate(text, allow_http, wait, clock).await;
    match found {
        Err(plain) if plain.code == code::STORE_PLAIN_HTTP => {
            let safe = text.trim().replacen("http://", "https://", 1);
            let over_tls = WooCommerce::locate(&safe, false, wait, clock).await;
            over_tls.map_err(|_| plain)
        }
        found => found,
    }
}

pub async fn describe(
    url: &Url,
    allow_http: bool,
    keys: &KeyAndSecret,
    clock: &Clock,
) -> Result<(Shop, Option<bool>), crate::model::fault::Fault> {
    let source = opened(url, allow_http, keys, clock)?;
    let shop = source.describe().await?;
    Ok((shop, source.may_write().await))
}

fn opened(
    url: &Url,
    allow_http: bool,
    keys: &KeyAndSecret,
    clock: &Clock,
) -> Result<WooCommerce, crate::model::fault::Fault> {
    let source = WooCommerce::new(
        ShopConnection {
            url: url.clone(),
            key: keys.key.clone(),
            secret: keys.secret.clone(),
            allow_http,
            page_size: 100,
            concurrency: 2,
            timeout: Duration::from_secs(60),
            body_max: 16_000_000,
            fee_meta: Vec::new(),
        },
        clock.clone(),
    )?;
    Ok(match first_pause() {
        Some(pause) => source.pausing(pause),
        None => source,
    })
}

/// The keys that a script brings.
fn pair(brought: &FromScript) -> Result<KeyAndSecret, Failure> {
    let given = |field| brought.credentials.of(field).cloned();
    match (given(&WOOCOMMERCE_KEY), given(&WOOCOMMERCE_SECRET)) {
        (Some(key), Some(secret)) => Ok(in_order(KeyAndSecret { key, secret })),
        (key, _) => {
            let missing = match key {
                None => WOOCOMMERCE_KEY.variable,
                Some(_) => WOOCOMMERCE_SECRET.variable,
            };
            let from = brought.place;
            let failure = Failure::new("credentials_missing", format!("`{missing}` is not {from}"));
            Err(failure.hint(format!("`{missing}=…` and its other half are needed; without `--from-env` and `--from-stdin` you are asked")))
        }
    }
}

fn asked(asker: &Asker) -> Result<KeyAndSecret, Failure> {
    const FLAG: &str = "`--from-env`, which reads `UDSYNC_WOOCOMMERCE_KEY` and `UDSYNC_WOOCOMMERCE_SECRET`, or `--from-stdin`";
    if asker.may_ask() {
        out::say(
            "a key is made in WooCommerce under Settings > Advanced > REST API > Add key; Read permission is enough",
        );
    }
    let question = |prompt| Prompt { prompt, flag: FLAG };
    loop {
        let key = asker.secret(&question("Consumer key (ck_…)"))?;
        let secret = asker.secret(&question("Consumer secret (cs_…)"))?;
        match same_half(&key, &secret) {
            None => return Ok(in_order(KeyAndSecret { key, secret })),
            Some(twice) => out::say(twice),
        }
    }
}

/// The same half of the pair was pasted twice.
fn same_half(key: &SecretString, secret: &SecretString) -> Option<&'static str> {
    let both =
        |with| key.expose_secret().starts_with(with) && secret.expose_secret().starts_with(with);
    if both("ck_") {
        Some(
            "both are consumer keys; the secret begins with `cs_` and is shown once, when the key is made",
        )
    } else if both("cs_") {
        Some("both are consumer secrets; the key begins with `ck_` and stands above the secret")
    } else {
        None
    }
}

/// The two stand one below the other on the screen, and their beginnings tell them apart.
fn in_order(pair: KeyAndSecret) -> KeyAndSecret {
    let starts = |text: &SecretString, with| text.expose_secret().starts_with(with);
    if starts(&pair.key, "cs_") && starts(&pair.secret, "ck_") {
        return KeyAndSecret {
            key: pair.secret,
            secret: pair.key,
        };
    }
    pair
}

/// Writes the address into the configuration, and the keys into the strongbox. Says whether the full sweep was switched on now.
pub async fn store(
    global: &Global,
    args: &WoocommerceArgs,
    asker: &Asker,
    place: &ConfigFile,
    found: &FoundShop,
) -> Result<bool, Failure> {
    let host = found.url.host_str().unwrap_or_default();
    let mut edit = place.edit(args.name.as_deref(), host)?;
    edit.set(WOOCOMMERCE, "url", shown(&found.url));
    if args.allow_http {
        edit.set(WOOCOMMERCE, "allow_http", true);
    }
    // Where it cannot be seen how orders are kept, nothing must be missed either.
    let sweeps = found.shop.storage != Storage::Tables && !edit.has(WOOCOMMERCE, "full_sweep");
    if sweeps {
        edit.set(WOOCOMMERCE, "full_sweep", "1d");
    }
    let app = place.app(global, &edit)?;
    let state = app.store()?;
    let known = connections::known::<RememberedShop>(&state, WOOCOMMERCE)?;
    // The address was found just now, and what may be plain there was decided then.
    let source = opened(&found.url, true, &found.keys, &app.clock)?;
    if let Some(told) = carry_over(&app, &state, &source, args.allow_moved).await? {
        out::say(&format!("note: {told}"));
    }
    // Without a run there is nothing to carry over, and whoever says that the shop moved says so of the connection too.
    let is_other =
        |known: &RememberedShop| known.address != found.shop.address && !args.allow_moved;
    if let Some(known) = known.filter(|known| is_other(&known.about)) {
        // Two folders with one name of a shop have one state file: the second must not take the first one's place.
        return Err(Failure::new(
            "other_shop",
            format!(
                "the state file `{}` is connected to the shop `{}`, not to `{}`",
                app.state.display(),
                known.about.address,
                found.shop.address
            ),
        )
        .hint("give this shop another `name` or `state` in `[shop]`, or end the other connection first: `udsync connect remove woocommerce`; if it has moved, add `--allow-moved`"));
    }
    let strongbox = open_strongbox(&app, &state, &args.key, asker)?;
    amend::save(&edit, global.quiet)?;
    keep(&app, &state, &strongbox, found)?;
    Ok(sweeps)
}

/// Seals the keys, and remembers the connection.
pub fn keep(
    app: &App,
    state: &Store,
    strongbox: &Strongbox,
    found: &FoundShop,
) -> Result<(), Failure> {
    let keys = found.keys.clone();
    let given = Credentials::with([
        (&WOOCOMMERCE_KEY, keys.key),
        (&WOOCOMMERCE_SECRET, keys.secret),
    ]);
    Ok(connecting::keep_shop(
        app,
        state,
        strongbox,
        &given,
        &found.shop,
    )?)
}

pub fn shown(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// The facts of `--json`.
#[derive(Serialize)]
struct ConnectedShop<'a> {
    shop: &'a Shop,
    full_sweep_switched_on: bool,
    key_may_write: Option<bool>,
}

fn show(global: &Global, place: &ConfigFile, found: &FoundShop, sweeps: bool) {
    let configured = place.config.as_ref();
    let configured = configured.and_then(|config| config.woocommerce.as_ref());
    let shown = ConnectedShop {
        shop: &found.shop,
        full_sweep_switched_on: sweeps,
        key_may_write: found.may_write,
    };
    let notes = notes(found, SweepChoice::of(configured));
    let kept = format!(
        "the address is in {}, and the key is sealed in the state file",
        place.shown()
    );
    let facts = (shown, &*facts(&found.shop));
    connected::show(global, place, Service::Woocommerce, facts, &notes, &kept);
}

/// How often every order is read again.
#[derive(Clone, Copy, Debug)]
pub struct SweepChoice(pub Option<Duration>);

impl SweepChoice {
    /// As it is where nobody says otherwise.
    pub const DAILY: SweepChoice = SweepChoice(Some(Duration::from_secs(86_400)));

    pub fn of(configured: Option<&Section>) -> SweepChoice {
        configured.map_or(SweepChoice::DAILY, |shop| SweepChoice(shop.full_sweep))
    }

    fn words(self) -> String {
        match self.0 {
            Some(every) if every == Duration::from_secs(86_400) => {
                "so every order is read again once a day (`full_sweep` in `[woocommerce]`)".to_owned()
            }
            Some(_) => "so every order is read again as often as `full_sweep` in `[woocommerce]` says".to_owned(),
            None => "`full_sweep` in `[woocommerce]` is `\"off\"`, so only `udsync sync orders --full` finds them".to_owned(),
        }
    }
}

/// What is worth a word besides the facts.
pub fn notes(found: &FoundShop, sweeps: SweepChoice) -> Vec<String> {
    let mut notes = Vec::new();
    if found.may_write == Some(true) {
        notes.push(
            "the key may also write, and Read permission is enough: a key with less is safer"
                .to_owned(),
        );
    }
    let hidden = match found.shop.storage {
        Storage::Tables => {
            "refunds that are deleted, and orders that are deleted for good, are in no list of changes"
        }
        Storage::Posts => {
            "the shop keeps orders as posts: many edits move no time of change, and what is deleted is in no list of changes"
        }
        Storage::Unknown => {
            "the key may not see how the shop keeps its orders: edits may move no time of change, and what is deleted is in no list of changes"
        }
    };
    notes.push(format!("{hidden}; {}", sweeps.words()));
    if !found.shop.unseen.is_empty() {
        notes.push(format!(
            "the key may not see `{}`: what depends on it has to be configured by hand",
            found.shop.unseen.join("`, `")
        ));
    }
    notes
}

/// The facts as lines: a word and what it is.
pub fn facts(shop: &Shop) -> String {
    let list = |items: Vec<String>| match items.is_empty() {
        true => "-".to_owned(),
        false => items.join(", "),
    };
    let prices = match (shop.taxes, shop.prices_include_tax) {
        (false, _) => "taxes are switched off",
        (true, true) => "entered with tax",
        (true, false) => "entered without tax",
    };
    let gateways = shop.gateways.iter().filter(|gateway| gateway.enabled);
    let gateways = gateways.map(|gateway| format!("{} ({})", gateway.id, gateway.title));
    let rates = shop
        .rates
        .iter()
        .map(|rate| format!("{} {} %", rate.code, rate.percent));
    let statuses = shop.statuses.iter().map(|status| status.slug.clone());
    let orders = match shop.storage {
        Storage::Tables => "in tables of their own",
        Storage::Posts => "as posts",
        Storage::Unknown => "unknown",
    };
    let or_unknown = |text: &str| match text {
        "" => "unknown".to_owned(),
        text => text.to_owned(),
    };
    let rows = [
        ("shop", or_unknown(&shop.name)),
        ("address", shop.address.clone()),
        (
            Service::Woocommerce.title(),
            shop.version.clone().unwrap_or("unknown".to_owned()),
        ),
        ("country", or_unknown(&shop.country)),
        (
            "currency",
            format!("{}, {} decimals", or_unknown(&shop.currency), shop.decimals),
        ),
        ("time zone", or_unknown(&shop.timezone)),
        ("prices", prices.to_owned()),
        ("gateways", list(gateways.collect())),
        ("tax rates", list(rates.collect())),
        ("statuses", list(statuses.collect())),
        ("orders", orders.to_owned()),
    ];
    let mut table = TextTable::new(&["", ""], &[]);
    for (word, what) in rows {
        table.row(vec![word.to_owned()], what);
    }
    table.render(width_of_answer())
}
