//! A bookkeeper's hand: the levers by which somebody works in the books beside the program.
//!
//! Whatever they make goes the way of every write, so the books always balance; what the service refuses to a person is refused
//! here too. Accounts, customers and vendors are named by id or by name.
//!
//! | lever | what the bookkeeper does |
//! | --- | --- |
//! | `POST pay` `{"invoice"` or `"bill", "amount", "account", "date", "number"}` | takes or makes a payment; without an amount of all that is open, and the rest of one that is too large stays unapplied |
//! | `POST revise` `{"entity", "id", "memo", "amount", "date", "number", "account", "category"}` | changes a document: its note, total, day, number, the account of its money, or of its first line |
//! | `POST deposit` `{"documents": [{"entity", "id"}], "account", "date", "fee", "fee_account", "memo"}` | brings receipts to the bank, less a fee |
//! | `POST bank_line` `{"amount", "account", "category", "date", "memo"}` | "adds" a line of the bank feed instead of matching it: money straight to income, or out of it straight to an expense |
//! | `POST enter` `{"entity", "customer"` or `"vendor", "amount", "date", "number", "memo", "account", "category", "tax_code"}` | enters a document by hand; `{"from", "to"}` for a transfer, `{"debit", "credit"}` for a journal entry |
//! | `POST mark` `{"account", "documents"` or `"through", "state"}` | marks lines of a statement: `cleared`, `matched`, `reconciled`, `uncleared` |
//! | `GET marks`, `GET reconciliations` | shows them; what was reconciled then, and what the same lines come to now |
//! | `POST close_books` `{"through"}`, `POST reopen_books` | closes the books up to a day, or opens them again |
//! | `GET ledger`, `GET ledger/check` | every entry in debit and credit; whether the books balance, and with what is open |
//! | `GET reports`, `POST reports` | how reports look: see `reports` |

use super::bank::{self, BankMark, BankState};
use super::check;
use super::control::{self, CompanyControl};
use super::entity::CompanyEntity;
use super::fault::CompanyFault;
use super::figures::{amount_of, decimal, number, text_of};
use super::gate::CompanyShared;
use super::ledger;
use super::notify::CompanyOperation;
use super::world::CompanyWorld;
use super::write::{CompanyJob, CompanyWork, perform};
use crate::stand::control::{done, lay_over, taken, wrong};
use axum::extract::State as With;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::str::FromStr;
use std::sync::Arc;

pub type HandDone<T> = Result<T, (StatusCode, String)>;

pub fn routes() -> Router<Arc<CompanyShared>> {
    Router::new()
        .route("/_sandbox/pay", post(pay))
        .route("/_sandbox/revise", post(revise))
        .route("/_sandbox/deposit", post(deposit))
        .route("/_sandbox/bank_line", post(bank_line))
        .route("/_sandbox/enter", post(enter))
        .route("/_sandbox/mark", post(mark))
        .route("/_sandbox/marks", get(marks))
        .route("/_sandbox/reconciliations", get(reconciliations))
        .route("/_sandbox/close_books", post(close_books))
        .route("/_sandbox/reopen_books", post(reopen_books))
        .route("/_sandbox/ledger", get(whole_ledger))
        .route("/_sandbox/ledger/check", get(checked))
        .route("/_sandbox/reports", get(manner).post(change_manner))
}

fn bad<T>(why: impl std::fmt::Display) -> HandDone<T> {
    Err((StatusCode::BAD_REQUEST, why.to_string()))
}

fn told(answer: HandDone<Value>) -> Response {
    match answer {
        Ok(value) => Json(value).into_response(),
        Err((status, why)) => wrong(status, why),
    }
}

/// Does a person's write.
fn write(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    work: CompanyWork,
    body: Value,
) -> HandDone<Value> {
    let job = CompanyJob {
        entity,
        work,
        body,
        allow_duplicate_number: true,
        by_person: true,
        tax_off: None,
    };
    perform(world, job).or_else(|fault| bad(CompanyFault::inner(&fault)))
}

