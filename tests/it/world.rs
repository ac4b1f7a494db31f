//! A small world for a test: a shop, a company, a home folder, and the real binary between them.
//!
//! The stand-ins run in this process and are spoken to over HTTP only. Nothing of the machine's own configuration leaks in.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use udsync::sandbox::{demo, quickbooks, supabase, woocommerce};

pub static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the stand-ins")
});

pub static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client for the stand-ins")
});

pub const KEY: &str = "ck_1111111111111111111111111111111111111111";
pub const SECRET: &str = "cs_2222222222222222222222222222222222222222";
pub const CLIENT_ID: &str = "client-33333333";
pub const CLIENT_SECRET: &str = "secret-44444444";
pub const REFRESH_TOKEN: &str = "RT1-55555555";
pub const DATABASE_KEY: &str = "sb_secret_66666666666666666666";
pub const REALM: &str = "9341454000000001";

pub struct World {
    pub home: TempDir,
    shop: Option<woocommerce::Running>,
    company: Option<quickbooks::Running>,
    database: Option<supabase::Running>,
    pub shop_url: String,
    pub company_url: String,
    /// Empty in a world without a database.
    pub database_url: String,
    pub config: PathBuf,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The document that was printed, which is as its schema says.
    #[track_caller]
    pub fn json(&self) -> Value {
        let answer = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}\n{}", self.out, self.err));
        crate::schemas::check(&answer);
        answer
    }

    #[track_caller]
    pub fn ends_with(self, code: i32) -> Ran {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.out, self.err
        );
        self
    }

    pub fn problems(&self) -> Vec<Value> {
        self.json()["problems"].as_array().expect("a list").clone()
    }

    /// The code of each problem.
    pub fn codes(&self) -> Vec<String> {
        let code = |problem: &Value| problem["code"].as_str().expect("a code").to_owned();
        self.problems().iter().map(code).collect()
    }

    /// Number, state and code of each problem.
    pub fn held(&self) -> Vec<String> {
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        let said = |problem: &Value| {
            format!(
                "{} {} {}",
                word(&problem["source"]["number"]),
                word(&problem["state"]),
                word(&problem["code"])
            )
        };
        self.problems().iter().map(said).collect()
    }

    pub fn figure(&self, name: &str) -> u64 {
        self.json()["targets"]["quickbooks"][name]
            .as_u64()
            .expect("a figure")
    }
}

/// The usual Canadian company, for tests that have no case to take it from.
pub fn company() -> Value {
    json!({
        "realm": REALM,
        "company": { "country": "CA", "home_currency": "CAD", "timezone": "America/Edmonton" },
        "accounts": [
            { "name": "Stripe Clearing", "type": "Bank" },
            { "name": "PayPal Clearing", "type": "Bank" },
            { "name": "Undeposited Funds", "type": "Other Current Asset", "subtype": "UndepositedFunds" },
            { "name": "Merchant Fees", "type": "Expense" }
        ],
        "tax_rates": [
            { "name": "GST 5%", "percent": "5" }, { "name": "PST BC 7%", "percent": "7" },
            { "name": "HST ON 13%", "percent": "13" }, { "name": "QST 9.975%", "percent": "9.975" },
            { "name": "Exempt 0%", "percent": "0" }, { "name": "Zero 0%", "percent": "0" }
        ],
        "tax_codes": [
            { "name": "GST", "rates": ["GST 5%"] }, { "name": "GST/PST BC", "rates": ["GST 5%", "PST BC 7%"] },
            { "name": "PST BC", "rates": ["PST BC 7%"] }, { "name": "HST ON", "rates": ["HST ON 13%"] },
            { "name": "GST/QST QC", "rates": ["GST 5%", "QST 9.975%"] },
            { "name": "Exempt", "rates": ["Exempt 0%"] }, { "name": "Zero-rated", "rates": ["Zero 0%"] }
        ],
        "payment_methods": ["Credit Card", "PayPal", "Bank Transfer", "Cheque", "Cash"],
        "oauth": oauth()
    })
}

