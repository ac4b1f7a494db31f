//! Mappings: which fields of the shop feed which fields of the books and of the database. Listed, read, written, tried on a record and
//! tested, all by the files in the shop's folder. A mapping with a mistake changes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::mapping_records::{newest, traced};
use super::operation::{
    ApiAnswer, ApiCall, ApiOperation, AuditedChange, answer, not_there, unprocessable,
};
use super::schema::{
    Schema, anything, by_name, count, document, flag, line, list, nullable, object,
    page as page_of, text, word,
};
use super::{etag, page};
use crate::app::App;
use crate::app::mappings::{Folder, csv_beside, edited, read_text, shown};
use crate::files;
use crate::mapping::shipped::{self, SHIPPED, Shipped};
use crate::mapping::{self, Compiled, Mapping, cases, check_imported, exchange};
use crate::model::fingerprint::Fingerprint;
use crate::run::Failure;
use crate::server::problem::HttpProblem;

/// An operation on the mapping that the address names.
pub(super) fn about_one(operation: ApiOperation) -> ApiOperation {
    operation
        .path_param(
            "id",
            json!({ "type": "string", "pattern": "^[a-z_.-]{1,80}$" }),
            "`woocommerce-quickbooks.orders`",
        )
        .where_is(|_, call| Ok(of(call.path("id")).is_some()))
}

pub fn operations() -> Vec<ApiOperation> {
    let given = || object([("mapping", content())], []);
    vec![
        ApiOperation::get(
            "/mappings",
            "listMappings",
            "List the mappings, and which of them the shop has made its own",
        )
        .paged()
        .answers(
            200,
            "A page of mappings",
            page_of("udsync/mappings/1", row_shape()),
        )
        .by(list_all),
        ApiOperation::post(
            "/mappings",
            "addMapping",
            "Put a mapping of the shop's own in the place of a shipped one",
        )
        .body(given())
        .once()
        .answers(201, "It is written", mapping_shape())
        .with_header("Location", "Where it is")
        .tagged()
        .refuses(409, "The shop has its own already")
        .by(add),
        ApiOperation::post(
            "/mappings/import",
            "importMapping",
            "Take a mapping over from another tool",
        )
        .body(object([("mapping", content())], [("force", flag())]))
        .once()
        .answers(
            200,
            "It is taken over",
            document(
                "udsync/mapping-import/1",
                [("name", text()), ("file", text()), ("written", flag())],
                [],
            ),
        )
        .refuses(
            409,
            "The shop has its own already, and `force` does not say to replace it",
        )
        .by(import),
        ApiOperation::post(
            "/mappings/preview",
            "previewMapping",
            "Show what a mapping makes of a record, step by step",
        )
        .body(object(
            [("id", line(80))],
            [("mapping", content()), ("record", by_name(anything()))],
        ))
        .answers(200, "The record on its way", preview_shape())
        .refuses(409, "The shop cannot be asked for a record")
        .by(preview),
        about_one(ApiOperation::get(
            "/mappings/{id}",
            "getMapping",
            "Look at a mapping",
        ))
        .answers(200, "The mapping", mapping_shape())
        .tagged()
        .by(get),
        about_one(ApiOperation::put(
            "/mappings/{id}",
            "changeMapping",
            "Change a mapping",
        ))
        .body(given())
        .answers(200, "It is written", mapping_shape())
        .tagged()
        .by(change),
        about_one(ApiOperation::delete(
            "/mappings/{id}",
            "removeMapping",
            "Take the shop's own mapping away; the shipped one is good again",
        ))
        .answers_nothing(204, "It is taken away")
        .refuses(409, "The shop has none of its own")
        .by(remove),
        about_one(ApiOperation::get(
            "/mappings/{id}/export",
            "exportMapping",
            "Read a mapping as other tools take it",
        ))
        .answers(200, "The mapping alone", content())
        .by(export),
        about_one(ApiOperation::post(
            "/mappings/{id}/test",
            "testMapping",
            "Run the cases that are kept beside a mapping",
        ))
        .answers(200, "What came of each", test_shape())
        .by(test),
    ]
}

