//! One record as the shop says it, for looking at rather than for posting: nothing of it is read here.

use super::WooCommerce;
use super::client::{List, Query};
use crate::model::fault::Fault;
use crate::model::raw::Raw;

/// A kind of record that the shop lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    Orders,
    Customers,
    Products,
}

impl RecordKind {
    fn path(self) -> &'static str {
        match self {
            RecordKind::Orders => "orders",
            RecordKind::Customers => "customers",
            RecordKind::Products => "products",
        }
    }
}

impl WooCommerce {
    /// Reads the record of this id; `None` if there is none.
    pub async fn record(&self, kind: RecordKind, id: u64) -> Result<Option<Raw>, Fault> {
        let query = vec![self.dp()];
        let path = format!("{}/{id}", kind.path());
        let row = self.client.part(&path, &query).await?;
        Ok(row.map(|row| super::as_told(row.get())))
    }

    /// Reads the records that were made last, up to so many.
    pub async fn newest(&self, kind: RecordKind, most: usize) -> Result<Vec<Raw>, Fault> {
        // Accounts have no order by date.
        let by = match kind {
            RecordKind::Customers => "registered_date",
            RecordKind::Orders | RecordKind::Products => "date",
        };
        let query: Query = vec![
            ("orderby", by.to_owned()),
            ("order", "desc".to_owned()),
            ("per_page", most.min(super::PAGE_MAX).to_string()),
            self.dp(),
        ];
        let list = self.client.list(kind.path(), &query).await?;
        Ok(list
            .rows
            .iter()
            .map(|row| super::as_told(row.get()))
            .collect())
    }

    /// Reads the refunds made on an order.
    pub async fn refunds_on(&self, order: u64) -> Result<Vec<Raw>, Fault> {
        let query: Query = vec![("per_page", super::PAGE_MAX.to_string()), self.dp()];
        let List { rows, .. } = self
            .client
            .list(&format!("orders/{order}/refunds"), &query)
            .await?;
        Ok(rows.iter().map(|row| super::as_told(row.get())).collect())
    }
}
