//! Connections and mappings over the API: what is given, tried, sealed, written, and taken away again.

use serde_json::{Value, json};

use crate::api_client::Api;
use crate::order::{order, unmapped};
use crate::world::{
    CLIENT_ID, CLIENT_SECRET, DATABASE_KEY, KEY, REALM, REFRESH_TOKEN, RUNTIME, SECRET, World,
    until,
};

fn world() -> World {
    World::of_orders(vec![order(1), unmapped(2)]).with_database()
}

fn one<'a>(list: &'a Value, name: &str) -> &'a Value {
    let items = list["items"].as_array().expect("a list");
    let found = items.iter().find(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

#[test]
fn api_connects_what_works_and_keeps_secrets_to_itself() {
    let world = world();
    let api = Api::serve_unconnected(&world);
    let listed = api.get("/api/integrations/connections").send().is(200).body;
    for name in ["woocommerce", "quickbooks", "supabase"] {
        assert_eq!(one(&listed, name)["state"], "missing", "{listed}");
    }
    assert_eq!(
        api.get("/api/integrations/health").send().is(200).body["ok"],
        false
    );
    let give = |name: &str, body: Value| {
        let path = format!("/api/integrations/{name}/credentials");
        api.post(&path).json(&body).send()
    };
    let shop = |secret: &str| json!({ "url": world.shop_url, "key": KEY, "secret": secret });
    let refused = give("woocommerce", shop("cs_wrong")).is(409);
    assert_eq!(refused.body["code"], "store_secret_refused");
    let missing = give(
        "woocommerce",
        json!({ "url": world.shop_url, "client_id": "x" }),
    )
    .is(422);
    assert_eq!(missing.pointers(), ["/key", "/secret", "/client_id"]);
    let plain = json!({ "url": "http://shop.example.com", "key": KEY, "secret": SECRET });
    give("woocommerce", plain).refused_as(422, "config_invalid");
    give("moon", shop(SECRET)).is(404);
    give("woocommerce", shop(SECRET)).is(204);
    let books = json!({ "environment": "sandbox", "company_id": REALM, "client_id": CLIENT_ID,
                        "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN });
    give("quickbooks", books).is(204);
    let database = json!({ "transport": "rest", "url": world.database_url, "key": DATABASE_KEY });
    give("supabase", database).is(204);
    let listed = api.get("/api/integrations/health").send().is(200).body;
    assert_eq!(listed["ok"], true, "{listed}");
    for name in ["woocommerce", "quickbooks", "supabase"] {
        let tested = api
            .post(&format!("/api/integrations/{name}/test"))
            .send()
            .is(200)
            .body;
        assert_eq!(
            (&tested["ok"], &tested["error"]),
            (&json!(true), &Value::Null),
            "{tested}"
        );
    }
    // A running server uses them at once.
    let run = api.runs("/api/sync/orders", &json!({ "to": ["quickbooks"] }));
    assert_eq!(run["targets"]["quickbooks"]["created"], 1, "{run}");
    let status = api
        .get("/api/integrations/woocommerce/status")
        .send()
        .is(200);
    assert!(status.body["last_success"].is_string(), "{}", status.text);
    // In no answer, no row of the audit, no file: but the strongbox has them sealed.
    let audit = api.get("/api/audit?limit=200").send().is(200);
    assert!(audit.text.contains("\"connect\""));
    for secret in [
        SECRET,
        CLIENT_SECRET,
        REFRESH_TOKEN,
        DATABASE_KEY,
        "cs_wrong",
    ] {
        for text in [
            &audit.text,
            &listed.to_string(),
            &status.text,
            &refused.text,
        ] {
            assert!(!text.contains(secret));
        }
        for entry in std::fs::read_dir(world.home.path())
            .expect("a folder")
            .flatten()
        {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", entry.path().display());
        }
    }
    api.request(
        "DELETE",
        "/api/integrations/woocommerce/credentials",
        Some(&api.owner),
    )
    .header("if-match", "\"000000000000\"")
    .send()
    .is(412);
    let end = |name: &str| {
        let path = format!("/api/integrations/{name}/credentials");
        api.request("DELETE", &path, Some(&api.owner)).send().status
    };
    assert_eq!(end("woocommerce"), 204);
    assert_eq!(end("woocommerce"), 404);
    assert_eq!(end("quickbooks"), 204);
    let broken = api
        .post("/api/integrations/woocommerce/test")
        .send()
        .is(200)
        .body;
    assert_eq!(broken["error"]["code"], "credentials_missing", "{broken}");
}

/// The name under which Intuit would send somebody back to this machine.
fn host(api: &Api) -> String {
    let port = api.url.rsplit(':').next().expect("a port");
    format!("localhost:{port}")
}

/// Signs in at Intuit, and answers the address that a browser is sent back to.
fn come_back(url: &str) -> String {
    let back = RUNTIME.block_on(async {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let sent = client
            .get(url)
            .send()
            .await
            .expect("the page of Intuit answers");
        let to = sent
            .headers()
            .get("location")
            .map(|to| to.to_str().expect("text").to_owned());
        to.unwrap_or_else(|| panic!("{}", sent.status()))
    });
    let (_, query) = back.split_once('?').expect("an answer");
    format!("/api/integrations/quickbooks/callback?{query}")
}

#[test]
fn api_signs_in_to_quickbooks_for_the_session_that_asked() {
    let world = world();
    let api = Api::serve_with_key(&world);
    let host = host(&api);
    let begun = api
        .post("/api/integrations/quickbooks/authorize")
        .header("host", host.clone())
        .send()
        .is(200);
    let url = begun.body["url"].as_str().expect("an address").to_owned();
    assert!(url.contains("state=") && url.contains("localhost"), "{url}");
    let path = come_back(&url);
    // Whoever only asks whether it is there changes nothing, and the answer to another sign-in uses nothing up.
    let head = api.request("HEAD", &path, Some(&api.owner)).send();
    assert_eq!((head.status, head.header("allow")), (405, "GET"));
    let made_up = "/api/integrations/quickbooks/callback?code=x&state=made-up&realmId=1";
    api.get(made_up)
        .send()
        .refused_as(409, "sign_in_other_state");
    // Somebody else cannot have their company connected by another's session.
    let other = world
        .run("access add other --role owner --json")
        .ends_with(0)
        .json();
    let other = other["token"].as_str().expect("a token").to_owned();
    api.request("GET", &path, Some(&other))
        .send()
        .refused_as(409, "sign_in_not_begun");
    let done = api.get(&path).send().is(303);
    let shop = api.get("/api/sync/history").send().is(200).body["items"][0]["shop"].clone();
    let shop = shop.as_str().expect("a run");
    assert_eq!(
        done.header("location"),
        format!("/shop/{shop}/integrations?said=signed-in#quickbooks")
    );
    api.get(&path).send().refused_as(409, "sign_in_not_begun");
    let rows = api.get("/api/audit?limit=200").send().is(200).body;
    let row = rows["items"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["action"] == "signedIn" && row["outcome"] == "done");
    assert_eq!(
        row.expect("it is written down")["after"]["company_id"],
        REALM
    );
    // An answer with another state is somebody else's.
    api.post("/api/integrations/quickbooks/authorize")
        .header("host", host)
        .send()
        .is(200);
    api.get(made_up)
        .send()
        .refused_as(409, "sign_in_other_state");
    // Of an address that is a number, Intuit would refuse it.
    api.post("/api/integrations/quickbooks/authorize")
        .send()
        .refused_as(409, "redirect_url");
}

/// Somebody who keeps two shops begins to sign in for both, and comes back from Intuit, which knows of no shop.
#[test]
fn api_signs_in_to_quickbooks_for_the_shop_that_was_asked_for() {
    let world = world();
    let folder = world.home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("made");
    let text = std::fs::read_to_string(&world.config).expect("read");
    for name in ["one", "two"] {
        let text = text
            .replace("name = \"test\"", &format!("name = \"{name}\""))
            .replace("state = \"test.db\"\n", "");
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("written");
    }
    let added = world
        .run("access add both --role owner --shop one --shop two --json")
        .ends_with(0)
        .json();
    let token = added["token"].as_str().expect("a token");
    let api = Api::serve_shops(&world, ["one", "two"], token);
    // The first look at each shop takes its lock.
    for shop in ["one", "two"] {
        let path = format!("/api/sync/status?shop={shop}");
        until("it is idle", || {
            let listed = api.get(&path).send().is(200).body;
            let items = listed["items"].as_array().cloned().unwrap_or_default();
            !items.is_empty() && items.iter().all(|run| run["status"] != "running")
        });
    }
    let begin = |shop: &str| {
        let path = format!("/api/integrations/quickbooks/authorize?shop={shop}");
        let begun = api.post(&path).header("host", host(&api)).send().is(200);
        begun.body["url"].as_str().expect("an address").to_owned()
    };
    let (first, second) = (begin("two"), begin("one"));
    let lands = |address: &str| {
        let back = api.get(&come_back(address)).send().is(303);
        back.header("location").to_owned()
    };
    assert!(lands(&first).starts_with("/shop/two/"));
    // The one that was begun later is good still.
    assert!(lands(&second).starts_with("/shop/one/"));
    let rows = api.get("/api/audit?limit=200").send().is(200).body;
    let signed_in = |row: &&Value| row["action"] == "signedIn" && row["outcome"] == "done";
    let shops: Vec<&Value> = rows["items"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(signed_in)
        .map(|row| &row["shop"])
        .collect();
    assert_eq!(shops, ["one", "two"], "the newest first");
}

/// Credentials and the settings that go with them are one thing: where the settings cannot be written, nothing is sealed.
#[test]
fn api_connects_all_of_it_or_nothing() {
    let world = world();
    let api = Api::serve_unconnected(&world);
    // The old configuration is kept beside the new one. Here no place for it is free.
    for nth in 1..=99 {
        let end = if nth == 1 {
            String::new()
        } else {
            nth.to_string()
        };
        let place = world.config.with_extension(format!("toml.bak{end}"));
        std::fs::create_dir(place).expect("made");
    }
    let before = std::fs::read_to_string(&world.config).expect("read");
    let other = world.shop_url.replace("127.0.0.1", "localhost");
    let shop = json!({ "url": other, "key": KEY, "secret": SECRET });
    api.post("/api/integrations/woocommerce/credentials")
        .json(&shop)
        .send()
        .refused_as(409, "config_unwritten");
    let listed = api.get("/api/integrations/connections").send().is(200).body;
    assert_eq!(one(&listed, "woocommerce")["state"], "missing", "{listed}");
    let tested = api
        .post("/api/integrations/woocommerce/test")
        .send()
        .is(200)
        .body;
    assert_eq!(tested["error"]["code"], "credentials_missing", "{tested}");
    assert_eq!(
        std::fs::read_to_string(&world.config).expect("read"),
        before
    );
}

#[test]
fn api_writes_mappings_that_are_right_and_no_others() {
    let world = world();
    let api = Api::serve(&world);
    let operator = Some(api.operator.as_str());
    let listed = api.get("/api/mappings?limit=3").send().is(200).body;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
    let cursor = listed["next_cursor"].as_str().expect("there are more");
    let rest = api
        .get(&format!("/api/mappings?cursor={cursor}"))
        .send()
        .is(200)
        .body;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(5));
    const PATH: &str = "/api/mappings/woocommerce-quickbooks.orders";
    let shipped = api.get(PATH).send().is(200);
    assert_eq!(shipped.body["file"], Value::Null);
    let content = api.get(&format!("{PATH}/export")).send().is(200).body;
    assert_eq!(content, shipped.body["mapping"]);
    let file = world
        .home
        .path()
        .join("mappings/woocommerce-quickbooks/orders.toml");
    // Mistakes change nothing.
    let mut wrong = content.clone();
    wrong["mapping"]["entity"] = json!("weather");
    let refused = api
        .request("POST", "/api/mappings", operator)
        .json(&json!({ "mapping": wrong }))
        .send()
        .is(422);
    assert!(!refused.pointers().is_empty(), "{}", refused.text);
    api.request("POST", "/api/mappings", operator)
        .json(&json!({ "mapping": { "colour": "red" } }))
        .send()
        .refused_as(422, "import_unreadable");
    assert!(!file.exists());
    let added = api
        .request("POST", "/api/mappings", operator)
        .json(&json!({ "mapping": content }))
        .send()
        .is(201);
    assert_eq!(added.header("location"), PATH);
    assert!(file.exists());
    world.run("mapping check --offline").ends_with(0);
    api.request("POST", "/api/mappings", operator)
        .json(&json!({ "mapping": content }))
        .send()
        .refused_as(409, "mapping_exists");
    let put = |tag: Option<&str>| {
        let mut request = api.request("PUT", PATH, operator);
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        request.json(&json!({ "mapping": content })).send()
    };
    put(None).refused_as(428, "if_match_missing");
    put(Some(shipped.header("etag"))).refused_as(412, "changed_meanwhile");
    put(Some(added.header("etag"))).is(200);
    let import = |force: bool| {
        let body = json!({ "mapping": content, "force": force });
        api.request("POST", "/api/mappings/import", operator)
            .json(&body)
            .send()
    };
    assert_eq!(
        import(false).is(200).body["written"],
        false,
        "it says the same"
    );
    std::fs::write(&file, "source = 1\n").expect("written by hand");
    assert!(
        api.get(PATH).send().is(200).body["mistakes"]
            .as_array()
            .is_some_and(|found| !found.is_empty())
    );
    import(false).refused_as(409, "mapping_exists");
    assert_eq!(import(true).is(200).body["written"], true);
    let tested = api
        .request(
            "POST",
            "/api/mappings/woocommerce-supabase.orders/test",
            operator,
        )
        .send()
        .is(200)
        .body;
    assert!(
        tested["passed"].as_u64() > Some(0) && tested["failed"] == 0,
        "{tested}"
    );
    let seen = api
        .request("POST", "/api/mappings/preview", operator)
        .json(&json!({ "id": "woocommerce-quickbooks.orders", "mapping": content, "record": order(7) }))
        .send()
        .is(200)
        .body;
    assert_eq!(
        (&seen["records"][0]["id"], &seen["records"][0]["outcome"]),
        (&json!(7), &json!("mapped")),
        "{seen}"
    );
    let newest = api
        .request("POST", "/api/mappings/preview", operator)
        .json(&json!({ "id": "woocommerce-supabase.orders" }))
        .send()
        .is(200)
        .body;
    assert!(newest["records"][0]["id"].is_u64(), "{newest}");
    api.request("POST", "/api/mappings/preview", operator)
        .json(&json!({ "id": "weather" }))
        .send()
        .is(422);
    let tag = api.get(PATH).send().is(200).header("etag").to_owned();
    api.request("DELETE", PATH, operator)
        .header("if-match", tag)
        .send()
        .is(204);
    assert!(!file.exists());
    let tag = api.get(PATH).send().is(200).header("etag").to_owned();
    api.request("DELETE", PATH, operator)
        .header("if-match", tag)
        .send()
        .refused_as(409, "mapping_shipped");
    api.get("/api/mappings/..%2f..%2fudsync").send().is(404);
}
