//! Rows into a real PostgreSQL, over a real PostgREST and straight: both ways are asked the same and end with the same.
//!
//! The connector is used as the engine uses it, without the engine: what it sends is made here, row by row, and what the database holds
//! afterwards is read by `psql`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use udsync::connector::port::{TableWriter, Tables};
use udsync::connector::supabase::{DatabaseConnection, Supabase};
use udsync::model::clock::Clock;
use udsync::model::raw::Raw;
use udsync::model::row::{Columns, Handed, OncePrinted, Row, RowFate, Table};

use crate::real_supabase::RealSupabase;
use crate::world::RUNTIME;

const SHOP: &str = "aurora";

/// Both ways into the project.
pub fn ways(project: &RealSupabase) -> [(&'static str, Supabase); 2] {
    let straight = DatabaseConnection::Postgres {
        database_url: project.database_url.clone().into(),
        ca_file: Some(project.ca.clone().into()),
    };
    [("rest", rest(project)), ("postgres", opened(straight, 20))]
}

fn rest(project: &RealSupabase) -> Supabase {
    let settings = DatabaseConnection::Rest {
        url: project.rest_url.parse().expect("an address"),
        key: project.key().to_owned().into(),
    };
    opened(settings, 20)
}

pub fn opened(settings: DatabaseConnection, seconds: u64) -> Supabase {
    let clock = Clock::new(Utc::now);
    Supabase::new(
        settings,
        "public".to_owned(),
        Duration::from_secs(seconds),
        &clock,
    )
    .expect("usable")
    .of_shop(SHOP)
    .pausing(Duration::from_millis(50))
}

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// What a row says can be said otherwise.
pub trait Rewritten {
    fn insert(&mut self, name: String, value: Value);
}

impl Rewritten for Columns {
    fn insert(&mut self, name: String, value: Value) {
        let mut columns = self.read();
        columns.insert(name, value);
        *self = Columns::of(&columns);
    }
}

/// An order, with what must be there and a little more.
pub fn order(id: u64) -> Row {
    let columns = json!({
        "shop": SHOP, "id": id, "number": format!("#{id}"), "status": "completed", "currency": "CAD",
        "total": "12345678901234567890.1234567890", "total_tax": "0.10", "guest": false,
        "created_at": "2026-11-20T09:59:59Z", "modified_at": "2026-11-20T10:00:00.123456Z",
        "local_date": "2026-11-20", "customer_id": 9_007_199_254_740_993_i64, "item_count": "2",
        "customer_note": "Grüße, \"quoted\" \\ 日本語 🎉", "meta": {"b": [1, null, {"c": "d"}], "a": "1.10"},
    });
    let Value::Object(columns) = columns else {
        unreachable!("written above")
    };
    row(Table::Orders, &id.to_string(), columns)
}

fn row(table: Table, id: &str, columns: Map<String, Value>) -> Row {
    Row {
        table,
        id: id.to_owned(),
        parent: None,
        source_at: Some(moment("2026-11-20T10:00:00.123456Z")),
        columns: Columns::of(&columns),
        raw: Some(Raw::new(&format!(
            r#"{{"id": {}, "total": "12.50", "big": 123456789012345678901234567890.10}}"#,
            json!(id)
        ))),
        deleted_at: None,
        printed: OncePrinted::default(),
    }
}

fn orders(ids: std::ops::Range<u64>) -> Vec<Row> {
    ids.map(order).collect()
}

fn put(database: &Supabase, rows: &[Row]) -> Handed {
    RUNTIME.block_on(database.put(Table::Orders, rows))
}

#[track_caller]
fn all_in(handed: &Handed) {
    assert!(handed.end.is_none(), "{:?}", handed.end);
    let odd = handed.fates.iter().find(|fate| !is_written(fate));
    assert!(odd.is_none(), "{odd:?}");
}

fn is_written(fate: &RowFate) -> bool {
    matches!(fate, RowFate::Written { .. })
}

fn written() -> RowFate {
    RowFate::Written {
        replaced: Vec::new(),
    }
}

#[test]
fn rows_go_in_over_both_ways_and_are_the_same() {
    let mut told = Vec::new();
    for way in 0..2 {
        let Some(project) = RealSupabase::with_tables() else {
            return;
        };
        let (name, database) = &ways(&project)[way];
        // Not in order, and one of them twice.
        let mut rows = orders(1..1_201);
        rows.reverse();
        rows.push(order(1_042));
        let handed = put(database, &rows);
        all_in(&handed);
        assert_eq!(project.count("public.orders"), 1_200, "{name}");
        assert!(
            database.requests().writes <= 4,
            "{name}: {:?}",
            database.requests()
        );

        // The second time nothing is new, and nothing is written.
        let before = project.rows("select max(updated_at)::text as at from public.orders");
        let again = put(database, &rows);
        assert!(
            again.fates.iter().all(|fate| *fate == RowFate::Same),
            "{name}"
        );
        let after = project.rows("select max(updated_at)::text as at from public.orders");
        assert_eq!(before, after, "{name}");

        // What changed goes in among what did not.
        let mut changed = orders(500..520);
        for row in &mut changed[..5] {
            row.columns.insert("status".to_owned(), json!("refunded"));
        }
        let handed = put(database, &changed);
        assert_eq!(
            handed.fates.iter().filter(|fate| is_written(fate)).count(),
            5,
            "{name}"
        );
        assert_eq!(
            handed
                .fates
                .iter()
                .filter(|fate| **fate == RowFate::Same)
                .count(),
            15,
            "{name}"
        );

        told.push(project.rows(
            "select shop, id::text, number, total::text, total_tax::text, customer_id::text, customer_note, meta, raw::text,
                    created_at::text, modified_at::text, local_date::text, status, fingerprint, source_at::text, deleted_at
               from public.orders order by orders.id limit 600",
        ));
    }
    assert_eq!(told[0], told[1]);
    let first = &told[0][0];
    assert_eq!(first["total"], "12345678901234567890.1234567890");
    assert_eq!(first["customer_id"], "9007199254740993");
    assert_eq!(first["customer_note"], "Grüße, \"quoted\" \\ 日本語 🎉");
    assert_eq!(first["fingerprint"], order(1).fingerprint().as_str());
    let raw = first["raw"].as_str().expect("text");
    assert!(raw.contains("123456789012345678901234567890.10"), "{raw}");
}

#[test]
fn poisoned_rows_are_held_and_all_others_go_in() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    project.apply(
        "create function public.picky() returns trigger language plpgsql as
           $$ begin if new.number = 'forbidden' then raise exception 'not %', new.customer_note; end if; return new; end $$;
         create trigger picky before insert on public.orders for each row execute function public.picky();
         alter table public.orders add constraint cheap check (total_tax < 1000);",
    );
    let poison = |row: &mut Row| {
        let value = |name: &str, value: Value| (name.to_owned(), value);
        let (name, value) = match row.id.as_str() {
            "107" => value("total", json!("a lot")),
            "250" => value("status", Value::Null),
            "251" => value("total_tax", json!("1000.00")),
            "433" => value("local_date", json!("2026-02-31")),
            "599" => value("number", json!("forbidden")),
            "600" => value("customer_id", json!("99999999999999999999")),
            _ => return false,
        };
        row.columns.insert(name, value);
        true
    };
    for (name, database) in ways(&project) {
        project.apply("delete from public.orders");
        let mut rows = orders(1..701);
        let poisoned: Vec<bool> = rows.iter_mut().map(poison).collect();
        let handed = put(&database, &rows);
        assert!(handed.end.is_none(), "{name}: {:?}", handed.end);
        for (at, fate) in handed.fates.iter().enumerate() {
            match fate {
                RowFate::Refused(reason) if poisoned[at] => {
                    assert_eq!(reason.code, "row_refused", "{name}");
                    let told = format!("{reason:?}");
                    assert!(!told.contains("Gr") && !told.contains("a lot"), "{told}");
                }
                fate => assert!(
                    is_written(fate) && !poisoned[at],
                    "{name}, row {}: {fate:?}",
                    at + 1
                ),
            }
        }
        let RowFate::Refused(reason) = &handed.fates[249] else {
            panic!("{:?}", handed.fates[249]);
        };
        assert!(
            reason.message.contains("in column `status` (`23502`)"),
            "{}",
            reason.message
        );
        assert_eq!(project.count("public.orders"), 694, "{name}");
        let requests = database.requests().writes;
        assert!(requests < 100, "{name}: {requests} requests");
    }
}

