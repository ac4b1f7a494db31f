//! Products of the shop with their variations, each read by itself.
//!
//! They are read by id as accounts are, so that none is missed when another is deleted meanwhile.
//!
//! A variation is listed by its product only, under the name of what was chosen. Here it gets the name that order lines give it,
//! and the categories of its product, in what the shop said of it too: under `Blue` no mapping could tell one thing from another.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::client::Query;
use super::fields::WireFields;
use super::read::{odd, parse, whole_letters};
use super::shoppers::{ListSpot, PAGE_MIN};
use super::values::{PhpList, Text, WireId, WireNumber, WireTime};
use super::{PAGE_MAX, WooCommerce};
use crate::connector::port::{Detail, ListedRecord, Listing, Odd, ScanPlace};
use crate::model::fault::Fault;
use crate::model::product::{Category, Product, ProductKind};
use crate::model::raw::Raw;

/// What a product is made of here, and what the shipped mapping to the books names besides.
const NEEDED: &str = "id,parent_id,type,name,sku,status,virtual,downloadable,price,regular_price,description,short_description,\
                      manage_stock,stock_quantity,categories,attributes,variations,tax_status,date_created_gmt,date_modified_gmt";

/// One page of products with their variations.
pub(super) async fn list(
    shop: &WooCommerce,
    detail: Detail,
    place: Option<&ScanPlace>,
) -> Result<Listing<Product>, Fault> {
    let spot = match place {
        None => ListSpot::default(),
        Some(ScanPlace(text)) => {
            serde_json::from_str(text).expect("a place comes from the page before, unchanged")
        }
    };
    let size = shop.page_size.max(PAGE_MIN);
    let (rows, next) = page(shop, "products", detail, &spot, size).await?;
    let products: Vec<Vec<ListedRecord<Product>>> = stream::iter(rows)
        .map(|row| with_variations(shop, detail, row))
        .buffered(shop.concurrency)
        .try_collect()
        .await?;
    Ok(Listing {
        records: products.into_iter().flatten().collect(),
        next: next.map(|spot| {
            ScanPlace(serde_json::to_string(&spot).expect("numbers can always be written"))
        }),
    })
}

/// These products and variations, as far as the shop has them and lets us read them.
pub(super) async fn named(
    shop: &WooCommerce,
    detail: Detail,
    ids: &BTreeSet<u64>,
) -> Result<Vec<ListedRecord<Product>>, Fault> {
    let mut known: BTreeMap<u64, Box<RawValue>> = BTreeMap::new();
    if !included(shop, detail, ids, &mut known).await? {
        return Ok(Vec::new());
    }
    // Variations are never in lists, but answer by their id.
    let missing: Vec<u64> = ids
        .iter()
        .copied()
        .filter(|id| !known.contains_key(id))
        .collect();
    let single: Vec<Option<Box<RawValue>>> = stream::iter(missing)
        .map(|id| async move { shop.client.one(&format!("products/{id}")).await })
        .buffered(shop.concurrency)
        .try_collect()
        .await?;
    let single: Vec<Box<RawValue>> = single.into_iter().flatten().collect();
    let parents: BTreeSet<u64> = single
        .iter()
        .filter_map(|row| parent_of(row.get()))
        .filter(|id| !known.contains_key(id))
        .collect();
    let mut families = BTreeMap::new();
    included(shop, detail, &parents, &mut families).await?;
    let mut listed = Vec::new();
    for row in &single {
        let family = parent_of(row.get())
            .and_then(|id| families.get(&id).or_else(|| known.get(&id)))
            .and_then(|row| Family::read(row.get()).ok());
        listed.push(match family {
            // Alone, a variation goes by its whole name.
            Some(family) => family.variation(row.get(), Naming::Whole),
            None => plain(row.get()),
        });
    }
    let wanted = known.iter().filter(|(id, _)| ids.contains(id));
    listed.extend(wanted.map(|(_, row)| plain(row.get())));
    Ok(listed)
}

