//! A real Supabase project for one test: a database of its own in one real PostgreSQL, with the roles that Supabase has, a real PostgREST
//! in front of it, and a gateway that looks at keys as Supabase's does.
//!
//! The gateway imitates Supabase's rules for keys and nothing else: no limits, no pages of errors, no pooler. Where the machine has no
//! PostgreSQL or no PostgREST, that is told in one line and the stand-in is used; with `UDSYNC_NEEDS_POSTGREST` set, as in CI, it is a failure.
//! `UDSYNC_POSTGREST` names the program, else it is looked for in the path.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Once};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use udsync::connector::supabase::schema;

use crate::postgres::{Cluster, Kept, free_port};
use crate::world::RUNTIME;

/// The key that may do everything, and the one for browsers.
pub const SECRET_KEY: &str = "sb_secret_0123456789abcdefghijkl";
pub const PUBLIC_KEY: &str = "sb_publishable_0123456789abcdefghij";
const JWT_SECRET: &str = "a-secret-of-a-test-that-is-long-enough";
const PASSWORD: &str = "hunter2@home";

pub struct RealSupabase {
    /// Of the project, as its owner would give it: without `/rest/v1`.
    pub rest_url: String,
    /// As `keeper`, who owns the database and everything in it and is no superuser; over TLS.
    pub database_url: String,
    /// The file of the authority of the database's certificate.
    pub ca: String,
    /// The name of the database.
    pub database: String,
    /// Past the gateway, for looking at PostgREST itself.
    pub postgrest: String,
    cluster: &'static Cluster,
    gateway: tokio::task::AbortHandle,
    _server: Kept,
}

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| {
    let cluster = Cluster::start_for_good()?;
    for line in [
        "CREATE ROLE anon NOLOGIN NOINHERIT",
        "CREATE ROLE authenticated NOLOGIN NOINHERIT",
        "CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS",
        "CREATE ROLE authenticator LOGIN NOINHERIT PASSWORD 'hunter2@home'",
        "GRANT anon, authenticated, service_role TO authenticator",
        "ALTER ROLE authenticator SET statement_timeout = '8s'",
        "CREATE ROLE keeper LOGIN CREATEROLE BYPASSRLS PASSWORD 'hunter2@home'",
        "GRANT anon, authenticated, service_role TO keeper",
    ] {
        cluster.sql("postgres", line);
    }
    Some(cluster)
});

/// Speaks to everything here, without a proxy of the machine's.
pub static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build();
    client.expect("a client")
});

static COUNT: AtomicU32 = AtomicU32::new(0);

impl RealSupabase {
    /// A new project without any table. `None` where the machine cannot have one.
    pub fn start() -> Option<RealSupabase> {
        let Some(program) = postgrest() else {
            stand_in();
            return None;
        };
        let Some(cluster) = CLUSTER.as_ref() else {
            stand_in();
            return None;
        };
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let database = format!("project_{number}");
        cluster.sql(
            "postgres",
            &format!("CREATE DATABASE {database} OWNER keeper"),
        );
        cluster.sql(
            &database,
            "GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role",
        );
        let port = free_port();
        let server = serve(&program, cluster.port, &database, port);
        let postgrest = format!("http://127.0.0.1:{port}");
        let (rest_url, gateway) = gateway(postgrest.clone());
        let project = RealSupabase {
            rest_url,
            database_url: format!(
                "postgresql://keeper:hunter2%40home@localhost:{}/{database}",
                cluster.port
            ),
            ca: cluster.authority(),
            database,
            postgrest,
            cluster,
            gateway,
            _server: server,
        };
        project.wait(|_| true);
        Some(project)
    }

    /// A new project with the tables in its schema `public`.
    pub fn with_tables() -> Option<RealSupabase> {
        let project = RealSupabase::start()?;
        project.apply(&schema::script("public"));
        Some(project)
    }