#[test]
fn an_older_row_never_replaces_a_newer_one() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    for (name, database) in ways(&project) {
        project.apply("delete from public.orders");
        let mut newer = order(1);
        newer.source_at = Some(moment("2026-11-20T10:00:01Z"));
        newer.columns.insert("status".to_owned(), json!("refunded"));
        all_in(&put(&database, &[newer.clone(), order(2)]));
        let handed = put(&database, &[order(1), order(2), order(3)]);
        assert_eq!(
            handed.fates,
            [RowFate::NewerThere, RowFate::Same, written()],
            "{name}"
        );
        // Where nobody says when it was changed, what is sent is what counts.
        let mut undated = order(1);
        undated.source_at = None;
        assert_eq!(put(&database, &[undated]).fates, [written()], "{name}");
        assert_eq!(
            project.rows("select status from public.orders where id = 1"),
            [json!({"status": "completed"})]
        );
    }
}

#[test]
fn what_the_shop_has_no_more_is_marked_and_comes_back_when_it_does() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    for (name, database) in ways(&project) {
        project.apply("delete from public.orders");
        all_in(&put(&database, &orders(1..4)));
        let ids = ["1", "3", "77"].map(str::to_owned);
        let at = moment("2026-11-21T08:00:00Z");
        let bury = || RUNTIME.block_on(database.bury(Table::Orders, &ids, at));
        assert_eq!(
            bury().fates,
            [written(), written(), RowFate::Same],
            "{name}"
        );
        assert_eq!(bury().fates, vec![RowFate::Same; 3], "{name}");
        let told = project.rows(
            "select id, number, fingerprint = 'buried' as buried, deleted_at = '2026-11-21T08:00:00Z' as gone
               from public.orders order by id",
        );
        assert_eq!(
            told[0],
            json!({"id": 1, "number": "#1", "buried": true, "gone": true}),
            "{name}"
        );
        assert_eq!(
            told[1],
            json!({"id": 2, "number": "#2", "buried": false, "gone": null}),
            "{name}"
        );
        let held = RUNTIME
            .block_on(database.stored(Table::Orders, &ids))
            .expect("an answer");
        assert!(held.iter().all(|row| row.deleted), "{name}: {held:?}");
        all_in(&put(&database, &[order(1)]));
        let held = RUNTIME
            .block_on(database.stored(Table::Orders, &ids[..1]))
            .expect("an answer");
        assert!(!held[0].deleted, "{name}");
        assert_eq!(
            held[0].fingerprint,
            Some(order(1).fingerprint().clone()),
            "{name}"
        );
        assert_eq!(held[0].source_at, order(1).source_at, "{name}");
    }
}

