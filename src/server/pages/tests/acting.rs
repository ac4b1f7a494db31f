//! The acting pages with a fixture for each of their states: whatever a document says or leaves out, there is a page.

use serde_json::{Value, json};

use crate::server::pages::render::render;

/// What stands around every page.
fn around(content: Value) -> Value {
    let mut context = json!({
        "title": "Sync", "here": "sync", "base": "/shop/aurora", "zone": "America/Edmonton", "now": "2026-11-20T23:40:00Z",
        "shop": { "name": "aurora", "title": "Aurora" }, "who": { "name": "dana", "role": "owner" },
        "world": { "is_sandbox": true, "made_up": true, "company": null, "company_id": null },
        "may": { "operate": true, "own": true }, "form_token": "T", "key": "K", "has_shops": false, "waiting": 1, "conflicts": 0, "heard": 0, "said": null,
        "assets": crate::server::pages::assets::addresses(),
    });
    if let (Value::Object(context), Value::Object(content)) = (&mut context, content) {
        context.extend(content);
    }
    context
}

fn shown(template: &str, content: Value) -> String {
    render(template, &around(content)).expect("it renders")
}

fn run(fields: Value) -> Value {
    let mut run = json!({ "run_id": "0192", "dry_run": true, "status": "succeeded", "started_at": "2026-11-20T23:24:00Z",
                          "finished_at": "2026-11-20T23:24:14Z", "targets": { "quickbooks": { "created": 1, "names": 1 } }, "changes": [], "problems": [] });
    if let (Value::Object(run), Value::Object(fields)) = (&mut run, fields) {
        run.extend(fields);
    }
    run
}

fn sync(state: &str, run: Value, more: Value) -> String {
    let mut content = json!({ "state": state, "heading": "The heading", "plan": crate::server::pages::plan::plan(&run, "write", 1), "run": run,
                              "done": { "names": 1, "rows": 2, "has_copy": true, "has_books": true, "reads": 3, "writes": 4, "throttled": 1, "kind": "good", "books": "1 created" },
                              "progress": crate::server::pages::progress::progress(&run, chrono::Utc::now()), "may_write": true, "can_again": true, "waits": 1 });
    if let (Value::Object(content), Value::Object(more)) = (&mut content, more) {
        content.extend(more);
    }
    shown("sync.html", content)
}

#[test]
fn every_state_of_a_run_is_a_page() {
    for state in [
        "reading", "running", "plan", "offered", "done", "nothing", "changed", "broken",
    ] {
        let error = json!({ "error": { "code": "plan_changed", "exit": 4, "message": "no", "hint": "look" } });
        for fields in [
            json!({}),
            json!({ "confirm_token": "x", "confirm_expires_at": "2026-11-20T23:29:00Z" }),
            error,
        ] {
            if state == "offered" && fields.get("error").is_none() {
                continue;
            }
            let page = sync(state, run(fields), json!({}));
            assert!(page.contains("id=\"stage\""), "{state}");
        }
    }
    for state in ["gone", "not_written"] {
        for code in [
            "run_in_progress",
            "confirmation_gone",
            "confirmation_unknown",
            "other",
        ] {
            let refusal = json!({ "code": code, "detail": "no", "status": 409 });
            let content = json!({ "state": state, "run": { "run_id": "0192" }, "can_again": true, "refusal": refusal, "current": null });
            assert!(
                shown("sync.html", content).contains("said-warn"),
                "{state} {code}"
            );
        }
    }
}

