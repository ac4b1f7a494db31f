//! Who may come in: names, tokens, invitations, passwords, sessions, and what is written down of them.

use std::io::Write;
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};
use udsync::server::api::operations;

use crate::api_client::{Api, Reply};
use crate::order::order;
use crate::world::{Ran, World, ran, until};

fn world() -> World {
    World::of_orders(vec![order(1)])
}

fn with_input(world: &World, line: &str, input: &str) -> Ran {
    let mut child = world
        .command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut to = child.stdin.take().expect("a pipe");
    to.write_all(input.as_bytes()).expect("written");
    drop(to);
    ran(child.wait_with_output().expect("it ends"))
}

const PASSWORD: &str = "correct horse battery";

#[test]
fn access_shows_a_token_once_and_keeps_its_hash() {
    let world = world();
    let added = world
        .run("access add reports --role viewer --expires 90d --json")
        .ends_with(0)
        .json();
    assert_eq!(added["schema"], "udsync/access-token/1");
    let token = added["token"].as_str().expect("a token").to_owned();
    assert!(token.starts_with("uds_") && token.len() == 47, "{token}");
    let file = world.home.path().join("udsync_access.db");
    for name in ["udsync_access.db", "udsync_access.db-wal"] {
        let bytes = std::fs::read(world.home.path().join(name)).unwrap_or_default();
        let found = bytes
            .windows(token.len())
            .any(|part| part == token.as_bytes());
        assert!(!found, "the token is in {name}");
    }
    let kept: String = Connection::open(&file)
        .and_then(|file| file.query_row("SELECT token_hash FROM users", [], |row| row.get(0)))
        .expect("it is kept");
    assert_eq!(kept.len(), 43, "the SHA-256 of it: {kept}");

    let text = world.run("access add deploy --role operator").ends_with(0);
    assert!(text.out.starts_with("uds_"), "{}", text.out);
    assert!(text.err.contains("shown this once"), "{}", text.err);
    let list = world.run("access list --json").ends_with(0).json();
    let names: Vec<&Value> = list["users"]
        .as_array()
        .expect("users")
        .iter()
        .map(|user| &user["name"])
        .collect();
    assert_eq!(names, ["deploy", "reports"]);
    assert!(list["users"][1]["ends_at"].is_string());
    assert!(!list.to_string().contains("uds_"));
}

#[test]
fn access_refuses_names_that_are_taken_or_unknown_and_weak_passwords() {
    let world = world();
    world.run("access add anna --role owner").ends_with(0);
    let code = |line: &str, exit: i32| {
        let ran = world.run(&format!("{line} --json")).ends_with(exit);
        ran.json()["code"].as_str().expect("a code").to_owned()
    };
    assert_eq!(code("access add anna --role viewer", 2), "access_exists");
    assert_eq!(code("access invite anna --role viewer", 2), "access_exists");
    assert_eq!(code("access add -- -x", 2), "usage");
    assert_eq!(code("access add a/b --role viewer", 2), "access_name");
    assert_eq!(code("access revoke bert", 1), "access_unknown");
    let short = with_input(
        &world,
        "access password anna --from-stdin --json",
        "short\n",
    )
    .ends_with(2);
    assert_eq!(short.json()["code"], "password_weak");
    let nobody = with_input(
        &world,
        "access password bert --from-stdin --json",
        "correct horse battery\n",
    );
    assert_eq!(nobody.ends_with(1).json()["code"], "access_unknown");
    world
        .run("access revoke anna")
        .ends_with(0)
        .out
        .contains("anna");
    world.run("access add anna --role viewer").ends_with(0);
}

