//! What changes rows: inserting with or without an eye on duplicates, changing and deleting what a filter finds.
//!
//! One request is one statement: it is done whole or not at all. The guard of a table keeps what is newer, and a row it
//! keeps is not counted, as with a trigger that returns null.

use std::collections::HashSet;

use super::fault::DatabaseFault;
use super::filter::Filter;
use super::json::Json;
use super::kind::{DatabaseCell, broken_json};
use super::mishap::Poison;
use super::prefer::{Prefer, Resolution};
use super::query::DatabaseQuery;
use super::table::{DatabaseRow, DatabaseTable, Default, Right};

/// What a statement did.
#[derive(Debug, Default)]
pub struct DatabaseDone {
    /// The rows as they are after it; of a delete, as they were.
    pub rows: Vec<DatabaseRow>,
    pub inserted: usize,
    /// The duplicates were seen to as asked.
    pub resolved: bool,
}

/// Now, in microseconds, and which rows a mishap poisons.
pub struct Circumstances<'a> {
    pub now: i64,
    pub poisons: &'a [Poison],
    pub modern: bool,
}

pub fn may(table: &DatabaseTable, right: Right) -> Result<(), DatabaseFault> {
    if table.rights.contains(&right) {
        return Ok(());
    }
    let message = format!("permission denied for table {}", table.name);
    Err(DatabaseFault::sql("42501", message))
}

/// What a body says to write: which columns, and a value for each of them in each row. A key that is missing is `None`.
struct Payload {
    columns: Vec<usize>,
    rows: Vec<Vec<Option<DatabaseCell>>>,
}

fn payload(
    table: &DatabaseTable,
    query: &DatabaseQuery,
    body: &[u8],
    modern: bool,
) -> Result<Payload, DatabaseFault> {
    let named = query.get("columns").filter(|text| !text.is_empty());
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(_) if named.is_none() => return Err(unread()),
        Err(error) => {
            let odd = body.get(error.valid_up_to()).copied().unwrap_or_default();
            let message = format!("invalid byte sequence for encoding \"UTF8\": 0x{odd:02x}");
            return Err(DatabaseFault::sql("22021", message));
        }
    };
    let read = Json::read(text);
    let (names, objects) = match named {
        Some(named) => {
            // The names are looked up before the database sees the body.
            let names: Vec<String> = named.split(',').map(str::to_owned).collect();
            places(table, &names, modern)?;
            (names, of_recordset(read.map_err(broken_json)?)?)
        }
        None => of_uniform(match read {
            // Only PostgreSQL minds; PostgREST's own reader takes it.
            Err(super::json::DatabaseBroken::Nul) => {
                return Err(broken_json(super::json::DatabaseBroken::Nul));
            }
            Err(_) => return Err(unread()),
            Ok(json) => json,
        })?,
    };
    let columns = places(table, &names, modern)?;
    let mut rows = Vec::with_capacity(objects.len());
    for object in &objects {
        let mut row = Vec::with_capacity(columns.len());
        for (name, at) in names.iter().zip(&columns) {
            let kind = table.columns[*at].kind;
            row.push(match object.get(name) {
                Some(value) => Some(kind.of_json(value)?),
                None => None,
            });
        }
        rows.push(row);
    }
    Ok(Payload { columns, rows })
}

fn unread() -> DatabaseFault {
    DatabaseFault::rest(400, "PGRST102", "Empty or invalid json")
}

fn places(
    table: &DatabaseTable,
    names: &[String],
    modern: bool,
) -> Result<Vec<usize>, DatabaseFault> {
    let place = |name: &String| {
        table.place(name).ok_or_else(|| {
            let message = if modern {
                format!(
                    "Could not find the '{name}' column of '{}' in the schema cache",
                    table.name
                )
            } else {
                format!(
                    "Column '{name}' of relation '{}' does not exist",
                    table.name
                )
            };
            DatabaseFault::rest(400, "PGRST204", message)
        })
    };
    names.iter().map(place).collect()
}

