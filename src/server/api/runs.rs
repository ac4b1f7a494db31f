//! Runs: begun, foreseen, confirmed and looked at. They are the runs of the command line, with nobody to ask.

use axum::http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, AuditedChange, answer, unprocessable};
use super::schema::{
    Schema, day, flag, integer, line, object, page as page_of, reference, set, word,
};
use super::{history, page, shapes};
use crate::app::App;
use crate::engine::outcome::Report;
use crate::engine::so_far::{figures_so_far, so_far};
use crate::model::access::AccessRole;
use crate::model::run::{Run, RunStatus};
use crate::model::service::Service;
use crate::run::consent;
use crate::run::document::{run_document, time};
use crate::run::{
    Consent, Ending, Failure, Guard, PayoutsToPost, RunRequest, RunSubject, Selection, later,
};
use crate::server::problem::HttpProblem;
use crate::server::runs::RunEnd;
use crate::server::schedules::{PAYOUTS, entities};
use crate::server::shops::ServedShop;
use crate::store::{History, Lock, ProblemFilter, Problems, Store};

pub fn operations() -> Vec<ApiOperation> {
    let started = |operation: ApiOperation| {
        operation
            .answers(202, "It runs", reference("Started"))
            .with_header("Location", "Where it can be looked at")
            .refuses(409, "Another run is at work: `holder`, `since`, `progress`")
    };
    vec![
        started(
            ApiOperation::post(
                "/sync/{entity}",
                "startSync",
                "Plan, then post what is missing",
            )
            .path_param("entity", word(&shapes::ENTITIES), "What to sync")
            .body_or_none(selection([]))
            .once(),
        )
        .by(start),
        started(
            ApiOperation::post(
                "/sync/dry-run",
                "startDryRun",
                "Show what a sync would write, and write nothing",
            )
            .body(selection([("entity", word(&shapes::ENTITIES))]))
            .once(),
        )
        .by(foresee),
        started(
            ApiOperation::post(
                "/sync/confirm/{token}",
                "confirmRun",
                "Let a plan be carried out that needed a word",
            )
            .path_param(
                "token",
                line(100),
                "The `confirm_token` of a run that was refused, or of a dry run",
            )
            .once(),
        )
        .refuses(410, "The token was used, or is older than five minutes")
        .by(confirm),
        ApiOperation::get("/sync/status", "listRuns", "List runs, the newest first")
            .paged()
            .query(
                "status",
                word(&shapes::STATUSES),
                "Only runs that ended like this",
            )
            .query("entity", word(&shapes::ENTITIES), "Only runs about these")
            .answers(
                200,
                "A page of runs",
                page_of("udsync/runs/1", reference("RunOfHistory")),
            )
            .by(history::list),
        ApiOperation::get(
            "/sync/status/{sync_id}",
            "getRun",
            "Look at a run, also while it goes on",
        )
        .path_param("sync_id", shapes::run_id(), "The id of the run")
        .answers(200, "The run as far as it is", reference("Run"))
        .by(look),
    ]
}

