//! Deliveries of webhooks: what came in, and looking at it again.

use axum::http::StatusCode;
use chrono::NaiveTime;
use serde_json::{Value, json};

use super::operation::{ApiAnswer, ApiCall, ApiOperation, AuditedChange, answer, not_there};
use super::page;
use super::schema::{
    count, day, document, list, nullable, object, page as page_of, text, time, word,
};
use super::tables::{self, CSV};
use crate::app::App;
use crate::model::delivery::{DeliverySource, DeliveryVerdict, KeptDelivery};
use crate::run::Failure;
use crate::run::document::time as rfc;
use crate::store::{DeliveryFilter, Inbox};

const VERDICTS: [&str; 6] = ["queued", "duplicate", "ignored", "ping", "odd", "refused"];

/// Where deliveries come from.
fn sources() -> [&'static str; 2] {
    [DeliverySource::Woocommerce, DeliverySource::Quickbooks].map(DeliverySource::as_str)
}

pub fn operations() -> Vec<ApiOperation> {
    let key = || object([("kind", text()), ("id", text())], []);
    let events = object(
        [
            ("queued", count()),
            ("duplicate", count()),
            ("ignored", count()),
            ("odd", count()),
        ],
        [],
    );
    let delivery = object(
        [
            ("id", text()),
            ("received_at", time()),
            ("source", word(&sources())),
            ("topic", text()),
            ("verdict", word(&VERDICTS)),
            ("keys", list(key())),
            ("events", events),
            ("run_id", nullable(text())),
        ],
        [],
    );
    vec![
        ApiOperation::get(
            "/webhooks/deliveries",
            "listDeliveries",
            "List what webhooks brought",
        )
        .paged()
        .query("source", word(&sources()), "Only from this service")
        .query("verdict", word(&VERDICTS), "Only what was judged so")
        .query("since", day(), "Only from this day on")
        .answers(
            200,
            "A page of deliveries, the newest first",
            page_of("udsync/deliveries/1", delivery),
        )
        .or_as(CSV)
        .by(list_all),
        ApiOperation::post(
            "/webhooks/deliveries/{id}/replay",
            "replayDelivery",
            "Look again at what a delivery named",
        )
        .path_param(
            "id",
            json!({ "type": "string", "pattern": "^[0-9]{1,18}$" }),
            "The id of the delivery",
        )
        .where_is(is_there)
        .once()
        .answers(
            202,
            "It is looked at in its turn",
            document("udsync/deliveries-replayed/1", [("keys", list(key()))], []),
        )
        .by(replay),
    ]
}

fn is_there(app: &App, call: &ApiCall) -> Result<bool, Failure> {
    if !Inbox::exists(&app.state) {
        return Ok(false);
    }
    let inbox = Inbox::open(&app.state)?;
    Ok(inbox
        .delivery(&app.config.shop.name, call.path("id"))?
        .is_some())
}

async fn list_all(call: ApiCall) -> ApiAnswer {
    let before = match page::after(&call, "deliveries")? {
        Some([id, _]) => Some(id.parse::<i64>().map_err(|_| page::wrong())?),
        None => None,
    };
    let filter = DeliveryFilter {
        source: call.text("source").and_then(DeliverySource::from_word),
        verdict: call.text("verdict").and_then(DeliveryVerdict::from_word),
        since: call
            .day("since")
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        before,
    };
    if call.kind == CSV {
        return Ok(as_csv(&call, filter));
    }
    let limit = page::limit(&call);
    let found = call
        .with_app(move |app| match Inbox::exists(&app.state) {
            false => Ok(Vec::new()),
            true => {
                let inbox = Inbox::open(&app.state)?;
                Ok(inbox.deliveries(&app.config.shop.name, &filter, limit.saturating_add(1))?)
            }
        })
        .await?;
    let document = page::page(
        "udsync/deliveries/1",
        found,
        limit,
        |one| page::cursor("deliveries", [&one.id, ""]),
        |one| json!(one),
    );
    Ok(answer(StatusCode::OK, &document))
}

const HEADER: [&str; 10] = [
    "received_at",
    "source",
    "topic",
    "verdict",
    "records",
    "queued",
    "duplicate",
    "ignored",
    "odd",
    "run_id",
];

/// All of them, newest first.
fn as_csv(call: &ApiCall, filter: DeliveryFilter) -> axum::response::Response {
    let (shop, mut filter) = (call.shop().clone(), filter);
    tables::csv_of("deliveries.csv", &HEADER, move || {
        let app = shop.open()?;
        if !Inbox::exists(&app.state) {
            return Ok(Vec::new());
        }
        let inbox = Inbox::open(&app.state)?;
        let found = inbox.deliveries(&app.config.shop.name, &filter, tables::AT_ONCE)?;
        if let Some(last) = found.last() {
            filter.before = last.id.parse().ok();
        }
        Ok(found.iter().map(as_row).collect())
    })
}

fn as_row(one: &KeptDelivery) -> Vec<String> {
    let records: Vec<String> = one
        .keys
        .iter()
        .map(|key| format!("{} {}", key.kind, key.id))
        .collect();
    let events = json!(one.events);
    let count = |word: &str| events[word].to_string();
    vec![
        rfc(one.received_at),
        one.source.as_str().to_owned(),
        one.topic.clone(),
        one.verdict.as_str().to_owned(),
        records.join("; "),
        count("queued"),
        count("duplicate"),
        count("ignored"),
        count("odd"),
        one.run_id.clone().unwrap_or_default(),
    ]
}

async fn replay(call: ApiCall) -> ApiAnswer {
    let id = call.path("id").to_owned();
    let named = call
        .with_app(move |app| {
            let inbox = Inbox::open(&app.state)?;
            let shop = &app.config.shop.name;
            let Some(delivery) = inbox.delivery(shop, &id)? else {
                return Ok(None);
            };
            inbox.put(shop, delivery.source, &delivery.keys, app.clock.now())?;
            Ok(Some(json!(delivery.keys)))
        })
        .await?;
    let keys: Value = named.ok_or_else(not_there)?;
    let mut response = answer(
        StatusCode::ACCEPTED,
        &json!({ "schema": "udsync/deliveries-replayed/1", "keys": keys }),
    );
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(call.path("id").to_owned()),
        before: None,
        after: Some(json!({ "keys": keys })),
    });
    Ok(response)
}
