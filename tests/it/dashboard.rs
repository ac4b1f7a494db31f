//! The pages of the dashboard over plain HTTP, as a browser without script has them: what strangers found wrong with them, and the pages
//! of proof.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::access::{Browser, invited};
use crate::api_client::{Api, Reply};
use crate::order::{order, orders, unmapped};
use crate::world::{World, until};

const SHOP: &str = "/shop/test";

fn at(page: &str) -> String {
    format!("{SHOP}/{page}")
}

fn post(browser: &Browser<'_>, page: &str, form: &[(&str, &str)]) -> Reply {
    let token = browser.form();
    let mut all = vec![("form", token.as_str())];
    all.extend_from_slice(form);
    browser.send("POST", &at(page), &all)
}

fn page(browser: &Browser<'_>, page: &str) -> String {
    browser.send("GET", &at(page), &[]).is(200).text
}

/// What stands behind these words up to the next quote.
fn quoted<'t>(text: &'t str, before: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split('"').next().expect("a value")
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

/// A program that writes down what it was started with.
fn listener(world: &World) -> (PathBuf, PathBuf) {
    let told = world.home.path().join("told");
    let program = world.home.path().join("browser.sh");
    let text = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > {0}.new && mv {0}.new {0}\n",
        told.display()
    );
    std::fs::write(&program, text).expect("written");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, mode).expect("set");
    (program, told)
}

