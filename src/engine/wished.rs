//! Wished: what a shop's own mapping says of a product, as the accountant takes it.
//!
//! As with orders, only a file of the shop's own is asked: the shipped one says what the rules say by themselves, which a test proves.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use crate::mapping::{MappingOutcome, Set};
use crate::model::fault::Reason;
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::service::Service;
use crate::model::wish::{Wish, Wished, WishedKind};

const TARGET: &str = Service::BOOKS.as_str();
const ENTITY: &str = "products";

/// What the shop's own mapping makes of a product; `None` where it has none.
pub(super) fn wished(product: &Product, raw: &Raw, mappings: &Set) -> Option<Wished> {
    if !mappings.has_own(TARGET, ENTITY) {
        return None;
    }
    Some(match mappings.apply_raw(TARGET, ENTITY, raw)? {
        MappingOutcome::Skip(because) => Wished::Skip(Reason::new(
            "mapping_skipped",
            format!(
                "product {} is left out by the mapping: {because}",
                product.id
            ),
        )),
        MappingOutcome::Refusal(refusal) => Wished::Refused(refused(product, &refusal.to_string())),
        MappingOutcome::Document(document) => match document.rows.as_slice() {
            [row] => wish(row).map_or_else(
                |field| Wished::Refused(refused(product, &no_number(field))),
                Wished::Wish,
            ),
            _ => Wished::Refused(refused(product, "it must give one row for a product")),
        },
    })
}

fn refused(product: &Product, why: &str) -> Reason {
    Reason::new(
        "mapping_refused",
        format!("product {} could not be mapped: {why}", product.id),
    )
    .hint(format!(
        "`udsync mapping preview products --id {}` shows each step; mend `mappings/woocommerce-quickbooks/products.toml` or the product, then run `udsync retry --all`",
        product.id
    ))
}

fn no_number(field: &str) -> String {
    format!("`{field}` is no number that can be written exactly")
}

fn wish(row: &Map<String, Json>) -> Result<Wish, &'static str> {
    let words = |field: &str| {
        let text = row.get(field)?.as_str()?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    Ok(Wish {
        name: words("name"),
        sku: words("sku"),
        description: words("description"),
        purchase_description: words("purchase_description"),
        kind: match words("kind").as_deref() {
            Some("Service") => Some(WishedKind::Service),
            Some("NonInventory") => Some(WishedKind::NonInventory),
            Some("Inventory") => Some(WishedKind::Inventory),
            _ => None,
        },
        income_account: words("income_account"),
        expense_account: words("expense_account"),
        asset_account: words("asset_account"),
        class: words("class"),
        taxable: row.get("taxable").and_then(Json::as_bool),
        price: number(row.get("price")).map_err(|()| "price")?,
    })
}

/// A number as it is spelled, whether it came as one or as text.
fn number(value: Option<&Json>) -> Result<Option<Decimal>, ()> {
    let text = match value {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::String(text)) => text.trim().to_owned(),
        Some(_) => return Err(()),
    };
    Decimal::from_str_exact(&text).map(Some).map_err(|_| ())
}
