//! A table: its columns and keys, and the rows in it.
//!
//! Rows lie in the order in which they were last written, as in a heap: who asks for no order gets none to rely on.
//! Not imitated: foreign keys, generated columns, partial indexes, and triggers other than the one that keeps what is newer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::kind::{DatabaseCell, DatabaseKind};

#[derive(Clone, Debug)]
pub struct DatabaseColumn {
    pub name: String,
    pub kind: DatabaseKind,
    pub required: bool,
    pub default: Option<Default>,
}

/// What a column gets by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    Now,
    Value(String),
}

pub type DatabaseRow = Vec<DatabaseCell>;

#[derive(Clone, Debug)]
pub struct Unique {
    pub name: String,
    pub columns: Vec<usize>,
    rows: HashMap<Vec<String>, u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    Select,
    Insert,
    Update,
    Delete,
}

pub const ALL_RIGHTS: [Right; 4] = [Right::Select, Right::Insert, Right::Update, Right::Delete];

#[derive(Clone, Debug)]
pub struct DatabaseTable {
    pub name: String,
    pub columns: Vec<DatabaseColumn>,
    /// Places of the primary key's columns; none for a table without one.
    pub key: Vec<usize>,
    /// The primary key's among them.
    pub uniques: Vec<Unique>,
    /// The trigger is there that keeps what is newer and stamps `updated_at`.
    pub guarded: bool,
    pub comment: Option<String>,
    /// What `service_role` may do. Everybody else may nothing.
    pub rights: BTreeSet<Right>,
    rows: BTreeMap<u64, DatabaseRow>,
    next: u64,
}

impl DatabaseTable {
    pub fn new(name: &str, columns: Vec<DatabaseColumn>) -> DatabaseTable {
        DatabaseTable {
            name: name.to_owned(),
            columns,
            key: Vec::new(),
            uniques: Vec::new(),
            guarded: false,
            comment: None,
            rights: ALL_RIGHTS.into(),
            rows: BTreeMap::new(),
            next: 1,
        }
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// Adds a primary key or another unique constraint over these columns.
    pub fn constrain(&mut self, columns: Vec<usize>, primary: bool) {
        let name = if primary {
            self.key = columns.clone();
            format!("{}_pkey", self.name)
        } else {
            let names: Vec<&str> = columns
                .iter()
                .map(|at| self.columns[*at].name.as_str())
                .collect();
            format!("{}_{}_key", self.name, names.join("_"))
        };
        self.uniques.push(Unique {
            name,
            columns,
            rows: HashMap::new(),
        });
        self.index();
    }

    /// Takes the primary key away, as somebody with a wish for speed did.
    pub fn forget_key(&mut self) {
        let name = format!("{}_pkey", self.name);
        self.uniques.retain(|unique| unique.name != name);
        self.key.clear();
    }

    pub fn rows(&self) -> impl Iterator<Item = (u64, &DatabaseRow)> {
        self.rows.iter().map(|(at, row)| (*at, row))
    }

    pub fn row(&self, at: u64) -> Option<&DatabaseRow> {
        self.rows.get(&at)
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.index();
    }

    /// Whoever has these values in a constraint already; a null is like nothing else.
    pub fn holder(&self, unique: &Unique, row: &DatabaseRow) -> Option<u64> {
        values(&unique.columns, row).and_then(|values| unique.rows.get(&values).copied())
    }

    /// The constraint over exactly these columns, in whatever order.
    pub fn unique_over(&self, columns: &[usize]) -> Option<&Unique> {
        let wanted: BTreeSet<&usize> = columns.iter().collect();
        self.uniques
            .iter()
            .find(|unique| unique.columns.iter().collect::<BTreeSet<_>>() == wanted)
    }

    pub fn add(&mut self, row: DatabaseRow) -> u64 {
        let at = self.next;
        self.next += 1;
        self.put_back(at, row);
        at
    }

    pub fn remove(&mut self, at: u64) -> Option<DatabaseRow> {
        let row = self.rows.remove(&at)?;
        for unique in &mut self.uniques {
            if let Some(values) = values(&unique.columns, &row)
                && unique.rows.get(&values) == Some(&at)
            {
                unique.rows.remove(&values);
            }
        }
        Some(row)
    }

    /// Puts a row back where it was.
    pub fn put_back(&mut self, at: u64, row: DatabaseRow) {
        for unique in &mut self.uniques {
            if let Some(values) = values(&unique.columns, &row) {
                unique.rows.insert(values, at);
            }
        }
        self.rows.insert(at, row);
    }

    /// Takes a column away with all that stands in it.
    pub fn drop_column(&mut self, column: &str) -> bool {
        let Some(at) = self.place(column) else {
            return false;
        };
        self.columns.remove(at);
        self.uniques.retain(|unique| !unique.columns.contains(&at));
        if self.key.contains(&at) {
            self.key.clear();
        }
        let below = |place: &mut usize| *place -= usize::from(*place > at);
        self.key.iter_mut().for_each(below);
        for unique in &mut self.uniques {
            unique.columns.iter_mut().for_each(below);
        }
        for row in self.rows.values_mut() {
            row.remove(at);
        }
        true
    }

    pub fn add_column(&mut self, column: DatabaseColumn) {
        self.columns.push(column);
        for row in self.rows.values_mut() {
            row.push(DatabaseCell::Null);
        }
    }

    fn index(&mut self) {
        for unique in &mut self.uniques {
            unique.rows = self
                .rows
                .iter()
                .filter_map(|(at, row)| Some((values(&unique.columns, row)?, *at)))
                .collect();
        }
    }
}

fn values(columns: &[usize], row: &DatabaseRow) -> Option<Vec<String>> {
    columns.iter().map(|at| row[*at].cast()).collect()
}
