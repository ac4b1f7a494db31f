//! What waits: the records that are held or failed, by their cause, each cause with what happened and its way out in place.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::form::in_path;
use super::refusal::PageRefusal;
use super::sync_now::to_run;
use super::visit::{PageResult, PageVisit};

const PLACE: &str = "waiting";
const TEMPLATE: &str = "waiting.html";
/// More are said to be there, and not shown.
const SHOWN_MAX: usize = 1_000;

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

async fn shown(visit: &PageVisit, status: StatusCode, undone: Option<UndoneForm>) -> PageResult {
    let (waiting, has_more) = listed(visit, "").await?;
    let (aside, _) = listed(visit, "set_aside").await?;
    let mut causes = by_cause(&waiting);
    for cause in &mut causes {
        let first = cause["first"].as_str().unwrap_or_default().to_owned();
        // It may have been settled while the page was made.
        if let Ok(one) = visit
            .get(&format!("/sync/failures/{}", in_path(&first)), &[])
            .await
        {
            cause["way_out"] = one["way_out"].clone();
        }
        if let Some(undone) = undone.as_ref().filter(|undone| undone.first == first) {
            cause["undone"] =
                json!({ "field": undone.field, "says": undone.says, "code": undone.code });
        }
    }
    let mut set_aside = Vec::new();
    for problem in &aside {
        let id = problem["id"].as_str().unwrap_or_default();
        let one = visit
            .get(&format!("/sync/failures/{}", in_path(id)), &[])
            .await;
        let mut problem = problem.clone();
        problem["why"] = one.map_or(Value::Null, |one| one["problem"]["why"].clone());
        set_aside.push(problem);
    }
    let count = waiting.len();
    let title = match count {
        0 => "Nothing waits".to_owned(),
        1 => "1 record waits".to_owned(),
        many => format!("{many} records wait"),
    };
    let is_lost = undone
        .as_ref()
        .filter(|undone| !causes.iter().any(|cause| cause["first"] == undone.first));
    let content = json!({
        "causes": causes,
        "count": count,
        "has_more": has_more,
        "set_aside": set_aside,
        "undone": is_lost.map(|undone| json!({ "says": undone.says, "code": undone.code })),
        "outcome": visit.query.one("said"),
        "number": visit.query.one("number").and_then(|number| number.parse::<u32>().ok()),
    });
    visit
        .page_as(status, TEMPLATE, PLACE, &title, content)
        .await
}

/// All of them, as the API lists them page by page.
async fn listed(visit: &PageVisit, state: &str) -> Result<(Vec<Value>, bool), PageRefusal> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    while all.len() < SHOWN_MAX {
        let mut query = vec![("limit", "200")];
        if !state.is_empty() {
            query.push(("state", state));
        }
        if !cursor.is_empty() {
            query.push(("cursor", cursor.as_str()));
        }
        let page = visit.get("/sync/failures", &query).await?;
        all.extend(page["items"].as_array().into_iter().flatten().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return Ok((all, false)),
        }
    }
    Ok((all, true))
}

/// Records with the same way out together, in the order of the first of each.
fn by_cause(problems: &[Value]) -> Vec<Value> {
    let mut causes: Vec<Value> = Vec::new();
    for problem in problems {
        let alike = |cause: &&mut Value| {
            ["state", "code", "hint"]
                .iter()
                .all(|word| cause[*word] == problem[*word])
        };
        match causes.iter_mut().find(alike) {
            Some(cause) => {
                if let Some(records) = cause["records"].as_array_mut() {
                    records.push(problem.clone());
                }
            }
            None => {
                let code = problem["code"].as_str().unwrap_or_default();
                // A link of another page leads to the first cause with this code.
                let same = causes.iter().filter(|cause| cause["code"] == code).count();
                let anchor = match same {
                    0 => format!("c-{code}"),
                    more => format!("c-{code}-{more}"),
                };
                causes.push(json!({
                "anchor": anchor,
                "state": problem["state"],
                "code": problem["code"],
                "hint": problem["hint"],
                "message": problem["message"],
                "first": problem["id"],
                "records": [problem],
                "way_out": null,
                "undone": null,
                }));
            }
        }
    }
    causes
}

/// The records that a form is about: those that are chosen, or all of its cause.
fn chosen(visit: &PageVisit) -> Vec<String> {
    let all = |name: &str| {
        visit
            .form
            .all(name)
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    match all("id") {
        none if none.is_empty() => all("of"),
        some => some,
    }
}

fn undone(visit: &PageVisit, field: &'static str, refusal: &PageRefusal) -> UndoneForm {
    let text = |name: &str| refusal.document[name].as_str().unwrap_or_default();
    let says = match text("hint") {
        "" => text("detail").to_owned(),
        hint => format!("{}; {hint}", text("detail")),
    };
    UndoneForm {
        first: visit.form.one("of").unwrap_or_default().to_owned(),
        field,
        says,
        code: refusal.code().to_owned(),
    }
}

/// Tries one, some or all of them again.
pub async fn retry(visit: PageVisit) -> PageResult {
    let body = match visit.form.has("all") {
        true => Value::Null,
        false => json!({ "ids": chosen(&visit) }),
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
            first: visit.form.one("of").unwrap_or_default().to_owned(),
            field: "value",
            says: "choose one; nothing was changed".to_owned(),
            code: String::new(),
        };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(undone)).await;
    };
    let ids: Vec<&str> = visit.form.all("of").collect();
    let first = ids.first().copied().unwrap_or_default();
    let path = format!("/sync/failures/{}/answer", in_path(first));
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
            first: visit.form.one("of").unwrap_or_default().to_owned(),
            field: "why",
            says: "say why: whoever looks later will want to know; nothing was set aside"
                .to_owned(),
            code: String::new(),
        };
        return shown(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(undone)).await;
    };
    let ids = chosen(&visit);
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
    fn records_with_the_same_way_out_stand_together() {
        let problem = |id: &str, code: &str, hint: &str| json!({ "id": id, "state": "held", "code": code, "hint": hint, "message": id });
        let problems = [
            problem("A", "status_unmapped", "x"),
            problem("B", "period_closed", "y"),
            problem("C", "status_unmapped", "x"),
            problem("D", "status_unmapped", "z"),
        ];
        let causes = by_cause(&problems);
        let ids: Vec<Vec<&str>> = causes
            .iter()
            .map(|cause| {
                cause["records"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|one| one["id"].as_str())
                    .collect()
            })
            .collect();
        assert_eq!(ids, [vec!["A", "C"], vec!["B"], vec!["D"]]);
        assert_eq!(causes[0]["first"], "A");
    }
}