/// The link of the page that a browser was led to, which nobody else could read.
fn link_behind(told: &Path) -> String {
    until("the browser was started", || told.exists());
    let arguments = std::fs::read_to_string(told).expect("read");
    assert!(
        !arguments.contains("/invite/"),
        "everybody can read {arguments}"
    );
    let place = arguments.trim().strip_prefix("file://").expect("a file");
    let mode = std::fs::metadata(place).expect("it is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    let page = std::fs::read_to_string(place).expect("read");
    quoted(&page, "href=\"").to_owned()
}

#[test]
fn dashboard_opens_by_a_file_that_only_its_owner_can_read() {
    let world = World::of_orders(vec![order(1)]);
    let (program, told) = listener(&world);
    let api = Api::serve_opened_by(&world, &program);
    let link = link_behind(&told);
    let (_, invitation) = link.split_once("/invite/").expect("an invitation");
    let path = format!("/invite/{invitation}");
    let browser = Browser {
        api: &api,
        cookie: String::new(),
    };
    browser.send("GET", &path, &[]).is(200);
    browser.send("POST", &path, &[]).is(303);
    assert_eq!(
        browser.send("POST", &path, &[]).status,
        410,
        "it is good once"
    );
    let audit = world.run("access audit --json").ends_with(0).json();
    let row = &audit["items"][1];
    assert_eq!(row["action"], "access.invite", "{audit}");
}

#[test]
fn dashboard_finds_its_own_server_and_tells_a_stranger_nothing() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let address = api.url.trim_start_matches("http://").to_owned();
    let config = std::fs::read_to_string(&world.config).expect("read");
    let listen_at = |address: &str| {
        let text = format!("{config}\n[serve]\nlisten = \"{address}\"\n");
        std::fs::write(&world.config, text).expect("written");
    };
    listen_at(&address);
    let (program, told) = listener(&world);
    let mut command = world.command("dashboard");
    command.env("BROWSER", &program);
    let opened = command.output().expect("it runs");
    assert!(opened.status.success(), "{opened:?}");
    assert!(link_behind(&told).starts_with(&format!("{}/invite/", api.url)));
    let invited = || {
        let audit = world.run("access audit --json").ends_with(0).json();
        let rows = audit["items"].as_array().cloned().unwrap_or_default();
        rows.iter()
            .filter(|row| row["action"] == "access.invite")
            .count()
    };
    let before = invited();
    // Somebody else listens there and says to be udsync, with the proof of another time.
    let healthz = format!("/healthz?nonce={}", "a".repeat(32));
    let proof = api.get(&healthz).send().is(200).text;
    assert!(proof.contains("\"proof\":\""), "{proof}");
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = stranger.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in stranger.incoming() {
            let mut stream = stream.expect("a caller");
            let mut asked = [0_u8; 1024];
            let _ = stream.read(&mut asked);
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{proof}",
                proof.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    listen_at(&place);
    let refused = world.run("dashboard --no-browser");
    assert_ne!(refused.code, 0, "the address is taken");
    assert!(!refused.out.contains("/invite/"), "{}", refused.out);
    assert_eq!(invited(), before, "nobody was invited for a stranger");
}

#[test]
fn dashboard_of_the_sandbox_starts_a_second_time_with_the_same_state() {
    let world = World::of_orders(vec![]);
    let state = world.home.path().join("kept.db");
    let state = state.to_str().expect("a path");
    let added = world
        .run(&format!(
            "access add kept --role owner --all-shops --json --state {state}"
        ))
        .ends_with(0)
        .json();
    let token = added["token"].as_str().expect("a token");
    for _ in 0..2 {
        let api = Api::serve_sandbox(&world, state, token);
        let health = api.get("/healthz").send().is(200);
        assert_eq!(health.body["status"], "ok");
        // The shop and the books are new each time, and what was known of others is nothing to them.
        until("it posts", || {
            let listed = api.get("/api/sync/history?limit=1").send().is(200).body;
            let last = &listed["items"][0];
            assert_eq!(last["error"], Value::Null, "{listed}");
            last["status"] == "succeeded"
        });
        // Every page is there, with all that a shop can be connected to.
        for page in [
            "today",
            "integrations",
            "start",
            "sync",
            "waiting",
            "payouts",
            "deliveries",
            "settings",
        ] {
            let address = format!("/shop/aurora-outfitters/{page}");
            let request = api.get(&address).header("accept", "text/html");
            let shown = request.send().is(200).text;
            assert!(shown.contains("</html>"), "{page}: {shown}");
        }
        api.ask_to_end();
        assert_eq!(api.ended_with(), Some(0));
    }
}

#[test]
fn dashboard_a_second_click_shows_the_same_token() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let form = [
        ("name", "nightly"),
        ("role", "viewer"),
        ("kind", "token"),
        ("days", "2"),
        ("key", "one-click"),
    ];
    let token = |reply: Reply| {
        let (_, rest) = reply
            .text
            .split_once("aria-label=\"Token\">")
            .expect("a token");
        rest.split('<').next().expect("it ends").to_owned()
    };
    let first = token(post(&browser, "people", &form).is(200));
    let second = token(post(&browser, "people", &form).is(200));
    assert!(first.starts_with("uds_"), "{first}");
    assert_eq!(first, second);
    let known = world.run("access list --json").ends_with(0).json();
    let users = known["users"].as_array().expect("users");
    let mut named = users.iter().filter(|user| user["name"] == "nightly");
    assert!(named.next().is_some_and(|user| user["ends_at"].is_string()));
    assert!(named.next().is_none());
}

#[test]
fn dashboard_an_invitation_keeps_its_days() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let form = [
        ("name", "temp"),
        ("role", "viewer"),
        ("kind", "person"),
        ("days", "3"),
        ("key", "k1"),
    ];
    let made = unescaped(&post(&browser, "people", &form).is(200).text);
    let (_, rest) = made.split_once("/invite/").expect("a link");
    let secret = rest.split('<').next().expect("it ends");
    let guest = Browser {
        api: &api,
        cookie: String::new(),
    };
    guest
        .send("POST", &format!("/invite/{secret}"), &[])
        .is(303);
    let known = world.run("access list --json").ends_with(0).json();
    let users = known["users"].as_array().expect("users");
    let temp = users
        .iter()
        .find(|user| user["name"] == "temp")
        .expect("in");
    assert!(temp["ends_at"].is_string(), "{temp}");
}

