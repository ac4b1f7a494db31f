//! A shop's lists as a database without a second sort key gives them, kept in memory, with somebody at work in them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeZone, Utc};
use serde_json::json;

use super::server::{Answer, Asked, Server};

pub const START: i64 = 1_748_736_000; // 2025-06-01T00:00:00Z

#[derive(Clone, Debug)]
pub struct Kept {
    pub changed: i64,
    pub status: &'static str,
    pub refunds: Vec<(u64, i64)>,
}

/// A shop's lists as a real one keeps them: filters are exclusive, times have seconds and no second key, and a page past
/// the end says that there is nothing at all.
#[derive(Default)]
pub struct Till {
    pub orders: BTreeMap<u64, Kept>,
    pub asked: u64,
    pub now: i64,
}

impl Till {
    pub fn add(&mut self, id: u64, changed: i64) {
        self.orders.insert(
            id,
            Kept {
                changed,
                status: "processing",
                refunds: Vec::new(),
            },
        );
    }

    pub fn answer(&mut self, asked: &Asked) -> Answer {
        self.asked += 1;
        let path = asked.path.trim_start_matches("/wp-json/wc/v3/");
        let parts: Vec<&str> = path.split('/').collect();
        let date = time(self.now).to_rfc2822().replace("+0000", "GMT");
        let answer = match parts.as_slice() {
            ["orders"] => self.orders(asked),
            ["orders", id] => match id
                .parse()
                .ok()
                .and_then(|id| Some((id, self.orders.get(&id)?)))
            {
                Some((id, kept)) => Answer::json(order(id, kept).to_string()),
                None => Answer::recorded("errors/not-found-order"),
            },
            ["orders", id, "refunds"] => {
                let id: u64 = id.parse().expect("an id");
                let mut rows: Vec<_> = self
                    .orders
                    .get(&id)
                    .map_or(vec![], |kept| kept.refunds.clone());
                rows.sort();
                page(
                    asked,
                    rows.iter().map(|(id, made)| of_order(*id, *made)).collect(),
                )
            }
            ["refunds"] => {
                let mut rows: Vec<(u64, u64, i64)> = Vec::new();
                for (order, kept) in &self.orders {
                    rows.extend(kept.refunds.iter().map(|(id, made)| (*id, *order, *made)));
                }
                rows.retain(|(_, _, made)| within(asked, "after", "before", *made));
                let include = included(asked);
                rows.retain(|(id, ..)| include.as_ref().is_none_or(|ids| ids.contains(id)));
                let salt = self.asked;
                rows.sort_by_key(|(id, _, made)| match asked.get("orderby") {
                    Some("id") => (0, *id),
                    _ => (*made, mixed(*id, salt)),
                });
                if asked.get("order") == Some("desc") {
                    rows.reverse();
                }
                page(
                    asked,
                    rows.iter()
                        .map(|(id, order, made)| refund(*id, *order, *made))
                        .collect(),
                )
            }
            _ => Answer::recorded("errors/no-route"),
        };
        answer.header("Date", date)
    }

    pub fn orders(&self, asked: &Asked) -> Answer {
        let statuses: Option<Vec<&str>> = asked.get("status").map(|list| list.split(',').collect());
        let include = included(asked);
        let mut rows: Vec<(u64, &Kept)> = self
            .orders
            .iter()
            .map(|(id, kept)| (*id, kept))
            .filter(|(_, kept)| match &statuses {
                Some(statuses) => statuses.contains(&kept.status),
                None => kept.status != "trash",
            })
            .filter(|(id, _)| include.as_ref().is_none_or(|include| include.contains(id)))
            .filter(|(_, kept)| within(asked, "modified_after", "modified_before", kept.changed))
            .collect();
        rows.sort_by_key(|(id, kept)| match asked.get("orderby") {
            Some("modified") => (kept.changed, mixed(*id, self.asked)),
            _ => (0, *id),
        });
        page(
            asked,
            rows.into_iter().map(|(id, kept)| order(id, kept)).collect(),
        )
    }
}

fn included(asked: &Asked) -> Option<Vec<u64>> {
    let list = asked.get("include")?.split(',');
    Some(list.map(|id| id.parse().expect("an id")).collect())
}

pub fn within(asked: &Asked, after: &str, before: &str, time: i64) -> bool {
    assert!(
        asked.get(after).is_none() || asked.get("dates_are_gmt") == Some("true"),
        "a time without a zone is the shop's own"
    );
    let bound = |name: &str| {
        asked.get(name).map(|text| {
            let bound = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S");
            bound
                .expect("the form that the shop takes")
                .and_utc()
                .timestamp()
        })
    };
    bound(after).is_none_or(|bound| time > bound) && bound(before).is_none_or(|bound| time < bound)
}

pub fn page(asked: &Asked, rows: Vec<serde_json::Value>) -> Answer {
    let number = |name: &str, or: usize| {
        asked
            .get(name)
            .map_or(or, |text| text.parse().expect("a number"))
    };
    let (page, size) = (number("page", 1), number("per_page", 10));
    assert!((1..=100).contains(&size), "the shop refuses more");
    let all = rows.len();
    let rows: Vec<_> = rows
        .into_iter()
        .skip((page - 1) * size)
        .take(size)
        .collect();
    let told = if rows.is_empty() && page > 1 { 0 } else { all };
    Answer::json(json!(rows).to_string()).header("X-WP-Total", told)
}

pub fn order(id: u64, kept: &Kept) -> serde_json::Value {
    let refunds: Vec<_> = kept
        .refunds
        .iter()
        .map(|(id, _)| json!({"id": id, "reason": "", "total": "-1.00"}))
        .collect();
    json!({
        "id": id, "number": id.to_string(), "status": kept.status, "currency": "CAD", "total": "1.00",
        "total_tax": "0.00", "date_created_gmt": written(START), "date_modified_gmt": written(kept.changed),
        "line_items": [], "refunds": refunds,
    })
}

pub fn refund(id: u64, order: u64, made: i64) -> serde_json::Value {
    json!({"id": id, "parent_id": order, "date_created_gmt": written(made), "amount": "1.00", "line_items": []})
}

/// As its order shows it, which does not say whose it is.
fn of_order(id: u64, made: i64) -> serde_json::Value {
    let mut refund = refund(id, 0, made);
    let fields = refund.as_object_mut().expect("an object");
    fields.remove("parent_id");
    refund
}

pub fn time(seconds: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(seconds, 0).single().expect("a time")
}

pub fn written(seconds: i64) -> String {
    time(seconds).format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Another order each time, as a database without a second key gives.
pub fn mixed(id: u64, salt: u64) -> u64 {
    let mut mix =
        (id ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mix ^= mix >> 31;
    mix.wrapping_mul(0x94D0_49BB_1331_11EB)
}

pub type Shared = Arc<Mutex<Till>>;

/// Opens the till; after each answer somebody may work in it.
pub async fn open(
    till: Till,
    work: impl Fn(&mut Till) + Send + Sync + 'static,
) -> (Server, Shared) {
    let till = Arc::new(Mutex::new(till));
    let shared = till.clone();
    let server = Server::start(move |asked| {
        let mut till = shared.lock().expect("no test panicked in it");
        let answer = till.answer(asked);
        work(&mut till);
        answer
    })
    .await;
    (server, till)
}
