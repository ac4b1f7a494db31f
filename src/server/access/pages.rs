//! The pages around signing in: plain forms that work without JavaScript, with a keyboard and on a telephone.
//!
//! An invitation is used by a button and not by opening its address: programs that look at links before people do would use it up.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use secrecy::SecretString;

use super::{Caller, client_address, cookie, forgery, new_secret};
use crate::app::access::set_password;
use crate::run::Failure;
use crate::safe::token;
use crate::server::guard::whole;
use crate::server::problem::HttpProblem;
use crate::server::state::ServerState;
use crate::server::{blocking, to_its_end};
use crate::store::access::InvitationUse;

type PageAnswer = Result<Response, HttpProblem>;

/// `/sign-in`, `/invite/{token}`, `/sign-out`, and who is signed in. What changes something goes on to its end, whoever hangs up.
pub fn routes(state: Arc<ServerState>) -> Router {
    Router::new()
        .route("/", get(account))
        .route("/password", post(password))
        .route("/sign-in", get(sign_in_page).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/invite/{token}", get(invitation_page).post(use_invitation))
        .with_state(state)
}

/// A form, as browsers send it.
type FormFields = BTreeMap<String, String>;

async fn fields(request: Request) -> Result<(Parts, FormFields), HttpProblem> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form =
        kind.split(';').next().map(str::trim) == Some("application/x-www-form-urlencoded");
    let body = whole(body).await?;
    if !is_form && !body.is_empty() {
        return Err(HttpProblem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media_type_unsupported",
            "this address takes forms of its own pages",
        ));
    }
    let pairs = url::form_urlencoded::parse(&body);
    Ok((parts, pairs.into_owned().collect()))
}

async fn sign_in_page() -> Response {
    page(StatusCode::OK, "Sign in", &sign_in_form(None))
}

fn sign_in_form(wrong: Option<&str>) -> String {
    let wrong = wrong.map_or_else(String::new, |wrong| {
        format!("<p role=\"alert\">{}</p>\n", escaped(wrong))
    });
    format!(
        "{wrong}<form method=\"post\" action=\"/sign-in\">\n\
         <p><label for=\"name\">Name</label> <input id=\"name\" name=\"name\" autocomplete=\"username\" required></p>\n\
         <p><label for=\"password\">Password</label> <input id=\"password\" name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required></p>\n\
         <p><button>Sign in</button></p>\n</form>\n"
    )
}

async fn sign_in(State(state): State<Arc<ServerState>>, request: Request) -> PageAnswer {
    to_its_end(sign_in_whole(state, request)).await
}

async fn sign_in_whole(state: Arc<ServerState>, request: Request) -> PageAnswer {
    let (parts, mut fields) = fields(request).await?;
    forgery::check(&state, &parts, true)?;
    let name = fields.remove("name").unwrap_or_default();
    let password: SecretString = fields.remove("password").unwrap_or_default().into();
    let address = client_address(&state, &parts);
    match state.access.sign_in(&name, password, address).await {
        Ok(session) => Ok(signed_in(&state, &session)),
        Err(problem) if wants_a_page(&parts) && problem.code() == "sign_in_failed" => Ok(page(
            StatusCode::UNAUTHORIZED,
            "Sign in",
            &sign_in_form(Some("Name and password do not go together.")),
        )),
        Err(problem) => Err(problem),
    }
}

fn signed_in(state: &ServerState, session: &SecretString) -> Response {
    (
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, HeaderValue::from_static("/")),
            (header::SET_COOKIE, cookie(state, Some(session))),
        ],
    )
        .into_response()
}

async fn sign_out(State(state): State<Arc<ServerState>>, request: Request) -> PageAnswer {
    to_its_end(sign_out_whole(state, request)).await
}

async fn sign_out_whole(state: Arc<ServerState>, request: Request) -> PageAnswer {
    let (parts, fields) = fields(request).await?;
    forgery::check(&state, &parts, true)?;
    let caller = state.access.caller(&state, &parts).await?;
    forgery::check_form(&caller, fields.get("form").map(String::as_str))?;
    if let Some(session) = &caller.session {
        let (file, digest) = (state.access.file.clone(), session.digest.clone());
        blocking(move || file.end_session(&digest)).await??;
    }
    Ok((
        StatusCode::SEE_OTHER,
        [
            (header::LOCATION, HeaderValue::from_static("/sign-in")),
            (header::SET_COOKIE, cookie(&state, None)),
        ],
    )
        .into_response())
}

fn digest_of(given: &str) -> String {
    token::digest(&given.to_owned().into())
}

/// An invitation that was used or is too old is gone; one that never was is not found.
fn of_invitation(is_good: Option<bool>) -> Result<(), HttpProblem> {
    match is_good {
        Some(true) => Ok(()),
        Some(false) => Err(HttpProblem::new(
            StatusCode::GONE,
            "invitation_gone",
            "this invitation was used, or is older than 30 minutes",
        )
        .hint("an owner makes a new one with `udsync access invite NAME --role viewer`")),
        None => Err(HttpProblem::new(
            StatusCode::NOT_FOUND,
            "invitation_unknown",
            "there is no such invitation",
        )),
    }
}