#[test]
fn dashboard_a_new_password_asks_for_the_one_of_now() {
    const FIRST: &str = "correct horse battery staple";
    const SECOND: &str = "wrong donkey charger paperclip";
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (mut browser, _) = invited(&world, &api, "anna", "operator");
    let set = |browser: &Browser<'_>, old: &str, new: &str| {
        let form = browser.form();
        let fields = [("form", form.as_str()), ("old", old), ("password", new)];
        browser.send("POST", "/password", &fields)
    };
    // Whoever came by a link has none yet.
    let first = set(&browser, "", FIRST).is(303);
    browser.keep(&first);
    let refused = set(&browser, "", SECOND).is(422);
    assert!(refused.text.contains("password of now"), "{}", refused.text);
    set(&browser, "something else entirely", SECOND).is(422);
    let changed = set(&browser, FIRST, SECOND).is(303);
    browser.keep(&changed);
    browser.send("GET", "/account", &[]).is(200);
}

#[test]
fn dashboard_a_typo_in_a_schedule_does_not_take_up_what_nobody_has_seen() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let nightly = json!({ "name": "nightly", "cron": "0 3 * * *", "entities": ["orders"] });
    api.post("/api/sync/schedules")
        .json(&nightly)
        .send()
        .is(201);
    let seen = page(&browser, "schedules/nightly");
    let tag = unescaped(quoted(&seen, "name=\"tag\" value=\""));
    // Somebody else changes it.
    let theirs = json!({ "cron": "0 4 * * *", "entities": ["orders"] });
    api.request("PUT", "/api/sync/schedules/nightly", Some(&api.owner))
        .header("if-match", "*")
        .json(&theirs)
        .send()
        .is(200);
    let mine = |cron: &'static str, tag: String| {
        let form = [
            ("tag", tag.as_str()),
            ("cron", cron),
            ("entities", "orders"),
            ("enabled", "on"),
        ];
        post(&browser, "schedules/nightly", &form)
    };
    let typo = mine("0 5 * *", tag.clone()).is(422).text;
    let kept = unescaped(quoted(&typo, "name=\"tag\" value=\""));
    assert_eq!(kept, tag, "good for what was seen, and for nothing newer");
    let stale = mine("0 5 * * *", kept);
    assert!(stale.text.contains("changed_meanwhile"), "{}", stale.text);
    let now = api.get("/api/sync/schedules/nightly").send().is(200);
    assert_eq!(now.body["cron"], "0 4 * * *", "nothing was overwritten");
}

#[test]
fn dashboard_what_goes_where_is_saved_whole_or_not_at_all() {
    let world = World::of_orders(vec![order(1)]).with_database();
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let seen = page(&browser, "integrations");
    let goes = seen.split_once("id=\"goes\"").expect("a form").1;
    let tag = unescaped(quoted(goes, "name=\"tag\" value=\""));
    let before = std::fs::read_to_string(&world.config).expect("read");
    let form = |refunds: &'static str| {
        vec![
            ("tag", tag.clone()),
            ("orders", "quickbooks".to_owned()),
            ("orders.statuses", "processing, completed".to_owned()),
            ("orders.start_date", "2026-01-01".to_owned()),
            ("customers", "quickbooks".to_owned()),
            ("customers", "supabase".to_owned()),
            ("products", "quickbooks".to_owned()),
            ("products", "supabase".to_owned()),
            ("products.direction", "both".to_owned()),
            ("payments.direction", "both".to_owned()),
            ("refunds", refunds.to_owned()),
        ]
    };
    let send = |fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        post(&browser, "flow", &fields)
    };
    let refused = send(form("nowhere")).is(422).text;
    assert!(refused.contains("Nothing of it was saved"), "{refused}");
    assert!(
        refused.contains("processing, completed"),
        "what was typed is still there"
    );
    let chosen = "name=\"products.direction\"";
    let of_products = refused.split_once(chosen).expect("a list").1;
    let of_products = of_products.split_once("</select>").expect("its end").0;
    assert!(
        of_products.contains("<option value=\"both\" selected>"),
        "{of_products}"
    );
    assert_eq!(
        std::fs::read_to_string(&world.config).expect("read"),
        before
    );
    let mut off = form("quickbooks");
    off.retain(|(name, _)| *name != "customers");
    let saved = send(off).is(303).header("location").to_owned();
    let told = browser.send("GET", &saved, &[]).is(200).text;
    assert!(
        told.contains("Saved: what becomes of orders, customers, products")
            && told.contains("only in processing, completed, since 2026-01-01"),
        "it says what was saved: {told}"
    );
    let text = std::fs::read_to_string(&world.config).expect("read");
    for line in [
        "statuses = [\"processing\", \"completed\"]",
        "start_date = \"2026-01-01\"",
        "to = []",
        "[sync.direction]",
        "products = \"both\"",
        "payments = \"both\"",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(
        !text.contains("customers = \"to_books\""),
        "only what was changed: {text}"
    );
    let (viewer, _) = invited(&world, &api, "mira", "viewer");
    let seen = page(&viewer, "integrations");
    assert!(
        seen.contains("Both ways") && !seen.contains("products.direction"),
        "a viewer reads it"
    );
    let ran = world.run("sync customers --yes");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("switched off"), "{}", ran.err);
}

