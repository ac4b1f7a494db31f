//! Forgery: a page elsewhere can have a browser send requests here, cookie and all. What changes something is let through only if it
//! shows that it comes from a page of ours.
//!
//! A browser says in `Sec-Fetch-Site` or `Origin` where a request comes from, and no page can make it lie. A program says neither and
//! brings a token, which no browser adds by itself.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use subtle::ConstantTimeEq;

use super::{Caller, is_on_https};
use crate::server::problem::HttpProblem;
use crate::server::state::ServerState;

/// Refuses what a page elsewhere may have sent. `has_cookie`: the request is let in by what a browser adds by itself.
pub fn check(state: &ServerState, parts: &Parts, has_cookie: bool) -> Result<(), HttpProblem> {
    // A token is added by no browser: whoever sends it knows it.
    if !has_cookie || [Method::GET, Method::HEAD].contains(&parts.method) {
        return Ok(());
    }
    let headers = &parts.headers;
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_ours = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (_, Some(origin)) => {
            is_our_origin(state, headers, origin) && text("sec-fetch-site").is_none_or(is_near)
        }
        (Some(site), None) => is_near(site),
        // Neither: no browser that is in use, so what it adds by itself is not enough.
        (None, None) => false,
    };
    if is_ours {
        return Ok(());
    }
    Err(HttpProblem::new(
        StatusCode::FORBIDDEN,
        "other_site",
        "the request comes from a page of another site",
    )
    .hint(
        "open the dashboard itself; where it is behind a proxy, set `dashboard_url` in `[serve]`",
    ))
}

fn is_near(site: &str) -> bool {
    ["same-origin", "none"].contains(&site)
}

/// The origin is the very host that the request is for, which is known to be ours by now.
fn is_our_origin(state: &ServerState, headers: &HeaderMap, origin: &str) -> bool {
    let outside = state.options.settings.dashboard_url.as_ref();
    if outside.is_some_and(|url| url.origin().ascii_serialization() == origin) {
        return true;
    }
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    let scheme = match is_on_https(state) {
        true => "https",
        false => "http",
    };
    origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
}

/// Refuses a form that was not made for this session.
pub fn check_form(caller: &Caller, given: Option<&str>) -> Result<(), HttpProblem> {
    let known = caller
        .session
        .as_ref()
        .map(|session| session.form_token.as_bytes());
    let given = given.unwrap_or_default().as_bytes();
    if known.is_some_and(|known| bool::from(known.ct_eq(given))) {
        return Ok(());
    }
    Err(HttpProblem::new(
        StatusCode::FORBIDDEN,
        "form_too_old",
        "the form is of another session",
    )
    .hint("open the page again and send it once more"))
}
