//! Today: whether everything is all right, in one sentence, and what it rests on.
//!
//! The heading answers, and claims no more than is known: *posted*, not *right*.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::{Value, json};

use super::figures::month_so_far;
use super::visit::{PageResult, PageVisit};
use crate::app::App;
use crate::app::metrics::start_of;
use crate::model::problem::Problem;
use crate::run::Failure;
use crate::run::document::time;
use crate::store::{DeliveryFilter, Inbox, Lock, Notices, Problems};

/// Deliveries of a day are counted up to here.
const COUNTED_MAX: usize = 1_000;
/// Of one cause so many numbers are named.
const NAMED_MAX: usize = 4;

pub async fn page(visit: PageVisit) -> PageResult {
    let (runs, schedules, connections) = tokio::join!(
        visit.get("/sync/history", &[("limit", "4")]),
        visit.get("/sync/schedules", &[("limit", "200")]),
        visit.get("/integrations/connections", &[]),
    );
    let (runs, schedules, connections) = (runs?, schedules?, connections?);
    let figures = month_so_far(&visit).await?;
    let mut content = visit.with_app(of_state).await?;
    let shop = visit.shop();
    content["runs"] = runs["items"].clone();
    content["connections"] = connections["items"].clone();
    content["next"] = next_run(&schedules);
    content["figures"] = figures;
    content["queue"]["swept_at"] = json!(shop.sweeps.figures().last_at.map(time));
    if let Some(current) = shop.runs.current() {
        content["running"] = json!(current);
    }
    content["verdict"] = verdict(&content);
    let title = match content["verdict"]["short"].as_str() {
        Some(short) => format!("Today: {short}"),
        None => "Today".to_owned(),
    };
    visit.page("today.html", "today", &title, content).await
}

/// The first time at which a schedule that is on runs next.
fn next_run(schedules: &Value) -> Value {
    let items = schedules["items"].as_array();
    let next = items
        .into_iter()
        .flatten()
        .filter(|schedule| schedule["enabled"] == true)
        .filter_map(|schedule| Some((schedule["next"].as_str()?, schedule["name"].as_str()?)))
        .min();
    match next {
        Some((at, name)) => json!({ "at": at, "schedule": name }),
        None => Value::Null,
    }
}

fn of_state(app: &App) -> Result<Value, Failure> {
    let store = app.state_to_read()?;
    let problems = store.problems(None, false)?;
    let incidents = store.open_incidents()?;
    let incidents: Vec<Value> = incidents
        .iter()
        .map(|incident| {
            json!({ "title": incident.concern.title, "happened": incident.concern.happened, "means": incident.concern.means,
                    "remedy": incident.concern.remedy, "opened_at": time(incident.opened_at), "kind": incident.concern.kind })
        })
        .collect();
    // A run of a command line, which has the lock and is not of this process.
    let elsewhere = Lock::look(&app.state).and_then(|held| held.holder);
    let elsewhere = elsewhere
        .filter(|holder| holder.pid != std::process::id())
        .map(|holder| json!({ "command": holder.command, "started_at": time(holder.since), "progress": holder.progress }));
    let metered = app.metered(&store)?;
    Ok(json!({
        "waits": by_cause(&problems),
        "waits_total": problems.len(),
        "incidents": incidents,
        "running": null,
        "elsewhere": elsewhere,
        "queue": queue(app)?,
        "reads": metered.map(|metered| json!({ "used": metered.used, "allowed": metered.allowed })),
        "today": app.clock.now().with_timezone(&app.config.rules.timezone).date_naive(),
    }))
}

/// What waits, by cause: the cause that holds up most first.
fn by_cause(problems: &[Problem]) -> Vec<Value> {
    let mut causes: BTreeMap<(&str, &str), Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        let cause = (problem.reason.code.as_str(), problem.state.as_str());
        causes.entry(cause).or_default().push(problem);
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, problems)| std::cmp::Reverse(problems.len()));
    causes
        .into_iter()
        .map(|((code, state), problems)| {
            let mut numbers: Vec<&str> = problems
                .iter()
                .map(|problem| problem.source.number.as_str())
                .collect();
            numbers.dedup();
            json!({
                "code": code,
                "state": state,
                "entity": problems[0].source.entity,
                "message": problems[0].reason.message,
                "count": problems.len(),
                "numbers": &numbers[..numbers.len().min(NAMED_MAX)],
                "has_more": numbers.len() > NAMED_MAX,
            })
        })
        .collect()
}