/// These products as the list shows them, with all of their variations; of a variation its whole family. A name that changes on the
/// product changes on each of its variations, and the shop tells it of one of them only.
pub(super) async fn as_listed(
    shop: &WooCommerce,
    detail: Detail,
    ids: &BTreeSet<u64>,
) -> Result<Vec<ListedRecord<Product>>, Fault> {
    let mut known: BTreeMap<u64, Box<RawValue>> = BTreeMap::new();
    if !included(shop, detail, ids, &mut known).await? {
        return Ok(Vec::new());
    }
    let missing: Vec<u64> = ids
        .iter()
        .copied()
        .filter(|id| !known.contains_key(id))
        .collect();
    let single: Vec<Option<Box<RawValue>>> = stream::iter(missing)
        .map(|id| async move { shop.client.one(&format!("products/{id}")).await })
        .buffered(shop.concurrency)
        .try_collect()
        .await?;
    let mut alone = Vec::new();
    let mut parents = BTreeSet::new();
    for row in single.into_iter().flatten() {
        match parent_of(row.get()) {
            Some(parent) => drop(parents.insert(parent)),
            // In the trash, which no list shows.
            None => alone.push(plain(row.get())),
        }
    }
    parents.retain(|id| !known.contains_key(id));
    included(shop, detail, &parents, &mut known).await?;
    let families: Vec<Vec<ListedRecord<Product>>> = stream::iter(known.into_values())
        .map(|row| with_variations(shop, detail, row))
        .buffered(shop.concurrency)
        .try_collect()
        .await?;
    Ok(families.into_iter().flatten().chain(alone).collect())
}

/// Reads those of these that are in the list. `false`: the key is not for products, and a key for orders alone is a good key.
async fn included(
    shop: &WooCommerce,
    detail: Detail,
    ids: &BTreeSet<u64>,
    known: &mut BTreeMap<u64, Box<RawValue>>,
) -> Result<bool, Fault> {
    let wanted: Vec<u64> = ids.iter().copied().collect();
    for chunk in wanted.chunks(PAGE_MAX) {
        let list: Vec<String> = chunk.iter().map(u64::to_string).collect();
        let mut query = vec![
            ("include", list.join(",")),
            ("per_page", PAGE_MAX.to_string()),
        ];
        narrow(&mut query, detail);
        match shop.client.list("products", &query).await {
            Ok(list) => {
                let rows = list.rows.into_iter();
                known.extend(rows.filter_map(|row| Some((id_of(row.get())?, row))));
            }
            Err(fault) if fault.code == "store_rights_missing" => return Ok(false),
            Err(fault) => return Err(fault),
        }
    }
    Ok(true)
}

fn narrow(query: &mut Query, detail: Detail) {
    if detail == Detail::Needed {
        query.push(("_fields", NEEDED.to_owned()));
    }
}

/// The rows of a page that are new, and where it goes on.
async fn page(
    shop: &WooCommerce,
    path: &str,
    detail: Detail,
    spot: &ListSpot,
    size: u32,
) -> Result<(Vec<Box<RawValue>>, Option<ListSpot>), Fault> {
    let mut query = vec![
        ("orderby", "id".to_owned()),
        ("order", "asc".to_owned()),
        ("offset", spot.offset.to_string()),
        ("per_page", size.to_string()),
    ];
    narrow(&mut query, detail);
    let list = shop.client.list(path, &query).await?;
    let ids: Vec<Option<u64>> = list.rows.iter().map(|row| id_of(row.get())).collect();
    let step = spot
        .onward(&ids, list.total, size)
        .map_err(|stuck| shop.client.shop.stuck(stuck))?;
    let rows = list.rows.into_iter().zip(step.fresh);
    let fresh = rows.filter(|(_, is_fresh)| *is_fresh).map(|(row, _)| row);
    Ok((fresh.collect(), step.next))
}

async fn with_variations(
    shop: &WooCommerce,
    detail: Detail,
    row: Box<RawValue>,
) -> Result<Vec<ListedRecord<Product>>, Fault> {
    let mut listed = vec![plain(row.get())];
    let Ok(Product {
        id,
        kind: ProductKind::Variable,
        ..
    }) = listed[0].record
    else {
        return Ok(listed);
    };
    let family = Family::read(row.get()).expect("it was read just now");
    let path = format!("products/{id}/variations");
    let mut next = Some(ListSpot::default());
    while let Some(spot) = next {
        let (rows, onward) = page(shop, &path, detail, &spot, PAGE_MAX as u32).await?;
        let variations = rows.iter();
        listed.extend(variations.map(|row| family.variation(row.get(), Naming::Choice)));
        next = onward;
    }
    Ok(listed)
}

fn plain(raw: &str) -> ListedRecord<Product> {
    ListedRecord {
        record: read(raw),
        raw: said(raw),
    }
}

