//! The tables that udsync's own SQL makes, declared once more.
//!
//! They are written out here and not taken from that SQL, so that a slip there is not repeated here; the contract tests compare both.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::kind::DatabaseCell;
use super::setup::column;
use super::table::{DatabaseColumn, DatabaseRow, DatabaseTable, Right};

/// A name, and below it its columns without those that all have.
const DECLARED: &str = include_str!("ours.txt");

const FIRST: &str = "shop text not null";
const LAST: [&str; 5] = [
    "raw jsonb",
    "fingerprint text not null",
    "source_at timestamptz",
    "deleted_at timestamptz",
    "updated_at timestamptz not null default now()",
];

/// The table with the version of the SQL that was run.
const VERSIONS: &str = "udsync_schema";
/// What is a view there: how the tables stand. Here it is filled whenever somebody looks.
pub const STATE: &str = "udsync_state";

pub fn tables() -> BTreeMap<String, DatabaseTable> {
    let mut tables = BTreeMap::from([
        (VERSIONS.to_owned(), versions()),
        (STATE.to_owned(), state()),
    ]);
    let mut lines = DECLARED.lines().peekable();
    while let Some(name) = lines.next() {
        let mut columns = vec![of(FIRST)];
        while let Some(line) = lines.next_if(|line| line.starts_with(' ')) {
            columns.push(of(line.trim()));
        }
        columns.extend(LAST.map(of));
        let mut table = DatabaseTable::new(name, columns);
        table.constrain(vec![0, 1], true);
        table.guarded = true;
        table.comment = Some(format!("udsync: {name}"));
        tables.insert(name.to_owned(), table);
    }
    tables
}

fn versions() -> DatabaseTable {
    let columns = [
        "version integer not null",
        "applied_at timestamptz not null default now()",
    ];
    let mut table = DatabaseTable::new(VERSIONS, columns.map(of).into());
    table.constrain(vec![0], true);
    table.comment = Some("udsync: versions".to_owned());
    table.rights = [Right::Select].into();
    for version in 1..=2 {
        table.add(vec![
            DatabaseCell::Whole(version),
            DatabaseCell::Time(1_763_000_000_000_000),
        ]);
    }
    table
}

fn state() -> DatabaseTable {
    let columns = [
        "name text",
        "version integer",
        "keyed boolean",
        "guarded boolean",
        "writable boolean",
        "barred boolean",
        "sealed boolean",
    ];
    let mut table = DatabaseTable::new(STATE, columns.map(of).into());
    table.rights = [Right::Select].into();
    table.comment = Some("udsync: how the tables stand".to_owned());
    table
}

/// Fills the state anew. Nobody but `service_role` may look at a table here, so all are sealed, and
/// no policy bars it.
pub fn look_over(tables: &mut BTreeMap<String, DatabaseTable>) {
    let version = tables.get(VERSIONS).and_then(|table| {
        let versions = table.rows().map(|(_, row)| row[0].clone());
        versions.max_by(|a, b| a.order(b).unwrap_or(Ordering::Equal))
    });
    let version = version.unwrap_or(DatabaseCell::Null);
    let needed = [Right::Select, Right::Insert, Right::Update];
    let rows: Vec<DatabaseRow> = DECLARED
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|name| tables.get(name))
        .map(|table| {
            vec![
                DatabaseCell::Text(table.name.clone()),
                version.clone(),
                DatabaseCell::Bool(table.unique_over(&[0, 1]).is_some()),
                DatabaseCell::Bool(table.guarded),
                DatabaseCell::Bool(needed.iter().all(|right| table.rights.contains(right))),
                DatabaseCell::Bool(false),
                DatabaseCell::Bool(true),
            ]
        })
        .collect();
    if let Some(state) = tables.get_mut(STATE) {
        state.clear();
        for row in rows {
            state.add(row);
        }
    }
}

fn of(line: &str) -> DatabaseColumn {
    column(line).expect("the declarations are ours")
}
