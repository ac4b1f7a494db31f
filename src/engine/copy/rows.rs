//! Rows: what the database shall hold of a record of the shop, as the mappings say.
//!
//! A record is made whole or not at all: one field that cannot be filled keeps all rows of its record back. Nothing is compared
//! here, and nothing is known of what the database holds.

use chrono::{DateTime, Utc};

use super::TARGET;
use crate::connector::port::RawOrder;
use crate::mapping::{MappingOutcome, RowKey, Set};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::order::Order;
use crate::model::product::Product;
use crate::model::raw::Raw;
use crate::model::row::{Columns, OncePrinted, Row, Table};
use crate::model::shopper::Shopper;
use crate::model::told::Told;
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
const MADE_AS: u32 = 2;

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
            Made::Rows(made) => rows.extend(made),
            Made::Skipped => {}
            refused => return refused,
        }
        for (refund, raw) in order.refunds.iter().zip(&told.refunds) {
            let mut record = parsed(raw);
            if let Told::Group(group) = &mut record
                && group.get("parent_id").is_none()
            {
                // Asked for under its order, a refund does not say which one that is.
                let order = Told::Number(order.id.to_string().into());
                group.fields.push(("parent_id".into(), order));
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

    fn rows(&self, frame: &Frame<'_>, record: &Told<'_>) -> Made {
        // The key is ours to say: nobody's mapping may move a row to another shop or order.
        let key = RowKey {
            shop: self.shop,
            id: frame.parent.is_none().then_some(frame.record.1),
        };
        let table = frame.table.as_str();
        let written = match self.mappings.table_rows(TARGET, table, record, key) {
            Ok(written) => written,
            Err(MappingOutcome::Skip(_)) => return Made::Skipped,
            Err(MappingOutcome::Refusal(refusal)) => {
                return Made::Refused(frame.refused(&refusal.to_string()));
            }
            Err(MappingOutcome::Document(_)) => return Made::Rows(Vec::new()),
        };
        let mut rows = Vec::with_capacity(written.len());
        for row in written {
            let Some(id) = row.id else {
                return Made::Refused(frame.refused("the row has no `id`"));
            };
            // A line is a part of what the shop said of its order.
            let raw = match frame.raw {
                Some(raw) => self.keep_raw.then(|| raw.clone()),
                None => row.told.filter(|_| self.keep_raw).map(Raw::new),
            };
            rows.push(Row {
                table: frame.table,
                id,
                parent: frame.parent.map(|id| id.to_string()),
                source_at: frame.source_at,
                columns: Columns::written(row.columns),
                raw,
                deleted_at: frame.deleted_at,
                printed: OncePrinted::default(),
            });
        }
        Made::Rows(rows)
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

/// What is no JSON says nothing, and a mapping refuses it.
fn parsed(raw: &Raw) -> Told<'_> {
    Told::read(raw.text()).unwrap_or(Told::Null)
}
