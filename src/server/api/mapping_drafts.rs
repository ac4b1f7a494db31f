//! Drafts of mappings: tried on a record, with every mistake at its place, and held against what is synced. Nothing is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::mapping_records::{newest, record_called, traced};
use super::mappings::{about_one, checked, named, ready, text_of};
use super::operation::{ApiAnswer, ApiCall, ApiOperation, answer};
use super::schema::{
    Schema, anything, by_name, count, document, flag, integer, list, nullable, object, text,
};
use crate::app::App;
use crate::app::mappings::compared::{MappingComparison, synced_orders};
use crate::app::mappings::{csv_beside, edited};
use crate::mapping::shipped::Shipped;
use crate::mapping::{self, Compiled, cases, exchange};
use crate::run::Failure;
use crate::store::Store;

pub fn operations() -> Vec<ApiOperation> {
    let content = || by_name(anything());
    vec![
        about_one(ApiOperation::post(
            "/mappings/{id}/try",
            "tryMapping",
            "Try a draft: its mistakes with their places, what it makes of a record, and its cases",
        ))
        .body(object(
            [],
            [
                ("mapping", content()),
                ("record", by_name(anything())),
                ("record_id", integer(1, 999_999_999_999_999_999)),
                ("ask", flag()),
            ],
        ))
        .answers(200, "What came of it", try_shape())
        .refuses(409, "The shop cannot be asked for a record")
        .only_looks()
        .by(try_draft),
        about_one(ApiOperation::post(
            "/mappings/{id}/diff",
            "diffMapping",
            "Show which synced records would come out differently with a draft",
        ))
        .body(object(
            [("mapping", content())],
            [("limit", integer(1, 1_000))],
        ))
        .answers(200, "What differs", diff_shape())
        .refuses(409, "The shop cannot be asked for its records")
        .only_looks()
        .by(diff),
    ]
}

fn try_shape() -> Schema {
    let mistake = object(
        [("line", count()), ("column", count()), ("message", text())],
        [("hint", text()), ("place", text())],
    );
    let case = object(
        [
            ("name", text()),
            ("passed", flag()),
            ("differences", list(text())),
        ],
        [],
    );
    let cases = object([("file", text()), ("cases", list(case))], []);
    document(
        "udsync/mapping-try/1",
        [
            ("name", text()),
            ("mistakes", list(mistake)),
            ("keeps_comments", flag()),
            ("changed_lines", count()),
            ("record", nullable(by_name(anything()))),
            ("draft", nullable(by_name(anything()))),
            ("saved", nullable(by_name(anything()))),
            ("cases", nullable(cases)),
        ],
        [],
    )
}

