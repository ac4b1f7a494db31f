//! `sync`, `dry-run`, `apply` and `retry`: the one pipeline with its four doors.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::NaiveDate;
use tracing::Instrument;

use crate::config::Config;
use crate::connector::port::{Finder, Source};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::gather::{Reach, Scope, Wanted};
use crate::engine::run::{Report, foresee};
use crate::model::event::Event;
use crate::model::plan::Entity;
use crate::model::problem::Problem;
use crate::model::run::{Run, RunStatus};
use crate::store::Store;

use super::aim::{Aim, Share, each};
use super::args::{
    ApplyArgs, DryRunArgs, EntityName, Global, Output, RetryArgs, ScopeArgs, SyncArgs, day_after,
};
use super::consent::shrunken;
use super::document::run_document;
use super::door::{Door, Errand, Going, Voice, print, telling_of_pauses, warn_of_the_end};
use super::file::is_stream;
use super::legs::{Besides, Legs, Reading, first_pause};
use super::progress::Progress;
use super::report::{Failure, exit};
use super::session::{Session, stop_on_signals};
use super::show::{self, Mood};
use super::unknown::{none_known, note_unknown};
use super::{out, saved};

/// Runs `sync`.
pub async fn sync(global: &Global, args: &SyncArgs) -> Result<u8, Failure> {
    if args.dry_run {
        let args = DryRunArgs {
            scope: args.scope.clone(),
            wait: args.wait.clone(),
            out: None,
            exit_code: args.exit_code,
        };
        return dry_run(global, &args).await;
    }
    let session = Session::open(global, args.scope.sandbox).await?;
    if args.events && session.output != Output::Json {
        return Err(Failure::new(
            exit::USAGE,
            "usage",
            "`--events` prints lines of JSON, and the answer was not asked for as JSON",
        )
        .hint("add `--json`"));
    }
    let entities = entities(&args.scope);
    let errand = Errand {
        command: "sync",
        entities,
        guard: args.guard.clone(),
        wait: args.wait.clone(),
        voice: if args.events {
            Voice::Events
        } else {
            Voice::Answer
        },
    };
    let door = Door::open(session, errand)
        .await?
        .asked(&asked(&args.scope));
    write(&door, &args.scope).await
}

/// A sync behind an open door, whoever opened it.
pub async fn write(door: &Door, args: &ScopeArgs) -> Result<u8, Failure> {
    let args = swept(&door.session, &door.store, args)?;
    let aim = Aim::of(&args, &door.session.app.config);
    let going = Going {
        aim,
        mode: mode(&args),
        verify: args.verify,
        scope: &|door, shop, besides| scope(&door.session, &door.store, shop, &args, aim, besides),
    };
    door.write(going, None).await
}

/// Runs `retry` with something to try.
pub async fn retry(
    global: &Global,
    args: &RetryArgs,
    chosen: Option<Vec<Problem>>,
) -> Result<u8, Failure> {
    let session = Session::open(global, false).await?;
    let asked = chosen
        .as_ref()
        .map_or_else(|| "all".to_owned(), |chosen| joined(&orders_among(chosen)));
    let errand = Errand {
        command: "retry",
        entities: vec!["orders".to_owned()],
        guard: args.guard.clone(),
        wait: args.wait.clone(),
        voice: Voice::Answer,
    };
    let door = Door::open(session, errand).await?.asked(&asked);
    let problems = match &chosen {
        Some(chosen) => chosen.clone(),
        None => door.store.problems(None, false)?,
    };
    let aim = aim_of(&problems, &door.session.app.config);
    let going = Going {
        aim,
        mode: "selected",
        verify: false,
        scope: &|_, _, besides| {
            let mut orders = orders_among(&problems);
            if chosen.is_none() {
                orders.extend(besides.books.iter().chain(&besides.copy));
            }
            let only_shoppers = match &chosen {
                Some(chosen) => ids_among(chosen, Entity::Customer),
                None => BTreeSet::new(),
            };
            Ok(Scope {
                shoppers: wanted(aim.books.customers, aim.copy.customers),
                only_shoppers,
                products: wanted(aim.books.products, aim.copy.products),
                ..only(orders)
            })
        },
    };
    door.write(going, None).await
}

