//! Trouble: what a refusal of the database, or its silence, means and what to do about it.
//!
//! Every fault of this connector is made here. Its codes, which scripts rely on:
//!
//! | code | remedy | when |
//! | --- | --- | --- |
//! | `database_key_public` | reconnect | a publishable or `anon` key; nothing was sent |
//! | `database_key_unusable` | reconnect | no key of a project at all; nothing was sent |
//! | `database_key_expired` | reconnect | a token whose time is over |
//! | `database_key_refused` | reconnect | the gateway or the API does not take the key |
//! | `database_password_refused` | reconnect | PostgreSQL does not take the name or the password |
//! | `database_project_unknown` | reconnect | the pooler knows no such project |
//! | `database_rights_missing` | reconnect | the role may not look |
//! | `database_url_unusable` | stop | an address that cannot be one of a project or of a database; nothing was sent |
//! | `database_url_wrong` | stop | something else answers there |
//! | `database_schema_closed` | stop | the schema is not there, or not exposed |
//! | `database_missing` | stop | the server has no database of this name |
//! | `database_ca_unknown` | stop | nobody this machine trusts has signed the certificate |
//! | `database_ca_unreadable` | stop | the CA file cannot be read, or holds no certificate |
//! | `database_plaintext` | stop | the server speaks no TLS; no name and no password was sent |
//! | `database_ipv6_only` | stop | the server has an IPv6 address only, and this machine has none |
//! | `database_tls` | stop | anything else about the secure connection |
//! | `database_paused` | stop | the project sleeps, or is no more |
//! | `database_restricted` | stop | Supabase has restricted the project |
//! | `database_unreachable` | stop | refused, cut off, too slow, 5xx |
//! | `database_busy` | wait | too many clients, 429, 503 |
//! | `database_table_missing` | stop | the database, or its API, does not know a table |
//! | `database_column_missing` | stop | a column is missing or of another type |
//! | `database_key_missing` | stop | a table has no key of `shop` and `id`: rows would be doubled |
//! | `database_grant_missing` | stop | the role may not write into a table |
//! | `database_read_only` | stop | the database takes no writes |
//! | `database_rows_missing` | stop | the database said yes, and has none of the rows |
//! | `schema_taken`, `schema_new` | stop | the tables are of somebody else, or of a newer udsync |
//! | `schema_needs_postgres` | stop | SQL is to be run, and there is only the REST API |
//! | `schema_views_in_use` | stop | views of the owner hold on to what must change |
//! | `database_answer_unexpected` | stop | anything else |

use std::path::Path;
use std::time::Duration;

use crate::model::fault::{Fault, Remedy};
use crate::model::row::{Gap, Table};

const KEYS: &str = "take the secret key of the project from the Supabase dashboard under Project Settings > API Keys: \
                    `sb_secret_…`, or the older `service_role` key";

const STRINGS: &str = "copy the connection string anew from the Supabase dashboard with its button Connect: \
                       `udsync connect supabase --transport postgres`";

fn stop(code: &'static str, said: impl Into<String>) -> Fault {
    Fault::new(Remedy::Stop, code, said)
}

fn reconnect(code: &'static str, said: impl Into<String>) -> Fault {
    Fault::new(Remedy::Reconnect, code, said)
}

pub(super) fn public_key(what: &str) -> Fault {
    reconnect(
        "database_key_public",
        format!("this is {what}, which is made for browsers and sees no table; nothing was sent"),
    )
    .hint(KEYS)
}

pub(super) fn no_key(what: &str) -> Fault {
    reconnect(
        "database_key_unusable",
        format!("this is no key of a project but {what}; nothing was sent"),
    )
    .hint(KEYS)
}

pub(super) fn key_expired() -> Fault {
    reconnect("database_key_expired", "the time of this key is over").hint(KEYS)
}

pub(super) fn key_of_another_project(own: &str, asked: &str) -> Fault {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let own = if plain(own) { own } else { "another" };
    reconnect(
        "database_key_refused",
        format!("this key belongs to the project `{own}`, not to `{asked}`; nothing was sent"),
    )
    .hint(KEYS)
}

pub(super) fn key_refused(host: &str) -> Fault {
    reconnect(
        "database_key_refused",
        format!("the gateway of `{host}` does not take the key"),
    )
    .hint(format!(
        "{KEYS}; if one of the two kinds is refused here, try the other"
    ))
}

pub(super) fn rights_missing(host: &str) -> Fault {
    reconnect(
        "database_rights_missing",
        format!("the role of the key may not look into `{host}`"),
    )
    .hint(KEYS)
}

pub(super) fn url_unusable(why: &str) -> Fault {
    stop("database_url_unusable", format!("this cannot be the address of a project: {why}"))
        .hint("give the project's address as the Supabase dashboard shows it: `udsync connect supabase --url https://<ref>.supabase.co`")
}

pub(super) fn string_unusable(why: &str, hint: &str) -> Fault {
    stop(
        "database_url_unusable",
        format!("this cannot be the address of a database: {why}"),
    )
    .hint(hint)
}

