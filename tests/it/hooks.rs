//! Webhooks from outside: signed as the shop and the books sign them, posted to the real `serve`, and worked off into the books.
//!
//! What a sweep would find anyway proves nothing about a webhook, so the orders here changed long before the place up to which the shop
//! was read: nobody but a webhook tells of them.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::order::{order, orders, with};
use crate::tales::Dice;
use crate::world::{BOOKS, REALM, Ran, World, company, shop, until};

pub const SECRET: &str = "udsync-test-secret";
pub const TOKEN: &str = "3c1f7c1e-0000-4000-8000-5f2a9d1b7e11";
pub const FROM_SHOP: &str = "/api/webhooks/woocommerce";
pub const FROM_BOOKS: &str = "/api/webhooks/quickbooks";

/// A `serve` that hears webhooks.
pub struct HookServer {
    /// Gone once it was stopped.
    child: Option<Child>,
    /// A pipe that nobody holds would be an error of its writer.
    _out: BufReader<ChildStdout>,
    pub hooks: SocketAddr,
}

impl HookServer {
    pub fn start(world: &World) -> HookServer {
        HookServer::of(&mut command(world))
    }

    pub fn of(command: &mut Command) -> HookServer {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("asked for"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let Ok(ready) = serde_json::from_str::<Value>(&line) else {
            let ended = crate::world::ran(child.wait_with_output().expect("it ends"));
            panic!("it is not ready: {line} {}", ended.err);
        };
        let url = ready["hooks_url"].as_str().expect("an address");
        HookServer {
            hooks: url
                .trim_start_matches("http://")
                .parse()
                .expect("an address"),
            child: Some(child),
            _out: out,
        }
    }

    /// As when somebody pulls the plug.
    pub fn kill(mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
    }

    #[track_caller]
    pub fn stop(mut self) -> Ran {
        let child = self.child.take().expect("it runs");
        let pid = child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("kill is there").success());
        crate::world::ran(child.wait_with_output().expect("it ends"))
    }

    /// A delivery of the shop, signed.
    #[track_caller]
    pub fn tell(&self, topic: &str, body: &Value) -> String {
        let body = body.to_string();
        let headers = [("X-WC-Webhook-Topic", topic), ("X-WC-Webhook-ID", "3")];
        let answer = self.post(
            FROM_SHOP,
            &headers,
            Some(&sign(SECRET, body.as_bytes())),
            body.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.verdict()
    }

    /// A delivery of the books, signed.
    #[track_caller]
    pub fn tell_of_books(&self, path: &str, body: &Value) -> String {
        let body = body.to_string();
        let signature = sign(TOKEN, body.as_bytes());
        let headers = [
            ("intuit-signature", signature.as_str()),
            ("Content-Type", "application/cloudevents+json"),
        ];
        let answer = send(self.hooks, path, &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.verdict()
    }

    pub fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        signature: Option<&str>,
        body: &[u8],
    ) -> Answered {
        let mut all = vec![("Content-Type", "application/json")];
        all.extend(headers);
        all.extend(signature.map(|signature| ("X-WC-Webhook-Signature", signature)));
        send(self.hooks, path, &all, body)
    }
}

impl Drop for HookServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub text: String,
}

impl Answered {
    pub fn verdict(&self) -> String {
        let said: Value = serde_json::from_str(&self.text).expect("JSON");
        said["verdict"].as_str().unwrap_or_default().to_owned()
    }
}

/// `serve` on any two free ports, with both secrets.
pub fn command(world: &World) -> Command {
    let mut command = world
        .command("serve --json --no-schedules --listen 127.0.0.1:0 --hooks-listen 127.0.0.1:0");
    command
        .env("UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET", SECRET)
        .env("UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN", TOKEN);
    command
}

pub fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

