//! Clean: no control character in any text that is sent.
//!
//! Whatever a plugin, an import or a careless paste left in a name, an address, an SKU or a note would have QuickBooks refuse the
//! whole document. It is taken out where the bytes are made, so that no field can be forgotten. Lines of a text that may have several
//! stay lines; everywhere else, and for every other such character, there is a blank.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

/// Texts that may have several lines. The `value` of a reference is an id, so the one that may is a memo.
const LONG: [&str; 5] = [
    "PrivateNote",
    "Description",
    "PurchaseDesc",
    "Notes",
    "value",
];

/// A value as JSON whose texts are clean.
pub fn text<T: Serialize>(value: &T) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Clean::default());
    value
        .serialize(&mut serializer)
        .expect("our own bodies always have a JSON form");
    String::from_utf8(bytes).expect("JSON is text")
}

/// The usual form without blanks, and nothing in it that is no letter.
#[derive(Default)]
struct Clean {
    /// The name of the field whose value comes next.
    field: String,
    /// The fields that the objects around are the values of.
    around: Vec<String>,
    in_name: bool,
}

impl Clean {
    fn is_long(&self) -> bool {
        LONG.contains(&self.field.as_str())
    }
}

impl Formatter for Clean {
    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.around.push(std::mem::take(&mut self.field));
        CompactFormatter.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.field = self.around.pop().unwrap_or_default();
        CompactFormatter.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.field.clear();
        self.in_name = true;
        CompactFormatter.begin_object_key(to, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.in_name = false;
        CompactFormatter.end_object_key(to)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        part: &str,
    ) -> io::Result<()> {
        if self.in_name {
            self.field.push_str(part);
        }
        // The characters of one byte come escaped, see below; these are the others.
        if part.chars().any(char::is_control) {
            let plain = part.replace(char::is_control, " ");
            return to.write_all(plain.as_bytes());
        }
        to.write_all(part.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        letter: CharEscape,
    ) -> io::Result<()> {
        match letter {
            CharEscape::Quote | CharEscape::ReverseSolidus | CharEscape::Solidus => {
                CompactFormatter.write_char_escape(to, letter)
            }
            CharEscape::LineFeed if self.is_long() => {
                CompactFormatter.write_char_escape(to, letter)
            }
            _ => to.write_all(b" "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_no_letter_becomes_a_blank_and_lines_stay_where_they_may() {
        let text = text(&json!({
            "PrivateNote": "one\r\ntwo\tthree\u{0}",
            "BillAddr": { "Line1": "1 Main\nSt\u{7f}\u{85}\u{1b}[2J" },
            "CustomerMemo": { "value": "a\nb" },
            "Sku": "\"A\\B\"\u{1}",
            "DisplayName": "\u{1f600} Zoë"
        }));
        let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(read["PrivateNote"], "one \ntwo three ");
        assert_eq!(read["BillAddr"]["Line1"], "1 Main St   [2J");
        assert_eq!(read["CustomerMemo"]["value"], "a\nb");
        assert_eq!(read["Sku"], "\"A\\B\" ");
        assert_eq!(read["DisplayName"], "\u{1f600} Zoë");
    }

    fn some_text() -> impl Strategy<Value = String> {
        let odd = prop_oneof![
            any::<char>(),
            (0_u32..0xa0).prop_filter_map("a letter", char::from_u32),
            Just('"'),
            Just('\\'),
        ];
        prop::collection::vec(odd, 0..24).prop_map(String::from_iter)
    }

    /// Any fields in any depth, those of our bodies among them.
    fn some_body() -> impl Strategy<Value = Value> {
        let name = prop_oneof![
            "[A-Z][a-z]{1,8}",
            prop::sample::select(LONG.to_vec()).prop_map(str::to_owned),
            prop::sample::select(vec![
                "DisplayName",
                "Sku",
                "Line1",
                "StringValue",
                "Address"
            ])
            .prop_map(str::to_owned),
        ];
        let leaf = prop_oneof![
            some_text().prop_map(Value::from),
            any::<i32>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name.clone(), inner, 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// The same body, each text as it may arrive.
    fn as_it_arrives(field: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let is_kept =
                    |letter: char| !letter.is_control() || letter == '\n' && LONG.contains(&field);
                let letters = text
                    .chars()
                    .map(|letter| if is_kept(letter) { letter } else { ' ' });
                Value::String(letters.collect())
            }
            Value::Array(list) => list.iter().map(|one| as_it_arrives(field, one)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), as_it_arrives(name, value)))
                .collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn whatever_a_text_holds_only_its_letters_arrive(body in some_body()) {
            let read: Value = serde_json::from_str(&text(&body)).expect("it is JSON");
            prop_assert_eq!(read, as_it_arrives("", &body));
        }
    }
}
