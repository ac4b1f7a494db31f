//! `webhooks register`, `check`, `list`, `remove`: the webhooks that the shop keeps for us.

use std::time::{Duration, Instant};

use serde::Serialize;
use url::Url;

use super::super::args::{Global, Output};
use super::super::ask::Asker;
use super::super::connect::keys::open_strongbox;
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output};
use super::super::table::{TextTable, width_of_answer};
use super::super::typed::said;
use super::{RegisterArgs, ServerSettings, served, source};
use crate::app::App;
use crate::app::webhooks::checking::HookHealth;
use crate::app::webhooks::registering::RegistrationDone;
use crate::app::webhooks::{CheckedWebhook, Registered, TOPICS, books_address, shop_address};
use crate::connector::quickbooks::notices::KINDS;
use crate::model::service::WOOCOMMERCE_WEBHOOK_SECRET;
use crate::run::document::time;
use crate::store::{Inbox, Store};

/// The shop tries the address while it answers; a ping that has not come by then does not come.
const PING: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct RegisteredDocument<'a> {
    schema: &'static str,
    address: &'a str,
    webhooks: &'a [Registered],
    others: usize,
    /// Whether the shop has reached the address; nothing, where it had no reason to try.
    reached: Option<bool>,
    quickbooks: AtIntuit<'a>,
}

/// What is entered in Intuit's portal.
#[derive(Serialize)]
struct AtIntuit<'a> {
    address: &'a str,
    entities: &'a [&'a str],
    /// Whether the verifier token is kept here.
    token: bool,
}

pub async fn register(global: &Global, args: &RegisterArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let served = served(global, &app)?;
    let url = public_url(args.public_url.as_ref(), &served)?;
    let (to_shop, to_books) = (
        shop_address(&url, &app.config.shop.name, served.many_shops),
        books_address(&url),
    );
    if args.print {
        out::answer(&by_hand(&to_shop));
        out::answer(&at_intuit(&to_books, false));
        return Ok(exit::DONE);
    }
    let store = app.store()?;
    if !app.credentials.has(&WOOCOMMERCE_WEBHOOK_SECRET) {
        // Before anything is made in the shop: that there is no place for the key should be known first.
        open_strongbox(&app, &store, &args.key, &Asker::new(global))?;
    }
    let shop = source(&app, &store)?;
    let inbox = Inbox::open(&app.state)?;
    let began = app.clock.now();
    let done = app.register_webhooks(&store, &shop, &to_shop).await?;
    let is_tried =
        |one: &Registered| matches!(one.done, RegistrationDone::Made | RegistrationDone::TakenUp);
    let reached = match done.webhooks.iter().any(is_tried) {
        true => Some(pinged(&inbox, &app, began).await?),
        false => None,
    };
    let token = !app.hook_secrets(&store)?.books.is_empty();
    if output(global) == Output::Json {
        out::print_json(&RegisteredDocument {
            schema: "udsync/webhooks-registered/1",
            address: &to_shop,
            webhooks: &done.webhooks,
            others: done.others,
            reached,
            quickbooks: AtIntuit {
                address: &to_books,
                entities: &KINDS,
                token,
            },
        });
        return Ok(exit::DONE);
    }
    let mut table = TextTable::new(&["topic", "id", ""], &[1]);
    for one in &done.webhooks {
        table.row(
            vec![
                one.topic.clone(),
                one.id.to_string(),
                word(one.done).to_owned(),
            ],
            String::new(),
        );
    }
    out::answer(&table.render(width_of_answer()));
    out::answer(&format!("\nthe shop delivers to {to_shop}\n"));
    if done.others > 0 {
        let (count, verb) = match done.others {
            1 => ("1 webhook".to_owned(), "belongs"),
            n => (format!("{n} webhooks"), "belong"),
        };
        out::answer(&format!(
            "{count} of the shop {verb} to others and stayed as they were\n"
        ));
    }
    out::answer(&at_intuit(&to_books, token));
    if reached == Some(false) {
        out::say(&format!(
            "warning: the shop could not be seen to reach {to_shop}: no ping came within {} s",
            PING.as_secs()
        ));
        out::say(&format!(
            "hint: is `{}` running, and does the address lead to its `hooks_listen`? `udsync webhooks check` looks again",
            served.start()
        ));
    }
    Ok(exit::DONE)
}

