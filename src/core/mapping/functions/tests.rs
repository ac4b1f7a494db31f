//! The examples of the functions, run; and what must hold for every one of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{FUNCTIONS, LookupTables, page};
use crate::mapping::flow::Flow;
use crate::mapping::kind::{Shape, ValueKind};
use crate::mapping::lookup::{Lookup, LookupTable};
use crate::mapping::path::Roots;
use crate::mapping::scope::ValueScope;
use crate::model::told::Told;

/// A small world: a few fields that examples may name, and one table.
fn roots() -> Roots {
    let text = || Shape::always(ValueKind::Text);
    let record = BTreeMap::from([
        ("name".to_owned(), text()),
        ("city".to_owned(), text()),
        ("nothing".to_owned(), Shape::maybe(ValueKind::Text)),
        ("count".to_owned(), Shape::always(ValueKind::Whole)),
        ("price".to_owned(), Shape::always(ValueKind::Number)),
        ("paid_gmt".to_owned(), Shape::always(ValueKind::Time)),
        (
            "skus".to_owned(),
            Shape::list_of(Shape::maybe(ValueKind::Text)),
        ),
        (
            "prices".to_owned(),
            Shape::list_of(Shape::maybe(ValueKind::Number)),
        ),
        ("extra".to_owned(), Shape::maybe(ValueKind::Any)),
    ]);
    Roots {
        record: Arc::new(record),
        settings: Arc::default(),
        item: None,
        names: Vec::new(),
    }
}

fn record() -> Json {
    json!({
        "name": "Ann Lee", "city": "Vancouver", "nothing": null, "count": 3, "price": "2.345",
        "paid_gmt": "2026-03-08T07:30:00", "skus": ["MUG", null, "", "TOQUE"], "extra": {"a": 1},
        "prices": ["0.10", "", null, "0.20"],
    })
}

fn tables() -> LookupTables {
    let rows = [("stripe", "Card"), ("cod", "Cash")];
    let lookup = Lookup {
        rows: rows
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        ..Lookup::default()
    };
    BTreeMap::from([("ways".to_owned(), Arc::new(LookupTable::plain(&lookup)))])
}

#[test]
fn the_examples_of_every_function_hold() {
    let (record, settings) = (Told::of(&record()), Told::Null);
    let mut wrong = Vec::new();
    for function in FUNCTIONS {
        for example in function.examples {
            let flow = match Flow::parse(example.flow, &roots(), &tables()) {
                Ok(flow) => flow,
                Err(mistake) => {
                    wrong.push(format!("{}: {}", example.flow, mistake.message));
                    continue;
                }
            };
            let made = flow
                .run(&ValueScope::new(&record, &settings))
                .map(|value| value.to_json())
                .map_err(|problem| problem.words);
            let meant = match example.gives {
                Ok(json) => Ok(serde_json::from_str(json).expect("an example's result is JSON")),
                Err(words) => Err(words.to_owned()),
            };
            if made != meant {
                wrong.push(format!("{} gave {made:?}, not {meant:?}", example.flow));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_has_examples_that_name_it_and_stands_in_its_place() {
    for function in FUNCTIONS {
        assert!(function.examples.len() >= 2, "{}", function.name);
        assert!(function.sentence.ends_with('.'), "{}", function.name);
        for example in function.examples {
            assert!(example.flow.contains(function.name), "{}", example.flow);
        }
    }
    assert!(FUNCTIONS.is_sorted_by_key(|function| function.name));
}

#[test]
fn the_page_shows_every_function_with_its_signature() {
    let page = page();
    for function in FUNCTIONS {
        assert!(page.contains(&format!("\n## {}\n", function.name)));
        assert!(page.contains(function.sentence));
    }
    assert!(page.contains("`text | truncate(length, ending?)`"));
    assert!(page.contains("| `\"mug\" \\| upper` | `\"MUG\"` |"));
}

#[test]
fn a_wrong_call_is_noticed_before_any_record() {
    for (flow, message, hint) in [
        (
            "name | uper",
            "there is no function `uper`",
            Some("did you mean `upper`?"),
        ),
        (
            "name | round(2)",
            "`round` takes a number, and this is text",
            Some("put `| to_number` before it"),
        ),
        (
            "name | truncate",
            "`truncate` takes 1 to 2 arguments, not 0",
            Some("write `truncate(length, ending?)`"),
        ),
        (
            "name | truncate(city)",
            "`length` of `truncate` must be written out, not read",
            Some("write it in quotes, or as a number"),
        ),
        (
            "name | regex_extract(\"(\")",
            "`(` is not a pattern: unclosed group",
            None,
        ),
        (
            "name | lookup(\"way\")",
            "there is no lookup table `way`",
            Some("did you mean `ways`?"),
        ),
        (
            "paid_gmt | date_format(\"%Y\", \"America/Vancuver\")",
            "there is no time zone `America/Vancuver`",
            Some("did you mean `America/Vancouver`?"),
        ),
        (
            "paid_gmt | date_format(\"%Q\")",
            "`%Q` is not a format of dates",
            Some("for example `%Y-%m-%d`"),
        ),
        (
            "skus | join",
            "`join` takes 1 arguments, not 0",
            Some("write `join(between)`"),
        ),
        (
            "name | join(\",\")",
            "`join` takes a list of texts, and this is text",
            Some("put `| split(\",\")` before it"),
        ),
        (
            "name | pad(100000)",
            "`100000` is not a whole number from 1 to 1000",
            None,
        ),
        (
            "name | map_value(\"a\")",
            "`map_value` takes at least 2 arguments, not 1",
            Some("write `map_value(from, to, more…)`"),
        ),
    ] {
        let mistake = Flow::parse(flow, &roots(), &tables()).expect_err(flow);
        assert_eq!(mistake.message, message, "{flow}");
        assert_eq!(mistake.hint.as_deref(), hint, "{flow}");
    }
}
