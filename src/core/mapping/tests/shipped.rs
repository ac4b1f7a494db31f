//! The shipped mappings: they check clean, their cases pass, and every recorded record maps.

use super::{compiled, recorded, settings};
use crate::mapping::shipped::{SHIPPED, find};
use crate::mapping::{MappingOutcome, cases, schema};

#[test]
fn every_shipped_mapping_checks_clean_and_passes_its_cases() {
    for shipped in SHIPPED {
        let mapping = compiled(shipped);
        let cases = match cases::read(&shipped.path(), shipped.cases) {
            Ok(cases) => cases,
            Err(complaints) => panic!("{}", complaints[0]),
        };
        assert!(cases.len() >= 2, "{}", shipped.path());
        for compared in cases.compare(&mapping) {
            assert!(
                compared.differences.is_empty(),
                "{}, {}:\n{}",
                shipped.path(),
                compared.name,
                compared.differences.join("\n")
            );
        }
    }
}

#[test]
fn every_recorded_record_maps_and_the_preview_says_the_same() {
    for shipped in SHIPPED {
        let mapping = compiled(shipped);
        let records = recorded(shipped.entity);
        assert!(records.len() > 20, "{}", shipped.entity);
        let mut skipped = 0;
        for record in &records {
            let outcome = mapping.apply(record, &settings());
            match &outcome {
                MappingOutcome::Document(document) => {
                    assert!(!document.rows.is_empty() || shipped.entity == "order_lines");
                }
                MappingOutcome::Skip(_) => skipped += 1,
                MappingOutcome::Refusal(refusal) => {
                    panic!("{} {}: {refusal}", shipped.path(), record["id"])
                }
            }
            let (traced, steps) = mapping.trace(record, &settings());
            assert_eq!(traced, outcome);
            if let MappingOutcome::Document(document) = &outcome {
                assert_eq!(steps.is_empty(), document.rows.is_empty());
            }
        }
        assert!(skipped < records.len() / 2, "{}", shipped.path());
    }
}

#[test]
fn every_column_of_every_table_is_filled() {
    for shipped in SHIPPED
        .iter()
        .filter(|shipped| shipped.target == "supabase")
    {
        let mapping = compiled(shipped);
        let target = schema::target("supabase", shipped.entity).expect("it is there");
        for column in target.names() {
            let fed = |rows: &crate::mapping::RowSource| rows.fields.contains_key(column);
            assert!(
                mapping.mapping.rows.iter().any(fed),
                "{} {column}",
                shipped.path()
            );
        }
    }
}

/// Rows of one table that name different columns cannot be written together.
#[test]
fn all_rows_of_a_table_have_the_same_columns() {
    let lines = find("woocommerce", "supabase", "order_lines").expect("it is there");
    let mapping = compiled(lines);
    let mut columns = std::collections::BTreeSet::new();
    for record in recorded("orders") {
        let MappingOutcome::Document(document) = mapping.apply(&record, &settings()) else {
            panic!("it maps");
        };
        columns.extend(
            document
                .rows
                .iter()
                .map(|row| row.keys().cloned().collect::<Vec<_>>()),
        );
    }
    assert_eq!(columns.len(), 1);
}

/// What an overlay says reaches a document; none of it may be a figure.
#[test]
fn no_shipped_overlay_names_a_figure() {
    for shipped in SHIPPED
        .iter()
        .filter(|shipped| shipped.target == "quickbooks")
    {
        let target = schema::target("quickbooks", shipped.entity).expect("it is there");
        for name in compiled(shipped).mapping.rows[0].fields.keys() {
            let field = target.find(name);
            assert!(
                name.starts_with("custom.")
                    || field.is_some_and(|field| field.access == schema::FieldAccess::Write),
                "{name}"
            );
        }
    }
}

/// One mapping serves many records at a time.
#[test]
fn a_mapping_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&compiled(&SHIPPED[0]));
}
