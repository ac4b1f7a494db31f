//! Pages of lists: a cursor says behind which item the next page begins. What it is made of is nobody's business.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::operation::{ApiCall, unprocessable};
use crate::server::problem::HttpProblem;

/// Items on a page, where nobody said otherwise.
const LIMIT: u64 = 50;

/// How many are wanted.
pub fn limit(call: &ApiCall) -> usize {
    let limit = call.number("limit").unwrap_or(LIMIT);
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// The place of an item in a list of this kind.
pub fn cursor(kind: &str, place: [&str; 2]) -> String {
    URL_SAFE_NO_PAD.encode(json!([kind, place[0], place[1]]).to_string())
}

/// The place after which the page begins. A cursor of another list is none of this one.
pub fn after(call: &ApiCall, kind: &str) -> Result<Option<[String; 2]>, HttpProblem> {
    let Some(given) = call.text("cursor") else {
        return Ok(None);
    };
    let read = || -> Option<[String; 2]> {
        let bytes = URL_SAFE_NO_PAD.decode(given).ok()?;
        let [of, first, second]: [String; 3] = serde_json::from_slice(&bytes).ok()?;
        (of == kind).then_some([first, second])
    };
    read().map(Some).ok_or_else(wrong)
}

/// A cursor that no page has given out.
pub fn wrong() -> HttpProblem {
    unprocessable("the cursor is not one of this list").error(
        "?cursor",
        "give it as `next_cursor` had it, or leave it out",
    )
}

/// A page, out of one item more than fits on it.
pub fn page<T>(
    schema: &str,
    mut items: Vec<T>,
    limit: usize,
    place: impl Fn(&T) -> String,
    show: impl FnMut(&T) -> Value,
) -> Value {
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| has_more).map(place);
    let shown: Vec<Value> = items.iter().map(show).collect();
    json!({ "schema": schema, "items": shown, "next_cursor": next })
}