pub(super) fn strings() -> &'static str {
    STRINGS
}

pub(super) fn url_wrong(host: &str) -> Fault {
    stop(
        "database_url_wrong",
        format!("no REST API of Supabase answers at `{host}`"),
    )
    .hint("check `url` of `[supabase]` in udsync.toml: `https://<ref>.supabase.co`")
}

pub(super) fn schema_closed(schema: &str) -> Fault {
    stop(
        "database_schema_closed",
        format!("the schema `{schema}` is not exposed by the API, or does not exist"),
    )
    .hint("expose it in the Supabase dashboard under Project Settings > Data API, or set `schema = \"public\"` in `[supabase]`")
}

pub(super) fn schema_missing(schema: &str) -> Fault {
    stop(
        "database_schema_closed",
        format!("the database has no schema `{schema}`"),
    )
    .hint("make it there, or set `schema = \"public\"` in `[supabase]`")
}

/// Projects that sleep have no name in the DNS any more, and neither have those that never were.
pub(super) fn no_such_host(host: &str) -> Fault {
    if host.ends_with(".supabase.co") || host.ends_with(".supabase.com") {
        return stop(
            "database_paused",
            format!("there is no host `{host}`: the project is paused, or gone, or its name is misspelt"),
        )
        .hint("open the project in the Supabase dashboard and restore it if it is paused; then try again");
    }
    stop(
        "database_unreachable",
        format!("could not reach the database: no host has the name `{host}`"),
    )
    .hint("check the address for a typing mistake, and this machine's network")
}

pub(super) fn paused(host: &str) -> Fault {
    stop(
        "database_paused",
        format!("the project at `{host}` is paused"),
    )
    .hint("open the project in the Supabase dashboard and restore it; then try again")
}

pub(super) fn restricted(host: &str) -> Fault {
    stop(
        "database_restricted",
        format!(
            "Supabase has restricted the project at `{host}`: a quota is used up, or a bill is open"
        ),
    )
    .hint("look under Billing and Usage in the Supabase dashboard; then try again")
}

pub(super) fn unreachable(host: &str, why: &str) -> Fault {
    stop(
        "database_unreachable",
        format!("could not reach the database at `{host}`: {why}"),
    )
    .hint("try again later; if it stays so, check the address and https://status.supabase.com")
}

pub(super) fn page(host: &str, status: u16) -> Fault {
    unreachable(
        host,
        &format!("something before it answered {status} with a page of its own"),
    )
}

pub(super) fn ipv6_only(host: &str) -> Fault {
    stop(
        "database_ipv6_only",
        format!("`{host}` has an IPv6 address only, and this machine cannot reach it"),
    )
    .hint("use the session pooler, which has an IPv4 address: in the Supabase dashboard Connect > Session pooler, \
           then `udsync connect supabase --transport postgres`")
}

pub(super) fn busy(host: &str, why: &str) -> Fault {
    let wait = Remedy::Wait(Duration::from_secs(30));
    Fault::new(
        wait,
        "database_busy",
        format!("the database at `{host}` is busy: {why}"),
    )
    .hint(
        "try again in some minutes; if it stays so, close other clients or use another pooler mode",
    )
}

pub(super) fn unexpected(host: &str, what: &str) -> Fault {
    stop(
        "database_answer_unexpected",
        format!("the database at `{host}` answered {what}"),
    )
    .hint("try again later; if it stays so, please report it")
}

pub(super) fn password_refused(host: &str) -> Fault {
    reconnect(
        "database_password_refused",
        format!("the database at `{host}` does not take this name with this password"),
    )
    .hint("set a new password in the Supabase dashboard under Database > Settings, and store the connection string with \
           `udsync connect supabase --transport postgres`")
}

pub(super) fn project_unknown(host: &str) -> Fault {
    reconnect(
        "database_project_unknown",
        format!("the pooler `{host}` knows no such project: it is paused, or of another region, or the user is not `postgres.<ref>`"),
    )
    .hint(STRINGS)
}

pub(super) fn missing(host: &str) -> Fault {
    stop(
        "database_missing",
        format!("the server `{host}` has no database of this name"),
    )
    .hint("with Supabase it is `postgres`: end the address in `/postgres`")
}

pub(super) fn plaintext(host: &str) -> Fault {
    stop(
        "database_plaintext",
        format!("the server `{host}` speaks no TLS, and udsync speaks nothing else; no password was sent"),
    )
    .hint("switch TLS on there: `ssl = on` with a certificate in postgresql.conf")
}

pub(super) fn ca_unknown(host: &str) -> Fault {
    stop(
        "database_ca_unknown",
        format!("nobody that is trusted here has signed the certificate of `{host}`"),
    )
    .hint("Supabase has an authority of its own: download `prod-ca-2021.crt` in its dashboard under Database > Settings > \
           SSL Configuration, and give it with `udsync connect supabase --transport postgres --ca-file prod-ca-2021.crt`")
}

