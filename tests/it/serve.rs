//! `serve` from outside: the real binary with its ports, its health, its limits, its work and its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::order::{order, orders};
use crate::world::{Ran, World, ran, until};

/// A server that runs.
pub struct Serving {
    child: Child,
    /// Kept open: a pipe that nobody holds would be an error of its writer.
    _out: BufReader<ChildStdout>,
    pub ready: Value,
}

/// What it answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// Any two free ports.
const ANYWHERE: &str = "serve --json --listen 127.0.0.1:0 --hooks-listen 127.0.0.1:0";

impl Serving {
    pub fn start(world: &World) -> Serving {
        Serving::of(&mut world.command(ANYWHERE))
    }

    pub fn of(command: &mut Command) -> Serving {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("asked for"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let Ok(ready) = serde_json::from_str(&line) else {
            let ended = ran(child.wait_with_output().expect("it ends"));
            panic!("it is not ready: {line} {}", ended.err);
        };
        Serving {
            child,
            _out: out,
            ready,
        }
    }

    pub fn address(&self) -> SocketAddr {
        address(&self.ready["url"])
    }

    pub fn hooks(&self) -> SocketAddr {
        address(&self.ready["hooks_url"])
    }

    pub fn get(&self, path: &str) -> Answer {
        ask(
            self.address(),
            &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        )
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args([signal, &pid]).status();
        assert!(told.expect("kill is there").success());
    }

    /// Asks it to end, and waits until it has.
    #[track_caller]
    pub fn stop(self) -> Ran {
        self.signal("-TERM");
        self.ended()
    }

    #[track_caller]
    pub fn ended(self) -> Ran {
        let Serving { child, _out, .. } = self;
        ran(child.wait_with_output().expect("it ends"))
    }
}

fn address(url: &Value) -> SocketAddr {
    let url = url.as_str().expect("an address");
    url.trim_start_matches("http://")
        .parse()
        .expect("an address")
}

/// Sends these bytes, and reads until the other side closes.
pub fn ask(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("set");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut raw = Vec::new();
    // What was too large is refused in the middle of its sending.
    let _ = stream.read_to_end(&mut raw);
    read(&String::from_utf8_lossy(&raw))
}

fn read(raw: &str) -> Answer {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((raw, ""));
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.unwrap_or_else(|| panic!("no answer: {raw:?}")),
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        text: body.to_owned(),
    }
}

/// Another `[serve]` in the configuration.
pub fn set(world: &World, lines: &str) {
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    std::fs::write(&world.config, format!("{text}\n[serve]\n{lines}\n")).expect("written again");
}

fn commands(world: &World) -> Vec<String> {
    let history = world.run("history --json").ends_with(0).json();
    let runs = history["runs"].as_array().expect("runs").clone();
    let command = |run: &Value| run["command"].as_str().expect("a word").to_owned();
    runs.iter().map(command).collect()
}

#[test]
fn it_says_where_it_serves_is_healthy_and_ready_and_ends_when_it_is_told_to() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    assert_eq!(serving.ready["schema"], "udsync/serving/1");
    assert_eq!(serving.ready["shops"], json!(["test"]));
    for address in [serving.address(), serving.hooks()] {
        let health = ask(
            address,
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        );
        assert_eq!(
            (health.status, &health.json()["status"]),
            (200, &json!("ok"))
        );
    }
    assert_eq!(serving.get("/readyz").status, 200);
    // What is exposed says nothing but that it is alive.
    for path in [
        "/readyz",
        "/metrics",
        "/",
        "/api/sync/status",
        "/api/openapi.json",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = ask(serving.hooks(), &request);
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (404, Some("route_unknown")),
            "{path}"
        );
    }
    let ended = serving.stop().ends_with(0);
    assert!(
        ended.err.contains("stopped; what was begun is recorded"),
        "{}",
        ended.err
    );

    // For a person it is one line.
    let mut child = world
        .command("serve --listen 127.0.0.1:0 --hooks-listen 127.0.0.1:0 --quiet")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("asked for"))
        .read_line(&mut line)
        .expect("a line");
    assert!(line.starts_with("serving http://127.0.0.1:"), "{line}");
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .expect("kill")
            .success()
    );
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn it_ends_in_time_whoever_holds_connections_and_the_ports_are_free_at_once() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    let (main, hooks) = (serving.address(), serving.hooks());
    let mut held: Vec<TcpStream> = Vec::new();
    for begun in [
        "",
        "GET /healthz HTTP/1.1\r\nHost: loc",
        "POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        for address in [main, hooks] {
            let mut stream = TcpStream::connect(address).expect("it listens");
            stream.write_all(begun.as_bytes()).expect("sent");
            held.push(stream);
        }
    }
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    serving.stop().ends_with(0);
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    // Their ends of the connections are still open here.
    let again = Serving::of(&mut world.command(&format!(
        "serve --json --listen {main} --hooks-listen {hooks}"
    )));
    assert_eq!(again.get("/healthz").status, 200);
    drop(held);
    // A second one says what is in the way.
    let taken = world
        .run(&format!(
            "serve --json --listen {main} --hooks-listen 127.0.0.1:0"
        ))
        .ends_with(2);
    assert_eq!(taken.json()["code"], "port_in_use");
    again.stop().ends_with(0);
}

