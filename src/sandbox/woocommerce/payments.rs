//! WooPayments: what the plugin adds to a shop's API of the account behind it.
//!
//! The shop has none of it. It passes each question on to the servers of the plugin's maker and their answer back, which is slow and
//! can fail while the shop is well. Deposits are what others call payouts: their amounts are in the smallest unit of the currency,
//! `date` is in milliseconds and without a zone, `created` in seconds. Whoever posts to the list of deposits has money paid out at
//! once, as the real one does; that is done here too, and counted.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{SandboxShopAnswer, error};
use super::api::ShopCall;
use super::dates;
use super::query::whole_number;
use super::shop::ShopShop;
use crate::settlement::{SettledAccount, SettledPayout, SettledRow};

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShopPayments {
    pub account: SettledAccount,
    /// So many questions are not answered by the servers behind the shop.
    pub fails: u64,
    /// The filter by deposit is lost on the way, and every row of the account comes.
    pub forgets_filter: bool,
    /// A row comes in between two pages: the last one of a page is the first one of the next.
    pub grows: bool,
    /// What was paid out by a request.
    pub paid_out: u64,
}

const PAGE: i64 = 25;

/// The account behind the shop, unless its servers do not answer.
fn reached(shop: &mut ShopShop) -> Result<&mut ShopPayments, SandboxShopAnswer> {
    let payments = shop.payments.get_or_insert_default();
    if payments.fails > 0 {
        payments.fails -= 1;
        return Err(error(
            500,
            "wcpay_http_request_failed",
            "Http request failed. Reason: cURL error 28: Operation timed out after 70001 milliseconds with 0 bytes received",
        ));
    }
    Ok(payments)
}

pub fn deposits(shop: &mut ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let query = call.query;
    if query.one("sort").is_none() {
        return error(
            400,
            "rest_missing_callback_param",
            "Missing parameter(s): sort",
        );
    }
    let after = query.one("date_after").and_then(dates::from_gmt);
    let payments = match reached(shop) {
        Ok(payments) => payments,
        Err(answer) => return answer,
    };
    let account = &payments.account;
    let wanted = |payout: &&SettledPayout| {
        after.is_none_or(|after| payout.arrival > after)
            && query
                .one("status_is")
                .is_none_or(|status| status == payout.status)
    };
    let mut all: Vec<&SettledPayout> = account.payouts.iter().filter(wanted).collect();
    all.sort_by(|a, b| (b.arrival, &b.id).cmp(&(a.arrival, &a.id)));
    if query.one("direction") == Some("asc") {
        all.reverse();
    }
    let total = all.len();
    let size = number(call, "pagesize", PAGE).clamp(1, 100);
    // The first page is the first whether it is called 0 or 1.
    let page = number(call, "page", 1).max(1);
    let rows = paged(&all, page, size, payments.grows);
    let data: Vec<Value> = rows.map(|payout| shown(account, payout)).collect();
    SandboxShopAnswer::data(json!({"data": data, "total_count": total}), "", "GET, POST")
}

fn number(call: &ShopCall<'_>, name: &str, otherwise: i64) -> i64 {
    call.query
        .one(name)
        .and_then(whole_number)
        .unwrap_or(otherwise)
}

fn paged<T>(all: &[T], page: i64, size: i64, grows: bool) -> impl Iterator<Item = &T> {
    let come_in = if grows { page - 1 } else { 0 };
    let start = usize::try_from((page - 1) * size - come_in).unwrap_or(usize::MAX);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    all.iter().skip(start).take(size)
}

fn shown(account: &SettledAccount, payout: &SettledPayout) -> Value {
    json!({
        "id": payout.id, "type": if payout.amount < 0 { "withdrawal" } else { "deposit" },
        "date": payout.arrival * 1_000, "amount": payout.amount, "status": payout.status,
        "bankAccount": "STAND-IN BANK •••• 6789 (CAD)", "currency": account.currency_of(payout.currency.as_ref()),
        "automatic": payout.automatic, "fee": payout.fee, "fee_percentage": 0, "created": payout.created,
    })
}

pub fn deposit(shop: &mut ShopShop, id: &str) -> SandboxShopAnswer {
    let payments = match reached(shop) {
        Ok(payments) => payments,
        Err(answer) => return answer,
    };
    match payments.account.payout(id) {
        Some(payout) => SandboxShopAnswer::data(shown(&payments.account, payout), "", "GET"),
        None => error(
            404,
            "resource_missing",
            &format!("Error: No such payout: '{id}'"),
        ),
    }
}

