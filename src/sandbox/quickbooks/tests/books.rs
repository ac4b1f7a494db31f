//! The books as a whole: whatever people and programs do, they balance, and reports say what stands in them.

use super::super::entity::CompanyEntity::{self, *};
use super::super::figures::{amount_of, text_of};
use super::super::world::{CompanyState, CompanyWorld};
use super::super::write::{CompanyJob, CompanyWork, perform};
use super::super::{check, control, hand, ledger, reports, setup};
use crate::stand::seeded::Seeded;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn world(country: &str) -> CompanyWorld {
    let setup = json!({
        "company": { "country": country, "multicurrency": true },
        "accounts": [
            { "name": "Clearing", "type": "Bank", "subtype": "CashOnHand" },
            { "name": "Clearing USD", "type": "Bank", "subtype": "CashOnHand", "currency": "USD" },
            { "name": "Visa", "type": "Credit Card", "subtype": "CreditCard" },
            { "name": "Shipping Income", "type": "Income", "subtype": "ServiceFeeIncome" },
        ],
        "items": [{ "name": "Mug" }, { "name": "Shipping", "income_account": "Shipping Income" }],
        "customers": [
            { "display_name": "Jane" }, { "display_name": "Ann" },
            { "display_name": "Bob USD", "currency": "USD" }, { "display_name": "Eve JPY", "currency": "JPY" },
        ],
        "vendors": [{ "display_name": "Stripe" }, { "display_name": "PayPal USD", "currency": "USD" }],
        "tax_agencies": ["Canada Revenue Agency", "Revenu"],
        "tax_rates": [
            { "name": "GST", "percent": "5" }, { "name": "QST", "percent": "9.975", "agency": "Revenu" },
        ],
        "tax_codes": [{ "name": "G", "rates": ["GST"] }, { "name": "GQ", "rates": ["GST", "QST"] }, { "name": "E", "rates": [] }],
    });
    setup::build(setup).expect("the setup is right")
}

/// A program or a person who does something, at random.
struct Somebody<'w> {
    world: &'w mut CompanyWorld,
    dice: Seeded,
    done: usize,
}

const CUSTOMERS: [(&str, &str); 4] = [("51", "CAD"), ("52", "CAD"), ("53", "USD"), ("54", "JPY")];
const VENDORS: [(&str, &str); 2] = [("55", "CAD"), ("56", "USD")];

