//! `GET /rest/v1/`: the tables as OpenAPI describes them.
//!
//! Of the whole document it makes what a check of a schema needs: definitions with formats, what is required, primary keys,
//! defaults and comments, and the version. Parameters and responses of the paths are not imitated.

use serde_json::{Map, Value, json};

use super::table::{DatabaseTable, Default};

pub fn document<'a>(
    tables: impl Iterator<Item = &'a DatabaseTable>,
    version: &str,
    schema: &str,
    host: &str,
) -> Value {
    let mut definitions = Map::new();
    let mut paths = Map::new();
    paths.insert("/".to_owned(), json!({"get": {"tags": ["Introspection"]}}));
    for table in tables.filter(|table| !table.rights.is_empty()) {
        definitions.insert(table.name.clone(), definition(table));
        paths.insert(
            format!("/{}", table.name),
            json!({"get": {"tags": [table.name]}, "post": {"tags": [table.name]}}),
        );
    }
    json!({
        "swagger": "2.0",
        "info": {"description": "", "title": format!("standard {schema} schema"), "version": version},
        "host": host,
        "basePath": "/",
        "schemes": ["http"],
        "consumes": ["application/json", "text/csv"],
        "produces": ["application/json", "text/csv"],
        "paths": paths,
        "definitions": definitions,
    })
}

fn definition(table: &DatabaseTable) -> Value {
    let mut properties = Map::new();
    for (at, column) in table.columns.iter().enumerate() {
        let mut said = Map::new();
        said.insert("format".to_owned(), json!(column.kind.name()));
        if let Some(shape) = column.kind.shape() {
            said.insert("type".to_owned(), json!(shape));
        }
        match &column.default {
            None => {}
            Some(Default::Now) => drop(said.insert("default".to_owned(), json!("now()"))),
            Some(Default::Value(text)) => drop(said.insert("default".to_owned(), json!(text))),
        }
        if table.key.contains(&at) {
            said.insert(
                "description".to_owned(),
                json!("Note:\nThis is a Primary Key.<pk/>"),
            );
        }
        properties.insert(column.name.clone(), Value::Object(said));
    }
    let mut definition = json!({"type": "object", "properties": properties});
    let required: Vec<&str> = table
        .columns
        .iter()
        .filter(|column| column.required)
        .map(|column| column.name.as_str())
        .collect();
    if !required.is_empty() {
        definition["required"] = json!(required);
    }
    if let Some(comment) = &table.comment {
        definition["description"] = json!(comment);
    }
    definition
}
