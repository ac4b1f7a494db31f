//! The tables in a real PostgreSQL behind a real PostgREST: made, made again, guarded, closed to the public, looked over and mended.

use std::process::Command;

use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use udsync::connector::port::Tables;
use udsync::connector::supabase::{DatabaseConnection, Supabase, schema};
use udsync::model::clock::Clock;
use udsync::model::row::Gap;

use crate::real_supabase::{HTTP, PUBLIC_KEY, RealSupabase};
use crate::supabase::MASTER;
use crate::world::{RUNTIME, bare_command, ran};

/// A home whose shop has this database.
fn home(project: &RealSupabase, transport: &str) -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let config = format!(
        "[shop]\nname = \"aurora\"\n[supabase]\ntransport = \"{transport}\"\nurl = \"{}\"\nca_file = \"{}\"\n",
        project.rest_url, project.ca
    );
    std::fs::write(home.path().join("udsync.toml"), config).expect("written");
    home
}

fn udsync(home: &TempDir, project: &RealSupabase, transport: &str, line: &str) -> Command {
    let mut command = bare_command(home.path());
    command
        .args(line.split_whitespace())
        .env("UDSYNC_KEY", MASTER);
    match transport {
        "rest" => command.env("UDSYNC_SUPABASE_KEY", project.key()),
        _ => command.env("UDSYNC_SUPABASE_DATABASE_URL", &project.database_url),
    };
    command
}

/// What both ways say is missing.
fn gaps(project: &RealSupabase) -> [Vec<Gap>; 2] {
    [rest(project), postgres(project)].map(|settings| {
        let database = Supabase::new(
            settings,
            "public".to_owned(),
            std::time::Duration::from_secs(20),
            &Clock::new(chrono::Utc::now),
        );
        let database = database.expect("usable");
        RUNTIME.block_on(database.gaps()).expect("it answers")
    })
}

fn rest(project: &RealSupabase) -> DatabaseConnection {
    DatabaseConnection::Rest {
        url: project.rest_url.parse().expect("an address"),
        key: SecretString::from(project.key()),
    }
}

fn postgres(project: &RealSupabase) -> DatabaseConnection {
    DatabaseConnection::Postgres {
        database_url: project.database_url.clone().into(),
        ca_file: Some(project.ca.clone().into()),
    }
}

#[test]
fn the_printed_script_makes_the_tables_and_can_be_run_again() {
    let Some(project) = RealSupabase::start() else {
        return;
    };
    let empty = tempfile::tempdir().expect("a folder");
    let printed = ran(bare_command(empty.path())
        .args(["connect", "supabase", "--print-schema"])
        .output()
        .expect("it runs"))
    .ends_with(0);
    assert_eq!(printed.out, schema::script("public"));
    // A project without any table describes itself, and can be connected.
    let home = crate::supabase::home();
    let line = format!("connect supabase --from-env --url {}", project.rest_url);
    let connected = ran(udsync(&home, &project, "rest", &line)
        .output()
        .expect("it runs"))
    .ends_with(0);
    assert!(
        connected.out.contains("orders (not there)"),
        "{}",
        connected.out
    );
    assert_eq!(
        gaps(&project).map(|gaps| gaps[0].code.clone()),
        ["table_missing", "table_missing"]
    );
    for _ in 0..2 {
        project.apply(&printed.out);
        assert_eq!(gaps(&project), [[], []]);
        assert_eq!(
            project.rows("select version from public.udsync_schema"),
            [json!({"version": 2})]
        );
    }
    let json = ran(bare_command(empty.path())
        .args(["connect", "supabase", "--print-schema", "--json"])
        .output()
        .expect("it runs"))
    .ends_with(0)
    .json();
    assert_eq!(json["schema"], "udsync/schema/1");
    assert_eq!(json["sql"], printed.out);
}

