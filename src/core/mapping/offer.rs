//! What an editor offers: the fields of the shop, the fields of the target, and a flow taken apart into what can be picked from lists.
//!
//! It knows no more than the check does, and decides nothing.

use super::flow::{self, Term};
use super::schema::{self, FieldAccess, FieldKind, TargetSchema};

/// A field of the target that a mapping can feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedField {
    /// `bill_to.city`
    pub name: String,
    /// What the service itself calls it.
    pub known_as: String,
    pub about: String,
    pub is_required: bool,
    /// `text, 21 letters at most`
    pub takes: String,
}

/// A flow as it can be picked from lists: where it begins, and what happens on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowParts {
    pub source: String,
    /// Each as it is written: `replace(" ", "")`.
    pub calls: Vec<String>,
}

impl FlowParts {
    /// The flow as text again.
    pub fn text(&self) -> String {
        let mut text = self.source.clone();
        for call in &self.calls {
            text.push_str(" | ");
            text.push_str(call);
        }
        text
    }
}

/// The paths that lead into a record of the shop, in the order in which the shop has them.
pub fn source_paths(entity: &str) -> Vec<&'static str> {
    schema::source_paths(entity)
}

/// The fields that a target takes from a mapping. A group of a shop's own, such as `custom`, is not among them.
pub fn target_fields(target: &str, entity: &str) -> Vec<OfferedField> {
    let Some(known) = schema::target(target, entity) else {
        return Vec::new();
    };
    let mut fields: Vec<OfferedField> = (known.fields.values())
        .filter(|field| field.access == FieldAccess::Write)
        .map(|field| OfferedField {
            name: field.name.clone(),
            known_as: field.known_as.clone(),
            about: field.about.clone(),
            is_required: field.is_required,
            takes: takes(&field.kind),
        })
        .collect();
    let order = schema::target_order(target, entity);
    fields.sort_by_key(|field| order.iter().position(|name| *name == field.name));
    fields
}

/// Whether a shop can name fields of its own, in the group `custom`; and how many.
pub fn own_fields(target: &str, entity: &str) -> Option<usize> {
    let known: &TargetSchema = schema::target(target, entity)?;
    known.custom.as_ref().map(|_| schema::CUSTOM_MOST)
}

fn takes(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text {
            most: Some(most), ..
        } => format!("text, {most} letters at most"),
        FieldKind::Text { most: None, .. } => "text".to_owned(),
        FieldKind::Choice(words) => format!("one of {}", words.join(", ")),
        FieldKind::Whole => "a whole number".to_owned(),
        FieldKind::Number => "a number".to_owned(),
        FieldKind::Bool => "true or false".to_owned(),
        FieldKind::Time => "a time".to_owned(),
        FieldKind::Date => "a date".to_owned(),
        FieldKind::Json => "anything".to_owned(),
    }
}

/// Takes a flow apart. `None`: it begins with something else than a path, or is no flow.
pub fn flow_parts(text: &str) -> Option<FlowParts> {
    let draft = flow::draft(text).ok()?;
    let Term::Path(path) = &draft.head else {
        return None;
    };
    let span = path.span();
    // `concat(a, b)` begins with its function.
    let first = draft
        .calls
        .first()
        .map_or(text.len(), |call| call.span.start);
    if first < span.start {
        return None;
    }
    let ends = |nth: usize| {
        let next = draft.calls.get(nth + 1);
        next.map_or(text.len(), |next| {
            text[..next.span.start]
                .rfind('|')
                .unwrap_or(next.span.start)
        })
    };
    let calls = draft.calls.iter().enumerate();
    Some(FlowParts {
        source: text[span].trim().to_owned(),
        calls: calls
            .map(|(nth, call)| text[call.span.start..ends(nth)].trim().to_owned())
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_taken_apart_and_put_together_again() {
        for text in [
            "number",
            "billing.email | trim | lower",
            "meta_data[key=_vat_id].value | upper | replace(\" | \", \"\") | default(\"a|b\")",
            "line_items[].sku | join(\", \")",
        ] {
            let parts = flow_parts(text).expect("a flow that begins with a path");
            assert_eq!(parts.text(), text);
        }
        let parts = flow_parts("  billing.email|trim |lower ").expect("a flow");
        assert_eq!(
            (parts.source.as_str(), parts.calls.len()),
            ("billing.email", 2)
        );
        assert_eq!(parts.text(), "billing.email | trim | lower");
    }

    #[test]
    fn what_does_not_begin_with_a_path_is_left_whole() {
        for text in [
            "concat(billing.city, \" x\")",
            "\"constant\"",
            "12",
            "a | ",
            "",
        ] {
            assert_eq!(flow_parts(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_offered_can_be_fed() {
        for of in crate::mapping::shipped::SHIPPED {
            let fields = target_fields(of.target, of.entity);
            assert!(!fields.is_empty(), "{}", of.name());
            assert!(!source_paths(of.entity).is_empty(), "{}", of.name());
            let first = fields.first().map(|field| field.name.as_str());
            let order = schema::target_order(of.target, of.entity);
            assert_eq!(
                first,
                order.first().copied().filter(|name| Some(*name) == first)
            );
        }
        assert_eq!(own_fields("quickbooks", "orders"), Some(3));
        assert_eq!(own_fields("supabase", "orders"), None);
    }
}
