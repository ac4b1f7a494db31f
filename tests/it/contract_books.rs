//! Contract: what may be done over the wire with each of the eleven kinds that the books of a shop are made of. Each is made, read, changed
//! and taken back, and whatever QuickBooks refuses is refused.
//!
//! The bodies stand here as they go over the wire, and the client is a few lines of its own: whatever we believe of QuickBooks must not
//! be right only because both sides of a test believe it.

use serde_json::{Value, json};
use udsync::sandbox::quickbooks;

use crate::order::with;
use crate::world::{CLIENT, REALM, RUNTIME, amount};

struct Company {
    running: quickbooks::Running,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
struct Told {
    status: u16,
    body: Value,
}

impl Told {
    #[track_caller]
    fn refused(&self, code: &str, what: &str) {
        let told = self.body["Fault"]["Error"][0]["code"].as_str();
        assert_eq!((self.status, told), (400, Some(code)), "{what}: {self:?}");
    }
}

impl Company {
    fn open() -> Company {
        Company::of(json!({}))
    }

    /// With what is said of the company itself.
    fn of(about: Value) -> Company {
        let setup = json!({
            "company": about,
            "accounts": [
                { "name": "Clearing", "type": "Bank" },
                { "name": "Card", "type": "Credit Card" },
                { "name": "Fees", "type": "Expense" },
            ],
            "items": [{ "name": "Mug" }],
            "customers": [{ "display_name": "Ann Lee" }],
            "vendors": [{ "display_name": "Stripe" }, { "display_name": "Somebody else" }],
            "tax_rates": [{ "name": "GST 5%", "percent": "5" }],
            "tax_codes": [{ "name": "GST", "rates": ["GST 5%"] }],
        });
        Company {
            running: RUNTIME
                .block_on(quickbooks::start(0, setup))
                .expect("the company opens"),
            http: CLIENT.clone(),
        }
    }

    fn told(&self, request: reqwest::RequestBuilder) -> Told {
        let request = request
            .header("accept", "application/json")
            .bearer_auth("sandbox-access-token");
        RUNTIME.block_on(async {
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            let text = answer.text().await.expect("a body");
            let body = serde_json::from_str(&text).unwrap_or(Value::Null);
            Told { status, body }
        })
    }

    fn address(&self, rest: &str) -> String {
        format!("{}/v3/company/{REALM}/{rest}", self.running.url())
    }

    fn post(&self, path: &str, body: &Value) -> Told {
        self.told(self.http.post(self.address(path)).json(body))
    }

    fn get(&self, path: &str) -> Told {
        self.told(self.http.get(self.address(path)))
    }

    #[track_caller]
    fn makes(&self, kind: &str, body: &Value) -> Value {
        let told = self.post(&kind.to_lowercase(), body);
        assert_eq!(told.status, 200, "{kind}: {told:?}");
        told.body[kind].clone()
    }

    fn query(&self, text: &str) -> Value {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        self.get(&format!("query?query={encoded}")).body["QueryResponse"].clone()
    }

    /// The id of something by its name.
    fn id(&self, kind: &str, name: &str) -> String {
        let field = match kind {
            "Customer" | "Vendor" => "DisplayName",
            _ => "Name",
        };
        let rows = self.query(&format!("SELECT * FROM {kind} WHERE {field} = '{name}'"));
        let id = rows[kind][0]["Id"].as_str().map(str::to_owned);
        id.unwrap_or_else(|| panic!("no {kind} `{name}`: {rows}"))
    }

    fn reference(&self, kind: &str, name: &str) -> Value {
        json!({ "value": self.id(kind, name) })
    }

    /// A line that sells.
    fn sold(&self, amount: f64) -> Value {
        json!([{ "Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {
            "ItemRef": self.reference("Item", "Mug"), "TaxCodeRef": self.reference("TaxCode", "GST"),
        } }])
    }

