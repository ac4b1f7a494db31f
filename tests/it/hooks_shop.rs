//! Webhooks from end to end: registered in the stand-in shop by its API, sent by the stand-ins as the services send them, and worked off by
//! the real `serve`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::hooks::{FROM_BOOKS, FROM_SHOP, HookServer, TOKEN};
use crate::order::{order, orders, with};
use crate::world::{BOOKS, KEY, Ran, SECRET, World, company, ran, shop, until};

const TOPICS: usize = 11;

/// A shop whose key may write, unless said otherwise, with a webhook that belongs to somebody else.
fn world_of(orders: Vec<Value>, rights: &str, books: &str) -> World {
    let mut setup = shop(orders);
    setup["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": rights }]);
    setup["webhooks"] = json!([{ "id": 4, "name": "warehouse", "topic": "order.updated", "secret": "theirs",
                                 "delivery_url": "http://127.0.0.1:9/warehouse" }]);
    let world = World::new(setup, company(), books);
    world.run("sync orders --yes").ends_with(0);
    world
}

/// With the key to what is sealed.
fn command(world: &World, line: &str) -> std::process::Command {
    let mut command = world.command(line);
    command.env("UDSYNC_KEY", STANDARD.encode([7_u8; 32]));
    command
}

fn run(world: &World, line: &str) -> Ran {
    ran(command(world, line).output().expect("it runs"))
}

fn serve(world: &World) -> HookServer {
    HookServer::of(&mut command(
        world,
        "serve --json --no-schedules --listen 127.0.0.1:0 --hooks-listen 127.0.0.1:0",
    ))
}

fn register(world: &World, server: &HookServer) -> Value {
    let line = format!(
        "webhooks register --public-url http://{} --json",
        server.hooks
    );
    run(world, &line).ends_with(0).json()
}

fn webhooks(world: &World) -> Vec<Value> {
    world.store("webhooks").as_array().expect("a list").clone()
}

fn of_topic(world: &World, topic: &str) -> Value {
    let all = webhooks(world);
    let mut ours = all.iter().filter(|one| one["id"] != 4);
    ours.find(|one| one["topic"] == topic)
        .expect("it is there")
        .clone()
}

fn posted(world: &World, number: &str) -> bool {
    let start = format!("SalesReceipt WC-{number} ");
    world
        .postings()
        .iter()
        .any(|line| line.starts_with(&start) && line.ends_with("active"))
}

/// What the owner is told of, by its subject.
fn troubles(world: &World) -> Vec<String> {
    let state = Connection::open(world.state()).expect("the state");
    let text: Option<String> = state
        .query_row(
            "SELECT text FROM kept WHERE name = 'webhook troubles'",
            [],
            |row| row.get(0),
        )
        .ok();
    let kept: Vec<Value> = text
        .map(|text| serde_json::from_str(&text).expect("JSON"))
        .unwrap_or_default();
    kept.iter()
        .map(|one| one["subject"].as_str().expect("a word").to_owned())
        .collect()
}

fn done(registered: &Value) -> Vec<String> {
    let list = registered["webhooks"].as_array().expect("a list");
    let mut words: Vec<String> = list
        .iter()
        .map(|one| one["done"].as_str().expect("a word").to_owned())
        .collect();
    words.sort();
    words.dedup();
    words
}

