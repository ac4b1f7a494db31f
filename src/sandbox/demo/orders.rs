//! The demo's November, order by order, out of `orders.txt`.
//!
//! Each order is here for something that a sync has to get right; the comment above it there
//! says for what.

use std::collections::BTreeMap;

use chrono_tz::America::Edmonton;
use serde_json::{Value, json};

use super::people::buyer;
use super::shelf::{CORDS, goods, rain_suit, shirt, tune_up};
use crate::woocommerce::basket::{Basket, Coupon, Fee, ShopGoods, ShopIds, order};
use crate::woocommerce::giveback::{Giveback, amount_only, with_lines};
use crate::woocommerce::money::{Cents, cents, text};

#[derive(Default)]
pub struct DemoSold {
    pub orders: Vec<Value>,
    pub refunds: BTreeMap<String, Vec<Value>>,
}

/// The first of November 2026 in UTC, in seconds since 1970.
pub const FIRST: i64 = 1_793_491_200;

/// Seconds since 1970 of a day and time of November 2026, in UTC.
pub fn november(day: i64, hour: i64, minute: i64) -> i64 {
    FIRST + (day - 1) * 86_400 + hour * 3_600 + minute * 60 + (day * 7 + minute) % 60
}

/// A card payment sent two days later, which most orders are.
fn sold(id: u64, day: i64, who: &str, goods: Vec<ShopGoods>) -> Basket {
    let buyer = buyer(who);
    let created = november(day, 15 + (id % 8) as i64, (id % 53) as i64);
    let paid = created + 75;
    let sent = november(day + 2, 17, 5);
    Basket {
        id,
        status: "completed".to_owned(),
        currency: if buyer.person.country == "US" {
            "USD"
        } else {
            "CAD"
        }
        .to_owned(),
        created,
        modified: sent,
        paid: Some(paid),
        completed: Some(sent),
        customer: buyer.account,
        buyer: buyer.person,
        method: ("stripe".to_owned(), "Credit Card (Stripe)".to_owned()),
        transaction: format!("ch_demo_{id}"),
        goods,
        shipping: Some((
            "Canada Post regular".to_owned(),
            "flat_rate".to_owned(),
            1_250,
        )),
        ..Basket::default()
    }
}

impl Basket {
    /// Takes in what a line says of an order beyond its goods.
    fn with(mut self, said: &str) -> Self {
        let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
        match word {
            "paypal" => self.method(word, "PayPal", format!("DEMO{}PP", self.id)),
            "transfer" => self.method("bacs", "Direct bank transfer", String::new()),
            "cash" => self.method("cod", "Cash on delivery", String::new()),
            "status" => {
                self.status = rest.to_owned();
                self.completed = None;
                self.modified = self.paid.unwrap_or(self.created);
            }
            "unpaid" => {
                self.paid = None;
                self.transaction = String::new();
                self.modified = self.created;
            }
            "made" => self.created = moment(rest),
            "paid" => {
                self.modified = moment(rest);
                self.paid = Some(self.modified);
            }
            "sent" => {
                let (method, rest) = cut(rest, " ");
                let (price, title) = cut(rest, " ");
                self.shipping = Some((title.to_owned(), method.to_owned(), number(price)));
            }
            "fee" => {
                let (amount, name) = cut(rest, " ");
                self.fees.push(Fee {
                    name: name.to_owned(),
                    amount: number(amount),
                    taxed: true,
                });
            }
            "percent" | "amount" => {
                let (code, off) = cut(rest, " ");
                let (code, off) = (code.to_owned(), number(off));
                self.coupon = Some(match word {
                    "percent" => Coupon::Percent(code, off),
                    _ => Coupon::Cart(code, off),
                });
            }
            "email" => self.buyer.email = rest.to_owned(),
            "for" => self.receiver = Some(buyer(rest).person),
            "note" => self.note = rest.to_owned(),
            other => unreachable!("`{other}` says nothing of an order"),
        }
        self
    }

    fn method(&mut self, id: &str, title: &str, transaction: String) {
        self.method = (id.to_owned(), title.to_owned());
        self.transaction = transaction;
    }
}

fn cut<'a>(text: &'a str, at: &str) -> (&'a str, &'a str) {
    text.split_once(at).expect("the demo's orders are whole")
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    let number = text.parse().ok();
    number.expect("a number stands where the demo's orders want one")
}

/// A day and an hour, such as `17 5:40`.
fn moment(text: &str) -> i64 {
    let (day, hour) = cut(text, " ");
    let (hour, minute) = cut(hour, ":");
    november(number(day), number(hour), number(minute))
}