pub(super) fn ca_unreadable(path: &Path, why: &str) -> Fault {
    stop(
        "database_ca_unreadable",
        format!("could not read the authority in `{}`: {why}", path.display()),
    )
    .hint("give a file of certificates in PEM form with `--ca-file FILE`, or as `ca_file` in `[supabase]`")
}

pub(super) fn tls(host: &str, why: &str) -> Fault {
    stop(
        "database_tls",
        format!("could not make a secure connection to `{host}`: {why}"),
    )
    .hint("the certificate must be valid and be made for this very name; with Supabase, use the host that its dashboard shows")
}

const SCHEMA: &str = "run `udsync connect supabase --print-schema` and paste what it prints into the SQL editor of the Supabase dashboard";

pub(super) fn table_missing(schema: &str, table: Table) -> Fault {
    let table = table.as_str();
    stop(
        "database_table_missing",
        format!("the database knows no table `{schema}.{table}`"),
    )
    .hint(format!("{SCHEMA}; {RELOAD}"))
}

/// PostgREST reads the tables once, and again when it is told to.
const RELOAD: &str = "if it was made just now, run there: `notify pgrst, 'reload schema'`";

pub(super) fn column_missing(schema: &str, table: Table) -> Fault {
    let table = table.as_str();
    stop(
        "database_column_missing",
        format!("the table `{schema}.{table}` lacks a column, or has it of another type"),
    )
    .hint(format!("{SCHEMA}; {RELOAD}"))
}

pub(super) fn key_missing(schema: &str, table: Table) -> Fault {
    let table = table.as_str();
    stop(
        "database_key_missing",
        format!("the table `{schema}.{table}` has no primary key of `shop` and `id`, so rows would be doubled in it"),
    )
    .hint(format!("{SCHEMA}; {RELOAD}"))
}

pub(super) fn grant_missing(schema: &str, table: Table) -> Fault {
    let table = table.as_str();
    stop(
        "database_grant_missing",
        format!("the role may not read and write the table `{schema}.{table}`"),
    )
    .hint(format!(
        "run in the SQL editor of the Supabase dashboard: `grant usage on schema {schema} to service_role; \
         grant select, insert, update on {schema}.{table} to service_role`"
    ))
}

/// Tables that are not ours to change.
pub(super) fn schema_left(gap: &Gap) -> Fault {
    if gap.code == "schema_new" {
        return stop("schema_new", gap.said.clone())
            .hint("update udsync; the tables are left as they are");
    }
    stop("schema_taken", gap.said.clone()).hint(
        "nothing was touched; set another `schema` in `[supabase]` of udsync.toml and run the same again",
    )
}

pub(super) fn may_not_make(schema: &str, role: &str) -> Fault {
    stop(
        "database_rights_missing",
        format!("the role `{role}` may not make tables in the schema `{schema}`"),
    )
    .hint("connect as the owner of the database, with Supabase as `postgres`, or let the owner run what \
           `udsync connect supabase --print-schema` prints")
}

pub(super) fn views_in_use(schema: &str) -> Fault {
    stop(
        "schema_views_in_use",
        format!("views of yours hold on to views of udsync in the schema `{schema}` that must change; nothing was changed"),
    )
    .hint("drop your views, run `udsync connect supabase --apply-schema`, and make them anew")
}

pub(super) fn no_sql_over_rest() -> Fault {
    stop(
        "schema_needs_postgres",
        "SQL cannot be run over the REST API",
    )
    .hint("paste what `udsync connect supabase --print-schema` prints into the SQL editor of the Supabase dashboard, or add \
           `--transport postgres` with `UDSYNC_SUPABASE_DATABASE_URL` in the environment")
}

pub(super) fn read_only(host: &str) -> Fault {
    stop(
        "database_read_only",
        format!("the database at `{host}` takes no writes now: with Supabase its disk is full"),
    )
    .hint("look under Database > Usage in the Supabase dashboard, and give it more disk or make room; then try again")
}

pub(super) fn rows_missing(schema: &str, table: Table) -> Fault {
    let table = table.as_str();
    stop(
        "database_rows_missing",
        format!("the database said that rows were written, and `{schema}.{table}` has none of them"),
    )
    .hint(format!(
        "a trigger or a rule on `{schema}.{table}` throws rows away: switch it off, then run the sync again"
    ))
}

pub(super) fn too_large(host: &str) -> Fault {
    stop(
        "database_answer_unexpected",
        format!("`{host}` takes no request as large as this one"),
    )
}

pub(super) fn too_slow(host: &str, seconds: u64) -> Fault {
    unreachable(host, &format!("it did not answer within {seconds} s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_gone_is_a_project_that_sleeps_only_at_supabase() {
        let asleep = no_such_host("abcdefghijklmnopqrst.supabase.co");
        assert_eq!(asleep.code, "database_paused");
        assert!(asleep.hint.expect("a hint").contains("restore it"));
        assert_eq!(no_such_host("db.example.com").code, "database_unreachable");
    }
}
