//! Tests over recorded answers of a real shop and over small servers that misbehave.

mod describing;
mod orders;
mod refunds;
mod refusals;
mod scans;
mod server;
mod signing_in;
mod till;

use std::time::Duration;

use chrono::{TimeZone, Utc};
use serde_json::Value;

use self::server::Server;
use super::{ShopConnection, WooCommerce};
use crate::model::clock::Clock;

pub(super) const KEY: &str = "ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e";
pub(super) const SECRET: &str = "cs_5f6a7b8c9d5f6a7b8c9d5f6a7b8c9d5f6a7b8c9d";

/// A recorded exchange, `orders/variations`.
pub(super) fn recorded(name: &str) -> Value {
    let path = format!(
        "{}/tests/recorded/woocommerce/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("a recording is JSON")
}

fn settings(server: &Server) -> ShopConnection {
    ShopConnection {
        url: server.url.clone(),
        key: KEY.into(),
        secret: SECRET.into(),
        allow_http: false,
        page_size: 100,
        concurrency: 2,
        timeout: Duration::from_secs(20),
        body_max: 20_000_000,
        fee_meta: Vec::new(),
    }
}

fn clock() -> Clock {
    Clock::new(|| {
        Utc.timestamp_opt(1_795_217_457, 0)
            .single()
            .expect("a time")
    })
}

/// A connection that does not pause for long.
fn connected(server: &Server) -> WooCommerce {
    WooCommerce::new(settings(server), clock())
        .expect("a usable address")
        .pausing(Duration::from_millis(1))
}
