//! The benchmark: 10,000 orders read and mapped for two tables in under one second of CPU.
//!
//! `cargo test --release mapping::tests::speed -- --ignored --nocapture`

use std::time::Duration;

use serde_json::Value as Json;

use super::{Effort, compiled, recorded, settings};
use crate::mapping::RowKey;
use crate::mapping::shipped::find;
use crate::model::told::Told;

#[test]
#[ignore = "a benchmark: run it with --release"]
fn ten_thousand_orders_take_less_than_a_second() {
    let texts: Vec<String> = recorded("orders").iter().map(Json::to_string).collect();
    let orders = find("woocommerce", "supabase", "orders").expect("it is there");
    let lines = find("woocommerce", "supabase", "order_lines").expect("it is there");
    let mappings = [compiled(orders), compiled(lines)];
    let settings = Told::of(&settings());
    let key = RowKey {
        shop: "aurora",
        id: None,
    };
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} bytes an order", bytes / texts.len());
    let mut rows = 0;
    let [mut reading, mut mapping, mut with_lines] = [Duration::ZERO; 3];
    for text in texts.iter().cycle().take(10_000) {
        let effort = Effort::begin();
        let record = Told::read(text).expect("a recorded order");
        reading += effort.so_far();
        let effort = Effort::begin();
        for (number, compiled) in mappings.iter().enumerate() {
            let Ok(made) = compiled.table_rows(&record, &settings, key) else {
                panic!("it maps");
            };
            rows += made.len();
            if number == 0 {
                mapping += effort.so_far();
            }
        }
        with_lines += effort.so_far();
    }
    println!(
        "10,000 orders: {mapping:.3?} of CPU mapped as orders, {with_lines:.3?} with their lines too ({rows} rows), {reading:.3?} to read the JSON"
    );
    let all = reading + with_lines;
    assert!(all < Duration::from_secs(1), "{all:?}");
}