#[test]
fn access_writes_down_who_did_what_and_finds_what_was_changed_by_hand() {
    let world = world();
    world.run("access add anna --role owner").ends_with(0);
    world.run("access revoke anna").ends_with(0);
    let audit = world.run("access audit --json").ends_with(0).json();
    assert_eq!(audit["schema"], "udsync/audit/1");
    let rows = audit["items"].as_array().expect("rows");
    let what = |row: &Value| format!("{} {} {}", row["actor"], row["action"], row["target"]);
    let told: Vec<String> = rows.iter().map(what).collect();
    assert_eq!(
        told,
        [
            "\"command line\" \"access.revoke\" \"anna\"",
            "\"command line\" \"access.add\" \"anna\""
        ]
    );
    assert_eq!(rows[1]["after"]["role"], "owner");
    let by_hand = Connection::open(world.home.path().join("udsync_access.db")).expect("opens");
    by_hand
        .execute_batch(
            "DROP TRIGGER audit_is_not_changed; UPDATE audit SET actor = 'nobody' WHERE id = 1",
        )
        .expect("changed");
    let audit = world.run("access audit --json").ends_with(0).json();
    assert_eq!(audit["broken_at"], 1);
    let text = world.run("access audit").ends_with(0);
    assert!(
        text.err.contains("somebody changed the audit"),
        "{}",
        text.err
    );
}

/// Everything that can be done takes a role, and nobody can do anything without one. Made of the table of operations itself.
#[test]
fn access_is_denied_by_default_for_every_operation() {
    let world = world();
    let api = Api::serve(&world);
    let all = operations();
    assert!(all.len() > 25, "only {} operations", all.len());
    for operation in &all {
        let path = format!("/api{}", operation.path)
            .replace("{entity}", "orders")
            .replace("{sync_id}", "00000000-0000-0000-0000-000000000000")
            .replace("{token}", "made-up")
            .replace("{platform}", "supabase")
            .replace("{id}", "x1");
        let method = operation.method.as_str();
        let sent = |token: Option<&str>| api.request(method, &path, token).send();
        let none = sent(None).refused_as(401, "not_signed_in");
        assert!(
            none.header("www-authenticate").starts_with("Bearer"),
            "{path}"
        );
        for (role, token) in [("viewer", &api.viewer), ("operator", &api.operator)] {
            let needed = operation.role.as_str();
            let is_enough = needed == "viewer" || needed == role;
            if is_enough {
                continue;
            }
            let reply = sent(Some(token)).refused_as(403, "role_too_low");
            assert_eq!(
                reply.body["role_needed"], needed,
                "{method} {path} as {role}"
            );
            let hint = reply.body["hint"].as_str().expect("a hint");
            assert!(hint.contains(&format!("--role {needed}`")), "{hint}");
        }
    }
    // What somebody was kept from is written down like what they did.
    let kept = api.get("/api/audit?actor=vera&limit=200").send().is(200);
    let refused = kept.body["items"].as_array().expect("rows");
    assert!(refused.iter().any(|row| row["outcome"] == "role_too_low"));
}

#[test]
fn access_is_gone_at_once_when_it_is_revoked_and_new_at_once() {
    let world = world();
    let api = Api::serve(&world);
    let added = world
        .run("access add late --role viewer --json")
        .ends_with(0)
        .json();
    let token = added["token"].as_str().expect("a token");
    api.request("GET", "/api/sync/failures", Some(token))
        .send()
        .is(200);
    world.run("access revoke late").ends_with(0);
    api.request("GET", "/api/sync/failures", Some(token))
        .send()
        .refused_as(401, "not_signed_in");
    let brief = world
        .run("access add brief --role viewer --expires 1s --json")
        .ends_with(0)
        .json();
    let token = brief["token"].as_str().expect("a token").to_owned();
    until("it has ended", || {
        api.request("GET", "/api/sync/failures", Some(&token))
            .send()
            .status
            == 401
    });
}

#[test]
fn access_of_a_token_is_not_by_another_way() {
    let world = world();
    let api = Api::serve(&world);
    let plain = |value: String| {
        api.request("GET", "/api/sync/failures", None)
            .header("authorization", value)
            .send()
            .refused_as(401, "not_signed_in")
    };
    plain(format!("Basic {}", api.owner));
    plain(api.owner.clone());
    plain(format!("Bearer {}x", api.owner));
    plain("Bearer ".to_owned());
    let in_query = format!("/api/sync/failures?token={}", api.owner);
    api.request("GET", &in_query, None)
        .send()
        .refused_as(401, "not_signed_in");
}