/// With `columns` the body goes to the database as it is.
fn of_recordset(json: Json) -> Result<Vec<Json>, DatabaseFault> {
    let list = match json {
        Json::List(list) => list,
        one => vec![one],
    };
    if list.iter().all(|one| matches!(one, Json::Object(_))) {
        Ok(list)
    } else {
        let message = "argument of json_to_recordset must be an array of objects";
        Err(DatabaseFault::sql("22023", message))
    }
}

/// Without, the keys of the first object are those of all.
fn of_uniform(json: Json) -> Result<(Vec<String>, Vec<Json>), DatabaseFault> {
    let list = match json {
        Json::List(list) => list,
        Json::Object(pairs) => vec![Json::Object(pairs)],
        _ => Vec::new(),
    };
    let keys = |one: &Json| match one {
        Json::Object(pairs) => {
            let mut keys: Vec<String> = pairs.iter().map(|(key, _)| key.clone()).collect();
            keys.sort();
            keys.dedup();
            Some(keys)
        }
        _ => None,
    };
    let Some(first) = list.first().and_then(keys) else {
        return Ok((Vec::new(), Vec::new()));
    };
    if list.iter().any(|one| keys(one).as_ref() != Some(&first)) {
        let message = "All object keys must match";
        return Err(DatabaseFault::rest(400, "PGRST102", message));
    }
    Ok((first, list))
}

/// Puts back what a statement did that did not come to its end.
#[derive(Default)]
struct Undo(Vec<(u64, Option<DatabaseRow>)>);

impl Undo {
    fn add(&mut self, table: &mut DatabaseTable, row: DatabaseRow) -> u64 {
        let at = table.add(row);
        self.0.push((at, None));
        at
    }

    fn remove(&mut self, table: &mut DatabaseTable, at: u64) {
        if let Some(row) = table.remove(at) {
            self.0.push((at, Some(row)));
        }
    }

    fn all(self, table: &mut DatabaseTable) {
        for (at, row) in self.0.into_iter().rev() {
            match row {
                None => drop(table.remove(at)),
                Some(row) => table.put_back(at, row),
            }
        }
    }
}

pub fn insert(
    table: &mut DatabaseTable,
    query: &DatabaseQuery,
    body: &[u8],
    prefer: &Prefer,
    around: &Circumstances<'_>,
) -> Result<DatabaseDone, DatabaseFault> {
    let given = payload(table, query, body, around.modern)?;
    let arbiter = arbiter(table, query, prefer)?;
    may(table, Right::Insert)?;
    if arbiter.is_some() && prefer.resolution == Some(Resolution::Merge) {
        may(table, Right::Update)?;
        may(table, Right::Select)?;
    }
    let mut undo = Undo::default();
    match insert_rows(table, &given, arbiter.as_deref(), prefer, around, &mut undo) {
        Ok(mut done) => {
            done.resolved = arbiter.is_some();
            Ok(done)
        }
        Err(fault) => {
            undo.all(table);
            Err(fault)
        }
    }
}

/// The columns on which duplicates are told; `None` where nothing sees to them.
fn arbiter(
    table: &DatabaseTable,
    query: &DatabaseQuery,
    prefer: &Prefer,
) -> Result<Option<Vec<usize>>, DatabaseFault> {
    if prefer.resolution.is_none() {
        return Ok(None);
    }
    let columns = match query.get("on_conflict").filter(|text| !text.is_empty()) {
        // A table without a key gets its rows once more, and nobody is told but by what the answer leaves out.
        None if table.key.is_empty() => return Ok(None),
        None => table.key.clone(),
        Some(names) => names
            .split(',')
            .map(|name| {
                table.place(name).ok_or_else(|| {
                    DatabaseFault::sql("42703", format!("column \"{name}\" does not exist"))
                })
            })
            .collect::<Result<_, _>>()?,
    };
    if table.unique_over(&columns).is_none() {
        let message =
            "there is no unique or exclusion constraint matching the ON CONFLICT specification";
        return Err(DatabaseFault::sql("42P10", message));
    }
    Ok(Some(columns))
}

