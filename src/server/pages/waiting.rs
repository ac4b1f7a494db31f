//! What waits: the records that are held or failed, by their cause, each cause with what happened and its way out in place.
//!
//! However much waits, a page reads what it shows: causes are counted where they lie, and of each the first records are read.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::form::{SentForm, in_path};
use super::glances;
use super::refusal::PageRefusal;
use super::sync_now::to_run;
use super::visit::{PageResult, PageVisit, html};
use crate::app::App;
use crate::model::problem::{Problem, ProblemState};
use crate::run::Failure;
use crate::server::api::failures::view;
use crate::store::{ProblemCause, ProblemFilter, Problems, Store};

const PLACE: &str = "waiting";
const TEMPLATE: &str = "waiting.html";
/// So many causes stand on a page.
const CAUSES: usize = 20;
/// Of each the first records; a page of one cause has more.
const FIRST_OF_EACH: u32 = 10;
const OF_ONE: u32 = 50;
/// What is set aside is shown up to here.
const ASIDE: u32 = 50;
/// The API takes so many at once.
const AT_ONCE: u32 = 1_000;

/// A form that was not done: at which cause, and why.
struct UndoneForm {
    /// The first record of the cause.
    first: String,
    field: &'static str,
    says: String,
    code: String,
}

pub async fn page(visit: PageVisit) -> PageResult {
    shown(&visit, StatusCode::OK, None).await
}

/// What somebody looks at.
struct LookedAt {
    shop: String,
    /// One cause, by its place on the page.
    only: Option<String>,
    after: Option<(DateTime<Utc>, String)>,
    from: usize,
    /// Of a form that was not done: its cause is on the page, wherever it stands.
    with: Option<String>,
}

async fn shown(visit: &PageVisit, status: StatusCode, undone: Option<UndoneForm>) -> PageResult {
    let looked = || LookedAt {
        shop: visit.shop().name.clone(),
        only: visit.query.one("cause").map(str::to_owned),
        after: visit.query.one("after").and_then(place_of),
        from: visit
            .query
            .one("from")
            .and_then(|from| from.parse().ok())
            .unwrap_or(0),
        with: undone.as_ref().map(|undone| undone.first.clone()),
    };
    let wanted = looked();
    let mut content = visit.with_app(move |app| listed(app, &wanted)).await?;
    // Without script somebody asks for it.
    if visit.query.has("look") {
        let orders: Vec<u64> = content["unseen"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["order"].as_u64())
            .collect();
        if let Err(refusal) = glances::look(visit, &orders).await {
            content["not_looked"] = refusal.document["detail"].clone();
        } else {
            let wanted = looked();
            content = visit.with_app(move |app| listed(app, &wanted)).await?;
        }
    }
    let count = content["count"].as_u64().unwrap_or_default();
    let title = match count {
        0 => "Nothing waits".to_owned(),
        1 => "1 record waits".to_owned(),
        many => format!("{many} records wait"),
    };
    let mut is_placed = false;
    if let (Some(undone), Some(causes)) = (&undone, content["causes"].as_array_mut())
        && let Some(cause) = causes.iter_mut().find(|cause| {
            let records = cause["records"].as_array();
            cause["first"] == undone.first.as_str()
                || records
                    .is_some_and(|all| all.iter().any(|one| one["id"] == undone.first.as_str()))
        })
    {
        cause["undone"] =
            json!({ "field": undone.field, "says": undone.says, "code": undone.code });
        is_placed = true;
    }
    let lost = undone.as_ref().filter(|_| !is_placed);
    content["undone"] =
        json!(lost.map(|undone| json!({ "says": undone.says, "code": undone.code })));
    content["outcome"] = json!(visit.query.one("said"));
    content["number"] = json!(
        visit
            .query
            .one("number")
            .and_then(|number| number.parse::<u32>().ok())
    );
    visit
        .page_as(status, TEMPLATE, PLACE, &title, content)
        .await
}

/// `2026-11-20T10:00:00.000000000Z~F7K2`
fn place_of(text: &str) -> Option<(DateTime<Utc>, String)> {
    let (at, id) = text.split_once('~')?;
    let at = DateTime::parse_from_rfc3339(at).ok()?;
    Some((at.to_utc(), id.to_owned()))
}

fn as_place(problem: &Problem) -> String {
    let at = problem
        .first_seen
        .to_rfc3339_opts(SecondsFormat::Nanos, true);
    format!("{at}~{}", problem.id)
}

