//! Records of the shop, as a mapping sees them.

use serde_json::Value as Json;

use crate::connector::woocommerce::RecordKind;
use crate::mapping::shipped::Shipped;
use crate::model::raw::Raw;

/// Which records of the shop go through a mapping.
pub fn kind_of(of: &Shipped) -> RecordKind {
    match of.entity {
        "customers" => RecordKind::Customers,
        "products" => RecordKind::Products,
        _ => RecordKind::Orders,
    }
}

/// A refund, with the order that it was made on. The shop says that only where somebody asks for all refunds.
pub fn of_order(mut refund: Json, order: u64) -> Json {
    if let Some(fields) = refund.as_object_mut() {
        fields.entry("parent_id").or_insert(Json::from(order));
    }
    refund
}

/// What the shop said, as JSON. What is none is a record of nothing, which a mapping refuses.
pub fn json(raw: &Raw) -> Json {
    serde_json::from_str(raw.text()).unwrap_or(Json::Null)
}

/// What people call one record.
pub fn noun(of: &Shipped) -> &'static str {
    match of.entity {
        "customers" => "customer",
        "products" => "product",
        _ => "order",
    }
}

/// What a record is called by, without anybody's name.
pub fn title(of: &Shipped, record: &Json) -> String {
    let noun = match of.entity {
        "refunds" => "refund",
        _ => noun(of),
    };
    let id = record["id"].as_u64().map(|id| id.to_string());
    let number = record["number"]
        .as_str()
        .map(str::to_owned)
        .map(|number| number.replace(char::is_control, " "))
        .filter(|number| !number.is_empty());
    match (number, id) {
        (Some(number), Some(id)) if number != id => format!("{noun} {number} (id {id})"),
        (Some(word), _) | (None, Some(word)) => format!("{noun} {word}"),
        (None, None) => noun.to_owned(),
    }
}
