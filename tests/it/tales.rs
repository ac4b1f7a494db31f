//! Tales of orders: what happens to them in the shop from day to day, and what the books must hold of each in the end.
//!
//! The expectation is worked out here, from what the shop charged, and shares nothing with the code that posts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::{World, amount, company, shop};

/// A small seeded generator (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// Once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// One order with its story so far. Amounts are net and in cents, multiples of twenty, so that 5 % of them are whole.
#[derive(Clone, Debug)]
pub struct Tale {
    pub id: u64,
    pub number: String,
    pub net: i64,
    pub on_account: bool,
    pub paid: bool,
    pub cancelled: bool,
    pub trashed: bool,
    pub fee: Option<i64>,
    /// Id and net amount.
    pub refunds: Vec<(u64, i64)>,
    pub sku: String,
    pub buyer: u64,
}

impl Tale {
    /// Paid by card.
    pub fn paid(id: u64, net: i64) -> Tale {
        Tale {
            id,
            number: id.to_string(),
            net,
            on_account: false,
            paid: true,
            cancelled: false,
            trashed: false,
            fee: None,
            refunds: Vec::new(),
            sku: format!("SKU-{}", id % 4),
            buyer: id % 5,
        }
    }

    /// By bank transfer, which is waited for.
    pub fn owed(id: u64, net: i64) -> Tale {
        Tale {
            on_account: true,
            paid: false,
            ..Tale::paid(id, net)
        }
    }

    pub fn total(&self) -> i64 {
        gross(self.net)
    }

    fn refunded(&self) -> i64 {
        self.refunds.iter().map(|(_, net)| net).sum()
    }

    /// The order as the shop shows it.
    pub fn order(&self) -> Value {
        let id = self.id;
        let (net, tax) = (text(self.net), text(gross(self.net) - self.net));
        let status = match (self.cancelled, self.paid, self.refunded() == self.net) {
            (true, ..) => "cancelled",
            (_, _, true) => "refunded",
            (_, true, _) => "processing",
            (_, false, _) => "on-hold",
        };
        let mut meta = Vec::new();
        if let Some(fee) = self.fee {
            meta.push(json!({ "id": id * 100, "key": "_stripe_fee", "value": text(fee) }));
            meta.push(json!({ "id": id * 100 + 1, "key": "_stripe_currency", "value": "CAD" }));
        }
        let person = json!({
            "first_name": format!("Buyer {}", self.buyer), "last_name": "Reed", "address_1": "1 Main St", "city": "Calgary",
            "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": format!("buyer{}@example.com", self.buyer)
        });
        json!({
            "id": id, "status": status, "currency": "CAD", "number": self.number, "prices_include_tax": false,
            "discount_total": "0.00", "discount_tax": "0.00", "shipping_total": "0.00", "shipping_tax": "0.00",
            "cart_tax": tax, "total": text(gross(self.net)), "total_tax": tax, "customer_id": 0,
            "date_created_gmt": "2026-11-02T17:00:00",
            "date_paid_gmt": if self.paid { json!("2026-11-09T17:01:00") } else { Value::Null },
            // What the gateway keeps of a transfer is kept by a card's gateway too: one account for both.
            "payment_method": if self.on_account { "bacs" } else { "stripe" },
            "meta_data": meta, "billing": person, "shipping": person,
            "line_items": [{ "id": id * 10, "name": format!("Thing {}", self.sku), "product_id": 500 + id % 4, "variation_id": 0,
                "quantity": 1, "subtotal": net, "subtotal_tax": tax, "total": net, "total_tax": tax,
                "taxes": [{ "id": 1, "total": tax, "subtotal": tax }], "sku": self.sku, "price": self.net as f64 / 100.0 }],
            "tax_lines": [{ "id": id * 10 + 1, "rate_code": "CA-GST-1", "rate_id": 1, "label": "GST", "compound": false,
                "tax_total": tax, "shipping_tax_total": "0.00", "rate_percent": 5 }],
            "shipping_lines": [], "fee_lines": [], "coupon_lines": [],
            "refunds": self.refunds.iter().map(|(refund, net)| json!({ "id": refund, "reason": "",
                "total": format!("-{}", text(gross(*net))) })).collect::<Vec<_>>()
        })
    }

