//! Proofs: whether the books equal the shop over a period, and where each cent of a number comes from.

use axum::http::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, answer, not_there, unprocessable};
use super::schema::{day, line, object, reference, set, word};
use super::shapes::{TARGETS, run_id};
use crate::app::App;
use crate::app::days::DayRange;
use crate::app::explain::Unexplained;
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::run::reconcile::reconcile;
use crate::run::{Failure, Listener, ReconcileRequest};
use crate::server::problem::HttpProblem;
use crate::store::{Proofs, Store};

/// A proof waits so long for a run to end.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

pub fn operations() -> Vec<ApiOperation> {
    vec![
        ApiOperation::post(
            "/reconcile",
            "reconcile",
            "Read both sides of a period afresh and prove that they are equal, or say where not",
        )
        .body(object(
            [],
            [
                ("period", line(10)),
                ("from", day()),
                ("until", day()),
                ("to", set(word(&TARGETS), 1)),
            ],
        ))
        .once()
        .answers(
            201,
            "What came of it; nothing was written to any service",
            reference("Reconciliation"),
        )
        .with_header("Location", "Where it can be read again")
        .refuses(409, "Another run is at work: `holder`, `since`, `progress`")
        .by(prove),
        ApiOperation::get("/reconcile/{id}", "getReconciliation", "Read a proof again")
            .role(AccessRole::Operator)
            .path_param("id", run_id(), "As `Location` named it")
            .where_is(is_kept)
            .answers(200, "The proof as it was", reference("Reconciliation"))
            .by(read),
        ApiOperation::get(
            "/explain",
            "explain",
            "Show where each cent of a number comes from, or why something is not posted",
        )
        .role(AccessRole::Operator)
        .query(
            "what",
            line(100),
            "An order, a number, an id, a code or an amount",
        )
        .query("on", day(), "The day of an amount")
        .answers(200, "Every thing that it can be", reference("Explanation"))
        .refuses(404, "Nothing is known of it")
        .by(explain),
    ]
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ReconcileBody {
    period: Option<String>,
    from: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
    to: Vec<Service>,
}

impl ReconcileBody {
    fn request(&self) -> Result<ReconcileRequest, HttpProblem> {
        let whole =
            match &self.period {
                Some(period) => Some(period.parse::<DayRange>().map_err(|why| {
                    unprocessable("the period cannot be used").error("/period", why)
                })?),
                None => None,
            };
        let of_period = whole.map(|range| (range.from, range.until));
        let (first, last) = of_period.unwrap_or((self.from, self.until));
        match (first, last) {
            (Some(first), Some(last)) if first <= last => Ok(ReconcileRequest {
                first,
                last,
                to: self.to.first().copied().unwrap_or(Service::BOOKS),
            }),
            (Some(_), Some(_)) => Err(unprocessable("the period ends before it begins")
                .error("/until", "lies before `from`")),
            _ => Err(unprocessable("a proof is about a period")
                .error("/period", "is missing: `2026-10`, or `from` and `until`")),
        }
    }
}

async fn prove(call: ApiCall) -> ApiAnswer {
    let body: ReconcileBody = call.body()?;
    let request = body.request()?;
    let (id, document) = call
        .asking(move |app: App| async move {
            let stop = std::sync::atomic::AtomicBool::new(false);
            let listener = Listener::nobody();
            let done = reconcile(&app, request, PATIENCE, &stop, &listener).await?;
            Ok((done.id, json!(done.proof)))
        })
        .await?;
    let mut answer = answer(StatusCode::CREATED, &document);
    if let Ok(place) = format!("/api/reconcile/{id}").parse() {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

fn kept(app: &App, id: &str) -> Result<Option<Value>, Failure> {
    let Some(store) = Store::open_read_only(&app.state)? else {
        return Ok(None);
    };
    app.unveil_to_look(&store)?;
    let kept = store.proof(id)?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept.document).ok()))
}

fn is_kept(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    Ok(kept(app, call.path("id"))?.is_some())
}

async fn read(call: ApiCall) -> ApiAnswer {
    let id = call.path("id").to_owned();
    let document = call.with_app(move |app| kept(app, &id)).await?;
    Ok(answer(StatusCode::OK, &document.ok_or_else(not_there)?))
}

async fn explain(call: ApiCall) -> ApiAnswer {
    let Some(what) = call.text("what").map(str::to_owned) else {
        return Err(unprocessable("nothing is asked about").error("?what", "is missing"));
    };
    let on = call.day("on");
    let explained = call
        .with_app(move |app| {
            let store = app.state_to_read()?;
            let found = app.find_homes(&store, &what, on);
            match found.and_then(|found| app.explain(&store, found, None)) {
                Ok(explanation) => Ok(Ok(json!(explanation))),
                Err(Unexplained::Store(error)) => Err(error.into()),
                Err(why) => Ok(Err(why)),
            }
        })
        .await?;
    match explained {
        Ok(document) => Ok(answer(StatusCode::OK, &document)),
        Err(Unexplained::DayNeeded(_)) => Err(unprocessable("an amount has many homes")
            .error("?on", "is missing: the day of the amount")),
        Err(_) => Err(not_there()),
    }
}
