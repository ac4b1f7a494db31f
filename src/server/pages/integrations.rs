//! Integrations: each service, since when it is connected, what is wrong and the one thing that mends it; and what goes where.
//!
//! Secrets go in here and never come out: a form that is shown again has its other fields filled in, and the secret ones empty.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::form::{SentForm, mistakes};
use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit, see_other};
use crate::app::App;
use crate::model::access::AccessRole;
use crate::model::both::PaidInBooks;
use crate::model::service::Service;
use crate::run::Failure;

/// Fields that hold a secret.
pub const SECRETS: [&str; 7] = [
    "key",
    "secret",
    "client_id",
    "client_secret",
    "refresh_token",
    "database_url",
    "form",
];

const ENTITIES: [&str; 4] = ["orders", "customers", "products", "refunds"];

/// What a form brought that was not done, for showing it again.
#[derive(Default)]
struct FormAgain {
    service: Option<Service>,
    refusal: Option<PageRefusal>,
    tested: Option<Value>,
}

pub async fn page(visit: PageVisit) -> PageResult {
    shown(visit, StatusCode::OK, FormAgain::default()).await
}

async fn shown(visit: PageVisit, status: StatusCode, again: FormAgain) -> PageResult {
    let mut services = Vec::new();
    for service in Service::ALL {
        let path = format!("/integrations/{service}/status");
        let reply = visit.ask(Method::GET, &path, &[], &[], Value::Null).await?;
        let mut one = reply.document.clone();
        one["tag"] = json!(reply.tag());
        services.push(one);
    }
    let config = visit.ask(Method::GET, "/sync/config", &[], &[], Value::Null);
    let config = config.await?;
    let is_made_up = visit.shop().is_sandbox;
    let of_app = visit
        .with_app(move |app| of_config(app, is_made_up))
        .await?;
    let refusal = again.refusal.as_ref();
    let is_flow_again = refusal.is_some() && again.service.is_none();
    let flow = match is_flow_again {
        true => as_typed(&of_app["flow"], &visit.form),
        false => of_app["flow"].clone(),
    };
    // Somebody who made a mistake has seen no more than before. Who is told that it is another by now, sees it.
    let is_stale = refusal.is_some_and(|refusal| refusal.code() == "changed_meanwhile");
    let tag = match visit.form.one("tag") {
        Some(tag) if is_flow_again && !is_stale => Some(tag),
        _ => config.tag(),
    };
    let rows = of_app["flow"].as_array().into_iter().flatten();
    let saved: Vec<&str> = rows
        .filter_map(|row| row["entity"].as_str())
        .filter(|entity| visit.query.all("what").any(|what| what == *entity))
        .collect();
    let content = json!({
        "services": services,
        "saved": saved,
        "flow": flow,
        "saved_flow": of_app["flow"],
        "back": of_app["back"],
        "is_stale": is_flow_again && is_stale,
        "is_made_up": is_made_up,
        "settings": of_app["settings"],
        "config_tag": tag,
        "again": again.service.map(Service::as_str),
        "refusal": refusal.map(|refusal| &refusal.document),
        "mistakes": refusal.map(mistakes),
        "typed": visit.form.shown(&SECRETS),
        "tested": again.tested,
        "zones": null,
    });
    let page = visit.page_as(
        status,
        "integrations.html",
        "integrations",
        "Integrations",
        content,
    );
    let mut page = page.await?;
    if visit.may(AccessRole::Owner) {
        allow_the_way_to_intuit(&mut page, of_app["auth_origin"].as_str());
    }
    Ok(page)
}

