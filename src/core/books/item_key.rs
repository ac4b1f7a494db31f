//! Item keys: under which name the books know what a line sells.

use super::names::clean_name;
use super::note::one_line;
use crate::model::document::ItemKey;
use crate::model::order::ItemLine;
use crate::model::rules::Rules;

pub(super) fn key(word: &str) -> ItemKey {
    ItemKey(word.to_owned())
}

/// What the shop says now that the line sells.
pub(super) fn item_key(item: &ItemLine) -> ItemKey {
    match &item.sku {
        None => key("fallback:deleted_product"),
        Some(sku) => key_of(sku, &item.name),
    }
}

/// What is sold under this SKU, or without one under this name.
pub(super) fn key_of(sku: &str, name: &str) -> ItemKey {
    // What is no letter would not arrive in the books, and then nobody would find it there again.
    let sku = sku.replace(char::is_control, " ");
    let sku = sku.trim();
    if !sku.is_empty() {
        return ItemKey(format!("sku:{sku}"));
    }
    let name = clean_name(name);
    if name.is_empty() {
        key("name:Unnamed product")
    } else {
        ItemKey(format!("name:{name}"))
    }
}

pub(super) fn fee_key(rules: &Rules, name: &str, negative: bool) -> ItemKey {
    let wanted = one_line(name).to_lowercase();
    let mapped = rules
        .policy
        .fee_items
        .iter()
        .find(|(known, _)| one_line(known).to_lowercase() == wanted);
    match mapped {
        Some((_, item)) => key(item),
        None if negative => key(&rules.policy.negative_fee_item),
        None => key("fee"),
    }
}
