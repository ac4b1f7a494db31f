//! Whoever looks on while the shop is read: nobody, somebody who compares, or somebody who writes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Copier, Looker};
use crate::connector::port::{Detail, ListedRecord, Pulled, TableWriter};
use crate::engine::gather::Witness;
use crate::engine::outcome::Report;
use crate::model::plan::Entity;
use crate::model::product::Product;
use crate::model::shopper::Shopper;
use crate::store::StoreError;

pub enum Onlooker<'a, D: TableWriter> {
    Nobody,
    Looks(Looker<'a, D>),
    Copies(Copier<'a, D>),
}

impl<D: TableWriter> Onlooker<'_, D> {
    /// What came of it; `None`: nobody looked.
    pub async fn close(self, through: Option<DateTime<Utc>>) -> Result<Option<Report>, StoreError> {
        Ok(match self {
            Onlooker::Nobody => None,
            Onlooker::Looks(looker) => Some(looker.close().await?),
            Onlooker::Copies(copier) => Some(copier.close(through).await?),
        })
    }
}

impl<D: TableWriter> Witness for Onlooker<'_, D> {
    async fn orders(&mut self, page: &[Pulled]) {
        match self {
            Onlooker::Nobody => {}
            Onlooker::Looks(looker) => looker.orders(page).await,
            Onlooker::Copies(copier) => copier.orders(page).await,
        }
    }

    async fn shoppers(&mut self, page: &[ListedRecord<Shopper>]) {
        match self {
            Onlooker::Nobody => {}
            Onlooker::Looks(looker) => looker.shoppers(page).await,
            Onlooker::Copies(copier) => copier.shoppers(page).await,
        }
    }

    async fn products(&mut self, page: &[ListedRecord<Product>]) {
        match self {
            Onlooker::Nobody => {}
            Onlooker::Looks(looker) => looker.products(page).await,
            Onlooker::Copies(copier) => copier.products(page).await,
        }
    }

    fn detail(&self) -> Detail {
        match self {
            Onlooker::Nobody => Detail::Needed,
            Onlooker::Looks(_) | Onlooker::Copies(_) => Detail::Whole,
        }
    }

    fn missing_orders(&mut self) -> BTreeSet<u64> {
        match self {
            Onlooker::Nobody => BTreeSet::new(),
            Onlooker::Looks(looker) => looker.missing_orders(),
            Onlooker::Copies(copier) => copier.missing_orders(),
        }
    }

    fn end_of_list(&mut self, of: Entity) {
        match self {
            Onlooker::Nobody => {}
            Onlooker::Looks(looker) => looker.end_of_list(of),
            Onlooker::Copies(copier) => copier.end_of_list(of),
        }
    }
}
