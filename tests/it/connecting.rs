//! Connecting: signing in to QuickBooks as a person at a browser does, and every way in which that is refused.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, Stdio};

use serde_json::json;

use crate::tokens::{connected, run, stored, strict};
use crate::world::{CLIENT_ID, CLIENT_SECRET, REALM, RUNTIME, Ran, World};
use udsync::store::MemoryWriter;

/// A browser that does what it is told, and says where it was sent.
struct Browser(reqwest::Client);

struct Page {
    status: u16,
    location: Option<String>,
    text: String,
}

impl Browser {
    fn new() -> Browser {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Browser(client.expect("a browser"))
    }

    fn get(&self, address: &str) -> Page {
        RUNTIME.block_on(async {
            let answer = self.0.get(address).send().await.expect("an answer");
            let location = answer.headers().get("location");
            Page {
                status: answer.status().as_u16(),
                location: location.map(|to| to.to_str().expect("text").to_owned()),
                text: answer.text().await.expect("a page"),
            }
        })
    }

    /// Asks for consent; hands back where the browser is sent.
    fn consent(&self, address: &str) -> String {
        let page = self.get(address);
        assert_eq!(page.status, 302, "{address}: {}", page.text);
        page.location.expect("it is sent back")
    }
}

/// A command that waits for a browser, and the address that it printed.
struct Waiting {
    child: Child,
    err: BufReader<ChildStderr>,
    said: String,
    address: String,
}

fn begin(world: &World, line: &str) -> Waiting {
    let mut command = stored(world, line);
    command
        .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
        .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET);
    begin_with(command)
}

fn begin_with(mut command: std::process::Command) -> Waiting {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut err = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut said = String::new();
    let mut address = String::new();
    while address.is_empty() {
        let mut line = String::new();
        let read = err.read_line(&mut line).expect("it can be read");
        if read == 0 {
            let ended = child.wait();
            panic!("it ended without an address: {ended:?}, {said}");
        }
        if line.starts_with("http") {
            address = line.trim().to_owned();
        }
        said.push_str(&line);
    }
    Waiting {
        child,
        err,
        said,
        address,
    }
}

impl Waiting {
    fn type_line(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("it is piped");
        writeln!(stdin, "{line}").expect("it listens");
    }

    fn end(mut self) -> Ran {
        drop(self.child.stdin.take());
        self.err.read_to_string(&mut self.said).expect("text");
        let mut out = String::new();
        let mut stdout = self.child.stdout.take().expect("it is piped");
        stdout.read_to_string(&mut out).expect("text");
        let status = self.child.wait().expect("it ended");
        Ran {
            code: status.code().unwrap_or(-1),
            out,
            err: self.said,
        }
    }
}

/// Signs in through the listener.
pub fn sign_in(world: &World, line: &str) -> Ran {
    let browser = Browser::new();
    let waiting = begin(world, line);
    let back = browser.consent(&waiting.address);
    assert_eq!(browser.get(&back).status, 200);
    waiting.end()
}

