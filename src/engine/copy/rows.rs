//! Rows: what the database shall hold of a record of the shop, as the mappings say.
//!
//! A record is made whole or not at all: one field that cannot be filled keeps all rows of its record back. Nothing is compared
//! here, and nothing is known of what the database holds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::TARGET;
use crate::connector::port::RawOrder;
use crate::mapping::{MappingOutcome, Set};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::order::Order;
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::row::{OncePrinted, Row, Table};
use crate::model::shopper::Shopper;
use crate::store::Mark;

/// The status of what lies in the shop's trash.
const TRASH: &str = "trash";

/// What a record comes to.
pub(super) enum Made {
    Rows(Vec<Row>),
    /// The mapping leaves it out.
    Skipped,
    Refused(Reason),
}

/// Raise it when rows come out otherwise of what a shop says: then nobody takes what was heard before for what it comes to now.
const MADE_AS: u32 = 1;

/// Makes rows.
pub(super) struct RowMaker<'a> {
    mappings: &'a Set,
    shop: &'a str,
    keep_raw: bool,
    /// Everything that rows are made of besides what the shop says.
    ways: Fingerprint,
}

/// What the rows of one record have in common.
struct Frame<'a> {
    table: Table,
    /// As a command would name the record.
    record: (&'static str, u64),
    parent: Option<u64>,
    source_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    raw: Option<&'a Raw>,
}

impl<'a> RowMaker<'a> {
    pub fn new(mappings: &'a Set, shop: &'a str, keep_raw: bool) -> RowMaker<'a> {
        let own = mappings.fingerprint(TARGET);
        let ways = Fingerprint::of(&(
            (MADE_AS, env!("CARGO_PKG_VERSION")),
            own,
            mappings.settings(),
            (shop, keep_raw),
        ));
        RowMaker {
            mappings,
            shop,
            keep_raw,
            ways,
        }
    }

    /// Stands for everything that an order's rows are made of.
    pub fn heard(&self, told: &RawOrder) -> Mark {
        let parts = [self.ways.as_str().as_bytes(), told.order.text().as_bytes()];
        let refunds = told.refunds.iter().map(|raw| raw.text().as_bytes());
        Mark::of_parts(parts.into_iter().chain(refunds))
    }

    /// The row of an order, those of its lines and those of its refunds. What the mapping of orders leaves out has no lines and
    /// no refunds either.
    pub fn order(&self, order: &Order, told: &RawOrder) -> Made {
        let record = parsed(&told.order);
        let frame = Frame {
            table: Table::Orders,
            record: ("orders", order.id),
            parent: None,
            source_at: Some(order.modified_at),
            deleted_at: (order.status == TRASH).then_some(order.modified_at),
            raw: Some(&told.order),
        };
        let mut rows = match self.rows(&frame, &record) {
            Made::Rows(rows) => rows,
            other => return other,
        };
        let lines = Frame {
            table: Table::OrderLines,
            parent: Some(order.id),
            raw: None,
            ..frame
        };
        match self.rows(&lines, &record) {
            Made::Rows(made) => rows.extend(self.with_items(made, &told.order)),
            Made::Skipped => {}
            refused => return refused,
        }
        for (refund, raw) in order.refunds.iter().zip(&told.refunds) {
            let mut record = parsed(raw);
            if let Value::Object(fields) = &mut record {
                // Asked for under its order, a refund does not say which one that is.
                fields.entry("parent_id").or_insert_with(|| order.id.into());
            }
            let refund = Frame {
                table: Table::Refunds,
                // A refund never changes, and many an order does after it.
                source_at: Some(refund.created_at),
                raw: Some(raw),
                ..lines
            };
            match self.rows(&refund, &record) {
                Made::Rows(made) => rows.extend(made),
                Made::Skipped => {}
                refused => return refused,
            }
        }
        Made::Rows(rows)
    }

    pub fn shopper(&self, shopper: &Shopper, raw: &Raw) -> Made {
        let frame = Frame {
            table: Table::Customers,
            record: ("customers", shopper.id),
            parent: None,
            source_at: shopper.modified_at,
            deleted_at: None,
            raw: Some(raw),
        };
        self.rows(&frame, &parsed(raw))
    }

    pub fn product(&self, product: &Product, raw: &Raw) -> Made {
        let in_trash = product.status == TRASH;
        let frame = Frame {
            table: Table::Products,
            record: ("products", product.id),
            parent: None,
            source_at: product.modified_at,
            deleted_at: product.modified_at.filter(|_| in_trash),
            raw: Some(raw),
        };
        self.rows(&frame, &parsed(raw))
    }

    fn rows(&self, frame: &Frame<'_>, record: &Value) -> Made {
        let document = match self.mappings.apply(TARGET, frame.table.as_str(), record) {
            None => return Made::Rows(Vec::new()),
            Some(MappingOutcome::Document(document)) => document,
            Some(MappingOutcome::Skip(_)) => return Made::Skipped,
            Some(MappingOutcome::Refusal(refusal)) => {
                return Made::Refused(frame.refused(&refusal.to_string()));
            }
        };
        let mut rows = Vec::with_capacity(document.rows.len());
        for columns in document.rows {
            match self.row(frame, columns) {
                Some(row) => rows.push(row),
                None => return Made::Refused(frame.refused("the row has no `id`")),
            }
        }
        Made::Rows(rows)
    }

    fn row(&self, frame: &Frame<'_>, mut columns: Map<String, Value>) -> Option<Row> {
        // The key is ours to say: nobody's mapping may move a row to another shop or order.
        columns.insert("shop".to_owned(), self.shop.into());
        if frame.parent.is_none() {
            columns.insert("id".to_owned(), frame.record.1.into());
        }
        let id = match columns.get("id")? {
            Value::Number(number) => number.to_string(),
            Value::String(text) if !text.is_empty() => text.clone(),
            _ => return None,
        };
        Some(Row {
            table: frame.table,
            id,
            parent: frame.parent.map(|id| id.to_string()),
            source_at: frame.source_at,
            columns,
            raw: frame.raw.filter(|_| self.keep_raw).cloned(),
            deleted_at: frame.deleted_at,
            printed: OncePrinted::default(),
        })
    }

    /// Puts what the shop said of each line beside it: the very text, out of the lists that the mapping takes the lines from.
    fn with_items(&self, mut rows: Vec<Row>, order: &Raw) -> Vec<Row> {
        if !self.keep_raw || rows.is_empty() {
            return rows;
        }
        let Some(mapping) = self.mappings.of(TARGET, Table::OrderLines.as_str()) else {
            return rows;
        };
        let lists = mapping.mapping.rows.iter();
        let lists = lists.filter_map(|rows| {
            rows.each
                .as_deref()?
                .split(" in ")
                .nth(1)?
                .strip_suffix("[]")
        });
        let items = items(order, lists);
        for row in &mut rows {
            row.raw = items.get(&row.id).map(|text| Raw::new(text));
        }
        rows
    }
}