/// What `udsync mapping export` prints. Its own check says more than a schema could.
fn content() -> Schema {
    by_name(anything())
}

fn row_shape() -> Schema {
    object(
        [
            ("id", text()),
            ("name", text()),
            ("source", text()),
            ("target", text()),
            ("entity", text()),
            ("file", nullable(text())),
            ("rules", count()),
            ("cases", count()),
            ("mistakes", count()),
        ],
        [],
    )
}

fn mapping_shape() -> Schema {
    document(
        "udsync/mapping/1",
        [
            ("id", text()),
            ("name", text()),
            ("source", text()),
            ("target", text()),
            ("entity", text()),
            ("file", nullable(text())),
            ("mapping", nullable(content())),
            ("mistakes", list(by_name(anything()))),
        ],
        [],
    )
}

fn preview_shape() -> Schema {
    let record = object(
        [
            ("id", nullable(count())),
            ("outcome", word(&["mapped", "skipped", "refused"])),
            ("fields", list(by_name(anything()))),
            ("rows", list(by_name(anything()))),
        ],
        [("because", text()), ("refusal", by_name(anything()))],
    );
    document(
        "udsync/mapping-preview/1",
        [
            ("name", text()),
            ("file", nullable(text())),
            ("records", list(record)),
        ],
        [],
    )
}

fn test_shape() -> Schema {
    let case = object(
        [
            ("name", text()),
            ("passed", flag()),
            ("differences", list(text())),
        ],
        [],
    );
    let one = object(
        [
            ("name", text()),
            ("file", nullable(text())),
            ("cases_file", nullable(text())),
            ("cases", list(case)),
        ],
        [],
    );
    document(
        "udsync/mapping-test/1",
        [
            ("passed", count()),
            ("failed", count()),
            ("mappings", list(one)),
        ],
        [],
    )
}

/// In an address a mapping is one word.
fn id_of(of: &Shipped) -> String {
    of.name().replace('/', ".")
}

pub(super) fn of(id: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|one| id_of(one) == id)
}

pub(super) fn named(call: &ApiCall) -> Result<&'static Shipped, HttpProblem> {
    of(call.path("id")).ok_or_else(not_there)
}

fn compiled_shipped(of: &Shipped) -> Arc<Compiled> {
    let checked = mapping::check(&of.path(), of.text, &BTreeMap::new());
    Arc::new(checked.expect("a test checks every shipped mapping"))
}

/// The shop's own, or the shipped one. Its own with mistakes is an error.
pub(super) fn ready(
    folder: &Folder,
    of: &'static Shipped,
) -> Result<(Option<String>, Arc<Compiled>), Failure> {
    match folder.own(of) {
        None => Ok((None, compiled_shipped(of))),
        Some(own) => match &own.checked {
            Ok(compiled) => Ok((Some(own.file.clone()), compiled.clone())),
            Err(mistakes) => Err(Failure::from_mapping(mistakes)),
        },
    }
}

fn rules(mapping: &Mapping) -> usize {
    mapping.rows.iter().map(|rows| rows.fields.len()).sum()
}

/// As `mapping list` has it.
fn row(folder: &Folder, of: &'static Shipped) -> Value {
    let own = folder.own(of);
    let own_cases = folder.own_cases(of);
    let (rules, wrong) = match own.map(|own| &own.checked) {
        None => (rules(&compiled_shipped(of).mapping), 0),
        Some(Ok(compiled)) => (rules(&compiled.mapping), 0),
        Some(Err(mistakes)) => (0, mistakes.len()),
    };
    let (cases, wrong_cases) = match own_cases.map(|own| &own.read) {
        Some(Ok(cases)) => (cases.len(), 0),
        Some(Err(mistakes)) => (0, mistakes.len()),
        // The cases of the shipped file say nothing about another.
        None if own.is_some() => (0, 0),
        None => (cases::read("", of.cases).map_or(0, |cases| cases.len()), 0),
    };
    json!({
        "id": id_of(of),
        "name": of.name(),
        "source": of.source,
        "target": of.target,
        "entity": of.entity,
        "file": own.map(|own| own.file.clone()),
        "rules": rules,
        "cases": cases,
        "mistakes": wrong + wrong_cases,
    })
}

