//! Cursors: up to which change everything of a source has been settled or held.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::Store;
use super::columns::{read_time, time};
use super::error::StoreError;
use crate::model::plan::Entity;

impl Store {
    pub(super) fn cursor(
        &self,
        source: &str,
        entity: Entity,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT at FROM cursors WHERE source = ?1 AND entity = ?2")?;
            let at: Option<String> = ask
                .query_row([source, entity.as_str()], |row| row.get(0))
                .optional()?;
            at.map(|at| read_time(&at, "cursors.at")).transpose()
        })
    }

    pub(super) fn move_cursor(
        &self,
        source: &str,
        entity: Entity,
        to: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "INSERT INTO cursors (source, entity, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
                params![source, entity.as_str(), time(to)],
            )?;
            Ok(())
        })
    }

    pub(super) fn swept_at(&self, source: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.kept(&sweep_of(source))?.map(|(_, at)| at))
    }

    pub(super) fn note_sweep(&self, source: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.keep(&sweep_of(source), "", at)
    }
}

pub(super) fn sweep_of(source: &str) -> String {
    format!("sweep of {source}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, store};

    #[test]
    fn a_cursor_moves_forward_only_and_each_source_has_its_own() {
        let store = store();
        assert_eq!(store.cursor("shop", Entity::Order), Ok(None));
        store
            .move_cursor("shop", Entity::Order, at(10))
            .expect("moved");
        store
            .move_cursor("shop", Entity::Order, at(5))
            .expect("no mistake");
        assert_eq!(store.cursor("shop", Entity::Order), Ok(Some(at(10))));
        store
            .move_cursor("shop", Entity::Order, at(11))
            .expect("moved");
        assert_eq!(store.cursor("shop", Entity::Order), Ok(Some(at(11))));
        assert_eq!(store.cursor("shop", Entity::Refund), Ok(None));
        assert_eq!(store.cursor("other", Entity::Order), Ok(None));
    }

    #[test]
    fn a_source_that_moves_takes_along_what_is_known_of_it() {
        let store = store();
        store.bind("woocommerce", "old").expect("bound");
        store
            .move_cursor("old", Entity::Order, at(10))
            .expect("moved");
        store.note_sweep("old", at(3)).expect("kept");
        store
            .move_source("woocommerce", "old", "new")
            .expect("carried over");
        assert_eq!(store.belongs("woocommerce", "new"), Ok(()));
        assert!(store.belongs("woocommerce", "old").is_err());
        assert_eq!(store.cursor("new", Entity::Order), Ok(Some(at(10))));
        assert_eq!(store.cursor("old", Entity::Order), Ok(None));
        assert_eq!(store.swept_at("new"), Ok(Some(at(3))));
    }

    #[test]
    fn a_sweep_is_remembered_for_its_source() {
        let store = store();
        assert_eq!(store.swept_at("shop"), Ok(None));
        store.note_sweep("shop", at(3)).expect("kept");
        assert_eq!(store.swept_at("shop"), Ok(Some(at(3))));
        assert_eq!(store.swept_at("other"), Ok(None));
    }
}
