//! The end of a connection: the service is told where it can be told, and what is stored is overwritten.

use std::time::Duration;

use serde::Serialize;

use crate::app::App;
use crate::app::connections::AboutQuickbooks;
use crate::app::credentials::{QUICKBOOKS, QUICKBOOKS_APP};
use crate::app::hosts::QUICKBOOKS_HOSTS;
use crate::app::strongbox::OF_ENVIRONMENT;
use crate::model::fault::Fault;
use crate::model::service::{QUICKBOOKS_REFRESH_TOKEN, Service};
use crate::store::{Secrets, SecretsWriter, Store, connections};

use super::super::args::{Global, Output};
use super::super::ask::{Asker, Prompt};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output};
use super::list::{ConnectRemoveArgs, about};

/// What `--json` prints.
#[derive(Serialize)]
struct ConnectionRemoved {
    schema: &'static str,
    name: &'static str,
    /// Intuit was told.
    revoked: bool,
    notes: Vec<String>,
}

/// Runs `connect remove`.
pub async fn remove(global: &Global, args: &ConnectRemoveArgs) -> Result<u8, Failure> {
    let service = args.name;
    let app = open_shop(global)?;
    // A run that goes on needs the connection until it has ended.
    let _lock = app.lock(&format!("connect remove {}", service.as_str()))?;
    let store = app.store()?;
    let name = stored_as(&app, &store, service)?.ok_or_else(|| nothing(service))?;
    consent(global, args)?;
    let mut notes = Vec::new();
    let mut revoked = false;
    if service == Service::Quickbooks {
        match revoke(&app, &store, &name).await {
            Ok(()) => revoked = true,
            Err(fault) if args.force => notes.push(format!(
                "Intuit was not told: {}; the connection can be ended in QuickBooks under Apps",
                fault.said
            )),
            Err(fault) => {
                let failure = about(service, fault);
                let hint = failure.hint.clone().unwrap_or_default();
                let forced =
                    "`udsync connect remove quickbooks --force` removes it here all the same";
                return Err(failure.hint(format!("{hint}\n{forced}").trim().to_owned()));
            }
        }
    }
    shred(&app, &store, service, &name).await?;
    notes.extend(afterwards(&app, service));
    match output(global) {
        Output::Json => out::print_json(&ConnectionRemoved {
            schema: "udsync/connect-remove/1",
            name: service.as_str(),
            revoked,
            notes,
        }),
        Output::Text | Output::Csv => {
            let told = if revoked { ", and Intuit was told" } else { "" };
            out::answer(&format!(
                "{} is no longer connected{told}\n",
                service.as_str()
            ));
            for note in notes {
                out::say(&format!("note: {note}"));
            }
        }
    }
    Ok(exit::DONE)
}

/// The name under which something is stored: the connection's own, or else what came of the environment's.
fn stored_as(app: &App, store: &Store, service: Service) -> Result<Option<String>, Failure> {
    let strongbox = app.strongbox(store);
    let own = service.as_str();
    for name in [own.to_owned(), format!("{own}{OF_ENVIRONMENT}")] {
        if strongbox.has(&name)? || store.connection(&name)?.is_some() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn nothing(service: Service) -> Failure {
    Failure::new(
        "not_connected",
        format!("nothing is stored of a connection to {}", service.title()),
    )
    .hint("`udsync connect list` shows what there is")
}

fn consent(global: &Global, args: &ConnectRemoveArgs) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    let prompt = format!("End the connection to {}", args.name.title());
    let question = Prompt {
        prompt: &prompt,
        flag: "`--yes`",
    };
    if Asker::new(global).yes(&question, false)? {
        return Ok(());
    }
    Err(Failure::new("not_confirmed", "the connection was kept"))
}

/// Tells Intuit. A connection that is broken has ended there already; it is asked all the same, because we may be wrong about it.
async fn revoke(app: &App, store: &Store, name: &str) -> Result<(), Fault> {
    let mut app = app.clone();
    if name == QUICKBOOKS {
        app.credentials = app.credentials.without(Service::Quickbooks);
        let known = connections::known::<AboutQuickbooks>(store, name)
            .ok()
            .flatten();
        if let (Some(known), Some(settings)) = (known, &mut app.config.quickbooks) {
            settings.company_id = Some(known.about.company_id);
        }
    }
    let given = app.given_for(store, &[Service::Quickbooks])?;
    app.target(store, &given)?.revoke().await
}

/// Overwrites everything that is stored. Whoever is just renewing the tokens finishes first, and finds nothing afterwards.
async fn shred(app: &App, store: &Store, service: Service, name: &str) -> Result<(), Failure> {
    const TRIES: u32 = 600;
    let mut turn = store.turn()?;
    for _ in 0..TRIES {
        if turn.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        turn = store.turn()?;
    }
    let strongbox = app.strongbox(store);
    strongbox.remove(name)?;
    store.remove_connection(name)?;
    if service == Service::Quickbooks {
        strongbox.remove(QUICKBOOKS_APP)?;
        strongbox.remove(QUICKBOOKS_HOSTS)?;
        // What came of a token in the environment goes too, unless that token is still given.
        if !app.credentials.has(&QUICKBOOKS_REFRESH_TOKEN) {
            let of_environment = format!("{QUICKBOOKS}{OF_ENVIRONMENT}");
            strongbox.remove(&of_environment)?;
            store.remove_connection(&of_environment)?;
        }
    }
    drop(turn);
    Ok(())
}

/// What a person has to do besides.
fn afterwards(app: &App, service: Service) -> Vec<String> {
    let mut notes = Vec::new();
    let after = service.row().after_removal;
    if !after.is_empty() {
        notes.push(after.to_owned());
    }
    let entrance = service.row().enters_with;
    if app.credentials.has(entrance) {
        let variable = entrance.variable;
        notes.push(format!(
            "`{variable}` is still in the environment; unset it there"
        ));
    }
    notes
}
