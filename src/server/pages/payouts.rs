//! Payouts: what payment services paid out, whether it is entered in the books and adds up, what holds it, and the way out.
//!
//! Looked at with the very functions of `udsync payouts`: services are asked each time, and nothing is written.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use serde_json::{Value, json};

use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit};
use crate::app::App;
use crate::app::days::DayRange;
use crate::app::double_entry::Unwritten;
use crate::app::reports::{ReportKind, RowSpan, report};
use crate::books::payouts::{PayoutCheck, is_bill};
use crate::model::document::{DocumentKind, Role};
use crate::model::link::LinkState;
use crate::model::money::Money;
use crate::model::payout::PayoutOwner;
use crate::model::plan::Entity;
use crate::model::service::Service;
use crate::run::Failure;
use crate::run::payouts::{
    PayoutDepth, PayoutLook, PayoutsAnswer, PayoutsRequest, look_at_payouts,
};
use crate::server::api::operation::unprocessable;
use crate::server::asking;
use crate::store::{Memory, Problems, Store};

const PLACE: &str = "payouts";
/// So many whole months are a click away.
const MONTHS: u32 = 6;

/// Those of a month, or of the last 90 days; proven where somebody asks for it.
pub async fn list(visit: PageVisit) -> PageResult {
    let period = visit.query.one("period").unwrap_or_default().to_owned();
    let days = match period.as_str() {
        "" => DayRange::default(),
        text => text
            .parse()
            .map_err(|why: String| unprocessable(&why).error("/period", why))?,
    };
    let proves = visit.query.has("prove");
    let request = PayoutsRequest {
        gateway: None,
        days,
        only: None,
        depth: match proves {
            true => PayoutDepth::Checked,
            false => PayoutDepth::Listed,
        },
        file: None,
    };
    let months = visit.with_app(|app| Ok(months_before(app))).await?;
    // All that was posted is added up for it, so it stands there for a month, or once somebody asks for a proof.
    let booked = match proves || !period.is_empty() {
        true => visit.with_app(move |app| booked(app, days)).await?,
        false => nothing_booked(),
    };
    let mut content = looked(&visit, request).await?;
    content["period"] = json!(period);
    content["months"] = json!(months);
    content["proves"] = json!(proves);
    content["booked"] = booked;
    visit.page("payouts.html", PLACE, "Payouts", content).await
}

/// One of them, with its rows and all that is to be said of it.
pub async fn one(visit: PageVisit) -> PageResult {
    let id = visit.named("id").to_owned();
    let from = visit.query.one("from").and_then(|day| day.parse().ok());
    let request = PayoutsRequest {
        gateway: None,
        days: DayRange { from, until: None },
        only: Some(id.clone()),
        depth: PayoutDepth::Checked,
        file: None,
    };
    let content = looked(&visit, request).await?;
    let items = content["payouts"].as_array();
    let is_it = |one: &&Value| one["id"] == *id;
    let Some(payout) = items.and_then(|all| all.iter().find(is_it)).cloned() else {
        // A service that does not answer is told like on the list.
        return visit
            .page("payouts.html", PLACE, "Payouts", with_list(content))
            .await;
    };
    let title = format!("Payout {id}");
    visit
        .page("payout.html", PLACE, &title, json!({ "payout": payout }))
        .await
}

fn with_list(mut content: Value) -> Value {
    content["period"] = json!("");
    content["months"] = json!([]);
    content["proves"] = json!(true);
    content["booked"] = nothing_booked();
    content
}

fn nothing_booked() -> Value {
    json!({ "accounts": [], "bills": [] })
}

/// What the books hold of these days, as it was posted: the accounts between shop and bank rolled forward, and the bills of fees.
fn booked(app: &App, days: DayRange) -> Result<Value, Failure> {
    let store = app.state_to_read()?;
    let zone = app.config.rules.timezone;
    let rolled = match report(&store, zone, ReportKind::Clearing, days, RowSpan::Month) {
        Ok(rolled) => rolled,
        Err(Unwritten::State(error)) => return Err(error.into()),
        Err(Unwritten::File(error)) => {
            return Err(Failure::new("internal_fault", error.to_string()));
        }
    };
    Ok(json!({ "accounts": rolled.document()["totals"], "bills": bills(&store, days)? }))
}

