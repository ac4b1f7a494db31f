//! A mapping as it is written: the value that files, JSON and checks share.
//!
//! Nothing here has been looked up yet. Two mappings are equal when they say the same, however their
//! files were laid out; comments and places belong to files.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::lookup::Lookup;
use super::value::Value;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub source: String,
    pub target: String,
    pub entity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Paths and flows that other rules use by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lookup: BTreeMap<String, Lookup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Skip>,
    #[serde(default)]
    pub rows: Vec<RowSource>,
}

impl Mapping {
    /// Whether any of its rules asks for this setting. A text that only looks like it counts too.
    pub fn asks_for(&self, setting: &str) -> bool {
        let word = format!("settings.{setting}");
        serde_json::to_string(self).is_ok_and(|text| text.contains(&word))
    }
}

/// A filter: records that it holds for are left out, for a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    pub when: String,
    pub because: String,
}

/// What makes a row: one of each record, or one of each item of a list in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowSource {
    /// `line in line_items[]`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// By the name of the target's field, `bill_to.city`.
    #[serde(default)]
    pub fields: BTreeMap<String, Rule>,
}

/// What feeds a field, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub feed: Feed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What the field gets when `when` does not hold, or nothing comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Constant>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feed {
    From(String),
    Text(String),
    Compute(String),
    Value(Constant),
}

impl Feed {
    /// The key that a file writes it under.
    pub fn key(&self) -> &'static str {
        match self {
            Feed::From(_) => "from",
            Feed::Text(_) => "text",
            Feed::Compute(_) => "compute",
            Feed::Value(_) => "value",
        }
    }

    pub fn shown(&self) -> String {
        match self {
            Feed::From(text) | Feed::Text(text) | Feed::Compute(text) => text.clone(),
            Feed::Value(constant) => constant.value().to_json().to_string(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constant {
    Text(String),
    #[serde(with = "digits")]
    Number(Decimal),
    Bool(bool),
}

impl Constant {
    pub fn value(&self) -> Value<'static> {
        match self {
            Constant::Text(text) => Value::Text(text.clone().into()),
            Constant::Number(number) => Value::Number(*number),
            Constant::Bool(is) => Value::Bool(*is),
        }
    }
}

/// A number in JSON as text, so that no reader rounds it and no digit is lost.
mod digits {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&number.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(from)?;
        crate::mapping::value::decimal(&text).ok_or_else(|| D::Error::custom("not a number"))
    }
}