    /// The refunds in full.
    pub fn refund_objects(&self) -> Value {
        let one = |(refund, net): &(u64, i64)| {
            let (minus, tax) = (
                format!("-{}", text(*net)),
                format!("-{}", text(gross(*net) - net)),
            );
            json!({
                "id": refund, "parent_id": self.id, "date_created_gmt": "2026-11-05T17:00:00", "amount": text(gross(*net)),
                "reason": "", "refunded_payment": true, "shipping_lines": [], "fee_lines": [],
                "line_items": [{ "id": refund * 10, "name": format!("Thing {}", self.sku), "product_id": 500 + self.id % 4,
                    "variation_id": 0, "quantity": 0, "subtotal": minus, "subtotal_tax": tax, "total": minus, "total_tax": tax,
                    "taxes": [{ "id": 1, "total": tax, "subtotal": tax }], "sku": self.sku,
                    "meta_data": [{ "id": refund * 100, "key": "_refunded_item_id", "value": (self.id * 10).to_string() }] }],
                "tax_lines": [{ "id": refund * 10 + 1, "rate_code": "CA-GST-1", "rate_id": 1, "label": "GST", "compound": false,
                    "tax_total": tax, "shipping_tax_total": "0.00", "rate_percent": 5 }]
            })
        };
        self.refunds.iter().map(one).collect()
    }

    /// Shows the order in the shop as it is now.
    pub fn tell(&self, world: &World) {
        world.put_order(&self.order(), &self.refund_objects(), false);
        if self.trashed {
            world.tell_store(&format!("orders/{}/trash", self.id), json!({}));
        }
    }

    /// What is wrong with the books as far as this order goes.
    pub fn check(&self, books: &Books) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut say = |what: String| wrong.push(format!("order {}: {what}", self.id));
        let active = |kind: &str| -> Vec<&Standing> {
            let of_kind = books.of(self.id).filter(|standing| standing.kind == kind);
            of_kind
                .filter(|standing| standing.state == "active")
                .collect()
        };
        let sales = active("sale");
        let withdrawn = self.cancelled || self.trashed;
        if withdrawn && !self.paid {
            if !sales.is_empty() {
                say(format!("withdrawn, and still {sales:?}"));
            }
            let made = books
                .of(self.id)
                .filter(|standing| standing.kind == "sale")
                .count();
            if made > 1 {
                say(format!("made {made} times"));
            }
            return wrong;
        }
        let [sale] = sales.as_slice() else {
            say(format!("{} sales: {sales:?}", sales.len()));
            return wrong;
        };
        if (sale.total.as_str(), sale.tax.as_str())
            != (
                text(self.total()).as_str(),
                text(self.total() - self.net).as_str(),
            )
        {
            say(format!("should come to {}: {sale:?}", text(self.total())));
        }
        let mut credited = 0;
        for (refund, net) in &self.refunds {
            let found: Vec<&Standing> = active("refund")
                .into_iter()
                .filter(|standing| standing.reference == Some(*refund))
                .collect();
            let [one] = found.as_slice() else {
                say(format!("refund {refund}: {found:?}"));
                continue;
            };
            if one.total != text(gross(*net)) {
                say(format!(
                    "refund {refund} should be {}: {one:?}",
                    text(gross(*net))
                ));
            }
            if one.entity == "CreditMemo" {
                credited += gross(*net);
            }
        }
        if active("refund").len() != self.refunds.len() {
            say(format!("more refunds than given: {:?}", active("refund")));
        }
        let payments = active("payment");
        let settled = self.paid || (credited > 0 && credited == self.total());
        if sale.entity == "Invoice" && settled {
            if payments.len() != 1 || payments[0].total != text(self.total() - credited) {
                say(format!("payments {payments:?}"));
            } else if sale.balance != "0.00" {
                say(format!("not settled by its payment: {sale:?}"));
            }
        } else if !payments.is_empty() {
            say(format!("paid by nobody: {payments:?}"));
        }
        let fees = active("fee");
        let fee = self.fee.filter(|_| self.paid);
        match (fee, fees.as_slice()) {
            (None, []) => {}
            (Some(fee), [one]) if one.total == text(fee) => {}
            _ => say(format!("fee {fee:?}, in the books {fees:?}")),
        }
        wrong
    }
}