fn insert_rows(
    table: &mut DatabaseTable,
    given: &Payload,
    arbiter: Option<&[usize]>,
    prefer: &Prefer,
    around: &Circumstances<'_>,
    undo: &mut Undo,
) -> Result<DatabaseDone, DatabaseFault> {
    let mut done = DatabaseDone::default();
    let mut touched = HashSet::new();
    for values in &given.rows {
        let mut row = fresh(table, around.now)?;
        for (at, value) in given.columns.iter().zip(values) {
            match value {
                Some(cell) => row[*at] = cell.clone(),
                None if prefer.missing_default => {}
                None => row[*at] = DatabaseCell::Null,
            }
        }
        stamp(table, &mut row, around.now);
        poisoned(table, &row, around.poisons)?;
        complete(table, &row)?;
        let held = arbiter
            .and_then(|columns| table.unique_over(columns))
            .and_then(|unique| table.holder(unique, &row));
        let Some(at) = held else {
            single(table, &row, None)?;
            let at = undo.add(table, row.clone());
            touched.insert(at);
            done.inserted += 1;
            done.rows.push(row);
            continue;
        };
        if prefer.resolution == Some(Resolution::Ignore) {
            continue;
        }
        if touched.contains(&at) {
            let message = "ON CONFLICT DO UPDATE command cannot affect row a second time";
            let hint = "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.";
            return Err(DatabaseFault::sql("21000", message).hint(hint));
        }
        let Some(old) = table.row(at) else { continue };
        let mut new = old.clone();
        for place in &given.columns {
            new[*place] = row[*place].clone();
        }
        if let Some((at, new)) = replace(table, at, new, around.now, undo)? {
            touched.insert(at);
            done.rows.push(new);
        }
    }
    Ok(done)
}

/// Changes a row unless the guard keeps it. Answers with the row as it is then.
fn replace(
    table: &mut DatabaseTable,
    at: u64,
    mut new: DatabaseRow,
    now: i64,
    undo: &mut Undo,
) -> Result<Option<(u64, DatabaseRow)>, DatabaseFault> {
    let Some(old) = table.row(at) else {
        return Ok(None);
    };
    if keeps(table, old, &new) {
        return Ok(None);
    }
    stamp(table, &mut new, now);
    complete(table, &new)?;
    single(table, &new, Some(at))?;
    undo.remove(table, at);
    let at = undo.add(table, new.clone());
    Ok(Some((at, new)))
}

/// Whether the guard of the table holds on to the old row.
fn keeps(table: &DatabaseTable, old: &DatabaseRow, new: &DatabaseRow) -> bool {
    let Some(at) = table.place("source_at").filter(|_| table.guarded) else {
        return false;
    };
    let older = matches!((&new[at], &old[at]), (DatabaseCell::Time(new_at), DatabaseCell::Time(old_at)) if new_at < old_at);
    older || new == old
}

fn stamp(table: &DatabaseTable, row: &mut DatabaseRow, now: i64) {
    if let Some(at) = table.place("updated_at").filter(|_| table.guarded) {
        row[at] = DatabaseCell::Time(now);
    }
}

fn fresh(table: &DatabaseTable, now: i64) -> Result<DatabaseRow, DatabaseFault> {
    table
        .columns
        .iter()
        .map(|column| match &column.default {
            None => Ok(DatabaseCell::Null),
            Some(Default::Now) => Ok(DatabaseCell::Time(now)),
            Some(Default::Value(text)) => column.kind.of_text(text),
        })
        .collect()
}

fn shown(row: &DatabaseRow) -> String {
    let cells: Vec<String> = row.iter().map(DatabaseCell::in_message).collect();
    format!("Failing row contains ({}).", cells.join(", "))
}

fn complete(table: &DatabaseTable, row: &DatabaseRow) -> Result<(), DatabaseFault> {
    for (column, cell) in table.columns.iter().zip(row) {
        if column.required && *cell == DatabaseCell::Null {
            let message = format!(
                "null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                column.name, table.name
            );
            return Err(DatabaseFault::sql("23502", message).details(shown(row)));
        }
    }
    Ok(())
}

