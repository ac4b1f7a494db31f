//! Every bad answer over REST: what is said, what is tried again, what is held.

use std::time::Duration;

use crate::connector::port::{TableWriter, Tables};
use crate::connector::supabase::{DatabaseConnection, Supabase};
use crate::model::clock::Clock;
use crate::model::fault::Remedy;
use crate::model::row::{RowFate, Table};

use super::server::{Answer, Asked, Server};
use super::{moment, order, put};

fn database(server: &Server) -> Supabase {
    let settings = DatabaseConnection::Rest {
        url: server.url.clone(),
        key: "sb_secret_0123456789abcdefghijkl".to_owned().into(),
    };
    let clock = Clock::new(|| moment("2026-11-21T00:00:00Z"));
    Supabase::new(
        settings,
        "public".to_owned(),
        Duration::from_millis(500),
        &clock,
    )
    .expect("usable")
    .of_shop("aurora")
    .pausing(Duration::from_millis(2))
}

/// How many rows a request holds.
fn rows_in(asked: &Asked) -> usize {
    asked.body.matches("\"number\":").count()
}

/// What is expected of an answer.
enum Then {
    /// The errand ends with this code, after so many requests; nothing is in.
    Ends(&'static str, usize),
    /// The same once more, and it is in.
    Again,
    /// In halves, until the row that holds the number 7 is alone, and it is held.
    Bisects(&'static str),
    /// In halves, and all of it is in.
    Halves,
}

const HTML: &str = "<html><body>error code: 522</body></html>";

#[tokio::test]
async fn every_bad_answer_has_its_consequence() {
    use Then::{Again, Bisects, Ends, Halves};
    let coded = |code: &str| {
        format!(
            r#"{{"code":"{code}","message":"says ann@example.com","details":null,"hint":null}}"#
        )
    };
    let plain = |text: &str| text.to_owned();
    let no_key = r#"{"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."}"#;
    let table: Vec<(u16, String, Then)> = vec![
        (400, coded("PGRST102"), Bisects("row_refused")),
        (400, coded("PGRST204"), Ends("database_column_missing", 4)),
        (400, coded("42703"), Ends("database_column_missing", 4)),
        (400, coded("21000"), Bisects("row_refused")),
        (400, coded("22P02"), Bisects("row_refused")),
        (400, coded("22P05"), Bisects("row_refused")),
        (400, coded("22003"), Bisects("row_refused")),
        (400, coded("22007"), Bisects("row_refused")),
        (400, coded("22008"), Bisects("row_refused")),
        (400, coded("23502"), Bisects("row_refused")),
        (400, coded("23514"), Bisects("row_refused")),
        (400, coded("P0001"), Bisects("row_refused")),
        (500, coded("54000"), Bisects("row_refused")),
        (409, coded("23503"), Bisects("row_refused")),
        (409, coded("23505"), Bisects("row_refused")),
        (400, coded("42P10"), Ends("database_key_missing", 1)),
        (400, coded("428C9"), Ends("database_column_missing", 1)),
        (
            400,
            coded("PGRST122"),
            Ends("database_answer_unexpected", 1),
        ),
        (
            400,
            coded("PGRST124"),
            Ends("database_answer_unexpected", 1),
        ),
        (401, plain(no_key), Ends("database_key_refused", 1)),
        (401, plain(""), Ends("database_key_refused", 1)),
        (401, coded("PGRST301"), Ends("database_key_refused", 1)),
        (401, coded("PGRST302"), Ends("database_key_refused", 1)),
        (401, coded("PGRST303"), Ends("database_key_expired", 1)),
        (401, coded("42501"), Ends("database_grant_missing", 1)),
        (403, coded("42501"), Ends("database_grant_missing", 1)),
        (402, plain(""), Ends("database_restricted", 1)),
        (404, plain("{}"), Ends("database_table_missing", 4)),
        (404, coded("42P01"), Ends("database_table_missing", 4)),
        (404, coded("PGRST205"), Ends("database_table_missing", 4)),
        (404, plain("<html>"), Ends("database_url_wrong", 1)),
        (405, coded("25006"), Ends("database_read_only", 1)),
        (406, coded("PGRST106"), Ends("database_schema_closed", 1)),
        (
            406,
            coded("PGRST116"),
            Ends("database_answer_unexpected", 1),
        ),
        (413, plain(HTML), Halves),
        (414, plain("URI too long"), Halves),
        (429, plain("slow down"), Again),
        (500, coded("57014"), Halves),
        (500, coded("40001"), Again),
        (500, coded("40P01"), Again),
        (
            500,
            coded("PGRST300"),
            Ends("database_answer_unexpected", 1),
        ),
        (500, plain(HTML), Again),
        (502, plain(""), Again),
        (503, coded("53300"), Again),
        (503, coded("08006"), Again),
        (503, coded("57P01"), Again),
        (503, coded("PGRST000"), Again),
        (503, coded("PGRST001"), Again),
        (503, coded("PGRST002"), Again),
        (503, plain(""), Again),
        (504, coded("PGRST003"), Again),
        (520, plain(HTML), Again),
        (525, plain(HTML), Again),
        (540, plain(""), Ends("database_paused", 1)),
        (544, plain(HTML), Halves),
        (301, plain(""), Ends("database_url_wrong", 1)),
        (418, plain("{}"), Ends("database_answer_unexpected", 1)),
    ];
    for (status, body, then) in table {
        let about = format!("{status} {body}");
        let bad = Answer::of(status, &body);
        let server = match then {
            Ends(..) => Server::start(move |_, _| bad.clone()).await,
            Again => {
                Server::start(move |number, asked| match number {
                    1 => bad.clone(),
                    _ => Answer::merged(rows_in(asked)),
                })
                .await
            }
            Bisects(_) => {
                Server::start(move |_, asked| {
                    if asked.body.contains("\"number\":\"7\"") {
                        return bad.clone();
                    }
                    Answer::merged(rows_in(asked))
                })
                .await
            }
            Halves => {
                Server::start(move |_, asked| {
                    if rows_in(asked) > 6 {
                        return bad.clone();
                    }
                    Answer::merged(rows_in(asked))
                })
                .await
            }
        };
        let database = database(&server);
        let rows: Vec<_> = (1..=20).map(order).collect();
        let handed = database.put(Table::Orders, &rows).await;
        let written = |fate: &&RowFate| matches!(fate, RowFate::Written { .. });
        let in_there = handed.fates.iter().filter(written).count();
        match then {
            Ends(code, requests) => {
                let end = handed.end.expect(&about);
                assert_eq!(end.code, code, "{about}");
                assert!(
                    end.hint.is_some() || code == "database_answer_unexpected",
                    "{about}"
                );
                let told = format!("{end} {:?}", end.hint);
                assert!(!told.contains("ann@"), "{told}");
                assert_eq!(server.asked().len(), requests, "{about}");
                assert!(handed.fates.iter().all(|fate| *fate == RowFate::NotReached));
            }
            Again => {
                assert!(handed.end.is_none(), "{about}: {:?}", handed.end);
                assert_eq!((in_there, server.asked().len()), (20, 2), "{about}");
            }
            Bisects(code) => {
                assert!(handed.end.is_none(), "{about}: {:?}", handed.end);
                assert_eq!(in_there, 19, "{about}");
                let RowFate::Refused(reason) = &handed.fates[6] else {
                    panic!("{about}: {:?}", handed.fates[6]);
                };
                assert_eq!(reason.code, code);
                let told = format!("{reason:?}");
                assert!(!told.contains("ann@"), "{told}");
            }
            Halves => {
                assert!(handed.end.is_none(), "{about}: {:?}", handed.end);
                assert_eq!(in_there, 20, "{about}");
            }
        }
        let requests = database.requests();
        assert_eq!(requests.writes as usize, server.asked().len(), "{about}");
        if status == 429 {
            assert_eq!(requests.throttled, 1);
        }
    }
}

#[tokio::test]
async fn what_is_sent_names_its_key_and_its_columns() {
    let server = Server::start(|_, asked| Answer::merged(rows_in(asked))).await;
    // Out of order, and one of them twice: the later one is meant.
    let mut later = order(1042);
    put(&mut later, "status", "refunded".into());
    let rows = [order(20_000), order(1042), later];
    let handed = database(&server).put(Table::Orders, &rows).await;
    assert_eq!(handed.fates, vec![RowFate::Written { replaced: vec![] }; 3]);
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    let asked = &asked[0];
    assert!(
        asked
            .target
            .starts_with("/rest/v1/orders?on_conflict=shop,id&columns=shop,id,"),
        "{}",
        asked.target
    );
    assert!(
        asked
            .target
            .ends_with(",raw,fingerprint,source_at,deleted_at"),
        "{}",
        asked.target
    );
    assert!(
        asked
            .head
            .contains("prefer: resolution=merge-duplicates,return=minimal,count=exact\r\n")
    );
    assert!(asked.head.contains("content-profile: public\r\n"));
    assert!(asked.head.contains("apikey: sb_secret_"));
    assert!(!asked.head.contains("authorization"));
    let body: serde_json::Value = serde_json::from_str(&asked.body).expect("JSON");
    let told: Vec<_> = body
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["id"].as_u64(), row["status"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(1042), Some("refunded")),
            (Some(20_000), Some("completed"))
        ]
    );
    assert_eq!(body[0]["total"], "19.90");
    assert_eq!(body[0]["raw"]["total"], "19.90");
}