fn orders_among(problems: &[Problem]) -> BTreeSet<u64> {
    ids_among(problems, Entity::Order)
}

fn ids_among(problems: &[Problem], entity: Entity) -> BTreeSet<u64> {
    problems
        .iter()
        .filter(|problem| problem.source.entity == entity)
        .filter_map(|problem| problem.source.id.parse().ok())
        .collect()
}

/// The targets and kinds of records that the problems are about. Without any it is what a retry was before there were others.
fn aim_of(problems: &[Problem], config: &Config) -> Aim {
    let mut aim = Aim::default();
    for problem in problems {
        let share = match problem.target.as_str() {
            "supabase" => &mut aim.copy,
            _ => &mut aim.books,
        };
        match problem.source.entity {
            Entity::Order | Entity::Refund => share.orders = true,
            Entity::Customer => share.customers = true,
            Entity::Product => share.products = true,
        }
    }
    if aim == Aim::default() {
        let args = ScopeArgs {
            entities: vec![EntityName::Orders],
            ..ScopeArgs::default()
        };
        aim = Aim::of(&args, config);
    }
    aim
}

/// Runs `apply`. A saved plan is one for the books.
pub async fn apply(global: &Global, args: &ApplyArgs) -> Result<u8, Failure> {
    let plan = saved::read(&args.file)?;
    let session = Session::open(global, args.sandbox).await?;
    saved::check_place(&plan, &session)?;
    let errand = Errand {
        command: "apply",
        entities: vec!["orders".to_owned()],
        guard: args.guard.clone(),
        wait: args.wait.clone(),
        voice: Voice::Answer,
    };
    let door = Door::open(session, errand)
        .await?
        .asked(&plan.fingerprint().to_string());
    let orders = saved::orders_of(&plan);
    let share = Share {
        orders: true,
        customers: !plan.basis.shoppers.is_empty(),
        products: !plan.basis.products.is_empty(),
        ..Share::default()
    };
    let going = Going {
        aim: Aim::books(share),
        mode: "saved",
        verify: false,
        scope: &|_, _, _| {
            Ok(Scope {
                shoppers: wanted(share.customers, false),
                products: wanted(share.products, false),
                ..only(orders.clone())
            })
        },
    };
    door.write(going, Some(plan)).await
}

/// What the books want is kept, what only the copy wants passes by.
fn wanted(by_books: bool, by_copy: bool) -> Wanted {
    match (by_books, by_copy) {
        (true, _) => Wanted::Kept,
        (false, true) => Wanted::InPassing,
        (false, false) => Wanted::No,
    }
}

/// What is asked for, in one way only: what a key for a run stands for.
fn asked(args: &ScopeArgs) -> String {
    let mut statuses = args.status.clone();
    statuses.sort_unstable();
    let ids: BTreeSet<u64> = args.id.iter().copied().collect();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    format!(
        "full {} since {} until {} status {} id {} limit {}",
        args.full,
        day(args.since),
        day(args.until),
        statuses.join(","),
        joined(&ids),
        args.limit
            .map(|limit| limit.to_string())
            .unwrap_or_default(),
    )
}

fn joined(ids: &BTreeSet<u64>) -> String {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    ids.join(",")
}

/// These orders and no others.
fn only(orders: BTreeSet<u64>) -> Scope {
    Scope {
        reach: Reach::Orders(orders),
        ..Scope::default()
    }
}