async fn list_all(call: ApiCall) -> ApiAnswer {
    let after = page::after(&call, "mappings")?.map(|[id, _]| id);
    let limit = page::limit(&call);
    let rows = call
        .with_app(move |app| {
            let folder = app.mapping_folder();
            let behind =
                |of: &&&'static Shipped| after.as_ref().is_none_or(|after| id_of(of) > *after);
            let mut all: Vec<&'static Shipped> = SHIPPED.iter().collect();
            all.sort_by_key(|of| id_of(of));
            let rows = all.iter().filter(behind).take(limit.saturating_add(1));
            Ok(rows.map(|of| row(&folder, of)).collect::<Vec<Value>>())
        })
        .await?;
    let document = page::page(
        "udsync/mappings/1",
        rows,
        limit,
        |row| page::cursor("mappings", [row["id"].as_str().unwrap_or_default(), ""]),
        Value::clone,
    );
    Ok(answer(StatusCode::OK, &document))
}

/// A mapping as it is, also where it cannot be worked with.
fn whole(app: &App, of: &'static Shipped) -> Value {
    let folder = app.mapping_folder();
    let own = folder.own(of);
    let (content, mistakes) = match own.map(|own| &own.checked) {
        None => (exchange::export(&compiled_shipped(of).mapping), json!([])),
        Some(Ok(compiled)) => (exchange::export(&compiled.mapping), json!([])),
        Some(Err(mistakes)) => (Value::Null, json!(mistakes)),
    };
    json!({
        "schema": "udsync/mapping/1",
        "id": id_of(of),
        "name": of.name(),
        "source": of.source,
        "target": of.target,
        "entity": of.entity,
        "file": own.map(|own| own.file.clone()),
        "mapping": content,
        "mistakes": mistakes,
    })
}

/// The text of the shop's own file is what can be changed; comments are part of it.
fn tag(app: &App, of: &'static Shipped) -> String {
    let folder = app.mapping_folder();
    let text = folder.own(of).map_or(of.text, |own| own.text.as_str());
    etag::of(&(
        id_of(of),
        Fingerprint::of_bytes(text.as_bytes()),
        folder.own(of).is_some(),
    ))
}

async fn get(call: ApiCall) -> ApiAnswer {
    let of = named(&call)?;
    let (tag, document) = call
        .with_app(move |app| Ok((tag(app, of), whole(app, of))))
        .await?;
    Ok(etag::tagged(&call, StatusCode::OK, &tag, &document))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenMapping {
    mapping: Value,
    #[serde(default)]
    force: bool,
}

/// A mapping that is to be written, and where.
pub(super) struct CheckedMapping {
    pub(super) of: &'static Shipped,
    pub(super) place: PathBuf,
    pub(super) text: String,
    pub(super) mapping: Mapping,
}

/// Reads what somebody gave, and finds every mistake in it before anything is written.
pub(super) fn checked(app: &App, given: &Value) -> Result<CheckedMapping, Failure> {
    const NAME: &str = "mapping";
    let mapping = exchange::import(&given.to_string()).map_err(|said| {
        Failure::new("import_unreadable", said)
            .hint("`GET /api/mappings/{id}/export` shows what such a document looks like")
    })?;
    let Some(of) = shipped::find(&mapping.source, &mapping.target, &mapping.entity) else {
        let mistakes = check_imported(NAME, &mapping, &BTreeMap::new());
        return Err(Failure::from_mapping(&mistakes.err().unwrap_or_default()));
    };
    let folder = app.mapping_folder();
    let place = folder.path.join(of.path());
    // Comments and order of the shop's own file stay; a first one begins as the shipped one, with its explanations.
    let text = edited(text_of(&folder, of), &mapping).text;
    let (files, mut mistakes) = csv_beside(&place, &text);
    let found = check_imported(NAME, &mapping, &files);
    mistakes.extend(found.err().unwrap_or_default());
    if !mistakes.is_empty() {
        return Err(Failure::from_mapping(&mistakes));
    }
    // What is written must be read again as it was meant.
    mapping::check(NAME, &text, &files).map_err(|mistakes| Failure::from_mapping(&mistakes))?;
    Ok(CheckedMapping {
        of,
        place,
        text,
        mapping,
    })
}

/// The text that an edit begins with: the shop's own file, or the shipped one.
pub(super) fn text_of<'f>(folder: &'f Folder, of: &'static Shipped) -> &'f str {
    let own = folder.own(of).map(|own| own.text.as_str());
    own.filter(|text| !text.is_empty()).unwrap_or(of.text)
}

fn write(place: &Path, text: &str) -> Result<(), Failure> {
    let written = place
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| files::replace_open(place, "new", text.as_bytes()));
    written.map_err(|error| {
        Failure::new(
            "file_unwritten",
            format!("the mapping could not be written: {}", error.kind()),
        )
        .hint("let the user that runs the server write to the folder of the mappings")
    })
}

