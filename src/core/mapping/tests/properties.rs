//! Properties: applying is total, deterministic and pure; JSON and TOML bring a mapping back whole;
//! and a mapping that passed its check fails for nothing that the check could have seen.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value as Json;

use super::records::{any_json, record};
use super::{compiled, recorded, settings};
use crate::mapping::exchange::{export, import, written};
use crate::mapping::read::read;
use crate::mapping::shipped::SHIPPED;
use crate::mapping::{
    Compiled, Constant, Csv, Feed, Lookup, Mapping, MappingOutcome, RowKey, RowSource, Rule, Skip,
    Why, check, check_imported, schema,
};
use crate::model::told::Told;

static ALL: LazyLock<Vec<Compiled>> = LazyLock::new(|| SHIPPED.iter().map(compiled).collect());

/// What only a record can show; everything else must have been noticed by the check.
const SHOWN_BY_RECORDS: [Why; 9] = [
    Why::NotANumber,
    Why::NotWhole,
    Why::NotATime,
    Why::NotADate,
    Why::NotYesOrNo,
    Why::NotAChoice,
    Why::TooLong,
    Why::TooLarge,
    Why::DividedByZero,
];

/// A record of the shop with anything at all in some places of it.
fn spoiled() -> impl Strategy<Value = Json> {
    let records: Vec<Json> = ["orders", "refunds", "customers", "products"]
        .iter()
        .flat_map(|entity| recorded(entity).into_iter().step_by(9))
        .collect();
    let holes = prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..6);
    (prop::sample::select(records), holes).prop_map(|(mut record, holes)| {
        for (at, value) in holes {
            if let Json::Object(fields) = &mut record {
                let keys: Vec<String> = fields.keys().cloned().collect();
                let key = at.get(&keys).clone();
                // Sometimes the hole is deeper.
                match fields.get_mut(&key) {
                    Some(Json::Object(inner)) if !inner.is_empty() => {
                        let keys: Vec<String> = inner.keys().cloned().collect();
                        inner.insert(at.get(&keys).clone(), value);
                    }
                    Some(Json::Array(items)) if !items.is_empty() => {
                        let length = items.len();
                        items[at.index(length)] = value;
                    }
                    _ => {
                        fields.insert(key, value);
                    }
                }
            }
        }
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_becomes_a_document_or_a_refusal_with_a_path(json in prop_oneof![any_json(), spoiled()], settings in any_json()) {
        for mapping in ALL.iter() {
            let before = json.clone();
            let outcome = mapping.apply(&json, &settings);
            prop_assert_eq!(&json, &before);
            prop_assert_eq!(&mapping.apply(&json, &settings), &outcome);
            prop_assert_eq!(&mapping.trace(&json, &settings).0, &outcome);
            if let MappingOutcome::Refusal(refusal) = outcome {
                prop_assert!(!refusal.field.is_empty() && !refusal.from.is_empty() && !refusal.words.is_empty());
            }
        }
    }

    /// Rows that are written are those that a preview shows, for every shipped mapping and for made-up ones, of any record.
    #[test]
    fn what_is_written_is_what_a_preview_shows(
        json in prop_oneof![any_json(), spoiled()],
        settings in any_json(),
        rules in prop::collection::vec(made_up_column(), 0..12),
        id in prop::option::of(any::<u64>()),
    ) {
        let rules: BTreeMap<String, String> = rules.into_iter().collect();
        let fields: String = rules.iter().map(|(column, rule)| format!("{column} = {rule}\n")).collect();
        let text = format!("source = \"woocommerce\"\ntarget = \"supabase\"\nentity = \"orders\"\n[fields]\n{fields}");
        let made_up = check("made-up", &text, &BTreeMap::new()).ok();
        let tables = ALL.iter().filter(|mapping| mapping.mapping.target == "supabase");
        for mapping in tables.chain(&made_up) {
            written_as_shown(mapping, &json, &settings, id)?;
        }
    }

    /// However a shop prints a figure that has been through a float.
    #[test]
    fn a_figure_is_written_as_a_preview_shows_it(whole in 0..1_000_000u32, digits in "[0-9]{1,20}", exponent in prop::option::of(0..4u8)) {
        let exponent = exponent.map(|power| format!("e{power}")).unwrap_or_default();
        let text = format!(r#"{{"id":1,"date_created_gmt":"2026-11-20T10:00:00","date_modified_gmt":"2026-11-20T10:00:00","total":{whole}.{digits}{exponent},"fee_lines":{{"9":{{"name":"a"}},"10":{{"name":"b"}}}}}}"#);
        let told = Told::read(&text).expect("it is JSON");
        let json: Json = serde_json::from_str(&text).expect("it is JSON");
        let mapping = "source = \"woocommerce\"\ntarget = \"supabase\"\nentity = \"orders\"\n[fields]\nshop = \"settings.shop\"\nid = \"id\"\nnumber = { value = \"7\" }\npayment_method = \"total | to_number\"\nmeta = \"total\"\nemail = \"fee_lines[].name | join(\\\",\\\")\"\nstatus = { value = \"x\" }\ncurrency = { value = \"x\" }\ntotal = \"total\"\ntotal_tax = { value = 0 }\nguest = { value = true }\ncreated_at = \"date_created_gmt\"\nmodified_at = \"date_modified_gmt\"\n";
        let mapping = check("figures", mapping, &BTreeMap::new());
        let mapping = mapping.unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
        let MappingOutcome::Document(shown) = mapping.apply(&json, &settings()) else {
            return Err(TestCaseError::fail("nothing was made"));
        };
        let told_settings = Told::of(&settings());
        let Ok(written) = mapping.table_rows(&told, &told_settings, RowKey { shop: "aurora", id: Some(1) }) else {
            return Err(TestCaseError::fail("nothing was written"));
        };
        let columns: Json = serde_json::from_str(&written[0].columns).expect("it is JSON");
        for name in ["payment_method", "meta", "email", "total"] {
            prop_assert_eq!(&columns[name], &shown.rows[0][name], "{}", name);
        }
    }

    #[test]
    fn what_passed_its_check_fails_only_for_what_a_record_shows(seed in any::<u64>()) {
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(
            ProptestConfig::default(),
            proptest::test_runner::TestRng::from_seed(
                proptest::test_runner::RngAlgorithm::ChaCha,
                &[seed.to_le_bytes(), [1; 8], [2; 8], [3; 8]].concat(),
            ),
        );
        for mapping in ALL.iter() {
            let fields = schema::source(&mapping.mapping.entity).expect("it is there");
            let record = record(&fields).new_tree(&mut runner).expect("a record").current();
            if let MappingOutcome::Refusal(refusal) = mapping.apply(&record, &settings()) {
                prop_assert!(SHOWN_BY_RECORDS.contains(&refusal.why), "{:?} {:?}", refusal, record);
            }
        }
    }

    #[test]
    fn a_made_up_rule_that_passes_fails_only_for_what_a_record_shows(
        rules in prop::collection::vec(made_up_rule(), 1..12),
        json in prop_oneof![any_json(), spoiled()],
        seed in any::<u64>(),
    ) {
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(
            ProptestConfig::default(),
            proptest::test_runner::TestRng::from_seed(
                proptest::test_runner::RngAlgorithm::ChaCha,
                &[seed.to_le_bytes(), [4; 8], [5; 8], [6; 8]].concat(),
            ),
        );
        let fields = schema::source("orders").expect("it is there");
        let record = record(&fields).new_tree(&mut runner).expect("a record").current();
        for rule in rules {
            let text = format!("source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n[fields]\n{rule}\n");
            let Ok(mapping) = check("made-up", &text, &BTreeMap::new()) else { continue };
            // Anything else has an answer too.
            prop_assert_eq!(mapping.apply(&json, &json), mapping.apply(&json, &json));
            if let MappingOutcome::Refusal(refusal) = mapping.apply(&record, &settings()) {
                let foreseen = refusal.why == Why::WrongKind && text.contains("meta_data");
                prop_assert!(SHOWN_BY_RECORDS.contains(&refusal.why) || foreseen, "{:?}\n{}", refusal, text);
            }
        }
    }

    #[test]
    fn import_and_export_bring_a_mapping_back_whole(mapping in made_up_mapping()) {
        let text = export(&mapping).to_string();
        prop_assert_eq!(&import(&text).expect("it was exported"), &mapping);
        let again = read(&written(&mapping), schema::target);
        let said: Vec<_> = again.mistakes.iter().map(|mistake| &mistake.message).collect();
        prop_assert!(said.is_empty(), "{:?}\n{}", said, written(&mapping));
        prop_assert_eq!(&again.mapping, &mapping);
    }

    #[test]
    fn no_text_makes_the_check_panic(text in "\\PC{0,200}", line in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let shipped = &SHIPPED[0];
        let mut lines: Vec<&str> = shipped.text.lines().collect();
        let at = line.index(lines.len());
        lines[at] = &text;
        let _ = check("f", &lines.join("\n"), &BTreeMap::new());
        let _ = check("f", &text, &BTreeMap::new());
        let end = (0..=cut.index(shipped.text.len())).rev().find(|end| shipped.text.is_char_boundary(*end));
        let _ = check("f", &shipped.text[..end.unwrap_or(0)], &BTreeMap::new());
        for rule in ["from", "text", "compute"] {
            let quoted = Json::from(text.as_str()).to_string();
            let file = format!("source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n[fields]\nmemo = {{ {rule} = {quoted} }}\n");
            let _ = check("f", &file, &BTreeMap::new());
        }
    }
}

/// One line of a file, right or wrong: the check decides which.
fn made_up_rule() -> impl Strategy<Value = String> {
    let paths = prop::sample::select(vec![
        "number",
        "total",
        "status",
        "billing.email",
        "customer_id",
        "date_created_gmt",
        "date_paid_gmt",
        "date_created",
        "line_items[].sku",
        "line_items[].total",
        "line_items",
        "coupon_lines[].code",
        "meta_data[key=x].value",
        "shipping_lines[].method_title",
        "prices_include_tax",
        "settings.shop",
        "line_items[].taxes[].total",
        "refunds[].total",
        "line_items[].price",
    ]);
    let calls = prop::sample::select(vec![
        "upper",
        "lower",
        "trim",
        "title",
        "truncate(5)",
        "truncate(9, \"…\")",
        "pad(12)",
        "replace(\"a\", \"bb\")",
        "regex_extract(\"([0-9]+)\")",
        "split(\",\")",
        "join(\"+\")",
        "first",
        "last",
        "default(\"x\")",
        "default(0)",
        "coalesce(number)",
        "map_value(\"a\", \"b\", \"c\")",
        "to_number",
        "round(0)",
        "round(2)",
        "to_bool",
        "strip_html",
        "decode_entities",
        "country_name",
        "state_code(billing.country)",
        "phone(\"1\")",
        "slug",
        "hash(8)",
        "sum",
        "date_format(\"%F\")",
        "date_format(\"%A %d\", \"Europe/Berlin\")",
        "concat(\"-\", number)",
    ]);
    let formulas = prop::sample::select(vec![
        "total * 2 + total_tax",
        "size(line_items)",
        "string(total) + number",
        "line_items.map(l, l.total)",
        "line_items.exists(l, l.total > 5) ? \"big\" : number",
        "total / (total - total_tax)",
        "total % 7",
        "customer_id == 0 ? \"guest\" : billing.email",
        "sum(line_items.map(l, l.quantity * 2))",
        "line_items.filter(l, l.sku != null)[0].sku",
        "date_paid_gmt == null",
        "upper(status)",
        "-total < 0",
        "coupon_lines.map(c, c.code) == []",
        "'a' in line_items.map(l, l.sku)",
        "has(billing.email)",
    ]);
    let texts = prop::sample::select(vec![
        "{{ number }}",
        "{% for l in line_items %}{{ l.sku | lower }}{{ l.total }}{% endfor %}",
        "{% if customer_note %}{{ customer_note | truncate(9) }}{% endif %}",
        "{{ total }} {{ date_paid_gmt | date_format(\"%F\") }}",
        "{% for l in line_items %}{% for t in l.taxes %}{{ t.total | round(1) }} {% endfor %}{% endfor %}",
        "{% for l in line_items %}{{ l.quantity | pad(4) }}{{ l.name | default(l.sku) | title }}{% endfor %}",
        "{{ line_items[].total | sum | round(2) }}",
    ]);
    let fields = prop::sample::select(vec![
        "memo",
        "note",
        "class",
        "custom.a",
        "bill_to.city",
        "number",
    ]);
    let feed = prop_oneof![
        3 => (paths, prop::collection::vec(calls, 0..4)).prop_map(|(path, calls)| {
            let flow = std::iter::once(path).chain(calls).collect::<Vec<_>>().join(" | ");
            format!("{{ from = {} }}", Json::from(flow))
        }),
        1 => formulas.prop_map(|formula| format!("{{ compute = {} }}", Json::from(formula))),
        1 => texts.prop_map(|text| format!("{{ text = {} }}", Json::from(text))),
    ];
    (fields, feed).prop_map(|(field, feed)| format!("{field} = {feed}"))
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9_ |.()\"'\\\\-]{0,20}",
        "\\PC{0,10}",
        "[\\x00-\\x1f\\x7f\"\\\\]{0,5}"
    ]
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z][a-z_0-9]{0,9}", "[a-zA-Z0-9_ é-]{1,9}"]
}

fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        words().prop_map(Constant::Text),
        any::<bool>().prop_map(Constant::Bool),
        (any::<i64>(), 0_u32..9).prop_map(|(digits, scale)| {
            Constant::Number(rust_decimal::Decimal::new(digits, scale))
        }),
    ]
}

fn maybe_words() -> impl Strategy<Value = Option<String>> {
    prop::option::of(words())
}

fn made_up_mapping() -> impl Strategy<Value = Mapping> {
    let feed = prop_oneof![
        words().prop_map(Feed::From),
        words().prop_map(Feed::Text),
        words().prop_map(Feed::Compute),
        constant().prop_map(Feed::Value),
    ];
    let rule =
        (feed, maybe_words(), prop::option::of(constant())).prop_map(|(feed, when, otherwise)| {
            Rule {
                feed,
                when,
                otherwise,
            }
        });
    // A group, as the targets have it, and fields of no group.
    let field = prop_oneof![word(), word().prop_map(|name| format!("bill_to.{name}"))]
        .prop_filter("a group is no field", |name| {
            name != "bill_to" && name != "ship_to" && name != "custom"
        });
    let rows = (
        maybe_words(),
        maybe_words(),
        prop::collection::btree_map(field, rule, 0..5),
    )
        .prop_map(|(each, when, fields)| RowSource { each, when, fields });
    let csv = (words(), words(), words()).prop_map(|(file, key, value)| Csv { file, key, value });
    let lookup = (
        prop::collection::btree_map(words(), words(), 0..4),
        prop::option::of(csv),
        maybe_words(),
        maybe_words(),
    )
        .prop_map(|(rows, csv, otherwise, then)| Lookup {
            rows,
            csv,
            otherwise,
            then,
        });
    let skip = (words(), words()).prop_map(|(when, because)| Skip { when, because });
    (
        (words(), maybe_words()),
        prop::collection::btree_map(word(), words(), 0..4),
        prop::collection::btree_map(word(), lookup, 0..3),
        prop::collection::vec(skip, 0..3),
        prop::collection::vec(rows, 0..3),
    )
        .prop_map(|((source, about), names, lookup, skip, rows)| Mapping {
            source,
            target: "quickbooks".to_owned(),
            entity: "orders".to_owned(),
            about,
            names,
            lookup,
            skip,
            rows,
        })
}