#[test]
fn a_request_for_a_host_that_is_not_ours_is_refused_with_the_setting_that_allows_it() {
    let world = World::of_orders(Vec::new());
    set(
        &world,
        "public_url = \"https://hooks.example.com\"\nallowed_hosts = [\"books.lan\"]",
    );
    let serving = Serving::start(&world);
    let with = |request: &str| {
        ask(
            serving.address(),
            &format!("{request}Connection: close\r\n\r\n"),
        )
    };
    for host in [
        "localhost:8460",
        "127.0.0.1",
        "[::1]:1",
        "hooks.example.com",
        "BOOKS.lan:8460",
    ] {
        let answer = with(&format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n"));
        assert_eq!(answer.status, 200, "{host}");
    }
    for host in [
        "evil.test",
        "127.0.0.1.nip.io",
        "localhost.",
        "",
        "books.lan.evil.test",
    ] {
        let answer = with(&format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n"));
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (421, &json!("host_not_allowed")),
            "{host}"
        );
        assert!(
            answer.json()["hint"]
                .as_str()
                .expect("a hint")
                .contains("`allowed_hosts`")
        );
    }
    let twice = with("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\n");
    assert_eq!(twice.status, 400);
    let absolute = with("GET http://evil.test/healthz HTTP/1.1\r\nHost: localhost\r\n");
    assert_eq!(absolute.status, 421);
    assert_eq!(with("GET /healthz HTTP/1.1\r\n").status, 400);
    serving.stop().ends_with(0);
}

#[test]
fn every_answer_has_the_headers_that_keep_a_browser_in_check_and_no_bare_words() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    for (request, status) in [
        ("GET /healthz", 200),
        ("GET /readyz", 200),
        ("GET /nowhere", 404),
        ("POST /healthz", 405),
        ("TRACE /healthz", 405),
        ("GET /%2e%2e/etc/passwd", 404),
    ] {
        let answer = ask(
            serving.address(),
            &format!(
                "{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            ),
        );
        assert_eq!(answer.status, status, "{request}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "no-store");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        let id = answer.header("x-request-id");
        assert_eq!(id.len(), 36);
        if status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["instance"], json!(format!("urn:uuid:{id}")));
            assert_eq!(answer.json()["status"], json!(status));
        }
    }
    // Odd HTTP gets one answer, and the connection ends with it.
    for odd in [
        "POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        "POST /api/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Odd: a\r\n b\r\n\r\n",
        "GET /healthz\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        assert_eq!(ask(serving.address(), odd).status, 400, "{odd:?}");
    }
    let many = (0..70)
        .map(|nth| format!("X-{nth}: 1\r\n"))
        .collect::<String>();
    for huge in [many, format!("X-Long: {}\r\n", "x".repeat(20_000))] {
        let answer = ask(
            serving.address(),
            &format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{huge}\r\n"),
        );
        assert_eq!(answer.status, 431);
    }
    serving.stop().ends_with(0);
}