/// What to sync and how, all of it optional but what is named first.
fn selection<const R: usize>(required: [(&str, Schema); R]) -> Schema {
    let filters = object(
        [],
        [
            ("since", day()),
            ("until", day()),
            ("status", set(line(60), 50)),
        ],
    );
    let id = json!({ "type": "string", "pattern": "^[1-9][0-9]{0,17}$" });
    object(
        required,
        [
            ("mode", word(&["incremental", "full"])),
            ("dry_run", flag()),
            ("filters", filters),
            ("ids", set(id, 1000)),
            ("to", set(word(&shapes::TARGETS), 2)),
            ("limit", integer(1, 1_000_000)),
            ("max_changes", integer(0, 1_000_000)),
            (
                "idempotency_key",
                json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$" }),
            ),
        ],
    )
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RunAsked {
    entity: Option<String>,
    mode: Option<String>,
    dry_run: bool,
    filters: AskedFilters,
    ids: Vec<String>,
    to: Vec<String>,
    limit: Option<usize>,
    max_changes: Option<usize>,
    #[serde(rename = "idempotency_key")]
    _key: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AskedFilters {
    since: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
    status: Vec<String>,
}

impl RunAsked {
    fn of(call: &ApiCall) -> Result<RunAsked, HttpProblem> {
        match call.body.is_null() {
            true => Ok(RunAsked::default()),
            false => call.body(),
        }
    }

    /// What no schema says: what makes no sense together.
    fn check(&self, entity: &str) -> Result<(), HttpProblem> {
        let mut problem = unprocessable("the request does not make sense");
        let mut is_wrong = false;
        let mut wrong = |pointer: &str, detail: &str| {
            is_wrong = true;
            problem = problem.clone().error(pointer, detail);
        };
        let filters = &self.filters;
        if let (Some(since), Some(until)) = (filters.since, filters.until)
            && since > until
        {
            wrong("/filters/since", "is after `until`");
        }
        for (nth, status) in filters.status.iter().enumerate() {
            let is_slug = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            };
            if !status.bytes().all(is_slug) || status.starts_with("wc-") {
                wrong(
                    &format!("/filters/status/{nth}"),
                    "must be a status without `wc-`, such as `on-hold`",
                );
            }
        }
        let is_filtered =
            filters.since.is_some() || filters.until.is_some() || !filters.status.is_empty();
        if !self.ids.is_empty() && (is_filtered || self.limit.is_some()) {
            wrong("/ids", "say it all; leave out `filters` and `limit`");
        }
        for (is_given, pointer) in self.of_orders() {
            if is_given && entity == PAYOUTS {
                wrong(pointer, "picks orders, and payouts have none of it");
            }
        }
        match is_wrong {
            true => Err(problem),
            false => Ok(()),
        }
    }

    /// What says nothing of a payout, and whether it was said.
    fn of_orders(&self) -> [(bool, &'static str); 5] {
        [
            (self.mode.as_deref() == Some("full"), "/mode"),
            (!self.filters.status.is_empty(), "/filters/status"),
            (!self.ids.is_empty(), "/ids"),
            (!self.to.is_empty(), "/to"),
            (self.limit.is_some(), "/limit"),
        ]
    }

    fn request(self, entity: &str, ending: Ending, is_sandbox: bool) -> RunRequest {
        RunRequest {
            command: "api",
            ending,
            guard: Guard {
                consent: consent_of(is_sandbox),
                max_changes: self.max_changes,
                ..Guard::default()
            },
            lists_unchanged: false,
            subject: self.subject(entity),
        }
    }

    fn subject(self, entity: &str) -> RunSubject {
        if entity == PAYOUTS {
            return RunSubject::Payouts(PayoutsToPost {
                since: self.filters.since,
                until: self.filters.until,
                ..PayoutsToPost::default()
            });
        }
        let to = self.to.iter();
        RunSubject::Records(Selection {
            entities: entities(&[entity.to_owned()]),
            to: to.filter_map(|word| Service::from_word(word)).collect(),
            full: self.mode.as_deref() == Some("full"),
            verify: false,
            since: self.filters.since,
            until: self.filters.until,
            statuses: self.filters.status,
            ids: self.ids.iter().filter_map(|id| id.parse().ok()).collect(),
            limit: self.limit,
        })
    }
}

/// Nobody is there to ask; in the sandbox nothing asks.
pub fn consent_of(is_sandbox: bool) -> Consent {
    match is_sandbox {
        true => Consent::Given,
        false => Consent::Offer,
    }
}

async fn start(call: ApiCall) -> ApiAnswer {
    let asked = RunAsked::of(&call)?;
    let entity = call.path("entity").to_owned();
    asked.check(&entity)?;
    let ending = match asked.dry_run {
        true => Ending::Show,
        false => Ending::Apply,
    };
    let request = asked.request(&entity, ending, call.shop().is_sandbox);
    begin(&call, request, &entity).await
}

async fn foresee(call: ApiCall) -> ApiAnswer {
    let asked = RunAsked::of(&call)?;
    let entity = asked.entity.clone().unwrap_or_default();
    asked.check(&entity)?;
    let request = asked.request(&entity, Ending::Show, call.shop().is_sandbox);
    begin(&call, request, &entity).await
}

/// Starts a run now, or says who is at work.
pub async fn begin(call: &ApiCall, request: RunRequest, entity: &str) -> ApiAnswer {
    let shop = call.shop();
    let (mode, dry_run) = (request.mode(), request.ending == Ending::Show);
    let started = match shop.runs.start(request).await {
        Ok(started) => started,
        Err(failure) if failure.code == "locked" => return Err(busy(call, failure).await),
        Err(failure) => return Err(failure.into()),
    };
    let id = started.run_id;
    let mut response = answer(
        StatusCode::ACCEPTED,
        &json!({
            "schema": "udsync/started/1",
            "sync_id": id,
            "status": "running",
            "entity": entity,
            "mode": mode,
            "dry_run": dry_run,
            "started_at": time(started.started_at),
        }),
    );
    let location = format!("/api/sync/status/{id}");
    let headers = response.headers_mut();
    let location = HeaderValue::from_str(&location).expect("an id is of hex and dashes");
    headers.insert(header::LOCATION, location);
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(id.clone()),
        before: None,
        after: Some(json!({ "entity": entity, "mode": mode, "dry_run": dry_run })),
    });
    Ok(response)
}