/// Each bill of fees with what was given back of it and what was paid, the newest first.
fn bills(store: &Store, days: DayRange) -> Result<Vec<Value>, Failure> {
    let mut bills: BTreeMap<(NaiveDate, String), Value> = BTreeMap::new();
    for link in store.payout_links(Service::BOOKS.as_str())? {
        let Some(posted) = link.posted.filter(|_| link.state == LinkState::Active) else {
            continue;
        };
        let name = posted.key.origin.id();
        if !is_bill(&name) || !days.contains(posted.date) {
            continue;
        }
        let bill = bills.entry((posted.date, name.clone())).or_insert_with(|| {
            json!({ "name": name, "day": posted.date, "currency": posted.currency, "number": null,
                    "charged": Money::ZERO, "given": Money::ZERO, "paid": Money::ZERO, "payouts": [] })
        });
        let place = match posted.kind {
            DocumentKind::Bill => "charged",
            DocumentKind::BillPayment => "paid",
            _ => "given",
        };
        bill[place] = json!(posted.total);
        if bill["number"].is_null() || posted.kind == DocumentKind::Bill {
            bill["number"] = json!(posted.number);
        }
        let named = posted.document.iter().flat_map(|one| &one.applies_to);
        let of_payouts: Vec<String> = named
            .filter(|one| one.to.role == Role::Fee && one.to.order().is_none())
            .map(|one| one.to.origin.id())
            .collect();
        if !of_payouts.is_empty() {
            bill["payouts"] = json!(of_payouts);
        }
    }
    Ok(bills.into_values().rev().collect())
}

/// What the run library says, with what waits for each payout.
async fn looked(visit: &PageVisit, request: PayoutsRequest) -> Result<Value, PageRefusal> {
    let looking = asking(visit.shop().clone(), move |app| async move {
        let stop = std::sync::atomic::AtomicBool::new(false);
        let answer = look_at_payouts(&app, request, &stop).await?;
        shown(&app, &answer)
    });
    match looking.await {
        Ok(content) => Ok(content),
        // Nobody has to have a payment service.
        Err(problem) if problem.code() == "gateway_missing" => Ok(
            json!({ "missing": problem.document(), "payouts": [], "accounts": [], "troubles": [] }),
        ),
        Err(problem) => Err(problem.into()),
    }
}

fn shown(app: &App, answer: &PayoutsAnswer) -> Result<Value, Failure> {
    let store = app.state_to_read()?;
    let mut payouts = Vec::new();
    // The newest first, as on every page.
    for one in answer.payouts.iter().rev() {
        let mut look = json!(one);
        look["status"] = json!(one.payout.status.as_str());
        look["service"] = json!(one.payout.gateway.title());
        look["holds"] = json!(one.check.as_ref().map(PayoutCheck::holds));
        look["rows"] = json!(rows_of(one));
        look["shares"] = json!(shares_of(one));
        let about = store.problems_about(&one.payout.id)?;
        let waits = about
            .iter()
            .find(|filed| filed.problem.source.entity == Entity::Payout && filed.why.is_none());
        look["waits"] = json!(waits.map(|filed| json!({
            "id": filed.problem.id,
            "state": filed.problem.state,
            "code": filed.problem.reason.code,
            "message": filed.problem.reason.message,
            "hint": filed.problem.hint(),
        })));
        payouts.push(look);
    }
    let differing = payouts.iter().filter(|one| one["holds"] == false).count();
    let checked = payouts.iter().filter(|one| !one["holds"].is_null()).count();
    let accounts: Vec<Value> = answer
        .accounts
        .iter()
        .map(|account| {
            let mut shown = json!(account);
            shown["service"] = json!(account.gateway.title());
            shown["is_under_way"] = json!(!account.under_way.is_zero());
            shown
        })
        .collect();
    Ok(json!({
        "missing": null,
        "payouts": payouts,
        "accounts": accounts,
        "troubles": answer.troubles,
        "differing": differing,
        "checked": checked,
    }))
}

fn rows_of(one: &PayoutLook) -> Vec<Value> {
    let rows = one.rows.iter();
    rows.map(|row| {
        let of = match &row.owner {
            PayoutOwner::Order(id) => json!({ "order": id }),
            PayoutOwner::Elsewhere(site) => json!({ "site": site }),
            PayoutOwner::Unsaid => json!({ "source": row.source }),
        };
        json!({ "day": row.at.date_naive(), "what": row.kind.as_str(), "amount": row.amount, "fee": row.fee, "net": row.net(),
                "currency": row.currency, "of": of })
    })
    .collect()
}

fn shares_of(one: &PayoutLook) -> Vec<Value> {
    let shares = one.check.iter().flat_map(|check| &check.shares);
    shares
        .map(|share| json!({ "words": share.kind.words(), "rows": share.rows, "amount": share.amount }))
        .collect()
}

/// `2026-11`, `2026-10`: this month and those before it.
fn months_before(app: &App) -> Vec<String> {
    let today = app.clock.now().with_timezone(&app.config.rules.timezone);
    let first: NaiveDate = today.date_naive().with_day(1).unwrap_or(today.date_naive());
    (0..MONTHS)
        .filter_map(|back| first.checked_sub_months(Months::new(back)))
        .map(|month| month.format("%Y-%m").to_string())
        .collect()
}