    /// What signs in over REST and sees everything.
    pub fn key(&self) -> &'static str {
        SECRET_KEY
    }

    /// The older kinds of key, which are tokens: `service_role`, `anon`.
    pub fn token(&self, role: &str) -> String {
        token(role)
    }

    /// Runs SQL as the owner, as a person at a terminal would, and waits until the API knows of it.
    #[track_caller]
    pub fn apply(&self, sql: &str) {
        let told = self.psql(sql);
        assert!(told.0, "{}", told.1);
        self.settle();
    }

    /// Runs SQL as the owner and answers with whether it went well, and what was said.
    pub fn psql(&self, sql: &str) -> (bool, String) {
        self.run("keeper", PASSWORD, sql)
    }

    /// The rows of a query as JSON, as the superuser sees them. Figures keep their digits only as text: `total::text`.
    #[track_caller]
    pub fn rows(&self, query: &str) -> Vec<Value> {
        let sql = format!("select coalesce(json_agg(t), '[]') from ({query}) t");
        let (good, said) = self.run("postgres", "owner", &sql);
        assert!(good, "{query}\n{said}");
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// How many rows a table holds.
    pub fn count(&self, table: &str) -> u64 {
        self.rows(&format!("select count(*) as n from {table}"))[0]["n"]
            .as_u64()
            .expect("a number")
    }

    /// For other programs: as the superuser, without TLS.
    pub fn plain_url(&self) -> String {
        format!(
            "postgresql://postgres:owner@127.0.0.1:{}/{}",
            self.cluster.port, self.database
        )
    }

    /// A connection as the superuser, without TLS.
    pub fn client(&self) -> tokio_postgres::Client {
        let address = format!(
            "host=127.0.0.1 port={} user=postgres password=owner dbname={} sslmode=disable",
            self.cluster.port, self.database
        );
        RUNTIME.block_on(async {
            let connected = tokio_postgres::connect(&address, tokio_postgres::NoTls).await;
            let (client, connection) = connected.expect("it answers");
            tokio::spawn(connection);
            client
        })
    }

    /// Waits until PostgREST has read the schema anew.
    pub fn settle(&self) {
        // Its description of itself is made of what it has read.
        let mark = format!("settled_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let (good, said) = self.psql(&format!(
            "create view public.{mark} as select 1 as one; grant select on public.{mark} to service_role; notify pgrst, 'reload schema';"
        ));
        assert!(good, "{said}");
        self.wait(|told| told.contains(&mark));
        let (good, said) = self.psql(&format!("drop view public.{mark}"));
        assert!(good, "{said}");
    }

    /// Waits until PostgREST describes itself so.
    fn wait(&self, good: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        RUNTIME.block_on(async {
            loop {
                let asked = HTTP.get(&self.postgrest).bearer_auth(token("service_role"));
                if let Ok(answer) = asked.send().await
                    && answer.status() == 200
                    && answer.text().await.is_ok_and(|told| good(&told))
                {
                    return;
                }
                let patience = Duration::from_secs(30);
                assert!(begun.elapsed() < patience, "PostgREST does not come round");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
    }

    fn run(&self, user: &str, password: &str, sql: &str) -> (bool, String) {
        let mut command = self.cluster.program("psql");
        let port = self.cluster.port.to_string();
        command
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"])
            .args(["-h", "127.0.0.1", "-p", &port, "-U", user])
            .args(["-d", &self.database])
            .env("PGPASSWORD", password)
            .env("PGSSLMODE", "require")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("psql runs");
        let mut pipe = child.stdin.take().expect("a pipe");
        let text = sql.to_owned();
        let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
        let done = child.wait_with_output().expect("it ends");
        // It may have ended before it read everything.
        let _ = writer.join();
        let out = String::from_utf8_lossy(&done.stdout).into_owned();
        let err = String::from_utf8_lossy(&done.stderr);
        (
            done.status.success(),
            if out.is_empty() {
                err.into_owned()
            } else {
                out
            },
        )
    }
}

impl Drop for RealSupabase {
    fn drop(&mut self) {
        self.gateway.abort();
    }
}

fn postgrest() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("UDSYNC_POSTGREST") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("postgrest"));
    found.into_iter().find(|program| program.is_file())
}

/// Says once, past what a test's own words are caught with, that nothing real is here.
fn stand_in() {
    static SAID: Once = Once::new();
    assert!(
        std::env::var_os("UDSYNC_NEEDS_POSTGREST").is_none(),
        "a real PostgreSQL and a real PostgREST are needed: `.ci/run` gets them, and `UDSYNC_POSTGREST` names the program"
    );
    SAID.call_once(|| {
        let line = "no real PostgreSQL with PostgREST here: the database is the stand-in\n";
        // Nobody to tell is no reason to fail.
        let _ = std::io::stderr().write_all(line.as_bytes());
    });
}

