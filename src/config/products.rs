//! The section `[books.products]`: how products become items.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::hide::quoted;
use super::reader::{ConfigReader, ConfigSection};
use super::values::{ReadValue, day, flag, text, wrong};
use crate::model::rules::{Inventory, ProductRules};

pub(super) fn read_products<'t>(
    reader: &mut ConfigReader<'t>,
    books: &ConfigSection<'t>,
) -> ProductRules {
    let section = reader.section(books, "products");
    let create = reader.or(&section, "create", flag);
    let update_price = reader.or(&section, "update_price", flag);
    let items = reader.section(&section, "items");
    let items = reader.entries(&items, product_id, text);
    let categories = reader.section(&section, "categories");
    let categories = reader.entries(&categories, category, text);
    ProductRules {
        create,
        update_price,
        items: items
            .into_iter()
            .filter_map(|(id, name)| Some((id.parse().ok()?, name)))
            .collect::<BTreeMap<u64, String>>(),
        categories,
        inventory: read_inventory(reader, &section),
    }
}

/// Only who names all three wants it: the accounts are an accountant's choice, and sales before the day are refused.
fn read_inventory<'t>(
    reader: &mut ConfigReader<'t>,
    products: &ConfigSection<'t>,
) -> Option<Inventory> {
    products.value("inventory")?;
    let section = reader.section(products, "inventory");
    let asset_account = reader.require(&section, "asset_account", text);
    let cogs_account = reader.require(&section, "cogs_account", text);
    let start_date = reader.require(&section, "start_date", day);
    Some(Inventory {
        asset_account: asset_account?,
        cogs_account: cogs_account?,
        start_date: start_date?,
    })
}

/// The number of a product or of a variation.
fn product_id(key: &str) -> ReadValue<String> {
    match key.trim().parse::<u64>() {
        Ok(id) if id > 0 => Ok(id.to_string()),
        _ => wrong(
            format!("must be the number of a product or a variation, not {}", quoted(key)),
            Some("the shop shows it as `ID` in its list of products; items with the same SKU are found without it".to_owned()),
        ),
    }
}

/// A category's slug or name; letter case does not count.
fn category(key: &str) -> ReadValue<String> {
    text(&DeValue::String(key.into())).map(|name| name.to_lowercase())
}