#[test]
fn pages_bring_every_row_of_this_shop_and_none_of_another() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    let odd = [
        "a,b", "a\"b", "a\\b", "(a)", "a&b=c", "a+b %2B", "ä:é", "Z", "b",
    ];
    let link = |shop: &str, id: &str| {
        let mut columns = Map::new();
        for name in [
            "source_entity",
            "source_key",
            "target",
            "target_entity",
            "target_id",
            "state",
        ] {
            columns.insert(name.to_owned(), json!("x"));
        }
        columns.insert("written".to_owned(), json!(1));
        columns.insert("shop".to_owned(), json!(shop));
        columns.insert("id".to_owned(), json!(id));
        row(Table::IdMappings, id, columns)
    };
    for (name, database) in ways(&project) {
        project.apply("delete from public.orders; delete from public.id_mappings");
        all_in(&put(&database, &orders(1..2_301)));
        let mut of_another = order(5_000);
        of_another.columns.insert("shop".to_owned(), json!("other"));
        put(&database, &[of_another]);
        let mut after = None;
        let mut ids = Vec::new();
        loop {
            let page = RUNTIME
                .block_on(database.page(Table::Orders, after.as_deref()))
                .expect("a page");
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            ids.extend(page.into_iter().map(|row| row.id));
        }
        let expected: Vec<String> = (1..2_301).map(|id: u64| id.to_string()).collect();
        let first = ids.iter().zip(&expected).find(|(one, other)| one != other);
        assert!(first.is_none(), "{name}: {first:?}");
        assert_eq!(ids.len(), expected.len(), "{name}");
        let some: Vec<String> = (1..2_000)
            .step_by(2)
            .map(|id: u64| id.to_string())
            .collect();
        let held = RUNTIME
            .block_on(database.stored(Table::Orders, &some))
            .expect("rows");
        assert_eq!(held.len(), some.len(), "{name}");

        let rows: Vec<Row> = odd.iter().map(|id| link(SHOP, id)).collect();
        all_in(&RUNTIME.block_on(database.put(Table::IdMappings, &rows)));
        let ids = odd.map(str::to_owned);
        let held = RUNTIME
            .block_on(database.stored(Table::IdMappings, &ids))
            .expect("rows");
        assert_eq!(held.len(), odd.len(), "{name}: {held:?}");
        let mut after = None;
        let mut seen = 0;
        while let Some(last) = RUNTIME
            .block_on(database.page(Table::IdMappings, after.as_deref()))
            .expect("a page")
            .last()
        {
            after = Some(last.id.clone());
            seen += odd.len();
            assert!(seen <= odd.len(), "{name}: a page comes twice");
        }
        let buried = RUNTIME.block_on(database.bury(Table::IdMappings, &ids, Utc::now()));
        assert_eq!(buried.fates, vec![written(); odd.len()], "{name}");
    }
}

