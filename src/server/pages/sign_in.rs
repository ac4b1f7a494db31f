//! The way in and out: forms that work without script, with a keyboard and on a telephone.
//!
//! An invitation is used by a button and not by opening its address: programs that look at links before people do would use it up.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::form::SentForm;
use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit, door_page, form_of, goes_on, see_other, wants_a_page};
use crate::app::access::set_password;
use crate::run::Failure;
use crate::safe::{password as passwords, token};
use crate::server::access::{client_address, cookie, forgery, new_secret};
use crate::server::problem::{HttpProblem, request_id};
use crate::server::state::ServerState;
use crate::server::{blocking, to_its_end};
use crate::store::access::{InvitationUse, InvitedUser};

/// A page for somebody who is not in.
fn door(
    state: &ServerState,
    headers: &HeaderMap,
    (template, status): (&str, StatusCode),
    mut content: Value,
) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    content["host"] = json!(host);
    content["is_sandbox"] = json!(state.options.is_sandbox);
    door_page(template, status, content)
}

/// An address of ours to go on to: nobody is sent elsewhere by a link that somebody made up.
fn next_of(form: &SentForm) -> Option<&str> {
    let is_ours = |next: &&str| {
        next.starts_with('/')
            && !next[1..].starts_with(['/', '\\'])
            && next.bytes().all(|byte| (b'!'..=b'~').contains(&byte))
    };
    form.one("next").filter(is_ours)
}

pub async fn sign_in_page(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let query = SentForm::read(request.uri().query().unwrap_or_default().as_bytes());
    let gone = query
        .one("next")
        .map(|_| "You were signed out, or your session has ended. Sign in to go on.");
    let content = json!({ "title": "Sign in", "next": next_of(&query), "gone": gone });
    door(
        &state,
        request.headers(),
        ("sign_in.html", StatusCode::OK),
        content,
    )
}

pub async fn sign_in(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let wants_page = wants_a_page(request.headers());
    let headers = request.headers().clone();
    let signing = {
        let state = state.clone();
        async move { Ok(signing_in(&state, request).await) }
    };
    let signed = to_its_end(signing).await;
    match signed.unwrap_or_else(|problem| Err((SentForm::default(), problem))) {
        Ok(response) => response,
        Err((form, problem)) if wants_page => {
            let mut content = json!({ "title": "Sign in", "next": next_of(&form) });
            match problem.code() {
                "sign_in_failed" => content["wrong"] = json!(true),
                "too_many_failures" => content["throttled"] = json!(wait_of(&problem)),
                _ => return crate::server::problem::HttpProblem::into_response(problem),
            }
            let status = problem.status_code();
            let mut response = door(&state, &headers, ("sign_in.html", status), content);
            if let Some(after) = problem.header_of(&header::RETRY_AFTER) {
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, after.clone());
            }
            response
        }
        Err((_, problem)) => problem.into_response(),
    }
}

