//! `sync`, `dry-run`, `apply` and `retry`: the one pipeline with its four doors.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::NaiveDate;
use tracing::Instrument;

use crate::connector::port::{Finder, Source};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::gather::{Reach, Scope};
use crate::engine::parked::{troubled_orders, unsettled_orders};
use crate::engine::run::{Desk, Report, draw_up, foresee};
use crate::model::event::Event;
use crate::model::plan::Entity;
use crate::model::run::{Run, RunStatus};
use crate::store::Store;

use super::args::{
    ApplyArgs, DryRunArgs, EntityName, Global, Output, RetryArgs, ScopeArgs, SyncArgs, day_after,
};
use super::consent::shrunken;
use super::door::{
    Door, Errand, Voice, interruptible, note_unknown, print, telling_of_pauses, warn_of_the_end,
};
use super::progress::Progress;
use super::report::{Failure, exit};
use super::session::{Session, stop_on_signals};
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
    let mode = mode(&args);
    door.write(
        mode,
        move |door, shop, besides| scope(&door.session, &door.store, shop, &args, besides),
        None,
    )
    .await
}

/// Runs `retry` with something to try.
pub async fn retry(
    global: &Global,
    args: &RetryArgs,
    orders: Option<BTreeSet<u64>>,
) -> Result<u8, Failure> {
    let session = Session::open(global, false).await?;
    let asked = orders.as_ref().map_or_else(|| "all".to_owned(), joined);
    let errand = Errand {
        command: "retry",
        entities: vec!["orders".to_owned()],
        guard: args.guard.clone(),
        wait: args.wait.clone(),
        voice: Voice::Answer,
    };
    let door = Door::open(session, errand).await?.asked(&asked);
    door.write(
        "selected",
        move |door, _, besides| {
            let Some(orders) = &orders else {
                let troubled = troubled_orders(&door.store, "quickbooks")?;
                return Ok(only(&troubled | besides));
            };
            Ok(only(orders.clone()))
        },
        None,
    )
    .await
}

/// Runs `apply`.
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
    door.write("saved", move |_, _, _| Ok(only(orders.clone())), Some(plan))
        .await
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
    let session = Session::open(global, args.scope.sandbox).await?;
    let Foreseen {
        run,
        report,
        has_changes,
    } = foreseen(&session, args).await?;
    print(&session, &run, TARGET, &report, false);
    if session.output == Output::Text && !session.quiet && has_changes {
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
}

/// The name of the books among the targets.
pub const TARGET: &str = "quickbooks";

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
    let given = app.sign_in(&store)?;
    let source = app.source(&given)?;
    let target = app.target(&store, &given)?;
    app.check_owner(&store, &source)?;
    let progress = Progress::new(session, Voice::Answer);
    let tell = |event: Event| progress.tell(event);
    let started_at = app.clock.now();
    let besides = unsettled_orders(&store, target.name())?;
    let scope_args = swept(session, &store, &args.scope)?;
    let scope = scope(session, &store, source.address(), &scope_args, &besides)?;
    // From here on there is nothing in reach that can write: a desk holds a finder.
    let desk = Desk {
        source: &source,
        finder: &target,
        store: &store,
        rules: &app.config.rules,
        tell: &tell,
    };
    let drawing_up = interruptible(&stop, draw_up(&desk, &scope));
    let planned = telling_of_pauses(&target, &progress, drawing_up).await?;
    progress.clear();
    note_unknown(&planned);
    if let Some(failure) = shrunken(&planned) {
        out::say(&format!("note: {}; a sync stops there", failure.message));
    }
    if !store.open_tickets(target.name())?.is_empty() {
        out::say(
            "note: an earlier run left requests without an answer; the next sync settles them first",
        );
    }
    if let Some(file) = &args.out {
        saved::save(file, &planned.plan)?;
    }
    let known = store.problems(Some(target.name()), true)?;
    let mut report = foresee(target.name(), &planned, &known, app.clock.now());
    report.tally.requests = target.requests();
    let run = Run {
        id,
        shop: app.config.shop.name.clone(),
        command: "dry-run".to_owned(),
        entities,
        mode: mode(&scope_args).to_owned(),
        dry_run: true,
        status: RunStatus::Succeeded,
        started_at,
        finished_at: Some(app.clock.now()),
        tally: report.tally.clone(),
    };
    warn_of_the_end(session, &store);
    Ok(Foreseen {
        run,
        report,
        has_changes: planned.plan.writes() > 0,
    })
}

fn how_to_go_on(session: &Session, args: &DryRunArgs) -> String {
    let sandbox = if session.sandbox.is_some() {
        " --sandbox"
    } else {
        ""
    };
    match &args.out {
        Some(file) => format!(
            "nothing was written; `udsync apply {}` sends exactly this",
            file.display()
        ),
        None => format!(
            "nothing was written; `udsync sync {}{sandbox}` posts this",
            entities(&args.scope).join(" ")
        ),
    }
}

fn entities(args: &ScopeArgs) -> Vec<String> {
    args.entities
        .iter()
        .map(|entity| entity.as_str().to_owned())
        .collect()
}

/// The scope as it was asked for; whole where the configuration wants every order read again and it is time for it.
fn swept(session: &Session, store: &Store, args: &ScopeArgs) -> Result<ScopeArgs, Failure> {
    let mut args = args.clone();
    let shop = session.app.config.woocommerce.as_ref();
    let Some((shop, every)) = shop.and_then(|shop| Some((shop, shop.full_sweep?))) else {
        return Ok(args);
    };
    let all_orders = args.entities.contains(&EntityName::Orders) && args.limit.is_none();
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

fn scope(
    session: &Session,
    store: &Store,
    shop_address: &str,
    args: &ScopeArgs,
    besides: &BTreeSet<u64>,
) -> Result<Scope, Failure> {
    let app = &session.app;
    let zone = app.config.rules.timezone;
    let start_of = |day| crate::app::metrics::start_of(zone, day);
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
    let known_through = store.cursor(shop_address, Entity::Order)?;
    let cursor = known_through.map(|cursor| cursor - overlap);
    let only_refunds = !args.entities.contains(&EntityName::Orders);
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
            besides.clone()
        },
        posted: if is_selection {
            BTreeSet::new()
        } else {
            store.posted_orders("quickbooks")?.into_iter().collect()
        },
    })
}
