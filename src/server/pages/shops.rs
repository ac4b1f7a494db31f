//! Shops at a glance: those that need somebody first, then the rest by name.

use serde_json::{Value, json};

use std::sync::Arc;
use std::time::Duration;

use super::figures::of_month;
use super::visit::{PageResult, PageVisit};
use crate::app::App;
use crate::app::connecting::known;
use crate::config::Environment;
use crate::model::run::RunStatus;
use crate::model::service::Service;
use crate::run::Failure;
use crate::run::document::time;
use crate::server::blocking;
use crate::server::shops::ServedShop;
use crate::store::{History, Problems, RunFilter};

/// There may be many of them.
const PATIENCE: Duration = Duration::from_millis(10);

pub async fn page(visit: PageVisit) -> PageResult {
    let shops: Vec<Arc<ServedShop>> = visit
        .state
        .shops
        .iter()
        .filter(|shop| visit.caller.shops.holds(&shop.name))
        .cloned()
        .collect();
    let sought = visit.query.one("q").map(str::to_lowercase);
    let all = shops.len();
    let looked = blocking(move || shops.iter().map(glance).collect::<Vec<Value>>());
    let mut rows = looked.await?;
    let needing = rows.iter().filter(|row| row["rank"] != 0).count();
    if let Some(sought) = &sought {
        rows.retain(|row| {
            row["name"]
                .as_str()
                .is_some_and(|name| name.to_lowercase().contains(sought))
        });
    }
    if visit.query.one("show") == Some("need") {
        rows.retain(|row| row["rank"] != 0);
    }
    rows.sort_by_key(|row| {
        let rank = row["rank"].as_i64().unwrap_or_default();
        let name = row["name"].as_str().unwrap_or_default().to_owned();
        (std::cmp::Reverse(rank), name)
    });
    let (need, well): (Vec<Value>, Vec<Value>) = rows.into_iter().partition(|row| row["rank"] != 0);
    let content = json!({
        "need": need, "well": well, "all": all, "needing": needing,
        "chosen": visit.query.shown(&[]),
    });
    visit.page("shops.html", "shops", "Shops", content).await
}

/// One row. A shop whose configuration has a mistake is a row that says so.
fn glance(shop: &Arc<ServedShop>) -> Value {
    let looked = shop.open().and_then(|app| of_shop(&app, shop));
    looked.unwrap_or_else(|failure| {
        json!({ "name": shop.name, "rank": 3, "state": "bad", "words": failure.message, "zone": "UTC" })
    })
}

fn of_shop(app: &App, shop: &Arc<ServedShop>) -> Result<Value, Failure> {
    let store = app.state_to_read()?;
    let mut broken = None;
    for service in Service::ALL {
        let one = json!(known(app, &store, service)?);
        if one["configured"] == true && one["state"] != "working" {
            broken.get_or_insert((service, one["state"] == "broken"));
        }
    }
    let waits = store.count_problems(None)?;
    let last = store.runs(&RunFilter::newest(app.clock.now(), 1))?;
    let last = last.first();
    let status = last.map(|run| run.status);
    let (rank, state, words) = match (broken, status, waits) {
        (Some((service, true)), ..) => (3, "bad", format!("{} is not connected", name_of(service))),
        (None, Some(RunStatus::Failed), _) => (3, "bad", "The last run failed".to_owned()),
        (Some((service, false)), ..) => (
            2,
            "warn",
            format!("{} is not connected yet", name_of(service)),
        ),
        (None, Some(RunStatus::Refused), _) => (2, "warn", "A plan waits for a yes".to_owned()),
        (None, _, 1) => (1, "warn", "1 waits".to_owned()),
        (None, _, 2..) => (1, "warn", format!("{waits} wait")),
        (None, None, _) => (0, "off", "Nothing synced yet".to_owned()),
        (None, ..) => (0, "", "Well".to_owned()),
    };
    let books = app.config.quickbooks.as_ref();
    let is_sandbox_company = books.is_some_and(|books| books.environment == Environment::Sandbox);
    Ok(json!({
        "name": shop.name,
        "rank": rank,
        "state": state,
        "words": words,
        "is_sandbox": shop.is_sandbox || is_sandbox_company,
        "last": last.map(|run| time(run.started_at)),
        "zone": app.config.rules.timezone.name(),
        "figures": of_month(app, &shop.name, PATIENCE)?,
    }))
}

fn name_of(service: Service) -> &'static str {
    match service {
        Service::Woocommerce => "WooCommerce",
        Service::Quickbooks => "QuickBooks",
        Service::Supabase => "Supabase",
        Service::Stripe => "Stripe",
    }
}
