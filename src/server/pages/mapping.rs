//! The mapping editor: what the shop says on the left, what a document says on the right, and how it comes out beside it.
//!
//! Every button of it is a form with a name, so that a keyboard, a pointer that drags, and a browser without script do the same. A draft
//! is tried by the API as it would be saved; a save says what it was made of, and nobody's work is overwritten.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::draft::{DraftRule, DraftRules, apply, changed, on_top, rules_in, rules_of, with_rules};
use super::form::{SentForm, in_path};
use super::refusal::PageRefusal;
use super::source::{fields, shown};
use super::visit::{PageResult, PageVisit};
use crate::mapping::functions::{self, FUNCTIONS};
use crate::mapping::offer::{own_fields, target_fields};
use crate::model::access::AccessRole;

const PLACE: &str = "mappings";
/// Of the records that would come out differently so many are shown.
const DIFFERENT_MAX: usize = 20;

/// The mappings, and which of them are the shop's own.
pub async fn list(visit: PageVisit) -> PageResult {
    let all = visit.get("/mappings", &[("limit", "200")]).await?;
    let content = json!({ "mappings": all["items"] });
    visit.page("mappings.html", PLACE, "Mapping", content).await
}

/// One mapping, as it is saved.
pub async fn page(visit: PageVisit) -> PageResult {
    let saved = SavedMapping::read(&visit).await?;
    let editor = MappingEditor {
        rules: rules_of(&saved.document["mapping"]),
        seen: rules_of(&saved.document["mapping"]),
        tag: saved.tag.clone(),
        record: Value::Null,
        record_id: visit.query.one("record").map(str::to_owned),
        asks: true,
        open: None,
        told: visit.query.one("said").map(|said| json!({ "kind": said })),
        diff: Value::Null,
        status: StatusCode::OK,
    };
    editor.show(&visit, &saved).await
}

/// A button of the editor.
pub async fn edit(visit: PageVisit) -> PageResult {
    let saved = SavedMapping::read(&visit).await?;
    let form = visit.form.clone();
    let op = form.one("op").unwrap_or("try").to_owned();
    let mut rules = rules_in(&form);
    let open = apply(&mut rules, &form, &op);
    let seen = form
        .one("seen")
        .and_then(|seen| serde_json::from_str(seen).ok());
    let record = form
        .one("raw")
        .and_then(|raw| serde_json::from_str(raw).ok());
    let mut editor = MappingEditor {
        rules,
        seen: seen.as_ref().map(rules_of).unwrap_or_default(),
        tag: form.one("tag").unwrap_or_default().to_owned(),
        record: record.unwrap_or(Value::Null),
        record_id: None,
        // The record is in the form. Where the shop had none, it is not asked at each pause in typing whether it has one now.
        asks: false,
        open,
        told: None,
        diff: Value::Null,
        status: StatusCode::OK,
    };
    match op.as_str() {
        "save" => return editor.save(&visit, &saved).await,
        "record" => {
            editor.record = Value::Null;
            editor.asks = true;
            editor.record_id = form.one("record").map(str::to_owned);
        }
        "own" => editor.add_field(&form),
        "diff" => editor.look_at_changes(&visit, &saved).await,
        "merge" => {
            let theirs = rules_of(&saved.document["mapping"]);
            editor.rules = on_top(&editor.seen, &editor.rules, &theirs);
            editor.seen = theirs;
            editor.tag.clone_from(&saved.tag);
            editor.told = Some(json!({ "kind": "merged" }));
        }
        _ => {}
    }
    editor.show(&visit, &saved).await
}

/// The mapping as it is saved now.
struct SavedMapping {
    document: Value,
    tag: String,
    path: String,
}

