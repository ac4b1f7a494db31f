//! Connecting a Supabase project over REST through the real binary, against a strict stand-in of the gateway.
//!
//! The gateway's answers are spelled as the real one spells them. It imitates no table and no row.

use std::process::Command;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::world::{RUNTIME, Ran, bare_command, ran};

pub const MASTER: &str = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
const SECRET_KEY: &str = "sb_secret_0123456789abcdefghijkl";
const CONFIG: &str = "# ours\n[shop]\nname = \"aurora\"\n";

/// What the gateway sees of a request, names in small letters.
struct Head(String);

impl Head {
    fn get(&self, wanted: &str) -> Option<&str> {
        self.0
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value)
    }

    fn asks_for(&self, target: &str) -> bool {
        self.0.starts_with(&format!("GET {target} HTTP/1.1\r\n"))
    }
}

/// A gateway that answers each request as a closure says: status, kind and body.
fn gateway(
    answer: impl Fn(&Head) -> (u16, &'static str, String) + Send + Sync + 'static,
) -> String {
    let listener = RUNTIME
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    RUNTIME.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut head = vec![0; 16_384];
                let length = stream.read(&mut head).await.unwrap_or(0);
                let head = Head(String::from_utf8_lossy(&head[..length]).into_owned());
                let (status, kind, body) = answer(&head);
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(text.as_bytes()).await;
            });
        }
    });
    format!("http://{address}")
}

const JSON: &str = "application/json; charset=utf-8";

