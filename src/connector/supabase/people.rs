//! People in the database: which rows are about one of them, and how the personal columns of these are emptied.
//!
//! A row stays, with its figures, its dates and its ids, and so do its fingerprint and the time of its record: what was sent is still what
//! the shop says, so the next sync does not send it again. It does as soon as the shop's own record changes.

use std::collections::{BTreeMap, BTreeSet};

use super::carrier::{Carrier, RowOwner, WantedRows};
use super::errand::RowsContext;
use super::setback::RowsSetback;
use super::{Leg, Supabase};
use crate::model::fault::Fault;
use crate::model::row::Table;

/// Where a person stands by the address itself.
const BY_ADDRESS: [Table; 2] = [Table::Customers, Table::Orders];
/// In which columns.
pub(super) const ADDRESSES: [&str; 2] = ["email", "billing_email"];
/// Rows that belong to an order.
const OF_ORDER: [Table; 3] = [Table::OrderLines, Table::Refunds, Table::Invoices];

/// So many ids stand in one question.
const AT_ONCE: usize = 200;

/// The columns of a table that are emptied: what a shop's own eraser empties, and whatever holds the record whole.
pub(super) fn personal(table: Table) -> &'static [&'static str] {
    match table {
        Table::Orders => &[
            "email",
            "transaction_id",
            "customer_note",
            "billing_first_name",
            "billing_last_name",
            "billing_company",
            "billing_address_1",
            "billing_address_2",
            "billing_city",
            "billing_state",
            "billing_postcode",
            "billing_country",
            "billing_email",
            "billing_phone",
            "shipping_first_name",
            "shipping_last_name",
            "shipping_company",
            "shipping_address_1",
            "shipping_address_2",
            "shipping_city",
            "shipping_state",
            "shipping_postcode",
            "shipping_country",
            "shipping_phone",
            "order_key",
            "meta",
            "raw",
        ],
        Table::Customers => &[
            "email",
            "username",
            "first_name",
            "last_name",
            "billing_first_name",
            "billing_last_name",
            "billing_company",
            "billing_address_1",
            "billing_address_2",
            "billing_city",
            "billing_state",
            "billing_postcode",
            "billing_country",
            "billing_email",
            "billing_phone",
            "shipping_first_name",
            "shipping_last_name",
            "shipping_company",
            "shipping_address_1",
            "shipping_address_2",
            "shipping_city",
            "shipping_state",
            "shipping_postcode",
            "shipping_country",
            "shipping_phone",
            "avatar_url",
            "meta",
            "raw",
        ],
        Table::OrderLines => &["meta", "raw"],
        Table::Refunds => &["reason", "meta", "raw"],
        Table::Invoices => &["raw"],
        Table::Products | Table::IdMappings | Table::SyncLogs => &[],
    }
}

/// The rows of a person, by table and id. Ids and no word of theirs.
pub type RowsOf = BTreeMap<Table, BTreeSet<String>>;

impl Supabase {
    /// The rows of this shop that are about whoever has the address: accounts, their orders, and what belongs to these.
    pub async fn rows_of(&self, email: &str) -> Result<RowsOf, Fault> {
        match &self.leg {
            Leg::Rest(carrier) => Seeker::new(self, carrier).find(email).await,
            Leg::Postgres(carrier) => Seeker::new(self, carrier).find(email).await,
        }
    }

    /// Empties the personal columns of these rows. Done twice it is done once.
    pub async fn empty_rows(&self, rows: &RowsOf) -> Result<(), Fault> {
        match &self.leg {
            Leg::Rest(carrier) => Seeker::new(self, carrier).empty(rows).await,
            Leg::Postgres(carrier) => Seeker::new(self, carrier).empty(rows).await,
        }
    }
}

struct Seeker<'a, C> {
    database: &'a Supabase,
    carrier: &'a C,
    desk: &'a RowsContext,
}

impl<'a, C: Carrier> Seeker<'a, C> {
    fn new(database: &'a Supabase, carrier: &'a C) -> Seeker<'a, C> {
        Seeker {
            database,
            carrier,
            desk: &database.desk,
        }
    }

    async fn find(&self, email: &str) -> Result<RowsOf, Fault> {
        let mut rows = RowsOf::new();
        for table in BY_ADDRESS {
            let mut found = BTreeSet::new();
            for column in ADDRESSES {
                found.extend(self.ask(table, WantedRows::Address(column, email)).await?);
            }
            rows.insert(table, found);
        }
        let accounts: Vec<String> = rows[&Table::Customers].iter().cloned().collect();
        let theirs = self.among(Table::Orders, "customer_id", &accounts).await?;
        rows.entry(Table::Orders).or_default().extend(theirs);
        let orders: Vec<String> = rows[&Table::Orders].iter().cloned().collect();
        for table in OF_ORDER {
            let theirs = self.among(table, "order_id", &orders).await?;
            rows.insert(table, theirs);
        }
        rows.retain(|_, ids| !ids.is_empty());
        Ok(rows)
    }

    async fn empty(&self, rows: &RowsOf) -> Result<(), Fault> {
        // Whoever is found by the address goes last: what was interrupted is found again.
        let mut tables: Vec<(&Table, &BTreeSet<String>)> = rows.iter().collect();
        tables.sort_by_key(|(table, _)| match table {
            Table::Customers => 2,
            Table::Orders => 1,
            _ => 0,
        });
        for (table, ids) in tables {
            let ids: Vec<String> = ids.iter().cloned().collect();
            for ids in ids.chunks(AT_ONCE) {
                let ground = self.ground(*table);
                let emptied = self
                    .desk
                    .ask(|| self.carrier.empty(ground, ids, personal(*table)));
                emptied.await.map_err(RowsSetback::into_fault)?;
            }
        }
        Ok(())
    }

    async fn among(
        &self,
        table: Table,
        column: &str,
        ids: &[String],
    ) -> Result<BTreeSet<String>, Fault> {
        let mut found = BTreeSet::new();
        for ids in ids.chunks(AT_ONCE) {
            found.extend(self.ask(table, WantedRows::Among(column, ids)).await?);
        }
        Ok(found)
    }

    async fn ask(&self, table: Table, wanted: WantedRows<'_>) -> Result<BTreeSet<String>, Fault> {
        let ground = self.ground(table);
        let question = || self.carrier.wanted(ground, wanted);
        self.desk
            .ask(question)
            .await
            .map_err(RowsSetback::into_fault)
    }

    fn ground(&self, table: Table) -> RowOwner<'a> {
        RowOwner {
            schema: &self.database.schema,
            shop: &self.database.shop,
            table,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::supabase::schema::columns::columns;

    #[test]
    fn what_is_emptied_is_there_and_may_be_empty() {
        for table in Table::ALL {
            for name in personal(table) {
                let column = columns(table).iter().find(|column| column.name == *name);
                let column = column.unwrap_or_else(|| panic!("{table:?} has no {name}"));
                assert!(!column.is_required, "{name} of {table:?}");
            }
        }
    }

    /// A column that a later version adds to an address is emptied too.
    #[test]
    fn no_column_of_an_address_is_left_out() {
        for table in BY_ADDRESS {
            for column in columns(table) {
                let figures = ["shipping_total", "shipping_tax", "shipping_method"];
                let of_address =
                    column.name.starts_with("billing_") || column.name.starts_with("shipping_");
                let is_personal = personal(table).contains(&column.name);
                let expected = of_address && !figures.contains(&column.name);
                assert!(is_personal || !expected, "{} of {table:?}", column.name);
            }
        }
    }
}