#[tokio::test]
async fn a_table_without_a_key_is_noticed_by_what_the_answer_leaves_out() {
    let server = Server::start(|_, _| {
        Answer::of(201, "")
            .with("preference-applied", "return=minimal, count=exact")
            .with("content-range", "*/2")
    })
    .await;
    let handed = database(&server)
        .put(Table::Orders, &[order(1), order(2)])
        .await;
    let end = handed.end.expect("an end");
    assert_eq!(end.code, "database_key_missing");
    assert!(end.hint.expect("a hint").contains("--print-schema"));
    assert_eq!(server.asked().len(), 1);
}

/// Of three rows the database writes one: it has the first as it is, and a newer third.
#[tokio::test]
async fn where_fewer_rows_were_written_than_sent_the_database_is_asked_what_it_holds() {
    let rows = [order(1), order(2), order(3), order(4)];
    let prints: Vec<String> = rows
        .iter()
        .map(|row| row.fingerprint().to_string())
        .collect();
    let server = Server::start(move |_, asked| {
        if asked.method == "POST" {
            return Answer::merged(1);
        }
        assert!(asked.target.contains("shop=eq.aurora&id=in.(1,2,3,4)"), "{}", asked.target);
        let row = |id: usize, print: &str, at: &str, updated: &str| {
            format!(r#"{{"id":"{id}","fingerprint":"{print}","source_at":"{at}+00:00","deleted_at":null,"updated_at":"{updated}+00:00"}}"#)
        };
        let told = [
            row(1, &prints[0], "2026-11-20T10:00:00", "2026-11-20T11:00:00"),
            row(2, &prints[1], "2026-11-20T10:00:00", "2026-11-21T00:00:00.5"),
            row(3, "other", "2026-11-20T10:00:01", "2026-11-20T11:00:00"),
        ];
        Answer::of(200, &format!("[{}]", told.join(","))).with("content-range", "0-2/3")
    })
    .await;
    let handed = database(&server).put(Table::Orders, &rows).await;
    assert!(handed.end.is_none(), "{:?}", handed.end);
    assert_eq!(handed.fates[0], RowFate::Same);
    assert_eq!(handed.fates[1], RowFate::Written { replaced: vec![] });
    assert_eq!(handed.fates[2], RowFate::NewerThere);
    let RowFate::Refused(reason) = &handed.fates[3] else {
        panic!("{:?}", handed.fates[3]);
    };
    assert_eq!(reason.code, "row_not_kept");
}

#[tokio::test]
async fn a_database_that_keeps_nothing_ends_the_errand() {
    let server = Server::start(|_, asked| match asked.method.as_str() {
        "POST" => Answer::merged(0),
        _ => Answer::of(200, "[]").with("content-range", "*/0"),
    })
    .await;
    let handed = database(&server)
        .put(Table::Orders, &[order(1), order(2)])
        .await;
    assert_eq!(handed.end.expect("an end").code, "database_rows_missing");
}

#[tokio::test]
async fn a_cut_connection_and_silence_are_sent_again() {
    for first in [Answer::Cut, Answer::Silence] {
        let server = Server::start(move |number, asked| match number {
            1 => first.clone(),
            _ => Answer::merged(rows_in(asked)),
        })
        .await;
        let handed = database(&server)
            .put(Table::Orders, &[order(1), order(2)])
            .await;
        assert!(handed.end.is_none(), "{:?}", handed.end);
        assert_eq!(handed.fates, vec![RowFate::Written { replaced: vec![] }; 2]);
    }
}

#[tokio::test]
async fn a_server_that_stays_away_ends_the_errand_with_the_rows_for_the_next_run() {
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        listener.local_addr().expect("an address")
    };
    let mut nobody = Server::start(|_, _| Answer::Cut).await;
    nobody.url = format!("http://{gone}").parse().expect("an address");
    let handed = database(&nobody).put(Table::Orders, &[order(1)]).await;
    assert_eq!(handed.end.expect("an end").code, "database_unreachable");
    assert_eq!(handed.fates, [RowFate::NotReached]);
}

