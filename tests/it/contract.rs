//! Contract: the same questions put to the stand-in of the database and to a real PostgREST over a real PostgreSQL.
//!
//! What we believe of the wire stands here as plain answers. The stand-in has to give them, and so has the real one where the
//! machine has it: then the two are compared word for word besides, so that whatever is tested against the stand-in alone is
//! tested against something that was seen. The client is a few lines of its own and knows nothing of ours.
//!
//! The two gateways are not compared by their words: both are ours.

use std::sync::LazyLock;

use serde_json::{Value, json};
use udsync::sandbox::supabase;

use crate::real_supabase::{PUBLIC_KEY, RealSupabase, SECRET_KEY};
use crate::world::{RUNTIME, World};

/// Where a question is put.
struct Place {
    name: &'static str,
    url: String,
}

struct Both {
    places: Vec<Place>,
    real: Option<RealSupabase>,
    /// Of the PostgREST that both speak as.
    version: String,
    _stand_in: supabase::Running,
}

/// Tables besides ours, on which there is more to go wrong.
const MORE: &str = "
create table public.keyless (shop text, id bigint, v text);
create table public.picky (id integer primary key, total numeric(12,2), small smallint, code text unique, at timestamptz, day date, flag boolean, doc jsonb);
create table public.locked (id integer primary key);
grant select, insert, update, delete on public.keyless, public.picky to service_role;
";

fn more() -> Value {
    json!({
        "keyless": {"columns": ["shop text", "id bigint", "v text"]},
        "picky": {"columns": ["id integer not null", "total numeric(12,2)", "small smallint", "code text", "at timestamptz", "day date", "flag boolean", "doc jsonb"],
            "key": ["id"], "unique": [["code"]]},
        "locked": {"columns": ["id integer not null"], "key": ["id"], "rights": []},
    })
}

static BOTH: LazyLock<Both> = LazyLock::new(|| {
    LazyLock::force(&CLIENT);
    let real = RealSupabase::with_tables();
    if let Some(real) = &real {
        real.apply(MORE);
    }
    let version = match &real {
        Some(real) => {
            let place = Place {
                name: "real",
                url: real.rest_url.clone(),
            };
            let told = ask_one(&place, "GET", "", "", &[], None);
            let told: Value = serde_json::from_str(&told.body).expect("a description");
            told["info"]["version"].as_str().expect("one").to_owned()
        }
        None => "12.0.2".to_owned(),
    };
    let stand_in = stand_in(&version);
    let mut places = vec![Place {
        name: "stand-in",
        url: stand_in.url(),
    }];
    places.extend(real.as_ref().map(|real| Place {
        name: "real",
        url: real.rest_url.clone(),
    }));
    Both {
        places,
        real,
        version,
        _stand_in: stand_in,
    }
});

fn stand_in(version: &str) -> supabase::Running {
    let setup = json!({
        "version": version,
        "schemas": ["public", "books"],
        "keys": [{"key": SECRET_KEY}, {"key": PUBLIC_KEY, "role": "anon"}],
        "more": more(),
    });
    RUNTIME
        .block_on(supabase::start(0, setup))
        .expect("the stand-in starts")
}

/// What came back, made comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    status: u16,
    body: String,
    range: Option<String>,
    /// In no order: versions differ in it.
    applied: Option<Vec<String>>,
    kind: Option<String>,
    location: Option<String>,
}

impl Told {
    fn code(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        body["code"].as_str().map(str::to_owned)
    }

    /// The rows, with exact numbers as they were printed.
    fn text(&self) -> String {
        self.body.replace(", \n ", ", ")
    }

    #[track_caller]
    fn refused(&self, status: u16, code: &str) {
        let told = (self.status, self.code());
        assert_eq!(told, (status, Some(code.to_owned())), "{self:?}");
    }

    /// Written, with so many rows counted.
    #[track_caller]
    fn wrote(&self, status: u16, range: &str) {
        assert_eq!(
            (self.status, self.range.as_deref(), self.body.as_str()),
            (status, Some(range), ""),
            "{self:?}"
        );
    }

    #[track_caller]
    fn applies(&self, what: &[&str]) {
        let mut what: Vec<String> = what.iter().map(|one| (*one).to_owned()).collect();
        what.sort();
        assert_eq!(self.applied.clone().unwrap_or_default(), what, "{self:?}");
    }

    #[track_caller]
    fn lists(&self, rows: &str) {
        assert_eq!((self.status, self.text().as_str()), (200, rows));
    }
}

static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
    // A client cannot be built without a TLS provider, though nothing here speaks TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .user_agent("udsync/contract")
        .build()
        .expect("a client")
});