/// An object named by id or by name.
fn named(world: &CompanyWorld, entity: CompanyEntity, said: &str) -> HandDone<Value> {
    let id = if world.row(entity, said).is_some() {
        Some(said.to_owned())
    } else {
        world.find_named(entity, said)
    };
    match id {
        Some(id) => Ok(json!({ "value": id })),
        None => Err((
            StatusCode::NOT_FOUND,
            format!("there is no {} `{said}`", entity.name()),
        )),
    }
}

fn word<'a>(body: &'a Value, field: &str) -> Option<&'a str> {
    body.get(field).and_then(Value::as_str)
}

/// An amount, as a number or as a text.
fn amount(body: &Value, field: &str) -> HandDone<Option<Decimal>> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Decimal::from_str(text)
            .map(Some)
            .or_else(|_| bad(format!("`{text}` is not an amount"))),
        Some(other) => match decimal(other) {
            Some(amount) => Ok(Some(amount)),
            None => bad(format!("`{field}` is not an amount")),
        },
    }
}

/// The account that is named, or the usual one.
fn account(world: &CompanyWorld, body: &Value, field: &str, usual: &str) -> HandDone<Value> {
    named(
        world,
        CompanyEntity::Account,
        word(body, field).unwrap_or(usual),
    )
}

/// The first account of a type.
fn first_of(world: &CompanyWorld, kind: &str) -> String {
    let mut accounts = world.rows(CompanyEntity::Account);
    let found = accounts.find(|(_, row)| text_of(row.object(), "AccountType") == Some(kind));
    found.map(|(id, _)| id.clone()).unwrap_or_default()
}

/// Lays the day, the number and the note of a lever over a document.
fn dress(document: &mut Value, body: &Value) {
    for (said, field) in [
        ("date", "TxnDate"),
        ("number", "DocNumber"),
        ("memo", "PrivateNote"),
    ] {
        if let Some(text) = word(body, said) {
            document[field] = text.into();
        }
    }
}

async fn pay(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    told(paid(&mut shared.world(), &body))
}

pub fn paid(world: &mut CompanyWorld, body: &Value) -> HandDone<Value> {
    let (kind, payment, id) = match (word(body, "invoice"), word(body, "bill")) {
        (Some(id), None) => (CompanyEntity::Invoice, CompanyEntity::Payment, id),
        (None, Some(id)) => (CompanyEntity::Bill, CompanyEntity::BillPayment, id),
        _ => return bad("either an `invoice` or a `bill` is paid"),
    };
    let id = &control::called(world, kind, id).unwrap_or_default();
    let Some(owed) = world.object(kind, id) else {
        return Err((
            StatusCode::NOT_FOUND,
            format!("there is no {} of that id or number", kind.name()),
        ));
    };
    let open = amount_of(owed, "Balance");
    let total = amount(body, "amount")?.unwrap_or(open);
    let applied = total.min(open);
    let mut lines = Vec::new();
    if !applied.is_zero() {
        let link = json!([{ "TxnId": id, "TxnType": kind.name() }]);
        lines.push(json!({ "Amount": number(applied), "LinkedTxn": link }));
    }
    let party = if kind == CompanyEntity::Bill {
        "VendorRef"
    } else {
        "CustomerRef"
    };
    let mut made = json!({ party: { "value": text_of(owed, party) }, "TotalAmt": number(total), "Line": lines });
    if kind == CompanyEntity::Bill {
        let bank = account(world, body, "account", &first_of(world, "Bank"))?;
        made["PayType"] = "Check".into();
        made["CheckPayment"] = json!({ "BankAccountRef": bank });
    } else if word(body, "account").is_some() {
        made["DepositToAccountRef"] = account(world, body, "account", "")?;
    }
    dress(&mut made, body);
    if kind == CompanyEntity::Invoice
        && let Some(number) = word(body, "number")
    {
        made["PaymentRefNum"] = number.into();
    }
    write(world, payment, CompanyWork::Create, made)
}

/// Reads `{"entity", "id"}` of what must be there.
fn target(world: &CompanyWorld, body: &Value) -> HandDone<(CompanyEntity, String)> {
    let (name, id) = (
        word(body, "entity").unwrap_or_default(),
        word(body, "id").unwrap_or_default(),
    );
    let Some(entity) = CompanyEntity::exact(name) else {
        return bad(format!("`{name}` is not a kind of object"));
    };
    if world.row(entity, id).is_none() {
        return Err((StatusCode::NOT_FOUND, format!("there is no {name} `{id}`")));
    }
    Ok((entity, id.to_owned()))
}