impl SavedMapping {
    async fn read(visit: &PageVisit) -> Result<SavedMapping, PageRefusal> {
        let path = format!("/mappings/{}", in_path(visit.named("id")));
        let reply = visit.ask(Method::GET, &path, &[], &[], Value::Null).await?;
        let tag = reply.tag().unwrap_or_default().to_owned();
        Ok(SavedMapping {
            document: reply.document,
            tag,
            path,
        })
    }

    fn text(&self, name: &str) -> &str {
        self.document[name].as_str().unwrap_or_default()
    }
}

/// What somebody has before them.
struct MappingEditor {
    rules: DraftRules,
    /// The rules as they were when the page was opened: what this draft changes is told by them.
    seen: DraftRules,
    tag: String,
    record: Value,
    record_id: Option<String>,
    /// Whether the shop is asked for its newest record.
    asks: bool,
    /// The field that a button was about.
    open: Option<(usize, String)>,
    told: Option<Value>,
    diff: Value,
    status: StatusCode,
}

impl MappingEditor {
    fn draft(&self, saved: &SavedMapping) -> Value {
        with_rules(&saved.document["mapping"], &self.rules)
    }

    fn add_field(&mut self, form: &SentForm) {
        let name = form.one("own").unwrap_or_default();
        if name.is_empty() || name.contains(['.', '"', '\\', '\n']) {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
            self.told = Some(json!({ "kind": "own_wrong" }));
            return;
        }
        let key = (0, format!("custom.{name}"));
        let rule = DraftRule {
            kind: "from".to_owned(),
            ..DraftRule::default()
        };
        self.rules.entry(key.clone()).or_insert(rule);
        self.open = Some(key);
    }

    async fn look_at_changes(&mut self, visit: &PageVisit, saved: &SavedMapping) {
        let path = format!("{}/diff", saved.path);
        let body = json!({ "mapping": self.draft(saved) });
        match visit.ask(Method::POST, &path, &[], &[], body).await {
            Ok(reply) => self.diff = different(reply.document),
            Err(refusal) => self.refused(&refusal),
        }
    }

    fn refused(&mut self, refusal: &PageRefusal) {
        self.status = refusal.status;
        self.told = Some(json!({ "kind": "refused", "refusal": refusal.document }));
    }

    async fn save(mut self, visit: &PageVisit, saved: &SavedMapping) -> PageResult {
        let body = json!({ "mapping": self.draft(saved) });
        // Who opened the page sees no more than it had: a save is good for that, and for nothing newer.
        let tag = self.tag.clone();
        let put = visit
            .ask(Method::PUT, &saved.path, &[], &[("if-match", &tag)], body)
            .await;
        match put {
            Ok(_) => {
                return Ok(visit.on_to(&format!(
                    "mappings/{}?said=saved",
                    in_path(visit.named("id"))
                )));
            }
            Err(refusal) if refusal.code() == "changed_meanwhile" => {
                let theirs = rules_of(&saved.document["mapping"]);
                let (mine, their) = (
                    changed(&self.seen, &self.rules),
                    changed(&self.seen, &theirs),
                );
                let names = |keys: &mut dyn Iterator<Item = &(usize, String)>| -> Vec<String> {
                    keys.map(|(_, name)| name.clone()).collect()
                };
                self.status = StatusCode::CONFLICT;
                self.told = Some(json!({
                    "kind": "stale",
                    "mine": names(&mut mine.iter()),
                    "theirs": names(&mut their.iter()),
                    "both": names(&mut mine.intersection(&their)),
                }));
            }
            // Its mistakes stand at their places.
            Err(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
                self.status = refusal.status;
                self.told = Some(json!({ "kind": "mistakes" }));
            }
            Err(refusal) => self.refused(&refusal),
        }
        self.show(visit, saved).await
    }

