//! Products, their variations, and customers.
//!
//! They are shown as the setup brought them, with few filters: what a sync needs to
//! look things up. Variations are products whose `type` is `variation`.

use serde_json::{Value, json};

use super::answer::{Canon, SandboxShopAnswer, SandboxShopPage, error, link};
use super::api::ShopCall;
use super::dates;
use super::filters::{Bounds, Slice};
use super::orders::{ITEM_ALLOWS, listed};
use super::shop::ShopShop;
use super::{fields, query};
use crate::stand::seeded::Seeded;

const LISTS: &[&str] = &["include", "exclude", "parent", "parent_exclude"];

pub fn products(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let query = call.query;
    let bounds = Bounds::read(query, shop);
    let (include, exclude) = (
        query.ids("include"),
        query.ids("exclude").unwrap_or_default(),
    );
    let skus: Option<Vec<String>> = query
        .list("sku")
        .map(|skus| skus.iter().map(|sku| sku.to_lowercase()).collect());
    let search = query.one("search").map(str::to_lowercase);
    let status = query.one("status").unwrap_or("any");
    let kind = query.one("type");
    let mut rows: Vec<&Value> = shop
        .products
        .values()
        .filter(|product| {
            let text = |name: &str| product[name].as_str().unwrap_or("");
            let id = product["id"].as_u64().unwrap_or(0);
            // A look-up by SKU finds variations, which no other list shows.
            let shows = text("type") != "variation" || skus.is_some();
            let of_status = if status == "any" {
                text("status") != "trash"
            } else {
                text("status") == status
            };
            shows
                && of_status
                && kind.is_none_or(|kind| text("type") == kind)
                && skus
                    .as_ref()
                    .is_none_or(|skus| skus.contains(&text("sku").to_lowercase()))
                && include.as_ref().is_none_or(|ids| ids.contains(&id))
                && !exclude.contains(&id)
                && search
                    .as_ref()
                    .is_none_or(|search| text("name").to_lowercase().contains(search))
                && bounds.hold(
                    at(product, "date_created_gmt"),
                    at(product, "date_modified_gmt"),
                )
        })
        .collect();
    let time = if query.one("orderby") == Some("modified") {
        "date_modified_gmt"
    } else {
        "date_created_gmt"
    };
    match query.one("orderby").unwrap_or("date") {
        "id" => rows.sort_by_key(|row| row["id"].as_u64()),
        "include" => rows.sort_by_key(|row| {
            include
                .as_ref()
                .and_then(|ids| ids.iter().position(|id| row["id"] == *id))
        }),
        "title" | "slug" => {
            rows.sort_by_key(|row| row["name"].as_str().unwrap_or("").to_lowercase())
        }
        _ => rows.sort_by_key(|row| at(row, time)),
    }
    if query.one("order") != Some("asc") && query.one("orderby") != Some("include") {
        rows.reverse();
    }
    answer(call, &rows, "product", "products", |product| {
        let product = with_related(shop, product);
        shown(call, &product, product_links(call, &product), false)
    })
}

/// WooCommerce draws the related products anew with every answer, and up to five of them.
fn with_related(shop: &ShopShop, product: &Value) -> Value {
    let mut product = product.clone();
    if product["type"] == "variation" {
        return product;
    }
    let others = shop.products.values().filter(|other| {
        other["type"] != "variation" && other["status"] != "trash" && other["id"] != product["id"]
    });
    let mut pool: Vec<&Value> = others.map(|other| &other["id"]).collect();
    let mut dice = Seeded::new(shop.draws.get());
    let mut related = Vec::new();
    while related.len() < 5 && !pool.is_empty() {
        related.push(
            pool.swap_remove(dice.below(pool.len() as u64) as usize)
                .clone(),
        );
    }
    shop.draws.set(dice.next());
    product["related_ids"] = Value::Array(related);
    product
}