#[test]
fn the_tables_are_made_on_a_word_and_not_over_rest() {
    let Some(project) = RealSupabase::start() else {
        return;
    };
    let home = home(&project, "postgres");
    let run = |transport: &str, line: &str| {
        let mut command = udsync(&home, &project, transport, line);
        ran(command.output().expect("it runs"))
    };
    let asked = run("postgres", "connect supabase --apply-schema").ends_with(7);
    assert!(
        asked.err.contains("has none of the tables"),
        "{}",
        asked.err
    );
    assert!(asked.err.contains("add `--yes`"), "{}", asked.err);
    assert_eq!(gaps(&project)[1][0].code, "table_missing");

    let looked = run("postgres", "doctor --check supabase.schema").ends_with(2);
    assert!(
        looked
            .out
            .contains("udsync connect supabase --apply-schema"),
        "{}",
        looked.out
    );

    let made = run("postgres", "connect supabase --apply-schema --yes").ends_with(0);
    assert_eq!(
        made.out,
        "the tables are there: schema `public`, version 2\n"
    );
    project.settle();
    assert_eq!(gaps(&project), [[], []]);
    let again = run("postgres", "connect supabase --apply-schema --yes --json").ends_with(0);
    assert_eq!(
        again.json(),
        json!({"schema": "udsync/schema-applied/1", "name": "public", "version": 2, "mended": []})
    );
    let looked = run("postgres", "doctor --check supabase.schema").ends_with(0);
    assert!(
        looked.out.contains("are as a sync needs them"),
        "{}",
        looked.out
    );

    let refused = run(
        "rest",
        "connect supabase --apply-schema --yes --transport rest",
    )
    .ends_with(2);
    assert!(
        refused.err.contains("SQL cannot be run over the REST API"),
        "{}",
        refused.err
    );
    for told in [&refused.err, &made.err, &asked.err] {
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn tables_of_somebody_else_are_left_alone() {
    let Some(project) = RealSupabase::start() else {
        return;
    };
    project.apply(
        "create table public.orders (id bigint primary key, what text); insert into public.orders values (1, 'mine');
         grant select on public.orders to service_role;",
    );
    let (good, said) = project.psql(&schema::script("public"));
    assert!(!good, "{said}");
    assert!(said.contains("that is not of udsync"), "{said}");
    assert!(said.contains("schema = \"udsync\""), "{said}");
    let home = home(&project, "postgres");
    let mut command = udsync(
        &home,
        &project,
        "postgres",
        "connect supabase --apply-schema --yes --json",
    );
    let told = ran(command.output().expect("it runs")).ends_with(2);
    assert_eq!(told.json()["code"], "schema_taken");
    let [over_rest, direct] = gaps(&project);
    assert_eq!(over_rest, direct);
    assert_eq!(direct[0].code, "schema_taken");
    let tables = project
        .rows("select table_name from information_schema.tables where table_schema = 'public'");
    assert_eq!(tables, [json!({"table_name": "orders"})]);

    // Beside it there is room.
    project.apply(&schema::script("books"));
    assert_eq!(project.count("books.orders"), 0);
    assert_eq!(
        project.rows("select what from public.orders"),
        [json!({"what": "mine"})]
    );
}

#[test]
fn tables_of_a_newer_udsync_are_left_alone() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    project.apply("insert into public.udsync_schema (version) values (99)");
    let (good, said) = project.psql(&schema::script("public"));
    assert!(!good && said.contains("version 99"), "{said}");
    let [over_rest, direct] = gaps(&project);
    assert_eq!(over_rest, direct);
    assert_eq!(direct[0].code, "schema_new");
    let home = home(&project, "postgres");
    let mut command = udsync(
        &home,
        &project,
        "postgres",
        "connect supabase --apply-schema --yes --json",
    );
    let told = ran(command.output().expect("it runs")).ends_with(2);
    assert_eq!(told.json()["code"], "schema_new");
}

/// One order as an upsert sends it, and whether the database took it.
fn put(project: &RealSupabase, source_at: &str, fingerprint: &str, status: &str) -> bool {
    let (good, said) = project.psql(&format!(
        "with written as (insert into public.orders (shop, id, number, status, currency, total, total_tax, guest, created_at, modified_at, fingerprint, source_at)
         values ('aurora', 1, '1', '{status}', 'CAD', 10, 1, true, now(), now(), '{fingerprint}', {source_at})
         on conflict (shop, id) do update set status = excluded.status, fingerprint = excluded.fingerprint, source_at = excluded.source_at,
           deleted_at = excluded.deleted_at returning 1) select count(*) from written"
    ));
    assert!(good, "{said}");
    said.trim() == "1"
}

