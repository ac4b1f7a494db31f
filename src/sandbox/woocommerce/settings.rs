//! What a shop says about itself: index, settings, tax rates, gateways, status.

use serde_json::{Value, json};

use super::answer::{SandboxShopAnswer, error};
use super::api::ShopCall;
use super::basket::RATES;
use super::catalogue::{self, item_links};
use super::dates;
use super::fields;
use super::shop::ShopShop;

const NAMESPACES: [&str; 12] = [
    "oembed/1.0",
    "wc/v3",
    "wc/v1",
    "wc-admin",
    "wc-analytics",
    "wc/store",
    "wc/store/v1",
    "wc/private",
    "wc/v2",
    "wp/v2",
    "wp-site-health/v1",
    "wp-block-editor/v1",
];

/// `/wp-json/`, which needs no key.
pub fn index(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let zone = shop.site.timezone;
    // Whoever chose an offset in place of a city has no name for it.
    let name = Some(zone.name()).filter(|name| !name.starts_with("Etc/"));
    // Half hours are real offsets too, so this is a double as in PHP.
    let offset = dates::offset(shop.now(), zone) as f64 / 3600.0;
    let site = json!({"name": html(&shop.site.name), "description": "", "url": call.home, "home": call.home, "gmt_offset": offset,
        "timezone_string": name.unwrap_or_default(), "namespaces": NAMESPACES, "authentication": []});
    let shown = match &call.fields {
        None => site,
        Some(names) => fields::choose(&site, names),
    };
    SandboxShopAnswer::data(shown, "site", "GET")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

pub fn namespace() -> SandboxShopAnswer {
    let routes = [
        "orders",
        "orders/(?P<id>[\\d]+)",
        "refunds",
        "products",
        "customers",
        "settings",
        "taxes",
        "payment_gateways",
    ];
    let routes: Vec<String> = routes
        .iter()
        .map(|route| format!("/wc/v3/{route}"))
        .collect();
    SandboxShopAnswer::data(json!({"namespace": "wc/v3", "routes": routes}), "", "GET")
}

pub fn home_page(shop: &ShopShop) -> SandboxShopAnswer {
    let name = html(&shop.site.name);
    SandboxShopAnswer::html(
        200,
        format!(
            "<!DOCTYPE html>\n<html lang=\"en-CA\">\n<head><title>{name}</title></head>\n<body><h1>{name}</h1></body>\n</html>\n"
        ),
    )
}

const GROUPS: [&str; 7] = [
    "general", "products", "tax", "shipping", "checkout", "account", "email",
];

pub fn groups() -> SandboxShopAnswer {
    let group =
        |id| json!({"id": id, "label": id, "description": "", "parent_id": "", "sub_groups": []});
    SandboxShopAnswer::data(GROUPS.into_iter().map(group).collect(), "setting", "GET")
}

/// The settings of a group, out of `settings.txt`.
fn settings_of(shop: &ShopShop, group: &str) -> Option<Vec<Value>> {
    let site = &shop.site;
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let own = |id: &str| {
        Some(match id {
            "woocommerce_default_country" => site.base.clone(),
            "woocommerce_currency" => site.currency.clone(),
            "woocommerce_price_num_decimals" => site.price_decimals.to_string(),
            "woocommerce_prices_include_tax" => yes(site.prices_include_tax),
            "woocommerce_tax_round_at_subtotal" => yes(site.tax_round_at_subtotal),
            _ => return None,
        })
    };
    let read = |row: &str| {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let [of, id, kind, default, usual, label] = columns[..] else {
            return None;
        };
        let value = own(id).unwrap_or_else(|| usual.to_owned());
        (of == group).then(|| {
            json!({"id": id, "label": label, "description": "", "type": kind, "default": default, "tip": "", "value": value})
        })
    };
    let rows = include_str!("settings.txt").lines();
    let rows = rows.filter(|row| !row.starts_with('#'));
    GROUPS
        .contains(&group)
        .then(|| rows.filter_map(read).collect())
}

pub fn group(shop: &ShopShop, call: &ShopCall<'_>, group: &str) -> SandboxShopAnswer {
    let of_mail = group.strip_prefix("email_").map(|mail| of_mail(shop, mail));
    let Some(mut settings) = of_mail.or_else(|| settings_of(shop, group)) else {
        return error(
            404,
            "rest_setting_setting_group_invalid",
            "Invalid setting group.",
        )
        .with("allow", "GET");
    };
    for setting in &mut settings {
        let links = item_links(call, &format!("settings/{group}"), setting);
        setting["_links"] = links;
    }
    SandboxShopAnswer::data(json!(settings), "setting", "GET")
}

/// Each mail has a group of its own; whether it is sent at all is what matters of it here.
fn of_mail(shop: &ShopShop, mail: &str) -> Vec<Value> {
    let is_off = shop.site.mails_off.iter().any(|off| off == mail);
    vec![
        json!({"id": "enabled", "label": "Enable/Disable", "description": "", "type": "checkbox", "default": "yes",
        "value": if is_off { "no" } else { "yes" }}),
    ]
}

pub fn setting(shop: &ShopShop, call: &ShopCall<'_>, group: &str, id: &str) -> SandboxShopAnswer {
    let found = settings_of(shop, group)
        .into_iter()
        .flatten()
        .find(|setting| setting["id"] == id);
    let Some(mut setting) = found else {
        return error(404, "rest_setting_setting_invalid", "Invalid setting.")
            .with("allow", "GET, POST, PUT, PATCH");
    };
    let links = item_links(call, &format!("settings/{group}"), &setting);
    setting["_links"] = links;
    SandboxShopAnswer::data(setting, "setting", "GET, POST, PUT, PATCH")
}

/// The shop's tax rates: those of the setup, else the Canadian ones.
pub fn tax_rates(given: Vec<Value>) -> Vec<Value> {
    let own = RATES.iter().map(|rate| {
        json!({"id": rate.id, "country": "CA", "state": rate.state, "rate": format!("{}.{:03}0", rate.share / 1000, rate.share % 1000),
            "name": rate.label, "priority": rate.priority, "shipping": rate.on_shipping, "class": rate.class_slug()})
    });
    let rates: Vec<Value> = if given.is_empty() {
        own.collect()
    } else {
        given
    };
    let defaults = json!({"country": "", "state": "", "postcode": "", "city": "", "rate": "0.0000", "name": "", "priority": 1,
        "compound": false, "shipping": true, "order": 0, "class": "standard", "postcodes": [], "cities": []});
    rates
        .into_iter()
        .map(|rate| with_defaults(rate, &defaults))
        .collect()
}

fn with_defaults(mut object: Value, defaults: &Value) -> Value {
    for (name, value) in defaults.as_object().into_iter().flatten() {
        if object.get(name).is_none() {
            object[name] = value.clone();
        }
    }
    object
}

pub fn taxes(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let class = call.query.one("class");
    let rows: Vec<&Value> = shop
        .taxes
        .iter()
        .filter(|tax| class.is_none_or(|class| tax["class"] == class))
        .collect();
    catalogue::answer(call, &rows, "tax_rate", "taxes", |tax| {
        catalogue::shown(call, tax, item_links(call, "taxes", tax), false)
    })
}

pub fn tax(shop: &ShopShop, call: &ShopCall<'_>, id: u64) -> SandboxShopAnswer {
    match shop.taxes.iter().find(|tax| tax["id"] == id) {
        None => error(404, "woocommerce_rest_invalid_id", "Invalid resource ID."),
        Some(tax) => {
            let mut tax = tax.clone();
            tax["_links"] = item_links(call, "taxes", &tax);
            SandboxShopAnswer::data(tax, "tax_rate", "GET, POST, PUT, PATCH, DELETE")
        }
    }
}

pub fn tax_classes() -> SandboxShopAnswer {
    let classes = [
        ("standard", "Standard rate"),
        ("reduced-rate", "Reduced rate"),
        ("zero-rate", "Zero rate"),
    ];
    let classes: Vec<Value> = classes
        .iter()
        .map(|(slug, name)| json!({"slug": slug, "name": name}))
        .collect();
    SandboxShopAnswer::data(json!(classes), "report", "GET, POST")
        .with("x-wp-total", "3")
        .with("x-wp-totalpages", "1")
}

/// The gateways of the setup, else the usual ones of such a shop.
pub fn gateways(given: Vec<Value>) -> Vec<Value> {
    let usual = [
        ("stripe", "Credit Card (Stripe)", true),
        ("paypal", "PayPal", true),
        ("bacs", "Direct bank transfer", true),
        ("cheque", "Check payments", false),
        ("cod", "Cash on delivery", true),
    ];
    let usual = usual
        .iter()
        .map(|(id, title, enabled)| json!({"id": id, "title": title, "enabled": enabled}));
    let list: Vec<Value> = if given.is_empty() {
        usual.collect()
    } else {
        given
    };
    let complete = |gateway: Value| {
        let title = gateway["title"].clone();
        with_defaults(
            gateway,
            &json!({"description": "", "order": "", "enabled": true, "method_title": title, "method_description": "",
                "method_supports": ["products"], "settings": {}, "needs_setup": false, "post_install_scripts": []}),
        )
    };
    list.into_iter().map(complete).collect()
}

pub fn payment_gateways(shop: &ShopShop) -> SandboxShopAnswer {
    let count = shop.gateways.len().to_string();
    SandboxShopAnswer::data(json!(shop.gateways), "gateway", "GET")
        .with("x-wp-total", count)
        .with("x-wp-totalpages", "1")
}

pub fn payment_gateway(shop: &ShopShop, id: &str) -> SandboxShopAnswer {
    match shop.gateways.iter().find(|gateway| gateway["id"] == id) {
        None => error(
            404,
            "woocommerce_rest_payment_gateway_invalid",
            "Resource does not exist.",
        ),
        Some(gateway) => {
            SandboxShopAnswer::data(gateway.clone(), "gateway", "GET, POST, PUT, PATCH")
        }
    }
}

/// Zeros, which is what this report says on a shop with order tables of its own.
pub fn sales_report() -> SandboxShopAnswer {
    let report = json!([{"total_sales": "0.00", "net_sales": "0.00", "average_sales": "0.00", "total_orders": 0, "total_items": 0,
        "total_tax": "0.00", "total_shipping": "0.00", "total_refunds": 0, "total_discount": "0.00", "totals_grouped_by": "day", "totals": {}}]);
    SandboxShopAnswer::data(report, "", "GET")
}

pub fn currency(shop: &ShopShop) -> SandboxShopAnswer {
    let code = &shop.site.currency;
    let (name, symbol) = match code.as_str() {
        "CAD" => ("Canadian dollar", "&#36;"),
        "USD" => ("United States (US) dollar", "&#36;"),
        "EUR" => ("Euro", "&euro;"),
        "GBP" => ("Pound sterling", "&pound;"),
        other => (other, ""),
    };
    SandboxShopAnswer::data(
        json!({"code": code, "name": name, "symbol": symbol}),
        "",
        "GET",
    )
}

pub fn system_status(shop: &ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let storage = match shop.storage {
        super::setup::ShopStorage::Hpos => (
            true,
            "Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\OrdersTableDataStore",
        ),
        super::setup::ShopStorage::Posts => (false, "WC_Order_Data_Store_CPT"),
    };
    let status = json!({
        "environment": {"home_url": call.home, "site_url": call.home, "version": "10.2.4", "wp_version": "6.8.8", "wp_multisite": false,
            "server_info": "nginx/1.22.1", "php_version": "8.2.35", "default_timezone": "UTC"},
        "settings": {"api_enabled": false, "force_ssl": false, "currency": shop.site.currency, "number_of_decimals": shop.site.price_decimals,
            "HPOS_enabled": storage.0, "order_datastore": storage.1, "HPOS_sync_enabled": false},
    });
    let shown = match &call.fields {
        None => status,
        Some(names) => fields::choose(&status, names),
    };
    SandboxShopAnswer::data(shown, "", "GET")
}