impl Somebody<'_> {
    fn money(&mut self, currency: &str) -> Value {
        let cents = 1 + self.dice.below(20_000);
        let text = if currency == "JPY" {
            cents.to_string()
        } else {
            format!("{}.{:02}", cents / 100, cents % 100)
        };
        text.parse::<serde_json::Number>()
            .map_or(Value::Null, Value::Number)
    }

    fn day(&mut self) -> String {
        format!(
            "2026-{:02}-{:02}",
            1 + self.dice.below(12),
            1 + self.dice.below(28)
        )
    }

    fn any(&mut self, kinds: &[CompanyEntity]) -> Option<(CompanyEntity, String)> {
        let all: Vec<(CompanyEntity, String)> = kinds
            .iter()
            .flat_map(|kind| {
                let rows = self.world.rows(*kind);
                rows.filter(|(_, row)| row.state != CompanyState::Deleted)
                    .map(|(id, _)| (*kind, id.clone()))
                    .collect::<Vec<_>>()
            })
            .collect();
        if all.is_empty() {
            return None;
        }
        Some(self.dice.pick(&all).clone())
    }

    fn write(&mut self, entity: CompanyEntity, work: CompanyWork, body: Value, by_person: bool) {
        let job = CompanyJob {
            entity,
            work,
            body,
            allow_duplicate_number: true,
            by_person,
            tax_off: None,
        };
        self.done += usize::from(perform(self.world, job).is_ok());
    }

    fn rate(&mut self) -> Value {
        let rates = ["1.3850", "1.2", "0.0091", "1.0843"];
        let text = *self.dice.pick(&rates);
        text.parse::<serde_json::Number>()
            .map_or(Value::Null, Value::Number)
    }

    fn line(&mut self, detail: &str, currency: &str) -> Value {
        let amount = self.money(currency);
        let code = *self.dice.pick(&["2", "3", "4"]);
        let inner = match detail {
            "SalesItemLineDetail" => {
                json!({ "ItemRef": { "value": *self.dice.pick(&["1", "2"]) }, "TaxCodeRef": { "value": code } })
            }
            _ => json!({ "AccountRef": { "value": "37" }, "TaxCodeRef": { "value": code } }),
        };
        json!({ "Amount": amount, "DetailType": detail, detail: inner })
    }

    fn document(&mut self, entity: CompanyEntity) {
        let (detail, party, list) = match entity {
            e if e.is_sales_form() => ("SalesItemLineDetail", "CustomerRef", &CUSTOMERS[..]),
            Purchase => ("AccountBasedExpenseLineDetail", "EntityRef", &VENDORS[..]),
            _ => ("AccountBasedExpenseLineDetail", "VendorRef", &VENDORS[..]),
        };
        let (id, currency) = *self.dice.pick(list);
        let count = 1 + self.dice.below(4);
        let mut lines: Vec<Value> = (0..count).map(|_| self.line(detail, currency)).collect();
        if entity.is_sales_form() && self.dice.chance(0.2) {
            lines.push(json!({ "DetailType": "DiscountLineDetail",
                "DiscountLineDetail": { "PercentBased": true, "DiscountPercent": 15 } }));
        }
        let mut body = json!({ party: { "value": id }, "Line": lines, "TxnDate": self.day() });
        if currency != "CAD" {
            body["ExchangeRate"] = self.rate();
        }
        if entity == Purchase {
            body["EntityRef"]["type"] = "Vendor".into();
            body["PaymentType"] = "Cash".into();
            body["Credit"] = self.dice.chance(0.3).into();
            body["AccountRef"] = json!({ "value": *self.dice.pick(&["38", "39", "41"]) });
        }
        if matches!(entity, SalesReceipt | RefundReceipt)
            && (entity == RefundReceipt || self.dice.chance(0.4))
        {
            let account = if currency == "USD" { "40" } else { "39" };
            body["DepositToAccountRef"] = json!({ "value": account });
        }
        if self.dice.chance(0.2) {
            body["TxnTaxDetail"] = json!({ "TotalTax": self.money(currency) });
        }
        let by_person = self.dice.chance(0.3);
        self.write(entity, CompanyWork::Create, body, by_person);
    }

    fn lever(
        &mut self,
        lever: fn(&mut CompanyWorld, &Value) -> hand::HandDone<Value>,
        body: Value,
    ) {
        self.done += usize::from(lever(self.world, &body).is_ok());
    }

    fn act(&mut self) {
        match self.dice.below(26) {
            0 | 1 => self.document(SalesReceipt),
            2 | 3 => self.document(Invoice),
            4 => self.document(CreditMemo),
            5 => self.document(RefundReceipt),
            6 => self.document(Purchase),
            7 => self.document(Bill),
            8 => self.document(VendorCredit),
            9 | 10 => self.pay(Invoice, "invoice"),
            11 => self.pay(Bill, "bill"),
            12 => self.apply_credit(Invoice, CreditMemo, Payment, "CustomerRef"),
            13 => self.apply_credit(Bill, VendorCredit, BillPayment, "VendorRef"),
            14 => {
                let Some((entity, id)) = self.any(&[Payment, SalesReceipt, Transfer]) else {
                    return;
                };
                let fee = if self.dice.chance(0.5) {
                    json!("1.07")
                } else {
                    Value::Null
                };
                let body = json!({ "documents": [{ "entity": entity.name(), "id": id }], "fee": fee, "date": self.day() });
                self.lever(hand::deposited, body);
            }
            15 => {
                let sign = if self.dice.chance(0.5) { "-" } else { "" };
                let body =
                    json!({ "amount": format!("{sign}{}", self.money("CAD")), "date": self.day() });
                self.lever(hand::added, body);
            }
            16 => {
                let (from, to) = *self.dice.pick(&[("39", "38"), ("39", "31"), ("40", "38")]);
                self.world.switches.transfers_between_currencies = self.dice.chance(0.5);
                let body = json!({ "entity": "Transfer", "amount": self.money("CAD"), "from": from, "to": to, "date": self.day() });
                self.lever(hand::entered, body);
            }
            17 => {
                let debit = *self.dice.pick(&["37", "32", "38"]);
                let body = json!({ "entity": "JournalEntry", "amount": self.money("CAD"), "debit": debit, "credit": "33",
                    "customer": "51", "date": self.day() });
                self.lever(hand::entered, body);
            }
            18 | 19 => {
                let Some((entity, id)) = self.any(&DOCUMENTS) else {
                    return;
                };
                let mut body = json!({ "entity": entity.name(), "id": id, "memo": "seen", "date": self.day() });
                if self.dice.chance(0.7) {
                    body["amount"] = self.money("CAD");
                }
                self.lever(hand::revised, body);
            }
            20 => self.take_back(CompanyWork::Void),
            21 => self.take_back(CompanyWork::Delete),
            22 => {
                let state = *self
                    .dice
                    .pick(&["cleared", "matched", "reconciled", "uncleared"]);
                let account = *self.dice.pick(&["38", "39"]);
                let body = json!({ "account": account, "through": self.day(), "state": state });
                self.lever(hand::marked, body);
            }
            23 | 24 => self.write_over(),
            _ => {
                let closed = self.dice.chance(0.5);
                self.world.company.books_closed_through =
                    closed.then(|| "2026-03-31".parse().expect("a day"));
            }
        }
    }

    fn pay(&mut self, entity: CompanyEntity, said: &str) {
        let Some((_, id)) = self.any(&[entity]) else {
            return;
        };
        let mut body = json!({ said: id, "date": self.day() });
        if self.dice.chance(0.6) {
            body["amount"] = self.money("JPY");
        }
        self.lever(hand::paid, body);
    }

    /// Uses a credit for a charge of the same party, by a payment of nothing.
    fn apply_credit(
        &mut self,
        charge: CompanyEntity,
        credit: CompanyEntity,
        payment: CompanyEntity,
        party: &str,
    ) {
        let (Some((_, owed)), Some((_, given))) = (self.any(&[charge]), self.any(&[credit])) else {
            return;
        };
        let open = |world: &CompanyWorld, entity, id: &str| {
            world
                .object(entity, id)
                .map_or(Decimal::ZERO, |object| amount_of(object, "Balance"))
        };
        let amount = open(self.world, charge, &owed).min(open(self.world, credit, &given));
        let whose = self
            .world
            .object(charge, &owed)
            .and_then(|object| text_of(object, party));
        let amount = super::super::figures::number(amount);
        let link = |kind: CompanyEntity, id: &str| json!({ "Amount": amount, "LinkedTxn": [{ "TxnId": id, "TxnType": kind.name() }] });
        let body = json!({ party: { "value": whose }, "TotalAmt": 0, "PayType": "Check", "TxnDate": "2026-06-30",
            "CheckPayment": { "BankAccountRef": { "value": "38" } }, "Line": [link(charge, &owed), link(credit, &given)] });
        let mut body = body;
        if payment == Payment {
            for field in ["PayType", "CheckPayment"] {
                body.as_object_mut().expect("an object").remove(field);
            }
        }
        self.write(payment, CompanyWork::Create, body, false);
    }

    /// Somebody writes a figure over, and nothing else is made to agree with it.
    fn write_over(&mut self) {
        let Some((entity, id)) = self.any(&DOCUMENTS) else {
            return;
        };
        let amount = self.money("JPY");
        let set = match self.dice.below(4) {
            0 => json!({ "TxnTaxDetail": { "TotalTax": amount } }),
            1 => json!({ "TxnDate": self.day() }),
            _ if entity == JournalEntry => json!({ "PrivateNote": "over" }),
            _ => json!({ "TotalAmt": amount, "Amount": amount }),
        };
        let body = json!({ "entity": entity.name(), "id": id, "set": set });
        self.done += usize::from(control::edited(self.world, &body).is_ok());
    }

    fn take_back(&mut self, work: CompanyWork) {
        let Some((entity, id)) = self.any(&DOCUMENTS) else {
            return;
        };
        let token = self
            .world
            .object(entity, &id)
            .and_then(|object| object.get("SyncToken").cloned());
        let by_person = self.dice.chance(0.5);
        self.write(
            entity,
            work,
            json!({ "Id": id, "SyncToken": token }),
            by_person,
        );
    }
}