#[test]
fn a_run_that_is_taken_back_is_shown_on_the_same_pages_in_its_own_words() {
    let token = json!({ "confirm_token": "x", "confirm_expires_at": "2026-11-20T23:29:00Z", "command": "undo" });
    let undoes = || json!({ "undoes": "0193aaaa-bbbb", "obstacles": null });
    for state in ["reading", "running", "plan", "done", "nothing", "changed"] {
        let page = sync(state, run(token.clone()), undoes());
        assert!(page.contains("Take back run"), "{state}");
        assert!(!page.contains("Sync something else"), "{state}");
    }
    let error = json!({ "error": { "code": "undo_blocked", "exit": 7, "message": "no", "hint": "`udsync undo --partial`" } });
    let more = json!({ "undoes": "0193aaaa-bbbb", "obstacles": [{ "order": "17", "document": "WC-17", "id": "1", "code": "deposited", "message": "`WC-17` lies in a deposit" }] });
    let page = sync("broken", run(error), more);
    for part in [
        "What stands in the way",
        "deposited",
        "See the plan without these orders",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn the_form_shows_what_was_filled_in_and_what_was_wrong() {
    let content = |refusal: Value, busy: Value| {
        json!({ "state": "choose", "targets": [{ "name": "quickbooks", "title": "QuickBooks", "chosen": true }], "form_zone": "America/Edmonton",
                "filled": { "entity": "products", "mode": "full", "since": "2026-11-02", "until": "", "ids": "<b>" },
                "mistakes": { "filters.since": "is after `until`" }, "refusal": refusal, "busy": busy, "current": null })
    };
    let page = shown(
        "sync.html",
        content(
            json!({ "code": "request_wrong", "detail": "no", "status": 422 }),
            Value::Null,
        ),
    );
    assert!(page.contains("value=\"products\" selected") && page.contains("value=\"2026-11-02\""));
    assert!(page.contains("id=\"f-since-e\"") && !page.contains("<b>\""));
    let busy = json!({ "code": "run_in_progress", "detail": "no", "status": 409, "since": "2026-11-20T23:15:00Z", "holder": { "command": "sync orders" } });
    assert!(
        shown("sync.html", content(Value::Null, busy)).contains("Two runs never write at once")
    );
}

#[test]
fn a_viewer_sees_no_button_that_would_be_refused() {
    let run = run(
        json!({ "confirm_token": "secret-token", "confirm_expires_at": "2026-11-20T23:29:00Z" }),
    );
    let page = sync(
        "plan",
        run,
        json!({ "may_write": false, "may": { "operate": false, "own": false } }),
    );
    assert!(!page.contains("secret-token") && !page.contains("btn-main"));
}

#[test]
fn what_waits_is_told_with_its_way_out_or_with_its_hint() {
    let cause = |way_out: Value, undone: Value| {
        json!({ "state": "held", "code": "status_unmapped", "hint": "add `x`", "to_do": "add `x`", "message": "order `1` waits", "first": "GQQB", "count": 12, "has_more": true, "next_after": "x", "anchor": "c-status_unmapped", "way_out": way_out, "undone": undone,
                "records": [{ "id": "GQQB", "source": { "entity": "order", "id": "1", "number": "1" }, "message": "order `1` waits", "since": "2026-11-20T23:24:00Z",
                "glance": { "number": "WC-1", "day": "2026-11-20", "total": "159.76", "currency": "CAD", "customer": "Ann Lee" } }] })
    };
    let way = json!({ "key": "k", "question": "An order that is “x” is", "section": "[books.policy.status_map]", "choices": [{ "value": "skip", "words": "no sale" }] });
    let undone = json!({ "field": "value", "says": "choose one", "code": "" });
    let content = |causes: Value, count: u64| {
        json!({ "causes": causes, "count": count, "reasons": 3, "is_one": false, "is_first": true, "next_from": 20, "unseen": [{ "id": "M2XD", "order": 2 }],
                "not_looked": null, "aside_total": 3, "undone": null, "outcome": "aside", "number": 2,
                "set_aside": [{ "id": "M2XD", "source": { "entity": "order", "id": "2", "number": "2" }, "why": "a test", "code": "status_unmapped" }] })
    };
    let page = shown(
        "waiting.html",
        content(
            json!([
                cause(way.clone(), Value::Null),
                cause(way, undone),
                cause(Value::Null, Value::Null)
            ]),
            3,
        ),
    );
    for part in ["/waiting/answer\"", "Choose one.", "<code>x</code>"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(page.contains("WC-1, 2026-11-20") && page.contains("All 12 of this cause"));
    assert!(page.contains("2 records are set aside") && page.contains("Take back"));
    assert!(shown("waiting.html", content(json!([]), 0)).contains("Nothing waits"));
}

#[test]
fn the_editor_shows_every_kind_of_rule_its_mistakes_and_what_it_was_told() {
    let target = |kind: &str, mistakes: Value| {
        json!({ "id": "r0.memo", "anchor": "t-0-memo", "name": "memo", "about": "text", "required": true, "kind": kind, "source": "number", "text": "{{ x }}",
                "calls": [{ "text": "trim", "gives": "“x”", "nth": 0, "is_first": true, "is_last": true }], "constant": "text", "when": "a == \"b\"", "otherwise": "", "otherwise_kind": "",
                "fed_by": if kind.is_empty() { Value::Null } else { json!({ "words": "a sentence" }) }, "gives": "“x”", "refused": null, "mistakes": mistakes, "open": true })
    };
    let mistake = json!({ "message": "there is no field `nubmer`", "hint": "did you mean `number`?", "line": 14, "column": 3, "field": { "name": "memo", "anchor": "t-0-memo" } });
    let content = |told: Value, mistakes: Value, diff: Value| {
        let targets: Vec<Value> = ["", "from", "text", "compute", "value"]
            .iter()
            .map(|kind| target(kind, mistakes.clone()))
            .collect();
        json!({ "mapping": { "id": "woocommerce-quickbooks.orders", "name": "n", "target": "quickbooks", "entity": "orders", "file": null, "mistakes": [] },
                "can_edit": true, "may_save": true, "noun": "order", "tag": "\"7c1e\"", "seen": "{}", "raw": "{}", "has_record": true, "record_id": 4803, "record_number": "4803",
                "source": [{ "path": "meta_data[key=_x].value", "value": "“a”", "feeds": ["memo"] }], "sections": [{ "each": null, "when": null, "targets": targets }], "has_rows": false,
                "mistakes": mistakes, "preview": { "outcome": "mapped", "rows": [[{ "name": "memo", "is": "x", "was": null, "differs": true }]] },
                "cases": { "file": "shipped", "passed": 6, "failed": [{ "name": "a case", "differences": ["memo differs"] }], "all": 7 }, "keeps_comments": true,
                "functions": crate::server::pages::mapping::offered(), "own": { "most": 3, "left": 2 }, "told": told, "diff": diff, "is_changed": true, "changed": ["memo"], "picked": null })
    };
    let stale = json!({ "kind": "stale", "mine": ["memo"], "theirs": ["class"], "both": [] });
    let diff = json!({ "changed": 1, "records": 3, "gone": 0, "shown": 20, "changes": [{ "id": 1, "differences": [{ "field": "memo", "before": null, "after": "x" }] }] });
    let page = shown("mapping.html", content(stale, json!([mistake]), diff));
    for wanted in [
        "Put mine on top of theirs",
        "there is no field <code>nubmer</code>",
        "<del>none</del> <ins>x</ins>",
        "1 of 7 cases fail",
        "1 of 3 records",
        "{{ x }}",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    for told in [
        Value::Null,
        json!({ "kind": "saved" }),
        json!({ "kind": "merged" }),
        json!({ "kind": "own_wrong" }),
        json!({ "kind": "refused", "refusal": { "code": "x", "detail": "no", "status": 409 } }),
    ] {
        assert!(
            shown("mapping.html", content(told, json!([]), Value::Null)).contains("id=\"editor\"")
        );
    }
    let list = json!({ "mappings": [{ "id": "a.orders", "entity": "order_lines", "target": "supabase", "rules": 3, "cases": 2, "mistakes": 1, "file": "x.toml" }] });
    assert!(shown("mappings.html", list).contains("Order lines"));
}