#[test]
fn what_is_newer_stays() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    let noon = "'2026-11-20T12:00:00Z'";
    let earlier = "'2026-11-20T11:59:59Z'";
    let stands = || project.rows("select status, fingerprint, updated_at from public.orders");
    assert!(put(&project, noon, "a", "processing"));
    let first = stands();
    assert!(!put(&project, noon, "a", "processing"), "the very same");
    assert!(!put(&project, earlier, "b", "pending"), "an older one");
    assert_eq!(stands(), first);
    assert!(
        put(&project, noon, "c", "completed"),
        "another in the same second"
    );
    assert_ne!(stands()[0]["updated_at"], first[0]["updated_at"]);
    assert!(
        put(&project, "null", "d", "refunded"),
        "one that nobody dates"
    );
    assert_eq!(stands()[0]["status"], "refunded");
    // A tombstone changes neither time nor content, and an owner's column is the owner's.
    let (good, said) = project.psql(
        "update public.orders set deleted_at = now();
         alter table public.orders add column gift_note text;
         update public.orders set gift_note = 'for Zoe';",
    );
    assert!(good, "{said}");
    let now = project.rows("select deleted_at is not null as gone, gift_note from public.orders");
    assert_eq!(now, [json!({"gone": true, "gift_note": "for Zoe"})]);
    assert!(put(&project, noon, "e", "completed"), "it is back");
    let now = project.rows("select deleted_at is not null as gone, gift_note from public.orders");
    assert_eq!(now, [json!({"gone": false, "gift_note": "for Zoe"})]);
}

#[test]
fn nobody_but_the_secret_key_sees_a_row() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    assert!(put(&project, "null", "a", "processing"));
    let ask = |table: &str, key: &str, token: Option<&str>| {
        let url = format!("{}/rest/v1/{table}?select=shop", project.rest_url);
        RUNTIME.block_on(async {
            let request = HTTP.get(url).header("apikey", key);
            let request = match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            let answer = request.send().await.expect("it answers");
            let status = answer.status().as_u16();
            (status, answer.json::<Value>().await.expect("JSON"))
        })
    };
    let (status, rows) = ask("orders", project.key(), None);
    assert_eq!((status, rows), (200, json!([{"shop": "aurora"}])));
    let user = project.token("authenticated");
    for table in [
        "orders",
        "customers",
        "sync_logs",
        "customer_lifetime_value",
        "orders_not_in_books",
    ] {
        for token in [None, Some(user.as_str())] {
            let (status, body) = ask(table, PUBLIC_KEY, token);
            assert!(status == 401 || status == 403, "{table}: {status} {body}");
            assert_eq!(body["code"], "42501", "{table}");
        }
        let (status, _) = ask(table, project.key(), None);
        assert_eq!(status, 200, "{table}");
    }
    // Row-level security alone is enough, should somebody grant what a project of old granted by itself.
    project.apply("grant all on public.orders, public.customer_lifetime_value to anon");
    let (status, rows) = ask("orders", PUBLIC_KEY, None);
    assert_eq!((status, rows), (200, json!([])));
}

/// What breaks it, and the codes of what is then found over REST and in the catalog.
const BREAKS: [(&str, &str, &str); 13] = [
    ("drop table public.refunds cascade", "table_missing", "table_missing"),
    (
        "alter table public.orders drop column meta, drop column updated_at",
        "column_missing",
        "column_missing",
    ),
    (
        "alter table public.customers drop column fingerprint",
        "column_missing",
        "column_missing",
    ),
    (
        "drop view public.daily_revenue_by_gateway, public.orders_not_in_books, public.customer_lifetime_value;
         alter table public.orders alter column total type numeric(10,1)",
        // The API tells no digits.
        "",
        "column_differs",
    ),
    (
        "alter table public.order_lines alter column quantity type text",
        "column_differs",
        "column_differs",
    ),
    (
        "alter table public.products drop constraint products_pkey; alter table public.products add primary key (id)",
        "key_missing",
        "key_missing",
    ),
    (
        "drop trigger udsync_keep_newer on public.orders",
        "guard_missing",
        "guard_missing",
    ),
    (
        "alter table public.orders disable trigger udsync_keep_newer",
        "guard_missing",
        "guard_missing",
    ),
    (
        "drop function public.udsync_keep_newer() cascade",
        "guard_missing",
        "guard_missing",
    ),
    (
        "revoke insert, update on public.invoices from service_role",
        "right_missing",
        "",
    ),
    (
        "revoke all on all tables in schema public from service_role",
        "right_missing",
        "",
    ),
    (
        "alter table public.customers disable row level security; grant select on public.customers to anon",
        "rows_open",
        "rows_open",
    ),
    (
        "delete from public.udsync_schema",
        "schema_old",
        "schema_old",
    ),
];