fn ask_one(
    place: &Place,
    method: &str,
    path: &str,
    prefer: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Told {
    RUNTIME.block_on(async {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}/rest/v1/{path}", place.url);
        let mut request = CLIENT.request(method, url);
        let named = |name: &str| headers.iter().any(|(known, _)| *known == name);
        if !named("apikey") {
            request = request.header("apikey", SECRET_KEY);
        }
        if !prefer.is_empty() {
            request = request.header("prefer", prefer);
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            if !named("content-type") {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body.to_owned());
        }
        let answer = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("{} does not answer: {error}", place.name));
        // PostgREST says of some refusals twice what kind they are; the last word counts.
        let header = |name: &str| {
            let value = answer.headers().get_all(name).iter().next_back()?;
            Some(value.to_str().expect("plain letters").to_owned())
        };
        let applied = header("preference-applied").map(|text| {
            let mut list: Vec<String> = text.split(',').map(|one| one.trim().to_owned()).collect();
            list.sort();
            list
        });
        Told {
            status: answer.status().as_u16(),
            range: header("content-range"),
            applied,
            kind: header("content-type"),
            location: header("location"),
            body: timeless(&answer.text().await.expect("a whole answer")),
        }
    })
}

/// Blots out when a row was last written: no two clocks agree.
fn timeless(body: &str) -> String {
    let mark = "\"updated_at\":\"";
    let mut out = String::new();
    let mut rest = body;
    while let Some(at) = rest.find(mark) {
        let (before, after) = rest.split_at(at + mark.len());
        out.push_str(before);
        out.push_str("then");
        rest = &after[after.find('"').unwrap_or(0)..];
    }
    out.push_str(rest);
    // The words about a row that is not complete show all of it.
    match (out.find("Failing row contains ("), out.find(").\"")) {
        (Some(from), Some(to)) if from < to => {
            out.replace_range(from..to, "Failing row contains (…")
        }
        _ => {}
    }
    out
}

