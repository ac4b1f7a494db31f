//! Gaps: what a sync needs of the database and does not find, each with the SQL that mends it.
//!
//! What was found comes from the database's own catalog, or over REST from PostgREST's description of itself and from the view
//! `udsync_state`. Judging it is the same for both, and asks nobody.

use std::collections::BTreeMap;

use super::columns::{Column, UPDATED_AT, columns};
use super::{RELOAD, UNSEEN, VERSION, VIEWS, body, comments, fill, guard, place, quoted, script};
use crate::model::row::{Gap, Table};

/// What the database says about itself.
#[derive(Clone, Debug, Default)]
pub struct DatabaseAsFound {
    /// The newest version that was applied.
    pub version: Option<i64>,
    /// As whom we ask.
    pub role: String,
    /// By name; tables that are not there, or that the API does not show, are absent.
    pub tables: BTreeMap<String, TableSeen>,
    /// There is something that the role may not look at.
    pub hidden: bool,
}

/// One table. `None`: nobody says.
#[derive(Clone, Debug, Default)]
pub struct TableSeen {
    /// The comment on it.
    pub comment: Option<String>,
    /// The types by the names of the columns; empty where only the view knows the table.
    pub columns: BTreeMap<String, String>,
    pub keyed: Option<bool>,
    pub guarded: Option<bool>,
    pub writable: Option<bool>,
    pub sealed: Option<bool>,
    /// Rights are there, and row-level security still lets the role see nothing.
    pub barred: bool,
}

impl TableSeen {
    fn is_ours(&self) -> bool {
        let comment = self.comment.as_deref().unwrap_or_default();
        self.columns.is_empty() || comment.starts_with("udsync: ")
    }
}

/// The tables of somebody else that bear the names of ours.
pub fn strangers(found: &DatabaseAsFound) -> Vec<&'static str> {
    let is_strange = |table: &Table| {
        let seen = found.tables.get(table.as_str());
        seen.is_some_and(|seen| !seen.is_ours())
    };
    let all = Table::ALL.into_iter().filter(is_strange);
    all.map(Table::as_str).collect()
}

/// What is missing, in the order in which it is to be mended.
pub fn gaps(schema: &str, found: &DatabaseAsFound) -> Vec<Gap> {
    let strange = strangers(found);
    if !strange.is_empty() {
        return vec![taken(schema, &strange)];
    }
    if let Some(newer) = newer(found) {
        return vec![newer];
    }
    let missing: Vec<&str> = Table::ALL
        .into_iter()
        .map(Table::as_str)
        .filter(|name| !found.tables.contains_key(*name))
        .collect();
    if missing.len() == Table::ALL.len() && found.hidden {
        return vec![unseen(schema)];
    }
    // The whole script mends all of this at once, and can be run again.
    if !missing.is_empty() {
        let said = if missing.len() == Table::ALL.len() {
            format!("the schema `{schema}` has none of the tables")
        } else {
            let names = missing.join("`, `");
            format!("the schema `{schema}` lacks `{names}`")
        };
        return vec![gap("table_missing", said, script(schema))];
    }
    let mut gaps = Vec::new();
    if found.version.is_none_or(|version| version < VERSION as i64) {
        let said = match found.version {
            Some(version) => {
                format!(
                    "the tables are of version {version}, and this udsync writes version {VERSION}"
                )
            }
            None => "the tables do not say which version they are of".to_owned(),
        };
        gaps.push(gap("schema_old", said, script(schema)));
    }
    for table in Table::ALL {
        gaps.extend(of_table(schema, table, found));
    }
    gaps
}

fn gap(code: &str, said: String, sql: String) -> Gap {
    Gap {
        code: code.to_owned(),
        said,
        sql,
    }
}

fn taken(schema: &str, strange: &[&str]) -> Gap {
    let names = strange.join("`, `");
    let other = if schema == "udsync" { "shop" } else { "udsync" };
    gap(
        "schema_taken",
        format!(
            "the schema `{schema}` has tables of somebody else with names of ours: `{names}`; set `schema = \"{other}\"` in `[supabase]`"
        ),
        format!(
            "-- nothing here is touched: set schema = \"{other}\" in [supabase] of udsync.toml, then run\n\
             -- udsync connect supabase --print-schema\n"
        ),
    )
}