/// One document of ours in the books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    pub order: u64,
    /// `sale`, `payment`, `refund`, `fee`
    pub kind: String,
    pub reference: Option<u64>,
    pub entity: String,
    pub number: String,
    pub date: String,
    pub total: String,
    pub tax: String,
    pub balance: String,
    /// Amount, item and tax code of each line, or what is linked.
    pub lines: Vec<String>,
    pub customer: String,
    pub state: String,
}

/// Our documents by order, in words that do not depend on ids.
#[derive(Debug, PartialEq, Eq)]
pub struct Books(pub Vec<Standing>);

impl Books {
    pub fn of(&self, order: u64) -> impl Iterator<Item = &Standing> {
        self.0
            .iter()
            .filter(move |standing| standing.order == order)
    }

    /// All that carries our marker, deleted ones left out.
    pub fn read(world: &World) -> Books {
        Books::of_documents(world, &world.documents())
    }

    fn of_documents(world: &World, documents: &[Value]) -> Books {
        let names = |entity: &str, field: &str| -> BTreeMap<String, String> {
            let list = world.books(&format!("objects/{entity}"));
            let list = list.as_array().expect("a list").clone();
            list.iter()
                .map(|one| (word(&one["id"]), word(&one["object"][field])))
                .collect()
        };
        let (customers, items) = (names("Customer", "DisplayName"), names("Item", "Name"));
        let numbers: BTreeMap<(String, String), String> = documents
            .iter()
            .map(|one| {
                let key = (word(&one["entity"]), word(&one["id"]));
                (key, word(&one["object"]["DocNumber"]))
            })
            .collect();
        let line = |line: &Value| -> Option<String> {
            let amount = amount(&line["Amount"]);
            if let Some(links) = line["LinkedTxn"]
                .as_array()
                .filter(|links| !links.is_empty())
            {
                let key = (word(&links[0]["TxnType"]), word(&links[0]["TxnId"]));
                return Some(format!("{amount} for {} {:?}", key.0, numbers.get(&key)));
            }
            let kind = word(&line["DetailType"]);
            let detail = &line[kind.as_str()];
            let item = items.get(&word(&detail["ItemRef"]["value"]));
            let code = word(&detail["TaxCodeRef"]["value"]);
            (kind != "SubTotalLineDetail").then(|| format!("{amount} {item:?} {code}"))
        };
        let mut standing: Vec<Standing> = documents
            .iter()
            .filter(|one| one["state"] != json!("deleted"))
            .filter_map(|one| {
                let object = &one["object"];
                let note = word(&object["PrivateNote"]);
                let marker = &note[note.find("[udsync ")?..];
                let part = |name: &str| -> Option<String> {
                    let start = marker.find(&format!(" {name}="))? + name.len() + 2;
                    let end = marker[start..].find([' ', ']'])? + start;
                    Some(marker[start..end].to_owned())
                };
                // Version 1 of a marker knows orders alone.
                let (order, kind, reference) = match part("role") {
                    None => (part("order")?, part("kind")?, part("ref")),
                    Some(role) => {
                        let order = part("origin")?.strip_prefix("order:")?.to_owned();
                        match role.split_once(':') {
                            None => (order, role, None),
                            Some((role, id)) => (order, role.to_owned(), Some(id.to_owned())),
                        }
                    }
                };
                Some(Standing {
                    order: order.parse().ok()?,
                    kind,
                    reference: reference.and_then(|id| id.parse().ok()),
                    entity: word(&one["entity"]),
                    number: format!(
                        "{}{}",
                        word(&object["DocNumber"]),
                        word(&object["PaymentRefNum"])
                    ),
                    date: word(&object["TxnDate"]),
                    total: amount(&object["TotalAmt"]),
                    tax: amount(&object["TxnTaxDetail"]["TotalTax"]),
                    balance: amount(&object["Balance"]),
                    lines: object["Line"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(line)
                        .collect(),
                    customer: customers
                        .get(&word(&object["CustomerRef"]["value"]))
                        .cloned()
                        .unwrap_or_default(),
                    state: word(&one["state"]),
                })
            })
            .collect();
        standing.sort();
        Books(standing)
    }
}

/// A shop full of tales that go on.
pub struct Tales {
    pub dice: Dice,
    pub orders: BTreeMap<u64, Tale>,
    next: u64,
}

impl Tales {
    pub fn begin(seed: u64, world: &World, orders: u64) -> Tales {
        let mut tales = Tales {
            dice: Dice(seed),
            orders: BTreeMap::new(),
            next: 1_001,
        };
        for _ in 0..orders {
            tales.another(world);
        }
        tales
    }