#[tokio::test]
async fn a_pause_that_is_asked_for_is_made_and_one_that_is_too_long_is_told() {
    let server = Server::start(|_, _| Answer::of(429, "").with("retry-after", "3600")).await;
    let handed = database(&server).put(Table::Orders, &[order(1)]).await;
    let end = handed.end.expect("an end");
    assert_eq!(end.remedy, Remedy::Wait(Duration::from_secs(3_600)));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn signs_that_are_not_kept_are_replaced_and_told() {
    let server = Server::start(|_, asked| Answer::merged(rows_in(asked))).await;
    let mut row = order(1);
    put(&mut row, "customer_note", "a\u{0}b".into());
    put(&mut row, "meta", serde_json::json!({"k\u{0}": "v"}));
    put(&mut row, "paid_at", "0000-00-00 00:00:00".into());
    row.raw = Some(crate::model::raw::Raw::new(
        r#"{"note":"a\u0000b \ud800","fine":"\ud83d\ude00 \\u0000"}"#,
    ));
    let handed = database(&server).put(Table::Orders, &[row]).await;
    let replaced = ["customer_note", "paid_at", "meta", "raw"]
        .map(str::to_owned)
        .to_vec();
    let [RowFate::Written { replaced: told }] = &handed.fates[..] else {
        panic!("{:?}", handed.fates);
    };
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    assert_eq!(sorted(told), sorted(&replaced));
    let body = &server.asked()[0].body;
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body[0]["customer_note"], "a\u{fffd}b");
    assert_eq!(body[0]["meta"], serde_json::json!({"k\u{fffd}": "v"}));
    assert_eq!(body[0]["paid_at"], serde_json::Value::Null);
    assert_eq!(body[0]["raw"]["note"], "a\u{fffd}b \u{fffd}");
    assert_eq!(body[0]["raw"]["fine"], "\u{1f600} \\u0000");
}