impl Both {
    /// Puts a question to each, finds the same answer, and gives it.
    #[track_caller]
    fn ask(
        &self,
        method: &str,
        path: &str,
        prefer: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Told {
        let mut told = self
            .places
            .iter()
            .map(|place| ask_one(place, method, path, prefer, headers, body));
        let first = told.next().expect("the stand-in");
        for real in told {
            assert_eq!(
                first, real,
                "left the stand-in, right the real one: {method} {path}"
            );
        }
        first
    }

    #[track_caller]
    fn get(&self, path: &str) -> Told {
        self.ask("GET", path, "", &[], None)
    }

    #[track_caller]
    fn post(&self, path: &str, prefer: &str, body: &str) -> Told {
        self.ask("POST", path, prefer, &[], Some(body))
    }

    /// As udsync writes rows.
    #[track_caller]
    fn upsert(&self, rows: &Value) -> Told {
        self.post(UPSERT, MERGE, &rows.to_string())
    }
}

const MERGE: &str = "resolution=merge-duplicates,return=minimal,count=exact";
const COLUMNS: &str = "shop,id,order_id,amount,reason,refunded_payment,created_at,local_date,meta,raw,fingerprint,source_at,deleted_at";
const UPSERT: &str = "refunds?on_conflict=shop,id&columns=shop,id,order_id,amount,reason,refunded_payment,created_at,local_date,meta,raw,fingerprint,source_at,deleted_at";

/// A row of `refunds`, which has a bit of every kind.
fn row(shop: &str, id: u64) -> Value {
    json!({"shop": shop, "id": id, "order_id": 1042, "amount": "10.50", "reason": "too small", "refunded_payment": true,
        "created_at": "2026-03-08T07:30:00Z", "local_date": "2026-03-08", "meta": null, "raw": {"b": 1, "aa": [2.5]},
        "fingerprint": "f", "source_at": "2026-03-08T07:30:00Z", "deleted_at": null})
}

fn with(mut row: Value, name: &str, value: impl Into<Value>) -> Value {
    row[name] = value.into();
    row
}

#[test]
fn the_tables_are_described_alike() {
    let told: Vec<Value> = BOTH
        .places
        .iter()
        .map(|place| ask_one(place, "GET", "", "", &[], None))
        .map(|told| {
            assert_eq!(told.status, 200);
            assert_eq!(
                told.kind.as_deref(),
                Some("application/openapi+json; charset=utf-8")
            );
            serde_json::from_str(&told.body).expect("a description")
        })
        .collect();
    let ours = &told[0]["definitions"];
    let names: Vec<&String> = ours.as_object().expect("tables").keys().collect();
    assert_eq!(
        names,
        [
            "customers",
            "id_mappings",
            "invoices",
            "keyless",
            "order_lines",
            "orders",
            "picky",
            "products",
            "refunds",
            "sync_logs",
            "udsync_schema",
            "udsync_state"
        ]
    );
    assert_eq!(
        ours["orders"]["properties"]["total"],
        json!({"format": "numeric", "type": "number"})
    );
    assert_eq!(
        ours["orders"]["properties"]["id"]["description"],
        "Note:\nThis is a Primary Key.<pk/>"
    );
    for real in &told[1..] {
        assert_eq!(told[0]["info"]["version"], real["info"]["version"]);
        for name in names.iter().map(|name| name.as_str()) {
            let (ours, real) = (&ours[name], &real["definitions"][name]);
            for part in ["required", "properties", "type"] {
                assert_eq!(ours[part], real[part], "{part} of {name}");
            }
            let marked = |told: &Value| {
                let text = told["description"].as_str().unwrap_or_default();
                text.starts_with("udsync: ")
            };
            assert_eq!(marked(ours), marked(real), "the comment of {name}");
        }
    }
    // What udsync asks before it writes.
    let state = BOTH.get("udsync_state?order=name&select=*&limit=2");
    state.lists(r#"[{"name":"customers","version":2,"keyed":true,"guarded":true,"writable":true,"barred":false,"sealed":true}, {"name":"id_mappings","version":2,"keyed":true,"guarded":true,"writable":true,"barred":false,"sealed":true}]"#);
}

#[test]
fn rows_are_inserted_changed_or_kept_and_the_answer_tells_how_many() {
    let s = "upserts";
    let told = BOTH.upsert(&json!([row(s, 1), row(s, 2)]));
    told.wrote(201, "*/2");
    told.applies(&[
        "resolution=merge-duplicates",
        "return=minimal",
        "count=exact",
    ]);
    // The very same again: the guard keeps what is there, and nothing is counted.
    BOTH.upsert(&json!([row(s, 1), row(s, 2)]))
        .wrote(200, "*/0");
    let changed = with(row(s, 1), "fingerprint", "g");
    BOTH.upsert(&json!([changed, row(s, 3)])).wrote(201, "*/2");
    let newer = with(row(s, 1), "source_at", "2026-04-08T07:30:00Z");
    BOTH.upsert(&json!([newer])).wrote(200, "*/1");
    // Older than what is there: one is kept, the other goes in.
    let older = with(row(s, 1), "fingerprint", "h");
    BOTH.upsert(&json!([older, row(s, 4)])).wrote(201, "*/1");
    BOTH.get("refunds?shop=eq.upserts&order=id&select=id,fingerprint,source_at&limit=1")
        .lists(r#"[{"id":1,"fingerprint":"f","source_at":"2026-04-08T07:30:00+00:00"}]"#);
    BOTH.upsert(&json!([])).wrote(200, "*/0");
    BOTH.upsert(&row(s, 5)).wrote(201, "*/1");

    // Without a word about duplicates, one is a conflict; without `on_conflict` it is the primary key's.
    let plain = json!([row(s, 1)]).to_string();
    let path = format!("refunds?columns={COLUMNS}");
    BOTH.post(&path, "return=minimal", &plain)
        .refused(409, "23505");
    let newest = json!([with(row(s, 1), "source_at", "2026-05-08T07:30:00Z")]).to_string();
    BOTH.post(&path, MERGE, &newest).wrote(200, "*/1");
    let ignore = "resolution=ignore-duplicates,return=minimal,count=exact";
    let both = json!([row(s, 1), row(s, 6), row(s, 6)]).to_string();
    let told = BOTH.post(UPSERT, ignore, &both);
    told.wrote(201, "*/1");
    told.applies(&[
        "resolution=ignore-duplicates",
        "return=minimal",
        "count=exact",
    ]);
}

#[test]
fn what_comes_back_is_what_was_asked_for() {
    let s = "returns";
    let back = "resolution=merge-duplicates,return=representation,count=exact";
    let path = format!("{UPSERT}&select=id,amount,t:amount::text,raw,updated_at");
    let body = json!([row(s, 1)]).to_string();
    let told = BOTH.post(&path, back, &body);
    assert_eq!(
        (told.status, told.text().as_str()),
        (
            201,
            r#"[{"id":1,"amount":10.50,"t":"10.50","raw":{"b": 1, "aa": [2.5]},"updated_at":"then"}]"#
        )
    );
    // What the guard keeps does not come back.
    let told = BOTH.post(&path, back, &body);
    assert_eq!((told.status, told.text().as_str()), (200, "[]"));
    let head = "resolution=merge-duplicates,return=headers-only";
    let told = BOTH.post(UPSERT, head, &json!([row(s, 2)]).to_string());
    assert_eq!(
        told.location.as_deref(),
        Some("/refunds?shop=eq.returns&id=eq.2")
    );
    assert_eq!(told.range.as_deref(), Some("*/*"));
}

#[test]
fn a_request_is_done_whole_or_not_at_all() {
    let s = "whole";
    for (rows, status, code) in [
        (json!([row(s, 1), row(s, 1)]), 400, "21000"),
        (
            json!([row(s, 1), with(row(s, 2), "order_id", Value::Null)]),
            400,
            "23502",
        ),
        (
            json!([row(s, 1), with(row(s, 2), "amount", "a lot")]),
            400,
            "22P02",
        ),
        (
            json!([row(s, 1), with(row(s, 2), "reason", "a\0b")]),
            400,
            "22P05",
        ),
    ] {
        BOTH.upsert(&rows).refused(status, code);
        BOTH.get("refunds?shop=eq.whole&select=id").lists("[]");
    }
    // A column that must be there is missed even where the row exists already.
    BOTH.upsert(&json!([row(s, 1)])).wrote(201, "*/1");
    let part = "refunds?on_conflict=shop,id&columns=shop,id,fingerprint";
    let some = json!([{"shop": s, "id": 1, "fingerprint": "x"}]).to_string();
    BOTH.post(part, MERGE, &some).refused(400, "23502");
    // Columns that are not named keep what they hold.
    let part = "picky?on_conflict=id&columns=id,code";
    let picky = json!([{"id": 70, "code": "a", "total": "3"}]).to_string();
    BOTH.post("picky?on_conflict=id", MERGE, &picky)
        .wrote(201, "*/1");
    BOTH.post(part, MERGE, &json!([{"id": 70, "code": "b"}]).to_string())
        .wrote(200, "*/1");
    BOTH.get("picky?id=eq.70&select=code,total")
        .lists(r#"[{"code":"b","total":3.00}]"#);
    // Another constraint than the one that was named.
    let taken = json!([{"id": 71, "code": "b"}]).to_string();
    BOTH.post(part, MERGE, &taken).refused(409, "23505");
}

#[test]
fn bodies_are_read_differently_with_and_without_columns() {
    let s = "bodies";
    let bare = "refunds?on_conflict=shop,id";
    let mut ragged = row(s, 2);
    ragged.as_object_mut().expect("a row").remove("reason");
    let rows = json!([row(s, 1), ragged]).to_string();
    BOTH.post(bare, MERGE, &rows).refused(400, "PGRST102");
    BOTH.post(UPSERT, MERGE, &rows).wrote(201, "*/2");
    BOTH.get("refunds?shop=eq.bodies&order=id&select=reason")
        .lists(r#"[{"reason":"too small"}, {"reason":null}]"#);
    // A key that no column is asked for is dropped, or is a column that is not there.
    let more = json!([with(row(s, 3), "nosuch", 1)]).to_string();
    BOTH.post(UPSERT, MERGE, &more).wrote(201, "*/1");
    BOTH.post(bare, MERGE, &more).refused(400, "PGRST204");
    for (text, with_columns, without) in [
        ("[{", "22P02", "PGRST102"),
        ("", "22P02", "PGRST102"),
        (
            r#"[{"shop":"bodies","id":9,"reason":"\ud800"}]"#,
            "22P02",
            "PGRST102",
        ),
        (
            r#"[{"shop":"bodies","id":9,"reason":"\u0000"}]"#,
            "22P05",
            "22P05",
        ),
        (
            r#"[{"shop":"bodies","id":9,"raw":{"a\u0000":1}}]"#,
            "22P05",
            "22P05",
        ),
    ] {
        BOTH.post(UPSERT, MERGE, text).refused(400, with_columns);
        BOTH.post(bare, MERGE, text).refused(400, without);
    }
    for text in ["5", "null", "[5]", r#"[{"shop":"bodies"},5]"#] {
        BOTH.post(UPSERT, MERGE, text).refused(400, "22023");
    }
    BOTH.post(bare, MERGE, "5").wrote(200, "*/0");
    BOTH.post(bare, MERGE, "[]").wrote(200, "*/0");
}

#[test]
fn values_are_taken_or_refused_as_postgres_does() {
    let write = "picky?on_conflict=id&columns=id,total,small,at,day,flag,doc";
    for (column, text, code) in [
        ("id", r#""abc""#, "22P02"),
        ("id", "1.5", "22P02"),
        ("id", r#""""#, "22P02"),
        ("id", "2147483648", "22003"),
        ("small", "40000", "22003"),
        ("total", r#""abc""#, "22P02"),
        ("total", r#""""#, "22P02"),
        ("total", r#""12345678901.00""#, "22003"),
        ("at", r#""0000-00-00 00:00:00""#, "22008"),
        ("at", r#""0000-00-00T00:00:00""#, "22008"),
        ("at", r#""2026-13-45T00:00:00Z""#, "22008"),
        ("at", r#""2026-02-30T00:00:00Z""#, "22008"),
        ("at", r#""sometime""#, "22007"),
        ("at", r#""""#, "22007"),
        ("day", r#""2026-02-30""#, "22008"),
        ("day", r#""abc""#, "22007"),
        ("flag", r#""maybe""#, "22P02"),
    ] {
        let body = if column == "id" {
            format!(r#"[{{"id":{text}}}]"#)
        } else {
            format!(r#"[{{"id":80,"{column}":{text}}}]"#)
        };
        println!("{body}");
        BOTH.post(write, MERGE, &body).refused(400, code);
    }
    for (id, column, text, printed) in [
        (81, "total", r#""10.5""#, "10.50"),
        (82, "total", "1.005", "1.01"),
        (83, "total", "1e2", "100.00"),
        (
            84,
            "at",
            r#""2026-03-08 07:30:00.123400-05""#,
            r#""2026-03-08T12:30:00.1234+00:00""#,
        ),
        (
            85,
            "at",
            r#""2026-03-08T07:30:00""#,
            r#""2026-03-08T07:30:00+00:00""#,
        ),
        (86, "day", r#""20260308""#, r#""2026-03-08""#),
        (87, "flag", r#""yes""#, "true"),
        (
            88,
            "doc",
            r#"{"b":1e2,"a":1.0,"a":2.50,"zz":-0,"k":0.1e-5}"#,
            r#"{"a": 2.50, "b": 100, "k": 0.000001, "zz": 0}"#,
        ),
        (89, "doc", r#""just text""#, r#""just text""#),
        (
            90,
            "doc",
            "123456789012345678901234567890.10",
            "123456789012345678901234567890.10",
        ),
        (91, "doc", "null", "null"),
        (92, "small", r#"" 12 ""#, "12"),
    ] {
        let body = format!(r#"[{{"id":{id},"{column}":{text}}}]"#);
        BOTH.post(write, MERGE, &body).wrote(201, "*/1");
        BOTH.get(&format!("picky?id=eq.{id}&select={column}"))
            .lists(&format!(r#"[{{"{column}":{printed}}}]"#));
    }
    BOTH.get("picky?id=in.(81,84,86,87)&order=id&select=t:total::text,a:at::text,d:day::text,f:flag::text")
        .lists(r#"[{"t":"10.50","a":null,"d":null,"f":null}, {"t":null,"a":"2026-03-08 12:30:00.1234+00","d":null,"f":null}, {"t":null,"a":null,"d":"2026-03-08","f":null}, {"t":null,"a":null,"d":null,"f":"true"}]"#);
    // Any figure fits a column without limits, and every digit of it is kept.
    let long = with(
        row("values", 1),
        "amount",
        "123456789012345678901234567890.123456789",
    );
    BOTH.upsert(&json!([long])).wrote(201, "*/1");
    BOTH.get("refunds?shop=eq.values&select=amount")
        .lists(r#"[{"amount":123456789012345678901234567890.123456789}]"#);
    let big = with(row("values", 9_007_199_254_740_993), "fingerprint", "b");
    BOTH.upsert(&json!([big])).wrote(201, "*/1");
    BOTH.get("refunds?shop=eq.values&id=gt.1&select=id")
        .lists(r#"[{"id":9007199254740993}]"#);
}

#[test]
fn a_schema_that_does_not_fit_is_told() {
    let rows = json!([row("schema", 1)]).to_string();
    for (path, code) in [
        ("refunds?on_conflict=reason&columns=shop,id", "42P10"),
        ("refunds?on_conflict=nosuch&columns=shop,id", "42703"),
        (
            "refunds?on_conflict=shop,id&columns=shop,id,nosuch",
            "PGRST204",
        ),
        ("keyless?on_conflict=shop,id&columns=shop,id", "42P10"),
    ] {
        BOTH.post(path, MERGE, &rows).refused(400, code);
    }
    // Nothing sees to duplicates there, and the answer says so only by what it leaves out.
    for _ in 0..2 {
        let told = BOTH.post("keyless?columns=shop,id", MERGE, &rows);
        told.wrote(201, "*/1");
        told.applies(&["return=minimal", "count=exact"]);
    }
    BOTH.get("keyless?select=shop,id")
        .lists(r#"[{"shop":"schema","id":1}, {"shop":"schema","id":1}]"#);
    BOTH.get("locked").refused(403, "42501");
    BOTH.post("locked", "", "[{\"id\":1}]")
        .refused(403, "42501");
    let elsewhere = [("content-profile", "hidden"), ("accept-profile", "hidden")];
    BOTH.ask("POST", UPSERT, MERGE, &elsewhere, Some(&rows))
        .refused(406, "PGRST106");
    BOTH.ask("GET", "refunds", "", &elsewhere, None)
        .refused(406, "PGRST106");
    BOTH.ask("GET", "", "", &elsewhere, None)
        .refused(406, "PGRST106");
    let kind = [("content-type", "text/plain")];
    let told = BOTH.ask("POST", UPSERT, MERGE, &kind, Some(&rows));
    assert_eq!(told.code().as_deref(), Some("PGRST102"));
    BOTH.post("rpc/nosuch", "", "{}");
}

#[test]
fn preferences_are_done_or_left_out_of_what_is_applied() {
    let s = "prefers";
    let rows = json!([row(s, 1)]).to_string();
    // Said to be rolled back, and kept all the same: a dry run of this kind would write.
    let told = BOTH.post(
        UPSERT,
        &format!("{MERGE},tx=rollback,handling=strict"),
        &rows,
    );
    told.wrote(201, "*/1");
    told.applies(&[
        "resolution=merge-duplicates",
        "return=minimal",
        "count=exact",
        "handling=strict",
    ]);
    BOTH.get("refunds?shop=eq.prefers&select=id")
        .lists(r#"[{"id":1}]"#);
    BOTH.post(UPSERT, &format!("{MERGE},handling=strict,foo=bar"), &rows)
        .refused(400, "PGRST122");
    BOTH.post(UPSERT, &format!("{MERGE},foo=bar"), &rows)
        .wrote(200, "*/0");
    // With nothing asked for, nothing is told.
    let told = BOTH.post(UPSERT, "resolution=merge-duplicates", &rows);
    told.wrote(200, "*/*");
    told.applies(&["resolution=merge-duplicates"]);
    // What a table gives by itself, where the body says nothing.
    let told = BOTH.post(
        "udsync_schema?columns=version",
        "return=minimal",
        "[{\"version\":7}]",
    );
    told.refused(403, "42501");
    let missing = format!("{MERGE},missing=default");
    let told = BOTH.post(UPSERT, &missing, &json!([row(s, 2)]).to_string());
    told.applies(&[
        "resolution=merge-duplicates",
        "missing=default",
        "return=minimal",
        "count=exact",
    ]);
}

#[test]
fn filters_find_and_orders_sort() {
    let s = "filters";
    let rows: Vec<Value> = (1..=9)
        .map(|id| {
            let row = with(
                row(s, id),
                "reason",
                if id % 3 == 0 {
                    Value::Null
                } else {
                    json!(format!("no. {id}, (a)"))
                },
            );
            let row = with(row, "amount", format!("{}.5", 10 - id));
            with(
                row,
                "deleted_at",
                if id == 5 {
                    json!("2026-06-01T00:00:00Z")
                } else {
                    Value::Null
                },
            )
        })
        .collect();
    BOTH.upsert(&Value::Array(rows)).wrote(201, "*/9");
    for (filter, ids) in [
        ("id=eq.3", "3"),
        ("id=neq.3", "1 2 4 5 6 7 8 9"),
        ("id=gt.7", "8 9"),
        ("id=gte.7&id=lt.9", "7 8"),
        ("id=lte.2", "1 2"),
        ("id=in.(1,5,77)", "1 5"),
        ("id=in.()", ""),
        ("id=not.in.(1,2,3,4,5)", "6 7 8 9"),
        (r#"reason=in.("no. 1, (a)","x")"#, "1"),
        ("reason=eq.no. 2, (a)", "2"),
        ("reason=is.null", "3 6 9"),
        ("reason=not.is.null", "1 2 4 5 7 8"),
        // What is null is neither a thing nor another.
        ("reason=neq.x", "1 2 4 5 7 8"),
        ("reason=not.eq.x", "1 2 4 5 7 8"),
        ("reason=like.no.*4*", "4"),
        ("reason=ilike.NO.*7*", "7"),
        ("deleted_at=is.null&id=gt.3&id=lt.7", "4 6"),
        ("refunded_payment=is.true&id=eq.1", "1"),
        ("refunded_payment=eq.false", ""),
        ("amount=gt.7.5", "1 2"),
        ("amount=eq.7.50", "3"),
        ("source_at=gt.2026-03-08T08:00:00%2B02:00&id=eq.1", "1"),
        ("source_at=gt.2026-03-08T07:30:00Z", ""),
        ("local_date=eq.2026-03-08&id=eq.9", "9"),
        ("or=(id.eq.1,id.eq.2)", "1 2"),
        ("or=(shop.gt.filters,and(shop.eq.filters,id.gt.7))", "8 9"),
        ("and=(id.gte.2,id.lt.5)", "2 3 4"),
        ("not.or=(id.gte.3,id.lt.2)", "2"),
        ("or=(id.eq.1,not.and(id.gt.1,id.lt.9))", "1 9"),
        (r#"or=(reason.eq."no. 4, (a)",id.in.(8,9))"#, "4 8 9"),
        ("raw->>b=eq.1&id=eq.4", "4"),
    ] {
        let told = BOTH.get(&format!(
            "refunds?shop=eq.filters&select=id&order=id&{filter}"
        ));
        let found: Vec<Value> =
            serde_json::from_str(&told.body).unwrap_or_else(|_| panic!("{filter}: {told:?}"));
        let found: Vec<String> = found.iter().map(|row| row["id"].to_string()).collect();
        assert_eq!(found.join(" "), ids, "{filter}");
    }
    for (order, first) in [
        ("id.desc", "9"),
        ("amount", "9"),
        ("amount.desc", "1"),
        ("reason.asc", "1"),
        ("reason.desc", "3"),
        ("reason.desc.nullslast", "8"),
        ("reason.nullsfirst", "3"),
        ("shop,id.desc", "9"),
    ] {
        let told = BOTH.get(&format!(
            "refunds?shop=eq.filters&select=id&order={order},id&limit=1"
        ));
        told.lists(&format!("[{{\"id\":{first}}}]"));
    }
    BOTH.get("refunds?shop=eq.filters&id=eq.1&select=id,a:amount,amount::text,b:raw->>b,raw->aa,c:raw->aa->0")
        .lists(r#"[{"id":1,"a":9.5,"amount":"9.5","b":"1","aa":[2.5],"c":2.5}]"#);
}

#[test]
fn questions_that_cannot_be_read_are_refused() {
    for (path, status, code) in [
        ("refunds?select=id,nosuch", 400, "42703"),
        ("refunds?nosuch=eq.1", 400, "42703"),
        ("refunds?order=nosuch", 400, "42703"),
        ("refunds?id=eq.abc", 400, "22P02"),
        ("refunds?id=foo.1", 400, "PGRST100"),
        ("refunds?id=1", 400, "PGRST100"),
        ("refunds?order=id.foo", 400, "PGRST100"),
        ("refunds?select=id::foo", 400, "42704"),
        ("refunds?select=id,", 400, "PGRST100"),
        // A plus that is not encoded is a blank.
        (
            "refunds?source_at=gt.2026-01-01T00:00:00+00:00",
            400,
            "22007",
        ),
        ("refunds?limit=-1", 416, "PGRST103"),
    ] {
        BOTH.get(path).refused(status, code);
    }
    let html = [("accept", "text/html")];
    BOTH.ask("GET", "refunds?id=eq.0", "", &html, None)
        .refused(415, "PGRST107");
}

#[test]
fn pages_end_without_a_word_and_counts_are_told_when_asked_for() {
    let s = "pages";
    // More than the project gives at once.
    let rows: Vec<Value> = (1..=1_200).map(|id| row(s, id)).collect();
    BOTH.upsert(&Value::Array(rows)).wrote(201, "*/1200");
    let all = "refunds?shop=eq.pages&select=id&order=id";
    let count = |told: &Told| {
        serde_json::from_str::<Vec<Value>>(&told.body)
            .expect("rows")
            .len()
    };
    let told = BOTH.get(&format!("{all}&limit=1500"));
    assert_eq!((told.status, count(&told)), (200, 1_000));
    assert_eq!(told.range.as_deref(), Some("0-999/*"));
    let told = BOTH.ask("GET", all, "count=exact", &[], None);
    assert_eq!(
        (told.status, told.range.as_deref()),
        (206, Some("0-999/1200"))
    );
    told.applies(&["count=exact"]);
    let told = BOTH.get(&format!("{all}&id=gt.1000"));
    assert_eq!(
        (told.status, count(&told), told.range.as_deref()),
        (200, 200, Some("0-199/*"))
    );
    let told = BOTH.get(&format!("{all}&id=gt.1200"));
    assert_eq!(
        (told.text().as_str(), told.range.as_deref()),
        ("[]", Some("*/*"))
    );
    let told = BOTH.get(&format!("{all}&offset=1190&limit=5"));
    assert_eq!(
        (count(&told), told.range.as_deref()),
        (5, Some("1190-1194/*"))
    );
    BOTH.get(&format!("{all}&offset=5000")).lists("[]");
    let told = BOTH.ask(
        "GET",
        &format!("{all}&offset=5000"),
        "count=exact",
        &[],
        None,
    );
    told.refused(416, "PGRST103");
    assert_eq!(told.range.as_deref(), Some("*/1200"));
    let told = BOTH.ask("GET", all, "count=exact", &[("range", "3-4")], None);
    assert_eq!(
        (told.status, told.text().as_str()),
        (206, r#"[{"id":4}, {"id":5}]"#)
    );
    let told = BOTH.ask("GET", all, "", &[("range", "5-1")], None);
    told.refused(416, "PGRST103");
    let told = BOTH.ask("HEAD", all, "count=exact", &[], None);
    assert_eq!(
        (told.status, told.range.as_deref(), told.body.as_str()),
        (206, Some("0-999/1200"), "")
    );
    let told = BOTH.ask("GET", &format!("{all}&limit=0"), "count=exact", &[], None);
    assert_eq!((told.status, told.range.as_deref()), (206, Some("*/1200")));

    let one = [("accept", "application/vnd.pgrst.object+json")];
    let told = BOTH.ask(
        "GET",
        "refunds?shop=eq.pages&id=eq.7&select=id",
        "",
        &one,
        None,
    );
    told.lists(r#"{"id":7}"#);
    BOTH.ask("GET", all, "", &one, None)
        .refused(406, "PGRST116");
    BOTH.ask("GET", "refunds?shop=eq.nowhere", "", &one, None)
        .refused(406, "PGRST116");
}

#[test]
fn rows_are_changed_and_deleted_where_a_filter_finds_them() {
    let s = "changes";
    let rows: Vec<Value> = (1..=4).map(|id| row(s, id)).collect();
    BOTH.upsert(&Value::Array(rows)).wrote(201, "*/4");
    let patch = |filter: &str, prefer: &str, body: &str| {
        BOTH.ask(
            "PATCH",
            &format!("refunds?shop=eq.changes&{filter}"),
            prefer,
            &[],
            Some(body),
        )
    };
    let gone = r#"{"deleted_at":"2026-05-05T00:00:00Z","fingerprint":"buried"}"#;
    patch("id=in.(1,2)", "return=minimal,count=exact", gone).wrote(204, "0-1/2");
    // The second time nothing is different.
    patch("id=in.(1,2)", "return=minimal,count=exact", gone).wrote(204, "*/0");
    patch("id=eq.77", "return=minimal,count=exact", gone).wrote(204, "*/0");
    patch("id=eq.3", "", gone).wrote(204, "0-0/*");
    BOTH.get("refunds?shop=eq.changes&order=id&select=id,deleted_at&limit=2")
        .lists(r#"[{"id":1,"deleted_at":"2026-05-05T00:00:00+00:00"}, {"id":2,"deleted_at":"2026-05-05T00:00:00+00:00"}]"#);
    let told = patch(
        "id=eq.1&select=id,fingerprint",
        "return=representation",
        r#"{"fingerprint":"z"}"#,
    );
    told.lists(r#"[{"id":1,"fingerprint":"z"}]"#);
    patch("id=eq.1", "", r#"{"nosuch":1}"#).refused(400, "PGRST204");
    patch("id=eq.1", "", r#"{"amount":"a lot"}"#).refused(400, "22P02");
    patch("id=eq.1", "", "{}").wrote(204, "*/*");
    // An older time does not replace a newer one here either.
    patch(
        "id=eq.4",
        "count=exact",
        r#"{"source_at":"2020-01-01T00:00:00Z"}"#,
    )
    .wrote(204, "*/0");

    let delete = |filter: &str, prefer: &str| {
        BOTH.ask(
            "DELETE",
            &format!("refunds?shop=eq.changes&{filter}"),
            prefer,
            &[],
            None,
        )
    };
    delete("id=eq.1", "count=exact").wrote(204, "*/1");
    delete("id=in.()", "count=exact").wrote(204, "*/0");
    delete("id=eq.2&select=id", "return=representation").lists(r#"[{"id":2}]"#);
    delete("nosuch=eq.1", "").refused(400, "42703");
    BOTH.get("refunds?shop=eq.changes&order=id&select=id")
        .lists(r#"[{"id":3}, {"id":4}]"#);
}

#[test]
fn the_gateway_lets_in_who_has_a_key() {
    // Both gateways are ours, so they are held to the rules and not to each other's words.
    for place in &BOTH.places {
        let ask =
            |headers: &[(&str, &str)]| ask_one(place, "GET", "refunds?limit=1", "", headers, None);
        let secret = format!("Bearer {SECRET_KEY}");
        for (headers, status, code) in [
            (vec![("apikey", SECRET_KEY)], 200, None),
            (
                vec![("apikey", SECRET_KEY), ("authorization", secret.as_str())],
                200,
                None,
            ),
            // No refusal of a gateway has a code.
            (vec![("apikey", "")], 401, None),
            (vec![("apikey", "sb_secret_unknown")], 401, None),
            (
                vec![
                    ("apikey", SECRET_KEY),
                    ("authorization", "Bearer sb_secret_other"),
                ],
                401,
                None,
            ),
            (
                vec![("apikey", SECRET_KEY), ("user-agent", "Mozilla/5.0")],
                401,
                None,
            ),
            (vec![("apikey", PUBLIC_KEY)], 401, Some("42501")),
            (
                vec![("apikey", SECRET_KEY), ("authorization", "Bearer a.b.c")],
                401,
                Some("PGRST301"),
            ),
        ] {
            let told = ask(&headers);
            assert_eq!(
                (told.status, told.code().as_deref()),
                (status, code),
                "{} {headers:?}",
                place.name
            );
        }
    }
}

/// A status and a code.
type Said = (u16, Option<&'static str>);

/// Where versions speak differently: method, path, then what 12 says and what 13 and later say.
const DIFFERENCES: [(&str, &str, Said, Said); 6] = [
    (
        "POST",
        "nosuch?columns=a",
        (404, None),
        (404, Some("PGRST205")),
    ),
    (
        "PATCH",
        "nosuch?id=eq.1",
        (404, None),
        (404, Some("PGRST205")),
    ),
    (
        "GET",
        "nosuch",
        (404, Some("42P01")),
        (404, Some("PGRST205")),
    ),
    (
        "DELETE",
        "nosuch?id=eq.1",
        (404, Some("42P01")),
        (404, Some("PGRST205")),
    ),
    (
        "GET",
        "refunds?reason=is.not_null&limit=0",
        (400, Some("PGRST100")),
        (200, None),
    ),
    (
        "POST",
        "refunds?columns=nosuch",
        (400, Some("PGRST204")),
        (400, Some("PGRST204")),
    ),
];

#[test]
fn versions_differ_where_it_is_written() {
    let (old, new) = (stand_in("12.0.2"), stand_in("14.5"));
    let is_new = !BOTH.version.starts_with("12.");
    for (method, path, twelve, later) in DIFFERENCES {
        let body = matches!(method, "POST" | "PATCH").then_some("[{\"a\":1}]");
        let ask = |name, url: String| {
            let told = ask_one(&Place { name, url }, method, path, "", &[], body);
            (told.status, told.code())
        };
        let owned = |(status, code): (u16, Option<&str>)| (status, code.map(str::to_owned));
        assert_eq!(ask("12", old.url()), owned(twelve), "{method} {path}");
        assert_eq!(ask("14", new.url()), owned(later), "{method} {path}");
        if let Some(real) = &BOTH.real {
            let expected = if is_new { later } else { twelve };
            assert_eq!(
                ask("real", real.rest_url.clone()),
                owned(expected),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn a_world_of_a_test_can_have_one_too() {
    let mut world = World::of_orders(Vec::new()).with_database();
    world.run("config check").ends_with(0);
    assert!(world.rows("orders").is_empty());
    world.tell_database("mishaps", json!({"what": "paused"}));
    assert_eq!(world.database("mishaps")[0]["fired"], 0);
    world.clear_mishaps();
    assert_eq!(world.database("mishaps"), json!([]));
    assert_eq!(world.database("counts")["requests"], 0);
    world.close_database();
}
