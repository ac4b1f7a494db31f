//! The demo's November, order by order.
//!
//! Each order is here for something that a sync has to get right; the comment beside
//! it says for what.

use std::collections::BTreeMap;

use chrono_tz::America::Edmonton;
use serde_json::{Value, json};

use super::people::buyer;
use super::shelf::{CORDS, goods, shirt, tune_up};
use crate::woocommerce::basket::{Basket, Coupon, Fee, Goods, Ids, order};
use crate::woocommerce::giveback::{Giveback, amount_only, with_lines};
use crate::woocommerce::money::{Cents, cents, text};

#[derive(Default)]
pub struct Sold {
    pub orders: Vec<Value>,
    pub refunds: BTreeMap<String, Vec<Value>>,
}

/// Seconds since 1970 of a day and time of November 2026, in UTC.
fn november(day: i64, hour: i64, minute: i64) -> i64 {
    const FIRST: i64 = 1_793_491_200;
    FIRST + (day - 1) * 86_400 + hour * 3_600 + minute * 60 + (day * 7 + minute) % 60
}

/// A card payment sent two days later, which most orders are.
fn sold(id: u64, day: i64, who: &str, goods: Vec<Goods>) -> Basket {
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
    fn status(mut self, status: &str) -> Self {
        self.status = status.to_owned();
        if status != "completed" {
            self.completed = None;
            self.modified = self.paid.unwrap_or(self.created);
        }
        self
    }

    fn by(mut self, method: &str, title: &str) -> Self {
        self.method = (method.to_owned(), title.to_owned());
        self.transaction = if method == "paypal" {
            format!("DEMO{}PP", self.id)
        } else {
            String::new()
        };
        self
    }

    fn paypal(self) -> Self {
        self.by("paypal", "PayPal")
    }

    fn transfer(self) -> Self {
        self.by("bacs", "Direct bank transfer")
    }

    fn unpaid(mut self) -> Self {
        self.paid = None;
        self.transaction = String::new();
        self.modified = self.created;
        self
    }

    fn send(mut self, title: &str, method: &str, price: Cents) -> Self {
        self.shipping = Some((title.to_owned(), method.to_owned(), price));
        self
    }

    fn sent_free(self) -> Self {
        self.send("Free shipping", "free_shipping", 0)
    }

    fn fee(mut self, name: &str, amount: Cents) -> Self {
        self.fees.push(Fee {
            name: name.to_owned(),
            amount,
            taxed: true,
        });
        self
    }

    fn coupon(mut self, coupon: Coupon) -> Self {
        self.coupon = Some(coupon);
        self
    }
}

fn percent(code: &str, percent: i64) -> Coupon {
    Coupon::Percent(code.to_owned(), percent)
}

