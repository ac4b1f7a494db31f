//! Reconcile: choose a month, have both sides read afresh, and see what does not agree, with both figures, a likely cause and what to do.

use axum::http::{Method, StatusCode, header};
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::form::{in_path, mistakes};
use super::refusal::PageRefusal;
use super::visit::{PageResult, PageVisit};
use crate::app::App;
use crate::model::access::AccessRole;
use crate::model::service::Service;
use crate::run::Failure;
use crate::run::document::time;
use crate::run::sheet;
use crate::server::api::proofs::has_tables;
use crate::server::problem::HttpProblem;
use crate::store::Proofs;

const PLACE: &str = "reconcile";
const TEMPLATE: &str = "reconcile.html";
/// So many differences are on a page; a file has all of them.
const DIFFERENCES: usize = 50;
const HELD: usize = 50;

/// What to prove, and what was proven before.
pub async fn choose(visit: PageVisit) -> PageResult {
    chosen(&visit, StatusCode::OK, None).await
}

async fn chosen(visit: &PageVisit, status: StatusCode, refusal: Option<PageRefusal>) -> PageResult {
    let mut content = about(visit).await?;
    if visit.may(AccessRole::Operator) {
        let kept = visit.get("/reconcile", &[]).await?;
        content["kept"] = kept["items"].clone();
        for proof in content["kept"].as_array_mut().into_iter().flatten() {
            proof["words"] = json!(period_in_words(&proof["period"]));
        }
    }
    content["state"] = json!("choose");
    content["refusal"] = json!(refusal.as_ref().map(|refusal| &refusal.document));
    content["mistakes"] = refusal.as_ref().map_or(json!({}), mistakes);
    visit
        .page_as(status, TEMPLATE, PLACE, "Reconcile", content)
        .await
}

/// What the form begins with: the last whole month, or what was typed.
async fn about(visit: &PageVisit) -> Result<Value, PageRefusal> {
    let of_app = visit.with_app(|app| Ok(of_app(app))).await?;
    let typed = |name: &str| visit.form.one(name).map(str::to_owned);
    let month = typed("period").unwrap_or_else(|| {
        let today: Option<NaiveDate> = of_app["today"].as_str().and_then(|day| day.parse().ok());
        today.map_or_else(String::new, last_month)
    });
    Ok(json!({
        "month": month,
        "to": typed("to").unwrap_or_else(|| Service::BOOKS.as_str().to_owned()),
        "has_copy": of_app["has_copy"],
        "kept": [],
        "refusal": null,
        "mistakes": {},
    }))
}

fn of_app(app: &App) -> Value {
    let today = app.clock.now().with_timezone(&app.config.rules.timezone);
    json!({ "today": today.date_naive(), "has_copy": app.config.supabase.is_some() })
}

/// `2026-10`: of a month only what is over can be proven whole.
fn last_month(today: NaiveDate) -> String {
    let last = today
        .with_day(1)
        .and_then(|first| first.pred_opt())
        .unwrap_or(today);
    last.format("%Y-%m").to_string()
}

/// Has both sides read, and shows what came of it.
pub async fn prove(visit: PageVisit) -> PageResult {
    let mut body = json!({ "period": visit.form.one("period").unwrap_or_default() });
    if let Some(to) = visit.form.one("to") {
        body["to"] = json!([to]);
    }
    match visit.post("/reconcile", body).await {
        Ok(reply) => {
            let place = reply.headers.get(header::LOCATION);
            let place = place
                .and_then(|place| place.to_str().ok())
                .unwrap_or_default();
            let id = place.rsplit('/').next().unwrap_or_default();
            Ok(visit.on_to(&format!("reconcile/{}", in_path(id))))
        }
        Err(refusal) => chosen(&visit, refusal.status, Some(refusal)).await,
    }
}

/// A proof.
pub async fn proof(visit: PageVisit) -> PageResult {
    shown(&visit, StatusCode::OK, Value::Null).await
}

