//! What Stripe kept and paid out of the demo's November: each order that was paid by card, less its fee, once a week.
//!
//! It is made of the demo's own orders and refunds, so that every payout adds up. A buyer has had a charge taken back through the bank,
//! and neither the third week nor what came in US dollars is paid out yet.

use serde_json::{Value, json};

use super::orders::{self, FIRST, november};
use crate::settlement::{SettledAccount, SettledPayout, SettledRow};
use crate::woocommerce::dates::from_gmt;
use crate::woocommerce::money::{Cents, card_fee, cents};

/// A restricted key, which reads what payouts need and nothing else.
pub const STRIPE_KEY: &str = "rk_test_51sandboxAuroraOutfitters00000001";

/// The order that was disputed, and what Stripe takes for that.
const DISPUTED: u64 = 4811;
const DISPUTE_FEE: Cents = 1_500;

/// Wednesdays on which the first weeks reached the bank.
const ARRIVED: [i64; 2] = [11, 18];

/// The setup of the account at Stripe.
pub fn stripe() -> Value {
    json!({
        "keys": [{"key": STRIPE_KEY, "permissions": {"balance": "read", "payout": "read", "charge": "read"}}],
        "account": account(),
    })
}

fn account() -> SettledAccount {
    let mut rows = rows();
    let mut payouts = Vec::new();
    for (week, arrives) in ARRIVED.into_iter().enumerate() {
        let id = format!("po_1DemoWeek{}", week + 1);
        let (from, until) = (
            FIRST + week as i64 * 604_800,
            FIRST + (week as i64 + 1) * 604_800,
        );
        let mut amount = 0;
        for row in &mut rows {
            if row.kind != "payout"
                && row.currency.is_none()
                && (from..until).contains(&row.created)
            {
                row.payout = Some(id.clone());
                amount += row.net();
            }
        }
        let created = november(arrives - 2, 6, 0);
        rows.push(SettledRow {
            id: format!("txn_{id}"),
            kind: "payout".to_owned(),
            amount: -amount,
            created,
            source: Some(id.clone()),
            ..SettledRow::default()
        });
        payouts.push(SettledPayout {
            id,
            amount,
            created,
            arrival: FIRST + (arrives - 1) * 86_400,
            ..SettledPayout::default()
        });
    }
    SettledAccount {
        rows,
        payouts,
        ..SettledAccount::default()
    }
}

/// What moved the account, but for the payouts.
fn rows() -> Vec<SettledRow> {
    let sold = orders::made();
    let mut rows = Vec::new();
    for order in &sold.orders {
        let (Some(id), Some(paid)) = (order["id"].as_u64(), moment(&order["date_paid_gmt"])) else {
            continue;
        };
        if order["payment_method"] != "stripe" {
            continue;
        }
        let charged = amount(&order["total"]);
        let charge = format!("ch_demo_{id}");
        rows.push(SettledRow {
            id: format!("txn_demo_{id}"),
            kind: "charge".to_owned(),
            amount: charged,
            fee: card_fee(charged),
            currency: (order["currency"] != "CAD").then(|| "usd".to_owned()),
            created: paid,
            source: Some(charge.clone()),
            order: Some(id),
            ..SettledRow::default()
        });
        for refund in sold.refunds.get(&id.to_string()).into_iter().flatten() {
            rows.push(SettledRow {
                id: format!("txn_demo_{}", refund["id"]),
                kind: "refund".to_owned(),
                amount: -amount(&refund["amount"]),
                created: moment(&refund["date_created_gmt"]).unwrap_or(paid),
                source: Some(format!("re_demo_{}", refund["id"])),
                order: Some(id),
                ..SettledRow::default()
            });
        }
        if id == DISPUTED {
            rows.push(SettledRow {
                id: format!("txn_demo_dispute_{id}"),
                kind: "adjustment".to_owned(),
                category: Some("dispute".to_owned()),
                amount: -charged,
                fee: DISPUTE_FEE,
                created: november(12, 9, 0),
                source: Some(format!("dp_demo_{id}")),
                order: Some(id),
                ..SettledRow::default()
            });
        }
    }
    rows
}

fn amount(value: &Value) -> Cents {
    value.as_str().and_then(cents).unwrap_or_default()
}

fn moment(value: &Value) -> Option<i64> {
    from_gmt(value.as_str()?)
}

/// The part of a configuration that is about payouts. It goes on where [`super::config`] ends, within `[books.policy]`.
pub fn payouts_config(stripe_url: &str) -> String {
    format!(
        r#"gateway_fees = "payout"

[books.payouts]
bank = "Chequing"
disputes = "Merchant Fees"

[stripe]
api_url = "{stripe_url}"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_payout_is_what_its_rows_come_to_and_every_card_payment_has_a_row() {
        let account = account();
        assert_eq!(account.payouts.len(), ARRIVED.len());
        for payout in &account.payouts {
            let rows = account.rows.iter();
            let of_it = rows.filter(|row| row.payout.as_ref() == Some(&payout.id));
            assert_eq!(of_it.map(SettledRow::net).sum::<i64>(), payout.amount);
            assert!(payout.amount > 0, "{payout:?}");
        }
        let rows = account.rows.iter();
        let unpaid: Vec<&SettledRow> = rows
            .filter(|row| row.payout.is_none() && row.kind != "payout")
            .collect();
        let third_week = FIRST + 14 * 86_400;
        assert!(
            unpaid
                .iter()
                .all(|row| row.created >= third_week || row.currency.is_some())
        );
        assert!(unpaid.iter().any(|row| row.id == "txn_demo_4823"));
        let refunds = account.rows.iter().filter(|row| row.kind == "refund");
        assert_eq!(refunds.count(), 3);
    }
}
