//! Refunds as the API answers them: of one order, one by one, and of the whole shop.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::{Canon, SandboxShopAnswer, SandboxShopPage, error, error_with_number, link};
use super::api::ShopCall;
use super::dates;
use super::filters::{self, Bounds, ShopRow, Slice};
use super::orders::{finish, listed};
use super::shop::ShopShop;

/// The refunds of one order, newest first. Of a missing order: none, and no error.
pub fn of_order(shop: &ShopShop, call: &ShopCall<'_>, order: u64) -> SandboxShopAnswer {
    let all = shop
        .orders
        .get(&order)
        .map(|entry| entry.refunds.clone())
        .unwrap_or_default();
    let mut rows: Vec<(i64, &Arc<Value>)> =
        all.iter().map(|refund| (created(refund), refund)).collect();
    match (
        call.query.one("orderby"),
        call.query.one("order") == Some("asc"),
    ) {
        (Some("id"), true) => rows.sort_by_key(|(_, refund)| refund["id"].as_u64()),
        (Some("id"), false) => {
            rows.sort_by_key(|(_, refund)| std::cmp::Reverse(refund["id"].as_u64()))
        }
        (_, true) => rows.sort_by_key(|(at, refund)| (*at, refund["id"].as_u64())),
        (_, false) => {
            rows.sort_by_key(|(at, refund)| std::cmp::Reverse((*at, refund["id"].as_u64())))
        }
    }
    let slice = Slice::read(call.query);
    let shown: Vec<Value> = slice
        .cut(&rows)
        .iter()
        .map(|(_, refund)| shown(call, order, refund, false, false))
        .collect();
    let total = if shown.is_empty() { 0 } else { rows.len() };
    let address = format!("{}/wp-json/wc/v3/orders/{order}/refunds", call.home);
    let page = SandboxShopPage {
        number: slice.page,
        pages: slice.pages(total),
    };
    let link = link(&address, call.query, &canon(call, shown.is_empty()), &page);
    listed(
        SandboxShopAnswer::data(Value::Array(shown), "refund", "GET, POST"),
        total,
        page.pages,
        link,
    )
}

pub fn one(shop: &ShopShop, call: &ShopCall<'_>, order: u64, id: u64) -> SandboxShopAnswer {
    let Some(entry) = shop.orders.get(&order) else {
        return error(
            404,
            "woocommerce_rest_invalid_order_id",
            "Invalid order ID.",
        )
        .with("allow", "GET, DELETE");
    };
    if let Some(refund) = entry.refunds.iter().find(|refund| refund["id"] == id) {
        return SandboxShopAnswer::data(
            shown(call, order, refund, false, true),
            "refund",
            "GET, DELETE",
        );
    }
    let elsewhere = shop
        .orders
        .values()
        .any(|entry| entry.refunds.iter().any(|refund| refund["id"] == id));
    let answer = match elsewhere {
        // WooCommerce mixes its arguments up here: the status is 500 and the data 404.
        true => error_with_number(
            500,
            "woocommerce_rest_invalid_order_refund_id",
            "Invalid order refund ID.",
            404,
        ),
        false => error(
            404,
            "woocommerce_rest_shop_order_refund_invalid_id",
            "Invalid ID.",
        ),
    };
    answer.with("allow", "GET, DELETE")
}

/// Every refund of the shop. They have a modification date to filter and sort by, though none is shown.
pub fn all(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let bounds = Bounds::read(call.query, shop);
    let include = call.query.ids("include");
    let exclude = call.query.ids("exclude").unwrap_or_default();
    let mut rows = Vec::new();
    for (order, entry) in shop
        .orders
        .iter()
        .filter(|(_, entry)| entry.status != "trash")
    {
        for refund in &entry.refunds {
            let (id, at) = (refund["id"].as_u64().unwrap_or(0), created(refund));
            let listed =
                include.as_ref().is_none_or(|ids| ids.contains(&id)) && !exclude.contains(&id);
            if listed && bounds.hold(at, at) {
                rows.push((
                    ShopRow {
                        id,
                        created: at,
                        modified: at,
                    },
                    *order,
                    refund,
                ));
            }
        }
    }
    let found = filters::page(
        shop,
        call.query,
        rows.iter().map(|(row, _, _)| *row).collect(),
        include.as_deref(),
    );
    let shown: Vec<Value> = found
        .ids
        .iter()
        .filter_map(|id| rows.iter().find(|(row, _, _)| row.id == *id))
        .map(|(_, order, refund)| shown(call, *order, refund, true, false))
        .collect();
    let page = SandboxShopPage {
        number: Slice::read(call.query).page,
        pages: found.pages,
    };
    let link = link(
        &format!("{}/wp-json/wc/v3/refunds", call.home),
        call.query,
        &canon(call, shown.is_empty()),
        &page,
    );
    listed(
        SandboxShopAnswer::data(Value::Array(shown), "refund", "GET"),
        found.total,
        found.pages,
        link,
    )
}

fn canon(call: &ShopCall<'_>, empty: bool) -> Canon {
    let defaults = if empty {
        Vec::new()
    } else {
        vec![("dp", call.price_decimals.to_string())]
    };
    Canon {
        lists: &["include", "exclude"],
        status: None,
        defaults,
    }
}

fn created(refund: &Value) -> i64 {
    refund["date_created_gmt"]
        .as_str()
        .and_then(dates::from_gmt)
        .unwrap_or(0)
}

/// A refund with its links. Only the list of the whole shop says which order it is of.
pub fn shown(
    call: &ShopCall<'_>,
    order: u64,
    refund: &Value,
    with_parent: bool,
    alone: bool,
) -> Value {
    let home = call.home;
    let id = refund["id"].as_u64().unwrap_or(0);
    let links = || {
        json!({
            "self": [{"href": format!("{home}/wp-json/wc/v3/orders/{order}/refunds/{id}"), "targetHints": {"allow": ["GET", "DELETE"]}}],
            "collection": [{"href": format!("{home}/wp-json/wc/v3/orders/{order}/refunds")}],
            "up": [{"href": format!("{home}/wp-json/wc/v3/orders/{order}")}]
        })
    };
    let mut refund = refund.clone();
    if with_parent {
        refund["parent_id"] = json!(order);
    } else if let Some(fields) = refund.as_object_mut() {
        fields.remove("parent_id");
    }
    finish(call, &refund, alone, links)
}
