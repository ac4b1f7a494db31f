//! Goods: a product of the shop beside the item of the books that it is.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::draw::{DrawnRecord, SharedRecord, draw};
use super::known::KnownAgreements;
use super::sides;
use crate::books::agreed_fields::{FieldSaid, SpellingLost};
use crate::books::names::{self, Directory};
use crate::model::agreed::{AgreedField, AgreedSide};
use crate::model::both::{FieldFlow, FieldRule, ProductField};
use crate::model::draft::ItemChange;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::names::ItemEntry;
use crate::model::plan::RecordKey;
use crate::model::product::Product;
use crate::model::shop_change::{ProductInShop, ShopBefore, ShopChange};
use crate::model::wish::Ware;

pub struct ProductCase<'a> {
    pub source: RecordKey,
    pub ware: &'a Ware,
    pub item: &'a ItemEntry,
    pub shop_ahead: TimeDelta,
    pub books_ahead: TimeDelta,
}

/// What becomes of a product.
pub fn product(known: &KnownAgreements<'_>, case: &ProductCase<'_>) -> DrawnRecord {
    let (product, item) = (&case.ware.product, case.item);
    let shop = sides::of_product(product, known.prices_include_tax);
    let books = sides::of_item(item);
    let is_wished = case.ware.wish().is_some();
    let at = |at: Option<DateTime<Utc>>, ahead: TimeDelta| at.map(|at| at - ahead);
    let shared = SharedRecord {
        source: case.source.clone(),
        remote: item.id.clone(),
        revision: item.revision.clone(),
        shop_digest: digest(product),
        shop_at: at(product.modified_at, case.shop_ahead),
        books_at: at(item.changed_at, case.books_ahead),
        rule: &|field| rule(known, product, field),
        in_books: &|field| in_books(field, &shop[&field], &books[&field]),
        in_shop: &|field| match is_wished {
            true => Err(SpellingLost::MappedOtherwise),
            false => sides::books_in_shop(field, &books[&field], known.decimals),
        },
        shop: shop.clone(),
        books: books.clone(),
    };
    draw(known, &shared)
}

impl DrawnRecord {
    /// What is to be put into the item of the books.
    pub fn item_change(&self) -> ItemChange {
        sides::item_change(&self.values(AgreedSide::Books))
    }

    /// What is to be put into the product, and what stands in the same places now.
    pub fn product_change(&self, product: &Product) -> Option<(ShopChange, ShopBefore)> {
        let values = self.values(AgreedSide::Shop);
        let (change, before) = sides::product_change(product, &values);
        let change = ShopChange::Product {
            of: in_shop(product),
            change,
        };
        (!values.is_empty()).then_some((change, ShopBefore::Product(before)))
    }

    /// Names of the books and SKUs of the shop are each there once. A field whose value another one has waits; the others go on.
    pub fn leave_what_is_taken(
        &mut self,
        product: &Product,
        item: &ItemEntry,
        directory: &Directory,
        catalogue: &BTreeMap<u64, Ware>,
    ) {
        const NAME: AgreedField = AgreedField::Product(ProductField::Name);
        const SKU: AgreedField = AgreedField::Product(ProductField::Sku);
        let called = self.record.source.number.clone();
        let name = self
            .values(AgreedSide::Books)
            .get(&NAME)
            .map(|name| (*name).clone());
        if let Some(name) = name
            && names::items_called(directory, &name).any(|other| other.id != item.id)
        {
            let reason = Reason::new(
                "name_conflict",
                format!("the new name of product {called} is that of another item in QuickBooks"),
            )
            .hint("give one of the two another name, then run `udsync sync products`");
            self.leave(NAME, reason);
        }
        let sku = self
            .values(AgreedSide::Shop)
            .get(&SKU)
            .map(|sku| sku.to_lowercase());
        let has_it = |ware: &Ware| {
            let other = ware.product.sku.as_ref().map(|sku| sku.to_lowercase());
            ware.product.id != product.id && other == sku
        };
        if sku.is_some() && catalogue.values().any(has_it) {
            let reason = Reason::new(
                "sku_taken",
                format!("the new SKU of product {called} is that of another product in the shop"),
            )
            .hint("give one of the two another SKU, then run `udsync sync products`");
            self.leave(SKU, reason);
        }
    }
}

/// A variation is changed below its product.
fn in_shop(product: &Product) -> ProductInShop {
    match product.parent {
        Some(parent) => ProductInShop {
            id: parent,
            variation: Some(product.id),
        },
        None => ProductInShop {
            id: product.id,
            variation: None,
        },
    }
}

/// What holds for a field of this product: the name of a variation is made by the shop.
fn rule(known: &KnownAgreements<'_>, product: &Product, field: AgreedField) -> FieldRule {
    let AgreedField::Product(of_product) = field else {
        unreachable!("a product has fields of products");
    };
    let rule = known.both.product(of_product);
    if of_product != ProductField::Name || !sides::makes_its_name(product) {
        return rule;
    }
    let flow = match rule.flow {
        FieldFlow::Both => FieldFlow::ToBooks,
        FieldFlow::ToShop => FieldFlow::Off,
        flow => flow,
    };
    FieldRule { flow, ..rule }
}

/// What the shop says, as the books would hold it. A name with an ending that tells it from another one of the same name is that name.
fn in_books(
    field: AgreedField,
    shop: &FieldSaid,
    books: &FieldSaid,
) -> Result<String, SpellingLost> {
    let plain = sides::shop_in_books(field, shop)?;
    let stands = books.known(field).unwrap_or_default();
    let is_told_apart = field == AgreedField::Product(ProductField::Name)
        && stands
            .strip_prefix(plain.as_str())
            .is_some_and(|ending| ending.starts_with(" (") && ending.ends_with(')'));
    Ok(if is_told_apart {
        stands.to_owned()
    } else {
        plain
    })
}

/// What the shop says of the shared fields, as one digest.
pub fn digest(product: &Product) -> Fingerprint {
    Fingerprint::of(&(
        &product.name,
        &product.sku,
        product.price.map(|price| price.normalize()),
        product.regular_price.map(|price| price.normalize()),
    ))
}