pub fn send(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_nodelay(true).expect("set");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("set");
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let mut bytes = request.into_bytes();
    bytes.extend_from_slice(body);
    // What is too large is refused in the middle of its sending.
    let _ = stream.write_all(&bytes);
    let mut raw = Vec::new();
    let _ = stream.read_to_end(&mut raw);
    let raw = String::from_utf8_lossy(&raw).into_owned();
    let (head, text) = raw.split_once("\r\n\r\n").unwrap_or((&raw, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Answered {
        status: status.unwrap_or_default(),
        text: text.to_owned(),
    }
}

/// A world that was read up to a time long after everything that is put into it later.
fn world() -> World {
    world_of(Vec::new(), BOOKS)
}

fn world_of(before: Vec<Value>, books: &str) -> World {
    let late = with(
        order(1),
        json!({ "date_modified": "2026-11-20T10:00:00", "date_modified_gmt": "2026-11-20T17:00:00" }),
    );
    let mut all = vec![late];
    all.extend(before);
    let world = World::new(shop(all), company(), books);
    world.run("sync orders --yes").ends_with(0);
    world
}

fn put(world: &World, ids: impl IntoIterator<Item = u64>) {
    for id in ids {
        world.put_order(&order(id), &json!([]), true);
    }
}

/// The same order, of which somebody bought twice as much.
fn doubled(id: u64) -> Value {
    let mut order = with(
        order(id),
        json!({ "cart_tax": "2.00", "total": "42.00", "total_tax": "2.00" }),
    );
    let twice = json!({ "quantity": 2, "subtotal": "40.00", "subtotal_tax": "2.00", "total": "40.00", "total_tax": "2.00",
                        "taxes": [{ "id": 1, "total": "2.00", "subtotal": "2.00" }] });
    order["line_items"][0] = with(order["line_items"][0].clone(), twice);
    order["tax_lines"][0]["tax_total"] = json!("2.00");
    order
}

/// The numbers of the orders in the books, each as often as it is there.
fn posted(world: &World) -> Vec<u64> {
    let postings = world.postings();
    let receipts = postings
        .iter()
        .filter(|line| line.starts_with("SalesReceipt") && line.ends_with("active"));
    let numbers =
        receipts.filter_map(|line| line.split(' ').nth(1)?.strip_prefix("WC-")?.parse().ok());
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    numbers
}

/// The runs of this command in the history, newest first.
fn runs(world: &World, command: &str) -> Vec<Value> {
    let runs = world.run("history --json --limit 1000").ends_with(0).json()["runs"].clone();
    let runs = runs.as_array().expect("a list").clone();
    runs.into_iter()
        .filter(|run| run["command"] == command)
        .collect()
}

fn deliveries(world: &World, flags: &str) -> Value {
    world
        .run(&format!("webhooks deliveries --json {flags}"))
        .ends_with(0)
        .json()
}

/// How many were counted with a verdict and not kept.
fn counted(world: &World, verdict: &str) -> u64 {
    let came = deliveries(world, "");
    let counted = came["counted"].as_array().expect("a list").clone();
    let of = counted.iter().filter(|one| one["verdict"] == verdict);
    of.map(|one| one["count"].as_u64().expect("a count")).sum()
}

/// The problems that wait: `WC-11 conflict amount_changed`.
fn problems(world: &World) -> Vec<String> {
    let list = world.run("retry --list --json").json();
    let problems = list["problems"].as_array().cloned().unwrap_or_default();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    problems
        .iter()
        .map(|one| format!("{} {}", word(&one["source"]["number"]), word(&one["code"])))
        .collect()
}

#[test]
fn an_order_that_a_webhook_names_is_in_the_books_and_no_other() {
    let world = world();
    let server = HookServer::start(&world);
    put(&world, 11..=14);
    assert_eq!(server.tell("order.created", &json!({ "id": 12 })), "queued");
    until("it is posted", || posted(&world) == [1, 12]);
    until("the run has ended", || {
        runs(&world, "webhook")
            .iter()
            .any(|run| run["status"] == "succeeded")
    });
    // What a body says besides its id reaches nobody.
    let mut lies = order(13);
    lies["total"] = json!("999999.00");
    lies["line_items"][0]["total"] = json!("999998.00");
    assert_eq!(server.tell("order.updated", &lies), "queued");
    until("it is posted", || posted(&world) == [1, 12, 13]);
    assert!(
        world
            .postings()
            .contains(&"SalesReceipt WC-13 21.00 active".to_owned())
    );
    until("the delivery has its run", || {
        deliveries(&world, "")["items"][0]["run_id"].is_string()
    });
    let came = deliveries(&world, "");
    assert_eq!(came["schema"], "udsync/deliveries/1");
    let newest = &came["items"][0];
    assert_eq!(newest["keys"], json!([{ "kind": "order", "id": "13" }]));
    assert_eq!(
        newest["events"],
        json!({ "queued": 1, "duplicate": 0, "ignored": 0, "odd": 0 })
    );
    let runs = runs(&world, "webhook");
    assert_eq!(newest["run_id"], runs[0]["run_id"]);
    assert_eq!(
        (&runs[0]["mode"], &runs[0]["entities"]),
        (&json!("selected"), &json!(["orders"]))
    );
    assert_eq!(server.stop().code, 0);
}

#[test]
fn many_deliveries_of_one_order_are_one_look() {
    let world = world();
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    put(&world, [11]);
    let began = Instant::now();
    for nth in 0..1_000 {
        assert_eq!(
            server.tell("order.updated", &json!({ "id": 11, "nth": nth })),
            "queued"
        );
    }
    println!(
        "hooks: 1,000 deliveries in {} ms",
        began.elapsed().as_millis()
    );
    until("it is posted", || posted(&world) == [1, 11]);
    // A name is taken at the latest when it is 15 s old: a slow machine may look while they still come.
    let looks = 1 + began.elapsed().as_secs() as usize / 15;
    std::thread::sleep(Duration::from_millis(3_000));
    assert!(
        runs(&world, "webhook").len() <= looks,
        "{} runs",
        runs(&world, "webhook").len()
    );
    let rows = deliveries(&world, "--limit 1000");
    let rows = rows["items"].as_array().expect("a list");
    assert_eq!(rows.len(), 1_000);
    assert!(rows.iter().all(|row| row["run_id"].is_string()));
}

#[test]
fn what_is_not_signed_with_our_secret_over_these_bytes_has_no_effect() {
    let world = world();
    let server = HookServer::start(&world);
    put(&world, 11..=12);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    world.forget_requests();
    let body = br#"{"id":11}"#;
    let good = sign(SECRET, body);
    let refused = |name: &str, signature: Option<&str>, body: &[u8]| {
        let answer = server.post(
            FROM_SHOP,
            &[("X-WC-Webhook-Topic", "order.updated")],
            signature,
            body,
        );
        assert_eq!(answer.status, 401, "{name}: {answer:?}");
        // Everybody is told the same, and nobody what would have been right.
        assert!(
            answer.text.contains("\"code\":\"signature_wrong\""),
            "{name}: {answer:?}"
        );
        assert!(!answer.text.contains(&good), "{name}");
    };
    refused("none", None, body);
    refused("another secret", Some(&sign("another", body)), body);
    refused("no secret", Some(&sign("", body)), body);
    refused(
        "hex",
        Some("0f4715da8eaacbc9863bfa52622da6bc910513031cf28aa5808a05dc97f6142b"),
        body,
    );
    refused("cut", Some(&good[..43]), body);
    refused("another body", Some(&good), br#"{"id":12}"#);
    refused("a blank before", Some(&good), br#" {"id":11}"#);
    refused("a line end behind", Some(&good), b"{\"id\":11}\n");
    refused(
        "a ping that is signed wrongly",
        Some(&good),
        b"webhook_id=3",
    );
    refused("the token of the books", Some(&sign(TOKEN, body)), body);
    let twice = [
        ("X-WC-Webhook-Signature", good.as_str()),
        ("X-WC-Webhook-Signature", good.as_str()),
    ];
    assert_eq!(
        send(server.hooks, FROM_SHOP, &twice, body).status,
        401,
        "twice"
    );
    let of_books = [("intuit-signature", good.as_str())];
    assert_eq!(
        send(server.hooks, FROM_BOOKS, &of_books, body).status,
        401,
        "of the shop"
    );
    assert_eq!(send(server.hooks, FROM_BOOKS, &[], b"[]").status, 401);
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(posted(&world), [1]);
    assert_eq!(deliveries(&world, "")["items"], json!([]));
    assert_eq!(counted(&world, "refused"), 13);
    assert_eq!(world.store("requests"), json!([]), "nobody was even asked");
    assert_eq!(runs(&world, "webhook"), [] as [Value; 0]);
}

#[test]
fn forged_bent_truncated_and_replayed_deliveries_have_no_effect() {
    forge(3_000);
}

/// The same with as many as the promise names. Takes minutes; `cargo test -- --ignored hooks` runs it.
#[test]
#[ignore = "a benchmark of some minutes"]
fn a_hundred_thousand_forged_deliveries_have_no_effect() {
    forge(100_000);
}

fn forge(count: usize) {
    let world = world();
    let server = HookServer::start(&world);
    put(&world, [11]);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    // One that is real, and a copy of which everybody may have.
    let real = br#"{"id":11,"order_key":"wc_order_x","line_items":[]}"#.to_vec();
    let signature = sign(SECRET, &real);
    let event = json!([{ "specversion": "1.0", "id": "e-1", "source": "intuit.x=", "type": "qbo.invoice.updated.v1",
        "time": "2026-03-02T17:15:07.179851517Z", "intuitentityid": "266", "intuitaccountid": REALM, "data": {} }])
    .to_string()
    .into_bytes();
    let token = sign(TOKEN, &event);
    assert_eq!(
        server.post(FROM_SHOP, &[], Some(&signature), &real).status,
        200
    );
    assert_eq!(
        send(
            server.hooks,
            FROM_BOOKS,
            &[("intuit-signature", &token)],
            &event
        )
        .status,
        200
    );
    until("it is posted", || posted(&world) == [1, 11]);
    until("the run has ended", || {
        runs(&world, "webhook")
            .iter()
            .all(|run| run["status"] != "running")
    });
    let before = runs(&world, "webhook").len();
    world.forget_requests();
    let began = Instant::now();
    let each = |threads: usize| {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|nth| {
                    let (real, signature, event, token, hooks) =
                        (&real, &signature, &event, &token, server.hooks);
                    scope.spawn(move || {
                        let mut dice = Dice(0x5eed + nth as u64);
                        let (mut refused, mut repeated) = (0_u64, 0_u64);
                        for one in 0..count / threads {
                            let (path, name, body, good) = match one % 2 {
                                0 => (FROM_SHOP, "X-WC-Webhook-Signature", real, signature),
                                _ => (FROM_BOOKS, "intuit-signature", event, token),
                            };
                            let (mut bytes, mut signed) = (body.clone(), good.clone());
                            match one % 5 {
                                0 => {
                                    let at = dice.below(bytes.len() as u64) as usize;
                                    bytes[at] ^= 1 << dice.below(8);
                                }
                                1 => bytes.truncate(dice.below(bytes.len() as u64) as usize),
                                2 => signed = sign("guessed", &bytes),
                                3 => {
                                    let at = dice.below(43) as usize;
                                    let letter = if &signed[at..=at] == "A" { "B" } else { "A" };
                                    signed.replace_range(at..=at, letter);
                                }
                                _ => {
                                    repeated += 1;
                                }
                            }
                            let answer = send(hooks, path, &[(name, &signed)], &bytes);
                            match one % 5 {
                                4 => assert_eq!(
                                    (answer.status, answer.verdict().as_str()),
                                    (200, "duplicate")
                                ),
                                _ => {
                                    assert_eq!(
                                        answer.status,
                                        401,
                                        "{}",
                                        String::from_utf8_lossy(&bytes)
                                    );
                                    refused += 1;
                                }
                            }
                        }
                        (refused, repeated)
                    })
                })
                .collect();
            let all = workers
                .into_iter()
                .map(|worker| worker.join().expect("it ends"));
            all.fold((0, 0), |(refused, repeated), (some, more)| {
                (refused + some, repeated + more)
            })
        })
    };
    let (refused, repeated) = each(4);
    println!(
        "hooks: {refused} forged and {repeated} repeated deliveries in {} ms, none accepted",
        began.elapsed().as_millis()
    );
    assert_eq!(counted(&world, "refused"), refused);
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(
        runs(&world, "webhook").len(),
        before,
        "nothing was looked at"
    );
    assert_eq!(world.store("requests"), json!([]));
    assert_eq!(posted(&world), [1, 11]);
}

#[test]
fn a_ping_is_answered_and_counted_and_does_nothing_else() {
    let world = world();
    let server = HookServer::start(&world);
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = send(server.hooks, FROM_SHOP, &headers, b"webhook_id=26");
    assert_eq!((answer.status, answer.verdict().as_str()), (200, "ping"));
    for other in [
        &b"webhook_id=26&id=1"[..],
        b"webhook_id=x",
        b"webhook_id=",
        b"webhook_id=26\n",
    ] {
        assert_eq!(send(server.hooks, FROM_SHOP, &headers, other).status, 401);
    }
    assert_eq!(
        send(server.hooks, FROM_BOOKS, &headers, b"webhook_id=26").status,
        401
    );
    assert_eq!(counted(&world, "ping"), 1);
    assert_eq!(deliveries(&world, "")["items"], json!([]));
}

#[test]
fn a_signed_delivery_that_says_nothing_is_odd_and_accepted() {
    let world = world();
    let server = HookServer::start(&world);
    let error = r#"{"code":"woocommerce_rest_shop_coupon_invalid_id","message":"Invalid ID.","data":{"status":404}}"#;
    for body in [
        "",
        "nonsense",
        "[]",
        "{}",
        r#"{"id":0}"#,
        r#"{"id":"x"}"#,
        error,
    ] {
        let answer = server.post(
            FROM_SHOP,
            &[("X-WC-Webhook-Topic", "order.updated")],
            Some(&sign(SECRET, body.as_bytes())),
            body.as_bytes(),
        );
        assert_eq!(
            (answer.status, answer.verdict().as_str()),
            (200, "odd"),
            "{body}"
        );
    }
    for (body, verdict) in [
        ("", "odd"),
        ("{}", "odd"),
        ("nonsense", "odd"),
        ("[7]", "odd"),
        ("[]", "ignored"),
    ] {
        let signature = sign(TOKEN, body.as_bytes());
        let answer = send(
            server.hooks,
            FROM_BOOKS,
            &[("intuit-signature", &signature)],
            body.as_bytes(),
        );
        assert_eq!(
            (answer.status, answer.verdict().as_str()),
            (200, verdict),
            "{body}"
        );
    }
    let came = deliveries(&world, "--verdict odd");
    assert_eq!(came["items"].as_array().map(Vec::len), Some(11));
    assert_eq!(
        server.tell("coupon.updated", &json!({ "id": 4 })),
        "ignored"
    );
    assert_eq!(
        server.tell("subscription.created", &json!({ "id": 4 })),
        "ignored"
    );
}

#[test]
fn a_body_that_is_compressed_or_too_large_is_refused() {
    let world = world();
    let server = HookServer::start(&world);
    let body = br#"{"id":11}"#;
    let signature = sign(SECRET, body);
    for (coding, status) in [
        ("gzip", 415),
        ("br", 415),
        ("identity, gzip", 415),
        ("identity", 200),
    ] {
        let headers = [("Content-Encoding", coding)];
        let answer = server.post(FROM_SHOP, &headers, Some(&signature), body);
        assert_eq!(answer.status, status, "{coding}: {answer:?}");
    }
    let of = |size: usize| {
        let mut body = br#"{"id":11,"note":""#.to_vec();
        body.resize(size - 2, b'x');
        body.extend_from_slice(b"\"}");
        body
    };
    let (fits, large) = (of(4 << 20), of((4 << 20) + 1));
    assert_eq!(
        server
            .post(FROM_SHOP, &[], Some(&sign(SECRET, &fits)), &fits)
            .status,
        200
    );
    assert_eq!(
        server
            .post(FROM_SHOP, &[], Some(&sign(SECRET, &large)), &large)
            .status,
        413
    );
    // Only what is said: no other method, and no other address on this port.
    assert_eq!(
        server
            .post(
                "/api/webhooks/woocommerce/other",
                &[],
                Some(&signature),
                body
            )
            .status,
        404
    );
    assert_eq!(
        server
            .post("/api/webhooks", &[], Some(&signature), body)
            .status,
        404
    );
}

#[test]
fn the_delivery_id_is_no_key_and_the_topic_is_not_believed() {
    let world = world();
    let server = HookServer::start(&world);
    put(&world, 11..=13);
    // Two orders under one delivery id, as WooCommerce sends them within a second.
    for id in [11, 12] {
        let body = json!({ "id": id }).to_string();
        let headers = [
            ("X-WC-Webhook-Topic", "order.updated"),
            ("X-WC-Webhook-ID", "3"),
            (
                "X-WC-Webhook-Delivery-ID",
                "9ca04184aa88013e5879fd55fdb2d5f1",
            ),
        ];
        let answer = server.post(
            FROM_SHOP,
            &headers,
            Some(&sign(SECRET, body.as_bytes())),
            body.as_bytes(),
        );
        assert_eq!(answer.verdict(), "queued");
    }
    // The same words under another topic and another webhook are the same words: nobody has signed either.
    let body = json!({ "id": 12 }).to_string();
    let headers = [
        ("X-WC-Webhook-Topic", "order.restored"),
        ("X-WC-Webhook-ID", "4"),
    ];
    let signature = sign(SECRET, body.as_bytes());
    let answer = server.post(FROM_SHOP, &headers, Some(&signature), body.as_bytes());
    assert_eq!(answer.verdict(), "duplicate");
    // A captured update, sent on as a deletion: it is an order that somebody looks at, and it is there.
    let body = json!({ "id": 13, "order_key": "wc_order_x", "line_items": [] });
    assert_eq!(server.tell("order.deleted", &body), "queued");
    until("all are posted", || posted(&world) == [1, 11, 12, 13]);
}

#[test]
fn what_was_told_in_the_same_words_is_looked_at_with_the_next_sweep() {
    let world = world_of(Vec::new(), &format!("{BOOKS}\n[serve]\nsweep = \"5s\"\n"));
    let server = HookServer::start(&world);
    put(&world, [11]);
    let gone = json!({ "id": 11 });
    assert_eq!(server.tell("order.deleted", &gone), "queued");
    until("it is posted", || posted(&world) == [1, 11]);
    // To the trash and back, twice, and something was changed meanwhile: the same words say something new.
    world.put_order(&doubled(11), &json!([]), true);
    assert_eq!(server.tell("order.deleted", &gone), "duplicate");
    until("it is looked at again", || {
        world
            .postings()
            .contains(&"SalesReceipt WC-11 42.00 active".to_owned())
    });
}

#[test]
fn an_order_that_went_to_the_trash_is_voided_where_that_is_allowed_and_waits_where_it_is_not() {
    let owed = with(
        order(11),
        json!({ "status": "on-hold", "payment_method": "cheque", "date_paid": null, "date_paid_gmt": null }),
    );
    for (voids, state) in [("true", "voided"), ("false", "active")] {
        let allowed = format!("{BOOKS}\n[unattended]\nmax_changes = 200\nvoids = {voids}\n");
        let world = world_of(vec![owed.clone()], &allowed);
        let invoice = |state: &str| {
            world
                .postings()
                .iter()
                .any(|line| line.starts_with("Invoice WC-11") && line.ends_with(state))
        };
        assert!(invoice("active"), "{:?}", world.postings());
        let server = HookServer::start(&world);
        until("the sweep at the start is over", || {
            runs(&world, "sweep")
                .iter()
                .any(|run| run["status"] != "running")
        });
        world.tell_store("orders/11/trash", json!({}));
        assert_eq!(server.tell("order.deleted", &json!({ "id": 11 })), "queued");
        until("somebody has looked", || {
            runs(&world, "webhook")
                .iter()
                .any(|run| run["finished_at"].is_string())
        });
        assert!(invoice(state), "{:?}", world.postings());
        let expected: &[&str] = if voids == "true" {
            &[]
        } else {
            &["11 void_waits"]
        };
        assert_eq!(problems(&world), expected);
    }
}

#[test]
fn a_delivery_is_accepted_while_somebody_else_has_the_lock_and_worked_off_after() {
    let mut slow = company();
    slow["latency_ms"] = json!(400);
    let world = World::new(shop(orders(21..=24)), slow, BOOKS);
    world.say_of_quickbooks("batch_size = 1\nconcurrency = 1");
    let server = HookServer::start(&world);
    until("a run has the lock", || {
        world.run("history --json").json()["runs"]
            .as_array()
            .is_some_and(|runs| !runs.is_empty())
    });
    put(&world, [11]);
    let began = Instant::now();
    assert_eq!(server.tell("order.created", &json!({ "id": 11 })), "queued");
    assert!(
        began.elapsed() < Duration::from_millis(1_500),
        "{:?}",
        began.elapsed()
    );
    until("it is posted", || posted(&world).contains(&11));
    until("the run has ended", || {
        runs(&world, "webhook")
            .iter()
            .any(|run| run["status"] == "succeeded")
    });
}

#[test]
fn an_inbox_that_cannot_be_written_accepts_nothing_and_works_again_by_itself() {
    let world = world();
    let server = HookServer::start(&world);
    put(&world, [11]);
    let place = world.home.path().join("test.db.inbox");
    assert_eq!(server.tell("order.created", &json!({ "id": 1 })), "queued");
    until("it is looked at", || {
        deliveries(&world, "")["items"][0]["run_id"].is_string()
    });
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(world.home.path().join(format!("test.db.inbox{end}")));
    }
    std::fs::create_dir(&place).expect("in the way");
    let body = br#"{"id":11}"#;
    let answer = server.post(
        FROM_SHOP,
        &[("X-WC-Webhook-Topic", "order.created")],
        Some(&sign(SECRET, body)),
        body,
    );
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.text.contains("inbox_unwritable"), "{answer:?}");
    std::fs::remove_dir(&place).expect("out of the way");
    assert_eq!(server.tell("order.created", &json!({ "id": 11 })), "queued");
    until("it is posted", || posted(&world) == [1, 11]);
}

