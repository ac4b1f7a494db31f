//! The routes of the account: its balance, the rows of it, and payouts.
//!
//! A request is judged as the real one does: the key, the route, the permission, the parameters, the record.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::answer::{StripeAnswer, masked, refusal};
use super::{StripeBooks, StripeKey, StripeRight};
use crate::settlement::{SettledPayout, SettledRow};

const LIMIT: usize = 10;
const LIMIT_MAX: usize = 100;

/// Lists that are there and empty, each with the permission that it needs.
const OTHERS: [(&str, &str); 9] = [
    ("customers", "customer"),
    ("charges", "charge"),
    ("payment_intents", "payment_intent"),
    ("refunds", "refund"),
    ("invoices", "invoice"),
    ("subscriptions", "subscription"),
    ("products", "product"),
    ("disputes", "dispute"),
    ("webhook_endpoints", "webhook"),
];

pub fn answer(
    books: &mut StripeBooks,
    method: &str,
    path: &str,
    query: &str,
    body: &[u8],
    key: Option<&str>,
) -> StripeAnswer {
    let Some(given) = key.filter(|key| !key.is_empty()) else {
        let said = "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
        return refusal(401, "invalid_request_error", None, None, said);
    };
    let Some(key) = books.keys.iter().find(|known| known.key == given).cloned() else {
        let said = format!("Invalid API Key provided: {}", masked(given));
        return refusal(401, "invalid_request_error", None, None, &said);
    };
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let ["v1", rest @ ..] = segments.as_slice() else {
        return unrecognized(method, path);
    };
    if method != "GET" {
        books.writes += 1;
        return write(books, &key, method, path, rest, body);
    }
    let asked = StripeAsked::read(query);
    match rest {
        ["balance"] => {
            permitted(books, &key, "balance", StripeRight::Read).unwrap_or_else(|| balance(books))
        }
        ["payouts"] => permitted(books, &key, "payout", StripeRight::Read)
            .unwrap_or_else(|| payouts(books, &asked)),
        ["payouts", id] => {
            permitted(books, &key, "payout", StripeRight::Read).unwrap_or_else(|| {
                match books.account.payout(id) {
                    Some(payout) => StripeAnswer::of(&payout_shown(books, payout)),
                    None => missing("payout", id),
                }
            })
        }
        ["balance_transactions"] => permitted(books, &key, "balance", StripeRight::Read)
            .or_else(|| {
                let expands = asked.expands();
                expands
                    .then(|| permitted(books, &key, "charge", StripeRight::Read))
                    .flatten()
            })
            .unwrap_or_else(|| transactions(books, &asked)),
        ["charges", id] => {
            permitted(books, &key, "charge", StripeRight::Read).unwrap_or_else(|| charge(books, id))
        }
        [other] => match OTHERS.iter().find(|(name, _)| name == other) {
            Some((name, resource)) => permitted(books, &key, resource, StripeRight::Read)
                .unwrap_or_else(|| list(name, Vec::new(), false)),
            None => unrecognized(method, path),
        },
        _ => unrecognized(method, path),
    }
}

/// Whoever may pay out by hand pays out, as the real one does.
fn write(
    books: &mut StripeBooks,
    key: &StripeKey,
    method: &str,
    path: &str,
    rest: &[&str],
    body: &[u8],
) -> StripeAnswer {
    if method != "POST" || *rest != ["payouts"] {
        let resource = match rest.first() {
            Some(name) => OTHERS.iter().find(|(known, _)| known == name),
            None => None,
        };
        let Some((_, resource)) = resource else {
            return unrecognized(method, path);
        };
        return permitted(books, key, resource, StripeRight::Write).unwrap_or_else(|| {
            refusal(
                501,
                "api_error",
                None,
                None,
                "The sandbox does not imitate this; use /_sandbox/ instead.",
            )
        });
    }
    if let Some(refused) = permitted(books, key, "payout", StripeRight::Write) {
        return refused;
    }
    let form = StripeAsked::read(&String::from_utf8_lossy(body));
    let Some(amount) = form.one("amount").and_then(|text| text.parse().ok()) else {
        return refusal(
            400,
            "invalid_request_error",
            Some("parameter_missing"),
            Some("amount"),
            "Missing required param: amount.",
        );
    };
    let now = books.now();
    books.paid_out += 1;
    let id = books.account.pay_out_now(amount, now);
    let payout = books.account.payout(&id).expect("it was made just now");
    StripeAnswer::of(&payout_shown(books, payout))
}

fn permitted(
    books: &StripeBooks,
    key: &StripeKey,
    resource: &str,
    right: StripeRight,
) -> Option<StripeAnswer> {
    if key.may(resource, right) {
        return None;
    }
    let right = match right {
        StripeRight::Read => "read",
        StripeRight::Write => "write",
    };
    let said = format!(
        "The provided key '{}' does not have the required permissions for this endpoint on account '{}'. Having the 'rak_{resource}_{right}' permission would allow this request to continue.",
        masked(&key.key),
        books.account.id
    );
    Some(refusal(403, "invalid_request_error", None, None, &said))
}