#[test]
fn dashboard_what_waits_is_read_a_page_at_a_time() {
    let mut list: Vec<Value> = (1..=25).map(unmapped).collect();
    list.push(order(99));
    let world = World::of_orders(list);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let all = page(&browser, "waiting");
    assert!(all.contains("25 records wait"), "{all}");
    assert!(
        all.contains("All 25 of this cause"),
        "the first of them are shown"
    );
    assert_eq!(all.matches("name=\"id\"").count(), 10);
    assert!(
        !all.contains("CAD</span>"),
        "the shop is not asked for a page"
    );
    let one = page(&browser, "waiting?cause=c-tax_code_unmapped");
    assert_eq!(one.matches("name=\"id\"").count(), 25);
    let ids: Vec<&str> = all
        .split("id=\"g-")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let asked = page(&browser, &format!("waiting/orders?id={}&id=ZZZZ", ids[0]));
    assert!(
        asked.contains("CAD</span>") && asked.contains("Ann Lee"),
        "{asked}"
    );
    let shown = page(&browser, "waiting?look=yes");
    assert!(
        shown.contains("CAD</span>"),
        "without script somebody asks for it"
    );
    let today = page(&browser, "today");
    assert!(today.contains("25 records wait for you"), "{today}");
    let aside = [
        ("cause_state", "held"),
        ("cause_code", "tax_code_unmapped"),
        ("first", ids[0]),
        ("id", ids[0]),
        ("why", "a test"),
    ];
    let done = post(&browser, "waiting/skip", &aside).is(303);
    assert!(done.header("location").ends_with("number=1"));
    assert!(page(&browser, "waiting").contains("24 records wait"));
}

