//! Proofs: whether the books equal the shop over a period, and where each cent of a number comes from.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operation::{
    ApiAnswer, ApiCall, ApiOperation, AuditedChange, JSON, answer, not_there, unprocessable,
};
use super::schema::{
    Schema, count, day, document, flag, line, list, object, reference, set, text, time, word,
};
use super::shapes::{TARGETS, run_id};
use crate::app::App;
use crate::app::days::DayRange;
use crate::app::explain::Unexplained;
use crate::app::papers::proof::{of_proof, of_sheet};
use crate::app::papers::{PaperForm, csv};
use crate::books::reconciled::Proof;
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::run::document::time as made_at;
use crate::run::reconcile::{accept, reconcile};
#[cfg(feature = "xlsx")]
use crate::run::sheet::SPREADSHEET;
use crate::run::{Failure, Listener, ReconcileRequest};
use crate::server::problem::HttpProblem;
use crate::store::{Proofs, Store};

/// A proof waits so long for a run to end.
const PATIENCE: Duration = Duration::from_secs(60);
const PROOFS_LISTED: u32 = 24;

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
        ApiOperation::get(
            "/reconcile",
            "listReconciliations",
            "List the proofs of before",
        )
        .role(AccessRole::Operator)
        .answers(
            200,
            "The newest first",
            document(
                "udsync/reconciliations/1",
                [("items", list(kept_proof()))],
                [],
            ),
        )
        .by(list_kept),
        papers(
            ApiOperation::get("/reconcile/{id}", "getReconciliation", "Read a proof again")
                .role(AccessRole::Operator)
                .path_param("id", run_id(), "As `Location` named it")
                .where_is(is_kept)
                .query(
                    "table",
                    word(&TABLES),
                    "Which of its tables, as CSV; the differences if not given",
                )
                .answers(200, "The proof as it was", reference("Reconciliation")),
        )
        .refuses(
            410,
            "Its tables are gone: they are kept for a day, and not over a restart",
        )
        .by(read),
        ApiOperation::post(
            "/reconcile/differences/{id}/accept",
            "acceptDifference",
            "Leave one difference as it is, for as long as its figures stay",
        )
        .path_param(
            "id",
            json!({ "type": "string", "pattern": "^[A-Za-z0-9]{4,16}$" }),
            "The id of the difference, `D4K7QX`",
        )
        .body(object([("why", line(500))], []))
        .answers(
            200,
            "It is accepted",
            document(
                "udsync/accepted/1",
                [
                    ("id", text()),
                    ("covers", text()),
                    ("who", text()),
                    ("why", text()),
                ],
                [],
            ),
        )
        .refuses(404, "No proof of lately has such a difference")
        .by(accept_one),
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

/// The tables of a proof.
const TABLES: [&str; 10] = [
    "summary",
    "differences",
    "orders",
    "tax",
    "accounts",
    "clearing",
    "days",
    "held",
    "accepted",
    "moved",
];

const CSV: &str = "text/csv";
const HTML: &str = "text/html";
#[cfg(feature = "pdf")]
const PDF: &str = "application/pdf";

/// With the forms in which it can be filed.
fn papers(operation: ApiOperation) -> ApiOperation {
    let operation = operation.or_as(CSV).or_as(HTML);
    #[cfg(feature = "xlsx")]
    let operation = operation.or_as(SPREADSHEET);
    #[cfg(feature = "pdf")]
    let operation = operation.or_as(PDF);
    operation
}

fn kept_proof() -> Schema {
    object(
        [
            ("id", text()),
            ("to", word(&TARGETS)),
            ("period", object([("from", day()), ("until", day())], [])),
            ("made_at", time()),
            ("proven", flag()),
            ("differences", count()),
        ],
        [],
    )
}

/// Proofs with their tables, which no file keeps: the newest of this process.
static AT_HAND: Mutex<VecDeque<(Instant, String, Arc<Proof>)>> = Mutex::new(VecDeque::new());
/// A month of many orders is some megabytes.
const AT_HAND_MAX: usize = 8;
const AT_HAND_FOR: Duration = Duration::from_secs(24 * 3_600);

fn keep_at_hand(id: &str, proof: Proof) {
    let mut kept = AT_HAND.lock().unwrap_or_else(PoisonError::into_inner);
    kept.push_front((Instant::now(), id.to_owned(), Arc::new(proof)));
    kept.truncate(AT_HAND_MAX);
}