fn baskets() -> Vec<Basket> {
    let mut across_midnight = sold(
        4849,
        16,
        "Daniel",
        vec![goods("LMP-350", 1), goods("MAP-JAS", 2)],
    )
    .status("processing");
    across_midnight.created = november(17, 5, 40);
    across_midnight.paid = Some(november(17, 5, 42));
    across_midnight.modified = november(17, 5, 42);
    let mut since_paid = sold(
        4827,
        10,
        "Olivia",
        vec![goods("STV-UL", 1), goods("DRY-20", 2)],
    )
    .transfer()
    .status("processing");
    since_paid.paid = Some(november(12, 16, 20));
    since_paid.modified = november(12, 16, 20);
    let mut gift = sold(
        4847,
        16,
        "Hannah",
        vec![goods("BLK-WOOL", 1), goods("SOC-MER", 1)],
    );
    gift.receiver = Some(buyer("Étienne").person);
    gift.note = "A present for my brother, please leave the slip out.".to_owned();
    let mut shouted = sold(
        4843,
        14,
        "Sofia",
        vec![goods("MIT-FLC", 1), goods("TOQ-MER", 1)],
    );
    shouted.buyer.email = "Sofia.Lindqvist@Example.com".to_owned();
    // A product that has since been deleted: no id and no SKU are left of it.
    let lantern = Goods {
        name: "Hurricane Lantern".to_owned(),
        sku: None,
        quantity: 1,
        price: 5_600,
        ..Goods::default()
    };

    vec![
        // One sale in each province: GST, GST and PST, HST, GST and QST.
        sold(
            4801,
            2,
            "Daniel",
            vec![goods("TOQ-MER", 1), goods("MUG-EN", 2)],
        ),
        sold(
            4803,
            2,
            "Priya",
            vec![goods("LMP-350", 1), goods("DRY-20", 2)],
        ),
        sold(
            4805,
            3,
            "Hannah",
            vec![goods("STV-UL", 1), goods("BTL-1L", 2)],
        )
        .paypal(),
        sold(
            4807,
            3,
            "Claire",
            vec![goods("BLK-WOOL", 1), goods("SOC-MER", 3)],
        ),
        // A guest whose name a vendor has in the books.
        sold(4809, 4, "Marcus", vec![goods("SAW-21", 1)]),
        sold(
            4811,
            4,
            "Sofia",
            vec![goods("PCK-DAY", 1), goods("MUG-EN", 2)],
        )
        .coupon(percent("trail10", 10)),
        sold(
            4813,
            5,
            "Jamal",
            vec![shirt(0, 1), shirt(1, 1), goods("SOC-MER", 1)],
        )
        .paypal()
        .coupon(Coupon::Cart("fifteen".to_owned(), 1_500)),
        sold(4815, 5, "Tom", vec![goods("BLK-WOOL", 1)]).fee("Gift wrap", 600),
        // Food is taxed at zero, which is not the same as not taxed.
        sold(
            4817,
            6,
            "Étienne",
            vec![goods("WRI-500", 3), goods("STV-UL", 1)],
        ),
        // A service without SKU, and nothing to pay for sending.
        sold(4819, 7, "Wei", vec![shirt(1, 1), tune_up()]).sent_free(),
        sold(4821, 8, "Ruth", vec![lantern, goods("TOQ-MER", 1)]),
        // US dollars, for a buyer abroad: a customer and an account of that currency.
        sold(4823, 9, "Kent", vec![goods("SNO-25", 1)]).send("USPS Priority", "flat_rate", 2_800),
        // A transfer that has not come in yet: an invoice.
        sold(
            4825,
            9,
            "Joan",
            vec![goods("SNO-25", 6), goods("BEAR-325", 4)],
        )
        .transfer()
        .status("on-hold")
        .unpaid()
        .send("Freight", "flat_rate", 4_500),
        since_paid,
        // Cash on delivery is being packed before it is paid.
        sold(
            4829,
            10,
            "Ben",
            vec![goods("PCK-DAY", 1), goods("BTL-1L", 1)],
        )
        .by("cod", "Cash on delivery")
        .status("processing")
        .unpaid(),
        sold(
            4831,
            11,
            "Noor",
            vec![goods("MIT-FLC", 2), goods("MUG-EN", 1)],
        ),
        sold(
            4833,
            11,
            "Isabelle",
            vec![goods("LMP-350", 1), goods("SOC-MER", 2)],
        ),
        sold(
            4835,
            12,
            "Priya",
            vec![goods("DRY-20", 1), goods("MAP-JAS", 1)],
        )
        .status("refunded"),
        sold(4837, 12, "Tom", vec![goods("SNO-25", 1)])
            .transfer()
            .status("cancelled")
            .unpaid(),
        sold(4839, 13, "Jamal", vec![goods("STV-UL", 1)])
            .status("failed")
            .unpaid(),
        sold(4841, 13, "Daniel", vec![goods("BEAR-325", 1)])
            .status("pending")
            .unpaid(),
        // The same guest as before, typed in other letters.
        shouted,
        by_the_metre(),
        gift,
        // Late in the evening in Edmonton, already tomorrow in Greenwich.
        across_midnight,
        sold(
            4851,
            17,
            "Claire",
            vec![goods("PCK-DAY", 1), goods("TOQ-MER", 2)],
        )
        .send("Canada Post express", "flat_rate", 2_400)
        .coupon(percent("snow15", 15)),
        // A fee that has no item of its own.
        sold(
            4853,
            17,
            "Ruth",
            vec![goods("BLK-WOOL", 1), goods("SAW-21", 1)],
        )
        .fee("Rush handling", 800),
        sold(4855, 18, "Wei", vec![goods("BEAR-325", 2)])
            .sent_free()
            .paypal(),
        sold(
            4857,
            20,
            "Noor",
            vec![goods("WRI-500", 2), goods("SOC-MER", 2)],
        )
        .status("processing"),
    ]
}

/// The number of the one order whose parts do not add up to its total.
pub const A_CENT_OFF: u64 = 4845;

/// Lines of 1.875 and 4.375, entered as they are shown; see [`put_a_cent_off`].
fn by_the_metre() -> Basket {
    let cord = |at: usize, price: Cents| {
        let (product, name, sku, _) = CORDS[at];
        Goods {
            name: name.to_owned(),
            product,
            sku: Some(sku.to_owned()),
            quantity: 1,
            price,
            ..Goods::default()
        }
    };
    sold(
        A_CENT_OFF,
        15,
        "Mike",
        vec![cord(0, 188), cord(1, 438), goods("TOQ-MER", 1)],
    )
}

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
pub fn made() -> Sold {
    let mut ids = Ids {
        line: 90_100,
        meta: 410_000,
    };
    let mut sold = Sold::default();
    for basket in baskets() {
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

fn refund(order: &Value, id: u64, ids: &mut Ids) -> Option<Value> {
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