/// Who is at work, since when and how far.
async fn busy(call: &ApiCall, failure: Failure) -> HttpProblem {
    let shop = call.shop().clone();
    let held = call.with_app(|app| Ok(Lock::look(&app.state))).await;
    let holder = held.ok().flatten().and_then(|held| held.holder);
    let current = shop.runs.current();
    let progress = match &current {
        Some(current) => json!(current.progress),
        None => json!(holder.as_ref().and_then(|holder| holder.progress.clone())),
    };
    let since = holder.as_ref().map(|holder| time(holder.since));
    let holder = holder.map(|holder| {
        json!({
            "pid": holder.pid,
            "host": holder.host,
            "command": holder.command,
            "run_id": current.as_ref().map(|current| current.run_id.clone()),
        })
    });
    HttpProblem::new(
        StatusCode::CONFLICT,
        "run_in_progress",
        failure.message.clone(),
    )
    .with("holder", json!(holder))
    .with("since", json!(since))
    .with("progress", progress)
    .hint("wait until it is done, and ask again")
}

/// Lets the plan of a run that was refused be carried out, once and within five minutes.
async fn confirm(call: ApiCall) -> ApiAnswer {
    let token = call.path("token").to_owned();
    if let Some(shown) = call.shop().runs.shown(&token) {
        may_confirm(&call, &shown)?;
        return carry_out(&call, &shown).await;
    }
    let asked = token.clone();
    let is_open = call
        .with_app(move |app| {
            let Some(store) = Store::open_read_only(&app.state)? else {
                return Ok(None);
            };
            consent::is_open(&store, &asked, app.clock.now())
        })
        .await?;
    let refused = call.shop().runs.offered(&token);
    match (is_open, refused) {
        (Some(false), _) => Err(confirmation_gone()),
        (Some(true), Some(refused)) => {
            may_confirm(&call, &refused)?;
            let mut request = refused.request.clone();
            begun_here(&mut request);
            request.guard.consent = Consent::Token(token);
            // Whoever confirms has seen how much it is.
            request.guard.max_changes = None;
            let entity = refused.entities.first().cloned().unwrap_or_default();
            begin(&call, request, &entity).await
        }
        // One that a run of the command line has offered is confirmed there: only there its flags are known.
        (None, _) | (Some(true), None) => Err(HttpProblem::new(
            StatusCode::NOT_FOUND,
            "confirmation_unknown",
            "no run here has offered this token",
        )),
    }
}

/// What is taken back is called so in the history, whoever let it go on.
fn begun_here(request: &mut RunRequest) {
    if !matches!(request.subject, RunSubject::Undo(_)) {
        request.command = "api";
    }
}

/// Whoever may not begin a run may not let it go on either: what is taken back is an owner's business.
fn may_confirm(call: &ApiCall, run: &RunEnd) -> Result<(), HttpProblem> {
    let is_undo = matches!(run.request.subject, RunSubject::Undo(_));
    match is_undo && call.caller.role < AccessRole::Owner {
        true => Err(undo_is_for_owners()),
        false => Ok(()),
    }
}

pub fn undo_is_for_owners() -> HttpProblem {
    HttpProblem::new(
        StatusCode::FORBIDDEN,
        "role_too_low",
        "taking a run back is for an owner",
    )
    .with("role_needed", AccessRole::Owner.as_str())
    .hint("ask an owner")
}

/// Does what a dry run has shown, or nothing: where the plan is another one by now, the run is refused as `plan_changed`.
async fn carry_out(call: &ApiCall, shown: &RunEnd) -> ApiAnswer {
    let now = call.with_app(|app| Ok(app.clock.now())).await?;
    let Some(offer) = shown.offer.as_ref().filter(|offer| offer.take(now)) else {
        return Err(confirmation_gone());
    };
    let mut request = shown.request.clone();
    begun_here(&mut request);
    request.ending = Ending::Apply;
    request.guard.consent = match &offer.plan {
        Some(plan) => Consent::Seen(plan.clone()),
        None => consent_of(call.shop().is_sandbox),
    };
    let entity = shown.entities.first().cloned().unwrap_or_default();
    let begun = begin(call, request, &entity).await;
    if begun.is_err() {
        offer.put_back();
    }
    begun
}

fn confirmation_gone() -> HttpProblem {
    HttpProblem::new(
        StatusCode::GONE,
        "confirmation_gone",
        "the token was used, or is older than five minutes",
    )
    .hint("start the run again; it offers a new one")
}

async fn look(call: ApiCall) -> ApiAnswer {
    let (shop, id) = (call.shop().clone(), call.path("sync_id").to_owned());
    let found = call
        .with_app(move |app| document(app, &shop, &id, RunPart::Whole))
        .await?;
    match found {
        Some(document) => Ok(answer(StatusCode::OK, &document)),
        None => Err(HttpProblem::new(
            StatusCode::NOT_FOUND,
            "run_unknown",
            "there is no run with this id, or it was a dry run more than a day ago",
        )),
    }
}