#[test]
fn it_is_not_ready_while_its_state_or_configuration_is_not_and_says_why() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    let whole = std::fs::read_to_string(&world.config).expect("it was written");
    std::fs::write(&world.config, format!("{whole}\n[serv]\nlisten = 1\n")).expect("written");
    until("it is seen", || serving.get("/readyz").status == 503);
    let said = serving.get("/readyz").json();
    assert_eq!(said["code"], "not_ready");
    let detail = said["detail"].as_str().expect("words");
    assert!(
        detail.contains("test: ") && detail.contains("serv"),
        "{detail}"
    );
    assert_eq!(
        serving.get("/healthz").status,
        200,
        "the process works all the same"
    );
    std::fs::write(&world.config, whole).expect("written");
    until("it is seen", || serving.get("/readyz").status == 200);
    // A state file that is none.
    std::fs::write(world.state(), "no database").expect("written");
    until("it is seen", || serving.get("/readyz").status == 503);
    serving.stop().ends_with(0);
}

#[test]
fn figures_are_for_this_machine_and_count_what_the_process_does() {
    let world = World::of_orders(orders(1..=2));
    let serving = Serving::start(&world);
    until("the first sweep is counted", || {
        serving
            .get("/metrics")
            .text
            .contains("udsync_sweeps_total{shop=\"test\",ended=\"done\"} 1")
    });
    let figures = serving.get("/metrics");
    assert_eq!(
        figures.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    for line in [
        "udsync_documents_total{shop=\"test\",target=\"quickbooks\",done=\"created\"} 2",
        "udsync_runs_total{shop=\"test\",status=\"succeeded\"} 1",
        "udsync_serve_answers_total{listener=\"main\",class=\"5xx\"} 0",
        "udsync_serve_connections{listener=\"hooks\"} 0",
    ] {
        assert!(figures.text.contains(line), "{line}: {}", figures.text);
    }
    // A proxy on this machine hands on what others ask.
    for header in [
        "X-Forwarded-For: 203.0.113.7",
        "Forwarded: for=203.0.113.7",
        "Via: 1.1 caddy",
    ] {
        let request = format!(
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"
        );
        let answer = ask(serving.address(), &request);
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (401, "Bearer"),
            "{header}"
        );
        assert_eq!(answer.json()["code"], "not_signed_in");
    }
    serving.stop().ends_with(0);
}

/// Figures are asked of files. Whoever waits for one that is busy holds up nobody who asks for nothing of it.
#[test]
fn it_answers_while_its_figures_wait_for_a_file() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    until("it is ready", || serving.get("/readyz").status == 200);
    let inbox = rusqlite::Connection::open(world.home.path().join("test.db.inbox"));
    let inbox = inbox.expect("it is there");
    let cores = std::thread::available_parallelism().map_or(4, usize::from);
    until("it answers at once", || {
        inbox
            .execute_batch("BEGIN EXCLUSIVE")
            .expect("nobody else may use it now");
        let took = std::thread::scope(|scope| {
            for path in ["/metrics", "/readyz"].into_iter().cycle().take(2 * cores) {
                let serving = &serving;
                scope.spawn(move || serving.get(path));
            }
            std::thread::sleep(Duration::from_millis(500));
            let began = Instant::now();
            assert_eq!(serving.get("/healthz").status, 200);
            let took = began.elapsed();
            inbox.execute_batch("ROLLBACK").expect("free again");
            took
        });
        took < Duration::from_millis(500)
    });
    serving.stop().ends_with(0);
}

#[test]
fn two_hundred_slow_clients_disturb_nobody() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    for address in [serving.hooks(), serving.address()] {
        let slow: Vec<TcpStream> = (0..200)
            .map(|nth| {
                let mut stream = TcpStream::connect(address).expect("it listens");
                let begun = if nth % 2 == 0 {
                    "GET /healthz HTTP/1.1\r\nHost:"
                } else {
                    "POST /api/webhooks/woocommerce HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"
                };
                let _ = stream.write_all(begun.as_bytes());
                stream
            })
            .collect();
        for _ in 0..100 {
            let began = Instant::now();
            let health = ask(
                address,
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            );
            assert_eq!(health.status, 200);
            assert!(
                began.elapsed() < Duration::from_secs(1),
                "{:?}",
                began.elapsed()
            );
        }
        drop(slow);
    }
    serving.stop().ends_with(0);
}