fn newer(found: &DatabaseAsFound) -> Option<Gap> {
    let version = found.version.filter(|version| *version > VERSION as i64)?;
    Some(gap(
        "schema_new",
        format!(
            "the tables are of version {version}, and this udsync knows up to version {VERSION}: update udsync"
        ),
        "-- nothing is to be done here: update udsync\n".to_owned(),
    ))
}

/// Without a right to anything nobody can tell what is there; the script has the rights in it.
fn unseen(schema: &str) -> Gap {
    gap(
        "right_missing",
        format!("the role of the key may see nothing in the schema `{schema}`"),
        fill(UNSEEN, schema) + RELOAD,
    )
}

fn of_table(schema: &str, table: Table, found: &DatabaseAsFound) -> Vec<Gap> {
    let Some(seen) = found.tables.get(table.as_str()) else {
        return Vec::new();
    };
    let place = place(schema, table.as_str());
    let mut gaps = Vec::new();
    // The description leaves out what the role has no right to: that is no old idea of it.
    if seen.columns.is_empty() && seen.writable == Some(true) {
        let said = format!("the API does not know the table `{place}` yet");
        gaps.push(gap("api_stale", said, RELOAD.to_owned()));
    } else if !seen.columns.is_empty() {
        gaps.extend(columns(table).iter().filter_map(|column| {
            let told = seen.columns.get(column.name);
            of_column(schema, &place, column, told.map(String::as_str))
        }));
    }
    if seen.keyed == Some(false) {
        gaps.push(gap(
            "key_missing",
            format!("the table `{place}` has no key of `shop` and `id`: rows would be doubled"),
            format!(
                "alter table {place} add constraint {}_shop_id_key unique (shop, id);\n{RELOAD}",
                table.as_str()
            ),
        ));
    }
    if seen.guarded == Some(false) {
        gaps.push(gap(
            "guard_missing",
            format!("nothing keeps an older row from replacing a newer one in `{place}`"),
            fill(super::GUARD, schema) + &guard(schema, table),
        ));
    }
    if seen.writable == Some(false) {
        let said = format!("`{}` may not read and write `{place}`", found.role);
        gaps.push(gap(
            "right_missing",
            said,
            rights(schema, &place, found, seen),
        ));
    }
    if seen.sealed == Some(false) {
        gaps.push(gap(
            "rows_open",
            format!("everybody who has the public key may read `{place}`"),
            format!(
                "alter table {place} enable row level security;\nrevoke all on {place} from anon, authenticated;\n"
            ),
        ));
    }
    gaps
}

fn rights(schema: &str, place: &str, found: &DatabaseAsFound, seen: &TableSeen) -> String {
    let role = quoted_name(&found.role);
    if seen.barred {
        return format!(
            "create policy udsync on {place} to {role} using (true) with check (true);\n"
        );
    }
    format!(
        "grant usage on schema {} to {role};\ngrant select, insert, update, delete on {place} to {role};\n",
        quoted(schema)
    )
}

fn of_column(schema: &str, place: &str, column: &Column, told: Option<&str>) -> Option<Gap> {
    let (name, kind) = (column.name, column.kind.as_str());
    let Some(told) = told else {
        // Rows may be there already, which have nothing to put into it.
        let besides = match name {
            UPDATED_AT => " not null default now()",
            "fingerprint" => " not null default ''",
            _ => "",
        };
        return Some(gap(
            "column_missing",
            format!("the table `{place}` lacks the column `{name}`"),
            format!(
                "alter table {place} add column if not exists {name} {kind}{besides};\n{RELOAD}"
            ),
        ));
    };
    if told == column.kind.told() {
        return None;
    }
    let views = VIEWS.map(|(view, _)| super::place(schema, view)).join(", ");
    // Views hold on to the types of what they read.
    let sql = [
        "begin;\n".to_owned(),
        format!("drop view if exists {views};\n"),
        format!("alter table {place} alter column {name} type {kind} using {name}::{kind};\n"),
        fill(super::VIEW_SQL, schema),
        comments(schema),
        fill(super::RIGHTS, schema),
        RELOAD.to_owned(),
        "commit;\n".to_owned(),
    ];
    Some(gap(
        "column_differs",
        format!("the column `{name}` of `{place}` is of the type `{told}` and must be `{kind}`"),
        sql.concat(),
    ))
}