fn listed(app: &App, looked: &LookedAt) -> Result<Value, Failure> {
    let store = app.state_to_read()?;
    let causes = store.problem_causes()?;
    let anchors = anchors(&causes);
    let with = match &looked.with {
        Some(id) => store.problem_called(id)?.map(|filed| filed.problem),
        None => None,
    };
    let is_with = |cause: &ProblemCause| {
        with.as_ref().is_some_and(|problem| {
            (cause.state, &cause.code, &cause.hint)
                == (problem.state, &problem.reason.code, &problem.reason.hint)
        })
    };
    let from = if looked.from < causes.len() {
        looked.from
    } else {
        0
    };
    let chosen: Vec<(usize, &ProblemCause)> = causes
        .iter()
        .enumerate()
        .filter(|(nth, cause)| match &looked.only {
            Some(only) => anchors[*nth] == *only,
            None => (from..from.saturating_add(CAUSES)).contains(nth) || is_with(cause),
        })
        .collect();
    // What a link leads to may be settled by now; then there is what waits still.
    let is_one = looked.only.is_some() && !chosen.is_empty();
    let chosen = match (&looked.only, chosen.is_empty()) {
        (Some(_), true) => causes.iter().enumerate().take(CAUSES).collect(),
        _ => chosen,
    };
    let mut unseen = Vec::new();
    let mut shown = Vec::new();
    for (nth, cause) in chosen {
        let mut of_cause = of_cause(app, &store, looked, cause, is_one)?;
        of_cause["anchor"] = json!(anchors[nth]);
        if let Some(all) = of_cause["unseen"].as_array_mut() {
            unseen.append(all);
        }
        shown.push(of_cause);
    }
    unseen.truncate(glances::AT_ONCE);
    let aside = ProblemFilter {
        state: Some(ProblemState::SetAside),
        ..ProblemFilter::default()
    };
    let mut set_aside = Vec::new();
    for problem in store.problems_page(&aside, ASIDE)? {
        let mut row = view(&problem);
        let filed = store.problem_called(&problem.id)?;
        row["why"] = json!(filed.and_then(|filed| filed.why));
        set_aside.push(row);
    }
    let next = from + CAUSES;
    Ok(json!({
        "causes": shown,
        "count": causes.iter().map(|cause| cause.count).sum::<u64>(),
        "reasons": causes.len(),
        "is_one": is_one,
        "next_from": (!is_one && next < causes.len()).then_some(next),
        "is_first": from == 0 && !is_one,
        "set_aside": set_aside,
        "aside_total": store.count_problems_like(&aside)?,
        "unseen": unseen,
        "not_looked": null,
    }))
}

fn of_cause(
    app: &App,
    store: &Store,
    looked: &LookedAt,
    cause: &ProblemCause,
    is_one: bool,
) -> Result<Value, Failure> {
    let most = if is_one { OF_ONE } else { FIRST_OF_EACH };
    let filter = ProblemFilter {
        after: looked.after.clone().filter(|_| is_one),
        ..cause.filter()
    };
    let problems = store.problems_page(&filter, most + 1)?;
    let has_more = problems.len() > most as usize;
    let problems = &problems[..problems.len().min(most as usize)];
    let mut unseen = Vec::new();
    let records: Vec<Value> = problems
        .iter()
        .map(|problem| {
            let mut row = view(problem);
            let order = glances::order_of(problem);
            row["glance"] = json!(null);
            if let Some(order) = order {
                match glances::known(&looked.shop, order) {
                    Some(known) => row["glance"] = known,
                    None => unseen.push(json!({ "id": problem.id, "order": order })),
                }
            }
            row
        })
        .collect();
    let first = problems.first();
    // The hint of one record may name it; the question is the same for all of them.
    let way_out = first
        .and_then(|first| app.way_out(&first.reason))
        .map(|way| {
            let choices = way.choices.iter();
            let choices: Vec<Value> = choices
                .map(|choice| json!({ "value": choice.value, "words": choice.words }))
                .collect();
            json!({ "question": way.question, "section": way.section, "choices": choices })
        });
    Ok(json!({
        "state": cause.state,
        "code": cause.code,
        "hint": cause.hint,
        // What is to be typed names the record, where there is one.
        "to_do": match first.filter(|_| cause.count == 1) {
            Some(only) => only.hint(),
            None => cause.hint.clone(),
        },
        "count": cause.count,
        "message": first.map(|first| &first.reason.message),
        "first": first.map(|first| &first.id),
        "records": records,
        "way_out": way_out,
        "undone": null,
        "has_more": has_more,
        "next_after": has_more.then(|| problems.last().map(as_place)),
        "unseen": unseen,
    }))
}