/// Runs `dry-run`.
pub async fn dry_run(global: &Global, args: &DryRunArgs) -> Result<u8, Failure> {
    let to_stream = args.out.as_deref().is_some_and(is_stream);
    let session = Session::open(global, args.scope.sandbox).await?;
    if to_stream && session.output != Output::Text {
        return Err(Failure::new(
            exit::USAGE,
            "usage",
            "the plan and the answer cannot both go to standard output",
        )
        .hint("name a file with `--out FILE`, or leave out `--json`"));
    }
    let Foreseen {
        run,
        report,
        has_changes,
        failure,
    } = foreseen(&session, args).await?;
    if let Some(mut failure) = failure {
        match session.output {
            Output::Json => {
                let document = run_document(&run, &report, session.all);
                failure.run = serde_json::value::to_raw_value(&document).ok();
            }
            Output::Text | Output::Csv => print(&session, &run, &report, false),
        }
        return Err(failure);
    }
    if to_stream {
        // The plan is the answer; what it comes to is said beside it.
        out::say(show::ending(&report, &run.tallies, Mood::of(&run)).trim_end());
    } else {
        print(&session, &run, &report, false);
    }
    if session.output == Output::Text && !session.quiet && has_changes && !to_stream {
        out::say(&how_to_go_on(&session, args));
    }
    Ok(if args.exit_code && has_changes {
        exit::CHANGES
    } else if report.problems.is_empty() {
        exit::DONE
    } else {
        exit::PROBLEMS
    })
}

/// What a sync would do.
pub struct Foreseen {
    pub run: Run,
    pub report: Report,
    /// There is something to write.
    pub has_changes: bool,
    /// Why one of the legs could not be looked at.
    pub failure: Option<Failure>,
}

/// Plans and writes nothing.
pub async fn foreseen(session: &Session, args: &DryRunArgs) -> Result<Foreseen, Failure> {
    let id = uuid::Uuid::now_v7().to_string();
    let span = tracing::info_span!("run", id);
    look_ahead(session, args, id).instrument(span).await
}

async fn look_ahead(session: &Session, args: &DryRunArgs, id: String) -> Result<Foreseen, Failure> {
    let app = &session.app;
    let entities = entities(&args.scope);
    let stop = stop_on_signals();
    let words = format!("dry-run {}", entities.join(" "));
    let _lock = session.lock(&words, &args.wait, &stop).await?;
    let store = app.store()?;
    let aim = Aim::of(&args.scope, &app.config);
    if args.out.is_some() && aim.books.is_empty() {
        return Err(Failure::new(
            exit::USAGE,
            "usage",
            "a saved plan is one for the books, and this run is about the database alone",
        )
        .hint("leave out `--out`: a sync of rows can be run at any time"));
    }
    let (legs, mut came) = Legs::open(app, &store, aim)?;
    app.check_owner(&store, &legs.source)?;
    let mappings = legs.mappings(app).await?;
    let progress = Progress::new(session, Voice::Answer);
    let tell = |event: Event| progress.tell(event);
    let started_at = app.clock.now();
    let besides = legs.besides(app, &store)?;
    let scope_args = swept(session, &store, &args.scope)?;
    let address = legs.source.address();
    let scope = scope(session, &store, address, &scope_args, aim, &besides)?;
    let database = legs.ready_database(first_pause(app), &mut came).await;
    let reading = Reading {
        app,
        store: &store,
        legs: &legs,
        database,
        mappings: &mappings,
        stop: &stop,
        tell: &tell,
        aim,
        verify: args.scope.verify,
        allow_shrunken: false,
    };
    // From here on there is nothing in reach that can write: the books are asked through a finder, and whoever looks on
    // only compares.
    let looking = reading.read(&scope, None, &mut came);
    let planned = match &legs.books {
        Some(books) => telling_of_pauses(books, &progress, looking).await?,
        None => looking.await?,
    };
    progress.clear();
    let mut writes = 0;
    if let Some(planned) = &planned {
        if let Some(failure) = none_known(&scope, planned) {
            return Err(failure);
        }
        note_unknown(planned);
        if let Some(failure) = shrunken(planned) {
            out::say(&format!("note: {}; a sync stops there", failure.message));
        }
        if let Some(file) = &args.out {
            saved::save(file, &planned.plan)?;
        }
        writes += planned.plan.writes() as u64;
    }
    if let Some(books) = &legs.books {
        if !store.open_tickets(books.name())?.is_empty() {
            out::say(
                "note: an earlier run left requests without an answer; the next sync settles them first",
            );
        }
        let known = store.problems(Some(books.name()), true)?;
        let foreseen =
            planned.map(|planned| foresee(books.name(), &planned, &known, app.clock.now()));
        came.books = foreseen.or(came.books);
    }
    let mut run = Run {
        id,
        shop: app.config.shop.name.clone(),
        command: "dry-run".to_owned(),
        entities,
        mode: mode(&scope_args).to_owned(),
        dry_run: true,
        status: RunStatus::Succeeded,
        started_at,
        finished_at: Some(app.clock.now()),
        tallies: BTreeMap::new(),
        error: None,
    };
    legs.count(&mut run, &came);
    if let Some(copy) = &came.copy {
        writes += copy.tally.created + copy.tally.updated + copy.tally.deleted;
    }
    warn_of_the_end(session, &store);
    let report = came.whole();
    if let Some(end) = report.end.clone() {
        came.fail(end.into());
    }
    if came.failure.is_some() {
        run.status = RunStatus::Failed;
    }
    Ok(Foreseen {
        run,
        report,
        has_changes: writes > 0,
        failure: came.failure,
    })
}

