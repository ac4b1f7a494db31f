//! References: a body speaks of what does not exist yet as `"ItemRef":{"value":"@item:…"}`; here such words become ids.
//!
//! Only the value of a field whose name ends in `Ref`, and the id of a linked document, can be references. A quote inside any other
//! string is escaped, and the fields that hold what a shopper typed are no references, so nothing that was typed can look like one.
//! The text is changed in place, because its figures must stay as they are to the digit; whether anything was left is found out by
//! reading it, and a text that still refers to something is no body.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::plan::Subject;
use crate::model::ticket::Body;

const MARKS: [&str; 2] = ["Ref\":{\"value\":\"@", "\"TxnId\":\"@"];

/// What a body refers to that does not exist yet, in the order of the body.
pub fn of(body: &str) -> Vec<Subject> {
    fn look(value: &Value, found: &mut Vec<Subject>) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| look(one, found)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    let text = match value {
                        Value::Object(reference) if name.ends_with("Ref") => reference.get("value"),
                        _ if name == "TxnId" => Some(value),
                        _ => None,
                    };
                    let text = text.and_then(Value::as_str);
                    found.extend(text.and_then(Subject::from_reference));
                    look(value, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    if body.contains('@')
        && let Ok(value) = serde_json::from_str(body)
    {
        look(&value, &mut found);
    }
    found
}

/// Makes a body of a text with ids in the place of references; or says what is not among the known.
pub fn resolve(text: &str, known: &BTreeMap<Subject, String>) -> Result<Body, Vec<Subject>> {
    let text = put_in(text, known);
    let missing = of(&text);
    Body::whole(text, missing)
}

/// Puts ids for references. What is not among the known stays as it is.
fn put_in(body: &str, known: &BTreeMap<Subject, String>) -> String {
    let mut resolved = String::with_capacity(body.len());
    let mut copied = 0;
    for (start, end, text) in spots(body) {
        let id = Subject::from_reference(&text).and_then(|subject| known.get(&subject));
        if let Some(id) = id {
            resolved.push_str(&body[copied..start]);
            resolved.push_str(&serde_json::to_string(id).expect("a text always has a JSON form"));
            copied = end;
        }
    }
    resolved.push_str(&body[copied..]);
    resolved
}

/// Every JSON string in the place of a reference: where it starts, where it ends, what it says.
fn spots(body: &str) -> Vec<(usize, usize, String)> {
    let mut spots = Vec::new();
    for mark in MARKS {
        for (at, _) in body.match_indices(mark) {
            let start = at + mark.len() - 2;
            let mut strings =
                serde_json::Deserializer::from_str(&body[start..]).into_iter::<String>();
            if let Some(Ok(text)) = strings.next() {
                spots.push((start, start + strings.byte_offset(), text));
            }
        }
    }
    spots.sort();
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_becomes_an_id_and_nothing_else_does() {
        let item = Subject::Item("name:The \"best\" — 抹茶".to_owned());
        let body = format!(
            r#"{{"Line":[{{"Description":"\"value\":\"@item:sku:X\"","ItemRef":{{"value":{}}}}}],"CustomerRef":{{"value":"12"}},"CustomerMemo":{{"value":"@customer:nobody"}}}}"#,
            serde_json::to_string(&item.to_string()).expect("a text")
        );
        let known = BTreeMap::from([
            (item.clone(), "77".to_owned()),
            (Subject::Item("sku:X".into()), "5".to_owned()),
        ]);
        assert_eq!(of(&body), std::slice::from_ref(&item));
        assert_eq!(resolve(&body, &BTreeMap::new()), Err(vec![item]));
        assert_eq!(
            &*resolve(&body, &known).expect("everything it refers to is known"),
            r#"{"Line":[{"Description":"\"value\":\"@item:sku:X\"","ItemRef":{"value":"77"}}],"CustomerRef":{"value":"12"},"CustomerMemo":{"value":"@customer:nobody"}}"#
        );
    }
}