/// Refuses what another row has already.
fn single(table: &DatabaseTable, row: &DatabaseRow, but: Option<u64>) -> Result<(), DatabaseFault> {
    for unique in &table.uniques {
        if table.holder(unique, row).is_some_and(|at| Some(at) != but) {
            let names: Vec<&str> = unique
                .columns
                .iter()
                .map(|at| table.columns[*at].name.as_str())
                .collect();
            let values: Vec<String> = unique
                .columns
                .iter()
                .map(|at| row[*at].in_message())
                .collect();
            let message = format!(
                "duplicate key value violates unique constraint \"{}\"",
                unique.name
            );
            return Err(DatabaseFault::sql("23505", message).details(format!(
                "Key ({})=({}) already exists.",
                names.join(", "),
                values.join(", ")
            )));
        }
    }
    Ok(())
}

fn poisoned(
    table: &DatabaseTable,
    row: &DatabaseRow,
    poisons: &[Poison],
) -> Result<(), DatabaseFault> {
    let id = table.place("id").and_then(|at| row[at].cast());
    for poison in poisons {
        let hit = poison.table.as_ref().is_none_or(|name| *name == table.name)
            && id.as_ref().is_some_and(|id| poison.ids.contains(id));
        if hit {
            return Err(
                DatabaseFault::sql(&poison.code, poison.message.clone()).details(shown(row))
            );
        }
    }
    Ok(())
}

pub fn change(
    table: &mut DatabaseTable,
    query: &DatabaseQuery,
    body: &[u8],
    prefer: &Prefer,
    around: &Circumstances<'_>,
) -> Result<DatabaseDone, DatabaseFault> {
    let given = payload(table, query, body, around.modern)?;
    let filter = Filter::read(table, query, around.modern)?;
    may(table, Right::Update)?;
    may(table, Right::Select)?;
    let Some(values) = given.rows.first().filter(|_| !given.columns.is_empty()) else {
        return Ok(DatabaseDone::default());
    };
    let found = found(table, &filter);
    affected(prefer, found.len())?;
    let mut undo = Undo::default();
    let mut done = DatabaseDone::default();
    for at in found {
        let Some(old) = table.row(at) else { continue };
        let mut new = old.clone();
        for (place, value) in given.columns.iter().zip(values) {
            new[*place] = value.clone().unwrap_or(DatabaseCell::Null);
        }
        match replace(table, at, new, around.now, &mut undo) {
            Ok(Some((_, row))) => done.rows.push(row),
            Ok(None) => {}
            Err(fault) => {
                undo.all(table);
                return Err(fault);
            }
        }
    }
    Ok(done)
}

pub fn delete(
    table: &mut DatabaseTable,
    query: &DatabaseQuery,
    prefer: &Prefer,
    modern: bool,
) -> Result<DatabaseDone, DatabaseFault> {
    let filter = Filter::read(table, query, modern)?;
    may(table, Right::Delete)?;
    may(table, Right::Select)?;
    let found = found(table, &filter);
    affected(prefer, found.len())?;
    let rows = found
        .into_iter()
        .filter_map(|at| table.remove(at))
        .collect();
    Ok(DatabaseDone {
        rows,
        ..DatabaseDone::default()
    })
}

fn found(table: &DatabaseTable, filter: &Filter) -> Vec<u64> {
    table
        .rows()
        .filter(|(_, row)| filter.takes(row))
        .map(|(at, _)| at)
        .collect()
}

fn affected(prefer: &Prefer, count: usize) -> Result<(), DatabaseFault> {
    match prefer.max_affected {
        Some(most) if count > most => {
            let message = "Query result exceeds max-affected preference constraint";
            let details = format!("The query affects {count} rows");
            Err(DatabaseFault::rest(400, "PGRST124", message).details(details))
        }
        _ => Ok(()),
    }
}
