//! The acting pages of the dashboard in a real Chromium: sync now, what waits, the mapping editor.
//!
//! The tales are told in `tests/browser/acting.mjs`; here is the world that they happen in: a shop with orders that can be posted, two
//! that wait for one line of the configuration, and one that nothing in the configuration can mend.

use std::process::Command;

use serde_json::{Value, json};

use crate::api_client::Api;
use crate::manual::root;
use crate::order::{order, orders, unmapped, with};
use crate::world::World;

/// Whoever comes in a tale comes by an invitation of their own.
const GUESTS: [(&str, &str); 10] = [
    ("dana", "owner"),
    ("emil", "operator"),
    ("fay", "operator"),
    ("gil", "operator"),
    ("hana", "operator"),
    ("ivo", "operator"),
    ("jon", "operator"),
    ("kim", "operator"),
    ("vera", "viewer"),
    ("lena", "operator"),
];

fn world() -> World {
    let mut list = orders(1..=8);
    list.push(with(order(9), json!({ "status": "awaiting-pickup" })));
    list.push(unmapped(10));
    list.push(with(order(11), json!({ "total": "999.00" })));
    list.push(with(
        order(12),
        json!({ "status": "pending", "date_paid": null, "date_paid_gmt": null }),
    ));
    let world = World::of_orders(list);
    let text = std::fs::read_to_string(&world.config).expect("read");
    // The first look waits for a word, so that there is a plan to be shown.
    let text = text.replace("confirm_over = 100000", "confirm_over = 5");
    std::fs::write(&world.config, text).expect("written");
    world
}

#[test]
fn the_acting_pages_in_a_browser() {
    let script = root().join("tests/browser/acting.mjs");
    let tools = root().join("tests/browser/node_modules/playwright-core");
    let chromium =
        std::env::var("UDSYNC_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if !(tools.exists() && std::path::Path::new(&chromium).exists()) {
        assert!(
            std::env::var_os("UDSYNC_NEEDS_BROWSER").is_none(),
            "there is no Chromium, or `npm ci` was not run in tests/browser"
        );
        println!(
            "no tale was told in a browser: there is no Chromium, or `npm ci` was not run in tests/browser"
        );
        return;
    }
    let world = world();
    let api = Api::serve(&world);
    let invitations: serde_json::Map<String, Value> = GUESTS
        .iter()
        .map(|(name, role)| {
            let invited = world
                .run(&format!("access invite {name} --role {role} --json"))
                .ends_with(0)
                .json();
            let link = invited["url"].as_str().expect("a link");
            let (_, path) = link.split_once("/invite/").expect("an invitation");
            (
                (*name).to_owned(),
                json!(format!("{}/invite/{path}", api.url)),
            )
        })
        .collect();
    let told = json!({
        "url": api.url,
        "invitations": invitations,
        "chromium": chromium,
        "shots": std::env::var("UDSYNC_SHOTS").ok(),
        "orders": {
            "url": format!("{}/_sandbox/orders/90001", world.shop_url),
            "body": { "order": order(90001), "refunds": [], "keep_modified": false },
        },
    });
    let only = std::env::var("UDSYNC_TALE").ok();
    let ran = Command::new("node")
        .arg(&script)
        .args(only)
        .env("UDSYNC_TOLD", told.to_string())
        .output()
        .expect("node starts");
    let (out, err) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    println!("{out}");
    assert!(ran.status.success(), "{out}\n{err}");
}