#[test]
fn dashboard_a_month_is_proven_and_a_difference_accepted() {
    let world = World::of_orders(orders(1..=3));
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let month = order(1)["date_created"].as_str().expect("a day")[..7].to_owned();
    let prove = || {
        let reply = post(&browser, "reconcile", &[("period", month.as_str())]).is(303);
        let place = reply.header("location").to_owned();
        (place.clone(), browser.send("GET", &place, &[]).is(200).text)
    };
    let (place, proven) = prove();
    assert!(proven.contains("is proven"), "{proven}");
    for (kind, begins) in [
        ("csv?table=orders", "order"),
        ("html", "<!doctype"),
        ("xlsx", "PK"),
        ("pdf", "%PDF"),
    ] {
        let file = browser
            .send("GET", &format!("{place}/save/{kind}"), &[])
            .is(200);
        assert!(
            file.text.to_lowercase().starts_with(&begins.to_lowercase()),
            "{kind}: {}",
            &file.text[..20]
        );
        assert!(file.header("content-disposition").contains("attachment"));
    }
    let wrong = post(&browser, "reconcile", &[("period", "2026-13")]);
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    // Another order that nobody has synced yet.
    world.put_order(&order(4), &json!([]), false);
    let (place, differs) = prove();
    assert!(differs.contains("differs in one place"), "{differs}");
    let id = quoted(&differs, "name=\"difference\" value=\"").to_owned();
    let accept = format!(
        "{}/accept",
        place.trim_start_matches(SHOP).trim_start_matches('/')
    );
    let silent = post(&browser, &accept, &[("difference", id.as_str())])
        .is(422)
        .text;
    assert!(silent.contains("nothing was accepted"), "{silent}");
    post(
        &browser,
        &accept,
        &[("difference", id.as_str()), ("why", "paid in cash")],
    )
    .is(303);
    let accepted = browser.send("GET", &place, &[]).is(200).text;
    assert!(
        accepted.contains("paid in cash") && accepted.contains("no open difference"),
        "{accepted}"
    );
    assert!(page(&browser, "reconcile").contains("1 difference"));
    let (viewer, _) = invited(&world, &api, "mira", "viewer");
    assert!(!page(&viewer, "reconcile").contains("<button class=\"btn btn-main\""));
    assert_eq!(viewer.send("GET", &place, &[]).status, 403);
}

#[test]
fn dashboard_explains_what_somebody_has_in_hand() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "operator");
    let posted = page(&browser, "explain?what=1");
    assert!(
        posted.contains("class=\"tree\"") && posted.contains("WC-1"),
        "{posted}"
    );
    let held = page(&browser, "explain?what=2");
    assert!(held.contains("tax_code_unmapped"), "{held}");
    let unknown = browser
        .send("GET", &at("explain?what=nonsense"), &[])
        .is(404)
        .text;
    assert!(
        unknown.contains("No document, order, id or code"),
        "{unknown}"
    );
    let amount = browser
        .send("GET", &at("explain?what=12.34"), &[])
        .is(422)
        .text;
    assert!(amount.contains("id=\"x-on-e\""), "{amount}");
    let (viewer, _) = invited(&world, &api, "mira", "viewer");
    let seen = viewer.send("GET", &at("explain?what=1"), &[]).is(200).text;
    assert!(!seen.contains("class=\"tree\""));
}

#[test]
fn dashboard_takes_a_run_back_after_it_was_looked_at() {
    let world = World::of_orders(orders(1..=2));
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let runs = api.get("/api/sync/history").send().is(200).body;
    let run = runs["items"][0]["run_id"]
        .as_str()
        .expect("a run")
        .to_owned();
    let of_run = page(&browser, &format!("history/{run}"));
    assert!(of_run.contains("Take this run back"), "{of_run}");
    assert!(
        of_run.contains("Ann Lee"),
        "with the customers' names: {of_run}"
    );
    let undo = format!("history/{run}/undo");
    assert!(page(&browser, &undo).contains("Look at what it would do"));
    let foreseen = post(&browser, &undo, &[("why", "posted twice"), ("key", "u1")]).is(303);
    let place = foreseen.header("location").to_owned();
    let id = place.rsplit('/').next().expect("an id").to_owned();
    api.ended(&format!("/api/sync/status/{id}"));
    let plan = browser.send("GET", &place, &[]).is(200).text;
    assert!(plan.contains("Take 2 documents back"), "{plan}");
    let token = quoted(&plan, "name=\"token\" value=\"").to_owned();
    // Whoever may not begin it may not let it go on.
    let path = format!("/api/sync/confirm/{token}");
    api.request("POST", &path, Some(&api.operator))
        .send()
        .refused_as(403, "role_too_low");
    let write = format!(
        "{}/write",
        place.trim_start_matches(SHOP).trim_start_matches('/')
    );
    let begun = post(
        &browser,
        &write,
        &[("token", token.as_str()), ("key", "u2")],
    )
    .is(303);
    let place = begun.header("location").to_owned();
    let id = place.rsplit('/').next().expect("an id").to_owned();
    let done = api.ended(&format!("/api/sync/status/{id}"));
    assert_eq!(done["command"], "undo", "{done}");
    let end = browser.send("GET", &place, &[]).is(200).text;
    assert!(end.contains("2 documents taken back"), "{end}");
    assert!(page(&browser, &format!("history/{id}")).contains("It took run"));
    let (operator, _) = invited(&world, &api, "omar", "operator");
    assert_eq!(operator.send("GET", &at(&undo), &[]).status, 403);
    assert!(!page(&operator, &format!("history/{run}")).contains("Take this run back"));
}

