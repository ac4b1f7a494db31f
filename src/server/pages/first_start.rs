//! First start: what there is to do before the first order is in the books, one thing after the other.

use serde_json::{Map, Value, json};

use super::integrations::{allow_the_way_to_intuit, of_config};
use super::visit::{PageResult, PageVisit};
use crate::model::access::AccessRole;
use crate::model::service::Service;

pub async fn page(visit: PageVisit) -> PageResult {
    let services = visit.get("/integrations/connections", &[]).await?;
    let is_connected = |service: Service| {
        let items = services["items"].as_array();
        items
            .into_iter()
            .flatten()
            .any(|one| one["name"] == service.as_str() && one["state"] == "working")
    };
    let runs = visit.get("/sync/history", &[("limit", "1")]).await?;
    let is_made_up = visit.shop().is_sandbox;
    let of_app = visit
        .with_app(move |app| of_config(app, is_made_up))
        .await?;
    let has_run = runs["items"]
        .as_array()
        .is_some_and(|runs| !runs.is_empty());
    let needed = [Service::SHOP, Service::BOOKS];
    let left = needed
        .iter()
        .filter(|service| !is_connected(**service))
        .count();
    let mut done: Map<String, Value> = Service::ALL
        .into_iter()
        .map(|service| (service.as_str().to_owned(), json!(is_connected(service))))
        .collect();
    done.insert("plan".to_owned(), json!(has_run));
    let content = json!({
        "done": done,
        "left": left + usize::from(!has_run),
        "settings": of_app["settings"],
        "is_made_up": is_made_up,
        "again": Value::Null,
        "mistakes": Value::Null,
        "typed": Value::Null,
    });
    let page = visit.page("start.html", "today", "First steps", content);
    let mut page = page.await?;
    if visit.may(AccessRole::Owner) {
        allow_the_way_to_intuit(&mut page, of_app["auth_origin"].as_str());
    }
    Ok(page)
}