    /// A line that spends.
    fn spent(&self, amount: f64) -> Value {
        json!([{ "Amount": amount, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": {
            "AccountRef": self.reference("Account", "Fees"), "TaxCodeRef": self.reference("TaxCode", "GST"),
        } }])
    }

    /// Each kind with a body that is accepted, and the fields without which it is not.
    fn kinds(&self) -> Vec<(&'static str, Value, Vec<&'static str>)> {
        let ann = self.reference("Customer", "Ann Lee");
        let stripe = self.reference("Vendor", "Stripe");
        let clearing = self.reference("Account", "Clearing");
        let numbered = |number: &str, mut body: Value| {
            body["DocNumber"] = json!(number);
            body["TxnDate"] = json!("2026-10-31");
            body
        };
        vec![
            (
                "Customer",
                json!({ "DisplayName": "Bob Roy" }),
                vec!["DisplayName"],
            ),
            (
                "Item",
                json!({ "Name": "Plate", "Type": "Service", "IncomeAccountRef": self.reference("Account", "Sales of Product Income") }),
                vec!["Name"],
            ),
            (
                "Vendor",
                json!({ "DisplayName": "WooPayments" }),
                vec!["DisplayName"],
            ),
            (
                "Invoice",
                numbered(
                    "I-1",
                    json!({ "CustomerRef": ann, "Line": self.sold(20.0) }),
                ),
                vec!["CustomerRef", "Line"],
            ),
            (
                "Payment",
                json!({ "CustomerRef": ann, "TotalAmt": 5.0, "TxnDate": "2026-10-31" }),
                vec!["CustomerRef", "TotalAmt"],
            ),
            (
                "SalesReceipt",
                numbered(
                    "S-1",
                    json!({ "CustomerRef": ann, "DepositToAccountRef": clearing, "Line": self.sold(20.0) }),
                ),
                vec!["Line"],
            ),
            (
                "CreditMemo",
                numbered("C-1", json!({ "CustomerRef": ann, "Line": self.sold(4.0) })),
                vec!["CustomerRef", "Line"],
            ),
            (
                "RefundReceipt",
                numbered(
                    "R-1",
                    json!({ "CustomerRef": ann, "DepositToAccountRef": clearing, "Line": self.sold(4.0) }),
                ),
                vec!["DepositToAccountRef", "Line"],
            ),
            (
                "Bill",
                numbered(
                    "B-1",
                    json!({ "VendorRef": stripe, "Line": self.spent(9.0) }),
                ),
                vec!["VendorRef", "Line"],
            ),
            (
                "Purchase",
                numbered(
                    "P-1",
                    json!({ "PaymentType": "Cash", "AccountRef": clearing, "Line": self.spent(3.0) }),
                ),
                vec!["PaymentType", "AccountRef", "Line"],
            ),
            (
                "VendorCredit",
                numbered(
                    "V-1",
                    json!({ "VendorRef": stripe, "Line": self.spent(2.0) }),
                ),
                vec!["VendorRef", "Line"],
            ),
        ]
    }

    #[track_caller]
    fn is_right(&self) {
        let url = format!("{}/_sandbox/ledger/check", self.running.url());
        let checked = crate::world::get(&url);
        assert_eq!(checked["right"], true, "{checked}");
    }
}

fn is_name(kind: &str) -> bool {
    ["Customer", "Item", "Vendor"].contains(&kind)
}

