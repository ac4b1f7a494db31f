//! Columns as a request names them: with a path into JSON, with a cast, under another name.

use super::fault::Fault;
use super::json::Json;
use super::kind::{Cell, Kind};
use super::table::{Row, Table};

/// A column, or something inside it.
#[derive(Clone, Debug)]
pub struct Field {
    at: usize,
    path: Vec<String>,
    /// The last arrow had two heads.
    as_text: bool,
    kind: Kind,
}

impl Field {
    /// `raw->lines->0->>sku`
    pub fn read(table: &Table, text: &str) -> Result<Field, Fault> {
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
        if !path.is_empty() && kind != Kind::Jsonb {
            let message = format!("operator does not exist: {} -> unknown", kind.name());
            return Err(Fault::sql("42883", message));
        }
        let kind = match (path.is_empty(), as_text) {
            (true, _) => kind,
            (false, true) => Kind::Text,
            (false, false) => Kind::Jsonb,
        };
        Ok(Field {
            at,
            path,
            as_text,
            kind,
        })
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn of(&self, row: &Row) -> Cell {
        if self.path.is_empty() {
            return row[self.at].clone();
        }
        let Cell::Json(whole) = &row[self.at] else {
            return Cell::Null;
        };
        let found = self
            .path
            .iter()
            .try_fold(whole, |inside, step| inside.step(step));
        match (found, self.as_text) {
            (None, _) | (Some(Json::Null), true) => Cell::Null,
            (Some(Json::Text(text)), true) => Cell::Text(text.clone()),
            (Some(value), true) => Cell::Text(value.printed()),
            (Some(value), false) => Cell::Json(value.clone()),
        }
    }

    /// The name under which it is answered.
    fn name<'a>(&'a self, table: &'a Table) -> &'a str {
        self.path
            .last()
            .map_or(table.columns[self.at].name.as_str(), String::as_str)
    }
}

pub fn no_column(table: &Table, column: &str) -> Fault {
    let message = format!("column {}.{column} does not exist", table.name);
    Fault::sql("42703", message)
}

/// One thing to answer of each row.
#[derive(Clone, Debug)]
struct Item {
    name: String,
    field: Field,
    cast: bool,
}

/// What to answer of each row, in order.
#[derive(Clone, Debug)]
pub struct Select(Vec<Item>);

impl Select {
    pub fn read(table: &Table, text: Option<&str>) -> Result<Select, Fault> {
        let text = text.unwrap_or("*");
        if text.is_empty() {
            return Select::read(table, None);
        }
        if text.contains('(') {
            let message = format!(
                "Could not find a relationship between '{}' and another table in the schema cache",
                table.name
            );
            return Err(Fault::rest(400, "PGRST200", message));
        }
        let mut items = Vec::new();
        for part in text.split(',') {
            if part.is_empty() {
                let details = "unexpected end of input expecting \"...\", field name (* or [a..z0..9_$]), \"*\" or \"count()\"";
                let message = format!(
                    "\"failed to parse select parameter ({text})\" (line 1, column {})",
                    text.len() + 1
                );
                return Err(Fault::rest(400, "PGRST100", message).details(details));
            }
            if part == "*" {
                for column in &table.columns {
                    items.push(Item {
                        name: column.name.clone(),
                        field: Field::read(table, &column.name)?,
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
            let field = Field::read(table, field)?;
            let cast = match cast {
                None => false,
                Some("text" | "varchar") => true,
                Some(other) => {
                    let message = format!("type \"{other}\" does not exist");
                    return Err(Fault::sql("42704", message));
                }
            };
            items.push(Item {
                name: alias.unwrap_or_else(|| field.name(table)).to_owned(),
                field,
                cast,
            });
        }
        Ok(Select(items))
    }

    pub fn print(&self, row: &Row, out: &mut String) {
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
    pub fn print_all<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> String {
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