#[test]
fn dashboard_the_lists_of_the_past_are_saved_as_tables() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve_signed(&world, "s3cret");
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let audit = browser.send("GET", &at("export/audit.csv"), &[]).is(200);
    assert!(audit.text.starts_with("at,actor,"), "{}", audit.text);
    assert!(audit.text.contains("access.invit"), "{}", audit.text);
    let deliveries = browser
        .send("GET", &at("export/deliveries.csv"), &[])
        .is(200);
    assert!(
        deliveries.text.starts_with("received_at,source,"),
        "{}",
        deliveries.text
    );
    let by_api = api
        .get("/api/audit")
        .header("accept", "text/csv")
        .send()
        .is(200);
    assert!(by_api.text.starts_with("at,actor,"));
}

#[test]
fn dashboard_the_tables_of_a_proof_go_with_the_process() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve_with_key(&world);
    let proof = api
        .post("/api/reconcile")
        .json(&json!({ "period": "2026-11" }))
        .send()
        .is(201);
    let place = proof.header("location").to_owned();
    let saved = api.get(&place).header("accept", "text/csv").send();
    saved.is(200);
    let owner = api.owner.clone();
    drop(api);
    let again = Api::serve_again(&world, "http://127.0.0.1:0");
    again
        .request("GET", &place, Some(&owner))
        .header("accept", "text/csv")
        .send()
        .refused_as(410, "proof_tables_gone");
    // What it said is kept.
    again.request("GET", &place, Some(&owner)).send().is(200);
}

/// Nothing would be written, and what is held is new: a look keeps nothing, and a word puts it among what waits.
#[test]
fn dashboard_what_a_look_found_held_is_kept_on_a_word() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "operator");
    world.put_order(&unmapped(2), &json!([]), false);
    let look = || {
        let begun = post(&browser, "sync", &[("entity", "orders")]).is(303);
        let place = begun.header("location").to_owned();
        let id = place.rsplit('/').next().expect("an id").to_owned();
        api.ended(&format!("/api/sync/status/{id}"));
        (id, browser.send("GET", &place, &[]).is(200).text)
    };
    let (id, seen) = look();
    assert!(seen.contains("Nothing to write"), "{seen}");
    assert!(seen.contains("Keep it among what waits"), "{seen}");
    assert!(
        seen.contains("tax_code_unmapped"),
        "with its reason: {seen}"
    );
    assert!(page(&browser, "waiting").contains("Nothing waits"));
    let token = quoted(&seen, "name=\"token\" value=\"").to_owned();
    let form = [("token", token.as_str()), ("key", "k1")];
    let begun = post(&browser, &format!("sync/{id}/write"), &form).is(303);
    let place = begun.header("location").to_owned();
    let id = place.rsplit('/').next().expect("an id").to_owned();
    api.ended(&format!("/api/sync/status/{id}"));
    assert!(page(&browser, "waiting").contains("1 record waits"));
    let (_, again) = look();
    assert!(again.contains("Look at what waits"), "{again}");
    assert!(!again.contains("Keep it"), "it is kept already: {again}");
}

