//! The dashboard in a real Chromium: every page as each role, and tales from one end to the other. The scripts are in `tests/browser`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::api_client::{Api, SEALING_KEY};
use crate::order::{order, orders, unmapped, with};
use crate::world::{World, ran};

/// More browsers than cores starve each other, and the other tests beside: two at a time.
static PLACES: [Mutex<()>; 2] = [const { Mutex::new(()) }; 2];
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// What drives a browser, for two tests at a time.
pub struct Browser {
    modules: PathBuf,
    _place: MutexGuard<'static, ()>,
}

/// The browser, once there is a place for it.
pub fn ready() -> Option<Browser> {
    let modules = modules()?;
    // One that failed leaves nothing behind that the next could trip over.
    let place = &PLACES[NEXT.fetch_add(1, Ordering::Relaxed) % PLACES.len()];
    Some(Browser {
        modules,
        _place: place.lock().unwrap_or_else(PoisonError::into_inner),
    })
}

/// Node, Chromium and what drives it, where they are all there. In CI their absence is a failure; elsewhere a line says so.
fn modules() -> Option<PathBuf> {
    let folder = std::env::var_os("UDSYNC_BROWSER_MODULES").map_or_else(
        || {
            let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            let home = std::env::var_os("HOME").map(PathBuf::from);
            let cache = cache.or_else(|| Some(home?.join(".cache")));
            cache.unwrap_or_default().join("udsync-ci/browser")
        },
        PathBuf::from,
    );
    let answers = |program: &str| {
        let asked = Command::new(program).arg("--version").output();
        asked.is_ok_and(|answer| answer.status.success())
    };
    let is_here = folder.join("node_modules/playwright-core").is_dir()
        && answers("node")
        && answers(&chromium());
    if is_here {
        return Some(folder);
    }
    assert!(
        std::env::var_os("UDSYNC_NEEDS_BROWSER").is_none(),
        "node, chromium or what drives it is missing"
    );
    eprintln!(
        "no browser here: `npm ci` in a copy of tests/browser, and UDSYNC_BROWSER_MODULES for its folder"
    );
    None
}

fn chromium() -> String {
    std::env::var("UDSYNC_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned())
}

/// As Intuit wants it: an address with a name.
pub fn by_name(api: &Api) -> String {
    api.url.replace("127.0.0.1", "localhost")
}

pub fn link(world: &World, api: &Api, name: &str, role: &str) -> String {
    let invited = world
        .run(&format!("access invite {name} --role {role} --json"))
        .ends_with(0)
        .json();
    let link = invited["url"].as_str().expect("a link");
    let (_, secret) = link.split_once("/invite/").expect("an invitation");
    format!("{}/invite/{secret}", by_name(api))
}

/// Runs a script, does what it asks for, and fails with what it says.
pub fn drive(
    script: &str,
    browser: &Browser,
    set: &[(&str, String)],
    mut asked: impl FnMut(&str) -> bool,
) {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let mut node = Command::new("node")
        .arg(scripts.join(script))
        .env("UDSYNC_BROWSER_MODULES", &browser.modules)
        .env("UDSYNC_CHROMIUM", chromium())
        .envs(set.iter().map(|(name, value)| (*name, value.as_str())))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut input = node.stdin.take().expect("a pipe");
    let output = node.stdout.take().expect("a pipe");
    let (mut failed, mut done) = (None, 0);
    for line in BufReader::new(output).lines() {
        let line = line.expect("text");
        eprintln!("{script}: {line}");
        if let Some(what) = line.strip_prefix("ask ") {
            let answer = if asked(what) { "ok\n" } else { "no\n" };
            // A script that is gone has said why.
            let _ = input.write_all(answer.as_bytes());
        } else if let Some(why) = line.strip_prefix("failed ") {
            failed = Some(why.replace("\\n", "\n"));
        } else if line.starts_with("done ") {
            done += 1;
        }
    }
    let ended = node.wait().expect("it ends");
    assert_eq!(failed, None, "{script}");
    assert!(
        ended.success() && done > 0,
        "{script} ended {ended} after {done} tales"
    );
}

/// A port that stays free while nobody listens there: below those that the kernel gives to whoever asks for any, or calls somebody.
fn lasting_port() -> u16 {
    // Whoever runs these tests beside begins elsewhere.
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).expect("it fits");
    let mut ports = first..first + 1_000;
    let free = ports.find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.expect("a free port")
}