fn exists(of: &Shipped) -> HttpProblem {
    HttpProblem::new(
        StatusCode::CONFLICT,
        "mapping_exists",
        format!("the shop has its own mapping `{}` already", of.name()),
    )
    .hint("change it with `PUT`, or import it with `force`")
}

async fn add(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let given: GivenMapping = call.body()?;
    let written = call
        .with_app(move |app| {
            let new = checked(app, &given.mapping)?;
            if new.place.symlink_metadata().is_ok() {
                return Ok(Err(new.of));
            }
            write(&new.place, &new.text)?;
            Ok(Ok((new.of, tag(app, new.of), whole(app, new.of))))
        })
        .await?;
    let (of, tag, document) = written.map_err(exists)?;
    let mut response = etag::tagged(&call, StatusCode::CREATED, &tag, &document);
    let location = HeaderValue::from_str(&format!("/api/mappings/{}", id_of(of)));
    let location = location.expect("an id is of letters, dashes and a dot");
    response.headers_mut().insert(header::LOCATION, location);
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(of.name()),
        before: None,
        after: Some(document["mapping"].clone()),
    });
    Ok(response)
}

async fn change(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let of = named(&call)?;
    let given: GivenMapping = call.body()?;
    let (now, before, new) = call
        .with_app(move |app| Ok((tag(app, of), whole(app, of), checked(app, &given.mapping)?)))
        .await?;
    if new.of.name() != of.name() {
        return Err(unprocessable("this is a mapping for something else")
            .error("/mapping", format!("is one for `{}`", new.of.name())));
    }
    etag::check(&call, &now, true)?;
    let (tag, document) = call
        .with_app(move |app| {
            write(&new.place, &new.text)?;
            Ok((tag(app, of), whole(app, of)))
        })
        .await?;
    let mut response = etag::tagged(&call, StatusCode::OK, &tag, &document);
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(of.name()),
        before: Some(before["mapping"].clone()),
        after: Some(document["mapping"].clone()),
    });
    Ok(response)
}

async fn remove(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let of = named(&call)?;
    let (now, before) = call
        .with_app(move |app| Ok((tag(app, of), whole(app, of))))
        .await?;
    etag::check(&call, &now, true)?;
    if before["file"].is_null() {
        return Err(HttpProblem::new(
            StatusCode::CONFLICT,
            "mapping_shipped",
            "the shop has no mapping of its own here, and the shipped one stays",
        ));
    }
    call.with_app(move |app| {
        let place = app.mapping_folder().path.join(of.path());
        std::fs::remove_file(&place).map_err(|error| {
            Failure::new(
                "file_unwritten",
                format!("the mapping could not be taken away: {}", error.kind()),
            )
        })
    })
    .await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(of.name()),
        before: Some(before["mapping"].clone()),
        after: None,
    });
    Ok(response)
}

