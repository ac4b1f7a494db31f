//! The veil: what is kept of people is sealed before it is written, where there is a key, and opened when it is read.
//!
//! A sealed text stands in the column of the plain one and says which key opens it, so that every version of the file, and every copy
//! of it, is sealed in the same way. Of a value that is needed without its people, they are taken out and sealed beside it. This room
//! has no key of its own: whoever opens the file brings one ([`BodyKey`]), and without it what is sealed stays shut.

use std::sync::{Arc, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rusqlite::{OptionalExtension, Transaction};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Store;
use super::error::{SqlTrouble, StoreError};
use super::packed::unpacked;

/// The key that seals what is kept of people.
pub trait BodyKey: Send + Sync {
    /// A short name that gives nothing of the key away.
    fn id(&self) -> &str;

    /// Seals a text for its place. The same text at the same place is sealed alike, so that what did not change does not look changed.
    fn seal(&self, place: &str, text: &str) -> Vec<u8>;

    /// `None`: it is damaged, or was sealed for another place.
    fn open(&self, place: &str, sealed: &[u8]) -> Option<String>;
}

/// How a sealed text begins. What it takes the place of is JSON, which begins otherwise.
const MARK: &str = "sealed:1:";

/// Where the people of a value are kept who were taken out of it.
const PEOPLE: &str = "people";

/// What of a document is about people, and what stands there when they are taken out. Of the overlay the same, and the company's own
/// fields; number, class and location are words of the books.
const OF_DOCUMENT: [&str; 4] = ["note", "memo", "bill_to", "ship_to"];
const OF_OVERLAY: [&str; 5] = ["note", "memo", "bill_to", "ship_to", "custom"];

/// Seals and opens, as far as there is a key.
#[derive(Clone, Default)]
pub(super) struct Veil(Option<Arc<dyn BodyKey>>);

/// A text that may have been sealed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OpenedText {
    Text(String),
    /// Its key is not here, or it is damaged.
    Shut,
}

impl OpenedText {
    pub fn text(self) -> Option<String> {
        match self {
            OpenedText::Text(text) => Some(text),
            OpenedText::Shut => None,
        }
    }

    /// For what nothing can be done without.
    pub fn needed(self) -> Result<String, SqlTrouble> {
        self.text().ok_or(SqlTrouble::Shut)
    }
}

impl Veil {
    pub fn of(key: Arc<dyn BodyKey>) -> Veil {
        Veil(Some(key))
    }

    pub fn key_id(&self) -> Option<&str> {
        self.0.as_deref().map(BodyKey::id)
    }

    /// The text as it is written. What is empty or sealed already stays as it is.
    pub fn shut(&self, place: &str, text: &str) -> String {
        match &self.0 {
            Some(key) if !text.is_empty() && !is_sealed(text) => {
                let sealed = STANDARD_NO_PAD.encode(key.seal(place, text));
                format!("{MARK}{}:{sealed}", key.id())
            }
            _ => text.to_owned(),
        }
    }

    pub fn open(&self, place: &str, text: String) -> OpenedText {
        let text = self.open_packed(place, text).text().and_then(unpacked);
        text.map_or(OpenedText::Shut, OpenedText::Text)
    }

    /// The text as it was before it was sealed: packed, if it was packed.
    pub fn open_packed(&self, place: &str, text: String) -> OpenedText {
        let Some((key_id, sealed)) = text
            .strip_prefix(MARK)
            .and_then(|rest| rest.split_once(':'))
        else {
            return OpenedText::Text(text);
        };
        let open = || {
            let key = self.0.as_deref().filter(|key| key.id() == key_id)?;
            key.open(place, &STANDARD_NO_PAD.decode(sealed).ok()?)
        };
        open().map_or(OpenedText::Shut, OpenedText::Text)
    }

    /// The JSON of a value, its people sealed beside it. Without a key it is the JSON.
    pub fn shut_people(&self, place: &str, json: String) -> String {
        if self.0.is_none() {
            return json;
        }
        let Ok(mut value) = serde_json::from_str(&json) else {
            return json;
        };
        let people = take_people(&mut value);
        if let (Some(people), Value::Object(fields)) = (people, &mut value) {
            let people = self.shut(place, &people.to_string());
            fields.insert(PEOPLE.to_owned(), people.into());
        }
        value.to_string()
    }

    /// The value with its people, as far as they are to be had.
    pub fn open_people<T: DeserializeOwned>(
        &self,
        place: &str,
        json: &str,
        column: &'static str,
    ) -> Result<(T, bool), SqlTrouble> {
        let odd = |_| SqlTrouble::Odd(column);
        if !json.contains(MARK) {
            return Ok((serde_json::from_str(json).map_err(odd)?, true));
        }
        let mut value: Value = serde_json::from_str(json).map_err(odd)?;
        let mut is_whole = true;
        let sealed = value
            .as_object_mut()
            .and_then(|fields| fields.remove(PEOPLE));
        if let Some(Value::String(sealed)) = sealed {
            match self.open(place, sealed) {
                OpenedText::Text(people) => {
                    give_back(&mut value, serde_json::from_str(&people).map_err(odd)?);
                }
                OpenedText::Shut => is_whole = false,
            }
        }
        Ok((serde_json::from_value(value).map_err(odd)?, is_whole))
    }
}

/// Whether a text is sealed.
pub(super) fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