/// Drawn by lot in every answer: what is kept of a product has it, and it tells nothing of a change.
const DRAWN: &str = "related_ids";

/// What the shop said of a product.
fn said(raw: &str) -> Raw {
    let raw = &*whole_letters(raw);
    match serde_json::from_str::<WireFields>(raw) {
        Ok(WireFields(mut fields)) if fields.iter().any(|(name, _)| name == DRAWN) => {
            fields.retain(|(name, _)| name != DRAWN);
            Raw::lasting(raw, &WireFields(fields).text())
        }
        _ => Raw::new(raw),
    }
}

/// How the shop names a variation: by itself, or by what was chosen.
#[derive(Clone, Copy)]
enum Naming {
    Whole,
    Choice,
}

/// What a variation has from its product.
struct Family {
    id: u64,
    name: String,
    sku: Option<String>,
    categories: Vec<Category>,
    categories_told: Option<Box<RawValue>>,
    /// The shop leaves the choice out of the name where it would be long.
    names_the_choice: bool,
}

impl Family {
    fn read(raw: &str) -> Result<Family, Odd> {
        let wire: Wire = parse(raw).map_err(|(path, said)| product_odd(raw, path, said))?;
        let chosen: Vec<&Attribute> = wire
            .attributes
            .0
            .iter()
            .filter(|one| one.variation)
            .collect();
        let is_word = |one: &&Attribute| !one.name.0.trim().contains([' ', '-']);
        let told: ProductParts = serde_json::from_str(raw).unwrap_or_default();
        Ok(Family {
            names_the_choice: chosen.len() < 2 || chosen.len() == 2 && chosen.iter().all(is_word),
            categories_told: told.categories,
            categories: categories(wire.categories),
            sku: sku(&wire.sku),
            name: wire.name.0,
            id: wire.id,
        })
    }

    fn variation(&self, raw: &str, naming: Naming) -> ListedRecord<Product> {
        let wire: Wire = match parse(raw) {
            Ok(wire) => wire,
            Err((path, said)) => {
                return ListedRecord {
                    record: Err(product_odd(raw, path, said)),
                    raw: super::as_told(raw),
                };
            }
        };
        let name = match naming {
            Naming::Whole if !wire.name.0.is_empty() => wire.name.0.clone(),
            _ => self.name_of(&wire),
        };
        let record = product(raw, wire).map(|product| Product {
            parent: Some(self.id),
            kind: ProductKind::Variation,
            // One that has none of its own shows that of its product.
            sku: product.sku.filter(|own| Some(own) != self.sku.as_ref()),
            categories: self.categories.clone(),
            name: name.clone(),
            ..product
        });
        ListedRecord {
            record,
            raw: said(&self.complete(raw, &name)),
        }
    }

    /// As the shop's order lines say it.
    fn name_of(&self, wire: &Wire) -> String {
        let options = wire.attributes.0.iter().map(|one| one.option.0.as_str());
        let choice: Vec<&str> = options.filter(|option| !option.is_empty()).collect();
        if choice.is_empty() || !self.names_the_choice {
            self.name.clone()
        } else {
            format!("{} - {}", self.name, choice.join(", "))
        }
    }

    /// What the shop said, with what it leaves to the product.
    fn complete(&self, raw: &str, name: &str) -> String {
        let Ok(WireFields(mut fields)) = serde_json::from_str::<WireFields>(raw) else {
            return raw.to_owned();
        };
        let text = |text: &str| {
            let text = serde_json::Value::from(text).to_string();
            RawValue::from_string(text).expect("a text has a JSON form")
        };
        let id = RawValue::from_string(self.id.to_string()).expect("a number is JSON");
        let mut put = |name: &str, value: Box<RawValue>| match fields
            .iter_mut()
            .find(|(known, _)| known == name)
        {
            Some((_, known)) => *known = value,
            None => fields.push((name.to_owned(), value)),
        };
        put("name", text(name));
        put("type", text("variation"));
        put("parent_id", id);
        if let Some(categories) = &self.categories_told {
            put("categories", categories.clone());
        }
        WireFields(fields).text()
    }
}

fn read(raw: &str) -> Result<Product, Odd> {
    let wire: Wire = parse(raw).map_err(|(path, said)| product_odd(raw, path, said))?;
    product(raw, wire)
}

