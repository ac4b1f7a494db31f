//! From an address to an answer: routes, and the order in which a request is judged.
//!
//! WordPress looks at who asks, then for a route, then at the parameters, then at what
//! the visitor may do, and only then at the record. Wrong parameters are therefore a
//! 400 even for a visitor who may see nothing. Writes are not imitated, except those of
//! webhooks: who may write hears 501, who may not hears what a shop would say.

use super::answer::{Answer, error, invalid_params, no_route};
use super::auth::{self, Asked, Visitor};
use super::fields;
use super::params::{self, Checks};
use super::query::Query;
use super::setup::Role;
use super::shop::Shop;
use super::webhooks::Webhook;
use super::{catalogue, orders, refunds, settings, webhooks};

/// A request as the routes see it.
pub struct Call<'a> {
    pub query: &'a Query,
    /// Scheme, host and port of the site.
    pub home: &'a str,
    pub visitor: Visitor,
    pub fields: Option<Vec<String>>,
    pub price_decimals: u32,
    /// What the setting was when the shop opened, under which its orders were made.
    pub opened_decimals: u32,
}

impl Call<'_> {
    /// 401 for nobody and 403 for somebody without the right.
    pub fn may_not(&self, what: &str, message: &str) -> Answer {
        error(
            self.visitor.refusal_status(),
            &format!("woocommerce_rest_{what}"),
            message,
        )
    }
}

/// What came in, before anything is known about it.
pub struct Incoming<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a Query,
    pub authorization: Option<&'a str>,
    pub host: &'a str,
    pub body: &'a [u8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route<'a> {
    Index,
    Namespace,
    Orders,
    OrderStatuses,
    Order(u64),
    OrderNotes(u64),
    OrderRefunds(u64),
    OrderRefund(u64, u64),
    Refunds,
    Products,
    Product(u64),
    Variations(u64),
    Variation(u64, u64),
    Customers,
    Customer(u64),
    Settings,
    SettingsOf(&'a str),
    Setting(&'a str, &'a str),
    Taxes,
    Tax(u64),
    TaxClasses,
    Gateways,
    Gateway(&'a str),
    OrderTotals,
    OrderSales,
    CurrentCurrency,
    SystemStatus,
    Webhooks,
    Webhook(u64),
}

fn route<'a>(segments: &[&'a str]) -> Option<Route<'a>> {
    // Ids are digits only; anything else is no route rather than a missing record.
    let id = |text: &str| {
        (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse().unwrap_or(u64::MAX))
    };
    let rest = match segments {
        [] => return Some(Route::Index),
        ["wc", "v3", rest @ ..] => rest,
        _ => return None,
    };
    Some(match rest {
        [] => Route::Namespace,
        ["orders"] => Route::Orders,
        ["orders", "statuses"] => Route::OrderStatuses,
        ["orders", order] => Route::Order(id(order)?),
        ["orders", order, "notes"] => Route::OrderNotes(id(order)?),
        ["orders", order, "refunds"] => Route::OrderRefunds(id(order)?),
        ["orders", order, "refunds", refund] => Route::OrderRefund(id(order)?, id(refund)?),
        ["refunds"] => Route::Refunds,
        ["products"] => Route::Products,
        ["products", product] => Route::Product(id(product)?),
        ["products", product, "variations"] => Route::Variations(id(product)?),
        ["products", product, "variations", variation] => {
            Route::Variation(id(product)?, id(variation)?)
        }
        ["customers"] => Route::Customers,
        ["customers", customer] => Route::Customer(id(customer)?),
        ["settings"] => Route::Settings,
        ["settings", group] => Route::SettingsOf(group),
        ["settings", group, setting] => Route::Setting(group, setting),
        ["taxes"] => Route::Taxes,
        ["taxes", "classes"] => Route::TaxClasses,
        ["taxes", tax] => Route::Tax(id(tax)?),
        ["payment_gateways"] => Route::Gateways,
        ["payment_gateways", gateway] => Route::Gateway(gateway),
        ["reports", "orders", "totals"] => Route::OrderTotals,
        ["reports", "sales"] => Route::OrderSales,
        ["data", "currencies", "current"] => Route::CurrentCurrency,
        ["system_status"] => Route::SystemStatus,
        ["webhooks"] => Route::Webhooks,
        ["webhooks", webhook] => Route::Webhook(id(webhook)?),
        _ => return None,
    })
}