async fn revise(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    told(revised(&mut shared.world(), &body))
}

pub fn revised(world: &mut CompanyWorld, body: &Value) -> HandDone<Value> {
    let (entity, id) = target(world, body)?;
    let old = world.object(entity, &id).cloned().unwrap_or_default();
    let mut change = json!({ "Id": id, "SyncToken": old.get("SyncToken"), "sparse": true });
    dress(&mut change, body);
    if word(body, "account").is_some() {
        let to = account(world, body, "account", "")?;
        match entity {
            CompanyEntity::Purchase => change["AccountRef"] = to,
            CompanyEntity::Transfer => change["ToAccountRef"] = to,
            CompanyEntity::BillPayment => change["CheckPayment"] = json!({ "BankAccountRef": to }),
            CompanyEntity::SalesReceipt
            | CompanyEntity::Payment
            | CompanyEntity::RefundReceipt
            | CompanyEntity::Deposit => change["DepositToAccountRef"] = to,
            other => return bad(format!("no money goes through a {}", other.name())),
        }
    }
    if let Some(total) = amount(body, "amount")? {
        match entity {
            CompanyEntity::Transfer => change["Amount"] = number(total),
            e if e.settles() => change["TotalAmt"] = number(total),
            CompanyEntity::JournalEntry => return bad("a journal entry has more than one amount"),
            _ => {
                let more = total - amount_of(&old, "TotalAmt");
                change["Line"] = with_first_line(&old, |line| {
                    line.insert("Amount".into(), number(amount_of(line, "Amount") + more));
                    let detail = line.get_mut("SalesItemLineDetail");
                    if let Some(detail) = detail.and_then(Value::as_object_mut) {
                        detail.remove("UnitPrice");
                    }
                });
                // The tax stays what it was: only the amount is another one.
                if let Some(tax) = old.get("TxnTaxDetail") {
                    change["TxnTaxDetail"] = tax.clone();
                }
            }
        }
    }
    if word(body, "category").is_some() {
        let to = account(world, body, "category", "")?;
        let lines = change.get("Line").cloned();
        let mut base = old.clone();
        if let Some(lines) = lines {
            base.insert("Line".into(), lines);
        }
        change["Line"] = with_first_line(&base, |line| {
            for detail in ["AccountBasedExpenseLineDetail", "DepositLineDetail"] {
                if let Some(Value::Object(detail)) = line.get_mut(detail) {
                    detail.insert("AccountRef".into(), to.clone());
                }
            }
        });
        if let Some(tax) = old.get("TxnTaxDetail") {
            change["TxnTaxDetail"] = tax.clone();
        }
    }
    write(world, entity, CompanyWork::Update, change)
}

/// The lines of a document with the first that has an amount of its own changed.
fn with_first_line(
    document: &Map<String, Value>,
    change: impl Fn(&mut Map<String, Value>),
) -> Value {
    let lines = document.get("Line").and_then(Value::as_array);
    let mut lines = lines.cloned().unwrap_or_default();
    let own = |line: &&mut Map<String, Value>| {
        let kind = text_of(line, "DetailType").unwrap_or_default();
        !matches!(
            kind,
            "" | "SubTotalLineDetail" | "DescriptionOnly" | "DiscountLineDetail"
        )
    };
    if let Some(line) = lines.iter_mut().filter_map(Value::as_object_mut).find(own) {
        change(line);
    }
    Value::Array(lines)
}

async fn deposit(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    told(deposited(&mut shared.world(), &body))
}

