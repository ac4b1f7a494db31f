//! Whose: which customers the body of a request is for, by their ids. It is asked when a person is to be forgotten.

use std::collections::BTreeSet;

use serde_json::Value;

/// The customers that a body names; a batch may name several. What is no JSON names nobody.
pub fn customers_named(body: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    collect(&serde_json::from_str(body).unwrap_or_default(), &mut named);
    named
}

fn collect(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                match (field.as_str(), value["value"].as_str()) {
                    ("CustomerRef", Some(id)) => {
                        named.insert(id.to_owned());
                    }
                    _ => collect(value, named),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|one| collect(one, named)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_found_in_a_batch_and_items_are_none() {
        let batch = r#"{"BatchItemRequest":[
            {"bId":"1","SalesReceipt":{"CustomerRef":{"value":"58"},"Line":[{"SalesItemLineDetail":{"ItemRef":{"value":"4"}}}]}},
            {"bId":"2","Payment":{"CustomerRef":{"value":"61"},"PrivateNote":"CustomerRef 9"}}]}"#;
        let expected = ["58", "61"].map(String::from);
        assert_eq!(customers_named(batch), expected.into());
        assert!(customers_named("not JSON").is_empty());
    }
}
