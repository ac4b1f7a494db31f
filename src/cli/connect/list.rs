//! `connect list`, `connect test` and `connect remove`: what is connected, whether it works, and the end of it.
//!
//! A list is made without the key: it opens nothing. What the environment gives is listed by the names of its variables.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::app::connections::AboutQuickbooks;
use crate::app::strongbox::OF_ENVIRONMENT;
use crate::config::credentials::set_as;
use crate::config::process_env;
use crate::model::clock::day;
use crate::model::fault::Fault;
use crate::model::service::{QUICKBOOKS_REFRESH_TOKEN, Service};
use crate::store::{Broken, Store, connections};

use super::super::args::{FleetArgs, Global, Output};
use super::super::fleet::all::{ShopAnswer, over_all};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::selection::one_of;
use super::super::session::{open_shop, output};
use super::super::table::{TextTable, width_of_answer};

/// List what is connected
///
/// Shows each connection, since when, and whether it is whole. Nothing is asked of any service and no key is needed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect list --json\n  udsync connect list\n  udsync connect list --shop aurora"
)]
pub struct ConnectListArgs {}

/// Try the connections
///
/// Asks each service one harmless question. Ends with code 4 where credentials are missing or refused, with 5 where a service
/// cannot be reached.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect test\n  udsync connect test quickbooks\n  udsync connect test --json"
)]
pub struct ConnectTestArgs {
    /// Only this one
    #[arg(value_name = "NAME", value_parser = one_of(Service::ALL.map(Service::as_str)))]
    pub name: Option<Service>,
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// The variables of the environment that are set for it.
fn variables(app: &App, service: Service) -> Vec<String> {
    let given = service
        .credentials()
        .filter(|field| app.credentials.of(field).is_some());
    let shop = &app.config.shop.name;
    given
        .map(|field| set_as(&process_env, shop, field.variable))
        .collect()
}

/// One connection in the list.
#[derive(Serialize)]
struct ConnectionRow {
    name: &'static str,
    /// `stored` or `environment`.
    from: &'static str,
    what: String,
    since: Option<DateTime<Utc>>,
    /// `working`, `broken`, `unused` or `not configured`.
    state: &'static str,
    broken_since: Option<DateTime<Utc>>,
    broken_why: Option<String>,
    /// It ends then unless it is used before.
    ends_if_idle: Option<DateTime<Utc>>,
    /// It ends then.
    ends: Option<DateTime<Utc>>,
    variables: Vec<String>,
    warning: Option<String>,
}

/// Runs `connect list`.
pub fn list(global: &Global, _args: &ConnectListArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    let mut rows = Vec::new();
    for service in Service::ALL {
        rows.extend(rows_of(&app, &store, service)?);
    }
    match output(global) {
        Output::Json => out::print_json(&ListedConnections {
            schema: "udsync/connections/1",
            connections: rows,
        }),
        Output::Text | Output::Csv => print(global, &rows, app.config.rules.timezone),
    }
    Ok(exit::DONE)
}

#[derive(Serialize)]
struct ListedConnections {
    schema: &'static str,
    connections: Vec<ConnectionRow>,
}

fn rows_of(app: &App, store: &Store, service: Service) -> Result<Vec<ConnectionRow>, Failure> {
    let name = service.as_str();
    let variables = variables(app, service);
    let stored = connections::known::<Value>(store, name)?;
    // Of one pair none, half or all comes from the environment; a token of its own is a connection of its own.
    let takes_over = match service {
        Service::Quickbooks => {
            app.credentials.has(&QUICKBOOKS_REFRESH_TOKEN)
                && !is_descendant(app, stored.as_ref().map(|stored| &stored.about))
        }
        Service::Woocommerce | Service::Supabase | Service::Stripe => !variables.is_empty(),
    };
    let mut rows = Vec::new();
    if takes_over {
        let own = connections::known::<Value>(store, &format!("{name}{OF_ENVIRONMENT}"))?;
        let (about, broken) = own.map_or((Value::Null, None), |own| (own.about, own.broken));
        let what = format!("from {}", in_backticks(&variables));
        let row = row(app, service, what, &about, broken);
        rows.push(ConnectionRow {
            from: "environment",
            variables,
            ..row
        });
    }
    if let Some(stored) = stored {
        let what = what(service, &stored.about);
        let mut row = row(app, service, what, &stored.about, stored.broken);
        row.since = Some(stored.connected_at);
        if takes_over {
            row.state = "unused";
            row.warning = None;
        }
        rows.push(row);
    }
    Ok(rows)
}

fn is_descendant(app: &App, about: Option<&Value>) -> bool {
    let given = app.credentials.of(&QUICKBOOKS_REFRESH_TOKEN);
    let digest = given.map(crate::connector::quickbooks::sign_in::digest);
    let known = about.and_then(|about| about["came_from"].as_str());
    digest.is_some() && digest.as_deref() == known
}

fn row(
    app: &App,
    service: Service,
    what: String,
    about: &Value,
    broken: Option<Broken>,
) -> ConnectionRow {
    let life = match service {
        Service::Quickbooks => serde_json::from_value::<AboutQuickbooks>(about.clone()).ok(),
        Service::Woocommerce | Service::Supabase | Service::Stripe => None,
    };
    let now = app.clock.now();
    ConnectionRow {
        name: service.as_str(),
        from: "stored",
        what,
        since: None,
        state: match &broken {
            Some(_) => "broken",
            // A key that nothing asks with connects nothing.
            None if !app.config.has(service) => "not configured",
            None => "working",
        },
        broken_since: broken.as_ref().map(|broken| broken.at),
        broken_why: broken.map(|broken| broken.why),
        ends_if_idle: life.as_ref().and_then(|life| life.refresh_until),
        ends: life.as_ref().and_then(|life| life.hard_until),
        variables: Vec::new(),
        warning: life.and_then(|life| life.ends_soon(now)),
    }
}

/// What is connected, out of what is known of it.
fn what(service: Service, about: &Value) -> String {
    let text = |key: &str| about[key].as_str().map(str::to_owned);
    match service {
        Service::Quickbooks => {
            let id = text("company_id").unwrap_or_default();
            let environment = text("environment").unwrap_or_default();
            match text("company") {
                Some(company) => format!("{company} ({id}, {environment})"),
                None => format!("company {id} ({environment})"),
            }
        }
        Service::Woocommerce | Service::Supabase | Service::Stripe => service
            .row()
            .known_by
            .iter()
            .find_map(|key| text(key))
            .unwrap_or_else(|| service.title().to_owned()),
    }
}

fn in_backticks(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn print(global: &Global, rows: &[ConnectionRow], zone: Tz) {
    if rows.is_empty() {
        out::answer("nothing is connected\n");
        if !global.quiet {
            out::say("`udsync connect woocommerce` and `udsync connect quickbooks` begin");
        }
        return;
    }
    let mut table = TextTable::new(&["name", "since", "state"], &[]);
    for row in rows {
        let since = row.since.map(|since| day(since, zone).to_string());
        let state = match (row.state, row.broken_since) {
            ("broken", Some(at)) => format!("broken since {}", day(at, zone)),
            ("unused", _) => "unused: the environment goes before it".to_owned(),
            (state, _) => state.to_owned(),
        };
        let mut remark = row.what.clone();
        if let Some(ends) = row.ends {
            remark.push_str(&format!("; ends on {}", day(ends, zone)));
        }
        table.row(
            vec![
                row.name.to_owned(),
                since.unwrap_or_else(|| "-".to_owned()),
                state,
            ],
            remark,
        );
    }
    out::answer(&table.render(width_of_answer()));
    for row in rows {
        if let Some(warning) = &row.warning {
            out::say(&format!("warning: {warning}"));
        }
        if row.state == "not configured" {
            out::say(&format!("hint: {}", nothing_asks(row.name)));
        }
        if row.state == "broken" {
            let service = row.name;
            out::say(&match row.from {
                "stored" => format!("hint: connect it again: `udsync connect {service}`"),
                _ => {
                    "hint: put a new refresh token in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN`".to_owned()
                }
            });
        }
    }
}

/// What came of one question.
#[derive(Serialize)]
struct ConnectionTried {
    name: &'static str,
    ok: bool,
    /// The service's own name for what is connected.
    what: Option<String>,
    error: Option<Failure>,
}

/// Runs `connect test`.
pub async fn test(global: &Global, args: &ConnectTestArgs) -> Result<u8, Failure> {
    if args.fleet.all_shops {
        return test_all(global, args).await;
    }
    let app = open_shop(global)?;
    let store = app.store()?;
    let tested = tested(&app, &store, args).await;
    let code = worst(&tested.tested);
    match output(global) {
        Output::Json => out::print_json(&tested),
        Output::Text | Output::Csv => {
            for one in &tested.tested {
                match &one.what {
                    Some(what) if what.is_empty() => out::answer(&format!("{}: works\n", one.name)),
                    Some(what) => out::answer(&format!("{}: works ({what})\n", one.name)),
                    None => out::answer(&format!("{}: does not work\n", one.name)),
                }
                if let Some(failure) = &one.error {
                    out::say(failure.words().trim_end());
                }
            }
            for service in args
                .name
                .is_none()
                .then(|| unused(&app))
                .into_iter()
                .flatten()
            {
                out::say(&format!("note: {}", nothing_asks(service)));
            }
            if let Some(warning) = app.connection_warning(&store) {
                out::say(&format!("warning: {warning}"));
            }
        }
    }
    Ok(code)
}

/// Services that the environment has a key for, and the configuration no section.
fn unused(app: &App) -> impl Iterator<Item = &'static str> {
    let lacks =
        |service: &Service| !app.config.has(*service) && !variables(app, *service).is_empty();
    let services = Service::ALL.into_iter().filter(lacks);
    services
        .map(Service::as_str)
        .collect::<Vec<_>>()
        .into_iter()
}

fn nothing_asks(service: &str) -> String {
    format!(
        "there is a key for {service}, and the configuration has no section `[{service}]`, so nothing is asked of it: `udsync connect {service}` adds the section"
    )
}

async fn tested(app: &App, store: &Store, args: &ConnectTestArgs) -> ConnectionsTested {
    let services: Vec<Service> = match args.name {
        Some(service) => vec![service],
        None => Service::ALL
            .into_iter()
            .filter(|service| app.config.has(*service))
            .collect(),
    };
    let mut tested = Vec::new();
    for service in services {
        let answer = app.probe(store, service).await;
        let (what, error) = match answer {
            Ok(what) => (Some(what), None),
            Err(fault) => (None, Some(Failure::from(fault))),
        };
        tested.push(ConnectionTried {
            name: service.as_str(),
            ok: error.is_none(),
            what,
            error,
        });
    }
    ConnectionsTested {
        schema: "udsync/connect-test/1",
        tested,
    }
}

/// `connect test --all-shops`: of each shop what does not work, in words.
async fn test_all(global: &Global, args: &ConnectTestArgs) -> Result<u8, Failure> {
    over_all(global, &args.fleet, "connect test", async |global, _| {
        let app = open_shop(&global)?;
        let tested = tested(&app, &app.store()?, args).await;
        let failed = tested.tested.iter().filter_map(|one| {
            let failure = one.error.as_ref()?;
            Some(format!("{} does not work: {}", one.name, failure.message))
        });
        let failed: Vec<String> = failed.collect();
        let said = match failed.is_empty() {
            true => {
                let names: Vec<&str> = tested.tested.iter().map(|one| one.name).collect();
                format!("{}: work", names.join(", "))
            }
            false => failed.join("; "),
        };
        ShopAnswer::new(worst(&tested.tested), &said, &tested)
    })
    .await
}

#[derive(Serialize)]
struct ConnectionsTested {
    schema: &'static str,
    tested: Vec<ConnectionTried>,
}

/// What needs a person goes before what needs patience.
fn worst(tried: &[ConnectionTried]) -> u8 {
    let codes = tried.iter().filter_map(|one| one.error.as_ref());
    let rank = |code: u8| match code {
        exit::CREDENTIALS => 0,
        exit::USAGE => 1,
        exit::FAILED => 2,
        _ => 3,
    };
    codes
        .map(|failure| failure.exit)
        .min_by_key(|code| rank(*code))
        .unwrap_or(exit::DONE)
}

/// End a connection
///
/// Tells Intuit that the connection to QuickBooks has ended, and overwrites what is stored of it. Keys of a shop and of a database
/// can only be deleted where they were made; what is stored of them is overwritten too.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect remove quickbooks --yes\n  udsync connect remove quickbooks\n  udsync connect remove supabase --yes --json"
)]
pub struct ConnectRemoveArgs {
    /// The connection, as `udsync connect list` names it
    #[arg(value_name = "NAME", value_parser = one_of(Service::ALL.map(Service::as_str)))]
    pub name: Service,
    /// Remove it without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Remove it here even if Intuit could not be told
    #[arg(long)]
    pub force: bool,
}

/// Runs `connect remove`.
pub async fn remove(global: &Global, args: &ConnectRemoveArgs) -> Result<u8, Failure> {
    super::remove::remove(global, args).await
}

/// Says that a fault was about this connection.
pub fn about(service: Service, fault: Fault) -> Failure {
    let failure = Failure::from(fault);
    let mut told = failure.clone();
    told.message = format!(
        "the connection to {} was not removed: {}",
        service.title(),
        failure.message
    );
    told
}