pub fn deposited(world: &mut CompanyWorld, body: &Value) -> HandDone<Value> {
    let chart = ledger::LedgerChart::of(world);
    let mut lines = Vec::new();
    let mut currency = None;
    let listed = body.get("documents").and_then(Value::as_array);
    for one in listed.into_iter().flatten() {
        let (entity, id) = target(world, one)?;
        let Some(from) = ledger::waiting(world, &chart, entity, &id) else {
            return bad(format!("no {} is brought to the bank", entity.name()));
        };
        let link = json!([{ "TxnId": id, "TxnType": entity.name(), "TxnLineId": "0" }]);
        lines.push(json!({ "Amount": number(from.amount), "LinkedTxn": link }));
        currency = Some(from.currency);
    }
    if let Some(fee) = amount(body, "fee")? {
        let to = account(world, body, "fee_account", "Bank Charges")?;
        lines.push(money_line(-fee, &to, "fee"));
    }
    let bank = account(world, body, "account", &first_of(world, "Bank"))?;
    let mut made = json!({ "DepositToAccountRef": bank, "Line": lines });
    if let Some(currency) = currency {
        made["CurrencyRef"] = json!({ "value": currency });
    }
    dress(&mut made, body);
    write(world, CompanyEntity::Deposit, CompanyWork::Create, made)
}

/// A line of a deposit that names an account.
fn money_line(amount: Decimal, account: &Value, said: &str) -> Value {
    json!({
        "Amount": number(amount),
        "Description": said,
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": { "AccountRef": account },
    })
}

/// A line of what is bought. Nothing is said of tax.
fn expense_line(amount: Decimal, account: &Value) -> Value {
    json!({
        "Amount": number(amount),
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": { "AccountRef": account },
    })
}

async fn bank_line(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    told(added(&mut shared.world(), &body))
}

pub fn added(world: &mut CompanyWorld, body: &Value) -> HandDone<Value> {
    let Some(moved) = amount(body, "amount")? else {
        return bad("`amount` is missing");
    };
    let bank = account(world, body, "account", &first_of(world, "Bank"))?;
    let comes_in = moved > Decimal::ZERO;
    let usual = if comes_in {
        "Sales of Product Income"
    } else {
        "Bank Charges"
    };
    let category = account(world, body, "category", usual)?;
    let (entity, mut made) = if comes_in {
        let said = word(body, "memo").unwrap_or("added from the bank feed");
        let lines = json!([money_line(moved, &category, said)]);
        (
            CompanyEntity::Deposit,
            json!({ "DepositToAccountRef": bank, "Line": lines }),
        )
    } else {
        let lines = json!([expense_line(-moved, &category)]);
        let made = json!({
            "PaymentType": "Cash", "AccountRef": bank, "Line": lines, "GlobalTaxCalculation": "NotApplicable",
        });
        (CompanyEntity::Purchase, made)
    };
    dress(&mut made, body);
    let made = write(world, entity, CompanyWork::Create, made)?;
    // What came from the feed is on the statement.
    let account = text_of(made.as_object().unwrap_or(&Map::new()), "Id").map(str::to_owned);
    if let (Some(id), Some(bank)) = (account, bank["value"].as_str()) {
        put_mark(world, entity, &id, bank, Some(BankState::Cleared));
    }
    Ok(made)
}

async fn enter(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    told(entered(&mut shared.world(), &body))
}