fn product(raw: &str, wire: Wire) -> Result<Product, Odd> {
    if wire.id == 0 {
        return Err(product_odd(raw, "id".to_owned(), "is not an id".to_owned()));
    }
    let has_variations = !wire.variations.0.is_empty();
    let kind = match wire.kind.0.as_str() {
        "" | "simple" => ProductKind::Simple,
        "variation" => ProductKind::Variation,
        "grouped" => ProductKind::Grouped,
        "external" => ProductKind::External,
        // Plugins have their own kinds of both.
        word if word.ends_with("variation") => ProductKind::Variation,
        word if word.starts_with("variable") || has_variations => ProductKind::Variable,
        word => ProductKind::Other(word.to_owned()),
    };
    Ok(Product {
        id: wire.id,
        parent: wire.parent_id.0,
        kind,
        sku: sku(&wire.sku),
        name: wire.name.0,
        status: if wire.status.0.is_empty() {
            "publish".to_owned()
        } else {
            wire.status.0
        },
        virtual_: wire.is_virtual,
        downloadable: wire.is_downloadable,
        price: wire.price.0,
        regular_price: wire.regular_price.0,
        description: [wire.short_description.0, wire.description.0]
            .into_iter()
            .find(|text| !text.trim().is_empty())
            .unwrap_or_default(),
        manages_stock: wire.manage_stock.0,
        stock: wire.stock_quantity.0,
        categories: categories(wire.categories),
        created_at: wire.date_created_gmt.0,
        modified_at: wire.date_modified_gmt.0,
    })
}

fn sku(text: &Text) -> Option<String> {
    Some(text.0.trim().to_owned()).filter(|sku| !sku.is_empty())
}

fn categories(rows: PhpList<WireCategory>) -> Vec<Category> {
    rows.0
        .into_iter()
        .map(|category| Category {
            id: category.id.0.unwrap_or_default(),
            name: category.name.0,
            slug: category.slug.0,
        })
        .collect()
}

fn product_odd(raw: &str, path: String, said: String) -> Odd {
    let told: ProductParts = serde_json::from_str(raw).unwrap_or_default();
    Odd {
        number: told.sku.filter(|sku| !sku.trim().is_empty()),
        ..odd(raw, path, said)
    }
}

fn id_of(raw: &str) -> Option<u64> {
    serde_json::from_str::<NamedTerm>(raw).ok()?.id.0
}

fn parent_of(raw: &str) -> Option<u64> {
    serde_json::from_str::<NamedTerm>(raw).ok()?.parent_id.0
}

#[derive(Deserialize)]
struct NamedTerm {
    id: WireId,
    #[serde(default)]
    parent_id: WireId,
}

/// Parts that are taken as they stand.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ProductParts {
    #[serde(deserialize_with = "leniently")]
    sku: Option<String>,
    categories: Option<Box<RawValue>>,
}

/// A text, or nothing where it is anything else.
fn leniently<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(value.as_str().map(str::to_owned))
}

#[derive(Deserialize)]
struct Wire {
    id: u64,
    #[serde(default)]
    parent_id: WireId,
    #[serde(default, rename = "type")]
    kind: Text,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    sku: Text,
    #[serde(default)]
    status: Text,
    #[serde(default, rename = "virtual")]
    is_virtual: bool,
    #[serde(default, rename = "downloadable")]
    is_downloadable: bool,
    #[serde(default)]
    price: WireNumber,
    #[serde(default)]
    regular_price: WireNumber,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    short_description: Text,
    #[serde(default)]
    manage_stock: Managed,
    #[serde(default)]
    stock_quantity: WireNumber,
    #[serde(default)]
    categories: PhpList<WireCategory>,
    #[serde(default)]
    attributes: PhpList<Attribute>,
    #[serde(default)]
    variations: PhpList<IgnoredAny>,
    #[serde(default)]
    date_created_gmt: WireTime,
    #[serde(default)]
    date_modified_gmt: WireTime,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireCategory {
    id: WireId,
    name: Text,
    slug: Text,
}

/// Of a product what can be chosen, of a variation what was.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Attribute {
    name: Text,
    option: Text,
    variation: bool,
}

/// `true`, `false`, or `parent` where a variation's stock is counted with that of its product.
#[derive(Default)]
struct Managed(bool);

impl<'de> Deserialize<'de> for Managed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Managed, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        Ok(Managed(
            value.as_bool().unwrap_or_else(|| value.as_str().is_some()),
        ))
    }
}