#[test]
fn what_is_registered_reaches_the_books_and_others_are_not_touched() {
    let world = world_of(orders(1..=1), "read_write", BOOKS);
    let server = serve(&world);
    // What was counted of its deliveries moves; what somebody said of it does not.
    let others = || -> Vec<Value> {
        let all = webhooks(&world).into_iter().filter(|one| one["id"] == 4);
        all.map(|one| {
            json!([
                one["topic"],
                one["delivery_url"],
                one["secret"],
                one["status"],
                one["name"]
            ])
        })
        .collect()
    };
    let theirs = others();
    let made = register(&world, &server);
    assert_eq!(made["schema"], "udsync/webhooks-registered/1");
    assert_eq!(
        (made["webhooks"].as_array().map(Vec::len), done(&made)),
        (Some(TOPICS), vec!["made".to_owned()])
    );
    assert_eq!(
        (&made["others"], &made["reached"]),
        (&json!(1), &json!(true)),
        "{made}"
    );
    let address = format!("http://{}{FROM_BOOKS}", server.hooks);
    assert_eq!(
        (&made["quickbooks"]["address"], &made["quickbooks"]["token"]),
        (&json!(address), &json!(false))
    );
    let all = webhooks(&world);
    assert_eq!(all.len(), TOPICS + 1);
    assert_eq!(others(), theirs);
    let secret = of_topic(&world, "order.updated")["secret"]
        .as_str()
        .expect("a secret")
        .to_owned();
    assert!(
        secret.len() == 43 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{secret}"
    );
    assert!(
        all.iter()
            .filter(|one| one["id"] != 4)
            .all(|one| one["secret"] == secret.as_str())
    );
    let state = std::fs::read(world.state()).expect("the state");
    assert!(
        !state.windows(43).any(|part| part == secret.as_bytes()),
        "it is sealed"
    );

    // Somebody buys something.
    let sold = world.tell_store("sell", json!({}));
    let number = sold["number"]
        .as_str()
        .map_or_else(|| sold["id"].to_string(), str::to_owned);
    until("it is posted", || posted(&world, &number));

    // Once more changes nothing, and a second one for the same topic, which would tell everything twice, goes.
    let address = format!("http://{}{FROM_SHOP}", server.hooks);
    world.tell_store(
        "webhooks",
        json!({ "id": 77, "topic": "order.updated", "delivery_url": address, "secret": "old" }),
    );
    let again = register(&world, &server);
    assert_eq!(done(&again), ["removed", "secret_renewed"], "{again}");
    assert_eq!(webhooks(&world).len(), TOPICS + 1);
    let listed = run(&world, "webhooks list --json").ends_with(0).json();
    assert_eq!(
        (listed["items"].as_array().map(Vec::len), &listed["others"]),
        (Some(TOPICS), &json!(1))
    );
    let good = run(&world, "webhooks check --json").ends_with(0).json();
    assert_eq!(
        (&good["schema"], &good["good"]),
        (&json!("udsync/webhooks-check/1"), &json!(true)),
        "{good}"
    );

    let removed = run(&world, "webhooks remove --json").ends_with(0).json();
    assert_eq!(removed["webhooks"].as_array().map(Vec::len), Some(TOPICS));
    assert_eq!(webhooks(&world).len(), 1);
    assert_eq!(others(), theirs);
}

