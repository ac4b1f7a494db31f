//! Orders as the API answers them.

use serde_json::{Value, json};

use super::answer::{Canon, SandboxShopAnswer, SandboxShopPage, error, link};
use super::api::ShopCall;
use super::fields;
use super::filters::{self, Slice};
use super::query::whole_number;
use super::rounding;
use super::shop::ShopShop;

pub const ITEM_ALLOWS: &str = "GET, POST, PUT, PATCH, DELETE";
const LISTS: &[&str] = &[
    "include",
    "exclude",
    "created_via",
    "parent",
    "parent_exclude",
];

pub fn list(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let found = filters::orders(shop, call.query);
    let slice = Slice::read(call.query);
    let orders: Vec<Value> = found
        .ids
        .iter()
        .filter_map(|id| Some(shown(call, shop.orders.get(id)?.order.as_ref(), false)))
        .collect();
    // An empty page is answered before these defaults are written into the request.
    let defaults = match orders.is_empty() {
        true => Vec::new(),
        false => vec![
            ("dp", shop.site.price_decimals.to_string()),
            ("context", "view".to_owned()),
        ],
    };
    let canon = Canon {
        lists: LISTS,
        status: Some(filters::statuses(call.query)),
        defaults,
    };
    let page = SandboxShopPage {
        number: slice.page,
        pages: found.pages,
    };
    let link = link(
        &format!("{}/wp-json/wc/v3/orders", call.home),
        call.query,
        &canon,
        &page,
    );
    listed(
        SandboxShopAnswer::data(Value::Array(orders), "order", "GET, POST"),
        found.total,
        found.pages,
        link,
    )
}

/// Adds the totals and the neighbours to a list.
pub fn listed(
    answer: SandboxShopAnswer,
    total: usize,
    pages: u64,
    link: Option<String>,
) -> SandboxShopAnswer {
    let answer = answer
        .with("x-wp-total", total.to_string())
        .with("x-wp-totalpages", pages.to_string());
    match link {
        Some(link) => answer.with("link", link),
        None => answer,
    }
}

pub fn one(shop: &ShopShop, call: &ShopCall<'_>, id: u64) -> SandboxShopAnswer {
    match shop.orders.get(&id) {
        None => error(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
            .with("allow", ITEM_ALLOWS),
        Some(_) if !call.visitor.may_see_the_shop() => {
            call.may_not("cannot_view", "Sorry, you cannot view this resource.")
        }
        Some(entry) => SandboxShopAnswer::data(
            shown(call, entry.order.as_ref(), true),
            "order",
            ITEM_ALLOWS,
        ),
    }
}

/// An order with its links and as many decimals and fields as were asked for.
///
/// A single object keeps its links even when only some fields were asked for.
fn shown(call: &ShopCall<'_>, order: &Value, alone: bool) -> Value {
    let home = call.home;
    let id = order["id"].as_u64().unwrap_or(0);
    let buyer = order["customer_id"].as_u64().filter(|buyer| *buyer > 0);
    let links = || {
        let mut links = json!({
            "self": [{"href": format!("{home}/wp-json/wc/v3/orders/{id}"), "targetHints": {"allow": ["GET", "POST", "PUT", "PATCH", "DELETE"]}}],
            "collection": [{"href": format!("{home}/wp-json/wc/v3/orders")}],
            "email_templates": [{"embeddable": true, "href": format!("{home}/wp-json/wc/v3/orders/{id}/actions/email_templates")}]
        });
        if let Some(buyer) = buyer {
            links["customer"] =
                json!([{"href": format!("{home}/wp-json/wc/v3/customers/{buyer}")}]);
        }
        links
    };
    finish(call, order, alone, links)
}

/// Decimals, fields and links, which are the same for orders and refunds.
pub fn finish(
    call: &ShopCall<'_>,
    object: &Value,
    alone: bool,
    links: impl Fn() -> Value,
) -> Value {
    let shape = |object: &mut Value| {
        let places = call
            .query
            .one("dp")
            .and_then(whole_number)
            .map(|places| places.unsigned_abs().min(20) as u32);
        rounding::show(object, places, call.price_decimals, call.opened_decimals);
    };
    match &call.fields {
        None => {
            let mut shown = object.clone();
            shape(&mut shown);
            shown["_links"] = links();
            shown
        }
        Some(names) => {
            let mut shown = fields::choose(object, names);
            shape(&mut shown);
            if alone || names.iter().any(|name| name == "_links") {
                shown["_links"] = links();
            }
            shown
        }
    }
}

/// The counts by status, which are a good control total.
pub fn totals(shop: &ShopShop) -> SandboxShopAnswer {
    let report: Vec<Value> = shop
        .statuses()
        .iter()
        .filter(|status| *status != "auto-draft")
        .map(|status| {
            let count = shop
                .orders
                .values()
                .filter(|entry| entry.status == *status)
                .count();
            json!({"slug": status, "name": status_name(status), "total": count})
        })
        .collect();
    SandboxShopAnswer::data(Value::Array(report), "report", "GET")
}

/// The statuses with their names.
pub fn statuses(shop: &ShopShop) -> SandboxShopAnswer {
    let list: Vec<Value> = shop
        .statuses()
        .iter()
        .map(|status| json!({"slug": status, "name": status_name(status)}))
        .collect();
    SandboxShopAnswer::data(Value::Array(list), "report", "GET")
}

fn status_name(slug: &str) -> String {
    match slug {
        "pending" => "Pending payment".to_owned(),
        "checkout-draft" => "Draft".to_owned(),
        _ => {
            let words = slug.replace('-', " ");
            let mut letters = words.chars();
            letters.next().map_or(String::new(), |first| {
                first.to_uppercase().chain(letters).collect()
            })
        }
    }
}