#[test]
fn each_of_the_eleven_kinds_is_made_read_changed_and_taken_back() {
    let company = Company::open();
    for (kind, body, required) in company.kinds() {
        let path = kind.to_lowercase();
        for field in required {
            let mut without = body.clone();
            without.as_object_mut().expect("fields").remove(field);
            let told = company.post(&path, &without);
            assert_eq!(told.status, 400, "{kind} without {field}: {told:?}");
        }
        let mut odd = body.clone();
        odd["Wings"] = json!(2);
        company.post(&path, &odd).refused("2010", kind);
        let made = company.makes(kind, &body);
        let id = made["Id"].as_str().expect("an id").to_owned();
        assert_eq!(made["SyncToken"], "0", "{kind}");
        // Read by its id, and found by a question.
        let read = company.get(&format!("{path}/{id}"));
        assert_eq!(
            (read.status, &read.body[kind]["Id"]),
            (200, &made["Id"]),
            "{kind}"
        );
        let rows = company.query(&format!("SELECT * FROM {kind} WHERE Id = '{id}'"));
        assert_eq!(rows[kind][0]["Id"], made["Id"], "{kind}: {rows}");
        // Changed with the token that it has, and not with an older one, and nothing else of it moves.
        let field = match kind {
            "Item" => "Description",
            "Customer" | "Vendor" => "CompanyName",
            _ => "PrivateNote",
        };
        // An item is written with its name and its accounts, whatever of it changes.
        let whole = |fields: Value| match kind {
            "Item" => with(body.clone(), fields),
            _ => fields,
        };
        let change = |token: &str| {
            whole(json!({ "Id": id, "SyncToken": token, "sparse": true, field: "changed" }))
        };
        company
            .post(&path, &json!({ "Id": id, "sparse": true, field: "x" }))
            .refused("2020", kind);
        let changed = company.post(&path, &change("0")).body[kind].clone();
        assert_eq!(
            (&changed[field], &changed["SyncToken"]),
            (&json!("changed"), &json!("1")),
            "{kind}"
        );
        assert_eq!(changed["Line"], made["Line"], "{kind}");
        assert_eq!(
            amount(&changed["TotalAmt"]),
            amount(&made["TotalAmt"]),
            "{kind}"
        );
        company.post(&path, &change("0")).refused("5010", kind);
        // Taken back: names by being inactive, documents by being gone.
        if is_name(kind) {
            let inactive = json!({ "Id": id, "SyncToken": "1", "sparse": true, "Active": false });
            let inactive = whole(inactive);
            assert_eq!(
                company.post(&path, &inactive).body[kind]["Active"],
                false,
                "{kind}"
            );
            let rows = company.query(&format!("SELECT * FROM {kind} WHERE Id = '{id}'"));
            assert_eq!(
                rows[kind],
                Value::Null,
                "{kind} is not shown any more: {rows}"
            );
            // Its name is free again.
            company.makes(kind, &body);
            let delete = json!({ "Id": id, "SyncToken": "2" });
            let told = company.post(&format!("{path}?operation=delete"), &delete);
            assert_eq!(told.status, 400, "{kind} cannot be deleted: {told:?}");
            continue;
        }
        let stale = json!({ "Id": id, "SyncToken": "0" });
        company
            .post(&format!("{path}?operation=delete"), &stale)
            .refused("5010", kind);
        let delete = json!({ "Id": id, "SyncToken": "1" });
        let deleted = company.post(&format!("{path}?operation=delete"), &delete);
        assert_eq!(
            deleted.body[kind]["status"], "Deleted",
            "{kind}: {deleted:?}"
        );
        let gone = company.get(&format!("{path}/{id}"));
        assert_eq!(gone.status, 400, "{kind}: {gone:?}");
        company.is_right();
    }
}

#[test]
fn what_can_be_voided_over_the_wire_is_empty_and_the_rest_is_refused() {
    for kind in [
        "Invoice",
        "SalesReceipt",
        "Payment",
        "CreditMemo",
        "RefundReceipt",
        "Bill",
        "Purchase",
        "VendorCredit",
    ] {
        let company = Company::open();
        let all = company.kinds();
        let (_, body, _) = all
            .iter()
            .find(|(name, _, _)| *name == kind)
            .expect("a kind");
        let made = company.makes(kind, body);
        let path = kind.to_lowercase();
        let way = match kind {
            "Invoice" => "operation=void",
            _ => "operation=update&include=void",
        };
        let id = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true });
        let told = company.post(&format!("{path}?{way}"), &id);
        match kind {
            "Invoice" | "SalesReceipt" | "Payment" => {
                let voided = &told.body[kind];
                assert_eq!(amount(&voided["TotalAmt"]), "0.00", "{kind}: {told:?}");
                let note = voided["PrivateNote"].as_str().unwrap_or_default();
                assert!(note.starts_with("Voided"), "{kind}: {note}");
            }
            _ => assert_eq!(told.status, 400, "{kind}: {told:?}"),
        }
        company.is_right();
    }
}

