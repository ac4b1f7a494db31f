//! Drives the stand-in over HTTP, one rule at a time.

mod batches;
mod books;
mod changes;
mod forms;
mod ledger;
mod logins;
mod mishaps;
mod money;
mod names;
mod notices;
mod pauses;
mod queries;
mod reports;
mod running;

use super::{Running, start};
use crate::stand::tests::client::http;
use serde_json::{Value, json};

const REALM: &str = "9341454000000001";

/// A running stand-in and a client that holds its token.
struct Books {
    running: Running,
    http: reqwest::Client,
}

struct Answer {
    status: u16,
    text: String,
    kind: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    fn code(&self) -> String {
        let code = self.json()["Fault"]["Error"][0]["code"]
            .as_str()
            .map(str::to_owned);
        code.unwrap_or_else(|| panic!("not a fault: {}", self.text))
    }
}

fn canada() -> Value {
    json!({
        "accounts": [
            { "name": "Stripe Clearing", "type": "Bank", "subtype": "CashOnHand" },
            { "name": "Visa Card", "type": "Credit Card", "subtype": "CreditCard" },
        ],
        "items": [{ "name": "Mug", "sku": "MUG" }, { "name": "Shipping" }, { "name": "Old", "active": false }],
        "customers": [
            { "display_name": "Jane Doe", "email": "jane@example.com" },
            { "display_name": "Gone", "active": false },
            { "display_name": "Amy's Bird Sanctuary" },
        ],
        "vendors": [{ "display_name": "Stripe" }],
        "tax_rates": [{ "name": "GST 5%", "percent": "5" }, { "name": "PST 7%", "percent": "7" }],
        "tax_codes": [
            { "name": "GST", "rates": ["GST 5%"] },
            { "name": "GST/PST", "rates": ["GST 5%", "PST 7%"] },
            { "name": "Stale", "rates": ["GST 5%"], "active": false },
        ],
        "payment_methods": ["Credit Card"],
        "documents": [{ "entity": "SalesReceipt", "doc_number": "WC-9", "customer": "Jane Doe", "txn_date": "2025-01-01", "total": "10.00" }],
    })
}

impl Books {
    async fn new(setup: Value) -> Books {
        Books {
            running: start(0, setup).await.expect("the setup is right"),
            http: http(),
        }
    }

    async fn canada() -> Books {
        Books::new(canada()).await
    }

    fn api(&self, rest: &str) -> String {
        format!("{}/v3/company/{REALM}/{rest}", self.running.url())
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let request = request
            .header("accept", "application/json")
            .bearer_auth("sandbox-access-token");
        let response = request.send().await?;
        let status = response.status().as_u16();
        let kind = response
            .headers()
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok(Answer {
            status,
            kind,
            text: response.text().await?,
        })
    }

    async fn post(&self, rest: &str, body: Value) -> Answer {
        self.try_post(rest, body).await.expect("an answer comes")
    }

    async fn try_post(&self, rest: &str, body: Value) -> Result<Answer, reqwest::Error> {
        self.send(self.http.post(self.api(rest)).json(&body)).await
    }

    async fn get(&self, rest: &str) -> Answer {
        self.send(self.http.get(self.api(rest)))
            .await
            .expect("an answer comes")
    }

    async fn ask(&self, query: &str) -> Answer {
        let request = self.http.get(self.api("query")).query(&[("query", query)]);
        self.send(request).await.expect("an answer comes")
    }

    /// The ids a query finds, in the order of the answer.
    async fn ids(&self, query: &str) -> Vec<String> {
        let answer = self.ask(query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let json = answer.json();
        let lists = json["QueryResponse"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, v)| v.as_array());
        lists
            .flatten()
            .map(|o| o["Id"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    async fn control(&self, path: &str) -> Value {
        let response = self
            .http
            .get(format!("{}/_sandbox/{path}", self.running.url()))
            .send()
            .await;
        response
            .expect("an answer comes")
            .json()
            .await
            .expect("it is JSON")
    }

    async fn tell(&self, path: &str, body: Value) -> u16 {
        let request = self
            .http
            .post(format!("{}/_sandbox/{path}", self.running.url()))
            .json(&body);
        request
            .send()
            .await
            .expect("an answer comes")
            .status()
            .as_u16()
    }

    /// Creates something that must succeed and answers with the object.
    async fn made(&self, entity: &str, body: Value) -> Value {
        let answer = self.post(&entity.to_lowercase(), body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()[entity].clone()
    }

    async fn refused(&self, rest: &str, body: Value) -> String {
        let answer = self.post(rest, body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        answer.code()
    }

    async fn made_documents(&self) -> usize {
        let all = self.control("documents").await;
        all.as_array()
            .into_iter()
            .flatten()
            .filter(|d| d["seeded"] == false)
            .count()
    }
}

/// Ids as the setup above gives them out.
const JANE: &str = "51";
const GONE: &str = "52";
const AMY: &str = "53";
const STRIPE: &str = "54";
const MUG: &str = "1";
const OLD: &str = "3";
const GST: &str = "2";
const GST_PST: &str = "3";
const STALE_CODE: &str = "4";

fn line(amount: &str) -> Value {
    json!({
        "Amount": amount.parse::<serde_json::Number>().expect("a number"),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": { "ItemRef": { "value": MUG }, "TaxCodeRef": { "value": GST } },
    })
}

fn receipt(number: &str) -> Value {
    json!({ "DocNumber": number, "CustomerRef": { "value": JANE }, "TxnDate": "2026-03-02", "Line": [line("19.99")] })
}

fn with(mut base: Value, field: &str, value: Value) -> Value {
    base[field] = value;
    base
}

fn invoice(amount: &str) -> Value {
    json!({ "CustomerRef": { "value": JANE }, "Line": [line(amount)], "GlobalTaxCalculation": "NotApplicable" })
}

fn link(kind: &str, id: &Value, amount: i64) -> Value {
    json!({ "Amount": amount, "LinkedTxn": [{ "TxnId": id, "TxnType": kind }] })
}

fn payment(total: i64, lines: Vec<Value>) -> Value {
    json!({ "CustomerRef": { "value": JANE }, "TotalAmt": total, "Line": lines })
}

fn batch(items: &[Value]) -> Value {
    json!({ "BatchItemRequest": items })
}

fn create(id: &str, number: &str) -> Value {
    json!({ "bId": id, "operation": "create", "SalesReceipt": receipt(number) })
}