#[test]
fn a_client_that_never_says_what_it_wants_is_sent_away() {
    let world = World::of_orders(Vec::new());
    let serving = Serving::start(&world);
    let began = Instant::now();
    let ends = |begun: &str| {
        let mut stream = TcpStream::connect(serving.address()).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(25)))
            .expect("set");
        stream.write_all(begun.as_bytes()).expect("sent");
        let mut raw = Vec::new();
        // Closed or reset: what counts is that it is over.
        let _ = stream.read_to_end(&mut raw);
        began.elapsed()
    };
    std::thread::scope(|scope| {
        let begun = [
            "",
            "GET /healthz HTTP/1.1\r\nHost: localh",
            // It was answered, and says nothing any more.
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ];
        let waiting: Vec<_> = begun
            .iter()
            .map(|begun| scope.spawn(|| ends(begun)))
            .collect();
        for (begun, waiting) in begun.iter().zip(waiting) {
            let took = waiting.join().expect("it ended");
            assert!(
                took < Duration::from_secs(20) && took > Duration::from_secs(5),
                "{begun:?}: {took:?}"
            );
        }
    });
    serving.stop().ends_with(0);
}

#[test]
fn an_address_that_others_reach_needs_a_proxy_or_a_certificate() {
    let world = World::of_orders(Vec::new());
    for line in [
        "serve --json --listen 0.0.0.0:0 --hooks-listen 127.0.0.1:0",
        "serve --json --listen 127.0.0.1:0 --hooks-listen [::]:0",
    ] {
        let ended = world.run(line).ends_with(2).json();
        assert_eq!(ended["code"], "listener_open");
        let hint = ended["hint"].as_str().expect("a hint");
        assert!(
            hint.contains("--behind-proxy") && hint.contains("tls_cert"),
            "{hint}"
        );
    }
    let behind = "serve --json --listen 0.0.0.0:0 --hooks-listen 0.0.0.0:0 --behind-proxy";
    let serving = Serving::of(&mut world.command(behind));
    assert_eq!(serving.get("/healthz").status, 200);
    serving.stop().ends_with(0);

    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls");
    for file in ["server.pem", "server.key", "ca.pem"] {
        std::fs::copy(folder.join(file), world.home.path().join(file)).expect("copied");
    }
    set(&world, "tls_cert = \"server.pem\"\ntls_key = \"ca.pem\"");
    let line = "serve --json --listen 0.0.0.0:0 --hooks-listen 127.0.0.1:0";
    assert_eq!(world.run(line).ends_with(2).json()["code"], "tls_files");
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    std::fs::write(&world.config, text.replace("\"ca.pem\"", "\"server.key\"")).expect("written");
    let serving = Serving::of(&mut world.command(line));
    let url = serving.ready["url"]
        .as_str()
        .expect("an address")
        .to_owned();
    assert!(url.starts_with("https://"), "{url}");
    let port = url.rsplit(':').next().expect("a port").to_owned();
    let ca = std::fs::read(folder.join("ca.pem")).expect("it is there");
    let answer = crate::world::RUNTIME.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ca = reqwest::Certificate::from_pem(&ca).expect("a certificate");
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([ca])
            .build()
            .expect("a client");
        client
            .get(format!("https://localhost:{port}/healthz"))
            .send()
            .await
    });
    let answer = answer.expect("it is trusted");
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["strict-transport-security"],
        "max-age=31536000"
    );
    serving.signal("-TERM");
    serving.ended().ends_with(0);
}

#[test]
fn a_sweep_at_the_start_and_every_so_often_posts_what_nobody_told() {
    let world = World::of_orders(orders(1..=2));
    set(&world, "sweep = \"5s\"");
    let serving = Serving::start(&world);
    until("the first sweep", || world.postings().len() == 2);
    world.put_order(&order(3), &json!([]), false);
    until("the next sweep", || world.postings().len() == 3);
    serving.stop().ends_with(0);
    let commands = commands(&world);
    assert!(
        commands.len() >= 2 && commands.iter().all(|command| command == "sweep"),
        "{commands:?}"
    );
}