#[tokio::test]
async fn many_ids_are_asked_for_in_short_addresses_and_what_is_held_back_is_asked_again() {
    let server = Server::start(|_, asked| {
        assert!(asked.target.len() < 7_000, "{} bytes", asked.target.len());
        let (_, ids) = asked.target.split_once("id=in.(").expect("ids");
        let ids: Vec<&str> = ids.split_once(')').expect("an end").0.split(',').collect();
        // This one gives a hundred rows at most.
        let told: Vec<String> = ids
            .iter()
            .take(100)
            .map(|id| format!(r#"{{"id":"{id}","fingerprint":null,"source_at":null,"deleted_at":null,"updated_at":null}}"#))
            .collect();
        let range = format!("0-{}/{}", told.len() - 1, ids.len());
        Answer::of(206, &format!("[{}]", told.join(","))).with("content-range", &range)
    })
    .await;
    let ids: Vec<String> = (0..1_000)
        .map(|id| (1_000_000_000 + id).to_string())
        .collect();
    let found = database(&server)
        .stored(Table::Orders, &ids)
        .await
        .expect("found");
    assert_eq!(found.len(), 1_000);
    assert!(server.asked().len() >= 10);
}

#[tokio::test]
async fn an_address_that_is_too_long_is_made_shorter() {
    let server = Server::start(|_, asked| {
        let ids = asked.target.matches(',').count();
        if ids > 60 {
            return Answer::of(414, "URI too long");
        }
        match asked.method.as_str() {
            "PATCH" => Answer::of(200, "[]"),
            _ => Answer::of(200, "[]").with("content-range", "*/0"),
        }
    })
    .await;
    let database = database(&server);
    let ids: Vec<String> = (0..300).map(|id| id.to_string()).collect();
    let found = database
        .stored(Table::Orders, &ids)
        .await
        .expect("an answer");
    assert!(found.is_empty());
    let handed = database
        .bury(Table::Orders, &ids, moment("2026-11-21T00:00:00Z"))
        .await;
    assert!(handed.end.is_none(), "{:?}", handed.end);
    assert_eq!(handed.fates, vec![RowFate::Same; 300]);
}

#[tokio::test]
async fn ids_that_are_text_are_quoted_and_pages_go_by_their_key() {
    let server = Server::start(|_, _| Answer::of(200, "[]").with("content-range", "*/0")).await;
    let database = database(&server);
    let odd = r#"order:1042/sale,"x"\"#.to_owned();
    database
        .stored(Table::Invoices, &[odd])
        .await
        .expect("an answer");
    database
        .page(Table::Invoices, Some("a&b=c"))
        .await
        .expect("an answer");
    database.page(Table::Orders, None).await.expect("an answer");
    let asked = server.asked();
    assert!(
        asked[0]
            .target
            .contains(r#"id=in.("order:1042/sale,\"x\"\\")"#),
        "{}",
        asked[0].target
    );
    assert!(
        asked[1]
            .target
            .contains("&shop=eq.aurora&id=gt.a&b=c&order=id&limit=1000"),
        "{}",
        asked[1].target
    );
    assert!(asked[2].target.contains("/rest/v1/orders?select=id::text,fingerprint,source_at,deleted_at,updated_at&shop=eq.aurora&order=id&limit=1000"), "{}", asked[2].target);
}

#[tokio::test]
async fn what_is_buried_keeps_what_it_held() {
    let server = Server::start(|_, _| Answer::of(200, r#"[{"id":"2"}]"#)).await;
    let ids = ["1".to_owned(), "2".to_owned(), "no number".to_owned()];
    let at = moment("2026-11-21T00:00:00Z");
    let handed = database(&server).bury(Table::Orders, &ids, at).await;
    assert_eq!(
        handed.fates,
        [
            RowFate::Same,
            RowFate::Written { replaced: vec![] },
            RowFate::Same
        ]
    );
    let asked = &server.asked()[0];
    assert_eq!(asked.method, "PATCH");
    assert_eq!(
        asked.body,
        r#"{"deleted_at":"2026-11-21T00:00:00.000000Z","fingerprint":"buried"}"#
    );
    assert!(
        asked
            .target
            .contains("shop=eq.aurora&id=in.(1,2)&deleted_at=is.null"),
        "{}",
        asked.target
    );
}