fn how_to_go_on(session: &Session, args: &DryRunArgs) -> String {
    let sandbox = if session.sandbox.is_some() {
        " --sandbox"
    } else {
        ""
    };
    let to = flags(&args.scope);
    match &args.out {
        Some(file) => format!(
            "nothing was written; `udsync apply {}` sends exactly this",
            file.display()
        ),
        None => format!(
            "nothing was written; `udsync sync {}{to}{sandbox}` does this",
            entities(&args.scope).join(" ")
        ),
    }
}

/// What was said of the scope, as it was typed.
fn flags(args: &ScopeArgs) -> String {
    let mut flags: Vec<String> = Vec::new();
    for target in &args.to {
        flags.push(format!("--to {}", target.as_str()));
    }
    for (is_set, flag) in [(args.full, "--full"), (args.verify, "--verify")] {
        flags.extend(is_set.then(|| flag.to_owned()));
    }
    for (flag, day) in [("--since", args.since), ("--until", args.until)] {
        flags.extend(day.map(|day| format!("{flag} {day}")));
    }
    if !args.status.is_empty() {
        flags.push(format!("--status {}", args.status.join(",")));
    }
    if !args.id.is_empty() {
        let ids: Vec<String> = args.id.iter().map(u64::to_string).collect();
        flags.push(format!("--id {}", ids.join(",")));
    }
    flags.extend(args.limit.map(|limit| format!("--limit {limit}")));
    flags.iter().map(|flag| format!(" {flag}")).collect()
}

fn entities(args: &ScopeArgs) -> Vec<String> {
    let each = each(&args.entities).into_iter();
    each.map(|entity| entity.as_str().to_owned()).collect()
}

/// The scope as it was asked for; whole where the configuration wants every order read again and it is time for it.
fn swept(session: &Session, store: &Store, args: &ScopeArgs) -> Result<ScopeArgs, Failure> {
    let mut args = args.clone();
    let shop = session.app.config.woocommerce.as_ref();
    let Some((shop, every)) = shop.and_then(|shop| Some((shop, shop.full_sweep?))) else {
        return Ok(args);
    };
    let all_orders = each(&args.entities).contains(&EntityName::Orders) && args.limit.is_none();
    if mode(&args) != "incremental" || !all_orders {
        return Ok(args);
    }
    let address = WooCommerce::address_of(&shop.url).unwrap_or_default();
    // The first read of a shop is whole anyway.
    if store.cursor(&address, Entity::Order)?.is_none() {
        return Ok(args);
    }
    let last = store.swept_at(&address)?;
    let age = last.map(|at| session.app.clock.now() - at);
    if age.is_none_or(|age| age.to_std().is_ok_and(|age| age >= every)) {
        args.full = true;
        if !session.quiet {
            let since = last.map_or("never yet".to_owned(), |at| {
                format!("last on {}", at.format("%Y-%m-%d at %H:%M UTC"))
            });
            out::say(&format!(
                "note: every order is read again ({since}): `full_sweep` in `[woocommerce]` asks for it"
            ));
        }
    }
    Ok(args)
}

fn mode(args: &ScopeArgs) -> &'static str {
    let selects = !args.id.is_empty()
        || args.since.is_some()
        || args.until.is_some()
        || !args.status.is_empty();
    if selects {
        "selected"
    } else if args.full {
        "full"
    } else {
        "incremental"
    }
}