#[test]
fn signs_that_no_text_can_hold_cost_nothing_but_themselves() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    for (name, database) in ways(&project) {
        project.apply("delete from public.orders");
        let mut odd = order(2);
        odd.columns
            .insert("customer_note".to_owned(), json!("a\u{0}b"));
        odd.columns
            .insert("meta".to_owned(), json!({"k\u{0}": "\u{0}"}));
        odd.columns
            .insert("paid_at".to_owned(), json!("0000-00-00T00:00:00Z"));
        odd.raw = Some(Raw::new(
            r#"{"a\u0000": "\ud800 and \ud83d\ude00 \\u0000"}"#,
        ));
        let handed = put(&database, &[order(1), odd, order(3)]);
        assert!(handed.end.is_none(), "{name}: {:?}", handed.end);
        let RowFate::Written { replaced } = &handed.fates[1] else {
            panic!("{name}: {:?}", handed.fates[1]);
        };
        let mut replaced = replaced.clone();
        replaced.sort();
        assert_eq!(
            replaced,
            ["customer_note", "meta", "paid_at", "raw"],
            "{name}"
        );
        assert_eq!(
            [&handed.fates[0], &handed.fates[2]],
            [&written(), &written()]
        );
        assert_eq!(
            project
                .rows("select customer_note, meta, paid_at, raw from public.orders where id = 2"),
            [
                json!({"customer_note": "a\u{fffd}b", "meta": {"k\u{fffd}": "\u{fffd}"}, "paid_at": null,
                    "raw": {"a\u{fffd}": "\u{fffd} and 😀 \\u0000"}})
            ],
            "{name}"
        );
    }
}

#[test]
fn what_is_missing_in_the_database_is_told_with_what_mends_it() {
    for (sql, code) in [
        ("drop table public.orders cascade", "database_table_missing"),
        (
            "alter table public.orders drop column created_via cascade",
            "database_column_missing",
        ),
        (
            "alter table public.orders drop constraint orders_pkey",
            "database_key_missing",
        ),
    ] {
        let Some(project) = RealSupabase::with_tables() else {
            return;
        };
        project.apply(sql);
        for (name, database) in ways(&project) {
            let handed = put(&database, &orders(1..3));
            let end = handed.end.unwrap_or_else(|| panic!("{name}: {sql}"));
            assert_eq!(end.code, code, "{name}: {end}");
            assert!(
                end.hint.expect("a hint").contains("--print-schema"),
                "{name}"
            );
            assert!(
                handed.fates.iter().all(|fate| *fate == RowFate::NotReached),
                "{name}"
            );
        }
    }
}