    /// A new order comes in.
    pub fn another(&mut self, world: &World) {
        let (id, net) = (self.next, 200 + 20 * self.dice.below(500) as i64);
        self.next += 1;
        let mut tale = if self.dice.one_in(2) {
            Tale::paid(id, net)
        } else {
            Tale::owed(id, net)
        };
        tale.sku = format!("SKU-{}", self.dice.below(6));
        tale.buyer = self.dice.below(7);
        if self.dice.one_in(3) {
            tale.fee = Some(31 + self.dice.below(200) as i64);
        }
        tale.tell(world);
        self.orders.insert(id, tale);
    }

    /// Something happens to a few orders.
    pub fn go_on(&mut self, world: &World, happenings: u64) {
        let ids: Vec<u64> = self.orders.keys().copied().collect();
        for _ in 0..happenings {
            let id = *self.dice.pick(&ids);
            let what = self.dice.below(6);
            let more = 20 * (1 + self.dice.below(50) as i64);
            let refund_id = 50_000 + self.next;
            self.next += 1;
            let tale = self.orders.get_mut(&id).expect("one of these");
            if tale.cancelled || tale.trashed {
                continue;
            }
            match what {
                0 | 1 if !tale.paid => tale.paid = true,
                2 if tale.refunds.is_empty() => tale.net += more,
                3 if tale.net - tale.refunded() > more => tale.refunds.push((refund_id, more)),
                4 if !tale.paid && tale.refunds.is_empty() => tale.cancelled = true,
                5 if !tale.paid && tale.refunds.is_empty() => tale.trashed = true,
                _ => continue,
            }
            tale.tell(world);
        }
    }

    /// Everything that is wrong with the books.
    pub fn check(&self, world: &World) -> Vec<String> {
        let documents = world.documents();
        let books = Books::of_documents(world, &documents);
        let mut wrong: Vec<String> = self
            .orders
            .values()
            .flat_map(|tale| tale.check(&books))
            .collect();
        let strays = books
            .0
            .iter()
            .filter(|standing| !self.orders.contains_key(&standing.order));
        wrong.extend(strays.map(|stray| format!("of no order: {stray:?}")));
        let unmarked = documents
            .iter()
            .filter(|one| !word(&one["object"]["PrivateNote"]).contains("[udsync "));
        wrong.extend(
            unmarked.map(|one| format!("without our marker: {} {}", one["entity"], one["id"])),
        );
        wrong
    }
}

pub fn gross(net: i64) -> i64 {
    net + net * 5 / 100
}

/// Cents as the shop writes them.
pub fn text(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

pub fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The usual settings, with the gateway's fees booked.
pub fn books() -> String {
    format!(
        "{}\n[books.policy]\ngateway_fees = \"expense\"\n",
        crate::world::BOOKS.replace(
            "\"*\" = \"Undeposited Funds\"",
            "\"*\" = \"Stripe Clearing\""
        )
    )
}

/// A shop with these orders, and books in which a second document of a number is no error: it must be our own doing to be seen.
pub fn world_of(tales: &[Tale]) -> World {
    let mut setup = company();
    setup["company"]["warn_duplicate_numbers"] = json!(false);
    let world = World::new(shop(Vec::new()), setup, &books());
    for tale in tales {
        tale.tell(&world);
    }
    world
}