#[test]
fn an_imported_mapping_is_checked_like_a_file() {
    for (shipped, before) in SHIPPED.iter().zip(ALL.iter()) {
        let text = export(&before.mapping).to_string();
        let mapping = import(&text).expect("it was exported");
        let after = check_imported("import", &mapping, &BTreeMap::new()).expect("it passed before");
        for record in recorded(shipped.entity).iter().step_by(7) {
            assert_eq!(
                before.apply(record, &settings()),
                after.apply(record, &settings())
            );
        }
    }
    assert!(import("{\"schema\": \"other\", \"mapping\": {\"source\": \"\", \"target\": \"\", \"entity\": \"\"}}").is_err());
    assert!(import("[1").is_err());
    let mut wrong = ALL[0].mapping.clone();
    wrong.rows[0].fields.insert(
        "total".to_owned(),
        Rule {
            feed: Feed::From("total".to_owned()),
            when: None,
            otherwise: None,
        },
    );
    let said = check_imported("import", &wrong, &BTreeMap::new()).expect_err("a figure");
    assert!(said[0].message.contains("is a money figure of the books"));
}

/// A column of the table of orders, and what feeds it.
fn made_up_column() -> impl Strategy<Value = (String, String)> {
    let target = schema::target("supabase", "orders").expect("it is there");
    let columns: Vec<String> = target.names().map(str::to_owned).collect();
    let feeds = prop_oneof![
        prop::sample::select(schema::source_paths("orders")).prop_map(|path| format!("{path:?}")),
        Just("{ value = 7 }".to_owned()),
        Just("{ compute = 'size(line_items)' }".to_owned()),
        Just("\"meta_data\"".to_owned()),
        Just("\"id\"".to_owned()),
    ];
    (prop::sample::select(columns), feeds)
}