fn at_hand(id: &str) -> Option<Arc<Proof>> {
    let kept = AT_HAND.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it =
        |(at, of, _): &&(Instant, String, Arc<Proof>)| of == id && at.elapsed() < AT_HAND_FOR;
    kept.iter().find(is_it).map(|(.., proof)| proof.clone())
}

/// Whether the tables of a proof can be saved still.
pub fn has_tables(id: &str) -> bool {
    at_hand(id).is_some()
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
            let document = json!(done.proof);
            keep_at_hand(&done.id, done.proof);
            Ok((done.id, document))
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
    match Store::open_read_only(&app.state)? {
        None => Ok(false),
        Some(store) => {
            app.unveil_to_look(&store)?;
            Ok(store.proof(call.path("id"))?.is_some())
        }
    }
}

async fn list_kept(call: ApiCall) -> ApiAnswer {
    let kept = call
        .with_app(|app| {
            let store = app.state_to_read()?;
            app.unveil_to_look(&store)?;
            Ok(store.newest_proofs(PROOFS_LISTED)?)
        })
        .await?;
    let items: Vec<Value> = kept
        .iter()
        .map(|proof| {
            json!({
                "id": proof.id, "to": proof.target, "period": { "from": proof.first, "until": proof.last },
                "made_at": made_at(proof.made_at), "proven": proof.proven, "differences": proof.differences,
            })
        })
        .collect();
    let document = json!({ "schema": "udsync/reconciliations/1", "items": items });
    Ok(answer(StatusCode::OK, &document))
}

async fn accept_one(call: ApiCall) -> ApiAnswer {
    let AcceptedWhy { why } = call.body()?;
    let (id, who) = (call.path("id").to_owned(), call.caller.name.clone());
    if why.trim().is_empty() {
        return Err(unprocessable("an acceptance needs a reason").error("/why", "says nothing"));
    }
    let accepted = call
        .with_app(move |app| {
            let store = app.store()?;
            app.unveil(&store)?;
            match accept(app, &store, &id, &who, &why) {
                Err(failure) if failure.code == "difference_unknown" => Ok(None),
                done => done.map(Some),
            }
        })
        .await?;
    let accepted = accepted.ok_or_else(not_there)?;
    let mut response = answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/accepted/1", "id": accepted.id, "covers": accepted.covers, "who": accepted.who, "why": accepted.why }),
    );
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(accepted.id),
        before: None,
        after: Some(json!({ "covers": accepted.covers })),
    });
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedWhy {
    why: String,
}

/// A proof as something that is filed.
fn as_paper(call: &ApiCall, id: &str) -> ApiAnswer {
    let Some(proof) = at_hand(id) else {
        return Err(HttpProblem::new(
            StatusCode::GONE,
            "proof_tables_gone",
            "the tables of this proof are gone: they are kept for a day, and not over a restart",
        )
        .hint("prove the period again; the same figures give the same proof"));
    };
    let period = proof.period;
    let (ending, form) = match call.kind {
        CSV => ("csv", None),
        #[cfg(feature = "xlsx")]
        SPREADSHEET => ("xlsx", Some(PaperForm::Xlsx)),
        #[cfg(feature = "pdf")]
        PDF => ("pdf", Some(PaperForm::Pdf)),
        _ => ("html", Some(PaperForm::Html)),
    };
    let mut bytes = Vec::new();
    match form {
        Some(form) => {
            let paper = of_proof(&proof);
            if !paper.fits(form) {
                return Err(
                    unprocessable("nobody leafs through a paper of so many lines")
                        .hint("prove fewer days, or save it as a spreadsheet"),
                );
            }
            let written = paper.write(form, &mut bytes);
            written.map_err(|error| HttpProblem::fault(&error.to_string()))?;
        }
        None => {
            let table = call.text("table").unwrap_or("differences");
            let sheet = proof.sheets.iter().find(|sheet| sheet.name == table);
            let sheet = sheet.ok_or_else(not_there)?;
            let written = csv::write(&of_sheet(sheet), &mut bytes);
            written.map_err(|error| HttpProblem::fault(&error.to_string()))?;
        }
    }
    let name = format!(
        "attachment; filename=\"proof-{}-{}.{ending}\"",
        period.from, period.until
    );
    let headers = [
        (header::CONTENT_TYPE, call.kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

async fn read(call: ApiCall) -> ApiAnswer {
    let id = call.path("id").to_owned();
    if call.kind != JSON {
        return as_paper(&call, &id);
    }
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
            if let Err(Unexplained::Unknown(_)) = &found
                && let Some(page) = app.explained_conflicts(&store, &what)?
            {
                return Ok(Ok(json!(page)));
            }
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