#[test]
fn access_that_fails_too_often_is_throttled_and_a_good_token_is_not() {
    let world = world();
    let api = Api::serve(&world);
    let guess = || {
        api.request("GET", "/api/sync/failures", Some("uds_made-up"))
            .send()
    };
    // What does not begin like a token is no guess at one.
    for _ in 0..15 {
        api.request("GET", "/api/sync/failures", Some("something-else"))
            .send()
            .refused_as(401, "not_signed_in");
    }
    for _ in 0..10 {
        guess().refused_as(401, "not_signed_in");
    }
    let refused = guess().refused_as(429, "too_many_failures");
    assert!(
        refused
            .header("retry-after")
            .parse::<u32>()
            .expect("seconds")
            > 200
    );
    // From the very same address.
    api.get("/api/sync/failures").send().is(200);
    guess().refused_as(429, "too_many_failures");
}

/// A browser, with its cookies.
pub struct Browser<'a> {
    pub api: &'a Api,
    pub cookie: String,
}

impl Browser<'_> {
    pub fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Reply {
        let mut request = self
            .api
            .request(method, path, None)
            .header("accept", "text/html")
            .header("origin", self.api.url.clone())
            .header("sec-fetch-site", "same-origin");
        if !self.cookie.is_empty() {
            request = request.header("cookie", self.cookie.clone());
        }
        if method == "POST" {
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            pairs.extend_pairs(form);
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .raw(pairs.finish());
        }
        request.send()
    }

    /// Refuses on a page, which says the code too.
    #[track_caller]
    fn is_told(&self, method: &str, path: &str, form: &[(&str, &str)], told: (u16, &str)) {
        let page = self.send(method, path, form).is(told.0);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.text.contains(told.1), "{}", page.text);
    }

    pub fn keep(&mut self, reply: &Reply) {
        let set = reply.header("set-cookie");
        let pair = set.split(';').next().expect("a pair");
        pair.clone_into(&mut self.cookie);
    }

    /// The token of the forms on the page about oneself.
    pub fn form(&self) -> String {
        let page = self.send("GET", "/account", &[]).is(200).text;
        let (_, rest) = page.split_once("name=\"form\" value=\"").expect("a form");
        rest.split('"').next().expect("a value").to_owned()
    }
}

pub fn invited<'a>(world: &World, api: &'a Api, name: &str, role: &str) -> (Browser<'a>, String) {
    let invited = world
        .run(&format!("access invite {name} --role {role} --json"))
        .ends_with(0)
        .json();
    assert_eq!(invited["schema"], "udsync/invitation/1");
    let link = invited["url"].as_str().expect("a link");
    let (_, path) = link.split_once("/invite/").expect("an invitation");
    let path = format!("/invite/{path}");
    let mut browser = Browser {
        api,
        cookie: String::new(),
    };
    // Looking at the link uses nothing up.
    browser.send("GET", &path, &[]).is(200);
    browser.send("GET", &path, &[]).is(200);
    let reply = browser.send("POST", &path, &[]).is(303);
    browser.keep(&reply);
    (browser, path)
}

#[test]
fn access_by_invitation_is_once_and_leads_to_a_session() {
    let world = world();
    let api = Api::serve(&world);
    let (browser, path) = invited(&world, &api, "anna", "owner");
    let front = browser.send("GET", "/", &[]).is(303);
    assert!(front.header("location").ends_with("/today"));
    let today = front.header("location").to_owned();
    browser.send("GET", &today, &[]).is(200);
    let page = browser.send("GET", "/account", &[]).is(200);
    assert!(
        page.text.contains("signed in as anna, owner"),
        "{}",
        page.text
    );
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    let other = Browser {
        api: &api,
        cookie: String::new(),
    };
    other.is_told("POST", &path, &[], (410, "invitation_gone"));
    other.is_told("GET", &path, &[], (410, "invitation_gone"));
    other.is_told("POST", "/invite/made-up", &[], (404, "invitation_unknown"));
    // The session is good for the API too, for whoever comes from our own pages.
    let read = api
        .request("GET", "/api/audit", None)
        .header("cookie", browser.cookie.clone())
        .send();
    read.is(200);
    let form = browser.form();
    browser.is_told(
        "POST",
        "/sign-out",
        &[("form", "made-up")],
        (403, "form_too_old"),
    );
    browser
        .send("POST", "/sign-out", &[("form", &form)])
        .is(303);
    assert_eq!(
        browser.send("GET", "/", &[]).status,
        303,
        "to the page for signing in"
    );
}