#[test]
fn a_sweep_keeps_to_what_is_allowed_where_nobody_watches() {
    let world = World::of_orders(orders(1..=5));
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace("confirm_over = 100000", "confirm_over = 2");
    std::fs::write(
        &world.config,
        format!("{text}\n[unattended]\nmax_changes = 4\n"),
    )
    .expect("written");
    let serving = Serving::start(&world);
    until("it is refused", || commands(&world) == ["sweep"]);
    until("it is told", || {
        world.run("history --json").json()["runs"][0]["status"] == "refused"
    });
    let ended = serving.stop().ends_with(0);
    assert_eq!(world.postings(), [] as [String; 0]);
    assert!(ended.err.contains("5"), "{}", ended.err);
}

#[test]
fn schedules_are_worked_off_unless_somebody_else_does() {
    let world = World::of_orders(orders(1..=2));
    let mut add = world.command("schedule add --name hourly orders --mode full");
    assert!(
        add.args(["--cron", "0 * * * *"])
            .status()
            .expect("it runs")
            .success()
    );
    let long_ago = || {
        let state = rusqlite::Connection::open(world.state()).expect("the state");
        let changed = state
            .execute(
                "UPDATE schedules SET through = '2026-01-01T00:00:00.000000000Z'",
                [],
            )
            .expect("changed");
        assert_eq!(changed, 1);
    };
    long_ago();
    let without = Serving::of(&mut world.command(&format!("{ANYWHERE} --no-schedules")));
    until("the sweep", || commands(&world) == ["sweep"]);
    std::thread::sleep(Duration::from_secs(1));
    without.stop().ends_with(0);
    assert_eq!(commands(&world), ["sweep"]);
    let with = Serving::start(&world);
    until("the schedule", || {
        commands(&world).contains(&"schedule".to_owned())
    });
    let ended = with.stop().ends_with(0);
    assert!(ended.err.contains("hourly: "), "{}", ended.err);
}

#[test]
fn it_and_a_command_wait_for_each_other() {
    let world = World::of_orders(orders(1..=2));
    let slow = json!({ "what": "delay", "ms": 3_000, "times": 1 });
    world.tell_store("mishaps", slow.clone());
    let first = world.start("sync orders --yes --json");
    until("it asks the shop", || {
        world
            .store("requests")
            .as_array()
            .is_some_and(|list| !list.is_empty())
    });
    let serving = Serving::start(&world);
    let first = ran(first.wait_with_output().expect("it ends")).ends_with(0);
    assert_eq!(first.figure("created"), 2);
    until("the sweep", || commands(&world).len() == 2);
    // The other way round: the sweep of a second server's start has the lock.
    serving.stop().ends_with(0);
    world.clear_mishaps();
    world.forget_requests();
    world.tell_store("mishaps", slow);
    let serving = Serving::start(&world);
    until("it asks the shop", || {
        world
            .store("requests")
            .as_array()
            .is_some_and(|list| !list.is_empty())
    });
    let refused = world.run("sync orders --yes --json").ends_with(11).json();
    assert!(
        refused["message"]
            .as_str()
            .expect("words")
            .contains("sweep orders"),
        "{refused}"
    );
    world.run("sync orders --yes --wait 20s").ends_with(0);
    let ended = serving.stop().ends_with(0);
    assert!(!ended.err.contains("error"), "{}", ended.err);
    assert_eq!(world.postings().len(), 2);
}

