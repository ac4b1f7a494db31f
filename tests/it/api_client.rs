//! A running `serve` and a client of its API. Every answer that a test gets is held against the document.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};
use udsync::server::api::{openapi, schema};

use crate::world::{RUNTIME, World, until};

static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);

const SERVE: &str = "serve --listen 127.0.0.1:0 --hooks-listen 127.0.0.1:0 --no-schedules --json";

pub const SEALING_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A process that serves a world, with a token for each role.
pub struct Api {
    child: Child,
    pub url: String,
    pub owner: String,
    pub operator: String,
    pub viewer: String,
}

impl Drop for Api {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The code of a refusal.
    #[track_caller]
    pub fn refused_as(self, status: u16, code: &str) -> Reply {
        let reply = self.is(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.body["code"], code, "{}", reply.text);
        reply
    }

    /// The places of the mistakes that a refusal names.
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors
            .into_iter()
            .flatten()
            .filter_map(|error| error["pointer"].as_str())
            .collect()
    }
}

/// A request on its way.
pub struct Request<'a> {
    api: &'a Api,
    method: &'a str,
    path: &'a str,
    token: Option<&'a str>,
    headers: Vec<(&'a str, String)>,
    body: Option<String>,
}

impl<'a> Request<'a> {
    pub fn header(mut self, name: &'a str, value: impl Into<String>) -> Request<'a> {
        self.headers.push((name, value.into()));
        self
    }

    pub fn json(self, body: &Value) -> Request<'a> {
        let mut request = self.header("content-type", "application/json");
        request.body = Some(body.to_string());
        request
    }

    pub fn raw(mut self, body: impl Into<String>) -> Request<'a> {
        self.body = Some(body.into());
        self
    }

    #[track_caller]
    pub fn send(self) -> Reply {
        let reply = self.api.fetch(&self);
        check(self.method, self.path, &reply);
        reply
    }
}

impl Api {
    /// Serves this world, and waits until its first look is over.
    pub fn serve(world: &World) -> Api {
        Api::serve_by(world, world.command(SERVE))
    }

    /// The same with a key to seal with.
    pub fn serve_with_key(world: &World) -> Api {
        let mut command = world.command(SERVE);
        command.env("UDSYNC_KEY", SEALING_KEY);
        Api::serve_by(world, command)
    }

    /// The same at a port that is named.
    pub fn serve_with_key_at(world: &World, port: u16) -> Api {
        Api::serve_by(world, Api::at(world, &format!("127.0.0.1:{port}")))
    }

    /// Begins again at the address at which it was before, as a manager of services does.
    pub fn serve_again(world: &World, url: &str) -> Api {
        let (_, address) = url.split_once("://").expect("an address");
        Api::begin(Api::at(world, address), [""; 3])
    }

    fn at(world: &World, address: &str) -> Command {
        let line = SERVE.replace("--listen 127.0.0.1:0 ", &format!("--listen {address} "));
        let mut command = world.command(&line);
        command.env("UDSYNC_KEY", SEALING_KEY);
        command
    }

    /// The same with a secret by which the shop signs.
    pub fn serve_signed(world: &World, secret: &str) -> Api {
        let mut command = world.command(SERVE);
        command.env("UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET", secret);
        Api::serve_by(world, command)
    }

    /// The same where nothing is connected yet, and a key to seal with is given.
    pub fn serve_unconnected(world: &World) -> Api {
        let mut command = world.command(SERVE);
        for name in [
            "UDSYNC_WOOCOMMERCE_KEY",
            "UDSYNC_WOOCOMMERCE_SECRET",
            "UDSYNC_QUICKBOOKS_CLIENT_ID",
            "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
            "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
            "UDSYNC_SUPABASE_KEY",
        ] {
            command.env_remove(name);
        }
        command.env("UDSYNC_KEY", SEALING_KEY);
        Api::serve_by(world, command)
    }

    /// Several shops in one process, with a token for all of them.
    pub fn serve_shops(world: &World, shops: [&str; 2], token: &str) -> Api {
        let line = format!("{SERVE} --shop {} --shop {}", shops[0], shops[1]);
        let mut command = world.command(&line);
        command.env("UDSYNC_KEY", SEALING_KEY);
        Api::begin(command, [token; 3])
    }