#[test]
fn access_by_password_after_an_invitation() {
    let world = world();
    let api = Api::serve(&world);
    let (mut browser, _) = invited(&world, &api, "anna", "operator");
    let first = browser.cookie.clone();
    let form = browser.form();
    let weak = browser
        .send(
            "POST",
            "/password",
            &[("form", &form), ("password", "short")],
        )
        .is(422);
    assert!(weak.text.contains("12 letters or more"), "{}", weak.text);
    let set = browser
        .send(
            "POST",
            "/password",
            &[("form", &form), ("password", PASSWORD)],
        )
        .is(303);
    browser.keep(&set);
    assert_ne!(browser.cookie, first, "a new session begins");
    browser.send("GET", "/account", &[]).is(200);
    let old = Browser {
        api: &api,
        cookie: first,
    };
    assert_eq!(
        old.send("GET", "/account", &[]).status,
        303,
        "the old one has ended"
    );
    let mut again = Browser {
        api: &api,
        cookie: String::new(),
    };
    let wrong = again.send(
        "POST",
        "/sign-in",
        &[("name", "anna"), ("password", "wrong horse battery")],
    );
    assert!(wrong.is(401).text.contains("do not go together"));
    let right = again
        .send(
            "POST",
            "/sign-in",
            &[("name", "anna"), ("password", PASSWORD)],
        )
        .is(303);
    again.keep(&right);
    again.send("GET", "/account", &[]).is(200);
    // A password that is set at the machine ends what was begun with the other one.
    with_input(
        &world,
        "access password anna --from-stdin",
        "another horse battery\n",
    )
    .ends_with(0);
    assert_eq!(again.send("GET", "/account", &[]).status, 303);
    // Neither is anywhere in what is kept.
    for entry in std::fs::read_dir(world.home.path())
        .expect("a folder")
        .flatten()
    {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        for secret in [
            PASSWORD,
            "another horse battery",
            "wrong horse battery",
            "short\u{0}",
        ] {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "a password is in {}", entry.path().display());
        }
    }
}

/// Whoever hangs up learns nothing, and their guess counts and is written down like any other.
#[test]
fn access_counts_the_guess_of_somebody_who_hung_up() {
    let world = world();
    let api = Api::serve(&world);
    world.run("access invite anna --role owner").ends_with(0);
    let address = api.url.trim_start_matches("http://");
    let mut line = TcpStream::connect(address).expect("connects");
    let form = "name=anna&password=a+guess+of+mine";
    write!(
        line,
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nOrigin: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        api.url,
        form.len()
    )
    .expect("sent");
    // The password is being looked at, which takes a while.
    std::thread::sleep(Duration::from_millis(20));
    drop(line);
    until("it is written down", || {
        let audit = world.run("access audit --json").ends_with(0).json();
        audit["items"]
            .as_array()
            .is_some_and(|rows| rows.iter().any(|row| row["action"] == "access.sign_in"))
    });
}

#[test]
fn access_by_guessed_passwords_is_throttled() {
    let world = world();
    let api = Api::serve(&world);
    world.run("access invite anna --role owner").ends_with(0);
    let browser = Browser {
        api: &api,
        cookie: String::new(),
    };
    let guess = |name: &str| {
        browser.send(
            "POST",
            "/sign-in",
            &[("name", name), ("password", "a guess of mine")],
        )
    };
    // Whoever wants no page gets a problem.
    api.request("POST", "/sign-in", None)
        .header("origin", api.url.clone())
        .header("content-type", "application/x-www-form-urlencoded")
        .raw("name=anna&password=a+guess+of+mine")
        .send()
        .refused_as(401, "sign_in_failed");
    for nth in 1..10 {
        let name = if nth % 2 == 0 { "anna" } else { "nobody" };
        guess(name).is(401);
    }
    let throttled = guess("anna").is(429);
    assert!(
        throttled.text.contains("Too many tries"),
        "{}",
        throttled.text
    );
    let rows = api.get("/api/audit?actor=nobody").send().is(200);
    assert!(!rows.text.contains("a guess of mine"));
}

