//! Settings as they were read: each value with the place that it comes from.

use std::fmt;

/// A key, its effective value and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: String,
    pub value: String,
    pub origin: SettingOrigin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingOrigin {
    File { line: usize },
    Environment { variable: String },
    Default,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingOrigin::File { line } => write!(out, "line {line}"),
            SettingOrigin::Environment { variable } => out.write_str(variable),
            SettingOrigin::Default => out.write_str("default"),
        }
    }
}
