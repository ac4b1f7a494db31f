//! Exchanges with a company that answers what a test says, and nothing it was not asked for.
//!
//! It judges no body: whether QuickBooks would take what we write is not shown here.

mod encoding;
mod lists;
mod looking;
mod rotating;
mod signing_in;
mod wording;
mod writing;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::*;
use crate::connector::port::{Life, TokenTurn};
use crate::model::document::{DocumentKey, DocumentKind, Marker, Role};
use crate::model::plan::{Action, Subject};

/// What the company was asked.
#[derive(Clone, Debug)]
struct Seen {
    method: String,
    /// Below the company.
    path: String,
    parameters: BTreeMap<String, String>,
    authorization: String,
    accept: String,
    content_type: String,
    body: String,
}

impl Seen {
    /// The question, however it came.
    fn question(&self) -> &str {
        match self.parameters.get("query") {
            Some(question) => question,
            None => &self.body,
        }
    }
}

/// What the company answers.
#[derive(Clone)]
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    /// The connection ends in the middle of the body.
    cut: bool,
}

fn reply(status: u16, body: impl Into<String>) -> Reply {
    Reply {
        status,
        headers: vec![("intuit_tid", "1-abc".to_owned())],
        body: body.into(),
        cut: false,
    }
}

fn refusal(status: u16, code: &str, detail: &str) -> Reply {
    reply(
        status,
        format!(
            r#"{{"Fault":{{"Error":[{{"Message":"m","Detail":"{detail}","code":"{code}"}}],"type":"ValidationFault"}},"time":"2026-03-02T09:15:07.300-08:00"}}"#
        ),
    )
}

fn rows(kind: &str, rows: &str) -> Reply {
    reply(
        200,
        format!(
            r#"{{"QueryResponse":{{"{kind}":[{rows}],"startPosition":1}},"time":"2026-03-02T09:15:07.300-08:00"}}"#
        ),
    )
}

fn no_rows() -> Reply {
    reply(
        200,
        r#"{"QueryResponse":{},"time":"2026-03-02T09:15:07.300-08:00"}"#,
    )
}

type Script = dyn Fn(&Seen) -> Option<Reply> + Send + Sync;

/// What happened, in order: requests by method and path, savings by name.
type Events = Arc<Mutex<Vec<String>>>;

struct World {
    url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    events: Events,
    shelf: Arc<Memory>,
    vault: Arc<Memory>,
    now: Arc<Mutex<DateTime<Utc>>>,
}

/// A shelf and a vault without a disk.
#[derive(Default)]
struct Memory {
    texts: Mutex<BTreeMap<String, String>>,
    events: Events,
    refuses: Mutex<bool>,
    taken: AtomicU32,
    lives: Mutex<Vec<Life>>,
}

impl Memory {
    fn text(&self, name: &str) -> Option<String> {
        self.texts.lock().expect("unpoisoned").get(name).cloned()
    }

    fn keep(&self, name: &str, text: &str) -> Result<(), Fault> {
        if *self.refuses.lock().expect("unpoisoned") {
            return Err(Fault::new(
                crate::model::fault::Remedy::Stop,
                "disk",
                "the disk is full",
            ));
        }
        self.events
            .lock()
            .expect("unpoisoned")
            .push(format!("save {name}"));
        let mut texts = self.texts.lock().expect("unpoisoned");
        texts.insert(name.to_owned(), text.to_owned());
        Ok(())
    }
}

impl Shelf for Memory {
    fn get(&self, name: &str) -> Option<(String, DateTime<Utc>)> {
        Some((self.text(name)?, DateTime::UNIX_EPOCH))
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Fault> {
        self.keep(name, text)
    }
}

impl Vault for Memory {
    fn load(&self, name: &str) -> Result<Option<SecretString>, Fault> {
        Ok(self.text(name).map(SecretString::from))
    }

    fn save(&self, name: &str, secret: &SecretString) -> Result<(), Fault> {
        self.keep(name, secret.expose_secret())
    }

    fn turn(&self, _: &str) -> Result<Option<TokenTurn>, Fault> {
        // A test that needs it takes the turn away for so many questions.
        let taken = self
            .taken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        Ok(taken.is_err().then(|| TokenTurn::new(())))
    }

