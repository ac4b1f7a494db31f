//! Changes of accounts. The address to sign in with is WordPress' business: the old one hears of it, and of a password.

use serde_json::{Map, Value, json};

use super::super::answer::{SandboxShopAnswer, ShopRefused, error, invalid_params};
use super::super::api::ShopCall;
use super::super::catalogue;
use super::super::dates;
use super::super::shop::ShopShop;
use super::{Looks, mails, refused};

const PARTS: [&str; 10] = [
    "first_name",
    "last_name",
    "company",
    "address_1",
    "address_2",
    "city",
    "state",
    "postcode",
    "country",
    "phone",
];

pub(super) fn change(
    shop: &mut ShopShop,
    call: &ShopCall<'_>,
    id: u64,
    given: &Map<String, Value>,
    looks: Looks,
) -> SandboxShopAnswer {
    if looks == Looks::Alone
        && let Some(answer) = wrong(given)
    {
        return answer;
    }
    let Some(customer) = shop.customers.get(&id) else {
        let status = if looks == Looks::Alone { 400 } else { 404 };
        return error(
            status,
            "woocommerce_rest_invalid_id",
            "Invalid resource ID.",
        );
    };
    if given.contains_key("username") && given["username"] != customer["username"] {
        let code = "woocommerce_rest_customer_invalid_argument";
        return error(400, code, "Username isn't editable.");
    }
    let role = customer["role"].as_str().unwrap_or("customer").to_owned();
    let email = given
        .get("email")
        .filter(|email| **email != customer["email"])
        .cloned();
    let is_plain = matches!(role.as_str(), "customer" | "subscriber");
    for (name, is_changed) in [
        ("email", email.is_some()),
        ("password", given.contains_key("password")),
    ] {
        if is_changed && !is_plain {
            let message = format!(
                "Sorry, {name} cannot be updated via this endpoint for a user with role {role}."
            );
            return error(403, "woocommerce_rest_cannot_edit", &message);
        }
    }
    if let Some(wanted) = &email
        && shop
            .customers
            .values()
            .any(|other| other["email"] == *wanted)
    {
        return error(
            400,
            "woocommerce_rest_customer_invalid_email",
            "Email address is invalid.",
        );
    }
    lay_over(shop, id, given);
    if email.is_some() || given.contains_key("password") {
        mails::send_anyway(shop, "wordpress", "account holder", id);
    }
    shop.run_hook("woocommerce_update_customer", "customer", id);
    catalogue::customer(shop, call, id)
}

fn wrong(given: &Map<String, Value>) -> Option<SandboxShopAnswer> {
    let is_address = |text: &str| {
        text.split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    let bad =
        |value: Option<&Value>| value.is_some_and(|value| !value.as_str().is_some_and(is_address));
    if bad(given.get("email")) {
        return Some(refused(
            "email",
            "rest_invalid_email",
            "Invalid email address.".to_owned(),
        ));
    }
    for list in ["billing", "shipping"] {
        let Some(address) = given.get(list) else {
            continue;
        };
        for part in PARTS {
            if address.get(part).is_some_and(|value| !value.is_string()) {
                let message = format!("{list}[{part}] is not of type string.");
                return Some(invalid_params(&[ShopRefused {
                    name: list,
                    code: "rest_invalid_type",
                    message,
                    param: Some(format!("{list}[{part}]")),
                }]));
            }
        }
        if bad(address.get("email").filter(|email| *email != "")) {
            return Some(refused(
                list,
                "rest_invalid_email",
                "Invalid email address.".to_owned(),
            ));
        }
    }
    None
}

fn lay_over(shop: &mut ShopShop, id: u64, given: &Map<String, Value>) {
    let (now, zone) = (shop.now(), shop.site.timezone);
    let Some(customer) = shop.customers.get_mut(&id) else {
        return;
    };
    for name in ["first_name", "last_name", "email"] {
        if let Some(value) = given.get(name) {
            customer[name] = value.clone();
        }
    }
    for list in ["billing", "shipping"] {
        let parts = PARTS.iter().chain(&["email"]);
        for part in parts.filter(|part| list == "billing" || **part != "email") {
            if let Some(value) = given.get(list).and_then(|address| address.get(*part)) {
                customer[list][*part] = value.clone();
            }
        }
    }
    customer["date_modified_gmt"] = json!(dates::gmt_text(now));
    customer["date_modified"] = json!(dates::local_text(now, zone));
}