async fn shown(visit: &PageVisit, status: StatusCode, undone: Value) -> PageResult {
    let id = visit.named("id").to_owned();
    let mut proof = visit
        .get(&format!("/reconcile/{}", in_path(&id)), &[])
        .await?;
    let sought = id.clone();
    let (made_at, accepted) = visit
        .with_app(move |app| accepted_since(app, &sought))
        .await?;
    let words = period_in_words(&proof["period"]);
    let page: usize = visit
        .query
        .one("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let all = proof["differences"].take();
    let mut all: Vec<Value> = match all {
        Value::Array(all) => all,
        _ => Vec::new(),
    };
    for one in &mut all {
        let known = one["id"].as_str().and_then(|id| accepted.get(id));
        if let (Some(known), true) = (known, one["accepted"].is_null()) {
            one["accepted"] = known.clone();
            one["just_now"] = json!(true);
        }
    }
    let open = all.iter().filter(|one| one["accepted"].is_null()).count();
    // What needs somebody first.
    all.sort_by_key(|one| !one["accepted"].is_null());
    let count = all.len();
    let pages = count.div_ceil(DIFFERENCES).max(1);
    let page = page.clamp(1, pages);
    let rows: Vec<Value> = all
        .into_iter()
        .skip((page - 1) * DIFFERENCES)
        .take(DIFFERENCES)
        .collect();
    let held_total = proof["held"].as_array().map_or(0, Vec::len);
    if let Some(held) = proof["held"].as_array_mut() {
        held.truncate(HELD);
    }
    let heading = heading(&proof, &words, (open, count));
    let mut content = about(visit).await?;
    let from = proof["period"]["from"].as_str().unwrap_or_default();
    content["month"] = json!(from.get(..7));
    content["to"] = proof["to"].clone();
    content["state"] = json!("proof");
    content["id"] = json!(id);
    content["groups"] = json!(groups(&proof["totals"]));
    content["proof"] = proof;
    content["made_at"] = json!(made_at);
    content["words"] = json!(words);
    content["heading"] = json!(heading);
    content["rows"] = json!(rows);
    content["count"] = json!(count);
    content["open"] = json!(open);
    content["page"] = json!(page);
    content["pages"] = json!(pages);
    content["held_total"] = json!(held_total);
    content["has_tables"] = json!(has_tables(&id));
    content["has_xlsx"] = json!(cfg!(feature = "xlsx"));
    content["has_pdf"] = json!(cfg!(feature = "pdf"));
    content["undone"] = undone;
    let title = format!("Reconcile {words}: {heading}");
    visit
        .page_as(status, TEMPLATE, PLACE, &title, content)
        .await
}

/// What was accepted after a proof was made: the proof says it as it was.
fn accepted_since(
    app: &App,
    id: &str,
) -> Result<(Option<String>, std::collections::BTreeMap<String, Value>), Failure> {
    let store = app.state_to_read()?;
    app.unveil_to_look(&store)?;
    let Some(kept) = store.proof(id)? else {
        return Ok(Default::default());
    };
    let accepted = store.accepted_differences()?.into_iter();
    let since = accepted.filter(|one| one.at >= kept.made_at).map(|one| {
        let said = json!({ "who": one.who, "why": one.why, "at": time(one.at) });
        (one.id, said)
    });
    Ok((Some(time(kept.made_at)), since.collect()))
}

fn heading(proof: &Value, words: &str, (open, all): (usize, usize)) -> String {
    let other = match proof["to"] == Service::COPY.as_str() {
        true => "the copy equals the shop",
        false => "the books equal the shop to the cent",
    };
    let is_empty = proof["orders"]["compared"] == 0 && all == 0;
    match (proof["proven"] == true, open) {
        (true, 0) if is_empty => {
            format!("{words} has nothing to compare: no order with a document")
        }
        (true, 0) => format!("{words} is proven: {other}"),
        (_, 0) if all == 0 && !sums_agree(proof) => {
            format!("{words} is not proven: no order differs, and the sums do")
        }
        (_, 0) => format!("{words} has no open difference; prove it again to have it proven"),
        (_, 1) => format!("{words} differs in one place"),
        (_, open) => format!("{words} differs in {open} places"),
    }
}

fn sums_agree(proof: &Value) -> bool {
    let totals = proof["totals"].as_array();
    let mut totals = totals.into_iter().flatten();
    totals.all(|line| is_nothing(&line["difference"]))
}

fn is_nothing(amount: &Value) -> bool {
    let text = amount.as_str().unwrap_or_default();
    text.chars().all(|letter| "0.-".contains(letter))
}

/// The sums by what they are of: totals first, then the rates of tax, then the accounts.
fn groups(totals: &Value) -> Vec<Value> {
    let lines = totals.as_array();
    let of = |prefix: Option<&str>| -> Vec<Value> {
        let lines = lines.into_iter().flatten();
        lines
            .filter_map(|line| {
                let what = line["what"].as_str().unwrap_or_default();
                let name = match prefix {
                    Some(prefix) => what.strip_prefix(prefix)?.to_owned(),
                    None if what.contains(':') => return None,
                    None => what.to_owned(),
                };
                Some(json!({ "name": name, "currency": line["currency"], "shop": line["shop"], "books": line["books"],
                             "difference": line["difference"], "is_equal": is_nothing(&line["difference"]) }))
            })
            .collect()
    };
    [
        ("Totals", None),
        ("Tax charged, less tax refunded", Some("tax:")),
        ("Where the money went", Some("account:")),
    ]
    .into_iter()
    .map(|(words, prefix)| json!({ "words": words, "lines": of(prefix) }))
    .filter(|group| {
        group["lines"]
            .as_array()
            .is_some_and(|lines| !lines.is_empty())
    })
    .collect()
}

/// `October 2026`, or the two days where it is no month.
fn period_in_words(period: &Value) -> String {
    let day = |name: &str| -> Option<NaiveDate> { period[name].as_str()?.parse().ok() };
    let (Some(from), Some(until)) = (day("from"), day("until")) else {
        return String::new();
    };
    let is_month = from.day() == 1
        && until.succ_opt().is_some_and(|next| next.day() == 1)
        && (from.year(), from.month()) == (until.year(), until.month());
    match is_month {
        true => from.format("%B %Y").to_string(),
        false => format!("{from} to {until}"),
    }
}

/// Leaves one difference as it is.
pub async fn accept(visit: PageVisit) -> PageResult {
    let difference = visit.form.one("difference").unwrap_or_default().to_owned();
    let why = visit.form.one("why").unwrap_or_default();
    if why.is_empty() {
        let undone = json!({ "difference": difference, "says": "say why: whoever looks later will want to know; nothing was accepted" });
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, undone).await;
    }
    let path = format!("/reconcile/differences/{}/accept", in_path(&difference));
    match visit.post(&path, json!({ "why": why })).await {
        Ok(_) => {
            let id = in_path(visit.named("id"));
            Ok(visit.on_to(&format!("reconcile/{id}?said=accepted#d-{difference}")))
        }
        Err(refusal) => {
            let undone = json!({ "difference": difference, "says": refusal.document["detail"] });
            shown(&visit, refusal.status, undone).await
        }
    }
}

