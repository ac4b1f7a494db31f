//! The frame of every page: which world it is, the menu with what waits, who is signed in, and what forms must carry.

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::assets;
use super::visit::PageVisit;
use crate::app::App;
use crate::app::connecting::known;
use crate::config::Environment;
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::run::Failure;
use crate::store::{Agreements, Problems};

/// What the layout shows, and what pages need besides their own.
pub async fn around(visit: &PageVisit, here: &str, title: &str) -> Value {
    let session = visit.caller.session.as_ref();
    let mut context = json!({
        "layout": "layout.html",
        "here": here,
        "title": title,
        "assets": assets::addresses(),
        "now": Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "zone": "UTC",
        "who": {
            "name": visit.caller.name,
            "role": visit.caller.role.as_str(),
            "shops": visit.caller.shops.to_string(),
        },
        "may": {
            "operate": visit.may(AccessRole::Operator),
            "own": visit.may(AccessRole::Owner),
        },
        "form_token": session.map(|session| &session.form_token),
        // A form that is sent twice is done once.
        "key": uuid::Uuid::now_v7().to_string(),
        "has_shops": visit.state.shops.iter().filter(|shop| visit.caller.shops.holds(&shop.name)).count() > 1,
        "world": { "is_sandbox": visit.state.options.is_sandbox, "made_up": visit.state.options.is_sandbox },
        "shop": null,
        "base": "",
        "heard": visit.heard,
        "said": visit.query.one("said"),
    });
    let Some(shop) = &visit.shop else {
        return context;
    };
    context["base"] = json!(visit.base());
    context["shop"] = json!({ "name": shop.name, "title": shop.name });
    let is_sandbox = shop.is_sandbox;
    // Where the shop cannot be opened the page says so itself; the frame does without.
    if let Ok(of_shop) = visit.with_app(move |app| of_shop(app, is_sandbox)).await
        && let (Value::Object(context), Value::Object(of_shop)) = (&mut context, of_shop)
    {
        context.extend(of_shop);
    }
    context
}

fn of_shop(app: &App, is_made_up: bool) -> Result<Value, Failure> {
    let store = app.state_to_read()?;
    let text = |service: Service| -> Result<Value, Failure> {
        Ok(json!(known(app, &store, service)?)["what"].take())
    };
    let books = app.config.quickbooks.as_ref();
    let is_sandbox_company = books.is_some_and(|books| books.environment == Environment::Sandbox);
    let company = text(Service::Quickbooks)?;
    Ok(json!({
        "zone": app.config.rules.timezone.name(),
        "waiting": store.count_problems(None)?,
        "conflicts": store.count_open_conflicts(Service::BOOKS.as_str())?,
        "world": {
            "is_sandbox": is_made_up || is_sandbox_company,
            "made_up": is_made_up,
            "company": company,
            "company_id": app.config.company_id(&app.credentials),
        },
    }))
}