fn diff_shape() -> Schema {
    let difference = object(
        [
            ("row", count()),
            ("field", text()),
            ("before", anything()),
            ("after", anything()),
        ],
        [],
    );
    let change = object(
        [("id", nullable(count())), ("differences", list(difference))],
        [],
    );
    document(
        "udsync/mapping-diff/1",
        [
            ("name", text()),
            ("now", text()),
            ("against", text()),
            ("records", count()),
            ("changed", count()),
            ("gone", count()),
            ("fields", by_name(count())),
            ("changes", list(change)),
        ],
        [],
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenTry {
    #[serde(default)]
    mapping: Option<Value>,
    #[serde(default)]
    record: Option<Value>,
    #[serde(default)]
    record_id: Option<u64>,
    /// Whether the shop is asked for its newest record where none is given; it is, unless this says no.
    #[serde(default)]
    ask: Option<bool>,
}

/// Everything that an editor shows of a draft. What is wrong with it is part of the answer: somebody is in the middle of writing it.
async fn try_draft(call: ApiCall) -> ApiAnswer {
    let of = named(&call)?;
    let given: GivenTry = call.body()?;
    let record = match (given.record, given.record_id) {
        (Some(record), _) => Some(record),
        (None, Some(id)) => Some(record_called(&call, of, id).await?),
        // A shop without a record has a mapping all the same.
        (None, None) if given.ask == Some(false) => None,
        (None, None) => newest(&call, of).await.ok(),
    };
    let draft = given.mapping;
    let document = call
        .with_app(move |app| tried(app, of, draft.as_ref(), record))
        .await?;
    Ok(answer(StatusCode::OK, &document))
}

fn tried(
    app: &App,
    of: &'static Shipped,
    draft: Option<&Value>,
    record: Option<Value>,
) -> Result<Value, Failure> {
    let folder = app.mapping_folder();
    let before = text_of(&folder, of);
    let (text, keeps_comments) = match draft {
        Some(draft) => {
            let mapping = exchange::import(&draft.to_string())
                .map_err(|said| Failure::new("import_unreadable", said))?;
            let new = edited(before, &mapping);
            (new.text, new.keeps_comments)
        }
        None => (before.to_owned(), true),
    };
    let place = folder.path.join(of.path());
    let (files, _) = csv_beside(&place, &text);
    let checked = mapping::check_placed("mapping", &text, &files);
    let mistakes: Vec<Value> = checked
        .as_ref()
        .err()
        .into_iter()
        .flatten()
        .map(|placed| {
            let mistake = &placed.mistake;
            let mut said = json!({ "line": mistake.line, "column": mistake.column, "message": mistake.message });
            if let Some(hint) = &mistake.hint {
                said["hint"] = json!(hint);
            }
            if let Some(place) = &placed.place {
                said["place"] = json!(place);
            }
            said
        })
        .collect();
    let settings = app.mapping_settings();
    let seen = |compiled: &Compiled| {
        record
            .as_ref()
            .map(|record| traced(compiled, record, &settings))
    };
    let saved = ready(&folder, of).ok().and_then(|(_, saved)| seen(&saved));
    let compiled = checked.as_ref().ok();
    let shipped_cases = cases::read("shipped", of.cases).ok();
    let cases = match folder.own_cases(of) {
        Some(own) => own
            .read
            .as_ref()
            .ok()
            .map(|cases| (own.file.as_str(), cases)),
        // A mapping of the shop's own is held against its own cases only, as `mapping test` does.
        None if folder.own(of).is_some() => None,
        None => shipped_cases.as_ref().map(|cases| ("shipped", cases)),
    };
    let cases = compiled.zip(cases).map(|(compiled, (file, cases))| {
        let compared: Vec<Value> = cases
            .compare(compiled)
            .into_iter()
            .map(|case| json!({ "name": case.name, "passed": case.differences.is_empty(), "differences": case.differences }))
            .collect();
        json!({ "file": file, "cases": compared })
    });
    let known: BTreeSet<&str> = before.lines().collect();
    let changed_lines = text.lines().filter(|line| !known.contains(line)).count();
    Ok(json!({
        "schema": "udsync/mapping-try/1",
        "name": of.name(),
        "mistakes": mistakes,
        "keeps_comments": keeps_comments,
        "changed_lines": changed_lines,
        "draft": compiled.and_then(seen),
        "saved": saved,
        "record": record,
        "cases": cases,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenDiff {
    mapping: Value,
    #[serde(default)]
    limit: Option<usize>,
}

/// What a draft would change, held against what the last run worked with: the saved mapping.
async fn diff(call: ApiCall) -> ApiAnswer {
    /// So many of the newest are read for somebody who waits.
    const LOOKED_AT: usize = 200;
    let of = named(&call)?;
    let given: GivenDiff = call.body()?;
    let document = call
        .asking(move |app| async move {
            let new = checked(&app, &given.mapping)?;
            let (files, _) = csv_beside(&new.place, &new.text);
            let draft = mapping::check("mapping", &new.text, &files)
                .map_err(|mistakes| Failure::from_mapping(&mistakes))?;
            let folder = app.mapping_folder();
            let (_, saved) = ready(&folder, of)?;
            let settings = app.mapping_settings();
            let mut comparison = MappingComparison::new(of, Arc::new(draft), saved, settings);
            if !comparison.is_idle(folder.own(of).is_some()) {
                let state = Store::open_read_only(&app.state)?;
                let synced = synced_orders(state.as_ref(), of.target)?;
                let limit = given.limit.unwrap_or(LOOKED_AT);
                let shop = app.store_to_look_at()?;
                comparison
                    .look(&shop, synced, &Default::default(), limit)
                    .await?;
            }
            Ok(json!(comparison.document("draft", "saved")))
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}