/// Answers a request to the site.
pub fn answer(shop: &mut Shop, incoming: &Incoming<'_>) -> Answer {
    let scheme = if shop.https { "https" } else { "http" };
    let home = format!("{scheme}://{}", incoming.host);
    let path = incoming
        .path
        .strip_prefix("/index.php")
        .unwrap_or(incoming.path);

    let Some(rest) = path.strip_prefix("/wp-json") else {
        return match incoming.query.one("rest_route") {
            // Keys are only looked at under /wp-json, so this visitor is nobody.
            Some(route) if path == "/" || path.is_empty() => {
                routed(shop, incoming, &home, route, Visitor::Nobody).with("vary", "Origin")
            }
            _ if path == "/" || path.is_empty() => settings::home_page(shop),
            _ => error(
                404,
                "rest_no_route",
                "No route was found matching the URL and request method.",
            ),
        };
    };
    let asks_shop = rest.starts_with("/wc/") || rest.starts_with("/wc-");
    let visitor = if asks_shop {
        let now = shop.now();
        let asked = Asked {
            method: incoming.method,
            path: incoming.path,
            query: incoming.query,
            authorization: incoming.authorization.filter(|_| !shop.drop_authorization),
            home: &home,
            tls: shop.https,
            now,
        };
        match auth::visitor(&asked, &shop.keys, &mut shop.nonces) {
            Ok(visitor) => visitor,
            Err(answer) => return answer,
        }
    } else {
        Visitor::Nobody
    };
    let answer = routed(shop, incoming, &home, rest, visitor);
    match visitor {
        Visitor::Nobody => answer.with("vary", "Origin"),
        Visitor::Known { .. } => answer.uncached(),
    }
}

fn routed(
    shop: &mut Shop,
    incoming: &Incoming<'_>,
    home: &str,
    path: &str,
    visitor: Visitor,
) -> Answer {
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<&str> = if path.is_empty() {
        Vec::new()
    } else {
        path[1..].split('/').collect()
    };
    let Some(route) = route(&segments) else {
        return no_route();
    };
    let query = incoming.query;
    let call = Call {
        query,
        home,
        visitor,
        fields: fields::asked(query.one("_fields")),
        price_decimals: shop.site.price_decimals,
        opened_decimals: shop.opened_decimals,
    };
    if !matches!(incoming.method, "GET" | "HEAD") {
        return write(shop, incoming, route, &call);
    }

    let mut statuses = vec!["any".to_owned(), "trash".to_owned()];
    statuses.extend(shop.statuses());
    let refused = params::refused(checks(route), query, &statuses);
    if !refused.is_empty() {
        return invalid_params(&refused).with("allow", allows(route));
    }
    let judges_itself = matches!(
        route,
        Route::Index | Route::Namespace | Route::Order(_) | Route::Product(_)
    );
    if !judges_itself && !visitor.may_see_the_shop() {
        return call.may_not("cannot_view", "Sorry, you cannot list resources.");
    }
    read(shop, route, &call)
}

fn read(shop: &mut Shop, route: Route<'_>, call: &Call<'_>) -> Answer {
    match route {
        Route::Index => settings::index(shop, call),
        Route::Namespace => settings::namespace(),
        Route::Orders => {
            shop.before_list();
            orders::list(shop, call)
        }
        Route::OrderStatuses => orders::statuses(shop),
        Route::Order(id) => orders::one(shop, call, id),
        Route::OrderNotes(id) if shop.orders.contains_key(&id) => {
            Answer::data(serde_json::json!([]), "", "GET, POST")
        }
        Route::OrderNotes(_) => error(
            404,
            "woocommerce_rest_shop_order_invalid_id",
            "Invalid order ID.",
        )
        .with("allow", "GET, POST"),
        Route::OrderRefunds(id) => refunds::of_order(shop, call, id),
        Route::OrderRefund(order, id) => refunds::one(shop, call, order, id),
        Route::Refunds => refunds::all(shop, call),
        Route::Products => catalogue::products(shop, call),
        Route::Product(id) => catalogue::product(shop, call, id),
        Route::Variations(parent) => catalogue::variations(shop, call, parent),
        Route::Variation(parent, id) => catalogue::variation(shop, call, parent, id),
        Route::Customers => catalogue::customers(shop, call),
        Route::Customer(id) => catalogue::customer(shop, call, id),
        Route::Settings => settings::groups(),
        Route::SettingsOf(group) => settings::group(shop, call, group),
        Route::Setting(group, id) => settings::setting(shop, call, group, id),
        Route::Taxes => settings::taxes(shop, call),
        Route::Tax(id) => settings::tax(shop, call, id),
        Route::TaxClasses => settings::tax_classes(),
        Route::Gateways => settings::payment_gateways(shop),
        Route::Gateway(id) => settings::payment_gateway(shop, id),
        Route::OrderTotals => orders::totals(shop),
        Route::OrderSales => settings::sales_report(),
        Route::CurrentCurrency => settings::currency(shop),
        Route::SystemStatus => settings::system_status(shop, call),
        Route::Webhooks => webhooks::list(shop, call),
        Route::Webhook(id) => webhooks::one(shop, call, id),
    }
}

