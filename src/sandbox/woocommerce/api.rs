//! From an address to an answer: routes, and the order in which a request is judged.
//!
//! WordPress looks at who asks, then for a route, then at the parameters, then at what
//! the visitor may do, and only then at the record. Wrong parameters are therefore a
//! 400 even for a visitor who may see nothing. Of a write that is not imitated, who may
//! write hears 501, and who may not hears what a shop would say.

use super::answer::{SandboxShopAnswer, error, invalid_params, no_route};
use super::auth::{self, ShopAsked, Visitor};
use super::fields;
use super::params::{self, Checks};
use super::query::ShopQuery;
use super::setup::ShopRole;
use super::shop::ShopShop;
use super::webhooks::Webhook;
use super::{catalogue, orders, payments, refunds, settings, webhooks, writing};

/// A request as the routes see it.
pub struct ShopCall<'a> {
    pub query: &'a ShopQuery,
    /// Scheme, host and port of the site.
    pub home: &'a str,
    pub visitor: Visitor,
    pub path: &'a str,
    pub fields: Option<Vec<String>>,
    pub price_decimals: u32,
    /// What the setting was when the shop opened, under which its orders were made.
    pub opened_decimals: u32,
}

impl ShopCall<'_> {
    /// 401 for nobody and 403 for somebody without the right.
    pub fn may_not(&self, what: &str, message: &str) -> SandboxShopAnswer {
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
    pub query: &'a ShopQuery,
    pub authorization: Option<&'a str>,
    pub host: &'a str,
    /// It asks for no mails, which a plugin may heed.
    pub asks_for_quiet: bool,
    pub body: &'a [u8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShopRoute<'a> {
    Index,
    Namespace,
    Orders,
    OrderStatuses,
    Order(u64),
    OrdersBatch,
    OrderNotes(u64),
    OrderNote(u64, u64),
    OrderRefunds(u64),
    OrderRefund(u64, u64),
    Refunds,
    Products,
    ProductsBatch,
    Product(u64),
    VariationsBatch(u64),
    Variations(u64),
    Variation(u64, u64),
    Customers,
    CustomersBatch,
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
    Deposits,
    DepositsOverview,
    Deposit(&'a str),
    PaymentTransactions,
}

impl ShopRoute<'_> {
    fn is_of_payments(&self) -> bool {
        matches!(
            self,
            ShopRoute::Deposits
                | ShopRoute::DepositsOverview
                | ShopRoute::Deposit(_)
                | ShopRoute::PaymentTransactions
        )
    }
}

fn route<'a>(segments: &[&'a str]) -> Option<ShopRoute<'a>> {
    // Ids are digits only; anything else is no route rather than a missing record.
    let id = |text: &str| {
        (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse().unwrap_or(u64::MAX))
    };
    let rest = match segments {
        [] => return Some(ShopRoute::Index),
        ["wc", "v3", rest @ ..] => rest,
        _ => return None,
    };
    Some(match rest {
        [] => ShopRoute::Namespace,
        ["orders"] => ShopRoute::Orders,
        ["orders", "statuses"] => ShopRoute::OrderStatuses,
        ["orders", "batch"] => ShopRoute::OrdersBatch,
        ["orders", order] => ShopRoute::Order(id(order)?),
        ["orders", order, "notes"] => ShopRoute::OrderNotes(id(order)?),
        ["orders", order, "notes", note] => ShopRoute::OrderNote(id(order)?, id(note)?),
        ["orders", order, "refunds"] => ShopRoute::OrderRefunds(id(order)?),
        ["orders", order, "refunds", refund] => ShopRoute::OrderRefund(id(order)?, id(refund)?),
        ["refunds"] => ShopRoute::Refunds,
        ["products"] => ShopRoute::Products,
        ["products", "batch"] => ShopRoute::ProductsBatch,
        ["products", product] => ShopRoute::Product(id(product)?),
        ["products", product, "variations"] => ShopRoute::Variations(id(product)?),
        ["products", product, "variations", "batch"] => ShopRoute::VariationsBatch(id(product)?),
        ["products", product, "variations", variation] => {
            ShopRoute::Variation(id(product)?, id(variation)?)
        }
        ["customers"] => ShopRoute::Customers,
        ["customers", "batch"] => ShopRoute::CustomersBatch,
        ["customers", customer] => ShopRoute::Customer(id(customer)?),
        ["settings"] => ShopRoute::Settings,
        ["settings", group] => ShopRoute::SettingsOf(group),
        ["settings", group, setting] => ShopRoute::Setting(group, setting),
        ["taxes"] => ShopRoute::Taxes,
        ["taxes", "classes"] => ShopRoute::TaxClasses,
        ["taxes", tax] => ShopRoute::Tax(id(tax)?),
        ["payment_gateways"] => ShopRoute::Gateways,
        ["payment_gateways", gateway] => ShopRoute::Gateway(gateway),
        ["reports", "orders", "totals"] => ShopRoute::OrderTotals,
        ["reports", "sales"] => ShopRoute::OrderSales,
        ["data", "currencies", "current"] => ShopRoute::CurrentCurrency,
        ["system_status"] => ShopRoute::SystemStatus,
        ["webhooks"] => ShopRoute::Webhooks,
        ["webhooks", webhook] => ShopRoute::Webhook(id(webhook)?),
        ["payments", "deposits"] => ShopRoute::Deposits,
        ["payments", "deposits", "overview-all"] => ShopRoute::DepositsOverview,
        ["payments", "deposits", deposit] => ShopRoute::Deposit(deposit),
        ["payments", "reports", "transactions"] => ShopRoute::PaymentTransactions,
        _ => return None,
    })
}

