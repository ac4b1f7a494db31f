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
use crate::run::Failure;
use crate::run::document::time;
use crate::store::{DeliveryFilter, Inbox, Lock, Notices, ProblemCause, Problems, Store};

/// Of one cause so many numbers are named.
const NAMED_MAX: u32 = 4;
/// Of the causes so many; the page of what waits has them all.
const CAUSES_MAX: usize = 12;

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
    let causes = store.problem_causes()?;
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
        "waits": by_cause(&store, &causes)?,
        "waits_total": causes.iter().map(|cause| cause.count).sum::<u64>(),
        "incidents": incidents,
        "running": null,
        "elsewhere": elsewhere,
        "queue": queue(app)?,
        "reads": metered.map(|metered| json!({ "used": metered.used, "allowed": metered.allowed })),
        "today": app.clock.now().with_timezone(&app.config.rules.timezone).date_naive(),
    }))
}

/// What waits, by cause: the cause that holds up most first. Of each the first few numbers, and how many there are.
fn by_cause(store: &Store, causes: &[ProblemCause]) -> Result<Vec<Value>, Failure> {
    let mut alike: BTreeMap<(&str, &str), (u64, &ProblemCause)> = BTreeMap::new();
    for cause in causes {
        let key = (cause.code.as_str(), cause.state.as_str());
        alike.entry(key).or_insert((0, cause)).0 += cause.count;
    }
    let mut alike: Vec<_> = alike.into_iter().collect();
    alike.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    alike.truncate(CAUSES_MAX);
    alike
        .into_iter()
        .map(|((code, state), (count, first))| {
            let named = store.problems_page(&first.filter(), NAMED_MAX)?;
            let mut numbers: Vec<&str> = named
                .iter()
                .map(|problem| problem.source.number.as_str())
                .collect();
            numbers.dedup();
            Ok(json!({
                "code": code,
                "state": state,
                "entity": named.first().map(|first| first.source.entity),
                "message": named.first().map(|first| &first.reason.message),
                "count": count,
                "numbers": numbers,
                "has_more": count > u64::from(NAMED_MAX),
            }))
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
    let last = inbox.deliveries(shop, &DeliveryFilter::default(), 1)?;
    let last = last.into_iter().next();
    let mut verdicts: BTreeMap<&str, u64> = BTreeMap::new();
    for (verdict, count) in inbox.judged_since(shop, since)? {
        *verdicts.entry(verdict.as_str()).or_default() += count;
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
    let incident = |is_meant: &dyn Fn(&str) -> bool| {
        let all = content["incidents"].as_array();
        let mut kinds = all.into_iter().flatten();
        kinds.find(|one| is_meant(one["kind"].as_str().unwrap_or_default()))
    };
    let is_quiet = |kind: &str| kind == "held" || kind == "expiry";
    if let Some(open) = incident(&|kind| !is_quiet(kind)) {
        return json!({ "kind": "bad", "what": "incident", "title": open["title"], "short": "something is wrong" });
    }
    if waits > 0 {
        return json!({ "kind": "warn", "what": "waits", "short": format!("{waits} wait") });
    }
    if let Some(open) = incident(&|_| true) {
        return json!({ "kind": "warn", "what": "incident", "title": open["title"], "short": "something needs you" });
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

    #[test]
    fn nothing_is_well_beside_an_open_incident() {
        let with = |kind: &str, waits: u64| {
            let incident = json!([{ "kind": kind, "title": "x" }]);
            said(|content| {
                content["incidents"] = incident;
                content["waits_total"] = json!(waits);
            })
        };
        assert_eq!(with("failure", 5), "incident");
        assert_eq!(with("silence", 0), "incident");
        assert_eq!(with("expiry", 5), "waits", "it is told below");
        assert_eq!(with("expiry", 0), "incident");
    }
}