fn checks(route: Route<'_>) -> Checks {
    match route {
        Route::Orders => params::ORDERS,
        Route::Refunds | Route::OrderRefunds(_) => params::REFUNDS,
        Route::Products | Route::Variations(_) => params::PRODUCTS,
        Route::Customers => params::CUSTOMERS,
        Route::Taxes => params::TAXES,
        Route::Webhooks => params::WEBHOOKS,
        _ => &[],
    }
}

fn allows(route: Route<'_>) -> &'static str {
    match route {
        Route::Orders
        | Route::Products
        | Route::Customers
        | Route::Taxes
        | Route::Webhooks
        | Route::Variations(_)
        | Route::OrderRefunds(_) => "GET, POST",
        Route::Order(_)
        | Route::Product(_)
        | Route::Customer(_)
        | Route::Variation(..)
        | Route::Webhook(_)
        | Route::Tax(_) => orders::ITEM_ALLOWS,
        Route::OrderRefund(..) => "GET, DELETE",
        _ => "GET",
    }
}

fn write(shop: &mut Shop, incoming: &Incoming<'_>, route: Route<'_>, call: &Call<'_>) -> Answer {
    let method = incoming.method;
    let allowed = allows(route).split(", ").any(|allowed| allowed == method);
    if !allowed {
        return no_route();
    }
    if !call.visitor.may_see_the_shop() {
        let (what, message) = match method {
            "DELETE" => (
                "cannot_delete",
                "Sorry, you are not allowed to delete this resource.",
            ),
            "POST" => (
                "cannot_create",
                "Sorry, you are not allowed to create resources.",
            ),
            _ => (
                "cannot_edit",
                "Sorry, you are not allowed to edit this resource.",
            ),
        };
        return call.may_not(what, message);
    }
    match (route, method) {
        (Route::Webhooks, _) => return webhooks::create(shop, call, incoming.body),
        (Route::Webhook(id), "DELETE") => return webhooks::delete(shop, call, id),
        (Route::Webhook(id), _) => return webhooks::change(shop, call, id, incoming.body),
        _ => {}
    }
    error(
        501,
        "sandbox_not_imitated",
        "The sandbox does not imitate writing through the API; use /_sandbox/ instead.",
    )
}

/// What a webhook says of a record, as the API would show it to whoever made the webhook. Whatever the API answers is sent, errors
/// as well.
pub fn payload(shop: &mut Shop, webhook: &Webhook, record: u64) -> String {
    if webhook.resource() == "action" {
        return format!("{{\"action\":\"{}\",\"arg\":{record}}}", webhook.event());
    }
    if webhook.event() == "deleted" {
        return format!("{{\"id\":{record}}}");
    }
    let role = if webhook.demoted {
        Role::Customer
    } else {
        Role::ShopManager
    };
    let home = shop.home.clone();
    let call = Call {
        query: &Query::default(),
        home: &home,
        visitor: Visitor::Known { role },
        fields: None,
        price_decimals: shop.site.price_decimals,
        opened_decimals: shop.opened_decimals,
    };
    let route = match webhook.resource() {
        _ if webhook.demoted => {
            return call
                .may_not("cannot_view", "Sorry, you cannot view this resource.")
                .text();
        }
        "order" => Route::Order(record),
        "product" => match shop.products.get(&record) {
            Some(one) if one["type"] == "variation" => {
                Route::Variation(one["parent_id"].as_u64().unwrap_or(0), record)
            }
            _ => Route::Product(record),
        },
        "customer" => Route::Customer(record),
        resource => {
            let code = format!("woocommerce_rest_shop_{resource}_invalid_id");
            return error(404, &code, "Invalid ID.").text();
        }
    };
    read(shop, route, &call).text()
}
