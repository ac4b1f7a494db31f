//! Tests of the room as a whole: the shipped files, mistakes, properties, mutations, hostile files.

mod hostile;
mod mistakes;
mod mutations;
mod page;
mod properties;
mod records;
mod shipped;
mod speed;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::shipped::Shipped;
use super::{Compiled, check};

pub fn settings() -> Json {
    json!({
        "shop": "aurora", "timezone": "America/Vancouver", "number_prefix": "WC-", "home_currency": "CAD",
    })
}

pub fn compiled(shipped: &Shipped) -> Compiled {
    match check(&shipped.path(), shipped.text, &BTreeMap::new()) {
        Ok(compiled) => compiled,
        Err(complaints) => {
            let said: Vec<String> = complaints.iter().map(ToString::to_string).collect();
            panic!("{}", said.join("\n"))
        }
    }
}

/// The complaints about a file that is wrong, as they are said.
pub fn complaints(text: &str) -> Vec<String> {
    check("orders.toml", text, &BTreeMap::new())
        .expect_err("it is wrong")
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// What a real shop answered.
pub fn recorded(entity: &str) -> Vec<Json> {
    let text = match entity {
        "orders" | "order_lines" => include_str!("../../../../tests/mapping/recorded/orders.json"),
        "refunds" => include_str!("../../../../tests/mapping/recorded/refunds.json"),
        "customers" => include_str!("../../../../tests/mapping/recorded/customers.json"),
        _ => include_str!("../../../../tests/mapping/recorded/products.json"),
    };
    serde_json::from_str(text).expect("recorded answers are JSON")
}

/// How much of a processor a test has had. A machine that is busy with other things makes no test fail.
pub struct Effort {
    started: Instant,
    spent: Option<Duration>,
}

impl Effort {
    pub fn begin() -> Effort {
        Effort {
            started: Instant::now(),
            spent: spent(),
        }
    }

    /// The time of this thread on a processor, or time itself where that is not known.
    pub fn so_far(&self) -> Duration {
        match (self.spent, spent()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.started.elapsed(),
        }
    }
}

/// Linux counts the nanoseconds of each thread.
fn spent() -> Option<Duration> {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = counted.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}
