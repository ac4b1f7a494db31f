//! The schema: the tables that a sync fills, as SQL with a version.
//!
//! Each version is a file that only adds. Behind them comes what is made anew each time: the guard, the rights and the views. So the whole
//! script can be applied to nothing, to an older version and to itself, and does no more than is missing. It refuses tables of
//! somebody else, which are those without our comment.

pub mod columns;
pub mod gaps;

use std::fmt::Write;

use super::trouble;
use crate::model::fault::Fault;
use crate::model::row::Table;

/// What each version adds, the first one first.
const VERSIONS: [&str; 2] = [include_str!("v1.sql"), include_str!("v2.sql")];

const GUARD: &str = include_str!("guard.sql");
const VIEW_SQL: &str = include_str!("views.sql");
const RIGHTS: &str = include_str!("rights.sql");
const UNSEEN: &str = include_str!("unseen.sql");

/// The version that this program writes.
pub const VERSION: usize = VERSIONS.len();

/// What the views are called, and what they tell.
const VIEWS: [(&str, &str); 5] = [
    (
        "daily_revenue_by_gateway",
        "what was sold and given back, by day and way to pay",
    ),
    (
        "tax_by_rate",
        "what was charged and given back of each tax rate, by month",
    ),
    (
        "customer_lifetime_value",
        "what each buyer has bought so far",
    ),
    (
        "orders_not_in_books",
        "what was sold and has no document in the books",
    ),
    ("udsync_state", "whether everything is as a sync needs it"),
];

/// Where each table's rows come from.
fn about(table: Table) -> &'static str {
    match table {
        Table::Orders => "orders of the shop",
        Table::OrderLines => "lines of the orders: goods, shipping and fees",
        Table::Refunds => "refunds of the orders",
        Table::Customers => "accounts of the shop",
        Table::Products => "products of the shop and their variations",
        Table::Invoices => "documents in the books, as they were posted",
        Table::IdMappings => "which record of the shop is which thing in the books",
        Table::SyncLogs => "runs, changes and problems",
    }
}

/// Orders in these statuses have sold nothing, or not yet.
const UNSOLD: &str =
    "'pending', 'on-hold', 'failed', 'cancelled', 'checkout-draft', 'auto-draft', 'trash'";

/// Why the tables cannot be made over REST, and what to do instead.
pub fn over_rest() -> Fault {
    trouble::no_sql_over_rest()
}

/// Everything, as it is to be run by whoever may: in one transaction, with a word to PostgREST.
pub fn script(schema: &str) -> String {
    format!(
        "-- The tables of udsync, version {VERSION}. It can be run again at any time, and does no more than is missing.\n\nbegin;\nset local client_min_messages = warning;\n\n{}\ncommit;\n",
        body(schema)
    )
}

/// The same for a transaction that is open already.
fn body(schema: &str) -> String {
    let mut parts = vec![fill(include_str!("begin.sql"), schema)];
    parts.extend(VERSIONS.iter().map(|version| fill(version, schema)));
    parts.push(fill(GUARD, schema));
    parts.extend(Table::ALL.map(|table| guard(schema, table)));
    parts.push(fill(VIEW_SQL, schema));
    parts.push(comments(schema));
    parts.push(fill(RIGHTS, schema));
    parts.push(format!(
        "insert into {}.udsync_schema (version) values ({VERSION}) on conflict do nothing;\n{RELOAD}",
        quoted(schema)
    ));
    parts.join("\n")
}

/// Tells PostgREST that something is new.
const RELOAD: &str = "notify pgrst, 'reload schema';\n";

/// What keeps newer rows in one table.
fn guard(schema: &str, table: Table) -> String {
    let place = place(schema, table.as_str());
    format!(
        "drop trigger if exists udsync_keep_newer on {place};\n\
         create trigger udsync_keep_newer before update on {place}\n    \
         for each row execute function {}.udsync_keep_newer();\n",
        quoted(schema)
    )
}

fn comments(schema: &str) -> String {
    let mut text = String::from("-- These words tell our tables from those of somebody else.\n");
    let mut say = |kind: &str, name: &str, words: &str| {
        let place = place(schema, name);
        writeln!(text, "comment on {kind} {place} is 'udsync: {words}';")
            .expect("a text takes everything");
    };
    say("table", "udsync_schema", "the versions of these tables");
    for table in Table::ALL {
        say("table", table.as_str(), about(table));
    }
    for (name, words) in VIEWS {
        say("view", name, words);
    }
    text
}

/// Puts the names into a file of SQL.
fn fill(sql: &str, schema: &str) -> String {
    let list = |names: &[&str]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        quoted.join(", ")
    };
    let tables = Table::ALL.map(Table::as_str);
    let views = VIEWS.map(|(name, _)| name);
    let relations = [tables.as_slice(), &views, &["udsync_schema"]].concat();
    let other = if schema == "udsync" { "shop" } else { "udsync" };
    let values = tables.map(|name| format!("('{name}')")).join(", ");
    let places = |names: &[&str]| {
        let all: Vec<String> = names.iter().map(|name| place(schema, name)).collect();
        all.join(", ")
    };
    sql.replace("{schema}", &quoted(schema))
        .replace("{places}", &places(&tables))
        .replace("{view_places}", &places(&views))
        .replace("{name}", schema)
        .replace("{other}", other)
        .replace("{version}", &VERSION.to_string())
        .replace("{unsold}", UNSOLD)
        .replace("{relations}", &list(&relations))
        .replace("{views}", &list(&views))
        .replace("(values {tables})", &format!("(values {values})"))
        .replace("{tables}", &list(&tables))
}

/// A table or view with its schema, as SQL writes it.
fn place(schema: &str, name: &str) -> String {
    format!("{}.{name}", quoted(schema))
}

/// A schema's name may be a word of SQL.
fn quoted(schema: &str) -> String {
    match schema {
        "public" => schema.to_owned(),
        _ => format!("\"{}\"", schema.replace('"', "\"\"")),
    }
}
