//! Records that follow the schema of their source, made at random: what a check could foresee.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::mapping::kind::{FieldKinds, Shape, ValueKind};

/// Any record that a schema allows.
pub fn record(fields: &FieldKinds) -> BoxedStrategy<Json> {
    let parts: Vec<_> = fields
        .iter()
        .map(|(name, shape)| {
            let name = name.clone();
            value(shape).prop_map(move |value| (name.clone(), value))
        })
        .collect();
    parts
        .prop_map(|pairs| Json::Object(pairs.into_iter().collect::<Map<_, _>>()))
        .boxed()
}

fn value(shape: &Shape) -> BoxedStrategy<Json> {
    let always = match &shape.kind {
        ValueKind::Any => any_json(),
        ValueKind::Text | ValueKind::Date => text(),
        ValueKind::Number if shape.maybe => prop_oneof![figure(), Just(json!(""))].boxed(),
        ValueKind::Number => figure(),
        ValueKind::Whole => {
            prop_oneof![any::<u32>().prop_map(|n| json!(n)), Just(json!(0))].boxed()
        }
        ValueKind::Bool => any::<bool>().prop_map(|is| json!(is)).boxed(),
        ValueKind::Time | ValueKind::LocalTime => time(),
        ValueKind::List(item) => prop::collection::vec(value(item), 0..3)
            .prop_map(Json::from)
            .boxed(),
        ValueKind::Object(fields) => record(fields),
    };
    if shape.maybe {
        prop_oneof![1 => Just(Json::Null), 3 => always].boxed()
    } else {
        always
    }
}

fn figure() -> BoxedStrategy<Json> {
    prop_oneof![
        (-1_000_000_i64..1_000_000, 0_u8..100)
            .prop_map(|(whole, cents)| json!(format!("{whole}.{cents:02}"))),
        (0_i32..1000).prop_map(|whole| json!(whole)),
        (0_i32..100_000).prop_map(|thousandths| {
            let digits = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            serde_json::from_str(&digits).expect("these are digits")
        }),
    ]
    .boxed()
}

fn time() -> BoxedStrategy<Json> {
    (2000..2100, 1..13, 1..29, 0..24, 0..60)
        .prop_map(|(year, month, day, hour, minute)| {
            json!(format!(
                "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:07"
            ))
        })
        .boxed()
}

fn text() -> BoxedStrategy<Json> {
    prop_oneof![
        "[ -~]{0,20}".prop_map(Json::from),
        "\\PC{0,130}".prop_map(Json::from),
        prop::sample::select(vec![
            "CA", "BC", "checkout", "", "taxable", "simple", "<b>x", "&amp;"
        ])
        .prop_map(Json::from),
    ]
    .boxed()
}

/// Any JSON at all.
pub fn any_json() -> BoxedStrategy<Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        prop::sample::select(vec!["1e300", "-0.0", "0.1", "123456789.123456789"])
            .prop_map(|digits| serde_json::from_str(digits).expect("these are numbers")),
        ".{0,12}".prop_map(Json::from),
        prop::sample::select(vec![
            "12.50",
            "-1",
            "0000-00-00T00:00:00",
            "\u{0}",
            "",
            "yes"
        ])
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}