fn written_as_shown(
    mapping: &Compiled,
    json: &Json,
    settings: &Json,
    id: Option<u64>,
) -> Result<(), TestCaseError> {
    let key = RowKey { shop: "aurora", id };
    let text = json.to_string();
    let (told, told_settings) = (Told::read(&text).expect("it is JSON"), Told::of(settings));
    let shown = mapping.apply(json, settings);
    let written = mapping.table_rows(&told, &told_settings, key);
    let MappingOutcome::Document(document) = shown else {
        prop_assert_eq!(written.err(), Some(shown));
        return Ok(());
    };
    let Ok(written) = written else {
        return Err(TestCaseError::fail("nothing was written"));
    };
    prop_assert_eq!(written.len(), document.rows.len());
    let target = schema::target("supabase", &mapping.mapping.entity).expect("it is there");
    for (written, mut meant) in written.into_iter().zip(document.rows) {
        meant.insert("shop".to_owned(), "aurora".into());
        if let Some(id) = id {
            meant.insert("id".to_owned(), id.into());
        }
        let own = match meant.get("id") {
            Some(Json::Number(id)) => Some(id.to_string()),
            Some(Json::String(id)) if !id.is_empty() => Some(id.clone()),
            _ => None,
        };
        prop_assert_eq!(written.id, own);
        for column in target.names().filter(|column| *column != "id") {
            meant.entry(column.to_owned()).or_insert(Json::Null);
        }
        let columns: Json = serde_json::from_str(&written.columns).expect("it is JSON");
        prop_assert_eq!(columns, Json::Object(meant));
    }
    Ok(())
}
