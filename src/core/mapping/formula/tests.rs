//! Formulas: what they answer, and what is noticed before a record is seen.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Formula;
use crate::mapping::functions::LookupTables;
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::path::Roots;
use crate::mapping::scope::ValueScope;
use crate::mapping::tests::Effort;
use crate::model::told::Told;

fn roots() -> Roots {
    let fields = |list: &[(&str, Shape)]| {
        let pairs = list
            .iter()
            .map(|(name, shape)| ((*name).to_owned(), shape.clone()));
        Arc::new(pairs.collect::<BTreeMap<_, _>>())
    };
    let line = fields(&[
        ("sku", Shape::maybe(ValueKind::Text)),
        ("total", Shape::always(ValueKind::Number)),
        ("quantity", Shape::always(ValueKind::Whole)),
    ]);
    let record = fields(&[
        ("status", Shape::always(ValueKind::Text)),
        ("total", Shape::always(ValueKind::Number)),
        ("tax", Shape::maybe(ValueKind::Number)),
        ("paid", Shape::maybe(ValueKind::Time)),
        ("gift", Shape::always(ValueKind::Bool)),
        ("extra", Shape::maybe(ValueKind::Any)),
        (
            "lines",
            Shape::list_of(Shape::always(ValueKind::Object(line))),
        ),
    ]);
    Roots {
        record,
        settings: Arc::default(),
        item: None,
        names: Vec::new(),
    }
}

fn record() -> Json {
    json!({
        "status": "on-hold", "total": "0.30", "tax": "", "paid": null, "gift": true, "extra": "x",
        "lines": [
            {"sku": "MUG", "total": "0.10", "quantity": 1},
            {"sku": null, "total": "0.20", "quantity": 2},
        ],
    })
}

fn answer(text: &str) -> Result<Json, String> {
    let formula =
        Formula::parse(text, &roots(), &LookupTables::new()).map_err(|mistake| mistake.message)?;
    let (record, settings) = (Told::of(&record()), Told::Null);
    let value = formula
        .run(&ValueScope::new(&record, &settings))
        .map_err(|problem| problem.words)?;
    Ok(value.to_json())
}

#[test]
fn formulas_count_exactly_and_what_is_absent_fails_nothing() {
    for (text, meant) in [
        ("0.1 + 0.2 == total", json!(true)),
        ("lines[0].total + lines[1].total == total", json!(true)),
        ("total * 3", json!("0.90")),
        ("2 * total - 1", json!("-0.40")),
        ("7 % 4 == 3 && 7 / 2 == 3.5", json!(true)),
        ("-total < 0", json!(true)),
        ("status == 'on-hold' ? 'held' : 'open'", json!("held")),
        ("status in ['on-hold', 'failed']", json!(true)),
        ("lines.exists(line, line.sku == 'MUG')", json!(true)),
        ("lines.all(line, line.total > 0.10)", json!(false)),
        ("lines.exists_one(line, line.quantity > 1)", json!(true)),
        (
            "lines.filter(l, l.quantity > 1).map(l, l.total)",
            json!(["0.20"]),
        ),
        ("lines.map(l, l.quantity).exists(q, q == 2)", json!(true)),
        ("size(lines) == 2 && size(status) == 7", json!(true)),
        (
            "status.startsWith('on') && status.endsWith('hold')",
            json!(true),
        ),
        (
            "status.contains('-') && !status.matches('^[0-9]+$')",
            json!(true),
        ),
        ("upper(status) + '!'", json!("ON-HOLD!")),
        ("truncate(status, 2)", json!("on")),
        ("string(total) + ' CAD'", json!("0.30 CAD")),
        ("tax == null && paid == null", json!(true)),
        ("tax > 0 || paid > '2026'", json!(false)),
        ("tax + 1", json!(null)),
        ("has(paid.x)", json!("text has no field")),
        ("extra == 'x' && extra > 1", json!(false)),
        ("lines[7].sku == null", json!(true)),
        ("gift ? 1 : 2", json!(1)),
    ] {
        if text == "has(paid.x)" {
            assert!(answer(text).is_err());
            continue;
        }
        assert_eq!(answer(text), Ok(meant), "{text}");
    }
}

#[test]
fn what_only_a_record_can_show_is_a_problem_and_not_a_panic() {
    for (text, words) in [
        ("1 / (total - total)", "is divided by zero"),
        ("extra * 2", "is not a number"),
        ("extra && true", "is neither yes nor no"),
        (
            "79228162514264337593543950335.0 * 10",
            "this number has more digits than can be exact",
        ),
        (
            "9223372036854775807 * 9223372036854775807",
            "becomes too large a number",
        ),
    ] {
        assert_eq!(answer(text), Err(words.to_owned()), "{text}");
    }
}

#[test]
fn mistakes_are_noticed_before_a_record_is_seen() {
    for (text, message) in [
        ("stauts == 'x'", "the record has no field `stauts`"),
        (
            "lines.exists(l, l.skuu == 'x')",
            "there is no field `skuu` here",
        ),
        ("lines.sku == 'x'", "`sku` is asked of a list"),
        ("status > 5", "text and a whole number cannot be compared"),
        ("total + 'x'", "a number and text cannot be added"),
        ("status * 2", "here should be a number, and this is text"),
        (
            "status && gift",
            "here should be yes or no, and this is text",
        ),
        ("upperr(status)", "there is no function `upperr`"),
        (
            "status.matches('(')",
            "`(` is not a pattern: unclosed group",
        ),
        ("status ==", "this is not a formula from here on"),
        ("{'a': 1}", "groups in `{}` are not part of the language"),
        (
            "status.exists(l, true)",
            "only a list can be gone through, and this is text",
        ),
    ] {
        assert_eq!(answer(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn hostile_formulas_are_refused_quickly() {
    let started = Effort::begin();
    for text in [
        "(".repeat(100_000),
        "(".repeat(900),
        format!("{}1{}", "(".repeat(20), ")".repeat(20)),
        "[".repeat(999),
        "!".repeat(999) + "gift",
        "-".repeat(990) + "1",
        "1+".repeat(499) + "1",
        "gift?".repeat(150),
        "a.".repeat(499),
        "'".repeat(999),
        "\\".repeat(999),
        "lines.map(a,lines.map(b,lines.map(c,lines.map(d,lines.map(e,lines)))))".to_owned(),
        "\u{0}\u{1f3bf}".repeat(100),
    ] {
        let _ = answer(&text);
    }
    assert!(
        started.so_far() < Duration::from_secs(5),
        "{:?}",
        started.so_far()
    );
}