    async fn show(mut self, visit: &PageVisit, saved: &SavedMapping) -> PageResult {
        let (target, entity) = (saved.text("target"), saved.text("entity"));
        let can_edit = saved.document["mapping"].is_object();
        let mut tried = Value::Null;
        if can_edit && visit.may(AccessRole::Operator) {
            let mut body = json!({ "mapping": self.draft(saved) });
            if self.record.is_object() {
                body["record"] = self.record.clone();
            } else if let Some(id) = self
                .record_id
                .as_deref()
                .and_then(|id| id.trim_start_matches('#').parse::<u64>().ok())
            {
                body["record_id"] = json!(id);
            } else if !self.asks {
                body["ask"] = json!(false);
            }
            let path = format!("{}/try", saved.path);
            match visit.ask(Method::POST, &path, &[], &[], body).await {
                Ok(reply) => tried = reply.document,
                Err(refusal) => self.refused(&refusal),
            }
            self.record = tried["record"].clone();
        }
        let rows = saved.document["mapping"]["mapping"]["rows"].as_array();
        let rows: Vec<Value> = rows.cloned().unwrap_or_default();
        let sections: Vec<Value> = rows
            .iter()
            .enumerate()
            .map(|(nth, row)| json!({ "each": row["each"], "when": row["when"], "targets": self.targets(nth, target, entity, &tried) }))
            .collect();
        let number = self.record["number"].as_str().map(str::to_owned);
        let number = number.or_else(|| self.record["id"].as_u64().map(|id| id.to_string()));
        let custom = self
            .rules
            .keys()
            .filter(|(_, name)| name.starts_with("custom."))
            .count();
        let mistakes = placed(&tried);
        let cases = tried["cases"]["cases"].as_array();
        let failed: Vec<&Value> = cases
            .into_iter()
            .flatten()
            .filter(|case| case["passed"] == false)
            .collect();
        let original = with_rules(&saved.document["mapping"], &self.seen);
        let differs = changed(&self.seen, &self.rules);
        let noun = match entity {
            "customers" => "customer",
            "products" => "product",
            "refunds" => "refund",
            _ => "order",
        };
        let title = format!("Mapping of {}", entity.replace('_', " "));
        let count = mistakes.len();
        let title = match count {
            0 => title,
            1 => format!("{title}: 1 mistake"),
            many => format!("{title}: {many} mistakes"),
        };
        let content = json!({
            "mapping": { "id": saved.document["id"], "name": saved.document["name"], "target": target, "entity": entity,
                         "file": saved.document["file"], "mistakes": saved.document["mistakes"] },
            "can_edit": can_edit,
            "may_save": visit.may(AccessRole::Operator),
            "noun": noun,
            "tag": self.tag,
            "seen": original.to_string(),
            "raw": self.record.to_string(),
            "has_record": self.record.is_object(),
            "record_id": self.record["id"].as_u64(),
            "record_number": number,
            "source": fields(entity, &self.record, &self.rules),
            "sections": sections,
            "has_rows": rows.len() > 1,
            "mistakes": mistakes,
            "preview": preview(&tried),
            "cases": { "file": tried["cases"]["file"], "passed": cases.map_or(0, Vec::len) - failed.len(), "failed": failed,
                       "all": cases.map_or(0, Vec::len) },
            "keeps_comments": tried["keeps_comments"],
            "functions": offered(),
            "own": own_fields(target, entity).map(|most| json!({ "most": most, "left": most.saturating_sub(custom) })),
            "told": self.told,
            "diff": self.diff,
            "is_changed": !differs.is_empty(),
            "changed": differs.iter().map(|(_, name)| name.clone()).collect::<Vec<String>>(),
            "picked": visit.form.one("source"),
        });
        visit
            .page_as(self.status, "mapping.html", PLACE, &title, content)
            .await
    }