/// Records other than orders, by their ids.
fn named(args: &ScopeArgs, both: Share, scope: Scope) -> Result<Scope, Failure> {
    if both.products || !both.customers {
        return Err(Failure::new(
            exit::USAGE,
            "usage",
            "`--id` names orders or accounts, and products are asked for",
        )
        .hint("leave out `--id`: products are always compared whole"));
    }
    Ok(Scope {
        reach: Reach::Orders(BTreeSet::new()),
        only_shoppers: args.id.iter().copied().collect(),
        ..scope
    })
}

fn scope(
    session: &Session,
    store: &Store,
    shop_address: &str,
    args: &ScopeArgs,
    aim: Aim,
    besides: &Besides,
) -> Result<Scope, Failure> {
    let app = &session.app;
    let zone = app.config.rules.timezone;
    let start_of = |day| crate::app::metrics::start_of(zone, day);
    let both = aim.both();
    let scope = Scope {
        shoppers: wanted(aim.books.customers, aim.copy.customers),
        products: wanted(aim.books.products, aim.copy.products),
        passing: !aim.books.reads_orders(),
        ..Scope::default()
    };
    if !args.id.is_empty() && !both.reads_orders() {
        return named(args, both, scope);
    }
    // Guests have no account, and nobody's account says in which currencies they buy: their orders do.
    let buyers = aim.books.customers && !aim.books.reads_orders();
    if !both.reads_orders() && !buyers {
        return Ok(Scope {
            reach: Reach::Orders(BTreeSet::new()),
            ..scope
        });
    }
    let scope = Scope {
        buyers,
        passing: scope.passing && !buyers,
        ..scope
    };
    let configured = app.config.sync.entities.get("orders");
    let start_date = configured.and_then(|orders| orders.start_date);
    let since = args.since.max(start_date);
    // By hand one looks at these statuses only. The configuration says which new orders count; what is in the books
    // is looked at in any.
    let statuses = args.status.clone();
    let new_in = match configured {
        Some(orders) if statuses.is_empty() => orders.statuses.clone(),
        _ => Vec::new(),
    };
    let overlap = app
        .config
        .woocommerce
        .as_ref()
        .map_or(Duration::from_secs(600), |woo| woo.overlap);
    let overlap =
        chrono::Duration::from_std(overlap).unwrap_or_else(|_| chrono::Duration::minutes(10));
    // The leg that is further behind says from where to read; what the other one knows already costs it nothing.
    let mut cursors = Vec::new();
    if aim.books.reads_orders() {
        cursors.push(store.cursor(shop_address, Entity::Order)?);
    }
    if buyers {
        cursors.push(store.cursor(shop_address, Entity::Customer)?);
    }
    if aim.copy.reads_orders() {
        cursors.push(besides.copied_through);
    }
    let known_through = cursors.into_iter().min().flatten();
    let cursor = known_through.map(|cursor| cursor - overlap);
    let only_refunds = both.refunds && !both.orders && !buyers;
    let selects = args.since.is_some() || args.until.is_some() || !args.status.is_empty();
    let reach = if !args.id.is_empty() {
        Reach::Orders(args.id.iter().copied().collect())
    } else if only_refunds {
        Reach::Refunded(cursor.filter(|_| !args.full && !selects))
    } else {
        match cursor {
            Some(cursor) if !args.full && !selects => Reach::Since(cursor),
            _ => Reach::Full,
        }
    };
    let is_selection = selects || !args.id.is_empty();
    Ok(Scope {
        reach,
        created_after: since.map(|day| start_of(day) - chrono::Duration::seconds(1)),
        created_before: args.until.and_then(day_after).map(start_of),
        statuses,
        new_in,
        limit: args.limit,
        known_through: known_through.filter(|_| !is_selection && !args.full),
        // A cursor moves only over what was read without a filter by hand.
        moves_cursor: !is_selection && !only_refunds,
        besides: if is_selection {
            BTreeSet::new()
        } else {
            &besides.books | &besides.copy
        },
        posted: if is_selection || !aim.books.reads_orders() {
            BTreeSet::new()
        } else {
            store.posted_orders("quickbooks")?.into_iter().collect()
        },
        ..scope
    })
}