    /// Serves this world and opens its page with a program that is no browser.
    pub fn serve_opened_by(world: &World, browser: &std::path::Path) -> Api {
        let mut command = world.command(&format!("{SERVE} --open"));
        command.env("BROWSER", browser);
        Api::begin(command, [""; 3])
    }

    /// Every shop of the configuration folder in one process.
    pub fn serve_all(world: &World) -> Api {
        Api::begin(world.command(&format!("{SERVE} --all")), [""; 3])
    }

    /// The sandbox, with its state here.
    pub fn serve_sandbox(world: &World, state: &str, token: &str) -> Api {
        Api::begin(
            world.command(&format!("{SERVE} --sandbox --state {state}")),
            [token; 3],
        )
    }

    fn serve_by(world: &World, command: Command) -> Api {
        let token = |name: &str, role: &str| {
            let ran = world
                .run(&format!("access add {name} --role {role} --json"))
                .ends_with(0);
            ran.json()["token"].as_str().expect("a token").to_owned()
        };
        let (owner, operator, viewer) = (
            token("olga", "owner"),
            token("otto", "operator"),
            token("vera", "viewer"),
        );
        let api = Api::begin(command, [&owner, &operator, &viewer]);
        api.is_idle(1);
        api
    }

    fn begin(mut command: Command, [owner, operator, viewer]: [&str; 3]) -> Api {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut first = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut first).expect("a line");
        let Ok(ready) = serde_json::from_str::<Value>(&first) else {
            let ended = child.wait_with_output().expect("it ended");
            panic!("{first}{}", String::from_utf8_lossy(&ended.stderr));
        };
        // What it says beside is read, so that it never waits for somebody who reads.
        let err = child.stderr.take().expect("a pipe");
        std::thread::spawn(move || BufReader::new(err).lines().for_each(drop));
        Api {
            child,
            url: ready["url"].as_str().expect("an address").to_owned(),
            owner: owner.to_owned(),
            operator: operator.to_owned(),
            viewer: viewer.to_owned(),
        }
    }

    /// For how long the process has worked so far, to a hundredth of a second.
    pub fn worked(&self) -> Duration {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let told = told.expect("the process is there");
        // What stands before may hold blanks; the times are the twelfth and the thirteenth behind it.
        let (_, behind) = told.rsplit_once(')').expect("a name");
        let ticks = behind.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(|ticks| ticks.parse::<u64>().expect("a number"));
        Duration::from_millis(10 * ticks.sum::<u64>())
    }

    /// The largest size that the process had so far.
    pub fn peak_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("the process is there");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak.expect("a size") / 1_000.0
    }

    /// Waits until so many runs have ended and none goes on.
    #[track_caller]
    pub fn is_idle(&self, runs: usize) {
        until("the runs are over", || {
            let listed = self.get("/api/sync/status").send();
            let items = listed.body["items"].as_array().cloned().unwrap_or_default();
            items.len() >= runs && items.iter().all(|run| run["status"] != "running")
        });
    }

    pub fn request<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        token: Option<&'a str>,
    ) -> Request<'a> {
        Request {
            api: self,
            method,
            path,
            token,
            headers: Vec::new(),
            body: None,
        }
    }

    pub fn get<'a>(&'a self, path: &'a str) -> Request<'a> {
        self.request("GET", path, Some(&self.owner))
    }

    pub fn post<'a>(&'a self, path: &'a str) -> Request<'a> {
        self.request("POST", path, Some(&self.owner))
    }

    /// Starts something, and waits until it is over. Answers its document. The server may be looking over the shop by itself just then.
    #[track_caller]
    pub fn runs(&self, path: &str, body: &Value) -> Value {
        let mut started = None;
        until("no other run is at work", || {
            let reply = self.post(path).json(body).send();
            let is_busy = reply.status == 409 && reply.body["code"] == "run_in_progress";
            started = Some(reply).filter(|_| !is_busy);
            started.is_some()
        });
        let started = started.expect("it has begun").is(202);
        self.ended(started.header("location"))
    }

    /// The document of a run, once it is over.
    #[track_caller]
    pub fn ended(&self, location: &str) -> Value {
        let mut last = Value::Null;
        until("the run is over", || {
            last = self.get(location).send().is(200).body;
            last["status"] != "running"
        });
        last
    }

    /// Waits until it has ended, and answers with which code.
    pub fn ended_with(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// As the manager of services ends it.
    pub fn ask_to_end(&self) {
        let asked = std::process::Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("asked").success());
    }

    fn fetch(&self, request: &Request<'_>) -> Reply {
        let _ = rustls::crypto::ring::default_provider().install_default();
        RUNTIME.block_on(async {
            let client = reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client");
            let method = reqwest::Method::from_bytes(request.method.as_bytes()).expect("a method");
            let url = format!("{}{}", self.url, request.path);
            let mut sent = client.request(method, url);
            if let Some(token) = request.token {
                sent = sent.bearer_auth(token);
            }
            for (name, value) in &request.headers {
                sent = sent.header(*name, value);
            }
            if let Some(body) = &request.body {
                sent = sent.body(body.clone());
            }
            let response = sent.send().await.expect("it answers");
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = response.bytes().await.expect("a whole answer");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Reply {
                status,
                headers,
                body: serde_json::from_str(&text).unwrap_or(Value::Null),
                text,
            }
        })
    }
}