#[test]
fn a_bill_is_settled_by_money_and_by_the_vendors_credit_and_owed_again_without_them() {
    let company = Company::open();
    let stripe = company.reference("Vendor", "Stripe");
    let bill = company.makes(
        "Bill",
        &json!({ "VendorRef": stripe, "DocNumber": "B-1", "Line": company.spent(9.0) }),
    );
    let credit = company.makes(
        "VendorCredit",
        &json!({ "VendorRef": stripe, "Line": company.spent(2.0) }),
    );
    assert_eq!(amount(&bill["TotalAmt"]), "9.45", "with its tax");
    let linked = |kind: &str, of: &Value, by: f64| json!({ "Amount": by, "LinkedTxn": [{ "TxnId": of["Id"], "TxnType": kind }] });
    let payment = |vendor: &Value, total: f64, lines: Vec<Value>| {
        json!({ "VendorRef": vendor, "TotalAmt": total, "PayType": "Check", "Line": lines,
            "CheckPayment": { "BankAccountRef": company.reference("Account", "Clearing") } })
    };
    let both = vec![
        linked("Bill", &bill, 9.45),
        linked("VendorCredit", &credit, 2.10),
    ];
    // Of another vendor, more than is open, out of an account that pays nothing by cheque, in no way at all.
    let other = company.reference("Vendor", "Somebody else");
    let of_other = company.post("billpayment", &payment(&other, 7.35, both.clone()));
    assert_eq!(of_other.status, 400, "{of_other:?}");
    let too_much = company.post(
        "billpayment",
        &payment(&stripe, 50.0, vec![linked("Bill", &bill, 50.0)]),
    );
    assert_eq!(too_much.status, 400, "{too_much:?}");
    let mut by_card = payment(&stripe, 7.35, both.clone());
    by_card["CheckPayment"] = json!({ "BankAccountRef": company.reference("Account", "Card") });
    assert_eq!(company.post("billpayment", &by_card).status, 400);
    by_card["CheckPayment"] = Value::Null;
    assert_eq!(company.post("billpayment", &by_card).status, 400);
    let paid = company.makes("BillPayment", &payment(&stripe, 7.35, both));
    let open = |kind: &str, of: &Value| {
        let id = of["Id"].as_str().expect("an id");
        amount(&company.get(&format!("{}/{id}", kind.to_lowercase())).body[kind]["Balance"])
    };
    assert_eq!(
        (open("Bill", &bill), open("VendorCredit", &credit)),
        ("0.00".into(), "0.00".into())
    );
    company.is_right();
    let take_back = json!({ "Id": paid["Id"], "SyncToken": paid["SyncToken"] });
    let told = company.post("billpayment?operation=delete", &take_back);
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(
        (open("Bill", &bill), open("VendorCredit", &credit)),
        ("9.45".into(), "2.10".into())
    );
    company.is_right();
    // A number that the vendor's bills have already is asked about.
    let twice = json!({ "VendorRef": stripe, "DocNumber": "B-1", "Line": company.spent(1.0) });
    company
        .post("bill", &twice)
        .refused("6140", "the same number");
    let other = json!({ "VendorRef": other, "DocNumber": "B-1", "Line": company.spent(1.0) });
    company.makes("Bill", &other);
}

#[test]
fn a_bill_is_in_its_vendors_currency_and_a_vendor_keeps_the_one_it_has() {
    let usd = json!({ "value": "USD" });
    // Where a company has one currency, nobody else's is taken.
    let company = Company::open();
    let abroad = json!({ "DisplayName": "Abroad", "CurrencyRef": usd });
    company
        .post("vendor", &abroad)
        .refused("6000", "one currency");
    let stripe = company.reference("Vendor", "Stripe");
    let bill = json!({ "VendorRef": stripe, "CurrencyRef": usd, "Line": company.spent(9.0) });
    company.post("bill", &bill).refused("6000", "one currency");
    let company = Company::of(json!({ "multicurrency": true }));
    let made = company.makes("Vendor", &abroad);
    assert_eq!(made["CurrencyRef"]["value"], "USD");
    let change = json!({ "Id": made["Id"], "SyncToken": "0", "sparse": true, "CurrencyRef": { "value": "CAD" } });
    company
        .post("vendor", &change)
        .refused("6000", "it keeps its currency");
    // Its bill is in its currency, said or unsaid, and in no other.
    let theirs = json!({ "value": made["Id"] });
    for kind in ["Bill", "VendorCredit"] {
        let body = json!({ "VendorRef": theirs, "Line": company.spent(9.0) });
        let unsaid = company.makes(kind, &body);
        assert_eq!(unsaid["CurrencyRef"]["value"], "USD", "{kind}");
        assert_eq!(amount(&unsaid["TotalAmt"]), "9.45", "{kind}");
        assert!(unsaid["ExchangeRate"].is_number(), "{kind}: {unsaid}");
        let path = kind.to_lowercase();
        let other = with(body.clone(), json!({ "CurrencyRef": { "value": "CAD" } }));
        company.post(&path, &other).refused("6000", kind);
        let odd = with(body, json!({ "CurrencyRef": { "value": "Dollars" } }));
        company.post(&path, &odd).refused("2220", kind);
        let home = json!({ "VendorRef": company.reference("Vendor", "Stripe"), "CurrencyRef": { "value": "USD" }, "Line": company.spent(9.0) });
        company.post(&path, &home).refused("6000", kind);
    }
    company.is_right();
}
