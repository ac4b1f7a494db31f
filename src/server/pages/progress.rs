//! Progress for people: how far a run is, how fast it goes, how long it will take, and what it waits for.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// The stages of a run in their order, each with what is being done.
const STAGES: [(&str, &str); 5] = [
    ("resume", "Settling what was left open"),
    ("gather", "Reading the shop"),
    ("plan", "Comparing with the books"),
    ("names", "Customers and items"),
    ("documents", "Documents"),
];

/// What a template shows of a run that goes on.
pub fn progress(document: &Value, now: DateTime<Utc>) -> Value {
    let told = &document["progress"];
    let stage = told["stage"].as_str();
    let at = STAGES.iter().position(|(word, _)| Some(*word) == stage);
    let is_dry = document["dry_run"] == true;
    let done = told["done"].as_u64().unwrap_or_default();
    let total = told["total"].as_u64().filter(|total| *total > 0);
    let stages: Vec<Value> = STAGES
        .iter()
        .enumerate()
        // What a dry run does not do is not waited for, and what is seldom left open is told of only where it is.
        .filter(|(nth, _)| !(is_dry && *nth > 2) && (*nth > 0 || at == Some(0)))
        .map(|(nth, (_, words))| {
            let state = match at {
                Some(at) if nth < at => "done",
                Some(at) if nth == at => "now",
                _ => "later",
            };
            json!({ "words": words, "state": state })
        })
        .collect();
    let since = told["stage_since"].as_str();
    let since = since.and_then(|since| DateTime::parse_from_rfc3339(since).ok());
    let elapsed_ms = since.map_or(0, |since| (now - since.to_utc()).num_milliseconds());
    let unit = match stage {
        Some("gather") => ("order", "orders"),
        Some("names") => ("customer or item", "customers and items"),
        Some("documents") => ("document", "documents"),
        _ => ("record", "records"),
    };
    json!({
        "heading": at.map_or("Beginning", |at| STAGES[at].1),
        "stage": stage,
        "stages": stages,
        "done": done,
        "total": total,
        "unit": { "one": unit.0, "many": unit.1 },
        "pace": pace(done, total, elapsed_ms),
        "waiting_s": told["waiting_s"].as_u64().unwrap_or_default(),
        "waiting_for": told["waiting_for"],
    })
}

/// `about 9 seconds left, 1.9 a second`; nothing where nothing can be said yet.
fn pace(done: u64, total: Option<u64>, elapsed_ms: i64) -> Option<String> {
    let elapsed = u64::try_from(elapsed_ms).ok()?;
    // The first moments say nothing about the rest.
    if done == 0 || elapsed < 1_000 {
        return None;
    }
    let tenths = done.saturating_mul(10_000) / elapsed;
    let rate = match tenths {
        0 => format!("{} a minute", done.saturating_mul(60_000) / elapsed),
        tenths if tenths < 100 => format!("{}.{} a second", tenths / 10, tenths % 10),
        tenths => format!("{} a second", tenths / 10),
    };
    let left = total
        .and_then(|total| total.checked_sub(done))
        .filter(|left| *left > 0);
    Some(match left {
        Some(left) => {
            let seconds = (left.saturating_mul(elapsed) / done).div_ceil(1_000);
            format!("about {} left, {rate}", in_words(seconds))
        }
        None => rate,
    })
}

fn in_words(seconds: u64) -> String {
    match seconds {
        0..=1 => "1 second".to_owned(),
        2..=99 => format!("{seconds} seconds"),
        100..=5_399 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_told_once_there_is_one() {
        assert_eq!(pace(0, Some(29), 9_000), None);
        assert_eq!(pace(3, Some(29), 900), None);
        assert_eq!(
            pace(12, Some(29), 6_300).as_deref(),
            Some("about 9 seconds left, 1.9 a second")
        );
        assert_eq!(pace(1200, None, 60_000).as_deref(), Some("20 a second"));
        assert_eq!(
            pace(1, Some(3), 60_000).as_deref(),
            Some("about 2 minutes left, 1 a minute")
        );
        assert_eq!(pace(29, Some(29), 15_000).as_deref(), Some("1.9 a second"));
    }

    #[test]
    fn a_dry_run_has_no_stage_that_writes() {
        let document = json!({ "dry_run": true, "progress": { "stage": "gather", "done": 1200, "total": 4800, "waiting_s": 0 } });
        let shown = progress(&document, Utc::now());
        let states: Vec<&str> = shown["stages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|stage| stage["state"].as_str())
            .collect();
        assert_eq!(states, ["now", "later"]);
        assert_eq!(shown["heading"], "Reading the shop");
        let begun = progress(&json!({ "dry_run": false, "progress": {} }), Utc::now());
        assert_eq!(
            (&begun["heading"], &begun["total"]),
            (&json!("Beginning"), &Value::Null)
        );
    }
}