/// The operation of the document that a request is about.
pub fn described(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or(path);
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        template.len() == parts.len()
            && template
                .iter()
                .zip(&parts)
                .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
    };
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let mut fitting: Vec<(&String, &Value)> = paths.iter().filter(|(path, _)| fits(path)).collect();
    fitting.sort_by_key(|(path, _)| path.matches('{').count());
    fitting
        .first()
        .and_then(|(_, item)| item.get(method.to_lowercase()))
}

/// Holds an answer of the API against the document: its status is described, and its body is as the schema says.
#[track_caller]
pub fn check(method: &str, path: &str, reply: &Reply) {
    if !path.starts_with("/api")
        || path.starts_with("/api/webhooks/woocommerce")
        || method == "HEAD"
    {
        return;
    }
    let components = &DOCUMENT["components"]["schemas"];
    let shown = format!("{method} {path}: {} {}", reply.status, reply.text);
    if reply.status >= 400 {
        assert_eq!(
            reply.header("content-type"),
            "application/problem+json",
            "{shown}"
        );
        let wrong = schema::mistakes(&components["Problem"], &reply.body, components);
        assert!(wrong.is_empty(), "{wrong:?}\n{shown}");
        assert_eq!(reply.body["status"], json!(reply.status), "{shown}");
        assert!(reply.body["instance"].is_string(), "{shown}");
    }
    let Some(operation) = described(method, path) else {
        assert!(
            [401, 404, 405].contains(&reply.status),
            "not in the document: {shown}"
        );
        return;
    };
    let answers = &operation["responses"];
    let Some(answer) = answers.get(reply.status.to_string()) else {
        panic!("the document knows no such status: {shown}");
    };
    let kind = reply
        .header("content-type")
        .split(';')
        .next()
        .unwrap_or_default();
    if reply.status < 400 {
        match answer["content"].as_object() {
            None => assert!(reply.text.is_empty(), "{shown}"),
            Some(content) => {
                let described = content
                    .get(kind)
                    .unwrap_or_else(|| panic!("`{kind}`: {shown}"));
                if kind == "application/json" {
                    let wrong = schema::mistakes(&described["schema"], &reply.body, components);
                    assert!(wrong.is_empty(), "{wrong:?}\n{shown}");
                }
            }
        }
        for name in answer["headers"]
            .as_object()
            .into_iter()
            .flat_map(|headers| headers.keys())
        {
            assert!(!reply.header(name).is_empty(), "no `{name}`: {shown}");
        }
    }
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{shown}");
    assert_eq!(reply.header("cache-control"), "no-store", "{shown}");
}
