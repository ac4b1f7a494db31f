//! What `config show` prints: every effective value and where it comes from. Secrets are
//! only ever set or not set.

use serde::Serialize;

use super::credentials::{secret_variables, variable};
use super::setting::{Setting, SettingOrigin};
use super::table::row_of;
use super::{Config, locate};

/// What `config show` prints for machines.
#[derive(Serialize)]
pub struct ConfigDocument<'a> {
    schema: &'static str,
    values: Vec<ValueView<'a>>,
}

#[derive(Serialize)]
struct ValueView<'a> {
    key: &'a str,
    value: &'a str,
    origin: String,
}

/// The document of `config show`.
pub fn config_document(settings: &[Setting]) -> ConfigDocument<'_> {
    ConfigDocument {
        schema: "udsync/config/1",
        values: settings
            .iter()
            .map(|setting| ValueView {
                key: &setting.key,
                value: &setting.value,
                origin: setting.origin.to_string(),
            })
            .collect(),
    }
}

/// Lists the configuration as it works here and now.
pub fn show(config: &Config, env: &dyn Fn(&str) -> Option<String>) -> Vec<Setting> {
    let mut settings = config.settings.clone();
    for setting in &mut settings {
        let row = row_of(&setting.key);
        if let Some(name) = row.and_then(|row| row.variable) {
            from_env(env, name, setting);
        }
        let is_environment = matches!(setting.origin, SettingOrigin::Environment { .. });
        // People look for the state file: it is shown with its whole path.
        if setting.key == "shop.state"
            && !is_environment
            && let Ok(path) = locate::state_path(config, None, env)
        {
            setting.value = path.display().to_string();
        }
    }
    settings.extend(secret_variables().map(|variable_name| {
        let is_set = variable(env, variable_name).is_some();
        Setting {
            key: variable_name.to_owned(),
            value: if is_set {
                "set (environment)"
            } else {
                "not set"
            }
            .to_owned(),
            origin: if is_set {
                SettingOrigin::Environment {
                    variable: variable_name,
                }
            } else {
                SettingOrigin::Default
            },
        }
    }));
    settings
}

fn from_env(env: &dyn Fn(&str) -> Option<String>, name: &'static str, setting: &mut Setting) {
    if let Some(value) = variable(env, name) {
        setting.value = value;
        setting.origin = SettingOrigin::Environment { variable: name };
    }
}