impl Frame<'_> {
    fn refused(&self, said: &str) -> Reason {
        let table = self.table;
        let (entity, id) = self.record;
        Reason::new("mapping_refused", format!("in the table `{}`: {said}", table.as_str())).hint(format!(
            "see it with `udsync mapping preview {entity} --id {id}`, and change the record in the shop or \
             `mappings/woocommerce-supabase/{}.toml`",
            table.as_str()
        ))
    }
}

fn parsed(raw: &Raw) -> Value {
    serde_json::from_str(raw.text()).unwrap_or(Value::Null)
}

/// The items of these lists by their ids, each as it is written. The first list that has an id keeps it.
fn items<'r, 'l>(raw: &'r Raw, lists: impl Iterator<Item = &'l str>) -> BTreeMap<String, &'r str> {
    #[derive(Deserialize)]
    struct Item {
        id: u64,
    }
    let lists: Vec<&str> = lists.collect();
    let mut json = serde_json::Deserializer::from_str(raw.text());
    let fields = TheseFields(&lists)
        .deserialize(&mut json)
        .unwrap_or_default();
    let mut found = BTreeMap::new();
    for list in fields.into_iter().flatten() {
        let items: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
        for item in items {
            if let Ok(Item { id }) = serde_json::from_str(item.get()) {
                found.entry(id.to_string()).or_insert(item.get());
            }
        }
    }
    found
}

/// Finds fields of an object by their names, and passes over all others.
struct TheseFields<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for TheseFields<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TheseFields<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = vec![None; self.0.len()];
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match self.0.iter().position(|wanted| *wanted == name) {
                Some(at) => found[at] = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}
