//! Words on a document: what a shop's own mapping adds to it, in QuickBooks' fields, and how they are told from other words.
//!
//! A body says only what it has to. On a document that is changed, the memo and the address of the bill are said again where the
//! mapping makes them or made them, so that nobody's own words are lost to a change of figures.

use std::collections::BTreeMap;

use super::bodies::{self, ReferenceBody};
use super::facts::{FactsOfCompany, MAPPING};
use super::fields::{address, cut};
use super::lists::labels::Labels;
use super::trace;
use super::wire::{self, id_of};
use crate::model::company::ClassTracking;
use crate::model::document::Document;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::overlay::Overlay;

const CUSTOM_MAX: usize = 31;
pub const MEMO_MAX: usize = 1_000;

/// Puts the words of the mapping on a body. `was` is what the mapping said when the document was last written.
pub fn put_on(
    facts: &FactsOfCompany,
    labels: &Labels,
    document: &Document,
    was: Option<&Overlay>,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    let words = &document.overlay;
    if let Some(class) = &words.class {
        put_class(facts, labels, class, body)?;
    }
    if let Some(location) = &words.location {
        if !facts.company.locations {
            return Err(off("location_tracking_off", "location"));
        }
        body.department_ref = Some(ReferenceBody::to(labels.location(location)?));
    }
    for (name, value) in &words.custom {
        body.custom_field.push(custom_field(facts, name, value)?);
    }
    let Some(was) = was.or_else(|| body.id.as_ref().map(|_| words)) else {
        return Ok(());
    };
    for name in was.custom.keys() {
        // A field that the company has no more needs no clearing.
        if !words.custom.contains_key(name)
            && let Ok(cleared) = custom_field(facts, name, "")
        {
            body.custom_field.push(cleared);
        }
    }
    if words.memo.is_some() || was.memo.is_some() {
        let memo = document.memo.as_deref().unwrap_or_default();
        body.customer_memo = Some(ReferenceBody::to(cut(memo, MEMO_MAX)));
    }
    if !words.bill_to.is_empty() || !was.bill_to.is_empty() {
        body.bill_addr = document.bill_to.as_ref().and_then(address);
    }
    Ok(())
}

fn put_class(
    facts: &FactsOfCompany,
    labels: &Labels,
    class: &str,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    match facts.company.classes {
        ClassTracking::Off => Err(off("class_tracking_off", "class")),
        ClassTracking::PerDocument => {
            body.class_ref = Some(ReferenceBody::to(labels.class(class)?));
            Ok(())
        }
        ClassTracking::PerLine => {
            let id = labels.class(class)?;
            let lines = body.line.iter_mut().flatten();
            for detail in lines.filter_map(|line| line.sales_item_line_detail.as_mut()) {
                detail.class_ref = Some(ReferenceBody::to(id));
            }
            Ok(())
        }
    }
}

fn off(code: &str, what: &str) -> Reason {
    Reason::new(
        code,
        format!("the company in QuickBooks keeps no {what} on its documents, and the mapping gives one"),
    )
    .hint(format!(
        "switch on tracking by {what} in QuickBooks' account settings under advanced, or take `{what}` out of `{MAPPING}`"
    ))
}

fn custom_field(
    facts: &FactsOfCompany,
    name: &str,
    value: &str,
) -> Result<bodies::CustomFieldBody, Reason> {
    Ok(bodies::CustomFieldBody {
        definition_id: facts.custom_field(name)?.to_owned(),
        name: name.to_owned(),
        kind: "StringType",
        string_value: cut(value, CUSTOM_MAX).to_owned(),
    })
}

/// The words on a document, or of a body, each as a digest by its field; empty where a field is there and says nothing.
pub fn of(document: &wire::DocumentAnswer) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    let mut say = |field: &str, parts: Vec<String>| {
        let is_blank = parts.iter().all(|part| part.trim().is_empty());
        let digest = if is_blank {
            String::new()
        } else {
            Fingerprint::of(&parts).short().to_owned()
        };
        words.insert(field.to_owned(), digest);
    };
    if let Some(note) = &document.private_note {
        say("note", vec![without_marker(note).to_owned()]);
    }
    if let Some(memo) = &document.customer_memo {
        say("memo", vec![id_of(Some(memo)).to_owned()]);
    }
    if let Some(class) = &document.class_ref {
        say("class", vec![id_of(Some(class)).to_owned()]);
    }
    if let Some(location) = &document.department_ref {
        say("location", vec![id_of(Some(location)).to_owned()]);
    }
    if let Some(lines) = &document.line {
        let mut classes: Vec<String> = lines.iter().filter_map(class_of_line).collect();
        classes.sort();
        say("classes of lines", classes);
    }
    for (field, address) in [
        ("bill_to", &document.bill_addr),
        ("ship_to", &document.ship_addr),
    ] {
        if address.is_some() {
            say(field, trace::address(address.as_ref()));
        }
    }
    for field in document.custom_field.iter().flatten() {
        let number = field.definition_id.as_deref().unwrap_or_default();
        let value = field.string_value.clone().unwrap_or_default();
        say(&format!("custom {number}"), vec![value]);
    }
    words
}

/// The marker counts our changes, so it differs whenever something is written.
fn without_marker(note: &str) -> &str {
    note.rfind("[udsync ").map_or(note, |at| &note[..at]).trim()
}

fn class_of_line(line: &wire::LineAnswer) -> Option<String> {
    let detail = line.sales_item_line_detail.as_ref()?;
    let class = id_of(detail.class_ref.as_ref());
    (!class.is_empty()).then(|| class.to_owned())
}
