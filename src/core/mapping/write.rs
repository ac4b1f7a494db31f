//! Writing: a record becomes rows of a table, as text and without anything between.
//!
//! The rules are those of [`Compiled::apply`], and so is the order in which they are tried; only what is made of the fields is another
//! thing. A row is the JSON of all columns of its table, its shop and its id among them, which are not for a mapping to say.

use super::apply::RowMaker;
use super::compile::{Compiled, ReadyField, ReadyRows};
use super::fit::Fitted;
use super::{MappingOutcome, Set};
use crate::model::told::{Told, write_text};

/// Whose the rows are.
#[derive(Clone, Copy, Debug)]
pub struct RowKey<'k> {
    pub shop: &'k str,
    /// `None`: each row has an id of its own, as the mapping says.
    pub id: Option<u64>,
}

/// One row of a table.
pub struct WrittenRow<'r> {
    /// `None`: nothing says what it is.
    pub id: Option<String>,
    /// A JSON object.
    pub columns: String,
    /// What the shop said of the very item that it was made of.
    pub told: Option<&'r str>,
}

struct Writer<'r, 'k> {
    key: RowKey<'k>,
    rows: Vec<WrittenRow<'r>>,
    row: WrittenRow<'r>,
}

impl<'r> RowMaker<'r> for Writer<'r, '_> {
    fn begin(&mut self, _: &ReadyRows, item: Option<&'r Told<'r>>) {
        // As the last one, and a little more.
        let length = self.rows.last().map_or(1_500, |row| row.columns.len() + 64);
        let mut columns = String::with_capacity(length);
        columns.push_str("{\"shop\":");
        write_text(&mut columns, self.key.shop);
        let id = self.key.id.map(|id| id.to_string());
        if let Some(id) = &id {
            columns.push_str(",\"id\":");
            columns.push_str(id);
        }
        let told = item.and_then(Told::text);
        self.row = WrittenRow { id, columns, told };
    }

    fn field(&mut self, field: &ReadyField, made: Option<&Fitted<'r>>) {
        let columns = &mut self.row.columns;
        match field.name.as_str() {
            "shop" => return,
            "id" if self.key.id.is_some() => return,
            "id" => {
                self.row.id = match made {
                    Some(Fitted::Whole(id)) => Some(id.to_string()),
                    Some(Fitted::Text(id)) if !id.is_empty() => Some(id.to_string()),
                    _ => None,
                };
            }
            _ => {}
        }
        // Names of columns are plain letters.
        columns.push_str(",\"");
        columns.push_str(&field.name);
        columns.push_str("\":");
        match made {
            Some(made) => made.write(columns),
            None => columns.push_str("null"),
        }
    }

    fn end(&mut self, rows: &ReadyRows) {
        self.row.columns.push_str(&rows.rest);
        self.row.columns.push('}');
        let next = WrittenRow {
            id: None,
            columns: String::new(),
            told: None,
        };
        self.rows.push(std::mem::replace(&mut self.row, next));
    }

    fn made(&self) -> usize {
        self.rows.len()
    }
}

impl Compiled {
    /// The rows of one record. What has none is answered as [`Compiled::apply`] would.
    pub fn table_rows<'r>(
        &self,
        record: &'r Told<'r>,
        settings: &'r Told<'r>,
        key: RowKey<'_>,
    ) -> Result<Vec<WrittenRow<'r>>, MappingOutcome> {
        let mut writer = Writer {
            key,
            rows: Vec::new(),
            row: WrittenRow {
                id: None,
                columns: String::new(),
                told: None,
            },
        };
        self.rows_of(record, settings, &mut writer)?;
        Ok(writer.rows)
    }
}

impl Set {
    /// The same by the mapping to a target, of an entity. Where there is none, a record has no rows.
    pub fn table_rows<'r>(
        &'r self,
        target: &str,
        entity: &str,
        record: &'r Told<'r>,
        key: RowKey<'_>,
    ) -> Result<Vec<WrittenRow<'r>>, MappingOutcome> {
        match self.of(target, entity) {
            Some(mapping) => mapping.table_rows(record, self.told_settings(), key),
            None => Ok(Vec::new()),
        }
    }
}
