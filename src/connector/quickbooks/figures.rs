//! Figures: what is kept for good of a thing as it stood in the books, so that a change can be explained and undone as far as that needs
//! nobody's name: kinds and ids, figures, numbers, dates, revisions and accounts.
//!
//! What may stay is named; what nobody named goes. A field that QuickBooks adds tomorrow is nobody's address by mistake.

use serde_json::{Map, Value};

/// Texts that say nothing of a person.
const TEXTS: [&str; 20] = [
    "Id",
    "SyncToken",
    "DocNumber",
    "PaymentRefNum",
    "TxnDate",
    "DueDate",
    "ShipDate",
    "value",
    "type",
    "TxnId",
    "TxnType",
    "TxnLineId",
    "DetailType",
    "PaymentType",
    "GlobalTaxCalculation",
    "BillableStatus",
    "ApplyTaxAfterDiscount",
    "CreateTime",
    "LastUpdatedTime",
    "domain",
];

/// What is all about a person, with every figure in it: the number of a house is one.
const OF_PEOPLE: [&str; 13] = [
    "BillAddr",
    "ShipAddr",
    "ShipFromAddr",
    "RemitToAddr",
    "BillEmail",
    "BillEmailCc",
    "BillEmailBcc",
    "CustomerMemo",
    "PrimaryEmailAddr",
    "PrimaryPhone",
    "AlternatePhone",
    "Mobile",
    "CustomField",
];

/// A text in JSON without people. What is no JSON leaves nothing.
pub fn figures(text: &str) -> String {
    let value = serde_json::from_str(text).unwrap_or_default();
    of("", value)
        .unwrap_or_else(|| Value::Object(Map::new()))
        .to_string()
}

fn of(name: &str, value: Value) -> Option<Value> {
    match value {
        Value::String(_) => TEXTS.contains(&name).then_some(value),
        Value::Number(_) | Value::Bool(_) => Some(value),
        Value::Null => None,
        Value::Array(list) => {
            let list: Vec<Value> = list.into_iter().filter_map(|one| of(name, one)).collect();
            (!list.is_empty()).then_some(Value::Array(list))
        }
        Value::Object(fields) => {
            let is_account = name.ends_with("AccountRef");
            let fields: Map<String, Value> = fields
                .into_iter()
                .filter(|(field, _)| !OF_PEOPLE.contains(&field.as_str()))
                .filter_map(|(field, value)| {
                    // What accounts are called is nobody's name.
                    let kept = match (is_account, field.as_str()) {
                        (true, "name") => Some(value),
                        _ => of(&field, value),
                    };
                    Some((field, kept?))
                })
                .collect();
            (!fields.is_empty()).then_some(Value::Object(fields))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_stay_and_people_go() {
        let receipt = json!({
            "Id": "70", "SyncToken": "3", "DocNumber": "WC-7", "TxnDate": "2026-11-20", "TotalAmt": 159.76,
            "CustomerRef": {"value": "58", "name": "Ann Lee"},
            "DepositToAccountRef": {"value": "35", "name": "Stripe Clearing"},
            "BillAddr": {"Id": "9", "Line1": "Ann Lee", "Line2": "12 Elm St", "Lat": 51.0},
            "BillEmail": {"Address": "ann@example.com"},
            "PrivateNote": "Ann called", "CustomerMemo": {"value": "for Ann"},
            "CustomField": [{"DefinitionId": "1", "StringValue": "Ann"}],
            "Line": [{"Amount": 145.48, "Description": "engraved: Ann", "DetailType": "SalesItemLineDetail",
                      "SalesItemLineDetail": {"ItemRef": {"value": "4", "name": "Mug for Ann"}, "Qty": 2}}],
            "TxnTaxDetail": {"TotalTax": 14.28}, "NewFieldOfTomorrow": "Ann",
        });
        let kept = figures(&receipt.to_string());
        let expected = json!({
            "Id": "70", "SyncToken": "3", "DocNumber": "WC-7", "TxnDate": "2026-11-20", "TotalAmt": 159.76,
            "CustomerRef": {"value": "58"},
            "DepositToAccountRef": {"value": "35", "name": "Stripe Clearing"},
            "Line": [{"Amount": 145.48, "DetailType": "SalesItemLineDetail",
                      "SalesItemLineDetail": {"ItemRef": {"value": "4"}, "Qty": 2}}],
            "TxnTaxDetail": {"TotalTax": 14.28},
        });
        assert_eq!(
            serde_json::from_str::<Value>(&kept).expect("JSON"),
            expected
        );
        assert_eq!(figures(&kept), kept, "a second time changes nothing");
        assert_eq!(figures("not JSON"), "{}");
    }
}