#[test]
fn access_cookies_are_for_this_site_and_for_no_script() {
    let world = world();
    let text = std::fs::read_to_string(&world.config).expect("written");
    let api = Api::serve(&world);
    let (_, _) = invited(&world, &api, "anna", "viewer");
    let (browser, _) = invited(&world, &api, "bert", "viewer");
    assert!(browser.cookie.starts_with("udsync_session="));
    let form = browser.form();
    let out = browser
        .send("POST", "/sign-out", &[("form", &form)])
        .is(303);
    let set = out.header("set-cookie");
    for wanted in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=0"] {
        assert!(set.contains(wanted), "{set}");
    }
    assert!(
        !set.contains("Secure"),
        "a browser would drop it on plain http: {set}"
    );
    drop(api);
    world.run("access revoke olga").ends_with(0);
    world.run("access revoke otto").ends_with(0);
    world.run("access revoke vera").ends_with(0);
    let https = format!("{text}\n[serve]\ndashboard_url = \"https://books.example.com\"\n");
    std::fs::write(&world.config, https).expect("written");
    let api = Api::serve(&world);
    let mut browser = Browser {
        api: &api,
        cookie: String::new(),
    };
    let invited = world
        .run("access invite carl --role viewer --json")
        .ends_with(0)
        .json();
    let link = invited["url"].as_str().expect("a link");
    let path = link
        .strip_prefix("https://books.example.com")
        .expect("the address outside");
    let reply = api
        .request("POST", path, None)
        .header("origin", "https://books.example.com")
        .header("content-type", "application/x-www-form-urlencoded")
        .send()
        .is(303);
    browser.keep(&reply);
    let set = reply.header("set-cookie");
    assert!(
        set.starts_with("__Host-udsync_session=") && set.contains("; Secure"),
        "{set}"
    );
}

/// Five words of a browser × an origin × cookie or token.
#[test]
fn access_is_not_forged_by_a_page_of_another_site() {
    let world = world();
    let api = Api::serve(&world);
    let (browser, _) = invited(&world, &api, "anna", "owner");
    let ours = api.url.clone();
    let send = |site: Option<&str>, origin: Option<&str>, has_cookie: bool| {
        let mut request = match has_cookie {
            true => api
                .request("POST", "/api/sync/sandbox", None)
                .header("cookie", browser.cookie.clone()),
            false => api.post("/api/sync/sandbox"),
        };
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request.json(&json!({ "enabled": false })).send().status
    };
    let sites = [
        None,
        Some("same-origin"),
        Some("none"),
        Some("same-site"),
        Some("cross-site"),
    ];
    let origins = [
        None,
        Some(ours.as_str()),
        Some("http://evil.test"),
        Some("null"),
    ];
    for site in sites {
        for origin in origins {
            let is_near = site.is_none_or(|site| ["same-origin", "none"].contains(&site));
            let is_ours = match origin {
                Some(origin) => origin == ours && is_near,
                None => site.is_some() && is_near,
            };
            let wanted = if is_ours { 200 } else { 403 };
            assert_eq!(
                send(site, origin, true),
                wanted,
                "{site:?} {origin:?} with a cookie"
            );
            assert_eq!(
                send(site, origin, false),
                200,
                "{site:?} {origin:?} with a token"
            );
        }
    }
    let refused = api
        .request("POST", "/api/sync/sandbox", None)
        .header("cookie", browser.cookie.clone())
        .header("origin", "http://evil.test")
        .json(&json!({ "enabled": false }))
        .send();
    refused.refused_as(403, "other_site");
    // A form of another page cannot be JSON.
    let reply = api
        .request("POST", "/api/sync/sandbox", None)
        .header("cookie", browser.cookie.clone())
        .header("origin", ours)
        .header("content-type", "text/plain")
        .raw("{\"enabled\": false}")
        .send();
    reply.refused_as(415, "media_type_unsupported");
}

#[test]
fn access_names_of_others_are_text_on_a_page() {
    let world = world();
    let api = Api::serve(&world);
    let browser = Browser {
        api: &api,
        cookie: String::new(),
    };
    let page = browser.send(
        "POST",
        "/sign-in",
        &[
            ("name", "<img src=x onerror=alert(1)>"),
            ("password", "{{7*7}} long enough"),
        ],
    );
    assert!(!page.text.contains("<img"), "{}", page.text);
    let rows = api.get("/api/audit").send().is(200);
    assert!(
        !rows.text.contains("<img"),
        "what was typed as a name may be a password"
    );
}