/// How much of a run somebody wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunPart {
    /// With each of its changes and problems.
    Whole,
    /// What it came to. A dry run, which is in no history, is whole all the same.
    Figures,
}

/// `udsync/run/1` of a run, wherever something is known of it. One that goes on here tells how far it is by itself: nothing is read for it
/// where only its figures are wanted.
pub fn document(
    app: &App,
    shop: &ServedShop,
    id: &str,
    part: RunPart,
) -> Result<Option<Value>, Failure> {
    let current = shop.runs.current().filter(|current| current.run_id == id);
    let ended = shop.runs.ended(id);
    let store = Store::open_read_only(&app.state)?;
    let kept = match &store {
        // It is counted by whoever does it.
        Some(_) if part == RunPart::Figures && current.is_some() => None,
        Some(store) => store.run(id)?.filter(|run| run.id == id),
        None => None,
    };
    // The history has its end a moment before its answer is whole, with what stood in its way and what it offers.
    let kept = if current.is_some() {
        kept.map(goes_on)
    } else {
        kept
    };
    let mut document = match (kept, &store, &ended, &current) {
        (Some(mut run), Some(store), ..) if part == RunPart::Figures => {
            figures_so_far(store, &mut run)?;
            let filter = ProblemFilter {
                run: Some(run.id.clone()),
                ..ProblemFilter::default()
            };
            let mut document = json!(run_document(&run, &Report::default(), false));
            document["waits"] = json!(store.count_problems_like(&filter)?);
            document
        }
        (Some(mut run), Some(store), ..) => {
            let report = Report {
                changes: so_far(store, &mut run)?,
                problems: store.problems_of_run(&run.id)?,
                ..Report::default()
            };
            json!(run_document(&run, &report, false))
        }
        (_, _, Some(end), _) => of_end(app, end),
        (_, _, None, Some(current)) => json!({
            "schema": "udsync/run/1",
            "run_id": current.run_id,
            "shop": app.config.shop.name,
            "command": current.command,
            "entities": current.entities,
            "mode": current.mode,
            "dry_run": current.dry_run,
            "status": "running",
            "started_at": time(current.started_at),
            "finished_at": null,
            "targets": {},
            "changes": [],
            "problems": [],
        }),
        (_, _, None, None) => return Ok(None),
    };
    if let Some(current) = current {
        document["progress"] = json!(current.progress);
    }
    if let Some(offer) = ended.as_ref().and_then(|end| end.offer.as_ref())
        && offer.is_open(app.clock.now())
    {
        document["confirm_token"] = json!(offer.token);
        document["confirm_expires_at"] = json!(time(offer.expires_at));
    }
    if let (Some(token), Some(store)) = (shop.runs.token_of(id), &store) {
        let until = consent::offered_until(store, &token)?;
        document["confirm_token"] = json!(token);
        document["confirm_expires_at"] = json!(until.map(time));
    }
    let failure = ended.as_ref().and_then(|end| end.failure.as_ref());
    if let Some(failure) = failure.filter(|failure| !failure.details.is_empty()) {
        document["details"] = json!(failure.details);
    }
    Ok(Some(document))
}

/// As it stood before it ended.
fn goes_on(run: Run) -> Run {
    Run {
        status: RunStatus::Running,
        finished_at: None,
        error: None,
        ..run
    }
}

/// Of a run that no history has.
fn of_end(app: &App, end: &RunEnd) -> Value {
    let read = end
        .document
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok());
    let mut document = read.unwrap_or_else(|| {
        json!({
            "schema": "udsync/run/1",
            "run_id": end.run_id,
            "shop": app.config.shop.name,
            "command": end.command,
            "entities": end.entities,
            "mode": end.mode,
            "dry_run": end.dry_run,
            "status": "failed",
            "started_at": time(end.started_at),
            "finished_at": time(end.finished_at),
            "targets": {},
            "changes": [],
            "problems": [],
        })
    });
    if let Some(failure) = &end.failure {
        document["status"] = json!(later::status_of(failure).as_str());
        document["error"] = json!({
            "code": failure.code,
            "exit": failure.exit,
            "message": failure.message,
        });
        if let Some(hint) = &failure.hint {
            document["error"]["hint"] = json!(hint);
        }
    }
    document
}

/// The page of a list of runs, as a cursor names its end.
pub fn place(run: &crate::model::run::Run) -> String {
    let at = run
        .started_at
        .to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
    page::cursor("runs", [&at, &run.id])
}