fn quoted_name(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The SQL that brings what was found up to date, for a transaction that is open already.
pub(in crate::connector::supabase) fn upgrade(schema: &str) -> String {
    body(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database as the script leaves it.
    fn whole() -> DatabaseAsFound {
        let seen = |table: Table| TableSeen {
            comment: Some(format!("udsync: {}", table.as_str())),
            columns: columns(table)
                .iter()
                .map(|column| (column.name.to_owned(), column.kind.told().to_owned()))
                .collect(),
            keyed: Some(true),
            guarded: Some(true),
            writable: Some(true),
            sealed: Some(true),
            barred: false,
        };
        DatabaseAsFound {
            version: Some(VERSION as i64),
            role: "service_role".to_owned(),
            tables: Table::ALL
                .map(|table| (table.as_str().to_owned(), seen(table)))
                .into(),
            hidden: false,
        }
    }

    fn codes(found: &DatabaseAsFound) -> Vec<String> {
        let gaps = gaps("public", found);
        gaps.into_iter().map(|gap| gap.code).collect()
    }

    #[test]
    fn nothing_is_missing_where_everything_is() {
        assert_eq!(gaps("public", &whole()), []);
    }

    #[test]
    fn each_gap_has_a_code_and_sql_of_its_own() {
        let change = |change: &dyn Fn(&mut TableSeen)| {
            let mut found = whole();
            change(found.tables.get_mut("orders").expect("it is there"));
            gaps("public", &found)
        };
        for (found, code, sql) in [
            (
                change(&|seen| drop(seen.columns.remove("meta"))),
                "column_missing",
                "alter table public.orders add column if not exists meta jsonb;",
            ),
            (
                change(&|seen| drop(seen.columns.insert("total".into(), "text".into()))),
                "column_differs",
                "alter table public.orders alter column total type numeric using total::numeric;",
            ),
            (
                change(&|seen| seen.keyed = Some(false)),
                "key_missing",
                "unique (shop, id)",
            ),
            (
                change(&|seen| seen.guarded = Some(false)),
                "guard_missing",
                "create trigger udsync_keep_newer before update on public.orders",
            ),
            (
                change(&|seen| seen.writable = Some(false)),
                "right_missing",
                "grant select, insert, update, delete on public.orders to service_role;",
            ),
            (
                change(&|seen| {
                    seen.writable = Some(false);
                    seen.barred = true;
                }),
                "right_missing",
                "create policy udsync on public.orders to service_role",
            ),
            (
                change(&|seen| seen.sealed = Some(false)),
                "rows_open",
                "enable row level security",
            ),
            (
                change(&|seen| seen.columns.clear()),
                "api_stale",
                "notify pgrst",
            ),
            (
                change(&|seen| seen.comment = Some("Orders of our till".into())),
                "schema_taken",
                "schema = \"udsync\"",
            ),
        ] {
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].code, code);
            assert!(found[0].sql.contains(sql), "{}", found[0].sql);
            assert!(!found[0].said.is_empty());
        }
    }

    #[test]
    fn versions_and_what_nobody_may_see_come_before_the_rest() {
        let mut found = whole();
        found.version = Some(VERSION as i64 + 1);
        assert_eq!(codes(&found), ["schema_new"]);
        found.version = None;
        assert_eq!(codes(&found), ["schema_old"]);
        found.tables.remove("refunds");
        assert_eq!(codes(&found), ["table_missing"]);
        found.tables.clear();
        assert_eq!(codes(&found), ["table_missing"]);
        found.hidden = true;
        assert_eq!(codes(&found), ["right_missing"]);
    }
}