    /// The fields of the target, those that are fed first told by what feeds them.
    fn targets(&self, row: usize, target: &str, entity: &str, tried: &Value) -> Vec<Value> {
        let offered = target_fields(target, entity);
        let mut names: Vec<(String, String, bool)> = offered
            .iter()
            .map(|field| {
                let about = match field.about.as_str() {
                    "" => field.takes.clone(),
                    about => format!("{}; {about}", field.takes),
                };
                (field.name.clone(), about, field.is_required)
            })
            .collect();
        for (of, name) in self.rules.keys() {
            if *of == row && !names.iter().any(|(known, ..)| known == name) {
                names.push((name.clone(), "a field of your own".to_owned(), false));
            }
        }
        let mut mistakes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for mistake in tried["mistakes"].as_array().into_iter().flatten() {
            let place = mistake["place"].as_str().unwrap_or_default();
            let prefix = format!("rows.{row}.fields.");
            let Some(rest) = place.strip_prefix(prefix.as_str()) else {
                continue;
            };
            let longest = names
                .iter()
                .filter(|(name, ..)| rest == name || rest.starts_with(&format!("{name}.")))
                .max_by_key(|(name, ..)| name.len());
            if let Some((name, ..)) = longest {
                mistakes
                    .entry(name.clone())
                    .or_default()
                    .push(mistake.clone());
            }
        }
        let empty = DraftRule::default();
        names
            .into_iter()
            .map(|(name, about, is_required)| {
                let key = (row, name.clone());
                let rule = self.rules.get(&key).unwrap_or(&empty);
                let trace = trace_of(tried, &name);
                let wrong = mistakes.remove(&name).unwrap_or_default();
                let is_open = self.open.as_ref() == Some(&key) || !wrong.is_empty();
                json!({
                    "id": format!("r{row}.{name}"),
                    "anchor": anchor(row, &name),
                    "name": name,
                    "about": about,
                    "required": is_required,
                    "kind": rule.kind,
                    "source": rule.source,
                    "calls": calls(rule, trace),
                    "text": rule.text,
                    "constant": rule.constant,
                    "when": rule.when,
                    "otherwise": rule.otherwise,
                    "otherwise_kind": rule.otherwise_kind,
                    "fed_by": fed_by(rule),
                    "gives": trace.map(|trace| shown(&trace["result"])),
                    "refused": trace.and_then(|trace| trace["refusal"].as_str()),
                    "mistakes": wrong,
                    "open": is_open,
                })
            })
            .collect()
    }
}

/// A place in a page that a link leads to.
fn anchor(row: usize, name: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(plain).collect();
    format!("t-{row}-{name}")
}

/// Every mistake with the place on the page where it is.
fn placed(tried: &Value) -> Vec<Value> {
    let all = tried["mistakes"].as_array();
    all.into_iter()
        .flatten()
        .map(|mistake| {
            let place = mistake["place"].as_str().unwrap_or_default();
            let field = place.strip_prefix("rows.").and_then(|rest| {
                let (row, rest) = rest.split_once(".fields.")?;
                Some((row.parse::<usize>().ok()?, rest))
            });
            let field = field.map(|(row, rest)| {
                let parts = [".from", ".text", ".compute", ".value", ".when", ".otherwise"];
                let name = parts.iter().find_map(|part| rest.strip_suffix(part)).unwrap_or(rest);
                json!({ "name": name, "anchor": anchor(row, name) })
            });
            json!({ "message": mistake["message"], "hint": mistake["hint"], "line": mistake["line"], "field": field })
        })
        .collect()
}

/// How a field came out, in the first of its rows.
fn trace_of<'t>(tried: &'t Value, name: &str) -> Option<&'t Value> {
    let traces = tried["draft"]["fields"].as_array()?;
    traces.iter().find(|trace| trace["field"] == name)
}

/// Each function of a flow with what it gives for the record.
fn calls(rule: &DraftRule, trace: Option<&Value>) -> Vec<Value> {
    let steps = trace.and_then(|trace| trace["steps"].as_array());
    rule.calls
        .iter()
        .enumerate()
        .map(|(nth, call)| {
            let step = steps.and_then(|steps| steps.get(nth + 1)).and_then(|step| step.get(1));
            json!({ "text": call, "gives": step.map(shown), "nth": nth, "is_first": nth == 0, "is_last": nth + 1 == rule.calls.len() })
        })
        .collect()
}