#[test]
fn accepted_records_are_worked_off_once_however_often_the_process_is_killed() {
    kill(50);
}

/// The same a thousand times. Takes most of an hour; `cargo test -- --ignored hooks` runs it.
#[test]
#[ignore = "a benchmark of most of an hour"]
fn a_thousand_kills_lose_no_accepted_record() {
    kill(1_000);
}

fn kill(kills: u32) {
    let seed = std::env::var("UDSYNC_KILL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("hooks: seed {seed}, to be given in UDSYNC_KILL_SEED");
    let mut dice = Dice(seed);
    let mut setup = company();
    setup["latency_ms"] = json!(2);
    let world = World::new(
        shop(vec![with(
            order(1),
            json!({ "date_modified": "2026-11-20T10:00:00", "date_modified_gmt": "2026-11-20T17:00:00" }),
        )]),
        setup,
        BOOKS,
    );
    world.run("sync orders --yes").ends_with(0);
    let mut accepted = BTreeSet::from([1]);
    let mut next = 100;
    let (mut before_answer, mut in_runs) = (0, 0);
    for _ in 0..kills {
        let server = HookServer::start(&world);
        for _ in 0..=dice.below(2) {
            next += 1;
            put(&world, [next]);
            let body = json!({ "id": next }).to_string();
            let signature = sign(SECRET, body.as_bytes());
            // Some are cut off between their first byte and the answer.
            if dice.below(5) == 0 {
                let mut stream = TcpStream::connect(server.hooks).expect("it listens");
                let request = format!(
                    "POST {FROM_SHOP} HTTP/1.1\r\nHost: localhost\r\nX-WC-Webhook-Topic: order.created\r\nX-WC-Webhook-Signature: {signature}\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                let cut = dice.below(request.len() as u64) as usize;
                let _ = stream.write_all(&request.as_bytes()[..cut]);
                before_answer += 1;
                continue;
            }
            let answer = server.post(
                FROM_SHOP,
                &[("X-WC-Webhook-Topic", "order.created")],
                Some(&signature),
                body.as_bytes(),
            );
            if answer.status == 200 {
                accepted.insert(next);
            }
        }
        // Quiet takes two seconds, so most moments behind that lie within a run.
        let moment = match dice.below(3) {
            0 => dice.below(200),
            _ => 1_900 + dice.below(900),
        };
        std::thread::sleep(Duration::from_millis(moment));
        let open = runs(&world, "webhook")
            .iter()
            .any(|run| run["status"] == "running");
        in_runs += u32::from(open);
        server.kill();
    }
    println!(
        "hooks: {kills} kills, {in_runs} of them seen within a run, {before_answer} before an answer, {} accepted",
        accepted.len()
    );
    let server = HookServer::start(&world);
    until("every accepted record is posted", || {
        let posted: BTreeSet<u64> = posted(&world).into_iter().collect();
        accepted.is_subset(&posted)
    });
    until("nothing waits", || waiting(&world) == 0);
    server.stop();
    let posted = posted(&world);
    let once: BTreeSet<u64> = posted.iter().copied().collect();
    assert_eq!(
        posted.len(),
        once.len(),
        "none twice: {posted:?}, seed {seed}"
    );
    assert_eq!(once, accepted, "seed {seed}");
}

/// Names that wait in the inbox.
fn waiting(world: &World) -> i64 {
    let inbox = Connection::open(world.home.path().join("test.db.inbox")).expect("it is there");
    inbox
        .query_row(
            "SELECT count(*) FROM pending WHERE NOT waits_for_sweep",
            [],
            |row| row.get(0),
        )
        .expect("answers")
}

#[test]
fn dropped_shuffled_and_repeated_deliveries_leave_nothing_missing_after_one_sweep() {
    let seed = u64::from(std::process::id());
    println!("hooks: seed {seed}");
    let mut dice = Dice(seed);
    let world = world_of(Vec::new(), &format!("{BOOKS}\n[serve]\nsweep = \"6s\"\n"));
    let server = HookServer::start(&world);
    let ids: Vec<u64> = (11..=50).collect();
    let mut told = Vec::new();
    for id in &ids {
        // These are news to a sweep too: half of the truth is what it is for.
        world.put_order(&order(*id), &json!([]), false);
        for topic in ["order.created", "order.updated"] {
            // One in five is lost on the way.
            if dice.below(5) > 0 {
                told.push((topic, *id));
                if dice.below(3) == 0 {
                    told.push((topic, *id));
                }
            }
        }
    }
    for at in (1..told.len()).rev() {
        let other = dice.below(at as u64 + 1) as usize;
        told.swap(at, other);
    }
    for (topic, id) in &told {
        let verdict = server.tell(topic, &json!({ "id": id, "topic": topic }));
        assert!(
            matches!(verdict.as_str(), "queued" | "duplicate"),
            "{verdict}"
        );
    }
    let expected: Vec<u64> = std::iter::once(1).chain(ids).collect();
    until("all are posted", || posted(&world) == expected);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(posted(&world), expected, "each once");
    assert_eq!(server.stop().code, 0);
}

/// The id of a receipt in the books.
fn receipt(world: &World, number: &str) -> String {
    let documents = world.documents();
    let found = documents
        .iter()
        .find(|document| document["object"]["DocNumber"] == number);
    let id = found.expect("it is there")["id"].clone();
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn event(name: &str, kind: &str, id: &str) -> Value {
    json!({ "specversion": "1.0", "id": name, "source": "intuit.x=", "type": kind, "datacontenttype": "application/json",
            "time": "2026-03-02T17:15:07.179851517Z", "intuitentityid": id, "intuitaccountid": REALM, "data": {} })
}

fn legacy(realm: &str, entities: Value) -> Value {
    json!({ "eventNotifications": [{ "realmId": realm, "dataChangeEvent": { "entities": entities } }] })
}

#[test]
fn what_somebody_changes_in_the_books_is_known_at_once() {
    let world = world_of(orders(11..=15), BOOKS);
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    // Nobody looks at what none of ours is, and a batch is taken element by element.
    let (edited, voided, deleted) = (
        receipt(&world, "WC-11"),
        receipt(&world, "WC-12"),
        receipt(&world, "WC-13"),
    );
    let mut line = world.documents()[1]["object"]["Line"].clone();
    line[0]["Amount"] = json!(5.0);
    line[0]["SalesItemLineDetail"]["UnitPrice"] = json!(5.0);
    world.tell_books(
        "edit",
        json!({ "entity": "SalesReceipt", "id": edited, "set": { "Line": line, "TotalAmt": 6.0 } }),
    );
    world.tell_books("void", json!({ "entity": "SalesReceipt", "id": voided }));
    world.tell_books("delete", json!({ "entity": "SalesReceipt", "id": deleted }));
    let batch = json!([
        7,
        event("e-1", "qbo.salesreceipt.updated.v1", &edited),
        { "type": "qbo.salesreceipt.updated.v1" },
        event("e-2", "qbo.salesreceipt.void.v1", &voided),
        event("e-3", "qbo.vendor.updated.v1", "9"),
        event("e-4", "qbo.salesreceipt.updated.v1", "99999"),
        event("e-5", "qbo.salesreceipt.painted.v1", &edited)
    ]);
    assert_eq!(
        server.tell_of_books("/api/webhooks/quickbooks/cloudevents", &batch),
        "queued"
    );
    // The other format at the other address, and at either.
    let deleted = json!([{ "name": "SalesReceipt", "id": deleted, "operation": "Delete", "lastUpdated": "2026-03-02T17:15:07-0700" }]);
    assert_eq!(
        server.tell_of_books(
            "/api/webhooks/quickbooks/cloudevents",
            &legacy(REALM, deleted)
        ),
        "queued"
    );
    until("all three are known", || {
        let mut told = problems(&world);
        told.sort();
        told == [
            "11 amount_changed",
            "12 voided_document",
            "13 missing_document",
        ]
    });
    // Nothing was put back, and nothing of the others was touched.
    assert_eq!(
        posted(&world).iter().filter(|number| **number > 13).count(),
        2
    );
    let row = deliveries(&world, "--source quickbooks");
    let batch = &row["items"][1]["events"];
    assert_eq!(
        batch,
        &json!({ "queued": 3, "duplicate": 0, "ignored": 2, "odd": 2 })
    );
}

/// The payment is linked to nothing of ours. The invoice that it settles is, and no webhook names it.
#[test]
fn a_payment_by_hand_that_a_webhook_names_is_told_to_the_shop_at_once() {
    let mut setup = shop(vec![order(1)]);
    setup["keys"][0]["permissions"] = json!("read_write");
    let both = "[sync.direction]\npayments = \"both\"\n";
    let settings = format!("{both}{}", crate::tales::books());
    let world = World::new(setup, company(), &settings);
    let owed = crate::tales::Tale::owed(1_001, 3_000).order();
    world.put_order(&owed, &json!([]), true);
    world.run("sync orders --yes").ends_with(0);
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    let before = runs(&world, "sweep").len();
    let payment = world.tell_books(
        "pay",
        json!({ "invoice": "WC-1001", "date": "2026-11-20", "number": "4711" }),
    );
    let id = payment["Id"].as_str().expect("an id");
    let batch = json!([event("e-1", "qbo.payment.created.v1", id)]);
    assert_eq!(
        server.tell_of_books("/api/webhooks/quickbooks/cloudevents", &batch),
        "queued"
    );
    until("the shop was told", || {
        let notes = world.store("orders/1001/notes").to_string();
        notes.contains("Paid in QuickBooks: 31.50 CAD on 2026-11-20, reference 4711")
    });
    assert_eq!(runs(&world, "sweep").len(), before, "it was no sweep");
}

#[test]
fn what_we_wrote_ourselves_is_no_news_of_the_books() {
    let world = world_of(orders(11..=12), BOOKS);
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    world.forget_requests();
    let echo = json!([
        event(
            "e-1",
            "qbo.salesreceipt.created.v1",
            &receipt(&world, "WC-11")
        ),
        event(
            "e-2",
            "qbo.salesreceipt.created.v1",
            &receipt(&world, "WC-12")
        )
    ]);
    assert_eq!(server.tell_of_books(FROM_BOOKS, &echo), "queued");
    until("it is looked at", || waiting(&world) == 0);
    assert_eq!(runs(&world, "webhook"), [] as [Value; 0]);
    assert_eq!(
        world.store("requests"),
        json!([]),
        "the shop is not asked for an echo"
    );
    assert!(world.books("counts")["metered_reads"].as_u64() <= Some(1));
}

#[test]
fn events_of_another_company_are_ignored_and_repeated_ones_dropped() {
    let world = world_of(orders(11..=11), BOOKS);
    let server = HookServer::start(&world);
    let id = receipt(&world, "WC-11");
    let foreign = legacy(
        "4711",
        json!([{ "name": "SalesReceipt", "id": id, "operation": "Void" }]),
    );
    assert_eq!(server.tell_of_books(FROM_BOOKS, &foreign), "ignored");
    let batch = json!([event("e-1", "qbo.salesreceipt.updated.v1", &id)]);
    assert_eq!(server.tell_of_books(FROM_BOOKS, &batch), "queued");
    assert_eq!(server.tell_of_books(FROM_BOOKS, &batch), "duplicate");
    assert_eq!(
        server.tell_of_books("/api/webhooks/quickbooks/cloudevents", &batch),
        "duplicate"
    );
    let next = json!([
        event("e-2", "qbo.salesreceipt.updated.v1", &id),
        event("e-1", "qbo.salesreceipt.updated.v1", &id)
    ]);
    assert_eq!(server.tell_of_books(FROM_BOOKS, &next), "queued");
    let newest = deliveries(&world, "--limit 1");
    assert_eq!(
        newest["items"][0]["events"],
        json!({ "queued": 1, "duplicate": 1, "ignored": 0, "odd": 0 })
    );
    assert!(newest["next_cursor"].is_string());
}

#[test]
fn a_customer_and_a_product_that_a_webhook_names_are_looked_at_by_their_ids() {
    let mut setup = shop(vec![order(1)]);
    let address = json!({ "first_name": "Kim", "last_name": "Reed", "company": "", "address_1": "1 Main St", "address_2": "", "city": "Calgary",
        "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": "kim@example.com", "phone": "" });
    let account = |id: u64, email: &str| {
        json!({ "id": id, "email": email, "first_name": "Kim", "last_name": format!("Reed {id}"), "role": "customer",
        "username": format!("u{id}"), "is_paying_customer": true, "meta_data": [], "avatar_url": "",
        "date_created": "2026-01-02T03:04:05", "date_created_gmt": "2026-01-02T10:04:05",
        "date_modified": "2026-01-02T03:04:05", "date_modified_gmt": "2026-01-02T10:04:05", "billing": address, "shipping": address })
    };
    setup["customers"] = json!([
        account(71, "kim71@example.com"),
        account(72, "kim72@example.com")
    ]);
    let lists = "[sync.customers]\nto = [\"quickbooks\"]\n[sync.products]\nto = [\"quickbooks\"]\n";
    let world = World::new(setup, company(), &format!("{lists}{BOOKS}"));
    world.run("sync all --yes").ends_with(0);
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    world.forget_requests();
    assert_eq!(
        server.tell("customer.updated", &json!({ "id": 72 })),
        "queued"
    );
    until("the run has ended", || {
        runs(&world, "webhook")
            .iter()
            .any(|run| run["status"] == "succeeded")
    });
    let asked = world.store("requests");
    let asked = asked.as_array().expect("a list");
    let of = |one: &Value| {
        (
            one["path"]
                .as_str()
                .unwrap_or_default()
                .rsplit('/')
                .next()
                .map(str::to_owned),
            one["query"]["include"].clone(),
        )
    };
    assert!(
        asked
            .iter()
            .any(|one| of(one) == (Some("customers".to_owned()), json!("72"))),
        "{asked:?}"
    );
    assert_eq!(asked.len(), 1, "nothing else: {asked:?}");
    // One that is gone needs nobody.
    assert_eq!(
        server.tell("customer.deleted", &json!({ "id": 99 })),
        "queued"
    );
    assert_eq!(
        server.tell("product.deleted", &json!({ "id": 98 })),
        "queued"
    );
    until("they are looked at", || waiting(&world) == 0);
    until("the run has ended", || {
        runs(&world, "webhook")
            .iter()
            .all(|run| run["status"] != "running")
    });
    assert_eq!(problems(&world), [] as [String; 0]);
}

#[test]
fn a_delivery_is_sent_and_replayed_by_hand() {
    let world = world();
    let server = HookServer::start(&world);
    put(&world, [11]);
    let run = |line: &str| {
        let mut command = world.command(line);
        command
            .env("UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET", SECRET)
            .env("UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN", TOKEN);
        crate::world::ran(command.output().expect("it runs"))
    };
    let to = format!("http://{}{FROM_SHOP}", server.hooks);
    let sent = run(&format!(
        "webhooks send --kind order.updated --id 11 --to {to} --json"
    ))
    .ends_with(0)
    .json();
    assert_eq!(
        (&sent["schema"], &sent["verdict"]),
        (&json!("udsync/webhook-sent/1"), &json!("queued"))
    );
    until("it is posted", || posted(&world) == [1, 11]);
    let file = world.home.path().join("body.json");
    std::fs::write(&file, "{\"id\":11,\"note\":\"as it came\"}\n").expect("written");
    let again = run(&format!(
        "webhooks send --kind order.updated --id 11 --replay body.json --to {to}"
    ))
    .ends_with(0);
    assert_eq!(again.out, "accepted: queued\n");
    let books = format!("http://{}{FROM_BOOKS}", server.hooks);
    let of_books = run(&format!(
        "webhooks send --kind qbo.invoice.updated --id 266 --to {books} --json"
    ))
    .ends_with(0)
    .json();
    assert_eq!(of_books["verdict"], "queued");
    until("nothing waits", || waiting(&world) == 0);
    let before = runs(&world, "webhook").len();
    let replayed = world.run("webhooks replay 1 --json").ends_with(0).json();
    assert_eq!(replayed["keys"], json!([{ "kind": "order", "id": "11" }]));
    until("it is looked at again", || {
        runs(&world, "webhook").len() > before
    });
    let unread = run(&format!(
        "webhooks send --kind order.updated --id 11 --replay nowhere.json --to {to} --json"
    ))
    .ends_with(2)
    .json();
    assert_eq!(unread["code"], "file_unreadable");
    let unknown = world.run("webhooks replay 4711 --json").ends_with(1).json();
    assert_eq!(unknown["code"], "delivery_unknown");
    let refused = run(&format!(
        "webhooks send --kind order.updated --id 11 --to http://{}/api/webhooks/nobody --json",
        server.hooks
    ))
    .ends_with(1)
    .json();
    assert_eq!(refused["code"], "delivery_refused");
    let without = world
        .run(&format!(
            "webhooks send --kind order.updated --id 11 --to {to} --json"
        ))
        .ends_with(2)
        .json();
    assert_eq!(without["code"], "webhook_secret_missing");
    server.kill();
    let gone = run(&format!(
        "webhooks send --kind order.updated --id 11 --to {to} --json"
    ))
    .json();
    assert_eq!(gone["code"], "server_unreachable");
}

#[test]
fn changes_that_no_webhook_told_are_found_by_asking_the_books() {
    let world = world_of(
        orders(11..=13),
        &format!("{BOOKS}\n[serve]\ncdc = \"60m\"\ncdc_silent = \"5s\"\n"),
    );
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    world.tell_books(
        "void",
        json!({ "entity": "SalesReceipt", "id": receipt(&world, "WC-12") }),
    );
    until("it is known", || problems(&world) == ["12 voided_document"]);
    let state = Connection::open(world.state()).expect("the state");
    let place: String = state
        .query_row(
            "SELECT text FROM kept WHERE name = 'quickbooks changes'",
            [],
            |row| row.get(0),
        )
        .expect("a place is kept");
    let place: Value = serde_json::from_str(&place).expect("JSON");
    assert!(place["through"].is_string(), "{place}");
    assert_eq!(server.stop().code, 0);
}

/// What is kept of where the books were last asked.
fn place(world: &World) -> Value {
    let state = Connection::open(world.state()).expect("the state");
    let place = state.query_row(
        "SELECT text FROM kept WHERE name = 'quickbooks changes'",
        [],
        |row| row.get::<_, String>(0),
    );
    place.map_or(Value::Null, |text| {
        serde_json::from_str(&text).expect("JSON")
    })
}

fn full_sweeps(world: &World) -> usize {
    let sweeps = runs(world, "sweep");
    let whole = sweeps
        .iter()
        .filter(|run| run["mode"] == "full" && run["status"] == "succeeded");
    whole.count()
}

/// The books remember thirty days. Whoever has not asked for longer reads everything, instead of asking for what nobody has any more.
#[test]
fn a_place_that_is_older_than_29_days_is_no_place_to_go_on_from() {
    let world = world_of(
        orders(11..=12),
        &format!("{BOOKS}\n[serve]\ncdc = \"60m\"\ncdc_silent = \"5s\"\n"),
    );
    let old = chrono::Utc::now() - chrono::TimeDelta::days(29) - chrono::TimeDelta::hours(1);
    let state = Connection::open(world.state()).expect("the state");
    let text = json!({ "through": old, "seen": [], "untold": [] }).to_string();
    let at = old.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
    state
        .execute(
            "INSERT INTO kept (name, text, at) VALUES ('quickbooks changes', ?1, ?2)",
            [&text, &at],
        )
        .expect("kept");
    drop(state);
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    let before = full_sweeps(&world);
    until("everything was read", || full_sweeps(&world) > before);
    until("the place has moved", || {
        let through = place(&world)["through"].as_str().map(str::to_owned);
        let through = through.and_then(|text| text.parse::<chrono::DateTime<chrono::Utc>>().ok());
        through.is_some_and(|through| chrono::Utc::now() - through < chrono::TimeDelta::hours(1))
    });
    assert_eq!(server.stop().code, 0);
}

/// An answer holds a thousand things and says nothing of the rest: the place moves only once everything was read another way.
#[test]
fn an_answer_that_is_full_is_no_place_to_go_on_from() {
    let mut books = company();
    let customers: Vec<Value> = (0..1_000)
        .map(|nth| json!({ "display_name": format!("No. {nth}") }))
        .collect();
    books["customers"] = json!(customers);
    let late = with(
        order(1),
        json!({ "date_modified": "2026-11-20T10:00:00", "date_modified_gmt": "2026-11-20T17:00:00" }),
    );
    let settings = format!("{BOOKS}\n[serve]\ncdc = \"60m\"\ncdc_silent = \"5s\"\n");
    let world = World::new(shop(vec![late]), books, &settings);
    world.run("sync orders --yes").ends_with(0);
    let server = HookServer::start(&world);
    until("the sweep at the start is over", || {
        runs(&world, "sweep")
            .iter()
            .any(|run| run["status"] != "running")
    });
    let before = full_sweeps(&world);
    until("there is a place", || place(&world)["through"].is_string());
    assert!(
        full_sweeps(&world) > before,
        "the place moved over what nobody has read"
    );
    assert_eq!(server.stop().code, 0);
}

/// Another company in the configuration: what is told of it is ours from that moment on.
#[test]
fn a_company_that_was_changed_is_listened_to_at_once() {
    let world = world();
    let server = HookServer::start(&world);
    let of = |realm: &str, id: &str| {
        let told = json!({ "name": "Invoice", "id": id, "operation": "Update", "lastUpdated": "2026-11-20T10:00:00Z" });
        legacy(realm, json!([told]))
    };
    let other = "4620816365000000099";
    assert_eq!(server.tell_of_books(FROM_BOOKS, &of(other, "1")), "ignored");
    let text = std::fs::read_to_string(&world.config).expect("read");
    let text = text.replace(
        &format!("company_id = \"{REALM}\""),
        &format!("company_id = \"{other}\""),
    );
    std::fs::write(&world.config, text).expect("written");
    assert_eq!(server.tell_of_books(FROM_BOOKS, &of(other, "2")), "queued");
    until("the one before is not", || {
        server.tell_of_books(FROM_BOOKS, &of(REALM, "3")) == "ignored"
    });
}

#[test]
fn a_token_of_the_books_is_kept_and_used_at_once() {
    let world = world();
    let key = STANDARD.encode([7_u8; 32]);
    let with_key = |line: &str| {
        let mut command = world.command(line);
        command.env("UDSYNC_KEY", &key);
        command
    };
    let mut serve =
        with_key("serve --json --no-schedules --listen 127.0.0.1:0 --hooks-listen 127.0.0.1:0");
    let server = HookServer::of(&mut serve);
    let body = b"[]";
    let signature = sign(TOKEN, body);
    let told = || {
        send(
            server.hooks,
            FROM_BOOKS,
            &[("intuit-signature", &signature)],
            body,
        )
        .status
    };
    assert_eq!(told(), 401, "nobody knows it yet");
    let mut keep = with_key("connect quickbooks --webhook-token --from-env --json");
    keep.env("UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN", TOKEN);
    let kept = crate::world::ran(keep.output().expect("it runs")).ends_with(0);
    assert!(!kept.out.contains(TOKEN), "{}", kept.out);
    until("it is used", || told() == 200);
    // Another one, and the one before for a day.
    let mut keep = with_key("connect quickbooks --webhook-token --from-env");
    keep.env("UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN", "another-token");
    crate::world::ran(keep.output().expect("it runs")).ends_with(0);
    let other = sign("another-token", body);
    until("it is used", || {
        send(
            server.hooks,
            FROM_BOOKS,
            &[("intuit-signature", &other)],
            body,
        )
        .status
            == 200
    });
    assert_eq!(told(), 200, "what was signed before is on its way");
    let state = std::fs::read(world.state()).expect("the state");
    let found = |text: &str| {
        state
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(!found(TOKEN) && !found("another-token"), "it is sealed");
}