pub fn entered(world: &mut CompanyWorld, body: &Value) -> HandDone<Value> {
    let name = word(body, "entity").unwrap_or_default();
    let Some(entity) = CompanyEntity::exact(name).filter(|entity| entity.is_document()) else {
        return bad(format!("`{name}` is not a kind of document"));
    };
    let Some(total) = amount(body, "amount")? else {
        return bad("`amount` is missing");
    };
    let bank = || first_of(world, "Bank");
    let mut made = match entity {
        e if e.is_sales_form() => sale(world, body, total)?,
        CompanyEntity::Payment => json!({ "TotalAmt": number(total), "Line": [] }),
        CompanyEntity::Purchase => {
            let category = account(world, body, "category", "Bank Charges")?;
            json!({
                "PaymentType": word(body, "payment_type").unwrap_or("Cash"),
                "AccountRef": account(world, body, "account", &bank())?,
                "Line": [expense_line(total, &category)],
                "GlobalTaxCalculation": "NotApplicable",
            })
        }
        CompanyEntity::Bill | CompanyEntity::VendorCredit => {
            let category = account(world, body, "category", "Bank Charges")?;
            json!({ "Line": [expense_line(total, &category)], "GlobalTaxCalculation": "NotApplicable" })
        }
        CompanyEntity::Transfer => json!({
            "FromAccountRef": account(world, body, "from", "")?,
            "ToAccountRef": account(world, body, "to", &bank())?,
            "Amount": number(total),
        }),
        CompanyEntity::Deposit => {
            let category = account(world, body, "category", "Sales of Product Income")?;
            json!({
                "DepositToAccountRef": account(world, body, "account", &bank())?,
                "Line": [money_line(total, &category, "entered by hand")],
            })
        }
        CompanyEntity::JournalEntry => journal(world, body, total)?,
        _ => return bad("a bill is paid with the lever `pay`"),
    };
    for (said, field, kind) in [
        ("customer", "CustomerRef", CompanyEntity::Customer),
        ("vendor", "VendorRef", CompanyEntity::Vendor),
    ] {
        if let Some(whose) = word(body, said) {
            let whose = named(world, kind, whose)?;
            if entity == CompanyEntity::Purchase {
                made["EntityRef"] = whose;
                made["EntityRef"]["type"] = kind.name().into();
            } else if entity != CompanyEntity::JournalEntry {
                made[field] = whose;
            }
        }
    }
    dress(&mut made, body);
    if entity == CompanyEntity::Payment
        && let Some(number) = word(body, "number")
    {
        made["PaymentRefNum"] = number.into();
    }
    write(world, entity, CompanyWork::Create, made)
}

/// A sales form of one line. Without a tax code there is no tax on it.
fn sale(world: &CompanyWorld, body: &Value, total: Decimal) -> HandDone<Value> {
    let item = match word(body, "item") {
        Some(item) => named(world, CompanyEntity::Item, item)?,
        None => {
            let first = world
                .rows(CompanyEntity::Item)
                .find(|(_, row)| text_of(row.object(), "Type") != Some("Category"));
            json!({ "value": first.map(|(id, _)| id) })
        }
    };
    let mut detail = json!({ "ItemRef": item });
    let mut made = json!({});
    match word(body, "tax_code") {
        Some(code) => detail["TaxCodeRef"] = named(world, CompanyEntity::TaxCode, code)?,
        None if world.company.is_global() => made["GlobalTaxCalculation"] = "NotApplicable".into(),
        None => detail["TaxCodeRef"] = json!({ "value": "NON" }),
    }
    made["Line"] = json!([{
        "Amount": number(total), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail,
    }]);
    if word(body, "account").is_some() {
        made["DepositToAccountRef"] = account(world, body, "account", "")?;
    } else if word(body, "entity") == Some("RefundReceipt") {
        made["DepositToAccountRef"] =
            named(world, CompanyEntity::Account, &first_of(world, "Bank"))?;
    }
    Ok(made)
}

/// A journal entry of two lines, one account to the other.
fn journal(world: &CompanyWorld, body: &Value, total: Decimal) -> HandDone<Value> {
    let party = match (word(body, "customer"), word(body, "vendor")) {
        (Some(name), _) => Some(("Customer", named(world, CompanyEntity::Customer, name)?)),
        (_, Some(name)) => Some(("Vendor", named(world, CompanyEntity::Vendor, name)?)),
        _ => None,
    };
    let mut lines = Vec::new();
    for (said, side) in [("debit", "Debit"), ("credit", "Credit")] {
        let mut detail =
            json!({ "PostingType": side, "AccountRef": account(world, body, said, "")? });
        if let Some((kind, party)) = &party {
            detail["Entity"] = json!({ "Type": kind, "EntityRef": party });
        }
        lines.push(json!({
            "Amount": number(total), "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail,
        }));
    }
    Ok(json!({ "Line": lines }))
}

/// Sets or takes away one mark.
fn put_mark(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    id: &str,
    account: &str,
    state: Option<BankState>,
) {
    let chart = ledger::LedgerChart::of(world);
    let key = (entity, id.to_owned(), account.to_owned());
    let Some(row) = world.row(entity, id) else {
        return;
    };
    let entry = ledger::entry(world, &chart, entity, id, row);
    let amount = bank::moved_on(world, &entry, account);
    let touches = entry.lines.iter().any(|line| line.account == account);
    match state.filter(|_| touches) {
        Some(state) => world.marks.insert(key, BankMark { state, amount }),
        None => world.marks.remove(&key),
    };
}