/// The rules of the real gateway, and behind it a PostgREST with one of our tables.
fn strict(head: &Head) -> (u16, &'static str, String) {
    let refused = |message: &str, hint: &str| {
        let body = format!("{{\"message\":\"{message}\",\"hint\":\"{hint}\"}}");
        (401, JSON, body)
    };
    let Some(key) = head.get("apikey") else {
        return refused(
            "No API key found in request",
            "No `apikey` request header or url param was found.",
        );
    };
    let browser = head
        .get("user-agent")
        .is_none_or(|agent| !agent.starts_with("udsync/"));
    let bearer = head
        .get("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    let secret = key.starts_with("sb_secret_");
    // A key that is no token must not be sent as one, and a token must be signed in with.
    if secret && (browser || bearer.is_some()) || !secret && bearer != Some(key) {
        return (401, JSON, String::new());
    }
    if key != SECRET_KEY && key != service_role() {
        return refused(
            "Invalid API key",
            "Double check your Supabase `anon` or `service_role` API key.",
        );
    }
    if !head.asks_for("/rest/v1/") {
        return (404, JSON, "{}".to_owned());
    }
    if head.get("accept-profile") != Some("public") {
        let body = r#"{"code":"PGRST106","details":null,"hint":"Only the following schemas are exposed: public, graphql_public","message":"Invalid schema: books"}"#;
        return (406, JSON, body.to_owned());
    }
    let body = r#"{"swagger":"2.0","info":{"description":"","title":"standard public schema","version":"14.5"},"host":"0.0.0.0:3000","basePath":"/","paths":{},"definitions":{"orders":{"required":["shop","id"],"properties":{"shop":{"format":"text","type":"string"}},"type":"object"}}}"#;
    (
        200,
        "application/openapi+json; charset=utf-8",
        body.to_owned(),
    )
}

fn token(claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let head = part(r#"{"alg":"HS256","typ":"JWT"}"#);
    format!("{head}.{}.c2lnbmF0dXJl", part(claims))
}

fn service_role() -> String {
    token(r#"{"iss":"supabase","role":"service_role","iat":1700000000,"exp":2015000000}"#)
}

/// A home with a shop in it.
pub fn home() -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("udsync.toml"), CONFIG).expect("written");
    home
}

pub fn connect(home: &TempDir, line: &str, variable: &str, secret: &str) -> Command {
    let mut command = bare_command(home.path());
    command
        .args(["connect", "supabase", "--from-env"])
        .args(line.split_whitespace())
        .env(variable, secret)
        .env("UDSYNC_KEY", MASTER);
    command
}

fn over_rest(home: &TempDir, url: &str, key: &str) -> Command {
    connect(home, &format!("--url {url}"), "UDSYNC_SUPABASE_KEY", key)
}

pub fn run(command: &mut Command) -> Ran {
    ran(command.output().expect("the binary runs"))
}

/// Refused in words and as a document, with nothing stored and no secret said.
#[track_caller]
pub fn refused(
    home: &TempDir,
    mut command: impl FnMut() -> Command,
    exit: i32,
    code: &str,
    words: &str,
) {
    let text = run(&mut command()).ends_with(exit);
    assert_eq!(text.out, "", "{}", text.err);
    assert!(text.err.contains(words), "{}", text.err);
    assert!(text.err.contains("hint: "), "{}", text.err);
    let json = run(command().arg("--json").arg("-vv")).ends_with(exit);
    let document: Value = json.json();
    assert_eq!(document["code"], code, "{document}");
    for said in [&text.err, &json.out, &json.err] {
        assert!(
            !said.contains("hunter2") && !said.contains(SECRET_KEY),
            "{said}"
        );
    }
    let files: Vec<_> = std::fs::read_dir(home.path()).expect("a folder").collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let config = std::fs::read_to_string(home.path().join("udsync.toml")).expect("read");
    assert_eq!(config, CONFIG);
}

#[test]
fn a_project_is_connected_with_either_kind_of_secret_key() {
    let url = gateway(strict);
    for key in [SECRET_KEY.to_owned(), service_role()] {
        let home = home();
        let told = run(&mut over_rest(&home, &format!("{url}/rest/v1/"), &key)).ends_with(0);
        assert!(
            told.out.contains("version   PostgREST 14.5"),
            "{}",
            told.out
        );
        assert!(told.out.contains("orders (there)"), "{}", told.out);
        assert!(told.out.contains("products (not there)"), "{}", told.out);
        let config = std::fs::read_to_string(home.path().join("udsync.toml")).expect("read");
        let expected = format!("{CONFIG}\n[supabase]\ntransport = \"rest\"\nurl = \"{url}\"\n");
        assert_eq!(config, expected);
        let json = run(over_rest(&home, &url, &key).arg("--json"))
            .ends_with(0)
            .json();
        assert_eq!(json["schema"], "udsync/connect/1");
        assert_eq!(json["database"]["way"], "rest");
        assert!(!json.to_string().contains(&key));
    }
}

#[test]
fn keys_that_cannot_work_are_not_sent() {
    let home = home();
    let url = gateway(|_| panic!("nothing must be sent"));
    let expired = token(r#"{"role":"service_role","exp":1600000000}"#);
    for (key, code, words) in [
        (
            "sb_publishable_abc",
            "database_key_public",
            "made for browsers",
        ),
        (
            &token(r#"{"role":"anon","exp":2015000000}"#),
            "database_key_public",
            "the `anon` key",
        ),
        (
            &expired,
            "database_key_expired",
            "the time of this key is over",
        ),
        (
            "sbp_hunter2",
            "database_key_unusable",
            "an access token of an account",
        ),
        ("hunter2", "database_key_unusable", "no key of a project"),
    ] {
        refused(&home, || over_rest(&home, &url, key), 4, code, words);
    }
    let plain = "http://abc.supabase.co";
    refused(
        &home,
        || over_rest(&home, plain, SECRET_KEY),
        2,
        "database_url_unusable",
        "plain HTTP",
    );
}

#[test]
fn refusals_of_the_gateway_are_told_apart() {
    let home = home();
    let strict = gateway(self::strict);
    let unknown = "sb_secret_hunter2";
    refused(
        &home,
        || over_rest(&home, &strict, unknown),
        4,
        "database_key_refused",
        "the gateway of",
    );
    let both = run(&mut over_rest(&home, &strict, unknown));
    assert!(
        both.err.contains("`sb_secret_…`") && both.err.contains("`service_role`"),
        "{}",
        both.err
    );

    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    for (status, body, exit, code, words) in [
        (401, "", 4, "database_key_refused", "does not take the key"),
        (
            401,
            r#"{"code":"PGRST303","details":null,"hint":null,"message":"JWT expired"}"#,
            4,
            "database_key_expired",
            "the time of this key is over",
        ),
        (
            403,
            r#"{"code":"42501","details":null,"hint":"GRANT ...","message":"permission denied"}"#,
            4,
            "database_rights_missing",
            "may not look",
        ),
        (
            402,
            "{}",
            5,
            "database_restricted",
            "has restricted the project",
        ),
        (
            404,
            page,
            2,
            "database_url_wrong",
            "no REST API of Supabase answers",
        ),
        (
            200,
            page,
            2,
            "database_url_wrong",
            "no REST API of Supabase answers",
        ),
        (429, "", 5, "database_busy", "fewer requests"),
        (502, page, 5, "database_unreachable", "it answered 502"),
        (
            503,
            r#"{"code":"PGRST001","details":null,"hint":null,"message":"Database client error"}"#,
            5,
            "database_busy",
            "its database is not there",
        ),
        (540, page, 5, "database_paused", "is paused"),
    ] {
        let url = gateway(move |_| {
            (
                status,
                if body.starts_with('<') {
                    "text/html"
                } else {
                    JSON
                },
                body.to_owned(),
            )
        });
        println!("{status} {code}");
        refused(
            &home,
            || over_rest(&home, &url, SECRET_KEY),
            exit,
            code,
            words,
        );
    }
}

#[test]
fn a_schema_that_is_not_exposed_and_a_project_that_is_not_there() {
    let home = tempfile::tempdir().expect("a folder");
    let text = format!("{CONFIG}[supabase]\nurl = \"http://127.0.0.1:9\"\nschema = \"books\"\n");
    std::fs::write(home.path().join("udsync.toml"), text).expect("written");
    let told = run(&mut over_rest(&home, &gateway(strict), SECRET_KEY)).ends_with(2);
    assert!(
        told.err.contains("the schema `books` is not exposed"),
        "{}",
        told.err
    );
    assert!(
        told.err.contains("Project Settings > Data API"),
        "{}",
        told.err
    );

    let down = run(&mut over_rest(&home, "http://127.0.0.1:9", SECRET_KEY)).ends_with(5);
    assert!(
        down.err.contains("it refused the connection"),
        "{}",
        down.err
    );
    // A name that is reserved for not being there.
    let gone = run(&mut over_rest(&home, "https://abc.invalid", SECRET_KEY)).ends_with(5);
    assert!(gone.err.contains("no host has the name"), "{}", gone.err);
}

#[test]
fn words_that_do_not_fit_together() {
    let home = home();
    let ca = || over_rest(&home, "http://127.0.0.1:9 --ca-file x.crt", SECRET_KEY);
    refused(&home, ca, 2, "usage", "`--ca-file` is for PostgreSQL");
    let mut bare = bare_command(home.path());
    bare.args(["connect", "supabase", "--transport", "rest"]);
    let told = run(&mut bare).ends_with(2);
    assert!(
        told.err
            .contains("answer with `--url https://<ref>.supabase.co`"),
        "{}",
        told.err
    );
    let nothing = || connect(&home, "--transport postgres", "NONE", "");
    refused(
        &home,
        nothing,
        4,
        "credentials_missing",
        "`UDSYNC_SUPABASE_DATABASE_URL` was not given",
    );
    let empty = tempfile::tempdir().expect("a folder");
    let told = run(&mut over_rest(&empty, "http://127.0.0.1:9", SECRET_KEY)).ends_with(2);
    assert!(
        told.err.contains("`udsync connect woocommerce`"),
        "{}",
        told.err
    );
}
