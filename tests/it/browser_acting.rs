//! The acting pages of the dashboard in a real Chromium: sync now, what waits, the mapping editor.
//!
//! The tales are told in `tests/browser/acting.mjs`; here is the world that they happen in: a shop with orders that can be posted, two
//! that wait for one line of the configuration, and one that nothing in the configuration can mend.

use serde_json::{Value, json};

use crate::api_client::Api;
use crate::browser::{by_name, drive, link, ready};
use crate::order::{order, orders, unmapped, with};
use crate::world::World;

/// Whoever comes in a tale comes by an invitation of their own.
const GUESTS: [(&str, &str); 12] = [
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
    ("mona", "operator"),
    ("nia", "operator"),
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
fn browser_tales_of_the_acting_pages() {
    let Some(browser) = ready() else {
        return;
    };
    let world = world();
    let api = Api::serve(&world);
    let invitations: serde_json::Map<String, Value> = GUESTS
        .iter()
        .map(|(name, role)| ((*name).to_owned(), json!(link(&world, &api, name, role))))
        .collect();
    let put = json!({
        "url": format!("{}/_sandbox/orders/90001", world.shop_url),
        "body": { "order": order(90001), "refunds": [], "keep_modified": false },
    });
    let set = [
        ("UDSYNC_URL", by_name(&api)),
        ("UDSYNC_LINKS", Value::Object(invitations).to_string()),
        ("UDSYNC_ORDERS", put.to_string()),
    ];
    drive("acting.mjs", &browser, &set, |what| {
        what == "break" && break_taxes(&world)
    });
}

/// The table of taxes loses what the orders need, and another order comes.
fn break_taxes(world: &World) -> bool {
    const LINE: &str = "[[books.tax.codes]]\nwoo = [\"1\"]\ncode = \"GST\"\n";
    let text = std::fs::read_to_string(&world.config).expect("read");
    std::fs::write(&world.config, text.replacen(LINE, "", 1)).expect("written");
    world.put_order(&order(90_002), &json!([]), false);
    text.contains(LINE)
}
