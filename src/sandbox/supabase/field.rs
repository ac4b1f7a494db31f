//! Columns as a request names them: with a path into JSON, with a cast, under another name.

use super::fault::DatabaseFault;
use super::json::Json;
use super::kind::{DatabaseCell, DatabaseKind};
use super::table::{DatabaseRow, DatabaseTable};

/// A column, or something inside it.
#[derive(Clone, Debug)]
pub struct DatabaseField {
    at: usize,
    path: Vec<String>,
    /// The last arrow had two heads.
    as_text: bool,
    kind: DatabaseKind,
}

impl DatabaseField {
    /// `raw->lines->0->>sku`
    pub fn read(table: &DatabaseTable, text: &str) -> Result<DatabaseField, DatabaseFault> {
        let mut parts = text.split("->");
        let column = parts.next().unwrap_or_default();
        let at = table
            .place(column)
            .ok_or_else(|| no_column(table, column))?;
        let mut as_text = false;
        let path: Vec<String> = parts
            .map(|part| {
                as_text = part.starts_with('>');
                part.trim_start_matches('>').to_owned()
            })
            .collect();
        let kind = table.columns[at].kind;
        if !path.is_empty() && kind != DatabaseKind::Jsonb {
            let message = format!("operator does not exist: {} -> unknown", kind.name());
            return Err(DatabaseFault::sql("42883", message));
        }
        let kind = match (path.is_empty(), as_text) {
            (true, _) => kind,
            (false, true) => DatabaseKind::Text,
            (false, false) => DatabaseKind::Jsonb,
        };
        Ok(DatabaseField {
            at,
            path,
            as_text,
            kind,
        })
    }

    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    pub fn of(&self, row: &DatabaseRow) -> DatabaseCell {
        if self.path.is_empty() {
            return row[self.at].clone();
        }
        let DatabaseCell::Json(whole) = &row[self.at] else {
            return DatabaseCell::Null;
        };
        let found = self
            .path
            .iter()
            .try_fold(whole, |inside, step| inside.step(step));
        match (found, self.as_text) {
            (None, _) | (Some(Json::Null), true) => DatabaseCell::Null,
            (Some(Json::Text(text)), true) => DatabaseCell::Text(text.clone()),
            (Some(value), true) => DatabaseCell::Text(value.printed()),
            (Some(value), false) => DatabaseCell::Json(value.clone()),
        }
    }

    /// The name under which it is answered.
    fn name<'a>(&'a self, table: &'a DatabaseTable) -> &'a str {
        self.path
            .last()
            .map_or(table.columns[self.at].name.as_str(), String::as_str)
    }
}

pub fn no_column(table: &DatabaseTable, column: &str) -> DatabaseFault {
    let message = format!("column {}.{column} does not exist", table.name);
    DatabaseFault::sql("42703", message)
}

/// One thing to answer of each row.
#[derive(Clone, Debug)]
struct DatabaseItem {
    name: String,
    field: DatabaseField,
    cast: bool,
}

/// What to answer of each row, in order.
#[derive(Clone, Debug)]
pub struct Select(Vec<DatabaseItem>);

impl Select {
    pub fn read(table: &DatabaseTable, text: Option<&str>) -> Result<Select, DatabaseFault> {
        let text = text.unwrap_or("*");
        if text.is_empty() {
            return Select::read(table, None);
        }
        if text.contains('(') {
            let message = format!(
                "Could not find a relationship between '{}' and another table in the schema cache",
                table.name
            );
            return Err(DatabaseFault::rest(400, "PGRST200", message));
        }
        let mut items = Vec::new();
        for part in text.split(',') {
            if part.is_empty() {
                let details = "unexpected end of input expecting \"...\", field name (* or [a..z0..9_$]), \"*\" or \"count()\"";
                let message = format!(
                    "\"failed to parse select parameter ({text})\" (line 1, column {})",
                    text.len() + 1
                );
                return Err(DatabaseFault::rest(400, "PGRST100", message).details(details));
            }
            if part == "*" {
                for column in &table.columns {
                    items.push(DatabaseItem {
                        name: column.name.clone(),
                        field: DatabaseField::read(table, &column.name)?,
                        cast: false,
                    });
                }
                continue;
            }
            let (rest, cast) = match part.split_once("::") {
                Some((rest, cast)) => (rest, Some(cast)),
                None => (part, None),
            };
            let (alias, field) = match rest.split_once(':') {
                Some((alias, field)) => (Some(alias), field),
                None => (None, rest),
            };
            let field = DatabaseField::read(table, field)?;
            let cast = match cast {
                None => false,
                Some("text" | "varchar") => true,
                Some(other) => {
                    let message = format!("type \"{other}\" does not exist");
                    return Err(DatabaseFault::sql("42704", message));
                }
            };
            items.push(DatabaseItem {
                name: alias.unwrap_or_else(|| field.name(table)).to_owned(),
                field,
                cast,
            });
        }
        Ok(Select(items))
    }

    pub fn print(&self, row: &DatabaseRow, out: &mut String) {
        out.push('{');
        for (at, item) in self.0.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            super::json::quote(&item.name, out);
            out.push(':');
            let cell = item.field.of(row);
            match cell.cast() {
                Some(text) if item.cast => super::json::quote(&text, out),
                _ => cell.print(out),
            }
        }
        out.push('}');
    }

    /// All rows, as `json_agg` puts them together.
    pub fn print_all<'a>(&self, rows: impl Iterator<Item = &'a DatabaseRow>) -> String {
        let mut out = String::from("[");
        for (at, row) in rows.enumerate() {
            if at > 0 {
                out.push_str(", \n ");
            }
            self.print(row, &mut out);
        }
        out.push(']');
        out
    }
}