/// Where each cause stands: a link of another page leads to the first cause with its code.
fn anchors(causes: &[ProblemCause]) -> Vec<String> {
    let mut met: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    causes
        .iter()
        .map(|cause| {
            let same = met.entry(&cause.code).or_default();
            *same += 1;
            match *same {
                1 => format!("c-{}", cause.code),
                more => format!("c-{}-{}", cause.code, more - 1),
            }
        })
        .collect()
}

/// What the shop says of the orders on the page, for the cells that wait for it.
pub async fn orders(visit: PageVisit) -> PageResult {
    let ids: Vec<String> = visit
        .query
        .all("id")
        .take(glances::AT_ONCE)
        .map(str::to_owned)
        .collect();
    let found = visit
        .with_app(move |app| {
            let store = app.state_to_read()?;
            let each = ids.into_iter().map(|id| {
                let filed = store.problem_called(&id)?;
                let order = filed.and_then(|filed| glances::order_of(&filed.problem));
                Ok(order.map(|order| (id, order)))
            });
            let found = each.collect::<Result<Vec<_>, Failure>>()?;
            Ok(found.into_iter().flatten().collect::<Vec<_>>())
        })
        .await?;
    let orders: Vec<u64> = found.iter().map(|(_, order)| *order).collect();
    // A shop that cannot be asked leaves the cells empty: what waits stands there all the same.
    let _ = glances::look(&visit, &orders).await;
    let shop = &visit.shop().name;
    let rows: Vec<Value> = found
        .iter()
        .map(|(id, order)| json!({ "id": id, "glance": glances::known(shop, *order) }))
        .collect();
    let text = super::render::render("glances.html", &json!({ "rows": rows }));
    Ok(html(StatusCode::OK, text))
}

/// The cause that a form is about.
fn cause_of(form: &SentForm) -> Option<ProblemFilter> {
    let state = serde_json::from_value(json!(form.one("cause_state")?)).ok()?;
    Some(ProblemFilter {
        state: Some(state),
        code: Some(form.one("cause_code")?.to_owned()),
        hint: Some(match form.has("cause_hint") {
            true => Some(form.as_typed("cause_hint").replace("\r\n", "\n")),
            false => None,
        }),
        ..ProblemFilter::default()
    })
}

/// The records that a form is about: those that are chosen, or all of its cause.
async fn chosen(visit: &PageVisit) -> Result<Vec<String>, PageRefusal> {
    let some: Vec<String> = visit.form.all("id").map(str::to_owned).collect();
    let Some(filter) = cause_of(&visit.form).filter(|_| some.is_empty()) else {
        return Ok(some);
    };
    visit
        .with_app(move |app| {
            let store = app.state_to_read()?;
            let all = store.problems_page(&filter, AT_ONCE)?;
            Ok(all.into_iter().map(|problem| problem.id).collect())
        })
        .await
}

fn undone(visit: &PageVisit, field: &'static str, refusal: &PageRefusal) -> UndoneForm {
    let text = |name: &str| refusal.document[name].as_str().unwrap_or_default();
    let says = match text("hint") {
        "" => text("detail").to_owned(),
        hint => format!("{}; {hint}", text("detail")),
    };
    UndoneForm {
        first: visit.form.one("first").unwrap_or_default().to_owned(),
        field,
        says,
        code: refusal.code().to_owned(),
    }
}

/// Tries one, some or all of them again.
pub async fn retry(visit: PageVisit) -> PageResult {
    let body = match visit.form.has("all") {
        true => Value::Null,
        false => json!({ "ids": chosen(&visit).await? }),
    };
    match visit.post("/sync/retry", body).await {
        Ok(reply) => Ok(to_run(&visit, &reply)),
        Err(refusal) => {
            let undone = undone(&visit, "retry", &refusal);
            shown(&visit, refusal.status, Some(undone)).await
        }
    }
}