async fn invitation_page(
    State(state): State<Arc<ServerState>>,
    Path(given): Path<String>,
) -> PageAnswer {
    let (file, now) = (state.access.file.clone(), state.clock.now());
    let digest = digest_of(&given);
    of_invitation(blocking(move || file.look_at_invitation(&digest, now)).await??)?;
    // The form goes to the address that is open already, so that it need not be repeated here.
    Ok(page(
        StatusCode::OK,
        "You are invited",
        "<form method=\"post\">\n<p><button>Come in</button></p>\n</form>\n",
    ))
}

async fn use_invitation(
    State(state): State<Arc<ServerState>>,
    Path(given): Path<String>,
    request: Request,
) -> PageAnswer {
    to_its_end(use_invitation_whole(state, given, request)).await
}

async fn use_invitation_whole(
    state: Arc<ServerState>,
    given: String,
    request: Request,
) -> PageAnswer {
    let (parts, _) = fields(request).await?;
    forgery::check(&state, &parts, true)?;
    let session = new_secret()?;
    let (file, now) = (state.access.file.clone(), state.clock.now());
    let (digest, kept) = (digest_of(&given), token::digest(&session));
    let used = blocking(move || file.use_invitation(&digest, &kept, now)).await??;
    match used {
        InvitationUse::Ok(user) => {
            let address = client_address(&state, &parts);
            state
                .access
                .record_deed("access.invitation", &user.name, None, "done", address)
                .await;
            Ok(signed_in(&state, &session))
        }
        InvitationUse::Gone => of_invitation(Some(false)).map(|()| StatusCode::OK.into_response()),
        InvitationUse::Unknown => of_invitation(None).map(|()| StatusCode::OK.into_response()),
    }
}

/// Who is signed in, with the way out. Without a session, the way in.
async fn account(State(state): State<Arc<ServerState>>, request: Request) -> PageAnswer {
    let (parts, _) = request.into_parts();
    let caller = match state.access.caller(&state, &parts).await {
        Ok(caller) => caller,
        Err(problem) if problem.code() == "not_signed_in" => {
            let to = [(header::LOCATION, HeaderValue::from_static("/sign-in"))];
            return Ok((StatusCode::SEE_OTHER, to).into_response());
        }
        Err(problem) => return Err(problem),
    };
    Ok(page(StatusCode::OK, "udsync", &account_page(&caller, None)))
}

fn account_page(caller: &Caller, said: Option<&str>) -> String {
    let said = said.map_or_else(String::new, |said| {
        format!("<p role=\"status\">{}</p>\n", escaped(said))
    });
    let form = caller
        .session
        .as_ref()
        .map_or("", |session| &session.form_token);
    format!(
        "{said}<p>You are signed in as {name}, {role} of {shops}.</p>\n\
         <form method=\"post\" action=\"/password\">\n<input type=\"hidden\" name=\"form\" value=\"{form}\">\n\
         <p><label for=\"password\">New password</label> <input id=\"password\" name=\"password\" type=\"password\" \
         minlength=\"12\" maxlength=\"128\" autocomplete=\"new-password\" required></p>\n<p><button>Set it</button></p>\n</form>\n\
         <form method=\"post\" action=\"/sign-out\">\n<input type=\"hidden\" name=\"form\" value=\"{form}\">\n\
         <p><button>Sign out</button></p>\n</form>\n",
        name = escaped(&caller.name),
        role = caller.role,
        shops = escaped(&caller.shops.to_string()),
    )
}

/// A new password ends every session, this one too; a new one begins at once.
async fn password(State(state): State<Arc<ServerState>>, request: Request) -> PageAnswer {
    to_its_end(password_whole(state, request)).await
}

async fn password_whole(state: Arc<ServerState>, request: Request) -> PageAnswer {
    let (parts, mut fields) = fields(request).await?;
    forgery::check(&state, &parts, true)?;
    let caller = state.access.caller(&state, &parts).await?;
    forgery::check_form(&caller, fields.get("form").map(String::as_str))?;
    let given: SecretString = fields.remove("password").unwrap_or_default().into();
    let session = new_secret()?;
    let (file, now, digest) = (
        state.access.file.clone(),
        state.clock.now(),
        token::digest(&session),
    );
    let (by, id) = (caller.clone(), crate::server::problem::request_id());
    let set = blocking(move || {
        let address = by.address.to_string();
        set_password(&file, &by.name, &given, by.by(&address, id.as_deref()), now)?;
        Ok::<_, Failure>(file.begin_session(&digest, &by.name, now)?)
    })
    .await?;
    match set {
        Ok(()) => Ok(signed_in(&state, &session)),
        Err(failure) if failure.code == "password_weak" && wants_a_page(&parts) => Ok(page(
            StatusCode::UNPROCESSABLE_ENTITY,
            "udsync",
            &account_page(&caller, Some(&failure.message)),
        )),
        Err(failure) => Err(failure.into()),
    }
}

fn wants_a_page(parts: &Parts) -> bool {
    let accepts = parts.headers.get(header::ACCEPT);
    accepts.is_some_and(|accepts| accepts.to_str().unwrap_or_default().contains("text/html"))
}

fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let title = escaped(title);
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{content}</main>\n</body>\n</html>\n"
    );
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Names and words of others are text in a page, and nothing else.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