fn unrecognized(method: &str, path: &str) -> StripeAnswer {
    let said = format!(
        "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
    );
    refusal(404, "invalid_request_error", None, None, &said)
}

fn missing(what: &str, id: &str) -> StripeAnswer {
    let said = format!("No such {what}: '{id}'");
    refusal(
        404,
        "invalid_request_error",
        Some("resource_missing"),
        Some(what),
        &said,
    )
}

fn list(name: &str, data: Vec<Value>, has_more: bool) -> StripeAnswer {
    StripeAnswer::of(
        &json!({"object": "list", "url": format!("/v1/{name}"), "has_more": has_more, "data": data}),
    )
}

/// The parameters of a request, decoded.
struct StripeAsked(Vec<(String, String)>);

impl StripeAsked {
    fn read(query: &str) -> StripeAsked {
        let decode = |text: &str| {
            percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        StripeAsked(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    fn one(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter().rev();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn expands(&self) -> bool {
        self.0
            .iter()
            .any(|(name, value)| name.starts_with("expand") && value == "data.source")
    }

    /// The first parameter that the route does not have.
    fn stranger(&self, known: &[&str]) -> Option<StripeAnswer> {
        let (name, _) = self
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))?;
        let said = format!("Received unknown parameter: {name}");
        Some(refusal(
            400,
            "invalid_request_error",
            Some("parameter_unknown"),
            Some(name),
            &said,
        ))
    }

    fn limit(&self) -> Result<usize, StripeAnswer> {
        let Some(text) = self.one("limit") else {
            return Ok(LIMIT);
        };
        let refused = |said: &str| {
            Err(refusal(
                400,
                "invalid_request_error",
                Some("parameter_invalid_integer"),
                Some("limit"),
                said,
            ))
        };
        match text.parse::<usize>() {
            Err(_) => refused(&format!("Invalid integer: {text}")),
            Ok(0) => refused("This value must be greater than or equal to 1."),
            Ok(many) if many > LIMIT_MAX => refused(&format!(
                "This value must be less than or equal to {LIMIT_MAX} (it currently is '{many}')."
            )),
            Ok(limit) => Ok(limit),
        }
    }

    /// Whether a time is inside what `NAME[gte]` and its kin say.
    fn admits(&self, name: &str, time: i64) -> bool {
        let bound = |end: &str| {
            self.one(&format!("{name}[{end}]"))
                .and_then(|text| text.parse::<i64>().ok())
        };
        bound("gte").is_none_or(|from| time >= from)
            && bound("gt").is_none_or(|from| time > from)
            && bound("lte").is_none_or(|until| time <= until)
            && bound("lt").is_none_or(|until| time < until)
    }
}

/// A page of what is there, behind the cursor.
fn page<T>(
    name: &str,
    asked: &StripeAsked,
    all: &[T],
    id: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> StripeAnswer {
    let limit = match asked.limit() {
        Ok(limit) => limit,
        Err(refused) => return refused,
    };
    let start = match asked.one("starting_after") {
        None => 0,
        Some(after) => match all.iter().position(|one| id(one) == after) {
            Some(at) => at + 1,
            None => return missing(name.trim_end_matches('s'), after),
        },
    };
    let end = (start + limit).min(all.len());
    let data = all[start..end].iter().map(show).collect();
    list(name, data, end < all.len())
}

const TIMES: [&str; 8] = [
    "arrival_date[gte]",
    "arrival_date[gt]",
    "arrival_date[lte]",
    "arrival_date[lt]",
    "created[gte]",
    "created[gt]",
    "created[lte]",
    "created[lt]",
];

fn payouts(books: &StripeBooks, asked: &StripeAsked) -> StripeAnswer {
    let mut known = vec!["limit", "starting_after", "status", "expand[]"];
    known.extend(TIMES);
    if let Some(refused) = asked.stranger(&known) {
        return refused;
    }
    let mut all: Vec<&SettledPayout> = books
        .account
        .payouts
        .iter()
        .filter(|payout| {
            asked
                .one("status")
                .is_none_or(|status| status == payout.status)
        })
        .filter(|payout| asked.admits("arrival_date", payout.arrival))
        .filter(|payout| asked.admits("created", payout.created))
        .collect();
    all.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
    page(
        "payouts",
        asked,
        &all,
        |payout| &payout.id,
        |payout| payout_shown(books, payout),
    )
}

fn payout_shown(books: &StripeBooks, payout: &SettledPayout) -> Value {
    json!({
        "id": payout.id, "object": "payout", "amount": payout.amount, "arrival_date": payout.arrival,
        "automatic": payout.automatic, "balance_transaction": format!("txn_{}", payout.id), "created": payout.created,
        "currency": books.account.currency_of(payout.currency.as_ref()),
        "description": if payout.automatic { json!("STRIPE PAYOUT") } else { Value::Null },
        "failure_code": Value::Null, "livemode": false, "metadata": {}, "method": "standard",
        "reconciliation_status": payout.progress(), "source_type": "card", "status": payout.status, "type": "bank_account",
    })
}

fn balance(books: &StripeBooks) -> StripeAnswer {
    let sums = books.account.balance(books.now());
    let listed = |pick: fn(&crate::settlement::SettledBalance) -> i64| -> Vec<Value> {
        let one = |sum| json!({"amount": pick(sum), "currency": sum.currency, "source_types": {"card": pick(sum)}});
        sums.iter().map(one).collect()
    };
    StripeAnswer::of(&json!({
        "object": "balance", "available": listed(|sum| sum.available), "pending": listed(|sum| sum.pending), "livemode": false,
    }))
}

fn transactions(books: &StripeBooks, asked: &StripeAsked) -> StripeAnswer {
    let mut known = vec![
        "limit",
        "starting_after",
        "payout",
        "type",
        "currency",
        "source",
        "expand[]",
    ];
    known.extend(&TIMES[4..]);
    if let Some(refused) = asked.stranger(&known) {
        return refused;
    }
    let of_payout = asked.one("payout");
    if let Some(id) = of_payout {
        let Some(payout) = books.account.payout(id) else {
            return missing("payout", id);
        };
        if !payout.automatic {
            let said = "Balance transaction history can only be filtered on automatic transfers, not manual.";
            return refusal(400, "invalid_request_error", None, Some("payout"), said);
        }
    }
    let is_of = |row: &SettledRow, id: &str| {
        row.payout.as_deref() == Some(id)
            || (row.kind == "payout" && row.source.as_deref() == Some(id))
    };
    let all: Vec<&SettledRow> = books
        .account
        .newest_first()
        .into_iter()
        .filter(|row| of_payout.is_none_or(|id| is_of(row, id)))
        .filter(|row| asked.one("type").is_none_or(|kind| kind == row.kind))
        .filter(|row| {
            asked
                .one("source")
                .is_none_or(|source| row.source.as_deref() == Some(source))
        })
        .filter(|row| asked.admits("created", row.created))
        .collect();
    let now = books.now();
    let show = |row: &&SettledRow| row_shown(books, row, asked.expands(), now);
    page("balance_transactions", asked, &all, |row| &row.id, show)
}

fn row_shown(books: &StripeBooks, row: &SettledRow, expanded: bool, now: i64) -> Value {
    let currency = books.account.currency_of(row.currency.as_ref());
    let details = match row.fee {
        0 => json!([]),
        fee => {
            json!([{"amount": fee, "application": null, "currency": currency, "description": "Stripe processing fees", "type": "stripe_fee"}])
        }
    };
    let source = match (&row.source, expanded) {
        (Some(id), true) => source_shown(books, row, id),
        (Some(id), false) => json!(id),
        (None, _) => Value::Null,
    };
    json!({
        "id": row.id, "object": "balance_transaction", "amount": row.amount,
        "available_on": row.available_on.unwrap_or(row.created), "created": row.created, "currency": currency,
        "description": row.description, "exchange_rate": row.charged.as_ref().map(|charged| charged.rate),
        "fee": row.fee, "fee_details": details, "net": row.net(), "reporting_category": row.category(),
        "source": source, "status": if row.is_available(now) { "available" } else { "pending" }, "type": row.kind,
    })
}

fn charge(books: &StripeBooks, id: &str) -> StripeAnswer {
    let mut rows = books.account.rows.iter();
    let found = rows.find(|row| row.category() == "charge" && row.source.as_deref() == Some(id));
    match found {
        Some(row) => StripeAnswer::of(&source_shown(books, row, id)),
        None => missing("charge", id),
    }
}

/// The payment intent of a charge.
fn intent_of(charge: &str) -> String {
    format!(
        "pi_{}",
        charge.split_once('_').map_or(charge, |(_, rest)| rest)
    )
}

/// What stands behind a row. The shop's plugin has written its order and its site on a charge, and nowhere else: a refund and a
/// dispute name the charge, and no order.
fn source_shown(books: &StripeBooks, row: &SettledRow, id: &str) -> Value {
    let object = match id.split('_').next().unwrap_or_default() {
        "re" | "pyr" => "refund",
        "dp" | "du" => "dispute",
        "po" => "payout",
        _ => "charge",
    };
    let mut metadata = json!({});
    if object == "charge" {
        if let Some(order) = row.order {
            metadata["order_id"] = json!(order.to_string());
        }
        if let Some(site) = &row.site {
            metadata["site_url"] = json!(site);
        }
    }
    let charged = row.charged.as_ref();
    let mut source = json!({
        "id": id, "object": object, "metadata": metadata,
        "amount": charged.map_or(row.amount.abs(), |charged| charged.amount), "created": row.created,
    });
    let charge = match object {
        "charge" => Some(id),
        "refund" | "dispute" => {
            let behind = books
                .account
                .charge_behind(row)
                .and_then(|one| one.source.as_deref());
            behind.or(row.charge.as_deref())
        }
        _ => None,
    };
    if let Some(charge) = charge {
        source["payment_intent"] = json!(intent_of(charge));
        if object != "charge" {
            source["charge"] = json!(charge);
        }
    }
    if let Some(charged) = charged {
        source["currency"] = json!(charged.currency);
    }
    source
}