/// What feeds a field, in few words.
fn fed_by(rule: &DraftRule) -> Value {
    match rule.kind.as_str() {
        "from" => json!({ "path": rule.source, "functions": rule.calls.len() }),
        "text" => json!({ "words": "a sentence" }),
        "compute" => json!({ "words": "a computed value" }),
        "value" => json!({ "words": "always the same" }),
        _ => Value::Null,
    }
}

/// How the record comes out: each field with what it says, and what it says as the mapping is saved now.
fn preview(tried: &Value) -> Value {
    let rows = |of: &Value| -> Vec<BTreeMap<String, Value>> {
        let rows = of["rows"].as_array();
        rows.into_iter()
            .flatten()
            .map(|row| {
                let mut flat = BTreeMap::new();
                flatten("", row, &mut flat);
                flat
            })
            .collect()
    };
    let (now, before) = (rows(&tried["draft"]), rows(&tried["saved"]));
    let nothing = BTreeMap::new();
    let shown_rows: Vec<Vec<Value>> = now
        .iter()
        .enumerate()
        .map(|(nth, row)| {
            let before = before.get(nth).unwrap_or(&nothing);
            let names = row.keys().chain(before.keys().filter(|name| !row.contains_key(*name)));
            names
                .map(|name| {
                    let value = |row: &BTreeMap<String, Value>| row.get(name).cloned().unwrap_or(Value::Null);
                    let (is, was) = (value(row), value(before));
                    json!({ "name": name, "is": in_words(&is), "was": in_words(&was), "differs": is != was })
                })
                .filter(|field| !(field["is"].is_null() && field["was"].is_null()))
                .collect()
        })
        .collect();
    json!({
        "outcome": tried["draft"]["outcome"],
        "because": tried["draft"]["because"],
        "refusal": tried["draft"]["refusal"],
        "rows": shown_rows,
    })
}

fn flatten(group: &str, value: &Value, flat: &mut BTreeMap<String, Value>) {
    match value.as_object() {
        Some(fields) if group.is_empty() || !fields.is_empty() => {
            for (name, value) in fields {
                let name = if group.is_empty() {
                    name.clone()
                } else {
                    format!("{group}.{name}")
                };
                flatten(&name, value, flat);
            }
        }
        _ => {
            flat.insert(group.to_owned(), value.clone());
        }
    }
}

/// A value as a document says it; `null` where it says nothing.
fn in_words(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() => Value::Null,
        Value::String(text) => json!(text),
        other => json!(shown(other)),
    }
}

/// The functions with their sentences and examples.
pub fn offered() -> Vec<Value> {
    FUNCTIONS
        .iter()
        .map(|function| {
            let example = function.examples.first();
            json!({
                "name": function.name,
                "signature": functions::signature(function),
                "sentence": function.sentence,
                "takes_more": !function.parameters.is_empty(),
                "example": example.map(|example| json!({ "flow": example.flow, "gives": example.gives.unwrap_or("a refusal") })),
            })
        })
        .collect()
}

/// The comparison with what is synced, cut to what a page shows.
fn different(mut document: Value) -> Value {
    let changes = document["changes"].take();
    let shown_changes: Vec<Value> = changes
        .as_array()
        .into_iter()
        .flatten()
        .take(DIFFERENT_MAX)
        .map(|change| {
            let all = change["differences"].as_array();
            let differences: Vec<Value> = all
                .into_iter()
                .flatten()
                .map(|one| json!({ "field": one["field"], "before": in_words(&one["before"]), "after": in_words(&one["after"]) }))
                .collect();
            json!({ "id": change["id"], "differences": differences })
        })
        .collect();
    document["changes"] = json!(shown_changes);
    document["shown"] = json!(DIFFERENT_MAX);
    document
}