async fn mark(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    told(marked(&mut shared.world(), &body))
}

/// Answers with how many lines were marked.
pub fn marked(world: &mut CompanyWorld, body: &Value) -> HandDone<Value> {
    let state = match word(body, "state") {
        Some("uncleared") => None,
        Some("cleared") => Some(BankState::Cleared),
        Some("matched") => Some(BankState::Matched),
        Some("reconciled") => Some(BankState::Reconciled),
        _ => return bad("`state` is cleared, matched, reconciled or uncleared"),
    };
    let account = account(world, body, "account", "")?;
    let account = account["value"].as_str().unwrap_or_default().to_owned();
    let mut targets = Vec::new();
    if let Some(listed) = body.get("documents").and_then(Value::as_array) {
        for one in listed {
            targets.push(target(world, one)?);
        }
    } else {
        let through = word(body, "through").and_then(|day| NaiveDate::from_str(day).ok());
        let Some(through) = through else {
            return bad("either `documents` or a day `through` is needed");
        };
        let entries = ledger::entries(world);
        let of_account = entries.iter().filter(|entry| {
            entry.day <= through && entry.lines.iter().any(|line| line.account == account)
        });
        targets.extend(of_account.map(|entry| (entry.entity, entry.id.to_owned())));
    }
    for (entity, id) in &targets {
        put_mark(world, *entity, id, &account, state);
    }
    Ok(json!({ "marked": targets.len() }))
}

async fn marks(With(shared): CompanyControl) -> Json<Value> {
    let world = shared.world();
    let shown = world.marks.iter().map(|((entity, id, account), mark)| {
        let of_account = world.reference(CompanyEntity::Account, account);
        json!({ "entity": entity.name(), "id": id, "account": of_account, "state": mark.state, "amount": number(mark.amount) })
    });
    Json(shown.collect())
}

async fn reconciliations(With(shared): CompanyControl) -> Json<Value> {
    let world = shared.world();
    let sums = bank::reconciliations(&world).into_iter();
    let shown = sums.map(|(account, (then, now))| {
        json!({
            "account": world.reference(CompanyEntity::Account, &account),
            "then": number(then), "now": number(now), "off": number(now - then),
        })
    });
    Json(shown.collect())
}

async fn close_books(With(shared): CompanyControl, Json(body): Json<Value>) -> Response {
    let through = word(&body, "through").and_then(|day| NaiveDate::from_str(day).ok());
    let Some(through) = through else {
        return wrong(StatusCode::BAD_REQUEST, "`through` is not a day");
    };
    set_closed(&shared, Some(through))
}

async fn reopen_books(With(shared): CompanyControl) -> Response {
    set_closed(&shared, None)
}

fn set_closed(shared: &CompanyShared, through: Option<NaiveDate>) -> Response {
    let mut world = shared.world();
    world.company.books_closed_through = through;
    world.happened(CompanyEntity::Preferences, "1", CompanyOperation::Update);
    done()
}

async fn whole_ledger(With(shared): CompanyControl) -> Json<Value> {
    let world = shared.world();
    let shown = ledger::entries(&world).into_iter().map(|entry| {
        let lines = entry.lines.iter().map(|line| {
            json!({
                "account": world.reference(CompanyEntity::Account, &line.account),
                "amount": number(line.amount), "home": number(line.home), "memo": line.memo,
                "rate": line.tax.as_ref().and_then(|tax| tax.rate.as_ref()),
            })
        });
        json!({
            "entity": entry.entity.name(), "id": entry.id, "day": entry.day, "currency": entry.currency,
            "lines": lines.collect::<Value>(),
        })
    });
    Json(shown.collect())
}

async fn checked(With(shared): CompanyControl) -> Json<Value> {
    Json(check::books(&shared.world()))
}

async fn manner(With(shared): CompanyControl) -> Response {
    Json(&shared.world().reports).into_response()
}

async fn change_manner(
    With(shared): CompanyControl,
    Json(body): Json<Map<String, Value>>,
) -> Response {
    taken(lay_over(&mut shared.world().reports, body))
}