#[test]
fn dashboard_a_plan_of_before_a_restart_writes_nothing_and_says_why() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve_with_key(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    // The first look of the server that comes next writes nothing by itself either.
    let text = std::fs::read_to_string(&world.config).expect("read");
    let text = text.replace("confirm_over = 100000", "confirm_over = 0");
    std::fs::write(&world.config, text).expect("written");
    world.put_order(&order(2), &json!([]), false);
    let begun = post(&browser, "sync", &[("entity", "orders")]).is(303);
    let place = begun.header("location").to_owned();
    let id = place.rsplit('/').next().expect("an id").to_owned();
    api.ended(&format!("/api/sync/status/{id}"));
    let plan = browser.send("GET", &place, &[]).is(200).text;
    let token = quoted(&plan, "name=\"token\" value=\"").to_owned();
    let before = world.postings().len();
    let (cookie, url) = (browser.cookie.clone(), api.url.clone());
    api.ask_to_end();
    assert_eq!(api.ended_with(), Some(0));
    let again = Api::serve_again(&world, &url);
    // Nobody has to sign in again.
    let browser = Browser {
        api: &again,
        cookie,
    };
    let form = [("token", token.as_str()), ("key", "k1")];
    let told = post(&browser, &format!("sync/{id}/write"), &form).is(404);
    assert!(
        told.text
            .contains("udsync was restarted since you saw this plan"),
        "{}",
        told.text
    );
    let gone = browser.send("GET", &place, &[]).is(404).text;
    assert!(gone.contains("This plan is gone"), "{gone}");
    assert_eq!(world.postings().len(), before, "nothing was written");
}

/// Neither what the environment gives nor what somebody types into a form stands on any page, also where the form was refused.
#[test]
fn dashboard_no_page_holds_a_secret() {
    let world = World::of_orders(vec![order(1), unmapped(2)]).with_database();
    let api = Api::serve_with_key(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    let runs = api.get("/api/sync/history").send().is(200).body;
    let run = runs["items"][0]["run_id"].as_str().expect("a run");
    let of_run = format!("history/{run}");
    let secrets = [
        crate::world::SECRET,
        crate::world::KEY,
        crate::world::CLIENT_SECRET,
        crate::world::REFRESH_TOKEN,
        crate::world::DATABASE_KEY,
        crate::api_client::SEALING_KEY,
        api.owner.as_str(),
        api.viewer.as_str(),
    ];
    for place in [
        "today",
        "sync",
        "waiting",
        "conflicts",
        "reconcile",
        "payouts",
        "explain?what=1",
        "history",
        of_run.as_str(),
        "deliveries",
        "audit",
        "mappings",
        "mappings/woocommerce-quickbooks.orders",
        "integrations",
        "schedules",
        "settings",
        "people",
        "start",
    ] {
        let shown = browser.send("GET", &at(place), &[]);
        let policy = shown.header("content-security-policy").to_owned();
        assert!(
            policy.contains("default-src 'none'") || policy.contains("default-src 'self'"),
            "{place}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{place}: {policy}");
        let shown = shown.is(200).text;
        for secret in secrets {
            assert!(!shown.contains(secret), "{place}");
        }
    }
    let typed = [
        ("url", world.shop_url.as_str()),
        ("key", "ck_typed_by_somebody"),
        ("secret", "cs_typed_by_somebody"),
    ];
    let again = post(&browser, "integrations/woocommerce/connect", &typed);
    assert!(again.status >= 400, "{}", again.text);
    assert!(again.text.contains("</html>"), "{}", again.text);
    assert!(!again.text.contains("_typed_by_somebody"), "{}", again.text);
}

#[test]
fn dashboard_the_menu_counts_what_both_sides_changed() {
    let world = World::of_orders(vec![order(1)]);
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "dana", "owner");
    assert!(page(&browser, "today").contains(">Conflicts</a>"));
    crate::api::disputed_phone(&world);
    assert!(page(&browser, "today").contains(">Conflicts <span>1</span></a>"));
}