pub fn oauth() -> Value {
    json!({ "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN })
}

pub fn shop(orders: Vec<Value>) -> Value {
    json!({
        "site": { "name": "Test shop", "timezone": "America/Edmonton", "currency": "CAD" },
        "keys": [{ "key": KEY, "secret": SECRET, "permissions": "read" }],
        "orders": orders
    })
}

/// The `[books]` part that goes with [`company`].
pub const BOOKS: &str = r#"
[books]
timezone = "America/Edmonton"
number_prefix = "WC-"
gateway_fees = "Merchant Fees"
[books.deposit]
stripe = "Stripe Clearing"
paypal = "PayPal Clearing"
"*" = "Undeposited Funds"
[books.payment_methods]
stripe = "Credit Card"
paypal = "PayPal"
bacs = "Bank Transfer"
cheque = "Cheque"
cod = "Cash"
[books.tax]
no_tax_code = "Exempt"
export_code = "Zero-rated"
rates = { "1" = "GST 5%", "2" = "PST BC 7%", "3" = "HST ON 13%", "4" = "QST 9.975%", "CA-GST-1" = "GST 5%", "CA-AB-GST-1" = "GST 5%", "CA-BC-GST-1" = "GST 5%", "CA-BC-PST-1" = "PST BC 7%", "CA-BC-PST-2" = "PST BC 7%", "CA-ON-HST-1" = "HST ON 13%", "CA-QC-QST-1" = "QST 9.975%" }
[[books.tax.codes]]
woo = ["1"]
code = "GST"
[[books.tax.codes]]
woo = ["1", "2"]
code = "GST/PST BC"
[[books.tax.codes]]
woo = ["2"]
code = "PST BC"
[[books.tax.codes]]
woo = ["3"]
code = "HST ON"
[[books.tax.codes]]
woo = ["1", "4"]
code = "GST/QST QC"
"#;

impl World {
    /// The usual company and this shop.
    pub fn of_orders(orders: Vec<Value>) -> World {
        World::new(shop(orders), company(), BOOKS)
    }

    pub fn new(shop: Value, company: Value, books: &str) -> World {
        let shop = RUNTIME
            .block_on(woocommerce::start(0, shop))
            .expect("the shop starts");
        let company = RUNTIME
            .block_on(quickbooks::start(0, company))
            .expect("the company starts");
        let home = home();
        let config = home.path().join("udsync.toml");
        let world = World {
            shop_url: shop.url(),
            company_url: company.url(),
            shop: Some(shop),
            company: Some(company),
            database: None,
            database_url: String::new(),
            config,
            home,
        };
        world.configure(books);
        world
    }

    /// This world with a database, which its configuration names.
    pub fn with_database(self) -> World {
        self.with_database_of(json!({}))
    }

    /// The same, set up as said; the key is the usual one.
    pub fn with_database_of(mut self, mut setup: Value) -> World {
        setup["keys"] = json!([{ "key": DATABASE_KEY, "role": "service_role" }]);
        let database = RUNTIME
            .block_on(supabase::start(0, setup))
            .expect("the database starts");
        self.database_url = database.url();
        self.database = Some(database);
        let text = std::fs::read_to_string(&self.config).expect("it was written");
        let text = text + &demo::database_config(&self.database_url);
        std::fs::write(&self.config, text).expect("written again");
        self
    }

    /// The demonstration's company and configuration, with a shop of so many machine-made orders.
    pub fn of_generated(generate: Value, company_changes: Value, quickbooks: &str) -> World {
        let mut shop = demo::shop();
        shop["orders"] = json!([]);
        shop["refunds"] = json!({});
        shop["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
        shop["generate"] = generate;
        let mut company = demo::company();
        company["oauth"] = oauth();
        for (key, value) in company_changes.as_object().expect("changes by key") {
            company[key] = value.clone();
        }
        let world = World::new(shop, company, BOOKS);
        let text = demo::config(&world.shop_url, &world.company_url);
        let books = text
            .split_once("[books]")
            .expect("the demonstration has books")
            .1;
        world.configure(&format!("[books]{books}"));
        if !quickbooks.is_empty() {
            let text = std::fs::read_to_string(&world.config).expect("just written");
            let fast = "requests_per_minute = 100000\nrequests_per_second = 10000\nbatches_per_minute = 100000\n";
            std::fs::write(&world.config, text.replace(fast, quickbooks)).expect("written again");
        }
        world
    }

    /// A month of the demonstration's shop in which nothing went wrong, and books that know nothing of it yet.
    pub fn of_month(month: &demo::CleanMonth) -> World {
        let mut shop = month.shop();
        shop["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
        let mut company = month.company();
        company["oauth"] = oauth();
        World::new(shop, company, &month.books())
    }

    /// Writes the configuration anew with this part below the connections.
    pub fn configure(&self, books: &str) {
        let text = format!(
            r#"[shop]
name = "test"
state = "test.db"
[woocommerce]
url = "{shop}"
[quickbooks]
environment = "sandbox"
company_id = "{REALM}"
api_url = "{company}"
auth_url = "{company}/connect/oauth2"
token_url = "{company}/oauth2/v1/tokens/bearer"
revoke_url = "{company}/v2/oauth2/tokens/revoke"
requests_per_minute = 100000
requests_per_second = 10000
batches_per_minute = 100000
settle_after = "300ms"
[sync]
confirm_over = 100000
{books}"#,
            shop = self.shop_url,
            company = self.company_url,
        );
        let text = match self.database {
            Some(_) => text + &demo::database_config(&self.database_url),
            None => text,
        };
        std::fs::write(&self.config, text).expect("the configuration is written");
    }

    /// Adds lines to `[quickbooks]`.
    pub fn say_of_quickbooks(&self, lines: &str) {
        let text = std::fs::read_to_string(&self.config).expect("it was written");
        let text = text.replace("[sync]", &format!("{lines}\n[sync]"));
        std::fs::write(&self.config, text).expect("written again");
    }

    /// Adds lines to `[sync]`.
    pub fn say_of_sync(&self, lines: &str) {
        let text = std::fs::read_to_string(&self.config).expect("it was written");
        let text = text.replace("[sync]", &format!("[sync]\n{lines}"));
        std::fs::write(&self.config, text).expect("written again");
    }

    /// Gives the company so much time for a request, as the configuration has it.
    pub fn settle_after(&self, time: &str) {
        let text = std::fs::read_to_string(&self.config).expect("it was written");
        let lines = text.lines().map(|line| match line.split_once(" = ") {
            Some(("settle_after", _)) => format!("settle_after = \"{time}\"\n"),
            _ => format!("{line}\n"),
        });
        std::fs::write(&self.config, lines.collect::<String>()).expect("written again");
    }

    /// Waits until the company has done everything it was asked for.
    #[track_caller]
    pub fn company_is_idle(&self) {
        until("the company is done", || self.books("at_work") == json!(0));
    }

    /// Ends all bad luck.
    pub fn clear_mishaps(&self) {
        for url in self.services() {
            let url = format!("{url}/_sandbox/mishaps");
            send(reqwest::Method::DELETE, &url, &Value::Null);
        }
    }

    pub fn state(&self) -> PathBuf {
        self.home.path().join("test.db")
    }

    /// The state file is lost, and its log with it.
    pub fn lose_state(&self) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.state().display()));
        }
    }

    /// The books and the state file are again what they were when they were kept.
    pub fn put_back(&self, company: &Value, state: &[u8]) {
        self.put_books("snapshot", company);
        self.lose_state();
        std::fs::write(self.state(), state).expect("the state is put back");
    }

    /// The binary, with this world's environment and nothing else.
    pub fn command(&self, line: &str) -> Command {
        let mut command = bare_command(self.home.path());
        command
            .args(line.split_whitespace())
            .env("UDSYNC_WOOCOMMERCE_KEY", KEY)
            .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET)
            .env("UDSYNC_QUICKBOOKS_CLIENT_ID", CLIENT_ID)
            .env("UDSYNC_QUICKBOOKS_CLIENT_SECRET", CLIENT_SECRET)
            .env("UDSYNC_QUICKBOOKS_REFRESH_TOKEN", REFRESH_TOKEN)
            .env("UDSYNC_FIRST_PAUSE_MS", "5");
        if self.database.is_some() {
            command.env("UDSYNC_SUPABASE_KEY", DATABASE_KEY);
        }
        command
    }

    pub fn run(&self, line: &str) -> Ran {
        ran(self.command(line).output().expect("the binary runs"))
    }

    pub fn start(&self, line: &str) -> Child {
        self.command(line)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts")
    }

    /// Everything the company holds that it did not hold from the beginning.
    pub fn documents(&self) -> Vec<Value> {
        let all = self.books("documents");
        let all = all.as_array().expect("a list").clone();
        all.into_iter()
            .filter(|document| document["seeded"] != json!(true))
            .collect()
    }

    /// `SalesReceipt WC-1042 19.90 active`, in the order first made.
    pub fn postings(&self) -> Vec<String> {
        self.documents()
            .iter()
            .map(|document| {
                let object = &document["object"];
                let number = object["DocNumber"]
                    .as_str()
                    .or(object["PaymentRefNum"].as_str())
                    .unwrap_or("-");
                format!(
                    "{} {} {} {}",
                    document["entity"].as_str().unwrap_or("?"),
                    number,
                    amount(&object["TotalAmt"]),
                    document["state"].as_str().unwrap_or("?")
                )
            })
            .collect()
    }

    pub fn books(&self, what: &str) -> Value {
        get(&format!("{}/_sandbox/{what}", self.company_url))
    }

    pub fn tell_books(&self, what: &str, value: Value) -> Value {
        send(
            reqwest::Method::POST,
            &format!("{}/_sandbox/{what}", self.company_url),
            &value,
        )
    }

    pub fn forget_requests(&self) {
        for url in self.services() {
            send(
                reqwest::Method::DELETE,
                &format!("{url}/_sandbox/requests"),
                &Value::Null,
            );
        }
    }

    /// The addresses of all that this world has.
    fn services(&self) -> impl Iterator<Item = &String> {
        let all = [&self.company_url, &self.shop_url, &self.database_url];
        all.into_iter().filter(|url| !url.is_empty())
    }

    /// `rows`, `requests`, `counts`, `mishaps` of the database.
    pub fn database(&self, what: &str) -> Value {
        get(&format!("{}/_sandbox/{what}", self.database_url))
    }

    pub fn tell_database(&self, what: &str, value: Value) -> Value {
        let url = format!("{}/_sandbox/{what}", self.database_url);
        send(reqwest::Method::POST, &url, &value)
    }

    /// As when somebody works in the tables.
    pub fn put_rows(&self, table: &str, rows: &[Value]) {
        let url = format!("{}/_sandbox/rows", self.database_url);
        send(reqwest::Method::PUT, &url, &json!({ table: rows }));
    }

    /// The rows of one table in the order of their keys, exact numbers as text.
    pub fn rows(&self, table: &str) -> Vec<Value> {
        let all = self.database("rows");
        all[table].as_array().expect("a table").clone()
    }

    pub fn store(&self, what: &str) -> Value {
        get(&format!("{}/_sandbox/{what}", self.shop_url))
    }

    /// What the shop's own API answers below `wc/v3`, with the keys in the query.
    pub fn read_shop(&self, path: &str) -> Value {
        get(&format!("{}/wp-json/wc/v3/{path}", self.shop_url))
    }

    pub fn tell_store(&self, what: &str, value: Value) -> Value {
        send(
            reqwest::Method::POST,
            &format!("{}/_sandbox/{what}", self.shop_url),
            &value,
        )
    }

    pub fn put_store(&self, what: &str, value: &Value) {
        let url = format!("{}/_sandbox/{what}", self.shop_url);
        send(reqwest::Method::PUT, &url, value);
    }

    pub fn delete_store(&self, what: &str) {
        let url = format!("{}/_sandbox/{what}", self.shop_url);
        send(reqwest::Method::DELETE, &url, &Value::Null);
    }

    pub fn put_books(&self, what: &str, value: &Value) {
        let url = format!("{}/_sandbox/{what}", self.company_url);
        send(reqwest::Method::PUT, &url, value);
    }

    pub fn put_order(&self, order: &Value, refunds: &Value, keep_modified: bool) {
        let id = order["id"].as_u64().expect("an id");
        send(
            reqwest::Method::PUT,
            &format!("{}/_sandbox/orders/{id}", self.shop_url),
            &json!({ "order": order, "refunds": refunds, "keep_modified": keep_modified }),
        );
    }

    /// As when somebody disconnects the app in QuickBooks.
    pub fn revoke(&self) {
        let url = format!("{}/v2/oauth2/tokens/revoke", self.company_url);
        let answer = RUNTIME.block_on(
            CLIENT
                .post(url)
                .basic_auth(CLIENT_ID, Some(CLIENT_SECRET))
                .json(&json!({ "token": REFRESH_TOKEN }))
                .send(),
        );
        assert!(answer.expect("an answer").status().is_success());
    }

    /// Ends a stand-in, as a service that is not there.
    pub fn close_books(&mut self) {
        if let Some(company) = self.company.take() {
            RUNTIME.block_on(company.stop());
        }
    }

    pub fn close_database(&mut self) {
        if let Some(database) = self.database.take() {
            RUNTIME.block_on(database.stop());
        }
    }

    pub fn close_store(&mut self) {
        if let Some(shop) = self.shop.take() {
            RUNTIME.block_on(shop.stop());
        }
    }
}