#[test]
fn every_gap_is_found_and_its_sql_mends_it() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    assert!(put(&project, "null", "a", "processing"));
    for (sql, over_rest, direct) in BREAKS {
        project.apply(sql);
        let found = gaps(&project);
        for (gaps, code) in found.iter().zip([over_rest, direct]) {
            assert_eq!(code.is_empty(), gaps.is_empty(), "{sql}: {gaps:?}");
            assert!(gaps.iter().all(|gap| gap.code == code), "{sql}: {gaps:?}");
        }
        let widest = found.into_iter().max_by_key(Vec::len).unwrap_or_default();
        for gap in widest {
            let (good, said) = project.psql(&gap.sql);
            assert!(good, "{sql}: {said}\n{}", gap.sql);
        }
        project.settle();
        assert_eq!(gaps(&project), [[], []], "{sql}");
        assert_eq!(project.count("public.orders"), 1, "{sql}");
    }
    // All of it at once, by the command that mends it.
    for (sql, _, _) in BREAKS
        .iter()
        .filter(|(sql, ..)| !sql.contains("drop view") && !sql.contains("disable trigger"))
    {
        let (good, said) = project.psql(sql);
        assert!(good || said.contains("does not exist"), "{said}");
    }
    let home = home(&project, "postgres");
    let mut command = udsync(
        &home,
        &project,
        "postgres",
        "connect supabase --apply-schema --yes",
    );
    ran(command.output().expect("it runs")).ends_with(0);
    project.settle();
    assert_eq!(gaps(&project), [[], []]);
}

#[test]
fn what_the_api_does_not_know_yet_is_told() {
    let Some(project) = RealSupabase::start() else {
        return;
    };
    // Nobody tells it.
    let quiet = schema::script("public").replace("notify pgrst, 'reload schema';\n", "");
    let (good, said) = project.psql(&quiet);
    assert!(good, "{said}");
    let [over_rest, direct] = gaps(&project);
    assert_eq!(direct, []);
    assert!(
        over_rest.iter().all(|gap| gap.code == "api_stale"),
        "{over_rest:?}"
    );
    assert_eq!(over_rest.len(), 8);
    project.apply(&over_rest[0].sql);
    assert_eq!(gaps(&project), [[], []]);
}

#[test]
fn the_doctor_shows_the_sql_that_mends() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    project.apply("alter table public.orders drop column meta");
    for transport in ["rest", "postgres"] {
        let home = home(&project, transport);
        let mut command = udsync(&home, &project, transport, "doctor --check supabase");
        let told = ran(command.output().expect("it runs")).ends_with(2);
        let line = "alter table public.orders add column if not exists meta jsonb;";
        assert!(told.out.contains(line), "{}", told.out);
        assert!(told.out.contains("lacks the column `meta`"), "{}", told.out);
    }
}

/// Figures of the views, added up by hand: two orders by card and one by bank, a guest who has an account too, a refund in the month
/// after, and what never was sold.
const SALES: &str = r#"
insert into public.customers (shop, id, email, fingerprint) values ('aurora', 7, 'ann@example.test', 'c');
insert into public.orders (shop, id, number, status, currency, total, total_tax, shipping_total, customer_id, guest, email, payment_method,
                           created_at, modified_at, local_date, tax_lines, fingerprint, deleted_at) values
 ('aurora', 1, '1', 'completed', 'CAD', 105.10, 5.10, 9.99, 7, false, 'ann@example.test', 'stripe', now(), now(), '2026-10-31',
  '[{"rate_id": 1, "rate_code": "CA-GST", "label": "GST", "tax_total": "4.60", "shipping_tax_total": "0.50"}]', 'f', null),
 ('aurora', 2, '2', 'processing', 'CAD', 0.20, 0.10, null, null, true, 'ann@example.test', 'stripe', now(), now(), '2026-10-31',
  '[{"rate_id": 1, "rate_code": "CA-GST", "label": "GST", "tax_total": "0.07", "shipping_tax_total": ""},
    {"rate_id": 2, "rate_code": "CA-PST", "label": "PST", "tax_total": "0.03"}]', 'f', null),
 ('aurora', 3, '3', 'refunded', 'USD', 20.00, 0, 0, null, true, 'bo@example.test', 'bacs', now(), now(), '2026-10-31', null, 'f', null),
 ('aurora', 4, '4', 'pending', 'CAD', 999, 0, 0, null, true, 'bo@example.test', 'stripe', now(), now(), '2026-10-31', '[]', 'f', null),
 ('aurora', 5, '5', 'completed', 'CAD', 888, 0, 0, null, true, 'bo@example.test', 'stripe', now(), now(), '2026-10-31', '[]', 'f', now()),
 ('harbor', 1, '1', 'completed', 'CAD', 77.77, 0, 0, null, true, 'ann@example.test', 'stripe', now(), now(), '2026-10-31', '[]', 'f', null);