/// Takes the people out of a value that may have a body and a document. `None`: there was nobody in it.
pub(super) fn take_people(value: &mut Value) -> Option<Value> {
    let fields = value.as_object_mut()?;
    let mut people = Map::new();
    if let Some(Value::String(body)) = fields.get_mut("body")
        && !body.is_empty()
    {
        people.insert("body".to_owned(), std::mem::take(body).into());
    }
    if let Some(Value::Object(document)) = fields.get_mut("document") {
        let mut taken = take(document, &OF_DOCUMENT);
        document.insert("note".to_owned(), "".into());
        if let Some(Value::Object(overlay)) = document.get_mut("overlay") {
            let words = take(overlay, &OF_OVERLAY);
            if !words.is_empty() {
                taken.insert("overlay".to_owned(), words.into());
            }
        }
        if !taken.is_empty() {
            people.insert("document".to_owned(), taken.into());
        }
    }
    (!people.is_empty()).then_some(Value::Object(people))
}

fn take(fields: &mut Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let mut taken = Map::new();
    for name in names {
        let is_said = |value: &Value| !value.is_null() && *value != Value::String(String::new());
        if let Some(value) = fields.remove(*name).filter(is_said) {
            taken.insert((*name).to_owned(), value);
        }
    }
    taken
}

/// Puts what was taken out into its places.
fn give_back(into: &mut Value, people: Value) {
    match (into, people) {
        (Value::Object(into), Value::Object(people)) => {
            for (name, value) in people {
                give_back(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, people) => *into = people,
    }
}

impl Store {
    /// Seals what is kept of people with this key from now on, and opens what it sealed.
    pub(super) fn use_body_key(&self, key: Arc<dyn BodyKey>) {
        *self.0.veil.write().unwrap_or_else(PoisonError::into_inner) = Veil::of(key);
    }

    pub(super) fn veil(&self) -> Veil {
        let veil = self.0.veil.read();
        veil.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether what this file keeps of people is sealed.
    pub(super) fn is_veiled(&self) -> Result<bool, StoreError> {
        self.read(|view| Ok(veiled_with(view)?.is_some()))
    }
}

/// The key that all of it is sealed with.
pub(super) fn veiled_with(view: &Transaction<'_>) -> Result<Option<String>, SqlTrouble> {
    let mut ask = view.prepare_cached("SELECT key_id FROM veil")?;
    Ok(ask.query_row([], |row| row.get(0)).optional()?)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Turns each byte round. What is at another place, or of another key, does not open.
    pub struct Toy(pub &'static str);

    impl BodyKey for Toy {
        fn id(&self) -> &str {
            self.0
        }

        fn seal(&self, place: &str, text: &str) -> Vec<u8> {
            let bytes = format!("{}\n{place}\n{text}", self.0).into_bytes();
            bytes.into_iter().map(|byte| !byte).collect()
        }

        fn open(&self, place: &str, sealed: &[u8]) -> Option<String> {
            let text = String::from_utf8(sealed.iter().map(|byte| !byte).collect()).ok()?;
            let text = text.strip_prefix(self.0)?.strip_prefix('\n')?;
            Some(text.strip_prefix(place)?.strip_prefix('\n')?.to_owned())
        }
    }

    #[test]
    fn a_text_opens_at_its_place_with_its_key_alone() {
        let veil = Veil::of(Arc::new(Toy("one")));
        let sealed = veil.shut("ticket/1", "{\"name\":\"Ann\"}");
        assert!(is_sealed(&sealed) && !sealed.contains("Ann"), "{sealed}");
        assert_eq!(veil.shut("ticket/1", &sealed), sealed, "once is enough");
        let open = |veil: &Veil, place: &str| veil.open(place, sealed.clone());
        let text = OpenedText::Text("{\"name\":\"Ann\"}".to_owned());
        assert_eq!(open(&veil, "ticket/1"), text);
        assert_eq!(open(&veil, "ticket/2"), OpenedText::Shut);
        assert_eq!(
            open(&Veil::of(Arc::new(Toy("two"))), "ticket/1"),
            OpenedText::Shut
        );
        assert_eq!(open(&Veil::default(), "ticket/1"), OpenedText::Shut);
        assert_eq!(
            Veil::default().open("x", "{}".to_owned()),
            OpenedText::Text("{}".to_owned()),
            "what was never sealed is read without a key"
        );
    }

    #[test]
    fn the_people_of_a_value_are_beside_it_and_come_back() {
        let whole: Value = serde_json::json!({
            "action": "create", "body": "{\"BillEmail\":\"ann@example.com\"}",
            "document": {
                "number": "WC-1", "note": "Ann called", "memo": null, "bill_to": {"name": "Ann"}, "ship_to": null,
                "overlay": {"class": "Web", "note": "for Ann", "custom": {"Friend": "Ann"}},
            },
        });
        let veil = Veil::of(Arc::new(Toy("one")));
        let kept = veil.shut_people("write/1/0", whole.to_string());
        assert!(!kept.contains("Ann") && !kept.contains("ann@"), "{kept}");
        assert!(kept.contains("WC-1") && kept.contains("Web"), "{kept}");
        let (mut back, is_whole): (Value, bool) =
            veil.open_people("write/1/0", &kept, "x").expect("reads");
        assert!(is_whole);
        // What was not said is not said in another way.
        back["document"]["memo"] = Value::Null;
        back["document"]["ship_to"] = Value::Null;
        assert_eq!(back, whole);
        let (shut, is_whole): (Value, bool) = Veil::default()
            .open_people("write/1/0", &kept, "x")
            .expect("reads");
        assert!(!is_whole);
        assert_eq!(shut["document"]["number"], "WC-1");
        assert_eq!(shut["body"], "");
    }
}