/// A folder for one world. In memory where the system has such a place: what is on the disk before what is not shown by
/// waiting for a disk.
pub fn home() -> TempDir {
    let memory = Path::new("/dev/shm");
    tempfile::tempdir_in(memory)
        .or_else(|_| tempfile::tempdir())
        .expect("a folder")
}

/// The binary in an empty environment, at home in this folder.
pub fn bare_command(home: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("udsync"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TMPDIR", home)
        // Without an address, the one of whoever sits at this machine would be guessed: their keyring is none of ours.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A JSON number or text as an amount with two decimals.
pub fn amount(value: &Value) -> String {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return "-".to_owned(),
    };
    text.parse::<udsync::model::money::Money>()
        .map_or(text, |money| money.to_string())
}

pub fn get(url: &str) -> Value {
    send(reqwest::Method::GET, url, &Value::Null)
}

pub fn send(method: reqwest::Method, url: &str, value: &Value) -> Value {
    RUNTIME.block_on(async {
        let mut request = CLIENT.request(method.clone(), url);
        if !value.is_null() {
            request = request.json(value);
        }
        let response = request.send().await.expect("the stand-in answers");
        let status = response.status();
        let text = response.text().await.expect("a whole answer");
        assert!(status.is_success(), "{method} {url}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    })
}

/// Lets all services behave again.
pub fn forget_mishaps(world: &World) {
    world.clear_mishaps();
}

/// Waits for something that another process does.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !is_so() {
        assert!(began.elapsed().as_secs() < 120, "waited in vain: {what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}
