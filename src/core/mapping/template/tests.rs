//! Texts: what they become, what is not let in, and that none grows without end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Template;
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
    let meta = fields(&[
        ("key", Shape::always(ValueKind::Text)),
        ("value", Shape::maybe(ValueKind::Any)),
    ]);
    let line = fields(&[
        ("sku", Shape::maybe(ValueKind::Text)),
        ("quantity", Shape::always(ValueKind::Whole)),
    ]);
    let record = fields(&[
        ("number", Shape::always(ValueKind::Text)),
        ("note", Shape::always(ValueKind::Text)),
        ("nothing", Shape::maybe(ValueKind::Any)),
        ("total", Shape::always(ValueKind::Number)),
        (
            "lines",
            Shape::list_of(Shape::always(ValueKind::Object(line))),
        ),
        (
            "meta_data",
            Shape::list_of(Shape::always(ValueKind::Object(meta))),
        ),
    ]);
    Roots {
        record,
        settings: fields(&[("shop", Shape::always(ValueKind::Text))]),
        item: None,
        names: Vec::new(),
    }
}

fn record() -> Json {
    json!({
        "number": "1042", "note": "<b>Ring</b> & wait", "total": "10.50",
        "lines": [{"sku": "MUG", "quantity": 2}, {"sku": null, "quantity": 1}],
        "meta_data": [{"key": "po", "value": "4711"}],
    })
}

fn write(text: &str) -> Result<String, String> {
    let template =
        Template::parse(text, &roots(), &LookupTables::new()).map_err(|mistake| mistake.message)?;
    let (record, settings) = (Told::of(&record()), Told::of(&json!({"shop": "aurora"})));
    let value = template
        .run(&ValueScope::new(&record, &settings))
        .map_err(|problem| problem.words)?;
    Ok(value.to_json().as_str().expect("a text").to_owned())
}

#[test]
fn texts_are_written() {
    for (text, meant) in [
        (
            "Order {{ number }} of {{ settings.shop }}",
            "Order 1042 of aurora",
        ),
        (
            "{{ note }} {{ note | strip_html | upper }}",
            "<b>Ring</b> & wait RING & WAIT",
        ),
        (
            "PO {{ meta_data[key=po].value }}{{ meta_data[key=x].value }}",
            "PO 4711",
        ),
        ("{{ lines[].sku | join(\"+\") }}", "MUG"),
        ("{% if note %}yes{% else %}no{% endif %}", "yes"),
        (
            "{% if number == \"7\" %}a{% elif not note %}b{% else %}c{% endif %}",
            "c",
        ),
        (
            "{% for line in lines %}{{ line.quantity }}x{{ line.sku | default(\"?\") | lower }} {% endfor %}",
            "2xmug 1x? ",
        ),
        (
            "{% for line in lines %}{{ number }}{{ line.sku | concat(\"/\", number) }};{% endfor %}",
            "1042MUG/1042;1042/1042;",
        ),
        (
            "{% if meta_data == null %}a{% elif nothing == null %}b{% endif %}",
            "b",
        ),
        (
            "{% for item in nothing %}{{ item }}{% endfor %}none",
            "none",
        ),
        ("{{ total }} {brace} }} ok", "10.50 {brace} }} ok"),
        ("a {{ \"}}\" }} b", "a }} b"),
    ] {
        assert_eq!(write(text).as_deref(), Ok(meant), "{text}");
    }
}

#[test]
fn what_would_not_work_is_noticed_before_a_record_is_seen() {
    for (text, message) in [
        ("{{ numbr }}", "the record has no field `numbr`"),
        ("{{ number | uper }}", "there is no function `uper`"),
        ("{{ lines }}", "`lines` is a list, not one value"),
        (
            "{{ number ~ number }}",
            "here should be `|` and a function, or the end, not `~`",
        ),
        (
            "{{ number * 3 }}",
            "here should be `|` and a function, or the end, not `*`",
        ),
        ("{% set x = number %}", "`set` is not known in a text"),
        ("{% for line in lines %}", "`{% endfor %}` is missing"),
        (
            "{% for l in lines %}{{ l.skuu }}{% endfor %}",
            "there is no field `skuu` here",
        ),
        (
            "{% for number in lines %}{% endfor %}",
            "`number` cannot be the name of an item",
        ),
        (
            "{% for l in number %}{% endfor %}",
            "`number` is text, not a list",
        ),
        (
            "{% if total > 5 %}{% endif %}",
            "`>` is not known in a condition",
        ),
        ("{% if %}{% endif %}", "here a condition is missing"),
        ("{% endif %}", "`endif` closes nothing here"),
        ("{{ number", "`{{` has no `}}`"),
        ("{# x #}", "comments stand outside of the text, after `#`"),
    ] {
        assert_eq!(write(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn no_text_grows_without_end() {
    let started = Effort::begin();
    let grow = format!(
        "{{{{ note{} }}}}",
        " | replace(\"b\", \"bbbbbbbbbb\")".repeat(20)
    );
    assert_eq!(
        write(&grow),
        Err("becomes too long when replaced".to_owned())
    );
    let mut loops = String::new();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        loops.push_str(&format!("{{% for {name} in items %}}"));
    }
    loops.push_str("{{ a }}");
    loops.push_str(&"{% endfor %}".repeat(8));
    let mut roots = roots();
    let items = Shape::list_of(Shape::always(ValueKind::Text));
    Arc::make_mut(&mut roots.record).insert("items".to_owned(), items);
    let template =
        Template::parse(&loops, &roots, &LookupTables::new()).expect("it is well formed");
    let (record, settings) = (Told::of(&json!({"items": vec!["x"; 50]})), Told::Null);
    let problem = template
        .run(&ValueScope::new(&record, &settings))
        .expect_err("50 to the power of 8 is too much");
    assert!(
        [
            "takes too many steps for one record",
            "becomes longer than 64 KB"
        ]
        .contains(&problem.words.as_str())
    );
    assert!(started.so_far() < Duration::from_secs(1));
}