fn baskets(rows: &str) -> impl Iterator<Item = Basket> {
    rows.lines()
        .filter(|row| !row.is_empty() && !row.starts_with('#'))
        .map(|row| {
            let (head, rest) = cut(row, ": ");
            let mut head = head.split(' ');
            let mut word = || head.next().unwrap_or_default();
            let (id, day, who) = (number(word()), number(word()), word());
            let mut said = rest.split("; ");
            let goods = said.next().unwrap_or_default().split(", ");
            let basket = sold(id, day, who, goods.map(in_basket).collect());
            said.fold(basket, Basket::with)
        })
}

fn in_basket(said: &str) -> ShopGoods {
    let (quantity, what) = said.split_once(' ').unwrap_or(("1", said));
    let cord = |at: usize, price: Cents| {
        let (product, name, sku, _) = CORDS[at];
        ShopGoods {
            name: name.to_owned(),
            product,
            sku: Some(sku.to_owned()),
            quantity: 1,
            price,
            ..ShopGoods::default()
        }
    };
    match what {
        "lantern" => ShopGoods {
            name: "Hurricane Lantern".to_owned(),
            sku: None,
            quantity: 1,
            price: 5_600,
            ..ShopGoods::default()
        },
        "rain-suit" => rain_suit(number(quantity)),
        "tune-up" => tune_up(),
        "shirt-0" => shirt(0, 1),
        "shirt-1" => shirt(1, 1),
        "cord-0" => cord(0, 188),
        "cord-1" => cord(1, 438),
        sku => goods(sku, number(quantity)),
    }
}

/// The number of the one order whose parts do not add up to its total.
pub const A_CENT_OFF: u64 = 4845;

/// Makes it the order of a day on which tax was rounded at subtotal: the shop then adds
/// up 1.875 + 4.375 = 6.25, while the lines it shows say 1.88 and 4.38.
fn put_a_cent_off(order: &mut Value) {
    for (line, (quantity, price)) in [(3, 0.625), (5, 0.875)].into_iter().enumerate() {
        order["line_items"][line]["quantity"] = json!(quantity);
        order["line_items"][line]["price"] = json!(price);
    }
    let total = order["total"]
        .as_str()
        .and_then(cents)
        .expect("the order above has a total");
    order["total"] = json!(text(total - 1));
    let shown = order["shipping_lines"][0]["meta_data"][0]["value"]
        .as_str()
        .unwrap_or("");
    let shown = shown.replacen("&times; 1", "&times; 3", 1).replacen(
        "(per metre) &times; 1",
        "(per metre) &times; 5",
        1,
    );
    order["shipping_lines"][0]["meta_data"][0]["value"] = json!(shown);
    order["shipping_lines"][0]["meta_data"][0]["display_value"] = json!(shown);
}

/// All orders with their refunds.
pub fn made() -> DemoSold {
    let mut ids = ShopIds {
        line: 90_100,
        meta: 410_000,
    };
    let mut sold = DemoSold::default();
    for basket in baskets(include_str!("orders.txt")) {
        let mut order = order(&basket, Edmonton, &mut ids);
        if basket.id == A_CENT_OFF {
            put_a_cent_off(&mut order);
        }
        if let Some(refund) = refund(&order, basket.id, &mut ids) {
            let amount = refund["amount"].as_str().unwrap_or("0.00");
            order["refunds"] = json!([{"id": refund["id"], "reason": refund["reason"], "total": format!("-{amount}")}]);
            order["date_modified"] = refund["date_created"].clone();
            order["date_modified_gmt"] = refund["date_created_gmt"].clone();
            sold.refunds.insert(basket.id.to_string(), vec![refund]);
        }
        sold.orders.push(order);
    }
    sold
}

/// Orders of a later day. The lines of an order keep their ids when it is written anew.
pub fn later(rows: &str) -> Vec<Value> {
    baskets(rows)
        .map(|basket| {
            let mut ids = ShopIds {
                line: basket.id * 100,
                meta: basket.id * 1_000,
            };
            order(&basket, Edmonton, &mut ids)
        })
        .collect()
}

fn refund(order: &Value, id: u64, ids: &mut ShopIds) -> Option<Value> {
    let giveback = |day: i64, reason: &str| Giveback {
        id: id + 1,
        at: november(day, 18, 30),
        reason: reason.to_owned(),
        ..Giveback::default()
    };
    Some(match id {
        // One of two pairs comes back, with its tax.
        4831 => {
            let giveback = Giveback {
                lines: vec![(0, 1)],
                through_gateway: true,
                ..giveback(14, "Wrong size")
            };
            with_lines(order, &giveback, Edmonton, ids)
        }
        // Goodwill: an amount and nothing else.
        4833 => amount_only(
            order,
            &Giveback {
                through_gateway: true,
                ..giveback(15, "Late delivery")
            },
            1_000,
            Edmonton,
            ids,
        ),
        // The status was set to refunded, which gives everything back without saying what.
        4835 => {
            let total = order["total"].as_str().and_then(cents)?;
            amount_only(
                order,
                &giveback(13, "Order fully refunded."),
                total,
                Edmonton,
                ids,
            )
        }
        _ => return None,
    })
}