#[test]
fn several_shops_are_served_apart() {
    let (one, other) = (
        World::of_orders(orders(1..=1)),
        World::of_orders(orders(1..=2)),
    );
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("made");
    for (name, world) in [("aurora", &one), ("borealis", &other)] {
        let text = std::fs::read_to_string(&world.config).expect("it was written");
        let text = text.replace(
            "name = \"test\"\nstate = \"test.db\"",
            &format!("name = \"{name}\""),
        );
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("written");
    }
    let settings =
        "[serve]\nlisten = \"127.0.0.1:0\"\nhooks_listen = \"127.0.0.1:0\"\nsweep = \"5s\"\n";
    std::fs::write(folder.join("serve.toml"), settings).expect("written");
    let at_home = |line: &str| {
        let mut command = one.command(line);
        command.env("HOME", home.path()).current_dir(home.path());
        command
    };
    let serving = Serving::of(&mut at_home("serve --json --all"));
    assert_eq!(serving.ready["shops"], json!(["aurora", "borealis"]));
    until("both are swept", || {
        one.postings().len() == 1 && other.postings().len() == 2
    });
    let figures = serving.get("/metrics").text;
    for shop in ["aurora", "borealis"] {
        let line = format!("udsync_build_info{{shop=\"{shop}\"");
        assert!(figures.contains(&line), "{figures}");
    }
    let heads = figures
        .lines()
        .filter(|line| *line == "# TYPE udsync_runs_total counter");
    assert_eq!(heads.count(), 1);
    // What is wrong with one is not the other's.
    std::fs::write(folder.join("aurora.toml"), "[shop\n").expect("written");
    until("it is seen", || serving.get("/readyz").status == 503);
    let detail = serving.get("/readyz").json()["detail"].to_string();
    assert!(
        detail.contains("aurora: ") && !detail.contains("borealis: "),
        "{detail}"
    );
    other.put_order(&order(3), &json!([]), false);
    until("the other goes on", || other.postings().len() == 3);
    std::thread::sleep(Duration::from_secs(1));
    let ended = serving.stop().ends_with(0);
    assert!(ended.err.contains("aurora: "), "{}", ended.err);
    // Only those that are named; an unknown one is said to be so.
    let serving = Serving::of(&mut at_home("serve --json --shop borealis"));
    assert_eq!(serving.ready["shops"], json!(["borealis"]));
    serving.stop().ends_with(0);
    let unknown = ran(at_home("serve --json --shop borealis --shop nobody")
        .output()
        .expect("it runs"));
    assert_eq!(unknown.ends_with(2).json()["code"], "config_not_found");
    let twice = ran(at_home("history --shop borealis --shop aurora")
        .output()
        .expect("it runs"));
    assert!(
        twice
            .ends_with(2)
            .err
            .contains("only `serve` takes several")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_manager_is_told_that_it_is_ready_alive_and_stopping() {
    use std::os::unix::net::UnixDatagram;
    let world = World::of_orders(Vec::new());
    let socket = world.home.path().join("notify");
    let manager = UnixDatagram::bind(&socket).expect("a socket");
    manager
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("set");
    let heard = |wanted: &str| {
        let mut bytes = [0_u8; 1024];
        loop {
            let length = manager
                .recv(&mut bytes)
                .unwrap_or_else(|error| panic!("{wanted}: {error}"));
            if String::from_utf8_lossy(&bytes[..length]).contains(wanted) {
                return;
            }
        }
    };
    let mut command = world.command(ANYWHERE);
    command
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "400000");
    let serving = Serving::of(&mut command);
    heard("READY=1");
    heard("WATCHDOG=1");
    heard("STATUS=");
    heard("WATCHDOG=1");
    serving.signal("-TERM");
    heard("STOPPING=1");
    serving.ended().ends_with(0);
}

/// A new order every few seconds, told by a signed webhook, and in the books soon after.
#[test]
fn the_sandbox_lives() {
    let world = World::of_orders(Vec::new());
    let mut command = world.command(&format!("{ANYWHERE} --sandbox"));
    let serving = Serving::of(&mut command);
    let url = serving.ready["sandbox"]["quickbooks_url"]
        .as_str()
        .expect("an address");
    let books = url
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let posted = || {
        let answer = ask(
            books,
            "GET /_sandbox/documents HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        );
        let text = answer.text.replace("\"seeded\":true", "");
        text.matches("\"DocNumber\"").count()
    };
    let figures = || serving.get("/metrics").text;
    until("the first sweep", || {
        figures().contains("udsync_sweeps_total{shop=\"aurora-outfitters\",ended=\"done\"} 1")
    });
    let before = posted();
    assert!(before > 0);
    until("deliveries come in", || {
        figures().contains("source=\"woocommerce\",verdict=\"queued\"")
    });
    until("what they name is posted", || posted() > before);
    // No sweep did it: the next is a quarter of an hour away.
    assert!(figures().contains("udsync_sweeps_total{shop=\"aurora-outfitters\",ended=\"done\"} 1"));
    let ended = serving.stop().ends_with(0);
    assert!(!ended.err.contains("error"), "{}", ended.err);
}
