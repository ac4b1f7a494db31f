//! Forms: what one brings, and what was wrong with it, at its fields.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::refusal::PageRefusal;

/// The fields of a form or of a query, in their order; several may have one name.
#[derive(Clone, Debug, Default)]
pub struct SentForm(Vec<(String, String)>);

impl SentForm {
    pub fn read(bytes: &[u8]) -> SentForm {
        SentForm(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// A field that says something.
    pub fn one(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let (_, value) = fields.find(|(known, _)| known == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// Every value under this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter().filter(move |(known, _)| known == name);
        fields.map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The same without a field.
    pub fn without(&self, name: &str) -> SentForm {
        let fields = self.0.iter().filter(|(known, _)| known != name);
        SentForm(fields.cloned().collect())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter();
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field as it was typed, which may be a password with spaces at its ends.
    pub fn as_typed(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// For a template that shows a form again: the first value of each name, secrets left out.
    pub fn shown(&self, secret: &[&str]) -> Value {
        let mut shown = BTreeMap::new();
        for (name, value) in self.pairs() {
            if !secret.contains(&name) {
                shown.entry(name).or_insert(value);
            }
        }
        json!(shown)
    }
}

/// What never needs another spelling in a path stays as it is.
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A name as it may stand in a path.
pub fn in_path(name: &str) -> String {
    utf8_percent_encode(name, IN_PATHS).to_string()
}

/// The mistakes by field: `/cron` is that of the field `cron`. What has no field stands under the empty name.
pub fn mistakes(refusal: &PageRefusal) -> Value {
    let mut by_field: BTreeMap<String, String> = BTreeMap::new();
    let errors = refusal.document["errors"].as_array();
    for error in errors.into_iter().flatten() {
        let pointer = error["pointer"].as_str().unwrap_or_default();
        let field = pointer.trim_start_matches(['/', '?']).replace('/', ".");
        let detail = error["detail"].as_str().unwrap_or_default();
        by_field
            .entry(field)
            .and_modify(|said| {
                said.push_str("; ");
                said.push_str(detail);
            })
            .or_insert_with(|| detail.to_owned());
    }
    json!(by_field)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn a_form_may_say_a_name_twice_and_nothing_at_all() {
        let form = SentForm::read(b"to=quickbooks&to=supabase&name=&why=+late+");
        assert_eq!(
            form.all("to").collect::<Vec<_>>(),
            ["quickbooks", "supabase"]
        );
        assert_eq!((form.one("name"), form.one("why")), (None, Some("late")));
        assert_eq!(form.as_typed("why"), " late ");
    }

    #[test]
    fn mistakes_stand_at_their_fields() {
        let refusal = PageRefusal {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            document: json!({ "errors": [
                { "pointer": "/filters/since", "detail": "is after `until`" },
                { "pointer": "/cron", "detail": "one" }, { "pointer": "/cron", "detail": "two" },
            ] }),
            headers: Vec::new(),
        };
        assert_eq!(
            mistakes(&refusal),
            json!({ "filters.since": "is after `until`", "cron": "one; two" })
        );
    }
}