/// Writes the answer that the records wait for, and tries all of them again.
pub async fn answer(visit: PageVisit) -> PageResult {
    let Some(value) = visit.form.one("value") else {
        let undone = UndoneForm {
            first: visit.form.one("first").unwrap_or_default().to_owned(),
            field: "value",
            says: "choose one; nothing was changed".to_owned(),
            code: String::new(),
        };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(undone)).await;
    };
    let first = visit.form.one("first").unwrap_or_default();
    let path = format!("/sync/failures/{}/answer", in_path(first));
    // The answer is for all of them, whichever are chosen. They are known by their cause before the answer changes it.
    let mut all = visit.clone();
    all.form = visit.form.without("id");
    let ids = chosen(&all).await?;
    let answered = visit
        .ask(Method::POST, &path, &[], &[], json!({ "value": value }))
        .await;
    if let Err(refusal) = answered {
        let undone = undone(&visit, "value", &refusal);
        return shown(&visit, refusal.status, Some(undone)).await;
    }
    match visit.post("/sync/retry", json!({ "ids": ids })).await {
        Ok(reply) => Ok(to_run(&visit, &reply)),
        Err(refusal) => {
            let mut undone = undone(&visit, "retry", &refusal);
            undone.says = format!(
                "the answer is written, but the records were not tried again: {}",
                undone.says
            );
            shown(&visit, refusal.status, Some(undone)).await
        }
    }
}

/// Leaves them out for good, with a reason.
pub async fn set_aside(visit: PageVisit) -> PageResult {
    let Some(why) = visit.form.one("why") else {
        let undone = UndoneForm {
            first: visit.form.one("first").unwrap_or_default().to_owned(),
            field: "why",
            says: "say why: whoever looks later will want to know; nothing was set aside"
                .to_owned(),
            code: String::new(),
        };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(undone)).await;
    };
    let ids = chosen(&visit).await?;
    let mut number = 0;
    for id in &ids {
        let path = format!("/sync/failures/{}/skip", in_path(id));
        match visit
            .ask(Method::POST, &path, &[], &[], json!({ "why": why }))
            .await
        {
            Ok(_) => number += 1,
            // It was settled or set aside meanwhile, perhaps by the first click of two.
            Err(refusal) if refusal.status == StatusCode::NOT_FOUND => {}
            Err(refusal) => {
                let undone = undone(&visit, "why", &refusal);
                return shown(&visit, refusal.status, Some(undone)).await;
            }
        }
    }
    Ok(visit.on_to(&format!("waiting?said=aside&number={number}")))
}

/// Takes back that one was set aside.
pub async fn restore(visit: PageVisit) -> PageResult {
    let id = visit.form.one("id").unwrap_or_default();
    let path = format!("/sync/failures/{}/restore", in_path(id));
    match visit.ask(Method::POST, &path, &[], &[], Value::Null).await {
        Ok(_) => Ok(visit.on_to("waiting?said=restored")),
        Err(refusal) if refusal.code() == "not_set_aside" => {
            Ok(visit.on_to("waiting?said=restored"))
        }
        Err(refusal) => {
            let undone = undone(&visit, "restore", &refusal);
            shown(&visit, refusal.status, Some(undone)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_a_place_and_the_first_of_a_code_is_where_links_lead() {
        let cause = |code: &str| ProblemCause {
            state: ProblemState::Held,
            code: code.to_owned(),
            hint: None,
            count: 1,
            since: DateTime::UNIX_EPOCH,
        };
        let causes = [cause("a"), cause("b"), cause("a"), cause("a")];
        assert_eq!(anchors(&causes), ["c-a", "c-b", "c-a-1", "c-a-2"]);
    }

    #[test]
    fn a_form_names_its_cause_also_where_it_has_no_hint() {
        let form = SentForm::read(b"cause_state=held&cause_code=x&cause_hint=a%0D%0Ab");
        let filter = cause_of(&form).expect("a cause");
        assert_eq!(filter.hint, Some(Some("a\nb".to_owned())));
        let bare = SentForm::read(b"cause_state=failed&cause_code=x");
        assert_eq!(cause_of(&bare).expect("a cause").hint, Some(None));
        assert_eq!(
            cause_of(&SentForm::read(b"cause_state=odd&cause_code=x")),
            None
        );
    }

    #[test]
    fn a_place_in_a_list_is_read_as_it_was_written() {
        let (at, id) = place_of("2026-11-20T10:00:00.000000001Z~F7K2").expect("a place");
        assert_eq!((at.timestamp_subsec_nanos(), id.as_str()), (1, "F7K2"));
        assert_eq!(place_of("x~F7K2"), None);
    }
}
