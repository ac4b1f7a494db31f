//! Months of a made-up shop, from a seed: the same seed is the same month on every machine.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::shop::*;
use crate::model::money::Money;
use crate::model::order::Order;

/// A small seeded generator (splitmix64).
pub struct Seeded(pub u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

pub fn cents(amount: i64) -> Money {
    Money::new(Decimal::new(amount, 2)).expect("a small amount")
}

pub fn april(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 4, day).expect("a day of April")
}

pub const ORDERS: u64 = 16;

/// A month of a shop: receipts and invoices, some of them paid later, some given back in part, in two currencies.
pub fn month(seed: u64) -> Vec<Order> {
    let mut dice = Seeded(seed);
    (1..=ORDERS)
        .map(|id| {
            let mut order = paid_order(1_000 + id);
            let begin: DateTime<Utc> = "2025-04-02T18:00:00Z".parse().expect("a time");
            order.created_at = begin + Duration::hours(dice.below(24 * 22).cast_signed());
            order.paid_at = Some(order.created_at);
            // The total tells an order from the others of the month.
            let net = i64::try_from(1_000 * id + dice.below(900)).expect("small");
            let (gst, pst) = (net / 20, net * 7 / 100);
            let taxes = [(1, cents(gst).to_string()), (2, cents(pst).to_string())];
            let taxes = taxes.each_ref().map(|(rate, text)| (*rate, text.as_str()));
            let rest = [(1, "0.55")];
            order.items = vec![
                goods(11, "TOTE", &cents(net).to_string(), &taxes),
                goods(12, "MUG", "11.00", &rest),
            ];
            if dice.below(4) == 0 {
                order.currency = "USD".into();
            }
            add_up(&mut order);
            if dice.below(4) == 0 {
                order.payment_method = "bacs".into();
                order.status = "on-hold".into();
                order.paid_at = None;
                if dice.below(2) == 0 {
                    order.paid_at = Some(order.created_at + Duration::days(2));
                    order.status = "processing".into();
                }
            }
            if dice.below(3) == 0 {
                let mut refund = refund_of(5_000 + id, "11.55");
                refund.created_at = order.created_at + Duration::days(3);
                give_back(
                    &mut refund,
                    &order.items[1].clone(),
                    0,
                    "-11.00",
                    &[(1, "-0.55")],
                );
                order.refunds.push(refund);
            }
            order.modified_at = order.created_at + Duration::days(4);
            order
        })
        .collect()
}