insert into public.refunds (shop, id, order_id, amount, created_at, local_date, lines, shipping_lines, fingerprint) values
 ('aurora', 11, 1, 10.50, now(), '2026-11-02', '[{"id": 1, "taxes": [{"id": 1, "total": "-0.45"}, {"id": 1, "total": ""}]}]',
  '[{"id": 2, "taxes": [{"id": 1, "total": "-0.05"}]}]', 'f'),
 ('aurora', 12, 3, 20.00, now(), '2026-11-02', '{}', null, 'f'),
 ('aurora', 13, 404, 5.00, now(), '2026-11-02', null, null, 'f');
insert into public.invoices (shop, id, target, entity, target_id, order_id, role, voided, written, fingerprint) values
 ('aurora', '1/sale', 'quickbooks', 'SalesReceipt', '10', 1, 'sale', false, 1, 'f'),
 ('aurora', '2/sale', 'quickbooks', 'SalesReceipt', '11', 2, 'sale', true, 1, 'f'),
 ('aurora', '3/refund/12', 'quickbooks', 'RefundReceipt', '12', 3, 'refund', false, 1, 'f');
insert into public.sync_logs (shop, id, kind, run_id, target, status, source_entity, source_id, code, started_at, fingerprint) values
 ('aurora', 'r1/problem/A', 'problem', 'r1', 'quickbooks', 'held', 'order', '3', 'tax_code_unmapped', '2026-11-01T00:00:00Z', 'f'),
 ('aurora', 'r2/problem/A', 'problem', 'r2', 'quickbooks', 'held', 'order', '3', 'gateway_unmapped', '2026-11-02T00:00:00Z', 'f');
"#;

#[test]
fn the_figures_of_the_views_are_right_to_the_cent() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    project.apply(SALES);
    let rows = |columns: &str, view: &str| {
        project
            .rows(&format!(
                "select concat_ws(' ', {columns}) as line from public.{view} order by 1"
            ))
            .iter()
            .map(|row| row["line"].as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        rows(
            "shop, day, currency, payment_method, orders, revenue, tax, shipping, refunds, refunded, net",
            "daily_revenue_by_gateway"
        ),
        [
            "aurora 2026-10-31 CAD stripe 2 105.30 5.20 9.99 0 0 105.30",
            "aurora 2026-10-31 USD bacs 1 20.00 0 0 0 0 20.00",
            "aurora 2026-11-02 CAD stripe 0 0 0 0 1 10.50 -10.50",
            "aurora 2026-11-02 USD bacs 0 0 0 0 1 20.00 -20.00",
            "harbor 2026-10-31 CAD stripe 1 77.77 0 0 0 0 77.77",
        ]
    );
    assert_eq!(
        rows(
            "shop, month, currency, rate_id, rate_code, label, charged, refunded, net",
            "tax_by_rate"
        ),
        [
            "aurora 2026-10-01 CAD 1 CA-GST GST 5.17 0 5.17",
            "aurora 2026-10-01 CAD 2 CA-PST PST 0.03 0 0.03",
            "aurora 2026-11-01 CAD 1 CA-GST GST 0 0.50 -0.50",
        ]
    );
    assert_eq!(
        rows(
            "shop, currency, coalesce(customer_id::text, '-'), email, orders, first_order, last_order, revenue, refunded, net",
            "customer_lifetime_value"
        ),
        [
            "aurora CAD 7 ann@example.test 2 2026-10-31 2026-10-31 105.30 10.50 94.80",
            "aurora USD - bo@example.test 1 2026-10-31 2026-10-31 20.00 20.00 0.00",
            "harbor CAD - ann@example.test 1 2026-10-31 2026-10-31 77.77 0 77.77",
        ]
    );
    assert_eq!(
        rows(
            "shop, id, status, total, coalesce(code, '-')",
            "orders_not_in_books"
        ),
        [
            "aurora 2 processing 0.20 -",
            "aurora 3 refunded 20.00 gateway_unmapped",
            "harbor 1 completed 77.77 -",
        ]
    );
}