/// Answers a request to the site.
pub fn answer(shop: &mut ShopShop, incoming: &Incoming<'_>) -> SandboxShopAnswer {
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
        let asked = ShopAsked {
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
    // The plugin says that it has heard.
    let answer = match incoming.asks_for_quiet && shop.site.quiet_plugin {
        true => answer.with("x-udsync-quiet", "1"),
        false => answer,
    };
    match visitor {
        Visitor::Nobody => answer.with("vary", "Origin"),
        Visitor::Known { .. } => answer.uncached(),
    }
}

fn routed(
    shop: &mut ShopShop,
    incoming: &Incoming<'_>,
    home: &str,
    path: &str,
    visitor: Visitor,
) -> SandboxShopAnswer {
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<&str> = if path.is_empty() {
        Vec::new()
    } else {
        path[1..].split('/').collect()
    };
    // What a plugin adds is not there without it.
    let is_there = |route: &ShopRoute<'_>| !route.is_of_payments() || shop.payments.is_some();
    let Some(route) = route(&segments).filter(is_there) else {
        return no_route();
    };
    let query = incoming.query;
    let call = ShopCall {
        query,
        home,
        visitor,
        path: incoming.path,
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
        ShopRoute::Index | ShopRoute::Namespace | ShopRoute::Order(_) | ShopRoute::Product(_)
    );
    if !judges_itself && !visitor.may_see_the_shop() {
        return call.may_not("cannot_view", "Sorry, you cannot list resources.");
    }
    read(shop, route, &call)
}

fn read(shop: &mut ShopShop, route: ShopRoute<'_>, call: &ShopCall<'_>) -> SandboxShopAnswer {
    match route {
        ShopRoute::Index => settings::index(shop, call),
        ShopRoute::Namespace => settings::namespace(),
        ShopRoute::Orders => {
            shop.before_list();
            orders::list(shop, call)
        }
        ShopRoute::OrderStatuses => orders::statuses(shop),
        ShopRoute::Order(id) => orders::one(shop, call, id),
        ShopRoute::OrderNotes(id) => writing::notes_of(shop, call, id),
        ShopRoute::OrderNote(order, id) => writing::note(shop, call, order, id),
        ShopRoute::OrdersBatch
        | ShopRoute::ProductsBatch
        | ShopRoute::CustomersBatch
        | ShopRoute::VariationsBatch(_) => no_route(),
        ShopRoute::OrderRefunds(id) => refunds::of_order(shop, call, id),
        ShopRoute::OrderRefund(order, id) => refunds::one(shop, call, order, id),
        ShopRoute::Refunds => refunds::all(shop, call),
        ShopRoute::Products => catalogue::products(shop, call),
        ShopRoute::Product(id) => catalogue::product(shop, call, id),
        ShopRoute::Variations(parent) => catalogue::variations(shop, call, parent),
        ShopRoute::Variation(parent, id) => catalogue::variation(shop, call, parent, id),
        ShopRoute::Customers => catalogue::customers(shop, call),
        ShopRoute::Customer(id) => catalogue::customer(shop, call, id),
        ShopRoute::Settings => settings::groups(),
        ShopRoute::SettingsOf(group) => settings::group(shop, call, group),
        ShopRoute::Setting(group, id) => settings::setting(shop, call, group, id),
        ShopRoute::Taxes => settings::taxes(shop, call),
        ShopRoute::Tax(id) => settings::tax(shop, call, id),
        ShopRoute::TaxClasses => settings::tax_classes(),
        ShopRoute::Gateways => settings::payment_gateways(shop),
        ShopRoute::Gateway(id) => settings::payment_gateway(shop, id),
        ShopRoute::OrderTotals => orders::totals(shop),
        ShopRoute::OrderSales => settings::sales_report(),
        ShopRoute::CurrentCurrency => settings::currency(shop),
        ShopRoute::SystemStatus => settings::system_status(shop, call),
        ShopRoute::Webhooks => webhooks::list(shop, call),
        ShopRoute::Webhook(id) => webhooks::one(shop, call, id),
        ShopRoute::Deposits => payments::deposits(shop, call),
        ShopRoute::DepositsOverview => payments::overview(shop),
        ShopRoute::Deposit(id) => payments::deposit(shop, id),
        ShopRoute::PaymentTransactions => payments::transactions(shop, call),
    }
}

fn checks(route: ShopRoute<'_>) -> Checks {
    match route {
        ShopRoute::Orders => params::ORDERS,
        ShopRoute::Refunds | ShopRoute::OrderRefunds(_) => params::REFUNDS,
        ShopRoute::Products | ShopRoute::Variations(_) => params::PRODUCTS,
        ShopRoute::Customers => params::CUSTOMERS,
        ShopRoute::Taxes => params::TAXES,
        ShopRoute::Webhooks => params::WEBHOOKS,
        ShopRoute::Deposits => params::DEPOSITS,
        ShopRoute::PaymentTransactions => params::PAYMENT_TRANSACTIONS,
        _ => &[],
    }
}

fn allows(route: ShopRoute<'_>) -> &'static str {
    match route {
        ShopRoute::Orders
        | ShopRoute::Products
        | ShopRoute::Customers
        | ShopRoute::Taxes
        | ShopRoute::Webhooks
        | ShopRoute::Deposits
        | ShopRoute::Variations(_)
        | ShopRoute::OrderNotes(_)
        | ShopRoute::OrderRefunds(_) => "GET, POST",
        ShopRoute::Order(_)
        | ShopRoute::Product(_)
        | ShopRoute::Customer(_)
        | ShopRoute::Variation(..)
        | ShopRoute::Webhook(_)
        | ShopRoute::Tax(_) => orders::ITEM_ALLOWS,
        ShopRoute::OrderRefund(..) | ShopRoute::OrderNote(..) => "GET, DELETE",
        ShopRoute::OrdersBatch
        | ShopRoute::ProductsBatch
        | ShopRoute::CustomersBatch
        | ShopRoute::VariationsBatch(_) => "POST, PUT, PATCH",
        _ => "GET",
    }
}

fn write(
    shop: &mut ShopShop,
    incoming: &Incoming<'_>,
    route: ShopRoute<'_>,
    call: &ShopCall<'_>,
) -> SandboxShopAnswer {
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
        (ShopRoute::Webhooks, _) => return webhooks::create(shop, call, incoming.body),
        (ShopRoute::Webhook(id), "DELETE") => return webhooks::delete(shop, call, id),
        (ShopRoute::Webhook(id), _) => return webhooks::change(shop, call, id, incoming.body),
        (ShopRoute::Deposits, _) => return payments::pay_out(shop, incoming.body),
        _ => {}
    }
    shop.is_quiet = incoming.asks_for_quiet;
    let answer = writing::carry_out(shop, call, route, method, incoming.body);
    shop.is_quiet = false;
    if let Some(answer) = answer {
        return answer;
    }
    error(
        501,
        "sandbox_not_imitated",
        "The sandbox does not imitate this write; use /_sandbox/ instead.",
    )
}

/// What a webhook says of a record, as the API would show it to whoever made the webhook. Whatever the API answers is sent, errors
/// as well.
pub fn payload(shop: &mut ShopShop, webhook: &Webhook, record: u64) -> String {
    if webhook.resource() == "action" {
        return format!("{{\"action\":\"{}\",\"arg\":{record}}}", webhook.event());
    }
    if webhook.event() == "deleted" {
        return format!("{{\"id\":{record}}}");
    }
    let role = if webhook.demoted {
        ShopRole::Customer
    } else {
        ShopRole::ShopManager
    };
    let home = shop.home.clone();
    let call = ShopCall {
        query: &ShopQuery::default(),
        home: &home,
        visitor: Visitor::Known { role },
        path: "",
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
        "order" => ShopRoute::Order(record),
        "product" => match shop.products.get(&record) {
            Some(one) if one["type"] == "variation" => {
                ShopRoute::Variation(one["parent_id"].as_u64().unwrap_or(0), record)
            }
            _ => ShopRoute::Product(record),
        },
        "customer" => ShopRoute::Customer(record),
        resource => {
            let code = format!("woocommerce_rest_shop_{resource}_invalid_id");
            return error(404, &code, "Invalid ID.").text();
        }
    };
    read(shop, route, &call).text()
}
