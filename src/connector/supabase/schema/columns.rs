//! Columns: what each table has, read from the SQL that makes it, so that nothing has to agree with it.
//!
//! The files of the versions are written for people, and in one form: a column a line, name and type first. A later version adds
//! a column in a line of its own, `alter table {schema}.orders add column if not exists gift_note text;`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::row::Table;

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnKind,
    pub is_required: bool,
}

/// The types in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Bigint,
    Numeric,
    Boolean,
    Timestamptz,
    Date,
    Jsonb,
}

impl ColumnKind {
    const ALL: [ColumnKind; 7] = [
        ColumnKind::Text,
        ColumnKind::Bigint,
        ColumnKind::Numeric,
        ColumnKind::Boolean,
        ColumnKind::Timestamptz,
        ColumnKind::Date,
        ColumnKind::Jsonb,
    ];

    /// As our SQL writes it, and everybody understands it.
    pub fn as_str(self) -> &'static str {
        match self {
            ColumnKind::Text => "text",
            ColumnKind::Bigint => "bigint",
            ColumnKind::Numeric => "numeric",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Timestamptz => "timestamptz",
            ColumnKind::Date => "date",
            ColumnKind::Jsonb => "jsonb",
        }
    }

    /// As PostgreSQL itself tells it.
    pub fn told(self) -> &'static str {
        match self {
            ColumnKind::Timestamptz => "timestamp with time zone",
            other => other.as_str(),
        }
    }
}

/// Kept by the database itself: no row says it.
pub const UPDATED_AT: &str = "updated_at";

/// Every column of the table, in the order in which they stand there; the key is `shop` and `id`.
pub fn columns(table: Table) -> &'static [Column] {
    &ALL[&table]
}

/// The columns that a row is sent with, in their order: all that the database does not keep itself.
pub fn sent(table: Table) -> impl Iterator<Item = &'static Column> {
    columns(table)
        .iter()
        .filter(|column| column.name != UPDATED_AT)
}

static ALL: LazyLock<BTreeMap<Table, Vec<Column>>> = LazyLock::new(|| {
    let read = |table: Table| {
        let of_each = super::VERSIONS.iter().flat_map(|sql| read(sql, table));
        (table, of_each.collect())
    };
    Table::ALL.into_iter().map(read).collect()
});

/// The columns that one version gives to a table.
fn read(sql: &'static str, table: Table) -> Vec<Column> {
    let begins = format!("create table if not exists {{schema}}.{} (", table.as_str());
    let adds = format!(
        "alter table {{schema}}.{} add column if not exists ",
        table.as_str()
    );
    let body = sql.lines().skip_while(|line| *line != begins).skip(1);
    let made = body.take_while(|line| *line != ");").filter_map(column);
    let added = sql
        .lines()
        .filter_map(|line| line.strip_prefix(&adds))
        .filter_map(column);
    made.chain(added).collect()
}

/// `total numeric not null,`. The line of the primary key is none.
fn column(line: &'static str) -> Option<Column> {
    let line = line.trim().trim_end_matches([',', ';']);
    let mut words = line.split(' ');
    let (name, kind) = (words.next()?, words.next()?);
    let kind = ColumnKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind)?;
    Some(Column {
        name,
        kind,
        is_required: line.contains(" not null"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_table_is_understood() {
        for table in Table::ALL {
            let begins = format!("create table if not exists {{schema}}.{} (", table.as_str());
            let lines = super::super::VERSIONS[0]
                .lines()
                .skip_while(|line| *line != begins)
                .skip(1)
                .take_while(|line| *line != ");")
                .filter(|line| !line.trim().starts_with("primary key (shop, id)"));
            let made = lines.count();
            let names: Vec<&str> = columns(table)
                .iter()
                .map(|column| column.name)
                .take(made)
                .collect();
            assert_eq!(names[..2], ["shop", "id"], "{table:?}");
            let end = [
                "raw",
                "fingerprint",
                "source_at",
                "deleted_at",
                "updated_at",
            ];
            assert_eq!(names[names.len() - 5..], end, "{table:?}");
            let id = &columns(table)[1];
            let number = table.has_number_ids();
            assert_eq!(id.kind == ColumnKind::Bigint, number, "{table:?}");
            assert!(id.is_required, "{table:?}");
            assert_eq!(sent(table).count() + 1, columns(table).len(), "{table:?}");
        }
    }

    #[test]
    fn what_a_later_version_adds_is_a_column_like_any_other() {
        let added: Vec<&str> = columns(Table::SyncLogs)
            .iter()
            .map(|column| column.name)
            .filter(|name| name.starts_with("history_"))
            .collect();
        assert_eq!(added, ["history_entries", "history_head"]);
    }

    /// What a mapping may feed is what the table has.
    #[test]
    fn the_tables_have_the_columns_that_mappings_are_checked_against() {
        for (table, csv) in [
            (
                Table::Orders,
                include_str!("../../../core/mapping/data/supabase-orders.csv"),
            ),
            (
                Table::OrderLines,
                include_str!("../../../core/mapping/data/supabase-order_lines.csv"),
            ),
            (
                Table::Refunds,
                include_str!("../../../core/mapping/data/supabase-refunds.csv"),
            ),
            (
                Table::Customers,
                include_str!("../../../core/mapping/data/supabase-customers.csv"),
            ),
            (
                Table::Products,
                include_str!("../../../core/mapping/data/supabase-products.csv"),
            ),
        ] {
            let told = csv.lines().skip(1).map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                let kind = match cells[1] {
                    "text" => ColumnKind::Text,
                    "whole" => ColumnKind::Bigint,
                    "number" => ColumnKind::Numeric,
                    "bool" => ColumnKind::Boolean,
                    "time" => ColumnKind::Timestamptz,
                    "date" => ColumnKind::Date,
                    "json" => ColumnKind::Jsonb,
                    other => panic!("{other}"),
                };
                let kept = ["fingerprint", UPDATED_AT].contains(&cells[0]);
                Column {
                    name: cells[0],
                    kind,
                    is_required: cells[5] == "required" || kept,
                }
            });
            let told: Vec<Column> = told.collect();
            assert_eq!(columns(table), told, "{table:?}");
        }
    }
}