/// A proof as something that is filed.
pub async fn saved(visit: PageVisit) -> PageResult {
    let (kind, table) = match visit.named("kind") {
        "csv" => ("text/csv", visit.query.one("table")),
        "html" => ("text/html", None),
        "pdf" => ("application/pdf", None),
        "xlsx" => (sheet::SPREADSHEET, None),
        _ => return Err(HttpProblem::of_status(StatusCode::NOT_FOUND, "").into()),
    };
    let path = format!("/reconcile/{}", in_path(visit.named("id")));
    let query: Vec<(&str, &str)> = table.map(|table| ("table", table)).into_iter().collect();
    let accept = [("accept", kind)];
    visit
        .raw(Method::GET, &path, &query, &accept, Value::Null)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_told_as_people_say_it() {
        let words =
            |from: &str, until: &str| period_in_words(&json!({ "from": from, "until": until }));
        assert_eq!(words("2026-10-01", "2026-10-31"), "October 2026");
        assert_eq!(
            words("2026-10-01", "2026-10-30"),
            "2026-10-01 to 2026-10-30"
        );
        assert_eq!(words("2026-02-01", "2026-02-28"), "February 2026");
        let january: NaiveDate = "2026-01-05".parse().expect("a day");
        assert_eq!(last_month(january), "2025-12");
    }

    #[test]
    fn the_heading_claims_no_more_than_is_known() {
        let proof = |proven: bool| json!({ "proven": proven, "to": "quickbooks", "totals": [{ "difference": "0.00" }] });
        assert_eq!(
            heading(&proof(true), "October 2026", (0, 0)),
            "October 2026 is proven: the books equal the shop to the cent"
        );
        assert_eq!(
            heading(&proof(false), "October 2026", (2, 3)),
            "October 2026 differs in 2 places"
        );
        let mut sums = proof(false);
        sums["totals"][0]["difference"] = json!("-0.01");
        let accepted = heading(&sums, "October 2026", (0, 1));
        assert!(accepted.contains("prove it again"), "{accepted}");
        assert!(heading(&sums, "October 2026", (0, 0)).contains("the sums do"));
    }

    #[test]
    fn sums_stand_by_what_they_are_of() {
        let line = |what: &str| json!({ "what": what, "currency": "CAD", "shop": "1.00", "books": "1.00", "difference": "0.00" });
        let groups = groups(&json!([
            line("account:Stripe"),
            line("sales"),
            line("tax:GST 5%")
        ]));
        let words: Vec<&str> = groups
            .iter()
            .filter_map(|group| group["words"].as_str())
            .collect();
        assert_eq!(
            words,
            [
                "Totals",
                "Tax charged, less tax refunded",
                "Where the money went"
            ]
        );
        assert_eq!(groups[2]["lines"][0]["name"], "Stripe");
    }
}