#[test]
fn what_the_shop_sent_and_nobody_received_is_found() {
    let world = world_of(orders(1..=1), "read_write", BOOKS);
    let server = serve(&world);
    register(&world, &server);
    let verdicts = |wanted: i32| {
        let found = run(&world, "webhooks check --json")
            .ends_with(wanted)
            .json();
        let list = found["webhooks"].as_array().expect("a list").clone();
        let bad = list.iter().filter(|one| one["verdict"] != "good");
        bad.map(|one| {
            format!(
                "{} {}",
                one["topic"].as_str().expect("a word"),
                one["verdict"].as_str().expect("a word")
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(0), [] as [String; 0]);
    let change = |topic: &str, fields: Value| {
        let id = of_topic(&world, topic)["id"].clone();
        world.tell_store(&format!("webhooks/{id}"), fields);
    };
    // The shop tried a while after anything came: something in between says that all is well.
    let late = chrono::Utc::now().timestamp() + 600;
    change("order.updated", json!({ "modified": late }));
    change("order.created", json!({ "status": "disabled" }));
    change(
        "product.deleted",
        json!({ "delivery_url": "http://127.0.0.1:9/elsewhere" }),
    );
    let expected = [
        "order.created disabled",
        "order.updated lost",
        "product.deleted changed",
    ];
    assert_eq!(verdicts(1), expected);
    let said = run(&world, "webhooks check").ends_with(1);
    assert!(
        said.out.contains("switched off") && said.out.contains("lost on the way"),
        "{}",
        said.out
    );
}

#[test]
fn a_key_that_may_only_read_registers_nothing_and_says_what_to_type() {
    let world = world_of(orders(1..=1), "read", BOOKS);
    let server = serve(&world);
    let line = format!("webhooks register --public-url http://{}", server.hooks);
    let refused = run(&world, &format!("{line} --json")).ends_with(4).json();
    assert_eq!(refused["code"], "store_rights_missing");
    assert!(
        refused["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("--print")),
        "{refused}"
    );
    assert_eq!(webhooks(&world).len(), 1);
    let printed = run(&world, &format!("{line} --print")).ends_with(0).out;
    let address = format!("http://{}{FROM_SHOP}", server.hooks);
    assert!(
        printed.contains(&address)
            && printed.contains("order.updated")
            && printed.contains("Invoice"),
        "{printed}"
    );
    let nowhere = run(&world, "webhooks register --json").ends_with(2).json();
    assert_eq!(nowhere["code"], "config_incomplete");
}

#[test]
fn a_webhook_that_the_shop_switched_off_is_taken_up_and_what_it_missed_is_found() {
    let world = world_of(
        orders(1..=1),
        "read_write",
        &format!("{BOOKS}\n[serve]\nsweep = \"5s\"\n"),
    );
    let server = serve(&world);
    register(&world, &server);
    let id = of_topic(&world, "order.created")["id"].clone();
    world.tell_store(&format!("webhooks/{id}"), json!({ "status": "disabled" }));
    until("it is switched on again", || {
        of_topic(&world, "order.created")["status"] == "active"
    });
    // What somebody has paused is meant to rest, and is told.
    let id = of_topic(&world, "order.deleted")["id"].clone();
    world.tell_store(&format!("webhooks/{id}"), json!({ "status": "paused" }));
    until("it is told", || troubles(&world) == ["webhooks_lost"]);
    assert_eq!(of_topic(&world, "order.deleted")["status"], "paused");
    world.tell_store(&format!("webhooks/{id}"), json!({ "status": "active" }));
    until("it is over", || troubles(&world).is_empty());
}

#[test]
fn the_first_delivery_with_another_secret_is_told_and_registering_mends_it() {
    let world = world_of(orders(1..=1), "read_write", BOOKS);
    let server = serve(&world);
    register(&world, &server);
    let number_of = |sold: &Value| {
        sold["number"]
            .as_str()
            .map_or_else(|| sold["id"].to_string(), str::to_owned)
    };
    // From here on the server knows what was registered.
    let number = number_of(&world.tell_store("sell", json!({})));
    until("it is posted", || posted(&world, &number));
    let wrong = |topic: &str| {
        let id = of_topic(&world, topic)["id"].clone();
        world.tell_store(
            &format!("webhooks/{id}"),
            json!({ "secret": "somebody-changed-it" }),
        );
    };
    // Of a webhook that is none of ours nobody needs to hear.
    let stranger = server.post(
        FROM_SHOP,
        &[("X-WC-Webhook-ID", "4711")],
        Some(&crate::hooks::sign("other", b"{}")),
        b"{}",
    );
    assert_eq!(stranger.status, 401);
    wrong("order.created");
    wrong("order.updated");
    world.tell_store("sell", json!({}));
    until("it is told", || troubles(&world) == ["webhooks_signature"]);
    let mended = register(&world, &server);
    assert_eq!(done(&mended), ["secret_renewed"]);
    let number = number_of(&world.tell_store("sell", json!({})));
    until("it is posted", || posted(&world, &number));
    until("it is over", || troubles(&world).is_empty());
}

#[test]
fn deliveries_that_go_astray_leave_nothing_missing_and_nothing_twice() {
    let world = world_of(
        orders(1..=1),
        "read_write",
        &format!("{BOOKS}\n[serve]\nsweep = \"8s\"\n"),
    );
    let server = serve(&world);
    register(&world, &server);
    world.tell_store(
        "sending/mishaps",
        json!([
            { "path": "", "times": null, "chance": 0.2, "what": "lost" },
            { "path": "", "times": null, "chance": 0.2, "what": "twice" },
            { "path": "", "times": null, "chance": 0.2, "what": "shuffled", "ms": 1500 },
            { "path": "", "times": null, "chance": 0.2, "what": "forged", "how": "body" }
        ]),
    );
    let mut numbers = Vec::new();
    for _ in 0..20 {
        let sold = world.tell_store("sell", json!({}));
        numbers.push(
            sold["number"]
                .as_str()
                .map_or_else(|| sold["id"].to_string(), str::to_owned),
        );
    }
    until("all are posted", || {
        numbers.iter().all(|number| posted(&world, number))
    });
    let mut postings = world.postings();
    let count = postings.len();
    postings.sort();
    postings.dedup();
    assert_eq!(postings.len(), count, "none twice");
    assert_eq!(server.stop().code, 0);
}

/// The company tells `serve` what happens, in this manner.
fn tells(world: &World, server: &HookServer, manner: Value) {
    let mut manner = manner;
    manner["url"] = json!(format!("http://{}{FROM_BOOKS}", server.hooks));
    manner["verifier"] = json!(TOKEN);
    manner["speed"] = json!(100.0);
    world.tell_books("sending", manner);
}

fn problems(world: &World) -> Vec<String> {
    let list = world.run("retry --list --json").json();
    let problems = list["problems"].as_array().cloned().unwrap_or_default();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    problems
        .iter()
        .map(|one| format!("{} {}", word(&one["source"]["number"]), word(&one["code"])))
        .collect()
}

fn receipt(world: &World, number: &str) -> Value {
    let documents = world.documents();
    let found = documents
        .iter()
        .find(|document| document["object"]["DocNumber"] == number);
    found.expect("it is there").clone()
}

#[test]
fn what_a_bookkeeper_does_is_known_in_either_format() {
    for (format, times) in [
        ("cloud_events", "utc"),
        ("legacy", "offset"),
        ("legacy", "epoch"),
    ] {
        let world = world_of(orders(11..=13), "read", BOOKS);
        let server = HookServer::start(&world);
        tells(
            &world,
            &server,
            json!({ "format": format, "times": times, "odd": true, "full_data": true, "aggregate_ms": 100 }),
        );
        world.tell_books(
            "void",
            json!({ "entity": "SalesReceipt", "id": receipt(&world, "WC-11")["id"] }),
        );
        world.tell_books(
            "delete",
            json!({ "entity": "SalesReceipt", "id": receipt(&world, "WC-12")["id"] }),
        );
        until("both are known", || {
            let mut told = problems(&world);
            told.sort();
            told == ["11 voided_document", "12 missing_document"]
        });
        assert_eq!(server.stop().code, 0);
    }
}

#[test]
fn a_customer_that_was_merged_is_followed_to_the_one_that_took_it_in() {
    let of_account = |id: u64| {
        let mut order = with(order(id), json!({ "customer_id": 7 }));
        for part in ["billing", "shipping"] {
            order[part]["last_name"] = json!("Lee");
            order[part]["email"] = json!("ann@example.com");
        }
        order
    };
    let world = world_of(vec![of_account(11)], "read", BOOKS);
    let server = HookServer::start(&world);
    tells(&world, &server, json!({}));
    let made = world.tell_books(
        "create",
        json!({ "entity": "Customer", "body": { "DisplayName": "Annie Lee-Reed" } }),
    );
    let survivor = made["Id"]
        .as_str()
        .unwrap_or_else(|| panic!("an id: {made}"))
        .to_owned();
    let victim = receipt(&world, "WC-11")["object"]["CustomerRef"]["value"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_ne!(survivor, victim);
    world.tell_books(
        "merge",
        json!({ "entity": "Customer", "id": survivor, "victim": victim }),
    );
    let links = || -> Vec<String> {
        let state = Connection::open(world.state()).expect("the state");
        let mut ask = state
            .prepare("SELECT remote_id FROM links WHERE remote_entity = 'Customer'")
            .expect("asked");
        let ids = ask
            .query_map([], |row| row.get::<_, String>(0))
            .expect("answers");
        ids.map(|id| id.expect("a row")).collect()
    };
    until("the link leads to the other one", || {
        links() == [survivor.clone()]
    });
    // What the account buys next is its customer's.
    world.put_order(&of_account(12), &json!([]), false);
    world.run("sync orders --yes --wait 30s").ends_with(0);
    assert_eq!(
        receipt(&world, "WC-12")["object"]["CustomerRef"]["value"],
        survivor.as_str()
    );
    // A merge that the books do not bear out changes nothing.
    let other = world.tell_books(
        "create",
        json!({ "entity": "Customer", "body": { "DisplayName": "Somebody Else" } }),
    );
    world.tell_books("notify", json!([{ "name": "Customer", "id": other["Id"], "operation": "Merge", "victim": survivor }]));
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert_eq!(links(), [survivor]);
}