const DOCUMENTS: [CompanyEntity; 12] = [
    SalesReceipt,
    Invoice,
    Payment,
    RefundReceipt,
    CreditMemo,
    Purchase,
    Deposit,
    Transfer,
    JournalEntry,
    Bill,
    VendorCredit,
    BillPayment,
];

fn asked(world: &CompanyWorld, name: &str, more: &[(&str, &str)]) -> Value {
    let span = [("start_date", "2026-01-01"), ("end_date", "2026-12-31")];
    let query: BTreeMap<String, String> = span
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    reports::answer(world, name, &query).expect("a report")
}

/// What moved on each account by the general ledger, section in section, without its sums.
fn moved(report: &Value) -> BTreeMap<String, Decimal> {
    fn read(rows: &Value, account: &str, place: usize, into: &mut BTreeMap<String, Decimal>) {
        for row in rows["Row"].as_array().into_iter().flatten() {
            if row["type"] == "Section" {
                let id = row["Header"]["ColData"][0]["id"].as_str().expect("an id");
                read(&row["Rows"], id, place, into);
            } else if row["ColData"][0]["value"] != "Beginning Balance" {
                let text = row["ColData"][place]["value"].as_str().expect("an amount");
                *into.entry(account.to_owned()).or_default() +=
                    text.parse::<Decimal>().expect("an amount");
            }
        }
    }
    let columns = report["Columns"]["Column"].as_array().expect("columns");
    let place = columns
        .iter()
        .position(|column| column["ColType"] == "subt_nat_home_amount")
        .expect("a column of amounts");
    let mut sums = BTreeMap::new();
    read(&report["Rows"], "", place, &mut sums);
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

/// Debit less credit of each account by the trial balance.
fn standing(report: &Value) -> BTreeMap<String, Decimal> {
    let cell = |row: &Value, place: usize| -> Decimal {
        row["ColData"][place]["value"]
            .as_str()
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()
    };
    let rows = report["Rows"]["Row"].as_array().expect("rows");
    rows.iter()
        .filter_map(|row| {
            Some((
                row["ColData"][0]["id"].as_str()?.to_owned(),
                cell(row, 1) - cell(row, 2),
            ))
        })
        .collect()
}

#[test]
fn whatever_is_done_the_books_balance_and_agree_with_what_is_open() {
    let (mut done, mut tried) = (0, 0);
    for seed in 1..=40 {
        let mut world = world("CA");
        let mut somebody = Somebody {
            world: &mut world,
            dice: Seeded::new(seed),
            done: 0,
        };
        for turn in 1..=200 {
            somebody.act();
            if turn % 20 == 0 {
                let found = check::books(somebody.world);
                assert_eq!(
                    found["right"], true,
                    "seed {seed}, turn {turn}: {}",
                    found["problems"]
                );
            }
        }
        done += somebody.done;
        tried += 200;
        // The general ledger of the year, account by account, is the trial balance at its end.
        let by_debit = |(id, sum): (String, Decimal)| {
            let account = world.object(Account, &id).expect("an account");
            (
                id.clone(),
                if ledger::grows_by_debit(account) {
                    sum
                } else {
                    -sum
                },
            )
        };
        let ledger: BTreeMap<String, Decimal> = moved(&asked(&world, "GeneralLedger", &[]))
            .into_iter()
            .map(by_debit)
            .collect();
        assert_eq!(
            ledger,
            standing(&asked(&world, "TrialBalance", &[])),
            "seed {seed}"
        );
        assert_eq!(ledger.values().sum::<Decimal>(), Decimal::ZERO);
        // What stands after a snapshot is what stood before.
        let again =
            super::super::snapshot::read(super::super::snapshot::take(&world)).expect("a snapshot");
        assert_eq!(check::books(&again), check::books(&world), "seed {seed}");
    }
    // Most of it was really done: a test of refusals would show little.
    assert!(done * 2 > tried, "{done} of {tried}");
}

#[test]
fn the_books_balance_with_the_tax_of_the_us_too() {
    for model in ["us_ast", "us_manual"] {
        let mut world = world("US");
        world.company = serde_json::from_value(json!({ "country": "US", "tax_model": model }))
            .expect("a company");
        let line = json!({ "Amount": 10, "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": { "ItemRef": { "value": "1" }, "TaxCodeRef": { "value": "TAX" } } });
        let body = json!({ "CustomerRef": { "value": "51" }, "Line": [line], "TxnTaxDetail": { "TotalTax": 0.83 } });
        let mut somebody = Somebody {
            world: &mut world,
            dice: Seeded::new(1),
            done: 0,
        };
        somebody.write(SalesReceipt, CompanyWork::Create, body, false);
        assert_eq!(somebody.done, 1);
        let found = check::books(&world);
        assert_eq!(found["right"], true, "{}", found["problems"]);
        assert_eq!(found["equations"]["tax owed"][0].to_string(), "-0.83");
    }
}

/// A check that nothing can fail would be none.
#[test]
fn books_that_are_wrong_are_found_to_be() {
    let mut world = world("CA");
    let mut somebody = Somebody {
        world: &mut world,
        dice: Seeded::new(3),
        done: 0,
    };
    for _ in 0..60 {
        somebody.act();
    }
    assert_eq!(check::books(&world)["right"], true);
    let (id, mut invoice) = world
        .rows(Invoice)
        .find(|(_, row)| row.state == CompanyState::Active)
        .map(|(id, row)| (id.clone(), row.object().clone()))
        .expect("an invoice");
    let balance = amount_of(&invoice, "Balance") + Decimal::ONE;
    invoice.insert("Balance".into(), super::super::figures::number(balance));
    world.replace(Invoice, &id, invoice, false);
    let found = check::books(&world);
    assert_eq!(found["right"], false);
    assert!(
        found["problems"][0]
            .as_str()
            .is_some_and(|why| why.starts_with("receivable")),
        "{found}"
    );
}
