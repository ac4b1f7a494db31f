//! People and tokens: who may come in, let in by an owner, and let in no longer. A link or a token is shown once, on the answer to the
//! form that made it, and cannot be found out again.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::{Days, NaiveTime};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit};
use crate::app::access::{Admission, access_document, add, invite, revoke};
use crate::model::access::{AccessRole, AllowedShops};
use crate::run::Failure;
use crate::server::blocking;
use crate::server::problem::{HttpProblem, request_id};
use crate::store::StoreError;

/// What forms have made, by who sent them and their keys: in memory, and for as long as somebody may click twice.
type MadeByForms = Vec<(Instant, (String, String), Value)>;
static MADE: tokio::sync::Mutex<MadeByForms> = tokio::sync::Mutex::const_new(Vec::new());
const SHOWN_AGAIN_FOR: Duration = Duration::from_secs(60);

/// Whoever lets others in may do everything themselves, in every shop that is served here.
async fn owners_only(visit: &PageVisit, action: &'static str) -> Result<(), PageRefusal> {
    let sees_all = visit
        .state
        .shops
        .names()
        .all(|shop| visit.caller.shops.holds(shop));
    if visit.may(AccessRole::Owner) && sees_all {
        return Ok(());
    }
    if !action.is_empty() {
        let nothing = (None, None);
        visit
            .state
            .access
            .record(&visit.caller, None, action, None, nothing, "role_too_low")
            .await;
    }
    Err(HttpProblem::new(
        StatusCode::FORBIDDEN,
        "role_too_low",
        "who may come in is for an owner of every shop that is served here",
    )
    .with("role_needed", "owner")
    .hint("ask an owner")
    .into())
}

pub async fn page(visit: PageVisit) -> PageResult {
    owners_only(&visit, "").await?;
    shown(visit, StatusCode::OK, json!({})).await
}

async fn shown(visit: PageVisit, status: StatusCode, mut content: Value) -> PageResult {
    let file = visit.state.access.file.clone();
    let users = blocking(move || -> Result<Value, StoreError> {
        Ok(json!(access_document(&file.users()?)))
    });
    let mut users = users.await?.map_err(HttpProblem::from)?;
    for user in users["users"].as_array_mut().into_iter().flatten() {
        let shops = match serde_json::from_value::<AllowedShops>(user["shops"].take()) {
            Ok(shops) => shops.to_string(),
            Err(_) => String::new(),
        };
        user["shops"] = json!(shops);
        user["is_me"] = json!(user["name"] == json!(visit.caller.name));
    }
    content["users"] = users["users"].take();
    content["shops"] = json!(visit.state.shops.names().collect::<Vec<_>>());
    content["typed"] = visit.form.shown(&["form"]);
    content["chosen"] = json!(visit.form.all("shops").collect::<Vec<_>>());
    visit
        .page_as(status, "people.html", "people", "People", content)
        .await
}

/// How far a form lets somebody in.
fn admission(visit: &PageVisit) -> Result<Admission, HttpProblem> {
    let role = match visit.form.one("role") {
        Some("owner") => AccessRole::Owner,
        Some("operator") => AccessRole::Operator,
        Some("viewer") => AccessRole::Viewer,
        _ => return Err(unreadable("choose one of the roles")),
    };
    let chosen: BTreeSet<String> = visit.form.all("shops").map(str::to_owned).collect();
    // Left out without a word, the last of them would make it all shops.
    if chosen
        .iter()
        .any(|shop| visit.state.shops.get(shop).is_none())
    {
        return Err(unreadable(
            "a shop was chosen that is not served any more; choose again",
        ));
    }
    let days: Option<u64> = match visit.form.one("days") {
        Some(days) => Some(
            days.parse()
                .map_err(|_| unreadable("write the days as a whole number, or nothing"))?,
        ),
        None => None,
    };
    let today = visit.state.clock.now();
    Ok(Admission {
        name: visit.form.one("name").unwrap_or_default().to_owned(),
        role,
        shops: match chosen.is_empty() {
            true => AllowedShops::All,
            false => AllowedShops::These(chosen),
        },
        ends_at: days
            .and_then(|days| today.date_naive().checked_add_days(Days::new(days)))
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
    })
}

/// Nobody is let in by a form that is not understood.
fn unreadable(why: &str) -> HttpProblem {
    HttpProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "request_wrong", why)
}

/// Lets a person in by a link, or a program by a token.
pub async fn let_in(visit: PageVisit) -> PageResult {
    let is_program = visit.form.one("kind") == Some("token");
    let action = match is_program {
        true => "access.add",
        false => "access.invite",
    };
    owners_only(&visit, action).await?;
    let admission = admission(&visit)?;
    // A second click waits for the first, and is answered the same: the secret is shown on whichever answer the browser shows.
    let key = visit
        .form
        .one("key")
        .map(|key| (visit.caller.name.clone(), key.to_owned()));
    let mut made_before = MADE.lock().await;
    made_before.retain(|(at, ..)| at.elapsed() < SHOWN_AGAIN_FOR);
    if let Some((_, _, made)) = made_before
        .iter()
        .find(|(_, of, _)| Some(of) == key.as_ref())
    {
        let made = made.clone();
        drop(made_before);
        return shown(visit, StatusCode::OK, json!({ "made": made })).await;
    }
    let (file, now, by) = (
        visit.state.access.file.clone(),
        visit.state.clock.now(),
        visit.caller.clone(),
    );
    let outside = visit.state.options.settings.dashboard_url.as_ref();
    let url = outside.map_or_else(
        || visit.state.main.url.clone(),
        |url| url.origin().ascii_serialization(),
    );
    let (wanted, id) = (admission.clone(), request_id());
    let done = blocking(move || -> Result<Value, Failure> {
        let address = by.address.to_string();
        let by = by.by(&address, id.as_deref());
        if is_program {
            let token = add(&file, &wanted, by, now)?;
            return Ok(json!({ "token": token.expose_secret(), "name": wanted.name }));
        }
        let (secret, expires) = invite(&file, &wanted, by, now)?;
        let link = format!("{url}/invite/{}", secret.expose_secret());
        Ok(json!({ "link": link, "name": wanted.name, "expires_at": expires }))
    });
    match done.await? {
        Ok(made) => {
            if let Some(key) = key {
                made_before.push((Instant::now(), key, made.clone()));
            }
            drop(made_before);
            shown(visit, StatusCode::OK, json!({ "made": made })).await
        }
        Err(failure) => refused(visit, failure).await,
    }
}

pub async fn let_out(visit: PageVisit) -> PageResult {
    owners_only(&visit, "access.revoke").await?;
    let name = visit.form.one("name").unwrap_or_default().to_owned();
    let (file, now, by) = (
        visit.state.access.file.clone(),
        visit.state.clock.now(),
        visit.caller.clone(),
    );
    let (gone, id) = (name.clone(), request_id());
    let done = blocking(move || -> Result<(), Failure> {
        let address = by.address.to_string();
        revoke(&file, &gone, by.by(&address, id.as_deref()), now)?;
        Ok(())
    });
    match done.await? {
        Ok(()) => Ok(visit.on_to("people?said=out")),
        Err(failure) => refused(visit, failure).await,
    }
}

async fn refused(visit: PageVisit, failure: Failure) -> PageResult {
    let refusal = PageRefusal::from(failure);
    let content = json!({ "refusal": refusal.document });
    shown(visit, refusal.status, content).await
}