fn shop_path(api: &Api) -> String {
    let config = api.get("/api/sync/history").send().is(200).body;
    let shop = config["items"][0]["shop"].as_str().expect("a run");
    format!("/shop/{shop}")
}

fn settings(api: &Api, links: &Value) -> Vec<(&'static str, String)> {
    vec![
        ("UDSYNC_URL", by_name(api)),
        ("UDSYNC_SHOP_PATH", shop_path(api)),
        ("UDSYNC_LINKS", links.to_string()),
    ]
}

#[test]
fn browser_every_page_is_clean_for_every_role() {
    let Some(browser) = ready() else {
        return;
    };
    let world = World::of_orders(vec![order(1), unmapped(2)]).with_database();
    let api = Api::serve_with_key(&world);
    let links = json!({
        "owner": link(&world, &api, "dana", "owner"),
        "second": link(&world, &api, "omar", "owner"),
        "third": link(&world, &api, "nora", "owner"),
        "operator": link(&world, &api, "yusuf", "operator"),
        "viewer": link(&world, &api, "mira", "viewer"),
    });
    // Both sides changed a telephone, and of two payouts one does not add up.
    crate::api::disputed_phone(&world);
    let paid_out = crate::payouts_pages::one_off_and_one_well();
    let paid_api = Api::serve(&paid_out);
    let guests = json!({
        "operator": link(&paid_out, &paid_api, "yusuf", "operator"),
        "viewer": link(&paid_out, &paid_api, "mira", "viewer"),
    });
    let payouts = json!({ "url": by_name(&paid_api), "links": guests });
    let mut set = settings(&api, &links);
    set.push(("UDSYNC_PAYOUTS", payouts.to_string()));
    drive("pages.mjs", &browser, &set, |_| false);
}

#[test]
fn browser_tales_by_the_keyboard_alone() {
    let Some(browser) = ready() else {
        return;
    };
    let world = World::of_orders(vec![order(1), order(2)]).with_database();
    let mut api = Some(Api::serve_with_key_at(&world, lasting_port()));
    let first = api.as_ref().expect("it serves");
    let links = json!({ "owner": link(&world, first, "dana", "owner"), "owner_name": "dana" });
    let mut set = settings(first, &links);
    let (_, intuit) = world.company_url.split_once("://").expect("an address");
    set.push(("UDSYNC_INTUIT", intuit.trim_end_matches('/').to_owned()));
    let url = first.url.clone();
    drive("tales.mjs", &browser, &set, |what| match what {
        "sync" => {
            world.put_order(&order(3), &json!([]), false);
            // What is kept is sealed with the key that the server was given.
            let mut command = world.command("sync orders --yes --wait 60s");
            command.env("UDSYNC_KEY", SEALING_KEY);
            let synced = ran(command.output().expect("it runs"));
            eprintln!("{}{}", synced.out, synced.err);
            synced.code == 0
        }
        "stop" => {
            api = None;
            true
        }
        "start" => {
            api = Some(Api::serve_again(&world, &url));
            true
        }
        _ => false,
    });
}