fn queue(app: &App) -> Result<Value, Failure> {
    if !Inbox::exists(&app.state) {
        return Ok(json!({ "has_inbox": false }));
    }
    let (inbox, shop) = (Inbox::open(&app.state)?, &app.config.shop.name);
    let now = app.clock.now();
    let day = now.with_timezone(&app.config.rules.timezone).date_naive();
    let since: DateTime<Utc> = start_of(app.config.rules.timezone, day);
    let today = inbox.deliveries(
        shop,
        &DeliveryFilter {
            since: Some(since),
            ..DeliveryFilter::default()
        },
        COUNTED_MAX,
    )?;
    let last = match today.first() {
        Some(first) => Some(first.clone()),
        None => inbox
            .deliveries(shop, &DeliveryFilter::default(), 1)?
            .into_iter()
            .next(),
    };
    let mut verdicts: BTreeMap<&str, u64> = BTreeMap::new();
    for delivery in &today {
        *verdicts.entry(delivery.verdict.as_str()).or_default() += 1;
    }
    for counted in inbox.counted(shop, day.and_time(NaiveTime::MIN).and_utc())? {
        if counted.hour >= since {
            *verdicts.entry(counted.verdict.as_str()).or_default() += counted.count;
        }
    }
    let depth = inbox.depth(shop)?;
    Ok(json!({
        "has_inbox": true,
        "last": last,
        "verdicts": verdicts,
        "today": verdicts.values().sum::<u64>(),
        "is_more": today.len() >= COUNTED_MAX,
        "waiting": depth.waiting + depth.resting + depth.for_sweep,
        "resting": depth.resting,
    }))
}

/// The one sentence, and how sure it is. What is broken goes before what waits.
fn verdict(content: &Value) -> Value {
    let is_running = !content["running"].is_null() || !content["elsewhere"].is_null();
    let waits = content["waits_total"].as_u64().unwrap_or_default();
    let connections = content["connections"].as_array();
    let broken = connections
        .into_iter()
        .flatten()
        .find(|one| one["configured"] == true && one["state"] != "working");
    let last = &content["runs"][0];
    if is_running {
        return json!({ "kind": "run", "what": "run", "short": "a run goes on" });
    }
    if let Some(broken) = broken {
        return json!({ "kind": "bad", "what": "connection", "service": broken["name"],
                       "state": broken["state"], "short": "a connection is missing" });
    }
    if last.is_null() {
        return json!({ "kind": "off", "what": "nothing_yet", "short": "nothing is synced yet" });
    }
    if last["status"] == "failed" {
        return json!({ "kind": "bad", "what": "failed", "short": "the last run failed" });
    }
    if last["status"] == "refused" {
        return json!({ "kind": "warn", "what": "refused", "short": "a plan waits for a yes" });
    }
    if waits > 0 {
        return json!({ "kind": "warn", "what": "waits", "short": format!("{waits} wait") });
    }
    if last["status"] == "interrupted" {
        return json!({ "kind": "off", "what": "interrupted", "short": "the last run was interrupted" });
    }
    json!({ "kind": "good", "what": "well", "short": "all is well" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(change: impl FnOnce(&mut Value)) -> String {
        let mut content = json!({
            "running": null, "elsewhere": null, "waits_total": 0,
            "connections": [{ "name": "quickbooks", "configured": true, "state": "working" }],
            "runs": [{ "status": "succeeded" }],
        });
        change(&mut content);
        let verdict = verdict(&content);
        let what = verdict["what"].as_str().or(verdict["kind"].as_str());
        what.expect("a word").to_owned()
    }

    #[test]
    fn what_is_broken_is_said_before_what_waits() {
        assert_eq!(said(|_| {}), "well");
        assert_eq!(said(|content| content["waits_total"] = json!(5)), "waits");
        assert_eq!(said(|content| content["runs"] = json!([])), "nothing_yet");
        let broken = |content: &mut Value| {
            content["waits_total"] = json!(5);
            content["connections"][0]["state"] = json!("broken");
        };
        assert_eq!(said(broken), "connection");
        assert_eq!(
            said(|content| content["runs"][0]["status"] = json!("failed")),
            "failed"
        );
        assert_eq!(
            said(|content| content["elsewhere"] = json!({ "command": "sync" })),
            "run"
        );
    }
}