#[test]
fn somebody_signs_in_and_is_told_what_the_company_means() {
    let world = strict(json!({}));
    // The file says nothing of a company yet.
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let without = text.replace(
        &format!("company_id = \"{REALM}\""),
        "# the company comes here",
    );
    std::fs::write(&world.config, without).expect("written again");
    let browser = Browser::new();
    let waiting = begin(&world, "connect quickbooks --no-browser --port 0");
    let back = browser.consent(&waiting.address);
    let origin = back
        .split("/callback")
        .next()
        .expect("an address")
        .to_owned();
    assert!(origin.starts_with("http://localhost:"), "{back}");
    // Nothing but the answer with the right state counts.
    assert_eq!(browser.get(&format!("{origin}/")).status, 404);
    assert_eq!(browser.get(&format!("{origin}/favicon.ico")).status, 404);
    let forged = format!("{origin}/callback?code=evil&state=guess&realmId=1");
    assert_eq!(browser.get(&forged).status, 400);
    assert_eq!(browser.get(&format!("{origin}/callback")).status, 400);
    let page = browser.get(&back);
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Go on in the terminal"), "{}", page.text);
    let ran = waiting.end().ends_with(0);
    for words in [
        "Stand-in Books",
        "home currency",
        "orders in other currencies than CAD are held until it is switched on in QuickBooks",
        "documents carry the shop's order numbers",
        "QuickBooks Online Plus",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let text = std::fs::read_to_string(&world.config).expect("it is there");
    assert!(
        text.contains(&format!("company_id = \"{REALM}\"")),
        "{text}"
    );
    assert!(text.contains("# the company comes here"), "{text}");
    // From now on the key is enough.
    let tested = run(&world, "connect test quickbooks").ends_with(0);
    assert_eq!(tested.out, "quickbooks: works (Stand-in Books)\n");
    let listed = run(&world, "connect list --json").json();
    let row = &listed["connections"][0];
    assert_eq!(row["what"], format!("Stand-in Books ({REALM}, sandbox)"));
    assert_eq!(
        (&row["from"], &row["state"]),
        (&json!("stored"), &json!("working"))
    );
    assert!(row["ends"].is_string() && row["since"].is_string(), "{row}");
    nothing_in_clear(&world, &ran);
}

fn nothing_in_clear(world: &World, ran: &Ran) {
    for name in ["AB11", "eyJlbmMi", CLIENT_SECRET] {
        assert!(!ran.out.contains(name) && !ran.err.contains(name), "{name}");
        for entry in std::fs::read_dir(world.home.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            let Ok(bytes) = std::fs::read(&path) else {
                continue;
            };
            let found = bytes
                .windows(name.len())
                .any(|part| part == name.as_bytes());
            assert!(!found, "`{name}` is in {}", path.display());
        }
    }
}

#[test]
fn the_facts_are_a_document_for_scripts() {
    let world = strict(json!({}));
    world.tell_books(
        "company",
        json!({ "multicurrency": true, "custom_txn_numbers": false, "books_closed_through": "2025-12-31" }),
    );
    let ran = sign_in(&world, "connect quickbooks --json --port 0").ends_with(0);
    let told = ran.json();
    assert_eq!(told["schema"], "udsync/connect/1");
    let company = &told["company"];
    assert_eq!(
        (
            &company["id"],
            &company["multicurrency"],
            &company["custom_transaction_numbers"]
        ),
        (&json!(REALM), &json!(true), &json!(false))
    );
    assert_eq!(company["closed_through"], "2025-12-31");
    assert_eq!(company["tax_model"], "global");
    let means: Vec<&str> = company["facts"]
        .as_array()
        .expect("facts")
        .iter()
        .filter_map(|fact| fact["means"].as_str())
        .collect();
    assert!(
        means.contains(
            &"numbers are QuickBooks' own, and documents are found by the marker in their notes"
        ),
        "{means:?}"
    );
}

#[test]
fn a_person_may_say_no() {
    let world = strict(json!({ "deny": true }));
    let ran = sign_in(&world, "connect quickbooks --port 0").ends_with(4);
    assert!(
        ran.err.contains("error: the sign-in was refused"),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains("hint: run `udsync connect quickbooks` again"),
        "{}",
        ran.err
    );
    let listed = run(&world, "connect list").ends_with(0);
    assert_eq!(listed.out, "nothing is connected\n");
}

#[test]
fn what_the_browser_ended_on_can_be_pasted() {
    let world = strict(json!({}));
    let browser = Browser::new();
    let line = "connect quickbooks --redirect-url https://books.example.com/callback.html";
    let mut waiting = begin(&world, line);
    let back = browser.consent(&waiting.address);
    assert!(
        back.starts_with("https://books.example.com/callback.html?"),
        "{back}"
    );
    waiting.type_line(&back);
    waiting.end().ends_with(0);
    run(&world, "connect test quickbooks").ends_with(0);
}

#[test]
fn a_wrong_paste_is_told_from_an_old_one() {
    let world = strict(json!({}));
    let browser = Browser::new();
    for (pasted, said) in [
        (
            "https://books.example.com/",
            "what was pasted has no `code` and `realmId` in it",
        ),
        (
            "http://localhost:8919/callback?code=a&state=b&realmId=1",
            "this is the answer to another sign-in: its state is not the one that was sent",
        ),
    ] {
        let mut waiting = begin(&world, "connect quickbooks --manual");
        browser.consent(&waiting.address);
        waiting.type_line(pasted);
        let ran = waiting.end().ends_with(4);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let waiting = begin(&world, "connect quickbooks --manual");
    let ran = waiting.end().ends_with(2);
    assert!(ran.err.contains("nobody can be asked for"), "{}", ran.err);
}

#[test]
fn a_code_that_ran_out_or_was_used_is_told_as_such() {
    let world = strict(json!({}));
    let browser = Browser::new();
    let said = "QuickBooks does not take the code: it is good for a few minutes and for one try";
    let mut waiting = begin(&world, "connect quickbooks --manual");
    let back = browser.consent(&waiting.address);
    world.tell_books("expire_codes", json!({}));
    waiting.type_line(&back);
    let ran = waiting.end().ends_with(4);
    assert!(ran.err.contains(said), "{}", ran.err);
    assert!(
        ran.err
            .contains("hint: start again: `udsync connect quickbooks`"),
        "{}",
        ran.err
    );
    let mut waiting = begin(&world, "connect quickbooks --manual --json");
    let back = browser.consent(&waiting.address);
    world.tell_books("expire_codes", json!({}));
    waiting.type_line(&back);
    assert_eq!(waiting.end().ends_with(4).json()["code"], "code_refused");
    // A code is not tried twice, whatever happens to its answer.
    world.tell_books(
        "mishaps",
        json!({ "what": "lose_answer", "path": "/tokens/bearer" }),
    );
    let mut waiting = begin(&world, "connect quickbooks --manual");
    let back = browser.consent(&waiting.address);
    world.forget_requests();
    waiting.type_line(&back);
    let ran = waiting.end().ends_with(5);
    assert!(ran.err.contains("start again later"), "{}", ran.err);
    let asked = world.books("requests");
    assert_eq!(asked.as_array().map(Vec::len), Some(1), "{asked}");
}

#[test]
fn a_taken_port_is_named() {
    let world = strict(json!({}));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("bound").port();
    let line = format!("connect quickbooks --port {port}");
    let mut command = stored(&world, &line);
    command
        .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
        .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET);
    let ran = crate::world::ran(command.output().expect("runs")).ends_with(2);
    assert!(
        ran.err.contains(&format!(
            "port {port} of this machine is taken by another program"
        )),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("--manual"), "{}", ran.err);
}

#[test]
fn keys_for_production_are_not_sent_to_localhost() {
    let world = strict(json!({}));
    let before = std::fs::read_to_string(&world.config).expect("it is there");
    let ran = run(&world, "connect quickbooks --environment production").ends_with(2);
    assert!(
        ran.err
            .contains("keys for production are not sent back to `localhost`"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("examples/quickbooks-callback.html"),
        "{}",
        ran.err
    );
    let ran = run(
        &world,
        "connect quickbooks --redirect-url http://books.example.com/",
    )
    .ends_with(2);
    assert!(
        ran.err.contains("must begin with `https://`"),
        "{}",
        ran.err
    );
    assert_eq!(
        std::fs::read_to_string(&world.config).expect("it is there"),
        before
    );
}

#[test]
fn the_books_of_another_company_are_refused_before_anything_is_replaced() {
    let world = strict(json!({}));
    connected(&world);
    // A run has bound the state to this company.
    let store = udsync::store::Store::open(&world.state()).expect("it is there");
    store
        .bind("quickbooks", &format!("sandbox {REALM}"))
        .expect("bound");
    let mut other = crate::world::company();
    other["realm"] = json!("9341454000009999");
    let elsewhere = World::new(crate::world::shop(Vec::new()), other, crate::world::BOOKS);
    // The same state, and a sign-in that ends in another company.
    let text = std::fs::read_to_string(&world.config).expect("it is there");
    let moved = text.replace(&world.company_url, &elsewhere.company_url);
    std::fs::write(&world.config, moved).expect("written");
    let ran = sign_in(&world, "connect quickbooks --port 0").ends_with(2);
    assert!(ran.err.contains("9341454000009999"), "{}", ran.err);
    std::fs::write(&world.config, text).expect("written");
    run(&world, "connect test quickbooks").ends_with(0);
}

#[test]
fn the_company_that_the_environment_names_is_the_only_one() {
    let world = strict(json!({}));
    let browser = Browser::new();
    let mut command = stored(&world, "connect quickbooks --manual");
    command
        .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
        .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET)
        .env("UDSYNC_QUICKBOOKS_COMPANY_ID", "77");
    let mut waiting = begin_with(command);
    let back = browser.consent(&waiting.address);
    waiting.type_line(&back);
    let ran = waiting.end().ends_with(2);
    assert!(
        ran.err.contains("`UDSYNC_QUICKBOOKS_COMPANY_ID` says 77"),
        "{}",
        ran.err
    );
}

#[test]
fn an_app_that_intuit_does_not_know_is_told_as_such() {
    let world = strict(json!({}));
    let command = |line: &str| {
        let mut command = stored(&world, line);
        command
            .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
            .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", "another")
            .env("UDSYNC_QUICKBOOKS_REFRESH_TOKEN", "RT-any")
            .env("UDSYNC_QUICKBOOKS_COMPANY_ID", REALM);
        crate::world::ran(command.output().expect("runs"))
    };
    let ran = command("connect quickbooks --from-env").ends_with(4);
    assert!(
        ran.err
            .contains("QuickBooks does not take the client id and secret of the app"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("another\n"), "{}", ran.err);
}

#[test]
fn half_of_what_is_needed_is_named() {
    let world = strict(json!({}));
    let ran = run(&world, "connect quickbooks --from-env").ends_with(4);
    assert!(
        ran.err
            .contains("`UDSYNC_QUICKBOOKS_CLIENT_ID` was not given"),
        "{}",
        ran.err
    );
    let ran = run(&world, "connect quickbooks --no-input").ends_with(2);
    assert!(
        ran.err.contains("nobody can be asked for: client id"),
        "{}",
        ran.err
    );
}

#[test]
fn a_refresh_token_on_standard_input_needs_no_browser() {
    let world = strict(json!({}));
    let mut command = stored(&world, "connect quickbooks --from-stdin");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    write!(
        stdin,
        "# from the playground\nUDSYNC_QUICKBOOKS_CLIENT_ID={CLIENT_ID}\nexport UDSYNC_QUICKBOOKS_CLIENT_SECRET=\"{CLIENT_SECRET}\"\n\
         UDSYNC_QUICKBOOKS_REFRESH_TOKEN={}\nUDSYNC_QUICKBOOKS_COMPANY_ID={REALM}\n",
        crate::world::REFRESH_TOKEN
    )
    .expect("it listens");
    drop(stdin);
    let ran = crate::world::ran(child.wait_with_output().expect("it ended")).ends_with(0);
    assert!(ran.out.contains("Stand-in Books"), "{}", ran.out);
    run(&world, "connect test quickbooks").ends_with(0);
}

#[test]
fn a_file_is_begun_where_there_is_none() {
    let world = strict(json!({}));
    std::fs::remove_file(&world.config).expect("it was there");
    // Without a section of their own the addresses are Intuit's, so this goes no further than the question.
    let ran = run(&world, "connect quickbooks --no-input").ends_with(2);
    assert!(
        ran.err.contains("answer with `--environment sandbox`"),
        "{}",
        ran.err
    );
    assert!(!world.config.exists());
}