#[test]
fn a_role_without_rights_is_told_which_grant_it_lacks() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    project.apply("revoke all on public.orders from service_role");
    let handed = put(&rest(&project), &orders(1..3));
    let end = handed.end.expect("an end");
    assert_eq!(end.code, "database_grant_missing", "{end}");
    let hint = end.hint.expect("a hint");
    let grants = hint.split_once(": `").expect("SQL").1.trim_end_matches('`');
    project.apply(grants);
    all_in(&put(&rest(&project), &orders(1..3)));
}

#[test]
fn a_database_that_takes_no_writes_is_told_so() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    // From the next connection on.
    let (good, said) = project.psql(&format!(
        "alter database {} set default_transaction_read_only = on",
        project.database
    ));
    assert!(good, "{said}");
    let [_, (_, straight)] = ways(&project);
    let end = put(&straight, &orders(1..3)).end.expect("an end");
    assert_eq!(end.code, "database_read_only", "{end}");
}

#[test]
fn a_connection_that_is_gone_is_made_again() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    let [_, (_, straight)] = ways(&project);
    all_in(&put(&straight, &orders(1..10)));
    let ended = project.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'udsync' and datname = current_database()",
    );
    assert_eq!(ended.len(), 1);
    all_in(&put(&straight, &orders(10..20)));

    // In the middle of a request, too: it waits for a row that somebody holds, and is ended there.
    let other = project.client();
    RUNTIME.block_on(async {
        other
            .batch_execute("begin; update public.orders set number = 'held' where id = 5")
            .await
            .expect("held");
    });
    let mut changed = orders(1..10);
    for row in &mut changed {
        row.columns.insert("status".to_owned(), json!("refunded"));
    }
    let (handed, ()) = RUNTIME.block_on(async {
        tokio::join!(straight.put(Table::Orders, &changed), async {
            let waits = "select pg_terminate_backend(pid) from pg_stat_activity
                          where application_name = 'udsync' and datname = current_database() and wait_event_type = 'Lock'";
            while other.query(waits, &[]).await.expect("asked").is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            other.batch_execute("rollback").await.expect("let go");
        })
    });
    all_in(&handed);
    assert_eq!(
        project.rows("select count(*) as n from public.orders where status = 'refunded'"),
        [json!({"n": 9})]
    );
}

#[test]
fn what_is_too_slow_is_tried_with_less() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    // Each row costs six milliseconds, and nobody waits for more than two seconds.
    project.apply(
        "create function public.slow() returns trigger language plpgsql as
           $$ begin perform pg_sleep(0.006); return new; end $$;
         create trigger slow before insert on public.orders for each row execute function public.slow();",
    );
    let settings = DatabaseConnection::Postgres {
        database_url: project.database_url.clone().into(),
        ca_file: Some(project.ca.clone().into()),
    };
    let straight = opened(settings, 3);
    all_in(&put(&straight, &orders(1..501)));
    assert!(straight.requests().writes >= 3, "{:?}", straight.requests());
    assert_eq!(project.count("public.orders"), 500);
}

#[test]
fn two_writers_of_the_same_rows_do_each_other_no_harm() {
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    let [(_, rest), (_, straight)] = ways(&project);
    let rows = orders(1..1_001);
    let mut later = rows.clone();
    later.reverse();
    for row in &mut later {
        row.source_at = Some(moment("2026-11-20T10:00:05Z"));
        row.columns.insert("status".to_owned(), json!("refunded"));
    }
    let (one, other) = RUNTIME.block_on(async {
        tokio::join!(
            rest.put(Table::Orders, &rows),
            straight.put(Table::Orders, &later)
        )
    });
    assert!(
        one.end.is_none() && other.end.is_none(),
        "{:?} {:?}",
        one.end,
        other.end
    );
    assert_eq!(
        project.rows("select status, count(*) as n from public.orders group by 1"),
        [json!({"status": "refunded", "n": 1000})]
    );
}