fn serve(program: &std::path::Path, database_port: u16, database: &str, port: u16) -> Kept {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    assert!(
        version.is_ok_and(|status| status.success()),
        "`UDSYNC_POSTGREST` names no PostgREST: `{}`",
        program.display()
    );
    let settings = [
        (
            "DB_URI",
            format!(
                "postgres://authenticator:hunter2%40home@127.0.0.1:{database_port}/{database}?sslmode=disable"
            ),
        ),
        ("DB_SCHEMAS", "public, books".to_owned()),
        ("DB_ANON_ROLE", "anon".to_owned()),
        ("DB_MAX_ROWS", "1000".to_owned()),
        ("DB_POOL", "10".to_owned()),
        ("JWT_SECRET", JWT_SECRET.to_owned()),
        ("SERVER_HOST", "127.0.0.1".to_owned()),
        ("SERVER_PORT", port.to_string()),
        ("LOG_LEVEL", "crit".to_owned()),
    ];
    let settings = settings.map(|(name, value)| format!("export PGRST_{name}='{value}'\n"));
    let work = format!(
        "{}'{}' < /dev/null & server=$!",
        settings.concat(),
        program.display()
    );
    Kept::until_we_end(&work, "kill -9 $server")
}

/// A token as PostgREST takes it.
fn token(role: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims =
        json!({"iss": "supabase", "role": role, "iat": 1_700_000_000, "exp": 4_102_444_800_i64});
    let text = format!(
        "{}.{}",
        part(json!({"alg": "HS256", "typ": "JWT"})),
        part(claims)
    );
    let mut seal =
        Hmac::<Sha256>::new_from_slice(JWT_SECRET.as_bytes()).expect("any length is a key");
    seal.update(text.as_bytes());
    format!(
        "{text}.{}",
        URL_SAFE_NO_PAD.encode(seal.finalize().into_bytes())
    )
}

/// Looks at the keys of every request, and passes it on with a token of the role.
fn gateway(postgrest: String) -> (String, tokio::task::AbortHandle) {
    let app = Router::new().fallback(
        move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let postgrest = postgrest.clone();
            async move {
                match role(&headers) {
                    Ok(bearer) => pass(&postgrest, method, &uri, headers, bearer, body).await,
                    Err(refusal) => *refusal,
                }
            }
        },
    );
    // What a project is sent in one request has no limit here.
    let app = app.layer(axum::extract::DefaultBodyLimit::disable());
    let listener = RUNTIME
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let task = RUNTIME.spawn(async move {
        // Ends with the test that has begun it.
        let _ = axum::serve(listener, app).await;
    });
    (format!("http://{address}"), task.abort_handle())
}

/// The token that a request is passed on with.
fn role(headers: &HeaderMap) -> Result<String, Box<Response>> {
    let get = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let refused = |message: &str, hint: &str| {
        let body = json!({"message": message, "hint": hint});
        let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        Box::new((StatusCode::UNAUTHORIZED, kind, body.to_string()).into_response())
    };
    let Some(key) = get(header::HeaderName::from_static("apikey")) else {
        return Err(refused(
            "No API key found in request",
            "No `apikey` request header or url param was found.",
        ));
    };
    let of_key = if key == SECRET_KEY || key == token("service_role") {
        "service_role"
    } else if key == PUBLIC_KEY || key == token("anon") {
        "anon"
    } else {
        return Err(refused(
            "Invalid API key",
            "Double check your Supabase `anon` or `service_role` API key.",
        ));
    };
    let bearer = get(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let browser = get(header::USER_AGENT).is_some_and(|agent| agent.starts_with("Mozilla/"));
    if key == SECRET_KEY && browser {
        return Err(Box::new(StatusCode::UNAUTHORIZED.into_response()));
    }
    match bearer {
        // A key of the newer kind is no token; beside itself it is let pass.
        Some(other) if other.starts_with("sb_") && other != key => {
            Err(Box::new(StatusCode::UNAUTHORIZED.into_response()))
        }
        // A token of its own wins.
        Some(other) if !other.starts_with("sb_") => Ok(other.to_owned()),
        _ => Ok(token(of_key)),
    }
}

async fn pass(
    postgrest: &str,
    method: Method,
    uri: &Uri,
    mut headers: HeaderMap,
    bearer: String,
    body: Bytes,
) -> Response {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let Some(target) = target.strip_prefix("/rest/v1") else {
        return (StatusCode::NOT_FOUND, "{}").into_response();
    };
    for name in [header::HOST, header::AUTHORIZATION, header::CONTENT_LENGTH] {
        headers.remove(name);
    }
    let asked = HTTP
        .request(method, format!("{postgrest}{target}"))
        .headers(headers)
        .bearer_auth(bearer)
        .body(body)
        .send()
        .await;
    let Ok(answer) = asked else {
        return (
            StatusCode::BAD_GATEWAY,
            "An invalid response was received from the upstream server",
        )
            .into_response();
    };
    let mut passed = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != header::TRANSFER_ENCODING && name != header::CONTENT_LENGTH {
            passed = passed.header(name, value);
        }
    }
    match answer.bytes().await {
        Ok(body) => passed.body(Body::from(body)).expect("its own headers fit"),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