/// Two shops with orders, books and states of their own, served by one process.
#[test]
fn browser_tale_of_two_shops() {
    let Some(browser) = ready() else {
        return;
    };
    let worlds = [
        World::of_orders(vec![order(1), order(2)]),
        World::of_orders(vec![order(11), unmapped(12)]),
    ];
    let folder = worlds[0].home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("made");
    for (name, world) in ["one", "two"].into_iter().zip(&worlds) {
        let text = std::fs::read_to_string(&world.config).expect("read");
        let text = text
            .replace("name = \"test\"", &format!("name = \"{name}\""))
            .replace("state = \"test.db\"\n", "");
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("written");
    }
    let world = &worlds[0];
    let api = Api::serve_all(world);
    let link = |line: &str| {
        let invited = world
            .run(&format!("access invite {line} --json"))
            .ends_with(0)
            .json();
        let link = invited["url"].as_str().expect("a link").to_owned();
        let (_, secret) = link.split_once("/invite/").expect("an invitation");
        format!("{}/invite/{secret}", by_name(&api))
    };
    let links = json!({
        "both": link("dana --role owner --shop one --shop two"),
        "one": link("mira --role viewer --shop two"),
    });
    for name in ["one", "two"] {
        crate::world::until("the first look is over", || {
            world.run(&format!("history --shop {name} --json")).json()["runs"]
                .as_array()
                .is_some_and(|runs| runs.iter().any(|run| run["status"] != "running"))
        });
    }
    let set = [
        ("UDSYNC_URL", by_name(&api)),
        ("UDSYNC_SHOP_PATH", "/shop/one".to_owned()),
        ("UDSYNC_LINKS", links.to_string()),
    ];
    drive("shops.mjs", &browser, &set, |_| false);
}

/// A shop in which records wait for three reasons.
fn waiting_world() -> World {
    let mut list = orders(1..=6);
    list.extend((7..=9).map(unmapped));
    list.push(with(order(10), json!({ "status": "awaiting-pickup" })));
    list.push(with(order(11), json!({ "total": "999.00" })));
    World::of_orders(list)
}

/// Pictures of the main pages, out of the sandbox and of a shop in which records wait, into the folder that `UDSYNC_SHOTS` names.
#[test]
#[ignore = "makes pictures for the manual"]
fn browser_pictures_for_the_manual() {
    let browser = ready().expect("a browser");
    let folder = std::env::var("UDSYNC_SHOTS").expect("UDSYNC_SHOTS names a folder");
    let world = World::of_orders(vec![]);
    let state = world.home.path().join("shots.db");
    let state = state.to_str().expect("a path");
    let made = |line: &str| {
        world
            .run(&format!("{line} --json --state {state}"))
            .ends_with(0)
            .json()
    };
    let added = made("access add shots --role owner --all-shops");
    let invited = made("access invite dana --role owner --all-shops");
    let token = added["token"].as_str().expect("a token");
    let api = Api::serve_sandbox(&world, state, token);
    // It sells all the time, so there is always a run.
    crate::world::until("something is posted", || {
        let listed = api.get("/api/sync/history?status=succeeded").send();
        let items = listed.body["items"].as_array().cloned().unwrap_or_default();
        items.len() >= 2
    });
    let link = invited["url"].as_str().expect("a link");
    let (_, secret) = link.split_once("/invite/").expect("an invitation");
    let runs = api.get("/api/sync/history?limit=20").send().is(200).body;
    let runs = runs["items"].as_array().cloned().unwrap_or_default();
    let posted = runs.iter().find_map(|run| {
        let path = format!("/api/sync/status/{}", run["run_id"].as_str()?);
        let document = api.get(&path).send().is(200).body;
        let mut changes = document["changes"].as_array()?.iter();
        let sale = changes
            .find(|change| change["entity"] == "SalesReceipt" && change["action"] == "create")?;
        sale["doc_number"].as_str().map(str::to_owned)
    });
    let paid_out = crate::payouts_pages::one_off_and_one_well();
    crate::api::disputed_phone(&paid_out);
    let paid_api = Api::serve(&paid_out);
    let payouts = self::link(&paid_out, &paid_api, "dana", "owner");
    let waiting = waiting_world();
    let waiting_api = Api::serve(&waiting);
    let invitation = self::link(&waiting, &waiting_api, "dana", "owner");
    let set = [
        ("UDSYNC_URL", by_name(&api)),
        ("UDSYNC_SHOP_PATH", shop_path(&api)),
        ("UDSYNC_WAITING", invitation),
        ("UDSYNC_PAYOUTS", payouts),
        (
            "UDSYNC_LINKS",
            json!({ "owner": format!("{}/invite/{secret}", by_name(&api)) }).to_string(),
        ),
        ("UDSYNC_SHOTS", folder),
        ("UDSYNC_WHAT", posted.unwrap_or_default()),
    ];
    drive("shots.mjs", &browser, &set, |_| false);
}