pub fn product(shop: &ShopShop, call: &ShopCall<'_>, id: u64) -> SandboxShopAnswer {
    match shop.products.get(&id) {
        None => error(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
            .with("allow", ITEM_ALLOWS),
        Some(_) if !call.visitor.may_see_the_shop() => {
            call.may_not("cannot_view", "Sorry, you cannot view this resource.")
        }
        Some(product) => SandboxShopAnswer::data(
            shown(
                call,
                &with_related(shop, product),
                product_links(call, product),
                true,
            ),
            "product",
            ITEM_ALLOWS,
        ),
    }
}

/// The variations of a product; of a missing one: none, and no error.
pub fn variations(shop: &ShopShop, call: &ShopCall<'_>, parent: u64) -> SandboxShopAnswer {
    let mut rows: Vec<&Value> = shop
        .products
        .values()
        .filter(|one| one["type"] == "variation" && one["parent_id"] == parent)
        .collect();
    if call.query.one("order") != Some("asc") {
        rows.reverse();
    }
    answer(
        call,
        &rows,
        "variation",
        &format!("products/{parent}/variations"),
        |variation| {
            shown(
                call,
                variation,
                variation_links(call, parent, variation),
                false,
            )
        },
    )
}

pub fn variation(shop: &ShopShop, call: &ShopCall<'_>, parent: u64, id: u64) -> SandboxShopAnswer {
    match shop
        .products
        .get(&id)
        .filter(|one| one["type"] == "variation" && one["parent_id"] == parent)
    {
        None => error(
            404,
            "woocommerce_rest_product_variation_invalid_id",
            "Invalid ID.",
        )
        .with("allow", ITEM_ALLOWS),
        Some(variation) => SandboxShopAnswer::data(
            shown(
                call,
                variation,
                variation_links(call, parent, variation),
                true,
            ),
            "variation",
            ITEM_ALLOWS,
        ),
    }
}

/// Accounts, by default those of customers only. There is no modification filter.
pub fn customers(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let query = call.query;
    let (include, exclude) = (
        query.ids("include"),
        query.ids("exclude").unwrap_or_default(),
    );
    let role = query.one("role").unwrap_or("customer");
    let email = query.one("email").map(str::to_lowercase);
    let search = query.one("search").map(str::to_lowercase);
    let mut rows: Vec<&Value> = shop
        .customers
        .values()
        .filter(|customer| {
            let text = |name: &str| customer[name].as_str().unwrap_or("").to_lowercase();
            let id = customer["id"].as_u64().unwrap_or(0);
            (role == "all" || customer["role"].as_str().unwrap_or("customer") == role)
                && email.as_ref().is_none_or(|email| text("email") == *email)
                && search.as_ref().is_none_or(|search| {
                    text("email").contains(search) || text("username").contains(search)
                })
                && include.as_ref().is_none_or(|ids| ids.contains(&id))
                && !exclude.contains(&id)
        })
        .collect();
    match query.one("orderby").unwrap_or("name") {
        "id" => rows.sort_by_key(|row| row["id"].as_u64()),
        "include" => rows.sort_by_key(|row| {
            include
                .as_ref()
                .and_then(|ids| ids.iter().position(|id| row["id"] == *id))
        }),
        "registered_date" => rows.sort_by_key(|row| at(row, "date_created_gmt")),
        _ => rows.sort_by_key(|row| {
            (
                row["first_name"].as_str().unwrap_or("").to_lowercase(),
                row["id"].as_u64(),
            )
        }),
    }
    if query.one("order") == Some("desc") {
        rows.reverse();
    }
    answer(call, &rows, "customer", "customers", |customer| {
        let links = item_links(call, "customers", customer);
        shown(call, customer, links, false)
    })
}

pub fn customer(shop: &ShopShop, call: &ShopCall<'_>, id: u64) -> SandboxShopAnswer {
    match shop.customers.get(&id) {
        None => error(404, "wc_user_invalid_id", "Invalid user ID."),
        Some(customer) => SandboxShopAnswer::data(
            shown(
                call,
                customer,
                item_links(call, "customers", customer),
                true,
            ),
            "customer",
            ITEM_ALLOWS,
        ),
    }
}

fn at(object: &Value, name: &str) -> i64 {
    object[name].as_str().and_then(dates::from_gmt).unwrap_or(0)
}

/// One page of records. These lists keep their totals past the end.
pub fn answer(
    call: &ShopCall<'_>,
    rows: &[&Value],
    context: &'static str,
    path: &str,
    show: impl Fn(&Value) -> Value,
) -> SandboxShopAnswer {
    let slice = Slice::read(call.query);
    let list: Vec<Value> = slice.cut(rows).into_iter().map(show).collect();
    let page = SandboxShopPage {
        number: slice.page,
        pages: slice.pages(rows.len()),
    };
    let canon = Canon {
        lists: LISTS,
        ..Canon::default()
    };
    let link = link(
        &format!("{}/wp-json/wc/v3/{path}", call.home),
        call.query,
        &canon,
        &page,
    );
    listed(
        SandboxShopAnswer::data(Value::Array(list), context, "GET, POST"),
        rows.len(),
        page.pages,
        link,
    )
}

pub fn shown(call: &ShopCall<'_>, object: &Value, links: Value, alone: bool) -> Value {
    let mut shown = match &call.fields {
        None => object.clone(),
        Some(names) => fields::choose(object, names),
    };
    if alone || call.fields.is_none() {
        shown["_links"] = links;
    }
    shown
}

pub fn item_links(call: &ShopCall<'_>, path: &str, object: &Value) -> Value {
    let home = call.home;
    let id = query::encode(object["id"].to_string().trim_matches('"'));
    json!({
        "self": [{"href": format!("{home}/wp-json/wc/v3/{path}/{id}"), "targetHints": {"allow": ["GET", "POST", "PUT", "PATCH", "DELETE"]}}],
        "collection": [{"href": format!("{home}/wp-json/wc/v3/{path}")}]
    })
}

fn product_links(call: &ShopCall<'_>, product: &Value) -> Value {
    item_links(call, "products", product)
}

fn variation_links(call: &ShopCall<'_>, parent: u64, variation: &Value) -> Value {
    let mut links = item_links(call, &format!("products/{parent}/variations"), variation);
    links["up"] = json!([{"href": format!("{}/wp-json/wc/v3/products/{parent}", call.home)}]);
    links
}
