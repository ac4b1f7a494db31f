//! Settings: every value as it works, and where it comes from. A file changes them; nothing here is secret.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::visit::{PageResult, PageVisit};
use crate::model::service::Service;

/// What sections are about, in the order in which people look for them.
const SECTIONS: [(&str, &str); 13] = [
    ("shop", "The shop"),
    (Service::Woocommerce.as_str(), "WooCommerce"),
    (Service::Quickbooks.as_str(), "QuickBooks"),
    (Service::Supabase.as_str(), "Supabase"),
    (Service::Stripe.as_str(), "Stripe"),
    ("sync", "What is synced"),
    ("both", "What goes both ways"),
    ("books", "How it is posted"),
    ("mapping", "Mapping files"),
    ("unattended", "What runs may do that nobody watches"),
    ("notify", "Whom udsync tells"),
    ("serve", "This server"),
    ("privacy", "What is kept of customers"),
];

pub async fn page(visit: PageVisit) -> PageResult {
    let config = visit.get("/sync/config", &[]).await?;
    let place = visit
        .with_app(|app| Ok(app.config.source_path.display().to_string()))
        .await?;
    let mut sections: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for value in config["values"].as_array().into_iter().flatten() {
        let key = value["key"].as_str().unwrap_or_default();
        let (section, rest) = key.split_once('.').unwrap_or(("", key));
        let mut shown = value.clone();
        shown["short"] = json!(rest);
        // What somebody chose is told from what is so by itself.
        shown["is_default"] = json!(value["origin"] == "default");
        sections.entry(section).or_default().push(shown);
    }
    let rank = |name: &str| {
        SECTIONS
            .iter()
            .position(|(known, _)| *known == name)
            .unwrap_or(SECTIONS.len())
    };
    let mut ordered: Vec<_> = sections.into_iter().collect();
    ordered.sort_by_key(|(name, _)| rank(name));
    let shown: Vec<Value> = ordered
        .into_iter()
        .map(|(name, values)| {
            let words = SECTIONS.iter().find(|(known, _)| *known == name);
            json!({ "name": name, "words": words.map_or(name, |(_, words)| words), "values": values })
        })
        .collect();
    let content =
        json!({ "sections": shown, "place": place, "is_made_up": visit.shop().is_sandbox });
    visit
        .page("settings.html", "settings", "Settings", content)
        .await
}