pub fn overview(shop: &mut ShopShop) -> SandboxShopAnswer {
    let now = shop.now();
    let payments = match reached(shop) {
        Ok(payments) => payments,
        Err(answer) => return answer,
    };
    let account = &payments.account;
    let sums = account.balance(now);
    let listed = |pick: fn(&crate::settlement::SettledBalance) -> i64| -> Vec<Value> {
        let one = |sum| json!({"amount": pick(sum), "currency": sum.currency, "source_types": {"card": pick(sum)}});
        sums.iter().map(one).collect()
    };
    let mut paid: Vec<&SettledPayout> = account
        .payouts
        .iter()
        .filter(|payout| payout.status == "paid")
        .collect();
    paid.sort_by_key(|payout| payout.arrival);
    let last: Vec<Value> = paid
        .last()
        .map(|payout| shown(account, payout))
        .into_iter()
        .collect();
    SandboxShopAnswer::data(
        json!({
            "deposit": {"last_paid": last, "last_manual_deposits": []},
            "balance": {"pending": listed(|sum| sum.pending), "available": listed(|sum| sum.available), "instant": []},
            "account": {"deposits_enabled": true, "deposits_blocked": false, "default_currency": account.currency,
                        "deposits_schedule": {"interval": "daily", "delay_days": 2}},
        }),
        "",
        "GET",
    )
}

/// The rows of the account, and of which deposit each is.
pub fn transactions(shop: &mut ShopShop, call: &ShopCall<'_>) -> SandboxShopAnswer {
    let payments = match reached(shop) {
        Ok(payments) => payments,
        Err(answer) => return answer,
    };
    let of = call
        .query
        .one("deposit_id")
        .filter(|_| !payments.forgets_filter);
    let account = &payments.account;
    // A payout is none of them: the report is of what was taken in and given back.
    let all: Vec<&SettledRow> = account
        .newest_first()
        .into_iter()
        .filter(|row| row.kind != "payout")
        .filter(|row| of.is_none_or(|id| row.payout.as_deref() == Some(id)))
        .collect();
    let size = number(call, "per_page", PAGE);
    let page = number(call, "page", 1).max(1);
    let rows = paged(&all, page, size, payments.grows);
    let shown: Vec<Value> = rows.map(|row| transaction(account, row)).collect();
    SandboxShopAnswer::data(Value::Array(shown), "", "GET")
        .with("x-wp-total", all.len().to_string())
}

fn transaction(account: &SettledAccount, row: &SettledRow) -> Value {
    let currency = account.currency_of(row.currency.as_ref());
    let kind = match (row.kind.as_str(), row.category()) {
        (_, "dispute") => "dispute",
        (_, "dispute_reversal") => "dispute_reversal",
        ("reserve_transaction", _) => "reserve_transaction",
        (kind, _) => kind,
    };
    let deposit = row.payout.as_deref().and_then(|id| account.payout(id));
    let charged = row.charged.as_ref();
    json!({
        "date": dates::gmt_text(row.created), "transaction_id": row.id, "channel": "online", "payment_id": row.source,
        "payment_method": {"type": "card"}, "type": kind, "transaction_currency": charged.map_or(currency, |charged| &charged.currency),
        "amount": row.amount, "exchange_rate": charged.map_or(1.0, |charged| charged.rate), "deposit_currency": currency,
        "fees": row.fee, "net_amount": row.net(), "order_id": row.order, "fulfillment": Value::Null,
        "deposit_date": deposit.map(|payout| dates::gmt_text(payout.arrival)), "deposit_id": row.payout,
        "deposit_status": deposit.map(|payout| payout.status.clone()), "customer": {"name": "", "email": ""},
    })
}

/// Pays out at once. The real one does it without another question, too.
pub fn pay_out(shop: &mut ShopShop, body: &[u8]) -> SandboxShopAnswer {
    let now = shop.now();
    let payments = match reached(shop) {
        Ok(payments) => payments,
        Err(answer) => return answer,
    };
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    if asked["type"] != "instant" {
        return error(
            400,
            "rest_missing_callback_param",
            "Missing parameter(s): type, currency",
        );
    }
    let sums = payments.account.balance(now);
    let amount: i64 = sums
        .iter()
        .filter(|sum| sum.currency == payments.account.currency)
        .map(|sum| sum.available)
        .sum();
    payments.paid_out += 1;
    let id = payments.account.pay_out_now(amount, now);
    let payout = payments
        .account
        .payout(&id)
        .expect("it was made just now")
        .clone();
    SandboxShopAnswer::data(shown(&payments.account, &payout), "", "POST")
}