/// How long somebody must wait, in words.
fn wait_of(problem: &HttpProblem) -> String {
    let seconds: u64 = problem
        .header_of(&header::RETRY_AFTER)
        .and_then(|after| after.to_str().ok()?.parse().ok())
        .unwrap_or(60);
    match seconds {
        0..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

async fn signing_in(
    state: &Arc<ServerState>,
    request: Request,
) -> Result<Response, (SentForm, HttpProblem)> {
    let (parts, body) = request.into_parts();
    let form = form_of(&parts.headers, body).await.map_err(|refusal| {
        let unreadable = HttpProblem::of_status(refusal.status, "");
        (SentForm::default(), unreadable)
    })?;
    let failed = |problem: HttpProblem| (form.clone(), problem);
    forgery::check(state, &parts, true).map_err(failed)?;
    let name = form.as_typed("name");
    let password: SecretString = form.as_typed("password").to_owned().into();
    let address = client_address(state, &parts);
    let session = state.access.sign_in(name, password, address).await;
    let session = session.map_err(failed)?;
    Ok(signed_in(state, &session, next_of(&form).unwrap_or("/")))
}

fn signed_in(state: &ServerState, session: &SecretString, to: &str) -> Response {
    let mut response = see_other(to);
    response
        .headers_mut()
        .insert(header::SET_COOKIE, cookie(state, Some(session)));
    response
}

pub async fn sign_out(visit: PageVisit) -> PageResult {
    if let Some(session) = &visit.caller.session {
        let (file, digest) = (visit.state.access.file.clone(), session.digest.clone());
        blocking(move || file.end_session(&digest))
            .await?
            .map_err(HttpProblem::from)?;
    }
    let mut response = see_other("/sign-in");
    response
        .headers_mut()
        .insert(header::SET_COOKIE, cookie(&visit.state, None));
    Ok(response)
}

fn digest_of(given: &str) -> String {
    token::digest(&given.to_owned().into())
}

/// An invitation that was used or is too old is gone; one that never was is not found.
fn not_good(is_gone: bool) -> PageRefusal {
    match is_gone {
        true => HttpProblem::new(
            StatusCode::GONE,
            "invitation_gone",
            "this invitation was used, or is too old",
        )
        .hint("an owner makes a new one with `udsync access invite NAME --role viewer`")
        .into(),
        false => HttpProblem::new(
            StatusCode::NOT_FOUND,
            "invitation_unknown",
            "there is no such invitation",
        )
        .into(),
    }
}

fn invitation(state: &ServerState, headers: &HeaderMap, refusal: &PageRefusal) -> Response {
    let content = json!({
        "title": "Invitation",
        "gone": refusal.code() == "invitation_gone",
        "unknown": refusal.code() == "invitation_unknown",
        "refusal": refusal.document,
    });
    match wants_a_page(headers) && refusal.code().starts_with("invitation_") {
        true => door(state, headers, ("invitation.html", refusal.status), content),
        false => refusal.as_document(),
    }
}

fn welcome(
    state: &ServerState,
    headers: &HeaderMap,
    invited: &InvitedUser,
    weak: Option<String>,
) -> Response {
    let status = match weak {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let content = json!({
        "title": "You are invited",
        "invited": { "name": invited.name, "role": invited.role.as_str(), "shops": invited.shops.to_string() },
        "weak": weak,
    });
    door(state, headers, ("invitation.html", status), content)
}

async fn look(state: &ServerState, given: &str) -> Result<InvitedUser, PageRefusal> {
    let (file, now, digest) = (
        state.access.file.clone(),
        state.clock.now(),
        digest_of(given),
    );
    let found = blocking(move || file.look_at_invitation(&digest, now)).await?;
    match found.map_err(HttpProblem::from)? {
        Some((invited, true)) => Ok(invited),
        Some((_, false)) => Err(not_good(true)),
        None => Err(not_good(false)),
    }
}

pub async fn invitation_page(
    State(state): State<Arc<ServerState>>,
    Path(given): Path<String>,
    request: Request,
) -> Response {
    // The form goes to the address that is open already, so that it need not be repeated on the page.
    match look(&state, &given).await {
        Ok(invited) => welcome(&state, request.headers(), &invited, None),
        Err(refusal) => invitation(&state, request.headers(), &refusal),
    }
}

pub async fn use_invitation(
    State(state): State<Arc<ServerState>>,
    Path(given): Path<String>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let work = {
        let state = state.clone();
        async move { using(&state, &given, request).await }
    };
    match goes_on(work).await {
        Ok(response) => response,
        Err(refusal) => invitation(&state, &headers, &refusal),
    }
}

async fn using(
    state: &Arc<ServerState>,
    given: &str,
    request: Request,
) -> Result<Response, PageRefusal> {
    let (parts, body) = request.into_parts();
    let form = form_of(&parts.headers, body).await?;
    forgery::check(state, &parts, true)?;
    let chosen = Some(form.as_typed("password")).filter(|chosen| !chosen.is_empty());
    let chosen: Option<SecretString> = chosen.map(|chosen| chosen.to_owned().into());
    if let Some(chosen) = &chosen {
        // A password that cannot be used must not use up the invitation.
        let invited = look(state, given).await?;
        if let Some(weak) = passwords::weakness(chosen, &invited.name) {
            return Ok(welcome(state, &parts.headers, &invited, Some(weak)));
        }
    }
    let session = new_secret()?;
    let (file, now) = (state.access.file.clone(), state.clock.now());
    let (digest, kept) = (digest_of(given), token::digest(&session));
    let used = blocking(move || file.use_invitation(&digest, &kept, now)).await?;
    let user = match used.map_err(HttpProblem::from)? {
        InvitationUse::Ok(user) => user,
        InvitationUse::Gone => return Err(not_good(true)),
        InvitationUse::Unknown => return Err(not_good(false)),
    };
    let address = client_address(state, &parts);
    state
        .access
        .record_deed("access.invitation", &user.name, None, "done", address)
        .await;
    let Some(chosen) = chosen else {
        return Ok(signed_in(state, &session, "/"));
    };
    // It ends the sessions that there are, the one that has just begun too; another begins at once.
    let session = new_secret()?;
    let (file, now, digest) = (
        state.access.file.clone(),
        state.clock.now(),
        token::digest(&session),
    );
    let id = request_id();
    blocking(move || {
        let by = crate::app::access::By {
            actor: &user.name,
            address: &address.to_string(),
            request_id: id.as_deref(),
        };
        set_password(&file, &user.name, &chosen, by, now)?;
        Ok::<_, Failure>(file.begin_session(&digest, &user.name, now)?)
    })
    .await??;
    Ok(signed_in(state, &session, "/"))
}

/// Who is signed in, with a new password and the way out.
pub async fn account(visit: PageVisit) -> PageResult {
    account_page(&visit, StatusCode::OK, json!({})).await
}

async fn account_page(visit: &PageVisit, status: StatusCode, mut content: Value) -> PageResult {
    let (file, name) = (visit.state.access.file.clone(), visit.caller.name.clone());
    let known = blocking(move || file.password_of(&name)).await?;
    content["has_password"] = json!(known.map_err(HttpProblem::from)?.is_some());
    visit
        .page_as(status, "account.html", "account", "Your account", content)
        .await
}

/// A new password ends every session, this one too; a new one begins at once. Whoever has one already says it first: a browser that
/// somebody left open is not them.
pub async fn password(visit: PageVisit) -> PageResult {
    let old: SecretString = visit.form.as_typed("old").to_owned().into();
    let caller = &visit.caller;
    let proven = visit.state.access.prove(&caller.name, old, caller.address);
    if let Err(problem) = proven.await {
        let wrong = match problem.code() {
            "sign_in_failed" => "the password of now is another one".to_owned(),
            "too_many_failures" => format!(
                "that was wrong too often; try again in {}",
                wait_of(&problem)
            ),
            _ => return Err(problem.into()),
        };
        if !wants_a_page(&visit.headers) {
            return Err(problem.into());
        }
        let status = problem.status_code();
        let status = match status {
            StatusCode::UNAUTHORIZED => StatusCode::UNPROCESSABLE_ENTITY,
            other => other,
        };
        return account_page(&visit, status, json!({ "wrong": wrong })).await;
    }
    let given: SecretString = visit.form.as_typed("password").to_owned().into();
    let session = new_secret()?;
    let (file, now, digest) = (
        visit.state.access.file.clone(),
        visit.state.clock.now(),
        token::digest(&session),
    );
    let (by, id) = (visit.caller.clone(), request_id());
    let set = blocking(move || {
        let address = by.address.to_string();
        set_password(&file, &by.name, &given, by.by(&address, id.as_deref()), now)?;
        Ok::<_, Failure>(file.begin_session(&digest, &by.name, now)?)
    })
    .await?;
    match set {
        Ok(()) => Ok(signed_in(&visit.state, &session, "/")),
        Err(failure) if failure.code == "password_weak" && wants_a_page(&visit.headers) => {
            let content = json!({ "mistake": failure.message });
            account_page(&visit, StatusCode::UNPROCESSABLE_ENTITY, content).await
        }
        Err(failure) => Err(failure.into()),
    }
}
