//! Setup: the project as a test or a demonstration asks for it.
//!
//! Without tables of its own a project has those that udsync's SQL makes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::gateway::DatabaseKey;
use super::kind::DatabaseKind;
use super::ours;
use super::table::{ALL_RIGHTS, DatabaseColumn, DatabaseTable, Default as Filled, Right};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSetup {
    pub keys: Vec<DatabaseKey>,
    /// PostgREST's version; from 13 on it speaks differently of some things.
    pub version: String,
    pub schema: String,
    pub schemas: Vec<String>,
    pub max_rows: usize,
    /// `None`: udsync's own.
    tables: Option<BTreeMap<String, DatabaseShape>>,
    /// Tables besides.
    more: BTreeMap<String, DatabaseShape>,
    pub latency_ms: u64,
    pub longest_url: usize,
    pub largest_body: usize,
    pub clock_offset_seconds: i64,
}

impl Default for DatabaseSetup {
    fn default() -> DatabaseSetup {
        DatabaseSetup {
            keys: Vec::new(),
            version: "14.5".to_owned(),
            schema: "public".to_owned(),
            schemas: vec!["public".to_owned(), "graphql_public".to_owned()],
            max_rows: 1_000,
            tables: None,
            more: BTreeMap::new(),
            latency_ms: 0,
            // The edge was seen to refuse from somewhere between eight and sixteen thousand on.
            longest_url: 8 * 1024,
            largest_body: 5 * 1024 * 1024,
            clock_offset_seconds: 0,
        }
    }
}

/// A table as it is asked for: `"columns": ["id bigint not null", "at timestamptz not null default now()"]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseShape {
    columns: Vec<String>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    unique: Vec<Vec<String>>,
    #[serde(default)]
    guarded: bool,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    rights: Option<BTreeSet<Right>>,
}

impl DatabaseSetup {
    pub fn build(&self) -> Result<BTreeMap<String, DatabaseTable>, String> {
        let mut tables = match &self.tables {
            None => ours::tables(),
            Some(shapes) => shaped(shapes)?,
        };
        tables.extend(shaped(&self.more)?);
        Ok(tables)
    }

    /// Version 13 and later.
    pub fn is_modern(&self) -> bool {
        let major = self.version.split('.').next().unwrap_or_default();
        major.parse::<u32>().is_ok_and(|major| major >= 13)
    }
}

fn shaped(
    shapes: &BTreeMap<String, DatabaseShape>,
) -> Result<BTreeMap<String, DatabaseTable>, String> {
    shapes
        .iter()
        .map(|(name, shape)| Ok((name.clone(), shape.table(name)?)))
        .collect()
}

impl DatabaseShape {
    fn table(&self, name: &str) -> Result<DatabaseTable, String> {
        let columns: Result<Vec<DatabaseColumn>, String> =
            self.columns.iter().map(|line| column(line)).collect();
        let mut table = DatabaseTable::new(name, columns?);
        let places = |table: &DatabaseTable, names: &[String]| -> Result<Vec<usize>, String> {
            let place = |column: &String| {
                table
                    .place(column)
                    .ok_or_else(|| format!("`{name}` has no column `{column}`"))
            };
            names.iter().map(place).collect()
        };
        if !self.key.is_empty() {
            let key = places(&table, &self.key)?;
            table.constrain(key, true);
        }
        for unique in &self.unique {
            let unique = places(&table, unique)?;
            table.constrain(unique, false);
        }
        table.guarded = self.guarded;
        table.comment.clone_from(&self.comment);
        table.rights = self.rights.clone().unwrap_or_else(|| ALL_RIGHTS.into());
        Ok(table)
    }
}

/// `total numeric(12,2) not null default 0`
pub fn column(line: &str) -> Result<DatabaseColumn, String> {
    let (line, default) = match line.split_once(" default ") {
        Some((line, "now()")) => (line, Some(Filled::Now)),
        Some((line, value)) => (
            line,
            Some(Filled::Value(value.trim_matches('\'').to_owned())),
        ),
        None => (line, None),
    };
    let (line, required) = match line.strip_suffix(" not null") {
        Some(line) => (line, true),
        None => (line, false),
    };
    let (name, kind) = line
        .split_once(' ')
        .ok_or_else(|| format!("`{line}` is no column"))?;
    let kind = DatabaseKind::named(kind).ok_or_else(|| format!("`{kind}` is no kind of column"))?;
    Ok(DatabaseColumn {
        name: name.to_owned(),
        kind,
        required,
        default,
    })
}
