//! Whose: which customers the body of a request is for, by their ids, and what a customer is called. It is asked when a person is to be
//! forgotten.

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

/// What of a customer is a name.
const NAMES: [&str; 6] = [
    "DisplayName",
    "GivenName",
    "MiddleName",
    "FamilyName",
    "CompanyName",
    "PrintOnCheckName",
];

/// What the customer is called who has this address, which is given in small letters; others of the same body are left alone.
pub fn names_of(body: &str, email: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect_names(
        &serde_json::from_str(body).unwrap_or_default(),
        email,
        &mut names,
    );
    names
}

fn collect_names(value: &Value, email: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let address = value["PrimaryEmailAddr"]["Address"].as_str();
            if address.is_some_and(|address| address.to_lowercase() == email) {
                let named = NAMES.iter().filter_map(|name| value[*name].as_str());
                names.extend(named.map(str::to_owned));
            }
            fields
                .values()
                .for_each(|one| collect_names(one, email, names));
        }
        Value::Array(list) => list.iter().for_each(|one| collect_names(one, email, names)),
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

    #[test]
    fn names_are_those_of_the_customer_with_the_address() {
        let batch = r#"{"BatchItemRequest":[
            {"bId":"1","Customer":{"DisplayName":"Ann Lee","GivenName":"Ann","FamilyName":"Lee",
                "PrimaryEmailAddr":{"Address":"Ann@Example.com"},"BillAddr":{"Line1":"Ann Lee","City":"Calgary"}}},
            {"bId":"2","Customer":{"DisplayName":"Kim Roe","PrimaryEmailAddr":{"Address":"kim@example.com"}}}]}"#;
        let expected = ["Ann Lee", "Ann", "Lee"].map(String::from);
        assert_eq!(names_of(batch, "ann@example.com"), expected.into());
        assert!(names_of(batch, "nobody@example.com").is_empty());
        assert!(names_of("not JSON", "ann@example.com").is_empty());
    }
}
