//! Fields: an object's fields in their order and untouched, so that one of them can be changed and the rest stays to the letter.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

pub(super) struct WireFields(pub Vec<(String, Box<RawValue>)>);

impl WireFields {
    pub fn text(&self) -> String {
        let fields: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| {
                format!("{}:{}", serde_json::Value::from(name.as_str()), value.get())
            })
            .collect();
        format!("{{{}}}", fields.join(","))
    }
}

impl<'de> Deserialize<'de> for WireFields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<WireFields, D::Error> {
        struct Take;

        impl<'de> Visitor<'de> for Take {
            type Value = WireFields;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<WireFields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = object.next_entry()? {
                    fields.push(field);
                }
                Ok(WireFields(fields))
            }
        }

        from.deserialize_map(Take)
    }
}