    fn note(&self, _: &str, life: &Life) -> Result<(), Fault> {
        self.lives.lock().expect("unpoisoned").push(life.clone());
        Ok(())
    }
}

impl World {
    /// A company that answers by a script; what the script leaves out is answered as a small Canadian company does.
    async fn new(script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static) -> World {
        let events = Events::default();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback");
        let address = listener.local_addr().expect("bound");
        let script: Arc<Script> = Arc::new(script);
        let (log, notes) = (seen.clone(), events.clone());
        let app = axum::Router::new().fallback(move |request: Request<Body>| {
            let (log, notes, script) = (log.clone(), notes.clone(), script.clone());
            async move {
                let seen = read_request(request).await;
                let note = format!("{} {}", seen.method, seen.path);
                notes.lock().expect("unpoisoned").push(note);
                log.lock().expect("unpoisoned").push(seen.clone());
                let reply = script(&seen).or_else(|| usual(&seen));
                response(reply.unwrap_or_else(|| reply_to_nonsense(&seen)))
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        let memory = || {
            Arc::new(Memory {
                events: events.clone(),
                ..Memory::default()
            })
        };
        World {
            url: Url::parse(&format!("http://{address}")).expect("an address"),
            seen,
            shelf: memory(),
            vault: memory(),
            events,
            now: Arc::new(Mutex::new(
                "2026-03-02T17:20:00Z".parse().expect("an instant"),
            )),
        }
    }

    fn settings(&self) -> BooksConnection {
        BooksConnection {
            tokens: "quickbooks".to_owned(),
            mend: "mend it".to_owned(),
            company_id: "9130".into(),
            api_url: self.url.clone(),
            token_url: self.url.join("/token").expect("an address"),
            revoke_url: self.url.join("/revoke").expect("an address"),
            client_id: "client".to_owned().into(),
            client_secret: "secret".to_owned().into(),
            refresh_token: Some("RT-env".to_owned().into()),
            store: "aurora".into(),
            requests_per_minute: 5_000,
            requests_per_second: 1_000,
            batches_per_minute: 400,
            batch_size: 30,
            concurrency: 4,
            timeout: Duration::from_secs(5),
        }
    }

    /// A new process, with the shelf and the vault of the one before.
    fn connect(&self) -> QuickBooks {
        self.connect_with(self.settings())
    }

    fn connect_with(&self, settings: BooksConnection) -> QuickBooks {
        let now = self.now.clone();
        let clock = Clock::new(move || *now.lock().expect("unpoisoned"));
        QuickBooks::patient(
            settings,
            clock,
            self.shelf.clone(),
            self.vault.clone(),
            Duration::from_millis(1),
        )
    }

    fn later(&self, by: chrono::TimeDelta) {
        *self.now.lock().expect("unpoisoned") += by;
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("unpoisoned").clone()
    }

    /// How often a path was asked for.
    fn asked(&self, path: &str) -> usize {
        self.seen().iter().filter(|seen| seen.path == path).count()
    }

    fn questions(&self) -> Vec<String> {
        let all = self.seen().into_iter().filter(|seen| seen.path == "query");
        all.map(|seen| seen.question().to_owned()).collect()
    }

    fn events(&self) -> Vec<String> {
        self.events.lock().expect("unpoisoned").clone()
    }
}

async fn read_request(request: Request<Body>) -> Seen {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let query = parts.uri.query().unwrap_or_default();
    let body = to_bytes(body, 10_000_000).await.expect("a small body");
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().replace("/v3/company/9130/", ""),
        parameters: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        authorization: header("authorization"),
        accept: header("accept"),
        content_type: header("content-type"),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn response(reply: Reply) -> Response<Body> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = if reply.cut {
        let pieces = [Ok(reply.body), Err(std::io::Error::other("cut"))];
        Body::from_stream(futures_util::stream::iter(pieces))
    } else {
        Body::from(reply.body)
    };
    response.body(body).expect("valid headers")
}

fn reply_to_nonsense(seen: &Seen) -> Reply {
    refusal(400, "500", &format!("nobody expected {}", seen.path))
}

/// A small Canadian company.
fn usual(seen: &Seen) -> Option<Reply> {
    let question = seen.question();
    let kind = question
        .split("FROM ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .unwrap_or_default();
    Some(match (seen.path.as_str(), kind) {
        ("/token", _) => reply(
            200,
            r#"{"token_type":"bearer","access_token":"AT-1","refresh_token":"RT-1","expires_in":3600,"x_refresh_token_expires_in":8726400}"#,
        ),
        ("companyinfo/9130", _) => reply(
            200,
            r#"{"CompanyInfo":{"CompanyName":"Aurora Outfitters","Country":"CA","CompanyAddr":{"Country":"CAN"}},"time":"2026-03-02T09:15:07.300-08:00"}"#,
        ),
        ("preferences", _) => reply(
            200,
            r#"{"Preferences":{"AccountingInfoPrefs":{"BookCloseDate":"2025-12-31"},"SalesFormsPrefs":{"CustomTxnNumbers":true},"TaxPrefs":{"UsingSalesTax":true},"CurrencyPrefs":{"MultiCurrencyEnabled":true,"HomeCurrency":{"value":"CAD"}}},"time":"2026-03-02T09:15:07.300-08:00"}"#,
        ),
        ("query", "Account") => rows(
            "Account",
            r#"{"Id":"35","Name":"Checking","AccountType":"Bank","CurrencyRef":{"value":"CAD"}},
               {"Id":"36","Name":"Stripe Clearing","FullyQualifiedName":"Clearing:Stripe Clearing","AccountType":"Bank","CurrencyRef":{"value":"CAD"}},
               {"Id":"37","Name":"Euro Clearing","AccountType":"Bank","CurrencyRef":{"value":"EUR"}},
               {"Id":"60","Name":"Merchant Fees","AccountType":"Expense"},
               {"Id":"79","Name":"Sales of Product Income","AccountType":"Income"},
               {"Id":"80","Name":"Old Income","AccountType":"Income","Active":false}"#,
        ),
        ("query", "TaxCode") => rows(
            "TaxCode",
            r#"{"Id":"6","Name":"GST/PST BC","Active":true,"SalesTaxRateList":{"TaxRateDetail":[{"TaxRateRef":{"value":"8"}},{"TaxRateRef":{"value":"9"}}]}},
               {"Id":"4","Name":"Exempt","Active":true,"SalesTaxRateList":{"TaxRateDetail":[]}}"#,
        ),
        ("query", "TaxRate") => rows(
            "TaxRate",
            r#"{"Id":"8","Name":"GST 5%","RateValue":5,"Active":true},{"Id":"9","Name":"PST BC 7%","RateValue":7.0,"Active":true},{"Id":"10","Name":"QST","RateValue":9.975,"Active":true}"#,
        ),
        ("query", "PaymentMethod") => rows(
            "PaymentMethod",
            r#"{"Id":"3","Name":"Credit Card","Active":true}"#,
        ),
        ("query", _) => no_rows(),
        ("cdc", _) => reply(
            200,
            r#"{"CDCResponse":[{"QueryResponse":[{},{},{},{}]}],"time":"2026-03-02T09:30:00.000-08:00"}"#,
        ),
        _ => return None,
    })
}

fn key(order: u64, role: Role) -> DocumentKey {
    DocumentKey::of_order(order, role)
}

fn marker(order: u64, role: Role, revision: u32) -> Marker {
    Marker {
        store: "aurora".into(),
        key: key(order, role),
        revision,
    }
}

/// A body that refers to nothing that is still to be made.
fn whole(text: &str) -> crate::model::ticket::Body {
    crate::model::ticket::Body::whole(text.to_owned(), Vec::new()).expect("it refers to nothing")
}

/// A write of a sales receipt as the engine makes it.
fn receipt(order: u64) -> Write {
    let marker = marker(order, Role::Sale, 1);
    Write {
        action: Action::Create,
        subject: Subject::Document(marker.key),
        entity: DocumentKind::SalesReceipt.into(),
        remote: None,
        body: whole(&format!(
            r#"{{"DocNumber":"WC-{order}","TxnDate":"2026-03-02","CustomerRef":{{"value":"71"}},"DepositToAccountRef":{{"value":"36"}},"Line":[{{"Amount":100.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{{"ItemRef":{{"value":"21"}},"TaxCodeRef":{{"value":"6"}}}}}}],"TxnTaxDetail":{{"TotalTax":12.00}},"PrivateNote":"{marker}"}}"#
        )),
        marker: Some(marker),
        label: format!("WC-{order}"),
        expected: None,
        source: crate::model::plan::RecordKey::order(1, "1"),
        document: None,
        before: None,
    }
}

/// The receipt as QuickBooks shows it: with a subtotal, names, and totals of its own.
fn standing_receipt(id: u64, order: u64) -> String {
    format!(
        r#"{{"domain":"QBO","Id":"{id}","SyncToken":"0","DocNumber":"WC-{order}","TxnDate":"2026-03-02","CurrencyRef":{{"value":"CAD","name":"Canadian Dollar"}},"CustomerRef":{{"value":"71","name":"Ada"}},"DepositToAccountRef":{{"value":"36","name":"Stripe"}},"PrivateNote":"{}","Line":[{{"Id":"1","LineNum":1,"Amount":100.0,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{{"ItemRef":{{"value":"21","name":"Mug"}},"TaxCodeRef":{{"value":"6"}}}}}},{{"Amount":100.0,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{{}}}}],"TxnTaxDetail":{{"TotalTax":12,"TaxLine":[{{"Amount":5.0,"DetailType":"TaxLineDetail","TaxLineDetail":{{"TaxRateRef":{{"value":"8"}},"TaxPercent":5,"NetAmountTaxable":100}}}},{{"Amount":7.00,"DetailType":"TaxLineDetail","TaxLineDetail":{{"TaxRateRef":{{"value":"9"}}}}}}]}},"TotalAmt":112.00,"Balance":0}}"#,
        marker(order, Role::Sale, 1)
    )
}

fn ticket(books: &QuickBooks, writes: Vec<Write>) -> Ticket {
    Ticket::recorded(1, books.request(writes, 1))
}