fn word(done: RegistrationDone) -> &'static str {
    match done {
        RegistrationDone::Made => "made",
        RegistrationDone::TakenUp => "switched on again",
        RegistrationDone::SecretRenewed => "was there",
        RegistrationDone::Removed => "a second one, removed",
    }
}

fn public_url(given: Option<&Url>, served: &ServerSettings) -> Result<Url, Failure> {
    let url = given.or(served.settings.public_url.as_ref()).cloned();
    url.ok_or_else(|| {
        Failure::new(
            "config_incomplete",
            "it is not said where webhooks are reached from outside",
        )
        .hint("set `public_url = \"https://hooks.example.com\"` in `[serve]`, or give `--public-url URL`")
    })
}

async fn pinged(
    inbox: &Inbox,
    app: &App,
    since: chrono::DateTime<chrono::Utc>,
) -> Result<bool, Failure> {
    let began = Instant::now();
    loop {
        let last = inbox.pinged_last(&app.config.shop.name)?;
        if last.is_some_and(|at| at >= since) {
            return Ok(true);
        }
        if began.elapsed() >= PING {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// What somebody types whose key may not write.
fn by_hand(address: &str) -> String {
    let topics = TOPICS.join(", ");
    format!(
        "in the shop, under WooCommerce > Settings > Advanced > Webhooks, add one for each of these topics:\n  {topics}\n\
         delivery URL: {address}\n\
         secret: one of your own, the same for all, of letters and digits; put it in `UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET`\n"
    )
}

fn at_intuit(address: &str, has_token: bool) -> String {
    let token = match has_token {
        true => "its verifier token is kept here",
        false => "then keep its verifier token here: `udsync connect quickbooks --webhook-token`",
    };
    format!(
        "\nat developer.intuit.com, under your app > Webhooks, enter\n  endpoint URL: {address}\n  entities, with all of their operations: {}\n{token}\n",
        KINDS.join(", ")
    )
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    schema: &'static str,
    good: bool,
    tells_deleted_refunds: bool,
    webhooks: &'a [CheckedWebhook],
}

pub async fn check(global: &Global) -> Result<u8, Failure> {
    let (app, store, found) = look(global).await?;
    drop((app, store));
    let code = match found.is_good() {
        true => exit::DONE,
        false => exit::FAILED,
    };
    if output(global) == Output::Json {
        out::print_json(&CheckDocument {
            schema: "udsync/webhooks-check/1",
            good: found.is_good(),
            tells_deleted_refunds: found.tells_deleted_refunds,
            webhooks: &found.webhooks,
        });
        return Ok(code);
    }
    let mut table = TextTable::new(&["topic", "id", "last try", "last received", ""], &[1]);
    let shown = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or("-".to_owned(), time);
    for one in &found.webhooks {
        table.row(
            vec![
                one.topic.clone(),
                one.id.map_or("-".to_owned(), |id| id.to_string()),
                shown(one.tried_at),
                shown(one.received_at),
                health(one.verdict).to_owned(),
            ],
            String::new(),
        );
    }
    out::answer(&table.render(width_of_answer()));
    if !found.tells_deleted_refunds {
        out::say(
            "note: this shop tells nobody when a refund is deleted; the reading of every order finds it (`full_sweep`)",
        );
    }
    if !found.is_good() {
        let lost = found.bad().any(|one| one.verdict == HookHealth::Lost);
        let hint = match lost {
            true => {
                "hint: the shop has sent what did not come: look for a redirect, a page for signing in or a firewall before `serve`"
            }
            false => {
                "hint: `udsync webhooks register` makes what is missing and switches on what is off"
            }
        };
        out::say(&said(hint, global));
    }
    Ok(code)
}

fn health(verdict: HookHealth) -> &'static str {
    match verdict {
        HookHealth::Good => "good",
        HookHealth::Missing => "missing",
        HookHealth::Disabled => "switched off",
        HookHealth::Changed => "changed",
        HookHealth::Lost => "lost on the way",
    }
}

async fn look(
    global: &Global,
) -> Result<(App, Store, crate::app::webhooks::WebhookCheck), Failure> {
    let app = open_shop(global)?;
    let served = served(global, &app)?;
    let store = app.store()?;
    let shop = source(&app, &store)?;
    let inbox = match Inbox::exists(&app.state) {
        true => Some(Inbox::open(&app.state)?),
        false => None,
    };
    let address = served.settings.public_url.as_ref();
    let address = address.map(|url| shop_address(url, &app.config.shop.name, served.many_shops));
    let found = app
        .check_webhooks(&store, inbox.as_ref(), &shop, address.as_deref())
        .await?;
    Ok((app, store, found))
}

#[derive(Serialize)]
struct WebhookListDocument {
    schema: &'static str,
    items: Vec<ListedWebhook>,
    others: usize,
}

#[derive(Serialize)]
struct ListedWebhook {
    id: u64,
    topic: String,
    status: String,
    address: String,
    tried_at: Option<String>,
}

pub async fn list(global: &Global) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let served = served(global, &app)?;
    let store = app.store()?;
    let ours = app.our_webhooks(&store)?;
    let address = served.settings.public_url.as_ref();
    let address = address.map(|url| shop_address(url, &app.config.shop.name, served.many_shops));
    let all = source(&app, &store)?.webhooks().await?;
    let total = all.len();
    let items: Vec<ListedWebhook> = all
        .into_iter()
        .filter(|one| {
            ours.iter().any(|known| known.id == one.id)
                || Some(&one.delivery_url) == address.as_ref()
        })
        .map(|one| ListedWebhook {
            id: one.id,
            topic: one.topic,
            status: one.status,
            address: one.delivery_url,
            tried_at: one.tried_at.map(time),
        })
        .collect();
    let others = total - items.len();
    if output(global) == Output::Json {
        out::print_json(&WebhookListDocument {
            schema: "udsync/webhooks/1",
            items,
            others,
        });
        return Ok(exit::DONE);
    }
    if items.is_empty() {
        out::answer(&said(
            "the shop has no webhook of ours; `udsync webhooks register` makes them\n",
            global,
        ));
        return Ok(exit::DONE);
    }
    let mut table = TextTable::new(&["id", "topic", "status", "last try", "address"], &[0]);
    for one in items {
        table.row(
            vec![
                one.id.to_string(),
                one.topic,
                one.status,
                one.tried_at.unwrap_or("-".to_owned()),
                one.address,
            ],
            String::new(),
        );
    }
    out::answer(&table.render(width_of_answer()));
    Ok(exit::DONE)
}

#[derive(Serialize)]
struct RemovedDocument {
    schema: &'static str,
    webhooks: Vec<Registered>,
}

pub async fn remove(global: &Global) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let served = served(global, &app)?;
    let store = app.store()?;
    let shop = source(&app, &store)?;
    let address = served.settings.public_url.as_ref();
    let address = address.map(|url| shop_address(url, &app.config.shop.name, served.many_shops));
    let webhooks = app
        .remove_webhooks(&store, &shop, address.as_deref())
        .await?;
    if output(global) == Output::Json {
        out::print_json(&RemovedDocument {
            schema: "udsync/webhooks-removed/1",
            webhooks,
        });
        return Ok(exit::DONE);
    }
    out::answer(&match webhooks.len() {
        0 => "the shop has no webhook of ours\n".to_owned(),
        1 => "1 webhook was removed\n".to_owned(),
        n => format!("{n} webhooks were removed\n"),
    });
    Ok(exit::DONE)
}