/// A form of this page ends at Intuit, where somebody signs in; browsers hold that redirect against the page's policy too.
pub fn allow_the_way_to_intuit(page: &mut Response, origin: Option<&str>) {
    let Some(origin) = origin else {
        return;
    };
    let policy = crate::server::guard::CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'",
        &format!("form-action 'self' {origin}"),
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        page.headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// What the configuration says that forms begin with.
pub fn of_config(app: &App, is_made_up: bool) -> Result<Value, Failure> {
    let config = &app.config;
    let mut flow: Vec<Value> = ENTITIES
        .iter()
        .map(|entity| {
            let own = config.sync.entities.get(*entity);
            let targets: Vec<&str> = config
                .sync
                .targets(entity)
                .iter()
                .map(|service| service.as_str())
                .collect();
            let direction = match *entity {
                "customers" => Some(config.both.customers),
                "products" => Some(config.both.products),
                _ => None,
            };
            json!({
                "entity": entity,
                "to": targets,
                "statuses": own.map(|own| own.statuses.clone()).unwrap_or_default(),
                "start_date": own.and_then(|own| own.start_date),
                "direction": direction,
            })
        })
        .collect();
    // What was paid by hand in the books goes where orders go; only whether the shop hears of it is said.
    flow.push(json!({ "entity": "payments", "direction": config.both.payments }));
    let books = config.quickbooks.as_ref();
    let origin = books.map(|books| books.auth_url.origin().ascii_serialization());
    Ok(json!({
        "flow": flow,
        "back": {
            "mails": config.both.tells_payments() && config.both.paid == PaidInBooks::Status,
            "max_mails": config.both.max_mails,
        },
        "auth_origin": origin.filter(|_| !is_made_up),
        "settings": {
            "url": config.woocommerce.as_ref().map(|shop| shop.url.to_string()),
            "environment": books.map(|_| app.environment()),
            "company_id": config.company_id(&app.credentials),
            "supabase_url": config.supabase.as_ref().and_then(|own| own.url.as_ref()).map(ToString::to_string),
            "has_app": app_is_known(app),
        },
    }))
}

/// Whether the keys of the app at Intuit are known, without which nobody can be sent there.
fn app_is_known(app: &App) -> bool {
    let Ok(Some(store)) = crate::store::Store::open_read_only(&app.state) else {
        return false;
    };
    crate::app::connecting::app_keys(app, &store).is_ok()
}

fn service_of(visit: &PageVisit) -> Result<Service, PageRefusal> {
    Service::from_word(visit.named("service")).ok_or_else(|| {
        crate::server::problem::HttpProblem::of_status(StatusCode::NOT_FOUND, "").into()
    })
}

/// Credentials of a form: what was filled in and belongs to the service.
pub async fn connect(visit: PageVisit) -> PageResult {
    let service = service_of(&visit)?;
    let mut given = Map::new();
    for (name, value) in visit.form.pairs() {
        let is_ours = !["form", "key_of_form", "back"].contains(&name);
        if is_ours && !value.trim().is_empty() {
            given.insert(name.to_owned(), json!(value.trim()));
        }
    }
    let path = format!("/integrations/{service}/credentials");
    match visit
        .ask(Method::POST, &path, &[], &[], Value::Object(given))
        .await
    {
        Ok(_) if visit.form.one("back") == Some("start") => {
            Ok(visit.on_to(&format!("start?said={service}")))
        }
        Ok(_) => Ok(visit.on_to(&format!("integrations?said=connected#{service}"))),
        Err(refusal) => again(visit, service, refusal).await,
    }
}

async fn again(visit: PageVisit, service: Service, refusal: PageRefusal) -> PageResult {
    let status = refusal.status;
    let again = FormAgain {
        service: Some(service),
        refusal: Some(refusal),
        tested: None,
    };
    shown(visit, status, again).await
}

pub async fn disconnect(visit: PageVisit) -> PageResult {
    let service = service_of(&visit)?;
    let path = format!("/integrations/{service}/credentials");
    let tag = visit.form.one("tag").unwrap_or("*").to_owned();
    let seen = [("if-match", tag.as_str())];
    match visit
        .ask(Method::DELETE, &path, &[], &seen, Value::Null)
        .await
    {
        Ok(_) => Ok(visit.on_to(&format!("integrations?said=disconnected#{service}"))),
        Err(refusal) => again(visit, service, refusal).await,
    }
}

/// Asks the service one harmless question, and shows the page with the answer.
pub async fn test(visit: PageVisit) -> PageResult {
    let service = service_of(&visit)?;
    let path = format!("/integrations/{service}/test");
    match visit.ask(Method::POST, &path, &[], &[], Value::Null).await {
        Ok(reply) => {
            let again = FormAgain {
                service: Some(service),
                tested: Some(reply.document),
                refusal: None,
            };
            shown(visit, StatusCode::OK, again).await
        }
        Err(refusal) => again(visit, service, refusal).await,
    }
}

/// On to Intuit, where somebody signs in; they come back to this shop.
pub async fn authorize(visit: PageVisit) -> PageResult {
    let host = visit.headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = "/integrations/quickbooks/authorize";
    let host = [("host", host)];
    match visit.ask(Method::POST, path, &[], &host, Value::Null).await {
        Ok(reply) => Ok(see_other(reply.document["url"].as_str().unwrap_or("/"))),
        Err(refusal) => again(visit, Service::Quickbooks, refusal).await,
    }
}

/// What goes where: every kind of record that was changed, all of them or none.
pub async fn flow(visit: PageVisit) -> PageResult {
    let is_made_up = visit.shop().is_sandbox;
    let now = visit
        .with_app(move |app| of_config(app, is_made_up))
        .await?;
    let rows = now["flow"].as_array().into_iter().flatten();
    let changes: Vec<Value> = rows.filter_map(|row| change_of(row, &visit.form)).collect();
    if changes.is_empty() {
        return Ok(visit.on_to("integrations?said=same#goes"));
    }
    let saved: String = changes
        .iter()
        .filter_map(|change| Some(format!("&what={}", change["entity"].as_str()?)))
        .collect();
    let tag = visit.form.one("tag").map(str::to_owned);
    let seen: Vec<(&str, &str)> = tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
    let body = json!({ "changes": changes });
    match visit
        .ask(Method::POST, "/sync/entity-configs", &[], &seen, body)
        .await
    {
        Ok(_) => Ok(visit.on_to(&format!("integrations?said=saved{saved}#goes"))),
        Err(refusal) => {
            let status = refusal.status;
            let again = FormAgain {
                refusal: Some(refusal),
                ..FormAgain::default()
            };
            shown(visit, status, again).await
        }
    }
}

/// What the form says of one kind of record that is not so already.
fn change_of(row: &Value, form: &SentForm) -> Option<Value> {
    let entity = row["entity"].as_str()?;
    let mut change = json!({ "entity": entity });
    let wanted: Vec<&str> = form.all(entity).collect();
    // Payments go where orders go.
    if row["to"].is_array() && row["to"] != json!(wanted) {
        change["to"] = json!(wanted);
    }
    let direction = format!("{entity}.direction");
    if let Some(chosen) = form
        .one(&direction)
        .filter(|chosen| row["direction"] != **chosen)
    {
        change["direction"] = json!(chosen);
    }
    let (states, since) = (format!("{entity}.statuses"), format!("{entity}.start_date"));
    if form.has(&states) {
        let typed = statuses_of(form.as_typed(&states));
        if row["statuses"] != json!(typed) {
            change["statuses"] = json!(typed);
        }
    }
    if form.has(&since) {
        let typed = form.one(&since);
        if row["start_date"] != json!(typed) {
            change["start_date"] = json!(typed);
        }
    }
    (change.as_object()?.len() > 1).then_some(change)
}

/// `processing, completed`
fn statuses_of(text: &str) -> Vec<String> {
    text.split([',', ';', ' ', '\n'])
        .map(|word| word.trim().trim_start_matches("wc-").to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// What goes where as it was typed, for a form that is shown again.
fn as_typed(flow: &Value, form: &SentForm) -> Value {
    let rows = flow.as_array().into_iter().flatten();
    rows.map(|row| {
        let mut row = row.clone();
        let entity = row["entity"].as_str().unwrap_or_default().to_owned();
        let states = format!("{entity}.statuses");
        if row["to"].is_array() {
            row["to"] = json!(form.all(&entity).collect::<Vec<_>>());
        }
        if let Some(chosen) = form.one(&format!("{entity}.direction")) {
            row["direction"] = json!(chosen);
        }
        if form.has(&states) {
            row["statuses"] = json!(statuses_of(form.as_typed(&states)));
            row["start_date"] = json!(form.one(&format!("{entity}.start_date")));
        }
        row
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_what_goes_where_says_only_what_it_changes() {
        let row = json!({ "entity": "orders", "to": ["quickbooks"], "statuses": ["completed"], "start_date": "2026-01-01" });
        let of = |text: &str| change_of(&row, &SentForm::read(text.as_bytes()));
        let same = "orders=quickbooks&orders.statuses=completed&orders.start_date=2026-01-01";
        assert_eq!(of(same), None);
        let other = "orders=quickbooks&orders=supabase&orders.statuses=wc-Completed%2C+on-hold&orders.start_date=";
        assert_eq!(
            of(other),
            Some(
                json!({ "entity": "orders", "to": ["quickbooks", "supabase"], "statuses": ["completed", "on-hold"], "start_date": null })
            )
        );
        assert_eq!(
            of("orders.statuses=completed&orders.start_date=2026-01-01"),
            Some(json!({ "entity": "orders", "to": [] }))
        );
        let bare = json!({ "entity": "customers", "to": ["quickbooks"], "statuses": [], "start_date": null });
        assert_eq!(
            change_of(&bare, &SentForm::read(b"customers=quickbooks")),
            None
        );
        let paid = json!({ "entity": "payments", "direction": "to_books" });
        let of = |text: &str| change_of(&paid, &SentForm::read(text.as_bytes()));
        assert_eq!(of("payments.direction=to_books"), None);
        assert_eq!(
            of("payments.direction=both"),
            Some(json!({ "entity": "payments", "direction": "both" }))
        );
    }
}