async fn import(call: ApiCall) -> ApiAnswer {
    let shop = call.shop().clone();
    let _one_at_a_time = shop.changing.lock().await;
    let given: GivenMapping = call.body()?;
    let taken = call
        .with_app(move |app| {
            let new = checked(app, &given.mapping)?;
            let there = read_text(&new.place).ok().and_then(|text| {
                let (files, _) = csv_beside(&new.place, &text);
                mapping::check("", &text, &files).ok()
            });
            let says_the_same = there.is_some_and(|there| there.mapping == new.mapping);
            if !says_the_same {
                if new.place.symlink_metadata().is_ok() && !given.force {
                    return Ok(Err(new.of));
                }
                write(&new.place, &new.text)?;
            }
            Ok(Ok((new.of, shown(&new.place), !says_the_same)))
        })
        .await?;
    let (of, file, written) = taken.map_err(exists)?;
    let mut response = answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/mapping-import/1", "name": of.name(), "file": file, "written": written }),
    );
    response.extensions_mut().insert(AuditedChange {
        shop: None,
        target: Some(of.name()),
        before: None,
        after: Some(json!({ "written": written })),
    });
    Ok(response)
}

async fn export(call: ApiCall) -> ApiAnswer {
    let of = named(&call)?;
    let document = call
        .with_app(move |app| {
            Ok(exchange::export(
                &ready(&app.mapping_folder(), of)?.1.mapping,
            ))
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}

async fn test(call: ApiCall) -> ApiAnswer {
    let of = named(&call)?;
    let document = call.with_app(move |app| tested(app, of)).await?;
    Ok(answer(StatusCode::OK, &document))
}

/// As `mapping test` has it.
fn tested(app: &App, of: &'static Shipped) -> Result<Value, Failure> {
    let folder = app.mapping_folder();
    let (file, compiled) = ready(&folder, of)?;
    let (cases_file, compared) = match folder.own_cases(of) {
        Some(own) => {
            let cases = own.read.as_ref();
            let cases = cases.map_err(|mistakes| Failure::from_mapping(mistakes))?;
            (Some(own.file.clone()), cases.compare(&compiled))
        }
        None if file.is_some() => (None, Vec::new()),
        None => {
            let cases = cases::read("shipped", of.cases);
            let cases = cases.map_err(|mistakes| Failure::from_mapping(&mistakes))?;
            (Some("shipped".to_owned()), cases.compare(&compiled))
        }
    };
    let passed = compared
        .iter()
        .filter(|case| case.differences.is_empty())
        .count();
    let failed = compared.len() - passed;
    let cases: Vec<Value> = compared
        .into_iter()
        .map(|case| {
            json!({ "name": case.name, "passed": case.differences.is_empty(), "differences": case.differences })
        })
        .collect();
    Ok(json!({
        "schema": "udsync/mapping-test/1",
        "passed": passed,
        "failed": failed,
        "mappings": [{ "name": of.name(), "file": file, "cases_file": cases_file, "cases": cases }],
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPreview {
    id: String,
    #[serde(default)]
    mapping: Option<Value>,
    #[serde(default)]
    record: Option<Value>,
}

/// What a mapping makes of a record: of the one given, or of the newest of the shop. A draft is tried as it would be written.
async fn preview(call: ApiCall) -> ApiAnswer {
    let given: GivenPreview = call.body()?;
    let Some(of) = of(&given.id) else {
        return Err(unprocessable("there is no such mapping")
            .error("/id", "is no mapping that `GET /api/mappings` lists"));
    };
    let draft = given.mapping.clone();
    let (file, compiled, settings) = call
        .with_app(move |app| {
            let settings = app.mapping_settings();
            let Some(draft) = draft else {
                let (file, compiled) = ready(&app.mapping_folder(), of)?;
                return Ok((file, compiled, settings));
            };
            let new = checked(app, &draft)?;
            let (files, _) = csv_beside(&new.place, &new.text);
            let compiled = mapping::check("mapping", &new.text, &files)
                .map_err(|mistakes| Failure::from_mapping(&mistakes))?;
            Ok((None, Arc::new(compiled), settings))
        })
        .await?;
    let record = match given.record {
        Some(record) => record,
        None => newest(&call, of).await?,
    };
    let seen = traced(&compiled, &record, &settings);
    Ok(answer(
        StatusCode::OK,
        &json!({ "schema": "udsync/mapping-preview/1", "name": of.name(), "file": file, "records": [seen] }),
    ))
}
